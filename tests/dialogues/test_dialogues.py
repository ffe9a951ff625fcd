"""Every transcript in `scripts/`, played on every platform; how to write one stands in conftest.py."""

from pathlib import Path
from typing import Any

import pytest

from tests.dialogues.players import PLAYERS, playing

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.txt"))


@pytest.mark.parametrize("platform", PLAYERS)
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_dialogue(script: Path, platform: str, world: Any, transcript: Any) -> None:
    with playing(platform, world) as player:
        transcript(script, world, player).play()
