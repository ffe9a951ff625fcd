"""The list as a file that people open: all of it as CSV or Excel workbook, or a workbook for a provider to fill in.

What is written here is read again by `importing`: headings, ids and cells are those of `columns`, so that who changes a
cell and sends the file back changes just that. Excel decides nothing: every cell is text, so that no text becomes a
formula, "7-8" no date and no id a number.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from errno import EEXIST
from itertools import chain, zip_longest
import os
from pathlib import Path
import secrets
from typing import TYPE_CHECKING, Any

from bot.commons.tables import write_csv
from bot.search.cards import label
from bot.search.catalogue import Catalogue, Cost, Offer, Provider, Sector, Status
from bot.search.lists.columns import COLUMNS, Column, Knowledge, column

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

__all__ = [
    "EXAMPLE",
    "EXPLANATION_SHEET",
    "LISTS_SHEET",
    "DoesNotFit",
    "whole_file",
    "write_csv_export",
    "write_template",
    "write_xlsx_export",
]

LIST_SHEET = "Aanbod"
STARTER_SHEET = "Voorbeeldlijst, niet van SKB"
EXPLANATION_SHEET = "Uitleg"
LISTS_SHEET = "Lijsten"
"""Hidden: what can be chosen from. In the rule of a cell there is room for 255 characters, and none for a comma."""

EMPTY_ROWS = 200
"""Rows below the list in which can be chosen from the same."""
NAMED_ROWS = 20
"""How many of these have the name of the provider in a template that is made for one."""
COMBINATIONS = 6
"""How many of the usual combinations can be chosen, where several values may stand in a cell."""

TEXT = {"num_format": "@", "text_wrap": True, "valign": "top"}
WIDTHS = {
    **dict.fromkeys(("id", "cost", "volunteers", "status", "full_until", "confidence", "checked_on"), 14),
    **dict.fromkeys(("title", "for_whom", "not_for", "next_step", "contact", "link", "source"), 34),
    "summary": 60,
}
WIDTH = 24
LONGEST_TITLE, LONGEST_MESSAGE = 32, 255
"""What Excel shows beside a cell can't be longer."""
NO_SUCH_ROW = -1

NOT_TO_FILL_IN = frozenset(["source", "confidence", "checked_on", "checked_by"])
"""What only SKB can say: a provider is not asked for it."""
REQUIRED = frozenset(["provider", "title", "sectors"])
SEVERAL = frozenset(part.name for part in fields(Offer) if part.default == ())

EXAMPLE = Offer(
    id="voorbeeld",
    provider="Voorbeeldorganisatie",
    title="Sterren kijken op school (voorbeeld)",
    summary="Leerlingen bouwen een kijker en kijken samen naar de maan. Dit programma bestaat niet.",
    sectors=(Sector.PO, Sector.VO),
    grades=("groep 7-8", "klas 1"),
    themes=("techniek",),
    keywords=("maan", "planeten"),
    places=("Utrecht", "Amersfoort"),
    settings=("binnen schooltijd", "projectweek"),
    cost=Cost.PAID,
    cost_note="50 euro per klas",
    duration="2 lessen van een uur",
    volunteers=True,
    for_whom="klassen die graag iets maken",
    not_for="scholen zonder schoolplein",
    next_step="Mail de naam van je school en je groep of klas.",
    contact="sterren@example.org",
    link="https://example.org/sterren",
)
"""The row that shows how to fill in a template. It is known by its id, which no offer can have."""

HELP = {"status": "Of het loopt: actief, proef, vol of gestopt."}
"""What a provider reads instead of the help of a column, where that speaks of what only SKB does."""
GRADES = (
    "groep 7-8; klas 1-2; vmbo 3; havo/vwo bovenbouw; 4 havo; mbo 2-4; praktijkonderwijs; isk; 10-14 jaar; docenten"
)
PLACES = "Utrecht; Zeist; provincie Utrecht; Bergen (Limburg); landelijk"
STATUSES = {
    Status.ACTIVE: "het loopt",
    Status.PILOT: "jullie proberen het nog uit",
    Status.FULL: "er is nu geen plek",
    Status.ENDED: "het is er niet meer",
}

STEPS = (
    ("Stap 1", "Ga naar het eerste blad. Elk programma heeft een eigen rij."),
    ("Stap 2", "De grijze rij is een voorbeeld. Die lezen we niet. Typ er niets in. Typ je programma's eronder."),
    ("Stap 3", "Staan er al programma's? Kijk of alles nog klopt. Verbeter wat niet klopt."),
    ("Stap 4", "Verander niets in de eerste kolom. Bij een nieuw programma laat je die cel leeg."),
    ("Stap 5", "Weet je iets niet? Laat de cel leeg. Alleen kolommen met (verplicht) hebben we echt nodig."),
    ("Stap 6", "Sommige cellen hebben een lijstje. Past er meer dan één? Zet er een puntkomma tussen: PO; VO."),
    ("Stap 7", "Stopt een programma? Haal de rij niet weg, maar kies bij de status dat het gestopt is."),
    ("Stap 8", "Sla het bestand op. Stuur het terug aan wie het je gaf."),
    ("Wat gebeurt ermee?", "SKB leest je lijst in. Daarna vinden mensen je programma's in de chatbot van SKB."),
    ("Wie leest het?", "Iedereen die de chatbot gebruikt. Ook de contactgegevens. Zet er niets in over leerlingen."),
)

TOO_MANY = "Zoveel programma's passen niet op één blad van Excel. Kies CSV."
TOO_LONG = "In rij {row} staat te veel tekst voor één cel van Excel: “{text}…”. Maak die korter, of kies CSV."


class DoesNotFit(Exception):  # noqa: N818  # nothing is broken: the sentence is for who asked for the file
    """In Dutch: what is too much for Excel."""


def write_csv_export(path: Path, catalogue: Catalogue, *, overwrite: bool = False) -> None:
    """Every offer, hidden and ended ones too, as CSV; raises FileExistsError rather than replace a file unasked."""
    columns = _written()
    heading = [known.heading for known in columns]
    rows: Iterator[Sequence[str]] = _rows(catalogue.offers, columns)
    if list_label := label(catalogue):
        # A row above the heading: the importer passes over it as over any title.
        rows = chain([heading], rows)
        heading = [list_label, *[""] * (len(heading) - 1)]
    with whole_file(path, overwrite=overwrite) as partial:
        write_csv(partial, heading, rows)


def write_xlsx_export(path: Path, catalogue: Catalogue, *, overwrite: bool = False) -> None:
    """Every offer, hidden and ended ones too, as an Excel workbook.

    Raises FileExistsError rather than replace a file unasked, DoesNotFit when it is too much for Excel.
    """
    columns = _written()
    with _workbook(path, overwrite=overwrite) as book:
        sheet = book.add_worksheet(STARTER_SHEET if catalogue.starter else LIST_SHEET)
        first = _write_heading(book, sheet, columns, [known.heading for known in columns], label(catalogue))
        last = _write_rows(sheet, first, _rows(catalogue.offers, columns))
        sheet.autofilter(first - 1, 0, max(last, first), len(columns) - 1)
        lines = [(known.heading, known.help) for known in columns]
        _explain(book, [("Over deze lijst", label(catalogue)), *lines] if catalogue.starter else lines)
        choices = _choices(columns, catalogue.offers)
        _offer_choices(book, sheet, columns, choices, (first, last + EMPTY_ROWS))


def write_template(
    path: Path, knowledge: Knowledge, catalogue: Catalogue, provider: Provider | None = None, *, overwrite: bool = False
) -> None:
    """A workbook for a provider to fill in: an example, what there is of this provider already, and empty rows.

    Raises FileExistsError rather than replace a file unasked, DoesNotFit when it is too much for Excel.
    """
    columns = tuple(known for known in _written() if known.name not in NOT_TO_FILL_IN)
    headings = [f"{known.heading} (verplicht)" if known.name in REQUIRED else known.heading for known in columns]
    offers = [offer for offer in catalogue.offers if provider and offer.provider == provider.name and offer.is_shown()]
    from_starter = label(catalogue) if offers else ""
    with _workbook(path, overwrite=overwrite) as book:
        sheet = book.add_worksheet(STARTER_SHEET if from_starter else LIST_SHEET)
        first = _write_heading(book, sheet, columns, headings, from_starter)
        example = book.add_format(TEXT | {"italic": True, "font_color": "#808080"})
        _write_rows(sheet, first, _rows([EXAMPLE], columns), example)
        last = _write_rows(sheet, first + 1, _rows(offers, columns))
        if provider:
            named = [provider.name if known.name == "provider" else "" for known in columns]
            _write_rows(sheet, last + 1, [named] * NAMED_ROWS)
        choices = _choices(columns, catalogue.offers, knowledge)
        _explain(book, _how_to_fill_in(columns, choices, knowledge, from_starter))
        _offer_choices(book, sheet, columns, choices, (first, last + EMPTY_ROWS), messages=True)


@contextmanager
def whole_file(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """A path beside `path` to write to; what was written is given its name when all went well, and thrown away if not.

    Raises FileExistsError when there is something of that name already, unless it is a file that may be overwritten.
    """
    target = Path(os.path.realpath(path))  # a link stays one

    def look() -> None:
        if target.exists() and not (overwrite and target.is_file()):
            raise FileExistsError(EEXIST, os.strerror(EEXIST), str(path))

    look()
    partial = target.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        yield partial
        look()  # it may have come while we wrote
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _workbook(path: Path, *, overwrite: bool) -> Iterator["Workbook"]:
    """A workbook that becomes the file; rows leave memory as soon as they are written."""
    from xlsxwriter import Workbook  # takes a tenth of a second, and only exports need it

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with whole_file(path, overwrite=overwrite) as partial, partial.open("wb") as file, Workbook(file, options) as book:
        yield book


def _written() -> tuple[Column, ...]:
    return tuple(known for known in COLUMNS if known.write)


def _rows(offers: Iterable[Offer], columns: Sequence[Column]) -> Iterator[list[str]]:
    writers = [known.write for known in columns if known.write]
    for offer in offers:
        yield [write(offer) for write in writers]


def _write_heading(
    book: "Workbook", sheet: "Worksheet", columns: Sequence[Column], headings: Sequence[str], title: str
) -> int:
    """Writes the title, if any, and the heading, which stay in sight; returns the number of the row below."""
    text = book.add_format(TEXT)
    for position, known in enumerate(columns):
        sheet.set_column(position, position, WIDTHS.get(known.name, WIDTH), text)
    row = 0
    if title:
        sheet.write_string(row, 0, title, book.add_format({"bold": True, "font_color": "#C00000"}))
        row += 1
    bold = book.add_format(TEXT | {"bold": True, "bottom": 1})
    for position, heading in enumerate(headings):
        sheet.write_string(row, position, heading, bold)
    sheet.freeze_panes(row + 1, 0)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # it is meant so: no green corners
    return row + 1


def _write_rows(
    sheet: "Worksheet", first: int, rows: Iterable[Sequence[str]], cell_format: "Format | None" = None
) -> int:
    """Writes rows from row `first` on; returns the number of the last one, `first - 1` when there was none."""
    last = first - 1
    for last, cells in enumerate(rows, first):
        for position, text in enumerate(cells):
            # Between these two tags the library takes a text for XML of its own.
            harmless = f" {text}" if text.startswith("<r>") else text
            if text and (wrong := sheet.write_string(last, position, harmless, cell_format)):
                raise DoesNotFit(TOO_MANY if wrong == NO_SUCH_ROW else TOO_LONG.format(row=last + 1, text=text[:60]))
    return last


def _choices(
    columns: Sequence[Column], offers: Iterable[Offer], knowledge: Knowledge | None = None
) -> dict[str, list[str]]:
    """What can be chosen in each column: its values and, where several may stand in a cell, what often stands there."""
    found = {known.name: list(known.choices) for known in columns if known.choices}
    for name in SEVERAL & found.keys():
        often = Counter(_say(name, offer) for offer in offers if len(getattr(offer, name)) > 1)
        found[name] += [text for text, _ in often.most_common(COMBINATIONS)]
    if knowledge:
        found["themes"] = [theme.name for theme in knowledge.vocabulary.themes.values()]
        hidden = _say("status", replace(EXAMPLE, status=Status.HIDDEN))
        found["status"] = [choice for choice in found["status"] if choice != hidden]
    return found


def _say(name: str, offer: Offer) -> str:
    """What an export says in one column."""
    write = column(name).write
    return write(offer) if write else ""


def _offer_choices(
    book: "Workbook",
    sheet: "Worksheet",
    columns: Sequence[Column],
    choices: Mapping[str, Sequence[str]],
    rows: tuple[int, int],
    *,
    messages: bool = False,
) -> None:
    """Drop-downs in these rows, and beside each cell what belongs in it. Nothing is refused: the importer explains."""
    lists = book.add_worksheet(LISTS_SHEET)
    lists.hide()
    _write_rows(lists, 0, zip_longest(*choices.values(), fillvalue=""))
    places = {name: place for place, name in enumerate(choices)}
    for position, known in enumerate(columns):
        rule: dict[str, Any] = {"validate": "any"}
        if known.name in choices:
            letter, length = chr(ord("A") + places[known.name]), len(choices[known.name])
            rule = {
                "validate": "list",
                "source": f"={LISTS_SHEET}!${letter}$1:${letter}${length}",
                "error_type": "information",
                "error_title": "Staat niet in het lijstje",
                "error_message": "Weet je het zeker? Dan mag het. Kies anders iets uit het lijstje.",
                "show_error": known.name not in SEVERAL,
            }
        if messages:
            rule["input_title"] = _cut(known.heading, LONGEST_TITLE)
            rule["input_message"] = _cut(HELP.get(known.name, known.help), LONGEST_MESSAGE)
        if len(rule) > 1:
            sheet.data_validation(rows[0], position, rows[1], position, rule)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _explain(book: "Workbook", lines: Iterable[tuple[str, str]]) -> None:
    """A sheet of what is called how, and what that means; a line with nothing on its right is a heading."""
    sheet = book.add_worksheet(EXPLANATION_SHEET)
    text, bold = book.add_format(TEXT), book.add_format(TEXT | {"bold": True})
    sheet.set_column(0, 0, 30, text)
    sheet.set_column(1, 1, 100, text)
    for row, (left, right) in enumerate(lines):
        sheet.write_string(row, 0, left, bold)
        sheet.write_string(row, 1, right, text)


def _how_to_fill_in(
    columns: Sequence[Column], choices: Mapping[str, Sequence[str]], knowledge: Knowledge, list_label: str
) -> Iterator[tuple[str, str]]:
    """What stands on the sheet that explains a template."""
    yield "Zo vul je de lijst in", ""
    if list_label:
        yield "Let op", f"{list_label} Klopt er iets niet? Verbeter het."
    yield from STEPS
    yield "De kolommen", ""
    for known in columns:
        required = "Verplicht. " if known.name in REQUIRED else ""
        yield known.heading, required + HELP.get(known.name, known.help)
    yield "Wat kun je kiezen?", ""
    sectors = ", ".join(f"{sector} = {name}" for sector, name in knowledge.vocabulary.sectors.items())
    meanings = [f"{_say('status', replace(EXAMPLE, status=status))} = {said}" for status, said in STATUSES.items()]
    for name, said in (
        ("sectors", sectors),
        ("grades", f"Bijvoorbeeld: {GRADES}"),
        ("places", f"Bijvoorbeeld: {PLACES}. Kies landelijk als het programma op elke school in Nederland kan."),
        *((name, "; ".join(column(name).choices)) for name in ("settings", "cost")),
        ("themes", "; ".join(choices["themes"])),
        ("status", ", ".join(meanings)),
    ):
        yield column(name).heading, said
