"""The smoke test, for somebody with real tokens (docs/OPERATIONS.md): does what we send arrive as it was meant?

`make smoke` with SMOKE_TELEGRAM_CHAT and SMOKE_SLACK_CHANNEL in the environment; the tokens are the bot's own.
"""

import asyncio
from collections.abc import Callable, Coroutine
import os
from typing import Any

from pydantic import SecretStr
import pytest

from bot.logs import redact
from bot.settings import read_settings
from tests.live.smoke import on_slack, on_telegram

Steps = Callable[[str, str, str], Coroutine[Any, Any, int]]


def test_telegram_takes_what_we_send() -> None:
    settings = read_settings()
    smoke(on_telegram, settings.telegram_token, settings.telegram_base_url, "TELEGRAM_TOKEN", "SMOKE_TELEGRAM_CHAT")


def test_slack_takes_what_we_send() -> None:
    settings = read_settings()
    smoke(on_slack, settings.slack_bot_token, settings.slack_base_url, "SLACK_BOT_TOKEN", "SMOKE_SLACK_CHANNEL")


def smoke(steps: Steps, token: SecretStr | None, base_url: str, token_name: str, place_name: str) -> None:
    """Runs the steps; fails with a sentence and not with a traceback, which would show the token."""
    place = os.environ.get(place_name)
    if token is None or not place:
        pytest.skip(f"needs {token_name} in .env and {place_name} in the environment")
    problem = ""
    try:
        asyncio.run(steps(token.get_secret_value(), base_url, place))
    except Exception as error:  # noqa: BLE001  # whatever it is
        problem = redact(f"{type(error).__name__}: {error}", [token.get_secret_value()])
    if problem:  # not where it was caught: pytest would show the error before it too
        pytest.fail(problem, pytrace=False)
