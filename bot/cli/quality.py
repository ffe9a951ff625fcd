"""How good the list is, what people asked in vain, and what they say is wrong."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.keeping import Everything, load, now, offers, read
from bot.cli.terminal import counting, print_table, printable, settings_and_database

if TYPE_CHECKING:
    from bot.db import Database
    from bot.search.catalogue import Catalogue
    from bot.settings import Settings


@offers.command("quality")
def quality(
    links: Annotated[
        bool, typer.Option("--links", help="Visit the links first, politely: takes a minute or more.")
    ] = False,
    everything: Everything = False,
) -> None:
    """Show what wants attention: old, without contact or place, dead links, partners without a programme."""
    from bot.commons.dates import local_day
    from bot.search import quality as qualities
    from bot.search import store

    with settings_and_database() as (settings, kept):
        catalogue = load(kept)
        if links:
            _visit_links(settings, kept, catalogue)
        with kept.read() as connection:
            checks = store.links(connection)
    typer.echo(
        printable(qualities.as_text(qualities.look_at(catalogue, checks, local_day(now())), everything=everything))
    )


def _visit_links(settings: "Settings", kept: "Database", catalogue: "Catalogue") -> None:
    from importlib.metadata import version

    from bot.commons.fetching import Manners
    from bot.search import store
    from bot.search.links import State, run_check

    contact = f"{settings.website_url}; {settings.contact_how}".rstrip("; ").encode("ascii", "ignore").decode()
    links = {offer.link for offer in catalogue.shown if offer.link}
    with counting("Links bezocht", len(links)) as progress:
        manners = Manners(f"skb-bot/{version('skb-bot')} (+{contact})")
        checks = run_check(links, manners, now=now(), progress=lambda done, _: progress(done))
    found = [one for one in checks if one.state is not State.UNKNOWN]
    if checks and not found:
        typer.echo("Er is hier geen internet: de links zijn niet nagekeken.\n")
    with kept.write() as connection:
        store.save_links(connection, found)
        store.delete_unused_links(connection)


@offers.command("gaps")
def gaps() -> None:
    """Show what was asked in vain, from three times on: month, how often, what, for whom and where."""
    from bot.search import counts_store

    rows = [(gap.month, f"{gap.count}x", gap.wanted, gap.sector, gap.province) for gap in read(counts_store.gaps)]
    print_table(rows, "Nothing was asked in vain three times or more.")


@offers.command("starts")
def starts() -> None:
    """Show how often people came in by which link or QR code (ws_utrecht_vo): month, how often, link."""
    from bot.search import counts_store

    rows = [(start.month, f"{start.count}x", start.link) for start in read(counts_store.starts)]
    print_table(rows, "Nobody came in by a link of a workshop yet.")


@offers.command("reports")
def reports() -> None:
    """Show what people said is wrong, oldest first: day, offer, what they wrote."""
    from bot.search import store

    catalogue, found = read(lambda c: (store.load_catalogue(c), store.reports(c)))
    rows = []
    for report in found:
        offer = catalogue.offer(report.offer_id)
        name = f"{offer.title} ({offer.provider})" if offer is not None else "no longer in the list"
        rows.append((f"{report.created_at:%Y-%m-%d}", report.offer_id, name, report.text))
    print_table(rows, "Nobody reported a mistake.")
