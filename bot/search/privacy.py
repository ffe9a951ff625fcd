"""Whether a text looks like data about a pupil. Such a text is neither searched, nor kept, nor logged.

Two ways to be recognised, each enough:
1. something that leads to one person by itself: a phone number, a mail address, a citizen or bank number, a birthday;
2. a person's name *and* something that makes it a pupil's: a class, an age, family, a problem. A problem alone is a
   theme to search ("meisje in groep 7 zit niet lekker in haar vel"); a name alone may be a school's or a colleague's.

A postcode is a place to search in; only beside a name it counts as "something that makes it a pupil's".
"""

from collections.abc import Callable, Iterator
from pathlib import Path
import re

from bot.commons.words import fold

__all__ = ["load_first_names", "looks_like_pupil_data", "without_personal_words"]

IDENTIFYING = re.compile(
    r"""
    [\w.+-]+@[\w-]+(?:\.[\w-]+)+                                            # mail address
    | (?<![\d+])(?:\+|00)\d{1,3}(?:[\s\-./()]{0,2}\d){7,11}(?!\d)           # +31 6 12345678, 0031612345678
    | (?<!\d)0(?!0)(?:[\s\-./()]{0,2}\d){9}(?!\d)                           # 06 12345678, 030-1234567
    | (?<!\d)06[\s\-./]{0,2}\d(?:[\s\-./]{0,2}\d){6}(?!\d)                  # a mobile number with one digit forgotten
    | (?<![\d.,])(?:\d{9}|\d{4}[.\s]\d{2}[.\s]\d{3}|\d{3}[\s-]\d{3}[\s-]\d{3})(?![\d.,]?\d)  # citizen number (BSN)
    | \b(?:bsn|leerling\s?nummer|student\s?nummer|burgerservicenummer)\W{0,3}\d{4,}
    | \b[a-z]{2}\d{2}\s?[a-z]{4}(?:\s?\d){10}\b                             # bank account (IBAN)
    | \b(?:geboren|geb|geboortedatum)\b\W{0,3}(?:op\s)?(?:\d{1,2}[\s./-]|(?:19|20)\d\d\b)
    """,
    re.IGNORECASE | re.VERBOSE,
)
FULL_DATE = re.compile(r"(?<!\d)\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?((?:19|20)\d\d)(?!\d)")
BORN_AFTER, BORN_BEFORE = 1990, 2024
"""Years in which somebody at school can be born; a date outside them is an event's ("workshop 12-01-2027")."""

CLASS = re.compile(
    r"\b(groep\s?[1-8]\b|gr\.?\s?[1-8]\b|klas\b|brugklas\w*|leerlinge?\b"
    r"|[1-6]\s?(e\s(klas|jaars?)|[a-h]\b)|[1-6]\s?(havo|vwo|vmbo|mavo|gym\w*)"
    r"|(havo|vwo|vmbo|mavo|[hva])\s?[1-6]([a-z]\b|\b)|\d{4}\s?[a-z]{2}\b|\d{1,2}\s?(jaar|jr)\b|\(\d{1,2}\))",
    re.IGNORECASE,
)
SPECIFIC_CLASS = re.compile(r"\b([1-6]\s?[a-h]|[hv][1-6][a-z]|groep\s?[1-8]\s?[a-h])\b", re.IGNORECASE)
FAMILY = re.compile(
    r"\b(thuis|moeder|vader|ouders|broer(tje)?|zus(je)?|oma|opa|gezin|stiefvader|stiefmoeder|pleeggezin|pleegouders|voogd"
    r"|zoon(tje)?|dochter(tje)?|neef(je)?|nicht(je)?|meisje|jongen|jongetje|kind|hij|hem|haar|zij)\b",
    re.IGNORECASE,
)
PROBLEM = re.compile(
    r"\b(ge?pest\w*|pest\b|ruzie\w*|huilt?|huilen|mishandel\w*|misbruik\w*|adhd|add|autis\w*|dyslec\w*|dyscalcul\w*"
    r"|verzuim\w*|spijbel\w*|depressie\w*|depri|su[iï]c\w*|zelfmoord|gescheiden|scheiding|politie|jeugdzorg"
    r"|veilig thuis|agressie\w*|boos|bang|eenzaam|problemen|probleem|blowt?|blowen|drugs|zwanger|steelt|gestolen"
    r"|schulden|overleden|ziek|slaat|geslagen|vecht\w*|bedreig\w*|achterstand|blijft zitten|kan niet|wil niet"
    r"|durft niet|gaat slecht|geschorst|diagnose|indicatie|medicatie|ritalin)",
    re.IGNORECASE,
)
NAMED_BEFORE = re.compile(r"\b(voor|leerlinge?|student|heet|genaamd|namelijk|naam)\W+$", re.IGNORECASE)
NAMED_AFTER = re.compile(
    r"^\W*(uit|zit in|zit op|zit thuis|komt uit|wordt|heeft|huilt|spijbelt|durft|wil niet|kan niet|\()\b", re.IGNORECASE
)

# Before a name these say that it is a colleague's, or an organisation's.
ADULTS = frozenset(
    {"juf", "meester", "meneer", "mevrouw", "mevr", "dhr", "mw", "drs", "ik", "groet", "groeten", "groetjes", "mvg",
     "collega", "docent", "docente", "directeur"}
)  # fmt: skip
ORGANISATIONS = frozenset(
    {"school", "basisschool", "obs", "cbs", "rkbs", "kbs", "pcbs", "ods", "ikc", "kindcentrum", "college", "lyceum",
     "scholengemeenschap", "stichting", "huis", "museum", "festival", "foundation", "instituut", "academie",
     "vereniging", "club", "bibliotheek", "theater", "programma", "project", "training", "cursus", "workshop", "les",
     "methode", "lesbrief", "sint", "st", "pabo", "roc", "universiteit", "hogeschool", "wijk", "buurt", "straat",
     "park", "plein", "dag", "week"}
)  # fmt: skip
FAMOUS = frozenset(
    fold(name)
    for name in (
        *("Anne Frank", "Rosa Parks", "Nelson Mandela", "Johan Cruijff", "Johan Cruyff", "Willem-Alexander"),
        *("Willem van Oranje", "Maria Montessori", "Helen Parkhurst", "Peter Petersen", "Anton de Kom"),
        *("Simone de Beauvoir", "Romeo en Julia", "Vincent van Gogh", "Titus Brandsma"),
    )
)
"""People whose names are lessons or schools."""
PARTICLES = frozenset({"van", "de", "der", "den", "el", "al", "ben", "bin", "ten", "ter", "te", "la", "da"})
WORD = re.compile(r"[^\W\d_]+(?:['’`-][^\W\d_]+)*|\d+\w*")  # "D'Angelo", "Anne-Fleur", "2B"
LONGEST_KNOWN = 5
"""Words in the longest name that is looked up; a longer one is recognised by its parts."""


def load_first_names(path: Path) -> frozenset[str]:
    """The names of the file, folded; lines that start with # are comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(fold(name) for line in lines if not line.startswith("#") for name in line.split())


def looks_like_pupil_data(text: str, is_known: Callable[[str], bool], first_names: frozenset[str]) -> bool:
    """Whether `text` seems to be about one pupil.

    `is_known` recognises words and names of places, providers, offers and the vocabulary, as they were typed.
    """
    if IDENTIFYING.search(text) or any(BORN_AFTER <= int(year) < BORN_BEFORE for year in FULL_DATE.findall(text)):
        return True
    words = list(WORD.finditer(text))
    personal = bool(FAMILY.search(text) or PROBLEM.search(text))
    if not personal and not CLASS.search(text):
        return False
    if any(_first_names(words, is_known, first_names)):
        return True
    return any(_is_pointed_at(text, pair, personal) for pair in _capital_pairs(words, is_known))


def without_personal_words(text: str) -> str:
    """The text without words on family and problems, so that what may be searched instead tells nothing of anybody."""
    return PROBLEM.sub(" ", FAMILY.sub(" ", text))


def _first_names(
    words: list[re.Match[str]], is_known: Callable[[str], bool], first_names: frozenset[str]
) -> Iterator[str]:
    folded = [fold(word.group()) for word in words]
    for index, word in enumerate(folded):
        if not {word, *word.split()} & first_names:
            continue
        before, after = folded[max(0, index - 2) : index], folded[index + 1 : index + 2]
        if ADULTS & set(before) or ORGANISATIONS & {*before, *after}:
            continue
        if not _is_part_of_name(words, index, is_known):
            yield word


def _is_part_of_name(words: list[re.Match[str]], index: int, is_known: Callable[[str], bool]) -> bool:
    """Whether the word belongs to a longer name that is known: "Emma at Work", "Anna Paulowna", "Anne Frank"."""
    for length in range(2, LONGEST_KNOWN + 1):
        for start in range(max(0, index - length + 1), min(index, len(words) - length) + 1):
            phrase = " ".join(word.group() for word in words[start : start + length])
            if fold(phrase) in FAMOUS or is_known(phrase):
                return True
    return False


def _capital_pairs(words: list[re.Match[str]], is_known: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Where two words with a capital stand together (perhaps with "van de" between) that are no known name."""
    for index, first in enumerate(words):
        if not _is_strange(words, index, is_known):
            continue
        next_one = index + 1
        while next_one < len(words) and words[next_one].group() in PARTICLES:
            next_one += 1
        if next_one < len(words) and _is_strange(words, next_one, is_known):
            before = {fold(word.group()) for word in words[max(0, index - 2) : index]}
            if not before & (ADULTS | ORGANISATIONS):
                yield first.start(), words[next_one].end()


def _is_strange(words: list[re.Match[str]], index: int, is_known: Callable[[str], bool]) -> bool:
    """Whether this word has a capital and is not known, alone or as part of a name."""
    word = words[index].group()
    if len(word) < 2 or not word[0].isupper() or word.isupper() or fold(word) in ORGANISATIONS | ADULTS:
        return False
    return not is_known(word) and not _is_part_of_name(words, index, is_known)


def _is_pointed_at(text: str, pair: tuple[int, int], personal: bool) -> bool:
    """Whether two strange capitals are spoken of as a person ("voor X Y", "X Y uit 2B"), not as a title."""
    start, end = pair
    if NAMED_AFTER.search(text[end:]):
        return True
    return bool(NAMED_BEFORE.search(text[:start])) and (personal or bool(SPECIFIC_CLASS.search(text[end:])))
