"""What a Reply looks like in Telegram: messages in Telegram's HTML that fit, and the keyboard under the last one."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
import re
from typing import Literal
from urllib.parse import quote, urlencode

from telegram import ForceReply, InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat import Button, Card, Reply, Section
from bot.handlers.signs import cut_at, harmless, is_blank, one_line

__all__ = ["Message", "Place", "read_button", "render"]

LONGEST = 4096
"""UTF-16 code units in a message as people see it. Telegram counts more kindly in places; this always fits.
With markup that is 29,000 bytes at most; what comes after 35,000 is cut off."""
LONGEST_TITLE = 300
LONGEST_LINK = 1000
LONGEST_LABEL = 64
LONGEST_SHARED = 100
SHORT = 18
"""Letters of a button that leaves room for another beside it on a phone."""
NUMBERS = 5
"""Numbers in a row: as many as a list has on a page."""
MOST_BUTTONS = 100
MOST_DATA = 64

NOTHING = "…"
"""What stands for a text without anything to see; Telegram takes no empty message."""

WEB = re.compile(r"https?://[^/?#].*", re.IGNORECASE)
PAGE = re.compile(r"(Volgende|Vorige) \d+")
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What Telegram lets a link to a bot carry."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the message will stand: a chat with this bot, and whether others read along."""

    bot: str
    """The bot's username, for links; empty when it isn't known."""
    group: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One message to send with parse mode HTML."""

    html: str
    keyboard: InlineKeyboardMarkup | ForceReply | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line as people read it, and the tag it stands in; in "a" the text is also the address."""

    text: str
    tag: Literal["", "a", "b", "i", "u"] = ""


Lines = list[Line]


def render(reply: Reply, place: Place) -> list[Message]:
    """The messages that say it, at least one; `reply.then` is another reply. The last one carries the keyboard."""
    # A text to send on is a message of its own, so that somebody can forward just that.
    pages = [*_pages(_blocks(reply)), *_pages(_paragraphs(reply.quote))]
    *before, last = [_html(page) for page in pages] or [NOTHING]
    return [*(Message(html, None) for html in before), Message(last, _keyboard(reply, place))]


def read_button(data: str) -> tuple[str, str] | None:
    """What a pressed button is about and the text it stands for; None when it can't be one of ours."""
    about, _, sends = data.partition(":")
    return (about, sends) if sends.strip() and len(data.encode(errors="replace")) <= MOST_DATA else None


# The text: blocks that keep together if they can, of lines that do


def _blocks(reply: Reply) -> list[Lines]:
    blocks = _paragraphs(reply.text)
    for section in reply.sections:
        blocks += _section(section)
    blocks += _paragraphs(reply.footer, "i")
    return blocks + (_paragraphs(reply.form.question) if reply.form else [])


def _section(section: Section) -> list[Lines]:
    """Its cards; the heading is in one block with the first, so that it never stays behind alone."""
    heading = one_line(section.heading, LONGEST_TITLE)
    first, *others = map(_card, section.cards or [Card("")])
    if heading:
        first = [Line(heading, "u"), *first]
    return [block for block in (first, *others) if block]


def _card(card: Card) -> Lines:
    title = one_line(f"{card.number}. {card.title}" if card.number else card.title, LONGEST_TITLE)
    lines = [Line(title, "b")] if title else []
    for text in card.lines:
        lines += [Line(line) for line in harmless(text).split("\n") if not is_blank(line)]
    return [*lines, *_link(card.link)]


def _link(link: str) -> Lines:
    address = "".join(harmless(link).split())
    if is_blank(address):
        return []
    if WEB.fullmatch(address) and _units(address) <= LONGEST_LINK:
        return [Line(address, "a")]
    # Telegram makes "http://" of "mailto:", but turns a bare mail address into a link that works.
    return [Line(re.sub("^mailto:", "", address, flags=re.IGNORECASE))]


def _paragraphs(text: str, tag: Literal["", "i"] = "") -> list[Lines]:
    text = harmless(text)
    if is_blank(text):
        return []
    return [[Line(line, tag) for line in paragraph.split("\n")] for paragraph in text.split("\n\n")]


# Cutting it into messages


def _pages(blocks: Sequence[Lines]) -> list[Lines]:
    """The blocks with a blank line between them, as messages that fit, cut between blocks where possible."""
    pages: list[Lines] = []
    room = 0
    for block in blocks:
        size = _size(block)
        if pages and size <= room:
            pages[-1] += [Line(""), *block]
            room -= size + 2
        else:
            pages += [[*block]] if size <= LONGEST else _cut_up(block)
            room = LONGEST - _size(pages[-1]) - 2
    return [page for page in pages if not is_blank("".join(line.text for line in page))]


def _cut_up(block: Lines) -> list[Lines]:
    """A block as messages that fit, cut between lines, and within a line that is too long or that a title waits for."""
    pages: list[Lines] = [[]]
    room = LONGEST
    for line in block:
        if pages[-1] and pages[-1][-1].tag not in ("b", "u") and _size([line]) > room:
            pages.append([])
            room = LONGEST
        # Headings, titles and links are short enough that none of them is ever cut here.
        text = line.text
        while _size([Line(text, line.tag)]) > room:
            head, text = _cut(text, room)
            pages[-1].append(Line(head, line.tag))
            pages.append([])
            room = LONGEST
        pages[-1].append(Line(text, line.tag))
        room -= _size(pages[-1][-1:]) + 1
    return pages


def _cut(text: str, room: int) -> tuple[str, str]:
    """What fits of a text that doesn't, to the last blank in it if there is one, and what is left."""
    end = len(text[:room].encode("utf-16-le")[: 2 * room].decode("utf-16-le", errors="ignore"))
    blank = text.rfind(" ", 0, end + 1)
    if blank > 0 and not is_blank(text[:blank]):
        return text[:blank], text[blank + 1 :]
    end = cut_at(text, end) or end
    return text[:end], text[end:]


def _size(lines: Lines) -> int:
    """What the lines take of a message. A link counts double: its address is sent twice, and that has a limit too."""
    return sum(_units(line.text) * (2 if line.tag == "a" else 1) + 1 for line in lines) - 1


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _html(page: Lines) -> str:
    # Telegram strips messages too; it is done here so that what we count and test is what people get.
    return "\n".join(map(_marked, page)).strip()


def _marked(line: Line) -> str:
    text = escape(line.text, quote=False).replace('"', "&quot;")
    if not line.tag or is_blank(line.text):
        return text
    return f'<a href="{text}">{text}</a>' if line.tag == "a" else f"<{line.tag}>{text}</{line.tag}>"


# The keyboard


def _keyboard(reply: Reply, place: Place) -> InlineKeyboardMarkup | ForceReply | None:
    if reply.form and place.group:
        # In a group only what replies to the bot reaches it.
        hint = one_line(reply.form.question, LONGEST_LABEL)
        return ForceReply(selective=True, input_field_placeholder=hint or None)
    elsewhere = _elsewhere(reply, place)
    rows = [*_rows(reply.buttons[: MOST_BUTTONS - len(elsewhere)]), *([button] for button in elsewhere)]
    return InlineKeyboardMarkup(rows) if rows else None


def _rows(buttons: Sequence[Button]) -> list[list[InlineKeyboardButton]]:
    rows: list[list[InlineKeyboardButton]] = []
    for kind, run in groupby(buttons, key=_kind):
        shown = [
            InlineKeyboardButton(
                one_line(button.label, LONGEST_LABEL) or NOTHING, callback_data=f"{button.about}:{button.sends}"
            )
            for button in run
        ]
        if kind == "other":
            rows += _by_twos(shown)
        else:
            width = NUMBERS if kind == "number" else 2
            rows += [shown[start : start + width] for start in range(0, len(shown), width)]
    return rows


def _kind(button: Button) -> Literal["number", "page", "other"]:
    if button.label.isdecimal():
        return "number"
    return "page" if PAGE.fullmatch(button.label) else "other"


def _by_twos(buttons: Sequence[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    """Rows of one or, when both are short, of two: fewer rows leave more of the text on the screen."""
    rows: list[list[InlineKeyboardButton]] = []
    for button in buttons:
        before = rows[-1] if rows else []
        if len(before) == 1 and max(len(before[0].text), len(button.text)) <= SHORT:
            before.append(button)
        else:
            rows.append([button])
    return rows


def _elsewhere(reply: Reply, place: Place) -> list[InlineKeyboardButton]:
    """The way from here to another chat: a programme to a colleague, anything in a group to one's own chat."""
    if not place.bot or not PAYLOAD.fullmatch(reply.link):
        return []
    address = f"https://t.me/{place.bot}?start={reply.link}"
    if place.group:
        shown = reply.link.startswith(("l_", "p_"))
        return [InlineKeyboardButton("Bekijk privé" if shown else "Open privé", url=address)]
    if not reply.link.startswith("p_"):
        return []
    first = one_line(reply.text.strip().partition("\n")[0], LONGEST_SHARED)
    share = urlencode({"url": address, "text": first}, quote_via=quote)
    return [InlineKeyboardButton("Deel met collega", url=f"https://t.me/share/url?{share}")]
