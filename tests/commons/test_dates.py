from contextlib import suppress
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st
import pytest

from bot.commons.dates import day, is_half_a_year_ago, local_day, month, month_key, read_day


def test_dates_are_written_in_dutch() -> None:
    assert day(date(2026, 10, 5)) == "5 oktober 2026"
    assert month(date(2026, 3, 12)) == "maart 2026"


def test_the_day_is_the_one_in_amsterdam() -> None:
    assert local_day(datetime(2026, 11, 30, 23, 30, tzinfo=UTC)) == date(2026, 12, 1)
    assert month_key(datetime(2026, 11, 30, 23, 30, tzinfo=UTC)) == "2026-12"
    assert month_key(datetime(2026, 6, 30, 21, 30, tzinfo=UTC)) == "2026-06"


@pytest.mark.parametrize(
    ("checked", "today", "old"),
    [
        (date(2026, 3, 12), date(2026, 9, 12), False),
        (date(2026, 3, 12), date(2026, 9, 13), True),
        (date(2026, 8, 31), date(2027, 2, 28), False),
        (date(2026, 8, 31), date(2027, 3, 1), True),
        (date(2026, 10, 5), date(2026, 12, 1), False),
    ],
)
def test_half_a_year_is_counted_in_months(checked: date, today: date, old: bool) -> None:
    assert is_half_a_year_ago(checked, today) is old


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-31", "31-12-2026", "31/12/2026", "31.12.2026", "31-12-26", "31.12.26", " 31-12-2026 ",
        "31 december 2026", "31 December 2026", "31 dec 2026", "31 dec. 2026", "31-dec-2026", "31-dec-26",
        "december 2026", "dec 2026", "dec. 2026", "DEC-2026",
    ],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    assert read_day(text) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1-2-2027", date(2027, 2, 1)),
        ("2027-2-1", date(2027, 2, 1)),
        ("1 mrt 2027", date(2027, 3, 1)),
        ("1 maart 2027", date(2027, 3, 1)),
        ("1 march 2027", date(2027, 3, 1)),
        ("5 sept. 2027", date(2027, 9, 5)),
        ("feb 2028", date(2028, 2, 29)),
        ("februari 2027", date(2027, 2, 28)),
        ("29-02-2028", date(2028, 2, 29)),
        ("1 jan 2000", date(2000, 1, 1)),
        ("31-12-2100", date(2100, 12, 31)),
    ],
)
def test_a_day_comes_before_its_month(text: str, expected: date) -> None:
    assert read_day(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "-", "morgen", "30-02-2026", "31-04-2026", "29-02-2027", "12/31/2026", "2026-13-01", "31-12", "1999-12-31",
     "01-01-2101", "31-12/2026", "december", "2026", "31 decimber 2026", "46387", "31-12-026", "0 dec 2026",
     "dec 26", "0000-01-01", "99999-01-01", "31-12-2026 of later"],
)  # fmt: skip
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no day|between|day|month|year"):
        read_day(text)


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_a_day_that_is_written_is_read_back(moment: date) -> None:
    assert read_day(day(moment)) == read_day(moment.isoformat()) == moment
    assert read_day(f"{moment.day}-{moment.month}-{moment.year}") == moment


@given(st.text(max_size=20))
def test_any_text_is_a_day_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert 2000 <= read_day(text).year <= 2100
