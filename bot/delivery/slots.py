"""When each job was due, and what became of it: one row for each time, so that it runs once wherever the bot runs.

A slot is claimed for a time, under a name; finishing it and whatever the job decided is one transaction. What nobody
ran while it was useful is written down as missed: nothing is skipped in silence.

Functions take a connection of `bot.db`, return plain values and never commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.db import Moment, metadata, put_new

__all__ = [
    "FAILED",
    "LATE",
    "MERGED",
    "Slot",
    "begin",
    "claim",
    "erase",
    "finish",
    "give_up",
    "last_closed",
    "miss",
    "missed",
    "postpone",
]

KEPT = timedelta(days=90)
MOST_AT_ONCE = 500

slots = sa.Table(
    "slots",
    metadata,
    sa.Column("job", sa.Text, primary_key=True),
    sa.Column("due_at", Moment, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("lease", sa.Text),
    sa.Column("leased_until", Moment),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
)

State = Literal["running", "done", "missed"]

LATE, MERGED, FAILED = "late", "merged", "failed "
"""Why a slot was missed: too late to be useful; done together with a later one; a fault (its name follows)."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One time that a job was due."""

    job: str
    due_at: datetime
    state: State
    tries: int
    why: str
    """Why it was missed; empty otherwise."""


def last_closed(c: Connection, job: str) -> datetime | None:
    """The last time of a job that is over, done or missed; None while none ever was."""
    closed = sa.select(sa.func.max(slots.c.due_at)).where(slots.c.job == job, slots.c.state != "running")
    found: datetime | None = c.scalar(closed)
    return found


def begin(c: Connection, job: str, due_at: datetime, now: datetime) -> None:
    """From that time on the job is counted; the time itself is over."""
    row = {"job": job, "due_at": due_at, "state": "done", "tries": 0, "why": "", "changed_at": now}
    put_new(c, slots, [row])


def claim(c: Connection, job: str, due_at: datetime, now: datetime, *, lease: str, lasts: timedelta) -> Slot | None:
    """The slot, to be run under this name; None when it is over, or somebody else is at it."""
    row = {
        "job": job,
        "due_at": due_at,
        "state": "running",
        "lease": lease,
        "leased_until": now + lasts,
        "tries": 1,
        "why": "",
        "changed_at": now,
    }
    if put_new(c, slots, [row]):
        return Slot(job, due_at, "running", 1, "")
    lapsed = (_is(job, due_at), slots.c.state == "running", slots.c.leased_until <= now)
    again = {"lease": lease, "leased_until": now + lasts, "tries": slots.c.tries + 1, "changed_at": now}
    tries = c.execute(sa.update(slots).where(*lapsed).values(again).returning(slots.c.tries)).scalar()
    return Slot(job, due_at, "running", tries, "") if tries is not None else None


def finish(c: Connection, slot: Slot, lease: str, now: datetime) -> bool:
    """It is done. False when the slot was taken over meanwhile: then nothing else may be written either."""
    return _close(c, slot, lease, "done", "", now)


def give_up(c: Connection, slot: Slot, lease: str, why: str, now: datetime) -> bool:
    """It can't be done, however often it is tried."""
    return _close(c, slot, lease, "missed", why, now)


def postpone(c: Connection, slot: Slot, lease: str, until: datetime, now: datetime) -> None:
    """It failed, and may be tried again from that moment on."""
    mine = (_is(slot.job, slot.due_at), slots.c.lease == lease, slots.c.state == "running")
    c.execute(sa.update(slots).where(*mine).values(lease=None, leased_until=until, changed_at=now))


def miss(c: Connection, job: str, due: Sequence[datetime], why: str, now: datetime) -> int:
    """Writes down that nobody ran the job at those times; how many were not known to be over."""
    rows = [{"job": job, "due_at": at, "state": "missed", "tries": 0, "why": why, "changed_at": now} for at in due]
    new = sum(len(put_new(c, slots, rows[at : at + MOST_AT_ONCE])) for at in range(0, len(rows), MOST_AT_ONCE))
    begun = (slots.c.job == job, slots.c.due_at.in_(due), slots.c.state == "running", slots.c.leased_until <= now)
    done = {"state": "missed", "why": why, "lease": None, "leased_until": None, "changed_at": now}
    return new + (c.execute(sa.update(slots).where(*begun).values(done)).rowcount if due else 0)


def missed(c: Connection, since: datetime) -> list[Slot]:
    """What was missed since then, oldest first."""
    found = sa.select(slots).where(slots.c.state == "missed", slots.c.changed_at >= since)
    rows = c.execute(found.order_by(slots.c.due_at, slots.c.job)).mappings()
    return [Slot(row["job"], row["due_at"], row["state"], row["tries"], row["why"]) for row in rows]


def erase(c: Connection, now: datetime) -> None:
    """Erases what is long over, but the last of each job: from there it is counted what is still to run."""
    last = sa.select(slots.c.job, sa.func.max(slots.c.due_at).label("due_at")).where(slots.c.state != "running")
    newest = last.group_by(slots.c.job).subquery()
    is_last = sa.exists().where(newest.c.job == slots.c.job, newest.c.due_at == slots.c.due_at)
    c.execute(sa.delete(slots).where(slots.c.state != "running", slots.c.due_at <= now - KEPT, ~is_last))


def _close(c: Connection, slot: Slot, lease: str, state: State, why: str, now: datetime) -> bool:
    mine = (_is(slot.job, slot.due_at), slots.c.lease == lease, slots.c.state == "running")
    done = {"state": state, "why": why, "lease": None, "leased_until": None, "changed_at": now}
    return c.execute(sa.update(slots).where(*mine).values(done)).rowcount == 1


def _is(job: str, due_at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(slots.c.job == job, slots.c.due_at == due_at)
