"""CSV as people send it: the letters, the delimiter, the quotes and the tricks."""

import contextlib
from pathlib import Path
from time import perf_counter
import tracemalloc

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
import pytest

from bot.commons.tables.delimited import encoding_of, read_delimited
from bot.commons.tables.sheets import Unreadable

Row = tuple[int, tuple[str, ...]]
DUTCH = "naam;omschrijving\r\nCafé één;geïnteresseerde ouders’ coördinatie – voor “pubers” à € 5 …\r\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lijst.csv"


def rows_of(file: Path, content: str | bytes) -> list[Row]:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_delimited(file, encoding_of(file)))


def cells_of(file: Path, content: str | bytes) -> list[tuple[str, ...]]:
    return [cells for _, cells in rows_of(file, content)]


# Letters


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"]
)
def test_letters_are_right_in_every_encoding(file: Path, encoding: str) -> None:
    expected = [("naam", "omschrijving"), ("Café één", "geïnteresseerde ouders’ coördinatie – voor “pubers” à € 5 …")]
    assert cells_of(file, DUTCH.encode(encoding)) == expected


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850"])
@pytest.mark.parametrize(
    "word", ["één", "geïnteresseerd", "coördinatie", "reünie", "categorieën", "Scène", "crèche, café", "façade"]
)
def test_one_word_tells_windows_from_mac_and_dos(file: Path, word: str, encoding: str) -> None:
    assert cells_of(file, f"naam;x\n{word};y\n".encode(encoding)) == [("naam", "x"), (word, "y")]


def test_utf_8_with_some_windows_pasted_in_keeps_both(file: Path) -> None:
    content = ("naam;x\n" + "één;ü\n" * 20).encode() + "café;\n".encode("cp1252")
    assert cells_of(file, content)[-2:] == [("één", "ü"), ("café",)]


# Delimiters


@pytest.mark.parametrize("delimiter", list(";,\t|"))
def test_the_delimiter_is_found(file: Path, delimiter: str) -> None:
    lines = [["naam", "prijs", "wie"], ['"Leuk, lang; en\t| zo"', "1.50", "PO"], ["x", "y", "z"]]
    content = "\n".join(map(delimiter.join, lines))
    assert cells_of(file, content)[1:] == [("Leuk, lang; en | zo", "1.50", "PO"), ("x", "y", "z")]


@pytest.mark.parametrize(
    "content",
    [
        "Aanbod 2026, versie 2, van ons\n\nnaam;wie\nDebat;PO\nSport, spel, dans;VO",
        "naam;wie\nDebat, leuk, snel;PO\nSport, spel, dans;VO\nKoken, bakken, eten;PO",
        'naam;wie\nDebat;"PO, VO, mbo"\nSport;"PO, VO, mbo"',
        "naam;prijs\nDebat;1,50\nSport;2,50\nKoken;3,50",
    ],
)
def test_commas_in_texts_do_not_confuse(file: Path, content: str) -> None:
    rows = cells_of(file, content)
    assert ("naam", "wie") in rows or ("naam", "prijs") in rows
    assert max(map(len, rows)) == 2


def test_excels_first_line_says_the_delimiter_and_is_no_row(file: Path) -> None:
    assert rows_of(file, "sep=,\r\na;b,c\r\n") == [(2, ("a;b", "c"))]
    assert rows_of(file, "sep=\t\na;b\tc\n") == [(2, ("a;b", "c"))]
    assert rows_of(file, 'sep="\na;b') == [(1, ('sep="',)), (2, ("a", "b"))]


def test_records_that_stand_as_text_in_one_column_are_unpacked(file: Path) -> None:
    content = '"naam,wie,waar"\n"Debat,""PO, VO"",Utrecht"\n"Sport,VO,""\'t """"Gooi"""""""\n'
    assert cells_of(file, content) == [
        ("naam", "wie", "waar"),
        ("Debat", "PO, VO", "Utrecht"),
        ("Sport", "VO", '\'t "Gooi"'),
    ]
    some = 'naam,wie,waar\n"Debat,""PO, VO"",Utrecht"\nSport,VO,Zeist\n'
    assert cells_of(file, some) == [("naam", "wie", "waar"), ("Debat", "PO, VO", "Utrecht"), ("Sport", "VO", "Zeist")]


# Quotes and lines


def test_a_row_has_the_number_of_the_line_where_it_begins(file: Path) -> None:
    content = 'naam;x\r\n\r\n"een\r\ntwee";y\r\n;;\r\nlaatste;z'
    assert rows_of(file, content) == [(1, ("naam", "x")), (3, ("een\ntwee", "y")), (6, ("laatste", "z"))]


def test_line_ends_of_old_macs(file: Path) -> None:
    assert rows_of(file, "naam;x\ra;b\rc;d") == [(1, ("naam", "x")), (2, ("a", "b")), (3, ("c", "d"))]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('"De "Gouden" week";x', ('De "Gouden" week', "x")),
        ('"Debat" voor iedereen;"PO";x', ('"Debat" voor iedereen', "PO", "x")),
        ('scherm van 5";x', ('scherm van 5"', "x")),
        ('"a" ; "b;c";x', ("a", "b;c", "x")),
        ('"";"""zo""";x', ("", '"zo"', "x")),
        ('"a"b;x', ('"a"b', "x")),
    ],
)
def test_careless_quotes_stay_within_their_cell(file: Path, line: str, cells: tuple[str, ...]) -> None:
    assert cells_of(file, f"k;l;m\n1;2;3\n{line}\n4;5;6")[2] == cells


@pytest.mark.parametrize(
    "rest",
    ["", 'c;d\n"e";f\n', 'c;d\nx;"e";f\n', "c;d\n" * 60_000],
)
def test_a_quote_that_never_closes_is_told_with_its_line(file: Path, rest: str) -> None:
    with pytest.raises(Unreadable, match=r"rij 3 .*aanhalingsteken|Cel B3 .*aanhalingsteken"):
        rows_of(file, f'k;l;m\n1;2;3\na;"b;x\n{rest}')


def test_a_cell_that_is_too_long_is_named(file: Path) -> None:
    with pytest.raises(Unreadable, match=r"Cel C2 heeft meer dan 100\.000 tekens"):
        rows_of(file, f"k;l;m\n1;2;{'x' * 100_001}\n")
    assert len(rows_of(file, f"k;l;m\n1;2;{'x' * 100_000}\n")[1][1][2]) == 100_000


def test_too_many_columns_and_endless_lines_are_refused(file: Path) -> None:
    with pytest.raises(Unreadable, match="Rij 2 heeft meer dan 16384 kolommen"):
        rows_of(file, "a;b\n" + ";" * 20_000)
    with pytest.raises(Unreadable, match="Rij 1 is langer dan 5 miljoen tekens"):
        rows_of(file, "a" * 5_000_001)


@pytest.mark.parametrize("evil", ['"a; ', '"a;', '"" ;', ' "";', '"a" x;', '"a""b', '" ', "a\tb,", '"a ""b; '])
def test_a_hostile_line_takes_no_longer_than_its_length(file: Path, evil: str) -> None:
    began = perf_counter()
    with contextlib.suppress(Unreadable):
        rows_of(file, "a;b\n" + (evil * (60_000 // len(evil)) + "\n") * 3)
    assert perf_counter() - began < 2


def test_stray_zero_bytes_go(file: Path) -> None:
    assert cells_of(file, b"na\x00am;x\n\x00;\x00\na;b\x1a") == [("naam", "x"), ("a", "b")]


# Tricks


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('="0612345678"', "0612345678"),
        ('"=""06 12"""', "06 12"),
        ('"=HYPERLINK(""https://x.nl/a"";""Klik"")"', "https://x.nl/a"),
        ('"=hyperlink(""https://x.nl/a"",""Klik"")"', "https://x.nl/a"),
        ('=HYPERLINK("https://x.nl/a")', "https://x.nl/a"),
        ("'=1+1", "=1+1"),
        ("'+31 6", "+31 6"),
        ("''-x", "'-x"),
        ("'s ochtends", "'s ochtends"),
        ("=A1+B1", "=A1+B1"),
    ],
)
def test_what_was_done_for_excel_is_undone(file: Path, written: str, meant: str) -> None:
    assert cells_of(file, f"k;l\n{written};x\n")[1] == (meant, "x")


# All of it


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.text("ab\";,\t|\n\r='é", max_size=80).map(str.encode))
def test_any_bytes_give_rows_or_a_sentence(file: Path, content: bytes) -> None:
    try:
        rows = rows_of(file, content)
    except Unreadable as problem:
        assert str(problem).endswith(".")
    else:
        numbers = [number for number, _ in rows]
        assert numbers == sorted(set(numbers))
        assert all(cells and cells[-1] for _, cells in rows)


def test_a_big_file_is_never_in_memory_as_a_whole(file: Path) -> None:
    file.write_text("naam;één;x\n" + "Debat voor de klas;PO;Utrecht en omgeving\n" * 20_000, encoding="utf-8")
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_delimited(file, encoding_of(file))) == 20_001
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()
