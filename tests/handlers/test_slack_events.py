"""What Slack delivers, read: who asks what, where the answer goes, what is nobody's business, and what is broken."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import asdict
import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
import pytest

from bot.chat import Address, Event, Form, Reply
from bot.handlers.slack_blocks import modal, render
from bot.handlers.slack_events import UNREADABLE, Opening, read, read_opening

BOT = "U0BOT"
URL = "https://hooks.slack.com/actions/T0SKB/7219/abcdefghijklmnopqrstuvwx"
SAID = {"user": "U1", "text": f"<@{BOT}> debat &amp; dans", "ts": "17.1", "event_ts": "17.1", "team": "T0SKB"}
PRESSED = {"type": "button", "action_id": "say-0", "block_id": "b", "action_ts": "18.1", "value": "token:2"}
FILE = {"id": "F1", "name": "foto.jpg", "mimetype": "image/jpeg"}
FORM_VALUE = render(Reply("Waar zoek je?", form=Form("Typ een plaats.", "plaats", "token"))).blocks[-1]["elements"][0]


def event(**given: Any) -> dict[str, Any]:
    return {"type": "event_callback", "event_id": "Ev1", "team_id": "T0SKB", "event": given}


def interaction(kind: str, **given: Any) -> dict[str, Any]:
    return {"type": kind, "user": {"id": "U1"}, "trigger_id": "13.37.ab", "response_url": URL, **given}


def press(channel: str, *, ephemeral: bool = False, thread: str = "", **action: Any) -> dict[str, Any]:
    container = {"type": "message", "message_ts": "17.2", "channel_id": channel, "is_ephemeral": ephemeral}
    where = {"container": container | ({"thread_ts": thread} if thread else {}), "channel": {"id": channel}}
    return interaction("block_actions", **where, actions=[PRESSED | action])


def submitted(answer: str | None, reply_to: Mapping[str, str]) -> dict[str, Any]:
    view = {
        "id": "V1",
        "hash": "19.ab",
        "callback_id": "form",
        "private_metadata": str(Opening("plaats", "token", reply_to)),
        "state": {"values": {"answer": {"text": {"type": "plain_text_input", "value": answer}}}},
    }
    return interaction("view_submission", view=view)


COMMAND = {
    "command": "/skb",
    "text": "debat &lt;3",
    "channel_id": "C1",
    "channel_name": "regio-utrecht",
    "user_id": "U1",
    "response_url": URL,
    "trigger_id": "13.37.ab",
}
LEGAL: dict[str, dict[str, Any]] = {
    "command": COMMAND,
    "mention": event(type="app_mention", channel="C1", **SAID),
    "mention in a thread": event(type="app_mention", channel="C1", thread_ts="16.1", **SAID),
    "mention with a file": event(type="app_mention", channel="C1", **(SAID | {"text": f"<@{BOT}>", "files": [FILE]})),
    "direct": event(type="message", channel="D1", channel_type="im", **SAID),
    "direct in a thread": event(type="message", channel="D1", channel_type="im", thread_ts="16.1", **SAID),
    "voice": event(
        type="message",
        channel="D1",
        channel_type="im",
        subtype="file_share",
        files=[{"subtype": "slack_audio", "mimetype": "video/mp4"}],
        **(SAID | {"text": ""}),
    ),
    "opened": event(type="app_home_opened", user="U1", channel="D1", tab="messages", event_ts="17.1"),
    "added": event(type="member_joined_channel", user=BOT, channel="C1", channel_type="C", inviter="U1"),
    "press for oneself": press("C1", ephemeral=True),
    "press in public": press("C1", thread="16.1"),
    "press in a direct conversation": press("D1"),
    "shortcut": interaction(
        "message_action", callback_id="s", channel={"id": "C1"}, message={"text": "ov", "ts": "1.1"}
    ),
    "form": submitted(" Zeist ", {"channel": "C1", "user": "U1", "url": URL, "replaces": "yes"}),
}
"""Whatever asks for an answer."""
OPENING = press("C1", ephemeral=True, action_id="form-0", value=FORM_VALUE["value"])
NOT_FOR_US: dict[str, dict[str, Any]] = {
    "said in a channel": event(type="message", channel="C1", channel_type="channel", **SAID),
    "said in a private channel": event(type="message", channel="C1", channel_type="group", **SAID),
    "said among several": event(type="message", channel="C1", channel_type="mpim", **SAID),
    "own": event(type="message", channel="D1", channel_type="im", **(SAID | {"user": BOT})),
    "other bot's": event(type="message", channel="D1", channel_type="im", bot_id="B1", **SAID),
    "other bot's mention": event(type="app_mention", channel="C1", bot_id="B1", **SAID),
    "changed": event(type="message", channel="D1", channel_type="im", subtype="message_changed", message=SAID),
    "deleted": event(type="message", channel="D1", channel_type="im", subtype="message_deleted"),
    "home": event(type="app_home_opened", user="U1", channel="D1", tab="home"),
    "joined": event(type="member_joined_channel", user="U1", channel="C1"),
    "left": event(type="member_left_channel", user=BOT, channel="C1"),
    "opening": OPENING,
    "link": press("C1", action_id="link", value="token:2", url="https://skb.nl"),
    "in a view": interaction("block_actions", container={"type": "view", "view_id": "V1"}, actions=[PRESSED]),
    "closed": interaction("view_closed", view={"id": "V1"}),
    "global shortcut": interaction("shortcut", callback_id="s"),
    "options": interaction("block_suggestion", value="debat"),
    "something new": {"type": "hologram"},
    "empty": {},
}


def known(name: str) -> Event:
    found = read(LEGAL[name], BOT)
    assert found
    return found


@pytest.mark.parametrize("name", NOT_FOR_US)
def test_what_is_not_for_us_is_let_be(name: str) -> None:
    assert read(NOT_FOR_US[name], BOT) is None


WHO = {"user": "U1", "url": URL}


@pytest.mark.parametrize(
    ("name", "identifier", "text", "thread", "reply_to"),
    [
        ("command", "command 13.37.ab", "debat <3", "U1", {"channel": "C1", **WHO}),
        ("mention", "Ev1", "debat & dans", "17.1", {"channel": "C1", "asker": "U1", "thread": "17.1", "begins": "yes"}),
        ("mention in a thread", "Ev1", "debat & dans", "16.1", {"channel": "C1", "asker": "U1", "thread": "16.1"}),
        ("direct", "Ev1", "debat & dans", "U1", {"channel": "D1", "asker": "U1"}),
        ("direct in a thread", "Ev1", "debat & dans", "16.1", {"channel": "D1", "asker": "U1", "thread": "16.1"}),
        ("opened", "Ev1", "", "U1", {"channel": "D1", "asker": "U1"}),
        ("added", "Ev1", "", "", {"channel": "C1"}),
        ("press for oneself", "press U1 18.1 say-0", "2", "U1", {"channel": "C1", **WHO, "replaces": "yes"}),
        (
            "press in public",
            "press U1 18.1 say-0",
            "2",
            "U1",
            {"channel": "C1", **WHO, "thread": "16.1", "shared": "17.2"},
        ),
        (
            "press in a direct conversation",
            "press U1 18.1 say-0",
            "2",
            "U1",
            {"channel": "D1", "asker": "U1", "url": URL, "message": "17.2"},
        ),
        ("shortcut", "shortcut 13.37.ab", "zoek ov", "U1", {"channel": "C1", **WHO}),
        ("form", "form V1 19.ab", "plaats Zeist", "U1", {"channel": "C1", **WHO, "replaces": "yes"}),
    ],
)
def test_who_asks_what_and_where_the_answer_goes(
    name: str, identifier: str, text: str, thread: str, reply_to: dict[str, str]
) -> None:
    found = known(name)
    assert (found.id, found.request.text, found.reply_to) == (identifier, text, reply_to)
    assert found.request.chat == Address("slack", reply_to["channel"], thread)
    assert found.request.user == ("" if name == "added" else "U1")


def test_what_a_question_goes_on_from() -> None:
    assert {name for name in LEGAL if not known(name).request.follows} == {"command", "shortcut"}
    assert {name for name in LEGAL if known(name).request.about} == {
        "press for oneself",
        "press in public",
        "press in a direct conversation",
        "form",
    }


def test_what_came_instead_of_words() -> None:
    kinds = {name: known(name).request.kind for name in LEGAL if known(name).request.kind != "said"}
    assert kinds == {"mention with a file": "picture", "voice": "voice", "opened": "opened", "added": "added"}


@pytest.mark.parametrize("text", ["", "   ", None])
def test_a_command_alone_asks_for_help(text: Any) -> None:
    found = read(COMMAND | {"text": text}, BOT)
    assert found
    assert found.request.text == "help"


def test_nothing_filled_in_is_no_answer() -> None:
    found = read(submitted(None, {"channel": "C1", "user": "U1"}), BOT)
    assert found
    assert found.request.text.strip() == "plaats"


@pytest.mark.parametrize(("thread_ts", "expected"), [("17.1", None), ("16.1", "16.1")])
def test_a_shortcut_is_answered_in_the_thread_of_a_reply(thread_ts: str, expected: str | None) -> None:
    message = {"text": "debat", "ts": "17.1", "thread_ts": thread_ts}
    found = read(interaction("message_action", channel={"id": "C1"}, message=message), BOT)
    assert found
    assert found.reply_to.get("thread") == expected


def test_a_button_opens_its_question() -> None:
    opening = read_opening(OPENING)
    assert opening
    question, reply_to, trigger = opening
    assert question == Reply("Waar zoek je?", form=Form("Typ een plaats.", "plaats", "token"))
    assert reply_to == {"channel": "C1", **WHO, "replaces": "yes"}
    assert trigger == "13.37.ab"
    assert [name for name, body in (LEGAL | NOT_FOR_US).items() if read_opening(body)] == ["opening"]


WORD = st.text(min_size=1, max_size=64)


@given(WORD, st.text(max_size=64), st.dictionaries(st.sampled_from(["channel", "user", "thread", "replaces"]), WORD))
def test_a_window_comes_back_with_what_it_was_opened_for(sends: str, about: str, reply_to: dict[str, str]) -> None:
    opening = Opening(sends, about, reply_to)
    assert Opening.read(str(opening)) == opening


def test_what_a_window_must_know_fits_in_it() -> None:
    ids = dict.fromkeys(("channel", "user", "asker", "thread", "message", "replaces"), "W" * 30)
    longest = Opening("plaats", "é" * 64, ids | {"url": "https://hooks.slack.com/" + "x" * 1000})
    assert len(str(longest)) <= 3000
    view = modal(Reply("Waar?", form=Form("Typ een plaats.", "plaats")), str(longest))
    assert view["private_metadata"] == str(longest)


# --- what Slack would never send

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=6)
    | st.sampled_from([BOT, "im", "D1", "token:2", "{}"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=6), inner, max_size=2),
    max_leaves=3,
)
GONE = object()


def paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where there is something in a payload."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in below:
        yield (*before, key)
        yield from paths(inner, (*before, key))


def mutated(body: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed: dict[str, Any] = deepcopy(body)
    place: Any = changed
    for key in path[:-1]:
        place = place[key]
    if value is GONE:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return changed


ALL = [*LEGAL.values(), *NOT_FOR_US.values()]


@st.composite
def broken(draw: st.DrawFn) -> dict[str, Any]:
    body: dict[str, Any] = draw(st.sampled_from(ALL))
    for _ in range(draw(st.integers(1, 3))):
        if places := list(paths(body)):
            body = mutated(body, draw(st.sampled_from(places)), draw(st.just(GONE) | JSON))
    return body


@given(broken())
@example(event(type="message", channel=["D1"], channel_type="im", **SAID))
@example(submitted("Zeist", {}))
def test_what_is_broken_is_noticed_and_never_answered_by_mistake(body: dict[str, Any]) -> None:
    try:
        found, opening = read(body, BOT), read_opening(body)
    except UNREADABLE:
        return
    if found:
        told = body["event"] if body.get("type") == "event_callback" and "command" not in body else {}
        assert not told.get("bot_id") or told["type"] in ("app_home_opened", "member_joined_channel")
        assert told.get("type") != "message" or (told["channel_type"] == "im" and told["user"] != BOT)
        assert (told.get("type") == "member_joined_channel") == (found.request.kind == "added")
        # The inbox keeps it, and waits by its chat.
        assert json.loads(json.dumps([asdict(found.request), dict(found.reply_to)]))
        assert hash(found.request.chat)
        assert isinstance(found.id, str)
    if opening:
        assert json.loads(str(Opening("plaats", "", opening[1])))
