"""Broken and hostile workbooks and web pages, the same ones in every run. Each is opened by a child process."""

from collections.abc import Iterator
import io
from pathlib import Path
import random
import tempfile
import zipfile

from tests.imports.cases import ROWS
from tests.imports.makers import File, book, document, page, zipped

__all__ = ["workbooks"]

Named = tuple[str, bytes]
SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbooks() -> Iterator[Named]:
    good = _bytes_of(book(ROWS))
    chance = random.Random(42)  # noqa: S311  # the same files in every run
    for turn in range(12):
        yield f"cut off {turn}", good[: chance.randint(1, len(good))]
    for turn in range(12):
        yield f"bits turned in the container {turn}", _turned(good, chance)
    parts = _parts(good)
    for turn in range(16):
        name = chance.choice((SHEET, SHEET, "xl/workbook.xml", "xl/styles.xml"))
        yield f"bits turned in {name} {turn}", zipped([*(parts | {name: _turned(parts[name], chance)}).items()])
    for name in sorted(parts):
        yield f"without {name}", zipped([(other, content) for other, content in parts.items() if other != name])
    yield from _sheets(parts)
    yield from _containers(parts)
    yield from _documents()
    yield from _pages()
    for beginning in (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html><table>"):
        yield f"noise behind {beginning!r}", beginning + chance.randbytes(5_000)


def _bytes_of(file: File) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lijst"
        file(path)
        return path.read_bytes()


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _turned(content: bytes, chance: random.Random) -> bytes:
    turned = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        turned[chance.randrange(len(turned))] ^= 1 << chance.randrange(8)
    return bytes(turned)


def _sheets(parts: dict[str, bytes]) -> Iterator[Named]:
    """Workbooks of which the one sheet is not what a sheet should be."""
    heading = "".join(
        f'<c r="{letter}1" t="inlineStr"><is><t>{text}</t></is></c>'
        for letter, text in zip("ABCD", ROWS[0], strict=True)
    )
    row = "".join(
        f'<c r="{letter}2" t="inlineStr"><is><t>{text}</t></is></c>'
        for letter, text in zip("ABCD", ROWS[1], strict=True)
    )

    def sheet(*more: str, merged: str = "") -> bytes:
        rows = f'<row r="1">{heading}</row><row r="2">{row}</row>{"".join(more)}'
        return f'<?xml version="1.0"?><worksheet {MAIN}><sheetData>{rows}</sheetData>{merged}</worksheet>'.encode()

    def with_cell(place: str, cell: str) -> bytes:
        return sheet(f'<row r="{place.lstrip("ABCDEFX")}"><c r="{place}" {cell}</c></row>')

    areas = "".join(f'<mergeCell ref="A{at}:D{at + 900}"/>' for at in range(1, 2000))
    bomb = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
    contents = {
        "a cell at the far end": with_cell("XFD1048576", 't="inlineStr"><is><t>x</t></is>'),
        "a cell beyond the end": with_cell("XFE9999999", 't="inlineStr"><is><t>x</t></is>'),
        "a shared text that is not there": with_cell("A3", 't="s"><v>999999</v>'),
        "a shared text of minus one": with_cell("A3", 't="s"><v>-1</v>'),
        "a number that is none": with_cell("A3", "><v>1e999</v>"),
        "not a number": with_cell("A3", "><v>NaN</v>"),
        "a date before all days": with_cell("A3", 's="1"><v>-1e15</v>'),
        "a date in the year 99999": with_cell("D3", 't="d"><v>99999-01-01T00:00:00</v>'),
        "a kind that does not exist": with_cell("A3", 't="zzz"><v>1</v>'),
        "an error in the heading": sheet('<row r="1"><c r="E1" t="e"><v>#REF!</v></c></row>'),
        "rows in any order": sheet(f'<row r="9">{row.replace("2", "9")}</row><row r="5">{row.replace("2", "5")}</row>'),
        "one row many times": sheet(*[f'<row r="2">{row}</row>'] * 50),
        "a giant text": with_cell("B3", f't="inlineStr"><is><t>{"x" * 3_000_000}</t></is>'),
        "two thousand merged areas": sheet(merged=f"<mergeCells>{areas}</mergeCells>"),
        "everything merged": sheet(merged='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "merged back to front": sheet(
            merged='<mergeCells><mergeCell ref="D9:A1"/><mergeCell ref="nonsense"/></mergeCells>'
        ),
        "a formula that is endless": with_cell("A3", f"><f>{'(' * 50_000}</f>"),
        "a bomb of entities": f"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY l0 'lol'>{bomb}]><worksheet {MAIN}><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>&l9;</t></is></c></row></sheetData></worksheet>".encode(),
        "a file of the machine": f"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><worksheet {MAIN}><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>&f;</t></is></c></row></sheetData></worksheet>".encode(),
        "not closed": sheet()[:-60],
        "deeper than any program": f"<worksheet {MAIN}>{'<a>' * 100_000}".encode(),
        "something else altogether": b"Organisatie;Programma;Sector",
        "nothing": b"",
    }
    for name, content in contents.items():
        yield f"a sheet with {name}", zipped([*(parts | {SHEET: content}).items()])


def _containers(parts: dict[str, bytes]) -> Iterator[Named]:
    """Containers that are not what a workbook should be."""
    picture = b"as big as a zip can say"
    bomb = zipped([*parts.items(), ("xl/media/image1.bmp", picture)])
    size = (
        len(picture).to_bytes(4, "little") + b"\x13\x00"
    )  # beside the length of the name, in the list of what is in it
    yield "a zip bomb", bomb.replace(size, (600_000_000).to_bytes(4, "little") + b"\x13\x00")
    yield "a sheet that is a bomb", zipped([*(parts | {SHEET: b"<worksheet><sheetData>" + b" " * 20_000_000}).items()])
    inner = zipped([*parts.items()])
    for _ in range(30):
        inner = zipped([("lijst.xlsx", inner)], zipfile.ZIP_STORED)
    yield "thirty zips inside each other", inner
    yield "ten thousand files", zipped([*parts.items(), *((f"xl/x{at}.xml", b"") for at in range(10_000))])
    yield (
        "names that lead elsewhere",
        zipped([*parts.items(), ("../../etc/passwd", b"x"), ("/etc/passwd", b"x"), ("x\x00y", b"x")]),
    )
    workbook = parts["xl/workbook.xml"].decode()
    for name in ("x" * 5_000, "&#27;[2J", "", "../../x", "'; DROP TABLE offers; --", "&#x202e;dalb"):
        yield (
            f"a sheet called {name[:20]!r}",
            zipped([*(parts | {"xl/workbook.xml": workbook.replace("Blad1", name).encode()}).items()]),
        )
    links = parts["xl/_rels/workbook.xml.rels"].decode()
    for target in ("../../../etc/passwd", "http://example.org/x.xml", "worksheets/none.xml", "workbook.xml"):
        changed = links.replace("/xl/worksheets/sheet1.xml", target)
        yield f"a sheet that is {target}", zipped([*(parts | {"xl/_rels/workbook.xml.rels": changed.encode()}).items()])
    yield "a workbook twice", zipped([*parts.items()]) + zipped([*parts.items()])
    yield "something before it", b"Organisatie;Programma\r\n" + zipped([*parts.items()])


def _documents() -> Iterator[Named]:
    good = _bytes_of(document({"PO": ROWS}))
    parts = _parts(good)
    content = parts["content.xml"].decode()
    for name, changed in {
        "a text a million times": content.replace(
            "<table:table-cell office", '<table:table-cell table:number-columns-repeated="16000" office', 9
        ),
        "rows a thousand times": content.replace(
            "<table:table-row>", '<table:table-row table:number-rows-repeated="9000">', 3
        ),
        "a number of times that is none": content.replace('repeated="1000"', 'repeated="-5"'),
        "half of it": content[: len(content) // 2],
    }.items():
        yield f"a document with {name}", zipped([*(parts | {"content.xml": changed.encode()}).items()])


def _pages() -> Iterator[Named]:
    good = _bytes_of(page(ROWS)).decode()
    for name, changed in {
        "cells over all columns": good.replace("<td>", "<td colspan=99999999>", 2),
        "cells over all rows": good.replace("<td>", "<td rowspan=0>", 9),
        "a thousand tables inside each other": f"<html>{'<table><tr><td>' * 1_000}",
        "tags that never close": good.replace("</td>", "").replace("</tr>", ""),
        "scripts": good.replace("Debatclub", "<script>alert(1)</script><img src=x onerror=alert(1)>Debatclub"),
        "a framework of tables": f"<html><table><tr><td>{good}</td></tr></table>",
        "zeros": good.replace("<td>", "<td>\x00"),
    }.items():
        yield f"a page with {name}", changed.encode()
