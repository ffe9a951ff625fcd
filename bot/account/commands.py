"""What can be asked of the bot about itself, each a function from Request to Reply; and whom it meets."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot import people
from bot.account import replies
from bot.chat import Reply, Request
from bot.db import Database

__all__ = ["AccountCommands"]

Opener = Callable[[Request], tuple[str, Reply] | None]
"""What is behind the link that a request is about: in a sentence what it shows, and the answer; None when it leads
nowhere."""


class AccountCommands:
    """The bot as somebody who introduces itself once and explains itself whenever it is asked."""

    def __init__(self, database: Database, open_link: Opener, website: str, now: Callable[[], datetime]) -> None:
        self._database = database
        self._open_link = open_link
        self._website = website
        self._now = now

    def start(self, request: Request) -> Reply:
        """The welcome, once, and what is behind the link that somebody came in by."""
        first = self._welcome(request)
        opened = self._open_link(request) if request.about else None
        if opened:
            what, reply = opened
            return replace(replies.greeting(what), then=reply) if first else reply
        return replies.welcome(request.name) if first else replies.welcome_back(request.name)

    def opened(self, request: Request) -> Reply:
        """For who opens the chat and says nothing yet: the welcome, once."""
        return replies.welcome(request.name) if self._welcome(request) else Reply("")

    def introduced(self, request: Request, reply: Reply) -> Reply:
        """The reply, with a word about the bot below it when this is the first that somebody hears of it."""
        who = (request.chat.platform, request.user)
        if not request.user or reply.seen_by == "everyone":  # the others did not ask
            return reply
        with self._database.read() as c:  # nearly always enough, and nobody waits for it
            if people.find(c, *who):
                return reply
        with self._database.write() as c:
            if not people.meet(c, *who, self._now()):
                return reply
        return replace(reply, footer="\n".join(filter(None, (reply.footer, replies.INTRODUCTION))))

    def menu(self, _request: Request) -> Reply:
        return replies.menu()

    def privacy(self, _request: Request) -> Reply:
        return replies.privacy(self._website)

    def settings(self, _request: Request) -> Reply:
        return replies.settings()

    def stop(self, _request: Request) -> Reply:
        return replies.stop()

    def unreadable(self, request: Request) -> Reply:
        return replies.unreadable(request.kind)

    def _welcome(self, request: Request) -> bool:
        """Whether to welcome who asks: once; always where nobody is known."""
        if not request.user:
            return True
        with self._database.write() as c:
            return people.welcome(c, request.chat.platform, request.user, self._now())
