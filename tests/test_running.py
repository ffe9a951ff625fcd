"""Both platforms side by side: what fails is tried again, what is refused leaves the other alone, all stop in order."""

import asyncio
from collections.abc import Callable
import logging
import os
import signal

import pytest

from bot.chat import Stopped
from bot.running import Running, run_platforms


class Scripted:
    """A platform that does what a test says, each time it is run."""

    def __init__(self, name: str, *scenes: Exception | None) -> None:
        self.name = name
        self.scenes = list(scenes)
        self.runs = 0
        self.running = asyncio.Event()
        self.told = asyncio.Event()

    async def run(self) -> None:
        self.runs += 1
        scene = self.scenes.pop(0) if self.scenes else None
        if scene:
            raise scene
        self.running.set()
        await self.told.wait()

    def stop(self) -> None:
        self.told.set()

    def again(self) -> "Running":
        self.told = asyncio.Event()
        return self


async def _nothing() -> None: ...


def play(*platforms: Scripted, stop: Callable[[asyncio.Event], None] = asyncio.Event.set) -> bool:
    """Runs them, stops once all that can run are running."""

    async def run() -> bool:
        stopping = asyncio.Event()
        going = asyncio.create_task(run_platforms([one.again for one in platforms], _nothing, stopping, first_wait=0))
        healthy = [one for one in platforms if not any(isinstance(scene, Stopped) for scene in one.scenes)]
        async with asyncio.timeout(10):
            for one in healthy:
                await one.running.wait()
            if healthy:
                stop(stopping)
            return await going

    return asyncio.run(run())


def test_both_run_until_told_to_stop() -> None:
    telegram, slack = Scripted("telegram"), Scripted("slack")
    assert play(telegram, slack)
    assert (telegram.runs, slack.runs) == (1, 1)


def test_what_fails_is_tried_again_and_the_other_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    telegram, slack = Scripted("telegram", OSError("06 12345678"), KeyError("x")), Scripted("slack")
    with caplog.at_level(logging.INFO):
        assert play(telegram, slack)
    assert (telegram.runs, slack.runs) == (3, 1)
    assert "telegram: stopped by OSError" in caplog.text
    assert "12345678" not in caplog.text


def test_who_is_refused_stays_away_and_the_other_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    telegram, slack = Scripted("telegram", Stopped("Telegram refuses the token.")), Scripted("slack")
    assert play(telegram, slack)
    assert telegram.runs == 1
    assert "telegram: Telegram refuses the token." in caplog.text


def test_it_ends_when_nobody_can_go_on() -> None:
    assert not play(Scripted("telegram", Stopped("No.")), Scripted("slack", Stopped("No.")))


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_in_order(name: signal.Signals) -> None:
    telegram = Scripted("telegram")
    assert play(telegram, stop=lambda _: os.kill(os.getpid(), name))
    assert telegram.told.is_set()


def test_what_is_past_its_time_is_erased_also_after_a_failure() -> None:
    erased: list[int] = []

    async def erase() -> None:
        erased.append(1)
        raise OSError

    async def run() -> None:
        stopping = asyncio.Event()
        telegram = Scripted("telegram")
        going = asyncio.create_task(run_platforms([telegram.again], erase, stopping))
        await telegram.running.wait()
        stopping.set()
        assert await going

    asyncio.run(run())
    assert erased == [1]
