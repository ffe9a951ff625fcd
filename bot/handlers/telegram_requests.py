"""How python-telegram-bot asks Telegram for us: without logging what people said, and never stuck on one update."""

from collections.abc import Iterator
import json
import logging
import re
from typing import Any

from telegram import Update
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

__all__ = ["CallRequest", "UpdatesRequest"]

log = logging.getLogger(__name__)

BEGINNING = re.compile(r'\{\s*"update_id"\s*:\s*(\d{1,18})\b')
"""How an update begins."""


class CallRequest(HTTPXRequest):
    """As python-telegram-bot's own, which logs what it can't read, with all that people said in it."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(payload.decode(errors="replace"))
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        return answer


class UpdatesRequest(CallRequest):
    """One whose updates can all be read: a single one that can't would come back with its whole batch, for ever."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            answer = CallRequest.parse_json_payload(payload)
        except TelegramError:
            found = list(_one_by_one(payload.decode(errors="replace")))
            if not found:
                raise
            answer = {"ok": True, "result": found}
        if isinstance(answer.get("result"), list):
            answer["result"] = [_readable(one) for one in answer["result"] if _has_number(one)]
        return answer


def _one_by_one(text: str) -> Iterator[dict[str, Any]]:
    """The updates of a batch of which one is more than the reader can bear: that one is no more than its number.

    What people write can't look like a beginning: in it every quotation mark has a backslash.
    """
    for begins in BEGINNING.finditer(text):
        try:
            yield json.JSONDecoder().raw_decode(text, begins.start())[0]
        except json.JSONDecodeError:
            raise TelegramError("Invalid server response") from None
        except (ValueError, RecursionError):
            yield {"update_id": int(begins[1])}


def _has_number(update: object) -> bool:
    return isinstance(update, dict) and isinstance(update.get("update_id"), int)


def _readable(update: dict[str, Any]) -> dict[str, Any]:
    """The update, or no more than its number when python-telegram-bot can't make anything of it."""
    try:
        Update.de_json(update)
    except Exception as error:  # noqa: BLE001  # Telegram may add whatever it likes
        log.error("telegram: an update could not be read: %s", type(error).__name__)  # noqa: TRY400
        return {"update_id": update["update_id"]}
    return update
