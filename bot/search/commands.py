"""What can be asked of search, each a function from Request to Reply.

It decides; memory.py remembers, replies.py and cards.py put it into words.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
import re
import unicodedata

from bot.chat import Button, Form, Reply, Request
from bot.commons.words import fold, is_english
from bot.db import Database
from bot.search import asides, cards, filters, replies
from bot.search.asides import Contact
from bot.search.cards import Reference
from bot.search.catalogue import Offer
from bot.search.gaps import clean_search, gap
from bot.search.memory import Looking, Memory
from bot.search.query import Query, follow
from bot.search.ranking import Search
from bot.search.replies import Shown, Ways

__all__ = ["Contact", "SearchCommands"]

LONGEST_TEXT = 2000
"""Characters that are read: far more than any question, far less than what makes reading slow."""


CORRECTING = re.compile(r"^\W*(nee|sorry|oeps)\b\W*(?=\w)", re.IGNORECASE)
"""How people begin when the bot took the wrong one: "nee noord holland"."""


class SearchCommands:
    """The search feature of one bot. It holds no conversation: any thread or process can answer the next question."""

    def __init__(
        self,
        database: Database,
        current_search: Callable[[], Search],
        contact: Contact,
        secret: bytes,
        now: Callable[[], datetime],
    ) -> None:
        self.contact = contact
        self._search = current_search
        self._memory = Memory(database, current_search, secret, now)

    # --- asking ---

    def ask(self, request: Request) -> Reply:
        """Whatever is no command: the answer to an open question of ours, a title, small talk or a search."""
        if not request.text.strip():
            return asides.small_talk("unclear")
        if _is_smiley(request.text):
            return asides.small_talk("thanks")
        looking = self._memory.look(request)
        if looking.is_lost:
            return asides.old_list()
        answered = None if request.about else self._answer_form(request, looking)
        return answered or self._question(request, looking)

    def _question(self, request: Request, looking: Looking) -> Reply:
        reply = self._answer(request, looking)
        return asides.also_in_english(reply) if is_english(request.text[:LONGEST_TEXT]) else reply

    def _answer(self, request: Request, looking: Looking) -> Reply:
        if chosen := _chosen(request.text, looking):
            return self._find(looking, chosen)
        query = looking.search.understand(CORRECTING.sub("", request.text[:LONGEST_TEXT]))
        if query.kind == "refused":
            return asides.refused(clean_search(request.text[:LONGEST_TEXT], looking.search.vocabulary))
        if query.kind == "not_a_search" or query.is_empty():
            return asides.small_talk(query.small_talk)
        if offer := _called(request.text, query, looking):
            return self._details(looking, offer)
        previous = looking.query
        if previous and (request.about or (request.follows and looking.is_recent())):
            query = follow(previous, query, looking.search.gazetteer)
        # Whoever pressed a button under a list knows what it was about.
        return self._find(looking, replace(query, inherited=frozenset()) if request.about else query, counts=True)

    def search_for(self, request: Request) -> Reply:
        """For "zoek debat": debat, whatever was asked before. "zoek" alone asks what for."""
        text = _rest(request.text)
        if fold(text).startswith("zonder "):  # as the button says it: "Zoek zonder zwemmen"
            return self.without(replace(request, text=text))
        fresh = replace(request, text=text, about="", follows=False)
        return self._question(fresh, self._memory.look(fresh)) if text else self.new_search(request)

    def new_search(self, request: Request) -> Reply:
        return self._ask_back(self._memory.look(replace(request, about="")), asides.what_do_you_seek())

    def _answer_form(self, request: Request, looking: Looking) -> Reply | None:
        """The reply when our question is still open and this text answers it."""
        if not looking.asking:
            return None
        sends, _, about = looking.asking.partition("|")
        answer = replace(request, text=f"{sends} {request.text}", about=about)
        if sends == "melding":
            return self.report(answer)
        if sends == "zoek":
            return self.search_for(answer)
        if sends == "plaats" and _names_place(looking.search.understand(request.text[:LONGEST_TEXT])):
            return self.place(answer)
        return None

    # --- in the list ---

    def more(self, request: Request) -> Reply:
        looking = self._memory.look(request)
        return self._turn(request, looking, looking.page + 1) if _is_step(request) else self._question(request, looking)

    def previous(self, request: Request) -> Reply:
        looking = self._memory.look(request)
        return self._turn(request, looking, looking.page - 1) if _is_step(request) else self._question(request, looking)

    def page(self, request: Request) -> Reply:
        """For "bladzijde 2": always the same page, however often it is pressed."""
        number, looking = _rest(request.text).rstrip(".!? "), self._memory.look(request)
        if not re.fullmatch("[0-9]{1,3}", number):
            return self._question(request, looking)
        return self._turn(request, looking, int(number))

    def _turn(self, request: Request, looking: Looking, page: int) -> Reply:
        if not looking.saved:
            return _no_list(looking)
        shown = looking.shown()
        if page > shown.pages:
            return _way_back("Dit was alles.", looking)
        return self._show(looking, shown, max(page, 1), replaces=bool(request.about))

    def back(self, request: Request) -> Reply:
        """The list again, on the page where it was."""
        looking = self._memory.look(request)
        if not looking.saved:
            return _no_list(looking)
        return self._show(looking, looking.shown(), looking.page)

    def number(self, request: Request) -> Reply:
        """The programme of that number in the list."""
        looking = self._memory.look(request)
        if not looking.saved:
            return _no_list(looking)
        wanted, entries = int(re.sub("[^0-9]", "", fold(request.text))), looking.saved.entries
        if not 1 <= wanted <= len(entries):
            return _way_back(f"Nummer {wanted} staat niet in de lijst.", looking)
        offer = looking.search.catalogue.shown_offer(entries[wanted - 1][0])
        if not offer:
            return _way_back("Dit programma staat niet meer in de lijst.", looking)
        return self._details(looking, offer)

    def more_about(self, request: Request) -> Reply:
        """For "meer over Debattraining": the programme of the list whose title begins like that; else a search."""
        looking = self._memory.look(request)
        wanted = _rest(_rest(request.text))
        for offer_id, _ in looking.saved.entries if looking.saved else ():
            offer = looking.search.catalogue.shown_offer(offer_id)
            if offer and wanted and fold(offer.title).startswith(_bare(wanted)):
                return self._details(looking, offer)
        return self._question(replace(request, text=wanted), looking)

    # --- the same question, a bit different ---

    def other_place(self, request: Request) -> Reply:
        return self._ask_where(self._memory.look(request), "In welke plaats zoek je?")

    def place(self, request: Request) -> Reply:
        """For "plaats Amersfoort": the same question there."""
        looking = self._memory.look(request)
        query, text = looking.query, _rest(request.text)
        if not query or not text:
            return self.other_place(request) if query else self._question(request, looking)
        wish = looking.search.understand(text[:LONGEST_TEXT])
        if not _names_place(wish):
            return self._ask_where(looking, "Die plaats ken ik niet. In welke plaats zoek je?")
        there = follow(query, Query(places=wish.places, readings=wish.readings), looking.search.gazetteer)
        return self._find(looking, replace(there, inherited=frozenset(), repairs=wish.repairs))

    def any_place(self, request: Request) -> Reply:
        return self._change(request, filters.without_place)

    def whole_province(self, request: Request) -> Reply:
        """The province of the place that was asked: of the same name, or around it."""
        gazetteer = self._search().gazetteer
        return self._change(request, lambda query: filters.in_province(query, gazetteer))

    def only(self, request: Request) -> Reply:
        """For "alleen gratis"."""
        wish = self._search().understand(_rest(request.text)[:LONGEST_TEXT])
        return self._change(request, lambda query: filters.narrowed(query, wish))

    def without(self, request: Request) -> Reply:
        """For "zonder debat", "zonder plaats"."""
        text, understand = _rest(request.text)[:LONGEST_TEXT], self._search().understand
        return self._change(request, lambda query: filters.without(query, text.rstrip(".!? "), understand))

    def _change(self, request: Request, change: Callable[[Query], Query | None]) -> Reply:
        """The list of the changed question; an ordinary question when there is no list or nothing to change."""
        looking = self._memory.look(request)
        if looking.is_lost:
            return asides.old_list()
        changed = change(looking.query) if looking.query else None
        if changed and changed.is_empty():
            return self.new_search(request)
        return self._find(looking, changed) if changed else self._question(request, looking)

    def filter(self, request: Request) -> Reply:
        looking = self._memory.look(request)
        if not looking.saved or not looking.query:
            return _no_list(looking)
        offers = [match.offer for _, match in looking.shown().main]
        return filters.choices(looking.query, offers, looking.search, looking.token)

    # --- for others to see ---

    def share(self, request: Request) -> Reply:
        """The list or programme that the button is about, or that the chat looks at: for everybody."""
        opened = self._opened(request, request.about or self._memory.look(request).link)
        if not opened:
            return asides.old_list() if request.about else asides.no_list()
        looking, reply = opened
        shared = replies.shared(reply, request.name or "Een collega", looking.offer, looking.view)
        back = Button("Terug", "terug", looking.token) if looking.token else Button("Menu", "menu")
        told = Reply("Gedeeld. Iedereen hier ziet het nu.", buttons=(back,), seen_by="asker")
        return replace(shared, seen_by="everyone", then=told)

    def open(self, request: Request) -> tuple[str, Reply] | None:
        """What is behind a link: a list ("l_…"), a programme ("p_…"), or what there is for a kind of school in a place
        ("ws_den-haag_vo", as on the QR codes of workshops), with a sentence on it; None when it leads nowhere.
        """
        if request.about.startswith("ws_"):
            return self._workshop(request)
        opened = self._opened(request, request.about)
        if not opened:
            return None
        looking, reply = opened
        return ("Hieronder staat het programma." if looking.offer else "Hieronder staat de lijst."), reply

    def _opened(self, request: Request, link: str) -> tuple[Looking, Reply] | None:
        kind, _, name = link.partition("_")
        if kind == "p":
            own_list = self._memory.look(replace(request, about="")).token
            looking = self._memory.look(replace(request, about=str(Reference(own_list, name))))
            return (looking, self._details(looking, looking.offer)) if looking.offer else None
        if kind == "l":
            looking = self._memory.look(replace(request, about=name))
            reply = self._show(looking, looking.shown(), 1) if looking.saved else None
            return (looking, reply) if reply and reply.link else None  # what found nothing is nothing to show
        return None

    def _workshop(self, request: Request) -> tuple[str, Reply] | None:
        _, *parts = re.split("[_-]", request.about)
        looking = self._memory.look(replace(request, about=""))
        query = looking.search.understand(" ".join(parts))
        if query.kind != "search" or query.words or not (query.sectors or query.places or query.readings):
            return None
        self._memory.count_start(request.about.lower())
        # Only what a sign on a wall says: nothing of what this person asked before.
        return replies.laid_out(query, looking.view), self._find(looking, query)

    # --- about one programme ---

    def forward(self, request: Request) -> Reply:
        looking = self._memory.look(request)
        if not looking.offer:
            return _which_programme(looking)
        return cards.forward(looking.offer, looking.reference, looking.places, looking.view, request.name)

    def wrong(self, request: Request) -> Reply:
        """For "klopt iets niet?": asks what."""
        looking = self._memory.look(request)
        if not looking.offer:
            return _which_programme(looking)
        return self._ask_back(looking, cards.report_form(looking.offer, looking.reference))

    def report(self, request: Request) -> Reply:
        """For "melding …": keeps what somebody says is wrong, unless it is about a person."""
        looking = self._memory.look(request)
        text = _rest(request.text)[:LONGEST_TEXT].strip()
        if not looking.offer:
            return _which_programme(looking)
        if not text:
            return self.wrong(request)
        if looking.search.understand(text).kind == "refused":
            return self._ask_back(looking, cards.report_form(looking.offer, looking.reference, about_person=True))
        self._memory.report(looking, looking.offer, text)
        return _way_back("Dank je. Ik heb het bewaard voor SKB, zonder je naam.", looking)

    # --- a person, and what is no question ---

    def person(self, request: Request) -> Reply:
        return asides.person(self.contact, self._memory.look(request).token)

    def refused(self, _request: Request) -> Reply:
        """For a text about a pupil of which nothing was kept."""
        return asides.refused(())

    def fine(self, _request: Request) -> Reply:
        """For "ja" and "nee" when nothing was asked."""
        return asides.small_talk("thanks")

    # --- showing and remembering ---

    def _find(self, looking: Looking, query: Query, *, counts: bool = False) -> Reply:
        """Ranks, keeps the list and shows its first page. `counts` what was asked in vain: only what people typed."""
        answer = looking.search.rank(query)
        if answer.outcome == "not_a_search":
            return asides.small_talk(query.small_talk)
        missed = gap(query, looking.search) if counts and answer.outcome == "nothing" else None
        saved = self._memory.keep(looking, answer, missed)
        return self._page(replace(looking, saved=saved), replies.numbered(answer, saved.token), 1)

    def _show(self, looking: Looking, shown: Shown, page: int, *, replaces: bool = False) -> Reply:
        self._memory.stand(looking, min(page, shown.pages))
        return replace(self._page(looking, shown, page), replace=replaces)

    def _page(self, looking: Looking, shown: Shown, page: int) -> Reply:
        ways = Ways() if shown.main else filters.ways_on(shown.answer.query, looking.search, shown.token)
        return replies.page_of(shown, page, looking.view, self.contact, ways)

    def _details(self, looking: Looking, offer: Offer) -> Reply:
        looking = replace(looking, offer=offer)
        self._memory.stand(looking, looking.page, offer)
        return cards.details(offer, looking.reference, looking.view)

    def _ask_where(self, looking: Looking, text: str) -> Reply:
        form = Form("Typ een plaats, een wijk of een provincie.", "plaats", looking.token)
        anywhere = Button("Plaats maakt niet uit", "plaats maakt niet uit", looking.token)
        return self._ask_back(looking, Reply(text, form=form, buttons=(anywhere, Button("Menu", "menu"))))

    def _ask_back(self, looking: Looking, question: Reply) -> Reply:
        """The question, with the chat knowing that the next text answers it."""
        form = None if looking.windows else question.form
        asking = f"{form.sends}|{form.about}" if form else None
        self._memory.stand(looking, looking.page, looking.offer, asking)
        return question


def _no_list(looking: Looking) -> Reply:
    return asides.old_list() if looking.is_lost else asides.no_list()


def _which_programme(looking: Looking) -> Reply:
    if not looking.saved:
        return _no_list(looking)
    return _way_back("Over welk programma gaat het? Stuur eerst het nummer.", looking)


def _way_back(text: str, looking: Looking) -> Reply:
    back = (Button("Terug naar de lijst", "terug", looking.token),) if looking.saved else ()
    return Reply(text, buttons=(*back, Button("Menu", "menu")))


def _called(text: str, query: Query, looking: Looking) -> Offer | None:
    """The one programme with exactly this title. One whose title is also a word for the thing only from the list."""
    in_list = {offer_id for offer_id, _ in looking.saved.entries} if looking.saved and looking.is_recent() else set()
    named = [looking.search.catalogue.shown_offer(one) for one in (*query.offers, *query.hinted) if one in in_list]
    named = named or [looking.search.catalogue.shown_offer(one) for one in query.offers]
    called = [offer for offer in named if offer and _bare(offer.title) == _bare(text)]
    return called[0] if len(called) == 1 else None


def _chosen(text: str, looking: Looking) -> Query | None:
    """The query with the place that answers "Welke bedoel je?", word for word as we offered it."""
    query, gazetteer = looking.query, looking.search.gazetteer
    for one in query.readings if query else ():
        place = gazetteer.get(one)
        if query and place and _bare(replies.choice(place)) == _bare(text):
            return replace(query, places=(one,), readings=(), inherited=frozenset())
    return None


def _is_smiley(text: str) -> bool:
    """Whether it is nothing but emoji: a thumb, a smile, thanks."""
    kinds = {unicodedata.category(sign) for sign in text if not sign.isspace()}
    return "So" in kinds and kinds <= {"So", "Sk", "Mn", "Cf"}


def _is_step(request: Request) -> bool:
    """Whether it is "volgende" or "Volgende 4", not "volgende stap in groep 8"."""
    return (
        _rest(request.text).rstrip(".!? ").isdigit()
        or len(request.text.split()) == 1
        or "bladzijde" in request.text.lower()
    )


def _names_place(query: Query) -> bool:
    return bool(query.places or query.readings)


def _rest(text: str) -> str:
    """What stands behind the first word."""
    return [*text.split(maxsplit=1), "", ""][1].strip()


def _bare(text: str) -> str:
    """The text without anything that people type differently: capitals, accents, punctuation."""
    return " ".join(re.sub(r"[^\w\s]", " ", fold(text)).split())
