"""What waits is sent to emulated platforms by the senders used in earnest: once, and gently, whatever they answer."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.chat import Address, Button, Reply
from bot.db import Database
from bot.delivery import claims, outbox
from bot.delivery.outbox import Sort
from bot.handlers.slack_posting import SlackPosting
from bot.handlers.telegram_posting import TelegramPosting
from tests.delivery.post_office import PostOffice
from tests.emulators.slack import SlackEmulator
from tests.emulators.telegram import TelegramEmulator

pytestmark = pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")  # python-telegram-bot warns itself


@pytest.fixture(params=["sqlite"])  # what differs between databases is tested in test_outbox.py and in tests/faults
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def on_slack(database: Database, script: Callable[[SlackEmulator, PostOffice], Awaitable[None]], **given: Any) -> None:
    """Plays a script; at its end nothing was done that Slack does not allow."""

    async def whole() -> None:
        async with SlackEmulator() as slack:
            make = lambda: SlackPosting(slack.bot_token, base_url=slack.base_url)  # noqa: E731
            await script(slack, PostOffice(database, make, **given))
            assert slack.violations == []
            assert slack.notified == []

    asyncio.run(whole())


def on_telegram(
    database: Database, script: Callable[[TelegramEmulator, PostOffice], Awaitable[None]], **given: Any
) -> None:
    async def whole() -> None:
        async with TelegramEmulator() as telegram:
            make = lambda: TelegramPosting(telegram.token, base_url=telegram.url)  # noqa: E731
            await script(telegram, PostOffice(database, make, **given))
            assert telegram.violations == []

    asyncio.run(whole())


async def started(telegram: TelegramEmulator, name: str = "Lezer") -> tuple[Any, Address]:
    """Somebody who pressed Start, and where they are written to."""
    person = telegram.person(name)
    await telegram.start(person)
    return person, Address("telegram", str(person.id))


async def grouped(telegram: TelegramEmulator, *, supergroup: bool = True) -> tuple[Any, Address]:
    person, _ = await started(telegram)
    group = telegram.group("Monitor", supergroup=supergroup)
    await telegram.add_bot(group, by=person)
    return group, Address("telegram", str(group.id))


def texts(slack: SlackEmulator, where: Any) -> list[str]:
    return [message.plain for message in slack.messages(where)]


# --- it arrives ---


def test_what_waits_arrives_in_a_channel_and_with_a_person_in_slack(database: Database) -> None:
    async def script(slack: SlackEmulator, post: PostOffice) -> None:
        a, team = slack.person("Ambassadeur A"), slack.channel("team")
        post.put(Address("slack", team.id), "een", "twee")
        post.put(Address("slack", a.id), "drie")
        await post.deliver()
        post.later(seconds=5)
        await post.deliver()
        assert texts(slack, team) == ["een", "twee"]
        assert texts(slack, a) == ["drie"]
        assert {message.unfurl_links for message in slack.messages(team)} == {False}
        assert set(post.states().values()) == {"sent"}
        [drie] = slack.messages(a)
        assert post.row("drie")["posted"] == [f"{drie.channel} {drie.ts}"]

    on_slack(database, script)


def test_what_waits_arrives_on_telegram_long_texts_in_parts(database: Database) -> None:
    long = "\n\n".join(f"{number}. {'woord ' * 60}" for number in range(20))

    async def script(telegram: TelegramEmulator, post: PostOffice) -> None:
        lezer, to = await started(telegram)
        post.makes["word"] = lambda _subject, _to, _now: Reply(long, buttons=(Button("Stop", "stop"),))
        post.put(to, "lang")
        await post.deliver()
        messages = telegram.messages(lezer)
        assert len(messages) == 2
        assert [list(message.labels) for message in messages] == [[], ["Stop"]]
        assert "\n\n".join(message.text for message in messages).split() == long.split()
        assert post.row("lang")["posted"] == [str(message.id) for message in messages]

    on_telegram(database, script)


def test_the_text_is_made_when_it_is_sent_and_only_once(database: Database) -> None:
    made: list[datetime] = []

    def make(subject: str, _to: Address, now: datetime) -> Reply | None:
        made.append(now)
        return Reply(f"{subject} {len(made)}") if subject != "niets" else None

    async def script(slack: SlackEmulator, post: PostOffice) -> None:
        team = slack.channel("team")
        post.put(Address("slack", team.id), "iets")
        post.put(Address("slack", slack.channel("leeg").id), "niets")
        post.later(hours=1)
        slack.fault("chat.postMessage", error="ratelimited", status=429, retry_after=2)
        await post.deliver()
        post.later(seconds=3)
        await post.deliver()
        assert texts(slack, team) == ["iets 1"]
        assert post.states() == {"iets": "sent", "niets": "dropped"}
        assert made[0] > post.row("iets")["created_at"] + timedelta(minutes=59)

    on_slack(database, script, makes={"word": make})


def test_a_text_that_cannot_be_made_is_tried_again_and_then_somebody_is_told(database: Database) -> None:
    def make(_subject: str, _to: Address, _now: datetime) -> Reply:
        raise ZeroDivisionError

    async def script(slack: SlackEmulator, post: PostOffice) -> None:
        team = slack.channel("team")
        post.team = Address("slack", team.id)
        post.put(Address("slack", slack.channel("regio").id), "iets", kind="stuk")
        for _ in range(6):
            await post.deliver()
            post.later(minutes=10)
        assert texts(slack, team) == ["Er is iets niet aangekomen."]
        assert post.states()["iets"] == "refused"

    on_slack(database, script, makes={"stuk": make})


def test_messages_to_one_chat_come_in_the_order_they_were_decided_on(database: Database) -> None:
    async def script(telegram: TelegramEmulator, post: PostOffice) -> None:
        lezer, to = await started(telegram)
        words = ["een", "twee", "drie"]
        for word in words:
            post.put(to, word)
            post.later(seconds=1)
        for _ in words:
            await post.deliver()
            post.later(seconds=2)
        assert [message.text for message in telegram.messages(lezer)] == words

    on_telegram(database, script)


def test_who_is_told_to_stop_finishes_what_is_on_its_way_and_gives_back_the_rest(database: Database) -> None:
    async def script(telegram: TelegramEmulator, post: PostOffice) -> None:
        people = [await started(telegram, f"Lezer {number}") for number in range(12)]
        for number, (_, to) in enumerate(people):
            post.put(to, str(number))
        telegram.fault("sendMessage", times=99, hang=0.1)
        async with post.open():
            await post.until(lambda: telegram.calls_of("sendMessage"))
        states = list(post.states().values())
        assert "sending" not in states
        assert states.count("sent") == len(telegram.calls_of("sendMessage")) < 12
        await post.deliver()
        assert set(post.states().values()) == {"sent"}
        assert len(telegram.calls_of("sendMessage")) == 12

    on_telegram(database, script)


# --- nobody knows whether it arrived ---


@pytest.mark.parametrize("drop", ["before", "after"])
@pytest.mark.parametrize("sort", ["team", "personal", "post"])
@pytest.mark.parametrize("in_thread", [False, True])
def test_slack_is_asked_and_it_is_there_once(database: Database, drop: Any, sort: Sort, *, in_thread: bool) -> None:
    async def script(slack: SlackEmulator, post: PostOffice) -> None:
        a, team = slack.person("Ambassadeur A"), slack.channel("team")
        await slack.say(a, team, "eerst")
        thread = slack.messages(team)[0].ts if in_thread else ""
        where = team if in_thread or sort != "personal" else a
        slack.fault("chat.postMessage", drop=drop)
        post.put(Address("slack", where.id, thread), "een", sort=sort)
        await post.deliver()
        assert post.states() == {"een": "unknown"}
        post.later(seconds=2)
        await post.deliver()
        assert [text for text in texts(slack, where) if text != "eerst"] == ["een"]
        assert post.states() == {"een": "sent"}
        assert post.row("een")["doubts"] == 0
        assert len(slack.called("chat.postMessage")) == (1 if drop == "after" else 2)

    on_slack(database, script)


def test_what_slack_does_not_know_itself_is_looked_up_far_back(database: Database) -> None:
    async def script(slack: SlackEmulator, post: PostOffice) -> None:
        a, team = slack.person("Ambassadeur A"), slack.channel("team")
        slack.fault("chat.postMessage", error="internal_error")
        slack.fault("chat.postMessage", drop="after")
        post.put(Address("slack", team.id), "een")
        for _ in range(2):
            await post.deliver()
            post.later(seconds=3)
        for number in range(450):
            await slack.say(a, team, str(number))
        await post.deliver()
        assert texts(slack, team).count("een") == 1
        assert post.states() == {"een": "sent"}
        assert len(slack.called("conversations.history")) == 4

    on_slack(database, script)


def test_while_slack_cannot_be_asked_it_waits_and_when_it_never_can_somebody_is_told(database: Database) -> None:
    async def script(slack: SlackEmulator, post: PostOffice) -> None:
        team, kantoor = slack.channel("team"), slack.channel("kantoor")
        post.team = Address("slack", kantoor.id)
        slack.fault("chat.postMessage", drop="after")
        slack.fault("conversations.history", error="internal_error")
        slack.fault("conversations.history", status=429, error="ratelimited", retry_after=7)
        post.put(Address("slack", team.id), "een")
        for _ in range(4):
            await post.deliver()
            post.later(seconds=10)
        assert post.states() == {"een": "sent"}
        slack.fault("chat.postMessage", drop="after")
        slack.fault("conversations.history", error="not_in_channel", times=None)
        post.put(Address("slack", team.id), "twee")
        for _ in range(3):
            await post.deliver()
            post.later(minutes=10)
        assert texts(slack, team) == ["een", "twee"]
        assert texts(slack, kantoor) == ["Er is iets niet aangekomen."]
        assert post.row("twee")["state"] == "unknown"

    on_slack(database, script)


@pytest.mark.parametrize("when", ["before", "after"])
def test_on_telegram_a_person_gets_it_once_more_and_that_is_flagged(database: Database, when: Any) -> None:
    async def script(telegram: TelegramEmulator, post: PostOffice) -> None:
        lezer, to = await started(telegram)
        telegram.fault("sendMessage", drop=True, when=when)
        post.put(to, "een")
        await post.deliver()
        post.later(seconds=10)
        await post.deliver()
        assert [message.text for message in telegram.messages(lezer)] == ["een"] * (1 if when == "before" else 2)
        assert post.states() == {"een": "sent"}
        with database.read() as c:
            assert outbox.balance(c).flagged == 1

    on_telegram(database, script)


def test_on_telegram_somebody_is_told_when_it_was_unsure_twice(database: Database) -> None:
    async def script(telegram: TelegramEmulator, post: PostOffice) -> None:
        _, to = await started(telegram)
        kantoor, team = await grouped(telegram)
        post.team = team
        telegram.fault("sendMessage", drop=True, times=2)
        post.put(to, "een")
        for _ in range(3):
            await post.deliver()
            post.later(minutes=10)
        assert post.states()["een"] == "unknown"
        assert [message.text for message in telegram.messages(kantoor)] == ["Er is iets niet aangekomen."]

    on_telegram(database, script)


def test_on_telegram_what_many_read_is_held_and_comes_after_two_hours_with_a_word(database: Database) -> None:
    async def script(telegram: TelegramEmulator, post: PostOffice) -> None:
        group, to = await grouped(telegram)
        telegram.fault("sendMessage", drop=True)
        post.put(to, "een", sort="post")
        await post.deliver()
        assert post.states() == {"een": "held"}
        post.later(hours=1, minutes=59)
        await post.deliver()
        assert telegram.messages(group) == []
        post.later(minutes=1)
        await post.deliver()
        [message] = telegram.messages(group)
        assert message.text == "Mogelijk staat dit bericht hier dubbel.\n\neen"
        assert post.states() == {"een": "sent"}

    on_telegram(database, script)


# --- it is not taken ---


def test_who_blocked_the_bot_gets_nothing_until_they_write_and_others_do(database: Database) -> None:
    async def script(telegram: TelegramEmulator, post: PostOffice) -> None:
        (lezer, to), (_, elsewhere) = await started(telegram), await started(telegram, "Ander")
        await telegram.block(lezer)
        post.put(to, "een", "twee")
        post.put(elsewhere, "drie")
        for _ in range(2):
            await post.deliver()
            post.later(seconds=2)
        assert post.states() == {"een": "refused", "twee": "dropped", "drie": "sent"}
        assert len(telegram.calls_of("sendMessage")) == 2
        await telegram.unblock(lezer)
        with database.write() as c:
            outbox.heard_from(c, "telegram", {to.channel})
        post.put(to, "vier")
        await post.deliver()
        assert [message.text for message in telegram.messages(lezer)] == ["vier"]

    on_telegram(database, script)


def test_a_group_that_became_a_supergroup_gets_it_there(database: Database) -> None:
    async def script(telegram: TelegramEmulator, post: PostOffice) -> None:
        group, to = await grouped(telegram, supergroup=False)
        post.put(to, "een", "twee", sort="post")
        grown = await telegram.migrate(group)
        for _ in range(3):
            await post.deliver()
            post.later(seconds=4)
        assert [message.text for message in telegram.messages(grown)] == ["een", "twee"]
        assert set(post.states().values()) == {"sent"}

    on_telegram(database, script)


def test_a_channel_that_is_archived_gets_nothing_any_more(database: Database) -> None:
    async def script(slack: SlackEmulator, post: PostOffice) -> None:
        team = slack.channel("team")
        slack.archive(team)
        post.put(Address("slack", team.id), "een", "twee")
        await post.deliver()
        assert post.states() == {"een": "refused", "twee": "dropped"}
        assert post.row("een")["why"] == "is_archived"

    on_slack(database, script)


def test_a_message_that_is_refused_for_what_it_is_is_told_to_somebody(database: Database) -> None:
    async def script(slack: SlackEmulator, post: PostOffice) -> None:
        regio, kantoor = slack.channel("regio"), slack.channel("kantoor")
        post.team = Address("slack", kantoor.id)
        slack.fault("chat.postMessage", error="msg_too_long")
        post.put(Address("slack", regio.id), "een", "twee")
        for _ in range(2):
            await post.deliver()
            post.later(minutes=10)
        assert texts(slack, regio) == ["twee"]
        assert texts(slack, kantoor) == ["Er is iets niet aangekomen."]

    on_slack(database, script)


def test_a_token_that_was_revoked_stops_the_workspace_and_the_team_is_told_elsewhere(database: Database) -> None:
    async def script(slack: SlackEmulator, post: PostOffice) -> None:
        team = slack.channel("team")
        post.team = Address("telegram", "-100")
        slack.fault("*", error="token_revoked", times=None)
        post.put(Address("slack", team.id), "een", "twee")
        post.put(Address("slack", slack.channel("regio").id), "drie")
        for _ in range(3):
            await post.deliver()
            post.later(minutes=2)
        assert len(slack.calls) <= 2, "what was on its way already, and no more"
        assert post.row("slack")["kind"] == "stopped"
        assert post.row("slack")["platform"] == "telegram"
        slack.mend()
        post.later(minutes=10)
        for _ in range(3):
            await post.deliver()
            post.later(seconds=2)
        assert texts(slack, team) == ["een", "twee"]

    on_slack(database, script)


def test_asked_to_wait_it_waits_and_is_not_asked_twice(database: Database) -> None:
    async def script(telegram: TelegramEmulator, post: PostOffice) -> None:
        people = [await started(telegram, f"Lezer {number}") for number in range(5)]
        flood = telegram.fault("sendMessage", status=429, retry_after=5)
        for number, (_, to) in enumerate(people):
            post.put(to, str(number))
        await post.deliver(most_at_once=1)
        assert flood.times == 0
        assert len(telegram.calls_of("sendMessage")) == 1
        post.later(seconds=5.1)
        await post.deliver(most_at_once=1)
        assert set(post.states().values()) == {"sent"}
        assert len(telegram.calls_of("sendMessage")) == 6

    on_telegram(database, script)


def test_a_platform_that_cannot_be_reached_is_tried_again_and_nothing_is_in_doubt(database: Database) -> None:
    async def script(telegram: TelegramEmulator, post: PostOffice) -> None:
        people = [await started(telegram, f"Lezer {number}") for number in range(5)]
        for number, (_, to) in enumerate(people):
            post.put(to, str(number))
        there = post.sender
        post.sender = lambda: TelegramPosting(telegram.token, base_url="http://127.0.0.1:1")
        await post.deliver()
        assert set(post.states().values()) == {"todo"}
        post.sender = there
        post.later(seconds=16)
        await post.deliver()
        assert set(post.states().values()) == {"sent"}
        with database.read() as c:
            assert outbox.balance(c).flagged == 0

    on_telegram(database, script)


# --- the database is away ---


@contextmanager
def away(database: Database) -> Iterator[None]:
    """The outbox can't be written."""
    with database.write() as c:
        c.execute(sa.text("ALTER TABLE outbox RENAME TO away"))
    try:
        yield
    finally:
        with database.write() as c:
            c.execute(sa.text("ALTER TABLE away RENAME TO outbox"))


def test_what_was_sent_is_written_down_also_when_the_database_was_away_meanwhile(database: Database) -> None:
    async def script(telegram: TelegramEmulator, post: PostOffice) -> None:
        lezer, to = await started(telegram)
        post.put(to, "een")
        telegram.fault("sendMessage", hang=0.2, when="after")
        async with post.open(lease=timedelta(seconds=0.1)):
            await post.until(lambda: telegram.messages(lezer))
            with away(database):
                await asyncio.sleep(0.4)
            await post.until(lambda: post.states() == {"een": "sent"})
        assert len(telegram.messages(lezer)) == 1
        assert post.row("een")["doubts"] == 0

    on_telegram(database, script)


def test_who_was_taken_for_dead_and_is_not_does_not_count(database: Database) -> None:
    """A process that stood still longer than its lease: what it still writes changes nothing."""

    async def script(telegram: TelegramEmulator, post: PostOffice) -> None:
        _, to = await started(telegram)
        post.put(to, "een")
        telegram.fault("sendMessage", hang=0.3, when="after")
        async with post.open(lease=timedelta(seconds=0.05)):
            await post.until(lambda: telegram.calls_of("sendMessage"))
            await asyncio.sleep(0.1)
            with database.write() as c:
                claims.take_over(c, "telegram", post.now())
            assert post.states() == {"een": "unknown"}
            await asyncio.sleep(0.4)
            assert post.states() == {"een": "unknown"}
        assert post.row("een")["doubts"] == 1

    on_telegram(database, script)
