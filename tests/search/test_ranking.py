"""Which offers fit a question and in which order (DESIGN §5.4-5.5), with small lists made by hand and the real one."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import count

from hypothesis import given
from hypothesis import strategies as st
import pytest

from bot.search.catalogue import Cost, Offer, Sector, Status
from bot.search.ranking import Answer, Group, Search

Ask = Callable[[str], Answer]
AskOf = Callable[..., Answer]
IDS = count(1)


def offer(title: str, provider: str = "", **parts: object) -> Offer:
    """An offer about debate for every sector, in every place, unless told otherwise."""
    sectors = Sector.PO, Sector.VO, Sector.MBO
    usual: dict[str, object] = {"sectors": sectors, "themes": ("debat",), "places": ("landelijk",)}
    return Offer(f"test{next(IDS)}", provider or f"van {title}", title, **{**usual, **parts})  # type: ignore[arg-type]


def found(answer: Answer) -> list[str]:
    return [match.offer.title for match in answer.matches if match.group is not Group.RELATED]


def related(answer: Answer) -> list[str]:
    return [match.offer.title for match in answer.matches if match.group is Group.RELATED]


# For whom


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("debat PO", {"po", "groep 7-8", "docenten", "alle"}),
        ("debat groep 8", {"po", "groep 7-8", "alle"}),
        ("debat groep 3", {"po", "alle"}),
        ("debat VO", {"vmbo", "havo/vwo", "klas 1-2", "docenten", "alle"}),
        ("debat vmbo", {"vmbo", "klas 1-2", "docenten", "alle"}),
        ("debat vmbo 3", {"vmbo", "alle"}),
        ("debat havo 4", {"havo/vwo", "alle"}),
        ("debat praktijkonderwijs", {"klas 1-2", "docenten", "alle"}),
        ("debat mbo", {"alle"}),
        ("debat hbo", set()),
        ("debat vso", set()),
        ("debat bovenbouw", {"po", "groep 7-8", "vmbo", "havo/vwo", "alle"}),
        ("debat bovenbouw po", {"po", "groep 7-8", "alle"}),
        ("debat bovenbouw havo", {"havo/vwo", "alle"}),
        ("debat 8-12 jaar", {"po", "groep 7-8", "vmbo", "havo/vwo", "klas 1-2", "alle"}),
        ("debat 7 jaar", {"po", "alle"}),
        ("debat", {"po", "groep 7-8", "vmbo", "havo/vwo", "klas 1-2", "docenten", "alle"}),
        ("docententraining debat", {"docenten"}),
    ],
)
def test_only_what_is_for_the_asked_level_is_in_the_list(ask_of: AskOf, text: str, expected: set[str]) -> None:
    answer = ask_of(
        text,
        offer("alle"),
        offer("po", sectors=(Sector.PO,)),
        offer("groep 7-8", sectors=(Sector.PO,), grades=("groep 7-8",)),
        offer("vmbo", sectors=(Sector.VO,), grades=("vmbo",)),
        offer("havo/vwo", sectors=(Sector.VO,), grades=("havo/vwo",)),
        offer("klas 1-2", sectors=(Sector.VO,), grades=("klas 1-2",)),
        offer("docenten", sectors=(Sector.PO, Sector.VO), grades=("docenten",), themes=("debat", "nascholing")),
    )
    assert set(found(answer)) == expected
    assert answer.total == len(expected)


def test_for_a_level_pupils_come_before_their_teachers(ask_of: AskOf) -> None:
    answer = ask_of("debat PO", offer("docenten", grades=("docenten",)), offer("leerlingen"))
    assert found(answer) == ["leerlingen", "docenten"]


# What is there at all


def test_hidden_and_ended_offers_are_never_found(ask_of: AskOf) -> None:
    answer = ask_of("debat", *(offer(str(status), status=status) for status in Status))
    assert {match.offer.title for match in answer.matches} == {"active", "pilot", "full"}


def test_nothing_fits_in_an_empty_list(ask_of: AskOf) -> None:
    assert ask_of("debat Utrecht").outcome == "nothing"


# Places


def test_in_the_place_then_nationwide_then_nearby(ask_of: AskOf) -> None:
    answer = ask_of(
        "debat Utrecht",
        offer("landelijk"),
        offer("elders", places=("Groningen",)),
        offer("dichtbij", places=("Nieuwegein",)),
        offer("in de wijk", places=("Overvecht (Utrecht)",)),
        offer("in de stad", places=("Utrecht",)),
        offer("in de provincie", places=("provincie Utrecht",)),
    )
    groups = [(match.group, match.offer.title) for match in answer.matches if match.group is not Group.RELATED]
    assert [group for group, _ in groups] == [Group.IN_PLACE] * 3 + [Group.NATIONWIDE, Group.NEARBY]
    assert groups[0][1] == "in de stad"
    assert {title for _, title in groups} == {"in de stad", "in de wijk", "in de provincie", "landelijk", "dichtbij"}
    assert (answer.outcome, answer.widened, answer.total) == ("found", (), 5)


def test_what_fits_less_comes_after_what_fits_whole_wherever_it_is_and_says_so(ask_of: AskOf) -> None:
    answer = ask_of(
        "debattraining Utrecht",
        offer("zijdelings", places=("Utrecht",), themes=("muziek",), summary="Muziek, en soms een debat."),
        offer("Debattraining"),
        offer("Debattraining dichtbij", places=("Nieuwegein",)),
    )
    assert found(answer) == ["Debattraining", "Debattraining dichtbij", "zijdelings"]
    assert [match.apart for match in answer.matches] == ["", "", "past minder goed"]


def test_nationwide_for_a_place_is_no_widening(ask_of: AskOf) -> None:
    answer = ask_of("debat Roden", offer("landelijk"))
    assert (answer.outcome, answer.widened, answer.matches[0].group) == ("found", (), Group.NATIONWIDE)


def test_only_nearby_is_widening_and_said(ask_of: AskOf) -> None:
    answer = ask_of("debat Nieuwegein", offer("dichtbij", places=("Utrecht",)), offer("elders", places=("Zwolle",)))
    assert (answer.outcome, answer.widened) == ("widened", ("nearby",))
    assert found(answer) == ["dichtbij"]
    assert answer.matches[0].group is Group.NEARBY


def test_far_away_is_not_in_the_list(ask_of: AskOf) -> None:
    answer = ask_of("debat Maastricht", offer("elders", places=("Groningen",)))
    assert (answer.outcome, answer.total, found(answer)) == ("nothing", 0, [])
    assert related(answer) == ["elders"]


def test_without_a_place_everything_is_one_group(ask_of: AskOf) -> None:
    answer = ask_of("debat", offer("een"), offer("twee", places=("Zwolle",)), offer("drie", places=()))
    assert {match.group for match in answer.matches} == {Group.IN_PLACE}
    assert answer.total == 3


def test_of_a_name_with_several_readings_only_what_holds_for_all(ask_of: AskOf) -> None:
    answer = ask_of(
        "debat Bergen",
        offer("landelijk"),
        offer("noord", places=("Bergen (Noord-Holland)",)),
        offer("zuid", places=("Bergen (Limburg)",)),
        offer("beide", places=("Noord-Holland", "Limburg")),
    )
    assert answer.outcome == "ask_back"
    assert found(answer) == ["beide", "landelijk"]


def test_two_places_apart_are_both_meant(ask_of: AskOf) -> None:
    offers = (offer(place, places=(place,)) for place in ("Schagen", "Den Haag", "Zwolle"))
    assert set(found(ask_of("debat Schagen Den Haag", *offers))) == {"Schagen", "Den Haag"}


# Cost, volunteers, settings


def test_gratis_puts_the_unknown_last_and_leaves_the_paid_out(ask_of: AskOf) -> None:
    answer = ask_of(
        "gratis debat",
        offer("Debat onbekend", keywords=("debat",)),
        offer("betaald", cost=Cost.PAID),
        offer("gratis", cost=Cost.FREE),
    )
    assert found(answer) == ["gratis", "Debat onbekend"]
    assert [match.apart for match in answer.matches] == ["", "kosten niet bekend"]
    assert "betaald" not in related(answer)


def test_gratis_puts_unknown_cost_behind_in_every_place(ask_of: AskOf) -> None:
    answer = ask_of("gratis debat Utrecht", offer("hier", places=("Utrecht",)), offer("landelijk", cost=Cost.FREE))
    assert found(answer) == ["landelijk", "hier"]


def test_volunteers_first_and_never_where_there_are_none(ask_of: AskOf) -> None:
    known = offer("ja", volunteers=True), offer("nee", volunteers=False)
    answer = ask_of("vrijwilligers debat", offer("onbekend"), *known)
    assert found(answer) == ["ja", "onbekend"]


def test_a_setting_leaves_out_other_settings_but_not_the_unknown(ask_of: AskOf) -> None:
    known = offer("onder school", settings=("binnen schooltijd",)), offer("weekend", settings=("weekend", "online"))
    answer = ask_of("debat weekend", offer("onbekend"), *known)
    assert found(answer) == ["weekend", "onbekend"]
    assert answer.outcome == "found"


def test_school_hours_leave_nothing_out(ask_of: AskOf) -> None:
    answer = ask_of("debat onder schooltijd", offer("na", settings=("na schooltijd",)), offer("onbekend"))
    assert answer.total == 2


def test_a_setting_is_relaxed_only_when_nothing_else_fits_and_that_is_said(ask_of: AskOf) -> None:
    answer = ask_of("debat weekend", offer("onder school", settings=("binnen schooltijd",)))
    assert (answer.outcome, answer.widened, found(answer)) == ("widened", ("setting",), ["onder school"])


@pytest.mark.parametrize("text", ["muziek VO", "debat HO", "muziek groep 3 weekend", "debat hbo online Utrecht"])
def test_subject_and_level_are_never_relaxed(ask_of: AskOf, text: str) -> None:
    answer = ask_of(text, offer("debat", settings=("na schooltijd",)))
    assert (answer.outcome, answer.total, found(answer)) == ("nothing", 0, [])


# Order inside a group


def test_what_was_checked_last_comes_first_among_equals(ask_of: AskOf) -> None:
    old, new = offer("oud", checked_on=date(2025, 1, 1)), offer("nieuw", checked_on=date(2026, 10, 1))
    answer = ask_of("debat", offer("nooit"), old, new)
    assert found(answer) == ["nieuw", "oud", "nooit"]


def test_what_fits_clearly_better_comes_before_what_is_fresher(ask_of: AskOf) -> None:
    answer = ask_of(
        "debat",
        offer("vers", themes=("muziek", "debat"), checked_on=date(2026, 10, 1)),
        offer("Debatclub", keywords=("debat", "debatteren")),
    )
    assert found(answer)[0] == "Debatclub"


def test_one_provider_after_the_other(ask_of: AskOf) -> None:
    longer = "Een tekst met wat meer woorden erin."
    noot = [offer(f"Noot {turn}", "Noot", summary=longer) for turn in (1, 2)]
    answer = ask_of("debat", *(offer(f"Aap {turn}", "Aap") for turn in (1, 2)), *noot)
    assert [match.offer.provider for match in answer.matches] == ["Aap", "Noot", "Aap", "Noot"]


def test_what_has_all_that_was_asked_comes_before_what_has_a_part(ask_of: AskOf) -> None:
    parts = offer("Debatles"), offer("alles", themes=("debat", "muziek", "theater"), checked_on=date(2020, 1, 1))
    answer = ask_of("debat muziek theater", *parts, offer("sport", themes=("sport",)))
    assert [(match.offer.title, match.apart != "") for match in answer.matches] == [
        ("alles", False),
        ("Debatles", True),
    ]


@pytest.mark.parametrize(
    ("text", "better", "worse"),
    [
        ("debat groep 8", {"sectors": (Sector.PO,), "grades": ("groep 8",)}, {}),
        ("debat", {}, {"places": ("Zwolle",)}),
        ("gastles geld", {"themes": ("geld",)}, {"themes": ("gastles",)}),
    ],
    ids=["made for just this class", "goes everywhere", "the subject over the shape"],
)
def test_small_differences(ask_of: AskOf, text: str, better: dict[str, object], worse: dict[str, object]) -> None:
    assert found(ask_of(text, offer("a", "Aap", **worse), offer("b", "Noot", **better)))[0] == "b"


def test_order_does_not_depend_on_the_order_of_the_list_nor_on_chance(ask: Ask, search: Search) -> None:
    for text in ("debat VO Utrecht", "gratis taal PO", "mentoring", "bovenbouw geld"):
        first = [match.offer.id for match in ask(text).matches]
        assert first == [match.offer.id for match in search.rank(search.understand(text)).matches]


# Weak suggestions


def test_weak_suggestions_stand_last_and_are_few(ask_of: AskOf) -> None:
    near = [offer(f"gesprek {number}", themes=("discussie",)) for number in range(6)]
    answer = ask_of("debat", offer("debat"), *near)
    assert found(answer) == ["debat"]
    assert len(related(answer)) == 3
    assert [match.group for match in answer.matches] == [Group.IN_PLACE] + [Group.RELATED] * 3
    assert answer.total == 1


def test_other_subjects_are_not_even_suggested(ask_of: AskOf) -> None:
    answer = ask_of("debat", offer("muziek", themes=("muziek",)))
    assert (answer.outcome, answer.matches) == ("nothing", ())


# The starter catalogue


def titles(ask: Ask, text: str) -> list[str]:
    return found(ask(text))


@pytest.mark.parametrize(
    ("text", "offered", "not_offered"),
    [
        ("debat vmbo", "NK vmbo Debattoernooi", "NK Debatteren voor Scholieren"),
        ("debat havo 5", "NK Debatteren voor Scholieren", "NK vmbo Debattoernooi"),
        ("debat basisschool", "Basisschool Debattoernooi", "NK vmbo Debattoernooi"),
        ("isk", "Ithaka Filmt", "Bliksemstage"),
        ("huiswerk bijlmer", "Studiehuis Zuidoost", "Huiswerkbegeleiding op Zuid"),
        ("iets tegen pesten ofzo voor mbo", "Catch!", "Leerorkest op school"),
        ("wo student mentor", "Studentenprogramma", "Mentorproject"),
        ("debatteren groep acht zwole", "Debattraining in de klas", "Amsterdamse Debatbattle"),
        ("docententraining mbo", "Docententraining discussiëren", "Debatactiviteiten mbo"),
        ("bovenbouw geld", "MoneyWays", "Leerorkest op school"),
        ("solicitatie", "Sollicitatietraining", "Leerorkest op school"),
        ("sondag", "Petje af weekendschool", "Leerorkest op school"),
        ("skb-trein", "SKB-trein onder schooltijd", "Leerorkest op school"),
        ("mbo niveau 1 weerbaarheid", "MDT Entree", "Student Company"),
    ],
)
def test_well_known_questions(ask: Ask, text: str, offered: str, not_offered: str) -> None:
    answered = titles(ask, text)
    assert offered in answered
    assert not_offered not in answered


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("petje af Den Haag", "Petje af Den Haag"), ("pop up stor", "Pop-Up Store"),
        ("bliksemstage", "Bliksemstage"), ("skb trein na schooltijd", "SKB-trein na schooltijd"),
        ("sport Zwolle", "Playing for Success Zwolle"), ("debat Leiden", "Scholierendebat in het museum"),
        ("gratis debat", "Gratis lesmateriaal debatteren"), ("CoS", "Champs on Stage"),
        ("raad van kinderen", "Raad van Kinderen"),
    ],
)  # fmt: skip
def test_the_best_comes_first(ask: Ask, text: str, first: str) -> None:
    assert titles(ask, text)[0] == first


@pytest.mark.parametrize("text", ["wat doet move?", "NDI", "IMC", "jinc", "petjeaf", "playing for succes"])
def test_a_provider_named_is_the_only_one(ask: Ask, text: str) -> None:
    answer = ask(text)
    assert answer.total > 3
    assert len({match.offer.provider for match in answer.matches}) == 1


def test_what_somebody_has_already_is_not_shown(ask: Ask) -> None:
    answer = ask("iets naast bliksemstage")
    assert "Bliksemstage" not in found(answer) + related(answer)


@pytest.mark.parametrize(
    "text",
    ["ouderbetrokkenheid", "extra onderwijs", "taalbevordering", "soepele overgangen", "mentoring en coaching",
     "non-cognitieve vaardigheden", "sport en cultuur", "professionalisering", "armoede en gezondheid",
     "loopbaanleren"],
)  # fmt: skip
def test_the_ten_themes_of_the_gelijke_kansen_alliantie_are_findable(ask: Ask, text: str) -> None:
    assert ask(text).outcome == "found"
    assert ask(text).total >= 2


@pytest.mark.parametrize(
    "text",
    ["zwemles", "zwemles groep 3 Zeeland", "EHBO", "rijbewijs", "moestuin", "hr", "dans", "asdfghj qwertyuiop",
     "xkcdvbnm", "praktijkonderwijs koken Enschede", "champs on stage zwolle"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(ask: Ask, text: str) -> None:
    answer = ask(text)
    assert (answer.outcome, answer.total, found(answer)) == ("nothing", 0, [])


@pytest.mark.parametrize("text", ["", "   ", "?!", "ik zoek iets", "bedankt", "hoi", "wat is het wifi wachtwoord"])
def test_no_search_finds_nothing(ask: Ask, text: str) -> None:
    assert (ask(text).outcome, ask(text).matches) == ("not_a_search", ())


def test_pupil_data_finds_nothing(ask: Ask) -> None:
    answer = ask("Sanne uit groep 7 wordt gepest")
    assert (answer.outcome, answer.matches) == ("refused", ())


# Whatever is asked

PLACES = ["Utrecht", "Bergen", "Zwolle", "Zeeland", "Overvecht", ""]
LEVELS = ["PO", "vmbo 3", "groep 7", "havo", "mbo", "isk", "docenten", ""]
SUBJECTS = ["debat", "muziek", "taal", "zwemles", "geld", "mentoring", "move", ""]
WISHES = ["gratis", "weekend", "vrijwilligers", "online", ""]


@given(st.tuples(*(st.sampled_from(parts) for parts in (SUBJECTS, LEVELS, PLACES, WISHES))))
def test_every_answer_keeps_the_rules(search: Search, parts: Sequence[str]) -> None:
    query = search.understand(" ".join(parts))
    answer = search.rank(query)
    assert search.rank(query) == answer
    in_list = [match for match in answer.matches if match.group is not Group.RELATED]
    assert answer.matches[: len(in_list)] == tuple(in_list)
    assert answer.total == len(in_list)
    assert len(answer.matches) - len(in_list) <= 3
    assert len({match.offer.id for match in answer.matches}) == len(answer.matches)
    assert bool(in_list) == (
        answer.outcome in {"found", "widened"} or (answer.outcome == "ask_back" and answer.total > 0)
    )
    assert not (answer.outcome == "widened" and not answer.widened)
    assert not (answer.outcome == "found" and answer.widened)
    if query.cost is Cost.FREE:
        assert not any(match.offer.cost is Cost.PAID for match in answer.matches)
    if query.sectors:
        assert all(set(match.offer.sectors) & set(query.sectors) for match in in_list)
