"""The Netherlands as people name it: neighbourhoods, towns, municipalities, regions, provinces; what lies in what.

The facts stand in `data/places.csv` and `data/regions.yaml`; a mistake there is a ValueError naming file and line.
Which readings a name has is decided here, in this order:

1. A municipality and the town it is named after are one entry of the file, the municipality.
2. "utrecht" is the city. The province of that name is "provincie utrecht" or "utrecht provincie": `Gazetteer.namesake`.
3. A neighbourhood never stands in the way of a town, region or province, unless the file says "ask". Without its town
   it only counts when the file lets it (column `use` empty); "utrecht centrum" and "centrum utrecht" always count.
4. Of several towns of one name, those eight times smaller than the largest are not meant, unless the file says
   "ask" (the Hengelo of Gelderland is small, yet people there would be sent to the wrong side of the country).
   Every one of them can still be named with its municipality or province: "bergen limburg".
"""

from collections.abc import Iterator, Mapping
import csv
from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt
from operator import methodcaller
from pathlib import Path
from types import MappingProxyType

import yaml

from bot.commons.words import fold

__all__ = ["Gazetteer", "Place", "load_gazetteer"]

COLUMNS = ("id", "name", "label", "kind", "inside", "lat", "lon", "size", "aliases", "everyday", "use")
KINDS = ("wijk", "plaats", "gemeente", "provincie")
USES = ("", "with town", "ask")

TOO_SMALL_TO_BE_MEANT = 8
"""A namesake so many times smaller is not asked about: Laren, Velp, Katwijk and Hoorn are clear, Bergen is not."""

EARTH_DIAMETER_KM = 12742.0

_BLANKS = methodcaller("count", " ")


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere a school or a programme can be."""

    id: str
    name: str
    label: str
    """Unambiguous: "Bergen (Noord-Holland)", "Overvecht (Utrecht)"; just the name where that is enough."""
    kind: str
    within: frozenset[str]
    """Ids of everything that contains it, near and far, without itself."""
    lat: float
    lon: float
    size: int
    """Pupils in its schools: the only measure of size in the sources; 0 for neighbourhoods."""


@dataclass(frozen=True)
class Gazetteer:
    """All places, and what people may call them."""

    places: Mapping[str, Place]
    names: Mapping[str, tuple[Place, ...]]
    """Folded name to what can be meant, most likely first."""
    everyday: frozenset[str]
    """Folded names that are ordinary words too ("best", "huizen"): only a place with "in" or a capital before them."""
    longest: int
    """Words in the longest name."""

    def get(self, place_id: str) -> Place | None:
        return self.places.get(place_id)

    def namesake(self, place: Place) -> Place | None:
        """The province that is called like this municipality: for "bedoelt u de provincie Utrecht?"."""
        for other in self.names.get(f"provincie {fold(place.name)}", ()):
            return other if other.id != place.id else None
        return None

    def distance_km(self, a: str | Place, b: str | Place) -> float:
        """As the crow flies, between the middles of two places."""
        one, other = (self.places[p] if isinstance(p, str) else p for p in (a, b))
        lat1, lat2 = radians(one.lat), radians(other.lat)
        half_lat, half_lon = (lat2 - lat1) / 2, radians(other.lon - one.lon) / 2
        return EARTH_DIAMETER_KM * asin(sqrt(sin(half_lat) ** 2 + cos(lat1) * cos(lat2) * sin(half_lon) ** 2))

    def resolve(self, name: str) -> Place:
        """The one place of that name. For lists people send: raises ValueError with a sentence they can act on."""
        readings = self.names.get(fold(name), ())
        if len(readings) == 1:
            return readings[0]
        if readings:
            choices = " of ".join(f"“{place.label}”" for place in readings)
            raise ValueError(f"“{name}” kan meer dan één plaats zijn. Schrijf {choices}.")
        near = self._spelled_like(name)
        hint = f" Bedoel je {' of '.join(f'“{label}”' for label in near)}?" if near else ""
        raise ValueError(f"“{name}” is geen plaats die we kennen.{hint}")

    def _spelled_like(self, name: str) -> list[str]:
        from difflib import get_close_matches  # only when something is wrong: not worth a place in every start

        near = get_close_matches(fold(name), self.names, n=3, cutoff=0.75)
        return list(dict.fromkeys(place.label for key in near for place in self.names[key][:1]))


def load_gazetteer(places_csv: Path, regions_yaml: Path) -> Gazetteer:
    """The gazetteer of two files. Raises ValueError with file and line for the first thing that cannot be right."""
    regions = _read_regions(regions_yaml)
    found = _Gathering(regions)
    with places_csv.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        if tuple(next(reader, ())) != COLUMNS:
            raise ValueError(f"{places_csv}:1: the first line must be {','.join(COLUMNS)}")
        for cells in reader:
            try:
                found.add(cells, reader.line_num)
            except ValueError as error:
                raise ValueError(f"{places_csv}:{reader.line_num}: {error}") from None
    for region in regions:
        found.add_region(region, regions_yaml)
    names = found.names()
    return Gazetteer(
        places=MappingProxyType(found.places),
        names=MappingProxyType(names),
        everyday=frozenset(found.everyday),
        longest=max(map(_BLANKS, names), default=0) + 1,
    )


@dataclass(slots=True)
class _Region:
    """One entry of regions.yaml; `contains` holds folded labels with the line they stand in."""

    id: str
    name: str
    aliases: tuple[str, ...]
    contains: dict[str, int]


@dataclass(slots=True)
class _Surroundings:
    """What a value of the column `inside` means; many places share one."""

    within: frozenset[str]
    towns: list[str]
    """Spellings of the towns and municipalities around: what a neighbourhood can be named with."""
    all: list[str]
    """Those and the provinces': what a village can be told from its namesakes with."""
    municipality: str


@dataclass(slots=True)
class _Gathering:
    """What has been read so far. One pass over the lines is enough: a line stands below what it lies in."""

    regions: list[_Region]
    places: dict[str, Place] = field(default_factory=dict)
    everyday: set[str] = field(default_factory=set)
    called: dict[str, tuple[Place, ...]] = field(default_factory=dict)
    """Names that only one place has so far; `shared` has the others."""
    shared: dict[str, list[Place]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    lines: dict[str, int] = field(default_factory=dict)
    labels: dict[str, Place] = field(default_factory=dict)
    spellings: dict[str, list[str]] = field(default_factory=dict)
    """Folded names of everything but neighbourhoods, by id."""
    surroundings: dict[str, _Surroundings] = field(default_factory=dict)
    regions_of: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for region in self.regions:
            for member in region.contains:
                self.regions_of.setdefault(member, []).append(region.id)

    def add(self, cells: list[str], line: int) -> None:
        """Take in one line of places.csv. Raises ValueError when it cannot be right."""
        if len(cells) != len(COLUMNS):
            raise ValueError(f"{len(cells)} values where {len(COLUMNS)} are needed ({', '.join(COLUMNS)})")
        place_id, name, label, kind, inside, lat, lon, size, aliases, everyday, use = cells
        self._check(place_id, name, kind, inside, use)
        around = self.surroundings.get(inside) or self._look_around(inside)
        names = [fold(name), *map(fold, aliases.split(";"))] if aliases else [fold(name)]
        if not label:
            told_apart = kind != "wijk" or _starts_with_town(names[0], around.towns)
            label = name if told_apart else f"{name} ({around.municipality})"
        label_key = names[0] if label == name else fold(label)
        within = around.within
        if label_key in self.regions_of:
            within = within.union(self.regions_of[label_key])
        place = Place(place_id, name, label, kind, within, *_coordinates(lat, lon), int(size))
        other = self.labels.setdefault(label_key, place)
        if other is not place:
            raise ValueError(
                f"label {label!r} is that of line {self.lines[other.id]} too; "
                f'give both a label with their province, such as "{name} (Limburg)"'
            )
        self.places[place_id] = place
        self.lines[place_id] = line
        if everyday:
            self._add_everyday(everyday, names)
        if use == "ask":
            self.asked.add(place_id)
        if kind == "wijk":
            self._call(place, _district_keys(names, label_key, around.towns, alone=use != "with town"))
        else:
            self.spellings[place_id] = names
            self._call(place, _town_keys(place, names, label_key, around, alone=use != "with town"))

    def _check(self, place_id: str, name: str, kind: str, inside: str, use: str) -> None:
        if not place_id or not name:
            raise ValueError("id and name cannot be empty")
        if place_id in self.places:
            raise ValueError(f"id {place_id!r} is used already in line {self.lines[place_id]}")
        if kind not in KINDS:
            raise ValueError(f"kind {kind!r} must be {', '.join(KINDS)} (regions stand in regions.yaml)")
        if use not in USES:
            raise ValueError(f'use {use!r} must be empty, "with town" or "ask"')
        if not inside and kind != "provincie":
            raise ValueError(f"inside is empty: what does this {kind} lie in?")

    def _look_around(self, inside: str) -> _Surroundings:
        containers = inside.split(";") if inside else []
        for container in containers:
            if container not in self.places:
                raise ValueError(f"inside {container!r} is no id of a line above this one")
        within = frozenset(containers).union(*(self.places[container].within for container in containers))
        named = [self.places[one] for one in sorted(within) if one in self.spellings]
        towns = [spelling for one in named if one.kind != "provincie" for spelling in self.spellings[one.id]]
        everything = [spelling for one in named for spelling in self.spellings[one.id]]
        municipality = next((one.name for one in named if one.kind == "gemeente"), "")
        self.surroundings[inside] = around = _Surroundings(within, towns, everything, municipality)
        return around

    def _add_everyday(self, everyday: str, names: list[str]) -> None:
        for word in map(fold, everyday.split(";")):
            if word not in names:
                raise ValueError(f"everyday {word!r} is neither the name nor an alias of this place")
            self.everyday.add(word)

    def _call(self, place: Place, keys: Iterator[str]) -> None:
        only = (place,)
        for key in keys:
            first = self.called.setdefault(key, only)
            if first is not only and first[0] is not place:
                self.shared.setdefault(key, [first[0]])
                if place not in self.shared[key]:
                    self.shared[key].append(place)

    def add_region(self, region: _Region, path: Path) -> None:
        """Make a place of a region: it lies in whatever contains all its members, its province and larger regions."""
        members = []
        for label, line in region.contains.items():
            if label not in self.labels:
                raise ValueError(f"{path}:{line}: {label!r} is no place of places.csv; write it as it is shown (label)")
            members.append(self.labels[label])
        within = frozenset.intersection(*(member.within for member in members)) - {region.id}
        size = sum(member.size for member in members)
        lat = sum(member.lat * member.size for member in members) / size if size else members[0].lat
        lon = sum(member.lon * member.size for member in members) / size if size else members[0].lon
        place = Place(region.id, region.name, region.name, "regio", within, lat, lon, size)
        self.places[region.id] = place
        names = [fold(name) for name in (region.name, *region.aliases)]
        self._call(place, (f"regio {name}" for name in names if not name.startswith("regio")))
        self._call(place, iter(names))

    def names(self) -> dict[str, tuple[Place, ...]]:
        """Every name with what is meant by it."""
        return self.called | {key: self._meant(places) for key, places in self.shared.items()}

    def _meant(self, places: list[Place]) -> tuple[Place, ...]:
        """Which of several places of one name are meant, most likely first: the rules at the top of this file."""
        if any(place.kind == "gemeente" for place in places):
            places = [place for place in places if place.kind != "provincie"]
        if any(place.kind != "wijk" for place in places):
            places = [place for place in places if place.kind != "wijk" or place.id in self.asked]
        places = sorted(places, key=lambda place: -place.size)
        enough = places[0].size / TOO_SMALL_TO_BE_MEANT
        return tuple(place for place in places if place.size >= enough or place.id in self.asked)


def _coordinates(lat: str, lon: str) -> tuple[float, float]:
    north, east = float(lat), float(lon)
    if not (50.7 < north < 53.7 and 3.3 < east < 7.3):
        raise ValueError(f"lat {lat}, lon {lon} is not in the Netherlands")
    return north, east


def _starts_with_town(name: str, towns: list[str]) -> str:
    """The town a neighbourhood carries in its name: "amsterdam" of "amsterdam noord"; empty when there is none."""
    return next((town for town in towns if name.startswith(town) and name.startswith(f"{town} ")), "")


def _district_keys(names: list[str], label: str, towns: list[str], *, alone: bool) -> Iterator[str]:
    """How a neighbourhood is called: with its town before or after it, and alone if the file lets it."""
    yield label
    if alone:
        yield from names
    for name in names:
        own = _starts_with_town(name, towns)
        short = name[len(own) + 1 :] if own else name
        for town in towns:
            yield f"{town} {short}"
            yield f"{short} {town}"


def _town_keys(place: Place, names: list[str], label: str, around: _Surroundings, *, alone: bool) -> Iterator[str]:
    """How a province, municipality, town or village is called."""
    if alone:
        yield from names
    if place.kind == "provincie":
        for name in names:
            yield f"provincie {name}"
            yield f"{name} provincie"
        if place.label != place.name:
            yield label
    elif place.label != place.name:
        yield label
        # the village Heel must not be found in "heel limburg": such a name goes with its municipality only
        for outer in around.all if alone else around.towns:
            yield f"{names[0]} {outer}"
    if place.kind == "gemeente" and names[0] in around.all:
        for word in ("stad", "gemeente"):
            yield f"{word} {names[0]}"
            yield f"{names[0]} {word}"


def _read_regions(path: Path) -> list[_Region]:
    """The regions; by nodes and not by values, because only nodes know their line."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ValueError(f"{path}:{line}: {error.problem}") from None
    if not isinstance(root, yaml.SequenceNode):  # a mistake of who wrote the file, not of who calls
        raise ValueError(f"{path}:1: must be a list of regions (- name: …)")  # noqa: TRY004
    regions: dict[str, _Region] = {}
    contents: dict[frozenset[str], _Region] = {}
    for node in root.value:
        here = f"{path}:{node.start_mark.line + 1}"
        try:
            region = _as_region(node)
        except ValueError as error:
            raise ValueError(f"{here}: {error}") from None
        if region.id in regions:
            raise ValueError(f"{here}: there is a region {region.name} already")
        twin = contents.setdefault(frozenset(region.contains), region)
        if twin is not region:
            raise ValueError(f"{here}: {region.name} contains just what {twin.name} contains; make it an alias of that")
        regions[region.id] = region
    return list(regions.values())


def _as_region(node: yaml.Node) -> _Region:
    fields = {key.value: value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}
    if not {"name", "contains"} <= fields.keys() <= {"name", "aliases", "contains"}:
        raise ValueError("a region has a name, contains and perhaps aliases")
    name = str(fields["name"].value)
    lists = {}
    for key in ("aliases", "contains"):
        value = fields.get(key)
        if value is not None and not isinstance(value, yaml.SequenceNode):
            raise ValueError(f"{key} of {name} must be a list: [one, another]")
        lists[key] = value.value if value is not None else []
    if not lists["contains"]:
        raise ValueError(f"{name} contains nothing")
    contains = {fold(str(member.value)): member.start_mark.line + 1 for member in lists["contains"]}
    aliases = tuple(str(alias.value) for alias in lists["aliases"])
    return _Region("regio-" + fold(name).replace(" ", "-"), name, aliases, contains)
