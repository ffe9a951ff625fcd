"""Messages of the bot's own accord: kept in the transaction that decides on them, and accounted for until the end.

A message is a row of ids; its text is made when it is first claimed (`claims.py`). What can become of it:

* todo: it waits for its time; sending: a process works on it; sent.
* unknown: it was sent and the answer never came. It is looked up or sent once more by itself; without a `due_at` only a
  person can tell. held: the same, and a person decides until its `due_at`.
* refused: the platform will never take it. expired: it was worth nothing any more. dropped: nobody is to get it.

accepted = all of these together, always: `balance` says so. Functions take a connection of `bot.db`, return plain
values and never commit.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.chat import Address
from bot.db import Moment, metadata, put, put_new

__all__ = [
    "FINISHED",
    "WAITING",
    "Balance",
    "Doubtful",
    "Message",
    "Sort",
    "State",
    "balance",
    "doubtful",
    "enqueue",
    "erase",
    "expire",
    "forget",
    "heard_from",
    "leave",
    "outbox",
    "send_again",
    "unreachable",
]

State = Literal["todo", "sending", "sent", "refused", "unknown", "held", "expired", "dropped"]
STATES: tuple[State, ...] = get_args(State)

Sort = Literal["team", "personal", "post"]
"""What kind of message it is: to the SKB team, to one person, or in a channel or group that many read."""

KEPT = timedelta(days=90)
"""How long is kept what became of a message; the counts stay."""
MOST_AT_ONCE = 500
"""Rows in one statement."""
WAITING: tuple[State, ...] = ("todo", "unknown", "held")
FINISHED: tuple[State, ...] = ("sent", "refused", "expired", "dropped")

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("sort", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("platform", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("thread", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("due_at", Moment),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("lease", sa.Text),
    sa.Column("leased_until", Moment),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("parts", sa.JSON(none_as_null=True)),
    sa.Column("posted", sa.JSON, nullable=False),
    sa.Column("begun_at", Moment),
    sa.Column("doubts", sa.Integer, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Index("ix_outbox_platform_state_due_at", "platform", "state", "due_at"),
    sa.Index("ix_outbox_platform_channel_state", "platform", "channel", "state"),
)
counts = sa.Table(
    "outbox_counts",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)
unreachable = sa.Table(
    "unreachable",
    metadata,
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("moved_to", sa.Text, nullable=False),
    sa.Column("since", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Message:
    """Something to tell one chat: what about, and when it may arrive."""

    kind: str
    """What makes its text, by the name under which `app` knows it."""
    sort: Sort
    subject: str
    to: Address
    not_before: datetime
    expires_at: datetime
    version: int = 1
    """Of what it is about: a meeting that was moved is told again."""
    rung: str = ""
    """Which of several messages about it ("7 days")."""

    @property
    def key(self) -> str:
        """What makes it this message: it is sent once, however often it is decided on."""
        return f"{self.kind}:{self.subject}:{self.version}:{self.rung}:{self.to}"


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A message that perhaps did not arrive, or was refused: for a person to decide."""

    key: str
    kind: str
    subject: str
    to: Address
    state: State
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Balance:
    """How many messages were ever accepted, and what became of them."""

    accepted: int
    states: Mapping[str, int] = field(default_factory=dict)
    """For each state, also of rows that were erased since."""
    flagged: int = 0
    """Sent messages that are there twice perhaps."""

    @property
    def holds(self) -> bool:
        """Whether nothing was lost and nothing came from nowhere."""
        return self.accepted == sum(self.states.values())


# What is decided


def enqueue(c: Connection, messages: Iterable[Message], now: datetime) -> int:
    """Accepts messages, each once; how many are new. Call it in the transaction of the decision."""
    wanted = {one.key: one for one in messages}
    gone = {(row.platform, row.channel): row for row in c.execute(sa.select(unreachable))} if wanted else {}
    rows = [
        _row(one, number, now, gone.get((one.to.platform, one.to.channel)))
        for number, one in enumerate(wanted.values())
    ]
    accepted = sum(len(put_new(c, outbox, rows[at : at + MOST_AT_ONCE])) for at in range(0, len(rows), MOST_AT_ONCE))
    if accepted:
        _count(c, "accepted", accepted)
    return accepted


def _row(one: Message, number: int, now: datetime, gone: Any) -> dict[str, Any]:  # noqa: ANN401  # a row, or None
    is_gone = gone is not None and not gone.moved_to
    return {
        "key": one.key,
        "kind": one.kind,
        "sort": one.sort,
        "subject": one.subject,
        "platform": one.to.platform,
        "channel": gone.moved_to if gone is not None and gone.moved_to else one.to.channel,
        "thread": one.to.thread,
        "state": "dropped" if is_gone else "todo",
        "created_at": now,
        "number": number,
        "due_at": None if is_gone else max(one.not_before, now),
        "expires_at": one.expires_at,
        "tries": 0,
        "posted": [],
        "doubts": 0,
        "why": gone.why if is_gone else "",
        "changed_at": now,
    }


def heard_from(c: Connection, platform: str, channels: Collection[str]) -> None:
    """Somebody wrote there: the bot may write there again."""
    again = (unreachable.c.platform == platform, unreachable.c.channel.in_(channels), unreachable.c.moved_to == "")
    c.execute(sa.delete(unreachable).where(*again))


# What people see and decide


def doubtful(c: Connection, until: datetime | None = None) -> list[Doubtful]:
    """What perhaps did not arrive or was refused and nobody decided on yet, oldest first; `until` it became so."""
    found = sa.select(outbox).where(_asks_for_a_person())
    if until is not None:
        found = found.where(outbox.c.changed_at <= until)
    rows = c.execute(found.order_by(outbox.c.changed_at, outbox.c.created_at, outbox.c.number)).mappings()
    return [
        Doubtful(
            key=row["key"],
            kind=row["kind"],
            subject=row["subject"],
            to=Address(row["platform"], row["channel"], row["thread"]),
            state=row["state"],
            why=row["why"],
            at=row["changed_at"],
        )
        for row in rows
    ]


def send_again(c: Connection, keys: Collection[str], now: datetime, lasts: timedelta = timedelta(hours=24)) -> int:
    """Sends again what a person wants sent again, whatever became of it; how many that were."""
    again = {"state": "todo", "due_at": now, "expires_at": now + lasts, "begun_at": None, "tries": 0, "changed_at": now}
    return c.execute(sa.update(outbox).where(outbox.c.key.in_(keys), _asks_for_a_person()).values(again)).rowcount


def leave(c: Connection, keys: Collection[str], now: datetime) -> int:
    """Leaves it as it is; how many that were."""
    done = {"state": "dropped", "due_at": None, "changed_at": now}
    return c.execute(sa.update(outbox).where(outbox.c.key.in_(keys), _asks_for_a_person()).values(done)).rowcount


def _asks_for_a_person() -> sa.ColumnElement[bool]:
    given_up = (outbox.c.state == "unknown") & outbox.c.due_at.is_(None)
    # Whom the bot can't reach any more, nobody needs to send anything again.
    refused = (outbox.c.state == "refused") & ~sa.exists().where(
        unreachable.c.platform == outbox.c.platform, unreachable.c.channel == outbox.c.channel
    )
    return (outbox.c.state == "held") | given_up | refused


def balance(c: Connection) -> Balance:
    """What was accepted, and what became of it."""
    kept = dict(c.execute(sa.select(counts.c.name, counts.c.count)).all())
    states: dict[str, int] = {state: kept.get(f"erased {state}", 0) for state in STATES}
    for state, number in c.execute(sa.select(outbox.c.state, sa.func.count()).group_by(outbox.c.state)):
        states[state] += number
    flagged = sa.select(sa.func.count()).where(outbox.c.state == "sent", outbox.c.doubts > 0)
    return Balance(kept.get("accepted", 0), states, c.scalar(flagged) or 0)


# What is past its time


def expire(c: Connection, now: datetime) -> None:
    """What was not begun in time is worth nothing any more."""
    late = (outbox.c.state == "todo", outbox.c.expires_at <= now)
    c.execute(sa.update(outbox).where(*late).values(state="expired", due_at=None, changed_at=now))


def erase(c: Connection, now: datetime) -> None:
    """Erases what became of messages long ago; how many they were stays."""
    _erase(c, sa.and_(outbox.c.state.in_(FINISHED), outbox.c.changed_at <= now - KEPT))


def forget(c: Connection, platform: str, user: str) -> None:
    """Erases what was for one person; that it was accepted and ended stays counted."""
    _erase(c, sa.and_(outbox.c.platform == platform, outbox.c.channel == user))
    c.execute(sa.delete(unreachable).where(unreachable.c.platform == platform, unreachable.c.channel == user))


def _erase(c: Connection, which: sa.ColumnElement[bool]) -> None:
    each = sa.select(outbox.c.state, sa.func.count()).where(which).group_by(outbox.c.state)
    for state, number in c.execute(each).all():
        _count(c, f"erased {state if state in FINISHED else 'dropped'}", number)
    c.execute(sa.delete(outbox).where(which))


def _count(c: Connection, name: str, more: int) -> None:
    put(c, counts, {"name": name, "count": more}, {"count": counts.c.count + more})
