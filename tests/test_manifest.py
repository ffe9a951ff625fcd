"""The Slack app's manifest (docs/slack-manifest.yaml) asks for what the bot uses, says why, and keeps Slack's rules.

The rules are those of Slack's own schema (slackapi/manifest-schema, version 1), as far as this manifest needs them.
"""

from collections.abc import Iterator
from pathlib import Path
import re
from typing import Any

import pytest
import yaml

from bot.handlers import slack, slack_events
from bot.live import SLACK_SCOPES
from tests.emulators.slack import SCOPES, SUBSCRIPTIONS

TEXT = (Path(__file__).parents[1] / "docs" / "slack-manifest.yaml").read_text(encoding="utf-8")
MANIFEST: dict[str, Any] = yaml.safe_load(TEXT)
BOT = "U0BOT"

LENGTHS = {
    "display_information.name": (1, 35),
    "display_information.description": (1, 140),
    "display_information.long_description": (175, 4000),
    "features.bot_user.display_name": (1, 80),
    "features.slash_commands.command": (2, 32),
    "features.slash_commands.description": (1, 2000),
    "features.slash_commands.usage_hint": (1, 1000),
    "features.shortcuts.name": (1, 24),
    "features.shortcuts.callback_id": (1, 255),
    "features.shortcuts.description": (1, 150),
    "oauth_config.scopes.bot": (1, 50),
    "settings.event_subscriptions.bot_events": (1, 50),
}
"""Every text that may stand in it: the fewest and the most characters."""
CHOICES = {
    "features.shortcuts.type": ("message", "global"),
    "features.app_home.home_tab_enabled": (True, False),
    "features.app_home.messages_tab_enabled": (True, False),
    "features.app_home.messages_tab_read_only_enabled": (True, False),
    "features.bot_user.always_online": (True, False),
    "features.slash_commands.should_escape": (True, False),
    "settings.interactivity.is_enabled": (True, False),
    "settings.org_deploy_enabled": (True, False),
    "settings.socket_mode_enabled": (True, False),
    "settings.token_rotation_enabled": (True, False),
}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value with its path; the items of a list share one."""
    if isinstance(value, dict):
        for name, below in value.items():
            yield from leaves(below, f"{path}.{name}".lstrip("."))
    elif isinstance(value, list):
        for below in value:
            yield from leaves(below, path)
    else:
        yield path, value


def listed(path: str) -> list[Any]:
    return [value for found, value in leaves(MANIFEST) if found == path]


def test_every_value_is_one_that_slack_takes() -> None:
    for path, value in leaves(MANIFEST):
        if path in LENGTHS:
            fewest, most = LENGTHS[path]
            assert isinstance(value, str), path
            assert fewest <= len(value) <= most, (path, len(value))
        else:
            assert value in CHOICES[path], path
    assert all(path in dict(leaves(MANIFEST)) for path in (*LENGTHS, *CHOICES))


def test_every_scope_says_why() -> None:
    reasons = dict(re.findall(r"^ +- ([a-z_.:]+) # (\S.*)$", TEXT, re.MULTILINE))
    assert {scope: reasons.get(scope) for scope in listed("oauth_config.scopes.bot")} == SLACK_SCOPES
    assert set(listed("settings.event_subscriptions.bot_events")) <= reasons.keys()


def test_the_emulator_is_an_app_of_this_manifest() -> None:
    assert sorted(listed("oauth_config.scopes.bot")) == sorted(SCOPES)
    assert sorted(listed("settings.event_subscriptions.bot_events")) == sorted(SUBSCRIPTIONS)


# --- what the bot takes in, and nothing more

CHANNEL, DIRECT = {"channel": "C1", "channel_type": "channel"}, {"channel": "D1", "channel_type": "im"}
SAID = {"user": "U1", "text": "debat", "ts": "1.0", "event_ts": "1.0"}
EVENTS: dict[str, dict[str, Any]] = {
    "app_home_opened": {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "messages"},
    "app_mention": {"type": "app_mention", **CHANNEL, **SAID},
    "member_joined_channel": {"type": "member_joined_channel", **CHANNEL, "user": BOT},
    "message.im": {"type": "message", **DIRECT, **SAID},
    # These and others the bot leaves alone, so it need not get them.
    "message.channels": {"type": "message", **CHANNEL, **SAID},
    "message.groups": {"type": "message", "channel": "G1", "channel_type": "group", **SAID},
    "message.mpim": {"type": "message", "channel": "G1", "channel_type": "mpim", **SAID},
    "app_home_opened on its home tab": {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"},
    "member_joined_channel of others": {"type": "member_joined_channel", **CHANNEL, "user": "U1"},
    "member_left_channel": {"type": "member_left_channel", **CHANNEL, "user": BOT},
    "reaction_added": {
        "type": "reaction_added",
        "user": "U1",
        "reaction": "eyes",
        "item": {"type": "message", **CHANNEL},
    },
    "file_shared": {"type": "file_shared", "file_id": "F1", "user_id": "U1", "channel_id": "D1"},
    "link_shared": {"type": "link_shared", **CHANNEL, "user": "U1", "links": []},
    "team_join": {"type": "team_join", "user": {"id": "U1"}},
    "channel_created": {"type": "channel_created", "channel": {"id": "C1"}},
    "app_uninstalled": {"type": "app_uninstalled"},
    "assistant_thread_started": {"type": "assistant_thread_started", "assistant_thread": {"user_id": "U1"}},
}


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_is_asked_for_when_the_bot_does_something_with_it(name: str) -> None:
    body = {"type": "event_callback", "event_id": "Ev1", "event": EVENTS[name]}
    asked_for = name in listed("settings.event_subscriptions.bot_events")
    assert (slack_events.read(body, BOT) is not None) == asked_for


def test_the_command_is_the_one_that_people_are_told() -> None:
    [command] = listed("features.slash_commands.command")
    told = f"{slack.CHANNEL_WELCOME.text} {slack.ONLY_YOU} {MANIFEST['display_information']['long_description']}"
    assert set(re.findall(r"(?<!\S)/\w+", told)) == {command}
    body = {
        "command": command,
        "channel_id": "C1",
        "user_id": "U1",
        "response_url": "https://x.test",
        "trigger_id": "1.2",
    }
    assert slack_events.read(body, BOT) is not None


def test_the_shortcut_is_one_on_messages() -> None:
    assert listed("features.shortcuts.type") == ["message"]
    body: dict[str, Any] = {
        "callback_id": listed("features.shortcuts.callback_id")[0],
        "channel": {"id": "C1"},
        "user": {"id": "U1"},
        "response_url": "https://x.test",
        "trigger_id": "1.2",
        "message": {"type": "message", "user": "U2", "text": "debat", "ts": "1.0"},
    }
    assert slack_events.read(body | {"type": "message_action"}, BOT) is not None
    assert slack_events.read(body | {"type": "shortcut"}, BOT) is None  # a global one, which nothing is made for


def test_what_people_press_and_fill_in_arrives() -> None:
    assert listed("settings.interactivity.is_enabled") == listed("settings.socket_mode_enabled") == [True]
    pressed: dict[str, Any] = {
        "type": "block_actions",
        "user": {"id": "U1"},
        "channel": {"id": "C1"},
        "container": {"type": "message", "message_ts": "1.0", "channel_id": "C1", "is_ephemeral": False},
        "response_url": "https://x.test",
        "trigger_id": "1.2",
        "message": {"type": "message", "user": BOT, "text": "", "ts": "1.0"},
        "actions": [{"type": "button", "action_id": "say-0", "action_ts": "1.0", "value": "token:2"}],
    }
    assert slack_events.read(pressed, BOT) is not None
    # It opens no Home tab and shows nothing there, but is written to in its messages.
    assert listed("features.app_home.home_tab_enabled") == [False]
    assert listed("features.app_home.messages_tab_enabled") == [True]
    assert listed("features.app_home.messages_tab_read_only_enabled") == [False]
