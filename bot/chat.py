"""The neutral vocabulary of a conversation: what people ask and what the bot says, without a word of any platform.

Frozen values with no markup, no SDK object and no way to send themselves. Handlers turn a platform's event into a
`Request` and a `Reply` into a platform's message; features see only these.
"""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Literal, Protocol

__all__ = [
    "Address",
    "Answerer",
    "Button",
    "Card",
    "Elsewhere",
    "Event",
    "Form",
    "Inbox",
    "Kind",
    "NotSent",
    "Part",
    "Remedy",
    "Reply",
    "Request",
    "Section",
    "Sender",
    "Stopped",
    "Unsure",
]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a conversation takes place: also how a job addresses a group."""

    platform: str
    channel: str
    thread: str = ""
    """The conversation inside the channel: a thread of it, or the person whose answers only they see there."""

    def __str__(self) -> str:
        return "/".join(filter(None, (self.platform, self.channel, self.thread)))


Kind = Literal["said", "opened", "voice", "picture", "file", "sticker", "location", "added", "refused"]


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asked, wherever and however they asked it: typed, tapped or sent as a command."""

    text: str
    chat: Address
    user: str = ""
    """The platform's id of who asks; empty where nobody is known (the terminal)."""
    name: str = ""
    """What who asks is called on the platform, to greet and to sign with; never kept."""
    kind: Kind = "said"
    """"said" also stands for pressed; "opened": the chat was opened and nothing asked yet; "added": the bot came among
    several people (the handler says how it can be asked there); "refused": words about a person, which were not kept;
    the others came instead of words."""
    about: str = ""
    """What a pressed button or link refers to (a list's token, an offer's id); typed words mean the chat's own."""
    follows: bool = True
    """Whether the question may inherit from the one before; slash commands never do (DESIGN §5.7)."""
    windows: bool = False
    """Whether a question back opens a window of its own: then the next text is not its answer."""


@dataclass(frozen=True, slots=True)
class Button:
    """A tap that stands for a text: pressing it and typing `sends` are the same Request."""

    label: str
    sends: str
    about: str = ""

    def __post_init__(self) -> None:
        _fits_a_button(self.label, self.sends, self.about)


def _fits_a_button(label: str, sends: str, about: str) -> None:
    # Telegram gives a button 64 bytes of data; the separator takes one of them.
    if len(f"{about}:{sends}".encode()) > 64:
        raise ValueError(f"button {label!r} carries more than 64 bytes: {about}:{sends}")


@dataclass(frozen=True, slots=True)
class Card:
    """One thing among others: a title, a few lines, perhaps a link. `number` is what people type to see more."""

    title: str
    lines: tuple[str, ...] = ()
    link: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """Cards that belong together under a heading ("In Utrecht", "Landelijk", "Misschien ook iets")."""

    heading: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A question back. Its answer arrives as the Request that typing `sends` followed by the answer would make."""

    question: str
    sends: str
    about: str = ""

    def __post_init__(self) -> None:
        _fits_a_button(self.question, self.sends, self.about)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says: text above, sections of cards, text below, buttons, perhaps a form.

    A platform that can't do what is wished (`seen_by`, `replace`) sends a message as it would any other.
    """

    text: str
    sections: tuple[Section, ...] = ()
    quote: str = ""
    """Text to copy and send on, exactly as it stands."""
    footer: str = ""
    buttons: tuple[Button, ...] = ()
    form: Form | None = None
    replace: bool = False
    """Whether to edit the message whose button was pressed."""
    seen_by: Literal["as asked", "asker", "everyone"] = "as asked"
    """Who is to see it where more people are: as the question was asked, only who asked it, or everybody."""
    link: str = ""
    """The name this can be opened by elsewhere ("l_…" a list, "p_…" a programme): "start" and "deel" are about it."""
    then: "Reply | None" = None
    """Another message, after this one."""


Answerer = Callable[[Request], Coroutine[Any, Any, Reply]]
"""What a handler is handed: it answers every Request, and never raises for what a person typed."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a platform delivered, under the id that stays the same however often it is delivered."""

    id: str
    request: Request
    reply_to: Mapping[str, str]
    """What the handler needs to know to answer it later, in the handler's own words."""
    begun: bool = False
    """Whether an earlier run began to send its answer, so that it may be there."""


class Inbox(Protocol):
    """What a handler is handed to lose nothing and to answer nothing twice."""

    async def keep(self, events: Sequence[Event]) -> Sequence[Event]:
        """Keeps them all or raises; those that were not there before, to be answered, in their order."""

    async def left(self) -> Sequence[Event]:
        """What others kept and do not answer any more, as far as it is still worth an answer: now this run is to.

        To be asked every few seconds: it also says of what is being answered here that somebody is at it.
        """

    def turn(self, event: Event) -> AbstractAsyncContextManager[None]:
        """Waits until what came earlier in the same chat is answered; at its end the event counts as answered."""

    def attempt(self, event: Event, *, paced: bool = True) -> AbstractAsyncContextManager[None]:
        """One try to send a message of its answer: with its beginning that may have arrived, if NotSent doesn't say no.

        Waits until the platform's limits allow it, if `paced`. Raises Elsewhere when somebody else answers the event.
        """


class Elsewhere(Exception):  # noqa: N818  # it is a reason to leave something alone
    """Another run of the bot answers this event."""


class Stopped(Exception):  # noqa: N818  # it ends a platform in order
    """Why a platform can't go on until somebody mends something, in a sentence for who runs the bot."""


Part = Mapping[str, Any]
"""One message in a platform's own words, as plain JSON: it can be kept, and sent later exactly as it stands."""

Remedy = Literal["again", "wait", "off", "moved", "stop", "ask"]
"""What to do when a platform did not take a message.

"again": later, by itself; the platform or the way to it was in trouble. "wait": the same, after the seconds it asks
for. "off": no more to this chat, until somebody there writes (blocked, removed, archived). "moved": the chat goes on
under another number. "stop": nothing more on this platform until somebody mends something (a token, a scope). "ask":
the message itself is refused; a person has to look.
"""


class NotSent(Exception):  # noqa: N818  # it is an outcome
    """A message certainly did not arrive."""

    def __init__(self, why: str, remedy: Remedy, *, seconds: float = 0.0, moved_to: str = "") -> None:
        super().__init__(why)
        self.why = why
        """The platform's word for it, or our own; never a part of anybody's text."""
        self.remedy = remedy
        self.seconds = seconds
        self.moved_to = moved_to


class Unsure(Exception):  # noqa: N818  # it is an outcome
    """Nobody knows whether a message arrived: it was sent, and the answer never came."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Sender(Protocol):
    """How a platform sends a message of the bot's own accord."""

    platform: str

    def cut(self, reply: Reply, to: Address) -> Sequence[Part]:
        """The messages that say it, each as it will be sent."""

    def marked(self, part: Part) -> Part:
        """The same message, with a line before it that it may be there twice."""

    async def send(self, part: Part, to: Address, key: str) -> str:
        """Sends it and says the platform's id of it. Raises NotSent or Unsure; `key` is what `find` finds it by."""

    async def find(self, to: Address, key: str, since: float) -> str | None:
        """The id of what was sent under this key since then (Unix time), or None when it is not there.

        Raises NotSent when that can't be told now.
        """

    async def close(self) -> None:
        """Closes what connections there are."""
