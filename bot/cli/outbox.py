"""The messages that the bot sends of its own accord: what became of them, and what to do with those in doubt.

What is said is Dutch: SKB's team reads it.
"""

from datetime import timedelta
import json
from typing import Annotated

import typer

from bot.cli.terminal import database, fail, printable

__all__ = ["outbox"]

MISSED_SINCE = timedelta(days=7)


def outbox(
    again: Annotated[bool, typer.Option("--again", help="Send again what perhaps did not arrive.")] = False,
    leave: Annotated[bool, typer.Option("--leave", help="Leave that as it is, and ask no more.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object: every number, for machines.")] = False,
) -> None:
    """Show what became of the messages that the bot sends by itself, and what somebody has to decide."""
    from bot.app import NAMES, now
    from bot.delivery import outbox as kept
    from bot.delivery import replies, slots

    if again and leave:
        fail("Choose one of --again and --leave.")
    moment = now()
    with database() as opened:
        if again or leave:
            with opened.write() as c:
                keys = [one.key for one in kept.doubtful(c)]
                number = kept.send_again(c, keys, moment) if again else kept.leave(c, keys, moment)
            said = replies.decided(number, again=again) if number else replies.nothing_to_decide()
            typer.echo(said.text)
            return
        with opened.read() as c:
            balance, doubtful = kept.balance(c), kept.doubtful(c)
            missed = [slot for slot in slots.missed(c, moment - MISSED_SINCE) if slot.why != slots.MERGED]
    if as_json:
        typer.echo(json.dumps(replies.as_json(balance, doubtful, missed), ensure_ascii=False))
        return
    for line in replies.overview(balance, doubtful, missed, NAMES, moment):
        typer.echo(printable(line))
    if doubtful:
        typer.echo("Opnieuw sturen: skb-bot outbox --again. Zo laten: skb-bot outbox --leave.")
