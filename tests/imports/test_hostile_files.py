"""No file does harm: each is refused in a Dutch sentence, or becomes a plan that can be shown, saved and taken back."""

from pathlib import Path

import pytest

from bot.commons.tables import Unreadable
from bot.search.catalogue import Catalogue
from bot.search.changes import Plan, make_plan
from bot.search.columns import Knowledge
from bot.search.importing import Options, read_list
from tests.imports.broken import attacked, mutated_texts, random_bytes, shapes
from tests.imports.promises import keeps_its_promises

TEXTS = [*attacked(), *mutated_texts(4), *shapes(), *random_bytes()]
OPTIONS = (Options(), Options(complete=True), Options(keep_doubles=True), Options(provider="Noord"))
BASES = ("nothing", "own", "own", "examples")


def outcome(path: Path, base: Catalogue, knowledge: Knowledge, options: Options) -> Plan | None:
    """The plan that a file makes, its promises kept; None when it was refused in a sentence."""
    try:
        plan = make_plan(path.name, read_list(path, base, knowledge, options), base, options)
    except Unreadable as refusal:
        sentence = str(refusal)
        assert sentence.endswith(".")
        assert len(sentence) < 1000
        assert all(sign.isprintable() for sign in sentence)
        return None
    keeps_its_promises(plan, knowledge)
    return plan


@pytest.mark.parametrize("number", range(len(TEXTS)), ids=[f"{at} {name}" for at, (name, _) in enumerate(TEXTS)])
def test_a_hostile_text(number: int, tmp_path: Path, bases: dict[str, Catalogue], knowledge: Knowledge) -> None:
    path = tmp_path / "lijst.csv"
    path.write_bytes(TEXTS[number][1])
    outcome(path, bases[BASES[number % 4]], knowledge, OPTIONS[number // 4 % 4])
