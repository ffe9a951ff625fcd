"""How fast may be sent: one queue for all who send, and pauses for those whom they are about."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
import pytest

from bot.chat import Address
from bot.db import Connection, Database
from bot.delivery import pace

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PERSON, GROUP, CHANNEL = Address("telegram", "17"), Address("telegram", "-17"), Address("slack", "C17")


def turns(c: Connection, to: Address, number: int) -> list[datetime]:
    """When so many may go there, one after the other."""
    everything, chat = pace.scopes_of(to)
    return [pace.reserve(c, everything, pace.reserve(c, chat, NOW)) for _ in range(number)]


@pytest.mark.parametrize(("to", "apart"), [(PERSON, 1.0), (GROUP, 3.0), (CHANNEL, 1.0)])
def test_one_chat_gets_a_message_every_so_often(database: Database, to: Address, apart: float) -> None:
    with database.write() as c:
        taken = turns(c, to, 25)
    assert taken[0] == NOW
    assert min(later - one for one, later in pairwise(taken)) >= apart * SECOND


def test_a_platform_takes_so_many_a_second_and_the_other_none_of_them(database: Database) -> None:
    with database.write() as c:
        taken = [turns(c, Address("telegram", str(number)), 1)[0] for number in range(57)]
        assert taken[28] - taken[0] == pytest.approx(28 * pace.TELEGRAM.every, abs=timedelta(microseconds=50))
        assert turns(c, CHANNEL, 1) == [NOW]


def test_nobody_gets_a_turn_that_another_has(database: Database) -> None:
    def take(number: int) -> list[datetime]:
        found = []
        for _ in range(10):
            with database.write() as c:
                found += turns(c, Address("telegram", str(number)), 1)
        return found

    with ThreadPoolExecutor(4) as pool:
        taken = sorted(turn for some in pool.map(take, range(4)) for turn in some)
    assert min(later - one for one, later in pairwise(taken)) >= SECOND / 29


def test_an_answer_takes_its_turn_but_its_chat_need_not_be_free(database: Database) -> None:
    with database.write() as c:
        turns(c, GROUP, 1)
        assert pace.answer_at(c, GROUP, NOW) == NOW + pace.TELEGRAM.every
        assert turns(c, GROUP, 1)[0] > NOW + 3 * SECOND, "what the bot says by itself waits for the answer"
        pace.flooded(c, GROUP, 20, NOW)
        assert pace.answer_at(c, GROUP, NOW) == NOW + 20 * SECOND


def test_asked_to_wait_after_a_message_to_a_person_everything_waits(database: Database) -> None:
    with database.write() as c:
        pace.flooded(c, PERSON, 5, NOW)
        assert turns(c, Address("telegram", "18"), 1) == [NOW + 5 * SECOND]
        assert turns(c, CHANNEL, 1) == [NOW]


@pytest.mark.parametrize("to", [GROUP, CHANNEL])
def test_asked_to_wait_by_a_group_only_that_one_waits_until_another_is_asked_too(
    database: Database, to: Address
) -> None:
    other, third = Address(to.platform, f"{to.channel}8"), Address(to.platform, f"{to.channel}9")
    with database.write() as c:
        pace.flooded(c, to, 30, NOW)
        assert turns(c, other, 1)[0] < NOW + 2 * SECOND
        assert pace.reserve(c, pace.scopes_of(to)[1], NOW) == NOW + 30 * SECOND
        pace.flooded(c, other, 20, NOW)
        assert turns(c, third, 1) == [NOW + 20 * SECOND]


def test_a_pause_never_makes_a_longer_wait_shorter(database: Database) -> None:
    with database.write() as c:
        pace.pause(c, pace.whole("telegram"), NOW + 60 * SECOND)
        pace.pause(c, pace.whole("telegram"), NOW + 5 * SECOND)
        assert turns(c, PERSON, 1) == [NOW + 60 * SECOND]


def test_what_says_nothing_any_more_is_erased(database: Database) -> None:
    with database.write() as c:
        turns(c, PERSON, 1)
        pace.erase(c, NOW + timedelta(minutes=6))
        assert turns(c, PERSON, 1) == [NOW]


@given(st.text(min_size=1, max_size=10), st.sampled_from(["telegram", "slack"]))
def test_every_chat_has_a_limit_of_its_own_and_one_with_all_others(channel: str, platform: str) -> None:
    everything, chat = pace.scopes_of(Address(platform, channel))
    assert everything == pace.whole(platform)
    assert chat.name == f"{platform}/{channel}"
    assert chat.every > everything.every
