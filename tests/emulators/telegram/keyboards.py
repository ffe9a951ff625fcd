"""Keyboards as the Bot API takes them: what it refuses, what it leaves out in silence, and what becomes of them."""

import re
from typing import Any

from tests.emulators.telegram.html import wrong_link
from tests.emulators.telegram.refusals import NotEmulated, bad_request

Json = dict[str, Any]

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What may follow `start=` in a link to a bot."""

_KINDS = ("keyboard", "inline_keyboard", "remove_keyboard", "force_reply")
_ACTIONS = ("url", "callback_data")
_OTHER_ACTIONS = (
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)
_LOOKS = ("style", "icon_custom_emoji_id")
_WIDEST = 8
_MOST = 100


def keyboard(markup: Json | None, *, only_inline: bool = False) -> tuple[Json | None, list[str]]:
    """A keyboard as Telegram keeps it, and what it left out without an error."""
    if markup is None:
        return None, []
    kinds = [kind for kind in _KINDS if kind in markup]
    complaints = [] if len(kinds) == 1 else [f"reply_markup is of {len(kinds)} kinds"]
    if not kinds:
        return None, complaints
    if only_inline and kinds[0] != "inline_keyboard":
        raise bad_request("inline keyboard expected")
    if kinds[0] == "inline_keyboard":
        return _inline(markup["inline_keyboard"], complaints)
    return markup, complaints + _placeholder(markup)


def _placeholder(markup: Json) -> list[str]:
    text = markup.get("input_field_placeholder")
    return [] if text is None or 1 <= len(text) <= 64 else [f"input_field_placeholder of {len(text)} characters"]


def _inline(rows: object, complaints: list[str]) -> tuple[Json | None, list[str]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    kept: list[list[Json]] = []
    for row in rows:
        buttons = [_known(button) for button in row if _is_button(button, complaints)]
        if len(buttons) > _WIDEST:
            complaints.append(f"a row of {len(buttons)} buttons: Telegram shows {_WIDEST}")
        if buttons:
            kept.append(buttons[:_WIDEST])
    total = sum(map(len, kept))
    if total > _MOST:
        complaints.append(f"{total} buttons: Telegram keeps {_MOST}")
        kept = _first(kept, _MOST)
    return ({"inline_keyboard": kept} if kept else None), complaints


def _known(button: Json) -> Json:
    """A button without what Telegram doesn't know."""
    return {name: value for name, value in button.items() if name in ("text", *_LOOKS, *_ACTIONS, *_OTHER_ACTIONS)}


def _first(rows: list[list[Json]], most: int) -> list[list[Json]]:
    kept: list[list[Json]] = []
    for row in rows:
        kept.append(row[:most])
        most -= len(row)
        if most <= 0:
            break
    return kept


def _is_button(button: object, complaints: list[str]) -> bool:
    """Whether a button stays; raises what Telegram answers to one that is wrong."""
    if not isinstance(button, dict):
        raise _unreadable("InlineKeyboardButton must be an Object")
    for name in ("text", *_ACTIONS):
        if not isinstance(button.get(name, ""), str):
            raise _unreadable(f'Field "{name}" must be of type String')
    if "text" not in button:
        raise _unreadable('Can\'t find field "text"')
    used = [action for action in (*_ACTIONS, *_OTHER_ACTIONS) if button.get(action) is not None]
    if not button.get("url") and not button.get("callback_data") and not set(used) & set(_OTHER_ACTIONS):
        if "callback_data" in used:
            complaints.append(f"button {button['text']!r} carries no data")
        raise _unreadable("Text buttons are unallowed in the inline keyboard")
    if len(used) > 1:
        complaints.append(f"button {button['text']!r} does {len(used)} things: {', '.join(used)}")
    if not button["text"]:
        complaints.append("a button without text is left out")
        return False
    _check_action(button, complaints)
    return True


def _check_action(button: Json, complaints: list[str]) -> None:
    if button.get("url"):
        _check_link(button["url"], complaints)
    elif button.get("callback_data"):
        if len(button["callback_data"].encode()) > 64:
            raise bad_request("BUTTON_DATA_INVALID")
    else:
        raise NotEmulated(f"a button with {', '.join(sorted(set(button) - {'text'}))}")


def _check_link(link: str, complaints: list[str]) -> None:
    wrong = wrong_link(link)
    if wrong:
        raise bad_request(f"inline keyboard button URL '{link}' is invalid: {wrong}")
    if link.lower().startswith(("mailto:", "tel:")):
        complaints.append(f"button URL {link!r} would open http://{link}")
    payload = re.search(r"(?:t|telegram)\.me/\w+\?(?:.*&)?start(?:group)?=([^&#]*)", link)
    if payload and not PAYLOAD.fullmatch(payload.group(1)):
        complaints.append(f"deep link {link!r} carries what Telegram would not pass on")


def _unreadable(reason: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {reason}")
