"""What a person typed in Slack, from the notation in which Slack delivers it. All pure."""

import re

__all__ = ["plain"]

NOTATION = re.compile(
    r"<(?P<kind>[@#!])(?P<said>[^<>]*)>(?P<after>[:,]?[ \xa0]*)"  # <@U1>, <#C1|regio>, <!here>, <!date^1^…|vrijdag>
    r"|<(?P<scheme>[a-z][a-z0-9+.-]*:)(?P<address>[^<>|]*)(?:\|(?P<label>[^<>]*))?>",  # <https://x.nl|label>
    re.IGNORECASE,
)
ENTITY = re.compile("&(amp|lt|gt);")
ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}


def plain(text: str) -> str:
    """What a person typed, from the notation in which Slack delivers it; whom they mentioned is left out."""
    # The notation first: "&lt;b&gt;" is a "<b>" that somebody typed.
    meant = ENTITY.sub(lambda found: ENTITIES[found[1]], NOTATION.sub(_meant, text))
    return meant.replace("\xa0", " ").replace("\u202f", " ")


def _meant(found: re.Match[str]) -> str:
    if scheme := found["scheme"]:
        shown = "" if scheme.lower() in ("mailto:", "tel:") else scheme
        return found["label"] or shown + found["address"]
    name, _, said = found["said"].partition("|")
    if found["kind"] == "#" or name.startswith("date^"):
        return said + found["after"]
    return ""  # nobody's name gets into a search, nor the comma after it
