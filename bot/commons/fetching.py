"""What strangers' web servers say, fetched with care: polite to them, safe for us, and a value for whatever they do."""

import asyncio
from collections.abc import Awaitable, Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
import errno
from ipaddress import ip_address
import re
import socket
import ssl
import time
from typing import Self
from urllib.parse import urljoin

import httpx

from bot.commons.addresses import Address, addresses_of, is_public
from bot.commons.unpacking import CutShortError, TooBigError, Unpacking

__all__ = ["Cause", "Failure", "Fetched", "Fetcher", "Manners", "plain_url"]

_REDIRECTS = (301, 302, 303, 307, 308)
_FOR_GOOD = (301, 308)
_PORTS = {"http": 80, "https": 443}
_TRIES = 4  # addresses of one host
_SILENCES = 2  # before a host is left alone
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_NO_ROUTE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL, errno.EACCES, errno.EPERM}
_NO_SUCH_NAME = {getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA") if hasattr(socket, name)}


class Cause(StrEnum):
    """Why nothing came."""

    BAD_URL = "bad_url"
    """Not an address on the web."""
    UNWANTED_URL = "unwanted_url"
    """An address with a password or an odd port in it: it may work, we don't ask it."""
    PRIVATE_ADDRESS = "private_address"
    NO_SUCH_NAME = "no_such_name"
    """The host doesn't exist, says DNS."""
    DNS = "dns"
    """The host can't be looked up now."""
    NO_ROUTE = "no_route"
    REFUSED = "refused"
    TLS = "tls"
    TIMEOUT = "timeout"
    BROKEN = "broken"
    """The connection or the packed body ended too early."""
    PROTOCOL = "protocol"
    """What came is not HTTP, or packed in a way we didn't ask for."""
    TOO_BIG = "too_big"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    LATER = "later"
    """The site asked, earlier in this round, to be left alone."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered, with whichever status."""

    url: str
    """As asked for."""
    final_url: str
    """Where the answer came from, after redirects."""
    status: int
    headers: Mapping[str, str]
    """By name in lower case."""
    body: bytes
    """Unpacked; empty when only the headers were asked for."""
    moved_to: str = ""
    """Where permanent redirects (301, 308) lead, up to the first temporary one; "" without them."""
    downgraded: bool = False
    """Whether a redirect led from https to http."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer."""

    url: str
    """As asked for."""
    at: str
    """Where it went wrong: a redirect may have led there."""
    cause: Cause
    detail: str = ""
    """For a log, not for people in chat."""
    status: int | None = None
    """What the site said, when that was the reason."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How we behave at other people's servers, and what we put up with from them."""

    agent: str
    """The User-Agent: who we are, and where a person can be reached."""
    seconds: float = 20.0
    """For one fetch with its redirects; waiting for our turn doesn't count."""
    wire: int = 10_000_000
    """Bytes of a body as sent."""
    unpacked: int = 10_000_000
    """Bytes of a body as unpacked."""
    redirects: int = 5
    pause: float = 1.0
    """Seconds between two requests to one host, which never gets two at a time."""
    hosts: int = 8
    """How many are asked at the same time."""
    ports: Container[int] = (80, 443)


class _StopError(Exception):
    """The end of a fetch, on its way to becoming a Failure."""

    def __init__(self, cause: Cause, detail: str = "", status: int | None = None) -> None:
        super().__init__(cause, detail, status)
        self.cause, self.detail, self.status = cause, detail, status


@dataclass(frozen=True, slots=True)
class _Target:
    """An address that may be asked, as far as its spelling tells."""

    url: httpx.URL
    host: str
    """Without the brackets of IPv6 and the dot at the end."""
    port: int

    @property
    def name(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.url.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    to: str
    """Where it redirects to, if it does."""
    body: bytes


@dataclass(slots=True)
class _Host:
    """How things stand between us and one host in this round."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    silences: int = 0
    closed: _StopError | None = None


def plain_url(url: str) -> str | None:
    """The address as it is asked for: in one spelling, without its fragment; None when it is not on the web."""
    try:
        return str(_target(url).url)
    except _StopError:
        return None


class Fetcher:
    """A client for one round: `async with Fetcher(Manners("…")) as fetcher: await fetcher.fetch(url)`.

    A host that asks to be left alone (429, or 503 with Retry-After), or is silent twice in a row, is not asked again in
    the same round.
    """

    def __init__(
        self,
        manners: Manners,
        *,
        allowed: Callable[[Address], bool] = is_public,
        resolve: Callable[[str], Awaitable[Sequence[Address]]] = addresses_of,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.manners = manners
        self._allowed, self._resolve, self._clock, self._sleep = allowed, resolve, clock, sleep
        self._slots = asyncio.Semaphore(manners.hosts)
        self._known: dict[str, _Host] = {}
        # The bare transport: a client would carry cookies from one site to the other, for it only sees addresses.
        # For the same reason no connection is used twice: its certificate was checked for one name.
        self._transport = httpx.AsyncHTTPTransport(
            verify=tls or httpx.create_ssl_context(trust_env=False),
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self._headers = {
            "User-Agent": " ".join(manners.agent.encode("ascii", "ignore").decode().split()),
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Language": "nl,en;q=0.5",
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._transport.aclose()

    async def fetch(
        self, url: str, *, headers: Mapping[str, str] | None = None, body: bool = True
    ) -> Fetched | Failure:
        """What the address answers, after redirects. Own headers go to the host that was asked for, to no other.

        Without `body` it stops after the headers.
        """
        at, moved_to, lasting, downgraded = url, "", True, False
        left, first, seen = self.manners.seconds, None, set[str]()
        try:
            for _ in range(self.manners.redirects + 1):
                target = self._wanted(at)
                final = str(target.url)
                if final in seen:
                    break
                seen.add(final)
                first = first or target.host
                sent = self._headers_with(headers if target.host == first else None)
                answer, spent = await self._in_turn(target, sent, body=body, seconds=left)
                left -= spent
                if not answer.to:
                    return Fetched(url, final, answer.status, answer.headers, answer.body, moved_to, downgraded)
                at = _joined(target.url, answer.to)
                lasting = lasting and answer.status in _FOR_GOOD
                moved_to = at if lasting else moved_to
                downgraded = downgraded or (target.url.scheme == "https" and at.startswith("http:"))
        except _StopError as stop:
            return Failure(url, at, stop.cause, stop.detail, stop.status)
        return Failure(url, at, Cause.TOO_MANY_REDIRECTS)

    def _wanted(self, url: str) -> _Target:
        target = _target(url)
        if target.port not in self.manners.ports or target.url.userinfo:
            raise _StopError(Cause.UNWANTED_URL)
        return target

    def _headers_with(self, own: Mapping[str, str] | None) -> httpx.Headers:
        headers = httpx.Headers(self._headers)
        # an ETag may be any bytes; one that can't be sent back is better not sent
        headers.update({name: text for name, text in (own or {}).items() if text.isascii() and text.isprintable()})
        return headers

    async def _in_turn(
        self, target: _Target, headers: httpx.Headers, *, body: bool, seconds: float
    ) -> tuple[_Answer, float]:
        """The answer and how long it took, once it is our turn at this host."""
        host = self._known.setdefault(target.host, _Host())
        async with host.turn:
            if host.closed:
                raise _StopError(*host.closed.args)
            if (wait := host.free_at - self._clock()) > 0:
                await self._sleep(wait)
            async with self._slots:
                began = asyncio.get_running_loop().time()
                try:
                    answer = await self._ask(target, headers, host, body=body, seconds=seconds)
                except _StopError as stop:
                    host.silences = host.silences + 1 if stop.cause in (Cause.TIMEOUT, Cause.DNS) else 0
                    if host.silences >= _SILENCES:
                        host.closed = _StopError(*stop.args)
                    raise
                host.silences = 0
                if answer.status == 429 or (answer.status == 503 and "retry-after" in answer.headers):
                    host.closed = _StopError(Cause.LATER, answer.headers.get("retry-after", ""), answer.status)
                return answer, asyncio.get_running_loop().time() - began

    async def _ask(
        self, target: _Target, headers: httpx.Headers, host: _Host, *, body: bool, seconds: float
    ) -> _Answer:
        try:
            async with asyncio.timeout(seconds):
                addresses = await self._addresses(target.host)
                try:
                    response = await self._connected(target, addresses, headers, seconds)
                    location = next(iter(response.headers.get_list("location")), "")
                    to = location if response.status_code in _REDIRECTS else ""
                    try:
                        content = await self._body(response) if body and not to else b""
                    finally:
                        await response.aclose()
                finally:
                    host.free_at = self._clock() + self.manners.pause
        except TimeoutError as error:
            raise _StopError(Cause.TIMEOUT) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
            raise _StopError(_cause_of(error), str(error)[:200]) from error
        return _Answer(response.status_code, dict(response.headers), to, content)

    async def _addresses(self, host: str) -> Sequence[Address]:
        """Where the host is, looked up once; a single address that is not allowed spoils them all."""
        try:
            found: Sequence[Address] = (ip_address(host),)
        except ValueError:
            try:
                found = await self._resolve(host)
            except socket.gaierror as error:
                cause = Cause.NO_SUCH_NAME if error.errno in _NO_SUCH_NAME else Cause.DNS
                raise _StopError(cause, str(error)) from error
        if not found:
            raise _StopError(Cause.NO_SUCH_NAME)
        for address in found:
            if not self._allowed(address):
                raise _StopError(Cause.PRIVATE_ADDRESS, str(address))
        return found[:_TRIES]

    async def _connected(
        self, target: _Target, addresses: Sequence[Address], headers: httpx.Headers, seconds: float
    ) -> httpx.Response:
        """The beginning of the answer, from the first of the addresses that takes the connection."""
        *others, last = addresses
        extensions = {
            "sni_hostname": target.host,  # the name the certificate must be for
            "timeout": {"connect": seconds / 2 if others else None},  # the rest is for whoever called us
        }
        for address in (*others, last):
            # The address itself, so that nobody looks the name up again and finds something else.
            request = httpx.Request(
                "GET",
                target.url.copy_with(host=str(address)),
                headers=[(b"Host", target.name.encode()), *headers.raw],
                extensions=extensions,
            )
            try:
                return await self._transport.handle_async_request(request)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                if address == last or _cause_of(error) is Cause.TLS:
                    raise
        raise AssertionError  # the last address returns or raises

    async def _body(self, response: httpx.Response) -> bytes:
        if int(response.headers.get("content-length", "0")) > self.manners.wire:
            raise TooBigError
        unpacking = Unpacking(response.headers.get("content-encoding", ""), self.manners.unpacked)
        sent = 0
        async for piece in response.aiter_raw():
            sent += len(piece)
            if sent > self.manners.wire:
                raise TooBigError
            unpacking.add(piece)
        return unpacking.whole()


def _target(url: str) -> _Target:
    try:
        parsed = httpx.URL(url.strip())
        host = parsed.raw_host.decode("ascii").removesuffix(".")
        parsed = parsed.copy_with(raw_path=parsed.raw_path, fragment=None)
    except (httpx.InvalidURL, ValueError) as error:
        raise _StopError(Cause.BAD_URL, str(error)) from error
    if parsed.scheme not in _PORTS or not (":" in host or _HOST.fullmatch(host)):
        raise _StopError(Cause.BAD_URL)
    return _Target(parsed, host, parsed.port or _PORTS[parsed.scheme])


def _joined(base: httpx.URL, location: str) -> str:
    try:
        return str(httpx.URL(urljoin(str(base), location.strip())))
    except (httpx.InvalidURL, ValueError) as error:
        raise _StopError(Cause.BAD_URL, f"redirect to {location[:200]!r}") from error


def _cause_of(error: BaseException) -> Cause:
    if isinstance(error, TooBigError):
        return Cause.TOO_BIG
    chain = tuple(_chain(error))
    if any(isinstance(link, ssl.SSLError) for link in chain):
        return Cause.TLS
    if any(isinstance(link, httpx.TimeoutException | TimeoutError) for link in chain):
        return Cause.TIMEOUT
    if any(isinstance(link, ConnectionRefusedError) for link in chain):
        return Cause.REFUSED
    if any(isinstance(link, OSError) and link.errno in _NO_ROUTE for link in chain):
        return Cause.NO_ROUTE
    if isinstance(error, CutShortError | httpx.NetworkError | OSError):
        return Cause.BROKEN
    # h11 has one error for all that a server does wrong; only its words tell these apart
    return Cause.BROKEN if re.search(r"closed connection|disconnected", str(error)) else Cause.PROTOCOL


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__
