"""A process is killed at a named point of sending, and another goes on: what arrived is counted at the emulator."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
import random
from typing import Protocol

from bot.chat import Address
from bot.db import Database
from bot.delivery import outbox
from bot.delivery.outbox import Message, Sort
from tests.emulators.slack import SlackEmulator
from tests.emulators.telegram import TelegramEmulator
from tests.faults.children import POINTS, Work, begin, text_of
from tests.faults.trials import Counts, Databases, Trial

__all__ = ["trials"]

WAITS = 60


class Place(Protocol):
    """A platform where messages arrive."""

    work: Work

    def addresses(self) -> list[tuple[Address, Sort]]: ...
    def hang(self, point: str) -> None: ...
    def mend(self) -> None: ...
    def arrived(self) -> list[str]: ...
    def violations(self) -> list[str]: ...


@dataclass
class OnSlack:
    slack: SlackEmulator
    work: Work
    number: int

    def addresses(self) -> list[tuple[Address, Sort]]:
        channels = [self.slack.channel(f"kanaal-{number}") for number in range(self.number // 2)]
        people = [self.slack.person(f"Lezer {number}") for number in range(self.number - len(channels))]
        posts: list[tuple[Address, Sort]] = [(Address("slack", one.id), "post") for one in channels]
        return posts + [(Address("slack", one.id), "personal") for one in people]

    def hang(self, point: str) -> None:
        how = "before" if point == "on its way" else "after"
        self.slack.fault("chat.postMessage", times=None, delay=0.3, drop=how)  # type: ignore[arg-type]

    def mend(self) -> None:
        self.slack.mend()

    def arrived(self) -> list[str]:
        posted = self.slack.workspace.posted
        return [message.text for message in posted if message.by == self.slack.bot]

    def violations(self) -> list[str]:
        return self.slack.violations


@dataclass
class OnTelegram:
    telegram: TelegramEmulator
    work: Work
    made: list[tuple[Address, Sort]]

    def addresses(self) -> list[tuple[Address, Sort]]:
        return self.made

    def hang(self, point: str) -> None:
        how = "before" if point == "on its way" else "after"
        self.telegram.fault("sendMessage", times=10_000, hang=0.3, when=how)  # type: ignore[arg-type]

    def mend(self) -> None:
        self.telegram._faults.waiting.clear()

    def arrived(self) -> list[str]:
        chats = self.telegram.world.chats.values()
        return [message.text for chat in chats for message in self.telegram.messages(chat)]

    def violations(self) -> list[str]:
        return self.telegram.violations


@asynccontextmanager
async def place(platform: str, url: str, number: int) -> AsyncIterator[Place]:
    if platform == "slack":
        async with SlackEmulator() as slack:
            yield OnSlack(slack, Work(url, platform, slack.bot_token, slack.base_url), number)
        return
    async with TelegramEmulator() as telegram:
        made: list[tuple[Address, Sort]] = []
        for one in range(number):
            person = telegram.person(f"Lezer {one}")
            await telegram.start(person)
            if one % 2:
                made.append((Address("telegram", str(person.id)), "personal"))
            else:
                group = telegram.group(f"Groep {one}")
                await telegram.add_bot(group, by=person)
                made.append((Address("telegram", str(group.id)), "post"))
        yield OnTelegram(telegram, Work(url, platform, telegram.token, telegram.url), made)


async def run(
    luck: random.Random, databases: Databases, _folder: Path, size: int, *, platform: str, point: str
) -> Counts:
    """So many messages, one death, and what became of each part of each message."""
    url = await asyncio.to_thread(databases)
    async with place(platform, url, size) as where:
        now = datetime.now(UTC)
        messages = tuple(
            Message("word", sort, f"bericht {number:04}", to, now, now + timedelta(hours=3))
            for number, (to, sort) in enumerate(where.addresses())
        )
        if point in ("on its way", "done there"):
            where.hang(point)
        often = 1 if point in ("deciding", "decided", "claimed") else size
        work = replace(where.work, messages=messages)
        first = begin(replace(work, dies_at=point, after=luck.randrange(often)))
        await asyncio.to_thread(first.join, WAITS)
        where.mend()
        second = begin(work)
        await asyncio.to_thread(second.join, WAITS)
        return _counted(Database(url), messages, where, died=first.exitcode, ended=second.exitcode)


def _counted(
    database: Database, messages: tuple[Message, ...], where: Place, *, died: int | None, ended: int | None
) -> Counts:
    with database.read() as c:
        rows = {row["key"]: row for row in c.execute(outbox.outbox.select()).mappings()}
        balance = outbox.balance(c)
    database.close()
    arrived = Counter(where.arrived())
    lost = double = flagged = 0
    for message in messages:
        row = rows[message.key]
        is_flagged = row["doubts"] > 0 or row["state"] in ("unknown", "held")
        flagged += is_flagged
        for second in (False, True) if message.subject.endswith("0") else (False,):
            times = arrived[text_of(message.subject, second=second)]
            lost += times == 0 and not is_flagged
            double += times > 1 and not (is_flagged and times == 2)
    return {
        "messages": len(messages),
        "killed": died not in (0, None),
        "finished": ended == 0,
        "lost": lost,
        "double": double,
        "flagged": flagged,
        "accounted for": balance.holds and balance.accepted == len(messages),
        "violations": len(where.violations()),
    }


def trials() -> list[Trial]:
    """One trial for each point, platform and database."""
    found = []
    for database in ("sqlite", "postgresql"):
        for platform in ("slack", "telegram"):
            # In Slack nothing may even be in doubt.
            doubt = {"flagged": (0, 0)} if platform == "slack" else {}
            limits = dict.fromkeys(("killed", "finished", "accounted for"), (1, 1))
            limits |= dict.fromkeys(("lost", "double", "violations"), (0, 0))
            found += [
                Trial(
                    f"killed while sending to {platform}: {point}",
                    database,
                    partial(run, platform=platform, point=point),
                    short=6,
                    long=50,
                    full=20,
                    limits={**limits, **doubt},
                )
                for point in POINTS
            ]
    return found
