"""The text of a cell: cleaned of what is around the words, and errors recognised."""

from time import perf_counter

from hypothesis import example, given
from hypothesis import strategies as st
import pytest

from bot.commons.tables.sheets import clean, is_error, too_long

MARKUP = "<p> </p> <br/> < > & ; amp; lt; &#60; &nbsp; <b a=1 <!-- --> <script> </script> Ã© â€œ é 👩 🏫 ' ="
PIECES = st.sampled_from([*MARKUP.split(" "), *"\x00\r\n \xa0\u200d\u200b\ud800"])


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("<p>Een <b>leuk</b>&nbsp;programma</p><p>Twee</p>", "Een leuk programma\n\nTwee"),
        ("<ul><li>debat</li><li>sport</li></ul>", "• debat\n• sport"),
        ('Meld je <a href="https://x.nl/?a=1&amp;b=2">hier</a> aan<br>of bel', "Meld je hier aan\nof bel"),
        ("voor<!-- Word: <b> --><style>p {color: red}</style>en na", "voor en na"),
        ("<o:p></o:p>uit Word", "uit Word"),
        ("R&amp;amp;D", "R&D"),
        ("&lt;b&gt;vet&lt;/b&gt;", "vet"),
        ("&eacute;&#233;n &#x2019;s", "één ’s"),
        ("cafÃ© â€œDe Zonâ€\x9d", "café “De Zon”"),
        ("geÃ¯nteresseerd", "geïnteresseerd"),
        (" veel   blanks\tja \n", "veel blanks ja"),
        ("a\r\n\r\n \r\n\r\nb\rc\u2028d", "a\n\nb\nc\nd"),
        ("zacht\u00adkoppel\u200bteken\ufeff", "zachtkoppelteken"),
        ("\x00nul\x07bel\ud800", "nulbel"),
        ("👩\u200d🏫 voor de klas", "👩\u200d🏫 voor de klas"),
    ],
)
def test_what_is_around_the_words_goes(sent: str, meant: str) -> None:
    assert clean(sent) == meant


@pytest.mark.parametrize(
    "text",
    [
        "5 < 6 > 3",
        "a<b",
        "als a<b and c>d dan",
        "vul <naam> in",
        "AT&T",
        "https://x.nl/?a=1&copy=2&lt=3",
        "<!-- nooit gesloten",
        "’s-Hertogenbosch – “één” … € 5",
        "<3 school",
    ],
)
def test_what_is_no_html_stays(text: str) -> None:
    assert clean(text) == text


@given(st.text() | st.lists(PIECES, max_size=15).map("".join))
@example("&amp;amp;amp;amp;amp;amp;amp;lt;b&gt;")
@example("<<<<<<<<b>b>b>b>b>b>b>b>")
def test_cleaning_twice_changes_nothing_and_leaves_what_a_file_can_hold(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert once == once.strip()
    assert "\n\n\n" not in once
    assert "  " not in once
    assert not set("\r\t\x00\xa0") & set(once)
    once.encode()


@pytest.mark.parametrize(
    "evil", ["<", "<b>", "<!--", "&amp;", "&#38;", "<p a='", "<style", "Ã©", " \n", "<p a=1", "&<b>"]
)
def test_a_hostile_cell_takes_no_longer_than_its_length(evil: str) -> None:
    text = evil * (100_000 // len(evil))
    began = perf_counter()
    clean(text + "b>" * 10_000)
    assert perf_counter() - began < 2


def test_errors_of_excel_are_known_in_english_and_dutch() -> None:
    assert all(
        map(is_error, ["#N/A", "#REF!", "#VERW!", "#N/B", "#deel/0!", " #NAAM? ", "#GETAL!", "#LEEG!", "Err:508"])
    )
    assert not any(map(is_error, ["", "#", "#1", "n/a", "#samen", "nvt", "Err: 1"]))


def test_a_cell_is_named_as_excel_does() -> None:
    names = [str(too_long(7, column)).split()[1] for column in (0, 25, 26, 701, 702)]
    assert names == ["A7", "Z7", "AA7", "ZZ7", "AAA7"]
