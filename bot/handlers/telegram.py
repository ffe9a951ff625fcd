"""Telegram: takes updates in with a polling loop of its own, and sends, edits and splits what is answered.

The loop is ours because python-telegram-bot's own confirms updates that only stand in memory (DESIGN §8): a batch is
kept in the inbox first, and only then the next one is asked for, which is what confirms it.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
import logging
from typing import Any, TypeVar

import httpx
from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats, Update, User
from telegram.constants import UpdateType
from telegram.error import RetryAfter

from bot.chat import Answerer, Event, Inbox, Reply, Stopped
from bot.handlers.answering import Answering
from bot.handlers.telegram_refusals import is_refusal, seconds_to_wait
from bot.handlers.telegram_requests import CallRequest, UpdatesRequest
from bot.handlers.telegram_sending import Sender, cause, is_shut, waits
from bot.handlers.telegram_updates import COMMANDS, IN_GROUPS, PLATFORM, grown, read

__all__ = ["PUBLIC_URL", "Telegram"]

log = logging.getLogger(__name__)

Result = TypeVar("Result")

PUBLIC_URL = "https://api.telegram.org"
TAKES = (UpdateType.MESSAGE, UpdateType.CALLBACK_QUERY, UpdateType.MY_CHAT_MEMBER)
"""Kinds of updates that are asked for; the rest Telegram need not send."""
POLL_SECONDS = 50
"""How long Telegram may keep a question for updates open when there are none."""
PATIENCE = 20
"""Seconds without a word after which a call counts as failed; for updates, beyond what Telegram may wait itself."""
FINISH_SECONDS = 10
TAKES_OVER_EVERY = 5
"""Seconds between two looks for what nobody answers any more."""
SETTLES_IN = 2.0
"""Seconds in which a group that became a supergroup says so: there the bot seems to be new, and is not."""
GROUP_WELCOME = Reply(
    "Hoi allemaal. Ik ben de bot van SKB. Ik zoek programma's voor scholen.\n"
    "Ik lees hier niet mee. Typ /zoek met je vraag. Of antwoord op een bericht van mij.\n"
    "Ik hoef geen beheerder te zijn. Deel hier geen gegevens van leerlingen.",
    link="groep",  # leads nowhere in particular: it opens the bot in a chat of one's own
)
FAILED = "Dat lukte niet. Tik nog eens."
ABOUT = (
    "Zoek programma's voor je school. Van SKB, een samenwerking van organisaties voor gelijke kansen.\n\n"
    "Ik ben een bot. Typ wat je zoekt, bijvoorbeeld: debat VO Utrecht. Noem geen namen van leerlingen."
)
"""What people read before they press Start."""
ABOUT_IN_SHORT = "Zoek programma's voor je school. Een bot van SKB. Geen gegevens van leerlingen."


class Telegram:
    """The bot on Telegram, from `run` until `stop`."""

    name = PLATFORM

    def __init__(
        self,
        token: str,
        answer: Answerer,
        inbox: Inbox,
        *,
        base_url: str = PUBLIC_URL,
        poll_seconds: int = POLL_SECONDS,
        patience: float = PATIENCE,
        finish_seconds: float = FINISH_SECONDS,
        sleep: Callable[[float], Coroutine[Any, Any, object]] = asyncio.sleep,
    ) -> None:
        """`sleep` is all the waiting that is done on purpose; tests have no time for it."""
        self._answer = answer
        self._inbox = inbox
        self._poll_seconds = poll_seconds
        self._finish_seconds = finish_seconds
        self._sleep = sleep
        # Read once for both: it takes a moment. A server on this machine has no certificate.
        certificates = httpx.create_ssl_context() if base_url.startswith("https:") else False
        # A connection for each answer that may be on its way, and one apart for the long question for updates.
        kinds = (CallRequest, UpdatesRequest)
        sending, asking = (kind(read_timeout=patience, httpx_kwargs={"verify": certificates}) for kind in kinds)
        base_url = base_url.rstrip("/")
        self._bot = Bot(token, f"{base_url}/bot", f"{base_url}/file/bot", request=sending, get_updates_request=asking)
        self._sender = Sender(self._bot, inbox, sleep)
        self._grown: set[str] = set()
        self._stopping = asyncio.Event()
        self.answering = Answering(inbox)

    async def run(self) -> None:
        """Answers until `stop` is called. Raises Stopped when Telegram refuses the token."""
        try:
            if not await self._connected():
                return
            log.info("telegram: connected as @%s", self._me.username)
            await self._answer_what_is_left()
            taking_over = asyncio.create_task(self._take_over())
            try:
                await self._unless_stopped(self._present())
                await self._take_in()
            finally:
                taking_over.cancel()
        finally:
            await self.answering.finish(self._finish_seconds)
            await self._bot.shutdown()

    def stop(self) -> None:
        """Takes nothing new in; `run` ends when what is being answered is answered."""
        self._stopping.set()

    @property
    def _me(self) -> User:
        return self._bot.bot

    async def _connected(self) -> bool:
        """Whether Telegram knows us; waits for it as long as it can't be reached, or until we stop."""
        further = waits()
        while not self._stopping.is_set():
            try:
                await self._unless_stopped(self._bot.initialize())
            except Exception as error:  # noqa: BLE001  # whatever it was, it may be over in a moment
                if is_refusal(error):
                    raise Stopped(
                        "Telegram refuses TELEGRAM_TOKEN: copy it again from @BotFather (/mybots, API Token)."
                    ) from None
                await self._pause(error, next(further))
            else:
                return not self._stopping.is_set()
        return False

    # --- in ---

    async def _take_over(self) -> None:
        while True:
            await asyncio.sleep(TAKES_OVER_EVERY)
            await self._answer_what_is_left()

    async def _answer_what_is_left(self) -> None:
        """Answers what others kept and do not answer any more."""
        try:
            self._begin(await self._inbox.left())
        except Exception as error:  # noqa: BLE001  # a busy database now is no reason not to look again
            log.error("telegram: what was left could not be asked for: %s", type(error).__name__)  # noqa: TRY400

    async def _take_in(self) -> None:
        """The polling loop: a batch is kept, and then the next one is asked for."""
        offset, further = 0, waits()
        while not self._stopping.is_set():
            try:
                await self._unless_stopped(self.answering.until_room())
                updates = await self._unless_stopped(self._updates(offset)) or ()
                new = await self._inbox.keep([event for one in updates if (event := self._read(one))])
            except Exception as error:  # noqa: BLE001  # whatever it was, the same updates are asked for again
                if is_refusal(error):
                    raise Stopped(
                        "Telegram refuses TELEGRAM_TOKEN now: was it renewed? Copy it from @BotFather."
                    ) from None
                await self._pause(error, next(further))
                continue
            further = waits()
            self._begin(new)
            if updates:
                offset = updates[-1].update_id + 1

    def _updates(self, offset: int) -> Coroutine[Any, Any, Sequence[Update]]:
        return self._bot.get_updates(offset=offset, timeout=self._poll_seconds, allowed_updates=TAKES)

    def _read(self, update: Update) -> Event | None:
        try:
            if number := grown(update):
                self._grown.add(number)
            return read(update, self._me)
        except Exception as error:  # noqa: BLE001  # an update nobody can read must not come again for ever
            log.error("telegram: an update could not be read: %s", type(error).__name__)  # noqa: TRY400
            return None

    def _begin(self, events: Sequence[Event]) -> None:
        for event in events:
            self.answering.begin(event, lambda event=event: self._handle(event))  # type: ignore[misc]

    async def _pause(self, error: Exception, seconds: float) -> None:
        if isinstance(error, RetryAfter):
            seconds = max(seconds, seconds_to_wait(error))
        log.warning("telegram: %s; again in %.0f s", cause(error), seconds)
        await self._unless_stopped(self._sleep(seconds))

    async def _unless_stopped(self, doing: Coroutine[Any, Any, Result]) -> Result | None:
        """What comes of it; None when we are to stop before that."""
        task, stopping = asyncio.ensure_future(doing), asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            stopping.cancel()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    # --- out ---

    async def _handle(self, event: Event) -> None:
        if event.begun:
            # Telegram can't be asked, and to be asked again is better than to say it twice (DESIGN §8).
            log.warning("telegram: an answer may not have arrived before the bot stopped; it is not sent again")
            return
        press = event.reply_to.get("press", "")
        try:
            await self._sender.say(await self._answered(event), event)
        except Exception as error:
            await self._sender.confirm(press, "" if is_shut(error) else FAILED)
            if not is_shut(error):
                raise
            log.info("telegram: not allowed to write there (%s)", type(error).__name__)
        else:
            await self._sender.confirm(press)

    async def _answered(self, event: Event) -> Reply:
        """The answer; who waits long for it sees that it is being written."""
        if event.request.kind == "added":
            return GROUP_WELCOME if await self._is_new_there(event.reply_to) else Reply("")
        typing = asyncio.create_task(self._sender.type(event.reply_to))
        try:
            return await self._answer(event.request)
        finally:
            typing.cancel()

    async def _is_new_there(self, to: Mapping[str, str]) -> bool:
        """Whether to introduce the bot: when somebody asks for it, or when it came and was not there before."""
        if "answers" in to:
            return True
        await self._sleep(SETTLES_IN)
        return to["chat"] not in self._grown

    # --- what people see before they ask ---

    async def _present(self) -> None:
        """Registers the commands and says what the bot is. Without that it works just as well."""
        try:
            for language, commands in COMMANDS.items():
                known = [BotCommand(name, text) for name, text in commands.items()]
                await self._bot.set_my_commands(known, BotCommandScopeAllPrivateChats(), language or None)
                group = [command for command in known if command.command in IN_GROUPS]
                await self._bot.set_my_commands(group, BotCommandScopeAllGroupChats(), language or None)
            # Telegram counts changes of these and refuses many: only when it is one.
            if (await self._bot.get_my_description()).description != ABOUT:
                await self._bot.set_my_description(ABOUT)
            if (await self._bot.get_my_short_description()).short_description != ABOUT_IN_SHORT:
                await self._bot.set_my_short_description(ABOUT_IN_SHORT)
        except Exception as error:  # noqa: BLE001  # nothing of it is worth staying away for
            log.warning("telegram: commands and description could not be set: %s", cause(error))
