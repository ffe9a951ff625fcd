"""What the columns of a list of programmes are called, and what their cells say: in files people send and in our own.

One table, `COLUMNS`, in the order of an export. How a cell is read stands in values.py, whereabouts.py and audience.py;
what stands here is how the rest is read, and how everything is written.
"""

from collections.abc import Callable
from dataclasses import dataclass
import re

from bot.commons.words import fold
from bot.search.catalogue import Offer, Sector
from bot.search.lists.audience import audience, grades, sector_cross, sectors, with_unit
from bot.search.lists.headings import HEADINGS, recognise
from bot.search.lists.listed import keywords, settings, themes
from bot.search.lists.values import (
    COSTS,
    STATUSES,
    Knowledge,
    Misread,
    Reader,
    Value,
    cost,
    day_text,
    full_until,
    is_cross,
    joined,
    line,
    link,
    offer_id,
    status,
    text_of,
    volunteers,
)
from bot.search.lists.whereabouts import places

__all__ = [
    "COLUMNS",
    "Column",
    "Knowledge",
    "Misread",
    "Value",
    "column",
    "find",
    "guess",
    "is_cross",
    "sector_cross",
    "with_unit",
]

SETTINGS = ("binnen schooltijd", "na schooltijd", "weekend", "projectweek", "online")
"""As in vocabulary.yaml, for who fills in a list; a test compares the two."""


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    """A field of `Offer`, or "audience", which is only read."""
    heading: str
    """What it is called in exports and templates."""
    words: tuple[str, ...]
    """What else people call it, in Dutch and English; the field's own name always counts."""
    read: Reader
    write: Callable[[Offer], str] | None
    help: str
    """One Dutch sentence for who fills it in."""
    choices: tuple[str, ...] = ()
    """What to choose from, where that is known."""


def _nothing(_text: str, _knowledge: Knowledge) -> Value:
    """Nothing: whether an offer was checked is what a person did, never what a file says."""
    return Value({})


def _column(
    name: str,
    heading: str,
    read: Reader,
    write: Callable[[Offer], str] | None,
    about: str,
    choices: tuple[str, ...] = (),
) -> Column:
    return Column(name, heading, HEADINGS[name], read, write, about, choices)


def _text(name: str, heading: str, about: str) -> Column:
    return _column(name, heading, text_of(name), lambda offer: str(getattr(offer, name)), about)


def _listed(name: str, heading: str, read: Reader, about: str, choices: tuple[str, ...] = ()) -> Column:
    return _column(name, heading, read, lambda offer: joined(getattr(offer, name)), about, choices)


COLUMNS = (
    _column("id", "id", offer_id, lambda offer: offer.id, "Laat leeg bij een nieuw programma, en verander het nooit."),
    _column("provider", "Organisatie", line("provider"), lambda offer: offer.provider, "De naam van de organisatie."),
    _column("title", "Programma", line("title"), lambda offer: offer.title, "De naam van het programma."),
    _text("summary", "Korte beschrijving", "In een of twee zinnen: wat gaan leerlingen doen, en wat leren ze ervan?"),
    _listed(
        "sectors", "Sector", sectors, "PO, VO, MBO, HO, SO of VSO. Meer dan één mag: PO; VO.", tuple(map(str, Sector))
    ),
    _listed(
        "grades",
        "Groep of klas",
        grades,
        "Bijvoorbeeld: groep 7-8; vmbo 1-2; havo/vwo bovenbouw. Laat leeg als het voor de hele sector is.",
    ),
    _column("audience", "Doelgroep", audience, None, "Voor wie het is, in eigen woorden."),
    _listed("themes", "Thema's", themes, "Waar het over gaat, het belangrijkste eerst: debat; burgerschap."),
    _listed("keywords", "Zoekwoorden", keywords, "Woorden waarop mensen zouden zoeken, met een puntkomma ertussen."),
    _listed(
        "places",
        "Plaatsen",
        places,
        "Gemeenten, plaatsen, regio's of provincies: Utrecht; Zeist. Of: landelijk. Laat leeg als je het niet weet.",
    ),
    _listed(
        "settings", "Wanneer", settings, "Wanneer het is: kies er een of meer, met een puntkomma ertussen.", SETTINGS
    ),
    _column(
        "cost",
        "Kosten",
        cost,
        lambda offer: COSTS[offer.cost],
        "Wat een school of gezin betaalt: gratis, kost geld of niet bekend.",
        tuple(COSTS.values()),
    ),
    _text("cost_note", "Toelichting kosten", "Hoeveel het kost, en voor wie: € 250 per klas."),
    _text("duration", "Duur", "Hoelang het duurt: 4 lessen van een uur."),
    _column(
        "volunteers",
        "Vrijwilligers",
        volunteers,
        lambda offer: {True: "ja", False: "nee", None: ""}[offer.volunteers],
        "Werkt het met vrijwilligers? Laat leeg als je het niet weet.",
        ("ja", "nee"),
    ),
    _text("for_whom", "Vooral voor", "Voor wie het vooral is, als dat meer zegt dan sector en groep."),
    _text("not_for", "Niet voor", "Voor wie het niet geschikt is."),
    _text("next_step", "Volgende stap", "Wat een school doet die mee wil doen."),
    _text("contact", "Contact", "Wie een school belt of mailt. Iedereen kan dit lezen."),
    _column(
        "link", "Link", link, lambda offer: offer.link, "De webpagina over het programma: https://www.voorbeeld.nl."
    ),
    _text("source", "Bron", "Waar deze gegevens vandaan komen."),
    _text("confidence", "Zekerheid", "Hoe zeker het is dat dit klopt."),
    _column(
        "checked_on",
        "Gecontroleerd op",
        _nothing,
        lambda offer: day_text(offer.checked_on),
        "Wanneer iemand het nakeek; een bestand verandert dit nooit.",
    ),
    _column(
        "checked_by",
        "Gecontroleerd door",
        _nothing,
        lambda offer: offer.checked_by,
        "Wie het nakeek; een bestand verandert dit nooit.",
    ),
    _column(
        "status",
        "Status",
        status,
        lambda offer: STATUSES[offer.status],
        "Of het loopt: actief, proef, vol, gestopt of verborgen.",
        tuple(STATUSES.values()),
    ),
    _column(
        "full_until",
        "Vol tot",
        full_until,
        lambda offer: day_text(offer.full_until),
        "Tot welke dag het vol is: 31-12-2026.",
    ),
)

_BY_NAME = {known.name: known for known in COLUMNS}
_EXACT = {fold(text): known for known in COLUMNS for text in (known.name, known.heading)}


def column(name: str) -> Column:
    """The column of that name. Raises KeyError."""
    return _BY_NAME[name]


_NUMBERED = re.compile(r"[\s_-]*\(?\d{1,2}\)?$")
""""Thema 1" and "Thema 2" are both about themes."""


def find(name: str) -> Column | None:
    """The column that somebody names exactly: by its Dutch heading or by the field, in any case."""
    return _EXACT.get(fold(name))


def guess(heading: str) -> Column | None:
    """The column that a heading of somebody's own list is most likely about; None when it may be anything."""
    known = find(heading)
    name = "" if known else recognise(heading) or recognise(_NUMBERED.sub("", heading))
    return known or _BY_NAME.get(name)
