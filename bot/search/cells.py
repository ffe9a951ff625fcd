"""For whom: sectors, grades and tracks as sets of cells.

A cell is the smallest audience there is: one group of a primary school, one track in one year of a secondary school,
one level of the mbo. An offer and a question fit when they share a cell, so that "havo 4" never finds a programme for
vmbo 4 or havo 2. A set of cells is an int with one bit a cell: fast to compare, also for 100,000 offers at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.search.catalogue import Sector

__all__ = ["STAFF", "TRACKS", "VMBO", "Reading", "partly", "sector_cells"]

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
