"""Tables as people send them, read row by row, and CSV that opens well in Excel.

What a file is, its content says, not its name:

* CSV with ";", ",", tab or "|", in UTF-8, UTF-16, or what Windows, old Macs and DOS wrote; with Excel's "sep=;",
  with line breaks inside quotes, with records that stand as text in one column.
* Excel (.xlsx, .xlsm, .xlsb, .xls) and OpenDocument (.ods): all visible worksheets. Merged cells have their value in
  all of them (not in .xlsb); a formula counts with the outcome that the file holds, and is `FORMULA` when it has none
  there. An error stays visible as "#N/A" (in .xls and .xlsb it reads as an empty cell).
* A web page, as many a website's "export to Excel" is: its tables.

Everything else is `Unreadable`, with a sentence that says what it is and what to do. Nothing else is ever raised.

Limits: a file of 200 MB (a web page 50 MB), unpacked 500 MB; a cell of 100,000 characters, a row of 5 million
characters or 16,384 columns. A workbook is read by a child process that may use 1.5 GB of memory, 60 seconds of
processor time and 60 seconds of our waiting; CSV is never in memory as a whole.
"""

from collections.abc import Iterable, Iterator, Sequence
import csv
from itertools import chain
from pathlib import Path
import re
import stat

from bot.commons.tables.delimited import Encoding, encoding_of, read_delimited, starts
from bot.commons.tables.sheets import FORMULA, Sheet, Unreadable, clean, is_error, no_table

__all__ = ["FORMULA", "Sheet", "Unreadable", "clean", "is_error", "read_sheets", "write_csv"]

_MAX_FILE = 200_000_000  # bytes
_HEAD = 65_536  # bytes: enough to know what it is

_SPREADSHEETS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_OTHERS = (
    (b"%PDF", "een pdf"),
    (b"\x89PNG", "een afbeelding"),
    (b"\xff\xd8\xff", "een afbeelding"),
    (b"GIF87a", "een afbeelding"),
    (b"GIF89a", "een afbeelding"),
    (b"II*\x00", "een afbeelding"),
    (b"MM\x00*", "een afbeelding"),
    (b"{\\rtf", "een tekstdocument"),
    (b"\x00\x01\x00\x00Standard", "een database"),
    (b"SQLite format 3", "een database"),
)
_PACKED = (b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!\x1a", b"BZh9", b"\xfd7zXZ")
_WEB_PAGE = re.compile(
    r"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*+<(?:!doctype html|html|head|meta|body|table|style|title)\b",
    re.IGNORECASE | re.DOTALL,
)
_WEB_ARCHIVE = re.compile(r"MIME-Version:.*multipart/related", re.IGNORECASE | re.DOTALL)
_JSON = re.compile(r'\{\s*["}]|\[\s*[\[{]')
# What no text has: everything below the blank but tab, line ends, NUL (stray in some exports) and the end mark of DOS.
_CONTROLS = bytes(set(range(1, 32)) - set(b"\t\n\v\f\r\x1a"))


def read_sheets(path: Path) -> Iterator[Sheet]:
    """The tables of a file. Raises Unreadable, also while rows are taken; take them before the next sheet."""
    try:
        encoding = _checked(path)
        if encoding:
            yield Sheet("", _watched(path, read_delimited(path, encoding)))
        else:
            from bot.commons.tables.spreadsheets import read_spreadsheet

            yield from read_spreadsheet(path)
    except (OSError, ValueError) as error:
        raise _out_of_reach(path, error) from error


def _watched(path: Path, rows: Iterator[tuple[int, tuple[str, ...]]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    try:
        yield from rows
    except OSError as error:
        raise _out_of_reach(path, error) from error


def _checked(path: Path) -> Encoding | None:
    """How to read the text of a CSV; None for a workbook or a web page. Refuses everything else."""
    head = _head(path)
    if head.startswith(_SPREADSHEETS):
        return None
    name = clean(path.absolute().name)
    for mark, what in _OTHERS:
        if head.startswith(mark):
            raise no_table(name, what)
    if head.startswith(_PACKED):
        raise Unreadable(f"“{name}” is ingepakt. Pak het uit en geef de lijst die erin zit.")
    encoding = encoding_of(path)
    start = starts(path, encoding).lstrip("\ufeff\x00 \t\r\n\f\v")
    if not start and len(head) < _HEAD:
        raise _empty(name)
    if _WEB_PAGE.match(start) or (start.startswith("<") and "<table" in start.lower()):
        return None
    _refuse_other_texts(name, start)
    if "utf-16" not in encoding.name and "utf-32" not in encoding.name and _is_binary(head):
        raise no_table(name, "geen tekst en geen Excel-bestand")
    return encoding


def _refuse_other_texts(name: str, start: str) -> None:
    if start.startswith("<?xml") and "urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise Unreadable(
            f"“{name}” is een XML-spreadsheet uit 2003. Open het in Excel en sla het op als Excel (.xlsx) of CSV."
        )
    if start.startswith("<?xml"):
        raise no_table(name, "een XML-bestand")
    if _WEB_ARCHIVE.match(start):
        raise Unreadable(
            f"“{name}” is een bewaarde webpagina. Open het in Excel en sla het op als Excel (.xlsx) of CSV."
        )
    if _JSON.match(start):
        raise no_table(name, "een JSON-bestand")


def _head(path: Path) -> bytes:
    """The first bytes of a file that is there, can be read and has a decent size."""
    name = clean(path.absolute().name)
    about = path.stat()
    if stat.S_ISDIR(about.st_mode):
        if name.lower().endswith(".numbers"):
            raise no_table(name, "een bestand van Numbers")
        raise Unreadable(f"“{name}” is een map. Geef het bestand zelf, bijvoorbeeld “{name}/aanbod.xlsx”.")
    if not stat.S_ISREG(about.st_mode):
        raise Unreadable(
            f"“{name}” is geen gewoon bestand. Sla de lijst op als Excel (.xlsx) of CSV en geef dat bestand."
        )
    if name.startswith("~$"):
        raise Unreadable(
            f"“{name}” is een hulpbestand: Excel maakt het zolang de lijst openstaat. "
            f"Sluit Excel en geef de lijst zelf: “{name[2:]}”."
        )
    if not about.st_size:
        raise _empty(name)
    if about.st_size > _MAX_FILE:
        raise Unreadable(
            f"“{name}” is groter dan 200 MB. Kopieer alleen de lijst naar een nieuw bestand en sla dat op."
        )
    with path.open("rb") as file:
        return file.read(_HEAD)


def _is_binary(head: bytes) -> bool:
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > len(head) / 100 or head.count(0) > len(head) / 10


def _empty(name: str) -> Unreadable:
    return Unreadable(f"“{name}” is leeg. Sla de lijst opnieuw op en probeer het nog eens.")


def _out_of_reach(path: Path, error: Exception) -> Unreadable:
    name = clean(path.absolute().name)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Unreadable(f"“{name}” is er niet. Kijk of de naam en de map kloppen.")
    if isinstance(error, PermissionError):
        return Unreadable(
            f"“{name}” mag ik niet lezen. "
            "Sluit het als het nog openstaat in Excel, of vraag je beheerder om leesrechten."
        )
    return Unreadable(f"“{name}” is niet te lezen. Kijk of de naam klopt, of sla de lijst ergens anders op.")


# Writing

# How a cell begins that a spreadsheet would take for a formula, or that was given a "'" before.
_DANGEROUS = re.compile(r"'*[=+\-@\t\r＝＋－＠|]")


def write_csv(path: Path, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Writes a CSV that Dutch Excel opens with a double click and `read_sheets` reads back as it was.

    Texts are cleaned. One that a spreadsheet would take for a formula gets a "'" in front, which reading takes off.
    """
    # At least two cells a record: one alone, in quotes, can't be told from a record that stands as text in one column.
    width = max(2, len(heading))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        for row in chain([heading], rows):
            cells = [_safe(clean(cell)) for cell in row]
            writer.writerow(cells + [""] * (width - len(cells)))


def _safe(cell: str) -> str:
    return "'" + cell if _DANGEROUS.match(cell) else cell
