"""Exports and templates: what stands in them, read back by two other programs; that Excel decides nothing itself."""

from collections.abc import Iterator
import csv
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
import pytest
from python_calamine import CalamineWorkbook
import xlsxwriter

from bot.commons.places import Gazetteer
from bot.search.cards import STARTER_LABEL
from bot.search.catalogue import NATIONWIDE, Catalogue, Cost, Offer, Provider, Sector, Status
from bot.search.exporting import (
    EXAMPLE,
    EXPLANATION_SHEET,
    GRADES,
    HELP,
    LISTS_SHEET,
    NAMED_ROWS,
    NOT_TO_FILL_IN,
    PLACES,
    DoesNotFit,
    _write_rows,
    whole_file,
    write_csv_export,
    write_template,
    write_xlsx_export,
)
from bot.search.importing import Options, read_list
from bot.search.lists.columns import COLUMNS, Column, Knowledge, column
from bot.search.vocabulary import Vocabulary

WRITTEN = tuple(known for known in COLUMNS if known.write)
DEBATE = Offer(
    id="kme67p3t",
    provider="De Bron",
    title="Debat op school",
    summary="Leerlingen leren debatteren.",
    sectors=(Sector.PO, Sector.VO),
    grades=("groep 7-8", "klas 1-2"),
    themes=("debat",),
    keywords=("stelling",),
    places=("Utrecht", NATIONWIDE),
    settings=("na schooltijd", "online"),
    cost=Cost.FREE,
    volunteers=True,
    link="https://bron.example/debat",
    checked_on=date(2026, 8, 7),
    checked_by="Iemand",
)
ENDED = Offer("aaaaaaaa", "De Bron", "Oud", sectors=(Sector.PO, Sector.VO), status=Status.ENDED)
HIDDEN = Offer("bbbbbbbb", "Andere", "Uit zicht", sectors=(Sector.MBO,), status=Status.HIDDEN)
FULL = Offer("cccccccc", "Andere", "Vol", sectors=(Sector.VO,), status=Status.FULL, full_until=date(2027, 1, 1))
CATALOGUE = Catalogue((DEBATE, ENDED, HIDDEN, FULL), (Provider("De Bron"), Provider("Andere", hidden=True)))


@pytest.fixture(scope="module")
def knowledge(vocabulary: Vocabulary, gazetteer: Gazetteer) -> Knowledge:
    return Knowledge(vocabulary, gazetteer)


def written(offer: Offer, columns: tuple[Column, ...] = WRITTEN) -> list[str]:
    return [known.write(offer) for known in columns if known.write]


def read(path: Path, sheet: int | str = 0) -> list[list[Any]]:
    """The cells of a sheet, read by calamine."""
    book = CalamineWorkbook.from_path(path)
    found = book.get_sheet_by_index(sheet) if isinstance(sheet, int) else book.get_sheet_by_name(sheet)
    return found.to_python(skip_empty_area=False)


def cells(book: Workbook) -> Iterator[Any]:
    return (cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None)


def rules(book: Workbook) -> dict[str, DataValidation]:
    """The rule of each column, by its heading."""
    sheet = book.worksheets[0]
    row = int(str(sheet.freeze_panes)[1:]) - 1
    headings = [str(cell.value).removesuffix(" (verplicht)") for cell in sheet[row]]
    found = {}
    for rule in sheet.data_validations.dataValidation:
        (area,) = rule.sqref.ranges
        assert area.min_col == area.max_col
        assert area.min_row == row + 1
        found[headings[area.min_col - 1]] = rule
    return found


def last_row(rule: DataValidation) -> int:
    (area,) = rule.sqref.ranges
    return int(area.max_row)


def chosen(book: Workbook, rule: DataValidation) -> list[str]:
    """What a drop-down offers."""
    sheet, _, area = str(rule.formula1).partition("!")
    assert sheet == LISTS_SHEET
    return [str(cell.value) for (cell,) in book[sheet][area.replace("$", "")]]


def test_csv_holds_every_offer_in_every_column(tmp_path: Path) -> None:
    path = tmp_path / "aanbod.csv"
    write_csv_export(path, CATALOGUE)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows == [[known.heading for known in WRITTEN], *map(written, CATALOGUE.offers)]


def test_a_programme_as_people_see_it(tmp_path: Path) -> None:
    path = tmp_path / "aanbod.xlsx"
    write_xlsx_export(path, Catalogue((DEBATE,)))
    heading, row = read(path)
    assert {name: text for name, text in zip(heading, row, strict=True) if text} == {
        "id": "kme67p3t",
        "Organisatie": "De Bron",
        "Programma": "Debat op school",
        "Korte beschrijving": "Leerlingen leren debatteren.",
        "Sector": "PO; VO",
        "Groep of klas": "groep 7-8; klas 1-2",
        "Thema's": "debat",
        "Zoekwoorden": "stelling",
        "Plaatsen": "Utrecht; landelijk",
        "Wanneer": "na schooltijd; online",
        "Kosten": "gratis",
        "Vrijwilligers": "ja",
        "Link": "https://bron.example/debat",
        "Gecontroleerd op": "07-08-2026",
        "Gecontroleerd door": "Iemand",
        "Status": "actief",
    }


def test_csv_of_the_starter_says_so_above_its_heading(tmp_path: Path) -> None:
    path = tmp_path / "aanbod.csv"
    write_csv_export(path, replace(CATALOGUE, starter=True))
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows[0] == [STARTER_LABEL, *[""] * (len(WRITTEN) - 1)]
    assert rows[1] == [known.heading for known in WRITTEN]
    assert rows[2:] == [*map(written, CATALOGUE.offers)]


def test_xlsx_holds_every_offer_in_every_column(tmp_path: Path) -> None:
    path = tmp_path / "aanbod.xlsx"
    write_xlsx_export(path, CATALOGUE)
    assert read(path) == [[known.heading for known in WRITTEN], *map(written, CATALOGUE.offers)]
    explained = [row[:2] for row in read(path, EXPLANATION_SHEET)]
    assert explained == [[known.heading, known.help] for known in WRITTEN]


def test_xlsx_is_ready_to_work_in(tmp_path: Path) -> None:
    path = tmp_path / "aanbod.xlsx"
    write_xlsx_export(path, CATALOGUE)
    book = load_workbook(path)
    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [
        ("Aanbod", "visible"),
        (EXPLANATION_SHEET, "visible"),
        (LISTS_SHEET, "hidden"),
    ]
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{get_column_letter(len(WRITTEN))}5"
    assert all(cell.font.b for cell in sheet[1])
    assert not any(cell.font.b for cell in sheet[2])
    # Also what is typed later stays as it was typed: 7-8 is no date.
    places = [*filter(lambda cell: cell.value, sheet[2]), *sheet.column_dimensions.values()]
    assert all(place.number_format == "@" and place.alignment.wrap_text for place in places)
    assert all(10 < column.width < 70 for column in sheet.column_dimensions.values())


def test_what_can_be_chosen_can_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "aanbod.xlsx"
    write_xlsx_export(path, CATALOGUE)
    book = load_workbook(path)
    found = rules(book)
    assert found.keys() == {known.heading for known in WRITTEN if known.choices}
    for known in WRITTEN:
        if known.choices:
            offered = chosen(book, found[known.heading])
            assert tuple(offered[: len(known.choices)]) == known.choices
            assert found[known.heading].errorStyle == "information"  # nothing is refused
            assert last_row(found[known.heading]) > 200
    sectors = chosen(book, found[column("sectors").heading])
    assert sectors[-1] == written(DEBATE, (column("sectors"),))[0]  # what often stands together
    assert not found[column("sectors").heading].showErrorMessage
    assert found[column("status").heading].showErrorMessage


def test_xlsx_of_the_starter_says_so(tmp_path: Path) -> None:
    path = tmp_path / "aanbod.xlsx"
    write_xlsx_export(path, replace(CATALOGUE, starter=True))
    book = load_workbook(path)
    sheet = book.worksheets[0]
    assert sheet.title == "Voorbeeldlijst, niet van SKB"
    assert sheet["A1"].value == STARTER_LABEL
    assert sheet.freeze_panes == "A3"
    assert [cell.value for cell in sheet[2]] == [known.heading for known in WRITTEN]
    assert book[EXPLANATION_SHEET]["B1"].value == STARTER_LABEL


def test_an_empty_list_has_a_heading_and_its_choices(tmp_path: Path) -> None:
    path = tmp_path / "leeg.xlsx"
    write_xlsx_export(path, Catalogue())
    assert read(path) == [[known.heading for known in WRITTEN]]
    assert rules(load_workbook(path))


HOSTILE = ("=1+1", "+31 6", "-2", "@SUM(A1)", "\t=1", "{=A1}", "=cmd|' /C calc'!A0", "|x", "'=1", "＝1", "1e5", "007")
ODD = (
    "<r><t>x</t></r>",
    "_x0041_",
    "a & b < c > d",
    "https://x.example/?a=1&b=2",
    "7-8",
    "2026-08-07",
    "WAAR",
    "é\n“ß”",
    "😀",
)


@pytest.mark.parametrize("text", [*HOSTILE, *ODD])
def test_no_text_becomes_anything_else(tmp_path: Path, text: str) -> None:
    path = tmp_path / "aanbod.xlsx"
    texts: dict[str, Any] = {
        part.name: text for part in fields(Offer) if part.default == "" or part.name in ("provider", "title")
    }
    offer = replace(DEBATE, **texts, keywords=(text,), themes=(text,))
    write_xlsx_export(path, Catalogue((offer,)))
    found = read(path)[1]
    assert [str(cell).strip(" ") for cell in found] == written(offer)
    book = load_workbook(path)
    assert {cell.data_type for cell in cells(book)} <= {"s", "inlineStr"}
    assert not any(cell.hyperlink for cell in cells(book))


def test_csv_keeps_excel_from_reckoning(tmp_path: Path) -> None:
    path = tmp_path / "aanbod.csv"
    write_csv_export(path, Catalogue(tuple(replace(DEBATE, title=text, summary=text) for text in HOSTILE[:6])))
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)


def test_a_template_to_fill_in(tmp_path: Path, knowledge: Knowledge) -> None:
    path = tmp_path / "sjabloon.xlsx"
    write_template(path, knowledge, CATALOGUE)
    heading, example, *others = read(path)
    names = {known.heading: known.name for known in WRITTEN}
    asked = [names[str(text).removesuffix(" (verplicht)")] for text in heading]
    assert set(asked) == {known.name for known in WRITTEN} - {"source", "confidence", "checked_on", "checked_by"}
    assert [name for name, text in zip(asked, heading, strict=True) if "(verplicht)" in text] == [
        name for name in asked if name in ("provider", "title", "sectors")
    ]
    assert example == written(EXAMPLE, tuple(map(column, asked)))
    assert example[asked.index("id")] == "voorbeeld"
    assert others == []
    book = load_workbook(path)
    sheet = book.worksheets[0]
    assert all(cell.font.i and cell.font.color.rgb == "FF808080" for cell in sheet[2] if cell.value)
    assert not any(cell.font.i for cell in sheet[3])
    assert {cell.data_type for cell in cells(book)} <= {"s", "inlineStr"}


def test_a_template_helps_at_every_cell(tmp_path: Path, knowledge: Knowledge) -> None:
    path = tmp_path / "sjabloon.xlsx"
    write_template(path, knowledge, CATALOGUE)
    book = load_workbook(path)
    found = rules(book)
    for known in WRITTEN:
        if known.heading in found:
            rule = found[known.heading]
            assert rule.showInputMessage
            prompt = str(rule.prompt)
            assert HELP.get(known.name, known.help).startswith(prompt.removesuffix("…"))
            assert 0 < len(str(rule.promptTitle)) <= 32
            assert len(prompt) <= 255
            assert last_row(rule) > 200
    themes = chosen(book, found[column("themes").heading])
    assert len(themes) > 50
    assert not found[column("themes").heading].showErrorMessage
    statuses = chosen(book, found[column("status").heading])
    hidden = written(HIDDEN, (column("status"),))[0]
    assert hidden in column("status").choices
    assert statuses == [choice for choice in column("status").choices if choice != hidden]
    explanation = str(read(path, EXPLANATION_SHEET))
    assert "basisonderwijs (PO)" in explanation
    assert hidden not in explanation


def test_the_example_can_be_read(knowledge: Knowledge) -> None:
    for known in WRITTEN:
        if known.name not in {"id", *NOT_TO_FILL_IN}:
            (text,) = written(EXAMPLE, (known,))
            assert known.read(text, knowledge).fields[known.name] == getattr(EXAMPLE, known.name)


def test_what_the_explanation_gives_as_examples_can_be_read(knowledge: Knowledge) -> None:
    for name, text in (("grades", GRADES), ("places", PLACES)):
        value = column(name).read(text, knowledge)
        assert len(value.fields[name]) == len(text.split(";"))
        assert not value.remarks
    for theme in knowledge.vocabulary.themes.values():
        assert not column("themes").read(theme.name, knowledge).remarks


def test_a_template_for_one_provider(tmp_path: Path, knowledge: Knowledge) -> None:
    path = tmp_path / "sjabloon.xlsx"
    write_template(path, knowledge, CATALOGUE, CATALOGUE.provider("De Bron"))
    heading, example, theirs, *named = read(path)
    assert example[0] == "voorbeeld"
    assert theirs[heading.index(column("title").heading + " (verplicht)")] == "Debat op school"
    assert "kme67p3t" in theirs
    assert [[cell for cell in row if cell] for row in named] == [["De Bron"]] * NAMED_ROWS
    assert STARTER_LABEL not in str(read(path, EXPLANATION_SHEET))


def test_a_template_from_the_starter_says_so(tmp_path: Path, knowledge: Knowledge) -> None:
    path = tmp_path / "sjabloon.xlsx"
    catalogue = replace(CATALOGUE, starter=True)
    write_template(path, knowledge, catalogue, catalogue.provider("De Bron"))
    assert read(path)[0][0] == STARTER_LABEL
    assert STARTER_LABEL in str(read(path, EXPLANATION_SHEET))
    # Nothing of the list is in a template for nobody, or for who is not in it.
    write_template(path, knowledge, catalogue, Provider("Nieuw"), overwrite=True)
    assert STARTER_LABEL not in str(read(path)) + str(read(path, EXPLANATION_SHEET))


def test_what_excel_cannot_hold_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    path = tmp_path / "aanbod.xlsx"
    fits = replace(DEBATE, summary="😀" * 16_383)  # Excel counts these double
    write_xlsx_export(path, Catalogue((fits,)))
    assert fits.summary in read(path)[1]
    with pytest.raises(DoesNotFit, match=r"In rij 2 staat te veel tekst voor één cel van Excel: “xxx"):
        write_xlsx_export(path, Catalogue((replace(DEBATE, summary="x" * 32_768),)), overwrite=True)
    assert fits.summary in read(path)[1]
    assert list(tmp_path.iterdir()) == [path]


def test_more_rows_than_excel_has(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "x.xlsx", {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        assert _write_rows(sheet, 1_048_575, [["de laatste"]]) == 1_048_575
        with pytest.raises(DoesNotFit, match="Zoveel programma's"):
            _write_rows(sheet, 1_048_576, [["een te veel"]])


@pytest.mark.parametrize("write", [write_csv_export, write_xlsx_export])
def test_a_file_is_replaced_only_when_asked(tmp_path: Path, write: Any) -> None:
    path = tmp_path / "aanbod"
    path.write_text("van iemand", encoding="utf-8")
    with pytest.raises(FileExistsError) as caught:
        write(path, CATALOGUE)
    assert caught.value.filename == str(path)
    assert path.read_text(encoding="utf-8") == "van iemand"
    write(path, CATALOGUE, overwrite=True)
    assert path.stat().st_size > 500
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "nergens" / "aanbod", CATALOGUE)


def test_no_half_file_is_left(tmp_path: Path) -> None:
    path = tmp_path / "aanbod.csv"
    with pytest.raises(RuntimeError), whole_file(path) as partial:
        partial.write_text("half", encoding="utf-8")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_came_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "aanbod.csv"
    with pytest.raises(FileExistsError), whole_file(path) as partial:
        partial.write_text("van ons", encoding="utf-8")
        path.write_text("van iemand", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "van iemand"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link_and_a_folder_a_folder(tmp_path: Path) -> None:
    target, link = tmp_path / "echt.csv", tmp_path / "link.csv"
    target.write_text("oud", encoding="utf-8")
    link.symlink_to(target)
    write_csv_export(link, CATALOGUE, overwrite=True)
    assert link.is_symlink()
    assert "Debat op school" in target.read_text(encoding="utf-8")
    with pytest.raises(FileExistsError):
        write_csv_export(tmp_path, CATALOGUE, overwrite=True)


@pytest.mark.parametrize("starter", [False, True])
@pytest.mark.parametrize("name", ["aanbod.csv", "aanbod.xlsx", "sjabloon.xlsx"])
def test_what_was_written_changes_nothing_when_it_comes_back(
    tmp_path: Path, knowledge: Knowledge, name: str, starter: bool
) -> None:
    path = tmp_path / name
    catalogue = replace(CATALOGUE, starter=starter)
    theirs = [offer for offer in catalogue.shown if offer.provider == "De Bron"]
    if name == "sjabloon.xlsx":
        write_template(path, knowledge, catalogue, catalogue.provider("De Bron"))
    else:
        (write_csv_export if name.endswith("csv") else write_xlsx_export)(path, catalogue)
    reading = read_list(path, catalogue, knowledge, Options())
    assert reading.rejected == []
    assert [draft.offer for draft in reading.drafts] == (theirs if name == "sjabloon.xlsx" else [*catalogue.offers])
    assert reading.new_providers == []
