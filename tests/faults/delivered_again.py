"""Slack delivers each event four times, together or one after the other, in any order: each has one effect."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
import random

from bot.chat import Reply, Request
from bot.db import Database
from bot.delivery.inbox import PlatformInbox
from bot.handlers.slack import Slack
from tests.emulators.slack import SlackEmulator
from tests.faults.trials import Counts, Databases, Trial

__all__ = ["trials"]

TIMES = 4
AT_ONCE = 20
"""Events that are delivered at the same time."""


async def run(luck: random.Random, databases: Databases, _folder: Path, size: int) -> Counts:
    """So many questions of ten people."""
    url = await asyncio.to_thread(databases)
    database, asked = Database(url), Counter[str]()

    async def answer(request: Request) -> Reply:
        asked[request.text] += 1
        return Reply(f"Je zei: {request.text}")

    async with SlackEmulator() as slack:
        people = [slack.person(f"Ambassadeur {number}") for number in range(10)]
        inbox = PlatformInbox(database, "slack", lambda _: False, lambda: datetime.now(UTC))
        bot = Slack(slack.bot_token, slack.app_token, answer, inbox, base_url=slack.base_url)
        running = asyncio.create_task(bot.run())
        await slack.connected()
        order = list(range(size))
        luck.shuffle(order)
        for first in range(0, size, AT_ONCE):
            asking = [
                slack.direct(people[number % 10], f"vraag {number}", times=TIMES, together=luck.random() < 0.5)
                for number in order[first : first + AT_ONCE]
            ]
            await asyncio.gather(*asking)
        await slack.idle(within=60)
        await bot.answering.idle()
        await slack.idle(within=60)
        said = Counter(message.text for message in slack.workspace.posted if message.by == slack.bot)
        bot.stop()
        await running
        inbox.close()
        database.close()
        return {
            "events": size,
            "deliveries": len(slack.acks),
            "effects": len(said),
            "lost": size - len(asked),
            "double": sum(number - 1 for number in asked.values()) + sum(number - 1 for number in said.values()),
            "violations": len(slack.violations),
        }


def trials() -> list[Trial]:
    limits = dict.fromkeys(("lost", "double", "violations"), (0.0, 0.0))
    return [
        Trial("delivered four times", database, run, short=40, long=1, full=1000, limits=limits)
        for database in ("sqlite", "postgresql")
    ]
