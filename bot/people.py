"""Who the bot has met: the accounts people have on the platforms, and nothing else about them yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.db import Moment, metadata, put_new

__all__ = ["Person", "export", "find", "forget", "meet", "welcome"]

people = sa.Table(
    "people",
    metadata,
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("first_seen", Moment, nullable=False),
    sa.Column("welcomed_at", Moment),
)


@dataclass(frozen=True, slots=True)
class Person:
    """One account on one platform."""

    platform: str
    id: str
    first_seen: datetime
    welcomed_at: datetime | None
    """When the bot said who it is at length; None while it only answered."""


def meet(c: Connection, platform: str, user: str, now: datetime) -> bool:
    """Whether this is the first time that the bot hears of this account; it knows it from now on."""
    return bool(put_new(c, people, [{"platform": platform, "id": user, "first_seen": now, "welcomed_at": None}]))


def welcome(c: Connection, platform: str, user: str, now: datetime) -> bool:
    """Whether this account is to be welcomed: True once, however many ask at the same time."""
    meet(c, platform, user, now)
    unwelcomed = (_is(platform, user), people.c.welcomed_at.is_(None))
    return c.execute(sa.update(people).where(*unwelcomed).values(welcomed_at=now)).rowcount == 1


def find(c: Connection, platform: str, user: str) -> Person | None:
    row = c.execute(sa.select(people).where(_is(platform, user))).mappings().one_or_none()
    return Person(**row) if row is not None else None


def export(c: Connection, platform: str, user: str) -> dict[str, Any]:
    """All that is kept of an account here, as its person may see it; empty when there is nothing."""
    person = find(c, platform, user)
    if person is None:
        return {}
    welcomed = person.welcomed_at.isoformat() if person.welcomed_at else None
    return {"platform": platform, "id": user, "first_seen": person.first_seen.isoformat(), "welcomed_at": welcomed}


def forget(c: Connection, platform: str, user: str) -> None:
    """Erases the account: the next time is the first time again."""
    c.execute(sa.delete(people).where(_is(platform, user)))


def _is(platform: str, user: str) -> sa.ColumnElement[bool]:
    return sa.and_(people.c.platform == platform, people.c.id == user)
