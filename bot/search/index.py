"""The catalogue as arrays, one position an offer: fast to filter and to score, also for 100,000 offers.

Built aside and swapped when the catalogue changes; never changed once built.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
import math

import numpy as np
from numpy.typing import NDArray

from bot.commons.places import EARTH_DIAMETER_KM, Gazetteer, Place
from bot.commons.words import stem, words_of
from bot.search.catalogue import NATIONWIDE, Catalogue, Cost, Offer, Sector
from bot.search.cells import STAFF, sector_cells
from bot.search.grades import parse_grades
from bot.search.vocabulary import Meaning, Vocabulary

__all__ = ["BROADER", "Floats", "Index", "Mask", "cells_of"]

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
        self.offers = catalogue.shown
        self.vocabulary, self.gazetteer = vocabulary, gazetteer
        self.position = {offer.id: position for position, offer in enumerate(self.offers)}
        self.size = len(self.offers)
        audience = cache(_cells)  # few differ
        self.cells = np.array([audience(offer.grades, offer.sectors) for offer in self.offers], dtype=np.uint64)
        # The same few audiences come again and again: what is counted is counted once for each.
        self._audiences, self._audience = np.unique(self.cells, return_inverse=True)
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
        titles = {title: place for place, title in enumerate(sorted({offer.title for offer in self.offers}))}
        self.by_title = np.array([titles[offer.title] for offer in self.offers], dtype=np.int32)
        self.placeless = self._mask(not offer.places for offer in self.offers)
        self.providers = _postings((offer.provider,) for offer in self.offers)
        self.turn = _turns(self.offers)
        self._read_places()
        self._read_texts()
        least = THEME_WEIGHTS["keywords"]
        self._prominent = {name for name, weights in self._themes.items() if bool((weights >= least).any())}
        self.theme = lru_cache(maxsize=512)(self._theme)
        self.nearby = lru_cache(maxsize=256)(self._nearby)
        self.focus = lru_cache(maxsize=256)(self._focus)
        self.in_place = lru_cache(maxsize=256)(self._in_place)

    def _mask(self, values: Iterable[bool]) -> Mask:
        return np.fromiter(values, dtype=np.bool_, count=self.size)

    def at(self, positions: Iterable[int] | Positions) -> Mask:
        """A mask that is true at these positions."""
        mask = np.zeros(self.size, dtype=np.bool_)
        mask[positions if isinstance(positions, np.ndarray) else np.fromiter(positions, dtype=np.int32)] = True
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
        counts = np.bitwise_count(self._audiences & np.uint64(cells)).astype(np.float32)
        return np.asarray(counts[self._audience], dtype=np.float32)

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
        spots = [
            place for name in self._at if (place := self.gazetteer.places[name]).kind not in ("regio", "provincie")
        ]
        self._point_names = [place.id for place in spots]
        self._points = np.radians([(place.lat, place.lon) for place in spots]).reshape(-1, 2)
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
                at = self._at[around]
                focus[at] = np.maximum(focus[at], FOCUS_AROUND[self.gazetteer.places[around].kind])
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
        lat, lon = math.radians(place.lat), math.radians(place.lon)
        lats, lons = self._points[:, 0], self._points[:, 1]
        half = np.sin((lats - lat) / 2) ** 2 + math.cos(lat) * np.cos(lats) * np.sin((lons - lon) / 2) ** 2
        for number in np.flatnonzero(EARTH_DIAMETER_KM * np.arcsin(np.sqrt(half)) <= NEARBY_KM).tolist():
            mask[self._at[self._point_names[number]]] = True
        return mask

    # Themes

    def _read_texts(self) -> None:
        """Themes and words of all offers, in one pass: each text is cut into words once."""
        split = lru_cache(maxsize=8192)(words_of)  # themes and keywords come again, summaries don't
        read_word = cache(self.vocabulary.read_word)

        @lru_cache(maxsize=8192)
        def themes(text: str) -> frozenset[str]:
            return frozenset(_themes_among(split(text), self.vocabulary, read_word))

        terms = _Terms()
        found, counts = array("i"), array("i")
        self._themes: dict[str, Floats] = {}
        spelled: set[str] = set()
        for position, offer in enumerate(self.offers):
            for theme, weight in _weights(offer, themes).items():
                if theme not in self._themes:
                    self._themes[theme] = np.zeros(self.size, dtype=np.float32)
                self._themes[theme][position] = weight
            for part in WORD_WEIGHTS:
                value = getattr(offer, part)
                words = split(value) if isinstance(value, str) else [word for text in value for word in split(text)]
                found.extend(map(terms.__getitem__, words))
                counts.append(len(words))
                if part != "provider":
                    spelled.update(words)
        self.spelled = frozenset(spelled)
        """Every word of the offers, as it stands there."""
        self._count_words(terms, found, np.array(counts))

    def _count_words(self, terms: "_Terms", found: "array[int]", counts: Positions) -> None:
        """BM25 for every word of every offer: one array of offers, one of weights, one word behind the other."""
        self._terms = terms.stems
        # One number says word, offer and part, so that sorting needs no second array: at 100,000 offers that is 100 MB.
        key = np.array(found, dtype=np.int64)
        key *= self.size
        key += np.repeat(np.arange(self.size), counts.reshape(self.size, len(WORD_WEIGHTS)).sum(axis=1))
        key *= len(WORD_WEIGHTS)
        key += np.repeat(np.tile(np.arange(len(WORD_WEIGHTS)), self.size), counts)
        key.sort()
        key = key[np.searchsorted(key, self.size * len(WORD_WEIGHTS)) :]  # term 0 is what is no word: a single letter
        weight = np.array(list(WORD_WEIGHTS.values()), dtype=np.float32)[key % len(WORD_WEIGHTS)]
        key //= len(WORD_WEIGHTS)
        starts = np.flatnonzero(np.diff(key, prepend=-1))
        key, count = key[starts], np.add.reduceat(weight, starts) if len(starts) else weight
        self._having = (key % max(self.size, 1)).astype(np.int32)
        lengths = np.bincount(self._having, weights=count, minlength=self.size).astype(np.float32)
        lengths[lengths == 0] = 1.0
        norm = BM25_K1 * (1 - BM25_B + BM25_B * lengths / (lengths.mean() if self.size else np.float32(1)))
        self._weight = (count * (BM25_K1 + 1) / (count + norm[self._having])).astype(np.float32)
        self._starts = np.searchsorted(key, np.arange(len(self._terms) + 2) * self.size)
        self._rarest = math.log(1 + (self.size + 0.5) / 0.5)

    def _postings_of(self, term: str) -> slice:
        """Where in the arrays the offers with a word stand."""
        number = self._terms.get(term)
        return slice(0, 0) if number is None else slice(int(self._starts[number]), int(self._starts[number + 1]))

    def has_theme(self, theme: str) -> bool:
        """Whether any offer is about the theme, or a part of it, beyond a word in passing."""
        narrower = [other.id for other in self.vocabulary.themes.values() if theme in other.part_of]
        return not self._prominent.isdisjoint((theme, *narrower))

    def stands_in(self, theme: str, positions: int | Positions) -> Mask:
        """Which of these offers name exactly this theme."""
        none = np.zeros(np.shape(positions), dtype=np.bool_)
        return np.asarray(self._themes[theme][positions] != 0) if theme in self._themes else none

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

    def words(self, terms: Iterable[str]) -> Floats:
        """How much of the terms (stems) each offer has, rare ones counting more: 0, nothing, to about 1, all."""
        score = np.zeros(self.size, dtype=np.float32)
        highest = 0.0
        for term in terms:
            at = self._postings_of(term)
            many = at.stop - at.start
            rarity = math.log(1 + (self.size - many + 0.5) / (many + 0.5)) if many else self._rarest
            highest += rarity * (BM25_K1 + 1)
            score[self._having[at]] += self._weight[at] * np.float32(rarity)
        return score / np.float32(highest) if highest else score

    def has_word(self, term: str, positions: int | Positions) -> Mask:
        """Which of these offers have the word."""
        having = self._having[self._postings_of(term)]  # ascending
        if not len(having):
            return np.zeros(np.shape(positions), dtype=np.bool_)
        nearest = np.minimum(np.searchsorted(having, positions), len(having) - 1)
        return np.asarray(having[nearest] == positions)


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


class _Terms(dict[str, int]):
    """Word to the number of its stem, numbered as they come; 0 for what is no word."""

    def __init__(self) -> None:
        super().__init__()
        self.stems: dict[str, int] = {}

    def __missing__(self, word: str) -> int:
        self[word] = number = self.stems.setdefault(stem(word), len(self.stems) + 1) if len(word) > 1 else 0
        return number


def themes_in(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Theme ids a text names, longest phrases first, also inside compounds."""
    return _themes_among(words_of(text), vocabulary, vocabulary.read_word)


def _themes_among(words: Sequence[str], vocabulary: Vocabulary, read_word: "ReadWord") -> Iterator[str]:
    position = 0
    while position < len(words):
        longer, meanings = read_word(words[position])
        length = 1
        for size in longer.get(stem(words[position + 1]), ()) if longer and position + 1 < len(words) else ():
            if position + size <= len(words):
                found = vocabulary.meanings(" ".join(words[position : position + size]))
                if found:
                    meanings, length = found, size
                    break
        for meaning in meanings:
            if meaning.kind == "theme":
                yield meaning.value
        position += length


ReadWord = Callable[[str], tuple[Mapping[str, tuple[int, ...]], tuple[Meaning, ...]]]


def cells_of(offer: Offer) -> int:
    """The audience of an offer as cells: its grades, and whole every sector for which it names no grade."""
    return _cells(offer.grades, offer.sectors)


def _cells(grades: tuple[str, ...], sectors: tuple[Sector, ...]) -> int:
    cells = 0
    for phrase in grades:
        cells |= parse_grades(phrase)[1]
    if cells & STAFF and not cells & ~STAFF:
        return cells
    inside = sector_cells(sectors)
    cells &= inside | STAFF
    for sector in sectors:
        own = sector_cells((sector,))
        if not cells & own:
            cells |= own
    return cells


_BITS = {sector: 1 << position for position, sector in enumerate(Sector)}


def _sector_bits(sectors: Iterable[Sector]) -> int:
    return sum(_BITS[sector] for sector in set(sectors))


def _and_around(places: Iterable[Place]) -> tuple[str, ...]:
    return tuple({around for place in places for around in (place.id, *place.within)})


def _postings(values: Iterable[Iterable[str]]) -> Mapping[str, Positions]:
    """Value to the positions that have it."""
    found: dict[str, array[int]] = {}
    for position, names in enumerate(values):
        for name in names:
            if name not in found:
                found[name] = array("i")
            found[name].append(position)
    return {name: np.array(positions, dtype=np.int32) for name, positions in found.items()}
