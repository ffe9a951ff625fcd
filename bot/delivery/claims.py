"""Who works on which message of the outbox, and what becomes of it: one process at a time, also when that dies.

The text of a message is made when it is first claimed, cut into parts, and frozen. Every part is marked as begun before
it is sent and as posted after, so that whoever finds the row later knows what is certain:

    todo ──claim──▶ sending ──▶ sent, refused, dropped, expired
     ▲                 ├──▶ todo: it was not taken now
     │                 └──▶ unknown, held: the answer never came
     └── looked up and not there, or sent once more ──┘

A claim is for a time (the lease) and has a name; what is written of a row counts only under the name that holds it.
Functions take a connection of `bot.db`, return plain values and never commit.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.chat import Address, Part
from bot.db import put
from bot.delivery import pace
from bot.delivery.outbox import WAITING, Sort, State, expire, outbox, unreachable

__all__ = [
    "UNSURE",
    "Claimed",
    "WhenUnsure",
    "begin",
    "claim",
    "drop",
    "expired",
    "freeze",
    "is_due",
    "later",
    "look_again",
    "mark_posted",
    "moved",
    "refuse",
    "release",
    "shut",
    "take_over",
    "unsure",
]

WhenUnsure = Literal["look up", "once more", "hold"]

UNSURE: Mapping[tuple[Sort, str], WhenUnsure] = {
    ("team", "slack"): "look up",
    ("personal", "slack"): "look up",
    ("post", "slack"): "look up",
    ("team", "telegram"): "once more",
    ("personal", "telegram"): "once more",
    ("post", "telegram"): "hold",
}
"""What to do when the answer never came (DESIGN §8): Slack can be asked, Telegram can't. There a message too many is
better than none for one person, and worse where many read it: that a person decides, and after two hours it is sent
once more, with a line that says so.
"""

HELD_FOR = timedelta(hours=2)
LOOKED_UP_AFTER = timedelta(seconds=2)
"""A message that is still on its way has arrived by then."""
AGAIN_AFTER = timedelta(seconds=5)
FREE: dict[str, Any] = {"lease": None, "leased_until": None}
REST_WITHIN = timedelta(hours=24)
"""How long a message whose first part is there may take to be complete."""
SOON = timedelta(seconds=0.25)
"""How far ahead turns are taken: an answer that somebody waits for comes after them."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that this process may work on as long as its lease lasts."""

    key: str
    kind: str
    sort: Sort
    subject: str
    to: Address
    lease: str
    parts: tuple[Part, ...] | None
    posted: tuple[str, ...]
    """The platform's ids of the parts that are there."""
    begun_at: datetime | None
    """When the part after those was sent, if its answer never came."""
    doubts: int
    """How often that was so and could not be looked up."""
    tries: int
    expires_at: datetime
    send_at: datetime
    """When its turn is."""


# What is claimed


def is_due(c: Connection, platform: str, now: datetime) -> bool:
    """Whether there is anything to claim, or to take over from who does not live any more."""
    lapsed = (outbox.c.state == "sending") & (outbox.c.leased_until <= now)
    due = outbox.c.state.in_(WAITING) & (outbox.c.due_at <= now)
    found = sa.select(outbox.c.key).where(outbox.c.platform == platform, lapsed | due).limit(1)
    return c.execute(found).first() is not None


def take_over(c: Connection, platform: str, now: datetime, *, but: Collection[str] = ()) -> int:
    """Takes rows from who did not finish them in time (`but`: they are worked on here); how many need a person."""
    lapsed = sa.select(outbox).where(
        outbox.c.platform == platform, outbox.c.state == "sending", outbox.c.leased_until <= now
    )
    people = 0
    for row in c.execute(lapsed.with_for_update()).mappings().all():
        if row["key"] in but:
            continue
        if row["begun_at"] is None or row["begun_at"] < row["changed_at"]:
            _give_back(c, row["key"], row["lease"], now)
        else:
            people += _doubt(c, row["key"], row["lease"], (row["sort"], platform), row["doubts"], "killed", now)
    return people


def claim(
    c: Connection, platform: str, now: datetime, *, lease: str, lasts: timedelta, most: int, within: timedelta = SOON
) -> list[Claimed]:
    """Takes what is due and whose turn comes `within` that time, oldest first, one at a time of each chat.

    The turns are taken as well (`pace`): nobody else on the platform sends then.
    """
    everything = pace.whole(platform)
    turn = pace.free_at(c, everything, now)
    expire(c, now)
    claimed: list[Claimed] = []
    for row in _claimable(c, platform, now, now + within, most):
        if turn > now + within:
            break
        one = _claimed(row, lease, turn)
        claimed.append(one)
        pace.take(c, pace.scopes_of(one.to)[1], turn)
        turn += everything.every
        values = {"state": "sending", "lease": lease, "leased_until": now + lasts, "changed_at": now}
        c.execute(sa.update(outbox).where(outbox.c.key == one.key).values(values))
    if claimed:
        pace.take(c, everything, claimed[-1].send_at)
    return claimed


def _claimable(c: Connection, platform: str, now: datetime, free_by: datetime, most: int) -> list[sa.RowMapping]:
    at_work = outbox.alias()
    busy = sa.exists().where(
        at_work.c.platform == platform, at_work.c.channel == outbox.c.channel, at_work.c.state == "sending"
    )
    chat = pace.paces.c.scope == sa.literal(f"{platform}/") + outbox.c.channel
    found = (
        sa.select(outbox)
        .outerjoin(pace.paces, chat)
        .where(outbox.c.platform == platform, outbox.c.state.in_(WAITING), outbox.c.due_at <= now, ~busy)
        .where(pace.paces.c.free_at.is_(None) | (pace.paces.c.free_at <= free_by))
        .order_by(outbox.c.created_at, outbox.c.number)
        .limit(4 * most)
    )
    first: dict[str, sa.RowMapping] = {}
    for row in c.execute(found).mappings():
        first.setdefault(row["channel"], row)
    return list(first.values())[:most]


def _claimed(row: sa.RowMapping, lease: str, turn: datetime) -> Claimed:
    return Claimed(
        key=row["key"],
        kind=row["kind"],
        sort=row["sort"],
        subject=row["subject"],
        to=Address(row["platform"], row["channel"], row["thread"]),
        lease=lease,
        parts=None if row["parts"] is None else tuple(row["parts"]),
        posted=tuple(row["posted"]),
        begun_at=row["begun_at"],
        doubts=row["doubts"],
        tries=row["tries"],
        expires_at=row["expires_at"],
        send_at=turn,
    )


# What becomes of a claimed row. All of it is for who holds its lease: False, or nothing done, for who lost it.


def freeze(c: Connection, one: Claimed, parts: Sequence[Part], now: datetime) -> bool:
    """Keeps the parts as they will be sent, now and after whatever happens."""
    return _set(c, one.key, one.lease, {"parts": [dict(part) for part in parts], "changed_at": now})


def begin(c: Connection, one: Claimed, now: datetime, lasts: timedelta) -> bool:
    """From now on the next part may have arrived."""
    return _set(c, one.key, one.lease, {"begun_at": now, "leased_until": now + lasts, "changed_at": now})


def mark_posted(c: Connection, one: Claimed, ids: Sequence[str], parts: int, now: datetime) -> bool:
    """These parts are there, under these ids of the platform; with the last of them the message is sent."""
    so_far: dict[str, Any] = {"posted": list(ids), "begun_at": None, "changed_at": now}
    if len(ids) == parts:
        so_far |= FREE | {"state": "sent", "due_at": None, "why": "", "parts": None}
    else:
        so_far["expires_at"] = max(one.expires_at, now + REST_WITHIN)
    mine = _set(c, one.key, one.lease, so_far)
    pace.take(c, pace.scopes_of(one.to)[1], now)
    return mine


def drop(c: Connection, one: Claimed, why: str, now: datetime) -> bool:
    """There is nothing to say any more."""
    return _settle(c, one, "dropped", why, now)


def expired(c: Connection, one: Claimed, now: datetime) -> bool:
    """It is not there, and it is too late to send it."""
    return _settle(c, one, "expired", "", now)


def refuse(c: Connection, one: Claimed, why: str, now: datetime) -> bool:
    """The platform will never take it."""
    return _settle(c, one, "refused", why, now)


def later(c: Connection, one: Claimed, why: str, now: datetime, after: timedelta) -> bool:
    """It certainly did not arrive, and is to be tried again after that time."""
    again = {"state": "todo", "due_at": now + after, "begun_at": None, "tries": one.tries + 1}
    return _set(c, one.key, one.lease, FREE | again | {"why": why, "changed_at": now})


def look_again(c: Connection, one: Claimed, why: str, now: datetime, after: timedelta | None) -> bool:
    """It could not be told whether it is there; that is looked up after that time, or (None) a person has to."""
    again = {"state": "unknown", "due_at": None if after is None else now + after, "tries": one.tries + 1}
    return _set(c, one.key, one.lease, FREE | again | {"why": why, "changed_at": now})


def unsure(c: Connection, one: Claimed, why: str, now: datetime) -> bool:
    """The answer never came; whether that is for a person to decide now, or (`UNSURE`) is seen to by itself."""
    return _doubt(c, one.key, one.lease, (one.sort, one.to.platform), one.doubts, why, now)


def release(c: Connection, claimed: Iterable[Claimed], now: datetime) -> None:
    """Gives back what was claimed and not sent since."""
    for one in claimed:
        _give_back(c, one.key, one.lease, now)


def _give_back(c: Connection, key: str, lease: str, now: datetime) -> None:
    # What was begun since the claim (`begin` notes the same moment twice) may have arrived: its lease ends by itself.
    not_begun = (outbox.c.key == key, outbox.c.begun_at.is_(None) | (outbox.c.begun_at < outbox.c.changed_at))
    if c.execute(sa.select(outbox.c.key).where(*not_begun)).first():
        state = sa.case((outbox.c.begun_at.is_(None), "todo"), else_="unknown")
        _set(c, key, lease, FREE | {"state": state, "due_at": now, "changed_at": now})


def _doubt(c: Connection, key: str, lease: str, policy: tuple[Sort, str], doubts: int, why: str, now: datetime) -> bool:
    when_unsure = UNSURE[policy]
    unknown = FREE | {"state": "unknown", "why": why, "changed_at": now}
    if when_unsure == "look up":
        _set(c, key, lease, unknown | {"due_at": now + LOOKED_UP_AFTER})
        return False
    # Begun and doubted: who claims it sends it once more. The second time it is left to a person.
    unknown["doubts"] = doubts + 1
    if doubts:
        return _set(c, key, lease, unknown | {"due_at": None})
    if when_unsure == "once more":
        _set(c, key, lease, unknown | {"due_at": now + AGAIN_AFTER})
        return False
    return _set(c, key, lease, unknown | {"state": "held", "due_at": now + HELD_FOR})


def _settle(c: Connection, one: Claimed, state: State, why: str, now: datetime) -> bool:
    return _set(
        c, one.key, one.lease, FREE | {"state": state, "due_at": None, "parts": None, "why": why, "changed_at": now}
    )


def _set(c: Connection, key: str, lease: str, values: Mapping[str, Any]) -> bool:
    mine = (outbox.c.key == key, outbox.c.lease == lease, outbox.c.state == "sending")
    return c.execute(sa.update(outbox).where(*mine).values(values)).rowcount == 1


# What is learned of chats


def shut(c: Connection, to: Address, why: str, now: datetime) -> None:
    """No more to this chat until somebody there writes; what waits for it is dropped."""
    row = {"platform": to.platform, "channel": to.channel, "why": why, "moved_to": "", "since": now}
    put(c, unreachable, row)
    free = {"state": "dropped", "due_at": None, "why": why, "changed_at": now}
    c.execute(sa.update(outbox).where(*_waiting_for(to)).values(free))


def moved(c: Connection, to: Address, channel: str, now: datetime) -> None:
    """The chat goes on under another number: everything for it goes there."""
    row = {"platform": to.platform, "channel": to.channel, "why": "moved", "moved_to": channel, "since": now}
    put(c, unreachable, row)
    before = sa.and_(unreachable.c.platform == to.platform, unreachable.c.moved_to == to.channel)
    c.execute(sa.update(unreachable).where(before).values(moved_to=channel))
    c.execute(sa.update(outbox).where(*_waiting_for(to)).values(channel=channel, changed_at=now))


def _waiting_for(to: Address) -> tuple[sa.ColumnElement[bool], ...]:
    return (outbox.c.platform == to.platform, outbox.c.channel == to.channel, outbox.c.state == "todo")
