"""The columns of a list: what people call them, and that what is written is read again."""

import csv
from dataclasses import fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
import pytest

from bot.commons.places import Gazetteer
from bot.commons.tables import clean
from bot.commons.words import fold
from bot.search.catalogue import ID_ALPHABET, NATIONWIDE, Cost, Offer, Sector, Status
from bot.search.grades import parse_grades
from bot.search.index import themes_in
from bot.search.lists.columns import COLUMNS, SETTINGS, Knowledge, Misread, Value, column, find, guess
from bot.search.lists.headings import HEADINGS
from bot.search.lists.values import is_nothing
from bot.search.vocabulary import Vocabulary

NEVER_READ = ("checked_on", "checked_by")
EMPTIED: dict[str, Any] = {field.name: field.default for field in fields(Offer)} | dict.fromkeys(
    ("id", "provider", "title"), ""
)


@pytest.fixture(scope="session")
def knowledge(vocabulary: Vocabulary, gazetteer: Gazetteer) -> Knowledge:
    return Knowledge(vocabulary, gazetteer)


# The table


def test_every_field_of_an_offer_has_one_column_in_order() -> None:
    assert tuple(known.name for known in COLUMNS if known.write) == tuple(field.name for field in fields(Offer))
    assert [known.name for known in COLUMNS if not known.write] == ["audience"]


def test_headings_tell_columns_apart() -> None:
    assert len({fold(known.heading) for known in COLUMNS}) == len(COLUMNS)
    words = [word for known in COLUMNS for word in known.words]
    assert len(words) == len(set(words))
    assert HEADINGS.keys() == {known.name for known in COLUMNS}


@pytest.mark.parametrize("known", COLUMNS, ids=lambda known: known.name)
def test_every_column_is_explained_and_found_by_all_its_names(known: Any) -> None:
    assert known.help.endswith((".", "?"))
    assert find(known.name) is find(known.heading.upper()) is column(known.name) is known
    assert [guess(text) for text in (known.heading, known.name, *known.words)] == [known] * (2 + len(known.words))
    assert guess(f"{known.heading} (verplicht)") is guess(f" {known.heading.upper()} *") is known


def test_choices_are_what_is_written(vocabulary: Vocabulary, knowledge: Knowledge) -> None:
    assert vocabulary.settings == SETTINGS
    for known in COLUMNS:
        for choice in known.choices:
            value = known.read(choice, knowledge)
            assert not value.remarks
            offer = replace(Offer("", "", ""), **value.fields)
            assert known.write is not None
            assert known.write(offer) == choice


# What people call them


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Naam", "title"), ("Naam project", "title"), ("Projectnaam", "title"), ("Naam van het project", "title"),
        ("Activiteit", "title"), ("Programma's", "title"), ("PROGRAMMA *", "title"), ("1. Naam project", "title"),
        ("Programma / project", "title"), ("Program name", "title"), ("Wat is de naam van het programma?", "title"),
        ("Organisaties", "provider"), ("Naam organisatie (verplicht)", "provider"), ("Aanbieder", "provider"),
        ("Stichting", "provider"), ("Partner", "provider"), ("SKB-partner", "provider"), ("Uitvoerder", "provider"),
        ("Organistie", "provider"), ("Organisatie / partner", "provider"),
        ("Van welke organisatie ben je?", "provider"), ("Omschrijving", "summary"),
        ("Korte omschrijving van het programma", "summary"), ("Omschrjiving", "summary"), ("Toelichting", "summary"),
        ("Beschrijf het programma in het kort", "summary"), ("Description", "summary"), ("Onderwijssoort", "sectors"),
        ("Schooltype", "sectors"), ("PO/VO/MBO", "sectors"), ("Type onderwijs", "sectors"), ("Groep", "grades"),
        ("Groep(en)", "grades"), ("Leerjaar", "grades"), ("Groep/klas", "grades"),
        ("Voor welke groepen/klassen is het programma geschikt?", "grades"), ("Klas of leerjaar", "grades"),
        ("Doelgroep", "audience"), ("Voor wie?", "audience"), ("Leeftijd", "audience"),
        ("Onderwijsniveau", "audience"), ("Target group", "audience"),
        ("Wat is de doelgroep van het programma?", "audience"), ("Sector en groep", "audience"),
        ("Doelgroep / leerjaar", "audience"), ("Leeftijd (jaren)", "audience"), ("Thema('s)", "themes"),
        ("Onderwerp", "themes"), ("Categorie", "themes"), ("Vakgebied", "themes"), ("Trefwoorden", "keywords"),
        ("Tags", "keywords"), ("Keywords", "keywords"), ("Regio", "places"), ("Regio('s)", "places"),
        ("Gemeente", "places"), ("Locatie(s)", "places"), ("Werkgebied", "places"), ("Stad / regio", "places"),
        ("In welke regio's bent u actief?", "places"), ("Landelijk/regionaal", "places"), ("Wanneer?", "settings"),
        ("Binnen/buiten schooltijd", "settings"), ("Prijs", "cost"), ("Kosten voor de school", "cost"),
        ("Wat kost het?", "cost"), ("Kosten per leerling", "cost"), ("Prijs per klas", "cost"),
        ("Zijn er kosten verbonden aan het programma?", "cost"), ("Kosten (in euro)", "cost"),
        ("Opmerkingen kosten", "cost_note"), ("Tijdsduur", "duration"), ("Periode", "duration"),
        ("Hoe lang duurt het programma?", "duration"), ("Duur van de workshop", "duration"),
        ("Wordt er met vrijwilligers gewerkt?", "volunteers"), ("Toelichting doelgroep", "for_whom"),
        ("Niet geschikt voor", "not_for"), ("Aanmelden", "next_step"), ("Vervolgstap", "next_step"),
        ("Contactpersoon", "contact"), ("E-mail", "contact"), ("E-mailadres contactpersoon", "contact"),
        ("Tel.nr", "contact"), ("Telefoonnummer", "contact"), ("Wie is de contactpersoon?", "contact"),
        ("Contactpersoon organisatie", "contact"), ("Website", "link"), ("URL", "link"),
        ("Website van de organisatie", "link"), ("Link naar de website", "link"),
        ("Wat is de website van uw organisatie?", "link"), ("Bronnen", "source"), ("Actief?", "status"),
        ("cost_note", "cost_note"), ("Cost note", "cost_note"), ("Full until", "full_until"),
    ],
)  # fmt: skip
def test_columns_have_many_names(heading: str, name: str) -> None:
    found = guess(heading)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "heading",
    [
        "", "   ", "*", "()", "Opmerkingen", "Type", "Soort", "Nr", "Nummer", "Aantal leerlingen", "Datum", "Logo",
        "Kolom1", "2024", "x", "Gratis", "Gratis?", "PO", "vmbo", "Utrecht", "Aangemaakt op", "Contactpersoon SKB",
        "Thema en doelgroep", "Meer informatie", "Actie", "Contract", "Uw naam", "Aanbieder ID",
        "Leerlingen leren debatteren in de klas", "Is het programma gratis?", "Hoeveel leerlingen kunnen meedoen?",
        "a" * 500,
    ],
)  # fmt: skip
def test_a_heading_that_may_be_anything_is_left_to_the_person(heading: str) -> None:
    assert guess(heading) is None


def test_only_exact_names_are_found() -> None:
    assert find("plaatsen") is find("PLACES") is column("places")
    assert find("Regio") is None
    with pytest.raises(KeyError):
        column("plaatsen")


# Lists of words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Binnen schooltijd", ["binnen schooltijd"]),
        ("onder schooltijd, naschools", ["binnen schooltijd", "na schooltijd"]),
        ("binnen en buiten schooltijd", ["binnen schooltijd", "na schooltijd"]),
        ("zaterdag; online", ["weekend", "online"]), ("binnen- en naschools", ["binnen schooltijd", "na schooltijd"]),
        ("binnenschools", ["binnen schooltijd"]), ("na schooltijd op woensdag", ["na schooltijd"]),
        ("Projectweek", ["projectweek"]), ("n.v.t.", []), ("", []),
    ],
)  # fmt: skip
def test_settings_are_those_of_the_vocabulary(text: str, found: list[str], knowledge: Knowledge) -> None:
    assert column("settings").read(text, knowledge) == Value({"settings": tuple(found)})


def test_what_is_no_setting_or_theme_becomes_a_keyword(knowledge: Knowledge) -> None:
    assert column("settings").read("weekend, in de zomervakantie", knowledge) == Value(
        {"settings": ("weekend",), "keywords": ("in de zomervakantie",)},
        ("“in de zomervakantie” is geen moment dat we kennen; dat wordt een zoekwoord.",),
    )
    assert column("themes").read("Debat; zwaluwstaart; taal en rekenen, xyzzy", knowledge) == Value(
        {"themes": ("Debat", "taal en rekenen, xyzzy"), "keywords": ("zwaluwstaart",)},
        ("“zwaluwstaart” is geen thema; dat wordt een zoekwoord.",),
    )
    assert column("themes").read("qqq, www, debat", knowledge).remarks == (
        "“qqq”, “www” zijn geen thema; dat worden zoekwoorden.",
    )
    assert column("keywords").read("snuffelstage, bliksem", knowledge).fields == {
        "keywords": ("snuffelstage", "bliksem")
    }


# There and back


ONE_LINE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=40).map(clean)
TEXT = st.text(max_size=60).map(clean).filter(lambda text: not text or not is_nothing(text))
NAME = ONE_LINE.filter(lambda text: "\n" not in text and not is_nothing(text))
WORD = NAME.filter(lambda text: ";" not in text)
GRADES = st.sampled_from(
    """groep 7-8|groep 3 en 6|klas 1-2|vmbo 3|4 havo|havo/vwo bovenbouw|mbo 2-4|mbo niveau 3|isk|docenten|10-14 jaar
9 jaar|po|vo|mbo|so|onderbouw vo|bovenbouw basisschool|bovenbouw|peuters|hbo|wo|vmbo-gl/tl 3-4
vmbo-basis/vmbo-kader klas 3|praktijkonderwijs|vmbo/havo/vwo klas 1|groep 1 t/m 8|middenbouw""".replace(
        "\n", "|"
    ).split("|")
)
"""Phrases of the notation, and the ways to write it that `Reading.labels` has."""


@cache
def _places_and_themes(knowledge: Knowledge) -> tuple[list[str], list[str]]:
    themes = knowledge.vocabulary.themes.values()
    words = [word for theme in themes for word in (theme.name, *theme.words) if not word.startswith("=")]
    known = [word for word in words if any(themes_in(word, knowledge.vocabulary))]
    return [NATIONWIDE, *(place.label for place in knowledge.gazetteer.places.values())], known


@st.composite
def offers(draw: st.DrawFn, knowledge: Knowledge) -> Offer:
    labels, words = _places_and_themes(knowledge)

    def some(of: st.SearchStrategy[Any]) -> tuple[Any, ...]:
        return tuple(draw(st.lists(of, unique=True, max_size=4)))

    day = st.none() | st.dates(date(2000, 1, 1), date(2100, 12, 31))
    return Offer(
        id=draw(st.text(ID_ALPHABET, min_size=8, max_size=8)),
        provider=draw(NAME),
        title=draw(NAME),
        sectors=some(st.sampled_from(Sector)),
        grades=some(GRADES),
        themes=some(st.sampled_from(words)),
        keywords=some(WORD),
        places=some(st.sampled_from(labels)),
        settings=some(st.sampled_from(SETTINGS)),
        cost=draw(st.sampled_from(Cost)),
        volunteers=draw(st.sampled_from([True, False, None])),
        link=draw(st.sampled_from(["", "https://voorbeeld.nl", "http://a.voorbeeld.nl/b?c=d&e=(f)#g."])),
        checked_on=draw(day),
        status=draw(st.sampled_from(Status)),
        full_until=draw(day),
        **{
            name: draw(TEXT)
            for name in ("summary", "cost_note", "duration", "for_whom", "not_for", "next_step", "contact", "source")
        },
        confidence=draw(TEXT),
        checked_by=draw(TEXT),
    )


@given(st.data())
def test_what_is_written_is_read_again(knowledge: Knowledge, data: st.DataObject) -> None:
    offer = data.draw(offers(knowledge))
    for known in COLUMNS:
        if known.write is None:
            continue
        written = known.write(offer)
        expected = {} if known.name in NEVER_READ else {known.name: getattr(offer, known.name)}
        value = known.read(written, knowledge)
        assert {name: what for name, what in value.fields.items() if name != "implied"} == expected
        assert not value.remarks


def test_the_starter_catalogue_is_read_as_it_is(knowledge: Knowledge) -> None:
    with (Path(__file__).parents[3] / "data" / "offers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for known in COLUMNS:
            if known.write is None or known.name in NEVER_READ:
                continue
            value = known.read(row[known.name], knowledge)
            found = value.fields[known.name]
            assert not value.remarks
            if isinstance(found, tuple):
                parts = row[known.name].split(";") if row[known.name] else []
                kept = (_label(part, knowledge) if known.name == "places" else part for part in parts)
                assert list(found) == list(dict.fromkeys(kept))
            offer = replace(Offer("", "", ""), **{known.name: found})
            assert known.read(known.write(offer), knowledge).fields[known.name] == found


def _label(name: str, knowledge: Knowledge) -> str:
    return name if name == NATIONWIDE else knowledge.gazetteer.resolve(name).label


@pytest.mark.parametrize("known", [known for known in COLUMNS if known.write], ids=lambda known: known.name)
def test_an_empty_cell_empties(known: Any, knowledge: Knowledge) -> None:
    value = known.read("", knowledge)
    expected = {} if known.name in NEVER_READ else {known.name: EMPTIED[known.name]}
    assert {name: what for name, what in value.fields.items() if name != "implied"} == expected
    assert not value.remarks


PIECES = """PO groep 7-8 vmbo Utrecht Bergen € 250 ja nee x gratis ; , ( na schooltijd debat 31-12-2026 www.a.nl a@b.nl
vol tot landelijk ? - in overleg"""
CELLS = st.text(max_size=50) | st.lists(st.sampled_from([*PIECES.split(), "\n"]), max_size=6).map(" ".join)


@given(CELLS)
def test_any_cell_of_any_column_is_read_or_refused(knowledge: Knowledge, text: str) -> None:
    for known in COLUMNS:
        try:
            value = known.read(text, knowledge)
        except Misread as misread:
            assert str(misread).endswith(".")
            continue
        offer = replace(Offer("", "", ""), **{name: what for name, what in value.fields.items() if name != "implied"})
        assert all(parse_grades(phrase)[1] for phrase in offer.grades)
        assert all(any(themes_in(theme, knowledge.vocabulary)) for theme in offer.themes)
        assert all(place == NATIONWIDE or knowledge.gazetteer.resolve(place) for place in offer.places)
        assert {*offer.settings} <= {*SETTINGS}
        assert offer.link == "" or offer.link.lower().startswith(("https://", "http://"))


@given(st.text(max_size=60))
def test_any_heading_is_guessed_or_not(text: str) -> None:
    assert guess(text) is None or guess(text) in COLUMNS
