"""The network, the disk and the database fail one after the other while messages go out: none is lost."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
import random

import psycopg
import sqlalchemy as sa

from bot.chat import Address
from bot.db import Database
from bot.delivery import outbox
from bot.delivery.outbox import Message
from tests.emulators.telegram import TelegramEmulator
from tests.faults.children import Work, begin, text_of
from tests.faults.trials import Counts, Databases, Trial
from tests.handlers.telegram_bot import Door

__all__ = ["trials"]

LASTS = 1.0
"""Seconds that each trouble lasts."""


async def run(_luck: random.Random, databases: Databases, folder: Path, size: int) -> Counts:
    """So many messages, with a trouble after each third of them."""
    url = await asyncio.to_thread(databases)
    full = folder / "full"
    async with TelegramEmulator() as telegram:
        messages, now = [], datetime.now(UTC)
        for number in range(size):
            person = telegram.person(f"Lezer {number}")
            await telegram.start(person)
            to = Address("telegram", str(person.id))
            messages.append(Message("word", "personal", f"{number:04}x", to, now, now + timedelta(hours=3)))
        door = Door(telegram)
        await door.open()
        work = Work(url, "telegram", telegram.token, door.url, tuple(messages), every=1 / 28, full=full)
        process, waits = begin(work), []
        for part, trouble in enumerate(("network", "database"), 1):
            await telegram.until(lambda part=part: _sent(telegram) >= size * part // 3, timeout=60)  # type: ignore[misc]
            if trouble == "network":
                await door.shut()
                await asyncio.sleep(LASTS)
                await door.open()
            elif url.startswith("sqlite"):
                full.touch()
                await asyncio.sleep(LASTS)
                full.unlink()
            else:
                await asyncio.to_thread(_cut_off, url)
            waits.append(await _until_sent_again(telegram))
        await asyncio.to_thread(process.join, 120)
        await door.shut()
        said = Counter(message.text for chat in telegram.world.chats.values() for message in telegram.messages(chat))
        database = Database(url)
        with database.read() as c:
            balance = outbox.balance(c)
        database.close()
        return {
            "messages": size,
            "finished": process.exitcode == 0,
            "lost": len({text_of(one.subject) for one in messages} - said.keys()),
            "double": max(0, sum(number - 1 for number in said.values()) - balance.flagged),
            "perhaps double, flagged": balance.flagged,
            "sending again after, s": round(max(waits), 2),
            "accounted for": balance.holds,
            "violations": len(telegram.violations),
        }


def _sent(telegram: TelegramEmulator) -> int:
    return len(telegram.calls_of("sendMessage"))


async def _until_sent_again(telegram: TelegramEmulator) -> float:
    """Seconds until the next message."""
    loop = asyncio.get_running_loop()
    before, since = _sent(telegram), loop.time()
    await telegram.until(lambda: _sent(telegram) > before, timeout=60)
    return loop.time() - since


def _cut_off(url: str) -> None:
    """Nobody can reach the database for a while, and who was there is thrown out, as when it restarts."""
    target = sa.make_url(url).set(drivername="postgresql")
    name, server = target.database, target.set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        connection.execute("SELECT pg_sleep(%s)", [LASTS])
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())


def trials() -> list[Trial]:
    limits = dict.fromkeys(("lost", "double", "violations"), (0.0, 0.0))
    limits |= {"finished": (1, 1), "accounted for": (1, 1), "sending again after, s": (0, 30)}
    one = Trial("network, disk and database fail", "sqlite", run, short=45, long=3, full=300, limits=limits)
    return [one, replace(one, name="network and database fail", database="postgresql")]
