"""What it means that a platform did not do something: all that is documented has a meaning, and so has all else."""

from pathlib import Path
from typing import Any

from aiohttp import ClientConnectorError, ServerDisconnectedError
from aiohttp.client_reqrep import ConnectionKey
import httpx
from hypothesis import given
from hypothesis import strategies as st
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.chat import NotSent, Unsure
from bot.handlers import slack_refusals, telegram_refusals

CANARY = "Sanne heeft ruzie"
DOCUMENTED = Path(__file__).parent / "slack" / "documented_errors.txt"


def slack(code: str, status: int = 200, **headers: Any) -> SlackApiError:
    data = {"ok": False, "error": code, "needed": "x", "response_metadata": {"messages": [CANARY]}}
    response = AsyncSlackResponse(
        client=None, http_verb="POST", api_url="https://slack.com/api/chat.postMessage", req_args={}, data=data,
        headers=headers, status_code=status,
    )  # fmt: skip
    return SlackApiError(CANARY, response)  # type: ignore[no-untyped-call]


def documented() -> set[str]:
    lines = DOCUMENTED.read_text(encoding="utf-8").splitlines()
    return {word for line in lines if line.startswith("  ") for word in line.split()}


def test_every_documented_error_of_slack_has_a_remedy() -> None:
    assert len(documented()) > 60
    assert documented() - slack_refusals.REMEDIES.keys() == set()


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("is_archived", "off"),
        ("channel_not_found", "off"),
        ("not_in_channel", "off"),
        ("user_disabled", "off"),
        ("no_permission", "off"),
        ("token_revoked", "stop"),
        ("account_inactive", "stop"),
        ("missing_scope", "stop"),
        ("ekm_access_denied", "stop"),
        ("msg_too_long", "ask"),
        ("invalid_blocks", "ask"),
        ("team_added_to_org", "again"),
        ("something_new", "ask"),
    ],
)
def test_what_slack_refuses(code: str, remedy: str) -> None:
    outcome = slack_refusals.judged(slack(code))
    assert isinstance(outcome, NotSent)
    assert (outcome.why, outcome.remedy) == (code, remedy)


@pytest.mark.parametrize("error", [slack("ratelimited", 429, **{"Retry-After": "7"}), slack("rate_limited")])
def test_slack_asks_to_wait(error: SlackApiError) -> None:
    outcome = slack_refusals.judged(error)
    assert isinstance(outcome, NotSent)
    assert outcome.remedy == "wait"
    assert outcome.seconds in (7, slack_refusals.USUAL_WAIT)


CANNOT_CONNECT = ClientConnectorError(ConnectionKey("x", 1, False, False, None, None, None), OSError())
GONE = [slack("internal_error"), slack("x", 502), ServerDisconnectedError(), TimeoutError(), OSError(), ValueError()]


@pytest.mark.parametrize("error", GONE)
def test_what_slack_may_have_done_is_unsure_and_what_was_only_read_can_be_read_again(error: Exception) -> None:
    assert isinstance(slack_refusals.judged(error), Unsure)
    read = slack_refusals.judged(error, posting=False)
    assert isinstance(read, NotSent)
    assert read.remedy == "again"


def test_what_never_reached_slack_is_sure() -> None:
    outcome = slack_refusals.judged(CANNOT_CONNECT)
    assert isinstance(outcome, NotSent)
    assert outcome.remedy == "again"


@given(st.text(max_size=30), st.integers(100, 599), st.text(max_size=8), st.booleans())
def test_whatever_slack_says_is_judged_and_nobodys_words_are_in_it(
    code: str, status: int, wait: str, posting: bool
) -> None:
    outcome = slack_refusals.judged(slack(code, status, **{"Retry-After": wait}), posting=posting)
    assert isinstance(outcome, NotSent | Unsure)
    assert CANARY not in outcome.why
    assert posting or isinstance(outcome, NotSent)


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), "off"),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), "off"),
        (Forbidden("Forbidden: user is deactivated"), "off"),
        (Forbidden(f"Forbidden: {CANARY}"), "off"),
        (BadRequest("Chat not found"), "off"),
        (BadRequest("Not enough rights to send text messages to the chat"), "off"),
        (BadRequest("Message is too long"), "ask"),
        (BadRequest("Can't parse entities: unsupported start tag"), "ask"),
        (BadRequest(CANARY), "ask"),
        (ChatMigrated(-100123), "moved"),
        (RetryAfter(7), "wait"),
        (InvalidToken(), "stop"),
        (Conflict("Conflict: terminated by other getUpdates request"), "ask"),
    ],
)
def test_what_telegram_refuses(error: TelegramError, remedy: str) -> None:
    outcome = telegram_refusals.judged(error)
    assert isinstance(outcome, NotSent)
    assert outcome.remedy == remedy
    assert CANARY not in outcome.why
    assert outcome.moved_to == ("-100123" if remedy == "moved" else "")
    assert outcome.seconds == (7 if remedy == "wait" else 0)


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize("cause", [httpx.ConnectError("x"), httpx.ConnectTimeout("x"), httpx.PoolTimeout("x")])
def test_what_never_reached_telegram_is_sure(cause: Exception) -> None:
    outcome = telegram_refusals.judged(caused(NetworkError("x"), cause))
    assert isinstance(outcome, NotSent)
    assert outcome.remedy == "again"


@pytest.mark.parametrize(
    "error",
    [
        TimedOut(),
        caused(NetworkError("x"), httpx.ReadError("x")),
        NetworkError("Bad Gateway"),
        TelegramError("Invalid server response"),
        ValueError(CANARY),
    ],
)
def test_what_telegram_may_have_done_is_unsure(error: Exception) -> None:
    outcome = telegram_refusals.judged(error)
    assert isinstance(outcome, Unsure)
    assert CANARY not in outcome.why


def test_a_page_of_a_server_in_between_says_nothing_of_the_token() -> None:
    outcome = telegram_refusals.judged(caused(InvalidToken(), ValueError()))
    assert isinstance(outcome, NotSent)
    assert outcome.remedy == "again"


@given(st.text(max_size=40), st.sampled_from([BadRequest, Forbidden, NetworkError, TelegramError, Conflict]))
def test_whatever_telegram_says_is_judged_by_words_of_ours(text: str, kind: type[TelegramError]) -> None:
    outcome = telegram_refusals.judged(kind(text))
    assert outcome.why in {*telegram_refusals.DESCRIPTIONS, kind.__name__}
