"""Nothing that opens a door reaches a log, however it got into the line."""

from collections.abc import Iterator
import json
import logging
import subprocess
import sys

import pytest

from bot import logs

CANARIES = (
    "123456789:CANARY" + "A" * 29,
    "xoxb-CANARY-" + "1" * 12,
    "xoxp-CANARY-" + "1" * 12,
    "xapp-1-CANARY-" + "1" * 12,
    "https://api.telegram.org/bot123456789:CANARY" + "A" * 29 + "/getMe",
    "postgresql://user:CANARY@host/name",
    "postgresql+psycopg://user:CAN/AR@Y@host/name",
    "host=db password=CANARY user=bot",
)


@pytest.fixture(autouse=True)
def root_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def log_everywhere(canary: str) -> None:
    log = logging.getLogger("test")
    log.warning(canary)
    log.warning("%s and %r", canary, {"token": canary})
    log.warning("extra", extra={"token": canary})
    try:
        raise RuntimeError(canary)
    except RuntimeError:
        log.exception("it went wrong")


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("canary", CANARIES)
def test_no_secret_in_a_log(form: str, canary: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("debug", form)
    log_everywhere(canary)
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.count(logs.HIDDEN) >= 5
    assert "CANARY" not in written.err
    assert "AR@Y" not in written.err


def test_given_secrets_are_hidden_whatever_their_shape(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "text", ["CANARY met spaties", ""])
    log_everywhere("geheim: CANARY met spaties")
    assert "CANARY" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org:8080/pad",
        "groep 7: 24 leerlingen om 12:30",
        "user@example.org",
        "2026-11-22T10:00:00",
        "xoxo",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert logs.redact(text) == text


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "json")
    logging.getLogger("bot.test").info("één %s", "regel", extra={"count": 3})
    logging.getLogger("bot.test").debug("not shown")
    [line] = capsys.readouterr().err.splitlines()
    entry = json.loads(line)
    assert entry.pop("timestamp").endswith("Z")
    assert entry == {"event": "één regel", "level": "info", "logger": "bot.test", "count": 3}


def test_text_names_level_logger_and_message(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "text")
    logging.getLogger("bot.test").warning("let op")
    written = capsys.readouterr().err
    assert all(part in written for part in ("warning", "bot.test", "let op"))


def test_structlog_waits_until_something_is_logged() -> None:
    program = (
        "import sys, logging; from bot import logs; logs.configure(); assert 'structlog' not in sys.modules; "
        "logging.error('x'); assert 'structlog' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
