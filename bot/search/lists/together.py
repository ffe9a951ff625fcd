"""What several columns of one row say together: prices, for whom it is, and whether that can be."""

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

from bot.commons.words import fold
from bot.search.catalogue import Cost, Sector
from bot.search.cells import STAFF, sector_cells
from bot.search.grades import parse_grades
from bot.search.lists.columns import Knowledge, Misread, Value, column, is_cross
from bot.search.lists.layout import Heading

__all__ = ["added", "are_apart", "costs", "crossed", "grades_together", "misfits", "per_what"]


def added(before: Any, more: Any, between: str) -> Any:  # noqa: ANN401  # values of the fields of an offer
    """What two columns of one kind say: lists are added up, texts stand behind each other."""
    if isinstance(before, tuple) and isinstance(more, tuple):
        return tuple(dict.fromkeys((*before, *more)))
    if isinstance(before, str) and isinstance(more, str) and before and more and before != more:
        return f"{before}{between}{more}"
    return more if before in (None, "", ()) else before


def crossed(heading: Heading, text: str) -> str:
    """What a cell below "vmbo" or "PO" says: a cross means the heading, a text goes behind it."""
    cross = is_cross(text)
    return heading.stands_for if cross else "" if cross is False else f"{heading.stands_for} {text}"


def per_what(heading: str, text: str) -> str:
    """A price with what its heading says of it: "€ 250" below "Kosten per klas" is "€ 250 per klas"."""
    said = fold(heading)
    _, per, unit = said.partition("per ")
    known = fold(text)
    return f"{text} per {unit}" if per and unit and any(map(str.isdigit, text)) and "per" not in known.split() else text


def costs(parts: Sequence[tuple[Heading, str]], knowledge: Knowledge) -> Value:
    """What several columns about money say: who must pay for anything does not go for nothing."""
    read = [(heading, text, column("cost").read(per_what(heading.text, text), knowledge)) for heading, text in parts]
    found = {value.fields["cost"] for _, _, value in read}
    cost = next((cost for cost in (Cost.PAID, Cost.FREE) if cost in found), Cost.UNKNOWN)
    note = "; ".join(f"{heading.text}: {text}" for heading, text, value in read if value.fields["cost"] != Cost.UNKNOWN)
    return Value({"cost": cost, "cost_note": note} if note else {"cost": cost})


def grades_together(texts: Sequence[str], knowledge: Knowledge) -> tuple[str, ...]:
    """The one thing that several columns say of the grades: "vmbo" and "klas 1-2" are "vmbo klas 1-2".

    Empty when they don't narrow each other down to one: what each says then stands for itself.
    """
    whole = _grades(" ".join(text.replace("; ", "/") for text in texts), knowledge)
    cells = reduce(int.__and__, (_cells(_grades(text, knowledge)) for text in texts))
    return whole if len(whole) == 1 and _cells(whole) == cells else ()


def _grades(text: str, knowledge: Knowledge) -> tuple[str, ...]:
    """The grades of a text that says nothing else."""
    try:
        fields = column("audience").read(text, knowledge).fields
    except Misread:
        return ()
    return () if fields.get("for_whom") else tuple(fields.get("grades", ()))


def _cells(grades: Iterable[str]) -> int:
    return reduce(int.__or__, (parse_grades(grade)[1] for grade in grades), 0)


def are_apart(grades: Iterable[str], others: Iterable[str]) -> bool:
    """Whether nobody is in both: groep 8 and klas 1."""
    return not _cells(grades) & _cells(others)


def misfits(grades: Iterable[str], sectors: Sequence[Sector]) -> list[str]:
    """The grades that are of none of these sectors: groep 7 in a list for VO."""
    schools = {Sector.SO: Sector.PO, Sector.VSO: Sector.VO}  # special schools have groups and classes too
    inside = sector_cells((*sectors, *(schools[sector] for sector in sectors if sector in schools)))
    return [grade for grade in grades if (cells := parse_grades(grade)[1] & ~STAFF) and not cells & inside]
