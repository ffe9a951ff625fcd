"""The trials of faults, each once and short: `make faults` runs them long, and docs/FAULTS.md has what came of that."""

import asyncio
from pathlib import Path
import random
from threading import Lock
from types import ModuleType
from uuid import uuid4

import pytest

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
from tests.faults.trials import Databases, Trial, broken

AT_ONCE = 4
"""Trials that run at the same time: they mostly wait for leases to end."""


@pytest.fixture
def databases(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Databases:
    """Makes databases of each kind in turn."""
    if kind == "postgresql":
        server, turn = request.getfixturevalue("postgresql"), Lock()

        def create() -> str:
            with turn:
                return str(server.create(migrated=True))

        return create
    template = request.getfixturevalue("sqlite_template")
    return lambda: f"sqlite:///{copied(template, tmp_path)}"


def copied(template: Path, folder: Path) -> Path:
    """A database of its own."""
    path = folder / f"{uuid4().hex}.db"
    path.write_bytes(template.read_bytes())
    return path


def luck(number: int) -> random.Random:
    """The same each time the tests run."""
    return random.Random(number)  # noqa: S311  # no secret


def play(trials: list[Trial], databases: Databases, folder: Path) -> list[str]:
    """Runs them all, short; what they broke."""

    async def whole() -> list[str]:
        room = asyncio.Semaphore(AT_ONCE)

        async def one(number: int, trial: Trial) -> list[str]:
            async with room:
                return broken(trial, await trial.run(luck(number), databases, folder, trial.short))

        found = await asyncio.gather(*(one(number, trial) for number, trial in enumerate(trials)))
        return [sentence for sentences in found for sentence in sentences]

    return asyncio.run(whole())


@pytest.mark.parametrize("platform", ["slack", "telegram"])
def test_killed_at_any_point_of_sending_nothing_is_lost_and_nothing_comes_twice_unsaid(
    platform: str, kind: str, databases: Databases, tmp_path: Path
) -> None:
    trials = [one for one in killed_sending.trials() if one.database == kind and f"to {platform}" in one.name]
    assert len(trials) == 12
    assert play(trials, databases, tmp_path) == []


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_two_copies_one_of_which_is_killed_again_and_again_have_one_effect(
    databases: Databases, tmp_path: Path
) -> None:
    assert play(replicas.trials(), databases, tmp_path) == []


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_broadcast_keeps_to_all_limits_and_one_pause_that_is_asked_for_stays_one(
    databases: Databases, tmp_path: Path
) -> None:
    assert play(fan_out.trials(), databases, tmp_path) == []


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_two_processes_of_ten_writers_are_never_turned_away(databases: Databases, tmp_path: Path) -> None:
    assert play(writers.trials(), databases, tmp_path) == []


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_told_to_log_everything_while_all_goes_wrong_it_tells_no_secret(databases: Databases, tmp_path: Path) -> None:
    assert play(canaries.trials(), databases, tmp_path) == []


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_whatever_is_in_an_update_nothing_raises_and_nobody_is_called(databases: Databases, tmp_path: Path) -> None:
    assert play(mutated.trials(), databases, tmp_path) == []


@pytest.mark.parametrize("which", [killed_answering, trouble, delivered_again])
def test_killed_while_answering_or_in_trouble_or_told_four_times_it_is_done_once(
    which: ModuleType, kind: str, databases: Databases, tmp_path: Path
) -> None:
    assert play([one for one in which.trials() if one.database == kind], databases, tmp_path) == []
