"""The bot in an emulated Slack, for tests: the real handler, Bolt and inbox, and whatever answers."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
import logging
from typing import Any

import pytest
import sqlalchemy as sa

from bot.chat import Answerer, Reply, Request
from bot.db import Database, metadata
from bot.delivery.inbox import PlatformInbox
from bot.handlers.slack import Slack
from tests.dialogues.conftest import World
from tests.emulators.slack import APP_TOKEN, BOT_TOKEN, Channel, Message, Person, SlackEmulator

__all__ = ["PUPIL", "Hanging", "Scene", "echo", "everything", "in_order", "logged", "play", "rows", "waiting"]

PUPIL = "Sanne de Vries uit 2B heeft thuis veel ruzie, tel 06 12345678"
SECRET = (BOT_TOKEN, APP_TOKEN, "ticket=", "Sanne", "geheim", "debat", "Ambassadeur")
"""What must be in no log, whatever goes wrong: tokens, what people type here and what they are called."""


@pytest.fixture(autouse=True)
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """The log of the test, with everything that anything ever logs; afterwards there is nothing of anybody in it."""
    caplog.set_level(logging.DEBUG)
    yield caplog
    written = "\n".join(map(logging.Formatter().format, caplog.get_records("call")))
    assert [word for word in SECRET if word.lower() in written.lower()] == []


@dataclass
class Scene:
    """Somebody in a channel of a Slack with the bot in it."""

    slack: SlackEmulator
    world: World
    answer: Answerer
    given: dict[str, Any]
    a: Person = field(init=False)
    regio: Channel = field(init=False)
    bot: Slack = field(init=False)
    inbox: PlatformInbox = field(init=False)
    running: asyncio.Task[None] = field(init=False)
    slept: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.a = self.slack.person("Ambassadeur A", guest=True)
        self.regio = self.slack.channel("regio-utrecht", members=[self.a])

    def make(self, **given: Any) -> Slack:
        """A bot that did not start yet."""
        slack = self.slack
        known: dict[str, Any] = {
            "base_url": slack.base_url,
            "name_seconds": 5,
            "finish_seconds": 2,
            "sleep": self._sleep,
        }
        tokens = (given.pop("bot_token", slack.bot_token), given.pop("app_token", slack.app_token))
        return Slack(*tokens, self.answer, self.inbox, **(known | self.given | given))

    async def start(self, inbox: type[PlatformInbox] = PlatformInbox) -> None:
        world = self.world
        self.inbox = inbox(world.database, "slack", world.is_personal, lambda: world.now)
        self.bot = self.make()
        self.running = asyncio.create_task(self.bot.run())
        await self.slack.until(lambda: self.slack.connections or self.running.done())

    async def stop(self) -> None:
        self.bot.stop()
        await self.running
        self.inbox.close()

    async def kill(self) -> None:
        """The bot is gone, whatever it was doing."""
        self.bot._finish_seconds = 0
        await self.stop()

    async def settle(self) -> None:
        """Waits until everything is answered."""
        await self.slack.idle(quiet=0)
        await self.bot.answering.idle()
        await self.slack.idle(quiet=0)

    async def press(self, person: Person, message: Message, label: str) -> None:
        """Somebody presses a button, and what comes of it has come."""
        answer = await self.slack.press(person, message, label)
        assert answer.acknowledged
        assert answer.payload is None
        await self.settle()

    def newest(self, person: Person | None = None) -> Message:
        """The bot's newest message in the channel, as a person sees it."""
        return self.slack.newest(self.regio, person)

    def said(self, where: Channel | Person, person: Person | None = None) -> list[str]:
        """The first line of everything the bot said somewhere."""
        messages = self.slack.messages(where, person)
        return [message.plain.partition("\n")[0] for message in messages if message.by == self.slack.bot]

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def play(
    world: World,
    script: Callable[[Scene], Awaitable[None]],
    *,
    answer: Answerer | None = None,
    emulator: Mapping[str, Any] | None = None,
    **given: Any,
) -> None:
    """Plays a script; at its end nothing was done that Slack does not allow, and nobody's Slack rang."""

    async def whole() -> None:
        async with SlackEmulator(**(emulator or {})) as slack:
            scene = Scene(slack, world, answer or world.answer, given)
            await scene.start()
            try:
                await script(scene)
                await scene.settle()
            finally:
                await scene.stop()
            assert slack.violations == []
            assert slack.notified == []

    asyncio.run(whole())


async def echo(request: Request) -> Reply:
    """What was asked, and by whom."""
    return Reply(f"{request.kind}: {request.text} ({request.name})")


class Hanging:
    """Answers when it is told to, and knows what it was asked."""

    def __init__(self, then: Answerer = echo) -> None:
        self.asked: list[Request] = []
        self.going = asyncio.Event()
        self._then = then

    async def __call__(self, request: Request) -> Reply:
        self.asked.append(request)
        await self.going.wait()
        return await self._then(request)


def everything(database: Database) -> str:
    """All that stands in any table."""
    with database.read() as c:
        return repr([list(c.execute(sa.select(table))) for table in metadata.sorted_tables])


def waiting(database: Database) -> int:
    """How many events are kept and not answered."""
    with database.read() as c:
        table = metadata.tables["inbox"]
        return c.scalar(sa.select(sa.func.count()).where(table.c.answered_at.is_(None))) or 0


def rows(database: Database) -> int:
    with database.read() as c:
        return c.scalar(sa.select(sa.func.count()).select_from(metadata.tables["inbox"])) or 0


def in_order(text: str, *parts: str) -> None:
    position = 0
    for part in parts:
        found = text.find(part, position)
        assert found >= 0, f"{part!r} is not in its place in {text}"
        position = found + len(part)
