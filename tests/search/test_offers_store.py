"""The catalogue changes as a whole or not at all, small changes and large ones, on SQLite and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
import subprocess
import sys
import threading
import time

import pytest
import sqlalchemy as sa

from bot.db import Database
from bot.search import counts_store, offers_store, store
from bot.search.catalogue import Catalogue, Change, Cost, Offer, Provider, Relation, Sector, Status
from bot.search.generations_store import write_aside

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

AAP = Provider("Aap", Relation.PARTNER, ("A",), "https://example.org", "zegt hij", hidden=True)
NOOT = Provider("Noot", starter=True)
MIES = Provider("Mies")
DEBAT = Offer("aaaaaaaa", "Aap", "Debat", sectors=(Sector.VO,), themes=("debatteren", "burgerschap"))
LEZEN = Offer("bbbbbbbb", "Noot", "Lezen", contact="mies@example.org")
REKENEN = Offer("cccccccc", "Noot", "Rekenen", checked_on=date(2026, 11, 1), volunteers=False)
BASE = Catalogue((DEBAT, LEZEN, REKENEN), (AAP, NOOT), starter=True)

BOTH_WAYS = pytest.mark.parametrize("large", [1, 1000], ids=["aside", "at once"])


def begin(database: Database, catalogue: Catalogue = BASE) -> None:
    with database.write() as c:
        store.save_catalogue(c, catalogue, NOW)


def prepared(database: Database, change: Change) -> offers_store.Prepared:
    with database.read() as c:
        return offers_store.prepare(c, change)


def make(database: Database, change: Change, large: int = 1000, now: datetime = NOW) -> int:
    ready = prepared(database, change)
    return offers_store.apply(database, ready, kind="edit", about="test", by="Mies", now=now, large=large)


def now_in(database: Database) -> Catalogue:
    with database.read() as c:
        return store.load_catalogue(c)


def many(count: int, mark: str = "") -> tuple[Offer, ...]:
    return tuple(
        Offer(f"m{number:07}", "Mies", f"Titel {number}", summary=f"Tekst {number} {mark}") for number in range(count)
    )


def assert_tidy(database: Database) -> None:
    """There is one generation of rows, and nobody thinks otherwise."""
    with database.read() as c:
        row = c.execute(sa.select(store.catalogue_row)).one()
        for table in (store.offers, store.providers):
            assert set(c.scalars(sa.select(table.c.generation).distinct())) <= {row.generation}
    assert row.swept_generation == row.last_generation


# --- what becomes of the catalogue ---


@BOTH_WAYS
def test_rows_come_change_and_go(database: Database, large: int) -> None:
    begin(database)
    new = Offer("dddddddd", "Mies", "Schaken", places=("Utrecht",), cost=Cost.FREE, full_until=date(2027, 1, 1))
    ended = replace(LEZEN, status=Status.ENDED, volunteers=True)
    change = Change((new, ended), frozenset({"aaaaaaaa"}), (MIES,), frozenset({"Aap"}), starter=False)
    assert make(database, change, large) == 1
    assert now_in(database) == Catalogue((ended, REKENEN, new), (NOOT, MIES), version=2, starter=False)
    with database.read() as c:
        assert store.catalogue_state(c) == store.CatalogueState(2, False, NOW, 3)
    assert_tidy(database)


@BOTH_WAYS
def test_two_offers_swap_their_titles_and_one_its_provider(database: Database, large: int) -> None:
    begin(database)
    swapped = (replace(LEZEN, title="Rekenen"), replace(REKENEN, title="Lezen"), replace(DEBAT, provider="Noot"))
    make(database, Change(swapped), large)
    assert now_in(database).offers == (swapped[2], *swapped[:2])


@BOTH_WAYS
def test_a_provider_gets_another_name_and_keeps_its_offers(database: Database, large: int) -> None:
    begin(database)
    moved = replace(DEBAT, provider="Stichting Aap")
    renamed = replace(AAP, name="Stichting Aap")
    make(database, Change((moved,), providers=(renamed,), providers_gone=frozenset({"Aap"})), large)
    assert now_in(database) == Catalogue((moved, LEZEN, REKENEN), (NOOT, renamed), version=2, starter=True)


@BOTH_WAYS
def test_everything_goes_and_comes_back(database: Database, large: int) -> None:
    begin(database)
    gone = Change((), frozenset(offer.id for offer in BASE.offers), (), frozenset({"Aap", "Noot"}))
    make(database, gone, large)
    assert now_in(database) == Catalogue(version=2, starter=True)
    make(database, Change(BASE.offers[::-1], providers=BASE.providers), large)
    assert now_in(database) == Catalogue(BASE.offers[::-1], BASE.providers, version=3, starter=True)


def test_what_comes_also_when_it_is_said_to_go_comes(database: Database) -> None:
    begin(database)
    new = replace(DEBAT, title="Debat!")
    make(database, Change((new,), frozenset({new.id}), (AAP,), frozenset({"Aap"})))
    assert now_in(database).offers == (new, LEZEN, REKENEN)


def test_what_stays_the_same_is_no_change(database: Database) -> None:
    begin(database)
    same = Change(BASE.offers, frozenset({"zzzzzzzz"}), BASE.providers, frozenset({"Wie?"}), starter=True)
    assert prepared(database, same).rows == 0
    assert prepared(database, replace(same, offers=(replace(LEZEN, cost=Cost.PAID), DEBAT))).rows == 1
    assert prepared(database, Change(starter=False)).rows == 1


def test_new_offers_come_last_in_the_order_given(database: Database) -> None:
    begin(database)
    new = tuple(Offer(f"{letter}{letter}zzzzzz", "Aap", letter) for letter in "zxya")
    make(database, Change((new[0], replace(DEBAT, title="Eerst"), *new[1:])))
    assert [offer.title for offer in now_in(database).offers] == ["Eerst", "Lezen", "Rekenen", "z", "x", "y", "a"]
    make(database, Change((replace(new[0], title="b"), Offer("qqqqqqqq", "Aap", "nog"))))
    assert [offer.title for offer in now_in(database).offers][3:] == ["b", "x", "y", "a", "nog"]


def test_a_thousand_rows_more_than_one_batch_with_what_stays(database: Database) -> None:
    begin(database)
    first = many(2500)
    make(database, Change(first, providers=(MIES,)))
    make(database, Change(many(1200, "anders")))
    after = now_in(database)
    assert after == Catalogue((*BASE.offers, *many(1200, "anders"), *first[1200:]), (*BASE.providers, MIES), 3, True)
    assert_tidy(database)


def test_an_empty_database_takes_a_change(database: Database) -> None:
    assert make(database, Change((LEZEN,), providers=(NOOT,), starter=False)) == 1
    assert now_in(database) == Catalogue((LEZEN,), (NOOT,), version=1, starter=False)


# --- all or nothing ---


@BOTH_WAYS
@pytest.mark.parametrize(
    "broken",
    [
        Change((Offer("zzzzzzzz", "Wie?", "Zwemmen"),)),
        Change((replace(DEBAT, title="Debat 2"), Offer("zzzzzzzz", "Noot", "Lezen"))),
        Change(providers=(MIES,), providers_gone=frozenset({"Noot"})),
    ],
    ids=["provider unknown", "title twice", "provider still named"],
)
def test_a_broken_change_leaves_everything_as_it_was(database: Database, large: int, broken: Change) -> None:
    begin(database)
    with pytest.raises(sa.exc.IntegrityError):
        make(database, broken, large)
    assert now_in(database) == replace(BASE, version=1)
    with database.read() as c:
        assert offers_store.changes(c) == []
    make(database, Change((replace(DEBAT, title="Debat 2"),)), large)
    assert_tidy(database)


@BOTH_WAYS
def test_who_is_too_late_is_told_so(database: Database, large: int) -> None:
    begin(database)
    late = prepared(database, Change((replace(LEZEN, title="Te laat"),)))
    make(database, Change((replace(LEZEN, title="Op tijd"),)), large)
    with pytest.raises(offers_store.Outdated):
        offers_store.apply(database, late, kind="edit", about="", by="", now=NOW, large=large)
    assert [offer.title for offer in now_in(database).offers] == ["Debat", "Op tijd", "Rekenen"]
    assert_tidy(database)


@pytest.mark.parametrize("large", [(1, 1), (1, 9000), (9000, 9000)], ids=["both aside", "one aside", "both at once"])
def test_of_two_at_once_one_wins(database: Database, database_url: str, large: tuple[int, int]) -> None:
    """Each with a Database of its own, as two processes have."""
    begin(database)
    others = [Database(database_url), Database(database_url)]
    ready = [prepared(database, Change(many(1500, mark), providers=(MIES,))) for mark in ("een", "twee")]
    start = threading.Barrier(2)

    def write(which: int) -> int | None:
        start.wait()
        try:
            return offers_store.apply(
                others[which], ready[which], kind="edit", about=str(which), by="", now=NOW, large=large[which]
            )
        except offers_store.Outdated:
            return None

    with ThreadPoolExecutor(2) as threads:
        numbers = list(threads.map(write, (0, 1)))
    assert sorted(numbers, key=str) == [1, None]
    winner = ("een", "twee")[numbers.index(1)]
    assert now_in(database) == Catalogue((*BASE.offers, *many(1500, winner)), (*BASE.providers, MIES), 2, True)
    with database.read() as c:
        assert [change.about for change in offers_store.changes(c)] == [str(numbers.index(1))]
    for other in others:
        other.close()
    make(database, Change((replace(LEZEN, title="Verder"),)))
    assert_tidy(database)


def test_nobody_sees_or_waits_for_what_is_written_aside(database: Database, database_url: str) -> None:
    """While a large change is written, readers see one catalogue or the other, and others write in between."""
    begin(database)
    change = Change(many(6000), frozenset(offer.id for offer in BASE.offers), (MIES,), starter=False)
    ready = prepared(database, change)
    other = Database(database_url)
    seen: set[int] = set()
    written = 0
    with ThreadPoolExecutor(1) as threads:
        writing = threads.submit(offers_store.apply, other, ready, kind="import", about="", by="", now=NOW)
        while not writing.done():
            seen.add(len(now_in(database).offers))
            with database.write() as c:
                counts_store.count_gap(c, "schaken", "PO", "Utrecht", "2026-11")
            written += 1
        assert writing.result() == 1
    other.close()
    assert seen <= {3, 6000}
    assert len(now_in(database).offers) == 6000
    with database.read() as c:
        assert [gap.count for gap in counts_store.gaps(c, at_least=1)] == [written]


KILLED = """
import sys
from datetime import UTC, datetime
from bot.db import Database
from bot.search import offers_store
from tests.search.test_offers_store import MIES, Change, many, prepared
database = Database(sys.argv[1])
ready = prepared(database, Change(many(20_000), providers=(MIES,)))
print("ready", flush=True)
offers_store.apply(database, ready, kind="import", about="", by="", now=datetime.now(UTC))
"""


def test_a_process_that_is_killed_leaves_everything_as_it_was(database: Database, database_url: str) -> None:
    begin(database)
    command = [sys.executable, "-c", KILLED, database_url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        until = time.monotonic() + 20
        while generations(database) < 2:
            assert time.monotonic() < until
        child.kill()
    assert now_in(database) == replace(BASE, version=1)
    assert generations(database) == 2
    make(database, Change((replace(LEZEN, title="Verder"),)))
    assert now_in(database).offers == (DEBAT, replace(LEZEN, title="Verder"), REKENEN)
    assert_tidy(database)


def generations(database: Database) -> int:
    with database.read() as c:
        return len(c.scalars(sa.select(store.offers.c.generation).distinct()).all())


def test_what_somebody_began_to_write_aside_is_swept_by_the_next_change(database: Database) -> None:
    begin(database)
    ready = prepared(database, Change(many(20), providers=(MIES,)))
    write_aside(database, ready.version, ready.after)
    assert generations(database) == 2
    assert now_in(database) == replace(BASE, version=1)
    make(database, Change((replace(LEZEN, title="Verder"),)))
    assert_tidy(database)
    with pytest.raises(offers_store.Outdated):
        write_aside(database, ready.version, ready.after)


# --- the record ---


def test_a_change_bears_who_when_and_what(database: Database) -> None:
    begin(database)
    times = [NOW + timedelta(hours=hours) for hours in range(3)]
    for number, (kind, at) in enumerate(zip(("import", "edit", "import"), times, strict=True)):
        ready = prepared(database, Change((replace(LEZEN, summary=str(number)),)))
        offers_store.apply(database, ready, kind=kind, about=f"nr {number}", by="Mies", now=at)
    with database.read() as c:
        newest = offers_store.PastChange(3, times[2], "Mies", "import", "nr 2", None, None)
        assert offers_store.changes(c, 1) == [newest]
        assert [change.about for change in offers_store.changes(c)] == ["nr 2", "nr 1", "nr 0"]
        assert offers_store.last(c, "import") == newest
        assert offers_store.last(c, "edit") == offers_store.changes(c)[1]
        assert offers_store.last(c, "hide") is None


def test_changes_are_kept_a_year(database: Database) -> None:
    begin(database)
    for days, about in ((0, "oud"), (1, "net niet"), (366, "nieuw")):
        ready = prepared(database, Change((replace(LEZEN, summary=about),)))
        offers_store.apply(database, ready, kind="edit", about=about, by="", now=NOW + timedelta(days=days))
    with database.read() as c:
        kept = offers_store.changes(c)
        assert [(change.number, change.about) for change in kept] == [(3, "nieuw"), (2, "net niet")]
        with pytest.raises(offers_store.NoSuchChange):
            offers_store.prepare_undo(c, 1)
