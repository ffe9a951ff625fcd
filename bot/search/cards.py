"""One programme in words: a line of a list, a card with all that is known, a text to send on. All pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
import re

from bot.chat import Button, Card, Form, Reply, Section
from bot.commons.dates import day, is_half_a_year_ago
from bot.commons.places import Gazetteer, Place
from bot.search.catalogue import NATIONWIDE, Catalogue, Cost, Offer, Sector, Status
from bot.search.lexicon import Lexicon

__all__ = [
    "STARTER_LABEL",
    "Reference",
    "View",
    "details",
    "forward",
    "in_words",
    "item",
    "label",
    "link_to",
    "reasons",
    "report_form",
    "spoken",
]

STARTER_LABEL = "Voorbeeldlijst uit openbare bronnen, niet van SKB."
UNKNOWN = "niet bekend"

# Words without abbreviations: nobody needs to know what PO means to read a list.
AUDIENCES = {
    Sector.PO: "basisschool",
    Sector.SO: "speciaal onderwijs",
    Sector.VO: "middelbare school",
    Sector.VSO: "voortgezet speciaal onderwijs",
    Sector.MBO: "mbo",
    Sector.HO: "hbo en universiteit",
}
IN_A_LETTER = {
    Sector.PO: "de basisschool",
    Sector.SO: "het speciaal onderwijs",
    Sector.VO: "de middelbare school",
    Sector.VSO: "het voortgezet speciaal onderwijs",
    Sector.MBO: "het mbo",
    Sector.HO: "het hbo en de universiteit",
}
"""The same in a sentence."""
COSTS = {Cost.FREE: "gratis", Cost.PAID: "kost geld", Cost.UNKNOWN: UNKNOWN}
SEEN_ANYWAY = frozenset(["in de plaats", "komt in heel Nederland", "in de buurt", "je noemde de naam"])
"""Reasons that another part of the line says already."""
SPAN = re.compile(r"(\d+)\s?-\s?(\d+)")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a button refers to: a list, and perhaps one programme; in `Button.about` "token" or "token.offer"."""

    token: str = ""
    offer: str = ""

    @classmethod
    def read(cls, about: str) -> "Reference":
        token, _, offer = about.partition(".")
        return cls(token, offer)

    def __str__(self) -> str:
        return f"{self.token}.{self.offer}" if self.offer else self.token


@dataclass(frozen=True, slots=True)
class View:
    """What somebody needs to put programmes into words: the lists they come from, and the day it is."""

    catalogue: Catalogue
    gazetteer: Gazetteer
    lexicon: Lexicon
    today: date


def item(
    offer: Offer, number: int, why: Sequence[str], places: Sequence[Place], view: View, *, mention_unchecked: bool
) -> Card:
    """The programme as one of a list. Only what somebody needs to choose."""
    facts = (offer.provider, _where(offer, view.gazetteer, places), _audience(offer))
    lines = [" · ".join(filter(None, facts))]
    if because := reasons(why):
        lines.append(f"Waarom: {because}.")
    lines += filter(
        None, (_status(offer, view.today), _checked(offer, view.today, mention_unchecked=mention_unchecked))
    )
    return Card(offer.title, tuple(lines), number=number)


def reasons(why: Sequence[str]) -> str:
    """The first two reasons that can't be seen anyway: "gaat over geld en taal"."""
    first, *others = [reason for reason in why if reason not in SEEN_ANYWAY][:2] or [""]
    # What begins like the one before it need not begin again.
    return in_words(
        [first, *(other.removeprefix("gaat over ") for other in others)] if "gaat over" in first else [first, *others]
    )


def details(offer: Offer, reference: Reference, view: View) -> Reply:
    """Everything that is known about one programme, and what is not."""
    partner = ", partner van SKB" if view.catalogue.provider(offer.provider).is_partner else ""
    facts = (
        ("", offer.summary),
        ("", _status(offer, view.today)),
        ("Voor", _audience(offer) or UNKNOWN),
        ("Vooral voor", offer.for_whom),
        ("Niet voor", offer.not_for),
        ("Waar", _where(offer, view.gazetteer, at_most=8)),
        ("Wanneer", ", ".join(offer.settings)),
        ("Kosten", _cost(offer)),
        ("Duur", offer.duration),
        ("Vrijwilligers", "ja, het werkt met vrijwilligers" if offer.volunteers else ""),
        ("Volgende stap", offer.next_step),
        ("Contact", offer.contact or UNKNOWN),
        ("Gecontroleerd", _checked_in_full(offer, view.today)),
        ("Bron", offer.source if offer.source != offer.link else ""),
    )
    lines = [f"{name}: {fact}" if name else fact for name, fact in facts if fact]
    about = str(reference)
    buttons = [Button("Maak tekst om door te sturen", "maak tekst om door te sturen", about)]
    if reference.token:
        buttons.append(Button("Terug naar de lijst", "terug", reference.token))
    buttons += (Button("Klopt iets niet?", "klopt iets niet?", about), Button("Menu", "menu"))
    return Reply(
        text=f"{offer.title}\nVan: {offer.provider}{partner}.",
        sections=(Section("", (Card("Dit weten we:", tuple(lines), link=offer.link),)),),
        footer=label(view.catalogue),
        buttons=tuple(buttons),
        link=link_to(offer),
    )


def forward(offer: Offer, reference: Reference, places: Sequence[Place], view: View, name: str = "") -> Reply:
    """A letter that somebody can send to a school as it stands, signed with their name."""
    where = _where(offer, view.gazetteer, places)
    if places and where == "in heel Nederland":
        where += f", dus ook in {in_words(map(spoken, places))}"
    audience = _audience(offer) if offer.grades else in_words(IN_A_LETTER[sector] for sector in offer.sectors)
    by = f" van {offer.provider}" if offer.provider != offer.title else ""
    ways = [
        f"Volgende stap: {offer.next_step.rstrip('.')}." if offer.next_step else "",
        f"Contact: {offer.contact}." if offer.contact else "",
        f"Meer lezen: {offer.link}" if offer.link else "",
    ]
    facts = [
        f"Het is voor {audience}." if audience else "",
        f"Het kan {where}." if offer.places else "",
        _cost_in_a_letter(offer),
    ]
    paragraphs = [
        "Hallo,",
        f"Misschien past dit bij jullie: “{offer.title}”{by}.",
        offer.summary,
        " ".join(filter(None, facts)),
        "\n".join(filter(None, ways)),
        f"Groet,\n{name}".strip(),
        label(view.catalogue),
    ]
    buttons = [Button("Terug naar de lijst", "terug", reference.token)] if reference.token else []
    return Reply(
        text="Deze tekst kun je sturen. Pas hem gerust aan.",
        quote="\n\n".join(filter(None, paragraphs)),
        buttons=(*buttons, Button("Menu", "menu")),
    )


def report_form(offer: Offer, reference: Reference, *, about_person: bool = False) -> Reply:
    """The question what is wrong about a programme. The answer comes back as "melding …"."""
    why_again = "Dit lijkt over een persoon te gaan. Ik heb niets bewaard. Schrijf het zonder die gegevens."
    return Reply(
        text=why_again if about_person else f"Wat klopt er niet aan “{offer.title}”?",
        form=Form("Schrijf het in één bericht. Noem geen namen van leerlingen.", "melding", str(reference)),
        buttons=(Button("Terug", "terug", reference.token),) if reference.token else (),
    )


def link_to(offer: Offer) -> str:
    """How the programme is called in links to the bot."""
    return f"p_{offer.id}"


def label(catalogue: Catalogue) -> str:
    """What stands under every list, card and text while the catalogue is not SKB's own."""
    return STARTER_LABEL if catalogue.starter else ""


def _where(offer: Offer, gazetteer: Gazetteer, places: Sequence[Place] = (), at_most: int = 2) -> str:
    """Where it is, seen from the place that was asked for: "in Utrecht", "in heel Nederland", "in Venlo en Gouda"."""
    if not offer.places:
        return f"plaats {UNKNOWN}"
    there = [gazetteer.resolve(name) for name in offer.places if name != NATIONWIDE]
    if NATIONWIDE in offer.places:
        asked = [spoken(other) for other in there if any(_belongs(other, place) for place in places)]
        return f"in {in_words(asked)} en in heel Nederland" if asked else "in heel Nederland"
    there = [other for other in there if any(_belongs(other, place) for place in places)] or there
    names = [spoken(other) for other in there]
    if len(names) > at_most + 1:
        names = [*names[:at_most], f"{len(names) - at_most} andere plaatsen"]
    return f"in {in_words(names)}"


def spoken(place: Place) -> str:
    """The place as it reads after "in": "Bergen (Limburg)", "de provincie Utrecht"."""
    return f"de {place.label}" if place.label.startswith("provincie ") else place.label


def _belongs(other: Place, place: Place) -> bool:
    return other.id == place.id or other.id in place.within or place.id in other.within


def _audience(offer: Offer) -> str:
    """For whom it is, as narrow as is known: "groep 7 en 8", or else the kinds of school."""
    if offer.grades:
        return in_words([_in_full(SPAN.sub(_span_in_words, grade)) for grade in offer.grades])
    return in_words([AUDIENCES[sector] for sector in offer.sectors])


def in_words(parts: Iterable[str]) -> str:
    *first, last = list(parts) or [""]
    return f"{', '.join(first)} en {last}" if first else last


def _in_full(grade: str) -> str:
    return " ".join(
        {"po": "basisschool", "vo": "middelbare school", "isk": "ISK"}.get(word, word) for word in grade.split()
    )


def _span_in_words(span: re.Match[str]) -> str:
    low, high = span.groups()
    return f"{low} en {high}" if int(high) == int(low) + 1 else f"{low} tot en met {high}"


def _status(offer: Offer, today: date) -> str:
    if offer.status is Status.PILOT:
        return "Let op: dit is een proef (pilot)."
    if offer.status is Status.FULL and (offer.full_until is None or offer.full_until >= today):
        return f"Let op: vol tot {day(offer.full_until)}." if offer.full_until else "Let op: nu vol."
    return ""


def _checked(offer: Offer, today: date, *, mention_unchecked: bool) -> str:
    if offer.checked_on is None:
        return "Nog niet gecontroleerd." if mention_unchecked else ""
    if is_half_a_year_ago(offer.checked_on, today):
        return f"Let op: laatst gecontroleerd op {day(offer.checked_on)}. Vraag het na."
    return f"Gecontroleerd op {day(offer.checked_on)}."


def _checked_in_full(offer: Offer, today: date) -> str:
    if offer.checked_on is None:
        return f"datum {UNKNOWN}. Niemand heeft deze gegevens nog gecontroleerd."
    by = f" door {offer.checked_by}" if offer.checked_by else ""
    old = ". Let op: dat is lang geleden. Vraag het na." if is_half_a_year_ago(offer.checked_on, today) else ""
    return f"op {day(offer.checked_on)}{by}{old}"


def _cost(offer: Offer) -> str:
    return f"{COSTS[offer.cost]} ({offer.cost_note})" if offer.cost_note else COSTS[offer.cost]


def _cost_in_a_letter(offer: Offer) -> str:
    if offer.cost is Cost.UNKNOWN and not offer.cost_note:
        return "Naar de kosten kun je daar vragen."
    return f"Kosten: {_cost(offer)}."
