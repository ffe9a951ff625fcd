"""Rows are packed and unpacked as they were; what is in force after an undo, an undo of that, and so on."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st
import pytest

from bot.search.catalogue import Cost, Offer, Provider, Relation, Sector, Status
from bot.search.past import (
    EMPTY,
    SELF,
    Packer,
    PastChange,
    Row,
    find,
    in_force_after,
    line_of,
    names,
    offer_of,
    row_of,
    undone_after,
    unpack,
)

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
parts = st.lists(texts, max_size=3).map(tuple)
offers = st.builds(
    Offer,
    id=texts,
    provider=texts,
    title=texts,
    summary=texts,
    sectors=st.lists(st.sampled_from(Sector), max_size=2).map(tuple),
    grades=parts,
    keywords=parts,
    cost=st.sampled_from(Cost),
    volunteers=st.none() | st.booleans(),
    checked_on=st.none() | st.dates(),
    status=st.sampled_from(Status),
    full_until=st.none() | st.dates(),
)


def packed(*rows: Row) -> bytes:
    packer = Packer()
    for row in rows:
        packer.add(line_of(row))
    return packer.finish()


# --- rows ---


@given(st.lists(offers, max_size=5))
def test_offers_come_back_as_they_were(some: list[Offer]) -> None:
    rows = [row_of(offer, place) for place, offer in enumerate(some)]
    kept = packed(*rows, Row("providers", "weg", None))
    *back, gone = unpack(kept)
    assert [offer_of(row.values or {}) for row in back] == some
    assert [(row.values or {})["position"] for row in back] == list(range(len(some)))
    assert gone == Row("providers", "weg", None)
    assert list(names(kept)) == [*(("offers", offer.id) for offer in some), ("providers", "weg")]
    for offer in some:
        first = next(other for other in some if other.id == offer.id)
        row = find(kept, "offers", offer.id)
        assert row is not None
        assert offer_of(row.values or {}) == first


def test_many_rows_come_back_too() -> None:
    """More than is unpacked at a time, and a line that is longer than that."""
    some = [Offer(f"{number:08}", "Aap", f"Titel {number}", summary="ë" * (number * 7 % 900)) for number in range(3000)]
    some.append(Offer("zzzzzzzz", "Aap", "Lang", summary="x€" * 100_000))
    assert [offer_of(row.values or {}) for row in unpack(packed(*(row_of(offer, 0) for offer in some)))] == some


def test_only_what_is_filled_in_is_kept() -> None:
    offer = Offer("abcdefgh", "Aap", "Noot", volunteers=False, checked_on=date(2026, 11, 1))
    assert row_of(offer, 3).values == {
        "id": "abcdefgh",
        "provider": "Aap",
        "title": "Noot",
        "volunteers": False,
        "checked_on": "2026-11-01",
        "position": 3,
    }
    assert row_of(Provider("Aap", Relation.UNKNOWN, hidden=True), 0).values == {
        "name": "Aap",
        "hidden": True,
        "position": 0,
    }


def test_a_row_of_another_year_still_fits() -> None:
    """A field was added since, and another one is no longer there."""
    assert offer_of({"id": "abcdefgh", "provider": "Aap", "title": "Noot", "was_once": "iets"}) == Offer(
        "abcdefgh", "Aap", "Noot"
    )


def test_nothing_is_packed_and_found() -> None:
    assert list(unpack(packed())) == []
    assert list(names(packed())) == []
    assert find(packed(), "offers", "abcdefgh") is None
    assert find(packed(Row("providers", "abcdefgh", None)), "offers", "abcdefgh") is None


def test_a_key_is_not_found_by_its_beginning() -> None:
    kept = packed(row_of(Provider("Aap, Noot"), 0), row_of(Provider('Aap "Mies"'), 1))
    assert find(kept, "providers", "Aap") is None
    assert find(kept, "providers", 'Aap "Mies"') is not None
    assert list(names(kept)) == [("providers", "Aap, Noot"), ("providers", 'Aap "Mies"')]


def test_every_field_is_kept() -> None:
    assert tuple(EMPTY["offers"]) == Offer.__slots__
    assert tuple(EMPTY["providers"]) == Provider.__slots__


# --- what is in force ---


def log_of(*undone: tuple[int | None, int | None]) -> dict[int, PastChange]:
    """Changes from 1 on, as (undoes, undone by)."""
    found = [
        PastChange(number, NOW, "Aap", "undo" if undoes else "edit", "", undoes, by)
        for number, (undoes, by) in enumerate(undone, 1)
    ]
    return {one.number: one for one in reversed(found)}


def marked(log: dict[int, PastChange], undone: int, touched: dict[int, set[str]]) -> dict[int, PastChange]:
    """The log after one more change, which takes back another."""
    number = max(log) + 1
    touched[number] = touched[undone]
    marks = undone_after(log, undone, lambda one, other: touched[one] <= touched[number if other == SELF else other])
    after = {
        one: replace(known, undone_by=number if marks[one] == SELF else marks[one]) if one in marks else known
        for one, known in log.items()
    }
    return {number: PastChange(number, NOW, "Aap", "undo", "", undone, None)} | after


def undone_by(log: dict[int, PastChange]) -> list[int | None]:
    return [log[number].undone_by for number in sorted(log)]


def test_an_undo_of_an_undo_of_an_undo() -> None:
    touched = {1: {"a"}}
    log = marked(log_of((None, None)), 1, touched)
    assert undone_by(log) == [2, None]
    log = marked(log, 2, touched)
    assert undone_by(log) == [None, 3, None]
    log = marked(log, 3, touched)
    assert undone_by(log) == [2, None, 4, None]
    log = marked(log, 4, touched)
    assert undone_by(log) == [None, 3, None, 5, None]


def test_what_is_overruled_whole_is_undone_too_and_comes_back() -> None:
    touched = {1: {"a", "b"}, 2: {"a"}, 3: {"b", "c"}}
    log = marked(log_of((None, None), (None, None), (None, None)), 1, touched)
    assert undone_by(log) == [4, 4, None, None]
    log = marked(log, 4, touched)
    assert undone_by(log) == [None, None, None, 5, None]
    log = marked(log, 5, touched)
    assert undone_by(log) == [4, 4, None, None, 6, None]


@pytest.mark.parametrize(
    ("log", "number", "after"),
    [
        (log_of((None, None), (None, None), (None, None)), 1, [3, 2]),
        (log_of((None, None), (None, 3), (2, None)), 1, []),  # the second came and went
        (log_of((None, 3), (None, None), (1, None)), 2, [3]),  # what is older went: that changed something
        (log_of((None, None)), 1, []),
    ],
)
def test_what_came_after_and_is_in_force(log: dict[int, PastChange], number: int, after: list[int]) -> None:
    assert [one.number for one in in_force_after(log, number)] == after
