"""Days counted from today as people type them: "morgen", "volgende week", "vrijdag over een week", "na de vakantie"."""

from collections.abc import Iterable
from datetime import UTC, date, timedelta
import re

from bot.commons.dates import WEEKDAYS, local
from bot.commons.typed_dates.days import NUMBER, Asked, Days, Stretch, coming_weekday, known, months_on, ruled
from bot.commons.typed_dates.when import NotADate, Problem
from bot.commons.typed_dates.words import WEEKDAY
from bot.commons.working_days import REGIONS, UNKNOWN, Region, after_school_holiday

__all__ = ["RELATIVE"]


def _in_week(weekday: int, today: date, weeks: int) -> date:
    return today + timedelta(days=weekday - today.weekday() + 7 * weeks)


def _weekday(match: re.Match[str], asked: Asked) -> Days:
    """Of "dinsdag": on a Tuesday that is today or in a week."""
    weekday = WEEKDAYS.index(match["wd"])

    def look(since: date) -> tuple[Stretch, ...]:
        day = coming_weekday(weekday, since)
        found = [day, day + timedelta(days=7)] if day == asked.today == since else [day]
        return tuple((one, one) for one in found)

    return Days(look, weekday=weekday)


def _weekday_by_word(match: re.Match[str], asked: Asked) -> Days:
    """Of "aanstaande vrijdag", "volgende vrijdag", "deze vrijdag", "vorige vrijdag"."""
    weekday, today = WEEKDAYS.index(match["wd"] or match["wd2"]), asked.today
    after_today = coming_weekday(weekday, today + timedelta(days=1))
    word = match["rel"] or "komende"
    if word == "deze":
        return known(coming_weekday(weekday, today))
    if word == "vorige":
        return known(coming_weekday(weekday, today - timedelta(days=7)))
    if word == "komende":
        return known(after_today)
    return known(after_today, _in_week(weekday, today, 1))


def _relative(match: re.Match[str], asked: Asked) -> Days:
    """Of "vandaag", "morgen", "overmorgen", "gisteren", "eergisteren"."""
    names = ("eergisteren", "gisteren", "vandaag", "morgen", "overmorgen")
    return known(asked.today + timedelta(days=names.index(match[0]) - 2))


def _week(match: re.Match[str], asked: Asked) -> Days:
    """Of "volgende week": Monday to Sunday; of "eind volgende week": Friday (begin is Monday, half is Wednesday)."""
    weeks = {"vorige": -1, "deze": 0, "de": 0}.get(match["rel"], 1)
    if match["part"]:
        return known(_in_week({"begin": 0, "half": 2, "eind": 4}[match["part"]], asked.today, weeks))
    return Days(lambda _: ((_in_week(0, asked.today, weeks), _in_week(6, asked.today, weeks)),), period=True)


def _weekend(match: re.Match[str], asked: Asked) -> Days:
    """Of "dit weekend", "volgend weekend": to some people the coming one, to others the one after."""
    saturday = _in_week(5, asked.today, {"vorige": -1}.get(match["rel"], 0))
    found = [saturday]
    if match["rel"] == "volgende":
        found = [one for one in (saturday, saturday + timedelta(weeks=1)) if one > asked.today]
    return Days(lambda _: tuple((one, one + timedelta(days=1)) for one in found), period=True)


def _in_days(match: re.Match[str], asked: Asked) -> Days:
    """Of "over 3 dagen", "over twee weken", "over een maand", "over een half jaar"."""
    if match["n"] is None:
        return known(months_on(asked.today, 6))
    number, unit = int(match["n"]), match["unit"]
    if unit in ("dag", "week"):
        return known(asked.today + timedelta(days=number * (7 if unit == "week" else 1)))
    return known(months_on(asked.today, number * (12 if unit == "jaar" else 1)))


def _weekday_in_weeks(match: re.Match[str], asked: Asked) -> Days:
    """Of "vrijdag over een week": a week after the coming Friday, or the Friday of next week, which may be another."""
    weekday, weeks = WEEKDAYS.index(match["wd"]), int(match["n"])
    from_coming = coming_weekday(weekday, asked.today) + timedelta(weeks=weeks)
    return known(from_coming, _in_week(weekday, asked.today, weeks))


def _weeks_weekday(match: re.Match[str], asked: Asked) -> Days:
    """Of "over twee weken op dinsdag": the Tuesday of that week."""
    return known(_in_week(WEEKDAYS.index(match["wd"]), asked.today, int(match["n"])))


def _in_minutes(match: re.Match[str], asked: Asked) -> Days:
    """Of "over 2 uur", "over een half uur", "over een kwartier": the moment, to the minute."""
    size = {"uur": 60, "half uur": 30, "kwartier": 15, "min": 1}[match["unit"]]
    then = asked.now.astimezone(UTC) + timedelta(minutes=size * int(match["n"] or 1))
    at = local(then)
    return Days(known(at.date()).look, at=at.time().replace(second=0, microsecond=0, fold=0))


def _after_holiday(match: re.Match[str], asked: Asked) -> Days:
    """Of "na de vakantie", "na de kerstvakantie": the first working day after it."""
    name = "" if match["name"] == "vakantie" else match["name"].capitalize()
    regions: Iterable[Region] = (asked.region,) if asked.region else REGIONS
    found = {after_school_holiday(asked.today, region, name) for region in regions}
    if UNKNOWN in found:
        raise NotADate(Problem.HOLIDAY_UNKNOWN, "Ik weet nog niet wanneer die vakantie is. Typ een datum.")
    if len(found) > 1:
        sentence = "De vakantie is niet overal tegelijk. In welke regio is het: Noord, Midden of Zuid?"
        raise NotADate(Problem.WHICH_REGION, sentence)
    return known(*(day for day in found if isinstance(day, date)))


_HOLIDAYS = "vakantie|herfstvakantie|kerstvakantie|voorjaarsvakantie|meivakantie|zomervakantie"
_REL = r"(?P<rel>deze|komende|volgende|vorige)"

RELATIVE = ruled(
    (rf"(?P<wd>{WEEKDAY})", _weekday),
    (rf"{_REL} (?P<wd>{WEEKDAY})|(?P<wd2>{WEEKDAY}) komende", _weekday_by_word),
    (r"vandaag|morgen|overmorgen|gisteren|eergisteren", _relative),
    (r"(?:(?P<part>begin|half|eind) (?:van )?)(?P<rel>de|deze|komende|volgende) week", _week),
    (r"(?P<part>)(?P<rel>deze|komende|volgende|vorige) week", _week),
    (rf"(?:{_REL} )?weekend", _weekend),
    (rf"over (?:{NUMBER} (?P<unit>dag|week|maand|jaar)|(?:1 )?half jaar)", _in_days),
    (rf"(?P<wd>{WEEKDAY}) over {NUMBER} week", _weekday_in_weeks),
    (rf"over {NUMBER} week (?:op )?(?P<wd>{WEEKDAY})", _weeks_weekday),
    (rf"over (?:{NUMBER} )?(?P<unit>uur|half uur|kwartier|min)", _in_minutes),
    (rf"na de (?P<name>{_HOLIDAYS})", _after_holiday),
)
"""As DATED."""
