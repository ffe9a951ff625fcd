"""How long an answer takes: the pure part, from text to rendered reply, and the whole way with the list saved."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
import gc
from itertools import pairwise
from pathlib import Path
import tempfile
from time import perf_counter

from bot.app import make_answerer
from bot.chat import Address, Answerer, Request
from bot.db import Database, migrate
from bot.handlers.console import render
from bot.search import replies, store
from bot.search.asides import Contact
from bot.search.cards import View
from bot.search.current import CurrentSearch
from bot.search.ranking import Search
from tests.benchmarks.catalogues import make_catalogue
from tests.benchmarks.knowledge import Knowledge
from tests.benchmarks.questions import varied_questions
from tests.benchmarks.tables import heading, number, show

__all__ = ["speed", "spread"]

PASSES = 3
"""Times that every question is asked again, after a first time that is shown apart."""
PEOPLE = 40
"""Chats that take turns, so that some questions follow on another and some don't."""
CONTACT = Contact("SKB", "info@example.org", "op werkdagen", "https://www.skbnederland.nl")
TODAY = date(2026, 11, 22)
COLUMNS = ("p50 ms", "p99 ms", "max ms")

Seconds = Sequence[float]


def speed(knowledge: Knowledge, sizes: Sequence[int]) -> None:
    """Prints the times at each size."""
    heading("Speed")
    questions = varied_questions(knowledge)
    pure, parts, saved = [], [], []
    for size in sizes:
        search = knowledge.search(make_catalogue(size, knowledge))
        search.warm()  # as the running bot does before its first question
        gc.collect()
        first, *again = (_ask_all(search, questions) for _ in range(1 + PASSES))
        later = [times for one in again for times in one]
        goal = {130: ("2", "1"), 100_000: ("10", "3")}.get(size, ("", ""))
        pure.append([f"{size:,}, first time asked", *spread([sum(times) for times in first]), *goal])
        pure.append([f"{size:,}, asked before", *spread([sum(times) for times in later]), *goal])
        parts.append([f"{size:,}", *(cell for part in zip(*first, strict=True) for cell in spread(part)[:2])])
        goal = ("10", "5") if size == 130 else ("", "")
        saved.append([f"{size:,}", *spread(_with_list_saved(search, questions)), *goal])
        del search
    columns = ("offers", *COLUMNS, "must p99", "aim p99")
    show(f"Text to rendered reply, {len(questions)} questions, one core", columns, pure)
    parts_of = [f"{part} {column}" for part in ("understand", "rank", "reply") for column in COLUMNS[:2]]
    show("The same first time, by part", ("offers", *parts_of), parts)
    how = f"{PEOPLE} chats take turns; the file is in the folder for temporary files; rendering included"
    show("Through the router, with the list saved in SQLite", columns, saved, how)


def _ask_all(search: Search, questions: Sequence[str]) -> list[tuple[float, ...]]:
    """For each question the seconds of understanding, ranking, and putting into words."""
    view = View(search.catalogue, search.gazetteer, search.lexicon, TODAY)
    times = []
    for text in questions:
        moments = [perf_counter()]
        query = search.understand(text)
        moments.append(perf_counter())
        answer = search.rank(query)
        moments.append(perf_counter())
        render(replies.alone(answer, view, CONTACT))
        moments.append(perf_counter())
        times.append(tuple(after - before for before, after in pairwise(moments)))
    return times


def _with_list_saved(search: Search, questions: Sequence[str]) -> Seconds:
    """The seconds of each question through everything but a platform."""
    with tempfile.TemporaryDirectory(prefix="skb-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'skb.db'}"
        migrate(url)
        database = Database(url)
        try:
            # Each request asks the database whether the catalogue is still this one; only its rows are not needed here.
            with database.write() as connection:
                store.save_catalogue(connection, type(search.catalogue)(), datetime.now(UTC))
            current = CurrentSearch(database, lambda _: search)
            answer = make_answerer(database, current, CONTACT, b"benchmark" * 4, lambda: datetime.now(UTC))
            return asyncio.run(_chat(answer, questions))
        finally:
            database.close()


async def _chat(answer: Answerer, questions: Sequence[str]) -> Seconds:
    times = []
    for turn in range(PASSES):
        for at, text in enumerate(questions):
            request = Request(text, Address("console", f"person {(at + turn) % PEOPLE}"))
            began = perf_counter()
            render(await answer(request))
            times.append(perf_counter() - began)
    return times


def spread(seconds: Seconds) -> list[str]:
    """The middle, the one that 1 in 100 exceeds, and the worst, in milliseconds."""
    ordered = sorted(seconds)
    at: Callable[[float], float] = lambda share: ordered[min(len(ordered) - 1, int(share * len(ordered)))]  # noqa: E731
    return [number(1000 * value) for value in (at(0.5), at(0.99), ordered[-1])]
