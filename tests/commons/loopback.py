"""Web servers on this machine that say what a test wants, and a fetcher that finds them under any name."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
import socket
import ssl
import tempfile

from bot.commons.addresses import Address
from bot.commons.fetching import Fetcher, Manners

HOME = ip_address("127.0.0.1")
AGENT = "skb-bot-test (mailto:tests@example.org)"

# A certificate for school.test that vouches for itself until 2120, and its key, which opens nothing.
_CERTIFICATE = """
MIIBizCCATCgAwIBAgIUFtiumrTqifWGhR47HSXeSGzFBc0wCgYIKoZIzj0EAwIwFjEUMBIGA1UEAwwLc2Nob29sLnRlc3QwIBcN
MjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBYxFDASBgNVBAMMC3NjaG9vbC50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAE70HUUaAOYwbHFLn8yHhpWYVeNlPg+0+8eji18QOVMY+otnco2mEUWez/qQpzgi8kpCLkkEbL7I2IxyqQHfs2W6NaMFgw
FgYDVR0RBA8wDYILc2Nob29sLnRlc3QwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAoQwHQYDVR0OBBYEFOvBCgXKah0O
hxOqefXjL0Gjl3IuMAoGCCqGSM49BAMCA0kAMEYCIQCoUU60HbhzVyk/7xYp/B1pbpxDHc2Yi5sUbqj4XeXBrQIhAKA2vCT9ANlM
/yFBiNu9lIt6c51N8xSwdP7O5Sl65jTR
"""
_KEY = """
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgifsVQ2yiDpcgSrAukhAaQhOoyzujsRNit9hHfITGJlKhRANCAATv
QdRRoA5jBscUufzIeGlZhV42U+D7T7x6OLXxA5Uxj6i2dyjaYRRZ7P+pCnOCLySkIuSQRsvsjYjHKpAd+zZb
"""
_PEM = ssl.DER_cert_to_PEM_cert(base64.b64decode(_CERTIFICATE))

# Made once: reading all the world's certificates for each fetcher would take longer than the tests.
TRUSTING = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
TRUSTING.load_verify_locations(cadata=_PEM)

Handler = Callable[[str, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Site:
    port: int = 0
    connections: int = 0
    asked: list[str] = field(default_factory=list)
    """The heads of the requests."""


def answer(status: int = 200, body: bytes = b"", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {text}" for name, text in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@asynccontextmanager
async def serving(says: bytes | Mapping[str, bytes] | Handler, *, tls: bool = False) -> AsyncIterator[Site]:
    """A site that gives one answer, or one for each path (404 for others), or does what a function does."""
    site = Site()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        site.connections += 1
        with closing(writer):
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                site.asked.append(head)
                if callable(says):
                    await says(head, writer)
                else:
                    page = says if isinstance(says, bytes) else says.get(head.split()[1], answer(404))
                    writer.write(page)
                    await writer.drain()
            except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                pass  # the client, or the test, had enough

    server = await asyncio.start_server(serve, str(HOME), 0, ssl=_serving_tls() if tls else None)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()


def _serving_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:  # the only way in for a key
        path = Path(folder) / "both.pem"
        path.write_text(f"-----BEGIN PRIVATE KEY-----{_KEY}-----END PRIVATE KEY-----\n{_PEM}")
        context.load_cert_chain(path)
    return context


async def everything_is_here(host: str) -> Sequence[Address]:
    """Looks up any name: "gone…" doesn't exist, "lost…" can't be looked up now, the rest is this machine."""
    if host.startswith("gone"):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    if host.startswith("lost"):
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
    return (HOME,)


@dataclass
class Clock:
    """Time that passes only when somebody waits."""

    now: float = 1000.0
    waits: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


def fetcher_of_tests(
    manners: Manners | None = None,
    *,
    allowed: Callable[[Address], bool] = lambda address: address == HOME,
    resolve: Callable[[str], Awaitable[Sequence[Address]]] = everything_is_here,
    clock: Clock | None = None,
    tls: ssl.SSLContext = TRUSTING,
) -> Fetcher:
    clock = clock or Clock()
    manners = manners or Manners(AGENT, seconds=5, ports=range(65536))
    return Fetcher(manners, allowed=allowed, resolve=resolve, tls=tls, clock=clock, sleep=clock.sleep)
