"""The offer: who provides which programme for whom, where, and what is known about it. What is valid stands here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
import re
import secrets

__all__ = [
    "NATIONWIDE",
    "Catalogue",
    "Change",
    "Cost",
    "Offer",
    "Provider",
    "Relation",
    "Sector",
    "Status",
    "new_offer_id",
]

NATIONWIDE = "landelijk"
"""The place of an offer that comes to every school in the Netherlands."""

ID_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody confuses when reading an id aloud (no i, l, o, 0, 1)."""
ID_PATTERN = re.compile(rf"[{ID_ALPHABET}]{{8}}")


class Sector(StrEnum):
    """Parts of Dutch education; special education (SO, VSO) stands apart because few programmes fit it."""

    PO = "PO"
    SO = "SO"
    VO = "VO"
    VSO = "VSO"
    MBO = "MBO"
    HO = "HO"


class Relation(StrEnum):
    """What a provider is to SKB. Only founders and partners may be called "partner"."""

    SKB = "skb"
    FOUNDER = "founder"
    PARTNER = "partner"
    REFERRAL = "referral partner"
    UNKNOWN = "unknown"


class Status(StrEnum):
    ACTIVE = "active"
    PILOT = "pilot"
    FULL = "full"
    ENDED = "ended"
    HIDDEN = "hidden"


class Cost(StrEnum):
    """What a school or family pays. Unknown is a value of its own: it is shown, and never filters out."""

    FREE = "free"
    PAID = "paid"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Provider:
    name: str
    relation: Relation = Relation.UNKNOWN
    aliases: tuple[str, ...] = ()
    url: str = ""
    evidence: str = ""
    hidden: bool = False
    """Whether everything of it is out of sight, also what an import brings later."""
    starter: bool = False
    """Whether only the example list speaks of it: what that says gives way to an own list of partners."""

    @property
    def is_partner(self) -> bool:
        """Whether the word "partner" may be used for this organisation."""
        return self.relation in (Relation.FOUNDER, Relation.PARTNER)


@dataclass(frozen=True, slots=True)
class Offer:
    """One programme of one provider. Empty text and None mean "not known", and are shown as such."""

    id: str
    provider: str
    title: str
    summary: str = ""
    sectors: tuple[Sector, ...] = ()
    grades: tuple[str, ...] = ()
    """For which grades and tracks, in the notation of `grades.parse_grades`: "groep 7-8", "vmbo 1-2", "docenten"."""
    themes: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    """Names as in the gazetteer, or NATIONWIDE; empty when it is not known where."""
    settings: tuple[str, ...] = ()
    cost: Cost = Cost.UNKNOWN
    cost_note: str = ""
    duration: str = ""
    volunteers: bool | None = None
    """Whether it works with volunteers, as far as the source says; not a vacancy."""
    for_whom: str = ""
    not_for: str = ""
    next_step: str = ""
    contact: str = ""
    link: str = ""
    source: str = ""
    confidence: str = ""
    checked_on: date | None = None
    checked_by: str = ""
    status: Status = Status.ACTIVE
    full_until: date | None = None

    def is_shown(self) -> bool:
        return self.status not in (Status.ENDED, Status.HIDDEN)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that can be offered at one moment. `starter` marks the example list that is not SKB's own."""

    offers: tuple[Offer, ...] = ()
    providers: tuple[Provider, ...] = ()
    version: int = 0
    starter: bool = False
    shown: tuple[Offer, ...] = field(init=False, default=())
    """The offers that anybody may see."""
    organisations: int = field(init=False, default=0)
    """How many providers have an offer that anybody may see."""
    _by_id: dict[str, Offer] = field(init=False, repr=False, compare=False)
    _by_name: dict[str, Provider] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        hidden = {provider.name for provider in self.providers if provider.hidden}
        shown = (offer for offer in self.offers if offer.is_shown() and offer.provider not in hidden)
        object.__setattr__(self, "shown", tuple(shown))
        object.__setattr__(self, "organisations", len({offer.provider for offer in self.shown}))
        object.__setattr__(self, "_by_id", {offer.id: offer for offer in self.offers})
        object.__setattr__(self, "_by_name", {provider.name: provider for provider in self.providers})

    def offer(self, offer_id: str) -> Offer | None:
        return self._by_id.get(offer_id)

    def shown_offer(self, offer_id: str) -> Offer | None:
        """The offer of that id, if anybody may see it."""
        offer = self._by_id.get(offer_id)
        return offer if offer and offer.is_shown() and not self.provider(offer.provider).hidden else None

    def provider(self, name: str) -> Provider:
        """The provider of that name; one without a row of its own is a provider of whom nothing else is known."""
        return self._by_name.get(name) or Provider(name)


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a catalogue: the rows that come or change, whole, and the rows that go."""

    offers: tuple[Offer, ...] = ()
    offers_gone: frozenset[str] = frozenset()
    providers: tuple[Provider, ...] = ()
    providers_gone: frozenset[str] = frozenset()
    starter: bool | None = None
    """Whether what there is afterwards is the example list; None: as it was."""

    def __bool__(self) -> bool:
        return bool(self.offers or self.offers_gone or self.providers or self.providers_gone)


def new_offer_id(taken: Iterable[str] = ()) -> str:
    """A random id of 8 characters that stays with the offer for good, also in links and on paper."""
    used = set(taken)
    while True:
        candidate = "".join(secrets.choice(ID_ALPHABET) for _ in range(8))
        if candidate not in used:
            return candidate
