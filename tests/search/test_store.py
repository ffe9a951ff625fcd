"""What search remembers comes back as it was, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.db import Database
from bot.search import store
from bot.search.catalogue import Catalogue, Cost, Offer, Provider, Relation, Sector, Status
from bot.search.links import LinkCheck, State

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

FULL = Offer(
    id="abcdefgh",
    provider="Stichting Café",
    title="Debat ’s avonds & meer",
    summary="Zomaar; een „tekst” met\nregels.",
    sectors=(Sector.VO, Sector.MBO),
    grades=("3 havo",),
    themes=("debatteren", "burgerschap"),
    keywords=("discussie",),
    places=("Utrecht", "landelijk"),
    settings=("na schooltijd",),
    cost=Cost.PAID,
    cost_note="€ 50 per klas",
    duration="2 uur",
    volunteers=False,
    for_whom="klassen",
    not_for="groep 1-2",
    next_step="bel",
    contact="het bureau",
    link="https://example.org",
    source="website",
    confidence="high",
    checked_on=date(2026, 11, 1),
    checked_by="redactie",
    status=Status.FULL,
    full_until=date(2027, 1, 1),
)
BARE = Offer(id="bcdefghj", provider="Aap", title="Alleen een titel")
CATALOGUE = Catalogue(
    offers=(FULL, BARE),
    providers=(
        Provider("Stichting Café", Relation.PARTNER, ("Café", "SC"), "https://example.org", "zegt zij", hidden=True),
        Provider("Aap", starter=True),
    ),
    starter=True,
)


def test_a_catalogue_comes_back_as_it_was(database: Database) -> None:
    with database.write() as c:
        assert store.catalogue_version(c) == 0
        assert store.load_catalogue(c) == Catalogue()
        assert store.save_catalogue(c, CATALOGUE, NOW) == 1
    with database.read() as c:
        loaded = store.load_catalogue(c)
        assert store.catalogue_state(c) == store.CatalogueState(1, True, NOW, 2)
    assert loaded == replace(CATALOGUE, version=1)
    for field in ("sectors", "cost", "status", "checked_on"):
        assert type(getattr(loaded.offers[0], field)) is type(getattr(FULL, field))
    assert loaded.offers[0].sectors[0] is Sector.VO
    assert loaded.providers[0].relation is Relation.PARTNER
    assert loaded.providers[0].hidden is True
    assert loaded.providers[1].hidden is False


def test_saving_replaces_everything_and_counts_on(database: Database) -> None:
    own = Catalogue(offers=(BARE,), providers=(Provider("Aap"),))
    with database.write() as c:
        store.save_catalogue(c, CATALOGUE, NOW)
        assert store.save_catalogue(c, own, NOW) == 2
        assert store.save_catalogue(c, Catalogue(), NOW) == 3
        assert store.save_catalogue(c, own, NOW) == 4
    with database.read() as c:
        assert store.load_catalogue(c) == replace(own, version=4)
        assert store.catalogue_version(c) == 4


@pytest.mark.parametrize(
    "broken",
    [
        Catalogue(offers=(BARE,)),
        Catalogue(offers=(BARE, replace(BARE, id="cdefghjk")), providers=(Provider("Aap"),)),
    ],
    ids=["provider unknown", "twice the same title"],
)
def test_a_broken_catalogue_leaves_the_old_one(database: Database, broken: Catalogue) -> None:
    with database.write() as c:
        store.save_catalogue(c, CATALOGUE, NOW)
    with pytest.raises(sa.exc.IntegrityError), database.write() as c:
        store.save_catalogue(c, broken, NOW)
    with database.read() as c:
        assert store.load_catalogue(c) == replace(CATALOGUE, version=1)


def test_lists_live_until_their_time(database: Database) -> None:
    old = store.SavedList("oud", {"themes": ["débat"]}, (("abcdefgh", "in_place"),), "found", NOW - timedelta(days=8))
    new = store.SavedList("nieuw", {}, (), "nothing", NOW)
    with database.write() as c:
        store.save_list(c, old)
        store.save_list(c, new)
        store.save_list(c, replace(new, outcome="found"))
    with database.read() as c:
        assert store.get_list(c, "oud") == old
        assert store.get_list(c, "weg") is None
    with database.write() as c:
        assert store.delete_lists_before(c, NOW - timedelta(days=7)) == 1
    with database.read() as c:
        assert store.get_list(c, "oud") is None
        assert store.get_list(c, "nieuw") == replace(new, outcome="found")


def test_a_chat_is_one_row_that_can_be_shown_and_forgotten(database: Database) -> None:
    state = store.ChatState("sleutel", "token", 2, None, "meld|abcdefgh", NOW)
    other = store.ChatState("ander", None, 1, "abcdefgh", None, NOW - timedelta(hours=25))
    with database.write() as c:
        store.save_chat(c, replace(state, page=1, asking=None))
        store.save_chat(c, state)
        store.save_chat(c, other)
    with database.read() as c:
        assert store.get_chat(c, "sleutel") == state
        assert store.get_chat(c, "ander") == other
        assert store.export(c, "sleutel") == {
            "key": "sleutel",
            "token": "token",
            "page": 2,
            "offer": None,
            "asking": "meld|abcdefgh",
            "at": "2026-11-22T09:30:00+00:00",
        }
    with database.write() as c:
        store.forget(c, "sleutel")
        assert store.get_chat(c, "sleutel") is None
        assert store.export(c, "sleutel") == {}
        assert store.get_chat(c, "ander") == other
        assert store.delete_chats_before(c, NOW - timedelta(hours=24)) == 1
        assert store.get_chat(c, "ander") is None


def test_reports_are_kept_in_order(database: Database) -> None:
    with database.write() as c:
        store.add_report(c, "bcdefghj", "De link werkt niet", NOW)
        store.add_report(c, "abcdefgh", "Is gestopt", NOW - timedelta(hours=1))
    with database.read() as c:
        assert [(report.offer_id, report.text) for report in store.reports(c)] == [
            ("bcdefghj", "De link werkt niet"),
            ("abcdefgh", "Is gestopt"),
        ]


def test_checked_links_are_kept_until_no_offer_has_them(database: Database) -> None:
    dead = LinkCheck("https://example.org/weg", State.UNREACHABLE, "website geeft geen antwoord", "", NOW)
    moved = LinkCheck("https://example.org", State.MOVED, "", "https://example.com", NOW)
    with database.write() as c:
        store.save_catalogue(c, CATALOGUE, NOW)
        store.save_links(c, [dead, moved])
        store.save_links(c, [replace(dead, state=State.DEAD, checked_at=NOW + timedelta(days=1))])
        store.save_links(c, [])
    with database.read() as c:
        assert store.links(c) == {
            dead.url: replace(dead, state=State.DEAD, checked_at=NOW + timedelta(days=1)),
            moved.url: moved,
        }
    with database.write() as c:
        assert store.delete_unused_links(c) == 1
        assert store.links(c) == {moved.url: moved}
        assert store.delete_unused_links(c) == 0


def test_what_offers_have_in_common_is_kept_once(database: Database) -> None:
    """100,000 offers fit in memory because of it."""
    offers = tuple(replace(FULL, id=f"{letter}bcdefgh", title=letter) for letter in "abc")
    with database.write() as c:
        store.save_catalogue(c, replace(CATALOGUE, offers=offers), NOW)
    with database.read() as c:
        first, *others = store.load_catalogue(c).offers
    for other in others:
        for name in ("provider", "contact", "themes", "sectors", "places"):
            assert getattr(other, name) is getattr(first, name)
