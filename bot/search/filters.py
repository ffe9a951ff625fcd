"""Making a list narrower or wider in one tap: what can be added or dropped, and the query that results. All pure."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.chat import Button
from bot.commons.places import fold
from bot.search.cards import AUDIENCES
from bot.search.catalogue import Cost, Offer
from bot.search.lexicon import Lexicon
from bot.search.query import Query

__all__ = ["additions", "narrowed", "removals", "without", "without_place"]

Understand = Callable[[str], Query]

WHOLE_PARTS = {
    "plaats": ("place", "readings"),
    "sector": ("sectors", "grades", "tracks", "cells"),
    "klas": ("grades", "tracks", "cells"),
    "onderwerp": ("wants", "words", "unknown", "terms"),
    "organisatie": ("providers",),
    "moment": ("settings",),
}
"""What people can drop without naming it: "zonder plaats"."""
NOTHING = Query()


def additions(query: Query, offers: Sequence[Offer], token: str) -> list[Button]:
    """What makes this list shorter, each with how many remain: nothing that keeps all of it or none."""
    audiences = Counter(sector for offer in offers for sector in set(offer.sectors)) if not query.sectors else Counter()
    moments = Counter(setting for offer in offers for setting in set(offer.settings) - set(query.settings))
    choices = [(f"alleen {AUDIENCES[sector]}", audiences[sector]) for sector in AUDIENCES]
    if not query.cost:
        choices.append(("alleen gratis", sum(offer.cost is Cost.FREE for offer in offers)))
    choices += [(f"alleen {setting}", count) for setting, count in moments.most_common(5)]
    if not query.volunteers:
        choices.append(("alleen met vrijwilligers", sum(offer.volunteers is True for offer in offers)))
    return [
        Button(f"{words.capitalize()} ({count})", words, token) for words, count in choices if 0 < count < len(offers)
    ]


def removals(query: Query, lexicon: Lexicon, token: str) -> list[Button]:
    """What can be dropped from the question."""
    themes = [lexicon.vocabulary.themes[theme].name for theme in query.themes if theme in lexicon.vocabulary.themes]
    choices = [(f"Zonder {name}", f"zonder {name}") for name in (*themes, *query.words)]
    choices += [(f"Zonder {name}", f"zonder {name}") for name in (*query.providers, *query.settings)]
    if query.cost:
        choices.append(("Ook als het geld kost", "zonder gratis"))
    if query.volunteers:
        choices.append(("Ook zonder vrijwilligers", "zonder vrijwilligers"))
    if query.place or query.readings:
        choices.append(("Plaats maakt niet uit", "plaats maakt niet uit"))
    if query.grades:
        choices.append(("Alle klassen", "zonder klas"))
    if query.sectors:
        choices.append(("Alle soorten scholen", "zonder sector"))
    return [Button(label, sends, token) for label, sends in choices if fits(sends, token)]


def fits(sends: str, token: str) -> bool:
    """Whether a button can carry this text; what does not fit can still be typed."""
    return len(f"{token}:{sends}".encode()) <= 64


def narrowed(query: Query, wish: Query) -> Query:
    """The query with everything the wish names, beside or instead of what it had."""
    changes = {}
    for parts in (("sectors", "grades", "tracks", "cells"), ("place", "readings"), ("cost",), ("volunteers",)):
        if any(getattr(wish, part) for part in parts):
            changes |= {part: getattr(wish, part) for part in parts}
    for part in ("wants", "words", "unknown", "terms", "settings", "providers"):
        changes[part] = tuple(dict.fromkeys((*getattr(query, part), *getattr(wish, part))))
    return replace(query, **changes, inherited=frozenset())


def without(query: Query, text: str, understand: Understand) -> Query | None:
    """The query without what the text names ("plaats", "debat", "gratis"); None when it has nothing of the kind."""
    if parts := WHOLE_PARTS.get(fold(text)):
        changed = replace(query, **{part: getattr(NOTHING, part) for part in parts}, inherited=frozenset())
        return changed if changed != replace(query, inherited=frozenset()) else None
    drop = understand(text)
    changes: dict[str, object] = {}
    for part in ("wants", "words", "unknown", "terms", "settings", "providers", "offers", "hinted", "sectors"):
        dropped = getattr(drop, part)
        changes[part] = tuple(value for value in getattr(query, part) if value not in dropped)
    # A word with several meanings is one wish with alternatives: whoever drops one of them drops the wish.
    changes["wants"] = tuple(want for want in query.wants if not set(want) & set(drop.themes))
    if drop.sectors or drop.cells:
        changes |= {"grades": (), "tracks": (), "cells": 0}
    if drop.place and drop.place == query.place:
        changes |= {"place": None}
    changes |= {name: getattr(NOTHING, name) for name in ("cost", "volunteers") if getattr(drop, name)}
    changed = replace(query, **changes, inherited=frozenset())
    return changed if changed != replace(query, inherited=frozenset()) else None


def without_place(query: Query) -> Query:
    return replace(query, place=None, readings=(), inherited=frozenset())
