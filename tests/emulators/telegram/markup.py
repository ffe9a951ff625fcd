"""What people see of a text: markup read, blanks gone, and what Telegram finds in a text by itself."""

from collections.abc import Iterator, Mapping, Sequence
import re
from typing import Any

from tests.emulators.telegram.html import Text, in_order, read_html, units
from tests.emulators.telegram.refusals import NotEmulated, bad_request

Json = dict[str, Any]

_MOST_ENTITIES = 100


def formatted(text: str, mode: str, entities: Sequence[Json] = ()) -> Text:
    """A text as Telegram keeps it: markup read, blanks at both ends gone, links and commands found."""
    if mode and mode.lower() in ("markdown", "markdownv2"):
        raise NotEmulated(f"parse_mode {mode}")
    if mode and mode.lower() != "html":
        raise bad_request("unsupported parse_mode")
    read = read_html(text) if mode else Text(text, tuple(_inside(text, entity) for entity in entities))
    trimmed = _trimmed(_without_marks_in_code(read))
    complaints = list(trimmed.complaints)
    if len(trimmed.entities) > _MOST_ENTITIES:
        complaints.append(f"{len(trimmed.entities)} entities: Telegram keeps {_MOST_ENTITIES}")
    kept = [*trimmed.entities[:_MOST_ENTITIES]]
    return Text(trimmed.plain, tuple(in_order([*kept, *found_in(trimmed.plain, kept)])), tuple(complaints))


def _inside(text: str, entity: Json) -> Json:
    start, end, whole = entity["offset"], entity["offset"] + entity["length"], units(text)
    if start < 0 or entity["length"] < 1 or end > whole:
        raise bad_request(f"entity beginning at UTF-16 offset {start} ends after the end of the text at {whole}")
    return dict(entity)


def _without_marks_in_code(text: Text) -> Text:
    """Code holds nothing else, not even a link."""
    code = [entity for entity in text.entities if entity["type"] in ("code", "pre")]

    def stays(entity: Json) -> bool:
        return not any(other is not entity and _covers(other, entity) for other in code)

    kept = [entity for entity in text.entities if stays(entity)]
    for entity in kept:
        if entity["type"] == "code":
            entity.pop("language", None)  # only a pre has one
    return Text(text.plain, tuple(kept), text.complaints)


def _covers(outer: Json, inner: Json) -> bool:
    start, end = outer["offset"], outer["offset"] + outer["length"]
    return bool(start <= inner["offset"] and inner["offset"] + inner["length"] <= end)


def _trimmed(text: Text) -> Text:
    """Control characters as blanks, blanks at both ends gone; in front only up to the first mark."""
    plain = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", text.plain.replace("\r", ""))
    first = min((entity["offset"] for entity in text.entities), default=len(plain))
    lead = min(len(plain) - len(plain.lstrip(" \n")), first)
    plain = plain[lead:].rstrip()
    end, kept = units(plain), []
    for entity in text.entities:
        start = entity["offset"] - lead
        length = min(entity["length"], end - start)
        if length > 0:
            kept.append({**entity, "offset": start, "length": length})
    return Text(plain, tuple(kept), text.complaints)


_FOUND = (
    ("bot_command", re.compile(r"(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@])")),
    ("url", re.compile(r"(?<![\w@.])(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)]", re.IGNORECASE)),
    ("email", re.compile(r"(?<![\w@.+-])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?![\w@])")),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{2,31}(?![\w@])")),
    ("hashtag", re.compile(r"(?<![\w#/])#\w*[^\W\d_]\w*")),
)


def found_in(text: str, marked: Sequence[Json] = ()) -> list[Json]:
    """Commands, links, addresses and names that Telegram finds in a text by itself, outside code and links."""
    taken = [entity for entity in marked if entity["type"] in ("code", "pre", "text_link", "text_mention")]
    found: list[Json] = []
    for entity in _candidates(text):
        if not any(_touch(entity, other) for other in [*taken, *found]):
            found.append(entity)
    return found


def _candidates(text: str) -> Iterator[Json]:
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            yield {"type": kind, "offset": units(text[: match.start()]), "length": units(match.group())}


def _touch(one: Json, other: Json) -> bool:
    return bool(one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"])


def cut(text: str, entity: Mapping[str, Any]) -> str:
    """The part of a text that an entity is about."""
    raw = text.encode("utf-16-le")[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2]
    return raw.decode("utf-16-le")
