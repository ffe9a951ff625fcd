"""What the bot puts in a message or view, checked as Slack checks it: refused, or taken and its sins noted."""

from dataclasses import dataclass
import json
from typing import Any

from tests.emulators.slack import block_reading
from tests.emulators.slack.block_kit import message_complaints, view_complaints
from tests.emulators.slack.block_reading import JSON
from tests.emulators.slack.workspace import BOT_USER, Notified, Posted, Refused, Workspace, with_ids

LONGEST, LONG = 40_000, 4_000
"""Slack cuts a text off at the first, and advises to stay below the second."""
LARGEST_VIEW = 250_000


@dataclass(frozen=True)
class Content:
    text: str
    blocks: list[JSON]


def read_content(workspace: Workspace, arguments: JSON, way: str) -> Content:
    """The text and blocks of a message that came some way; raises Refused as Slack would."""
    text = arguments.get("text") or ""
    if not isinstance(text, str):
        raise Refused("invalid_arguments", ["must provide a string [json-pointer:/text]"])
    blocks = decoded(arguments.get("blocks"), "invalid_blocks_format") or []
    if not text and not blocks and not arguments.get("attachments"):
        raise Refused("no_text")
    if complaints := message_complaints(blocks):
        raise Refused("invalid_blocks", complaints)
    if blocks and not text.strip():
        workspace.note(f"{way}: no top-level text beside the blocks: nothing to notify with or to read out")
    if len(text) > LONG:
        cut = f", cut off at {LONGEST:,}" if len(text) > LONGEST else ""
        workspace.note(f"{way}: a text of {len(text):,} characters{cut}; Slack advises {LONG:,} at most")
    if arguments.get("attachments"):
        workspace.note(f"{way}: attachments are a legacy of Slack and not imitated")
    return Content(text[:LONGEST], with_ids(blocks))


def post(workspace: Workspace, message: Posted) -> Posted:
    """The message, kept in its channel; whom it calls and what it left unescaped is noted."""
    look(workspace, message)
    return workspace.keep(message)


def look(workspace: Workspace, message: Posted) -> None:
    """Notes whom one of the bot's messages calls, and what it left unescaped."""
    content = {"text": message.text, "blocks": message.blocks}
    workspace.notified += [Notified(message.channel, message.ts, whom) for whom in block_reading.calls(content)]
    for text in block_reading.mrkdwn_of(content):
        for stray in block_reading.strays(text):
            workspace.note(f"{message.via}: & < > that are no markup must be escaped: …{stray}…")


def bot_message(workspace: Workspace, channel: str, content: Content, via: str, **further: Any) -> Posted:
    """A message of the bot, not yet posted."""
    return Posted(
        channel=channel,
        ts=workspace.timestamp(),
        by=BOT_USER,
        text=content.text,
        blocks=content.blocks,
        via=via,
        **further,
    )


def read_view(given: Any, kind: str) -> JSON:
    """A view of a kind ("modal", "home"); raises Refused as Slack would."""
    view = decoded(given, "invalid_arguments")
    if complaints := view_complaints(view):
        raise Refused("invalid_arguments", complaints)
    if view["type"] != kind:
        raise Refused("invalid_arguments", [f"must be a {kind} here [json-pointer:/view/type]"])
    if len(json.dumps(view)) > LARGEST_VIEW:
        raise Refused("view_too_large")
    return dict(view)


def decoded(value: Any, error: str) -> Any:
    """What a form sends as JSON in a string, and JSON as itself."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise Refused(error) from None


def truth(value: Any) -> bool | None:
    """A yes or no as forms and JSON write it; None when it isn't said."""
    return None if value is None else value in (True, 1, "1", "true", "True")
