"""These tests talk to the real Telegram and Slack: they run when this folder is asked for, and are not listed else."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Whether to pass by what is in here."""
    asked_for = (Path(one.partition("::")[0]).resolve() for one in config.args)
    return None if any(path.is_relative_to(HERE) for path in asked_for) else True
