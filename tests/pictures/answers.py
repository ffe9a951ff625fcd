"""What the real bot answers on the starter list to the question of the pictures, as it sends it to each platform."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from telegram import Update, User

from bot.app import KnowledgeFiles, make_answerer
from bot.chat import Answerer, Event, Reply
from bot.commons.dates import AMSTERDAM
from bot.db import Database, migrate
from bot.handlers import slack_blocks, slack_events, telegram_html, telegram_updates
from bot.search.asides import Contact
from bot.search.ranking import Search

__all__ = ["ASKED_AT", "QUESTION", "Answers", "ask"]

DATA = Path(__file__).parents[2] / "data"

QUESTION = "debat VO Utrecht"
ASKED_AT = datetime(2026, 12, 1, 10, 5, tzinfo=AMSTERDAM)

BOT = User(1, "SKB-bot", is_bot=True, username="skb_bot")
IN_SLACK = {
    "command": "/skb",
    "text": QUESTION,
    "channel_id": "C1",
    "user_id": "U1",
    "trigger_id": "1",
    "response_url": "https://hooks.slack.com/commands/1",
}
IN_TELEGRAM = {
    "update_id": 1,
    "message": {
        "message_id": 1,
        "date": int(ASKED_AT.timestamp()),
        "text": QUESTION,
        "chat": {"id": 2, "type": "private"},
        "from": {"id": 2, "is_bot": False, "first_name": "Sam"},
    },
}


@dataclass(frozen=True, slots=True)
class Answers:
    """The same question answered on both platforms."""

    slack: list[dict[str, Any]]
    """Blocks of Block Kit."""
    telegram: list[telegram_html.Message]


def ask() -> Answers:
    """Asks a bot of its own, in a database that is gone afterwards; the clock stands still."""
    files = KnowledgeFiles(DATA)
    vocabulary, gazetteer = files.vocabulary(), files.gazetteer()
    catalogue = files.starter(vocabulary, gazetteer)
    search = Search(catalogue, vocabulary, gazetteer, files.dutch(), files.first_names())
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/skb.db"
        migrate(url)
        database = Database(url)
        try:
            answer = make_answerer(database, lambda: search, Contact(), b"k" * 32, lambda: ASKED_AT)
            in_slack = _reply(answer, slack_events.read(IN_SLACK, bot="U0"))
            in_telegram = _reply(answer, telegram_updates.read(Update.de_json(IN_TELEGRAM), BOT))
        finally:
            database.close()
    return Answers(
        slack_blocks.render(in_slack, can_share=True).blocks,
        telegram_html.render(in_telegram, telegram_html.Place(BOT.name)),
    )


def _reply(answer: Answerer, event: Event | None) -> Reply:
    assert event, "the handler does not read the question"
    return asyncio.run(answer(event.request))
