"""Events answered one after the other in each chat, many chats at once; in order also when the bot stops."""

import asyncio
from collections.abc import Awaitable, Callable
import logging
import traceback

from bot.chat import Elsewhere, Event, Inbox

__all__ = ["Answering"]

log = logging.getLogger(__name__)

MOST_AT_ONCE = 100
"""Events worked on at the same time: more would only wait in line for the same two cores."""


class Answering:
    """What a handler is answering now."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(MOST_AT_ONCE)

    def begin(self, event: Event, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        """Does the work when it is the event's turn in its chat. What goes wrong is logged and stays with it."""
        task = asyncio.create_task(self._in_turn(event, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _in_turn(self, event: Event, work: Callable[[], Awaitable[None]]) -> None:
        try:
            # First its turn, then room: who waits for their turn must not take up the room of those before them.
            async with self._inbox.turn(event), self._room:
                await work()
        except Elsewhere:
            log.info("%s: another run answers an event", event.request.chat.platform)
        except Exception as error:  # noqa: BLE001  # the one place where a platform's event may fail
            # Neither the error's text nor its chain: they can carry what was typed.
            where = "".join(traceback.format_tb(error.__traceback__))
            platform, kind = event.request.chat.platform, type(error).__name__
            log.error("%s: an event could not be answered: %s\n%s", platform, kind, where)  # noqa: TRY400

    async def until_room(self) -> None:
        """Waits while very much is being answered already."""
        while len(self._tasks) > 2 * MOST_AT_ONCE:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def idle(self) -> None:
        """Waits until everything is answered."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def finish(self, seconds: float) -> None:
        """Waits until everything is answered, but not longer; what is left over is answered after the next start."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
            if late:
                log.warning("%s events were left for the next start", len(late))
