"""How an answer looks in a channel in Slack, below the command: drawn from the blocks that the bot sends."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

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

WIDE = 720
EDGE = 24
"""White at the sides."""
TOP = 40
"""The height of the bar above everything."""
LEFT = 70
"""Where what is said begins, to the right of who says it."""
ROOM = WIDE - LEFT - EDGE

SIZE = 15
LINE = 22
PARAGRAPH = 8
"""What an empty line takes."""
BUTTON = 30
BUTTON_SIZE = 13
GAP = 8
"""Between buttons."""
BETWEEN = 10
"""Between blocks."""

AUBERGINE = "#4a154b"
INK = "#1d1c1d"
GREY = "#616061"
PALE = "#dddddd"
LINK = "#1264a3"
GREEN = "#007a5a"

Construct = Mapping[str, Any]


def draw(command: str, channel: str, moment: datetime, blocks: Sequence[Construct]) -> str:
    """The picture: a channel, the command that somebody typed there, the answer that only they see."""
    typed, y = _command(command, TOP + 68)
    sender, y = _sender(moment, y + 22)
    said: list[str] = []
    for block in blocks:
        shapes, y = _block(block, y)
        said += shapes
        y += BETWEEN
    high = round(y + 16)
    description = f"In #{channel} somebody typed {command}. The answer of the bot stands below it; nobody else sees it."
    return picture("SKB-bot in Slack", description, WIDE, high, [*_window(channel, high), *typed, *sender, *said])


# The blocks


def _block(block: Construct, y: float) -> Drawn:
    match block.get("type"):
        case "rich_text":
            shapes: list[str] = []
            for section in _read(block, "rich_text", "elements")["elements"]:
                parts = _read(section, "rich_text_section", "elements")["elements"]
                drawn, y = _paragraphs([_run(part) for part in parts], y)
                shapes += drawn
            return shapes, y
        case "actions":
            return _buttons(map(_button, _read(block, "actions", "elements")["elements"]), y)
        case "divider":
            _read(block, "divider")
            return [path(f"M{LEFT} {y + GAP}h{ROOM}", stroke=PALE)], y + 2 * GAP
    raise UnknownConstruct(f"Slack: {dict(block)}")


def _run(part: Construct) -> Run:
    if part.get("type") == "link":
        link = _read({"text": part["url"], "style": {}, **part}, "link", "url", "text", "style")
        return Run(link["text"], **_style(link["style"]), colour=LINK)
    said = _read({"style": {}, **part}, "text", "text", "style")
    return Run(said["text"], **_style(said["style"]))


def _style(style: Mapping[str, bool]) -> dict[str, Any]:
    if style.keys() - {"bold", "italic"}:
        raise UnknownConstruct(f"Slack: style {dict(style)}")
    return dict(style)


def _button(button: Construct) -> str:
    names = ("action_id", "text", "value", "accessibility_label")
    text = _read({"accessibility_label": "", **button}, "button", *names)["text"]
    label = _read(text, "plain_text", "text", "emoji")
    if label["emoji"]:
        raise UnknownConstruct(f"Slack: emoji by name in {label['text']}")
    return str(label["text"])


def _read(construct: Construct, kind: str, *names: str) -> Construct:
    """The construct, when it is of this kind and has just these names."""
    if construct.get("type") != kind or construct.keys() != {"type", *names}:
        raise UnknownConstruct(f"Slack: {dict(construct)}, expected {kind} with {names}")
    return construct


# What is said


def _paragraphs(runs: Sequence[Run], y: float) -> Drawn:
    shapes: list[str] = []
    for line in lines_of(runs):
        for part in wrap(line, SIZE, ROOM):
            shapes.append(words(part, LEFT, y + 16, SIZE, fill=INK))
            y += LINE
        if not line:
            y += PARAGRAPH
    return shapes, y


def _buttons(labels: Iterable[str], y: float) -> Drawn:
    """Side by side, on another row where there is no more room."""
    shapes: list[str] = []
    x: float = LEFT
    for label in labels:
        said = [Run(label, bold=True)]
        wide = max(reach(said, BUTTON_SIZE) + 24, 36)
        if wide > ROOM:
            raise UnknownConstruct(f"Slack: a button that is too wide, {label}")
        if x + wide > LEFT + ROOM:
            x, y = LEFT, y + BUTTON + GAP
        shapes.append(box(x + 0.5, y + 0.5, wide - 1, BUTTON - 1, 8, fill="white", stroke="#bbbabb"))
        shapes.append(words(said, x + wide / 2, y + 19.5, BUTTON_SIZE, fill=INK, text_anchor="middle"))
        x += wide + GAP
    return shapes, y + BUTTON


# What is around it


def _window(channel: str, high: float) -> list[str]:
    """The window with its bar, and the name of the channel."""
    middle = WIDE / 2
    return [
        box(0.5, 0.5, WIDE - 1, high - 1, 12, fill="white", stroke="#c9c6c9"),
        path(f"M0 {TOP}V12a12 12 0 0 1 12-12H{WIDE - 12}a12 12 0 0 1 12 12V{TOP}z", fill=AUBERGINE),
        box(middle - 150, 8, 300, 24, 6, fill="white", fill_opacity=0.2),
        element("circle", cx=middle - 136, cy=19, r=4, fill="none", stroke="white", stroke_width=1.5),
        path(f"M{middle - 133} 22l3.5 3.5", stroke="white", stroke_width=1.5),
        words([Run(f"# {channel}", bold=True)], EDGE, TOP + 32, 18, fill=INK),
        path(f"M1 {TOP + 52}H{WIDE - 1}", stroke=PALE),
    ]


def _command(command: str, y: float) -> Drawn:
    """The field with what somebody typed, about to be sent."""
    high = 44
    end = WIDE - EDGE
    typed = [Run(command)]
    caret = EDGE + 14 + reach(typed, SIZE) + 3
    shapes = [
        box(EDGE + 0.5, y + 0.5, end - EDGE - 1, high - 1, 8, fill="white", stroke="#8d8b8d"),
        words(typed, EDGE + 14, y + 27.5, SIZE, fill=INK),
        path(f"M{caret:g} {y + 13}v18", stroke=INK),
        box(end - 42, y + 8, 32, 28, 6, fill=GREEN),
        path(f"M{end - 33} {y + 16}l15 6-15 6 2.5-6z", fill="white"),
    ]
    return shapes, y + high


def _sender(moment: datetime, y: float) -> Drawn:
    """Who says it, when, and who can see it."""
    name = [Run("SKB-bot", bold=True)]
    badge = LEFT + reach(name, SIZE) + 8
    note = "#78767a"
    shapes = [
        path(f"M{LEFT - 27} {y + 7}c4.5-6.5 12.5-6.5 17 0c-4.5 6.5-12.5 6.5-17 0z", stroke=note, stroke_width=1.3),
        element("circle", cx=LEFT - 18.5, cy=y + 7, r=2.6, fill=note),
        words([Run("Alleen jij kunt dit zien")], LEFT, y + 11.5, 12.5, fill=GREY),
        box(EDGE, y + 24, 36, 36, 8, fill=AVATAR),
        words([Run("SKB", bold=True)], EDGE + 18, y + 46.5, 13, fill="white", text_anchor="middle"),
        words(name, LEFT, y + 37, SIZE, fill=INK),
        box(badge, y + 26, 27, 14, 3, fill="#e8e8e8"),
        words([Run("APP", bold=True)], badge + 13.5, y + 36.5, 9.5, fill=GREY, text_anchor="middle"),
        words([Run(f"{moment:%H:%M}")], badge + 35, y + 37, 12, fill=GREY),
    ]
    return shapes, y + 44
