"""The inbox: kept once, answered in the order of its chat, erased in time; on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
import pytest
import sqlalchemy as sa

from bot.chat import Address, Elsewhere, Event, NotSent, Request
from bot.db import Connection, Database
from bot.delivery import inbox
from bot.delivery.inbox import PlatformInbox

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
CHAT = Address("slack", "C1", "U1")


def event(name: str, text: str = "debat VO Utrecht", chat: Address = CHAT) -> Event:
    request = Request(text, chat, "U1", "Ambassadeur A", about="token", follows=False)
    return Event(name, request, {"channel": "C1", "url": "https://hooks.voorbeeld.test/1"})


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(database: Database, clock: Clock) -> Iterator[PlatformInbox]:
    made = PlatformInbox(database, "slack", lambda text: "Sanne" in text, clock)
    yield made
    made.close()


def rows(database: Database) -> list[dict[str, Any]]:
    with database.read() as c:
        return [dict(row) for row in c.execute(sa.select(inbox.inbox).order_by(inbox.inbox.c.number)).mappings()]


def left(c: Connection, at: datetime) -> list[Event]:
    """What somebody else would get to answer, as soon as the first one is not heard of any more; changes nothing."""
    return inbox.take_over(c, "slack", max(at, NOW + inbox.LEASE), "another run", timedelta(0))


def left_to_another(database: Database) -> list[Event]:
    with database.write() as c:
        return left(c, NOW)


# --- kept once ---


def test_what_no_database_can_write_keeps_no_batch_out(slack: PlatformInbox, database: Database) -> None:
    odd = replace(event("\ud8001"), request=replace(event("1").request, text="de\x00bat \udfff VO"))
    odd = replace(odd, reply_to={"channel": "C\x001"})
    kept = asyncio.run(slack.keep([odd, event("2")]))
    assert [one.id for one in kept] == ["?1", "2"]
    assert kept[0].request.text == "debat ? VO"
    assert [one.request.text for one in left_to_another(database)] == ["debat ? VO", "debat VO Utrecht"]


def test_what_is_new_is_kept_and_comes_back_whole(database: Database) -> None:
    with database.write() as c:
        assert inbox.keep(c, "slack", [event("1")], NOW) == [event("1")]
        assert inbox.keep(c, "slack", [event("1"), event("2"), event("2")], NOW) == [event("2")]
        assert inbox.keep(c, "telegram", [event("1")], NOW) == [event("1")]
    with database.write() as c:
        [first, second] = left(c, NOW)
    nameless = replace(event("1"), request=replace(event("1").request, name=""))
    assert (first, second) == (nameless, replace(nameless, id="2"))


def test_many_deliveries_at_once_are_one_event(database: Database) -> None:
    def deliver(_: int) -> int:
        with database.write() as c:
            return len(inbox.keep(c, "slack", [event("1")], NOW))

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(deliver, range(40))) == 1


def test_a_long_text_is_kept_as_far_as_it_is_read(database: Database) -> None:
    with database.write() as c:
        inbox.keep(c, "slack", [event("1", "é" * 5000)], NOW)
    with database.write() as c:
        assert left(c, NOW)[0].request.text == "é" * inbox.LONGEST_TEXT


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@given(
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=50),
    where=st.dictionaries(
        st.text(max_size=5), st.text(st.characters(exclude_categories=["Cs"]), max_size=9), max_size=4
    ),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_event_comes_back_as_it_was(database: Database, text: str, where: dict[str, str]) -> None:
    given_event = Event("any", Request(text, CHAT, "U1", kind="voice"), where)
    with database.write() as c:
        c.execute(sa.delete(inbox.inbox))
        inbox.keep(c, "slack", [given_event], NOW)
        assert left(c, NOW) == [given_event]


# --- answered, erased ---


def test_once_answered_only_the_id_is_left(database: Database) -> None:
    with database.write() as c:
        inbox.keep(c, "slack", [event("1")], NOW)
        inbox.mark_answered(c, "slack", "1", NOW)
    [row] = rows(database)
    assert (row["id"], row["request"], row["reply_to"]) == ("1", None, None)
    with database.write() as c:
        assert left(c, NOW) == []
        assert inbox.keep(c, "slack", [event("1")], NOW) == []


def test_what_nobody_answered_in_ten_minutes_is_erased_and_its_id_after_a_week(database: Database) -> None:
    with database.write() as c:
        inbox.keep(c, "slack", [event("1")], NOW)
        inbox.erase(c, NOW + timedelta(minutes=9, seconds=59))
        assert len(left(c, NOW)) == 1
        assert left(c, NOW + timedelta(minutes=10)) == []
        inbox.erase(c, NOW + timedelta(minutes=10))
    assert rows(database)[0]["request"] is None
    with database.write() as c:
        inbox.erase(c, NOW + timedelta(days=7) - timedelta(seconds=1))
        assert inbox.keep(c, "slack", [event("1")], NOW) == []
        inbox.erase(c, NOW + timedelta(days=7))
    assert rows(database) == []


def test_who_is_forgotten_asked_nothing(database: Database) -> None:
    other = replace(event("2"), request=replace(event("2").request, user="U2"))
    with database.write() as c:
        inbox.keep(c, "slack", [event("1"), other], NOW)
        inbox.forget(c, "slack", "U1")
        assert [one.id for one in left(c, NOW)] == ["2"]


# --- as handlers see it ---


def test_words_about_a_person_are_answered_but_never_kept(slack: PlatformInbox, database: Database) -> None:
    asked = event("1", "Sanne uit groep 7 wordt gepest")
    assert asyncio.run(slack.keep([asked])) == [asked]
    assert "Sanne" not in str(rows(database))
    [left] = left_to_another(database)
    assert (left.request.text, left.request.kind) == ("", "refused")


def test_a_text_that_cannot_be_judged_is_not_kept_and_keeps_nobody_out(
    slack: PlatformInbox, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge(text: str) -> bool:
        return text == "debat" or 1 / 0 == 1

    monkeypatch.setattr(slack, "_is_personal", judge)
    assert len(asyncio.run(slack.keep([event("1", "stuk"), event("2", "debat")]))) == 2
    assert {one.request.kind for one in left_to_another(database)} == {"refused"}


def test_each_chat_is_answered_in_its_order_and_no_chat_waits_for_another(
    slack: PlatformInbox, database: Database
) -> None:
    said: list[str] = []

    async def answer(one: Event, may_go_on: asyncio.Event) -> None:
        async with slack.turn(one):
            await may_go_on.wait()
            said.append(one.id)

    async def play() -> None:
        slow, now = asyncio.Event(), asyncio.Event()
        now.set()
        elsewhere = event("3", chat=Address("slack", "C2"))
        await slack.keep([event("1"), event("2"), elsewhere])
        first = asyncio.create_task(answer(event("1"), slow))
        second = asyncio.create_task(answer(event("2"), now))
        await answer(elsewhere, now)
        assert said == ["3"]
        slow.set()
        await asyncio.gather(first, second)

    asyncio.run(play())
    assert said == ["3", "1", "2"]
    assert left_to_another(database) == []
    assert slack._lines == {}


def test_what_fails_counts_as_answered_and_what_is_cut_off_does_not(slack: PlatformInbox, database: Database) -> None:
    async def fail() -> None:
        async with slack.turn(event("1")):
            raise ZeroDivisionError

    async def hang() -> None:
        async with slack.turn(event("2")):
            await asyncio.Event().wait()

    async def play() -> None:
        await slack.keep([event("1"), event("2"), event("3")])
        with pytest.raises(ZeroDivisionError):
            await fail()
        hanging = asyncio.create_task(hang())
        waiting = asyncio.create_task(hang())
        await asyncio.sleep(0)
        waiting.cancel()
        hanging.cancel()
        await asyncio.wait([hanging, waiting])

    asyncio.run(play())
    assert [one.id for one in left_to_another(database)] == ["2", "3"]
    assert slack._lines == {}


def test_a_database_that_is_gone_is_said_to_the_handler(slack: PlatformInbox, database: Database) -> None:
    with database.write() as c:
        c.execute(sa.text("DROP TABLE inbox"))
    with pytest.raises(sa.exc.DBAPIError):
        asyncio.run(slack.keep([event("1")]))


def test_nothing_is_left_of_yesterday(slack: PlatformInbox, database: Database, clock: Clock) -> None:
    asyncio.run(slack.keep([event("1")]))
    clock.now += timedelta(days=1)
    assert asyncio.run(slack.left()) == []
    asyncio.run(slack.erase())
    assert rows(database)[0]["reply_to"] is None


# --- tried to be answered ---


async def tries(slack: PlatformInbox, one: Event, outcome: BaseException | None = None) -> None:
    async with slack.turn(one), slack.attempt(one):
        if outcome:
            raise outcome


def begun(database: Database) -> list[bool]:
    return [row["begun_at"] is not None for row in rows(database)]


def test_what_was_being_sent_may_have_arrived_and_says_so(slack: PlatformInbox, database: Database) -> None:
    async def play() -> None:
        [one] = await slack.keep([event("1")])
        with pytest.raises(asyncio.CancelledError):
            await tries(slack, one, asyncio.CancelledError())

    asyncio.run(play())
    assert [one.begun for one in left_to_another(database)] == [True]


def test_what_certainly_did_not_arrive_is_as_if_it_was_never_tried(slack: PlatformInbox, database: Database) -> None:
    async def play() -> None:
        [one] = await slack.keep([event("1")])
        with pytest.raises(asyncio.CancelledError):
            async with slack.turn(one):
                with pytest.raises(NotSent):
                    async with slack.attempt(one):
                        raise NotSent("away", "again")
                raise asyncio.CancelledError

    asyncio.run(play())
    assert [one.begun for one in left_to_another(database)] == [False]


def test_after_a_first_part_arrived_a_second_that_did_not_makes_nothing_undone(
    slack: PlatformInbox, database: Database
) -> None:
    async def play() -> None:
        [one] = await slack.keep([event("1")])
        with pytest.raises(asyncio.CancelledError):
            async with slack.turn(one):
                async with slack.attempt(one):
                    pass
                with pytest.raises(NotSent):
                    async with slack.attempt(one):
                        raise NotSent("away", "again")
                raise asyncio.CancelledError

    asyncio.run(play())
    assert [one.begun for one in left_to_another(database)] == [True]


def test_what_another_run_took_over_is_left_to_it(slack: PlatformInbox, database: Database) -> None:
    async def play() -> None:
        [one] = await slack.keep([event("1")])
        with database.write() as c:
            assert left(c, NOW)
        with pytest.raises(Elsewhere):
            await tries(slack, one)

    asyncio.run(play())
    assert len(left_to_another(database)) == 1


def test_while_the_database_is_away_nothing_counts_as_answered(slack: PlatformInbox, clock: Clock) -> None:
    async def play() -> None:
        [one] = await slack.keep([event("1")])
        with pytest.raises(sa.exc.OperationalError):
            await tries(slack, one, sa.exc.OperationalError("x", None, OSError()))
        assert await slack.left() == []
        clock.now += inbox.LEASE
        assert [one.id for one in await slack.left()] == ["1"]

    asyncio.run(play())


def test_what_is_being_answered_here_is_left_to_nobody(slack: PlatformInbox, database: Database, clock: Clock) -> None:
    async def play() -> None:
        [one] = await slack.keep([event("1")])
        async with slack.turn(one):
            for _ in range(5):
                clock.now += inbox.LEASE - timedelta(seconds=1)
                assert await slack.left() == []
            with database.write() as c:
                assert inbox.take_over(c, "slack", clock.now, "another run") == []

    asyncio.run(play())
    assert begun(database) == [False]


def test_asked_to_wait_everybody_waits(slack: PlatformInbox) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def play() -> None:
        [one] = await slack.keep([event("1")])
        slack._sleep = sleep
        async with slack.turn(one):
            with pytest.raises(NotSent):
                async with slack.attempt(one):
                    raise NotSent("asked to wait", "wait", seconds=7)
            async with slack.attempt(one):
                pass

    asyncio.run(play())
    assert slept == [0, 7]
