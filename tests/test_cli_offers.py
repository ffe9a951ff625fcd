"""Keeping the list from the command line, as the SKB team does: a file in, a mistake out, all said with its place."""

from collections.abc import Mapping
import csv
from datetime import UTC, datetime
from pathlib import Path
import shutil

import openpyxl
import pytest

from bot.db import Database
from bot.search import store
from bot.search.catalogue import Catalogue, Status
from tests.commandline import CommandLine, CommandLineInside

HEADINGS = [
    "Organisatie",
    "Naam project",
    "Onderwijssoort",
    "Doelgroep",
    "Plaats",
    "Thema's",
    "Kosten",
    "Contactpersoon",
]
ROWS = [
    ["Stichting Noord", "Debatclub", "VO", "klas 1-3", "Utrecht", "debatteren", "gratis", "bureau@example.org"],
    ["Stichting Noord", "Huiswerkuur", "PO", "groep 6 t/m 8", "landelijk", "huiswerk", "€ 50 per leerling", ""],
    ["Huis van Taal", "Taalmaatjes", "PO; VO", "", "Almere", "taal", "", "bureau@example.org"],
]


def catalogue(skb_bot: CommandLine) -> Catalogue:
    database = Database(f"sqlite:///{skb_bot.database}")
    try:
        with database.read() as connection:
            return store.load_catalogue(connection)
    finally:
        database.close()


def write(path: Path, rows: list[list[str]], headings: list[str] = HEADINGS) -> Path:
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerows([["Overzicht aanbod 2026"], [], headings, *rows])
    return path


@pytest.fixture(scope="session")
def with_own_list(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    skb_bot = CommandLine(tmp_path_factory.mktemp("own"))
    write(skb_bot.folder / "aanbod.csv", ROWS)
    done = skb_bot("offers", "import", "aanbod.csv", "--yes")
    assert done.returncode == 0, done.stderr
    return skb_bot


@pytest.fixture
def skb_bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line in a folder of its own."""
    return CommandLineInside(tmp_path, monkeypatch)


@pytest.fixture
def own(with_own_list: CommandLine, skb_bot: CommandLine) -> CommandLine:
    """A bot with an own list of three programmes."""
    shutil.copytree(with_own_list.folder, skb_bot.folder, dirs_exist_ok=True)
    return skb_bot


def ids(skb_bot: CommandLine) -> Mapping[str, str]:
    return {offer.title: offer.id for offer in catalogue(skb_bot).offers}


def asked(skb_bot: CommandLine, question: str) -> str:
    return skb_bot("ask", question).stdout


# --- a file in ---


def test_the_first_own_list_is_shown_first_and_replaces_the_examples_when_confirmed(skb_bot: CommandLine) -> None:
    write(skb_bot.folder / "aanbod.csv", ROWS)
    done = skb_bot("offers", "import", "aanbod.csv")
    assert done.returncode == 0, done.stderr
    assert "kolomnamen op rij 3" in done.stdout
    assert "“Naam project” → Programma" in done.stdout
    assert "130 voorbeelden gaan weg, 3 komen erin." in done.stdout
    assert "Daarna heeft de lijst 3 programma's van 2 organisaties." in done.stdout
    assert "Er is nog niets opgeslagen. Opslaan: geef dezelfde opdracht met --yes." in done.stdout
    assert catalogue(skb_bot).starter
    assert len(catalogue(skb_bot).offers) == 130

    done = skb_bot("offers", "import", "aanbod.csv", "--yes")
    assert "Opgeslagen als wijziging 1. Nu: 3 programma's van 2 organisaties." in done.stdout
    now = catalogue(skb_bot)
    assert not now.starter
    assert [offer.title for offer in now.offers] == ["Debatclub", "Huiswerkuur", "Taalmaatjes"]
    assert now.offers[1].grades == ("groep 6-8",)
    answer = asked(skb_bot, "debat VO Utrecht")
    assert "Debatclub" in answer
    assert "Voorbeeldlijst" not in answer


def test_undo_brings_the_examples_back_whole_and_can_be_undone(own: CommandLine) -> None:
    done = own("offers", "undo")
    assert done.returncode == 0, done.stderr
    assert "130 programma's van 49 organisaties" in done.stdout
    assert catalogue(own).starter
    assert "Voorbeeldlijst" in asked(own, "debat VO Utrecht")
    assert own("offers", "undo").returncode == 2  # there is no import left to take back
    assert own("offers", "undo", "2").returncode == 0
    assert len(catalogue(own).offers) == 3


def test_the_same_file_again_changes_nothing(own: CommandLine) -> None:
    done = own("offers", "import", "aanbod.csv", "--yes")
    assert done.returncode == 0
    assert "3 gelijk" in done.stdout
    assert "Er is niets om op te slaan." in done.stdout
    assert catalogue(own).version == 2  # the examples, and the first own list


def test_changes_are_shown_field_by_field(own: CommandLine) -> None:
    changed = [[*ROWS[0][:4], "Utrecht; Zeist", *ROWS[0][5:]], ROWS[1], [*ROWS[2][:7], ""]]
    write(own.folder / "aanbod.csv", [*changed, ["Huis van Taal", "Voorleesuur", "PO", "", "Almere", "lezen", "", ""]])
    done = own("offers", "import", "aanbod.csv")
    assert "1 nieuw, 2 gewijzigd, 1 gelijk" in done.stdout
    assert "Plaatsen: Utrecht → Utrecht; Zeist" in done.stdout
    assert "Contact: bureau@example.org → (leeg)" in done.stdout


def test_what_is_not_in_the_file_stays_unless_it_is_the_whole_list(own: CommandLine) -> None:
    write(own.folder / "aanbod.csv", ROWS[:1])
    done = own("offers", "import", "aanbod.csv")
    assert "Niet in het bestand, deze blijven staan (1)" in done.stdout  # only of the organisations in the file
    done = own("offers", "import", "aanbod.csv", "--complete", "--yes")
    assert "2 gestopt" in done.stdout
    assert [offer.status for offer in catalogue(own).offers] == [Status.ACTIVE, Status.ENDED, Status.ENDED]
    assert own("offers", "undo").returncode == 0
    assert all(offer.status is Status.ACTIVE for offer in catalogue(own).offers)


def test_rejected_rows_say_where_and_how_and_the_others_can_be_saved(own: CommandLine) -> None:
    bad = [
        ["Huis van Taal", "Schrijfclub", "", "", "Almere", "taal", "", ""],
        ["Huis van Taal", "", "PO", "", "Almere", "taal", "", ""],
        ["Huis van Taal", "Leesclub", "PO", "", "Bergen", "taal", "", ""],
        ["", "Wie doet dit", "PO", "", "Almere", "taal", "", ""],
        ["Huis van Taal", "Dichtclub", "PO", "", "Almere", "taal", "", ""],
        ["Huis van Taal", "Dichtclub", "VO", "", "Almere", "taal", "", ""],
    ]
    write(own.folder / "meer.csv", bad)
    done = own("offers", "import", "meer.csv")
    assert "1 nieuw, 0 gewijzigd, 0 gelijk, 1 dubbel, 0 gestopt, 4 afgekeurd" in done.stdout
    assert "rij 4, kolom Onderwijssoort: de sector ontbreekt" in done.stdout
    assert "rij 5, kolom Naam project: " in done.stdout
    assert "rij 6, kolom Plaats: " in done.stdout
    assert "Bergen (Limburg)" in done.stdout
    assert "rij 7, kolom Organisatie: de organisatie ontbreekt" in done.stdout
    assert "rij 9: “Dichtclub” staat ook op rij 8, maar met iets anders bij: Sector" in done.stdout
    assert own("offers", "import", "meer.csv", "--yes", "--all-or-nothing").returncode == 1
    assert len(catalogue(own).offers) == 3
    assert own("offers", "import", "meer.csv", "--yes").returncode == 0
    assert len(catalogue(own).offers) == 4


def test_one_mistake_on_many_rows_is_said_once(own: CommandLine) -> None:
    write(own.folder / "meer.csv", [["Noord", f"Les {at}", "PO", "", "Kwakkeldam", "taal", "", ""] for at in range(30)])
    done = own("offers", "import", "meer.csv")
    assert "rij 4, 5, 6, 7, 8, 9, 10, 11 en nog 22, kolom Plaats: “Kwakkeldam”" in done.stdout
    assert done.stdout.count("Kwakkeldam") == 1
    assert "rij 4, 5, 6, 7, 8, 9, 10, 11, 12, 13," in own("offers", "import", "meer.csv", "--all").stdout


def test_a_near_double_is_left_out_unless_asked_for(own: CommandLine) -> None:
    write(own.folder / "meer.csv", [["Stichting Noord", "Debat club", "VO", "", "Zeist", "debatteren", "", ""],
                                   ["Noord", "De Huiswerkuren", "PO", "", "Zeist", "huiswerk", "", ""]])  # fmt: skip
    done = own("offers", "import", "meer.csv")
    assert "Debatclub" in done.stdout  # written apart is the same title: this one changes
    assert "--keep-doubles" in done.stdout
    done = own("offers", "import", "meer.csv", "--keep-doubles", "--yes")
    assert done.returncode == 0
    assert "De Huiswerkuren" in ids(own)


def test_columns_can_be_corrected(own: CommandLine) -> None:
    headings = ["Organisatie", "Naam project", "Onderwijssoort", "Kreet"]
    write(own.folder / "x.csv", [["Huis van Taal", "Rijmclub", "PO", "rijmen is leuk"]], headings)
    assert "niet gebruikt: D “Kreet”" in own("offers", "import", "x.csv").stdout
    done = own("offers", "import", "x.csv", "--columns", "Kreet=Korte beschrijving", "--yes")
    assert done.returncode == 0, done.stderr
    assert catalogue(own).offers[-1].summary == "rijmen is leuk"
    for columns, sentence in (("Kreet=Onzin", "“Onzin” is geen kolom"), ("Kroot=Thema's", "staat niet in het bestand")):
        done = own("offers", "import", "x.csv", "--columns", columns)
        assert done.returncode == 2
        assert sentence in done.stderr


@pytest.mark.parametrize(
    ("name", "content"), [("leeg.csv", b""), ("x.pdf", b"%PDF-1.7 x"), ("x.xlsx", b"PK\x03\x04 x")]
)
def test_a_file_that_is_no_list_is_said_kindly_and_changes_nothing(
    skb_bot: CommandLine, name: str, content: bytes
) -> None:
    (skb_bot.folder / name).write_bytes(content)
    done = skb_bot("offers", "import", name, "--yes")
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert done.stdout + done.stderr
    assert catalogue(skb_bot).starter


def test_a_sheet_for_each_organisation_says_whose_it_is(own: CommandLine) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, title in (("Huis van Taal", "Rijmclub"), ("Iemand anders", "Dichtclub")):
        sheet = book.create_sheet(name)
        for row in (["Programma", "Sector"], [title, "PO"]):
            sheet.append(row)
    book.save(own.folder / "bladen.xlsx")
    done = own("offers", "import", "bladen.xlsx", "--yes")
    assert "blad “Iemand anders”, rij 2, kolom Organisatie: de organisatie ontbreekt." in done.stdout
    assert '--sheet "Iemand anders" --provider NAAM' in done.stdout
    assert catalogue(own).offers[-1].provider == "Huis van Taal"


# --- partners ---


def test_the_list_of_partners_says_how_many_of_them_have_an_offer(own: CommandLine) -> None:
    names = ["Noord", "Huis van Taal", "Stichting Zuid", "West", "Oost"]
    write(own.folder / "partners.csv", [[name, "https://example.org"] for name in names], ["Naam", "Website"])
    done = own("offers", "providers", "import", "partners.csv")
    assert "3 nieuw, 2 gewijzigd" in done.stdout
    assert "Organisatie: Stichting Noord → Noord" in done.stdout
    assert "Daarna: 3 programma's van 2 van de 5 partners." in done.stdout
    assert own("offers", "providers", "import", "partners.csv", "--yes").returncode == 0
    assert {offer.provider for offer in catalogue(own).offers} == {"Noord", "Huis van Taal"}
    done = own("offers", "quality")
    assert "Overzicht aanbod: 3 programma's van 2 van de 5 partners." in done.stdout
    assert "3 partners zonder aanbod" in done.stdout
    assert own("offers", "undo", "2").returncode == 0
    assert {offer.provider for offer in catalogue(own).offers} == {"Stichting Noord", "Huis van Taal"}


def test_taking_an_import_back_leaves_the_list_of_partners(own: CommandLine) -> None:
    names = ["Stichting Noord", "Huis van Taal", "West"]
    write(own.folder / "partners.csv", [[name] for name in names], ["Partner"])
    assert own("offers", "providers", "import", "partners.csv", "--yes").returncode == 0
    done = own("offers", "undo")
    assert "Teruggedraaid: wijziging 1" in done.stdout
    assert catalogue(own).starter
    partners = {provider.name for provider in catalogue(own).providers if provider.is_partner and not provider.starter}
    assert partners == set(names)


def test_partners_first_and_the_offer_after_gives_the_same(skb_bot: CommandLine) -> None:
    write(skb_bot.folder / "partners.csv", [["Noord"], ["Huis van Taal"], ["JINC"]], ["Partner"])
    assert skb_bot("offers", "providers", "import", "partners.csv", "--yes").returncode == 0
    assert catalogue(skb_bot).starter
    write(skb_bot.folder / "aanbod.csv", ROWS)
    done = skb_bot("offers", "import", "aanbod.csv", "--yes")
    assert "3 programma's van 2 van de 3 partners" in done.stdout
    assert {provider.name for provider in catalogue(skb_bot).providers} == {"Noord", "Huis van Taal", "JINC"}


# --- a file out, edited, in ---


@pytest.mark.parametrize("name", ["lijst.csv", "lijst.xlsx"])
def test_an_export_comes_back_as_it_was_and_one_edit_is_one_change(skb_bot: CommandLine, name: str) -> None:
    assert skb_bot("ask", "debat").returncode == 0
    assert skb_bot("offers", "export", name).returncode == 0
    assert skb_bot("offers", "export", name).returncode == 2  # it is there already
    done = skb_bot("offers", "import", name)
    assert "0 nieuw, 0 gewijzigd, 130 gelijk, 0 dubbel, 0 gestopt, 0 afgekeurd" in done.stdout
    path = skb_bot.folder / name
    if name.endswith("csv"):
        text = path.read_text(encoding="utf-8-sig")
        path.write_text(text.replace("SKB-trein onder schooltijd", "SKB-trein in de les"), encoding="utf-8-sig")
    else:
        book = openpyxl.load_workbook(path)
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value == "SKB-trein onder schooltijd":
                        cell.value = "SKB-trein in de les"
        book.save(path)
    done = skb_bot("offers", "import", name, "--yes")
    assert "0 nieuw, 1 gewijzigd, 129 gelijk" in done.stdout
    assert "Programma: SKB-trein onder schooltijd → SKB-trein in de les" in done.stdout
    assert catalogue(skb_bot).starter  # an edited example is an example
    assert "SKB-trein in de les" in ids(skb_bot)


def test_a_filled_in_template_comes_in(own: CommandLine) -> None:
    assert own("offers", "template", "sjabloon.xlsx", "--provider", "noord").returncode == 0
    path = own.folder / "sjabloon.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heading = next(row for row in sheet.iter_rows() if any(cell.value == "id" for cell in row))
    below = heading[0].row or 0
    column = {str(cell.value).split(" (")[0]: cell.column for cell in heading if cell.value}
    titles = [row[column["Programma"] - 1].value for row in sheet.iter_rows(min_row=below + 1)]
    assert {"Debatclub", "Huiswerkuur"} <= set(titles)
    row = below + 1 + max(at for at, title in enumerate(titles) if title) + 1
    for name, value in {
        "Organisatie": "Stichting Noord",
        "Programma": "Schaakles",
        "Sector": "PO",
        "Plaatsen": "Zeist",
    }.items():
        sheet.cell(row, column[name], value)
    book.save(path)
    done = own("offers", "import", "sjabloon.xlsx", "--yes")
    assert "1 nieuw, 0 gewijzigd, 2 gelijk, 0 dubbel, 0 gestopt, 0 afgekeurd" in done.stdout, done.stdout
    assert "rij 2: de voorbeeldrij" in done.stdout
    assert done.stdout.count("alleen “") == 0  # the rows prepared for more


# --- one programme ---


def test_show_edit_and_undo(own: CommandLine) -> None:
    one = ids(own)["Debatclub"]
    shown = own("offers", "show", one).stdout
    assert "Plaatsen: Utrecht" in shown
    assert "Contact: bureau@example.org" in shown
    done = own("offers", "edit", one, "Plaatsen=Zeist", "contact=team@example.org", "--by", "redactie")
    assert done.returncode == 0, done.stderr
    assert "Plaatsen: Utrecht → Zeist" in done.stdout
    assert "Contact: bureau@example.org → team@example.org" in done.stdout
    assert "redactie" in own("offers", "show", "debatclub").stdout  # a title will do
    assert "redactie" in own("offers", "changes").stdout
    assert "Zeist" in asked(own, "debat Zeist")
    assert own("offers", "undo", "2").returncode == 0
    assert catalogue(own).offer(one).places == ("Utrecht",)  # type: ignore[union-attr]  # it is there


def test_an_import_is_only_taken_back_over_later_edits_when_confirmed(own: CommandLine) -> None:
    one = ids(own)["Debatclub"]
    assert own("offers", "edit", one, "Plaatsen=Zeist").returncode == 0
    done = own("offers", "undo")
    assert "Er is niets veranderd." in done.stdout
    assert len(catalogue(own).offers) == 3
    assert own("offers", "undo", "--yes").returncode == 0
    assert len(catalogue(own).offers) == 130


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("Plaatsen=Bergen",), "Bergen (Limburg)"),
        (("Plaatsen=Utregt",), "Utrecht"),
        (("Sector=",), "sector ontbreekt"),
        (("Programma=Huiswerkuur",), "heeft al een programma"),
        (("Onzin=1",), "kun je niet wijzigen"),
        (("Gecontroleerd op=2026-11-01",), "offers check"),
        (("Plaatsen=Utrecht",), "Er verandert niets"),
        (("Plaatsen",), "niet duidelijk"),
    ],
)
def test_an_edit_that_cannot_be_is_refused_in_a_sentence(
    own: CommandLine, words: tuple[str, ...], sentence: str
) -> None:
    done = own("offers", "edit", ids(own)["Debatclub"], *words)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert catalogue(own).version == 2


def test_hide_end_and_restore(own: CommandLine) -> None:
    one = ids(own)["Debatclub"]
    for command, again in (("hide", "al verborgen"), ("end", "al gestopt")):
        assert own("offers", command, one).returncode == 0
        assert "Debatclub" not in asked(own, "debat VO Utrecht")
        assert again in own("offers", command, one).stderr
        assert own("offers", "restore", one).returncode == 0
        assert "Debatclub" in asked(own, "debat VO Utrecht")
    assert "niet verborgen" in own("offers", "restore", one).stderr


def test_restore_brings_back_what_it_was(own: CommandLine) -> None:
    one = ids(own)["Debatclub"]
    assert own("offers", "edit", one, "Status=proef").returncode == 0
    assert own("offers", "hide", one).returncode == 0
    assert own("offers", "end", one).returncode == 0
    assert own("offers", "restore", one).returncode == 0
    assert catalogue(own).offer(one).status is Status.PILOT  # type: ignore[union-attr]  # it is there


def test_everything_of_an_organisation_is_hidden_also_what_comes_later(own: CommandLine) -> None:
    done = own("offers", "provider", "hide", "noord")
    assert "alles van Stichting Noord (2)" in done.stdout
    write(own.folder / "meer.csv", [["Stichting Noord", "Debatmiddag", "VO", "", "Utrecht", "debatteren", "", ""]])
    assert own("offers", "import", "meer.csv", "--yes").returncode == 0
    assert "Debat" not in asked(own, "debat VO Utrecht")
    assert own("offers", "provider", "restore", "Stichting Noord").returncode == 0
    assert "Debatmiddag" in asked(own, "debat VO Utrecht")
    assert "Bedoel je “Stichting Noord”?" in own("offers", "provider", "hide", "Noort").stderr


def test_only_a_real_check_sets_the_date(own: CommandLine) -> None:
    one = ids(own)["Debatclub"]
    assert own("offers", "check", one).returncode == 2  # by whom?
    assert own("offers", "check", one, "--by", "partnercontact", "--on", "2999-01-01").returncode == 2
    done = own("offers", "check", one, "--by", "partnercontact")
    assert done.returncode == 0
    today = datetime.now(UTC).date().year
    assert str(today) in asked(own, "debat VO Utrecht")
    assert own("offers", "export", "lijst.csv").returncode == 0
    text = (own.folder / "lijst.csv").read_text(encoding="utf-8-sig").replace("partnercontact", "iemand anders")
    (own.folder / "lijst.csv").write_text(text, encoding="utf-8-sig")
    assert "0 nieuw, 0 gewijzigd, 3 gelijk" in own("offers", "import", "lijst.csv", "--yes").stdout
    assert catalogue(own).offer(one).checked_by == "partnercontact"  # type: ignore[union-attr]  # it is there


def test_what_is_not_there_is_said(own: CommandLine) -> None:
    done = own("offers", "show", "debatklub")
    assert done.returncode == 2
    assert "Er is geen programma met id “debatklub”." in done.stderr
    assert "Debatclub" in done.stderr
    assert "geen wijziging" in own("offers", "undo", "99").stderr
    assert ".csv" in own("offers", "export", "lijst.doc").stderr
