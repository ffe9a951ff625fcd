"""Public holidays, working days and school holidays in the Netherlands, from the library `holidays`.

* Public holidays are those of the Algemene termijnenwet, also on a weekend: Nieuwjaarsdag, both Easter days, Koningsdag
  (26 April when the 27th is a Sunday), Bevrijdingsdag (every year, although many offices only have it off in 2025,
  2030 …), Hemelvaartsdag, both days of Pinksteren, both of Christmas. Goede Vrijdag is a working day here: it counts as
  a holiday for terms, but most offices work (rijksoverheid.nl: "dan moet u waarschijnlijk gewoon werken").
* School holidays are the ministry's dates per region. Schools may depart from those of autumn and spring, and many add
  a week to the one of May: good for a "let op", not for a promise. The library follows the Regeling vaststelling
  schoolvakanties; what lies beyond the years that the tests compare with other sources is UNKNOWN, never "no".

The library is loaded at the first question (0.5 s, 17 MB: it brings all countries), so that a cold start does not pay.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

__all__ = [
    "REGIONS",
    "SCHOOL_HOLIDAYS_KNOWN",
    "UNKNOWN",
    "Region",
    "SchoolHoliday",
    "Unknown",
    "after_school_holiday",
    "holiday_named",
    "is_working_day",
    "next_working_day",
    "previous_working_day",
    "public_holiday",
    "region_of",
    "school_holiday_at",
    "school_holidays",
]


class Unknown(Enum):
    """What no table tells. It is neither yes nor no: compare with `is UNKNOWN`."""

    UNKNOWN = "onbekend"


UNKNOWN: Final = Unknown.UNKNOWN

Region = Literal["Noord", "Midden", "Zuid"]
"""The regions that the ministry spreads the school holidays over."""
REGIONS: tuple[Region, ...] = ("Noord", "Midden", "Zuid")

SCHOOL_HOLIDAYS_KNOWN = (date(2025, 1, 1), date(2029, 9, 2))
"""First and last day of which we say whether it is a school holiday: up to the end of the summer of 2029."""

_GOOD_FRIDAY = "Goede vrijdag"

# Provinces that lie in one region as a whole. Divided are Flevoland (Zeewolde is in Midden), Utrecht (Eemnes in Noord),
# Gelderland and Noord-Brabant; sources: nieuws.nl (2023), onsalmere.nl (2020), nhnieuws.nl (2018).
_REGION_OF: Mapping[str, Region] = {
    "Drenthe": "Noord",
    "Friesland": "Noord",
    "Groningen": "Noord",
    "Noord-Holland": "Noord",
    "Overijssel": "Noord",
    "Zuid-Holland": "Midden",
    "Limburg": "Zuid",
    "Zeeland": "Zuid",
}


@dataclass(frozen=True, slots=True)
class SchoolHoliday:
    """One holiday of one region; both days belong to it, and the weekends around its weeks."""

    name: str
    first: date
    last: date


def public_holiday(day: date) -> str | None:
    """The name of the public holiday ("Tweede paasdag"), or None; for the years 2000 to 2100."""
    name = _holidays(day.year).get(day)
    return None if name == _GOOD_FRIDAY else name


def holiday_named(name: str, year: int) -> date:
    """The day of a holiday by the library's name: a public one, or "Goede vrijdag"."""
    return next(day for day, known in _holidays(year).items() if known == name)


@cache
def _holidays(year: int) -> Mapping[date, str]:
    from holidays import country_holidays
    from holidays.constants import OPTIONAL, PUBLIC

    # OPTIONAL: Bevrijdingsdag in the years that are not 2025, 2030 …
    found = country_holidays("NL", years=year, categories=(PUBLIC, OPTIONAL), language="nl")
    return MappingProxyType({day: found[day] for day in sorted(found)})


def is_working_day(day: date) -> bool:
    """Whether offices work: Monday to Friday, and no public holiday."""
    return day.weekday() < 5 and public_holiday(day) is None


def next_working_day(day: date) -> date:
    """The first working day after it."""
    return _working_day(day, 1)


def previous_working_day(day: date) -> date:
    """The last working day before it."""
    return _working_day(day, -1)


def _working_day(day: date, step: int) -> date:
    day += timedelta(days=step)
    while not is_working_day(day):
        day += timedelta(days=step)
    return day


def region_of(province: str) -> Region | Unknown:
    """The region a province (its name in data/places.csv) lies in as a whole; UNKNOWN when it is divided, or none."""
    return _REGION_OF.get(province, UNKNOWN)


def school_holiday_at(day: date, region: Region) -> SchoolHoliday | Unknown | None:
    """The school holiday of that day; None when there is school; UNKNOWN outside SCHOOL_HOLIDAYS_KNOWN."""
    first, last = SCHOOL_HOLIDAYS_KNOWN
    if not first <= day <= last:
        return UNKNOWN
    return next((one for one in school_holidays(region) if one.first <= day <= one.last), None)


def after_school_holiday(today: date, region: Region, name: str = "") -> date | Unknown:
    """The first working day after the school holiday that is now or comes next; `name`: "Kerstvakantie" or so."""
    first, _ = SCHOOL_HOLIDAYS_KNOWN
    for one in school_holidays(region):
        if first <= today <= one.last and name in ("", one.name):
            return next_working_day(one.last)
    return UNKNOWN


@cache
def school_holidays(region: Region) -> tuple[SchoolHoliday, ...]:
    """All school holidays of a region that are known, in order."""
    from holidays import country_holidays
    from holidays.constants import SCHOOL

    known_from, known_until = SCHOOL_HOLIDAYS_KNOWN
    years = range(known_from.year - 1, known_until.year + 1)  # a Christmas holiday begins in the year before
    days = country_holidays("NL", subdiv=region, years=years, categories=SCHOOL, language="nl")
    found: list[SchoolHoliday] = []
    for day in sorted(days):
        if found and found[-1].name == days[day] and found[-1].last == day - timedelta(days=1):
            found[-1] = SchoolHoliday(days[day], found[-1].first, day)
        else:
            found.append(SchoolHoliday(days[day], day, day))
    return tuple(one for one in found if one.last >= known_from and one.first <= known_until)
