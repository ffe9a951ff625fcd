"""The Web API's methods, as far as a bot like ours needs them: what each takes, which scope, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
import secrets
from typing import Any, Final

from tests.emulators.slack.block_reading import JSON
from tests.emulators.slack.content import bot_message, decoded, look, post, read_content, read_view, truth
from tests.emulators.slack.workspace import (
    APP,
    BOT_ID,
    BOT_NAME,
    BOT_USER,
    OTHER_TEAM,
    TEAM,
    Channel,
    Opened,
    Person,
    Posted,
    Refused,
    Trigger,
    Workspace,
    with_ids,
)

TRIGGER_LIVES: Final = 3.0
MOST_PUSHED: Final = 3
NO_SCOPE: Final = ""
_ALWAYS: Final = ("token", "team_id")
"""Parameters that every method takes; slack_bolt adds the second one to all."""

_KINDS = {"public": "channels", "private": "groups", "im": "im"}
_TYPES = {"public": "public_channel", "private": "private_channel", "im": "im"}


@dataclass(frozen=True)
class Method:
    answer: Callable[[Workspace, JSON], JSON]
    scope: str = NO_SCOPE
    """What the bot's token needs; "*:read" and "*:history" depend on the kind of conversation."""
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


def call(workspace: Workspace, name: str, arguments: JSON) -> JSON:
    """What a method answers beside "ok"; raises Refused where Slack says no."""
    method = METHODS.get(name)
    if method is None:
        workspace.note(f"unknown method {name}")
        raise Refused("unknown_method", req_method=name)
    if unknown := sorted(set(arguments) - {*method.required, *method.optional, *_ALWAYS}):
        workspace.note(f"{name}: unknown parameters {', '.join(unknown)}")
    if missing := needed_scope(workspace, method, arguments) - workspace.scopes:
        raise Refused("missing_scope", needed=",".join(missing), provided=",".join(sorted(workspace.scopes)))
    if absent := [key for key in method.required if arguments.get(key) in (None, "")]:
        raise Refused("invalid_arguments", [f"missing required field: {key}" for key in absent])
    return method.answer(workspace, arguments)


def needed_scope(workspace: Workspace, method: Method, arguments: JSON) -> set[str]:
    """The scopes this call needs: none, or the one of its kind of conversation."""
    if not method.scope.startswith("*"):
        return {method.scope} if method.scope else set()
    channel = workspace.channels.get(str(arguments.get("channel")))
    kinds = [_KINDS[channel.kind]] if channel else _asked_kinds(arguments)
    return {method.scope.replace("*", kind) for kind in kinds}


def _asked_kinds(arguments: JSON) -> list[str]:
    asked = str(arguments.get("types") or "public_channel").split(",")
    return [_KINDS[kind] for kind, name in _TYPES.items() if name in asked]


# The app and its people.


def _auth_test(_workspace: Workspace, _arguments: JSON) -> JSON:
    return {
        "url": "https://skb.slack.com/",
        "team": "SKB",
        "user": BOT_NAME.lower(),
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def _api_test(_workspace: Workspace, arguments: JSON) -> JSON:
    if arguments.get("error"):
        raise Refused(str(arguments["error"]), args=arguments)
    return {"args": arguments}


def _users_info(workspace: Workspace, arguments: JSON) -> JSON:
    if arguments["user"] == BOT_USER:
        return {"user": user_object(Person(BOT_USER, BOT_NAME, bot=True))}
    person = workspace.people.get(str(arguments["user"]))
    if person is None or person.hidden:
        raise Refused("user_not_found")
    return {"user": user_object(person)}


def user_object(person: Person) -> JSON:
    user: JSON = {
        "id": person.id,
        "team_id": person.team,
        "name": person.username,
        "deleted": person.deactivated,
        "real_name": person.name,
        "profile": {"display_name": person.name, "real_name": person.name, "team": person.team},
        "is_admin": False,
        "is_bot": person.bot,
        "is_app_user": False,
        "is_restricted": bool(person.guest),
        "is_ultra_restricted": person.guest == "single-channel",
    }
    return user | ({"is_stranger": True} if person.stranger else {})


def _bots_info(_workspace: Workspace, arguments: JSON) -> JSON:
    if arguments.get("bot", BOT_ID) != BOT_ID:
        raise Refused("bot_not_found")
    bot = {"id": BOT_ID, "deleted": False, "name": BOT_NAME, "app_id": APP, "user_id": BOT_USER}
    return {"bot": bot}


def _team_info(_workspace: Workspace, arguments: JSON) -> JSON:
    team = arguments.get("team", TEAM)
    if team not in (TEAM, OTHER_TEAM):
        raise Refused("team_not_found")
    name = "SKB" if team == TEAM else "Partner"
    return {"team": {"id": team, "name": name, "domain": name.lower()}}


# Conversations.


def _channel_object(workspace: Workspace, channel: Channel) -> JSON:
    if channel.kind == "im":
        others = workspace.members[channel.id] - {BOT_USER}
        return {"id": channel.id, "is_im": True, "user": min(others), "is_archived": channel.id in workspace.archived}
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.kind == "private",
        "is_archived": channel.id in workspace.archived,
        "is_member": workspace.bot_is_in(channel),
        "is_shared": channel.shared,
        "is_ext_shared": channel.shared,
        "is_org_shared": False,
    }


def _conversations_info(workspace: Workspace, arguments: JSON) -> JSON:
    channel = workspace.channel(arguments["channel"])
    counted = {"num_members": len(workspace.members[channel.id])} if truth(arguments.get("include_num_members")) else {}
    return {"channel": _channel_object(workspace, channel) | counted}


def _conversations_open(workspace: Workspace, arguments: JSON) -> JSON:
    if arguments.get("channel"):
        channel = workspace.channel(arguments["channel"])
        return {"no_op": True, "already_open": True, "channel": {"id": channel.id}}
    users = str(arguments.get("users") or "").split(",")
    if len(users) > 1:
        workspace.note("conversations.open: group conversations are not imitated")
    person = workspace.people.get(users[0])
    if person is None:
        raise Refused("user_not_found" if users[0] else "users_list_not_supplied")
    if person.bot:
        raise Refused("cannot_dm_bot")
    if person.deactivated:
        raise Refused("user_disabled")
    known = f"D{person.id[1:]}" in workspace.channels
    channel = workspace.im(person)
    whole = {"is_im": True, "user": person.id} if truth(arguments.get("return_im")) else {}
    return {"no_op": known, "already_open": known, "channel": {"id": channel.id, **whole}}


def _conversations_list(workspace: Workspace, arguments: JSON) -> JSON:
    wanted = str(arguments.get("types") or "public_channel").split(",")
    found = [
        channel
        for channel in workspace.channels.values()
        if _TYPES[channel.kind] in wanted
        and (channel.kind == "public" or workspace.bot_is_in(channel))
        and not (truth(arguments.get("exclude_archived")) and channel.id in workspace.archived)
    ]
    page, cursor = _page(found, arguments, 100)
    channels = [_channel_object(workspace, channel) for channel in page]
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


def _readable(workspace: Workspace, name: object) -> Channel:
    channel = workspace.channel(name)
    if not workspace.bot_is_in(channel):
        raise Refused("not_in_channel")
    return channel


def _history(workspace: Workspace, arguments: JSON) -> JSON:
    channel = _readable(workspace, arguments["channel"])
    told = [message for message in workspace.visible(channel.id, None) if not message.thread_ts or message.broadcast]
    told = [message for message in reversed(told) if _within(message, arguments)]
    return _told(told, arguments)


def _replies(workspace: Workspace, arguments: JSON) -> JSON:
    channel = _readable(workspace, arguments["channel"])
    asked = workspace.find(channel.id, arguments["ts"])
    if asked is None:
        raise Refused("thread_not_found")
    root = asked.thread_ts or asked.ts
    told = [message for message in workspace.visible(channel.id, None) if root in (message.ts, message.thread_ts)]
    return _told([message for message in told if message.ts == root or _within(message, arguments)], arguments)


def _within(message: Posted, arguments: JSON) -> bool:
    oldest, latest = float(arguments.get("oldest") or 0), float(arguments.get("latest") or "inf")
    at = float(message.ts)
    return oldest <= at <= latest if truth(arguments.get("inclusive")) else oldest < at < latest


def _told(messages: list[Posted], arguments: JSON) -> JSON:
    page, cursor = _page(messages, arguments, 100)
    whole = truth(arguments.get("include_all_metadata"))
    told = [
        message.payload() | ({"metadata": message.metadata} if whole and message.metadata else {}) for message in page
    ]
    further = {"response_metadata": {"next_cursor": cursor}} if cursor else {}
    return {"messages": told, "has_more": bool(cursor), "pin_count": 0, **further}


def _page(found: list[Any], arguments: JSON, usual: int) -> tuple[list[Any], str]:
    limit = int(arguments.get("limit") or usual)
    if not 1 <= limit <= 999:
        raise Refused("invalid_limit")
    first = 0
    if cursor := str(arguments.get("cursor") or ""):
        if not cursor.startswith("next:"):
            raise Refused("invalid_cursor")
        first = int(cursor.removeprefix("next:"))
    rest = first + limit
    return found[first:rest], f"next:{rest}" if rest < len(found) else ""


# Messages.


def _post_message(workspace: Workspace, arguments: JSON) -> JSON:
    channel = workspace.writable(arguments["channel"])
    content = read_content(workspace, arguments, "chat.postMessage")
    thread = thread_of(workspace, channel.id, arguments.get("thread_ts"), "chat.postMessage")
    message = post(
        workspace,
        bot_message(
            workspace,
            channel.id,
            content,
            "chat.postMessage",
            thread_ts=thread,
            unfurl_links=truth(arguments.get("unfurl_links")),
            unfurl_media=truth(arguments.get("unfurl_media")),
            broadcast=bool(thread) and bool(truth(arguments.get("reply_broadcast"))),
            metadata=_metadata(arguments.get("metadata")),
        ),
    )
    workspace.happened(channel, message.payload())
    return {"channel": channel.id, "ts": message.ts, "message": message.payload()}


def _post_ephemeral(workspace: Workspace, arguments: JSON) -> JSON:
    channel = workspace.writable(arguments["channel"])
    person = str(arguments["user"])
    if person not in workspace.members[channel.id]:
        raise Refused("user_not_in_channel")
    content = read_content(workspace, arguments, "chat.postEphemeral")
    thread = thread_of(workspace, channel.id, arguments.get("thread_ts"), "chat.postEphemeral")
    message = bot_message(workspace, channel.id, content, "chat.postEphemeral", thread_ts=thread, seen_by=person)
    return {"message_ts": post(workspace, message).ts}


def thread_of(workspace: Workspace, channel: str, thread: object, way: str) -> str:
    """The thread a message lands in: none when its first message is gone, silently, as Slack does it."""
    if not thread:
        return ""
    root = workspace.find(channel, thread)
    if root is not None and root.thread_ts:
        workspace.note(f"{way}: thread_ts {thread} is a reply itself; use its first message's {root.thread_ts}")
        return root.thread_ts
    return root.ts if root else ""


def _metadata(given: Any) -> JSON | None:
    metadata = decoded(given, "invalid_metadata_format")
    if metadata is None:
        return None
    right = isinstance(metadata, dict) and set(metadata) <= {"event_type", "event_payload"}
    if not right or not isinstance(metadata.get("event_type"), str):
        raise Refused("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload"), dict):
        raise Refused("invalid_metadata_format")
    return dict(metadata)


def _own(workspace: Workspace, arguments: JSON, otherwise: str) -> tuple[Channel, Posted]:
    channel = workspace.writable(arguments["channel"])
    message = workspace.find(channel.id, arguments["ts"])
    if message is None:
        raise Refused("message_not_found")
    if message.by != BOT_USER:
        raise Refused(otherwise)
    return channel, message


def _update(workspace: Workspace, arguments: JSON) -> JSON:
    channel, message = _own(workspace, arguments, "cant_update_message")
    before = message.payload()
    # What isn't given stays as it was; an empty array takes the blocks away.
    merged = {"text": message.text, "blocks": message.blocks, **arguments}
    content = read_content(workspace, merged, "chat.update")
    message.text, message.blocks = content.text, content.blocks
    message.edited, message.via = workspace.timestamp(), "chat.update"
    message.metadata = _metadata(arguments.get("metadata")) or message.metadata
    look(workspace, message)
    changed = {
        "type": "message",
        "subtype": "message_changed",
        "message": message.payload(),
        "previous_message": before,
        "hidden": True,
        "ts": message.edited,
    }
    workspace.happened(channel, changed)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": message.payload()}


def _delete(workspace: Workspace, arguments: JSON) -> JSON:
    channel, message = _own(workspace, arguments, "cant_delete_message")
    message.deleted = True
    deleted = {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": message.payload(),
        "hidden": True,
        "deleted_ts": message.ts,
        "ts": workspace.timestamp(),
    }
    workspace.happened(channel, deleted)
    return {"channel": channel.id, "ts": message.ts}


def _permalink(workspace: Workspace, arguments: JSON) -> JSON:
    channel = workspace.channel(arguments["channel"])
    message = workspace.find(channel.id, arguments["message_ts"])
    if message is None:
        raise Refused("message_not_found")
    link = f"https://skb.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.thread_ts else ""
    return {"channel": channel.id, "permalink": link + thread}


# Views.


def _exchange(workspace: Workspace, arguments: JSON) -> Trigger:
    given = str(arguments["trigger_id"])
    trigger = workspace.triggers.get(given)
    if trigger is None:
        raise Refused("invalid_trigger_id")
    if trigger.used:
        raise Refused("exchanged_trigger_id")
    if workspace.now() - trigger.at > TRIGGER_LIVES:
        raise Refused("expired_trigger_id")
    trigger.used = True
    return trigger


def new_view(workspace: Workspace, view: JSON, previous: Opened | None = None, old: JSON | None = None) -> JSON:
    """A view as Slack keeps it: with an id, a hash and everything that wasn't given."""
    external = view.get("external_id")
    others = [opened.payload for stack in workspace.stacks.values() for opened in stack]
    if external and any(other["external_id"] == external and other["id"] != (old or {}).get("id") for other in others):
        raise Refused("duplicate_external_id")
    identity = (old or {}).get("id") or f"V{secrets.token_hex(5).upper()}"
    return {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "title": None,
        "submit": None,
        "close": None,
        "clear_on_close": False,
        "notify_on_close": False,
        **view,
        "blocks": with_ids(view["blocks"]),
        "id": identity,
        "team_id": TEAM,
        "state": {"values": {}},
        "hash": f"{int(workspace.now())}.{secrets.token_hex(4)}",
        "previous_view_id": previous.payload["id"] if previous else (old or {}).get("previous_view_id"),
        "root_view_id": previous.payload["root_view_id"] if previous else (old or {}).get("root_view_id", identity),
        "app_id": APP,
        "app_installed_team_id": TEAM,
        "bot_id": BOT_ID,
    }


def _views_open(workspace: Workspace, arguments: JSON) -> JSON:
    view = new_view(workspace, read_view(arguments["view"], "modal"))
    trigger = _exchange(workspace, arguments)
    workspace.stacks[trigger.person] = [Opened(trigger.person, view)]
    return {"view": view}


def _views_push(workspace: Workspace, arguments: JSON) -> JSON:
    view = read_view(arguments["view"], "modal")
    trigger = _exchange(workspace, arguments)
    return {"view": push_view(workspace, trigger.person, view).payload}


def push_view(workspace: Workspace, person: str, view: JSON) -> Opened:
    stack = workspace.stacks.get(person, [])
    if not stack:
        raise Refused("not_found")
    if len(stack) >= MOST_PUSHED:
        raise Refused("push_limit_reached")
    stack.append(Opened(person, new_view(workspace, view, previous=stack[-1])))
    return stack[-1]


def _views_update(workspace: Workspace, arguments: JSON) -> JSON:
    view = read_view(arguments["view"], "modal")
    key = "view_id" if arguments.get("view_id") else "external_id"
    for stack in workspace.stacks.values():
        for opened in stack:
            if opened.payload[key.removeprefix("view_")] == arguments.get(key):
                _compare_hash(opened, arguments)
                return {"view": replace_view(workspace, opened, view).payload}
    raise Refused("not_found")


def replace_view(workspace: Workspace, opened: Opened, view: JSON) -> Opened:
    opened.payload = new_view(workspace, view, old=opened.payload)
    opened.errors = {}
    return opened


def _compare_hash(opened: Opened | None, arguments: JSON) -> None:
    if opened and arguments.get("hash") and arguments["hash"] != opened.payload["hash"]:
        raise Refused("hash_conflict")


def _views_publish(workspace: Workspace, arguments: JSON) -> JSON:
    view = read_view(arguments["view"], "home")
    person = str(arguments["user_id"])
    if not workspace.home_tab:
        raise Refused("not_enabled")
    if person not in workspace.people:
        raise Refused("invalid_arguments", ["invalid `user_id` [json-pointer:/user_id]"])
    before = workspace.homes.get(person)
    _compare_hash(before, arguments)
    workspace.homes[person] = Opened(person, new_view(workspace, view, old=before.payload if before else None))
    return {"view": workspace.homes[person].payload}


def _connections_open(_workspace: Workspace, _arguments: JSON) -> JSON:
    return {}  # the emulator fills in the address of its socket


_CONTENT = ("text", "blocks", "attachments", "metadata", "parse", "link_names", "markdown_text", "as_user")
_LOOK = ("username", "icon_emoji", "icon_url", "mrkdwn", "unfurl_links", "unfurl_media")
_SPAN = ("cursor", "inclusive", "include_all_metadata", "latest", "limit", "oldest")
_VIEW_TRIGGER = ("trigger_id", "view")

METHODS: Mapping[str, Method] = {
    "api.test": Method(_api_test, optional=("error", "foo")),
    "auth.test": Method(_auth_test),
    "apps.connections.open": Method(_connections_open),
    "users.info": Method(_users_info, "users:read", ("user",), ("include_locale",)),
    "bots.info": Method(_bots_info, "users:read", (), ("bot", "team_id")),
    "team.info": Method(_team_info, "team:read", (), ("team", "domain", "include_slackbot_availability")),
    "conversations.info": Method(
        _conversations_info, "*:read", ("channel",), ("include_locale", "include_num_members")
    ),
    "conversations.open": Method(_conversations_open, "im:write", (), ("channel", "users", "return_im")),
    "conversations.list": Method(
        _conversations_list, "*:read", (), ("cursor", "exclude_archived", "limit", "team_id", "types")
    ),
    "conversations.history": Method(_history, "*:history", ("channel",), _SPAN),
    "conversations.replies": Method(_replies, "*:history", ("channel", "ts"), _SPAN),
    "chat.postMessage": Method(
        _post_message, "chat:write", ("channel",), (*_CONTENT, *_LOOK, "thread_ts", "reply_broadcast")
    ),
    "chat.postEphemeral": Method(
        _post_ephemeral,
        "chat:write",
        ("channel", "user"),
        # No unfurl flags and no metadata: a message that isn't kept has neither.
        (*(key for key in _CONTENT if key != "metadata"), "username", "icon_emoji", "icon_url", "thread_ts"),
    ),
    "chat.update": Method(_update, "chat:write", ("channel", "ts"), (*_CONTENT, "reply_broadcast", "file_ids")),
    "chat.delete": Method(_delete, "chat:write", ("channel", "ts"), ("as_user",)),
    "chat.getPermalink": Method(_permalink, NO_SCOPE, ("channel", "message_ts")),
    "views.open": Method(_views_open, NO_SCOPE, _VIEW_TRIGGER),
    "views.push": Method(_views_push, NO_SCOPE, _VIEW_TRIGGER),
    "views.update": Method(_views_update, NO_SCOPE, ("view",), ("view_id", "external_id", "hash")),
    "views.publish": Method(_views_publish, NO_SCOPE, ("user_id", "view"), ("hash",)),
}
