"""What people type for a day or a time, on Wednesday 25 November 2026 at 11.00 unless a table says otherwise."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import product

from hypothesis import example, given, settings
from hypothesis import strategies as st
import pytest

from bot.commons.dates import (
    WEEKDAYS,
    clock,
    clock_span,
    day_span,
    local,
    local_day,
    long_day,
    long_moment,
    long_span,
    near_day,
    near_moment,
    short_day,
    short_moment,
)
from bot.commons.moments import at_local, exists, happens_twice
from bot.commons.typed_dates import Bound, NotADate, Problem, When, read_when, written
from bot.commons.working_days import Region

WEDNESDAY = date(2026, 11, 25)
NOW = at_local(WEDNESDAY, time(11))


def shown(when: When) -> str:
    """For example "2026-12-08", "2026-12-08 10:00-11:00", "tot 2027-01-04", "2027-01-18..2027-01-22", "10:00"."""
    days = [str(day) for day in (when.day, when.last) if day]
    times = [f"{at:%H:%M}" for at in (when.start, when.end) if at is not None]
    return " ".join(filter(None, [when.bound or "", "..".join(days), "-".join(times)]))


def read(text: str, now: datetime = NOW, region: Region | None = None) -> str:
    try:
        return " | ".join(map(shown, read_when(text, now, region)))
    except NotADate as problem:
        return f"{problem.problem.name}: {' | '.join(map(shown, problem.offers))}".removesuffix(": ")


def table(text: str) -> list[tuple[str, str]]:
    """Lines of "typed → what it means"."""
    return [(typed.strip(), meant.strip()) for typed, meant in (line.split("→") for line in text.strip().splitlines())]


DAYS = """
    vandaag → 2026-11-25
    morgen → 2026-11-26
    overmorgen → 2026-11-27
    over morgen → 2026-11-27
    gisteren → 2026-11-24
    eergisteren → 2026-11-23
    vrijdag → 2026-11-27
    vr → 2026-11-27
    vr. → 2026-11-27
    Vrijdag → 2026-11-27
    op vrijdag → 2026-11-27
    woensdag → 2026-11-25 | 2026-12-02
    dinsdag → 2026-12-01
    aanstaande vrijdag → 2026-11-27
    a.s. vrijdag → 2026-11-27
    vrijdag a.s. → 2026-11-27
    komende woensdag → 2026-12-02
    deze vrijdag → 2026-11-27
    vorige vrijdag → 2026-11-20
    afgelopen woensdag → 2026-11-18
    volgende vrijdag → 2026-11-27 | 2026-12-04
    volgende week vrijdag → 2026-12-04
    vrijdag volgende week → 2026-12-04
    volgende maandag → 2026-11-30
    volgende woensdag → 2026-12-02
    volgende week dinsdag → 2026-12-01
    volgende week woensdag → 2026-12-02
    deze week dinsdag → 2026-11-24
    deze week zondag → 2026-11-29
    vrijdag over een week → 2026-12-04
    woensdag over een week → 2026-12-02
    dinsdag over een week → 2026-12-08 | 2026-12-01
    vrijdag over 2 weken → 2026-12-11
    over een week vrijdag → 2026-12-04
    over twee weken op dinsdag → 2026-12-08
    over 3 dagen → 2026-11-28
    over een dag → 2026-11-26
    over een week → 2026-12-02
    over twee weken → 2026-12-09
    over 14 dagen → 2026-12-09
    over een maand → 2026-12-25
    over drie maanden → 2027-02-25
    over een half jaar → 2027-05-25
    over een jaar → 2027-11-25
    1 dec → 2026-12-01
    - 1 dec → 2026-12-01
    1 december → 2026-12-01
    01 december → 2026-12-01
    1e december → 2026-12-01
    1 december 2026 → 2026-12-01
    1 december '27 → 2027-12-01
    1 december 27 → 2027-12-01
    1 december volgend jaar → 2027-12-01
    een december → 2026-12-01
    eenendertig december → 2026-12-31
    tweeëntwintig december → 2026-12-22
    éénentwintig december → 2026-12-21
    vijftiende december → 2026-12-15
    30-11 → 2026-11-30
    30/11 → 2026-11-30
    30-11-2026 → 2026-11-30
    30/11/2026 → 2026-11-30
    30.11.2026 → 2026-11-30
    30-11-26 → 2026-11-30
    30.11 → 2026-11-30
    2026-11-30 → 2026-11-30
    30-nov-2026 → 2026-11-30
    30-nov-26 → 2026-11-30
    30nov → 2026-11-30
    ma 30 nov → 2026-11-30
    maandag 30 november 2026 → 2026-11-30
    ma. 30 nov. → 2026-11-30
    ma 30-11 → 2026-11-30
    MAANDAG 30 NOVEMBER → 2026-11-30
    5 januari → 2027-01-05
    24 november → 2027-11-24
    25 november → 2026-11-25
    24 november 2026 → 2026-11-24
    29 februari 2028 → 2028-02-29
    de 15e → 2026-12-15
    de 30ste → 2026-11-30
    de 31e → 2026-12-31
    de vijfde → 2026-12-05
    eerste dinsdag van de maand → 2026-12-01
    laatste vrijdag van de maand → 2026-11-27
    1e dinsdag v/d maand → 2026-12-01
    eerste maandag van maart → 2027-03-01
    tweede donderdag in januari 2028 → 2028-01-13
    eerste woensdag van volgende maand → 2026-12-02
    eind januari → 2027-01-31
    begin maart → 2027-03-01
    half februari → 2027-02-15
    medio februari → 2027-02-15
    eind november → 2026-11-30
    begin november → 2027-11-01
    eind van de maand → 2026-11-30
    begin van de maand → 2026-12-01
    eind volgende week → 2026-12-04
    begin volgende week → 2026-11-30
    1e kerstdag → 2026-12-25
    eerste kerstdag → 2026-12-25
    tweede kerstdag → 2026-12-26
    kerst → 2026-12-25
    tweede paasdag → 2027-03-29
    paasmaandag → 2027-03-29
    pasen → 2027-03-28
    goede vrijdag → 2027-03-26
    hemelvaart → 2027-05-06
    hemelvaartsdag 2028 → 2028-05-25
    eerste pinksterdag → 2027-05-16
    koningsdag → 2027-04-27
    bevrijdingsdag → 2027-05-05
    nieuwjaarsdag → 2027-01-01
    oudjaar → 2026-12-31
    sinterklaas → 2026-12-05
    na de vakantie → 2027-01-04
    na de kerstvakantie → 2027-01-04
"""

TIMES = """
    10.00 → 10:00
    10:00 → 10:00
    10.00 uur → 10:00
    9.30 → 09:30
    09:30 → 09:30
    10u → 10:00
    10u30 → 10:30
    10.30u → 10:30
    10h30 → 10:30
    10 uur 30 → 10:30
    om 10 → 10:00
    om 10 uur → 10:00
    tien uur → 10:00
    10:00:00 → 10:00
    half tien → 09:30
    half 10 → 09:30
    om half tien → 09:30
    kwart over 3 → 15:15
    kwart voor vier → 15:45
    kwart over negen → 09:15
    5 voor half 4 → 15:25
    vijf over half 4 → 15:35
    10 over 3 → 15:10
    tien voor twee → 13:50
    20 minuten over 3 → 15:20
    3 uur → 15:00
    6 uur → 18:00
    half zeven → 18:30
    7 uur → 07:00 | 19:00
    8 uur → 08:00 | 20:00
    half acht → 07:30 | 19:30
    half negen → 08:30 | 20:30
    9 uur → 09:00
    12 uur → 12:00
    half een → 12:30
    kwart voor een → 12:45
    een uur → 13:00
    15 uur → 15:00
    8:30 → 08:30
    8.00 → 08:00
    08 uur → 08:00
    3.30 → 15:30
    03.30 → 03:30
    0:30 → 00:30
    10.11 → 10:11
    's ochtends om 9 → 09:00
    9 uur 's ochtends → 09:00
    ’s morgens 8 uur → 08:00
    smorgens 8 uur → 08:00
    12 uur 's middags → 12:00
    's middags 3 uur → 15:00
    's avonds half acht → 19:30
    8 uur 's avonds → 20:00
    20 uur 's avonds → 20:00
    half een 's nachts → 00:30
    10-11 uur → 10:00-11:00
    10 - 11 uur → 10:00-11:00
    10–11 uur → 10:00-11:00
    10.00 tot 11.00 → 10:00-11:00
    10.00 tot 11.00 uur → 10:00-11:00
    10:00-11:30 → 10:00-11:30
    10u-11u → 10:00-11:00
    van 10 tot 11 → 10:00-11:00
    van 10 tot half 12 → 10:00-11:30
    vanaf 10 tot 11 uur → 10:00-11:00
    tussen 10 en 11 → 10:00-11:00
    van 3 tot 5 → 15:00-17:00
    11.30 tot 1 → 11:30-13:00
    van 8 tot 10 → 08:00-10:00 | 20:00-22:00
    19.30-21 uur → 19:30-21:00
    half 8 tot 9 's avonds → 19:30-21:00
    van 1 tot 3 uur 's middags → 13:00-15:00
    20.00 tot 24.00 uur → 20:00-00:00
    22.00 tot 01.00 → 22:00-01:00
"""

BOTH = """
    ma 30 nov 9u → 2026-11-30 09:00
    30/11/2026 9:30 → 2026-11-30 09:30
    2026-11-30T09:30 → 2026-11-30 09:30
    2026-11-30 09:30 → 2026-11-30 09:30
    morgen om half tien → 2026-11-26 09:30
    morgen, 10.00 uur → 2026-11-26 10:00
    Morgen, donderdag 26 november, 10.00 uur → 2026-11-26 10:00
    vanmiddag 3 uur → 2026-11-25 15:00
    vanmiddag om half drie → 2026-11-25 14:30
    vanavond 8 uur → 2026-11-25 20:00
    morgenochtend 9 uur → 2026-11-26 09:00
    morgenavond om 8 → 2026-11-26 20:00
    morgenmiddag → 2026-11-26
    dinsdagochtend 10 uur → 2026-12-01 10:00
    dinsdagmorgen 10 uur → 2026-12-01 10:00
    dinsdag morgen 10 uur → 2026-12-01 10:00
    dinsdagavond 19:30-21:00 → 2026-12-01 19:30-21:00
    vanmiddag van 1 tot 3 → 2026-11-25 13:00-15:00
    vanmiddag van 4 tot 7 → 2026-11-25 16:00-19:00
    dinsdag 10-11 uur → 2026-12-01 10:00-11:00
    30-11 10-11 uur → 2026-11-30 10:00-11:00
    om 10 uur op dinsdag → 2026-12-01 10:00
    10 uur 30 november → 2026-11-30 10:00
    10 uur 30-11 → 2026-11-30 10:00
    maandag 30 nov - 10 uur → 2026-11-30 10:00
    donderdag 19 november 2026 15.00 → 2026-11-19 15:00
    di 19 jan 10.00 → 2027-01-19 10:00
    eerste dinsdag van de maand om 9 uur → 2026-12-01 09:00
    vandaag 8 uur → 2026-11-25 20:00
    vandaag 9 uur → 2026-11-25 09:00
    woensdag 10 uur → 2026-12-02 10:00
    woensdag 12 uur → 2026-11-25 12:00 | 2026-12-02 12:00
    over 2 uur → 2026-11-25 13:00
    over een half uur → 2026-11-25 11:30
    over een kwartier → 2026-11-25 11:15
    over 20 minuten → 2026-11-25 11:20
    dinsdag 24.00 uur → 2026-12-02 00:00
    dinsdag 12 uur 's avonds → 2026-12-02 00:00
    dinsdag 22.00 tot 01.00 → 2026-12-01..2026-12-02 22:00-01:00
    di 1 dec 22.00 uur tot wo 2 dec 10.00 uur → 2026-12-01..2026-12-02 22:00-10:00
"""

STRETCHES = """
    deze week → 2026-11-25..2026-11-29
    volgende week → 2026-11-30..2026-12-06
    week 3 → 2027-01-18..2027-01-24
    week 48 → 2026-11-23..2026-11-29
    wk 53 → 2026-12-28..2027-01-03
    dinsdag week 3 → 2027-01-19
    dit weekend → 2026-11-28..2026-11-29
    volgend weekend → 2026-11-28..2026-11-29 | 2026-12-05..2026-12-06
    deze maand → 2026-11-25..2026-11-30
    volgende maand → 2026-12-01..2026-12-31
    november → 2026-11-25..2026-11-30
    januari → 2027-01-01..2027-01-31
    februari 2028 → 2028-02-01..2028-02-29
    18 t/m 22 januari → 2027-01-18..2027-01-22
    18-22 januari → 2027-01-18..2027-01-22
    van 18 tot 22 januari → 2027-01-18..2027-01-21
    vanaf 4 tot 8 januari → 2027-01-04..2027-01-07
    ma 18 t/m vr 22 jan → 2027-01-18..2027-01-22
    18 december tot en met 11 januari → 2026-12-18..2027-01-11
    18 dec 2026 - 11 jan 2027 → 2026-12-18..2027-01-11
    maandag t/m woensdag → 2026-11-30..2026-12-02
    t/m zondag → tot en met 2026-11-29
    tot en met zondag → tot en met 2026-11-29
    tot 4 januari → tot 2027-01-04
    tot maandag → tot 2026-11-30
    tot na de kerstvakantie → tot 2027-01-04
    t/m 3 januari → tot en met 2027-01-03
    tot en met volgende week → tot en met 2026-12-06
    tot volgende week → tot 2026-11-30
    tot januari → tot 2027-01-01
    tot en met januari → tot en met 2027-01-31
    vanaf volgende week → vanaf 2026-11-30
    vanaf 4 januari → vanaf 2027-01-04
    tot morgen 9.30 uur → tot 2026-11-26 09:30
    tot 12 uur → tot 12:00
"""

MISSPELT = """
    woensdg 2 december → 2026-12-02
    woendsag 2 december → 2026-12-02
    dinsag → 2026-12-01
    donderag → 2026-11-26
    zateradg → 2026-11-28
    mandag → 2026-11-30
    vrydag → 2026-11-27
    5 februarie → 2027-02-05
    5 janurai → 2027-01-05
    5 sepember → 2027-09-05
    5 desember → 2026-12-05
    5 otkober → 2027-10-05
    5 octobre → 2027-10-05
    5 aprill → 2027-04-05
    5 junni → 2027-06-05
    5 junli → UNKNOWN
    5 kaart → UNKNOWN
    5 jnui → UNKNOWN
    overmrogen → 2026-11-27
    vollgende week dinsdag → 2026-12-01
    anstaande vrijdag → 2026-11-27
    over twee werken → UNKNOWN
    zorgen → UNKNOWN
"""

REFUSED = """
    31 februari → NO_SUCH_DAY: 2027-02-28 | 2027-03-03
    31-02-2027 → NO_SUCH_DAY: 2027-02-28 | 2027-03-03
    tot 31 februari → NO_SUCH_DAY: 2027-02-28 | 2027-03-03
    31 februari 2028 → NO_SUCH_DAY: 2028-02-29 | 2028-03-02
    30 februari → NO_SUCH_DAY: 2027-02-28 | 2027-03-02
    29 februari → NO_SUCH_DAY: 2027-02-28 | 2027-03-01
    31 april → NO_SUCH_DAY: 2027-04-30 | 2027-05-01
    31 november → NO_SUCH_DAY: 2026-11-30 | 2026-12-01
    32 maart → NO_SUCH_DAY
    0 maart → NO_SUCH_DAY
    12-13 → NO_SUCH_DAY
    2026-13-01 → NO_SUCH_DAY
    de 32e → NO_SUCH_DAY
    week 54 → NO_SUCH_DAY
    week 53 2027 → NO_SUCH_DAY
    vijfde maandag van februari → NO_SUCH_DAY
    25 uur → NO_SUCH_TIME
    25:00 → NO_SUCH_TIME
    10:75 → NO_SUCH_TIME
    24.30 → NO_SUCH_TIME
    kwart over 25 → NO_SUCH_TIME
    15 uur 's ochtends → NO_SUCH_TIME
    11 uur 's middags → NO_SUCH_TIME
    28 maart 2027 02:30 → NO_SUCH_TIME: 2027-03-28 03:30
    28 maart 2027 02:00 tot 05:00 → NO_SUCH_TIME: 2027-03-28 03:00
    di 30 nov → CONTRADICTION: 2026-11-30 | 2026-12-01
    zondag 30 november → CONTRADICTION: 2026-11-30 | 2026-11-29
    maandag 30 november 2027 → CONTRADICTION: 2027-11-30 | 2027-11-29
    di 18 t/m vr 22 januari → CONTRADICTION: 2027-01-18 | 2027-01-19
    morgen dinsdag → CONTRADICTION: 2026-11-26 | 2026-11-24
    morgen 8 december → TOO_MUCH
    maandag dinsdag → TOO_MUCH
    10 uur 11 uur → TOO_MUCH
    1 dec t/m 3 dec t/m 5 dec → TOO_MUCH
    tot 10-11 uur → TOO_MUCH
    volgende week 10 uur → WHICH_DAY
    dinsdag in januari → WHICH_DAY
    10.00 tot 9.00 uur → BACKWARDS
    van 10 tot 9.30 → BACKWARDS
    22 t/m 18 januari → BACKWARDS
    11 jan 2027 t/m 18 dec 2026 → BACKWARDS
    over 900 jaar → TOO_FAR
    1 januari 1999 → TOO_FAR
    1-1-2101 → TOO_FAR
    na de zomervakantie → WHICH_REGION
    in de op → UNKNOWN
    tot → UNKNOWN
    - → UNKNOWN
    dinsdag tot → UNKNOWN
    7 → UNKNOWN
    om de week → UNKNOWN
    next friday → UNKNOWN
    eerste dinsdag → UNKNOWN
    ik kan niet op dinsdag → UNKNOWN
    dinsdag of donderdag → UNKNOWN
    📅 → UNKNOWN
    📅 1 dec → UNKNOWN
    ² → UNKNOWN
    ² december → UNKNOWN
    1² december → UNKNOWN
    ½ → UNKNOWN
    ٣ ديسمبر → UNKNOWN
    ١٠:٠٠ → UNKNOWN
    ３０-１１ → UNKNOWN
    三月五日 → UNKNOWN
    1--2 → UNKNOWN
    1/2/3/4 → UNKNOWN
    %s {0} <b>1 dec</b> → UNKNOWN
    '; drop table meetings; -- → UNKNOWN
"""


@pytest.mark.parametrize(
    ("typed", "meant"), [row for text in (DAYS, TIMES, BOTH, STRETCHES, MISSPELT, REFUSED) for row in table(text)]
)
def test_what_people_type_is_understood_or_refused_with_a_reason(typed: str, meant: str) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize(
    ("now", "typed", "meant"),
    [
        ("2026-12-09 12:10", "pauze", "UNKNOWN"),
        ("2026-12-09 12:10", "tot 4 januari", "tot 2027-01-04"),  # script 7
        ("2026-12-11 11:25", "tot 11 januari", "tot 2027-01-11"),  # script 10
        ("2027-01-11 11:00", "16-02-2027", "2027-02-16"),  # script 8
        ("2027-01-25 13:00", "2 februari, 10.00 uur", "2027-02-02 10:00"),
        ("2026-12-31 23:59", "5 januari", "2027-01-05"),
        ("2026-12-31 23:59", "morgen", "2027-01-01"),
        ("2027-01-01 00:10", "vandaag", "2027-01-01"),
        ("2027-01-31 10:00", "over een maand", "2027-02-28"),
        ("2027-02-01 10:00", "de 30e", "2027-03-30"),
        ("2026-11-24 11:00", "dinsdag", "2026-11-24 | 2026-12-01"),
        ("2026-11-24 11:00", "dinsdag 10 uur", "2026-12-01 10:00"),
        ("2026-11-27 11:00", "aanstaande vrijdag", "2026-12-04"),
        ("2026-11-27 11:00", "vrijdag over een week", "2026-12-04"),
        ("2026-11-27 11:00", "volgende vrijdag", "2026-12-04"),
        ("2026-11-29 11:00", "volgende week dinsdag", "2026-12-01"),  # a Sunday: the week begins tomorrow
        ("2026-11-29 11:00", "dit weekend", "2026-11-29"),
        ("2026-11-28 11:00", "volgend weekend", "2026-12-05..2026-12-06"),
        ("2026-12-27 11:00", "eerste kerstdag", "2027-12-25"),
        ("2026-12-02 11:00", "eerste dinsdag van de maand", "2027-01-05"),
        ("2027-01-04 11:00", "week 53", "NO_SUCH_DAY"),
        ("2027-01-01 11:00", "week 53", "2026-12-28..2027-01-03"),
        ("2028-02-01 11:00", "29 februari", "2028-02-29"),
        ("2026-10-25 01:00", "over 2 uur", "2026-10-25 02:00"),  # the hour that is there twice
        ("2027-03-28 01:30", "over een uur", "2027-03-28 03:30"),
    ],
)
def test_it_depends_on_the_day_it_is_typed(now: str, typed: str, meant: str) -> None:
    moment = datetime.fromisoformat(now)
    assert read(typed, at_local(moment.date(), moment.time())) == meant


@pytest.mark.parametrize(
    ("region", "now", "typed", "meant"),
    [
        (None, date(2026, 12, 9), "tot na de vakantie", "tot 2027-01-04"),
        (None, date(2027, 1, 11), "na de vakantie", "WHICH_REGION"),
        ("Zuid", date(2027, 1, 11), "na de vakantie", "2027-02-22"),
        ("Midden", date(2027, 1, 11), "na de vakantie", "2027-03-01"),
        ("Midden", date(2027, 1, 11), "na de krokusvakantie", "2027-03-01"),
        ("Noord", date(2027, 1, 11), "na de zomervakantie", "2027-08-23"),
        ("Noord", date(2029, 10, 1), "na de vakantie", "HOLIDAY_UNKNOWN"),
        (None, date(2029, 10, 1), "na de vakantie", "HOLIDAY_UNKNOWN"),
    ],
)
def test_after_the_holiday_needs_the_region(region: Region | None, now: date, typed: str, meant: str) -> None:
    assert read(typed, at_local(now, time(11)), region) == meant


@pytest.mark.parametrize("typed", ["", " ", "\n\t", "\u200b", "'", "?!"])
def test_nothing_is_nothing(typed: str) -> None:
    assert read(typed) == "NOTHING"


@pytest.mark.parametrize("typed", ["a" * 5000, "1" * 5000, "dinsdag " * 1000, "𝟙" * 101, "-" * 101, "٣" * 5000])
def test_a_story_is_too_long(typed: str) -> None:
    assert read(typed) == "TOO_LONG"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("31 februari", "31 februari bestaat niet. Bedoel je zondag 28 februari of woensdag 3 maart?"),
        ("29 februari", "29 februari bestaat niet in 2027. Bedoel je zondag 28 februari of maandag 1 maart?"),
        ("32 maart", "32 maart bestaat niet."),
        ("25 uur", "25 uur bestaat niet. Een dag heeft 24 uur. Typ bijvoorbeeld 15.30 uur."),
        ("di 30 nov", "30 november 2026 is een maandag. Bedoel je maandag 30 november of dinsdag 1 december?"),
        (
            "28 maart 2027 02:30",
            "02.30 uur bestaat niet op zondag 28 maart: dan gaat de klok een uur vooruit. Bedoel je 03.30 uur?",
        ),
        ("10.00 tot 9.00", "9.00 uur is vóór 10.00 uur. Een einde komt na het begin."),
        ("blub", "Dat snap ik niet als datum. Typ bijvoorbeeld 19 januari, of morgen om 10.00 uur."),
        ("na de zomervakantie", "De vakantie is niet overal tegelijk. In welke regio is het: Noord, Midden of Zuid?"),
    ],
)
def test_what_is_wrong_is_said_in_dutch(typed: str, sentence: str) -> None:
    with pytest.raises(NotADate) as caught:
        read_when(typed, NOW)
    assert str(caught.value) == sentence


def test_every_problem_has_its_example() -> None:
    found = {meant.split(":")[0] for _, meant in table(REFUSED)} | {"NOTHING", "TOO_LONG", "HOLIDAY_UNKNOWN"}
    assert {problem.name for problem in Problem} == found


def test_a_pause_ends_on_the_day_after_it() -> None:
    for typed in ("tot 4 januari", "t/m 3 januari", "t/m zondag 3 januari 2027", "van 27 november t/m 3 januari"):
        assert [when.over_on for when in read_when(typed, NOW)] == [date(2027, 1, 4)]
    assert read_when("10 uur", NOW)[0].over_on is None


def test_now_knows_its_zone() -> None:
    with pytest.raises(ValueError, match="does not know its zone"):
        read_when("morgen", datetime(2026, 11, 25, 11))  # noqa: DTZ001  # that is the mistake


# What we write, we read back

DAY = st.dates(date(2024, 1, 1), date(2042, 12, 31))
CLOCK = st.builds(time, st.integers(0, 23), st.integers(0, 59))
LATER = st.integers(1, 500).map(lambda days: timedelta(days=days))
TODAYS = st.dates(date(2026, 1, 1), date(2040, 12, 31))


@st.composite
def whens(draw: st.DrawFn) -> When:
    """Everything that `read_when` can give."""
    day, start, end = draw(st.none() | DAY), draw(st.none() | CLOCK), draw(st.none() | CLOCK)
    if day is None and start is None:
        start = draw(CLOCK)
    if start is None:
        end = None
    bound = draw(st.sampled_from([None, *Bound])) if end is None else None
    last = (
        day + draw(LATER)
        if day and bound is None and (end is not None or start is None) and draw(st.booleans())
        else None
    )
    if end is not None and start is not None and last is None and end <= start:
        if day is None:
            start, end = (end, start) if end < start else (time(9), time(10))
        else:
            last = day + timedelta(days=1)
    return When(day, start, end, last, bound)


def really(when: When) -> bool:
    """Whether its times are on the clock, and only once."""
    ends = [(when.day, when.start), (when.last or when.day, when.end)]
    return all(exists(day, at) and not happens_twice(day, at) for day, at in ends if day and at is not None)


@settings(max_examples=40, deadline=None)
@given(whens().filter(really), TODAYS, st.booleans())
def test_what_is_written_is_read_back(when: When, today: date, obvious: bool) -> None:
    text = written(when, today if obvious else None)
    assert read_when(text, at_local(today, time())) == (when,), text


@settings(max_examples=40, deadline=None)
@given(TODAYS, st.integers(-400, 400), CLOCK)
def test_every_form_of_a_day_and_a_moment_is_read_back(today: date, days: int, at: time) -> None:
    now, day = at_local(today, time()), today + timedelta(days=days)
    for text in (long_day(day), long_day(day, today), near_day(day, today), short_day(day), short_day(day, today)):
        assert read_when(text, now) == (When(day),), text
    assert read_when(clock(at), now) == (When(start=at),)
    if exists(day, at) and not happens_twice(day, at):
        moment = at_local(day, at)
        for text in (long_moment(moment), long_moment(moment, today), near_moment(moment, today)):
            assert read_when(text, now) == (When(day, at),), text
        for text in (short_moment(moment), short_moment(moment, today)):
            assert read_when(text, now) == (When(day, at),), text


@settings(max_examples=40, deadline=None)
@given(TODAYS, st.integers(-400, 400), st.integers(0, 400), st.timedeltas(timedelta(minutes=1), timedelta(days=2)))
def test_every_form_of_a_stretch_is_read_back(today: date, days: int, length: int, lasting: timedelta) -> None:
    now, first = at_local(today, time()), today + timedelta(days=days)
    last = first + timedelta(days=length)
    for text in (day_span(first, last), day_span(first, last, today)):
        assert read_when(text, now) == (When(first, last=last if last != first else None),), text
    start = at_local(first, time(10))
    end = (start + lasting).replace(second=0, microsecond=0)
    ends_on, ends_at = local_day(end), local(end).time()
    if end > start and not happens_twice(ends_on, ends_at):
        for text in (long_span(start, end), long_span(start, end, today)):
            assert read_when(text, now) == (When(first, time(10), ends_at, ends_on if ends_on != first else None),), (
                text
            )
        if ends_on == first:
            assert read_when(clock_span(time(10), ends_at), now) == (When(None, time(10), ends_at),)


# Whatever is typed

WORDS = (
    "dinsdag ma maart mei volgende week over twee weken morgen om half tien kwart voor 3 10.00 30-11 t/m tot vanaf van "
    "de e laatste eerste weekend na vakantie kerst 's avonds ochtend uur u - / : . 31 0 99 2027 '26 en eind begin jaar "
    "maand dag kwartier minuten 24 12 tussen koningsdag pasen week 53 februari 29 gisteren komende deze"
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split()), max_size=9).map(" ".join), TODAYS, st.sampled_from([None, "Noord"]))
@example("over 999 jaar 24 uur", date(2026, 1, 1), None)
@example("tot - tot tot", date(2026, 1, 1), None)
def test_any_words_are_a_date_or_refused_with_a_sentence(text: str, today: date, region: Region | None) -> None:
    try:
        readings = read_when(text, at_local(today, time(12)), region)
    except NotADate as problem:
        assert str(problem).endswith((".", "?"))
        assert len(problem.offers) <= 2
        for offer in problem.offers:
            assert read_when(written(offer), at_local(today, time(12))) == (offer,)
        return
    assert 1 <= len(readings) == len(set(readings)) <= 8
    for when in readings:
        assert when.day or when.start is not None
        assert not when.day or 2000 <= when.day.year <= 2100
        assert not (when.day and when.last) or when.day <= when.last
        if really(when):
            assert read_when(written(when), at_local(today, time(12))) == (when,)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120) | st.text("0123456789-/:. ", max_size=20))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    try:
        assert read_when(text, NOW)
    except NotADate as problem:
        assert str(problem)


@settings(max_examples=40, deadline=None)
@given(TODAYS, st.sampled_from(range(7)), st.integers(1, 20))
def test_weeks_are_counted_from_monday(today: date, weekday: int, weeks: int) -> None:
    now, name = at_local(today, time(12)), WEEKDAYS[weekday]
    monday = today - timedelta(days=today.weekday())
    assert read_when(f"volgende week {name}", now) == (When(monday + timedelta(days=7 + weekday)),)
    assert read_when(f"over {weeks} weken op {name}", now) == (When(monday + timedelta(days=7 * weeks + weekday)),)
    assert read_when(f"over {weeks} weken", now) == (When(today + timedelta(days=7 * weeks)),)
    coming = read_when(f"aanstaande {name}", now)[0].day
    assert coming
    assert 0 < (coming - today).days <= 7
    assert coming.weekday() == weekday


@pytest.mark.parametrize(("year", "month"), list(product(range(2026, 2041), (3, 10))))
def test_the_nights_when_the_clock_changes(year: int, month: int) -> None:
    end = date(year, month, 31)
    night = end - timedelta(days=(end.weekday() - 6) % 7)
    now = at_local(date(year, 1, 1), time(12))
    assert read_when(f"{long_day(night)} 01:30", now) == (When(night, time(1, 30)),)
    if month == 3:
        assert read(f"{long_day(night)} 02:30", now) == f"NO_SUCH_TIME: {night} 03:30"
    else:  # twice: the wall clock says nothing of which, `at_local` takes the first
        assert read_when(f"{long_day(night)} 02:30", now) == (When(night, time(2, 30)),)
        assert at_local(night, time(2, 30)) == datetime(year, 10, night.day, 0, 30, tzinfo=UTC)
