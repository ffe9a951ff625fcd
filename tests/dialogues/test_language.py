"""What the bot says is Dutch that everybody can read (B1): short sentences, everyday words (R2 of CONVERSATIONS)."""

import ast
from pathlib import Path
import re

import pytest

BOT = Path(__file__).parent.parent.parent / "bot"
FILES = [
    *("router.py", "account/replies.py", "handlers/slack.py", "handlers/telegram.py"),
    *(f"search/{name}.py" for name in ("cards", "commands", "filters", "replies", "asides")),
]
LONGEST, MEAN = 20, 12
BLOCKED = re.compile(
    r"\b(indien|echter|teneinde|middels|d\.m\.v\.|faciliteren|ontsloten|gebruiker|ongeldige?|resultaten|u|uw|query)\b",
    re.IGNORECASE,
)
ABBREVIATIONS = re.compile(r"\b(PO|SO|VSO|OCW|GKC|SES)\b")


def said(file: str) -> list[str]:
    """The sentences of a file: its texts that are no docstrings, with "x" for what is filled in."""
    tree = ast.parse((BOT / file).read_text(encoding="utf-8"))
    described = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    texts = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            texts.append("".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described | inside:
            texts.append(node.value)
    sentences = [sentence for text in texts for sentence in re.split(r"(?<=[.!?])\s+|\n", text)]
    # A sentence for people has a capital, a blank and an end; the rest are words of commands, labels and patterns.
    return [sentence for sentence in sentences if re.match(r"[A-Zx].* .*[.!?]$", sentence) and "\\" not in sentence]


SENTENCES = [(file, sentence) for file in FILES for sentence in said(file)]


def test_there_is_something_to_read() -> None:
    assert len(SENTENCES) > 60
    assert ("account/replies.py", "Noem geen namen van leerlingen of studenten.") in SENTENCES


def test_sentences_are_short() -> None:
    lengths = [len(sentence.split()) for _, sentence in SENTENCES]
    assert [sentence for _, sentence in SENTENCES if len(sentence.split()) > LONGEST] == []
    assert sum(lengths) / len(lengths) <= MEAN


@pytest.mark.parametrize("pattern", [BLOCKED, ABBREVIATIONS], ids=["hard words", "abbreviations"])
def test_words_are_plain(pattern: re.Pattern[str]) -> None:
    assert [(file, sentence) for file, sentence in SENTENCES if pattern.search(sentence)] == []
