"""Every rule of the emulated Bot API, broken: the error that the caller gets, or the violation that the test finds."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from tests.emulators.telegram import METHODS, Message, TelegramEmulator
from tests.emulators.telegram.calls import Method
from tests.emulators.telegram.faults import Limits
from tests.emulators.telegram.play import Json, ask, bot_of, played, refusal
from tests.emulators.telegram.refusals import Refused

CHAT = 7


def buttons(*rows: list[Any]) -> Json:
    return {"inline_keyboard": [*rows]}


def button(label: str = "1", **action: Any) -> Json:
    return {"text": label, **(action or {"callback_data": "x"})}


def bad_link(link: str, why: str) -> str:
    return f"inline keyboard button URL '{link}' is invalid: {why}"


async def scene(telegram: TelegramEmulator) -> Message:
    """Chat 7 with a message of its person (1) and one of the bot (2); chat 8 of a stranger."""
    leraar = telegram.person("Leraar A", id=CHAT)
    telegram.person("Onbekende", id=8)
    await telegram.start(leraar)
    await ask(telegram, "sendMessage", chat_id=CHAT, text="Kies", reply_markup=buttons([button()]))
    return telegram.last(leraar)


NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current"
    " content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"

REFUSED: list[tuple[str, Json, str]] = [
    # texts
    ("sendMessage", {}, "chat_id is empty"),
    ("sendMessage", {"chat_id": CHAT}, "message text is empty"),
    ("sendMessage", {"chat_id": CHAT, "text": ""}, "message text is empty"),
    ("sendMessage", {"chat_id": CHAT, "text": " \n "}, "message text is empty"),
    ("sendMessage", {"chat_id": CHAT, "text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
    ("sendMessage", {"chat_id": CHAT, "text": "x" * 4097}, "message is too long"),
    ("sendMessage", {"chat_id": CHAT, "text": "🏟" * 2049}, "message is too long"),
    ("sendMessage", {"chat_id": CHAT, "text": "hoi", "parse_mode": "BBCode"}, "unsupported parse_mode"),
    (
        "sendMessage",
        {"chat_id": CHAT, "text": "hoi", "entities": [{"type": "bold", "offset": 2, "length": 2}]},
        "entity beginning at UTF-16 offset 2 ends after the end of the text at 3",
    ),
    ("sendMessage", {"chat_id": CHAT, "text": "hoi", "entities": "[{"}, "can't parse entities JSON object"),
    (
        "sendMessage",
        {"chat_id": CHAT, "text": "hoi", "entities": [{"type": "bold"}]},
        "can't parse entities.0.offset: Field required (emulator's words)",
    ),
    (
        "sendMessage",
        {"chat_id": CHAT, "text": "hoi", "reply_parameters": {"allow_sending_without_reply": True}},
        "can't parse reply parameters: Can't find field \"message_id\"",
    ),
    # where to
    ("sendMessage", {"chat_id": 99, "text": "hoi"}, "chat not found"),
    ("sendMessage", {"chat_id": "@skb", "text": "hoi"}, "chat not found"),
    ("sendMessage", {"chat_id": CHAT, "text": "hoi", "message_thread_id": 3}, "message thread not found"),
    (
        "sendMessage",
        {"chat_id": CHAT, "text": "hoi", "reply_parameters": {"message_id": 99}},
        "message to be replied not found",
    ),
    # editing
    ("editMessageText", {"text": "hoi"}, "message identifier is not specified"),
    ("editMessageText", {"chat_id": CHAT, "message_id": 99, "text": "hoi"}, "message to edit not found"),
    ("editMessageText", {"chat_id": CHAT, "message_id": 1, "text": "hoi"}, "message can't be edited"),
    ("editMessageText", {"chat_id": CHAT, "message_id": 2, "text": ""}, "message text is empty"),
    ("editMessageText", {"chat_id": CHAT, "message_id": 2, "text": "x" * 4097}, "message is too long"),
    (
        "editMessageText",
        {"chat_id": CHAT, "message_id": 2, "text": "Kies", "reply_markup": buttons([button()])},
        NOT_MODIFIED,
    ),
    (
        "editMessageText",
        {"chat_id": CHAT, "message_id": 2, "text": "Kies", "reply_markup": {"force_reply": True}},
        "can't parse reply_markup.inline_keyboard: Field required (emulator's words)",
    ),
    (
        "editMessageReplyMarkup",
        {"chat_id": CHAT, "message_id": 2, "reply_markup": buttons([button()])},
        NOT_MODIFIED,
    ),
    ("editMessageReplyMarkup", {"chat_id": CHAT, "message_id": 1}, "message can't be edited"),
    ("deleteMessage", {"chat_id": CHAT, "message_id": 99}, "message to delete not found"),
    # what people notice besides
    ("answerCallbackQuery", {"callback_query_id": "1"}, TOO_OLD),
    ("sendChatAction", {"chat_id": CHAT, "action": "sleeping"}, "wrong parameter action in request"),
    ("sendChatAction", {"chat_id": 99, "action": "typing"}, "chat not found"),
    # about the bot
    ("setMyCommands", {"commands": [{"command": "", "description": "x"}]}, "command name must be non-empty"),
    ("setMyCommands", {"commands": [{"command": "/", "description": "x"}]}, "command name must be non-empty"),
    (
        "setMyCommands",
        {"commands": [{"command": "z" * 33, "description": "x"}]},
        "command name length must not exceed 32",
    ),
    ("setMyCommands", {"commands": [{"command": "Zoek", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "zoek-op", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    (
        "setMyCommands",
        {"commands": [{"command": "zoek", "description": " "}]},
        "command description must be non-empty",
    ),
    (
        "setMyCommands",
        {"commands": [{"command": "zoek", "description": "x" * 257}]},
        "command description length must not exceed 256",
    ),
    (
        "setMyCommands",
        {"commands": [{"command": f"c{number}", "description": "x"} for number in range(101)]},
        "BOT_COMMANDS_TOO_MUCH",
    ),
    ("setMyCommands", {"commands": [], "language_code": "nld"}, "invalid language code specified"),
    ("setMyCommands", {"commands": [], "scope": {"type": "chat", "chat_id": 99}}, "chat not found"),
    ("setMyDescription", {"description": "x" * 513}, "description is longer than 512 (emulator's words)"),
    (
        "setMyShortDescription",
        {"short_description": "x" * 121},
        "short_description is longer than 120 (emulator's words)",
    ),
    # chats and files
    ("getChat", {"chat_id": 99}, "chat not found"),
    ("getChatMember", {"chat_id": CHAT, "user_id": 99}, "user not found"),
    ("leaveChat", {"chat_id": CHAT}, "chat member status can't be changed in private chats"),
    ("getFile", {"file_id": "none"}, "wrong file_id or the file is temporarily unavailable"),
    ("sendDocument", {"chat_id": CHAT, "document": "none"}, "wrong file identifier/HTTP URL specified"),
    ("sendDocument", {"chat_id": CHAT}, "document is empty"),
]


@pytest.mark.parametrize(("method", "arguments", "reason"), REFUSED)
@played
async def test_refused(telegram: TelegramEmulator, method: str, arguments: Json, reason: str) -> None:
    await scene(telegram)
    assert await refusal(telegram, method, arguments) == f"400 Bad Request: {reason}"


TO_THE_LIMIT: list[tuple[str, Json]] = [
    ("sendMessage", {"chat_id": CHAT, "text": "x" * 4096}),
    ("sendMessage", {"chat_id": str(CHAT), "text": "🏟" * 2048}),
    ("sendMessage", {"chat_id": CHAT, "text": "<b>" + "x" * 4096 + "</b>", "parse_mode": "html"}),
    (
        "sendMessage",
        {"chat_id": CHAT, "text": "x", "reply_parameters": {"message_id": 99, "allow_sending_without_reply": True}},
    ),
    ("sendMessage", {"chat_id": CHAT, "text": "x", "reply_markup": buttons([button(callback_data="é" * 32)])}),
    ("sendMessage", {"chat_id": CHAT, "text": "x", "reply_markup": buttons([button()] * 8)}),
    ("sendMessage", {"chat_id": CHAT, "text": "x", "reply_markup": buttons(*[[button()] * 5] * 20)}),
    ("sendMessage", {"chat_id": CHAT, "text": "x", "reply_markup": {"remove_keyboard": True}}),
    (
        "sendMessage",
        {"chat_id": CHAT, "text": "x", "reply_markup": {"force_reply": True, "input_field_placeholder": "x" * 64}},
    ),
    ("sendMessage", {"chat_id": CHAT, "text": "hoi", "entities": [{"type": "bold", "offset": 0, "length": 3}]}),
    ("editMessageText", {"chat_id": CHAT, "message_id": 2, "text": "Kies"}),
    ("editMessageReplyMarkup", {"chat_id": CHAT, "message_id": 2, "reply_markup": buttons([button("2")])}),
    ("deleteMessage", {"chat_id": CHAT, "message_id": 1}),
    ("setMyCommands", {"commands": [{"command": "z" * 32, "description": "x" * 256}], "language_code": "nl"}),
    ("setMyCommands", {"commands": [], "scope": {"type": "chat", "chat_id": CHAT}}),
    ("setMyDescription", {"description": "x" * 512}),
    ("setMyShortDescription", {"short_description": "x" * 120}),
    ("GETME", {}),
]


@pytest.mark.parametrize(("method", "arguments"), TO_THE_LIMIT)
@played
async def test_what_is_just_allowed(telegram: TelegramEmulator, method: str, arguments: Json) -> None:
    await scene(telegram)
    assert (await ask(telegram, method, arguments))["ok"]
    assert telegram.violations == []


# --- HTML

UNREADABLE = [
    ("<div>hoi</div>", 'Unsupported start tag "div" at byte offset 0'),
    ("é <br>", 'Unsupported start tag "br" at byte offset 3'),
    ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
    ("<b>hoi", 'Can\'t find end tag corresponding to start tag "b"'),
    ("<b><i>hoi</b></i>", 'Unmatched end tag at byte offset 9, expected "</i>", found "</b>"'),
    ("hoi</b>", "Unexpected end tag at byte offset 3"),
    ("<b>hoi</b", "Unclosed end tag at byte offset 6"),
    ("hoi <b", "Unclosed start tag at byte offset 4"),
    ('<a href="https://example.org>hoi</a>', "Unclosed start tag at byte offset 0"),
    ("<a href=https://example.org>hoi</a>", "Unexpected end of name token at byte offset 8"),
    ('<a ="x">hoi</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
    ("<i a = ", 'Unclosed start tag "i" at byte offset 0'),
    ("<span>hoi</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("<tg-emoji>x</tg-emoji>", "Invalid custom emoji identifier specified"),
    ("&#57311;", "Text contains invalid Unicode characters after decoding HTML entities"),
]


@pytest.mark.parametrize(("html", "reason"), UNREADABLE)
@played
async def test_html_that_telegram_does_not_read(telegram: TelegramEmulator, html: str, reason: str) -> None:
    await scene(telegram)
    for method, arguments in (("sendMessage", {}), ("editMessageText", {"message_id": 2})):
        said = await refusal(telegram, method, arguments, chat_id=CHAT, text=html, parse_mode="HTML")
        assert said == f"400 Bad Request: can't parse entities: {reason}"


READ: list[tuple[str, str, list[tuple[str, int, int]]]] = [
    ("&ge;&lt;&gt;&amp;&quot;&laquo;&nbsp;&#8217;&#x2019;", '&ge;<>&"&laquo;&nbsp;’’', []),
    ("R&D & meer, 3 &lt 4", "R&D & meer, 3 < 4", []),
    ("🏟 <i>🏟 &gt;<b>&lt🏟</b></i>", "🏟 🏟 ><🏟", [("italic", 3, 7), ("bold", 7, 3)]),
    ("<B>a</B><strong>b</strong><em>c</em>", "abc", [("bold", 0, 1), ("bold", 1, 1), ("italic", 2, 1)]),
    ("<u>a</u><ins>b</ins>", "ab", [("underline", 0, 1), ("underline", 1, 1)]),
    ("<s>a</s><strike>b</strike><del>c</del>", "abc", [("strikethrough", place, 1) for place in range(3)]),
    ('<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span>', "ab", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
    ("<a href='https://example.org/?a=1&amp;b=2'>a</a>", "a", [("text_link", 0, 1)]),
    ("<blockquote>a</blockquote>", "a", [("blockquote", 0, 1)]),
    ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
    ('<pre><code class="language-python">a</code></pre>', "a", [("pre", 0, 1)]),
    ('<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>', "👍", [("custom_emoji", 0, 2)]),
    ("<code>/zoek @piet</code> /help", "/zoek @piet /help", [("code", 0, 11), ("bot_command", 12, 5)]),
    ("<code><b>a</b></code>", "a", [("code", 0, 1)]),
    ("  <b>a</b> \n", "a", [("bold", 0, 1)]),
    ("<b> a</b>", " a", [("bold", 0, 2)]),
    ("<b></b>a</b>"[:8], "a", []),
    ("<i>a</>", "a", [("italic", 0, 1)]),
]


@pytest.mark.parametrize(("html", "text", "marks"), READ)
@played
async def test_html_as_people_see_it(
    telegram: TelegramEmulator, html: str, text: str, marks: list[tuple[str, int, int]]
) -> None:
    await scene(telegram)
    sent = (await ask(telegram, "sendMessage", chat_id=CHAT, text=html, parse_mode="HTML"))["result"]
    entities = [(one["type"], one["offset"], one["length"]) for one in sent.get("entities", [])]
    assert (sent["text"], entities) == (text, marks)
    assert telegram.violations == []


# --- Keyboards

UNREADABLE_BUTTON = "can't parse inline keyboard button"
NO_ACTION = f"{UNREADABLE_BUTTON}: Text buttons are unallowed in the inline keyboard"
IN_ROWS = 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'

KEYBOARDS: list[tuple[object, str]] = [
    (buttons([button(callback_data="é" * 33)]), "BUTTON_DATA_INVALID"),
    (buttons([{"text": "1"}]), NO_ACTION),
    (buttons([button(callback_data="")]), NO_ACTION),
    (buttons([button(url="ftp://x.org")]), bad_link("ftp://x.org", "Unsupported URL protocol")),
    (buttons([button(url="http://localhost")]), bad_link("http://localhost", "Wrong HTTP URL")),
    (buttons([button(url="tel:+3130")]), bad_link("tel:+3130", "Wrong port number specified in the URL")),
    ("{", "can't parse reply_markup JSON object"),
]


@pytest.mark.parametrize(("markup", "reason"), KEYBOARDS)
@played
async def test_keyboards_that_telegram_refuses(telegram: TelegramEmulator, markup: object, reason: str) -> None:
    await scene(telegram)
    for method, arguments in (("sendMessage", {}), ("editMessageText", {"message_id": 2})):
        said = await refusal(telegram, method, arguments, chat_id=CHAT, text="x", reply_markup=markup)
        assert said == f"400 Bad Request: {reason}"


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (buttons([{"callback_data": "x"}]), f'{UNREADABLE_BUTTON}: Can\'t find field "text"'),
        (buttons([button(callback_data=7)]), f'{UNREADABLE_BUTTON}: Field "callback_data" must be of type String'),
        (buttons(["1"]), f"{UNREADABLE_BUTTON}: InlineKeyboardButton must be an Object"),
        ({"inline_keyboard": [button()]}, IN_ROWS),
        ({"inline_keyboard": "x"}, IN_ROWS),
    ],
)
@played
async def test_keyboards_of_the_wrong_form(telegram: TelegramEmulator, markup: Json, reason: str) -> None:
    await scene(telegram)
    said = await refusal(telegram, "sendMessage", chat_id=CHAT, text="x", reply_markup=markup)
    assert said == f"400 Bad Request: {reason}"


# --- What Telegram lets pass in silence

SILENT: list[tuple[Json, str]] = [
    ({"smell": "roses"}, "unknown parameter smell"),
    ({"link_preview_options": {"smell": 1}}, "unknown parameter link_preview_options.smell"),
    (
        {"reply_markup": buttons([button(colour="red", callback_data="x")])},
        "unknown parameter reply_markup.inline_keyboard[0][0].colour",
    ),
    ({"reply_to_message_id": 1}, "deprecated parameter reply_to_message_id"),
    ({"message_effect_id": "1"}, "parameter message_effect_id is not emulated"),
    ({"reply_markup": {}}, "reply_markup is of 0 kinds"),
    ({"reply_markup": {**buttons([button()]), "force_reply": True}}, "reply_markup is of 2 kinds"),
    ({"reply_markup": buttons([button()] * 9)}, "a row of 9 buttons: Telegram shows 8"),
    ({"reply_markup": buttons(*[[button()]] * 101)}, "101 buttons: Telegram keeps 100"),
    ({"reply_markup": buttons([button(""), button()])}, "a button without text is left out"),
    (
        {"reply_markup": buttons([button(url="https://x.org", callback_data="x")])},
        "button '1' does 2 things: url, callback_data",
    ),
    (
        {"reply_markup": buttons([button(url="mailto:a@x.org")])},
        "button URL 'mailto:a@x.org' would open http://mailto:a@x.org",
    ),
    (
        {"reply_markup": buttons([button(url="https://t.me/skbbot?start=a.b")])},
        "deep link 'https://t.me/skbbot?start=a.b' carries what Telegram would not pass on",
    ),
    (
        {"reply_markup": buttons([button(url=f"https://t.me/skbbot?start={'x' * 65}")])},
        f"deep link 'https://t.me/skbbot?start={'x' * 65}' carries what Telegram would not pass on",
    ),
    (
        {"reply_markup": {"force_reply": True, "input_field_placeholder": "x" * 65}},
        "input_field_placeholder of 65 characters",
    ),
    (
        {"reply_markup": {"force_reply": True, "input_field_placeholder": ""}},
        "input_field_placeholder of 0 characters",
    ),
    ({"text": "<a>hier</a>"}, "text: link 'hier' is lost: Wrong HTTP URL"),
    ({"text": "<a>example.org</a>"}, "text: <a> without href around 'example.org'"),
    ({"text": '<a href="ftp://x.y">x</a>'}, "text: link 'ftp://x.y' is lost: Unsupported URL protocol"),
    ({"text": '<b class="x">x</b>'}, "text: <b> knows no attribute class"),
    ({"text": "<b>x</b> " * 101}, "text: 101 entities: Telegram keeps 100"),
]


@pytest.mark.parametrize(("arguments", "violation"), SILENT)
@played
async def test_violations(telegram: TelegramEmulator, arguments: Json, violation: str) -> None:
    await scene(telegram)
    assert (await ask(telegram, "sendMessage", {"chat_id": CHAT, "text": "x", "parse_mode": "HTML", **arguments}))["ok"]
    assert any(violation in found for found in telegram.violations), telegram.violations


@played
async def test_what_telegram_leaves_out_is_not_there(telegram: TelegramEmulator) -> None:
    message = await scene(telegram)
    leraar = telegram.world.chats[message.chat]
    await ask(telegram, "sendMessage", chat_id=CHAT, text="x", reply_markup=buttons([button(""), *[button()] * 9]))
    assert len(telegram.last(leraar).labels) == 8
    await ask(telegram, "sendMessage", chat_id=CHAT, text="x", reply_markup=buttons(*[[button()] * 3] * 40))
    assert len(telegram.last(leraar).labels) == 100


# --- Methods


@played
async def test_methods_that_do_not_exist_and_methods_that_are_not_imitated(telegram: TelegramEmulator) -> None:
    await scene(telegram)
    assert await refusal(telegram, "sendSmell") == "404 Not Found: method not found"
    assert telegram.violations == []
    for method, arguments in (
        ("sendDice", {"chat_id": CHAT}),
        ("sendMessage", {"chat_id": CHAT, "text": "*x*", "parse_mode": "MarkdownV2"}),
        ("sendMessage", {"chat_id": CHAT, "text": "x", "reply_markup": buttons([button(copy_text={"text": "x"})])}),
        ("sendMessage", {"chat_id": CHAT, "text": "x", "reply_parameters": {"message_id": 1, "quote": "x"}}),
    ):
        assert (await refusal(telegram, method, arguments)).startswith("501 ")
    assert len(telegram.violations) == 4
    assert telegram.violations[0] == "sendDice: not emulated: the Bot API has this method, the emulator hasn't"


@played
async def test_a_body_that_is_no_json(telegram: TelegramEmulator) -> None:
    async with aiohttp.ClientSession(headers={"Content-Type": "application/json"}) as session:
        answer = await session.post(f"{telegram.base_url}{telegram.token}/getMe", data="{")
        assert (answer.status, (await answer.json())["ok"]) == (400, False)


@played
async def test_a_result_that_telegram_could_not_give_is_a_violation(telegram: TelegramEmulator) -> None:
    honest = METHODS["getMe"]
    METHODS["getMe"] = Method(lambda _world, _call: {"id": 1, "smell": "roses"}, frozenset())
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{telegram.base_url}{telegram.token}/getMe") as answer,
        ):
            assert answer.status == 500
    finally:
        METHODS["getMe"] = honest
    assert "the emulator is broken" in telegram.violations[0]


@pytest.mark.parametrize("way", ["query", "form", "parts"])
@played
async def test_arguments_come_in_any_way_that_telegram_takes(telegram: TelegramEmulator, way: str) -> None:
    await scene(telegram)
    arguments = {"chat_id": str(CHAT), "text": "{hoi}", "disable_notification": "true"}
    arguments["reply_markup"] = json.dumps(buttons([button()]))
    form = aiohttp.FormData(arguments, default_to_multipart=way == "parts")
    sent: Json = {"params": arguments} if way == "query" else {"data": form}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{telegram.base_url}{telegram.token}/sendMessage", **sent) as answer,
    ):
        assert answer.status == 200, await answer.text()
    message = telegram.last(telegram.world.chats[CHAT])
    assert (message.text, message.silent, message.labels) == ("{hoi}", True, ("1",))


# --- Presses, deleting, files: rules about what was there before


@played
async def test_a_press_is_answered_once_and_in_time(telegram: TelegramEmulator) -> None:
    message = await scene(telegram)
    async with bot_of(telegram) as bot:
        press = await telegram.press(message, "1")
        with pytest.raises(BadRequest, match="Message_too_long"):
            await bot.answer_callback_query(press.id, "x" * 201)
        await bot.answer_callback_query(press.id, "x" * 200, show_alert=True)
        assert telegram.toasts[0].alert
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_callback_query(press.id)
        late = await telegram.press(message, "1")
        telegram.expire_presses()
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_callback_query(late.id)
    assert [one.id for one in telegram.unanswered_callbacks] == [late.id]


@played
async def test_what_the_bot_may_not_delete(telegram: TelegramEmulator) -> None:
    message = await scene(telegram)
    colleague = telegram.person("Collega")
    group = telegram.group("Team brugklas")
    await telegram.add_bot(group, colleague)
    said = await telegram.say(group, colleague, "/zoek debat")
    assert await refusal(telegram, "deleteMessage", chat_id=group.id, message_id=said.id) == (
        "400 Bad Request: message can't be deleted"
    )
    later = telegram.world.now() + 49 * 3600
    telegram.world.now = lambda: later
    assert await refusal(telegram, "deleteMessage", chat_id=CHAT, message_id=message.id) == (
        "400 Bad Request: message can't be deleted for everyone"
    )


@played
async def test_captions_and_files(telegram: TelegramEmulator) -> None:
    await scene(telegram)
    async with bot_of(telegram) as bot:
        with pytest.raises(BadRequest, match="Message caption is too long"):
            await bot.send_document(CHAT, b"x", caption="x" * 1025)
        await bot.send_document(CHAT, b"x", caption="x" * 1024)
        document = telegram.last(telegram.world.chats[CHAT])
        with pytest.raises(BadRequest, match="There is no text in the message to edit"):
            await bot.edit_message_text("x", CHAT, document.id)
        with pytest.raises(BadRequest, match="File must be non-empty"):
            await bot.send_document(CHAT, b"")
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{telegram.base_file_url}{telegram.token}/none") as answer,
    ):
        assert answer.status == 404


# --- Faults


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")  # how RetryAfter will count time
@played
async def test_faults_on_demand(telegram: TelegramEmulator) -> None:
    leraar = telegram.person("Leraar A")
    await telegram.start(leraar)
    async with bot_of(telegram) as bot:
        telegram.fault("sendMessage", status=429, retry_after=7)
        with pytest.raises(RetryAfter, match="Retry in 7 seconds"):
            await bot.send_message(leraar.id, "een")
        fault = telegram.fault(status=502, times=2)
        for _ in range(2):
            with pytest.raises(NetworkError, match="Bad Gateway"):
                await bot.send_message(leraar.id, "twee")
        assert fault.times == 0
        telegram.fault("sendMessage", status=403)
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(leraar.id, "drie")
        telegram.fault("sendMessage", status=400, description="Bad Request: CHAT_RESTRICTED")
        with pytest.raises(BadRequest, match="Chat_restricted"):
            await bot.send_message(leraar.id, "vier")
        telegram.fault("sendMessage", malformed=True)
        with pytest.raises(TelegramError, match="Invalid server response"):
            await bot.send_message(leraar.id, "vijf")
        telegram.fault("sendMessage", drop=True)
        with pytest.raises(NetworkError):
            await bot.send_message(leraar.id, "zes")
        telegram.fault("sendMessage", hang=30)
        with pytest.raises(TimedOut):
            await bot.send_message(leraar.id, "zeven", read_timeout=0.05)
        assert telegram.messages(leraar) == []
        telegram.fault("sendMessage", drop=True, when="after")
        with pytest.raises(NetworkError):
            await bot.send_message(leraar.id, "acht")
        telegram.fault("sendMessage", hang=30, when="after")
        with pytest.raises(TimedOut):
            await bot.send_message(leraar.id, "negen", read_timeout=0.05)
        telegram.fault("sendMessage", hang=0.01)
        await bot.send_message(leraar.id, "tien")
    assert [message.text for message in telegram.messages(leraar)] == ["acht", "negen", "tien"]


@played
async def test_a_fault_can_be_about_one_chat(telegram: TelegramEmulator) -> None:
    one, other = telegram.person("Een"), telegram.person("Ander")
    await telegram.start(one)
    await telegram.start(other)
    telegram.fault("sendMessage", chat=one, status=500)
    assert (await ask(telegram, "sendMessage", chat_id=other.id, text="hoi"))["ok"]
    async with bot_of(telegram) as bot:
        with pytest.raises(NetworkError, match="Internal Server Error"):
            await bot.send_message(one.id, "hoi")


@played
async def test_the_log_says_what_each_call_got(telegram: TelegramEmulator) -> None:
    message = await scene(telegram)
    telegram.fault("sendMessage", status=429)
    for text in ("een", "", "drie"):
        await ask(telegram, "sendMessage", chat_id=CHAT, text=text)
    statuses = [(call.arguments.get("text"), call.status) for call in telegram.calls_of("sendMessage")[1:]]
    assert statuses == [("een", 429), ("", 400), ("drie", 200)]
    assert message.text == "Kies"


# --- Limits


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")  # as above
@played
async def test_limits_are_enforced_on_demand(telegram: TelegramEmulator) -> None:
    people = [telegram.person(f"Lezer {number}") for number in range(31)]
    for person in people:
        await telegram.start(person)
    telegram.enforce_limits()
    async with bot_of(telegram) as bot:
        await bot.send_message(people[0].id, "een")
        with pytest.raises(RetryAfter):
            await bot.send_message(people[0].id, "twee")
        answers = await asyncio.gather(
            *(bot.send_message(person.id, "hoi") for person in people[1:]), return_exceptions=True
        )
    assert sum(isinstance(answer, RetryAfter) for answer in answers) == 1
    assert telegram.floods == 2


def test_the_windows_of_the_limits() -> None:
    now = 100.0
    limits = Limits(lambda: now)

    def wait(chat: int) -> int:
        try:
            limits.count(chat)
        except Refused as refused:
            return int(refused.parameters["retry_after"])
        return 0

    assert [wait(-5) for _ in range(21)] == [0] * 20 + [60]
    now = 100.5
    assert [wait(chat) for chat in range(1, 12)] == [0] * 10 + [1], "30 in any second, all together"
    now = 101.0
    assert (wait(1), wait(12)) == (1, 0), "1 a second to a person"
    now = 101.5
    assert (wait(1), wait(-5)) == (0, 59)
    now = 160.0
    assert wait(-5) == 0
