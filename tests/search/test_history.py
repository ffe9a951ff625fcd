"""A change is taken back whole, also when others came after it, and so is an undo; on SQLite and on PostgreSQL."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.db import Database
from bot.search import offers_store, store
from bot.search.catalogue import Catalogue, Change, Offer, Provider, Relation

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

AAP = Provider("Aap", Relation.PARTNER, ("A",), "https://example.org", "zegt hij")
NOOT = Provider("Noot", starter=True)
DEBAT = Offer("aaaaaaaa", "Aap", "Debat", themes=("debatteren",))
LEZEN = Offer("bbbbbbbb", "Noot", "Lezen", contact="mies@example.org")
REKENEN = Offer("cccccccc", "Noot", "Rekenen")
BASE = Catalogue((DEBAT, LEZEN, REKENEN), (AAP, NOOT), starter=True)


@dataclass(frozen=True)
class Keeper:
    """A catalogue in a database, and short ways to change it."""

    database: Database

    def make(self, *offers: Offer, gone: tuple[str, ...] = (), **more: Any) -> int:  # fields of Change
        change = replace(Change(offers, frozenset(gone)), **more)
        with self.database.read() as c:
            ready = offers_store.prepare(c, change)
        return self.write(ready, "edit")

    def undo(self, number: int) -> int:
        with self.database.read() as c:
            ready = offers_store.prepare_undo(c, number)
        return self.write(ready, offers_store.UNDO)

    def write(self, ready: offers_store.Prepared, kind: str, large: int = 1000) -> int:
        return offers_store.apply(self.database, ready, kind=kind, about="", by="Mies", now=NOW, large=large)

    def later(self, number: int) -> list[int]:
        with self.database.read() as c:
            return [change.number for change in offers_store.prepare_undo(c, number).later]

    def now(self) -> Catalogue:
        """Without the version, which always goes up."""
        with self.database.read() as c:
            return replace(store.load_catalogue(c), version=0)

    def undone(self) -> dict[int, int]:
        """What is undone, by what."""
        with self.database.read() as c:
            changes = offers_store.changes(c)
        return {change.number: change.undone_by for change in changes if change.undone_by is not None}


@pytest.fixture
def keeper(database: Database) -> Keeper:
    with database.write() as c:
        store.save_catalogue(c, BASE, NOW)
    return Keeper(database)


def test_a_change_is_taken_back_whole(keeper: Keeper) -> None:
    mies = Provider("Mies")
    number = keeper.make(
        Offer("dddddddd", "Mies", "Schaken"),
        replace(LEZEN, title="Voorlezen"),
        gone=("aaaaaaaa",),
        providers=(mies, replace(NOOT, hidden=True)),
        providers_gone=frozenset({"Aap"}),
        starter=False,
    )
    assert keeper.now() != BASE
    undo = keeper.undo(number)
    assert keeper.now() == BASE
    assert keeper.undone() == {number: undo}
    with keeper.database.read() as c:
        assert offers_store.changes(c, 1) == [offers_store.PastChange(undo, NOW, "Mies", "undo", "", number, None)]
        assert offers_store.last(c, "edit") is None


def test_a_large_change_is_taken_back_too(keeper: Keeper) -> None:
    many = tuple(Offer(f"m{number:07}", "Aap", f"Titel {number}") for number in range(1500))
    number = keeper.make(*many, gone=tuple(offer.id for offer in BASE.offers), starter=False)
    undo = keeper.undo(number)
    assert keeper.now() == BASE
    keeper.undo(undo)
    assert keeper.now() == Catalogue(many, BASE.providers)


def test_an_undo_is_taken_back(keeper: Keeper) -> None:
    number = keeper.make(replace(LEZEN, title="Voorlezen"))
    after = keeper.now()
    undo = keeper.undo(number)
    redo = keeper.undo(undo)
    assert keeper.now() == after
    assert keeper.undone() == {undo: redo}
    again = keeper.undo(number)
    assert keeper.now() == BASE
    assert keeper.undone() == {number: again, undo: redo}


def test_what_is_undone_can_not_be_undone(keeper: Keeper) -> None:
    number = keeper.make(replace(LEZEN, title="Voorlezen"))
    undo = keeper.undo(number)
    with pytest.raises(offers_store.AlreadyUndone) as caught:
        keeper.undo(number)
    assert (caught.value.change.number, caught.value.change.undone_by) == (number, undo)
    with pytest.raises(offers_store.NoSuchChange):
        keeper.undo(99)


def test_an_undo_can_be_too_late_as_well(keeper: Keeper) -> None:
    number = keeper.make(replace(LEZEN, title="Voorlezen"))
    with keeper.database.read() as c:
        ready = offers_store.prepare_undo(c, number)
    keeper.make(replace(DEBAT, title="Debat!"))
    with pytest.raises(offers_store.Outdated):
        keeper.write(ready, offers_store.UNDO)
    assert keeper.undone() == {}


# --- what came later ---


def test_later_changes_of_other_offers_stay(keeper: Keeper) -> None:
    first = keeper.make(replace(LEZEN, title="Voorlezen"))
    keeper.make(replace(DEBAT, title="Debat!"))
    assert keeper.later(first) == []
    keeper.undo(first)
    assert [offer.title for offer in keeper.now().offers] == ["Debat!", "Lezen", "Rekenen"]


def test_later_changes_of_the_same_offers_are_told_and_overruled(keeper: Keeper) -> None:
    first = keeper.make(replace(LEZEN, title="Voorlezen"), replace(DEBAT, title="Debat!"))
    inside = keeper.make(replace(LEZEN, title="Samen lezen"))
    across = keeper.make(replace(LEZEN, title="Lezen!"), replace(REKENEN, title="Rekenen!"))
    assert keeper.later(first) == [across, inside]
    undo = keeper.undo(first)
    assert [offer.title for offer in keeper.now().offers] == ["Debat", "Lezen", "Rekenen!"]
    assert keeper.undone() == {first: undo, inside: undo}
    redo = keeper.undo(undo)
    assert [offer.title for offer in keeper.now().offers] == ["Debat!", "Lezen!", "Rekenen!"]
    assert keeper.undone() == {undo: redo}


def test_what_came_and_went_is_not_in_the_way(keeper: Keeper) -> None:
    first = keeper.make(replace(LEZEN, title="Voorlezen"))
    keeper.undo(keeper.make(replace(LEZEN, title="Samen lezen")))
    assert keeper.later(first) == []


def test_an_offer_that_took_the_title_since_makes_way(keeper: Keeper) -> None:
    first = keeper.make(replace(LEZEN, title="Voorlezen"))
    second = keeper.make(Offer("dddddddd", "Noot", "Lezen"))
    assert keeper.later(first) == [second]
    undo = keeper.undo(first)
    assert keeper.now() == BASE
    assert keeper.undone() == {first: undo, second: undo}
    keeper.undo(undo)
    assert [offer.title for offer in keeper.now().offers] == ["Debat", "Voorlezen", "Rekenen", "Lezen"]


def test_a_new_provider_that_others_need_by_now_stays(keeper: Keeper) -> None:
    mies = Provider("Mies", url="https://example.com")
    first = keeper.make(Offer("dddddddd", "Mies", "Schaken"), providers=(mies,))
    dammen = Offer("eeeeeeee", "Mies", "Dammen")
    keeper.make(dammen)
    assert keeper.later(first) == []
    keeper.undo(first)
    assert keeper.now() == replace(BASE, offers=(*BASE.offers, dammen), providers=(*BASE.providers, mies))


def test_a_provider_that_went_since_comes_back_as_it_was_then(keeper: Keeper) -> None:
    first = keeper.make(gone=(DEBAT.id,))
    second = keeper.make(providers=(replace(AAP, hidden=True),))
    third = keeper.make(providers_gone=frozenset({"Aap"}))
    assert keeper.later(first) == [third, second]
    undo = keeper.undo(first)
    assert keeper.now() == BASE
    assert keeper.undone() == {first: undo, second: undo, third: undo}


def test_a_provider_of_whom_nobody_knows_any_more_comes_back_by_its_name(keeper: Keeper) -> None:
    first = keeper.make(gone=(DEBAT.id,))
    with keeper.database.write() as c:
        store.save_catalogue(c, Catalogue((LEZEN,), (NOOT,), starter=True), NOW)
    keeper.undo(first)
    assert keeper.now() == Catalogue((DEBAT, LEZEN), (NOOT, Provider("Aap")), starter=True)


def test_going_back_to_the_examples_takes_along_what_came_since(keeper: Keeper) -> None:
    """Else somebody's own offers would stand in a list that says it is an example, and go with it."""
    mies = Provider("Mies")
    own, more = Offer("dddddddd", "Mies", "Schaken"), Offer("eeeeeeee", "Mies", "Dammen")
    first = keeper.make(own, gone=tuple(offer.id for offer in BASE.offers), providers=(mies,), starter=False)
    second = keeper.make(more)
    assert keeper.later(first) == [second]
    undo = keeper.undo(first)
    assert keeper.now() == BASE
    assert keeper.undone() == {first: undo, second: undo}
    keeper.undo(undo)
    assert keeper.now() == Catalogue((own, more), (AAP, NOOT, mies))


# --- one offer ---


def test_the_history_of_one_offer(keeper: Keeper) -> None:
    new = Offer("dddddddd", "Noot", "Schaken", checked_by="Mies")
    edited, other = replace(new, title="Dammen"), replace(LEZEN, title="Voorlezen")
    steps: list[tuple[int, Offer | None, Offer | None]] = [(keeper.make(new), None, new)]
    steps.append((keeper.make(edited, other), new, edited))
    keeper.make(LEZEN)
    steps.append((keeper.make(gone=(new.id,)), edited, None))
    steps.append((keeper.undo(steps[-1][0]), None, edited))
    with keeper.database.read() as c:
        found = offers_store.history(c, new.id)
        assert [(step.change.number, step.before, step.after) for step in found] == steps[::-1]
        assert offers_store.history(c, DEBAT.id) == []
        assert offers_store.history(c, "zzzzzzzz") == []
