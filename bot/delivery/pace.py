"""How fast the bot may send: one queue for all processes, kept in the database, for answers and for its own messages.

Whoever is about to send takes the next free moment of each scope that the message falls under, and waits for it. When a
platform asks for a pause all the same, the scope that it is about is paused for everybody.

Telegram: "about 30 messages per second" to all chats, one a second to a person, 20 a minute to a group (the Bot API's
FAQ). Slack: one a second to a channel, "several hundred per minute" to a workspace; 50 and more a minute for looking
back in a channel (its page on rate limits, tier 3).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.chat import Address
from bot.db import Moment, metadata, put, put_new

__all__ = ["Scope", "answer_at", "erase", "flooded", "free_at", "pause", "reserve", "scopes_of", "take", "whole"]

paces = sa.Table(
    "paces",
    metadata,
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("free_at", Moment, nullable=False),
    sa.Column("paused_until", Moment),
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a limit is about, and the time that must pass between two messages there."""

    name: str
    every: timedelta


TELEGRAM = Scope("telegram", timedelta(seconds=1) / 27.8)
"""Some fewer than the 30 that Telegram takes: it counts when they arrive, not when we send them."""
PERSON, GROUP = timedelta(seconds=1.1), timedelta(seconds=3.05)
SLACK = Scope("slack", timedelta(seconds=0.25))
CHANNEL = timedelta(seconds=1.05)
LOOKING_BACK = Scope("slack?history", timedelta(seconds=1.2))
"""`conversations.history` and `.replies`: a limit of their own."""


def whole(platform: str) -> Scope:
    """The scope of everything that is sent on a platform."""
    return TELEGRAM if platform == "telegram" else SLACK


def scopes_of(to: Address) -> tuple[Scope, Scope]:
    """What a message falls under: everything on its platform, and its chat."""
    if to.platform == "telegram":
        # Telegram's numbers of groups and channels are negative.
        return TELEGRAM, Scope(f"telegram/{to.channel}", GROUP if to.channel.startswith("-") else PERSON)
    return SLACK, Scope(f"slack/{to.channel}", CHANNEL)


def free_at(c: Connection, scope: Scope, now: datetime) -> datetime:
    """When something may be sent there, now or later; nobody else can take that moment until the transaction ends."""
    put_new(c, paces, [{"scope": scope.name, "free_at": now}])
    one = sa.select(paces.c.free_at).where(paces.c.scope == scope.name).with_for_update()
    free: datetime = c.execute(one).scalar_one()
    return max(free, now)


def reserve(c: Connection, scope: Scope, now: datetime) -> datetime:
    """Takes the first moment from now on that is free there; nobody else gets it.

    One scope at a time, the chat before the platform: what waits long for its chat must not keep the platform waiting.
    """
    at = free_at(c, scope, now)
    take(c, scope, at)
    return at


def take(c: Connection, scope: Scope, at: datetime) -> None:
    """Something is sent at that moment: the scope is free again after its time."""
    free = at + scope.every
    put(c, paces, {"scope": scope.name, "free_at": free}, {"free_at": _later(free)})


def answer_at(c: Connection, to: Address, now: datetime) -> datetime:
    """When an answer may go. It takes its turn on the platform, and its chat is only asked whether it is paused.

    Somebody waits for it, and platforms let a few messages to one chat pass at once.
    """
    everything, chat = scopes_of(to)
    at = reserve(c, everything, now)
    paused = c.scalar(sa.select(paces.c.paused_until).where(paces.c.scope == chat.name))
    at = max(at, paused) if paused else at
    take(c, chat, at)
    return at


def flooded(c: Connection, to: Address, seconds: float, now: datetime) -> None:
    """The platform asked to wait, after a message to that chat.

    It does not say what for. A person's chat can't have had too much, so on Telegram that is about everything. A group
    or a channel may have; when another one was told to wait too, it is about everything after all.
    """
    everything, chat = scopes_of(to)
    until = now + timedelta(seconds=seconds)
    others = sa.select(paces.c.scope).where(
        paces.c.scope.startswith(f"{to.platform}/"), paces.c.scope != chat.name, paces.c.paused_until > now
    )
    is_person = chat.every == PERSON
    if is_person or c.execute(others.limit(1)).first():
        pause(c, everything, until)
    pause(c, chat, until)


def pause(c: Connection, scope: Scope, until: datetime) -> None:
    """Nothing goes in that scope before then."""
    paused = {"paused_until": until}
    put(c, paces, {"scope": scope.name, "free_at": until, **paused}, {"free_at": _later(until), **paused})


def erase(c: Connection, now: datetime) -> None:
    """Erases what says nothing any more."""
    c.execute(sa.delete(paces).where(paces.c.free_at < now - timedelta(minutes=5)))


def _later(moment: datetime) -> sa.ColumnElement[datetime]:
    return sa.case((paces.c.free_at > moment, paces.c.free_at), else_=sa.literal(moment, Moment()))
