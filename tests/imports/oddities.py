"""The corpus of odd files: real ones as offices, schools and partners send them, made here, with what must come out."""

from tests.imports.cases import Case
from tests.imports.in_cells import CELLS
from tests.imports.in_lists import LISTS
from tests.imports.in_rows import TOGETHER
from tests.imports.in_texts import HEADINGS, TEXTS
from tests.imports.in_workbooks import WORKBOOKS

__all__ = ["CASES", "Case"]

CASES: tuple[Case, ...] = (*TEXTS, *HEADINGS, *TOGETHER, *LISTS, *CELLS, *WORKBOOKS)
