"""The Telegram handler with the real python-telegram-bot on the wire: conversations, groups, whatever goes wrong."""

import asyncio
from collections.abc import Iterator, Sequence
import logging
from pathlib import Path
import re
import shutil
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import sqlalchemy as sa
from telegram.error import InvalidToken, TelegramError

from bot.chat import Button, Card, Event, Reply, Request, Section, Stopped
from bot.db import Database, metadata
from bot.delivery.inbox import PlatformInbox
from bot.handlers import telegram as handler
from bot.handlers.telegram_refusals import is_refusal
from bot.handlers.telegram_requests import UpdatesRequest
from bot.handlers.telegram_sending import cause
from bot.handlers.telegram_updates import COMMANDS
from tests.dialogues.conftest import World, catalogue_search, world
from tests.emulators.telegram import Group, Message, Person
from tests.handlers.telegram_bot import Door, Stage, echo, heard, log_as_in_earnest

__all__ = ["catalogue_search", "world"]

pytestmark = pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")  # python-telegram-bot warns itself


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    log_as_in_earnest(caplog)
    yield caplog
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def skb(world: World, log: pytest.LogCaptureFixture) -> Iterator[Stage]:
    """The bot as it is, with the 16 programmes of CONVERSATIONS."""
    stage = Stage(world.database, world.answer, is_personal=world.is_personal, now=lambda: world.now)
    stage.start()
    yield stage
    stage.close()
    assert heard(stage.words, log) == []


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'skb.db')}")
    yield database
    database.close()


@pytest.fixture
def stage(sqlite: Database, log: pytest.LogCaptureFixture) -> Iterator[Stage]:
    """A bot that repeats what is said; not started yet."""
    stage = Stage(sqlite)
    yield stage
    stage.close()
    assert heard(stage.words, log) == []


@pytest.fixture
def bot(stage: Stage) -> Stage:
    """The same, started."""
    stage.start()
    return stage


def one(messages: Sequence[Message]) -> Message:
    assert len(messages) == 1, [message.text for message in messages]
    return messages[0]


# --- A teacher after a workshop (CONVERSATIONS 2)


def test_a_link_of_a_workshop_skips_the_menu(skb: Stage) -> None:
    greeting, found = skb.begin(skb.person(), "ws_utrecht_vo")
    assert greeting.text.startswith("Welkom! Ik ben een bot van SKB.")
    assert "voortgezet onderwijs (VO)" in greeting.text
    assert "Noem geen namen van leerlingen" in greeting.text
    assert greeting.labels == ()
    assert "1-5 van 9." in found.text
    assert found.labels[:6] == ("1", "2", "3", "4", "5", "Volgende 4")
    assert not found.silent


def test_any_other_link_is_an_ordinary_welcome(skb: Stage) -> None:
    for payload in ("", "ws_atlantis_xx", "p_bestaatniet", "l_weg", "mon", "A" * 64):
        welcome = one(skb.begin(skb.person(), payload))
        assert welcome.text.startswith("Hoi Marijke! Ik ben een bot van SKB.")
        assert welcome.labels == ("Voorbeeld: debat VO Utrecht", "Zoek aanbod", "Vraag een mens", "Help")


def test_the_welcome_comes_once(skb: Stage) -> None:
    leraar = skb.person()
    skb.begin(leraar)
    assert one(skb.begin(leraar)).text.startswith("Welkom terug Marijke!")
    assert "1-5 van 9." in one(skb.begin(leraar, "ws_utrecht_vo")).text
    skb.restart()
    assert one(skb.begin(leraar)).text.startswith("Welkom terug Marijke!")


def test_who_begins_with_a_question_is_told_once_who_answers(skb: Stage) -> None:
    leraar = skb.person()
    assert "Ik ben een bot van SKB." in one(skb.say(leraar, "debat VO Utrecht")).text
    assert "Ik ben een bot van SKB." not in one(skb.say(leraar, "debat mbo")).text
    assert one(skb.begin(leraar)).text.startswith("Hoi Marijke!")


def test_pressed_twice_is_one_page_on(skb: Stage) -> None:
    leraar = skb.person()
    _, found = skb.begin(leraar, "ws_utrecht_vo")
    turned = one(skb.press(found, "Volgende 4", times=2))
    assert (turned.id, turned.edited) == (found.id, True)
    assert "6-9 van 9." in turned.text
    assert turned.labels[:5] == ("6", "7", "8", "9", "Vorige 5")
    assert [call.status for call in skb.telegram.calls_of("editMessageText")] == [200, 400]  # the same: not modified
    assert skb.telegram.toasts == []


def test_a_button_works_after_a_restart_until_its_list_is_gone(skb: Stage, world: World) -> None:
    leraar = skb.person()
    _, found = skb.begin(leraar, "ws_utrecht_vo")
    skb.press(found, "Volgende 4")
    one(skb.say(leraar, "vmbo stage"))
    skb.restart()
    turned = one(skb.press(found, "Vorige 5"))
    assert turned.id == found.id
    assert "1-5 van 9." in turned.text
    world.now = world.now.replace(day=9)
    old = one(skb.press(found, "Volgende 4"))
    assert old.text.startswith("Dit is een oude lijst.")
    assert "Zoek opnieuw" in old.labels
    assert old.id != found.id
    assert skb.telegram.unanswered_callbacks == []


def test_typed_words_do_what_buttons_do(skb: Stage) -> None:
    leraar = skb.person()
    skb.begin(leraar, "ws_utrecht_vo")
    assert "1-3 van 3." in one(skb.say(leraar, "vmbo stage")).text
    card = one(skb.say(leraar, "1"))
    assert card.text.startswith("Bliksemstage")
    assert "Terug naar de lijst" in card.labels
    assert "1-3 van 3." in one(skb.say(leraar, "Terug.")).text
    assert one(skb.say(leraar, "/MENU")).text == "Wat wil je doen?"


def test_what_comes_instead_of_words_is_answered_kindly(skb: Stage) -> None:
    leraar = skb.person()
    skb.begin(leraar)
    for media, answer in {
        "voice": "Ik kan niet luisteren",
        "audio": "Ik kan niet luisteren",
        "video_note": "Ik kan niet luisteren",
        "photo": "Ik kan geen foto's bekijken",
        "video": "Ik kan geen foto's bekijken",
        "sticker": "Leuk!",
        "document": "Ik kan dit bestand niet openen",
        "contact": "Ik kan dit bestand niet openen",
        "location": "Ik gebruik je locatie niet",
    }.items():
        reply = one(skb.say(leraar, media=media))
        assert reply.text.startswith(answer), media
        assert reply.labels == ("Vraag een mens", "Menu")


def test_the_words_under_a_picture_are_a_question(skb: Stage) -> None:
    assert "Gezocht op: debat" in one(skb.say(skb.person(), "debat vmbo", media="photo")).text


def test_an_album_is_answered_once(skb: Stage) -> None:
    leraar = skb.person()
    skb.say(leraar, media="photo", media_group_id="13579")
    skb.say(leraar, media="photo", media_group_id="13579")
    assert len(skb.texts(leraar)) == 1


def test_a_programme_and_a_list_open_elsewhere(skb: Stage) -> None:
    leraar, collega, derde = skb.person(), skb.person("Fatima"), skb.person("Joost")
    one(skb.say(leraar, "vmbo stage Utrecht"))
    card = one(skb.say(leraar, "1"))
    shared = parse_qs(urlsplit(card.button("Deel met collega").url).query)
    assert shared["text"] == ["Bliksemstage"]
    address = urlsplit(shared["url"][0])
    assert address.path == "/skbaanbodbot"
    greeting, opened = skb.begin(collega, parse_qs(address.query)["start"][0])
    assert "Hieronder staat het programma." in greeting.text
    assert opened.text.startswith("Bliksemstage")

    team = in_group(skb, leraar)
    found = one(skb.say(leraar, "/zoek debat vmbo", to=team))
    payload = parse_qs(urlsplit(found.button("Bekijk privé").url).query)["start"][0]
    assert payload.startswith("l_")
    greeting, opened = skb.begin(derde, payload)
    assert "Hieronder staat de lijst." in greeting.text
    assert "Gezocht op: debat" in opened.text


def test_typing_errors_and_a_place_that_exists_twice(skb: Stage) -> None:
    leraar = skb.person()
    skb.begin(leraar)
    asked = one(skb.say(leraar, "debatt voorgezet onderwjis bergen"))
    assert "Bergen bestaat twee keer. Welke bedoel je?" in asked.text
    assert "In Bergen (Limburg)" in skb.press(asked, "Bergen in Limburg")[-1].text
    assert "Bergen (Noord-Holland)" in one(skb.say(leraar, "nee noord holland")).text
    assert "basisonderwijs (PO)" in one(skb.say(leraar, "en voor de basisschool?")).text


# --- Teachers in a group (CONVERSATIONS 5)


def in_group(stage: Stage, *people: Person, supergroup: bool = True, forum: bool = False, admin: bool = False) -> Group:
    """A group with the bot in it."""
    group = stage.telegram.group("Team brugklas", supergroup=supergroup, forum=forum)
    stage.see(group, stage.telegram.add_bot(group, people[0], admin=admin))
    return group


def test_a_group_is_welcomed_once(skb: Stage) -> None:
    leraar = skb.person()
    team = in_group(skb, leraar)
    welcome = one(skb.telegram.messages(team))
    assert welcome.text.startswith("Hoi allemaal. Ik ben de bot van SKB.")
    assert "Deel hier geen gegevens van leerlingen." in welcome.text
    assert welcome.silent
    assert welcome.button("Open privé").url == "https://t.me/skbaanbodbot?start=groep"
    promoted = skb.telegram._change_standing(team, leraar, "administrator")
    assert skb.see(team, promoted) == []
    joined = skb.telegram._written(team, leraar, {"new_chat_members": [skb.person("Fatima").as_json()]})
    assert skb.see(team, skb.telegram._deliver("message", joined)) == []
    assert "Hoi Marijke!" in one(skb.begin(leraar, "groep")).text


def test_the_welcome_of_a_group_can_be_asked_for(skb: Stage) -> None:
    leraar = skb.person()
    team = in_group(skb, leraar)
    assert one(skb.say(leraar, "/start@skbaanbodbot", to=team)).text.startswith("Hoi allemaal.")
    assert one(skb.begin(leraar)).text.startswith("Hoi Marijke!")  # nobody was welcomed in person yet


@pytest.mark.parametrize("sees_all", ["no", "as an administrator", "because it is set so"])
def test_in_a_group_only_who_speaks_to_the_bot_is_answered(
    world: World, log: pytest.LogCaptureFixture, sees_all: str
) -> None:
    skb = Stage(world.database, world.answer, is_personal=world.is_personal)
    skb.telegram.world.reads_all = sees_all == "because it is set so"
    skb.start()
    leraar, collega = skb.person(), skb.person("Fatima")
    team = in_group(skb, leraar, admin=sees_all == "as an administrator")
    hers = skb.run(skb.telegram.say(team, leraar, "wie weet iets?"))
    for text in (
        "zullen we iets met debat doen?",
        "/zoek@anderebot debat",
        "/ban Marijke",
        "menu",
        "@anderebot debat",
        "debat vmbo",
        "kijk op t.me/skbaanbodbot",
        "mail naar info@skbaanbodbot",
    ):
        assert skb.say(collega, text, to=team) == [], text
    assert skb.say(collega, "debat", to=team, reply_to=hers) == []
    assert skb.say(collega, "/zoek debat", to=team, via="anderebot") == []
    assert skb.say(collega, to=team, media="voice") == []
    robot = {"from": Person(77, "Robot", "anderebot", is_bot=True).as_json()}
    assert skb.say(collega, "/zoek debat", to=team, **robot) == []
    edited = skb.run(skb.telegram.say(team, collega, "zoek debat"))
    assert skb.see(team, skb.telegram.edit(edited, "/zoek debat")) == []

    asked = skb.run(skb.telegram.say(team, collega, "/Zoek@skbaanbodBOT debat vmbo"))
    skb.run(skb.settled())
    answer = skb.telegram.last(team)
    assert answer.reply_to == asked.id
    assert answer.silent
    assert "Gezocht op: debat · vmbo" in answer.text.replace("voorbereidend middelbaar beroepsonderwijs (vmbo)", "vmbo")
    assert "NK Debatteren" not in answer.text
    assert "Mentor" not in one(skb.say(collega, "en voor havo?", to=team, reply_to=answer)).text
    assert "Gezocht op" in one(skb.say(collega, "mentor vmbo, @SKBaanbodbot!", to=team)).text
    assert one(skb.say(collega, to=team, media="voice", reply_to=answer)).text.startswith("Ik kan niet luisteren")
    assert one(skb.say(collega, "/help", to=team)).reply_to
    skb.close()
    assert heard(skb.words, log) == []


def test_data_of_a_pupil_are_neither_searched_nor_kept(skb: Stage, tmp_path: Path) -> None:
    collega = skb.person("Fatima")
    team = in_group(skb, collega)
    text = "hulp voor Sanneke Vrolijkstra uit 2B, thuis veel ruzie, tel 06 12345678"
    refused = one(skb.say(collega, f"/zoek {text}", to=team))
    assert refused.text.startswith("Dit lijkt over een leerling te gaan.")
    assert refused.reply_to
    assert refused.silent
    one(skb.say(collega, text))
    one(skb.say(collega, text, media="photo"))
    with skb.database.read() as connection:
        kept = [str(row) for table in metadata.sorted_tables for row in connection.execute(sa.select(table))]
    assert kept, "of the events something is kept"
    files = [path.read_bytes() for path in tmp_path.glob("skb.db*")]
    for word in ("Sanneke", "Vrolijkstra", "ruzie", "12345678"):
        assert not any(word in row for row in kept)
        assert not any(word.encode() in content for content in files)


def test_a_question_without_words_is_asked_back(skb: Stage) -> None:
    leraar, collega = skb.person(), skb.person("Fatima")
    team = in_group(skb, leraar)
    for text in ("/zoek", "@skbaanbodbot"):
        asked = one(skb.say(collega, text, to=team))
        assert asked.asks_reply
        assert asked.placeholder
        assert "Gezocht op: debat" in one(skb.say(collega, "debat vmbo", to=team, reply_to=asked)).text


def test_a_question_back_after_a_press_is_for_who_asked(skb: Stage) -> None:
    collega = skb.person("Fatima")
    team = in_group(skb, collega)
    question = skb.run(skb.telegram.say(team, collega, "/zoek debat vmbo utrecht"))
    skb.run(skb.settled())
    asked = one(skb.press(skb.telegram.last(team), "Andere plaats", by=collega))
    assert asked.asks_reply
    assert asked.reply_to == question.id
    assert "Zwolle" in one(skb.say(collega, "Zwolle", to=team, reply_to=asked)).text


def test_topics_of_a_forum_are_conversations_of_their_own(skb: Stage) -> None:
    leraar = skb.person()
    forum = in_group(skb, leraar, forum=True)
    here, there = (skb.run(skb.telegram.topic(forum, name, leraar)) for name in ("Debat", "Stage"))
    found = one(skb.say(leraar, "/zoek debat vmbo", to=forum, thread=here))
    assert found.thread == here
    assert one(skb.say(leraar, "/terug@skbaanbodbot", to=forum, thread=there)).text.startswith(
        "Er is nu geen lijst open."
    )
    back = one(skb.say(leraar, "/terug@skbaanbodbot", to=forum, thread=here))
    assert back.thread == here
    assert "Gezocht op: debat" in back.text
    assert skb.say(leraar, "gewone tekst", to=forum, thread=here) == []
    card = skb.press(back, "1", by=leraar)[-1]
    assert card.thread == here


def test_administrators_and_channels_without_a_name_are_answered(skb: Stage) -> None:
    leraar = skb.person()
    team = in_group(skb, leraar)
    assert "Gezocht op" in one(skb.say(leraar, "/zoek debat", to=team, anonymous=True)).text
    channel = {"id": -1001234567890, "type": "channel", "title": "Nieuws"}
    writer = Person(136817688, "Channel", "Channel_Bot", is_bot=True).as_json()
    assert "Gezocht op" in one(skb.say(leraar, "/zoek debat", to=team, sender_chat=channel, **{"from": writer})).text
    # What a channel posts comes into its group by itself: nobody there asked.
    posted = {"sender_chat": channel, "is_automatic_forward": True, "from": Person(777000, "Telegram").as_json()}
    assert skb.say(leraar, "/zoek debat", to=team, **posted) == []
    with skb.database.read() as connection:
        assert not connection.scalar(sa.text("SELECT count(*) FROM people"))


def test_after_its_removal_the_bot_is_silent(bot: Stage, log: pytest.LogCaptureFixture) -> None:
    collega = bot.person("Fatima")
    team = in_group(bot, collega)
    shown = one(bot.say(collega, "/zoek debat", to=team))
    assert bot.see(team, bot.telegram.remove_bot(team, collega)) == []
    calls = len(bot.telegram.calls_of("sendMessage"))
    assert bot.press(shown, "Nieuw", by=collega) == []
    assert len(bot.telegram.calls_of("sendMessage")) == calls + 1, "one try is enough"
    assert troubles(log) == []
    assert one(bot.say(collega, "hoi")).text == "Je zei: hoi"


def test_a_group_that_becomes_a_supergroup_goes_on(bot: Stage, log: pytest.LogCaptureFixture) -> None:
    collega = bot.person("Fatima")
    team = in_group(bot, collega, supergroup=False)
    shown = one(bot.say(collega, "/zoek debat", to=team))
    grown = bot.run(bot.telegram.migrate(team))
    # In reality the bot is told as well that it came into the supergroup (tdlib/telegram-bot-api#266).
    me = bot.telegram.bot
    bot.telegram.updates.add(
        "my_chat_member",
        {
            "chat": grown.chat_as_json(),
            "from": collega.as_json(),
            "date": 0,
            "old_chat_member": {"user": me.as_json(), "status": "left"},
            "new_chat_member": {"user": me.as_json(), "status": "member"},
        },
    )
    bot.run(bot.settled())
    assert bot.texts(grown) == []
    assert one(bot.say(collega, "/zoek dans", to=grown)).text == "Je zei: zoek dans"
    for label, text in (("Verder", "Een bladzijde verder."), ("Nieuw", "Je zei: nieuw")):
        bot.press(shown, label, by=collega)
        assert bot.texts(grown)[-1] == text
    assert bot.telegram.unanswered_callbacks == []
    assert troubles(log) == []


# --- Sending


def troubles(log: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in log.records if record.levelno >= logging.WARNING]


def answered(database: Database) -> list[bool]:
    """Whether each event that was kept is answered."""
    with database.read() as connection:
        rows = connection.execute(sa.text("SELECT answered_at IS NOT NULL FROM inbox ORDER BY arrived_at, number"))
        return [bool(row[0]) for row in rows]


def test_buttons_stop_spinning_also_when_the_answer_fails(bot: Stage) -> None:
    leraar = bot.person()
    shown = one(bot.say(leraar, "hoi"))
    assert bot.press(shown, "Stuk") == []
    bot.telegram.fault("sendMessage", status=500)
    assert bot.press(shown, "Nieuw") == []
    assert [toast.text for toast in bot.telegram.toasts] == [handler.FAILED] * 2
    assert bot.telegram.unanswered_callbacks == []
    assert one(bot.press(shown, "Nieuw")).text == "Je zei: nieuw"


def test_a_message_that_is_gone_comes_anew(stage: Stage) -> None:
    gate = asyncio.Event()

    async def wait(request: Request) -> Reply:
        await gate.wait() if request.text == "verder" else None
        return await echo(request)

    stage.answer = wait
    stage.start()
    leraar = stage.person()
    shown = one(stage.say(leraar, "hoi"))

    async def erase() -> None:
        await stage.telegram.press(shown, "Verder")
        await stage.telegram.erase(shown)
        gate.set()

    assert one(stage.see(leraar, erase())).text == "Een bladzijde verder."
    assert stage.telegram.unanswered_callbacks == []


def test_a_press_too_old_to_be_confirmed_is_answered_all_the_same(bot: Stage, log: pytest.LogCaptureFixture) -> None:
    leraar = bot.person()
    shown = one(bot.say(leraar, "hoi"))

    async def press() -> None:
        await bot.telegram.press(shown, "Verder")
        bot.telegram.expire_presses()

    assert one(bot.see(leraar, press())).text == "Een bladzijde verder."
    assert troubles(log) == []


def test_what_can_not_be_edited_is_sent(bot: Stage) -> None:
    leraar = bot.person()
    shown = one(bot.say(leraar, "hoi"))
    for reason in ("message can't be edited", "message to edit not found", "MESSAGE_ID_INVALID"):
        bot.telegram.fault("editMessageText", status=400, description=f"Bad Request: {reason}")
        sent = one(bot.press(shown, "Verder"))
        assert (sent.text, sent.edited) == ("Een bladzijde verder.", False)


@pytest.mark.parametrize("fault", [{"drop": True}, {"status": 502}, {"drop": True, "when": "after"}])
def test_what_is_the_same_twice_is_tried_again(bot: Stage, fault: dict[str, Any]) -> None:
    leraar = bot.person()
    shown = one(bot.say(leraar, "hoi"))
    bot.telegram.fault("editMessageText", **fault)
    bot.telegram.fault("answerCallbackQuery", **fault)
    assert one(bot.press(shown, "Verder")).text == "Een bladzijde verder."
    assert bot.texts(leraar) == ["Een bladzijde verder."]
    assert bot.telegram.unanswered_callbacks == []


LONG = Reply(
    "Ik vond 60 programma's.",
    sections=(
        Section(
            "In Utrecht", tuple(Card(f"Programma {n}", ("x" * 150,), "https://skb.test/p", n) for n in range(1, 61))
        ),
    ),
    quote="Hallo, dit kun je doorsturen.",
    buttons=(Button("Menu", "menu"),),
    then=Reply("En nog iets.", buttons=(Button("Help", "help"),)),
)


def test_a_long_answer_is_split_between_programmes(stage: Stage) -> None:
    async def answer(_: Request) -> Reply:
        return LONG

    stage.answer = answer
    stage.start()
    *pages, quote, then = stage.say(stage.person(), "alles")
    assert len(pages) > 2
    assert all(len(page.text) <= 4096 for page in pages)
    assert all(re.match(r"(\d+\. )?Programma|Ik vond", page.text) for page in pages)
    assert re.findall(r"Programma (\d+)", "\n".join(page.text for page in pages)) == [str(n) for n in range(1, 61)]
    assert [page.labels for page in pages] == [()] * len(pages)
    assert (quote.text, quote.labels) == ("Hallo, dit kun je doorsturen.", ("Menu",))
    assert (then.text, then.labels) == ("En nog iets.", ("Help",))


def test_who_asks_us_to_wait_is_heeded(bot: Stage) -> None:
    leraar = bot.person()
    bot.telegram.fault("sendMessage", status=429, retry_after=7, times=2)
    assert one(bot.say(leraar, "hoi")).text == "Je zei: hoi"
    assert bot.waits.seconds == [7, 7]
    assert len(bot.telegram.calls_of("sendMessage")) == 3


def test_who_asks_us_to_wait_for_an_hour_is_not(bot: Stage) -> None:
    leraar = bot.person()
    bot.telegram.fault("sendMessage", status=429, retry_after=3600)
    assert bot.say(leraar, "hoi") == []
    assert bot.waits.seconds == []
    assert one(bot.say(leraar, "hallo")).text == "Je zei: hallo"


def test_what_never_arrived_is_sent_again(stage: Stage) -> None:
    door = Door(stage.telegram)
    stage.run(door.open())

    async def shut(request: Request) -> Reply:
        await door.shut()
        return await echo(request)

    stage.answer = shut
    stage.waits.meanwhile = lambda _: door.open()
    stage.start(base_url=door.url)
    leraar = stage.person()
    assert one(stage.say(leraar, "hoi")).text == "Je zei: hoi"
    assert stage.waits.seconds
    stage.run(door.shut())


@pytest.mark.parametrize(
    "fault",
    [
        {"drop": True, "when": "after"},
        {"malformed": True, "when": "after"},
        {"status": 504, "when": "after"},
        {"hang": 0.4, "drop": True, "when": "after"},
    ],
)
def test_what_may_have_arrived_is_not_sent_again(stage: Stage, fault: dict[str, Any]) -> None:
    stage.start(patience=0.2)
    leraar = stage.person()
    stage.telegram.fault("sendMessage", **fault)
    stage.say(leraar, "hoi")
    assert stage.texts(leraar) == ["Je zei: hoi"]
    assert answered(stage.database) == [True]
    stage.restart()
    stage.say(leraar, "hallo")
    assert stage.texts(leraar) == ["Je zei: hoi", "Je zei: hallo"]


def test_where_the_bot_may_not_write_it_is_quiet(bot: Stage, log: pytest.LogCaptureFixture) -> None:
    shown = one(bot.say(bot.person(), "hoi"))
    refusals = (
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: bot was kicked from the supergroup chat"),
        (400, "Bad Request: not enough rights to send text messages to the chat"),
        (400, "Bad Request: have no rights to send a message"),
        (400, "Bad Request: TOPIC_CLOSED"),
        (400, "Bad Request: chat not found"),
    )
    for status, description in refusals:
        bot.telegram.fault("sendMessage", status=status, description=description)
        assert bot.press(shown, "Nieuw") == []
    assert len(bot.telegram.calls_of("sendMessage")) == 1 + len(refusals)
    assert troubles(log) == []
    assert bot.telegram.toasts == []
    assert all(answered(bot.database))


def test_who_blocked_the_bot_gets_nothing(stage: Stage, log: pytest.LogCaptureFixture) -> None:
    leraar = stage.person()

    async def block(_: Request) -> Reply:
        await stage.telegram.block(leraar)
        return LONG

    stage.answer = block
    stage.start()
    assert stage.say(leraar, "hoi") == []
    assert len(stage.telegram.calls_of("sendMessage")) == 1
    assert troubles(log) == []


def test_the_trouble_of_one_chat_does_not_delay_another(bot: Stage) -> None:
    leraar, collega = bot.person(), bot.person("Fatima")
    over = asyncio.Event()
    bot.waits.meanwhile = lambda _: over.wait()
    bot.telegram.fault("sendMessage", chat=leraar, status=429, retry_after=30)

    async def play() -> None:
        await bot.telegram.say(leraar, leraar, "een")
        await bot.telegram.say(leraar, leraar, "twee")
        await bot.telegram.say(collega, collega, "drie")
        await bot.telegram.until(lambda: bot.telegram.messages(collega))
        assert bot.texts(leraar) == []
        over.set()
        await bot.settled()

    bot.run(play())
    assert bot.texts(leraar) == ["Je zei: een", "Je zei: twee"]
    assert bot.texts(collega) == ["Je zei: drie"]


def test_answers_stay_in_the_order_of_the_questions(stage: Stage) -> None:
    first = asyncio.Event()

    async def answer(request: Request) -> Reply:
        if request.text == "een":
            await first.wait()
        return await echo(request)

    stage.answer = answer
    stage.start()
    leraar = stage.person()

    async def play() -> None:
        for text in ("een", "twee", "drie"):
            await stage.telegram.say(leraar, leraar, text)
        await stage.telegram.until(lambda: not stage.telegram.updates.waiting)
        assert stage.texts(leraar) == []
        first.set()
        await stage.settled()

    stage.run(play())
    assert stage.texts(leraar) == ["Je zei: een", "Je zei: twee", "Je zei: drie"]


def test_who_waits_long_sees_that_an_answer_is_being_written(stage: Stage) -> None:
    ready = asyncio.Event()

    async def answer(request: Request) -> Reply:
        if request.text == "zoek lang":
            await ready.wait()
        return await echo(request)

    stage.answer = answer
    stage.start()
    leraar = stage.person()
    stage.say(leraar, "kort")
    assert stage.telegram.typing == []
    forum = in_group(stage, leraar, forum=True)
    topic = stage.run(stage.telegram.topic(forum, "Debat", leraar))

    async def play() -> None:
        await stage.telegram.say(forum, leraar, "/zoek lang", thread=topic)
        stage.waits.is_slow.set()
        await stage.telegram.until(lambda: stage.telegram.typing)
        ready.set()
        await stage.settled()

    stage.run(play())
    assert stage.telegram.typing == [(forum.id, "typing")]
    assert stage.telegram.calls_of("sendChatAction")[0].arguments["message_thread_id"] == topic
    assert stage.texts(forum)[-1] == "Je zei: zoek lang"


def test_that_typing_can_not_be_shown_keeps_nothing_back(stage: Stage) -> None:
    async def answer(request: Request) -> Reply:
        await stage.telegram.until(lambda: stage.telegram.calls_of("sendChatAction"))
        return await echo(request)

    stage.answer = answer
    stage.waits.is_slow.set()
    stage.start()
    stage.telegram.fault("sendChatAction", hang=30)
    assert one(stage.say(stage.person(), "hoi")).text == "Je zei: hoi"


# --- Taking in


def test_updates_are_kept_before_they_are_confirmed(database: Database, log: pytest.LogCaptureFixture) -> None:
    """On both kinds of database: killed between the two, nothing is lost and nothing answered twice."""

    class Dying(PlatformInbox):
        async def keep(self, events: Sequence[Event]) -> Sequence[Event]:
            new = await super().keep(events)
            await asyncio.Event().wait()
            return new

    stage = Stage(database)
    stage.start(inbox=Dying)
    leraar, collega = stage.person(), stage.person("Fatima")

    async def ask() -> None:
        for person, text in ((leraar, "een"), (leraar, "twee"), (collega, "drie")):
            await stage.telegram.say(person, person, text)
        await asyncio.to_thread(wait_until_kept, database)

    stage.run(ask())
    stage.kill()
    assert len(stage.telegram.updates.waiting) == 3, "nothing is confirmed"
    assert stage.texts(leraar) == []
    stage.start()
    stage.run(stage.settled())
    assert stage.texts(leraar) == ["Je zei: een", "Je zei: twee"]
    assert stage.texts(collega) == ["Je zei: drie"]
    assert answered(database) == [True] * 3
    stage.restart()
    assert stage.texts(leraar) == ["Je zei: een", "Je zei: twee"]
    stage.close()
    assert heard(stage.words, log) == []


def wait_until_kept(database: Database) -> None:
    while not answered(database):
        pass


def test_what_was_kept_and_not_begun_is_answered_after_the_next_start(stage: Stage) -> None:
    never = asyncio.Event()

    async def hang(_: Request) -> Reply:
        await never.wait()
        return Reply("")

    stage.answer = hang
    stage.start()
    leraar = stage.person()

    async def ask() -> None:
        await stage.telegram.say(leraar, leraar, "een")
        await stage.telegram.say(leraar, leraar, "twee")
        await stage.telegram.until(lambda: not stage.telegram.updates.waiting)

    stage.run(ask())
    stage.kill()
    stage.answer = echo
    stage.start()
    stage.run(stage.settled())
    assert stage.texts(leraar) == ["Je zei: een", "Je zei: twee"]


def test_killed_before_it_is_written_down_an_answer_does_not_come_again(stage: Stage) -> None:
    class Dying(PlatformInbox):
        async def _answered(self, _event: Event) -> None:
            await asyncio.Event().wait()

    stage.start(inbox=Dying)
    leraar = stage.person()

    async def ask() -> None:
        await stage.telegram.say(leraar, leraar, "een")
        await stage.telegram.until(lambda: stage.telegram.messages(leraar))

    stage.run(ask())
    stage.kill()
    for _ in range(2):
        stage.restart()
        stage.run(stage.settled())
    assert stage.texts(leraar) == ["Je zei: een"]


def test_killed_while_telegram_cannot_be_reached_an_answer_comes_after_the_restart(stage: Stage) -> None:
    door = Door(stage.telegram)
    stage.run(door.open())
    stage.start(base_url=door.url)
    leraar, waiting = stage.person(), asyncio.Barrier(3)  # who asks for updates, who answers, and the test

    async def hold(_: float) -> None:
        await waiting.wait()
        await asyncio.Event().wait()

    async def ask() -> None:
        await stage.telegram.say(leraar, leraar, "een")
        await stage.telegram.idle(quiet=0)
        stage.waits.meanwhile = hold
        await door.shut()
        await waiting.wait()

    async def answer(request: Request) -> Reply:
        await stage.telegram.idle(quiet=0)
        await door.shut()
        return await echo(request)

    stage.stop()
    stage.answer = answer
    stage.start(base_url=door.url)
    stage.run(ask())
    stage.kill()
    assert stage.texts(leraar) == []
    stage.waits.meanwhile, stage.answer = None, echo
    stage.start()
    stage.run(stage.settled())
    assert stage.texts(leraar) == ["Je zei: een"]


def test_a_database_that_is_gone_loses_nothing(bot: Stage, log: pytest.LogCaptureFixture) -> None:
    leraar = bot.person()
    bot.say(leraar, "een")

    def rename(table: str, name: str) -> None:
        with bot.database.write() as connection:
            connection.execute(sa.text(f"ALTER TABLE {table} RENAME TO {name}"))

    async def back(_: float) -> None:
        if len(bot.waits.seconds) == 3:
            await asyncio.to_thread(rename, "away", "inbox")

    bot.waits.meanwhile = back
    rename("inbox", "away")
    assert one(bot.say(leraar, "twee")).text == "Je zei: twee"
    assert len(bot.waits.seconds) == 3
    assert bot.waits.seconds == sorted(bot.waits.seconds)
    offsets = [call.arguments["offset"] for call in bot.telegram.calls_of("getUpdates")]
    assert offsets[-5:-1] == [offsets[-2]] * 4, "the same updates again, until they could be kept"
    assert offsets[-1] == offsets[-2] + 1
    assert bot.texts(leraar) == ["Je zei: een", "Je zei: twee"]
    assert len(troubles(log)) == 3


def test_what_is_delivered_again_is_answered_once(bot: Stage) -> None:
    leraar = bot.person()
    for text in ("een", "twee", "drie"):
        bot.say(leraar, text)
    bot.telegram.redeliver(3)
    bot.run(bot.settled())
    bot.restart()
    bot.telegram.redeliver(2)
    bot.say(leraar, "vier")
    assert bot.texts(leraar) == [f"Je zei: {text}" for text in ("een", "twee", "drie", "vier")]


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 502, "times": 4},
        {"status": 429, "retry_after": 17},
        {"status": 409},
        {"status": 400},
        {"status": 403},
        {"drop": True},
        {"drop": True, "when": "after"},
        {"malformed": True},
        {"malformed": True, "when": "after"},
        {"hang": 0.1, "drop": True},
    ],
    ids=str,
)
def test_the_loop_goes_on_whatever_happens(bot: Stage, fault: dict[str, Any]) -> None:
    leraar = bot.person()
    wrong = bot.telegram.fault("getUpdates", **fault)
    assert one(bot.say(leraar, "een")).text == "Je zei: een"
    bot.run(bot.telegram.until(lambda: wrong.times == 0))
    assert one(bot.say(leraar, "twee")).text == "Je zei: twee"
    assert len(bot.waits.seconds) == fault.get("times", 1)
    if "retry_after" in fault:
        assert bot.waits.seconds == [17]
    assert bot.texts(leraar) == ["Je zei: een", "Je zei: twee"]


def test_a_question_for_updates_that_is_never_answered_is_given_up(stage: Stage) -> None:
    stage.start(poll_seconds=0, patience=0.1, settles=False)
    stage.telegram.fault("getUpdates", hang=30)
    assert one(stage.say(stage.person(), "hoi")).text == "Je zei: hoi"
    assert stage.waits.seconds


def test_another_bot_with_the_token_is_named(bot: Stage, log: pytest.LogCaptureFixture) -> None:
    bot.telegram.fault("getUpdates", status=409)
    bot.say(bot.person(), "een")
    bot.run(bot.telegram.until(lambda: bot.waits.seconds))
    assert "another bot runs with the same token" in troubles(log)[0]


def test_a_token_that_is_taken_back_stops_the_bot(bot: Stage) -> None:
    leraar = bot.person()
    bot.telegram.fault("getUpdates", status=401)
    bot.run(bot.telegram.say(leraar, leraar, "een"))
    with pytest.raises(Stopped, match="refuses TELEGRAM_TOKEN now"):
        bot.run(bot._ended())
    assert bot.texts(leraar) == ["Je zei: een"], "what was taken in is answered"


UNREADABLE: tuple[dict[str, Any], ...] = (
    {"message": {}},
    {"message": "tekst van Marijke"},
    {"message": {"message_id": 1, "date": "gisteren", "chat": {"id": 1, "type": "private"}, "text": "van Marijke"}},
    {"callback_query": {"id": "1", "data": "van Marijke"}},
    {"my_chat_member": {"chat": {"id": 1}}},
    {"my_chat_member": {}},
    {"something_new": {"text": "van Marijke"}},
)


def test_an_update_nobody_can_read_is_passed_over(
    bot: Stage, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.emulators.telegram.result_is_legal", lambda *_: None)
    leraar = bot.person()
    bot.said("van Marijke")
    first = bot.telegram.updates._next_id
    bot.telegram.updates._next_id += len(UNREADABLE)
    for number, update in enumerate(UNREADABLE):
        bot.telegram.updates.waiting.append({"update_id": first + number, **update})
    assert one(bot.say(leraar, "hoi")).text == "Je zei: hoi"
    assert bot.waits.seconds == [], "the loop did not stumble"
    assert len(troubles(log)) == len(UNREADABLE) - 1, "something new is nothing to complain of"
    assert one(bot.say(leraar, "en nog eens")).text == "Je zei: en nog eens"


@pytest.mark.parametrize("status", [200, 404, 500])
def test_what_is_no_answer_of_telegram_is_no_refusal_and_in_no_log(status: int, log: pytest.LogCaptureFixture) -> None:
    async def ask(payload: bytes) -> Exception:
        transport = httpx.MockTransport(lambda _: httpx.Response(status, content=payload))
        async with UpdatesRequest(httpx_kwargs={"transport": transport, "verify": False}) as request:
            with pytest.raises(TelegramError) as raised:
                await request.post("https://telegram.test/bot123:token/getUpdates")
        return raised.value

    half = b'{"ok":true,"result":[{"update_id":1,"message":{"text":"Sanneke heeft thuis ruz'
    for payload in (half, b"<html>Sanneke</html>", b"", b'"Sanneke"', b'["Sanneke"]', b"\xff\xfe"):
        error = asyncio.run(ask(payload))
        assert not is_refusal(error)
        assert "Sanneke" not in cause(error)
    assert "Sanneke" not in log.text


@pytest.mark.parametrize("odd", ["[" * 990 + "]" * 990, "[" * 200_000 + "]" * 200_000, "9" * 4301])
def test_one_update_that_nobody_can_bear_does_not_keep_the_others_of_its_batch_out(odd: str) -> None:
    said = r'{"update_id":3,"y":"{\"update_id\":4"}'
    batch = f'{{"ok":true,"result":[{{"update_id":1}},{{"update_id":2,"x":{odd}}},{said}]}}'
    found = UpdatesRequest.parse_json_payload(batch.encode())
    assert [one["update_id"] for one in found["result"]] == [1, 2, 3]
    for end in range(len(batch) - 60, len(batch)):  # cut off on its way: what is not whole is asked for again
        try:
            found = UpdatesRequest.parse_json_payload(batch[:end].encode())
        except TelegramError:
            continue
        numbers = [one["update_id"] for one in found["result"]]
        assert numbers == [1, 2, 3][: len(numbers)]
        assert len(numbers) < 3 or said in batch[:end]


def test_only_telegram_itself_refuses_a_token() -> None:
    assert is_refusal(InvalidToken())
    wrapped = InvalidToken("123:token")
    wrapped.__cause__ = InvalidToken()
    assert is_refusal(wrapped)
    wrapped.__cause__.__cause__ = ValueError()
    assert not is_refusal(wrapped)


# --- Starting and stopping


def test_what_is_being_answered_is_finished_before_the_end(stage: Stage) -> None:
    begun, ready = asyncio.Event(), asyncio.Event()

    async def answer(request: Request) -> Reply:
        begun.set()
        await ready.wait()
        return await echo(request)

    stage.answer = answer
    stage.start(finish_seconds=30)
    leraar = stage.person()

    async def play() -> None:
        assert stage.handler
        await stage.telegram.say(leraar, leraar, "een")
        await begun.wait()
        stage.handler.stop()
        await stage.telegram.until(lambda: not stage.telegram.updates.polling)
        await stage.telegram.say(leraar, leraar, "twee")
        assert stage.running
        await asyncio.wait({stage.running}, timeout=0.1)
        assert not stage.running.done()
        ready.set()
        await stage._ended()

    stage.run(play())
    assert stage.texts(leraar) == ["Je zei: een"]
    assert answered(stage.database) == [True], "nothing new is taken in"
    stage.start()
    stage.run(stage.settled())
    assert stage.texts(leraar) == ["Je zei: een", "Je zei: twee"]


def test_what_takes_too_long_is_answered_after_the_next_start(stage: Stage) -> None:
    begun = asyncio.Event()

    async def hang(_: Request) -> Reply:
        begun.set()
        await asyncio.Event().wait()
        return Reply("")

    stage.start()
    leraar = stage.person()
    shown = one(stage.say(leraar, "hoi"))
    stage.answer = hang
    stage.restart(finish_seconds=0)

    async def press() -> None:
        await stage.telegram.press(shown, "Verder")
        await begun.wait()

    stage.run(press())
    stage.stop()
    assert len(stage.telegram.unanswered_callbacks) == 1, "the press is part of what is left"
    stage.answer = echo
    stage.start()
    stage.run(stage.settled())
    assert stage.texts(leraar) == ["Een bladzijde verder."]
    assert answered(stage.database) == [True, True]


def test_it_stops_while_very_much_is_being_answered(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.handlers.answering.MOST_AT_ONCE", 1)

    async def hang(_: Request) -> Reply:
        await asyncio.Event().wait()
        return Reply("")

    stage.answer = hang
    stage.start(finish_seconds=0)

    async def ask() -> None:
        for name in ("Marijke", "Fatima", "Joost"):
            person = stage.person(name)
            await stage.telegram.say(person, person, "hoi")
        await stage.telegram.until(lambda: len(stage.telegram.updates.waiting) < 3)

    stage.run(ask())
    stage.run(asyncio.wait_for(asyncio.to_thread(lambda: None), 1))
    stage.stop()
    assert answered(stage.database) == [False] * 3


@pytest.mark.parametrize("fault", [{"status": 502}, {"drop": True}, {"malformed": True}, {"status": 429}], ids=str)
def test_it_waits_until_telegram_can_be_reached(stage: Stage, fault: dict[str, Any]) -> None:
    stage.telegram.fault("getMe", times=3, **fault)
    stage.start()
    assert len(stage.waits.seconds) == 3
    assert one(stage.say(stage.person(), "hoi")).text == "Je zei: hoi"


def test_it_waits_until_there_is_a_way_to_telegram(stage: Stage) -> None:
    door = Door(stage.telegram)
    stage.run(door.open())
    stage.run(door.shut())
    stage.waits.meanwhile = lambda _: door.open()
    stage.start(base_url=door.url)
    assert len(stage.waits.seconds) == 1
    assert one(stage.say(stage.person(), "hoi")).text == "Je zei: hoi"
    stage.stop()
    stage.run(door.shut())


def test_it_stops_while_telegram_can_not_be_reached(stage: Stage) -> None:
    stage.telegram.fault("getMe", hang=30)
    stage.start(settles=False)
    stage.run(stage.telegram.until(lambda: stage.telegram.calls_of("getMe")))
    stage.stop()
    assert stage.telegram.calls_of("getUpdates") == []


@pytest.mark.parametrize("token", ["110201543:wrong", "123:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"])
def test_a_wrong_token_is_said_in_a_sentence(stage: Stage, token: str) -> None:
    stage.words.append(token)
    stage.start(token=token, settles=False)
    with pytest.raises(Stopped, match="copy it again from @BotFather") as raised:
        stage.run(stage._ended())
    assert token not in str(raised.value)


def test_commands_are_registered_in_dutch_and_for_who_reads_english(stage: Stage) -> None:
    stage.start(presents=True)
    registered = {
        where: [command["command"] for command in commands] for where, commands in stage.telegram.world.commands.items()
    }
    dutch, english = list(COMMANDS[""]), list(COMMANDS["en"])
    assert registered == {
        ("all_private_chats", ""): dutch,
        ("all_private_chats", "en"): english,
        ("all_group_chats", ""): ["zoek"],
        ("all_group_chats", "en"): ["search"],
    }


def test_descriptions_are_set_only_when_they_differ(stage: Stage) -> None:
    stage.start(presents=True)
    telegram, texts = stage.telegram, stage.telegram.world.descriptions
    assert texts == {("description", ""): handler.ABOUT, ("short_description", ""): handler.ABOUT_IN_SHORT}
    stage.restart(presents=True)
    assert len(telegram.calls_of("setMyDescription")) == len(telegram.calls_of("setMyShortDescription")) == 1
    texts["description", ""] = "Iets ouds"
    stage.restart(presents=True)
    assert texts["description", ""] == handler.ABOUT
    assert len(telegram.calls_of("setMyShortDescription")) == 1


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("setMyCommands", {"status": 429}),
        ("getMyDescription", {"drop": True}),
        ("setMyDescription", {"status": 400}),
        ("getMyShortDescription", {"malformed": True}),
    ],
)
def test_what_can_not_be_registered_is_no_obstacle(stage: Stage, method: str, fault: dict[str, Any]) -> None:
    wrong = stage.telegram.fault(method, **fault)
    stage.start(presents=True)
    assert wrong.times == 0
    assert one(stage.say(stage.person(), "hoi")).text == "Je zei: hoi"


def test_every_command_of_the_menu_is_understood(skb: Stage) -> None:
    leraar = skb.person()
    skb.begin(leraar)
    for name in {name for commands in COMMANDS.values() for name in commands}:
        assert "Gezocht op" not in one(skb.say(leraar, f"/{name}")).text
        assert "Dat snap ik niet" not in skb.telegram.last(leraar).text
