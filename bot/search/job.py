"""What search tells the SKB team by itself: what people said is wrong, at most once a day."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta

from bot.chat import Address, Card, Reply, Section
from bot.commons.dates import local_day, near_moment
from bot.commons.working_days import is_working_day
from bot.db import Connection, Database
from bot.delivery.outbox import Message, enqueue
from bot.search import store
from bot.search.catalogue import Catalogue
from bot.search.current import CurrentSearch
from bot.search.store import Report

__all__ = ["REPORTS", "REPORTS_AT", "health_line", "make_reports", "tell_reports", "told"]

REPORTS = "reports"
"""The kind of message, and the job."""
REPORTS_AT = time(9)
WORTH = timedelta(days=7)
WEEK = timedelta(days=7)
MOST_SHOWN = 15
LONGEST_SHOWN = 500
"""Characters of one report; the whole of it is in `skb-bot offers reports`."""


def tell_reports(team: Address, now: datetime) -> Callable[[Connection], None]:
    """On working days: the team gets what was reported since the last time, if anything was."""

    def write(c: Connection) -> None:
        if is_working_day(local_day(now)) and (ids := store.take_untold(c, now)):
            subject = f"{ids[0]}-{ids[-1]}"
            enqueue(c, [Message(REPORTS, "team", subject, team, now, now + WORTH)], now)

    return write


def make_reports(database: Database, search: CurrentSearch) -> Callable[[str, Address, datetime], Reply | None]:
    """Makes the message of reports that are still there."""

    def make(subject: str, _to: Address, now: datetime) -> Reply | None:
        first, last = subject.split("-")
        with database.read() as c:
            reports = store.reports_between(c, int(first), int(last))
        return told(reports, search().catalogue, now) if reports else None

    return make


def told(reports: Sequence[Report], catalogue: Catalogue, now: datetime) -> Reply:
    """What people said is wrong, each with the programme it is about. Pure."""
    number = len(reports)
    cards = tuple(_card(report, catalogue, now) for report in reports[:MOST_SHOWN])
    more = f"En nog {number - MOST_SHOWN}." if number > MOST_SHOWN else ""
    return Reply(
        f"{number} {'melding' if number == 1 else 'meldingen'} over het aanbod: wat klopt er niet?",
        sections=(Section("", cards),),
        footer=more,
        seen_by="everyone",
    )


def _card(report: Report, catalogue: Catalogue, now: datetime) -> Card:
    offer = catalogue.offer(report.offer_id)
    title = (
        f"{offer.title} ({offer.provider})" if offer is not None else "Een programma dat niet meer in de lijst staat"
    )
    text = report.text if len(report.text) <= LONGEST_SHOWN else f"{report.text[:LONGEST_SHOWN].rstrip()}…"
    return Card(title, (f"“{text}”", near_moment(report.created_at, local_day(now))))


def health_line(c: Connection, now: datetime) -> Sequence[str]:
    """For the weekly line on how the bot is: "2 meldingen"."""
    number = store.count_reports(c, now - WEEK)
    return [f"{number} {'melding' if number == 1 else 'meldingen'}"]
