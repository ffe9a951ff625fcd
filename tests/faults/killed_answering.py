"""Very many questions wait at Telegram, and who answers them is killed again and again: each is answered once."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import logging
import multiprocessing
from multiprocessing.process import BaseProcess
from pathlib import Path
import random

import sqlalchemy as sa

from bot.chat import Reply, Request
from bot.db import Database
from bot.delivery import inbox as inbox_module
from bot.delivery import pace
from bot.delivery.inbox import PlatformInbox
from bot.handlers import telegram as telegram_module
from bot.handlers.telegram import Telegram
from tests.emulators.telegram import TelegramEmulator
from tests.faults.trials import Counts, Databases, Trial

__all__ = ["trials"]

LEASE = timedelta(seconds=0.5)
PEOPLE = 50


@dataclass(frozen=True, slots=True)
class Answers:
    """Where somebody answers, and the file that tells how often they left an answer alone that perhaps arrived."""

    url: str
    token: str
    base_url: str
    left_alone: Path


def _answer(work: Answers) -> None:
    """Answers until it is killed."""
    pace.TELEGRAM = pace.Scope("telegram", timedelta(milliseconds=1))
    telegram_module.TAKES_OVER_EVERY = 0.1  # type: ignore[assignment]
    logging.basicConfig(filename=work.left_alone, level=logging.WARNING, format="%(message)s")
    database = Database(work.url)

    async def echo(request: Request) -> Reply:
        return Reply(f"Je zei: {request.text}")

    async def run() -> None:
        inbox = PlatformInbox(database, "telegram", lambda _: False, lambda: datetime.now(UTC), lease=LEASE)
        await Telegram(work.token, echo, inbox, base_url=work.base_url).run()

    asyncio.run(run())


def _begin(work: Answers) -> BaseProcess:
    context = multiprocessing.get_context("forkserver")
    process = context.Process(target=_answer, args=(work,), daemon=True)
    process.start()
    return process


async def run(luck: random.Random, databases: Databases, folder: Path, size: int, *, kills: int) -> Counts:
    """So many questions of fifty people, and a kill each time that a part of them is answered."""
    url = await asyncio.to_thread(databases)
    left_alone = folder / "left-alone.txt"
    async with TelegramEmulator() as telegram:
        people = [telegram.person(f"Leraar {number}") for number in range(PEOPLE)]
        for number in range(size):
            await telegram.say(people[number % PEOPLE], people[number % PEOPLE], f"vraag {number}")
        work = Answers(url, telegram.token, telegram.url, left_alone)
        killed = 0
        for one in range(kills):
            process = _begin(work)
            goal = size * (one + 1) // (kills + 1) + luck.randrange(5)
            await telegram.until(lambda goal=goal: _answers(telegram) >= min(goal, size - kills), timeout=300)  # type: ignore[misc]
            process.kill()
            await asyncio.to_thread(process.join, 60)
            killed += 1
        before = len(telegram.calls_of("getMe"))
        process = _begin(work)
        # Until it is there nothing happens, and that would look as if all was answered.
        await telegram.until(lambda: len(telegram.calls_of("getMe")) > before, timeout=60)
        await telegram.idle(quiet=1.0, timeout=300)
        for _ in range(600):  # a database tells nobody when it has changed
            if not await asyncio.to_thread(_left, url):
                break
            await asyncio.sleep(0.1)
        process.kill()
        await asyncio.to_thread(process.join, 60)
        said = Counter(message.text for person in people for message in telegram.messages(person))
        orders = [[int(message.text.rpartition(" ")[2]) for message in telegram.messages(one)] for one in people]
        unsure = left_alone.read_text(encoding="utf-8").count("may not have arrived") if left_alone.exists() else 0
        asked = {
            str(update["update_id"]): update["message"]["text"]
            for update in (*telegram.updates.confirmed, *telegram.updates.waiting)
        }
        without = {number for number, text in asked.items() if f"Je zei: {text}" not in said}
        return {
            "questions": size,
            "killed": killed,
            # Without an answer, and not even begun to be answered: nobody could know that anything is missing.
            "lost": len(without - _begun(url)),
            "answered twice": sum(number - 1 for number in said.values()),
            "perhaps not answered, said": unsure,
            "without an answer": len(without),
            "not in order": sum(numbers != sorted(numbers) for numbers in orders),
            "left in the inbox": _left(url),
            "violations": len(telegram.violations),
        }


def _answers(telegram: TelegramEmulator) -> int:
    return len(telegram.calls_of("sendMessage"))


def _left(url: str) -> int:
    database = Database(url)
    table = inbox_module.inbox
    with database.read() as c:
        left = c.scalar(sa.select(sa.func.count()).select_from(table).where(table.c.answered_at.is_(None))) or 0
    database.close()
    return left


def _begun(url: str) -> set[str]:
    """The ids of all events of which something may have been sent."""
    database = Database(url)
    table = inbox_module.inbox
    with database.read() as c:
        begun = set(c.execute(sa.select(table.c.id).where(table.c.begun_at.is_not(None))).scalars())
    database.close()
    return begun


def trials() -> list[Trial]:
    found = []
    names = ("lost", "answered twice", "left in the inbox", "violations")
    for database in ("sqlite", "postgresql"):

        async def short_or_long(luck: random.Random, databases: Databases, folder: Path, size: int) -> Counts:
            return await run(luck, databases, folder, size, kills=20 if size > 1000 else 2)

        limits = dict.fromkeys(names, (0.0, 0.0))
        found.append(Trial("killed while answering", database, short_or_long, 150, 1, 10_000, limits))
    return found
