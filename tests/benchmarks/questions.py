"""Four hundred questions to measure time with, always the same: what people asked, and variations of it."""

from collections.abc import Callable, Sequence
import random

from bot.commons.words import tokens
from tests.benchmarks.knowledge import Knowledge
from tests.benchmarks.measures import read_questions
from tests.benchmarks.relevance import QUESTION_FILES

__all__ = ["varied_questions"]

HOW_MANY = 400
AUDIENCES = (
    "po",
    "vo",
    "mbo",
    "groep 7",
    "brugklas",
    "3 havo",
    "vmbo kader",
    "isk",
    "bovenbouw",
    "kleuters",
    "pro",
    "hbo",
)
OTHERS = ("dankjewel!", "wat kost een ov-kaart", "hoi", "alles", "gratis", "iets voor in het weekend", "123", "?", "")
LONG = 12
"""Questions in the two longest texts: somebody forwards a mail."""


def varied_questions(knowledge: Knowledge) -> list[str]:
    """Practice questions, the same elsewhere or for others, with typing errors; two whole mails; some that are none."""
    asked = [question.text for path in QUESTION_FILES for question in read_questions(path)]
    chance = random.Random("questions")  # noqa: S311  # no secret: always the same on purpose
    ways = (_elsewhere(knowledge, chance), _for_others(chance), _mistyped(chance), _about_something(knowledge, chance))
    mails = [". ".join(chance.sample(asked, LONG)) for _ in range(2)]
    made = dict.fromkeys((*asked, *mails, *OTHERS))
    while len(made) < HOW_MANY:
        for way in ways:
            made[way(chance.choice(asked))] = None
    return list(made)[:HOW_MANY]


Way = Callable[[str], str]


def _elsewhere(knowledge: Knowledge, chance: random.Random) -> Way:
    """With another place: instead of the one it names, or behind it."""
    names = sorted(name for name in knowledge.gazetteer.names if name not in knowledge.gazetteer.everyday)
    known = knowledge.gazetteer.names

    def change(text: str) -> str:
        kept = [
            token.typed
            for token in tokens(text)
            if token.text not in known or token.text in knowledge.gazetteer.everyday
        ]
        return " ".join([*kept, chance.choice(names)])

    return change


def _for_others(chance: random.Random) -> Way:
    return lambda text: f"{chance.choice(AUDIENCES)} {text}"


def _mistyped(chance: random.Random) -> Way:
    """With a typing error in one of its longer words."""

    def change(text: str) -> str:
        words = text.split(" ")
        long = [at for at, word in enumerate(words) if len(word) > 5]
        if long:
            at = chance.choice(long)
            words[at] = _typo(words[at], chance)
        return " ".join(words)

    return change


def _typo(word: str, chance: random.Random) -> str:
    """The word with a letter dropped, doubled, replaced, or swapped with the next."""
    at = chance.randrange(1, len(word) - 1)
    return chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + chance.choice("aeiounrst") + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )


def _about_something(knowledge: Knowledge, chance: random.Random) -> Way:
    """A short question of our own: a theme's word, an audience, a place."""
    subjects = sorted(word for theme in knowledge.vocabulary.themes.values() for word in theme.words)
    places: Sequence[str] = sorted(
        place.label for place in knowledge.gazetteer.places.values() if place.kind == "gemeente"
    )
    return lambda _: f"{chance.choice(subjects)} {chance.choice(AUDIENCES)} {chance.choice(places)}"
