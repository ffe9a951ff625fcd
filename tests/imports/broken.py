"""Broken and hostile files, the same ones in every run: the corpus cut and stirred, cells that attack, shapes that explode."""

from collections.abc import Callable, Iterator
from pathlib import Path
import random
import tempfile

from tests.imports.cases import ROWS, Case
from tests.imports.in_lists import LISTS
from tests.imports.in_texts import HEADINGS, TEXTS
from tests.imports.makers import csv_of

__all__ = ["ATTACKS", "HEADING", "attacked", "bytes_of", "mutated_texts", "random_bytes", "shapes"]

Named = tuple[str, bytes]

HEADING = ("id", "Organisatie", "Programma", "Sector", "Groep", "Doelgroep", "Thema", "Zoekwoorden", "Plaats", "Wanneer", "Kosten",
           "Toelichting kosten", "Duur", "Vrijwilligers", "Beschrijving", "Contact", "Website", "Status", "Vol tot")  # fmt: skip
GOOD = ("", "Noord", "Debatclub", "PO", "groep 7", "", "debat", "praten", "Zeist", "weekend", "gratis", "", "", "ja", "Leuk.", "", "", "actief", "")  # fmt: skip

ATTACKS = (
    # for spreadsheets
    '=cmd|" /C calc"!A0', "=1+1", "+31 30 1234567", "-2+3", "@SUM(A1)", "\t=1+1", "'=1", "＝1+1", '=HYPERLINK("http://evil.example","x")', "=FORMULE", "#VERW!", "#N/A",
    # for terminals and eyes
    "\x1b[2J\x1b]0;x\x07", "\x9b31mrood", "a\u202eb\u2066c", "a\u200b\u200c\u200d\u2060b", "\ufeff", "\ufffd\ufffe", "\u2028x\u2029y", "e\u0301" * 30, "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞", "🏳️‍🌈👩‍👩‍👧‍👦", "\u00ad\u00ad", "﷽" * 20,
    # for databases and browsers
    "'; DROP TABLE offers; --", '" OR 1=1', "%s%n{0}{x!r}$(id)`id`", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt;&amp;amp;lt;", "<!--" * 20, "<r><t>x</t></r>", "[link](javascript:x) *b* _i_", "<!channel> @here", "\\N", "NULL", "null", "undefined", "../../etc/passwd", "C:\\x\\..\\y", "file:///etc/passwd", "javascript:alert(1)", "http://", "https://[::1]/", "http://a.nl\nhttp://b.nl", "http://é.nl/ü?q=ñ", "https://user:pw@a.nl", "//a.nl", "mailto:a@b.nl",
    # for arithmetic and calendars
    "1e308", "-1e308", "nan", "NaN", "inf", "-inf", "0x10", "1_000", "٣", "²", "½", "Ⅷ", "9" * 400, "-0", "0.1e-400", "0001-01-01", "9999-12-31", "10000-01-01", "-1-1-1", "31-02-2026", "00-00-0000", "29-02-2027", "32 december 2026", "2026-13-45", "groep 0", "groep 99999999999999999999", "groep 8-1", "klas -1", "mbo 9", "0-0 jaar", "99-1 jaar", "1-2-3-4-5-6-7-8-9", "groep ٣", "groep ²",
    # for parsers of words
    ";", ";;;;", ",,,,", "-", "–", ".", "…", "()", "(((", ")))", "(a(b)c", "[", "\\", "/", "//", "|", "||", "•", "•\n•\n•", "\n\n\n", "\u00a0", "  ", '"', '""', '"""', "'", "’", "en", "en en en", "t/m", "t/m t/m", "tot en met", "en of", "van - tot", "of", "e.o.", "regio", "gemeente", "provincie", "omgeving", "vanaf", "niet", "alle", "alle behalve", "a" * 201, "a " * 2100, "z" * 9_999, "groep 1 " * 600, "," * 50_000, "(" * 50_000, "1 " * 400, "Utrecht; " * 9_000, "\n" * 9_000, "é" * 5_000, "PO;" * 5_000,
    "voorbeeld", "VOORBEELD", "aaaaaaaa", "zzzzzzzz", "landelijk", "online", "x", "ja", "nee", "gestopt", "Bergen", "SKB", "None", "True", "𝕯𝖊𝖇𝖆𝖙", "Ｄｅｂａｔ", "ßßß", "İstanbul", "ǅ", "ﬁets", "K", "日本語", "العربية", "עברית",
)  # fmt: skip
"""Texts that somewhere mean more than text."""


def bytes_of(case: Case) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / case.called
        case.file(path)
        return path.read_bytes()


def attacked() -> Iterator[Named]:
    """Each attack in every column in turn, and in all at once; beside a good row, below a heading it also stands in."""
    for number, attack in enumerate(ATTACKS):
        rows: list[tuple[str, ...]] = [HEADING, GOOD]
        for column, _ in enumerate(HEADING):
            row = [*GOOD[:2], f"Programma {column}", *GOOD[3:]]
            row[column] = attack
            rows.append(tuple(row))
        rows += [(attack,) * len(HEADING), (attack,), (*GOOD[:2], "Laatste", *GOOD[3:])]
        heading = (*HEADING, attack[:1_000]) if number % 2 else HEADING
        yield f"attack {number} {attack[:20]!r}", _written([heading, *rows[1:]])


def _written(rows: list[tuple[str, ...]]) -> bytes:
    lines = (";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    return "\r\n".join(lines).encode("utf-8", "surrogatepass")


# --- the corpus, cut and stirred ---


def mutated_texts(times: int) -> Iterator[Named]:
    """Each text file of the corpus, so many times, each time with another few mutations."""
    chance = random.Random(20261122)  # noqa: S311  # the same files in every run
    for case in (*TEXTS, *HEADINGS, *LISTS):
        content = bytes_of(case)
        for turn in range(times):
            broken = content
            names = []
            for mutation in chance.sample(MUTATIONS, chance.randint(1, 3)):
                broken = mutation(broken, chance)
                names.append(mutation.__name__.strip("_"))
            yield f"{case.name} {turn} {' '.join(names)}", broken


def _truncate(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randint(0, len(content))]


def _behead(content: bytes, chance: random.Random) -> bytes:
    return content[chance.randint(0, len(content)) // 4 :]


def _flip(content: bytes, chance: random.Random) -> bytes:
    flipped = bytearray(content)
    for _ in range(chance.randint(1, 9)):
        if flipped:
            flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def _shuffle_lines(content: bytes, chance: random.Random) -> bytes:
    lines = content.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


def _repeat_lines(content: bytes, chance: random.Random) -> bytes:
    lines = content.split(b"\n")
    return b"\n".join(line for line in lines for _ in range(chance.choice((1, 1, 1, 2, 5))))


def _unquote(content: bytes, chance: random.Random) -> bytes:
    return content.replace(b'"', b"", chance.randint(1, 5))


def _quote(content: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(content))
    return content[:at] + chance.choice((b'"', b'""', b';"', b'";')) + content[at:]


def _mix_delimiters(content: bytes, chance: random.Random) -> bytes:
    one, other = chance.sample((b";", b",", b"\t", b"|", b"\n"), 2)
    return content.replace(one, other, chance.randint(1, 9))


def _zeros(content: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(content))
    return content[:at] + b"\x00" * chance.choice((1, 2, 40)) + content[at:]


def _swap_words(content: bytes, chance: random.Random) -> bytes:
    words = b"PO VO Utrecht Zeist Noord Debatclub id Sector Programma aaaaaaaa e".split()
    return content.replace(chance.choice(words), chance.choice(words), chance.randint(1, 3))


def _attack(content: bytes, chance: random.Random) -> bytes:
    cells = content.split(b";")
    cells[chance.randrange(len(cells))] = chance.choice(ATTACKS[:120]).encode("utf-8", "surrogatepass")
    return b";".join(cells)


def _wrong_letters(content: bytes, chance: random.Random) -> bytes:
    one, other = chance.sample(("utf-8", "cp1252", "utf-16", "utf-16-be", "mac_roman", "utf-7", "utf-32"), 2)
    return content.decode(one, "replace").encode(other, "replace")


def _grow(content: bytes, chance: random.Random) -> bytes:
    return content * chance.choice((2, 20))


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _truncate, _behead, _flip, _shuffle_lines, _repeat_lines, _unquote, _quote, _mix_delimiters, _zeros, _swap_words, _attack,
    _wrong_letters, _grow,
)  # fmt: skip


# --- shapes ---


def shapes() -> Iterator[Named]:
    """Texts of which the shape is the trouble."""
    table = b"\r\n".join(";".join(row).encode() for row in ROWS) + b"\r\n"
    yield "a giant cell", table + b"Noord;" + b"x" * 3_000_000 + b";PO;Zeist\r\n"
    yield "a giant heading", b"Organisatie;Programma;Sector;" + b"Plaats " * 12_000 + table[35:]
    yield "a giant line", b"x" * 6_000_000
    yield "only delimiters", b";" * 20_000
    yield "too many delimiters", b";" * 20_000 + b"\r\n" + table
    yield "two thousand columns", table.replace(b"\r\n", b";" + b";".join(b"k%d" % at for at in range(2_000)) + b"\r\n")
    yield "two thousand crosses", table.replace(b"\r\n", b";x" * 2_000 + b"\r\n")
    yield "two thousand sectors", table.replace(b"Plaats\r\n", b"Plaats" + b";Sector" * 2_000 + b"\r\n")
    yield "only quotes", b'"' * 5_001
    yield "only line ends", b"\r\n" * 50_000
    yield "a heading below two thousand empty lines", b"\r\n" * 2_000 + table
    yield "a heading below forty titles", b"Titel\r\n" * 40 + table
    yield "forty headings", (table[:36]) * 40
    yield "no line end at all", table.replace(b"\r\n", b";")
    yield "one letter", b"x"
    yield "one quote", b'"'
    yield "sep only", b"sep=;"
    yield "sep of a letter", b"sep=a\r\n" + table
    yield "sep of nothing", b"sep=\r\n" + table
    yield "sep of a quote", b'sep="\r\n' + table
    yield "a thousand of the same", table + b"Noord;Zelfde;PO;Zeist\r\n" * 1_000
    yield (
        "a thousand nearly the same",
        table + b"".join(b"Noord;Zelfde les%s;PO;Zeist\r\n" % (b"en" * (at % 3)) for at in range(1_000)),
    )
    yield (
        "a thousand organisations",
        table + b"".join(b"Stichting %d;Les %d;PO;Zeist\r\n" % (at, at) for at in range(1_000)),
    )
    yield "a thousand mistakes", table + b"".join(b"Noord;Les %d;P0;Nergens%d\r\n" % (at, at) for at in range(1_000))
    yield "a mark in the middle", table[:40] + b"\xef\xbb\xbf" + table[40:]
    yield "marks of two kinds", b"\xff\xfe\xef\xbb\xbf" + table
    yield "half a UTF-16 letter", ("\ufeff" + table.decode()).encode("utf-16-le")[:-1]
    yield "lone surrogates in UTF-16", b"\xff\xfe" + table.decode().encode("utf-16-le") + b"\x00\xd8;\x00\xff\xdf"
    yield "surrogates in UTF-8", table + "Noord;\ud800x\udfff;PO;Zeist".encode("utf-8", "surrogatepass")
    yield "overlong UTF-8", table + b"Noord;\xc0\xaf\xe0\x80\xaf;PO;Zeist"
    yield "every byte there is", table + bytes(range(256)) * 2
    yield "a list inside a cell", csv_bytes([ROWS[0], ("Noord", table.decode(), "PO", "Zeist")])
    yield "nested quotes", csv_bytes([ROWS[0], ("Noord", '"' * 500, "PO", "Zeist")])


def csv_bytes(rows: list[tuple[str, ...]]) -> bytes:
    return bytes_of(Case("", csv_of(rows)))


def random_bytes() -> Iterator[Named]:
    """Noise behind the beginnings of all kinds of files that are not opened by a child process."""
    chance = random.Random(7)  # noqa: S311  # the same files in every run
    beginnings = (b"", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff\xe0", b"{\\rtf1", b"SQLite format 3\x00", b"\x1f\x8b\x08",
                  b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"BZh91AY", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff",
                  b"\x7fELF", b"MZ", b"{", b"[", b"<?xml", b"MIME-Version: 1.0", b"sep=;", b"#!", b"\x00", b"II*\x00")  # fmt: skip
    for beginning in beginnings:
        for size in (0, 3, 2_000):
            yield f"{beginning!r} and {size} bytes", beginning + chance.randbytes(size)
