"""How well a list answers a question that people judged: the measures that the project is held to, and nothing else.

A question comes with programmes and how well each fits. "Graded" questions know 3 (first choice), 2 (fits all that was
asked) and 1 (fits partly); of those, 2 and 3 are *good*. The others know best (3) and acceptable (1), both good. A
question without anything good should be answered with an empty list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
import json
import math
from pathlib import Path
import re

__all__ = ["MEASURES", "Judged", "Shown", "means", "measure", "read_questions"]

MEASURES = {
    "ndcg5": "nDCG@5",
    "s1": "s1",
    "acc1": "acc1",
    "s3": "s3",
    "false_empty": "false_empty",
    "irrelevant1": "irrelevant1",
    "correct_empty": "correct_empty",
    "ask_back": "ask_back",
}
"""Every measure, and its name in a table."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, and the programmes that people found fitting."""

    text: str
    grades: Mapping[str, int]
    """Plain title to 3, 2 or 1."""
    kind: str
    """The class it belongs to: "short", "typo", "Hele zinnen"."""
    is_graded: bool

    def good(self) -> set[str]:
        """The titles that answer the question."""
        return {title for title, grade in self.grades.items() if grade >= 2 or not self.is_graded}

    def best(self) -> set[str]:
        """The titles with the highest grade given."""
        return {title for title, grade in self.grades.items() if grade == max(self.grades.values())}

    def is_answerable(self) -> bool:
        return bool(self.good())


@dataclass(frozen=True, slots=True)
class Shown:
    """What an engine showed: titles in order without weak suggestions, twenty at most, and whether it asked back."""

    titles: Sequence[str]
    asked_back: bool = False
    plain: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "plain", tuple(dict.fromkeys(map(_plain, self.titles))))


def read_questions(path: Path) -> list[Judged]:
    """The questions of a file, of either sort."""
    return [_judged(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def _judged(row: Mapping[str, object]) -> Judged:
    graded = row.get("grades")
    if isinstance(graded, Mapping):
        grades = {str(title): int(grade) for title, grade in graded.items()}
    else:
        grades = dict.fromkeys(_titles(row["ok"]), 1) | dict.fromkeys(_titles(row["best"]), 3)
    kind = row.get("category") or row.get("class") or "?"
    plain = {_plain(title): grade for title, grade in grades.items()}
    return Judged(str(row["query"]).replace("\n", " "), plain, str(kind), graded is not None)


def _titles(value: object) -> list[str]:
    return [str(title) for title in value] if isinstance(value, list) else []


def _plain(title: str) -> str:
    """The title as it is compared; some judges wrote the organisation before it."""
    return re.sub(r"\s+", " ", title.rpartition(" :: ")[2].strip().lower())


def measure(question: Judged, shown: Shown) -> dict[str, float]:
    """Each measure that this question can say something about."""
    asked_back = {"ask_back": float(shown.asked_back)}
    titles = shown.plain
    if not question.is_answerable():
        # Where something fits partly, neither an empty list nor one with it is wrong.
        return asked_back if question.grades else asked_back | {"correct_empty": float(not titles)}
    first = titles[0] if titles else None
    return asked_back | {
        "ndcg5": _gain([question.grades.get(title, 0) for title in titles]) / _gain(_ideal(question)),
        "s1": float(first in question.best()),
        "acc1": float(first in question.good()),
        "s3": float(any(title in question.best() for title in titles[:3])),
        "false_empty": float(not titles),
        "irrelevant1": float(first is not None and first not in question.grades),
    }


def _ideal(question: Judged) -> list[int]:
    return sorted(question.grades.values(), reverse=True)


def _gain(grades: Sequence[int]) -> float:
    """Discounted gain of the first five: a first choice counts seven times what fits partly, and sooner is better."""
    return sum((2.0**grade - 1) / math.log2(place + 1) for place, grade in enumerate(grades[:5], 1))


def means(measured: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """The mean of each measure, over the questions that have it."""
    values: dict[str, list[float]] = {}
    for one in measured:
        for name, value in one.items():
            values.setdefault(name, []).append(value)
    return {name: sum(several) / len(several) for name, several in values.items()}
