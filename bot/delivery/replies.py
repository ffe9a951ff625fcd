"""What is said about the bot's own messages: to the team, and on the command line. All pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.chat import Address, Button, Reply
from bot.commons.dates import clock, local, local_day, long_moment, near_moment
from bot.delivery.claims import HELD_FOR
from bot.delivery.outbox import Balance, Doubtful, State
from bot.delivery.slots import FAILED, LATE, MERGED, Slot

__all__ = [
    "AGAIN",
    "KNOWN_AT",
    "LEAVE",
    "as_json",
    "counted",
    "decided",
    "health",
    "in_words",
    "missed_line",
    "nothing_to_decide",
    "one_line",
    "overview",
    "stopped",
    "undelivered",
    "waiting",
]

PLATFORMS = {"slack": "Slack", "telegram": "Telegram"}
MOST_SHOWN = 10
AGAIN, LEAVE = "stuur opnieuw", "laat zo"
KNOWN_AT = "%Y%m%d%H%M%S"
"""How a button says of until when the message above it knew."""


def undelivered(doubtful: Sequence[Doubtful], kinds: Mapping[str, str], now: datetime) -> Reply:
    """What perhaps did not arrive and what was refused, for the team to decide on."""
    about = (now + timedelta(seconds=1)).astimezone(UTC).strftime(KNOWN_AT)
    return Reply(
        in_words(doubtful),
        footer="\n".join(_lines(doubtful, kinds, now)),
        buttons=(Button("Stuur opnieuw", AGAIN, about), Button("Laat zo", LEAVE, about)),
        seen_by="everyone",
    )


def in_words(doubtful: Sequence[Doubtful]) -> str:
    """For example "2 berichten zijn misschien niet aangekomen."; empty when there is nothing to say."""
    lost = sum(one.state != "refused" for one in doubtful)
    refused = len(doubtful) - lost
    sentences = []
    if lost:
        sentences.append(f"{counted(lost, 'bericht is', 'berichten zijn')} misschien niet aangekomen.")
    if refused:
        sentences.append(f"{counted(refused, 'bericht is', 'berichten zijn')} geweigerd.")
    return "\n".join(sentences)


def _lines(doubtful: Sequence[Doubtful], kinds: Mapping[str, str], now: datetime) -> list[str]:
    lines = [one_line(one, kinds, now) for one in doubtful[:MOST_SHOWN]]
    if len(doubtful) > MOST_SHOWN:
        lines.append(f"En nog {len(doubtful) - MOST_SHOWN}.")
    if held := [one for one in doubtful if one.state == "held"]:
        first = min(one.at for one in held) + HELD_FOR
        what = "dat" if len(held) == len(doubtful) == 1 else "wat in een groep of kanaal moest komen"
        lines.append(f"Kies je niets? Dan stuur ik {what} om {clock(local(first).time())} nog één keer.")
    return lines


def one_line(one: Doubtful, kinds: Mapping[str, str], now: datetime) -> str:
    """A message as the team knows it: what, where, when, and what is the matter with it."""
    what = kinds.get(one.kind, one.kind)
    when = near_moment(one.at, local_day(now))
    why = f", geweigerd ({one.why})" if one.state == "refused" else ""
    return f"– {what}, {_where(one.to)}, {when}{why}"


def _where(to: Address) -> str:
    # Of a person only that it is one: who it was is nothing to know for the whole team.
    is_person = to.channel.startswith(("U", "W", "D")) if to.platform == "slack" else not to.channel.startswith("-")
    return f"{PLATFORMS.get(to.platform, to.platform)}, {'aan één persoon' if is_person else f'in {to.channel}'}"


def decided(number: int, by: str = "", *, again: bool) -> Reply:
    """What comes of a choice, for the whole team to see; `by` whom, if that is known."""
    text = f"{'Opnieuw versturen' if again else 'Zo laten'}: {counted(number, 'bericht', 'berichten')}."
    return Reply(f"{text} Gekozen door {by}." if by else text, replace=True, seen_by="everyone")


def nothing_to_decide() -> Reply:
    """For who chose when there was nothing to choose any more."""
    return Reply("Er is niets meer te kiezen: het is al gedaan.", seen_by="asker")


def stopped(platform: str) -> Reply:
    """For the team, on the other platform."""
    name = PLATFORMS.get(platform, platform)
    return Reply(
        f"{name} neemt geen berichten van mij meer aan. "
        f"Vraag wie de bot beheert om de sleutel van {name} na te kijken.\n"
        "Ik probeer het elke 10 minuten opnieuw. Er gaat niets verloren.",
        seen_by="everyone",
    )


def health(lines: Sequence[str]) -> Reply:
    """The weekly line on how the bot is."""
    return Reply(f"Zo gaat het met de bot: {', '.join(line for line in lines if line)}.", seen_by="everyone")


def waiting(waits: int, doubtful: int, missed: int) -> list[str]:
    """For the weekly line: "0 berichten wachten", and what else there is to tell."""
    lines = [counted(waits, "bericht wacht", "berichten wachten")]
    if doubtful:
        lines.append(f"{counted(doubtful, 'bericht', 'berichten')} misschien niet aangekomen")
    if missed:
        lines.append(f"{counted(missed, 'taak', 'taken')} gemist")
    return lines


STATES: Mapping[State, tuple[str, str]] = {
    "sent": ("is verstuurd", "zijn verstuurd"),
    "todo": ("wacht", "wachten"),
    "sending": ("gaat nu", "gaan nu"),
    "unknown": ("is misschien niet aangekomen", "zijn misschien niet aangekomen"),
    "held": ("wacht op een keuze", "wachten op een keuze"),
    "refused": ("is geweigerd", "zijn geweigerd"),
    "expired": ("kwam te laat om nog te sturen", "kwamen te laat om nog te sturen"),
    "dropped": ("is vervallen", "zijn vervallen"),
}


def overview(
    balance: Balance, doubtful: Sequence[Doubtful], missed: Sequence[Slot], names: Mapping[str, str], now: datetime
) -> list[str]:
    """What became of all messages, line by line, and what there is to decide."""
    lines = [f"{counted(balance.accepted, 'bericht', 'berichten')} aangenomen."]
    lines += [
        f"– {number} {words[number != 1]}" for state, words in STATES.items() if (number := balance.states[state])
    ]
    if balance.flagged:
        lines.append(f"Misschien dubbel aangekomen: {counted(balance.flagged, 'bericht', 'berichten')}.")
    if not balance.holds:
        lines.append("Dit klopt niet: samen zijn dit niet alle berichten. Meld het aan wie de bot beheert.")
    if doubtful:
        lines += ["", *in_words(doubtful).split("\n"), *_lines(doubtful, names, now)]
    if missed:
        lines += ["", "Deze week gemist:", *(missed_line(slot, names) for slot in missed)]
    return lines


def as_json(balance: Balance, doubtful: Sequence[Doubtful], missed: Sequence[Slot]) -> dict[str, Any]:
    """The same for machines: `holds` says whether all that was accepted is accounted for; times are UTC."""
    return {
        "accepted": balance.accepted,
        "states": dict(balance.states),
        "holds": balance.holds,
        "perhaps_twice": balance.flagged,
        "doubtful": [
            {"key": one.key, "state": one.state, "why": one.why, "since": one.at.isoformat()} for one in doubtful
        ],
        "missed": [{"job": slot.job, "due_at": slot.due_at.isoformat(), "why": slot.why} for slot in missed],
    }


def missed_line(slot: Slot, names: Mapping[str, str]) -> str:
    """A time that a job was not run, and why."""
    why = {LATE: "de bot draaide niet, en later had het geen zin", MERGED: "samen gedaan met een later moment"}.get(
        slot.why, f"het lukte niet ({slot.why.removeprefix(FAILED)})"
    )
    return f"– {names.get(slot.job, slot.job)}, {long_moment(slot.due_at)}: {why}"


def counted(number: int, one: str, more: str) -> str:
    """For example "1 bericht", "2 berichten"."""
    return f"{number} {one if number == 1 else more}"
