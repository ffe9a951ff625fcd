"""How long bringing in a long list takes, how much memory, and whether a running bot keeps its times meanwhile.

The import is the real command in a process of its own; the bot answers in this one, on the same SQLite file, with every
list saved. A question waits only for the write lock, which the import takes for a moment at a time.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
import os
from pathlib import Path
import re
import subprocess
import sys
import tempfile
import threading
from time import perf_counter, sleep

from bot.app import load_starter, make_answerer
from bot.chat import Address, Answerer, Request
from bot.db import Database, migrate
from bot.handlers.console import render
from bot.search import exporting
from bot.search.asides import Contact
from bot.search.current import CurrentSearch
from bot.settings import Settings
from tests.benchmarks.catalogues import make_catalogue
from tests.benchmarks.knowledge import ROOT, Knowledge
from tests.benchmarks.questions import varied_questions
from tests.benchmarks.speed import spread
from tests.benchmarks.tables import heading, number, show

__all__ = ["lists"]

CONTACT = Contact("SKB", "info@example.org", "op werkdagen", "https://www.skbnederland.nl")
ALONE, DURING, AFTER = "alone", "during the import", "while the new index is built"
FORMATS = {"csv": exporting.write_csv_export, "xlsx": exporting.write_xlsx_export}


def lists(knowledge: Knowledge, sizes: Sequence[int]) -> None:
    """Prints what an import of the largest size takes, and the times of a bot beside it."""
    heading("A long list comes in while the bot answers")
    size = max(sizes)
    catalogue = make_catalogue(size, knowledge)
    taken, answered = [], []
    with tempfile.TemporaryDirectory(prefix="skb-bench-") as name:
        for kind, write in FORMATS.items():
            folder = Path(name) / kind
            folder.mkdir()
            write(folder / f"lijst.{kind}", catalogue)
            command = ("offers", "import", f"lijst.{kind}", "--yes")
            seconds, megabytes, times = _beside(folder, knowledge, command)
            goals = ["60", "500"] if size == 100_000 else ["", ""]
            taken.append([f"{size:,} rows, {kind}, the first list", number(seconds, 1), number(megabytes, 0), *goals])
            answered += [[f"{phase}, {kind}", str(len(one)), *spread(one)] for phase, one in times.items() if one]
        seconds, megabytes, _ = _beside(folder, knowledge, command, again=True)
        taken.append([f"{size:,} rows, {kind}, the same again", number(seconds, 1), number(megabytes, 0), *goals])
    show("The command from start to end, all its processes", ("import", "s", "MB", "must s", "must MB"), taken)
    note = "130 offers before, with the list saved in SQLite: p99 must 10 ms. After: the new index is built aside."
    show("Answers meanwhile, milliseconds", ("when", "answers", "p50", "p99", "max"), answered, note)


def _beside(
    folder: Path, knowledge: Knowledge, command: Sequence[str], *, again: bool = False
) -> tuple[float, float, dict[str, list[float]]]:
    """Seconds and MB of the command, and the seconds of each answer before, during and after it."""
    url = f"sqlite:///{folder / 'var' / 'skb.db'}"
    migrate(url)
    database = Database(url)
    load_starter(database, knowledge.starter)
    current = CurrentSearch(database, knowledge.search)
    answer = make_answerer(database, current, CONTACT, b"benchmark" * 4, lambda: datetime.now(UTC))
    times: dict[str, list[float]] = {ALONE: [], DURING: [], AFTER: []}
    if again:
        times.clear()
    else:
        current().warm()
        answers = _answers(answer, varied_questions(knowledge))
        times[ALONE] = [next(answers) for _ in range(400)]
    environment = {key: value for key, value in os.environ.items() if key not in _settings()}
    began = perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "bot", *command],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    peak = 0.0
    while child.poll() is None:
        peak = max(peak, _megabytes(child.pid))
        if again:
            sleep(0.2)
        else:
            # The command ends some seconds after its list is in force: it tidies up what there was before.
            times[AFTER if _is_building() else DURING].append(next(answers))
    seconds = perf_counter() - began
    assert child.returncode == 0
    while not again and _is_building():
        times[AFTER].append(next(answers))
    database.close()
    return seconds, peak, times


def _answers(answer: Answerer, questions: Sequence[str]) -> Iterator[float]:
    """One question after the other without end, each with the seconds until its answer was rendered."""
    with asyncio.Runner() as runner:
        while True:
            for at, text in enumerate(questions):
                request = Request(text, Address("console", f"person {at % 40}"))
                began = perf_counter()
                render(runner.run(answer(request)))
                yield perf_counter() - began


def _is_building() -> bool:
    return any(thread.name == "index" for thread in threading.enumerate())


def _settings() -> set[str]:
    return {name.upper() for name in Settings.model_fields}


def _megabytes(pid: int) -> float:
    """What a process and its children have in memory now, where that can be seen."""
    try:
        pids = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
        sizes = [re.search(r"VmRSS:\s*(\d+)", Path(f"/proc/{one}/status").read_text()) for one in pids]
    except OSError:
        return 0.0
    return sum(int(size.group(1)) for size in sizes if size) / 1024
