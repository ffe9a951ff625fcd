"""The list as files: brought in after a preview, taken back, written out; and the template for who offers something."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.keeping import (
    By,
    Columns,
    Complete,
    Everything,
    File,
    Overwrite,
    Target,
    Yes,
    keeping,
    load,
    now,
    offers,
    print_changes,
    providers,
    read,
    said_plainly,
)
from bot.cli.terminal import agrees, counting, database, fail, printable

if TYPE_CHECKING:
    from bot.db import Database
    from bot.search.catalogue import Catalogue, Change

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
    with keeping() as (kept, knowledge):
        base = load(kept)
        with counting("Rijen gelezen") as progress, said_plainly():
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

    with keeping() as (kept, knowledge):
        base = load(kept)
        with said_plainly():
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

    with said_plainly():
        number = editing.save(kept, change, base, kind=kind, about=about, by=by, now=now())
    typer.echo(f"\n{preview.saved(load(kept), number)}")


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

    with database() as kept, said_plainly():
        undone = editing.what_to_undo(kept, number)
        if undone.later:
            typer.echo("Hierna is nog iets aan dezelfde programma's gewijzigd. Dat gaat ook terug:")
            print_changes(undone.later)
            if not yes and not agrees("\nToch terugdraaien?"):
                typer.echo("\nEr is niets veranderd. Toch terugdraaien: geef dezelfde opdracht met --yes.")
                raise typer.Exit
        new = editing.undo(kept, undone, by=by, now=now())
        if undone.undoes is not None:
            typer.echo(f"Teruggedraaid: wijziging {undone.undoes.number} ({undone.undoes.about}).")
        typer.echo(preview.saved(load(kept), new))


@offers.command("changes")
def changes(
    number: Annotated[int, typer.Option("--last", help="How many.", min=1)] = 20,
) -> None:
    """Show the last changes: number, when, who, what."""
    from bot.search import offers_store

    print_changes(read(lambda c: offers_store.changes(c, number)))


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

    with keeping() as (kept, knowledge), said_plainly():
        catalogue = load(kept)
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
    with keeping() as (kept, _):
        catalogue = load(kept)
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
