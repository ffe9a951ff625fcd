"""What Telegram delivers, as events: who asks what, and where the answer goes. All pure.

In a group the bot speaks only when it is spoken to: a command, its name, a reply to what it said. What else it may get
to see there (as an administrator it sees everything) is none of its business.
"""

from collections.abc import Mapping
import re
from typing import Any

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, Message, MessageEntity, Update, User
from telegram.constants import ChatMemberStatus, ChatType

from bot.chat import Address, Event, Request
from bot.handlers.telegram_html import read_button

__all__ = ["COMMANDS", "IN_GROUPS", "PLATFORM", "grown", "read"]

PLATFORM = "telegram"

COMMANDS = {
    "": {
        "zoek": "Zoek programma's: /zoek debat VO Utrecht",
        "help": "Wat je kunt vragen",
        "instellingen": "Wat je kunt instellen",
        "privacy": "Wat ik bewaar en wat niet",
        "stop": "Geen berichten meer",
    },
    "en": {
        "search": "Search programmes: /search debat VO Utrecht",
        "help": "What you can ask",
        "settings": "What you can set",
        "privacy": "What is kept and what is not",
        "stop": "No more messages",
    },
}
"""The commands of the menu, by the language of who looks; Dutch for everybody else. Everybody can type all of them."""
IN_GROUPS = ("zoek", "search")
"""Those in the menu of a group."""
OURS = {"start"}.union(*COMMANDS.values())
"""Commands that are meant for us in a group when nobody says for which bot they are."""

COMMAND = re.compile(r"/(\w{1,32})(?:@(\w+))?", re.ASCII)
LINK = re.compile(r"[\w-]{1,64}", re.ASCII)
"""What a link to the bot can carry (t.me/bot?start=…)."""
OUTSIDE = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
INSTEAD_OF_WORDS = {
    "voice": "voice",
    "audio": "voice",
    "video_note": "voice",
    "photo": "picture",
    "video": "picture",
    "animation": "picture",
    "story": "picture",
    "paid_media": "picture",
    "document": "file",
    "contact": "file",
    "sticker": "sticker",
    "dice": "sticker",
    "game": "sticker",
    "poll": "sticker",
    "checklist": "sticker",
    "location": "location",
    "venue": "location",
}
"""Kinds of messages by the name of the field they come in."""


def read(update: Update, me: User) -> Event | None:
    """The event of an update; None when it is nothing to answer."""
    if update.callback_query:
        return _pressed(update.update_id, update.callback_query)
    if update.my_chat_member:
        return _added(update.update_id, update.my_chat_member)
    if update.message:
        return _said(update.update_id, update.message, me)
    return None


def grown(update: Update) -> str:
    """The number of the supergroup that a group became with this; empty when it is about anything else."""
    message = update.message
    if message and message.migrate_from_chat_id:
        return str(message.chat.id)
    return str(message.migrate_to_chat_id) if message and message.migrate_to_chat_id else ""


def _pressed(update_id: int, query: CallbackQuery) -> Event | None:
    message = query.message
    if message is None:
        return None
    # What can't be read comes from a version of the bot that is gone: the menu is always a way on.
    about, sends = read_button(query.data or "") or ("", "menu")
    shown = message if isinstance(message, Message) else None  # else it is too old for Telegram to say more of it
    reply_to = _where(message.chat.id, message.chat.type, _topic(shown))
    if "group" in reply_to and shown and shown.reply_to_message:
        # Under the question that the buttons belong to: only there Telegram knows whom a question back is for.
        reply_to["answers"] = str(shown.reply_to_message.message_id)
    request = Request(sends, _address(reply_to), str(query.from_user.id), query.from_user.first_name, about=about)
    return Event(str(update_id), request, reply_to | {"message": str(message.message_id), "press": query.id})


def _added(update_id: int, change: ChatMemberUpdated) -> Event | None:
    came = not _is_in(change.old_chat_member) and _is_in(change.new_chat_member)
    if not came or change.chat.type not in GROUPS:
        return None
    reply_to = _where(change.chat.id, change.chat.type, None)
    return Event(str(update_id), Request("", _address(reply_to), kind="added"), reply_to)


def _is_in(member: ChatMember) -> bool:
    # Who is restricted may be outside as well: it says so apart.
    return member.status not in OUTSIDE and bool(getattr(member, "is_member", True))


def _said(update_id: int, message: Message, me: User) -> Event | None:
    sender = message.from_user
    # Who writes as the group or as a channel is a person, and nobody knows which.
    hidden = message.sender_chat is not None
    if sender is None or (sender.is_bot and not hidden) or message.via_bot or message.is_automatic_forward:
        return None
    asked = _asked(message, me)
    if asked is None:
        return None
    reply_to = _where(message.chat.id, message.chat.type, _topic(message))
    if "group" in reply_to:
        reply_to["answers"] = str(message.message_id)
    who = {} if hidden else {"user": str(sender.id), "name": sender.first_name}
    # An album comes as many messages, and is answered once.
    identifier = f"album {message.media_group_id}" if message.media_group_id else str(update_id)
    return Event(identifier, Request(chat=_address(reply_to), **(who | asked)), reply_to)


def _asked(message: Message, me: User) -> dict[str, Any] | None:
    """The parts of the request that say what is asked; None when it is not for the bot."""
    words = message.text or message.caption or ""
    in_group = message.chat.type in GROUPS
    if command := _command(message, words):
        name, addressee, rest = command
        if in_group and not (_is_me(addressee, me) if addressee else name in OURS):
            return None
        if name == "start" and in_group:
            return {"text": "", "kind": "added"}
        if name == "start" and LINK.fullmatch(rest):
            return {"text": "start", "about": rest}
        return {"text": f"{name} {rest}".strip(), "follows": False}
    called = _without_name(message, words, me)
    if in_group and called is None and not _answers(message, me):
        return None
    if words := words if called is None else called:
        return {"text": words}
    if kind := next((kind for name, kind in INSTEAD_OF_WORDS.items() if getattr(message, name, None)), None):
        return {"text": "", "kind": kind}
    # Called, and nothing said: as the command with nothing behind it.
    return {"text": "zoek", "follows": False} if called == "" else None


def _command(message: Message, words: str) -> tuple[str, str, str] | None:
    """The command, whom it is for, and what stands behind it, when the message begins with one."""
    entities = message.entities if message.text else message.caption_entities
    first = next((one for one in entities if one.type == MessageEntity.BOT_COMMAND and one.offset == 0), None)
    # Its length counts in UTF-16; in a command, of plain letters only, that is the same.
    match = COMMAND.fullmatch(words[: first.length]) if first else None
    return (match[1].lower(), match[2] or "", words[match.end() :].strip()) if match else None


def _without_name(message: Message, words: str, me: User) -> str | None:
    """The words without the bot's name; None when it is not named."""
    parse = message.parse_entities if message.text else message.parse_caption_entities
    mentioned = parse([MessageEntity.MENTION]) if words else {}
    names = [name for name in mentioned.values() if _is_me(name.removeprefix("@"), me)]
    if not names:
        return None
    for name in names:
        words = words.replace(name, " ")
    return " ".join(words.split())


def _answers(message: Message, me: User) -> bool:
    """Whether it answers something the bot said. In a topic everything answers the message that made the topic."""
    answered = message.reply_to_message
    return bool(answered and answered.from_user and answered.from_user.id == me.id and not answered.forum_topic_created)


def _is_me(name: str, me: User) -> bool:
    return name.lower() == (me.username or "").lower()


def _topic(message: Message | None) -> int | None:
    return message.message_thread_id if message and message.is_topic_message else None


def _where(chat: int, kind: str, topic: int | None) -> dict[str, str]:
    """Where to answer, as `telegram.py` reads it."""
    where = {"chat": str(chat)}
    if topic is not None:
        where["thread"] = str(topic)
    if kind in GROUPS:
        where["group"] = "yes"
    return where


def _address(reply_to: Mapping[str, str]) -> Address:
    return Address(PLATFORM, reply_to["chat"], reply_to.get("thread", ""))
