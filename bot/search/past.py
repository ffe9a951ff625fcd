"""What was done to the catalogue: a change, and the rows it found; all pure.

Rows are kept as packed lines of JSON. Only what is filled in is kept, under its name, so that a row of last year still
fits when a field was added since.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
import json
from typing import Any
import zlib

from bot.search.catalogue import Cost, Offer, Provider, Sector, Status

__all__ = [
    "EMPTY",
    "Packer",
    "PastChange",
    "Row",
    "find",
    "line_of",
    "names",
    "offer_of",
    "row_of",
    "slim",
    "unpack",
]

EMPTY: dict[str, dict[str, Any]] = {
    table: {field.name: getattr(empty, field.name) for field in fields(empty)}
    for table, empty in (("providers", Provider("")), ("offers", Offer("", "", "")))
}
"""The fields of each table and what they are when nothing is known."""
DATES = ("checked_on", "full_until")

_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
LEVEL = 3
"""Of zlib: twice as quick as its own choice, and a tenth larger."""
PIECE = 1 << 14
"""Bytes that are unpacked at a time: a large change must not stand in memory whole."""


@dataclass(frozen=True, slots=True)
class PastChange:
    """What was done to the catalogue, when and by whom."""

    number: int
    at: datetime
    by: str
    kind: str
    about: str
    undoes: int | None
    """The change that this one took back."""
    undone_by: int | None
    """The change that took this one back, for as long as that is in force itself."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was or is to be. `catalogue` has one row, with the key "": whether it is the example list."""

    table: str
    key: str
    values: dict[str, Any] | None
    """What is filled in, as JSON knows it; None where there is no such row."""

    @property
    def name(self) -> tuple[str, str]:
        return self.table, self.key


class Packer:
    """Packs rows, each as its line, while they come by."""

    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._compress = zlib.compressobj(LEVEL)

    def add(self, line: str) -> None:
        self._packed.append(self._compress.compress(f"{line}\n".encode()))

    def finish(self) -> bytes:
        return b"".join((*self._packed, self._compress.flush()))


def line_of(row: Row) -> str:
    """The row as one line: rows with the same line are the same."""
    return _encode((row.table, row.key, row.values))


def unpack(packed: bytes) -> Iterator[Row]:
    """The rows in the order in which they were packed."""
    return (Row(*json.loads(line)) for line in _lines(packed))


def names(packed: bytes) -> Iterator[tuple[str, str]]:
    """The table and key of each row: four times as quick as unpacking them."""
    read = json.JSONDecoder().raw_decode
    for line in _lines(packed):
        text = line.decode()
        table, end = read(text, 1)
        yield table, read(text, end + 1)[0]


def find(packed: bytes, table: str, key: str) -> Row | None:
    """The row with this name, if it is among them: ten times as quick as unpacking all."""
    begin = _encode((table, key)).encode()[:-1] + b","
    line = next((line for line in _lines(packed) if line.startswith(begin)), None)
    return Row(*json.loads(line)) if line is not None else None


def _lines(packed: bytes) -> Iterator[bytes]:
    decompress = zlib.decompressobj()
    rest = b""
    for start in range(0, len(packed), PIECE):
        *lines, rest = (rest + decompress.decompress(packed[start : start + PIECE])).split(b"\n")
        yield from lines


def row_of(one: Offer | Provider, position: int) -> Row:
    """The row of an offer or a provider."""
    table, key = ("offers", one.id) if isinstance(one, Offer) else ("providers", one.name)
    values = {name: getattr(one, name) for name in EMPTY[table]}
    return Row(table, key, slim(table, values | {"position": position}))


def slim(table: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """What is filled in, in values that JSON knows."""
    empty = EMPTY[table]
    kept = {name: value for name, value in values.items() if value != empty.get(name) and value != []}
    for name in DATES:
        if name in kept:
            kept[name] = kept[name].isoformat()
    return kept


def offer_of(values: Mapping[str, Any]) -> Offer:
    """The offer of a kept row."""
    known = {name: values.get(name, empty) for name, empty in EMPTY["offers"].items()}
    known = {name: tuple(value) if isinstance(value, list) else value for name, value in known.items()}
    for name in DATES:
        known[name] = date.fromisoformat(known[name]) if known[name] else None
    known["sectors"] = tuple(map(Sector, known["sectors"]))
    return Offer(**known | {"cost": Cost(known["cost"]), "status": Status(known["status"])})
