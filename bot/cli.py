"""The command line: reads what was typed, calls the bot, prints. Nothing is decided here."""

from collections.abc import Callable, Iterator, Sequence
import gc
import sys
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from bot.app import App

T = TypeVar("T")

__all__ = ["main"]

# Without typer's own tracebacks (they print variables, so secrets) and without rich in the help (0.1 s of a start).
cli = typer.Typer(
    name="skb-bot",
    help="Ask which programme of SKB's partners fits a school.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
offers = typer.Typer(help="What people said and missed about the offer.", no_args_is_help=True, rich_markup_mode=None)
cli.add_typer(offers, name="offers")


def main() -> None:
    """Runs a command; what a person can mend ends in a sentence on stderr and code 2, never in a traceback."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(
            stream, "reconfigure"
        ):  # a question is UTF-8 whatever the machine's language; a stray byte is no reason to stop
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        cli(prog_name="skb-bot")
    except Exception as error:
        problems = _mendable(error)
        if problems is None:
            import logging

            from bot import logs

            if not logging.getLogger().handlers:
                logs.configure()
            logging.getLogger(__name__).exception("skb-bot stopped on an error of its own")
            sys.exit(1)
        for problem in problems:
            typer.echo(problem, err=True)
        sys.exit(2)


def _mendable(error: Exception) -> list[str] | None:
    """The sentences of an error that a person can do something about; None for a fault of ours."""
    from bot.db import is_unusable
    from bot.logs import redact

    problems = getattr(error, "problems", None)  # of settings or files: all of them
    if problems is not None:
        return [str(problem) for problem in problems]
    if is_unusable(error):
        cause = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        return [f"The database can't be used ({redact(cause)}). Check DATABASE_URL, and that the server runs."]
    return None


def _fail(sentence: str, code: int = 2) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"skb-bot {version('skb-bot')}")
        raise typer.Exit


@cli.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", help="Show the version and stop.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    pass


@cli.command()
def run() -> None:
    """Start the bot.

    With tokens: the chat platforms. Else on a terminal: a chat. Else: one answer for each line of standard input.
    """
    import asyncio

    from bot.settings import read_settings

    settings = read_settings()
    if settings.platforms:
        _fail(
            f"Tokens are set for {' and '.join(settings.platforms)}, but this version of the bot talks in the terminal "
            "only. Clear the tokens to chat here; a later version connects to the platforms."
        )
    from bot.app import build
    from bot.handlers import console

    app = build(settings)
    try:
        app.search().warm()
        asyncio.run(console.run(app.answer))
    finally:
        app.close()


@cli.command()
def ask(
    text: Annotated[
        list[str] | None, typer.Argument(help="The question; - reads one question a line from stdin.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each question.")] = False,
    explained: Annotated[
        bool, typer.Option("--explain", help="Show how the question was understood and ranked.")
    ] = False,
) -> None:
    """Answer one question, or each line of standard input on its own: nothing is kept."""
    if as_json and explained:
        _fail("Choose one of --json and --explain.")
    if text is None:
        _fail('Ask something, for example: skb-bot ask "debat VO Utrecht"; or give - and questions on standard input.')
    # Nothing that a start makes is garbage: looking for it takes 5 % of one question's time.
    gc.disable()
    from bot.app import build
    from bot.settings import read_settings

    app = build(read_settings())
    gc.freeze()
    gc.enable()
    try:
        show = _shown(app, as_json, explained)
        for question in _lines() if text == ["-"] else [" ".join(text)]:
            # A byte that is no UTF-8 arrives from the shell as half a character, which can't be printed.
            typer.echo(show(question.encode("utf-8", "surrogateescape").decode("utf-8", "replace")))
    finally:
        app.close()


def _shown(app: "App", as_json: bool, explained: bool) -> Callable[[str], str]:
    """What to print for a question."""
    import json

    from bot.handlers.console import render
    from bot.search import explain

    def as_person_reads(question: str) -> str:
        return render(app.reply(app.ask(question)))

    def as_machine_reads(question: str) -> str:
        answer = app.ask(question)
        said = render(app.reply(answer))
        return json.dumps(explain.as_json(question, app.search(), answer, said), ensure_ascii=False)

    if explained:
        return lambda question: explain.explain(question, app.search())
    return as_machine_reads if as_json else as_person_reads


def _lines() -> Iterator[str]:
    """The questions on standard input; only a line feed ends one, and an empty line is a question too."""
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(newline="\n")
    for line in sys.stdin:
        yield line.rstrip("\r\n")


@cli.command()
def doctor() -> None:
    """Say what is configured, what is missing and how to get it; code 1 while something needed is missing."""
    from bot.doctor import examine

    findings = examine()
    for finding in findings:
        typer.echo(str(finding))
    if any(finding.state == "missing" for finding in findings):
        typer.echo("\nNot ready yet: see the lines that begin with MISSING.")
        raise typer.Exit(1)
    typer.echo("\nReady.")


@offers.command("gaps")
def offers_gaps() -> None:
    """Show what was asked in vain, from three times on: month, how often, what, for whom and where."""
    from bot.search import store

    rows = [(gap.month, f"{gap.count}x", gap.wanted, gap.sector, gap.province) for gap in _read(store.gaps)]
    _print_table(rows, "Nothing was asked in vain three times or more.")


@offers.command("reports")
def offers_reports() -> None:
    """Show what people said is wrong, oldest first: day, offer, what they wrote."""
    from bot.search import store

    catalogue, reports = _read(lambda c: (store.load_catalogue(c), store.reports(c)))
    rows = []
    for report in reports:
        offer = catalogue.offer(report.offer_id)
        name = f"{offer.title} ({offer.provider})" if offer is not None else "no longer in the list"
        rows.append((f"{report.created_at:%Y-%m-%d}", report.offer_id, name, report.text))
    _print_table(rows, "Nobody reported a mistake.")


def _read(read: Callable[[Any], T]) -> T:
    from bot.app import open_database
    from bot.settings import read_settings

    database = open_database(read_settings())
    try:
        with database.read() as connection:
            return read(connection)
    finally:
        database.close()


def _print_table(rows: Sequence[tuple[str, ...]], nothing: str) -> None:
    """Columns under each other. What people wrote can't move the cursor: what is not printable becomes a blank."""
    if not rows:
        typer.echo(nothing)
        return
    clean = [["".join(sign if sign.isprintable() else " " for sign in cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*clean, strict=True)]
    for row in clean:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
