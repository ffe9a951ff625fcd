"""The command line, as a person or a machine runs it: in a process of its own, or in this one where many are run."""

from collections.abc import Mapping
import contextlib
import io
import os
from pathlib import Path
import subprocess
import sys

import pytest

from bot.cli import main
from bot.settings import Settings

ROOT = Path(__file__).parents[1]


class CommandLine:
    """`skb-bot` in a folder of its own, without settings of the machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        names = {name.upper() for name in Settings.model_fields}
        self.environment = {name: value for name, value in os.environ.items() if name not in names}
        self.environment["PYTHONPATH"] = str(ROOT)
        self.environment.pop("PYTHONIOENCODING", None)

    def __call__(
        self, *words: str, typed: str | bytes = b"", settings: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            input=typed.encode() if isinstance(typed, str) else typed,
            capture_output=True,
            cwd=self.folder,
            env=self.environment | dict(settings or {}),
            timeout=60,
            check=False,
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    @property
    def database(self) -> Path:
        return self.folder / "var" / "skb.db"


class CommandLineInside(CommandLine):
    """The same command in this process: ten times as quick, for what is no matter of processes."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(folder)
        self._monkeypatch = monkeypatch

    def __call__(
        self, *words: str, typed: str | bytes = b"", settings: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        code, out, err = 0, io.StringIO(), io.StringIO()
        with self._monkeypatch.context() as now:
            now.chdir(self.folder)
            for name in Settings.model_fields:
                now.delenv(name.upper(), raising=False)
            for name, value in (settings or {}).items():
                now.setenv(name, value)
            now.setattr(sys, "argv", ["skb-bot", *words])
            now.setattr(sys, "stdin", io.StringIO(typed.decode() if isinstance(typed, bytes) else typed))
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                try:
                    main()
                except SystemExit as ended:
                    code = ended.code if isinstance(ended.code, int) else 0
        return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())
