"""The promises of the database, on SQLite and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
import pytest
import sqlalchemy as sa

from bot import people
from bot.db import HEAD, Database, Moment, metadata, migrate, migration_config, revision
from bot.delivery import inbox, outbox, pace, slots
from bot.search import counts_store, offers_store, store
from bot.search.catalogue import Catalogue, Change, Offer, Provider

# --- migrations ---


def test_tables_after_all_migrations_are_the_tables_the_code_means(empty_url: str) -> None:
    migrate(empty_url)
    database = Database(empty_url)
    # Who keeps something has said what.
    delivery = (inbox.inbox, outbox.outbox, pace.paces, slots.slots)
    for table in (store.offers, offers_store.past_changes, counts_store.gap_counts, people.people, *delivery):
        assert table.metadata is metadata
    with database.write() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    database.close()


def test_head_is_the_newest_script(database: Database) -> None:
    with database.write() as connection:
        assert ScriptDirectory.from_config(migration_config(connection)).get_heads() == [HEAD]


def test_down_and_up_again(database: Database, database_url: str) -> None:
    with database.write() as connection:
        command.downgrade(migration_config(connection), "base")
    with database.read() as connection:
        assert set(sa.inspect(connection).get_table_names()) <= {"alembic_version"}
    assert revision(database) is None
    migrate(database_url)
    assert revision(database) == HEAD


@pytest.mark.parametrize("starter", [True, False], ids=["example list", "own list"])
def test_a_catalogue_of_the_first_version_is_kept(empty_url: str, starter: bool) -> None:
    """Up to the newest tables and back again."""
    database = Database(empty_url)
    now = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    offers = (Offer("bbbbbbbb", "Aap", "Lezen", themes=("taal",), volunteers=True), Offer("aaaaaaaa", "Noot", "Debat"))
    with database.write() as connection:
        command.upgrade(migration_config(connection), "0001")
        for table, rows in (
            ("providers", [vars_of(Provider(name)) for name in ("Noot", "Aap")]),
            ("offers", [vars_of(offer) for offer in offers]),
        ):
            kept = sa.Table(table, sa.MetaData(), autoload_with=connection)
            known = [{name: value for name, value in row.items() if name in kept.c} for row in rows]
            connection.execute(sa.insert(kept), [row | {"position": place} for place, row in enumerate(known)])
        connection.execute(sa.text("UPDATE catalogue SET version = 3"))
        connection.execute(sa.update(sa.table("catalogue", sa.column("starter"))).values(starter=starter))
    migrate(empty_url)
    providers = (Provider("Noot", starter=starter), Provider("Aap", starter=starter))
    with database.read() as connection:
        assert store.load_catalogue(connection) == Catalogue(offers, providers, 3, starter)
    with database.read() as connection:
        change = offers_store.prepare(connection, Change(offers_gone=frozenset({"aaaaaaaa"})))
    offers_store.apply(database, change, kind="end", about="", by="", now=now, large=1)
    with database.write() as connection:
        command.downgrade(migration_config(connection), "0001")
    migrate(empty_url)
    with database.read() as connection:
        assert store.load_catalogue(connection) == Catalogue(offers[:1], providers, 4, starter)
    database.close()


def vars_of(one: Offer | Provider) -> dict[str, Any]:
    return {field.name: getattr(one, field.name) for field in fields(one)}


def test_an_empty_database_has_no_revision(empty_url: str) -> None:
    database = Database(empty_url)
    assert revision(database) is None
    database.close()


def test_many_starting_at_once_migrate_once(empty_url: str) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(migrate, [empty_url] * 8))
    database = Database(empty_url)
    assert revision(database) == HEAD
    with database.read() as connection:
        assert store.catalogue_version(connection) == 0
    database.close()


# --- reading and writing ---


def test_a_write_is_there_as_a_whole_or_not_at_all(database: Database) -> None:
    now = datetime.now(UTC)
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        store.add_report(connection, "abcdefgh", "klopt niet", now)
        _ = 1 / 0
    with database.read() as connection:
        assert store.reports(connection) == []
    with database.write() as connection:
        store.add_report(connection, "abcdefgh", "klopt niet", now)
    with database.read() as connection:
        assert [report.text for report in store.reports(connection)] == ["klopt niet"]


def test_reading_refuses_to_write(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError, match=r"read-?only"), database.read() as connection:
        store.add_report(connection, "abcdefgh", "klopt niet", datetime.now(UTC))
    with database.write() as connection:  # and the next writer is not hindered
        store.add_report(connection, "abcdefgh", "klopt niet", datetime.now(UTC))


def test_a_reader_sees_one_moment(database: Database) -> None:
    with database.read() as reader:
        assert store.reports(reader) == []
        with database.write() as writer:
            store.add_report(writer, "abcdefgh", "klopt niet", datetime.now(UTC))
        assert store.reports(reader) == []
    with database.read() as reader:
        assert len(store.reports(reader)) == 1


def test_many_threads_and_connections_count_right(database: Database, database_url: str) -> None:
    """Two Database objects stand for two processes: the writer's lock in one does not help the other."""
    other = Database(database_url)

    def count(number: int) -> None:
        with (database, other)[number % 2].write() as connection:
            counts_store.count_gap(connection, "schaken", "PO", "", "2026-11")
        with database.read() as connection:
            assert counts_store.gaps(connection, at_least=1)

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(count, range(200)))
    with database.read() as connection:
        assert [gap.count for gap in counts_store.gaps(connection)] == [200]
    other.close()


def test_reading_first_and_writing_then_waits_for_its_turn(database: Database) -> None:
    """The pattern that ends in "database is locked" where transactions begin as reads."""

    def bump(_: int) -> None:
        with database.write() as connection:
            version = connection.scalars(sa.select(store.catalogue_row.c.version).with_for_update()).one()
            connection.execute(sa.update(store.catalogue_row).values(version=version + 1))

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(bump, range(100)))
    with database.read() as connection:
        assert store.catalogue_version(connection) == 100


# --- moments ---


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=2))])
def test_a_moment_comes_back_in_utc(database: Database, zone: timezone) -> None:
    at = datetime(2026, 11, 22, 0, 30, 15, 123456, tzinfo=zone)
    with database.write() as connection:
        store.add_report(connection, "abcdefgh", "", at)
    with database.read() as connection:
        [report] = store.reports(connection)
    assert report.created_at == at
    assert report.created_at.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Moment().process_bind_param(datetime(2026, 11, 22), sa.create_engine("sqlite://").dialect)  # noqa: DTZ001


# --- SQLite alone ---


def test_sqlite_keeps_its_promises(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new' / 'folder' / 'skb.db'}")
    for session in (database.read, database.write):
        with session() as connection:
            pragmas = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "secure_delete", "foreign_keys", "busy_timeout")
            }
        assert pragmas == {"journal_mode": "wal", "secure_delete": 1, "foreign_keys": 1, "busy_timeout": 30_000}
    database.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://user@host/name"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises((ValueError, ModuleNotFoundError)):
        Database(url)
