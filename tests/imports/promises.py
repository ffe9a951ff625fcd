"""What holds for every plan, whatever file it comes from."""

from unicodedata import category

from bot.cli.terminal import printable
from bot.search.catalogue import ID_PATTERN, NATIONWIDE, Offer, Status
from bot.search.changes import Plan, after
from bot.search.grades import parse_grades
from bot.search.lists.columns import Knowledge
from bot.search.preview import preview, summary

__all__ = ["keeps_its_promises"]

TURNING = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Signs that turn the direction of what follows."""


def keeps_its_promises(plan: Plan, knowledge: Knowledge) -> None:
    """Raises AssertionError where a plan is not what everything after it relies on."""
    for fault in (*plan.rejected, *plan.remarks):
        assert fault.heading.strip(), fault
        assert fault.text.endswith("."), fault
        assert len(fault.text) < 1000, fault
    assert all(fault.where.row >= 1 for fault in plan.rejected), plan.rejected
    rows = [draft.where for draft in (*plan.new, *plan.changed)]
    assert len(set(rows)) == len(rows), "a row stands for one programme"
    assert not {fault.where for fault in plan.rejected} & set(rows), "a rejected row is not saved"

    ids = [offer.id for offer in plan.change.offers]
    assert len(set(ids)) == len(ids), "an id stands for one programme"
    for offer in plan.change.offers:
        _is_fit_to_save(offer, plan.base.offer(offer.id), knowledge)
    result = after(plan.base, plan.change)
    names = {provider.name for provider in result.providers}
    assert {offer.provider for offer in result.offers} <= names, "every offer has a provider"
    titles = [(offer.provider, offer.title) for offer in result.offers]
    assert len(set(titles)) == len(titles), "the database takes a title of an organisation once"

    text = printable(preview(plan, everything=True))
    assert all(sign.isprintable() or sign == "\n" for sign in text)
    assert "None" not in summary(plan)


def _is_fit_to_save(offer: Offer, before: Offer | None, knowledge: Knowledge) -> None:
    assert ID_PATTERN.fullmatch(offer.id), offer
    assert offer.title.strip() == offer.title != "", offer
    assert offer.provider.strip() == offer.provider != "", offer
    assert "\n" not in offer.title + offer.provider, offer
    assert offer.sectors, offer
    for phrase in offer.grades:
        parse_grades(phrase)
    for place in offer.places:
        assert place == NATIONWIDE or knowledge.gazetteer.resolve(place).label == place, offer
    assert offer.link == "" or offer.link.startswith(("http://", "https://")), offer
    checked = (offer.checked_on, offer.checked_by)
    assert checked == ((before.checked_on, before.checked_by) if before else (None, "")), offer
    assert isinstance(offer.status, Status)
    texts = (offer.title, offer.provider, offer.summary, offer.contact, offer.for_whom, *offer.keywords, *offer.themes)
    for text in texts:
        assert not any(category(sign) in ("Cc", "Cs") or sign in TURNING for sign in text if sign != "\n"), text
        text.encode()  # half a character can be kept nowhere
