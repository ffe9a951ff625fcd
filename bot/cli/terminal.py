"""What the commands share: a sentence to stop with, a table, a bar, a question, and the database of the settings."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
import sys
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from bot.db import Database
    from bot.settings import Settings

__all__ = ["agrees", "counting", "database", "fail", "print_table", "printable", "settings_and_database", "who_types"]


def fail(sentence: str, code: int = 2) -> NoReturn:
    """Ends the command with a sentence on stderr."""
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


@contextmanager
def settings_and_database() -> "Iterator[tuple[Settings, Database]]":
    """The settings, and their database with its tables up to date; closed at the end."""
    from bot.app import open_database
    from bot.settings import read_settings

    settings = read_settings()
    database = open_database(settings)
    try:
        yield settings, database
    finally:
        database.close()


@contextmanager
def database() -> "Iterator[Database]":
    """The database of the settings, its tables up to date; closed at the end."""
    with settings_and_database() as (_, opened):
        yield opened


def printable(text: str) -> str:
    """What people wrote can't move the cursor: what is not printable becomes a blank. Line ends stay."""
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in text)


def print_table(rows: Sequence[tuple[str, ...]], nothing: str) -> None:
    """Columns under each other, each row on one line."""
    if not rows:
        typer.echo(nothing)
        return
    clean = [[printable(cell).replace("\n", " ") for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*clean, strict=True)]
    for row in clean:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def agrees(question: str) -> bool:
    """Whether the person at the terminal says yes, in Dutch or English; nobody at it is no."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    answer = typer.prompt(f"{question} [j/N]", default="n", show_default=False, err=True)
    return answer.strip().lower() in ("j", "ja", "y", "yes")


def who_types() -> str:
    """The name that the machine knows of who runs the command."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container without users
        return "onbekend"


@contextmanager
def counting(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A bar on stderr while something counts on; nothing where nobody looks."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)
