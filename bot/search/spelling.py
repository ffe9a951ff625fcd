"""Typing errors: which word somebody meant, by its sound or by the letters that differ. Pure; uses rapidfuzz.

Compared is always one word with words that can be meant, never with whole records: over those a fuzzy score is the
worst search there is (DESIGN §5.2).
"""

from collections.abc import Iterable
from functools import cached_property, lru_cache
import re

from rapidfuzz import process
from rapidfuzz.distance import OSA

__all__ = ["SHORTEST_REPAIRED", "Targets", "is_one_error", "sound"]

SHORTEST_REPAIRED = 5
"""Letters a word needs to be repaired: shorter ones (VO, PO, HR, dans) must match exactly."""
TWO_ERRORS_FROM = 8
"""Letters from which two typing errors are forgiven instead of one: a quarter of the word stays a guess."""

# What sounds alike in Dutch, in this order: the longer spellings first.
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


class Targets:
    """Words that a misspelled one may stand for, from several sources, the better first."""

    def __init__(self, *sources: Iterable[str]) -> None:
        # By length and by each of the first two letters: what is compared is what could be meant, a tenth of all.
        self._alike: dict[tuple[int, str], tuple[list[str], list[int]]] = {}
        seen = set()
        for rank, words in enumerate(sources):
            for word in sorted(words):
                if len(word) >= SHORTEST_REPAIRED and word.isalpha() and word not in seen:
                    seen.add(word)
                    for letter in set(word[:2]):
                        targets, ranks = self._alike.setdefault((len(word), letter), ([], []))
                        targets.append(word)
                        ranks.append(rank)

    def nearest(self, word: str, most: int = 2) -> str:
        """The target with the fewest typing errors (a swap is one); on a tie the better first letter, then source.
        Empty when none is near enough.
        """
        allowed = min(most, 2 if len(word) >= TWO_ERRORS_FROM else 1)
        best: tuple[int, bool, int, str] | None = None
        for length in range(len(word) - allowed, len(word) + allowed + 1):
            for letter in set(word[:2]):
                words, ranks = self._alike.get((length, letter), ([], []))
                matches = process.extract(word, words, scorer=OSA.distance, score_cutoff=allowed, limit=8)
                for target, distance, position in matches:
                    rank = (int(distance), target[0] != word[0], ranks[position], target)
                    if (best is None or rank < best) and _starts_alike(word, target):
                        best = rank
        return best[3] if best else ""

    def sounding_like(self, word: str) -> str:
        """The target of the best source that sounds like the word; empty when none does."""
        return self._by_sound.get(sound(word), "")

    @cached_property
    def _by_sound(self) -> dict[str, str]:
        found: dict[str, tuple[int, str]] = {}
        for words, ranks in self._alike.values():
            for word, rank in zip(words, ranks, strict=True):
                key = sound(word)
                found[key] = min(found.get(key, (rank, word)), (rank, word))
        return {key: word for key, (_, word) in found.items()}


def is_one_error(word: str, target: str) -> bool:
    """Whether the word is the target but for one typing error."""
    return OSA.distance(word, target, score_cutoff=1) == 1


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """How a word sounds, roughly: what is written otherwise but said alike (zondag, sondag) comes out equal."""
    for written, said in _SOUNDS:
        word = word.replace(written, said)
    return re.sub(r"(.)\1+", r"\1", word)


def _starts_alike(word: str, target: str) -> bool:
    """People seldom miss the first letter; they do drop it, double it, or swap it with the second."""
    return word[0] == target[0] or word[0] == target[1] or word[1] == target[0]
