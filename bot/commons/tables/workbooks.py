"""The child process that opens workbooks and web pages: `python -m bot.commons.tables.workbooks FILE`.

It writes a line of JSON for some rows of a sheet at a time, `[number of the sheet, its name, [[row number, cells],
…]]`, then `{}`, or `{"problem": …}` with a Dutch sentence. The limits it sets itself hold for the libraries too.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
import datetime as dt
from decimal import Decimal
import json
import math
import mmap
from pathlib import Path
import sys
from typing import IO, TYPE_CHECKING, Any
import zipfile

from bot.commons.tables.delimited import encoding_of
from bot.commons.tables.oddities import Oddities, Oddity, Range, oddities_of
from bot.commons.tables.sheets import MAX_CELL, MAX_COLUMNS, MAX_ROW, Unreadable, clean, filled, no_table, too_long
from bot.commons.tables.spreadsheets import OUT_OF_MEMORY

if TYPE_CHECKING:
    from python_calamine import CalamineSheet
    from selectolax.lexbor import LexborNode

__all__ = ["main", "text_of"]

_MEMORY = 1_500_000_000  # bytes of address space
_CPU = 60  # seconds
_MAX_UNPACKED = 500_000_000  # bytes
_MAX_PAGE = 50_000_000  # bytes
_ROWS, _CHARACTERS = 200, 200_000  # in a message, about
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Value = str | bool | float | dt.date | dt.time | dt.timedelta
"""What the library gives: datetimes are dates, whole numbers are floats to Python's types."""

Rows = Iterator[tuple[int, list[str]]]
"""Row numbers as people count, and all cells from the first column on."""


def main(path: Path) -> int:
    """Writes the sheets of the file to standard output; gives the exit code."""
    _limit()
    try:
        for message in _messages(path):
            _say(message)
        _say({})
    except Unreadable as problem:
        _say({"problem": str(problem)})
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


def _say(message: object) -> None:
    sys.stdout.buffer.write(json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    sys.stdout.buffer.flush()


def _limit() -> None:
    try:
        import resource
    except ImportError:
        return  # Windows: the parent's clock remains
    for what, most in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_CPU, _CPU), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(what)
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _messages(path: Path) -> Iterator[list[Any]]:
    """The sheets as messages; at least one for each, so that an empty one is known too."""
    with path.open("rb") as file:
        start = file.read(len(_OLE))
    sheets = _workbook(path) if start.startswith((b"PK", _OLE)) else _page(path)
    for number, (name, rows) in enumerate(sheets):
        said: list[tuple[int, tuple[str, ...]]] = []
        size = 0
        for row, cells in rows:
            if kept := filled(cells):
                said.append((row, kept))
                size += sum(map(len, kept))
                if size > MAX_ROW + _CHARACTERS:
                    raise Unreadable(f"Rij {row} heeft meer dan 5 miljoen tekens. Maak de teksten korter.")
                if size > _CHARACTERS or len(said) == _ROWS:
                    yield [number, name, said]
                    said, size = [], 0
        yield [number, name, said]


# Workbooks


def _workbook(path: Path) -> Iterator[tuple[str, Rows]]:
    """The visible sheets of an Excel or OpenDocument file, whatever it is called."""
    from python_calamine import PasswordError, SheetTypeEnum, SheetVisibleEnum, load_workbook

    with path.open("rb") as file, ExitStack() as stack:
        if file.read(len(_OLE)) == _OLE:
            _refuse_other_documents(path.name, file)
            look: Callable[[str], Oddities] = _nothing_odd
        else:
            archive = stack.enter_context(zipfile.ZipFile(file))
            _refuse_other_archives(path.name, archive)
            look = oddities_of(archive)
        file.seek(0)
        try:
            book = load_workbook(file)
        except PasswordError:
            raise _locked(path.name) from None
        shown = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
        ]
        if not shown:
            raise Unreadable(
                f"“{clean(path.name)}” heeft geen zichtbaar werkblad. Open het in Excel, klik met rechts op een tab, "
                "kies “Zichtbaar maken” en sla het op."
            )
        for name in shown:
            sheet, odd = book.get_sheet_by_name(name), look(name)
            merged = [*odd.merged, *(sheet.merged_cell_ranges or ())]
            yield clean(name), _filled_down(_with_oddities(_texts(sheet), odd.cells), merged)


def _nothing_odd(_name: str) -> Oddities:
    return Oddities(iter(()), [])


def _texts(sheet: "CalamineSheet") -> Rows:
    before = [""] * (sheet.start or (0, 0))[1]  # the library gives the empty rows above, but not the columns beside
    for number, values in enumerate(sheet.iter_rows(), start=1):
        cells = before + [text_of(value) for value in values]
        if max(map(len, cells), default=0) > MAX_CELL:
            raise too_long(number, max(range(len(cells)), key=lambda column: len(cells[column])))
        yield number, cells


def text_of(value: Value) -> str:
    """What a cell says: 6.0 is 6, no exponents, ISO dates, no time at midnight, ja and nee."""
    if isinstance(value, str):
        return clean(value) if value else value
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dt.datetime):
        if value.time() == dt.time():
            return value.date().isoformat()
        return f"{value.date().isoformat()} {_time(value.time())}"
    if isinstance(value, dt.time):
        return _time(value)
    if isinstance(value, dt.timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return str(value)  # whole numbers, and dates as ISO


def _number(value: float) -> str:
    if not math.isfinite(value):
        return "#NUM!"
    if value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return f"{Decimal(f'{value:.15g}'):f}"  # 15 digits is what Excel shows: 0.1 + 0.2 is 0.3


def _time(value: dt.time) -> str:
    return value.isoformat("minutes" if value.second == 0 else "seconds")


def _with_oddities(rows: Rows, oddities: Iterator[Oddity]) -> Rows:
    """The rows with what seemed empty and is not; also below the last row, where nothing else stands."""
    number = 0
    waiting = next(oddities, None)
    for number, cells in rows:
        while waiting and waiting.row <= number:
            if waiting.row == number:
                _put(cells, waiting)
            waiting = next(oddities, None)
        yield number, cells
    while waiting:
        if waiting.row > number:  # else out of order: nobody's program writes that
            number, cells = waiting.row, []
            while waiting and waiting.row == number:
                _put(cells, waiting)
                waiting = next(oddities, None)
            yield number, cells
        else:
            waiting = next(oddities, None)


def _put(cells: list[str], odd: Oddity) -> None:
    cells += [""] * (odd.column + 1 - len(cells))
    cells[odd.column] = cells[odd.column] or clean(odd.text)


def _filled_down(rows: Rows, merged: Iterable[Range]) -> Rows:
    """The rows with the value of merged cells in all of them. A row that has nothing but values from above is empty."""
    coming = sorted(merged, reverse=True)
    active: list[tuple[Range, str]] = []
    for number, cells in rows:
        own = any(cells)
        while coming and coming[-1][0][0] < number:
            area = coming.pop()
            (first, left), _ = area
            if first == number - 1 and left < len(cells) and cells[left]:
                active.append((area, cells[left]))
        active = [(area, text) for area, text in active if area[1][0] >= number - 1]
        for ((_, left), (_, right)), text in active:
            end = min(right + 1, len(cells))
            cells[left:end] = [text] * (end - left)
        if own:
            yield number, cells


# What a container may hold instead


def _refuse_other_archives(name: str, archive: zipfile.ZipFile) -> None:
    """Looks at the list of what is in the zip, before anything is unpacked."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if sum(entry.file_size for entry in entries) > _MAX_UNPACKED:
        raise Unreadable(
            f"“{clean(name)}” wordt uitgepakt groter dan 500 MB. "
            "Kopieer alleen de lijst naar een nieuw bestand en sla dat op als Excel (.xlsx)."
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise _locked(name)
    if names & {"xl/workbook.xml", "xl/workbook.bin"}:
        return
    kind = archive.read("mimetype").decode("ascii", "replace") if "mimetype" in names else ""
    if "opendocument.spreadsheet" in kind:
        return
    if "word/document.xml" in names or "opendocument.text" in kind:
        raise no_table(name, "een Word-document")
    if "ppt/presentation.xml" in names or "opendocument.presentation" in kind:
        raise no_table(name, "een presentatie")
    if any(entry.endswith(".iwa") or entry == "Index.zip" for entry in names):
        raise Unreadable(
            f"“{clean(name)}” is een bestand van Numbers. Open het in Numbers, kies Archief > Exporteer naar > Excel "
            "en geef dat bestand."
        )
    if "[Content_Types].xml" not in names:
        raise Unreadable(f"“{clean(name)}” is een zip-bestand. Pak het uit en geef de lijst die erin zit.")


def _refuse_other_documents(name: str, file: IO[bytes]) -> None:
    """Looks for the names of the streams in the container of Office before 2007."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if any(data.find(word.encode("utf-16-le")) >= 0 for word in ("EncryptedPackage", "EncryptionInfo")):
            raise _locked(name)
        if any(data.find(word.encode("utf-16-le")) >= 0 for word in ("Workbook", "Book")):
            return
        for stream, what in (
            ("WordDocument", "een Word-document"),
            ("PowerPoint Document", "een presentatie"),
            ("__substg1.0_", "een bericht uit Outlook"),
        ):
            if data.find(stream.encode("utf-16-le")) >= 0:
                raise no_table(name, what)


def _locked(name: str) -> Unreadable:
    return Unreadable(
        f"“{clean(name)}” is beveiligd met een wachtwoord. Open het in Excel, haal het wachtwoord weg bij "
        "Bestand > Info > Werkmap beveiligen, sla het op en probeer het opnieuw."
    )


# Web pages


def _page(path: Path) -> Iterator[tuple[str, Rows]]:
    """The tables of a web page: what many a website calls "export to Excel"."""
    from selectolax.lexbor import LexborHTMLParser

    if path.stat().st_size > _MAX_PAGE:
        raise Unreadable(
            f"“{clean(path.name)}” is een webpagina van meer dan 50 MB. "
            "Open het in Excel en sla het op als Excel (.xlsx)."
        )
    encoding = encoding_of(path)
    page = LexborHTMLParser(path.read_bytes().decode(encoding.name, "replace"))
    tables = _data_tables(page.css("table"))
    if not tables:
        raise no_table(path.name, "een webpagina zonder tabel")
    for number, table in enumerate(tables, start=1):
        caption = table.css_first("caption")
        name = clean(caption.text()) if caption else ""
        yield name or (f"Tabel {number}" if len(tables) > 1 else ""), _spanned(_cells(row) for row in _own_rows(table))


def _data_tables(tables: Iterable["LexborNode"]) -> list["LexborNode"]:
    """Without those that only put a bigger table in its place, and those that are part of a cell."""
    found: list[LexborNode] = []
    inside: set[int] = set()
    for table in tables:
        if table.mem_id in inside:
            continue
        nested = table.css("table")[1:]  # the first is the table itself
        size = sum(1 for _ in _own_rows(table))
        if size and not any(sum(1 for _ in _own_rows(other)) > size for other in nested):
            found.append(table)
            inside.update(other.mem_id for other in nested)
    return found


def _own_rows(table: "LexborNode") -> Iterator["LexborNode"]:
    for part in table.iter():
        if part.tag == "tr":
            yield part
        elif part.tag in {"tbody", "thead", "tfoot"}:
            yield from (row for row in part.iter() if row.tag == "tr")


def _cells(row: "LexborNode") -> list[tuple[str, int, int]]:
    """The text of each cell, and over how many columns and rows it goes."""
    return [
        (clean(cell.inner_html or ""), _span(cell, "colspan", 1), _span(cell, "rowspan", MAX_COLUMNS))
        for cell in row.iter()
        if cell.tag in {"td", "th"}
    ]


def _span(cell: "LexborNode", name: str, zero: int) -> int:
    said = (cell.attributes.get(name) or "").strip()
    number = int(said[:9]) if said.isascii() and said.isdecimal() else 1
    return min(number or zero, MAX_COLUMNS)  # a rowspan of 0 goes on to the end


def _spanned(table: Iterable[list[tuple[str, int, int]]]) -> Rows:
    """The rows with every cell in all places it covers. A row that has nothing but values from above is empty."""
    hanging: dict[int, tuple[str, int]] = {}  # column: text, and for how many rows still
    for number, cells in enumerate(table, start=1):
        row: list[str] = []
        coming = iter(cells)
        below: dict[int, tuple[str, int]] = {}
        last = max(hanging, default=-1)
        while True:
            column = len(row)
            if column in hanging:
                text, down = hanging[column]
                across = 1
            elif cell := next(coming, None):
                text, across, down = cell
            elif column <= last:
                text, across, down = "", 1, 1
            else:
                break
            row += [text] * across
            if len(row) > MAX_COLUMNS:
                raise Unreadable(f"Rij {number} heeft meer dan {MAX_COLUMNS} kolommen. Kijk of dit de goede lijst is.")
            if down > 1:
                below |= dict.fromkeys(range(column, column + across), (text, down - 1))
        hanging = below
        if any(text for text, _, _ in cells):
            yield number, row


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
