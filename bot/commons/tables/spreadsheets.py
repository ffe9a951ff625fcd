"""The sheets of a workbook or a web page, read by a child process that may crash or hang without harm.

The library that reads Excel can panic, abort and ask for terabytes when a file is hostile or just odd. The child has
limits on memory and time (`workbooks`), and the parent kills it when it stays silent or is not needed any more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, groupby
import json
from operator import itemgetter
import os
from pathlib import Path
import signal
import subprocess
import sys
from threading import Timer
import time
from typing import Any

from bot.commons.tables.sheets import Sheet, Unreadable, clean

__all__ = ["OUT_OF_MEMORY", "read_spreadsheet"]

_ROOT = Path(__file__).parents[3]
# The child opens what strangers made: it gets no tokens or passwords to see.
_PASSED_ON = ("PATH", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SYSTEMROOT")
_MAX_MESSAGE = 64_000_000  # bytes
_GRACE = 10  # seconds: who closed its output is gone at once
OUT_OF_MEMORY = 66
"""The child's exit code when it noticed by itself; the library aborts."""


def read_spreadsheet(path: Path, *, seconds: float = 60) -> Iterator[Sheet]:
    """The visible sheets of Excel or OpenDocument, or the tables of a web page.

    The child may make us wait for so many seconds in all; how long we take over its rows doesn't count.
    """
    with _child(path) as process:
        messages = _messages(process, clean(path.name), seconds)
        # A message is [number of the sheet, its name, some of its rows]. What is left of a sheet is skipped by groupby.
        for (_, name), parts in groupby(messages, key=lambda message: (message[0], message[1])):
            yield Sheet(name, _rows(chain.from_iterable(map(itemgetter(2), parts))))


def _rows(rows: Iterator[list[Any]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    return ((number, tuple(cells)) for number, cells in rows)


@contextmanager
def _child(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(  # noqa: S603 - our own program; the path is one argument, no shell sees it
        [sys.executable, "-m", "bot.commons.tables.workbooks", str(path.absolute())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a panic's backtrace; nobody reads it, and a full pipe would stop the child
        cwd=_ROOT,
        env={name: os.environ[name] for name in _PASSED_ON if name in os.environ} | {"RUST_BACKTRACE": "0"},
    )
    with process:  # closes the pipe and waits
        try:
            yield process
        finally:
            process.kill()


def _messages(process: subprocess.Popen[bytes], name: str, seconds: float) -> Iterator[list[Any]]:
    while True:
        began = time.monotonic()
        line = _line(process, seconds)
        seconds -= time.monotonic() - began
        if not line.endswith(b"\n"):
            raise _refusal(name, None if seconds <= 0 else process.wait(_GRACE))
        message = json.loads(line)
        if isinstance(message, list):
            yield message
        elif "problem" in message:
            raise Unreadable(message["problem"])
        else:
            return


def _line(process: subprocess.Popen[bytes], seconds: float) -> bytes:
    """The next line of the child, or less than a line when it ended or had to be killed."""
    watchdog = Timer(max(seconds, 0), process.kill)  # no `select`: Windows has it for sockets only
    watchdog.daemon = True
    watchdog.start()
    try:
        return process.stdout.readline(_MAX_MESSAGE) if process.stdout and not process.stdout.closed else b""
    finally:
        watchdog.cancel()


def _refusal(name: str, code: int | None) -> Unreadable:
    """What to say about a file of which the child ended with this exit code, or was too late."""
    if code is None or code == -getattr(signal, "SIGXCPU", 0):
        return Unreadable(
            f"Het lezen van “{name}” duurt te lang. Kopieer alleen de lijst, "
            "plak hem als waarden in een nieuw bestand en sla dat op als Excel (.xlsx) of CSV."
        )
    if code in {OUT_OF_MEMORY, -signal.SIGABRT, -getattr(signal, "SIGKILL", 0)}:
        return Unreadable(
            f"“{name}” is te groot om te lezen, of er staat iets in een cel ver buiten de lijst: heel ver naar rechts "
            "of naar onderen. Kopieer alleen de lijst naar een nieuw bestand en sla dat op als Excel (.xlsx)."
        )
    return Unreadable(
        f"“{name}” is beschadigd of geen echte tabel. "
        "Open het in Excel, sla het op als een nieuw bestand (.xlsx) en probeer het opnieuw."
    )
