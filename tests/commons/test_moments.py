"""The clock on the wall and moments in UTC, in every night from 2026 to 2040 when the clock changes."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest

from bot.commons.dates import local, local_day
from bot.commons.moments import EVERY_DAY, at_local, exists, happens_twice, last_at, next_at, same_time_before

DAYS = st.dates(date(2026, 1, 1), date(2040, 12, 31))
TIMES = st.times()
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
THURSDAY, FRIDAY = 3, 4


def last_sunday(year: int, month: int) -> date:
    end = date(year, month, 31)
    return end - timedelta(days=(end.weekday() - 6) % 7)


def test_winter_and_summer_time() -> None:
    assert at_local(date(2027, 3, 23), time(10)) == datetime(2027, 3, 23, 9, tzinfo=UTC)
    assert at_local(date(2027, 3, 29), time(10)) == datetime(2027, 3, 29, 8, tzinfo=UTC)


@pytest.mark.parametrize("year", range(2026, 2041))
def test_the_nights_when_the_clock_changes(year: int) -> None:
    spring, autumn, skipped = last_sunday(year, 3), last_sunday(year, 10), time(2, 30)
    assert not exists(spring, skipped)
    assert local(at_local(spring, skipped)).time() == time(3, 30)
    assert at_local(spring, skipped) - at_local(spring, time(1, 30)) == timedelta(hours=1)
    assert exists(autumn, skipped)
    assert happens_twice(autumn, skipped)
    assert at_local(autumn, time(3, 30)) - at_local(autumn, skipped) == timedelta(hours=2)  # the first of the two
    assert not happens_twice(spring, skipped)
    assert not happens_twice(spring, time(3, 30))


@settings(max_examples=60, deadline=None)
@given(DAYS, TIMES)
def test_a_time_that_exists_comes_back_from_utc(day: date, at: time) -> None:
    moment = at_local(day, at)
    assert moment.tzinfo is UTC
    if exists(day, at):
        assert (local_day(moment), local(moment).time().replace(fold=0)) == (day, at)


@settings(max_examples=60, deadline=None)
@given(MOMENTS)
def test_a_moment_comes_back_from_the_wall_clock_unless_it_is_there_twice(moment: datetime) -> None:
    shown = local(moment)
    if not happens_twice(shown.date(), shown.time()):
        assert at_local(shown.date(), shown.time()) == moment


@settings(max_examples=60, deadline=None)
@given(DAYS, TIMES, st.integers(0, 400))
def test_days_before_at_the_same_time(day: date, at: time, days: int) -> None:
    moment = at_local(day, at)
    before = same_time_before(moment, days)
    if exists(day, at) and exists(day - timedelta(days=days), at):
        assert (local_day(before), local(before).time().replace(fold=0)) == (day - timedelta(days=days), at)
    assert abs(moment - before - timedelta(days=days)) <= timedelta(hours=1)


@pytest.mark.parametrize(("weekday", "at"), [(THURSDAY, time(15)), (FRIDAY, time(9))])
def test_every_week_has_its_slot_across_all_changes_of_the_clock(weekday: int, at: time) -> None:
    moment = at_local(date(2026, 1, 1), time(0))
    slots = []
    while (moment := next_at(moment, at, {weekday})) < at_local(date(2041, 1, 1), time(0)):
        slots.append(moment)
    assert [local_day(slot) - local_day(slots[0]) for slot in slots] == [timedelta(weeks=w) for w in range(len(slots))]
    assert {(local(slot).weekday(), local(slot).time()) for slot in slots} == {(weekday, at)}
    assert len(slots) == 783


@settings(max_examples=60, deadline=None)
@given(MOMENTS, TIMES, st.sets(st.sampled_from(EVERY_DAY), min_size=1))
def test_the_next_and_the_last_slot_have_none_between(moment: datetime, at: time, weekdays: set[int]) -> None:
    following, previous = next_at(moment, at, weekdays), last_at(moment, at, weekdays)
    assert previous <= moment < following
    assert last_at(following, at, weekdays) == following
    assert next_at(previous, at, weekdays) == following
    assert last_at(following - timedelta(microseconds=1), at, weekdays) == previous


def test_a_week_without_days_has_no_slot() -> None:
    with pytest.raises(ValueError, match="no weekday"):
        next_at(datetime(2026, 1, 1, tzinfo=UTC), time(9), {7})
