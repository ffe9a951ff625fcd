"""A change is taken back whole, also when others came after it, and so is an undo; on SQLite and on PostgreSQL."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
import shutil
import tempfile

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
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

    def make(self, *offers: Offer, gone: tuple[str, ...] = (), **more: object) -> int:
        change = replace(Change(offers, frozenset(gone)), **more)  # type: ignore[arg-type]  # fields of Change
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


def test_a_provider_that_went_since_comes_back_as_it_was(keeper: Keeper) -> None:
    first = keeper.make(gone=(DEBAT.id,))
    keeper.make(providers=(replace(AAP, hidden=True),))
    keeper.make(providers_gone=frozenset({"Aap"}))
    keeper.undo(first)
    assert keeper.now() == replace(BASE, providers=(replace(AAP, hidden=True), NOOT))


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


# --- any sequence of changes and undos, beside a plain model ---

IDS = [letter * 8 for letter in "abcdef"]
NAMES = ["Aap", "Noot", "Mies"]
TITLES = ["Debat", "Lezen", "Rekenen", "Schaken"]

Name = tuple[str, str]
Rows = Mapping[Name, tuple[int, object]]
"""What a catalogue has: by table and key the position and the offer or provider; the starter flag under its own name."""
FLAG: Name = ("catalogue", "")


@dataclass
class Made:
    """What the model knows of one change."""

    before: dict[Name, tuple[int, object] | None]
    undone_by: int | None = field(default=None)


class Sequences(RuleBasedStateMachine):
    def __init__(self, database: Database) -> None:
        super().__init__()
        self.keeper = Keeper(database)
        self.rows: dict[Name, tuple[int, object]] = {FLAG: (0, False)}
        self.made: dict[int, Made] = {}

    def teardown(self) -> None:
        self.keeper.database.close()

    @rule(
        offers=st.dictionaries(
            st.sampled_from(IDS),
            st.none() | st.tuples(st.sampled_from(NAMES), st.sampled_from(TITLES), st.sampled_from(["", "tekst"])),
            max_size=3,
        ),
        providers=st.dictionaries(st.sampled_from(NAMES), st.none() | st.booleans(), max_size=2),
        starter=st.sampled_from([None, None, None, True, False]),
        large=st.sampled_from([1, 1000]),
    )
    def change(
        self,
        offers: dict[str, tuple[str, str, str] | None],
        providers: dict[str, bool | None],
        starter: bool | None,
        large: int,
    ) -> None:
        come = tuple(Offer(key, *texts) for key, texts in offers.items() if texts is not None)
        known = tuple(Provider(name, hidden=hidden) for name, hidden in providers.items() if hidden is not None)
        known += tuple(Provider(offer.provider) for offer in come if not self.knows(offer.provider, providers))
        known = tuple({provider.name: provider for provider in known}.values())
        gone = frozenset(key for key, texts in offers.items() if texts is None)
        names_gone = frozenset(providers) - {provider.name for provider in known}
        after: dict[Name, tuple[int, object] | None] = {("offers", key): None for key in gone}
        after |= {("providers", name): None for name in names_gone}
        after |= self.placed("providers", {provider.name: provider for provider in known})
        after |= self.placed("offers", {offer.id: offer for offer in come})
        after |= {} if starter is None else {FLAG: (0, starter)}
        if is_valid(self.rows, after):
            with self.keeper.database.read() as c:
                ready = offers_store.prepare(c, Change(come, gone, known, names_gone, starter))
            self.follow(self.keeper.write(ready, "edit", large), after)

    def knows(self, name: str, providers: Mapping[str, object]) -> bool:
        return ("providers", name) in self.rows and name not in providers

    def placed(self, table: str, ones: Mapping[str, object]) -> dict[Name, tuple[int, object] | None]:
        last = max((position for (kept, _), (position, _) in self.rows.items() if kept == table), default=-1)
        return {
            (table, key): (self.rows.get((table, key), (last + 1 + place, None))[0], one)
            for place, (key, one) in enumerate(ones.items())
        }

    @precondition(lambda self: self.made)
    @rule(which=st.integers(0, 30), large=st.sampled_from([1, 1000]))
    def undo(self, which: int, large: int) -> None:
        number = sorted(self.made, reverse=True)[which % len(self.made)]
        if self.made[number].undone_by is not None:
            with pytest.raises(offers_store.AlreadyUndone):
                self.keeper.undo(number)
            return
        after = self.fitting(number)
        with self.keeper.database.read() as c:
            ready = offers_store.prepare_undo(c, number)
        touched = {*self.made[number].before, *after}
        for change in ready.later:
            assert change.number > number
            assert touched & self.made[change.number].before.keys()
        self.follow(self.keeper.write(ready, offers_store.UNDO, large), after)
        undone = self.keeper.undone()
        assert undone[number] == max(self.made)
        for change in ready.later:
            whole = self.made[change.number].before.keys() <= touched
            assert (undone.get(change.number) == max(self.made)) == whole

    def fitting(self, number: int) -> dict[Name, tuple[int, object] | None]:
        """What becomes of rows when the change is taken back and what came later is made to fit."""
        after = dict(self.made[number].before)
        back = [row[1] for row in after.values() if row is not None and isinstance(row[1], Offer)]
        titles = {(offer.provider, offer.title) for offer in back}
        staying = {name: row[1] for name, row in self.rows.items() if name not in after}
        for name, one in staying.items():
            if isinstance(one, Offer) and (after.get(FLAG) == (0, True) or (one.provider, one.title) in titles):
                after[name] = None
        kept = [one for name, one in staying.items() if isinstance(one, Offer) and name not in after]
        for offer in kept:
            if after.get(("providers", offer.provider), ...) is None:
                del after["providers", offer.provider]
        for offer in back:
            name = ("providers", offer.provider)
            if after.get(name, self.rows.get(name)) is None:
                later = (self.made[one].before.get(name) for one in sorted(self.made, reverse=True) if one > number)
                after[name] = next(row for row in later if row is not None)
        return after

    def follow(self, number: int, after: Mapping[Name, tuple[int, object] | None]) -> None:
        changed = {name: row for name, row in after.items() if self.rows.get(name) != row}
        self.made[number] = Made({name: self.rows.get(name) for name in changed})
        for name, row in changed.items():
            if row is None:
                del self.rows[name]
            else:
                self.rows[name] = row
        for one, by in ((one, self.keeper.undone().get(one)) for one in self.made):
            self.made[one].undone_by = by

    @precondition(lambda self: self.made)
    @rule()
    def undo_and_undo_that(self) -> None:
        """After both, everything is as it was, also what is in force."""
        number = max(self.made)
        if self.made[number].undone_by is None:
            before, undone = self.keeper.now(), self.keeper.undone()
            self.follow(first := self.keeper.undo(number), self.fitting(number))
            self.follow(second := self.keeper.undo(first), self.fitting(first))
            assert self.keeper.now() == before
            assert self.keeper.undone() == undone | {first: second}

    @invariant()
    def the_catalogue_is_the_models(self) -> None:
        def in_order(table: str) -> tuple[object, ...]:
            rows = sorted((position, key, one) for (kept, key), (position, one) in self.rows.items() if kept == table)
            return tuple(one for _, _, one in rows)

        now = self.keeper.now()
        assert now.offers == in_order("offers")
        assert now.providers == in_order("providers")
        assert now.starter == self.rows[FLAG][1]


def is_valid(rows: Rows, after: Mapping[Name, tuple[int, object] | None]) -> bool:
    """Whether every offer has its provider and no two the same title."""
    then = {name: row[1] for name, row in {**rows, **after}.items() if row is not None}
    titles = [(one.provider, one.title) for one in then.values() if isinstance(one, Offer)]
    return len(titles) == len(set(titles)) and all(("providers", provider) in then for provider, _ in titles)


def test_any_sequence_of_changes_and_undos(sqlite_template: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        count = iter(range(10_000))

        def begin() -> Sequences:
            return Sequences(Database(f"sqlite:///{shutil.copy(sqlite_template, Path(folder) / f'{next(count)}.db')}"))

        few = settings(
            max_examples=40, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        )
        run_state_machine_as_test(begin, settings=few)
