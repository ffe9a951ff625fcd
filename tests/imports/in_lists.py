"""What is in the list already, or twice in the file: doubles, ids, exports that come back, templates."""

from bot.search.catalogue import Catalogue, Offer, Provider, Sector, Status
from bot.search.importing import Options
from tests.imports.cases import ALL, ROWS, A, B, C, Case, H
from tests.imports.makers import csv_of

__all__ = ["LISTS", "OWN"]

OWN = Catalogue(
    (
        Offer("aaaaaaaa", "Stichting Noord", "Debatclub", "Praten.", (Sector.VO,), ("klas 1-2",), places=("Utrecht",), contact="Bureau"),
        Offer("bbbbbbbb", "Stichting Noord", "Huiswerkuur", "", (Sector.PO,), places=("Zeist",), checked_by="Bureau"),
        Offer("cccccccc", "Huis van Taal", "Samen lezen in de bibliotheek", "", (Sector.MBO,), places=("landelijk",)),
        Offer("dddddddd", "Huis van Taal", "Oude les", "", (Sector.MBO,), status=Status.ENDED),
    ),
    (Provider("Stichting Noord", aliases=("SN",)), Provider("Huis van Taal")),
    version=1,
)  # fmt: skip
WITH_ID = ("id", *H)
FULL = ("id", "Organisatie", "Programma", "Korte beschrijving", "Sector", "Groep of klas", "Plaatsen", "Contact")
FULL_A = ("aaaaaaaa", "Stichting Noord", "Debatclub", "Praten.", "VO", "klas 1-2", "Utrecht", "Bureau")
FULL_B = ("bbbbbbbb", "Stichting Noord", "Huiswerkuur", "", "PO", "", "Zeist", "")
NO_LEZEN = ("Samen lezen in de bibliotheek",)


def _own(name: str, *rows: tuple[str, ...], titles: tuple[str, ...] = (), **others: object) -> Case:
    return Case(name, csv_of(rows), titles, base="own", **others)  # type: ignore[arg-type]  # as they stand below


LISTS = (
    # --- twice in one file ---
    Case("the same row twice", csv_of([*ROWS, A]), doubles=("rij 5",)),
    Case("the same in capitals", csv_of([*ROWS, ("STICHTING NOORD", "DEBATCLUB!", "VO", "Utrecht")]), doubles=("rij 5",)),
    Case("the same with another place", csv_of([*ROWS, (*A[:3], "Zeist")]), doubles=("rij 5",)),
    Case("nearly the same", csv_of([*ROWS, ("Stichting Noord", "De Huiswerkuren", "PO", "Zeist")]), doubles=("rij 5",)),
    Case("a slip", csv_of([*ROWS, ("Stichting Noord", "Debatcub", "PO", "Zeist")]), doubles=("rij 5",)),
    Case("nearly the same, and said that it is not", csv_of([*ROWS, ("Stichting Noord", "De Huiswerkuren", "PO", "Zeist")]),
         (*ALL, "De Huiswerkuren"), options=Options(keep_doubles=True)),
    Case("two that differ in what counts",
         csv_of([H, *(("Noord", f"Debat {what}", "VO", "Zeist") for what in ("deel 1", "deel 2", "voor beginners", "PO", "VO"))]),
         ("Debat deel 1", "Debat deel 2", "Debat voor beginners", "Debat PO", "Debat VO")),
    Case("one title of two organisations", csv_of([*ROWS, ("Huis van Taal", "Debatclub", "VO", "Zeist")]), (*ALL, "Debatclub")),
    Case("a telling title of two organisations",
         csv_of([H, ("Noord", "Samen lezen in de bibliotheek", "PO", ""), ("Zuid", "Samen lezen in de bibliotheek", "PO", "")]),
         ("Samen lezen in de bibliotheek",), doubles=("rij 3",)),
    Case("an organisation with and without its legal form", csv_of([H, A, ("Noord", *B[1:]), C]),
         fields={"Huiswerkuur": {"provider": "Stichting Noord"}}),
    Case("an organisation that may be another", csv_of([H, A, ("Stichting Noort", *B[1:]), C]), remarks=("rij 3, kolom Organisatie",)),
    # --- with what is in the list ---
    _own("nothing new", H, A, B, unchanged=2),
    _own("by an alias, in other capitals", H, ("sn", "DEBATCLUB", "VO", "Utrecht"), changed={"aaaaaaaa": ("title",)}, missing=("Huiswerkuur",)),
    _own("a place more", H, (*A[:3], "Utrecht; Zeist"), B, changed={"aaaaaaaa": ("places",)}, unchanged=1),
    _own("it says less than the list", H[:3], A[:3], B[:3], unchanged=2),
    _own("the whole list, with one gone", H, A, B, unchanged=2, ended=NO_LEZEN, options=Options(complete=True)),
    _own("the whole list of one organisation", H[1:], A[1:], unchanged=1, ended=("Huiswerkuur",),
         options=Options(complete=True, provider="sn")),
    _own("the whole list, with a mistake in one", H, A, (*B[:3], "Nergenshuizen"), (*C[:1], *NO_LEZEN, "MBO", ""),
         changed={"cccccccc": ("places",)}, unchanged=1, rejected=("rij 3, kolom Plaats",), options=Options(complete=True)),
    _own("the whole list, with one called a little differently", H, A, ("Stichting Noord", "De Huiswerkuren", "PO", "Zeist"), unchanged=1,
         doubles=("rij 3",), ended=NO_LEZEN, options=Options(complete=True)),
    _own("a mistake in one", H, A, (*B[:3], "Nergenshuizen"), unchanged=1, rejected=("rij 3, kolom Plaats",)),
    _own("nearly one of the list", H, ("Stichting Noord", "De debatclubs", "VO", "Zeist"), doubles=("rij 2",), missing=("Huiswerkuur",)),
    _own("what had ended is back", ("Organisatie", "Programma", "Sector", "Status"), ("Huis van Taal", "Oude les", "MBO", "actief"),
         changed={"dddddddd": ("status",)}, missing=NO_LEZEN),
    # --- ids ---
    _own("a new title under its id", WITH_ID, ("aaaaaaaa", "Stichting Noord", "Debat en zo", "VO", "Utrecht"), ("", *B),
         changed={"aaaaaaaa": ("title",)}, unchanged=1),
    _own("ids in capitals", WITH_ID, ("AAAAAAAA", *A), (" bbbbbbbb ", *B), unchanged=2),
    _own("an id that is no longer in the list", WITH_ID, ("zzzzzzzz", "Stichting Noord", "Schaken", "PO", "Zeist"), titles=("Schaken",),
         missing=("Debatclub", "Huiswerkuur")),
    _own("an id that is not in the list, and a title that is", WITH_ID, ("zzzzzzzz", *A), ("", *B), unchanged=1, doubles=("rij 2",)),
    _own("the same, and said that it is no double", WITH_ID, ("zzzzzzzz", *A), ("", *B), unchanged=1, doubles=("rij 2",),
         options=Options(keep_doubles=True)),
    _own("ids of somebody's own", WITH_ID, ("101", "Stichting Noord", "Schaken", "PO", "Zeist"), ("A-2", "Stichting Noord", "Dammen", "PO", "Zeist"),
         rejected=("rij 2, kolom id", "rij 3, kolom id")),
    _own("an id twice", WITH_ID, ("aaaaaaaa", *A), ("aaaaaaaa", "Stichting Noord", "Schaken", "PO", "Zeist"), unchanged=1,
         rejected=("rij 3, kolom id",), missing=("Huiswerkuur",)),
    _own("an id, and its old title on another row", WITH_ID, ("aaaaaaaa", "Stichting Noord", "Debat en zo", "VO", "Utrecht"), ("", *A),
         changed={"aaaaaaaa": ("title",)}, doubles=("rij 3",), missing=("Huiswerkuur",)),
    _own("the same the other way round", WITH_ID, ("", *A), ("aaaaaaaa", "Stichting Noord", "Debat en zo", "VO", "Utrecht"),
         unchanged=1, rejected=("rij 3, kolom id",), missing=("Huiswerkuur",)),
    _own("a title that another one has", WITH_ID, ("aaaaaaaa", "Stichting Noord", "Huiswerkuur", "VO", "Utrecht"), doubles=("rij 2",)),
    _own("two swap their titles", WITH_ID, ("aaaaaaaa", "Stichting Noord", "Huiswerkuur", "VO", "Utrecht"), ("bbbbbbbb", "Stichting Noord", "Debatclub", "PO", "Zeist"),
         changed={"aaaaaaaa": ("title",), "bbbbbbbb": ("title",)}),
    Case("ids of the examples", csv_of([WITH_ID, ("vthxpywb", "SKB (gezamenlijk aanbod)", "SKB-trein in de les", "PO", "")]), (),
         changed={"vthxpywb": ("title",)}, base="examples",
         missing=("SKB-trein na schooltijd", "SKB-trein projectweek", "Week van Gelijke Kansen")),
    Case("the first own list", csv_of(ROWS), base="examples"),
    # --- a list that comes back ---
    _own("an export as it was", FULL, FULL_A, FULL_B, unchanged=2),
    _own("an export with a cell emptied", FULL, (*FULL_A[:-1], ""), FULL_B, changed={"aaaaaaaa": ("contact",)}, unchanged=1),
    _own("an export without a row", FULL, FULL_A, unchanged=1, missing=("Huiswerkuur",)),
    _own("an export without a column", *(row[:4] + row[5:] for row in (FULL, FULL_A, FULL_B)), unchanged=2),
    _own("an export without titles", *((row[0], *row[4:]) for row in (FULL, FULL_A, FULL_B)), unchanged=2),
    _own("an export with a sector emptied", FULL, (*FULL_A[:4], "", *FULL_A[5:]), FULL_B, unchanged=1, rejected=("rij 2, kolom Sector",)),
    _own("a check that a file speaks of", (*WITH_ID, "Gecontroleerd op", "Gecontroleerd door"), ("aaaaaaaa", *A, "1-11-2026", "ik"), ("bbbbbbbb", *B, "", ""), unchanged=2),
    _own("the example of a template", WITH_ID, ("voorbeeld", "Voorbeeldorganisatie", "Sterren kijken op school (voorbeeld)", "PO; VO", "Utrecht"),
         ("", "Stichting Noord", "", "", ""), ("", "Stichting Noord", "Schaken", "PO", "Zeist"), ("", "Stichting Noord", "", "", ""),
         titles=("Schaken",), skipped=("rij 2",), missing=("Debatclub", "Huiswerkuur")),
    _own("the example of a template, typed over", WITH_ID, ("voorbeeld", "Stichting Noord", "Schaken", "PO", "Zeist"), titles=("Schaken",),
         missing=("Debatclub", "Huiswerkuur")),
    _own("an example of a template in capitals", WITH_ID, ("VOORBEELD", "X", "Sterren kijken op school (voorbeeld)", "PO", "Utrecht"), ("aaaaaaaa", *A), unchanged=1, skipped=("rij 2",), missing=("Huiswerkuur",)),
)  # fmt: skip
