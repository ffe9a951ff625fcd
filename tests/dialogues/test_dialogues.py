"""Every transcript in `scripts/`, played; how to write one stands in conftest.py."""

from collections.abc import Callable
from pathlib import Path

import pytest

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.txt"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_dialogue(script: Path, play: Callable[[Path], None]) -> None:
    play(script)
