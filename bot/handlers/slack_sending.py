"""Slack's methods as the bot calls them: what is answered gets there once, also when Slack is slow, busy or gone."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
import hashlib
import logging
from typing import Any

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.chat import Reply, Unsure
from bot.handlers import console
from bot.handlers.slack_blocks import modal, render
from bot.handlers.slack_events import Opening
from bot.handlers.slack_refusals import asked_to_wait, judged, said

__all__ = ["CALL_SECONDS", "NAME_SECONDS", "NO_PREVIEWS", "Sender", "message", "refusal", "silent"]

log = logging.getLogger(__name__)
# For Bolt and the client: at DEBUG they write what people typed, with errors what we sent, and tickets of connections.
silent = logging.getLogger(f"{__name__}.libraries")
silent.setLevel(logging.CRITICAL + 1)

CALL_SECONDS = 10
NAME_SECONDS = 0.8
"""How long a question waits to learn what its asker is called: it is only for greeting and signing."""
WINDOW_SECONDS = 2.5
"""How long opening a window may take; what a press lets us open one with is good for 3 seconds."""
METADATA = "skb_answer"
LOOK_AFTER = 2
"""Seconds after which a message that is still on its way has arrived."""
LONGEST_WAIT = 30
"""Seconds that we wait when Slack asks us to."""
TRIES = 4
MOST_NAMES = 5000

NOT_THERE = ("not_in_channel", "channel_not_found", "is_archived", "restricted_action", "user_not_in_channel")
GONE = ("message_not_found", "cant_update_message", "edit_window_closed")
OVER_CONNECTION = (ClientError, TimeoutError, OSError)
NO_PREVIEWS = {"unfurl_links": False, "unfurl_media": False}
"""Both: each of them alone still lets some previews through. What is edited or ephemeral has none anyway."""

NOT_HERE = "Ik zit niet in dit kanaal. Nodig mij uit met /invite, of deel zelf deze tekst."
NOT_BETWEEN_YOU = "Ik zit niet in dit gesprek. Deel zelf deze tekst."
"""The same between two people, where nobody can be invited."""
NOT_NOW = "Delen lukt nu niet. Deel zelf deze tekst."

To = Mapping[str, str]
"""Where an answer goes, as `slack_events.py` reads it."""


class Sender:
    """Sends replies to where they belong: for one person, for everybody, in place of what was there, in a window."""

    def __init__(
        self,
        client: AsyncWebClient,
        *,
        call_seconds: float = CALL_SECONDS,
        name_seconds: float = NAME_SECONDS,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client = client
        self._call_seconds = call_seconds
        self._name_seconds = name_seconds
        self._sleep = sleep
        self._names: dict[str, str] = {}

    async def send(self, reply: Reply, to: To, key: str, *, again: bool = False) -> Reply | None:
        """Sends it, and says what comes after it. `again`: what has this key was perhaps sent by an earlier run."""
        if reply.seen_by == "everyone":
            if reply.replace and "shared" in to and await self._update(reply, {**to, "message": to["shared"]}):
                return reply.then
            return await self._share(reply, to, key, again=again)
        if "user" in to or (reply.seen_by == "asker" and not _is_direct(to)):
            if not again:  # nobody can look for what one person saw; to ask again is better than to read it twice
                await self._whisper(reply, to, key)
        elif not (reply.replace and "message" in to and await self._update(reply, to)):
            await self._post(reply, to, key, again=again)
        return reply.then

    async def _share(self, reply: Reply, to: To, key: str, *, again: bool) -> Reply | None:
        """Posts it for everybody there, and says what comes next; where that can't be, a text to share by hand."""
        try:
            await self._post(reply, to, key, again=again)
        except SlackApiError as error:
            if said(error) in NOT_THERE:
                why = NOT_BETWEEN_YOU if _is_direct(to) else NOT_HERE
            else:
                log.error("slack: %s", refusal(error))  # noqa: TRY400  # the error's own text can carry ours
                why = NOT_NOW
            buttons = reply.then.buttons if reply.then else ()
            return Reply(why, quote=_as_text(reply), buttons=buttons, seen_by="asker")
        return reply.then

    async def _post(self, reply: Reply, to: To, key: str, *, again: bool = False) -> None:
        """Posts it once: when nobody knows whether it arrived, it is looked for where it should be, by its key."""
        # Everybody's apps can read it: the key as such says who pressed what.
        name = hashlib.sha256(key.encode()).hexdigest()[:20]
        metadata = {"event_type": METADATA, "event_payload": {"key": name}}
        given = {"channel": to["channel"], **_thread(to), **message(reply), **NO_PREVIEWS, "metadata": metadata}
        if again and await self._is_there(to, name):
            return
        try:
            await self.patiently(self._client.chat_postMessage, **given)
        except (SlackApiError, *OVER_CONNECTION) as error:
            if not _is_unsure(error):
                raise
            await self._sleep(LOOK_AFTER)
            if not await self._is_there(to, name):
                await self.patiently(self._client.chat_postMessage, **given)

    async def _is_there(self, to: To, name: str) -> bool:
        where = {"channel": to["channel"], "limit": 999, "include_all_metadata": True}
        if "thread" in to:
            told = await self.patiently(self._client.conversations_replies, ts=to["thread"], **where)
        else:
            told = await self.patiently(self._client.conversations_history, **where)
        return any(one.get("metadata", {}).get("event_payload", {}).get("key") == name for one in told["messages"])

    async def _update(self, reply: Reply, to: To) -> bool:
        """Puts it in the place of what was pressed; False when that is gone."""
        try:
            # Slack takes what looks as it did before: tapping twice is harmless.
            pressed = {"channel": to["channel"], "ts": to["message"]}
            await self.patiently(self._client.chat_update, **pressed, **message(reply))
        except SlackApiError as error:
            if said(error) not in GONE:
                raise
            return False
        return True

    async def _whisper(self, reply: Reply, to: To, key: str) -> None:
        """Shows it to who asked only, in place of what they pressed when only they saw that too."""
        shown = message(reply, can_share=True)
        if to.get("url"):
            how = {"response_type": "ephemeral", "replace_original": "replaces" in to}
            try:
                await self.patiently(self._respond, url=to["url"], body=shown | _thread(to) | NO_PREVIEWS | how)
            except SlackApiError as error:  # it works five times, and for 30 minutes
                log.info("slack: %s; trying another way", refusal(error))
            else:
                return
        user = to.get("user") or to["asker"]
        # In a thread that nobody began yet Slack shows nothing to one person alone.
        where = {"channel": to["channel"], **({} if "begins" in to else _thread(to))}
        try:
            await self.patiently(self._client.chat_postEphemeral, user=user, **where, **shown)
        except SlackApiError as error:
            if said(error) not in NOT_THERE:
                raise
            await self._post(reply, {"channel": user}, key)

    async def _respond(self, url: str, body: dict[str, Any]) -> None:
        response = await AsyncWebhookClient(url, timeout=CALL_SECONDS, retry_handlers=[], logger=silent).send_dict(body)
        if response.status_code != 200:
            raise SlackApiError("response_url", response)  # type: ignore[no-untyped-call]

    async def ask(self, question: Reply, to: To, trigger: str) -> bool:
        """Asks in a window; False when Slack does not open it (any more)."""
        if question.form is None:
            return False
        view = modal(question, str(Opening(question.form.sends, question.form.about, to)))
        try:
            async with asyncio.timeout(WINDOW_SECONDS):
                await self._client.views_open(trigger_id=trigger, view=view)
        except (SlackApiError, *OVER_CONNECTION) as error:
            why = refusal(error) if isinstance(error, SlackApiError) else type(error).__name__
            log.info("slack: a window was not opened: %s", why)
            return False
        return True

    async def name(self, user: str) -> str:
        """What the person is called in Slack; empty when Slack doesn't say, as of some guests of other workspaces."""
        if user and user not in self._names:
            profile: Mapping[str, Any] = {}
            try:
                async with asyncio.timeout(self._name_seconds):
                    profile = (await self._client.users_info(user=user))["user"]["profile"]
            except OVER_CONNECTION:
                return ""
            except SlackApiError as error:
                if said(error) != "user_not_found":
                    return ""
            if len(self._names) >= MOST_NAMES:
                self._names.clear()
            self._names[user] = profile.get("display_name") or profile.get("real_name") or ""
        return self._names.get(user, "")

    async def patiently(self, call: Callable[..., Awaitable[Any]], **given: Any) -> Any:  # noqa: ANN401  # any method's
        """What Slack answers. Waits when it asks for that, and tries again what can't have arrived."""
        tried = 0
        while True:
            tried += 1
            try:
                async with asyncio.timeout(self._call_seconds):
                    return await call(**given)
            except SlackApiError as error:
                wait = asked_to_wait(error)
                if tried == TRIES or not 0 < wait <= LONGEST_WAIT:
                    raise
            except ClientConnectorError:  # nobody can have read it; what was sent and not answered is not sent again
                wait = 5.0 ** (tried - 1)
                if tried == TRIES:
                    raise
            await self._sleep(wait)


def message(reply: Reply, *, can_share: bool = False) -> dict[str, Any]:
    """The reply as Slack's methods and acknowledgements take it."""
    shown = render(reply, can_share=can_share)
    return {"text": shown.text, "blocks": shown.blocks}


def _as_text(reply: Reply) -> str:
    """The reply without anything to press, to copy and send on by hand."""
    return console.render(replace(reply, buttons=(), then=None), width=10_000)


def _thread(to: To) -> dict[str, str]:
    return {"thread_ts": to["thread"]} if "thread" in to else {}


def _is_direct(to: To) -> bool:
    return to["channel"].startswith("D")


# What Slack says instead of doing it


def refusal(error: SlackApiError) -> str:
    """What was refused and why, without anybody's text: the error's own can carry that."""
    method = str(getattr(error.response, "api_url", "response_url")).rpartition("/")[2]
    data = getattr(error.response, "data", None)
    needed = data.get("needed") if isinstance(data, dict) else None
    return f"{method}: {said(error)}" + (f", needs {needed}" if needed else "")


def _is_unsure(error: Exception) -> bool:
    """Whether it may have been done all the same."""
    return isinstance(judged(error), Unsure)
