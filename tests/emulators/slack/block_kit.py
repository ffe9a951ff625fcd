"""What Slack complains about in blocks and views, in its own words: Block Kit's documented rules, walked recursively.

Lengths and counts come from the table of slackblocks; slack_sdk's models give a second opinion of what passes here.
Slack checks requests with its public hack-json-schema, whose sentences are used ("must be less than 3001 characters").
"""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
import re
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block, BlockElement
from slack_sdk.models.views import View
from slackblocks import _limits as limits

Rule = Callable[[Any, str], Iterator[str]]
"""What is wrong with a value that stands at a place (a JSON pointer)."""

REAL = frozenset(
    [
        "video",
        "file",
        "call",
        "table",
        "data_table",
        "data_visualization",
        "context_actions",
        "card",
        "carousel",
        "container",
        "alert",
        "plan",
        "task_card",
        "workflow_button",
        "feedback_buttons",
        "icon_button",
        "file_input",
        "rich_text_input",
        "url_source",
    ]
)
"""Types that Slack knows and that are not imitated here: refused too, with a word on why."""


def message_complaints(blocks: Any) -> list[str]:
    """Everything wrong with the blocks of a message, one sentence each; nothing when Slack would take them."""
    found = list(_many(_kinds(BLOCKS), 0, limits.MESSAGE_BLOCKS_MAX_ITEMS)(blocks, "/blocks"))
    return found or [*_doubles(blocks, "/blocks"), *_too_much_markdown(blocks), *_second_opinion(blocks, "/blocks")]


def view_complaints(view: Any) -> list[str]:
    """Everything wrong with a modal or a Home tab, one sentence each; nothing when Slack would take it."""
    found = list(_kinds(VIEWS)(view, "/view"))
    if found:
        return found
    at = "/view/blocks"
    found = [*_doubles(view["blocks"], at), *_inputs_without_submit(view), *_second_opinion(view["blocks"], at)]
    try:
        View(**deepcopy(view)).validate_json()
    except SlackObjectFormationError as error:
        found.append(_say(f"{error} (says slack_sdk)", "/view"))
    return found


def _say(words: str, at: str) -> str:
    return f"{words} [json-pointer:{at}]"


# Rules of which the tables below are made.


def _string(at_least: int = 0, at_most: int | None = None, like: str = "", words: str = "") -> Rule:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield _say("must provide a string", at)
        elif len(value) < at_least:
            yield _say(f"must be more than {at_least - 1} characters", at)
        elif at_most is not None and len(value) > at_most:
            yield _say(f"must be less than {at_most + 1} characters", at)
        elif like and not re.fullmatch(like, value):
            yield _say(words, at)

    return check


def _number(at_least: int, at_most: int | None = None) -> Rule:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield _say("must provide an integer", at)
        elif value < at_least:
            yield _say(f"must be more than {at_least}", at)
        elif at_most is not None and value > at_most:
            yield _say(f"must be less than {at_most}", at)

    return check


def _flag(value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield _say("must provide a boolean", at)


def _anything(_value: Any, _at: str) -> Iterator[str]:
    yield from ()


def _one_of(*values: object) -> Rule:
    def check(value: Any, at: str) -> Iterator[str]:
        if value not in values:
            yield _say("must be a valid enum value", at)

    return check


def _many(rule: Rule, at_least: int, at_most: int | None = None) -> Rule:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield _say("must provide an array", at)
            return
        if len(value) < at_least:
            yield _say(f"must provide at least {at_least} items", at)
        if at_most is not None and len(value) > at_most:
            yield _say(f"no more than {at_most} items allowed", at)
        for number, item in enumerate(value):
            yield from rule(item, f"{at}/{number}")

    return check


def _shape(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    rules = {**required, **(optional or {})}

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield _say("must provide an object", at)
            return
        for key in required:
            if key not in value:
                yield _say(f"missing required field: {key}", at)
        for key, item in value.items():
            if key in rules:
                yield from rules[key](item, f"{at}/{key}")
            elif key != "type":
                yield _say(f"invalid additional property: {key}", at)

    return check


def _kinds(table: Mapping[str, Rule]) -> Rule:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield _say("must provide an object", at)
        elif "type" not in value:
            yield _say("missing required field: type", at)
        elif value["type"] in table:
            yield from table[value["type"]](value, at)
        else:
            known = " (Slack knows it, this emulator does not)" if value["type"] in REAL else ""
            yield _say(f"unsupported type: {value['type']}{known}", f"{at}/type")

    return check


def _also(rule: Rule, further: Rule) -> Rule:
    def check(value: Any, at: str) -> Iterator[str]:
        found = list(rule(value, at))
        yield from found or further(value, at)

    return check


def _plain(at_most: int) -> Rule:
    return _kinds({"plain_text": _shape({"text": _string(1, at_most)}, {"emoji": _flag})})


def _prose(at_most: int) -> Rule:
    return _kinds(
        {
            "plain_text": _shape({"text": _string(1, at_most)}, {"emoji": _flag}),
            "mrkdwn": _shape({"text": _string(1, at_most)}, {"verbatim": _flag}),
        }
    )


def _picked(table: Mapping[str, Rule], *names: str) -> Rule:
    return _kinds({name: table[name] for name in names})


# Things inside elements.

_URL = _string(1, limits.BUTTON_URL_MAX_LENGTH, r"(https?|slack)://\S+|(mailto|tel):\S+", "must be a valid URL")
_IMAGE_URL = _string(1, limits.IMAGE_IMAGE_URL_MAX_LENGTH, r"https?://\S+", "must be a valid URL")
_DAY = _string(like=r"\d{4}-\d\d-\d\d", words="must be a date in the format YYYY-MM-DD")
_TIME = _string(like=r"\d\d:\d\d", words="must be a time in the format HH:mm")

_CONFIRM = _shape(
    {
        "title": _plain(limits.CONFIRMATION_TITLE_MAX_LENGTH),
        "text": _prose(limits.CONFIRMATION_TEXT_MAX_LENGTH),
        "confirm": _plain(limits.CONFIRMATION_CONFIRM_MAX_LENGTH),
        "deny": _plain(limits.CONFIRMATION_DENY_MAX_LENGTH),
    },
    {"style": _one_of("primary", "danger")},
)
_OPTION = _shape(
    {"text": _prose(limits.OPTION_TEXT_MAX_LENGTH), "value": _string(1, limits.OPTION_VALUE_MAX_LENGTH)},
    {"description": _prose(limits.OPTION_DESCRIPTION_MAX_LENGTH), "url": _URL},
)
_OPTION_GROUP = _shape(
    {
        "label": _plain(limits.OPTION_GROUP_LABEL_MAX_LENGTH),
        "options": _many(_OPTION, limits.OPTION_GROUP_OPTIONS_MIN_ITEMS, limits.OPTION_GROUP_OPTIONS_MAX_ITEMS),
    }
)
_ACTION = {"action_id": _string(1, limits.ACTION_ID_MAX_LENGTH)}
_ASKED = {**_ACTION, "confirm": _CONFIRM}
_PLACEHOLDER = {
    "placeholder": _plain(limits.PLAIN_TEXT_INPUT_PLACEHOLDER_MAX_LENGTH),
    "focus_on_load": _flag,
}
_OPTIONS = _many(_OPTION, limits.SELECT_OPTIONS_MIN_ITEMS, limits.SELECT_OPTIONS_MAX_ITEMS)
_GROUPS = _many(_OPTION_GROUP, limits.SELECT_OPTION_GROUPS_MIN_ITEMS, limits.SELECT_OPTION_GROUPS_MAX_ITEMS)
_BOXES = _many(_OPTION, limits.CHECKBOXES_OPTIONS_MIN_ITEMS, limits.CHECKBOXES_OPTIONS_MAX_ITEMS)
_RADIOS = _many(_OPTION, limits.RADIO_BUTTONS_OPTIONS_MIN_ITEMS, limits.RADIO_BUTTONS_OPTIONS_MAX_ITEMS)
_TYPED = {"dispatch_action_config": _anything, **_ACTION, **_PLACEHOLDER}


def _options_or_groups(value: Any, at: str) -> Iterator[str]:
    if ("options" in value) == ("option_groups" in value):
        yield _say("must define either `options` or `option_groups`", at)


def _select(**further: Rule) -> Rule:
    optional = {"options": _OPTIONS, "option_groups": _GROUPS, **_ASKED, **_PLACEHOLDER, **further}
    return _also(_shape({}, optional), _options_or_groups)


def _image_source(value: Any, at: str) -> Iterator[str]:
    if ("image_url" in value) == ("slack_file" in value):
        yield _say("must define either `image_url` or `slack_file`", at)


ELEMENTS: Mapping[str, Rule] = {
    "button": _shape(
        {"text": _plain(limits.BUTTON_TEXT_MAX_LENGTH)},
        {
            "url": _URL,
            "value": _string(0, limits.BUTTON_VALUE_MAX_LENGTH),
            "style": _one_of("primary", "danger"),
            "accessibility_label": _string(1, limits.BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH),
            **_ASKED,
        },
    ),
    "overflow": _shape(
        {"options": _many(_OPTION, limits.OVERFLOW_OPTIONS_MIN_ITEMS, limits.OVERFLOW_OPTIONS_MAX_ITEMS)}, _ASKED
    ),
    "static_select": _select(initial_option=_OPTION),
    "multi_static_select": _select(
        initial_options=_many(_OPTION, 1, limits.SELECT_OPTIONS_MAX_ITEMS),
        max_selected_items=_number(limits.MULTI_SELECT_MAX_SELECTED_ITEMS_MIN),
    ),
    "users_select": _shape({}, {"initial_user": _string(1), **_ASKED, **_PLACEHOLDER}),
    "checkboxes": _shape({"options": _BOXES}, {"initial_options": _BOXES, "focus_on_load": _flag, **_ASKED}),
    "radio_buttons": _shape({"options": _RADIOS}, {"initial_option": _OPTION, "focus_on_load": _flag, **_ASKED}),
    "datepicker": _shape({}, {"initial_date": _DAY, **_ASKED, **_PLACEHOLDER}),
    "timepicker": _shape({}, {"initial_time": _TIME, "timezone": _string(1), **_ASKED, **_PLACEHOLDER}),
    "datetimepicker": _shape({}, {"initial_date_time": _number(0), "focus_on_load": _flag, **_ASKED}),
    "plain_text_input": _shape(
        {},
        {
            "initial_value": _string(0, limits.PLAIN_TEXT_INPUT_MAX_LENGTH_MAX),
            "multiline": _flag,
            "min_length": _number(limits.PLAIN_TEXT_INPUT_MIN_LENGTH_MIN, limits.PLAIN_TEXT_INPUT_MIN_LENGTH_MAX),
            "max_length": _number(limits.PLAIN_TEXT_INPUT_MAX_LENGTH_MIN, limits.PLAIN_TEXT_INPUT_MAX_LENGTH_MAX),
            **_TYPED,
        },
    ),
    "email_text_input": _shape({}, {"initial_value": _string(1), **_TYPED}),
    "url_text_input": _shape({}, {"initial_value": _string(1), **_TYPED}),
    "number_input": _shape(
        {"is_decimal_allowed": _flag},
        {"initial_value": _string(1), "min_value": _string(1), "max_value": _string(1), **_TYPED},
    ),
    "image": _also(
        _shape(
            {"alt_text": _string(1, limits.IMAGE_ELEMENT_ALT_TEXT_MAX_LENGTH)},
            {"image_url": _IMAGE_URL, "slack_file": _anything},
        ),
        _image_source,
    ),
}
_CHOICES = [
    "overflow",
    "static_select",
    "multi_static_select",
    "users_select",
    "checkboxes",
    "radio_buttons",
    "datepicker",
    "timepicker",
    "datetimepicker",
]
_INPUTS = [
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "static_select",
    "multi_static_select",
    "users_select",
    "checkboxes",
    "radio_buttons",
    "datepicker",
    "timepicker",
    "datetimepicker",
]


# Rich text: what people's own messages are made of.


def _style(*names: str) -> Rule:
    return _shape({}, dict.fromkeys(names, _flag))


_WRITTEN = {"style": _style("bold", "italic", "strike", "code", "underline")}
_NAMED = {"style": _style("bold", "italic", "strike", "highlight", "client_highlight", "unlink")}

INLINE: Mapping[str, Rule] = {
    "text": _shape({"text": _string(1)}, _WRITTEN),
    "link": _shape({"url": _string(1)}, {"text": _string(1), "unsafe": _flag, **_WRITTEN}),
    "user": _shape({"user_id": _string(1)}, _NAMED),
    "channel": _shape({"channel_id": _string(1)}, _NAMED),
    "usergroup": _shape({"usergroup_id": _string(1)}, _NAMED),
    "emoji": _shape({"name": _string(1)}, {"unicode": _string(1), "skin_tone": _number(1, 6), **_WRITTEN}),
    "broadcast": _shape({"range": _one_of("here", "channel", "everyone")}, _WRITTEN),
    "date": _shape(
        {"timestamp": _number(0), "format": _string(1)}, {"url": _string(1), "fallback": _string(1), **_WRITTEN}
    ),
    "color": _shape({"value": _string(1)}, _WRITTEN),
}
_INLINES = _many(_kinds(INLINE), 0)
_BORDER = _number(limits.RICH_TEXT_LIST_BORDER_MIN, limits.RICH_TEXT_LIST_BORDER_MAX)
_RICH_SECTION = _shape({"elements": _INLINES})

RICH: Mapping[str, Rule] = {
    "rich_text_section": _RICH_SECTION,
    "rich_text_list": _shape(
        {
            "style": _one_of("bullet", "ordered"),
            "elements": _many(_kinds({"rich_text_section": _RICH_SECTION}), 1),
        },
        {
            "indent": _number(limits.RICH_TEXT_LIST_INDENT_MIN, limits.RICH_TEXT_LIST_INDENT_MAX),
            "offset": _number(limits.RICH_TEXT_LIST_OFFSET_MIN),
            "border": _BORDER,
        },
    ),
    "rich_text_quote": _shape({"elements": _INLINES}, {"border": _BORDER}),
    "rich_text_preformatted": _shape(
        {"elements": _many(_picked(INLINE, "text", "link"), 0)}, {"border": _BORDER, "language": _string(1)}
    ),
}


# Blocks and views.


def _text_or_fields(value: Any, at: str) -> Iterator[str]:
    if "text" not in value and "fields" not in value:
        yield _say("must define either `text` or `fields`", f"{at}/type")


_ID = {"block_id": _string(1, limits.BLOCK_ID_MAX_LENGTH)}

BLOCKS: Mapping[str, Rule] = {
    "section": _also(
        _shape(
            {},
            {
                "text": _prose(limits.SECTION_TEXT_MAX_LENGTH),
                "fields": _many(_prose(limits.SECTION_FIELDS_ITEM_MAX_LENGTH), 1, limits.SECTION_FIELDS_MAX_ITEMS),
                "accessory": _picked(ELEMENTS, "button", "image", *_CHOICES),
                "expand": _flag,
                **_ID,
            },
        ),
        _text_or_fields,
    ),
    "divider": _shape({}, _ID),
    "header": _shape({"text": _plain(limits.HEADER_TEXT_MAX_LENGTH)}, _ID),
    "context": _shape(
        {
            "elements": _many(
                _kinds(
                    {
                        "image": ELEMENTS["image"],
                        "plain_text": _prose(limits.TEXT_MAX_LENGTH),
                        "mrkdwn": _prose(limits.TEXT_MAX_LENGTH),
                    }
                ),
                1,
                limits.CONTEXT_ELEMENTS_MAX_ITEMS,
            )
        },
        _ID,
    ),
    "actions": _shape(
        {"elements": _many(_picked(ELEMENTS, "button", *_CHOICES), 1, limits.ACTIONS_ELEMENTS_MAX_ITEMS)}, _ID
    ),
    "input": _shape(
        {"label": _plain(limits.INPUT_LABEL_MAX_LENGTH), "element": _picked(ELEMENTS, *_INPUTS)},
        {"hint": _plain(limits.INPUT_HINT_MAX_LENGTH), "optional": _flag, "dispatch_action": _flag, **_ID},
    ),
    "image": _also(
        _shape(
            {"alt_text": _string(1, limits.IMAGE_ALT_TEXT_MAX_LENGTH)},
            {
                "image_url": _IMAGE_URL,
                "slack_file": _anything,
                "title": _plain(limits.IMAGE_TITLE_MAX_LENGTH),
                **_ID,
            },
        ),
        _image_source,
    ),
    "rich_text": _shape({"elements": _many(_kinds(RICH), 1)}, _ID),
    "markdown": _shape({"text": _string(1, limits.MARKDOWN_TEXT_MAX_LENGTH)}, _ID),
}

_VIEW = {
    "private_metadata": _string(0, limits.VIEW_PRIVATE_METADATA_MAX_LENGTH),
    "callback_id": _string(0, limits.VIEW_CALLBACK_ID_MAX_LENGTH),
    "external_id": _string(0, limits.VIEW_EXTERNAL_ID_MAX_LENGTH),
}
_VIEW_BLOCKS = {"blocks": _many(_kinds(BLOCKS), 1, limits.VIEW_BLOCKS_MAX_ITEMS)}

VIEWS: Mapping[str, Rule] = {
    "modal": _shape(
        {"title": _plain(limits.VIEW_TITLE_MAX_LENGTH), **_VIEW_BLOCKS},
        {
            "submit": _plain(limits.VIEW_SUBMIT_MAX_LENGTH),
            "close": _plain(limits.VIEW_CLOSE_MAX_LENGTH),
            "clear_on_close": _flag,
            "notify_on_close": _flag,
            **_VIEW,
        },
    ),
    "home": _shape(_VIEW_BLOCKS, _VIEW),
}


# What no single value shows.


def _elements(block: Mapping[str, Any], at: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    if block["type"] in ("actions", "context"):
        for number, element in enumerate(block["elements"]):
            yield element, f"{at}/elements/{number}"
    for key in ("accessory", "element"):
        if key in block:
            yield block[key], f"{at}/{key}"


def _doubles(blocks: Any, at: str) -> Iterator[str]:
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        if block.get("block_id") in seen:
            yield _say(f'`block_id` "{block["block_id"]}" already exists', f"{at}/{number}/block_id")
        seen |= {block["block_id"]} if "block_id" in block else set()
        actions: set[str] = set()
        for element, place in _elements(block, f"{at}/{number}"):
            if element.get("action_id") in actions:
                yield _say(f'`action_id` "{element["action_id"]}" already exists', f"{place}/action_id")
            actions |= {element["action_id"]} if "action_id" in element else set()


def _too_much_markdown(blocks: Any) -> Iterator[str]:
    at_most = limits.MARKDOWN_TOTAL_TEXT_MAX_LENGTH
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > at_most:
        yield _say(f"must be less than {at_most + 1} characters over all `markdown` blocks", "/blocks")


def _inputs_without_submit(view: Mapping[str, Any]) -> Iterator[str]:
    for number, block in enumerate(view["blocks"]):
        if view["type"] == "modal" and block["type"] == "input" and "submit" not in view:
            yield _say("must define `submit` to use an `input` block in modals", f"/view/blocks/{number}/input")


def _second_opinion(blocks: Any, at: str) -> Iterator[str]:
    """What slack_sdk's own models find: they don't look inside by themselves, so elements are shown to them apart."""
    for number, block in enumerate(blocks):
        place = f"{at}/{number}"
        yield from _according_to_slack_sdk(Block.parse, block, place)
        for element, inside in _elements(block, place):
            if element["type"] not in ("mrkdwn", "plain_text"):
                yield from _according_to_slack_sdk(BlockElement.parse, element, inside)


def _according_to_slack_sdk(parse: Callable[[Any], Any], thing: Any, at: str) -> Iterator[str]:
    try:
        parsed = parse(deepcopy(thing))
        if parsed is None:
            yield _say(f"unsupported type: {thing['type']} (says slack_sdk)", f"{at}/type")
        else:
            parsed.validate_json()
    except SlackObjectFormationError as error:
        yield _say(f"{error} (says slack_sdk)", at)
