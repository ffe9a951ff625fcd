"""Tables as they are printed: a title, columns under each other, notes below."""

from collections.abc import Sequence

__all__ = ["heading", "number", "show"]


def heading(text: str) -> None:
    print(f"\n{text}\n{'=' * len(text)}", flush=True)


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *notes: str) -> None:
    """Prints a table: the first column to the left, the others to the right."""
    widths = [max(len(row[at]) for row in (columns, *rows)) for at in range(len(columns))]
    print(f"\n{title}")
    for row in (columns, ["-" * width for width in widths], *rows):
        first, *others = (
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join((first, *others)).rstrip())
    for note in notes:
        print(f"  {note}")
    print(end="", flush=True)


def number(value: float | None, digits: int = 2) -> str:
    """The number as it stands in a table; a dash for one there is not."""
    return "-" if value is None else f"{value:.{digits}f}"
