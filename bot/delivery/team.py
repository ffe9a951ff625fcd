"""What the SKB team is told of the bot's own messages, in the team's channel: each at most once in its time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.chat import Address
from bot.commons.dates import local_day
from bot.commons.quiet_hours import next_quiet_end
from bot.db import Connection
from bot.delivery.outbox import Message, enqueue

__all__ = ["STOPPED", "UNDELIVERED", "Desk"]

UNDELIVERED, STOPPED = "undelivered", "stopped"
"""Kinds of messages."""

TOLD_EVERY = timedelta(minutes=10)
"""What comes up within this time is told in one message."""
WORTH = timedelta(days=3)
"""How long it is worth telling."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The team's channel; without one, only `skb-bot outbox` and `doctor` tell."""

    to: Address | None

    def undelivered(self, c: Connection, now: datetime) -> None:
        """Tells, soon and not at night, that messages perhaps did not arrive or were refused."""
        if self.to:
            past = timedelta(seconds=now.timestamp() % TOLD_EVERY.total_seconds())
            at = now - past + TOLD_EVERY
            subject = f"{at:%Y%m%d%H%M}"
            message = Message(UNDELIVERED, "team", subject, self.to, next_quiet_end(at), at + WORTH)
            enqueue(c, [message], now)

    def stopped(self, c: Connection, platform: str, now: datetime) -> None:
        """Tells, at most once a day, that a platform takes nothing from us any more."""
        if self.to and self.to.platform != platform:
            rung = local_day(now).isoformat()
            message = Message(STOPPED, "team", platform, self.to, next_quiet_end(now), now + WORTH, rung=rung)
            enqueue(c, [message], now)
