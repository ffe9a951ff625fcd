"""When the Tweede Kamer is in recess, from `data/recess.yaml`; a day that the file does not cover is UNKNOWN.

A mistake in the file is a RecessProblems that names file and line of every one, so that all can be mended in one go.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import yaml

from bot.commons.dates import read_day
from bot.commons.working_days import UNKNOWN, Unknown

__all__ = ["Recess", "RecessProblems", "Recesses", "load_recesses", "recess_at"]

LONGEST = 100
"""Days that a recess can last; the one in summer takes 60. More is a mistake in the year."""


@dataclass(frozen=True, slots=True)
class Recess:
    """One recess, as the Kamer announces it: from a Friday up to and with a Monday."""

    name: str
    first: date
    last: date
    source: str
    checked_on: date | None
    """When a person compared it with tweedekamer.nl; None: nobody did."""


@dataclass(frozen=True, slots=True)
class Recesses:
    """The recesses of a time of which all are known."""

    known_from: date
    known_until: date
    """The last day of which the file tells whether it is in a recess; `doctor` warns when it comes near."""
    all: tuple[Recess, ...]
    """In order; none overlaps another."""


class RecessProblems(ValueError):  # noqa: N818  # it carries all of them
    """Everything that is wrong with the file, one sentence each with file and line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def recess_at(recesses: Recesses, day: date) -> Recess | Unknown | None:
    """The recess of that day; None when the Kamer meets; UNKNOWN for a day the file does not cover: never an alarm."""
    if not recesses.known_from <= day <= recesses.known_until:
        return UNKNOWN
    return next((recess for recess in recesses.all if recess.first <= day <= recess.last), None)


def load_recesses(path: Path) -> Recesses:
    """The recesses of a file. Raises RecessProblems with every mistake and its line."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RecessProblems([f"{path}:{line}: this is no YAML: {error.problem}"]) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RecessProblems([f"{path}:1: this is no text: {str(error).partition(chr(10))[0]}"]) from None
    reader = _Reader(path)
    recesses = reader.read(root)
    if reader.problems or recesses is None:
        raise RecessProblems(reader.problems)
    return recesses


class _Reader:
    """Goes over the file and keeps every problem with its line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[str] = []

    def wrong(self, node: yaml.Node | None, problem: str) -> None:
        self.problems.append(f"{self.path}:{node.start_mark.line + 1 if node else 1}: {problem}")

    def read(self, root: yaml.Node | None) -> Recesses | None:
        top = self.fields(root, required=("known", "recesses"))
        known = self.fields(top.get("known"), required=("from", "until")) if "known" in top else {}
        known_from, known_until = self.day(known.get("from")), self.day(known.get("until"))
        found = [(node, recess) for node in self.items(top.get("recesses")) if (recess := self.recess(node))]
        if known_from is None or known_until is None:
            return None
        if known_until < known_from:
            self.wrong(known["until"], f"until ({known_until}) is before from ({known_from})")
        found.sort(key=lambda one: one[1].first)
        for node, recess in found:
            if recess.first < known_from or recess.last > known_until:
                self.wrong(
                    node, f"{recess.name} is not within known: from {known_from} until {known_until}; widen that"
                )
        for (_, one), (node, other) in pairwise(found):
            if other.first <= one.last:
                self.wrong(node, f"{other.name} begins on {other.first}, when {one.name} still lasts (to {one.last})")
        return Recesses(known_from, known_until, tuple(recess for _, recess in found))

    def recess(self, node: yaml.Node) -> Recess | None:
        fields = self.fields(node, required=("name", "from", "to", "source"), optional=("checked_on",))
        texts = {key: value for key in ("name", "source") if (value := self.text(fields.get(key)))}
        days = {key: day for key in ("from", "to", "checked_on") if (day := self.day(fields.get(key)))}
        if len(texts) < 2 or not {"from", "to"} <= days.keys():
            return None
        first, last = days["from"], days["to"]
        if not 0 <= (last - first).days < LONGEST:
            self.wrong(fields["to"], f"{texts['name']} lasts from {first} to {last}: is the year right?")
            return None
        return Recess(texts["name"], first, last, texts["source"], days.get("checked_on"))

    def fields(
        self, node: yaml.Node | None, *, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> Mapping[str, yaml.Node]:
        wanted = ", ".join(required)
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, f"here must be {wanted}, each with a colon")
            return {}
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if key.value in found:
                self.wrong(key, f"{key.value} stands here twice")
            elif key.value in (*required, *optional):
                found[key.value] = value
            else:
                self.wrong(key, f"there is no {key.value!r} here; there are {', '.join((*required, *optional))}")
        for missing in required:
            if missing not in found:
                self.wrong(node, f"{missing} is missing")
        return found

    def items(self, node: yaml.Node | None) -> Iterator[yaml.Node]:
        if isinstance(node, yaml.SequenceNode):
            yield from node.value
        elif node is not None:
            self.wrong(node, "recesses must be a list: each begins with “- name:”")

    def text(self, node: yaml.Node | None) -> str:
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            self.wrong(node, "a text is missing here")
            return ""
        return " ".join(str(node.value).split())

    def day(self, node: yaml.Node | None) -> date | None:
        if node is None:
            return None
        try:
            return read_day(str(node.value) if isinstance(node, yaml.ScalarNode) else "")
        except ValueError:
            said = f"{node.value!r} is no day" if isinstance(node, yaml.ScalarNode) else "a day is missing here"
            self.wrong(node, f"{said}; write it as 2026-12-31")
            return None
