"""What a typed date comes to: `When`, or `NotADate` with a sentence in Dutch and days to choose from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from bot.commons.dates import clock, clock_span, day_span, long_day, long_moment, long_span
from bot.commons.moments import at_local

__all__ = ["Bound", "NotADate", "Problem", "When", "written"]


class Bound(StrEnum):
    """What a day or time limits; the value is the Dutch word."""

    FROM = "vanaf"
    UNTIL = "tot"
    """The day itself no longer belongs to it: "pauze tot 4 januari" ends with 3 January."""
    THROUGH = "tot en met"


@dataclass(frozen=True, slots=True)
class When:
    """A day, a time, or both, on the clock of Amsterdam; `at_local(day, start)` makes a moment of them."""

    day: date | None = None
    """None when only a time was typed."""
    start: time | None = None
    end: time | None = None
    """Of "10.00 tot 11.00 uur"; on `last` when there is one. Without a day, an end up to the start is on the next."""
    last: date | None = None
    """Of "18 t/m 22 januari", included; the next day when `end` is past midnight."""
    bound: Bound | None = None

    @property
    def over_on(self) -> date | None:
        """The first day it no longer covers: of "tot 4 januari" the 4th, of "t/m 3 januari" too; None without a day."""
        if self.day is None or self.bound is Bound.UNTIL:
            return self.day
        return (self.last or self.day) + timedelta(days=1)


def written(when: When, today: date | None = None) -> str:
    """For example "tot zondag 3 januari 2027"; `read_when` reads it back. `today` as in `dates.long_day`."""
    return f"{when.bound} {_unbounded(when, today)}" if when.bound else _unbounded(when, today)


def _unbounded(when: When, today: date | None) -> str:
    if when.day is None:
        start = when.start or time()
        return clock_span(start, when.end) if when.end is not None else clock(start)
    if when.start is None:
        return day_span(when.day, when.last or when.day, today)
    start_at = at_local(when.day, when.start)
    if when.end is None:
        return long_moment(start_at, today)
    return long_span(start_at, at_local(when.last or when.day, when.end), today)


class Problem(StrEnum):
    """Why a text is no date."""

    NOTHING = "nothing typed"
    TOO_LONG = "too long for a date"
    UNKNOWN = "words that are no part of a date"
    TOO_MUCH = "several dates or times"
    WHICH_DAY = "a time on several days"
    NO_SUCH_DAY = "a day that does not exist"
    NO_SUCH_TIME = "a time that does not exist"
    CONTRADICTION = "a weekday that does not belong to the day"
    BACKWARDS = "an end before the start"
    TOO_FAR = "before 2000 or after 2100"
    WHICH_REGION = "the school holiday differs per region"
    HOLIDAY_UNKNOWN = "the school holiday is not known"


class NotADate(ValueError):  # noqa: N818  # nothing failed: there is something to ask
    """A sentence for who typed it, which quotes nothing but numbers; and `offers` that may be meant, for buttons."""

    def __init__(self, problem: Problem, sentence: str, offers: Iterable[When] = ()) -> None:
        self.problem = problem
        self.offers = tuple(offers)
        if self.offers:
            sentence += f" Bedoel je {' of '.join(_choice(offer) for offer in self.offers)}?"
        super().__init__(sentence)


def _choice(offer: When) -> str:
    """Without the year: it is the one that was typed or meant."""
    if offer.day is None or offer.start is not None:
        return clock(offer.start or time())
    return long_day(offer.day, today=offer.day)
