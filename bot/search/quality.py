"""How good the list is: what is old, what is missing, which links are dead, who offers nothing; pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.commons.dates import day, is_half_a_year_ago, local_day
from bot.search.catalogue import Catalogue, Offer, Provider, Status
from bot.search.links import LinkCheck, State
from bot.search.preview import count, coverage, listed, programmes

__all__ = ["Quality", "as_text", "look_at"]

BROKEN = (State.DEAD,)
DOUBTFUL = (State.MOVED, State.UNREACHABLE, State.GUARDED)


@dataclass(frozen=True, slots=True)
class Quality:
    """What wants attention, of the offers that people can see."""

    catalogue: Catalogue
    never_checked: tuple[Offer, ...]
    stale: tuple[Offer, ...]
    """Checked more than six months ago."""
    without_contact: tuple[Offer, ...]
    without_place: tuple[Offer, ...]
    full_no_longer: tuple[Offer, ...]
    """Full until a day that is past."""
    dead_links: tuple[tuple[Offer, LinkCheck], ...]
    doubtful_links: tuple[tuple[Offer, LinkCheck], ...]
    """Moved, or not to be reached when it was tried: for a person to look at."""
    links: int
    """How many different links there are, and how many of them were ever visited."""
    visited: int
    visited_at: datetime | None
    """When the longest ago visited of them was."""
    silent: tuple[Provider, ...]
    """Partners without any offer that people can see; all organisations, as long as nobody is known as partner."""


def look_at(catalogue: Catalogue, checks: Mapping[str, LinkCheck], today: date) -> Quality:
    """The state of the list on a day, given the last check of each link."""
    shown = catalogue.shown
    offering = {offer.provider for offer in shown}
    partners = [one for one in catalogue.providers if one.is_partner and not one.starter] or catalogue.providers
    links = {offer.link for offer in shown if offer.link}
    visits = [checks[link].checked_at for link in links if link in checks]
    found = [(offer, checks[offer.link]) for offer in shown if offer.link in checks]
    return Quality(
        catalogue,
        tuple(offer for offer in shown if offer.checked_on is None),
        tuple(offer for offer in shown if offer.checked_on and is_half_a_year_ago(offer.checked_on, today)),
        tuple(offer for offer in shown if not offer.contact),
        tuple(offer for offer in shown if not offer.places),
        tuple(o for o in shown if o.status is Status.FULL and o.full_until is not None and o.full_until < today),
        tuple((offer, check) for offer, check in found if check.state in BROKEN),
        tuple((offer, check) for offer, check in found if check.state in DOUBTFUL),
        len(links),
        len(visits),
        min(visits, default=None),
        tuple(provider for provider in partners if provider.name not in offering),
    )


def as_text(quality: Quality, *, everything: bool = False) -> str:
    """The overview in Dutch: counts in one glance, then what they are."""
    dead = len(quality.dead_links)
    who = "partner" if any(provider.is_partner for provider in quality.silent) else "organisatie"
    counts = (
        (len(quality.silent), f"{count(len(quality.silent), who, f'{who}s')} zonder aanbod"),
        (len(quality.never_checked), f"{programmes(len(quality.never_checked))} nog nooit gecontroleerd"),
        (len(quality.stale), f"{programmes(len(quality.stale))} langer dan 6 maanden geleden gecontroleerd"),
        (len(quality.without_contact), f"{len(quality.without_contact)} zonder contact"),
        (len(quality.without_place), f"{len(quality.without_place)} zonder plaats"),
        (len(quality.full_no_longer), f"{len(quality.full_no_longer)} vol tot een dag die voorbij is"),
        (dead, f"{count(dead, 'link werkt', 'links werken')} niet"),
    )
    parts = [
        f"Overzicht aanbod: {coverage(quality.catalogue)}.",
        ". ".join(text for number, text in counts if number) + "." if any(number for number, _ in counts) else "",
        _about_links(quality),
        *_lists(quality, everything),
    ]
    return "\n\n".join(filter(None, parts))


def _about_links(quality: Quality) -> str:
    if not quality.links:
        return ""
    how = "Links nakijken: skb-bot offers quality --links"
    if quality.visited_at is None:
        return f"Links: nog niet nagekeken. {how}"
    oldest = day(local_day(quality.visited_at))
    return f"Links: {quality.visited} van {quality.links} nagekeken, de oudste op {oldest}. {how}"


def _lists(quality: Quality, everything: bool) -> Iterator[str]:
    def offer_line(offer: Offer) -> list[str]:
        return [f"{offer.id}  {offer.title} ({offer.provider})"]

    def old_line(offer: Offer) -> list[str]:
        return [f"{offer_line(offer)[0]}, {day(offer.checked_on) if offer.checked_on else ''}"]

    def link_line(found: tuple[Offer, LinkCheck]) -> list[str]:
        offer, check = found
        return [*offer_line(offer), f"{offer.link}: {check.detail}"]

    def provider_line(provider: Provider) -> list[str]:
        return [provider.name]

    lists: tuple[tuple[str, tuple[object, ...], Callable[..., list[str]]], ...] = (
        ("Zonder aanbod", quality.silent, provider_line),
        ("Langer dan 6 maanden geleden gecontroleerd", quality.stale, old_line),
        ("Nooit gecontroleerd", quality.never_checked, offer_line),
        ("Zonder contact", quality.without_contact, offer_line),
        ("Zonder plaats", quality.without_place, offer_line),
        ("Vol tot een dag die voorbij is", quality.full_no_longer, offer_line),
        ("Link werkt niet", quality.dead_links, link_line),
        ("Kijk naar deze link", quality.doubtful_links, link_line),
    )
    for heading, things, line in lists:
        yield listed(heading, things, line, everything=everything)
