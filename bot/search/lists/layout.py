"""Where the heading of a table is and what its columns are, in lists as people make them.

A title above the heading, a heading of two rows, columns in any order and under any name: the row that reads most like
a heading is the heading. What is guessed is shown to the person, who can correct it: "Naam project=Programma".
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
import re

from bot.commons.tables import Sheet
from bot.commons.words import fold

__all__ = [
    "IGNORED",
    "Heading",
    "Layout",
    "NoHeading",
    "Row",
    "WrongColumns",
    "find_layout",
    "letters",
    "read_corrections",
]

LOOKED_AT = 30
"""Rows in which a heading is looked for, and below it those that show what a column is like."""
LONGEST_HEADING = 120
"""Signs of a text that may be a heading; a longer one is a story."""
IGNORED = "-"
"""What a column is corrected to when it should be left alone."""

Row = tuple[int, tuple[str, ...]]
"""A row's number in the file, and its cells."""


class WrongColumns(ValueError):  # noqa: N818  # a sentence for a person
    """In Dutch: why what somebody says about the columns can't be, and what can."""


class NoHeading(Exception):  # noqa: N818  # a sheet without one is no error: there may be others
    """In Dutch: why no heading was found, and what to do."""


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of a table: where it is, what stands above it, what it was taken for."""

    position: int
    text: str
    column: str
    """The name of what it holds; empty when it is left alone."""
    stands_for: str = ""
    """With crosses below it: the text that a cross means."""

    @property
    def letter(self) -> str:
        return letters(self.position)


@dataclass(frozen=True, slots=True)
class Layout:
    sheet: str
    row: int
    """The last row of the heading; 0 when there is none and columns were named by their letters."""
    headings: tuple[Heading, ...]

    @property
    def known(self) -> tuple[Heading, ...]:
        return tuple(heading for heading in self.headings if heading.column)


def letters(position: int) -> str:
    """The letters of a column as a spreadsheet shows them: 0 is A, 26 is AA."""
    found = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def read_corrections(texts: Sequence[str], find: Callable[[str], str | None], choices: Sequence[str]) -> dict[str, str]:
    """What people type to correct the columns, "Naam project=Programma, F=-": folded heading or letter to a name.

    Raises WrongColumns.
    """
    found = {}
    for part in chain.from_iterable(re.split(r",\s*(?=[^,=]+=)", text) for text in texts):
        heading, equals, name = (piece.strip() for piece in part.rpartition("="))
        if not equals or not heading:
            raise WrongColumns(
                f'“{part.strip()}” is niet duidelijk. Schrijf het zo: --columns "Naam project=Programma".'
            )
        column = IGNORED if name == IGNORED else find(name)
        if column is None:
            raise WrongColumns(
                f"“{name}” is geen kolom van de lijst. Kies uit: {', '.join(choices)}; of - voor overslaan."
            )
        found[fold(heading)] = column
    return found


def find_layout(
    sheet: Sheet,
    guess: Callable[[str], str | None],
    needed: frozenset[str],
    corrections: Mapping[str, str],
    crossed: Callable[[str, Sequence[str]], str | None] = lambda _heading, _cells: None,
    at_least: int = 2,
) -> tuple[Layout, Iterator[Row]]:
    """The layout of a sheet and the rows below its heading. Raises NoHeading.

    `guess` names the column of a heading, `needed` are the names of which a heading has at least one; `crossed` tells
    what a cross below a heading means, given the cells below it. One word that looks like a heading is hardly one:
    `at_least` so many columns must be known.
    """
    rows = iter(sheet.rows)
    first = list(islice(rows, LOOKED_AT))
    if not first:
        raise NoHeading("staat niets op.")
    best: tuple[float, Layout, int] | None = None
    for at in range(len(first)):
        for height in (1, 2):
            texts = _heading_texts(first, at, height)
            if texts is None:
                continue
            below = [cells for _, cells in first[at + height :]]
            headings = _read(texts, below, guess, corrections, crossed)
            names = {heading.column for heading in headings} - {"", IGNORED}
            named = [heading for heading in headings if heading.column and not _by_letter(heading, corrections)]
            if not named:
                continue  # columns that are named by their letters make no heading of what stands in them
            # Of two headings that say as much, the one of one row: a title above it is no heading of the numbers below.
            score = len(names) - height / 200 + sum(bool(heading.stands_for) for heading in headings[1:]) / 100
            if names & needed and len(names) >= at_least and (best is None or score > best[0]):
                layout = Layout(sheet.name, first[at + height - 1][0], headings)
                best = (score, layout, at + height)
    if best is None:
        bare = _by_letters(sheet.name, first, corrections)
        if not {heading.column for heading in bare.headings} & needed:
            row, cells = first[0]
            shown = ", ".join(f"“{cell}”" for cell in cells if cell)[:200]
            raise NoHeading(
                f"heeft geen rij met kolomnamen die ik herken. Op rij {row} staat: {shown}. "
                'Zet er kolomnamen boven, of geef: --columns "A=Organisatie, B=Programma, C=Sector".'
            )
        return bare, chain(first, rows)
    _, layout, start = best
    return layout, chain(first[start:], rows)


def _heading_texts(first: Sequence[Row], at: int, height: int) -> list[str] | None:
    """The texts of a heading of one or two rows; None when there can be none.

    In a heading of two rows the lower one only speaks where the upper is empty or says the same for several columns
    ("Doelgroep" above PO, VO and MBO): elsewhere it would be the first row of the list.
    """
    upper = first[at][1]
    if height == 1:
        return list(upper)
    if at + 1 >= len(first):
        return None
    lower = first[at + 1][1]
    width = max(len(upper), len(lower))
    above, below = ([*cells, *[""] * (width - len(cells))] for cells in (upper, lower))
    often = Counter(above)

    def covers(place: int) -> bool:
        """Whether what stands above is about several columns: said again, or with nothing beside it."""
        beside = place + 1
        spans = beside < width and not above[beside] and bool(below[beside])
        return not above[place] or often[above[place]] > 1 or spans

    if not any(text and covers(place) for place, text in enumerate(below)):
        return None
    return [low if low and covers(place) else high for place, (high, low) in enumerate(zip(above, below, strict=True))]


def _read(
    texts: Sequence[str],
    below: Sequence[tuple[str, ...]],
    guess: Callable[[str], str | None],
    corrections: Mapping[str, str],
    crossed: Callable[[str, Sequence[str]], str | None],
) -> tuple[Heading, ...]:
    """Each column with a text above it or cells below it."""
    width = max(map(len, (texts, *below)), default=0)
    found = []
    for position in range(width):
        text = " ".join(texts[position].split()) if position < len(texts) else ""
        cells = [cells[position] for cells in below if position < len(cells) and cells[position]]
        if not text and not cells:
            continue
        column = corrections.get(fold(text)) or corrections.get(letters(position).lower())
        if column is not None:
            found.append(Heading(position, text, "" if column == IGNORED else column))
        elif len(text) > LONGEST_HEADING:
            found.append(Heading(position, text, ""))
        elif text and (meaning := crossed(text, cells)):
            found.append(Heading(position, text, "audience", meaning))
        else:
            found.append(Heading(position, text, guess(text) or "" if text else ""))
    return tuple(found)


def _by_letter(heading: Heading, corrections: Mapping[str, str]) -> bool:
    return heading.letter.lower() in corrections and fold(heading.text) not in corrections


def _by_letters(sheet: str, first: Sequence[Row], corrections: Mapping[str, str]) -> Layout:
    """The layout of a table without a heading, as far as its columns were named by their letters."""
    named = [
        (position, corrections.get(letters(position).lower())) for position in range(max(len(r[1]) for r in first))
    ]
    headings = tuple(
        Heading(position, "", column) for position, column in named if column is not None and column != IGNORED
    )
    return Layout(sheet, 0, headings)
