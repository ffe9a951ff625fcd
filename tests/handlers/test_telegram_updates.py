"""What becomes of an update: whom the bot hears, where it answers, and that nothing Telegram sends makes it stumble."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import asdict
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest
from telegram import Update, User
from telegram.error import TelegramError

from bot.chat import Address, Event, Request
from bot.handlers.telegram import Telegram
from bot.handlers.telegram_requests import UpdatesRequest
from bot.handlers.telegram_updates import COMMANDS, IN_GROUPS, grown, read
from tests.emulators.telegram.markup import cut, found_in
from tests.handlers.telegram_bot import echo

Json = dict[str, Any]

ME = User(110201543, "SKB-bot", is_bot=True, username="skbaanbodbot")
TEACHER = {"id": 1001, "is_bot": False, "first_name": "Marijke", "language_code": "nl"}
PRIVATE = {"id": 1001, "type": "private", "first_name": "Marijke"}
TEAM = {"id": -1000000004001, "type": "supergroup", "title": "Team brugklas"}


def update(**parts: Any) -> Update:
    return Update.de_json({"update_id": 7, **parts})


def message(chat: Json, text: str = "", **more: Any) -> Json:
    body: Json = {"message_id": 5, "date": 1795811086, "chat": chat, "from": TEACHER}
    if text:
        body |= {"text": text, "entities": found_in(text)}
    return body | more


def asked(chat: Json, text: str = "", **more: Any) -> Request | None:
    event = read(update(message=message(chat, text, **more)), ME)
    return event.request if event else None


HERE = Address("telegram", "1001")


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("debat VO Utrecht", Request("debat VO Utrecht", HERE)),
        ("/start", Request("start", HERE, follows=False)),
        ("/start ws_utrecht_vo", Request("start", HERE, about="ws_utrecht_vo")),
        ("/start@skbaanbodbot p_testaaaa", Request("start", HERE, about="p_testaaaa")),
        ("/start wat is dit?", Request("start wat is dit?", HERE, follows=False)),
        ("/start " + "a" * 65, Request("start " + "a" * 65, HERE, follows=False)),
        ("/Zoek debat\nvmbo", Request("zoek debat\nvmbo", HERE, follows=False)),
        ("/zoek: debat", Request("zoek : debat", HERE, follows=False)),
        ("/zoek@anderebot debat", Request("zoek debat", HERE, follows=False)),
        ("zie /zoek debat", Request("zie /zoek debat", HERE)),
        ("@skbaanbodbot debat", Request("debat", HERE)),
        ("@skbaanbodbot", Request("zoek", HERE, follows=False)),
        ("😀 @SKBaanbodBot 😀", Request("😀 😀", HERE)),
    ],
)
def test_in_private_everything_is_for_the_bot(text: str, request_: Request) -> None:
    kept = asked(PRIVATE, text)
    assert kept
    assert (kept.user, kept.name) == ("1001", "Marijke")
    assert kept == Request(**{**shallow(request_), "user": "1001", "name": "Marijke"})


def shallow(request: Request) -> Json:
    return {name: getattr(request, name) for name in ("text", "chat", "kind", "about", "follows", "windows")}


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("/zoek debat", "zoek debat"),
        ("/ZOEK@SKBaanbodBot debat", "zoek debat"),
        ("/menu@skbaanbodbot", "menu"),
        ("/zoek", "zoek"),
        ("wat is er, @skbaanbodbot?", "wat is er, ?"),
        ("/zoek@anderebot debat", None),
        ("/zoek@skbaanbodbot2 debat", None),
        ("/menu", None),
        ("/ban Marijke", None),
        ("debat", None),
        ("kijk bij /zoek debat", None),
        ("@skbaanbodbot2 debat", None),
        ("mail@skbaanbodbot", None),
    ],
)
def test_in_a_group_only_what_is_said_to_the_bot(text: str, heard: str | None) -> None:
    kept = asked(TEAM, text)
    assert (kept.text if kept else None) == heard


def test_a_caption_is_as_good_as_a_text() -> None:
    text = "@skbaanbodbot debat"
    caption: Json = {"caption": text, "caption_entities": found_in(text), "photo": []}
    kept = asked(TEAM, **caption)
    assert kept
    assert kept.text == "debat"
    kept = asked(PRIVATE, caption="/zoek debat", caption_entities=found_in("/zoek debat"))
    assert kept
    assert kept.text == "zoek debat"


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ({"dice": {"emoji": "🎲", "value": 6}}, "sticker"),
        ({"story": {"chat": PRIVATE, "id": 3}}, "picture"),
        ({"animation": {}, "document": {}}, "picture"),
        ({"venue": {}, "location": {}}, "location"),
        ({"pinned_message": {}}, None),
        ({"new_chat_title": "Iets anders"}, None),
        ({"brand_new": {"value": 6}}, None),
        ({}, None),
    ],
)
def test_what_is_no_words_has_a_kind(field: Json, kind: str | None) -> None:
    file = {"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1, "duration": 1}
    place = {"latitude": 52.1, "longitude": 5.1}
    whole: Json = {
        "animation": file,
        "document": file,
        "location": place,
        "venue": {"location": place, "title": "School", "address": "Straat 1"},
        "pinned_message": message(PRIVATE, "hoi"),
    }
    kept = asked(PRIVATE, **{**field, **{name: whole[name] for name in field.keys() & whole.keys()}})
    assert (kept.kind if kept else None) == kind


def test_only_who_comes_into_a_group_is_welcomed() -> None:
    rights = dict.fromkeys(RIGHTS, True)

    def added(before: str, after: str, chat: Json = TEAM, **more: Any) -> Event | None:
        change = {"chat": chat, "from": TEACHER, "date": 1795811086}
        for name, status in (("old_chat_member", before), ("new_chat_member", after)):
            change[name] = {"user": ME.to_dict(), "status": status, "until_date": 0, **rights, **more}
        return read(update(my_chat_member=change), ME)

    for before, after in (("left", "member"), ("kicked", "administrator"), ("left", "restricted")):
        event = added(before, after, is_member=True)
        assert event
        assert (event.request.kind, event.reply_to) == ("added", {"chat": str(TEAM["id"]), "group": "yes"})
    for before, after in (
        ("member", "administrator"),
        ("restricted", "member"),
        ("member", "left"),
        ("left", "kicked"),
    ):
        assert added(before, after, is_member=True) is None
    assert added("left", "restricted", is_member=False) is None
    assert added("left", "member", PRIVATE) is None
    assert added("left", "administrator", {"id": -100999, "type": "channel", "title": "Nieuws"}) is None


def test_a_button_of_another_time_is_the_menu() -> None:
    def pressed(data: str | None, body: Json) -> Event:
        query = {"id": "9", "from": TEACHER, "message": body, "chat_instance": "1", **({"data": data} if data else {})}
        event = read(update(callback_query=query), ME)
        assert event
        return event

    shown = message(PRIVATE, "lijst")
    event = pressed("l_abc:bladzijde 2", shown)
    assert (event.request.about, event.request.text) == ("l_abc", "bladzijde 2")
    assert event.reply_to == {"chat": "1001", "message": "5", "press": "9"}
    for data in ("v1.pg.2", "", None, ":", "x" * 65, "\0"):
        assert (pressed(data, shown).request.about, pressed(data, shown).request.text) in (("", "menu"), ("", "\0"))
    question = message(TEAM, "/zoek debat")
    assert pressed(":terug", message(TEAM, "lijst", reply_to_message=question)).reply_to["answers"] == "5"
    too_old = {"chat": TEAM, "message_id": 5, "date": 0}
    assert pressed(":terug", too_old).reply_to == {
        "chat": str(TEAM["id"]), "group": "yes", "message": "5", "press": "9"
    }  # fmt: skip


def test_in_a_topic_of_the_bot_not_everything_is_for_it() -> None:
    mine = {"message_id": 3, "date": 1795811086, "chat": TEAM, "from": ME.to_dict()}
    topic = {"message_thread_id": 3, "is_topic_message": True}
    made = mine | topic | {"forum_topic_created": {"name": "Debat", "icon_color": 1}}
    assert asked(TEAM, "gewone tekst", reply_to_message=made, **topic) is None
    kept = asked(TEAM, "gewone tekst", reply_to_message=mine | topic | {"text": "Wat zoek je?"}, **topic)
    assert kept
    assert kept.chat == Address("telegram", str(TEAM["id"]), "3")
    # A thread of answers in an ordinary group is no topic.
    kept = asked(TEAM, "/zoek debat", message_thread_id=3)
    assert kept
    assert kept.chat.thread == ""


def test_a_group_that_grew_is_known_by_its_new_number() -> None:
    old = {"id": -4001, "type": "group", "title": "Team"}
    assert grown(update(message=message(old, migrate_to_chat_id=-1000000004001))) == "-1000000004001"
    assert grown(update(message=message(TEAM, migrate_from_chat_id=-4001))) == "-1000000004001"
    assert grown(update(message=message(TEAM, "hoi"))) == grown(update()) == ""


def test_the_menu_of_a_group_is_part_of_the_menu() -> None:
    assert all(any(name in commands for name in IN_GROUPS) for commands in COMMANDS.values())


# --- Whatever Telegram may send

CAN = """send_messages send_audios send_documents send_photos send_videos send_video_notes send_voice_notes send_polls
    send_other_messages add_web_page_previews change_info invite_users pin_messages manage_topics be_edited manage_chat
    delete_messages manage_video_chats restrict_members promote_members post_stories edit_stories delete_stories
    react_to_messages edit_tag"""
RIGHTS = ("is_anonymous", *(f"can_{name}" for name in CAN.split()))

PIECES = (
    "debat",
    " ",
    "\n",
    "/zoek",
    "/Zoek@skbaanbodbot",
    "/zoek@anderebot",
    "/ban",
    "/start",
    "@skbaanbodbot",
    ":",
    "/",
)
MORE_PIECES = ("@SKBaanbodBOT", "@anderebot", "@skbaanbodbot2", "😀", "ws_utrecht_vo", "e\u0301", "\u202e", "@")
WORDS = st.sampled_from(PIECES + MORE_PIECES) | st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
TEXTS = st.lists(WORDS, min_size=1, max_size=4).map("".join).filter(bool)
USERS = st.fixed_dictionaries(
    {
        "id": st.sampled_from([1001, ME.id, 1087968824]),
        "is_bot": st.sampled_from([False, False, True]),
        "first_name": st.text(max_size=3),
    }
)
CHATS = st.fixed_dictionaries(
    {
        "id": st.sampled_from([1001, -4001, -1000000004001]),
        "type": st.sampled_from(["group", "supergroup", "private", "channel"]),
    }
)
FILE = {"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1, "duration": 1, "length": 1}
FIELDS: Json = {
    "sender_chat": CHATS,
    "via_bot": USERS,
    "is_automatic_forward": st.booleans(),
    "message_thread_id": st.integers(1, 2**31),
    "is_topic_message": st.booleans(),
    "media_group_id": st.text(min_size=1, max_size=5),
    "voice": st.just(FILE),
    "photo": st.lists(st.just(FILE), max_size=2),
    "document": st.just(FILE),
    "sticker": st.just(FILE | {"type": "regular", "is_animated": False, "is_video": False}),
    "location": st.just({"latitude": 52.0, "longitude": 5.0}),
    "new_chat_members": st.lists(USERS, max_size=2),
    "migrate_to_chat_id": st.integers(-(10**13), -1),
    "from": USERS,
    "forum_topic_created": st.just({"name": "Debat", "icon_color": 1}),
    "something_new": st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=3), max_size=2),
}


@st.composite
def messages(draw: st.DrawFn, depth: int = 1) -> Json:
    body: Json = {"message_id": draw(st.integers(1, 2**31)), "date": 1795811086, "chat": draw(CHATS), "from": TEACHER}
    for name in draw(st.lists(st.sampled_from(list(FIELDS)), max_size=3, unique=True)):
        body[name] = draw(FIELDS[name])
    text, part = draw(TEXTS), draw(st.sampled_from([("text", "entities"), ("caption", "caption_entities"), None]))
    if part:
        kind = st.sampled_from(["bold", "mention", "bot_command", "text_mention", "something_new"])
        units = len(text.encode("utf-16-le")) // 2
        more = st.fixed_dictionaries({"type": kind, "offset": st.just(0), "length": st.just(units)})
        body |= {part[0]: text, part[1]: [*found_in(text), *draw(st.lists(more, max_size=1))]}
    if depth and draw(st.booleans()):
        body["reply_to_message"] = draw(messages(depth=0))
    return body


@st.composite
def members(draw: st.DrawFn) -> Json:
    kinds = ["creator", "administrator", "member", "restricted", "left", "kicked", "something_new"]
    rights = dict.fromkeys(RIGHTS, draw(st.booleans()))
    standing = {"user": ME.to_dict(), "status": draw(st.sampled_from(kinds)), "until_date": 0}
    return standing | rights | {"is_member": draw(st.booleans())}


CHANGES = st.fixed_dictionaries(
    {
        "chat": CHATS,
        "from": USERS,
        "date": st.just(1795811086),
        "old_chat_member": members(),
        "new_chat_member": members(),
    }
)
PRESSES = st.fixed_dictionaries(
    {"id": st.text(min_size=1, max_size=5), "from": USERS, "chat_instance": st.just("1")},
    optional={
        "data": st.text(max_size=70),
        "message": messages()
        | st.fixed_dictionaries({"chat": CHATS, "message_id": st.integers(1, 99), "date": st.just(0)}),
        "inline_message_id": st.just("abc"),
        "game_short_name": st.just("spel"),
    },
)
UPDATES = st.fixed_dictionaries(
    {"update_id": st.integers(1, 2**31)},
    optional={
        "message": messages(),
        "edited_message": messages(),
        "channel_post": messages(),
        "callback_query": PRESSES,
        "my_chat_member": CHANGES,
    },
)


@settings(max_examples=120, deadline=None)
@given(UPDATES | st.fixed_dictionaries({"update_id": st.just(7), "message": messages()}))
def test_nothing_makes_it_stumble_or_speak_unasked(delivered: Json) -> None:
    parsed = Update.de_json(delivered)
    event = read(parsed, ME)
    grown(parsed)
    if event is None:
        return
    assert json.loads(json.dumps(asdict(event.request)))["chat"]["platform"] == "telegram"
    assert event.id
    assert all(isinstance(value, str) for value in event.reply_to.values())
    assert all(int(event.reply_to[name]) for name in ("chat", "message", "thread", "answers") if name in event.reply_to)
    if "callback_query" not in delivered and "my_chat_member" not in delivered:
        body = delivered["message"]
        assert ("group" in event.reply_to) == (body["chat"]["type"] in ("group", "supergroup"))
        assert "group" not in event.reply_to or is_spoken_to(body)
        assert not body.get("via_bot")
        assert not body["from"]["is_bot"] or body.get("sender_chat")


def is_spoken_to(body: Mapping[str, Any]) -> bool:
    """Whether a message in a group is meant for the bot, worked out in another way."""
    text, entities = (
        (body["text"], body["entities"])
        if "text" in body
        else (body.get("caption", ""), body.get("caption_entities", []))
    )
    if body.get("reply_to_message", {}).get("from", {}).get("id") == ME.id:
        return True
    for entity in entities:
        part = cut(text, entity).lower()
        if entity["type"] == "mention" and part == "@skbaanbodbot":
            return True
        if entity["type"] == "bot_command" and entity["offset"] == 0:
            name, _, addressee = part.removeprefix("/").partition("@")
            ours = {"start", *(name for commands in COMMANDS.values() for name in commands)}
            if addressee == "skbaanbodbot" or (not addressee and name in ours):
                return True
    return False


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["message", "chat", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


class Known(Telegram):
    """The handler as it is once Telegram told it who it is."""

    _me = ME


class NoInbox:
    """Nothing is kept here."""

    async def keep(self, events: Sequence[Event]) -> Sequence[Event]:
        return events

    async def left(self) -> Sequence[Event]:
        return ()

    def turn(self, _event: Event) -> nullcontext[None]:
        return nullcontext()

    def attempt(self, _event: Event, *, paced: bool = True) -> nullcontext[None]:  # noqa: ARG002  # as Inbox has it
        return nullcontext()


KNOWN = Known("123:token", echo, NoInbox(), base_url="http://telegram.test")
NUMBERED = st.dictionaries(st.sampled_from(["message", "callback_query", "my_chat_member", "new"]), JSON, max_size=2)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 2**31), NUMBERED | UPDATES) | JSON, max_size=4))
def test_a_batch_can_be_read_whatever_is_in_it(batch: list[Any]) -> None:
    """Every update that has a number comes through with it, so that its batch can be confirmed."""
    delivered = [{**one[1], "update_id": one[0]} if isinstance(one, tuple) else one for one in batch]
    payload = json.dumps({"ok": True, "result": delivered}).encode()
    result = UpdatesRequest.parse_json_payload(payload)["result"]
    numbers = [one["update_id"] for one in delivered if isinstance(one, dict) and type(one.get("update_id")) is int]
    updates = Update.de_list(result)
    assert [one.update_id for one in updates] == numbers
    assert all(isinstance(event, Event | None) for event in map(KNOWN._read, updates))


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=20) | JSON.map(lambda value: json.dumps(value).encode()))
def test_what_is_no_answer_is_an_error_of_telegram(payload: bytes) -> None:
    with suppress(TelegramError):
        assert isinstance(UpdatesRequest.parse_json_payload(payload), dict)
