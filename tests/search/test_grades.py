"""Grades and tracks: which offers and questions share a cell, and which never do."""

import csv
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
import pytest

from bot.search.catalogue import Sector
from bot.search.cells import STAFF, Reading, sector_cells
from bot.search.grades import Item, parse_grades, read_grades
from bot.search.ranking import Search

CHARACTERS = st.characters()
OFFERS = Path(__file__).parents[2] / "data" / "offers.csv"


def cells(phrase: str) -> int:
    return parse_grades(phrase)[1]


# What fits what


@pytest.mark.parametrize(
    ("offer", "asked"),
    [
        ("groep 7-8", "groep 8"), ("groep 7-8", "groep 6-7"), ("po", "groep 3"), ("po", "peuters"),
        ("vmbo", "vmbo 4"), ("vmbo", "vmbo-kader 2"), ("vmbo 1-2", "klas 2"), ("klas 1-2", "havo 1"),
        ("vo", "praktijkonderwijs"), ("vo", "isk"), ("havo/vwo", "4 havo"), ("havo/vwo bovenbouw", "vwo 6"),
        ("onderbouw vo", "havo 3"), ("onderbouw vo", "vmbo 2"), ("bovenbouw vo", "vmbo 3"),
        ("bovenbouw vo", "havo 4"), ("bovenbouw basisschool", "groep 6"), ("mbo 2-4", "mbo 3"), ("mbo", "mbo 1"),
        ("ho", "wo"), ("8-12 jaar", "groep 6"), ("9-12 jaar", "groep 8"), ("10-14 jaar", "klas 2"),
        ("12-18 jaar", "mbo"), ("docenten", "docenten"),
    ],
)  # fmt: skip
def test_these_fit(offer: str, asked: str) -> None:
    assert cells(offer) & cells(asked)


@pytest.mark.parametrize(
    ("offer", "asked"),
    [
        ("groep 7-8", "groep 6"), ("groep 8", "klas 1"), ("havo/vwo", "vmbo"), ("havo/vwo", "praktijkonderwijs"),
        ("havo 4", "vmbo 4"), ("havo 4", "havo 2"), ("havo 4", "vwo 4"), ("vmbo-basis", "vmbo-kader"),
        ("vmbo-basis", "vmbo-gl/tl"), ("vmbo", "isk"), ("vmbo onderbouw", "vmbo 3"), ("havo bovenbouw", "havo 3"),
        ("vmbo bovenbouw", "vmbo 2"), ("onderbouw vo", "groep 3"), ("bovenbouw vo", "groep 8"),
        ("bovenbouw basisschool", "klas 4"), ("mbo 2-4", "mbo 1"), ("mbo 4", "groep 4"), ("mbo 4", "vmbo 4"),
        ("hbo", "wo"), ("hbo", "havo"), ("so", "po"), ("vso", "vo"), ("4-8 jaar", "klas 1"),
        ("8-12 jaar", "groep 1-2"), ("10-12 jaar", "mbo"), ("docenten", "groep 3"), ("docenten", "vo"),
    ],
)  # fmt: skip
def test_these_do_not(offer: str, asked: str) -> None:
    assert not cells(offer) & cells(asked)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("groep 5-8", "bovenbouw basisschool"),
        ("groep 3 t/m 5", "groep 3-5"),
        ("groep 3 tot en met 5", "groep 3-5"),
        ("groep 3, 4 en 5", "groep 3-5"),
        ("4 havo", "havo 4"),
        ("havo klas 4", "havo 4"),
        ("2e klas", "klas 2"),
        ("tweede klas", "klas 2"),
        ("leerjaar 2", "klas 2"),
        ("vmbo-gl/tl 3", "gl 3"),
        ("mbo niveau 3", "mbo 3"),
        ("vmbo onderbouw", "vmbo 1-2"),
        ("havo/vwo bovenbouw", "havo/vwo 4-6"),
        ("5v", "vwo 5"),
        ("groep zeven", "groep 7"),
    ],
)
def test_there_are_several_ways_to_write_the_same(one: str, other: str) -> None:
    assert cells(one) == cells(other)


def test_separate_numbers_are_no_range() -> None:
    assert not cells("groep 3 en 6") & cells("groep 4-5")
    assert cells("groep 3-6") & cells("groep 4-5")


def test_bovenbouw_begins_earlier_in_the_vmbo_and_is_something_else_in_primary_school() -> None:
    assert cells("vmbo bovenbouw") == cells("vmbo 3-4")
    assert cells("havo bovenbouw") == cells("havo 4-5")
    assert cells("vwo bovenbouw") == cells("vwo 4-6")
    assert cells("bovenbouw po") == cells("groep 5-8")


def test_bovenbouw_alone_may_be_either_until_a_sector_says_which() -> None:
    bovenbouw = Reading(parts={"bovenbouw"})
    assert bovenbouw.sectors() == set()
    assert bovenbouw.cells() & cells("groep 8")
    assert bovenbouw.cells() & cells("havo 4")
    assert bovenbouw.cells([Sector.PO]) == cells("groep 5-8")
    assert not bovenbouw.cells([Sector.VO]) & sector_cells([Sector.PO])


def test_there_is_no_fifth_year_of_vmbo_nor_a_sixth_of_havo() -> None:
    assert cells("klas 5-6") == cells("havo 5") | cells("vwo 5-6") | cells("praktijkonderwijs 5-6") | cells("isk 5-6")


# What a grade implies


@pytest.mark.parametrize(
    ("phrase", "sectors"),
    [
        ("groep 7", {Sector.PO}),
        ("peuters", {Sector.PO}),
        ("klas 2", {Sector.VO}),
        ("havo", {Sector.VO}),
        ("praktijkonderwijs", {Sector.VO}),
        ("isk", {Sector.VO}),
        ("mbo 2", {Sector.MBO}),
        ("hbo", {Sector.HO}),
        ("9-12 jaar", set()),
        ("docenten", set()),
    ],
)
def test_a_grade_implies_its_sector(phrase: str, sectors: set[Sector]) -> None:
    assert parse_grades(phrase)[0].sectors() == sectors


@pytest.mark.parametrize("sector", list(Sector))
def test_no_two_sectors_share_a_cell(sector: Sector) -> None:
    assert sector_cells([sector])
    assert not sector_cells([sector]) & sector_cells(set(Sector) - {sector})
    assert not sector_cells([sector]) & STAFF


@pytest.mark.parametrize(
    ("phrase", "one_class"),
    [("groep 7", True), ("klas 3", True), ("bovenbouw vo", True), ("10 jaar", True), ("vmbo", False), ("mbo 2", False)],
)
def test_a_level_is_no_class(phrase: str, *, one_class: bool) -> None:
    assert parse_grades(phrase)[0].names_a_class() is one_class


def test_only_the_read_words_are_used() -> None:
    reading, used = read_grades([Item(word) for word in ("iets", "voor", "groep", "7", "of", "8", "over", "geld")])
    assert reading == Reading(groups={7, 8})
    assert used == {2, 3, 4, 5}


@pytest.mark.parametrize("text", ["8 uur", "in 2026", "3 lessen", "25 leerlingen", "voor 3 jaar", "groep 9", "klas 7"])
def test_other_numbers_are_no_grade(text: str) -> None:
    assert not read_grades([Item(word) for word in text.split()])[0]


# The catalogue's notation


def test_every_grade_of_the_starter_catalogue_is_read() -> None:
    with OFFERS.open(encoding="utf-8", newline="") as file:
        phrases = {phrase for row in csv.DictReader(file) for phrase in row["grades"].split(";") if phrase}
    assert len(phrases) > 30
    assert all(cells(phrase) for phrase in phrases)


@pytest.mark.parametrize(
    "phrase",
    ["", "iedereen", "groep 9", "groep", "klas 7", "vmbo 5", "mbo 5", "7", "groep 7 banaan", "havo ofzo", "🔥"],
)
def test_nonsense_is_refused_with_what_to_write_instead(phrase: str) -> None:
    with pytest.raises(ValueError, match="is no grade: write it as 'groep 7-8'") as error:
        parse_grades(phrase)
    assert repr(phrase) in str(error.value)


@given(st.text(CHARACTERS, max_size=30))
def test_any_text_is_a_grade_or_refused(text: str) -> None:
    try:
        reading, found = parse_grades(text)
    except ValueError as error:
        assert "is no grade" in str(error)
    else:
        assert found
        assert isinstance(reading, Reading)


# Saying it back


@pytest.mark.parametrize(
    ("phrase", "label"),
    [
        ("groep 8", "groep 8"),
        ("groep 7 en 8", "groep 7-8"),
        ("groep 5 en 8", "groep 5 en 8"),
        ("peuters", "peuters"),
        ("vmbo 3", "vmbo klas 3"),
        ("4 havo", "havo klas 4"),
        ("havo/vwo bovenbouw", "havo/vwo bovenbouw"),
        ("vmbo-basis", "vmbo-basis"),
        ("tl 4", "vmbo-gl/tl klas 4"),
        ("praktijkonderwijs", "praktijkonderwijs"),
        ("isk", "ISK"),
        ("klas 2", "klas 2"),
        ("mbo 2-4", "mbo niveau 2-4"),
        ("9-12 jaar", "9-12 jaar"),
        ("10 jaar", "10 jaar"),
        ("docenten", "docenten"),
    ],
)
def test_what_was_read_is_said_back_as_people_say_it(phrase: str, label: str) -> None:
    assert parse_grades(phrase)[0].labels() == (label,)


def spans(low: int, high: int) -> st.SearchStrategy[set[int]]:
    ends = st.tuples(st.integers(low, high), st.integers(low, high)).map(sorted)
    return ends.map(lambda pair: set(range(pair[0], pair[1] + 1)))


TRACKS = st.sampled_from(
    [{"pro"}, {"bb"}, {"kb"}, {"gltl"}, {"bb", "kb", "gltl"}, {"havo"}, {"vwo"}, {"havo", "vwo"}, {"isk"}]
)
AGES = st.tuples(st.integers(3, 20), st.integers(0, 6)).map(lambda pair: {(pair[0], pair[0] + pair[1])})
READINGS = st.one_of(
    st.sets(st.integers(1, 8), min_size=1).map(lambda groups: Reading(groups=groups)),
    spans(1, 6).map(lambda years: Reading(years=years)),
    TRACKS.map(lambda tracks: Reading(tracks=tracks)),
    st.builds(lambda tracks, years: Reading(tracks=tracks, years=years), TRACKS, spans(1, 4)),
    st.builds(
        lambda tracks, part: Reading(tracks=tracks, parts={part}), TRACKS, st.sampled_from(["onderbouw", "bovenbouw"])
    ),
    spans(1, 4).map(lambda levels: Reading(levels=levels)),
    AGES.map(lambda ages: Reading(ages=ages)),
)


@given(READINGS)
def test_what_is_said_back_can_be_read_again(reading: Reading) -> None:
    (label,) = reading.labels()
    assert cells(label) == reading.cells()


# As people type them


@pytest.mark.parametrize(
    ("typed", "notation"),
    [
        ("debat 7/8", "groep 7-8"),
        ("groep 7/8", "groep 7-8"),
        ("gr5/6", "groep 5-6"),
        ("groep8", "groep 8"),
        ("groep acht", "groep 8"),
        ("groep 4/5/6", "groep 4-6"),
        ("groep 3 tot en met 5", "groep 3-5"),
        ("groep 7, 8", "groep 7-8"),
        ("kleuters", "groep 1-2"),
        ("achtstegroepers", "groep 8"),
        ("5v", "vwo 5"),
        ("h4", "havo 4"),
        ("3m", "tl 3"),
        ("2k", "kader 2"),
        ("2havo", "havo 2"),
        ("HAVO-4", "havo 4"),
        ("4 gymnasium", "vwo 4"),
        ("havo 4 en 5", "havo 4-5"),
        ("vwo klas 3 t/m 5", "vwo 3-5"),
        ("tweede klas havo", "havo 2"),
        ("1 havo/vwo", "havo/vwo 1"),
        ("vmbo-t", "tl"),
        ("3vmbo-t", "tl 3"),
        ("mavo 3", "tl 3"),
        ("gl/tl", "gl/tl"),
        ("bb/kb leerjaar 2", "basis/kader 2"),
        ("vmbo basis leerjaar 2", "basis 2"),
        ("vmbo 3/4", "vmbo 3-4"),
        ("klas 1 en 2 vmbo", "vmbo 1-2"),
        ("brugklas", "klas 1"),
        ("2e klas", "klas 2"),
        ("klas3", "klas 3"),
        ("praktijkschool", "praktijkonderwijs"),
        ("klas 2 praktijkonderwijs", "praktijkonderwijs 2"),
        ("isk", "isk"),
        ("entree", "mbo 1"),
        ("mbo niveau 4", "mbo 4"),
        ("mbo4", "mbo 4"),
        ("mbo n3", "mbo 3"),
        ("niveau 2", "mbo 2"),
        ("mbo 2-4", "mbo 2-4"),
        ("pabo", "hbo"),
        ("bovenbouw po", "groep 5-8"),
        ("bovenbouw basisschool", "groep 5-8"),
        ("onderbouw basisschool", "groep 1-4"),
        ("bovenbouw havo", "havo 4-5"),
        ("bovenbouw vmbo", "vmbo 3-4"),
        ("onderbouw havo", "havo 1-3"),
        ("10 jaar", "10 jaar"),
        ("9-12 jaar", "9-12 jaar"),
        ("kinderen van 10 t/m 14 jaar", "10-14 jaar"),
        ("14-jarigen", "14 jaar"),
    ],
)
def test_levels_are_read_as_schools_write_them(search: Search, typed: str, notation: str) -> None:
    assert search.understand(typed).cells == parse_grades(notation)[1]


def test_two_levels_of_two_sectors_are_both_meant(search: Search) -> None:
    assert search.understand("groep 8 en brugklas").cells == parse_grades("groep 8")[1] | parse_grades("klas 1")[1]


@pytest.mark.parametrize(
    ("typed", "sectors"),
    [
        ("PO", [Sector.PO]),
        ("vo", [Sector.VO]),
        ("basisschool", [Sector.PO]),
        ("middelbare school", [Sector.VO]),
        ("sbo", [Sector.PO]),
        ("so", [Sector.SO]),
        ("speciaal onderwijs", [Sector.SO]),
        ("speciaal basisonderwijs", [Sector.PO]),
        ("vso", [Sector.VSO]),
        ("voortgezet speciaal onderwijs", [Sector.VSO]),
        ("roc", [Sector.MBO]),
        ("universiteit", [Sector.HO]),
        ("groep 7", [Sector.PO]),
        ("havo", [Sector.VO]),
        ("isk", [Sector.VO]),
        ("praktijkonderwijs", [Sector.VO]),
        ("entree", [Sector.MBO]),
        ("VO en PO", [Sector.VO, Sector.PO]),
        ("groep 8 en brugklas", [Sector.PO, Sector.VO]),
        ("bovenbouw", []),
        ("9-12 jaar", []),
    ],
)
def test_sectors_are_named_or_implied(search: Search, typed: str, sectors: list[Sector]) -> None:
    assert list(search.understand(typed).sectors) == sectors


@pytest.mark.parametrize(
    ("typed", "tracks"),
    [("vmbo 3", {"bb", "kb", "gltl"}), ("vmbo-t", {"gltl"}), ("4 havo", {"havo"}), ("isk", {"isk"}), ("klas 2", set())],
)
def test_a_grade_implies_a_track(search: Search, typed: str, tracks: set[str]) -> None:
    assert set(search.understand(typed).tracks) == tracks


@pytest.mark.parametrize("typed", ["vanaf 12 jaar", "12 jaar en ouder"])
def test_from_an_age_on(search: Search, typed: str) -> None:
    assert search.understand(typed).cells & parse_grades("klas 1")[1]


def test_up_to_an_age(search: Search) -> None:
    asked = search.understand("tot 12 jaar").cells
    assert asked & parse_grades("groep 3")[1]
    assert not asked & parse_grades("klas 3")[1]


@pytest.mark.parametrize("typed", ["groep 9", "klas 8", "8 lessen muziek", "25 leerlingen", "duurt 3 jaar", "om 8 uur"])
def test_other_numbers_are_no_level(search: Search, typed: str) -> None:
    assert (search.understand(typed).cells, search.understand(typed).sectors) == (0, ())


@pytest.mark.parametrize(
    ("typed", "one_class"), [("groep 7", True), ("5v", True), ("10 jaar", True), ("vmbo", False), ("PO", False)]
)
def test_a_class_is_more_than_a_level(search: Search, typed: str, *, one_class: bool) -> None:
    assert search.understand(typed).one_class is one_class


LABELLED = st.sampled_from(
    ["groep 7", "gr5/6", "groep 3 en 6", "vmbo 3", "4 havo", "bb/kb leerjaar 2", "5v", "praktijkonderwijs", "isk",
     "mbo 2", "klas 2", "9-12 jaar", "vmbo-t", "havo/vwo bovenbouw", "vmbo onderbouw", "wo", "hbo", "peuters",
     "10 jaar", "mavo 3"]
)  # fmt: skip


@given(LABELLED)
def test_a_level_said_back_is_read_again(search: Search, typed: str) -> None:
    query = search.understand(typed)
    (label,) = query.grades
    assert search.understand(label).cells == query.cells
