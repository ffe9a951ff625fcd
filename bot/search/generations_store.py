"""The rows of the catalogue: a few changed where they stand, or all written aside and swapped in.

A generation is one whole writing of the catalogue; one of them is seen. A large change would hold up every other writer
(100,000 offers take SQLite 1.4 seconds): so the catalogue as it is to be is written as another generation, a little at
a time, and then only the number is swapped. That takes a database and makes its own transactions; the rest is handed a
connection.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby, islice
import json
import time
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.db import Database
from bot.search.past import EMPTY, Row, names, slim, unpack
from bot.search.store import catalogue_row, offers, providers, seen

__all__ = [
    "LARGE",
    "Outdated",
    "batches",
    "change_here",
    "drop",
    "expect",
    "places_after",
    "rows_now",
    "sweep",
    "write_aside",
]

T = TypeVar("T")

LARGE = 1000
"""Rows from which a change is written aside: so many hold up others for 0.1 second when written at once."""
BATCH = 4000
"""Rows that are written aside at a time: 0.1 to 0.3 second. Fewer would hold up as long in all, and more often."""
REST_SECONDS = 0.02
"""Between two batches: other processes ask for SQLite's lock now and then, and must find it free."""

TABLES = {"providers": providers, "offers": offers}
KEYS = {"providers": providers.c.name, "offers": offers.c.id}
# Large writes and deletes go in this order: what lies together in the indexes is then written together.
ORDER = {"providers": (providers.c.name,), "offers": (offers.c.provider, offers.c.title)}
LISTS = {
    name: [column.name for column in table.c if isinstance(column.type, sa.JSON)] for name, table in TABLES.items()
}
NAMES = {table: (*fields, "position") for table, fields in EMPTY.items()}
WITHOUT = {table: fields | dict.fromkeys(LISTS[table], "[]") | {"position": 0} for table, fields in EMPTY.items()}
"""What the driver is given where nothing is filled in."""


class Outdated(Exception):  # noqa: N818  # no fault: somebody was faster
    """The catalogue is no longer the one that the change was prepared for; nothing was written."""


def expect(c: Connection, version: int) -> None:
    """Raises Outdated for any other version of the catalogue; this one stays until the transaction ends."""
    if c.scalars(sa.select(catalogue_row.c.version).with_for_update()).one() != version:
        raise Outdated


def batches(rows: Iterable[T]) -> Iterator[list[T]]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch


# --- reading ---


def rows_now(c: Connection, table: str, keys: list[str]) -> dict[str, dict[str, Any]]:
    """The rows that everybody sees, of those with these keys, as history keeps them."""
    if table == "catalogue":
        return {"": {"starter": bool(c.scalar(sa.select(catalogue_row.c.starter)))}}
    kept, key = TABLES[table], KEYS[table]
    # Lists come as text: most are the same as another's, and are then not read again.
    columns = [sa.cast(kept.c[name], sa.Text) if name in LISTS[table] else kept.c[name] for name in NAMES[table]]
    read = cache(json.loads)
    now = {}
    for found in c.execute(sa.select(*columns).where(key.in_(keys), seen(kept, by_key=True))):
        row = dict(zip(NAMES[table], found, strict=True))
        row |= {name: read(row[name]) for name in LISTS[table]}
        now[row[key.name]] = slim(table, row)
    return now


def places_after(c: Connection, table: str) -> int:
    """The first position after the last row."""
    kept = TABLES[table]
    last = c.scalar(sa.select(sa.func.max(kept.c.position)).where(seen(kept)))
    return 0 if last is None else int(last) + 1


def _keys(c: Connection, table: str, generation: int) -> dict[str, None]:
    """The keys of a generation, in its order."""
    kept = TABLES[table]
    found = sa.select(KEYS[table]).where(kept.c.generation == generation).order_by(*ORDER[table])
    return dict.fromkeys(c.scalars(found))


# --- a few rows, where they stand ---


def change_here(c: Connection, after: bytes) -> None:
    """Makes these rows of the catalogue that everybody sees what they are to be."""
    generation = c.scalars(sa.select(catalogue_row.c.generation)).one()
    rows = list(unpack(after))
    come = {table: [row for row in rows if row.table == table and row.values is not None] for table in TABLES}
    # Providers come before the offers that name them and go after them; offers go before they come, because two may
    # have swapped their titles.
    _insert("providers", come["providers"], generation)(c)
    _delete("offers", [row.key for row in rows if row.table == "offers"], generation)(c)
    _insert("offers", come["offers"], generation)(c)
    _delete("providers", [row.key for row in rows if row.table == "providers" and row.values is None], generation)(c)


Write = Callable[[Connection], None]


def _insert(table: str, rows: list[Row], generation: int) -> Write:
    """Writes rows as the driver takes them, four times as quick as through SQLAlchemy; known providers are updated."""
    ready = []
    for row in rows:
        given = row.values or {}
        values = WITHOUT[table] | given | {name: json.dumps(given[name]) for name in LISTS[table] if name in given}
        ready.append((generation, *[values[name] for name in NAMES[table]]))

    def write(c: Connection) -> None:
        if ready:
            c.exec_driver_sql(_insertion(table, c.dialect.name), ready)

    return write


@cache
def _insertion(table: str, dialect: str) -> str:
    columns = ("generation", *NAMES[table])
    marks = ", ".join(["?" if dialect == "sqlite" else "%s"] * len(columns))
    key = KEYS[table].name
    instead = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in ("generation", key))
    known = f" ON CONFLICT (generation, {key}) DO UPDATE SET {instead}" if table == "providers" else ""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}){known}"  # noqa: S608  # all names are ours


def _delete(table: str, keys: list[str], generation: int) -> Write:
    def write(c: Connection) -> None:
        for some in batches(keys):
            of_generation = TABLES[table].c.generation == generation
            c.execute(sa.delete(TABLES[table]).where(of_generation, KEYS[table].in_(some)))

    return write


# --- everything, aside ---


def write_aside(database: Database, version: int, after: bytes) -> int:
    """Writes the whole catalogue as it is to be under a new number, which nobody sees yet. Raises Outdated."""
    with database.write() as c:
        expect(c, version)
        c.execute(sa.update(catalogue_row).values(last_generation=catalogue_row.c.last_generation + 1))
        state = c.execute(sa.select(catalogue_row)).one()
    with database.read() as c:
        kept = {table: _keys(c, table, state.generation) for table in TABLES}
    for table, key in names(after):
        if table in kept:
            kept[table].pop(key, None)
    try:
        _in_turn(database, _steps(after, kept, state.generation, state.last_generation), version)
    except BaseException:
        drop(database, state.last_generation)
        raise
    return int(state.last_generation)


def _steps(after: bytes, kept: Mapping[str, Iterable[str]], old: int, new: int) -> Iterator[Write]:
    """Small writes that make the new generation of the old one: providers first, then the offers that name them."""
    yield from (_copy("providers", some, old, new) for some in batches(kept["providers"]))
    rows = (row for row in unpack(after) if row.table in TABLES and row.values is not None)
    for table, group in groupby(rows, key=lambda row: row.table):
        yield from (_insert(table, some, new) for some in batches(group))
    yield from (_copy("offers", some, old, new) for some in batches(kept["offers"]))


def _copy(table: str, keys: list[str], old: int, new: int) -> Write:
    kept = TABLES[table]
    chosen = sa.select(sa.literal(new), *(kept.c[name] for name in NAMES[table]))
    chosen = chosen.where(kept.c.generation == old, KEYS[table].in_(keys))

    def write(c: Connection) -> None:
        c.execute(sa.insert(kept).from_select(["generation", *NAMES[table]], chosen))

    return write


def drop(database: Database, number: int) -> None:
    """Deletes what was written aside, a little at a time; never what is seen."""
    with database.read() as c:
        seen_number = c.scalars(sa.select(catalogue_row.c.generation)).one()
        keys = {table: _keys(c, table, number) for table in reversed(TABLES) if number != seen_number}
    for table, all_keys in keys.items():
        _in_turn(database, (_delete(table, some, number) for some in batches(all_keys)))


def sweep(database: Database, last: int) -> None:
    """Deletes every generation up to the last one there was when the catalogue's version went up, but not what is seen.

    Whoever still wrote one of these aside then, did so for a version that is outdated.
    """
    with database.read() as c:
        found = (c.scalars(sa.select(table.c.generation).distinct()).all() for table in TABLES.values())
        numbers = set().union(*found)
    for number in sorted(numbers):
        if number <= last:
            drop(database, number)
    with database.write() as c:
        c.execute(sa.update(catalogue_row).values(swept_generation=last))


def _in_turn(database: Database, steps: Iterable[Write], version: int | None = None) -> None:
    """Takes the steps in a transaction each; all of them for this version of the catalogue, if one is named."""
    for step in steps:
        with database.write() as c:
            if version is not None:
                expect(c, version)
            step(c)
        if database.kind == "sqlite":
            time.sleep(REST_SECONDS)
