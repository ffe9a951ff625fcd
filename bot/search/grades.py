"""Grades and tracks: what "groep 7-8", "vmbo 1-2", "3 havo", "mbo 4" and "9-12 jaar" mean, as sets of cells.

A cell is the smallest audience there is: one group of a primary school, one track in one year of a secondary school,
one level of the mbo. An offer and a question fit when they share a cell, so that "havo 4" never finds a programme for
vmbo 4 or havo 2. A set of cells is an int with one bit a cell: fast to compare, also for 100,000 offers at once.

The same reader serves the catalogue (`parse_grades`) and people's questions (`read_grades`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
import re

from bot.commons.words import tokens
from bot.search.catalogue import Sector

__all__ = ["STAFF", "Item", "Reading", "parse_grades", "partly", "read_grades", "sector_cells"]

VMBO = ("bb", "kb", "gltl")
TRACKS = ("pro", *VMBO, "havo", "vwo", "isk")
TRACK_NAMES = {
    "pro": "praktijkonderwijs",
    "bb": "vmbo-basis",
    "kb": "vmbo-kader",
    "gltl": "vmbo-gl/tl",
    "havo": "havo",
    "vwo": "vwo",
    "isk": "ISK",
    "hbo": "hbo",
    "wo": "wo",
}
LAST_YEAR = {"bb": 4, "kb": 4, "gltl": 4, "havo": 5}
# Years called onderbouw and bovenbouw: havo and vwo change to the second phase after year 3, vmbo after year 2.
LOWER = {track: (1, 2) if track in VMBO else (1, 2, 3) for track in TRACKS}
LOWER_PO, MIDDLE_PO, UPPER_PO = (1, 2, 3, 4), (3, 4, 5), (5, 6, 7, 8)

_NAMES = [
    *(f"po{group}" for group in range(9)),  # po0: the toddlers before groep 1
    *(f"{track}{year}" for track in TRACKS for year in range(1, 7)),
    *(f"mbo{level}" for level in range(1, 5)),
    "hbo", "wo", "so", "vso", "staff",
]  # fmt: skip
_BIT = {name: 1 << position for position, name in enumerate(_NAMES)}
STAFF = _BIT["staff"]
"""The cell of teachers: what is for them is no answer to "groep 3", but one to "PO"."""


def _cells(names: Iterable[str]) -> int:
    result = 0
    for name in names:
        result |= _BIT[name]
    return result


def _track_years(track: str, years: Iterable[int] = range(1, 7)) -> int:
    return _cells(f"{track}{year}" for year in years if year <= LAST_YEAR.get(track, 6))


_SECTOR_CELLS = {
    Sector.PO: _cells(f"po{group}" for group in range(9)),
    Sector.SO: _BIT["so"],
    Sector.VO: _cells(f"{track}{year}" for track in TRACKS for year in range(1, LAST_YEAR.get(track, 6) + 1)),
    Sector.VSO: _BIT["vso"],
    Sector.MBO: _cells(f"mbo{level}" for level in range(1, 5)),
    Sector.HO: _BIT["hbo"] | _BIT["wo"],
}


def partly(cells: int) -> int:
    """The cells that fit praktijkonderwijs partly: vmbo-basis of the same years. 0 when none of `cells` is for it."""
    years = [year for year in range(1, 7) if cells & _BIT[f"pro{year}"]]
    return _track_years("bb", years) if years and not cells & _cells(f"havo{year}" for year in range(1, 7)) else 0


def sector_cells(sectors: Iterable[Sector]) -> int:
    """All cells of these sectors."""
    result = 0
    for sector in sectors:
        result |= _SECTOR_CELLS[sector]
    return result


@dataclass(frozen=True, slots=True)
class Item:
    """A stretch of a text as the reader sees it: a word, a number, or something already understood."""

    word: str
    grade: "Reading | None" = None
    sector: Sector | None = None

    @property
    def number(self) -> int | None:
        if self.word.isdigit():
            return (int(self.word) or None) if len(self.word) < 3 else None
        return _NUMBER_WORDS.get(self.word)


@dataclass(slots=True)
class Reading:
    """What a text says about grades and tracks, before it is turned into cells."""

    groups: set[int] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    tracks: set[str] = field(default_factory=set)
    levels: set[int] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)
    """"onderbouw", "middenbouw", "bovenbouw"."""
    ages: set[tuple[int, int]] = field(default_factory=set)
    staff: bool = False
    named: set[Sector] = field(default_factory=set)
    """Sectors that belong to the words themselves: "bovenbouw vo"."""

    def add(self, other: "Reading") -> None:
        self.groups |= other.groups
        self.years |= other.years
        self.tracks |= other.tracks
        self.levels |= other.levels
        self.parts |= other.parts
        self.ages |= other.ages
        self.staff |= other.staff
        self.named |= other.named

    def __bool__(self) -> bool:
        return bool(self.groups or self.years or self.tracks or self.levels or self.parts or self.ages or self.staff)

    def is_possible(self) -> bool:
        """Whether any of the tracks has any of the years: there is no vmbo 5."""
        tracks = self.tracks & set(TRACKS)
        return not (tracks and self.years) or any(min(self.years) <= LAST_YEAR.get(track, 6) for track in tracks)

    def names_a_class(self) -> bool:
        """Whether it is about certain groups, years or ages, not about a whole level ("vmbo")."""
        return bool(self.groups or self.years or self.parts or self.ages)

    def sectors(self) -> set[Sector]:
        """The sectors that what was read implies."""
        found = set(self.named)
        if self.groups:
            found.add(Sector.PO)
        if self.years or self.tracks - {"hbo", "wo"}:
            found.add(Sector.VO)
        if self.levels:
            found.add(Sector.MBO)
        if self.tracks & {"hbo", "wo"}:
            found.add(Sector.HO)
        return found

    def cells(self, named: Iterable[Sector] = ()) -> int:
        """The cells meant, where `named` sectors were named beside; 0 when nothing narrower than a sector was said."""
        sectors = set(named) | self.named
        cells = _cells(f"po{group}" for group in self.groups) | _cells(f"mbo{level}" for level in self.levels)
        cells |= _cells(self.tracks & {"hbo", "wo"})
        tracks = [track for track in TRACKS if track in self.tracks]
        for track in tracks or (TRACKS if self.years else ()):
            cells |= _track_years(track, self.years or self._part_years(track))
        if tracks and not self.is_possible():
            # "vmbo 5" does not exist: the level is meant, and the year a slip.
            cells |= _cells(f"{track}{year}" for track in tracks for year in range(1, LAST_YEAR.get(track, 6) + 1))
        implied = self.sectors() | sectors
        for part in self.parts:
            if (Sector.PO in sectors and not self.groups) or not implied or part == "middenbouw":
                groups = {"onderbouw": LOWER_PO, "middenbouw": MIDDLE_PO, "bovenbouw": UPPER_PO}[part]
                cells |= _cells(f"po{group}" for group in groups)
            if not tracks and not self.years and part != "middenbouw" and (Sector.VO in sectors or not implied):
                for track in TRACKS:
                    cells |= _track_years(track, self._part_years(track))
        for low, high in self.ages:
            cells |= _age_cells(low, high) & (sector_cells(sectors) if sectors else ~0)
        if cells:
            # "groep 8 en vo": a sector beside a narrower wish is meant whole.
            cells |= sector_cells(sector for sector in sectors if not cells & _SECTOR_CELLS[sector])
        return cells | (STAFF if self.staff else 0)

    def _part_years(self, track: str) -> tuple[int, ...]:
        lower = LOWER[track]
        if "onderbouw" in self.parts:
            return lower
        if "bovenbouw" in self.parts:
            return tuple(year for year in range(1, 7) if year not in lower)
        return tuple(range(1, 7))

    def labels(self) -> tuple[str, ...]:
        """How to say it back to a person: "groep 7-8", "vmbo klas 3", "mbo niveau 2", "9-12 jaar"."""
        found = []
        if 0 in self.groups:
            found.append("peuters")
        if groups := self.groups - {0}:
            found.append(f"groep {_span(groups)}")
        if self.tracks or self.years:
            names = self._track_names()
            year = f"klas {_span(self.years)}" if self.years else " ".join(sorted(self.parts - {"middenbouw"}))
            found.append(" ".join(filter(None, (names, year))))
        found += sorted(self.parts) if not (self.tracks or self.years) else []
        if self.levels:
            found.append(f"mbo niveau {_span(self.levels)}")
        found += [f"{low}-{high} jaar" if low != high else f"{low} jaar" for low, high in sorted(self.ages)]
        if self.staff:
            found.append("docenten")
        return tuple(found)

    def _track_names(self) -> str:
        tracks = set(self.tracks)
        names = []
        if tracks >= set(VMBO):
            names.append("vmbo")
            tracks -= set(VMBO)
        names += [TRACK_NAMES[track] for track in (*TRACKS, "hbo", "wo") if track in tracks]
        return "/".join(names)


def _span(numbers: set[int]) -> str:
    low, high = min(numbers), max(numbers)
    if len(numbers) == 1:
        return str(low)
    return f"{low}-{high}" if len(numbers) == high - low + 1 else " en ".join(map(str, sorted(numbers)))


def _age_cells(low: int, high: int) -> int:
    """Cells of pupils of these ages: groep 3 is 6 going on 7, the first year of secondary school 12 going on 13."""
    cells = _cells(f"po{group}" for group in range(1, 9) if low - 4 <= group <= high - 3)
    cells |= _BIT["po0"] if low < 4 else 0
    years = [year for year in range(1, 7) if low - 12 <= year <= high - 11]
    for track in TRACKS:
        cells |= _track_years(track, years)
    return cells | (_SECTOR_CELLS[Sector.MBO] if high >= 17 else 0) | (_SECTOR_CELLS[Sector.HO] if high >= 18 else 0)


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
        end = _read_at(items, position, reading)
        used.update(range(position, end))
        position = max(end, position + 1)
    sectors = {item.sector for item in items}
    if sectors & {Sector.MBO, Sector.HO} and Sector.VO not in sectors and not reading.tracks & set(TRACKS):
        reading.years.clear()  # "mbo leerjaar 2": years of the mbo make no difference to any programme
    return reading, used


def _read_at(items: Sequence[Item], at: int, reading: Reading) -> int:
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
