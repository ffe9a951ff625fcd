"""What a case of the corpus is: a file, and what must come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.search.importing import Options
from tests.imports.makers import File

__all__ = ["ALL", "ROWS", "A", "B", "C", "Case", "H"]

H = ("Organisatie", "Programma", "Sector", "Plaats")
A = ("Stichting Noord", "Debatclub", "VO", "Utrecht")
B = ("Stichting Noord", "Huiswerkuur", "PO", "Zeist")
C = ("Huis van Taal", "Taalmaatjes", "MBO", "Almere")
ROWS = (H, A, B, C)
"""The list that most cases have in them, however odd the file is."""
ALL = ("Debatclub", "Huiswerkuur", "Taalmaatjes")


@dataclass(frozen=True, slots=True)
class Case:
    """One file, and what a person who sent it would expect."""

    name: str
    file: File
    titles: tuple[str, ...] = ALL
    """Programmes that are new."""
    fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Some fields of new or changed programmes, by their title."""
    rejected: tuple[str, ...] = ()
    """Each "rij 3, kolom Plaats"."""
    remarks: tuple[str, ...] = ()
    """The same of what is worth knowing; checked where a case is about it."""
    skipped: tuple[str, ...] = ()
    """Each "rij 3"."""
    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Id to the fields that change."""
    unchanged: int = 0
    doubles: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    """Titles."""
    missing: tuple[str, ...] = ()
    left_out: str = ""
    """Words of what is said about a sheet that is left out."""
    unreadable: str = ""
    """Words of the sentence, when nothing can come of the file."""
    options: Options = field(default_factory=Options)
    base: str = "nothing"
    """The list there is: "nothing", "own" (three programmes) or "examples"."""
    called: str = "lijst.csv"
    wrong: str = ""
    """What is not as it should be yet: the test is expected to fail."""
