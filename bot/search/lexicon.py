"""Every word that can be meant, of all sources together: vocabulary, places, names of providers and offers, and words
of the catalogue. It knows what is known, and repairs what is not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
import re

from bot.commons.places import Gazetteer
from bot.commons.words import WordList, fold, stem, words_of
from bot.search.catalogue import Catalogue, Offer, Provider, Relation
from bot.search.spelling import SHORTEST_REPAIRED, Targets, is_one_error
from bot.search.vocabulary import Meaning, Vocabulary

__all__ = ["Lexicon"]

TOWN = 2000
"""Pupils from which a place is meant rather than a village of nearly the same name (Haarlem, not Haarle)."""
LONG_NAME = 12
"""Letters of a name from which one error is forgiven although its words exist: "playing for succes"."""


class Lexicon:
    def __init__(
        self, vocabulary: Vocabulary, gazetteer: Gazetteer, catalogue: Catalogue, dutch: WordList, words: frozenset[str]
    ) -> None:
        self.vocabulary = vocabulary
        self.gazetteer = gazetteer
        self._dutch = dutch
        self._by_provider: dict[str, list[str]] = {}
        for offer in catalogue.shown:
            self._by_provider.setdefault(offer.provider, []).append(offer.id)
        self._titles = {offer.id: offer.title for offer in catalogue.offers}
        self._names = _names(catalogue, vocabulary)
        self._ordinary = {offer.id for offer in catalogue.offers if _is_ordinary(offer.title, vocabulary)}
        self.elsewhere = frozenset(phrase for phrase, kind in vocabulary.small_talk.items() if kind == "elsewhere")
        self.keywords = frozenset(fold(word) for offer in catalogue.offers for word in offer.keywords)
        """Keywords of the catalogue: what is everyday elsewhere ("november") may be what somebody looks for here."""
        self._words = words
        self._stems = {stem(word) for word in self._words}
        self._single_names = _words_of(self._names)
        self._place_words = _words_of(gazetteer.names)
        self._reach = _reach([*self._names, *gazetteer.names, *vocabulary.filler], vocabulary.phrases)
        self._by_first_word = _by_first_word(self._names)
        self.repair = lru_cache(maxsize=8192)(self._repair)
        self.knows = lru_cache(maxsize=8192)(self._knows)
        self.joined = lru_cache(maxsize=8192)(self._join)
        self.is_exact = lru_cache(maxsize=8192)(self._is_exact)

    # What a misspelled word is compared with: made with the first strange word, so that a start does not pay for it.

    @cached_property
    def _targets(self) -> Targets:
        towns = {name for name, places in self.gazetteer.names.items() if places[0].size >= TOWN}
        # In order of preference: what somebody asks for, who offers it, where, then any word of the catalogue.
        return Targets(self.vocabulary.words, self._single_names, _words_of(towns), self._place_words, self._words)

    @cached_property
    def _wholes(self) -> Mapping[str, str]:
        return _joined([*self.vocabulary.phrases, *self._names, *self.gazetteer.names])

    @cached_property
    def _whole_targets(self) -> Targets:
        return Targets(self._wholes)

    def names(self, phrase: str) -> tuple[Meaning, ...]:
        """The provider or offers that are called so."""
        return self._names.get(phrase, ())

    def offers_of(self, provider: str) -> Sequence[str]:
        """Ids of a provider's offers."""
        return self._by_provider.get(provider, ())

    def title(self, offer_id: str) -> str:
        return self._titles.get(offer_id, "")

    def is_ordinary(self, offer_id: str) -> bool:
        """Whether the offer's name is also a word for the thing ("Sollicitatietraining"): then others fit as well."""
        return offer_id in self._ordinary

    def occurs(self, word: str) -> bool:
        """Whether the catalogue has this word, in whatever inflection."""
        return word in self._words or stem(word) in self._stems

    def small_talk(self, words: Sequence[str]) -> set[str]:
        """The kinds of small talk in these words."""
        kinds = set()
        for size in (5, 4, 3, 2, 1):
            for start in range(len(words) - size + 1):
                if kind := self.vocabulary.small_talk.get(" ".join(words[start : start + size])):
                    kinds.add(kind)
        return kinds

    def warm(self) -> None:
        """Makes everything that is made with the first strange word, so that nobody waits for it in a running bot."""
        self.whole(["onzinwoorden", "zonder"], strange=True)
        self.repair("onzinwoorden")
        self.knows("onzinwoorden")

    def reach(self, word: str) -> int:
        """How many words the longest thing to recognise has that begins with this word."""
        return max(self._reach.get(word, 1), self._reach.get(stem(word), 1))

    def whole(self, words: Sequence[str], *, strange: bool) -> str:
        """The name that words written next to each other nearly are; empty when they are none. `strange`: one of them
        stands nowhere.
        """
        if " ".join(words) in self._names:
            return ""
        return self.joined("".join(words)) if strange else self._nearly_named(words)

    def _is_exact(self, word: str) -> bool:
        """Whether this very word stands somewhere: what does not may be half of a name that was cut in two."""
        return (
            word in self.vocabulary.words
            or word in self._single_names
            or word in self._place_words
            or word in self._words
            or word in self._dutch
            or word.isdigit()
        )

    def is_name(self, text: str) -> bool:
        """Whether a word or name, as typed, is one of a place, provider, offer or of the vocabulary: so no person's."""
        phrase = _phrase(text)
        return (
            phrase in self._names
            or phrase in self.gazetteer.names
            or phrase in self.vocabulary.filler
            or bool(self.vocabulary.meanings(phrase))
            or (" " not in phrase and (phrase in self._single_names or self.occurs(phrase)))
        )

    def _knows(self, word: str) -> bool:
        """Whether a word needs no repair: it is short, in one of the sources, a compound of them, or real Dutch."""
        return (
            len(word) < SHORTEST_REPAIRED
            or not word.isalpha()
            or word in self.vocabulary.words
            or word in self._single_names
            or word in self._place_words
            or bool(self.vocabulary.meanings(word))
            or word in self._words
            or bool(self.vocabulary.compound(word))
            or word in self._dutch
        )

    def _join(self, word: str, most: int = 2) -> str:
        """What people write together or slightly wrong: "petjeaf", "denhaag", "popupstor". Empty when nothing."""
        if whole := self._wholes.get(word):
            return whole
        if len(word) <= SHORTEST_REPAIRED or not word.isalpha():
            return ""
        return self._wholes.get(self._whole_targets.nearest(word, most), "")

    def _nearly_named(self, words: Sequence[str]) -> str:
        """The provider or offer whose name these words are but for one letter, although each of them is a word."""
        together = "".join(words)
        if len(together) >= LONG_NAME:
            for name in self._by_first_word.get(words[0], ()):
                if is_one_error(together, name.replace(" ", "")):
                    return name
        return ""

    def _repair(self, word: str) -> str:
        """The word that was meant by one nobody knows, or the word itself."""
        if whole := self._wholes.get(word):
            return whole
        if f"{word}n" in self.vocabulary.words:  # as it is said: "mense", "helpe"
            return f"{word}n"
        return self._targets.sounding_like(word) or self._targets.nearest(word) or self.joined(word, most=1) or word


def _reach(exact: Iterable[str], inflected: Iterable[str]) -> dict[str, int]:
    """First words, and first stems of what may be inflected, to how many words the longest phrase has."""
    found: dict[str, int] = {}
    for phrases, key in ((exact, str), (inflected, stem)):
        for phrase in phrases:
            if " " in phrase:
                first = key(phrase.split(" ", 1)[0])
                found[first] = max(found.get(first, 1), phrase.count(" ") + 1)
    return found


def _by_first_word(names: Iterable[str]) -> dict[str, list[str]]:
    """Long names of several words, by their first."""
    found: dict[str, list[str]] = {}
    for name in names:
        if " " in name and len(name) > LONG_NAME:
            found.setdefault(name.split(" ", 1)[0], []).append(name)
    return found


def _words_of(phrases: Iterable[str]) -> set[str]:
    return {word for phrase in phrases for word in phrase.split(" ")}


def _joined(phrases: Iterable[str]) -> dict[str, str]:
    """Phrases of several words by how they look without blanks."""
    return {phrase.replace(" ", ""): phrase for phrase in phrases if " " in phrase and len(phrase) > SHORTEST_REPAIRED}


def _is_ordinary(title: str, vocabulary: Vocabulary) -> bool:
    words = _phrase(title).split(" ")
    return len(words) == 1 and (
        bool(vocabulary.meanings(words[0])) or bool(vocabulary.compound(words[0])) or words[0] in vocabulary.filler
    )


def _names(catalogue: Catalogue, vocabulary: Vocabulary) -> dict[str, tuple[Meaning, ...]]:
    """What providers and offers may be called."""
    found: dict[str, tuple[Meaning, ...]] = {}
    known = {provider.name: provider for provider in catalogue.providers}
    for name in dict.fromkeys(offer.provider for offer in catalogue.offers):
        provider = known.get(name) or Provider(name)
        if provider.relation is not Relation.SKB:  # "SKB" means the whole list, unless "SKB zelf" is asked for
            for phrase in _provider_phrases(provider, vocabulary):
                _add(found, phrase, Meaning("provider", name))
        else:
            _add(found, "skb zelf", Meaning("provider", name))
    for offer in catalogue.offers:
        for phrase in _title_phrases(offer):
            if not (phrase in found and phrase == _phrase(offer.provider)):
                _add(found, phrase, Meaning("offer", offer.id))
    return found


def _add(found: dict[str, tuple[Meaning, ...]], phrase: str, meaning: Meaning) -> None:
    if meaning not in (known := found.get(phrase, ())):
        found[phrase] = (*known, meaning)


def _phrase(text: str) -> str:
    return " ".join(words_of(text))


_LEGAL = re.compile(r"^(stichting|vereniging|het|de)\s+|\s+(nederland|foundation|bv)$", re.IGNORECASE)
_BRACKETS = re.compile(r"\(([^)]*)\)")


def _provider_phrases(provider: Provider, vocabulary: Vocabulary) -> Iterator[str]:
    """The name, its aliases, both without "Stichting" and the like, what stands in brackets, and the initials."""
    texts = [provider.name, *provider.aliases]
    texts += [inner for text in texts for inner in _BRACKETS.findall(text)]
    texts += [_BRACKETS.sub("", text).strip() for text in texts]
    texts += [_LEGAL.sub("", text.strip()) for text in texts]
    for text in dict.fromkeys(texts):
        phrase = _phrase(text)
        if len(phrase) > 1 and not (phrase in vocabulary.filler or vocabulary.phrases.get(phrase)):
            yield phrase
        words = [
            word for word in re.findall(r"\w+", text.replace("'", "")) if word.lower() not in ("stichting", "nederland")
        ]
        initials = "".join(word[0] for word in words).lower()
        if len(words) >= 3 and len(initials) >= 3 and initials not in vocabulary.words:
            yield initials
    first = re.match(r"[A-Z]{3,5}\b", provider.name)
    if first and first.group().lower() not in vocabulary.words:
        yield first.group().lower()


def _title_phrases(offer: Offer) -> Iterator[str]:
    """The title, and the title without what stands in brackets or behind a colon."""
    for text in dict.fromkeys((offer.title, _BRACKETS.sub("", offer.title), offer.title.split(":")[0])):
        phrase = _phrase(text)
        if len(phrase) > 2:
            yield phrase
