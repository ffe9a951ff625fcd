"""What the library that reads workbooks keeps to itself: errors, formulas without an outcome, merged cells in .ods.

It gives "" for a cell that shows #N/A and for a formula that was never calculated, as for an empty cell. Taken for
empty, a value would be wiped out in silence. So the file itself is looked through, as a stream.
"""

from collections.abc import Callable, Iterator
import posixpath
import re
from typing import IO, NamedTuple
from xml.parsers import expat
import zipfile

from bot.commons.tables.sheets import FORMULA, MAX_COLUMNS, is_error

__all__ = ["Oddities", "Oddity", "Range", "oddities_of"]

Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last (row, column) of merged cells, counted from 0."""

_CHUNK = 1 << 18  # bytes
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
# The beginning of a formula or an error in the XML of a sheet: most sheets have neither, and this is quick to see.
_HINT = re.compile(rb"<(?:\w{1,20}:)?f[\s/>]|\bt=[\"']e[\"']")
_OVERLAP = 64  # bytes: a hint may be cut in two


class Oddity(NamedTuple):
    """A cell that is not as empty as it seems."""

    row: int
    """As people count."""
    column: int
    """From 0."""
    text: str


class Oddities(NamedTuple):
    """Of one sheet; the cells in the order of the file."""

    cells: Iterator[Oddity]
    merged: list[Range]


def oddities_of(archive: zipfile.ZipFile) -> Callable[[str], Oddities]:
    """A way to ask for the oddities of a sheet by its name. Files it does not know have none."""
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        parts = {name: part for name, part in _parts(archive).items() if part in names}
        return lambda name: Oddities(_of_sheet(archive, parts[name]) if name in parts else iter(()), [])
    if "content.xml" in names:
        found = _of_document(archive)
        return lambda name: found.get(name) or Oddities(iter(()), [])
    return lambda _: Oddities(iter(()), [])


def _short(name: str) -> str:
    return name.rpartition(" ")[2]  # expat sets the namespace before it


def _read(parser: expat.XMLParserType, file: IO[bytes]) -> Iterator[None]:
    """Feeds the file to the parser, with a stop after each chunk. Broken XML ends it: the library reads on."""
    try:
        while chunk := file.read(_CHUNK):
            parser.Parse(chunk)
            yield
        parser.Parse(b"", True)  # True: this was all
    except expat.ExpatError:
        pass
    yield


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    return parser


# Excel


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The file inside the workbook for each sheet."""
    targets = {
        found.get("Id", ""): posixpath.normpath(posixpath.join("/xl", found.get("Target", ""))).lstrip("/")
        for found in _attributes(archive, "xl/_rels/workbook.xml.rels", "Relationship")
    }
    return {
        found.get("name", ""): targets.get(found.get("id", ""), "")
        for found in _attributes(archive, "xl/workbook.xml", "sheet")
    }


def _attributes(archive: zipfile.ZipFile, part: str, element: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if _short(name) == element:
            found.append({_short(key): value for key, value in attributes.items()})

    parser = _parser()
    parser.StartElementHandler = start
    if part in archive.namelist():
        with archive.open(part) as file:
            for _ in _read(parser, file):
                pass
    return found


def _of_sheet(archive: zipfile.ZipFile, part: str) -> Iterator[Oddity]:
    with archive.open(part) as file:
        before = b""
        while chunk := file.read(_CHUNK):
            if _HINT.search(before + chunk):
                break
            before = chunk[-_OVERLAP:]
        else:
            return
    look = _SheetLook()
    parser = _parser()
    parser.StartElementHandler, parser.EndElementHandler = look.start, look.end
    parser.CharacterDataHandler = look.characters
    with archive.open(part) as file:
        for _ in _read(parser, file):
            yield from look.found
            look.found.clear()


class _SheetLook:
    """Where in the XML of a sheet we are, and which oddities were seen."""

    def __init__(self) -> None:
        self.found: list[Oddity] = []
        self._row, self._column = 0, -1
        self._kind = ""
        self._formula = self._valued = self._taking = False
        self._value = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = _short(name)
        if name == "c":
            self._place(attributes.get("r", ""))
            self._kind = attributes.get("t", "")
            self._formula = self._valued = False
            self._value = ""
        elif name == "v":
            self._taking = self._valued = True
        elif name == "f":
            self._formula = True
        elif name == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdecimal() else self._row + 1
            self._column = -1

    def _place(self, reference: str) -> None:
        if found := _REFERENCE.fullmatch(reference):
            self._column = -1
            for letter in found[1]:
                self._column = (self._column + 1) * 26 + ord(letter) - 65
            self._row = int(found[2])
        else:
            self._column += 1  # a cell needs no reference: it comes after the one before

    def characters(self, text: str) -> None:
        if self._taking:
            self._value += text

    def end(self, name: str) -> None:
        name = _short(name)
        if name == "v":
            self._taking = False
        elif name == "c" and self._column < MAX_COLUMNS:
            if self._kind == "e" and self._value:
                self.found.append(Oddity(self._row, self._column, self._value))
            # A formula may well have the outcome "": then there is an empty value, and it is said to be text.
            elif self._formula and not self._value and not (self._kind == "str" and self._valued):
                self.found.append(Oddity(self._row, self._column, FORMULA))


# OpenDocument


def _of_document(archive: zipfile.ZipFile) -> dict[str, Oddities]:
    look = _DocumentLook()
    parser = _parser()
    parser.StartElementHandler, parser.EndElementHandler = look.start, look.end
    parser.CharacterDataHandler = look.characters
    with archive.open("content.xml") as file:
        for _ in _read(parser, file):
            pass
    return {name: Oddities(iter(cells), merged) for name, (cells, merged) in look.sheets.items()}


class _DocumentLook:
    """Where in an OpenDocument we are, and which oddities were seen in each of its sheets."""

    def __init__(self) -> None:
        self.sheets: dict[str, tuple[list[Oddity], list[Range]]] = {}
        self._cells: list[Oddity] = []
        self._merged: list[Range] = []
        self._row, self._column = 0, 0
        self._rows, self._columns = 1, 1  # how often what is read now is repeated
        self._suspect = self._error = False
        self._text = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = _short(name)
        if name in {"table-cell", "covered-table-cell"}:
            self._cell({_short(key): value for key, value in attributes.items()})
        elif name == "table-row":
            self._column = 0
            self._rows = _count(next((v for k, v in attributes.items() if k.endswith("rows-repeated")), ""))
        elif name == "table":
            title = next((value for key, value in attributes.items() if _short(key) == "name"), "")
            self._cells, self._merged = self.sheets.setdefault(title, ([], []))
            self._row = 0

    def _cell(self, attributes: dict[str, str]) -> None:
        self._columns = _count(attributes.get("number-columns-repeated", ""))
        across = _count(attributes.get("number-columns-spanned", ""))
        down = _count(attributes.get("number-rows-spanned", ""))
        if across * down > 1:
            first = (self._row, self._column)
            self._merged.append((first, (first[0] + down - 1, first[1] + across - 1)))
        self._suspect = "formula" in attributes and "value-type" not in attributes
        self._error = "formula" in attributes or attributes.get("value-type") == "error"
        self._text = ""

    def characters(self, text: str) -> None:
        if self._suspect or self._error:
            self._text += text

    def end(self, name: str) -> None:
        name = _short(name)
        if name in {"table-cell", "covered-table-cell"}:
            text = self._text if is_error(self._text) else FORMULA if self._suspect and not self._text else ""
            if text and self._column < MAX_COLUMNS:
                # Nobody repeats an error a million times on purpose: the first says enough.
                self._cells.append(Oddity(self._row + 1, self._column, text))
            self._column += self._columns
            self._suspect = self._error = False
        elif name == "table-row":
            self._row += self._rows


def _count(number: str) -> int:
    return min(int(number), 1 << 20) if number.isascii() and number.isdecimal() and int(number[:9]) > 0 else 1
