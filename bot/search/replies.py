"""What search answers, in words: lists, nothing found, which place. All pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from bot.chat import Button, Reply, Section
from bot.commons.places import Place
from bot.search.asides import Contact, reach, refused, small_talk
from bot.search.cards import View, in_words, item, label, reasons, spoken
from bot.search.catalogue import Cost, Offer
from bot.search.query import Query, describe
from bot.search.ranking import Answer, Group, Match

__all__ = [
    "Shown",
    "Ways",
    "alone",
    "laid_out",
    "link_to",
    "numbered",
    "page_of",
    "shared",
]

ABOUT = "gaat over "
"""How a reason begins that is a subject."""
PAGE = 5
"""Programmes on a page: what fits on a phone beside the buttons."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How to go on when nothing was found, and what was found out on the way."""

    buttons: Sequence[Button] = ()
    nowhere: bool = False
    """Whether the whole country has nothing of the kind either."""


Numbered = Sequence[tuple[int, Match]]


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as it stands in a list that was kept: the same numbers on every page and every day."""

    answer: Answer
    token: str
    main: Numbered
    """The matches that are still there, with the numbers they were first shown with."""
    related: Numbered
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.main) // PAGE))


def numbered(answer: Answer, token: str = "") -> Shown:
    """The answer with its numbers, as it is shown for the first time."""
    main = [(number, match) for number, match in enumerate(answer.matches, 1) if match.group is not Group.RELATED]
    related = [(number, match) for number, match in enumerate(answer.matches, 1) if match.group is Group.RELATED]
    return Shown(answer, token, main, related, answer.total)


def alone(answer: Answer, view: View, contact: Contact) -> Reply:
    """The reply to a question on its own, without a chat around it or a list that is kept."""
    if answer.outcome == "refused":
        return refused(())
    if answer.outcome == "not_a_search":
        return small_talk(answer.query.small_talk)
    return page_of(numbered(answer), 1, view, contact, Ways())


def page_of(shown: Shown, page: int, view: View, contact: Contact, ways: Ways) -> Reply:
    """One page of an answer, whatever came out of it; `ways` are the ways on when nothing did."""
    if shown.answer.query.readings:
        return which_place(shown, view)
    return listing(shown, page, view) if shown.main else nothing(shown, ways, view, contact)


# Lists


def listing(shown: Shown, page: int, view: View) -> Reply:
    """One page of a list, with what was understood above it."""
    answer, query = shown.answer, shown.answer.query
    page = min(max(page, 1), shown.pages)
    here = shown.main[(page - 1) * PAGE : page * PAGE]
    related = shown.related if page == shown.pages else []
    notes = [*_explained(query, view), *_widened(answer, view), *_place_note(shown, view)]
    intro = [_count(shown), *notes] if page == 1 else []
    unchecked = all(match.offer.checked_on is None for _, match in shown.main)
    if unchecked and page == 1:
        intro.append("Niemand heeft deze gegevens nog gecontroleerd.")
    if same := _in_common(here):
        intro = [*(intro or [""]), same]
    span = f"{here[0][0]}-{here[-1][0]} van {shown.total}." if here else ""
    first, *rest = intro or [""]
    return Reply(
        text="\n".join(filter(None, (first, f"{searched_for(query, view)} {span}", *rest))),
        sections=_sections(here, related, query, view, mention_unchecked=not unchecked, mention_why=not same),
        footer="\n".join(filter(None, ("Kies een nummer voor meer over een programma.", label(view.catalogue)))),
        buttons=(
            *(Button(str(number), str(number), shown.token) for number, _ in (*here, *related)),
            *_page_buttons(shown, page),
            Button("Filter", "filter", shown.token),
            *place_buttons(query, shown.token, view),
            Button("Menu", "menu"),
        ),
        link=link_to(shown.token) if shown.token else "",
    )


def link_to(token: str) -> str:
    """How the list is called in links to the bot."""
    return f"l_{token}"


def shared(reply: Reply, name: str, offer: Offer | None, view: View) -> Reply:
    """A list or a programme as everybody in a channel gets to see it, with who shows it."""
    count, _, text = reply.text.partition("\n")
    programmes = count.removeprefix("Ik vond ")
    what = "een programma" if offer else programmes.rstrip(".") if programmes != count else "aanbod"
    said = f"{name} deelt {what}.\n{reply.text if offer else text}"
    # Without "Kies een nummer": what somebody copies to send it on has no buttons.
    return replace(reply, text=said, footer=label(view.catalogue), link="", replace=False)


def laid_out(query: Query, view: View) -> str:
    """What somebody sees who came in by a sign on a wall: "Ik liet alvast aanbod zien: VO · Utrecht."."""
    return f"Hieronder staat alvast aanbod: {' · '.join(describe(query, view.lexicon))}. Iets anders? Typ het gewoon."


def searched_for(query: Query, view: View) -> str:
    """For example "Gezocht op: debat · voortgezet onderwijs (VO) · Utrecht."."""
    return f"Gezocht op: {' · '.join(describe(query, view.lexicon)) or 'alles'}."


def _count(shown: Shown) -> str:
    """How many were found; honest when none of them is really about what was asked."""
    if shown.main and all("minder goed" in match.apart for _, match in shown.main):
        these = "Dit programma heeft" if shown.total == 1 else f"Deze {shown.total} hebben"
        return f"Ik vond niets dat helemaal past. {these} er wel iets mee te maken."
    return "Ik vond 1 programma." if shown.total == 1 else f"Ik vond {shown.total} programma's."


def _explained(query: Query, view: View) -> list[str]:
    """What was read differently from how it was typed, and what was kept of the question before."""
    notes = []
    if query.repairs:
        notes.append(f"Ik las {in_words(f'‘{typed}’ als ‘{read}’' for typed, read in query.repairs)}.")
    if query.places and "places" in query.inherited:
        notes.append(f"Ik zoek nog steeds in {place_name(query, view)}.")
    if query.cost is Cost.FREE:
        notes.append("Soms weet ik de kosten niet. Die programma's staan achteraan.")
    if query.sectors and "sectors" in query.inherited:
        schools = query.grades or [view.lexicon.vocabulary.sectors[sector] for sector in query.sectors]
        notes.append(f"Ik zoek nog steeds voor: {in_words(schools)}.")
    return notes


def _place_note(shown: Shown, view: View) -> list[str]:
    """That there is nothing in the place itself, when all there is comes to every school."""
    name = place_name(shown.answer.query, view)
    if not name or shown.answer.widened or any(match.group is not Group.NATIONWIDE for _, match in shown.main):
        return []
    these = "Dit programma komt" if shown.total == 1 else f"Deze {shown.total} komen"
    return [f"In {name} zelf vond ik niets dat past. {these} in heel Nederland, dus ook daar."]


def _widened(answer: Answer, view: View) -> list[str]:
    """What was asked and does not hold for this list."""
    notes = []
    if "setting" in answer.widened:
        notes.append(f"Bij {in_words(answer.query.settings)} vond ik niets. Dit past verder wel.")
    if "subject" in answer.widened:
        wanted = in_words(view.lexicon.vocabulary.themes[theme].name for theme in answer.query.themes)
        notes.append(f"Over {wanted} vond ik niets. Dit past verder wel.")
    if "nearby" in answer.widened:
        notes.append(f"In {place_name(answer.query, view)} zelf vond ik niets. Dit is in de buurt.")
    return notes


def _in_common(here: Numbered) -> str:
    """Why all of them are there, when that is the same: said once it is not said for each."""
    why = list({reasons(match.why) for _, match in here})
    if len(here) < 2 or len(why) != 1 or not why[0].startswith(ABOUT):
        return ""
    return f"Ze gaan allemaal over {why[0].removeprefix(ABOUT)}."


def _sections(
    here: Numbered, related: Numbered, query: Query, view: View, *,
    mention_unchecked: bool, mention_why: bool = True
) -> tuple[Section, ...]:  # fmt: skip
    """The matches in a row as sections: where they are, and why some come after the others.

    `mention_why` says it for each of `here`; for what is only related it is always said.
    """
    places = asked_places(query, view)
    groups, sections = {match.group for _, match in here}, []
    for (group, apart), run in groupby((*here, *related), key=lambda shown: (shown[1].group, shown[1].apart)):
        cards = tuple(
            item(
                match.offer,
                number,
                match.why if mention_why or group is Group.RELATED else (),
                places,
                view,
                mention_unchecked=mention_unchecked,
            )
            for number, match in run
        )
        alone = len(groups) == 1 and group in (Group.IN_PLACE, Group.NATIONWIDE)
        where = "" if alone else heading(group, query, view)
        sections.append(Section(f"{where}, {apart}" if where and apart else where or apart.capitalize(), cards))
    return tuple(sections)


def heading(group: Group, query: Query, view: View) -> str:
    name = place_name(query, view) or ambiguous_name(query, view)
    return {
        Group.IN_PLACE: f"In {name}" if name else "Deze passen",
        Group.NATIONWIDE: f"In heel Nederland, dus ook in {name}" if name else "In heel Nederland",
        Group.NEARBY: f"In de buurt van {name}" if name else "In de buurt",
        Group.RELATED: "Misschien ook iets",
    }[group]


def _page_buttons(shown: Shown, page: int) -> list[Button]:
    # The page stands in the text, so that tapping twice shows the same page twice.
    buttons = []
    if page > 1:
        buttons.append(Button(f"Vorige {PAGE}", f"bladzijde {page - 1}", shown.token))
    if page < shown.pages:
        following = len(shown.main[page * PAGE : (page + 1) * PAGE])
        buttons.append(Button(f"Volgende {following}", f"bladzijde {page + 1}", shown.token))
    return buttons


def place_buttons(query: Query, token: str, view: View) -> list[Button]:
    """Ways to look elsewhere: another place, the province of the same name, all schools when one kind was inherited."""
    buttons = []
    places = asked_places(query, view)
    if places:
        buttons.append(Button("Andere plaats", "andere plaats", token))
        if view.gazetteer.namesake(places[0]):
            buttons.append(Button(f"Hele provincie {places[0].name}", "hele provincie", token))
    if query.sectors and "sectors" in query.inherited:
        buttons.append(Button("Alle soorten scholen", "zonder sector", token))
    return buttons


# A place that exists more than once


def which_place(shown: Shown, view: View) -> Reply:
    """Asks which place is meant, above what holds for every one of them."""
    query = shown.answer.query
    readings = [place for place_id in query.readings if (place := view.gazetteer.get(place_id))]
    name = ambiguous_name(query, view)
    times = {2: "twee", 3: "drie", 4: "vier"}.get(len(readings), str(len(readings)))
    here = shown.main[:PAGE]
    question = f"{name} bestaat {times} keer. Welke bedoel je?"
    if here:
        question += f"\nDeze {'passen' if len(here) > 1 else 'past'} bij elke {name}:"
    return Reply(
        text="\n".join(
            (f"Ik zoek op: {' · '.join(describe(query, view.lexicon))}.", *_explained(query, view), question)
        ),
        sections=_sections(here, (), query, view, mention_unchecked=True),
        footer=label(view.catalogue) if here else "",
        buttons=(
            *(Button(name, name, shown.token) for name in map(choice, readings)),
            Button("Plaats maakt niet uit", "plaats maakt niet uit", shown.token),
            *(Button(str(number), str(number), shown.token) for number, _ in here),
        ),
    )


def choice(place: Place) -> str:
    """The place as one would say which is meant: "Bergen in Noord-Holland"."""
    return place.label.replace(" (", " in ").removesuffix(")")


def asked_places(query: Query, view: View) -> list[Place]:
    return [place for place_id in query.places if (place := view.gazetteer.get(place_id))]


def place_name(query: Query, view: View) -> str:
    """The asked place as people read it; empty when none was asked."""
    return " of ".join(map(spoken, asked_places(query, view)))


def ambiguous_name(query: Query, view: View) -> str:
    reading = view.gazetteer.get(query.readings[0]) if query.readings else None
    return reading.name if reading else ""


# Nothing found


def nothing(shown: Shown, ways: Ways, view: View, contact: Contact) -> Reply:
    """What was tried in vain, and ways on; one of them is a person."""
    query = shown.answer.query
    catalogue = view.catalogue
    lines = (
        f"Ik vond niets voor: {' · '.join(describe(query, view.lexicon)) or 'je vraag'}.",
        *_explained(query, view),
        *(["Ook in de rest van Nederland staat het niet in de lijst."] if ways.nowhere else []),
        f"De lijst heeft {len(catalogue.shown)} programma's van {catalogue.organisations} organisaties.",
        reach(contact),
    )
    return Reply(
        text="\n".join(lines),
        sections=_sections((), shown.related, query, view, mention_unchecked=True),
        footer=label(view.catalogue),
        buttons=(
            *(Button(str(number), str(number), shown.token) for number, _ in shown.related),
            *ways.buttons,
            *([Button("Andere plaats", "andere plaats", shown.token)] if query.places else []),
            Button("Nieuwe zoekvraag", "zoek"),
            Button("Vraag een mens", "vraag een mens"),
            Button("Menu", "menu"),
        ),
    )
