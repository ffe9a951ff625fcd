"""How long the index takes to build and how much memory it needs, each size in a process of its own.

The process reads the catalogue from a database, as the bot does: there no two offers share a string. "Over a process
without" is the peak less that of the same process with an empty catalogue, so with Python, libraries and data files.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
import gc
import json
from pathlib import Path
import re
import resource
import subprocess
import sys
import tempfile
from time import perf_counter

from bot.db import Database, migrate
from bot.search import store
from bot.search.catalogue import Catalogue
from tests.benchmarks.catalogues import make_catalogue
from tests.benchmarks.knowledge import ROOT, Knowledge, load_knowledge
from tests.benchmarks.questions import varied_questions
from tests.benchmarks.tables import heading, number, show

__all__ = ["memory"]

LINUX_STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Grown:
    """What one process needed: seconds, and its peak of memory in MB after each step."""

    read_seconds: float
    build_seconds: float
    read_mb: float
    built_mb: float
    asked_mb: float


def memory(knowledge: Knowledge, sizes: Sequence[int]) -> None:
    """Prints build time and memory at each size."""
    heading("Build time and memory of the index")
    empty = _measured(Catalogue())
    rows = []
    for size in sizes:
        grown = _measured(make_catalogue(size, knowledge))
        seconds, megabytes = [grown.read_seconds, grown.build_seconds], [grown.read_mb, grown.built_mb, grown.asked_mb]
        over = [
            one - without
            for one, without in zip(megabytes, (empty.read_mb, empty.built_mb, empty.asked_mb), strict=True)
        ]
        rows.append([f"{size:,}", *map(number, seconds), *(number(value, 0) for value in over)])
    rows += [["must, at 100,000", "", "15", "", "500", ""], ["aim, at 100,000", "", "8", "", "300", ""]]
    show(
        "Peak over a process without catalogue",
        ("offers", "read s", "build s", "MB when read", "MB when built", "MB when asked"),
        rows,
        f"The process without has {empty.built_mb:.0f} MB. Read: from SQLite. Asked: 400 questions, caches full.",
    )


def _measured(catalogue: Catalogue) -> Grown:
    with tempfile.TemporaryDirectory(prefix="skb-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'skb.db'}"
        migrate(url)
        database = Database(url)
        with database.write() as connection:
            store.save_catalogue(connection, catalogue, datetime.now(UTC))
        database.close()
        child = [sys.executable, "-m", "tests.benchmarks.memory", url]
        done = subprocess.run(child, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        return Grown(**json.loads(done.stdout))


def _grow(url: str) -> Grown:
    """Does what a starting bot does, in this process, and says what it took."""
    knowledge = load_knowledge()
    database = Database(url)
    gc.collect()
    began = perf_counter()
    with database.read() as connection:
        catalogue = store.load_catalogue(connection)
    read, read_mb = perf_counter() - began, _peak_mb()
    began = perf_counter()
    search = knowledge.search(catalogue)
    built, built_mb = perf_counter() - began, _peak_mb()
    for question in varied_questions(knowledge):
        search.rank(search.understand(question))
    database.close()
    return Grown(read, built, read_mb, built_mb, _peak_mb())


def _peak_mb() -> float:
    """The most memory this process ever had."""
    if LINUX_STATUS.exists():  # there ru_maxrss also counts the process that started this one
        peak = re.search(r"VmHWM:\s*(\d+) kB", LINUX_STATUS.read_text())
        assert peak is not None
        return int(peak.group(1)) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    print(json.dumps(asdict(_grow(sys.argv[1]))))
