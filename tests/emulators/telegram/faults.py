"""What goes wrong on the way to Telegram when a test asks for it, and Telegram's limits on how fast a bot may send."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
import math
from typing import Literal

from tests.emulators.telegram.refusals import Refused, too_many

_WORDS = {
    400: "Bad Request: chat not found",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
}


@dataclass(slots=True)
class Fault:
    """Something that goes wrong with the next calls that it is about."""

    method: str = "*"
    times: int = 1
    chat: int | None = None
    status: int = 0
    """An error instead of an answer; from 500 on a web page, as the servers in front of Telegram give it."""
    description: str = ""
    retry_after: int = 3
    drop: bool = False
    """The connection ends without an answer."""
    hang: float = 0.0
    """Seconds that pass."""
    malformed: bool = False
    """The answer is no JSON."""
    when: Literal["before", "after"] = "before"
    """Whether it goes wrong before Telegram did what was asked, or after it."""

    def concerns(self, method: str, chat: object) -> bool:
        return self.times > 0 and self.method in ("*", method) and (self.chat is None or str(self.chat) == str(chat))

    def answer(self) -> tuple[int, str | Refused]:
        """The status and what is sent with it."""
        if self.status == 429:
            return 429, too_many(self.retry_after)
        if self.status >= 500 and not self.description:
            title = f"{self.status} {HTTPStatus(self.status).phrase}"
            return self.status, f"<html>\r\n<head><title>{title}</title></head>\r\n<body>{title}</body>\r\n</html>\r\n"
        return self.status, Refused(self.status, self.description or _WORDS.get(self.status, "Bad Request"))


class Faults:
    """The faults that wait for a call."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def take(self, method: str, chat: object) -> Fault | None:
        for fault in self.waiting:
            if fault.concerns(method, chat):
                fault.times -= 1
                return fault
        return None


class Limits:
    """How fast a bot may send: strict sliding windows, where the real limits are softer and unknown."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._sent: dict[int | None, deque[float]] = {}

    def count(self, chat: int) -> None:
        """Counts a message; raises what Telegram answers when it is one too many."""
        now = self._clock()
        most, seconds = (1, 1.0) if chat > 0 else (20, 60.0)
        waits = max(self._wait(None, 30, 1.0, now), self._wait(chat, most, seconds, now))
        if waits > 0:
            raise too_many(math.ceil(waits))
        for window in (None, chat):
            self._sent.setdefault(window, deque()).append(now)

    def _wait(self, window: int | None, most: int, seconds: float, now: float) -> float:
        sent = self._sent.setdefault(window, deque())
        while sent and sent[0] <= now - seconds:
            sent.popleft()
        return sent[0] + seconds - now if len(sent) >= most else 0.0
