"""When a message of the bot's own accord may go: not in the evening or at night, and not on a public holiday.

The rules are those of DESIGN §7: never from 18.00 to 08.00, unless what it is about starts within the hour; the
day-before of an evening meeting comes at 17.00; a rung on a public holiday moves to the last working day before. Of
weekends and school holidays nothing is said there, so messages may go then: the day-before of a Monday is on Sunday.
What a person asks is answered at any hour; none of this is about that.
"""

from datetime import datetime, time, timedelta

from bot.commons.dates import local, local_day
from bot.commons.moments import at_local, next_at
from bot.commons.working_days import previous_working_day, public_holiday

__all__ = ["QUIET_FROM", "QUIET_UNTIL", "is_quiet", "next_quiet_end", "not_before", "rung_at"]

QUIET_FROM, QUIET_UNTIL = time(18), time(8)
"""On the clock of Amsterdam; at 18.00 nothing goes any more, at 08.00 it does."""

_SOON = timedelta(hours=1)
_LAST_CALL = time(17)
"""When a rung comes that would be in the evening."""


def is_quiet(moment: datetime) -> bool:
    """Whether nothing goes then by itself: from 18.00 to 08.00 in Amsterdam, and all day on a public holiday."""
    at = local(moment).time()
    return at >= QUIET_FROM or at < QUIET_UNTIL or public_holiday(local_day(moment)) is not None


def next_quiet_end(moment: datetime) -> datetime:
    """The first moment from then on that is not quiet: itself, or 08.00 on a day that is no public holiday."""
    while is_quiet(moment):
        moment = next_at(moment, QUIET_UNTIL)
    return moment


def not_before(due: datetime, starts_at: datetime | None = None) -> datetime:
    """When a message that is due may go at the earliest.

    Never before it is due; in the hour before what it is about starts (`starts_at`) also when it is quiet.
    """
    quiet_end = next_quiet_end(due)
    if starts_at is None or starts_at < due:
        return quiet_end
    return min(quiet_end, max(due, starts_at - _SOON))


def rung_at(starts_at: datetime, days: int) -> datetime:
    """When the reminder comes so many days before a meeting: at its time of the wall clock, never when it is quiet.

    At 17.00 for an evening meeting, at 08.00 for an early one; on the last working day before when that day is a public
    holiday. An hour before a meeting is simply an hour before: it starts within the hour then.
    """
    at, day = local(starts_at).time(), local_day(starts_at) - timedelta(days=days)
    if public_holiday(day):
        day = previous_working_day(day)
    return at_local(day, _LAST_CALL if at >= QUIET_FROM else max(at, QUIET_UNTIL))
