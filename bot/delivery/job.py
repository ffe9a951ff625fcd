"""What the bot says of its own messages by itself: what perhaps did not arrive, and how it is once a week."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta

from bot.chat import Address, Reply
from bot.db import Connection, Database
from bot.delivery import outbox, replies, slots
from bot.delivery.outbox import Message

__all__ = [
    "HEALTH",
    "HEALTH_AT",
    "HEALTH_ON",
    "Health",
    "health_line",
    "make_health",
    "make_undelivered",
    "tell_health",
]

HEALTH = "health"
HEALTH_AT, HEALTH_ON = time(8, 30), (0,)
"""Monday, before the week begins."""
WORTH = timedelta(days=2)
WEEK = timedelta(days=7)

Health = Callable[[Connection, datetime], Sequence[str]]
"""What a feature adds to the weekly line, for example "2 meldingen"."""


def tell_health(team: Address, now: datetime) -> Callable[[Connection], None]:
    """Once a week: the line goes to the team, as it is when it is sent."""
    message = Message(HEALTH, "team", f"{now:%G-W%V}", team, now, now + WORTH)
    return lambda c: _enqueue(c, message, now)


def _enqueue(c: Connection, message: Message, now: datetime) -> None:
    outbox.enqueue(c, [message], now)


def make_health(database: Database, features: Sequence[Health]) -> Callable[[str, Address, datetime], Reply | None]:
    """Makes the weekly line of what each feature has to say."""

    def make(_subject: str, _to: Address, now: datetime) -> Reply:
        with database.read() as c:
            return replies.health([line for feature in features for line in feature(c, now)])

    return make


def health_line(c: Connection, now: datetime) -> Sequence[str]:
    """What there is to say of messages and jobs."""
    # The line itself is being sent while it is made.
    states = outbox.balance(c).states
    doubtful = outbox.doubtful(c)
    decided = sum(one.state != "refused" for one in doubtful)
    waiting = sum(states[state] for state in ("todo", "sending", "unknown", "held")) - decided - 1
    missed = [slot for slot in slots.missed(c, now - WEEK) if slot.why != slots.MERGED]
    return replies.waiting(max(0, waiting), len(doubtful), len(missed))


def make_undelivered(database: Database, kinds: Mapping[str, str]) -> Callable[[str, Address, datetime], Reply | None]:
    """Makes the message about what perhaps did not arrive: nothing, when somebody saw to it meanwhile."""

    def make(_subject: str, _to: Address, now: datetime) -> Reply | None:
        with database.read() as c:
            doubtful = outbox.doubtful(c)
        return replies.undelivered(doubtful, kinds, now) if doubtful else None

    return make


def make_stopped(subject: str, _to: Address, _now: datetime) -> Reply:
    """Makes the message that a platform takes nothing from us any more."""
    return replies.stopped(subject)
