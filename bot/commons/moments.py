"""From the clock on the wall in Amsterdam to moments in UTC and back, also in the nights when the clock changes.

A meeting or a job is at a time of the wall clock; what is kept, compared and waited for is a moment in UTC. Two nights
a year the two don't match; what is done then is what calendars do (RFC 5545):

* 02.30 on the night in March does not exist: `at_local` gives 03.30, an hour after 01.30. `exists` tells.
* 02.30 on the night in October is there twice: `at_local` gives the first. `happens_twice` tells.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

from bot.commons.dates import AMSTERDAM, local, local_day

__all__ = ["EVERY_DAY", "at_local", "exists", "happens_twice", "last_at", "next_at", "same_time_before"]

EVERY_DAY = range(7)
"""Weekdays as Python counts them: 0 is Monday."""


def at_local(day: date, at: time) -> datetime:
    """The moment, in UTC, at which clocks in Amsterdam show that day and time."""
    return datetime.combine(day, at.replace(tzinfo=None, fold=0), AMSTERDAM).astimezone(UTC)


def exists(day: date, at: time) -> bool:
    """Whether clocks in Amsterdam show that time on that day at all: 02.30 is skipped in the night in March."""
    shown = local(at_local(day, at))
    return (shown.date(), shown.time()) == (day, at.replace(tzinfo=None, fold=0))


def happens_twice(day: date, at: time) -> bool:
    """Whether clocks in Amsterdam show that time twice: 02.30 in the night in October."""
    first = datetime.combine(day, at.replace(tzinfo=None, fold=0), AMSTERDAM)
    return exists(day, at) and first.utcoffset() != first.replace(fold=1).utcoffset()


def same_time_before(moment: datetime, days: int) -> datetime:
    """The moment, in UTC, so many days earlier at the same time of the wall clock: 23 or 25 hours for some days."""
    return at_local(local_day(moment) - timedelta(days=days), local(moment).time())


def next_at(after: datetime, at: time, weekdays: Collection[int] = EVERY_DAY) -> datetime:
    """The first moment after `after`, in UTC, when it is that time in Amsterdam on one of the weekdays (0: Monday)."""
    return _nearest(after, at, weekdays, 1)


def last_at(until: datetime, at: time, weekdays: Collection[int] = EVERY_DAY) -> datetime:
    """The last moment up to and with `until`, in UTC, when it was that time in Amsterdam on one of the weekdays."""
    return _nearest(until, at, weekdays, -1)


def _nearest(moment: datetime, at: time, weekdays: Collection[int], step: int) -> datetime:
    start = local_day(moment)
    for number in range(9):  # a week, today, and the day that a time in the skipped hour can cost
        day = start + timedelta(days=step * number)
        found = at_local(day, at)
        if day.weekday() in weekdays and (found > moment) == (step > 0):
            return found
    raise ValueError(f"{weekdays} has no weekday from 0 to 6")
