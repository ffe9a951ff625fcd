"""What is said about a list in Dutch before and after it changes: previews, differences, what there is now."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from bot.commons.dates import AMSTERDAM
from bot.search.cards import STARTER_LABEL
from bot.search.catalogue import Catalogue, Offer, Provider, Relation
from bot.search.changes import Double, Plan, after, differences
from bot.search.importing import NEVER_TAKEN
from bot.search.lists.columns import COLUMNS, column
from bot.search.lists.drafts import Draft
from bot.search.lists.layout import Layout
from bot.search.offers_store import PastChange
from bot.search.partners import HEADINGS as PARTNER_HEADINGS
from bot.search.partners import Entry, PartnerPlan

__all__ = ["count", "coverage", "field_changes", "listed", "preview", "programmes", "saved", "summary"]

SHOWN = 20
"""Lines of one kind that are shown unless all are asked for: a phone's screen."""
CUT = 120
"""Characters of a long text that say enough to recognise a change."""
EMPTY = "(leeg)"

OFFER_HEADINGS = {known.name: known.heading for known in COLUMNS}
RELATION_NAMES = {
    Relation.SKB: "SKB zelf",
    Relation.FOUNDER: "oprichter",
    Relation.PARTNER: "partner",
    Relation.REFERRAL: "verwijspartner",
    Relation.UNKNOWN: "geen partner",
}
KINDS = {
    "import": "lijst opgehaald",
    "partners": "lijst van partners",
    "edit": "gewijzigd",
    "hide": "verborgen",
    "end": "gestopt",
    "restore": "weer te zien",
    "check": "gecontroleerd",
    "hide provider": "organisatie verborgen",
    "restore provider": "organisatie weer te zien",
    "undo": "teruggedraaid",
}
"""Kind of change to what it is called."""

T = TypeVar("T")


def number(amount: int) -> str:
    """As Dutch people write it: "1.200"."""
    return f"{amount:,}".replace(",", ".")


def count(amount: int, one: str, many: str) -> str:
    """For example "1 programma", "1.200 programma's"."""
    return f"{number(amount)} {one if amount == 1 else many}"


def programmes(amount: int) -> str:
    return count(amount, "programma", "programma's")


def coverage(catalogue: Catalogue) -> str:
    """How much of whom there is: "76 programma's van 21 van de 26 partners", as far as is known who is a partner."""
    shown = programmes(len(catalogue.shown))
    partners = {provider.name for provider in catalogue.providers if provider.is_partner and not provider.starter}
    if not partners:
        return f"{shown} van {count(catalogue.organisations, 'organisatie', 'organisaties')}"
    offering = {offer.provider for offer in catalogue.shown}
    own = sum(offer.provider in partners for offer in catalogue.shown)
    text = f"{programmes(own)} van {len(offering & partners)} van de {count(len(partners), 'partner', 'partners')}"
    if others := offering - partners:
        rest = count(len(others), "andere organisatie", "andere organisaties")
        text += f", en {programmes(len(catalogue.shown) - own)} van {rest}"
    return text


def summary(plan: Plan) -> str:
    """The counts in one line: "70 nieuw, 6 gewijzigd, 1 dubbel, 2 afgekeurd"."""
    counts = (
        (len(plan.new), "nieuw"),
        (len(plan.changed), "gewijzigd"),
        (plan.unchanged, "gelijk"),
        (len(plan.doubles), "dubbel"),
        (len(plan.ended), "gestopt"),
        (len({fault.where for fault in plan.rejected}), "afgekeurd"),
    )
    return ", ".join(f"{number(amount)} {word}" for amount, word in counts)


def preview(plan: Plan, *, everything: bool = False) -> str:
    """The whole preview of a plan as lines of text; long lists are cut unless `everything` is asked for."""
    parts = [
        how_read(plan.file, plan.layouts, plan.left_out, OFFER_HEADINGS),
        f"Gelezen: {summary(plan)}.",
        _about_examples(plan),
        listed("Nieuw", plan.new, _as_new, everything=everything),
        listed("Gewijzigd", plan.changed, _as_changed, everything=everything),
        listed("Gestopt, want het staat niet in het bestand", plan.ended, _as_offer, everything=everything),
        listed("Dubbel, dit laat ik weg", plan.doubles, _as_double, everything=everything),
        _with_advice(plan),
        listed("Afgekeurd, dit kan ik niet opslaan", plan.rejected, lambda fault: [str(fault)], everything=everything),
        listed("Let op", plan.remarks, lambda fault: [str(fault)], everything=everything),
        listed("Nieuwe organisaties", plan.new_providers, _as_provider, everything=everything),
        listed(
            "Geen programma, overgeslagen", plan.skipped, lambda row: [f"{row[0]}: {row[1]}"], everything=everything
        ),
        _missing(plan, everything=everything),
        f"Daarna heeft de lijst {coverage(after(plan.base, plan.change))}." if plan.change else "",
    ]
    return "\n\n".join(filter(None, parts))


def saved(catalogue: Catalogue, change: int) -> str:
    """What is said when a list was saved, as the change of this number."""
    return f"Opgeslagen als wijziging {change}. Nu: {coverage(catalogue)}.\nTerugdraaien: skb-bot offers undo {change}"


def field_changes(before: Offer, offer: Offer) -> Iterator[str]:
    """Each field that changes: "Plaatsen: Utrecht → Utrecht; Zeist"."""
    for name in differences(before, offer):
        known = column(name)
        if known.write is not None:
            old, new = (_short(known.write(one)) for one in (before, offer))
            yield f"{known.heading}: {old} → {new}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return (f"{line[:CUT]}…" if len(line) > CUT else line) or EMPTY


def how_read(file: str, layouts: Sequence[Layout], left_out: Sequence[str], names: Mapping[str, str]) -> str:
    """Which columns were taken for what, and how to correct that."""
    lines = [file]
    for layout in layouts:
        place = f"blad “{layout.sheet}”, " if layout.sheet else ""
        lines.append(f"{place}kolomnamen op rij {layout.row}:" if layout.row else f"{place}zonder kolomnamen:")
        lines += _headings(layout, names)
    lines += left_out
    if layouts:
        lines.append('Klopt een kolom niet? Geef bijvoorbeeld --columns "Naam project=Programma".')
    return "\n".join(lines)


def _headings(layout: Layout, names: Mapping[str, str]) -> Iterator[str]:
    for heading in layout.known:
        meaning = f"kruisje = {heading.stands_for}" if heading.stands_for else names[heading.column]
        never = ", maar een controle komt nooit uit een bestand" if heading.column in NEVER_TAKEN else ""
        yield f"  {heading.letter}  “{heading.text}” → {meaning}{never}"
    ignored = [f"{heading.letter} “{heading.text}”" for heading in layout.headings if not heading.column]
    if ignored:
        yield f"  niet gebruikt: {', '.join(ignored)}"


def _about_examples(plan: Plan) -> str:
    if plan.replaces:
        come = number(len(plan.new))
        verb = "komt" if len(plan.new) == 1 else "komen"
        return f"Dit is jullie eerste eigen lijst. {plan.replaces} voorbeelden gaan weg, {come} {verb} erin."
    if plan.base.starter and (plan.changed or plan.new or plan.unchanged):
        return (
            "Dit bestand heeft id's van de voorbeeldlijst. Het blijft dus de voorbeeldlijst, met die naam eronder. "
            "Is het jullie eigen lijst? Maak dan de kolom id leeg."
        )
    return ""


def listed(heading: str, things: Sequence[T], lines: Callable[[T], Iterable[str]], *, everything: bool) -> str:
    """A heading with what it is about below it, cut after a screenful unless everything is asked for."""
    if not things:
        return ""
    most = None if everything else SHOWN
    told = [f"{heading} ({number(len(things))}):"]
    for thing in islice(things, most):
        first, *others = lines(thing)
        told += [f"  {first}", *(f"      {other}" for other in others)]
    if most is not None and len(things) > most:
        told.append(f"  … en nog {number(len(things) - most)}. Alles zien: --all")
    return "\n".join(told)


def _as_offer(offer: Offer) -> list[str]:
    return [f"{offer.id}  {offer.title} ({offer.provider})"]


def _as_new(draft: Draft) -> list[str]:
    offer = draft.offer
    facts = [f"{offer.title} ({offer.provider})", ", ".join(offer.sectors), ", ".join(offer.grades)]
    facts.append(_short(", ".join(offer.places)) if offer.places else "plaats niet bekend")
    return [f"{draft.where}: {' · '.join(filter(None, facts))}"]


def _as_changed(draft: Draft) -> list[str]:
    if draft.before is None:
        return _as_new(draft)
    title = f"{draft.where}: {draft.before.title} ({draft.before.provider}) {draft.offer.id}"
    return [title, *field_changes(draft.before, draft.offer)]


def _as_double(double: Double) -> list[str]:
    same = "staat ook op" if double.certain else "lijkt op"
    where = f"{double.draft.where}: “{double.draft.offer.title}” {same} {double.of}"
    if not double.certain:
        return [f"{where}."]
    names = ", ".join(column(name).heading for name in double.differs)
    return [f"{where}, maar met iets anders bij: {names}. Maak er één rij van." if names else f"{where}."]


def _with_advice(plan: Plan) -> str:
    if any(not double.certain for double in plan.doubles):
        return (
            "Is iets toch een ander programma? Geef --keep-doubles. "
            "Is het hetzelfde? Zet dan het id van de lijst in de kolom id."
        )
    return ""


def _as_provider(provider: Provider) -> list[str]:
    return [provider.name]


def _missing(plan: Plan, *, everything: bool) -> str:
    heading = "Niet in het bestand, deze blijven staan"
    told = listed(heading, plan.missing, _as_offer, everything=everything)
    return f"{told}\nIs het bestand de hele lijst? Geef --complete, dan krijgen ze de status gestopt." if told else ""


# --- the list of partners ---


def partners_summary(plan: PartnerPlan) -> str:
    rejected = len({fault.where for fault in plan.rejected})
    return f"{len(plan.new)} nieuw, {len(plan.changed)} gewijzigd, {plan.unchanged} gelijk, {rejected} afgekeurd"


def partners_preview(plan: PartnerPlan, *, everything: bool = False) -> str:
    """The whole preview of a list of partners."""
    leaving = [provider for provider in plan.no_longer if provider.name in {one.name for one in plan.change.providers}]
    staying = [provider for provider in plan.no_longer if provider not in leaving]
    stay = listed("Niet in het bestand, deze blijven partner", staying, _as_provider, everything=everything)
    if stay:
        stay += "\nIs het bestand de hele lijst? Geef --complete, dan zijn ze geen partner meer."
    parts = [
        how_read(plan.file, plan.layouts, plan.left_out, PARTNER_HEADINGS),
        f"Gelezen: {partners_summary(plan)}.",
        listed("Nieuw", plan.new, lambda entry: [f"{entry.where}: {_relation(entry.provider)}"], everything=everything),
        listed("Gewijzigd", plan.changed, _as_changed_partner, everything=everything),
        listed("Geen partner meer", leaving, _as_provider, everything=everything),
        listed("Afgekeurd, dit kan ik niet opslaan", plan.rejected, lambda fault: [str(fault)], everything=everything),
        listed("Let op", plan.remarks, lambda fault: [str(fault)], everything=everything),
        stay,
        f"Daarna: {coverage(after(plan.base, plan.change))}." if plan.change else "",
    ]
    return "\n\n".join(filter(None, parts))


def _relation(provider: Provider) -> str:
    return f"{provider.name} ({RELATION_NAMES[provider.relation]})"


def _as_changed_partner(entry: Entry) -> list[str]:
    before, now = entry.before, entry.provider
    lines = [f"{entry.where}: {before.name if before else now.name}"]
    if before is not None:
        pairs = (
            ("Organisatie", before.name, now.name),
            ("Relatie", RELATION_NAMES[before.relation], RELATION_NAMES[now.relation]),
            ("Ook bekend als", "; ".join(before.aliases), "; ".join(now.aliases)),
            ("Website", before.url, now.url),
            ("Bron", before.evidence, now.evidence),
        )
        lines += [f"{name}: {_short(old)} → {_short(new)}" for name, old, new in pairs if old != new]
    return lines


# --- one programme, one change ---


def offer_in_full(offer: Offer, catalogue: Catalogue) -> str:
    """Every field that is kept of an offer, under the names that `offers edit` knows."""
    lines = [f"{known.heading}: {_line(known.write(offer))}" for known in COLUMNS if known.write is not None]
    if catalogue.provider(offer.provider).hidden:
        lines.append("Deze organisatie is verborgen, dus dit programma ook.")
    if catalogue.starter:
        lines.append(STARTER_LABEL)
    return "\n".join(lines)


def edited(change: int, before: Offer, offer: Offer) -> str:
    """What is said when one offer was changed, as the change of this number."""
    lines = [f"{offer.title} ({offer.provider}) {offer.id}", *(f"  {line}" for line in field_changes(before, offer))]
    return "\n".join([*lines, f"Opgeslagen als wijziging {change}. Terugdraaien: skb-bot offers undo {change}"])


def change_line(change: PastChange) -> tuple[str, ...]:
    """A past change as a row of a table: number, when, who, what."""
    moment = change.at.astimezone(AMSTERDAM)
    undone = f"(teruggedraaid met {change.undone_by})" if change.undone_by else ""
    return (str(change.number), f"{moment:%Y-%m-%d %H:%M}", change.by, KINDS[change.kind], change.about, undone)


def _line(text: str) -> str:
    return " ".join(text.split()) or EMPTY
