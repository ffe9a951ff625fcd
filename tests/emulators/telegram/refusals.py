"""How the emulated Telegram says no: the code, the description and the parameters of the Bot API's errors."""

from collections.abc import Mapping
from typing import Any


class Refused(Exception):  # noqa: N818  # an answer like any other
    """An error as the Bot API answers it."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})

    def as_json(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return answer | ({"parameters": self.parameters} if self.parameters else {})


class NotEmulated(Exception):  # noqa: N818  # nobody did wrong
    """Something that exists in the Bot API and not here: a test that needs it must not go on as if it worked."""


def bad_request(reason: str) -> Refused:
    return Refused(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refused:
    return Refused(403, f"Forbidden: {reason}")


def conflict(reason: str) -> Refused:
    return Refused(409, f"Conflict: {reason}")


def too_many(seconds: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
