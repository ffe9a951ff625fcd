"""The measures, on examples small enough to work out by hand."""

import math

import pytest

from tests.benchmarks.measures import Judged, Shown, means, measure

GRADED = Judged("debat", {"a": 3, "b": 2, "c": 1}, "short", is_graded=True)
JUDGED = Judged("debat", {"a": 3, "c": 1}, "short", is_graded=False)


def test_the_ideal_list_is_worth_one() -> None:
    assert measure(GRADED, Shown(["A", "b ", "Organisatie :: c"])) == {
        "ndcg5": 1.0,
        "s1": 1.0,
        "acc1": 1.0,
        "s3": 1.0,
        "false_empty": 0.0,
        "irrelevant1": 0.0,
        "ask_back": 0.0,
    }


def test_a_list_in_another_order_is_worth_less() -> None:
    found = measure(GRADED, Shown(["x", "b", "c", "a"]))
    gained = 3 / math.log2(3) + 1 / math.log2(4) + 7 / math.log2(5)
    assert found["ndcg5"] == pytest.approx(gained / (7 + 3 / math.log2(3) + 1 / math.log2(4)))
    assert (found["s1"], found["acc1"], found["s3"], found["irrelevant1"]) == (0, 0, 0, 1)


def test_only_the_first_five_count() -> None:
    assert measure(GRADED, Shown(["v", "w", "x", "y", "z", "a"]))["ndcg5"] == 0


def test_what_fits_partly_is_good_only_where_nobody_graded() -> None:
    assert measure(GRADED, Shown(["c"]))["acc1"] == 0
    assert measure(JUDGED, Shown(["c"]))["acc1"] == 1
    assert measure(JUDGED, Shown(["c"]))["s1"] == 0


def test_a_title_of_two_organisations_counts_once() -> None:
    assert measure(JUDGED, Shown(["c", "C", "a"]))["ndcg5"] == measure(JUDGED, Shown(["c", "a"]))["ndcg5"]


def test_an_empty_list_is_wrong_where_something_fits() -> None:
    found = measure(GRADED, Shown([]))
    assert found["false_empty"] == 1
    assert found["ndcg5"] == found["irrelevant1"] == 0


def test_an_empty_list_is_right_where_nothing_fits() -> None:
    nothing = Judged("paardrijden", {}, "short", is_graded=True)
    assert measure(nothing, Shown([])) == {"correct_empty": 1.0, "ask_back": 0.0}
    assert measure(nothing, Shown(["a"], asked_back=True)) == {"correct_empty": 0.0, "ask_back": 1.0}


def test_where_things_only_fit_partly_both_lists_are_fine() -> None:
    assert measure(Judged("?", {"c": 1}, "short", is_graded=True), Shown([])) == {"ask_back": 0.0}


def test_means_are_over_the_questions_that_have_the_measure() -> None:
    assert means([{"s1": 1.0, "s3": 1.0}, {"s1": 0.0}]) == {"s1": 0.5, "s3": 1.0}
