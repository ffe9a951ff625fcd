"""Telegram's methods as the bot answers with them: sends, edits and splits, again when nothing can have arrived."""

from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
import contextlib
from dataclasses import replace
from itertools import islice
import logging
import random
from typing import Any

from telegram import Bot, LinkPreviewOptions, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, RetryAfter, TelegramError

from bot.chat import Event, Inbox, NotSent, Reply, Unsure
from bot.handlers.telegram_html import Message, Place, render
from bot.handlers.telegram_refusals import judged

__all__ = ["TYPING_AFTER", "Sender", "cause", "is_shut", "waits"]

log = logging.getLogger(__name__)

WORTH_SECONDS = 600
"""How long it is tried to send an answer that can't have arrived: as long as it is worth something."""
LONGEST_WAIT = 30
"""Seconds between tries while Telegram can't be reached."""
LONGEST_FLOOD = 60
"""Seconds that we wait when Telegram says that we send too fast; a minute is what a busy group can come to."""
TRIES = 3
TYPING_AFTER = 1.0
"""Seconds after which people see that an answer is being written."""
SHUT = ("rights", "chat_write_forbidden", "topic_closed", "chat not found")
"""What Telegram says, beside "forbidden", where the bot may not write."""
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Sender:
    """Sends answers to where they belong: as messages, in place of what was there, as a word at a button."""

    def __init__(self, bot: Bot, inbox: Inbox, sleep: Callable[[float], Coroutine[Any, Any, object]]) -> None:
        self._bot = bot
        self._inbox = inbox
        self._sleep = sleep

    async def type(self, to: Mapping[str, str]) -> None:
        await self._sleep(TYPING_AFTER)
        with contextlib.suppress(Exception):  # it is a nicety, whatever keeps it from us
            await self._bot.send_chat_action(to["chat"], ChatAction.TYPING, message_thread_id=_number(to, "thread"))

    async def say(self, reply: Reply, event: Event) -> None:
        """Sends the reply, and what comes after it."""
        try:
            await self._send(reply, event)
            if reply.then:
                await self.say(reply.then, event)
        except ChatMigrated as error:
            # The group goes on under another number, and what was said before is not there to answer or to edit.
            await self.say(reply, replace(event, reply_to={"chat": str(error.new_chat_id), "group": "yes"}))

    async def _send(self, reply: Reply, event: Event) -> None:
        if not reply.text:
            return
        to = event.reply_to
        messages = render(reply, Place(self._bot.bot.username or "", group="group" in to))
        edited = reply.replace and "message" in to and await self._edit(messages[0], event)
        for message in messages[1:] if edited else messages:
            await self._post(message, event)

    async def _edit(self, message: Message, event: Event) -> bool:
        """Puts the message in the place of the one whose button was pressed; False when that can't be done."""
        try:
            await self._until_sent(
                event,
                self._bot.edit_message_text,
                twice=True,
                text=message.html,
                chat_id=event.reply_to["chat"],
                message_id=int(event.reply_to["message"]),
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                reply_markup=message.keyboard,
            )
        except BadRequest as error:
            # Pressed twice: it already looks as it should.
            return "not modified" in error.message
        return True

    async def _post(self, message: Message, event: Event) -> None:
        to = event.reply_to
        answers = _number(to, "answers")
        # Not twice: when it may have arrived, to be asked again is better than to say it again (DESIGN §8).
        await self._until_sent(
            event,
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

    async def _until_sent(
        self,
        event: Event,
        call: Callable[..., Awaitable[Any]],
        *,
        twice: bool,
        **given: Any,  # noqa: ANN401  # any method's
    ) -> None:
        """Sends a message of the answer; again as long as it is worth something, when it can't have arrived.

        Or when it may be done `twice`, because that is the same as once. Raises what Telegram says otherwise.
        """
        further, waited, unsure = waits(), 0.0, 0
        while True:
            try:
                async with self._inbox.attempt(event, paced=not twice):
                    try:
                        await call(**given)
                    except TelegramError as error:
                        raise judged(error) from error
            except (NotSent, Unsure) as outcome:
                unsure += isinstance(outcome, Unsure)
                seconds = _again_in(outcome, next(further), twice=twice and unsure < TRIES)
                waited += seconds
                if not seconds or waited > WORTH_SECONDS:
                    raise outcome.__cause__ or outcome from None
                await self._sleep(seconds)
            else:
                return

    async def confirm(self, press: str, text: str = "") -> None:
        """Ends the waiting that people see on a pressed button, perhaps with a word. Too late is no harm."""
        if not press:
            return
        for wait in islice(waits(), TRIES):
            try:
                await self._bot.answer_callback_query(press, text or None)
            except TelegramError as error:
                seconds = _again_in(judged(error), wait, twice=True)
                if not seconds:
                    log.info("telegram: a press could not be confirmed: %s", cause(error))
                    return
                await self._sleep(seconds)
            else:
                return


def waits() -> Iterator[float]:
    """Seconds to wait after one failure after another: longer each time, and never the same for two bots."""
    wait = 1.0
    while True:
        yield wait * random.uniform(0.75, 1.25)  # noqa: S311  # no secret
        wait = min(wait * 2, LONGEST_WAIT)


def _again_in(outcome: NotSent | Unsure, wait: float, *, twice: bool) -> float:
    """After how many seconds it is to be tried again, given how long to wait for no special reason; 0: never."""
    if isinstance(outcome, Unsure):
        return wait if twice else 0.0
    if outcome.remedy == "wait":
        return outcome.seconds if outcome.seconds <= LONGEST_FLOOD else 0.0
    return wait if outcome.remedy == "again" else 0.0


def _number(to: Mapping[str, str], name: str) -> int | None:
    return int(to[name]) if name in to else None


def is_shut(error: Exception) -> bool:
    """Whether the bot may not write there: it was blocked, removed or silenced. Nobody did wrong."""
    if isinstance(error, BadRequest):
        return any(sign in error.message.lower() for sign in SHUT)
    return isinstance(error, Forbidden)


def cause(error: BaseException) -> str:
    """What went wrong, in words that can be nobody's: what libraries say may hold a token, or what people typed."""
    if isinstance(error, Conflict):
        return "another bot runs with the same token, or a webhook is set (skb-bot doctor --live tells which)"
    if isinstance(error, RetryAfter):
        return "asked to wait"
    kinds = [type(error).__name__]
    if error.__cause__:
        kinds.append(type(error.__cause__).__name__)
    return " from ".join(kinds)
