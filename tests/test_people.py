"""Whom the bot has met: each once, welcomed once, forgotten wholly; on SQLite and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from bot import people
from bot.db import Database

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 12, 2, 9, tzinfo=UTC)


def test_the_first_time_is_the_first_time_once(database: Database) -> None:
    with database.write() as c:
        assert people.meet(c, "slack", "U1", NOW)
        assert not people.meet(c, "slack", "U1", LATER)
        assert people.meet(c, "telegram", "U1", LATER)
    with database.read() as c:
        assert people.find(c, "slack", "U1") == people.Person("slack", "U1", NOW, None)
        assert people.find(c, "slack", "U2") is None


def test_a_welcome_comes_once_also_to_who_was_met_before(database: Database) -> None:
    with database.write() as c:
        people.meet(c, "slack", "U1", NOW)
        assert people.welcome(c, "slack", "U1", LATER)
        assert not people.welcome(c, "slack", "U1", LATER)
        assert people.find(c, "slack", "U1") == people.Person("slack", "U1", NOW, LATER)


def test_of_many_welcomes_at_once_one_is_said(database: Database) -> None:
    def welcome(_: int) -> bool:
        with database.write() as c:
            return people.welcome(c, "slack", "U1", NOW)

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(welcome, range(40))) == 1


def test_what_is_kept_is_shown_and_forgotten(database: Database) -> None:
    with database.write() as c:
        people.welcome(c, "slack", "U1", NOW)
        people.meet(c, "slack", "U2", NOW)
        assert people.export(c, "slack", "U1") == {
            "platform": "slack",
            "id": "U1",
            "first_seen": NOW.isoformat(),
            "welcomed_at": NOW.isoformat(),
        }
        people.forget(c, "slack", "U1")
        assert people.export(c, "slack", "U1") == {}
        assert people.export(c, "slack", "U2")["welcomed_at"] is None
        assert people.welcome(c, "slack", "U1", LATER)
