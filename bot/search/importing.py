"""The files offers.csv and providers.csv, read into a Catalogue; or everything that is wrong with them.

One row is one offer or one provider; columns carry the names of the fields of `Offer` and `Provider`, lists are
separated by ";", dates are written 2026-11-22, and an empty cell means "not known". Somebody without Python mends these
files, so every problem is found at once and says where it is and what to write instead.
"""

from collections.abc import Callable, Iterator, Mapping
import csv
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
import io
from pathlib import Path
from typing import Any

from bot.search.catalogue import (
    ID_PATTERN,
    Catalogue,
    Cost,
    Offer,
    Provider,
    Relation,
    Sector,
    Status,
    new_offer_id,
)

__all__ = ["FileProblem", "FileProblems", "read_catalogue"]

OFFER_COLUMNS = tuple(field.name for field in fields(Offer))
PROVIDER_COLUMNS = ("name", "relation", "aliases", "url", "evidence")
LISTS = ("grades", "themes", "keywords", "places", "settings")
DATES = ("checked_on", "full_until")
VOLUNTEERS = {"ja": True, "nee": False, "": None}


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing to mend in a file."""

    file: str
    line: int
    column: str
    """Empty when the problem is with the whole line or file."""
    text: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" + (f", column {self.column}" if self.column else "")
        return f"{where}: {self.text}"


class FileProblems(Exception):  # noqa: N818  # it carries all of them
    """Everything that is wrong with the files, one sentence each."""

    def __init__(self, problems: list[FileProblem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its cells by column, and a way to say what is wrong with it."""

    file: str
    line: int
    cells: Mapping[str, str]
    problems: list[FileProblem]

    def wrong(self, column: str, text: str) -> None:
        self.problems.append(FileProblem(self.file, self.line, column, text))

    def items(self, column: str) -> tuple[str, ...]:
        """The parts of a list, each once."""
        parts = (part.strip() for part in self.cells[column].split(";"))
        return tuple(dict.fromkeys(filter(None, parts)))

    def choice(self, column: str, text: str, choices: type[StrEnum]) -> Any:  # noqa: ANN401  # the member chosen
        """The member that the text names; None, and a problem, when there is none."""
        try:
            return choices(text)
        except ValueError:
            self.wrong(column, f'"{text}" is not known here; write one of: {", ".join(choices)}.')
            return None

    def day(self, column: str) -> date | None:
        text = self.cells[column]
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.wrong(
                column, f'"{text}" is not a date; write year-month-day, for example 2026-11-22, or leave it empty.'
            )
            return None

    def address(self, column: str) -> str:
        text = self.cells[column]
        if text and not text.startswith(("https://", "http://")):
            self.wrong(column, f'"{text}" is not a web address; start with https://, or leave it empty.')
        return text


def read_catalogue(
    offers_csv: Path, providers_csv: Path, check: Callable[[Offer], list[tuple[str, str]]] | None = None
) -> Catalogue:
    """The catalogue of two files; raises FileProblems. `check` adds columns and sentences on what only others know."""
    problems: list[FileProblem] = []
    providers = _providers(providers_csv, problems)
    offers = _offers(offers_csv, {provider.name for provider in providers}, providers_csv.name, check, problems)
    if problems:
        raise FileProblems(sorted(problems, key=lambda problem: (problem.file, problem.line)))
    return Catalogue(offers=tuple(offers), providers=tuple(providers))


def _providers(path: Path, problems: list[FileProblem]) -> list[Provider]:
    found: list[Provider] = []
    first: dict[str, int] = {}
    for row in _rows(path, PROVIDER_COLUMNS, problems):
        name = row.cells["name"]
        if not name:
            row.wrong("name", "a provider needs a name.")
        elif first.setdefault(name, row.line) != row.line:
            row.wrong("name", f'"{name}" already stands on line {first[name]}; keep one of the two.')
        relation = row.choice("relation", row.cells["relation"] or Relation.UNKNOWN, Relation)
        found.append(Provider(name, relation, row.items("aliases"), row.address("url"), row.cells["evidence"]))
    return found


def _offers(
    path: Path,
    providers: set[str],
    providers_file: str,
    check: Callable[[Offer], list[tuple[str, str]]] | None,
    problems: list[FileProblem],
) -> list[Offer]:
    found: list[Offer] = []
    ids: dict[str, int] = {}
    names: dict[tuple[str, str], int] = {}
    for row in _rows(path, OFFER_COLUMNS, problems):
        before = len(problems)
        offer = _offer(row)
        if not ID_PATTERN.fullmatch(offer.id):
            row.wrong("id", f'"{offer.id}" is not an id; write a new one, for example {new_offer_id(ids)}.')
        elif ids.setdefault(offer.id, row.line) != row.line:
            row.wrong("id", f'"{offer.id}" already stands on line {ids[offer.id]}; write {new_offer_id(ids)} instead.')
        if not offer.title:
            row.wrong("title", "an offer needs a title.")
        elif names.setdefault((offer.provider, offer.title), row.line) != row.line:
            line = names[offer.provider, offer.title]
            row.wrong(
                "title", f'"{offer.title}" of {offer.provider} already stands on line {line}; keep one of the two.'
            )
        if offer.provider not in providers:
            row.wrong(
                "provider", f'"{offer.provider}" has no row in {providers_file}; add one, or write its name as there.'
            )
        if check is not None and len(problems) == before:
            for column, text in check(offer):
                row.wrong(column, text)
        found.append(offer)
    return found


def _offer(row: Row) -> Offer:
    """The offer of a row; where a cell is wrong, the problem is noted and the value is not to be used."""
    known: dict[str, Any] = dict(row.cells)
    known |= {column: row.items(column) for column in LISTS}
    known |= {column: row.day(column) for column in DATES}
    known["sectors"] = tuple(row.choice("sectors", sector, Sector) for sector in row.items("sectors"))
    known["cost"] = row.choice("cost", row.cells["cost"] or Cost.UNKNOWN, Cost)
    known["status"] = row.choice("status", row.cells["status"] or Status.ACTIVE, Status)
    known["link"] = row.address("link")
    volunteers = row.cells["volunteers"]
    if volunteers not in VOLUNTEERS:
        row.wrong("volunteers", f'"{volunteers}" is not known here; write ja or nee, or leave it empty.')
    known["volunteers"] = VOLUNTEERS.get(volunteers)
    return Offer(**known)


def _rows(path: Path, columns: tuple[str, ...], problems: list[FileProblem]) -> Iterator[Row]:
    """The rows of a file, their cells trimmed; nothing when its header is wrong, because then every row would be."""
    text = _text(path, problems)
    if text is None:
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if wrong := _header_problems(header, columns):
            problems += (FileProblem(path.name, 1, column, sentence) for column, sentence in wrong)
            return
        line = reader.line_num + 1  # a cell may span lines: the row is where it begins
        for cells in reader:
            row = Row(path.name, line, dict(zip(header, map(str.strip, cells), strict=False)), problems)
            line = reader.line_num + 1
            if not any(row.cells.values()):
                continue
            if len(cells) == len(header):
                yield row
            else:
                row.wrong(
                    "", f'has {len(cells)} cells instead of {len(header)}; put text with a comma between "quotes".'
                )
    except csv.Error as error:
        problems.append(FileProblem(path.name, line, "", f"can't be read as a table ({error}); look at its quotes."))


def _header_problems(header: list[str], columns: tuple[str, ...]) -> list[tuple[str, str]]:
    missing = [(column, "is missing; add it to the first line.") for column in columns if column not in header]
    unknown = [
        (column, f"is not known here; the columns are: {','.join(columns)}.")
        for column in dict.fromkeys(header)
        if column not in columns
    ]
    double = [(column, "stands there twice; keep one.") for column in columns if header.count(column) > 1]
    return missing + unknown + double


def _text(path: Path, problems: list[FileProblem]) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        problems.append(FileProblem(path.name, 1, "", f"there is no such file in {path.parent}; put it there."))
    except UnicodeDecodeError:
        problems.append(FileProblem(path.name, 1, "", 'is not UTF-8; save it as "CSV UTF-8".'))
    except OSError as error:
        problems.append(FileProblem(path.name, 1, "", f"can't be opened: {error.strerror}."))
    return None
