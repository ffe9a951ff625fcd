"""What the tests of search share: the real words, places and catalogue, and a way to ask a catalogue made by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.commons.places import Gazetteer, load_gazetteer
from bot.commons.words import WordList
from bot.search.catalogue import Catalogue, Offer
from bot.search.index import Index
from bot.search.lists.columns import Knowledge
from bot.search.privacy import load_first_names
from bot.search.ranking import Answer, Search, rank
from bot.search.starter import read_starter
from bot.search.vocabulary import Vocabulary, load_vocabulary

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return load_gazetteer(DATA / "places.csv", DATA / "regions.yaml")


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load_vocabulary(DATA / "vocabulary.yaml")


@pytest.fixture(scope="session")
def search(vocabulary: Vocabulary, gazetteer: Gazetteer) -> Search:
    """The starter catalogue, as the bot has it on its first day."""
    return Search(
        read_starter(DATA / "offers.csv", DATA / "providers.csv", Knowledge(vocabulary, gazetteer)),
        vocabulary,
        gazetteer,
        WordList(DATA / "dutch-words.txt.gz"),
        load_first_names(DATA / "first-names.txt"),
    )


@pytest.fixture(scope="session")
def ask(search: Search) -> Callable[[str], Answer]:
    """Asks the starter catalogue."""
    return lambda text: search.rank(search.understand(text))


@pytest.fixture(scope="session")
def ask_of(search: Search) -> Callable[..., Answer]:
    """Asks a catalogue made by hand: `ask_of("debat VO", Offer(…), Offer(…))`."""

    def _ask_of(text: str, *offers: Offer) -> Answer:
        return rank(search.understand(text), Index(Catalogue(offers), search.vocabulary, search.gazetteer))

    return _ask_of
