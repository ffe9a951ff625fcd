"""Whether the web addresses of the offer still work: asked politely, once each, and said in words for the team."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
import re
from urllib.parse import SplitResult, unquote, urlsplit

from bot.commons.fetching import Cause, Failure, Fetched, Fetcher, Manners, plain_url

__all__ = ["LinkCheck", "State", "check_links", "run_check"]

Progress = Callable[[int, int], None]

WITNESS = "https://www.rijksoverheid.nl/"
"""A site that is always there: asked only when nothing else answers."""

# Shops for domain names: a page that leads to one has been given up.
_DOMAIN_SHOPS = (
    "afternic.com",
    "bodis.com",
    "dan.com",
    "hugedomains.com",
    "parkingcrew.net",
    "sedo.com",
    "sedoparking.com",
    "undeveloped.com",
)
_ERROR_PAGE = re.compile(
    r"/(error[-_]?)?404([-_]error)?(\.\w+)?$|/((page|pagina)[-_]?)?(not[-_]?found|niet[-_]gevonden)(\.\w+)?$"
)
_START_PAGE = re.compile(r"/(index|default|home)\.\w+$")


class State(StrEnum):
    OK = "ok"
    MOVED = "moved"
    """For good, to another page."""
    DEAD = "dead"
    UNREACHABLE = "unreachable"
    """Perhaps only now."""
    GUARDED = "guarded"
    """The site keeps robots out: a person must look."""
    UNKNOWN = "unknown"
    """There is no internet here, so nothing can be said of any address."""


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """What became of one web address."""

    url: str
    """As it stands in the offer."""
    state: State
    detail: str
    """In a few Dutch words."""
    moved_to: str
    """The address it has now, for what moved, and for what is still the same page; else empty."""
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class _Verdict:
    state: State
    detail: str
    moved_to: str = ""


_BY_CAUSE = {
    Cause.BAD_URL: _Verdict(State.DEAD, "geen geldig webadres"),
    Cause.UNWANTED_URL: _Verdict(State.GUARDED, "adres met een wachtwoord of een bijzondere poort; kijk zelf even"),
    Cause.PRIVATE_ADDRESS: _Verdict(State.UNREACHABLE, "adres wijst naar een intern netwerk"),
    Cause.DNS: _Verdict(State.UNREACHABLE, "website is nu niet te vinden"),
    Cause.NO_ROUTE: _Verdict(State.UNREACHABLE, "website is niet te bereiken"),
    Cause.REFUSED: _Verdict(State.UNREACHABLE, "website weigert de verbinding"),
    Cause.TLS: _Verdict(State.UNREACHABLE, "beveiligde verbinding lukt niet (certificaat)"),
    Cause.TIMEOUT: _Verdict(State.UNREACHABLE, "website geeft geen antwoord"),
    Cause.BROKEN: _Verdict(State.UNREACHABLE, "verbinding brak af"),
    Cause.PROTOCOL: _Verdict(State.UNREACHABLE, "website geeft een onbegrijpelijk antwoord"),
    Cause.TOO_BIG: _Verdict(State.UNREACHABLE, "website geeft een te groot antwoord"),
    Cause.TOO_MANY_REDIRECTS: _Verdict(State.GUARDED, "website stuurt steeds door; kijk zelf even"),
}
_BY_STATUS = {
    401: _Verdict(State.GUARDED, "pagina vraagt om in te loggen (401); kijk zelf even"),
    404: _Verdict(State.DEAD, "pagina bestaat niet meer (404)"),
    410: _Verdict(State.DEAD, "pagina bestaat niet meer (410)"),
    429: _Verdict(State.GUARDED, "website vroeg ons om te wachten (429); kijk zelf even"),
}


async def check_links(
    urls: Iterable[str],
    fetcher: Fetcher,
    *,
    now: datetime,
    progress: Progress | None = None,
    witness: str = WITNESS,
) -> list[LinkCheck]:
    """One check for each different address, in their order. All are UNKNOWN when there seems to be no internet.

    `progress` hears how many of how many pages were asked.
    """
    asked = {url: plain_url(url) or url for url in dict.fromkeys(urls)}
    pages = list(dict.fromkeys(asked.values()))
    hosts: dict[str, list[str]] = {}
    for page in pages:
        hosts.setdefault(_split(page).netloc, []).append(page)
    found: dict[str, Fetched | Failure] = {}

    async def ask(mine: Sequence[str]) -> None:
        for page in mine:  # a host answers one at a time anyway
            found[page] = await fetcher.fetch(page, body=False)
            if progress:
                progress(len(found), len(pages))

    async with asyncio.TaskGroup() as group:
        for mine in hosts.values():
            group.create_task(ask(mine))
    if await _offline(found.values(), fetcher, witness):
        return [LinkCheck(url, State.UNKNOWN, "geen verbinding met internet", "", now) for url in asked]
    verdicts = {page: _verdict(answer) for page, answer in found.items()}
    return [_check(url, verdicts[page], now) for url, page in asked.items()]


def run_check(
    urls: Iterable[str],
    manners: Manners,
    *,
    now: datetime,
    progress: Progress | None = None,
) -> list[LinkCheck]:
    """`check_links` for who is not async, with a fetcher of its own."""

    async def check() -> list[LinkCheck]:
        async with Fetcher(manners) as fetcher:
            return await check_links(urls, fetcher, now=now, progress=progress)

    return asyncio.run(check())


async def _offline(answers: Iterable[Fetched | Failure], fetcher: Fetcher, witness: str) -> bool:
    """Whether it is us: of all that was really asked nothing answered, and the witness doesn't either."""
    unasked = (Cause.BAD_URL, Cause.UNWANTED_URL)
    asked = [answer for answer in answers if not (isinstance(answer, Failure) and answer.cause in unasked)]
    if not asked or any(isinstance(answer, Fetched) for answer in asked):
        return False
    return isinstance(await fetcher.fetch(witness, body=False), Failure)


def _check(url: str, verdict: _Verdict, now: datetime) -> LinkCheck:
    fragment = _split(url).fragment
    moved_to = verdict.moved_to
    if moved_to and fragment and "#" not in moved_to:  # as browsers do
        moved_to = f"{moved_to}#{fragment}"
    return LinkCheck(url, verdict.state, verdict.detail, moved_to, now)


def _verdict(answer: Fetched | Failure) -> _Verdict:
    if isinstance(answer, Fetched):
        return _verdict_on_answer(answer)
    host = _split(answer.at).hostname or answer.at
    if answer.cause is Cause.NO_SUCH_NAME:
        return _Verdict(State.DEAD, f"website {host} bestaat niet (meer)")
    if answer.cause is Cause.LATER:
        state = State.GUARDED if answer.status == 429 else State.UNREACHABLE
        return _Verdict(state, f"niet gevraagd: website vroeg ons om te wachten ({answer.status})")
    if answer.at != answer.url and answer.cause in (Cause.BAD_URL, Cause.UNWANTED_URL):
        # an app's own address, or a login: for us it ends here, for a person perhaps not
        return _Verdict(State.GUARDED, "stuurt door naar een adres dat we niet kunnen controleren; kijk zelf even")
    return _BY_CAUSE[answer.cause]


def _verdict_on_answer(answer: Fetched) -> _Verdict:
    status = answer.status
    if "cf-mitigated" in answer.headers or "x-amzn-waf-action" in answer.headers:  # a riddle for browsers
        return _Verdict(State.GUARDED, f"website laat ons controleprogramma niet toe ({status}); kijk zelf even")
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if 400 <= status < 500:
        return _Verdict(State.GUARDED, f"website laat ons controleprogramma niet toe ({status}); kijk zelf even")
    if 500 <= status < 600:
        return _Verdict(State.UNREACHABLE, f"website heeft een storing ({status})")
    if not 200 <= status < 300:
        return _Verdict(State.UNREACHABLE, f"website geeft een onverwacht antwoord ({status})")
    return _verdict_on_page(answer)


def _verdict_on_page(answer: Fetched) -> _Verdict:
    """What to think of a page that is there, by where it is."""
    before, after = _split(answer.url), _split(answer.final_url)
    shop = next((shop for shop in _DOMAIN_SHOPS if _belongs(after, shop)), "")
    if shop and not _belongs(before, shop):
        return _Verdict(State.DEAD, f"website is opgeheven: het adres is te koop bij {shop}")
    if _ERROR_PAGE.search(_path(after)) and _path(after) != _path(before):
        return _Verdict(State.DEAD, "pagina bestaat niet meer (stuurt door naar een foutpagina)")
    if not answer.moved_to:
        same = _page(before) == _page(after) or _is_start(before, after)
        return _Verdict(State.OK, "werkt" if same else f"werkt; stuurt voorlopig door naar {answer.final_url}")
    to = _split(answer.moved_to)
    if _page(before) == _page(to):
        return _Verdict(State.OK, f"werkt; het adres is nu {answer.moved_to}", answer.moved_to)
    if _is_start(before, to):  # the short address of a site is the better one
        return _Verdict(State.OK, "werkt")
    if _path(before) and not (_path(to) or to.query or to.fragment):
        detail = f"stuurt door naar de startpagina {answer.moved_to}; deze pagina is er misschien niet meer"
        return _Verdict(State.MOVED, detail, answer.moved_to)
    return _Verdict(State.MOVED, f"verhuisd naar {answer.moved_to}", answer.moved_to)


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _host(url: SplitResult) -> str:
    return (url.hostname or "").removeprefix("www.")


def _path(url: SplitResult) -> str:
    return _START_PAGE.sub("", unquote(url.path).lower()).rstrip("/")


def _page(url: SplitResult) -> tuple[str, str, str]:
    """What stays when only slash, https, www or capitals change."""
    return _host(url), _path(url), url.query


def _is_start(before: SplitResult, after: SplitResult) -> bool:
    """Whether a site's bare address leads to the page of that site where visitors begin."""
    return not _path(before) and not before.query and _host(before) == _host(after)


def _belongs(url: SplitResult, domain: str) -> bool:
    return _host(url) == domain or _host(url).endswith(f".{domain}")
