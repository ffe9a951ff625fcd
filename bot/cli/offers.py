"""The commands for who keeps the list of programmes. What they say about the list is Dutch: SKB's team reads it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot.cli.terminal import agrees, counting, database, fail, print_table, printable, settings_and_database, who_types

if TYPE_CHECKING:
    from bot.db import Database
    from bot.search.catalogue import Catalogue, Change
    from bot.search.editing import Edited
    from bot.search.lists.columns import Knowledge
    from bot.settings import Settings

T = TypeVar("T")

__all__ = ["offers"]


def _group(help_text: str) -> typer.Typer:
    return typer.Typer(help=help_text, no_args_is_help=True, rich_markup_mode=None)


offers = _group("Keep the list of programmes: bring a file in or out, mend it, take it back, see how good it is.")
providers = _group("The list of partners.")
provider = _group("One organisation.")
offers.add_typer(providers, name="providers")
offers.add_typer(provider, name="provider")

File = Annotated[Path, typer.Argument(help="CSV or Excel, as it is.", show_default=False)]
Target = Annotated[Path, typer.Argument(help="Where to write it.", show_default=False)]
OfferId = Annotated[str, typer.Argument(help="The id of the programme, or its title.", show_default=False)]
Name = Annotated[str, typer.Argument(help="What the organisation is called.", show_default=False)]
By = Annotated[str, typer.Option("--by", help="Who does it.", default_factory=who_types, show_default="your login")]
Yes = Annotated[bool, typer.Option("--yes", help="Save it. Without: show what would happen.")]
Everything = Annotated[bool, typer.Option("--all", help="Show all lines of long lists.")]
Columns = Annotated[
    list[str] | None, typer.Option("--columns", help='What a column is: "Naam project=Programma". "F=-" leaves F out.')
]
Complete = Annotated[bool, typer.Option("--complete", help="The file is the whole list: what is not in it has ended.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace the file if it is there.")]


# --- files in ---


@offers.command("import")
def import_file(
    file: File,
    by: By,
    *,
    columns: Columns = None,
    sheet: Annotated[str, typer.Option(help="Only this sheet of the workbook.")] = "",
    provider: Annotated[str, typer.Option(help="Whose programmes they are, where the file doesn't say.")] = "",
    complete: Complete = False,
    keep_doubles: Annotated[
        bool, typer.Option("--keep-doubles", help="Also take in what looks like a double.")
    ] = False,
    all_or_nothing: Annotated[
        bool, typer.Option("--all-or-nothing", help="Save nothing as long as any row is rejected.")
    ] = False,
    yes: Yes = False,
    everything: Everything = False,
) -> None:
    """Bring in a list of programmes: first a preview, saved only with --yes."""
    from bot.search import preview
    from bot.search.changes import make_plan
    from bot.search.importing import Options, read_list

    options = Options(tuple(columns or ()), sheet, provider, complete, keep_doubles)
    with _keeping() as (kept, knowledge):
        base = _load(kept)
        with counting("Rijen gelezen") as progress, _said():
            plan = make_plan(file.name, read_list(file, base, knowledge, options, progress), base, options)
        typer.echo(printable(preview.preview(plan, everything=everything)))
        if not plan.change:
            _nothing_to_save(failed=not plan.unchanged)
        if all_or_nothing and plan.rejected:
            fail("Er is niets opgeslagen, want er zijn rijen afgekeurd.", 1)
        _confirm(yes)
        about = f"{file.name}: {preview.summary(plan)}"
        _save(kept, plan.change, base, "import", about, by)


@providers.command("import")
def import_partners(
    file: File,
    by: By,
    columns: Columns = None,
    complete: Complete = False,
    yes: Yes = False,
    everything: Everything = False,
) -> None:
    """Bring in the list of partners: first a preview, saved only with --yes."""
    from bot.search import preview
    from bot.search.partners import plan_partners

    with _keeping() as (kept, knowledge):
        base = _load(kept)
        with _said():
            plan = plan_partners(file, base, knowledge, tuple(columns or ()), complete=complete)
        typer.echo(printable(preview.partners_preview(plan, everything=everything)))
        if not plan.change:
            _nothing_to_save(failed=not plan.unchanged)
        _confirm(yes)
        _save(kept, plan.change, base, "partners", f"{file.name}: {preview.partners_summary(plan)}", by)


def _nothing_to_save(*, failed: bool) -> None:
    typer.echo("\nEr is niets om op te slaan.")
    raise typer.Exit(1 if failed else 0)


def _confirm(yes: bool) -> None:
    if not yes and not agrees("\nOpslaan?"):
        typer.echo("\nEr is nog niets opgeslagen. Opslaan: geef dezelfde opdracht met --yes.")
        raise typer.Exit


def _save(kept: "Database", change: "Change", base: "Catalogue", kind: str, about: str, by: str) -> None:
    from bot.search import editing, preview

    with _said():
        number = editing.save(kept, change, base, kind=kind, about=about, by=by, now=_now())
    typer.echo(f"\n{preview.saved(_load(kept), number)}")


# --- taking back ---


@offers.command("undo")
def undo(
    by: By,
    number: Annotated[
        int | None, typer.Argument(help="The number of the change; without: the last import.", show_default=False)
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Also when later changes go with it.")] = False,
) -> None:
    """Take back a change, whole; without a number the last import."""
    from bot.search import editing, preview

    with database() as kept, _said():
        undone = editing.what_to_undo(kept, number)
        if undone.later:
            typer.echo("Hierna is nog iets aan dezelfde programma's gewijzigd. Dat gaat ook terug:")
            _print_changes(undone.later)
            if not yes and not agrees("\nToch terugdraaien?"):
                typer.echo("\nEr is niets veranderd. Toch terugdraaien: geef dezelfde opdracht met --yes.")
                raise typer.Exit
        new = editing.undo(kept, undone, by=by, now=_now())
        if undone.undoes is not None:
            typer.echo(f"Teruggedraaid: wijziging {undone.undoes.number} ({undone.undoes.about}).")
        typer.echo(preview.saved(_load(kept), new))


@offers.command("changes")
def changes(
    number: Annotated[int, typer.Option("--last", help="How many.", min=1)] = 20,
) -> None:
    """Show the last changes: number, when, who, what."""
    from bot.search import offers_store

    _print_changes(_read(lambda c: offers_store.changes(c, number)))


def _print_changes(found: Any) -> None:  # noqa: ANN401  # rows of offers_store, which is imported late
    from bot.search import preview

    print_table([preview.change_line(change) for change in found], "Er is nog niets gewijzigd.")


# --- files out ---


@offers.command("template")
def template(
    file: Target,
    provider: Annotated[str, typer.Option(help="For this organisation, with what is in the list already.")] = "",
    overwrite: Overwrite = False,
) -> None:
    """Write an Excel file for a provider to fill in."""
    from bot.search import exporting
    from bot.search.editing import find_provider

    with _keeping() as (kept, knowledge), _said():
        catalogue = _load(kept)
        whose = find_provider(catalogue, provider) if provider else None
        with _not_there(file):
            exporting.write_template(file, knowledge, catalogue, whose, overwrite=overwrite)
    typer.echo(f"{file} is klaar om te sturen. Terug gekregen? skb-bot offers import {file.name}")


@offers.command("export")
def export(file: Target, overwrite: Overwrite = False) -> None:
    """Write the whole list: .csv or .xlsx to edit and import again, .json as Open Referral HSDS 3."""
    from bot.search import exporting, hsds

    writers: dict[str, Callable[..., object]] = {
        ".csv": exporting.write_csv_export,
        ".xlsx": exporting.write_xlsx_export,
        ".json": hsds.write_hsds,
    }
    writer = writers.get(file.suffix.lower())
    if writer is None:
        fail(f"“{file.name}” moet eindigen op {', '.join(writers)}.")
    with _keeping() as (kept, _):
        catalogue = _load(kept)
        with _not_there(file):
            writer(file, catalogue, overwrite=overwrite)
    typer.echo(f"{file}: {len(catalogue.offers)} programma's.")


@contextmanager
def _not_there(file: Path) -> Iterator[None]:
    from bot.search.exporting import DoesNotFit

    try:
        yield
    except DoesNotFit as problem:
        fail(str(problem))
    except FileExistsError:
        fail(f"{file} is er al. Vervangen: geef --overwrite.")
    except OSError as error:
        fail(f"{file} kan niet geschreven worden: {error.strerror}.")


# --- one programme ---


@offers.command("show")
def show(offer_id: OfferId) -> None:
    """Show everything that is kept of a programme, and its last changes."""
    from bot.search import editing, offers_store, preview, store

    def read(c: Any) -> Any:  # noqa: ANN401  # a connection, and what is read
        catalogue = store.load_catalogue(c)
        offer = editing.find_offer(catalogue, offer_id)
        return catalogue, offer, offers_store.history(c, offer.id)

    with _said():
        catalogue, offer, past = _read(read)
    typer.echo(printable(preview.offer_in_full(offer, catalogue)))
    if past:
        typer.echo("\nWijzigingen:")
        _print_changes([one.change for one in past])


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
    with _keeping() as (kept, knowledge), _said():
        _tell(editing.edit(kept, knowledge, offer_id, said, by=by, now=_now()))


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

    with database() as kept, _said():
        _tell(editing.set_status(kept, offer_id, Status[status] if status else None, by=by, now=_now()))


@offers.command("check")
def check(
    offer_id: OfferId,
    by: Annotated[str, typer.Option("--by", help="Who checked it with the organisation.", show_default=False)],
    on: Annotated[str, typer.Option("--on", help="The day, if not today: 2026-11-22.")] = "",
) -> None:
    """Record that a person checked a programme: only this sets the date that people see."""
    from bot.commons.dates import local_day, read_day
    from bot.search import editing

    today = local_day(_now())
    try:
        day = read_day(on) if on else today
    except ValueError:
        fail(f"“{on}” is geen dag. Schrijf bijvoorbeeld 2026-11-22.")
    if day > today:
        fail("Een controle kan niet in de toekomst zijn.")
    with database() as kept, _said():
        _tell(editing.check(kept, offer_id, checked_by=by, day=day, by=by, now=_now()))


def _tell(edited: "Edited") -> None:
    from bot.search import preview

    typer.echo(printable(preview.edited(edited.number, edited.before, edited.offer)))


# --- one organisation ---


@provider.command("hide")
def hide_provider(name: Name, by: By) -> None:
    """Put everything of an organisation out of sight, also what comes later; in force at once, everywhere."""
    from bot.search import editing

    with database() as kept, _said():
        number, whose, count = editing.hide_provider(kept, name, by=by, now=_now())
    typer.echo(f"Verborgen: alles van {whose.name} ({count}).\nTerugdraaien: skb-bot offers undo {number}")


@provider.command("restore")
def restore_provider(name: Name, by: By) -> None:
    """Bring a hidden organisation back."""
    from bot.search import editing

    with database() as kept, _said():
        number, whose, count = editing.show_provider(kept, name, by=by, now=_now())
    typer.echo(f"Weer te zien: {whose.name} ({count}).\nTerugdraaien: skb-bot offers undo {number}")


# --- how good it is ---


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
        catalogue = _load(kept)
        if links:
            _visit_links(settings, kept, catalogue)
        with kept.read() as connection:
            checks = store.links(connection)
    typer.echo(
        printable(qualities.as_text(qualities.look_at(catalogue, checks, local_day(_now())), everything=everything))
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
        checks = run_check(links, manners, now=_now(), progress=lambda done, _: progress(done))
    found = [one for one in checks if one.state is not State.UNKNOWN]
    if checks and not found:
        typer.echo("Er is hier geen internet: de links zijn niet nagekeken.\n")
    with kept.write() as connection:
        store.save_links(connection, found)
        store.delete_unused_links(connection)


@offers.command("gaps")
def gaps() -> None:
    """Show what was asked in vain, from three times on: month, how often, what, for whom and where."""
    from bot.search import store

    rows = [(gap.month, f"{gap.count}x", gap.wanted, gap.sector, gap.province) for gap in _read(store.gaps)]
    print_table(rows, "Nothing was asked in vain three times or more.")


@offers.command("reports")
def reports() -> None:
    """Show what people said is wrong, oldest first: day, offer, what they wrote."""
    from bot.search import store

    catalogue, found = _read(lambda c: (store.load_catalogue(c), store.reports(c)))
    rows = []
    for report in found:
        offer = catalogue.offer(report.offer_id)
        name = f"{offer.title} ({offer.provider})" if offer is not None else "no longer in the list"
        rows.append((f"{report.created_at:%Y-%m-%d}", report.offer_id, name, report.text))
    print_table(rows, "Nobody reported a mistake.")


# --- what they share ---


def _now() -> Any:  # noqa: ANN401  # a datetime, imported late
    from datetime import UTC, datetime

    return datetime.now(UTC)


def _read(read: Callable[[Any], T]) -> T:
    with database() as kept, kept.read() as connection:
        return read(connection)


def _load(kept: "Database") -> "Catalogue":
    from bot.search.editing import load

    return load(kept)


@contextmanager
def _keeping() -> "Iterator[tuple[Database, Knowledge]]":
    """The database, with the example list in it if it never had any, and what is needed to read a cell."""
    from bot.app import KnowledgeFiles, load_starter
    from bot.search.lists.columns import Knowledge

    with settings_and_database() as (settings, kept):
        files = KnowledgeFiles(settings.data_dir)
        knowledge = Knowledge(files.vocabulary(), files.gazetteer())
        load_starter(kept, lambda: files.starter(knowledge.vocabulary, knowledge.gazetteer))
        yield kept, knowledge


@contextmanager
def _said() -> Iterator[None]:
    """Turns what can't be read or done into its sentence."""
    from bot.commons.tables import Unreadable
    from bot.search.editing import Refused
    from bot.search.lists.layout import WrongColumns

    try:
        yield
    except (Unreadable, Refused, WrongColumns) as problem:
        fail(printable(str(problem)))
