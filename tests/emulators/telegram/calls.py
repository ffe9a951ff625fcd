"""What a call of the Bot API is here, and a method that is imitated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.emulators.telegram.world import World

Json = dict[str, Any]
Files = Mapping[str, tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Call:
    """What the bot asks: the arguments as values, the files that came with them by their parameter."""

    arguments: Json
    files: Files

    def __getitem__(self, name: str) -> Any:
        return self.arguments[name]

    def get(self, name: str, otherwise: Any = None) -> Any:
        value = self.arguments.get(name)
        return otherwise if value is None else value


@dataclass(frozen=True, slots=True)
class Method:
    """A method that is imitated, with the parameters that it heeds."""

    do: Callable[[World, Call], Any]
    heeds: frozenset[str]


Imitation = Callable[[World, Call], Any]


def method(methods: dict[str, Method], name: str, *heeds: str) -> Callable[[Imitation], Imitation]:
    """Puts a function among the methods, under the name that the Bot API gives it."""

    def added(imitation: Imitation) -> Imitation:
        methods[name] = Method(imitation, frozenset(heeds))
        return imitation

    return added
