"""Every odd file becomes what its sender would expect, or is refused with its place and its remedy."""

from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

import pytest

from bot.commons.tables import Unreadable
from bot.search.catalogue import Catalogue
from bot.search.changes import Plan, differences, make_plan
from bot.search.grades import parse_grades
from bot.search.importing import read_list
from bot.search.lists.columns import Knowledge
from tests.imports.oddities import CASES, Case
from tests.imports.promises import keeps_its_promises

PARAMETERS = [
    pytest.param(case, id=case.name, marks=[pytest.mark.xfail(reason=case.wrong)] if case.wrong else [])
    for case in CASES
]


def plan_of(case: Case, folder: Path, base: Catalogue, knowledge: Knowledge) -> Plan:
    path = folder / case.called
    case.file(path)
    return make_plan(path.name, read_list(path, base, knowledge, case.options), base, case.options)


def test_the_corpus_is_of_some_size() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 70


@pytest.mark.parametrize("case", PARAMETERS)
def test_an_odd_file(case: Case, tmp_path: Path, bases: dict[str, Catalogue], knowledge: Knowledge) -> None:
    if case.unreadable:
        with pytest.raises(Unreadable, match=case.unreadable):
            plan_of(case, tmp_path, bases[case.base], knowledge)
        return
    plan = plan_of(case, tmp_path, bases[case.base], knowledge)
    keeps_its_promises(plan, knowledge)
    assert [f"{fault.where}, kolom {fault.heading}" for fault in plan.rejected] == list(case.rejected), plan.rejected
    assert [draft.offer.title for draft in plan.new] == list(case.titles)
    assert [str(where) for where, _ in plan.skipped] == list(case.skipped)
    assert [str(double.draft.where) for double in plan.doubles] == list(case.doubles)
    assert {
        draft.offer.id: tuple(differences(draft.before, draft.offer)) for draft in plan.changed if draft.before
    } == case.changed
    assert plan.unchanged == case.unchanged
    assert [offer.title for offer in plan.ended] == list(case.ended)
    assert [offer.title for offer in plan.missing] == list(case.missing)
    assert case.left_out in " ".join(plan.left_out)
    assert bool(case.left_out) == bool(plan.left_out), plan.left_out
    assert {f"{fault.where}, kolom {fault.heading}" for fault in plan.remarks} >= {*case.remarks}
    offers = {draft.offer.title: draft.offer for draft in (*plan.new, *plan.changed)}
    for title, fields in case.fields.items():
        assert {name: _meaning(name, getattr(offers[title], name)) for name in fields} == {
            name: _meaning(name, value) for name, value in fields.items()
        }


def _meaning(name: str, value: Any) -> Any:
    """The classes that are meant, however they are put; of all else what it says."""
    return reduce(or_, (parse_grades(phrase)[1] for phrase in value), 0) if name == "grades" else value
