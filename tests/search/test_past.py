"""Rows are packed and unpacked as they were."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.search.catalogue import Cost, Offer, Provider, Relation, Sector, Status
from bot.search.past import (
    EMPTY,
    Packer,
    Row,
    find,
    line_of,
    names,
    offer_of,
    row_of,
    unpack,
)

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
