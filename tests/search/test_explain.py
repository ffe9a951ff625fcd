"""The JSON of `skb-bot ask --json` as the issue promises it, and the explanation for who tunes."""

from collections.abc import Callable
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
import pytest

from bot.search.cells import TRACKS
from bot.search.explain import as_json, explain
from bot.search.ranking import Search

Asked = Callable[[str], dict[str, Any]]

UNDERSTOOD = {
    "themes": list,
    "sectors": list,
    "grades": list,
    "tracks": list,
    "place": str | None,
    "settings": list,
    "cost": str | None,
    "volunteers": bool,
    "provider": str | None,
    "offer": str | None,
    "words": list,
}
RESULT = {"id": str, "offer": str, "provider": str, "group": str, "score": float, "why": list}
OUTCOMES = {"found", "widened", "nothing", "ask_back", "not_a_search", "refused"}
GROUPS = ["in_place", "nationwide", "nearby", "related"]


def answered(search: Search, text: str) -> dict[str, Any]:
    """What a program reads: through JSON, as one line."""
    line = json.dumps(as_json(text, search, search.rank(search.understand(text)), "gezegd"), ensure_ascii=True)
    assert "\n" not in line
    result: dict[str, Any] = json.loads(line)
    return result


@pytest.fixture(scope="session")
def asked(search: Search) -> Asked:
    return lambda text: answered(search, text)


def keeps_the_contract(answer: dict[str, Any], search: Search) -> None:
    assert list(answer) == ["query", "outcome", "understood", "total", "results", "text"]
    understood, results = answer["understood"], answer["results"]
    assert dict.fromkeys(UNDERSTOOD, True) == {
        key: isinstance(value, UNDERSTOOD[key]) for key, value in understood.items()
    }
    for values in (understood[key] for key, kind in UNDERSTOOD.items() if kind is list):
        assert all(isinstance(value, str) and value for value in values)
        assert len(set(values)) == len(values)
    assert understood["place"] != ""
    assert understood["cost"] in {None, "free"}
    assert set(understood["sectors"]) <= {"PO", "SO", "VO", "VSO", "MBO", "HO"}
    assert set(understood["tracks"]) <= {*TRACKS, "hbo", "wo"}
    assert answer["outcome"] in OUTCOMES
    assert isinstance(answer["total"], int)
    assert len(results) <= 20
    for result in results:
        assert list(result) == list(RESULT)
        assert all(isinstance(result[key], kind) for key, kind in RESULT.items())
        assert search.catalogue.offer(result["id"])
        assert all(isinstance(reason, str) and reason for reason in result["why"])
    groups = [result["group"] for result in results]
    assert set(groups) <= set(GROUPS)
    assert groups == sorted(groups, key="related".__eq__)
    assert groups.count("related") <= 3
    assert len({result["id"] for result in results}) == len(results)
    shown = len(groups) - groups.count("related")
    assert shown == min(answer["total"], 20)
    if answer["outcome"] in {"nothing", "not_a_search", "refused"}:
        assert answer["total"] == shown == 0
    if answer["outcome"] in {"found", "widened"}:
        assert answer["total"] > 0
    if understood["place"] is None:
        assert set(groups) <= {"in_place", "related"}


# One answer


def test_a_found_answer(asked: Asked, search: Search) -> None:
    answer = asked("debat vmbo 3 Utrecht gratis weekend vrijwilligers")
    keeps_the_contract(answer, search)
    assert answer["query"] == "debat vmbo 3 Utrecht gratis weekend vrijwilligers"
    assert answer["text"] == "gezegd"
    assert answer["understood"] == {
        "themes": ["debat"],
        "sectors": ["VO"],
        "grades": ["vmbo klas 3"],
        "tracks": ["bb", "gltl", "kb"],
        "place": "Utrecht",
        "settings": ["weekend"],
        "cost": "free",
        "volunteers": True,
        "provider": None,
        "offer": None,
        "words": [],
    }


def test_nothing_understood_is_empty_not_absent(asked: Asked, search: Search) -> None:
    answer = asked("")
    keeps_the_contract(answer, search)
    assert answer["outcome"] == "not_a_search"
    assert not any(answer["understood"].values())


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("debat VO Utrecht", "found"),
        ("techniek weekend Leiden", "widened"),
        ("zwemles groep 3", "nothing"),
        ("debat Bergen", "ask_back"),
        ("bedankt", "not_a_search"),
        ("", "not_a_search"),
        ("Sanne uit groep 7 wordt gepest", "refused"),
    ],
)
def test_every_outcome_occurs_and_keeps_the_contract(asked: Asked, search: Search, text: str, outcome: str) -> None:
    answer = asked(text)
    assert answer["outcome"] == outcome
    keeps_the_contract(answer, search)


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("debat Bergen Limburg", "place", "Bergen (Limburg)"),
        ("debat Bergen", "place", "Bergen (Noord-Holland) of Bergen (Limburg)"),
        ("wat doet jinc", "provider", "JINC"),
        ("pop up stor", "offer", "Pop-Up Store"),
        ("bliksemstage", "offer", "Bliksemstage"),
        ("debat xkcdvbnm", "words", ["xkcdvbnm"]),
        ("gratis", "cost", "free"),
        ("debat", "cost", None),
        ("groep 7 en brugklas", "sectors", ["PO", "VO"]),
    ],
)
def test_what_was_understood_is_said(asked: Asked, text: str, key: str, value: object) -> None:
    assert asked(text)["understood"][key] == value


def test_no_more_than_twenty_results_but_all_are_counted(asked: Asked) -> None:
    answer = asked("gratis VO")
    assert answer["total"] > 20
    assert len(answer["results"]) == 20


def test_without_a_place_everything_is_in_place(asked: Asked) -> None:
    assert {result["group"] for result in asked("mentoring")["results"]} == {"in_place"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("debat Leiden", "in de plaats"),
        ("debat Roden", "komt in heel Nederland"),
        ("gratis debat", "gratis"),
        ("wat doet jinc", "van JINC"),
        ("pop up store", "je noemde de naam"),
        ("taal met vrijwilligers", "werkt met vrijwilligers"),
        ("debat", "gaat over debat"),
        ("projectweek techniek", "projectweek"),
    ],
)
def test_every_match_says_why(asked: Asked, text: str, reason: str) -> None:
    results = asked(text)["results"]
    assert reason in results[0]["why"]
    assert all(result["why"] for result in results)


def test_of_pupil_data_nothing_is_repeated_but_the_question(asked: Asked) -> None:
    answer = asked("Sanne uit groep 7 wordt gepest")
    assert not any(answer["understood"].values())
    assert answer["results"] == []


# Any question

CHARACTERS = st.characters()
WORDS = """debat muziek taal geld zwemles mentor huiswerk stage ondernemen VO PO mbo groep 7 8 vmbo havo 4 isk bovenbouw
    docenten team training Utrecht Bergen Best in Den Haag provincie Zeeland gratis weekend online vrijwilligers naast
    bliksemstage move jinc petje af skb trein hoi bedankt weer wifi xkcdvbnm debatt sondag een voor iets met en"""
DUTCH_LOOKING = st.lists(
    st.sampled_from(WORDS.split()) | st.text("aeionrstdlgkvzmbpuhwjc", min_size=2, max_size=10), max_size=10
).map(" ".join)


@given(DUTCH_LOOKING)
def test_word_soup_keeps_the_contract(search: Search, text: str) -> None:
    keeps_the_contract(answered(search, text), search)


@given(st.text(CHARACTERS, max_size=60))
def test_arbitrary_text_keeps_the_contract(search: Search, text: str) -> None:
    answer = answered(search, text)
    keeps_the_contract(answer, search)
    assert answer["query"] == text


# For who tunes


def test_the_explanation_shows_the_whole_reasoning(search: Search) -> None:
    said = explain("gratis debatt xkcdvbnm vmbo Utrecht", search)
    for expected in (
        "Question: gratis debatt xkcdvbnm vmbo Utrecht",
        "Repaired: debatt → debat",
        "Asked: debat",
        "Cost: free first, unknown after, paid left out",
        "Nowhere in the catalogue: xkcdvbnm",
        "Outcome: found",
        "NK vmbo Debattoernooi (gaat over debat",
        "Order: group",
    ):
        assert expected in said


def test_the_explanation_of_a_relaxed_question_says_what_was_relaxed(search: Search) -> None:
    assert "relaxed: setting" in explain("techniek weekend Leiden", search)


@pytest.mark.parametrize("text", ["", "bedankt", "zwemles", "debat Bergen", "Sanne uit groep 7 wordt gepest"])
def test_any_question_can_be_explained(search: Search, text: str) -> None:
    assert explain(text, search).startswith(f"Question: {text}\nKind: ")


@given(DUTCH_LOOKING | st.text(CHARACTERS, max_size=40))
def test_whatever_is_asked_can_be_explained(search: Search, text: str) -> None:
    assert "Outcome: " in explain(text, search)
