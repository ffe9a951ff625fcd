"""Draws docs/pictures anew, from what the bot answers now: `python -m tests.pictures`, or `make pictures`."""

from pathlib import Path

from tests.pictures import slack, telegram
from tests.pictures.answers import ASKED_AT, QUESTION, Answers, ask

__all__ = ["FOLDER", "draw"]

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"


def draw(answers: Answers) -> dict[str, str]:
    """The pictures by the names of their files."""
    return {
        "slack.svg": slack.draw(f"/skb {QUESTION}", "regio-utrecht", ASKED_AT, answers.slack),
        "telegram.svg": telegram.draw(QUESTION, ASKED_AT, answers.telegram),
    }


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, picture in draw(ask()).items():
        (FOLDER / name).write_text(picture, encoding="utf-8", newline="\n")
        print(FOLDER / name)


if __name__ == "__main__":
    main()
