"""A list of programmes that somebody sends, read as a whole: what its columns are, and what each row says.

Nothing is saved here, and nothing of the file is lost: what can't be read is said with its row and column. Whether an
offer was checked is never taken from a file.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.commons.tables import read_sheets
from bot.commons.words import fold
from bot.search.catalogue import Catalogue, Provider
from bot.search.exporting import EXAMPLE, EXPLANATION_SHEET
from bot.search.lists.columns import COLUMNS, Knowledge, Misread, column, find, guess, is_cross, sector_cross
from bot.search.lists.drafts import Draft, Drafter, Fault, Where
from bot.search.lists.layout import Heading, Layout, NoHeading, WrongColumns, find_layout, read_corrections

__all__ = ["NEVER_TAKEN", "Options", "Reading", "read_list"]

NEVER_TAKEN = ("checked_on", "checked_by")
"""A check is what a person did; a file that says so may be a year old."""
ONE_COLUMN = ("id", "provider", "title", "volunteers", "status", "full_until", "link")
"""Fields of which a second column could only contradict the first."""
OFTEN = 500
"""Rows between two signs of life."""


@dataclass(frozen=True, slots=True)
class Options:
    """What somebody says about a file beside the file."""

    columns: tuple[str, ...] = ()
    """Corrections: "Naam project=Programma"."""
    sheet: str = ""
    """Only this sheet."""
    provider: str = ""
    """Whose programmes they are, where the file doesn't say."""
    complete: bool = False
    """Whether it is the whole list (of that provider): what is not in it has ended."""
    keep_doubles: bool = False
    """Whether to take in as well what looks like a double."""


@dataclass(slots=True)
class Reading:
    """A file as it was understood."""

    layouts: list[Layout] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """Why a sheet was left out, one sentence each."""
    drafts: list[Draft] = field(default_factory=list)
    rejected: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)
    skipped: list[tuple[Where, str]] = field(default_factory=list)
    """Rows that are no programme (an example, a total, a note), with what stands there."""
    new_providers: list[Provider] = field(default_factory=list)
    mentioned: set[str] = field(default_factory=set)
    """Ids of the offers of the list that any row is about, also one that is rejected."""


def read_list(
    path: Path,
    base: Catalogue,
    knowledge: Knowledge,
    options: Options,
    progress: Callable[[int], None] = lambda _: None,
) -> Reading:
    """The whole file against the list as it is. Raises tables.Unreadable, and layout.WrongColumns.

    `progress` hears every few hundred rows how many were read.
    """
    corrections = read_corrections(options.columns, _named(find), [known.heading for known in COLUMNS])
    reading, drafter = Reading(), Drafter(base, knowledge, options.provider)
    unused, sheets, count = set(corrections), [], 0
    for sheet in read_sheets(path):
        sheets.append(sheet.name)
        if options.sheet and fold(sheet.name) != fold(options.sheet):
            continue
        try:
            layout, rows = find_layout(
                sheet, _named(guess), frozenset(["title", "id"]), corrections, _crossed(knowledge)
            )
        except NoHeading as error:
            if sheet.name == EXPLANATION_SHEET:
                continue
            reading.left_out.append(f"{f'Blad “{sheet.name}”' if sheet.name else 'Het bestand'} {error}")
            continue
        reading.layouts.append(layout)
        unused -= {fold(heading.text) for heading in layout.headings} | {h.letter.lower() for h in layout.headings}
        columns = _columns(layout, reading)
        drafter.begin(columns, layout.sheet)
        for number, cells in rows:
            if _is_another_heading(cells, layout):
                said = f"Op rij {number} beginnen andere kolommen. Zet wat daaronder staat op een eigen blad."
                reading.left_out.append(f"{f'Blad “{sheet.name}”: ' if sheet.name else ''}{said}")
                break
            _read_row(Where(number, layout.sheet), cells, columns, layout, drafter, reading)
            count += 1
            if count % OFTEN == 0:
                progress(count)
    if options.sheet and fold(options.sheet) not in map(fold, sheets):
        raise WrongColumns(f"Blad “{options.sheet}” is er niet. Wel: {', '.join(f'“{name}”' for name in sheets)}.")
    if unused and reading.layouts:
        known = ", ".join(f"“{heading.text}”" for heading in reading.layouts[0].headings if heading.text)
        raise WrongColumns(f"De kolom “{min(unused)}” staat niet in het bestand. Wel: {known}.")
    reading.new_providers = drafter.new_providers
    reading.mentioned = drafter.mentioned
    progress(count)
    return reading


def _named(look_up: Callable[[str], object]) -> Callable[[str], str | None]:
    """The same, giving the name of the column instead of the column."""
    return lambda text: getattr(look_up(text), "name", None)


def _crossed(knowledge: Knowledge) -> Callable[[str, Sequence[str]], str | None]:
    def crossed(heading: str, cells: Sequence[str]) -> str | None:
        meaning = sector_cross(heading, knowledge) if cells else None
        # Crosses, or what says more exactly what a cross would ("klas 3"); a column of texts is no column of crosses.
        return meaning if meaning and 2 * sum(map(says_for_whom, cells)) >= len(cells) else None

    def says_for_whom(cell: str) -> bool:
        if is_cross(cell) is not None:
            return True
        try:
            return not column("audience").read(cell, knowledge).fields.get("for_whom")
        except Misread:
            return False

    return crossed


def _columns(layout: Layout, reading: Reading) -> dict[str, list[Heading]]:
    """The headings of each column that is read; what is left out is remarked."""
    columns: dict[str, list[Heading]] = {}
    for heading in layout.known:
        columns.setdefault(heading.column, []).append(heading)
    where = Where(layout.row, layout.sheet)
    for name in NEVER_TAKEN:
        columns.pop(name, None)
    for name in ONE_COLUMN:
        first, *others = columns.get(name, [None])
        for other in others:
            said = f"“{first.text if first else ''}” is al de kolom voor {column(name).heading}; deze sla ik over."
            reading.remarks.append(Fault(where, other.text if other else "", said))
        if first:
            columns[name] = [first]
    return columns


def _read_row(
    where: Where,
    cells: tuple[str, ...],
    columns: Mapping[str, Sequence[Heading]],
    layout: Layout,
    drafter: Drafter,
    reading: Reading,
) -> None:
    texts = {
        name: [cells[heading.position] if heading.position < len(cells) else "" for heading in headings]
        for name, headings in columns.items()
    }
    if EXAMPLE.id in map(fold, texts.get("id", ())) and EXAMPLE.title not in texts.get("title", ()):
        texts["id"] = [""]  # somebody typed over the example
    filled = [cell for cell in cells if cell]
    if "id" in columns and {*filled} <= {*texts.get("provider", ())}:
        return  # a row that a template prepared, and nobody filled in
    if why := _no_programme(texts, filled, layout):
        reading.skipped.append((where, why))
        return
    draft, faults, remarks = drafter.draft(where, texts)
    if draft:
        reading.drafts.append(draft)
    reading.rejected += faults
    reading.remarks += remarks


def _is_another_heading(cells: Sequence[str], layout: Layout) -> bool:
    """Whether a second table begins here: the same names of columns, in another order."""
    first = next((cell for cell in cells if cell), "")
    if not any(first == heading.text for heading in layout.headings):
        return False
    here = {position: cell for position, cell in enumerate(cells) if cell}
    same = sum(here.get(heading.position) == heading.text for heading in layout.headings)
    named = {heading.text for heading in layout.known if heading.text}
    return len(here) > 2 and {*here.values()} <= named and same < len(here) - 1


def _no_programme(texts: Mapping[str, Sequence[str]], filled: Sequence[str], layout: Layout) -> str:
    """What stands in a row that is no programme at all: an example, the heading once more, a total, a note."""
    if EXAMPLE.id in map(fold, texts.get("id", ())):
        return "de voorbeeldrij"
    if not any(sign.isalnum() for cell in filled for sign in cell):
        return f"“{filled[0][:60]}”"
    first = " ".join(filled[0].split())
    if (
        len(filled) > 1
        and any(first == heading.text for heading in layout.headings)
        and ({*map(fold, filled)} <= {fold(heading.text) for heading in layout.headings})
    ):
        return "de kolomnamen nog een keer"
    if len(filled) <= 2 and fold(filled[0]).startswith(("totaal", "subtotaal", "aantal")):
        return f"“{filled[0]}”"
    if (
        not any(texts.get("title", ()))
        and not any(texts.get("id", ()))
        and (len(filled) == 1 or {*filled} <= {*texts.get("provider", ())})
    ):
        return f"alleen “{filled[0][:60]}”"
    return ""
