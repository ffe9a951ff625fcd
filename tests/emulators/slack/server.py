"""Slack's HTTP side: the Web API with its tokens and scopes, the response_urls, and the faults a test asks for."""

import asyncio
from collections.abc import Callable, Iterator
import contextlib
from dataclasses import dataclass
import json
from typing import Literal

from aiohttp import web

from tests.emulators.slack import methods
from tests.emulators.slack.block_reading import JSON
from tests.emulators.slack.content import bot_message, look, post, read_content, truth
from tests.emulators.slack.sockets import Sockets
from tests.emulators.slack.workspace import Message, Posted, Refused, ResponseURL, Workspace

RESPONSE_USES, RESPONSE_LIVES = 5, 30 * 60
MESSAGE_ARGUMENTS = frozenset(
    [
        "text",
        "blocks",
        "attachments",
        "response_type",
        "replace_original",
        "delete_original",
        "thread_ts",
        "unfurl_links",
        "unfurl_media",
        "mrkdwn",
        "metadata",
        "link_names",
        "parse",
    ]
)
"""What a message may hold that goes through a response_url or an acknowledgement."""


@dataclass
class Call:
    """A request of the bot: a method of the Web API, or "response_url"."""

    method: str
    arguments: JSON
    at: float
    error: str = ""
    """What was answered instead of ok."""


@dataclass
class Fault:
    """What goes wrong, and how many times still (None: always)."""

    method: str
    times: int | None
    error: str = ""
    status: int = 0
    retry_after: int = 1
    delay: float = 0
    drop: Literal["", "before", "after"] = ""

    def strikes(self, method: str) -> bool:
        if self.method not in (method, "*") or self.times == 0 or (self.method, method) == ("*", "response_url"):
            return False
        self.times = None if self.times is None else self.times - 1
        return True


class Server:
    """Answers the bot's requests from what is in the workspace."""

    def __init__(
        self, workspace: Workspace, sockets: Sockets, changed: Callable[[], None], bot_token: str, app_token: str
    ) -> None:
        self.bot_token, self.app_token = bot_token, app_token
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.busy = 0
        self.origin = ""
        self._workspace, self._sockets, self._changed = workspace, sockets, changed

    async def start(self) -> None:
        application = web.Application(client_max_size=16 << 20)
        application.router.add_route("*", "/api/{method}", self._api)
        application.router.add_post("/response/{key:.+}", self._response)
        application.router.add_get("/socket", self._sockets.serve)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self._sockets.close()
        await self._runner.cleanup()

    @contextlib.contextmanager
    def _handling(self) -> Iterator[None]:
        self.busy += 1
        try:
            yield
        finally:
            self.busy -= 1
            self._changed()

    async def _api(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        with self._handling():
            arguments, token = await _arguments(request)
            call = self._log(name, arguments)
            return await self._under_faults(request, call, lambda: self._answer(call, token))

    def _answer(self, call: Call, token: str) -> web.Response:
        headers = {}
        try:
            self._check_token(call.method, token)
            if token == self.bot_token:
                method = methods.METHODS.get(call.method)
                needed = methods.needed_scope(self._workspace, method, call.arguments) if method else set()
                headers = {
                    "x-oauth-scopes": ",".join(sorted(self._workspace.scopes)),
                    "x-accepted-oauth-scopes": ",".join(sorted(needed)),
                }
            result = methods.call(self._workspace, call.method, call.arguments)
        except Refused as refused:
            call.error = refused.error
            return web.json_response({"ok": False, "error": refused.error, **refused.further}, headers=headers)
        if call.method == "apps.connections.open":
            result = {"url": f"{self.origin.replace('http', 'ws')}/socket?ticket={self._sockets.ticket()}"}
        return web.json_response({"ok": True, **result}, headers=headers)

    def _check_token(self, method: str, token: str) -> None:
        if method == "api.test":
            return
        if not token:
            raise Refused("not_authed")
        if token not in (self.bot_token, self.app_token):
            raise Refused("invalid_auth")
        if (token == self.app_token) != (method == "apps.connections.open"):
            raise Refused("not_allowed_token_type")

    async def _response(self, request: web.Request) -> web.StreamResponse:
        with self._handling():
            arguments, _token = await _arguments(request)
            call = self._log("response_url", arguments)
            url = self._workspace.response_urls.get(request.match_info["key"])
            return await self._under_faults(request, call, lambda: self._respond(call, url))

    def _respond(self, call: Call, url: ResponseURL | None) -> web.Response:
        try:
            if url is None or self._workspace.now() - url.at > RESPONSE_LIVES:
                raise Refused("expired_url")
            if url.used >= RESPONSE_USES:
                raise Refused("used_url")
            respond(self._workspace, url, call.arguments)
        except Refused as refused:
            call.error = refused.error
            status = 404 if refused.error.endswith("_url") else 400
            return web.json_response({"ok": False, "error": refused.error, **refused.further}, status=status)
        url.used += 1
        return web.Response(text="ok")

    def _log(self, method: str, arguments: JSON) -> Call:
        call = Call(method, arguments, self._workspace.now())
        self.calls.append(call)
        self._changed()
        return call

    async def _under_faults(
        self, request: web.Request, call: Call, answer: Callable[[], web.Response]
    ) -> web.StreamResponse:
        fault = next((fault for fault in self.faults if fault.strikes(call.method)), None)
        if fault is None:
            return answer()
        await asyncio.sleep(fault.delay)
        if fault.drop == "before":
            return _cut(request, call)
        if fault.status == 429:
            call.error = "ratelimited"
            headers = {"Retry-After": str(fault.retry_after)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        if fault.status and not fault.error:
            call.error = str(fault.status)
            return web.Response(status=fault.status, text="upstream connect error")
        if fault.error:
            call.error = fault.error
            status = fault.status or (404 if fault.error.endswith("_url") else 200)
            return web.json_response({"ok": False, "error": fault.error}, status=status)
        answered = answer()
        return _cut(request, call) if fault.drop == "after" else answered


def _cut(request: web.Request, call: Call) -> web.Response:
    call.error = "cut off"
    if request.transport:
        request.transport.abort()
    return web.Response()


async def _arguments(request: web.Request) -> tuple[JSON, str]:
    """What was asked, however it was sent: in the address, as a form or as JSON; and the token."""
    arguments: JSON = dict(request.query)
    if request.content_type == "application/json":
        body = await request.text()
        arguments |= json.loads(body) if body else {}
    elif request.can_read_body:
        arguments |= dict(await request.post())
    given = arguments.pop("token", "")
    return arguments, request.headers.get("Authorization", "").removeprefix("Bearer ") or str(given)


def respond(workspace: Workspace, url: ResponseURL, arguments: JSON) -> Message | None:
    """What a message through a response_url does: a new one, the pressed one changed, or taken away."""
    if unknown := sorted(set(arguments) - MESSAGE_ARGUMENTS):
        workspace.note(f"response_url: unknown parameters {', '.join(unknown)}")
    source = url.source
    if truth(arguments.get("delete_original")):
        _original(workspace, source, "delete_original")
        if source:
            source.deleted = True
        return None
    content = read_content(workspace, arguments, "response_url")
    if truth(arguments.get("replace_original")) and _original(workspace, source, "replace_original") and source:
        source.text, source.blocks, source.via = content.text, content.blocks, "response_url"
        source.edited = workspace.timestamp()
        look(workspace, source)
        return source.seen()
    alone = arguments.get("response_type", "ephemeral") != "in_channel"
    message = bot_message(
        workspace,
        url.channel,
        content,
        "response_url",
        thread_ts=methods.thread_of(workspace, url.channel, arguments.get("thread_ts"), "response_url"),
        seen_by=url.person if alone else "",
        unfurl_links=truth(arguments.get("unfurl_links")),
        unfurl_media=truth(arguments.get("unfurl_media")),
    )
    return post(workspace, message).seen()


def _original(workspace: Workspace, source: Posted | None, wish: str) -> bool:
    there = source is not None and not source.deleted
    if not there:
        workspace.note(f"response_url: {wish} where there is no message to do it to")
    return there
