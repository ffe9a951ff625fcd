"""Slack: what a Reply looks like there (`slack/*.json` beside this file), within its limits, with nothing lost."""

from collections.abc import Iterator
import html
import json
from pathlib import Path
import re
from time import process_time
from typing import Any
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from slackblocks import _limits as limits
from slackblocks._surfaces import validate_surface_blocks

from bot.chat import Button, Card, Form, Reply, Section
from bot.handlers.slack_blocks import modal, read_button, read_form_button, render
from bot.handlers.slack_notation import plain

GOLDEN = Path(__file__).parent / "slack"

FAMILY = "👨‍👩‍👧‍👦"
FLAG = "🇳🇱"
REPLIES = {
    "list": Reply(
        "Ik vond 7 programma's.\nGezocht op: debat · VO · Utrecht. 1-3 van 7.\nNiemand heeft dit nog gecontroleerd.",
        sections=(
            Section(
                "In Utrecht", (Card("Debattraining", ("Een organisatie · in Utrecht", "Waarom: debat."), number=1),)
            ),
            Section(
                "In heel Nederland, dus ook in Utrecht",
                (
                    Card("NK Debatteren", ("Een ander · in heel Nederland",), number=2),
                    Card("Lagerhuis", ("Een derde · in heel Nederland",), number=3),
                ),
            ),
        ),
        footer="Stuur een nummer voor meer over een programma.\nVoorbeeldlijst uit openbare bronnen, niet van SKB.",
        buttons=(
            *(Button(str(number), str(number), "token") for number in (1, 2, 3)),
            Button("Volgende 3", "bladzijde 2", "token"),
            Button("Filter", "filter", "token"),
            Button("Hele provincie Utrecht", "hele provincie", "token"),
            Button("Andere plaats", "andere plaats", "token"),
            Button("Plaats maakt niet uit", "plaats maakt niet uit", "token"),
            Button("Menu", "menu"),
        ),
        link="l_abc",
    ),
    "card": Reply(
        "Debattraining\nVan: Een organisatie, partner van SKB.",
        sections=(
            Section(
                "",
                (
                    Card(
                        "Dit weten we:",
                        ("Contact: mail info@voorbeeld.nl, of kijk op https://voorbeeld.nl/contact.", "Kosten: gratis"),
                        link="https://voorbeeld.nl/debat_(vo)?taal=nl",
                    ),
                ),
            ),
        ),
        buttons=(Button("Terug naar de lijst", "terug", "token"), Button("Menu", "menu")),
    ),
    "forward": Reply(
        "Deze tekst kun je sturen. Pas hem gerust aan.",
        quote="Hallo,\n\nMisschien past dit bij jullie: “Debat”.\nMeer lezen: https://voorbeeld.nl\n\nGroet,",
        buttons=(Button("Menu", "menu"),),
    ),
    "form": Reply(
        "Wat klopt er niet aan “Debattraining”?",
        form=Form("Schrijf het in één bericht. Noem geen namen van leerlingen.", "melding", "token.debat"),
        buttons=(Button("Terug", "terug", "token"),),
    ),
    "hostile": Reply(
        "Gezocht op: <b>&amp;</b> & &lt; *vet* _schuin_ ~weg~ `code` ```blok```\n<!here> @channel <@U1> <#C1|x> :wave:",
        sections=(
            Section("*<!channel>*\u202e", (Card("T" * 5_000, ("`" + "x" * 5_000,), "javascript:alert(1)", 1),)),
            Section("", (Card("e" * 295 + FAMILY + FLAG, (f"{FAMILY} {FLAG} \u2066a\u2069\x1b[31m\x00",), number=2),)),
        ),
        quote="> *`_~<https://x.test|klik>~_`*",
        footer="_<!everyone>_",
        buttons=(
            Button("1", "1"),
            Button("2", "2"),
            Button("L" * 72 + FAMILY, "een"),
            Button("L" * 72 + FLAG, "twee"),
            Button("<!here> *&*\a", "menu"),
        ),
    ),
}


def _golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", REPLIES)
def test_a_message_is_as_the_file_says(name: str) -> None:
    message = render(REPLIES[name], can_share=True)
    assert {"text": message.text, "blocks": message.blocks} == _golden(name)


def test_a_modal_is_as_the_file_says() -> None:
    assert modal(REPLIES["form"], "C1 1700000000.000100") == _golden("modal")


# What holds for every reply

SIGNS = ("<!here>", "<@U1>", "<#C1|x>", "&lt;", "&", "*vet*", "_schuin_", "~weg~", "`code`", "> ", ":wave:")
LINKS = ("https://a.nl/a_(b). ", "(info@voorbeeld.nl)", " https://[::1]/", "https://é.nl/ü", "javascript:x", "http://")
UNSEEN = ("\u202e", "\u200d", "\ufe0f", "\x1b[31m", "\x00", "\ud800", "\n", "\r\n", "\u2028", "\xa0", " ")
HOSTILE = st.sampled_from((*SIGNS, *LINKS, *UNSEEN, FAMILY, FLAG, "é", "🤷🏽‍♀️"))
TEXT = st.lists(st.text(max_size=8) | HOSTILE, max_size=6).map("".join)
LONG = TEXT | st.builds(lambda text, times: text * times, TEXT, st.integers(1, 150))
SENT = st.text(st.characters(max_codepoint=127, exclude_characters=":"), min_size=1, max_size=30).filter(str.strip)
BUTTONS = st.builds(
    Button,
    st.integers(0, 30).map(str) | TEXT | st.builds(str.__add__, st.just("Lang label " * 7), TEXT),
    SENT,
    SENT | st.just(""),
)
CARDS = st.builds(Card, TEXT, st.lists(TEXT, max_size=2).map(tuple), TEXT, st.integers(0, 30))
SECTIONS = st.builds(Section, TEXT, st.lists(CARDS, max_size=3).map(tuple))
FORMS = st.builds(Form, LONG, st.sampled_from(["melding", "plaats", "zoek"]), SENT)
ANY = st.builds(
    Reply,
    LONG,
    sections=st.lists(SECTIONS, max_size=3).map(tuple),
    quote=LONG,
    footer=TEXT,
    buttons=st.lists(BUTTONS, max_size=9).map(tuple),
    form=st.none() | FORMS,
    link=st.sampled_from(["", "l_abc"]),
)


@settings(deadline=None)  # several share the machine
@given(reply=ANY, can_share=st.booleans())
def test_slack_takes_any_reply(reply: Reply, *, can_share: bool) -> None:
    blocks = render(reply, can_share=can_share).blocks
    assert len(blocks) <= limits.MESSAGE_BLOCKS_MAX_ITEMS
    validate_surface_blocks(blocks, "message")
    _check(blocks)


@settings(deadline=None)
@given(reply=ANY, form=FORMS)
def test_slack_takes_any_form(reply: Reply, form: Form) -> None:
    view = modal(Reply(reply.text, form=form), "C1")
    assert View(**view).to_dict() == view
    assert len(view["title"]["text"]) <= limits.VIEW_TITLE_MAX_LENGTH
    validate_surface_blocks(view["blocks"], "modal")
    _check(view["blocks"])
    question = view["blocks"][-1]
    assert 1 <= len(question["label"]["text"]) <= limits.INPUT_LABEL_MAX_LENGTH
    assert question["element"]["multiline"] is (form.sends == "melding")
    assert _essence(_read(view["blocks"])) == _essence(reply.text)


def _check(blocks: list[dict[str, Any]]) -> None:
    """Looks at blocks as Slack would, with two independent tables of what may be there."""
    for block in blocks:
        parsed = Block.parse(block)
        assert parsed is not None
        assert parsed.to_dict() == block  # validates, and would leave out what it does not know
        for place in _objects(block):
            CHECKS[place["type"]](place)
        if block["type"] == "rich_text":
            assert 1 <= len(_read([block])) <= 3_000


def _check_text(place: dict[str, Any]) -> None:
    assert limits.TEXT_MIN_LENGTH <= len(place["text"]) <= limits.TEXT_MAX_LENGTH
    assert not [sign for sign in place["text"] if sign != "\n" and _is_hidden(sign)]


def _check_link(place: dict[str, Any]) -> None:
    assert re.fullmatch(r"(?i)(https?://|mailto:)[!-~]{1,2990}", place["url"])
    assert not [sign for sign in place.get("text", "") if sign.isspace() or _is_hidden(sign)]


def _check_actions(place: dict[str, Any]) -> None:
    names = [button["action_id"] for button in place["elements"]]
    assert 1 <= len(names) <= limits.ACTIONS_ELEMENTS_MAX_ITEMS
    assert len(set(names)) == len(names)
    assert len(names) <= 5 or all(button["text"]["text"].isdecimal() for button in place["elements"])


def _check_button(place: dict[str, Any]) -> None:
    assert place["text"]["type"] == "plain_text"
    assert 1 <= len(place["text"]["text"]) <= limits.BUTTON_TEXT_MAX_LENGTH
    assert 1 <= len(place["value"]) <= limits.BUTTON_VALUE_MAX_LENGTH
    assert re.fullmatch("(say|form)-[a-z0-9]+", place["action_id"])
    assert 1 <= len(place.get("accessibility_label", "…")) <= limits.BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH


def _check_elements(place: dict[str, Any]) -> None:
    assert place["elements"]


def _anything(_place: dict[str, Any]) -> None:
    pass


CHECKS = {
    "rich_text": _check_elements,
    "rich_text_section": _check_elements,
    "text": _check_text,
    "link": _check_link,
    "plain_text": _check_text,
    "actions": _check_actions,
    "button": _check_button,
    "divider": _anything,
    "input": _anything,
    "plain_text_input": _anything,
}
"""All that may be there: no "mrkdwn", in which people's own words could become formatting, and no "markdown"."""


def _objects(payload: Any) -> Iterator[dict[str, Any]]:
    """Every object with a type, at every depth."""
    if isinstance(payload, dict):
        if "type" in payload:
            yield payload
        for value in payload.values():
            yield from _objects(value)
    elif isinstance(payload, list):
        for value in payload:
            yield from _objects(value)


EMPTY = re.compile("[\u034f\u115f\u1160\u200c\u200d\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0020-\U000e01ef]")
"""Letters that show nothing by themselves."""


def _is_hidden(sign: str) -> bool:
    # What this Python does not know may be an emoji that is newer: in their range it stays.
    later = unicodedata.category(sign) == "Cn" and "\U0001f000" <= sign <= "\U0001faff"
    return sign not in "\u200c\u200d" and unicodedata.category(sign)[0] == "C" and not later


def _essence(text: str) -> str:
    """The text without what can't be seen."""
    return "".join(sign for sign in EMPTY.sub("", text) if not sign.isspace() and not _is_hidden(sign))


def _read(blocks: list[dict[str, Any]]) -> str:
    """What a person reads in the blocks, buttons and questions not counted."""
    parts = [place for block in blocks if block["type"] == "rich_text" for place in _objects(block)]
    return "".join(part.get("text", part.get("url", "")) for part in parts)


def _said(reply: Reply) -> str:
    """What should be read in a message of the reply, titles that are not clipped."""
    said = [reply.text]
    for section in reply.sections:
        said.append(section.heading)
        for card in section.cards:
            said += [f"{card.number}." if card.number else "", card.title, *card.lines, card.link]
    return "".join([*said, reply.quote, reply.form.question if reply.form else "", reply.footer])


@settings(deadline=None)
@given(reply=ANY)
def test_nothing_is_lost_and_everything_in_its_place(reply: Reply) -> None:
    assert _essence(_read(render(reply).blocks)) == _essence(_said(reply))


@settings(deadline=None)
@given(reply=ANY)
def test_the_notification_is_short_and_obeys_nobody(reply: Reply) -> None:
    text = render(reply).text
    assert 1 <= len(text) <= 300
    assert "\n" not in text
    assert re.fullmatch(r"([^<>&]|&(amp|lt|gt);)+", text)
    said = html.unescape(text).removesuffix("…")
    assert said == "SKB" or _essence(reply.text).startswith(_essence(said))


@settings(deadline=None)
@given(reply=ANY, can_share=st.booleans())
def test_every_button_is_there_and_stands_for_its_text(reply: Reply, *, can_share: bool) -> None:
    shown = _buttons(render(reply, can_share=can_share).blocks)
    pressed = [read_button(button["value"]) for button in shown if button["action_id"].startswith("say-")]
    shared = [("l_abc", "deel")] if can_share and reply.link else []
    meant = [(button.about, button.sends) for button in reply.buttons]
    assert sorted(filter(None, pressed)) == sorted(meant + shared)
    assert [button["action_id"] for button in shown if button["action_id"].startswith("form-")] == (
        ["form-0"] if reply.form else []
    )
    if len({button.label for button in reply.buttons}) == len(reply.buttons):
        assert len({button["text"]["text"] for button in shown}) == len(shown)


def _buttons(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [button for block in blocks if block["type"] == "actions" for button in block["elements"]]


@settings(deadline=None)
@given(form=FORMS, text=LONG)
def test_a_form_comes_out_of_its_button_as_it_went_in(form: Form, text: str) -> None:
    (button,) = _buttons(render(Reply(text, form=form)).blocks)
    read = read_form_button(button["value"])
    assert read is not None
    assert read.form is not None
    assert (read.form.sends, read.form.about) == (form.sends, form.about)
    for came, went in ((read.text, text), (read.form.question, form.question)):
        assert _essence(went).startswith(_essence(came.removesuffix("…")))
        assert len(came) > 600 or _essence(came) == _essence(went)


# Where limits bite


def test_long_titles_and_labels_end_in_an_ellipsis() -> None:
    reply = Reply(
        "x",
        (Section("K" * 5_000, (Card("T" * 5_000, number=1),)),),
        buttons=(Button("1", "1"), Button("L" * 5_000, "menu")),
    )
    blocks = render(reply).blocks
    assert _read(blocks) == "x" + "K" * 299 + "…\n1. " + "T" * 299 + "…"
    number, other = _buttons(blocks)
    assert number["accessibility_label"] == "Meer over " + "T" * 64 + "…"
    assert other["text"]["text"] == "L" * 74 + "…"


CUT = {
    "family": FAMILY,
    "flag": FLAG,
    "skin": "👍🏽",
    "variation": "❤️",
    "accents": "e\u0301\u0323",
    "shrug": "🤷🏽‍♀️",
}


@pytest.mark.parametrize("cluster", CUT.values(), ids=CUT)
@pytest.mark.parametrize("before", range(9))
def test_no_emoji_is_cut_in_two(cluster: str, before: int) -> None:
    whole = re.compile(f"x{{{before}}}({re.escape(cluster)})*(…?)")
    text = "x" * before + cluster * 3_000
    reply = Reply(text, (Section("", (Card(text),)),), buttons=(Button(text, "menu"),))
    message = render(reply)
    assert whole.fullmatch(message.text)
    assert whole.fullmatch(_buttons(message.blocks)[0]["text"]["text"])
    *parts, title = [_read([block]) for block in message.blocks if block["type"] == "rich_text"]
    assert whole.fullmatch(title)
    assert "".join(parts) == text
    assert len(parts) > 1
    assert all(re.fullmatch(f"x*({re.escape(cluster)})+", part) for part in parts)


def test_an_emoji_goes_to_the_next_block_rather_than_apart() -> None:
    address = "https://a.nl/".ljust(2_997, "x")
    blocks = render(Reply("", (Section("", (Card("", (address, FAMILY)),)),))).blocks
    assert [_read([block]) for block in blocks] == [f"{address}\n", FAMILY]


def test_what_is_clipped_ends_with_a_word() -> None:
    (button,) = _buttons(render(Reply("x", buttons=(Button("a" * 73 + " b" * 9, "menu"),))).blocks)
    assert button["text"]["text"] == "a" * 73 + "…"


def test_even_a_letter_with_a_thousand_accents_is_shown() -> None:
    text = "e" + "\u0301" * 9_000
    assert _read(render(Reply(text)).blocks) == text


def test_a_long_text_goes_on_after_a_line_or_a_word() -> None:
    lines = "\n".join("Een regel van negen woorden die op een scherm past." for _ in range(100))
    words = "schooljaar " * 500
    for text, end in ((lines, "past.\n"), (words, "jaar ")):
        first, *_ = blocks = render(Reply(text)).blocks
        assert _read([first]).endswith(end)
        assert _read(blocks) == text


def test_a_section_is_one_block_until_it_is_full() -> None:
    cards = tuple(Card(f"Titel {number}", ("x" * 700,), number=number) for number in range(1, 6))
    blocks = render(Reply("", (Section("Kop", cards), Section("Nog een", cards[:1])))).blocks
    assert [re.findall(r"(?:Kop|Nog een|\d\. Titel \d)", _read([block])) for block in blocks] == [
        ["Kop", "1. Titel 1", "2. Titel 2", "3. Titel 3", "4. Titel 4"],
        ["5. Titel 5"],
        ["Nog een", "1. Titel 1"],
    ]


def test_a_block_holds_what_fits_in_it_and_no_more() -> None:
    for longer, blocks in ((0, 1), (1, 2)):
        cards = (Card("", ("x" * 1_500,)), Card("", ("x" * (1_498 + longer),)))
        assert len(render(Reply("", (Section("", cards),))).blocks) == blocks


@pytest.mark.parametrize(
    ("sections", "length", "buttons", "room"),
    [(80, 20, 9, 3_000), (80, 300, 9, 3_000), (80, 2_900, 200, 300_000), (3, 20, 400, 3_000)],
)
def test_too_many_blocks_become_fewer_fuller_ones(sections: int, length: int, buttons: int, room: int) -> None:
    reply = Reply(
        "Tekst",
        tuple(Section(f"Kop {at}", (Card("Titel", ("x" * length,)),)) for at in range(sections)),
        quote="Om te sturen",
        buttons=tuple(Button(f"Knop {at}", f"knop {at}") for at in range(buttons)),
    )
    blocks = render(reply).blocks
    assert len(blocks) <= limits.MESSAGE_BLOCKS_MAX_ITEMS
    assert _essence(_read(blocks)) == _essence(_said(reply))
    assert len(_buttons(blocks)) == buttons
    assert max(len(_read([block])) for block in blocks) <= room


def test_numbers_stand_together_as_far_as_slack_allows() -> None:
    reply = Reply("x", buttons=(*(Button(str(number), str(number)) for number in range(30)), Button("Menu", "menu")))
    rows = [block["elements"] for block in render(reply).blocks if block["type"] == "actions"]
    assert [[button["text"]["text"] for button in row] for row in rows] == [
        [str(number) for number in range(25)],
        [str(number) for number in range(25, 30)],
        ["Menu"],
    ]


def test_what_is_not_there_leaves_no_trace() -> None:
    reply = Reply(" \n\u200d", (Section("", (Card("", ("", "\x00"), ""),)),), quote="\n", footer="\u202e")
    assert render(reply).blocks == []
    assert render(reply).text == "SKB"


def test_a_button_without_a_label_can_still_be_pressed() -> None:
    first, second = _buttons(render(Reply("x", buttons=(Button("", "a"), Button("\x00", "b")))).blocks)
    assert (first["text"]["text"], second["text"]["text"]) == ("…", "… (2)")


def test_sharing_is_offered_only_where_it_can_be_done() -> None:
    def values(reply: Reply, *, can_share: bool) -> list[str]:
        return [button["value"] for button in _buttons(render(reply, can_share=can_share).blocks)]

    assert values(Reply("x", link="p_1"), can_share=True) == ["p_1:deel"]
    assert values(Reply("x", link="p_1"), can_share=False) == []
    assert values(Reply("x"), can_share=True) == []


def test_a_reply_without_a_form_is_no_modal() -> None:
    with pytest.raises(ValueError, match="form"):
        modal(Reply("x"), "")


@pytest.mark.parametrize("value", ["", "x", "{", "[]", "3", "null", '"text"', '{"text": "x"}', "[" * 2_000])
def test_nonsense_is_no_form(value: str) -> None:
    assert read_form_button(value) is None


def test_a_form_of_other_things_than_words_is_no_form() -> None:
    assert read_form_button('{"text": 1, "question": "x", "sends": "x", "about": "x"}') is None


@pytest.mark.parametrize("value", ["", "x", "token:"])
def test_nonsense_is_no_button(value: str) -> None:
    assert read_button(value) is None


# Addresses

ADDRESSES = {
    "Zie https://a.nl/b.": ["https://a.nl/b"],
    "(https://a.nl)": ["https://a.nl"],
    "https://nl.wikipedia.org/wiki/Debat_(spel), en meer": ["https://nl.wikipedia.org/wiki/Debat_(spel)"],
    "“https://a.nl”": ["https://a.nl"],
    "<https://a.nl|b>": ["https://a.nl"],
    "HTTP://A.nl?x=1&y=2#z!": ["HTTP://A.nl?x=1&y=2#z"],
    "Mail a.b+c@d-e.co.nl.": ["mailto:a.b+c@d-e.co.nl"],
    "mailto:a@b.nl, c@d.nl": ["mailto:a@b.nl", "mailto:c@d.nl"],
    "https://a.nl/@b en c@d.nl": ["https://a.nl/@b", "mailto:c@d.nl"],
    "https://münster.nl/ü": ["https://m%C3%BCnster.nl/%C3%BC"],
    "javascript:alert(1) data:text/html,x ftp://a.nl www.a.nl a@b @c d@e.": [],
    "https:// http://. https://-": [],
    "xhttps://a.nl": [],
    "é@b.nl a@b.n a@b.nl1": [],
    "https://a.nl/" + "x" * 3_000: [],
}


@pytest.mark.parametrize("text", ADDRESSES, ids=range(len(ADDRESSES)))
def test_addresses_become_links(text: str) -> None:
    blocks = render(Reply(text)).blocks
    assert [place["url"] for block in blocks for place in _objects(block) if place["type"] == "link"] == ADDRESSES[text]
    assert _read(blocks) == text


def test_a_link_of_a_card_is_a_link_as_a_whole() -> None:
    (block,) = render(Reply("", (Section("", (Card("", link="https://a.nl/B.V."),)),))).blocks
    assert block["elements"][0]["elements"] == [{"type": "link", "url": "https://a.nl/B.V."}]


@pytest.mark.parametrize("text", ["https://a" + ")" * 200_000, "a." * 100_000 + "@", "a@" + "a." * 100_000])
def test_hostile_addresses_take_no_time(text: str) -> None:
    before = process_time()
    assert _read(render(Reply(text)).blocks) == text
    assert process_time() - before < 10  # a pattern that goes back and forth takes minutes


# What a person typed

TYPED = {
    "&lt;b&gt; &amp;amp; &amp;lt;": "<b> &amp; &lt;",
    "<https://x.nl?a=1&amp;b=2>": "https://x.nl?a=1&b=2",
    "<https://x.nl|x.nl> <https://x.nl|>": "x.nl https://x.nl",
    "<mailto:a@b.nl|a@b.nl> <mailto:a@b.nl>": "a@b.nl a@b.nl",
    "<tel:+31201234567|020-1234567> <tel:112>": "020-1234567 112",
    "<@U123> menu": "menu",
    "<@U123|naam>, debat": "debat",
    "vraag <@W123> iets": "vraag iets",
    "debat <#C1|regio> <#C2>": "debat regio ",
    "<!here> <!channel|@channel> debat": "debat",
    "<!subteam^S1|@groep> debat": "debat",
    "<!date^1392734382^{date}^https://x.nl|vrijdag 3 mei>, vo": "vrijdag 3 mei, vo",
    "*vet* _schuin_ `code` :wave:": "*vet* _schuin_ `code` :wave:",
    "debat\xa0VO\u202fUtrecht": "debat VO Utrecht",
    "groep < 8 > 6 <b> <3": "groep < 8 > 6 <b> <3",
    "&lt;@U123&gt; &lt;!here&gt;": "<@U123> <!here>",
    "<#C1|r&amp;d>": "r&d",
}


@pytest.mark.parametrize("text", TYPED, ids=range(len(TYPED)))
def test_notation_becomes_what_was_meant(text: str) -> None:
    assert plain(text) == TYPED[text]


@settings(deadline=None)
@given(TEXT)
def test_what_slack_escaped_comes_back_as_it_was_typed(text: str) -> None:
    typed = text.replace("\xa0", " ").replace("\u202f", " ")
    assert plain(html.escape(typed, quote=False)) == typed
