import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
import gzip
from ipaddress import ip_address
import ssl

from hypothesis import example, given, settings
from hypothesis import strategies as st
import pytest

from bot.commons.addresses import Address, addresses_of, is_public
from bot.commons.fetching import Cause, Failure, Fetched, Fetcher, Manners, plain_url
from tests.commons.loopback import AGENT, HOME, TRUSTING, Clock, Handler, Site, answer, fetcher_of_tests, serving

ANY_PORT = range(65536)


def fetch(
    says: bytes | Mapping[str, bytes] | Handler,
    fetcher: Callable[[], Fetcher] = fetcher_of_tests,
    *,
    path: str = "/",
    host: str = "school.test",
    headers: Mapping[str, str] | None = None,
    body: bool = True,
) -> tuple[Fetched | Failure, Site]:
    """What fetching a page of a site that says this gives, and what the site saw of it."""

    async def fetched() -> tuple[Fetched | Failure, Site]:
        async with serving(says) as site, fetcher() as client:
            url = f"http://{host}:{site.port}{path}"
            return await client.fetch(url, headers=headers, body=body), site

    return asyncio.run(fetched())


def page(says: bytes | Mapping[str, bytes] | Handler, path: str = "/", *, body: bool = True) -> Fetched:
    fetched, _ = fetch(says, path=path, body=body)
    assert isinstance(fetched, Fetched), fetched
    return fetched


def cause(says: bytes | Mapping[str, bytes] | Handler, fetcher: Callable[[], Fetcher] = fetcher_of_tests) -> Cause:
    failure, _ = fetch(says, fetcher)
    assert isinstance(failure, Failure), failure
    return failure.cause


def with_manners(**fields: float) -> Callable[[], Fetcher]:
    manners = Manners(AGENT, **({"seconds": 5} | fields), ports=ANY_PORT)  # type: ignore[arg-type]  # all are numbers
    return lambda: fetcher_of_tests(manners)


def test_a_page_is_its_status_headers_and_body() -> None:
    fetched = page(answer(200, b"Debat", ETag='"1"'))
    assert (fetched.status, fetched.body, fetched.headers["etag"]) == (200, b"Debat", '"1"')
    assert fetched.url == fetched.final_url
    assert (fetched.moved_to, fetched.downgraded) == ("", False)


def test_who_we_are_is_said_and_no_more_than_needed() -> None:
    own = {"If-None-Match": '"1"', "accept": "text/xml", "If-Odd": "é", "If-Split": "1\r\nX: 2"}
    head = fetch(answer(), headers=own)[1].asked[0]
    assert f"User-Agent: {AGENT}\r\n" in head
    assert "Host: school.test:" in head
    assert "Accept-Encoding: gzip\r\n" in head
    assert 'If-None-Match: "1"\r\n' in head
    assert head.lower().count("\r\naccept:") == 1
    assert not {"if-odd", "if-split", "cookie"} & {line.partition(":")[0].lower() for line in head.split("\r\n")}


def test_a_packed_body_is_unpacked() -> None:
    assert page(answer(200, gzip.compress(b"Debat", mtime=0), Content_Encoding="gzip")).body == b"Debat"


def test_without_body_it_stops_after_the_headers() -> None:
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 900000000000\r\n\r\n"
    assert page(endless, body=False).body == b""
    assert cause(endless) is Cause.TOO_BIG


@pytest.mark.parametrize(
    ("says", "why"),
    [
        (b"", Cause.BROKEN),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive", Cause.BROKEN),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", Cause.PROTOCOL),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000, Cause.PROTOCOL),
        (answer(200, b"x" * 1001), Cause.TOO_BIG),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1001, Cause.TOO_BIG),
        (answer(200, gzip.compress(b"x" * 1001, mtime=0), Content_Encoding="gzip"), Cause.TOO_BIG),
        (answer(200, gzip.compress(b"x" * 900, mtime=0)[:-9], Content_Encoding="gzip"), Cause.BROKEN),
        (answer(200, b"no gzip", Content_Encoding="gzip"), Cause.PROTOCOL),
        (answer(200, b"brotli", Content_Encoding="br"), Cause.PROTOCOL),
        (answer(302, Location="http://[::"), Cause.BAD_URL),
        (answer(302, Location="myapp://login"), Cause.BAD_URL),
        (answer(302, Location="http://user:secret@school.test/"), Cause.UNWANTED_URL),
        (answer(302, Location="http://10.0.0.1/"), Cause.PRIVATE_ADDRESS),
        (answer(302, Location="//gone.test/"), Cause.NO_SUCH_NAME),
        (answer(302, Location="//lost.test/"), Cause.DNS),
        (answer(302, Location="/"), Cause.TOO_MANY_REDIRECTS),
    ],
)
def test_what_goes_wrong_has_a_cause(says: bytes, why: Cause) -> None:
    assert cause(says, with_manners(wire=1000, unpacked=1000)) is why


def test_a_drip_ends_in_time() -> None:
    async def drip(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    assert cause(drip, with_manners(seconds=0.2)) is Cause.TIMEOUT


def test_a_closed_port_refuses() -> None:
    async def fetched() -> Fetched | Failure:
        async with serving(answer()) as site:
            pass
        async with fetcher_of_tests() as client:
            return await client.fetch(f"http://school.test:{site.port}/")

    failure = asyncio.run(fetched())
    assert isinstance(failure, Failure)
    assert failure.cause is Cause.REFUSED


def test_redirects_are_followed_and_remembered() -> None:
    fetched = page(
        {
            "/old": answer(301, b"x" * 11_000_000, Location="new?x=1#part"),
            "/new?x=1": answer(308, Location="/newer"),
            "/newer": answer(302, Location="/login"),
            "/login": answer(301, Location="/here"),
            "/here": answer(200, b"there"),
        },
        "/old",
    )
    assert fetched.body == b"there"
    assert fetched.final_url.endswith("/here")
    assert fetched.moved_to.endswith("/newer")


def test_a_fragment_stays_with_where_it_moved() -> None:
    moved = page({"/old": answer(301, Location="/new#part"), "/new": answer()}, "/old")
    assert moved.moved_to.endswith("/new#part")


def test_no_more_redirects_than_allowed() -> None:
    chain = {f"/{n}": answer(302, Location=f"/{n + 1}") for n in range(6)} | {"/6": answer()}
    failure, site = fetch(chain, path="/0")
    assert isinstance(failure, Failure)
    assert failure.cause is Cause.TOO_MANY_REDIRECTS
    assert len(site.asked) == 6
    assert page(chain, "/1").final_url.endswith("/6")


def test_own_headers_stay_with_the_host_that_was_asked() -> None:
    async def fetched() -> Site:
        async with serving(answer()) as other:
            away = answer(302, Location=f"http://other.test:{other.port}/")
            async with serving(away) as site, fetcher_of_tests() as client:
                await client.fetch(f"http://school.test:{site.port}/", headers={"If-None-Match": "secret"})
            assert "secret" in site.asked[0]
            return other

    assert "secret" not in asyncio.run(fetched()).asked[0]


def test_an_address_with_a_port_of_its_own_is_not_asked() -> None:
    failure, site = fetch(answer(), lambda: fetcher_of_tests(Manners(AGENT)))
    assert isinstance(failure, Failure)
    assert failure.cause is Cause.UNWANTED_URL
    assert not site.connections


# The same machine in many spellings, as they are tried to get into a network; PORT is where something listens.
SPELLINGS = """
http://127.0.0.1:PORT http://localhost:PORT http://LOCALHOST.:PORT http://127.1:PORT http://2130706433:PORT
http://0x7f000001:PORT http://0x7f.1:PORT http://0177.0.0.1:PORT http://017700000001:PORT http://0:PORT
http://[::1]:PORT http://[::ffff:127.0.0.1]:PORT http://[::ffff:7f00:1]:PORT http://[0:0:0:0:0:0:0:1]:PORT
http://[64:ff9b::7f00:1]:PORT http://[2002:7f00:1::]:PORT http://[::]:PORT http://0.0.0.0:PORT http://127.0.0.1.:PORT
http://①②⑦.0.0.1:PORT http://127。0。0。1:PORT http://good.test@127.0.0.1:PORT http://127.0.0.1:PORT#@good.test
http://127.0.0.1:PORT\\@8.8.8.8/ http:\\\\127.0.0.1:PORT http:/127.0.0.1:PORT //127.0.0.1:PORT http://[::1%25lo]:PORT
file:///etc/passwd ftp://127.0.0.1:PORT gopher://127.0.0.1:PORT javascript:1 data:,x http:// http://: http://%31%32%37.1
http://127.0.0.1:99999 http://127.0.0.1:-1 http://a..b http://.a http://exa%20mple http://127.0.0.1%2f.8.8.8.8:PORT
"""


def test_no_spelling_of_our_own_machine_gets_a_connection() -> None:
    async def connections() -> int:
        async with serving(answer()) as site:
            manners = Manners(AGENT, seconds=5, ports=ANY_PORT)
            async with fetcher_of_tests(manners, allowed=is_public, resolve=addresses_of) as client:
                for spelling in SPELLINGS.split():
                    url = spelling.replace("PORT", str(site.port))
                    assert isinstance(await client.fetch(url), Failure), url
            async with serving(answer(302, Location=f"http://localhost:{site.port}/")) as lure:
                lured = fetcher_of_tests(manners, allowed=lambda address: address == HOME, resolve=moving_target())
                async with lured as client:
                    failure = await client.fetch(f"http://good.test:{lure.port}/")
                    assert isinstance(failure, Failure)
                    assert failure.cause is Cause.PRIVATE_ADDRESS
                    assert failure.at == f"http://localhost:{site.port}/"
                assert lure.connections == 1
            return site.connections

    assert asyncio.run(connections()) == 0


def moving_target() -> Callable[[str], Awaitable[Sequence[Address]]]:
    """Looks names up as an attacker's DNS does: good the first time, then somewhere inside."""
    answers = [(HOME,), (ip_address("10.0.0.1"),)]

    async def resolve(_: str) -> Sequence[Address]:
        return answers.pop(0)

    return resolve


def test_the_address_that_was_checked_is_the_one_that_is_asked() -> None:
    fetched, site = fetch(answer(), lambda: fetcher_of_tests(resolve=moving_target()))
    assert isinstance(fetched, Fetched)
    assert site.connections == 1


def test_one_inside_address_spoils_the_others() -> None:
    async def both(_: str) -> Sequence[Address]:
        return (HOME, ip_address("10.0.0.1"))

    failure, site = fetch(answer(), lambda: fetcher_of_tests(resolve=both))
    assert isinstance(failure, Failure)
    assert failure.cause is Cause.PRIVATE_ADDRESS
    assert not site.connections


def test_the_next_address_is_tried() -> None:
    async def both(_: str) -> Sequence[Address]:
        return (ip_address("127.0.0.2"), HOME)  # only one of them listens

    fetched, _ = fetch(answer(), lambda: fetcher_of_tests(resolve=both, allowed=lambda _: True))
    assert isinstance(fetched, Fetched)


async def over_tls(tls: ssl.SSLContext, *hosts: str) -> list[Fetched | Failure]:
    async with serving(answer(), tls=True) as site, fetcher_of_tests(tls=tls) as client:
        return [await client.fetch(f"https://{host}:{site.port}/") for host in hosts]


def test_the_certificate_must_be_for_the_name() -> None:
    right, wrong = asyncio.run(over_tls(TRUSTING, "school.test", "other.test"))
    assert isinstance(right, Fetched)
    assert isinstance(wrong, Failure)
    assert wrong.cause is Cause.TLS  # though it is the same machine that was fine a moment ago


def test_the_certificate_must_be_vouched_for() -> None:
    (failure,) = asyncio.run(over_tls(ssl.create_default_context(), "school.test"))
    assert isinstance(failure, Failure)
    assert failure.cause is Cause.TLS


def test_settings_of_the_machine_for_a_proxy_are_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert page(answer(200, b"Debat")).body == b"Debat"


def test_a_step_down_from_https_is_noted() -> None:
    async def fetched() -> Fetched | Failure:
        async with serving(answer()) as plain:
            down = answer(301, Location=f"http://school.test:{plain.port}/")
            async with serving(down, tls=True) as site, fetcher_of_tests() as client:
                return await client.fetch(f"https://school.test:{site.port}/")

    found = asyncio.run(fetched())
    assert isinstance(found, Fetched)
    assert found.downgraded


def crowd(hosts: Sequence[str], clock: Clock, *, wait_for: int) -> int:
    """How many requests a server gets at the same time, when it lets them wait until there are so many."""
    busy: list[int] = [0]

    async def fetched() -> None:
        enough = asyncio.Event()

        async def serve(_: str, writer: asyncio.StreamWriter) -> None:
            busy.append(busy[-1] + 1)
            if busy[-1] == wait_for:
                await asyncio.sleep(0.05)  # room for one too many
                enough.set()
            await enough.wait()
            busy.append(busy[-1] - 1)
            writer.write(answer())

        async with serving(serve) as site, fetcher_of_tests(clock=clock) as client:
            urls = [f"http://{host}:{site.port}/{n}" for n, host in enumerate(hosts)]
            assert all(isinstance(found, Fetched) for found in await asyncio.gather(*map(client.fetch, urls)))

    asyncio.run(fetched())
    return max(busy)


def test_one_host_waits_for_itself() -> None:
    clock = Clock()
    assert crowd(["school.test"] * 4, clock, wait_for=1) == 1
    assert clock.waits == [1.0, 1.0, 1.0]


def test_hosts_are_asked_together_up_to_a_number() -> None:
    clock = Clock()
    assert crowd([f"school{n}.test" for n in range(12)], clock, wait_for=8) == 8
    assert not clock.waits


@pytest.mark.parametrize("says", [answer(429), answer(503, Retry_After="120")])
def test_who_asks_to_be_left_alone_is(says: bytes) -> None:
    async def fetched() -> tuple[list[Fetched | Failure], Site]:
        async with serving(says) as site, fetcher_of_tests() as client:
            return [await client.fetch(f"http://school.test:{site.port}/{n}") for n in range(3)], site

    (first, *others), site = asyncio.run(fetched())
    assert isinstance(first, Fetched)
    assert {(other.cause, other.status) for other in others if isinstance(other, Failure)} == {
        (Cause.LATER, first.status)
    }
    assert len(site.asked) == 1


def test_who_is_silent_twice_is_not_asked_again() -> None:
    async def silence(_: str, __: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)

    async def fetched() -> tuple[list[Fetched | Failure], Site]:
        async with serving(silence) as site, with_manners(seconds=0.05)() as client:
            return [await client.fetch(f"http://school.test:{site.port}/{n}") for n in range(9)], site

    found, site = asyncio.run(fetched())
    assert {failure.cause for failure in found if isinstance(failure, Failure)} == {Cause.TIMEOUT}
    assert len(site.asked) == 2


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        (" HTTP://School.NL:80#top ", "http://school.nl/"),
        ("https://school.nl/a b?q=é#x", "https://school.nl/a%20b?q=%C3%A9"),
        ("https://müller.nl/", "https://xn--mller-kva.nl/"),
        ("https://school.nl:8443/x", "https://school.nl:8443/x"),
        ("www.school.nl", None),
        ("mailto:info@school.nl", None),
        ("https:///x", None),
        ("https://school..nl", None),
    ],
)
def test_an_address_has_one_spelling(url: str, plain: str | None) -> None:
    assert plain_url(url) == plain


HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            [b"Location", b"Content-Length", b"Content-Encoding", b"Transfer-Encoding", b"Retry-After", b"X"]
        ),
        st.sampled_from([b"gzip", b"deflate", b"chunked", b"5", b"-1", b"/", b"//", b"http://[", b"\xff\xfe"])
        | st.binary(max_size=30),
    ),
    max_size=5,
).map(lambda pairs: b"".join(name + b": " + text + b"\r\n" for name, text in pairs))
NEARLY_HTTP = st.builds(
    lambda status, headers, body: b"HTTP/1.1 %d Said\r\n%s\r\n%s" % (status, headers, body),
    st.sampled_from([0, 100, 101, 200, 204, 301, 302, 304, 404, 999]),
    HEADERS,
    st.binary(max_size=100) | st.binary(max_size=50).map(gzip.compress),
)


@settings(max_examples=120, deadline=None)
@given(st.binary(max_size=300) | NEARLY_HTTP)
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx")
@example(b"HTTP/1.1 302 Found\r\nLocation: http://\xe9\xe9.test:1/\x80\r\n\r\n")
def test_whatever_a_server_says_is_a_value(says: bytes) -> None:
    fetched, _ = fetch(says, with_manners(seconds=2))
    assert isinstance(fetched, Fetched | Failure)


@given(st.text(max_size=60) | st.text(max_size=30).map("http://{}".format))
def test_whatever_address_is_asked_for_is_a_value(url: str) -> None:
    async def nobody(_: str) -> Sequence[Address]:
        return ()

    async def fetched() -> Fetched | Failure:
        async with fetcher_of_tests(resolve=nobody, allowed=lambda _: False) as client:
            return await client.fetch(url)

    assert isinstance(asyncio.run(fetched()), Failure)
