"""Socket Mode's side of Slack: connections, envelopes sent over any of them, and acknowledgements timed and counted."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
import json
from typing import Any
import uuid

from aiohttp import WSMsgType, web

from tests.emulators.slack.block_reading import JSON
from tests.emulators.slack.workspace import APP

MOST_CONNECTIONS = 10


@dataclass(eq=False)
class Connection:
    """One WebSocket of the app."""

    number: int
    socket: web.WebSocketResponse
    request: web.Request
    leaving: bool = False
    """Whether Slack announced its end: nothing new is sent over it."""


@dataclass(frozen=True)
class Ack:
    """One acknowledgement: how fast, and what it carried."""

    envelope_id: str
    kind: str
    seconds: float
    payload: JSON | None = None
    event_id: str = ""
    attempt: int = 0
    connection: int = 0


@dataclass
class Envelope:
    """What Slack sent over a socket and waits for."""

    kind: str
    payload: JSON
    attempt: int
    connection: Connection
    sent: float
    accepts: bool
    """Whether an answer may stand in the acknowledgement."""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    ack: Ack | None = None
    lost: bool = False
    """Whether the connection ended before an acknowledgement came."""
    over: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when nothing is waited for any more."""

    @property
    def event_id(self) -> str:
        return str(self.payload.get("event_id", ""))


class Sockets:
    """Every connection of the app, and what is on its way over them."""

    def __init__(self, note: Callable[[str], None], changed: Callable[[], None], ack_within: float) -> None:
        self.ack_within = ack_within
        self.open: list[Connection] = []
        self.acks: list[Ack] = []
        self.unacknowledged: list[Envelope] = []
        self.pending: dict[str, Envelope] = {}
        self._all: dict[str, Envelope] = {}
        self._tickets: set[str] = set()
        self._note, self._changed = note, changed
        self._numbers = 0

    def ticket(self) -> str:
        """Lets one WebSocket in, once."""
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return ticket

    @property
    def usable(self) -> list[Connection]:
        return [connection for connection in self.open if not connection.leaving and not connection.socket.closed]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """A WebSocket from its greeting till its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="invalid ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        self._numbers += 1
        connection = Connection(self._numbers, socket, request)
        if len(self.open) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self.open.append(connection)
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self.open),
                "debug_info": {"host": "emulator", "approximate_connection_time": 3600},
                "connection_info": {"app_id": APP},
            }
        )
        self._changed()
        try:
            async for heard in socket:
                if heard.type == WSMsgType.TEXT:
                    self._hear(connection, heard.data)
        finally:
            self._gone(connection)
        return socket

    def _gone(self, connection: Connection) -> None:
        if connection in self.open:
            self.open.remove(connection)
        for envelope in self.pending.values():
            if envelope.connection is connection and not envelope.over.is_set():
                envelope.lost = True
                envelope.over.set()
        self._changed()

    def _hear(self, connection: Connection, said: str) -> None:
        try:
            answer: Any = json.loads(said)
            envelope = self._all[answer["envelope_id"]]
        except (ValueError, KeyError, TypeError):
            self._note(f"socket: no acknowledgement of anything sent: {said[:200]}")
            return
        if envelope.ack:
            self._note(f"{envelope.kind}: acknowledged twice")
            return
        payload = answer.get("payload")
        seconds = asyncio.get_running_loop().time() - envelope.sent
        envelope.ack = Ack(
            envelope.id, envelope.kind, seconds, payload, envelope.event_id, envelope.attempt, connection.number
        )
        self.acks.append(envelope.ack)
        if payload and not envelope.accepts:
            self._note(f"{envelope.kind}: the acknowledgement carries a payload, and this kind takes none: {payload}")
        if envelope.over.is_set():
            self._note(f"{envelope.kind}: acknowledged after {seconds:.2f} s; Slack waits {self.ack_within:g}")
        envelope.over.set()
        self._changed()

    async def send(
        self, connection: Connection, kind: str, payload: JSON, *, accepts: bool = False, attempt: int = 0
    ) -> Envelope:
        """An envelope that was sent, and acknowledged or not in the time there is for it."""
        now = asyncio.get_running_loop().time()
        envelope = Envelope(kind, payload, attempt, connection, now, accepts)
        self._all[envelope.id] = self.pending[envelope.id] = envelope
        retry = {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""} if kind == "events_api" else {}
        sent = {"envelope_id": envelope.id, "type": kind, "payload": payload, "accepts_response_payload": accepts}
        try:
            await connection.socket.send_json(sent | retry)
            await asyncio.wait_for(envelope.over.wait(), self.ack_within)
        except TimeoutError:
            envelope.over.set()
        except ConnectionError:
            envelope.lost = True
            envelope.over.set()
        del self.pending[envelope.id]
        if not envelope.ack:
            self.unacknowledged.append(envelope)
        self._changed()
        return envelope

    async def disconnect(self, reason: str) -> None:
        """Announces the end of every connection, as Slack does before it refreshes them."""
        for connection in list(self.open):
            connection.leaving = True
            await connection.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})

    def drop(self, connections: Iterable[Connection]) -> None:
        """Cuts connections without a word."""
        for connection in connections:
            connection.leaving = True
            if connection.request.transport:
                connection.request.transport.abort()
            self._gone(connection)

    async def close(self) -> None:
        for connection in list(self.open):
            await connection.socket.close()
