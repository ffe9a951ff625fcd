"""The current search follows the catalogue, also when it is changed elsewhere, and hardly ever makes anybody wait."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
import threading

import pytest

from bot.app import KnowledgeFiles
from bot.db import Database
from bot.search import store
from bot.search.catalogue import Catalogue, Offer, Provider
from bot.search.current import CurrentSearch
from bot.search.ranking import Search

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FILES = KnowledgeFiles(Path(__file__).parents[2] / "data")


def catalogue(title: str) -> Catalogue:
    return Catalogue((Offer("abcdefgh", "Aap", title),), (Provider("Aap"),))


class Builder:
    """Builds searches, counts them, and waits when told to."""

    def __init__(self) -> None:
        self.vocabulary, self.gazetteer, self.dutch = FILES.vocabulary(), FILES.gazetteer(), FILES.dutch()
        self.built = 0
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.has_begun = threading.Event()

    def __call__(self, catalogue: Catalogue) -> Search:
        self.built += 1
        self.has_begun.set()
        assert self.may_go_on.wait(20)
        return Search(catalogue, self.vocabulary, self.gazetteer, self.dutch, frozenset())


def save(database: Database, title: str) -> None:
    with database.write() as connection:
        store.save_catalogue(connection, catalogue(title), NOW)


def title(search: Search) -> str:
    return search.catalogue.offers[0].title


def test_the_search_is_built_once_for_a_version(database: Database) -> None:
    save(database, "Debat")
    build = Builder()
    current = CurrentSearch(database, build)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: current(), range(40)))
    assert build.built == 1
    assert all(search is found[0] for search in found)


def test_another_process_changes_the_catalogue(database: Database, database_url: str) -> None:
    save(database, "Debat")
    current = CurrentSearch(database, Builder())
    assert title(current()) == "Debat"
    other = Database(database_url)
    save(other, "Schaken")
    other.close()
    assert title(current()) == "Schaken"


def test_a_long_list_is_built_aside_and_nobody_waits(database: Database) -> None:
    save(database, "Debat")
    build = Builder()
    current = CurrentSearch(database, build, at_once=0)
    assert title(current()) == "Debat"
    save(database, "Schaken")
    build.may_go_on.clear()
    assert [title(current()) for _ in range(3)] == ["Debat"] * 3  # all of them while it is being built
    build.may_go_on.set()
    for thread in threading.enumerate():
        if thread.name == "index":
            thread.join(20)
    assert title(current()) == "Schaken"
    assert build.built == 2


def test_the_old_search_answers_while_the_new_one_is_built(database: Database) -> None:
    save(database, "Debat")
    build = Builder()
    current = CurrentSearch(database, build)
    assert title(current()) == "Debat"
    save(database, "Schaken")
    build.may_go_on.clear()
    build.has_begun.clear()
    with ThreadPoolExecutor(1) as thread:
        building = thread.submit(current)
        assert build.has_begun.wait(20)
        assert title(current()) == "Debat"
        build.may_go_on.set()
        assert title(building.result(20)) == "Schaken"
    assert title(current()) == "Schaken"
    assert build.built == 2


def test_a_search_that_could_not_be_built_is_tried_again(database: Database) -> None:
    def fail(_: Catalogue) -> Search:
        raise ZeroDivisionError

    current = CurrentSearch(database, fail)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            current()
