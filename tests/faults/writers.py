"""Two processes of ten writers each on one SQLite file: nobody is turned away."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
import multiprocessing
from multiprocessing.queues import SimpleQueue
from pathlib import Path
import random
import time

from bot.chat import Address
from bot.db import Database
from bot.delivery import pace
from tests.faults.trials import Counts, Databases, Trial

__all__ = ["trials"]

WRITERS = 10
_NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def _write(url: str, times: int, said: "SimpleQueue[tuple[int, float]]") -> None:
    """So many writes of each of ten threads; how many failed, and how long the longest took."""
    database = Database(url)

    def one(number: int) -> tuple[int, float]:
        failed, longest = 0, 0.0
        _, chat = pace.scopes_of(Address("telegram", str(number)))
        for _ in range(times):
            began = time.monotonic()
            try:
                with database.write() as c:
                    pace.reserve(c, chat, _NOW)
            except Exception:  # noqa: BLE001  # "database is locked", or whatever it may be
                failed += 1
            longest = max(longest, time.monotonic() - began)
        return failed, longest

    with ThreadPoolExecutor(WRITERS) as pool:
        results = list(pool.map(one, range(WRITERS)))
    said.put((sum(failed for failed, _ in results), max(longest for _, longest in results)))


async def run(_luck: random.Random, databases: Databases, _folder: Path, size: int) -> Counts:
    """So many writes of each writer."""
    url = await asyncio.to_thread(databases)
    context = multiprocessing.get_context("forkserver")
    said: SimpleQueue[tuple[int, float]] = context.SimpleQueue()
    processes = [context.Process(target=_write, args=(url, size, said), daemon=True) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        await asyncio.to_thread(process.join, 600)
    results = [said.get() for process in processes if process.exitcode == 0]
    return {
        "writes": 2 * WRITERS * size,
        "finished": len(results),
        "turned away": sum(failed for failed, _ in results),
        "longest wait, s": round(max(longest for _, longest in results), 2),
    }


def trials() -> list[Trial]:
    limits = {"finished": (2.0, 2.0), "turned away": (0.0, 0.0)}
    return [Trial("two processes of ten writers", "sqlite", run, short=20, long=1, full=500, limits=limits)]
