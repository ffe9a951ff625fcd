"""Telegram's Bot API on this machine, for the tests: real HTTP at one side, people who write and press at the other.

    async with TelegramEmulator() as telegram:
        bot = Bot(telegram.token, base_url=telegram.base_url)
        leraar = telegram.person("Leraar A")
        await telegram.start(leraar)
        …
        await telegram.idle()
        assert telegram.last(leraar).labels == ("Menu",)
        assert telegram.violations == []

README.md beside this file says what is imitated and what isn't.
"""

import asyncio
from collections.abc import Callable, Mapping
import contextlib
from dataclasses import dataclass
import time
from types import TracebackType
from typing import Any, Literal, Self

from aiohttp import web
from pydantic import BaseModel

from tests.emulators.telegram.calls import Call
from tests.emulators.telegram.contract import arguments_of, method_named, name_of, result_is_legal
from tests.emulators.telegram.faults import Fault, Faults, Limits
from tests.emulators.telegram.people import People
from tests.emulators.telegram.profile import PROFILE
from tests.emulators.telegram.refusals import NotEmulated, Refused, bad_request, conflict
from tests.emulators.telegram.sending import SENDING
from tests.emulators.telegram.updates import Updates
from tests.emulators.telegram.world import Chat, Group, Message, Person, World

__all__ = ["Asked", "Chat", "Group", "Message", "Person", "TelegramEmulator"]

Json = dict[str, Any]

METHODS = SENDING | PROFILE
TOKEN = "110201543:" + "A" * 35  # opens nothing


@dataclass(slots=True)
class Asked:
    """A call that reached the emulator."""

    method: str
    arguments: Mapping[str, Any]
    at: float
    """The loop's time."""
    status: int = 0
    """What it was answered with; 0 when it got no answer."""


class TelegramEmulator(People):
    """A Telegram of its own: one bot, one token, and whoever a test invents."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "skbaanbodbot",
        can_read_all_group_messages: bool = False,
        now: Callable[[], float] = time.time,
    ) -> None:
        bot = Person(int(token.partition(":")[0]), "SKB-bot", username, is_bot=True)
        self._changed = asyncio.Event()
        super().__init__(World(bot, now, reads_all=can_read_all_group_messages), Updates(self._ring))
        self.token = token
        self.calls: list[Asked] = []
        self.floods = 0
        """How often the bot was told that it sends too fast."""
        self._busy = 0
        self._faults = Faults()
        self._limits: Limits | None = None
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._port = 0

    # --- Where it is

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """What python-telegram-bot wants as its base_url."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    async def __aenter__(self) -> Self:
        method_named("getMe")  # reading the contract takes a moment: not in the time of the first call
        app = web.Application(client_max_size=60 * 2**20)
        app.router.add_get("/file/bot{token}/{path:.+}", self._give_file)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self.updates.end()
        if self._runner:
            await self._runner.cleanup()

    # --- What a test asks of it

    def calls_of(self, method: str) -> list[Asked]:
        return [call for call in self.calls if call.method == method]

    def fault(
        self,
        method: str = "*",
        *,
        times: int = 1,
        chat: Chat | None = None,
        status: int = 0,
        description: str = "",
        retry_after: int = 3,
        drop: bool = False,
        hang: float = 0.0,
        malformed: bool = False,
        when: Literal["before", "after"] = "before",
    ) -> Fault:
        """Lets the next calls of a method go wrong, before or after Telegram did what they ask.

        `.times` of what this returns is how many are still to come.
        """
        fault = Fault(
            method, times, chat.id if chat else None, status, description, retry_after, drop, hang, malformed, when
        )
        self._faults.waiting.append(fault)
        return fault

    def enforce_limits(self) -> None:
        """From now on 30 messages a second, 1 a second to a person and 20 a minute to a group are the most."""
        self._limits = Limits(asyncio.get_running_loop().time)

    def redeliver(self, count: int = 1) -> None:
        """Delivers the last confirmed updates again, with the same ids."""
        self.updates.redeliver(count)

    async def idle(self, *, quiet: float = 0.05, timeout: float = 10.0) -> None:  # noqa: ASYNC109  # says what it waited for
        """Returns when the bot has confirmed every update and no call is under way or came for a moment."""
        try:
            async with asyncio.timeout(timeout):
                while True:
                    await self._until(self._is_idle)
                    before = self._served()
                    await asyncio.sleep(quiet)
                    if self._is_idle() and self._served() == before:
                        return
        except TimeoutError:
            waiting = [update["update_id"] for update in self.updates.waiting]
            raise AssertionError(
                f"after {timeout} s: updates not confirmed: {waiting or 'none'}; calls under way: {self._working()};"
                f" last calls: {', '.join(call.method for call in self.calls[-5:]) or 'none'}"
            ) from None

    async def until(self, holds: Callable[[], object], *, timeout: float = 10.0) -> None:  # noqa: ASYNC109  # as idle
        """Returns as soon as something holds, which is looked at whenever something happens here."""
        try:
            async with asyncio.timeout(timeout):
                await self._until(holds)
        except TimeoutError:
            last = ", ".join(call.method for call in self.calls[-5:])
            raise AssertionError(f"it does not hold after {timeout} s; last calls: {last or 'none'}") from None

    async def _until(self, holds: Callable[[], object]) -> None:
        while not holds():
            self._changed.clear()
            await self._changed.wait()

    def _ring(self) -> None:
        self._changed.set()

    def _is_idle(self) -> bool:
        return not self.updates.waiting and not self._working()

    def _working(self) -> int:
        return self._busy - self.updates.polling

    def _served(self) -> int:
        return sum(1 for call in self.calls if call.method != "getUpdates")

    # --- HTTP

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self._busy += 1
        try:
            return await self._answer(request)
        except Refused as refused:
            return web.json_response(refused.as_json(), status=refused.code)
        except NotEmulated as missing:
            self.violations.append(f"{request.match_info['method']}: not emulated: {missing}")
            return _plain_error(501, f"Not Implemented: {missing}")
        except Exception as error:
            self.violations.append(f"{request.match_info['method']}: the emulator is broken: {error!r}")
            raise
        finally:
            self._busy -= 1
            self._ring()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return _plain_error(401, "Unauthorized")
        method = method_named(request.match_info["method"])
        if not method:
            return _plain_error(404, "Not Found: method not found")
        call, files = await _read(request)
        asked = Asked(name_of(method), call, asyncio.get_running_loop().time())
        self.calls.append(asked)
        self._ring()
        try:
            arguments, broken = arguments_of(method, call, files)
            asked.arguments = arguments
            self.violations.extend(broken)
            response = await self._respond(request, method, Call(arguments, files))
        except Refused as refused:
            asked.status = refused.code
            raise
        asked.status = response.status
        return response

    async def _respond(self, request: web.Request, method: type[BaseModel], call: Call) -> web.StreamResponse:
        name = name_of(method)
        fault = self._faults.take(name, call.get("chat_id"))
        if fault and fault.when == "before" and (wrong := await self._go_wrong(request, fault)):
            return wrong
        result = await self._do(name, call)
        result_is_legal(method, result)
        if fault and fault.when == "after" and (wrong := await self._go_wrong(request, fault)):
            return wrong
        return web.json_response({"ok": True, "result": result})

    async def _go_wrong(self, request: web.Request, fault: Fault) -> web.StreamResponse | None:
        if fault.hang:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), fault.hang)
        if fault.drop:
            if request.transport:
                request.transport.abort()
            return web.Response(status=500)
        if fault.malformed:
            return web.Response(text='{"ok":true,"result":{"message_id":', content_type="application/json")
        if fault.status:
            status, body = fault.answer()
            if isinstance(body, Refused):
                return web.json_response(body.as_json(), status=status)
            return web.Response(status=status, text=body, content_type="text/html")
        return None

    async def _do(self, name: str, call: Call) -> Any:
        if name in _OWN:
            self._heeds(name, call, _OWN[name])
            return await getattr(self, f"_{name}")(call)
        if name not in METHODS:
            raise NotEmulated("the Bot API has this method, the emulator hasn't")
        method = METHODS[name]
        self._heeds(name, call, method.heeds)
        if self._limits and name.startswith("send") and name != "sendChatAction":
            self._count(call)
        return method.do(self.world, call)

    def _heeds(self, name: str, call: Call, heeds: frozenset[str]) -> None:
        unheeded = sorted(set(call.arguments) - heeds)
        self.violations.extend(f"{name}: parameter {parameter} is not emulated" for parameter in unheeded)

    def _count(self, call: Call) -> None:
        assert self._limits
        try:
            self._limits.count(self.world.chat(call["chat_id"]).id)
        except Refused as refused:
            self.floods += refused.code == 429
            raise

    async def _give_file(self, request: web.Request) -> web.StreamResponse:
        _, content = self.world.files.get(request.match_info["path"].rpartition("/")[2], ("", b""))
        if request.match_info["token"] != self.token or not content:
            return _plain_error(404, "Not Found")
        return web.Response(body=content)

    # --- Methods that are about more than the world

    async def _getUpdates(self, call: Call) -> list[Json]:  # noqa: N802  # Telegram's name
        if self.world.webhook:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        self.updates.allow(call.get("allowed_updates"))
        return await self.updates.get(call.get("offset", 0), call.get("limit", 100), call.get("timeout", 0))

    async def _setWebhook(self, call: Call) -> bool:  # noqa: N802
        if call["url"] and not call["url"].startswith("https://"):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        self.updates.allow(call.get("allowed_updates"))
        return self._hook(call["url"], call)

    async def _deleteWebhook(self, call: Call) -> bool:  # noqa: N802
        return self._hook("", call)

    def _hook(self, url: str, call: Call) -> bool:
        self.world.webhook = url
        if url:
            self.updates.interrupt("terminated by setWebhook request")
        if call.get("drop_pending_updates"):
            self.updates.forget()
        return True

    async def _getWebhookInfo(self, _call: Call) -> Json:  # noqa: N802
        pending = len(self.updates.waiting)
        return {"url": self.world.webhook, "has_custom_certificate": False, "pending_update_count": pending}

    async def _leaveChat(self, call: Call) -> bool:  # noqa: N802
        chat = self.world.writable(call["chat_id"])
        if isinstance(chat, Person):
            raise bad_request("chat member status can't be changed in private chats")
        await self._change_standing(chat, self.bot, "left")
        return True


_OWN = {
    "getUpdates": frozenset({"offset", "limit", "timeout", "allowed_updates"}),
    "setWebhook": frozenset({"url", "allowed_updates", "drop_pending_updates", "secret_token"}),
    "deleteWebhook": frozenset({"drop_pending_updates"}),
    "getWebhookInfo": frozenset[str](),
    "leaveChat": frozenset({"chat_id"}),
}


def _plain_error(code: int, description: str) -> web.Response:
    return web.json_response({"ok": False, "error_code": code, "description": description}, status=code)


async def _json(request: web.Request) -> Json:
    try:
        return dict(await request.json())
    except ValueError as error:
        raise bad_request("the body is no JSON object (emulator's words)") from error


async def _read(request: web.Request) -> tuple[Json, dict[str, tuple[str, bytes]]]:
    """The arguments and files of a call, in any of the ways that Telegram takes them."""
    values: Json = dict(request.query)
    if request.content_type == "application/json":
        values |= await _json(request) if request.can_read_body else {}
    elif request.can_read_body:
        values |= await request.post()
    uploads = {name: value for name, value in values.items() if isinstance(value, web.FileField)}
    read = {name: (upload.filename, upload.file.read()) for name, upload in uploads.items()}
    plain = {name: value for name, value in values.items() if name not in uploads}
    pointers = {name: value[9:] for name, value in plain.items() if str(value).startswith("attach://")}
    files = {name: read.pop(pointer) for name, pointer in pointers.items() if pointer in read}
    return {name: value for name, value in plain.items() if name not in files}, read | files
