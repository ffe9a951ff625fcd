"""Dates as people in the Netherlands read them, and what is long ago."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

__all__ = ["AMSTERDAM", "day", "is_half_a_year_ago", "local_day", "month", "month_key"]

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)


def day(moment: date) -> str:
    """For example "5 oktober 2026"."""
    return f"{moment.day} {month(moment)}"


def month(moment: date) -> str:
    """For example "maart 2026"."""
    return f"{MONTHS[moment.month - 1]} {moment.year}"


def local_day(moment: datetime) -> date:
    """The date on the clock of Amsterdam; `moment` knows its zone."""
    return moment.astimezone(AMSTERDAM).date()


def month_key(moment: datetime) -> str:
    """The month in Amsterdam as it is counted with: "2026-11"."""
    return f"{local_day(moment):%Y-%m}"


def is_half_a_year_ago(moment: date, today: date) -> bool:
    """Whether more than six months have passed: of 12 March first on 13 September."""
    months = (today.year - moment.year) * 12 + today.month - moment.month
    return months > 6 or (months == 6 and today.day > moment.day)
