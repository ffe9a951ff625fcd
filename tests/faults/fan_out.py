"""Very many messages on Telegram, to people and groups: how fast they go, and that no limit is passed."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
import random

from bot.chat import Address
from bot.delivery.outbox import Message
from tests.emulators.telegram import TelegramEmulator
from tests.faults.children import Work, begin
from tests.faults.trials import Counts, Databases, Trial

__all__ = ["most_within", "trials"]

FLOODED = 1
"""Seconds that Telegram asks to wait, once, in the middle."""


def most_within(seconds: float, times: Iterable[float]) -> int:
    """How many there are at most in any span of so many seconds."""
    ordered, first, most = sorted(times), 0, 0
    for last, time in enumerate(ordered):
        while ordered[first] <= time - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


async def run(_luck: random.Random, databases: Databases, _folder: Path, size: int) -> Counts:
    """One in twenty goes to a group, and every tenth person gets two."""
    url = await asyncio.to_thread(databases)
    async with TelegramEmulator() as telegram:
        messages: list[Message] = []
        now = datetime.now(UTC)
        for number in range(size):
            if number % 10 != 1 or not messages:
                person = telegram.person(f"Lezer {number}")
                await telegram.start(person)
                chat = person.id
                if number % 20 == 0:
                    group = telegram.group(f"Groep {number}")
                    await telegram.add_bot(group, by=person)
                    chat = group.id
            to = Address("telegram", str(chat))
            messages.append(Message("word", "personal", f"{number}x", to, now, now + timedelta(hours=3)))
        telegram.enforce_limits()
        work = Work(url, "telegram", telegram.token, telegram.url, tuple(messages), hurries=False)
        process = begin(work)
        await telegram.until(lambda: len(telegram.calls_of("sendMessage")) > size // 2, timeout=3600)
        fault = telegram.fault("sendMessage", status=429, retry_after=FLOODED)
        await asyncio.to_thread(process.join, 3600)
        sent = [call for call in telegram.calls_of("sendMessage") if call.status == 200]
        times = [call.at for call in sent]
        chats: dict[str, list[float]] = defaultdict(list)
        for call in sent:
            chats[str(call.arguments["chat_id"])].append(call.at)
        people = [at for chat, at in chats.items() if not chat.startswith("-")]
        groups = [at for chat, at in chats.items() if chat.startswith("-")]
        longest = max((later - one for one, later in pairwise(sorted(times))), default=0.0)
        return {
            "messages": size,
            "lost": size - len(sent),
            "a second": round((size - 1) / (max(times) - min(times) - longest), 2),
            "most in a second": most_within(1, times),
            "most to a person in a second": max(most_within(1, at) for at in people),
            "most to a group in a minute": max(most_within(60, at) for at in groups),
            "429 of its own": telegram.floods,
            "429 of its own for one chat": _too_soon(telegram),
            "429 on purpose": sum(call.status == 429 for call in telegram.calls_of("sendMessage")) - telegram.floods,
            "faults left": fault.times,
            "violations": len(telegram.violations),
        }


def _too_soon(telegram: TelegramEmulator) -> int:
    """How many were refused within a second of another to the same chat."""
    last: dict[str, float] = {}
    found = 0
    for call in telegram.calls_of("sendMessage"):
        chat = str(call.arguments["chat_id"])
        found += call.status == 429 and call.at - last.get(chat, -10.0) <= 1.0
        last[chat] = call.at if call.status == 200 else last.get(chat, -10.0)
    return found


def trials() -> list[Trial]:
    limits = {
        "lost": (0, 0),
        "most in a second": (0, 30),
        "most to a person in a second": (0, 1),
        "most to a group in a minute": (0, 20),
        "429 of its own": (0, 0),
        "429 on purpose": (1, 1),
        "faults left": (0, 0),
        "violations": (0, 0),
    }
    rate = {"a second": (27.0, 30.0)}
    return [Trial("fan-out on Telegram", "sqlite", run, short=45, long=1, full=8000, limits=limits, when_long=rate)]
