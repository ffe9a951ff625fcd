"""Slack: takes events in through Bolt, and answers them in the acknowledgement, in a window, or as messages.

The inbox is a global middleware of Bolt: what could not be kept is not acknowledged, and Slack delivers it again.
Commands and windows are answered in the acknowledgement while there is time (errors at a field can only be shown that
way), else through the address that Slack gave for it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
import contextlib
from dataclasses import replace
import logging
import re
import secrets
import traceback
from typing import Any

from aiohttp import ClientConnectorError
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.chat import Answerer, Event, Inbox, NotSent, Reply, Stopped
from bot.handlers.answering import Answering
from bot.handlers.slack_events import HELP, PLATFORM, UNREADABLE, read, read_opening
from bot.handlers.slack_refusals import said
from bot.handlers.slack_sending import CALL_SECONDS, NAME_SECONDS, NO_PREVIEWS, Sender, message, refusal, silent

__all__ = ["PUBLIC_URL", "Slack"]

log = logging.getLogger(__name__)

PUBLIC_URL = "https://slack.com/api/"
ACK_SECONDS = 2.5
"""How long an answer may take and still go into the acknowledgement; Slack waits for 3 seconds."""
CONNECT_SECONDS = 15
FINISH_SECONDS = 10
CLOSE_SECONDS = 2
AGAIN_SECONDS, MOST_TRIES = 30, 10
"""How often, and after how long, it is tried again to reach Slack with an answer: about as long as that is worth it."""
PING_SECONDS = 5
"""How often the connection is looked at; when it is gone, the client makes another."""
LONGEST_AWAY = 60
"""Seconds without a connection after which it is begun anew: the client itself may try one dead ticket for ever."""
EVERY = re.compile(".*", re.DOTALL)

WRONG = ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type")
"""What Slack says of a token that will not do, until somebody mends that."""
NO_SOCKETS = ("missing_scope", "no_permission", "socket_mode_not_enabled")
"""The same, of an app token only."""

CHANNEL_WELCOME = Reply(
    "Hoi allemaal. Ik ben de bot van SKB. Ik zoek programma's voor scholen.\n"
    "Ik lees hier niet mee. Typ /skb met je vraag: alleen jij ziet het antwoord. Of noem mij: dan ziet iedereen het.\n"
    "Deel hier geen gegevens van leerlingen."
)
ONLY_YOU = "Typ /skb met je vraag in elk kanaal. Alleen jij ziet het antwoord, tot je het deelt."
"""What a welcome adds in Slack."""
BEHIND_SKB = "Typ dit alles achter /skb, bijvoorbeeld: /skb debat VO Utrecht. In een gesprek met mij hoeft dat niet."
"""What help adds there."""


class Slack:
    """The bot in a Slack workspace, from `run` until `stop`."""

    name = PLATFORM

    def __init__(
        self,
        bot_token: str,
        app_token: str,
        answer: Answerer,
        inbox: Inbox,
        *,
        base_url: str = PUBLIC_URL,
        ack_seconds: float = ACK_SECONDS,
        call_seconds: float = CALL_SECONDS,
        name_seconds: float = NAME_SECONDS,
        finish_seconds: float = FINISH_SECONDS,
        ping_seconds: float = PING_SECONDS,
        longest_away: float = LONGEST_AWAY,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._answer = answer
        self._inbox = inbox
        self._app_token = app_token
        self._ack_seconds = ack_seconds
        self._finish_seconds = finish_seconds
        self._sleep = sleep
        self._ping_seconds = ping_seconds
        self._longest_away = longest_away
        # Without the client's own retries: it would post twice when only the answer to the first was lost (DESIGN §8).
        self._client = AsyncWebClient(
            bot_token, base_url=f"{base_url.rstrip('/')}/", timeout=CALL_SECONDS, retry_handlers=[], logger=silent
        )
        self._sender = Sender(self._client, call_seconds=call_seconds, name_seconds=name_seconds, sleep=sleep)
        self._me = ""
        self._windows = Windows()
        self._acknowledging: set[asyncio.Task[Any]] = set()
        self._stopping = asyncio.Event()
        self.answering = Answering(inbox)

    async def run(self) -> None:
        """Answers until `stop` is called. Raises Stopped when Slack refuses a token, else what keeps it from Slack."""
        try:
            me = await self._client.auth_test()
        except SlackApiError as error:
            raise _stopped(error, "SLACK_BOT_TOKEN", WRONG) or error from None
        self._me = str(me["user_id"])
        # Before anything new can come in: what is being answered already must not count as left over.
        left = await self._inbox.left()
        socket = AsyncSocketModeHandler(self._listening(me), self._app_token, ping_interval=self._ping_seconds)
        try:
            await self._connect(socket)
            log.info("slack: connected to %s", me["team"])
            self._take_over(left)
            await self._while_connected(socket)
        finally:
            await self.answering.finish(self._finish_seconds)
            await self._disconnect(socket)

    def stop(self) -> None:
        """Takes nothing new in; `run` ends when what is being answered is answered."""
        self._stopping.set()

    def _take_over(self, left: Sequence[Event]) -> None:
        """Answers what others kept; what they began to send is looked for first."""
        for event in left:
            self.answering.begin(event, self._later(event, again=event.begun))

    async def _connect(self, socket: AsyncSocketModeHandler) -> None:
        """Connects, or raises what Slack says: the client by itself tries for ever, also with a token that is wrong."""
        try:
            opened = await self._client.apps_connections_open(app_token=self._app_token)
        except SlackApiError as error:
            raise _stopped(error, "SLACK_APP_TOKEN", WRONG + NO_SOCKETS) or error from None
        socket.client.wss_uri = opened["url"]
        async with asyncio.timeout(CONNECT_SECONDS):
            await socket.connect_async()  # type: ignore[no-untyped-call]

    async def _while_connected(self, socket: AsyncSocketModeHandler) -> None:
        """Returns when we are to stop; raises ConnectionError when the connection is gone and does not come back."""
        away = 0.0
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._ping_seconds)
            self._take_over(await self._left())
            away = 0.0 if await socket.client.is_connected() else away + self._ping_seconds
            if away > self._longest_away:
                raise ConnectionError("the connection with Slack does not come back")
            if away:
                log.warning("slack: not connected; trying again")

    async def _left(self) -> Sequence[Event]:
        try:
            return await self._inbox.left()
        except Exception as error:  # noqa: BLE001  # a busy database now is no reason to leave Slack
            log.error("slack: what was left could not be asked for: %s", type(error).__name__)  # noqa: TRY400
            return ()

    async def _disconnect(self, socket: AsyncSocketModeHandler) -> None:
        # First what is being acknowledged: that takes the connection.
        if self._acknowledging:
            await asyncio.wait(self._acknowledging, timeout=1)
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await socket.close_async()  # type: ignore[no-untyped-call]
        except TimeoutError:  # Slack does not say goodbye; the second time nobody waits for that
            await socket.close_async()  # type: ignore[no-untyped-call]

    # --- in ---

    def _listening(self, me: AsyncSlackResponse) -> AsyncApp:
        """Bolt with one way in for everything, and the inbox before it."""

        async def authorize() -> AuthorizeResult:
            # Known already: by itself Bolt asks Slack, and the first acknowledgement waits for it.
            return AuthorizeResult(
                enterprise_id=None, team_id=me["team_id"], bot_user_id=me["user_id"], bot_id=me["bot_id"]
            )

        app = AsyncApp(
            name=PLATFORM,  # else Bolt reads the source of everything on the stack to find one
            client=self._client,
            authorize=authorize,
            request_verification_enabled=False,  # nothing comes over HTTP
            logger=silent,
        )
        app.error(self._failed)
        app.use(self._keep)
        app.event(EVERY)(self._answer_later)
        app.command(EVERY)(self._answer_in_ack)
        app.view(EVERY)(self._answer_in_ack)
        app.action(EVERY)(self._answer_press)
        app.shortcut(EVERY)(self._answer_later)
        return app

    async def _keep(
        self, body: dict[str, Any], context: AsyncBoltContext, next_: Callable[[], Awaitable[None]]
    ) -> BoltResponse | None:
        """Keeps what is new and lets it through; what is nothing for us, or was there before, is only acknowledged."""
        context["arrived"] = asyncio.get_running_loop().time()
        context["acknowledging"] = self._acknowledging_task()
        try:
            event, context["opening"] = read(body, self._me), read_opening(body)
        except UNREADABLE as error:
            # Acknowledged all the same: it will be no better the next time.
            log.error("slack: something could not be read: %s", type(error).__name__)  # noqa: TRY400
            return BoltResponse(status=200, body="")
        if event:
            if self._stopping.is_set():
                return BoltResponse(status=503, body="")  # Slack delivers it again, to whoever is there then
            try:
                new = await self._inbox.keep([self._windows.numbered(event)])
            except Exception as error:  # noqa: BLE001  # whatever it was, Slack delivers it again
                _log_failure("something could not be kept", error)
                return BoltResponse(status=500, body="")
            context["event"] = new[0] if new else None
        if context.get("event") or context["opening"]:
            await next_()
            return None
        return BoltResponse(status=200, body="")

    def _acknowledging_task(self) -> asyncio.Task[Any] | None:
        """The task we are in: it ends when the acknowledgement is sent."""
        if task := asyncio.current_task():
            self._acknowledging.add(task)
            task.add_done_callback(self._acknowledging.discard)
        return task

    async def _failed(self, error: Exception) -> None:
        _log_failure("an event failed", error)

    async def _answer_later(self, ack: AsyncAck, context: AsyncBoltContext) -> None:
        await ack()
        event = context["event"]
        self.answering.begin(event, self._later(event))

    async def _answer_in_ack(self, ack: AsyncAck, context: AsyncBoltContext) -> None:
        event, chance = context["event"], Chance(ack, context["acknowledging"])
        task = self.answering.begin(event, lambda: self._handle(event, chance))
        left = context["arrived"] + self._ack_seconds - asyncio.get_running_loop().time()
        await asyncio.wait({task}, timeout=max(left, 0))
        await chance.close()

    async def _answer_press(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        if event := context.get("event"):
            self.answering.begin(event, lambda: self._handle(event, trigger=body.get("trigger_id", "")))
        elif context["opening"]:
            await self._sender.ask(*context["opening"])

    def _later(self, event: Event, *, again: bool = False) -> Callable[[], Awaitable[None]]:
        return lambda: self._handle(event, again=again)

    # --- out ---

    async def _handle(
        self, event: Event, chance: "Chance | None" = None, trigger: str = "", *, again: bool = False
    ) -> None:
        """Answers: in the acknowledgement, in a window, or as messages. `again`: perhaps that was done before."""
        reply = await self._reply_to_send(event, chance, trigger)
        number, is_command = 0, event.id.startswith("command ")
        if reply and is_command and chance and reply.seen_by != "everyone":
            async with self._inbox.attempt(event, paced=False):
                taken = await chance.take(reply)
            reply, number = (reply.then, 1) if taken else (reply, 0)
        if chance:
            await chance.close()
        try:
            while reply:
                reply = await self._send(reply, event, number, again=again)
                number += 1
        except SlackApiError as error:
            log.error("slack: %s", refusal(error))  # noqa: TRY400  # the error's own text can carry ours

    async def _send(self, reply: Reply, event: Event, number: int, *, again: bool) -> Reply | None:
        """Sends it, also when Slack can't be reached for minutes, and says what comes after it."""
        tries = 0
        while True:
            try:
                async with self._inbox.attempt(event, paced=False):
                    return await self._try_to_send(reply, event, number, again=again)
            except NotSent:
                tries += 1
                if tries == MOST_TRIES:
                    raise
                await self._sleep(AGAIN_SECONDS)

    async def _try_to_send(self, reply: Reply, event: Event, number: int, *, again: bool) -> Reply | None:
        try:
            return await self._sender.send(reply, event.reply_to, f"{event.id} {number}", again=again)
        except ClientConnectorError as error:  # nobody can have read it
            raise NotSent(type(error).__name__, "again") from None

    async def _reply_to_send(self, event: Event, chance: "Chance | None", trigger: str) -> Reply | None:
        """The reply that is to be sent; None when there is nothing to say, or it was said in a window."""
        submitted = chance if event.id.startswith("form ") else None
        in_window = bool(trigger or submitted)
        reply = await self._reply(event, windows=in_window)
        if not (reply.form and in_window):
            return reply if reply.text else None
        if submitted and await submitted.complain(reply.text):
            self._windows.send_back(event)
            return None
        if trigger and await self._sender.ask(reply, event.reply_to, trigger):
            return None
        # It is too late for a window. Asked in a message, whatever is typed next may be the answer.
        return await self._reply(event)

    async def _reply(self, event: Event, *, windows: bool = False) -> Reply:
        if event.request.kind == "added":
            return CHANNEL_WELCOME
        name = await self._sender.name(event.request.user)
        reply = await self._answer(replace(event.request, name=name, windows=windows))
        if event.request.kind == "opened" and reply.text:
            return replace(reply, footer=ONLY_YOU)
        if event.id.startswith("command ") and event.request.text.casefold().strip(" .!?") == HELP:
            return replace(reply, footer=f"{BEHIND_SKB}\n{reply.footer}".strip())
        return reply


class Chance:
    """The acknowledgement of a command or a window, as a place for the answer while there is time."""

    def __init__(self, ack: AsyncAck, sending: asyncio.Task[Any]) -> None:
        self._ack = ack
        self._sending = sending
        self._open = True

    async def take(self, reply: Reply) -> bool:
        """Answers a command; False when it is too late for that."""
        taken = await self._use(**message(reply, can_share=True), **NO_PREVIEWS, response_type="ephemeral")
        if taken and reply.then:  # what comes after it must not overtake it
            await asyncio.wait({self._sending}, timeout=1)
        return taken

    async def complain(self, text: str) -> bool:
        """Says at the field of the window what is wrong; False when it is too late for that."""
        return await self._use(response_action="errors", errors={"answer": text})

    async def close(self) -> None:
        """Acknowledges and no more, if nothing else did."""
        await self._use()

    async def _use(self, **answer: Any) -> bool:  # noqa: ANN401  # as `ack` takes it
        if not self._open:
            return False
        self._open = False
        await self._ack(**answer)
        return True


class Windows:
    """Which windows were sent back with an error at their field: what they send next is something new, though Slack
    gives the window no other name.
    """

    def __init__(self) -> None:
        self._sent_back: dict[str, int] = {}
        # After a restart nobody remembers that, and what is new must not be taken for what was there.
        self._run = secrets.token_hex(4)

    def numbered(self, event: Event) -> Event:
        """The event, of a window under an id for each time that it was sent back."""
        if not event.id.startswith("form "):
            return event
        return replace(event, id=f"{event.id} {self._run}{self._sent_back.get(event.id, 0)}")

    def send_back(self, event: Event) -> None:
        window = event.id.rpartition(" ")[0]
        self._sent_back[window] = self._sent_back.get(window, 0) + 1


def _stopped(error: SlackApiError, name: str, codes: tuple[str, ...]) -> Stopped | None:
    """That a token won't do, for who can mend it; None when it is something else."""
    code = said(error)
    if code not in codes:
        return None
    return Stopped(
        f"Slack refuses {name} ({code}). Copy it again from your app's pages on api.slack.com, or ask "
        "skb-bot doctor --live."
    )


def _log_failure(what: str, error: Exception) -> None:
    # Neither the error's text nor its chain: they can carry what was typed.
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("slack: %s: %s\n%s", what, type(error).__name__, where)
