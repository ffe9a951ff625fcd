"""Brings what happens in the workspace to the app: events (more than once, if asked), presses, commands; and waits."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
import contextlib
from dataclasses import dataclass
from typing import Any

from tests.emulators.slack import payloads
from tests.emulators.slack.block_reading import JSON
from tests.emulators.slack.sockets import Ack, Connection, Envelope, Sockets
from tests.emulators.slack.workspace import Channel, Message, Person, Posted, Workspace

_SUFFIXES = {"public": "channels", "private": "groups", "im": "im"}
_TYPES = {"public": "channel", "private": "group", "im": "im"}
_SCOPES = {
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
}


@dataclass(frozen=True)
class Again:
    """How often an event is delivered in all, one after the other or at once, and over which connection."""

    times: int = 1
    together: bool = False
    on: Connection | None = None


@dataclass(frozen=True)
class Delivery:
    """An event that was delivered: the message it is about, if any, and the acknowledgement of each delivery."""

    event_id: str
    acks: tuple[Ack | None, ...]
    message: Message | None = None

    @property
    def acknowledged(self) -> bool:
        return any(self.acks)


@dataclass(frozen=True)
class Answer:
    """What came back in the acknowledgement of a command, press, shortcut or filled-in view."""

    acknowledged: bool
    seconds: float
    payload: JSON | None = None
    message: Message | None = None
    """The message in it, as the person sees it."""


class Changes:
    """Lets a test wait for anything that is looked at again whenever something happens."""

    def __init__(self) -> None:
        self.count = 0
        self._pulse = asyncio.Event()

    def changed(self) -> None:
        self.count += 1
        self._pulse.set()
        self._pulse = asyncio.Event()

    async def until(self, holds: Callable[[], object], within: float, otherwise: Callable[[], str]) -> None:
        """Returns when something holds; raises AssertionError after `within` seconds."""
        deadline = asyncio.get_running_loop().time() + within
        while not holds():
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                raise AssertionError(f"waited {within:g} s: {otherwise()}")
            # What is waited for may also happen outside, where nobody rings.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._pulse.wait(), min(left, 0.02))


class Courier:
    """Delivers over whatever connections there are, within what the app subscribed to and may see."""

    def __init__(
        self,
        workspace: Workspace,
        sockets: Sockets,
        changes: Changes,
        *,
        subscriptions: Iterable[str],
        retries: Sequence[float],
    ) -> None:
        self.subscriptions = set(subscriptions)
        self.retries = retries
        self.tasks: set[asyncio.Task[None]] = set()
        self._workspace, self._sockets, self._changes = workspace, sockets, changes
        self._turn = 0

    async def connected(self, count: int = 1, within: float = 10) -> None:
        """Returns when the app has so many connections open."""
        await self._changes.until(
            lambda: len(self._sockets.usable) >= count,
            within,
            lambda: f"the app has {len(self._sockets.usable)} connections open, not {count}",
        )

    async def event(
        self,
        event: JSON,
        person: Person | None = None,
        channel: Channel | None = None,
        *,
        message: Posted | None = None,
        again: Again | None = None,
    ) -> Delivery:
        """An event, delivered; where it stands in no channel, nobody asks whether the app subscribed to it."""
        again = again or Again()
        if channel:
            name = event_name(event, channel)
            assert name in self.subscriptions, f"the app did not subscribe to {name}"
            self.need(_scope(name, channel), name)
        event_id = f"Ev0{self._workspace.number():06d}"
        payload = payloads.callback(event, event_id, self._workspace.now(), person, channel)
        sending = [self._send("events_api", payload, attempt=attempt, on=again.on) for attempt in range(again.times)]
        sent = await asyncio.gather(*sending) if again.together else [await one for one in sending]
        acks = [envelope.ack for envelope in sent]
        for attempt, wait in enumerate(self.retries, again.times):
            if any(acks):
                break
            await asyncio.sleep(wait)
            acks.append((await self._send("events_api", payload, attempt=attempt, on=again.on)).ack)
        return Delivery(event_id, tuple(acks), message.seen() if message else None)

    async def interaction(
        self, kind: str, payload: JSON, *, accepts: bool = False, on: Connection | None = None
    ) -> Answer:
        """What came back of a command or interaction, which Slack never delivers twice."""
        envelope = await self._send(kind, payload, accepts=accepts, on=on)
        if envelope.ack:
            return Answer(True, envelope.ack.seconds, envelope.ack.payload)
        if not envelope.lost:
            what = payload.get("command") or payload["type"]
            self._workspace.note(f"{what}: not acknowledged within {self._sockets.ack_within:g} s")
        return Answer(False, self._sockets.ack_within)

    def delivers(self, event: JSON, channel: Channel) -> bool:
        """Whether the app subscribed to such events, and may see them."""
        name = event_name(event, channel)
        return name in self.subscriptions and _scope(name, channel) in {"", *self._workspace.scopes}

    def need(self, scope: str, what: str) -> None:
        assert not scope or scope in self._workspace.scopes, f"{what} needs the scope {scope}"

    def later(self, work: Awaitable[object]) -> None:
        """Does something beside what goes on; `idle` waits for it."""

        async def done() -> None:
            await work

        task = asyncio.get_running_loop().create_task(done())
        self.tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: "asyncio.Task[None]") -> None:
        self.tasks.discard(task)
        if not task.cancelled() and task.exception():
            self._workspace.note(f"delivering failed: {task.exception()}")
        self._changes.changed()

    async def _send(self, kind: str, payload: JSON, *, on: Connection | None = None, **further: Any) -> Envelope:
        if on is None:
            await self.connected()
            # Slack chooses any of the connections; here each has its turn.
            self._turn += 1
            on = self._sockets.usable[self._turn % len(self._sockets.usable)]
        return await self._sockets.send(on, kind, payload, **further)


def event_name(event: JSON, channel: Channel) -> str:
    """The name under which apps subscribe to an event: messages have one for each kind of channel."""
    return f"message.{_SUFFIXES[channel.kind]}" if event["type"] == "message" else str(event["type"])


def channel_type(channel: Channel) -> str:
    return _TYPES[channel.kind]


def _scope(name: str, channel: Channel) -> str:
    if name == "member_joined_channel":
        return "groups:read" if channel.kind == "private" else "channels:read"
    return _SCOPES.get(name, "")
