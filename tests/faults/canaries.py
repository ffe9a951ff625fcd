"""The bot as it is started for real, told to log everything, while all goes wrong: it tells no secret and no words.

Looked for in what it writes and in the files of its database: the tokens and the key, as they are, percent-encoded and
in base64; what looks like data about a pupil; and, in the log only, what people asked.
"""

import asyncio
from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path
import random
import signal
from urllib.parse import quote

from tests.commandline import CommandLine
from tests.emulators.slack import SlackEmulator
from tests.emulators.telegram import TelegramEmulator
from tests.faults.trials import Counts, Databases, Trial
from tests.test_run_live import running, tokens, unless_it_ends

__all__ = ["trials"]

KEY = "Kanarie-sleutel-0123456789-abcdefghij"
PUPIL = "Sanne Kanariepiet uit 2B heeft thuis veel ruzie, tel 06 12345678"
ASKED = "debat kanariewoord Utrecht"
FAULTS = (401, 403, 429, 500, 502)


def forms(secret: str) -> Iterable[str]:
    """How it could be written without looking like itself."""
    yield secret
    yield quote(secret, safe="")
    # Whatever stands before it in a longer text moves base64 by none, one or two of its signs.
    for before in range(3):
        yield b64encode(b" " * before + secret.encode())[4 if before else 0 : -4].decode()


def found(secrets: Iterable[str], text: str) -> int:
    return sum(text.count(form) for secret in secrets for form in forms(secret))


async def run(luck: random.Random, _databases: Databases, folder: Path, size: int) -> Counts:
    """So many questions on each platform, each with something else that goes wrong."""
    skb_bot = CommandLine(folder)
    async with TelegramEmulator() as telegram, SlackEmulator() as slack:
        teacher, a, regio = telegram.person("Leraar A"), slack.person("Ambassadeur A"), slack.channel("regio")
        given = tokens(telegram, slack) | {"SECRET_KEY": KEY, "LOG_LEVEL": "debug", "TEAM_CHANNEL": regio.id}
        async with running(skb_bot, given | {"LOG_FORMAT": luck.choice(("text", "json"))}) as bot:
            await unless_it_ends(bot, slack.connected(within=30))
            await telegram.start(teacher)
            for number in range(size):
                _break(luck, telegram, slack, FAULTS[number % len(FAULTS)])
                text = PUPIL if number % 2 else f"{ASKED} {number}"
                await telegram.say(teacher, teacher, text)
                await slack.direct(a, text)
                await slack.command(a, regio, text)
                await asyncio.sleep(0.2)
            await asyncio.sleep(1)
            slack.mend()
            telegram._faults.waiting.clear()
            bot.send_signal(signal.SIGTERM)
            out, log = await asyncio.wait_for(bot.communicate(), 30)
    written = (out + log).decode()
    files = "".join(path.read_bytes().decode("latin-1") for path in (folder / "var").iterdir())
    secrets = [telegram.token, telegram.token.partition(":")[2], slack.bot_token, slack.app_token, KEY]
    words = ("kanarie", "Kanarie", "06 12345678", "Leraar A", "Ambassadeur A")
    return {
        "lines of log": written.count("\n"),
        "secrets written": found(secrets, written),
        "secrets in the database": found(secrets, files),
        "words written": sum(written.count(word) for word in words),
        "words about a pupil in the database": sum(files.count(word) for word in ("Kanariepiet", "06 12345678")),
        "ended well": bot.returncode == 0,
    }


def _break(luck: random.Random, telegram: TelegramEmulator, slack: SlackEmulator, status: int) -> None:
    """Something goes wrong on each platform with what comes next."""
    method, kind = luck.choice(("sendMessage", "*")), luck.randrange(3)
    telegram.fault(method, status=status * (kind == 0), retry_after=0, drop=kind == 1, malformed=kind == 2)
    error = luck.choice(("token_revoked", ""))
    slack.fault("chat.postMessage", error=error, status=0 if error else status, drop=luck.choice(("", "after")))


def trials() -> list[Trial]:
    silent = ("secrets written", "secrets in the database", "words written", "words about a pupil in the database")
    limits = {**dict.fromkeys(silent, (0.0, 0.0)), "ended well": (1.0, 1.0), "lines of log": (5.0, 10.0**9)}
    return [Trial("canaries", "sqlite", run, short=4, long=3, full=60, limits=limits)]
