"""The words of vocabulary.yaml: what they mean, inflected and joined, and what is said of mistakes in the file."""

from pathlib import Path

import pytest

from bot.search.catalogue import Sector
from bot.search.index import themes_in
from bot.search.ranking import Search
from bot.search.vocabulary import Meaning, Vocabulary, VocabularyProblems, load_vocabulary

SMALL = """
sectors:
  PO: {name: basisonderwijs, words: [po, basisschool]}
grades:
  - {means: groep 8, words: [eindgroep]}
settings:
  weekend: [weekend, zondag]
cost:
  free: [gratis]
teacher_training: {who: [docenten], what: [training]}
volunteers: [vrijwilliger]
themes:
  debat: {name: debat, words: [debat, debatteren], near: [muziek]}
  muziek: {name: muziek, words: [muziek, orkest]}
  meisjes: {name: meisjes, words: [=meiden], aside: true}
filler: de een voor
not_a_search: {thanks: [dank je]}
compound_halves: wedstrijd school
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "vocabulary.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def change(path: Path, old: str, new: str) -> None:
    assert old in SMALL
    path.write_text(SMALL.replace(old, new), encoding="utf-8")


def problems(path: Path) -> list[str]:
    with pytest.raises(VocabularyProblems) as error:
        load_vocabulary(path)
    assert str(error.value) == "\n".join(error.value.problems)
    return error.value.problems


def line_of(text: str) -> int:
    return next(number for number, line in enumerate(SMALL.splitlines(), 1) if text in line)


# What words mean


def test_a_small_file_is_read_as_written(written: Path) -> None:
    vocabulary = load_vocabulary(written)
    assert vocabulary.sectors == {Sector.PO: "basisonderwijs"}
    assert vocabulary.themes["debat"].near == ("muziek",)
    assert vocabulary.themes["meisjes"].aside
    assert vocabulary.settings == ("weekend",)
    assert vocabulary.small_talk == {"dank je": "thanks"}
    assert vocabulary.filler == {"de", "een", "voor"}
    assert vocabulary.meanings("eindgroep") == (Meaning("grade", "groep 8"),)
    assert vocabulary.readings["groep 8"].groups == {8}


def test_one_word_may_mean_several_things(written: Path) -> None:
    change(written, "words: [muziek, orkest]", "words: [muziek, orkest, debat]")
    assert load_vocabulary(written).meanings("debat") == (Meaning("theme", "debat"), Meaning("theme", "muziek"))


@pytest.mark.parametrize(
    ("phrase", "theme"),
    [("debat", "debat"), ("debatten", "debat"), ("orkesten", "muziek"), ("meiden", "meisjes"), ("meid", "")],
)
def test_inflection_needs_no_line_and_an_equals_sign_forbids_it(written: Path, phrase: str, theme: str) -> None:
    assert [meaning.value for meaning in load_vocabulary(written).meanings(phrase)] == ([theme] if theme else [])


@pytest.mark.parametrize(
    ("word", "themes"),
    [
        ("debatwedstrijd", ["debat"]),
        ("schooldebat", ["debat"]),
        ("schoolorkest", ["muziek"]),
        ("schoolorkesten", ["muziek"]),
        ("muziekdebat", ["muziek", "debat"]),
        ("schoolwedstrijd", []),
        ("debatxyz", []),
        ("wedstrijd", []),
    ],
)
def test_a_compound_means_what_its_halves_mean(written: Path, word: str, themes: list[str]) -> None:
    assert sorted(meaning.value for meaning in load_vocabulary(written).compound(word)) == sorted(themes)


@pytest.mark.parametrize(
    ("word", "themes"),
    [
        ("debatclub", {"debat"}),
        ("geldgastles", {"geld", "gastles"}),
        ("techniekwedstrijden", {"techniek", "wedstrijd"}),
        ("muziekproject", {"muziek"}),
        ("burgerschapstraining", {"burgerschap"}),
    ],
)
def test_real_compounds_are_understood(vocabulary: Vocabulary, word: str, themes: set[str]) -> None:
    assert set(themes_in(word, vocabulary)) == themes


def test_every_word_of_a_theme_typed_alone_is_that_theme(search: Search) -> None:
    missed = {
        (theme.id, word)
        for theme in search.vocabulary.themes.values()
        for word in (theme.name, *theme.words)
        if theme.id not in search.understand(word.removeprefix("=")).themes
    }
    assert missed == set()


def test_every_word_of_a_sector_typed_alone_is_that_sector(search: Search) -> None:
    for sector, words in (
        (Sector.PO, "po basisschool basisonderwijs sbo kindcentrum"),
        (Sector.SO, "so"),
        (Sector.VO, "vo lyceum scholieren"),
        (Sector.VSO, "vso"),
        (Sector.MBO, "mbo roc mbo'ers"),
        (Sector.HO, "hbo wo universiteit pabo"),
    ):
        for word in words.split():
            assert search.understand(word).sectors == (sector,), word


def test_every_setting_is_understood_by_its_own_name(search: Search) -> None:
    for setting in search.vocabulary.settings:
        assert search.understand(setting).settings == (setting,)


# Mistakes


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ("  PO: {", "  BO: {", "PO: {", "there is no sector 'BO', only PO, SO, VO, VSO, MBO, HO"),
        ("near: [muziek]", "near: [musiek]", "  debat:", "'debat' names a theme 'musiek' that does not exist"),
        ("near: [muziek]", "part_of: [kunst]", "  debat:", "'debat' names a theme 'kunst' that does not exist"),
        ("means: groep 8", "means: groep 9", "means:", "'groep 9' is no grade: write it as 'groep 7-8'"),
        ("  muziek: {", "  debat: {", "  muziek:", "'debat' stands here for the second time"),
        ("themes:", "settings:", "themes:", "'settings' stands here for the second time"),
        ("words: [muziek, orkest]", "words: []", "  muziek:", "theme 'muziek' has no words"),
        ("words: [muziek, orkest]", "name: m", "  muziek:", "theme 'muziek' has no words"),
        ("words: [muziek, orkest]", "words: muziek", "  muziek:", "expected a list in [square brackets]"),
        ("words: [muziek, orkest]", "words: [[muziek]]", "  muziek:", "expected a word, found a list"),
        ("words: [muziek, orkest]", "words: [muziek, '!?']", "  muziek:", "'!?' holds no letter or number"),
        ("aside: true", "asides: true", "  meisjes:", "theme 'meisjes' has an unknown part 'asides'"),
        ("  free: [", "  cheap: [", "  free:", "cost knows only 'free', not 'cheap'"),
        ("  weekend: [weekend, zondag]", "  - weekend", "  weekend:", "setting should be a list of 'name: value'"),
        ("orkest]}", "orkest}", "orkest", "this is no YAML"),
    ],
)
def test_a_mistake_is_told_with_its_line(written: Path, old: str, new: str, at: str, said: str) -> None:
    change(written, old, new)
    found = problems(written)
    assert any(problem.startswith(f"vocabulary.yaml, line {line_of(at)}: {said}") for problem in found), found


@pytest.mark.parametrize(
    "part", ["sectors", "grades", "settings", "cost", "volunteers", "teacher_training", "themes", "not_a_search"]
)
def test_a_part_that_is_missing_is_named(written: Path, part: str) -> None:
    change(written, f"\n{part}:", f"\n{part}_:")
    assert f"vocabulary.yaml: the part '{part}:' is missing" in problems(written)


def test_all_mistakes_are_told_at_once(written: Path) -> None:
    text = SMALL.replace("  PO: {", "  BO: {").replace("near: [muziek]", "near: [musiek]").replace("groep 8", "klas 9")
    written.write_text(text, encoding="utf-8")
    found = problems(written)
    assert len(found) == 3
    assert [next(word for word in ("BO", "musiek", "klas 9") if word in line) for line in found]


def test_an_empty_file_lacks_every_part(written: Path) -> None:
    written.write_text("", encoding="utf-8")
    assert all("is missing" in problem for problem in problems(written))


# The vocabulary of the project


def test_relations_between_themes_are_no_circle(vocabulary: Vocabulary) -> None:
    for theme in vocabulary.themes.values():
        assert theme.id not in theme.part_of + theme.near
        for wider in theme.part_of:
            assert theme.id not in vocabulary.themes[wider].part_of


def test_names_that_people_read_are_unique(vocabulary: Vocabulary) -> None:
    names = [theme.name for theme in vocabulary.themes.values()]
    assert len(names) == len(set(names))
    assert set(vocabulary.sectors) == set(Sector)
