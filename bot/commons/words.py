"""Dutch words: folded, cut into tokens, brought to their stem, and known or not known as a real word."""

from dataclasses import dataclass
from functools import lru_cache
import gzip
from pathlib import Path
import re
import unicodedata

import snowballstemmer

__all__ = ["Token", "WordList", "fold", "is_english", "stem", "tokens", "undiminished", "words_of"]

# `dutch_porter`, not the newer `dutch`: that one strips an inner "ge" (begeleiding = beleid, burgerschap = burrschap).
_STEMMER = snowballstemmer.stemmer("dutch_porter")
_APOSTROPHES_AND_DASHES = {ord(c): None for c in "'’‘ʼ`´′＇"} | {ord(c): " " for c in "-‐‑‒–—−"}
# A run of letters or a run of digits: "groep8" and "5vwo" are two tokens each, as people mean them.
_INSIDE = re.compile(r"(?<=\w)['’‘`´](?=\w)")
_DIMINUTIVE = re.compile(r"(etje|pje|tje|je)s?$")
_HARDENED = {"v": "f", "z": "s"}
_TOKEN = re.compile(r"[^\W\d_]+|\d+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Token:
    """One word or number of a text, with what folding throws away and still matters."""

    text: str
    """Folded: lower case, no accents."""
    typed: str
    """As typed."""

    @property
    def capital(self) -> bool:
        return self.typed[:1].isupper()


_ENGLISH = frozenset(
    word
    for line in (
        "the and you your can have has looking there about with are does",
        "for what how where which please any my our need would could someone something",
    )
    for word in line.split()
)
"""Everyday English words that a Dutch question has no use for."""


def is_english(text: str) -> bool:
    """Whether a question is in English: two everyday English words tell, one may stand in a title ("Emma at Work")."""
    return len(_ENGLISH.intersection(words_of(text))) > 1


def fold(text: str) -> str:
    """The text as names are compared: lower case, no accents or apostrophes, hyphens as blanks, single blanks."""
    if not text.isascii():
        # first, because taken apart an acute accent standing alone (a´dam) would become a blank
        text = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES_AND_DASHES))
        text = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
        text = text.translate(_APOSTROPHES_AND_DASHES)
    else:
        text = text.lower()
        if not text.isalpha():
            text = text.replace("-", " ").replace("'", "").replace("`", "")
    return " ".join(text.split())


def tokens(text: str) -> list[Token]:
    """The words and numbers of a text in order. Apostrophes join ("zo'n" = zon), everything else separates."""
    return [Token(_plain(match).lower(), match) for match in _TOKEN.findall(_joined(text))]


def words_of(text: str) -> list[str]:
    """The folded words and numbers of a text: what `tokens` gives, without how they were typed."""
    if text.isascii():  # nearly all of a catalogue, and ten times as fast
        return _TOKEN.findall(_joined(text).lower())
    return [_plain(match).lower() for match in _TOKEN.findall(_joined(text))]


def _joined(text: str) -> str:
    if text.isascii():
        return _INSIDE.sub("", text) if "'" in text or "`" in text else text
    return _INSIDE.sub("", unicodedata.normalize("NFC", text))


def _plain(text: str) -> str:
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


@lru_cache(maxsize=1 << 18)  # the words of 100,000 offers and half again: a cache too small for a build is none
def stem(word: str) -> str:
    """The stem of a folded word: debatten → debat, sportieve → sportief. Words up to four letters stay whole."""
    if len(word) < 5 or word.isdigit():
        return word
    # The stemmer leaves "excursies", and "sportiev" beside "sportief".
    stemmed = str(_STEMMER.stemWord(word[:-1] if word.endswith("ies") else word))
    return stemmed[:-1] + _HARDENED.get(stemmed[-1], stemmed[-1])


def undiminished(word: str) -> str:
    """The word without its diminutive ending: jaartje → jaar, potje → pot; others as they are."""
    return _DIMINUTIVE.sub("", word) if len(word) > 5 else word


class WordList:
    """Whether a word is real Dutch: a word that exists is never taken for a typing error of another.

    Read when first asked (2.7 MB of text), so that a question of known words does not pay for it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._words: bytes | None = None

    def __contains__(self, word: str) -> bool:
        if self._words is None:
            self._words = b"\n" + gzip.decompress(self._path.read_bytes()) + b"\n"
        return _is_line(word.encode(), self._words)


def _is_line(word: bytes, lines: bytes) -> bool:
    """Binary search over sorted lines: no set of 250,000 strings in memory."""
    low, high = 0, len(lines) - 1
    while low < high:
        start = max(low, lines.rfind(b"\n", low, (low + high) // 2 + 1))
        end = lines.find(b"\n", start + 1)
        line = lines[start + 1 : end]
        if line == word:
            return True
        if line < word:
            low = end
        else:
            high = start
    return False
