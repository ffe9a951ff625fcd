"""The payloads Slack delivers, as plain values: events, commands, presses, shortcuts, filled-in views, files."""

from collections.abc import Mapping
import re
import secrets
from typing import Any

from tests.emulators.slack.block_reading import JSON, Button, Field
from tests.emulators.slack.workspace import APP, BOT_NAME, BOT_USER, OTHER_TEAM, TEAM, Channel, Person, Posted

TOKEN = "verification-token-of-old"  # sent along for ever, checked by nobody
DOMAIN = "skb"

_LINK = re.compile(r"https?://[^\s<>]*[^\s<>.,;:!?)]|\bwww\.[^\s<>]*[^\s<>.,;:!?)]|[\w.+-]+@[\w-]+\.[\w.-]*\w")


def as_delivered(typed: str, people: Mapping[str, Person], channels: Mapping[str, Channel]) -> str:
    """What somebody typed, as Slack hands it on: escaped, with links, mentions and channels in their own markup."""
    text = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _LINK.sub(_linked, text)
    names = {f"@{BOT_NAME}": f"<@{BOT_USER}>"}
    names |= {f"@{person.name}": f"<@{person.id}>" for person in people.values()}
    names |= {f"#{one.name}": f"<#{one.id}|{one.name}>" for one in channels.values() if one.kind != "im"}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, names[name])
    return text


def _linked(found: re.Match[str]) -> str:
    shown = found[0]
    if shown.startswith("www."):
        return f"<http://{shown}|{shown}>"
    return f"<{shown}>" if "://" in shown else f"<mailto:{shown}|{shown}>"


def rich(text: str) -> list[JSON]:
    """The blocks Slack adds to what people type."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}] if text else []}
    return [{"type": "rich_text", "block_id": secrets.token_hex(3), "elements": [section]}]


def callback(event: JSON, event_id: str, at: float, person: Person | None, channel: Channel | None) -> JSON:
    """An event in its wrapping; in a shared channel it says which workspace it comes from."""
    shared = bool(channel and channel.shared)
    outer: JSON = {
        "token": TOKEN,
        "team_id": TEAM,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(at),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": shared,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "event_context": f"4-{secrets.token_hex(12)}",
    }
    if person and person.stranger:
        event |= {"team": OTHER_TEAM, "user_team": OTHER_TEAM, "source_team": OTHER_TEAM}
        event["user_profile"] = {"display_name": person.name, "real_name": person.name, "team": OTHER_TEAM}
    return outer


def said(message: Posted, channel: Channel, kind: str) -> JSON:
    """The event of what somebody said: "message" or "app_mention"."""
    event = message.payload() | {
        "type": kind,
        "channel": channel.id,
        "event_ts": message.ts,
        "client_msg_id": secrets.token_hex(16),
    }
    if kind == "message":
        event["channel_type"] = {"public": "channel", "private": "group", "im": "im"}[channel.kind]
    return event


def command(person: Person, channel: Channel, name: str, text: str) -> JSON:
    return {
        "token": TOKEN,
        "team_id": TEAM,
        "team_domain": DOMAIN,
        "channel_id": channel.id,
        "channel_name": channel.shown_name,
        "user_id": person.id,
        "user_name": person.username,
        "command": name,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
    }


def interaction(kind: str, person: Person, **further: Any) -> JSON:
    """What every press, shortcut and filled-in view has in common."""
    return {
        "type": kind,
        "user": {"id": person.id, "username": person.username, "name": person.username, "team_id": person.team},
        "api_app_id": APP,
        "token": TOKEN,
        "team": {"id": TEAM, "domain": DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
        **further,
    }


def place(channel: Channel) -> JSON:
    return {"id": channel.id, "name": channel.shown_name}


def action(button: Button, at: str) -> JSON:
    """The press of a button: what was sent of it comes back."""
    pressed: JSON = {
        "action_id": button.action_id,
        "block_id": button.block_id,
        "text": {"type": "plain_text", "text": button.label, "emoji": True},
        "type": "button",
        "action_ts": at,
    }
    given = {"value": button.value, "style": button.style, "url": button.url}
    return pressed | {key: value for key, value in given.items() if value}


def state_of(field: Field, value: Any) -> JSON:
    """A filled-in field as a view's state holds it; raises AssertionError for what can't be filled in there."""
    kind = field.kind
    if kind.endswith("_text_input") or kind in ("plain_text_input", "number_input"):
        return {"type": kind, "value": None if value in (None, "") else str(value)}
    if kind in ("datepicker", "timepicker", "datetimepicker"):
        key = {"datepicker": "selected_date", "timepicker": "selected_time"}.get(kind, "selected_date_time")
        return {"type": kind, key: value}
    if kind == "users_select":
        return {"type": kind, "selected_user": value.id if isinstance(value, Person) else value}
    if kind in ("checkboxes", "multi_static_select"):
        return {"type": kind, "selected_options": [_option(field, label) for label in value or ()]}
    return {"type": kind, "selected_option": None if value is None else _option(field, value)}


def _option(field: Field, label: str) -> JSON:
    grouped = [option for group in field.element.get("option_groups", ()) for option in group["options"]]
    options = [*field.element.get("options", ()), *grouped]
    for option in options:
        if label in (option["text"]["text"], option["value"]):
            return {"text": option["text"], "value": option["value"]}
    there = ", ".join(option["text"]["text"] for option in options)
    raise AssertionError(f"{field.label} has no choice {label!r}; there are: {there}")


def initial_of(field: Field) -> Any:
    """What stands in a field before anybody touches it."""
    element = field.element
    if "initial_options" in element:
        return [option["value"] for option in element["initial_options"]]
    if "initial_option" in element:
        return element["initial_option"]["value"]
    found = [value for key, value in element.items() if key.startswith("initial_")]
    return found[0] if found else None


def file(name: str, mimetype: str, *, size: int = 12_345) -> JSON:
    """A file as it hangs under a message."""
    identity = f"F{secrets.token_hex(5).upper()}"
    kind = name.rpartition(".")[2]
    return {
        "id": identity,
        "name": name,
        "title": name,
        "mimetype": mimetype,
        "filetype": kind,
        "pretty_type": kind.upper(),
        "size": size,
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "url_private": f"https://files.slack.com/files-pri/{TEAM}-{identity}/{name}",
        "permalink": f"https://{DOMAIN}.slack.com/files/{identity}/{name}",
        "media_display_type": {"audio": "audio", "video": "video"}.get(mimetype.partition("/")[0], "unknown"),
        "has_rich_preview": False,
        "file_access": "visible",
    }


def audio_clip(seconds: float = 4.2) -> JSON:
    """A voice message, recorded in Slack itself."""
    recorded = file("audio_message.m4a", "audio/mp4")
    return recorded | {
        "subtype": "slack_audio",
        "duration_ms": int(seconds * 1000),
        "transcription": {"status": "processing"},
        "audio_wave_samples": [0, 20, 60, 20],
    }
