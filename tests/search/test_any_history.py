"""Any sequence of changes, undos and undos of those leaves what a plain model of dicts has as well."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
import shutil

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
import pytest

from bot.db import Database
from bot.search import offers_store, store
from bot.search.catalogue import Change, Offer, Provider

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

IDS = [letter * 8 for letter in "abcdef"]
NAMES = ["Aap", "Noot", "Mies"]
TITLES = ["Debat", "Lezen", "Rekenen", "Schaken"]
FLAG = ("catalogue", "")

Name = tuple[str, str]
Placed = tuple[int, Offer | Provider | bool]
"""What stands under a name, with its position; under FLAG whether it is the example list."""
After = Mapping[Name, Placed | None]

ways = st.sampled_from([1, 1000])
"""From how many rows a change is written aside."""
few_offers = st.dictionaries(
    st.sampled_from(IDS),
    st.none() | st.tuples(st.sampled_from(NAMES), st.sampled_from(TITLES), st.sampled_from(["", "tekst"])),
    min_size=1,
    max_size=3,
)
few_providers = st.one_of(
    st.builds(dict[str, bool | None]),
    st.dictionaries(st.sampled_from(NAMES), st.none() | st.booleans(), max_size=2),
)


class Sequences(RuleBasedStateMachine):
    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database
        self.rows: dict[Name, Placed] = {FLAG: (0, False)}
        self.before: dict[int, dict[Name, Placed | None]] = {}

    def teardown(self) -> None:
        self.database.close()

    @rule(
        offers=few_offers, providers=few_providers, starter=st.sampled_from([None, None, None, True, False]), large=ways
    )
    def change(
        self,
        offers: dict[str, tuple[str, str, str] | None],
        providers: dict[str, bool | None],
        starter: bool | None,
        large: int,
    ) -> None:
        come = {key: Offer(key, *texts) for key, texts in offers.items() if texts is not None}
        known = {name: Provider(name, hidden=hidden) for name, hidden in providers.items() if hidden is not None}
        named = {offer.provider for offer in come.values()}
        known = {name: Provider(name) for name in named if ("providers", name) not in self.rows} | known
        gone = frozenset(offers.keys() - come.keys())
        names_gone = frozenset(providers.keys() - known.keys())
        after: dict[Name, Placed | None] = dict.fromkeys((("offers", key) for key in gone), None)
        after |= dict.fromkeys((("providers", name) for name in names_gone), None)
        after |= self.placed("providers", known) | self.placed("offers", come)
        after |= {} if starter is None else {FLAG: (0, starter)}
        if is_valid(self.rows, after):
            change = Change(tuple(come.values()), gone, tuple(known.values()), names_gone, starter)
            with self.database.read() as c:
                ready = offers_store.prepare(c, change)
            self.write(ready, {name: row for name, row in after.items() if self.rows.get(name) != row}, large)

    def placed(self, table: str, ones: Mapping[str, Offer | Provider]) -> dict[Name, Placed]:
        last = max((row[0] for (kept, _), row in self.rows.items() if kept == table), default=-1)
        new = {(table, key): (last + 1 + place, one) for place, (key, one) in enumerate(ones.items())}
        return {name: (self.rows[name][0], one) if name in self.rows else (at, one) for name, (at, one) in new.items()}

    @precondition(lambda self: self.before)
    @rule(back=st.integers(0, 30), large=ways)
    def undo(self, back: int, large: int) -> None:
        number = len(self.before) - back % len(self.before)
        if number in self.undone():
            with pytest.raises(offers_store.AlreadyUndone), self.database.read() as c:
                offers_store.prepare_undo(c, number)
            return
        self.take_back(number, large)

    @precondition(lambda self: self.before)
    @rule(back=st.integers(0, 30), large=ways)
    def undo_and_undo_that(self, back: int, large: int) -> None:
        """After both everything is as it was, also what is in force."""
        number = len(self.before) - back % len(self.before)
        undone = self.undone()
        if number not in undone:
            before = self.now()
            first = self.take_back(number, large)
            second = self.take_back(first, large)
            assert self.now() == before
            assert self.undone() == undone | {first: second}

    def take_back(self, number: int, large: int) -> int:
        after = self.fitting(number)
        with self.database.read() as c:
            ready = offers_store.prepare_undo(c, number)
        new = self.write(ready, after, large)
        undone = self.undone()
        assert undone[number] == new
        for change in ready.later:
            assert after.keys() & self.before[change.number].keys()
            assert (undone.get(change.number) == new) == (self.before[change.number].keys() <= after.keys())
        return new

    def fitting(self, number: int) -> dict[Name, Placed | None]:
        """What becomes of rows when the change is taken back and what came later is made to fit."""
        after = dict(self.before[number])
        later = [before for one, before in self.before.items() if one > number]
        staying = {name: row[1] for name, row in self.rows.items() if name not in after and isinstance(row[1], Offer)}
        back = offers_in(after)
        titles = {(offer.provider, offer.title) for offer in back}
        for name, offer in staying.items():
            came = next((before[name] is None for before in later if name in before), False)
            if (offer.provider, offer.title) in titles or (came and after.get(FLAG) == (0, True)):
                after[name] = None
        for name, offer in staying.items():
            provider = ("providers", offer.provider)
            if name not in after and provider in after and after[provider] is None:
                del after[provider]
        for offer in back:
            provider = ("providers", offer.provider)
            if after.get(provider, self.rows.get(provider)) is None:
                after[provider] = next(before[provider] for before in later if before.get(provider))
        return after

    def write(self, ready: offers_store.Prepared, after: After, large: int) -> int:
        """Writes it, and does the same to the model."""
        number = offers_store.apply(self.database, ready, kind="", about="", by="", now=NOW, large=large)
        assert number == len(self.before) + 1
        assert ready.rows == len(after)
        self.before[number] = {name: self.rows.get(name) for name in after}
        self.rows = {name: row for name, row in {**self.rows, **after}.items() if row is not None}
        return number

    def undone(self) -> dict[int, int]:
        with self.database.read() as c:
            changes = offers_store.changes(c)
        return {change.number: change.undone_by for change in changes if change.undone_by is not None}

    def now(self) -> tuple[object, ...]:
        with self.database.read() as c:
            catalogue = store.load_catalogue(c)
        return catalogue.offers, catalogue.providers, catalogue.starter

    @invariant()
    def the_catalogue_is_the_models(self) -> None:
        def in_order(table: str) -> tuple[object, ...]:
            rows = sorted((row[0], key) for (kept, key), row in self.rows.items() if kept == table)
            return tuple(self.rows[table, key][1] for _, key in rows)

        assert self.now() == (in_order("offers"), in_order("providers"), self.rows[FLAG][1])


def offers_in(rows: After) -> list[Offer]:
    return [row[1] for row in rows.values() if row is not None and isinstance(row[1], Offer)]


def is_valid(rows: After, after: After) -> bool:
    """Whether every offer has its provider and no two the same title."""
    then = {name: row for name, row in {**rows, **after}.items() if row is not None}
    titles = [(offer.provider, offer.title) for offer in offers_in(then)]
    return len(titles) == len(set(titles)) and all(("providers", provider) in then for provider, _ in titles)


def test_any_sequence_of_changes_and_undos(sqlite_template: Path, tmp_path: Path) -> None:
    numbers = iter(range(10_000))

    class Fresh(Sequences):
        def __init__(self) -> None:
            path = shutil.copy(sqlite_template, tmp_path / f"{next(numbers)}.db")
            super().__init__(Database(f"sqlite:///{path}"))

    some = settings(
        max_examples=10,
        stateful_step_count=12,
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to make a failing example small takes minutes
        suppress_health_check=[HealthCheck.too_slow],
    )
    run_state_machine_as_test(Fresh, settings=some)
