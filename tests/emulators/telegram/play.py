"""What the tests of the emulator share: an emulator to play in, the real Bot, and calls that the Bot would not make."""

import asyncio
from collections.abc import Awaitable, Callable
import inspect
from typing import Any, Concatenate, ParamSpec

import aiohttp

from telegram import Bot
from telegram.request import HTTPXRequest
from tests.emulators.telegram import TelegramEmulator

Json = dict[str, Any]
P = ParamSpec("P")


def played(play: Callable[Concatenate[TelegramEmulator, P], Awaitable[None]]) -> Callable[P, None]:
    """A test that gets an emulator of its own as its first argument."""

    def test(*args: P.args, **kwargs: P.kwargs) -> None:
        async def whole() -> None:
            async with TelegramEmulator() as telegram:
                await play(telegram, *args, **kwargs)

        asyncio.run(whole())

    signature = inspect.signature(play)
    others = [parameter for name, parameter in signature.parameters.items() if name != "telegram"]
    test.__name__, test.__doc__ = getattr(play, "__name__", ""), play.__doc__
    setattr(test, "__signature__", signature.replace(parameters=others))  # noqa: B010  # functions have no such field
    return test


def bot_of(telegram: TelegramEmulator, token: str = "") -> Bot:
    """The real Bot of python-telegram-bot, quick to make: it needs no certificates to speak with this machine."""
    first, second = (HTTPXRequest(httpx_kwargs={"verify": False}) for _ in range(2))
    return Bot(
        token or telegram.token,
        base_url=telegram.base_url,
        base_file_url=telegram.base_file_url,
        request=first,
        get_updates_request=second,
    )


async def ask(telegram: TelegramEmulator, method: str, arguments: Json | None = None, **more: Any) -> Json:
    """What Telegram answers to a call as any program could make it."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{telegram.base_url}{telegram.token}/{method}", json={**(arguments or {}), **more}) as response,
    ):
        answer: Json = await response.json(content_type=None)
        assert response.status == (200 if answer["ok"] else answer["error_code"])
        return answer


async def refusal(telegram: TelegramEmulator, method: str, arguments: Json | None = None, **more: Any) -> str:
    """The code and description of the error that a call gets."""
    answer = await ask(telegram, method, arguments, **more)
    assert not answer["ok"], f"{method} was done: {answer}"
    return f"{answer['error_code']} {answer['description']}"
