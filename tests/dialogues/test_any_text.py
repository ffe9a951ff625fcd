"""Whatever people type or press, they get a reply: never an apology, and nothing in it that a terminal obeys."""

import asyncio
from typing import Any
import unicodedata

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
import pytest

from bot.chat import Address, Request
from bot.handlers.console import render
from bot.search.catalogue import ID_ALPHABET

TYPED = """debat VO Utrecht groep 7 vmbo bergen meer terug 2 99 nummer bladzijde plaats alleen zonder gratis zoek
    filter melding andere maakt niet uit hele provincie ? ! nee klopt iets <!here> [b] 06 12345678 Sanne 2B '' é 🔥"""
WORDS = st.sampled_from([*TYPED.split(), "\x1b[31m", "\u202e", "\x00", "\ud800"])
TEXTS = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=8).map(" ".join))
ABOUTS = st.one_of(st.just(""), st.text(ID_ALPHABET + ".", max_size=17))


@pytest.mark.parametrize("chat", ["one question after the other"])
@given(text=TEXTS, about=ABOUTS)
@example("meer " * 5000, "")
@example("²", "")
@example("bladzijde ²", "")
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_has_an_answer(world: Any, chat: str, text: str, about: str) -> None:
    reply = asyncio.run(world.answer(Request(text, Address("test", chat), about=about)))
    assert reply.text
    assert not reply.text.startswith("Dat lukte niet")
    assert not any(unicodedata.category(character) == "Cc" for character in render(reply).replace("\n", ""))
