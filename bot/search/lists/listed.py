"""Lists of words in a cell: what an offer is about, what people may search it by, and when it is."""

import re

from bot.commons.words import words_of
from bot.search.index import themes_in
from bot.search.lists.values import Knowledge, Value, is_nothing, parts, remembered, says_nothing, short, words_in
from bot.search.vocabulary import Vocabulary

__all__ = ["keywords", "settings", "themes"]

IN_SCHOOL = "binnen schooltijd"
ALSO_IN_SCHOOL = words_in("binnenschools binnenschoolse schooltijd lestijd onderwijstijd overdag|binnen lestijd")
_BOTH = re.compile(r"\b(binnen|onder|tijdens)(?=\W+(?:(?:en|of|als)\W+)?(?:buiten|na)(?:\b|schools))", re.IGNORECASE)
LONGEST_PHRASE = 4


@remembered
def keywords(text: str, _: Knowledge) -> Value:
    """Words that people may search by."""
    return Value({"keywords": () if is_nothing(text) else parts(text)})


@remembered
def themes(text: str, knowledge: Knowledge) -> Value:
    """What an offer is about; what the vocabulary does not know becomes a keyword."""
    if is_nothing(text) or says_nothing(text):
        return Value({"themes": ()})
    found = parts(text)
    known = tuple(part for part in found if any(True for _ in themes_in(part, knowledge.vocabulary)))
    return _with_keywords("themes", known, tuple(part for part in found if part not in known), "thema")


@remembered
def settings(text: str, knowledge: Knowledge) -> Value:
    """When it is, in the words of the vocabulary; what says something else becomes a keyword."""
    if is_nothing(text) or says_nothing(text):
        return Value({"settings": ()})
    found: dict[str, None] = {}
    others = []
    for part in parts(text):
        named, says_more = _settings_of(part, knowledge.vocabulary)
        found.update(dict.fromkeys(named))
        if says_more or not named:
            others.append(part)
    return _with_keywords("settings", tuple(found), tuple(others), "moment dat we kennen")


def _with_keywords(name: str, known: tuple[str, ...], others: tuple[str, ...], what: str) -> Value:
    if not others:
        return Value({name: known})
    quoted = ", ".join(f"“{short(part)}”" for part in others)
    said = (
        f"is geen {what}; dat wordt een zoekwoord" if len(others) == 1 else f"zijn geen {what}; dat worden zoekwoorden"
    )
    return Value({name: known, "keywords": others}, (f"{quoted} {said}.",))


def _settings_of(part: str, vocabulary: Vocabulary) -> tuple[list[str], bool]:
    """The settings in one part of a list, and whether it says more than these."""
    words = words_of(_BOTH.sub(r"\1 schooltijd", part))
    found: list[str] = []
    says_more = False
    at = 0
    while at < len(words):
        for size in range(min(LONGEST_PHRASE, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + size])
            named = [one.value for one in vocabulary.meanings(phrase) if one.kind == "setting"]
            if phrase in ALSO_IN_SCHOOL:
                named = [IN_SCHOOL]
            if named:
                found += named
                break
        else:
            size = 1
            says_more = says_more or words[at] not in vocabulary.filler
        at += size
    return found, says_more
