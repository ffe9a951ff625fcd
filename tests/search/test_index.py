"""The catalogue as arrays: who an offer is for, where it is, what it is about; and what is no valid offer."""

from collections.abc import Callable
from datetime import date
from itertools import count

import numpy as np
from numpy.typing import NDArray
import pytest

from bot.commons.places import Gazetteer
from bot.commons.words import stem
from bot.search.catalogue import Catalogue, Cost, Offer, Sector, Status
from bot.search.cells import STAFF, sector_cells
from bot.search.grades import parse_grades
from bot.search.index import Index, cells_of, themes_in
from bot.search.ranking import Search
from bot.search.vocabulary import Vocabulary

IDS = count(1)
Build = Callable[..., Index]


def offer(title: str = "Zomaar", provider: str = "Aap", **parts: object) -> Offer:
    known: dict[str, object] = {"sectors": (Sector.PO,), **parts}
    return Offer(f"test{next(IDS)}", provider, title, **known)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def build(vocabulary: Vocabulary, gazetteer: Gazetteer) -> Build:
    return lambda *offers: Index(Catalogue(offers), vocabulary, gazetteer)


def titles(index: Index, mask: NDArray[np.bool_]) -> list[str]:
    return [index.offers[position].title for position in np.flatnonzero(mask)]


# Who is in it


def test_hidden_and_ended_offers_are_not_pilots_are(build: Build) -> None:
    index = build(*(offer(str(status), status=status) for status in Status))
    assert {one.title for one in index.offers} == {"active", "pilot", "full"}
    assert set(index.position) == {one.id for one in index.offers}


def test_an_empty_catalogue_can_be_asked(build: Build, vocabulary: Vocabulary) -> None:
    index = build()
    assert index.size == 0
    for theme in vocabulary.themes:
        assert not index.theme(theme).any()
    assert not index.words(["debat"]).any()
    assert not index.in_place("utrecht").any()


# For whom


@pytest.mark.parametrize(
    ("sectors", "grades", "expected"),
    [
        ("PO", (), "po"),
        ("PO", ("groep 7-8",), "groep 7-8"),
        ("PO VO", ("groep 7-8",), "groep 7-8|vo"),
        ("PO VO", ("groep 7-8", "vmbo 1-2"), "groep 7-8|vmbo 1-2"),
        ("PO", ("groep 8", "klas 1"), "groep 8"),
        ("PO MBO", ("docenten",), "docenten"),
        ("VO", ("docenten", "vmbo"), "docenten|vmbo"),
        ("SO", (), "so"),
    ],
)
def test_a_sector_without_a_grade_is_meant_whole(sectors: str, grades: tuple[str, ...], expected: str) -> None:
    made = offer(sectors=tuple(map(Sector, sectors.split())), grades=grades)
    wanted = 0
    for phrase in expected.split("|"):
        wanted |= parse_grades(phrase)[1]
    assert cells_of(made) == wanted


def test_ages_count_within_the_sectors_of_the_offer() -> None:
    made = offer(grades=("8-14 jaar",))
    assert cells_of(made)
    assert not cells_of(made) & ~sector_cells([Sector.PO])


def test_offers_of_the_starter_catalogue_are_for_somebody_in_every_sector_they_name(search: Search) -> None:
    for one in search.index.offers:
        cells = cells_of(one)
        assert cells
        assert cells == STAFF or all(cells & sector_cells([sector]) for sector in one.sectors), one.title


def test_sectors_and_cells_select(build: Build) -> None:
    index = build(
        offer("po"),
        offer("groep 8", grades=("groep 8",)),
        offer("vo", sectors=(Sector.VO,)),
        offer("docenten", grades=("docenten",)),
    )
    assert titles(index, index.for_sectors([Sector.PO])) == ["po", "groep 8", "docenten"]
    assert titles(index, index.for_cells(parse_grades("groep 8")[1])) == ["po", "groep 8"]
    assert titles(index, index.for_cells(STAFF)) == titles(index, index.staff_only) == ["docenten"]
    assert index.shared_cells(parse_grades("groep 7-8")[1]).tolist() == [2, 1, 0, 0]


# Where


@pytest.fixture(scope="session")
def spread(build: Build) -> Index:
    towns = ("Utrecht", "Overvecht (Utrecht)", "Amersfoort", "Nieuwegein", "Amsterdam", "Zwolle")
    places = (*towns, "provincie Utrecht", "landelijk")
    return build(*(offer(place, places=(place,)) for place in places), offer("onbekend"))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("utrecht", {"Utrecht", "provincie Utrecht", "Overvecht (Utrecht)"}),
        ("utrecht/overvecht", {"Utrecht", "provincie Utrecht", "Overvecht (Utrecht)"}),
        ("provincie-utrecht", {"Utrecht", "provincie Utrecht", "Overvecht (Utrecht)", "Amersfoort", "Nieuwegein"}),
        ("amersfoort", {"Amersfoort", "provincie Utrecht"}),
        ("zwolle", {"Zwolle"}),
        ("groningen", set()),
    ],
)
def test_in_a_place_is_in_it_in_a_part_of_it_or_around_it(spread: Index, asked: str, found: set[str]) -> None:
    assert set(titles(spread, spread.in_place(asked))) == found


def test_nationwide_is_a_place_of_its_own(spread: Index) -> None:
    assert titles(spread, spread.nationwide) == ["landelijk"]


def test_nearby_is_half_an_hour_away_and_never_a_province(spread: Index) -> None:
    near = set(titles(spread, spread.nearby("nieuwegein")))
    assert near == {"Utrecht", "Overvecht (Utrecht)", "Nieuwegein"}
    assert not spread.nearby("provincie-utrecht").any()
    assert "provincie Utrecht" not in near


def test_an_offer_of_just_the_place_is_more_of_it_than_one_with_a_long_list(build: Build) -> None:
    index = build(
        offer("alleen", places=("Utrecht",)),
        offer("lijst", places=("Utrecht", "Amsterdam", "Zwolle", "Almere")),
        offer("provincie", places=("provincie Utrecht",)),
        offer("elders", places=("Zwolle",)),
    )
    alone, listed, wider, elsewhere = index.focus("utrecht").tolist()
    assert alone > listed > elsewhere == 0
    assert alone > wider > 0


# About what


def test_where_a_theme_stands_says_how_much_it_is_about_it(build: Build) -> None:
    index = build(
        offer("een", themes=("debat", "muziek")),
        offer("twee", themes=("muziek", "debat")),
        offer("Debatclub"),
        offer("drie", keywords=("debat",)),
        offer("vier", summary="Ook wel eens een debat."),
        offer("vijf", themes=("muziek",)),
    )
    fits = index.theme("debat").tolist()
    assert fits[:5] == sorted(fits[:5], reverse=True)
    assert len(set(fits[:5])) == 5
    assert fits[4] > fits[5]


def test_a_part_of_the_theme_fits_well_the_wider_theme_less_a_neighbour_least(build: Build) -> None:
    index = build(*(offer(theme, themes=(theme,)) for theme in ("stage", "loopbaan", "solliciteren", "muziek")))
    stage, loopbaan, solliciteren, muziek = index.theme("stage").tolist()
    assert stage > loopbaan > solliciteren > muziek == 0
    assert index.theme("loopbaan").tolist()[0] > loopbaan


def test_a_theme_is_there_when_an_offer_is_about_it_not_when_it_is_said_in_passing(build: Build) -> None:
    index = build(offer("een", summary="Soms zwemmen we."), offer("twee", themes=("lezen",)))
    assert not index.has_theme("zwemmen")
    assert index.has_theme("lezen")
    assert index.has_theme("taal")  # reading is a part of it
    assert not index.stands_in("zwemmen", 1)


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("Debatteren over geld", ["debat", "geld"]),
        ("sociaal ondernemen", ["sociaalondernemen"]),
        ("de school", []),
        ("", []),
    ],
)
def test_themes_in_a_text(vocabulary: Vocabulary, text: str, themes: list[str]) -> None:
    assert list(themes_in(text, vocabulary)) == themes


# Words


def test_words_count_by_rarity_and_by_where_they_stand(build: Build) -> None:
    index = build(
        offer("Stadion"),
        offer("een", summary="In het stadion van de club."),
        offer("twee", summary="Naar de hortus met de club."),
        offer("drie", summary="Met de club."),
    )
    title, summary, hortus, nothing = index.words([stem("stadion")]).tolist()
    assert title > summary > hortus == nothing == 0
    both = index.words([stem("hortus"), stem("club")]).tolist()
    assert both[2] > both[1] > 0  # the rare word decides
    assert 0 <= max(both) <= 1.2
    assert index.has_word("stadion", 0)
    assert not index.has_word("stadion", 2)


def test_words_that_nobody_has_score_nothing(build: Build) -> None:
    assert not build(offer()).words(["xkcdvbnm"]).any()
    assert not build(offer()).words([]).any()


def test_inflected_words_are_the_same(build: Build) -> None:
    assert build(offer("Stadions")).words([stem("stadion")]).all()


def test_cost_volunteers_and_checks_stand_in_it(build: Build) -> None:
    index = build(
        offer("een", cost=Cost.FREE, volunteers=True, checked_on=date(2026, 1, 1)),
        offer("twee", cost=Cost.PAID, volunteers=False),
        offer("drie"),
    )
    assert index.free.tolist() == [True, False, False]
    assert index.paid.tolist() == [False, True, False]
    assert index.volunteers.tolist() == [True, False, False]
    assert index.no_volunteers.tolist() == [False, True, False]
    assert index.checked[0] > index.checked[1] == index.checked[2]
