"""What search remembers: the catalogue, lists people were shown, where a chat is, reports, links.

Functions take a connection of `bot.db`, return plain values and never commit. Nothing here stands with a person's name:
a chat is a key that only the bot's secret can make.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from functools import cache
import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.db import Moment, metadata, put
from bot.search.catalogue import Catalogue, Cost, Offer, Provider, Relation, Sector, Status

if TYPE_CHECKING:
    from bot.search.links import LinkCheck

__all__ = [
    "CatalogueState",
    "ChatState",
    "Report",
    "SavedList",
    "add_report",
    "catalogue_state",
    "catalogue_version",
    "count_reports",
    "delete_chats_before",
    "delete_lists_before",
    "delete_unused_links",
    "export",
    "forget",
    "get_chat",
    "get_list",
    "links",
    "load_catalogue",
    "reports",
    "reports_between",
    "save_catalogue",
    "save_chat",
    "save_links",
    "save_list",
    "seen",
    "take_untold",
]


OFFER_FIELDS = tuple(field.name for field in fields(Offer))
PROVIDER_FIELDS = tuple(field.name for field in fields(Provider))
LISTS = ("sectors", "grades", "themes", "keywords", "places", "settings")
REPEATED = ("provider", "cost_note", "duration", "for_whom", "not_for", "next_step", "contact", "checked_by")
"""Texts that many offers have in common."""


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _list(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON, nullable=False)


providers = sa.Table(
    "providers",
    metadata,
    sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    _text("relation"),
    _list("aliases"),
    *map(_text, ("url", "evidence")),
    *(sa.Column(name, sa.Boolean, nullable=False) for name in ("hidden", "starter")),
)
offers = sa.Table(
    "offers",
    metadata,
    sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    *map(_text, ("provider", "title", "summary")),
    *map(_list, LISTS),
    *map(_text, ("cost", "cost_note", "duration")),
    sa.Column("volunteers", sa.Boolean),
    *map(_text, ("for_whom", "not_for", "next_step", "contact", "link", "source", "confidence")),
    sa.Column("checked_on", sa.Date),
    *map(_text, ("checked_by", "status")),
    sa.Column("full_until", sa.Date),
    sa.UniqueConstraint("generation", "provider", "title"),
    sa.ForeignKeyConstraint(["generation", "provider"], ["providers.generation", "providers.name"]),
)
catalogue_row = sa.Table(
    "catalogue",
    metadata,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("starter", sa.Boolean, nullable=False),
    sa.Column("loaded_at", Moment),
    # A generation is one whole writing of offers and providers: the one that is seen, the highest number given out, and
    # up to where all others are gone again. Large changes are written aside and swapped in (`history.py`).
    *(
        sa.Column(name, sa.Integer, nullable=False, server_default=sa.text("0"))
        for name in ("generation", "last_generation", "swept_generation")
    ),
)
lists = sa.Table(
    "lists",
    metadata,
    sa.Column("token", sa.Text, primary_key=True),
    sa.Column("query", sa.JSON, nullable=False),
    _list("entries"),
    _text("outcome"),
    sa.Column("created_at", Moment, nullable=False, index=True),
)
chats = sa.Table(
    "chats",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("token", sa.Text),
    sa.Column("page", sa.Integer, nullable=False),
    sa.Column("offer", sa.Text),
    sa.Column("asking", sa.Text),
    sa.Column("at", Moment, nullable=False, index=True),
)
link_checks = sa.Table(
    "links",
    metadata,
    sa.Column("url", sa.Text, primary_key=True),
    *map(_text, ("state", "detail", "moved_to")),
    sa.Column("checked_at", Moment, nullable=False),
)
kept_reports = sa.Table(
    "reports",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _text("offer_id"),
    _text("text"),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("told_at", Moment),
)


@dataclass(frozen=True, slots=True)
class CatalogueState:
    """What is known of the loaded catalogue without reading it."""

    version: int
    starter: bool
    loaded_at: datetime | None
    offers: int


@dataclass(frozen=True, slots=True)
class SavedList:
    """A list as it was shown, so that "meer" and "2" mean what they meant; without a person, kept 7 days."""

    token: str
    query: dict[str, Any]
    entries: tuple[tuple[str, str], ...]
    """Offer ids, each with the group it was shown in."""
    outcome: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ChatState:
    """Where one chat is: which list, page and offer it looks at, which question of ours is open; kept 24 hours."""

    key: str
    token: str | None
    page: int
    offer: str | None
    asking: str | None
    """`sends|about` of the open form."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody said is wrong about an offer."""

    id: int
    offer_id: str
    text: str
    created_at: datetime


# --- the catalogue ---


def catalogue_version(c: Connection, *, lock: bool = False) -> int:
    """0 while nothing was ever loaded. `lock` makes other loaders wait until this transaction ends."""
    version = sa.select(catalogue_row.c.version)
    return int(c.scalars(version.with_for_update() if lock else version).one())


def catalogue_state(c: Connection) -> CatalogueState:
    row = c.execute(sa.select(catalogue_row)).one()
    count = c.scalars(sa.select(sa.func.count()).select_from(offers).where(seen(offers))).one()
    return CatalogueState(row.version, row.starter, row.loaded_at, count)


def load_catalogue(c: Connection) -> Catalogue:
    """The catalogue as it is at the moment that a reading connection sees."""
    row = c.execute(sa.select(catalogue_row)).one()
    named = [providers.c[name] for name in PROVIDER_FIELDS]
    known = c.execute(sa.select(*named).where(seen(providers)).order_by(providers.c.position, providers.c.name))
    return Catalogue(
        offers=tuple(_offers(c)),
        providers=tuple(
            Provider(name, Relation(relation), tuple(aliases), *rest) for name, relation, aliases, *rest in known
        ),
        version=row.version,
        starter=row.starter,
    )


def _offers(c: Connection) -> Iterator[Offer]:
    """The offers in their order. What many have (themes, places) is kept once for all."""
    once = cache(lambda value: value)
    parts = cache(lambda text: tuple(map(once, json.loads(text))))
    sectors = cache(lambda text: tuple(map(Sector, json.loads(text))))
    read: dict[str, Callable[[Any], Any]] = {"sectors": sectors, "cost": cache(Cost), "status": cache(Status)}
    read = dict.fromkeys(REPEATED, once) | dict.fromkeys(LISTS, parts) | read
    readers = [(OFFER_FIELDS.index(name), reader) for name, reader in read.items()]
    # Lists come as text: most are the same as another's, and are then not read again.
    chosen = [sa.cast(offers.c[name], sa.Text) if name in LISTS else offers.c[name] for name in OFFER_FIELDS]
    for row in c.execute(sa.select(*chosen).where(seen(offers)).order_by(offers.c.position, offers.c.id)):
        values = list(row)
        for place, reader in readers:
            values[place] = reader(values[place])
        yield Offer(*values)


def seen(table: sa.Table, *, by_key: bool = False) -> sa.ColumnElement[bool]:
    """Whether a row of offers or providers is of the catalogue that everybody sees; `by_key` to look up a few."""
    # "+ 0" keeps SQLite from reading all rows in the order of an index, which takes twice as long.
    generation = table.c.generation if by_key else table.c.generation + 0
    return generation == sa.select(catalogue_row.c.generation).scalar_subquery()


def save_catalogue(c: Connection, catalogue: Catalogue, now: datetime) -> int:
    """Replaces the whole catalogue by this one, for the first load; the new version, one higher than the last."""
    version = catalogue_version(c, lock=True) + 1
    generation = c.scalars(sa.select(catalogue_row.c.generation)).one()
    c.execute(sa.delete(offers))
    c.execute(sa.delete(providers))
    tables: tuple[tuple[sa.Table, Sequence[Provider | Offer]], ...] = (
        (providers, catalogue.providers),
        (offers, catalogue.offers),
    )
    for table, rows in tables:
        if rows:
            known = [asdict(row) | {"position": place, "generation": generation} for place, row in enumerate(rows)]
            c.execute(sa.insert(table), known)
    c.execute(sa.update(catalogue_row).values(version=version, starter=catalogue.starter, loaded_at=now))
    return version


# --- lists and chats ---


def save_list(c: Connection, saved: SavedList) -> None:
    put(c, lists, asdict(saved))


def get_list(c: Connection, token: str) -> SavedList | None:
    row = c.execute(sa.select(lists).where(lists.c.token == token)).mappings().one_or_none()
    if row is None:
        return None
    entries = tuple((offer_id, group) for offer_id, group in row["entries"])
    return SavedList(row["token"], row["query"], entries, row["outcome"], row["created_at"])


def delete_lists_before(c: Connection, moment: datetime) -> int:
    return c.execute(sa.delete(lists).where(lists.c.created_at < moment)).rowcount


def save_chat(c: Connection, state: ChatState) -> None:
    put(c, chats, asdict(state))


def get_chat(c: Connection, key: str) -> ChatState | None:
    row = c.execute(sa.select(chats).where(chats.c.key == key)).mappings().one_or_none()
    return ChatState(**row) if row is not None else None


def delete_chats_before(c: Connection, moment: datetime) -> int:
    return c.execute(sa.delete(chats).where(chats.c.at < moment)).rowcount


def export(c: Connection, key: str) -> dict[str, Any]:
    """All that is kept of a chat, as its people may see it; empty when there is nothing."""
    state = get_chat(c, key)
    return asdict(state) | {"at": state.at.isoformat()} if state is not None else {}


def forget(c: Connection, key: str) -> None:
    """Erases all that is kept of a chat. Lists stay: they stand with nobody."""
    c.execute(sa.delete(chats).where(chats.c.key == key))


# --- what is wrong ---


def add_report(c: Connection, offer_id: str, text: str, now: datetime) -> None:
    c.execute(sa.insert(kept_reports).values(offer_id=offer_id, text=text, created_at=now))


def reports(c: Connection) -> list[Report]:
    """All reports, oldest first."""
    return [Report(**row) for row in c.execute(_reports()).mappings()]


def reports_between(c: Connection, first: int, last: int) -> list[Report]:
    """The reports with these ids and those between them, as far as they are still there, oldest first."""
    return [Report(**row) for row in c.execute(_reports().where(kept_reports.c.id.between(first, last))).mappings()]


def count_reports(c: Connection, since: datetime) -> int:
    return c.scalar(sa.select(sa.func.count()).select_from(kept_reports).where(kept_reports.c.created_at > since)) or 0


def take_untold(c: Connection, now: datetime) -> list[int]:
    """The ids of the reports that the team was not told of yet; from now on it is."""
    untold = sa.update(kept_reports).where(kept_reports.c.told_at.is_(None)).values(told_at=now)
    return sorted(c.execute(untold.returning(kept_reports.c.id)).scalars())


def _reports() -> sa.Select[Any]:
    shown = (kept_reports.c.id, kept_reports.c.offer_id, kept_reports.c.text, kept_reports.c.created_at)
    return sa.select(*shown).order_by(kept_reports.c.id)


def save_links(c: Connection, checks: Iterable["LinkCheck"]) -> None:
    """Keeps what became of these web addresses, in place of what was known of them."""
    for check in checks:
        put(c, link_checks, asdict(check))


def links(c: Connection) -> dict[str, "LinkCheck"]:
    """What is known of web addresses, by address."""
    from bot.search.links import LinkCheck, State  # what it asks the web with takes 0.1 s to import

    rows = c.execute(sa.select(link_checks)).mappings()
    return {row["url"]: LinkCheck(**dict(row) | {"state": State(row["state"])}) for row in rows}


def delete_unused_links(c: Connection) -> int:
    """Forgets the addresses that no offer has any more; how many."""
    used = sa.select(offers.c.link).where(seen(offers))
    return c.execute(sa.delete(link_checks).where(link_checks.c.url.not_in(used))).rowcount
