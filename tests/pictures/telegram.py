"""How an answer looks in Telegram on a phone, below the question: drawn from the HTML and keyboards the bot sends."""

from collections.abc import Sequence
from datetime import datetime
from html.parser import HTMLParser
from typing import Any, NoReturn

from telegram import ForceReply, InlineKeyboardButton, InlineKeyboardMarkup

from bot.commons.dates import day
from bot.handlers.telegram_html import Message
from tests.pictures.drawing import (
    AVATAR,
    Drawn,
    Run,
    UnknownConstruct,
    box,
    element,
    lines_of,
    path,
    picture,
    reach,
    words,
    wrap,
)

__all__ = ["draw"]

WIDE = 400
TOP = 60
"""The height of the bar above the chat."""
BOTTOM = 56
"""The height of the field below it."""
EDGE = 10
BUBBLE = WIDE - EDGE - 34
"""How wide a bubble is at most."""
PADDING = 12
CORNER = 16

SIZE = 15
LINE = 20
STAMP = 11
"""The size of the time in a bubble."""
BUTTON = 38
BUTTON_SIZE = 14
GAP = 4
"""Between buttons."""

INK = "#000000"
GREY = "#707579"
BLUE = "#2481cc"
WHITE = "#ffffff"
OWN = "#e1ffc7"
GREEN = "#2f7d32"
KEY = "#3b6650"

TAGS: dict[str, dict[str, Any]] = {
    "b": {"bold": True},
    "i": {"italic": True},
    "u": {"underline": True},
    "a": {"colour": BLUE},
}


def draw(question: str, moment: datetime, messages: Sequence[Message]) -> str:
    """The picture: a private chat with the bot, what somebody asked it and what it answered."""
    shapes, y = _day(moment, TOP + 12)
    asked, y = _asked(question, moment, y + 10)
    shapes += asked
    for message in messages:
        said, y = _message(message, moment, y + 8)
        shapes += said
    high = round(y + 12 + BOTTOM)
    description = (
        f"In a private chat somebody asked {question}. The answer of the bot stands below it, with its buttons."
    )
    return picture("SKB-bot in Telegram", description, WIDE, high, [*_phone(high), *shapes])


# What the bot sends


def _message(message: Message, moment: datetime, y: float) -> Drawn:
    reader = _Reader()
    reader.feed(message.html)
    reader.close()
    shapes, y = _said(reader.read(), moment, y)
    buttons, y = _keyboard(message.keyboard, y)
    return shapes + buttons, y


class _Reader(HTMLParser):
    """Reads the few tags that the bot writes."""

    def __init__(self) -> None:
        super().__init__()
        self._runs: list[Run] = []
        self._open: list[str] = []

    def read(self) -> list[Run]:
        if self._open:
            self._refuse(f"<{self._open[-1]}> without its end")
        return self._runs

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS or [name for name, _ in attrs] != (["href"] if tag == "a" else []):
            self._refuse(f"<{tag}> {attrs}")
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self._refuse(f"</{tag}> where another tag is open")

    def handle_data(self, data: str) -> None:
        look: dict[str, Any] = {}
        for tag in self._open:
            look |= TAGS[tag]
        self._runs.append(Run(data, **look))

    def handle_comment(self, data: str) -> None:
        self._refuse(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self._refuse(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self._refuse(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self._refuse(f"<![{data}]>")

    def _refuse(self, what: str) -> NoReturn:
        raise UnknownConstruct(f"Telegram: {what}")


def _keyboard(keyboard: InlineKeyboardMarkup | ForceReply | None, y: float) -> Drawn:
    """Rows below the bubble, as wide as it is."""
    if keyboard is None:
        return [], y
    if not isinstance(keyboard, InlineKeyboardMarkup):
        raise UnknownConstruct(f"Telegram: {keyboard}")
    shapes: list[str] = []
    for row in keyboard.inline_keyboard:
        wide = (BUBBLE - GAP * (len(row) - 1)) / len(row)
        for at, button in enumerate(row):
            shapes += _button(button, EDGE + at * (wide + GAP), y + GAP, wide)
        y += GAP + BUTTON
    return shapes, y


def _button(button: InlineKeyboardButton, x: float, y: float, wide: float) -> list[str]:
    if button.to_dict().keys() - {"text", "callback_data", "url"}:
        raise UnknownConstruct(f"Telegram: {button}")
    said = [Run(button.text, bold=True)]
    if reach(said, BUTTON_SIZE) > wide - 16:
        raise UnknownConstruct(f"Telegram: a button that is too narrow for what it says, {button.text}")
    shapes = [
        box(x, y, wide, BUTTON, 9, fill=KEY, fill_opacity=0.8),
        words(said, x + wide / 2, y + 24, BUTTON_SIZE, fill=WHITE, text_anchor="middle"),
    ]
    if button.url:
        shapes.append(path(f"M{x + wide - 14:g} {y + 12:g}l6-6m-5 0h5v5", stroke=WHITE, stroke_width=1.3))
    return shapes


# Bubbles


def _said(runs: Sequence[Run], moment: datetime, y: float) -> Drawn:
    """What the bot says: at the left, as wide as the keyboard below it."""
    lines = _wrapped(runs)
    stamp = _stamp(moment)
    high = _high(lines, reach(stamp, STAMP))
    tail = f"M{EDGE} {y + high - 16:g}c0 8-2 13-7 16h23z"
    shapes = [
        box(EDGE, y, BUBBLE, high, CORNER, fill=WHITE),
        path(tail, fill=WHITE),
        *_letters(lines, EDGE + PADDING, y),
        words(stamp, EDGE + BUBBLE - PADDING, y + high - 8, STAMP, fill=GREY, text_anchor="end"),
    ]
    return shapes, y + high


def _asked(question: str, moment: datetime, y: float) -> Drawn:
    """What somebody typed: at the right, as wide as it is, with the two ticks of what was read."""
    lines = _wrapped([Run(question)])
    stamp = _stamp(moment)
    taken = reach(stamp, STAMP) + 19
    high = _high(lines, taken)
    wide = min(max(reach(line, SIZE) for line in lines) + 10 + taken + 2 * PADDING, BUBBLE)
    x = WIDE - EDGE - wide
    end = WIDE - EDGE - PADDING
    tail = f"M{WIDE - EDGE} {y + high - 16:g}c0 8 2 13 7 16h-23z"
    shapes = [
        box(x, y, wide, high, CORNER, fill=OWN),
        path(tail, fill=OWN),
        *_letters(lines, x + PADDING, y),
        words(stamp, end - 19, y + high - 9, STAMP, fill=GREEN, text_anchor="end"),
        path(f"M{end - 15:g} {y + high - 13:g}l3 3.5 6-7m-2.5 6l1.2 1 6-7", stroke=GREEN, stroke_width=1.3),
    ]
    return shapes, y + high


def _wrapped(runs: Sequence[Run]) -> list[list[Run]]:
    """The lines, of which an empty one is as high as any."""
    return [part for line in lines_of(runs) for part in wrap(line, SIZE, BUBBLE - 2 * PADDING) or [[]]]


def _stamp(moment: datetime) -> list[Run]:
    return [Run(f"{moment:%H:%M}")]


def _high(lines: Sequence[Sequence[Run]], taken: float) -> float:
    """How high a bubble is: what is `taken` of its end stands beside the last line, or below it."""
    beside = reach(lines[-1], SIZE) + 10 + taken <= BUBBLE - 2 * PADDING
    return 2 * 8 + LINE * len(lines) + (0 if beside else 12)


def _letters(lines: Sequence[Sequence[Run]], x: float, y: float) -> list[str]:
    return [words(line, x, y + 23 + at * LINE, SIZE, fill=INK) for at, line in enumerate(lines) if line]


# What is around it


def _phone(high: float) -> list[str]:
    """The screen with the bar that says who this is, and the field to type in."""
    middle = WIDE / 2
    foot = high - BOTTOM
    stops = [element("stop", offset=at, stop_color=colour) for at, colour in ((0, "#cfdca8"), (1, "#86b894"))]
    gradient = element("linearGradient", *stops, id="wall", x1=0, y1=0, x2=1, y2=1)
    return [
        element("defs", gradient),
        box(0.5, 0.5, WIDE - 1, high - 1, 24, fill="url(#wall)"),
        path(f"M0 {TOP}V24a24 24 0 0 1 24-24H{WIDE - 24}a24 24 0 0 1 24 24V{TOP}z", fill="#f7f7f7"),
        path(f"M0 {TOP}H{WIDE}", stroke="#c8c8c8"),
        path("M27 22l-9 9 9 9", stroke=BLUE, stroke_width=2.4, stroke_linecap="round", stroke_linejoin="round"),
        words([Run("SKB-bot", bold=True)], middle, 28, 16, fill=INK, text_anchor="middle"),
        words([Run("bot")], middle, 46, 13, fill=GREY, text_anchor="middle"),
        element("circle", cx=WIDE - 34, cy=30, r=19, fill=AVATAR),
        words([Run("SKB", bold=True)], WIDE - 34, 34.5, 12.5, fill=WHITE, text_anchor="middle"),
        path(
            f"M0 {foot}v{BOTTOM - 24}a24 24 0 0 0 24 24H{WIDE - 24}a24 24 0 0 0 24-24v-{BOTTOM - 24}z", fill="#f7f7f7"
        ),
        path(f"M0 {foot}H{WIDE}", stroke="#c8c8c8"),
        box(12, foot + 11, 34, 34, 17, fill=BLUE),
        path(f"M22 {foot + 22}h14m-14 6h14m-14 6h14", stroke=WHITE, stroke_width=2, stroke_linecap="round"),
        box(56.5, foot + 10.5, WIDE - 107, 35, 17.5, fill=WHITE, stroke="#d1d1d6"),
        words([Run("Bericht")], 72, foot + 33, SIZE, fill="#76767b"),
        box(WIDE - 32, foot + 16, 9, 15, 4.5, fill="#76767b"),
        path(f"M{WIDE - 35} {foot + 26}a7.5 7.5 0 0 0 15 0m-7.5 7.5v5", stroke="#76767b", stroke_width=1.8),
        box(0.5, 0.5, WIDE - 1, high - 1, 24, fill="none", stroke="#b5b9b5"),
    ]


def _day(moment: datetime, y: float) -> Drawn:
    said = [Run(day(moment).rpartition(" ")[0], bold=True)]
    wide = reach(said, 12) + 20
    middle = WIDE / 2
    shapes = [
        box(middle - wide / 2, y, wide, 22, 11, fill=KEY, fill_opacity=0.8),
        words(said, middle, y + 15.5, 12, fill=WHITE, text_anchor="middle"),
    ]
    return shapes, y + 22
