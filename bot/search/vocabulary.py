"""The words people use for sectors, grades, settings, cost and themes, read from `data/vocabulary.yaml`.

`meanings` answers what a phrase stands for, also inflected or as half of a compound. A mistake in the file is reported
with its line, all of them at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import yaml

from bot.commons.words import stem, tokens
from bot.search.catalogue import Sector
from bot.search.cells import Reading
from bot.search.grades import parse_grades

__all__ = ["Kind", "Meaning", "Theme", "Vocabulary", "VocabularyProblems", "load_vocabulary"]

Kind = str
"""What sort of thing a phrase means: "theme", "sector", "grade", "setting", "cost", "volunteers", or "half" (of a
compound)."""


REQUIRED = frozenset(
    ["sectors", "grades", "settings", "cost", "volunteers", "teacher_training", "themes", "filler", "not_a_search"]
)
PARTS = REQUIRED | {"compound_halves", "filler_phrases", "wants_to_help"}
SMALL_TALK = ("greeting", "thanks", "about", "elsewhere")


@dataclass(frozen=True, slots=True)
class Meaning:
    kind: Kind
    value: str


@dataclass(frozen=True, slots=True)
class Theme:
    id: str
    name: str
    words: tuple[str, ...]
    part_of: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    aside: bool = False
    """Whether it says in which shape or circumstances (a contest, a poor district) rather than about what."""


class VocabularyProblems(Exception):  # noqa: N818  # it carries all of them
    """Everything that is wrong with the file, one sentence each with file and line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Vocabulary:
    sectors: Mapping[Sector, str]
    """Sector to the name people read."""
    themes: Mapping[str, Theme]
    settings: tuple[str, ...]
    small_talk: Mapping[str, str]
    """Folded phrase to kind ("greeting", "thanks", "about", "elsewhere")."""
    filler: frozenset[str]
    teacher_training: tuple[frozenset[str], frozenset[str]]
    """Phrases for a team of teachers and for learning: one of each, wherever, means training for teachers."""
    wants_to_help: tuple[frozenset[str], frozenset[str]]
    """Phrases for people outside school and for helping: one of each means that somebody offers help."""
    phrases: Mapping[str, tuple[Meaning, ...]]
    """Folded phrase to meanings, as written in the file."""
    exact: frozenset[str] = frozenset()
    """Phrases that count only as written, never inflected."""
    readings: Mapping[str, Reading] = field(default_factory=dict)
    """Value of a "grade" meaning to what it says."""

    @cached_property
    def stems(self) -> Mapping[str, tuple[Meaning, ...]]:
        """The phrases by the stems of their words, for inflected forms."""
        found: dict[str, tuple[Meaning, ...]] = {}
        for phrase, meanings in self.phrases.items():
            if len(phrase) < 4 or phrase in self.exact:
                continue  # "ass" is an abbreviation, not what is left of "assen"
            key = " ".join(stem(word) for word in phrase.split(" "))
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), *meanings)))
        return found

    @cached_property
    def openings(self) -> Mapping[str, Mapping[str, tuple[int, ...]]]:
        """Stems of the first and the second word to how many words the phrases that begin so have, most first: no
        other stretch of a text needs looking up.
        """
        found: dict[str, dict[str, tuple[int, ...]]] = {}
        for first, second, *others in (phrase.split(" ") for phrase in self.phrases if " " in phrase):
            seconds = found.setdefault(stem(first), {})
            sizes = {*seconds.get(stem(second), ()), len(others) + 2}
            seconds[stem(second)] = tuple(sorted(sizes, reverse=True))
        return found

    @cached_property
    def longest(self) -> int:
        """Words in the longest phrase."""
        return max(phrase.count(" ") + 1 for phrase in (*self.phrases, *self.filler))

    @cached_property
    def words(self) -> frozenset[str]:
        """Every single word of every phrase: what a typing error may be repaired to, and what never is one."""
        return (
            frozenset(word for phrase in (*self.phrases, *self.small_talk) for word in phrase.split(" ")) | self.filler
        )

    def meanings(self, phrase: str) -> tuple[Meaning, ...]:
        """What a folded phrase means: exactly as written first, then inflected. Halves of compounds do not count."""
        found = self.phrases.get(phrase)
        if found is None and phrase not in self.filler:
            found = self.stems.get(" ".join(stem(word) for word in phrase.split(" ")))
        return tuple(meaning for meaning in found or () if meaning.kind != "half")

    def compound(self, word: str) -> tuple[Meaning, ...]:
        """What a compound means by its halves: debatwedstrijd is debat and wedstrijd, schoolorkest is muziek."""
        best: tuple[Meaning, ...] = ()
        best_known = 0
        for left, right in _halves(word):
            if not (first := self._half(left)) or not (second := self._half(right)):
                continue
            known = (len(left) if _means(first) else 0) + (len(right) if _means(second) else 0)
            if known > best_known:
                best, best_known = tuple(dict.fromkeys((*_means(first), *_means(second)))), known
        return best

    def read_word(self, word: str) -> tuple[Mapping[str, tuple[int, ...]], tuple[Meaning, ...]]:
        """Phrases that begin with this word, by their second (`openings`); what it means alone or by its halves."""
        meanings = self.meanings(word)
        if not meanings and len(word) > 6 and word not in self.filler:
            meanings = self.compound(word)
        return self.openings.get(stem(word), {}), meanings

    def _half(self, word: str) -> tuple[Meaning, ...]:
        return self.phrases.get(word) or self.stems.get(stem(word), ())


def _means(half: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    return tuple(meaning for meaning in half if meaning.kind in ("theme", "sector", "grade"))


def _halves(word: str) -> Iterator[tuple[str, str]]:
    """Ways to cut a word in two: with and without a linking s, e, en or n between the halves."""
    for cut in range(3, len(word) - 2):
        left, right = word[:cut], word[cut:]
        yield left, right
        for link in ("s", "e", "en", "n", "er"):
            if left.endswith(link) and len(left) - len(link) >= 4:
                yield left[: -len(link)], right


def _phrase(text: str) -> str:
    return " ".join(token.text for token in tokens(text))


def load_vocabulary(path: Path) -> Vocabulary:
    """The vocabulary of a file. Raises VocabularyProblems with every mistake and its line."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        cause = getattr(error, "problem", None) or str(error).partition("\n")[0]
        line = f", line {mark.line + 1}" if mark else ""
        raise VocabularyProblems([f"{path.name}{line}: this is no YAML: {cause}"]) from error
    return _Reader(path.name).read(root)


class _Reader:
    """Walks the parsed file and keeps every problem with its line, so that all can be mended in one go."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[str] = []
        self.phrases: dict[str, tuple[Meaning, ...]] = {}
        self.exact: set[str] = set()
        self.lines: dict[str, int] = {}

    def read(self, root: yaml.Node | None) -> Vocabulary:
        top = {key: node for key, _, node in self.mapping(root, "the file")}
        for unknown in top.keys() - PARTS:
            self.problems.append(f"{self.name}, line {top[unknown].start_mark.line + 1}: there is no part '{unknown}:'")
        for missing in REQUIRED - top.keys():
            self.problems.append(f"{self.name}: the part '{missing}:' is missing")
        sectors = self.sectors(top.get("sectors"))
        readings = self.grades(top.get("grades"))
        settings = tuple(self.groups(top.get("settings"), "setting"))
        for kind in self.groups(top.get("cost"), "cost"):
            if kind != "free":
                self.problems.append(f"{self.name}, line {self.lines[kind]}: cost knows only 'free', not '{kind}'")
        self.words(top.get("volunteers"), Meaning("volunteers", "yes"))
        themes = self.themes(top.get("themes"))
        for word in self.text(top.get("compound_halves")).split():
            self.add(word, Meaning("half", word))
        small_talk: dict[str, str] = {}
        for kind, line, node in self.mapping(top.get("not_a_search"), "not_a_search"):
            if kind not in SMALL_TALK:
                self.problems.append(f"{self.name}, line {line}: not_a_search knows only {', '.join(SMALL_TALK)}")
            small_talk.update((_phrase(text), kind) for text, _ in self.texts(node))
        filler = {part for word in self.text(top.get("filler")).split() for part in _phrase(word).split(" ")}
        filler.update(_phrase(text) for text, _ in self.texts(top.get("filler_phrases")))
        if self.problems:
            raise VocabularyProblems(self.problems)
        return Vocabulary(
            sectors,
            themes,
            settings,
            small_talk,
            frozenset(filler),
            self.pair(top.get("teacher_training"), "teacher_training"),
            self.pair(top.get("wants_to_help"), "wants_to_help"),
            self.phrases,
            frozenset(self.exact),
            readings,
        )

    def sectors(self, node: yaml.Node | None) -> dict[Sector, str]:
        names = {}
        for key, line, value in self.mapping(node, "sectors"):
            if key not in Sector.__members__:
                self.problems.append(f"{self.name}, line {line}: there is no sector '{key}', only {', '.join(Sector)}")
                continue
            parts = {name: part for name, _, part in self.mapping(value, key)}
            names[Sector(key)] = self.text(parts.get("name"))
            if not names[Sector(key)]:
                self.problems.append(f"{self.name}, line {line}: sector '{key}' has no name")
            self.words(parts.get("words"), Meaning("sector", key))
        return names

    def grades(self, node: yaml.Node | None) -> dict[str, Reading]:
        readings = {}
        if node is not None and not isinstance(node, yaml.SequenceNode):
            self.problems.append(
                f"{self.name}, line {node.start_mark.line + 1}: grades should be a list of '- {{means: …}}'"
            )
        for entry in node.value if isinstance(node, yaml.SequenceNode) else ():
            parts = {name: part for name, _, part in self.mapping(entry, "a grade")}
            means = self.text(parts.get("means"))
            try:
                readings[means] = parse_grades(means)[0]
            except ValueError as error:
                self.problems.append(f"{self.name}, line {entry.start_mark.line + 1}: {error}")
            self.words(parts.get("words"), Meaning("grade", means))
        return readings

    def groups(self, node: yaml.Node | None, kind: Kind) -> Iterator[str]:
        for key, line, value in self.mapping(node, kind):
            self.lines[key] = line
            self.words(value, Meaning(kind, key))
            yield key

    def themes(self, node: yaml.Node | None) -> dict[str, Theme]:
        themes, lines = {}, {}
        for key, line, value in self.mapping(node, "themes"):
            parts = {name: part for name, _, part in self.mapping(value, key)}
            for unknown in parts.keys() - {"name", "words", "part_of", "near", "aside"}:
                self.problems.append(f"{self.name}, line {line}: theme '{key}' has an unknown part '{unknown}'")
            words = tuple(text for text, _ in self.texts(parts.get("words")))
            if not words:
                self.problems.append(f"{self.name}, line {line}: theme '{key}' has no words")
            name = self.text(parts.get("name")) or key
            part_of = tuple(text for text, _ in self.texts(parts.get("part_of")))
            near = tuple(text for text, _ in self.texts(parts.get("near")))
            themes[key] = Theme(key, name, words, part_of, near, aside=self.text(parts.get("aside")) == "true")
            lines[key] = line
            self.words(parts.get("words"), Meaning("theme", key))
            self.add(name, Meaning("theme", key))
        for theme in themes.values():
            for other in (*theme.part_of, *theme.near):
                if other not in themes:
                    self.problems.append(
                        f"{self.name}, line {lines[theme.id]}: '{theme.id}' names a theme '{other}' that does not exist"
                    )
        return themes

    def words(self, node: yaml.Node | None, meaning: Meaning) -> None:
        for text, line in self.texts(node):
            if not self.add(text, meaning):
                self.problems.append(f"{self.name}, line {line}: '{text}' holds no letter or number")

    def add(self, text: str, meaning: Meaning) -> bool:
        phrase = _phrase(text)
        if phrase and text.startswith("="):
            self.exact.add(phrase)
        if phrase:
            self.phrases[phrase] = tuple(dict.fromkeys((*self.phrases.get(phrase, ()), meaning)))
        return bool(phrase)

    def mapping(self, node: yaml.Node | None, what: str) -> Iterator[tuple[str, int, yaml.Node]]:
        if node is None:
            return
        if not isinstance(node, yaml.MappingNode):
            self.problems.append(
                f"{self.name}, line {node.start_mark.line + 1}: {what} should be a list of 'name: value'"
            )
            return
        seen = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.problems.append(f"{self.name}, line {key.start_mark.line + 1}: a name can't be a list")
                continue
            if key.value in seen:
                self.problems.append(
                    f"{self.name}, line {key.start_mark.line + 1}: '{key.value}' stands here for the second time"
                )
            seen.add(key.value)
            yield str(key.value), key.start_mark.line + 1, value

    def pair(self, node: yaml.Node | None, what: str) -> tuple[frozenset[str], frozenset[str]]:
        """The phrases under "who:" and "what:"."""
        parts = {
            key: frozenset(_phrase(text) for text, _ in self.texts(part)) for key, _, part in self.mapping(node, what)
        }
        if node is not None and parts.keys() != {"who", "what"}:
            self.problems.append(f"{self.name}, line {node.start_mark.line + 1}: {what} needs 'who:' and 'what:'")
        return parts.get("who", frozenset()), parts.get("what", frozenset())

    def texts(self, node: yaml.Node | None) -> Iterator[tuple[str, int]]:
        if node is None:
            return
        if not isinstance(node, yaml.SequenceNode):
            self.problems.append(f"{self.name}, line {node.start_mark.line + 1}: expected a list in [square brackets]")
            return
        for entry in node.value:
            if isinstance(entry, yaml.ScalarNode):
                yield entry.value, entry.start_mark.line + 1
            else:
                self.problems.append(f"{self.name}, line {entry.start_mark.line + 1}: expected a word, found a list")

    def text(self, node: yaml.Node | None) -> str:
        if node is None or isinstance(node, yaml.ScalarNode):
            return node.value if node else ""
        self.problems.append(f"{self.name}, line {node.start_mark.line + 1}: expected text, found a list")
        return ""
