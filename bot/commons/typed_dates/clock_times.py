"""Times of the clock as people type them: "half tien", "10u30", "kwart voor 4", "van 10 tot 11"; and what they mean."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
import re

from bot.commons.dates import clock
from bot.commons.typed_dates.when import NotADate, Problem
from bot.commons.typed_dates.words import MONTH, PARTS_OF_A_DAY

__all__ = ["MIDNIGHT", "TIMES", "Spoken", "Times", "read_times"]

_TIME = (
    r"(?:(?P<word#>kwart over|kwart voor|half|[0-9]{1,2}(?: min)? (?:over|voor)(?: half)?) (?P<hour#>[0-9]{1,2})"
    r"|(?P<figure#>[0-9]{1,2})"
    r"(?:[:.](?P<minutes#>[0-9]{2})(?::[0-9]{2})?| uur (?P<after#>[0-9]{2})(?!-| e\b| uur| MONTH))?)"
    rf"(?: uur)?(?: (?P<part#>{'|'.join(PARTS_OF_A_DAY)}))?"
).replace("MONTH", MONTH)
TIMES = re.compile(
    rf"(?P<opens>van |tussen )?(?P<om>om )?{_TIME.replace('#', '1')}"
    rf"(?:(?P<joint> ?- ?| tot | en )(?:om )?{_TIME.replace('#', '2')})?"
    rf"(?!\S| {MONTH}| e\b| (?:week|dag|maand|jaar|min)\b)"
)
"""One time or two, in the spelling of words.py; `read_times` may still find that they are none."""

MIDNIGHT = time()
"""As an end or a deadline it is that of the day before: 24.00."""


# From and up to which minute of the day a part of it lasts; midnight ends the evening.
_HOURS = {
    "ochtend": (60, 11 * 60 + 59),
    "middag": (12 * 60, 18 * 60 + 59),
    "avond": (17 * 60, 24 * 60),
    "nacht": (0, 6 * 60 + 59),
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One time as it was typed."""

    hour: int
    minute: int
    exact: bool
    """Whether it says which half of the day is meant: "9:30", "03.00", "15 uur"; not "3.30", "9 uur", "half negen"."""
    part: str | None = None
    """The part of the day that was said with it: "middag"."""

    def means(self, part: str | None) -> tuple[time, ...]:
        """The times it can mean, likeliest first; `part` of the day is what was said elsewhere."""
        part = self.part or part
        if part:
            return (self._in(part),)
        if self.exact or self.hour > 8:
            return (_time(self.hour, self.minute),)
        if self.hour < 7:
            return (_time(self.hour + 12, self.minute),)
        return _time(self.hour, self.minute), _time(self.hour + 12, self.minute)

    def _in(self, part: str) -> time:
        first, last = _HOURS[part]
        hours = (0, 24) if self.hour in (12, 24) and part != "middag" else (self.hour, self.hour + 12)
        for hour in hours:
            if first <= hour * 60 + self.minute <= last:
                return _time(hour, self.minute)
        said = clock(_time(self.hour, self.minute))
        raise NotADate(Problem.NO_SUCH_TIME, f"{said} is niet ’s {part}s. Typ bijvoorbeeld 15.30 uur.")

    def ends_day(self, part: str | None) -> bool:
        """Whether it is the midnight at the end of the day that was said: "24 uur", "12 uur 's nachts"."""
        return self.minute == 0 and (self.hour == 24 or (self.hour == 12 and (self.part or part) in ("avond", "nacht")))

    def could_mean(self) -> Iterator[time]:
        """Every time it may stand for as an end, when the start tells which."""
        yield _time(self.hour, self.minute)
        if not self.exact and self.hour < 12:
            yield _time(self.hour + 12, self.minute)


@dataclass(frozen=True, slots=True)
class Times:
    """A start, and perhaps an end, as typed."""

    start: Spoken
    end: Spoken | None = None

    def mean(self, part: str | None) -> tuple[tuple[time, time | None], ...]:
        """Start and end as they can be meant, likeliest first. Raises NotADate when none is possible."""
        if self.end is None:
            return tuple((start, None) for start in self.start.means(part))
        # "10 tot 11 uur 's ochtends": what is said behind the end counts for both
        starts = self.start.means(part or self.end.part)
        ends = self.end
        found = [(start, end) for start in starts if (end := _end(ends, start, part)) is not None]
        if not found:
            said = f"{clock(ends.means(None)[0])} is vóór {clock(starts[0])}."
            raise NotADate(Problem.BACKWARDS, f"{said} Een einde komt na het begin.")
        return tuple(found)


def _end(end: Spoken, start: time, part: str | None) -> time | None:
    """The end that comes first after the start."""
    choices = end.means(None) if end.part else tuple(end.could_mean())
    if end.part is None and part:
        choices = (*_possible(end, part), *choices)
    later = [one for one in choices if one > start or one == MIDNIGHT]
    if later:
        return min(later, key=lambda one: (one == MIDNIGHT, one))
    # past midnight, from an evening into a night
    return next((one for one in choices if start.hour >= 18 and one.hour < 7), None)


def _possible(spoken: Spoken, part: str) -> tuple[time, ...]:
    try:
        return spoken.means(part)
    except NotADate:
        return ()  # "vanmiddag van 4 tot 7": the start is in the afternoon, the end need not be


def read_times(match: re.Match[str]) -> Times | None:
    """The times of a match of TIMES; None when bare numbers are no times. Raises NotADate for a time that is none."""
    opens, said = match["opens"], " uur" in match[0] or match["om"] is not None
    if match["joint"] is None:
        if opens == "tussen " or (_is_bare(match, "1") and not said and match["part1"] is None):
            return None
        return Times(_spoken(match, "1"))
    if (match["joint"] == " en ") != (opens == "tussen "):
        return None
    if _is_bare(match, "1") and _is_bare(match, "2") and not (said or opens or match["part2"]):
        return None
    return Times(_spoken(match, "1"), _spoken(match, "2"))


def _is_bare(match: re.Match[str], which: str) -> bool:
    """Only a number of one or two figures, which may be anything."""
    return match[f"figure{which}"] is not None and match[f"minutes{which}"] is None


def _spoken(match: re.Match[str], which: str) -> Spoken:
    part = match[f"part{which}"]
    if (word := match[f"word{which}"]) is not None:
        return _in_words(word, int(match[f"hour{which}"]), part)
    figure = match[f"figure{which}"]
    minutes = match[f"minutes{which}"] or match[f"after{which}"]
    hour, minute = int(figure), int(minutes or 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        said = f"{figure}.{minutes} uur" if minutes else f"{figure} uur"
        raise NotADate(Problem.NO_SUCH_TIME, f"{said} bestaat niet. Een dag heeft 24 uur. Typ bijvoorbeeld 15.30 uur.")
    # "8:30" says it, "8 uur" does not; "3.30" is hardly ever at night
    exact = hour > 12 or figure.startswith("0") or (minutes is not None and hour > 6)
    return Spoken(hour, minute, exact, part)


def _in_words(word: str, hour: int, part: str | None) -> Spoken:
    """For example "half 10": 9.30; "5 voor half 10": 9.25; "kwart over 3": 3.15."""
    amount = re.match(r"[0-9]+", word)
    minutes = int(amount[0]) if amount else 15
    if word == "half":
        minutes = 0
    minutes = (-minutes if "voor" in word else minutes) - (30 if "half" in word else 0)
    if hour > 24 or not -60 < minutes < 60:
        raise NotADate(Problem.NO_SUCH_TIME, f"“{word} {hour}” bestaat niet. Typ bijvoorbeeld 15.30 uur.")
    total = (hour * 60 + minutes) % (24 * 60)
    # "half 1" is half past twelve, at noon unless the night is said
    return Spoken(total // 60, total % 60, hour > 12, part)


def _time(hour: int, minute: int) -> time:
    return time(hour % 24, minute)
