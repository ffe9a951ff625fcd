"""The offer as Open Referral HSDS 3.1, the open format in which directories of services exchange what they know.

The standard describes one service with all that belongs to it inside, and knows no file of many: "the canonical schemas
do not provide an official packaging format". What it does know is the page on which an API lists services. So a file is
one page that holds everything, each service in full. A service says more than the standard has names for: that travels
as attributes, our own id among them. Unknown is left out, never filled in: no amount for what costs money, no ages for
a grade. Who checked it stays with us.

https://docs.openreferral.org/en/latest/hsds/schema_reference.html
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
import json
from pathlib import Path
import re
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid5

from bot.commons.dates import day
from bot.search.cards import AUDIENCES, label
from bot.search.catalogue import NATIONWIDE, Catalogue, Cost, Offer, Provider, Relation, Status
from bot.search.exporting import whole_file

__all__ = ["VERSION", "as_hsds", "write_hsds"]

VERSION = "3.1"

NAMESPACE = UUID("0ed12972-992e-46d6-b911-d91a2fa6d095")
"""Where our ids become UUIDs. Never change it: who took an export before knows the programmes by these."""

THEMES, SECTORS, SETTINGS, FACTS = "Thema's", "Sectoren", "Wanneer", "Gegevens"
MEANINGS = {
    THEMES: "Waar het programma over gaat.",
    SECTORS: "Voor welke scholen het programma is.",
    SETTINGS: "Wanneer het programma is.",
}
"""What a term of each taxonomy says about a programme."""
OTHER_FACTS = {
    "id": ("Kenmerk", "Het vaste kenmerk van het programma."),
    "keywords": ("Zoekwoorden", "Woorden waarmee mensen het programma zoeken."),
    "duration": ("Duur", "Hoe lang het programma duurt."),
    "volunteers": ("Vrijwilligers", "Of het programma met vrijwilligers werkt."),
    "source": ("Bron", "Waar de gegevens vandaan komen."),
}
"""Field of an offer that HSDS has no place for → what it is called there, and what it means."""

ABOUT_PROVIDER = {
    Relation.SKB: "Het Samenwerkingsverband Kansengelijkheid en Burgerschapsonderwijs (SKB) zelf.",
    Relation.FOUNDER: "Oprichter en partner van SKB.",
    Relation.PARTNER: "Partner van SKB.",
    Relation.REFERRAL: "SKB verwijst naar deze organisatie.",
    Relation.UNKNOWN: "Organisatie met programma's voor scholen.",
}

AGES = re.compile(r"(\d+)(?:-(\d+))? jaar")
EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
PHONE = re.compile(r"(?<![\w+@./-])(?:\+|0)\d(?:[ ()-]*\d){8,12}(?![\w@])")
"""Ten digits or more that begin with 0 or +: "06-12 34 56 78", "+31 (0)20 123 45 67"."""
STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def as_hsds(catalogue: Catalogue) -> dict[str, Any]:
    """Everything that anybody may see, as one page of HSDS services."""
    return {**_page(catalogue), "contents": list(_services(catalogue))}


def write_hsds(path: Path, catalogue: Catalogue, *, overwrite: bool = False) -> None:
    """Writes `as_hsds` to a file, a service a line; raises FileExistsError rather than replace one unasked."""
    with whole_file(path, overwrite=overwrite) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
        # One after the other: 100,000 services at once would take a gigabyte.
        file.write(json.dumps(_page(catalogue), ensure_ascii=False)[:-1] + ', "contents": [')
        for number, service in enumerate(_services(catalogue)):
            file.write((",\n" if number else "\n") + json.dumps(service, ensure_ascii=False))
        file.write("\n]}\n")


def _page(catalogue: Catalogue) -> dict[str, Any]:
    total = len(catalogue.shown)
    return {
        "version": VERSION,
        "description": label(catalogue) or "Programma's voor scholen uit de lijst van SKB.",
        "total_items": total,
        "total_pages": 1,
        "page_number": 1,
        "size": total,
        "first_page": True,
        "last_page": True,
        "empty": total == 0,
    }


def _services(catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    organizations: dict[str, dict[str, Any]] = {}
    for offer in catalogue.shown:
        if offer.provider not in organizations:
            organizations[offer.provider] = _organization(catalogue.provider(offer.provider))
        yield _service(offer, organizations[offer.provider], label(catalogue))


def _service(offer: Offer, organization: Mapping[str, Any], list_label: str) -> dict[str, Any]:
    contact = _contact(offer)
    return _known(
        id=_uuid("offer", offer.id),
        name=offer.title,
        description="\n\n".join(filter(None, (offer.summary, list_label))),
        url=_uri(offer.link),
        email=contact.get("email"),
        # A programme that is full goes on: it is neither inactive nor closed, and how many places there are is unknown.
        status="active",
        alert=_alert(offer),
        application_process=offer.next_step,
        fees_description=_fees(offer),
        eligibility_description=_eligibility(offer),
        **_ages(offer),
        assured_date=offer.checked_on.isoformat() if offer.checked_on else None,
        phones=contact.get("phones"),
        contacts=[contact] if contact else None,
        cost_options=_cost_options(offer),
        service_areas=[_area(offer, place) for place in offer.places],
        attributes=list(_attributes(offer)),
        organization=organization,
    )


def _organization(provider: Provider) -> dict[str, Any]:
    return _known(
        id=_uuid("provider", provider.name),
        name=provider.name,
        alternate_name=", ".join(provider.aliases),
        # Required by HSDS: what a provider is to SKB is all that our list knows.
        description=ABOUT_PROVIDER[provider.relation],
        website=_uri(provider.url),
    )


def _alert(offer: Offer) -> str:
    if offer.status is Status.FULL:
        return f"Vol tot {day(offer.full_until)}." if offer.full_until else "Nu vol."
    return "Dit is een proef (pilot)." if offer.status is Status.PILOT else ""


def _fees(offer: Offer) -> str:
    said = {Cost.FREE: "Gratis", Cost.PAID: "Kost geld", Cost.UNKNOWN: ""}[offer.cost]
    return f"{said} ({offer.cost_note})" if said and offer.cost_note else said or offer.cost_note


def _cost_options(offer: Offer) -> list[dict[str, Any]]:
    """What is certain about the price: nothing to pay, or that there is something to pay, without an amount."""
    if offer.cost is Cost.FREE:
        amount = {"amount": 0, "currency": "EUR"}
    elif offer.cost is Cost.PAID and offer.cost_note:
        amount = {}
    else:
        return []
    return [_known(id=_uuid("offer", offer.id, "cost"), **amount, amount_description=offer.cost_note)]


def _eligibility(offer: Offer) -> str:
    audience = offer.grades or tuple(AUDIENCES[sector] for sector in offer.sectors)
    facts = (("Voor", ", ".join(audience)), ("Vooral voor", offer.for_whom), ("Niet voor", offer.not_for))
    return "\n".join(f"{name}: {fact}" for name, fact in facts if fact)


def _ages(offer: Offer) -> dict[str, int]:
    """Ages where the list gives nothing but ages: a grade is no age, pupils of groep 8 are 11 to 13."""
    found = [match for grade in offer.grades if (match := AGES.fullmatch(grade))]
    if not found or len(found) < len(offer.grades):
        return {}
    return {
        "minimum_age": min(int(match[1]) for match in found),
        "maximum_age": max(int(match[2] or match[1]) for match in found),
    }


def _contact(offer: Offer) -> dict[str, Any]:
    """Whom to ask, with the address and numbers that can be read from it; the text as it is when it says more."""
    text = offer.contact
    if not text:
        return {}
    email = EMAIL.search(text)
    numbers = tuple(dict.fromkeys(match[0].strip() for match in PHONE.finditer(text)))
    says_more = text not in (email and email[0], *numbers)
    return _known(
        id=_uuid("offer", offer.id, "contact"),
        name=text if says_more else None,
        email=email[0] if email else None,
        phones=[{"id": _uuid("offer", offer.id, "phone", number), "number": number} for number in numbers],
    )


def _area(offer: Offer, place: str) -> dict[str, Any]:
    return {
        "id": _uuid("offer", offer.id, "place", place),
        "name": "Nederland" if place == NATIONWIDE else place,
    }


def _attributes(offer: Offer) -> Iterator[dict[str, Any]]:
    themes = {theme: theme for theme in offer.themes}
    sectors = {sector.value: AUDIENCES[sector] for sector in offer.sectors}
    settings = {setting: setting for setting in offer.settings}
    for taxonomy, names in ((THEMES, themes), (SECTORS, sectors), (SETTINGS, settings)):
        for code, name in names.items():
            term = _term(taxonomy, code, name, MEANINGS[taxonomy])
            yield {"id": _uuid("offer", offer.id, taxonomy, code), "taxonomy_term": term}
    facts = {
        "id": offer.id,
        "keywords": "; ".join(offer.keywords),
        "duration": offer.duration,
        "volunteers": {True: "ja", False: "nee", None: ""}[offer.volunteers],
        "source": offer.source,
    }
    for code, value in facts.items():
        if value:
            term = _term(FACTS, code, *OTHER_FACTS[code])
            yield {"id": _uuid("offer", offer.id, FACTS, code), "value": value, "taxonomy_term": term}


@lru_cache(maxsize=1024)  # all programmes share a few
def _term(taxonomy: str, code: str, name: str, meaning: str) -> dict[str, Any]:
    return {
        "id": _uuid("term", taxonomy, code),
        "code": code,
        "name": name,
        "description": meaning,
        "taxonomy": taxonomy,
        "language": "nl",
    }


def _known(**fields: Any) -> dict[str, Any]:  # noqa: ANN401  # what JSON can hold
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value not in ("", None, [])}


def _uuid(*parts: str) -> str:
    """The same UUID for the same thing in every export."""
    return str(uuid5(NAMESPACE, "/".join(parts)))


def _uri(link: str) -> str:
    """The address as JSON Schema's "uri" wants it: ASCII, without blanks; empty when it is none."""
    if not link.startswith(("https://", "http://")):
        return ""
    return quote(STRAY_PERCENT.sub("%25", link), safe=":/?#@!$&'()*+,;=%~-._")
