"""Two copies of the bot on one PostgreSQL, one of them killed every moment: each slot and message has one effect."""

import asyncio
from collections import Counter
from pathlib import Path
import random

import sqlalchemy as sa

from bot.chat import Address
from bot.db import Database
from bot.delivery import outbox, slots
from tests.emulators.slack import SlackEmulator
from tests.faults.children import Work, begin, text_of
from tests.faults.trials import Counts, Databases, Trial

__all__ = ["trials"]

KILLS_EVERY = 0.15
LIVES_AT_LEAST = 0.5
"""Seconds that a copy is left alone at first: starting takes most of that on two cores."""


async def run(luck: random.Random, databases: Databases, _folder: Path, size: int) -> Counts:
    """So many slots, of two messages each."""
    url = await asyncio.to_thread(databases)
    async with SlackEmulator() as slack:
        chats = tuple(Address("slack", slack.channel(f"kanaal-{number}").id) for number in range(max(4, size // 50)))
        work = Work(url, "slack", slack.bot_token, slack.base_url, slots=size, chats=chats)
        loop, kills = asyncio.get_running_loop(), 0
        alive = [(begin(work), loop.time()) for _ in range(2)]
        while all(process.exitcode != 0 for process, _ in alive):
            await asyncio.sleep(KILLS_EVERY)
            which = luck.randrange(2)
            process, since = alive[which]
            if process.exitcode is None and loop.time() - since > LIVES_AT_LEAST:
                process.kill()
                kills += 1
            if process.exitcode is not None and process.exitcode != 0:
                alive[which] = (begin(work), loop.time())
        for process, _ in alive:
            await asyncio.to_thread(process.join, 60)
        last = begin(work)  # what the last who were killed left
        await asyncio.to_thread(last.join, 60)
        arrived = Counter(message.text for message in slack.workspace.posted)
        database = Database(url)
        with database.read() as c:
            balance = outbox.balance(c)
            done = c.scalar(sa.select(sa.func.count()).select_from(slots.slots).where(slots.slots.c.state == "done"))
        database.close()
        wanted = {text_of(f"{number:05} {which}x") for number in range(size) for which in range(2)}
        return {
            "slots": size,
            "kills": kills,
            "slots not done": size - (done or 0),
            "messages": balance.accepted,
            "messages not decided once": balance.accepted - 2 * size,
            "lost": len(wanted - arrived.keys()),
            "double": sum(number - 1 for number in arrived.values()),
            "accounted for": balance.holds,
            "violations": len(slack.violations),
        }


def trials() -> list[Trial]:
    limits = dict.fromkeys(("slots not done", "messages not decided once", "lost", "double", "violations"), (0, 0))
    limits |= {"accounted for": (1, 1), "kills": (1, 10**9)}
    return [Trial("two copies, one killed", "postgresql", run, short=60, long=1, full=10_000, limits=limits)]
