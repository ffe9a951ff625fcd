"""The smoke test's steps: a list with hostile text is sent to a chat, looked at, changed, looked at and taken away.

What comes back from the platform is compared with what was meant to be seen; a difference is raised as Differs. Nothing
is received: a bot that runs with the same token is not disturbed.
"""

from collections import Counter
from collections.abc import Iterator
import html
import re
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from telegram import Bot, InlineKeyboardMarkup
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode

from bot.chat import Button, Card, Reply, Section
from bot.handlers import slack_blocks, telegram_html

__all__ = ["CHANGED", "LIST", "Differs", "on_slack", "on_telegram"]

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
HOSTILE = "<b>niet vet</b> & *_~`niets` &lt; <!here> @channel <@U1> [x](y) \u202eomgekeerd\u2066 e\u0301 🇳🇱"
LIST = Reply(
    "Proef van de SKB-bot: dit bericht verdwijnt zo.\nGezocht op: " + HOSTILE,
    sections=(
        Section(
            "In Utrecht <i>",
            (
                Card(HOSTILE, ("Een organisatie · in Utrecht", HOSTILE), "https://example.org/?a=1&b=2", 1),
                Card(
                    f"Lang {FAMILY}", ("woord " * 700 + "einde",), number=2
                ),  # more than fits in one message of Telegram
            ),
        ),
        Section("In heel Nederland, dus ook in Utrecht", (Card("Debat & dialoog", ("Waarom: <debat>.",), number=3),)),
    ),
    quote="Tekst om door te sturen: <" + HOSTILE + ">",
    footer="Voorbeeldlijst uit openbare bronnen, niet van SKB.",
    buttons=(
        Button("1", "1"),
        Button("2", "2"),
        Button("<b>Volgende</b> 3 & *meer*", "bladzijde 2"),
        Button("Menu", "menu"),
    ),
)
CHANGED = Reply(f"Proef, gewijzigd: {HOSTILE}", buttons=(Button("Menu", "menu"),))

TAGS = {"b": "bold", "i": "italic", "u": "underline", "a": "link"}
MARKED = {"bold": "bold", "italic": "italic", "underline": "underline", "text_link": "link", "url": "link"}
"""Telegram may call a link whose text is its address either way."""


class Differs(Exception):  # noqa: N818  # it is what was looked for
    """What came back is not what was meant."""


# --- Telegram


async def on_telegram(token: str, base_url: str, chat: str) -> int:
    """Sends, changes and takes away the list in a chat; how many messages it was."""
    async with Bot(token, base_url=f"{base_url.rstrip('/')}/bot") as bot:
        place = telegram_html.Place(bot.username)
        sent: list[int] = []
        try:
            for message in telegram_html.render(LIST, place):
                there = await bot.send_message(
                    chat, message.html, ParseMode.HTML, reply_markup=message.keyboard, disable_notification=True
                )
                sent.append(there.message_id)
                _compare_telegram(message, there)
            [changed] = telegram_html.render(CHANGED, place)
            if not isinstance(changed.keyboard, InlineKeyboardMarkup):
                raise Differs("the changed message has no buttons")
            after = await bot.edit_message_text(
                changed.html, chat, sent[-1], parse_mode=ParseMode.HTML, reply_markup=changed.keyboard
            )
            if not isinstance(after, TelegramMessage):
                raise Differs("Telegram did not give the changed message back")
            _compare_telegram(changed, after)
        finally:
            for identifier in sent:
                await bot.delete_message(chat, identifier)
    return len(sent)


def _compare_telegram(meant: telegram_html.Message, there: TelegramMessage) -> None:
    _compare("text", _without_tags(meant.html), there.text or "")
    wanted = Counter(
        (TAGS[tag], _without_tags(text)) for tag, text in re.findall(r"<([abiu])\b[^>]*>(.*?)</\1>", meant.html)
    )
    found = Counter((MARKED.get(entity.type, ""), text) for entity, text in there.parse_entities().items())
    if missing := wanted - found:
        raise Differs(f"Telegram marks up something else: {missing} is missing")
    _compare("buttons", _labels(meant.keyboard), _labels(there.reply_markup))


def _without_tags(text: str) -> str:
    return html.unescape(re.sub(r"</?[abiu]\b[^>]*>", "", text))


def _labels(keyboard: object) -> list[list[str]]:
    if not isinstance(keyboard, InlineKeyboardMarkup):
        return []
    return [[button.text for button in row] for row in keyboard.inline_keyboard]


# --- Slack


async def on_slack(token: str, base_url: str, channel: str) -> int:
    """Sends, changes and takes away the list in a channel; how many messages it was."""
    client = AsyncWebClient(token, base_url=f"{base_url.rstrip('/')}/", retry_handlers=[])
    first, changed = slack_blocks.render(LIST, can_share=True), slack_blocks.render(CHANGED)
    posted = await client.chat_postMessage(
        channel=channel, text=first.text, blocks=first.blocks, unfurl_links=False, unfurl_media=False
    )
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    try:
        _compare_slack(first, posted["message"])
        after = await client.chat_update(**where, text=changed.text, blocks=changed.blocks)
        _compare_slack(changed, after["message"])
    finally:
        await client.chat_delete(**where)
    return 1


def _compare_slack(meant: slack_blocks.Message, there: dict[str, Any]) -> None:
    wanted, found = list(_words(meant.blocks)), list(_words(there.get("blocks", [])))
    # Slack's documents don't say whether words in rich text come back escaped.
    if "".join(wanted) != html.unescape("".join(found)):
        _compare("text", "".join(wanted), "".join(found))


def _words(shown: Any) -> Iterator[str]:  # as JSON has it
    """Everything in the blocks that people read, in its order."""
    if isinstance(shown, list):
        for part in shown:
            yield from _words(part)
    elif isinstance(shown, dict):
        if shown.get("type") == "emoji" and "unicode" in shown:  # what Slack may make of an emoji in a text
            yield "".join(chr(int(one, 16)) for one in shown["unicode"].split("-"))
        elif isinstance(text := shown.get("text", shown.get("url")), str):
            yield text
        yield from _words([shown.get("elements"), shown["text"] if isinstance(shown.get("text"), dict) else None])


# --- both


def _compare(what: str, meant: Any, found: Any) -> None:  # whatever can be compared
    if meant != found:
        raise Differs(f"the {what} is not what was sent.\nsent:  {meant!r}\nfound: {found!r}")
