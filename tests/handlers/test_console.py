"""The terminal: what a Reply looks like there (`console/*.txt` beside this file), and how a conversation goes."""

import asyncio
import io
from pathlib import Path
import unicodedata

from hypothesis import given
from hypothesis import strategies as st
import pytest

from bot.chat import Button, Card, Form, Reply, Request, Section
from bot.handlers.console import NARROWEST, render, run

GOLDEN = Path(__file__).parent / "console"

LONG = "Een programma waarin leerlingen elke week met een student aan hun eigen plan werken, op school en daarbuiten."
REPLIES = {
    "list": Reply(
        "Ik vond 2 programma's.\nGezocht op: debat · Utrecht. 1-2 van 2.",
        sections=(
            Section("In Utrecht", (Card("Debattraining", ("Een organisatie · in Utrecht", LONG), number=1),)),
            Section("Misschien ook iets", (Card("Gesprek", ("Een ander · in heel Nederland",), number=12),)),
        ),
        footer="Stuur een nummer voor meer.",
        buttons=(
            *(Button(str(number), str(number), "token") for number in (1, 2)),
            Button("Volgende 4", "bladzijde 2", "token"),
            Button("Filter", "filter", "token"),
        ),
    ),
    "card": Reply(
        "Debattraining",
        sections=(
            Section("", (Card("Dit weten we:", ("Voor: groep 8",), link="https://voorbeeld.test/" + "lang" * 20),)),
        ),
        quote="Hallo,\n\nMisschien past dit.",
        form=Form("Wat klopt er niet?", "melding"),
        buttons=(Button("1", "1"), Button("Menu", "menu")),
    ),
    "hostile": Reply(
        "Rood\x1b[31m [bold]vet[/bold] \u202eachterstevoren\r\a",
        sections=(
            Section("<b>&\x9b", (Card("*_`" * 3, ("a\tb\x00c", "\u2066x\u2069"), link="https://x.test/\x1b]8;;\n"),)),
        ),
        buttons=(Button("Menu\x1b", "menu"),),
    ),
}


@pytest.mark.parametrize("name", REPLIES)
def test_render_is_as_the_file_says(name: str) -> None:
    assert render(REPLIES[name], width=60) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").removesuffix("\n")


TEXT = st.text(max_size=60)


@given(title=TEXT, line=TEXT, link=TEXT, number=st.integers(0, 99), width=st.integers(0, 200))
def test_any_reply_can_be_shown(title: str, line: str, link: str, number: int, width: int) -> None:
    cards = (Card(title, (line, line), link=link, number=number),)
    reply = Reply(line, (Section(title, cards),), quote=line, footer=title, form=Form(line, "x"))
    shown = render(reply, width)
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in shown.replace("\n", ""))
    others = render(Reply(line, (Section(title, (Card(title, (line,)),)),)), width)
    assert all(len(row) <= max(width, NARROWEST) for row in others.split("\n"))


async def _echo(request: Request) -> Reply:
    return Reply(f"Je vroeg: {request.text}", footer=str(request.chat))


def _piped(text: str) -> str:
    target = io.StringIO()
    asyncio.run(run(_echo, io.StringIO(text), target))
    return target.getvalue()


def test_each_line_of_a_pipe_is_answered_in_one_chat() -> None:
    said = _piped("debat\n\n  \nmeer")
    assert "> debat\nJe vroeg: debat\n" in said
    assert "> meer\nJe vroeg: meer\n" in said
    assert said.count("Je vroeg") == 2
    assert len({line for line in said.splitlines() if line.startswith("console/")}) == 1


def test_another_run_is_another_chat() -> None:
    assert _piped("debat") != _piped("debat")


def test_an_empty_pipe_ends_quietly() -> None:
    assert _piped("") == ""
