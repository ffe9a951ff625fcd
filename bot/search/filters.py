"""Making a list narrower or wider in one tap: what can be added or dropped, and the query that results. All pure."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from bot.chat import Button, Reply
from bot.commons.places import Gazetteer
from bot.commons.words import fold
from bot.search.cards import AUDIENCES
from bot.search.catalogue import Cost, Offer, Sector
from bot.search.lexicon import Lexicon
from bot.search.query import AUDIENCE, Query
from bot.search.ranking import Search
from bot.search.replies import Ways

__all__ = ["choices", "in_province", "narrowed", "ways_on", "without", "without_place"]

Understand = Callable[[str], Query]

WHOLE_PARTS = {
    "plaats": ("places", "readings"),
    "sector": AUDIENCE,
    "klas": AUDIENCE[1:],
    "onderwerp": ("wants", "words", "unknown", "terms"),
    "organisatie": ("providers",),
    "moment": ("settings",),
}
"""What people can drop without naming it: "zonder plaats"."""
NOTHING = Query()
MOST_NEAR = 2


def choices(query: Query, offers: Sequence[Offer], search: Search, token: str) -> Reply:
    """What this list can be narrowed or widened with."""
    adding, dropping = additions(query, offers, search, token), removals(query, search.lexicon, token)
    text = "Zo maak je de lijst korter of langer. Kies er een." if adding or dropping else "Hier valt niets te kiezen."
    return Reply(text, buttons=(*adding, *dropping, Button("Terug naar de lijst", "terug", token)))


def additions(query: Query, offers: Sequence[Offer], search: Search, token: str) -> list[Button]:
    """What makes a difference to this list. Kinds of school come with how many remain; for the rest much is unknown."""
    total = search.rank(query).total
    buttons = []
    for words in () if query.sectors else (f"alleen {AUDIENCES[sector]}" for sector in Sector):
        found = search.rank(narrowed(query, search.understand(_behind(words)))).total
        if 0 < found < total:
            buttons.append(Button(f"{words.capitalize()} ({found})", words, token))
    moments = Counter(setting for offer in offers for setting in set(offer.settings) - set(query.settings))
    plain = [f"alleen {setting}" for setting, count in moments.most_common(5) if count < len(offers)]
    if not query.cost and any(offer.cost is not Cost.PAID for offer in offers):
        plain.append("alleen gratis")
    if not query.volunteers and 0 < sum(offer.volunteers is True for offer in offers) < len(offers):
        plain.append("alleen met vrijwilligers")
    return [*buttons, *(Button(words.capitalize(), words, token) for words in plain)]


def removals(query: Query, lexicon: Lexicon, token: str) -> list[Button]:
    """What can be dropped from the question."""
    choices = [(f"Zonder {name}", f"zonder {name}") for name in (*_theme_names(query, lexicon), *_words(query))]
    choices += [(f"Zonder {name}", f"zonder {name}") for name in (*query.providers, *query.settings)]
    if query.cost:
        choices.append(("Ook als het geld kost", "zonder gratis"))
    if query.volunteers:
        choices.append(("Ook zonder vrijwilligers", "zonder vrijwilligers"))
    if query.places or query.readings:
        choices.append(("Plaats maakt niet uit", "plaats maakt niet uit"))
    if query.grades:
        choices.append(("Alle klassen", "zonder klas"))
    if query.sectors:
        choices.append(("Alle soorten scholen", "zonder sector"))
    return [Button(label, sends, token) for label, sends in choices if fits(sends, token)]


def _words(query: Query) -> list[str]:
    """The loose words that people see in "Gezocht op"."""
    return [word for word in query.words if not query.wants or word not in query.unknown]


def _theme_names(query: Query, lexicon: Lexicon) -> list[str]:
    themes = lexicon.vocabulary.themes
    return [themes[theme].name for theme in query.themes if theme in themes]


def fits(sends: str, token: str) -> bool:
    """Whether a button can carry this text; what does not fit can still be typed."""
    return len(f"{token}:{sends}".encode()) <= 64


def narrowed(query: Query, wish: Query) -> Query:
    """The query with everything the wish names, beside or instead of what it had."""
    changes: dict[str, Any] = {}
    for parts in (AUDIENCE, ("places", "readings"), ("cost",), ("volunteers",)):
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
    changes: dict[str, Any] = {}
    for part in ("wants", "words", "unknown", "terms", "settings", "providers", "offers", "hinted", "sectors"):
        dropped = getattr(drop, part)
        changes[part] = tuple(value for value in getattr(query, part) if value not in dropped)
    # A word with several meanings is one wish with alternatives: whoever drops one of them drops the wish.
    changes["wants"] = tuple(want for want in query.wants if not set(want) & set(drop.themes))
    if drop.sectors or drop.cells:
        changes |= {part: getattr(NOTHING, part) for part in AUDIENCE[1:]}
    if set(drop.places) & set(query.places):
        changes["places"] = ()
    changes |= {name: getattr(NOTHING, name) for name in ("cost", "volunteers") if getattr(drop, name)}
    changed = replace(query, **changes, inherited=frozenset())
    return changed if changed != replace(query, inherited=frozenset()) else None


def without_place(query: Query) -> Query:
    return replace(query, places=(), readings=(), inherited=frozenset())


def in_province(query: Query, gazetteer: Gazetteer) -> Query | None:
    """The query for the province of its place: the one of the same name, or else the one around it."""
    place = gazetteer.get(query.place) if query.place else None
    if not place:
        return None
    around = [other for one in sorted(place.within) if (other := gazetteer.get(one)) and other.kind == "provincie"]
    province = gazetteer.namesake(place) or (around[0] if around else None)
    return replace(query, places=(province.id,), inherited=frozenset()) if province else None


def ways_on(query: Query, search: Search, token: str) -> Ways:
    """What still finds something, each with how much: no button into nothing."""
    names = _theme_names(query, search.lexicon)
    options = [(f"Zoek zonder {name}", f"zonder {name}") for name in (*names, *_words(query), *query.settings)]
    options += [(f"Zoek zonder {name}", f"zonder {name}") for name in query.providers]
    if query.grades:
        options.append(("Zoek voor alle klassen", "zonder klas"))
    if query.sectors:
        options.append(("Zoek voor alle soorten scholen", "zonder sector"))
    ways = [(label, sends, without(query, _behind(sends), search.understand)) for label, sends in options]
    anywhere = without_place(query) if query.places or query.readings else None
    ways.insert(0, ("Zoek in heel Nederland", "plaats maakt niet uit", anywhere))
    buttons = _fruitful(ways, search, token)
    near = [f"zoek {name}" for name in _near_names(query, search.lexicon)]
    buttons += _fruitful(
        [(f"Verwant: {_behind(text)}", text, search.understand(_behind(text))) for text in near], search, ""
    )
    if not buttons:
        parts = [f"zoek {part}" for part in (*query.grades, *(AUDIENCES[sector] for sector in query.sectors))]
        buttons = _fruitful([(text, text, search.understand(_behind(text))) for text in parts], search, "")
    nowhere = anywhere is not None and search.rank(anywhere).total == 0
    return Ways(buttons, nowhere)


def _fruitful(ways: Sequence[tuple[str, str, Query | None]], search: Search, token: str) -> list[Button]:
    """A button for each way that finds something, with how much."""
    buttons = []
    for label, sends, query in ways:
        found = search.rank(query).total if query and not query.is_empty() and fits(sends, token) else 0
        if found:
            buttons.append(
                Button(f"{label.capitalize()} ({found})" if label == sends else f"{label} ({found})", sends, token)
            )
    return buttons


def _behind(sends: str) -> str:
    """What stands behind "zonder", "alleen" or "zoek"."""
    return sends.partition(" ")[2]


def _near_names(query: Query, lexicon: Lexicon) -> list[str]:
    themes = lexicon.vocabulary.themes
    near = [
        other for theme in query.themes if theme in themes for other in (*themes[theme].near, *themes[theme].part_of)
    ]
    return [themes[theme].name for theme in dict.fromkeys(near) if theme in themes][:MOST_NEAR]
