"""The bot's own data files and engine, put together as the app does."""

from dataclasses import dataclass
from pathlib import Path

from bot.app import KnowledgeFiles
from bot.commons.places import Gazetteer
from bot.commons.words import WordList
from bot.search.catalogue import Catalogue
from bot.search.privacy import load_first_names
from bot.search.ranking import Search
from bot.search.vocabulary import Vocabulary

__all__ = ["DATA", "ROOT", "Knowledge", "load_knowledge"]

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything a search is made of but the catalogue."""

    vocabulary: Vocabulary
    gazetteer: Gazetteer
    dutch: WordList
    first_names: frozenset[str]

    def search(self, catalogue: Catalogue) -> Search:
        return Search(catalogue, self.vocabulary, self.gazetteer, self.dutch, self.first_names)

    def starter(self) -> Catalogue:
        return KnowledgeFiles(DATA).starter(self.vocabulary, self.gazetteer)


def load_knowledge() -> Knowledge:
    files = KnowledgeFiles(DATA)
    return Knowledge(files.vocabulary(), files.gazetteer(), files.dutch(), load_first_names(DATA / "first-names.txt"))
