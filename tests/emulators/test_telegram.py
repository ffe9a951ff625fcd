"""The emulated Telegram as python-telegram-bot's own Bot and the people in it meet it."""

import asyncio

import aiohttp
import pytest
from telegram import Bot, ForceReply, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken

from tests.emulators.telegram import Group, Person, TelegramEmulator
from tests.emulators.telegram.play import ask, bot_of, played, refusal

KEYBOARD = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("1", callback_data="o_1:meer"), InlineKeyboardButton("2", callback_data="o_2:meer")],
        [InlineKeyboardButton("SKB", url="https://example.org/skb")],
    ]
)


async def started(telegram: TelegramEmulator, name: str = "Leraar A") -> Person:
    """Somebody who pressed Start, which the bot heard already."""
    person = telegram.person(name)
    await telegram.start(person)
    await heard(telegram)
    return person


async def joined(telegram: TelegramEmulator, *, supergroup: bool = True, forum: bool = False) -> tuple[Group, Person]:
    """A group with the bot in it, and somebody to speak there."""
    colleague = telegram.person("Collega")
    group = telegram.group("Team brugklas", supergroup=supergroup, forum=forum)
    await telegram.add_bot(group, colleague)
    await heard(telegram)
    return group, colleague


async def heard(telegram: TelegramEmulator) -> list[str]:
    """The kinds and texts of the updates that came since the last time; they are confirmed with that."""
    waiting = telegram.updates.waiting
    texts = []
    for update in waiting:
        kind, body = next((name, body) for name, body in update.items() if name != "update_id")
        texts.append(body.get("text") or body.get("data") or kind)
    if waiting:
        await ask(telegram, "getUpdates", offset=waiting[-1]["update_id"] + 1)
    return texts


# --- A conversation


@played
async def test_a_conversation_with_the_real_bot(telegram: TelegramEmulator) -> None:
    leraar = telegram.person("Leraar A", username="leraar_a")
    async with bot_of(telegram) as bot:
        await telegram.start(leraar, "ws_utrecht_vo")
        (update,) = await bot.get_updates(timeout=5)
        assert update.message
        assert update.message.text == "/start ws_utrecht_vo"
        assert update.message.from_user
        assert update.message.from_user.username == "leraar_a"

        await bot.send_message(
            leraar.id,
            "<b>Hoi</b> 🏟 &amp; welkom",
            parse_mode=ParseMode.HTML,
            reply_markup=KEYBOARD,
            reply_parameters=ReplyParameters(update.message.message_id),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            disable_notification=True,
        )
        sent = telegram.last(leraar)
        assert (sent.text, sent.html) == ("Hoi 🏟 & welkom", "<b>Hoi</b> 🏟 &amp; welkom")
        assert sent.entities == ({"type": "bold", "offset": 0, "length": 3},)
        assert [[button.label for button in row] for row in sent.buttons] == [["1", "2"], ["SKB"]]
        assert (sent.button("1").data, sent.button("SKB").url) == ("o_1:meer", "https://example.org/skb")
        assert (sent.reply_to, sent.silent, sent.preview, sent.edited) == (
            update.message.message_id,
            True,
            False,
            False,
        )

        await telegram.press(sent, "2")
        (update,) = await bot.get_updates(offset=update.update_id + 1, timeout=5)
        query = update.callback_query
        assert query
        assert query.data == "o_2:meer"
        assert [press.button.label for press in telegram.unanswered_callbacks] == ["2"]
        await query.answer("Even geduld")
        await query.edit_message_text("Programma 2")
        assert telegram.unanswered_callbacks == []
        assert [toast.text for toast in telegram.toasts] == ["Even geduld"]
        edited = telegram.last(leraar)
        assert (edited.id, edited.text, edited.buttons, edited.edited) == (sent.id, "Programma 2", (), True)

        await bot.get_updates(offset=update.update_id + 1)
        await telegram.idle()
    assert telegram.violations == []


@played
async def test_everything_the_bot_can_say_about_itself(telegram: TelegramEmulator) -> None:
    async with bot_of(telegram) as bot:
        assert (bot.username, bot.can_read_all_group_messages) == ("skbaanbodbot", False)
        await bot.set_my_commands([("zoek", "Zoek een programma"), ("/help", "Hulp")], language_code="nl")
        assert [command.command for command in await bot.get_my_commands(language_code="nl")] == ["zoek", "help"]
        assert await bot.get_my_commands() == ()
        await bot.delete_my_commands(language_code="nl")
        assert await bot.get_my_commands(language_code="nl") == ()
        await bot.set_my_description("Zoek programma's voor je school.")
        assert (await bot.get_my_description(language_code="nl")).description == "Zoek programma's voor je school."
        await bot.set_my_short_description("Van SKB.")
        assert (await bot.get_my_short_description()).short_description == "Van SKB."
    assert telegram.violations == []


@played
async def test_files_chats_and_small_things(telegram: TelegramEmulator) -> None:
    leraar = await started(telegram)
    group, colleague = await joined(telegram)
    async with bot_of(telegram) as bot:
        sent = await bot.send_document(
            leraar.id, b"BEGIN:VCALENDAR", filename="sessie.ics", caption="<i>In je agenda</i>", parse_mode="HTML"
        )
        assert sent.document
        assert bytes(await (await bot.get_file(sent.document.file_id)).download_as_bytearray()) == b"BEGIN:VCALENDAR"
        await bot.send_document(leraar.id, sent.document.file_id)
        assert [message.document for message in telegram.messages(leraar)] == ["sessie.ics", "sessie.ics"]
        assert telegram.messages(leraar)[0].text == "In je agenda"
        await bot.send_chat_action(leraar.id, "typing")
        assert telegram.typing == [(leraar.id, "typing")]
        assert (await bot.get_chat(group.id)).title == "Team brugklas"
        assert (await bot.get_chat_member(group.id, colleague.id)).status == "member"
        assert (await bot.get_chat_member(group.id, bot.id)).status == "member"
        await bot.send_message(leraar.id, "Wat zoek je?", reply_markup=ForceReply(input_field_placeholder="debat"))
        assert (telegram.last(leraar).asks_reply, telegram.last(leraar).placeholder) == (True, "debat")
        await bot.delete_message(leraar.id, telegram.last(leraar).id)
        assert len(telegram.messages(leraar)) == 2
        await bot.leave_chat(group.id)
        with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
            await bot.send_message(group.id, "Dag")
    assert telegram.violations == []


@played
async def test_a_wrong_token_opens_nothing(telegram: TelegramEmulator) -> None:
    with pytest.raises(InvalidToken):
        await bot_of(telegram, "123:wrong").initialize()
    url = f"{telegram.base_url}123:wrong/getMe"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert (response.status, (await response.json())["description"]) == (401, "Unauthorized")


# --- Updates


@played
async def test_an_update_stays_until_a_later_offset_confirms_it(telegram: TelegramEmulator) -> None:
    leraar = telegram.person("Leraar A")
    for text in ("een", "twee", "drie"):
        await telegram.say(leraar, leraar, text)

    async def texts(**arguments: int) -> list[str]:
        return [update["message"]["text"] for update in (await ask(telegram, "getUpdates", arguments))["result"]]

    assert await texts() == await texts() == ["een", "twee", "drie"]
    first = telegram.updates.waiting[0]["update_id"]
    assert await texts(limit=1) == ["een"]
    assert await texts(limit=0) == ["een"], "a limit out of bounds is brought inside"
    assert await texts(offset=first) == ["een", "twee", "drie"]
    assert await texts(offset=first + 1) == ["twee", "drie"]
    assert await texts(offset=-1) == ["drie"], "a negative offset forgets what came before"
    assert await texts() == ["drie"]
    assert await texts(offset=first + 3) == []
    assert [update["message"]["text"] for update in telegram.updates.confirmed] == ["een", "twee", "drie"]


@played
async def test_a_long_poll_ends_with_an_update_or_with_its_time(telegram: TelegramEmulator) -> None:
    leraar = telegram.person("Leraar A")
    poll = asyncio.create_task(ask(telegram, "getUpdates", timeout=30))
    await telegram.until(lambda: telegram.updates.polling)
    await telegram.say(leraar, leraar, "hoi")
    assert [update["message"]["text"] for update in (await poll)["result"]] == ["hoi"]
    assert await heard(telegram) == ["hoi"]
    assert await telegram.updates.get(seconds=0.01) == []


@played
async def test_two_long_polls_at_once_are_a_conflict_for_the_first(telegram: TelegramEmulator) -> None:
    async with bot_of(telegram) as bot:
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await telegram.until(lambda: telegram.updates.polling)
        second = asyncio.create_task(ask(telegram, "getUpdates", timeout=30))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await poll
    leraar = telegram.person("Leraar A")
    await telegram.say(leraar, leraar, "hoi")
    assert (await second)["ok"]


@played
async def test_a_bot_that_died_leaves_its_updates_to_the_next(telegram: TelegramEmulator) -> None:
    leraar = telegram.person("Leraar A")
    await telegram.say(leraar, leraar, "hoi")
    assert (await ask(telegram, "getUpdates", timeout=30))["result"], "delivered, and never confirmed"
    assert (await ask(telegram, "getUpdates", timeout=30))["result"], "so delivered again"
    assert await heard(telegram) == ["hoi"]
    dying = asyncio.create_task(ask(telegram, "getUpdates", timeout=30))
    await telegram.until(lambda: telegram.updates.polling)
    dying.cancel()
    await telegram.until(lambda: not telegram.updates.polling)
    poll = asyncio.create_task(ask(telegram, "getUpdates", timeout=30))
    await telegram.until(lambda: telegram.updates.polling)
    await telegram.say(leraar, leraar, "hallo")
    assert (await poll)["result"], "no conflict with a poll that nobody waits for any more"


@played
async def test_a_webhook_is_a_conflict_for_who_polls(telegram: TelegramEmulator) -> None:
    poll = asyncio.create_task(refusal(telegram, "getUpdates", timeout=30))
    await telegram.until(lambda: telegram.updates.polling)
    async with bot_of(telegram) as bot:
        await bot.set_webhook("https://example.org/hook")
        assert await poll == "409 Conflict: terminated by setWebhook request"
        with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
            await bot.get_updates()
        assert (await bot.get_webhook_info()).url == "https://example.org/hook"
        await telegram.start(telegram.person("Leraar A"))
        assert (await bot.get_webhook_info()).pending_update_count == 1
        await bot.delete_webhook(drop_pending_updates=True)
        assert await bot.get_updates() == ()
    assert await refusal(telegram, "setWebhook", url="http://example.org") == (
        "400 Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    )


@played
async def test_which_updates_the_bot_wants_is_remembered(telegram: TelegramEmulator) -> None:
    group, colleague = await joined(telegram)
    await ask(telegram, "getUpdates", allowed_updates=["message"])
    await ask(telegram, "getUpdates")
    await telegram.remove_bot(group, colleague)
    assert await heard(telegram) == ["message"]
    await ask(telegram, "getUpdates", allowed_updates=[])
    await telegram.add_bot(group, colleague)
    assert await heard(telegram) == ["my_chat_member", "message"]


@played
async def test_confirmed_updates_can_come_again(telegram: TelegramEmulator) -> None:
    leraar = telegram.person("Leraar A")
    await telegram.say(leraar, leraar, "een")
    await telegram.say(leraar, leraar, "twee")
    later = telegram.updates.waiting[-1]["update_id"] + 1
    assert await heard(telegram) == ["een", "twee"]
    telegram.redeliver(1)
    again = (await ask(telegram, "getUpdates", offset=later, timeout=30))["result"]
    assert [(update["update_id"], update["message"]["text"]) for update in again] == [(later - 1, "twee")]
    assert (await ask(telegram, "getUpdates", offset=later))["result"] == []


@played
async def test_idle_says_what_it_waits_for(telegram: TelegramEmulator) -> None:
    await telegram.idle(quiet=0)
    leraar = telegram.person("Leraar A")
    await telegram.say(leraar, leraar, "hoi")
    with pytest.raises(AssertionError, match=r"updates not confirmed: \[700000001\]; calls under way: 0"):
        await telegram.idle(timeout=0.02)
    telegram.fault("sendMessage", hang=30)
    await heard(telegram)
    call = asyncio.create_task(ask(telegram, "sendMessage", chat_id=leraar.id, text="hoi"))
    await telegram.until(lambda: telegram.calls_of("sendMessage"))
    with pytest.raises(AssertionError, match=r"not confirmed: none; calls under way: 1; last calls: .*sendMessage"):
        await telegram.idle(timeout=0.02)
    with pytest.raises(AssertionError, match=r"it does not hold after 0\.02 s"):
        await telegram.until(lambda: False, timeout=0.02)
    call.cancel()


@played
async def test_a_long_poll_that_waits_is_not_busy(telegram: TelegramEmulator) -> None:
    poll = asyncio.create_task(ask(telegram, "getUpdates", timeout=30))
    await telegram.until(lambda: telegram.updates.polling)
    await telegram.idle(quiet=0, timeout=1)
    poll.cancel()


# --- What people write


@played
async def test_what_telegram_finds_in_a_text(telegram: TelegramEmulator) -> None:
    leraar = telegram.person("Leraar A")
    said = await telegram.say(
        leraar, leraar, "🏟 /Zoek@SKBaanbodbot debat, mail a@example.org of @piet: https://example.org."
    )
    raw = said.text.encode("utf-16-le")
    marked = [
        (one["type"], raw[one["offset"] * 2 : (one["offset"] + one["length"]) * 2].decode("utf-16-le"))
        for one in said.entities
    ]
    assert marked == [
        ("bot_command", "/Zoek@SKBaanbodbot"),
        ("email", "a@example.org"),
        ("mention", "@piet"),
        ("url", "https://example.org"),
    ]


@pytest.mark.parametrize(
    "media", ["voice", "audio", "video", "video_note", "photo", "sticker", "document", "location", "contact"]
)
@played
async def test_messages_that_are_no_text(telegram: TelegramEmulator, media: str) -> None:
    leraar = telegram.person("Leraar A")
    await telegram.say(leraar, leraar, "kijk" if media in ("photo", "document") else "", media=media)
    async with bot_of(telegram) as bot:
        (update,) = await bot.get_updates()
    assert update.message
    assert getattr(update.message, media)
    assert update.message.caption == ("kijk" if media in ("photo", "document") else None)


@played
async def test_replies_edits_forwards_and_erased_messages(telegram: TelegramEmulator) -> None:
    leraar, collega = telegram.person("Leraar A"), telegram.person("Collega")
    said = await telegram.say(leraar, leraar, "debat")
    await telegram.say(leraar, leraar, "dat", reply_to=said)
    await telegram.edit(said, "debat VO")
    await telegram.say(leraar, leraar, "stage", forwarded_from=collega)
    async with bot_of(telegram) as bot:
        first, reply, edited, forwarded = await bot.get_updates()
    assert first.message
    assert reply.message
    assert reply.message.reply_to_message
    assert (first.message.text, reply.message.reply_to_message.text) == ("debat", "debat")
    assert edited.edited_message
    assert edited.edited_message.text == "debat VO"
    assert forwarded.message
    assert forwarded.message.forward_origin
    await telegram.erase(said)
    with pytest.raises(AssertionError, match="this message is gone"):
        await telegram.say(leraar, leraar, "dat", reply_to=said)


@played
async def test_a_person_cannot_do_what_telegram_would_not_let_them(telegram: TelegramEmulator) -> None:
    leraar = await started(telegram)
    await ask(telegram, "sendMessage", chat_id=leraar.id, text="Kies", reply_markup=KEYBOARD.to_dict())
    for wrong in ("x" * 65, "a b", "é"):
        with pytest.raises(AssertionError, match="no link to a bot can carry"):
            await telegram.start(leraar, wrong)
    with pytest.raises(AssertionError, match="Collega is not in the chat of Leraar A"):
        await telegram.say(leraar, telegram.person("Collega"), "hoi")
    with pytest.raises(AssertionError, match="only in a group people write as the group"):
        await telegram.say(leraar, leraar, "hoi", anonymous=True)
    with pytest.raises(AssertionError, match="nobody can send an empty message"):
        await telegram.say(leraar, leraar, " ")
    with pytest.raises(AssertionError, match="no example of 'smell'"):
        await telegram.say(leraar, leraar, media="smell")
    with pytest.raises(AssertionError, match="can't edit what the bot wrote"):
        await telegram.edit(telegram.last(leraar), "anders")
    with pytest.raises(AssertionError, match="there is already a chat"):
        telegram.person("Dezelfde", id=leraar.id)
    with pytest.raises(ValueError, match=r"not in the Bot API: message\.smell"):
        await telegram.say(leraar, leraar, "hoi", smell="roses")
    await telegram.block(leraar)
    with pytest.raises(AssertionError, match="first unblock"):
        await telegram.say(leraar, leraar, "hoi")


# --- What people press


@played
async def test_only_a_button_that_stands_there_now_can_be_pressed(telegram: TelegramEmulator) -> None:
    leraar = await started(telegram)
    await ask(telegram, "sendMessage", chat_id=leraar.id, text="Kies", reply_markup=KEYBOARD.to_dict())
    message = telegram.last(leraar)
    with pytest.raises(AssertionError, match="no button '3' under this message: 1, 2, SKB"):
        await telegram.press(message, "3")
    with pytest.raises(AssertionError, match=r"'SKB' opens https://example\.org/skb"):
        await telegram.press(message, "SKB")
    await telegram.press(message, "1")
    await telegram.press(message, "1")
    assert await heard(telegram) == ["o_1:meer", "o_1:meer"]
    await ask(telegram, "editMessageReplyMarkup", chat_id=leraar.id, message_id=message.id)
    with pytest.raises(AssertionError, match="no button '1' under this message: it has none"):
        await telegram.press(message, "1")
    await ask(telegram, "deleteMessage", chat_id=leraar.id, message_id=message.id)
    with pytest.raises(AssertionError, match="this message is gone"):
        await telegram.press(message, "1")
    with pytest.raises(AssertionError, match="only the bot's messages have buttons"):
        await telegram.press(await telegram.say(leraar, leraar, "hoi"), "1")


@played
async def test_in_a_group_somebody_presses(telegram: TelegramEmulator) -> None:
    group, colleague = await joined(telegram)
    await ask(telegram, "sendMessage", chat_id=group.id, text="Kies", reply_markup=KEYBOARD.to_dict())
    with pytest.raises(AssertionError, match="who presses"):
        await telegram.press(telegram.last(group), "1")
    press = await telegram.press(telegram.last(group), "1", by=colleague)
    assert press.person == colleague


# --- Groups


@pytest.mark.parametrize(
    ("text", "hears"),
    [
        ("zullen we iets met debat doen?", False),
        ("/zoek debat", True),
        ("/Zoek@SKBaanbodBOT debat", True),
        ("/zoek@anderebot debat", False),
        ("dat kan met /zoek debat", False),
        ("dat kan met /zoek@skbaanbodbot", True),
        ("@skbaanbodbot debat", True),
        ("vraag @SKBaanbodbot maar", True),
        ("vraag @anderebot maar", False),
        ("mail skbaanbodbot@example.org", False),
    ],
)
@played
async def test_in_a_group_the_bot_hears_only_what_is_meant_for_it(
    telegram: TelegramEmulator, text: str, hears: bool
) -> None:
    group, colleague = await joined(telegram)
    await telegram.say(group, colleague, text)
    assert await heard(telegram) == ([text] if hears else [])


@played
async def test_in_a_group_the_bot_hears_replies_captions_and_its_own_results(telegram: TelegramEmulator) -> None:
    group, colleague = await joined(telegram)
    await ask(telegram, "sendMessage", chat_id=group.id, text="Hoi allemaal")
    hello = telegram.last(group)
    said = await telegram.say(group, colleague, "leuk")
    await telegram.say(group, colleague, "vertel", reply_to=hello)
    await telegram.say(group, colleague, "wat?", reply_to=said)
    await telegram.say(group, colleague, "/zoek debat", media="photo")
    await telegram.say(group, colleague, "kaart", via="skbaanbodbot")
    await telegram.say(group, colleague, "plaatje", via="gif")
    await telegram.say(group, colleague, "/zoek stage", anonymous=True)
    assert await heard(telegram) == ["vertel", "message", "kaart", "/zoek stage"]


@played
async def test_an_admin_bot_hears_everything(telegram: TelegramEmulator) -> None:
    colleague = telegram.person("Collega")
    group = telegram.group("Team brugklas", admins=[colleague])
    await telegram.add_bot(group, colleague, admin=True)
    await telegram.say(group, colleague, "gewoon")
    assert await heard(telegram) == ["my_chat_member", "message", "gewoon"]
    async with bot_of(telegram) as bot:
        assert (await bot.get_chat_member(group.id, colleague.id)).status == "administrator"
        assert (await bot.get_chat_member(group.id, bot.id)).status == "administrator"


def test_without_privacy_mode_the_bot_hears_everything() -> None:
    async def play() -> None:
        async with TelegramEmulator(can_read_all_group_messages=True) as telegram, bot_of(telegram) as bot:
            assert bot.can_read_all_group_messages
            group, colleague = await joined(telegram)
            await telegram.say(group, colleague, "gewoon")
            assert await heard(telegram) == ["gewoon"]

    asyncio.run(play())


@played
async def test_an_anonymous_admin_has_no_name(telegram: TelegramEmulator) -> None:
    group, colleague = await joined(telegram)
    await telegram.say(group, colleague, "/zoek debat", anonymous=True)
    async with bot_of(telegram) as bot:
        (update,) = await bot.get_updates()
    assert update.message
    assert update.message.from_user
    assert update.message.from_user.username == "GroupAnonymousBot"
    assert update.message.sender_chat
    assert update.message.sender_chat.id == group.id


@played
async def test_a_bot_that_is_removed_or_blocked_can_no_longer_write(telegram: TelegramEmulator) -> None:
    group, colleague = await joined(telegram)
    leraar = await started(telegram)
    async with bot_of(telegram) as bot:
        await telegram.remove_bot(group, colleague)
        assert await heard(telegram) == ["message", "my_chat_member"]
        with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
            await bot.send_message(group.id, "Hoi")
        await telegram.say(group, colleague, "/zoek debat")
        assert await heard(telegram) == []
        await telegram.block(leraar)
        assert await heard(telegram) == ["my_chat_member"]
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(leraar.id, "Hoi")
        with pytest.raises(AssertionError, match="the bot is blocked already"):
            await telegram.block(leraar)
        await telegram.unblock(leraar)
        await bot.send_message(leraar.id, "Hoi")
        stranger = telegram.person("Onbekende")
        with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
            await bot.send_message(stranger.id, "Hoi")


@played
async def test_a_group_that_grows_gets_another_id(telegram: TelegramEmulator) -> None:
    group, colleague = await joined(telegram, supergroup=False)
    await telegram.remove_bot(group, colleague)
    async with bot_of(telegram) as bot:
        with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
            await bot.send_message(group.id, "Hoi")
        await telegram.add_bot(group, colleague)
        await heard(telegram)
        grown = await telegram.migrate(group)
        updates = await bot.get_updates()
        moves = [
            (update.message.migrate_to_chat_id, update.message.migrate_from_chat_id)
            for update in updates
            if update.message
        ]
        assert moves == [(grown.id, None), (None, group.id)]
        with pytest.raises(ChatMigrated) as moved:
            await bot.send_message(group.id, "Hoi")
        assert moved.value.new_chat_id == grown.id
        await bot.send_message(grown.id, "Hoi")
    with pytest.raises(AssertionError, match="is a supergroup already"):
        await telegram.migrate(grown)


@played
async def test_topics_of_a_forum(telegram: TelegramEmulator) -> None:
    group, colleague = await joined(telegram, forum=True)
    topic = await telegram.topic(group, "Burgerschap", colleague)
    await telegram.say(group, colleague, "/zoek debat", thread=topic)
    async with bot_of(telegram) as bot:
        updates = await bot.get_updates()
        threads = [update.message.message_thread_id for update in updates if update.message]
        assert threads == [topic, topic]
        await bot.send_message(group.id, "Hier", message_thread_id=topic)
        assert telegram.last(group).thread == topic
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(group.id, "Daar", message_thread_id=topic + 100)
    plain, other = await joined(telegram)
    with pytest.raises(AssertionError, match="has no topics"):
        await telegram.topic(plain, "Burgerschap", other)


@played
async def test_supergroups_number_their_messages_for_themselves(telegram: TelegramEmulator) -> None:
    one, colleague = await joined(telegram)
    other, _ = await joined(telegram)
    first, second = await telegram.say(one, colleague, "a"), await telegram.say(other, colleague, "b")
    assert first.id == second.id
    leraar = telegram.person("Leraar A")
    small = telegram.group("Klein", supergroup=False)
    third, fourth = await telegram.say(leraar, leraar, "c"), await telegram.say(small, leraar, "d")
    assert fourth.id == third.id + 1


@played
async def test_the_time_of_messages_is_the_tests_own(telegram: TelegramEmulator) -> None:
    telegram.world.now = lambda: 1_796_027_700.0
    leraar = telegram.person("Leraar A")
    assert (await telegram.say(leraar, leraar, "hoi")).date == 1_796_027_700


def test_nothing_of_the_bot_is_imported() -> None:
    from pathlib import Path

    for file in Path(__file__).parent.glob("*telegram*.py"):
        assert "from bot" not in file.read_text(encoding="utf-8").replace('"from bot"', ""), file
    assert Bot.__module__.startswith("telegram.")
