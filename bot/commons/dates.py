"""Dates and times as people in the Netherlands read and write them, and what is long ago.

How the bot writes them:

* A day that is confirmed has its weekday and its year: `long_day(when)`. Everywhere else the bot says `today` too, and
  the year is left out of the coming six months: on 9 December nobody takes "maandag 4 januari" for another year's. A
  day that is over keeps its year, so that "12 maart" is never taken for the next.
* "vandaag", "morgen" and "gisteren", but not "overmorgen": people have to count then.
* Hours have a dot and "uur" ("9.30 uur"). Before seven they begin with a nought ("01.00 uur"): "1.00 uur" is one in the
  afternoon to many people, and to the reader of `typed_dates`.

What is written here, `typed_dates.read_when` reads back. A list's column of dates is read by `read_day`, more strictly.
"""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
import re
from zoneinfo import ZoneInfo

__all__ = [
    "AMSTERDAM",
    "MONTHS",
    "MONTH_NUMBERS",
    "WEEKDAYS",
    "clock",
    "clock_span",
    "day",
    "day_span",
    "is_half_a_year_ago",
    "local",
    "local_day",
    "long_day",
    "long_moment",
    "long_span",
    "month",
    "month_key",
    "near_day",
    "near_moment",
    "read_day",
    "short_day",
    "short_moment",
]

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
_SHORT_MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_ALSO = "jan january|feb february|mrt mar march|apr|may|jun june|jul july|aug august|sep sept|okt oct october|nov|dec"
MONTH_NUMBERS = {
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


def long_day(when: date, today: date | None = None) -> str:
    """For example "dinsdag 19 januari 2027"; with `today` the year only where it is not obvious."""
    year = f" {when.year}" if _needs_year(when, today) else ""
    return f"{WEEKDAYS[when.weekday()]} {when.day} {MONTHS[when.month - 1]}{year}"


def near_day(when: date, today: date) -> str:
    """For example "vandaag", "morgen", "gisteren", "maandag 4 januari"."""
    return {-1: "gisteren", 0: "vandaag", 1: "morgen"}.get((when - today).days) or long_day(when, today)


def short_day(when: date, today: date | None = None) -> str:
    """For lists: "di 19 jan 2027"; with `today` the year only where it is not obvious."""
    year = f" {when.year}" if _needs_year(when, today) else ""
    return f"{WEEKDAYS[when.weekday()][:2]} {when.day} {_SHORT_MONTHS[when.month - 1]}{year}"


def day_span(first: date, last: date, today: date | None = None) -> str:
    """For example "vrijdag 18 december tot en met maandag 11 januari 2027"; both days belong to it."""
    if first == last:
        return long_day(first, today)
    today = _seen_from(first, last, today)
    # A year for both stands once, at the end.
    start = long_day(first, first if first.year == last.year else today)
    return f"{start} tot en met {long_day(last, today)}"


def _seen_from(first: date, last: date, today: date | None) -> date | None:
    """The day to write both from: None, so that both have their year, when one of them needs it."""
    return None if _needs_year(first, today) or _needs_year(last, today) else today


def _needs_year(when: date, today: date | None) -> bool:
    return today is None or when < today or is_half_a_year_ago(today, when)


def clock(at: time) -> str:
    """For example "9.30 uur", "13.00 uur", "01.00 uur"."""
    return f"{_digits(at)} uur"


def clock_span(start: time, end: time) -> str:
    """For example "10.00 tot 11.00 uur"; an end at midnight is "24.00 uur"."""
    return f"{_digits(start)} tot {_digits(end) if end != time() else '24.00'} uur"


def _digits(at: time) -> str:
    return f"{at:%H.%M}" if at.hour < 7 else f"{at.hour}.{at:%M}"


def long_moment(moment: datetime, today: date | None = None) -> str:
    """For example "dinsdag 19 januari 2027, 10.00 uur" on the clock of Amsterdam; `today` as in `long_day`."""
    return f"{long_day(local_day(moment), today)}, {clock(local(moment).time())}"


def near_moment(moment: datetime, today: date) -> str:
    """For example "morgen, 10.00 uur", "maandag 4 januari, 10.00 uur", on the clock of Amsterdam."""
    return f"{near_day(local_day(moment), today)}, {clock(local(moment).time())}"


def short_moment(moment: datetime, today: date | None = None) -> str:
    """For lists: "di 19 jan 2027 10.00", on the clock of Amsterdam; `today` as in `short_day`."""
    return f"{short_day(local_day(moment), today)} {_digits(local(moment).time())}"


def long_span(start: datetime, end: datetime, today: date | None = None) -> str:
    """For example "dinsdag 19 januari 2027, 10.00 tot 11.00 uur" on the clock of Amsterdam; `today` as in `long_day`.

    Past midnight both days are named: "…, 22.00 uur tot woensdag 20 januari 2027, 01.00 uur".
    """
    first, last = local_day(start), local_day(end)
    ends = local(end).time()
    if last == first or (last == first + timedelta(days=1) and ends == time()):
        return f"{long_day(first, today)}, {clock_span(local(start).time(), ends)}"
    today = _seen_from(first, last, today)
    return f"{long_moment(start, today)} tot {long_moment(end, today)}"


def local(moment: datetime) -> datetime:
    """The moment on the clock of Amsterdam. Raises ValueError when `moment` does not know its zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} does not know its zone")
    return moment.astimezone(AMSTERDAM)


def local_day(moment: datetime) -> date:
    """The date on the clock of Amsterdam; `moment` knows its zone."""
    return local(moment).date()


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
    elif (match := _WORDS.fullmatch(said)) and (name := match[2] or match[4]) in MONTH_NUMBERS:
        year, in_year = match[3] or match[5], MONTH_NUMBERS[name]
        in_month = int(match[1] or monthrange(int(year), in_year)[1])
    else:
        raise ValueError(f"{text!r} is no day")
    found = date(int(year if len(year) == 4 else f"20{year}"), in_year, in_month)
    if not 2000 <= found.year <= 2100:
        raise ValueError(f"{text!r} is not between 2000 and 2100")
    return found
