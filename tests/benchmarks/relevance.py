"""How well people's questions are answered, beside plain engines; and whether that is knowledge or memory."""

from collections.abc import Mapping, Sequence
import hashlib
import math
from pathlib import Path
from time import perf_counter

from tests.benchmarks.engines import Engine, ours, plain_engines
from tests.benchmarks.knowledge import Knowledge
from tests.benchmarks.measures import MEASURES, Judged, means, measure, read_questions
from tests.benchmarks.tables import heading, number, show

__all__ = ["QUESTION_FILES", "halves", "relevance"]

QUESTION_FILES = tuple(
    Path(__file__).parent / "data" / name for name in ("queries-dev.jsonl", "queries-dev-graded.jsonl")
)
MUST = {"ndcg5": ".82", "acc1": ".90", "s3": ".93", "false_empty": "<.02", "correct_empty": "≥.85"}
AIM = {"ndcg5": ".92", "acc1": ".97", "s3": ".98", "false_empty": "<.01", "correct_empty": "≥.95"}
"""DESIGN §11, for questions that are kept back: on those that one practised with it should be more."""

Measured = Sequence[Mapping[str, float]]


def relevance(knowledge: Knowledge) -> None:
    """Prints all measures for each file: every engine over all questions, and ours by class."""
    heading("Relevance")
    print("acc1: the first fits all that was asked; s1: it is the best; s3: the best is among the first three.")
    print("Must and aim are for questions kept back; these were practised with, so they should come out higher.")
    catalogue = knowledge.starter()
    engines = {"skb-bot": ours(knowledge.search(catalogue))} | plain_engines(catalogue)
    for path in QUESTION_FILES:
        questions = read_questions(path)
        rows, measured = [], {}
        for name, engine in engines.items():
            measured[name], milliseconds = _asked(engine, questions)
            rows.append([name, *_cells(measured[name]), number(milliseconds)])
        rows += [
            [label, *(target.get(name, "") for name in MEASURES), ""]
            for label, target in (("must", MUST), ("aim", AIM))
        ]
        show(f"{path.name}: {len(questions)} questions", ("engine", *MEASURES.values(), "ms each"), rows)
        _by_class(path.name, questions, measured)


def _asked(engine: Engine, questions: Sequence[Judged]) -> tuple[Measured, float]:
    """What is measured on each question, and how long one took on average (first time, so nothing was remembered)."""
    began = perf_counter()
    shown = [engine(question.text) for question in questions]
    milliseconds = 1000 * (perf_counter() - began) / len(questions)
    return [measure(question, found) for question, found in zip(questions, shown, strict=True)], milliseconds


def _by_class(file: str, questions: Sequence[Judged], measured: Mapping[str, Measured]) -> None:
    (first, *others) = measured
    rows = []
    for kind in sorted({question.kind for question in questions}):
        at = [place for place, question in enumerate(questions) if question.kind == kind]
        rest = [means(measured[name][place] for place in at).get("ndcg5") for name in others]
        rows.append([kind, str(len(at)), *_cells([measured[first][place] for place in at]), *map(number, rest)])
    columns = (
        "class",
        "n",
        *MEASURES.values(),
        *(f"nDCG {name.removeprefix('rapidfuzz ').removeprefix('SQLite ')}" for name in others),
    )
    show(f"{file}, {first} by class (plain engines: nDCG@5)", columns, rows)


def _cells(measured: Measured) -> list[str]:
    found = means(measured)
    return [number(found.get(name), 3) for name in MEASURES]


def halves(knowledge: Knowledge) -> None:
    """Prints our measures for two fixed halves of each file: who looked at one half only is checked by the other."""
    heading("Halves of the practice questions, divided by a hash of the question")
    engine = ours(knowledge.search(knowledge.starter()))
    for path in QUESTION_FILES:
        questions = read_questions(path)
        measured, _ = _asked(engine, questions)
        parts = {half: [one for question, one in zip(questions, measured, strict=True) if half_of(question) == half]
                 for half in ("A", "B")}  # fmt: skip
        rows = [[half, str(len(part)), *_cells(part), number(_uncertainty(part), 3)] for half, part in parts.items()]
        show(path.name, ("half", "n", *MEASURES.values(), "± nDCG"), rows,
             "± is twice the standard error: a difference smaller than that is chance.")  # fmt: skip


def half_of(question: Judged) -> str:
    """A or B, the same on every machine and however the files are edited."""
    return "AB"[hashlib.sha256(question.text.encode()).digest()[0] & 1]


def _uncertainty(measured: Measured) -> float | None:
    values = [one["ndcg5"] for one in measured if "ndcg5" in one]
    if len(values) < 2:
        return None
    mean = sum(values) / len(values)
    return 2 * math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1) / len(values))
