"""Catalogues of any size, the same on every machine: made from the words, themes and places of the real ones.

What makes a large list slow is kept as in life: how many words are common and how many rare, how many offers share a
theme, a place or a provider, how often a field is empty. Sentences are nonsense: relevance is not measured here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
import gzip
from itertools import accumulate
import random
from typing import TypeVar

from bot.commons.words import fold
from bot.search.catalogue import ID_ALPHABET, NATIONWIDE, Catalogue, Cost, Offer, Provider, Relation
from tests.benchmarks.knowledge import DATA, Knowledge

__all__ = ["STARTER_SIZE", "make_catalogue"]

T = TypeVar("T")

STARTER_SIZE = 130
"""A catalogue of this size is the starter itself."""

RARE_WORDS = 30_000
"""Dutch words that the starter lacks; a few of them in each summary make a list's vocabulary grow as real ones do."""
SHAPES = (
    *(
        "gastles",
        "project",
        "training",
        "workshop",
        "leerlijn",
        "wedstrijd",
        "lesmateriaal",
        "coaching",
        "club",
        "festival",
    ),
    *("zomerschool", "theaterles", "excursie", "challenge", "spreekuur", "maatjesproject", "lesweek", "escaperoom"),
)
KINDS = (
    "Stichting",
    "Vereniging",
    "Fonds",
    "Bureau",
    "Academie",
    "Huis van",
    "Netwerk",
    "Atelier",
    "Platform",
    "Instituut",
)
FIRST_CHECK = date(2025, 9, 1)


def make_catalogue(size: int, knowledge: Knowledge) -> Catalogue:
    """The starter, or a catalogue of `size` offers that looks like it."""
    starter = knowledge.starter()
    return starter if size == STARTER_SIZE else _Maker(size, knowledge, starter).catalogue()


class _Maker:
    def __init__(self, size: int, knowledge: Knowledge, starter: Catalogue) -> None:
        self.size = size
        # Seeded by the size: a larger catalogue is another one, not a smaller one with more behind it.
        self.random = random.Random(f"offers-{size}")  # noqa: S311  # no secret: always the same on purpose
        self.samples = starter.offers
        self.sentences = [offer.summary.rstrip(".").split(" ") for offer in starter.offers if offer.summary]
        self.themes = sorted({theme for offer in starter.offers for theme in offer.themes})
        # What the vocabulary knows as a theme, in one word: for titles and keywords.
        self.subjects = sorted(
            {word for theme in knowledge.vocabulary.themes.values() for word in theme.words if word.isalpha()}
        )
        self.words = sorted({word.strip(",.()") for sentence in self.sentences for word in sentence if len(word) > 4})
        self.rare = self._rare_words()
        towns = [
            place
            for place in knowledge.gazetteer.places.values()
            if place.kind in ("gemeente", "plaats") and place.size
        ]
        # Only names that an import would take: one place, and no second reading.
        self.places = [place.label for place in towns if len(knowledge.gazetteer.names.get(fold(place.label), ())) == 1]
        sizes = {place.label: place.size for place in towns}
        self.weights = list(accumulate(sizes[label] for label in self.places))
        share = len(starter.providers) / len(starter.offers)
        self.providers = list(self._providers(max(1, round(size * share))))

    def _rare_words(self) -> list[str]:
        lines = gzip.decompress((DATA / "dutch-words.txt.gz").read_bytes()).decode().split("\n")
        words = [line for line in lines if 6 <= len(line) <= 14 and line.isalpha()]
        return self.random.sample(words, min(RARE_WORDS, len(words)))

    def catalogue(self) -> Catalogue:
        return Catalogue(tuple(self._offers()), tuple(self.providers), version=1)

    def _providers(self, count: int) -> Iterator[Provider]:
        for number in range(count):
            kind, subject, place = self._pick(KINDS), self._pick(self.subjects).capitalize(), self._place()
            # Most names differ by themselves; a number does for the rest, as branches of one organisation.
            name = f"{kind} {subject} {place}" if number % 3 else f"{subject}{self._pick(self.rare)} {number}"
            aliases = (f"{subject} {place} {number}",) if number % 5 == 0 else ()
            yield Provider(f"{name} {number}" if number % 3 else name, Relation.UNKNOWN, aliases)

    def _offers(self) -> Iterator[Offer]:
        ids: set[str] = set()
        titles: set[tuple[str, str]] = set()
        for _ in range(self.size):
            sample, provider = self._pick(self.samples), self._pick(self.providers).name
            title = self._title()
            while (provider, title) in titles:
                title = self._title()
            titles.add((provider, title))
            yield replace(
                sample,
                id=self._id(ids),
                provider=provider,
                title=title,
                summary=self._summary(),
                themes=tuple(self._some(self.themes, 1, 4)),
                keywords=tuple(self._some(self.subjects, 1, 3) + self._some(self.rare, 0, 2)),
                places=self._places(),
                settings=self._pick(self.samples).settings,
                cost=self._pick(self.samples).cost if self.random.random() < 0.5 else self._pick(tuple(Cost)),
                volunteers=self._pick(self.samples).volunteers,
                checked_on=FIRST_CHECK + timedelta(days=self.random.randrange(400))
                if self.random.random() < 0.7
                else None,
                checked_by="SKB",
            )

    def _title(self) -> str:
        subject, shape = self._pick(self.subjects), self._pick(SHAPES)
        forms = (
            f"{subject.capitalize()} {shape}",
            f"{shape.capitalize()} {subject} {self._pick(self.rare)}",
            f"{self._pick(self.rare).capitalize()} {self._pick(self.rare)}",
            f"{self._pick(self.rare).capitalize()}: {subject} in de klas",
            f"{shape.capitalize()} {self._pick(self.words)} {self._place()}",
        )
        return self._pick(forms)

    def _summary(self) -> str:
        """The beginning of one sentence, the end of another, and something of its own between."""
        first, last = self._pick(self.sentences), self._pick(self.sentences)
        own = [*self._some(self.subjects, 1, 2), *self._some(self.rare, 1, 3)]
        return " ".join([*first[: len(first) // 2], *own, *last[len(last) // 2 :]]) + "."

    def _places(self) -> tuple[str, ...]:
        chance = self.random.random()
        if chance < 0.4:  # as in the starter: two of five come to every school
            return (NATIONWIDE,)
        if chance < 0.43:
            return ()
        here = dict.fromkeys(self._place() for _ in range(self._pick((1, 1, 1, 2, 3, 8))))
        return (*here, NATIONWIDE) if chance > 0.9 else tuple(here)

    def _place(self) -> str:
        return self.random.choices(self.places, cum_weights=self.weights)[0]

    def _id(self, taken: set[str]) -> str:
        while (made := "".join(self.random.choices(ID_ALPHABET, k=8))) in taken:
            pass
        taken.add(made)
        return made

    def _some(self, values: list[str], least: int, most: int) -> list[str]:
        return self.random.sample(values, self.random.randint(least, most))

    def _pick(self, values: Sequence[T]) -> T:
        return values[int(self.random.random() * len(values))]
