"""The doctor: what it says without asking anybody, and what it makes of what Telegram and Slack say (the emulators)."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
import socket
import time
from typing import Any, Literal

import httpx
import pytest

from bot import doctor, live
from bot.chat import Address, Event, Reply, Request
from bot.db import Database, migrate
from bot.delivery import outbox
from bot.delivery.outbox import Message
from bot.doctor import Finding, tokens
from bot.handlers.telegram import Telegram
from bot.live import ask_platforms
from bot.search import store
from bot.settings import Settings
from tests.commandline import CommandLine
from tests.emulators import telegram as telegram_emulator
from tests.emulators.slack import SCOPES, SlackEmulator
from tests.emulators.telegram import TelegramEmulator

TOKEN = "123456789:" + "C" * 35
BOT_TOKEN, APP_TOKEN = "xoxb-emulated-bot", "xapp-emulated-app"
READY = {
    "CONTROLLER": "Stichting Voorbeeld",
    "PRIVACY_ADDRESS": "privacy@example.org",
    "CONTACT_NAME": "Team SKB",
    "CONTACT_HOW": "info@example.org",
    "ALLOW_STARTER": "yes",
}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings of the machine, no .env of the developer."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    # Reading the certificates of the machine takes a moment each time, and nobody here has one.
    monkeypatch.setattr(httpx, "AsyncClient", partial(httpx.AsyncClient, verify=False))


async def ask(**given: str) -> list[Finding]:
    """What is found on the platforms; no token is in it, whatever it is."""
    findings = await asyncio.to_thread(ask_platforms, settings(**given))
    said = "\n".join(finding.text for finding in findings)
    assert not [token for token in (TOKEN, BOT_TOKEN, APP_TOKEN) if token in said], said
    return findings


async def ask_telegram(base_url: str, token: str = TOKEN) -> list[Finding]:
    return await ask(telegram_token=token, telegram_base_url=base_url)


async def ask_slack(base_url: str, app_token: str = APP_TOKEN) -> list[Finding]:
    return await ask(slack_bot_token=BOT_TOKEN, slack_app_token=app_token, slack_base_url=base_url)


def with_telegram(examine: Callable[[TelegramEmulator], Coroutine[Any, Any, None]], **given: Any) -> None:
    async def run() -> None:
        async with TelegramEmulator(token=TOKEN, **given) as telegram:
            await examine(telegram)
            assert telegram.violations == []
            assert {call.method[:3] for call in telegram.calls} <= {"get"}  # it asks, and changes nothing
            assert not telegram.calls_of("getUpdates")

    asyncio.run(run())


def with_slack(examine: Callable[[SlackEmulator], Coroutine[Any, Any, None]], **given: Any) -> None:
    async def run() -> None:
        async with SlackEmulator(**given) as slack:
            await examine(slack)
            assert slack.violations == []
            reads = {"auth.test", "bots.info", "apps.connections.open", "conversations.info"}
            assert {call.method for call in slack.calls} <= reads

    asyncio.run(run())


def states(findings: list[Finding]) -> list[str]:
    return [finding.state for finding in findings]


def texts(findings: list[Finding], state: str) -> list[str]:
    return [finding.text for finding in findings if finding.state == state]


def only(findings: list[Finding], state: Literal["note", "missing"]) -> str:
    """The one finding of this state."""
    [text] = texts(findings, state)
    return text


# --- without asking anybody


def settings(**given: Any) -> Settings:
    return Settings(_env_file=None, **given)


def test_a_token_looks_right_and_live_asks_whether_it_works() -> None:
    found = tokens(settings(telegram_token=TOKEN, slack_bot_token=BOT_TOKEN, slack_app_token=APP_TOKEN))
    assert [finding.text for finding in found] == [
        f"platforms: {name} is set and looks right; skb-bot doctor --live asks {name} whether it works."
        for name in ("Telegram", "Slack")
    ]


@pytest.mark.parametrize("database", ["none", "empty"])
def test_a_start_that_would_go_live_with_the_examples_is_foreseen(tmp_path: Path, database: str) -> None:
    if database == "empty":
        (tmp_path / "var").mkdir()
        migrate("sqlite:///var/skb.db")
    assert "missing" not in states(list(doctor._database(settings())))
    missing = only(list(doctor._database(settings(telegram_token=TOKEN))), "missing")
    assert missing.startswith("catalogue: ")
    assert missing.endswith(f"a start would go live with the example list. {doctor.OWN_LIST}")
    assert "missing" not in states(list(doctor._database(settings(telegram_token=TOKEN, allow_starter=True))))
    if database == "empty":
        kept = Database("sqlite:///var/skb.db")
        with kept.read() as connection:
            assert store.catalogue_version(connection) == 0  # the doctor changed nothing
        kept.close()
    else:
        assert list(tmp_path.iterdir()) == []


def test_who_is_told_and_what_is_in_doubt_is_said() -> None:
    migrate("sqlite:///var/skb.db")
    live = settings(slack_bot_token=BOT_TOKEN, slack_app_token=APP_TOKEN, allow_starter=True)
    assert "TEAM_CHANNEL: none" in "".join(texts(list(doctor._people(live)), "note"))
    told = settings(slack_bot_token=BOT_TOKEN, slack_app_token=APP_TOKEN, team_channel="C123456")
    assert "TEAM_CHANNEL: C123456" in texts(list(doctor._people(told)), "ok")
    assert "outbox: all 0 messages that were accepted are accounted for" in texts(list(doctor._database(live)), "ok")
    now, database = datetime.now(UTC), Database("sqlite:///var/skb.db")
    with database.write() as c:
        outbox.enqueue(c, [Message("reports", "team", "1-1", Address("slack", "C1"), now, now)], now)
        c.execute(outbox.outbox.update().values(state="refused"))
    assert "outbox: 1 perhaps did not arrive" in "".join(texts(list(doctor._database(live)), "note"))
    with database.write() as c:
        c.execute(outbox.outbox.delete())
    database.close()
    assert "1 messages were accepted, but these are kept: 0 todo" in only(list(doctor._database(live)), "missing")


@pytest.mark.parametrize(("day", "state"), [(date(2026, 3, 1), "ok"), (date(2026, 6, 1), "note")])
def test_a_calendar_that_ends_soon_is_said_in_time(day: date, state: str) -> None:
    recess, school = doctor._calendars(settings(), day)
    assert (recess.state, school.state) == (state, "ok")
    assert ("recess.yaml" in recess.text) == (state == "note")


def test_a_recess_file_that_is_wrong_or_missing_is_said(tmp_path: Path) -> None:
    given = settings(data_dir=tmp_path)
    assert "recess.yaml can't be opened" in only(list(doctor._calendars(given, date(2026, 3, 1))), "missing")
    (tmp_path / "recess.yaml").write_text("known: x\n", encoding="utf-8")
    assert all("recess.yaml:1" in found.text for found in doctor._calendars(given, date(2026, 3, 1)))


def test_without_tokens_there_is_nobody_to_ask() -> None:
    assert only(asyncio.run(ask()), "note").startswith("platforms: no tokens, so there is nobody to ask")


# --- Telegram


class NothingKept:
    """An inbox for a bot that nobody asks anything."""

    async def keep(self, _events: Sequence[Event]) -> Sequence[Event]:
        return ()

    async def left(self) -> Sequence[Event]:
        return ()

    def turn(self, _event: Event) -> AbstractAsyncContextManager[None]:
        return nullcontext()

    def attempt(self, _event: Event, *, paced: bool = True) -> AbstractAsyncContextManager[None]:  # noqa: ARG002
        return nullcontext()


async def no_answer(_request: Request) -> Reply:
    return Reply("")


def test_telegram_is_right_once_the_bot_has_started() -> None:
    async def run() -> None:
        async with TelegramEmulator(token=TOKEN) as telegram:
            note = only(await ask_telegram(telegram.url), "note")
            assert note == (
                "telegram: people see a menu of commands and a description of another version, or none. A start of the "
                "bot mends that."
            )
            bot = Telegram(TOKEN, no_answer, NothingKept(), base_url=telegram.url)
            running = asyncio.create_task(bot.run())
            await telegram.until(lambda: telegram.calls_of("getUpdates"))
            bot.stop()
            await running
            findings = await ask_telegram(f"{telegram.url}/")
            assert states(findings) == ["ok"] * 5
            assert findings[0].text == "telegram: TELEGRAM_TOKEN works: SKB-bot, @skbaanbodbot"
            assert telegram.violations == []

    asyncio.run(run())


def test_telegram_reads_along_in_groups() -> None:
    async def examined(telegram: TelegramEmulator) -> None:
        missing = only(await ask_telegram(telegram.url), "missing")
        assert "privacy mode is off" in missing
        assert "Send /setprivacy to @BotFather, choose @skbaanbodbot, then Enable" in missing

    with_telegram(examined, can_read_all_group_messages=True)


def test_telegram_keeps_the_bot_out_of_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    method = telegram_emulator.METHODS["getMe"]

    def without_groups(*given: Any) -> Any:
        return method.do(*given) | {"can_join_groups": False}

    monkeypatch.setitem(telegram_emulator.METHODS, "getMe", replace(method, do=without_groups))

    async def examined(telegram: TelegramEmulator) -> None:
        [note, _menu] = texts(await ask_telegram(telegram.url), "note")
        assert "/setjoingroups" in note

    with_telegram(examined)


def test_telegram_gives_the_messages_to_a_webhook() -> None:
    async def examined(telegram: TelegramEmulator) -> None:
        telegram.world.webhook = "https://hook.example.org/a-secret"
        await telegram.start(telegram.person("Leraar A"))
        findings = await ask_telegram(telegram.url)
        missing = only(findings, "missing")
        assert "all messages go to hook.example.org, and the bot gets none" in missing
        assert 'curl "https://api.telegram.org/bot$TELEGRAM_TOKEN/deleteWebhook"' in missing
        assert "a-secret" not in missing
        assert "telegram: messages that wait at Telegram until the bot runs: 1" in texts(findings, "note")

    with_telegram(examined)


def test_telegram_refuses_the_token() -> None:
    async def examined(telegram: TelegramEmulator) -> None:
        wrong = "987654321:" + "D" * 35
        [finding] = await ask_telegram(telegram.url, wrong)
        assert finding.text.startswith("telegram: Telegram refuses TELEGRAM_TOKEN. Copy it again from @BotFather")
        assert wrong not in finding.text
        telegram.fault("getMe", status=404)
        assert "refuses TELEGRAM_TOKEN" in only(await ask_telegram(telegram.url), "missing")
        telegram.fault("getMe", status=403, description=f"Forbidden: {TOKEN}")
        assert only(await ask_telegram(telegram.url), "missing") == (
            "telegram: Telegram refuses getMe: Forbidden: [hidden]."
        )

    with_telegram(examined)


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "slow": ({"hang": 5.0}, "did not answer within 0.3 seconds. Try again"),
    "cut off": ({"drop": True}, "the connection with Telegram broke off. Try again."),
    "502": ({"status": 502}, "Telegram has trouble of its own (HTTP 502). Try again in a few minutes."),
    "429": ({"status": 429, "retry_after": 7}, "Telegram was asked too much. Try again in 7 seconds."),
    "no JSON": ({"malformed": True}, "what answers there is not Telegram (HTTP 200). Check TELEGRAM_BASE_URL"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_telegram_has_trouble(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(live, "CALL_SECONDS", 0.3)
    fault, sentence = FAULTS[name]

    async def examined(telegram: TelegramEmulator) -> None:
        for method in ("getMe", "getWebhookInfo"):
            telegram.fault(method, **fault)
            assert sentence in only(await ask_telegram(telegram.url), "missing")
        telegram.fault("getMyDescription", **fault)
        note = only(await ask_telegram(telegram.url), "note")
        assert note.startswith("telegram: commands and description could not be looked at: ")
        assert sentence in note

    with_telegram(examined)


# --- Slack


def test_slack_is_right() -> None:
    async def examined(slack: SlackEmulator) -> None:
        findings = await ask_slack(slack.base_url)
        assert states(findings) == ["ok"] * 3
        assert findings[0].text == "slack: SLACK_BOT_TOKEN works: workspace SKB, the bot is @skb-bot"
        assert findings[1].text == "slack: the token has the scopes that the bot needs, and no more"
        assert findings[2].text == "slack: SLACK_APP_TOKEN works, and Socket Mode is on"

    with_slack(examined)


def test_the_channel_of_the_team_must_be_there_and_let_the_bot_in() -> None:
    async def examined(slack: SlackEmulator) -> None:
        team, other = slack.channel("team"), slack.channel("ander", bot_is_member=False)
        old = slack.channel("oud")
        slack.archive(old)
        tokens = {"slack_bot_token": BOT_TOKEN, "slack_app_token": APP_TOKEN, "slack_base_url": slack.base_url}
        said = {}
        for channel in (team.id, other.id, old.id, "C999999"):
            said[channel] = (await ask(**tokens, team_channel=channel))[-1]
        assert str(said[team.id]) == "ok      slack: the team is told in #team"
        assert "#ander does not have the bot in it" in str(said[other.id])
        assert "#oud is archived" in str(said[old.id])
        assert "MISSING slack: TEAM_CHANNEL C999999 can't be seen" in str(said["C999999"])

    with_slack(examined)


def test_slack_scopes_are_missing_or_needless() -> None:
    async def examined(slack: SlackEmulator) -> None:
        findings = await ask_slack(slack.base_url)
        missing = only(findings, "missing")
        for scope in ("commands", "groups:read"):
            assert f"{scope} ({live.SLACK_SCOPES[scope]})" in missing
        assert "users:read" not in missing
        assert '"OAuth & Permissions", "Bot Token Scopes" of your app, and reinstall it' in missing
        note = only(findings, "note")
        assert "that the bot does not use: files:write, mpim:history." in note

    with_slack(examined, scopes=(SCOPES - {"commands", "groups:read"}) | {"files:write", "mpim:history", "identify"})


def test_slack_that_names_no_scopes_is_a_note() -> None:
    assert [finding.state for finding in live._scopes(None)] == ["note"]


BOT_REFUSALS = {
    "invalid_auth": 'Slack refuses SLACK_BOT_TOKEN (invalid_auth). Copy it again from "OAuth & Permissions"',
    "account_inactive": "SLACK_BOT_TOKEN is not valid any more (account_inactive)",
    "token_revoked": 'Install the app again and copy SLACK_BOT_TOKEN anew from "OAuth & Permissions"',
    "token_expired": "Make the app anew from docs/slack-manifest.yaml.",
    "accesslimited": "Slack refuses auth.test with SLACK_BOT_TOKEN (accesslimited): api.slack.com/methods/auth.test",
    "fatal_error": "Slack has trouble of its own (HTTP 200). Try again in a few minutes.",
    "ratelimited": "Slack was asked too much. Try again in 60 seconds.",
}


@pytest.mark.parametrize("error", BOT_REFUSALS)
def test_slack_refuses_the_bot_token(error: str) -> None:
    async def examined(slack: SlackEmulator) -> None:
        slack.fault("auth.test", error=error)
        findings = await ask_slack(slack.base_url)
        assert states(findings) == ["missing", "ok"]  # the other token is asked about all the same
        assert BOT_REFUSALS[error] in findings[0].text

    with_slack(examined)


APP_REFUSALS = {
    "invalid_auth": 'Slack refuses SLACK_APP_TOKEN (invalid_auth). Copy it again from "Basic Information"',
    "not_allowed_token_type": "Slack refuses SLACK_APP_TOKEN (not_allowed_token_type)",
    "missing_scope": "SLACK_APP_TOKEN lacks the scope connections:write",
    "no_permission": 'make a new token with it under "Basic Information", "App-Level Tokens"',
    "socket_mode_not_enabled": 'Socket Mode is off, so nothing reaches the bot. Switch it on under "Socket Mode"',
}


@pytest.mark.parametrize("error", APP_REFUSALS)
def test_slack_refuses_the_app_token(error: str) -> None:
    async def examined(slack: SlackEmulator) -> None:
        slack.fault("apps.connections.open", error=error)
        findings = await ask_slack(slack.base_url)
        assert states(findings) == ["ok", "ok", "missing"]
        assert APP_REFUSALS[error] in findings[2].text

    with_slack(examined)


def test_slack_tokens_are_of_one_app_or_two() -> None:
    async def examined(slack: SlackEmulator) -> None:
        for app, says in (("A0SKB", "both tokens are of one app, A0SKB"), ("A0OTHER", "the tokens are of two apps")):
            token = slack.app_token = slack._server.app_token = f"xapp-1-{app}-1234567890-abcdef"
            findings = await ask_slack(slack.base_url, token)
            assert says in findings[-1].text
            assert findings[-1].state == ("ok" if app == "A0SKB" else "missing")
            assert token not in findings[-1].text
            slack.fault("bots.info", error="missing_scope")  # it can't be told then, which is no fault
            assert states(await ask_slack(slack.base_url, token)) == ["ok"] * 3

    with_slack(examined)


def test_slack_has_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "CALL_SECONDS", 0.2)
    faults: list[tuple[dict[str, Any], str]] = [
        ({"delay": 0.4}, "Slack did not answer within 0.2 seconds. Try again"),
        ({"drop": "before"}, "the connection with Slack broke off. Try again."),
        ({"status": 503}, "Slack has trouble of its own (HTTP 503)"),
        ({"status": 429, "retry_after": 9}, "Slack was asked too much. Try again in 9 seconds."),
        ({"status": 404}, "what answers there is not Slack (HTTP 404). Check SLACK_BASE_URL"),
    ]

    async def examined(slack: SlackEmulator) -> None:
        for fault, sentence in faults:
            for method in ("auth.test", "apps.connections.open"):
                slack.fault(method, **fault)
                assert sentence in only(await ask_slack(slack.base_url), "missing")
                await slack.idle()

    with_slack(examined)


# --- nobody is there, or somebody else


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:{port}", "http://[::", f"http://{'a' * 70}.example", "http://x:0x"]
)
def test_nobody_is_there(address: str) -> None:
    base_url = address.format(port=closed_port())
    tokens = {"telegram_token": TOKEN, "slack_bot_token": BOT_TOKEN, "slack_app_token": APP_TOKEN}
    findings = asyncio.run(ask(**tokens, telegram_base_url=base_url, slack_base_url=base_url))
    assert states(findings) == ["missing"] * 3
    assert findings[0].text.startswith("telegram: Telegram can't be reached (")
    assert f"TELEGRAM_BASE_URL ({base_url})." in findings[0].text
    assert f"SLACK_BASE_URL ({base_url})." in findings[2].text


def test_a_drip_of_an_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "CALL_SECONDS", 0.3)

    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(50):
            writer.write(b" ")
            await asyncio.sleep(0.05)

    async def run() -> None:
        server = await asyncio.start_server(drip, "127.0.0.1", 0)
        began = time.monotonic()
        [finding] = await ask_telegram(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        assert time.monotonic() - began < 2
        assert "did not answer within" in finding.text
        server.close()

    asyncio.run(run())


def test_a_proxy_that_cannot_be_used_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "carrier-pigeon://user:CANARY@127.0.0.1:1")
    missing = only(asyncio.run(ask_telegram("http://127.0.0.1:1")), "missing")
    assert missing.startswith("platforms: this machine's proxy (HTTPS_PROXY, ALL_PROXY) can't be used")
    assert "CANARY" not in missing


@pytest.mark.parametrize("body", ["[]", "null", '"ok"', "{}", "[" * 100_000, '{"ok":true}', '{"ok":true,"result":[1]}'])
def test_an_answer_of_another_shape_is_no_traceback(body: str) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        await writer.drain()
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        tokens = {"telegram_token": TOKEN, "slack_bot_token": BOT_TOKEN, "slack_app_token": APP_TOKEN}
        assert len(await ask(**tokens, telegram_base_url=url, slack_base_url=url)) >= 3
        server.close()

    asyncio.run(run())


# --- the whole command


def test_doctor_live_when_all_is_right(skb_bot: CommandLine) -> None:
    async def run() -> None:
        async with TelegramEmulator(token=TOKEN) as telegram, SlackEmulator() as slack:
            settings = READY | {
                "TELEGRAM_TOKEN": TOKEN,
                "TELEGRAM_BASE_URL": telegram.url,
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_APP_TOKEN": slack.app_token,
                "SLACK_BASE_URL": slack.base_url,
            }
            done = await asyncio.to_thread(skb_bot, "doctor", "--live", settings=settings)
            assert (done.returncode, done.stderr) == (0, ""), done.stdout
            assert "ok      telegram: TELEGRAM_TOKEN works: SKB-bot, @skbaanbodbot" in done.stdout
            assert "ok      slack: SLACK_BOT_TOKEN works: workspace SKB, the bot is @skb-bot" in done.stdout
            assert done.stdout.endswith("\nReady.\n")
            assert telegram.violations == slack.violations == []

    asyncio.run(run())
    assert list(skb_bot.folder.iterdir()) == []


def test_doctor_live_when_something_is_missing(skb_bot: CommandLine) -> None:
    async def run() -> None:
        async with TelegramEmulator(can_read_all_group_messages=True, token=TOKEN) as telegram:
            settings = READY | {
                "TELEGRAM_TOKEN": TOKEN,
                "TELEGRAM_BASE_URL": telegram.url,
                "SLACK_BOT_TOKEN": BOT_TOKEN,
                "SLACK_APP_TOKEN": APP_TOKEN,
                "SLACK_BASE_URL": f"http://127.0.0.1:{closed_port()}/api/",
            }
            done = await asyncio.to_thread(skb_bot, "doctor", "--live", settings=settings)
        assert (done.returncode, done.stderr) == (1, "")
        missing = [line for line in done.stdout.splitlines() if line.startswith("MISSING ")]
        assert [line.split()[1] for line in missing] == ["telegram:", "slack:", "slack:"]
        assert done.stdout.endswith("\nNot ready yet: see the lines that begin with MISSING.\n")
        assert not [token for token in (TOKEN, BOT_TOKEN, APP_TOKEN) if token in done.stdout]

    asyncio.run(run())
