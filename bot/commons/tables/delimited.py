"""CSV as people send it: the letters, the delimiter and the quotes found out from the file itself."""

import codecs
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
import io
from itertools import islice
from math import log2
from operator import itemgetter
from pathlib import Path
import re
from typing import NamedTuple

from bot.commons.tables.sheets import MAX_CELL, MAX_COLUMNS, MAX_ROW, Unreadable, clean, filled, too_long

__all__ = ["GUARDED", "Encoding", "encoding_of", "read_delimited", "starts"]

GUARDED = re.compile(r"'+[=+\-@\t\r＝＋－＠|]")
"""How a cell begins that `tables.write_csv` gave a "'" to, so that no spreadsheet takes it for a formula."""

_DELIMITERS = ";\t,|"
_SAMPLE = 300  # records: enough to see the number of columns
_SEPARATOR_LINE = re.compile(r'sep=([^\w\s"]|\t)\s*', re.IGNORECASE)
_TEXT_TRICK = re.compile(r'="((?:[^"]|"")*)"')
_HYPERLINK = re.compile(r'=HYPERLINK\(\s*"([^"]+)"\s*(?:[;,].*)?\)', re.IGNORECASE | re.DOTALL)


# Letters


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a file become letters."""

    name: str
    mixed: bool = False
    """UTF-8 with a few bytes of Windows in between, as after pasting files together."""


_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins the same
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_STRAY = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
_IS_STRAY = re.compile("[\udc80-\udcff]")
_EIGHT_BIT = ("cp1252", "mac_roman", "cp850")  # Windows, old Mac, DOS
_AROUND = re.compile(rb"[A-Za-z]{0,3}[\x80-\xff]{1,8}[A-Za-z]{0,3}")
_OFTEN, _SOMETIMES, _SELDOM = "éëï", "öüèàóêç", "áíìòùúîôûâäñå"
_CLOSING, _OPENING, _APART = "”", "‘“„", "–—…€•·°½²³©®™§×«»\xa0"


def encoding_of(path: Path) -> Encoding:
    """What the file is written in: by its mark, as UTF-8 when that fits, else by which letters come out."""
    with path.open("rb") as file:
        head = file.read(4096)
        for mark, name in _MARKS:
            if head.startswith(mark):
                return Encoding(name)
        # Half of the bytes of Western text in UTF-16 are zero, and all on one side.
        pairs = max(1, len(head) // 2)
        even, odd = head[::2].count(0) / pairs, head[1::2].count(0) / pairs
        if max(even, odd) > 0.4 and min(even, odd) < 0.1:
            return Encoding("utf-16-le" if odd > even else "utf-16-be")
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        stray = other = 0
        while chunk := file.read(1 << 20):
            text = decoder.decode(chunk)
            if not text.isascii():
                strays = len(_IS_STRAY.findall(text))
                stray += strays
                other += len(text) - len(text.encode("ascii", "ignore")) - strays
        stray += len(_IS_STRAY.findall(decoder.decode(b"", final=True)))
        if not stray or other >= 10 * stray:
            return Encoding("utf-8", mixed=bool(stray))
        file.seek(0)
        words: list[bytes] = []
        while len(words) < 2000 and (chunk := file.read(1 << 20)):
            words += _AROUND.findall(chunk)
    return Encoding(max(_EIGHT_BIT, key=lambda name: sum(_likely(word.decode(name, "replace")) for word in words)))


def _likely(word: str) -> int:
    """How well a piece of text looks like Dutch, by its letters beyond ASCII and what stands beside them."""
    return sum(
        _likely_letter(character, word[:position][-1:], word[position + 1 : position + 2])
        for position, character in enumerate(word)
        if not character.isascii()
    )


def _likely_letter(character: str, before: str, after: str) -> int:
    if character.isalpha():
        if character.isupper() and before.islower():
            return -3
        low = character.lower()
        return 3 if low in _OFTEN else 2 if low in _SOMETIMES else 1 if low in _SELDOM else -2
    if character == "’":
        return 2 if before.isalpha() else 1
    inside = before.isalpha() and after.isalpha()
    if character in _OPENING:
        return -2 if before.isalpha() else 1
    if character in _CLOSING:
        return -2 if after.isalpha() else 1
    return 1 if character in _APART and not inside else -3


# Lines and records


class _Record(NamedTuple):
    line: int
    """Where it begins: the line as an editor counts."""
    cells: list[str]
    neat: bool = True
    """Whether every quote in it is where it should be: so we know the right delimiter."""
    whole: bool = False
    """Whether it is one single quoted cell."""


def starts(path: Path, encoding: Encoding, size: int = 4096) -> str:
    """The first characters of the file."""
    with _opened(path, encoding) as file:
        return file.read(size)


def _opened(path: Path, encoding: Encoding) -> io.TextIOWrapper:
    errors = "surrogateescape" if encoding.mixed else "replace"
    return path.open(encoding=encoding.name, errors=errors, newline="")


def _lines(path: Path, encoding: Encoding) -> Iterator[tuple[int, str]]:
    with _opened(path, encoding) as file:
        number = 0
        while line := file.readline(MAX_ROW + 1):
            number += 1
            if len(line) > MAX_ROW:
                raise Unreadable(
                    f"Rij {number} is langer dan 5 miljoen tekens. "
                    "Open het bestand in Excel, kijk of elke rij één programma is, en sla het op als Excel (.xlsx)."
                )
            yield number, line.translate(_STRAY) if encoding.mixed else line


@dataclass(frozen=True, slots=True)
class _Patterns:
    """How cells look between these delimiters. Possessive throughout: a hostile line costs no more than its length."""

    closed: re.Pattern[str]
    unclosed: re.Pattern[str]
    careless: re.Pattern[str]
    bare: re.Pattern[str]
    end: re.Pattern[str]


@lru_cache(maxsize=8)
def _patterns(delimiter: str) -> _Patterns:
    d = re.escape(delimiter)
    return _Patterns(
        closed=re.compile(rf' *"((?:[^"]++|"")*+)" *(?P<end>{d}|\Z)'),
        unclosed=re.compile(r' *"((?:[^"]++|"")*+)\Z'),
        # "De "Gouden" week": quotes inside were not doubled. One that opens the next cell is no such quote.
        careless=re.compile(rf' *"((?:[^"]++|""|(?<!{d})"(?! *(?:{d}|\Z)))*+)" *(?P<end>{d}|\Z)'),
        bare=re.compile(rf"([^{d}]*+)(?P<end>{d}|\Z)"),
        end=re.compile(rf" *(?P<end>{d}|\Z)"),
    )


_INSIDE = re.compile(r'(?:[^"]++|"")*+')


def _records(lines: Iterator[tuple[int, str]], delimiter: str) -> Iterator[_Record]:
    patterns = _patterns(delimiter)
    for number, line in lines:
        body = line.rstrip("\r\n")
        if '"' not in body:
            cells, neat, quoted = body.split(delimiter, MAX_COLUMNS), True, False
        else:
            cells, neat, quoted = _quoted(number, body, lines, patterns)
        if len(cells) > MAX_COLUMNS:
            raise Unreadable(f"Rij {number} heeft meer dan {MAX_COLUMNS} kolommen. Kijk of dit de goede lijst is.")
        yield _Record(number, cells, neat, whole=quoted and len(cells) == 1)


def _quoted(
    number: int, body: str, lines: Iterator[tuple[int, str]], patterns: _Patterns
) -> tuple[list[str], bool, bool]:
    """The cells of a record with quotes in it, whether all were neat, and whether the last one was quoted."""
    cells: list[str] = []
    neat, quoted, position, end = True, True, 0, "more"
    hopeful = True  # looking for the end of a careless cell may take the whole line: in vain only once
    while end:
        if found := patterns.closed.match(body, position):
            text, quoted = found[1], True
        elif found := patterns.unclosed.match(body, position):
            text, body = _over_lines(number, len(cells), found[1], lines)
            found, quoted = patterns.end.match(body), True
            if not found:
                raise _unclosed(number)
        elif hopeful and (found := patterns.careless.match(body, position)):
            text, quoted, neat = found[1], True, False
        elif found := patterns.bare.match(body, position):
            text, quoted = found[1], False
            hopeful = hopeful and not text.lstrip(" ").startswith('"')
            neat = neat and not (text.count('"') % 2 or text.startswith('"'))
        else:
            raise AssertionError(body)  # bare fits everything
        cells.append(text.replace('""', '"') if quoted else text)
        end, position = found["end"], found.end()
    return cells, neat, quoted


def _over_lines(number: int, column: int, begun: str, lines: Iterator[tuple[int, str]]) -> tuple[str, str]:
    """The whole of a quoted cell that goes on over the next lines, and what stands after it on the last one."""
    parts, size = [begun, "\n"], len(begun)
    for _, line in lines:
        inside = _INSIDE.match(line)
        end = inside.end() if inside else 0
        parts.append(line[:end])
        size += end
        if size > 2 * MAX_CELL:  # every character may be a doubled quote
            raise too_long(number, column)
        if end < len(line):
            return "".join(parts), line[end + 1 :].rstrip("\r\n")
    raise _unclosed(number)


def _unclosed(number: int) -> Unreadable:
    return Unreadable(
        f'In rij {number} begint een cel met een aanhalingsteken (") dat nergens goed eindigt. '
        "Haal het weg of zet er aan het eind van de cel ook een, of sla de lijst op als Excel (.xlsx)."
    )


# The shape of a file


@dataclass(frozen=True, slots=True)
class _Shape:
    delimiter: str
    width: int
    """The number of columns that most records have."""
    score: float
    announced: bool = False
    """Whether the first line only says what the delimiter is, as Excel understands it: "sep=;"."""


def _shape(path: Path, encoding: Encoding) -> _Shape:
    first = next(_lines(path, encoding), (1, ""))[1]
    if said := _SEPARATOR_LINE.fullmatch(first):
        return replace(_scored(path, encoding, said[1]), announced=True)
    return max((_scored(path, encoding, delimiter) for delimiter in _DELIMITERS), key=lambda shape: shape.score)


def _scored(path: Path, encoding: Encoding, delimiter: str) -> _Shape:
    """What the file looks like if this were its delimiter: the more records of one width, the better."""
    widths: Counter[int] = Counter()
    careless = 0
    try:
        for record in islice(_records(_lines(path, encoding), delimiter), _SAMPLE):
            cells = _unwrapped(record.cells[0], delimiter) if record.whole else record.cells
            widths[len(cells)] += any(cells)
            careless += not record.neat
    except Unreadable:
        pass  # the records before it tell enough; whoever reads them all is told
    total = widths.total()
    width, count = max(
        ((width, count) for width, count in widths.items() if width > 1), key=itemgetter(1), default=(1, 0)
    )
    return _Shape(delimiter, width, (count / total * (1 - careless / total)) ** 2 * log2(width) if count else 0)


def _unwrapped(cell: str, delimiter: str) -> list[str]:
    """The cells of a record that stands as text in one cell: a CSV opened in Excel as one column and saved again."""
    lines = enumerate(io.StringIO(cell, newline=""), start=1)
    try:
        records = list(islice(_records(lines, delimiter), 2))
    except Unreadable:
        return [cell]
    return records[0].cells if len(records) == 1 else [cell]


# Reading


def read_delimited(path: Path, encoding: Encoding) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows of the file, with the line where each begins."""
    shape = _shape(path, encoding)
    for record in _records(_lines(path, encoding), shape.delimiter):
        if record.line == 1 and shape.announced:
            continue
        cells = record.cells
        if record.whole and len(unwrapped := _unwrapped(cells[0], shape.delimiter)) == shape.width > 1:
            cells = unwrapped
        for column, cell in enumerate(cells):
            if len(cell) > MAX_CELL:
                raise too_long(record.line, column)
        if row := filled([_meant(cell) for cell in cells]):
            yield record.line, row


def _meant(cell: str) -> str:
    """The clean text of a cell, without what was done to it for the sake of Excel."""
    text = cell.strip()
    if text[:1] == "'" and GUARDED.match(text):
        return clean(text[1:])
    if text[:1] == "=" and (trick := _TEXT_TRICK.fullmatch(text) or _HYPERLINK.fullmatch(text)):
        return clean(trick[1].replace('""', '"'))
    return clean(cell)
