"""The clock: each job once for each time it is due, wherever the bot runs, whatever stands still or breaks."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from threading import Barrier, Event

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
import pytest
import sqlalchemy as sa

from bot.chat import Address
from bot.commons.dates import local
from bot.commons.moments import at_local
from bot.db import Connection, Database
from bot.delivery import outbox, slots
from bot.delivery.outbox import Message
from bot.jobs import TRIES, Clock, Job, Work, due, look

MONDAY = date(2026, 11, 30)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Bell:
    """A job that notes when it ran, and sends a message about it."""

    def __init__(self, at: time = time(9), weekdays: tuple[int, ...] = tuple(range(7)), hours: float = 6) -> None:
        self.ran: list[datetime] = []
        self.fails = 0
        self.words = "van iemand"
        self.rang = Event()
        self.job = Job("bell", self.run, at, weekdays, timedelta(hours=hours))

    def run(self, now: datetime) -> Work:
        self.ran.append(now)
        self.rang.set()
        if self.fails:
            self.fails -= 1
            raise ZeroDivisionError(self.words)
        message = Message("bell", "team", f"{now:%Y%m%d}", Address("slack", "C1"), now, now + HOUR)

        def write(c: Connection) -> None:
            outbox.enqueue(c, [message], now)

        return write


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return at_local(day, time(hour, minute))


def looked(database: Database, bell: Bell, moment: datetime) -> bool:
    return look(database, bell.job, lambda: moment)


def closed(database: Database) -> dict[str, list[str]]:
    with database.read() as c:
        rows = c.execute(sa.select(slots.slots).order_by(slots.slots.c.due_at)).mappings().all()
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["state"] + (f" {row['why']}" if row["why"] else ""), []).append(
            f"{local(row['due_at']):%d-%m %H:%M}"
        )
    return found


def accepted(database: Database) -> int:
    with database.read() as c:
        return outbox.balance(c).accepted


def test_a_job_runs_when_it_is_due_and_once(database: Database) -> None:
    bell = Bell()
    looked(database, bell, at(MONDAY, 8, 59))
    assert not looked(database, bell, at(MONDAY, 8, 59))
    assert looked(database, bell, at(MONDAY, 9))
    assert not looked(database, bell, at(MONDAY, 9, 1))
    assert looked(database, bell, at(MONDAY + DAY, 9))
    assert len(bell.ran) == accepted(database) == 2


def test_what_was_due_before_the_bot_knew_the_job_is_not_run(database: Database) -> None:
    bell = Bell()
    assert not looked(database, bell, at(MONDAY, 9, 1))
    assert not looked(database, bell, at(MONDAY, 10))
    assert closed(database) == {"done": ["30-11 09:00"]}


def test_after_a_standstill_what_is_useful_is_done_once_and_the_rest_is_noted(database: Database) -> None:
    bell = Bell(hours=30)
    looked(database, bell, at(MONDAY, 10))
    assert looked(database, bell, at(MONDAY + 6 * DAY, 10))
    assert not looked(database, bell, at(MONDAY + 6 * DAY, 11))
    assert len(bell.ran) == accepted(database) == 1
    assert closed(database) == {
        "done": ["30-11 09:00", "06-12 09:00"],
        "missed late": ["01-12 09:00", "02-12 09:00", "03-12 09:00", "04-12 09:00"],
        "missed merged": ["05-12 09:00"],
    }


def test_what_is_too_late_is_noted_and_not_done(database: Database) -> None:
    bell = Bell(hours=1)
    looked(database, bell, at(MONDAY, 8))
    assert not looked(database, bell, at(MONDAY, 10))
    assert bell.ran == []
    with database.read() as c:
        assert [slot.why for slot in slots.missed(c, at(MONDAY, 0))] == [slots.LATE]


def test_a_job_that_fails_is_tried_again_and_given_up_after_a_while(database: Database) -> None:
    bell, now = Bell(), at(MONDAY, 9)
    looked(database, bell, now - HOUR)
    bell.fails = TRIES
    for minutes in (0, 1, 2, 4, 8):
        now += timedelta(minutes=minutes)
        assert not looked(database, bell, now)
        assert not looked(database, bell, now + timedelta(seconds=30)), "not at once"
    assert len(bell.ran) == TRIES
    assert not looked(database, bell, now + HOUR)
    assert closed(database)["missed failed ZeroDivisionError"] == ["30-11 09:00"]
    assert accepted(database) == 0


def test_what_it_fails_at_is_not_logged_with_words_of_anybody(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    bell = Bell()
    looked(database, bell, at(MONDAY, 8))
    bell.fails = 1
    looked(database, bell, at(MONDAY, 9))
    assert "the job bell failed: ZeroDivisionError" in caplog.text
    assert "van iemand" not in caplog.text
    assert looked(database, bell, at(MONDAY, 9, 2))


def test_when_who_ran_it_died_another_runs_it_and_its_message_is_accepted_once(database: Database) -> None:
    bell, now = Bell(), at(MONDAY, 9)
    looked(database, bell, now - HOUR)
    with database.write() as c:
        dead = slots.claim(c, "bell", now, now, lease="dead", lasts=5 * timedelta(minutes=1))
    assert dead
    assert not looked(database, bell, now + timedelta(minutes=4))
    assert looked(database, bell, now + timedelta(minutes=5))
    with database.write() as c:
        assert not slots.finish(c, dead, "dead", now + timedelta(minutes=6)), "it was not dead after all, but too late"
    assert accepted(database) == 1


def test_of_many_who_look_at_once_one_runs_it(database: Database) -> None:
    bell = Bell()
    looked(database, bell, at(MONDAY, 8))
    start = Barrier(4)

    def run(_: int) -> int:
        ran = 0
        for day in range(5):
            start.wait()
            ran += looked(database, bell, at(MONDAY + day * DAY, 9))
        return ran

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(run, range(4))) == 5
    assert accepted(database) == 5


def test_a_clock_that_is_set_back_runs_nothing_twice(database: Database) -> None:
    bell = Bell()
    looked(database, bell, at(MONDAY, 8))
    assert looked(database, bell, at(MONDAY, 11))
    assert not looked(database, bell, at(MONDAY, 8, 30))
    assert not looked(database, bell, at(MONDAY, 9))
    assert looked(database, bell, at(MONDAY + DAY, 9))


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2026, 10, 25)])
def test_on_the_days_that_the_clock_changes_it_is_the_clock_on_the_wall_that_counts(day: date) -> None:
    found = due(Bell().job, at(day - DAY, 9), at(day, 9))
    assert found.run == at(day, 9)
    assert local(found.run).time() == time(9)


@pytest.mark.parametrize("hour", [time(2), time(2, 30), time(2, 59)])
def test_no_job_is_due_in_the_hour_that_may_be_missing_or_there_twice(hour: time) -> None:
    with pytest.raises(ValueError, match="when the clock changes"):
        Bell(hour)


@given(
    steps=st.lists(st.integers(0, 60 * 40), max_size=30),
    hours=st.sampled_from([1, 6, 30]),
    weekdays=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_however_long_nobody_looks_each_time_is_done_or_noted_and_none_twice(
    database: Database, steps: list[int], hours: int, weekdays: tuple[int, ...]
) -> None:
    with database.write() as c:
        c.execute(sa.delete(slots.slots))
    bell, first = Bell(weekdays=weekdays, hours=hours), at(date(2026, 10, 23), 8)
    looked(database, bell, first)
    now = first
    for minutes in steps:
        now += timedelta(minutes=minutes)
        looked(database, bell, now)
    days = [day for number in range(60) if (day := date(2026, 10, 23) + number * DAY).weekday() in weekdays]
    expected = {at(day, 9) for day in days if first < at(day, 9) <= now}
    with database.read() as c:
        rows = c.execute(sa.select(slots.slots.c.due_at, slots.slots.c.state).where(slots.slots.c.due_at > first)).all()
    assert {row.due_at for row in rows} == expected
    assert sum(row.state == "done" for row in rows) == len(bell.ran)
    assert all(any(ran - slot.due_at < hours * HOUR for slot in rows if slot.due_at <= ran) for ran in bell.ran)


def test_what_is_long_over_is_erased_but_the_last_time(database: Database) -> None:
    bell = Bell()
    looked(database, bell, at(MONDAY, 8))
    for day in range(3):
        looked(database, bell, at(MONDAY + day * DAY, 9))
    with database.write() as c:
        slots.erase(c, at(MONDAY + 200 * DAY, 9))
    assert closed(database) == {"done": ["02-12 09:00"]}


def test_the_clock_looks_when_it_starts_and_when_a_job_is_due_and_ends_when_told(database: Database) -> None:
    """The ticker itself, in real time: a job that is due in the minute that begins, and one that fails beside it."""
    moment = [at(MONDAY, 8, 59)]
    bell, broken = Bell(), Bell()
    broken_job = Job("broken", broken.run, time(9))
    broken.fails = 99

    async def play() -> None:
        clock = Clock(database, [broken_job, bell.job], lambda: moment[0])
        running = asyncio.create_task(clock.run())
        await asyncio.sleep(0.1)
        moment[0] = at(MONDAY, 9)
        await clock._tick()
        await asyncio.to_thread(bell.rang.wait, 5)
        clock.stop()
        await asyncio.wait_for(running, 5)

    asyncio.run(play())
    assert accepted(database) == 1
    assert len(bell.ran) == 1
