"""What looks like data about a pupil, and what only sounds like it."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
import pytest

from bot.commons.words import fold
from bot.search.privacy import load_first_names, looks_like_pupil_data, without_personal_words

NAMES = load_first_names(Path(__file__).parent.parent.parent / "data" / "first-names.txt")
KNOWN = {
    fold(name)
    for name in (
        "Den Haag",
        "Goirle",
        "Playing for Success",
        "Jong Ondernemen",
        "Iedereen een Meester",
        "Utrecht",
        "Emma at Work",
    )
}


def refuses(text: str) -> bool:
    return looks_like_pupil_data(text, lambda name: fold(name) in KNOWN, NAMES)


@pytest.mark.parametrize(
    "text",
    [
        # what leads to one person by itself
        "0612345678", "06-1234 5678", "+31 6 12345678", "+31 (0)6 12345678", "0031612345678", "bel 030-1234567",
        "mail me op iemand@school.nl", "123456789", "bsn 123456789", "1234.56.789", "NL91ABNA0417164300",
        "geboren 12-03-2014", "Voornaam de Achternaam, 12-03-2014",
        # a name and a class, an age, a family or a problem
        "hulp voor Voornaam Achternaam uit 2B, thuis veel ruzie, tel 06 12345678",
        "hulp voor Voornaam Achternaam uit 2B", "Voornaam Achternaam wordt gepest",
        "leerling Voornaam Achternaam groep 8b",
        "hulp voor Sanne de Vries uit 3C", "mohammed uit 2b wordt gepest", "AHMED UIT 2B SPIJBELT", "Ayşe groep 6 taal",
        "Anne-Fleur uit groep 4 durft niet", "sanne 9 jaar thuis ruzie", "mijn zoon Daan kan niet plannen",
        "zijn moeder is ziek, Kevin huilt veel", "Emma, 3511 AB, groep 5",
    ],
)  # fmt: skip
def test_pupil_data_is_recognised(text: str) -> None:
    assert refuses(text)


@pytest.mark.parametrize(
    "text",
    [
        # a worry, a theme, a class
        "mijn zoon zit in de brugklas en kan niet plannen", "thuis ruzie", "pesten", "tegen pesten groep 7",
        "IB-er uit Goirle belde: meisje in groep 7 zit niet lekker in haar vel", "autisme begeleiding vo",
        "beren in groep 1",
        # names of places, programmes and organisations, also unknown ones
        "Den Haag", "Playing for Success Den Haag groep 6", "Jong Ondernemen basisschool", "Move",
        "Iedereen een Meester",
        "Emma at Work vmbo", "Mad Science groep 5", "Workshop Rappen in groep 7",
        "debat voor Daltonschool De Klimop groep 7",
        "obs Willem-Alexander groep 6", "Anne Frank groep 8", "Sociale Veiligheid tegen pesten groep 7", "girls day",
        "juf Linda groep 5 zoekt debat", "Rode Kruis EHBO groep 8", "Hulp Bij Ruzie Groep 7",
        # numbers
        "5v", "020", "debat 3511 AB", "debat 3511 AB groep 7", "schooljaar 2026-2027 groep 7 8", "workshop 12-01-2027",
        "1500 euro voor 120 leerlingen", "10 11 12 jaar 2026", "frans havo 3", "",
    ],
)  # fmt: skip
def test_ordinary_questions_are_searched(text: str) -> None:
    assert not refuses(text)


@given(st.text(max_size=200))
def test_any_text_can_be_judged(text: str) -> None:
    assert refuses(text) in (True, False)


def test_what_may_be_searched_instead_tells_nothing_of_anybody() -> None:
    assert without_personal_words("mentoring, thuis veel ruzie, zijn moeder").split() == [
        "mentoring,",
        "veel",
        ",",
        "zijn",
    ]


def test_first_names_are_no_everyday_words() -> None:
    everyday = {"ben", "can", "job", "mei", "jan", "beren", "frans", "elke", "mark", "roos", "max", "wil"}
    assert not NAMES & everyday
    assert {"sanne", "mohammed", "ayse", "zoe"} <= NAMES
