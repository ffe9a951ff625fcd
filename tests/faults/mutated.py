"""Updates and events with anything in them: nothing raises, and no word of anybody's makes a whole channel ring."""

import asyncio
from collections.abc import Iterator
import copy
from dataclasses import replace
from datetime import UTC, datetime
import json
from pathlib import Path
import random
from typing import Any

from pydantic import SecretStr
from telegram import Update

from bot import app
from bot.chat import Event, Reply
from bot.db import is_unusable
from bot.delivery.inbox import PlatformInbox
from bot.handlers import slack_blocks, slack_events, telegram_html
from bot.handlers.telegram_html import Place
from bot.handlers.telegram_requests import UpdatesRequest
from bot.settings import Settings
from tests.emulators.slack import block_reading
from tests.emulators.telegram import TelegramEmulator
from tests.faults.trials import Counts, Databases, Trial
from tests.handlers.test_slack_events import BOT, LEGAL
from tests.handlers.test_telegram_updates import KNOWN

__all__ = ["trials"]

CALLS = ("<!channel>", "<!here|here>", "<!everyone>", "@channel", "<@U1>", "<!subteam^S1>", "&lt;!channel&gt;", "<#C1>")
ODD: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        -1,
        2**63,
        10**400,
        1.5,
        "",
        " ",
        "\x00",
        "\ud800",
        "\u202e\u202d\u200b",
        "é" * 5000,
        [],
        {},
        [[]],
    ),
    *({"a": {"a": {"a": [None]}}}, *CALLS),
    *("debat VO Utrecht", "meer", "2", "/start ws_utrecht_vo", "stuur opnieuw", f"debat {CALLS[0]} VO"),
)
ANSWERS_EVERY = 20
BATCH = 100


async def corpus() -> list[dict[str, Any]]:
    """What Telegram delivers in a few conversations."""
    async with TelegramEmulator() as telegram:
        person, group = telegram.person("Leraar A"), telegram.group("Team", supergroup=False)
        await telegram.start(person, "ws_utrecht_vo")
        for text in ("debat VO Utrecht", "/zoek debat", "meer"):
            await telegram.say(person, person, text)
        await telegram.say(person, person, media="voice")
        await telegram.say(person, person, media="document")
        await telegram.add_bot(group, by=person)
        await telegram.say(group, person, "/zoek@skbaanbodbot debat <!channel>")
        await telegram.migrate(group)
        await telegram.block(person)
        pressed = {"id": "1", "from": {"id": person.id, "is_bot": False, "first_name": "A"}, "chat_instance": "1"}
        said = telegram.updates.waiting[1]["message"]
        return [
            *telegram.updates.waiting,
            {"update_id": 9, "callback_query": {**pressed, "data": ":2", "message": said}},
        ]


def mutated(whole: dict[str, Any], luck: random.Random) -> dict[str, Any]:
    """The same with one to four things in it lost, changed, doubled, or put in another place."""
    whole = copy.deepcopy(whole)
    for _ in range(luck.randint(1, 4)):
        places = list(_places(whole))
        if not places:
            return whole
        inside, key = luck.choice(places)
        what = luck.randrange(4)
        if what == 0 and isinstance(inside, dict):
            del inside[key]
        elif what == 1:
            other, its_key = luck.choice(places)
            inside[key] = copy.deepcopy(other[its_key])
        else:
            inside[key] = copy.deepcopy(luck.choice(ODD))
    return whole


def _places(inside: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(inside) if isinstance(inside, dict) else range(len(inside)) if isinstance(inside, list) else ()
    for key in keys:
        yield inside, key
        yield from _places(inside[key])


def _of_telegram(update: dict[str, Any]) -> Event | None:
    """As the polling loop reads it."""
    payload = json.dumps({"ok": True, "result": [update]}).encode()
    for one in UpdatesRequest.parse_json_payload(payload)["result"]:
        return KNOWN._read(Update.de_json(one))
    return None


def _of_slack(body: dict[str, Any]) -> Event | None:
    """As the inbox before Bolt reads it: what can't be read is acknowledged, and no more."""
    try:
        slack_events.read_opening(body)
        return slack_events.read(body, BOT)
    except slack_events.UNREADABLE:
        return None


async def run(luck: random.Random, databases: Databases, _folder: Path, size: int) -> Counts:
    """So many of each platform, by turns."""
    url = await asyncio.to_thread(databases)
    built = app.build(Settings(_env_file=None, database_url=SecretStr(url), secret_key=SecretStr("k" * 32)))
    samples = [("telegram", one) for one in await corpus()] + [("slack", body) for body in LEGAL.values()]
    counts = dict.fromkeys(("read", "kept", "answered", "raised", "rings"), 0)
    inboxes = {
        name: PlatformInbox(built.database, name, built.is_personal, lambda: datetime.now(UTC))
        for name in ("telegram", "slack")
    }
    waiting: dict[str, list[Event]] = {"telegram": [], "slack": []}
    for number in range(size):
        platform, sample = luck.choice(samples)
        try:
            event = (_of_telegram if platform == "telegram" else _of_slack)(mutated(sample, luck))
            if event is None:
                continue
            counts["read"] += 1
            waiting[platform].append(replace(event, id=f"{event.id} {number}"))
            if len(waiting[platform]) == BATCH:
                batch, waiting[platform] = waiting[platform], []
                counts["kept"] += len(await inboxes[platform].keep(batch))
            if counts["read"] % ANSWERS_EVERY == 0:
                counts["answered"] += 1
                counts["rings"] += _rings(await built.answer(event.request))
        except Exception as error:
            if is_unusable(error):
                raise
            counts["raised"] += 1
    for inbox in inboxes.values():
        inbox.close()
    built.close()
    return {"mutated": size, **counts}


def _rings(reply: Reply | None) -> int:
    """How often it would call somebody in Slack; it must look like something on Telegram, too."""
    rings = 0
    while reply:
        shown = slack_blocks.render(reply, can_share=True)
        rings += len(list(block_reading.calls({"text": shown.text, "blocks": shown.blocks})))
        telegram_html.render(reply, Place("skbaanbodbot", group=True))
        reply = reply.then
    return rings


def trials() -> list[Trial]:
    limits = {"raised": (0.0, 0.0), "rings": (0.0, 0.0), "answered": (1.0, 10.0**9)}
    return [Trial("mutated updates and events", "sqlite", run, short=1500, long=1, full=200_000, limits=limits)]
