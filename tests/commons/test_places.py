"""Names and what is meant by them: readings, what lies in what, traps, and files with mistakes in them."""

import csv
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
import pytest

from bot.commons.places import Gazetteer, load_gazetteer
from bot.commons.words import fold

DATA = Path(__file__).parents[2] / "data"
PLACES, REGIONS = DATA / "places.csv", DATA / "regions.yaml"
HEADER = "id,name,label,kind,inside,lat,lon,size,aliases,everyday,use"
SMALL = (
    HEADER,
    "provincie-utrecht,Utrecht,provincie Utrecht,provincie,,52.1,5.2,900,,,",
    "utrecht,Utrecht,,gemeente,provincie-utrecht,52.09,5.12,800,,,",
    "utrecht/overvecht,Overvecht,,wijk,utrecht,52.118,5.108,0,,,",
)


ORDINARY_WORDS = [
    *[
        "centrum",
        "noord",
        "zuid",
        "binnenstad",
        "station",
        "stad",
        "haven",
        "nederland",
        "een",
        "heel",
        "hem",
        "handel",
    ],
    *["wijk", "de wijk", "de punt", "de hoef", "anderen", "muziekwijk", "literatuurwijk", "rijk", "brand", "campagne"],
    *["podium", "school", "taal", "rekenen", "lezen", "sport", "cultuur", "beroepen", "debat", "tempel", "heuvel"],
]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(PLACES, REGIONS)


def readings(gazetteer: Gazetteer, name: str) -> list[str]:
    return [place.label for place in gazetteer.names.get(fold(name), ())]


# What a name means


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Utrecht", ["Utrecht"]),
        ("stad Utrecht", ["Utrecht"]),
        ("provincie Utrecht", ["provincie Utrecht"]),
        ("Utrecht provincie", ["provincie Utrecht"]),
        ("Groningen", ["Groningen"]),
        ("provincie Groningen", ["provincie Groningen"]),
        ("Zeeland", ["Zeeland"]),
        ("Bergen", ["Bergen (Noord-Holland)", "Bergen (Limburg)"]),
        ("Bergen NH", ["Bergen (Noord-Holland)"]),
        ("Bergen Limburg", ["Bergen (Limburg)"]),
        ("Bergen op Zoom", ["Bergen op Zoom"]),
        ("Hengelo", ["Hengelo (Overijssel)", "Hengelo (Gelderland)"]),
        ("Rijswijk", ["Rijswijk (Zuid-Holland)", "Rijswijk (Noord-Brabant)", "Rijswijk (Gelderland)"]),
        ("Hoorn", ["Hoorn"]),
        ("Katwijk", ["Katwijk"]),
        ("Laren", ["Laren"]),
        ("Alphen", ["Alphen aan den Rijn"]),
        ("Brabant", ["Noord-Brabant"]),
        ("Fryslân", ["Friesland"]),
        ("Friesland", ["Friesland"]),
        ("'s-Hertogenbosch", ["Den Bosch"]),
        ("’s-Gravenhage", ["Den Haag"]),
        ("The Hague", ["Den Haag"]),
        ("020", ["Amsterdam"]),
        ("A'dam", ["Amsterdam"]),
        ("Ljouwert", ["Leeuwarden"]),
        ("Snits", ["Sneek"]),
        ("Flushing", ["Vlissingen"]),
        ("Hook of Holland", ["Hoek van Holland"]),
        ("Waterland", ["Waterland"]),
        ("Schalkwijk", ["Schalkwijk (Haarlem)", "Schalkwijk (Houten)"]),
    ],
)
def test_what_a_name_means(gazetteer: Gazetteer, name: str, meant: list[str]) -> None:
    assert readings(gazetteer, name) == meant


@pytest.mark.parametrize(
    ("spellings", "meant"),
    [
        (["Amsterdam Noord", "Amsterdam-Noord", "Noord Amsterdam", "adam noord", "020 noord"], "Amsterdam Noord"),
        (["Amsterdam Nieuw-West", "nieuw west amsterdam"], "Amsterdam Nieuw-West"),
        (["Rotterdam-Zuid", "zuid rotterdam", "rdam zuid"], "Rotterdam-Zuid"),
        (["Utrecht-Overvecht", "Overvecht", "overvecht utrecht", "Overvecht (Utrecht)"], "Overvecht (Utrecht)"),
        (["centrum utrecht", "Utrecht Centrum", "binnenstad utrecht"], "Utrecht Centrum"),
        (["Bijlmer", "de Bijlmer", "Bijlmermeer", "amsterdam bijlmer"], "Bijlmer (Amsterdam)"),
        (["Schilderswijk", "schilderswijk den haag"], "Schilderswijk (Den Haag)"),
        (["Den Bosch Noord", "'s-Hertogenbosch-Noord"], "Den Bosch Noord"),
        (["Almere Haven", "haven almere"], "Almere Haven"),
        (["Twente", "regio Twente"], "Twente"),
        (["Gooi", "het Gooi", "'t Gooi", "Gooi en Vechtstreek"], "Gooi en Vechtstreek"),
        (["MRA", "regio Amsterdam", "Metropoolregio Amsterdam"], "Metropoolregio Amsterdam"),
        (["Brainport", "regio Eindhoven"], "Brainport"),
        (["Regio Utrecht", "utrecht en omgeving"], "Regio Utrecht"),
    ],
)
def test_one_place_many_ways(gazetteer: Gazetteer, spellings: list[str], meant: str) -> None:
    assert {spelling: readings(gazetteer, spelling) for spelling in spellings} == {key: [meant] for key in spellings}


@pytest.mark.parametrize("word", ORDINARY_WORDS)
def test_ordinary_words_are_no_place(gazetteer: Gazetteer, word: str) -> None:
    assert readings(gazetteer, word) == []


def test_words_that_are_places_too_are_marked(gazetteer: Gazetteer) -> None:
    assert {"best", "echt", "ee", "ens", "zetten", "huizen", "buren", "vries", "adam", "zuilen"} <= gazetteer.everyday
    assert gazetteer.everyday.isdisjoint({"hoorn", "assen", "utrecht", "amsterdam", "houten", "ede"})
    assert gazetteer.everyday <= gazetteer.names.keys()


def test_a_trap_can_still_be_named_with_its_municipality(gazetteer: Gazetteer) -> None:
    assert readings(gazetteer, "Een Noordenveld") == ["Een (Drenthe)"]
    assert readings(gazetteer, "Heel (Limburg)") == ["Heel (Limburg)"]
    assert readings(gazetteer, "heel limburg") == []


def test_the_province_of_the_same_name(gazetteer: Gazetteer) -> None:
    utrecht, overvecht = gazetteer.resolve("Utrecht"), gazetteer.resolve("Overvecht")
    assert (namesake := gazetteer.namesake(utrecht)) is not None
    assert namesake.kind == "provincie"
    assert gazetteer.namesake(namesake) is None
    assert gazetteer.namesake(overvecht) is None


# What lies in what


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        ("Bijlmer", ["Amsterdam Zuidoost", "Amsterdam", "Noord-Holland", "Metropoolregio Amsterdam", "Randstad"]),
        ("Afrikaanderwijk", ["Feijenoord", "Rotterdam-Zuid", "Rotterdam", "Rijnmond", "Zuid-Holland"]),
        ("Leidsche Rijn", ["Utrecht", "provincie Utrecht", "Regio Utrecht"]),
        ("Roden", ["Noordenveld", "Drenthe", "Noord-Nederland"]),
        ("Delfzijl", ["Eemsdelta", "Noord-Groningen", "provincie Groningen"]),
        ("Schiphol", ["Haarlemmermeer", "Noord-Holland"]),
        ("Enschede", ["Twente", "Overijssel", "Oost-Nederland"]),
        ("Twente", ["Overijssel"]),
        ("IJmond", ["Kennemerland", "Noord-Holland"]),
        ("Parkstad", ["Zuid-Limburg", "Limburg"]),
        ("Brainport", ["Oost-Brabant", "Noord-Brabant"]),
        ("Appingedam", ["provincie Groningen"]),
    ],
)
def test_within(gazetteer: Gazetteer, inner: str, outer: list[str]) -> None:
    assert {gazetteer.resolve(name).id for name in outer} <= gazetteer.resolve(inner).within


def test_a_region_of_two_provinces_is_in_neither(gazetteer: Gazetteer) -> None:
    within = gazetteer.resolve("Foodvalley").within
    assert within.isdisjoint({gazetteer.resolve("Gelderland").id, gazetteer.resolve("provincie Utrecht").id})


def test_nothing_contains_itself_and_all_containers_exist(gazetteer: Gazetteer) -> None:
    for place in gazetteer.places.values():
        assert place.id not in place.within
        for container in place.within:
            assert gazetteer.places[container].within <= place.within


def test_everything_of_the_country_is_there(gazetteer: Gazetteer) -> None:
    kinds = [place.kind for place in gazetteer.places.values()]
    assert kinds.count("provincie") == 12
    assert kinds.count("gemeente") == 342
    municipalities = {place.id for place in gazetteer.places.values() if place.kind == "gemeente"}
    for place in gazetteer.places.values():
        if place.kind in ("wijk", "plaats"):
            assert len(place.within & municipalities) == 1, place


def test_labels_are_unique_and_resolve_to_their_place(gazetteer: Gazetteer) -> None:
    for place in gazetteer.places.values():
        assert gazetteer.resolve(place.label) == place


def test_distance(gazetteer: Gazetteer) -> None:
    amsterdam, rotterdam = gazetteer.resolve("Amsterdam"), gazetteer.resolve("Rotterdam")
    assert gazetteer.distance_km(amsterdam, rotterdam) == pytest.approx(57, abs=4)
    assert gazetteer.distance_km("amsterdam", "amsterdam") == 0


def test_the_longest_name_counts_words(gazetteer: Gazetteer) -> None:
    assert gazetteer.longest == max(len(name.split()) for name in gazetteer.names)


# Names in lists people send


def test_every_place_of_the_starter_catalogue_is_one_place(gazetteer: Gazetteer) -> None:
    with (DATA / "offers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    column = "places" if "places" in rows[0] else "regions"
    names = {name.strip() for row in rows for name in row[column].split(";")} - {"", "landelijk", "onbekend"}
    assert names
    for name in names:
        gazetteer.resolve(name)


def test_resolving_says_what_to_do(gazetteer: Gazetteer) -> None:
    with pytest.raises(ValueError, match=r"meer dan één plaats.*Bergen \(Noord-Holland\)” of “Bergen \(Limburg\)"):
        gazetteer.resolve("Bergen")
    with pytest.raises(ValueError, match=r"geen plaats die we kennen\. Bedoel je .*Amsterdam"):
        gazetteer.resolve("Amsterdma")
    with pytest.raises(ValueError, match=r"geen plaats die we kennen\.$"):
        gazetteer.resolve("qqqqqq")


# Files with mistakes


def load(tmp_path: Path, lines: tuple[str, ...], regions: str) -> Gazetteer:
    (tmp_path / "places.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "regions.yaml").write_text(regions, encoding="utf-8")
    return load_gazetteer(tmp_path / "places.csv", tmp_path / "regions.yaml")


REGION = "- name: Het Midden\n  contains: [Utrecht]\n"


def test_a_small_pair_of_files_is_enough(tmp_path: Path) -> None:
    small = load(tmp_path, SMALL, REGION)
    overvecht = small.resolve("overvecht")
    assert overvecht.label == "Overvecht (Utrecht)"
    assert overvecht.within == {"utrecht", "provincie-utrecht", "regio-het-midden"}
    assert small.resolve("regio het midden").within == {"provincie-utrecht"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("x,X,,gemeente,provincie-utrecht,52.0,5.1,1,,", "10 values where 11 are needed"),
        ("utrecht,X,,gemeente,provincie-utrecht,52.0,5.1,1,,,", "used already in line 3"),
        (",X,,gemeente,provincie-utrecht,52.0,5.1,1,,,", "cannot be empty"),
        ("x,X,,dorp,utrecht,52.0,5.1,1,,,", "kind 'dorp' must be"),
        ("x,X,,plaats,,52.0,5.1,1,,,", "inside is empty"),
        ("x,X,,plaats,utrech,52.0,5.1,1,,,", "inside 'utrech' is no id"),
        ("x,X,,plaats,utrecht,5.1,52.0,1,,,", "not in the Netherlands"),
        ("x,X,,plaats,utrecht,52.0,5.1,veel,,,", "invalid literal"),
        ("x,X,,plaats,utrecht,52.0,5.1,1,,Y,", "everyday 'y' is neither"),
        ("x,X,,plaats,utrecht,52.0,5.1,1,,,soms", "use 'soms' must be"),
        ("x,Utrecht,,plaats,utrecht,52.0,5.1,1,,,", "label 'Utrecht' is that of line 3 too"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(ValueError, match=rf"places\.csv:5: .*{message}"):
        load(tmp_path, (*SMALL, line), REGION)


def test_another_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"places\.csv:1: the first line must be id,name"):
        load(tmp_path, ("naam,plaats", *SMALL[1:]), REGION)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("- name: A\n  contains: [Utrecht,\n    Atlantis]\n", 3, "'atlantis' is no place"),
        ("- name: A\n  contains: []\n", 1, "contains nothing"),
        ("- name: A\n", 1, "has a name, contains"),
        ("- name: A\n  contains: Utrecht\n", 1, "must be a list"),
        ("- name: A\n  bevat: [Utrecht]\n", 1, "has a name, contains"),
        ("- name: A\n  contains: [Utrecht]\n- name: A\n  contains: [Overvecht (Utrecht)]\n", 3, "a region A already"),
        ("- name: A\n  contains: [Utrecht]\n- name: B\n  contains: [Utrecht]\n", 3, "make it an alias"),
        ("name: A\n", 1, "must be a list"),
        ("- name: 'A\n", 2, ""),
    ],
)
def test_a_bad_region_is_named(tmp_path: Path, text: str, line: int, message: str) -> None:
    with pytest.raises(ValueError, match=rf"regions\.yaml:{line}: .*{message}"):
        load(tmp_path, SMALL, text)


# Folding


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("'s-Hertogenbosch", "s hertogenbosch"),
        ("’s‑Hertogenbosch", "s hertogenbosch"),
        ("Fryslân", "fryslan"),
        ("  Noord -  Holland ", "noord holland"),
        ("IJburg", "ijburg"),
        ("Ĳburg", "ijburg"),
        ("a´dam", "adam"),
        ("Súdwest-Fryslân", "sudwest fryslan"),
        ("één", "een"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_fold_is_idempotent_and_never_fails(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert once == once.strip()
