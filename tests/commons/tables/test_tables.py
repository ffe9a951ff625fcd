"""Tables of any kind in, CSV out: what comes back is what was meant, and everything else gets a kind sentence."""

import contextlib
import io
import os
from pathlib import Path
import zipfile

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
import openpyxl
import pytest

from bot.commons.tables import Sheet, Unreadable, clean, read_sheets, write_csv

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
IN_ONE_FILE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def read(path: Path) -> list[tuple[str, list[tuple[int, tuple[str, ...]]]]]:
    return [(sheet.name, list(sheet.rows)) for sheet in read_sheets(path)]


def zip_of(**parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


def ole_with(stream: str) -> bytes:
    return OLE + b"\x00" * 504 + stream.encode("utf-16-le") + b"\x00" * 512


# What it is


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is leeg"),
        (b"\xef\xbb\xbf \r\n\r\n", "is leeg"),
        (b"%PDF-1.7 \n", "is een pdf"),
        (b"\x89PNG\r\n\x1a\n", "een afbeelding"),
        (b"\xff\xd8\xff\xe0", "een afbeelding"),
        (b"{\\rtf1 hoi}", "een tekstdocument"),
        (b"SQLite format 3\x00", "een database"),
        (b"\x1f\x8b\x08\x00", "Pak het uit"),
        (b'{"offers": []}', "een JSON-bestand"),
        (b'[\n {"naam": "x"}]', "een JSON-bestand"),
        (
            b'<?xml version="1.0"?><?mso-application?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "2003",
        ),
        (b'<?xml version="1.0"?><rss/>', "een XML-bestand"),
        (b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"', "een bewaarde webpagina"),
        (b"<!DOCTYPE html>\n<html><body>Log eerst in</body></html>", "een webpagina zonder tabel"),
        (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 4, "geen tekst en geen Excel-bestand"),
        (zip_of(**{"word/document.xml": "<x/>", "[Content_Types].xml": "<x/>"}), "een Word-document"),
        (zip_of(mimetype="application/vnd.oasis.opendocument.text"), "een Word-document"),
        (zip_of(**{"ppt/presentation.xml": "<x/>"}), "een presentatie"),
        (zip_of(**{"Index/Document.iwa": "x"}), "Exporteer naar > Excel"),
        (zip_of(**{"aanbod.csv": "a;b"}), "Pak het uit"),
        (b"PK\x03\x04 and then nothing", "is beschadigd"),
        (zip_of(**{"xl/workbook.xml": "<x"}), "is beschadigd"),
        (ole_with("WordDocument"), "een Word-document"),
        (ole_with("EncryptedPackage"), "een wachtwoord"),
        (ole_with("__substg1.0_"), "Outlook"),
        (ole_with("Workbook"), "is beschadigd"),
    ],
)
def test_what_is_no_table_is_told_by_what_it_is(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "lijst.xlsx"
    file.write_bytes(content)
    with pytest.raises(Unreadable, match=words) as problem:
        read(file)
    assert "“lijst.xlsx”" in str(problem.value)
    assert str(problem.value).endswith(".")


def test_what_is_not_there_or_not_a_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pijp")
    (tmp_path / "~$lijst.xlsx").write_bytes(b"x" * 165)
    (tmp_path / "lijst.numbers").mkdir()
    for name, words in [
        ("nergens.csv", "is er niet"),
        (".", "is een map"),
        ("lijst.numbers", "van Numbers"),
        ("pijp", "geen gewoon bestand"),
        ("~$lijst.xlsx", "hulpbestand.*“lijst.xlsx”"),
        ("nul\x00.csv", "niet te lezen"),
        ("x" * 300, "niet te lezen"),
        ("~$lijst.xlsx/in een bestand.csv", "is er niet"),
    ]:
        with pytest.raises(Unreadable, match=words):
            read(tmp_path / name)


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "lijst.csv"
    file.write_text("a;b")
    file.chmod(0)
    root = os.geteuid() == 0
    if root:  # who may read everything, so be somebody else for a moment
        os.seteuid(65534)
    try:
        with pytest.raises(Unreadable, match="mag ik niet lezen"):
            read(file)
    finally:
        if root:
            os.seteuid(0)


def test_files_over_the_limit_are_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "lijst.csv"
    with file.open("wb") as handle:
        handle.truncate(200_000_001)
    with pytest.raises(Unreadable, match="groter dan 200 MB"):
        read(file)


def test_the_content_counts_and_not_the_name(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["naam", 6.0])
    book.save(tmp_path / "lijst.csv")
    (tmp_path / "lijst.xlsx").write_bytes("naam;één".encode("cp1252"))
    assert read(tmp_path / "lijst.csv") == [("Sheet", [(1, ("naam", "6"))])]
    assert read(tmp_path / "lijst.xlsx") == [("", [(1, ("naam", "één"))])]


# Writing


def test_what_is_written_opens_in_excel_and_starts_no_formula(tmp_path: Path) -> None:
    file = tmp_path / "uit.csv"
    write_csv(file, ["naam", "wie"], [["=cmd|' /C calc'!A1", "+31 6"], ["'-x", "\u200b@x"], ["één\n\ttwee;", 'zo "n']])
    assert file.read_bytes().decode("utf-8") == (
        '\ufeff"naam";"wie"\r\n"\'=cmd|\' /C calc\'!A1";"\'+31 6"\r\n"\'\'-x";"\'@x"\r\n"één\ntwee;";"zo ""n"\r\n'
    )
    assert read(file) == [
        (
            "",
            [
                (1, ("naam", "wie")),
                (2, ("=cmd|' /C calc'!A1", "+31 6")),
                (3, ("'-x", "@x")),
                (4, ("één\ntwee;", 'zo "n')),
            ],
        )
    ]


CELLS = st.text(max_size=12) | st.text("'=+-@\t\r\n\"|;,＝ ab<&é", max_size=12)


@settings(IN_ONE_FILE, max_examples=400)
@given(st.lists(CELLS, max_size=4), st.lists(st.lists(CELLS, max_size=4), max_size=6))
@example(["sep=", ""], [])
@example(["a;b"], [["c;d"], ["e;f"]])
@example(['"a;b"'], [['"c'], ['d"']])
@example(["[{", "<html>"], [['="06"', '=HYPERLINK("x")']])
def test_what_is_written_is_read_back_cleaned(tmp_path: Path, heading: list[str], rows: list[list[str]]) -> None:
    file = tmp_path / "heen.csv"
    write_csv(file, heading, rows)
    expected = [[clean(cell) for cell in row] for row in (heading, *rows)]
    for row in expected:
        while row and not row[-1]:
            row.pop()
    assert [list(cells) for sheet in read_sheets(file) for _, cells in sheet.rows] == [row for row in expected if row]


# Anything at all


def takes(path: Path) -> None:
    """Reads it all, or raises nothing but Unreadable."""
    try:
        for sheet in read_sheets(path):
            assert isinstance(sheet, Sheet)
            assert all(isinstance(cell, str) for _, cells in sheet.rows for cell in cells)
    except Unreadable as problem:
        assert str(problem).endswith(".")


@settings(IN_ONE_FILE, max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_give_sheets_or_a_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "iets.csv"
    file.write_bytes(content)
    takes(file)


@settings(IN_ONE_FILE, max_examples=15)
@given(st.sampled_from([b"PK\x03\x04", OLE, b"<table>"]), st.binary(max_size=600))
def test_any_bytes_after_a_known_beginning_too(tmp_path: Path, start: bytes, content: bytes) -> None:
    file = tmp_path / "iets.xlsx"
    file.write_bytes(start + content)
    takes(file)


def test_what_is_read_can_be_dropped_half_way(tmp_path: Path) -> None:
    file = tmp_path / "lijst.csv"
    file.write_text("a;b\n" * 1000)
    sheets = read_sheets(file)
    assert next(next(sheets).rows) == (1, ("a", "b"))
    with contextlib.suppress(StopIteration):
        next(sheets)
