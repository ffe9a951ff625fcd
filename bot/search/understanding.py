"""From text to Query, pure. Longest match first; typing errors last, and only in words nobody knows.

1. The text is cut into tokens; words that nothing recognises and that are no Dutch words are repaired against what can
   be meant (`_repaired`).
2. Each stretch that is a place, a name, or in the vocabulary becomes a span, the longest first (`_spans`).
3. Grades and tracks are read from the spans and what they left ("groep 7", "vmbo 4"; grades.py).
4. What remains are content words, for the word score; everyday words (`filler`) never count.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.commons.places import Gazetteer, Place
from bot.commons.words import Token, fold, stem, tokens, undiminished
from bot.search.catalogue import Cost, Sector
from bot.search.cells import STAFF, Reading
from bot.search.grades import Item, read_grades
from bot.search.lexicon import Lexicon
from bot.search.query import Query
from bot.search.vocabulary import Meaning, Vocabulary

__all__ = ["understand"]

SHORT_QUESTION = 7
"""Tokens up to which a question is terse: then every word in it counts. In a longer one people tell what happened."""
LONGEST_QUESTION = 80
"""Tokens read of one question; whoever sends more gets an answer to the first half page."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of tokens [start, end) and what it means."""

    start: int
    end: int
    meanings: tuple[Meaning, ...] = ()
    places: tuple[Place, ...] = ()
    providers: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    filler: bool = False

    def grade(self, vocabulary: Vocabulary) -> Reading | None:
        return next((vocabulary.readings[meaning.value] for meaning in self.meanings if meaning.kind == "grade"), None)

    def sector(self) -> Sector | None:
        return next((Sector(meaning.value) for meaning in self.meanings if meaning.kind == "sector"), None)


def understand(text: str, lexicon: Lexicon) -> Query:
    """What the text asks. Never fails: what is not understood stays among `words`."""
    typed = tokens(text)[:LONGEST_QUESTION]
    words, repairs = _repaired(typed, lexicon)
    spans = _spans(words, lexicon)
    draft = _Draft(lexicon, words, spans)
    query = replace(draft.query(), repairs=repairs)
    return _as_small_talk(query, words, spans, lexicon) or query


def _as_small_talk(query: Query, words: Sequence[Token], spans: Sequence["Span"], lexicon: Lexicon) -> Query | None:
    """The same question as small talk, when it has nothing in it that can be searched."""
    elsewhere = Query(kind="not_a_search", small_talk="elsewhere")
    said = f" {' '.join(word.text for word in words)} "
    if len(words) <= 2 * SHORT_QUESTION and any(
        " " in phrase and f" {phrase} " in said for phrase in lexicon.elsewhere
    ):
        return elsewhere
    subjects = sum(any(meaning.kind == "theme" for meaning in span.meanings) for span in spans)
    beside = [words[span.start].text for span in spans if not any(meaning.kind == "theme" for meaning in span.meanings)]
    if sum(word in lexicon.elsewhere for word in beside) >= max(1, subjects) and not (subjects and query.sectors):
        return elsewhere if not query.providers and not query.offers else None
    asks = (
        query.wants
        or query.providers
        or query.offers
        or query.hinted
        or query.cost
        or query.settings
        or query.volunteers
    )
    where = query.sectors or query.cells or query.places or query.readings
    kinds = lexicon.small_talk([word.text for word in words]) - {"elsewhere"}
    if kinds and not asks and not where and len(query.words) < 2:
        return Query(
            kind="not_a_search", small_talk=next(kind for kind in ("about", "thanks", "greeting") if kind in kinds)
        )
    return None


def _repaired(typed: Sequence[Token], lexicon: Lexicon) -> tuple[list[Token], tuple[tuple[str, str], ...]]:
    """The tokens with typing errors repaired, and which were."""
    words: list[Token] = []
    repairs: list[tuple[str, str]] = []
    strange = [not lexicon.is_exact(token.text) for token in typed]
    position = 0
    while position < len(typed):
        for size in (3, 2):
            # "petje aff", "pop up stor", "den hag": a name written nearly right across several words
            part = [token.text for token in typed[position : position + size]]
            whole = lexicon.whole(part, strange=any(strange[position : position + size])) if len(part) == size else ""
            if whole:
                if fold(whole) != (said := " ".join(part)):
                    repairs.append((said, whole))
                words += tokens(whole)
                position += size
                break
        else:
            token = typed[position]
            position += 1
            meant = token.text if lexicon.knows(token.text) else lexicon.repair(token.text)
            if meant and meant != token.text:
                if meant.replace(" ", "") != token.text:
                    repairs.append((token.text, meant))
                words += [Token(part.text, token.typed) for part in tokens(meant)]
            else:
                words.append(token)
    return words, tuple(repairs)


def _spans(words: Sequence[Token], lexicon: Lexicon) -> list[Span]:
    """The text from left to right as spans, each the longest stretch that means something."""
    spans = []
    position = 0
    while position < len(words):
        span = _longest(words, position, lexicon) or Span(position, position + 1)
        spans.append(span)
        position = span.end
    return spans


def _longest(words: Sequence[Token], start: int, lexicon: Lexicon) -> Span | None:
    for size in range(min(lexicon.reach(words[start].text), len(words) - start), 0, -1):
        stretch = words[start : start + size]
        phrase = " ".join(token.text for token in stretch)
        names = lexicon.names(phrase)
        places = lexicon.gazetteer.names.get(phrase, ())
        if places and phrase in lexicon.gazetteer.everyday and not _is_meant_as_place(words, start):
            places = ()
        meanings = lexicon.vocabulary.meanings(phrase)
        if (
            size == 1
            and not meanings
            and not names
            and not places
            and len(phrase) > 6
            and phrase not in lexicon.vocabulary.filler
        ):
            meanings = lexicon.vocabulary.compound(phrase)
        if places and size == 1 and meanings:
            # A word that is both ("markt", "haven") is a place only where it is used as one; inflections give way.
            if phrase not in lexicon.vocabulary.phrases:
                meanings = ()
            elif not _is_meant_as_place(words, start):
                places = ()
        if names or places or meanings:
            providers = tuple(name.value for name in names if name.kind == "provider")
            offers = tuple(name.value for name in names if name.kind == "offer")
            return Span(start, start + size, meanings, places, providers, offers)
        if phrase in lexicon.vocabulary.filler or (size == 1 and undiminished(phrase) in lexicon.vocabulary.filler):
            return Span(start, start + size, filler=True)
    return None


_BEFORE_PLACES = frozenset(
    [
        "in",
        "te",
        "uit",
        "bij",
        "naar",
        "regio",
        "omgeving",
        "rond",
        "nabij",
        "gemeente",
        "stad",
        "wijk",
        "rondom",
        "rondje",
        "binnen",
        "buiten",
        "vanuit",
        "dorp",
    ]
)


def _is_meant_as_place(words: Sequence[Token], at: int) -> bool:
    """Whether an everyday word stands where a place stands: after "in", or with a capital inside a sentence."""
    if at and words[at - 1].text in _BEFORE_PLACES:
        return True
    return at > 0 and words[at].capital and not words[at].typed.isupper()


@dataclass
class _Draft:
    """Collects what the spans say into a Query."""

    lexicon: Lexicon
    words: Sequence[Token]
    spans: Sequence[Span]
    wants: dict[tuple[str, ...], None] = field(default_factory=dict)
    sectors: dict[Sector, None] = field(default_factory=dict)
    terms: dict[str, None] = field(default_factory=dict)
    levels: dict[str, None] = field(default_factory=dict)

    def query(self) -> Query:
        reading, used = self._grades()
        places, providers, offers, settings = [], dict[str, None](), dict[str, None](), dict[str, None]()
        content, cost, volunteers = [], None, False
        for span in self.spans:
            places += [found for found in (span.places, *self._places_inside(span)) if found]
            providers.update(dict.fromkeys(span.providers))
            offers.update(dict.fromkeys(span.offers))
            settings.update((meaning.value, None) for meaning in span.meanings if meaning.kind == "setting")
            if any(meaning.kind == "cost" for meaning in span.meanings):
                cost = Cost.FREE
            volunteers = volunteers or any(meaning.kind == "volunteers" for meaning in span.meanings)
            self._themes(span)
            if sector := span.sector():
                self.sectors[sector] = None
            self._terms(span, used)
            if not span.meanings and not span.places and not span.providers and not span.offers and not span.filler:
                content += [
                    word
                    for at in range(span.start, span.end)
                    if at not in used and len(word := self.words[at].text) > 1
                ]
        named = tuple(self.sectors)
        cells = reading.cells(named)
        for sector in sorted(reading.sectors()):
            self.sectors.setdefault(sector)
        if self._is_for_teachers() and not reading.groups:
            cells |= STAFF
        volunteers = volunteers or self._says_both(self.lexicon.vocabulary.wants_to_help)
        chosen, readings = _choose_places(places, self.lexicon.gazetteer)
        named_offers, hinted = self._named(offers)
        excluded = self._excluded()
        content = [word for word in dict.fromkeys(content) if not word.isdigit()]
        unknown = [word for word in content if not self.lexicon.occurs(word)]
        facets = (cells or self.sectors, chosen or readings, settings, cost, volunteers)
        if not self.wants and len(self.words) > SHORT_QUESTION and sum(map(bool, facets)) >= 2:
            # A story with a class and a place, in words we don't know: what fits those helps more than nothing.
            content = [word for word in content if word not in unknown]
        return Query(
            wants=tuple(self.wants), sectors=tuple(self.sectors),
            grades=reading.labels(), tracks=tuple(sorted(reading.tracks)), cells=cells,
            one_class=reading.names_a_class(),
            places=chosen, readings=readings, settings=tuple(settings), cost=cost, volunteers=volunteers,
            providers=tuple(name for name in providers if not set(self.lexicon.offers_of(name)) <= set(excluded)),
            offers=tuple(offer for offer in named_offers if offer not in excluded),
            hinted=tuple(offer for offer in hinted if offer not in excluded), excluded=excluded, words=tuple(content),
            unknown=tuple(unknown), terms=tuple(self.terms), levels=tuple(self.levels),
        )  # fmt: skip

    def _grades(self) -> tuple[Reading, set[int]]:
        vocabulary = self.lexicon.vocabulary
        items, owners = [], []
        for span in self.spans:
            if span.meanings and (grade := span.grade(vocabulary)):
                items.append(Item("", grade=grade, sector=span.sector()))
                owners.append(range(span.start, span.end))
            elif span.sector():
                items.append(
                    Item(self.words[span.start].text if span.end == span.start + 1 else "", sector=span.sector())
                )
                owners.append(range(span.start, span.end))
            else:
                for at in range(span.start, span.end):
                    items.append(Item(self.words[at].text))
                    owners.append(range(at, at + 1))
        reading, positions = read_grades(items)
        return reading, {at for position in positions for at in owners[position]}

    def _is_for_teachers(self) -> bool:
        """Whether training for teachers is asked: by name, or by a word for a team and a word for learning together."""
        if "professionalisering" in {theme for want in self.wants for theme in want}:
            return True
        if self._says_both(self.lexicon.vocabulary.teacher_training):
            self.wants.setdefault(("professionalisering",))
            return True
        return False

    def _says_both(self, pair: tuple[frozenset[str], frozenset[str]]) -> bool:
        said = f" {' '.join(token.text for token in self.words)} "
        return all(any(f" {phrase} " in said for phrase in phrases) for phrases in pair)

    def _themes(self, span: Span) -> None:
        """What a span asks for. Several meanings of one word are alternatives; a compound's halves are two wishes."""
        themes = tuple(meaning.value for meaning in span.meanings if meaning.kind == "theme")
        if not themes:
            return
        phrase = " ".join(token.text for token in self.words[span.start : span.end])
        if span.end == span.start + 1 and not self.lexicon.vocabulary.meanings(phrase):
            for theme in themes:
                self.wants.setdefault((theme,))
        else:
            self.wants.setdefault(themes)

    def _terms(self, span: Span, grades: set[int]) -> None:
        """Adds the stems that count for the word score: all but towns, sectors, and filler that is no keyword.

        A district does count: what has its name in a title or keyword is made there.
        """
        if (span.places and not span.meanings and span.places[0].kind != "wijk") or {
            meaning.kind for meaning in span.meanings
        } == {"sector"}:
            return
        for at in range(span.start, span.end):
            word = self.words[at].text
            if (
                len(word) > 1
                and not word.isdigit()
                and (not span.filler or word in self.lexicon.keywords)
                and not (span.end - span.start > 1 and word in self.lexicon.vocabulary.filler)
            ):
                (self.levels if at in grades else self.terms)[stem(word)] = None

    def _places_inside(self, span: Span) -> Iterator[tuple[Place, ...]]:
        """Places named inside an offer's own name ("Petje af Den Haag"): they are asked for as well."""
        if not span.offers or span.end - span.start < 2:
            return
        for start in range(span.start, span.end):
            for end in range(span.end, start, -1):
                if end - start < span.end - span.start:
                    phrase = " ".join(token.text for token in self.words[start:end])
                    if (
                        found := self.lexicon.gazetteer.names.get(phrase)
                    ) and phrase not in self.lexicon.gazetteer.everyday:
                        yield found

    def _named(self, offers: Mapping[str, None]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        named = tuple(offer for offer in offers if not self.lexicon.is_ordinary(offer))
        return named, tuple(offer for offer in offers if offer not in named)

    def _excluded(self) -> tuple[str, ...]:
        """Ids behind "naast", "behalve", "anders dan": somebody has those offers, or all of that provider's, and looks
        for more of the kind.
        """
        excluded = []
        for span in self.spans:
            before = [token.text for token in self.words[max(0, span.start - 2) : span.start]]
            if before[-1:] in (["naast"], ["behalve"], ["zonder"]) or before == ["anders", "dan"]:
                excluded += [
                    *span.offers,
                    *(offer for name in span.providers for offer in self.lexicon.offers_of(name)),
                ]
        return tuple(dict.fromkeys(excluded))


def _choose_places(found: Sequence[tuple[Place, ...]], gazetteer: Gazetteer) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The places meant among all that were named: of "Overvecht, Utrecht" the district, of "Hengelo Gelderland" that
    one of the two. Two places apart are both meant: a school in Schagen that wants to go to Den Haag.
    """
    candidates = list(dict.fromkeys(found))
    sure = [readings[0] for readings in candidates if len(readings) == 1]
    # "Spijk in Groningen" names the province, though "Groningen" alone is the city.
    others = {place.id for place in sure} | {around.id for place in sure if (around := gazetteer.namesake(place))}
    chosen: dict[str, Place] = {}
    readings: tuple[str, ...] = ()
    for group in candidates:
        fitting = [place for place in group if place.within & others] if len(group) > 1 else list(group)
        if len(fitting) == 1:
            chosen[fitting[0].id] = fitting[0]
        else:
            readings = readings or tuple(place.id for place in group)
    containing = {around for place in chosen.values() for around in place.within}
    # The city of Utrecht is not meant beside Amersfoort: that is the province, and it contains Amersfoort.
    narrowest = tuple(
        place_id
        for place_id, place in chosen.items()
        if place_id not in containing and not _is_province_of_others(place, chosen.values(), gazetteer)
    )
    return narrowest[:3], () if narrowest else readings


def _is_province_of_others(place: Place, chosen: Iterable[Place], gazetteer: Gazetteer) -> bool:
    """Whether another chosen place lies in the province that is called like this city."""
    province = gazetteer.namesake(place)
    return province is not None and any(province.id in other.within for other in chosen if other is not place)
