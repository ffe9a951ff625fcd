"""Every button is alive: pressed it leads on, and typed it does the same."""

import asyncio
from collections import deque
from dataclasses import replace
from itertools import count
import re
from typing import Any

import pytest

from bot.chat import Address, Button, Reply, Request

BEGINNINGS = [
    "/start",
    "help",
    "debat VO Utrecht",
    "stage vmbo gratis met vrijwilligers in Utrecht",
    "debat bergen",
    "zwemles groep 3 Zeeland",
    "hoi",
    "debat voor Sanne de Vries uit 2B vmbo",
    "instellingen",
    "meer",
]
MOST = 16
"""Presses tried from each beginning."""
CHATS = count()
TOKEN = re.compile(r"\b[a-z2-9]{8}\b")


def ask(world: Any, chat: int, text: str, about: str = "") -> Reply:
    reply: Reply = asyncio.run(world.answer(Request(text, Address("test", str(chat)), about=about)))
    return reply


def follow(world: Any, path: tuple[str | Button, ...]) -> tuple[int, Reply]:
    """The reply at the end of a path of typed beginning and pressed buttons, in a chat of its own."""
    chat = next(CHATS)
    beginning, *presses = path
    assert isinstance(beginning, str)
    reply = ask(world, chat, beginning)
    for pressed in presses:
        assert isinstance(pressed, Button)
        [button] = [one for one in reply.buttons if one.label == pressed.label]
        reply = ask(world, chat, button.sends, button.about)
    return chat, reply


def is_alive(reply: Reply) -> bool:
    dead = ("Dat lukte niet", "Dat snap ik niet", "Dit is een oude lijst", "Er is nu geen lijst open")
    return bool(reply.text) and not reply.text.startswith(dead)


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_every_button_leads_on_and_can_be_typed(world: Any, beginning: str) -> None:
    waiting: deque[tuple[str | Button, ...]] = deque([(beginning,)])
    seen: set[str] = set()
    tried = 0
    while waiting and tried < MOST:
        path = waiting.popleft()
        _, shown = follow(world, path)
        for button in shown.buttons:
            name = f"{shown.text.partition(chr(10))[0]} [{button.label}]"
            if name in seen or (tried := tried + 1) > MOST:
                continue
            seen.add(name)
            _, pressed = follow(world, (*path, button))
            assert is_alive(pressed), f"{name} is dead: {pressed.text}"
            for typed in {button.sends, re.sub(r" \(\d+\)$", "", button.label)}:
                chat, _ = follow(world, path)
                said = ask(world, chat, typed)
                assert comparable(said) == comparable(pressed), f"{name}, typed as {typed!r}"
            waiting.append((*path, button))
    assert tried > 3


def comparable(reply: Reply) -> tuple[str, tuple[str, ...]]:
    """What people read, without the tokens of lists; whether it replaces a message is up to pressing."""
    bare = replace(reply, link="")
    # Who pressed a button under a list knows what it was about; who types is told.
    lines = [line for line in TOKEN.sub("…", bare.text).split("\n") if "nog steeds" not in line]
    return "\n".join(lines), tuple(card.title for section in bare.sections for card in section.cards)
