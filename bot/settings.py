"""The settings: the environment and `.env` in, one checked and frozen value out.

Read once, in `app.py`; features receive the values they need, never the Settings. Whatever is wrong is said at once, in
sentences that say what to do; a secret is never part of a sentence. Every setting stands in `.env.example`.
"""

from pathlib import Path
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["Settings", "SettingsProblems", "read_settings"]

YES_NO = {"yes": True, "ja": True, "true": True, "1": True, "no": False, "nee": False, "false": False, "0": False}

SHORTEST_KEY = 32
"""Characters of a SECRET_KEY: chat addresses are few enough to try them all against a guessable key."""


class SettingsProblems(Exception):  # noqa: N818  # it carries all of them
    """Everything that is wrong with the settings, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def _yes_or_no(value: object) -> object:
    if isinstance(value, str):
        answer = YES_NO.get(value.strip().lower())
        if answer is None:
            raise ValueError("must be yes or no.")
        return answer
    return value


def _database_url(value: SecretStr) -> SecretStr:
    url = value.get_secret_value()
    if re.fullmatch(r"sqlite:///(?!:memory:).+", url):
        return value
    if re.fullmatch(r"postgres(ql)?(\+psycopg)?://\S*/[^/\s?]+(\?\S*)?", url):
        return value
    raise ValueError("must be sqlite:///folder/name.db or postgresql://user:password@host/name.")


def _web_address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+\.[^\s/]+\S*", value):
        raise ValueError("must be a web address that starts with https://.")
    return value


def _api_address(value: str) -> str:
    # Not only https, and no dot needed: a local Bot API server is http://localhost:8081.
    if not re.fullmatch(r"https?://[^\s/@]+(/\S*)?", value):
        raise ValueError("must be an address that starts with https:// or http://.")
    return value


def _folder(value: Path) -> Path:
    if not value.is_dir():
        raise ValueError(f"names a folder that does not exist: {value}.")
    return value


def _one_of(*choices: str) -> BeforeValidator:
    def choose(value: object) -> object:
        if isinstance(value, str):
            value = value.strip().lower()
        if value not in choices:
            raise ValueError(f"must be {', '.join(choices[:-1])} or {choices[-1]}.")
        return value

    return BeforeValidator(choose)


def _shaped(pattern: str, advice: str) -> AfterValidator:
    """A check of a token's shape alone: whether it works, only its platform can say."""

    def check(value: SecretStr) -> SecretStr:
        if not re.fullmatch(pattern, value.get_secret_value()):
            raise ValueError(advice)
        return value

    return AfterValidator(check)


def _chat(value: str) -> str:
    # Slack's ids of channels; Telegram's numbers of groups and channels are negative.
    if value and not re.fullmatch(r"[CG][A-Z0-9]{5,}|-\d{5,}", value):
        raise ValueError(
            "must be the id of a Slack channel (C… or G…, below “About” of the channel) or of a Telegram group (-…)."
        )
    return value


class Settings(BaseSettings):
    """Every setting, valid together. In the environment and in `.env` their names are written in capitals."""

    model_config = SettingsConfigDict(
        frozen=True,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,  # `NAME=` means the same as no line at all
        extra="forbid",  # a misspelt name in .env is said, not ignored
        validate_default=True,
        hide_input_in_errors=True,
    )

    database_url: Annotated[SecretStr, AfterValidator(_database_url)] = SecretStr("sqlite:///var/skb.db")
    data_dir: Annotated[Path, AfterValidator(_folder)] = Path(__file__).parent.parent / "data"
    secret_key: SecretStr | None = None

    contact_name: str = ""
    contact_how: str = ""
    contact_hours: str = ""
    website_url: Annotated[str, AfterValidator(_web_address)] = "https://www.skbnederland.nl"

    controller: str = ""
    privacy_address: str = ""

    allow_starter: Annotated[bool, BeforeValidator(_yes_or_no)] = False
    telegram_token: (
        Annotated[
            SecretStr,
            _shaped(r"\d+:[\w-]{35}", "does not look like a Telegram token (digits, a colon, 35 characters): copy it "
            "again from @BotFather."),
        ]
        | None
    ) = None  # fmt: skip
    slack_bot_token: (
        Annotated[
            SecretStr,
            _shaped(r"xoxb-[\w-]{10,}", 'does not look like a Slack bot token (xoxb-…): copy it from "OAuth & '
            'Permissions" of your Slack app.'),
        ]
        | None
    ) = None  # fmt: skip
    slack_app_token: (
        Annotated[
            SecretStr,
            _shaped(r"xapp-[\w-]{10,}", 'does not look like a Slack app token (xapp-…): make one under "Basic '
            'Information", "App-Level Tokens", with connections:write.'),
        ]
        | None
    ) = None  # fmt: skip

    telegram_base_url: Annotated[str, AfterValidator(_api_address)] = "https://api.telegram.org"
    slack_base_url: Annotated[str, AfterValidator(_api_address)] = "https://slack.com/api/"

    team_channel: Annotated[str, AfterValidator(_chat)] = ""

    log_level: Annotated[Literal["debug", "info", "warning", "error"], _one_of("debug", "info", "warning", "error")] = (
        "info"
    )
    log_format: Annotated[Literal["text", "json"], _one_of("text", "json")] = "text"

    @property
    def platforms(self) -> tuple[str, ...]:
        """The chat platforms that tokens are set for."""
        tokens = {"Telegram": self.telegram_token, "Slack": self.slack_bot_token}
        return tuple(name for name, token in tokens.items() if token is not None)

    @property
    def sqlite_file(self) -> Path | None:
        """Where the database is, while it is a file."""
        kind, _, path = self.database_url.get_secret_value().partition(":///")
        return Path(path.partition("?")[0]) if kind == "sqlite" else None

    @property
    def team_address(self) -> tuple[str, str] | None:
        """Platform and chat of the SKB team's channel, if one is set."""
        if not self.team_channel:
            return None
        return ("telegram" if self.team_channel.startswith("-") else "slack"), self.team_channel

    @field_validator("team_channel")
    @classmethod
    def _team_can_be_reached(cls, value: str, info: ValidationInfo) -> str:
        platform, token = ("Telegram", "telegram_token") if value.startswith("-") else ("Slack", "slack_bot_token")
        if value and token in info.data and info.data[token] is None:
            raise ValueError(f"is a chat of {platform}, and {token.upper()} is not set.")
        return value

    @field_validator("secret_key")
    @classmethod
    def _secret_key_is_there_and_long(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        # A database URL that is wrong itself is missing from info.data, and is complained about already.
        url = info.data.get("database_url")
        if value is None and url is not None and not url.get_secret_value().startswith("sqlite"):
            raise ValueError(
                "is needed with PostgreSQL, the same on every machine: make one with openssl rand -hex 32."
            )
        if value is not None and len(value.get_secret_value()) < SHORTEST_KEY:
            raise ValueError(f"must have at least {SHORTEST_KEY} characters: make one with openssl rand -hex 32.")
        return value

    @field_validator("slack_app_token")
    @classmethod
    def _slack_tokens_come_together(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if "slack_bot_token" in info.data and (value is None) != (info.data["slack_bot_token"] is None):
            missing, given = ("app", "bot") if value is None else ("bot", "app")
            raise ValueError(
                f"and SLACK_BOT_TOKEN go together, and only the {given} token is set. "
                f"Set the {missing} token too, or clear it."
            )
        return value


def read_settings(**given: Any) -> Settings:  # noqa: ANN401  # each is checked
    """The settings of the environment, except for what is given; raises SettingsProblems."""
    try:
        return Settings(**given)
    except ValidationError as error:
        # No `from error`: pydantic's own text belongs to nobody, and could carry values.
        raise SettingsProblems([_sentence(problem) for problem in error.errors(include_input=False)]) from None
    except UnicodeDecodeError:
        raise SettingsProblems([".env is not UTF-8; save it as UTF-8."]) from None


def _sentence(problem: Any) -> str:  # noqa: ANN401  # pydantic's ErrorDetails
    name = str(problem["loc"][0]).upper() if problem["loc"] else "The settings"
    if problem["type"] == "extra_forbidden":
        return f"{name} in .env is not a setting: correct its name or remove the line (.env.example has them all)."
    return f"{name} {problem['msg'].removeprefix('Value error, ')}"
