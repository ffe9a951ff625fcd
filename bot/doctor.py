"""Whether the bot is ready: what is configured, what is missing and how to get it. Changes nothing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.app import KnowledgeFiles, now
from bot.commons.dates import local_day
from bot.commons.recess import RecessProblems, load_recesses
from bot.commons.working_days import SCHOOL_HOLIDAYS_KNOWN
from bot.db import HEAD, Database, is_unusable, revision
from bot.delivery import outbox
from bot.search import store
from bot.settings import Settings, SettingsProblems, read_settings

__all__ = ["Finding", "examine", "tokens"]

WARNS_DAYS_AHEAD = 120
OWN_LIST = "Load your own (skb-bot offers import FILE), or set ALLOW_STARTER=yes to try it out on a live platform."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and what to do about it. Only `missing` keeps the bot from being ready."""

    state: Literal["ok", "note", "missing"]
    text: str

    def __str__(self) -> str:
        return f"{'MISSING' if self.state == 'missing' else self.state:8}{self.text}"


def tokens(settings: Settings) -> Iterator[Finding]:
    """What can be said of the platforms without asking them."""
    if not settings.platforms:
        yield Finding(
            "note",
            "platforms: no tokens, so there is nobody to ask: the bot talks in the terminal. How to get them: "
            "docs/OPERATIONS.md.",
        )
    for name in settings.platforms:
        yield Finding(
            "note", f"platforms: {name} is set and looks right; skb-bot doctor --live asks {name} whether it works."
        )


def examine(platforms: Callable[[Settings], Iterable[Finding]] = tokens) -> list[Finding]:
    """Everything there is to say, whatever is wrong; `platforms` says it of Telegram and Slack (`live` asks them)."""
    try:
        settings = read_settings()
    except SettingsProblems as problems:
        return [Finding("missing", problem) for problem in problems.problems]
    return [
        Finding("ok", "settings: all valid"),
        *_people(settings),
        *_files(settings),
        *_calendars(settings, local_day(now())),
        *_database(settings),
        *platforms(settings),
    ]


def _people(settings: Settings) -> Iterator[Finding]:
    needed = {
        "CONTROLLER": (settings.controller, "the organisation that answers for the data (AVG)"),
        "PRIVACY_ADDRESS": (settings.privacy_address, "where people can ask about their data"),
        "CONTACT_NAME": (settings.contact_name, "who helps when the bot can't"),
        "CONTACT_HOW": (settings.contact_how, "a mail address or phone number of that person or team"),
    }
    for name, (value, meaning) in needed.items():
        if value:
            yield Finding("ok", f"{name}: {value}")
        else:
            yield Finding("missing", f"{name}: {meaning}. Set it in the environment or in .env.")
    if settings.team_channel:
        yield Finding("ok", f"TEAM_CHANNEL: {settings.team_channel}")
    elif settings.platforms:
        yield Finding("note", "TEAM_CHANNEL: none, so nobody is told what people report and what did not arrive.")


def _files(settings: Settings) -> Iterator[Finding]:
    files = KnowledgeFiles(settings.data_dir)
    try:
        files.dutch()
        catalogue = files.starter(files.vocabulary(), files.gazetteer())
    except Exception as error:
        problems = getattr(error, "problems", None)
        if problems is None:  # a fault of ours: not to be told as the file's
            raise
        for problem in problems:
            yield Finding("missing", f"data: {problem}")
    else:
        yield Finding("ok", f"data: all files in {settings.data_dir} are valid ({len(catalogue.offers)} offers)")


def _database(settings: Settings) -> Iterator[Finding]:
    file = settings.sqlite_file
    if file is not None and not file.exists():
        yield Finding("note", f"database: {file} is not there yet; the first skb-bot run makes and fills it.")
        if _goes_live(settings):
            yield Finding(
                "missing", f"catalogue: none yet, and a start would go live with the example list. {OWN_LIST}"
            )
        return
    database = Database(settings.database_url.get_secret_value())
    try:
        found = revision(database)
        name = "SQLite" if file is not None else "PostgreSQL"
        if found != HEAD:
            yield Finding("note", f"database: {name}, revision {found or 'none'}; the next start brings it to {HEAD}.")
            return
        yield Finding("ok", f"database: {name}, revision {found}")
        with database.read() as connection:
            yield _loaded(store.catalogue_state(connection), settings)
            yield from _outbox(outbox.balance(connection), len(outbox.doubtful(connection)))
    except Exception as error:
        if not is_unusable(error):
            raise
        # The text of the driver may name the user and the host; the class says enough to look in the right place.
        yield Finding(
            "missing", f"database: can't be used ({type(error).__name__}). Check DATABASE_URL and the server."
        )
    finally:
        database.close()


def _loaded(state: store.CatalogueState, settings: Settings) -> Finding:
    if state.version == 0 and not _goes_live(settings):
        return Finding("note", "catalogue: empty; the next start loads the example list.")
    if state.version == 0:
        return Finding("missing", f"catalogue: empty, and a start would go live with the example list. {OWN_LIST}")
    if not state.starter:
        return Finding("ok", f"catalogue: your own, {state.offers} offers, version {state.version}")
    text = f"catalogue: the example list ({state.offers} offers from public sources), not SKB's own."
    if _goes_live(settings):
        return Finding("missing", f"{text} {OWN_LIST}")
    return Finding("note", f"{text} Every answer says so.")


def _outbox(balance: outbox.Balance, doubtful: int) -> Iterator[Finding]:
    if not balance.holds:
        states = ", ".join(f"{number} {state}" for state, number in balance.states.items())
        yield Finding("missing", f"outbox: {balance.accepted} messages were accepted, but these are kept: {states}. "
                      "That is a fault of the bot, or of who changed the table by hand.")  # fmt: skip
        return
    yield Finding("ok", f"outbox: all {balance.accepted} messages that were accepted are accounted for")
    if doubtful:
        yield Finding("note", f"outbox: {doubtful} perhaps did not arrive; skb-bot outbox says which, and what to do.")


def _calendars(settings: Settings, today: date) -> Iterator[Finding]:
    """Whether the calendars reach far enough: a day beyond them is unknown, and nobody should find that out by it."""
    try:
        recesses = load_recesses(settings.data_dir / "recess.yaml")
    except RecessProblems as problems:
        yield from (Finding("missing", f"data: {problem}") for problem in problems.problems)
        return
    except OSError as error:
        yield Finding("missing", f"data: {error.filename} can't be opened: {error.strerror}.")
        return
    ends = {
        "recess of the Tweede Kamer": (
            recesses.known_until,
            f"add what it announces to {settings.data_dir}/recess.yaml",
        ),
        "school holidays": (SCHOOL_HOLIDAYS_KNOWN[1], "update the holidays package"),
    }
    for what, (until, advice) in ends.items():
        near = until - today < timedelta(days=WARNS_DAYS_AHEAD)
        yield Finding(
            "note" if near else "ok", f"calendar: {what} known until {until}" + (f"; {advice}." if near else "")
        )


def _goes_live(settings: Settings) -> bool:
    """Whether people would get the example list without anybody having said so: a start refuses that (app.py)."""
    return bool(settings.platforms) and not settings.allow_starter
