"""Telegram: messages of the bot's own accord, apart from the conversations: they go also when nobody is listened to."""

import asyncio
from collections.abc import Sequence

import httpx
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode

from bot.chat import Address, NotSent, Part, Reply
from bot.handlers.telegram_html import Place, render
from bot.handlers.telegram_refusals import judged
from bot.handlers.telegram_requests import CallRequest
from bot.handlers.telegram_updates import PLATFORM

__all__ = ["TelegramPosting"]

CALL_SECONDS = 20
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
MAYBE_TWICE = "<i>Mogelijk staat dit bericht hier dubbel.</i>\n\n"


class TelegramPosting:
    """How Telegram sends a message of the bot's own accord (`chat.Sender`)."""

    platform = PLATFORM

    def __init__(self, token: str, *, base_url: str) -> None:
        base_url = base_url.rstrip("/")
        certificates = httpx.create_ssl_context() if base_url.startswith("https:") else False
        self._request = CallRequest(read_timeout=CALL_SECONDS, httpx_kwargs={"verify": certificates})
        self._bot = Bot(token, f"{base_url}/bot", f"{base_url}/file/bot", request=self._request)

    def cut(self, reply: Reply, to: Address) -> Sequence[Part]:
        """Messages that fit, the last with the buttons."""
        parts: list[Part] = []
        following: Reply | None = reply
        while following and following.text:
            for message in render(following, Place("", group=_is_group(to))):
                keyboard = message.keyboard.to_dict() if message.keyboard else None
                parts.append({"html": message.html, "keyboard": keyboard})
            following = following.then
        return parts

    def marked(self, part: Part) -> Part:
        """The same, with a line before it that it may be there twice."""
        return {**part, "html": MAYBE_TWICE + str(part["html"])}

    async def send(self, part: Part, to: Address, key: str) -> str:  # noqa: ARG002  # Telegram has no room for a key
        """Sends it once; Telegram's number of the message. Raises NotSent or Unsure."""
        keyboard = part["keyboard"]
        try:
            async with asyncio.timeout(CALL_SECONDS):
                sent = await self._bot.send_message(
                    chat_id=to.channel,
                    text=part["html"],
                    parse_mode=ParseMode.HTML,
                    link_preview_options=NO_PREVIEW,
                    reply_markup=InlineKeyboardMarkup.de_json(keyboard, None) if keyboard else None,
                    message_thread_id=int(to.thread) if to.thread else None,
                    # Many read it there, and nobody asked: no sound.
                    disable_notification=_is_group(to),
                )
        except Exception as error:  # noqa: BLE001  # all of them are judged
            raise judged(error) from None
        return str(sent.message_id)

    async def find(self, to: Address, key: str, since: float) -> str | None:  # noqa: ARG002
        """Telegram lets no bot look back."""
        raise NotSent("Telegram lets no bot look back", "ask")

    async def close(self) -> None:
        await self._request.shutdown()


def _is_group(to: Address) -> bool:
    return to.channel.startswith("-")
