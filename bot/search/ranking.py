"""Which offers fit a question, in which order, and why: Query and Index to Answer, pure.

The order of DESIGN §5.5: in the place, then nationwide, then nearby; within a group by relevance tier, then freshness,
then spread over providers. Only what fits is in the list; what fits partly stands apart as RELATED.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bot.commons.places import Gazetteer
from bot.commons.words import WordList, stem
from bot.search.catalogue import Catalogue, Cost, Offer, Sector
from bot.search.grades import STAFF, partly, sector_cells
from bot.search.index import BROADER, Floats, Index, Mask
from bot.search.lexicon import Lexicon
from bot.search.privacy import looks_like_pupil_data
from bot.search.query import Query
from bot.search.understanding import understand
from bot.search.vocabulary import Vocabulary

__all__ = ["Answer", "Group", "Match", "Search"]


class Group(StrEnum):
    IN_PLACE = "in_place"
    NATIONWIDE = "nationwide"
    NEARBY = "nearby"
    RELATED = "related"


@dataclass(frozen=True, slots=True)
class Match:
    offer: Offer
    group: Group
    score: float
    why: tuple[str, ...] = ()
    apart: str = ""
    """Why it comes after the others, for people: "past minder goed", "kosten niet bekend"."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for a query. `matches` are in shown order, RELATED ones last; `total` counts all but those."""

    query: Query
    outcome: str
    matches: tuple[Match, ...] = ()
    total: int = 0
    widened: tuple[str, ...] = ()
    """What was relaxed to find anything: "nearby", "setting"."""


THEME_SHARE = 0.65
"""How much the themes count in the relevance; the words of the question count the rest."""
ASIDE_WEIGHT = 0.4
"""A shape or circumstance ("gastles", "achterstandswijk") beside a subject ("geld"): the subject comes first."""
FITS = 0.3
"""Least theme score of a match: above a neighbouring theme (.3), below one of two asked subjects in a keyword (.4)."""
WHOLLY = 0.6
"""Theme weight from which an offer is wholly about a thing: a keyword, the title, or a theme it names itself."""
FITS_BESIDE_ABSENT = 0.55
"""The same where one of the asked subjects is not in the catalogue at all: then half of the wishes is not enough."""
FITS_BY_WORDS = 0.3
"""Least word score of a match that no theme supports."""
FULLY_BY_WORDS = 0.6
"""Word score from which the words alone are enough beside a theme that is asked."""
RELATED_FROM = 0.2
MOST_KEPT = 150
"""Matches ordered and kept of one question: thirty pages; who wants more asks more precisely."""
MOST_RELATED = 3
AUDIENCE_BONUS = 0.1
"""For a programme made for just the asked grades; where none was asked, for one that serves them all."""
TURN_BONUS = 0.03
"""For what a provider lists first: what it is known for."""
PLACE_BONUS = 0.1
"""For a programme of just the asked place, over one that has it in a long list."""
REACH_BONUS = 0.1
"""Where no place was asked: for a programme that comes everywhere, over one of a single town."""
STRONG = 0.6
"""Share of the best relevance from which a match comes first: what is in the place but fits half comes after what
comes everywhere and fits whole."""
TIER = 0.2
"""Relevance to what was asked that makes a difference people notice; inside a tier freshness decides."""
BAND = 0.06
"""The same for the small differences; inside a band the providers take turns."""


class Search:
    """The catalogue, ready to be asked. Immutable: a new catalogue makes a new Search."""

    def __init__(
        self,
        catalogue: Catalogue,
        vocabulary: Vocabulary,
        gazetteer: Gazetteer,
        dutch: WordList,
        first_names: frozenset[str],
    ) -> None:
        self._first_names = first_names
        self.catalogue = catalogue
        self.vocabulary = vocabulary
        self.gazetteer = gazetteer
        self.index = Index(catalogue, vocabulary, gazetteer)
        self.lexicon = Lexicon(vocabulary, gazetteer, catalogue, dutch, self.index.spelled)

    def understand(self, text: str) -> Query:
        """What the text asks; a text that looks like data about a pupil is refused before anything else reads it."""
        if looks_like_pupil_data(text, self.lexicon.is_name, self._first_names):
            return Query(kind="refused")
        return understand(text, self.lexicon)

    def warm(self) -> None:
        """Makes now what is otherwise made with the first strange word: for a bot that goes on answering."""
        self.lexicon.warm()

    def rank(self, query: Query) -> Answer:
        return rank(query, self.index)


@dataclass(frozen=True, slots=True)
class Scores:
    """How well each offer fits, one array a part: for ranking, and for `ask --explain`."""

    themes: Floats
    best: Floats
    """The theme that fits best, of those asked."""
    words: Floats
    core: Floats
    """How much it is about what was asked: themes and words."""
    relevance: Floats
    """The same with the small differences among what fits."""
    relevant: Mask
    """About what was asked."""
    audience: Mask
    """For whom was asked."""
    practical: Mask
    """Of the provider, cost, setting and kind asked."""
    setting: Mask


def rank(query: Query, index: Index) -> Answer:
    if query.kind != "search":
        return Answer(query, query.kind)
    if query.is_empty():
        return Answer(query, "not_a_search")
    scores = score(query, index)
    here, nationwide, near = _by_place(query, index)
    fits = scores.relevant & scores.audience & scores.practical
    groups = _grouped(fits & scores.setting, here, nationwide, near)
    widened: tuple[str, ...] = ()
    if not groups and query.settings:
        groups = _grouped(fits, here, nationwide, near)
        widened = ("setting",) if groups else ()
    if groups and all(group is Group.NEARBY for group, _ in groups):
        widened = (*widened, "nearby")
    found: list[Match] = []
    for part, apart in _parts([mask for _, mask in groups], scores, query, index):
        for group, mask in groups:
            if len(found) < MOST_KEPT:
                positions = _ordered(mask & part, scores, index)[: MOST_KEPT - len(found)]
                found += _matches(positions, group, scores, query, index, apart)
    shown = {match.offer.id for match in found}
    related = _related(query, scores, here | nationwide, index, shown, bool(found))
    total = sum(int(mask.sum()) for _, mask in groups)
    outcome = "ask_back" if query.readings else "nothing" if not found else "widened" if widened else "found"
    return Answer(query, outcome, (*found, *related), total, widened)


def score(query: Query, index: Index) -> Scores:
    """How well each offer fits each part of the question."""
    themes, best, enough = _theme_scores(query, index)
    words = index.words(query.terms)
    asks_subject = bool(query.wants or query.words)
    named = index.at(index.position[offer] for offer in (*query.offers, *query.hinted) if offer in index.position)
    if query.wants:
        relevance = themes * np.float32(THEME_SHARE) + words * np.float32(1 - THEME_SHARE)
        relevant = (themes >= (enough - 0.08 if query.volunteers else enough)) | (words >= FULLY_BY_WORDS)
    elif query.words:
        relevance, relevant = words, index.words(map(stem, query.words)) >= FITS_BY_WORDS
    else:
        relevance, relevant = words * np.float32(1 - THEME_SHARE) + np.float32(0.5), np.ones(index.size, dtype=np.bool_)
    relevance = relevance + named.astype(np.float32)
    if not asks_subject or not (query.providers or query.offers):
        relevant = relevant | named
    else:
        relevant = (
            relevant
            | named
            | (index.at([p for name in query.providers for p in index.providers.get(name, ())]) & (not query.wants))
        )
    return Scores(
        themes,
        best,
        words,
        relevance,
        relevance + _bonus(query, index),
        relevant,
        _audience(query, index),
        _practical(query, index, named),
        _setting(query, index),
    )


def _theme_scores(query: Query, index: Index) -> tuple[Floats, Floats, float]:
    """How well each offer fits the asked themes together, how well the best of them, and what is enough to fit."""
    if not query.wants:
        nothing = np.zeros(index.size, dtype=np.float32)
        return nothing, nothing, 1.0
    asides = [all(index.vocabulary.themes[theme].aside for theme in want) for want in query.wants]
    subjects = not all(asides)
    total, weights, absent = np.zeros(index.size, dtype=np.float32), 0.0, False
    best = np.zeros(index.size, dtype=np.float32)
    for want, aside in zip(query.wants, asides, strict=True):
        weight = ASIDE_WEIGHT if aside and subjects else 1.0
        fit = index.theme(want[0])
        for theme in want[1:]:
            fit = np.maximum(fit, index.theme(theme))
        total += fit * np.float32(weight)
        best = np.maximum(best, fit) if not aside or not subjects else best
        weights += weight
        # Somebody who offers help names a trade ("timmerman"), not what a school looks for.
        absent |= not query.volunteers and not aside and not any(index.has_theme(theme) for theme in want)
    mean = total / np.float32(weights)
    if absent:
        return mean, best, FITS_BESIDE_ABSENT
    # Who tells a story names more than one thing: a programme that is wholly about one of them still fits.
    wholly = np.where(best >= WHOLLY, FITS + mean * np.float32(0.3), 0).astype(np.float32)
    return np.maximum(mean, wholly), best, FITS


def _audience(query: Query, index: Index) -> Mask:
    """For the asked sectors, grades and tracks. What is for teachers counts for a whole sector or level, not for one
    class; where training for teachers is asked, only that counts.
    """
    inside = index.for_sectors(query.sectors) if query.sectors else np.ones(index.size, dtype=np.bool_)
    if query.cells & STAFF:
        return index.for_cells(STAFF) & inside
    if not query.cells:
        return inside
    fits = index.for_cells(query.cells)
    return fits if query.one_class else fits | (index.staff_only & inside)


def _practical(query: Query, index: Index, named: Mask) -> Mask:
    mask = np.ones(index.size, dtype=np.bool_)
    if query.providers or query.offers:
        mask = named.copy()
        for name in query.providers:
            mask[index.providers.get(name, np.zeros(0, dtype=np.int32))] = True
    if query.excluded:
        mask &= ~index.at(index.position[offer] for offer in query.excluded if offer in index.position)
    if query.cost is Cost.FREE:
        mask &= ~index.paid
    if query.volunteers:
        mask &= ~index.no_volunteers
    return mask


def _setting(query: Query, index: Index) -> Mask:
    """In one of the asked settings, or in none that is known. School hours exclude nothing: most can move."""
    strict = [name for name in query.settings if name != "binnen schooltijd"]
    mask = np.ones(index.size, dtype=np.bool_)
    if strict and len(strict) == len(query.settings):
        mask = ~index.setting_known
        for name in strict:
            mask = mask | index.settings[name]
    return mask


def _bonus(query: Query, index: Index) -> Floats:
    """Small differences among what fits: made for just this audience, free when asked, surely in the setting."""
    bonus = np.zeros(index.size, dtype=np.float32)
    wanted = query.cells & ~STAFF
    asked = sector_cells(query.sectors or tuple(Sector))
    if wanted:
        # Made for just these grades: of the asked sector it serves little else.
        bonus += index.shared_cells(wanted) / np.maximum(index.shared_cells(asked), 1) * np.float32(AUDIENCE_BONUS)
    else:
        # Nobody said which grades: what serves all of the sector serves whoever asked.
        bonus += index.shared_cells(asked) / np.float32(asked.bit_count()) * np.float32(AUDIENCE_BONUS)
    bonus += index.turn * np.float32(TURN_BONUS)
    if query.cost is Cost.FREE:
        bonus += index.free * np.float32(0.15)
    if query.volunteers:
        bonus += index.volunteers * np.float32(0.2)
    for name in query.settings:
        bonus += index.settings[name] * np.float32(0.1)
    if query.places:
        for place in query.places:
            bonus += index.focus(place) * np.float32(PLACE_BONUS)
    else:
        bonus += index.reach * np.float32(REACH_BONUS)
    return bonus


def _by_place(query: Query, index: Index) -> tuple[Mask, Mask, Mask]:
    """Offers in the asked place, nationwide, and nearby. Where a name has several readings: what holds for each."""
    everywhere, nowhere = np.ones(index.size, dtype=np.bool_), np.zeros(index.size, dtype=np.bool_)
    if query.places:
        here = np.logical_or.reduce([index.in_place(place) for place in query.places])
        near = np.logical_or.reduce([index.nearby(place) for place in query.places])
        return here, index.nationwide & ~here, near & ~here & ~index.nationwide
    if query.readings:
        here = np.logical_and.reduce([index.in_place(place) for place in query.readings])
        return here, index.nationwide & ~here, nowhere
    return everywhere, nowhere, nowhere


def _grouped(fits: Mask, here: Mask, nationwide: Mask, near: Mask) -> list[tuple[Group, Mask]]:
    groups = [(Group.IN_PLACE, fits & here), (Group.NATIONWIDE, fits & nationwide), (Group.NEARBY, fits & near)]
    return [(group, mask) for group, mask in groups if mask.any()]


def _parts(masks: Sequence[Mask], scores: Scores, query: Query, index: Index) -> list[tuple[Mask, str]]:
    """What comes first wherever it is, and what comes after and why: it fits less, costs who knows what, or is for
    teachers while nobody asked for that.
    """
    everything = np.ones(index.size, dtype=np.bool_)
    best = max((float(scores.relevance[mask].max()) for mask in masks), default=0.0)
    strong = scores.relevance >= best * STRONG if query.wants or query.words else everything
    if query.wants and not query.offers and not query.hinted:
        strong = strong & ((scores.best > BROADER) | (scores.words >= FULLY_BY_WORDS))
    sure = index.free if query.cost is Cost.FREE else everything
    pupils = everything if query.cells & STAFF else ~index.staff_only
    parts = [(pupils & sure & strong, ""), (pupils & sure & ~strong, "past minder goed")]
    if query.cost is Cost.FREE:
        parts.append((pupils & ~sure & strong, "kosten niet bekend"))
        parts.append((pupils & ~sure & ~strong, "past minder goed, kosten niet bekend"))
    return [*parts, (~pupils, "voor docenten")]


def _ordered(mask: Mask, scores: Scores, index: Index) -> list[int]:
    """Positions of one group: by tier, then freshness, then one provider after the other, then fine relevance."""
    positions = np.flatnonzero(mask)
    if not len(positions):
        return []
    relevance, core = scores.relevance[positions].astype(np.float64), scores.core[positions].astype(np.float64)
    # What orders matches before anything fine: about what was asked, when it was checked, how well it fits further.
    tiers = [-(core / TIER).astype(np.int32), -index.checked[positions], -(relevance / BAND).astype(np.int32)]
    if len(positions) > MOST_KEPT:
        coarse = tiers[0] * 1e8 + tiers[1] - relevance  # a day number has six digits
        best = np.argpartition(coarse, MOST_KEPT)[:MOST_KEPT]
        positions, relevance, tiers = positions[best], relevance[best], [tier[best] for tier in tiers]
    order = np.lexsort((index.by_title[positions], -relevance, tiers[2], tiers[1], tiers[0]))
    turns: dict[tuple[int, int, int, str], int] = {}
    keyed = []
    for place, (position, *tier) in enumerate(np.stack([positions, *tiers], axis=1)[order].tolist()):
        turn = (*tier, index.offers[position].provider)
        turns[turn] = turns.get(turn, 0) + 1
        keyed.append((*tier, turns[turn], place, position))
    return [position for *_, position in sorted(keyed)]


def _matches(
    positions: list[int], group: Group, scores: Scores, query: Query, index: Index, apart: str = ""
) -> list[Match]:
    relevance = scores.relevance[positions].astype(np.float64).tolist()
    reasons = _reasons(positions, group, query, index)
    return [
        Match(index.offers[position], group, round(score, 4), why, apart)
        for position, score, why in zip(positions, relevance, reasons, strict=True)
    ]


def _reasons(positions: list[int], group: Group, query: Query, index: Index) -> list[tuple[str, ...]]:
    """For each position short reasons, in Dutch, for the person who asked. All at once: a list can be long."""
    at = np.array(positions, dtype=np.int32)
    offers = [index.offers[position] for position in positions]
    named = {*query.offers, *query.hinted}
    columns: list[list[str]] = []
    if named or query.providers:
        columns.append(
            [
                "je noemde de naam" if offer.id in named
                else f"van {offer.provider}" if offer.provider in query.providers
                else ""
                for offer in offers
            ]
        )  # fmt: skip
    for theme in query.themes:
        name = index.vocabulary.themes[theme].name
        about = np.where(index.theme(theme)[at] != 0, f"lijkt op {name}", "")
        columns.append(np.where(index.stands_in(theme, at), f"gaat over {name}", about).tolist())
    columns += [
        np.where(index.has_word(stem(word), at), f"het woord “{word}” staat erin", "").tolist() for word in query.words
    ]
    columns += [np.where(index.settings[name][at], name, "").tolist() for name in query.settings]
    if query.cost is Cost.FREE:
        columns.append(np.where(index.free[at], "gratis", "kosten niet bekend").tolist())
    if query.volunteers:
        columns.append(np.where(index.volunteers[at], "werkt met vrijwilligers", "").tolist())
    if (query.places or query.readings) and group in WHERE:
        columns.append([WHERE[group]] * len(offers))
    if not columns:
        return [()] * len(offers)
    return [tuple(dict.fromkeys(filter(None, row))) for row in zip(*columns, strict=True)]


WHERE = {
    Group.IN_PLACE: "in de plaats",
    Group.NATIONWIDE: "komt in heel Nederland",
    Group.NEARBY: "in de buurt",
}


def _related(query: Query, scores: Scores, reachable: Mask, index: Index, shown: set[str], found: bool) -> list[Match]:
    """Weak suggestions, shown apart: what comes close in subject here, or the subject for others when there is none."""
    placeless = index.placeless if query.places or query.readings else np.zeros(index.size, dtype=np.bool_)
    fits = scores.relevant & scores.practical & scores.setting
    close = (
        (np.maximum(scores.themes, scores.words) >= RELATED_FROM) & scores.practical
        if query.wants or query.words
        else np.zeros(index.size, dtype=np.bool_)
    )
    # What fits but for a place that nobody knows, or for praktijkonderwijs as vmbo-basis does; then what comes close.
    options = [fits & scores.audience & placeless]
    if partial := partly(query.cells):
        options.append(fits & index.for_cells(partial) & reachable)
    options.append(close & scores.audience & reachable)
    if not found:
        strong = scores.relevant & scores.practical
        options += (
            [strong & scores.audience, strong & reachable, strong]
            if query.wants or query.words or query.offers or query.providers
            else []
        )
    chosen: list[int] = []
    for mask in options:
        for position in _ordered(mask, scores, index) if len(chosen) < MOST_RELATED else ():
            if index.offers[position].id not in shown and len(chosen) < MOST_RELATED:
                shown.add(index.offers[position].id)
                chosen.append(position)
    return _matches(chosen, Group.RELATED, scores, query, index)
