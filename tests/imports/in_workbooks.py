"""Odd workbooks and web pages: merged cells, several sheets, formulas, dates, formats, and files under another's name."""

from datetime import date
from typing import Any

from openpyxl.comments import Comment

from bot.search.importing import Options
from tests.imports.cases import ROWS, A, B, C, Case, H
from tests.imports.makers import Table, book, book_with_formulas, csv_of, document, page, raw, zipped

__all__ = ["WORKBOOKS"]

WITHOUT_SECTOR = [(row[0], row[1], row[3]) for row in ROWS]
AT_C5: Table = [[], [], [], [], *[("", "", *row) for row in ROWS]]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def _merge(*areas: str) -> Any:  # takes a workbook of openpyxl
    def merge(workbook: Any) -> None:
        for area in areas:
            workbook.worksheets[0].merge_cells(area)

    return merge


def _formats(**formats: str) -> Any:
    def set_formats(workbook: Any) -> None:
        for place, one in formats.items():
            workbook.worksheets[0][place].number_format = one

    return set_formats


def _hide(*names: str) -> Any:
    def hide(workbook: Any) -> None:
        for name in names:
            workbook[name].sheet_state = "hidden"

    return hide


def _comment(workbook: Any) -> None:
    workbook.worksheets[0]["B2"].comment = Comment("Klopt dit nog?", "Bureau")


def _link(workbook: Any) -> None:
    workbook.worksheets[0]["E2"].hyperlink = "https://example.org/debat"


def _excel(name: str, file: Any, *more: Any, **others: Any) -> Case:
    return Case(name, file, *more, **{"called": "lijst.xlsx"} | others)


WORKBOOKS = (
    _excel("a workbook", book(ROWS)),
    _excel("a title over all columns", book([["Aanbod SKB"], [], *ROWS], _merge("A1:D1"))),
    _excel("it begins at C5", book(AT_C5)),
    _excel("an organisation over all its rows", book([H, A, ("", *B[1:]), C], _merge("A2:A3")),
           fields={"Huiswerkuur": {"provider": "Stichting Noord"}}),
    _excel("an organisation only on its first row", book([H, A, ("", *B[1:]), C]), ("Debatclub", "Taalmaatjes"),
           rejected=("blad “Blad1”, rij 3, kolom Organisatie",)),
    _excel("crosses below merged headings",
           book([("Organisatie", "Programma", "Doelgroep", "", "", "Plaats"), ("", "", "PO", "VO", "MBO", ""),
                 ("Noord", "Debatclub", "", "x", "", "Zeist"), ("Noord", "Huiswerkuur", "X", "✓", "", "Zeist"),
                 ("Noord", "Taalmaatjes", "", "", "ja", "Zeist")],
                _merge("A1:A2", "B1:B2", "C1:E1", "F1:F2")),
           fields={"Debatclub": {"sectors": ("VO",)}, "Huiswerkuur": {"sectors": ("PO", "VO")}, "Taalmaatjes": {"sectors": ("MBO",)}}),
    _excel("crosses below classes",
           book([("Organisatie", "Programma", "groep 1-4", "groep 5-8", "vmbo", "havo/vwo"),
                 ("Noord", "Debatclub", "", "", "", "x"), ("Noord", "Huiswerkuur", "", "x", "x", ""),
                 ("Noord", "Voorleesuur", "x", "", "", "")]),
           ("Debatclub", "Huiswerkuur", "Voorleesuur"),
           {"Debatclub": {"sectors": ("VO",), "grades": ("havo/vwo",)},
            "Huiswerkuur": {"sectors": ("PO", "VO"), "grades": ("groep 5-8", "vmbo")},
            "Voorleesuur": {"sectors": ("PO",), "grades": ("groep 1-4",)}}),
    # --- sheets ---
    _excel("a sheet for each sector",
           book({"PO": [WITHOUT_SECTOR[0], WITHOUT_SECTOR[2]], "VO": WITHOUT_SECTOR[:2], "MBO": [WITHOUT_SECTOR[0], WITHOUT_SECTOR[3]]}),
           ("Huiswerkuur", "Debatclub", "Taalmaatjes"), {"Huiswerkuur": {"sectors": ("PO",)}, "Debatclub": {"sectors": ("VO",)}}),
    _excel("a sheet for each organisation, one of them asked for",
           book({"Noord": [H[1:], A[1:], B[1:]], "Taal": [H[1:], C[1:]]}), ("Debatclub", "Huiswerkuur"),
           {"Debatclub": {"provider": "Stichting Noord"}}, options=Options(sheet="noord", provider="Stichting Noord")),
    _excel("a sheet for each organisation, and nobody says which", book({"Noord": [H[1:], A[1:]], "Taal": [H[1:], C[1:]]}), (),
           rejected=("blad “Noord”, rij 2, kolom Organisatie", "blad “Taal”, rij 2, kolom Organisatie")),
    _excel("a hidden sheet with what is old", book({"Aanbod": ROWS, "Oud": [H, ("Noord", "Oude les", "PO", "Zeist")]}, _hide("Oud"))),
    _excel("a sheet that explains", book({"Leeswijzer": [["Zo vul je de lijst in"], ["Vul elke rij in."]], "Aanbod": ROWS}),
           left_out="Blad “Leeswijzer” heeft geen rij met kolomnamen"),
    _excel("an empty sheet", book({"Aanbod": ROWS, "Blad2": []}), left_out="Blad “Blad2” staat niets op"),
    _excel("the same on two sheets", book({"Alles": ROWS, "VO": [H, A]}), doubles=("blad “VO”, rij 2",)),
    _excel("all sheets hidden, as a broken export", book({"Aanbod": ROWS, "Leeg": []}, _hide("Aanbod")), (), left_out="staat niets op"),
    # --- cells ---
    _excel("formulas with their outcome", book_with_formulas([H, A, ("", "", "PO", "Zeist"), C],
                                                             {"A3": ("=A2", "Stichting Noord"), "B3": ('="Huis"&"werkuur"', "Huiswerkuur")})),
    _excel("formulas that were never calculated", book([H, ("=A3", *A[1:]), B, C]), ("Huiswerkuur", "Taalmaatjes"),
           rejected=("blad “Blad1”, rij 2, kolom Organisatie",)),
    _excel("what was not found", book_with_formulas([H, A, B, C], {"D2": ("=VLOOKUP(A2,Z1:Z9,1,FALSE)", "#N/A")}),
           ("Huiswerkuur", "Taalmaatjes"), rejected=("blad “Blad1”, rij 2, kolom Plaats",)),
    _excel("a link by formula", book_with_formulas([(*H, "Website"), (*A, "")], {"E2": ('=HYPERLINK("https://example.org","site")', "https://example.org")}),
           ("Debatclub",), {"Debatclub": {"link": "https://example.org"}}),
    _excel("a link behind a word", book([(*H, "Website"), (*A, "klik hier")], _link), ("Debatclub",),
           {"Debatclub": {"link": "https://example.org/debat"}},
           wrong="the address behind a cell is not read: the word is said to be no address, and the link stays empty"),
    _excel("dates where groups were", book([(*H, "Groep"), ("Noord", "Huiswerkuur", "PO", "Zeist", date(2026, 8, 7)),
                                            ("Noord", "Rekenuur", "PO", "Zeist", date(2026, 6, 5))]),
           ("Huiswerkuur", "Rekenuur"), {"Huiswerkuur": {"grades": ("groep 7-8",)}, "Rekenuur": {"grades": ("groep 5-6",)}},
           remarks=("blad “Blad1”, rij 2, kolom Groep", "blad “Blad1”, rij 3, kolom Groep")),
    _excel("numbers where texts were", book([(*H, "Klas", "Telefoon"), ("Noord", 2026, "VO", "Zeist", 3, 301234567)]), ("2026",),
           {"2026": {"grades": ("klas 3",)}}),
    _excel("amounts of money", book([(*H, "Kosten"), (*A, 50), (*B, 12.5), (*C, 0)], _formats(E2="€ #,##0.00", E3='"€" #,##0.00')),
           fields={"Debatclub": {"cost": "paid", "cost_note": "€ 50"}, "Huiswerkuur": {"cost": "paid", "cost_note": "€ 12,50"},
                   "Taalmaatjes": {"cost": "free", "cost_note": ""}}),
    _excel("yes and no that Excel knows", book([(*H, "Vrijwilligers"), (*A, True), (*B, False), (*C, "")]),
           fields={"Debatclub": {"volunteers": True}, "Huiswerkuur": {"volunteers": False}, "Taalmaatjes": {"volunteers": None}}),
    _excel("line breaks and blanks of every kind", book([(*H, "Beschrijving"), (" Stichting\xa0Noord ", "Debat\nclub", "VO", "Utrecht\n", "een\r\n\r\n\r\ntwee\t drie_x000D_")]),
           ("Debat club",), {"Debat club": {"summary": "een\n\ntwee drie"}}),
    _excel("remarks beside cells", book(ROWS, _comment)),
    _excel("a row of totals with a formula", book_with_formulas([*ROWS, ("Totaal", "")], {"B5": ("=SUBTOTAL(103,B2:B4)", 3)}),
           skipped=("blad “Blad1”, rij 5",)),
    _excel("two tables beside each other", book([(*H, "", *H), (*A, "", *B)]), ("Debatclub",),
           remarks=("blad “Blad1”, rij 1, kolom Organisatie", "blad “Blad1”, rij 1, kolom Programma")),
    # --- other programs, other names ---
    _excel("LibreOffice", document({"Aanbod": ROWS}), called="lijst.ods"),
    _excel("LibreOffice with a sheet that explains", document({"Leeswijzer": [("Zo vul je dit in",)], "PO": [WITHOUT_SECTOR[0], WITHOUT_SECTOR[2]]}),
           ("Huiswerkuur",), {"Huiswerkuur": {"sectors": ("PO",)}}, left_out="Blad “Leeswijzer”", called="lijst.ods"),
    _excel("a web page called Excel", page([[f"<b>{cell}</b>" for cell in H], *ROWS[1:]]), called="export.xls"),
    _excel("a web page in Windows' letters", page([H, ("Noord", "Caf&eacute; \u2013 één&nbsp;uur", "VO", "Zeist<br>Utrecht")],
                                                  '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">', "cp1252"),
           ("Café – één uur",), {"Café – één uur": {"places": ("Zeist", "Utrecht")}}, called="export.xls"),
    _excel("a sheet published on the web", page([("", "A", "B", "C", "D"), *[(str(number), *row) for number, row in enumerate(ROWS, 1)]]), called="pub.html"),
    _excel("CSV called Excel", csv_of(ROWS)),
    _excel("Excel called CSV", book(ROWS), called="lijst.csv"),
    _excel("Excel with macros", book(ROWS), called="lijst.xlsm"),
    # --- no list at all ---
    _excel("a password", raw(OLE + "EncryptedPackage".encode("utf-16-le")), (), unreadable="beveiligd met een wachtwoord"),
    _excel("a letter in Word", raw(zipped([("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")])), (), unreadable="een Word-document"),
    _excel("a zip with the list in it", raw(zipped([("lijst.csv", b"Organisatie;Programma")])), (), unreadable="is een zip-bestand"),
    _excel("half a download", raw(zipped([("xl/workbook.xml", b"<workbook/>" * 99)])[:-60]), (), unreadable="beschadigd"),
    _excel("a login page of the website", page([]), (), unreadable="een webpagina zonder tabel", called="export.xls"),
)  # fmt: skip
