"""The neutral vocabulary of a conversation: what people ask and what the bot says, without a word of any platform.

Frozen values with no markup, no SDK object and no way to send themselves. Handlers turn a platform's event into a
`Request` and a `Reply` into a platform's message; features see only these.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

__all__ = ["Address", "Answerer", "Button", "Card", "Form", "Reply", "Request", "Section"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a conversation takes place: also how a job addresses a group."""

    platform: str
    channel: str
    thread: str = ""

    def __str__(self) -> str:
        return "/".join(filter(None, (self.platform, self.channel, self.thread)))


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asked, wherever and however they asked it: typed, tapped or sent as a command."""

    text: str
    chat: Address
    user: str = ""
    about: str = ""
    """What a pressed button refers to (a list's token, an offer's id); empty for typed words: the chat's own."""
    follows: bool = True
    """Whether the question may inherit from the one before; slash commands never do (DESIGN §5.7)."""


@dataclass(frozen=True, slots=True)
class Button:
    """A tap that stands for a text: pressing it and typing `sends` are the same Request."""

    label: str
    sends: str
    about: str = ""

    def __post_init__(self) -> None:
        # Telegram gives a button 64 bytes of data; the separator takes one of them.
        if len(f"{self.about}:{self.sends}".encode()) > 64:
            raise ValueError(f"button {self.label!r} carries more than 64 bytes: {self.about}:{self.sends}")


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


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says: text above, sections of cards, text below, buttons, perhaps a form.

    `quote` is text to copy and send on, exactly as it stands. `replace` asks to edit the message whose button was
    pressed; `private` asks that only the person who asked sees it. A platform that can't do either sends a message.
    """

    text: str
    sections: tuple[Section, ...] = ()
    quote: str = ""
    footer: str = ""
    buttons: tuple[Button, ...] = ()
    form: Form | None = None
    private: bool = True
    replace: bool = False


Answerer = Callable[[Request], Awaitable[Reply]]
"""What a handler is handed: it answers every Request, and never raises for what a person typed."""
