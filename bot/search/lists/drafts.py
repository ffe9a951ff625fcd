"""One row of a list somebody sends: the offer as it would become, or what is wrong with its cells.

A row belongs to an offer of the list when it carries its id, or else when organisation and title are the same. Only
what the row says counts: a column that is not there changes nothing, an emptied cell empties. A cell that still says
what an export would write is not read at all, so that an export edited and imported again changes just what was edited.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from bot.commons.tables import FORMULA, clean, is_error
from bot.commons.words import fold, words_of
from bot.search.catalogue import Catalogue, Offer, Provider, new_offer_id
from bot.search.lists.columns import Knowledge, Misread, Value, column, with_unit
from bot.search.lists.layout import Heading
from bot.search.lists.together import added, are_apart, costs, crossed, grades_together, misfits, per_what
from bot.search.lists.values import says_nothing

__all__ = ["Draft", "Drafter", "Fault", "Providers", "Where", "name_key", "title_key"]

LEGAL_FORMS = frozenset(["stichting", "vereniging", "foundation", "bv", "st"])
IDEM = frozenset(["idem", "id", "id.", "dito", "ditto", "zelfde", "zie boven", "zie hierboven"])
MANY = 1000
"""Names among which nobody looks for a slip any more: comparing each with all takes its time."""
APART = frozenset(["id", "provider", "title", "audience"])
"""Columns that are read in an order of their own."""


DISPENSABLE = frozenset(["link", "volunteers", "full_until"])
"""Fields for which a programme need not stay out: "klik hier" below "Website" is no address, and no disaster."""


@dataclass(frozen=True, slots=True)
class Where:
    """A row of a file, as its reader finds it back."""

    row: int
    sheet: str = ""

    def __str__(self) -> str:
        return f"blad “{self.sheet}”, rij {self.row}" if self.sheet else f"rij {self.row}"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, or worth knowing about it, and how to mend it; in Dutch."""

    where: Where
    heading: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}, kolom {self.heading}: {self.text}"


@dataclass(frozen=True, slots=True)
class Draft:
    """One row that can be saved: the offer as it becomes, and as it is now if it is in the list already."""

    where: Where
    offer: Offer
    before: Offer | None = None


class Providers:
    """Organisations by what people call them: with and without "Stichting", in any spelling, by any alias."""

    def __init__(self, providers: Iterable[Provider] = ()) -> None:
        self._by_key: dict[str, str] = {}
        for provider in providers:
            self.add(provider)

    def add(self, provider: Provider) -> None:
        for name in (provider.name, *provider.aliases):
            self._by_key.setdefault(name_key(name), provider.name)

    def find(self, name: str) -> str:
        """The name in the list of the organisation that is called this; empty when there is none."""
        return self._by_key.get(name_key(name), "")

    def like(self, name: str) -> str:
        """A name of the list that is so nearly the same that it may be meant; empty when there is none."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extractOne

        key = name_key(name)
        if len(key) < 5 or len(self._by_key) > MANY:
            return ""
        most = 1 if len(key) < 9 else 2
        found = extractOne(key, self._by_key.keys(), scorer=OSA.distance, score_cutoff=most)
        return self._by_key[found[0]] if found else ""


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """What two spellings of one organisation have in common."""
    words = words_of(name)
    return "".join([word for word in words if word not in LEGAL_FORMS] or words) or fold(name)


def title_key(title: str) -> str:
    """What two spellings of one title have in common: letters and digits."""
    return "".join(words_of(title)) or fold(title)


@dataclass(slots=True)
class _Row:
    """One row while it is read."""

    where: Where
    texts: Mapping[str, Sequence[str]]
    """What stands in the columns of each name."""
    before: Offer | None = None
    given: dict[str, Any] = field(default_factory=dict)
    """Fields of the offer, as far as the row says them."""
    graded: list[str] = field(default_factory=list)
    """The texts that name grades, of whatever column."""
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)

    def says(self, name: str) -> bool:
        return any(self.texts.get(name, ()))


class Drafter:
    """Makes drafts of the rows of one file; remembers what came before in it."""

    def __init__(self, base: Catalogue, knowledge: Knowledge, provider: str = "", *, strict: bool = False) -> None:
        """`strict` is for one programme at a time: nothing of what is said may be left out."""
        self._strict = strict
        self._base = base
        self._knowledge = knowledge
        self._provider = provider
        self._providers = Providers(base.providers)
        # The example list is not SKB's: only who carries its ids is editing it.
        known = () if base.starter else base.offers
        self._by_title = {(offer.provider, title_key(offer.title)): offer for offer in known}
        self._ids: dict[str, Where] = {}
        self._taken = {offer.id for offer in base.offers}
        self._columns: Mapping[str, Sequence[Heading]] = {}
        self._whose = provider
        self._sheet_says: tuple[Any, ...] = ()
        self._above = ""
        self.new_providers: list[Provider] = []
        self.mentioned: set[str] = set()
        """Ids of the offers of the list that any row is about, also one that is rejected."""

    def begin(self, columns: Mapping[str, Sequence[Heading]], sheet: str) -> None:
        """What follows are rows with these columns. A sheet called "VO" or "JINC" says what its rows don't say."""
        self._columns = columns
        self._sheet_says = ()
        self._above = ""
        self._whose = self._provider or ("" if "provider" in columns else self._providers.find(sheet))
        if sheet:
            with suppress(Misread):
                self._sheet_says = column("sectors").read(sheet, self._knowledge).fields.get("sectors", ())

    def draft(self, where: Where, texts: Mapping[str, Sequence[str]]) -> tuple[Draft | None, list[Fault], list[Fault]]:
        """The draft of a row, what is wrong with it (then there is no draft), and what is worth knowing."""
        row = _Row(where, texts)
        for name in ("id", "provider", "title"):
            self._read(row, name)
        provider = self._find_provider(row)
        row.before = self._find(row, provider)
        if row.before is not None:
            self.mentioned.add(row.before.id)
        self._check_title(row)
        if not self._has_excel_errors(row):
            for name in texts:
                if name not in APART:
                    self._read(row, name)
            self._read_audience(row)
            self._see_to_sectors(row)
        if row.faults:
            return None, row.faults, []
        row.given["provider"] = provider
        self._meet(provider, row)
        if row.before is not None:
            offer = replace(row.before, **row.given)
        else:
            offer = Offer(**row.given | {"id": row.given.get("id") or self._new_id()})
        self._ids[offer.id] = where
        return Draft(where, offer, row.before), [], row.remarks

    def _heading(self, name: str) -> str:
        """What the column is called in this file."""
        return next((heading.text for heading in self._columns.get(name, ()) if heading.text), column(name).heading)

    def _wrong(self, row: _Row, name: str, text: str) -> None:
        row.faults.append(Fault(row.where, self._heading(name), text))

    def _has_excel_errors(self, row: _Row) -> bool:
        before = len(row.faults)
        for name, texts in row.texts.items():
            for heading, text in zip(self._columns[name], texts, strict=True):
                if text == FORMULA:
                    said = "hier staat een formule zonder uitkomst. Plak de waarde zelf in de cel."
                    row.faults.append(Fault(row.where, heading.text or heading.letter, said))
                elif text.startswith("#") and is_error(text):
                    said = f"“{text}” is een foutmelding van Excel. Typ de waarde zelf in de cel."
                    row.faults.append(Fault(row.where, heading.text or heading.letter, said))
        return len(row.faults) > before

    def _read(self, row: _Row, name: str) -> None:
        """Reads what the columns of one name say: lists are added up, texts stand behind each other."""
        if name not in row.texts:
            return
        known, texts, headings = column(name), row.texts[name], self._columns[name]
        filled = [(heading, text) for heading, text in zip(headings, texts, strict=True) if text]
        if row.before and known.write and len(texts) == 1 and texts[0] == clean(known.write(row.before)):
            return
        for heading, text in filled or [(headings[0], "")]:
            meant = with_unit(heading.text, text) if name == "grades" else text
            try:
                value = self._value(name, filled, heading, meant)
            except Misread as misread:
                if name == "id":
                    own = f' Zijn het eigen nummers? Geef --columns "{heading.text or heading.letter}=-".'
                    misread = Misread(f"{misread}{own}")
                left_out = name in DISPENSABLE and not self._strict
                said = f"{misread} Dit laat ik weg." if left_out else str(misread)
                (row.remarks if left_out else row.faults).append(Fault(row.where, heading.text or known.heading, said))
                continue
            if name in ("sectors", "grades") and value.fields.get("grades"):
                row.graded.append(meant)
            for field_name, said in value.fields.items():
                row.given[field_name] = added(row.given.get(field_name), said, ", " if name == "contact" else "\n")
            row.remarks += [Fault(row.where, heading.text or known.heading, remark) for remark in value.remarks]

    def _value(self, name: str, filled: Sequence[tuple[Heading, str]], heading: Heading, text: str) -> Value:
        """What a cell says; several prices are read as one."""
        if name == "cost" and filled:
            return costs(filled, self._knowledge) if len(filled) > 1 else self._price(heading, text)
        value = column(name).read(text, self._knowledge)
        if name in ("provider", "title") and says_nothing(text):
            return Value({name: ""})
        return value

    def _price(self, heading: Heading, text: str) -> Value:
        return column("cost").read(per_what(heading.text, text), self._knowledge)

    def _find_provider(self, row: _Row) -> str:
        """The organisation as the list calls it; a name that is new as it was written."""
        said = row.texts.get("provider", ("",))[0]
        if said and (fold(said) in IDEM or not said.strip("”“\"',„ ")):
            row.given["provider"] = self._above
        name = row.given.get("provider") or self._whose
        if not name and "provider" not in row.texts and (before := self._base.offer(row.given.get("id", ""))):
            return before.provider
        if not name and not row.faults:
            self._wrong(row, "provider", self._missing_provider(row))
        self._above = self._providers.find(name) or name
        return self._above

    def _missing_provider(self, row: _Row) -> str:
        if "provider" in row.texts:
            hint = " Is het dezelfde als in de rij erboven? Zet de naam dan ook in deze rij." if self._above else ""
            return f"de organisatie ontbreekt. Vul die in.{hint}"
        sheet = f'--sheet "{row.where.sheet}" ' if row.where.sheet else ""
        return f"de organisatie ontbreekt. Maak er een kolom voor, of zeg van wie alles is: {sheet}--provider NAAM."

    def _find(self, row: _Row, provider: str) -> Offer | None:
        """The offer of the list that the row is about; None for a new one."""
        offer_id = row.given.get("id", "")
        if not offer_id:
            row.given.pop("id", None)  # an emptied cell takes nobody's id away
            return self._by_title.get((provider, title_key(row.given.get("title", ""))))
        if offer_id in self._ids:
            self._wrong(row, "id", f"“{offer_id}” staat ook op {self._ids[offer_id]}. Maak één van de twee leeg.")
        return self._base.offer(offer_id)

    def _check_title(self, row: _Row) -> None:
        if row.before is not None and "title" not in row.texts:
            return
        heading = self._heading("title")
        if not row.given.get("title") and all(fault.heading != heading for fault in row.faults):
            self._wrong(row, "title", "de naam van het programma ontbreekt. Vul die in.")

    def _read_audience(self, row: _Row) -> None:
        """For whom it is, in words or with crosses; what has a column of its own comes first."""
        found: dict[str, Any] = {}
        for heading, text, is_crossed in _for_whom(self._columns.get("audience", ()), row.texts.get("audience", ())):
            try:
                value = column("audience").read(text, self._knowledge)
            except Misread as misread:
                row.faults.append(Fault(row.where, heading, str(misread)))
                continue
            if value.fields.get("grades"):
                row.graded.append(text)
            for name, what in value.fields.items():
                if name != "for_whom" or not is_crossed:
                    found[name] = added(found.get(name), what, "\n")
            row.remarks += [Fault(row.where, heading, remark) for remark in value.remarks]
        for name, what in found.items():
            if name == "implied":
                row.given[name] = added(row.given.get(name), what, "")
            elif not row.says(name) and not (name == "grades" and row.given.get("grades")):
                row.given[name] = what
        self._see_to_grades(row, found.get("grades"))

    def _see_to_grades(self, row: _Row, of_audience: tuple[str, ...] | None) -> None:
        """What several columns say of the grades: one thing together, or else the column of its own counts."""
        if len(row.graded) > 1 and (together := grades_together(row.graded, self._knowledge)):
            row.given["grades"] = together
            return
        own = row.given.get("grades", row.before.grades if row.before else ())
        if not of_audience or own == of_audience:
            return
        if "grades" in row.given and not row.says("sectors") and are_apart(of_audience, own):
            row.given["grades"] = added(of_audience, own, "")
            row.given["sectors"] = added(row.given.get("sectors"), row.given.get("implied", ()), "")
        else:
            pairs = zip(self._columns["audience"], row.texts["audience"], strict=True)
            for heading, text in pairs:
                if text and not heading.stands_for:  # the words stay to be read
                    row.given["for_whom"] = added(row.given.get("for_whom"), text, "\n")
                    said = f"“{text[:60]}” zegt iets anders dan de groep of klas. Het staat nu bij Vooral voor."
                    row.remarks.append(Fault(row.where, heading.text, said))

    def _see_to_sectors(self, row: _Row) -> None:
        """The sector: as said, as the grades imply it, or as the sheet is called. Without one nobody finds it."""
        implied = row.given.pop("implied", ())
        if "sectors" not in row.given and row.before is not None:
            return
        if not row.given.get("sectors"):
            row.given["sectors"] = implied or self._sheet_says
        if not row.given["sectors"] and not row.faults:
            self._wrong(
                row, "sectors", "de sector ontbreekt. Schrijf PO, VO, MBO, HO, SO of VSO; meer mag ook: PO; VO."
            )
        for grade in misfits(row.given.get("grades", ()), row.given["sectors"]) if not row.faults else ():
            sectors = " en ".join(row.given["sectors"])
            self._wrong(row, "grades", f"“{grade}” hoort niet bij {sectors}. Verbeter de sector, of de groep of klas.")

    def _meet(self, provider: str, row: _Row) -> None:
        """Takes note of an organisation that is new, and says so when it may be one of the list."""
        if self._providers.find(provider):
            return
        if like := self._providers.like(provider):
            said = f"“{provider}” is nieuw, maar lijkt op “{like}”. Is het dezelfde? Schrijf de naam dan gelijk."
            row.remarks.append(Fault(row.where, self._heading("provider"), said))
        new = Provider(provider)
        self._providers.add(new)
        self.new_providers.append(new)

    def _new_id(self) -> str:
        while (new := new_offer_id()) in self._taken:
            pass
        self._taken.add(new)
        return new


def _for_whom(headings: Sequence[Heading], texts: Sequence[str]) -> Iterator[tuple[str, str, bool]]:
    """Heading and text of each column that says for whom, and last of all crosses together; whether it is those."""
    said = list(zip(headings, texts, strict=True))
    for heading, text in said:
        if text and not heading.stands_for:
            yield heading.text, with_unit(heading.text, text), False
    crosses = [crossed(heading, text) for heading, text in said if heading.stands_for and text]
    if any(crosses):
        yield next(heading.text for heading in headings if heading.stands_for), "; ".join(filter(None, crosses)), True
