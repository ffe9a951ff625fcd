"""What the team can decide about the bot's own messages: each a function from Request to Reply."""

from collections.abc import Callable
from datetime import UTC, datetime

from bot.chat import Address, Reply, Request
from bot.db import Database
from bot.delivery import outbox, replies

__all__ = ["DeliveryCommands"]


class DeliveryCommands:
    """[Stuur opnieuw] and [Laat zo], for who is in the team's channel; for everybody else they are no commands."""

    def __init__(self, database: Database, team: Address | None, now: Callable[[], datetime]) -> None:
        self._database = database
        self._team = team
        self._now = now

    def may(self, request: Request) -> bool:
        """Whether it is asked where the team is: who is let in there, decides."""
        team, chat = self._team, request.chat
        return team is not None and (chat.platform, chat.channel) == (team.platform, team.channel)

    def again(self, request: Request) -> Reply:
        """Sends again what perhaps did not arrive: what the message with the button told of, or all of it."""
        return self._decide(request, again=True)

    def leave(self, request: Request) -> Reply:
        """Leaves it as it is."""
        return self._decide(request, again=False)

    def _decide(self, request: Request, *, again: bool) -> Reply:
        now = self._now()
        with self._database.write() as c:
            keys = [one.key for one in outbox.doubtful(c, _until(request.about))]
            number = outbox.send_again(c, keys, now) if again else outbox.leave(c, keys, now)
        return replies.decided(number, request.name, again=again) if number else replies.nothing_to_decide()


def _until(about: str) -> datetime | None:
    """Until when the message with the button knew of things; None for typed words, which mean everything."""
    try:
        return datetime.strptime(about, replies.KNOWN_AT).replace(tzinfo=UTC)
    except ValueError:
        return None
