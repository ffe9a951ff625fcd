"""The outbox and who works on it: accepted once, claimed by one, accounted for to the end; on SQLite and PostgreSQL."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from typing import get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
import pytest
import sqlalchemy as sa

from bot.chat import Address
from bot.db import Connection, Database
from bot.delivery import claims, outbox
from bot.delivery.claims import Claimed
from bot.delivery.outbox import Message, Sort

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
LASTS = 30 * SECOND


def message(subject: str = "1", to: Address | None = None, sort: Sort = "team") -> Message:
    return Message("reports", sort, subject, to or Address("slack", f"C{subject}"), NOW, NOW + HOUR)


def on_telegram(subject: str = "1", sort: Sort = "personal") -> Message:
    return message(subject, Address("telegram", f"-{subject}" if sort == "post" else subject), sort)


def claim(
    c: Connection, platform: str = "slack", now: datetime = NOW, most: int = 20, lease: str = "a"
) -> list[Claimed]:
    return claims.claim(c, platform, now, lease=lease, lasts=LASTS, most=most, within=MINUTE)


def states(c: Connection) -> dict[str, int]:
    balance = outbox.balance(c)
    assert balance.holds
    return {state: number for state, number in balance.states.items() if number}


def subjects(claimed: Sequence[Claimed]) -> list[str]:
    return [one.subject for one in claimed]


# --- accepted ---


def test_a_message_is_accepted_once_however_often_it_is_decided_on(database: Database) -> None:
    with database.write() as c:
        assert outbox.enqueue(c, [message("1"), message("2"), message("1")], NOW) == 2
        assert outbox.enqueue(c, [message("2"), message("3")], NOW + MINUTE) == 1
        assert outbox.balance(c).accepted == 3
        assert states(c) == {"todo": 3}


def test_another_version_rung_or_chat_is_another_message(database: Database) -> None:
    one = message()
    others = [replace(one, version=2), replace(one, rung="1 dag"), replace(one, to=Address("telegram", "1"))]
    with database.write() as c:
        assert outbox.enqueue(c, [one, *others], NOW) == 4


def test_a_decision_that_is_taken_back_sends_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as c:
        outbox.enqueue(c, [message()], NOW)
        raise ZeroDivisionError
    with database.read() as c:
        assert outbox.balance(c) == outbox.Balance(0, dict.fromkeys(outbox.STATES, 0))


def test_very_many_are_accepted_in_one_go(database: Database) -> None:
    with database.write() as c:
        assert outbox.enqueue(c, [message(str(number)) for number in range(1201)], NOW) == 1201


# --- claimed ---


def test_nothing_is_claimed_before_its_time_or_after_it(database: Database) -> None:
    with database.write() as c:
        outbox.enqueue(c, [replace(message("1"), not_before=NOW + MINUTE), replace(message("2"), expires_at=NOW)], NOW)
        assert not claims.is_due(c, "slack", NOW - MINUTE)
        assert claim(c) == []
        assert states(c) == {"todo": 1, "expired": 1}
        assert subjects(claim(c, now=NOW + MINUTE)) == ["1"]


def test_the_oldest_go_first_and_one_at_a_time_of_each_chat(database: Database) -> None:
    chat = Address("slack", "C1")
    with database.write() as c:
        outbox.enqueue(c, [message("1", chat), message("2", chat), message("3")], NOW)
        first = claim(c)
        assert subjects(first) == ["1", "3"]
        assert claim(c, now=NOW + MINUTE) == [], "one to that chat is on its way"
        claims.freeze(c, first[0], [{"text": "a"}], NOW)
        claims.mark_posted(c, first[0], ["C1 1"], 1, NOW + SECOND)
        assert subjects(claim(c, now=NOW + MINUTE)) == ["2"]


def test_turns_keep_the_pace_of_the_platform_also_of_two_who_claim(database: Database) -> None:
    with database.write() as c:
        outbox.enqueue(c, [on_telegram(str(number)) for number in range(60)], NOW)
        turns = [one.send_at for one in claim(c, "telegram", most=30)]
        turns += [one.send_at for one in claim(c, "telegram", most=30, lease="b")]
    assert len(turns) == 60
    assert min(later - one for one, later in pairwise(turns)) >= SECOND / 28


def test_only_turns_that_come_soon_are_taken(database: Database) -> None:
    with database.write() as c:
        outbox.enqueue(c, [on_telegram(str(number)) for number in range(60)], NOW)
        taken = claims.claim(c, "telegram", NOW, lease="a", lasts=LASTS, most=30)
    assert len(taken) == 7, "now, and in every 28th of the quarter of a second that follows"


def test_each_is_claimed_by_one_of_many_who_claim_at_once(database: Database) -> None:
    with database.write() as c:
        outbox.enqueue(c, [message(str(number)) for number in range(40)], NOW)

    def work(name: int) -> list[str]:
        taken = []
        for _ in range(8):
            with database.write() as c:
                taken += subjects(claim(c, most=3, lease=str(name), now=NOW + MINUTE))
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [subject for some in pool.map(work, range(4)) for subject in some]
    assert sorted(taken, key=int) == [str(number) for number in range(40)]


# --- what becomes of it ---


def test_what_is_sent_stays_counted_and_its_text_is_gone(database: Database) -> None:
    with database.write() as c:
        outbox.enqueue(c, [message()], NOW)
        [one] = claim(c)
        assert claims.freeze(c, one, [{"text": "geheim"}, {"text": "b"}], NOW)
        assert claims.begin(c, one, NOW, LASTS)
        assert claims.mark_posted(c, one, ["C1 1"], 2, NOW)
        assert states(c) == {"sending": 1}
        assert claims.begin(c, one, NOW, LASTS)
        assert claims.mark_posted(c, one, ["C1 1", "C1 2"], 2, NOW)
        assert states(c) == {"sent": 1}
        [row] = c.execute(sa.select(outbox.outbox)).mappings()
    assert row["posted"] == ["C1 1", "C1 2"]
    assert "geheim" not in repr(row)


def test_who_lost_the_lease_changes_nothing(database: Database) -> None:
    with database.write() as c:
        outbox.enqueue(c, [message()], NOW)
        [old] = claim(c)
        claims.take_over(c, "slack", NOW + LASTS)
        [new] = claim(c, now=NOW + LASTS, lease="b")
        late = NOW + LASTS + SECOND
        assert not claims.freeze(c, old, [], late)
        assert not claims.begin(c, old, late, LASTS)
        assert not claims.mark_posted(c, old, ["x"], 1, late)
        assert not any(close(c, old, "", late) for close in (claims.refuse, claims.drop, claims.unsure))
        assert not claims.later(c, old, "", late, MINUTE)
        assert not claims.expired(c, old, late)
        claims.release(c, [old], late)
        assert states(c) == {"sending": 1}
        assert claims.begin(c, new, late, LASTS)


def test_what_was_claimed_and_not_begun_is_simply_sent_by_another(database: Database) -> None:
    with database.write() as c:
        outbox.enqueue(c, [on_telegram()], NOW)
        [one] = claim(c, "telegram")
        claims.freeze(c, one, [{"text": "a"}], NOW)
        assert claims.take_over(c, "telegram", NOW + LASTS - SECOND) == 0
        assert states(c) == {"sending": 1}
        assert claims.take_over(c, "telegram", NOW + LASTS) == 0
        [again] = claim(c, "telegram", now=NOW + LASTS)
    assert again.parts == ({"text": "a"},)
    assert again.begun_at is None
    assert again.doubts == 0


def test_who_still_works_on_it_here_keeps_it(database: Database) -> None:
    with database.write() as c:
        outbox.enqueue(c, [message()], NOW)
        [one] = claim(c)
        claims.take_over(c, "slack", NOW + HOUR, but=[one.key])
        assert claims.begin(c, one, NOW + HOUR, LASTS)


def begun(c: Connection, what: Message) -> Claimed:
    outbox.enqueue(c, [what], NOW)
    [one] = claim(c, what.to.platform)
    claims.freeze(c, one, [{"text": "a"}], NOW)
    assert claims.begin(c, one, NOW, LASTS)
    return one


def test_every_sort_of_message_has_a_rule_on_every_platform() -> None:
    assert set(claims.UNSURE) == set(product(get_args(Sort), ("slack", "telegram")))


@pytest.mark.parametrize("sort", get_args(Sort))
def test_slack_is_asked_however_often_its_answer_never_comes(database: Database, sort: Sort) -> None:
    with database.write() as c:
        one, now = begun(c, message(sort=sort)), NOW
        for _ in range(4):
            assert not claims.unsure(c, one, "TimeoutError", now)
            assert claim(c, now=now) == [], "it may still be on its way"
            now += MINUTE
            [one] = claim(c, now=now)
            assert one.begun_at
            assert one.doubts == 0
            claims.begin(c, one, now, LASTS)


def test_on_telegram_one_person_gets_it_once_more_and_then_somebody_is_asked(database: Database) -> None:
    with database.write() as c:
        one = begun(c, on_telegram())
        assert not claims.unsure(c, one, "TimedOut", NOW)
        [again] = claim(c, "telegram", NOW + MINUTE)
        assert again.doubts == 1
        claims.begin(c, again, NOW + MINUTE, LASTS)
        assert claims.unsure(c, again, "TimedOut", NOW + MINUTE)
        assert claim(c, "telegram", NOW + HOUR / 2) == []
        [doubtful] = outbox.doubtful(c)
    assert (doubtful.state, doubtful.why) == ("unknown", "TimedOut")


def test_on_telegram_what_many_would_read_twice_waits_two_hours_for_somebody(database: Database) -> None:
    with database.write() as c:
        begun(c, replace(on_telegram(sort="post"), expires_at=NOW + 3 * HOUR))
        assert claims.take_over(c, "telegram", NOW + LASTS) == 1, "somebody is to be told"
        assert [one.state for one in outbox.doubtful(c)] == ["held"]
        assert claim(c, "telegram", NOW + 2 * HOUR) == []
        [again] = claim(c, "telegram", NOW + LASTS + 2 * HOUR)
        assert again.doubts == 1
        assert claims.begin(c, again, NOW + 2 * HOUR + MINUTE, LASTS)
        assert claims.mark_posted(c, again, ["7"], 1, NOW + 2 * HOUR + MINUTE)
        assert outbox.balance(c).flagged == 1


def test_a_resend_that_was_claimed_and_not_begun_is_no_second_doubt(database: Database) -> None:
    with database.write() as c:
        claims.unsure(c, begun(c, on_telegram()), "TimedOut", NOW)
        claim(c, "telegram", NOW + MINUTE)
        assert claims.take_over(c, "telegram", NOW + 2 * MINUTE) == 0
        [again] = claim(c, "telegram", NOW + 2 * MINUTE)
        assert again.doubts == 1
        claims.release(c, [again], NOW + 2 * MINUTE)
        [again] = claim(c, "telegram", NOW + 3 * MINUTE)
        assert again.doubts == 1
        claims.begin(c, again, NOW + 3 * MINUTE, LASTS)
        claims.release(c, [again], NOW + 3 * MINUTE)
        assert states(c) == {"sending": 1}, "what was begun is not given back"


def test_a_message_that_was_not_taken_comes_later(database: Database) -> None:
    with database.write() as c:
        one = begun(c, message())
        assert claims.later(c, one, "ratelimited", NOW, MINUTE)
        assert claim(c, now=NOW + MINUTE - SECOND) == []
        [again] = claim(c, now=NOW + MINUTE)
    assert again.tries == 1
    assert again.begun_at is None


def test_what_is_half_there_is_completed_also_after_its_time(database: Database) -> None:
    with database.write() as c:
        one = begun(c, message())
        claims.mark_posted(c, one, ["C1 1"], 2, NOW)
        claims.release(c, [one], NOW)
        [again] = claim(c, now=NOW + 2 * HOUR)
    assert again.posted == ("C1 1",)


# --- chats ---


def test_to_a_chat_that_is_shut_nothing_goes_until_somebody_writes_there(database: Database) -> None:
    chat = Address("telegram", "17")
    with database.write() as c:
        one = begun(c, message("1", chat, "personal"))
        outbox.enqueue(c, [message("2", chat, "personal")], NOW)
        claims.refuse(c, one, "blocked", NOW)
        claims.shut(c, chat, "blocked", NOW)
        assert states(c) == {"refused": 1, "dropped": 1}
        assert outbox.doubtful(c) == [], "nobody needs to decide anything"
        outbox.enqueue(c, [message("3", chat, "personal")], NOW)
        assert states(c) == {"refused": 1, "dropped": 2}
        outbox.heard_from(c, "telegram", {"17", "18"})
        outbox.enqueue(c, [message("4", chat, "personal")], NOW)
        assert states(c) == {"refused": 1, "dropped": 2, "todo": 1}


def test_a_group_that_moved_gets_everything_at_its_new_number(database: Database) -> None:
    old = Address("telegram", "-17")
    with database.write() as c:
        one = begun(c, message("1", old, "post"))
        outbox.enqueue(c, [message("2", old, "post")], NOW)
        claims.later(c, one, "moved", NOW, timedelta(0))
        claims.moved(c, old, "-10017", NOW)
        outbox.enqueue(c, [message("3", old, "post"), message("1", old, "post")], NOW)
        claims.moved(c, Address("telegram", "-10017"), "-10018", NOW)
        outbox.enqueue(c, [message("4", old, "post")], NOW)
        outbox.heard_from(c, "telegram", {"-17"})
        rows = {row.subject: row.channel for row in c.execute(sa.select(outbox.outbox))}
    assert rows == dict.fromkeys("1234", "-10018")


# --- people ---


def test_somebody_decides_what_to_do_with_what_is_in_doubt(database: Database) -> None:
    with database.write() as c:
        claims.unsure(c, begun(c, on_telegram("1", "post")), "TimedOut", NOW)
        claims.refuse(c, begun(c, on_telegram("2")), "message is too long", NOW + MINUTE)
        known = [one.key for one in outbox.doubtful(c, NOW)]
        assert len(known) == 1
        assert outbox.send_again(c, known, NOW + HOUR) == 1
        assert outbox.send_again(c, known, NOW + HOUR) == 0, "it is on its way again"
        assert subjects(claim(c, "telegram", NOW + HOUR)) == ["1"]
        assert outbox.leave(c, [one.key for one in outbox.doubtful(c)], NOW + HOUR) == 1
        assert states(c) == {"sending": 1, "dropped": 1}


def test_what_is_erased_stays_counted(database: Database) -> None:
    with database.write() as c:
        claims.mark_posted(c, begun(c, message("1")), ["C1 1"], 1, NOW)
        outbox.enqueue(c, [message("2")], NOW)
        outbox.erase(c, NOW + outbox.KEPT)
        assert states(c) == {"todo": 1, "sent": 1}
        assert len(c.execute(sa.select(outbox.outbox)).all()) == 1
        outbox.erase(c, NOW + outbox.KEPT)
        assert outbox.balance(c).accepted == 2


def test_who_is_forgotten_gets_nothing_any_more(database: Database) -> None:
    with database.write() as c:
        outbox.enqueue(c, [message("1", Address("slack", "U1")), message("2", Address("slack", "U2"))], NOW)
        claims.shut(c, Address("slack", "U1"), "blocked", NOW)
        outbox.forget(c, "slack", "U1")
        assert subjects(claim(c)) == ["2"]
        assert c.execute(sa.select(outbox.unreachable)).all() == []
        assert states(c) == {"sending": 1, "dropped": 1}
        assert "U1" not in repr(c.execute(sa.select(outbox.outbox)).all())


# --- whatever happens ---

HAPPENS = st.lists(
    st.tuples(
        st.sampled_from(
            ["enqueue", "claim", "begin", "posted", "later", "unsure", "refuse", "die", "release", "decide"]
        ),
        st.integers(0, 3),
        st.integers(0, 40),
    ),
    max_size=40,
)


def end(c: Connection, one: Claimed, what: str, now: datetime) -> None:
    """Who worked on it is done with it."""
    if what == "posted":
        claims.mark_posted(c, one, ["1"], 1, now)
    elif what == "later":
        claims.later(c, one, "later", now, MINUTE)
    elif what == "unsure":
        claims.unsure(c, one, "unsure", now)
    elif what == "refuse":
        claims.refuse(c, one, "refused", now)
    else:
        claims.release(c, [one], now)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@given(happens=HAPPENS)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_each_is_accounted_for_and_has_one_owner(
    database: Database, happens: list[tuple[str, int, int]]
) -> None:
    now, held = NOW, dict[str, Claimed]()
    with database.write() as c:
        c.execute(sa.delete(outbox.outbox))
        c.execute(sa.delete(outbox.counts))
        for step, (what, number, seconds) in enumerate(happens):
            now += seconds * SECOND
            mine = list(held.values())[number : number + 1]
            if what == "enqueue":
                sort: Sort = get_args(Sort)[number % 3]
                chat = Address(("slack", "telegram")[number % 2], f"{number}")
                outbox.enqueue(c, [replace(message(str(number), chat, sort), expires_at=now + MINUTE)], now)
            elif what == "claim":
                platform = ("slack", "telegram")[number % 2]
                claims.take_over(c, platform, now)
                for one in claim(c, platform, now, lease=str(step)):
                    held[one.key] = one
                    claims.freeze(c, one, [{"text": "a"}], now)
            elif what == "die":
                held.clear()
            elif what == "decide":
                outbox.send_again(c, [one.key for one in outbox.doubtful(c)], now)
            elif mine and what == "begin":
                claims.begin(c, mine[0], now, LASTS)
            elif mine:
                end(c, held.pop(mine[0].key), what, now)
            states(c)
        rows = c.execute(sa.select(outbox.outbox)).mappings().all()
        assert all((row["lease"] is not None) == (row["state"] == "sending") for row in rows)
        assert all(row["begun_at"] is None for row in rows if row["state"] in ("todo", "sent"))
        busy = [(row["platform"], row["channel"]) for row in rows if row["state"] == "sending"]
        assert len(busy) == len(set(busy))
