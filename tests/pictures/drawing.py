"""SVG drawn by hand: how wide words are, where lines break, and the few shapes that pictures of a chat are made of.

A README shows a picture as an image: it can bring no font, run nothing, and not leave it to the browser where to break
lines. So everything is placed here, by the widths of Helvetica and Arial, which are the same. Where a machine has
neither, `textLength` makes its own font keep to them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
import unicodedata
from xml.sax.saxutils import escape, quoteattr

__all__ = [
    "AVATAR",
    "Drawn",
    "Run",
    "UnknownConstruct",
    "box",
    "element",
    "lines_of",
    "path",
    "picture",
    "reach",
    "words",
    "wrap",
]

FONTS = "Helvetica, Arial, 'Liberation Sans', sans-serif"
AVATAR = "#c2410c"
"""The colour of the bot's picture."""


class UnknownConstruct(Exception):  # noqa: N818  # it names what is unknown
    """What stands in a payload and no picture shows yet: draw it, so that no picture loses something in silence."""


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one line, or of a text with lines, that look the same."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    colour: str = ""
    """Empty for the colour of what is around it."""


Drawn = tuple[list[str], float]
"""Shapes, and where they end: what comes next is drawn below."""


# How wide it is

REGULAR = {
    167: "⁄",
    191: "'",
    222: "ijl‘’",
    260: "|",
    278: " !,./:;I[\\]ft",
    333: "()-`r·“”",
    355: '"',
    389: "*",
    469: "^",
    500: "Jckvsxyz",
    556: "#$0123456789?L_abdeghnopqu–€",
    584: "+<=>~×",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "—…",
    1015: "@",
}
BOLD = {
    167: "⁄",
    238: "'",
    278: " ,./I\\ijl‘’",
    280: "|",
    333: "!()-:;[]`ft·",
    389: "*r",
    474: '"',
    500: "z“”",
    556: "#$0123456789J_aceksvxy–€",
    584: "+<=>^~×",
    611: "?FLTZbdghnopqu",
    667: "EPSVXY",
    722: "&ABCDHKNRU",
    778: "GOQw",
    833: "M",
    889: "%m",
    944: "W",
    975: "@",
    1000: "—…",
}
"""Thousandths of the size of the letters, for each sign; REGULAR also for italic."""
WIDTHS = {
    bold: {sign: width for width, signs in table.items() for sign in signs}
    for bold, table in ((False, REGULAR), (True, BOLD))
}
WIDEST = 1200
"""Of a sign that is in no table: an emoji, say."""
SPARE = 1.03
"""Lines break a little before they must, for who looks with a wider font and something that ignores `textLength`."""


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How far the text reaches in letters of this size."""
    return sum(_thousandths(sign, bold=bold) for sign in text) * size / 1000


def _thousandths(sign: str, *, bold: bool) -> int:
    if (known := WIDTHS[bold].get(sign)) is not None:
        return known
    if unicodedata.category(sign) in ("Mn", "Me", "Cf"):  # stands on, or holds together, what is beside it
        return 0
    parts = unicodedata.normalize("NFKD", sign)
    # However many parts it has, it is one sign: a Hangul syllable has three.
    return WIDEST if parts == sign else min(WIDEST, sum(_thousandths(part, bold=bold) for part in parts))


def reach(line: Sequence[Run], size: float) -> float:
    """How far the line reaches."""
    return sum(width(run.text, size, bold=run.bold) for run in line)


# Where lines break


def lines_of(runs: Sequence[Run]) -> list[list[Run]]:
    """The text as it was written: a line ends where a newline stands."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split("\n")
        lines[-1].append(replace(run, text=first))
        lines += [[replace(run, text=other)] for other in others]
    return [[run for run in line if run.text] for line in lines]


def wrap(line: Sequence[Run], size: float, room: float) -> list[list[Run]]:
    """The line as lines that are no wider than `room`, broken at blanks, which go; within a word only if it must."""
    lines: list[list[Run]] = [[]]
    for blank, word in _words(line):
        if _fits([*lines[-1], *blank, *word], size, room):
            lines[-1] += [*blank, *word]
            continue
        if lines[-1]:
            lines.append([])
        for sign in word:
            if lines[-1] and not _fits([*lines[-1], sign], size, room):
                lines.append([])
            lines[-1].append(sign)
    return [_joined(signs) for signs in lines if signs]


def _words(line: Sequence[Run]) -> Iterator[tuple[list[Run], list[Run]]]:
    """The words as runs of one sign each, with the blank before each of them."""
    blank: list[Run] = []
    word: list[Run] = []
    for sign in (replace(run, text=sign) for run in line for sign in run.text):
        if sign.text == " ":
            yield blank, word
            blank, word = [sign], []
        else:
            word.append(sign)
    yield blank, word


def _fits(line: Sequence[Run], size: float, room: float) -> bool:
    return reach(line, size) * SPARE <= room


def _joined(signs: Sequence[Run]) -> list[Run]:
    """The signs as runs again, neighbours that look the same as one."""
    looks = groupby(signs, key=lambda sign: replace(sign, text=""))
    return [replace(look, text="".join(sign.text for sign in alike)) for look, alike in looks]


# SVG


def picture(title: str, description: str, wide: float, high: float, shapes: Iterable[str]) -> str:
    """The whole file; `title` and `description` are for who can't see it."""
    inside = [element("title", escape(title)), element("desc", escape(description)), *shapes]
    svg = {"xmlns": "http://www.w3.org/2000/svg", "xml:space": "preserve", "role": "img", "font-family": FONTS}
    size: dict[str, str | float] = {"width": wide, "height": high, "viewBox": f"0 0 {wide:g} {high:g}"}
    return element("svg", *(f"\n{one}" for one in inside), "\n", **svg, **size) + "\n"


def element(name: str, *inside: str, **attributes: str | float) -> str:
    """An element of SVG; `inside` is SVG already, an underscore in the name of an attribute stands for a hyphen."""
    said = "".join(f" {key.replace('_', '-')}={quoteattr(_value(value))}" for key, value in attributes.items())
    return f"<{name}{said}>{''.join(inside)}</{name}>" if inside else f"<{name}{said}/>"


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else f"{round(value, 2):g}"


def box(x: float, y: float, wide: float, high: float, corner: float = 0, **look: str | float) -> str:
    """A rectangle; `corner` is how round its corners are."""
    return element("rect", x=x, y=y, width=wide, height=high, rx=corner, **look)


def path(way: str, **look: str | float) -> str:
    """A line along `way`, or what the line goes around when it has a `fill`."""
    return element("path", d=way, **{"fill": "none", **look})


def words(line: Sequence[Run], x: float, y: float, size: float, **look: str | float) -> str:
    """One line of text, standing at the height `y`."""
    return element("text", *(_tspan(run, size) for run in line), x=x, y=y, font_size=size, **look)


def _tspan(run: Run, size: float) -> str:
    look: dict[str, str | float] = {
        "textLength": width(run.text, size, bold=run.bold),
        "lengthAdjust": "spacingAndGlyphs",
    }
    if run.bold:
        look["font_weight"] = "bold"
    if run.italic:
        look["font_style"] = "italic"
    if run.underline:
        look["text_decoration"] = "underline"
    if run.colour:
        look["fill"] = run.colour
    return element("tspan", escape(run.text), **look)
