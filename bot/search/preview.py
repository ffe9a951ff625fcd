"""What is said about a list in Dutch before and after it changes: previews, differences, what there is now."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from bot.commons.dates import AMSTERDAM
from bot.search.cards import STARTER_LABEL
from bot.search.catalogue import Catalogue, Cost, Offer, Provider, Relation, Status
from bot.search.changes import Double, Plan, after, differences
from bot.search.importing import NEVER_TAKEN
from bot.search.lists.columns import COLUMNS, column
from bot.search.lists.drafts import Draft, Fault
from bot.search.lists.layout import Layout
from bot.search.lists.values import COSTS, STATUSES
from bot.search.offers_store import PastChange
from bot.search.partners import HEADINGS as PARTNER_HEADINGS
from bot.search.partners import Entry, PartnerPlan

__all__ = ["count", "coverage", "field_changes", "listed", "preview", "programmes", "saved", "summary"]

SHOWN = 20
"""Lines of one kind that are shown unless all are asked for: a phone's screen."""
ROWS = 8
"""Rows that are named of one mistake that comes again and again, unless all are asked for."""
CUT = 120
"""Characters of a long text that say enough to recognise a change."""
HEADING = 60
"""The same of the name of a column."""
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
        _faults("Afgekeurd, dit kan ik niet opslaan", plan.rejected, everything=everything),
        _faults("Let op", plan.remarks, everything=everything),
        listed("Nieuwe organisaties", plan.new_providers, _as_provider, everything=everything),
        listed(
            "Geen programma, overgeslagen", plan.skipped, lambda row: [f"{row[0]}: {row[1]}"], everything=everything
        ),
        _missing(plan, everything=everything),
        f"Daarna heeft de lijst {coverage(after(plan.base, plan.change))}." if plan.change else "",
    ]
    told = "\n\n".join(filter(None, parts[1:]))
    if len(plan.layouts) == 1:  # which sheet it is, is said above
        told = told.replace(f"blad “{plan.layouts[0].sheet}”, rij", "rij")
    return f"{parts[0]}\n\n{told}"


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


def _short(text: str, most: int = CUT) -> str:
    line = " ".join(text.split())
    return (f"{line[:most]}…" if len(line) > most else line) or EMPTY


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
        yield f"  {heading.letter}  “{_short(heading.text, HEADING)}” → {meaning}{never}"
    ignored = [heading for heading in layout.headings if not heading.column]
    if ignored:
        shown = ", ".join(f"{one.letter} “{_short(one.text, HEADING)}”" for one in ignored[:SHOWN])
        yield f"  niet gebruikt: {shown}" + (f" en nog {number(len(ignored) - SHOWN)}" if len(ignored) > SHOWN else "")


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


def listed(
    heading: str, things: Sequence[T], lines: Callable[[T], Iterable[str]], *, everything: bool, total: int = 0
) -> str:
    """A heading with what it is about below it, cut after a screenful unless everything is asked for."""
    if not things:
        return ""
    most = None if everything else SHOWN
    told = [f"{heading} ({number(total or len(things))}):"]
    for thing in islice(things, most):
        first, *others = lines(thing)
        told += [f"  {first}", *(f"      {other}" for other in others)]
    if most is not None and len(things) > most:
        told.append(f"  … en nog {number(len(things) - most)}. Alles zien: --all")
    return "\n".join(told)


def _faults(heading: str, faults: Sequence[Fault], *, everything: bool) -> str:
    """What is wrong, each thing once: a name misspelt on thirty rows is one thing to mend."""
    same: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults:
        same.setdefault((fault.where.sheet, fault.heading, fault.text), []).append(fault)

    def line(found: list[Fault]) -> list[str]:
        first, *others = found
        if not others:
            return [str(first)]
        rows = [str(fault.where.row) for fault in found]
        shown = rows if everything else rows[:ROWS]
        more = f" en nog {number(len(rows) - len(shown))}" if len(rows) > len(shown) else ""
        sheet = f"blad “{first.where.sheet}”, " if first.where.sheet else ""
        return [f"{sheet}rij {', '.join(shown)}{more}, kolom {first.heading}: {first.text}"]

    return listed(heading, list(same.values()), line, everything=everything, total=len(faults))


def _as_offer(offer: Offer) -> list[str]:
    return [f"{offer.id}  {offer.title} ({offer.provider})"]


def _as_new(draft: Draft) -> list[str]:
    offer = draft.offer
    facts = [f"{offer.title} ({offer.provider})", ", ".join(offer.sectors), ", ".join(offer.grades)]
    facts.append(_short(", ".join(offer.places)) if offer.places else "plaats niet bekend")
    facts.append(_short(f"{COSTS[offer.cost]} {offer.cost_note}") if offer.cost is not Cost.UNKNOWN else "")
    facts.append(STATUSES[offer.status] if offer.status is not Status.ACTIVE else "")
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
    if not told:
        return ""
    whose = {offer.provider for offer in plan.missing}
    hint = "Zijn ze gestopt? Met --complete stopt alles wat niet in het bestand staat"
    if len(whose) == 1:
        hint += f'; met --complete --provider "{whose.pop()}" alleen wat van deze organisatie is'
    return f"{told}\n{hint}."


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
        _faults("Afgekeurd, dit kan ik niet opslaan", plan.rejected, everything=everything),
        _faults("Let op", plan.remarks, everything=everything),
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
