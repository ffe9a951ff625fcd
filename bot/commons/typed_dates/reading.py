"""A typed date from its text to what it can mean: cut into what is known, put together, and checked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import product

from bot.commons.dates import WEEKDAYS, clock, local, long_day
from bot.commons.moments import at_local, exists
from bot.commons.typed_dates.clock_times import TIMES, Times, read_times
from bot.commons.typed_dates.days import DATED, Asked, Days, Stretch, contradiction, too_far
from bot.commons.typed_dates.relative_days import RELATIVE
from bot.commons.typed_dates.when import Bound, NotADate, Problem, When
from bot.commons.typed_dates.words import PARTS_OF_A_DAY, unified
from bot.commons.working_days import Region

__all__ = ["LONGEST", "read_when"]

LONGEST = 100
"""Letters of a typed date; what is longer is a story."""

_BOUNDS = {"vanaf": Bound.FROM, "tot": Bound.UNTIL, "tm": Bound.THROUGH}
_FILLERS = {"op", "om", "de", "het", "den", "in", "van", "rond", "naar"}
_EXAMPLE = "Typ bijvoorbeeld 19 januari, of morgen om 10.00 uur."


def read_when(text: str, now: datetime, region: Region | None = None) -> tuple[When, ...]:
    """All that a typed date can mean at `now`, likeliest first; two readings are to be asked about.

    `region` is where the school holidays are meant ("na de vakantie"). Raises NotADate, whose text is for who typed it.
    """
    asked = Asked(local(now), region)
    if len(text) > LONGEST:
        raise NotADate(Problem.TOO_LONG, f"Dat is te lang voor een datum. {_EXAMPLE}")
    pieces = list(_cut(unified(text), asked))
    bound = None
    if pieces and (bound := _BOUNDS.get(str(pieces[0]))):
        pieces = pieces[1:]
    readings = [_bounded(reading, bound) for reading in _put_together(pieces, asked)]
    for reading in readings:
        _check(reading)
    return tuple(dict.fromkeys(_still_to_come(readings, asked)))


def _cut(text: str, asked: Asked) -> Iterator[Days | Times | str]:
    """What is said, piece by piece: days, times, parts of a day, and words that join ("tot", "-")."""
    place, end = 0, len(text)
    if not text:
        raise NotADate(Problem.NOTHING, f"Er staat nog geen datum. {_EXAMPLE}")
    while place < end:
        word = text[place:].split(" ", 1)[0]
        matches = [(match, rule) for pattern, rule in (*DATED, *RELATIVE) if (match := pattern.match(text, place))]
        found, rule = max(matches, key=lambda one: one[0].end(), default=(None, None))
        timed = TIMES.match(text, place)
        if timed and (found is None or timed.end() > found.end()) and (times := read_times(timed)):
            yield times
            place = timed.end() + 1
        elif found and rule:
            yield rule(found, asked)
            place = found.end() + 1
        elif word in _BOUNDS or word in PARTS_OF_A_DAY or word == "-":
            yield word
            place += len(word) + 1
        elif word in _FILLERS:
            place += len(word) + 1
        else:
            raise _unknown()


def _put_together(pieces: Sequence[Days | Times | str], asked: Asked) -> list[When]:
    joints = [
        place
        for place, piece in enumerate(pieces)
        if piece in ("-", *_BOUNDS) and _has_day(pieces[:place]) and _has_day(pieces[place:])
    ]
    if len(joints) > 1:
        raise _too_much()
    if joints:
        place = joints[0]
        return _from_to(pieces[:place], pieces[place + 1 :], asked, exclusive=pieces[place] == "tot")
    return [one.as_when() for one in _sides(pieces, asked.today)]


def _has_day(pieces: Sequence[Days | Times | str]) -> bool:
    return any(isinstance(piece, Days) for piece in pieces)


def _unknown() -> NotADate:
    return NotADate(Problem.UNKNOWN, f"Dat snap ik niet als datum. {_EXAMPLE}")


def _too_much() -> NotADate:
    return NotADate(Problem.TOO_MUCH, "Ik lees meer dan één datum of tijd. Typ er één.")


@dataclass(frozen=True, slots=True)
class _Side:
    """One reading of what is said of one day: all of it, or one side of "van … tot …"."""

    days: Stretch | None
    start: time | None = None
    end: time | None = None

    @property
    def day(self) -> date:
        """The first day, where there is one."""
        if self.days is None:
            raise _too_much()
        return self.days[0]

    def as_when(self) -> When:
        if self.days is None:
            return When(None, self.start, self.end)
        first, last = self.days
        if first == last:
            past_midnight = self.start is not None and self.end is not None and self.end <= self.start
            return When(first, self.start, self.end, first + timedelta(days=1) if past_midnight else None)
        if self.start is not None:
            raise NotADate(Problem.WHICH_DAY, "Welke dag bedoel je? Typ de dag erbij.")
        return When(first, last=last)


def _sides(pieces: Sequence[Days | Times | str], since: date) -> list[_Side]:
    """The readings of what is said of one day and time."""
    days = [piece for piece in pieces if isinstance(piece, Days)]
    times = [piece for piece in pieces if isinstance(piece, Times)]
    parts = {piece for piece in pieces if piece in PARTS_OF_A_DAY}
    at = next((one.at for one in days if one.at is not None), None)
    if (not days and not times) or any(piece in _BOUNDS for piece in pieces):
        raise _unknown()
    if len(set(times)) + (at is not None) > 1 or len(parts) > 1:
        raise _too_much()
    stretches: list[Stretch | None] = [*_days(days, since)] if days else [None]
    if not times:
        return [_Side(stretch, at) for stretch in stretches]
    part = str(parts.pop()) if parts else None
    over = times[0].end is None and times[0].start.ends_day(part)
    return [
        _Side((stretch[0] + timedelta(days=1),) * 2 if over and stretch else stretch, start, end)
        for stretch, (start, end) in product(stretches, times[0].mean(part))
    ]


def _days(said: Sequence[Days], since: date) -> list[Stretch]:
    """The days that all of it can mean: "dinsdag" must be one of "volgende week", and agree with "8 december"."""
    weekdays = {one.weekday for one in said if one.weekday is not None}
    others = [one.look(since) for one in said if one.weekday is None]
    if not others:
        if len(weekdays) > 1:
            raise _too_much()
        return list(said[0].look(since))
    shared = [(max(s[0] for s in each), min(s[1] for s in each)) for each in product(*others)]
    shared = [stretch for stretch in shared if stretch[0] <= stretch[1]]
    if not shared or len(weekdays) > 1:
        raise _too_much()
    if not weekdays:
        left_of = said[0].period and len(said) == 1
        return [(max(first, since), last) if left_of and last >= since else (first, last) for first, last in shared]
    weekday = weekdays.pop()
    found = [
        (day, day)
        for first, last in shared
        for day in (first + timedelta(days=number) for number in range((last - first).days + 1))
        if day.weekday() == weekday
    ]
    if not found:
        raise contradiction(shared[0][0], weekday)
    if len(found) > 2:
        raise NotADate(Problem.WHICH_DAY, f"Welke {WEEKDAYS[weekday]} bedoel je? Typ de datum erbij.")
    return found


def _from_to(
    left: Sequence[Days | Times | str], right: Sequence[Days | Times | str], asked: Asked, *, exclusive: bool
) -> list[When]:
    """From a day to a day ("18 december t/m 11 januari"), or from a moment to a moment on another day."""
    fixed = any(isinstance(piece, Days) and piece.fixed for piece in right)
    yearless = any(isinstance(piece, Days) and piece.yearless for piece in left)
    if fixed and yearless:  # the year at the end is that of both, or the one before
        last = _sides(right, asked.today)[0].day
        starts = _sides(left, date(last.year, 1, 1))
        if starts[0].day > last:
            starts = _sides(left, date(last.year - 1, 1, 1))
    else:
        starts = _sides(left, asked.today)
    return [_joined(start, end, exclusive=exclusive) for start in starts for end in _sides(right, start.day)]


def _joined(start: _Side, end: _Side, *, exclusive: bool) -> When:
    first, last = start.day, end.day
    if start.end is not None or end.end is not None or (start.start is None) != (end.start is None):
        raise _too_much()
    if start.start is None or end.start is None:
        last -= timedelta(days=exclusive)
        if last < first:
            raise NotADate(Problem.BACKWARDS, f"{long_day(last, last).capitalize()} is vóór {long_day(first, first)}.")
    elif (last, end.start) <= (first, start.start):
        raise NotADate(Problem.BACKWARDS, f"{clock(end.start)} is niet na {clock(start.start)}.")
    if first == last:
        return When(first, start.start, end.start)
    return When(first, start.start, end.start, last)


def _bounded(when: When, bound: Bound | None) -> When:
    """With "tot", "t/m" or "vanaf" a stretch is where it begins or ends."""
    if bound is None:
        return when
    if when.end is not None:
        raise _too_much()
    day = when.last if bound is Bound.THROUGH and when.last else when.day
    return replace(when, day=day, last=None, bound=bound)


def _check(when: When) -> None:
    """Raises NotADate for years we don't know and for the hour that the clock skips."""
    for day, at in ((when.day, when.start), (when.last or when.day, when.end)):
        if day is None:
            continue
        if not 2000 <= day.year <= 2100:
            raise too_far()
        if at is not None and not exists(day, at):
            shown = local(at_local(day, at)).time()
            said = f"{clock(at)} bestaat niet op {long_day(day, day)}: dan gaat de klok een uur vooruit."
            raise NotADate(Problem.NO_SUCH_TIME, said, (When(day, shown),))


def _still_to_come(readings: list[When], asked: Asked) -> list[When]:
    """Without those of today that are over, unless nothing else is left."""
    at = asked.now.time()
    left = [one for one in readings if one.day != asked.today or one.start is None or one.start >= at]
    return left or readings
