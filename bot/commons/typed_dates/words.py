"""The words of typed dates, each brought to one spelling: "Dinsdg 1e v/d mnd." to "dinsdag 1 e van de maand"."""

from collections.abc import Iterator
from functools import lru_cache
import re
import unicodedata

from rapidfuzz.distance import OSA

from bot.commons.dates import MONTH_NUMBERS, MONTHS, WEEKDAYS

__all__ = ["MONTH", "PARTS_OF_A_DAY", "WEEKDAY", "unified"]

WEEKDAY = f"(?:{'|'.join(WEEKDAYS)})"
MONTH = f"(?:{'|'.join(MONTHS)})"
PARTS_OF_A_DAY = ("ochtend", "middag", "avond", "nacht")

_NUMBERS = (
    *("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf", "dertien"),
    *("veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien", "twintig"),
    *(f"{one}entwintig" for one in ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen")),
    *("dertig", "eenendertig"),
)
_ODD_ORDINALS = {1: "eerste", 3: "derde", 8: "achtste"}

_SPELLINGS = {
    "maandag": "ma",
    "dinsdag": "di",
    "woensdag": "wo",
    "donderdag": "do",
    "vrijdag": "vr vrydag",
    "zaterdag": "za",
    "zondag": "zo",
    "week": "weken weekje wk",
    "dag": "dagen",
    "maand": "maanden mnd",
    "jaar": "jaren",
    "uur": "uren u h uurtje",
    "min": "minuut minuten",
    "kwartier": "kwartiertje",
    "e": "ste",
    "volgende": "volgend",
    "komende": "komend aanstaande aankomende aankomend eerstvolgende eerstkomende as",
    "deze": "dit",
    "vorige": "vorig afgelopen",
    "vanaf": "miv",
    "tm": "tem",
    "eind": "einde",
    "half": "medio midden",
    "weekend": "weekeinde",
    "vandaag": "nu",
    "ochtend": "ochtends morgens sochtends smorgens",
    "middag": "middags smiddags",
    "avond": "avonds savonds",
    "nacht": "nachts snachts",
    "vandaag ochtend": "vanochtend vanmorgen",
    "vandaag middag": "vanmiddag",
    "vandaag avond": "vanavond",
    "morgen ochtend": "morgenochtend morgenvroeg",
    "morgen middag": "morgenmiddag",
    "morgen avond": "morgenavond",
    "hemelvaart": "hemelvaartsdag",
    "nieuwjaar": "nieuwjaarsdag",
    "oudjaar": "oudjaarsdag oudejaarsdag oudejaarsavond",
    "kerst": "kerstmis",
    "pasen": "paasdag",
    "pinksteren": "pinksterdag",
    "voorjaarsvakantie": "krokusvakantie carnavalsvakantie",
}
_OTHERS = (
    "morgen overmorgen gisteren eergisteren over voor kwart laatste begin tot tussen van en op om het de den in rond "
    "naar na vakantie herfstvakantie kerstvakantie meivakantie zomervakantie kerstdag koningsdag bevrijdingsdag goede "
    "sinterklaas kerstavond paasmaandag pinkstermaandag"
)


def _known() -> Iterator[tuple[str, str]]:
    for name, number in MONTH_NUMBERS.items():
        yield name, MONTHS[number - 1]
    for one, spellings in _SPELLINGS.items():
        for spelling in spellings.split():
            yield spelling, one
        if " " not in one:
            yield one, one
    for word in _OTHERS.split():
        yield word, word
    for number, word in enumerate(_NUMBERS, 1):
        yield word, str(number)
        yield _ODD_ORDINALS.get(number) or f"{word}{'de' if number < 20 else 'ste'}", f"{number} e"
    for weekday in WEEKDAYS:
        for spelling, part in (*((part, part) for part in PARTS_OF_A_DAY), ("morgen", "ochtend")):
            yield weekday + spelling, f"{weekday} {part}"


_WORDS = dict(_known())

# Numbers are left alone: one that is guessed wrongly looks just as good.
_REPAIRED = tuple(
    word
    for word, spelling in _WORDS.items()
    if word in WEEKDAYS or spelling in MONTHS or (len(word) > 7 and not spelling[0].isdigit())
)

_QUOTES = {ord(quote): None for quote in "'’‘ʼ`´′"} | dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_BEFORE_WORDS = (
    (re.compile(r"[,;()!?\"“”]"), " "),
    (re.compile(r"(?<=[a-z])\.|\.(?![0-9])"), ""),  # "nov.", "a.s.", "10.30 uur."
    (re.compile(r"\bt/m\b"), "tm"),
    (re.compile(r"\bv/?d\b"), "van de"),
    (re.compile(r"(?<=[0-9])(?:ste|de|e)\b"), " e"),
    (re.compile(r"(?<=[0-9])t(?=[0-9])"), " "),  # 2026-11-30T09:30
    (re.compile(r"([0-9])-([a-z]+)-([0-9])"), r"\1 \2 \3"),  # 31-dec-26
    (re.compile(r"(?<=[0-9])-(?=[a-z])|(?<=[a-z])-(?=[0-9]{4}\b)"), " "),
    (re.compile(r"(?<![0-9])-|-(?![0-9])"), " - "),
    (re.compile(r"(?<=[0-9])(?=[a-z])|(?<=[a-z])(?=[0-9])"), " "),
    (re.compile(r"[/:](?![0-9])|(?<![0-9])[/:]"), " "),
)
_AFTER_WORDS = (
    (re.compile(r"\bs (?=ochtend|middag|avond|nacht)"), ""),  # 's ochtends
    (re.compile(r"\btot (?:en (?:met )?)?(?:tm|met)\b"), "tm"),
    (re.compile(r"\bvanaf (?=.* (?:tot|tm) )"), "van "),
    (re.compile(r"\bover morgen\b"), "overmorgen"),
    (re.compile(rf"({WEEKDAY}) morgen\b"), r"\1 ochtend"),
)


def unified(text: str) -> str:
    """The text with lower case, single blanks, figures for numbers ("2 week", "1 e"), one spelling a word.

    What is no word of dates stays as it was typed.
    """
    text = unicodedata.normalize("NFD", text.lower())
    text = "".join(sign for sign in text if unicodedata.category(sign) not in ("Mn", "Cf")).translate(_QUOTES)
    for pattern, replacement in _BEFORE_WORDS:
        text = pattern.sub(replacement, text)
    text = " ".join(_one_spelling(word) for word in text.split())
    for pattern, replacement in _AFTER_WORDS:
        text = pattern.sub(replacement, text)
    return text


def _one_spelling(word: str) -> str:
    return _WORDS.get(word) or (_repaired(word) if 5 <= len(word) <= 20 and word.isalpha() else word)


@lru_cache(maxsize=1024)
def _repaired(word: str) -> str:
    """The one word of dates that is nearly this, or the word itself."""
    most = 1 if len(word) < 8 else 2
    near: dict[int, set[str]] = {}
    for known in _REPAIRED:
        alike = known[0] == word[0] or sorted(known[:2]) == sorted(word[:2])
        if alike and len(known) > 3 and (distance := OSA.distance(word, known, score_cutoff=most)) <= most:
            near.setdefault(distance, set()).add(_WORDS[known])
    nearest = near[min(near)] if near else set()
    return nearest.pop() if len(nearest) == 1 else word
