"""The same bot in a terminal: a chat when somebody sits there, one answer for each line when it is fed by a pipe."""

from collections.abc import Iterator
import contextlib
from dataclasses import dataclass
import secrets
import signal
import sys
import textwrap
from typing import TYPE_CHECKING, TextIO
import unicodedata

from bot.chat import Address, Answerer, Button, Card, Reply, Request

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Line", "lines", "render", "run"]

WIDTH = 88
"""Characters in a line when nobody says how wide the terminal is: short enough to read."""
NARROWEST = 24
GREETING = "start"
GOODBYE = "Tot ziens!"


@dataclass(frozen=True, slots=True)
class Line:
    """One line on the screen, and what it is: "text", "heading", "title", "link", "quote", "quiet" or "choice"."""

    text: str
    kind: str = "text"


def render(reply: Reply, width: int = WIDTH) -> str:
    """The reply as plain text, without a character that a terminal would obey."""
    return "\n".join(line.text for line in lines(reply, width))


def lines(reply: Reply, width: int = WIDTH) -> list[Line]:
    """The reply as lines that fit, in reading order."""
    width = max(width, NARROWEST)
    made = list(_wrapped(reply.text, width))
    for section in reply.sections:
        if section.heading:
            made += [Line(""), *_wrapped(section.heading, width, kind="heading")]
        for card in section.cards:
            made += [Line(""), *_card(card, width)] if card.number == 0 else _card(card, width)
    if reply.quote:
        made += [Line(""), *_wrapped(reply.quote, width, before="    ", kind="quote")]
    if reply.form:
        made += _wrapped(reply.form.question, width)
    if reply.footer:
        made += [Line(""), *_wrapped(reply.footer, width, kind="quiet")]
    if choices := _choices(reply.buttons):
        made += [Line(""), *_wrapped(f"Typ: {choices}", width, kind="choice")]
    return made


def _card(card: Card, width: int) -> list[Line]:
    number = f"{card.number}. " if card.number else ""
    indent = " " * len(number)
    made = list(_wrapped(number + card.title, width, after=indent, kind="title"))
    for text in card.lines:
        made += _wrapped(text, width, before=indent, after=indent)
    if card.link:
        # A link that is cut can't be opened: it stands on a line of its own, however long.
        made.append(Line(indent + _harmless(card.link).replace("\n", ""), "link"))
    return made


def _choices(buttons: tuple[Button, ...]) -> str:
    """What can be typed instead of pressing: numbers as one span, other texts with what they do when that differs."""
    numbers = [int(button.sends) for button in buttons if button.sends.isdigit()]
    spans = [f"{min(numbers)}-{max(numbers)}" if len(numbers) > 1 else str(numbers[0])] if numbers else []
    for button in buttons:
        if not button.sends.isdigit():
            same = button.label.casefold() == button.sends.casefold()
            spans.append(button.sends if same else f"{button.sends} ({button.label})")
    return " | ".join(spans)


def _wrapped(text: str, width: int, *, before: str = "", after: str = "", kind: str = "text") -> Iterator[Line]:
    for paragraph in _harmless(text).split("\n"):
        wrapped = textwrap.wrap(
            paragraph,
            width,
            initial_indent=before,
            subsequent_indent=after or before,
            break_on_hyphens=False,
            break_long_words="://" not in paragraph,  # half an address can't be copied
        )
        yield from (Line(line, kind) for line in wrapped or [""])


def _harmless(text: str) -> str:
    """The text without characters that move the cursor, change colours or turn the writing direction."""
    if text.isprintable():  # nearly always, and half the time of rendering otherwise
        return text
    kept = (
        "\n" if character == "\n" else " " if character.isspace() else character
        for character in text
        if character.isspace() or not unicodedata.category(character).startswith("C")
    )
    return "".join(kept)


# The chat


async def run(answer: Answerer, source: TextIO | None = None, target: TextIO | None = None) -> None:
    """Talks until the input ends. Every run is a chat of its own."""
    source, target = source or sys.stdin, target or sys.stdout
    chat = Address("console", secrets.token_hex(8))
    if source.isatty() and target.isatty():
        await _talk(answer, chat)
    else:
        for line in source:
            if question := line.strip():
                reply = await answer(Request(question, chat))
                print(f"> {_harmless(question)}\n{render(reply)}\n", file=target, flush=True)


async def _talk(answer: Answerer, chat: Address) -> None:
    from rich.console import Console  # only on a terminal: it takes a tenth of a second

    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  # arrow keys and earlier questions

    screen = Console(highlight=False)
    _show(await answer(Request(GREETING, chat)), screen)
    screen.print("\nStoppen: Ctrl-D.", style="dim")
    while (question := _read()) is not None:
        if question.strip():
            _show(await answer(Request(question, chat)), screen)
    screen.print(f"\n{GOODBYE}")


def _read() -> str | None:
    """The next question; None when somebody wants to leave. Nothing else runs meanwhile, so it may block."""
    # asyncio keeps Ctrl-C to itself; while we wait for a line it should end the chat.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return input("\n> ")
    except (EOFError, KeyboardInterrupt):
        return None
    finally:
        signal.signal(signal.SIGINT, before)


STYLES = {
    "heading": "bold",
    "title": "bold cyan",
    "link": "underline",
    "quote": "green",
    "quiet": "dim",
    "choice": "yellow",
}


def _show(reply: Reply, screen: "Console") -> None:
    from rich.text import Text

    screen.print()
    for line in lines(reply, min(screen.width, WIDTH)):
        # A Text, not a string: square brackets in a title are no markup.
        screen.print(Text(line.text, style=STYLES.get(line.kind, "")), soft_wrap=True)
