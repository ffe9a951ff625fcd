"""What the bot remembers of a chat while it helps: which list, page and programme it looks at, for a day and no longer.

A chat is a key that nobody can turn back into an address; a list stands with no chat. A button says itself what it
refers to (`Reference`), typed words mean what the chat looked at last.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
import hashlib
import hmac

from bot.chat import Request
from bot.commons.dates import local_day, month_key
from bot.commons.places import Place
from bot.db import Database
from bot.search import cards, counts_store, replies, store
from bot.search.cards import Reference, View
from bot.search.catalogue import Offer, new_offer_id
from bot.search.query import Query, decode, encode
from bot.search.ranking import Answer, Group, Match, Search
from bot.search.replies import Shown
from bot.search.store import ChatState, SavedList

__all__ = ["Looking", "Memory"]

FOLLOWS_FOR = timedelta(minutes=30)
CHAT_KEPT = timedelta(hours=24)
LIST_KEPT = timedelta(days=7)
GAP_KEPT = timedelta(days=59)
"""Gaps are counted by the month, so the oldest of them is 90 days old when its month goes."""
SWEEPS_EVERY = timedelta(hours=1)
NO_QUERY = Query()


@dataclass(frozen=True, slots=True)
class Looking:
    """What somebody who asks something is looking at."""

    key: str
    now: datetime
    search: Search
    state: ChatState | None = None
    saved: SavedList | None = None
    offer: Offer | None = None
    is_lost: bool = False
    """Whether the question refers to a list that is not kept any more."""
    windows: bool = False
    """Whether a question back is asked in a window, so that the next text is not its answer."""

    @property
    def view(self) -> View:
        return View(self.search.catalogue, self.search.gazetteer, self.search.lexicon, local_day(self.now))

    @property
    def query(self) -> Query | None:
        return decode(self.saved.query) if self.saved else None

    @property
    def places(self) -> list[Place]:
        """Where was asked."""
        return [place for one in (self.query or NO_QUERY).places if (place := self.search.gazetteer.get(one))]

    @property
    def token(self) -> str:
        return self.saved.token if self.saved else ""

    @property
    def page(self) -> int:
        return self.state.page if self.state and self.saved and self.state.token == self.saved.token else 1

    @property
    def reference(self) -> Reference:
        return Reference(self.token, self.offer.id if self.offer else "")

    @property
    def link(self) -> str:
        """How what is looked at is called in links: the programme, else the list; empty when it is neither."""
        return cards.link_to(self.offer) if self.offer else replies.link_to(self.token) if self.saved else ""

    @property
    def asking(self) -> str | None:
        """The question of ours that is still open."""
        return self.state.asking if self.state and self.is_recent() else None

    def is_recent(self) -> bool:
        """Whether a new question goes on from the last one."""
        return self.state is not None and self.now - self.state.at <= FOLLOWS_FOR

    def shown(self) -> Shown:
        """The kept list, with the numbers it was first shown with; what is gone since leaves a gap."""
        if self.saved is None:
            raise ValueError("there is no list to show")
        answer = self.search.rank(decode(self.saved.query))
        known = {match.offer.id: match for match in answer.matches}
        main: list[tuple[int, Match]] = []
        related: list[tuple[int, Match]] = []
        for number, (offer_id, group) in enumerate(self.saved.entries, 1):
            offer = self.search.catalogue.shown_offer(offer_id)
            if offer:
                now = known.get(offer_id)
                match = Match(offer, Group(group), 0.0, now.why if now else (), now.apart if now else "")
                (related if match.group is Group.RELATED else main).append((number, match))
        unchanged = [match.offer.id for match in answer.matches] == [offer_id for offer_id, _ in self.saved.entries]
        # More may fit than are kept in order; a list that changed since counts only what it shows.
        total = answer.total if unchanged else len(main)
        return Shown(answer, self.saved.token, main, related, total)


class Memory:
    """Reads and keeps what chats look at. Any number of threads and processes can share the database."""

    def __init__(
        self, database: Database, current_search: Callable[[], Search], secret: bytes, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._current_search = current_search
        self._secret = secret
        self._now = now
        self._swept: datetime | None = None

    def look(self, request: Request) -> Looking:
        """What the request refers to: its button's list and programme, or else those of the chat."""
        now, search = self._now(), self._current_search()
        key = hmac.new(self._secret, str(request.chat).encode(), hashlib.sha256).hexdigest()
        named = Reference.read(request.about)
        with self._database.read() as connection:
            state = store.get_chat(connection, key)
            if state and now - state.at > CHAT_KEPT:
                state = None
            chats_own = state if not request.about else None
            token = named.token or (chats_own.token if chats_own else None)
            saved = store.get_list(connection, token) if token else None
        if saved and now - saved.created_at > LIST_KEPT:
            saved = None
        offer_id = named.offer or (chats_own.offer if chats_own else None)
        shown = search.catalogue.shown_offer(offer_id) if offer_id else None
        is_lost = bool(named.token) and saved is None
        return Looking(key, now, search, state, saved, shown, is_lost, request.windows)

    def stand(self, looking: Looking, page: int, offer: Offer | None = None, asking: str | None = None) -> None:
        """Remembers where the chat stands."""
        with self._database.write() as connection:
            store.save_chat(connection, _state(looking, looking.token, page, offer, asking))

    def keep(self, looking: Looking, answer: Answer, missed: tuple[str, str, str] | None) -> SavedList:
        """Keeps a new list, makes it the chat's, and counts what was asked in vain."""
        entries = tuple((match.offer.id, match.group.value) for match in answer.matches)
        saved = SavedList(new_offer_id(), encode(answer.query), entries, answer.outcome, looking.now)
        self._sweep(looking.now)
        with self._database.write() as connection:
            store.save_list(connection, saved)
            store.save_chat(connection, _state(looking, saved.token, 1))
            if missed:
                counts_store.count_gap(connection, *missed, month_key(looking.now))
        return saved

    def report(self, looking: Looking, offer: Offer, text: str) -> None:
        """Keeps what is wrong about a programme, without who said so, and closes the question."""
        with self._database.write() as connection:
            store.add_report(connection, offer.id, text, looking.now)
            store.save_chat(connection, _state(looking, looking.token, looking.page, offer))

    def count_start(self, link: str) -> None:
        """Counts somebody who came in by a sign on a wall, without who it was."""
        with self._database.write() as connection:
            counts_store.count_start(connection, link, month_key(self._now()))

    def _sweep(self, now: datetime) -> None:
        """Erases what is past its time; now and then is enough, `look` doesn't see it any more anyway."""
        if self._swept and now - self._swept < SWEEPS_EVERY:
            return
        self._swept = now
        with self._database.write() as connection:
            store.delete_chats_before(connection, now - CHAT_KEPT)
            store.delete_lists_before(connection, now - LIST_KEPT)
            counts_store.delete_gaps_before(connection, month_key(now - GAP_KEPT))


def _state(looking: Looking, token: str, page: int, offer: Offer | None = None, asking: str | None = None) -> ChatState:
    return ChatState(looking.key, token or None, page, offer.id if offer else None, asking, looking.now)
