"""Holidays: against Easter as it is reckoned, and the school holidays that rijksoverheid.nl and schools publish."""

import csv
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest

from bot.commons.working_days import (
    REGIONS,
    SCHOOL_HOLIDAYS_KNOWN,
    UNKNOWN,
    Region,
    SchoolHoliday,
    after_school_holiday,
    holiday_named,
    is_working_day,
    next_working_day,
    previous_working_day,
    public_holiday,
    region_of,
    school_holiday_at,
    school_holidays,
)

PLACES = Path(__file__).parents[2] / "data" / "places.csv"


def easter(year: int) -> date:
    """By the anonymous Gregorian algorithm, independent of the library."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


@pytest.mark.parametrize("year", range(2020, 2061))
def test_the_public_holidays_of_a_year_are_these_and_no_others(year: int) -> None:
    sunday = easter(year)
    kings = date(year, 4, 26 if date(year, 4, 27).weekday() == 6 else 27)
    expected = {
        date(year, 1, 1): "Nieuwjaarsdag",
        sunday: "Eerste paasdag",
        sunday + timedelta(days=1): "Tweede paasdag",
        kings: "Koningsdag",
        date(year, 5, 5): "Bevrijdingsdag",
        sunday + timedelta(days=39): "Hemelvaartsdag",
        sunday + timedelta(days=49): "Eerste pinksterdag",
        sunday + timedelta(days=50): "Tweede pinksterdag",
        date(year, 12, 25): "Eerste kerstdag",
        date(year, 12, 26): "Tweede kerstdag",
    }
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
    found = {day: name for day in days if day.year == year and (name := public_holiday(day))}
    assert found.keys() == expected.keys()
    if len(expected) == 10:  # Hemelvaart or so on 5 May or Koningsdag: the library names one or both
        assert all(expected[day] in name for day, name in found.items())


def test_koningsdag_is_never_on_a_sunday_and_goede_vrijdag_is_a_working_day() -> None:
    assert public_holiday(date(2025, 4, 26)) == "Koningsdag"
    assert public_holiday(date(2025, 4, 27)) is None
    assert holiday_named("Goede vrijdag", 2027) == date(2027, 3, 26)
    assert is_working_day(date(2027, 3, 26))


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        (date(2027, 3, 29), date(2027, 3, 26), date(2027, 3, 30)),  # Easter Monday: back to Goede Vrijdag
        (date(2026, 12, 25), date(2026, 12, 24), date(2026, 12, 28)),
        (date(2026, 11, 25), date(2026, 11, 24), date(2026, 11, 26)),
        (date(2027, 1, 1), date(2026, 12, 31), date(2027, 1, 4)),
        (date(2030, 5, 5), date(2030, 5, 3), date(2030, 5, 6)),
    ],
)
def test_the_working_days_around(day: date, before: date, after: date) -> None:
    assert previous_working_day(day) == before
    assert next_working_day(day) == after


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2020, 1, 1), date(2060, 12, 31)))
def test_between_a_day_and_the_next_working_day_nobody_works(day: date) -> None:
    following, previous = next_working_day(day), previous_working_day(day)
    assert previous < day < following
    assert is_working_day(following)
    assert is_working_day(previous)
    between = [previous + timedelta(days=number) for number in range(1, (following - previous).days)]
    assert not any(is_working_day(one) for one in between if one != day)


# School holidays. 2027-2028 and 2028-2029: rijksoverheid.nl, Overzicht schoolvakanties. Before: what schools published,
# 2025-2026 in each region (edumarevpr.nl, zaanlands.nl, gbbenjamin.nl), 2026-2027 in Noord (ckcderegenboog.nl) and
# Midden (mariaschool.wsko.nl). Nothing was found to compare Zuid of 2026-2027 with.
PUBLISHED: list[tuple[Region, str, str]] = [
    ("Noord", "Herfstvakantie", "2025-10-18 2025-10-26"),
    ("Midden", "Herfstvakantie", "2025-10-18 2025-10-26"),
    ("Zuid", "Herfstvakantie", "2025-10-11 2025-10-19"),
    ("Noord", "Kerstvakantie", "2025-12-20 2026-01-04"),
    ("Midden", "Kerstvakantie", "2025-12-20 2026-01-04"),
    ("Zuid", "Kerstvakantie", "2025-12-20 2026-01-04"),
    ("Noord", "Voorjaarsvakantie", "2026-02-21 2026-03-01"),
    ("Midden", "Voorjaarsvakantie", "2026-02-14 2026-02-22"),
    ("Zuid", "Voorjaarsvakantie", "2026-02-14 2026-02-22"),
    ("Noord", "Zomervakantie", "2026-07-04 2026-08-16"),
    ("Midden", "Zomervakantie", "2026-07-18 2026-08-30"),
    ("Zuid", "Zomervakantie", "2026-07-11 2026-08-23"),
    ("Noord", "Herfstvakantie", "2026-10-10 2026-10-18"),
    ("Noord", "Voorjaarsvakantie", "2027-02-20 2027-02-28"),
    ("Noord", "Zomervakantie", "2027-07-10 2027-08-22"),
    ("Midden", "Herfstvakantie", "2026-10-17 2026-10-25"),
    ("Midden", "Kerstvakantie", "2026-12-19 2027-01-03"),
    ("Midden", "Voorjaarsvakantie", "2027-02-20 2027-02-28"),
    ("Midden", "Zomervakantie", "2027-07-17 2027-08-29"),
    ("Noord", "Herfstvakantie", "2027-10-16 2027-10-24"),
    ("Midden", "Herfstvakantie", "2027-10-16 2027-10-24"),
    ("Zuid", "Herfstvakantie", "2027-10-23 2027-10-31"),
    ("Zuid", "Kerstvakantie", "2027-12-25 2028-01-09"),
    ("Noord", "Voorjaarsvakantie", "2028-02-19 2028-02-27"),
    ("Midden", "Voorjaarsvakantie", "2028-02-26 2028-03-05"),
    ("Zuid", "Voorjaarsvakantie", "2028-02-26 2028-03-05"),
    ("Noord", "Meivakantie", "2028-04-29 2028-05-07"),
    ("Noord", "Zomervakantie", "2028-07-15 2028-08-27"),
    ("Midden", "Zomervakantie", "2028-07-08 2028-08-20"),
    ("Zuid", "Zomervakantie", "2028-07-22 2028-09-03"),
    ("Noord", "Herfstvakantie", "2028-10-14 2028-10-22"),
    ("Midden", "Herfstvakantie", "2028-10-21 2028-10-29"),
    ("Zuid", "Herfstvakantie", "2028-10-21 2028-10-29"),
    ("Noord", "Kerstvakantie", "2028-12-23 2029-01-07"),
    ("Noord", "Voorjaarsvakantie", "2029-02-17 2029-02-25"),
    ("Midden", "Voorjaarsvakantie", "2029-02-17 2029-02-25"),
    ("Zuid", "Voorjaarsvakantie", "2029-02-10 2029-02-18"),
    ("Zuid", "Meivakantie", "2029-04-28 2029-05-06"),
    ("Noord", "Zomervakantie", "2029-07-21 2029-09-02"),
    ("Midden", "Zomervakantie", "2029-07-07 2029-08-19"),
    ("Zuid", "Zomervakantie", "2029-07-14 2029-08-26"),
]


@pytest.mark.parametrize(("region", "name", "span"), PUBLISHED)
def test_school_holidays_are_those_that_were_published(region: Region, name: str, span: str) -> None:
    first, last = map(date.fromisoformat, span.split())
    assert SchoolHoliday(name, first, last) in school_holidays(region)
    for day in (first, last):
        assert school_holiday_at(day, region) == SchoolHoliday(name, first, last)
    assert school_holiday_at(first - timedelta(days=1), region) is None


@pytest.mark.parametrize("region", REGIONS)
def test_a_school_year_has_five_holidays_and_they_never_touch(region: Region) -> None:
    found = school_holidays(region)
    assert [one.name[:4] for one in found[1:6]] == ["Voor", "Meiv", "Zome", "Herf", "Kers"]
    assert len(found) == 24  # from Christmas 2024 up to the summer of 2029
    assert all(one.last < other.first for one, other in pairwise(found))
    assert all(one.first.weekday() == 5 and one.last.weekday() == 6 for one in found)


def test_what_lies_outside_the_known_years_is_unknown_and_not_none() -> None:
    first, last = SCHOOL_HOLIDAYS_KNOWN
    for region in REGIONS:
        assert school_holiday_at(first - timedelta(days=1), region) is UNKNOWN
        assert school_holiday_at(last + timedelta(days=1), region) is UNKNOWN
        assert school_holiday_at(first, region) is not UNKNOWN
        assert school_holiday_at(last, region) is not UNKNOWN


def test_the_first_working_day_after_a_school_holiday() -> None:
    assert after_school_holiday(date(2026, 12, 9), "Zuid") == date(2027, 1, 4)
    assert after_school_holiday(date(2026, 12, 25), "Zuid") == date(2027, 1, 4)  # in the middle of it
    assert after_school_holiday(date(2026, 12, 9), "Zuid", "Zomervakantie") == date(2027, 9, 6)
    assert after_school_holiday(date(2024, 12, 31), "Zuid") is UNKNOWN
    assert after_school_holiday(date(2029, 9, 3), "Zuid") is UNKNOWN


def test_every_province_has_its_region_or_is_divided() -> None:
    with PLACES.open(encoding="utf-8", newline="") as file:
        provinces = {row["name"] for row in csv.DictReader(file) if row["kind"] == "provincie"}
    regions = {province: region_of(province) for province in provinces}
    assert len(regions) == 12
    divided = {province for province, region in regions.items() if region is UNKNOWN}
    assert divided == {"Flevoland", "Utrecht", "Gelderland", "Noord-Brabant"}
    assert regions["Groningen"] == "Noord"
    assert regions["Zuid-Holland"] == "Midden"
    assert regions["Zeeland"] == "Zuid"
    assert region_of("Ergens") is UNKNOWN
