"""Dates as people in the Netherlands read and write them, and what is long ago."""

from calendar import monthrange
from datetime import date, datetime
import re
from zoneinfo import ZoneInfo

__all__ = ["AMSTERDAM", "day", "is_half_a_year_ago", "local_day", "month", "month_key", "read_day"]

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
_ALSO = "jan january|feb february|mrt mar march|apr|may|jun june|jul july|aug august|sep sept|okt oct october|nov|dec"
_MONTH_NUMBERS = {
    name: number
    for number, (full, others) in enumerate(zip(MONTHS, _ALSO.split("|"), strict=True), 1)
    for name in (full, *others.split(" "))
}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})", re.ASCII)
_WORDS = re.compile(r"(\d{1,2})[ .-]+([a-z]+)[ .-]+(\d{4}|\d{2})|([a-z]+)[ .-]+(\d{4})", re.ASCII)


def day(moment: date) -> str:
    """For example "5 oktober 2026"."""
    return f"{moment.day} {month(moment)}"


def month(moment: date) -> str:
    """For example "maart 2026"."""
    return f"{MONTHS[moment.month - 1]} {moment.year}"


def local_day(moment: datetime) -> date:
    """The date on the clock of Amsterdam; `moment` knows its zone."""
    return moment.astimezone(AMSTERDAM).date()


def month_key(moment: datetime) -> str:
    """The month in Amsterdam as it is counted with: "2026-11"."""
    return f"{local_day(moment):%Y-%m}"


def is_half_a_year_ago(moment: date, today: date) -> bool:
    """Whether more than six months have passed: of 12 March first on 13 September."""
    months = (today.year - moment.year) * 12 + today.month - moment.month
    return months > 6 or (months == 6 and today.day > moment.day)


def read_day(text: str) -> date:
    """The day somebody wrote: "2026-12-31", "31-12-2026", "31.12.26", "31 dec 2026"; "dec 2026" is the last day of it.

    Raises ValueError when it is no day between 2000 and 2100.
    """
    said = " ".join(text.lower().split())
    if match := _ISO.fullmatch(said):
        year, in_year, in_month = match[1], int(match[2]), int(match[3])
    elif match := _NUMBERS.fullmatch(said):
        year, in_year, in_month = match[4], int(match[3]), int(match[1])
    elif (match := _WORDS.fullmatch(said)) and (name := match[2] or match[4]) in _MONTH_NUMBERS:
        year, in_year = match[3] or match[5], _MONTH_NUMBERS[name]
        in_month = int(match[1] or monthrange(int(year), in_year)[1])
    else:
        raise ValueError(f"{text!r} is no day")
    found = date(int(year if len(year) == 4 else f"20{year}"), in_year, in_month)
    if not 2000 <= found.year <= 2100:
        raise ValueError(f"{text!r} is not between 2000 and 2100")
    return found
