"""A Reply as Slack shows it: Block Kit, all pure.

Slack's mrkdwn can't be escaped: `*_~` and backticks in people's own words would become formatting. So words go into
rich text and plain text only, which Slack does not parse. It makes no links there either: that is done here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
import json
import re
import sys
from typing import Any
from urllib.parse import quote

from bot.chat import Card, Form, Reply, Section
from bot.handlers.signs import clipped, cut_at, harmless, is_blank, one_line

__all__ = ["Message", "modal", "read_button", "read_form_button", "render"]

Block = dict[str, Any]
Element = dict[str, Any]
Paragraph = list[Element]

MOST_BLOCKS = 50
ROOM = 3_000
"""Characters in a block of rich text, and in an address."""
LAYOUTS = ((ROOM, True, 5), (ROOM, False, 25), (sys.maxsize, False, 25))
"""Room in a block, whether sections stand apart and buttons in a row: fit for a phone, or fuller when it must be."""
LONGEST_TITLE = 300
LONGEST_SUMMARY = 300
LONGEST_LABEL = 75
LONGEST_QUESTION = 2_000
LONGEST_VALUE = 2_000
LONGEST_ANSWER = 1_000
IN_SUMMARY = 3
"""Lines of a reply that say what it is about."""

NAME = "SKB"
ANSWER = "Antwoord geven"
SHARE = "Deel in dit kanaal"
LONG_ANSWERS = frozenset(["melding"])
"""The forms whose answer is more than a few words."""


@dataclass(frozen=True, slots=True)
class Message:
    """What Slack is sent: `blocks` to see, `text` for notifications and for who can't see blocks."""

    text: str
    blocks: list[Block]


def render(reply: Reply, *, can_share: bool = False) -> Message:
    """The reply as one message; `can_share` where a button can show it to everyone in the channel."""
    numbers, others = _buttons(reply, can_share=can_share)
    blocks: list[Block] = []
    for room, apart, in_a_row in LAYOUTS:
        blocks = [*_body(reply, room, apart=apart), *_rows(numbers, 25), *_rows(others, in_a_row)]
        if len(blocks) <= MOST_BLOCKS:
            break
    return Message(_summary(reply.text), blocks)


def modal(reply: Reply, metadata: str) -> dict[str, Any]:
    """The reply's form as a view to open; `metadata` comes back with the answer."""
    form = reply.form
    if form is None:
        raise ValueError("a reply without a form is no modal")
    answer = {
        "type": "plain_text_input",
        "action_id": "text",
        "multiline": form.sends in LONG_ANSWERS,
        "max_length": LONGEST_ANSWER,
        "focus_on_load": True,
    }
    question = clipped(_seen(form.question), LONGEST_QUESTION) or "Je antwoord"
    return {
        "type": "modal",
        "callback_id": "form",
        "title": _plain_text(NAME),
        "submit": _plain_text("Verstuur"),
        "close": _plain_text("Annuleer"),
        "private_metadata": metadata,
        "blocks": [
            *_rich_text([_text(reply.text)], ROOM),
            {"type": "input", "block_id": "answer", "label": _plain_text(question), "element": answer},
        ],
    }


# What is read


def _body(reply: Reply, room: int, *, apart: bool) -> Iterator[Block]:
    """Everything but the buttons, in reading order."""
    yield from _rich_text([_text(reply.text)], room)
    sections = [_section(section) for section in reply.sections]
    for paragraphs in sections if apart else [chain.from_iterable(sections)]:
        yield from _rich_text(paragraphs, room)
    if to_copy := _text(reply.quote):
        # A plain paragraph between lines: a quotation would be pasted with its bar.
        yield from ({"type": "divider"}, *_rich_text([to_copy], room), {"type": "divider"})
    if reply.form:
        yield from _rich_text([_text(reply.form.question)], room)
    yield from _rich_text([_text(reply.footer, "italic")], room)


def _section(section: Section) -> list[Paragraph]:
    """A paragraph for each card, the first of them below the heading."""
    heading = _text(one_line(section.heading, LONGEST_TITLE), "bold")
    cards = [_card(card) for card in section.cards]
    return [_lines([heading, *cards[:1]]), *cards[1:]]


def _card(card: Card) -> Paragraph:
    number: Paragraph = [{"type": "text", "text": f"{card.number}. "}] if card.number else []
    title = _text(one_line(card.title, LONGEST_TITLE), "bold")
    return _lines([[*number, *title], *map(_text, card.lines), _address(card.link)])


def _lines(parts: Iterable[Paragraph], between: str = "\n") -> Paragraph:
    """The parts below one another, without those that are empty."""
    below: Paragraph = []
    for part in filter(None, parts):
        below = [*below, {"type": "text", "text": between}, *part] if below else part
    return below


# Rich text


WEB = r"(?<!\w)https?://[^\W_][\w\-.~:/?#\[\]@!$&'()*+,;=%]*"
# Never begun halfway a word, and never tried shorter: a long text without an @ is read once.
MAIL = r"(?<![\w.+-])[a-z0-9][a-z0-9_.+-]*+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?![\w-])"
ADDRESS = re.compile(f"{WEB}|{MAIL}", re.IGNORECASE)
WHOLE_ADDRESS = re.compile(r"https?://[^\W_]\S*", re.IGNORECASE)
PUNCTUATION = ".,;:!?'"
BRACKETS = {")": "(", "]": "["}
IN_ADDRESSES = "!#$%&'()*+,/:;=?@[]~"


def _text(text: str, style: str = "") -> Paragraph:
    """The text as Slack shows it literally, with its addresses as links; nothing when there is nothing to see."""
    text = _seen(text)
    look = {"style": {style: True}} if style else {}
    elements: Paragraph = []
    done = 0
    for found in ADDRESS.finditer(text):
        if link := _link(_trimmed(found[0])):
            if before := text[done : found.start()]:
                elements.append({"type": "text", "text": before} | look)
            elements.append(link | look)
            done = found.start() + len(_shown(link))
    if rest := text[done:]:
        elements.append({"type": "text", "text": rest} | look)
    return elements


def _address(text: str) -> Paragraph:
    """The text as one link when it is one, full stop at its end included."""
    address = one_line(text)
    link = _link(address) if WHOLE_ADDRESS.fullmatch(address) else None
    return [link] if link else _text(address)


def _trimmed(address: str) -> str:
    """The address without the punctuation of the sentence around it; a bracket stays when it was opened inside."""
    while len(address) <= ROOM:
        last = address[-1]
        if last not in PUNCTUATION and address.count(last) <= address.count(BRACKETS.get(last, last)):
            break
        address = address[:-1]
    return address


def _link(address: str) -> Element | None:
    """The link that shows this web or mail address; None when it is too long to be one."""
    url = quote(address if "://" in address else f"mailto:{address}", safe=IN_ADDRESSES)
    shown = {} if url == address else {"text": address}
    return {"type": "link", "url": url} | shown if len(url) <= ROOM else None


def _rich_text(paragraphs: Iterable[Paragraph], room: int) -> Iterator[Block]:
    """The paragraphs with white between them, in as few blocks as have room for them."""
    parts: list[Paragraph] = []
    for paragraph in filter(None, paragraphs):
        first, *more = _parts(paragraph, room)
        if parts and _size(parts[-1]) + 2 + _size(first) <= room:
            parts[-1] = _lines([parts[-1], first], "\n\n")
        else:
            parts.append(first)
        parts += more
    for part in parts:
        yield {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": _merged(part)}]}


def _parts(paragraph: Paragraph, room: int) -> Iterator[Paragraph]:
    """The paragraph, cut where it is longer than a block; an address stays whole."""
    part: Paragraph = []
    left = room
    for whole in paragraph:
        element = whole
        while len(_shown(element)) > left:
            at = _break(element["text"], left) if element["type"] == "text" else 0
            if not at and not part:  # a cluster longer than a block falls apart all the same
                at = left
            if at:
                part.append(element | {"text": element["text"][:at]})
                element = element | {"text": element["text"][at:]}
            yield part
            part, left = [], room
        part.append(element)
        left -= len(_shown(element))
    yield part


def _merged(paragraph: Paragraph) -> Paragraph:
    """The paragraph with neighbours that look the same as one."""
    merged: Paragraph = []
    for element in paragraph:
        before = merged[-1] if merged else {}
        if element["type"] == before.get("type") == "text" and element.get("style") == before.get("style"):
            merged[-1] = before | {"text": before["text"] + element["text"]}
        else:
            merged.append(element)
    return merged


def _size(paragraph: Paragraph) -> int:
    return sum(len(_shown(element)) for element in paragraph)


def _shown(element: Element) -> str:
    shown: str = element["text"] if "text" in element else element["url"]
    return shown


# Buttons


def _buttons(reply: Reply, *, can_share: bool) -> tuple[list[Element], list[Element]]:
    """The buttons that are a number, and all others with what Slack adds: opening the form, sharing."""
    titles = {str(card.number): one_line(card.title) for section in reply.sections for card in section.cards}
    pressed = [(f"say-{at}", button.label, f"{button.about}:{button.sends}") for at, button in enumerate(reply.buttons)]
    if reply.form:
        pressed.insert(0, ("form-0", ANSWER, _form_value(reply.text, reply.form)))
    if can_share and reply.link:
        pressed.append(("say-deel", SHARE, f"{reply.link}:deel"))
    numbers: list[Element] = []
    others: list[Element] = []
    labels = _labels([label for _, label, _ in pressed])
    for label, (name, _, value) in zip(labels, pressed, strict=True):
        button = {"type": "button", "action_id": name, "text": _plain_text(label), "value": value}
        title = titles.get(label)
        spoken = {"accessibility_label": clipped(f"Meer over {title}", LONGEST_LABEL)} if title else {}
        (numbers if label.isdecimal() else others).append(button | spoken)
    return numbers, others


def _labels(wanted: Sequence[str]) -> list[str]:
    """The labels as Slack takes them; those that only differ where they are clipped get a number."""
    made: list[str] = []
    owners: dict[str, str] = {}
    for label in wanted:
        text = one_line(label, LONGEST_LABEL) or "…"
        free, count = text, 1
        while owners.setdefault(free, label) != label:
            count += 1
            free = f"{clipped(text, LONGEST_LABEL - len(f' ({count})'))} ({count})"
        made.append(free)
    return made


def _rows(buttons: Sequence[Element], in_a_row: int) -> Iterator[Block]:
    for at in range(0, len(buttons), in_a_row):
        yield {"type": "actions", "elements": list(buttons[at : at + in_a_row])}


def _plain_text(text: str) -> Element:
    # Without emoji: ":100:" in somebody's words stays that; real ones show anyway.
    return {"type": "plain_text", "text": text, "emoji": False}


def _form_value(text: str, form: Form) -> str:
    """All that a modal needs, in the value of the button that opens it."""
    value, words = "", {"question": _seen(form.question), "text": _seen(text)}
    for room in range(LONGEST_VALUE, 0, -50):
        short = {name: clipped(said, room) for name, said in words.items()}
        value = json.dumps({"sends": form.sends, "about": form.about} | short, ensure_ascii=False)
        if len(value) <= LONGEST_VALUE:
            break
    return value


def read_form_button(value: str) -> Reply | None:
    """The reply whose form the button opens, to make the modal of; None for what is no such button."""
    try:
        read = json.loads(value)
        said = {name: read[name] for name in ("text", "question", "sends", "about")}
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    if not all(isinstance(words, str) for words in said.values()):
        return None
    return Reply(said["text"], form=Form(said["question"], said["sends"], said["about"]))


def read_button(value: str) -> tuple[str, str] | None:
    """What a pressed button refers to and the text it stands for; None for what is no button of ours."""
    about, colon, sends = value.partition(":")
    return (about, sends) if colon and sends else None


# Text


def _summary(text: str) -> str:
    """The beginning of the text on one line, short, and without a character that Slack would obey."""
    lines = [line for line in _seen(text).split("\n") if line.strip()]
    summary = one_line(" ".join(lines[:IN_SUMMARY])) or NAME
    room = LONGEST_SUMMARY
    while len(escaped := _escaped(clipped(summary, room))) > LONGEST_SUMMARY:
        room -= 1
    return escaped


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _seen(text: str) -> str:
    """The text without what nobody sees; empty when nothing is left."""
    text = harmless(text)
    return "" if is_blank(text) else text


def _break(text: str, most: int) -> int:
    """Where to go on in another block: after a line, else after a word, else where nothing falls apart."""
    half = most // 2
    return cut_at(text, text.rfind("\n", half, most) + 1 or text.rfind(" ", half, most) + 1 or most)
