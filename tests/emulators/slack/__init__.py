"""Slack on the wire for tests: the Web API over HTTP, Socket Mode over WebSocket, for the real slack_bolt, slack_sdk.

`async with SlackEmulator() as slack:` serves on this machine; the bot connects with `slack.base_url`, `slack.bot_token`
and `slack.app_token`, from this process or another. The test plays the people; README.md here has the words.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
import time
from typing import Literal, Self

from tests.emulators.slack.block_reading import JSON, Button, Field
from tests.emulators.slack.courier import Answer, Changes, Courier, Delivery, channel_type
from tests.emulators.slack.payloads import audio_clip, file
from tests.emulators.slack.presses import Hands
from tests.emulators.slack.server import Call, Fault, Server
from tests.emulators.slack.sockets import Ack, Connection, Envelope, Sockets
from tests.emulators.slack.workspace import Channel, Message, Notified, Person, View, Workspace

__all__ = [
    "Ack",
    "Answer",
    "Button",
    "Call",
    "Channel",
    "Delivery",
    "Envelope",
    "Fault",
    "Field",
    "Message",
    "Notified",
    "Person",
    "SlackEmulator",
    "View",
    "audio_clip",
    "file",
]

BOT_TOKEN, APP_TOKEN = "xoxb-emulated-bot", "xapp-emulated-app"
SCOPES = frozenset(
    [
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "groups:history",
        "groups:read",
        "im:history",
        "im:write",
        "users:read",
    ]
)
"""What the bot's token may do, unless a test says otherwise."""
SUBSCRIPTIONS = frozenset({"app_home_opened", "app_mention", "member_joined_channel", "message.im"})
"""Which events the app asked for, unless a test says otherwise."""


class SlackEmulator(Hands):
    """A Slack of its own: one workspace, one app, and whoever a test invents."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        scopes: Iterable[str] = SCOPES,
        subscriptions: Iterable[str] = SUBSCRIPTIONS,
        ack_within: float = 3.0,
        retries: Sequence[float] = (),
        echo: bool = True,
    ) -> None:
        """`clock` decides what is expired; `retries` after how many seconds an event that wasn't acknowledged comes
        again (Slack itself: 0, 60, 300); `echo` whether the bot hears of its own messages, as it does in Slack.
        """
        self.clock = clock
        self.echo = echo
        self.bot_token, self.app_token = BOT_TOKEN, APP_TOKEN
        self._changes = Changes()
        changed = self._changes.changed
        workspace = Workspace(self._now, set(scopes), happened=self._happened)
        self._sockets = Sockets(workspace.note, changed, ack_within)
        courier = Courier(workspace, self._sockets, self._changes, subscriptions=subscriptions, retries=retries)
        super().__init__(workspace, courier, Server(workspace, self._sockets, changed, BOT_TOKEN, APP_TOKEN))

    async def __aenter__(self) -> Self:
        await self._server.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._courier.tasks:
            task.cancel()
        await self._server.stop()

    def _now(self) -> float:
        return self.clock()

    # What a test looks at.

    @property
    def base_url(self) -> str:
        return f"{self._server.origin}/api/"

    @property
    def calls(self) -> list[Call]:
        """Every request of the bot, in the order of their coming."""
        return self._server.calls

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    @property
    def acks(self) -> list[Ack]:
        return self._sockets.acks

    @property
    def unacknowledged(self) -> list[Envelope]:
        """What was given up: not acknowledged in time, or its connection ended."""
        return self._sockets.unacknowledged

    @property
    def violations(self) -> list[str]:
        """Everything that broke the contract without an error being answered, in sentences."""
        return self.workspace.violations

    @property
    def notified(self) -> list[Notified]:
        """Every mention in the bot's messages that makes somebody's Slack ring."""
        return self.workspace.notified

    @property
    def connections(self) -> list[Connection]:
        """The open WebSockets, the oldest first."""
        return self._sockets.usable

    @property
    def scopes(self) -> set[str]:
        return self.workspace.scopes

    @property
    def subscriptions(self) -> set[str]:
        return self._courier.subscriptions

    # What goes wrong, and waiting.

    def fault(
        self,
        method: str = "*",
        *,
        times: int | None = 1,
        error: str = "",
        status: int = 0,
        retry_after: int = 1,
        delay: float = 0,
        drop: Literal["", "before", "after"] = "",
    ) -> Fault:
        """What the next requests meet: of a method, of "response_url", or ("*") of any method.

        `drop` cuts the connection before or after handling; status 429 comes with Retry-After; `times=None` goes on
        until `mend`. Nothing but a delay is a slow answer.
        """
        fault = Fault(method, times, error, status, retry_after, delay, drop)
        self._server.faults.append(fault)
        return fault

    def mend(self) -> None:
        """No fault strikes any more."""
        self._server.faults.clear()

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Slack asks the app to connect anew ("refresh_requested", "warning", "link_disabled")."""
        await self._sockets.disconnect(reason)

    def drop(self, connection: Connection | None = None) -> None:
        """A WebSocket breaks off without a word; without one named: every one."""
        self._sockets.drop([connection] if connection else list(self._sockets.open))

    async def connected(self, count: int = 1, within: float = 10) -> None:
        """Returns when the app has so many WebSockets open."""
        await self._courier.connected(count, within)

    async def until(self, holds: Callable[[], object], within: float = 10, otherwise: str = "it did not come") -> None:
        """Returns when something holds, of the emulator or of the test itself; fails after `within` seconds."""
        await self._changes.until(holds, within, lambda: f"{otherwise}; {self._going_on()}")

    async def idle(self, within: float = 15, quiet: float = 0.05) -> None:
        """Returns when every envelope was acknowledged or given up, no request is being handled, and nothing new came
        for `quiet` seconds; fails after `within` seconds.
        """
        deadline = asyncio.get_running_loop().time() + within
        while True:
            left = deadline - asyncio.get_running_loop().time()
            await self.until(lambda: not self._at_work(), left, "not idle")
            seen = self._changes.count
            await asyncio.sleep(quiet)
            if seen == self._changes.count:
                return

    def _at_work(self) -> bool:
        return bool(self._server.busy or self._sockets.pending or self._courier.tasks)

    def _going_on(self) -> str:
        waiting = ", ".join(envelope.kind for envelope in self._sockets.pending.values()) or "nothing"
        last = ", ".join(f"{call.method} {call.error}".strip() for call in self.calls[-5:]) or "none"
        return f"not acknowledged yet: {waiting}; requests in hand: {self._server.busy}; last calls: {last}"

    def _happened(self, channel: Channel, event: JSON) -> None:
        """The bot posted, changed or deleted something: Slack tells it so, like everybody else's."""
        if self.echo and self.connections and self._courier.delivers(event, channel):
            told = event | {"channel": channel.id, "channel_type": channel_type(channel), "event_ts": event["ts"]}
            self._courier.later(self._courier.event(told, None, channel))
