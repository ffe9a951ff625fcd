"""The table of commands: what is a command and what is a question, and what happens when something breaks."""

import asyncio
from dataclasses import replace
import logging

import pytest

from bot.chat import Address, Reply, Request
from bot.router import Command, Router, make_help

CHAT = Address("test", "chat")


def _saying(word: str) -> Command:
    return Command(lambda request: Reply(f"{word}: {request.text}"), phrases=(word,), help=f"{word} helpt.")


def _broken(request: Request) -> Reply:
    raise ValueError(request.text)


ROUTER = Router(
    table=(
        _saying("meer"),
        _saying("terug"),
        Command(lambda request: Reply(f"plaats: {request.text}"), words=("plaats",)),
        Command(lambda request: Reply(f"provincie: {request.text}"), words=("hele provincie",)),
        Command(_broken, words=("stuk",)),
    ),
    question=lambda request: Reply(f"vraag: {request.text}"),
    number=lambda request: Reply(f"nummer: {request.text}"),
    kinds={"voice": lambda request: Reply(f"soort: {request.kind}")},
    introduced=lambda request, reply: replace(reply, footer="Ik ben een bot.") if request.user == "nieuw" else reply,
    help=Reply("Zo werkt het."),
    apology=Reply("Sorry."),
)


@pytest.mark.parametrize(
    ("typed", "answered"),
    [
        ("meer", "meer: meer"),
        ("MEER!", "meer: MEER!"),
        ("Terug.", "terug: Terug."),
        ("/terug", "terug: terug"),
        ("meer bewegen", "vraag: meer bewegen"),
        ("meerdere", "vraag: meerdere"),
        ("ik wil terug", "vraag: ik wil terug"),
        ("plaats Ede", "plaats: plaats Ede"),
        ("Plaats", "plaats: Plaats"),
        ("plaatsen in Ede", "vraag: plaatsen in Ede"),
        ("hele provincie Utrecht", "provincie: hele provincie Utrecht"),
        ("hele school", "vraag: hele school"),
        ("2", "nummer: 2"),
        ("2.", "nummer: 2."),
        ("nummer 12", "nummer: nummer 12"),
        ("020", "vraag: 020"),
        ("0", "vraag: 0"),
        ("3 havo", "vraag: 3 havo"),
        ("5v", "vraag: 5v"),
        ("", "vraag: "),
        ("?", "vraag: ?"),
    ],
)
def test_only_exact_words_are_commands(typed: str, answered: str) -> None:
    assert ROUTER.respond(Request(typed, CHAT)).text == answered


def test_what_is_no_words_is_answered_by_its_kind() -> None:
    assert ROUTER.respond(Request("", CHAT, kind="voice")).text == "soort: voice"


def test_who_is_new_reads_who_is_speaking() -> None:
    assert ROUTER.respond(Request("debat", CHAT, user="nieuw")).footer == "Ik ben een bot."
    assert ROUTER.respond(Request("debat", CHAT, user="bekend")).footer == ""


def test_help_is_a_command_and_is_made_from_the_table() -> None:
    assert ROUTER.respond(Request("Help?", CHAT)).text == "Zo werkt het."
    assert make_help(ROUTER.table, "https://skb.voorbeeld.test").text == "meer helpt.\nterug helpt."


def test_a_failure_is_an_apology_and_a_log_without_the_text(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        reply = asyncio.run(ROUTER.answer(Request("stuk 06 12345678", CHAT)))
    assert reply.text == "Sorry."
    assert "ValueError" in caplog.text
    assert "_broken" in caplog.text
    assert "12345678" not in caplog.text
