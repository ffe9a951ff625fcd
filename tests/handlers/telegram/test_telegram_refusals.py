"""What Telegram is known to say, as python-telegram-bot raises it: all of it has a meaning, and none is repeated."""

import asyncio
from datetime import timedelta
import json
from pathlib import Path
from typing import Any

import httpx
from hypothesis import given
from hypothesis import strategies as st
import pytest
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData

from bot.chat import NotSent, Unsure
from bot.handlers.telegram_refusals import DESCRIPTIONS, USUAL_WAIT, is_refusal, judged, seconds_to_wait
from bot.handlers.telegram_requests import CallRequest

CANARY = "Sanne heeft ruzie"
KNOWN = Path(__file__).parent / "known_descriptions.txt"
PAGE = f"<html>{CANARY}: bot was blocked by the user</html>".encode()


class Answer(BaseRequest):
    """A connection on which this comes back."""

    parse_json_payload = staticmethod(CallRequest.parse_json_payload)

    def __init__(self, status: int, payload: bytes) -> None:
        self._answer = (status, payload)

    @property
    def read_timeout(self) -> float:
        return 1.0

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(self, *_: Any, **__: Any) -> tuple[int, bytes]:
        return self._answer


def raised(status: int, answer: bytes | str, **parameters: int) -> TelegramError:
    """What python-telegram-bot makes of an answer: its bytes, or what Telegram's JSON says in it."""
    if isinstance(answer, str):
        told = {"ok": False, "error_code": status, "description": answer, "parameters": parameters}
        answer = json.dumps(told).encode()
    with pytest.raises(TelegramError) as caught:
        asyncio.run(Answer(status, answer).post("https://api.telegram.org/", RequestData()))
    return caught.value


def sure(outcome: NotSent | Unsure) -> NotSent:
    assert isinstance(outcome, NotSent)
    return outcome


def known() -> list[tuple[int, str]]:
    lines = [line for line in KNOWN.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [(int(line[:3]), line[4:]) for line in lines]


def test_all_that_is_known_to_be_said_is_recognised_and_nothing_else_is_looked_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    recognised = {description: judged(raised(status, description)).why for status, description in known()}
    assert {said: why for said, why in recognised.items() if why not in DESCRIPTIONS} == {}
    # Each sign is the one by which something is recognised: none is hidden by one before it.
    assert DESCRIPTIONS.keys() - recognised.values() == set()
    assert caplog.records == []


@pytest.mark.parametrize(
    ("remedy", "status", "description"),
    [
        ("off", 403, "Forbidden: bot was blocked by the user"),
        ("off", 403, "Forbidden: bot was kicked from the supergroup chat"),
        ("off", 403, "Forbidden: something new"),
        ("off", 400, "Bad Request: not enough rights to send text messages to the chat"),
        ("off", 400, "Bad Request: CHAT_WRITE_FORBIDDEN"),
        # A topic is not the group: off would drop all that waits for it.
        ("ask", 400, "Bad Request: TOPIC_CLOSED"),
        ("ask", 400, "Bad Request: message thread not found"),
        ("ask", 400, "Bad Request: message is too long"),
        ("ask", 400, "Bad Request: message is not modified: specified new message content is the same"),
        ("ask", 400, "Bad Request: something new"),
        ("ask", 413, "Request Entity Too Large"),
        ("ask", 500, "Internal Server Error: sent message was immediately deleted"),
        ("stop", 401, "Unauthorized"),
        ("stop", 404, "Not Found"),
        ("stop", 400, "Logged out"),
    ],
)
def test_what_is_to_be_done(remedy: str, status: int, description: str) -> None:
    assert sure(judged(raised(status, description))).remedy == remedy


def test_a_group_that_moved() -> None:
    description = "Bad Request: group chat was upgraded to a supergroup chat"
    outcome = sure(judged(raised(400, description, migrate_to_chat_id=-100123)))
    assert (outcome.remedy, outcome.moved_to) == ("moved", "-100123")
    assert sure(judged(raised(400, description))).remedy == "ask"


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (raised(429, "Too Many Requests: retry after 7", retry_after=7), 7),
        (raised(429, "Too Many Requests: retry after 7"), 7),
        (raised(429, "Too Many Requests: retry after 0", retry_after=0), USUAL_WAIT),
        (raised(429, "Too Many Requests: retry later"), USUAL_WAIT),
        (raised(429, PAGE), USUAL_WAIT),
        (raised(400, "Bad Request: SLOWMODE_WAIT_30"), 30),
        (RetryAfter(timedelta(seconds=9)), 9),
    ],
)
def test_how_long_telegram_asks_to_wait(error: TelegramError, seconds: float) -> None:
    outcome = sure(judged(error))
    assert (outcome.remedy, outcome.seconds) == ("wait", seconds)


def test_seconds_are_never_less_than_none() -> None:
    assert seconds_to_wait(RetryAfter(-3)) == 0


@pytest.mark.parametrize("said", ["bot was blocked by the user", "too many requests: retry after 9", "logged out"])
def test_what_a_description_quotes_says_nothing(said: str) -> None:
    for quoting in (
        f'Bad Request: can\'t parse entities: Unsupported start tag "{said}" at byte offset 3',
        f"Bad Request: inline keyboard button URL '{said}' is invalid: wrong HTTP URL",
        f'Bad Request: bot "{said}" not found',
    ):
        assert sure(judged(raised(400, quoting))).remedy == "ask"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
def test_a_page_of_a_server_in_between_shuts_no_chat_and_stops_nothing(status: int) -> None:
    error = raised(status, PAGE)
    assert not is_refusal(error)
    assert sure(judged(error)).remedy == "again"


@pytest.mark.parametrize("answer", [PAGE, "Internal Server Error", "Internal Server Error: restart", "Bad Gateway"])
def test_trouble_of_a_server_may_come_after_the_message(answer: bytes | str) -> None:
    for status in (500, 502, 503, 504):
        assert isinstance(judged(raised(status, answer)), Unsure)


def test_an_answer_that_cannot_be_read_may_be_yes() -> None:
    assert isinstance(judged(raised(200, PAGE)), Unsure)


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


def test_what_nobody_can_have_read_is_sent_again() -> None:
    for cause in (httpx.ConnectError(CANARY), httpx.ConnectTimeout(CANARY), httpx.PoolTimeout(CANARY)):
        for error in (caused(NetworkError(CANARY), cause), caused(TimedOut(CANARY), cause)):
            outcome = sure(judged(error))
            assert (outcome.why, outcome.remedy) == (type(cause).__name__, "again")


@pytest.mark.parametrize(
    "error",
    [TimedOut(CANARY), NetworkError(CANARY), caused(NetworkError(CANARY), httpx.ReadError(CANARY)), ValueError(CANARY)],
)
def test_what_got_no_answer_may_have_arrived(error: Exception) -> None:
    assert isinstance(judged(error), Unsure)
    assert judged(error).why == type(error).__name__


def test_what_is_not_known_is_logged_by_its_kind_alone(caplog: pytest.LogCaptureFixture) -> None:
    assert judged(raised(400, f"Bad Request: {CANARY}")).why == "BadRequest"
    assert [record.getMessage() for record in caplog.records] == ["telegram: a refusal nobody knows of: BadRequest"]


TEXTS = st.one_of(
    st.text(max_size=60), st.sampled_from(sorted(DESCRIPTIONS)).map(lambda sign: f"{CANARY} {sign} {CANARY}")
)
KINDS = st.sampled_from([BadRequest, Forbidden, Conflict, InvalidToken, NetworkError, TimedOut, TelegramError])
CAUSES = st.sampled_from([None, httpx.ConnectError(CANARY), TelegramError(CANARY), InvalidToken(CANARY)])


@given(KINDS, TEXTS, CAUSES)
def test_whatever_is_said_is_judged_in_words_of_ours(
    kind: type[TelegramError], text: str, cause: Exception | None
) -> None:
    error = kind(text)
    error.__cause__ = cause
    outcome = judged(error)
    assert outcome.why in {*DESCRIPTIONS, kind.__name__, type(cause).__name__, "token refused"}
    assert CANARY not in str(outcome)
