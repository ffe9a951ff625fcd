"""What search counts, never with a person: what was asked in vain, and by which links people came in.

Functions take a connection of `bot.db`, return plain values and never commit.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.db import metadata, put

__all__ = ["Gap", "Start", "count_gap", "count_start", "delete_gaps_before", "gaps", "starts"]

gap_counts = sa.Table(
    "gaps",
    metadata,
    sa.Column("month", sa.Text, primary_key=True),
    sa.Column("wanted", sa.Text, primary_key=True),
    sa.Column("sector", sa.Text, primary_key=True),
    sa.Column("province", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)
start_counts = sa.Table(
    "starts",
    metadata,
    sa.Column("month", sa.Text, primary_key=True),
    sa.Column("link", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Gap:
    """What was asked in vain, how often in a month; never with a person."""

    wanted: str
    sector: str
    province: str
    month: str
    count: int


@dataclass(frozen=True, slots=True)
class Start:
    """How often somebody came in by a link in a month; never who."""

    link: str
    month: str
    count: int


def count_gap(c: Connection, wanted: str, sector: str, province: str, month: str) -> None:
    """Counts one more question in vain; `month` as in "2026-11"."""
    row = {"month": month, "wanted": wanted, "sector": sector, "province": province, "count": 1}
    put(c, gap_counts, row, {"count": gap_counts.c.count + 1})


def gaps(c: Connection, at_least: int = 3) -> list[Gap]:
    """What was asked in vain, newest month and most asked first; rarer than `at_least` could point at a person."""
    found = (
        sa.select(gap_counts)
        .where(gap_counts.c.count >= at_least)
        .order_by(gap_counts.c.month.desc(), gap_counts.c.count.desc(), gap_counts.c.wanted, gap_counts.c.sector)
    )
    return [Gap(**row) for row in c.execute(found).mappings()]


def delete_gaps_before(c: Connection, month: str) -> int:
    return c.execute(sa.delete(gap_counts).where(gap_counts.c.month < month)).rowcount


def count_start(c: Connection, link: str, month: str) -> None:
    """Counts one more who came in by this link; `month` as in "2026-11"."""
    row = {"month": month, "link": link, "count": 1}
    put(c, start_counts, row, {"count": start_counts.c.count + 1})


def starts(c: Connection) -> list[Start]:
    """How often people came in by which link, newest month and most used first."""
    newest = (start_counts.c.month.desc(), start_counts.c.count.desc(), start_counts.c.link)
    return [Start(**row) for row in c.execute(sa.select(start_counts).order_by(*newest)).mappings()]
