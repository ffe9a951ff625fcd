"""What a sheet is, and what the text in its cells is once everything around the words is gone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
import html
import re

__all__ = [
    "FORMULA",
    "MAX_CELL",
    "MAX_COLUMNS",
    "MAX_ROW",
    "Sheet",
    "Unreadable",
    "clean",
    "filled",
    "is_error",
    "no_table",
    "too_long",
]

MAX_CELL = 100_000  # characters; Excel itself stops at 32,767
MAX_COLUMNS = 16_384  # as Excel has
MAX_ROW = 5_000_000  # characters in all its cells

FORMULA = "=FORMULE"
"""What stands in a cell with a formula of which the file does not hold the outcome: it must not look empty."""


def _words(lines: str) -> frozenset[str]:
    return frozenset(lines.split())


_ERRORS = _words(
    "#NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! #N/A #GETTING_DATA #SPILL! #CALC! #FIELD! #BLOCKED! #UNKNOWN! #CONNECT! "
    "#BUSY! #LEEG! #DEEL/0! #WAARDE! #VERW! #NAAM? #GETAL! #N/B #OVERLOOP! #BEREKENEN! #VELD! #GEBLOKKEERD! #ONBEKEND! "
    "#VERBINDEN! #BEZET!"
)
_ERROR_OF_LIBREOFFICE = re.compile(r"ERR:\d{3}")


class Unreadable(Exception):  # noqa: N818 - said as people say it: "this file is unreadable"
    """A file, or a place in it, that can't be read. Its text is a Dutch sentence: what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file. Its rows come while they are read, so take them before the next sheet."""

    name: str
    """As on its tab; "" when there is none, as in CSV."""
    rows: Iterator[tuple[int, tuple[str, ...]]]
    """Row number as people see it, and the cells up to the last filled one. Entirely empty rows are left out."""


def is_error(text: str) -> bool:
    """Whether a cell holds an error of Excel or LibreOffice (#N/A, #VERW!) instead of a value."""
    word = text.strip().upper()
    return word in _ERRORS or bool(_ERROR_OF_LIBREOFFICE.fullmatch(word))


def filled(cells: Iterable[str]) -> tuple[str, ...]:
    """The cells up to the last one that holds something."""
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)


def no_table(name: str, what: str) -> Unreadable:
    """The refusal of a file that is something else than a table: "een pdf"."""
    return Unreadable(
        f"“{clean(name)}” is {what}. Daar kan ik geen lijst uit lezen. "
        "Zet de lijst in Excel en sla hem op als Excel (.xlsx) of CSV."
    )


def too_long(row: int, column: int) -> Unreadable:
    """The refusal of a cell, its column counted from 0."""
    return Unreadable(
        f"Cel {_letters(column)}{row} heeft meer dan 100.000 tekens. Maak de tekst korter. "
        'Als hij in het bestand wel kort is, ontbreekt er misschien een aanhalingsteken (") aan het eind.'
    )


def _letters(column: int) -> str:
    """The name of a column as Excel shows it: A … Z, AA …"""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


# Cleaning

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_AMPERSANDS = re.compile(r"&(?:(?:amp|AMP|#0{0,5}38|#[xX]0{0,4}26);)+")
# Only what certainly is a tag: a name that HTML knows, and attributes with a value. "a<b and c>d" stays.
_TAG = re.compile(
    r"<(/?)([A-Za-z][A-Za-z0-9]*(?::[A-Za-z]+)?)"
    r"""(?:\s+(?:[A-Za-z_:][\w:.-]*\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=]+)|(?:nowrap|checked|disabled|hidden|reversed"""
    r"""|allowfullscreen|async|defer)(?=[\s/>])))*+\s*/?>"""
)
_LINES = _words(
    "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 head header hr html iframe li main nav ol option p pre section summary table tbody "
    "tfoot thead title tr ul"
)
_INLINE = _words(
    "a abbr acronym audio b bdi bdo big button cite code col colgroup data del dfn em embed font i img input ins kbd "
    "label link map mark meta object picture q s samp select small source span strike strong sub sup svg td textarea "
    "th time tt u var video wbr"
)
_SOFT_END = _words("dd div dt li option td th tr")  # the next one begins a line of its own already
_HIDDEN = (("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>"))
_BLANKS = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_EMPTY_LINES = re.compile(r" ?\n ?(?:\n ?)+")
_BESIDE_LINE_END = re.compile(r" ?\n ?")
# Control characters, soft hyphens, zero width and direction marks, and halves of characters that no file can hold. The
# joiner stays before an emoji, where it makes one picture of two.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]|\u200d(?![\u2600-\u27bf\U0001f000-\U0001faff])"
)
# Printable ASCII without < and &, and letters and marks of Dutch that don't begin what was wrongly decoded (Ã, Â, â).
_PLAIN_DUTCH = re.compile("[ -%'-;=-~áàäçèéêëíîïñóôöúûü’‘“”–…€•]*")
_ROUNDS = 5  # text inside a text inside a text: more is nobody's list


def clean(text: str) -> str:
    """The text as it was meant: no HTML, entities, wrongly decoded letters, control characters or stray blanks.

    Line ends become a single newline and at most one empty line stays. Cleaning twice changes nothing.
    """
    if _is_plain(text):
        return text
    rounds = 0
    while (cleaned := _cleaned(text)) != text:
        rounds += 1
        # Hostile nesting would take a round a layer; without these two there is nothing to nest.
        text = cleaned if rounds < _ROUNDS else cleaned.replace("<", " ").replace("&", " ")
    return text


def _is_plain(text: str) -> bool:
    """Whether there is surely nothing to clean. Nearly every cell is plain, and a list has millions."""
    if "  " in text or text[:1] == " " or text[-1:] == " ":
        return False
    if text.isascii():
        return text.isprintable() and "<" not in text and "&" not in text
    return bool(_PLAIN_DUTCH.fullmatch(text))


def _cleaned(text: str) -> str:
    if not text.isascii():
        import ftfy

        text = ftfy.fix_encoding(text)
    if "&" in text:
        text = _AMPERSANDS.sub("&", text)
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    if "<" in text:
        for start, end in _HIDDEN:
            text = _without(text, start, end)
        text = _TAG.sub(_instead_of_tag, text)
    text = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))
    text = _BLANKS.sub(" ", text)
    text = _EMPTY_LINES.sub("\n\n", text)
    return _BESIDE_LINE_END.sub("\n", text).strip()


def _without(text: str, start: str, end: str) -> str:
    """The text without what stands between two marks. An opening mark that is never closed stays."""
    opening, closing = re.compile(re.escape(start), re.IGNORECASE), re.compile(re.escape(end), re.IGNORECASE)
    kept, position = [], 0
    while (first := opening.search(text, position)) and (last := closing.search(text, first.end())):
        kept.append(text[position : first.start()])
        position = last.end()
    return " ".join([*kept, text[position:]]) if kept else text


def _instead_of_tag(tag: re.Match[str]) -> str:
    name = tag[2].lower()
    if name in _LINES:
        if tag[1] and name in _SOFT_END:
            return " "
        return "\n• " if name == "li" else "\n"
    if name in {"td", "th"}:
        return " "
    # Word and Outlook leave tags of their own (o:p) in what is pasted from them.
    return "" if name in _INLINE or ":" in name else tag[0]
