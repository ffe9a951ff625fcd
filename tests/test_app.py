"""How the parts are put together: the starter catalogue is loaded once, and the key is made once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from bot.app import KnowledgeFiles, load_starter, secret_key
from bot.db import Database
from bot.search import store
from bot.search.catalogue import Catalogue, Offer, Provider
from bot.settings import Settings

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FILES = KnowledgeFiles(Path(__file__).parents[1] / "data")


def catalogue(title: str, *, starter: bool = False) -> Catalogue:
    return Catalogue((Offer("abcdefgh", "Aap", title),), (Provider("Aap"),), starter=starter)


def test_the_starter_catalogue_is_loaded_once_by_many(database: Database) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: load_starter(database, lambda: catalogue("Voorbeeld", starter=True)), range(8)))
    with database.read() as connection:
        assert store.catalogue_state(connection).version == 1
        assert store.catalogue_state(connection).starter


def test_an_own_catalogue_is_not_replaced_even_when_it_is_empty(database: Database) -> None:
    with database.write() as connection:
        store.save_catalogue(connection, Catalogue(), NOW)

    def never() -> Catalogue:
        raise AssertionError("the starter catalogue was read")

    load_starter(database, never)
    with database.read() as connection:
        assert store.load_catalogue(connection) == Catalogue(version=1)


def test_the_starter_catalogue_carries_its_label() -> None:
    assert FILES.starter(FILES.vocabulary(), FILES.gazetteer()).starter


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path}/new/skb.db")
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: secret_key(settings), range(16)))
    assert len(keys) == 1
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["skb.key"]
    assert (tmp_path / "new" / "skb.key").stat().st_mode & 0o777 == 0o600
    given = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path}/new/skb.db", secret_key="k" * 32)
    assert secret_key(given) == b"k" * 32
