"""Sends what waits in the outbox of one platform: claims it, makes its text, keeps to the limits, and writes down what
became of it, until that is written.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta
import logging
import secrets
import traceback
from typing import Protocol, TypeVar

from bot.chat import Address, NotSent, Part, Reply, Sender, Unsure
from bot.db import Connection, Database, is_unusable
from bot.delivery import claims, pace
from bot.delivery.claims import UNSURE, Claimed

__all__ = ["Make", "Sending", "Team"]

log = logging.getLogger(__name__)

Result = TypeVar("Result")

Make = Callable[[str, Address, datetime], Reply | None]
"""Makes the text of a message from its subject, for a chat and a moment; None when there is nothing to say any more."""

LEASE = timedelta(seconds=30)
"""How long a process may work on one part; longer than any call of a platform takes."""
LOOKS_EVERY = 1.0
"""Seconds between two looks for something to send."""
BUSY_LOOKS_EVERY = 0.2
MOST_AT_ONCE = 25
CLOSEST = 1 / 28.5
"""Seconds between two messages, whatever was late: some fewer than Telegram's 30 a second, which counts them when they
arrive.
"""
FINISH_SECONDS = 10
LONGEST_WAIT = 15.0
"""Seconds between two tries while a platform or the database can't be reached."""
STOPPED_FOR = timedelta(minutes=10)
"""How long nothing is sent after a platform refused us altogether."""
TRIES = 5
"""How often it is tried to make a text, or to look up what Slack does not let us see."""


class Team(Protocol):
    """Who is told what a person has to decide or mend; each in the transaction in which that came out."""

    def undelivered(self, c: Connection, now: datetime) -> None:
        """Some messages perhaps did not arrive, or were refused."""

    def stopped(self, c: Connection, platform: str, now: datetime) -> None:
        """A platform takes nothing from us any more."""


@dataclass(slots=True)
class _Work:
    """What is known here of a message that is being sent."""

    one: Claimed
    task: "asyncio.Task[None]"


class Sending:
    """The messages of the bot's own accord on one platform, from `run` until `stop`."""

    def __init__(
        self,
        database: Database,
        sender: Sender,
        makes: Mapping[str, Make],
        team: Team,
        now: Callable[[], datetime],
        *,
        lease: timedelta = LEASE,
        finish_seconds: float = FINISH_SECONDS,
        looks_every: float = LOOKS_EVERY,
        most_at_once: int = MOST_AT_ONCE,
    ) -> None:
        self.name = f"sending to {sender.platform}"
        self._database = database
        self._sender = sender
        self._platform = sender.platform
        self._makes = makes
        self._team = team
        self._now = now
        self._lease = lease
        self._finish_seconds = finish_seconds
        self._looks_every = looks_every
        self._most_at_once = most_at_once
        self._work: dict[str, _Work] = {}
        self._gate = asyncio.Lock()
        self._last_sent = 0.0
        self._troubles = 0
        self._quiet_until: datetime | None = None
        self._stopping = asyncio.Event()
        # A thread of its own: what is due must not wait for slow answers, nor they for it.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"outbox-{self._platform}")

    async def run(self) -> None:
        """Sends what is due until `stop` is called."""
        try:
            while not self._stopping.is_set():
                found = await self._until_it_works(self._claim)
                for one in found or ():
                    self._work[one.key] = _Work(one, asyncio.create_task(self._deliver(one)))
                await self._pause(min(BUSY_LOOKS_EVERY, self._looks_every) if self._work else self._looks_every)
        finally:
            await self._finish()

    def stop(self) -> None:
        """Claims nothing new; `run` ends when what is being sent is sent."""
        self._stopping.set()

    async def _finish(self) -> None:
        left = [work.task for work in self._work.values()]
        if left:
            await asyncio.wait(left, timeout=self._finish_seconds)
        given_back = [work.one for work in self._work.values()]
        for work in list(self._work.values()):
            work.task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        with contextlib.suppress(Exception):  # then its lease ends by itself
            await self._in_thread(self._write, lambda c: claims.release(c, given_back, self._now()))
        await self._sender.close()
        self._thread.shutdown()

    def _claim(self) -> list[Claimed]:
        now, room = self._now(), self._most_at_once - len(self._work)
        with self._database.read() as c:
            if room <= 0 or not claims.is_due(c, self._platform, now):
                return []
        # Claimed under a name of its own: what an earlier claim of ours still writes must not count for this one.
        name = secrets.token_hex(8)
        with self._database.write() as c:
            if claims.take_over(c, self._platform, now, but=list(self._work)):
                self._team.undelivered(c, now)
            return claims.claim(c, self._platform, now, lease=name, lasts=self._lease, most=room)

    # --- one message ---

    async def _deliver(self, one: Claimed) -> None:
        try:
            await self._deliver_parts(one)
        except Exception as error:  # noqa: BLE001  # a fault of ours: the row stays claimed until its lease ends
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("%s: %s\n%s", self.name, type(error).__name__, where)  # noqa: TRY400  # texts can be anybody's
        finally:
            self._work.pop(one.key, None)

    async def _deliver_parts(self, one: Claimed) -> None:
        parts = one.parts if one.parts is not None else await self._made(one)
        if parts is None:
            return
        there = list(one.posted)
        if one.begun_at and UNSURE[one.sort, self._platform] == "look up":
            looked_up = await self._look_up(one, len(there), one.begun_at)
            if looked_up is None:
                return
            there += looked_up
            if looked_up and not await self._keep(lambda c: claims.mark_posted(c, one, there, len(parts), self._now())):
                return
        if one.begun_at and len(there) < len(parts) and one.expires_at <= self._now():
            await self._keep(lambda c: claims.expired(c, one, self._now()))
            return
        while len(there) < len(parts):
            posted = await self._send(one, parts[len(there)], len(there), first=len(there) == len(one.posted))
            if posted is None:
                return
            there.append(posted)
            if not await self._keep(lambda c: claims.mark_posted(c, one, there, len(parts), self._now())):
                return

    async def _made(self, one: Claimed) -> Sequence[Part] | None:
        """The parts, frozen; None when there is nothing to send, or not now."""
        try:
            make = self._makes[one.kind]
            reply = await asyncio.to_thread(make, one.subject, one.to, self._now())
            parts = list(self._sender.cut(reply, one.to)) if reply is not None else []
        except Exception as error:  # noqa: BLE001  # a fault of ours, or a database that is away
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("a text of kind %s: %s\n%s", one.kind, type(error).__name__, where)  # noqa: TRY400
            await self._keep(lambda c: self._not_made(c, one))
            return None
        if not parts:
            await self._keep(lambda c: claims.drop(c, one, "nothing to say any more", self._now()))
            return None
        return parts if await self._keep(lambda c: claims.freeze(c, one, parts, self._now())) else None

    def _not_made(self, c: Connection, one: Claimed) -> None:
        if one.tries + 1 < TRIES:
            claims.later(c, one, "its text could not be made", self._now(), timedelta(seconds=10 * 2**one.tries))
        elif claims.refuse(c, one, "its text could not be made", self._now()):
            self._team.undelivered(c, self._now())

    async def _look_up(self, one: Claimed, index: int, since: datetime) -> list[str] | None:
        """The id of the part that may be there, or nothing; None when that can't be told now."""
        await self._turn(pace.LOOKING_BACK)
        try:
            found = await self._sender.find(one.to, _part_key(one, index), since.timestamp())
        except NotSent as error:
            await self._keep(lambda c, error=error: self._not_looked_up(c, one, error))  # type: ignore[misc]
            return None
        return [] if found is None else [found]

    def _not_looked_up(self, c: Connection, one: Claimed, error: NotSent) -> None:
        now, hopeless = self._now(), error.remedy in ("off", "moved", "ask") or one.tries + 1 >= 4 * TRIES
        if error.remedy == "stop":
            self._stop_for_now(c, now)
        wait = timedelta(seconds=error.seconds or min(2.0**one.tries, 60))
        if claims.look_again(c, one, error.why, now, None if hopeless else wait) and hopeless:
            self._team.undelivered(c, now)

    async def _send(self, one: Claimed, part: Part, index: int, *, first: bool) -> str | None:
        """The platform's id of the part; None when it is not there, or nobody knows."""
        if one.doubts and first and UNSURE[one.sort, self._platform] == "hold":
            part = self._sender.marked(part)
        if first:
            await self._sleep_until(one.send_at)
        else:
            for scope in reversed(pace.scopes_of(one.to)):
                await self._turn(scope)
        if not await self._begin(one):
            return None
        try:
            posted = await self._sender.send(part, one.to, _part_key(one, index))
        except NotSent as error:
            await self._keep(lambda c, error=error: self._not_sent(c, one, error))  # type: ignore[misc]
        except Exception as error:  # noqa: BLE001  # whatever it was, it may have arrived
            why = error.why if isinstance(error, Unsure) else type(error).__name__
            await self._keep(lambda c: self._unsure(c, one, why))
        else:
            self._troubles = 0
            return posted
        return None

    def _unsure(self, c: Connection, one: Claimed, why: str) -> None:
        if claims.unsure(c, one, why, self._now()):
            self._team.undelivered(c, self._now())

    def _not_sent(self, c: Connection, one: Claimed, error: NotSent) -> None:
        """Writes down what is to be done now, in the one place where that is decided."""
        now = self._now()
        if error.remedy == "again":
            wait = self._wait_for_the_platform(now)
            claims.later(c, one, error.why, now, wait)
            pace.pause(c, pace.whole(self._platform), now + wait)
        elif error.remedy == "wait":
            claims.later(c, one, error.why, now, timedelta(seconds=error.seconds))
            pace.flooded(c, one.to, error.seconds, now)
        elif error.remedy == "moved":
            claims.later(c, one, error.why, now, timedelta(0))
            claims.moved(c, one.to, error.moved_to, now)
        elif error.remedy == "stop":
            claims.later(c, one, error.why, now, STOPPED_FOR)
            self._stop_for_now(c, now)
        else:
            claims.refuse(c, one, error.why, now)
            if error.remedy == "off":
                claims.shut(c, one.to, error.why, now)
            else:
                self._team.undelivered(c, now)
        if error.remedy != "wait":
            log.warning("%s: a message was not taken (%s): %s", self.name, error.remedy, error.why)

    def _wait_for_the_platform(self, now: datetime) -> timedelta:
        """Longer each time that it is still in trouble; what was on its way and fails meanwhile counts once."""
        if self._quiet_until is None or now >= self._quiet_until:
            self._troubles += 1
            seconds = min(2.0 ** (self._troubles - 1), LONGEST_WAIT)
            self._quiet_until = now + timedelta(seconds=seconds)
        return self._quiet_until - now

    def _stop_for_now(self, c: Connection, now: datetime) -> None:
        pace.pause(c, pace.whole(self._platform), now + STOPPED_FOR)
        self._team.stopped(c, self._platform, now)

    # --- time ---

    async def _turn(self, scope: pace.Scope) -> None:
        await self._sleep_until(await self._keep(lambda c: pace.reserve(c, scope, self._now())))

    async def _sleep_until(self, moment: datetime) -> None:
        await asyncio.sleep(max(0.0, (moment - self._now()).total_seconds()))

    async def _begin(self, one: Claimed) -> bool:
        """Begins when the one before is far enough away, so that what was held up does not go all at once.

        Only then: what is begun and not sent yet would be in doubt after a crash.
        """
        loop = asyncio.get_running_loop()
        async with self._gate:
            await asyncio.sleep(max(0.0, self._last_sent + CLOSEST - loop.time()))
            begun = await self._keep(lambda c: claims.begin(c, one, self._now(), self._lease))
            self._last_sent = loop.time()
        return begun

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    # --- the database ---

    async def _keep(self, work: Callable[[Connection], Result]) -> Result:
        """Writes, and goes on trying until it is written: what is known here must not be lost with a busy database."""
        while True:
            written = await self._until_it_works(lambda: (self._write(work),), while_stopping=True)
            if written:
                return written[0]

    def _write(self, work: Callable[[Connection], Result]) -> Result:
        with self._database.write() as c:
            return work(c)

    async def _until_it_works(self, work: Callable[[], Result], *, while_stopping: bool = False) -> Result | None:
        """What comes of it; None only when we are to stop meanwhile."""
        wait = 0.5
        while while_stopping or not self._stopping.is_set():
            try:
                return await self._in_thread(work)
            except Exception as error:
                if not is_unusable(error):
                    raise
                # Away, busy or full: that may be over in a moment.
                log.error("%s: the database: %s; again in %.1f s", self.name, type(error).__name__, wait)  # noqa: TRY400
            await (asyncio.sleep(wait) if while_stopping else self._pause(wait))
            wait = min(wait * 2, LONGEST_WAIT)
        return None

    async def _in_thread(self, work: Callable[..., Result], *given: object) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *given)


def _part_key(one: Claimed, index: int) -> str:
    return f"{one.key} {index}"
