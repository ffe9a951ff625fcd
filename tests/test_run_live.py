"""`skb-bot run` as it is started for real: a process of its own, on both platforms, until SIGTERM."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
import json
import signal
import sqlite3
import sys
from typing import Any

from bot.chat import Address
from bot.db import Database
from bot.delivery.outbox import Message, enqueue
from bot.delivery.team import STOPPED
from tests.commandline import CommandLine
from tests.emulators.slack import SlackEmulator
from tests.emulators.telegram import TelegramEmulator


@asynccontextmanager
async def running(skb_bot: CommandLine, settings: Mapping[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot as a process of its own; killed when a test leaves it running."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=skb_bot.folder,
        env=skb_bot.environment | dict(settings),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def unless_it_ends(bot: asyncio.subprocess.Process, waiting: Coroutine[Any, Any, None]) -> None:
    """Waits for something that a running bot does; a bot that ended says why instead."""
    happening, ended = asyncio.create_task(waiting), asyncio.create_task(bot.wait())
    await asyncio.wait({happening, ended}, return_when=asyncio.FIRST_COMPLETED)
    if not happening.done():
        happening.cancel()
        _, said = await bot.communicate()
        raise AssertionError(f"the bot ended with {bot.returncode}:\n{said.decode()}")
    ended.cancel()
    await happening


def tokens(telegram: TelegramEmulator, slack: SlackEmulator) -> dict[str, str]:
    return {
        "ALLOW_STARTER": "yes",
        "TELEGRAM_TOKEN": telegram.token,
        "TELEGRAM_BASE_URL": telegram.url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_BASE_URL": slack.base_url,
    }


def test_both_platforms_are_answered_and_sigterm_ends_in_order(skb_bot: CommandLine) -> None:
    async def play() -> tuple[int | None, str]:
        async with TelegramEmulator() as telegram, SlackEmulator() as slack:
            teacher, ambassador = telegram.person("Leraar A"), slack.person("Ambassadeur A", guest=True)
            channel = slack.channel("regio-utrecht")
            async with running(skb_bot, tokens(telegram, slack)) as bot:
                await unless_it_ends(bot, slack.connected(within=30))
                answer = await slack.command(ambassador, channel, "debat VO Utrecht")
                assert answer.message is not None
                assert "Gezocht op: debat · voortgezet onderwijs (VO) · Utrecht." in answer.message.plain
                await telegram.start(teacher)
                await telegram.say(teacher, teacher, "debat VO Utrecht")
                await telegram.until(lambda: len(telegram.messages(teacher)) == 2)
                assert "Voorbeeldlijst uit openbare bronnen" in telegram.last(teacher).text
                bot.send_signal(signal.SIGTERM)
                _, said = await asyncio.wait_for(bot.communicate(), 15)
            assert telegram.violations == slack.violations == []
            return bot.returncode, said.decode()

    code, said = asyncio.run(play())
    assert code == 0, said
    assert "connected as @skbaanbodbot" in said
    assert "Leraar" not in said
    kept = sqlite3.connect(skb_bot.database)
    assert kept.execute("SELECT count(*) FROM inbox WHERE request IS NOT NULL OR answered_at IS NULL").fetchone() == (
        0,
    )
    assert kept.execute("SELECT platform FROM people ORDER BY platform").fetchall() == [("slack",), ("telegram",)]
    kept.close()


def test_what_the_bot_has_to_say_by_itself_is_sent_beside_the_conversations(skb_bot: CommandLine) -> None:
    async def play() -> None:
        async with TelegramEmulator() as telegram, SlackEmulator() as slack:
            team = slack.channel("team")
            settings = tokens(telegram, slack) | {"TEAM_CHANNEL": team.id}
            async with running(skb_bot, settings) as bot:
                await unless_it_ends(bot, slack.connected(within=30))
                database = Database(f"sqlite:///{skb_bot.database}")
                now = datetime.now(UTC)
                message = Message(STOPPED, "team", "telegram", Address("slack", team.id), now, now + timedelta(hours=1))
                with database.write() as c:
                    assert enqueue(c, [message], now) == 1
                database.close()
                await unless_it_ends(bot, slack.until(lambda: slack.messages(team)))
                assert slack.messages(team)[0].plain.startswith("Telegram neemt geen berichten van mij meer aan.")
                bot.send_signal(signal.SIGTERM)
                await asyncio.wait_for(bot.communicate(), 15)
            assert bot.returncode == 0
            assert telegram.violations == slack.violations == []

    asyncio.run(play())
    shown = skb_bot("outbox")
    assert shown.stdout == "1 bericht aangenomen.\n– 1 is verstuurd\n"
    assert json.loads(skb_bot("outbox", "--json").stdout)["holds"] is True


def test_one_platform_that_is_refused_leaves_the_other_alone(skb_bot: CommandLine) -> None:
    async def play() -> str:
        async with TelegramEmulator() as telegram, SlackEmulator() as slack:
            wrong = tokens(telegram, slack) | {"SLACK_BOT_TOKEN": "xoxb-wrong-" + "1" * 12}
            teacher = telegram.person("Leraar A")
            async with running(skb_bot, wrong) as bot:
                await telegram.start(teacher)
                await unless_it_ends(bot, telegram.until(lambda: telegram.messages(teacher), timeout=30))
                bot.send_signal(signal.SIGINT)
                _, said = await asyncio.wait_for(bot.communicate(), 15)
            assert bot.returncode == 0
            return said.decode()

    said = asyncio.run(play())
    assert "Slack refuses SLACK_BOT_TOKEN" in said
    assert "xoxb-wrong" not in said


def test_with_no_platform_left_it_ends_and_says_so(skb_bot: CommandLine) -> None:
    async def play() -> tuple[int | None, str]:
        async with TelegramEmulator() as telegram, SlackEmulator() as slack:
            wrong = {"TELEGRAM_TOKEN": "123456789:" + "A" * 35, "SLACK_APP_TOKEN": "xapp-wrong-" + "1" * 12}
            async with running(skb_bot, tokens(telegram, slack) | wrong) as bot:
                _, said = await asyncio.wait_for(bot.communicate(), 40)
            return bot.returncode, said.decode()

    code, said = asyncio.run(play())
    assert code == 1
    assert "Telegram refuses TELEGRAM_TOKEN" in said
    assert "Slack refuses SLACK_APP_TOKEN" in said


def test_the_example_list_does_not_go_live_by_itself(skb_bot: CommandLine) -> None:
    refused = skb_bot("run", settings={"TELEGRAM_TOKEN": "123456789:" + "A" * 35})
    assert refused.returncode == 2
    assert "ALLOW_STARTER=yes" in refused.stderr
