"""A Slack workspace in memory: its people, channels, messages, modals, and what was noticed about the bot.

It knows no HTTP. What is wrong without Slack answering an error is noted in `violations`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
import secrets
from typing import Literal
import uuid

from tests.emulators.slack import block_reading
from tests.emulators.slack.block_reading import JSON, Button, Field

TEAM, OTHER_TEAM = "T0SKB", "T0OTHER"
BOT_USER, BOT_ID, APP = "U0BOT", "B0BOT", "A0SKB"
BOT_NAME = "SKB-bot"


class Refused(Exception):  # noqa: N818  # Slack's answer, not a fault of ours
    """What Slack answers instead of "ok": its error, and what goes with it."""

    def __init__(self, error: str, messages: Sequence[str] = (), **further: object) -> None:
        super().__init__(error)
        self.error = error
        self.further: JSON = dict(further)
        if messages:
            self.further["errors"] = list(messages)
            self.further["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in messages]}


@dataclass(frozen=True)
class Person:
    """Somebody with a Slack account; a stranger comes from another workspace, through a shared channel."""

    id: str
    name: str
    team: str = TEAM
    guest: bool | Literal["single-channel"] = False
    stranger: bool = False
    bot: bool = False
    deactivated: bool = False
    hidden: bool = False
    """Whether users.info says user_not_found of them."""

    @property
    def username(self) -> str:
        return self.name.lower().replace(" ", ".")


@dataclass(frozen=True)
class Channel:
    """A conversation: a public or private channel, or a direct one between two people."""

    id: str
    name: str
    kind: Literal["public", "private", "im"] = "public"
    shared: bool = False

    @property
    def shown_name(self) -> str:
        """As payloads name it."""
        return {"public": self.name, "private": "privategroup", "im": "directmessage"}[self.kind]


@dataclass(frozen=True)
class Message:
    """A message as somebody sees it at one moment."""

    channel: str
    ts: str
    by: str
    """The id of who posted it; the bot's own is `slack.bot`."""
    text: str
    """The top-level text: the notification, and what is read out where there are blocks."""
    blocks: tuple[JSON, ...]
    thread_ts: str = ""
    ephemeral: bool = False
    edited: bool = False
    unfurl_links: bool | None = None
    unfurl_media: bool | None = None
    broadcast: bool = False
    """A reply that the channel sees too."""
    via: str = ""
    """How it came: a method's name, "ack", "response_url"; empty for what people say."""
    metadata: Mapping[str, object] | None = None
    files: tuple[JSON, ...] = ()

    @property
    def plain(self) -> str:
        """What a person reads."""
        return block_reading.plain(self.blocks) if self.blocks else block_reading.shown(self.text)

    @property
    def buttons(self) -> tuple[Button, ...]:
        return block_reading.buttons(self.blocks)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(button.label for button in self.buttons)

    @property
    def unfurls(self) -> bool:
        """Whether Slack may add previews of links: it does unless both flags say no."""
        return not (self.unfurl_links is False and self.unfurl_media is False)


@dataclass
class Posted:
    """A message as Slack keeps it."""

    channel: str
    ts: str
    by: str
    text: str
    blocks: list[JSON]
    thread_ts: str = ""
    seen_by: str = ""
    """Who alone sees it: the message is ephemeral then."""
    edited: str = ""
    deleted: bool = False
    unfurl_links: bool | None = None
    unfurl_media: bool | None = None
    broadcast: bool = False
    via: str = ""
    metadata: JSON | None = None
    files: tuple[JSON, ...] = ()
    subtype: str = ""

    def seen(self) -> Message:
        return Message(
            channel=self.channel,
            ts=self.ts,
            by=self.by,
            text=self.text,
            blocks=tuple(self.blocks),
            thread_ts=self.thread_ts,
            ephemeral=bool(self.seen_by),
            edited=bool(self.edited),
            unfurl_links=self.unfurl_links,
            unfurl_media=self.unfurl_media,
            broadcast=self.broadcast,
            via=self.via,
            metadata=self.metadata,
            files=self.files,
        )

    def payload(self) -> JSON:
        """As the Web API and events show it."""
        said: JSON = {"type": "message", "user": self.by, "text": self.text, "ts": self.ts, "team": TEAM}
        if self.by == BOT_USER:
            said |= {"bot_id": BOT_ID, "app_id": APP, "bot_profile": {"id": BOT_ID, "name": BOT_NAME, "app_id": APP}}
        further = {
            "subtype": "thread_broadcast" if self.broadcast else self.subtype,
            "blocks": self.blocks,
            "thread_ts": self.thread_ts,
            "files": list(self.files),
            "edited": {"user": self.by, "ts": self.edited} if self.edited else None,
        }
        return said | {key: value for key, value in further.items() if value}


@dataclass(frozen=True)
class View:
    """A modal or Home tab as somebody sees it at one moment."""

    id: str
    person: str
    kind: str
    title: str
    submit: str
    close: str
    blocks: tuple[JSON, ...]
    callback_id: str
    private_metadata: str
    errors: Mapping[str, str]
    """By block_id: what stands in red under a field after it was refused."""

    @property
    def plain(self) -> str:
        return block_reading.plain(self.blocks)

    @property
    def buttons(self) -> tuple[Button, ...]:
        return block_reading.buttons(self.blocks)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(button.label for button in self.buttons)

    @property
    def fields(self) -> tuple[Field, ...]:
        return block_reading.fields(self.blocks)


@dataclass
class Opened:
    """A view as Slack keeps it."""

    person: str
    payload: JSON
    errors: dict[str, str] = field(default_factory=dict)

    def seen(self) -> View:
        texts = {key: (self.payload.get(key) or {}).get("text", "") for key in ("title", "submit", "close")}
        return View(
            id=self.payload["id"],
            person=self.person,
            kind=self.payload["type"],
            blocks=tuple(self.payload["blocks"]),
            callback_id=self.payload["callback_id"],
            private_metadata=self.payload["private_metadata"],
            errors=dict(self.errors),
            **texts,
        )


@dataclass(frozen=True)
class Notified:
    """A mention in one of the bot's messages that made Slack ring somewhere."""

    channel: str
    ts: str
    whom: str
    """As it stands in the message: "<!here>", "<@U0AMBA>"."""


@dataclass
class Trigger:
    person: str
    at: float
    used: bool = False


@dataclass
class ResponseURL:
    person: str
    channel: str
    at: float
    source: Posted | None
    """The message whose button was pressed."""
    used: int = 0


def nothing_happens(_channel: Channel, _event: JSON) -> None:
    """Nobody listens to what happens in the workspace."""


@dataclass
class Workspace:
    """Everything Slack keeps; `now` is its clock."""

    now: Callable[[], float]
    scopes: set[str]
    happened: Callable[[Channel, JSON], None] = nothing_happens
    """Told what the bot did, and where, as the event that follows from it."""
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    archived: set[str] = field(default_factory=set)
    posted: list[Posted] = field(default_factory=list)
    homes: dict[str, Opened] = field(default_factory=dict)
    stacks: dict[str, list[Opened]] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseURL] = field(default_factory=dict)
    notified: list[Notified] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    messages_tab: bool = True
    home_tab: bool = True
    _numbers: int = 0

    def number(self) -> int:
        self._numbers += 1
        return self._numbers

    def timestamp(self) -> str:
        """A moment as Slack names messages: unique and growing."""
        return f"{int(self.now())}.{self.number():06d}"

    def note(self, violation: str) -> None:
        self.violations.append(violation)

    # People and channels.

    def im(self, person: Person) -> Channel:
        """The direct conversation between the bot and somebody: the app's Messages tab."""
        return self.add_channel(Channel(f"D{person.id[1:]}", person.name, "im"), {BOT_USER, person.id})

    def add_channel(self, channel: Channel, members: set[str]) -> Channel:
        self.channels.setdefault(channel.id, channel)
        self.members.setdefault(channel.id, set(members))
        return self.channels[channel.id]

    def bot_is_in(self, channel: Channel) -> bool:
        return BOT_USER in self.members[channel.id]

    def channel(self, name: object) -> Channel:
        """The channel the bot may know of under this id or name; a person's id stands for their direct conversation."""
        wanted = str(name).removeprefix("#")
        if wanted in self.people:
            return self.im(self.people[wanted])
        named = [channel for channel in self.channels.values() if channel.name == wanted and channel.kind != "im"]
        found = self.channels.get(wanted) or (named[0] if named else None)
        if found is None or (found.kind != "public" and not self.bot_is_in(found)):
            raise Refused("channel_not_found")
        return found

    def writable(self, name: object) -> Channel:
        """The same, where the bot may post."""
        channel = self.channel(name)
        if channel.id in self.archived:
            raise Refused("is_archived")
        if not self.bot_is_in(channel) and "chat:write.public" not in self.scopes:
            raise Refused("not_in_channel")
        if channel.kind == "im":
            if not self.messages_tab:
                raise Refused("messages_tab_disabled")
            if any(self.people[one].deactivated for one in self.members[channel.id] if one in self.people):
                raise Refused("is_archived")
        return channel

    # Messages.

    def find(self, channel: str, ts: object, *, ephemeral: bool = False) -> Posted | None:
        """The message that stands there now."""
        for message in self.posted:
            if (message.channel, message.ts) == (channel, ts) and not message.deleted:
                return message if ephemeral or not message.seen_by else None
        return None

    def visible(self, channel: str, person: str | None) -> Iterator[Posted]:
        """What somebody sees in a channel, in order; without a person: what everybody there sees."""
        for message in sorted(self.posted, key=lambda message: message.ts):
            if message.channel == channel and not message.deleted and message.seen_by in ("", person):
                yield message

    def keep(self, message: Posted) -> Posted:
        self.posted.append(message)
        return message

    # What lets the bot answer.

    def trigger(self, person: str) -> str:
        key = f"{self.number()}{secrets.randbelow(10**9):09d}.{secrets.randbelow(10**12):012d}.{secrets.token_hex(16)}"
        self.triggers[key] = Trigger(person, self.now())
        return key

    def response_url(self, person: str, channel: str, source: Posted | None = None) -> str:
        """The last part of a new response_url's path."""
        key = f"{TEAM}/{self.number()}/{uuid.uuid4().hex}"
        self.response_urls[key] = ResponseURL(person, channel, self.now(), source)
        return key


def with_ids(blocks: Sequence[JSON]) -> list[JSON]:
    """The blocks as Slack keeps them: what had no block_id or action_id got one."""
    kept = []
    for block in blocks:
        complete: JSON = {"block_id": secrets.token_hex(3), **block}
        if block["type"] == "actions":
            complete["elements"] = [_with_action(element) for element in block["elements"]]
        for key in ("accessory", "element"):
            if key in block:
                complete[key] = _with_action(block[key])
        kept.append(complete)
    return kept


def _with_action(element: JSON) -> JSON:
    return element if element["type"] == "image" else {"action_id": secrets.token_hex(3), **element}
