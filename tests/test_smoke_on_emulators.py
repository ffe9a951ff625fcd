"""The smoke test (tests/live) does what it says, on the emulators; and the ordinary run passes it by."""

import asyncio
from collections.abc import Mapping
import os
from pathlib import Path
import subprocess
import sys
from typing import Any

import pytest

from bot.settings import Settings
from tests.commandline import ROOT
from tests.emulators.slack import Channel, SlackEmulator
from tests.emulators.telegram import TelegramEmulator
from tests.emulators.telegram.world import Kept
from tests.live import test_smoke
from tests.live.smoke import CHANGED, LIST, Differs, on_slack, on_telegram

TOKEN = "123456789:" + "C" * 35


def run_pytest(folder: Path, *words: str, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
    """A run of pytest of its own, away from the developer's settings: its exit code and what it says."""
    names = {name.upper() for name in Settings.model_fields} | {"SMOKE_TELEGRAM_CHAT", "SMOKE_SLACK_CHANNEL"}
    clean = {name: value for name, value in os.environ.items() if name not in names and not name.startswith("PYTEST")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "-p", "no:cacheprovider", *words],
        capture_output=True,
        text=True,
        cwd=folder,
        env=clean | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} | dict(environment or {}),
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_smoke_test_passes_where_all_is_well(tmp_path: Path) -> None:
    async def run() -> None:
        async with TelegramEmulator(token=TOKEN) as telegram, SlackEmulator() as slack:
            person, channel = telegram.person("Beheerder"), slack.channel("proef")
            await telegram.start(person)
            environment = {
                "TELEGRAM_TOKEN": TOKEN,
                "TELEGRAM_BASE_URL": telegram.url,
                "SMOKE_TELEGRAM_CHAT": str(person.id),
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_APP_TOKEN": slack.app_token,
                "SLACK_BASE_URL": slack.base_url,
                "SMOKE_SLACK_CHANNEL": channel.id,
            }
            code, said = await asyncio.to_thread(
                run_pytest, tmp_path, str(ROOT / "tests" / "live"), environment=environment
            )
            assert (code, "2 passed" in said) == (0, True), said
            sent = len(telegram.calls_of("sendMessage"))
            assert sent >= 3  # a list too long for one, and a text to send on
            assert [call.method for call in telegram.calls] == (
                ["getMe"] + ["sendMessage"] * sent + ["editMessageText"] + ["deleteMessage"] * sent
            )
            assert [call.method for call in slack.calls] == ["chat.postMessage", "chat.update", "chat.delete"]
            assert telegram.messages(person) == []  # nothing is left behind
            assert not slack.messages(channel)
            assert telegram.violations == slack.violations == []
            assert slack.notified == []

    asyncio.run(run())


def test_without_settings_it_says_what_it_needs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        pytest.skip.Exception, match=r"TELEGRAM_TOKEN in .env and SMOKE_TELEGRAM_CHAT in the environment"
    ):
        test_smoke.test_telegram_takes_what_we_send()
    monkeypatch.setenv("SMOKE_SLACK_CHANNEL", "C1")
    with pytest.raises(pytest.skip.Exception, match=r"SLACK_BOT_TOKEN in .env and SMOKE_SLACK_CHANNEL"):
        test_smoke.test_slack_takes_what_we_send()


def test_the_ordinary_run_does_not_even_list_it(tmp_path: Path) -> None:
    others = [f"--ignore={path}" for path in (ROOT / "tests").iterdir() if path.name not in ("live", "conftest.py")]
    code, said = run_pytest(tmp_path, "--collect-only", str(ROOT / "tests"), *others)
    assert code == pytest.ExitCode.NO_TESTS_COLLECTED, said
    assert "smoke" not in said


def test_a_failure_is_a_sentence_without_the_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)

    async def run() -> None:
        async with TelegramEmulator() as telegram:  # of another token
            monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
            monkeypatch.setenv("TELEGRAM_BASE_URL", telegram.url)
            monkeypatch.setenv("SMOKE_TELEGRAM_CHAT", "1")
            with pytest.raises(pytest.fail.Exception, match=r"InvalidToken: .* was rejected") as failed:
                await asyncio.to_thread(test_smoke.test_telegram_takes_what_we_send)
            assert TOKEN not in str(failed.value)
            assert failed.value.__context__ is None  # pytest would show that one too
            assert not failed.value.pytrace

    asyncio.run(run())


# --- a platform that shows people something else, played by changing the message before it is given back


def test_telegram_losing_something_is_noticed_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async with TelegramEmulator(token=TOKEN) as telegram:
            person = telegram.person("Beheerder")
            await telegram.start(person)
            keep = telegram.world.keep

            def lose_the_end(kept: Kept) -> Kept:
                kept.body["text"] = kept.body["text"][:-1]
                return keep(kept)

            monkeypatch.setattr(telegram.world, "keep", lose_the_end)
            with pytest.raises(Differs, match="the text is not what was sent"):
                await on_telegram(TOKEN, telegram.url, str(person.id))
            assert telegram.messages(person) == []

    asyncio.run(run())


def test_slack_losing_something_is_noticed_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async with SlackEmulator() as slack:
            channel = slack.channel("proef")
            happened = slack.workspace.happened

            def lose_the_end(where: Channel, event: dict[str, Any]) -> None:
                happened(where, event)
                for posted in slack.workspace.posted:
                    posted.blocks = posted.blocks[:-1]

            monkeypatch.setattr(slack.workspace, "happened", lose_the_end)
            with pytest.raises(Differs, match="the text is not what was sent"):
                await on_slack(slack.bot_token, slack.base_url, channel.id)
            assert not slack.messages(channel)

    asyncio.run(run())


def test_what_is_sent_is_hostile() -> None:
    for sign in "<>&*_~`@\u202e":
        assert sign in LIST.text
        assert sign in CHANGED.text
