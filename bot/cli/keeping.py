"""What the commands of who keeps the list share: their groups and options, and a way to the list.

What is said about the list is Dutch: SKB's team reads it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot.cli.terminal import database, fail, print_table, printable, settings_and_database, who_types

if TYPE_CHECKING:
    from bot.db import Database
    from bot.search.catalogue import Catalogue
    from bot.search.lists.columns import Knowledge
    from bot.search.offers_store import PastChange

T = TypeVar("T")

__all__ = [
    "By",
    "Columns",
    "Complete",
    "Everything",
    "File",
    "Name",
    "OfferId",
    "Overwrite",
    "Target",
    "Yes",
    "keeping",
    "load",
    "now",
    "offers",
    "print_changes",
    "provider",
    "providers",
    "read",
    "said_plainly",
]


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


def now() -> datetime:
    return datetime.now(UTC)


def read(read: Callable[[Any], T]) -> T:
    with database() as kept, kept.read() as connection:
        return read(connection)


def load(kept: "Database") -> "Catalogue":
    from bot.search.editing import load

    return load(kept)


@contextmanager
def keeping() -> "Iterator[tuple[Database, Knowledge]]":
    """The database, with the example list in it if it never had any, and what is needed to read a cell."""
    from bot.app import KnowledgeFiles, load_starter
    from bot.search.lists.columns import Knowledge

    with settings_and_database() as (settings, kept):
        files = KnowledgeFiles(settings.data_dir)
        knowledge = Knowledge(files.vocabulary(), files.gazetteer())
        load_starter(kept, lambda: files.starter(knowledge.vocabulary, knowledge.gazetteer))
        yield kept, knowledge


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turns what can't be read or done into its sentence."""
    from bot.commons.tables import Unreadable
    from bot.search.editing import Refused
    from bot.search.lists.layout import WrongColumns

    try:
        yield
    except (Unreadable, Refused, WrongColumns) as problem:
        fail(printable(str(problem)))


def print_changes(found: "Sequence[PastChange]") -> None:
    from bot.search import preview

    print_table([preview.change_line(change) for change in found], "Er is nog niets gewijzigd.")
