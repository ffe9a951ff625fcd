"""How python-telegram-bot asks Telegram for us: without logging what people said, and never stuck on one update."""

import json
import logging
from typing import Any

from telegram import Update
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

__all__ = ["CallRequest", "UpdatesRequest"]

log = logging.getLogger(__name__)


class CallRequest(HTTPXRequest):
    """As python-telegram-bot's own, which logs what it can't read, with all that people said in it."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(payload.decode(errors="replace"))
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        return answer


class UpdatesRequest(CallRequest):
    """One whose updates can all be read: a single one that can't would come back with its whole batch, for ever."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        answer = CallRequest.parse_json_payload(payload)
        if isinstance(answer.get("result"), list):
            answer["result"] = [_readable(one) for one in answer["result"] if _has_number(one)]
        return answer


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
