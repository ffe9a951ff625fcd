"""Plays transcripts on every platform, against the real router, search and SQLite, with a clock of its own.

A transcript is a text file that anybody can read and write:

    @ 2026-12-01 16:10        the clock (Amsterdam)
    @ herstart                the bot stops and starts again
    @ ander gesprek           what follows is said in another chat
    @ voorbeeldlijst          the catalogue is the starter list, not SKB's own
    @ geen contact            nobody has filled in a contact yet
    > debat VO Utrecht        somebody types this
    > [Andere plaats]         somebody presses the newest button with this label
    >> [Volgende 4]           somebody presses it twice, before anything came of the first time
    < Gezocht op: debat       the answer contains this; several lines in this order; a button reads [Andere plaats]
    <! Basisschool            the answer does not contain this
    = gaten: dans 1           what was counted as missed, so far
    = meldingen: 1            how many reports were kept, so far
"""

from collections.abc import Iterator
import csv
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
import shutil

import pytest

from bot.app import make_answerer
from bot.chat import Address, Reply, Request
from bot.commons.dates import AMSTERDAM
from bot.commons.places import load_gazetteer
from bot.commons.words import WordList
from bot.db import Database
from bot.search import counts_store, store
from bot.search.asides import Contact
from bot.search.catalogue import Catalogue
from bot.search.lists.columns import Knowledge
from bot.search.privacy import load_first_names
from bot.search.ranking import Search
from bot.search.starter import read_starter
from bot.search.vocabulary import load_vocabulary
from tests.dialogues.players import Player

HERE = Path(__file__).parent
DATA = HERE.parent.parent / "data"
START = datetime(2026, 12, 1, 9, tzinfo=AMSTERDAM)
CONTACT = Contact("Team SKB", "hulp@voorbeeld.test", "op werkdagen van 9 tot 17 uur", "https://skb.voorbeeld.test")


@dataclass
class World:
    """The bot of one transcript, and what can happen to it."""

    database: Database
    search: Search
    now: datetime = START
    contact: Contact = CONTACT
    chats: int = 1
    team: Address | None = None
    """Where the SKB team is."""

    async def answer(self, request: Request) -> Reply:
        # Made anew for every question: nothing may depend on what a process remembers.
        key = b"k" * 32
        answer = make_answerer(self.database, lambda: self.search, self.contact, key, lambda: self.now, self.team)
        return await answer(request)

    def is_personal(self, text: str) -> bool:
        return self.search.understand(text).kind == "refused"


@pytest.fixture(scope="session")
def catalogue_search() -> Search:
    """The 16 programmes of CONVERSATIONS, with the real words and places."""
    offers_csv = HERE / "catalogue" / "offers.csv"
    knowledge = Knowledge(
        load_vocabulary(DATA / "vocabulary.yaml"), load_gazetteer(DATA / "places.csv", DATA / "regions.yaml")
    )
    catalogue = read_starter(offers_csv, HERE / "catalogue" / "providers.csv", knowledge)
    with offers_csv.open(encoding="utf-8", newline="") as file:  # a file's word for a check is never taken: here it is
        checks = {row["id"]: row for row in csv.DictReader(file) if row["checked_on"]}
    offers = tuple(
        replace(
            one, checked_on=date.fromisoformat(checks[one.id]["checked_on"]), checked_by=checks[one.id]["checked_by"]
        )
        if one.id in checks
        else one
        for one in catalogue.offers
    )
    return searching(replace(catalogue, offers=offers, starter=False), knowledge)


def searching(catalogue: Catalogue, knowledge: Knowledge) -> Search:
    return Search(
        catalogue,
        knowledge.vocabulary,
        knowledge.gazetteer,
        WordList(DATA / "dutch-words.txt.gz"),
        load_first_names(DATA / "first-names.txt"),
    )


@pytest.fixture
def world(sqlite_template: Path, tmp_path: Path, catalogue_search: Search) -> Iterator[World]:
    database = Database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'skb.db')}")
    yield World(database, catalogue_search)
    database.close()


@pytest.fixture
def transcript() -> "type[Transcript]":
    return Transcript


@dataclass
class Transcript:
    """One transcript; it says what was expected and what came, with the line of the file."""

    path: Path
    world: World
    player: Player
    answer: str = ""
    position: int = 0

    def play(self) -> None:
        for number, line in enumerate(self.path.read_text(encoding="utf-8").splitlines(), 1):
            mark, _, rest = line.partition(" ")
            if mark and not line.startswith("#"):
                try:
                    self._step(mark, rest.strip())
                except AssertionError as error:
                    raise AssertionError(
                        f"{self.path.name}, line {number}: {line}\n{error}\n---\n{self.answer}"
                    ) from None

    def _step(self, mark: str, rest: str) -> None:
        if mark == "@":
            self._happen(rest)
        elif mark in (">", ">>"):
            pressed = rest.startswith("[") and rest.endswith("]")
            texts = self.player.press(rest[1:-1], len(mark)) if pressed else self.player.send(rest)
            self.answer, self.position = "\n".join(texts), 0
        elif mark == "<":
            found = self.answer.find(rest, self.position)
            assert found >= 0, "is in the answer, but earlier" if rest in self.answer else "is not in the answer"
            self.position = found + len(rest)
        elif mark == "<!":
            assert rest not in self.answer, "is in the answer"
        elif mark == "=":
            self._kept(rest)
        else:
            raise AssertionError(f"no line begins with {mark!r}")

    def _knowledge(self) -> Knowledge:
        return Knowledge(self.world.search.vocabulary, self.world.search.gazetteer)

    def _happen(self, what: str) -> None:
        if what == "herstart":
            self.player.restart()
            self.world.search = searching(self.world.search.catalogue, self._knowledge())
        elif what == "ander gesprek":
            self.world.chats += 1
        elif what == "voorbeeldlijst":
            examples = replace(self.world.search.catalogue, starter=True)
            self.world.search = searching(examples, self._knowledge())
        elif what == "geen contact":
            self.world.contact = Contact(website=CONTACT.website)
        else:
            self.world.now = datetime.strptime(what, "%Y-%m-%d %H:%M").replace(tzinfo=AMSTERDAM)

    def _kept(self, what: str) -> None:
        kind, _, expected = what.partition(": ")
        with self.world.database.read() as connection:
            if kind == "gaten":
                counted = counts_store.gaps(connection, at_least=1)
                kept = ", ".join(
                    f"{gap.wanted} {gap.sector} {gap.province} {gap.count}".replace("  ", " ") for gap in counted
                )
            else:
                kept = str(len(store.reports(connection)))
        assert kept == expected, f"but it is {kept!r}"
