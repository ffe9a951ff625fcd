"""Each of Block Kit's rules refuses what breaks it, in Slack's words, and lets through what just fits."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.emulators.slack.block_kit import message_complaints, view_complaints
from tests.emulators.slack.block_reading import buttons, calls, fields, plain, shown, strays
from tests.emulators.slack.workspace import with_ids

JSON = dict[str, Any]


def _plain(text: str = "Tekst") -> JSON:
    return {"type": "plain_text", "text": text}


def _mrkdwn(text: str = "Tekst") -> JSON:
    return {"type": "mrkdwn", "text": text}


def _section(**given: Any) -> JSON:
    return {"type": "section", "text": _mrkdwn()} | given


def _button(**given: Any) -> JSON:
    return {"type": "button", "text": _plain("Meer"), "action_id": "meer"} | given


def _actions(*elements: JSON) -> JSON:
    return {"type": "actions", "elements": list(elements)}


def _context(*elements: JSON) -> JSON:
    return {"type": "context", "elements": list(elements)}


def _input(**given: Any) -> JSON:
    return {"type": "input", "label": _plain("Plaats"), "element": {"type": "plain_text_input"}} | given


def _typed(**given: Any) -> JSON:
    return _input(element={"type": "plain_text_input"} | given)


def _rich(*elements: JSON) -> JSON:
    return {"type": "rich_text", "elements": list(elements)}


def _line(*elements: JSON) -> JSON:
    return {"type": "rich_text_section", "elements": list(elements)}


def _list(**given: Any) -> JSON:
    return {"type": "rich_text_list", "style": "bullet", "elements": [_line({"type": "text", "text": "een"})]} | given


def _select(**given: Any) -> JSON:
    return {"type": "static_select", "action_id": "kies", "options": _options(2)} | given


def _options(count: int, **given: Any) -> list[JSON]:
    return [{"text": _plain(f"{number}"), "value": f"{number}"} | given for number in range(count)]


def _confirm(**given: Any) -> JSON:
    texts = {"title": _plain(), "text": _plain(), "confirm": _plain("Ja"), "deny": _plain("Nee")}
    return _actions(_button(confirm=texts | given))


def _modal(*blocks: JSON, **given: Any) -> JSON:
    return {"type": "modal", "title": _plain("Vraag"), "blocks": list(blocks) or [_section()]} | given


FITS: Mapping[str, JSON | list[JSON]] = {
    "no blocks": [],
    "50 blocks": [{"type": "divider"}] * 50,
    "section of 3000": _section(text=_mrkdwn("x" * 3000)),
    "10 fields of 2000": {"type": "section", "fields": [_plain("x" * 2000)] * 10},
    "accessory": _section(accessory=_button()),
    "header of 150": {"type": "header", "text": _plain("x" * 150)},
    "25 buttons": _actions(*(_button(action_id=f"{number}") for number in range(25))),
    "button at its limits": _actions(
        _button(
            text=_plain("x" * 75),
            value="x" * 2000,
            accessibility_label="x" * 75,
            url="https://skb.test/" + "x" * 2980,
            action_id="x" * 255,
            style="primary",
        )
    ),
    "same action_id in two blocks": [_actions(_button()), _actions(_button())],
    "mail link": _actions(_button(url="mailto:hulp@voorbeeld.test")),
    "context": _context(_mrkdwn(), _plain(), {"type": "image", "image_url": "https://x.test/a.png", "alt_text": "a"}),
    "confirm": _confirm(style="danger"),
    "select": _actions(_select(placeholder=_plain("Kies"), initial_option=_options(1)[0])),
    "overflow": _actions({"type": "overflow", "action_id": "o", "options": _options(5)}),
    "image": {"type": "image", "image_url": "https://x.test/a.png", "alt_text": "a", "title": _plain()},
    "markdown": {"type": "markdown", "text": "**vet**"},
    "input in a message": _input(),
    "rich text": _rich(
        _line(
            {"type": "text", "text": "vet", "style": {"bold": True, "italic": True, "code": False}},
            {"type": "link", "url": "https://skb.test", "text": "SKB"},
            {"type": "user", "user_id": "U1"},
            {"type": "channel", "channel_id": "C1", "style": {"bold": True}},
            {"type": "emoji", "name": "wave"},
            {"type": "broadcast", "range": "here"},
        ),
        _list(style="ordered", indent=8, offset=3, border=1),
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "zo"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "zo"}], "border": 0},
    ),
}


@pytest.mark.parametrize("name", FITS)
def test_what_fits_is_taken(name: str) -> None:
    blocks = FITS[name]
    assert message_complaints(blocks if isinstance(blocks, list) else [blocks]) == []


REFUSED: list[tuple[Any, str]] = [
    ("geen lijst", "must provide an array [json-pointer:/blocks]"),
    (["geen blok"], "must provide an object [json-pointer:/blocks/0]"),
    ([{}], "missing required field: type [json-pointer:/blocks/0]"),
    ({"type": "kop"}, "unsupported type: kop [json-pointer:/blocks/0/type]"),
    (
        {"type": "table", "rows": []},
        "unsupported type: table (Slack knows it, this emulator does not) [json-pointer:/blocks/0/type]",
    ),
    ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    ({"type": "divider", "text": "x"}, "invalid additional property: text [json-pointer:/blocks/0]"),
    ({"type": "divider", "block_id": "x" * 256}, "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
    ({"type": "divider", "block_id": ""}, "must be more than 0 characters [json-pointer:/blocks/0/block_id]"),
    (
        [{"type": "divider", "block_id": "a"}] * 2,
        '`block_id` "a" already exists [json-pointer:/blocks/1/block_id]',
    ),
    # Sections.
    ({"type": "section"}, "must define either `text` or `fields` [json-pointer:/blocks/0/type]"),
    (_section(text="x"), "must provide an object [json-pointer:/blocks/0/text]"),
    (_section(text=None), "must provide an object [json-pointer:/blocks/0/text]"),
    (_section(text={"type": "html", "text": "x"}), "unsupported type: html [json-pointer:/blocks/0/text/type]"),
    (_section(text=_mrkdwn("")), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    (_section(text=_mrkdwn("x" * 3001)), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    (_section(text={"type": "mrkdwn", "text": 3}), "must provide a string [json-pointer:/blocks/0/text/text]"),
    (
        _section(text=_mrkdwn() | {"emoji": True}),
        "invalid additional property: emoji [json-pointer:/blocks/0/text]",
    ),
    (
        _section(text=_plain() | {"verbatim": True}),
        "invalid additional property: verbatim [json-pointer:/blocks/0/text]",
    ),
    (_section(fields=[]), "must provide at least 1 items [json-pointer:/blocks/0/fields]"),
    (_section(fields=[_plain()] * 11), "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
    (
        _section(fields=[_plain("x" * 2001)]),
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    (
        _section(accessory={"type": "plain_text_input"}),
        "unsupported type: plain_text_input [json-pointer:/blocks/0/accessory/type]",
    ),
    (_section(expand="ja"), "must provide a boolean [json-pointer:/blocks/0/expand]"),
    # Headers, context, images, markdown.
    (
        {"type": "header", "text": _mrkdwn()},
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    (
        {"type": "header", "text": _plain("x" * 151)},
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    (_context(), "must provide at least 1 items [json-pointer:/blocks/0/elements]"),
    (_context(*[_mrkdwn()] * 11), "no more than 10 items allowed [json-pointer:/blocks/0/elements]"),
    (_context(_button()), "unsupported type: button [json-pointer:/blocks/0/elements/0/type]"),
    (
        {"type": "image", "image_url": "https://x.test/a.png"},
        "missing required field: alt_text [json-pointer:/blocks/0]",
    ),
    (
        {"type": "image", "image_url": "a.png", "alt_text": "a"},
        "must be a valid URL [json-pointer:/blocks/0/image_url]",
    ),
    (
        {"type": "image", "alt_text": "a"},
        "must define either `image_url` or `slack_file` [json-pointer:/blocks/0]",
    ),
    (
        [{"type": "markdown", "text": "x" * 6001}] * 2,
        "must be less than 12001 characters over all `markdown` blocks [json-pointer:/blocks]",
    ),
    # Buttons and other things to press.
    (_actions(), "must provide at least 1 items [json-pointer:/blocks/0/elements]"),
    (
        _actions(*(_button(action_id=f"{number}") for number in range(26))),
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        _actions({"type": "plain_text_input"}),
        "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
    ),
    (_actions({"type": "button"}), "missing required field: text [json-pointer:/blocks/0/elements/0]"),
    (
        _actions(_button(text=_mrkdwn())),
        "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]",
    ),
    (
        _actions(_button(text=_plain(""))),
        "must be more than 0 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    (
        _actions(_button(text=_plain("x" * 76))),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    (
        _actions(_button(value="x" * 2001)),
        "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    (_actions(_button(value=5)), "must provide a string [json-pointer:/blocks/0/elements/0/value]"),
    (
        _actions(_button(url="https://" + "x" * 3000)),
        "must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]",
    ),
    (_actions(_button(url="skb.test")), "must be a valid URL [json-pointer:/blocks/0/elements/0/url]"),
    (
        _actions(_button(accessibility_label="x" * 76)),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/accessibility_label]",
    ),
    (
        _actions(_button(action_id="x" * 256)),
        "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
    ),
    (
        _actions(_button(action_id="")),
        "must be more than 0 characters [json-pointer:/blocks/0/elements/0/action_id]",
    ),
    (_actions(_button(style="rood")), "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]"),
    (
        _actions(_button(disabled=True)),
        "invalid additional property: disabled [json-pointer:/blocks/0/elements/0]",
    ),
    (
        _actions(_button(), _button()),
        '`action_id` "meer" already exists [json-pointer:/blocks/0/elements/1/action_id]',
    ),
    (
        _confirm(title=_plain("x" * 101)),
        "must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]",
    ),
    (
        _confirm(text=_plain("x" * 301)),
        "must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]",
    ),
    (
        _confirm(deny=_plain("x" * 31)),
        "must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/deny/text]",
    ),
    (
        _actions(_button(confirm={"title": _plain(), "text": _plain(), "confirm": _plain()})),
        "missing required field: deny [json-pointer:/blocks/0/elements/0/confirm]",
    ),
    (
        _actions(_select(options=_options(101))),
        "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        _actions({"type": "static_select", "action_id": "kies"}),
        "must define either `options` or `option_groups` [json-pointer:/blocks/0/elements/0]",
    ),
    (
        _actions(_select(options=_options(1, value="x" * 151))),
        "must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]",
    ),
    (
        _actions({"type": "overflow", "action_id": "o", "options": _options(6)}),
        "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    # Rich text.
    (_rich(), "must provide at least 1 items [json-pointer:/blocks/0/elements]"),
    (
        _rich({"type": "text", "text": "los"}),
        "unsupported type: text [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        _rich(_line({"type": "text", "text": ""})),
        "must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]",
    ),
    (
        _rich(_line({"type": "text"})),
        "missing required field: text [json-pointer:/blocks/0/elements/0/elements/0]",
    ),
    (
        _rich(_line({"type": "text", "text": "x", "bold": True})),
        "invalid additional property: bold [json-pointer:/blocks/0/elements/0/elements/0]",
    ),
    (
        _rich(_line({"type": "text", "text": "x", "style": {"vet": True}})),
        "invalid additional property: vet [json-pointer:/blocks/0/elements/0/elements/0/style]",
    ),
    (
        _rich(_line({"type": "text", "text": "x", "style": {"bold": "ja"}})),
        "must provide a boolean [json-pointer:/blocks/0/elements/0/elements/0/style/bold]",
    ),
    (
        _rich(_line({"type": "user", "user_id": "U1", "style": {"code": True}})),
        "invalid additional property: code [json-pointer:/blocks/0/elements/0/elements/0/style]",
    ),
    (
        _rich(_line({"type": "link", "text": "SKB"})),
        "missing required field: url [json-pointer:/blocks/0/elements/0/elements/0]",
    ),
    (
        _rich(_line({"type": "broadcast", "range": "iedereen"})),
        "must be a valid enum value [json-pointer:/blocks/0/elements/0/elements/0/range]",
    ),
    (_rich(_line(_button())), "unsupported type: button [json-pointer:/blocks/0/elements/0/elements/0/type]"),
    (
        _rich(_list(elements=[{"type": "text", "text": "x"}])),
        "unsupported type: text [json-pointer:/blocks/0/elements/0/elements/0/type]",
    ),
    (_rich(_list(style="cijfers")), "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]"),
    (_rich(_list(indent=9)), "must be less than 8 [json-pointer:/blocks/0/elements/0/indent]"),
    (_rich(_list(border=2)), "must be less than 1 [json-pointer:/blocks/0/elements/0/border]"),
    (_rich(_list(offset=True)), "must provide an integer [json-pointer:/blocks/0/elements/0/offset]"),
    (
        _rich({"type": "rich_text_quote", "elements": [], "style": {}}),
        "invalid additional property: style [json-pointer:/blocks/0/elements/0]",
    ),
    (
        _rich({"type": "rich_text_preformatted", "elements": [{"type": "user", "user_id": "U1"}]}),
        "unsupported type: user [json-pointer:/blocks/0/elements/0/elements/0/type]",
    ),
]


@pytest.mark.parametrize(("blocks", "complaint"), REFUSED, ids=[complaint for _, complaint in REFUSED])
def test_what_breaks_a_rule_is_refused_in_slacks_words(blocks: Any, complaint: str) -> None:
    assert message_complaints([blocks] if isinstance(blocks, dict) else blocks) == [complaint]


FITTING_VIEWS: Mapping[str, JSON] = {
    "modal": _modal(),
    "modal at its limits": _modal(
        *[_section()] * 100,
        title=_plain("x" * 24),
        submit=_plain("x" * 24),
        close=_plain("x" * 24),
        private_metadata="x" * 3000,
        callback_id="x" * 255,
        notify_on_close=True,
    ),
    "form": _modal(
        _typed(placeholder=_plain("x" * 150), max_length=3000, min_length=0, multiline=True, initial_value="x" * 3000),
        _input(label=_plain("x" * 2000), hint=_plain("x" * 2000), optional=True, element=_select()),
        _input(element={"type": "checkboxes", "action_id": "c", "options": _options(10)}),
        _input(element={"type": "datepicker", "initial_date": "2026-12-01"}),
        submit=_plain("Stuur"),
    ),
    "home": {"type": "home", "blocks": [_section(), _input()]},
}


@pytest.mark.parametrize("name", FITTING_VIEWS)
def test_a_view_that_fits_is_taken(name: str) -> None:
    assert view_complaints(FITTING_VIEWS[name]) == []


SEND = {"submit": _plain("Stuur")}
REFUSED_VIEWS: list[tuple[Any, str]] = [
    ({"type": "venster"}, "unsupported type: venster [json-pointer:/view/type]"),
    ({"type": "modal", "blocks": [_section()]}, "missing required field: title [json-pointer:/view]"),
    (_modal(title=_mrkdwn()), "unsupported type: mrkdwn [json-pointer:/view/title/type]"),
    (_modal(title=_plain("")), "must be more than 0 characters [json-pointer:/view/title/text]"),
    (_modal(title=_plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
    (_modal(submit=_plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/submit/text]"),
    (_modal(close=_plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/close/text]"),
    (
        _modal(private_metadata="x" * 3001),
        "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ),
    (_modal(callback_id="x" * 256), "must be less than 256 characters [json-pointer:/view/callback_id]"),
    (_modal(external_id="x" * 256), "must be less than 256 characters [json-pointer:/view/external_id]"),
    (_modal(submit_disabled=True), "invalid additional property: submit_disabled [json-pointer:/view]"),
    (_modal(*[_section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
    (_modal(blocks=[]), "must provide at least 1 items [json-pointer:/view/blocks]"),
    (
        _modal(_section(), _input()),
        "must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]",
    ),
    (
        {"type": "home", "blocks": [_section()], "title": _plain()},
        "invalid additional property: title [json-pointer:/view]",
    ),
    # Fields.
    (
        _modal(_input(label=_mrkdwn()), **SEND),
        "unsupported type: mrkdwn [json-pointer:/view/blocks/0/label/type]",
    ),
    (
        _modal(_input(label=_plain("x" * 2001)), **SEND),
        "must be less than 2001 characters [json-pointer:/view/blocks/0/label/text]",
    ),
    (
        _modal(_input(hint=_plain("x" * 2001)), **SEND),
        "must be less than 2001 characters [json-pointer:/view/blocks/0/hint/text]",
    ),
    (
        _modal(_input(element=_button()), **SEND),
        "unsupported type: button [json-pointer:/view/blocks/0/element/type]",
    ),
    (
        _modal(_typed(placeholder=_plain("x" * 151)), **SEND),
        "must be less than 151 characters [json-pointer:/view/blocks/0/element/placeholder/text]",
    ),
    (
        _modal(_typed(max_length=3001), **SEND),
        "must be less than 3000 [json-pointer:/view/blocks/0/element/max_length]",
    ),
    (_modal(_typed(max_length=0), **SEND), "must be more than 1 [json-pointer:/view/blocks/0/element/max_length]"),
    (
        _modal(_typed(initial_value="x" * 3001), **SEND),
        "must be less than 3001 characters [json-pointer:/view/blocks/0/element/initial_value]",
    ),
    (_modal(_typed(multiline="ja"), **SEND), "must provide a boolean [json-pointer:/view/blocks/0/element/multiline]"),
    (
        _modal(_input(element={"type": "datepicker", "initial_date": "1-12-2026"}), **SEND),
        "must be a date in the format YYYY-MM-DD [json-pointer:/view/blocks/0/element/initial_date]",
    ),
    (
        _modal(_input(element={"type": "radio_buttons", "action_id": "r", "options": _options(11)}), **SEND),
        "no more than 10 items allowed [json-pointer:/view/blocks/0/element/options]",
    ),
]


@pytest.mark.parametrize(("view", "complaint"), REFUSED_VIEWS, ids=[complaint for _, complaint in REFUSED_VIEWS])
def test_a_view_that_breaks_a_rule_is_refused_in_slacks_words(view: Any, complaint: str) -> None:
    assert view_complaints(view) == [complaint]


def test_slack_sdk_has_a_second_opinion() -> None:
    no_such_day = {"type": "datepicker", "action_id": "dag", "initial_date": "2026-13-40"}
    (complaint,) = message_complaints([_actions(no_such_day)])
    assert complaint.endswith("(says slack_sdk) [json-pointer:/blocks/0/elements/0]")


def test_what_a_person_reads() -> None:
    blocks = with_ids(
        [
            {"type": "header", "text": _plain("2 programma's")},
            _section(text=_mrkdwn("*Debat* &amp; meer: <https://skb.test|website>, _nieuw_"), fields=[_plain("a_b")]),
            _context(_mrkdwn("Gezocht op: `debat`"), _plain("VO")),
            {"type": "divider"},
            _rich(
                _line({"type": "text", "text": "Voor "}, {"type": "user", "user_id": "U1"}),
                _list(style="ordered", offset=4),
                {"type": "rich_text_quote", "elements": [{"type": "text", "text": "Hallo,\n\nTot gauw."}]},
            ),
            _actions(_button()),
        ]
    )
    assert plain(blocks) == (
        "2 programma's\nDebat & meer: website, nieuw\na_b\nGezocht op: debat VO\nVoor @U1\n5. een\nHallo,\n\nTot gauw."
    )


def test_what_a_person_presses_and_fills_in() -> None:
    blocks = with_ids(
        [
            _section(accessory=_button(text=_plain("Naast"), url="https://skb.test")),
            _actions(_button(value="v", accessibility_label="Meer programma's"), _select()),
            _typed(initial_value="Zeist"),
        ]
    )
    beside, below = buttons(blocks)
    assert (beside.label, beside.url) == ("Naast", "https://skb.test")
    assert (below.label, below.value, below.accessibility_label) == ("Meer", "v", "Meer programma's")
    (field,) = fields(blocks)
    assert (field.label, field.initial, field.optional) == ("Plaats", "Zeist", False)
    assert field.block_id
    assert field.action_id


@pytest.mark.parametrize(
    ("mrkdwn", "read"),
    [
        ("*vet* en _schuin_ en ~weg~ en *_beide_*", "vet en schuin en weg en beide"),
        ("2*3*4, snake_case_naam, a ~ b ~ c", "2*3*4, snake_case_naam, a ~ b ~ c"),
        ("<@U1> in <#C1|regio>: <!here>, <mailto:a@b.nl|a@b.nl>", "@U1 in regio: here, a@b.nl"),
        ("&lt;!here&gt; &amp;amp;", "<!here> &amp;"),
    ],
)
def test_mrkdwn_as_it_is_shown(mrkdwn: str, read: str) -> None:
    assert shown(mrkdwn) == read


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("R&D", 1),
        ("a < b > c", 2),
        ("<script>", 2),
        ("https://x.test/?a=1&b=2", 1),
        ("> citaat", 0),
        (">geen citaat", 1),
        ("R&amp;D &lt;3 <https://x.test?a=1|x> <@U1> <!date^1^{date}|vandaag>", 0),
    ],
)
def test_what_must_be_escaped_is_found(text: str, count: int) -> None:
    assert len(strays(text)) == count


def test_whom_a_message_calls() -> None:
    blocks = [
        _section(text=_mrkdwn("<!channel> <@U2|Naam> <!subteam^S1> <!date^1^x|y> &lt;!here&gt;")),
        _rich(_line({"type": "broadcast", "range": "everyone"}, {"type": "user", "user_id": "U3"})),
        _section(text=_plain("<!here>")),
    ]
    called = list(calls({"text": "<@U1>", "blocks": blocks}))
    assert called == ["<@U1>", "<!channel>", "<@U2|Naam>", "<!subteam^S1>", "<!everyone>", "<@U3>"]
