"""Changing the list: one programme, an organisation, or all that a file brings; and taking it back.

Every change is prepared outside the transaction, written as a whole, bears who and when, and is in force in every
running process with its next question. What can't be done is a `Refused` with a Dutch sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.commons.tables import clean
from bot.commons.words import fold
from bot.db import Database
from bot.search import offers_store as kept
from bot.search import store
from bot.search.catalogue import Catalogue, Change, Offer, Provider, Status
from bot.search.lists.columns import Knowledge, find
from bot.search.lists.drafts import Drafter, Providers, Where, title_key
from bot.search.lists.layout import Heading

__all__ = [
    "Edited",
    "Refused",
    "check",
    "edit",
    "hide_provider",
    "load",
    "save",
    "set_status",
    "show_provider",
    "undo",
    "what_to_undo",
]


class Refused(Exception):  # noqa: N818  # a sentence for a person, not a fault
    """Why something can't be done with the list, and what can; in Dutch."""


CHANGED_MEANWHILE = "De lijst is intussen door iemand anders gewijzigd. Er is niets opgeslagen. Probeer het opnieuw."


@dataclass(frozen=True, slots=True)
class Edited:
    """What was saved: the number of the change, and the offer as it was and is."""

    number: int
    before: Offer
    offer: Offer


def load(database: Database) -> Catalogue:
    """The list as it is now."""
    with database.read() as connection:
        return store.load_catalogue(connection)


def save(database: Database, change: Change, base: Catalogue, *, kind: str, about: str, by: str, now: datetime) -> int:
    """Writes a change that was made for this state of the list; its number. Refused when the list is another by now."""
    with database.read() as connection:
        prepared = kept.prepare(connection, change)
    if prepared.version != base.version:
        raise Refused(CHANGED_MEANWHILE)
    return _apply(database, prepared, kind=kind, about=about, by=by, now=now)


def _apply(database: Database, prepared: kept.Prepared, *, kind: str, about: str, by: str, now: datetime) -> int:
    try:
        return kept.apply(database, prepared, kind=kind, about=about, by=by, now=now)
    except kept.Outdated:
        raise Refused(CHANGED_MEANWHILE) from None


def edit(
    database: Database, knowledge: Knowledge, offer_id: str, said: Mapping[str, str], *, by: str, now: datetime
) -> Edited:
    """Sets fields of one offer, in words as in a file: {"Plaatsen": "Utrecht; Zeist"}. Raises Refused."""
    base = load(database)
    before = find_offer(base, offer_id)
    texts: dict[str, list[str]] = {}
    for name, text in said.items():
        column = find(name)
        if column is None or column.write is None or column.name == "id":
            raise Refused(f"“{name}” kun je niet wijzigen. Kies een kolom uit: skb-bot offers show {before.id}")
        if column.name in ("checked_on", "checked_by"):
            raise Refused(f"Een controle leg je vast met: skb-bot offers check {before.id} --by NAAM")
        texts[column.name] = [clean(text)]
    drafter = Drafter(base, knowledge, strict=True)
    drafter.begin({name: [Heading(0, "", name)] for name in (*texts, "id")}, "")
    draft, faults, _ = drafter.draft(Where(0), texts | {"id": [before.id]})
    if draft is None:
        raise Refused("\n".join(f"{fault.heading}: {fault.text}" for fault in faults))
    twin = next((other for other in base.offers if _is_twin(draft.offer, other)), None)
    if twin is not None:
        raise Refused(f"{twin.provider} heeft al een programma “{twin.title}” ({twin.id}). Kies een andere naam.")
    if draft.offer == before:
        raise Refused("Er verandert niets: dit staat er al.")
    change = Change((draft.offer,), providers=tuple(drafter.new_providers))
    about = f"{before.title} ({before.provider})"
    return Edited(save(database, change, base, kind="edit", about=about, by=by, now=now), before, draft.offer)


def _is_twin(offer: Offer, other: Offer) -> bool:
    same = other.provider == offer.provider and title_key(other.title) == title_key(offer.title)
    return same and other.id != offer.id


def set_status(database: Database, offer_id: str, status: Status | None, *, by: str, now: datetime) -> Edited:
    """Hides or ends an offer; None restores what it was before somebody did. Raises Refused."""
    base = load(database)
    before = find_offer(base, offer_id)
    kind = {Status.HIDDEN: "hide", Status.ENDED: "end", None: "restore"}[status]
    if status is None:
        if before.is_shown():
            raise Refused(f"“{before.title}” is niet verborgen en niet gestopt.")
        status = _status_before(database, before.id)
    if status is before.status:
        raise Refused(f"“{before.title}” is al {'verborgen' if status is Status.HIDDEN else 'gestopt'}.")
    offer = replace(before, status=status)
    about = f"{before.title} ({before.provider})"
    return Edited(save(database, Change((offer,)), base, kind=kind, about=about, by=by, now=now), before, offer)


def _status_before(database: Database, offer_id: str) -> Status:
    """The status an offer last had in sight; active when nobody remembers."""
    with database.read() as connection:
        for past in kept.history(connection, offer_id):
            if past.before is not None and past.before.is_shown():
                return past.before.status
    return Status.ACTIVE


def check(database: Database, offer_id: str, *, checked_by: str, day: date, by: str, now: datetime) -> Edited:
    """Records that a person checked the offer, that day. Raises Refused."""
    base = load(database)
    before = find_offer(base, offer_id)
    if not checked_by.strip():
        raise Refused("Zeg wie het heeft gecontroleerd: --by NAAM")
    offer = replace(before, checked_on=day, checked_by=" ".join(checked_by.split()))
    about = f"{before.title} ({before.provider})"
    return Edited(save(database, Change((offer,)), base, kind="check", about=about, by=by, now=now), before, offer)


def hide_provider(database: Database, name: str, *, by: str, now: datetime) -> tuple[int, Provider, int]:
    """Puts all of an organisation out of sight: the change, the organisation, how many programmes. Raises Refused."""
    return _set_hidden(database, name, True, by=by, now=now)


def show_provider(database: Database, name: str, *, by: str, now: datetime) -> tuple[int, Provider, int]:
    """Takes that back."""
    return _set_hidden(database, name, False, by=by, now=now)


def _set_hidden(database: Database, name: str, hidden: bool, *, by: str, now: datetime) -> tuple[int, Provider, int]:
    base = load(database)
    provider = find_provider(base, name)
    if provider.hidden == hidden:
        raise Refused(f"{provider.name} is {'al' if hidden else 'niet'} verborgen.")
    kind = "hide provider" if hidden else "restore provider"
    change = Change(providers=(replace(provider, hidden=hidden),))
    number = save(database, change, base, kind=kind, about=provider.name, by=by, now=now)
    offers = sum(offer.is_shown() and offer.provider == provider.name for offer in base.offers)
    return number, provider, offers


def what_to_undo(database: Database, number: int | None) -> kept.Prepared:
    """What takes back the change of this number, or the last import; `later` is what goes with it. Raises Refused."""
    with database.read() as connection:
        if number is None:
            imported = kept.last(connection, "import")
            if imported is None:
                raise Refused("Er is geen import om terug te draaien. Andere wijzigingen: skb-bot offers changes")
            number = imported.number
        try:
            return kept.prepare_undo(connection, number)
        except kept.NoSuchChange:
            raise Refused(f"Er is geen wijziging {number}. Kijk in: skb-bot offers changes") from None
        except kept.AlreadyUndone as undone:
            other = undone.change.undone_by
            raise Refused(f"Wijziging {number} is al teruggedraaid, met wijziging {other}.") from None


def undo(database: Database, prepared: kept.Prepared, *, by: str, now: datetime) -> int:
    """Takes back what was looked at with `what_to_undo`; the number of this change. Raises Refused."""
    about = f"wijziging {prepared.undoes.number}: {prepared.undoes.about}" if prepared.undoes else ""
    return _apply(database, prepared, kind=kept.UNDO, about=about, by=by, now=now)


def find_offer(base: Catalogue, named: str) -> Offer:
    """The offer with this id or just this title, hidden or not. Raises Refused, with those that may be meant."""
    from rapidfuzz.fuzz import partial_ratio
    from rapidfuzz.process import extract

    offer = base.offer(named.strip().lower())
    if offer is not None:
        return offer
    called = [offer for offer in base.offers if title_key(offer.title) == title_key(named)]
    if len(called) == 1:
        return called[0]
    titles = {offer.id: fold(f"{offer.title} {offer.provider}") for offer in base.offers}
    near = [found[2] for found in extract(fold(named), titles, scorer=partial_ratio, score_cutoff=75, limit=5)]
    meant = called or [offer for offer in base.offers if offer.id in near]
    lines = [f"Er is geen programma met id “{named}”." if not called else f"“{named}” is meer dan één programma."]
    lines += ["Bedoel je:", *(f"  {offer.id}  {offer.title} ({offer.provider})" for offer in meant)] if meant else []
    raise Refused("\n".join(lines))


def find_provider(base: Catalogue, name: str) -> Provider:
    """The organisation called this. Raises Refused, with the name that may be meant."""
    names = Providers(base.providers)
    found = names.find(name)
    if not found:
        like = names.like(name)
        hint = f" Bedoel je “{like}”?" if like else ""
        raise Refused(f"Er is geen organisatie “{name}” in de lijst.{hint}")
    return base.provider(found)
