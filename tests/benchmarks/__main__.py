"""Prints how good and how fast the bot is: `python -m tests.benchmarks`, or only the parts that are named."""

import argparse
from collections.abc import Callable
import os
import platform

PARTS = ("relevance", "halves", "speed", "memory", "lists", "acks", "cold")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"{', '.join(PARTS)}; all when none is named")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[130, 10_000, 100_000], metavar="N", help="offers (130: the starter)"
    )
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}: choose from {', '.join(PARTS)}")
    load = (
        f", load {os.getloadavg()[0]:.1f}: times are only true on a quiet machine" if hasattr(os, "getloadavg") else ""
    )
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores{load}")
    for part in chosen.parts or PARTS:
        _part(part, tuple(chosen.sizes))()


def _part(name: str, sizes: tuple[int, ...]) -> Callable[[], None]:
    """What runs a part; each is imported when it runs, so that one part alone starts at once."""
    from tests.benchmarks.knowledge import load_knowledge

    if name in ("relevance", "halves"):
        from tests.benchmarks import relevance

        run = relevance.relevance if name == "relevance" else relevance.halves
        return lambda: run(load_knowledge())
    if name == "speed":
        from tests.benchmarks.speed import speed

        return lambda: speed(load_knowledge(), sizes)
    if name == "memory":
        from tests.benchmarks.memory import memory

        return lambda: memory(load_knowledge(), sizes)
    if name == "lists":
        from tests.benchmarks.lists import lists

        return lambda: lists(load_knowledge(), sizes)
    if name == "acks":
        from tests.benchmarks.acks import acks

        return acks
    from tests.benchmarks.cold import cold

    return cold


if __name__ == "__main__":
    main()
