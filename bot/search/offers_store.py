"""Changing the catalogue: a change is prepared while reading, written as a whole or not at all, and can be taken back.

What a change found is kept with who and when, for a year: people's mail addresses and telephone numbers are in it.
Reading takes a connection, as in `store.py`; `apply` takes the database and makes its own transactions, because a large
change is written a little at a time before it is seen (`generations_store.py`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from itertools import chain, groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.db import Database, Moment, metadata
from bot.search.catalogue import Change, Offer, Provider
from bot.search.generations_store import (
    LARGE,
    Outdated,
    batches,
    change_here,
    drop,
    expect,
    places_after,
    rows_now,
    sweep,
    write_aside,
)
from bot.search.past import Packer, PastChange, Row, find, line_of, names, offer_of, row_of, unpack
from bot.search.store import catalogue_row, offers, providers, seen

__all__ = [
    "PARTNERS",
    "UNDO",
    "AlreadyUndone",
    "NoSuchChange",
    "Outdated",
    "PastChange",
    "Prepared",
    "Step",
    "apply",
    "changes",
    "history",
    "last",
    "prepare",
    "prepare_undo",
]

UNDO = "undo"
"""The kind of a change that takes another one back."""
PARTNERS = "partners"
"""The kind of a change that a list of partners makes."""
KEPT = timedelta(days=365)
SELF = 0
"""The number of a change that has none yet."""

past_changes = sa.Table(
    "changes",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("by", "kind", "about")),
    sa.Column("before", sa.LargeBinary, nullable=False),
    # As `before` for the rows of the catalogue: numbers of changes, each with what it was undone by until now.
    sa.Column("marks_before", sa.JSON, nullable=False),
    sa.Column("undoes", sa.Integer),
    sa.Column("undone_by", sa.Integer),
)


class NoSuchChange(LookupError):  # noqa: N818  # no fault: somebody may ask for any number
    """There is no change of that number, or it was longer ago than is kept."""


class AlreadyUndone(Exception):  # noqa: N818  # no fault: there is nothing to do
    """The change was taken back before; `change.undone_by` says with which."""

    def __init__(self, change: "PastChange") -> None:
        super().__init__(f"change {change.number} was undone by {change.undone_by}")
        self.change = change


@dataclass(frozen=True, slots=True)
class Step:
    """What one change made of one offer; None where there was or is none."""

    change: PastChange
    before: Offer | None
    after: Offer | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A change that is ready to be written, for as long as the catalogue has this version."""

    version: int
    rows: int
    """How many rows it changes, brings or takes away."""
    before: bytes
    after: bytes
    starter: bool
    """Whether what there is afterwards is the example list."""
    undoes: PastChange | None = None
    later: tuple[PastChange, ...] = ()
    """Changes after the one to take back of which it overrules something; newest first."""
    marks: tuple[tuple[int, int | None, int | None], ...] = ()
    """Numbers of changes, each with what it is undone by now and afterwards."""


# --- preparing ---


def prepare(c: Connection, change: Change) -> Prepared:
    """The change, ready to be written over the catalogue that this reading connection sees.

    What changes keeps its position, what is new comes at the end; what stays the same is left out.
    """
    provider_names = change.providers_gone.difference(provider.name for provider in change.providers)
    offer_ids = change.offers_gone.difference(offer.id for offer in change.offers)
    rows = chain(
        [] if change.starter is None else [Row("catalogue", "", {"starter": change.starter})],
        _coming(change.providers, places_after(c, "providers")),
        (Row("providers", name, None) for name in sorted(provider_names)),
        _coming(change.offers, places_after(c, "offers")),
        (Row("offers", offer_id, None) for offer_id in sorted(offer_ids)),
    )
    return _prepared(c, rows)


def _coming(ones: Sequence[Offer] | Sequence[Provider], position: int) -> Iterator[Row]:
    """Rows that are new from this position on, in the order in which they are quickest written."""

    def lies(place: int) -> tuple[str, ...]:
        one = ones[place]
        return (one.provider, one.title) if isinstance(one, Offer) else (one.name,)

    return (row_of(ones[place], position + place) for place in sorted(range(len(ones)), key=lies))


def _prepared(c: Connection, rows: Iterable[Row], *, as_they_are: bool = False) -> Prepared:
    """Each row that is to be, beside what it is now. `as_they_are`: also what stays the same, and in its place."""
    version, starter = c.execute(sa.select(catalogue_row.c.version, catalogue_row.c.starter)).one()
    before, after, changed = Packer(), Packer(), 0
    for table, group in groupby(rows, key=lambda row: row.table):
        for batch in batches(group):
            now = rows_now(c, table, [row.key for row in batch])
            for row in batch:
                old = now.get(row.key)
                if row.values is not None and table == "catalogue":
                    starter = row.values["starter"]
                elif row.values is not None and old is not None and not as_they_are:
                    row.values["position"] = old["position"]
                was, becomes = line_of(Row(table, row.key, old)), line_of(row)
                if as_they_are or was != becomes:
                    changed += 1
                    before.add(was)
                    after.add(becomes)
    return Prepared(version, changed, before.finish(), after.finish(), starter)


def prepare_undo(c: Connection, number: int) -> Prepared:
    """What takes a change back, whole. Raises NoSuchChange and AlreadyUndone.

    Later changes of the same rows are overruled: look at `later` first. Going back to the example list takes along
    all offers that came after it.
    """
    log = {one.number: one for one in changes(c)}
    if number not in log:
        raise NoSuchChange(number)
    if log[number].undone_by is not None:
        raise AlreadyUndone(log[number])
    since = sorted(one for one in log if one > number)
    fit = _fit(c, number, since)
    in_force = _in_force_since(log, number)
    fit.needed.update(_partners_since(c, number, in_force))
    touched = {name for name in names(_before(c, number)) if name not in fit.needed}
    touched |= {row.name for row in (*fit.first, *fit.last)}
    later = [one for one in in_force if not touched.isdisjoint(names(_before(c, one.number)))]
    # What it had undone is in force again; what came later and is overruled whole is so no more.
    marks = dict(c.scalars(sa.select(past_changes.c.marks_before).where(past_changes.c.number == number)).one())
    marks |= {one.number: SELF for one in later if touched.issuperset(names(_before(c, one.number)))}
    marks[number] = SELF
    back = (row for row in unpack(_before(c, number)) if row.name not in fit.needed)
    return replace(
        _prepared(c, chain(fit.first, back, fit.last), as_they_are=True),
        undoes=log[number],
        later=tuple(later),
        marks=tuple((one, log[one].undone_by, mark) for one, mark in marks.items() if one in log),
    )


def _partners_since(c: Connection, number: int, since: Sequence[PastChange]) -> set[tuple[str, str]]:
    """Providers that a change brought and a list of partners spoke of since: they stay when the offers go."""
    lists = [names(_before(c, one.number)) for one in since if one.kind == PARTNERS]
    brought = {row.name for row in unpack(_before(c, number)) if row.table == "providers" and row.values is None}
    return brought & {name for one in lists for name in one}


def _in_force_since(log: Mapping[int, PastChange], number: int) -> list[PastChange]:
    """The changes after this one that are in force, newest first; without undos of one of them, which left nothing."""
    since = (change for one, change in log.items() if one > number and change.undone_by is None)
    return [change for change in since if (change.undoes or 0) <= number]


@dataclass(frozen=True, slots=True)
class _Fit:
    """What makes the rows that come back go together with what was done since."""

    first: list[Row]
    """Providers that went since, but are named by offers that come back: as they were then."""
    needed: set[tuple[str, str]]
    """Providers that would go, but are named by offers that came since and stay, or by a later list of partners."""
    last: list[Row]
    """Offers that go because they have the title of one that comes back, or came after the examples."""


def _fit(c: Connection, number: int, since: Sequence[int]) -> _Fit:
    touched: set[str] = set()
    titles: set[tuple[str, str]] = set()
    there = set(c.scalars(sa.select(providers.c.name).where(seen(providers))))
    leaving: set[str] = set()
    for row in unpack(_before(c, number)):
        if row.table == "catalogue":
            leaving = _came(c, since) if row.values and row.values["starter"] else set()
        elif row.table == "providers":
            (there.discard if row.values is None else there.add)(row.key)
        else:
            touched.add(row.key)
            if row.values is not None:
                titles.add((row.values["provider"], row.values["title"]))
    last, needed = [], set()
    now = sa.select(offers.c.id, offers.c.provider, offers.c.title).where(seen(offers))
    for offer_id, provider, title in c.execute(now):
        if offer_id in touched:
            continue
        if offer_id in leaving or (provider, title) in titles:
            last.append(Row("offers", offer_id, None))
        else:
            needed.add(provider)
    lacking = sorted({provider for provider, _ in titles} - there - needed)
    first = [_then(c, name, since) for name in lacking]
    return _Fit(first, {("providers", name) for name in needed - there}, last)


def _came(c: Connection, since: Iterable[int]) -> set[str]:
    """The offers that were not there yet before these changes."""
    first: dict[str, bool] = {}
    for number in since:
        for row in unpack(_before(c, number)):
            if row.table == "offers":
                first.setdefault(row.key, row.values is None)
    return {offer_id for offer_id, came in first.items() if came}


def _then(c: Connection, provider: str, since: Iterable[int]) -> Row:
    """The provider as it was before these changes; by its name only when they don't know it."""
    rows = (find(_before(c, number), "providers", provider) for number in since)
    unknown = row_of(Provider(provider), places_after(c, "providers"))
    return next((row for row in rows if row is not None and row.values is not None), unknown)


# --- writing ---


def apply(
    database: Database, prepared: Prepared, *, kind: str, about: str, by: str, now: datetime, large: int = LARGE
) -> int:
    """Writes what was prepared; its number. Raises Outdated when somebody was faster. The kind of an undo is UNDO.

    From `large` rows on it is written aside first, which takes longer, but others hardly have to wait for it.
    """
    aside = write_aside(database, prepared.version, prepared.after) if prepared.rows >= large else None
    try:
        with database.write() as c:
            expect(c, prepared.version)
            if aside is None:
                change_here(c, prepared.after)
            else:
                c.execute(sa.update(catalogue_row).values(generation=aside))
            values = {"version": prepared.version + 1, "starter": prepared.starter, "loaded_at": now}
            c.execute(sa.update(catalogue_row).values(values))
            number = _record(c, prepared, {"kind": kind, "about": about, "by": by, "at": now})
            state = c.execute(sa.select(catalogue_row)).one()
    except BaseException:
        if aside is not None:
            drop(database, aside)
        raise
    if state.swept_generation < state.last_generation:
        with suppress(sa.exc.OperationalError):  # the change itself is written; the next one sweeps again
            sweep(database, state.last_generation)
    return number


def _record(c: Connection, prepared: Prepared, known: Mapping[str, Any]) -> int:
    undoes = prepared.undoes.number if prepared.undoes is not None else None
    marks = [(one, mark) for one, mark, _ in prepared.marks]
    values = {**known, "before": prepared.before, "marks_before": marks, "undoes": undoes}
    number = int(c.scalars(sa.insert(past_changes).values(values).returning(past_changes.c.number)).one())
    for one, _, mark in prepared.marks:
        undone_by = number if mark == SELF else mark
        c.execute(sa.update(past_changes).where(past_changes.c.number == one).values(undone_by=undone_by))
    c.execute(sa.delete(past_changes).where(past_changes.c.at < known["at"] - KEPT))
    return number


# --- looking back ---


def changes(c: Connection, limit: int | None = None) -> list[PastChange]:
    """What was done to the catalogue, newest first."""
    columns = [past_changes.c[field.name] for field in fields(PastChange)]
    found = c.execute(sa.select(*columns).order_by(past_changes.c.number.desc()).limit(limit))
    return [PastChange(*row) for row in found]


def last(c: Connection, kind: str) -> PastChange | None:
    """The newest change of this kind that is in force."""
    return next((one for one in changes(c) if one.kind == kind and one.undone_by is None), None)


def history(c: Connection, offer_id: str) -> list[Step]:
    """What was done to one offer, newest first."""
    now = rows_now(c, "offers", [offer_id]).get(offer_id)
    steps, after = [], offer_of(now) if now is not None else None
    for change in changes(c):
        row = find(_before(c, change.number), "offers", offer_id)
        if row is not None:
            before = offer_of(row.values) if row.values is not None else None
            steps.append(Step(change, before, after))
            after = before
    return steps


def _before(c: Connection, number: int) -> bytes:
    return bytes(c.scalars(sa.select(past_changes.c.before).where(past_changes.c.number == number)).one())
