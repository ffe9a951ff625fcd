"""What Slack documents, word by word: every code has one remedy, and nothing in the table is made up."""

from collections import Counter
from pathlib import Path

from aiohttp import ClientConnectorError, ConnectionTimeoutError, ServerDisconnectedError
from aiohttp.client_reqrep import ConnectionKey
from hypothesis import given
from hypothesis import strategies as st
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook import WebhookResponse

from bot.chat import NotSent, Unsure
from bot.handlers import slack_refusals
from bot.handlers.slack_refusals import REMEDIES, USUAL_WAIT, asked_to_wait, judged, said

CANARY = "Sanne heeft ruzie"
DOCUMENTED = Path(__file__).parent / "documented_errors.txt"
UNDOCUMENTED = {
    "cannot_dm_bot": "bots that write to bots get it from conversations.open, as many have found",
    "server_error": "its name says that Slack did not finish; to take it for a refusal would be to say it twice",
}
GROUPS = ("UNSURE", "AGAIN", "WAIT", "OFF", "STOP", "MESSAGE", "PLACE", "CALL", "MANAGING")


def documented() -> dict[str, set[str]]:
    """The codes by method."""
    methods: dict[str, set[str]] = {}
    for line in DOCUMENTED.read_text(encoding="utf-8").splitlines():
        if line.endswith(":") and not line.startswith("#"):
            codes = methods.setdefault(line.removesuffix(":"), set())
        elif line.startswith("  "):
            codes.update(line.split())
    return methods


def refused(error: object, status: int = 200, wait: str | None = None) -> SlackApiError:
    """As the client raises it, with people's words wherever Slack could have put them."""
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="https://slack.com/api/chat.postMessage",
        req_args={"json": {"text": CANARY}},
        data={"ok": False, "error": error, "needed": CANARY, "warning": CANARY, "detail": {"text": CANARY}},
        headers={} if wait is None else {"Retry-After": wait},
        status_code=status,
    )
    return SlackApiError(CANARY, response)  # type: ignore[no-untyped-call]


def sure(outcome: NotSent | Unsure) -> NotSent:
    assert isinstance(outcome, NotSent)
    return outcome


def test_every_documented_code_has_a_remedy_and_no_other_has() -> None:
    methods = documented()
    known = set().union(*methods.values())
    assert len(methods["every method"]) == 30
    assert {
        method: sorted(codes - REMEDIES.keys()) for method, codes in methods.items() if codes - REMEDIES.keys()
    } == {}
    assert REMEDIES.keys() - known == UNDOCUMENTED.keys()


def test_no_code_stands_in_two_groups() -> None:
    counted = Counter(code for group in GROUPS for code in getattr(slack_refusals, f"_{group}"))
    assert [code for code, times in counted.items() if times > 1] == []
    assert counted.keys() == REMEDIES.keys()


@pytest.mark.parametrize(
    ("remedy", "codes"),
    [
        ("off", "is_archived channel_not_found not_in_channel user_disabled restricted_action_read_only_channel"),
        ("stop", "token_revoked account_inactive missing_scope org_login_required messages_tab_disabled"),
        ("ask", "msg_too_long invalid_blocks slack_connect_file_link_sharing_blocked"),
        # Off would drop all that waits for the channel.
        ("ask", "restricted_action_thread_locked restricted_action_non_threadable_channel thread_not_found"),
        ("ask", "message_not_found edit_window_closed name_taken missing_post_type team_not_found"),
        ("again", "team_added_to_org external_channel_migrating update_failed fetch_members_failed"),
        ("wait", "ratelimited rate_limited ratelimit message_limit_exceeded"),
    ],
)
def test_what_is_to_be_done(remedy: str, codes: str) -> None:
    outcomes = {code: sure(judged(refused(code))) for code in codes.split()}
    assert {code: outcome.remedy for code, outcome in outcomes.items()} == dict.fromkeys(codes.split(), remedy)
    assert all(outcome.why == code for code, outcome in outcomes.items())


@pytest.mark.parametrize("code", ["internal_error", "fatal_error", "service_unavailable", "request_timeout"])
def test_where_slack_does_not_know_what_it_did_nor_do_we(code: str) -> None:
    assert isinstance(judged(refused(code)), Unsure)
    assert sure(judged(refused(code), posting=False)).remedy == "again"


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        (None, USUAL_WAIT),
        ("0", USUAL_WAIT),
        ("-3", USUAL_WAIT),
        ("Wed, 21 Oct 2026 07:28:00 GMT", USUAL_WAIT),
        ("inf", USUAL_WAIT),
        ("nan", USUAL_WAIT),
        ("1e300", slack_refusals.LONGEST_WAIT),
    ],
)
def test_how_long_slack_asks_to_wait(asked: str | None, seconds: float) -> None:
    # 429 says it as well when what answers is no JSON of Slack.
    for error in (refused("ratelimited", 429, asked), refused(None, 429, asked), refused("rate_limited", 200, asked)):
        outcome = sure(judged(error))
        assert (outcome.remedy, outcome.seconds) == ("wait", seconds)


@pytest.mark.parametrize("error", [None, 7, CANARY, {"message": CANARY}, "", "Forbidden", "x" * 65, "nee nee"])
def test_what_is_no_word_of_slack_is_not_taken_for_one(error: object) -> None:
    assert said(refused(error, 403)) == "HTTP 403"
    assert isinstance(judged(refused(error, 403)), Unsure)


def test_other_answers_than_the_clients() -> None:
    url = WebhookResponse(url="https://hooks.slack.com/x", status_code=404, body=CANARY, headers={})
    for response, word in ((url, "HTTP 404"), ({"ok": False, "error": "is_archived"}, "is_archived"), (None, "HTTP 0")):
        error = SlackApiError(CANARY, response)  # type: ignore[no-untyped-call]
        assert said(error) == word
        assert asked_to_wait(error) == 0
        assert judged(error).why == word


def test_an_unknown_code_is_for_a_person_and_logged_without_a_text(caplog: pytest.LogCaptureFixture) -> None:
    outcome = sure(judged(refused("something_new")))
    assert (outcome.why, outcome.remedy) == ("something_new", "ask")
    assert [record.getMessage() for record in caplog.records] == ["slack: an error nobody knows of: something_new"]


NO_WAY = ConnectionKey("slack.com", 443, True, True, None, None, None)


@pytest.mark.parametrize("error", [ClientConnectorError(NO_WAY, OSError(CANARY)), ConnectionTimeoutError(CANARY)])
def test_what_nobody_can_have_read_is_sent_again(error: Exception) -> None:
    outcome = sure(judged(error))
    assert (outcome.why, outcome.remedy) == (type(error).__name__, "again")


@pytest.mark.parametrize(
    "error", [ServerDisconnectedError(CANARY), TimeoutError(CANARY), OSError(CANARY), KeyError(CANARY)]
)
def test_what_got_no_answer_may_have_arrived(error: Exception) -> None:
    assert isinstance(judged(error), Unsure)
    assert judged(error).why == type(error).__name__
    assert sure(judged(error, posting=False)).remedy == "again"


CODES = st.one_of(st.sampled_from(sorted(REMEDIES)), st.text(max_size=80), st.none(), st.integers(), st.just(CANARY))
WAITS = st.one_of(st.none(), st.text(max_size=12), st.floats().map(str))


@given(CODES, st.integers(0, 999), WAITS, st.booleans())
def test_whatever_is_answered_is_judged_in_nobodys_words(
    code: object, status: int, wait: str | None, posting: bool
) -> None:
    outcome = judged(refused(code, status, wait), posting=posting)
    assert CANARY not in f"{outcome.why} {outcome}"
    if isinstance(outcome, NotSent):
        assert outcome.seconds == 0 or (outcome.remedy == "wait" and 0 < outcome.seconds <= slack_refusals.LONGEST_WAIT)
    else:
        assert posting
