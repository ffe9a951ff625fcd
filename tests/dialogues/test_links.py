"""What is behind the links to the bot: a sign on a wall, a list, a programme; and what is shown to everybody."""

import asyncio
from typing import Any

import pytest

from bot.chat import Address, Reply, Request
from bot.search import counts_store

CHAT = Address("telegram", "1")


def ask(world: Any, text: str, about: str = "", user: str = "1", chat: Address = CHAT, name: str = "") -> Reply:
    reply: Reply = asyncio.run(world.answer(Request(text, chat, user, name, about=about)))
    return reply


def counted(world: Any) -> list[tuple[str, int]]:
    with world.database.read() as c:
        return [(start.link, start.count) for start in counts_store.starts(c)]


@pytest.mark.parametrize(
    ("link", "understood"),
    [
        ("ws_utrecht_vo", "voortgezet onderwijs (VO) · Utrecht."),
        ("ws_den-haag_po", "basisonderwijs (PO) · Den Haag."),
        ("ws_Den_Haag_VO", "voortgezet onderwijs (VO) · Den Haag."),
        ("ws_rotterdam", "Gezocht op: Rotterdam."),
        ("ws_mbo", "middelbaar beroepsonderwijs (mbo)."),
    ],
)
def test_a_sign_on_a_wall_shows_what_there_is_and_is_counted(world: Any, link: str, understood: str) -> None:
    first = ask(world, "start", link)
    assert first.text.startswith("Welkom! Ik ben een bot van SKB.")
    assert "We bewaren je vraag niet bij je naam." in first.text
    assert first.then is not None
    assert understood in first.then.text
    again = ask(world, "start", link)
    assert understood in again.text
    assert again.then is None
    assert counted(world) == [(link.lower(), 2)]


def test_a_place_that_exists_twice_is_asked_about(world: Any) -> None:
    reply = ask(world, "start", "ws_bergen_vo").then
    assert reply is not None
    assert "Bergen bestaat twee keer." in reply.text


@pytest.mark.parametrize(
    "link", ["ws_", "ws_kwakkeldam_vo", "ws_Sanne_2B_gepest", "p_", "p_zzzzzzzz", "l_nergens", "s_42", "mon"]
)
def test_a_link_to_nowhere_welcomes_as_always_and_is_not_counted(world: Any, link: str) -> None:
    assert ask(world, "start", link).text.startswith("Hoi! Ik ben een bot van SKB.")
    assert counted(world) == []


def test_what_was_asked_before_does_not_colour_a_sign(world: Any) -> None:
    ask(world, "debat amersfoort")
    opened = ask(world, "start", "ws_utrecht_vo").then
    assert opened is not None
    assert "Gezocht op: voortgezet onderwijs (VO) · Utrecht. 1-5 van 9." in opened.text


def test_lists_and_programmes_can_be_opened_elsewhere(world: Any) -> None:
    shown = ask(world, "debat VO Utrecht")
    elsewhere = Address("telegram", "2")
    opened = ask(world, "start", shown.link, user="2", chat=elsewhere)
    assert opened.then is not None
    assert "1-3 van 3." in opened.then.text
    programme = ask(world, "1", chat=elsewhere, user="2")
    card = ask(world, "start", programme.link, user="3", chat=Address("telegram", "3"))
    assert card.then is not None
    assert card.then.text == programme.text


def test_who_shares_is_named_and_the_list_stays_theirs(world: Any) -> None:
    shown = ask(world, "debat VO Utrecht", name="Anna")
    shared = ask(world, "deel", shown.link, name="Anna")
    assert shared.text.startswith("Anna deelt 3 programma's.\nGezocht op:")
    assert (shared.seen_by, shared.link, shared.replace) == ("everyone", "", False)
    assert shared.then is not None
    assert (shared.then.text, shared.then.seen_by) == ("Gedeeld. Iedereen hier ziet het nu.", "asker")
    card = ask(world, "2", name="Anna")
    assert ask(world, "deel", card.link, name="Anna").text.startswith("Anna deelt een programma.\nNK Debatteren")
    assert "1-3 van 3." in ask(world, "terug").text
    assert ask(world, "deel", card.link).text.startswith("Een collega deelt")


def test_nothing_to_share_is_said(world: Any) -> None:
    assert ask(world, "deel").text == "Er is nu geen lijst open. Typ eerst wat je zoekt."
    assert "Ik vond niets" in ask(world, "zwemles groep 3 Zeeland").text
    assert ask(world, "deel").text == "Er is nu geen lijst open. Typ eerst wat je zoekt."
    assert ask(world, "deel", "l_weg").text == "Dit is een oude lijst. Ik heb hem niet meer."
