"""Everything the bot is made of, chosen and put together in one place from the settings."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
import logging
import os
from pathlib import Path
import secrets
import sys
import tempfile
import threading
from typing import TYPE_CHECKING

from bot import logs
from bot.chat import Answerer, Reply
from bot.commons.dates import local_day
from bot.db import Database, migrate
from bot.search import store
from bot.search.catalogue import Catalogue
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.commons.places import Gazetteer
    from bot.commons.words import WordList
    from bot.search.ranking import Answer, Search
    from bot.search.replies import Contact
    from bot.search.vocabulary import Vocabulary

__all__ = ["App", "CurrentSearch", "DataProblems", "KnowledgeFiles", "build", "open_database", "secret_key"]


log = logging.getLogger(__name__)


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


AT_ONCE = 5000
"""Offers up to which a changed list is put in force before the next answer: it takes 0.2 ms for each."""


OFTEN_SECONDS = 0.0005
"""How often Python looks whether another thread wants to go on while an index is built aside. Python's own 5 ms would
make an answer ten times as slow: it gives way some ten times."""


class CurrentSearch:
    """The search over the catalogue as it is now, also when another process changed it.

    A list of some thousands is built anew before the next answer. A longer one is built aside and swapped: until then
    the old one answers, and nobody waits.
    """

    def __init__(self, database: Database, build: "Callable[[Catalogue], Search]", *, at_once: int = AT_ONCE) -> None:
        self._database = database
        self._build = build
        self._at_once = at_once
        self._building = threading.Lock()
        self._search: Search | None = None
        self._version = -1

    def __call__(self) -> "Search":
        with self._database.read() as connection:
            version = store.catalogue_version(connection)
            search = self._search
            if search is not None and version == self._version:
                return search
            large = search is not None and store.catalogue_state(connection).offers > self._at_once
        # Whoever finds it stale builds it; the others go on with what there is, and wait only when there is none.
        if not self._building.acquire(blocking=search is None) and search is not None:
            return search
        if large and search is not None:
            threading.Thread(target=self._build_aside, args=(version,), name="index", daemon=True).start()
            return search
        try:
            return self._renew(version)
        finally:
            self._building.release()

    def _build_aside(self, version: int) -> None:
        often = sys.getswitchinterval()
        sys.setswitchinterval(OFTEN_SECONDS)
        try:
            self._renew(version).warm()
        except Exception:
            log.exception("the index of version %s could not be built; the one before goes on answering", version)
        finally:
            sys.setswitchinterval(often)
            self._building.release()

    def _renew(self, version: int) -> "Search":
        if self._search is None or version != self._version:
            with self._database.read() as connection:
                catalogue = store.load_catalogue(connection)
            self._search = self._build(catalogue)
            self._version = catalogue.version
        return self._search


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

    def reply(self, answer: "Answer") -> Reply:
        """The first page of an answer, as a person would read it; nothing is remembered."""
        from bot.search.cards import View
        from bot.search.replies import alone

        search = self.search()
        view = View(search.catalogue, search.gazetteer, search.lexicon, local_day(datetime.now(UTC)))
        return alone(answer, view, self.contact)

    def close(self) -> None:
        self.database.close()


def build(settings: Settings) -> App:
    """Reads the data, brings the database up to date, fills it when it is empty. Raises what is wrong with a file."""
    from bot.router import make_answerer
    from bot.search.commands import Contact, SearchCommands
    from bot.search.ranking import Search

    configure_logs(settings)
    database = open_database(settings)
    files = KnowledgeFiles(settings.data_dir)
    vocabulary, gazetteer, dutch, names = files.vocabulary(), files.gazetteer(), files.dutch(), files.first_names()
    load_starter(database, lambda: files.starter(vocabulary, gazetteer))
    search = CurrentSearch(database, lambda catalogue: Search(catalogue, vocabulary, gazetteer, dutch, names))
    contact = Contact(settings.contact_name, settings.contact_how, settings.contact_hours, settings.website_url)
    commands = SearchCommands(database, search, contact, secret_key(settings), lambda: datetime.now(UTC))
    return App(settings, database, search, make_answerer(commands), contact)


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
            store.save_catalogue(connection, catalogue, datetime.now(UTC))


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
