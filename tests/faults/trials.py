"""What a trial of faults is: something is broken on purpose, and what came of it is counted."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
import random

__all__ = ["Counts", "Databases", "Trial", "broken"]

Counts = Mapping[str, float]

Databases = Callable[[], str]
"""Makes another database with its tables; its URL."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One kind of trial on one kind of database; a run is given the number it has."""

    name: str
    database: str
    """"sqlite" or "postgresql"."""
    run: Callable[[random.Random, Databases, Path, int], Awaitable[Counts]]
    """Given its luck, databases, a folder of its own and a size."""
    short: int
    """The size of a run in the tests; `long` runs of `full` size are the proof."""
    long: int
    full: int
    limits: Mapping[str, tuple[float, float]]
    """The least and the most that each count may be in a run; what is not named here is only told."""
    when_long: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Further limits, of a run of full size on a machine that does nothing else."""

    @property
    def key(self) -> str:
        return f"{self.name} ({self.database})"


def broken(trial: Trial, counts: Counts, *, long: bool = False) -> list[str]:
    """Which limits the counts break, in sentences."""
    limits = {**trial.limits, **(trial.when_long if long else {})}
    return [
        f"{trial.key}: {name} is {counts[name]:g}, which must be {least:g} to {most:g}"
        for name, (least, most) in limits.items()
        if not least <= counts[name] <= most
    ]
