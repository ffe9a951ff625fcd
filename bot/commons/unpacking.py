"""The body of an answer, unpacked as it comes in and never further than a cap: a megabyte may hold a gigabyte."""

import zlib

__all__ = ["CutShortError", "TooBigError", "Unpacking"]

_PLAIN = ("", "identity")
_MEMBERS = 1000  # of one gzip body; each of them costs time


class TooBigError(ValueError):
    """There is more than we take."""


class CutShortError(ValueError):
    """The rest is missing."""


class Unpacking:
    """Takes a body piece by piece; raises ValueError for what is no such packing."""

    def __init__(self, encoding: str, cap: int) -> None:
        self._encoding = encoding.strip().lower().removeprefix("x-")
        if self._encoding not in (*_PLAIN, "gzip", "deflate"):
            raise ValueError(f"packed as {encoding}")
        self._left = cap
        self._parts: list[bytes] = []
        self._engine: zlib._Decompress | None = None
        self._members = 0
        self._waiting = b""
        """The first byte of a member: two of them tell what it is."""
        self._done = False

    def add(self, data: bytes) -> None:
        if self._encoding in _PLAIN:
            self._keep(data)
            return
        data, self._waiting = self._waiting + data, b""
        while data and not self._done:
            if self._engine:
                data = self._unpacked(self._engine, data)
            elif len(data) < 2:
                self._waiting, data = data, b""
            else:
                self._begin(data)

    def whole(self) -> bytes:
        """All of it, once everything was added. Nothing at all is a body too: a 304 may say that it is packed."""
        if self._engine or (self._waiting and not self._members):
            raise CutShortError("the packed body ends too early")
        return b"".join(self._parts)

    def _begin(self, data: bytes) -> None:
        """Start on a member. A gzip body may have several; what follows the last is padding."""
        self._members += 1
        if self._members > _MEMBERS:
            raise TooBigError("too many gzip members")
        if self._encoding == "gzip" and (self._members == 1 or data.startswith(b"\x1f\x8b")):
            self._engine = zlib.decompressobj(zlib.MAX_WBITS | 16)
        elif self._encoding == "deflate" and self._members == 1:
            # by the book with a header of zlib, in the wild often without
            headed = data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
            self._engine = zlib.decompressobj(zlib.MAX_WBITS if headed else -zlib.MAX_WBITS)
        else:
            self._done = True

    def _unpacked(self, engine: "zlib._Decompress", data: bytes) -> bytes:
        """What of the data belongs to the next member."""
        try:
            self._keep(engine.decompress(data, self._left + 1))
        except zlib.error as error:
            raise ValueError(str(error)) from error
        if not engine.eof:
            return b""
        self._engine = None
        return engine.unused_data

    def _keep(self, piece: bytes) -> None:
        self._left -= len(piece)
        if self._left < 0:
            raise TooBigError("unpacks to more than we take")
        self._parts.append(piece)
