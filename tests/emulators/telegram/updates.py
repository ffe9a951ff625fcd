"""The queue of updates as Telegram keeps it: an update stays until a later offset confirms it."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from tests.emulators.telegram.contract import update_is_legal
from tests.emulators.telegram.refusals import Refused, conflict

Json = dict[str, Any]

KINDS = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "message_reaction",
        "message_reaction_count",
        "poll",
        "poll_answer",
    }
)
_DEFAULT = KINDS - {"chat_member", "message_reaction", "message_reaction_count"}
_LONGEST_POLL = 50


class Updates:
    """What waits for the bot, and the one long poll that may wait for it."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        self.waiting: list[Json] = []
        self.confirmed: list[Json] = []
        self.allowed = _DEFAULT
        self.polling = 0
        self._again: list[Json] = []
        self._poll: asyncio.Future[None] | None = None
        self._next_id = 700_000_001
        self._on_change = on_change

    def add(self, kind: str, body: Json) -> bool:
        """Puts an update in the queue, unless the bot doesn't want its kind: then it never existed."""
        update = {"update_id": self._next_id, kind: body}
        update_is_legal(update)
        if kind not in self.allowed:
            return False
        self._next_id += 1
        self.waiting.append(update)
        self._wake()
        return True

    def redeliver(self, count: int) -> None:
        """Delivers the last confirmed updates once more, whatever the offset of the next call."""
        self._again += self.confirmed[-count:]
        self._wake()

    def forget(self) -> None:
        self.waiting.clear()
        self._on_change()

    def allow(self, kinds: Sequence[str] | None) -> None:
        """What the bot wants from now on; nothing given leaves it as it was, an empty list is the default."""
        if kinds is not None:
            self.allowed = frozenset(kind.lower() for kind in kinds) & KINDS or _DEFAULT

    async def get(self, offset: int = 0, limit: int = 100, seconds: float = 0) -> list[Json]:
        """The updates from an offset on, waiting for the first one; everything below the offset is confirmed."""
        limit = min(max(limit, 1), 100)
        self._confirm(offset)
        found = self._take(limit)
        if found or seconds <= 0:
            return found
        self.interrupt("terminated by other getUpdates request; make sure that only one bot instance is running")
        poll = self._poll = asyncio.get_running_loop().create_future()
        self.polling += 1
        self._on_change()
        try:
            await asyncio.wait_for(poll, min(seconds, _LONGEST_POLL))
        except TimeoutError:
            return []
        finally:
            self.polling -= 1
            if self._poll is poll:
                self._poll = None
        return self._take(limit)

    def interrupt(self, reason: str) -> None:
        """Ends the long poll that waits, as Telegram does for another one."""
        if self._poll and not self._poll.done():
            self._poll.set_exception(conflict(reason))

    def end(self) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_exception(Refused(502, "Bad Gateway"))

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            offset = self.waiting[offset]["update_id"] if -offset <= len(self.waiting) else 0
        self.confirmed += [update for update in self.waiting if update["update_id"] < offset]
        self.waiting = [update for update in self.waiting if update["update_id"] >= offset]
        self._on_change()

    def _take(self, limit: int) -> list[Json]:
        again, self._again = self._again[:limit], self._again[limit:]
        return again + self.waiting[: limit - len(again)]

    def _wake(self) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_result(None)
        self._on_change()
