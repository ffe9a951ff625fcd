"""What one cell of somebody's list says: texts, lists, words to choose from, costs, days and addresses.

A reader takes the text of a cell, as `tables` cleans it, and gives a Value; or raises Misread, a sentence for who mends
the list. For whom an offer is and where stand apart: audience.py and whereabouts.py.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, wraps
import re
from types import MappingProxyType
from typing import Any

from bot.commons.dates import read_day
from bot.commons.places import Gazetteer
from bot.commons.words import fold
from bot.search.catalogue import ID_PATTERN, Cost, Status
from bot.search.vocabulary import Vocabulary

__all__ = [
    "COSTS",
    "STATUSES",
    "Knowledge",
    "Misread",
    "Reader",
    "Value",
    "cost",
    "day_text",
    "full_until",
    "is_cross",
    "is_nothing",
    "joined",
    "line",
    "link",
    "nearest",
    "offer_id",
    "parts",
    "remembered",
    "says_nothing",
    "short",
    "status",
    "text_of",
    "volunteers",
    "words_in",
]

LONGEST_LINE, LONGEST_TEXT = 200, 4000
SHOWN = 80
"""How much of a cell is quoted when something is wrong with it."""
REMEMBERED = 4096
"""Cells that a reader remembers: lists are long, but what stands in most of their columns is not very varied."""


class Misread(ValueError):  # noqa: N818  # nothing failed: the cell has to be mended
    """In Dutch: what is wrong with the cell, and how to mend it."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Knowledge:
    """The words and places that make sense of a list. Equal only to itself: what readers remember goes by it."""

    vocabulary: Vocabulary
    gazetteer: Gazetteer


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell says: fields of an offer, and what is worth knowing about how it was read (in Dutch)."""

    fields: Mapping[str, Any]
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", MappingProxyType(dict(self.fields)))  # readers remember and share it


Reader = Callable[[str, Knowledge], Value]


def remembered(read: Reader) -> Reader:
    """The same reader, remembering what it made of the last few thousand texts."""

    @lru_cache(maxsize=REMEMBERED)
    def outcome(text: str, knowledge: Knowledge) -> Value | str:
        try:
            return read(_checked(text, LONGEST_TEXT), knowledge)
        except Misread as misread:
            return str(misread)

    @wraps(read)
    def again(text: str, knowledge: Knowledge) -> Value:
        found = outcome(text, knowledge)
        if isinstance(found, str):
            raise Misread(found)
        return found

    return again


# What many readers need


def words_in(text: str) -> frozenset[str]:
    """A table of words, written as "one two|several words": single words first, phrases behind strokes."""
    single, *phrases = text.split("|")
    return frozenset((*single.split(), *phrases))


_YES = words_in("x xx ja j yes y 1 ✓ ✔ ✅ ☑ ☒ √ v waar true wel")
_NO = words_in("- – — nee n no 0 onwaar false niet ☐ ✗ ✘ ❌ geen") | {""}
_NOTHING = words_in(
    "nvt na n/a ? ?? onbekend geen leeg nnb nntb ntb null volgt tbd unknown none todo|n v t|niet van toepassing"
    "|nog onbekend|niet bekend|nog niet bekend|volgt nog|nog invullen"
)
_BULLET = re.compile(r"^(?:[-–—*•▪●◦·‣]+|\d{1,2}[.)])\s+")
_SIGNS = re.compile(r"[•▪●|]")


def is_cross(text: str) -> bool | None:
    """Whether a cell below a heading such as "PO" says yes (x, ja, 1, ✓) or no (empty, nee, 0); None: neither."""
    said = text.strip().strip("().! ").lower() or text.strip()
    return True if said in _YES else False if said in _NO else None


def is_nothing(text: str) -> bool:
    """Whether a cell is empty, or has a dash to say that it is, or what a database writes."""
    return not text.strip(" \t\n-–—_.") or text in ("NULL", "\\N")


def says_nothing(text: str) -> bool:
    """Whether the words of a cell say that there is nothing to say: "n.v.t.", "onbekend", "?"."""
    return fold(text).replace(".", "").strip("()! ") in _NOTHING


def parts(text: str, between: str = ",") -> tuple[str, ...]:
    """The parts of a list, each once. A semicolon or a line break separates, and if there is none a comma does (or what
    else matches `between`), outside brackets.
    """
    if "\n" in text:
        found = [_BULLET.sub("", part.strip()) for part in re.split(r"[;\n]", text)]
    elif ";" in text:
        found = text.split(";")
    else:
        found = re.split(rf"(?:{between}|{_SIGNS.pattern})(?![^()]*\))", text)
    return tuple(dict.fromkeys(part for one in found if (part := one.strip())))


def joined(texts: Iterable[str], between: str = ",") -> str:
    """The parts as one text that `parts` takes apart again."""
    said = tuple(texts)
    text = "; ".join(said)
    return text if parts(text, between) == said else f"{text};"


def nearest(text: str, choices: Mapping[str, str], least: float = 75) -> str:
    """What was meant by a text that is nearly one of the (folded) keys; empty when nothing is like it."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(fold(text), choices.keys(), scorer=fuzz.ratio, score_cutoff=least)
    return choices[found[0]] if found else ""


def short(text: str) -> str:
    """The text as it is quoted in a sentence."""
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= SHOWN else f"{one_line[: SHOWN - 1].rstrip()}…"


def _checked(text: str, longest: int) -> str:
    """The text; raises Misread when it is too long."""
    if len(text) > longest:
        said = f"“{short(text)}” is te lang ({len(text)} tekens). Maak er hoogstens {longest} tekens van."
        raise Misread(said)
    return text


# Texts


def text_of(name: str) -> Reader:
    """A reader of free text."""

    def read(text: str, _: Knowledge) -> Value:
        return Value({name: "" if is_nothing(text) else _checked(text.strip(), LONGEST_TEXT)})

    return read


def line(name: str) -> Reader:
    """A reader of a name: one line, not long."""

    def read(text: str, _: Knowledge) -> Value:
        return Value({name: "" if is_nothing(text) else _checked(" ".join(text.split()), LONGEST_LINE)})

    return read


def offer_id(text: str, _: Knowledge) -> Value:
    """The id of an offer of the list; nobody makes one up."""
    said = "" if is_nothing(text) else text.strip().lower()
    if said and not ID_PATTERN.fullmatch(said):
        raise Misread(
            f"“{short(text)}” is geen id uit de lijst. Laat de cel leeg: het programma krijgt vanzelf een id. "
            'Is de hele kolom een eigen nummer? Geef dan --columns "(kop van de kolom)=-".'
        )
    return Value({"id": said})


# Words to choose from

STATUSES = {
    Status.ACTIVE: "actief",
    Status.PILOT: "proef",
    Status.FULL: "vol",
    Status.ENDED: "gestopt",
    Status.HIDDEN: "verborgen",
}
_STATUS_WORDS = {
    word: status
    for status, words in {
        Status.ACTIVE: "actief active lopend lopende loopt doorlopend beschikbaar open nieuw bestaand ja x"
        "|in uitvoering",
        Status.PILOT: "proef pilot pilotfase proefproject proefperiode experiment test|in ontwikkeling",
        Status.FULL: "vol volgeboekt full wachtlijst|vol geboekt|geen plek|geen plaats",
        Status.ENDED: "gestopt beeindigd vervallen ended inactief inactive afgerond afgelopen afgesloten gesloten"
        " stopgezet opgeheven gestaakt stopt nee|niet actief|niet meer actief|niet meer beschikbaar|stopt ermee",
        Status.HIDDEN: "verborgen hidden onzichtbaar concept intern|niet tonen|niet zichtbaar|niet publiceren",
    }.items()
    for word in words_in(words)
}
_FULL_UNTIL = re.compile(r"vol(?:geboekt)?\s*(?:,|\()?\s*(?:t/m|tot(?: en met)?)\s+(.+?)\)?", re.IGNORECASE)


def status(text: str, knowledge: Knowledge) -> Value:
    """Whether an offer runs; "vol tot 1 mei 2027" says until when it is full as well."""
    if is_nothing(text):
        return Value({"status": Status.ACTIVE})
    if found := _STATUS_WORDS.get(fold(text).strip("().! ")):
        return Value({"status": found})
    if until := _FULL_UNTIL.fullmatch(text.strip()):
        return Value({"status": Status.FULL, **full_until(until[1], knowledge).fields})
    raise Misread(f"“{short(text)}” is geen status. Kies uit: {', '.join(STATUSES.values())}.")


def volunteers(text: str, _: Knowledge) -> Value:
    """Whether an offer works with volunteers."""
    if is_nothing(text) or fold(text).strip("?. ") in ("", "onbekend", "niet bekend"):
        return Value({"volunteers": None})
    said = is_cross(text)
    if said is None:
        raise Misread(
            f"“{short(text)}” is niet duidelijk: werkt het met vrijwilligers? Schrijf ja of nee, of laat leeg."
        )
    return Value({"volunteers": said})


# Costs

COSTS = {Cost.FREE: "gratis", Cost.PAID: "kost geld", Cost.UNKNOWN: "niet bekend"}
_FREE = words_in(
    "gratis kosteloos geen nee nul nihil free n no|geen kosten|zonder kosten|free of charge|kost niets|kost niks"
    "|er zijn geen kosten|geen eigen bijdrage|geen kosten aan verbonden|gratis aanbod"
)
_PAID = words_in("betaald ja paid kosten betalen j x yes|kost geld|met kosten|tegen betaling|niet gratis")
_NOT_KNOWN = words_in("unknown|niet bekend|kosten onbekend|kosten niet bekend|geen idee|weet niet")
_ONLY_AMOUNT = re.compile(r"(€|eur|euro)?\s*(\d{1,7}(?:\.\d{3})*(?:[.,]\d{1,2})?)(?:,?\s?[-–=]+)?\s*(€|eur|euro)?")
_AMOUNT = re.compile(
    r"(?:€|\beuro?s?\b)\s*(\d[\d.,]*)|(\d[\d.,]*)\s*(?:[-–=]{1,2}\s*)?(?:€|\beuro?s?\b|,[-–=])", re.IGNORECASE
)
_BARE_AMOUNT = re.compile(
    r"(?:vanaf|ca\.?|circa|max\.?|maximaal|ongeveer|±)?\s*(\d[\d.,]*)\s*(?:(?:-|–|tot)\s*(\d[\d.,]*))?\s*(?:(?:per|p\.?p|p/).*)?"
)
"""What nobody calls an amount when it stands below "Kosten"."""
_WORTH = re.compile(r"\b(waarde|t\.?w\.?v)\b")
_SAYS_FREE = re.compile(r"\b(gratis|kosteloos|kosteloze|free of charge|(geen|zonder) (eigen )?(kosten|bijdrage))\b")
_SAYS_PAID = re.compile(
    r"\b(betaalde?|betalen|betaling|eigen bijdrage|leerlingbijdrage|schoolbijdrage|kost geld)\b|^ja\b"
)
_PERHAPS = re.compile(
    r"\b(niet|tenzij|soms|deels|gedeeltelijk|meestal|vaak|behalve|eerste|afhankelijk|misschien|eventueel|vrijwillige?|of"
    r"|mogelijk|anders|daarna|uitgezonderd|bekend|onbekend|leden|in overleg|op aanvraag)\b"
)


@remembered
def cost(text: str, _: Knowledge) -> Value:
    """What a school or family pays, and in words what is more than that."""
    said = " ".join(fold(text).strip("().!? ").split())
    note = text.strip()
    if said in _FREE:
        return Value({"cost": Cost.FREE})
    if said in _PAID:
        return Value({"cost": Cost.PAID})
    if is_nothing(text) or said in _NOT_KNOWN or says_nothing(text) or not said:
        return Value({"cost": Cost.UNKNOWN})
    if only := _ONLY_AMOUNT.fullmatch(note.lower()):
        if not only[2].strip("0.,"):
            return Value({"cost": Cost.FREE})
        return Value({"cost": Cost.PAID, "cost_note": note if only[1] or only[3] else f"€ {_amount(only[2])}"})
    return Value({"cost": _cost_of(note.lower(), said), "cost_note": note})


def _cost_of(text: str, said: str) -> Cost:
    """What a longer text about money comes down to. Free only when it says so without more ado."""
    amounts = ["".join(found) for found in _AMOUNT.findall(text)]
    if bare := _BARE_AMOUNT.fullmatch(text):
        amounts += filter(None, bare.groups())
    is_gift = _WORTH.search(text) and _SAYS_FREE.search(said)
    if amounts and not is_gift:
        return Cost.PAID if any(amount.strip("0.,") for amount in amounts) else Cost.FREE
    if _SAYS_FREE.search(said):
        return Cost.UNKNOWN if _PERHAPS.search(said) else Cost.FREE
    return Cost.PAID if _SAYS_PAID.search(said) and not _PERHAPS.search(said) else Cost.UNKNOWN


def _amount(digits: str) -> str:
    """The amount as it is written in Dutch; what a spreadsheet calls 12.5 is 12,50."""
    if match := re.fullmatch(r"(\d+)\.(\d{1,2})", digits):
        return f"{match[1]},{match[2]:0<2}"
    return digits


# Days and addresses

_WITH_SCHEME = re.compile(r"https?://[^\s/.]+(\.[^\s/.]+)+\.?(:\d+)?([/?#]\S*)?", re.IGNORECASE)
_BARE = re.compile(r"[\w-]+(\.[\w-]+)*\.[a-z]{2,24}(:\d+)?([/?#]\S*)?", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@/]+@[^\s@/]+\.[^\s@/]+")


def day_text(moment: date | None) -> str:
    """The day as it stands in a list: "31-12-2026"."""
    return f"{moment:%d-%m-%Y}" if moment else ""


def full_until(text: str, _: Knowledge) -> Value:
    """Until which day an offer is full."""
    if is_nothing(text) or says_nothing(text):
        return Value({"full_until": None})
    try:
        return Value({"full_until": read_day(text)})
    except ValueError:
        said = f"“{short(text)}” is geen dag. Schrijf dag-maand-jaar, bijvoorbeeld 31-12-2026."
        raise Misread(said) from None


@remembered
def link(text: str, _: Knowledge) -> Value:
    """The web address where more can be read."""
    if is_nothing(text) or says_nothing(text):
        return Value({"link": ""})
    if _WITH_SCHEME.fullmatch(text.strip()):
        return Value({"link": text.strip()})
    words = [word.strip("<>()[],;\"'") for word in re.split(r"[\s;,]+", text)]
    found = list(dict.fromkeys(address for word in words if (address := _address(word))))
    if not found:
        what = "een e-mailadres" if _EMAIL.search(text) else "geen webadres"
        hint = " Zet het bij Contact." if what == "een e-mailadres" else ""
        raise Misread(f"“{short(text)}” is {what}. Schrijf hier een webadres, zoals https://www.voorbeeld.nl.{hint}")
    said = f"“{short(text)}” is meer dan één webadres; we nemen het eerste: {found[0]}."
    said = said if len(found) > 1 else f"We nemen alleen het webadres uit “{short(text)}”: {found[0]}."
    # What was only completed ("www.move.nl") needs no remark.
    return Value({"link": found[0]}, () if len([word for word in words if word]) == 1 else (said,))


def _address(word: str) -> str:
    """The word as a web address; empty when it is none."""
    bare = word.rstrip(".")
    if _WITH_SCHEME.fullmatch(bare):
        return bare
    return f"https://{bare}" if _BARE.fullmatch(bare) and "@" not in bare else ""
