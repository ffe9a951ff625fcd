"""What the bot does besides messages: answering presses, saying what it is, asking about chats.

A description that ends with "(emulator's words)" is a rule of the Bot API whose own words were not found.
"""

from dataclasses import replace
from functools import partial
import re
from typing import Any

from tests.emulators.telegram.calls import Call, Method, method
from tests.emulators.telegram.html import units
from tests.emulators.telegram.refusals import bad_request
from tests.emulators.telegram.world import Group, Person, Toast, World

Json = dict[str, Any]

PROFILE: dict[str, Method] = {}
_method = partial(method, PROFILE)

# --- What people pressed


@_method("answerCallbackQuery", "callback_query_id", "text", "show_alert", "cache_time")
def answer_callback_query(world: World, call: Call) -> bool:
    press = world.presses.get(call["callback_query_id"])
    if not press or press.answered or press.expired:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = call.get("text", "")
    if units(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    world.presses[press.id] = replace(press, answered=True)
    if text:
        world.toasts.append(Toast(text, press.person, bool(call.get("show_alert"))))
    return True


# --- What the bot says about itself


@_method("getMe")
def get_me(world: World, _call: Call) -> Json:
    return world.bot.as_json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": world.reads_all,
        "supports_inline_queries": False,
    }


@_method("setMyCommands", "commands", "scope", "language_code")
def set_my_commands(world: World, call: Call) -> bool:
    commands = [_command(command) for command in call["commands"]]
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.commands[_scope(world, call), _language(call)] = commands
    return True


@_method("getMyCommands", "scope", "language_code")
def get_my_commands(world: World, call: Call) -> list[Json]:
    return world.commands.get((_scope(world, call), _language(call)), [])


@_method("deleteMyCommands", "scope", "language_code")
def delete_my_commands(world: World, call: Call) -> bool:
    world.commands.pop((_scope(world, call), _language(call)), None)
    return True


def _command(command: Json) -> Json:
    name, description = command["command"].strip().removeprefix("/"), command["description"].strip()
    if not name:
        raise bad_request("command name must be non-empty")
    if len(name) > 32:
        raise bad_request("command name length must not exceed 32")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > 256:
        raise bad_request("command description length must not exceed 256")
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}


def _scope(world: World, call: Call) -> str:
    scope = call.get("scope", {"type": "default"})
    if scope["type"] in ("default", "all_private_chats", "all_group_chats", "all_chat_administrators"):
        return str(scope["type"])
    if scope["type"] not in ("chat", "chat_administrators", "chat_member"):
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    chat = world.chat(scope.get("chat_id"))
    return f"{scope['type']}:{chat.id}:{scope.get('user_id', '')}"


def _language(call: Call) -> str:
    language = str(call.get("language_code", ""))
    if not re.fullmatch(r"([a-z]{2})?", language):
        raise bad_request("invalid language code specified")
    return language


def _describing(kind: str, parameter: str, most: int) -> None:
    """The pair of methods that set and get a text about the bot, in each language."""

    def set_it(world: World, call: Call) -> bool:
        text = call.get(parameter, "")
        if units(text) > most:
            raise bad_request(f"{parameter} is longer than {most} (emulator's words)")
        world.descriptions[parameter, _language(call)] = text
        return True

    def get_it(world: World, call: Call) -> Json:
        texts = world.descriptions
        return {parameter: texts.get((parameter, _language(call))) or texts.get((parameter, ""), "")}

    _method(f"setMy{kind}", parameter, "language_code")(set_it)
    _method(f"getMy{kind}", "language_code")(get_it)


_describing("Description", "description", 512)
_describing("ShortDescription", "short_description", 120)


# --- Chats

_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


@_method("getChat", "chat_id")
def get_chat(world: World, call: Call) -> Json:
    chat = world.chat(call["chat_id"])
    if isinstance(chat, Group):
        world.writable(chat.id)
    return chat.chat_as_json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(_GIFTS, True),
    }


@_method("getChatMember", "chat_id", "user_id")
def get_chat_member(world: World, call: Call) -> Json:
    chat = world.writable(call["chat_id"])
    if call["user_id"] == world.bot.id:
        return member(world.bot, world.standing[chat.id])
    person = world.chats.get(call["user_id"])
    if not isinstance(person, Person):
        raise bad_request("user not found")
    return member(person, "administrator" if isinstance(chat, Group) and person.id in chat.admins else "member")


_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)


def member(person: Person, status: str) -> Json:
    """Somebody in a chat, as Telegram describes their standing."""
    described: Json = {"user": person.as_json(), "status": status}
    if status == "kicked":
        return described | {"until_date": 0}
    if status == "administrator":
        return described | dict.fromkeys(_RIGHTS, False) | {"can_manage_chat": True, "can_delete_messages": True}
    return described


@_method("getFile", "file_id")
def get_file(world: World, call: Call) -> Json:
    identifier = call["file_id"]
    if identifier not in world.files:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    _, content = world.files[identifier]
    path = f"documents/{identifier}"
    return {
        "file_id": identifier,
        "file_unique_id": identifier[-12:],
        "file_size": len(content),
        "file_path": path,
    }
