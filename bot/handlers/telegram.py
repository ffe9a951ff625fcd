"""Telegram: takes updates in with a polling loop of its own, and sends, edits and splits what is answered.

The loop is ours because python-telegram-bot's own confirms updates that only stand in memory (DESIGN §8): a batch is
kept in the inbox first, and only then the next one is asked for, which is what confirms it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
import contextlib
import logging
import random
from typing import Any, TypeVar

import httpx
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    LinkPreviewOptions,
    ReplyParameters,
    Update,
    User,
)
from telegram.constants import ChatAction, ParseMode, UpdateType
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.chat import Answerer, Event, Inbox, Reply, Stopped
from bot.handlers.answering import Answering
from bot.handlers.telegram_html import Message, Place, render
from bot.handlers.telegram_requests import CallRequest, UpdatesRequest
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
LONGEST_WAIT = 30
"""Seconds between tries while Telegram can't be reached."""
LONGEST_FLOOD = 60
"""Seconds that we wait when Telegram says that we send too fast; a minute is what a busy group can come to."""
TRIES = 3
TYPING_AFTER = 1.0
"""Seconds after which people see that an answer is being written."""
SETTLES_IN = 2.0
"""Seconds in which a group that became a supergroup says so: there the bot seems to be new, and is not."""
NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Errors of a request that can't have been read by anybody: safe to send again."""
SHUT = ("rights", "chat_write_forbidden", "topic_closed", "chat not found")
"""What Telegram says, beside "forbidden", where the bot may not write."""
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

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
        self._grown: set[str] = set()
        self._stopping = asyncio.Event()
        self.answering = Answering(inbox)

    async def run(self) -> None:
        """Answers until `stop` is called. Raises Stopped when Telegram refuses the token."""
        try:
            if not await self._connected():
                return
            log.info("telegram: connected as @%s", self._me.username)
            self._begin(await self._inbox.left())
            await self._unless_stopped(self._present())
            await self._take_in()
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
        waits = _waits()
        while not self._stopping.is_set():
            try:
                await self._unless_stopped(self._bot.initialize())
            except Exception as error:  # noqa: BLE001  # whatever it was, it may be over in a moment
                if _is_refusal(error):
                    raise Stopped(
                        "Telegram refuses TELEGRAM_TOKEN: copy it again from @BotFather (/mybots, API Token)."
                    ) from None
                await self._pause(error, next(waits))
            else:
                return not self._stopping.is_set()
        return False

    # --- in ---

    async def _take_in(self) -> None:
        """The polling loop: a batch is kept, and then the next one is asked for."""
        offset, waits = 0, _waits()
        while not self._stopping.is_set():
            try:
                await self._unless_stopped(self.answering.until_room())
                updates = await self._unless_stopped(self._updates(offset)) or ()
                new = await self._inbox.keep([event for one in updates if (event := self._read(one))])
            except Exception as error:  # noqa: BLE001  # whatever it was, the same updates are asked for again
                if _is_refusal(error):
                    raise Stopped(
                        "Telegram refuses TELEGRAM_TOKEN now: was it renewed? Copy it from @BotFather."
                    ) from None
                await self._pause(error, next(waits))
                continue
            waits = _waits()
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
            seconds = max(seconds, _seconds(error))
        log.warning("telegram: %s; again in %.0f s", _cause(error), seconds)
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
        press = event.reply_to.get("press", "")
        try:
            await self._say(await self._answered(event), event.reply_to)
        except Exception as error:
            await self._confirm(press, "" if _is_shut(error) else FAILED)
            if not _is_shut(error):
                raise
            log.info("telegram: not allowed to write there (%s)", type(error).__name__)
        else:
            await self._confirm(press)

    async def _answered(self, event: Event) -> Reply:
        """The answer; who waits long for it sees that it is being written."""
        if event.request.kind == "added":
            return GROUP_WELCOME if await self._is_new_there(event.reply_to) else Reply("")
        typing = asyncio.create_task(self._type(event.reply_to))
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

    async def _type(self, to: Mapping[str, str]) -> None:
        await self._sleep(TYPING_AFTER)
        with contextlib.suppress(Exception):  # it is a nicety, whatever keeps it from us
            await self._bot.send_chat_action(to["chat"], ChatAction.TYPING, message_thread_id=_number(to, "thread"))

    async def _say(self, reply: Reply, to: Mapping[str, str]) -> None:
        """Sends the reply, and what comes after it."""
        try:
            await self._send(reply, to)
            if reply.then:
                await self._say(reply.then, to)
        except ChatMigrated as error:
            # The group goes on under another number, and what was said before is not there to answer or to edit.
            await self._say(reply, {"chat": str(error.new_chat_id), "group": "yes"})

    async def _send(self, reply: Reply, to: Mapping[str, str]) -> None:
        if not reply.text:
            return
        messages = render(reply, Place(self._me.username or "", group="group" in to))
        edited = reply.replace and "message" in to and await self._edit(messages[0], to)
        for message in messages[1:] if edited else messages:
            await self._post(message, to)

    async def _edit(self, message: Message, to: Mapping[str, str]) -> bool:
        """Puts the message in the place of the one whose button was pressed; False when that can't be done."""
        try:
            await self._patiently(
                self._bot.edit_message_text,
                twice=True,
                text=message.html,
                chat_id=to["chat"],
                message_id=int(to["message"]),
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                reply_markup=message.keyboard,
            )
        except BadRequest as error:
            # Pressed twice: it already looks as it should.
            return "not modified" in error.message
        return True

    async def _post(self, message: Message, to: Mapping[str, str]) -> None:
        answers = _number(to, "answers")
        # Not twice: when it may have arrived, to be asked again is better than to say it again (DESIGN §8).
        await self._patiently(
            self._bot.send_message,
            twice=False,
            chat_id=to["chat"],
            text=message.html,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_markup=message.keyboard,
            message_thread_id=_number(to, "thread"),
            reply_parameters=ReplyParameters(answers, allow_sending_without_reply=True) if answers else None,
            # Others in a group did not ask for it: no sound.
            disable_notification="group" in to,
        )

    async def _confirm(self, press: str, text: str = "") -> None:
        """Ends the waiting that people see on a pressed button, perhaps with a word. Too late is no harm."""
        if not press:
            return
        try:
            await self._patiently(
                self._bot.answer_callback_query, twice=True, callback_query_id=press, text=text or None
            )
        except TelegramError as error:
            log.info("telegram: a press could not be confirmed: %s", _cause(error))

    async def _patiently(self, call: Callable[..., Awaitable[Any]], *, twice: bool, **given: Any) -> None:  # noqa: ANN401  # any method's
        """Calls Telegram; again when it asks to wait, and after an error when the call can't have arrived.

        Or when it may be done `twice`, because that is the same as once.
        """
        for tries_left, wait in zip(reversed(range(TRIES)), _waits(), strict=False):
            try:
                await call(**given)
            except RetryAfter as error:
                if not tries_left or _seconds(error) > LONGEST_FLOOD:
                    raise
                await self._sleep(_seconds(error))
            except NetworkError as error:
                safe = (twice and not isinstance(error, BadRequest)) or isinstance(error.__cause__, NEVER_ARRIVED)
                if not tries_left or not safe:
                    raise
                await self._sleep(wait)
            else:
                return

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
            log.warning("telegram: commands and description could not be set: %s", _cause(error))


def _waits() -> Iterator[float]:
    """Seconds to wait after one failure after another: longer each time, and never the same for two bots."""
    wait = 1.0
    while True:
        yield wait * random.uniform(0.75, 1.25)  # noqa: S311  # no secret
        wait = min(wait * 2, LONGEST_WAIT)


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return after if isinstance(after, int) else after.total_seconds()


def _number(to: Mapping[str, str], name: str) -> int | None:
    return int(to[name]) if name in to else None


def _is_refusal(error: BaseException) -> bool:
    """Whether Telegram itself refuses the token, and not a page of some server on the way to it."""
    while isinstance(error, InvalidToken):
        if error.__cause__ is None:
            return True
        error = error.__cause__
    return False


def _is_shut(error: Exception) -> bool:
    """Whether the bot may not write there: it was blocked, removed or silenced. Nobody did wrong."""
    if isinstance(error, BadRequest):
        return any(sign in error.message.lower() for sign in SHUT)
    return isinstance(error, Forbidden)


def _cause(error: BaseException) -> str:
    """What went wrong, in words that can be nobody's: what libraries say may hold a token, or what people typed."""
    if isinstance(error, Conflict):
        return "another bot runs with the same token, or a webhook is set (skb-bot doctor --live tells which)"
    if isinstance(error, RetryAfter):
        return "asked to wait"
    kinds = [type(error).__name__]
    if error.__cause__:
        kinds.append(type(error.__cause__).__name__)
    return " from ".join(kinds)
