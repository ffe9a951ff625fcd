"""Everything the bot is made of, chosen and put together in one place from the settings."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
import os
from pathlib import Path
import secrets
import tempfile
from typing import TYPE_CHECKING

from bot import logs
from bot.chat import Address, Answerer, Inbox, Reply, Sender
from bot.commons.dates import local_day
from bot.db import Database, migrate
from bot.search import store
from bot.search.catalogue import Catalogue
from bot.search.current import CurrentSearch
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.commons.places import Gazetteer
    from bot.commons.words import WordList
    from bot.delivery.sending import Make
    from bot.jobs import Job
    from bot.running import Running
    from bot.search.asides import Contact
    from bot.search.ranking import Answer, Search
    from bot.search.vocabulary import Vocabulary

__all__ = [
    "App",
    "DataProblems",
    "KnowledgeFiles",
    "NotYours",
    "build",
    "make_answerer",
    "open_database",
    "refuse_starter",
    "secret_key",
    "serve",
]


class DataProblems(Exception):  # noqa: N818  # it carries all of them
    """What is wrong with a file of the data folder, in sentences with file and line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class KnowledgeFiles:
    """The files in the data folder that people edit."""

    folder: Path

    def vocabulary(self) -> "Vocabulary":
        from bot.search.vocabulary import load_vocabulary

        with _said_plainly():
            return load_vocabulary(self.folder / "vocabulary.yaml")

    def gazetteer(self) -> "Gazetteer":
        from bot.commons.places import load_gazetteer

        with _said_plainly():
            return load_gazetteer(self.folder / "places.csv", self.folder / "regions.yaml")

    def dutch(self) -> "WordList":
        from bot.commons.words import WordList

        path = self.folder / "dutch-words.txt.gz"
        with _said_plainly():
            path.stat()  # it is read with the first strange word: that it is missing must not be found out then
        return WordList(path)

    def first_names(self) -> frozenset[str]:
        from bot.search.privacy import load_first_names

        with _said_plainly():
            return load_first_names(self.folder / "first-names.txt")

    def starter(self, vocabulary: "Vocabulary", gazetteer: "Gazetteer") -> Catalogue:
        """The catalogue to begin with; it carries its label wherever it is shown."""
        from bot.commons.tables import Unreadable
        from bot.search.lists.columns import Knowledge
        from bot.search.starter import Faulty, read_starter

        try:
            knowledge = Knowledge(vocabulary, gazetteer)
            return read_starter(self.folder / "offers.csv", self.folder / "providers.csv", knowledge)
        except Unreadable as error:
            raise DataProblems([f"{self.folder}: {error}"]) from error
        except Faulty as error:
            raise DataProblems(list(error.sentences)) from error


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise DataProblems([str(error)]) from error
    except OSError as error:
        raise DataProblems([f"{error.filename} can't be opened: {error.strerror}."]) from error


@dataclass(frozen=True, slots=True)
class App:
    """The bot, ready to answer."""

    settings: Settings
    database: Database
    search: CurrentSearch
    answer: Answerer
    contact: "Contact"

    def ask(self, text: str) -> "Answer":
        """What is found for a question on its own, without a conversation around it."""
        search = self.search()
        return search.rank(search.understand(text))

    def is_personal(self, text: str) -> bool:
        """Whether a text looks like data about a pupil, so that it must not be kept."""
        return self.search().understand(text).kind == "refused"

    def reply(self, answer: "Answer") -> Reply:
        """The first page of an answer, as a person would read it; nothing is remembered."""
        from bot.search.cards import View
        from bot.search.replies import alone

        search = self.search()
        view = View(search.catalogue, search.gazetteer, search.lexicon, local_day(now()))
        return alone(answer, view, self.contact)

    def close(self) -> None:
        self.database.close()


class NotYours(Exception):  # noqa: N818  # it is a refusal
    """Why the bot does not go live, in a sentence with what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.problems = (sentence,)


def refuse_starter(app: App) -> None:
    """Raises NotYours when the bot would show real people the example list without anybody having said so."""
    if app.search().catalogue.starter and not app.settings.allow_starter:
        raise NotYours(
            "The catalogue is the example list from public sources, not SKB's own. Load your own with skb-bot offers "
            "import FILE, or set ALLOW_STARTER=yes to try it out on a live platform."
        )


async def serve(app: App) -> bool:
    """Answers on the platforms that tokens are set for, sends what the bot has to say by itself and runs its jobs.

    Until told to stop; False when no platform can go on.
    """
    from bot.delivery import outbox, pace, slots
    from bot.delivery.inbox import PlatformInbox
    from bot.jobs import Clock
    from bot.running import run_platforms

    inboxes = {name: PlatformInbox(app.database, name, app.is_personal, now) for name in ("telegram", "slack")}

    def erase_the_rest() -> None:
        with app.database.write() as c:
            for store in (outbox, pace, slots):
                store.erase(c, now())

    async def erase() -> None:
        await inboxes["telegram"].erase()  # of all platforms: they share a table
        await asyncio.to_thread(erase_the_rest)

    beside = [*sendings(app), lambda: Clock(app.database, jobs(app), now)]
    try:
        return await run_platforms(platforms(app, inboxes), erase, beside=beside)
    finally:
        for inbox in inboxes.values():
            inbox.close()


def team(settings: Settings) -> Address | None:
    """Where the SKB team is told of things."""
    return Address(*settings.team_address) if settings.team_address else None


def jobs(app: App) -> "list[Job]":
    """What the bot does by itself, and when; what tells the team needs to know where it is."""
    from bot.delivery import job as delivering
    from bot.jobs import Job
    from bot.search import job as searching

    if (to := team(app.settings)) is None:
        return []
    return [
        Job(
            searching.REPORTS, partial(searching.tell_reports, to), searching.REPORTS_AT, useful_for=timedelta(hours=8)
        ),
        Job(
            delivering.HEALTH,
            partial(delivering.tell_health, to),
            delivering.HEALTH_AT,
            delivering.HEALTH_ON,
            useful_for=timedelta(days=1),
        ),
    ]


NAMES = {
    "reports": "de meldingen van de dag",
    "health": "het weekbericht over de bot",
    "undelivered": "een bericht aan het team",
    "stopped": "een bericht aan het team",
}
"""What messages and jobs are called when the team is told of them, by their kind."""


def makes(app: App) -> "dict[str, Make]":
    """What makes the texts of messages that the bot sends of its own accord, by their kind."""
    from bot.delivery import job as delivering
    from bot.delivery.team import STOPPED, UNDELIVERED
    from bot.search import job as searching

    database = app.database
    return {
        searching.REPORTS: searching.make_reports(database, app.search),
        delivering.HEALTH: delivering.make_health(database, (searching.health_line, delivering.health_line)),
        UNDELIVERED: delivering.make_undelivered(database, NAMES),
        STOPPED: delivering.make_stopped,
    }


def sendings(app: App) -> "list[Callable[[], Running]]":
    """What makes the sending of what waits for each platform that tokens are set for."""
    from bot.delivery.sending import Sending
    from bot.delivery.team import Desk

    settings, desk = app.settings, Desk(team(app.settings))

    def sending(sender: Callable[[], Sender]) -> "Callable[[], Running]":
        return lambda: Sending(app.database, sender(), makes(app), desk, now)

    found: list[Callable[[], Running]] = []
    if telegram_token := settings.telegram_token:
        from bot.handlers.telegram_posting import TelegramPosting

        token = telegram_token.get_secret_value()
        found.append(sending(lambda: TelegramPosting(token, base_url=settings.telegram_base_url)))
    if bot_token := settings.slack_bot_token:
        from bot.handlers.slack_posting import SlackPosting

        token_of_slack = bot_token.get_secret_value()
        found.append(sending(lambda: SlackPosting(token_of_slack, base_url=settings.slack_base_url)))
    return found


def platforms(app: App, inboxes: Mapping[str, Inbox]) -> "list[Callable[[], Running]]":
    """What makes a handler of each platform that tokens are set for."""
    settings = app.settings
    makers: list[Callable[[], Running]] = []
    if telegram_token := settings.telegram_token:
        from bot.handlers.telegram import Telegram

        makers.append(
            lambda: Telegram(
                telegram_token.get_secret_value(),
                app.answer,
                inboxes["telegram"],
                base_url=settings.telegram_base_url,
            )
        )
    if (bot_token := settings.slack_bot_token) and (app_token := settings.slack_app_token):
        from bot.handlers.slack import Slack

        makers.append(
            lambda: Slack(
                bot_token.get_secret_value(),
                app_token.get_secret_value(),
                app.answer,
                inboxes["slack"],
                base_url=settings.slack_base_url,
            )
        )
    return makers


def build(settings: Settings) -> App:
    """Reads the data, brings the database up to date, fills it when it is empty. Raises what is wrong with a file."""
    from bot.search.asides import Contact
    from bot.search.ranking import Search

    configure_logs(settings)
    database = open_database(settings)
    files = KnowledgeFiles(settings.data_dir)
    vocabulary, gazetteer, dutch, names = files.vocabulary(), files.gazetteer(), files.dutch(), files.first_names()
    load_starter(database, lambda: files.starter(vocabulary, gazetteer))
    search = CurrentSearch(database, lambda catalogue: Search(catalogue, vocabulary, gazetteer, dutch, names))
    contact = Contact(settings.contact_name, settings.contact_how, settings.contact_hours, settings.website_url)
    answer = make_answerer(database, search, contact, secret_key(settings), now, team(settings))
    return App(settings, database, search, answer, contact)


def make_answerer(
    database: Database,
    search: "Callable[[], Search]",
    contact: "Contact",
    secret: bytes,
    now: Callable[[], datetime],
    team: Address | None = None,
) -> Answerer:
    """The bot as handlers and tests talk to it; `secret` hides the addresses of chats, `team` is the SKB team's."""
    from bot.account.commands import AccountCommands
    from bot.delivery.commands import DeliveryCommands
    from bot.router import make_router
    from bot.search.commands import SearchCommands

    commands = SearchCommands(database, search, contact, secret, now)
    account = AccountCommands(database, commands.open, contact.website, now)
    return make_router(commands, account, DeliveryCommands(database, team, now)).answer


def now() -> datetime:
    """The moment, in UTC: the one place where the bot looks at a clock."""
    return datetime.now(UTC)


def open_database(settings: Settings) -> Database:
    """The database of the settings, its tables up to date."""
    url = settings.database_url.get_secret_value()
    migrate(url)
    return Database(url)


def load_starter(database: Database, read: Callable[[], Catalogue]) -> None:
    """Fills a database in which no catalogue ever was; an own catalogue is never touched, not even an emptied one."""
    with database.read() as connection:
        if store.catalogue_version(connection) > 0:
            return
    catalogue = read()
    with database.write() as connection:
        if store.catalogue_version(connection, lock=True) == 0:  # nobody else was faster
            store.save_catalogue(connection, catalogue, now())


def configure_logs(settings: Settings) -> None:
    given = (settings.secret_key, settings.telegram_token, settings.slack_bot_token, settings.slack_app_token)
    logs.configure(
        settings.log_level, settings.log_format, [secret.get_secret_value() for secret in given if secret is not None]
    )


def secret_key(settings: Settings) -> bytes:
    """The key that chat addresses are hidden with: from the settings, or made once and kept beside the SQLite file."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    if settings.sqlite_file is None:
        raise ValueError("a key of its own needs a SQLite file to stand beside")  # the settings see to it
    path = settings.sqlite_file.with_suffix(".key")
    if not path.exists():
        _create_key(path)
    return path.read_bytes()


def _create_key(path: Path) -> None:
    """Makes the key appear whole or not at all, readable by its owner only; the first of two processes wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent) as file:  # made with mode 0600
        file.write(secrets.token_hex(32).encode())
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(file.name)
