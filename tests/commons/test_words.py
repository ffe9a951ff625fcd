"""Words as people type them: folded, cut, brought to their stem, known or not."""

import gzip
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
import pytest

from bot.commons.words import WordList, fold, is_english, stem, tokens

DUTCH = Path(__file__).parents[2] / "data" / "dutch-words.txt.gz"


def texts(text: str) -> list[str]:
    return [token.text for token in tokens(text)]


# Folding


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Café", "cafe"),
        ("  Den   Haag ", "den haag"),
        ("Súdwest-Fryslân", "sudwest fryslan"),
        ("'s-Hertogenbosch", "s hertogenbosch"),
        ("’s‑Hertogenbosch", "s hertogenbosch"),
        ("a´dam", "adam"),
        ("OEKRAÏNE", "oekraine"),
        ("Ｄｅｂａｔ", "debat"),
        ("", ""),
    ],
)
def test_names_are_compared_without_case_accents_apostrophes_and_hyphens(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text(max_size=40))
def test_folding_leaves_single_blanks_and_no_capitals(text: str) -> None:
    folded = fold(text)
    assert "  " not in folded
    assert folded == folded.strip()
    assert folded == folded.lower()


# Tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("groep8", ["groep", "8"]),
        ("5vwo", ["5", "vwo"]),
        ("gr5/6", ["gr", "5", "6"]),
        ("vmbo-t", ["vmbo", "t"]),
        ("bb/kb", ["bb", "kb"]),
        ("po+vo", ["po", "vo"]),
        ("mbo'ers", ["mboers"]),
        ("coaching, (en) taal!", ["coaching", "en", "taal"]),
        ("één_twee", ["een", "twee"]),
        ("7-8", ["7", "8"]),
        ("🔥", []),
        ("", []),
    ],
)
def test_letters_and_digits_are_words_of_their_own_and_apostrophes_join(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_a_token_remembers_how_it_was_typed() -> None:
    first, second = tokens("Één best")
    assert (first.text, first.typed, first.capital) == ("een", "Één", True)
    assert not second.capital


@pytest.mark.parametrize("accent", ["\u00e9", "e\u0301"], ids=["one character", "letter and accent"])
def test_an_accent_is_the_same_however_it_is_stored(accent: str) -> None:
    assert texts(f"caf{accent}") == ["cafe"]


@given(st.text(max_size=40))
def test_any_text_can_be_cut(text: str) -> None:
    for token in tokens(text):
        assert token.typed
        assert " " not in token.text


# Stems


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("debat", "debatten"),
        ("ondernemer", "ondernemers"),
        ("leerling", "leerlingen"),
        ("training", "trainingen"),
        ("mentor", "mentoren"),
    ],
)
def test_inflected_forms_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"), [("begeleiding", "beleid"), ("burgerschap", "burrschap"), ("geld", "gelding"), ("taal", "tafel")]
)
def test_different_words_do_not(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize("word", ["po", "vo", "hr", "isk", "2026", "123456"])
def test_short_words_and_numbers_stay_whole(word: str) -> None:
    assert stem(word) == word


# Known words


@pytest.fixture(scope="module")
def dutch() -> WordList:
    return WordList(DUTCH)


@pytest.mark.parametrize("word", ["moestuin", "school", "fietsen", "zondag", "ouders"])
def test_real_words_are_known(dutch: WordList, word: str) -> None:
    assert word in dutch


@pytest.mark.parametrize("word", ["moestuim", "schol0", "sondag", "begelijding", "", "xyzzy", "\n", "a\nb"])
def test_what_is_no_word_is_not(dutch: WordList, word: str) -> None:
    assert word not in dutch


def test_the_list_is_read_when_first_asked(tmp_path: Path) -> None:
    words = WordList(tmp_path / "words.gz")
    (tmp_path / "words.gz").write_bytes(gzip.compress(b"aap\nnoot"))
    assert "noot" in words


WORDS = st.text("abcdé", min_size=1, max_size=4)


@given(known=st.sets(WORDS, max_size=12), asked=WORDS)
def test_a_word_is_known_just_when_it_is_in_the_list(
    tmp_path_factory: pytest.TempPathFactory, known: set[str], asked: str
) -> None:
    path = tmp_path_factory.mktemp("words") / "words.gz"
    path.write_bytes(gzip.compress("\n".join(sorted(known, key=str.encode)).encode(), 1))
    words = WordList(path)
    assert all(word in words for word in known)
    assert (asked in words) == (asked in known)


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Do you have mentoring for primary schools?", True),
        ("I'm looking for a debate", True),
        ("debate for secondary school", False),
        ("we willen do 10 dec iets, want like", False),
        ("Emma at Work", False),
        ("debat VO Utrecht", False),
    ],
)
def test_english_is_told_by_two_everyday_words(text: str, english: bool) -> None:
    assert is_english(text) == english
