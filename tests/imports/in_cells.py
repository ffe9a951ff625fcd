"""What people write in one cell, and what it must become; each stands in a list of one programme."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tests.imports.cases import Case
from tests.imports.makers import csv_of

__all__ = ["CELLS"]

NO = None
"""The row is rejected, and this column is what is wrong."""
FOR_WHOM = ("Sector", "Groep", "Klas", "Doelgroep", "Leeftijd")
TEXT = "Zin. " * 780  # 3,900 characters


def _for(sectors: str = "", *grades: str) -> dict[str, Any]:
    return {"sectors": tuple(sectors.split()), "grades": grades}


def _in(*places: str) -> dict[str, Any]:
    return {"places": places}


def _costs(cost: str, note: str = "") -> dict[str, Any]:
    return {"cost": cost, "cost_note": note}


EXPECTED: Mapping[str, Mapping[str, Mapping[str, Any] | None]] = {
    "Sector": {
        "po": _for("PO"),
        "PO en VO": _for("PO VO"),
        "PO/VO": _for("PO VO"),
        "• PO\n• VO": _for("PO VO"),
        "Primair onderwijs, Voortgezet onderwijs": _for("PO VO"),
        "basisonderwijs": _for("PO"),
        "Middelbare school": _for("VO"),
        "PO t/m MBO": _for("PO VO MBO"),
        "(V)SO": _for("SO VSO"),
        "V(S)O": _for("VO VSO"),
        "MBO (ROC)": _for("MBO"),
        "vmbo": _for("VO", "vmbo"),
        "alle leerlingen": NO,
        "": NO,
        "P0": NO,
        "niet voor het MBO": NO,
    },
    "Groep": {
        "groep 6-8": _for("PO", "groep 6-8"),
        "groep 6 t/m 8": _for("PO", "groep 6-8"),
        "groepen 7 & 8": _for("PO", "groep 7-8"),
        "gr. 7/8": _for("PO", "groep 7-8"),
        "7-8": _for("PO", "groep 7-8"),
        "7-aug": _for("PO", "groep 7-8"),
        "7-8-2026": _for("PO", "groep 7-8"),
        "3/4": _for("PO", "groep 3-4"),
        "vmbo leerjaar 1-2": _for("VO", "vmbo klas 1-2"),
        "bovenbouw havo/vwo": _for("VO", "havo/vwo bovenbouw"),
        "klas 1 en 2": _for("VO", "klas 1-2"),
        "brugklas": _for("VO", "klas 1"),
        "mbo niveau 2-4": _for("MBO", "mbo niveau 2-4"),
        "groep 8, klas 1": _for("PO VO", "groep 8", "klas 1"),
        "groep 12": NO,
        "vmbo 5": NO,
        "leuke kinderen": NO,
    },
    "Doelgroep": {
        "8-12 jaar": _for("PO", "8-12 jaar"),
        "12 t/m 15 jaar": _for("PO VO", "12-15 jaar") | {"sectors": ("VO",)},
        "leerlingen in groep 7 en 8 van de basisschool": _for("PO", "groep 7-8"),
        "vmbo-t, havo": _for("VO", "vmbo-gl/tl", "havo"),
        "PO bovenbouw en VO onderbouw": _for("PO VO", "bovenbouw basisschool", "onderbouw vo"),
        "kleuters": _for("PO", "groep 1-2"),
        "praktijkonderwijs": _for("VO", "praktijkonderwijs"),
        "jongeren die het thuis niet makkelijk hebben": NO,
        "VO, vooral jongeren met een taalachterstand": {"sectors": ("VO",), "for_whom": "VO, vooral jongeren met een taalachterstand"},
        "docenten VO": {"sectors": ("VO",), "grades": ("docenten",)},
    },
    "Leeftijd": {"8-12": _for("PO", "8-12 jaar"), "10 t/m 12 jaar": _for("PO", "10-12 jaar"), "2026-12-08": _for("PO", "8-12 jaar")},
    "Klas": {"1-2": _for("VO", "klas 1-2"), "3": _for("VO", "klas 3"), "2-jan": _for("VO", "klas 1-2")},
    "Plaats": {
        "utrecht": _in("Utrecht"),
        "UTRECHT, ZEIST EN DE BILT": _in("Utrecht", "Zeist", "De Bilt"),
        "Amsterdam/Diemen": _in("Amsterdam", "Diemen"),
        "- Almere\n- Lelystad": _in("Almere", "Lelystad"),
        "Utrecht e.o.": _in("Utrecht"),
        "'s-Gravenhage": _in("Den Haag"),
        "Den Bosch": _in("Den Bosch"),
        "Bergen (NH)": _in("Bergen (Noord-Holland)"),
        "Bergen": NO,
        "Utrechtt": NO,
        "Nergenshuizen": NO,
        "landelijk": _in("landelijk"),
        "Heel Nederland!": _in("landelijk"),
        "in overleg": _in(),
        "n.v.t.": _in(),
        "?": _in(),
        "Provincie Utrecht": _in("provincie Utrecht"),
        "Noord-Holland": _in("Noord-Holland"),
        "Peel en Maas, Aa en Hunze": _in("Peel en Maas", "Aa en Hunze"),
        "Súdwest Fryslân": _in("Súdwest-Fryslân"),
        "Sudwest-Fryslan": _in("Súdwest-Fryslân"),
        "Amsterdam-Zuidoost": _in("Amsterdam Zuidoost"),
        "Belgie": NO,
    },
    "Kosten": {
        "gratis": _costs("free"),
        "Gratis!": _costs("free"),
        "0": _costs("free"),
        "€ 0,-": _costs("free"),
        "geen": _costs("free"),
        "ja": _costs("paid"),
        "50": _costs("paid", "€ 50"),
        "€ 50,- per leerling": _costs("paid", "€ 50,- per leerling"),
        "vanaf 100 euro": _costs("paid", "vanaf 100 euro"),
        "€ 1.250,00 excl. btw": _costs("paid", "€ 1.250,00 excl. btw"),
        "niet gratis": _costs("paid"),
        "gratis voor leden, anders € 40": _costs("paid", "gratis voor leden, anders € 40"),
        "eerste les gratis": _costs("unknown", "eerste les gratis"),
        "op aanvraag": _costs("unknown", "op aanvraag"),
        "n.t.b.": _costs("unknown"),
        "": _costs("unknown"),
        "gratis (subsidie van de gemeente)": _costs("free", "gratis (subsidie van de gemeente)"),
        "-": _costs("unknown"),
    },
    "Status": {
        "Actief": {"status": "active"},
        "": {"status": "active"},
        "pilot": {"status": "pilot"},
        "Vol": {"status": "full"},
        "vol tot 1 maart 2027": {"status": "full", "full_until": date(2027, 3, 1)},
        "gestopt per 2025": NO,
        "GESTOPT": {"status": "ended"},
        "misschien": NO,
    },
    "Website": {
        "https://example.org/debat": {"link": "https://example.org/debat"},
        "www.example.org": {"link": "https://www.example.org"},
        "Example.org/debat": {"link": "https://Example.org/debat"},
        "-": {"link": ""},
        "bureau@example.org": {"link": ""},
        "javascript:alert(1)": {"link": ""},
        "zie onze website": {"link": ""},
        "file:///etc/passwd": {"link": ""},
    },
    "Vrijwilligers": {
        "JA": {"volunteers": True},
        "x": {"volunteers": True},
        "1": {"volunteers": True},
        "nee": {"volunteers": False},
        "": {"volunteers": None},
        "onbekend": {"volunteers": None},
        "12 vrijwilligers": {"volunteers": None},
    },
    "Wanneer": {
        "na schooltijd": {"settings": ("na schooltijd",)},
        "binnen en buiten schooltijd": {"settings": ("binnen schooltijd", "na schooltijd")},
        "BSO, zaterdag": {"settings": ("na schooltijd", "weekend")},
    },
    "Thema's": {"Debat; burgerschap": {"themes": ("Debat", "burgerschap")}, "1. lezen\n2. schrijven": {"themes": ("lezen", "schrijven")}},
    "Beschrijving": {
        "NULL": {"summary": ""},
        TEXT: {"summary": TEXT.strip()},
        TEXT + TEXT: NO,
        "<p>Leuk &amp; leerzaam</p><ul><li>een</li><li>twee</li></ul>": {"summary": "Leuk & leerzaam\n\n• een\n• twee"},
        "<script>alert(1)</script>Leuk": {"summary": "Leuk"},
        "5 < 6 > 3, a<b": {"summary": "5 < 6 > 3, a<b"},
        "=1+1": {"summary": "=1+1"},
        "'; DROP TABLE offers; --": {"summary": "'; DROP TABLE offers; --"},
        "👩‍🎓 leren is 🎉": {"summary": "👩‍🎓 leren is 🎉"},
        "Wat een rood \x1b[31mwoord, dat \u202eomgekeerd\u200b staat! " + TEXT: {"summary": "Wat een rood [31mwoord, dat omgekeerd staat! " + TEXT.strip()},
    },
    "Titel": {
        "„Debatclub” ‘light’": {"title": "„Debatclub” ‘light’"},
        "DEBATCLUB VOOR ALLE KLASSEN": {"title": "DEBATCLUB VOOR ALLE KLASSEN"},
        "Programma\xa0voor\u200b  allen ": {"title": "Programma voor allen"},
        "Debat over\ntwee regels": {"title": "Debat over twee regels"},
        "-": NO,
        "": NO,
        "a" * 300: NO,
        "=SOM(A1)": {"title": "=SOM(A1)"},
        "2e kans": {"title": "2e kans"},
        "??": NO,
    },
}  # fmt: skip

NOT_YET: dict[str, str] = {}
"""Cell to what is wrong with how it is read today."""


def _cases() -> Iterator[Case]:
    for heading, cells in EXPECTED.items():
        for cell, fields in cells.items():
            title = (fields or {}).get("title", "Debatclub" if heading != "Titel" else "")
            headings, row = ["Organisatie"], ["Noord"]
            if heading != "Titel":
                headings, row = [*headings, "Programma"], [*row, "Debatclub"]
            if heading not in FOR_WHOM:
                headings, row = [*headings, "Sector"], [*row, "PO"]
            yield Case(
                f"{heading}: {cell[:40]!r}" + f" ({len(cell)})" * (len(cell) > 40),
                csv_of([[*headings, heading], [*row, cell]]),
                () if fields is NO else (title,),
                {title: fields} if fields else {},
                rejected=(f"rij 2, kolom {'Sector' if heading == 'Doelgroep' else heading}",) if fields is NO else (),
                wrong=NOT_YET.get(cell, ""),
            )


CELLS = tuple(_cases())
