"""Workbooks and web pages: every visible cell where people see it, and files that would break the library."""

from collections.abc import Callable
import datetime as dt
import io
import os
from pathlib import Path
import random
import re
import zipfile

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
import pytest
import xlsxwriter

from bot.commons.tables import FORMULA, Unreadable, read_sheets
from bot.commons.tables.spreadsheets import read_spreadsheet
from bot.commons.tables.workbooks import text_of

Row = tuple[int, tuple[str, ...]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lijst.xlsx"


def read(path: Path) -> dict[str, list[Row]]:
    return {sheet.name: list(sheet.rows) for sheet in read_sheets(path)}


def book(path: Path, fill: Callable[[Worksheet], object]) -> dict[str, list[Row]]:
    """What is read of a workbook with one sheet "Sheet"."""
    made = openpyxl.Workbook()
    fill(made.worksheets[0])
    made.save(path)
    return read(path)


def with_sheet(path: Path, data: str, before: str = "") -> list[Row]:
    """What is read of a workbook whose sheet is written by hand."""
    openpyxl.Workbook().save(path)
    name = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    prefix = f"{before}:" if before else ""
    declared = f'xmlns:{before}="{namespace}"' if before else f'xmlns="{namespace}"'
    parts[name] = f"<{prefix}worksheet {declared}>{data}</{prefix}worksheet>".encode()
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return read(path)["Sheet"]


# Values


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (6.0, "6"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.3"),
        (-2.50, "-2.5"),
        (1e21, "1" + "0" * 21),
        (1.5e-7, "0.00000015"),
        (31612345678.0, "31612345678"),
        (612345678901234.0, "612345678901234"),
        (float("inf"), "#NUM!"),
        (7, "7"),
        (True, "ja"),
        (False, "nee"),
        (dt.date(2026, 8, 7), "2026-08-07"),
        (dt.datetime(2026, 8, 7), "2026-08-07"),  # noqa: DTZ001 - Excel has no time zones
        (dt.datetime(2026, 8, 7, 9, 30), "2026-08-07 09:30"),  # noqa: DTZ001
        (dt.time(9, 30), "09:30"),
        (dt.time(9, 30, 15), "09:30:15"),
        (dt.timedelta(hours=30), "30:00"),
        (" <b>vet</b> ", "vet"),
    ],
)
def test_values_are_written_as_people_mean_them(
    value: float | str | dt.date | dt.time | dt.timedelta, text: str
) -> None:
    assert text_of(value) == text


def test_values_come_through_a_real_file(file: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["0612", 6.0, 31612345678, dt.date(2026, 8, 7), dt.time(9, 30), True, "a_x000D_\nb", None])

    assert book(file, fill) == {"Sheet": [(1, ("0612", "6", "31612345678", "2026-08-07", "09:30", "ja", "a\nb"))]}


# Places


def test_rows_and_columns_are_the_sheets_own(file: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["C4"], sheet["D4"], sheet["E9"] = "naam", "wie", "x"
        sheet["B12"] = "  "

    assert book(file, fill) == {"Sheet": [(4, ("", "", "naam", "wie")), (9, ("", "", "", "", "x"))]}


def test_merged_cells_have_their_value_in_all_of_them(file: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"], sheet["A2"], sheet["B2"], sheet["B3"], sheet["B6"] = "Ons aanbod", "Org", "a", "b", "c"
        sheet["C2"], sheet["D6"] = "x", "y"
        for area in ("A1:H1", "A2:A5", "C2:D3"):
            sheet.merge_cells(area)

    assert book(file, fill)["Sheet"] == [
        (1, ("Ons aanbod",) * 4),  # as far as the sheet is used
        (2, ("Org", "a", "x", "x")),
        (3, ("Org", "b", "x", "x")),
        (6, ("", "c", "", "y")),  # rows 4 and 5 have nothing but the value from above
    ]


def test_any_name_of_a_file_will_do(tmp_path: Path) -> None:
    for name in ("één – lijst.xlsx", "-m.xlsx", "half\udce9.xlsx", "x\n.xlsx"):
        assert book(tmp_path / name, lambda sheet: sheet.append(["naam"])) == {"Sheet": [(1, ("naam",))]}


def test_hidden_sheets_and_charts_are_left_out(file: Path) -> None:
    made = openpyxl.Workbook()
    made.worksheets[0].append(["een"])
    made.create_sheet("Verborgen").sheet_state = "hidden"
    made.create_sheet("Diep").sheet_state = "veryHidden"
    made.create_chartsheet("Grafiek")
    made.create_sheet("Leeg")
    made.create_sheet("Twee &amp; drie").append(["twee"])
    made.save(file)
    assert read(file) == {"Sheet": [(1, ("een",))], "Leeg": [], "Twee & drie": [(1, ("twee",))]}


def test_a_book_with_only_charts_says_how_to_show_a_sheet(file: Path) -> None:
    made = openpyxl.Workbook()
    made.create_chartsheet("Grafiek")
    made.remove(made.worksheets[0])
    made.save(file)
    with pytest.raises(Unreadable, match="geen zichtbaar werkblad"):
        read(file)


def test_many_rows_come_in_order_and_a_sheet_may_be_skipped(file: Path) -> None:
    made = xlsxwriter.Workbook(file, {"constant_memory": True})
    for name in ("een", "twee"):
        sheet = made.add_worksheet(name)
        for row in range(1500):
            sheet.write_row(row, 0, [name, row, "tekst " * 40])
    made.close()
    sheets = read_sheets(file)
    first = next(sheets)
    assert [next(first.rows)[0] for _ in range(3)] == [1, 2, 3]
    second = next(sheets)
    assert [number for number, _ in second.rows] == list(range(1, 1501))
    assert next(sheets, None) is None


# What the library keeps to itself


def test_a_formula_counts_by_its_outcome_and_without_one_is_not_empty(file: Path) -> None:
    made = xlsxwriter.Workbook(file)
    sheet = made.add_worksheet("Blad")
    sheet.write_row(0, 0, ["naam", "prijs"])
    sheet.write_formula(1, 0, '="De"&" zon"', None, "De zon")
    sheet.write_formula(1, 1, "=5+1", None, 6)
    sheet.write_formula(2, 0, "=VLOOKUP(1,A:A,1)", None, "#N/A")
    sheet.write_formula(2, 1, "=A9", None, "")
    sheet.write_formula(3, 0, '=HYPERLINK("https://x.nl","hier")', None, "hier")
    made.close()
    assert read(file)["Blad"][1:] == [(2, ("De zon", "6")), (3, ("#N/A", FORMULA)), (4, ("hier",))]

    def fill(sheet: Worksheet) -> None:
        sheet["B2"], sheet["B3"], sheet["C7"] = "naam", "=1+1", "=2+2"

    assert book(file, fill)["Sheet"] == [(2, ("", "naam")), (3, ("", FORMULA)), (7, ("", "", FORMULA))]


@pytest.mark.parametrize("x", ["", "x"])
def test_formulas_and_errors_are_found_however_the_sheet_is_written(file: Path, x: str) -> None:
    p = f"{x}:" if x else ""
    data = (
        "<sheetData><row><c><v>1</v></c><c><f>A1</f></c><c t='e'><v>#REF!</v></c></row>"
        '<row r="5"><c r="C5" t="str"><f>A1</f><v></v></c><c><f>A1</f><v/></c></row>'
        '<row r="6"><c r="B6" t="str"><f>A1</f></c></row></sheetData>'
    )
    rows = with_sheet(file, re.sub(r"<(/?)(?=\w)", rf"<\1{p}", data), x)
    assert rows == [(1, ("1", FORMULA, "#REF!")), (5, ("", "", "", FORMULA)), (6, ("", FORMULA))]


# Other kinds


def test_excel_from_before_2007() -> None:
    assert read(Path(__file__).parent / "old.xls") == {
        "Aanbod 2003": [
            (1, ("organisatie", "programma", "prijs", "vanaf", "gratis")),
            (3, ("Café één", "Debat", "6.5", "2026-08-07", "ja")),
            (4, ("Café één", "Sport", "7")),
        ]
    }


def test_opendocument(tmp_path: Path) -> None:
    cells = """
      <t:table t:name="Aanbod"><t:table-row t:number-rows-repeated="2"><t:table-cell/></t:table-row>
      <t:table-row><t:table-cell t:number-columns-spanned="2" t:number-rows-spanned="2" o:value-type="string">
      <x:p>Org</x:p></t:table-cell><t:covered-table-cell/><t:table-cell o:value-type="float" o:value="6">
      <x:p>6,00</x:p></t:table-cell></t:table-row><t:table-row><t:covered-table-cell t:number-columns-repeated="2"/>
      <t:table-cell t:formula="of:=NA()" o:value-type="string" o:string-value=""><x:p>#N/B</x:p></t:table-cell>
      <t:table-cell t:formula="of:=1+1"/><t:table-cell o:value-type="date" o:date-value="2026-08-07"><x:p>7-8</x:p>
      </t:table-cell></t:table-row></t:table>"""
    names = {"office": "o", "table": "t", "text": "x"}
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    for name, short in names.items():
        cells = re.sub(rf"(?<=[</ ]){short}:", f"{name}:", cells)
    cells = re.sub(r"\s*\n\s*", "", cells)  # as programs write it
    content = f"<office:document-content {spaces}><office:body><office:spreadsheet>{cells}</office:spreadsheet>"
    file = tmp_path / "lijst.ods"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content + "</office:body></office:document-content>")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    assert read(file) == {"Aanbod": [(3, ("Org", "Org", "6")), (4, ("Org", "Org", "#N/B", FORMULA, "2026-08-07"))]}


def test_tables_of_a_web_page_saved_as_xls(tmp_path: Path) -> None:
    file = tmp_path / "export.xls"
    file.write_text(
        """<html><table><tr><td>menu<td><table><caption>Het <b>aanbod</b></caption><thead><tr><th>org<th>wat<th>wie
        </thead><tr><td rowspan=3>Org<td colspan=2>a<br>b<tr><td>c<td>é &amp; d<tr></tr><tr><td>e</td></table></table>
        <table><tr><td>los</table>""",
        encoding="utf-16",
    )
    assert read(file) == {
        "Het aanbod": [
            (1, ("org", "wat", "wie")),
            (2, ("Org", "a\nb", "a\nb")),
            (3, ("Org", "c", "é & d")),
            (5, ("e",)),
        ],
        "Tabel 2": [(1, ("los",))],
    }
    file.write_text("<table>" + "<tr><td colspan=1000>x" + "<td colspan=1000>x" * 40)
    with pytest.raises(Unreadable, match="Rij 1 heeft meer dan 16384 kolommen"):
        read(file)


# What would break the library


def test_a_cell_at_the_end_of_the_world_is_told(file: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"], sheet["XFD1048576"] = "naam", "x"

    with pytest.raises(Unreadable, match="ver buiten de lijst"):
        book(file, fill)


def test_a_zip_bomb_is_refused_by_its_list_of_contents(file: Path) -> None:
    openpyxl.Workbook().save(file)
    content = bytearray(file.read_bytes())
    place = content.index(b"PK\x01\x02")  # the first entry of the list; its size when unpacked stands 24 bytes on
    content[place + 24 : place + 28] = (500_000_001).to_bytes(4, "little")
    file.write_bytes(content)
    with pytest.raises(Unreadable, match="groter dan 500 MB"):
        read(file)


def test_a_cell_that_is_too_long_is_named(file: Path) -> None:
    data = f'<sheetData><row r="2"><c r="C2" t="inlineStr"><is><t>{"x" * 100_001}</t></is></c></row></sheetData>'
    with pytest.raises(Unreadable, match=r"Cel C2 heeft meer dan 100\.000 tekens"):
        with_sheet(file, data)


def test_a_child_that_takes_too_long_is_ended(file: Path) -> None:
    openpyxl.Workbook().save(file)
    with pytest.raises(Unreadable, match="duurt te lang"):
        list(read_spreadsheet(file, seconds=0))


def test_a_child_is_ended_when_nobody_wants_the_rest(file: Path) -> None:
    made = xlsxwriter.Workbook(file)
    sheet = made.add_worksheet()
    for row in range(5000):
        sheet.write_row(row, 0, ["tekst " * 20] * 3)
    made.close()
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    before = children.read_text() if children.exists() else ""
    sheets = read_spreadsheet(file)
    rows = next(sheets).rows
    assert next(rows)[0] == 1
    assert not children.exists() or children.read_text() != before
    sheets.close()  # type: ignore[attr-defined] # a generator, which its type does not promise
    assert not children.exists() or children.read_text() == before


def test_mutated_workbooks_give_sheets_or_a_sentence(file: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in range(30):
            sheet.append([f"Programma {row}", row, "=A1", dt.date(2026, 8, 7), "é" * row])
        sheet.merge_cells("B2:C4")

    book(file, fill)
    whole = file.read_bytes()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chance = random.Random(20260807)  # noqa: S311 - the same every time
    for turn in range(40):
        if turn % 2:  # inside a part, so that the zip itself is sound
            name = chance.choice(sorted(parts))
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                for part, data in parts.items():
                    archive.writestr(part, damaged(data, chance) if part == name else data)
        else:
            file.write_bytes(damaged(whole, chance))
        try:
            read(file)
        except Unreadable as problem:
            assert str(problem).endswith(".")


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes with some changed, some gone, or the end cut off."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    if chance.random() < 0.3:
        start = chance.randrange(len(changed))
        del changed[start : start + chance.randint(1, 200)]
    return bytes(changed[: chance.randrange(len(changed))] if changed and chance.random() < 0.2 else changed)
