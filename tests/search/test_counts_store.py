"""What is counted without a person comes back as it was counted, on SQLite and on PostgreSQL."""

from bot.db import Database
from bot.search import counts_store as store


def test_gaps_are_counted_and_shown_from_three(database: Database) -> None:
    with database.write() as c:
        for wanted, month, times in (("schaken", "2026-11", 3), ("yoga", "2026-11", 2), ("schaken", "2026-08", 4)):
            for _ in range(times):
                store.count_gap(c, wanted, "PO", "Utrecht", month)
        store.count_gap(c, "schaken", "VO", "Utrecht", "2026-11")
    november, august = (
        store.Gap("schaken", "PO", "Utrecht", month, count) for month, count in (("2026-11", 3), ("2026-08", 4))
    )
    with database.read() as c:
        assert store.gaps(c) == [november, august]
        assert len(store.gaps(c, at_least=1)) == 4
    with database.write() as c:
        assert store.delete_gaps_before(c, "2026-09") == 1
        assert store.gaps(c) == [november]


def test_who_came_in_by_a_link_is_counted_by_the_month(database: Database) -> None:
    with database.write() as c:
        for link, month in (("ws_utrecht_vo", "2026-11"), ("ws_ede_po", "2026-12"), ("ws_utrecht_vo", "2026-12")) * 2:
            store.count_start(c, link, month)
        store.count_start(c, "ws_utrecht_vo", "2026-12")
    with database.read() as c:
        assert store.starts(c) == [
            store.Start("ws_utrecht_vo", "2026-12", 3),
            store.Start("ws_ede_po", "2026-12", 2),
            store.Start("ws_utrecht_vo", "2026-11", 2),
        ]
