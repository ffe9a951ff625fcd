"""Processes that die: they send what waits as the bot does, and are killed (SIGKILL) at a named point of it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from inspect import isawaitable
import multiprocessing
from multiprocessing.process import BaseProcess
import os
from pathlib import Path
import random
import resource
import secrets
import signal
from typing import Any

import sqlalchemy as sa

from bot.chat import Address, Part, Reply, Sender
from bot.db import Database, is_unusable
from bot.delivery import claims, outbox, pace, slots
from bot.delivery import sending as sending_module
from bot.delivery.outbox import Message
from bot.delivery.sending import Sending
from bot.delivery.team import Desk
from bot.handlers.slack_posting import SlackPosting
from bot.handlers.telegram_posting import TelegramPosting

__all__ = ["POINTS", "Work", "begin", "text_of"]

POINTS = (
    "deciding",  # the messages are written, and not committed
    "decided",
    "claimed",
    "making",  # its text is made, and not kept
    "frozen",  # its text is kept, and nothing begun
    "beginning",  # that it is begun is written, and not committed
    "begun",  # that is committed, and nothing sent
    "on its way",  # the platform has the request and did nothing yet
    "done there",  # the platform did it and did not answer yet
    "answered",  # the answer is here, and not written down
    "marking",  # it is written, and not committed
    "marked",
)
"""Where a process can die on the way of a message, in this order."""

LEASE = timedelta(seconds=0.5)
SLOTS_FROM = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Work:
    """What a process is to do, and where it dies."""

    url: str
    platform: str
    token: str
    base_url: str
    messages: tuple[Message, ...] = ()
    dies_at: str = ""
    after: int = 0
    """How often it passes that point before."""
    slots: int = 0
    """How many times a job is due that decides on two messages each; then it takes part in that, too."""
    chats: tuple[Address, ...] = ()
    hurries: bool = True
    """Whether it keeps to no limits, because those are not what is tried."""
    every: float = 0.001
    """Seconds between two messages, if it hurries."""
    full: Path | None = None
    """While this file is there, SQLite may not grow: its disk is full."""


def begin(work: Work) -> BaseProcess:
    """A process that works until nothing is left to do, or dies. The emulators go on serving it meanwhile."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=_main, args=(work,), daemon=True)
    process.start()
    return process


def text_of(subject: str, *, second: bool = False) -> str:
    """The text of a message; some have a second part."""
    return f"{subject} vervolg" if second else f"{subject} begin"


def _main(work: Work) -> None:
    if work.hurries:
        _hurry(work.every)
    fate = _Fate(work.dies_at, work.after)
    database = Database(work.url)
    if work.full and database.kind == "sqlite":
        _fills_up(database, work.full)
    with database.write() as c:
        outbox.enqueue(c, work.messages, _now())
        fate.passes("deciding")
    fate.passes("decided")
    asyncio.run(_send_all(work, database, fate))


def _hurry(every: float) -> None:
    """Short limits and waits: those have tests of their own."""
    moment = timedelta(milliseconds=1)
    for name in ("TELEGRAM", "SLACK"):
        setattr(pace, name, pace.Scope(getattr(pace, name).name, timedelta(seconds=every)))
    pace.LOOKING_BACK = pace.Scope(pace.LOOKING_BACK.name, moment)
    for name in ("PERSON", "GROUP", "CHANNEL"):
        setattr(pace, name, moment)
    claims.LOOKED_UP_AFTER = claims.AGAIN_AFTER = timedelta(seconds=0.05)
    sending_module.CLOSEST = 0.0
    sending_module.BUSY_LOOKS_EVERY = 0.02


def _fills_up(database: Database, full: Path) -> None:
    """Lets the disk of the database be full as long as the file is there: no page can be added, no file can grow."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    @sa.event.listens_for(database._engine, "begin")
    def _limit(connection: sa.Connection) -> None:
        is_full = full.exists()
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096 if is_full else hard, hard))
        connection.exec_driver_sql(f"PRAGMA max_page_count = {1 if is_full else 2**30}")  # never fewer than there are


def _now() -> datetime:
    return datetime.now(UTC)


class _Fate:
    """Kills this process when it passes a point once too often."""

    def __init__(self, point: str, after: int) -> None:
        self._point = point
        self._left = after

    def passes(self, point: str, *, in_seconds: float = 0.0) -> None:
        if point != self._point:
            return
        self._left -= 1
        if self._left < 0:
            if in_seconds:
                asyncio.get_running_loop().call_later(in_seconds, os.kill, os.getpid(), signal.SIGKILL)
            else:
                os.kill(os.getpid(), signal.SIGKILL)

    def after(self, function: Callable[..., Any], point: str) -> Callable[..., Any]:
        """The function, with that point after it: still within the transaction of whoever calls it."""

        async def awaiting(result: Awaitable[Any]) -> Any:
            awaited = await result
            self.passes(point)
            return awaited

        def passing(*given: Any, **named: Any) -> Any:
            result = function(*given, **named)
            if isawaitable(result):
                return awaiting(result)
            self.passes(point)
            return result

        return passing


class _Mortal:
    """The sender used in earnest, which can die before, during and after it sends."""

    def __init__(self, sender: Sender, fate: _Fate) -> None:
        self.platform = sender.platform
        self.cut, self.marked, self.find, self.close = sender.cut, sender.marked, sender.find, sender.close
        self._sender = sender
        self._fate = fate

    async def send(self, part: Part, to: Address, key: str) -> str:
        self._fate.passes("begun")
        for point in ("on its way", "done there"):
            self._fate.passes(point, in_seconds=0.1)
        sent = await self._sender.send(part, to, key)
        self._fate.passes("answered")
        return sent


async def _send_all(work: Work, database: Database, fate: _Fate) -> None:
    def make(subject: str, _to: Address, _now: datetime) -> Reply:
        fate.passes("making")
        second = Reply(text_of(subject, second=True)) if subject.endswith("0") else None
        return Reply(text_of(subject), then=second)

    claims.begin = fate.after(claims.begin, "beginning")
    claims.mark_posted = fate.after(claims.mark_posted, "marking")
    posting = SlackPosting if work.platform == "slack" else TelegramPosting
    sender = _Mortal(posting(work.token, base_url=work.base_url), fate)
    sending = Sending(database, sender, {"word": make}, Desk(None), _now, lease=LEASE, looks_every=0.02)
    for method, point in (("_claim", "claimed"), ("_made", "frozen"), ("_deliver_parts", "marked")):
        setattr(sending, method, fate.after(getattr(sending, method), point))
    running = asyncio.create_task(sending.run())
    if work.slots:
        await asyncio.to_thread(_run_slots, work, database)
    while not await asyncio.to_thread(_is_surely_done, database, work.platform):  # noqa: ASYNC110  # a database tells nobody
        await asyncio.sleep(0.05)
    sending.stop()
    await running


def _run_slots(work: Work, database: Database) -> None:
    """Runs what is due and nobody else runs, until none of it is left; each time decides on two messages."""
    name, left = secrets.token_hex(8), set(range(work.slots))
    while left:
        with database.read() as c:
            over = sa.select(slots.slots.c.due_at).where(slots.slots.c.state == "done")
            left -= {int((at - SLOTS_FROM).total_seconds()) // 60 for at in c.execute(over).scalars()}
        for number in random.sample(sorted(left), min(20, len(left))):
            _run_slot(work, database, number, name)


def _run_slot(work: Work, database: Database, number: int, name: str) -> None:
    due, now = SLOTS_FROM + timedelta(minutes=number), _now()
    with database.write() as c:
        slot = slots.claim(c, "job", due, now, lease=name, lasts=LEASE)
    if slot is None:
        return
    chats = [work.chats[(2 * number + which) % len(work.chats)] for which in range(2)]
    messages = [
        Message("word", "post", f"{number:05} {which}x", to, now, now + timedelta(hours=3), rung=str(which))
        for which, to in enumerate(chats)
    ]
    with database.write() as c:
        if slots.finish(c, slot, name, _now()):
            outbox.enqueue(c, messages, _now())


def _is_surely_done(database: Database, platform: str) -> bool:
    try:
        return _is_done(database, platform)
    except Exception as error:
        if not is_unusable(error):
            raise
        return False


def _is_done(database: Database, platform: str) -> bool:
    """Whether nothing is left that goes by itself within the hour."""
    going = outbox.outbox.c.state.in_(("todo", "sending", "unknown", "held"))
    soon = outbox.outbox.c.due_at.is_(None) | (outbox.outbox.c.due_at <= _now() + timedelta(hours=1))
    # What is held, or was given up, waits for a person.
    waits = (outbox.outbox.c.state == "unknown") & outbox.outbox.c.due_at.is_(None)
    with database.read() as c:
        found = outbox.outbox.select().where(outbox.outbox.c.platform == platform, going, soon, ~waits)
        return c.execute(found.limit(1)).first() is None
