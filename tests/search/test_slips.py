"""What once went wrong: questions that were misread, each with what is right."""

from collections.abc import Callable

import pytest

from bot.search.catalogue import Sector
from bot.search.query import Query
from bot.search.ranking import Answer

Ask = Callable[[str], Answer]

READ = [
    # (question, part of the query, what it should be)
    ("0 havo debat", "cells", None),
    ("debat examenklas", "sectors", (Sector.VO,)),
    ("onderbouw vo techniek", "sectors", (Sector.VO,)),
    ("debat in heel Nederland", "themes", ("debat",)),
    ("mbo niveau 3/4", "grades", ("mbo niveau 3-4",)),
    ("mbo leerjaar 2", "sectors", (Sector.MBO,)),
    ("mbo 1e jaar", "grades", ()),
    ("naar Duitsland", "places", ()),
    ("debat in Londen", "places", ()),
    ("ik zoek zo'n debat", "kind", "search"),
    ("po/vo debat", "themes", ("debat",)),
    ("po/vo debat", "sectors", (Sector.PO, Sector.VO)),
    ("debat Amersfoort Utrecht", "places", ("amersfoort",)),
    ("vmbo 5 debat", "grades", ("vmbo klas 5",)),
    ("bk leerjaar 3", "grades", ("vmbo-basis/vmbo-kader klas 3",)),
    ("Daan", "themes", ()),
    ("sportieve activiteit", "themes", ("sport",)),
    ("muziek in de buurt van Haarlm", "places", ("haarlem",)),
]


@pytest.mark.parametrize(("question", "part", "right"), READ)
def test_is_read_right(ask: Ask, question: str, part: str, right: object) -> None:
    query: Query = ask(question).query
    if right is not None:
        assert getattr(query, part) == right


def test_two_sectors_in_one_breath(ask: Ask) -> None:
    assert ask("debat groep 8 en klas 1").query.sectors == (Sector.PO, Sector.VO)


def test_a_vmbo_year_that_does_not_exist_keeps_the_level(ask: Ask) -> None:
    assert all(Sector.VO in match.offer.sectors for match in ask("vmbo 5").matches)
    assert ask("vmbo 5").query.cells


def test_what_somebody_has_is_left_out_also_when_it_is_a_provider(ask: Ask) -> None:
    answer = ask("weekendschool naast Petje af")
    assert answer.matches
    assert all(match.offer.provider != "Stichting Petje af" for match in answer.matches)


def test_vmbo_fits_praktijkonderwijs_partly(ask: Ask) -> None:
    related = [match.offer.title for match in ask("stage praktijkonderwijs").matches if match.group == "related"]
    assert {"Bliksemstage", "Champs on Stage"} & set(related)


def test_an_unknown_place_filters_nothing_out(ask: Ask) -> None:
    answer = ask("skb-trein Utrecht")
    assert "SKB-trein onder schooltijd" in [match.offer.title for match in answer.matches]


def test_a_relaxation_that_found_nothing_is_not_claimed(ask: Ask) -> None:
    answer = ask("zwemles groep 3 weekend")
    assert (answer.outcome, answer.widened) == ("nothing", ())


def test_a_level_in_the_words_makes_no_programme_fit(ask: Ask) -> None:
    titles = [match.offer.title for match in ask("lezen vmbo Leeuwarden").matches]
    assert "Sollicitatietraining" not in titles  # for vmbo, but not about reading


def test_what_only_touches_the_subject_is_said_to(ask: Ask) -> None:
    assert {match.apart for match in ask("stageplekken havo").matches if match.group != "related"} == {
        "past minder goed"
    }


def test_a_volunteer_is_told_what_there_is_on_that_day_in_that_place(ask: Ask) -> None:
    answer = ask("coach worden op zondag bij kinderen in Vlaardingen")
    assert "Petje af Waterweg" in [match.offer.title for match in answer.matches[:2]]
    assert (answer.outcome, answer.widened) == ("widened", ("subject",))


def test_a_word_as_it_is_said_is_read_as_it_is_written(ask: Ask) -> None:
    assert dict(ask("iets met mense in de klas groep 6").query.repairs) == {"mense": "mensen"}
