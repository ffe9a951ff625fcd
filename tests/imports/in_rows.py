"""What several columns of a row say together, and rows that say something else than they seem to."""

from typing import Any

from bot.search.catalogue import Sector
from tests.imports.cases import ALL, ROWS, A, B, C, Case, H
from tests.imports.makers import csv_of

__all__ = ["TOGETHER"]


def _together(headings: str, cells: str, wrong: str = "", **fields: Any) -> Case:  # fields of an offer
    """One programme, with these columns beside organisation and title."""
    rows = [["Organisatie", "Programma", *headings.split("|")], ["Noord", "Debatclub", *cells.split("|")]]
    return Case(f"{headings}: {cells}", csv_of(rows), ("Debatclub",), {"Debatclub": fields}, wrong=wrong)


TOGETHER = (
    _together("Onderwijssoort|Klas", "vmbo|klas 1-2", sectors=("VO",), grades=("vmbo klas 1-2",)),
    _together("Sector|Niveau|Leerjaar", "VO|havo, vwo|4, 5 en 6", sectors=("VO",), grades=("havo/vwo klas 4-6",)),
    _together("Onderwijssoort|Doelgroep", "havo/vwo|bovenbouw", sectors=("VO",), grades=("havo/vwo bovenbouw",)),
    _together("vmbo|havo|vwo|Leerjaar", "x|x||1-3", sectors=("VO",), grades=("vmbo klas 1-3", "havo klas 1-3")),
    _together("PO|VO|Klas/groep", "x|x|groep 8 en klas 1", sectors=("PO", "VO"), grades=("groep 8", "klas 1")),
    _together("PO|VO", "x|klas 3", sectors=("PO", "VO"), grades=("po", "klas 3")),
    _together("Sector|Niveau", "MBO|2-4", sectors=("MBO",), grades=("mbo niveau 2-4",)),
    _together("Sector|Leeftijd|Groep", "PO|10-12 jaar|7-8", sectors=("PO",), grades=("groep 7-8",)),
    _together("Sector|Doelgroep|Groep", "PO|docenten|groep 7-8", for_whom="docenten"),
    _together("Doelgroep|Klas", "groep 8|klas 1", sectors=("PO", "VO"), grades=("groep 8", "klas 1")),
    _together("Onderwijssoort|Leeftijd", "vmbo 3 / havo 4|14-16", sectors=("VO",), grades=("vmbo klas 3", "havo klas 4")),
    _together("Sector|Groep", "SO|groep 5", sectors=("SO",)),
    _together("Sector|Leerjaar", "VSO|2", sectors=("VSO",)),
    _together("Sector|Beschrijving|Toelichting", "PO|Een.|Twee.", summary="Een.\nTwee."),
    _together("Sector|Kosten|Eigen bijdrage", "PO|gratis|€ 5", cost="paid"),
    _together("Sector|Kosten per leerling|Kosten per klas", "PO||€ 250", cost="paid"),
    _together("Sector|Kosten|Toelichting kosten", "PO|€ 50|per klas", cost="paid", cost_note="€ 50\nper klas"),
    _together("Sector|Thema|Onderwerp", "PO|debat|lezen", themes=("debat", "lezen")),
    Case("a sector and a group that is not in it", csv_of([(*H, "Groep"), ("Noord", "Debatclub", "VO", "Zeist", "groep 7-8")]), (),
         rejected=("rij 2, kolom Groep",)),
    Case("a title above numbers", csv_of([["Aanbod"], ["", *H], ["1", *A], ["2", *B], ["3", *C]])),
    Case("an organisation that is the same as above", csv_of([*ROWS, ("idem", "Schaken", "PO", "Zeist"), ('"', "Dammen", "PO", "Zeist")]),
         (*ALL, "Schaken", "Dammen"), {"Schaken": {"provider": C[0]}, "Dammen": {"provider": C[0]}}),
    Case("the same as above, and nothing above", csv_of([H, ("idem", *A[1:]), B]), ("Huiswerkuur",), rejected=("rij 2, kolom Organisatie",)),
    Case("an organisation that is not known", csv_of([*ROWS, ("onbekend", "Schaken", "PO", "Zeist"), ("n.v.t.", "Dammen", "PO", "Zeist")]),
         ALL, rejected=("rij 5, kolom Organisatie", "rij 6, kolom Organisatie")),
    Case("a title that is still to come", csv_of([*ROWS, ("Noord", "nog invullen", "PO", "Zeist"), ("Noord", "n.t.b.", "PO", "Zeist")]),
         ALL, rejected=("rij 5, kolom Programma", "rij 6, kolom Programma")),
    Case("a column of numbers that is called ID", csv_of([("ID", *H), ("1", *A), ("2", *B), ("3", *C)]), (),
         rejected=("rij 2, kolom ID", "rij 3, kolom ID", "rij 4, kolom ID")),
    Case("an organisation that writes its name in three ways",
         csv_of([H, ("Stichting Petje Af", *A[1:]), ("petje af", *B[1:]), ("St. Petje-Af", *C[1:])]),
         fields={"Huiswerkuur": {"provider": "Stichting Petje Af"}, "Taalmaatjes": {"provider": "Stichting Petje Af"}}),
    Case("sectors beyond those of schools", csv_of([(*H[:2], "Doelgroep"), ("Noord", "Debatclub", "PO, kinderopvang en buurthuizen")]), ("Debatclub",),
         {"Debatclub": {"sectors": (Sector.PO,), "for_whom": "PO, kinderopvang en buurthuizen"}}),
)  # fmt: skip
