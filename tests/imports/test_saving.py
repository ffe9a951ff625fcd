"""What an odd file brings is saved whole or not at all, found again by the search, and taken back whole."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.commons.tables import Unreadable
from bot.db import Database
from bot.search import editing, store
from bot.search.catalogue import Catalogue, Change, Offer, Provider, Sector
from bot.search.changes import Plan, after, make_plan
from bot.search.generations_store import LARGE
from bot.search.importing import Options, read_list
from bot.search.lists.columns import Knowledge
from bot.search.ranking import Search
from tests.imports.broken import attacked, bytes_of, mutated_texts
from tests.imports.oddities import CASES, Case

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
Named = tuple[str, bytes]


def sample() -> Iterator[Named]:
    """Files of all kinds that need no child process: the corpus, attacks, and broken ones."""
    yield from ((case.name, bytes_of(case)) for case in CASES[::9] if case.called == "lijst.csv" and not case.wrong)
    yield from list(attacked())[::12]
    yield from list(mutated_texts(1))[::4]


SAMPLE = list(sample())


@pytest.fixture(params=["nothing", "own", "examples"])
def base(request: pytest.FixtureRequest, bases: dict[str, Catalogue]) -> Catalogue:
    return bases[str(request.param)]


@pytest.fixture
def kept(sqlite: Database, base: Catalogue) -> Iterator[Database]:
    """A database with a list in it."""
    with sqlite.write() as connection:
        store.save_catalogue(connection, base, NOW)
    yield sqlite
    sqlite.close()


def plan_of(path: Path, content: bytes, base: Catalogue, knowledge: Knowledge, options: Options) -> Plan | None:
    path.write_bytes(content)
    try:
        return make_plan(path.name, read_list(path, base, knowledge, options), base, options)
    except Unreadable:
        return None


def save(database: Database, change: Change, base: Catalogue) -> int:
    return editing.save(database, change, base, kind="import", about="lijst.csv", by="toets", now=NOW)


def content_of(catalogue: Catalogue) -> tuple[object, ...]:
    return catalogue.offers, catalogue.providers, catalogue.starter


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """All that stands in the database, row by row."""
    with database.read() as connection:
        names = sa.inspect(connection).get_table_names()
        return {name: [tuple(row) for row in connection.execute(sa.text(f'SELECT * FROM "{name}"'))] for name in names}  # noqa: S608


def test_what_is_saved_is_what_was_shown_and_goes_back_whole(
    kept: Database, tmp_path: Path, knowledge: Knowledge, search_of: Callable[[Catalogue], Search]
) -> None:
    saved = 0
    for number, (name, content) in enumerate(SAMPLE):
        before = editing.load(kept)
        plan = plan_of(tmp_path / "lijst.csv", content, before, knowledge, Options(complete=number % 3 == 0))
        if plan is None or not plan.change:
            continue
        change = save(kept, plan.change, before)
        now = editing.load(kept)
        assert content_of(now) == content_of(after(before, plan.change)), name
        if saved % 20 == 0:
            search = search_of(now)
            search.rank(search.understand("debat VO Utrecht"))
        editing.undo(kept, editing.what_to_undo(kept, change), by="toets", now=NOW)
        assert content_of(editing.load(kept)) == content_of(before), name
        saved += 1
    assert saved > 30


@pytest.mark.parametrize("rows", [3, LARGE + 50])
@pytest.mark.parametrize(
    "trigger",
    [
        "BEFORE INSERT ON offers WHEN NEW.title = 'Les 2'",
        "BEFORE INSERT ON providers WHEN NEW.name = 'Zuid'",
        "BEFORE INSERT ON changes",
        "BEFORE UPDATE ON catalogue WHEN NEW.version > OLD.version",
    ],
)
def test_a_save_that_breaks_off_leaves_everything_as_it_was(
    kept: Database, base: Catalogue, trigger: str, rows: int
) -> None:
    offers = tuple(Offer(f"{at:08}".translate(str.maketrans("0123456789", "abcdefghjk")), "Zuid", f"Les {at}", sectors=(Sector.PO,))
                   for at in range(rows))  # fmt: skip
    change = Change(offers, frozenset(offer.id for offer in base.offers), (Provider("Zuid"),), starter=False)
    with kept.write() as connection:
        connection.execute(sa.text(f"CREATE TRIGGER full {trigger} BEGIN SELECT RAISE(FAIL, 'disk is full'); END"))
    before, list_before = everything(kept), editing.load(kept)
    with pytest.raises(sa.exc.IntegrityError, match="disk is full"):
        save(kept, change, list_before)
    assert editing.load(kept) == list_before
    now = everything(kept)
    assert now | {"catalogue": []} == before | {"catalogue": []}  # numbers of generations may have been given out
    with kept.write() as connection:
        connection.execute(sa.text("DROP TRIGGER full"))
    save(kept, change, list_before)
    assert [offer.provider for offer in editing.load(kept).offers] == ["Zuid"] * rows


@pytest.mark.parametrize("base", ["own"], indirect=True)
@pytest.mark.parametrize("rows", [1, LARGE])
def test_a_list_that_changed_meanwhile_is_not_overwritten(kept: Database, rows: int) -> None:
    before = editing.load(kept)
    editing.hide_provider(kept, "Huis van Taal", by="een ander", now=NOW)
    all_there_is = everything(kept)
    offers = tuple(
        Offer(f"{at:08}".translate(str.maketrans("0123456789", "abcdefghjk")), "Zuid", f"Les {at}")
        for at in range(rows)
    )
    with pytest.raises(editing.Refused, match="intussen door iemand anders gewijzigd"):
        save(kept, Change(offers, providers=(Provider("Zuid"),)), before)
    assert everything(kept) == all_there_is


@pytest.mark.parametrize("base", ["own"], indirect=True)
@pytest.mark.parametrize(
    "case", [case for case in CASES if case.base == "own" and not case.wrong], ids=lambda case: case.name
)
def test_whatever_is_planned_can_be_saved(kept: Database, tmp_path: Path, knowledge: Knowledge, case: Case) -> None:
    base = editing.load(kept)
    plan = plan_of(tmp_path / "lijst.csv", bytes_of(case), base, knowledge, case.options)
    assert plan is not None
    if plan.change:
        change = save(kept, plan.change, base)
        assert content_of(editing.load(kept)) == content_of(after(base, plan.change))
        editing.undo(kept, editing.what_to_undo(kept, change), by="toets", now=NOW)
    assert content_of(editing.load(kept)) == content_of(base)
