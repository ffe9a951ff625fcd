"""What it means that Telegram did not do something: what it is known to say, and what is to be done about each.

The Bot API documents no errors, only that there is a description "in words": these are collected from the sources of
TDLib and telegram-bot-api and from what others ran into. What is not known is judged by its kind.
"""

from collections.abc import Mapping
import logging
import re

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

log = logging.getLogger(__name__)

USUAL_WAIT = 30.0
"""Seconds to wait when Telegram asks for it and does not say how long."""
NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Errors of a request that can't have been read by anybody: safe to send again."""
SURE = ("too many requests", "request entity too large", "internal server error: sent message was immediately deleted")
"""How descriptions begin that refuse a message, while python-telegram-bot has only NetworkError for their status."""
HOW_LONG = re.compile(r"(?:retry after |slowmode_wait_)(\d{1,6})\b")

DESCRIPTIONS: Mapping[str, Remedy] = {
    # These quote what was sent, so they come before all that a text could seem to say.
    "can't parse": "ask",
    "entity beginning": "ask",
    "inline keyboard": "ask",
    'bot "': "ask",
    # Too fast, or the group lets nobody write often; how long to wait is in the answer.
    "too many requests": "wait",
    "slowmode_wait": "wait",
    # About what the message says and carries.
    "message is too long": "ask",
    "message_too_long": "ask",
    "message text is empty": "ask",
    "message_empty": "ask",
    "text is empty": "ask",
    "must be non-empty": "ask",
    "request entity too large": "ask",
    "entities_too_long": "ask",
    "entity_bounds_invalid": "ask",
    "entity_mention_user_invalid": "ask",
    "unsupported parse_mode": "ask",
    "object expected as": "ask",
    "button_": "ask",
    "bot_domain_invalid": "ask",
    "reply markup is too long": "ask",
    "reply_markup_": "ask",
    "wrong http url specified": "ask",
    "failed to get http url content": "ask",
    "wrong type of the web page content": "ask",
    # About the topic, or the message that it answers: the chat takes others. "off" would drop all that waits for it.
    "topic_closed": "ask",
    "topic_deleted": "ask",
    "message thread not found": "ask",
    "message to be replied not found": "ask",
    "reply message not found": "ask",
    "reply_message_id_invalid": "ask",
    "reply_to_": "ask",
    "quote_text_invalid": "ask",
    # About the message in whose place it was to come, or the button that was pressed: to try again changes nothing.
    "message is not modified": "ask",
    "message to edit not found": "ask",
    "message can't be edited": "ask",
    "there is no text in the message to edit": "ask",
    "message identifier is not specified": "ask",
    "message_id_invalid": "ask",
    "msg_id_invalid": "ask",
    "message to delete not found": "ask",
    "message can't be deleted": "ask",
    "query is too old": "ask",
    # It came, and something there took it away again: the same will happen to the next.
    "sent message was immediately deleted": "ask",
    # The address is none at all: a mistake in the bot.
    "chat_id is empty": "ask",
    # It goes on under another number. Telegram says which, and python-telegram-bot has an error for that; without one a
    # person has to look.
    "to a supergroup": "ask",
    # Nobody there wants it, or it is not there any more.
    "bot was blocked by the user": "off",
    "user_is_blocked": "off",
    "user is deactivated": "off",
    "input_user_deactivated": "off",
    "user not found": "off",
    "chat not found": "off",
    "chat was deleted": "off",
    "chat was deactivated": "off",
    "peer_id_invalid": "off",
    "chat_id_invalid": "off",
    "channel_invalid": "off",
    # We were put out, or were never let in.
    "bot was kicked": "off",
    "bot is not a member": "off",
    "channel_private": "off",
    "bot can't initiate conversation": "off",
    "bot can't send messages to": "off",
    "user_is_bot": "off",
    # We may be there and not write.
    "have no rights to send": "off",
    "have no write access": "off",
    "not enough rights": "off",
    "need administrator rights": "off",
    "chat_admin_required": "off",
    "chat_write_forbidden": "off",
    "chat_send_plain_forbidden": "off",
    "chat_guest_send_forbidden": "off",
    "chat_restricted": "off",
    "user_banned_in_channel": "off",
    # Only who pays may write there.
    "allow_payment_required": "off",
    "privacy_premium_required": "off",
    "premium_account_required": "off",
    # The bot is logged out of this server, which answers for no other bot either.
    "logged out": "stop",
    # About taking updates in (`telegram_sending.cause` says it to people); what is sent does not meet it.
    "conflict": "ask",
}
"""What is in a description, in small letters, and what to do about it; the first that fits counts."""


def judged(error: Exception) -> NotSent | Unsure:
    """What became of a call that ended in this error; none of its words are Telegram's: those can be people's."""
    if isinstance(error, RetryAfter):
        return NotSent("asked to wait", "wait", seconds=seconds_to_wait(error))
    if isinstance(error, ChatMigrated):
        return NotSent("moved", "moved", moved_to=str(error.new_chat_id))
    if isinstance(error, InvalidToken) and is_refusal(error):
        return NotSent("token refused", "stop")
    if isinstance(error, InvalidToken | BadRequest | Forbidden | Conflict):
        if error.__cause__ is not None:
            # A page of some server on the way, which says nothing of the token, of the chat or of the message.
            return NotSent(type(error).__name__, "again")
        return _refused(error)
    if isinstance(error, NetworkError) and isinstance(error.__cause__, NEVER_ARRIVED):
        return NotSent(type(error.__cause__).__name__, "again")
    if isinstance(error, NetworkError) and error.message.lower().startswith(SURE):
        return _refused(error)
    return Unsure(type(error).__name__)


def _refused(error: TelegramError) -> NotSent:
    description = error.message.lower()
    for sign, remedy in DESCRIPTIONS.items():
        if sign in description:
            return NotSent(sign, remedy, seconds=_how_long(description) if remedy == "wait" else 0.0)
    kind = type(error).__name__
    log.warning("telegram: a refusal nobody knows of: %s", kind)
    return NotSent(kind, "off" if isinstance(error, Forbidden) else "ask")


def _how_long(description: str) -> float:
    found = HOW_LONG.search(description)
    return float(found[1]) if found and int(found[1]) else USUAL_WAIT


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
    return max(0.0, after if isinstance(after, int) else after.total_seconds())
