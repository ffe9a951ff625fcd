"""How well each offer fits a question: one array a part, pure. What comes of it, in which order, is ranking.py's.

None of the numbers is tuned: halved or doubled they change the result by less than what one more word in the
vocabulary does (DESIGN §5).
"""

from dataclasses import dataclass

import numpy as np

from bot.commons.words import stem
from bot.search.catalogue import Cost, Sector
from bot.search.cells import STAFF, sector_cells
from bot.search.index import Floats, Index, Mask
from bot.search.query import Query

__all__ = ["FULLY_BY_WORDS", "Scores", "score"]

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
AUDIENCE_BONUS = 0.1
"""For a programme made for just the asked grades; where none was asked, for one that serves them all."""
TURN_BONUS = 0.03
"""For what a provider lists first: what it is known for."""
PLACE_BONUS = 0.1
"""For a programme of just the asked place, over one that has it in a long list."""
REACH_BONUS = 0.1
"""Where no place was asked: for a programme that comes everywhere, over one of a single town."""


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


def score(query: Query, index: Index) -> Scores:
    """How well each offer fits each part of the question."""
    themes, best, enough = _theme_scores(query, index)
    words = index.words(query.terms)
    said = index.words((*query.terms, *query.levels)) if query.levels else words
    asks_subject = bool(query.wants or query.words)
    named = index.at(index.position[offer] for offer in (*query.offers, *query.hinted) if offer in index.position)
    if query.wants:
        relevance = themes * np.float32(THEME_SHARE) + said * np.float32(1 - THEME_SHARE)
        relevant = (themes >= (enough - 0.08 if query.volunteers else enough)) | (words >= FULLY_BY_WORDS)
    elif query.words:
        relevance, relevant = said, index.words(map(stem, query.words)) >= FITS_BY_WORDS
    else:
        relevance, relevant = said * np.float32(1 - THEME_SHARE) + np.float32(0.5), np.ones(index.size, dtype=np.bool_)
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
