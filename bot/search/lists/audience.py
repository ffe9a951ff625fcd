"""For whom an offer is, as people write it in a cell: sectors, groups and classes, or both in words of their own.

What is kept are phrases of the notation of `grades.parse_grades`, one for each statement (phrasing.py); what is in that
notation already stays as it is.
"""

from dataclasses import dataclass
from functools import lru_cache
import re

from bot.commons.words import fold
from bot.search.catalogue import Sector
from bot.search.grades import parse_grades
from bot.search.lists.joining import Statement, sectors_of
from bot.search.lists.phrasing import Said, read_audience
from bot.search.lists.values import (
    Knowledge,
    Misread,
    Value,
    is_nothing,
    nearest,
    parts,
    remembered,
    says_nothing,
    short,
)

__all__ = ["audience", "grades", "sector_cross", "sectors", "with_unit"]

EXAMPLES = "“groep 7-8”, “klas 1-2”, “vmbo 3”, “havo/vwo bovenbouw”, “mbo 2-4”, “8-12 jaar” of “docenten”"
SECTORS = ", ".join(Sector)
OLDEST = 27
"""The oldest somebody is in a programme for schools, as in `grades`."""

_BETWEEN = r"\s*(?:-|–|/|t/m|tm|tot en met|tot|en|,|\+|&)\s*"
_NUMBERS = re.compile(rf"(\d{{1,2}})(?:{_BETWEEN}(\d{{1,2}}))*\s*\+?", re.IGNORECASE)
_MONTHS = "jan|feb|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec|mar|may|oct"
_MONTH_NUMBERS = dict(zip(_MONTHS.split("|"), (*range(1, 13), 3, 5, 10), strict=True))
_DATE = re.compile(
    rf"(groep |klas |mbo niveau )?(?:(\d{{4}})-(\d\d)-(\d\d)|(\d\d?)[- ]({_MONTHS})\.?|({_MONTHS})[- ](\d\d?)"
    r"|(\d\d?)-(\d\d?)-\d{4})( jaar)?",
    re.IGNORECASE,
)
_WORD = (
    "groep|klas|leerjaar|niveau|jaar|peuters|onderbouw|middenbouw|bovenbouw|basisschool|vmbo|basis|kader|gl|tl|havo|vwo|isk"
    "|praktijkonderwijs|hbo|wo|mbo|docenten"
)
_NOTATION = re.compile(
    rf"(?:(?:{_WORD}|\d{{1,2}}-\d{{1,2}}|\d{{1,2}}|en|t/m)(?:[ /]|-(?=\D)|$))+|"
    r"(?:po|so|vo|vso|ho)|(?:onder|boven)bouw (?:po|vo)"
)
"""The notation as README.md of the data shows it: what reads well on a card. What else `parse_grades` knows, such as
"gr. 7/8" and "5v", is put in these words.
"""
_BASIS = re.compile(r"(?:^|(?<=[,;/\n+&]))\s*basis\s*(?=$|[,;/\n+&])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Phrased:
    """What a text says, in the notation of an offer."""

    said: Said
    named: tuple[Sector, ...]
    implied: tuple[Sector, ...]
    """The sectors of all that is said."""
    phrases: tuple[str, ...]
    impossible: str
    """What does not exist, such as "vmbo klas 5"."""


@lru_cache(maxsize=4096)
def _phrased(text: str, knowledge: Knowledge) -> _Phrased:
    said = read_audience(text, knowledge)
    named = tuple(dict.fromkeys(sector for one in said.statements for sector in one.sectors))
    implied = (sector for one in said.statements for sector in (*one.sectors, *_in_order(sectors_of(one))))
    phrases: dict[str, None] = {}
    impossible = ""
    for statement in said.statements:
        for phrase in _phrases(statement):
            try:
                parse_grades(phrase)
            except ValueError:
                impossible = impossible or phrase
            else:
                phrases[phrase] = None
    return _Phrased(said, named, tuple(dict.fromkeys(implied)), tuple(phrases), impossible)


def _in_order(sectors: set[Sector]) -> list[Sector]:
    return [sector for sector in Sector if sector in sectors]


def _phrases(statement: Statement) -> list[str]:
    """A statement in the notation: nothing for one that only names a sector."""
    reading = statement.reading
    if reading.parts and statement.is_years and not reading.years:
        where = [" basisschool"] * (Sector.PO in statement.sectors) + [" vo"] * (Sector.VO in statement.sectors)
        return [f"{part}{sector}" for part in sorted(reading.parts, reverse=True) for sector in where or [""]]
    return [label.lower() for label in reading.labels()]


def _with_whole_sectors(found: _Phrased) -> tuple[str, ...]:
    """The phrases, and beside them each sector that was named and has no phrase of its own: "groep 8 en VO"."""
    covered = {sector for one in found.said.statements if one.reading for sector in sectors_of(one)}
    whole = (sector.lower() for sector in found.named if sector not in covered)
    return (*found.phrases, *whole) if found.phrases else ()


# The readers


@remembered
def sectors(text: str, knowledge: Knowledge) -> Value:
    """The sectors, and the grades where the cell names those as well: "VO (vmbo bovenbouw)"."""
    if is_nothing(text) or says_nothing(text):
        return Value({"sectors": ()})
    said = text if re.search(r"vmbo|kader", text, re.IGNORECASE) else _BASIS.sub(" PO ", text)
    found = _phrased(said, knowledge)
    if found.said.denied:
        raise Misread(_denied(text))
    if found.said.everyone and not found.implied:
        raise Misread(f"“{short(text)}” is niet duidelijk. Noem de sectoren, bijvoorbeeld: PO; VO; MBO.")
    if found.said.unread or found.impossible or not found.implied:
        raise Misread(_no_sector(text, knowledge))
    fields: dict[str, tuple[str, ...]] = {"sectors": found.implied}
    if phrases := _with_whole_sectors(found):
        fields["grades"] = phrases
    return Value(fields)


@remembered
def grades(text: str, knowledge: Knowledge) -> Value:
    """The grades in the notation of an offer; `implied` has the sectors that they are of."""
    if is_nothing(text) or says_nothing(text):
        return Value({"grades": (), "implied": ()})
    said, remarks = _undated(text)
    phrases: dict[str, None] = {}
    implied: dict[Sector, None] = {}
    for part in parts(said, between="(?!)"):
        piece = _with_meaning(part)
        found = _phrased(piece, knowledge)
        _complain(part, found)
        own = _with_whole_sectors(found) or tuple(sector.lower() for sector in found.implied)
        phrases.update(dict.fromkeys(own if _says_more(found) else _as_it_is(piece, own)))
        implied.update(dict.fromkeys(found.implied))
        if not own:
            remarks.append(f"“{short(part)}” laten we leeg: dan is het voor de hele sector.")
            implied.update({Sector.PO: None} if "groep" in part.lower() else {})
        elif _says_more(found) or (piece != part and said == text):
            remarks.append(f"“{short(part)}” lezen we als: {', '.join(own)}.")
    return Value({"grades": tuple(phrases), "implied": tuple(implied)}, tuple(remarks))


@remembered
def audience(text: str, knowledge: Knowledge) -> Value:
    """Sectors and grades from free words. What says more than these stays whole, in `for_whom`; nothing gets lost."""
    if is_nothing(text):
        return Value({})
    said, remarks = _undated(text.strip())
    found = _phrased(_with_meaning(said), knowledge)
    fields: dict[str, object] = {}
    if found.implied:
        fields["sectors"] = found.implied
    if phrases := _with_whole_sectors(found):
        fields["grades"] = phrases
    if not fields:
        remarks.append(f"In “{short(text)}” lezen we geen sector, groep of klas. De tekst komt bij “Vooral voor”.")
    if not fields or _says_more(found) or found.said.unread or found.said.denied or found.impossible:
        fields["for_whom"] = text.strip()
    return Value(fields, tuple(remarks))


def sector_cross(heading: str, knowledge: Knowledge) -> str | None:
    """For whom a heading is that has crosses below it: "PO", "vmbo", "groep 1-4"; None for other headings."""
    found = _phrased(_with_meaning(heading), knowledge)
    if found.said.unread or found.said.denied or found.impossible:
        return None
    return "; ".join(_with_whole_sectors(found) or found.implied) or None


def with_unit(heading: str, text: str) -> str:
    """What bare numbers mean below their heading: "5/6" below "Groep" is "groep 5/6", "8-12" below "Leeftijd" ages."""
    said, name = text.strip(), fold(heading)
    if not (_NUMBERS.fullmatch(said) or _DATE.fullmatch(said)):
        return text
    if "leeftijd" in name or name in ("age", "ages"):
        return f"{said} jaar"
    units = {
        "groep ": "groep" in name,
        "klas ": "klas" in name or "leerjaar" in name or "leerjaren" in name,
        "mbo niveau ": "niveau" in name,
    }
    meant = [unit for unit, is_meant in units.items() if is_meant]
    return f"{meant[0]}{said}" if len(meant) == 1 else text


# What a cell is taken for, and what is wrong with it


def _undated(text: str) -> tuple[str, list[str]]:
    """The text as it was before a spreadsheet took "7-8" for the seventh of August."""
    match = _DATE.fullmatch(text.strip())
    if not match:
        return text, []
    unit, _, *numbers, age = match.groups(default="")
    ends = sorted({_MONTH_NUMBERS.get(one.lower()) or int(one) for one in numbers if one})
    if ends[0] < 1 or ends[-1] > 18:
        return text, []
    said = f"{unit}{'-'.join(map(str, ends))}{age}"
    if _with_meaning(said) == said and not (unit or age):
        raise Misread(f"“{short(text)}” is een datum. Schrijf “groep {said}” of “klas {said}”.")
    return said, [
        f"“{short(text)}” is een datum; we lezen {_with_meaning(said)}. Zet er voortaan “groep” of “klas” voor."
    ]


def _with_meaning(text: str) -> str:
    """Bare numbers with what they can only be: "6-8" are groups, "10-14" are ages, "1-2" may be groups or classes."""
    if not _NUMBERS.fullmatch(text.strip()) or text.rstrip().endswith("+"):
        return text
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    if 7 <= max(numbers) <= 8 and min(numbers) > 0:
        return f"groep {text.strip()}"
    return f"{text.strip()} jaar" if min(numbers) >= 4 and 8 < max(numbers) <= OLDEST else text


def _says_more(found: _Phrased) -> bool:
    """Whether the text says more than its phrases do, in words that are understood."""
    return found.said.hedged or any(one.loose for one in found.said.statements)


def _as_it_is(text: str, phrases: tuple[str, ...]) -> tuple[str, ...]:
    """The text itself where it is one phrase of the notation already, or else the phrases."""
    typed = " ".join(text.lower().split())
    if len(phrases) != 1 or not _NOTATION.fullmatch(typed):
        return phrases
    try:
        return (typed,) if parse_grades(typed)[1] == parse_grades(phrases[0])[1] else phrases
    except ValueError:
        return phrases


def _complain(text: str, found: _Phrased) -> None:
    """Raises Misread when a cell for grades says what is none."""
    if found.said.denied:
        raise Misread(_denied(text))
    if found.impossible:
        raise Misread(f"“{short(text)}” kan niet: {found.impossible} bestaat niet. Schrijf bijvoorbeeld {EXAMPLES}.")
    if _NUMBERS.fullmatch(text.strip()) and not found.phrases:
        raise Misread(f"“{text}” kan groep of klas zijn. Schrijf “groep {text.strip()}” of “klas {text.strip()}”.")
    if found.said.unread and (found.implied or found.phrases):
        what = short(" ".join(found.said.unread))
        raise Misread(
            f"“{what}” is geen groep of klas. Zet dat bij “Vooral voor”. Schrijf hier bijvoorbeeld {EXAMPLES}."
        )
    if found.said.unread or not (found.implied or found.phrases or found.said.everyone):
        raise Misread(f"“{short(text)}” is geen groep of klas. Schrijf bijvoorbeeld {EXAMPLES}.")


def _denied(text: str) -> str:
    return f"“{short(text)}” zegt voor wie het niet is. Zet dat bij “Niet voor”, en hier alleen voor wie het wel is."


def _no_sector(text: str, knowledge: Knowledge) -> str:
    """What to write instead of a part that is no sector."""
    wrong = next(
        (part for part in parts(text, between=r"[,/+&]|\s(?:en|of)\s") if not _is_sector(part, knowledge)), text
    )
    near = nearest(wrong, _sector_words(knowledge)) if 3 < len(wrong) < 40 else ""
    mend = f"Bedoel je “{near}”? Kies anders uit" if near else "Kies uit"
    return f"“{short(wrong)}” is geen sector. {mend}: {SECTORS}."


def _is_sector(part: str, knowledge: Knowledge) -> bool:
    found = _phrased(part, knowledge)
    return bool(found.implied) and not (found.said.unread or found.impossible)


@lru_cache(maxsize=2)
def _sector_words(knowledge: Knowledge) -> dict[str, str]:
    phrases = knowledge.vocabulary.phrases.items()
    return {phrase: phrase for phrase, found in phrases if any(one.kind in ("sector", "grade") for one in found)}
