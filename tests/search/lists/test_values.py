"""What single cells say: yes and no, lists, texts, costs, days and addresses as people write them."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
import pytest

from bot.commons.places import Gazetteer
from bot.search.catalogue import Cost, Status
from bot.search.lists.values import (
    Knowledge,
    Misread,
    Value,
    cost,
    day_text,
    full_until,
    is_cross,
    is_nothing,
    joined,
    line,
    link,
    offer_id,
    parts,
    says_nothing,
    short,
    status,
    text_of,
    volunteers,
)
from bot.search.vocabulary import Vocabulary

FREE, PAID, UNKNOWN = Cost.FREE, Cost.PAID, Cost.UNKNOWN


@pytest.fixture(scope="session")
def knowledge(vocabulary: Vocabulary, gazetteer: Gazetteer) -> Knowledge:
    return Knowledge(vocabulary, gazetteer)


@pytest.mark.parametrize(
    ("text", "cross"),
    [
        *(
            (text, True)
            for text in ("x", "X", "(x)", "ja", "Ja!", "1", "✓", "✔", "√", "v", "V", "waar", "TRUE", "yes", "j")
        ),
        *((text, False) for text in ("", " ", "-", "–", "nee", "Nee", "0", "onwaar", "false", "✗", "n")),
        *((text, None) for text in ("misschien", "vmbo", "12", "?", "ja, soms", "2")),
    ],
)
def test_a_cross_says_yes_or_no(text: str, cross: bool | None) -> None:
    assert is_cross(text) is cross


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a, b", ["a", "b"]),
        ("a; b, c", ["a", "b, c"]),
        ("a\nb, c", ["a", "b, c"]),
        ("- a\n- b", ["a", "b"]),
        ("1. a\n2. b", ["a", "b"]),
        ("• a\n• b; c", ["a", "b", "c"]),
        ("a • b | c", ["a", "b", "c"]),
        ("a (b, c), d", ["a (b, c)", "d"]),
        ("a, b, a", ["a", "b"]),
        ("a, b;", ["a, b"]),
        (" ; a ;; ", ["a"]),
        ("", []),
        ("- a", ["- a"]),
    ],
)
def test_a_list_is_cut_where_it_is_meant_to_be(text: str, found: list[str]) -> None:
    assert list(parts(text)) == found


PART = st.text(st.characters(exclude_characters=";", exclude_categories=["Cc", "Cs", "Z"]), min_size=1, max_size=8)


@given(st.lists(PART | st.sampled_from(["a, b", "a |", "• a", "a (", ",", "1. a"]), unique=True, max_size=4))
def test_a_list_that_is_written_is_read_back(texts: list[str]) -> None:
    assert list(parts(joined(texts))) == texts


@pytest.mark.parametrize("text", ["", "-", "–", "—", " - ", "...", "__"])
def test_a_dash_is_nothing(text: str, knowledge: Knowledge) -> None:
    assert is_nothing(text)
    assert text_of("duration")(text, knowledge) == Value({"duration": ""})


@pytest.mark.parametrize("text", ["n.v.t.", "N.v.t.", "nvt", "?", "onbekend", "(nog) onbekend", "niet bekend", "geen"])
def test_some_words_say_that_there_is_nothing_to_say(text: str) -> None:
    assert says_nothing(text.replace("(", "").replace(")", ""))


def test_texts_are_kept_as_they_are_up_to_a_length(knowledge: Knowledge) -> None:
    assert text_of("summary")("Twee regels,\nmet “tekens” – en zo.", knowledge).fields == {
        "summary": "Twee regels,\nmet “tekens” – en zo."
    }
    with pytest.raises(Misread, match=r"“a{79}…” is te lang \(4001 tekens\). Maak er hoogstens 4000 tekens van."):
        text_of("summary")("a" * 4001, knowledge)


def test_names_are_one_line_and_not_long(knowledge: Knowledge) -> None:
    assert line("title")(" Debat op school ", knowledge).fields == {"title": "Debat op school"}
    assert line("title")("", knowledge).fields == {"title": ""}
    assert line("title")("Debat\nop school", knowledge).fields == {"title": "Debat op school"}
    with pytest.raises(Misread, match="hoogstens 200 tekens"):
        line("provider")("a" * 201, knowledge)


def test_ids_are_those_of_the_list(knowledge: Knowledge) -> None:
    assert offer_id(" KME67P3T ", knowledge).fields == {"id": "kme67p3t"}
    assert offer_id("", knowledge).fields == {"id": ""}
    for text in ("12", "kme67p3", "kme67p3l", "P-001"):
        with pytest.raises(Misread, match=r"Laat de cel leeg: het programma krijgt vanzelf een id\."):
            offer_id(text, knowledge)


@pytest.mark.parametrize(
    ("text", "found", "note"),
    [
        *(
            (text, FREE, None)
            for text in ("gratis", "Gratis!", "kosteloos", "geen", "geen kosten", "nee", "free", "nul")
        ),
        *((text, FREE, None) for text in ("0", "0,00", "€ 0", "€0,-", "0 euro", "€ 0,00")),
        *((text, PAID, None) for text in ("ja", "betaald", "Kost geld", "tegen betaling", "paid", "x", "niet gratis")),
        *(
            (text, UNKNOWN, None)
            for text in ("", "-", "?", "onbekend", "niet bekend", "n.v.t.", "nog niet bekend", "unknown")
        ),
        ("250", PAID, "€ 250"),
        ("12.5", PAID, "€ 12,50"),
        ("2,50", PAID, "€ 2,50"),
        ("1.250", PAID, "€ 1.250"),
        ("€250,-", PAID, "€250,-"),
        ("EUR 300", PAID, "EUR 300"),
        ("300,- euro", PAID, "300,- euro"),
        ("€ 1.250,00 per klas", PAID, "€ 1.250,00 per klas"),
        ("vanaf € 250 per klas", PAID, "vanaf € 250 per klas"),
        ("vanaf 250 per klas", PAID, "vanaf 250 per klas"),
        ("200-300", PAID, "200-300"),
        ("5 euro p.p.", PAID, "5 euro p.p."),
        ("eigen bijdrage", PAID, "eigen bijdrage"),
        ("Ja, zie website", PAID, "Ja, zie website"),
        ("gratis, daarna € 50", PAID, "gratis, daarna € 50"),
        ("Gratis of 5 euro", PAID, "Gratis of 5 euro"),
        ("gratis voor scholen in Amsterdam", FREE, "gratis voor scholen in Amsterdam"),
        ("Gratis (t.w.v. € 250)", FREE, "Gratis (t.w.v. € 250)"),
        ("€ 0 per leerling", FREE, "€ 0 per leerling"),
        ("geen eigen bijdrage nodig", FREE, "geen eigen bijdrage nodig"),
        ("meestal gratis", UNKNOWN, "meestal gratis"),
        ("geen kosten bekend", UNKNOWN, "geen kosten bekend"),
        ("gesubsidieerd", UNKNOWN, "gesubsidieerd"),
        ("vrijwillige bijdrage", UNKNOWN, "vrijwillige bijdrage"),
        ("op aanvraag", UNKNOWN, "op aanvraag"),
        ("in overleg", UNKNOWN, "in overleg"),
        ("10 lessen", UNKNOWN, "10 lessen"),
    ],
)
def test_costs_are_free_paid_or_unknown_and_what_more_is_said_is_kept(
    text: str, found: Cost, note: str | None, knowledge: Knowledge
) -> None:
    assert cost(text, knowledge) == Value({"cost": found} | ({} if note is None else {"cost_note": note}))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", Status.ACTIVE), ("Actief", Status.ACTIVE), ("lopend", Status.ACTIVE), ("active", Status.ACTIVE),
        ("ja", Status.ACTIVE), ("proef", Status.PILOT), ("Pilot", Status.PILOT), ("vol", Status.FULL),
        ("volgeboekt", Status.FULL), ("gestopt", Status.ENDED), ("beëindigd", Status.ENDED),
        ("vervallen", Status.ENDED), ("ended", Status.ENDED), ("niet meer beschikbaar", Status.ENDED),
        ("verborgen", Status.HIDDEN), ("niet tonen", Status.HIDDEN),
    ],
)  # fmt: skip
def test_the_status_has_many_words(text: str, found: Status, knowledge: Knowledge) -> None:
    assert status(text, knowledge) == Value({"status": found})


def test_full_may_say_until_when(knowledge: Knowledge) -> None:
    full = {"status": Status.FULL, "full_until": date(2027, 1, 1)}
    assert status("Vol tot 1-1-2027", knowledge).fields == full
    assert status("vol (t/m 1 januari 2027)", knowledge).fields == full
    with pytest.raises(Misread, match="“later” is geen dag"):
        status("vol tot later", knowledge)
    with pytest.raises(Misread, match=r"“banaan” is geen status. Kies uit: actief, proef, vol, gestopt, verborgen."):
        status("banaan", knowledge)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ja", True), ("X", True), ("true", True), ("1", True), ("nee", False), ("0", False), ("", None), ("-", None),
        ("?", None),
    ],
)  # fmt: skip
def test_volunteers_are_yes_no_or_unknown(text: str, found: bool | None, knowledge: Knowledge) -> None:
    assert volunteers(text, knowledge) == Value({"volunteers": found})


@pytest.mark.parametrize("text", ["12", "soms", "studenten"])
def test_other_words_about_volunteers_are_refused(text: str, knowledge: Knowledge) -> None:
    with pytest.raises(Misread, match="is niet duidelijk: werkt het met vrijwilligers"):
        volunteers(text, knowledge)


def test_days_are_read_and_written_as_in_the_netherlands(knowledge: Knowledge) -> None:
    assert full_until("31 december 2026", knowledge).fields == {"full_until": date(2026, 12, 31)}
    assert full_until("", knowledge).fields == {"full_until": None}
    assert (day_text(date(2026, 5, 1)), day_text(None)) == ("01-05-2026", "")
    with pytest.raises(Misread, match=r"“binnenkort” is geen dag\. Schrijf dag-maand-jaar, bijvoorbeeld 31-12-2026"):
        full_until("binnenkort", knowledge)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://voorbeeld.nl", "https://voorbeeld.nl"),
        ("http://voorbeeld.nl/a?b=1#c", "http://voorbeeld.nl/a?b=1#c"),
        ("www.voorbeeld.nl", "https://www.voorbeeld.nl"), ("voorbeeld.nl/debat", "https://voorbeeld.nl/debat"),
        ("www.voorbeeld.nl.", "https://www.voorbeeld.nl"), ("<https://voorbeeld.nl>", "https://voorbeeld.nl"),
        ("https://example.org/a_(b)", "https://example.org/a_(b)"), ("", ""), ("-", ""), ("n.v.t.", ""),
        ("volgt", ""),
    ],
)  # fmt: skip
def test_links_are_completed(text: str, found: str, knowledge: Knowledge) -> None:
    assert link(text, knowledge) == Value({"link": found})


def test_of_several_links_the_first_is_taken(knowledge: Knowledge) -> None:
    value = link("https://a.nl en www.b.nl", knowledge)
    assert value.fields == {"link": "https://a.nl"}
    assert value.remarks == ("“https://a.nl en www.b.nl” is meer dan één webadres; we nemen het eerste: https://a.nl.",)
    value = link("Kijk op www.a.nl voor meer", knowledge)
    assert value.remarks == ("We nemen alleen het webadres uit “Kijk op www.a.nl voor meer”: https://www.a.nl.",)


@pytest.mark.parametrize(
    "text", ["zie site", "http://localhost", "ftp://a.nl", "voorbeeld", "https://", "javascript:alert(1)"]
)
def test_what_is_no_link_is_refused(text: str, knowledge: Knowledge) -> None:
    with pytest.raises(Misread, match=r"is geen webadres\. Schrijf hier een webadres, zoals"):
        link(text, knowledge)


def test_an_email_address_belongs_elsewhere(knowledge: Knowledge) -> None:
    with pytest.raises(Misread, match=r"is een e-mailadres. .* Zet het bij Contact\."):
        link("info@voorbeeld.nl", knowledge)


def test_a_long_text_is_quoted_short() -> None:
    assert short("a " * 100) == "a " * 39 + "a…"


def test_what_is_remembered_can_not_be_changed(knowledge: Knowledge) -> None:
    fields = cost("gratis", knowledge).fields
    with pytest.raises(TypeError):
        fields["cost"] = PAID  # type: ignore[index]  # that is the point
    assert cost("gratis", knowledge).fields == {"cost": FREE}


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(knowledge: Knowledge, text: str) -> None:
    for read in (cost, link, status, volunteers, full_until, offer_id, line("title"), text_of("summary")):
        try:
            assert isinstance(read(text, knowledge), Value)
        except Misread as misread:
            assert str(misread).endswith(".")


@pytest.mark.parametrize("text", ["1" * 4000, "€" * 4000, "a." * 2000, "www.a.nl " * 400, "1,-" * 1300, "a," * 16000])
def test_long_cells_take_no_time(text: str, knowledge: Knowledge) -> None:
    for read in (cost, link, status):
        try:
            read(text, knowledge)
        except Misread:
            continue
