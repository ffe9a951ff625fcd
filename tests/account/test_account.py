"""What the bot says about itself, and to whom it introduces itself."""

from datetime import UTC, datetime
from pathlib import Path
import shutil

import pytest

from bot.account import replies
from bot.account.commands import AccountCommands
from bot.chat import Address, Reply, Request
from bot.db import Database

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
LIST = Reply("Ik vond 9 programma's.")


@pytest.fixture
def account(sqlite_template: Path, tmp_path: Path) -> AccountCommands:
    database = Database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'skb.db')}")
    links = {"ws_utrecht_vo": ("Hieronder staat alvast aanbod.", LIST)}
    return AccountCommands(
        database, lambda request: links.get(request.about), "https://skb.voorbeeld.test", lambda: NOW
    )


def asked(text: str = "start", about: str = "", user: str = "1", name: str = "Anna") -> Request:
    return Request(text, Address("telegram", "1"), user, name, about=about)


def test_the_first_start_welcomes_and_the_second_is_shorter(account: AccountCommands) -> None:
    first, second = account.start(asked()), account.start(asked())
    assert first.text.startswith("Hoi Anna! Ik ben een bot van SKB.")
    assert "Noem geen namen van leerlingen" in first.text
    assert second.text.startswith("Welkom terug Anna!")
    assert account.start(asked(user="2", name="")).text.startswith("Hoi! ")


def test_a_link_shows_what_is_behind_it_under_a_greeting_once(account: AccountCommands) -> None:
    first = account.start(asked(about="ws_utrecht_vo"))
    assert first.text.startswith("Welkom! Ik ben een bot van SKB.")
    assert "Hieronder staat alvast aanbod." in first.text
    assert first.then == LIST
    assert account.start(asked(about="ws_utrecht_vo")) == LIST


def test_a_link_to_nowhere_welcomes_as_always(account: AccountCommands) -> None:
    assert account.start(asked(about="mon")).text.startswith("Hoi Anna!")


def test_who_opens_the_chat_is_welcomed_once_and_then_left_in_peace(account: AccountCommands) -> None:
    assert account.opened(asked("")).text.startswith("Hoi Anna!")
    assert account.opened(asked("")) == Reply("")


def test_the_first_answer_says_who_is_speaking(account: AccountCommands) -> None:
    found = Reply("Ik vond 1 programma.", footer="Voorbeeldlijst.")
    assert account.introduced(asked(), found).footer == f"Voorbeeldlijst.\n{replies.INTRODUCTION}"
    assert account.introduced(asked(), found) == found
    # Who was only answered so far, can still be welcomed.
    assert account.opened(asked("")).text.startswith("Hoi Anna!")


def test_who_was_welcomed_knows_who_is_speaking(account: AccountCommands) -> None:
    account.start(asked())
    assert account.introduced(asked(), LIST) == LIST


def test_nobody_in_particular_is_welcomed_every_time(account: AccountCommands) -> None:
    for _ in range(2):
        assert account.start(asked(user="", name="")).text.startswith("Hoi! ")
        assert account.introduced(asked(user=""), LIST) == LIST


@pytest.mark.parametrize("kind", list(replies.UNREADABLE))
def test_what_is_no_words_gets_a_kind_answer_with_a_way_on(account: AccountCommands, kind: str) -> None:
    reply = account.unreadable(Request("", Address("telegram", "1"), kind=kind))  # type: ignore[arg-type]
    assert "Typ je vraag." in reply.text
    assert [button.sends for button in reply.buttons] == ["vraag een mens", "menu"]
