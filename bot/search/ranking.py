"""Which offers fit a question, in which order, and why: Query and Index to Answer, pure.

The order of DESIGN §5.5: in the place, then nationwide, then nearby; within a group by relevance tier, then freshness,
then spread over providers. Only what fits is in the list; what fits partly stands apart as RELATED.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from bot.commons.places import Gazetteer
from bot.commons.words import WordList, stem
from bot.search.catalogue import Catalogue, Cost, Offer
from bot.search.cells import STAFF, partly
from bot.search.index import BROADER, Index, Mask
from bot.search.lexicon import Lexicon
from bot.search.privacy import looks_like_pupil_data
from bot.search.query import Query
from bot.search.scoring import FULLY_BY_WORDS, Scores, score
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
    """What was relaxed to find anything: "nearby", "setting", "subject"."""


RELATED_FROM = 0.2
"""Least theme or word score of a weak suggestion."""
MOST_KEPT = 150
"""Matches ordered and kept of one question: thirty pages; who wants more asks more precisely."""
MOST_RELATED = 3
STRONG = 0.7
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
    if all(group is Group.NEARBY for group, _ in groups) and (bare := _without_subject(query, index)):
        answer = rank(bare, index)
        if answer.outcome == "found":
            return replace(answer, query=query, outcome="widened", widened=("subject",))
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


def _without_subject(query: Query, index: Index) -> Query | None:
    """The question by its day and place alone, for who cares most for those: somebody who offers help, or who only
    tells about circumstances ("ouders willen iets op zondag"). None for all others.
    """
    aside = all(index.vocabulary.themes[theme].aside for theme in query.themes)
    if not query.wants or not query.settings or not (aside or query.volunteers):
        return None
    return replace(query, wants=(), words=(), unknown=(), terms=())


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
