from contextlib import suppress
from datetime import UTC, date, datetime, time

from hypothesis import given
from hypothesis import strategies as st
import pytest

from bot.commons.dates import (
    AMSTERDAM,
    clock,
    clock_span,
    day,
    day_span,
    is_half_a_year_ago,
    local,
    local_day,
    long_day,
    long_moment,
    long_span,
    month,
    month_key,
    near_day,
    near_moment,
    read_day,
    short_day,
    short_moment,
)

TODAY = date(2026, 12, 9)


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=AMSTERDAM).astimezone(UTC)


def test_dates_are_written_in_dutch() -> None:
    assert day(date(2026, 10, 5)) == "5 oktober 2026"
    assert month(date(2026, 3, 12)) == "maart 2026"


def test_what_is_confirmed_has_its_weekday_and_its_year() -> None:
    assert long_day(date(2027, 1, 19)) == "dinsdag 19 januari 2027"
    assert long_moment(at(2027, 1, 19, 10)) == "dinsdag 19 januari 2027, 10.00 uur"
    assert short_day(date(2027, 1, 19)) == "di 19 jan 2027"
    assert short_moment(at(2027, 3, 28, 9, 30)) == "zo 28 mrt 2027 9.30"


@pytest.mark.parametrize(
    ("when", "long", "short"),
    [
        (date(2026, 12, 9), "woensdag 9 december", "wo 9 dec"),
        (date(2027, 1, 4), "maandag 4 januari", "ma 4 jan"),
        (date(2027, 6, 9), "woensdag 9 juni", "wo 9 jun"),
        (date(2027, 6, 10), "donderdag 10 juni 2027", "do 10 jun 2027"),
        (date(2026, 12, 8), "dinsdag 8 december 2026", "di 8 dec 2026"),
        (date(2026, 3, 12), "donderdag 12 maart 2026", "do 12 mrt 2026"),
    ],
)
def test_the_year_is_left_out_of_the_coming_six_months(when: date, long: str, short: str) -> None:
    assert long_day(when, TODAY) == long
    assert short_day(when, TODAY) == short


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (at(2026, 12, 9, 23, 59), "vandaag, 23.59 uur"),
        (at(2026, 12, 10, 9), "morgen, 9.00 uur"),
        (at(2026, 12, 8, 9, 5), "gisteren, 9.05 uur"),
        (at(2026, 12, 11, 12), "vrijdag 11 december, 12.00 uur"),
        (datetime(2026, 12, 9, 23, 30, tzinfo=UTC), "morgen, 00.30 uur"),  # the day is the one in Amsterdam
    ],
)
def test_today_and_its_neighbours_have_words(when: datetime, expected: str) -> None:
    assert near_moment(when, TODAY) == expected
    assert expected.startswith(near_day(local_day(when), TODAY))


def test_hours_have_a_dot_and_no_nought_but_at_night() -> None:
    assert [clock(time(hour)) for hour in (0, 6, 7, 9, 10, 23)] == [
        *("00.00 uur", "06.00 uur", "7.00 uur", "9.00 uur", "10.00 uur", "23.00 uur")
    ]
    assert clock_span(time(9, 30), time(11)) == "9.30 tot 11.00 uur"
    assert clock_span(time(20), time(0)) == "20.00 tot 24.00 uur"


def test_a_stretch_of_time_names_both_days_only_past_midnight() -> None:
    assert long_span(at(2026, 12, 8, 10), at(2026, 12, 8, 11)) == "dinsdag 8 december 2026, 10.00 tot 11.00 uur"
    assert long_span(at(2027, 1, 19, 20), at(2027, 1, 20), TODAY) == "dinsdag 19 januari, 20.00 tot 24.00 uur"
    assert (
        long_span(at(2027, 1, 19, 22), at(2027, 1, 20, 1), TODAY)
        == "dinsdag 19 januari, 22.00 uur tot woensdag 20 januari, 01.00 uur"
    )
    assert long_span(at(2027, 1, 19), at(2027, 1, 21), TODAY).endswith("tot donderdag 21 januari, 00.00 uur")


def test_a_stretch_of_days_has_its_year_once() -> None:
    assert day_span(date(2026, 12, 14), date(2026, 12, 14)) == "maandag 14 december 2026"
    assert day_span(date(2026, 12, 14), date(2026, 12, 18)) == "maandag 14 december tot en met vrijdag 18 december 2026"
    assert (
        day_span(date(2026, 12, 18), date(2027, 1, 11)) == "vrijdag 18 december 2026 tot en met maandag 11 januari 2027"
    )
    assert day_span(date(2026, 12, 18), date(2027, 1, 11), TODAY) == "vrijdag 18 december tot en met maandag 11 januari"
    assert (
        day_span(date(2026, 12, 7), date(2026, 12, 18), TODAY)
        == "maandag 7 december tot en met vrijdag 18 december 2026"
    )


def test_a_moment_knows_its_zone() -> None:
    with pytest.raises(ValueError, match="does not know its zone"):
        local(datetime(2026, 12, 9, 10))  # noqa: DTZ001  # that is the mistake


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
