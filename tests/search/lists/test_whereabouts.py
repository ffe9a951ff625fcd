"""Places as people write them in a cell."""

from hypothesis import given
from hypothesis import strategies as st
import pytest

from bot.commons.places import Gazetteer
from bot.search.lists.values import Knowledge, Misread, Value
from bot.search.lists.whereabouts import places
from bot.search.vocabulary import Vocabulary

FRAGMENTS = """
Utrecht Amsterdam Bergen Limburg Zeist provincie gemeente regio e.o. en of , / ( ) - ; Noord heel
Nederland landelijk Peel Maas Aa Hunze 12 3511 AB omgeving de het Overvecht Noord-Holland & . in overleg Wijk bij
Duurstede"""


@pytest.fixture(scope="session")
def knowledge(vocabulary: Vocabulary, gazetteer: Gazetteer) -> Knowledge:
    return Knowledge(vocabulary, gazetteer)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []), ("-", []), ("Utrecht", ["Utrecht"]), ("utrecht; ZEIST", ["Utrecht", "Zeist"]),
        ("Utrecht, Utrecht", ["Utrecht"]),
        ("Amsterdam, Rotterdam en Den Haag", ["Amsterdam", "Rotterdam", "Den Haag"]),
        ("Amsterdam/Utrecht", ["Amsterdam", "Utrecht"]),
        ("Amsterdam, Utrecht, en Rotterdam", ["Amsterdam", "Utrecht", "Rotterdam"]),
        ("Amsterdam\nUtrecht", ["Amsterdam", "Utrecht"]),
        ("Groningen, Friesland & Drenthe", ["Groningen", "Friesland", "Drenthe"]),
        ("Zwolle + Kampen", ["Zwolle", "Kampen"]), ("Amsterdam - Utrecht", ["Amsterdam", "Utrecht"]),
        ("- Amsterdam\n- Utrecht", ["Amsterdam", "Utrecht"]), ("gemeente Zeist", ["Zeist"]),
        ("Gemeenten Zeist, De Bilt en Bunnik", ["Zeist", "De Bilt", "Bunnik"]),
        ("provincie Utrecht", ["provincie Utrecht"]), ("prov. Gelderland", ["Gelderland"]),
        ("regio Twente", ["Twente"]), ("Regio Utrecht", ["Regio Utrecht"]),
        ("Regio's Twente en Achterhoek", ["Twente", "Achterhoek"]), ("heel Brabant", ["Noord-Brabant"]),
        ("Zwolle en omgeving", ["Regio Zwolle"]), ("het Gooi", ["Gooi en Vechtstreek"]),
        ("alle gemeenten in Limburg", ["Limburg"]), ("Peel en Maas en Venlo", ["Peel en Maas", "Venlo"]),
        ("Nuenen, Gerwen en Nederwetten", ["Nuenen, Gerwen en Nederwetten"]), ("Aa en Hunze", ["Aa en Hunze"]),
        ("Wijk bij Duurstede", ["Wijk bij Duurstede"]), ("'s-Gravenhage", ["Den Haag"]),
        ("Utrecht (stad)", ["Utrecht"]), ("Utrecht-stad", ["Utrecht"]), ("Alphen a/d Rijn", ["Alphen aan den Rijn"]),
        ("Bergen (L.)", ["Bergen (Limburg)"]), ("Bergen, Limburg", ["Bergen (Limburg)"]),
        ("Hengelo (Ov.)", ["Hengelo (Overijssel)"]),
        ("Hengelo, Gelderland, Almelo", ["Hengelo (Gelderland)", "Almelo"]),
        ("Rijswijk ZH", ["Rijswijk (Zuid-Holland)"]), ("Drenthe (Assen)", ["Assen"]),
        ("Zuid-Holland (Rotterdam en Den Haag)", ["Rotterdam", "Den Haag"]), ("Zaandam (Zaanstad)", ["Zaandam"]),
        ("Amsterdam (Noord, Zuidoost), Utrecht", ["Amsterdam Noord", "Amsterdam Zuidoost", "Utrecht"]),
        ("Amsterdam, Noord", ["Amsterdam Noord"]), ("Utrecht, Overvecht", ["Utrecht", "Overvecht (Utrecht)"]),
        ("Assen, Emmen, Drenthe", ["Assen", "Emmen", "Drenthe"]), ("3511 AB Utrecht", ["Utrecht"]),
        ("Amsterdam, Nederland", ["Amsterdam"]), ("landelijk, met name Randstad", ["landelijk", "Randstad"]),
        ("landelijk (vooral Randstad)", ["landelijk", "Randstad"]),
    ],
)  # fmt: skip
def test_places_are_kept_by_their_label(text: str, found: list[str], knowledge: Knowledge) -> None:
    assert places(text, knowledge) == Value({"places": tuple(found)})


@pytest.mark.parametrize(
    "text",
    [
        "landelijk", "Landelijk!", "heel Nederland", "In heel Nederland", "Nederland", "NL", "overal",
        "door het hele land", "nationwide", "landelijk beschikbaar", "landelijk dekkend", "alle provincies",
        "(landelijk)", "the Netherlands",
    ],
)  # fmt: skip
def test_the_whole_country_has_many_names(text: str, knowledge: Knowledge) -> None:
    assert places(text, knowledge) == Value({"places": ("landelijk",)})


@pytest.mark.parametrize(
    "text",
    [
        "in overleg", "Divers", "n.v.t.", "nog onbekend", "?", "op school", "diverse locaties", "regionaal", "online",
        "op aanvraag",
    ],
)  # fmt: skip
def test_what_is_no_place_is_left_out_with_a_remark(text: str, knowledge: Knowledge) -> None:
    assert places(text, knowledge) == Value({"places": ()}, (f"“{text}” is geen plaats; dat laten we leeg.",))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Utrecht e.o.", "Utrecht"),
        ("omgeving Breda", "Breda"),
        ("Overvecht, Utrecht", "Overvecht (Utrecht)"),
        ("Zeist, provincie Utrecht", "Zeist"),
    ],
)
def test_a_place_that_was_written_wider_is_remarked(text: str, found: str, knowledge: Knowledge) -> None:
    assert places(text, knowledge) == Value({"places": (found,)}, (f"“{text}” lezen we als {found}.",))


def test_of_an_address_the_town_is_kept(knowledge: Knowledge) -> None:
    value = places("Kerkstraat 5, 3511 AB Utrecht", knowledge)
    assert value.fields == {"places": ("Utrecht",)}
    assert value.remarks == ("“Kerkstraat 5” is een adres; we nemen alleen de plaats.",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Utrecht; Bergen",
            "“Bergen” kan meer dan één plaats zijn. Schrijf “Bergen (Noord-Holland)” of “Bergen (Limburg)”.",
        ),
        ("Amsterdm", "“Amsterdm” is geen plaats die we kennen. Bedoel je “Amsterdam”? Schrijf het dan zo."),
        (
            "Utrecht en Xyzzyq",
            "“Xyzzyq” is geen plaats die we kennen. Schrijf een gemeente, plaats, regio of provincie",
        ),
        ("België", "“België” is geen plaats die we kennen."),
        ("landelijk (m.u.v. Zeeland)", "“m.u.v. Zeeland” is geen plaats die we kennen."),
        ("Kerkstraat 5", "“Kerkstraat 5” is geen plaats die we kennen."),
        ("ja", "“ja” is geen plaats die we kennen."),
    ],
)
def test_what_is_no_place_or_several_is_said_with_how_to_mend_it(text: str, said: str, knowledge: Knowledge) -> None:
    with pytest.raises(Misread) as misread:
        places(text, knowledge)
    assert said in str(misread.value)


def test_every_label_of_the_gazetteer_is_read_as_itself(knowledge: Knowledge) -> None:
    labels = [place.label for place in knowledge.gazetteer.places.values()]
    assert [places(label, knowledge).fields["places"] for label in labels] == [(label,) for label in labels]


@given(st.lists(st.sampled_from(FRAGMENTS.split()), max_size=8).map(" ".join) | st.text(max_size=40))
def test_any_text_is_places_or_refused(knowledge: Knowledge, text: str) -> None:
    try:
        found = places(text, knowledge).fields["places"]
    except Misread as misread:
        assert str(misread).endswith(".")
    else:
        assert all(label == "landelijk" or knowledge.gazetteer.resolve(label).label == label for label in found)
        assert places("; ".join(found), knowledge) == Value({"places": found})


@pytest.mark.parametrize(
    "text", ["a," * 2000, "en " * 1300, "regio " * 600, "(" * 4000, "Utrecht, " * 400, "heel " * 700]
)
def test_long_cells_take_no_time(text: str, knowledge: Knowledge) -> None:
    try:
        places(text, knowledge)
    except Misread as misread:
        assert str(misread)
