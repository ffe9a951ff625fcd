"""Telegram: what a Reply looks like there (`telegram/*.txt` beside this file), and that any Reply can be sent.

After a change that is meant, `.venv/bin/python -m tests.handlers.test_telegram_html` writes the files anew: read the
difference before you keep it.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
import re
from typing import NamedTuple
import unicodedata
from urllib.parse import parse_qs, urlsplit

from aiogram.methods import SendMessage
from hypothesis import given, settings
from hypothesis import strategies as st
import pytest
from telegram import ForceReply, InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat import Button, Card, Form, Reply, Section
from bot.handlers.telegram_html import Message, Place, read_button, render

GOLDEN = Path(__file__).parent / "telegram"
PRIVATE = Place("skb_bot")
GROUP = Place("skb_bot", group=True)

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
DUTCH = "🇳🇱"
SCOTTISH = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
WHOLE_SIGNS = (FAMILY, DUTCH, SCOTTISH, "👍🏽", "❤\ufe0f", "1\ufe0f\u20e3", "e\u0301", "é", "😀", "a")

LIST = Reply(
    "Ik vond 11 programma's.\nGezocht op: debat · Utrecht. 6-8 van 11.",
    sections=(
        Section("In Utrecht", (Card("Debattraining in de klas", ("Een organisatie · in Utrecht",), number=6),)),
        Section(
            "In heel Nederland, dus ook in Utrecht",
            (
                Card("Debat & dialoog", ("Een ander · in heel Nederland", "Waarom: gaat over debat."), number=7),
                Card("Debat op het vmbo", ("Een derde · in heel Nederland",), number=8),
            ),
        ),
    ),
    footer="Stuur een nummer voor meer over een programma.\nVoorbeeldlijst uit openbare bronnen, niet van SKB.",
    buttons=(
        *(Button(str(number), str(number), "token") for number in (6, 7, 8)),
        Button("Volgende 3", "bladzijde 3", "token"),
        Button("Vorige 5", "bladzijde 1", "token"),
        Button("Filter", "filter", "token"),
        Button("Hele provincie Utrecht", "hele provincie", "token"),
        Button("Andere plaats", "andere plaats", "token"),
        Button("Menu", "menu"),
    ),
    link="l_token",
)
CARD = Reply(
    "Debattraining in de klas\nVan: Een organisatie, partner van SKB.",
    sections=(
        Section(
            "",
            (Card("Dit weten we:", ("Voor: groep 8", "Contact: info@voorbeeld.test"), link="https://voorbeeld.test/?a=1&b"),),
        ),
    ),
    footer="Voorbeeldlijst uit openbare bronnen, niet van SKB.",
    buttons=(
        Button("Maak tekst om door te sturen", "maak tekst om door te sturen", "token.a1b2c3d4"),
        Button("Klopt iets niet?", "klopt iets niet?", "token.a1b2c3d4"),
        Button("Menu", "menu"),
    ),
    link="p_a1b2c3d4",
)  # fmt: skip
FORWARD = Reply(
    "Deze tekst kun je sturen. Pas hem gerust aan.",
    quote="Hallo,\n\nMisschien past dit: “Debat & dialoog” <groep 8>.\n  Kosten: niet bekend.\n\nGroet,",
    buttons=(Button("Terug naar de lijst", "terug", "token"), Button("Menu", "menu")),
)
FORM = Reply(
    "Wat klopt er niet aan “Debat”?",
    form=Form("Schrijf het in één bericht. Noem geen namen van leerlingen. Dank je voor je hulp.", "melding", "token"),
    footer="Voorbeeldlijst.",
    buttons=(Button("Terug", "terug", "token"),),
)  # fmt: skip
HOSTILE = Reply(
    "<b>vet</b> & *_~`[x](y) <!here> @channel &lt;&#60; \"'\n\u202eachterstevoren\u2066\x00\x1b[31m\ud800\tja\u00ad",
    sections=(
        Section(
            "</u><a href='tg://user?id=1'>",
            (
                Card("T" * 5000, ("l" * 5000, "", "\u200b \u200d"), link="javascript:alert(1)", number=1),
                Card(f"{FAMILY} {DUTCH}\nen nog een regel", link='https://voorbeeld.test/"><b>\u202e x'),
                Card("\u2066", (f"{FAMILY * 400}{DUTCH * 800}",), link="mailto:info@voorbeeld.test"),
                Card("", link="data:text/html,<b>"),
            ),
        ),
        Section("Zonder kaarten", ()),
    ),
    footer="\u200d\ufe0f \n",
    buttons=(
        Button("<b>&" + "x" * 100, "a"),
        Button("\u202e\u200b", "b:c", "d"),
        *(Button(str(number), str(number)) for number in range(7)),
        Button("Menu\nnu", "menu"),
    ),
    link="p_<b>",
)
GOLDENS = {
    "list": (LIST, PRIVATE),
    "list_group": (LIST, GROUP),
    "card": (CARD, PRIVATE),
    "forward": (FORWARD, PRIVATE),
    "form": (FORM, PRIVATE),
    "form_group": (FORM, GROUP),
    "hostile": (HOSTILE, PRIVATE),
    "empty": (Reply("", buttons=(Button("Menu", "menu"),)), PRIVATE),
}


def _described(messages: Sequence[Message]) -> str:
    """The messages as a person can check them: their HTML with long runs written short, then the keyboard."""
    parts = []
    for message in messages:
        text = re.sub(r"(.+?)\1{19,}", lambda run: f"{run[1]}×{len(run[0]) // len(run[1])}", message.html)
        parts.append("\n".join([text, *_keyboard_described(message)]))
    return "\n=====\n".join(parts)


def _keyboard_described(message: Message) -> list[str]:
    if isinstance(message.keyboard, ForceReply):
        return ["-----", f"answer here, only who asked: {message.keyboard.input_field_placeholder}"]
    rows = message.keyboard.inline_keyboard if message.keyboard else ()
    shown = ["  ".join(f"[{button.text} → {button.callback_data or button.url}]" for button in row) for row in rows]
    return ["-----", *shown] if shown else []


@pytest.mark.parametrize("name", GOLDENS)
def test_render_is_as_the_file_says(name: str) -> None:
    shown = _described(render(*GOLDENS[name]))
    assert shown == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").removesuffix("\n")


# A strict reader of the little HTML we write, made apart from the code that writes it


class Part(NamedTuple):
    text: str
    tag: str
    href: str


TOKEN = re.compile(
    r'<(?P<opened>[biu])>|<a href="(?P<href>[^"<>\n]+)">|</(?P<closed>[abiu])>'
    r'|(?P<text>(?:[^<>&"]|&(?:amp|lt|gt|quot);)+)'
)
ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&"}


def _plain(text: str) -> str:
    for entity in re.findall(r"&[^;]*;?", text):
        assert entity in ENTITIES, entity
    return re.sub("&[a-z]+;", lambda entity: ENTITIES[entity[0]], text)


def _parts(html: str) -> list[Part]:
    parts: list[Part] = []
    tag, href, place, before = "", "", 0, 0
    while place < len(html):
        token = TOKEN.match(html, place)
        assert token, f"no HTML of ours: {html[place : place + 40]!r}"
        place = token.end()
        if token["text"]:
            parts.append(Part(_plain(token["text"]), tag, href))
        elif token["closed"]:
            assert token["closed"] == tag
            assert len(parts) == before + 1, "an empty tag"
            tag = href = ""
        else:
            assert not tag, "a tag in a tag"
            before = len(parts)
            tag, href = token["opened"] or "a", _plain(token["href"] or "")
    assert not tag, "never closed"
    return parts


def _visible(html: str) -> str:
    return "".join(part.text for part in _parts(html))


def _units(text: str) -> int:
    return sum(2 if character > "\uffff" else 1 for character in text)


def _seen(*texts: str) -> str:
    """What a person sees of the texts: letters and signs, without blanks and without what only joins or directs."""
    return "".join(
        sign
        for text in texts
        for sign in text
        if unicodedata.category(sign)[0] not in "CZ"
        and sign not in "\u034f\u115f\u1160\u2800\u3164\uffa0"
        and not "\ufe00" <= sign <= "\ufe0f"
        and not "\U000e0100" <= sign <= "\U000e01ef"
    )


@pytest.mark.parametrize(
    "html",
    ["<b>a", "a</b>", "<b><i>a</i></b>", "<b></b>", "<s>a</s>", "a & b", "&nbsp;", "&#60;", '"', "<", "<a>a</a>"],
)
def test_the_reader_is_strict(html: str) -> None:
    with pytest.raises(AssertionError):
        _parts(html)


# Any reply

HARD = ["<b>", "</b>", "&", "&lt;", "&amp;", '"', "'", "<a href='x'>", "*_~`", "<!here>", "@channel", *WHOLE_SIGNS]
PIECES = st.one_of(
    st.text(max_size=20), st.sampled_from([*HARD, "\n", "\n\n", " ", "\u202e", "\x00", "\r\n", "\u200b"])
)
SHORT_TEXT = st.lists(PIECES, max_size=6).map("".join)
LONG_TEXT = st.tuples(SHORT_TEXT, st.integers(0, 2000), SHORT_TEXT).map(lambda made: made[0] * made[1] + made[2])
TEXT = st.one_of(SHORT_TEXT, LONG_TEXT.filter(lambda text: len(text) < 6_000))
LINK = st.one_of(
    st.just(""),
    st.text(max_size=20),
    st.integers(0, 1500).map(lambda length: "https://voorbeeld.test/" + '"' * length),
    st.sampled_from(
        ["https://a.test/?b=1&c=<d>", "HTTP://A.TEST", "https://", "javascript:alert(1)", "tg://user?id=1"]
    ),
)
BUTTON = st.builds(
    Button,
    label=st.one_of(
        SHORT_TEXT, st.integers(0, 99).map(str), st.sampled_from(["Menu", "Volgende 4", "Vorige 5", "\u200d"])
    ),
    sends=st.text(st.characters(exclude_categories=["Cs"]), max_size=11),
    about=st.text("abc123._-", max_size=16),
)


def _replies(titles: st.SearchStrategy[str]) -> st.SearchStrategy[Reply]:
    card = st.builds(
        Card,
        title=titles,
        lines=st.lists(TEXT, max_size=3).map(tuple),
        link=LINK,
        number=st.integers(0, 99),
    )
    section = st.builds(Section, heading=titles, cards=st.lists(card, max_size=3).map(tuple))
    return st.builds(
        Reply,
        text=TEXT,
        sections=st.lists(section, max_size=3).map(tuple),
        quote=TEXT,
        footer=TEXT,
        buttons=st.lists(BUTTON, max_size=12).map(tuple),
        form=st.one_of(st.none(), st.builds(Form, question=SHORT_TEXT, sends=st.just("x"))),
        link=st.sampled_from(["", "l_token", "p_offer", "p_<b>"]),
    )


PLACES = st.builds(Place, bot=st.sampled_from(["", "skb_bot"]), group=st.booleans())


@settings(deadline=None)  # several share the machine
@given(reply=_replies(TEXT), place=PLACES)
def test_any_reply_can_be_sent(reply: Reply, place: Place) -> None:
    messages = render(reply, place)
    assert messages == render(reply, place)
    for message in messages:
        visible = _visible(message.html)
        assert 1 <= _units(visible) <= 4096
        assert len(message.html.encode()) <= 32_000
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]", visible)
        assert _seen(visible), "nothing to see"
    assert all(message.keyboard is None for message in messages[:-1])


@settings(deadline=None)
@given(reply=_replies(SHORT_TEXT))
def test_all_is_said_in_order_and_only_what_we_mark_is_marked(reply: Reply) -> None:
    parts = [part for message in render(reply, PRIVATE) for part in _parts(message.html)]
    titles, headings, links, said = [], [], [], [reply.text]
    for section in reply.sections:
        headings.append(section.heading)
        said.append(section.heading)
        for card in section.cards:
            titles.append((f"{card.number}. " if card.number else "") + card.title)
            links.append(card.link)
            said += [titles[-1], *card.lines, card.link]
    said += [reply.footer, reply.form.question if reply.form else "", reply.quote]
    assert _seen(*(part.text for part in parts)) == (_seen(*said) or "…")
    for tag, meant in (("b", titles), ("u", headings), ("i", [reply.footer])):
        assert _seen(*(part.text for part in parts if part.tag == tag)) == _seen(*meant)
    for part in parts:
        assert part.href == (part.text if part.tag == "a" else "")
        assert part.tag != "a" or re.match(r"(?i)https?://\S", part.text)
    clickable = [_seen(link) for link in links if re.match(r"(?i)https?://[^/?#]", link) and len(link) <= 1000]
    assert [_seen(part.text) for part in parts if part.tag == "a"] == clickable


@settings(deadline=None)
@given(pad=st.integers(3000, 4096), lines=st.lists(st.integers(1, 5000).map("w".__mul__), min_size=1, max_size=3))
def test_a_heading_or_title_never_stays_behind_alone(pad: int, lines: list[str]) -> None:
    card = Card("Titel", tuple(lines), link="https://a.test/")
    reply = Reply("x" * pad, (Section("Kop", (card, card)), Section("Kop", (Card("Titel", link="https://a.test/"),))))
    shown = "\n\n".join(message.html for message in render(reply, PRIVATE))
    assert len(re.findall(r"<u>Kop</u>\n<b>Titel</b>\n(?:w|<a)", shown)) == 2
    assert len(re.findall(r"<b>Titel</b>\n(?:w|<a)", shown)) == 3


@settings(deadline=None)
@given(buttons=st.lists(BUTTON, max_size=150), place=PLACES, link=st.sampled_from(["", "l_token", "p_offer"]))
def test_any_buttons_fit(buttons: list[Button], place: Place, link: str) -> None:
    keyboard = render(Reply("x", buttons=tuple(buttons), link=link), place)[-1].keyboard
    rows = keyboard.inline_keyboard if isinstance(keyboard, InlineKeyboardMarkup) else ()
    shown = [button for row in rows for button in row]
    assert len(shown) <= 100
    assert all(1 <= len(row) <= 5 for row in rows)
    assert all(_seen(button.text) and len(button.text) <= 64 for button in shown)
    pressed = [str(button.callback_data) for button in shown if button.url is None]
    assert sorted(pressed) == sorted(f"{button.about}:{button.sends}" for button in buttons[: len(pressed)])
    assert len(pressed) >= min(len(buttons), 99)
    assert all(1 <= len(data.encode()) <= 64 for data in pressed)


@settings(deadline=None)
@given(BUTTON)
def test_a_button_can_be_read_back(button: Button) -> None:
    read = read_button(f"{button.about}:{button.sends}")
    assert read == ((button.about, button.sends) if button.sends.strip() else None)


@settings(deadline=None)
@given(st.text())
def test_a_button_with_nonsense_is_read_or_refused(data: str) -> None:
    assert read_button(data) in (None, tuple(data.split(":", 1)))


@pytest.mark.parametrize("data", ["", ":", "menu", "token:", "token: ", ":" + "x" * 64, "x" * 64 + ":menu", "\ud800"])
def test_what_is_no_button_of_ours_is_refused(data: str) -> None:
    assert read_button(data) is None


def test_a_text_may_hold_colons() -> None:
    assert read_button("token.offer:zoek: debat") == ("token.offer", "zoek: debat")
    assert read_button(":menu") == ("", "menu")


# Cutting


@settings(deadline=None)
@given(
    pad=st.integers(4080, 4100),
    signs=st.lists(st.sampled_from(WHOLE_SIGNS), min_size=20, max_size=60),
    said=st.sampled_from([Reply, lambda text: Reply("", quote=text), lambda text: Reply("", footer=text)]),
)
def test_no_sign_is_cut_in_two(pad: int, signs: list[str], said: Callable[[str], Reply]) -> None:
    shown = [_visible(message.html) for message in render(said("x" * pad + "".join(signs)), PRIVATE)]
    assert "".join(shown) == "x" * pad + "".join(signs)
    # Two flags side by side, or an accent after a letter: what may be cut is only what stands between two of ours.
    allowed = {pad + len("".join(signs[:count])) for count in range(len(signs) + 1)} | set(range(1, pad + 1))
    place = 0
    for text in shown[:-1]:
        place += len(text)
        assert place in allowed
        assert _units(text) > 4096 - max(map(_units, WHOLE_SIGNS)) - 1


@pytest.mark.parametrize("sign", [FAMILY, DUTCH, SCOTTISH, "👍🏽", "e\u0301"])
@pytest.mark.parametrize("before", range(4080, 4097))
def test_a_sign_exactly_at_the_cut_stays_whole(sign: str, before: int) -> None:
    first, *others = [_visible(message.html) for message in render(Reply("x" * before + sign * 2), PRIVATE)]
    fit = min((4096 - before) // _units(sign), 2)
    assert first == "x" * before + sign * fit
    assert "".join(others) == sign * (2 - fit)


def test_a_pile_of_accents_is_cut_all_the_same() -> None:
    pile = "x" * 10 + "\u0301" * 9000
    shown = [_visible(message.html) for message in render(Reply(pile), PRIVATE)]
    assert "".join(shown) == pile
    assert [len(text) for text in shown] == [4096, 4096, 818]


def test_cards_stay_whole_while_they_fit() -> None:
    cards = tuple(Card(f"Titel {number}", ("w" * 300, "Einde."), number=number) for number in range(1, 41))
    shown = [_visible(message.html) for message in render(Reply("Lijst", (Section("Kop", cards),)), PRIVATE)]
    assert len(shown) == 4  # 40 cards of over 300 letters
    for number in range(1, 41):
        assert sum(f"{number}. Titel {number}\n{'w' * 300}\nEinde." in text for text in shown) == 1


def test_a_heading_goes_with_its_card_to_the_next_message() -> None:
    reply = Reply("x" * 4085, (Section("Kop", (Card("Titel", ("regel",)),)),))
    assert [message.html for message in render(reply, PRIVATE)] == ["x" * 4085, "<u>Kop</u>\n<b>Titel</b>\nregel"]


def test_paragraphs_are_cut_between_then_at_lines_then_at_blanks() -> None:
    def cut(text: str) -> list[str]:
        return [message.html for message in render(Reply(text), PRIVATE)]

    a, b = "a" * 3000, "b" * 3000
    assert cut(f"{a}\nc\n\n{b}\nd") == [f"{a}\nc", f"{b}\nd"]
    assert cut(f"{a}\n{b}") == [a, b]
    assert cut(f"{a} {b}") == [a, b]
    assert cut("\n\n".join(("a" * 1000, "b" * 1000, "c" * 2092))) == ["\n\n".join(("a" * 1000, "b" * 1000, "c" * 2092))]
    assert cut("\n\n".join(("a" * 1000, "b" * 1000, "c" * 2093))) == [f"{'a' * 1000}\n\n{'b' * 1000}", "c" * 2093]
    assert cut("\n".join(("a" * 2000, "b" * 2095))) == ["\n".join(("a" * 2000, "b" * 2095))]
    assert cut("\n".join(("a" * 2000, "b" * 2096))) == ["a" * 2000, "b" * 2096]
    assert cut("\n\n  a \n") == ["a"]
    assert cut("a" * 4096) == ["a" * 4096]
    assert cut("a" * 4097) == ["a" * 4096, "a"]
    assert cut("a" * 4096 + " " * 9000) == ["a" * 4096]
    assert cut(" " * 4096 + "a" * 4097) == ["a" * 4096, "a"]
    assert cut("&" * 4097) == ["&amp;" * 4096, "&amp;"]


def test_a_long_italic_line_is_italic_in_every_message() -> None:
    assert [message.html for message in render(Reply("", footer="i" * 5000), PRIVATE)] == [
        f"<i>{'i' * 4096}</i>",
        f"<i>{'i' * 904}</i>",
    ]


def test_a_title_and_a_label_are_clipped() -> None:
    reply = Reply("", (Section("k" * 5000, (Card("t" * 5000, number=12),)),), buttons=(Button("l" * 5000, "x"),))
    (message,) = render(reply, PRIVATE)
    assert [part.text for part in _parts(message.html) if part.tag] == ["k" * 299 + "…", "12. " + "t" * 295 + "…"]
    assert _buttons(message)[0].text == "l" * 63 + "…"


def test_links_that_double_a_message_still_fit_what_telegram_takes() -> None:
    cards = tuple(Card("", link="https://a.test/" + '"' * 480) for _ in range(8))
    messages = render(Reply("", (Section("", cards),)), PRIVATE)
    assert len(messages) == 2  # in letters that are seen they would fit in one
    assert all(len(message.html.encode()) <= 32_000 for message in messages)


# What is kept of odd characters


def test_a_text_to_send_on_stands_alone_and_unchanged() -> None:
    before, text = render(Reply("Kijk:", quote="Hallo,\n\n\n  “a”\u00a0& <b>\n\nGroet,", footer="Voet"), PRIVATE)
    assert before.html == "Kijk:\n\n<i>Voet</i>"
    assert _visible(text.html) == "Hallo,\n\n\n  “a”\u00a0& <b>\n\nGroet,"


@pytest.mark.parametrize("text", [*WHOLE_SIGNS, "\U0001fae8", "نمی\u200cخواهم", "Zoë · “x” € ½", "a\u00a0b"])
def test_what_people_write_survives(text: str) -> None:
    assert render(Reply(text), PRIVATE) == [Message(text, None)]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\u202eb\u2066c\u200e\u00addd", "abcdd"),
        ("a\x00b\x1b[31mc\ud800", "ab[31mc"),
        ("a\tb\r\nc\rd\u2028e", "a b\nc\nd\ne"),
        ("a\U000e0061\U000e0062", "a"),  # letters that nobody sees outside a flag
        ("\ue000a", "a"),
    ],
)
def test_what_nobody_sees_does_not(text: str, left: str) -> None:
    assert render(Reply(text), PRIVATE) == [Message(left, None)]


@pytest.mark.parametrize("text", ["", " \n\t", "\u200d", "\ufe0f\u2800\u3164", "\u202e"])
def test_a_reply_without_anything_to_see_is_still_a_message(text: str) -> None:
    reply = Reply(text, (Section(text, (Card(text, (text,), link=text),)),), quote=text, footer=text)
    assert render(reply, PRIVATE) == [Message("…", None)]


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://a.test/?b&c", '<a href="https://a.test/?b&amp;c">https://a.test/?b&amp;c</a>'),
        ("https://a.test/\n\u202eb c", '<a href="https://a.test/bc">https://a.test/bc</a>'),
        ("MAILTO:info@a.test", "info@a.test"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("java\nscript:alert(1)//https://a.test", "javascript:alert(1)//https://a.test"),
        ("tg://user?id=1", "tg://user?id=1"),
        ("https:///weg", "https:///weg"),
        ("www.a.test", "www.a.test"),
    ],
)
def test_only_web_addresses_become_links(link: str, shown: str) -> None:
    assert [message.html for message in render(Reply("", (Section("", (Card("", link=link),)),)), PRIVATE)] == [shown]


# The keyboard


def _buttons(message: Message) -> list[InlineKeyboardButton]:
    assert isinstance(message.keyboard, InlineKeyboardMarkup)
    return [button for row in message.keyboard.inline_keyboard for button in row]


def _labels(reply: Reply, place: Place = PRIVATE) -> list[list[str]]:
    keyboard = render(reply, place)[-1].keyboard
    assert isinstance(keyboard, InlineKeyboardMarkup)
    return [[button.text for button in row] for row in keyboard.inline_keyboard]


def test_buttons_stand_in_rows_that_save_room() -> None:
    labels = ["1", "2", "3", "4", "5", "6", "Volgende 4", "Vorige 5", "Filter", "Plaats maakt niet uit", "Help", "Menu"]
    assert _labels(Reply("x", buttons=tuple(Button(label, "x") for label in labels))) == [
        ["1", "2", "3", "4", "5"],
        ["6"],
        ["Volgende 4", "Vorige 5"],
        ["Filter"],
        ["Plaats maakt niet uit"],
        ["Help", "Menu"],
    ]


def test_two_buttons_share_a_row_while_both_can_be_read() -> None:
    def rows(*labels: str) -> list[list[str]]:
        return _labels(Reply("x", buttons=tuple(Button(label, "x") for label in labels)))

    assert rows("a" * 18, "b" * 18, "c") == [["a" * 18, "b" * 18], ["c"]]
    assert rows("a" * 18, "b" * 19, "c") == [["a" * 18], ["b" * 19], ["c"]]


def test_a_hundred_buttons_are_the_most_and_the_way_elsewhere_is_one_of_them() -> None:
    buttons = tuple(Button("Menu", f"menu {number}") for number in range(120))
    without, sharing = (
        _buttons(render(Reply("x", buttons=buttons, link=link), PRIVATE)[-1]) for link in ("", "p_offer")
    )
    assert [button.callback_data for button in without] == [f":menu {number}" for number in range(100)]
    assert [button.callback_data for button in sharing] == [*(f":menu {number}" for number in range(99)), None]


def test_a_programme_can_be_shared_and_says_what_it_is() -> None:
    *_, share = _buttons(render(Reply("Debat & <meer>\nVan: iemand", link="p_a-b_1"), PRIVATE)[-1])
    assert share.text == "Deel met collega"
    address = urlsplit(str(share.url))
    assert (address.scheme, address.netloc, address.path) == ("https", "t.me", "/share/url")
    assert parse_qs(address.query) == {"url": ["https://t.me/skb_bot?start=p_a-b_1"], "text": ["Debat & <meer>"]}


@pytest.mark.parametrize("link", ["p_offer", "l_token"])
def test_in_a_group_anything_can_be_seen_in_private(link: str) -> None:
    (button,) = _buttons(render(Reply("x", link=link), GROUP)[-1])
    assert (button.text, button.url) == ("Bekijk privé", f"https://t.me/skb_bot?start={link}")


@pytest.mark.parametrize(
    ("link", "place"),
    [
        ("l_token", PRIVATE),
        ("", GROUP),
        ("p_<b>", GROUP),
        ("p_" + "x" * 63, PRIVATE),
        ("p_offer", Place("")),
        ("p_offer", Place("", group=True)),
    ],
)
def test_no_button_leads_nowhere(link: str, place: Place) -> None:
    assert render(Reply("x", link=link), place) == [Message("x", None)]


def test_a_question_back_waits_for_an_answer_in_a_group_only() -> None:
    reply = Reply("Vraag", form=Form("v" * 100, "melding"), buttons=(Button("Terug", "terug"),), link="l_token")
    assert _labels(reply) == [["Terug"]]
    (message,) = render(reply, GROUP)
    assert message.keyboard == ForceReply(selective=True, input_field_placeholder="v" * 63 + "…")
    assert isinstance(message.keyboard, ForceReply)
    assert message.keyboard.selective
    assert message.keyboard.input_field_placeholder == "v" * 63 + "…"
    assert message.html == "Vraag\n\n" + "v" * 100


# Made apart from python-telegram-bot


@pytest.mark.parametrize("name", GOLDENS)
def test_another_library_finds_the_messages_valid(name: str) -> None:
    for message in render(*GOLDENS[name]):
        payload = {"chat_id": 1, "text": message.html, "parse_mode": "HTML"}
        if message.keyboard:
            payload["reply_markup"] = message.keyboard.to_dict()
        sent = SendMessage.model_validate(payload)
        assert sent.model_dump(exclude_none=True, exclude_unset=True, warnings=False)["text"] == message.html
        assert (sent.reply_markup is None) == (message.keyboard is None)


if __name__ == "__main__":
    for file, (reply, place) in GOLDENS.items():
        (GOLDEN / f"{file}.txt").write_text(_described(render(reply, place)) + "\n", encoding="utf-8")
