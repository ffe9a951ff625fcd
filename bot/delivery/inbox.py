"""What platforms deliver: kept before it is acknowledged, answered once, in the order of its chat.

The question and where to answer it stand here until it is answered, and 10 minutes at the longest; the id of the event
stays for 7 days, so that what is delivered again is known. What looks like data about a pupil is never kept, only that
it came.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
import logging
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.chat import Address, Event, Request
from bot.db import Database, Moment, metadata, put_new

__all__ = ["PlatformInbox", "erase", "forget", "keep", "mark_answered", "unanswered"]

log = logging.getLogger(__name__)

Result = TypeVar("Result")

ANSWERED_WITHIN = timedelta(minutes=10)
"""How long a question is worth an answer; nobody waits longer, and then it need not stand here any more (DESIGN §8)."""
ID_KEPT = timedelta(days=7)
LONGEST_TEXT = 2000
"""Characters of a question that are kept: what is read of it (search/commands.py)."""

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("arrived_at", Moment, nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("request", sa.JSON(none_as_null=True)),
    sa.Column("reply_to", sa.JSON(none_as_null=True)),
    sa.Column("answered_at", Moment),
)


def keep(c: Connection, platform: str, events: Sequence[Event], now: datetime) -> list[Event]:
    """Keeps the events that are not here yet; those, in their order."""
    once = {event.id: event for event in reversed(events)}
    rows = [
        {
            "platform": platform,
            "id": event.id,
            "arrived_at": now,
            "number": number,
            "request": _kept(event.request),
            "reply_to": dict(event.reply_to),
            "answered_at": None,
        }
        for number, event in enumerate(events)
        if once[event.id] is event
    ]
    new = {identifier for _, identifier in put_new(c, inbox, rows)}
    return [event for event in events if event.id in new and once[event.id] is event]


def mark_answered(c: Connection, platform: str, event_id: str, now: datetime) -> None:
    """Nobody has to answer it any more; what was asked and by whom is erased."""
    done = {"answered_at": now, "request": None, "reply_to": None}
    c.execute(sa.update(inbox).where(inbox.c.platform == platform, inbox.c.id == event_id).values(done))


def unanswered(c: Connection, platform: str, now: datetime) -> list[Event]:
    """What was kept and not answered, if it is still worth it, in the order it came."""
    rows = c.execute(
        sa.select(inbox)
        .where(inbox.c.platform == platform, inbox.c.answered_at.is_(None), inbox.c.request.is_not(None))
        .where(inbox.c.arrived_at > now - ANSWERED_WITHIN)
        .order_by(inbox.c.arrived_at, inbox.c.number)
    ).mappings()
    return [Event(row["id"], _request(row["request"]), row["reply_to"]) for row in rows]


def erase(c: Connection, now: datetime) -> None:
    """Erases questions that are too old to be answered, and ids that nobody delivers again."""
    old = sa.update(inbox).where(inbox.c.request.is_not(None), inbox.c.arrived_at <= now - ANSWERED_WITHIN)
    c.execute(old.values(request=None, reply_to=None))
    c.execute(sa.delete(inbox).where(inbox.c.arrived_at <= now - ID_KEPT))


def forget(c: Connection, platform: str, user: str) -> None:
    """Erases what a person asked and nobody answered yet."""
    asked_by = inbox.c.request["user"].as_string() == user
    c.execute(sa.update(inbox).where(inbox.c.platform == platform, asked_by).values(request=None, reply_to=None))


def _kept(request: Request) -> dict[str, Any]:
    return asdict(replace(request, text=request.text[:LONGEST_TEXT], name=""))


def _request(kept: Mapping[str, Any]) -> Request:
    return Request(**(dict(kept) | {"chat": Address(**kept["chat"])}))


@dataclass(slots=True)
class _Line:
    """Who waits in one chat. An asyncio.Lock wakes those who wait in the order they came."""

    lock: asyncio.Lock
    waiting: int = 0


class PlatformInbox:
    """The inbox of one platform in one process, as its handler is handed it (`chat.Inbox`)."""

    def __init__(
        self, database: Database, platform: str, is_personal: Callable[[str], bool], now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._platform = platform
        self._is_personal = is_personal
        self._now = now
        self._lines: dict[Address, _Line] = {}
        # A thread of its own: keeping must not wait until slow answers leave one free, or Slack's 3 seconds pass.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"inbox-{platform}")

    async def keep(self, events: Sequence[Event]) -> Sequence[Event]:
        """Keeps them all or raises; those that are new, with the words about a person taken out of what is kept."""
        if not events:
            return ()
        return await self._in_thread(self._keep, events)

    def _keep(self, events: Sequence[Event]) -> list[Event]:
        harmless = [self._harmless(event) for event in events]
        with self._database.write() as c:
            new = {event.id for event in keep(c, self._platform, harmless, self._now())}
        # What is answered now may still know the words: the reply offers a search without them.
        first = {event.id: event for event in reversed(events)}
        return [first[one] for one in dict.fromkeys(event.id for event in events) if one in new]

    def _harmless(self, event: Event) -> Event:
        if event.request.kind != "said":
            return event
        try:
            personal = self._is_personal(event.request.text[:LONGEST_TEXT])
        except Exception as error:  # noqa: BLE001  # one text that can't be judged must not keep all others out
            log.error("a text could not be judged, so it is not kept: %s", type(error).__name__)  # noqa: TRY400
            personal = True
        return replace(event, request=replace(event.request, text="", kind="refused")) if personal else event

    @asynccontextmanager
    async def turn(self, event: Event) -> AsyncIterator[None]:
        """Waits for its turn in its chat. Whatever happens then, it counts as answered; only when the bot is stopped
        meanwhile it is answered after the next start.
        """
        line = self._lines.setdefault(event.request.chat, _Line(asyncio.Lock()))
        line.waiting += 1
        try:
            async with line.lock:
                # Shielded: what is answered must count as that also when the bot is stopped at this very moment.
                try:
                    yield
                except Exception:
                    await asyncio.shield(self._answered(event))
                    raise
                await asyncio.shield(self._answered(event))
        finally:
            line.waiting -= 1
            if not line.waiting:
                self._lines.pop(event.request.chat, None)

    async def _answered(self, event: Event) -> None:
        await self._in_thread(self._mark_answered, event)

    def _mark_answered(self, event: Event) -> None:
        with self._database.write() as c:
            mark_answered(c, self._platform, event.id, self._now())

    async def left(self) -> list[Event]:
        """What an earlier run kept and did not get to answer, if it is still worth it."""
        return await self._in_thread(self._left)

    def _left(self) -> list[Event]:
        with self._database.read() as c:
            return unanswered(c, self._platform, self._now())

    async def erase(self) -> None:
        """Erases what is past its time."""
        await self._in_thread(self._erase)

    def _erase(self) -> None:
        with self._database.write() as c:
            erase(c, self._now())

    def close(self) -> None:
        self._thread.shutdown()

    async def _in_thread(self, work: Callable[..., Result], *given: Any) -> Result:  # noqa: ANN401  # whatever it takes
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *given)
