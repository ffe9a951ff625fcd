"""How soon Slack is acknowledged while very much is being sent: it waits for 3 seconds."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
import tempfile

from bot.chat import Address, Reply, Request
from bot.db import Database, migrate
from bot.delivery.inbox import PlatformInbox
from bot.delivery.outbox import Message
from bot.handlers.slack import Slack
from tests.emulators.slack import SlackEmulator
from tests.emulators.telegram import TelegramEmulator
from tests.faults.children import Work, begin

QUESTIONS, MESSAGES = 200, 600


def acks() -> None:
    """Prints how soon commands are acknowledged, while nothing else goes on and during a broadcast on Telegram."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'skb.db'}"
        migrate(url)
        print("acknowledging Slack, SQLite, the broadcast in a process of its own   p50 ms   p99 ms    most")
        for name, messages in (("nothing else goes on", 0), (f"a broadcast of {MESSAGES} messages", MESSAGES)):
            took = sorted(1000 * seconds for seconds in asyncio.run(_ask(url, messages)))
            figures = (took[len(took) // 2], took[int(0.99 * len(took))], took[-1])
            print(f"{name:66} {''.join(f'{figure:9.1f}' for figure in figures)}")


async def _ask(url: str, messages: int) -> list[float]:
    """Seconds until each question was acknowledged."""

    async def answer(request: Request) -> Reply:
        return Reply(f"Je zei: {request.text}")

    async with SlackEmulator() as slack, TelegramEmulator() as telegram:
        a, regio, database = slack.person("Ambassadeur A"), slack.channel("regio"), Database(url)
        inbox = PlatformInbox(database, "slack", lambda _: False, lambda: datetime.now(UTC))
        bot = Slack(slack.bot_token, slack.app_token, answer, inbox, base_url=slack.base_url)
        running = asyncio.create_task(bot.run())
        await slack.connected()
        sending = begin(await _broadcast(url, telegram, messages)) if messages else None
        if sending:
            await telegram.until(lambda: telegram.calls_of("sendMessage"), timeout=60)
        took = []
        for number in range(QUESTIONS):
            took.append((await slack.command(a, regio, f"vraag {number}")).seconds)
            await asyncio.sleep(0.05)
        if sending:
            sending.kill()
        bot.stop()
        await running
        inbox.close()
        database.close()
        return took


async def _broadcast(url: str, telegram: TelegramEmulator, number: int) -> Work:
    now, messages = datetime.now(UTC), []
    for one in range(number):
        person = telegram.person(f"Lezer {one}")
        await telegram.start(person)
        to = Address("telegram", str(person.id))
        messages.append(Message("word", "personal", f"{one}x", to, now, now + timedelta(hours=1)))
    return Work(url, "telegram", telegram.token, telegram.url, tuple(messages), hurries=False)
