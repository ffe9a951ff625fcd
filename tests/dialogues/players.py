"""One person in one chat, on each platform: what they type and press, and what they get to see for it.

The terminal is played without a wire; Telegram and Slack through the bot's own handlers, the client libraries it uses
and the emulators on this machine.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from bot.chat import Address, Answerer, Reply, Request
from bot.db import Database
from bot.delivery.inbox import PlatformInbox
from bot.handlers.console import render
from bot.handlers.slack import Slack
from bot.handlers.telegram import Telegram
from tests.emulators import slack, telegram

__all__ = ["PLAYERS", "Bot", "Player", "playing"]

Result = TypeVar("Result")


class Bot(Protocol):
    """What a player plays with: the bot behind the platform."""

    database: Database
    now: datetime
    chats: int
    """Which conversation what is said belongs to."""

    async def answer(self, request: Request) -> Reply: ...

    def is_personal(self, text: str) -> bool: ...


class Player(Protocol):
    """A person at a platform. Everything returns the texts that are new or changed, each with its buttons."""

    def send(self, text: str) -> list[str]: ...

    def press(self, label: str, times: int = 1) -> list[str]:
        """Presses the newest button with that label, perhaps again before anything came of it."""

    def restart(self) -> None:
        """The bot stops and starts again, with what it kept."""

    def close(self) -> None: ...


@contextmanager
def playing(platform: str, bot: Bot) -> Iterator[Player]:
    player = PLAYERS[platform](bot)
    try:
        yield player
    finally:
        player.close()


class TerminalPlayer:
    """The plainest platform: the words of the reply, and its buttons in square brackets."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._seen: list[Reply] = []

    def send(self, text: str) -> list[str]:
        return self._show(Request(text, self._chat()))

    def press(self, label: str, times: int = 1) -> list[str]:
        for reply in reversed(self._seen):
            for button in reply.buttons:
                if button.label == label:
                    shown = [self._show(Request(button.sends, self._chat(), about=button.about)) for _ in range(times)]
                    return shown[-1]
        raise AssertionError(f"there is no button [{label}]")

    def restart(self) -> None: ...

    def close(self) -> None: ...

    def _chat(self) -> Address:
        return Address("test", f"chat {self._bot.chats}")

    def _show(self, request: Request) -> list[str]:
        shown: list[str] = []
        reply: Reply | None = asyncio.run(self._bot.answer(request))
        while reply:
            self._seen.append(reply)
            shown += [render(replace(reply, buttons=(), then=None), width=10_000), _in_brackets(reply)]
            reply = reply.then
        return shown


class _Wired:
    """What playing on a wire has in common: a loop that runs while somebody acts, and the bot's handler in it."""

    platform: str

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._inbox: PlatformInbox | None = None
        self._handler: Telegram | Slack | None = None
        self._running: asyncio.Task[None] | None = None

    def _play(self, what: Awaitable[Result]) -> Result:
        async def play() -> Result:
            return await what

        return self._runner.run(play())

    def _start(self, make: Callable[[Answerer, PlatformInbox], Telegram | Slack]) -> None:
        async def begin() -> None:
            # The clock of a transcript stands still, so nobody may wait for a turn by it.
            at_once = partial(asyncio.sleep, 0)
            bot = self._bot
            self._inbox = PlatformInbox(bot.database, self.platform, bot.is_personal, lambda: bot.now, sleep=at_once)
            self._handler = make(self._bot.answer, self._inbox)
            self._running = asyncio.create_task(self._handler.run())

        self._runner.run(begin())

    def _stop(self) -> None:
        async def end() -> None:
            if self._handler and self._running and self._inbox:
                self._handler.stop()
                await self._running
                self._inbox.close()

        self._runner.run(end())

    async def _answered(self) -> None:
        if self._running and self._running.done():
            self._running.result()
        if self._handler:
            await self._handler.answering.idle()

    def close(self) -> None:
        self._stop()
        self._play(self._stack.aclose())
        self._runner.close()


class TelegramPlayer(_Wired):
    """Somebody in a private chat with the bot in Telegram."""

    platform = "telegram"

    def __init__(self, bot: Bot) -> None:
        super().__init__(bot)
        self._telegram = telegram.TelegramEmulator()
        self._play(self._stack.enter_async_context(self._telegram))
        self._people: dict[int, telegram.Person] = {}
        self._before: list[telegram.Message] = []
        self.restart()

    def restart(self) -> None:
        self._stop()
        self._start(
            lambda answer, inbox: Telegram(
                self._telegram.token, answer, inbox, base_url=self._telegram.url, finish_seconds=2
            )
        )

    def send(self, text: str) -> list[str]:
        return self._see(self._telegram.say(self._person, self._person, text))

    def press(self, label: str, times: int = 1) -> list[str]:
        for message in reversed(self._telegram.messages(self._person)):
            if label in message.labels:
                return self._see(*(self._telegram.press(message, label) for _ in range(times)))
        raise AssertionError(f"there is no button [{label}]")

    @property
    def _person(self) -> telegram.Person:
        if self._bot.chats not in self._people:
            self._people[self._bot.chats] = self._telegram.person(f"Leraar {self._bot.chats}")
            self._before = []
        return self._people[self._bot.chats]

    def _see(self, *doing: Awaitable[object]) -> list[str]:
        async def do() -> None:
            await asyncio.gather(*doing)
            await self._telegram.idle(quiet=0)
            await self._answered()
            await self._telegram.idle(quiet=0)

        self._play(do())
        assert self._telegram.violations == [], self._telegram.violations
        assert self._telegram.unanswered_callbacks == []
        now = self._telegram.messages(self._person)
        new = [message for message in now if message not in self._before]
        self._before = now
        return [part for message in new for part in (message.text, _labels(message.labels))]


class SlackPlayer(_Wired):
    """Somebody in a direct conversation with the bot in Slack. What opens a window is asked there."""

    platform = "slack"

    def __init__(self, bot: Bot) -> None:
        super().__init__(bot)
        self._slack = slack.SlackEmulator()
        self._play(self._stack.enter_async_context(self._slack))
        self._people: dict[int, slack.Person] = {}
        self._before: list[slack.Message] = []
        self.restart()

    def restart(self) -> None:
        self._stop()
        wire = self._slack
        self._start(
            lambda answer, inbox: Slack(
                wire.bot_token, wire.app_token, answer, inbox, base_url=wire.base_url, finish_seconds=2
            )
        )
        self._play(wire.connected())

    def send(self, text: str) -> list[str]:
        if windows := self._slack.modals(self._person):
            return self._see(self._slack.submit(self._person, windows[-1], {"answer": text}))
        return self._see(self._slack.direct(self._person, text))

    def press(self, label: str, times: int = 1) -> list[str]:
        for message in reversed(self._slack.messages(self._person)):
            if label in message.labels:
                return self._see(*(self._slack.press(self._person, message, label) for _ in range(times)))
        raise AssertionError(f"there is no button [{label}]")

    @property
    def _person(self) -> slack.Person:
        if self._bot.chats not in self._people:
            self._people[self._bot.chats] = self._slack.person(f"Ambassadeur {self._bot.chats}")
            self._before = []
        return self._people[self._bot.chats]

    def _see(self, *doing: Awaitable[object]) -> list[str]:
        async def do() -> None:
            await asyncio.gather(*doing)
            await self._slack.idle(quiet=0)
            await self._answered()
            await self._slack.idle(quiet=0)

        self._play(do())
        assert self._slack.violations == [], self._slack.violations
        assert self._slack.notified == [], self._slack.notified
        now = [one for one in self._slack.messages(self._person) if one.by == self._slack.bot]
        new = [message for message in now if message not in self._before]
        self._before = now
        shown = [part for message in new for part in (message.plain, _labels(message.labels))]
        for window in self._slack.modals(self._person):
            shown += [window.plain, *(field.label for field in window.fields), *window.errors.values()]
        return shown


def _in_brackets(reply: Reply) -> str:
    return _labels([button.label for button in reply.buttons])


def _labels(labels: Sequence[str]) -> str:
    return " ".join(f"[{label}]" for label in labels)


PLAYERS: dict[str, Callable[[Bot], Player]] = {
    "terminal": TerminalPlayer,
    "telegram": TelegramPlayer,
    "slack": SlackPlayer,
}
