import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from bot.commons.fetching import Fetched, Manners
from bot.search.links import LinkCheck, State, _verdict, check_links, run_check
from tests.commons.loopback import AGENT, Site, answer, fetcher_of_tests, serving

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
PAGES = {
    "/": answer(200, b"Welkom"),
    "/debat": answer(),
    "/gone": answer(410),
    "/closed": answer(403),
    "/login": answer(401),
    "/teapot": answer(418),
    "/riddle": answer(503, cf_mitigated="challenge"),
    "/broken": answer(500),
    "/odd": answer(302),
    "/old": answer(301, Location="/debat"),
    "/oldest": answer(301, Location="/old"),
    "/slash": answer(308, Location="/slash/"),
    "/slash/": answer(),
    "/away": answer(302, Location="/debat"),
    "/home": answer(301, Location="/"),
    "/lost": answer(302, Location="/nl/pagina-niet-gevonden"),
    "/nl/pagina-niet-gevonden": answer(),
    "/loop": answer(302, Location="/loop"),
    "/inside": answer(302, Location="http://10.0.0.1/"),
    "/app": answer(302, Location="app://open"),
    "/silent": b"",
}


def checked(
    urls: Iterable[str], *, pages: dict[str, bytes] = PAGES, witness: str = "http://school.test:PORT/"
) -> tuple[list[LinkCheck], Site]:
    """The checks of these addresses; PORT in them is where the pages are."""

    async def check() -> tuple[list[LinkCheck], Site]:
        async with serving(pages) as site, fetcher_of_tests() as fetcher:
            port = str(site.port)
            real = [url.replace("PORT", port) for url in urls]
            return await check_links(real, fetcher, now=NOW, witness=witness.replace("PORT", port)), site

    return asyncio.run(check())


@pytest.mark.parametrize(
    ("url", "state", "words"),
    [
        ("http://school.test:PORT", State.OK, "werkt"),
        ("http://school.test:PORT/debat#tijden", State.OK, "werkt"),
        ("http://school.test:PORT/slash", State.OK, "het adres is nu http://school.test"),
        ("http://school.test:PORT/away", State.OK, "stuurt voorlopig door naar http://school.test"),
        ("http://school.test:PORT/old", State.MOVED, "verhuisd naar http://school.test"),
        ("http://school.test:PORT/oldest", State.MOVED, "verhuisd naar http://school.test"),
        ("http://school.test:PORT/home", State.MOVED, "deze pagina is er misschien niet meer"),
        ("http://school.test:PORT/nowhere", State.DEAD, "pagina bestaat niet meer (404)"),
        ("http://school.test:PORT/gone", State.DEAD, "pagina bestaat niet meer (410)"),
        ("http://school.test:PORT/lost", State.DEAD, "foutpagina"),
        ("http://gone.test/x", State.DEAD, "website gone.test bestaat niet (meer)"),
        ("www.school.test", State.DEAD, "geen geldig webadres"),
        ("http://lost.test/x", State.UNREACHABLE, "nu niet te vinden"),
        ("http://school.test:PORT/broken", State.UNREACHABLE, "storing (500)"),
        ("http://school.test:PORT/odd", State.UNREACHABLE, "onverwacht antwoord (302)"),
        ("http://school.test:PORT/silent", State.UNREACHABLE, "verbinding brak af"),
        ("http://school.test:PORT/inside", State.UNREACHABLE, "intern netwerk"),
        ("http://school.test:PORT/closed", State.GUARDED, "(403); kijk zelf even"),
        ("http://school.test:PORT/login", State.GUARDED, "in te loggen (401)"),
        ("http://school.test:PORT/teapot", State.GUARDED, "(418)"),
        ("http://school.test:PORT/riddle", State.GUARDED, "(503)"),
        ("http://school.test:PORT/loop", State.GUARDED, "steeds door"),
        ("http://school.test:PORT/app", State.GUARDED, "niet kunnen controleren"),
        ("http://me:secret@school.test:PORT/", State.GUARDED, "wachtwoord"),
    ],
)
def test_what_became_of_an_address(url: str, state: State, words: str) -> None:
    (check,), _ = checked([url])
    assert check.state is state
    assert words in check.detail
    assert check.checked_at == NOW
    assert bool(check.moved_to) is (state is State.MOVED or url.endswith("/slash"))


def verdict(url: str, final_url: str, *, for_good: bool = True) -> tuple[State, str]:
    answered = Fetched(url, final_url, 200, {}, b"", moved_to=final_url if for_good else "")
    found = _verdict(answered)
    return found.state, found.moved_to


@pytest.mark.parametrize(
    "after",
    [
        *("https://school.nl/Debat", "http://www.school.nl/Debat", "https://www.school.nl/debat/"),
        *("https://school.nl/debat/index.html", "http://school.nl/debat#top"),
    ],
)
def test_the_same_page_under_another_spelling_works(after: str) -> None:
    assert verdict("http://school.nl/Debat", after) == (State.OK, after)


@pytest.mark.parametrize(
    "after",
    ["https://school.nl/debatten", "https://school.nl/debat?id=2", "https://other.nl/debat", "http://school.nl/#/x"],
)
def test_another_page_is_moved(after: str) -> None:
    assert verdict("http://school.nl/debat", after) == (State.MOVED, after)


def test_the_bare_address_of_a_site_is_the_best_one() -> None:
    assert verdict("https://school.nl/", "https://www.school.nl/nl/home") == (State.OK, "")
    assert verdict("https://school.nl/", "https://new-school.nl/")[0] is State.MOVED


def test_a_domain_for_sale_is_dead() -> None:
    for shop in (
        "https://www.hugedomains.com/domain_profile.cfm?d=x.com",
        "https://sedo.com/search/details/?domain=x.nl",
    ):
        assert verdict("http://x.nl/debat", shop, for_good=False)[0] is State.DEAD
    assert verdict("https://sedo.com/", "https://sedo.com/nl/")[0] is State.OK
    assert verdict("http://x.nl/debat", "https://notsedo.com/", for_good=False)[0] is State.OK


def test_each_page_is_asked_once_and_each_address_gets_a_check() -> None:
    urls = [f"http://school.test:PORT{path}" for path in ("/debat#a", "/debat#b", "/debat", "/debat#a", "/old#c")]
    checks, site = checked([*urls, "HTTP://School.test:PORT/debat"])
    port = site.port
    assert [check.url for check in checks] == [
        *(f"http://school.test:{port}{path}" for path in ("/debat#a", "/debat#b", "/debat", "/old#c")),
        f"HTTP://School.test:{port}/debat",
    ]
    assert checks[3].moved_to == f"http://school.test:{port}/debat#c"
    assert [head.split()[1] for head in site.asked] == ["/debat", "/old", "/debat"]


def test_who_asks_to_wait_is_left_alone() -> None:
    for status, state in ((429, State.GUARDED), (503, State.UNREACHABLE)):
        pages = {f"/{n}": answer(status, Retry_After="1") for n in range(3)}
        checks, site = checked([f"http://school.test:PORT/{n}" for n in range(3)], pages=pages)
        assert {check.state for check in checks} == {state}
        assert f"niet gevraagd: website vroeg ons om te wachten ({status})" in checks[2].detail
        assert len(site.asked) == 1


def test_without_internet_nothing_is_called_dead() -> None:
    urls = ["http://gone.test/", "http://lost.test/x", "geen adres"]
    checks, _ = checked(urls, witness="http://lost-too.test/")
    assert [(check.url, check.state, check.detail) for check in checks] == [
        (url, State.UNKNOWN, "geen verbinding met internet") for url in urls
    ]


def test_when_only_ours_fail_the_internet_is_there() -> None:
    checks, site = checked(["http://gone.test/", "http://gone.test/x"])
    assert [check.state for check in checks] == [State.DEAD, State.DEAD]
    assert len(site.asked) == 1  # the witness


def test_progress_is_heard_of_every_page() -> None:
    heard: list[tuple[int, int]] = []

    async def check() -> None:
        async with serving(PAGES) as site, fetcher_of_tests() as fetcher:
            urls = [f"http://school{n % 3}.test:{site.port}/debat?{n}" for n in range(7)]
            await check_links(urls, fetcher, now=NOW, progress=lambda done, total: heard.append((done, total)))

    asyncio.run(check())
    assert heard == [(done, 7) for done in range(1, 8)]


def test_who_is_not_async_can_check_too() -> None:
    assert run_check([], Manners(AGENT), now=NOW) == []
    (check,) = run_check(["geen adres"], Manners(AGENT), now=NOW)
    assert check.state is State.DEAD
