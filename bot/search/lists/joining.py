"""What a text says in pieces about for whom something is, put together: ranges, years and tracks, parts and sectors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.search.catalogue import Sector
from bot.search.cells import TRACKS, Reading

__all__ = ["Statement", "put_together", "sectors_of"]

LADDER = (Sector.PO, Sector.VO, Sector.MBO, Sector.HO)
"""Sectors in the order pupils go through them: "PO t/m MBO" has VO in it."""
NO_CLASSES = (Sector.MBO, Sector.HO)
"""Sectors of which the years make no difference to any programme."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing said about for whom something is: grades, a sector, or both."""

    reading: Reading
    sectors: tuple[Sector, ...]
    glue: str
    """How it follows on the one before: "" (also in brackets), "comma", "and", "to", "dash"; "stop" after a stop."""
    since: bool = False
    """Whether more follows: "vanaf groep 5"."""
    loose: bool = False
    """Whether it says more than the notation can: years of the mbo, teachers of one group."""

    @property
    def is_sector(self) -> bool:
        return not self.reading

    @property
    def is_track(self) -> bool:
        """Whether it is a level of secondary school without a year: "havo"."""
        reading = self.reading
        return (
            bool(reading.tracks)
            and reading.tracks <= set(TRACKS)
            and not (reading.years or reading.parts or reading.groups or reading.staff)
        )

    @property
    def is_years(self) -> bool:
        """Whether it is years or a part of the school, of whatever track: "klas 1-2", "bovenbouw"."""
        reading = self.reading
        return bool(reading.years or reading.parts) and not (
            reading.tracks or reading.groups or reading.levels or reading.ages or reading.staff
        )


ADDED = ("and", "comma")

Step = Callable[[list[Statement]], list[Statement]]


def put_together(statements: Sequence[Statement]) -> list[Statement]:
    """The statements with what belongs together put together."""
    found = list(statements)
    steps: tuple[Step, ...] = (
        _school_and_after,
        _ranges,
        _rows,
        _years_with_tracks,
        _rows_of_tracks,
        _years_of_sector,
        _parts_with_sectors,
        _details,
        _staff,
        _ages,
    )
    for step in steps:
        found = step(found)
    return found


def _school_and_after(statements: list[Statement]) -> list[Statement]:
    """Levels of secondary school apart from those after it: "vwo hbo" is two."""
    found: list[Statement] = []
    for statement in statements:
        later = statement.reading.tracks - set(TRACKS)
        if later and later != statement.reading.tracks:
            reading = _copy(statement.reading)
            reading.tracks -= later
            found.append(replace(statement, reading=reading, sectors=()))
            statement = Statement(Reading(tracks=later), statement.sectors, "and")  # noqa: PLW2901  # the rest of it
        found.append(statement)
    return found


# Ranges: "groep 5 t/m groep 8", "vanaf klas 3", "t/m groep 4"


def _ranges(statements: list[Statement]) -> list[Statement]:
    found: list[Statement] = []
    for statement in statements:
        if statement.glue in ("to", "dash") and found and (between := _between(found[-1], statement)):
            found[-1:] = between
        elif statement.glue == "to":
            found.append(replace(_up_to(statement), glue=""))
        else:
            found.append(replace(statement, glue="") if statement.glue == "dash" else statement)
    return [_onwards(statement) if statement.since else statement for statement in found]


def _between(first: Statement, last: Statement) -> list[Statement]:
    """What lies from the one to the other; nothing when they are no ends of one range."""
    low, high = first.reading, last.reading
    if first.is_sector and last.is_sector:
        ends = [LADDER.index(sector) for sector in (*first.sectors, *last.sectors) if sector in LADDER]
        return [replace(first, sectors=LADDER[min(ends) : max(ends) + 1], since=False)] if len(ends) > 1 else []
    reading = _copy(low)
    if low.groups and high.groups:
        reading.groups = set(range(min(low.groups), max(high.groups) + 1))
    elif low.groups and high.years and last.is_years:
        reading.groups = set(range(min(low.groups), 9))
        years = _copy(high)
        years.years = set(range(1, max(high.years) + 1))
        return [replace(first, reading=reading, since=False), replace(last, reading=years, glue="and")]
    elif low.levels and high.levels:
        reading.levels = set(range(min(low.levels), max(high.levels) + 1))
    elif low.ages and high.ages:
        reading.ages = {(min(low.ages)[0], max(age for _, age in high.ages))}
    elif low.years and high.years and (low.tracks == high.tracks or not (low.tracks and high.tracks)):
        reading.years = set(range(min(low.years), max(high.years) + 1))
        reading.tracks = low.tracks | high.tracks
    elif first.is_track and last.is_track and (low.tracks | high.tracks) <= set(TRACKS):
        ends = [TRACKS.index(track) for track in low.tracks | high.tracks]
        reading.tracks = set(TRACKS[min(ends) : max(ends) + 1])
    else:
        return []
    return [replace(first, reading=reading, sectors=tuple(dict.fromkeys((*first.sectors, *last.sectors))), since=False)]


def _up_to(statement: Statement) -> Statement:
    """From the very first on: "t/m groep 4"."""
    reading = _copy(statement.reading)
    reading.groups = set(range(1, max(reading.groups) + 1)) if reading.groups else set()
    reading.years = set(range(1, max(reading.years) + 1)) if reading.years else set()
    reading.levels = set(range(1, max(reading.levels) + 1)) if reading.levels else set()
    reading.ages = {(4 if high > 4 else low, high) for low, high in reading.ages}
    return replace(statement, reading=reading)


def _onwards(statement: Statement) -> Statement:
    """To the very last: "vanaf klas 3"."""
    reading = _copy(statement.reading)
    reading.groups = set(range(min(reading.groups), 9)) if reading.groups else set()
    reading.years = set(range(min(reading.years), 7)) if reading.years else set()
    reading.levels = set(range(min(reading.levels), 5)) if reading.levels else set()
    return replace(statement, reading=reading)


# Rows of the same kind, and what a year, a part of the school or an age belongs to


def _rows(statements: list[Statement]) -> list[Statement]:
    """One for "klas 1, klas 2" (klas 1-2), "havo 4, klas 5" (havo 4-5), "groep 5, groep 6" (groep 5-6)."""
    found: list[Statement] = []
    for at, statement in enumerate(statements):
        has_own_track = at + 1 < len(statements) and statements[at + 1].glue == "" and statements[at + 1].is_track
        may = found and statement.glue in ADDED and (found[-1].is_years or not has_own_track)
        if may and (row := _row(found[-1], statement)):
            found[-1] = row
        else:
            found.append(statement)
    return found


def _row(first: Statement, other: Statement) -> Statement | None:
    """Both as one, where they are of the same kind and one follows on the other."""
    one, more, both = first.reading, other.reading, _together([first, other])
    if first.is_years and other.is_years and one.parts and more.parts and not (one.years or more.years):
        return both
    if one.parts or more.parts or one.ages or more.ages or one.staff or more.staff:
        return None
    if one.years and more.years and more.tracks in (set(), one.tracks):
        numbers = both.reading.years
    elif one.groups and more.groups and not (one.tracks or more.tracks):
        numbers = both.reading.groups
    else:
        numbers = both.reading.levels if one.levels and more.levels else set()
    return both if numbers and max(numbers) - min(numbers) < len(numbers) else None


def _years_with_tracks(statements: list[Statement]) -> list[Statement]:
    """One for "bovenbouw havo en vwo", for "havo/vwo bovenbouw" and for "vmbo, havo en vwo klas 1-2"."""
    found: list[Statement] = []
    at = 0
    while at < len(statements):
        statement, end = statements[at], at + 1
        apart = (
            statement.is_years
            and statement.glue
            and not (statement.glue == "comma" and not _is_meant_too(statements, at, end))
        )
        if apart or not (found and found[-1].is_track):
            while statement.is_years and _is_meant_too(statements, at, end):
                end += 1
            found.append(_together(statements[at:end]) if end > at + 1 else statement)
        elif statement.is_years or (statement.glue in ADDED and _has_years(statement)):
            start = len(found) - 1
            while start and found[start].glue in ADDED and found[start - 1].is_track:
                start -= 1
            found[start:] = [_together([*found[start:], statement])]
        else:
            found.append(statement)
        at = end
    return found


def _has_years(statement: Statement) -> bool:
    return bool(statement.reading.tracks and (statement.reading.years or statement.reading.parts))


def _is_meant_too(statements: Sequence[Statement], at: int, end: int) -> bool:
    """Whether the years at one place go for the track at another behind it: not if that has years of its own."""
    if end >= len(statements) or not statements[end].is_track:
        return False
    if end == at + 1:
        return statements[end].glue == ""
    following = statements[end + 1] if end + 1 < len(statements) else None
    return statements[end].glue in ADDED and not (following and following.glue == "" and following.is_years)


def _rows_of_tracks(statements: list[Statement]) -> list[Statement]:
    """One for "havo/vwo"."""
    found: list[Statement] = []
    for statement in statements:
        if found and statement.glue in ADDED and found[-1].is_track and statement.is_track:
            row = _together([found[-1], statement])
            found[-1:] = [row] if row.reading.tracks <= set(TRACKS) else [found[-1], statement]
        else:
            found.append(statement)
    return found


def _years_of_sector(statements: list[Statement]) -> list[Statement]:
    """Groups for the years of primary school ("PO klas 5"); of the mbo and the hbo the years are left out."""
    others = {sector for one in statements if not one.is_years for sector in sectors_of(one)}
    if any(one.reading.groups for one in statements):
        others.discard(Sector.PO)  # who writes groep 8 means by klas 1 no group
    found: list[Statement] = []
    for at, statement in enumerate(statements):
        years = statement.reading.years if statement.is_years and not statement.reading.parts else set()
        beside = set(_beside(statements, at)) or others if years else set()
        if years and beside == {Sector.PO}:
            found.append(replace(statement, reading=Reading(groups=set(years)), sectors=(Sector.PO,)))
        elif years and beside and beside <= set(NO_CLASSES):
            found.append(Statement(Reading(), tuple(sorted(beside)), statement.glue, loose=True))
        else:
            found.append(statement)
    return found


def _beside(statements: Sequence[Statement], at: int) -> tuple[Sector, ...]:
    """The sectors named in a statement, or right before or after it."""
    if statements[at].sectors or statements[at].reading.named:
        return tuple(dict.fromkeys((*statements[at].sectors, *sorted(statements[at].reading.named))))
    before = statements[at - 1] if at and statements[at].glue == "" else None
    after = statements[at + 1] if at + 1 < len(statements) and statements[at + 1].glue == "" else None
    return next((one.sectors for one in (before, after) if one and one.is_sector), ())


def _parts_with_sectors(statements: list[Statement]) -> list[Statement]:
    """The onderbouw and bovenbouw of the sector named beside it, or of the only one that is named at all."""
    named = {sector for one in statements for sector in one.sectors}
    found: list[Statement] = []
    for at, statement in enumerate(statements):
        if not (statement.is_years and statement.reading.parts) or statement.reading.years:
            found.append(statement)
            continue
        sectors = _beside(statements, at) or (tuple(named) if len(named) == 1 else ())
        if sectors and not set(sectors) & {Sector.PO, Sector.VO}:
            found.append(Statement(Reading(), sectors, statement.glue, loose=True))
        else:
            found.append(replace(statement, sectors=sectors))
    return found


def _details(statements: list[Statement]) -> list[Statement]:
    """Without what is said more exactly right behind it: of "bovenbouw PO (groep 6-8)" the bovenbouw."""
    found: list[Statement] = []
    for statement in statements:
        at = len(found) - 1
        if statement.glue == "" and at > 0 and found[at].is_sector and found[at].glue == "":
            at -= 1
        if statement.reading and statement.glue == "" and at >= 0 and _is_part(statement, found[at]):
            sectors = tuple(dict.fromkeys((*found[at].sectors, *statement.sectors)))
            statement = replace(statement, glue=found[at].glue, sectors=sectors)  # noqa: PLW2901  # takes its place
            del found[at]
        found.append(statement)
    return found


def _is_part(one: Statement, other: Statement) -> bool:
    if other.is_years and other.reading.parts and sectors_of(one) <= sectors_of(other) and not one.is_track:
        return not one.reading.staff and not one.reading.parts  # havo and vmbo differ in what they call onderbouw
    cells, whole = (each.reading.cells(each.sectors) if each.reading else 0 for each in (one, other))
    return bool(cells) and cells != whole and not cells & ~whole and not one.reading.staff


def _staff(statements: list[Statement]) -> list[Statement]:
    """Teachers with their sectors ("docenten PO en VO"); for their groups ("leraren groep 5") there is no notation."""
    found: list[Statement] = []
    for statement in statements:
        before = found[-1] if found else None
        more = before and before.sectors and statement.is_sector and statement.glue in ADDED
        if before and before.reading.staff and (statement.glue == "" or more):
            found[-1] = _teaching(before, [statement])
        elif statement.reading.staff and statement.glue == "" and found:
            start = len(found) - 1
            while start and found[start].glue in ADDED and found[start].is_sector and found[start - 1].is_sector:
                start -= 1
            found[start:] = [_teaching(replace(statement, glue=found[start].glue), found[start:])]
        else:
            found.append(statement)
    return found


def _teaching(staff: Statement, taught: Sequence[Statement]) -> Statement:
    """Teachers of what is beside them."""
    sectors = (*staff.sectors, *(sector for one in taught for sector in (*one.sectors, *sorted(sectors_of(one)))))
    loose = staff.loose or not all(one.is_sector or one.reading.staff for one in taught)
    return replace(staff, sectors=tuple(dict.fromkeys(sectors)), loose=loose)


def _ages(statements: list[Statement]) -> list[Statement]:
    """Without ages that only say how old the pupils of a class are: "groep 5-8 (8-12 jaar)"."""
    found: list[Statement] = []
    for statement in statements:
        before = found[-1] if found and statement.glue in ("", *ADDED) else None
        if before and _is_age_of(statement, before):
            found[-1] = replace(before, loose=True)
        elif before and _is_age_of(before, statement):
            found[-1] = replace(statement, glue=before.glue, loose=True)
        else:
            found.append(statement)
    return found


def _is_age_of(one: Statement, other: Statement) -> bool:
    is_class = bool(other.reading) and not other.reading.ages and not other.reading.staff
    return bool(one.reading.ages) and is_class and sectors_of(one) <= sectors_of(other)


def sectors_of(statement: Statement) -> set[Sector]:
    """The sectors that a statement is about: as named, or as its groups, levels and ages imply."""
    reading = statement.reading
    found = set(statement.sectors) | reading.sectors()
    if reading.parts and not found:
        found = {Sector.PO} if reading.parts == {"middenbouw"} else {Sector.PO, Sector.VO}
    if not statement.sectors:
        for low, high in reading.ages:
            # Who is twelve may be in groep 8 still or in klas 1; "8-12 jaar" means primary school.
            ends = {Sector.PO: low <= 11, Sector.VO: high >= 13 or low >= 12, Sector.MBO: high >= 19}
            found |= {sector for sector, meant in ends.items() if meant and not (sector is Sector.VO and low >= 18)}
    return found


def _together(statements: Sequence[Statement]) -> Statement:
    reading = Reading()
    for statement in statements:
        reading.add(statement.reading)
    if reading.tracks and reading.parts >= {"onderbouw", "bovenbouw"}:
        reading.parts.clear()  # both halves are the whole
    sectors = tuple(dict.fromkeys(sector for statement in statements for sector in statement.sectors))
    return replace(statements[0], reading=reading, sectors=sectors, loose=any(one.loose for one in statements))


def _copy(reading: Reading) -> Reading:
    copy = Reading()
    copy.add(reading)
    return copy
