"""What Slack delivers, as events: who asks what, and where the answer goes. All pure.

An event's id is what Slack sends again when it delivers again; where there is none (a button, a form), it is made of
what makes the press unique (DESIGN §8).
"""

from collections.abc import Mapping
from dataclasses import dataclass
import json
from typing import Any

from bot.chat import Address, Event, Kind, Reply, Request
from bot.handlers.slack_blocks import read_button, read_form_button
from bot.handlers.slack_notation import plain

__all__ = ["HELP", "PLATFORM", "UNREADABLE", "Opening", "read", "read_opening"]

PLATFORM = "slack"
HELP = "help"
"""What is asked by who says nothing: /skb alone, or the bot's name alone."""
TYPED = (None, "file_share", "thread_broadcast", "me_message")
"""Subtypes of messages that somebody typed; the others are changes, joins and other bots."""
UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, RecursionError)
"""What reading raises for what Slack would never send."""
Payload = Mapping[str, Any]


def read(body: Payload, bot: str) -> Event | None:
    """The event of what Slack delivered; `bot` is the bot's own user. None when it is nothing to answer."""
    event = _read(body, bot)
    if event:
        request = event.request
        words = (event.id, request.text, request.user, request.about, request.chat.thread, *event.reply_to.values())
        if not all(isinstance(one, str) for one in words):
            raise TypeError("a name or a text is something else")
    return event


def _read(body: Payload, bot: str) -> Event | None:
    if "command" in body:
        return _command(body)
    match body.get("type"):
        case "event_callback":
            return _happened(body["event_id"], body["event"], bot)
        case "block_actions":
            return _pressed(body)
        case "message_action":
            return _shortcut(body)
        case "view_submission":
            return _submitted(body)
    return None


def _command(body: Payload) -> Event:
    """A slash command; alone, it asks for help."""
    reply_to = {"channel": body["channel_id"], "user": body["user_id"], "url": body["response_url"]}
    text = plain(body.get("text") or "").strip() or HELP
    return Event(f"command {body['trigger_id']}", _request(text, reply_to, follows=False), reply_to)


def _happened(event_id: str, event: Payload, bot: str) -> Event | None:
    by_bot = bool(event.get("bot_id")) or event.get("user") == bot
    match event.get("type"):
        case "app_mention" if not by_bot and event.get("subtype") in TYPED:
            return _mentioned(event_id, event)
        case "message" if not by_bot and event.get("subtype") in TYPED and event.get("channel_type") == "im":
            return _wrote(event_id, event)
        case "app_home_opened" if event.get("tab") == "messages":
            reply_to = {"channel": event["channel"], "asker": event["user"]}
            return Event(event_id, _request("", reply_to, kind="opened"), reply_to)
        case "member_joined_channel" if event.get("user") == bot:
            reply_to = {"channel": event["channel"]}
            return Event(event_id, _request("", reply_to, kind="added"), reply_to)
    return None


def _mentioned(event_id: str, event: Payload) -> Event:
    """Answered in the thread, for all to see: the question was, too."""
    reply_to = {"channel": event["channel"], "asker": event["user"], "thread": event.get("thread_ts", event["ts"])}
    if "thread_ts" not in event:
        reply_to["begins"] = "yes"
    text = plain(event.get("text", "")).strip()
    kind = _kind(event, text)
    return Event(event_id, _request(text or HELP, reply_to, kind=kind), reply_to)


def _wrote(event_id: str, event: Payload) -> Event:
    """A direct message."""
    reply_to = {"channel": event["channel"], "asker": event["user"]}
    if "thread_ts" in event:
        reply_to["thread"] = event["thread_ts"]
    text = plain(event.get("text", "")).strip()
    return Event(event_id, _request(text, reply_to, kind=_kind(event, text)), reply_to)


def _pressed(body: Payload) -> Event | None:
    """A button with words; the others (a link, a question to be asked in a window) are no requests."""
    action = body["actions"][0]
    known = read_button(action.get("value", "")) if action.get("action_id", "").startswith("say-") else None
    if known is None or body["container"]["type"] != "message":
        return None
    about, sends = known
    reply_to, user = _place(body), body["user"]["id"]
    identifier = f"press {user} {action['action_ts']} {action['action_id']}"
    return Event(identifier, _request(sends, reply_to, about=about), reply_to)


def _place(body: Payload) -> dict[str, str]:
    """Where the answer to a press goes: where only who pressed sees it, unless they are alone with the bot."""
    container = body["container"]
    channel, user = body["channel"]["id"], body["user"]["id"]
    where = {"channel": channel, "url": body.get("response_url", "")}
    thread = container.get("thread_ts") or body.get("message", {}).get("thread_ts")
    if thread:
        where["thread"] = thread
    if channel.startswith("D") and not container.get("is_ephemeral"):
        return where | {"asker": user, "message": container["message_ts"]}
    # What everybody sees is changed only for an answer that everybody is to see.
    where |= {"replaces": "yes"} if container.get("is_ephemeral") else {"shared": container["message_ts"]}
    return where | {"user": user}


def _shortcut(body: Payload) -> Event:
    """A message of somebody to find programmes for, whatever it says: "terug" is no command there."""
    message = body["message"]
    reply_to = {"channel": body["channel"]["id"], "user": body["user"]["id"], "url": body["response_url"]}
    # The first message of a thread stands in the channel too, and nobody knows where it was looked at.
    if message.get("thread_ts", message["ts"]) != message["ts"]:
        reply_to["thread"] = message["thread_ts"]
    text = f"zoek {plain(message.get('text', ''))}".strip()
    return Event(f"shortcut {body['trigger_id']}", _request(text, reply_to, follows=False), reply_to)


def _submitted(body: Payload) -> Event:
    """The answer to a question in a window, as if it was typed where the question stood."""
    view = body["view"]
    form = Opening.read(view["private_metadata"])
    [answer] = [field["value"] or "" for fields in view["state"]["values"].values() for field in fields.values()]
    text = f"{form.sends} {answer.strip()}"
    return Event(f"form {view['id']} {view['hash']}", _request(text, form.reply_to, about=form.about), form.reply_to)


@dataclass(frozen=True, slots=True)
class Opening:
    """What a window must know when it comes back: what its answer belongs to, and where the reply goes."""

    sends: str
    about: str
    reply_to: Mapping[str, str]

    @classmethod
    def read(cls, metadata: str) -> "Opening":
        return cls(**json.loads(metadata))

    def __str__(self) -> str:
        return json.dumps({"sends": self.sends, "about": self.about, "reply_to": dict(self.reply_to)})


def read_opening(body: Payload) -> tuple[Reply, Mapping[str, str], str] | None:
    """The question that a pressed button wants to be asked in a window, where its answer goes, and what lets us open
    one; None for everything else.
    """
    if body.get("type") != "block_actions" or body["container"]["type"] != "message":
        return None
    question = read_form_button(body["actions"][0].get("value", ""))
    return (question, _place(body), body["trigger_id"]) if question else None


def _request(text: str, reply_to: Mapping[str, str], **more: Any) -> Request:  # noqa: ANN401  # as Request takes it
    """A request in its conversation: the thread where it was asked, or what only one person sees."""
    user, asker = reply_to.get("user", ""), reply_to.get("asker", "")
    # In a direct conversation what is typed, pressed and asked with /skb is one conversation.
    chat = Address(PLATFORM, reply_to["channel"], user or reply_to.get("thread", "") or asker)
    return Request(text, chat, user or asker, **more)


def _kind(event: Payload, text: str) -> Kind:
    """What came instead of words: "said" when there are some, or nothing that could be told."""
    files = event.get("files") or []
    if text or not files:
        return "said"
    first = files[0]
    kinds: dict[str, Kind] = {"audio": "voice", "image": "picture", "video": "picture"}
    if first.get("subtype") == "slack_audio":
        return "voice"
    return kinds.get(str(first.get("mimetype", "")).partition("/")[0], "file")
