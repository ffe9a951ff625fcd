"""Odd text files: letters, delimiters, quotes, what stands around the table, and what the columns are called."""

import csv

from bot.search.importing import Options
from tests.imports.cases import ALL, ROWS, A, B, C, Case, H
from tests.imports.makers import csv_of, mixed, raw, text

__all__ = ["HEADINGS", "TEXTS"]

SEMICOLONS = "\r\n".join(";".join(row) for row in ROWS)
CAFE = ("Stichting Noord", "Café “Één” – à la carte €", "VO", "Utrecht")
CAFE_TITLE = "Café “Één” – à la carte €"
MAC = ("Stichting Noord", "Café Één naïef", "VO", "Utrecht")


def _line(*cells: str) -> str:
    return ";".join(cells) + "\r\n"


TEXTS = (
    # --- letters ---
    Case("semicolons", csv_of(ROWS)),
    Case("with a byte order mark", csv_of(ROWS, encoding="utf-8-sig")),
    Case("a capital é and a euro in Windows' letters", csv_of([H, CAFE], encoding="cp1252"), (CAFE_TITLE,)),
    Case("Unicode text of Excel", csv_of(ROWS, "\t", "utf-16"), called="lijst.txt"),
    Case("UTF-16 without a mark", csv_of([H, CAFE], "\t", "utf-16-le"), (CAFE_TITLE,)),
    Case("UTF-16 the other way round", csv_of([H, CAFE], "\t", "utf-16-be"), (CAFE_TITLE,)),
    Case("an old Mac", csv_of([H, MAC], encoding="mac_roman", end="\r"), ("Café Één naïef",)),
    Case("DOS", csv_of([H, ("Noord", "Café ëën idee", "VO", "Utrecht")], encoding="cp850"), ("Café ëën idee",)),
    Case(
        "read as Windows and saved as UTF-8",
        csv_of([H, ("Noord", "CafÃ© â‚¬ 5", "VO", "SÃºdwest-FryslÃ¢n")]),
        ("Café € 5",),
        {"Café € 5": {"places": ("Súdwest-Fryslân",)}},
    ),
    Case(
        "two files pasted together, each with letters of its own",
        mixed((SEMICOLONS + "\r\n" + _line("Noord", "Idée ëén twéé drïë vüür cafés", "VO", "Zeist") * 1, "utf-8"),
              (_line("Noord", "Reünie", "VO", "Zeist"), "cp1252")),
        (*ALL, "Idée ëén twéé drïë vüür cafés", "Reünie"),
    ),
    Case("the end mark of DOS", text(SEMICOLONS + "\r\n\x1a")),
    Case("stray zeros", text(SEMICOLONS.replace("Zeist", "Zei\x00st"))),
    # --- delimiters, quotes and line ends ---
    Case("tabs", csv_of(ROWS, "\t"), called="lijst.tsv"),
    Case("commas and quotes", csv_of([H, ("Noord, afdeling jeugd", "Debatclub", "PO, VO", "Zeist")], ","), ("Debatclub",),
         {"Debatclub": {"provider": "Noord, afdeling jeugd", "sectors": ("PO", "VO")}}),
    Case("upright strokes", csv_of(ROWS, "|")),
    Case("a first line that says what separates", csv_of(ROWS, before="sep=;\r\n")),
    Case("a first line that says it is a comma", csv_of(ROWS, ",", before="sep=,\r\n", encoding="cp1252")),
    Case("everything in quotes", csv_of(ROWS, quoting=csv.QUOTE_ALL)),
    Case("opened in Excel as one column and saved again", csv_of([[",".join(row)] for row in ROWS], quoting=csv.QUOTE_ALL)),
    Case("quotes inside that were not doubled", text('"Organisatie";"Programma";"Sector"\r\n"Noord";"De "Gouden" week";"PO"\r\n'),
         ('De "Gouden" week',)),
    Case("a quote that never ends", text(_line(*H) + 'Noord;"Debatclub;VO;Utrecht\r\n' + _line(*B)), (),
         unreadable="In rij 2 begint een cel met een aanhalingsteken"),
    Case("an inch in a title", text(_line(*H) + 'Noord;Scherm 15" op school;VO;Zeist\r\n' + _line(*B)),
         ('Scherm 15" op school', "Huiswerkuur")),
    Case("line ends of a Mac", csv_of(ROWS, end="\r")),
    Case("line ends of all kinds", text("\r\n".join((SEMICOLONS.replace("\r\n", "\n", 1), "Noord;Schaakles;PO;Zeist\r"))),
         (*ALL, "Schaakles")),
    Case(
        "line breaks inside a cell, and a mistake below them",
        csv_of([(*H, "Beschrijving"), (*A, "Eerst dit.\n\nDan dat."), ("Noord", "Schaakles", "PO", "Nergenshuizen", "")]),
        ("Debatclub",),
        {"Debatclub": {"summary": "Eerst dit.\n\nDan dat."}},
        rejected=("rij 5, kolom Plaats",),
    ),
    Case("backslashes before quotes, as databases export", text('"Organisatie","Programma","Sector"\n"Noord","De \\"gouden\\" week","PO"\n'),
         ('De "gouden" week',), wrong="the backslashes stay"),
    # --- what stands around the table ---
    Case("empty rows and columns", csv_of([("", *H, "", "")] + [("",) * 7] + [("", *row, "", "") for row in (A, B, C)] + [("",) * 7] * 3)),
    Case("a title, a date and an empty line above", csv_of([["Overzicht aanbod SKB 2026"], ["Versie 3, 12 november"], [], *ROWS])),
    Case("a letterhead of twelve lines", csv_of([*[["Stichting Noord"], ["Postbus 1"], ["Geachte heer, mevrouw,"]] * 4, *ROWS])),
    Case("footnotes below", csv_of([*ROWS, [], ["* onder voorbehoud van subsidie"], ["Bron: eigen opgave, november 2026"]]),
         skipped=("rij 6", "rij 7")),
    Case("totals", csv_of([H, A, ("Subtotaal", "1"), B, C, ("Totaal aantal programma's", "3")]), skipped=("rij 3", "rij 6")),
    Case("a total that a spreadsheet puts below the titles", csv_of([*ROWS, ("", "Totaal: 3", "", "")]), skipped=("rij 5",)),
    Case("the headings again halfway", csv_of([H, A, H, B, C]), skipped=("rij 3",)),
    Case(
        "a second table below, in another order",
        csv_of([H, A, (), ("Programma", "Organisatie", "Sector", "Plaats"), ("Huiswerkuur", "Noord", "PO", "Zeist")]),
        ("Debatclub",),
        left_out="Op rij 4 beginnen andere kolommen",
    ),
    Case("names of groups between the rows", csv_of([H, ("Voortgezet onderwijs",), A, ("Basisonderwijs",), B, C]),
         skipped=("rij 2", "rij 4")),
    Case("rows that are shorter and longer than the heading",
         text("Organisatie;Programma;Sector;Plaats;Kosten\r\nNoord;Debatclub;VO\r\nNoord;Huiswerkuur;PO;Zeist;gratis;bellen!;2026\r\n"),
         ("Debatclub", "Huiswerkuur"), {"Huiswerkuur": {"places": ("Zeist",)}}),
    Case("a number before each row", csv_of([("Nr.", *H), ("1", *A), ("2", *B), ("3", *C)])),
    Case("an unnamed number before each row", csv_of([("", *H), ("1", *A), ("2", *B), ("3", *C)])),
    Case("a table of a chatbot", text("| Organisatie | Programma | Sector |\n|---|:---:|---|\n| Noord | Debatclub | VO |\n| Noord | Huiswerkuur | PO |\n"),
         ("Debatclub", "Huiswerkuur"), skipped=("rij 2",)),
    Case("only headings", csv_of([H]), ()),
    Case("NULL where a database has nothing",
         text("organisatie,programma,sector,plaats,beschrijving,contact\nNoord,Debatclub,VO,NULL,NULL,\\N\n"),
         ("Debatclub",), {"Debatclub": {"places": (), "summary": "", "contact": ""}}),
    # --- no list at all ---
    Case("no headings", csv_of([A, B, C]), (), left_out="heeft geen rij met kolomnamen die ik herken"),
    Case("no headings, but said what the columns are", csv_of([A, B, C]), options=Options(("A=Organisatie, B=Programma", "C=Sector"))),
    Case("lines of a letter", text("Beste collega,\n\nHierbij ons aanbod.\nGroet,\nNoord\n"), (), left_out="heeft geen rij met kolomnamen"),
    Case("columns on their side", csv_of([("Organisatie", "Noord", "Noord"), ("Programma", "Debatclub", "Huiswerkuur"), ("Sector", "VO", "PO")]),
         (), left_out="heeft geen rij met kolomnamen"),
    Case("nothing", raw(b""), (), unreadable="is leeg"),
    Case("nothing but blanks", raw(b"\xef\xbb\xbf \r\n\t\r\n"), (), unreadable="is leeg"),
    Case("a pdf", raw(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"), (), unreadable="is een pdf"),
    Case("a photo of the list", raw(b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(200)), (), unreadable="een afbeelding"),
    Case("JSON", text('[{"organisatie": "Noord", "programma": "Debatclub"}]'), (), unreadable="een JSON-bestand"),
    Case("a calendar", text("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nSUMMARY:Debatclub\r\nEND:VCALENDAR\r\n"), (), left_out="heeft geen rij met kolomnamen"),
)  # fmt: skip


def _headed(name: str, *headings: str, wrong: str = "", options: Options | None = None) -> Case:
    """A list with other names for organisation, title, sector and place."""
    return Case(name, csv_of([headings, A, B, C]), fields={"Debatclub": {"provider": "Stichting Noord", "places": ("Utrecht",)}},
                wrong=wrong, options=options or Options())  # fmt: skip


HEADINGS = (
    _headed("English", "Organisation", "Programme", "Sector", "Location"),
    _headed("American", "Organization", "Program name", "Education sector", "City"),
    _headed("stars and what is required", "Organisatie*", "Naam programma (verplicht)*", "Sector (PO/VO/MBO)", "Plaats(en) *"),
    _headed("capitals, colons and blanks", " ORGANISATIE :", "PROGRAMMA", "SECTOR ", "PLAATS:"),
    _headed("underscores", "naam_organisatie", "naam_programma", "sector", "plaats"),
    _headed("typing errors", "Organistie", "Progamma", "Sectoor", "Plaatsen"),
    _headed("other words", "Aanbieder", "Titel", "Onderwijssoort", "Gemeente"),
    _headed("still other words", "Partner", "Naam project", "Onderwijstype", "Locatie"),
    _headed("and others", "Stichting", "Activiteit", "Schooltype", "Regio"),
    _headed("what an office manager writes", "Naam organisatie", "Naam activiteit", "Onderwijssector", "Werkgebied"),
    _headed("line breaks", "Organisatie\n(naam)", "Naam\nprogramma", "Sector", "Plaats\n/ regio"),
    _headed("questions of a form, with help", "Bij welke organisatie werk je?", "Hoe heet jullie programma?", "Voor wie is het?", "Waar?",
            options=Options(("Bij welke organisatie werk je?=Organisatie", "Hoe heet jullie programma?=Programma", "C=Sector", "D=Plaatsen"))),
    Case("another order", csv_of([[row[at] for at in (3, 1, 2, 0)] for row in ROWS])),
    Case("two columns of one name", csv_of([("Organisatie", "Programma", "Sector", "Plaats", "Plaats"), (*A, "Zeist"), (*B, ""), (*C, "Almere")]),
         fields={"Debatclub": {"places": ("Utrecht", "Zeist")}, "Taalmaatjes": {"places": ("Almere",)}}),
    Case("numbered columns", csv_of([("Organisatie", "Programma", "Sector", "Plaats 1", "Plaats 2", "Plaats 3"), (*A, "Zeist", "De Bilt"), (*B, "", ""), (*C, "", "")]),
         fields={"Debatclub": {"places": ("Utrecht", "Zeist", "De Bilt")}}),
    Case("two columns for the title", csv_of([(*H, "Titel"), (*A, "Iets anders")]), ("Debatclub",), remarks=("rij 1, kolom Titel",)),
    Case("a person, a phone and an address apart",
         csv_of([(*H, "Contactpersoon", "Telefoon", "E-mail"), (*A, "Bureau Onderwijs", "030-1234567", "bureau@example.org")]),
         ("Debatclub",), {"Debatclub": {"contact": "Bureau Onderwijs, 030-1234567, bureau@example.org"}}),
    Case("a column without a name holds remarks", csv_of([(*H, ""), (*A, "nog bellen"), (*B, ""), (*C, "")])),
    Case("headings in two rows", csv_of([("Aanbieder", "Programma", "Voor wie", "", "Waar"), ("", "", "PO", "VO", ""),
                                         ("Noord", "Debatclub", "", "x", "Zeist"), ("Noord", "Huiswerkuur", "x", "x", "Zeist")]),
         ("Debatclub", "Huiswerkuur"), {"Debatclub": {"sectors": ("VO",)}, "Huiswerkuur": {"sectors": ("PO", "VO")}}),
)  # fmt: skip
