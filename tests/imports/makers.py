"""Makers of files, as offices, schools, websites and partners send them: each takes a path and writes the file there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
import csv
from datetime import date
import io
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
import zipfile

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
import xlsxwriter

__all__ = [
    "Cell",
    "File",
    "Table",
    "book",
    "book_with_formulas",
    "csv_of",
    "document",
    "mixed",
    "page",
    "raw",
    "text",
    "zipped",
]

File = Callable[[Path], None]
"""Writes a file of its kind at a path."""
Cell = str | float | bool | date | None
Table = Sequence[Sequence[Cell]]


def raw(content: bytes) -> File:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


def text(content: str, encoding: str = "utf-8") -> File:
    return raw(content.encode(encoding))


def csv_of(
    rows: Sequence[Sequence[str]],
    delimiter: str = ";",
    encoding: str = "utf-8",
    end: str = "\r\n",
    before: str = "",
    quoting: Any = csv.QUOTE_MINIMAL,  # typeshed's own literal type differs between versions
) -> File:
    """A neat CSV, in any encoding and with any delimiter; `before` stands above it as it is."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return text(before + out.getvalue(), encoding)


def mixed(*parts: tuple[str, str]) -> File:
    """Pieces of text in encodings of their own, pasted together."""
    return raw(b"".join(piece.encode(encoding) for piece, encoding in parts))


def book(sheets: Mapping[str, Table] | Table, then: Callable[[Any], None] | None = None) -> File:
    """An Excel workbook; `then` may do more with it (merge, hide, format) before it is saved."""
    named: Mapping[str, Table] = sheets if isinstance(sheets, Mapping) else {"Blad1": sheets}

    def write(path: Path) -> None:
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.worksheets[0])
        for name, rows in named.items():
            _fill(workbook.create_sheet(name), rows)
        if then:
            then(workbook)
        with path.open("wb") as file:  # openpyxl itself refuses names that don't end in .xlsx
            workbook.save(file)

    return write


def _fill(sheet: Worksheet, rows: Table) -> None:
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value not in (None, ""):
                sheet.cell(number, column, value)


def book_with_formulas(rows: Table, formulas: Mapping[str, tuple[str, str | float]]) -> File:
    """A workbook in which formulas have their outcome beside them, as Excel saves them: {"B2": ("=A2", "x")}."""

    def write(path: Path) -> None:
        with xlsxwriter.Workbook(path) as workbook:
            sheet = workbook.add_worksheet("Blad1")
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            for place, (formula, outcome) in formulas.items():
                sheet.write_formula(place, formula, None, outcome)

    return write


def zipped(parts: Iterable[tuple[str, bytes]], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return out.getvalue()


def document(sheets: Mapping[str, Sequence[Sequence[str]]]) -> File:
    """An OpenDocument spreadsheet, as LibreOffice saves it: runs of empty cells and a million empty rows below."""
    tables = []
    for name, rows in sheets.items():
        lines = []
        for row in rows:
            cells = "".join(
                f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
                if cell
                else "<table:table-cell/>"
                for cell in row
            )
            lines.append(
                f'<table:table-row>{cells}<table:table-cell table:number-columns-repeated="1000"/></table:table-row>'
            )
        empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
        tables.append(f'<table:table table:name="{escape(name)}">{"".join(lines)}{empty}</table:table>')
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body>'
        f"<office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    parts = (("mimetype", kind), ("content.xml", content), ("META-INF/manifest.xml", manifest))
    return raw(zipped((name, said.encode()) for name, said in parts))


def page(rows: Sequence[Sequence[str]], head: str = '<meta charset="utf-8">', encoding: str = "utf-8") -> File:
    """A web page with one table, as a website calls "export to Excel"; the cells are HTML already."""
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    said = f'<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>{head}</head><body><table>{lines}</table></body></html>'
    return text(said, encoding)
