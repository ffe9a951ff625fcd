"""Settings: everything wrong is said at once, and no secret ever."""

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsProblems, read_settings

ROOT = Path(__file__).parents[1]
TELEGRAM = "123456789:" + "A" * 35
# Put together here, so that nothing in the repository looks like a token that leaked.
SLACK_BOT, SLACK_APP = "xoxb-" + "1" * 12, "xapp-" + "1" * 12


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings of the machine, no .env of the developer."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def problems(monkeypatch: pytest.MonkeyPatch, **environment: str) -> list[str]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsProblems) as raised:
        read_settings()
    return list(raised.value.problems)


def test_nothing_needs_to_be_set() -> None:
    settings = read_settings()
    assert settings.database_url.get_secret_value() == "sqlite:///var/skb.db"
    assert settings.sqlite_file == Path("var/skb.db")
    assert settings.data_dir == ROOT / "data"
    assert settings.website_url == "https://www.skbnederland.nl"
    assert settings.platforms == ()
    assert settings.allow_starter is False


def test_blank_means_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(name.upper(), "")
    assert read_settings() == Settings(_env_file=None)


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CONTACT_NAME=Balie\nLOG_FORMAT=JSON\nALLOW_STARTER=ja\n", encoding="utf-8")
    monkeypatch.setenv("CONTACT_NAME", "Team SKB")
    settings = read_settings()
    assert (settings.contact_name, settings.log_format, settings.allow_starter) == ("Team SKB", "json", True)


def test_all_problems_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TELEGRM_TOKEN=x\n", encoding="utf-8")
    found = problems(
        monkeypatch,
        DATABASE_URL="mysql://user@host/name",
        DATA_DIR="nergens",
        SECRET_KEY="short",
        WEBSITE_URL="javascript:alert(1)",
        ALLOW_STARTER="misschien",
        TELEGRAM_TOKEN="wrong",
        SLACK_BOT_TOKEN="wrong",
        SLACK_APP_TOKEN="wrong",
        LOG_LEVEL="luid",
        LOG_FORMAT="xml",
    )
    assert {problem.split()[0] for problem in found} == {
        "DATABASE_URL",
        "DATA_DIR",
        "SECRET_KEY",
        "WEBSITE_URL",
        "ALLOW_STARTER",
        "TELEGRAM_TOKEN",
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "LOG_LEVEL",
        "LOG_FORMAT",
        "TELEGRM_TOKEN",
    }
    assert len(found) == 11
    assert all(problem.endswith(".") for problem in found)


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        (
            {"SLACK_BOT_TOKEN": SLACK_BOT},
            (
                "SLACK_APP_TOKEN and SLACK_BOT_TOKEN go together, and only the bot token is set. "
                "Set the app token too, or clear it."
            ),
        ),
        (
            {"SLACK_APP_TOKEN": SLACK_APP},
            (
                "SLACK_APP_TOKEN and SLACK_BOT_TOKEN go together, and only the app token is set. "
                "Set the bot token too, or clear it."
            ),
        ),
        (
            {"DATABASE_URL": "postgresql://user:password@host/name"},
            "SECRET_KEY is needed with PostgreSQL, the same on every machine: make one with openssl rand -hex 32.",
        ),
    ],
)
def test_what_does_not_go_together(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], problem: str) -> None:
    assert problems(monkeypatch, **environment) == [problem]


@pytest.mark.parametrize(
    ("environment", "platforms"),
    [
        ({"TELEGRAM_TOKEN": TELEGRAM}, ("Telegram",)),
        ({"SLACK_BOT_TOKEN": SLACK_BOT, "SLACK_APP_TOKEN": SLACK_APP}, ("Slack",)),
    ],
)
def test_tokens_of_the_right_shape(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], platforms: tuple[str, ...]
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert read_settings().platforms == platforms


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////srv/skb/skb.db",
        "postgresql://user:password@host:5432/name?sslmode=require",
        "postgres://user:pass@host/name",
        "postgresql+psycopg://postgres@/name?host=/run/postgresql",
    ],
)
def test_database_urls(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("SECRET_KEY", "k" * 32)
    assert read_settings().database_url.get_secret_value() == url


def test_no_secret_is_ever_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "DATABASE_URL": "mysql://u:CANARY@host",
        "SECRET_KEY": "CANARY",
        "TELEGRAM_TOKEN": "CANARY",
        "SLACK_BOT_TOKEN": "CANARY",
        "SLACK_APP_TOKEN": "CANARY",
    }
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsProblems) as raised:
        read_settings()
    chain = [raised.value, raised.value.__cause__]
    assert "CANARY" not in "".join(f"{error}{error!r}" for error in chain)
    assert raised.value.__suppress_context__

    right = {
        "DATABASE_URL": "postgresql://u:CANARY@host/name",
        "SECRET_KEY": "CANARY" * 6,
        "TELEGRAM_TOKEN": "123456789:CANARY" + "A" * 29,
        "SLACK_BOT_TOKEN": "xoxb-CANARY" + "1" * 12,
        "SLACK_APP_TOKEN": "xapp-CANARY" + "1" * 12,
    }
    for name, value in right.items():
        monkeypatch.setenv(name, value)
    assert "CANARY" not in f"{read_settings()} {read_settings()!r} {read_settings().model_dump()}"


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read_settings().log_level = "debug"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("chat", "address"),
    [
        ("C0123ABC", ("slack", "C0123ABC")),
        ("G0123ABC", ("slack", "G0123ABC")),
        ("-1001234567", ("telegram", "-1001234567")),
    ],
)
def test_where_the_team_is(monkeypatch: pytest.MonkeyPatch, chat: str, address: tuple[str, str]) -> None:
    names = ("TELEGRAM_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "TEAM_CHANNEL")
    for name, value in zip(names, (TELEGRAM, SLACK_BOT, SLACK_APP, chat), strict=True):
        monkeypatch.setenv(name, value)
    assert read_settings().team_address == address


@pytest.mark.parametrize("chat", ["#team", "U0123ABC", "1001234567", "-12", "team"])
def test_where_no_team_can_be(monkeypatch: pytest.MonkeyPatch, chat: str) -> None:
    assert "must be the id of a Slack channel" in problems(monkeypatch, TEAM_CHANNEL=chat)[0]


@pytest.mark.parametrize(("chat", "token"), [("C0123ABC", "SLACK_BOT_TOKEN"), ("-1001234567", "TELEGRAM_TOKEN")])
def test_the_team_can_only_be_told_where_the_bot_is(monkeypatch: pytest.MonkeyPatch, chat: str, token: str) -> None:
    assert f"{token} is not set" in problems(monkeypatch, TEAM_CHANNEL=chat)[0]
