"""Our search and plain ones, all asked the same way: a question in, titles out, twenty at most.

The plain engines are set up as somebody would in an afternoon: every word of a programme in one text, lower case and
without accents, no stemming, no dictionary. They know no facets and never say that there is nothing.
"""

from collections.abc import Callable
from dataclasses import fields
from importlib import import_module
import re
import sqlite3
from typing import Any

from rapidfuzz import fuzz, process

from bot.commons.words import fold
from bot.search.catalogue import Catalogue, Offer
from bot.search.explain import MOST_RESULTS
from bot.search.ranking import Group, Search
from tests.benchmarks.measures import Shown

bm25s: Any = import_module("bm25s")  # has no types, and mypy stumbles over reading it

__all__ = ["Engine", "bm25", "fts5", "ours", "plain_engines", "rapid"]

Engine = Callable[[str], Shown]

UNSAID = frozenset(["id", "link", "source", "confidence", "checked_on", "checked_by", "status", "full_until", "cost"])
"""Fields of an offer that are no words about it."""


def ours(search: Search) -> Engine:
    """What `skb-bot ask --json` shows, without its weak suggestions."""

    def ask(text: str) -> Shown:
        answer = search.rank(search.understand(text))
        matches = answer.matches[:MOST_RESULTS]
        titles = [match.offer.title for match in matches if match.group is not Group.RELATED]
        return Shown(titles, asked_back=answer.outcome == "ask_back")

    return ask


def plain_engines(catalogue: Catalogue) -> dict[str, Engine]:
    """The engines to be better than, by name."""
    offers = [offer for offer in catalogue.offers if offer.is_shown()]
    titles, records = [offer.title for offer in offers], [record(offer) for offer in offers]
    return {
        "bm25s": bm25(titles, records),
        "SQLite FTS5": fts5(titles, records),
        "rapidfuzz token_set": rapid(titles, records, fuzz.token_set_ratio),
        "rapidfuzz WRatio": rapid(titles, records, fuzz.WRatio),
    }


def record(offer: Offer) -> str:
    """All words of a programme."""
    values = [getattr(offer, field.name) for field in fields(offer) if field.name not in UNSAID]
    parts = [str(part) for value in values for part in (value if isinstance(value, tuple) else (value,))]
    return " ".join(_words(" ".join(part for part in parts if part not in ("None", "True", "False"))))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def rapid(titles: list[str], records: list[str], scorer: Callable[..., Any]) -> Engine:
    """A score of question and whole record by rapidfuzz."""

    def ask(text: str) -> Shown:
        found = process.extract(" ".join(_words(text)), records, scorer=scorer, limit=MOST_RESULTS)
        return Shown([titles[at] for _, score, at in found if score > 0])

    return ask


def fts5(titles: list[str], records: list[str]) -> Engine:
    """SQLite's full-text index: any of the words, the best by its bm25 first."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE offers USING fts5 (record, tokenize = 'unicode61 remove_diacritics 2')")
    database.executemany("INSERT INTO offers (rowid, record) VALUES (?, ?)", enumerate(records))
    query = "SELECT rowid FROM offers WHERE offers MATCH ? ORDER BY bm25(offers), rowid LIMIT ?"

    def ask(text: str) -> Shown:
        words = " OR ".join(f'"{word}"' for word in _words(text))
        return Shown([titles[at] for (at,) in database.execute(query, (words, MOST_RESULTS))] if words else [])

    return ask


def bm25(titles: list[str], records: list[str]) -> Engine:
    """BM25 by bm25s, as it comes."""
    index = bm25s.BM25()
    index.index([text.split() for text in records], show_progress=False)
    most = min(MOST_RESULTS, len(titles))

    def ask(text: str) -> Shown:
        words = [word for word in _words(text) if word in index.vocab_dict]
        if not words:
            return Shown([])
        found, scores = index.retrieve([words], k=most, show_progress=False)
        return Shown([titles[at] for at, score in zip(found[0], scores[0], strict=True) if score > 0])

    return ask
