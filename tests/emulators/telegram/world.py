"""Who is there in the emulated Telegram: people, groups, what stands in their chats, where the bot may write."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.emulators.telegram.refusals import Refused, bad_request, forbidden

Json = dict[str, Any]

ANONYMOUS = 1087968824
"""The account that Telegram shows as the sender when an admin of a group writes as the group."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with Telegram; their private chat with the bot has the same id."""

    id: int
    name: str
    username: str = ""
    language: str = "nl"
    is_bot: bool = False

    def as_json(self) -> Json:
        person: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}
        if self.username:
            person["username"] = self.username
        return person if self.is_bot or not self.language else person | {"language_code": self.language}

    def chat_as_json(self) -> Json:
        chat: Json = {"id": self.id, "type": "private", "first_name": self.name}
        return chat | ({"username": self.username} if self.username else {})


@dataclass(frozen=True, slots=True)
class Group:
    """A group, with the people who look after it."""

    id: int
    title: str
    kind: Literal["group", "supergroup"] = "supergroup"
    forum: bool = False
    admins: frozenset[int] = frozenset()

    def chat_as_json(self) -> Json:
        chat: Json = {"id": self.id, "type": self.kind, "title": self.title}
        return chat | ({"is_forum": True} if self.forum else {})


Chat = Person | Group


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: it carries data for the bot, or opens a link."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as a person sees it at this moment."""

    chat: int
    id: int
    sender: int
    text: str
    """Without markup; the caption of a file."""
    html: str = ""
    """As the bot sent it."""
    entities: tuple[Mapping[str, Any], ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    reply_to: int | None = None
    thread: int | None = None
    edited: bool = False
    silent: bool = False
    preview: bool = True
    """Whether links get a preview, as far as the bot has a say in it."""
    asks_reply: bool = False
    placeholder: str = ""
    document: str = ""
    """The name of the file that came with it."""
    date: int = 0

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(button.label for row in self.buttons for button in row)

    def button(self, label: str) -> Button:
        """The button with this label; an AssertionError that names the others when it isn't there."""
        for row in self.buttons:
            for button in row:
                if button.label == label:
                    return button
        raise AssertionError(f"no button {label!r} under this message: {', '.join(self.labels) or 'it has none'}")


@dataclass(slots=True)
class Kept:
    """A message as Telegram keeps it: what a bot is given, and what only people notice."""

    body: Json
    html: str = ""
    silent: bool = False
    preview: bool = True
    markup: Json = field(default_factory=dict)
    """A reply keyboard, a request to reply: not shown to bots."""

    def seen(self) -> Message:
        body = self.body
        rows = body.get("reply_markup", {}).get("inline_keyboard", ())
        return Message(
            chat=body["chat"]["id"],
            id=body["message_id"],
            sender=body["from"]["id"],
            text=text_of(body),
            html=self.html,
            entities=tuple(entities_of(body)),
            buttons=tuple(tuple(map(_button, row)) for row in rows),
            reply_to=body.get("reply_to_message", {}).get("message_id"),
            thread=body.get("message_thread_id"),
            edited="edit_date" in body,
            silent=self.silent,
            preview=self.preview,
            asks_reply=bool(self.markup.get("force_reply")),
            placeholder=self.markup.get("input_field_placeholder", ""),
            document=body.get("document", {}).get("file_name", ""),
            date=body["date"],
        )


def text_of(body: Json) -> str:
    return str(body.get("text") or body.get("caption") or "")


def entities_of(body: Json) -> Sequence[Json]:
    return body.get("entities") or body.get("caption_entities") or ()


def _button(button: Json) -> Button:
    return Button(button["text"], button.get("callback_data", ""), button.get("url", ""))


Standing = Literal["stranger", "member", "administrator", "kicked", "left", "blocked", "moved"]
"""What the bot is in a chat; "stranger": this person never pressed Start."""


class World:
    """Everything that Telegram remembers for one bot."""

    def __init__(self, bot: Person, now: Callable[[], float], *, reads_all: bool) -> None:
        self.bot = bot
        self.now = now
        self.reads_all = reads_all
        self.chats: dict[int, Chat] = {}
        self.standing: dict[int, Standing] = {}
        self.moved: dict[int, int] = {}
        self.kept: dict[tuple[int, int], Kept] = {}
        self.topics: dict[int, set[int]] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.presses: dict[str, Press] = {}
        self.toasts: list[Toast] = []
        self.actions: list[tuple[int, str]] = []
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.descriptions: dict[tuple[str, str], str] = {}
        self.webhook = ""
        self.violations: list[str] = []
        self._last_id: dict[int, int] = {}

    def next_id(self, chat: int) -> int:
        """The number of the next message: supergroups count for themselves, all other chats count together."""
        counter = chat if str(chat).startswith("-100") else 0
        self._last_id[counter] = self._last_id.get(counter, 0) + 1
        return self._last_id[counter]

    def keep(self, kept: Kept) -> Kept:
        self.kept[kept.body["chat"]["id"], kept.body["message_id"]] = kept
        return kept

    def chat(self, asked: object) -> Chat:
        """The chat with this id, as a call may ask for it."""
        try:
            return self.chats[int(str(asked))]
        except (KeyError, ValueError):
            raise bad_request("chat not found") from None

    def writable(self, asked: object) -> Chat:
        """The chat with this id; raises what Telegram answers when the bot may not write there."""
        chat = self.chat(asked)
        standing = self.standing[chat.id]
        if standing == "moved":
            parameters = {"migrate_to_chat_id": self.moved[chat.id]}
            raise Refused(400, "Bad Request: group chat was upgraded to a supergroup chat", parameters)
        if isinstance(chat, Person):
            if standing == "blocked":
                raise forbidden("bot was blocked by the user")
            if standing == "stranger":
                raise forbidden("bot can't initiate conversation with a user")
        elif standing == "kicked":
            raise forbidden(f"bot was kicked from the {chat.kind} chat")
        elif standing == "left":
            raise forbidden(f"bot is not a member of the {chat.kind} chat")
        return chat


@dataclass(frozen=True, slots=True)
class Press:
    """A button that somebody pressed, and that spins until the bot answers."""

    id: str
    person: Person
    message: Message
    button: Button
    answered: bool = False
    expired: bool = False


@dataclass(frozen=True, slots=True)
class Toast:
    """What a person sees for a moment after pressing."""

    text: str
    person: Person
    alert: bool = False
