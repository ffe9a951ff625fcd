"""How people and files write grades and tracks: "groep 7-8", "vmbo 1-2", "3 havo", "mbo 4", "bovenbouw", "9-12 jaar".

The same reader serves the catalogue (`parse_grades`) and people's questions (`read_grades`); what comes of it is a
`Reading` (cells.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
import re

from bot.commons.words import tokens
from bot.search.catalogue import Sector
from bot.search.cells import TRACKS, VMBO, Reading, sector_cells

__all__ = ["Item", "parse_grades", "read_at", "read_grades"]


@dataclass(frozen=True, slots=True)
class Item:
    """A stretch of a text as the reader sees it: a word, a number, or something already understood."""

    word: str
    grade: Reading | None = None
    sector: Sector | None = None

    @property
    def number(self) -> int | None:
        if self.word.isdigit():
            return (int(self.word) or None) if len(self.word) < 3 else None
        return _NUMBER_WORDS.get(self.word)


_NUMBER_WORDS = {"twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8}
_ORDINALS = {"eerste": 1, "tweede": 2, "derde": 3, "vierde": 4, "vijfde": 5, "zesde": 6, "zevende": 7, "achtste": 8}
_GROUP_WORDS = {
    "groep",
    "groepen",
    "gr",
    "grp",
    "groepers",
    "group",
    "grade",
    "combigroep",
    "combinatiegroep",
    "leerkracht",
    "juf",
    "meester",
}
_CLASS_WORDS = {"klas", "klassen", "leerjaar", "leerjaren", "lj", "kl", "year", "vo"}
_LEVEL_WORDS = {"niveau", "niv", "nivo"}
_AGE_WORDS = re.compile(r"(jaar|jarig\w*|jr|years?)$")
# "5v", "4h", "3m", "2k": how a teacher writes a class, read only right beside its number.
_SHORT_TRACKS = {"h": ("havo",), "v": ("vwo",), "m": ("gltl",), "k": ("kb",), "t": ("gltl",), "a": ("vwo",)}
_ONE_OF = {"en", "of", "and", "or"}


def read_grades(items: Sequence[Item]) -> tuple[Reading, set[int]]:
    """What the items say about grades and tracks, and which of them (by position) say it."""
    reading, used = Reading(), set[int]()
    position = 0
    while position < len(items):
        end = read_at(items, position, reading)
        used.update(range(position, end))
        position = max(end, position + 1)
    sectors = {item.sector for item in items}
    if sectors & {Sector.MBO, Sector.HO} and Sector.VO not in sectors and not reading.tracks & set(TRACKS):
        reading.years.clear()  # "mbo leerjaar 2": years of the mbo make no difference to any programme
    return reading, used


def read_at(items: Sequence[Item], at: int, reading: Reading) -> int:
    """Adds what stands at this position; returns where it ends (`at` when nothing does)."""
    item = items[at]
    if item.number is not None or item.word in _ORDINALS:
        return _read_number(items, at, reading)
    if item.word in _GROUP_WORDS and item.grade is None:
        numbers, end = _numbers(items, at + 1)
        if numbers and all(1 <= number <= 8 for number in numbers):
            reading.groups.update(numbers)
            return end
    if item.word in _CLASS_WORDS and item.grade is None:
        numbers, end = _numbers(items, at + 1)
        if numbers and all(1 <= number <= 6 for number in numbers):
            reading.years.update(numbers)
            return end
    if item.word in ("onderbouw", "middenbouw", "bovenbouw"):
        reading.parts.add(item.word)
        return at + 1
    if item.word in _LEVEL_WORDS or item.sector is Sector.MBO or (item.grade and item.grade.levels):
        return _read_level(items, at, reading)
    if item.grade:
        reading.add(item.grade)
        return _read_year_after(items, at, reading)
    return at


def _read_year_after(items: Sequence[Item], at: int, reading: Reading) -> int:
    """The year behind a track: "vmbo 4", "havo klas 3", "vmbo-basis leerjaar 1-2"."""
    item = items[at]
    if not item.grade or not item.grade.tracks - {"hbo", "wo"}:
        return at + 1
    start = at + 1
    while start < len(items) and items[start].grade and items[start].grade.tracks:  # type: ignore[union-attr]
        reading.add(items[start].grade)  # type: ignore[arg-type]
        start += 1
    if start < len(items) and items[start].word in _CLASS_WORDS:
        start += 1
    numbers, end = _numbers(items, start)
    if numbers and all(1 <= number <= 6 for number in numbers) and not _is_age(items, end):
        following = items[end].grade if end < len(items) else None
        if not (following and following.tracks):  # "havo 5 vwo": the 5 belongs to what follows
            reading.years.update(numbers)
            return end
    return start if start > at + 1 and items[start - 1].word not in _CLASS_WORDS else at + 1


def _read_level(items: Sequence[Item], at: int, reading: Reading) -> int:
    item = items[at]
    if item.grade:
        reading.add(item.grade)
        return at + 1
    start = at + 1
    if item.sector is Sector.MBO and start < len(items) and items[start].word in _LEVEL_WORDS | {"n"}:
        start += 1
    numbers, end = _numbers(items, start)
    is_year = end < len(items) and items[end].word in {"e", "de", "ste", "jaars"}
    if numbers and all(1 <= number <= 4 for number in numbers) and not _is_age(items, end) and not is_year:
        reading.levels.update(numbers)
        return end
    return at


def _read_number(items: Sequence[Item], at: int, reading: Reading) -> int:
    """A number in front: an age, "4 havo", "2e klas", "5v", "7/8" as primary teachers write it."""
    if items[at].word in _ORDINALS:
        if at + 1 < len(items) and items[at + 1].word in _CLASS_WORDS and _ORDINALS[items[at].word] <= 6:
            reading.years.add(_ORDINALS[items[at].word])
            return at + 2
        return at
    numbers, end = _numbers(items, at)
    if not numbers:
        return at
    low, high = min(numbers), max(numbers)
    if _is_age(items, end) and low >= 2 and high <= 27 and not _is_duration(items, at, end, high):
        reading.ages.add(_ages(items[at - 1].word if at else "", low, high))
        return end + 1
    if high <= 6 and (after := _read_year_before(items, at, end, numbers, reading)) > at:
        return after
    if len(numbers) == 2 and high == low + 1 and 7 <= high <= 8:
        reading.groups.update(numbers)
        return end
    return at


def _read_year_before(items: Sequence[Item], at: int, end: int, numbers: set[int], reading: Reading) -> int:
    """A year in front of what it is a year of: "2e klas", "4 havo", "5v"; also "v5". Returns `at` when it is none."""
    after = end + 1 if end < len(items) and items[end].word in {"e", "de", "ste"} else end
    high = max(numbers)
    if after < len(items):
        following = items[after]
        if following.word in {"klas", "klassen", "leerjaar"} or (after > end and following.word in {"jaars", "jaar"}):
            reading.years.update(numbers)
            return after + 1
        if following.grade and following.grade.tracks - {"hbo", "wo"} and not following.grade.years:
            reading.years.update(numbers)
            return after
        if following.sector is Sector.MBO and high <= 4 and after == end:
            reading.levels.update(numbers)
            return after
        if following.word in _SHORT_TRACKS and after == at + 1:
            reading.years.update(numbers)
            reading.tracks.update(_SHORT_TRACKS[following.word])
            return after + 1
    if at and items[at - 1].word in ("h", "v") and len(numbers) == 1:
        reading.years.update(numbers)
        reading.tracks.update(_SHORT_TRACKS[items[at - 1].word])
        return end
    return at


def _is_duration(items: Sequence[Item], at: int, end: int, high: int) -> bool:
    """Whether "3 jaar" is how long something lasts: pupils that young are in no school."""
    return high < 7 and items[end].word == "jaar" and at > 0 and items[at - 1].word in ("voor", "duurt")


def _ages(before: str, low: int, high: int) -> tuple[int, int]:
    if low == high and before == "vanaf":
        return low, 23
    return (4, high) if low == high and before == "tot" else (low, high)


def _is_age(items: Sequence[Item], at: int) -> bool:
    return at < len(items) and bool(_AGE_WORDS.match(items[at].word))


def _numbers(items: Sequence[Item], at: int) -> tuple[set[int], int]:
    """The numbers from here on and where they end: "7-8" and "5 t/m 8" are ranges, "1 en 3" is two numbers."""
    if at >= len(items) or items[at].number is None:
        return set(), at
    numbers, position = {items[at].number}, at + 1
    while True:
        start = position
        words: list[str] = []
        while (
            start < len(items)
            and items[start].word in _ONE_OF | {"t", "m", "tm", "tot", "met", "a", "to"}
            and len(words) < 3
        ):
            words.append(items[start].word)
            start += 1
        if start >= len(items) or items[start].number is None:
            break
        last = items[start].number
        previous = items[position - 1].number
        if last is None or previous is None:
            break
        separate = words and words[0] in _ONE_OF and "m" not in words
        numbers.update({last} if separate or last < previous else range(previous, last + 1))
        position = start + 1
    return {number for number in numbers if number is not None}, position


_WHOLE = {"po": Sector.PO, "so": Sector.SO, "vo": Sector.VO, "vso": Sector.VSO, "mbo": Sector.MBO, "ho": Sector.HO}
_NOTATION = {
    "peuters": Reading(groups={0}),
    "vmbo": Reading(tracks=set(VMBO)),
    "basis": Reading(tracks={"bb"}),
    "kader": Reading(tracks={"kb"}),
    "gl": Reading(tracks={"gltl"}),
    "tl": Reading(tracks={"gltl"}),
    "havo": Reading(tracks={"havo"}),
    "vwo": Reading(tracks={"vwo"}),
    "isk": Reading(tracks={"isk"}),
    "praktijkonderwijs": Reading(tracks={"pro"}),
    "hbo": Reading(tracks={"hbo"}),
    "wo": Reading(tracks={"wo"}),
    "docenten": Reading(staff=True),
}


@lru_cache(maxsize=1024)
def parse_grades(phrase: str) -> tuple[Reading, int]:
    """One phrase of the catalogue's notation, and its cells: "groep 7-8", "vmbo 1-2", "4 havo", "mbo 2-4", "docenten".

    Raises ValueError when a part of the phrase is not understood.
    """
    words = [token.text for token in tokens(phrase)]
    parts = ("basis", "kader", "gl", "tl")
    # "vmbo-basis" is basis alone, and so is each half of "vmbo-basis/vmbo-kader".
    following = [*words[1:], ""]
    words = [word for word, after in zip(words, following, strict=False) if word != "vmbo" or after not in parts]
    items = [Item(word, grade=_NOTATION.get(word), sector=_WHOLE.get(word)) for word in words]
    reading, used = read_grades(items)
    named = [item.sector for item in items if item.sector]
    unread = [
        item.word
        for position, item in enumerate(items)
        if position not in used and not item.sector and item.word not in ("basisschool", "en", "jaar")
    ]
    if "basisschool" in words:
        named.append(Sector.PO)
    cells = reading.cells(named) or sector_cells(named)
    if unread or not cells or not reading.is_possible():
        raise ValueError(
            f"{phrase!r} is no grade: write it as 'groep 7-8', 'klas 1-2', 'vmbo 3', 'havo/vwo bovenbouw', "
            "'4 havo', 'mbo 2-4', '10-14 jaar' or 'docenten'"
        )
    reading.named.update(named)
    return reading, cells
