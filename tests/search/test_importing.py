"""The files people edit: read right, or every mistake named with its place and its remedy."""

from collections.abc import Mapping
import csv
from dataclasses import fields
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
import pytest

from bot.search.catalogue import ID_PATTERN, Catalogue, Cost, Offer, Provider, Relation, Sector, Status
from bot.search.importing import FileProblems, read_catalogue

DATA = Path(__file__).parents[2] / "data"
COLUMNS = [field.name for field in fields(Offer)]
ROW = {"id": "abcdefgh", "provider": "Aap", "title": "Debat"}


class Files:
    """Two files in a folder, filled row by row."""

    def __init__(self, folder: Path) -> None:
        self.offers = folder / "offers.csv"
        self.providers = folder / "providers.csv"
        self.write()

    def write(self, *offers: Mapping[str, str], providers: str = "Aap,partner,,,\n") -> None:
        self.providers.write_text(f"name,relation,aliases,url,evidence\n{providers}", encoding="utf-8")
        with self.offers.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(offers)

    def read(self) -> Catalogue:
        return read_catalogue(self.offers, self.providers)

    def problems(self) -> list[str]:
        with pytest.raises(FileProblems) as raised:
            self.read()
        return [str(problem) for problem in raised.value.problems]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_the_starter_catalogue_is_valid() -> None:
    catalogue = read_catalogue(DATA / "offers.csv", DATA / "providers.csv")
    assert len(catalogue.offers) == 130
    partners = {provider.name for provider in catalogue.providers if provider.is_partner}
    assert len(partners) == 8  # five founders and three partners: nobody else may be called so
    assert all(offer.checked_on is None and not offer.contact for offer in catalogue.offers)  # never invented
    trains = [offer for offer in catalogue.offers if offer.title.startswith("SKB-trein")]
    assert trains
    assert {offer.status for offer in trains} == {Status.PILOT}


def test_every_kind_of_cell(files: Files) -> None:
    cells = {
        "sectors": "PO; VO;PO;",
        "grades": "groep 7-8;vmbo 1-2",
        "cost": "free",
        "volunteers": "nee",
        "link": "https://example.org",
        "checked_on": "2026-11-01",
        "status": "full",
        "full_until": "2027-01-31",
        "summary": " twee\nregels ",
    }
    files.write(
        ROW | cells, {"id": "bcdefghj", "provider": "Noot", "title": "Debat"}, providers="Aap,founder,A;B,,\nNoot,,,,\n"
    )
    catalogue = files.read()
    full, bare = catalogue.offers
    assert full == Offer(
        "abcdefgh",
        "Aap",
        "Debat",
        sectors=(Sector.PO, Sector.VO),
        grades=("groep 7-8", "vmbo 1-2"),
        cost=Cost.FREE,
        volunteers=False,
        link="https://example.org",
        checked_on=date(2026, 11, 1),
        status=Status.FULL,
        full_until=date(2027, 1, 31),
        summary="twee\nregels",
    )
    assert bare == Offer("bcdefghj", "Noot", "Debat")
    assert catalogue.providers == (Provider("Aap", Relation.FOUNDER, ("A", "B")), Provider("Noot"))


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"id": "ABC"}, 'column id: "ABC" is not an id; write a new one, for example '),
        ({"title": ""}, "column title: an offer needs a title."),
        (
            {"provider": "Beer"},
            'column provider: "Beer" has no row in providers.csv; add one, or write its name as there.',
        ),
        ({"sectors": "PO;P0"}, 'column sectors: "P0" is not known here; write one of: PO, SO, VO, VSO, MBO, HO.'),
        ({"cost": "gratis"}, 'column cost: "gratis" is not known here; write one of: free, paid, unknown.'),
        (
            {"status": "vol"},
            'column status: "vol" is not known here; write one of: active, pilot, full, ended, hidden.',
        ),
        ({"volunteers": "yes"}, 'column volunteers: "yes" is not known here; write ja or nee, or leave it empty.'),
        (
            {"checked_on": "1-11-2026"},
            'column checked_on: "1-11-2026" is not a date; write year-month-day, for example ',
        ),
        ({"full_until": "2026-02-30"}, 'column full_until: "2026-02-30" is not a date'),
        (
            {"link": "javascript:alert(1)"},
            'column link: "javascript:alert(1)" is not a web address; start with https://',
        ),
    ],
)
def test_a_wrong_cell(files: Files, cells: Mapping[str, str], problem: str) -> None:
    files.write(ROW, ROW | {"id": "bcdefghj", "title": "Ander"} | dict(cells))
    [found] = files.problems()
    assert found.startswith(f"offers.csv, line 3, {problem}")


def test_what_stands_there_twice(files: Files) -> None:
    files.write(ROW, ROW, providers="Aap,,,,\nAap,,,,\n")
    ids, titles, providers = files.problems()
    assert ids.startswith('offers.csv, line 3, column id: "abcdefgh" already stands on line 2; write ')
    assert ID_PATTERN.fullmatch(ids.removesuffix(" instead.").split()[-1])
    assert titles == 'offers.csv, line 3, column title: "Debat" of Aap already stands on line 2; keep one of the two.'
    assert providers == 'providers.csv, line 3, column name: "Aap" already stands on line 2; keep one of the two.'


def test_all_problems_at_once_in_both_files_with_the_line_where_a_row_begins(files: Files) -> None:
    files.write(
        ROW | {"summary": "over\ndrie\nregels"},
        ROW | {"id": "x", "cost": "duur", "title": "B"},
        providers="Aap,vriend,,,\n,,,ftp://x,\n",
    )
    assert [problem.partition(":")[0] for problem in files.problems()] == [
        "offers.csv, line 5, column cost",
        "offers.csv, line 5, column id",
        "providers.csv, line 2, column relation",
        "providers.csv, line 3, column name",
        "providers.csv, line 3, column url",
    ]


def test_what_others_know_to_be_wrong_is_told_with_the_rest(files: Files) -> None:
    files.write(ROW | {"places": "Utrecht"})
    with pytest.raises(FileProblems) as raised:
        read_catalogue(files.offers, files.providers, lambda offer: [("places", f"waar is {offer.places[0]}?")])
    assert [str(problem) for problem in raised.value.problems] == [
        "offers.csv, line 2, column places: waar is Utrecht?"
    ]


def test_a_wrong_header(files: Files) -> None:
    files.providers.write_text("name,relation,aliases,url,url,partner\nAap,x,,,\n", encoding="utf-8")
    assert files.problems() == [
        "providers.csv, line 1, column evidence: is missing; add it to the first line.",
        (
            "providers.csv, line 1, column partner: is not known here; the columns are: "
            "name,relation,aliases,url,evidence."
        ),
        "providers.csv, line 1, column url: stands there twice; keep one.",
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "column name: is missing"),
        (
            "name,relation,aliases,url,evidence\nCaf\xe9,,,,\n".encode("latin-1"),
            'is not UTF-8; save it as "CSV UTF-8".',
        ),
        (b"name,relation,aliases,url,evidence\nAap,,,\n", "has 4 cells instead of 5; put text with a comma between"),
        (b'name,relation,aliases,url,evidence\n"Aap,,,,\n', "can't be read as a table"),
        (None, "there is no such file in "),
    ],
)
def test_a_file_that_is_no_table(files: Files, content: bytes | None, problem: str) -> None:
    if content is None:
        files.providers.unlink()
    else:
        files.providers.write_bytes(content)
    assert problem in files.problems()[0]


def test_what_excel_adds_is_no_problem(files: Files) -> None:
    files.providers.write_bytes("\ufeffname,relation,aliases,url,evidence\r\nCafé,,,,\r\n,,,,\r\n".encode())
    assert files.read().providers == (Provider("Café"),)


@given(st.binary(max_size=300), st.text(max_size=300))
def test_no_file_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, raw: bytes, text: str) -> None:
    files = Files(tmp_path_factory.mktemp("files"))
    header = files.offers.read_bytes()
    for content in (raw, text.encode("utf-8", "replace"), header + raw, header + text.encode("utf-8", "replace")):
        files.offers.write_bytes(content)
        try:
            files.read()
        except FileProblems as problems:
            assert problems.problems
