"""HTML read as Telegram reads it, with the words of its errors.

The rules are those of TDLib (parse_html and its tests), which the Bot API runs on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
import re
from typing import Any

from tests.emulators.telegram.refusals import bad_request

Json = dict[str, Any]

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-zA-Z]+));?")
_NAME, _TOKEN, _BLANKS = re.compile(r"[^\s=>]*"), re.compile(r"[A-Za-z0-9.\-]*"), re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Text:
    """A text without markup, what is marked in it, and what was lost on the way without an error."""

    plain: str
    entities: tuple[Json, ...] = ()
    complaints: tuple[str, ...] = ()


def units(text: str) -> int:
    """How long Telegram counts a text: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(slots=True)
class _Open:
    """A tag that still waits for its end."""

    name: str
    argument: str
    start: int


@dataclass(slots=True)
class _Reading:
    source: str
    place: int = 0
    plain: list[str] = field(default_factory=list)
    length: int = 0
    waiting: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def at(self, place: int) -> str:
        return f"at byte offset {len(self.source[:place].encode())}"

    @property
    def next(self) -> str:
        return self.source[self.place : self.place + 1]

    def take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.source, self.place)
        assert found  # each of the patterns fits anywhere
        self.place = found.end()
        return found.group()

    def add(self, text: str) -> None:
        self.plain.append(text)
        self.length += units(text)


def read_html(source: str) -> Text:
    """HTML as text and entities; raises Telegram's error where it would."""
    reading = _Reading(source)
    while reading.place < len(source):
        sign = source[reading.place]
        if source.startswith("</", reading.place):
            _end_tag(reading)
        elif sign == "<":
            _start_tag(reading)
        elif sign == "&":
            text, reading.place = _reference(source, reading.place)
            reading.add(text)
        else:
            reading.add(sign)
            reading.place += 1
    if reading.waiting:
        name = reading.waiting[-1].name
        raise _unreadable(f'Can\'t find end tag corresponding to start tag "{name}"')
    plain = "".join(reading.plain)
    if any("\ud800" <= sign <= "\udfff" for sign in plain):
        raise _unreadable("Text contains invalid Unicode characters after decoding HTML entities")
    return Text(plain, tuple(in_order(reading.entities)), tuple(reading.complaints))


def _unreadable(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")


def _reference(source: str, place: int) -> tuple[str, int]:
    """What a reference stands for and where the text goes on; what Telegram doesn't know stays as it stands."""
    found = _REFERENCE.match(source, place)
    if not found:
        return "&", place + 1
    hexadecimal, decimal, name = found.groups()
    if name:
        return (_NAMED[name], found.end()) if name in _NAMED else ("&", place + 1)
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if code == 0 or code >= 0x10FFFF or len(found.group().rstrip(";")) >= 10:
        return "&", place + 1
    return chr(code), found.end()


def _decoded(source: str) -> str:
    parts, place = [], 0
    while place < len(source):
        text, place = _reference(source, place) if source[place] == "&" else (source[place], place + 1)
        parts.append(text)
    return "".join(parts)


def _start_tag(reading: _Reading) -> None:
    start = reading.place
    named = re.compile(r"<([^\s>]*)").match(reading.source, start)
    assert named
    if named.end() == len(reading.source):
        raise _unreadable(f"Unclosed start tag {reading.at(start)}")
    name = named.group(1).lower()
    if name not in _TYPES:
        raise _unreadable(f'Unsupported start tag "{name}" {reading.at(start)}')
    reading.place = named.end()
    attributes = _attributes(reading, name, start)
    argument = _argument(name, attributes)
    if name == "span" and argument != "spoiler":
        raise _unreadable(f'Tag "span" must have class "tg-spoiler" {reading.at(start)}')
    reading.complaints += [f"<{name}> knows no attribute {one}" for one in attributes if not _known(name, one)]
    reading.waiting.append(_Open(name, argument, reading.length))


def _attributes(reading: _Reading, name: str, start: int) -> dict[str, str]:
    """The attributes up to the end of the tag, which is read too."""
    attributes: dict[str, str] = {}
    while True:
        _skip_blanks(reading)
        if reading.next == ">":
            reading.place += 1
            return attributes
        if not reading.next:
            raise _unreadable(f"Unclosed start tag {reading.at(start)}")
        attribute = reading.take(_NAME)
        if not attribute:
            raise _unreadable(f'Empty attribute name in the tag "{name}" {reading.at(start)}')
        _skip_blanks(reading)
        attributes[attribute] = _value(reading, name, start) if reading.next == "=" else ""


def _value(reading: _Reading, name: str, start: int) -> str:
    reading.place += 1
    _skip_blanks(reading)
    quote = reading.next
    if not quote:
        raise _unreadable(f'Unclosed start tag "{name}" {reading.at(start)}')
    if quote in "\"'":
        end = reading.source.find(quote, reading.place + 1)
        if end < 0:
            raise _unreadable(f"Unclosed start tag {reading.at(start)}")
        value, reading.place = reading.source[reading.place + 1 : end], end + 1
        return _decoded(value)
    place = reading.place
    value = reading.take(_TOKEN).lower()
    if reading.next and reading.next != ">" and not reading.next.isspace():
        raise _unreadable(f"Unexpected end of name token {reading.at(place)}")
    return value


def _skip_blanks(reading: _Reading) -> None:
    reading.take(_BLANKS)


def _known(name: str, attribute: str) -> bool:
    known = {"a": "href", "code": "class", "span": "class", "tg-emoji": "emoji-id", "blockquote": "expandable"}
    return known.get(name) == attribute


def _argument(name: str, attributes: Mapping[str, str]) -> str:
    if name == "a":
        return attributes.get("href", "")
    if name == "code":
        return attributes.get("class", "").removeprefix("language-")
    if name == "span":
        return attributes.get("class", "").removeprefix("tg-")
    if name == "blockquote":
        return "expandable" if "expandable" in attributes else ""
    return attributes.get("emoji-id", "")


def _end_tag(reading: _Reading) -> None:
    start = reading.place
    if not reading.waiting:
        raise _unreadable(f"Unexpected end tag {reading.at(start)}")
    found = re.compile(r"</([^\s>]*)\s*(>?)").match(reading.source, start)
    assert found
    if not found.group(2):
        raise _unreadable(f"Unclosed end tag {reading.at(start)}")
    name, expected = found.group(1).lower(), reading.waiting[-1].name
    if name and name != expected:
        raise _unreadable(f'Unmatched end tag {reading.at(start)}, expected "</{expected}>", found "</{name}>"')
    reading.place = found.end()
    opened = reading.waiting.pop()
    if reading.length > opened.start:
        _mark(reading, opened)


def _mark(reading: _Reading, opened: _Open) -> None:
    entity: Json = {"type": _TYPES[opened.name], "offset": opened.start, "length": reading.length - opened.start}
    if opened.name == "a":
        marked = "".join(reading.plain).encode("utf-16-le", "surrogatepass")[opened.start * 2 :].decode("utf-16-le")
        link = opened.argument or marked
        wrong = wrong_link(link)
        if wrong:
            reading.complaints.append(f"link {link!r} is lost: {wrong}")
            return
        if not opened.argument:
            reading.complaints.append(f"<a> without href around {marked!r}")
        entity["url"] = link
    elif opened.name == "tg-emoji":
        if not opened.argument.isdecimal() or not int(opened.argument):
            raise _unreadable("Invalid custom emoji identifier specified")
        entity["custom_emoji_id"] = opened.argument
    elif opened.name == "blockquote" and opened.argument:
        entity["type"] = "expandable_blockquote"
    elif opened.name == "pre" and reading.entities and _is_code_of_whole(reading.entities[-1], entity):
        entity["language"] = reading.entities.pop().pop("language")
    elif opened.name == "code" and opened.argument:
        entity["language"] = opened.argument
    reading.entities.append(entity)


def _is_code_of_whole(code: Json, pre: Json) -> bool:
    return "language" in code and (code["offset"], code["length"]) == (pre["offset"], pre["length"])


def wrong_link(link: str) -> str:
    """Why Telegram would not take this as a link; nothing when it would."""
    if re.match(r"tg:(//)?[a-z0-9_]", link, re.IGNORECASE):
        return ""
    scheme, separator, rest = link.partition("://")
    if separator and scheme.lower() not in ("http", "https"):
        return "Unsupported URL protocol"
    host = re.split(r"[/?#]", rest if separator else link, maxsplit=1)[0].rpartition("@")[2]
    name, _, port = host.partition(":")
    if port and not port.isdecimal():
        return "Wrong port number specified in the URL"
    if "." not in name or not re.fullmatch(r"[^\s<>\"'`]+", name):
        return "Wrong HTTP URL"
    return ""


def in_order(entities: Sequence[Json]) -> list[Json]:
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))
