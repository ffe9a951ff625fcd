"""What is known and what is repaired: typing errors are forgiven only in words that nobody knows."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st
import pytest

from bot.search.lexicon import Lexicon
from bot.search.ranking import Search
from bot.search.spelling import SHORTEST_REPAIRED, sound


@pytest.fixture(scope="session")
def lexicon(search: Search) -> Lexicon:
    return search.lexicon


# Repairing


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("debatt", "debat"),
        ("onderwjis", "onderwijs"),
        ("burgershcap", "burgerschap"),
        ("solicitatie", "sollicitatie"),
        ("muziekk", "muziek"),
        ("huiswerkbegelijding", "huiswerkbegeleiding"),
        ("vrijwiligers", "vrijwilligers"),
        ("zwole", "zwolle"),
        ("rotterdm", "rotterdam"),
        ("tilbrug", "tilburg"),
        ("nijmgen", "nijmegen"),
    ],
)
def test_typing_errors_are_repaired(lexicon: Lexicon, typed: str, meant: str) -> None:
    assert not lexicon.knows(typed)
    assert lexicon.repair(typed) == meant


@pytest.mark.parametrize(("typed", "meant"), [("sondag", "zondag"), ("begelijding", "begeleiding")])
def test_what_sounds_alike_is_the_same_word(lexicon: Lexicon, typed: str, meant: str) -> None:
    assert lexicon.repair(typed) == meant


@pytest.mark.parametrize(
    ("one", "other"), [("zondag", "sondag"), ("begeleiding", "begelijding"), ("theater", "teater"), ("schip", "sgip")]
)
def test_what_is_said_alike_sounds_alike(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@pytest.mark.parametrize(("one", "other"), [("taal", "toel"), ("muziek", "museum"), ("geld", "geel")])
def test_what_is_not_does_not(one: str, other: str) -> None:
    assert sound(one) != sound(other)


@pytest.mark.parametrize("word", ["vo", "po", "hr", "dans", "pro", "so", "isk", "mbo", "xyz", "vmo", "dant", "debt"])
def test_short_words_are_never_repaired(lexicon: Lexicon, word: str) -> None:
    assert lexicon.knows(word)


@pytest.mark.parametrize(
    "word",
    ["moestuin", "zwemles", "fietsen", "rijbewijs", "vriendin", "schoenen", "kanker", "debet", "taart", "maatje"],
)
def test_real_words_are_never_repaired(lexicon: Lexicon, word: str) -> None:
    assert lexicon.knows(word)


@pytest.mark.parametrize("word", ["debat", "utrecht", "overvecht", "jinc", "imc", "bliksemstage", "voorleesexpress"])
def test_what_stands_in_a_list_is_known(lexicon: Lexicon, word: str) -> None:
    assert lexicon.knows(word)


@pytest.mark.parametrize("word", ["asdfghj", "xkcdvbnm", "qwertyuiop", "zzzzzzzz"])
def test_gibberish_stays_what_it_is(lexicon: Lexicon, word: str) -> None:
    assert lexicon.repair(word) == word


def _one_error(word: str) -> Iterator[str]:
    for at in range(1, len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[:at] + word[at] + word[at:]
        yield word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


@pytest.mark.parametrize(
    "word", ["solliciteren", "ondernemen", "huiswerkbegeleiding", "weekendschool", "discriminatie", "burgerschap"]
)
def test_any_single_slip_in_a_long_word_is_forgiven(search: Search, word: str) -> None:
    meant = search.understand(word)
    for typed in _one_error(word):
        read = search.understand(typed)
        assert (read.wants, read.settings) == (meant.wants, meant.settings), typed


@given(st.text("abcdeghiklmnoprstuvwz", min_size=1, max_size=14))
def test_a_repair_is_a_word_that_exists_and_close_to_what_was_typed(search: Search, word: str) -> None:
    lexicon = search.lexicon
    meant = lexicon.repair(word)
    if meant != word:
        assert all(lexicon.is_exact(part) or lexicon.knows(part) for part in meant.split())
        assert abs(len(meant.replace(" ", "")) - len(word)) <= max(2, len(word) // 2)
    if len(word) < SHORTEST_REPAIRED:
        assert lexicon.knows(word)


def test_exact_beats_repaired(search: Search) -> None:
    """Many places differ in one letter: whoever names one exactly gets that one."""
    for name in ("Eelde", "Leiden", "Haarle", "Haarlem", "Roden", "Rheden", "Epe", "Ede"):
        assert search.understand(f"debat in {name}").repairs == ()


# Names joined or split


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("denhaag", "den haag"), ("popupstore", "pop up store"), ("playingforsuccess", "playing for success")],
)
def test_names_may_be_written_as_one_word(lexicon: Lexicon, typed: str, meant: str) -> None:
    assert lexicon.joined(typed) == meant


@pytest.mark.parametrize("word", ["debat", "school", "denken", "x", "", "taal"])
def test_a_word_of_its_own_is_no_joined_name(lexicon: Lexicon, word: str) -> None:
    assert lexicon.joined(word) == ""


def test_a_long_name_is_found_although_its_words_exist(lexicon: Lexicon) -> None:
    assert lexicon.whole(["playing", "for", "succes"], strange=False) == "playing for success"
    assert lexicon.whole(["move", "je"], strange=False) == ""


# Names of providers and offers


@pytest.mark.parametrize(
    ("said", "provider"),
    [
        ("ndi", "Stichting Nederlands Debat Instituut"),
        ("nederlands debat instituut", "Stichting Nederlands Debat Instituut"),
        ("debatinstituut", "Stichting Nederlands Debat Instituut"),
        ("imc", "IMC Weekendschool"),
        ("cos", "Champs on Stage"),
        ("move", "Stichting Move"),
        ("stichting move", "Stichting Move"),
        ("petje af", "Stichting Petje af"),
        ("jinc", "JINC"),
        ("skc", "SKC (Stichting voor Kennis en sociale Cohesie)"),
        ("schoolschrijver", "De Schoolschrijver"),
        ("schools cool", "School's cool Nederland"),
        ("skb zelf", "SKB (gezamenlijk aanbod)"),
    ],
)
def test_providers_are_known_by_name_alias_and_initials(lexicon: Lexicon, said: str, provider: str) -> None:
    assert provider in [name.value for name in lexicon.names(said) if name.kind == "provider"]


@pytest.mark.parametrize("said", ["skb", "de", "taal", "debat", "school", "stichting"])
def test_ordinary_words_name_nobody(lexicon: Lexicon, said: str) -> None:
    assert lexicon.names(said) == ()


def test_an_offer_named_like_the_thing_leaves_room_for_others(lexicon: Lexicon) -> None:
    ordinary = [offer.value for offer in lexicon.names("sollicitatietraining")]
    proper = [offer.value for offer in lexicon.names("girls day")]
    assert all(lexicon.is_ordinary(offer) for offer in ordinary)
    assert not any(lexicon.is_ordinary(offer) for offer in proper)
    assert [lexicon.title(offer) for offer in proper] == ["Girls' Day"]
