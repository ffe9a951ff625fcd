"""The clock: which job runs when, on the wall clock of Amsterdam, once wherever the bot runs.

APScheduler only ticks. Whether something is due, and who runs it, stands in the slots (`delivery/slots.py`): a shared
job store of APScheduler would run almost every job once in each process (DESIGN §8). After a standstill what is still
useful is caught up once; the rest is written down as missed.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
import logging
import secrets
import traceback

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.commons.dates import AMSTERDAM
from bot.commons.moments import EVERY_DAY, last_at, next_at
from bot.db import Connection, Database, is_unusable
from bot.delivery import slots

__all__ = ["Clock", "Job", "Work", "look"]

log = logging.getLogger(__name__)

Work = Callable[[Connection], None]
"""What a job decided, to be written in the transaction that ends its slot."""

LOOKS_EVERY = 60
"""Seconds between two looks for what was not run when it was due."""
LEASE = timedelta(minutes=5)
TRIES = 5
FIRST_WAIT = timedelta(minutes=1)
"""Before the second try; twice as long before each further one."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something that the bot does by itself."""

    name: str
    run: Callable[[datetime], Work]
    """Given the moment it runs, does what takes long and says what is to be written. It may run more than once for one
    time, when it or the machine failed; what it said is written once."""
    at: time
    weekdays: Collection[int] = EVERY_DAY
    """0 is Monday."""
    useful_for: timedelta = timedelta(hours=6)
    """How long after its time it is still worth running."""

    def __post_init__(self) -> None:
        if time(2) <= self.at < time(3):
            raise ValueError(f"{self.name}: at {self.at:%H:%M} it would be skipped or run twice when the clock changes")


@dataclass(frozen=True, slots=True)
class Due:
    """The times of a job that came and are not over."""

    run: datetime | None
    """The last of them, if it is still useful."""
    merged: tuple[datetime, ...]
    """Others that would still be useful: once is enough."""
    late: tuple[datetime, ...]


def due(job: Job, last: datetime, now: datetime) -> Due:
    """What came after the last time that is over, up to now."""
    times: list[datetime] = []
    at = next_at(last, job.at, job.weekdays)
    while at <= now:
        times.append(at)
        at = next_at(at, job.at, job.weekdays)
    useful = [at for at in times if now - at < job.useful_for]
    late = tuple(at for at in times if now - at >= job.useful_for)
    return Due(useful[-1] if useful else None, tuple(useful[:-1]), late)


def look(database: Database, job: Job, now: Callable[[], datetime], lease: timedelta = LEASE) -> bool:
    """Runs the job if it is due and nobody else is at it; whether it ran. Raises what is wrong with the database."""
    moment, name = now(), secrets.token_hex(8)
    with database.read() as c:
        last = slots.last_closed(c, job.name)
    if last is not None and next_at(last, job.at, job.weekdays) > moment:
        return False
    with database.write() as c:
        slot = _claim(c, job, last, moment, name, lease)
    if slot is None:
        return False
    try:
        work = job.run(moment)
        with database.write() as c:
            if not slots.finish(c, slot, name, now()):
                return False
            work(c)
    except Exception as error:
        if is_unusable(error):
            raise
        # Neither the error's text nor its chain: they can carry what people wrote.
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("the job %s failed: %s\n%s", job.name, type(error).__name__, where)  # noqa: TRY400
        with database.write() as c:
            _failed(c, slot, name, type(error).__name__, now())
        return False
    return True


def _claim(
    c: Connection, job: Job, last: datetime | None, now: datetime, name: str, lease: timedelta
) -> slots.Slot | None:
    if last is None:
        # Nobody waits for what was due before the bot knew of the job.
        slots.begin(c, job.name, last_at(now, job.at, job.weekdays), now)
        return None
    found = due(job, last, now)
    slots.miss(c, job.name, found.late, slots.LATE, now)
    slots.miss(c, job.name, found.merged, slots.MERGED, now)
    return slots.claim(c, job.name, found.run, now, lease=name, lasts=lease) if found.run else None


def _failed(c: Connection, slot: slots.Slot, name: str, why: str, now: datetime) -> None:
    if slot.tries >= TRIES:
        slots.give_up(c, slot, name, f"{slots.FAILED}{why}", now)
    else:
        slots.postpone(c, slot, name, now + FIRST_WAIT * 2 ** (slot.tries - 1), now)


class Clock:
    """Looks after the jobs from `run` until `stop`."""

    name = "the clock"

    def __init__(self, database: Database, jobs: Sequence[Job], now: Callable[[], datetime]) -> None:
        self._database = database
        self._jobs = jobs
        self._now = now
        self._ringing = asyncio.Event()
        self._stopping = False

    async def run(self) -> None:
        """Runs each job when it is due, until `stop` is called; finishes what it is at."""
        ticker = AsyncIOScheduler(timezone=AMSTERDAM)
        once = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        for job in self._jobs:
            days = ",".join(map(str, sorted(job.weekdays)))
            times = CronTrigger(day_of_week=days, hour=job.at.hour, minute=job.at.minute, timezone=AMSTERDAM)
            ticker.add_job(self._tick, times, **once)
        ticker.add_job(self._tick, IntervalTrigger(seconds=LOOKS_EVERY, timezone=AMSTERDAM), **once)
        ticker.start()
        try:
            while not self._stopping:
                self._ringing.clear()
                await asyncio.to_thread(self._look)
                await self._ringing.wait()
        finally:
            ticker.shutdown(wait=False)

    def stop(self) -> None:
        """Begins nothing new."""
        self._stopping = True
        self._ringing.set()

    async def _tick(self) -> None:
        self._ringing.set()

    def _look(self) -> None:
        for job in self._jobs:
            if self._stopping:
                return
            try:
                look(self._database, job, self._now)
            except Exception as error:  # noqa: BLE001  # one job must not keep the others from running
                log.error("the job %s could not be looked after: %s", job.name, type(error).__name__)  # noqa: TRY400
