"""What platforms deliver: kept before it is acknowledged, answered once, in the order of its chat.

The question and where to answer it stand here until it is answered, and 10 minutes at the longest; the id of the event
stays for 7 days, so that what is delivered again is known. What looks like data about a pupil is never kept, only that
it came.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
import logging
import secrets
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.chat import Address, Elsewhere, Event, NotSent, Request
from bot.db import Database, Moment, is_unusable, metadata, put_new
from bot.delivery import pace
from bot.delivery.outbox import heard_from

__all__ = ["PlatformInbox", "begin", "erase", "forget", "keep", "mark_answered", "not_begun", "release", "take_over"]

log = logging.getLogger(__name__)

Result = TypeVar("Result")

ANSWERED_WITHIN = timedelta(minutes=10)
"""How long a question is worth an answer; nobody waits longer, and then it need not stand here any more (DESIGN §8)."""
ID_KEPT = timedelta(days=7)
LEASE = timedelta(seconds=30)
"""How long after a run's last word its events are left to it; it says one every few seconds (`left`)."""
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
    sa.Column("lease", sa.Text),
    sa.Column("leased_until", Moment),
    sa.Column("begun_at", Moment),
)


def keep(
    c: Connection, platform: str, events: Sequence[Event], now: datetime, lease: str = "", lasts: timedelta = LEASE
) -> list[Event]:
    """Keeps the events that are not here yet, for the run of that name to answer; those, in their order."""
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
            "lease": lease,
            "leased_until": now + lasts,
        }
        for number, event in enumerate(events)
        if once[event.id] is event
    ]
    new = {identifier for _, identifier in put_new(c, inbox, rows)}
    return [event for event in events if event.id in new and once[event.id] is event]


def begin(c: Connection, platform: str, event_id: str, lease: str, now: datetime) -> bool:
    """From now on its answer may have arrived; False when it is not for the run of that name to answer."""
    mine = (*_is(platform, event_id), inbox.c.lease == lease, inbox.c.answered_at.is_(None))
    return c.execute(sa.update(inbox).where(*mine).values(begun_at=now)).rowcount == 1


def not_begun(c: Connection, platform: str, event_id: str, lease: str) -> None:
    """Nothing of its answer arrived."""
    mine = (*_is(platform, event_id), inbox.c.lease == lease)
    c.execute(sa.update(inbox).where(*mine).values(begun_at=None))


def mark_answered(c: Connection, platform: str, event_id: str, now: datetime) -> None:
    """Nobody has to answer it any more; what was asked and by whom is erased."""
    done = {"answered_at": now, "request": None, "reply_to": None, "lease": None, "leased_until": None}
    c.execute(sa.update(inbox).where(*_is(platform, event_id)).values(done))


def take_over(
    c: Connection,
    platform: str,
    now: datetime,
    lease: str = "",
    lasts: timedelta = LEASE,
    *,
    at_work: Collection[str] = (),
) -> list[Event]:
    """What was kept, not answered, and is nobody's any more, if it is still worth it, in the order it came.

    From now on it is for the run of that name to answer; what that is `at_work` on stays so.
    """
    waiting = (inbox.c.platform == platform, inbox.c.answered_at.is_(None), inbox.c.request.is_not(None))
    until = {"lease": lease, "leased_until": now + lasts}
    if at_work:
        c.execute(sa.update(inbox).where(*waiting, inbox.c.lease == lease, inbox.c.id.in_(at_work)).values(until))
    nobodys = inbox.c.leased_until.is_(None) | (inbox.c.leased_until <= now)
    found = sa.select(inbox).where(*waiting, nobodys, inbox.c.arrived_at > now - ANSWERED_WITHIN)
    rows = c.execute(found.order_by(inbox.c.arrived_at, inbox.c.number).with_for_update(skip_locked=True)).mappings()
    events = [Event(row["id"], _request(row["request"]), row["reply_to"], row["begun_at"] is not None) for row in rows]
    for event in events:
        c.execute(sa.update(inbox).where(*_is(platform, event.id)).values(until))
    return events


def release(c: Connection, platform: str, lease: str) -> None:
    """The run of that name answers nothing any more: others may."""
    c.execute(sa.update(inbox).where(inbox.c.platform == platform, inbox.c.lease == lease).values(leased_until=None))


def is_anything_waiting(c: Connection, platform: str) -> bool:
    """Whether anything is kept and not answered, by whomever."""
    waiting = sa.select(inbox.c.id).where(inbox.c.platform == platform, inbox.c.request.is_not(None))
    return c.execute(waiting.limit(1)).first() is not None


def _is(platform: str, event_id: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return (inbox.c.platform == platform, inbox.c.id == event_id)


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


def _writable(event: Event) -> Event:
    """The event without what no database can write (halves of characters, NUL): with it a batch would never be kept."""
    if all(map(_is_writable, _texts(event))):
        return event
    asked = event.request
    chat = Address(asked.chat.platform, _written(asked.chat.channel), _written(asked.chat.thread))
    request = replace(
        asked,
        text=_written(asked.text),
        chat=chat,
        user=_written(asked.user),
        name=_written(asked.name),
        about=_written(asked.about),
    )
    reply_to = {_written(name): _written(value) for name, value in event.reply_to.items()}
    return replace(event, id=_written(event.id), request=request, reply_to=reply_to)


def _texts(event: Event) -> Iterator[str]:
    request = event.request
    yield from (event.id, request.text, request.user, request.name, request.about)
    yield from (request.chat.channel, request.chat.thread, *event.reply_to, *event.reply_to.values())


def _is_writable(text: str) -> bool:
    return _written(text) == text


def _written(text: str) -> str:
    # A platform that sends a number where a text belongs is taken at its word.
    return str(text).encode("utf-8", "replace").decode().replace("\x00", "")


@dataclass(slots=True)
class _Line:
    """Who waits in one chat. An asyncio.Lock wakes those who wait in the order they came."""

    lock: asyncio.Lock
    waiting: int = 0


class PlatformInbox:
    """The inbox of one platform in one process, as its handler is handed it (`chat.Inbox`)."""

    def __init__(
        self,
        database: Database,
        platform: str,
        is_personal: Callable[[str], bool],
        now: Callable[[], datetime],
        *,
        lease: timedelta = LEASE,
        sleep: Callable[[float], Coroutine[Any, Any, object]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._name = secrets.token_hex(8)
        self._lease = lease
        self._sleep = sleep
        self._at_work: set[str] = set()
        """Events that wait for their turn here, or have it."""
        self._begun: set[str] = set()
        """Events of whose answer something may have arrived."""
        self._arrived: set[str] = set()
        """Events of whose answer something certainly has."""
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
        return await self._in_thread(self._keep, [_writable(event) for event in events])

    def _keep(self, events: Sequence[Event]) -> list[Event]:
        harmless = [self._harmless(event) for event in events]
        with self._database.write() as c:
            new = {event.id for event in keep(c, self._platform, harmless, self._now(), self._name, self._lease)}
            chats = [(event.request.chat.channel, event.request.user) for event in harmless if event.id in new]
            heard_from(c, self._platform, {one for both in chats for one in both if one})
        self._at_work |= new
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
        """Waits for its turn in its chat. Whatever happens then, it counts as answered.

        Only when the bot is stopped meanwhile, or the database is away, it is answered later.
        """
        line = self._lines.setdefault(event.request.chat, _Line(asyncio.Lock()))
        line.waiting += 1
        try:
            async with line.lock:
                # Shielded: what is answered must count as that also when the bot is stopped at this very moment.
                try:
                    yield
                except Elsewhere:
                    raise
                except Exception as error:
                    if not is_unusable(error):
                        await asyncio.shield(self._answered(event))
                    raise
                await asyncio.shield(self._answered(event))
        finally:
            for known in (self._at_work, self._begun, self._arrived):
                known.discard(event.id)
            line.waiting -= 1
            if not line.waiting:
                self._lines.pop(event.request.chat, None)

    @asynccontextmanager
    async def attempt(self, event: Event, *, paced: bool = True) -> AsyncIterator[None]:
        """One try to send a message of its answer, when the platform's limits allow it.

        With its beginning that may have arrived. When NotSent says that it did not, and nothing else of the answer did,
        it is as if it was never tried; asked to wait, everybody does.
        """
        if paced:
            await self._sleep(await self._in_thread(self._take_turn, event))
        if event.id not in self._begun:
            await self._in_thread(self._begin, event)
        try:
            yield
        except NotSent as error:
            await asyncio.shield(self._in_thread(self._not_sent, event, error))
            raise
        self._arrived.add(event.id)

    def _take_turn(self, event: Event) -> float:
        """Seconds to wait before it is its turn; when that is now, it is begun as well."""
        now = self._now()
        with self._database.write() as c:
            turn = pace.answer_at(c, event.request.chat, now)
            if turn == now and event.id not in self._begun:
                self._begin_in(c, event)
        return (turn - now).total_seconds()

    def _begin(self, event: Event) -> None:
        with self._database.write() as c:
            self._begin_in(c, event)

    def _begin_in(self, c: Connection, event: Event) -> None:
        # Last of all before it is sent: what is begun when the bot dies is not sent again.
        if not begin(c, self._platform, event.id, self._name, self._now()):
            raise Elsewhere
        self._begun.add(event.id)

    def _not_sent(self, event: Event, error: NotSent) -> None:
        with self._database.write() as c:
            if event.id not in self._arrived:
                not_begun(c, self._platform, event.id, self._name)
            if error.remedy == "wait":
                pace.flooded(c, event.request.chat, error.seconds, self._now())
        if event.id not in self._arrived:
            self._begun.discard(event.id)

    async def _answered(self, event: Event) -> None:
        await self._in_thread(self._mark_answered, event)

    def _mark_answered(self, event: Event) -> None:
        with self._database.write() as c:
            mark_answered(c, self._platform, event.id, self._now())

    async def left(self) -> list[Event]:
        """What others kept and do not answer any more, if it is still worth it; says that this run is at its own."""
        return await self._in_thread(self._left)

    def _left(self) -> list[Event]:
        with self._database.read() as c:
            if not is_anything_waiting(c, self._platform):
                return []
        with self._database.write() as c:
            left = take_over(c, self._platform, self._now(), self._name, self._lease, at_work=list(self._at_work))
        self._at_work.update(event.id for event in left)
        return left

    async def erase(self) -> None:
        """Erases what is past its time."""
        await self._in_thread(self._erase)

    def _erase(self) -> None:
        with self._database.write() as c:
            erase(c, self._now())

    def close(self) -> None:
        """Leaves what is not answered to whoever comes next."""
        self._thread.shutdown()
        with suppress(Exception), self._database.write() as c:  # else it is left to them a little later
            release(c, self._platform, self._name)

    async def _in_thread(self, work: Callable[..., Result], *given: Any) -> Result:  # noqa: ANN401  # whatever it takes
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *given)
