"""What a text asks: subjects, places, names, wishes; typing errors; what is no question (DESIGN §5.1-5.4, 5.9).

How levels are typed stands in test_grades.py.
"""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st
import pytest

from bot.search.catalogue import Cost
from bot.search.cells import STAFF
from bot.search.query import Query
from bot.search.ranking import Search

Read = Callable[[str], Query]


@pytest.fixture(scope="session")
def read(search: Search) -> Read:
    return search.understand


# Subjects


@pytest.mark.parametrize(
    ("typed", "wants"),
    [
        ("debat", [{"debat"}]),
        ("DEBATTEN!", [{"debat"}]),
        ("débat", [{"debat"}]),
        ("debatwedstrijd", [{"debat"}, {"wedstrijd"}]),
        ("schoolorkest", [{"muziek"}]),
        ("bijles", [{"huiswerk"}]),
        ("buddy", [{"mentoring"}]),
        ("muziek en theater", [{"muziek"}, {"theater"}]),
        ("maatschappelijke diensttijd", [{"mdt"}]),
        ("sociaal ondernemen", [{"sociaalondernemen"}]),
        ("week van het geld", [{"geld"}]),
        ("public speaking", [{"presenteren"}]),
        ("armoede en gezondheid", [{"armoede", "gezondheid"}]),
        ("overgang po vo", [{"overgang"}]),
    ],
)
def test_subjects_by_synonym_compound_inflection_and_the_longest_match(
    read: Read, typed: str, wants: list[set[str]]
) -> None:
    assert [set(want) for want in read(typed).wants] == wants


@pytest.mark.parametrize(
    "typed",
    [
        "ouderbetrokkenheid",
        "extra onderwijs",
        "taalbevordering",
        "soepele overgangen",
        "mentoring en coaching",
        "non-cognitieve vaardigheden",
        "sport en cultuur",
        "professionalisering",
        "armoede en gezondheid",
        "loopbaanleren",
    ],
)
def test_the_ten_themes_of_the_gelijke_kansen_alliantie_are_understood(read: Read, typed: str) -> None:
    assert read(typed).wants
    assert not read(typed).words


@pytest.mark.parametrize("typed", ["ik wil graag iets leuks voor mijn klas", "wat is er?", "programma's voor scholen"])
def test_everyday_words_ask_nothing(read: Read, typed: str) -> None:
    assert read(typed).is_empty()


def test_a_word_that_nobody_knows_is_kept_as_a_word(read: Read) -> None:
    query = read("debat over xkcdvbnm")
    assert query.themes == ("debat",)
    assert query.words == query.unknown == ("xkcdvbnm",)


# Settings, cost, volunteers


@pytest.mark.parametrize(
    ("typed", "settings"),
    [
        ("debat na school", ["na schooltijd"]),
        ("naschools", ["na schooltijd"]),
        ("tijdens de les", ["binnen schooltijd"]),
        ("zaterdag", ["weekend"]),
        ("themaweek", ["projectweek"]),
        ("op afstand", ["online"]),
        ("weekend of online", ["weekend", "online"]),
        ("debat", []),
    ],
)
def test_settings(read: Read, typed: str, settings: list[str]) -> None:
    assert list(read(typed).settings) == settings


@pytest.mark.parametrize("typed", ["gratis", "kosteloos", "debat dat niks kost en gratis is", "free", "voor niks"])
def test_free_of_charge(read: Read, typed: str) -> None:
    assert read(typed).cost is Cost.FREE


@pytest.mark.parametrize("typed", ["vrijwilligers", "ik wil vrijwilliger worden", "vrijwilligerswerk", "mentor worden"])
def test_volunteers(read: Read, typed: str) -> None:
    assert read(typed).volunteers


# Places


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("debat Utrecht", ["utrecht"]),
        ("debat stad Utrecht", ["utrecht"]),
        ("debat provincie Utrecht", ["provincie-utrecht"]),
        ("Overvecht", ["utrecht/overvecht"]),
        ("Overvecht, Utrecht", ["utrecht/overvecht"]),
        ("Utrecht (Overvecht)", ["utrecht/overvecht"]),
        ("in Overvecht, dus in Utrecht", ["utrecht/overvecht"]),
        ("Zwolle in Overijssel", ["zwolle"]),
        ("huiswerk bijlmer", ["amsterdam/bijlmer"]),
        ("amsterdam noord", ["amsterdam/noord"]),
        ("rotterdam-zuid", ["rotterdam/zuid"]),
        ("Bergen NH", ["bergen-noord-holland"]),
        ("Bergen, Limburg", ["bergen-limburg"]),
        ("Bergen op Zoom", ["bergen-op-zoom"]),
        ("Hengelo Gelderland", ["bronckhorst/hengelo"]),
        ("Rijswijk Noord-Brabant", ["altena/rijswijk"]),
        ("debat Schagen en Den Haag", ["schagen", "den-haag"]),
        ("'s-Gravenhage", ["den-haag"]),
        ("denhaag", ["den-haag"]),
        ("denbosch", ["den-bosch"]),
    ],
)
def test_places(read: Read, typed: str, places: list[str]) -> None:
    assert list(read(typed).places) == places
    assert read(typed).readings == ()


@pytest.mark.parametrize(("typed", "readings"), [("Bergen", 2), ("debat Hengelo", 2), ("vmbo Rijswijk", 3)])
def test_a_name_of_several_places_is_asked_about(read: Read, typed: str, readings: int) -> None:
    query = read(typed)
    assert query.places == ()
    assert len(query.readings) == readings


@pytest.mark.parametrize("typed", ["debat centrum", "debat noord", "debat binnenstad"])
def test_a_district_that_every_town_has_does_not_count_alone(read: Read, typed: str) -> None:
    assert not read(typed).places
    assert not read(typed).readings


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("debat in Best", ["best"]),
        ("debat in best", ["best"]),
        ("debat Best", ["best"]),
        ("wat is het beste debat", []),
        ("best een leuk debat", []),
        ("DEBAT BEST LEUK", []),
        ("debat in Huizen", ["huizen"]),
        ("debat bij mensen in huizen", ["huizen"]),
        ("debat in oude huizen", []),
        ("Een debat", []),
        ("een debat", []),
    ],
)
def test_everyday_words_are_places_only_where_used_as_such(read: Read, typed: str, places: list[str]) -> None:
    assert list(read(typed).places) == places


# Names


@pytest.mark.parametrize(
    ("typed", "provider"),
    [
        ("NDI", "Stichting Nederlands Debat Instituut"),
        ("CoS", "Champs on Stage"),
        ("IMC", "IMC Weekendschool"),
        ("wat doet move?", "Stichting Move"),
        ("wat heeft JINC in Rotterdam", "JINC"),
        ("petje af", "Stichting Petje af"),
        ("petje aff", "Stichting Petje af"),
        ("playing for succes", "Playing for Success"),
    ],
)
def test_providers_are_known_by_name(read: Read, typed: str, provider: str) -> None:
    assert read(typed).providers == (provider,)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("pop up stor", "Pop-Up Store"),
        ("Girls Day", "Girls' Day"),
        ("skb trein onder schooltijd", "SKB-trein onder schooltijd"),
    ],
)
def test_offers_are_known_by_name(read: Read, search: Search, typed: str, title: str) -> None:
    assert [search.lexicon.title(offer) for offer in read(typed).offers] == [title]


def test_an_offer_named_like_the_thing_comes_first_but_not_alone(read: Read, search: Search) -> None:
    query = read("sollicitatietraining")
    assert [search.lexicon.title(offer) for offer in query.hinted] == ["Sollicitatietraining"]
    assert query.offers == ()
    assert "solliciteren" in query.themes


@pytest.mark.parametrize("typed", ["iets naast bliksemstage", "anders dan bliksemstage", "zonder bliksemstage"])
def test_what_somebody_has_already_is_left_out(read: Read, search: Search, typed: str) -> None:
    query = read(typed)
    assert [search.lexicon.title(offer) for offer in query.excluded] == ["Bliksemstage"]
    assert query.hinted == query.offers == ()
    assert "stage" in query.themes


# Training for teachers


@pytest.mark.parametrize(
    "typed",
    [
        "docententraining mbo",
        "kunnen jullie ons team trainen in gesprekstechnieken",
        "training voor leerkrachten",
        "studiedag",
        "onze docenten willen leren debatteren",
        "cursus voor ons docententeam over debat",
    ],
)
def test_training_for_teachers_is_asked(read: Read, typed: str) -> None:
    assert "professionalisering" in read(typed).themes
    assert read(typed).cells & STAFF


@pytest.mark.parametrize(
    "typed",
    [
        "ik ben docent en zoek debat",
        "ik ben docent op een vmbo en zoek iets met geld",
        "debat vmbo",
        "groep 7 training",
    ],
)
def test_a_teacher_who_asks_for_a_class_wants_no_training(read: Read, typed: str) -> None:
    assert "professionalisering" not in read(typed).themes
    assert not read(typed).cells & STAFF


# Typing errors


@pytest.mark.parametrize(
    ("typed", "repaired"),
    [
        ("debatt VO", [("debatt", "debat")]),
        ("sondag", [("sondag", "zondag")]),
        ("begelijding", [("begelijding", "begeleiding")]),
        ("debatteren groep acht zwole", [("zwole", "zwolle")]),
        ("debat in Rooden", [("rooden", "roden")]),
        ("den hag debat", [("den hag", "den haag")]),
        ("pop up stor", [("pop up stor", "pop up store")]),
        ("debat VO Utrecht", []),
        ("moestuin", []),
        ("dant", []),
        ("debat hr", []),
        ("asdfghj", []),
    ],
)
def test_repairs_are_made_and_told(read: Read, typed: str, repaired: list[tuple[str, str]]) -> None:
    assert list(read(typed).repairs) == repaired


def test_a_repaired_question_means_what_was_meant(read: Read) -> None:
    repaired, meant = read("debatt voorgezet onderwjis utrecth"), read("debat voortgezet onderwijs utrecht")
    assert (repaired.wants, repaired.sectors, repaired.places) == (meant.wants, meant.sectors, meant.places)


# No search


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("hoi", "greeting"),
        ("Goedemorgen!", "greeting"),
        ("bedankt", "thanks"),
        ("dankjewel, tot morgen", "thanks"),
        ("wat kun je allemaal?", "about"),
        ("wat is het wifi wachtwoord", "elsewhere"),
        ("wat kost een ov-kaart", "elsewhere"),
        ("wordt het mooi weer morgen", "elsewhere"),
        ("hoe laat is het", "elsewhere"),
        ("wanneer is het vakantie", "elsewhere"),
    ],
)
def test_small_talk_is_recognised(read: Read, typed: str, kind: str) -> None:
    assert read(typed) == Query(kind="not_a_search", small_talk=kind)


@pytest.mark.parametrize(
    "typed",
    [
        "hoi, debat groep 7?",
        "bedankt, en muziek in Zwolle?",
        "goedemorgen ik zoek iets voor vmbo",
        "dank je. en gratis?",
    ],
)
def test_a_question_with_a_greeting_is_a_question(read: Read, typed: str) -> None:
    assert read(typed).kind == "search"
    assert not read(typed).is_empty()


@pytest.mark.parametrize(
    "typed",
    [
        "Sanne uit groep 7 wordt gepest",
        "hulp voor Voornaam Achternaam uit 2B, tel 06 12345678",
        "mail me op a@school.nl",
    ],
)
def test_pupil_data_is_refused_and_forgotten(read: Read, typed: str) -> None:
    assert read(typed) == Query(kind="refused")


# Anything at all

CHARACTERS = st.characters()
WORDS = """debat VO PO groep 7 8 / - vmbo havo 4 klas bovenbouw Utrecht Bergen in Best Hengelo provincie gratis weekend
    naast bliksemstage move jinc NDI petje af docenten team training vrijwilliger hoi bedankt weer wifi zondag sondag
    debatt mbo niveau jaar 12 tot vanaf isk so sbo v 5 h de een voor iets met geld zwemles xkcdvbnm 't 's één ² ٣
    99999999999"""
TEXTS = st.lists(st.sampled_from(WORDS.split()), max_size=12).map(" ".join) | st.text(CHARACTERS, max_size=60)


@given(TEXTS)
def test_any_text_is_understood_and_twice_the_same(search: Search, text: str) -> None:
    query = search.understand(text)
    assert search.understand(text) == query
    assert query.kind in {"search", "not_a_search", "refused"}
    assert not (query.places and query.readings)
    assert not set(query.excluded) & {*query.offers, *query.hinted}
    assert all(theme in search.vocabulary.themes for theme in query.themes)
    assert all(search.gazetteer.get(place) for place in (*query.places, *query.readings))


def test_a_very_long_text_is_understood_by_its_beginning(read: Read) -> None:
    assert read("debat Utrecht " + "en nog iets " * 5000).themes == ("debat",)
