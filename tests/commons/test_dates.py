from datetime import UTC, date, datetime

import pytest

from bot.commons.dates import day, is_half_a_year_ago, local_day, month, month_key


def test_dates_are_written_in_dutch() -> None:
    assert day(date(2026, 10, 5)) == "5 oktober 2026"
    assert month(date(2026, 3, 12)) == "maart 2026"


def test_the_day_is_the_one_in_amsterdam() -> None:
    assert local_day(datetime(2026, 11, 30, 23, 30, tzinfo=UTC)) == date(2026, 12, 1)
    assert month_key(datetime(2026, 11, 30, 23, 30, tzinfo=UTC)) == "2026-12"
    assert month_key(datetime(2026, 6, 30, 21, 30, tzinfo=UTC)) == "2026-06"


@pytest.mark.parametrize(
    ("checked", "today", "old"),
    [
        (date(2026, 3, 12), date(2026, 9, 12), False),
        (date(2026, 3, 12), date(2026, 9, 13), True),
        (date(2026, 8, 31), date(2027, 2, 28), False),
        (date(2026, 8, 31), date(2027, 3, 1), True),
        (date(2026, 10, 5), date(2026, 12, 1), False),
    ],
)
def test_half_a_year_is_counted_in_months(checked: date, today: date, old: bool) -> None:
    assert is_half_a_year_ago(checked, today) is old
