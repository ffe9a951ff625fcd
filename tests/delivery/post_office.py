"""A post office for tests: what waits in the outbox is sent to an emulated platform by the senders used in earnest."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
import time
from typing import Any

import sqlalchemy as sa

from bot.chat import Address, Reply, Sender
from bot.db import Database
from bot.delivery import claims, outbox, pace
from bot.delivery.outbox import Message, Sort
from bot.delivery.sending import Make, Sending
from bot.delivery.team import Desk

__all__ = ["NOW", "PostOffice"]

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
"""A Tuesday, ten o'clock in Amsterdam."""


def say(subject: str, _to: Address, _now: datetime) -> Reply:
    """Says its subject."""
    return Reply(subject)


def say_so(_subject: str, _to: Address, _now: datetime) -> Reply:
    return Reply("Er is iets niet aangekomen.")


class PostOffice:
    """The outbox of one platform with a clock of its own, which runs, and can be set."""

    def __init__(
        self,
        database: Database,
        sender: Callable[[], Sender],
        *,
        makes: Mapping[str, Make] | None = None,
    ) -> None:
        self.database = database
        self.sender = sender
        self.team: Address | None = None
        """Where the SKB team is told of what it has to decide."""
        self.makes: dict[str, Make] = {"word": say, "undelivered": say_so, "stopped": say, **(makes or {})}
        self._set_at, self._base = time.monotonic(), NOW
        self.platform = sender().platform

    def now(self) -> datetime:
        return self._base + timedelta(seconds=time.monotonic() - self._set_at)

    def later(self, **span: float) -> None:
        """So much time passes."""
        self._base += timedelta(**span)

    def put(self, to: Address, *subjects: str, sort: Sort = "personal", kind: str = "word") -> None:
        """Decides on messages that say these words."""
        now = self.now()
        messages = [Message(kind, sort, one, to, now, now + timedelta(hours=12)) for one in subjects]
        with self.database.write() as c:
            outbox.enqueue(c, messages, now)

    @asynccontextmanager
    async def open(self, **given: Any) -> AsyncIterator[Sending]:
        """Somebody at work."""
        given = {"looks_every": 0.02, "finish_seconds": 2} | given
        sending = Sending(self.database, self.sender(), self.makes, Desk(self.team), self.now, **given)
        running = asyncio.create_task(sending.run())
        try:
            yield sending
        finally:
            sending.stop()
            await asyncio.wait_for(running, 10)

    async def deliver(self, **given: Any) -> None:
        """Sends until nothing is left that can be sent now."""
        async with self.open(**given) as sending:
            await self.until(lambda: not sending._work and not self._can_go())

    async def until(self, holds: Callable[[], object], seconds: float = 10) -> None:
        async with asyncio.timeout(seconds):
            while not holds():  # noqa: ASYNC110  # of what stands in a database nobody is told
                await asyncio.sleep(0.01)

    def _can_go(self) -> bool:
        """Whether there is anything that is due and need not wait for its chat or its platform."""
        now = self.now()
        soon, whole = now + claims.SOON, pace.whole(self.platform).name
        with self.database.read() as c:
            free_at = c.scalar(sa.select(pace.paces.c.free_at).where(pace.paces.c.scope == whole))
            return (free_at is None or free_at <= soon) and bool(claims._claimable(c, self.platform, now, soon, 1))

    def states(self) -> dict[str, str]:
        """What became of each message, by its subject."""
        with self.database.read() as c:
            assert outbox.balance(c).holds
            return {row.subject: row.state for row in c.execute(sa.select(outbox.outbox).order_by(outbox.outbox.c.key))}

    def row(self, subject: str) -> dict[str, Any]:
        with self.database.read() as c:
            found = c.execute(sa.select(outbox.outbox).where(outbox.outbox.c.subject == subject)).mappings().one()
            return dict(found)
