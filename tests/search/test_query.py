"""A question once understood: said back, gone on from, and kept."""

from collections.abc import Callable
import json

from hypothesis import given
from hypothesis import strategies as st
import pytest

from bot.search.catalogue import Cost, Sector
from bot.search.cells import STAFF
from bot.search.grades import parse_grades
from bot.search.query import Query, decode, describe, encode, follow
from bot.search.ranking import Search

Said = Callable[[str], list[str]]


@pytest.fixture(scope="session")
def said(search: Search) -> Said:
    """How a question is said back."""
    return lambda text: describe(search.understand(text), search.lexicon)


@pytest.fixture(scope="session")
def going_on(search: Search) -> Callable[..., Query]:
    """What the last of several questions means after the ones before it."""

    def _going_on(first: str, *later: str) -> Query:
        query = search.understand(first)
        for text in later:
            query = follow(query, search.understand(text), search.gazetteer)
        return query

    return _going_on


# Saying it back


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("debat VO Utrecht", ["debat", "voortgezet onderwijs (VO)", "Utrecht"]),
        ("Utrecht vo DEBATTEN", ["debat", "voortgezet onderwijs (VO)", "Utrecht"]),
        ("debat groep 7 en 8", ["debat", "groep 7-8"]),
        ("geld vmbo 3", ["geld", "vmbo klas 3"]),
        ("taal isk", ["taal", "nieuwkomers", "ISK"]),
        ("muziek mbo niveau 2 gratis", ["muziek", "mbo niveau 2", "gratis"]),
        ("weekend sport Zwolle", ["sport", "Zwolle", "weekend"]),
        ("vrijwilligers taal", ["taal", "met vrijwilligers"]),
        ("wat doet jinc", ["JINC"]),
        ("girls' day", ["Girls' Day"]),
        ("debat Bergen", ["debat", "Bergen"]),
        ("debat Bergen Limburg", ["debat", "Bergen (Limburg)"]),
        ("debat provincie Utrecht", ["debat", "provincie Utrecht"]),
        ("debat Overvecht", ["debat", "Overvecht (Utrecht)"]),
        ("debat Schagen en Den Haag", ["debat", "Schagen of Den Haag"]),
        ("gebarentaal vosjes", ["vreemde talen"]),
        ("hoi", []),
        ("", []),
    ],
)
def test_it_says_what_was_understood(said: Said, text: str, parts: list[str]) -> None:
    found = said(text)
    assert [part for part in found if part in parts] == found
    assert set(found) == set(parts)


def test_the_subject_comes_first_the_place_after_the_level(said: Said) -> None:
    assert said("gratis Utrecht weekend havo 4 debat") == ["debat", "havo klas 4", "Utrecht", "weekend", "gratis"]


def test_words_with_several_meanings_are_said_with_of(said: Said) -> None:
    assert " of " in said("armoede en gezondheid")[0]


def test_a_word_nobody_knows_is_quoted_when_it_is_all_there_is(said: Said) -> None:
    assert said("xkcdvbnm") == ["“xkcdvbnm”"]


def test_what_somebody_has_already_is_said_to_be_left_out(said: Said) -> None:
    assert "niet Bliksemstage" in said("iets naast bliksemstage")


# Going on from the question before


def test_place_and_sector_are_kept(going_on: Callable[..., Query]) -> None:
    query = going_on("debat VO Utrecht", "muziek")
    assert (query.themes, query.sectors, query.places) == (("muziek",), (Sector.VO,), ("utrecht",))
    assert {"sectors", "places"} <= query.inherited
    assert "wants" not in query.inherited


def test_another_sector_replaces_the_first_and_keeps_the_subject(going_on: Callable[..., Query]) -> None:
    query = going_on("debat vmbo 3 Utrecht", "en voor de basisschool?")
    assert (query.themes, query.sectors, query.places) == (("debat",), (Sector.PO,), ("utrecht",))
    assert query.grades == query.tracks == ()
    assert query.cells == 0
    assert query.inherited >= {"wants", "places"}


def test_another_place_replaces_the_first_and_keeps_the_rest(going_on: Callable[..., Query]) -> None:
    query = going_on("gratis debat groep 7 Utrecht", "ook in Amersfoort?")
    assert (query.themes, query.grades, query.cost) == (("debat",), ("groep 7",), Cost.FREE)
    assert query.places == ("amersfoort",)
    assert "places" not in query.inherited


def test_a_new_subject_leaves_cost_and_setting_behind(going_on: Callable[..., Query]) -> None:
    query = going_on("gratis debat weekend", "muziek")
    assert query.cost is None
    assert query.settings == ()


def test_a_wish_about_cost_keeps_the_subject(going_on: Callable[..., Query]) -> None:
    query = going_on("debat Utrecht", "gratis")
    assert (query.themes, query.places, query.cost) == (("debat",), ("utrecht",), Cost.FREE)


def test_a_question_that_names_everything_inherits_nothing(going_on: Callable[..., Query], search: Search) -> None:
    assert going_on("debat VO Utrecht", "muziek PO Zwolle") == search.understand("muziek PO Zwolle")


def test_it_goes_on_over_several_questions(going_on: Callable[..., Query]) -> None:
    query = going_on("debat VO Utrecht", "muziek", "en in Zwolle?")
    assert (query.themes, query.sectors, query.places) == (("muziek",), (Sector.VO,), ("zwolle",))


def test_a_province_chooses_between_the_readings_of_a_name(going_on: Callable[..., Query]) -> None:
    assert going_on("debat Bergen", "Limburg").places == ("bergen-limburg",)
    assert going_on("debat Bergen", "Noord-Holland").places == ("bergen-noord-holland",)
    assert going_on("debat Utrecht", "Limburg").places == ("provincie-limburg",)


def test_a_name_with_several_readings_is_kept_until_one_is_chosen(going_on: Callable[..., Query]) -> None:
    query = going_on("debat Bergen", "muziek")
    assert len(query.readings) == 2
    assert "readings" in query.inherited


def test_training_for_teachers_was_a_subject_and_is_not_kept_with_a_new_one(going_on: Callable[..., Query]) -> None:
    query = going_on("docententraining vmbo", "muziek")
    assert going_on("docententraining vmbo").cells & STAFF
    assert query.cells == parse_grades("vmbo")[1]


@pytest.mark.parametrize(("first", "then"), [("debat VO Utrecht", "bedankt"), ("bedankt", "muziek")])
def test_small_talk_neither_takes_nor_gives(
    going_on: Callable[..., Query], search: Search, first: str, then: str
) -> None:
    assert going_on(first, then) == search.understand(then)


# Keeping it

CHARACTERS = st.characters()
ASKED = """debat VO Utrecht|debat Bergen|docententraining mbo|gratis muziek weekend Zwolle|iets naast bliksemstage|
wat doet move?|girls' day|sollicitatietraining|9-12 jaar techniek|bovenbouw geld|vrijwilligers taal Overvecht|xkcdvbnm|
bedankt|hoi|wat kost een ov-kaart||Sanne uit groep 7 wordt gepest|debatt voorgezet onderwjis|armoede en gezondheid|
praktijkonderwijs koken Enschede|debat Schagen en Den Haag|isk taal|bb/kb leerjaar 2|hbo mentor"""
QUESTIONS = ASKED.split("|")
WORDS = [word for question in QUESTIONS for word in question.split()]


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_comes_back_as_it_was(search: Search, text: str) -> None:
    _assert_comes_back(search.understand(text))


@given(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join) | st.text(CHARACTERS, max_size=40))
def test_whatever_was_understood_comes_back(search: Search, text: str) -> None:
    _assert_comes_back(search.understand(text))


def _assert_comes_back(query: Query) -> None:
    kept = json.loads(json.dumps(encode(query)))
    expected = {name: getattr(query, name) for name in Query.__dataclass_fields__ if name != "repairs"}
    back = decode(kept)
    assert {name: getattr(back, name) for name in expected} == expected
    assert all(type(sector) is Sector for sector in back.sectors)
    assert hash(back) == hash(decode(encode(query)))


def test_what_was_taken_from_the_question_before_is_kept_too(going_on: Callable[..., Query]) -> None:
    _assert_comes_back(going_on("debat VO Utrecht", "en voor de basisschool?"))


def test_nothing_asked_is_nothing_kept() -> None:
    assert encode(Query()) == {"kind": "search"}
    assert decode({}) == Query()
    assert Query().is_empty()


@pytest.mark.parametrize(
    "text", ["debatt voorgezet onderwjis", "ik zoek iets met muziek", "Mijn klas is druk en kan niet plannen"]
)
def test_what_was_typed_is_not_kept(search: Search, text: str) -> None:
    kept = json.dumps(encode(search.understand(text)), ensure_ascii=False)
    assert text not in kept
    assert not any(typed in kept for typed in ("debatt", "voorgezet", "onderwjis", "ik", "Mijn"))


def test_of_a_refused_text_nothing_is_kept(search: Search) -> None:
    assert encode(search.understand("Sanne uit groep 7 wordt gepest")) == {"kind": "refused"}


def test_keys_of_another_version_do_no_harm() -> None:
    assert decode({"kind": "search", "places": ["utrecht"], "gone": 1}) == Query(places=("utrecht",))
