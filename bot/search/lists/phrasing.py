"""For whom something is, from text to separate statements: "havo 4 en vwo 5" is two, "bovenbouw havo en vwo" is one.

The text is cut where something separates (`_stretches`), each stretch is read as questions are (grades.py), and what
belongs together is put together (joining.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
import re
from typing import NamedTuple
import unicodedata

from bot.commons.words import fold, stem
from bot.search.catalogue import Sector
from bot.search.cells import Reading
from bot.search.grades import Item, read_at
from bot.search.lists.joining import Statement, put_together
from bot.search.lists.values import Knowledge, words_in
from bot.search.vocabulary import Meaning, Vocabulary

__all__ = ["Said", "read_audience"]

STAFF = words_in(
    "docent docenten leraar leraren lerares leerkracht leerkrachten onderwijzer onderwijzers vakdocent vakdocenten"
    " vakleerkracht vakleerkrachten onderwijspersoneel schoolteam schoolteams docententeam docententeams lerarenteam"
    " lerarenteams mentor mentoren teamleider teamleiders schoolleider schoolleiders schooldirecteuren"
    " onderwijsprofessional onderwijsprofessionals juf juffen meester meesters teacher teachers"
    "|intern begeleiders|intern begeleider|onderwijsondersteunend personeel"
)
EVERYONE = words_in("alle iedereen allemaal alles elke elk ieder iedere hele gehele all divers diverse verschillende")
"""Words that leave open who is meant."""
NOT = words_in("niet geen behalve uitgezonderd muv exclusief excl ongeschikt not except")
WITHOUT = words_in("zonder without")
SINCE = words_in("vanaf va")
HEDGES = words_in(
    "vooral mn name oa onder meer andere ca circa ongeveer voornamelijk hoofdzakelijk eventueel evt ook mits bij"
    " voorkeur bijv bijvoorbeeld primair eerste alleen uitsluitend enkel maximaal max minimaal min mogelijk overleg"
    " inclusief incl rond rondom regulier reguliere gewone"
)
"""Words that say more than the classes beside them, and that nobody needs to mend."""
FILLER = words_in(
    "leerling leerlingen kind kinderen jongere jongeren jeugd student studenten deelnemer deelnemers pupils students"
    " children van voor de het een in uit op aan met te tot tm en of and or for from leeftijd leeftijden leeftijdsgroep"
    " jaar jaren jr jarigen oud ouder jong groep groepen gr klas klassen kl leerjaar leerjaren lj niveau niveaus niv"
    " school scholen schooltype schooltypes onderwijs onderwijsniveau onderwijssoort sector sectoren doelgroep"
    " doelgroepen afdeling afdelingen opleiding opleidingen leerweg richting stroom aanbod programma programmas lessen"
    " blad geschikt bedoeld gericht inzetbaar beschikbaar zijn is die dat zitten zit tussen vanaf va t m e"
)

_KINDS = {
    word: kind
    for kind, words in (
        ("filler", FILLER),
        ("hedge", HEDGES),
        ("everyone", EVERYONE),
        ("since", SINCE),
        ("without", WITHOUT),
        ("not", NOT),
    )
    for word in words
}

_AND = r"\s*(?:[/,&+]|en)\s*"
_PUPILS = "(?:jongeren|kinderen|jeugd|leeftijd|leerlingen)"
_PRIMARY = "po|basisonderwijs|basisschool|bao|sbo"
_UNTIL = "(?:[-–]|tm|tot|en)"
_TIDY: tuple[tuple[tuple[str, ...], re.Pattern[str], str], ...] = tuple(
    (tuple(signs.split("|")), re.compile(pattern, re.IGNORECASE), instead)
    for signs, pattern, instead in (
        (".", r"\b(gr|grp|lj|kl|niv|incl|evt|bijv|max|min|ca)\.", r"\1 "),
        ("t/|t /|tot", r"\bt\s?/\s?m\b|\btot\s+en\s+met\b", " tm "),
        (")", r"\(v\)\s*so\b|\(voortgezet\)\s+speciaal\s+onderwijs\b", " SO, VSO "),
        (")", r"\bv\(s\)o\b", " VO, VSO "),
        (")", r"\bs\(b\)o\b|\bspeciaal\s+\(basis\)\s*onderwijs\b", " SO, SBO "),
        ("kader van", r"\bin het kader van\b", " "),
        ("primair", r"\bprimair(?=\s*(?:$|[,;/&+\n]|(?:en|of)\s))", "PO"),
        ("voortgezet", r"\bvoortgezet(?=\s*(?:$|[,;/&+\n]|(?:en|of)\s))", "VO"),
        ("hoger", r"\bhoger(?=\s*(?:$|[,;/&+\n]))", "HO"),
        ("basis", r"\bbasis-?(?=\s+(?:en|of)\s+(?:voortgezet|middelbaar|speciaal))", "PO"),
        ("/|+", r"\bg\s?[/+]\s?t\b", "gt"),
        ("/|+", r"\bb\s?[/+]\s?k\b", "bk"),
        ("gt", r"\bgt\b", "gl tl"),
        ("bouw", r"\b(onder|midden|boven)bouw(?=[a-z])", r"\1bouw "),
        ("bouw", rf"\b((?:onder|boven)bouw)\s+\(?(po|vo){_AND}(po|vo)\b(?!\s+(?:onder|boven)bouw)", r"\1 \2 en \1 \3"),
        ("1", rf"\b({_PUPILS}\W+(?:(?:van|tussen)\s+)?\d{{1,2}}\s*{_UNTIL}\s*1\d)\b(?!\s*(?:j|-))", r"\1 jaar"),
        # "1e, 2e en 3e klas" is "1, 2 en 3e klas": the reader of grades wants its numbers together.
        ("1|2|3|4|5", r"\b(\d)\s?(?:e|de|ste)(?=\s*(?:,|/|-|\ben\b|\bof\b|\btm\b)\s*\d\s?(?:e|de|ste)\b)", r"\1"),
        ("jaar ", r"(?<!\d)(?<!\d\s)\bjaar(?=\s+\d)", "leerjaar"),
        ("+|hoger", r"\b(groep|gr|klas|leerjaar)\s*(\d)(?:\+(?=\s*(?:$|[),;]))|\s+en hoger\b)", r"vanaf \1 \2"),
        ("+|ouder", r"\b(\d{1,2})(?:\+(?=\s*(?:$|[),;]|j))|\s+jaar (?:en|of) ouder\b)(?:\s*(?:jaar|jr)\b)?",
         r"vanaf \1 jaar"),
        # "groep 5-8, 8-12 jaar": the ages are no further groups.
        (" j", r"((?:groep|gr|klas|leerjaar)\D{0,3}\d[\d\s/-]*),\s*(?=\d+[\s\d-]{0,9}j)", r"\1 en ook "),
        # "PO 7-8": numbers behind primary school are groups, unless they are ages.
        ("po|ba|sbo", rf"\b({_PRIMARY})([\s:(-]+)(?=[1-8]\b(?!(?:\s*(?:/|{_UNTIL})\s*\d+)?\s*j))", r"\1\2groep "),
    )
)  # fmt: skip
"""What people write, made easier to read; in this order. First what the text must have for that: looking costs less."""
_ORDINAL = {name: number for number, name in enumerate(("eerste", "tweede", "derde", "vierde", "vijfde", "zesde"), 1)}
_ORDINALS = "|".join(_ORDINAL)
_AS_WORD = re.compile(
    rf"\b({_ORDINALS})(?=-?jaars|\s*(?:,|/|\ben\b|\bof\b|\btm\b)\s*(?:{_ORDINALS}|\d)|\s+(?:klas|leerjaar|jaar\b))",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_ENDS = re.compile(r"[.!?]\s|[;\n]")
_ADDS = re.compile(r"[,/+&|•·●▪]")
_GOES_ON = re.compile(r"[:()\[\].!?]")
_SPACED_DASH = re.compile(r"\s[-–—]+\s|[–—]")
_PARTS = re.compile(r"[,;:.!?+&|•\n]|\s[-–—]+\s")
"""What no phrase goes across."""
_PLUS = words_in("en of and or alsook alsmede")
_TO = words_in("tm tot")
_LINKS = _PLUS | _TO
_UNITS = words_in("groep klas leerjaar niveau")
_VMBO_LEVELS = {
    **dict.fromkeys(("basis", "b"), "bb"),
    **dict.fromkeys(("kader", "k"), "kb"),
    **dict.fromkeys(("gemengd", "gemengde", "theoretisch", "theoretische", "g", "t"), "gltl"),
}
"""Levels of the vmbo by words that mean something else elsewhere: only near one of these."""
_BESIDE_LEVELS = words_in("vmbo kader kb bk kaderberoeps kaderberoepsgerichte tl gl leerweg leerwegen")


@dataclass(slots=True)
class Said:
    """What a text says about for whom something is, and what else it says."""

    statements: list[Statement] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    """Words that mean something else, as typed."""
    hedged: bool = False
    """Whether it says "especially", "if possible" and the like."""
    denied: bool = False
    """Whether it says for whom it is not."""
    everyone: bool = False


class _Word(NamedTuple):
    item: Item
    typed: str
    glue: str | None
    """How it hangs together with the word before it, as in `Statement`; None: it is read as one with that."""


def read_audience(text: str, knowledge: Knowledge) -> Said:
    """Everything a text says about for whom something is."""
    said = Said()
    skipping = False
    for stretch in _stretches(_tidied(text), knowledge):
        skipping = skipping and stretch[0].glue != "stop"
        if not skipping:
            skipping = _read(stretch, said)
    said.statements = put_together(said.statements)
    return said


def _read(stretch: Sequence[_Word], said: Said) -> bool:
    """Adds what a stretch says; whether what follows, to the end of the sentence, is about somebody else."""
    items = [word.item for word in stretch]
    glue, since = stretch[0].glue or "", False
    reading = Reading()
    at = 0
    while at < len(items):
        item = items[at]
        end = read_at(items, at, reading)
        if end <= at:
            end = at + 1
        if reading or item.sector:
            sectors = tuple(dict.fromkeys([one.sector for one in items[at:end] if one.sector]))
            said.statements.append(Statement(reading, sectors, glue, since=since))
            glue, since, reading = "", False, Reading()
        elif (kind := _KINDS.get(item.word)) == "not":
            said.denied = True
            return True
        elif kind == "without":
            said.unread += [word.typed for word in stretch[at:]]
            return False
        elif kind == "since":
            since = True
        elif kind == "everyone":
            said.everyone = True
        elif kind == "hedge":
            said.hedged = True
        elif kind is None:
            said.unread.append(stretch[at].typed)
            glue = glue or "and"  # what stands around other words does not belong together
        at = end
    return False


def _tidied(text: str) -> str:
    text = _DOTTED.sub(lambda match: match[0].replace(".", ""), unicodedata.normalize("NFC", text))
    if "de" in (lower := text.lower()) or "eerste" in lower:
        text = _AS_WORD.sub(lambda match: f"{_ORDINAL[match[1].lower()]}e ", text)
        lower = text.lower()
    for signs, pattern, instead in _TIDY:
        if any(sign in lower for sign in signs):
            text = pattern.sub(instead, text)
            lower = text.lower()
    return text


def _stretches(text: str, knowledge: Knowledge) -> Iterator[Sequence[_Word]]:
    """The text cut where something separates; a stretch says by its first word how it goes on from the one before."""
    stretch: list[_Word] = []
    for word in _words(text, knowledge):
        if word.glue is not None and stretch:
            yield from _by_tracks(stretch)
            stretch = []
        stretch.append(word)
    if stretch:
        yield from _by_tracks(stretch)


def _by_tracks(stretch: list[_Word]) -> Iterator[Sequence[_Word]]:
    """Cuts "havo 4 vwo 5" before vwo: where the first track has its years behind it, the next has too."""
    first, last = stretch[0].item, stretch[-1].item
    start = 0
    if first.grade and first.grade.tracks and last.word.isdigit():
        for at in range(1, len(stretch)):
            grade = stretch[at].item.grade
            if grade and grade.tracks and stretch[at - 1].item.word.isdigit():
                yield stretch[start:at]
                start = at
                stretch[at] = stretch[at]._replace(glue="and")
    yield stretch[start:]


def _words(text: str, knowledge: Knowledge) -> Iterator[_Word]:
    """The words of a text, phrases of the vocabulary as one; what only connects is left out, but between numbers."""
    found = [match for match in _TOKEN.finditer(text) if _folded(match[0])]
    words = [_folded(match[0]) for match in found]
    gaps = [text[one.end() : other.start()] for one, other in pairwise(found)]
    glue: str | None = ""
    link, previous, at = "", "", 0
    while at < len(words):
        if at and gaps[at - 1] != " ":
            glue = _stronger(glue, _glue(gaps[at - 1]))
        item, size = _item(words, gaps, at, knowledge)
        if item.word in _LINKS:
            link = "tm" if item.word in _TO else link or "en"
            at += 1
            continue
        if previous.isdigit() and item.word.isdigit() and glue in (None, "dash", "comma", "and"):
            # "7, 8 en 9" and "7 t/m 9" stay one row of numbers, "7/8" and "7-8" are one already.
            if link or "," in gaps[at - 1] or "+" in gaps[at - 1] or "&" in gaps[at - 1]:
                yield _Word(Item(link or "en"), "", None)
            glue = None
        elif link:
            glue = _stronger(glue, "to" if link == "tm" else "and")
        elif glue is None and item.word in _UNITS and previous.isdigit() and gaps[at - 1].strip() in ("-", "–"):
            glue = "dash"
        yield _Word(item, text[found[at].start() : found[at + size - 1].end()], glue)
        glue, link, previous = None, "", item.word
        at += size


def _item(words: Sequence[str], gaps: Sequence[str], at: int, knowledge: Knowledge) -> tuple[Item, int]:
    """The longest stretch from here that means a sector, a grade or teachers, and how many words it has."""
    word = words[at]
    longer = _opens(word, knowledge) if at + 1 < len(words) else None
    for size in longer.get(stem(words[at + 1]), ()) if longer else ():
        if at + size <= len(words) and not any(_PARTS.search(gap) for gap in gaps[at : at + size - 1]):
            item = _meant(" ".join(words[at : at + size]), knowledge)
            if item.grade or item.sector:
                return item, size
    if level := _VMBO_LEVELS.get(word):
        around = words[max(0, at - 4) : at] if len(word) == 1 else words[max(0, at - 3) : at + 4]
        if not _BESIDE_LEVELS.isdisjoint(around):
            return Item("", grade=Reading(tracks={level})), 1
    return _meant(word, knowledge), 1


@lru_cache(maxsize=1 << 15)
def _opens(word: str, knowledge: Knowledge) -> Mapping[str, tuple[int, ...]]:
    """Stem of the second word to how many words the phrases have that begin so, most first."""
    staff = {stem(phrase.split(" ")[1]): (2,) for phrase in STAFF if phrase.startswith(f"{word} ")}
    return staff or knowledge.vocabulary.openings.get(stem(word), {})


@lru_cache(maxsize=1 << 15)
def _meant(phrase: str, knowledge: Knowledge) -> Item:
    """A phrase as what it means of sectors, grades or teachers; just the word when that is nothing."""
    if phrase in STAFF:
        return Item("", grade=Reading(staff=True))
    vocabulary = knowledge.vocabulary
    single = " " not in phrase
    meanings = vocabulary.meanings(phrase)
    if single and not meanings and len(phrase) > 6 and phrase not in vocabulary.filler:
        meanings = vocabulary.compound(phrase)
    grade = _grade(meanings, vocabulary)
    sector = next((Sector(one.value) for one in meanings if one.kind == "sector"), None)
    if sector and not grade and not single:  # "wo studenten" is narrower than its sector
        grade = _grade(vocabulary.meanings(phrase.partition(" ")[0]), vocabulary)
    return Item("" if grade or (sector and not single) else phrase, grade=grade, sector=sector)


def _grade(meanings: Sequence[Meaning], vocabulary: Vocabulary) -> Reading | None:
    return next((vocabulary.readings[one.value] for one in meanings if one.kind == "grade"), None)


@lru_cache(maxsize=1 << 15)
def _folded(word: str) -> str:
    return fold(word)


def _glue(gap: str) -> str | None:
    if _ENDS.search(gap):
        return "stop"
    if _ADDS.search(gap):
        return "comma" if gap.strip() == "," else "and"
    if _SPACED_DASH.search(gap):
        return "dash"
    return "" if _GOES_ON.search(gap) else None


_STRENGTH = (None, "", "dash", "comma", "and", "to", "stop")


def _stronger(one: str | None, other: str | None) -> str | None:
    return max(one, other, key=_STRENGTH.index)
