"""Days of the calendar as people type them: "30 nov", "18 t/m 22 januari", "eerste dinsdag van maart", "1e kerstdag".

There is one rule for each way to say which day is meant. It takes a match in the spelling of words.py and gives `Days`:
the days that can be meant, likeliest first, each as the stretch from a first to a last day. They are asked for with the
day from which on to look: today, but for the second day of "18 december t/m 11 januari". Days counted from today stand
in relative_days.py.
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
import re

from bot.commons.dates import MONTHS, WEEKDAYS, local_day
from bot.commons.typed_dates.when import NotADate, Problem, When
from bot.commons.typed_dates.words import MONTH, WEEKDAY
from bot.commons.working_days import Region, holiday_named

__all__ = [
    "DATED",
    "NUMBER",
    "Asked",
    "Days",
    "Rule",
    "Stretch",
    "coming_weekday",
    "contradiction",
    "known",
    "months_on",
    "ruled",
    "too_far",
]

Stretch = tuple[date, date]
"""First and last day, the same for a single one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """When a date was typed, and where its school holidays are."""

    now: datetime
    region: Region | None

    @property
    def today(self) -> date:
        return local_day(self.now)


@dataclass(frozen=True, slots=True)
class Days:
    """What a stretch of text says of the day; `at` when it says the time too ("over 2 uur")."""

    look: Callable[[date], tuple[Stretch, ...]]
    weekday: int | None = None
    """Of a bare weekday: it chooses among days that something else says."""
    at: time | None = None
    fixed: bool = False
    """Whether it has a year of its own."""
    yearless: bool = False
    """Whether it is a day of a month whose year was left out."""
    period: bool = False
    """Whether it is a whole week, weekend or month, of which only what is left counts."""


Rule = tuple[re.Pattern[str], Callable[[re.Match[str], Asked], Days]]


def ruled(*rules: tuple[str, Callable[[re.Match[str], Asked], Days]]) -> tuple[Rule, ...]:
    """The rules with their patterns made ready: each matches whole words."""
    return tuple((re.compile(rf"(?:{pattern})(?!\S)"), rule) for pattern, rule in rules)


def known(*days: date) -> Days:
    """Days that are clear whatever day one looks from; the same one twice counts once."""
    return Days(lambda _: tuple((day, day) for day in dict.fromkeys(days)))


def coming_weekday(weekday: int, since: date) -> date:
    """The first such day from `since` on, 0 is Monday."""
    return since + timedelta(days=(weekday - since.weekday()) % 7)


def months_on(day: date, months: int) -> date:
    """So many months later; the last day of the month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# What is no day


def too_far() -> NotADate:
    return NotADate(Problem.TOO_FAR, "Dat is te ver weg. Kies een dag tussen 2000 en 2100.")


def no_such_day(day: int, month: int, year: int) -> NotADate:
    """For "31 februari": offers the end of the month, and as far past it as was typed."""
    if not 1 <= month <= 12:
        return NotADate(Problem.NO_SUCH_DAY, f"Maand {month} bestaat niet. Typ eerst de dag, dan de maand.")
    said = f"{day} {MONTHS[month - 1]} bestaat niet"
    if not 0 < day < 32:
        return NotADate(Problem.NO_SUCH_DAY, f"{said}.")
    days = monthrange(year, month)[1]
    if (month, day) == (2, 29):
        said += f" in {year}"
    last = date(year, month, days)
    return NotADate(Problem.NO_SUCH_DAY, f"{said}.", (When(last), When(last + timedelta(days=day - days))))


def contradiction(day: date, weekday: int) -> NotADate:
    """For "dinsdag 30 november" when that is a Monday: offers the 30th, and the Tuesday nearest to it."""
    nearest = day + timedelta(days=(weekday - day.weekday() + 3) % 7 - 3)
    said = f"{day.day} {MONTHS[day.month - 1]} {day.year} is een {WEEKDAYS[day.weekday()]}."
    return NotADate(Problem.CONTRADICTION, said, (When(day), When(nearest)))


# Rules

NUMBER = r"(?P<n>[0-9]{1,3})"
_FIRST = rf"(?:(?P<wd0>{WEEKDAY}) )?(?P<d0>[0-9]{{1,2}})(?: e)?"
_DAY = r"(?P<d>[0-9]{1,2})(?: e)?"
_YEAR = r"(?: (?:van )?(?P<y>[0-9]{4}\b|2[5-9]\b|[3-9][0-9]\b|(?:volgende|deze) jaar))?"  # 24 and below may be an hour
_IN_MONTH = rf"(?:van |in )?(?:(?P<rel>(?:de|deze|volgende) maand|maand)|(?P<m>{MONTH}){_YEAR})"


def _coming(day: int, month: int, since: date) -> date:
    """The first such day from `since` on; raises NotADate when the coming one does not exist."""
    days_before = month == since.month and day < since.day
    year = since.year + (month < since.month or days_before)
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        raise no_such_day(day, month, year)
    return date(year, month, day)


def _year_of(text: str | None, today: date) -> int | None:
    """The year that was typed ("2027", "27", "volgend jaar"); None when none was."""
    if text is None:
        return None
    if text.endswith("jaar"):
        return today.year + text.startswith("volgende")
    year = int(text) + (2000 if len(text) == 2 else 0)
    if not 2000 <= year <= 2100:
        raise too_far()
    return year


def _date(match: re.Match[str], asked: Asked) -> Days:
    """Of "30 nov", "30-11-2026", "2026-11-30", "30 nov volgend jaar"."""
    groups = match.groupdict()
    day = int(groups["d"])
    month = MONTHS.index(groups["m"]) + 1 if groups["m"] in MONTHS else int(groups["m"])
    year = _year_of(groups.get("y"), asked.today)
    if year is None:
        return Days(lambda since: ((_coming(day, month, since),) * 2,), yearless=True)
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        raise no_such_day(day, month, year)
    return Days(lambda _: ((date(year, month, day),) * 2,), fixed=True)


def _days_of_month(match: re.Match[str], asked: Asked) -> Days:
    """Of "18 t/m 22 januari": the first takes the month of the last."""
    last = _date(match, asked)
    first_day, until = int(match["d0"]), match["joint"] == " tot "

    def look(since: date) -> tuple[Stretch, ...]:
        end = last.look(since)[0][0]
        if not 0 < first_day < end.day:
            raise NotADate(Problem.BACKWARDS, f"{end.day} {MONTHS[end.month - 1]} is niet na de {first_day}e.")
        start = end.replace(day=first_day)
        for day, weekday in ((start, match["wd0"]), (end, match["wd"])):
            if weekday and day.weekday() != WEEKDAYS.index(weekday):
                raise contradiction(day, WEEKDAYS.index(weekday))
        return ((start, end - timedelta(days=until)),)

    return Days(look, fixed=last.fixed)


def _month(match: re.Match[str], asked: Asked) -> Days:
    """Of "maart", "maart 2027", "deze maand", "volgende maand": all of it."""
    look = _in_month(match, asked, lambda first, last: (first, last))
    return Days(look, fixed=match["y"] is not None, period=True)


def _in_month(
    match: re.Match[str], asked: Asked, pick: Callable[[date, date], Stretch]
) -> Callable[[date], tuple[Stretch, ...]]:
    """Something of the month that was named: of the next such month when it is over in this one."""

    def look(since: date) -> tuple[Stretch, ...]:
        named, year, relative = match["m"], _year_of(match["y"], asked.today), match["rel"]
        if named is None:
            first = months_on(asked.today.replace(day=1), 1 if relative == "volgende maand" else 0)
            next_one = 1 if relative in ("maand", "de maand") else 0
        else:
            month = MONTHS.index(named) + 1
            first = date(year or since.year + (month < since.month), month, 1)
            next_one = 0 if year else 12
        found = pick(first, _end_of_month(first))
        if found[1] < since and next_one:
            first = months_on(first, next_one)
            found = pick(first, _end_of_month(first))
        return (found,)

    return look


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _part_of_month(match: re.Match[str], asked: Asked) -> Days:
    """Of "begin maart", "half februari", "eind van de maand": the 1st, the 15th, the last."""

    def pick(first: date, last: date) -> Stretch:
        day = {"begin": first, "half": first.replace(day=15), "eind": last}[match["part"]]
        return day, day

    return Days(_in_month(match, asked, pick), fixed=match["y"] is not None)


def _nth_weekday(match: re.Match[str], asked: Asked) -> Days:
    """Of "eerste dinsdag van de maand", "laatste vrijdag van januari": the coming one."""
    weekday, nth = WEEKDAYS.index(match["wd"]), match["n"]

    def pick(first: date, last: date) -> Stretch:
        day = last - timedelta(days=(last.weekday() - weekday) % 7)
        if nth is not None:
            day = coming_weekday(weekday, first) + timedelta(weeks=int(nth) - 1)
        if not first <= day <= last:
            where = f"{MONTHS[first.month - 1]} {first.year}"
            raise NotADate(Problem.NO_SUCH_DAY, f"Een {nth}e {match['wd']} is er niet in {where}.")
        return day, day

    return Days(_in_month(match, asked, pick), fixed=match["y"] is not None)


def _day_of_month(match: re.Match[str], _: Asked) -> Days:
    """Of "de 15e": the first month from now on that has it."""
    day = int(match["d"])

    def look(since: date) -> tuple[Stretch, ...]:
        if not 0 < day < 32:
            raise NotADate(Problem.NO_SUCH_DAY, f"De {day}e bestaat niet.")
        month = since.replace(day=1)
        while day > monthrange(month.year, month.month)[1] or month.replace(day=day) < since:
            month = months_on(month, 1)
        return ((month.replace(day=day),) * 2,)

    return Days(look)


def _week_number(match: re.Match[str], asked: Asked) -> Days:
    """Of "week 3", "week 3 2027": Monday to Sunday of that week of the calendar."""
    number, year = int(match["n"]), _year_of(match["y"], asked.today)

    def look(since: date) -> tuple[Stretch, ...]:
        first_year = year or since.isocalendar().year
        for in_year in (first_year, first_year + 1):
            try:
                monday = date.fromisocalendar(in_year, number, 1)
            except ValueError:
                raise NotADate(Problem.NO_SUCH_DAY, f"Week {number} bestaat niet in {in_year}.") from None
            if year or monday + timedelta(days=6) >= since:
                break
        return ((monday, monday + timedelta(days=6)),)

    return Days(look, fixed=year is not None)


def _feast(match: re.Match[str], asked: Asked) -> Days:
    """Of "1e kerstdag", "hemelvaart", "koningsdag 2027"."""
    year, name = _year_of(match["y"], asked.today), match["name"]

    def of(in_year: int) -> date:
        feast = _FEASTS[name]
        return holiday_named(feast, in_year) if isinstance(feast, str) else date(in_year, *feast)

    def look(since: date) -> tuple[Stretch, ...]:
        day = of(year or since.year)
        if day < since and year is None:
            day = of(since.year + 1)
        return ((day, day),)

    return Days(look, fixed=year is not None)


_FEASTS: dict[str, str | tuple[int, int]] = {
    "nieuwjaar": "Nieuwjaarsdag",
    "goede vrijdag": "Goede vrijdag",
    **dict.fromkeys(("pasen", "1 e pasen"), "Eerste paasdag"),
    **dict.fromkeys(("2 e pasen", "paasmaandag"), "Tweede paasdag"),
    "koningsdag": "Koningsdag",
    "bevrijdingsdag": "Bevrijdingsdag",
    "hemelvaart": "Hemelvaartsdag",
    **dict.fromkeys(("pinksteren", "1 e pinksteren"), "Eerste pinksterdag"),
    **dict.fromkeys(("2 e pinksteren", "pinkstermaandag"), "Tweede pinksterdag"),
    "sinterklaas": (12, 5),
    "kerstavond": (12, 24),
    **dict.fromkeys(("kerst", "kerstdag", "1 e kerst", "1 e kerstdag"), "Eerste kerstdag"),
    **dict.fromkeys(("2 e kerst", "2 e kerstdag"), "Tweede kerstdag"),
    "oudjaar": (12, 31),
}

DATED = ruled(
    (r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})", _date),
    (r"(?P<d>[0-9]{1,2})(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)(?P<y>[0-9]{4}|[0-9]{2})", _date),
    (r"(?P<d>[0-9]{1,2})[-/](?P<m>[0-9]{1,2})(?! uur)", _date),
    (r"(?P<d>2[5-9]|3[01])\.(?P<m>0?[1-9]|1[0-2])", _date),  # no time has such an hour
    (rf"{_DAY} (?:van )?(?P<m>{MONTH}){_YEAR}(?: komende)?", _date),
    (
        rf"(?:van )?{_FIRST}(?P<joint> tm | tot | ?- ?)(?:(?P<wd>{WEEKDAY}) )?{_DAY} (?P<m>{MONTH}){_YEAR}",
        _days_of_month,
    ),
    (rf"(?P<rel>(?:deze|volgende) maand)|(?P<m>{MONTH}){_YEAR}", _month),
    (rf"(?P<part>begin|half|eind) {_IN_MONTH}", _part_of_month),
    (rf"(?:(?P<n>[0-9]) e|laatste) (?P<wd>{WEEKDAY}) {_IN_MONTH}", _nth_weekday),
    (rf"(?P<d>[0-9]{{1,2}}) e(?! {WEEKDAY})", _day_of_month),
    (rf"week {NUMBER}{_YEAR}", _week_number),
    (rf"(?P<name>{'|'.join(_FEASTS)}){_YEAR}", _feast),
)
"""What begins at a place of a text: the longest match counts, the first of several as long."""
