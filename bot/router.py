"""The one table of commands, and the way from a Request to its Reply.

A text is a command only if the whole text is one of a command's phrases, or its first whole word is one of its words;
capitals, accents and punctuation don't matter. Everything else is a question. Help is made from the table.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
import logging
import re
import traceback

from bot.account.commands import AccountCommands
from bot.account.replies import UNREADABLE
from bot.chat import Button, Reply, Request
from bot.commons.words import fold
from bot.delivery.commands import DeliveryCommands
from bot.delivery.replies import AGAIN, LEAVE
from bot.search import asides
from bot.search.commands import SearchCommands

__all__ = ["Command", "Router", "commands", "make_router"]

log = logging.getLogger(__name__)

EXAMPLES = ("debat VO Utrecht", "mentor voor groep 8", "stage vmbo Rotterdam")
NUMBER = re.compile(r"(?:(?:nummer|nr|programma) )?[1-9][0-9]?")
"""What is the number of a programme in a list; "020" and "3 havo" are not."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something to ask the bot for, and what answers it."""

    run: Callable[[Request], Reply]
    phrases: tuple[str, ...] = ()
    """Whole texts, the first of them the usual one."""
    words: tuple[str, ...] = ()
    """First words; what follows is up to `run`."""
    help: str = ""


def commands(search: SearchCommands, account: AccountCommands, delivery: DeliveryCommands) -> tuple[Command, ...]:
    """Everything that can be asked for by name. The few English words are those of Telegram's own menus."""

    def for_team(run: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
        # For everybody else it is what any other text is: a question.
        return lambda request: run(request) if delivery.may(request) else search.ask(request)

    return (
        # The last two are how buttons begin that show an example, or a subject nearby.
        Command(search.search_for, words=("zoek", "search", "voorbeeld", "verwant"),
                help="Typ wat je zoekt, bijvoorbeeld: debat VO Utrecht."),
        Command(search.new_search, ("zoek aanbod", "zoek opnieuw", "anders zoeken", "nieuwe zoekvraag", "opnieuw")),
        Command(search.more, words=("volgende",)),
        Command(search.previous, words=("vorige",)),
        Command(search.more, ("meer", "verder", "volgende", "volgende bladzijde", "toon meer"),
                help="In een lijst: een nummer, meer, terug of filter."),
        Command(search.previous, ("vorige", "vorige bladzijde")),
        Command(search.page, words=("bladzijde", "pagina")),
        Command(search.back, ("terug", "terug naar de lijst", "lijst")),
        Command(search.more_about, words=("meer over",)),
        Command(search.other_place, ("andere plaats", "ergens anders"), help="Ergens anders zoeken: andere plaats."),
        Command(search.any_place, ("plaats maakt niet uit", "maakt niet uit", "overal", "heel nederland",
                                   "zoek in heel nederland")),
        Command(search.place, words=("plaats",)),
        Command(search.whole_province, words=("hele provincie",)),
        Command(search.filter, ("filter", "filters")),
        Command(search.only, words=("alleen",)),
        Command(search.without, words=("zonder",)),
        Command(_saying("zonder sector", search.without), ("alle soorten scholen", "zoek voor alle soorten scholen")),
        Command(_saying("zonder klas", search.without), ("alle klassen", "zoek voor alle klassen")),
        Command(_saying("zonder gratis", search.without), ("ook als het geld kost",)),
        Command(_saying("zonder vrijwilligers", search.without), ("ook zonder vrijwilligers",)),
        Command(search.forward, ("maak tekst om door te sturen", "maak tekst", "doorsturen", "stuur door")),
        Command(search.wrong, ("klopt iets niet", "klopt niet", "dit klopt niet")),
        Command(search.report, words=("melding",)),
        Command(search.share, ("deel", "delen", "deel lijst", "deel in dit kanaal")),
        Command(search.person, ("vraag een mens", "mens", "contact"), help="Kom je er niet uit? Typ: vraag een mens."),
        Command(account.start, ("start", "begin")),
        Command(account.menu, ("menu", "hoofdmenu")),
        Command(account.privacy, ("privacy", "avg")),
        Command(account.settings, ("instellingen", "settings")),
        Command(account.stop, ("stop", "stoppen")),
        Command(for_team(delivery.again), (AGAIN,)),
        Command(for_team(delivery.leave), (LEAVE,)),
        Command(search.fine, ("ja", "nee", "ja graag", "nee dank je")),
    )  # fmt: skip


def _saying(text: str, run: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
    """Answers as if this text was typed: for a button whose label says it in other words."""
    return lambda request: run(replace(request, text=text))


@dataclass(frozen=True)
class Router:
    """Finds who answers a request. `respond` is the plain function, `answer` the one for handlers."""

    table: Sequence[Command]
    question: Callable[[Request], Reply]
    number: Callable[[Request], Reply]
    kinds: Mapping[str, Callable[[Request], Reply]]
    """What answers a request that is no words, by its kind."""
    introduced: Callable[[Request, Reply], Reply]
    """Adds who is speaking, for who never heard of the bot."""
    help: Reply
    apology: Reply
    _by_phrase: dict[str, Command] = field(init=False, default_factory=dict)
    _by_word: dict[str, Command] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        own = Command(lambda _: self.help, ("help", "hulp"))
        for command in (*self.table, own):
            self._by_phrase.update(dict.fromkeys(command.phrases, command))
            self._by_word.update(dict.fromkeys(command.words, command))

    async def answer(self, request: Request) -> Reply:
        """The reply to whatever was asked; never raises."""
        try:
            return await asyncio.to_thread(self.respond, request)
        except Exception as error:  # noqa: BLE001  # the one place where whatever went wrong becomes an apology
            # Neither the error's own text nor its chain: they can carry what was typed.
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("a request failed: %s\n%s", type(error).__name__, where)  # noqa: TRY400
            return self.apology

    def respond(self, request: Request) -> Reply:
        if answered := self.kinds.get(request.kind):
            return self.introduced(request, answered(request))
        words = _plain(request.text).split()
        text = " ".join(words)
        if NUMBER.fullmatch(text):
            return self.introduced(request, self.number(request))
        command = self._by_phrase.get(text)
        for size in (2, 1):
            command = command or self._by_word.get(" ".join(words[:size]))
        # People who know other bots type a slash; the words behind it are the same.
        bare = replace(request, text=request.text.strip().removeprefix("/"))
        return self.introduced(request, command.run(bare) if command else self.question(bare))


def make_router(search: SearchCommands, account: AccountCommands, delivery: DeliveryCommands) -> Router:
    """The bot, as `App` and the tests talk to it."""
    table = commands(search, account, delivery)
    kinds: dict[str, Callable[[Request], Reply]] = dict.fromkeys(UNREADABLE, account.unreadable)
    kinds |= {"opened": account.opened, "refused": search.refused}
    sorry = "Dat lukte niet. Sorry, dat ligt aan mij. Probeer het over een minuut weer."
    apology = Reply(f"{sorry}\n{asides.reach(search.contact)}", buttons=(Button("Menu", "menu"),))
    helping = make_help(table, search.contact.website)
    return Router(table, search.ask, search.number, kinds, account.introduced, helping, apology)


def make_help(table: Sequence[Command], website: str) -> Reply:
    """A line for each command that has one, something to try at once, and the way without a chat."""
    return Reply(
        "\n".join(command.help for command in table if command.help),
        footer=f"Liever geen chat? Alle organisaties staan op {website}." if website else "",
        buttons=(
            *(Button(f"Voorbeeld: {example}", f"zoek {example}") for example in EXAMPLES),
            Button("Vraag een mens", "vraag een mens"),
            Button("Privacy", "privacy"),
            Button("Menu", "menu"),
        ),
    )


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", fold(text)).split())
