"""Where an offer is, as people write it in a cell: "Utrecht e.o., gemeente Zeist", "heel Nederland", "in overleg"."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
import re

from bot.commons.places import Place
from bot.commons.words import fold
from bot.search.catalogue import NATIONWIDE
from bot.search.lists.values import (
    Knowledge,
    Misread,
    Value,
    is_nothing,
    nearest,
    parts,
    remembered,
    says_nothing,
    short,
)

__all__ = ["places"]

_NATIONWIDE = re.compile(
    r"((heel|geheel|in|door|over|binnen|verspreid over|alle scholen in) )*"
    r"(landelijk\w*|(the )?netherlands|nederland|nl|overal|nationaal|nationwide|alle provincies|heel het land)"
    r"( (in|door|over|van))?( heel| nederland| nl| aanbod| beschikbaar| inzetbaar| dekkend| actief| breed| programma)*"
    r"|((door|in|over) )?(het )?(hele|gehele) land|alle regios|alle gemeenten"
)
_SOMEWHERE = re.compile(
    r"(in|na|nader) overleg( te bepalen)?|nader te bepalen|ntb|op aanvraag|online|digitaal|op afstand"
    r"|divers\w*|verschillende?|meerdere|regionaal|lokaal|plaatselijk|wisselend\w*|varieert"
    r"|((op|bij) )?((de|u|jullie|je) )?(op )?(eigen )?(school|scholen|locatie|schoollocatie)"
    r"|(diverse|meerdere|verschillende|wisselende|alle) (locaties|plaatsen|steden|regios|scholen|gemeenten)"
)
_BEFORE = re.compile(
    r"(de|het|en|of|in|te|rond|rondom|vooral|met name|mn|oa|onder andere|onder meer|(nu )?(nog )?alleen|(alle )?\w+ in"
    r"|heel|geheel|regios?|gemeenten?|provincie|prov|stad|plaats|omgeving|omstreken|stadsdeel|wijk|dorp|bijv|bijvoorbeeld)"
    r"[ :]+(?=\S)"
)
_AFTER = re.compile(
    r"[ ,]+(eo|en (de )?(wijde )?(omgeving|omstreken|regio|omliggende \w+)|omgeving|omstreken|regio|gemeente|provincie"
    r"|stad|ea|enzovoort|etc|nl|nederland)$"
)
_ADDRESS = re.compile(r"\D+ \d{1,4} ?[a-z]{0,2}")
_POSTCODE = re.compile(r"\b\d{4} ?[a-z]{2}\b")
_DETAILED = re.compile(r"([^()]+?)\s*\(([^()]+)\)")
"""A place with what is meant of it: "Amsterdam (Noord, Zuidoost)"."""
_WIDER = re.compile(r"\b(e\.?o|omgeving|omstreken|omliggende|regio)\b")
_BETWEEN = (r",", r"[/|•+&]|\s-\s", r"\s(?:en|EN|of|OF|and)\s")
"""What may separate places, from sure to unsure: "Aa en Hunze" is one."""


@remembered
def places(text: str, knowledge: Knowledge) -> Value:
    """Where an offer is: labels of the gazetteer, or NATIONWIDE. Raises Misread for what is none, or may be several."""
    found: dict[str, None] = {}
    remarks: dict[str, None] = {}
    unknown = []
    named = () if is_nothing(text) else tuple(_parts(text, knowledge))
    if said := _within(text, named, knowledge):
        return Value({"places": (said,)}, (f"“{short(text)}” lezen we als {said}.",))
    for part in named:
        if _is_vague(part):
            remarks[f"“{short(part)}” is geen plaats; dat laten we leeg."] = None
        elif _NATIONWIDE.fullmatch(_said(part)):
            found[NATIONWIDE] = None
        elif readings := _readings(part, knowledge):
            place = _only(part, readings)
            found[place.label] = None
            if place.kind != "regio" and _WIDER.search(part.lower()):
                remarks[f"“{short(part)}” lezen we als {place.label}."] = None
        else:
            unknown.append(part)
    for part in unknown:
        if not found or not _ADDRESS.fullmatch(fold(part)):
            raise Misread(_not_known(part, knowledge))
        remarks[f"“{short(part)}” is een adres; we nemen alleen de plaats."] = None
    return Value({"places": tuple(found)}, tuple(remarks))


def _within(text: str, named: Sequence[str], knowledge: Knowledge) -> str:
    """The first of two places when the second only says where that is, as in an address: "Overvecht, Utrecht"."""
    if len(named) != 2 or "," not in text or ";" in text:
        return ""
    inner, outer = (_readings(part, knowledge) for part in named)
    return inner[0].label if len(inner) == len(outer) == 1 and outer[0].id in inner[0].within else ""


def _only(part: str, readings: Sequence[Place]) -> Place:
    if len(readings) > 1:
        choices = " of ".join(f"“{place.label}”" for place in readings)
        raise Misread(f"“{short(part)}” kan meer dan één plaats zijn. Schrijf {choices}.")
    return readings[0]


def _not_known(part: str, knowledge: Knowledge) -> str:
    said = _said(part)
    near = nearest(said, _spelled_like(knowledge).get(said[:1], {})) if 3 < len(said) < 40 else ""
    mend = (
        f"Bedoel je “{near}”? Schrijf het dan zo."
        if near
        else "Schrijf een gemeente, plaats, regio of provincie, of: landelijk."
    )
    return f"“{short(part)}” is geen plaats die we kennen. {mend}"


@lru_cache(maxsize=2)
def _spelled_like(knowledge: Knowledge) -> Mapping[str, Mapping[str, str]]:
    """First letter to names to labels: nobody mistypes the first letter, and all names would take too long."""
    found: dict[str, dict[str, str]] = {}
    for name, meant in knowledge.gazetteer.names.items():
        found.setdefault(name[:1], {})[name] = meant[0].label
    return found


def _parts(text: str, knowledge: Knowledge) -> Iterator[str]:
    """The places a text names, each as it stands there."""
    for part in parts(text, between="(?!)"):
        yield from _cut(part, _BETWEEN, knowledge)


def _cut(text: str, between: tuple[str, ...], knowledge: Knowledge) -> Iterator[str]:
    """The pieces of a text; what is a place as a whole stays whole, also when it is a row of pieces."""
    text = text.strip()
    if not text or not between or _is_clear(text, knowledge):
        yield from [text] if text else []
        return
    if detailed := _DETAILED.fullmatch(text):
        outer, inner = detailed.groups()
        yield from [outer] if _NATIONWIDE.fullmatch(_said(outer)) else []
        yield from (_detailed(outer, piece, knowledge) for piece in _cut(inner, _BETWEEN, knowledge))
        return
    cut = re.split(rf"({between[0]})(?![^()]*\))", text)
    start = 0
    while start < len(cut):
        for end in range(min(len(cut), start + 5), start + 2, -2):
            row = "".join(cut[start:end])
            if _is_one(row, cut[start], knowledge):
                yield " ".join(row.replace(",", " ").split())
                break
        else:
            end = start + 1
            yield from _cut(cut[start], between[1:], knowledge)
        start = end + 1


def _detailed(outer: str, inner: str, knowledge: Knowledge) -> str:
    """Of "Amsterdam (Noord)" Amsterdam Noord, of "Drenthe (Assen)" Assen, of "Zaandam (Zaanstad)" Zaandam."""
    if _readings(f"{outer} {inner}", knowledge):
        return f"{outer} {inner}"
    wide, near = _readings(inner, knowledge), _readings(outer, knowledge)
    return outer if wide and near and wide[0].id in near[0].within else inner


def _is_one(row: str, first: str, knowledge: Knowledge) -> bool:
    """Whether a row of pieces is one place: "Peel en Maas" is, "Bergen, Limburg" and "Amsterdam, Noord"."""
    if "," in row:
        one, other = _readings(first, knowledge), _readings(row.rpartition(",")[2], knowledge)
        return (len(one) > 1 or not other) and len(_readings(row.replace(",", " "), knowledge)) == 1
    return len(_readings(row, knowledge)) == 1


def _is_clear(text: str, knowledge: Knowledge) -> bool:
    return bool(_readings(text, knowledge)) or bool(_NATIONWIDE.fullmatch(_said(text))) or _is_vague(text)


def _is_vague(text: str) -> bool:
    return is_nothing(text) or says_nothing(text) or bool(_SOMEWHERE.fullmatch(_said(text)))


def _said(text: str) -> str:
    return " ".join(re.sub(r"[().!?]", "", fold(text)).split())


@lru_cache(maxsize=4096)
def _readings(text: str, knowledge: Knowledge) -> tuple[Place, ...]:
    """What a text can mean, taking off what people put around a place until it is one."""
    names = knowledge.gazetteer.names
    said = fold(text)
    for form in (said, _said(text), re.sub(r"[().]", " ", _POSTCODE.sub(" ", said))):
        name = " ".join(form.split())
        while name:
            if found := names.get(name):
                return found
            shorter = _AFTER.sub("", name)
            if shorter == name and (around := _BEFORE.match(name)):
                shorter = name[around.end() :]
            if shorter == name:
                break
            name = shorter
    return ()
