"""The command line: reads what was typed, calls the bot, prints. Nothing is decided here."""

from collections.abc import Callable, Iterator
import gc
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import files, programmes, quality
from bot.cli.keeping import offers
from bot.cli.outbox import outbox
from bot.cli.terminal import fail, printable

if TYPE_CHECKING:
    from bot.app import App

__all__ = ["cli", "files", "main", "programmes", "quality"]

# Without typer's own tracebacks (they print variables, so secrets) and without rich in the help (0.1 s of a start).
cli = typer.Typer(
    name="skb-bot",
    help="Ask which programme of SKB's partners fits a school.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
cli.add_typer(offers, name="offers")  # its commands add themselves in files, programmes and quality

cli.command()(outbox)


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

    from bot.app import build, refuse_starter, serve
    from bot.handlers import console
    from bot.settings import read_settings

    app = build(read_settings())
    try:
        app.search().warm()
        if not app.settings.platforms:
            asyncio.run(console.run(app.answer))
            return
        refuse_starter(app)
        if not asyncio.run(serve(app)):
            raise typer.Exit(1)
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
        fail("Choose one of --json and --explain.")
    if text is None:
        fail('Ask something, for example: skb-bot ask "debat VO Utrecht"; or give - and questions on standard input.')
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
def doctor(
    live: Annotated[
        bool,
        typer.Option("--live", help="Also ask Telegram and Slack whether the tokens work and all is set up there."),
    ] = False,
) -> None:
    """Say what is configured, what is missing and how to get it; code 1 while something needed is missing."""
    from bot.doctor import examine

    if live:
        from bot.live import ask_platforms

        findings = examine(ask_platforms)
    else:
        findings = examine()
    for finding in findings:
        typer.echo(printable(str(finding)))
    if any(finding.state == "missing" for finding in findings):
        typer.echo("\nNot ready yet: see the lines that begin with MISSING.")
        raise typer.Exit(1)
    typer.echo("\nReady.")
