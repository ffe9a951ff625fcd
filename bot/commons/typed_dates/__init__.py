"""Dates and times as people type them: "volgende week dinsdag", "ma 30 nov 9u", "over twee weken", "morgen om half 10".

`read_when` gives all that a text can mean, likeliest first: mostly one reading, two when the bot has to ask. What it
cannot read is NotADate, with a sentence for who typed it and, where there are, days to choose from. Every word must be
understood: nothing is left out in silence. Nothing else is ever raised.

What was decided:

* **Coming.** A day without a year is the first one from today on ("5 januari" in December is next year's). Only
  "gisteren", "vorige …", "deze week …" and a year of its own lead back; so can a time today. Whether what is over is
  welcome, the caller knows.
* **Weeks begin on Monday.** "volgende week dinsdag" is the Tuesday of next week. "volgende vrijdag" is the first coming
  one to some people and next week's to others: two readings where they differ; so have "dinsdag over een week",
  "volgend weekend", and a bare "dinsdag" on a Tuesday. "aanstaande", "komende" and "a.s." are the first after today.
* **Hours.** A spoken hour ("3 uur", "half vier", "kwart over 3") before seven is in the afternoon; from seven to nine
  it can be morning or evening, two readings; from nine to twelve it is the morning. Figures ("9:30", "10.00", "10u30")
  are what they say, only that 1 to 6 without a nought ("3.30") is the afternoon too. "'s ochtends" and the like go
  before all this. A part of a day without an hour ("dinsdagmiddag") is only the day. What is over today gives way to a
  reading that is not.
* **The clock changes.** 02.30 on the night in March is refused with an offer of 03.30; in the night in October it is
  there twice, and `moments.at_local` takes the first.
* **A stretch.** "volgende week", "maart", "dit weekend", "18 t/m 22 januari" have a first and a last day. "begin",
  "half" and "eind maart" are its 1st, 15th and last. 10.11 is a time, 10-11 a day, "10-11 uur" are hours.
* **tot** leaves the day out, **t/m** keeps it: `When.bound`.
* **Typing errors** of days, months and the longer of the other words are repaired: one letter, two in words from eight
  letters, when only one word is that near and it begins alike. Numbers never are.
* "31 februari" offers 28 February and 3 March: the end of the month, and as far past it as was typed.
* "na de vakantie" needs the region, unless all three give the same day (Christmas).

Left out: English, "vannacht", whole sentences, "de week van …", "om de week", series.
"""

from bot.commons.typed_dates.reading import read_when
from bot.commons.typed_dates.when import Bound, NotADate, Problem, When, written

__all__ = ["Bound", "NotADate", "Problem", "When", "read_when", "written"]
