"""How long somebody waits for one answer from nothing: the whole process of `skb-bot ask`."""

import os
from pathlib import Path
from statistics import median
import subprocess
import sys
import tempfile
from time import perf_counter

from tests.benchmarks.knowledge import ROOT
from tests.benchmarks.tables import heading, number, show

__all__ = ["cold"]

QUESTION = "debat VO Utrecht"
RUNS = 9


def cold() -> None:
    """Prints the time of the first run, which makes the database, and of those after it."""
    heading("Cold start")
    with tempfile.TemporaryDirectory(prefix="skb-bench-") as folder:
        first, *others = (_seconds(Path(folder)) for _ in range(1 + RUNS))
    rows = [
        ["first run: makes the database", number(first), "", ""],
        [f"median of {RUNS} runs", number(median(others)), "1", "0.5"],
        ["fastest", number(min(others)), "", ""],
        ["slowest", number(max(others)), "", ""],
    ]
    show(f'skb-bot ask "{QUESTION}", the whole process', ("", "seconds", "must", "aim"), rows)


def _seconds(folder: Path) -> float:
    # Away from the project: no .env of whoever measures, and a database of our own.
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{folder / 'skb.db'}", "PYTHONPATH": str(ROOT)}
    installed = Path(sys.executable).with_name("skb-bot")
    command = [str(installed)] if installed.exists() else [sys.executable, "-m", "bot"]
    began = perf_counter()
    subprocess.run([*command, "ask", QUESTION], cwd=folder, env=environment, stdout=subprocess.PIPE, check=True)
    return perf_counter() - began
