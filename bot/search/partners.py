"""The list of SKB's partners, a file of its own: who is what to SKB, and how they are called; read, compared, planned.

What this list says of an organisation is SKB's own word, and takes the place of what the example list found in public
sources. An organisation may be written differently than before ("Move" for "Stichting Move"): it keeps its programmes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.commons.tables import FORMULA, is_error, read_sheets
from bot.commons.words import fold
from bot.search.catalogue import Catalogue, Change, Provider, Relation
from bot.search.lists.columns import Knowledge, Misread, column
from bot.search.lists.drafts import Fault, Providers, Where, name_key
from bot.search.lists.layout import Layout, NoHeading, find_layout, read_corrections

__all__ = ["HEADINGS", "RELATIONS", "PartnerPlan", "plan_partners"]

HEADINGS = {
    "name": "Organisatie",
    "relation": "Relatie",
    "aliases": "Ook bekend als",
    "url": "Website",
    "evidence": "Bron",
}
WORDS = {
    "name": "naam name partner partners organisatie organisatienaam stichting aanbieder lid provider organisation"
    " organization|naam organisatie|naam partner|naam stichting",
    "relation": "relatie relation rol soort status type|relatie met skb|soort partner|rol in skb",
    "aliases": "alias aliassen aliases afkorting afkortingen roepnaam|ook bekend als|andere namen|korte naam",
    "url": "website url link site webadres web|adres website",
    "evidence": "bron evidence toelichting opmerking opmerkingen",
}
RELATIONS = {
    "skb": Relation.SKB,
    "oprichter": Relation.FOUNDER,
    "founder": Relation.FOUNDER,
    "partner": Relation.PARTNER,
    "lid": Relation.PARTNER,
    "verwijspartner": Relation.REFERRAL,
    "referral partner": Relation.REFERRAL,
    "geen": Relation.UNKNOWN,
    "onbekend": Relation.UNKNOWN,
    "unknown": Relation.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One organisation of the file: as it becomes, and as it was if it was known."""

    where: Where
    provider: Provider
    before: Provider | None = None


@dataclass(frozen=True, slots=True)
class PartnerPlan:
    """What saving a list of partners would do."""

    file: str
    layouts: tuple[Layout, ...]
    left_out: tuple[str, ...]
    new: tuple[Entry, ...]
    changed: tuple[Entry, ...]
    unchanged: int
    rejected: tuple[Fault, ...]
    remarks: tuple[Fault, ...]
    no_longer: tuple[Provider, ...]
    """Who is partner now and not in the file; they stop being it when the file was said to be the whole list."""
    change: Change
    base: Catalogue


def plan_partners(
    path: Path, base: Catalogue, knowledge: Knowledge, corrections: tuple[str, ...] = (), *, complete: bool = False
) -> PartnerPlan:
    """What saving the file would do. Raises tables.Unreadable, and layout.WrongColumns."""
    corrected = read_corrections(corrections, _find, [*HEADINGS.values()])
    layouts: list[Layout] = []
    left_out: list[str] = []
    entries: dict[str, Entry] = {}
    rejected: list[Fault] = []
    remarks: list[Fault] = []
    known = Providers(base.providers)
    for sheet in read_sheets(path):
        try:
            layout, rows = find_layout(sheet, _guess, frozenset(["name"]), corrected, at_least=1)
        except NoHeading as error:
            left_out.append(f"{f'Blad “{sheet.name}”' if sheet.name else 'Het bestand'} {error}")
            continue
        layouts.append(layout)
        for number, cells in rows:
            texts = {one.column: cells[one.position] for one in layout.known if one.position < len(cells)}
            if not any(texts.values()):
                continue
            texts.setdefault("name", "")
            where = Where(number, sheet.name)
            faults = [Fault(where, _heading(layout, name), said) for name, said in _mistakes(texts, knowledge)]
            key = name_key(texts["name"])
            if not faults and key in entries:
                said = f"“{texts['name']}” staat ook op {entries[key].where}. Laat er één staan."
                faults.append(Fault(where, _heading(layout, "name"), said))
            if not faults:
                name = known.find(texts["name"])
                before = base.provider(name) if name else None
                entries[key] = Entry(where, _provider(texts, before, knowledge), before)
                if not name and (like := known.like(texts["name"])):
                    said = (
                        f"“{texts['name']}” is nieuw, maar lijkt op “{like}”. Is het dezelfde? Schrijf de naam gelijk."
                    )
                    remarks.append(Fault(where, _heading(layout, "name"), said))
            rejected += faults
    new = tuple(entry for entry in entries.values() if entry.before is None)
    changed = tuple(entry for entry in entries.values() if entry.before not in (None, entry.provider))
    named = {entry.before.name for entry in entries.values() if entry.before is not None}
    absent = [p for p in base.providers if p.name not in named and p.relation not in (Relation.SKB, Relation.UNKNOWN)]
    # What public sources said about who is partner ends where SKB's own list begins.
    leaving = [provider for provider in absent if entries and (complete or provider.starter)]
    return PartnerPlan(
        path.name, tuple(layouts), tuple(left_out), new, changed, len(entries) - len(new) - len(changed),
        tuple(rejected), tuple(remarks), tuple(absent), _change([*new, *changed], leaving, base), base,
    )  # fmt: skip


def _change(entries: list[Entry], leaving: list[Provider], base: Catalogue) -> Change:
    """The change of all at once. Offers go along with an organisation that is called differently from now on."""
    renamed = {
        entry.before.name: entry.provider.name
        for entry in entries
        if entry.before is not None and entry.before.name != entry.provider.name
    }
    offers = [replace(offer, provider=renamed[offer.provider]) for offer in base.offers if offer.provider in renamed]
    providers = [entry.provider for entry in entries]
    providers += [replace(provider, relation=Relation.UNKNOWN) for provider in leaving]
    return Change(tuple(offers), providers=tuple(providers), providers_gone=frozenset(renamed))


def _mistakes(texts: Mapping[str, str], knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """What is wrong with the cells of a row: column and sentence."""
    for name, text in texts.items():
        if text == FORMULA or is_error(text):
            yield name, f"“{text}” is geen waarde. Typ de waarde zelf in de cel."
    if not texts["name"]:
        yield "name", "de naam van de organisatie ontbreekt. Vul die in."
    for name, kind in (("name", "provider"), ("url", "link")):
        try:
            column(kind).read(texts.get(name, ""), knowledge)
        except Misread as misread:
            yield name, str(misread)
    relation = fold(texts.get("relation", ""))
    if relation and relation not in RELATIONS:
        yield "relation", f"“{texts['relation']}” ken ik niet. Schrijf oprichter, partner, verwijspartner of geen."


def _provider(texts: Mapping[str, str], before: Provider | None, knowledge: Knowledge) -> Provider:
    """The organisation as the row says it is; what the row says nothing about stays. In this list one is a partner."""
    name = texts["name"]
    was = before or Provider(name, Relation.PARTNER)
    relation = RELATIONS.get(fold(texts.get("relation", "")))
    if relation is None:
        relation = was.relation if was.is_partner else Relation.PARTNER
    aliases = tuple(part.strip() for part in texts.get("aliases", "").split(";") if part.strip()) or was.aliases
    if was.name != name and was.name not in aliases:
        aliases = (*aliases, was.name)
    link = column("link").read(texts["url"], knowledge).fields["link"] if texts.get("url") else was.url
    evidence = texts.get("evidence") or ("eigen lijst" if was.starter else was.evidence)
    return replace(was, name=name, relation=relation, aliases=aliases, url=link, evidence=evidence, starter=False)


def _heading(layout: Layout, name: str) -> str:
    return next((one.text for one in layout.known if one.column == name and one.text), HEADINGS[name])


def _find(text: str) -> str | None:
    return next((name for name, heading in HEADINGS.items() if fold(text) in (fold(heading), name)), None)


def _guess(text: str) -> str | None:
    folded = fold(text).strip("* :")
    for name, words in WORDS.items():
        first, *phrases = words.split("|")
        if folded in (*first.split(), *phrases, fold(HEADINGS[name])):
            return name
    return None
