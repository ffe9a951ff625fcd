"""Logs on stderr, for people or for machines, with nothing in them that opens a door.

Everybody logs with the standard library's `logging`; structlog formats. It is imported with the first line that is
logged, because most runs of `skb-bot ask` log nothing and should not wait for it.
"""

from collections.abc import Iterable
import logging
import re
import sys

__all__ = ["configure", "redact"]

# Shapes of what opens a door, wherever it turns up: in a message, in its arguments, in the text of an exception.
SECRET_SHAPES = re.compile(
    r"""
    (?P<telegram>\d{6,}:[\w-]{30,})              # a bot's token, also inside an address (…/bot123456:AA…/getMe)
    | (?P<slack>\bx(?:ox[a-z]|app)-[\w.-]{6,})    # any of Slack's
    | (?<=://) (?P<user>[^\s:/@'"]*) : (?P<password>[^\s'"]+) (?=@)   # postgresql://user:password@host
    | (?i:(?P<name>\bpassword|\bsecret_key)) (?P<is>\s*=\s*) [^\s&'"]+         # password=… in a connection string
    """,
    re.VERBOSE,
)
HIDDEN = "[hidden]"


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without tokens, passwords and the given secrets."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return SECRET_SHAPES.sub(_hide, text)


def _hide(match: re.Match[str]) -> str:
    if match["password"]:
        return f"{match['user']}:{HIDDEN}"
    if match["name"]:
        return f"{match['name']}{match['is']}{HIDDEN}"
    return HIDDEN


def configure(level: str = "info", form: str = "text", secrets: Iterable[str] = ()) -> None:
    """Sends everything logged in this process to stderr, redacted; `form` is text or json. Replaces what was before."""
    handler = _RedactingHandler(form, tuple(filter(None, secrets)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # httpx logs every address it opens at INFO, and Telegram's carry the token: redacted, but still only noise. Alembic
    # introduces all of its plugins. The others write what people typed at DEBUG.
    for talkative in ("httpx", "httpcore", "alembic", "telegram", "slack_bolt", "slack_sdk", "aiohttp"):
        logging.getLogger(talkative).setLevel(logging.WARNING)


class _RedactingHandler(logging.StreamHandler):  # type: ignore[type-arg]  # generic in the stubs only
    """Redacts the finished line, so that no way into it (message, arguments, exception, extra) can be forgotten."""

    def __init__(self, form: str, secrets: tuple[str, ...]) -> None:
        super().__init__(sys.stderr)
        self._form = form
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        if self.formatter is None:
            self.formatter = _formatter(self._form)
        return redact(super().format(record), self._secrets)


def _formatter(form: str) -> logging.Formatter:
    import structlog

    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *([structlog.processors.format_exc_info] if form == "json" else []),
            renderer,
        ],
    )
