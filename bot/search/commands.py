"""What can be asked of search, each a function from Request to Reply. Decides and remembers; words stand in replies.py.

What a chat looks at (which list, page, programme) is one row under a key nobody can turn back into an address. A button
says itself what it refers to (`Reference`); typed words mean what the chat looked at last.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
import hashlib
import hmac

from bot.chat import Button, Form, Reply, Request
from bot.commons.dates import local_day
from bot.commons.places import fold
from bot.db import Database
from bot.search import filters, replies, store, welcome
from bot.search.cards import Reference, View, details, forward, report_form
from bot.search.catalogue import Offer, new_offer_id
from bot.search.gaps import gap
from bot.search.query import Query, decode, encode, follow
from bot.search.ranking import Answer, Group, Match, Search
from bot.search.replies import Contact, Shown
from bot.search.store import ChatState, SavedList

__all__ = ["Contact", "SearchCommands"]

FOLLOWS_FOR = timedelta(minutes=30)
CHAT_KEPT = timedelta(hours=24)
LIST_KEPT = timedelta(days=7)
GAP_KEPT = timedelta(days=90)
LONGEST_TEXT = 2000
"""Characters that are read: far more than any question, far less than what makes reading slow."""


@dataclass(frozen=True, slots=True)
class Looking:
    """What somebody who asks something is looking at, at this moment."""

    key: str
    now: datetime
    search: Search
    state: ChatState | None
    saved: SavedList | None
    offer: Offer | None
    is_lost: bool
    """Whether the question refers to a list that is not kept any more."""

    @property
    def view(self) -> View:
        return View(self.search.catalogue, self.search.gazetteer, self.search.lexicon, local_day(self.now))

    @property
    def query(self) -> Query | None:
        return decode(self.saved.query) if self.saved else None

    @property
    def page(self) -> int:
        return self.state.page if self.state and self.saved and self.state.token == self.saved.token else 1

    @property
    def reference(self) -> Reference:
        return Reference(self.saved.token if self.saved else "", self.offer.id if self.offer else "")

    def is_recent(self) -> bool:
        return self.state is not None and self.now - self.state.at <= FOLLOWS_FOR


class SearchCommands:
    """The search feature of one bot. Holds no conversation itself, so any number of threads and processes can answer."""

    def __init__(
        self,
        database: Database,
        current_search: Callable[[], Search],
        contact: Contact,
        secret: bytes,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._current_search = current_search
        self.contact = contact
        self._secret = secret
        self._now = now

    # --- asking ---

    def ask(self, request: Request) -> Reply:
        """Whatever is no command: the answer to an open question of ours, a programme's title, small talk or a search."""
        if not request.text.strip():
            return welcome.menu()
        looking = self._look(request)
        if looking.is_lost:
            return welcome.old_list()
        answered = self._answer_form(request, looking)
        if answered:
            return answered
        query = looking.search.understand(request.text[:LONGEST_TEXT])
        if query.kind != "search":
            return self._no_search(query, looking)
        if offer := _titled(request.text, looking):
            return self._details(looking, offer)
        pressed = bool(request.about)
        previous = looking.query
        if previous and (pressed or (request.follows and looking.is_recent())):
            query = follow(previous, query, looking.search.gazetteer)
        # Whoever pressed a button under a list knows what it was about.
        return self._find(looking, replace(query, inherited=frozenset()) if pressed else query, counts=True)

    def search_for(self, request: Request) -> Reply:
        """ "zoek debat" is "debat"; "zoek" alone asks what for."""
        text = _rest(request.text)
        return self.ask(replace(request, text=text, about="")) if text else self._ask_back(request, welcome.what_do_you_seek())

    def _no_search(self, query: Query, looking: Looking) -> Reply:
        if query.kind == "refused":
            return replies.refused(clean_search(query, looking.search))
        return replies.small_talk(query.small_talk)

    def _answer_form(self, request: Request, looking: Looking) -> Reply | None:
        """The reply when our question is still open and this text answers it."""
        asking = looking.state.asking if looking.state and not request.about and looking.is_recent() else None
        if not asking:
            return None
        sends, _, about = asking.partition("|")
        answer = replace(request, text=f"{sends} {request.text}", about=about)
        if sends == "melding":
            return self.report(answer)
        if sends == "plaats" and _names_place(looking.search.understand(request.text[:LONGEST_TEXT])):
            return self.place(answer)
        return None

    # --- in the list ---

    def more(self, request: Request) -> Reply:
        return self._turn(request, self._look(request).page + 1)

    def previous(self, request: Request) -> Reply:
        return self._turn(request, self._look(request).page - 1)

    def page(self, request: Request) -> Reply:
        """ "bladzijde 2": always the same page, however often it is pressed."""
        number = _rest(request.text)
        return self._turn(request, int(number)) if number.isdigit() and len(number) < 4 else self.ask(request)

    def _turn(self, request: Request, page: int) -> Reply:
        looking = self._look(request)
        if not looking.saved:
            return welcome.old_list() if looking.is_lost else welcome.no_list()
        shown = self._shown(looking, looking.saved)
        if page > shown.pages:
            return self._with_way_back("Dat was alles.", looking)
        return self._show(looking, shown, page, replace=bool(request.about))

    def back(self, request: Request) -> Reply:
        """The list again, on the page where it was; from a list nothing changes."""
        looking = self._look(request)
        if not looking.saved:
            return welcome.old_list() if looking.is_lost else welcome.menu()
        return self._show(looking, self._shown(looking, looking.saved), looking.page)

    def number(self, request: Request) -> Reply:
        """The programme of that number in the list."""
        looking = self._look(request)
        if not looking.saved:
            return welcome.old_list() if looking.is_lost else welcome.no_list()
        wanted = int("".join(letter for letter in request.text if letter in "0123456789"))
        entries = looking.saved.entries
        if not 1 <= wanted <= len(entries):
            return self._with_way_back(f"Nummer {wanted} staat niet in de lijst. Kies een nummer van 1 tot en met {len(entries)}.", looking)
        offer = looking.search.catalogue.offer(entries[wanted - 1][0])
        if not offer or not offer.is_shown():
            return self._with_way_back("Dit programma staat niet meer in de lijst.", looking)
        return self._details(looking, offer)

    def more_about(self, request: Request) -> Reply:
        """ "meer over Debattraining": the programme of the list whose title begins like that; else a search."""
        looking = self._look(request)
        wanted = fold(_rest(_rest(request.text)))
        entries = looking.saved.entries if looking.saved else ()
        offers = [offer for offer_id, _ in entries if (offer := looking.search.catalogue.offer(offer_id))]
        fitting = [offer for offer in offers if wanted and fold(offer.title).startswith(wanted)]
        return self._details(looking, fitting[0]) if fitting else self.ask(replace(request, text=_rest(_rest(request.text))))

    # --- another question about the same ---

    def other_place(self, request: Request) -> Reply:
        question = Reply(
            "In welke plaats zoek je?",
            form=Form("Typ een plaats, een wijk of een provincie.", "plaats", request.about),
            buttons=(Button("Plaats maakt niet uit", "plaats maakt niet uit", request.about), Button("Menu", "menu")),
        )
        return self._ask_back(request, question)

    def place(self, request: Request) -> Reply:
        """ "plaats Amersfoort": the same list there."""
        looking = self._look(request)
        query, text = looking.query, _rest(request.text)
        if not query or not text:
            return self.other_place(request) if query else self.ask(request)
        wish = looking.search.understand(text[:LONGEST_TEXT])
        if not _names_place(wish):
            return self._ask_back(request, replace(self.other_place(request), text="Die plaats ken ik niet. In welke plaats zoek je?"))
        there = follow(query, Query(place=wish.place, readings=wish.readings), looking.search.gazetteer)
        return self._find(looking, replace(there, inherited=frozenset()))

    def any_place(self, request: Request) -> Reply:
        return self._change(request, filters.without_place)

    def whole_province(self, request: Request) -> Reply:
        """The province of the place that was asked: of the same name, or around it."""
        gazetteer = self._current_search().gazetteer

        def widen(query: Query) -> Query | None:
            place = gazetteer.get(query.place) if query.place else None
            if not place:
                return None
            around = [other for inside in place.within if (other := gazetteer.get(inside)) and other.kind == "provincie"]
            province = gazetteer.namesake(place) or (around[0] if around else None)
            return replace(query, place=province.id, inherited=frozenset()) if province else None

        return self._change(request, widen)

    def only(self, request: Request) -> Reply:
        """ "alleen gratis"."""
        wish = self._current_search().understand(_rest(request.text)[:LONGEST_TEXT])
        return self._change(request, lambda query: None if wish.kind != "search" or wish.is_empty() else filters.narrowed(query, wish))

    def without(self, request: Request) -> Reply:
        """ "zonder debat", "zonder plaats"."""
        understand = self._current_search().understand
        return self._change(request, lambda query: filters.without(query, _rest(request.text)[:LONGEST_TEXT], understand))

    def _change(self, request: Request, change: Callable[[Query], Query | None]) -> Reply:
        """The list of the changed question; an ordinary question when there is no list or nothing to change."""
        looking = self._look(request)
        if looking.is_lost:
            return welcome.old_list()
        changed = change(looking.query) if looking.query else None
        return self._find(looking, changed) if changed else self.ask(request)

    def filter(self, request: Request) -> Reply:
        looking = self._look(request)
        if not looking.saved or not looking.query:
            return welcome.old_list() if looking.is_lost else welcome.no_list()
        token, query = looking.saved.token, looking.query
        offers = [match.offer for _, match in self._shown(looking, looking.saved).main]
        adding = filters.additions(query, offers, token)
        dropping = filters.removals(query, looking.search.lexicon, token)
        text = "Zo maak je de lijst korter of langer. Kies er een." if adding or dropping else "Hier valt niets te kiezen."
        return Reply(text, buttons=(*adding, *dropping, Button("Terug naar de lijst", "terug", token)))

    # --- about one programme ---

    def forward(self, request: Request) -> Reply:
        looking = self._look(request)
        if not looking.offer:
            return self._which_programme(looking)
        place = looking.search.gazetteer.get(looking.query.place) if looking.query and looking.query.place else None
        return forward(looking.offer, looking.reference, place, looking.view)

    def wrong(self, request: Request) -> Reply:
        """ "klopt iets niet?": asks what."""
        looking = self._look(request)
        return self._ask_back(request, report_form(looking.offer, looking.reference)) if looking.offer else self._which_programme(looking)

    def report(self, request: Request) -> Reply:
        """ "melding …": keeps what somebody says is wrong, unless it is about a person."""
        looking = self._look(request)
        text = _rest(request.text)[:LONGEST_TEXT].strip()
        if not looking.offer:
            return self.ask(replace(request, about=""))
        if not text:
            return self.wrong(request)
        if looking.search.understand(text).kind == "refused":
            return self._with_way_back("Hier staan gegevens van een persoon in. Ik heb niets bewaard. Schrijf het zonder die gegevens.", looking)
        with self._database.write() as connection:
            store.add_report(connection, looking.offer.id, text, looking.now)
            store.save_chat(connection, self._state(looking, looking.page, looking.offer))
        return self._with_way_back("Dank je. Ik heb het bewaard voor SKB, zonder je naam.", looking)

    def _which_programme(self, looking: Looking) -> Reply:
        if looking.is_lost:
            return welcome.old_list()
        return self._with_way_back("Over welk programma gaat het? Stuur eerst het nummer.", looking) if looking.saved else welcome.no_list()

    # --- a person, and the bot itself ---

    def person(self, _request: Request) -> Reply:
        return replies.person(self.contact)

    def start(self, _request: Request) -> Reply:
        return welcome.welcome()

    def menu(self, _request: Request) -> Reply:
        return welcome.menu()

    def privacy(self, _request: Request) -> Reply:
        return welcome.privacy(self.contact.website)

    def stop(self, _request: Request) -> Reply:
        return welcome.stop()

    # --- remembering ---

    def _look(self, request: Request) -> Looking:
        now, search = self._now(), self._current_search()
        key = hmac.new(self._secret, str(request.chat).encode(), hashlib.sha256).hexdigest()
        named = Reference.read(request.about)
        with self._database.read() as connection:
            state = store.get_chat(connection, key)
            if state and now - state.at > CHAT_KEPT:
                state = None
            token = named.token or (state.token if state and not request.about else None)
            saved = store.get_list(connection, token) if token else None
        if saved and now - saved.created_at > LIST_KEPT:
            saved = None
        offer_id = named.offer or (state.offer if state and not request.about else None)
        offer = search.catalogue.offer(offer_id) if offer_id else None
        lost = bool(named.token) and saved is None
        return Looking(key, now, search, state, saved, offer if offer and offer.is_shown() else None, lost)

    def _state(self, looking: Looking, page: int, offer: Offer | None = None, asking: str | None = None) -> ChatState:
        return ChatState(looking.key, looking.saved.token if looking.saved else None, page, offer.id if offer else None, asking, looking.now)

    def _remember(self, state: ChatState) -> None:
        with self._database.write() as connection:
            store.save_chat(connection, state)

    def _ask_back(self, request: Request, question: Reply) -> Reply:
        """The question, with the chat knowing that the next text answers it."""
        looking = self._look(request)
        form = question.form
        asking = f"{form.sends}|{form.about}" if form else None
        self._remember(self._state(looking, looking.page, looking.offer, asking))
        return question

    def _find(self, looking: Looking, query: Query, *, counts: bool = False) -> Reply:
        """Ranks, keeps the list without a person, counts what was asked in vain, and shows the first page."""
        answer = looking.search.rank(query)
        if answer.outcome == "not_a_search":
            return replies.small_talk(query.small_talk or "unclear")
        entries = tuple((match.offer.id, match.group.value) for match in answer.matches)
        saved = SavedList(new_offer_id(), encode(query), entries, answer.outcome, looking.now)
        with self._database.write() as connection:
            store.save_list(connection, saved)
            store.save_chat(connection, ChatState(looking.key, saved.token, 1, None, None, looking.now))
            if counts and answer.outcome == "nothing" and (missed := gap(query, looking.search)):
                store.count_gap(connection, *missed, f"{local_day(looking.now):%Y-%m}")
            self._forget_old(connection, looking.now)
        return self._page(replace(looking, saved=saved), replies.numbered(answer, saved.token), 1)
