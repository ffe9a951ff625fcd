"""The search over the catalogue as it is now, in force with the next question also when another process changed it."""

from collections.abc import Callable
import logging
import sys
import threading
from typing import TYPE_CHECKING

from bot.db import Database
from bot.search import store
from bot.search.catalogue import Catalogue

if TYPE_CHECKING:
    from bot.search.ranking import Search

__all__ = ["CurrentSearch"]

log = logging.getLogger(__name__)

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
