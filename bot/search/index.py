"""The catalogue as arrays, one position an offer: fast to filter and to score, also for 100,000 offers.

Built aside and swapped when the catalogue changes; never changed once built.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
import math

import numpy as np
from numpy.typing import NDArray

from bot.commons.places import Gazetteer, Place
from bot.commons.words import stem, tokens
from bot.search.catalogue import NATIONWIDE, Catalogue, Cost, Offer, Sector
from bot.search.grades import STAFF, parse_grades, sector_cells
from bot.search.vocabulary import Vocabulary

__all__ = ["BROADER", "Floats", "Index", "Mask", "cells_of", "check_offer"]

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
Positions = NDArray[np.int32]

# How much a theme counts by where it stands: what the provider names as its theme, over what is said in passing.
THEME_WEIGHTS = {"themes": 0.75, "title": 0.6, "keywords": 0.45, "summary": 0.3}
FIRST_THEME = 0.85
"""The theme a provider names first is what the programme is about; later ones are what it touches."""
NARROWER, BROADER, NEAR = 0.85, 0.45, 0.28
"""How well an offer with a part of the asked theme, the wider theme, or a neighbouring one fits."""

# BM25 over all words; a word in the title is worth three in the summary.
WORD_WEIGHTS = {"title": 3.0, "keywords": 2.0, "themes": 2.0, "provider": 1.5, "summary": 1.0, "for_whom": 1.0}
BM25_K1, BM25_B = 0.5, 0.2
"""Lower than the usual 1.2 and 0.75: in records of forty words, twice the same word or a longer text says little."""

FOCUS_AROUND = {"wijk": 0.45, "plaats": 0.45, "gemeente": 0.4, "regio": 0.3, "provincie": 0.15}
"""How much an offer is of a place when it names what lies around it: the wider, the less."""
NEARBY_KM = 20.0
"""How far a school can be and still go there: half an hour by bus or train (a judgement, no source)."""


class Index:
    def __init__(self, catalogue: Catalogue, vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
        self.offers = tuple(offer for offer in catalogue.offers if offer.is_shown())
        self.vocabulary, self.gazetteer = vocabulary, gazetteer
        self.position = {offer.id: position for position, offer in enumerate(self.offers)}
        self.size = len(self.offers)
        self.cells = np.array([cells_of(offer) for offer in self.offers], dtype=np.uint64)
        self.breadth = np.array([offer.bit_count() for offer in map(int, self.cells)], dtype=np.float32)
        self.sectors = np.array([_sector_bits(offer.sectors) for offer in self.offers], dtype=np.uint8)
        self.staff_only = self.cells == np.uint64(STAFF)
        self.nationwide = np.array([NATIONWIDE in offer.places for offer in self.offers], dtype=np.bool_)
        self.free = np.array([offer.cost is Cost.FREE for offer in self.offers], dtype=np.bool_)
        self.paid = np.array([offer.cost is Cost.PAID for offer in self.offers], dtype=np.bool_)
        self.volunteers = np.array([offer.volunteers is True for offer in self.offers], dtype=np.bool_)
        self.no_volunteers = np.array([offer.volunteers is False for offer in self.offers], dtype=np.bool_)
        self.checked = np.array(
            [offer.checked_on.toordinal() if offer.checked_on else 0 for offer in self.offers], dtype=np.int32
        )
        self.settings = {
            name: self._mask(name in offer.settings for offer in self.offers) for name in vocabulary.settings
        }
        self.setting_known = self._mask(bool(offer.settings) for offer in self.offers)
        self.providers = _postings((offer.provider,) for offer in self.offers)
        self.turn = _turns(self.offers)
        self._read_places()
        self._themes = self._read_themes()
        self._read_words()
        self.theme = lru_cache(maxsize=512)(self._theme)
        self.nearby = lru_cache(maxsize=256)(self._nearby)
        self.focus = lru_cache(maxsize=256)(self._focus)
        self.in_place = lru_cache(maxsize=256)(self._in_place)

    def _mask(self, values: Iterable[bool]) -> Mask:
        return np.fromiter(values, dtype=np.bool_, count=self.size)

    def at(self, positions: Iterable[int] | Positions) -> Mask:
        """A mask that is true at these positions."""
        mask = np.zeros(self.size, dtype=np.bool_)
        mask[np.fromiter(positions, dtype=np.int32)] = True
        return mask

    def for_sectors(self, sectors: Iterable[Sector]) -> Mask:
        """Offers for any of these sectors."""
        mask: Mask = (self.sectors & np.uint8(_sector_bits(sectors))) != 0
        return mask

    def for_cells(self, cells: int) -> Mask:
        """Offers that share a cell with these."""
        mask: Mask = (self.cells & np.uint64(cells)) != 0
        return mask

    def shared_cells(self, cells: int) -> Floats:
        """How many of these cells each offer is for."""
        return np.asarray(np.bitwise_count(self.cells & np.uint64(cells)), dtype=np.float32)

    # Places

    def _read_places(self) -> None:
        @cache
        def resolve(name: str) -> Place:
            return self.gazetteer.resolve(name)

        found = [[resolve(name) for name in offer.places if name != NATIONWIDE] for offer in self.offers]
        self._places_named = np.array([len(places) for places in found], dtype=np.float32)
        # Half a point for every place up to eight: eight towns are nearly everywhere for somebody who names none.
        self.reach = np.where(self.nationwide, 1.0, np.minimum(self._places_named, 8) / 16).astype(np.float32)
        self._at = _postings(tuple(place.id for place in places) for places in found)
        self._within = _postings(_and_around(places) for places in found)

    def _in_place(self, place_id: str) -> Mask:
        """Offers that are at a place: in it, in a part of it, or in something that contains it."""
        place = self.gazetteer.places[place_id]
        mask = self.at(self._within.get(place_id, ()))
        for around in place.within:
            if around in self._at:
                mask[self._at[around]] = True
        return mask

    def _focus(self, place_id: str) -> Floats:
        """How much an offer is of just this place: 1 when it names it alone, less in a long list or a wider place."""
        focus = np.zeros(self.size, dtype=np.float32)
        for around in self.gazetteer.places[place_id].within:
            if around in self._at:
                np.maximum.at(focus, self._at[around], FOCUS_AROUND[self.gazetteer.places[around].kind])
        for positions in (self._within.get(place_id), self._at.get(place_id)):
            if positions is not None:
                focus[positions] = 0.5
        return focus + np.where(focus > 0, 0.5 / np.maximum(self._places_named + 3 * self.nationwide, 1), 0).astype(
            np.float32
        )

    def _nearby(self, place_id: str) -> Mask:
        """Offers at a town or district close to the place. A region or province is not close to anything."""
        mask = np.zeros(self.size, dtype=np.bool_)
        place = self.gazetteer.places[place_id]
        if place.kind in ("regio", "provincie"):
            return mask
        for other_id, positions in self._at.items():
            other = self.gazetteer.places[other_id]
            if other.kind not in ("regio", "provincie") and self.gazetteer.distance_km(place, other) <= NEARBY_KM:
                mask[positions] = True
        return mask

    # Themes

    def _read_themes(self) -> dict[str, Floats]:
        @lru_cache(maxsize=65536)
        def read(text: str) -> frozenset[str]:
            return frozenset(themes_in(text, self.vocabulary))

        found: dict[str, tuple[list[int], list[float]]] = {}
        for position, offer in enumerate(self.offers):
            for theme, weight in _weights(offer, read).items():
                positions, values = found.setdefault(theme, ([], []))
                positions.append(position)
                values.append(weight)
        dense = {}
        for theme, (positions, values) in found.items():
            dense[theme] = np.zeros(self.size, dtype=np.float32)
            dense[theme][positions] = values
        return dense

    def has_theme(self, theme: str) -> bool:
        """Whether any offer is about the theme, or a part of it, beyond a word in passing."""
        narrower = [other.id for other in self.vocabulary.themes.values() if theme in other.part_of]
        return any(
            name in self._themes and bool((self._themes[name] >= THEME_WEIGHTS["keywords"]).any())
            for name in (theme, *narrower)
        )

    def stands_in(self, theme: str, position: int) -> float:
        """How prominently an offer names exactly this theme (0 to 1)."""
        return float(self._themes[theme][position]) if theme in self._themes else 0.0

    def _theme(self, theme: str) -> Floats:
        """How well each offer fits somebody who asks for the theme, 0 to 1."""
        asked = self.vocabulary.themes[theme]
        fit = self._themes.get(theme, np.zeros(self.size, dtype=np.float32)).copy()
        narrower = [other.id for other in self.vocabulary.themes.values() if theme in other.part_of]
        for names, share in ((narrower, NARROWER), (asked.part_of, BROADER), (asked.near, NEAR)):
            for name in names:
                if name in self._themes:
                    np.maximum(fit, self._themes[name] * share, out=fit)
        return fit

    # Words

    def _read_words(self) -> None:
        frequencies: dict[str, tuple[list[int], list[float]]] = {}
        lengths = np.ones(self.size, dtype=np.float32)

        @lru_cache(maxsize=65536)
        def stems(text: str) -> tuple[str, ...]:
            return tuple(stem(token.text) for token in tokens(text) if len(token.text) > 1)

        for position, offer in enumerate(self.offers):
            counts: dict[str, float] = {}
            for part, weight in WORD_WEIGHTS.items():
                value = getattr(offer, part)
                for text in (value,) if isinstance(value, str) else value:
                    for word in stems(text):
                        counts[word] = counts.get(word, 0.0) + weight
            lengths[position] = sum(counts.values()) or 1.0
            for word, count in counts.items():
                positions, values = frequencies.setdefault(word, ([], []))
                positions.append(position)
                values.append(count)
        average = float(lengths.mean()) if self.size else 1.0
        norm = BM25_K1 * (1 - BM25_B + BM25_B * lengths / average)
        self._words: dict[str, tuple[Positions, Floats]] = {}
        self._rarity: dict[str, float] = {}
        for word, (positions, values) in frequencies.items():
            at = np.array(positions, dtype=np.int32)
            counted = np.array(values, dtype=np.float32)
            self._rarity[word] = math.log(1 + (self.size - len(at) + 0.5) / (len(at) + 0.5))
            self._words[word] = (at, (counted * (BM25_K1 + 1) / (counted + norm[at])).astype(np.float32))
        self._rarest = math.log(1 + (self.size + 0.5) / 0.5)

    def words(self, terms: Iterable[str]) -> Floats:
        """How much of the terms (stems) each offer has, rare ones counting more: 0, nothing, to about 1, all."""
        score = np.zeros(self.size, dtype=np.float32)
        highest = 0.0
        for term in terms:
            rarity = self._rarity.get(term, self._rarest)
            highest += rarity * (BM25_K1 + 1)
            if term in self._words:
                positions, weights = self._words[term]
                score[positions] += weights * np.float32(rarity)
        return score / np.float32(highest) if highest else score

    def has_word(self, term: str, position: int) -> bool:
        return term in self._words and position in self._words[term][0]


def _turns(offers: Iterable[Offer]) -> Floats:
    """1 for what a provider lists first (what it is known for), a half for the second, a third for the next."""
    seen: dict[str, int] = {}
    turns = []
    for offer in offers:
        seen[offer.provider] = seen.get(offer.provider, 0) + 1
        turns.append(1 / seen[offer.provider])
    return np.array(turns, dtype=np.float32)


def _weights(offer: Offer, read: Callable[[str], frozenset[str]]) -> dict[str, float]:
    """How prominently an offer names each theme: every part that does leaves less doubt, so the doubts multiply."""
    doubt: dict[str, float] = {}
    parts = {"themes": offer.themes, "title": (offer.title,), "keywords": offer.keywords, "summary": (offer.summary,)}
    for part, texts in parts.items():
        named: dict[str, float] = {}
        for position, text in enumerate(texts):
            weight = FIRST_THEME if part == "themes" and position == 0 else THEME_WEIGHTS[part]
            for theme in read(text):
                named.setdefault(theme, weight)
        for theme, weight in named.items():
            doubt[theme] = doubt.get(theme, 1.0) * (1 - weight)
    return {theme: 1 - left for theme, left in doubt.items()}


def themes_in(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Theme ids a text names, longest phrases first, also inside compounds."""
    words = [token.text for token in tokens(text)]
    position = 0
    while position < len(words):
        for size in range(min(vocabulary.longest, len(words) - position), 0, -1):
            phrase = " ".join(words[position : position + size])
            meanings = vocabulary.meanings(phrase)
            if not meanings and size == 1 and len(phrase) > 6 and phrase not in vocabulary.filler:
                meanings = vocabulary.compound(phrase)
            if meanings:
                yield from (meaning.value for meaning in meanings if meaning.kind == "theme")
                position += size
                break
        else:
            position += 1


def cells_of(offer: Offer) -> int:
    """The audience of an offer as cells: its grades, and whole every sector for which it names no grade."""
    cells = 0
    for phrase in offer.grades:
        cells |= parse_grades(phrase)[1]
    if cells & STAFF and not cells & ~STAFF:
        return cells
    inside = sector_cells(offer.sectors)
    cells &= inside | STAFF
    for sector in offer.sectors:
        own = sector_cells((sector,))
        if not cells & own:
            cells |= own
    return cells


def check_offer(offer: Offer, vocabulary: Vocabulary, gazetteer: Gazetteer) -> list[tuple[str, str]]:
    """What is wrong with an offer's grades, themes, settings and places: (field, sentence) pairs."""
    problems = [("grades", said) for phrase in offer.grades if (said := _mistake(parse_grades, phrase))]
    problems += [
        ("themes", f"{theme!r} is no theme of vocabulary.yaml: use one of its words, or add it there")
        for theme in offer.themes
        if not any(True for _ in themes_in(theme, vocabulary))
    ]
    problems += [
        ("settings", f"{setting!r} is no setting; use {', '.join(vocabulary.settings)}")
        for setting in offer.settings
        if setting not in vocabulary.settings
    ]
    named = [place for place in offer.places if place != NATIONWIDE]
    return problems + [("places", said) for place in named if (said := _mistake(gazetteer.resolve, place))]


def _mistake(read: Callable[[str], object], text: str) -> str:
    """What the reader says is wrong with the text; empty when it reads it."""
    try:
        read(text)
    except ValueError as error:
        return str(error)
    return ""


_BITS = {sector: 1 << position for position, sector in enumerate(Sector)}


def _sector_bits(sectors: Iterable[Sector]) -> int:
    return sum(_BITS[sector] for sector in set(sectors))


def _and_around(places: Iterable[Place]) -> tuple[str, ...]:
    return tuple({around for place in places for around in (place.id, *place.within)})


def _postings(values: Iterable[Iterable[str]]) -> Mapping[str, Positions]:
    """Value to the positions that have it."""
    found: dict[str, list[int]] = {}
    for position, names in enumerate(values):
        for name in names:
            found.setdefault(name, []).append(position)
    return {name: np.array(positions, dtype=np.int32) for name, positions in found.items()}
