"""No file does harm: each is refused in a Dutch sentence, or becomes a plan that can be shown, saved and taken back."""

import csv
from pathlib import Path
import tempfile

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest

from bot.commons.tables import Unreadable
from bot.search.catalogue import Catalogue
from bot.search.changes import Plan, make_plan
from bot.search.importing import Options, read_list
from bot.search.lists.columns import Knowledge
from tests.imports.broken import attacked, mutated_texts, random_bytes, shapes
from tests.imports.broken_books import workbooks
from tests.imports.promises import keeps_its_promises

WORKBOOKS = [*workbooks()]
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


@pytest.mark.parametrize(
    "number", range(len(WORKBOOKS)), ids=[f"{at} {name}" for at, (name, _) in enumerate(WORKBOOKS)]
)
def test_a_hostile_workbook(number: int, tmp_path: Path, bases: dict[str, Catalogue], knowledge: Knowledge) -> None:
    path = tmp_path / "lijst.xlsx"
    path.write_bytes(WORKBOOKS[number][1])
    outcome(path, bases["nothing"], knowledge, Options())


IDS = st.sampled_from(["", "", "aaaaaaaa", "bbbbbbbb", "dddddddd", "zzzzzzzz", "AAAAAAAA", "x"])
ORGANISATIONS = st.sampled_from(["Stichting Noord", "noord", "Huis van Taal", "Stichting Huis van Taal", "Zuid", ""])
TITLES = st.sampled_from(
    [
        "Debatclub",
        "debat club",
        "Huiswerkuur",
        "De huiswerkuren",
        "Oude les",
        "Nieuw",
        "Samen lezen in de bibliotheek",
        "",
    ]
)
SECTORS = st.sampled_from(["PO", "VO", "", "P0"])
ROWS = st.lists(
    st.tuples(IDS, ORGANISATIONS, TITLES, SECTORS, st.sampled_from(["", "Zeist", "Bergen"])), min_size=1, max_size=6
)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(rows=ROWS, complete=st.booleans(), keep_doubles=st.booleans())
def test_any_mix_of_ids_and_titles(
    bases: dict[str, Catalogue], knowledge: Knowledge, rows: list[tuple[str, ...]], complete: bool, keep_doubles: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lijst.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("id", "Organisatie", "Programma", "Sector", "Plaats"), *rows])
        plan = outcome(path, bases["own"], knowledge, Options(complete=complete, keep_doubles=keep_doubles))
    assert plan is not None
