"""What the tests of imports share: the real words and places, and the lists that a file may meet."""

from collections.abc import Callable
from pathlib import Path
import shutil

import pytest

from bot.app import KnowledgeFiles
from bot.db import Database
from bot.search.catalogue import Catalogue
from bot.search.lists.columns import Knowledge
from bot.search.ranking import Search
from tests.imports.in_lists import OWN

FILES = KnowledgeFiles(Path(__file__).parents[2] / "data")


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return Knowledge(FILES.vocabulary(), FILES.gazetteer())


@pytest.fixture(scope="session")
def bases(knowledge: Knowledge) -> dict[str, Catalogue]:
    """The lists that a file may meet, by the names that cases have for them."""
    examples = FILES.starter(knowledge.vocabulary, knowledge.gazetteer)
    return {"nothing": Catalogue(version=1), "own": OWN, "examples": examples}


@pytest.fixture(scope="session")
def search_of(knowledge: Knowledge) -> Callable[[Catalogue], Search]:
    """The search over a catalogue, as the bot builds it."""
    dutch, names = FILES.dutch(), FILES.first_names()
    return lambda catalogue: Search(catalogue, knowledge.vocabulary, knowledge.gazetteer, dutch, names)


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Database:
    """A SQLite database with its tables; how it is written on PostgreSQL is for the tests of the store."""
    return Database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'skb.db')}")
