"""Slack: messages of the bot's own accord, apart from the conversations: they go also when nobody is listened to."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
import hashlib
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.chat import Address, Part, Reply
from bot.handlers.slack_events import PLATFORM
from bot.handlers.slack_refusals import judged
from bot.handlers.slack_sending import CALL_SECONDS, NO_PREVIEWS, message, silent

__all__ = ["SlackPosting"]

METADATA = "skb_message"
CLOCKS_DIFFER = 120.0
"""Seconds before a message was sent from which it is looked for: Slack's clock and ours need not agree."""
PAGE = 200


class SlackPosting:
    """How Slack sends a message of the bot's own accord (`chat.Sender`)."""

    platform = PLATFORM

    def __init__(self, token: str, *, base_url: str) -> None:
        self._client = AsyncWebClient(
            token, base_url=f"{base_url.rstrip('/')}/", timeout=CALL_SECONDS, retry_handlers=[], logger=silent
        )

    def cut(self, reply: Reply, to: Address) -> Sequence[Part]:  # noqa: ARG002  # it looks the same everywhere
        """One message for each reply: Slack's are long."""
        parts: list[Part] = []
        following: Reply | None = reply
        while following and following.text:
            parts.append(message(following))
            following = following.then
        return parts

    def marked(self, part: Part) -> Part:
        """The same: Slack can be asked whether it is there, so that nothing needs to be there twice."""
        return part

    async def send(self, part: Part, to: Address, key: str) -> str:
        """Sends it once; the channel and Slack's time of the message. Raises NotSent or Unsure."""
        metadata = {"event_type": METADATA, "event_payload": {"key": _name(key)}}
        given: dict[str, Any] = {**part, **NO_PREVIEWS, "metadata": metadata}
        if to.thread:
            given["thread_ts"] = to.thread
        try:
            async with asyncio.timeout(CALL_SECONDS):
                sent = await self._client.chat_postMessage(channel=to.channel, **given)
                return f"{sent['channel']} {sent['ts']}"
        except Exception as error:  # noqa: BLE001  # all of them are judged
            raise judged(error) from None

    async def find(self, to: Address, key: str, since: float) -> str | None:
        """Looks for it where it should be, by its key. Raises NotSent when Slack does not let us look now."""
        channel = to.channel
        if channel.startswith(("U", "W")):  # a person: what we send stands in a conversation with a name of its own
            channel = (await self._read(self._client.conversations_open, users=channel))["channel"]["id"]
        look: Callable[..., Awaitable[Any]] = self._client.conversations_history
        where: dict[str, Any] = {"channel": channel, "oldest": f"{since - CLOCKS_DIFFER:.6f}"}
        if to.thread:
            look, where = self._client.conversations_replies, where | {"ts": to.thread}
        name, cursor = _name(key), ""
        while True:
            page = await self._read(look, limit=PAGE, include_all_metadata=True, cursor=cursor or None, **where)
            for one in page["messages"]:
                if one.get("metadata", {}).get("event_payload", {}).get("key") == name:
                    return f"{channel} {one['ts']}"
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return None

    async def _read(self, call: Callable[..., Awaitable[Any]], **given: Any) -> Any:  # noqa: ANN401  # Slack's answer
        try:
            async with asyncio.timeout(CALL_SECONDS):
                return await call(**given)
        except Exception as error:  # noqa: BLE001  # all of them are judged
            raise judged(error, posting=False) from None

    async def close(self) -> None:
        """Nothing to close: every call has a connection of its own."""


def _name(key: str) -> str:
    """What stands with the message for all apps to read: it must not say who gets what."""
    return hashlib.sha256(key.encode()).hexdigest()[:20]
