"""Messages that the bot sends, changes and deletes, and with which words Telegram refuses them."""

from functools import partial
from typing import Any
import uuid

from tests.emulators.telegram.calls import Call, Method, method
from tests.emulators.telegram.html import Text, units
from tests.emulators.telegram.keyboards import keyboard
from tests.emulators.telegram.markup import formatted
from tests.emulators.telegram.refusals import NotEmulated, bad_request
from tests.emulators.telegram.world import Chat, Group, Kept, World

Json = dict[str, Any]

SENDING: dict[str, Method] = {}
_method = partial(method, SENDING)
_WITH_ALL = ("chat_id", "parse_mode", "disable_notification", "message_thread_id", "reply_parameters", "reply_markup")


@_method("sendMessage", *_WITH_ALL, "text", "entities", "link_preview_options", "protect_content")
def send_message(world: World, call: Call) -> Json:
    text = _text(world, call, "text", 4096)
    content = {"text": text.plain, **_entities("entities", text)}
    return _send(world, call, content, html=call["text"], preview=_preview(call))


@_method("sendDocument", *_WITH_ALL, "document", "caption", "caption_entities", "protect_content")
def send_document(world: World, call: Call) -> Json:
    caption = _text(world, call, "caption", 1024)
    document = _document(world, call)
    content: Json = {"document": document}
    if caption.plain:
        content |= {"caption": caption.plain, **_entities("caption_entities", caption)}
    return _send(world, call, content, html=call.get("caption", ""), preview=False)


def _document(world: World, call: Call) -> Json:
    if "document" not in call.files:
        if call.get("document") in world.files:
            name, content = world.files[call["document"]]
            return _file(call["document"], name, content)
        raise bad_request("wrong file identifier/HTTP URL specified")
    name, content = call.files["document"]
    if not content:
        raise bad_request("file must be non-empty")
    identifier = f"BQAC{uuid.uuid4().hex}"
    world.files[identifier] = (name, content)
    return _file(identifier, name, content)


def _file(identifier: str, name: str, content: bytes) -> Json:
    return {
        "file_id": identifier,
        "file_unique_id": identifier[-12:],
        "file_name": name,
        "file_size": len(content),
    }


@_method(
    "editMessageText",
    "chat_id",
    "message_id",
    "text",
    "parse_mode",
    "entities",
    "link_preview_options",
    "reply_markup",
)
def edit_message_text(world: World, call: Call) -> Json:
    text = _text(world, call, "text", 4096)
    kept = _editable(world, call)
    if "text" not in kept.body:
        raise bad_request("there is no text in the message to edit")
    body = {key: value for key, value in kept.body.items() if key not in ("entities", "reply_markup")}
    body |= {"text": text.plain, **_entities("entities", text)}
    edited = _edit(world, call, kept, body)
    kept.html, kept.preview = call["text"], _preview(call)
    return edited


@_method("editMessageReplyMarkup", "chat_id", "message_id", "reply_markup")
def edit_message_reply_markup(world: World, call: Call) -> Json:
    kept = _editable(world, call)
    return _edit(world, call, kept, {key: value for key, value in kept.body.items() if key != "reply_markup"})


@_method("deleteMessage", "chat_id", "message_id")
def delete_message(world: World, call: Call) -> bool:
    chat = world.writable(call["chat_id"])
    kept = world.kept.get((chat.id, int(call["message_id"])))
    if not kept:
        raise bad_request("message to delete not found")
    others = kept.body["from"]["id"] != world.bot.id
    if others and isinstance(chat, Group) and world.standing[chat.id] != "administrator":
        raise bad_request("message can't be deleted")
    if world.now() - kept.body["date"] > 48 * 3600:
        raise bad_request("message can't be deleted for everyone")
    del world.kept[chat.id, kept.body["message_id"]]
    return True


def _send(world: World, call: Call, content: Json, *, html: str, preview: bool) -> Json:
    markup, complaints = keyboard(call.get("reply_markup"))
    world.violations += [f"sendMessage: {complaint}" for complaint in complaints]
    chat = world.writable(call["chat_id"])
    body: Json = {"message_id": 0, "date": int(world.now()), "chat": chat.chat_as_json(), "from": world.bot.as_json()}
    body |= _thread(world, chat, call.get("message_thread_id"))
    body |= _reply(world, chat, call.get("reply_parameters"))
    body |= content
    if call.get("protect_content"):
        body["has_protected_content"] = True
    kept = Kept(body, html, bool(call.get("disable_notification")), preview)
    if markup and "inline_keyboard" in markup:
        body["reply_markup"] = markup
    elif markup:
        kept.markup = markup
    body["message_id"] = world.next_id(chat.id)
    return world.keep(kept).body


def _thread(world: World, chat: Chat, thread: int | None) -> Json:
    if thread is None:
        return {}
    if thread not in world.topics.get(chat.id, ()):
        raise bad_request("message thread not found")
    return {"message_thread_id": thread, "is_topic_message": True}


def _reply(world: World, chat: Chat, wanted: Json | None) -> Json:
    if not wanted:
        return {}
    if "message_id" not in wanted:
        raise bad_request("can't parse reply parameters: Can't find field \"message_id\"")
    unheeded = set(wanted) - {"message_id", "chat_id", "allow_sending_without_reply"}
    if unheeded or str(wanted.get("chat_id", chat.id)) != str(chat.id):
        raise NotEmulated(f"reply_parameters with {', '.join(sorted(unheeded)) or 'another chat'}")
    kept = world.kept.get((chat.id, wanted["message_id"]))
    if kept:
        return {"reply_to_message": {key: value for key, value in kept.body.items() if key != "reply_to_message"}}
    if wanted.get("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


def _editable(world: World, call: Call) -> Kept:
    if call.get("chat_id") is None or call.get("message_id") is None:
        raise bad_request("message identifier is not specified")
    chat = world.writable(call["chat_id"])
    kept = world.kept.get((chat.id, int(call["message_id"])))
    if not kept:
        raise bad_request("message to edit not found")
    if kept.body["from"]["id"] != world.bot.id:
        raise bad_request("message can't be edited")
    return kept


def _edit(world: World, call: Call, kept: Kept, body: Json) -> Json:
    markup, complaints = keyboard(call.get("reply_markup"), only_inline=True)
    world.violations += [f"editing: {complaint}" for complaint in complaints]
    if markup:
        body["reply_markup"] = markup
    if all(body.get(part) == kept.body.get(part) for part in ("text", "entities", "caption", "reply_markup")):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same as a"
            " current content and reply markup of the message"
        )
    kept.body = {**body, "edit_date": int(world.now())}
    return kept.body


def _text(world: World, call: Call, name: str, most: int) -> Text:
    entities = call.get("entities" if name == "text" else "caption_entities", ())
    text = formatted(call.get(name, ""), call.get("parse_mode", ""), entities)
    if name == "text" and not text.plain:
        raise bad_request("message text is empty")
    if units(text.plain) > most:
        raise bad_request("message is too long" if name == "text" else "message caption is too long")
    world.violations += [f"{name}: {complaint}" for complaint in text.complaints]
    return text


def _preview(call: Call) -> bool:
    return not call.get("link_preview_options", {}).get("is_disabled", False)


def _entities(name: str, text: Text) -> Json:
    return {name: list(text.entities)} if text.entities else {}


_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


@_method("sendChatAction", "chat_id", "action", "message_thread_id")
def send_chat_action(world: World, call: Call) -> bool:
    if call["action"] not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = world.writable(call["chat_id"])
    _thread(world, chat, call.get("message_thread_id"))
    world.actions.append((chat.id, call["action"]))
    return True
