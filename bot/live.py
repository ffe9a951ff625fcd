"""What Telegram and Slack themselves say about the tokens and the bot's set-up there, and how to mend it.

It only asks: nothing is sent, and no message is taken from the bot that may be running meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
import json
import re
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.doctor import Finding, tokens
from bot.handlers.telegram import ABOUT, ABOUT_IN_SHORT
from bot.handlers.telegram_updates import COMMANDS
from bot.logs import redact
from bot.settings import Settings

__all__ = ["SLACK_SCOPES", "ask_platforms"]

CALL_SECONDS = 10.0
"""How long one answer may take, however slowly it drips in."""

SLACK_SCOPES = {
    "commands": "/skb, and the shortcut on a message",
    "chat:write": "to answer, to change an answer when a button is pressed, to share it in the channel",
    "app_mentions:read": "to be asked by name in a channel, for all to see",
    "im:history": "to be asked in a direct message; and to find its own answer back, as below",
    "im:write": "to begin a direct conversation with somebody who asked for that",
    "users:read": "what somebody is called: to greet them, and to sign what they share",
    "channels:read": "to notice that it was invited to a public channel, and say how it can be asked there",
    "groups:read": "the same in a private channel",
    "channels:history": "only to find its own answer back when Slack's reply to it was lost: nothing comes twice",
    "groups:history": "the same in a private channel",
}
"""What the bot's token may do in Slack and what for, in the words of docs/slack-manifest.yaml."""

Json = Mapping[str, Any]

OWN_FAULTS = ("internal_error", "fatal_error", "service_unavailable", "request_timeout")
"""Errors with which Slack says that it has trouble of its own."""
ENDED = ("account_inactive", "token_revoked")
WRONG_TOKEN = ("invalid_auth", "not_authed", "not_allowed_token_type")
APP_OF_TOKEN = re.compile(r"xapp-\d+-(A[A-Z0-9]+)-")
"""An app token says of which app it is."""
WHERE = {
    "SLACK_BOT_TOKEN": 'from "OAuth & Permissions" of your app (api.slack.com/apps)',
    "SLACK_APP_TOKEN": 'from "Basic Information", "App-Level Tokens" of your app (api.slack.com/apps)',
}


class NoAnswer(Exception):  # noqa: N818  # it may be nobody's fault
    """Why there is no answer to go by, in a sentence that says what to do."""


def ask_platforms(settings: Settings) -> list[Finding]:
    """What the platforms say that tokens are set for. A token is in none of the sentences."""
    if not settings.platforms:
        return list(tokens(settings))
    given = (settings.telegram_token, settings.slack_bot_token, settings.slack_app_token)
    secrets = [token.get_secret_value() for token in given if token is not None]
    return [replace(finding, text=redact(finding.text, secrets)) for finding in asyncio.run(_ask(settings))]


async def _ask(settings: Settings) -> list[Finding]:
    try:
        client = httpx.AsyncClient(timeout=CALL_SECONDS)
    except (ImportError, ValueError, httpx.InvalidURL) as error:
        return [Finding("missing", f"platforms: this machine's proxy (HTTPS_PROXY, ALL_PROXY) can't be used: {error}.")]
    async with client:
        asked = []
        if telegram_token := settings.telegram_token:
            telegram = Platform("Telegram", "TELEGRAM_BASE_URL", settings.telegram_base_url, client)
            asked.append(_telegram(telegram, telegram_token.get_secret_value(), _team_on("telegram", settings)))
        if (bot_token := settings.slack_bot_token) and (app_token := settings.slack_app_token):
            slack = Platform("Slack", "SLACK_BASE_URL", settings.slack_base_url, client)
            known = bot_token.get_secret_value(), app_token.get_secret_value()
            asked.append(_slack(slack, *known, _team_on("slack", settings)))
        return [finding for findings in await asyncio.gather(*asked) for finding in findings]


def _team_on(platform: str, settings: Settings) -> str:
    """The id of the team's channel if it is on that platform, else nothing."""
    return settings.team_channel if settings.team_address and settings.team_address[0] == platform else ""


@dataclass(frozen=True, slots=True)
class Platform:
    """One of them, as it is asked."""

    name: str
    setting: str
    base_url: str
    client: httpx.AsyncClient

    async def ask(self, path: str, given: Json, token: str = "") -> tuple[Json, httpx.Headers]:
        """What it answers, also when that is no; raises NoAnswer when nobody can go by it."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            async with asyncio.timeout(CALL_SECONDS):
                response = await self.client.post(f"{self.base_url.rstrip('/')}/{path}", data=given, headers=headers)
        except (TimeoutError, httpx.TimeoutException):
            raise NoAnswer(
                f"{self.name} did not answer within {CALL_SECONDS:g} seconds. Try again; check this machine's internet "
                f"connection, proxy and firewall, and {self.setting} ({self.base_url})."
            ) from None
        # UnicodeError: a name that is no host's.
        except (
            httpx.ConnectError,
            httpx.ProxyError,
            httpx.UnsupportedProtocol,
            httpx.InvalidURL,
            UnicodeError,
        ) as error:
            raise NoAnswer(
                f"{self.name} can't be reached ({error}). Check this machine's internet connection, proxy and "
                f"firewall, and {self.setting} ({self.base_url})."
            ) from None
        except httpx.HTTPError:
            raise NoAnswer(f"the connection with {self.name} broke off. Try again.") from None
        return self._read(response), response.headers

    def _read(self, response: httpx.Response) -> Json:
        try:
            answer = response.json()
        except (ValueError, RecursionError):
            answer = None
        known: Json = answer if isinstance(answer, dict) else {}
        if response.status_code == 429 or known.get("error") == "ratelimited":
            seconds = response.headers.get("Retry-After") or _part(known, "parameters").get("retry_after") or 60
            raise NoAnswer(f"{self.name} was asked too much. Try again in {seconds} seconds.")
        if response.status_code >= 500 or known.get("error") in OWN_FAULTS:
            raise NoAnswer(
                f"{self.name} has trouble of its own (HTTP {response.status_code}). Try again in a few minutes."
            )
        if "ok" not in known:
            raise NoAnswer(
                f"what answers there is not {self.name} (HTTP {response.status_code}). Check {self.setting} "
                f"({self.base_url}), and whether something stands between this machine and {self.name}."
            )
        return known


def _part(whole: Json, name: str) -> Json:
    part = whole.get(name)
    return part if isinstance(part, dict) else {}


# --- Telegram


async def _telegram(platform: Platform, token: str, team: str = "") -> list[Finding]:
    async def ask(method: str, **given: str) -> Json:
        answer, _ = await platform.ask(f"bot{token}/{method}", given)
        if answer["ok"]:
            return answer
        if answer.get("error_code") in (401, 404):  # 404: no bot ever had this token
            raise NoAnswer(
                "Telegram refuses TELEGRAM_TOKEN. Copy it again from @BotFather (/mybots, API Token). If it is right, "
                f"check TELEGRAM_BASE_URL ({platform.base_url})."
            )
        raise NoAnswer(f"Telegram refuses {method}: {answer.get('description')}.")

    async def presented() -> Finding:
        try:
            private = json.dumps({"type": "all_private_chats"})
            commands = (await ask("getMyCommands", scope=private)).get("result")
            long = _part(await ask("getMyDescription"), "result").get("description")
            short = _part(await ask("getMyShortDescription"), "result").get("short_description")
        except NoAnswer as why:
            return Finding("note", f"telegram: commands and description could not be looked at: {why}")
        return _presented(commands, long, short)

    async def webhook() -> list[Finding]:
        try:
            return list(_webhook(_part(await ask("getWebhookInfo"), "result")))
        except NoAnswer as why:
            return [Finding("missing", f"telegram: whether a webhook is set could not be seen: {why}")]

    try:
        me = _part(await ask("getMe"), "result")
    except NoAnswer as why:
        return [Finding("missing", f"telegram: {why}")]
    return [*_profile(me), *await webhook(), await presented(), *await _team_in_telegram(ask, team)]


async def _team_in_telegram(ask: Callable[..., Awaitable[Json]], team: str) -> list[Finding]:
    if not team:
        return []
    try:
        title = _part(await ask("getChat", chat_id=team), "result").get("title")
    except NoAnswer as why:
        return [Finding("missing", f"telegram: TEAM_CHANNEL {team}: {why} Add the bot to that group.")]
    return [Finding("ok", f"telegram: the team is told in {title}")]


def _profile(me: Json) -> Iterator[Finding]:
    """What the bot is called, and what it may do in groups."""
    name = f"@{me.get('username')}"
    yield Finding("ok", f"telegram: TELEGRAM_TOKEN works: {me.get('first_name')}, {name}")
    if me.get("can_read_all_group_messages"):
        yield Finding(
            "missing",
            "telegram: privacy mode is off, so Telegram gives the bot everything that is said in its groups. Send "
            f"/setprivacy to @BotFather, choose {name}, then Enable; then take the bot out of its groups and add it "
            "again.",
        )
    else:
        yield Finding("ok", "telegram: privacy mode is on: in groups the bot gets only what is said to it")
    if me.get("can_join_groups"):
        yield Finding("ok", "telegram: the bot can be added to groups")
    else:
        yield Finding(
            "note",
            f"telegram: the bot can't be added to groups. To allow it: /setjoingroups to @BotFather, choose {name}, "
            "then Enable.",
        )


def _webhook(info: Json) -> Iterator[Finding]:
    """Whether Telegram gives the messages to us, and how many wait."""
    if url := str(info.get("url") or ""):
        yield Finding(
            "missing",
            f"telegram: a webhook is set: all messages go to {_host(url)}, and the bot gets none. Take it away: "
            'curl "https://api.telegram.org/bot$TELEGRAM_TOKEN/deleteWebhook". If it is not yours, somebody else has '
            "your token: renew it first (/revoke to @BotFather).",
        )
    else:
        yield Finding(
            "ok",
            'telegram: no webhook is set. When the log says "another bot runs with the same token", look for a process',
        )
    if waiting := info.get("pending_update_count"):
        yield Finding("note", f"telegram: messages that wait at Telegram until the bot runs: {waiting}")


def _host(url: str) -> str:
    """Where a web address leads; the rest of it may be a secret."""
    try:
        return urlsplit(url).hostname or "another place"
    except ValueError:
        return "another place"


def _presented(commands: object, long: object, short: object) -> Finding:
    found = {
        one.get("command"): one.get("description")
        for one in (commands if isinstance(commands, list) else ())
        if isinstance(one, dict)
    }
    wrong = [] if found == COMMANDS[""] else ["a menu of commands"]
    if (long, short) != (ABOUT, ABOUT_IN_SHORT):
        wrong.append("a description")
    if wrong:
        return Finding(
            "note",
            f"telegram: people see {' and '.join(wrong)} of another version, or none. A start of the bot mends that.",
        )
    return Finding("ok", "telegram: the menu of commands and the description are this version's")


# --- Slack


async def _slack(platform: Platform, bot_token: str, app_token: str, team: str = "") -> list[Finding]:
    async def ask(method: str, name: str, token: str, **given: str) -> tuple[Json, httpx.Headers]:
        answer, headers = await platform.ask(method, given, token)
        if not answer["ok"]:
            raise NoAnswer(_refused(method, name, str(answer.get("error"))))
        return answer, headers

    async def bot() -> tuple[list[Finding], str]:
        """What Slack says about the bot token, and of which app it is: empty when that can't be told."""
        try:
            me, headers = await ask("auth.test", "SLACK_BOT_TOKEN", bot_token)
        except NoAnswer as why:
            return [Finding("missing", f"slack: {why}")], ""
        works = f"slack: SLACK_BOT_TOKEN works: workspace {me.get('team')}, the bot is @{me.get('user')}"
        found = [Finding("ok", works), *_scopes(headers.get("x-oauth-scopes"))]
        try:
            known, _ = await ask("bots.info", "SLACK_BOT_TOKEN", bot_token, bot=str(me.get("bot_id") or ""))
        except NoAnswer:
            return found, ""
        return found, str(_part(known, "bot").get("app_id") or "")

    async def app() -> list[Finding]:
        try:
            await ask("apps.connections.open", "SLACK_APP_TOKEN", app_token)
        except NoAnswer as why:
            return [Finding("missing", f"slack: {why}")]
        return [Finding("ok", "slack: SLACK_APP_TOKEN works, and Socket Mode is on")]

    (about_bot, bots_app), about_app, about_team = await asyncio.gather(
        bot(), app(), _team_in_slack(partial(ask, name="SLACK_BOT_TOKEN", token=bot_token), team)
    )
    return [*about_bot, *about_app, *_one_app(bots_app, app_token), *about_team]


async def _team_in_slack(ask: Callable[..., Awaitable[tuple[Json, httpx.Headers]]], team: str) -> list[Finding]:
    if not team:
        return []
    try:
        known, _ = await ask("conversations.info", channel=team)
    except NoAnswer as why:
        return [Finding("missing", f"slack: TEAM_CHANNEL {team} can't be seen: {why}")]
    channel = _part(known, "channel")
    if channel.get("is_archived"):
        return [Finding("missing", f"slack: TEAM_CHANNEL #{channel.get('name')} is archived. Set another one.")]
    if not channel.get("is_member"):
        text = f"slack: TEAM_CHANNEL #{channel.get('name')} does not have the bot in it: type /invite there."
        return [Finding("missing", text)]
    return [Finding("ok", f"slack: the team is told in #{channel.get('name')}")]


def _refused(method: str, name: str, error: str) -> str:
    """What Slack's no means, and what to do about it."""
    again = f"Install the app again and copy {name} anew {WHERE[name]}."
    if error in WRONG_TOKEN:
        return f"Slack refuses {name} ({error}). Copy it again {WHERE[name]}."
    if error in ENDED:
        return f"{name} is not valid any more ({error}): the app was removed, or the token revoked. {again}"
    if error == "token_expired":
        return (
            f"{name} has expired ({error}): the app has token rotation, which this bot does not do. Make the app anew "
            "from docs/slack-manifest.yaml."
        )
    if method == "apps.connections.open" and error in ("missing_scope", "no_permission"):
        return (
            f"{name} lacks the scope connections:write, and it can't be given one afterwards: make a new token with it "
            'under "Basic Information", "App-Level Tokens" of your app (api.slack.com/apps).'
        )
    if error == "socket_mode_not_enabled":
        return 'Socket Mode is off, so nothing reaches the bot. Switch it on under "Socket Mode" of your app.'
    return f"Slack refuses {method} with {name} ({error}): api.slack.com/methods/{method} says what that means."


def _scopes(header: str | None) -> Iterator[Finding]:
    """What the token may do, against what the bot needs."""
    if header is None:
        yield Finding("note", "slack: Slack does not say which scopes the token has")
        return
    has = {scope.strip() for scope in header.split(",")} - {"", "identify"}  # every token has that one
    if missing := [f"{scope} ({why})" for scope, why in SLACK_SCOPES.items() if scope not in has]:
        yield Finding(
            "missing",
            f'slack: missing scopes: {"; ".join(missing)}. Add them under "OAuth & Permissions", "Bot Token Scopes" of '
            "your app, and reinstall it to the workspace.",
        )
    if needless := sorted(has - SLACK_SCOPES.keys()):
        yield Finding(
            "note",
            f'slack: scopes that the bot does not use: {", ".join(needless)}. Better take them away, under "OAuth & '
            'Permissions" of your app.',
        )
    if not missing and not needless:
        yield Finding("ok", "slack: the token has the scopes that the bot needs, and no more")


def _one_app(bots_app: str, app_token: str) -> Iterator[Finding]:
    """Whether both tokens are of one app, as far as that can be told."""
    named = APP_OF_TOKEN.match(app_token)
    if not named or not bots_app:
        return
    if named[1] == bots_app:
        yield Finding("ok", f"slack: both tokens are of one app, {bots_app}")
    else:
        yield Finding(
            "missing",
            f"slack: the tokens are of two apps: SLACK_BOT_TOKEN of {bots_app}, SLACK_APP_TOKEN of {named[1]}. What "
            "one is asked can't be answered by the other: copy both from the pages of one app (api.slack.com/apps).",
        )
