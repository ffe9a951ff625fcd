"""Blocks as a person meets them: the text they read, the buttons they can press, the fields they fill in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
import re
from typing import Any

JSON = dict[str, Any]

TOKEN = re.compile(r"<([@#!]|https?://|mailto:|tel:|slack://)([^<>|]*)(?:\|([^<>]*))?>")
"""Slack's own markup in a text: a mention, a channel, a command, a link."""

_CALLS = re.compile(r"<(?:@[UW][A-Z0-9]+|!(?:here|channel|everyone|subteam\^)[^>]*)(?:\|[^>]*)?>")
_MARKUP = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)([^\n]*?\S)\1(?![\w*_~`])")


@dataclass(frozen=True)
class Button:
    """A button on a message or in a view."""

    label: str
    action_id: str
    block_id: str
    value: str = ""
    url: str = ""
    accessibility_label: str = ""
    style: str = ""
    asks: str = ""
    """The question of its confirm dialog."""


@dataclass(frozen=True)
class Field:
    """An input block of a view: what it is called, and what may be filled in."""

    label: str
    block_id: str
    action_id: str
    kind: str
    optional: bool
    hint: str
    placeholder: str
    initial: str
    element: Mapping[str, Any]


def plain(blocks: Sequence[JSON]) -> str:
    """What a person reads, block by block on lines of its own; buttons and fields are not in it."""
    return "\n".join(filter(None, (_block(block) for block in blocks)))


def buttons(blocks: Sequence[JSON]) -> tuple[Button, ...]:
    """Every button, in the order of the screen."""
    return tuple(
        Button(
            label=element["text"]["text"],
            action_id=element["action_id"],
            block_id=block["block_id"],
            value=element.get("value", ""),
            url=element.get("url", ""),
            accessibility_label=element.get("accessibility_label", ""),
            style=element.get("style", ""),
            asks=element.get("confirm", {}).get("text", {}).get("text", ""),
        )
        for block in blocks
        for element in [*_listed(block), *([block["accessory"]] if "accessory" in block else [])]
        if element["type"] == "button"
    )


def fields(blocks: Sequence[JSON]) -> tuple[Field, ...]:
    """Every input block, in the order of the screen."""
    return tuple(
        Field(
            label=block["label"]["text"],
            block_id=block["block_id"],
            action_id=block["element"]["action_id"],
            kind=block["element"]["type"],
            optional=block.get("optional", False),
            hint=block.get("hint", {}).get("text", ""),
            placeholder=block["element"].get("placeholder", {}).get("text", ""),
            initial=block["element"].get("initial_value", ""),
            element=block["element"],
        )
        for block in blocks
        if block["type"] == "input"
    )


def unescaped(text: str) -> str:
    """The text with Slack's three entities as the characters they stand for."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def shown(mrkdwn: str) -> str:
    """The text a person reads for mrkdwn: links by their label, bold and italics without their signs."""
    marked = TOKEN.sub(lambda token: token[3] or token[1].strip("!") + token[2], mrkdwn)
    while (plainer := _MARKUP.sub(r"\2", marked)) != marked:
        marked = plainer
    return unescaped(marked)


def calls(message: JSON) -> Iterator[str]:
    """Every mention that makes somebody's Slack ring, as it stands in the message's texts and rich text."""
    for text in mrkdwn_of(message):
        yield from _CALLS.findall(text)
    for block in message.get("blocks", ()):
        for element in _rich(block):
            if element["type"] == "broadcast":
                yield f"<!{element['range']}>"
            elif element["type"] == "user":
                yield f"<@{element['user_id']}>"


def strays(mrkdwn: str) -> list[str]:
    """Where &, < or > stand unescaped and are no markup, each with what is around it."""
    bare = TOKEN.sub(lambda token: " " * len(token[0]), mrkdwn)
    bare = re.sub(r"&(?:amp|lt|gt);", lambda entity: " " * len(entity[0]), bare)
    # At the beginning of a line, and followed by a space, a > is a quotation on purpose.
    bare = re.sub(r"^>(?= |$)", " ", bare, flags=re.MULTILINE)
    return [mrkdwn[max(0, found.start() - 10) : found.end() + 10] for found in re.finditer(r"[&<>]", bare)]


def mrkdwn_of(message: JSON) -> Iterator[str]:
    """Every text of a message that Slack reads as mrkdwn: the top-level one, and those in its blocks."""
    if message.get("text"):
        yield message["text"]
    yield from _mrkdwn_in(message.get("blocks", ()))


def _mrkdwn_in(thing: Any) -> Iterator[str]:
    if isinstance(thing, dict):
        if thing.get("type") == "mrkdwn":
            yield thing["text"]
        for value in thing.values():
            yield from _mrkdwn_in(value)
    elif isinstance(thing, list | tuple):
        for value in thing:
            yield from _mrkdwn_in(value)


def _listed(block: JSON) -> list[JSON]:
    return block["elements"] if block["type"] in ("actions", "context") else []


def _rich(block: JSON) -> Iterator[JSON]:
    pending = list(block["elements"]) if block["type"] == "rich_text" else []
    while pending:
        element = pending.pop(0)
        pending = [*element.get("elements", ()), *pending]
        yield element


def _block(block: JSON) -> str:
    kind = block["type"]
    if kind == "section":
        return "\n".join(_text(text) for text in [block.get("text"), *block.get("fields", ())] if text)
    if kind == "header":
        return _text(block["text"])
    if kind == "context":
        return " ".join(_text(element) for element in block["elements"])
    if kind == "rich_text":
        return "\n".join(_rich_part(part) for part in block["elements"])
    if kind == "markdown":
        return str(block["text"])
    return str(block["alt_text"]) if kind == "image" else ""


def _text(thing: JSON) -> str:
    if thing["type"] == "image":
        return str(thing["alt_text"])
    return shown(thing["text"]) if thing["type"] == "mrkdwn" else str(thing["text"])


def _rich_part(part: JSON) -> str:
    if part["type"] != "rich_text_list":
        return "".join(_inline(element) for element in part["elements"]).removesuffix("\n")
    lines = []
    for number, item in enumerate(part["elements"], 1 + part.get("offset", 0)):
        sign = f"{number}." if part["style"] == "ordered" else "•"
        lines.append(f"{'  ' * part.get('indent', 0)}{sign} {_rich_part(item)}")
    return "\n".join(lines)


def _inline(element: JSON) -> str:
    signs = {"user": "@{user_id}", "channel": "#{channel_id}", "emoji": ":{name}:", "broadcast": "@{range}"}
    if element["type"] in signs:
        return signs[element["type"]].format(**element)
    return str(element.get("text") or element.get("url") or element.get("fallback") or element.get("value") or "")
