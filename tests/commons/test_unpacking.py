import gzip
import tracemalloc
import zlib

from hypothesis import given
from hypothesis import strategies as st
import pytest

from bot.commons.unpacking import CutShortError, TooBigError, Unpacking


def unpacked(encoding: str, *pieces: bytes, cap: int = 1_000_000) -> bytes:
    unpacking = Unpacking(encoding, cap)
    for piece in pieces:
        unpacking.add(piece)
    return unpacking.whole()


def raw_deflate(body: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return engine.compress(body) + engine.flush()


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@given(body=st.binary(max_size=3000), size=st.integers(1, 4000))
def test_comes_out_as_it_went_in_however_it_is_cut(body: bytes, size: int) -> None:
    assert unpacked("", *pieces(body, size)) == body
    assert unpacked("gzip", *pieces(gzip.compress(body), size)) == body
    assert unpacked("X-GZIP ", *pieces(gzip.compress(body) + gzip.compress(b"more"), size)) == body + b"more"
    assert unpacked("deflate", *pieces(zlib.compress(body), size)) == body
    assert unpacked("deflate", *pieces(raw_deflate(body), size)) == body


@given(st.sampled_from(["gzip", "deflate", "br", "gzip, gzip"]), st.lists(st.binary(max_size=200), max_size=5))
def test_rubbish_is_a_value_error_at_most(encoding: str, parts: list[bytes]) -> None:
    try:
        unpacked(encoding, *parts)
        unpacked(encoding, b"\x1f\x8b\x08", *parts)
    except ValueError:
        pass


def test_padding_after_the_end_is_left_out() -> None:
    packed = gzip.compress(b"news")
    assert unpacked("gzip", packed, b"\0\0\0\0", packed) == b"news"
    assert unpacked("gzip", packed, b"\x1f") == b"news"


def test_nothing_is_a_body_too() -> None:
    assert unpacked("gzip") == b""


@pytest.mark.parametrize("kept", [1, 5, 12, -1])
def test_what_is_cut_short_says_so(kept: int) -> None:
    with pytest.raises(CutShortError):
        unpacked("gzip", gzip.compress(b"news" * 50)[:kept])


def test_the_cap_is_exact() -> None:
    packed = gzip.compress(b"x" * 1000)
    assert len(unpacked("gzip", packed, cap=1000)) == 1000
    with pytest.raises(TooBigError):
        unpacked("gzip", packed, cap=999)
    with pytest.raises(TooBigError):
        unpacked("identity", b"x" * 1000, cap=999)


def test_a_bomb_costs_no_more_than_the_cap() -> None:
    engine = zlib.compressobj(1, wbits=zlib.MAX_WBITS | 16)
    bomb = b"".join(engine.compress(bytes(1_000_000)) for _ in range(100)) + engine.flush()
    tracemalloc.start()
    try:
        with pytest.raises(TooBigError):
            unpacked("gzip", bomb, cap=1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_thousand_times_nothing_is_too_much() -> None:
    with pytest.raises(TooBigError):
        unpacked("gzip", gzip.compress(b"") * 1001)
