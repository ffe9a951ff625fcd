"""What was asked in vain, in words that lead to nobody: a theme, or at most two plain words; sector, province. Pure."""

from bot.commons.places import Gazetteer
from bot.commons.words import tokens
from bot.search.privacy import without_personal_words
from bot.search.query import Query
from bot.search.ranking import Search
from bot.search.vocabulary import Vocabulary

__all__ = ["clean_search", "gap"]

MOST_WORDS = 2
LONGEST_WORD = 20


def gap(query: Query, search: Search) -> tuple[str, str, str] | None:
    """Wanted, sector and province of a question in vain; None when it holds nothing that may be counted."""
    themes = [search.vocabulary.themes[theme].name for theme in query.themes if theme in search.vocabulary.themes]
    words = [word for word in query.words if is_plain(word)]
    wanted = ", ".join(themes[:MOST_WORDS]) or " ".join(words[:MOST_WORDS])
    if not wanted:
        return None
    return wanted, "/".join(query.sectors), _province(query, search.gazetteer)


def is_plain(word: str) -> bool:
    """Whether it looks like a word of a dictionary: no number, no name of a file, no half sentence."""
    return word.isascii() and word.isalpha() and 2 < len(word) <= LONGEST_WORD


def clean_search(text: str, vocabulary: Vocabulary) -> list[str]:
    """A subject and a kind of school of a text of which nothing else may be searched, nor looked up."""
    found: dict[str, str] = {}
    for token in tokens(without_personal_words(text)):
        for meaning in vocabulary.meanings(token.text):
            if meaning.kind == "theme":
                found.setdefault("theme", vocabulary.themes[meaning.value].name)
            elif meaning.kind in ("sector", "grade"):
                found.setdefault("school", meaning.value)
    return [found[kind] for kind in ("theme", "school") if kind in found]


def _province(query: Query, gazetteer: Gazetteer) -> str:
    place = gazetteer.get(query.place) if query.place else None
    around = [place, *map(gazetteer.get, sorted(place.within))] if place else []
    return next((other.name for other in around if other and other.kind == "provincie"), "")
