"""One programme or one organisation: shown, changed, put out of sight, checked; in force at once, everywhere."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.keeping import By, Name, OfferId, keeping, now, offers, print_changes, provider, read, said_plainly
from bot.cli.terminal import database, fail, printable

if TYPE_CHECKING:
    from bot.search.editing import Edited


@offers.command("show")
def show(offer_id: OfferId) -> None:
    """Show everything that is kept of a programme, and its last changes."""
    from bot.search import editing, offers_store, preview, store

    def look(c: Any) -> Any:  # noqa: ANN401  # a connection, and what is read
        catalogue = store.load_catalogue(c)
        offer = editing.find_offer(catalogue, offer_id)
        return catalogue, offer, offers_store.history(c, offer.id)

    with said_plainly():
        catalogue, offer, past = read(look)
    typer.echo(printable(preview.offer_in_full(offer, catalogue)))
    if past:
        typer.echo("\nWijzigingen:")
        print_changes([one.change for one in past])


@offers.command("edit")
def edit(
    offer_id: OfferId,
    fields: Annotated[list[str], typer.Argument(help='"Plaatsen=Utrecht; Zeist" "Contact=…"', show_default=False)],
    by: By,
) -> None:
    """Change fields of a programme; in force at once, everywhere."""
    from bot.search import editing

    said = {}
    for field in fields:
        name, equals, text = field.partition("=")
        if not equals:
            fail(f'“{field}” is niet duidelijk. Schrijf bijvoorbeeld: "Plaatsen=Utrecht; Zeist"')
        said[name.strip()] = text
    with keeping() as (kept, knowledge), said_plainly():
        _tell(editing.edit(kept, knowledge, offer_id, said, by=by, now=now()))


@offers.command("hide")
def hide(offer_id: OfferId, by: By) -> None:
    """Put a programme out of sight; in force at once, everywhere."""
    _set_status(offer_id, "HIDDEN", by)


@offers.command("end")
def end(offer_id: OfferId, by: By) -> None:
    """Say that a programme has ended: nobody finds it any more, it stays in the list."""
    _set_status(offer_id, "ENDED", by)


@offers.command("restore")
def restore(offer_id: OfferId, by: By) -> None:
    """Bring a hidden or ended programme back as it was."""
    _set_status(offer_id, None, by)


def _set_status(offer_id: str, status: str | None, by: str) -> None:
    from bot.search import editing
    from bot.search.catalogue import Status

    with database() as kept, said_plainly():
        _tell(editing.set_status(kept, offer_id, Status[status] if status else None, by=by, now=now()))


@offers.command("check")
def check(
    offer_id: OfferId,
    by: Annotated[str, typer.Option("--by", help="Who checked it with the organisation.", show_default=False)],
    on: Annotated[str, typer.Option("--on", help="The day, if not today: 2026-11-22.")] = "",
) -> None:
    """Record that a person checked a programme: only this sets the date that people see."""
    from bot.commons.dates import local_day, read_day
    from bot.search import editing

    today = local_day(now())
    try:
        day = read_day(on) if on else today
    except ValueError:
        fail(f"“{on}” is geen dag. Schrijf bijvoorbeeld 2026-11-22.")
    if day > today:
        fail("Een controle kan niet in de toekomst zijn.")
    with database() as kept, said_plainly():
        _tell(editing.check(kept, offer_id, checked_by=by, day=day, by=by, now=now()))


def _tell(edited: "Edited") -> None:
    from bot.search import preview

    typer.echo(printable(preview.edited(edited.number, edited.before, edited.offer)))


# --- one organisation ---


@provider.command("hide")
def hide_provider(name: Name, by: By) -> None:
    """Put everything of an organisation out of sight, also what comes later; in force at once, everywhere."""
    from bot.search import editing

    with database() as kept, said_plainly():
        number, whose, count = editing.hide_provider(kept, name, by=by, now=now())
    typer.echo(f"Verborgen: alles van {whose.name} ({count}).\nTerugdraaien: skb-bot offers undo {number}")


@provider.command("restore")
def restore_provider(name: Name, by: By) -> None:
    """Bring a hidden organisation back."""
    from bot.search import editing

    with database() as kept, said_plainly():
        number, whose, count = editing.show_provider(kept, name, by=by, now=now())
    typer.echo(f"Weer te zien: {whose.name} ({count}).\nTerugdraaien: skb-bot offers undo {number}")
