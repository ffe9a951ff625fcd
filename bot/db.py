"""The database: where it is, reading and writing in a transaction, and bringing its tables up to date.

One SQLite file to begin with, PostgreSQL when one machine is not enough; the same code and the same promises on both:
`read()` sees one unchanging moment and cannot write, `write()` commits as a whole or not at all. What the tables are
stands with the feature that keeps them (`*/store.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
import sqlite3
import threading
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.pool import ConnectionPoolEntry

__all__ = [
    "DEFAULT_URL",
    "HEAD",
    "Connection",
    "Database",
    "Moment",
    "is_unusable",
    "metadata",
    "migrate",
    "migration_config",
    "put",
    "put_new",
    "revision",
]

DEFAULT_URL = "sqlite:///var/skb.db"

HEAD = "0004"
"""The newest revision in `migrations/versions`: comparing with it costs no import of alembic (0.1 s)."""

# Longer than any write of ours, and the longest that a person or a platform will wait anyway.
BUSY_SECONDS = 30

# Any number of our own: whoever holds this advisory lock in PostgreSQL is bringing the tables up to date.
MIGRATION_LOCK = 7_250_001

metadata = sa.MetaData(
    # Names are ours, not the database's, so that a later migration can name what it changes.
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(sa.types.TypeDecorator[datetime]):
    """A moment in time: aware and UTC on its way in and out, also in SQLite, which keeps no zones."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone: {value.isoformat()}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Database:
    """The way to the tables. Thread-safe; one for each process."""

    def __init__(self, url: str = DEFAULT_URL) -> None:
        target = sa.make_url(url)
        if target.drivername in ("postgres", "postgresql"):  # "postgres" is what hosts like to hand out
            target = target.set(drivername="postgresql+psycopg")
        self.kind = target.get_backend_name()
        if self.kind == "sqlite":
            self._engine: Engine = _sqlite(target)
            self._reading: Engine = self._engine
            self._writing: Engine = self._engine.execution_options(writes=True)
        elif self.kind == "postgresql":
            self._engine = sa.create_engine(target, pool_pre_ping=True)
            self._reading = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            self._writing = self._engine
        else:
            raise ValueError(f"the bot works with SQLite and PostgreSQL, not with {self.kind}")
        # SQLite has one writer at a time: waiting in line here is fair and cheap, polling for its lock is neither.
        self._writer = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one moment of the database and refuses to write."""
        with self._reading.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection in a transaction: committed at the end, rolled back on an exception. Keep it short."""
        if self.kind == "sqlite":
            with self._writer, self._writing.begin() as connection:
                yield connection
        else:
            with self._writing.begin() as connection:
                yield connection

    def close(self) -> None:
        self._engine.dispose()


def put(c: Connection, table: sa.Table, row: Mapping[str, Any], instead: Mapping[str, Any] | None = None) -> None:
    """Inserts a row, or updates the one with its key (to `instead`): one statement, so that two at once both count."""
    statement = _insert(c, table).values(dict(row))
    c.execute(statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=dict(instead or row)))


def put_new(c: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> set[tuple[Any, ...]]:
    """Inserts the rows whose key is not there yet and leaves the others as they are; the keys of the new ones."""
    if not rows:
        return set()
    key = list(table.primary_key)
    statement = _insert(c, table).values([dict(row) for row in rows]).on_conflict_do_nothing(index_elements=key)
    return {tuple(row) for row in c.execute(statement.returning(*key))}


def _insert(c: Connection, table: sa.Table) -> Any:  # noqa: ANN401  # each kind has an Insert of its own
    if c.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert  # 40 ms that a database in a file should not pay for
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]  # the same, as far as it is used
    return insert(table)


def revision(database: Database) -> str | None:
    """The revision of the tables, or None when there are none yet."""
    with database.read() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return found


def migrate(url: str = DEFAULT_URL) -> None:
    """Brings the tables up to date. Any number of processes may start at once: one does it, the others wait for it."""
    database = Database(url)
    try:
        if revision(database) == HEAD:
            return
        from alembic import command

        with database.write() as connection:
            if database.kind == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            command.upgrade(migration_config(connection), "head")
    finally:
        database.close()


def migration_config(connection: Connection) -> Any:  # noqa: ANN401  # alembic's Config, which must not be imported here
    """Alembic's settings for commands that run on this connection, in its transaction; there is no alembic.ini."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def is_unusable(error: BaseException) -> bool:
    """Whether the database itself can't be used (not there, refused, broken, full), not what was asked of it."""
    # Exactly these two: their other descendants (a broken constraint, a wrong statement) are faults of ours.
    return type(error) in (sa.exc.OperationalError, sa.exc.DatabaseError)


def _sqlite(url: sa.URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise ValueError("a SQLite database needs a file, for example sqlite:///var/skb.db")
    folder = Path(url.database).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise sa.exc.OperationalError(f"making the folder {folder}", None, error) from error
    # Threads wait for the writer's lock, not for a connection of the pool.
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS}, max_overflow=-1)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # sqlite3 must not begin transactions of its own: `_begin` does
        if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # what is erased must not stay in the file

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A deferred transaction that turns to writing fails at once when another wrote in between (94 % of them under
        # load, and no timeout helps); IMMEDIATE waits its turn.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
