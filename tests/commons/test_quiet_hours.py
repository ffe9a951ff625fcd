"""When messages may go, for every hour of many days and every meeting from 2026 to 2040."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest

from bot.commons.dates import AMSTERDAM, local, local_day
from bot.commons.moments import at_local
from bot.commons.quiet_hours import is_quiet, next_quiet_end, not_before, rung_at
from bot.commons.working_days import public_holiday

HOUR = timedelta(hours=1)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-12-08 07:59", True),
        ("2026-12-08 08:00", False),
        ("2026-12-08 17:59", False),
        ("2026-12-08 18:00", True),
        ("2026-12-08 23:59", True),
        ("2026-12-12 12:00", False),  # a Saturday: nothing is said of weekends
        ("2026-12-25 12:00", True),
        ("2027-03-26 12:00", False),  # Goede Vrijdag
        ("2027-03-29 12:00", True),  # Easter Monday
        ("2027-07-20 12:00", False),  # a school holiday
    ],
)
def test_evenings_nights_and_public_holidays_are_quiet(moment: str, quiet: bool) -> None:
    assert is_quiet(at(moment)) is quiet


@pytest.mark.parametrize(
    ("due", "starts_at", "expected"),
    [
        ("2026-12-08 10:00", None, "2026-12-08 10:00"),
        ("2026-12-08 19:00", None, "2026-12-09 08:00"),
        ("2026-12-08 03:00", None, "2026-12-08 08:00"),
        ("2026-12-24 18:00", None, "2026-12-27 08:00"),  # both days of Christmas; Sunday may
        ("2026-12-25 09:00", None, "2026-12-27 08:00"),
        ("2027-03-27 18:00", None, "2027-03-30 08:00"),  # over Easter, and into summer time
        ("2026-12-08 18:30", "2026-12-08 19:30", "2026-12-08 18:30"),  # within the hour
        ("2026-12-08 18:00", "2026-12-08 19:30", "2026-12-08 18:30"),  # waits until it is
        ("2026-12-08 06:30", "2026-12-08 07:30", "2026-12-08 06:30"),
        ("2026-12-07 19:00", "2026-12-08 08:30", "2026-12-08 07:30"),
        ("2026-12-07 19:00", "2026-12-08 10:00", "2026-12-08 08:00"),
        ("2026-12-25 09:30", "2026-12-25 10:00", "2026-12-25 09:30"),
        ("2026-12-08 19:00", "2026-12-08 18:30", "2026-12-09 08:00"),  # begun already: no reason to disturb
    ],
)
def test_the_earliest_moment_of_a_message(due: str, starts_at: str | None, expected: str) -> None:
    assert not_before(at(due), at(starts_at) if starts_at else None) == at(expected)


@settings(max_examples=60, deadline=None)
@given(MOMENTS)
def test_quiet_ends_at_eight_and_not_sooner(moment: datetime) -> None:
    end = next_quiet_end(moment)
    assert not is_quiet(end)
    if is_quiet(moment):
        assert local(end).time() == time(8)
        assert all(is_quiet(moment + number * HOUR) for number in range(int((end - moment) / HOUR)))
    else:
        assert end == moment


@settings(max_examples=60, deadline=None)
@given(MOMENTS, st.timedeltas(timedelta(days=-1), timedelta(days=3)))
def test_a_message_never_goes_before_it_is_due_or_disturbs_without_reason(due: datetime, until: timedelta) -> None:
    starts_at = due + until
    earliest = not_before(due, starts_at)
    assert earliest >= due
    assert not is_quiet(earliest) or timedelta() <= starts_at - earliest <= HOUR
    assert earliest <= next_quiet_end(due)


@pytest.mark.parametrize(
    ("starts_at", "days", "expected"),
    [
        ("2026-12-08 10:00", 7, "2026-12-01 10:00"),
        ("2026-12-08 10:00", 1, "2026-12-07 10:00"),
        ("2027-03-30 10:00", 7, "2027-03-23 10:00"),  # winter time
        ("2027-03-30 10:00", 1, "2027-03-26 10:00"),  # Easter Monday: the Friday before, script 6
        ("2028-03-28 10:00", 7, "2028-03-21 10:00"),
        ("2028-03-28 10:00", 1, "2028-03-27 10:00"),
        ("2026-12-08 19:30", 1, "2026-12-07 17:00"),  # an evening meeting
        ("2026-12-08 18:00", 1, "2026-12-07 17:00"),
        ("2026-12-08 17:30", 1, "2026-12-07 17:30"),
        ("2026-12-08 07:30", 1, "2026-12-07 08:00"),
        ("2026-12-07 10:00", 1, "2026-12-06 10:00"),  # Sunday before a Monday
        ("2026-12-28 19:30", 2, "2026-12-24 17:00"),  # second day of Christmas, a Saturday
    ],
)
def test_the_rungs_of_reminders(starts_at: str, days: int, expected: str) -> None:
    assert rung_at(at(starts_at), days) == at(expected)


@pytest.mark.parametrize("hour", [7, 10, 15, 20])
def test_no_rung_of_any_day_until_2040_is_quiet_or_late(hour: int) -> None:
    for number in range(0, 15 * 365, 3):
        starts_at = at_local(date(2026, 1, 1) + timedelta(days=number), time(hour))
        week, day = rung_at(starts_at, 7), rung_at(starts_at, 1)
        assert week < day < starts_at
        assert not is_quiet(week)
        assert not is_quiet(day)
        wanted = local_day(starts_at) - timedelta(days=1)
        assert public_holiday(wanted) or local_day(day) == wanted
        assert hour in (7, 20) or local(day).hour == hour
