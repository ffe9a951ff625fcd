"""What a question is once it is understood: a value to rank by, to say back, to keep, and to go on from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from bot.commons.places import Gazetteer
from bot.commons.words import fold
from bot.search.catalogue import Cost, Sector
from bot.search.cells import STAFF
from bot.search.lexicon import Lexicon

__all__ = ["AUDIENCE", "Query", "decode", "describe", "encode", "follow"]


AUDIENCE = ("sectors", "grades", "tracks", "cells", "one_class", "levels")
"""The parts of a query that say for whom: they come and go together."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question, understood. Empty means: not asked."""

    kind: Literal["search", "not_a_search", "refused"] = "search"
    small_talk: str = ""
    """What kind of not-a-search: "greeting", "thanks", "about", "elsewhere"."""
    wants: tuple[tuple[str, ...], ...] = ()
    """Theme ids: one tuple for each thing asked, with alternatives inside it when the word has several meanings."""
    sectors: tuple[Sector, ...] = ()
    grades: tuple[str, ...] = ()
    """As said back: "groep 8", "vmbo klas 3"."""
    tracks: tuple[str, ...] = ()
    cells: int = 0
    """The grades as a set of cells (grades.py); 0 when none was asked."""
    one_class: bool = False
    """Whether a group, year or age was named, not just a sector or level: what is for teachers does not fit then."""
    levels: tuple[str, ...] = ()
    """Stems of the words for grades and tracks ("entree", "brugklas"): what has them in its title comes first."""
    places: tuple[str, ...] = ()
    """Place ids; more than one when a school here would also go there."""
    readings: tuple[str, ...] = ()
    """Place ids when the name means several places and none was chosen."""
    settings: tuple[str, ...] = ()
    cost: Cost | None = None
    volunteers: bool = False
    providers: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    """Ids of offers called by their own name."""
    hinted: tuple[str, ...] = ()
    """Ids of offers whose name is also an ordinary word ("sollicitatietraining"): they come first, others stay."""
    excluded: tuple[str, ...] = ()
    """Ids of offers that somebody has already: "iets naast bliksemstage"."""
    words: tuple[str, ...] = ()
    """Content words that nothing recognised, as typed (folded)."""
    unknown: tuple[str, ...] = ()
    """Content words that occur nowhere in the catalogue; in a story they are left out of `words`."""
    terms: tuple[str, ...] = ()
    """Stems of all content words, also the recognised but for grades: for the word score."""
    repairs: tuple[tuple[str, str], ...] = ()
    inherited: frozenset[str] = frozenset()
    """Names of fields that came from the question before."""

    @property
    def place(self) -> str | None:
        """The first place asked."""
        return self.places[0] if self.places else None

    @property
    def themes(self) -> tuple[str, ...]:
        """All theme ids asked, in order, each once."""
        return tuple(dict.fromkeys(theme for want in self.wants for theme in want))

    def is_empty(self) -> bool:
        """Whether nothing at all was asked."""
        return not (
            self.wants or self.sectors or self.cells or self.places or self.readings or self.settings or self.cost
            or self.volunteers or self.providers or self.offers or self.hinted or self.words
        )  # fmt: skip


def follow(previous: Query, new: Query, gazetteer: Gazetteer) -> Query:
    """The new question with what it leaves open taken from the one before: place and sector always, the subject only
    when the new text names none ("en voor de basisschool?", "ook in Amersfoort?").
    """
    if new.kind != "search" or previous.kind != "search":
        return new
    taken: dict[str, Any] = {}
    if not new.places and not new.readings:
        taken |= {"places": previous.places, "readings": previous.readings}
    if new.place and (chosen := _reading_meant(previous, new.place, gazetteer)):
        new = replace(new, places=(chosen,))
    if not new.sectors and not new.cells:
        taken |= {part: getattr(previous, part) for part in AUDIENCE}
    if not (new.wants or new.words or new.providers or new.offers or new.hinted):
        parts = ["wants", "words", "unknown", "terms", "providers", "offers", "hinted"]
        if not new.settings and not new.cost and not new.volunteers:
            parts += ["settings", "cost", "volunteers"]
        taken |= {part: getattr(previous, part) for part in parts}
    taken = {name: value for name, value in taken.items() if value and not getattr(new, name)}
    if "cells" in taken and "wants" not in taken:
        taken["cells"] &= ~STAFF  # training for teachers was the subject, not who everything is for
    return replace(new, **taken, inherited=frozenset(taken))


def _reading_meant(previous: Query, place: str, gazetteer: Gazetteer) -> str | None:
    """The Bergen that lies in Noord-Holland, when that is what follows a question about Bergen."""
    asked = previous.readings or previous.places
    names = {fold(known.name) for one in asked if (known := gazetteer.get(one))}
    fitting = {reading.id for name in names for reading in gazetteer.names.get(name, ()) if place in reading.within}
    return fitting.pop() if len(fitting) == 1 else None


def describe(query: Query, lexicon: Lexicon) -> list[str]:
    """The parts of "Gezocht op: debat · voortgezet onderwijs (VO) · Utrecht", in the order people expect."""
    vocabulary = lexicon.vocabulary
    parts = [
        " of ".join(vocabulary.themes[theme].name for theme in want if theme in vocabulary.themes)
        for want in query.wants
    ]
    parts += [lexicon.title(offer) for offer in (*query.offers, *query.hinted)]
    parts += [f"niet {lexicon.title(offer)}" for offer in query.excluded]
    parts += list(query.providers)
    parts += [f"“{word}”" for word in query.words if not query.wants or word not in query.unknown]
    graded = " ".join(query.grades)
    parts += [vocabulary.sectors[sector] for sector in query.sectors if not (query.grades and _implied(sector, graded))]
    parts += list(query.grades)
    if query.places:
        parts.append(" of ".join(place.label for one in query.places if (place := lexicon.gazetteer.get(one))))
    elif query.readings:
        first = lexicon.gazetteer.get(query.readings[0])
        parts.append(first.name if first else "")
    parts += list(query.settings)
    if query.cost is Cost.FREE:
        parts.append("gratis")
    if query.volunteers:
        parts.append("met vrijwilligers")
    return [part for part in dict.fromkeys(parts) if part]


def _implied(sector: Sector, grades: str) -> bool:
    """Whether the grades say the sector already: nobody needs "basisonderwijs" beside "groep 7"."""
    marks = {
        Sector.PO: ("groep", "peuters"),
        Sector.VO: ("vmbo", "havo", "vwo", "klas", "praktijk", "ISK"),
        Sector.MBO: ("mbo",),
        Sector.HO: ("hbo", "wo"),
    }
    return any(mark in grades for mark in marks.get(sector, ()))


def encode(query: Query) -> dict[str, Any]:
    """The query as plain values, for a saved list. Holds what was understood, not what was typed."""
    kept = {name: getattr(query, name) for name in _KEPT if getattr(query, name)}
    return kept | {"inherited": sorted(query.inherited)} if query.inherited else kept


def decode(kept: Mapping[str, Any]) -> Query:
    """The query that `encode` kept, also after a way through JSON."""
    values: dict[str, Any] = {name: _tuples(value) for name, value in kept.items() if name in _KEPT}
    values["sectors"] = tuple(Sector(sector) for sector in values.get("sectors", ()))
    values["cost"] = Cost(values["cost"]) if values.get("cost") else None
    values["inherited"] = frozenset(values.get("inherited", ()))
    return Query(**values)


_KEPT = tuple(name for name in Query.__dataclass_fields__ if name != "repairs")


def _tuples(value: object) -> object:
    return tuple(_tuples(part) for part in value) if isinstance(value, list | tuple) else value
