"""The list changed one programme at a time, and taken back: on both databases, and at once for everybody who asks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.commons.places import Gazetteer
from bot.db import Database
from bot.search import editing, offers_store, store
from bot.search.catalogue import Catalogue, Change, Offer, Provider, Sector, Status
from bot.search.current import CurrentSearch
from bot.search.editing import Refused
from bot.search.lists.columns import Knowledge
from bot.search.ranking import Search
from bot.search.vocabulary import Vocabulary

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
DEBATE = Offer("abcdefgh", "Noord", "Debatclub", sectors=(Sector.VO,), places=("Utrecht",), themes=("debat",))
CHESS = Offer("bcdefghj", "Noord", "Schaakles", sectors=(Sector.PO,), status=Status.PILOT)
OTHER = Offer("cdefghjk", "Zuid", "Debatles", sectors=(Sector.VO,), themes=("debat",))


@pytest.fixture(scope="session")
def knowledge(vocabulary: Vocabulary, gazetteer: Gazetteer) -> Knowledge:
    return Knowledge(vocabulary, gazetteer)


@pytest.fixture
def listed(database: Database) -> Database:
    with database.write() as c:
        store.save_catalogue(c, Catalogue((DEBATE, CHESS, OTHER), (Provider("Noord"), Provider("Zuid"))), NOW)
    return database


def titles(search: Search) -> list[str]:
    return [match.offer.title for match in search.rank(search.understand("debat VO")).matches]


def test_what_is_hidden_is_gone_for_a_bot_that_was_running(listed: Database, database_url: str, search: Search) -> None:
    running = Database(database_url)
    current = CurrentSearch(
        running,
        lambda catalogue: Search(catalogue, search.vocabulary, search.gazetteer, search.lexicon._dutch, frozenset()),
    )
    assert sorted(titles(current())) == ["Debatclub", "Debatles"]
    done = editing.set_status(listed, DEBATE.id, Status.HIDDEN, by="redactie", now=NOW)
    assert titles(current()) == ["Debatles"]
    editing.hide_provider(listed, "zuid", by="redactie", now=NOW)
    assert titles(current()) == []
    editing.undo(listed, editing.what_to_undo(listed, done.number), by="redactie", now=NOW)
    assert titles(current()) == ["Debatclub"]
    editing.show_provider(listed, "Zuid", by="redactie", now=NOW)
    assert sorted(titles(current())) == ["Debatclub", "Debatles"]
    running.close()


def test_an_edit_says_what_it_did_and_who(listed: Database, knowledge: Knowledge) -> None:
    said = {"Plaatsen": "Zeist; landelijk", "groep of klas": "klas 1 en 2", "kosten": "€ 50 per klas"}
    done = editing.edit(listed, knowledge, "Debatclub", said, by="redactie", now=NOW)
    assert done.before == DEBATE
    assert (done.offer.places, done.offer.grades) == (("Zeist", "landelijk"), ("klas 1 en 2",))
    assert done.offer.cost_note == "€ 50 per klas"
    assert editing.load(listed).offer(DEBATE.id) == done.offer
    with listed.read() as c:
        [step] = offers_store.history(c, DEBATE.id)
    assert (step.change.by, step.change.kind, step.change.at) == ("redactie", "edit", NOW)
    assert (step.before, step.after) == (DEBATE, done.offer)


def test_restoring_brings_back_the_status_it_had_in_sight(listed: Database) -> None:
    for status in (Status.HIDDEN, Status.ENDED):
        editing.set_status(listed, CHESS.id, status, by="redactie", now=NOW)
    assert editing.set_status(listed, CHESS.id, None, by="redactie", now=NOW).offer == CHESS


def test_a_check_is_what_a_person_did_on_a_day(listed: Database) -> None:
    day = date(2026, 11, 20)
    done = editing.check(listed, CHESS.id, checked_by="  het  bureau ", day=day, by="redactie", now=NOW)
    assert (done.offer.checked_on, done.offer.checked_by) == (day, "het bureau")
    with pytest.raises(Refused):
        editing.check(listed, CHESS.id, checked_by=" ", day=day, by="redactie", now=NOW)


def test_a_plan_for_another_list_is_not_saved(listed: Database) -> None:
    base = editing.load(listed)
    editing.set_status(listed, DEBATE.id, Status.HIDDEN, by="iemand anders", now=NOW)
    with pytest.raises(Refused, match="intussen door iemand anders"):
        editing.save(listed, Change((CHESS,)), base, kind="import", about="lijst.csv", by="redactie", now=NOW)
    assert editing.load(listed).version == base.version + 1


def test_an_undo_that_somebody_was_faster_with_is_refused(listed: Database) -> None:
    done = editing.set_status(listed, DEBATE.id, Status.HIDDEN, by="redactie", now=NOW)
    late = editing.what_to_undo(listed, done.number)
    editing.undo(listed, editing.what_to_undo(listed, done.number), by="redactie", now=NOW)
    with pytest.raises(Refused):
        editing.undo(listed, late, by="redactie", now=NOW)
    with pytest.raises(Refused, match="al teruggedraaid"):
        editing.what_to_undo(listed, done.number)
    with pytest.raises(Refused, match="geen import"):
        editing.what_to_undo(listed, None)


def test_history_is_kept_for_a_year(listed: Database) -> None:
    done = editing.set_status(listed, DEBATE.id, Status.HIDDEN, by="redactie", now=NOW)
    editing.set_status(listed, CHESS.id, Status.HIDDEN, by="redactie", now=NOW + timedelta(days=366))
    with pytest.raises(Refused, match="geen wijziging"):
        editing.what_to_undo(listed, done.number)
    # Nobody remembers what it was: then it is simply there again.
    assert editing.set_status(listed, DEBATE.id, None, by="redactie", now=NOW).offer.status is Status.ACTIVE


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("zzzzzzzz", "Er is geen programma met id “zzzzzzzz”."),
        ("debatklub", "Debatclub"),
        ("", "Er is geen programma"),
    ],
)
def test_who_is_not_there_is_said_with_who_may_be_meant(named: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        editing.find_offer(Catalogue((DEBATE, CHESS)), named)
