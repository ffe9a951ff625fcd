"""Signs as people see them: without those that nobody sees, and cut where no letter or emoji falls apart. All pure."""

import re
import sys
import unicodedata

__all__ = ["clipped", "cut_at", "harmless", "is_blank", "one_line"]

BLANK = re.compile("[\\s\u034f\u115f\u1160\u200c\u200d\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0020-\U000e01ef]*")
"""Text of which nothing is to be seen."""
SIGN = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f|.", re.DOTALL)
"""One character, or the flag of a part of a country (Scotland), whose letters are invisible anywhere else."""
JOINERS = frozenset("\u200c\u200d")
"""Without these families fall apart into people, and Persian words into letters."""
LATER_EMOJI = re.compile("[\U0001f000-\U0001faff]")
"""Where emoji are that this Python may be too old to know."""
FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))


def harmless(text: str) -> str:
    """The text without characters that nobody sees or that turn the writing direction; lines end in newlines only."""
    text = "\n".join(text.splitlines())
    if text.replace("\n", "").isprintable():  # nearly always
        return text
    return "".join(map(_harmless_sign, SIGN.findall(text)))


def _harmless_sign(sign: str) -> str:
    if sign == "\n" or len(sign) > 1 or sign in JOINERS or LATER_EMOJI.fullmatch(sign):
        return sign
    if unicodedata.category(sign).startswith("C"):
        return " " if sign.isspace() else ""
    return sign


def is_blank(text: str) -> bool:
    """Whether there is nothing to see in it."""
    return BLANK.fullmatch(text) is not None


def one_line(text: str, longest: int = sys.maxsize) -> str:
    """The text on one line, ending in "…" when it was longer; empty when there is nothing to see."""
    text = " ".join(harmless(text).split())
    return "" if is_blank(text) else clipped(text, longest)


def clipped(text: str, longest: int) -> str:
    """The text, ending in "…" when it was longer."""
    return text if len(text) <= longest else text[: cut_at(text, longest - 1)].rstrip() + "…"


def cut_at(text: str, end: int) -> int:
    """The last place up to `end` where no letter or emoji is cut in two; 0 when all of it is one.

    `end` itself when that would be far back: nobody's emoji is 64 characters, and a tower of accents may fall.
    """
    near = range(end, max(end - 64, 0), -1)
    return next((place for place in near if not _within(text, place)), 0 if end <= 64 else end)


def _within(text: str, place: int) -> bool:
    """Whether the place is inside what people see as one sign: a letter with its accent, a family, a flag."""
    if place >= len(text):
        return False
    before, after = text[place - 1], text[place]
    if before == "\u200d" or after in JOINERS or unicodedata.category(after).startswith("M"):
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":  # colours of skin, Scotland
        return True
    # A flag is two letters: after an odd number of them we are in the middle of one.
    return after in FLAG_LETTERS and (place - len(text[:place].rstrip(FLAG_LETTERS))) % 2 == 1
