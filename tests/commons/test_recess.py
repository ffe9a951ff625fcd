"""The recesses of data/recess.yaml, and what is said of mistakes in it."""

from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest

from bot.commons.recess import Recess, RecessProblems, load_recesses, recess_at
from bot.commons.working_days import UNKNOWN

SHIPPED = Path(__file__).parents[2] / "data" / "recess.yaml"
RECESSES = load_recesses(SHIPPED)
SMALL = """\
known: {from: 2026-07-01, until: 31 dec 2026}
recesses:
  - name: Kerstreces
    from: 18-12-2026
    to: 2026-12-31
    source: test
    checked_on: 2026-09-01
  - {name: Zomerreces, from: 2026-07-03, to: 2026-08-31, source: test}
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "recess.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def problems(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecessProblems) as caught:
        load_recesses(path)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return [problem.removeprefix(f"{path}:") for problem in caught.value.problems]


def test_a_day_is_in_a_recess_or_not_or_nobody_knows(written: Path) -> None:
    recesses = load_recesses(written)
    summer = Recess("Zomerreces", date(2026, 7, 3), date(2026, 8, 31), "test", None)
    assert recesses.all[0] == summer  # in order, however they stand in the file
    assert recesses.all[1].checked_on == date(2026, 9, 1)
    assert recesses.known_until == date(2026, 12, 31)
    assert recess_at(recesses, date(2026, 7, 3)) == summer
    assert recess_at(recesses, date(2026, 8, 31)) == summer
    assert recess_at(recesses, date(2026, 9, 1)) is None
    assert recess_at(recesses, date(2026, 7, 2)) is None
    assert recess_at(recesses, date(2026, 6, 30)) is UNKNOWN
    assert recess_at(recesses, date(2027, 1, 1)) is UNKNOWN


def test_what_is_shipped_can_be_read_and_is_not_called_verified() -> None:
    assert len(RECESSES.all) == 6
    assert all(recess.checked_on is None and recess.source for recess in RECESSES.all)
    assert recess_at(RECESSES, date(2025, 12, 24)) == RECESSES.all[2]
    assert recess_at(RECESSES, date(2026, 12, 24)) is UNKNOWN
    assert all(recess.first.weekday() == 4 for recess in RECESSES.all)  # as the Kamer does: from a Friday on
    assert "NOT VERIFIED" in SHIPPED.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("to: 2026-08-31", "to: 2026-08-32", "8: '2026-08-32' is no day; write it as 2026-12-31"),
        ("to: 2026-08-31", "to: 2027-08-31", "8: Zomerreces lasts from 2026-07-03 to 2027-08-31: is the year right?"),
        ("to: 2026-08-31", "to: 2026-07-02", "8: Zomerreces lasts from 2026-07-03 to 2026-07-02: is the year right?"),
        ("to: 2026-08-31", "to: []", "8: a day is missing here; write it as 2026-12-31"),
        ("    source: test\n", "", "3: source is missing"),
        ("source: test\n", "source:\n", "6: a text is missing here"),
        ("source: test\n", "source: test\n    bron: test\n", "7: there is no 'bron' here; there are name, from, to, "),
        ("source: test\n", "source: test\n    source: test\n", "7: source stands here twice"),
        (
            "until: 31 dec 2026",
            "until: 1 dec 2026",
            "3: Kerstreces is not within known: from 2026-07-01 until 2026-12-01",
        ),
        ("until: 31 dec 2026", "until: 1 jan 2026", "1: until (2026-01-01) is before from (2026-07-01)"),
        ("until: 31 dec 2026", "until: ooit", "1: 'ooit' is no day; write it as 2026-12-31"),
        ("18-12-2026", "31-08-2026", "5: Kerstreces lasts from 2026-08-31 to 2026-12-31: is the year right?"),
        (
            "18-12-2026\n    to: 2026-12-31",
            "31-08-2026\n    to: 2026-09-01",
            "3: Kerstreces begins on 2026-08-31, when Zomer",
        ),
        ("recesses:", "reces:", "2: there is no 'reces' here; there are known, recesses"),
        ("- name: Kerst", "-name: Kerst", "4: this is no YAML"),
    ],
)
def test_a_mistake_is_reported_with_its_line(written: Path, old: str, new: str, problem: str) -> None:
    text = SMALL.replace(old, new)
    assert text != SMALL
    assert any(found.startswith(problem) for found in problems(written, text))


def test_all_mistakes_are_reported_at_once(written: Path) -> None:
    text = SMALL.replace("31 dec 2026", "ooit").replace("18-12-2026", "kerst").replace("2026-08-31", "2036-08-31")
    assert [problem.split(":")[0] for problem in problems(written, text)] == ["1", "4", "8"]


@pytest.mark.parametrize(
    "text", ["", "[]", "known", "a: [", "known: []\nrecesses: 1", "\t", "known: &a [*a]", "{: : :}", "\x00"]
)
def test_any_other_file_is_refused(written: Path, text: str) -> None:
    assert problems(written, text)


def test_a_file_that_is_no_text_is_refused(written: Path) -> None:
    written.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RecessProblems):
        load_recesses(written)


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2025, 1, 1), date(2027, 12, 31)))
def test_a_recess_holds_every_day_between_its_ends(day: date) -> None:
    found = recess_at(RECESSES, day)
    if isinstance(found, Recess):
        assert recess_at(RECESSES, found.first) == recess_at(RECESSES, found.last) == found
        assert recess_at(RECESSES, found.first - timedelta(days=1)) != found
    assert (found is UNKNOWN) is not (RECESSES.known_from <= day <= RECESSES.known_until)
