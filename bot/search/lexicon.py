"""Every word that can be meant, of all sources together: vocabulary, places, names of providers and offers, and words
of the catalogue. It knows what is known, and repairs what is not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
import re

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.commons.places import Gazetteer
from bot.commons.words import WordList, fold, stem, tokens
from bot.search.catalogue import Catalogue, Offer, Provider, Relation
from bot.search.vocabulary import Meaning, Vocabulary

__all__ = ["Lexicon"]

SHORTEST_REPAIRED = 5
"""Letters a word needs to be repaired: shorter ones (VO, PO, HR, dans) must match exactly, DESIGN §5.2."""
TWO_ERRORS_FROM = 8
"""Letters from which two typing errors are forgiven instead of one: a quarter of the word stays a guess."""
TOWN = 2000
"""Pupils from which a place is meant rather than a village of nearly the same name (Haarlem, not Haarle)."""
LONG_NAME = 12
"""Letters of a name from which one error is forgiven although its words exist: "playing for succes"."""
LONGEST_NAME = 7
"""Words of a name that are looked up at once."""


class Lexicon:
    def __init__(self, vocabulary: Vocabulary, gazetteer: Gazetteer, catalogue: Catalogue, dutch: WordList) -> None:
        self.vocabulary = vocabulary
        self.gazetteer = gazetteer
        self._dutch = dutch
        self._titles = {offer.id: offer.title for offer in catalogue.offers}
        self._names = _names(catalogue, vocabulary)
        self._ordinary = {offer.id for offer in catalogue.offers if _is_ordinary(offer.title, vocabulary)}
        self.elsewhere = frozenset(phrase for phrase, kind in vocabulary.small_talk.items() if kind == "elsewhere")
        self.keywords = frozenset(fold(word) for offer in catalogue.offers for word in offer.keywords)
        """Keywords of the catalogue: what is everyday elsewhere ("november") may be what somebody looks for here."""
        self._words = _catalogue_words(catalogue)
        self._stems = {stem(word) for word in self._words}
        self._single_names = {word for name in self._names for word in name.split(" ")}
        self._place_words = {word for name in gazetteer.names for word in name.split(" ")}
        self.longest = max(vocabulary.longest, gazetteer.longest, LONGEST_NAME)
        self._joined = _joined([*vocabulary.phrases, *self._names, *gazetteer.names])
        towns = sorted(
            {word for name, places in gazetteer.names.items() if places[0].size >= TOWN for word in name.split(" ")}
        )
        # In order of preference: what somebody asks for, who offers it, where, then any word of the catalogue.
        self._targets = _by_length(
            [sorted(vocabulary.words), sorted(self._single_names), sorted(self._place_words), sorted(self._words)]
        )
        self._by_sound = _by_sound(self._targets)
        self._places_by_length = _by_length(
            [towns, sorted(word for word in self._place_words if word not in vocabulary.filler)]
        )
        self._joined_names = _joined(self._names)
        self._name_targets = _by_length([sorted(self._joined_names)])
        self._joined_targets = _by_length([sorted(self._joined)])
        self.repair = lru_cache(maxsize=8192)(self._repair)
        self.knows = lru_cache(maxsize=8192)(self._knows)

    @property
    def named(self) -> Mapping[str, tuple[Meaning, ...]]:
        """Everything providers and offers are called."""
        return self._names

    def names(self, phrase: str) -> tuple[Meaning, ...]:
        """The provider or offers that are called so."""
        return self._names.get(phrase, ())

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

    def is_exact(self, word: str) -> bool:
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

    def joined(self, word: str) -> str:
        """What people write together or slightly wrong: "petjeaf", "denhaag", "popupstor". Empty when nothing."""
        if whole := self._joined.get(word):
            return whole
        if len(word) < SHORTEST_REPAIRED + 1 or not word.isalpha():
            return ""
        found = _nearest(word, self._joined_targets)
        return self._joined[found] if found else ""

    def nearly_named(self, word: str) -> str:
        """The provider or offer whose name these words are but for one error, although each of them is a word."""
        if len(word) < LONG_NAME or not word.isalpha():
            return ""
        found = _nearest(word, self._name_targets, most=1)
        return self._joined_names[found] if found else ""

    def _repair(self, word: str) -> str:
        """The word that was meant by one nobody knows, or the word itself."""
        if whole := self._joined.get(word):
            return whole
        return self._by_sound.get(sound(word)) or _nearest(word, self._targets) or self.joined(word) or word

    def place_like(self, word: str) -> str:
        """The place name that a word in a place's position is a typing error of, although it is a word: "in Rooden"."""
        if word in self._place_words or len(word) < SHORTEST_REPAIRED:
            return ""
        return _nearest(word, self._places_by_length)


def _nearest(word: str, targets: Mapping[int, tuple[list[str], list[int]]], most: int = 2) -> str:
    """The target with the fewest typing errors (a swap is one); on a tie the first letter, then the source."""
    allowed = min(most, 2 if len(word) >= TWO_ERRORS_FROM else 1)
    best: tuple[int, bool, int, str] | None = None
    for length in range(len(word) - allowed, len(word) + allowed + 1):
        candidates = targets.get(length)
        if not candidates:
            continue
        matches = process.extract(word, candidates[0], scorer=OSA.distance, score_cutoff=allowed, limit=8)
        for target, distance, position in matches:
            rank = (int(distance), target[0] != word[0], candidates[1][position], target)
            if (best is None or rank < best) and _starts_alike(word, target):
                best = rank
    return best[3] if best else ""


# In this order: the longer spellings first.
_SOUNDS = (
    ("sch", "sg"),
    ("ch", "g"),
    ("ei", "ij"),
    ("y", "ij"),
    ("au", "ou"),
    ("ph", "f"),
    ("th", "t"),
    ("dt", "t"),
    ("z", "s"),
    ("v", "f"),
    ("c", "k"),
    ("x", "ks"),
    ("q", "k"),
    ("d", "t"),
    ("j", "i"),
)


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """How a word sounds, roughly: what is written otherwise but said alike (zondag, sondag) comes out equal."""
    for written, said in _SOUNDS:
        word = word.replace(written, said)
    return re.sub(r"(.)\1+", r"\1", word)


def _by_sound(targets: Mapping[int, tuple[list[str], list[int]]]) -> dict[str, str]:
    """Sound to the word of the best source that sounds so."""
    found: dict[str, tuple[int, str]] = {}
    for words, ranks in targets.values():
        for word, rank in zip(words, ranks, strict=True):
            key = sound(word)
            found[key] = min(found.get(key, (rank, word)), (rank, word))
    return {key: word for key, (_, word) in found.items()}


def _starts_alike(word: str, target: str) -> bool:
    """People seldom miss the first letter; they do drop it, double it, or swap it with the second."""
    return word[0] == target[0] or word[0] == target[1] or word[1] == target[0]


def _by_length(sources: Iterable[Sequence[str]]) -> dict[int, tuple[list[str], list[int]]]:
    """Repair targets by their length, each with the rank of its source; short words are no target."""
    found: dict[int, tuple[list[str], list[int]]] = {}
    seen = set()
    for rank, words in enumerate(sources):
        for word in words:
            if len(word) >= SHORTEST_REPAIRED and word.isalpha() and word not in seen:
                seen.add(word)
                targets, ranks = found.setdefault(len(word), ([], []))
                targets.append(word)
                ranks.append(rank)
    return found


def _joined(phrases: Iterable[str]) -> dict[str, str]:
    """Phrases of several words by how they look without blanks."""
    return {phrase.replace(" ", ""): phrase for phrase in phrases if " " in phrase and len(phrase) > SHORTEST_REPAIRED}


def _catalogue_words(catalogue: Catalogue) -> frozenset[str]:
    texts = {
        text
        for offer in catalogue.offers
        for text in (offer.title, offer.summary, offer.for_whom, *offer.keywords, *offer.themes)
    }
    return frozenset(token.text for text in texts for token in tokens(text))


def _is_ordinary(title: str, vocabulary: Vocabulary) -> bool:
    words = _phrase(title).split(" ")
    return len(words) == 1 and (
        bool(vocabulary.meanings(words[0])) or bool(vocabulary.compound(words[0])) or words[0] in vocabulary.filler
    )


def _names(catalogue: Catalogue, vocabulary: Vocabulary) -> dict[str, tuple[Meaning, ...]]:
    """What providers and offers may be called."""
    found: dict[str, dict[Meaning, None]] = {}
    known = {provider.name: provider for provider in catalogue.providers}
    for name in dict.fromkeys(offer.provider for offer in catalogue.offers):
        provider = known.get(name) or Provider(name)
        if provider.relation is not Relation.SKB:  # "SKB" means the whole list, unless "SKB zelf" is asked for
            for phrase in _provider_phrases(provider, vocabulary):
                found.setdefault(phrase, {})[Meaning("provider", name)] = None
        else:
            found.setdefault("skb zelf", {})[Meaning("provider", name)] = None
    for offer in catalogue.offers:
        for phrase in _title_phrases(offer):
            if not (phrase in found and phrase == _phrase(offer.provider)):
                found.setdefault(phrase, {})[Meaning("offer", offer.id)] = None
    return {phrase: tuple(meanings) for phrase, meanings in found.items()}


def _phrase(text: str) -> str:
    return " ".join(token.text for token in tokens(text))


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
    for text in (offer.title, _BRACKETS.sub("", offer.title), offer.title.split(":")[0]):
        phrase = _phrase(text)
        if len(phrase) > 2:
            yield phrase
