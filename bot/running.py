"""The platforms, and what works beside them, until the bot is told to stop: what fails is tried again and disturbs no
other.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
import contextlib
import logging
import random
import signal
import traceback
from typing import Protocol

from bot.chat import Stopped

__all__ = ["Running", "run_platforms"]

log = logging.getLogger(__name__)

LONGEST_WAIT = 60
"""Seconds between two tries to get a platform going again."""
ERASES_EVERY = 60
"""Seconds between two looks for what is past its time."""


class Running(Protocol):
    """A handler that answers a platform's events, or something that works beside those."""

    name: str

    async def run(self) -> None:
        """Works until `stop` is called; raises Stopped when it can't go on until somebody mends something."""

    def stop(self) -> None:
        """Makes `run` finish what it is at, and end."""


async def run_platforms(
    make: Sequence[Callable[[], Running]],
    erase: Callable[[], Awaitable[None]],
    stopping: asyncio.Event | None = None,
    first_wait: float = 1.0,
    beside: Sequence[Callable[[], Running]] = (),
) -> bool:
    """Runs until SIGTERM, SIGINT or `stopping`; whether that was why, and not that no platform can go on.

    What runs is made anew for each try. `erase` is called every minute. What is `beside` the platforms ends with them.
    """
    stopping = stopping or asyncio.Event()
    with _signals(stopping.set):
        erasing = asyncio.create_task(_erase_now_and_then(erase))
        others = [asyncio.create_task(_keep_going(one, stopping, first_wait)) for one in beside]
        going = [asyncio.create_task(_keep_going(one, stopping, first_wait)) for one in make]
        try:
            ended_well = await asyncio.gather(*going)
        finally:
            stopping.set()
            await asyncio.gather(*others)
            erasing.cancel()
    return any(ended_well)


async def _keep_going(make: Callable[[], Running], stopping: asyncio.Event, wait: float) -> bool:
    """Whether the platform ran until the bot was told to stop."""
    first_wait = wait
    while not stopping.is_set():
        platform = make()
        began = asyncio.get_running_loop().time()
        try:
            await _run_until(platform, stopping)
        except Stopped as why:
            log.error("%s: %s The bot goes on without it.", platform.name, why)  # noqa: TRY400  # a sentence says it all
            return False
        except Exception as error:  # noqa: BLE001  # whatever it was, the other platform must not notice
            lasted = asyncio.get_running_loop().time() - began
            wait = first_wait if lasted > LONGEST_WAIT else min(wait * 2, LONGEST_WAIT)
            where = "".join(traceback.format_tb(error.__traceback__))
            kind = type(error).__name__
            log.error("%s: stopped by %s; again in %.0f s\n%s", platform.name, kind, wait, where)  # noqa: TRY400
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), wait * random.uniform(0.75, 1.25))  # noqa: S311  # no secret
    return True


async def _run_until(platform: Running, stopping: asyncio.Event) -> None:
    running = asyncio.create_task(platform.run())
    told = asyncio.create_task(stopping.wait())
    await asyncio.wait({running, told}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    platform.stop()
    await running


async def _erase_now_and_then(erase: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await erase()
        except Exception as error:  # noqa: BLE001  # a busy database now is no reason not to erase in a minute
            log.error("what is past its time could not be erased: %s", type(error).__name__)  # noqa: TRY400
        await asyncio.sleep(ERASES_EVERY)


@contextlib.contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop)
    try:
        yield
    finally:
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(name)
