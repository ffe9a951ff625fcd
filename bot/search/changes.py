"""What becomes of a list when a file comes in: new, changed, the same, double, ended, and what goes; all pure.

Nothing is decided behind anybody's back: a `Plan` is made and shown first, and saved, or not, as a whole.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace

from rapidfuzz.distance import OSA

from bot.commons.words import stem, words_of
from bot.search.catalogue import Catalogue, Change, Offer, Provider, Status
from bot.search.importing import Options, Reading
from bot.search.lists.drafts import Draft, Fault, Where, title_key
from bot.search.lists.layout import Layout

__all__ = ["Change", "Double", "Plan", "after", "differences", "make_plan"]

NEIGHBOURS = 5
"""How far apart in sorted order two titles are still compared (sorted-neighbourhood method): every pair of a long list
would be too many."""
FILLERS = frozenset(
    (
        *("de", "het", "een", "en", "voor", "in", "op", "van", "met", "om", "je", "jouw", "jullie"),
        *("programma", "project", "les", "lessen", "training", "workshop", "traject"),
    )
)
"""Words that make no other programme of a title."""
TELLING_WORDS = 3
"""Words from which one title of two organisations is hardly chance: "Huiswerkbegeleiding" is."""


@dataclass(frozen=True, slots=True)
class Double:
    """A row that is left out because the programme is there already."""

    draft: Draft
    of: str
    """Where it is: "rij 5", or a title with its id."""
    of_offer: str = ""
    """Its id, if it is an offer of the list."""
    differs: tuple[str, ...] = ()
    """Fields in which the two are not the same."""
    certain: bool = True
    """Whether it is the same title; else it only looks like it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What saving a file would do."""

    file: str
    layouts: tuple[Layout, ...]
    left_out: tuple[str, ...]
    new: tuple[Draft, ...]
    changed: tuple[Draft, ...]
    unchanged: int
    doubles: tuple[Double, ...]
    ended: tuple[Offer, ...]
    """Offers that are not in a file that was said to be the whole list."""
    missing: tuple[Offer, ...]
    """Offers of the organisations in the file that are not in it; they stay."""
    rejected: tuple[Fault, ...]
    remarks: tuple[Fault, ...]
    skipped: tuple[tuple[Where, str], ...]
    new_providers: tuple[Provider, ...]
    replaces: int
    """Examples that go because this is the first list of SKB's own; else 0."""
    change: Change
    base: Catalogue


def make_plan(file: str, reading: Reading, base: Catalogue, options: Options) -> Plan:
    """What saving this reading of a file would do to the list as it is."""
    drafts, doubles = _apart(reading.drafts)
    replaces = base.starter and not reading.mentioned and bool(drafts)
    new = [draft for draft in drafts if draft.before is None]
    changed = [draft for draft in drafts if draft.before is not None and draft.offer != draft.before]
    if not options.keep_doubles:
        kept = () if replaces else base.offers
        nearly = {id(double.draft): double for double in _nearly_double(new, kept)}
        new = [draft for draft in new if id(draft) not in nearly]
        doubles += nearly.values()
    new, changed, twins = _without_twins(new, changed, () if replaces else base.offers)
    doubles += twins
    absent = [] if replaces else _absent(drafts, reading.mentioned | {one.of_offer for one in doubles}, base, options)
    ended = [replace(offer, status=Status.ENDED) for offer in absent] if options.complete else []
    offers = (*(draft.offer for draft in (*changed, *new)), *ended)
    change = Change(offers, providers=_needed_providers(offers, reading.new_providers))
    if replaces:
        change = _instead_of_the_examples(change, base)
    return Plan(
        file,
        tuple(reading.layouts),
        tuple(reading.left_out),
        tuple(new),
        tuple(changed),
        sum(draft.offer == draft.before for draft in drafts),
        tuple(doubles),
        tuple(ended),
        () if options.complete else tuple(absent),
        tuple(reading.rejected),
        tuple(reading.remarks),
        tuple(reading.skipped),
        change.providers,
        len(base.offers) if replaces else 0,
        change,
        base,
    )


def _absent(drafts: Sequence[Draft], named: Container[str], base: Catalogue, options: Options) -> list[Offer]:
    """The offers in sight of which the file says nothing: of its organisations, or of all when it is the whole list."""
    whose = {draft.offer.provider for draft in drafts}
    everything = bool(drafts) and options.complete and not options.provider
    return [
        offer
        for offer in base.offers
        if offer.id not in named and offer.is_shown() and (everything or offer.provider in whose)
    ]


def after(base: Catalogue, change: Change) -> Catalogue:
    """The catalogue as it is when the change is saved."""
    offers = {offer.id: offer for offer in base.offers if offer.id not in change.offers_gone}
    offers |= {offer.id: offer for offer in change.offers}
    providers = {provider.name: provider for provider in base.providers if provider.name not in change.providers_gone}
    providers |= {provider.name: provider for provider in change.providers}
    starter = base.starter if change.starter is None else change.starter
    return Catalogue(tuple(offers.values()), tuple(providers.values()), base.version, starter)


def differences(before: Offer, offer: Offer) -> Iterator[str]:
    """The names of the fields that are not the same."""
    for field in fields(Offer):
        if getattr(before, field.name) != getattr(offer, field.name):
            yield field.name


def _instead_of_the_examples(change: Change, base: Catalogue) -> Change:
    """The same with the example list gone. What it knows of one that stays counts until a list says more."""
    needed = {offer.provider for offer in change.offers}
    gone = {provider.name for provider in base.providers if provider.starter and provider.name not in needed}
    return replace(
        change,
        offers_gone=frozenset(offer.id for offer in base.offers),
        providers_gone=frozenset(gone),
        starter=False,
    )


def _needed_providers(offers: Iterable[Offer], new: Iterable[Provider]) -> tuple[Provider, ...]:
    """The new organisations that have an offer: who has only rejected rows is not added."""
    needed = {offer.provider for offer in offers}
    return tuple(provider for provider in new if provider.name in needed)


def _apart(drafts: Sequence[Draft]) -> tuple[list[Draft], list[Double]]:
    """Drafts that stand alone, and those whose title stands on an earlier row of the same organisation."""
    first: dict[tuple[str, str], Draft] = {}
    alone, doubles = [], []
    about: dict[str, Draft] = {}
    for draft in drafts:
        key = (draft.offer.provider, title_key(draft.offer.title))
        earlier = about.setdefault(draft.before.id, draft) if draft.before else draft
        earlier = first.setdefault(key, draft) if earlier is draft else earlier
        if earlier is draft:
            alone.append(draft)
        else:
            differs = tuple(name for name in differences(earlier.offer, draft.offer) if name != "id")
            doubles.append(Double(draft, str(earlier.where), differs=differs))
    return alone, doubles


def _without_twins(
    new: Sequence[Draft], changed: Sequence[Draft], offers: Sequence[Offer]
) -> tuple[list[Draft], list[Draft], list[Double]]:
    """The drafts that can stand in one list: an organisation has no two programmes of just the same name."""
    doubles: list[Double] = []
    drafts = [*changed, *new]
    while True:
        changing = {draft.offer.id for draft in drafts}
        taken: dict[tuple[str, str], Draft | Offer] = {
            (offer.provider, offer.title): offer for offer in offers if offer.id not in changing
        }
        twins = []
        for draft in drafts:
            other = taken.setdefault((draft.offer.provider, draft.offer.title), draft)
            if other is not draft:
                twins.append(Double(draft, _name(other), _id(other)))
        if not twins:
            return [draft for draft in drafts if not draft.before], [draft for draft in drafts if draft.before], doubles
        # What is left out keeps its old name, which may be in the way of another one.
        left_out = {id(twin.draft) for twin in twins}
        drafts = [draft for draft in drafts if id(draft) not in left_out]
        doubles += twins


def _nearly_double(new: Sequence[Draft], offers: Sequence[Offer]) -> Iterator[Double]:
    """New drafts that look like another one of the file or like an offer of the list; each once."""
    everything: list[Draft | Offer] = [*offers, *new]
    by_provider: dict[str, list[tuple[str, Draft | Offer]]] = {}
    for one in everything:
        offer = one.offer if isinstance(one, Draft) else one
        by_provider.setdefault(offer.provider, []).append((offer.title, one))
    told: set[int] = set()
    for titles in by_provider.values():
        if any(isinstance(one, Draft) for _, one in titles):
            for draft, other in _neighbours(titles):
                if id(draft) not in told:
                    told.add(id(draft))
                    yield Double(draft, _name(other), _id(other), certain=False)
    titles_seen: dict[str, Draft | Offer] = {}
    for one in everything:
        offer = one.offer if isinstance(one, Draft) else one
        other = titles_seen.setdefault(title_key(offer.title), one)
        is_new = other is not one and isinstance(one, Draft) and id(one) not in told
        if is_new and len(words_of(offer.title)) >= TELLING_WORDS and isinstance(one, Draft):
            yield Double(one, _name(other), _id(other), certain=False)


def _neighbours(titles: Sequence[tuple[str, Draft | Offer]]) -> Iterator[tuple[Draft, Draft | Offer]]:
    """Pairs of nearly the same title, the first of each new and the later one of two new ones."""
    words = [words_of(title) for title, _ in titles]
    telling = [[word for word in one if word not in FILLERS] or one for one in words]
    joined = ["".join(one) for one in telling]
    orders = (
        sorted(range(len(titles)), key=joined.__getitem__),
        sorted(range(len(titles)), key=lambda at: joined[at][::-1]),
        sorted(range(len(titles)), key=lambda at: sorted(telling[at])),
    )
    for order in orders:
        for start, first in enumerate(order):
            for second in order[start + 1 : start + 1 + NEIGHBOURS]:
                if is_nearly(words[first], words[second]):
                    low, high = sorted((first, second))  # what is in the list comes before what is new
                    later = titles[high][1]
                    if isinstance(later, Draft):
                        yield later, titles[low][1]


def is_nearly(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether two titles, as words, say the same: other filler words, other order, written apart, or a slip.

    "Debattraining PO" and "Debattraining VO", "deel 1" and "deel 2" are two.
    """
    one, other = ([word for word in words if word not in FILLERS] for words in (first, second))
    if not one or not other:
        return [*first] == [*second]
    stems = {*map(stem, one)}, {*map(stem, other)}
    one, other = (
        [word for word in one if stem(word) not in stems[1]],
        [word for word in other if stem(word) not in stems[0]],
    )
    if not one or not other:
        return one == other
    left, right = "".join(one), "".join(other)
    if left == right:
        return True
    short = min(len(left), len(right))
    if short < 5 or any(sign.isdigit() for sign in left + right):
        return False
    return OSA.distance(left, right, score_cutoff=2) <= (1 if short < 9 else 2)


def _name(one: Draft | Offer) -> str:
    return str(one.where) if isinstance(one, Draft) else f"“{one.title}” ({one.id})"


def _id(one: Draft | Offer) -> str:
    """Its id in the list as it is; empty for what is new."""
    offer = one.before if isinstance(one, Draft) else one
    return offer.id if offer else ""
