"""For whom: what schools and foundations write in a cell, and what is kept of it."""

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest

from bot.commons.places import Gazetteer
from bot.search.catalogue import Sector
from bot.search.grades import parse_grades
from bot.search.lists.audience import audience, grades, sector_cross, sectors, with_unit
from bot.search.lists.values import Knowledge, Misread, Value, is_nothing
from bot.search.vocabulary import Vocabulary

PO, SO, VO, VSO, MBO, HO = Sector

FRAGMENTS = """PO VO MBO SO HO vmbo havo vwo mavo gymnasium ISK praktijkonderwijs groep klas leerjaar niveau 1 2 3 4 5 6
7 8 9 12 1e 3e 7-8 5/6 8-12 jaar + & , ; / - ( ) . : en of t/m tot vanaf niet geen vooral alle onderbouw middenbouw
bovenbouw docenten leraren leerlingen kinderen basis kader tl gl mbo hbo brugklas kleuters peuters entree eerste tweede
meisjes ouders 2026-08-07 7-aug x ja"""


@pytest.fixture(scope="session")
def knowledge(vocabulary: Vocabulary, gazetteer: Gazetteer) -> Knowledge:
    return Knowledge(vocabulary, gazetteer)


# Sectors


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("PO", [PO]), ("po; vo", [PO, VO]), ("PO/VO", [PO, VO]), ("PO, VO en MBO", [PO, VO, MBO]),
        ("PO + VO", [PO, VO]), ("PO & VO", [PO, VO]), ("PO | VO", [PO, VO]), ("PO-VO", [PO, VO]),
        ("PO of VO", [PO, VO]), ("VO\nMBO", [VO, MBO]), ("- PO\n- VO", [PO, VO]), ("PO t/m MBO", [PO, VO, MBO]),
        ("P.O.", [PO]), ("V.O. / M.B.O.", [VO, MBO]), ("Basisonderwijs", [PO]), ("primair onderwijs (PO)", [PO]),
        ("basisschool", [PO]), ("Basis", [PO]), ("sbo", [PO]), ("Voortgezet onderwijs", [VO]),
        ("middelbare school", [VO]), ("primair en voortgezet onderwijs", [PO, VO]), ("Primair, Voortgezet", [PO, VO]),
        ("basis- en voortgezet onderwijs", [PO, VO]), ("hoger onderwijs", [HO]), ("so", [SO]), ("(V)SO", [SO, VSO]),
        ("V(S)O", [VO, VSO]), ("S(B)O", [SO, PO]), ("speciaal onderwijs", [SO]),
        ("speciaal (basis)onderwijs", [SO, PO]), ("VSO", [VSO]), ("ROC", [MBO]), ("beroepsonderwijs", [MBO]),
        ("alle leerlingen PO", [PO]), ("Aanbod PO", [PO]), ("VO, VO", [VO]), ("MBO, PO", [MBO, PO]), ("", []),
        ("-", []), ("n.v.t.", []),
    ],
)  # fmt: skip
def test_sectors_have_many_names(text: str, found: list[Sector], knowledge: Knowledge) -> None:
    assert sectors(text, knowledge) == Value({"sectors": tuple(found)})


@pytest.mark.parametrize(
    ("text", "found", "phrases"),
    [
        ("vmbo/havo", [VO], ["vmbo/havo"]),
        ("vmbo, havo, vwo", [VO], ["vmbo/havo/vwo"]),
        ("VO (vmbo bovenbouw)", [VO], ["vmbo bovenbouw"]),
        ("PO groep 7-8", [PO], ["groep 7-8"]),
        ("PO groep 7-8, VO", [PO, VO], ["groep 7-8", "vo"]),
        ("PO bovenbouw en VO onderbouw", [PO, VO], ["groep 5-8", "onderbouw vo"]),
        ("Praktijkonderwijs", [VO], ["praktijkonderwijs"]),
        ("hbo", [HO], ["hbo"]),
        ("mbo niveau 2-4", [MBO], ["mbo niveau 2-4"]),
        ("leraren PO en VO", [PO, VO], ["docenten"]),
        ("PO en docenten", [PO], ["docenten", "po"]),
    ],
)
def test_a_sector_may_come_with_its_grades(
    text: str, found: list[Sector], phrases: list[str], knowledge: Knowledge
) -> None:
    assert sectors(text, knowledge).fields == {"sectors": tuple(found), "grades": tuple(phrases)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("alle sectoren", "“alle sectoren” is niet duidelijk. Noem de sectoren, bijvoorbeeld: PO; VO; MBO."),
        ("allemaal", "“allemaal” is niet duidelijk."),
        ("PO; banaan", "“banaan” is geen sector. Kies uit: PO, SO, VO, VSO, MBO, HO."),
        ("basissschool", "Bedoel je “basisschool”?"),
        ("geen PO", "Zet dat bij “Niet voor”"),
        ("VO, niet vmbo", "Zet dat bij “Niet voor”"),
        ("vmbo 5", "“vmbo 5” is geen sector."),
        ("Blad1", "“Blad1” is geen sector."),
    ],
)
def test_what_is_no_sector_is_said_with_what_to_write(text: str, said: str, knowledge: Knowledge) -> None:
    with pytest.raises(Misread) as misread:
        sectors(text, knowledge)
    assert said in str(misread.value)


# Grades


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        # the notation stays as it is
        ("groep 7-8", ["groep 7-8"]), ("Groep 7 en 8", ["groep 7 en 8"]), ("groep 6 t/m 8", ["groep 6 t/m 8"]),
        ("klas 1-2", ["klas 1-2"]), ("vmbo 3", ["vmbo 3"]), ("4 havo", ["4 havo"]), ("mbo 2-4", ["mbo 2-4"]),
        ("havo/vwo 4-6", ["havo/vwo 4-6"]), ("vmbo-gl/tl 3-4", ["vmbo-gl/tl 3-4"]), ("10-14 jaar", ["10-14 jaar"]),
        ("havo/vwo bovenbouw", ["havo/vwo bovenbouw"]), ("bovenbouw havo en vwo", ["bovenbouw havo en vwo"]),
        ("docenten", ["docenten"]), ("isk", ["isk"]), ("vo; mbo", ["vo", "mbo"]), ("onderbouw vo", ["onderbouw vo"]),
        ("groep 6-8; klas 1", ["groep 6-8", "klas 1"]), ("vmbo leerjaar 1-2", ["vmbo leerjaar 1-2"]),
        # groups
        ("gr. 7/8", ["groep 7-8"]), ("Gr 5 t/m 8", ["groep 5-8"]), ("groep 3, 4 en 5", ["groep 3-5"]),
        ("groep 3, 6", ["groep 3 en 6"]), ("groep 5 t/m groep 8", ["groep 5-8"]),
        ("groep 5 - groep 8", ["groep 5-8"]), ("groep 5-groep 8", ["groep 5-8"]), ("groep 5 – 8", ["groep 5-8"]),
        ("groep 5, groep 6", ["groep 5-6"]), ("groep 6-7-8", ["groep 6-8"]), ("combinatiegroep 7/8", ["groep 7-8"]),
        ("vanaf groep 5", ["groep 5-8"]), ("groep 7+", ["groep 7-8"]), ("t/m groep 6", ["groep 1-6"]),
        ("kleuters", ["groep 1-2"]), ("PO 7-8", ["groep 7-8"]), ("PO: 5/6", ["groep 5-6"]),
        ("PO klas 5 en 6", ["groep 5-6"]), ("bovenbouw PO", ["bovenbouw po"]), ("groep 1/2", ["groep 1/2"]),
        ("groep 8 en brugklas", ["groep 8", "klas 1"]), ("groep 8-leerlingen", ["groep 8"]),
        ("groep 7 t/m klas 2", ["groep 7-8", "klas 1-2"]), ("groep 7, 8 en brugklas", ["groep 7-8", "klas 1"]),
        ("groep 5-8 (8-12 jaar)", ["groep 5-8"]), ("bovenbouw PO (groep 6-8)", ["groep 6-8"]),
        # years and tracks
        ("klas 1, 2 en 3", ["klas 1-3"]), ("1e en 2e klas", ["klas 1-2"]), ("eerste en tweede klas", ["klas 1-2"]),
        ("1e, 2e en 3e klas", ["klas 1-3"]), ("1e t/m 3e klas", ["klas 1-3"]), ("klas 1 t/m klas 3", ["klas 1-3"]),
        ("leerjaar 3", ["leerjaar 3"]), ("lj. 1-2", ["klas 1-2"]), ("brugklas", ["klas 1"]),
        ("VO: klas 1-3", ["klas 1-3"]), ("havo 4 en vwo 5", ["havo klas 4", "vwo klas 5"]),
        ("4 havo en 5 vwo", ["havo klas 4", "vwo klas 5"]), ("havo 4 vwo 5", ["havo klas 4", "vwo klas 5"]),
        ("5v", ["vwo klas 5"]), ("havo 4, havo 5", ["havo klas 4-5"]),
        ("vmbo 3/4, havo 4/5, vwo 5/6", ["vmbo klas 3-4", "havo klas 4-5", "vwo klas 5-6"]),
        ("havo, vwo: klas 1-2", ["havo/vwo klas 1-2"]), ("vmbo (leerjaar 1-2)", ["vmbo klas 1-2"]),
        ("vmbo BB en KB, leerjaar 3", ["vmbo-basis/vmbo-kader klas 3"]), ("2e klas vmbo", ["vmbo klas 2"]),
        ("leerjaar 1 en 2 van havo/vwo", ["havo/vwo klas 1-2"]), ("havo/vwo klas 4+", ["havo/vwo klas 4-6"]),
        ("Leerjaar 1 (vmbo, havo, vwo)", ["vmbo/havo/vwo klas 1"]), ("vmbo t/m vwo", ["vmbo/havo/vwo"]),
        ("mavo/havo/vwo", ["vmbo-gl/tl/havo/vwo"]), ("mavo 3 + 4", ["vmbo-gl/tl klas 3-4"]),
        ("vmbo b/k", ["vmbo-basis/vmbo-kader"]), ("vmbo basis, kader en tl", ["vmbo"]), ("vmbo g/t", ["vmbo-gl/tl"]),
        ("gymnasium klas 1", ["vwo klas 1"]), ("havo en vwo bovenbouw", ["havo en vwo bovenbouw"]),
        ("onderbouw havo en bovenbouw vmbo", ["havo onderbouw", "vmbo bovenbouw"]),
        ("onderbouw havo en vwo bovenbouw", ["havo onderbouw", "vwo bovenbouw"]),
        ("examenklas vmbo", ["vmbo bovenbouw"]), ("onderbouw PO en VO", ["groep 1-4", "onderbouw vo"]),
        ("VO onderbouw", ["onderbouw vo"]), ("Onderbouw VO (klas 1-3)", ["klas 1-3"]),
        ("groep 8 en VO", ["groep 8", "vo"]), ("alle leerlingen van het vmbo", ["vmbo"]),
        # the mbo
        ("mbo niveau 2 en 3", ["mbo niveau 2 en 3"]), ("MBO-niveau 3, 4", ["mbo niveau 3-4"]),
        ("entree", ["mbo niveau 1"]), ("mbo entree t/m niveau 4", ["mbo niveau 1-4"]),
        ("niveau 3 en 4", ["niveau 3 en 4"]),
        # ages and teachers
        ("8 t/m 12 jaar", ["8 t/m 12 jaar"]), ("van 8 tot 12 jaar", ["8-12 jaar"]),
        ("8 jaar t/m 12 jaar", ["8-12 jaar"]), ("vanaf 12 jaar", ["12-23 jaar"]), ("12+", ["12-23 jaar"]),
        ("tot 12 jaar", ["4-12 jaar"]), ("12-jarigen", ["12 jaar"]), ("jongeren 12-18", ["12-18 jaar"]),
        ("leraren", ["docenten"]), ("leerkrachten basisonderwijs", ["docenten"]),
    ],
)  # fmt: skip
def test_grades_are_kept_in_the_notation(text: str, phrases: list[str], knowledge: Knowledge) -> None:
    assert list(grades(text, knowledge).fields["grades"]) == phrases


@pytest.mark.parametrize(
    ("text", "implied"),
    [
        ("groep 7-8", [PO]), ("klas 1-2", [VO]), ("mbo 2-4", [MBO]), ("hbo", [HO]), ("groep 8; klas 1", [PO, VO]),
        ("bovenbouw", [PO, VO]), ("bovenbouw vo", [VO]), ("middenbouw", [PO]), ("8-12 jaar", [PO]),
        ("10-14 jaar", [PO, VO]), ("12-16 jaar", [VO]), ("16-23 jaar", [VO, MBO]), ("docenten", []),
        ("leraren VO", [VO]), ("vo", [VO]), ("alle groepen", [PO]), ("", []),
    ],
)  # fmt: skip
def test_grades_imply_their_sectors(text: str, implied: list[Sector], knowledge: Knowledge) -> None:
    assert list(grades(text, knowledge).fields["implied"]) == implied


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("7-8", ["groep 7-8"]), ("7/8", ["groep 7/8"]), ("6-8", ["groep 6-8"]), ("8-12", ["8-12 jaar"]),
        ("2026-08-07", ["groep 7-8"]), ("2026-07-08", ["groep 7-8"]), ("7-aug", ["groep 7-8"]),
        ("8-jul", ["groep 7-8"]), ("aug-07", ["groep 7-8"]), ("7-8-2026", ["groep 7-8"]),
        ("2026-12-08", ["8-12 jaar"]), ("vooral groep 8", ["groep 8"]), ("mbo leerjaar 2", ["mbo"]),
        ("eerstejaars mbo", ["mbo"]), ("leraren groep 5-8", ["docenten"]), ("alle leerjaren", []),
    ],
)  # fmt: skip
def test_what_is_read_with_some_guessing_is_remarked(text: str, phrases: list[str], knowledge: Knowledge) -> None:
    value = grades(text, knowledge)
    assert list(value.fields["grades"]) == phrases
    (remark,) = value.remarks
    assert f"“{text}”" in remark


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1-2", "“1-2” kan groep of klas zijn. Schrijf “groep 1-2” of “klas 1-2”."),
        ("3", "Schrijf “groep 3” of “klas 3”."),
        ("2026-02-01", "“2026-02-01” is een datum. Schrijf “groep 1-2” of “klas 1-2”."),
        ("2026-11-22", "“2026-11-22” is geen groep of klas."),
        ("groep 9", "Schrijf bijvoorbeeld “groep 7-8”"),
        ("grope 7", "“grope 7” is geen groep of klas."),
        ("vmbo 5", "vmbo klas 5 bestaat niet"),
        ("groep 8, meisjes", "“meisjes” is geen groep of klas. Zet dat bij “Vooral voor”."),
        ("niet voor groep 8", "Zet dat bij “Niet voor”"),
        ("leerlingen", "“leerlingen” is geen groep of klas."),
    ],
)
def test_what_is_no_grade_is_said_with_how_to_mend_it(text: str, said: str, knowledge: Knowledge) -> None:
    with pytest.raises(Misread) as misread:
        grades(text, knowledge)
    assert said in str(misread.value)


@pytest.mark.parametrize(
    ("heading", "text", "meant"),
    [
        ("Groep", "5/6", "groep 5/6"), ("Groep(en)", "5 t/m 8", "groep 5 t/m 8"), ("Klas", "1-2", "klas 1-2"),
        ("Leerjaar", "3", "klas 3"), ("Leeftijd", "8-12", "8-12 jaar"),
        ("Leeftijdsgroep", "8 tot 12", "8 tot 12 jaar"), ("Leeftijd", "12+", "12+ jaar"),
        ("Niveau", "2-4", "mbo niveau 2-4"), ("Groep", "2026-08-07", "groep 2026-08-07"),
        ("Groep of klas", "1-2", "1-2"), ("Groep", "groep 5", "groep 5"), ("Doelgroep", "vmbo", "vmbo"),
        ("Klas", "", ""),
    ],
)  # fmt: skip
def test_a_heading_says_what_bare_numbers_are(heading: str, text: str, meant: str) -> None:
    assert with_unit(heading, text) == meant


def test_a_date_below_a_heading_is_still_a_grade(knowledge: Knowledge) -> None:
    assert grades(with_unit("Klas", "2026-02-01"), knowledge).fields["grades"] == ("klas 1-2",)
    assert grades(with_unit("Leeftijd", "2026-12-08"), knowledge).fields["grades"] == ("8-12 jaar",)


# In words of their own


@pytest.mark.parametrize(
    ("text", "found", "phrases"),
    [
        ("Groep 7 en 8", [PO], ["groep 7-8"]),
        ("Leerlingen van 8-12 jaar", [PO], ["8-12 jaar"]),
        ("leerlingen uit groep 7 en 8 van de basisschool", [PO], ["groep 7-8"]),
        ("PO; vmbo; havo", [PO, VO], ["vmbo", "havo", "po"]),
        ("Primair onderwijs: groep 7, 8; Voortgezet onderwijs: klas 1", [PO, VO], ["groep 7-8", "klas 1"]),
        (
            "Voor alle leerlingen in het PO (groep 1 t/m 8) en VO (leerjaar 1 t/m 3)",
            [PO, VO],
            ["groep 1-8", "klas 1-3"],
        ),
        (
            "Leerlingen in de bovenbouw van het PO (groep 6, 7 en 8) en de onderbouw van het VO (klas 1 en 2)",
            [PO, VO],
            ["groep 6-8", "klas 1-2"],
        ),
        (
            "leerjaar 3 en 4 van het vmbo, leerjaar 4 en 5 van de havo en leerjaar 4 t/m 6 van het vwo",
            [VO],
            ["vmbo klas 3-4", "havo klas 4-5", "vwo klas 4-6"],
        ),
        ("PO 7/8 + VO 1/2", [PO, VO], ["groep 7-8", "klas 1-2"]),
        ("hbo/wo studenten", [HO], ["hbo", "wo"]),
        ("MBO-studenten niveau 2 en 3", [MBO], ["mbo niveau 2-3"]),
        ("- groep 7\n- groep 8", [PO], ["groep 7", "groep 8"]),
        ("peuters en kleuters", [PO], ["peuters", "groep 1-2"]),
        ("docenten en leerlingen VO", [VO], ["docenten", "vo"]),
    ],
)
def test_an_audience_that_says_no_more_than_grades_becomes_grades(
    text: str, found: list[Sector], phrases: list[str], knowledge: Knowledge
) -> None:
    assert audience(text, knowledge).fields == {"sectors": tuple(found), "grades": tuple(phrases)}


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("meisjes groep 7", {"sectors": (PO,), "grades": ("groep 7",)}),
        ("Kwetsbare jongeren van 12 tot 18 jaar", {"sectors": (VO,), "grades": ("12-18 jaar",)}),
        ("17-27 jaar zonder werk of opleiding", {"sectors": (VO, MBO), "grades": ("17-27 jaar",)}),
        ("groep 8. Ook geschikt voor de brugklas.", {"sectors": (PO, VO), "grades": ("groep 8", "klas 1")}),
        ("leraren groep 5-8", {"sectors": (PO,), "grades": ("docenten",)}),
        ("mbo leerjaar 1", {"sectors": (MBO,)}),
        ("PO en VO, niet voor MBO", {"sectors": (PO, VO)}),
        ("groep 8, behalve vrijescholen. Ook klas 1.", {"sectors": (PO, VO), "grades": ("groep 8", "klas 1")}),
        ("vmbo 5", {"sectors": (VO,)}),
        ("in het kader van LOB, vmbo 3", {"sectors": (VO,), "grades": ("vmbo klas 3",)}),
    ],
)
def test_an_audience_that_says_more_stays_whole_as_well(
    text: str, fields: dict[str, object], knowledge: Knowledge
) -> None:
    assert audience(text, knowledge) == Value(fields | {"for_whom": text})


@pytest.mark.parametrize(
    "text", ["ouders", "iedereen", "alle leerlingen", "jongeren met een taalachterstand", "1-2", "x"]
)
def test_an_audience_without_sector_or_grade_is_kept_and_remarked(text: str, knowledge: Knowledge) -> None:
    value = audience(text, knowledge)
    assert value.fields == {"for_whom": text}
    assert value.remarks == (f"In “{text}” lezen we geen sector, groep of klas. De tekst komt bij “Vooral voor”.",)


def test_an_empty_audience_says_nothing(knowledge: Knowledge) -> None:
    assert audience("", knowledge) == audience("-", knowledge) == Value({})


# Headings with crosses below


@pytest.mark.parametrize(
    ("heading", "meant"),
    [
        ("PO", "PO"), ("Basisonderwijs (PO)", "PO"), ("Doelgroep: VO", "VO"), ("vmbo", "vmbo"), ("VWO", "vwo"),
        ("groep 1-4", "groep 1-4"), ("Groep 5 t/m 8", "groep 5-8"), ("(v)so", "SO; VSO"), ("kleuters", "groep 1-2"),
        ("Docenten", "docenten"), ("8-12 jaar", "8-12 jaar"), ("mbo 2", "mbo niveau 2"), ("HBO/WO", "hbo; wo"),
        ("PO?", "PO"), ("Groep", None), ("Klas", None), ("Onderwijs", None), ("School", None), ("Titel", None),
        ("1", None), ("Landelijk", None), ("Niet voor PO", None), ("Opmerkingen VO", None), ("", None),
        ("Naam", None), ("Kosten PO", None),
    ],
)  # fmt: skip
def test_a_heading_can_say_for_whom_a_cross_is(heading: str, meant: str | None, knowledge: Knowledge) -> None:
    assert sector_cross(heading, knowledge) == meant


# Whatever anybody writes


TEXTS = st.lists(st.sampled_from([*FRAGMENTS.split(), "\n"]), max_size=9).map(" ".join) | st.text(max_size=40)


@given(TEXTS)
@settings(max_examples=400)
def test_any_text_is_read_or_refused_and_what_is_kept_is_notation(knowledge: Knowledge, text: str) -> None:
    for read in (sectors, grades, audience):
        try:
            value = read(text, knowledge)
        except Misread as misread:
            assert str(misread).endswith(".")
            continue
        kept = value.fields.get("grades", ())
        assert all(parse_grades(phrase)[1] for phrase in kept)
        assert grades("; ".join(kept), knowledge).fields["grades"] == kept
        found = (*value.fields.get("sectors", ()), *value.fields.get("implied", ()))
        assert all(isinstance(sector, Sector) for sector in found)
        assert all(remark.endswith(".") for remark in value.remarks)


@given(TEXTS)
def test_nothing_of_an_audience_gets_lost(knowledge: Knowledge, text: str) -> None:
    with suppress(Misread):
        fields = audience(text, knowledge).fields
        assert fields or is_nothing(text)
        assert fields.get("for_whom", text.strip()) == text.strip()


@pytest.mark.parametrize(
    "text", ["groep 1" + ",1" * 1900, "(" * 4000, "havo " * 800, "groep 8 jaar " * 300, "1" * 4000]
)
def test_long_cells_take_no_time(text: str, knowledge: Knowledge) -> None:
    for read in (sectors, grades, audience):
        with suppress(Misread):
            read(text, knowledge)
