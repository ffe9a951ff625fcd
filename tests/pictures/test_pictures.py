"""The pictures of the README show what the bot says now, all of it, and nothing sticks out."""

from collections.abc import Iterator
from html import unescape
import re
from typing import Any
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest
from telegram import ForceReply, InlineKeyboardButton, InlineKeyboardMarkup, WebAppInfo

from bot.chat import Button, Card, Form, Reply, Section
from bot.handlers import slack_blocks, telegram_html
from bot.handlers.telegram_html import Message
from tests.pictures import slack, telegram
from tests.pictures.__main__ import FOLDER, draw
from tests.pictures.answers import ASKED_AT, QUESTION, Answers, ask
from tests.pictures.drawing import Run, UnknownConstruct, lines_of, reach, wrap

SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {"title", "desc", "defs", "linearGradient", "stop", "rect", "circle", "path", "text", "tspan"}

EVERYTHING = Reply(
    "Debat & dialoog\nVan: Een organisatie <partner>, https://voorbeeld.test/een?a=1&b=2.",
    sections=(
        Section("In Utrecht", (Card("Debattraining", ("Een", "Twee"), "https://voorbeeld.test", number=1),)),
        Section("", (Card("E" * 90 + " 😀 é ½", ("mail hulp@voorbeeld.test",)),)),
    ),
    quote="Om te kopiëren:\n\n“Debattraining”",
    footer="Voorbeeldlijst uit openbare bronnen, niet van SKB.",
    buttons=(Button("1", "1", "token"), Button("Een wat langere knop", "a"), Button("Menu", "menu")),
    form=Form("Welke plaats?", "plaats"),
    link="p_token",
)


@pytest.fixture(scope="module")
def answers() -> Answers:
    return ask()


def test_the_pictures_are_what_the_bot_says_now(answers: Answers) -> None:
    pictures = draw(answers)
    assert {path.name for path in FOLDER.iterdir()} == set(pictures)
    stale = [name for name, picture in pictures.items() if (FOLDER / name).read_text(encoding="utf-8") != picture]
    assert not stale, f"{' and '.join(stale)} in docs/pictures show what the bot said before: run `make pictures`"


def test_they_show_all_that_is_said(answers: Answers) -> None:
    pictures = draw(answers)
    assert_shows(pictures["slack.svg"], in_blocks(answers.slack), f"/skb{QUESTION}")
    assert_shows(pictures["telegram.svg"], *in_messages(answers.telegram), QUESTION)


def test_whatever_a_reply_can_hold_is_shown() -> None:
    blocks = slack_blocks.render(EVERYTHING, can_share=True).blocks
    assert_shows(slack.draw("/skb", "kanaal", ASKED_AT, blocks), in_blocks(blocks))
    messages = telegram_html.render(EVERYTHING, telegram_html.Place("skb_bot"))
    assert len(messages) == 2
    assert_shows(telegram.draw("debat", ASKED_AT, messages), *in_messages(messages))


def assert_shows(picture: str, *wanted: str) -> None:
    """The picture is a whole SVG on its own, has these words in this order, and no word reaches over its edge."""
    svg = ET.fromstring(picture)  # noqa: S314  # we made it
    assert {one.tag.removeprefix(SVG) for one in svg.iter()} <= {"svg", *SHAPES}
    assert "href" not in picture
    shown = "".join("".join(text.itertext()) for text in svg.iter(f"{SVG}text"))
    for words in wanted:
        assert "".join(words.split()) in "".join(shown.split())
    wide, high = float(svg.attrib["width"]), float(svg.attrib["height"])
    for text in svg.iter(f"{SVG}text"):
        long = sum(float(part.attrib["textLength"]) for part in text)
        left = float(text.attrib["x"]) - long * {"middle": 0.5, "end": 1}.get(text.get("text-anchor", ""), 0)
        assert 10 <= left <= left + long <= wide - 10, text
        assert float(text.attrib["y"]) < high - 10


def in_blocks(blocks: Any) -> str:
    """Every text of the blocks, in their order."""

    def found(part: Any) -> Iterator[str]:
        if isinstance(part, list):
            for one in part:
                yield from found(one)
        elif isinstance(part, dict):
            if isinstance(said := part.get("text") or part.get("url"), str):
                yield said
            else:
                yield from found([part.get("elements"), said])

    return "".join(found(blocks))


def in_messages(messages: list[Message]) -> Iterator[str]:
    """Every text of the messages, and those of each keyboard."""
    for message in messages:
        yield unescape(re.sub("<[^>]*>", "", message.html))
        if message.keyboard:
            assert isinstance(message.keyboard, InlineKeyboardMarkup)
            yield "".join(button.text for row in message.keyboard.inline_keyboard for button in row)


# What is not known yet is refused

BUTTON = {"type": "button", "action_id": "say-0", "value": ":a", "text": {"type": "plain_text", "text": "A"}}


def rich_text(**element: Any) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}


@pytest.mark.parametrize(
    ("block", "named"),
    [
        ({"type": "header", "text": "A"}, "header"),
        ({"text": "A"}, "A"),
        ({"type": "divider", "block_id": "a"}, "block_id"),
        ({"type": "rich_text", "elements": [{"type": "rich_text_list", "elements": []}]}, "rich_text_list"),
        (rich_text(type="emoji", name="tada"), "tada"),
        (rich_text(type="text", text="A", style={"strike": True}), "strike"),
        ({"type": "actions", "elements": [{"type": "static_select"}]}, "static_select"),
        ({"type": "actions", "elements": [{**BUTTON, "style": "danger"}]}, "danger"),
        ({"type": "actions", "elements": [{**BUTTON, "text": {"type": "mrkdwn", "text": "*A*"}}]}, "mrkdwn"),
        (
            {
                "type": "actions",
                "elements": [{**BUTTON, "text": {"type": "plain_text", "text": ":tada:", "emoji": True}}],
            },
            ":tada:",
        ),
    ],
)
def test_a_block_that_no_picture_shows_is_refused_by_name(block: dict[str, Any], named: str) -> None:
    with pytest.raises(UnknownConstruct, match=named):
        slack.draw("/skb", "kanaal", ASKED_AT, [block])


@pytest.mark.parametrize(
    ("html", "named"),
    [
        ("<s>A</s>", "<s>"),
        ('<b class="a">A</b>', "class"),
        ("<a>A</a>", "<a>"),
        ("<b>A", "<b> without"),
        ("<b><i>A</b></i>", "</b>"),
        ("A<!-- B -->", "B"),
        ("<!DOCTYPE html>A", "DOCTYPE"),
        ("<?xml?>A", "xml"),
    ],
)
def test_html_that_no_picture_shows_is_refused_by_name(html: str, named: str) -> None:
    with pytest.raises(UnknownConstruct, match=re.escape(named)):
        telegram.draw("debat", ASKED_AT, [Message(html, None)])


@pytest.mark.parametrize(
    ("keyboard", "named"),
    [
        (ForceReply(input_field_placeholder="Plaats"), "Plaats"),
        (InlineKeyboardMarkup([[InlineKeyboardButton("A", web_app=WebAppInfo("https://voorbeeld.test"))]]), "web_app"),
        (InlineKeyboardMarkup([[InlineKeyboardButton("A" * 60, callback_data=":a")]]), "AAA"),
    ],
)
def test_a_keyboard_that_no_picture_shows_is_refused_by_name(
    keyboard: ForceReply | InlineKeyboardMarkup, named: str
) -> None:
    with pytest.raises(UnknownConstruct, match=named):
        telegram.draw("debat", ASKED_AT, [Message("A", keyboard)])


# Where lines break

runs = st.lists(st.builds(Run, st.text(st.characters(exclude_characters="\n")), st.booleans()), max_size=5)


@settings(deadline=None)  # several share the machine
@given(runs, st.integers(40, 300))
def test_no_line_is_wider_than_it_may_be_and_no_sign_is_lost(line: list[Run], room: int) -> None:
    broken = wrap(line, 15, room)
    assert all(reach(part, 15) <= room for part in broken)
    assert signs(part for part in broken) == signs([line])


def signs(lines: Any) -> list[Run]:
    """Every sign but blanks, as it looks."""
    return [Run(sign, run.bold) for line in lines for run in line for sign in run.text if sign != " "]


def test_lines_break_at_blanks_and_words_stay_whole_across_looks() -> None:
    line = [Run("Dit is "), Run("de", bold=True), Run("battraining in de klas")]
    assert wrap(line, 10, 80) == [[Run("Dit is")], [Run("de", bold=True), Run("battraining in")], [Run("de klas")]]
    assert wrap([Run("W" * 5)], 10, 20) == [[Run("WW")], [Run("WW")], [Run("W")]]
    assert wrap([], 10, 20) == []


def test_a_text_is_taken_apart_where_a_line_ends() -> None:
    parts = [Run("een\n"), Run("twee", bold=True), Run("\n\ndrie")]
    assert lines_of(parts) == [[Run("een")], [Run("twee", bold=True)], [], [Run("drie")]]
