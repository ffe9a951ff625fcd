"""What it means that Telegram did not do something: what it is known to say, and what is to be done about each.

The Bot API documents no errors, only that there is a description "in words": these are collected from the sources of
TDLib and telegram-bot-api and from what others ran into. What is not known is judged by its kind.
"""

from collections.abc import Mapping

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.chat import NotSent, Remedy, Unsure

__all__ = ["DESCRIPTIONS", "is_refusal", "judged", "seconds_to_wait"]

NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Errors of a request that can't have been read by anybody: safe to send again."""

DESCRIPTIONS: Mapping[str, Remedy] = {
    # Nobody there wants it, or it is not there any more.
    "bot was blocked by the user": "off",
    "user is deactivated": "off",
    "bot was kicked": "off",
    "bot is not a member": "off",
    "bot can't initiate conversation": "off",
    "bot can't send messages to bots": "off",
    "bot can't send messages to the user": "off",
    "chat not found": "off",
    "user not found": "off",
    "chat was deleted": "off",
    "group chat was deactivated": "off",
    "have no rights to send": "off",
    "not enough rights": "off",
    "need administrator rights": "off",
    "chat_write_forbidden": "off",
    "chat_send_plain_forbidden": "off",
    "chat_restricted": "off",
    "chat_admin_required": "off",
    "user_is_blocked": "off",
    "user_banned_in_channel": "off",
    "channel_private": "off",
    "peer_id_invalid": "off",
    "input_user_deactivated": "off",
    "topic_closed": "off",
    "topic_deleted": "off",
    "message thread not found": "off",
    "voice_messages_forbidden": "off",
    "allow_payment_required": "off",
    # It goes on under another number (Telegram says which; without one a person has to look).
    "upgraded to a supergroup": "ask",
    # Too fast; how long to wait is in the answer.
    "too many requests": "wait",
    # The token is refused.
    "unauthorized": "stop",
    "bot token": "stop",
    "logged out": "stop",
    # Telegram's own trouble, of which it says that nothing came.
    "restart": "again",
    # It is about this message.
    "message is too long": "ask",
    "message text is empty": "ask",
    "text must be non-empty": "ask",
    "can't parse entities": "ask",
    "entities_too_long": "ask",
    "entity": "ask",
    "button_data_invalid": "ask",
    "button_url_invalid": "ask",
    "button_type_invalid": "ask",
    "reply_markup": "ask",
    "inline keyboard": "ask",
    "message to edit not found": "ask",
    "message can't be edited": "ask",
    "message is not modified": "ask",
    "message to be replied not found": "ask",
    "message to delete not found": "ask",
    "message can't be deleted": "ask",
    "message_id_invalid": "ask",
    "query is too old": "ask",
    "wrong type of the web page content": "ask",
    "wrong file identifier": "ask",
}
"""What is in a description, in small letters, and what to do about it; the first that fits counts."""


def judged(error: Exception) -> NotSent | Unsure:
    """What became of a call that ended in this error; none of its words are Telegram's: those can be people's."""
    if isinstance(error, RetryAfter):
        return NotSent("asked to wait", "wait", seconds=seconds_to_wait(error))
    if isinstance(error, ChatMigrated):
        return NotSent("moved", "moved", moved_to=str(error.new_chat_id))
    if isinstance(error, InvalidToken):
        # A page of some server on the way says nothing of the token.
        return NotSent("token refused", "stop") if is_refusal(error) else NotSent("InvalidToken", "again")
    if isinstance(error, BadRequest | Forbidden | Conflict):
        return _refused(error)
    if isinstance(error, NetworkError) and isinstance(error.__cause__, NEVER_ARRIVED):
        return NotSent(type(error.__cause__).__name__, "again")
    return Unsure(type(error).__name__)


def _refused(error: TelegramError) -> NotSent:
    description = error.message.lower()
    for sign, remedy in DESCRIPTIONS.items():
        if sign in description:
            return NotSent(sign, remedy)
    return NotSent(type(error).__name__, "off" if isinstance(error, Forbidden) else "ask")


def is_refusal(error: BaseException) -> bool:
    """Whether Telegram itself refuses the token, and not a page of some server on the way to it."""
    while isinstance(error, InvalidToken):
        if error.__cause__ is None:
            return True
        error = error.__cause__
    return False


def seconds_to_wait(error: RetryAfter) -> float:
    """How long Telegram asks to wait."""
    after = error.retry_after
    return after if isinstance(after, int) else after.total_seconds()
