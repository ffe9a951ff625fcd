"""A file against the list: what becomes of each row, and that a row comes out as it went in."""

from collections.abc import Sequence
import csv
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
import pytest

from bot.commons.places import Gazetteer
from bot.commons.tables import clean
from bot.commons.words import fold
from bot.search import exporting
from bot.search.catalogue import NATIONWIDE, Catalogue, Cost, Offer, Provider, Relation, Sector, Status
from bot.search.changes import Plan, after, is_nearly, make_plan
from bot.search.importing import Options, read_list
from bot.search.lists.columns import Knowledge
from bot.search.lists.layout import WrongColumns
from bot.search.lists.values import is_nothing, says_nothing
from bot.search.starter import Faulty, read_starter
from bot.search.vocabulary import Vocabulary

DATA = Path(__file__).parents[2] / "data"
NOORD = Provider("Stichting Noord", Relation.PARTNER, ("SN",))
DEBATE = Offer(
    "abcdefgh", "Stichting Noord", "Debatclub", sectors=(Sector.VO,), grades=("klas 1-3",), places=("Utrecht",),
    themes=("debat",), cost=Cost.FREE, checked_on=date(2026, 10, 1), checked_by="redactie",
)  # fmt: skip
HOMEWORK = Offer("bcdefghj", "Stichting Noord", "Huiswerkuur", sectors=(Sector.PO,), places=("landelijk",))
OWN = Catalogue((DEBATE, HOMEWORK), (NOORD,), version=3)


@pytest.fixture(scope="session")
def knowledge(vocabulary: Vocabulary, gazetteer: Gazetteer) -> Knowledge:
    return Knowledge(vocabulary, gazetteer)


class Planner:
    """Makes a file of rows, and the plan of bringing it in."""

    def __init__(self, knowledge: Knowledge, folder: Path) -> None:
        self._knowledge = knowledge
        self._path = folder / "lijst.csv"

    def __call__(self, *rows: Sequence[str], base: Catalogue = OWN, options: Options | None = None) -> Plan:
        options = options or Options()
        with self._path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows(rows)
        return make_plan(self._path.name, read_list(self._path, base, self._knowledge, options), base, options)


@pytest.fixture
def plan(knowledge: Knowledge, tmp_path: Path) -> Planner:
    return Planner(knowledge, tmp_path)


def said(plan: Plan) -> list[tuple[int, str]]:
    """Row and column of what was rejected."""
    return [(fault.where.row, fault.heading) for fault in plan.rejected]


# --- the example list ---


def test_the_starter_catalogue_is_valid(knowledge: Knowledge) -> None:
    catalogue = read_starter(DATA / "offers.csv", DATA / "providers.csv", knowledge)
    assert len(catalogue.offers) == 130
    assert catalogue.starter
    assert all(provider.starter for provider in catalogue.providers)
    partners = {provider.name for provider in catalogue.providers if provider.is_partner}
    assert len(partners) == 8  # five founders and three partners: nobody else may be called so
    assert all(offer.checked_on is None and not offer.contact for offer in catalogue.offers)  # never invented
    trains = [offer for offer in catalogue.offers if offer.title.startswith("SKB-trein")]
    assert trains
    assert {offer.status for offer in trains} == {Status.PILOT}


def test_the_starter_files_say_what_they_say(knowledge: Knowledge) -> None:
    """Beside a plain reader of CSV: nothing is lost or made up on the way."""

    def resolve(name: str) -> str:
        return name if name == NATIONWIDE else knowledge.gazetteer.resolve(name).id

    catalogue = read_starter(DATA / "offers.csv", DATA / "providers.csv", knowledge)
    with (DATA / "offers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, offer in zip(rows, catalogue.offers, strict=True):
        for field in fields(Offer):
            value = getattr(offer, field.name)
            if field.name == "places":
                assert [*map(resolve, value)] == [*dict.fromkeys(map(resolve, filter(None, row["places"].split(";"))))]
            elif isinstance(value, tuple):
                assert list(value) == [part for part in row[field.name].split(";") if part], (offer.title, field.name)
            elif isinstance(value, str):
                assert value == (row[field.name] or {"cost": "unknown", "status": "active"}.get(field.name, ""))


def test_a_fault_in_the_starter_is_named_with_file_row_and_column(knowledge: Knowledge, tmp_path: Path) -> None:
    text = (DATA / "offers.csv").read_text(encoding="utf-8")
    (tmp_path / "offers.csv").write_text(text.replace("landelijk", "Kwakkeldam", 1), encoding="utf-8")
    with pytest.raises(Faulty) as raised:
        read_starter(tmp_path / "offers.csv", DATA / "providers.csv", knowledge)
    [sentence] = raised.value.sentences
    assert sentence.startswith("offers.csv, rij ")
    assert "kolom places: “Kwakkeldam”" in sentence


# --- whose row is it ---


def test_an_id_decides_and_else_organisation_and_title(plan: Planner) -> None:
    heading = ("id", "Organisatie", "Programma", "Sector", "Plaatsen")
    found = plan(
        heading,
        ("abcdefgh", "Stichting Noord", "Debatklas", "VO", "Utrecht"),
        ("", "noord", "HUISWERK-UUR", "PO", "landelijk"),
        ("", "SN", "Iets nieuws", "PO", "Utrecht"),
    )
    assert [draft.offer.title for draft in found.changed] == ["Debatklas", "HUISWERK-UUR"]
    assert [draft.offer.id for draft in found.changed] == ["abcdefgh", "bcdefghj"]
    assert [draft.offer.provider for draft in found.new] == ["Stichting Noord"]
    assert found.new_providers == ()
    assert found.changed[0].offer == replace(DEBATE, title="Debatklas")  # what the file has no column for stays


def test_ids_of_elsewhere_are_kept_and_wrong_ones_rejected(plan: Planner) -> None:
    heading = ("id", "Organisatie", "Programma", "Sector")
    found = plan(
        heading, ("zzzzzzzz", "Noord", "Een", "PO"), ("zzzzzzzz", "Noord", "Twee", "PO"), ("x1", "Noord", "Drie", "PO")
    )
    assert [draft.offer.id for draft in found.new] == ["zzzzzzzz"]
    assert said(found) == [(3, "id"), (4, "id")]


def test_an_example_is_edited_with_its_id_and_replaced_without(plan: Planner) -> None:
    examples = replace(OWN, starter=True, providers=(replace(NOORD, starter=True), Provider("Weg", starter=True)))
    heading = ("id", "Organisatie", "Programma", "Sector")
    edited = plan(heading, ("abcdefgh", "Stichting Noord", "Debat", "VO"), base=examples)
    assert edited.replaces == 0
    assert after(examples, edited.change).starter
    wrong = plan(heading, ("abcdefgh", "Noord", "Debat", "V0"), ("", "Noord", "Nieuw", "VO"), base=examples)
    assert (wrong.replaces, said(wrong)) == (0, [(2, "Sector")])  # one mistake in an edit throws no list away
    first = plan(heading, ("", "Stichting Noord", "Debatclub", "VO"), base=examples)
    assert first.replaces == 2
    now = after(examples, first.change)
    assert not now.starter
    assert [offer.title for offer in now.offers] == ["Debatclub"]
    assert now.offers[0].id != "abcdefgh"
    assert [provider.name for provider in now.providers] == ["Stichting Noord"]


# --- what a row says ---


def test_a_check_never_comes_from_a_file(plan: Planner) -> None:
    heading = ("id", "Organisatie", "Programma", "Sector", "Gecontroleerd op", "Gecontroleerd door")
    found = plan(heading, ("abcdefgh", "Stichting Noord", "Debatclub", "VO", "2026-11-20", "iemand"))
    assert found.unchanged == 1
    found = plan(heading, ("", "Stichting Noord", "Nieuw", "VO", "2026-11-20", "iemand"))
    assert (found.new[0].offer.checked_on, found.new[0].offer.checked_by) == (None, "")


def test_the_sector_comes_from_its_column_or_the_grades_or_the_crosses(plan: Planner) -> None:
    found = plan(
        ("Organisatie", "Programma", "Sector", "Doelgroep", "PO", "VO", "Klas"),
        ("Noord", "Een", "MBO", "", "", "", ""),
        ("Noord", "Twee", "", "groep 6-8", "", "", ""),
        ("Noord", "Drie", "", "", "x", "x", ""),
        ("Noord", "Vier", "", "", "", "", "1-2"),
        ("Noord", "Vijf", "", "", "", "", ""),
        ("Noord", "Zes", "", "", "-", "groep onbekend x", ""),
    )
    assert [draft.offer.sectors for draft in found.new[:4]] == [
        (Sector.MBO,), (Sector.PO,), (Sector.PO, Sector.VO), (Sector.VO,)
    ]  # fmt: skip
    assert found.new[3].offer.grades == ("klas 1-2",)
    assert (6, "Sector") in said(found)


def test_a_list_that_comes_again_changes_nothing(plan: Planner) -> None:
    heading = ("Organisatie", "Programma", "Sector", "Onderwijsniveau", "Doelgroep", "Groep of klas", "Kosten per klas")
    rows = (
        ("Noord", "Een", "VO", "havo", "", "klas 3", "€ 250"),
        ("Noord", "Twee", "PO", "", "docenten", "groep 7-8", "gratis"),
        ("Noord", "Drie", "", "", "groep 8", "klas 1", ""),
        ("Noord", "Vier", "PO", "", "10-12 jaar", "groep 7-8", "op aanvraag"),
    )
    first = plan(heading, *rows)
    assert len(first.new) == 4, first.rejected
    then = after(OWN, first.change)
    again = plan(heading, *rows, base=then)
    assert (again.unchanged, again.changed, again.new, again.rejected) == (4, (), (), ())


def test_several_columns_of_one_kind_are_put_together(plan: Planner) -> None:
    found = plan(
        ("Organisatie", "Programma", "Sector", "Thema 1", "Thema 2", "Contactpersoon", "E-mail", "Telefoon"),
        ("Noord", "Een", "PO", "debat", "taal", "bureau", "info@example.org", "010 000 00 00"),
    )
    [draft] = found.new
    assert draft.offer.themes == ("debat", "taal")
    assert draft.offer.contact == "bureau, info@example.org, 010 000 00 00"


def test_what_can_be_missed_is_left_out_and_said(plan: Planner) -> None:
    heading = ("Organisatie", "Programma", "Sector", "Website")
    found = plan(heading, ("Noord", "Debatclub", "VO", "klik hier"), ("Noord", "Nieuw", "VO", "klik hier"))
    assert found.rejected == ()
    assert found.unchanged == 1
    assert found.new[0].offer.link == ""
    assert [remark.where.row for remark in found.remarks] == [2, 3]


def test_every_fault_of_a_row_is_said(plan: Planner) -> None:
    heading = ("Organisatie", "Programma", "Sector", "Plaats", "Leerjaar", "Status")
    found = plan(heading, ("", "", "PX", "Kwakkeldam", "kwak", "misschien"), ("Noord", "#N/B", "PO", "", "", ""))
    assert said(found) == [
        *((2, name) for name in ("Organisatie", "Programma", "Sector", "Plaats", "Leerjaar", "Status")),
        (3, "Programma"),
    ]
    assert all(fault.text.endswith(".") for fault in found.rejected)
    assert not found.change


def test_rows_that_are_no_programme_are_skipped_and_shown(plan: Planner) -> None:
    heading = ("Organisatie", "Programma", "Sector")
    found = plan(heading, ("Noord", "Een", "PO"), heading, ("Totaal", "1", ""), ("* onder voorbehoud", "", ""))
    assert len(found.new) == 1
    assert found.rejected == ()
    assert [where.row for where, _ in found.skipped] == [3, 4, 5]


# --- doubles, and what is not there ---


@pytest.mark.parametrize(
    ("first", "second", "nearly"),
    [
        ("Debat club", "Debatclub", True),
        ("De Debatclub", "Debatclub project", True),
        ("Club voor debat", "Debat club", True),
        ("Weekendschool Utrecht", "Weekendschol Utrecht", True),
        ("Debatclubs", "Debatclub", True),
        ("Debattraining PO", "Debattraining VO", False),
        ("Debat deel 1", "Debat deel 2", False),
        ("Weekendschool Utrecht", "Weekendschool Dordrecht", False),
        ("Mentoring mbo", "Mentoring vmbo", False),
        ("Debat", "Debat in de raadzaal", False),
    ],
)
def test_nearly_the_same_title(first: str, second: str, nearly: bool) -> None:
    assert is_nearly(first.lower().split(), second.lower().split()) is nearly
    assert is_nearly(second.lower().split(), first.lower().split()) is nearly


def test_doubles_are_left_out_and_told_apart(plan: Planner) -> None:
    heading = ("Organisatie", "Programma", "Sector")
    rows = (
        ("Noord", "Leesclub", "PO"),
        ("Noord", "leesclub", "PO"),
        ("Noord", "Leesclub", "VO"),
        ("Noord", "De leesclubs", "PO"),
        ("Zuid", "Samen lezen in de klas", "PO"),
        ("West", "Samen lezen in de klas", "PO"),
    )
    found = plan(heading, *rows)
    assert [draft.offer.title for draft in found.new] == ["Leesclub", "Samen lezen in de klas"]
    told = {double.draft.where.row: (double.certain, double.of, double.differs) for double in found.doubles}
    assert told == {
        3: (True, "rij 2", ("title",)),
        4: (True, "rij 2", ("sectors",)),
        5: (False, "rij 2", ()),
        7: (False, "rij 6", ()),
    }
    kept = plan(heading, *rows, options=Options(keep_doubles=True))
    assert [draft.where.row for draft in kept.new] == [2, 5, 6, 7]


def test_what_is_not_in_the_file_ends_only_when_it_is_the_whole_list(plan: Planner) -> None:
    base = replace(OWN, offers=(*OWN.offers, Offer("cdefghjk", "Zuid", "Schaken")), providers=(NOORD, Provider("Zuid")))
    heading, row = ("Organisatie", "Programma", "Sector"), ("Noord", "Debatclub", "VO")
    found = plan(heading, row, base=base)
    assert [offer.title for offer in found.missing] == ["Huiswerkuur"]
    assert not found.change
    whole = plan(heading, row, base=base, options=Options(complete=True))
    assert [offer.title for offer in whole.ended] == ["Huiswerkuur", "Schaken"]
    assert {offer.status for offer in whole.change.offers} == {Status.ENDED}
    theirs = plan(heading[1:], row[1:], base=base, options=Options(complete=True, provider="Stichting Noord"))
    assert [offer.title for offer in theirs.ended] == ["Huiswerkuur"]


# --- columns ---


def test_columns_are_corrected_by_name_or_letter(plan: Planner) -> None:
    rows = (("Wie", "Wat", "Voor"), ("Noord", "Iets", "PO"))
    columns = ("Wie=Organisatie, B=programma", "Voor=Sector")
    assert [draft.offer.title for draft in plan(*rows, options=Options(columns=columns)).new] == ["Iets"]
    bare = plan(rows[1], options=Options(columns=("A=Organisatie", "B=title", "C=Sector")))
    assert [draft.offer.title for draft in bare.new] == ["Iets"]
    assert plan(*rows).left_out
    for wrong in ("Wie", "Wie=Wat?", "Hoe=Sector"):
        with pytest.raises(WrongColumns):
            plan(*rows, options=Options(columns=(*columns, wrong)))


# --- out and in again ---

clean_line = (
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), max_size=30)
    .map(clean)
    .filter(lambda text: "\n" not in text)
)
"""What a file can say: the list has no other texts."""


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    titles = draw(
        st.lists(
            clean_line.filter(lambda text: any(map(str.isalnum, text)) and not says_nothing(text)),
            min_size=1,
            max_size=4,
            unique_by=fold,  # titles that differ in an accent only are one programme, written twice
        )
    )
    offers = []
    for number, title in enumerate(titles):
        listed = st.lists(
            st.text("abcde ,=+-@'éë", min_size=1, max_size=8).map(str.strip).filter(bool), max_size=3, unique=True
        )
        offers.append(
            Offer(
                f"abcdefg{'hjkmnp'[number]}",
                draw(st.sampled_from(["Aap", "=Noot", "Mies & co"])),
                title,
                summary=draw(clean_line),
                sectors=draw(st.sampled_from([(Sector.PO,), (Sector.VO, Sector.MBO)])),
                grades=draw(st.sampled_from([(), ("groep 7-8",), ("havo 4", "vwo 5")])),
                keywords=tuple(draw(listed)),
                places=draw(st.sampled_from([(), ("landelijk", "Zeist"), ("Bergen (Limburg)",)])),
                cost=draw(st.sampled_from(Cost)),
                cost_note=draw(clean_line),
                volunteers=draw(st.sampled_from([None, True, False])),
                contact=draw(clean_line),
                status=draw(st.sampled_from(Status)),
                checked_on=draw(st.sampled_from([None, date(2026, 1, 2)])),
                full_until=draw(st.sampled_from([None, date(2027, 1, 31)])),
                link=draw(st.sampled_from(["", "https://example.org/a?b=1;c"])),
            )
        )
    names = dict.fromkeys(offer.provider for offer in offers)
    return Catalogue(tuple(offers), tuple(map(Provider, names)), 1, draw(st.booleans()))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(base=catalogues(), edited=clean_line.filter(lambda text: not is_nothing(text) or not text))
def test_an_export_comes_back_unchanged_and_one_edit_is_one_change(
    base: Catalogue, edited: str, knowledge: Knowledge, tmp_path: Path
) -> None:
    path = tmp_path / "export.csv"
    exporting.write_csv_export(path, base, overwrite=True)
    options = Options(keep_doubles=True)
    plan = make_plan(path.name, read_list(path, base, knowledge, options), base, options)
    assert (plan.unchanged, plan.new, plan.changed, plan.rejected) == (len(base.offers), (), (), ())
    first = replace(base.offers[0], next_step=edited)
    exporting.write_csv_export(path, replace(base, offers=(first, *base.offers[1:])), overwrite=True)
    plan = make_plan(path.name, read_list(path, base, knowledge, options), base, options)
    assert [draft.offer for draft in plan.changed] == ([first] if first != base.offers[0] else [])
    assert plan.rejected == ()
