"""A stage for the tests of the Telegram handler: the bot on an emulated Telegram, and a time that never has to pass."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
import logging
from typing import Any, TypeVar

import pytest

from bot import logs
from bot.chat import Answerer, Button, Reply, Request
from bot.db import Database
from bot.delivery.inbox import PlatformInbox
from bot.handlers.telegram import Telegram
from bot.handlers.telegram_sending import TYPING_AFTER
from tests.emulators.telegram import Chat, Message, Person, TelegramEmulator

__all__ = ["NOW", "Door", "Stage", "Waits", "echo"]

Result = TypeVar("Result")

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


async def echo(request: Request) -> Reply:
    """The answerer of the tests for which it doesn't matter what is answered."""
    buttons = (Button("Verder", "verder"), Button("Nieuw", "nieuw"), Button("Stuk", "stuk"))
    if request.text == "verder":
        return Reply("Een bladzijde verder.", buttons=buttons, replace=True)
    if request.text == "stuk":
        raise ValueError(f"stuk: {request.text} van {request.name}")
    return Reply(f"Je zei: {request.text or request.kind}", buttons=buttons)


class Waits:
    """Waiting that takes no time, and is written down."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.meanwhile: Callable[[float], Awaitable[object]] | None = None
        """What happens while the bot waits."""
        self.is_slow = asyncio.Event()
        """Set when answers take so long that people should see it."""

    async def __call__(self, seconds: float) -> None:
        if seconds == TYPING_AFTER:
            await self.is_slow.wait()
            return
        self.seconds.append(seconds)
        await asyncio.sleep(0)
        if self.meanwhile:
            await self.meanwhile(seconds)


class Door:
    """A way to Telegram that can be shut: then what is sent certainly arrives nowhere."""

    def __init__(self, telegram: TelegramEmulator) -> None:
        self._telegram = telegram
        self._server: asyncio.Server | None = None
        self._through: set[asyncio.StreamWriter] = set()
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def open(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._let_through, "127.0.0.1", self._port)
            self._port = self._server.sockets[0].getsockname()[1]

    async def shut(self) -> None:
        if self._server:
            self._server.close()
            self._server = None
        for writer in self._through:
            writer.transport.abort()
        # Only when the other side can notice: who sends to what is dead and doesn't know it, can't tell what arrived.
        await asyncio.gather(*(writer.wait_closed() for writer in self._through), return_exceptions=True)

    async def _let_through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", int(self._telegram.url.rpartition(":")[2]))
        self._through |= {writer, back}
        await asyncio.gather(self._carry(reader, back), self._carry(there, writer))
        self._through -= {writer, back}

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while some := await reader.read(2**16):
                writer.write(some)
                await writer.drain()
        writer.close()


class Stage:
    """The bot on Telegram, its people, and what they see. Everything returns when all of it is answered."""

    def __init__(
        self,
        database: Database,
        answer: Answerer = echo,
        *,
        is_personal: Callable[[str], bool] = lambda _: False,
        now: Callable[[], datetime] = lambda: NOW,
    ) -> None:
        self.database = database
        self.answer = answer
        self.is_personal = is_personal
        self.now = now
        self.runner = asyncio.Runner()
        self.telegram = TelegramEmulator()
        self.run(self.telegram.__aenter__())
        self.waits = Waits()
        self.words: list[str] = [self.telegram.token]
        """What must not be in a log."""
        self.handler: Telegram | None = None
        self.running: asyncio.Task[None] | None = None
        self._inbox: PlatformInbox | None = None

    def run(self, doing: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(doing)

    # --- the bot

    def start(
        self,
        *,
        token: str = "",
        inbox: type[PlatformInbox] = PlatformInbox,
        presents: bool = False,
        settles: bool = True,
        **given: Any,
    ) -> None:
        """Starts the bot; `given` is what it is made with, where that matters."""
        usual: dict[str, Any] = {"base_url": self.telegram.url, "finish_seconds": 2, "sleep": self.waits}

        async def begin() -> None:
            self._inbox = inbox(self.database, "telegram", self.is_personal, self.now, sleep=partial(asyncio.sleep, 0))
            self.handler = Telegram(token or self.telegram.token, self.answer, self._inbox, **(usual | given))
            if not presents:  # that takes as long as all the rest, and one test looks at it
                setattr(self.handler, "_present", partial(asyncio.sleep, 0))  # noqa: B010  # a method, for mypy
            self.running = asyncio.create_task(self.handler.run())
            if settles:
                await self.telegram.until(lambda: self.telegram.updates.polling)

        self.run(begin())

    def stop(self) -> None:
        """Stops the bot as the platform does."""
        assert self.handler
        self.handler.stop()
        self.run(self._ended())

    def kill(self) -> None:
        """Ends the bot in the middle of whatever it does."""
        assert self.handler
        assert self.running
        self.handler._finish_seconds = 0
        self.running.cancel()
        with suppress(asyncio.CancelledError):
            self.run(self._ended())

    async def _ended(self) -> None:
        assert self.handler
        assert self.running
        assert self._inbox
        running, self.running = self.running, None
        try:
            async with asyncio.timeout(10):  # it must not wait for what Telegram may take its time for
                await running
        finally:
            self._inbox.close()
            assert not self.handler.answering._tasks, "nothing goes on after the end"

    def restart(self, **given: Any) -> None:
        if self.running:
            self.stop()
        self.start(**given)

    async def settled(self) -> None:
        """Returns when every update is confirmed and answered."""
        assert self.handler
        assert self.running
        if self.running.done():
            self.running.result()
        await self.telegram.idle(quiet=0)
        await self.handler.answering.idle()
        await self.telegram.idle(quiet=0)

    def close(self) -> None:
        if self.running:
            self.stop()
        self.run(self.telegram.__aexit__(None, None, None))
        self.runner.close()
        assert self.telegram.violations == []
        assert [press for press in self.telegram.unanswered_callbacks if not press.expired] == []
        sent = [message for chat in self.telegram.world.chats.values() for message in self.telegram.messages(chat)]
        assert not any(message.preview for message in sent), "a link has a preview"

    # --- people

    def person(self, name: str = "Marijke") -> Person:
        self.words.append(name)
        return self.telegram.person(name)

    def said(self, text: str) -> str:
        """The text, which must not turn up in a log."""
        self.words += [text] if len(text) > 3 else []
        return text

    def say(self, person: Person, text: str = "", *, to: Chat | None = None, **more: Any) -> list[Message]:
        """What the bot wrote or changed there because of it."""
        chat = to or person
        return self.see(chat, self.telegram.say(chat, person, self.said(text), **more))

    def begin(self, person: Person, payload: str = "") -> list[Message]:
        """What is seen by who presses Start, perhaps of a link."""
        return self.see(person, self.telegram.start(person, payload))

    def press(self, message: Message, label: str, *, by: Person | None = None, times: int = 1) -> list[Message]:
        """What the bot wrote or changed when the button was pressed, perhaps again before anything came of it."""
        chat = self.telegram.world.chats[message.chat]
        return self.see(chat, *(self.telegram.press(message, label, by) for _ in range(times)))

    def see(self, chat: Chat, *doing: Awaitable[object]) -> list[Message]:
        before = self.telegram.messages(chat)

        async def do() -> None:
            for one in doing:
                await one
            await self.settled()

        self.run(do())
        return [message for message in self.telegram.messages(chat) if message not in before]

    def texts(self, chat: Chat) -> list[str]:
        return [message.text for message in self.telegram.messages(chat)]


def heard(words: Sequence[str], caplog: pytest.LogCaptureFixture) -> list[str]:
    """Lines of the log that hold what they must not, or that say that a task was forgotten."""
    lines = [f"{record.name}: {caplog.handler.format(record)}" for record in caplog.records]
    forgotten = [
        line for line in lines if line.startswith("asyncio") and ("never retrieved" in line or "pending" in line)
    ]
    return forgotten + [line for line in lines if any(word in line for word in words)]


def log_as_in_earnest(caplog: pytest.LogCaptureFixture) -> None:
    """Everything is logged that the bot would log when told to log everything, and nothing hidden in it."""
    logs.configure("debug")
    logging.getLogger().addHandler(caplog.handler)
