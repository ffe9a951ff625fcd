"""The bot in Slack, on the wire: what people do there and see for it, and what goes wrong on the way."""

import asyncio
from datetime import timedelta
from typing import Any

from aiohttp import ClientConnectionError, web
import pytest
from slack_sdk.errors import SlackApiError

from bot.chat import Button, Event, Form, Reply, Request, Stopped
from bot.db import Database
from bot.delivery.inbox import PlatformInbox
from bot.handlers.slack import CHANNEL_WELCOME, ONLY_YOU
from bot.search import store
from tests.dialogues.conftest import World, catalogue_search, world
from tests.emulators.slack import Message, SlackEmulator, audio_clip, file
from tests.handlers.slack_bot import PUPIL, Hanging, Scene, echo, everything, in_order, logged, play, rows, waiting

__all__ = ["catalogue_search", "logged", "world"]


# --- an ambassador's first question (CONVERSATIONS 1) ---


def test_an_ambassador_asks_and_shares(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a, regio = scene.slack, scene.a, scene.regio
        await slack.open_messages_tab(a)
        await scene.settle()
        welcome = slack.newest(a)
        assert welcome.plain.startswith("Hoi Ambassadeur A!")
        assert welcome.plain.endswith(ONLY_YOU)

        asked = await slack.command(a, regio, "debat VO Utrecht")
        shown = asked.message
        assert shown
        assert (shown.ephemeral, shown.via, shown.unfurl_links, shown.unfurl_media) == (True, "ack", False, False)
        assert shown.text.startswith("Ik vond 3 programma's. Gezocht op: debat · voortgezet onderwijs (VO) · Utrecht.")
        in_order(
            shown.plain,
            "In Utrecht zelf vond ik niets",
            "1. Debattraining in de klas",
            "2. NK Debatteren voor Scholieren",
            "3. Nascholing debat voor docenten",
            "Let op: laatst gecontroleerd op 12 maart 2026.",
            "Misschien ook iets",
            "4. Gesprek over meedoen (test)",
        )
        assert "Basisschool" not in shown.plain
        assert "Debatclub" not in shown.plain

        for label, expected in (
            ("Meer over Debattraining in de klas", "Van: Nederlands Debat Instituut"),
            ("Maak tekst om door te sturen", "dus ook in Utrecht"),
            ("Terug naar de lijst", "Ik vond 3 programma's."),
        ):
            await scene.press(a, scene.newest(a), label)
            [only] = slack.messages(regio, a)
            assert only.ephemeral
            assert expected in only.plain
            if label == "Maak tekst om door te sturen":
                assert only.plain.endswith("Groet,\nAmbassadeur A")

        await scene.press(a, scene.newest(a), "Deel in dit kanaal")
        private, shared = slack.messages(regio, a)
        assert private.ephemeral
        assert private.plain == "Gedeeld. Iedereen hier ziet het nu."
        assert not shared.ephemeral
        assert shared.text.startswith("Ambassadeur A deelt 3 programma's. Gezocht op: debat")
        assert not shared.unfurls
        assert "Deel in dit kanaal" not in shared.labels
        await scene.press(a, private, "Terug")
        assert slack.messages(regio, a)[0].plain == shown.plain
        # Not asked again by Bolt, while an acknowledgement waits, nor by the client.
        assert len(slack.called("auth.test")) == len(slack.called("apps.connections.open")) == 1

    play(world, script)


def test_the_welcome_comes_once(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack = scene.slack
        for together in (True, False):
            b = slack.person("Ambassadeur B", guest="single-channel")
            assert all((await slack.open_messages_tab(b, times=4, together=together)).acks)
            for _ in range(10):
                await slack.open_messages_tab(b)
            await slack.open_home_tab(b)
            await scene.settle()
            assert scene.said(b) == [slack.newest(b).plain.partition("\n")[0]]

    play(world, script)


def test_who_asks_first_is_told_once_who_speaks(world: World) -> None:
    async def script(scene: Scene) -> None:
        first = await scene.slack.command(scene.a, scene.regio, "debat VO Utrecht")
        second = await scene.slack.command(scene.a, scene.regio, "debat VO Utrecht")
        assert first.message
        assert second.message
        assert "Ik ben een bot van SKB." in first.message.plain
        assert "Ik ben een bot van SKB." not in second.message.plain

    play(world, script)


def test_a_command_shares_too(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        await slack.command(a, scene.regio, "debat VO Utrecht")
        asked = await slack.command(a, scene.regio, "deel")
        await scene.settle()
        assert asked.message is None  # what is for everybody is not in the acknowledgement
        assert scene.said(scene.regio) == ["Ambassadeur A deelt 3 programma's."]
        assert "Gedeeld. Iedereen hier ziet het nu." in scene.said(scene.regio, a)

    play(world, script)


def test_others_press_for_themselves(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a, regio = scene.slack, scene.a, scene.regio
        b, c = slack.person("Ambassadeur B"), slack.person("Ambassadeur C")
        asked = await slack.command(a, regio, "debat VO Utrecht")
        assert asked.message
        await scene.press(a, asked.message, "Deel in dit kanaal")
        public = slack.messages(regio)
        await scene.press(b, public[0], "2")
        assert slack.messages(regio) == public
        assert slack.messages(regio, c) == public
        seen = slack.newest(regio, b)
        assert seen.ephemeral
        assert seen.plain.startswith("NK Debatteren voor Scholieren")
        await scene.press(b, seen, "Maak tekst om door te sturen")
        assert "Groet,\nAmbassadeur B" in slack.newest(regio, b).plain
        assert len(slack.messages(regio, b)) == 2

    play(world, script)


def test_in_a_thread_everything_stays_in_the_thread(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a, regio = scene.slack, scene.a, scene.regio
        b = slack.person("Ambassadeur B")
        asked = await slack.mention(a, regio, "debat VO Utrecht")
        await scene.settle()
        await scene.press(b, scene.newest(), "1")
        await scene.press(b, scene.newest(b), "Terug naar de lijst")
        await scene.press(b, scene.newest(b), "Deel in dit kanaal")
        assert asked.message
        own = [message for message in slack.messages(regio, b) if message.by == slack.bot]
        assert len(own) == 3  # the answer, the private one that changed, what was shared
        assert {message.thread_ts for message in own} == {asked.message.ts}
        assert scene.said(regio)[-1] == "Ambassadeur B deelt 3 programma's."

    play(world, script)


# --- commands ---


@pytest.mark.parametrize("text", ["", "  ", "Help."])
def test_a_command_alone_is_help_with_examples_to_press(world: World, text: str) -> None:
    async def script(scene: Scene) -> None:
        asked = await scene.slack.command(scene.a, scene.regio, text)
        assert asked.message
        assert asked.message.plain.startswith("Typ wat je zoekt")
        assert "Typ dit alles achter /skb" in asked.message.plain
        await scene.press(scene.a, asked.message, "Voorbeeld: debat VO Utrecht")
        assert "Gezocht op: debat" in scene.newest(scene.a).plain

    play(world, script)


def test_what_a_command_goes_on_from_is_ones_own_in_that_channel(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a, regio = scene.slack, scene.a, scene.regio
        b, elders = slack.person("Ambassadeur B"), slack.channel("elders", bot_is_member=False)

        async def first_line(person: Any, channel: Any, text: str) -> str:
            message = (await slack.command(person, channel, text)).message
            assert message
            return message.plain.partition("\n")[0]

        await first_line(a, regio, "vmbo Utrecht")
        await first_line(a, elders, "debat VO Utrecht")
        await first_line(b, regio, "kunst Den Haag")
        assert "6-" in await first_line(a, regio, "meer")
        assert await first_line(a, elders, "2") == "NK Debatteren voor Scholieren"
        assert await first_line(a, elders, "terug") == "Ik vond 3 programma's."
        assert await first_line(b, elders, "2") == "Er is nu geen lijst open. Typ eerst wat je zoekt."

    play(world, script)


def test_a_command_inherits_nothing(world: World) -> None:
    async def script(scene: Scene) -> None:
        for text in ("debat VO Utrecht", "en voor de basisschool?"):
            asked = await scene.slack.command(scene.a, scene.regio, text)
        assert asked.message
        assert "Gezocht op: basisonderwijs (PO)." in asked.message.plain

    play(world, script)


def test_a_direct_conversation_is_one_conversation_however_one_asks(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        await slack.direct(a, "debat VO Utrecht")
        await scene.settle()
        asked = await slack.command(a, a, "2")
        assert asked.message
        assert asked.message.plain.startswith("NK Debatteren voor Scholieren")
        await scene.press(a, asked.message, "Terug naar de lijst")
        await slack.direct(a, "3")
        await scene.settle()
        assert slack.newest(a).plain.startswith("Nascholing debat")

    play(world, script)


# --- mentions ---


def test_a_mention_is_answered_in_its_thread_for_everybody(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a, regio = scene.slack, scene.a, scene.regio
        first = await slack.mention(a, regio, "debat VO Utrecht")
        await scene.settle()
        assert first.message
        answer = scene.newest()
        assert (answer.ephemeral, answer.thread_ts, answer.unfurls) == (False, first.message.ts, False)
        assert "Deel in dit kanaal" not in answer.labels

        b = slack.person("Ambassadeur B")  # a thread belongs to all who are in it
        await slack.mention(b, regio, "en voor de basisschool, @SKB-bot?", thread=first.message)
        await scene.settle()
        assert "Gezocht op: debat · basisonderwijs (PO) · Utrecht." in scene.newest().plain
        assert scene.newest().thread_ts == first.message.ts

        other = await slack.mention(a, regio, "en voor de basisschool?")
        await scene.settle()
        assert other.message
        assert "Gezocht op: basisonderwijs (PO)." in scene.newest().plain
        assert scene.newest().thread_ts == other.message.ts

    play(world, script)


def test_a_mention_without_words_is_help(world: World) -> None:
    async def script(scene: Scene) -> None:
        await scene.slack.mention(scene.a, scene.regio, "@SKB-bot")
        await scene.settle()
        assert scene.newest().plain.startswith("Typ wat je zoekt")
        await scene.slack.mention(scene.a, scene.regio, "", files=[file("foto.png", "image/png")])
        await scene.settle()
        assert scene.newest().plain.startswith("Ik kan geen foto's bekijken")

    play(world, script)


@pytest.mark.parametrize("how", ["mention", "direct", "command", "shortcut"])
def test_of_words_about_a_pupil_nothing_is_kept(world: World, how: str) -> None:
    async def script(scene: Scene) -> None:
        slack, a, regio = scene.slack, scene.a, scene.regio
        if how == "mention":
            await slack.mention(a, regio, PUPIL)
        elif how == "direct":
            await slack.direct(a, PUPIL)
        elif how == "command":
            await slack.command(a, regio, PUPIL)
        else:
            await slack.shortcut(a, PUPIL, regio, "search_message")
        await scene.settle()
        answer = slack.newest(a if how == "direct" else regio, a)
        assert answer.plain.startswith("Dit lijkt over een leerling te gaan. Ik heb niet gezocht en niets bewaard.")
        assert "Sanne" not in everything(world.database)
        assert rows(world.database) == 1

    play(world, script)


# --- direct messages ---


def test_a_direct_message_needs_no_command(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        first = await slack.direct(a, "debat VO Utrecht")
        await scene.settle()
        assert "Gezocht op: debat · voortgezet onderwijs (VO) · Utrecht. 1-3 van 3." in slack.newest(a).plain
        assert not slack.newest(a).thread_ts
        assert not slack.newest(a).ephemeral

        await slack.direct(a, "kunst Den Haag", thread=first.message)
        await scene.settle()
        assert first.message
        assert slack.newest(a).thread_ts == first.message.ts
        await slack.direct(a, "1", thread=first.message)
        await slack.direct(a, "1")
        await scene.settle()
        in_thread, beside = slack.messages(a)[-2:]
        assert in_thread.plain.startswith("Kunstwerk over gelijke kansen")
        assert beside.plain.startswith("Debattraining in de klas")

    play(world, script)


def test_a_page_is_turned_in_its_place(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        await slack.direct(a, "VO Utrecht")
        await scene.settle()
        first = slack.newest(a)
        [label] = [label for label in first.labels if label.startswith("Volgende")]
        await asyncio.gather(slack.press(a, first, label), slack.press(a, first, label))
        await scene.settle()
        assert "Gezocht op: voortgezet onderwijs (VO) · Utrecht. 6-" in slack.newest(a).plain
        assert len(scene.said(a)) == 1

    play(world, script)


def test_what_was_changed_or_said_by_bots_is_none_of_its_business(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        slack.subscriptions.add("message.channels")
        slack.subscriptions.add("message.groups")
        said = await slack.direct(a, "hoi")
        await scene.settle()
        answered = scene.said(a)
        assert said.message
        await slack.edit(a, said.message, "debat")
        await slack.erase(a, said.message)
        await slack.direct(a, "debat", subtype="bot_message")
        await slack.say(a, scene.regio, "debat VO Utrecht")
        mention = {"type": "app_mention", "channel": scene.regio.id, "text": "debat", "ts": "1.1", "user": "U1"}
        await slack.event(mention | {"bot_id": "B1"})
        await slack.event(mention | {"user": slack.bot})
        await slack.event(mention | {"subtype": "message_changed"})
        await scene.settle()
        assert scene.said(a) == answered
        assert scene.said(scene.regio) == []
        assert rows(world.database) == 1

    play(world, script)


def test_the_bot_does_not_answer_itself(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        await slack.direct(a, "VO Utrecht")
        await scene.settle()
        [label] = [label for label in slack.newest(a).labels if label.startswith("Volgende")]
        await scene.press(a, slack.newest(a), label)
        events = [ack for ack in slack.acks if ack.kind == "events_api"]
        assert len(events) == 3  # what was asked; and it hears of its own answer, and of the change in it
        assert rows(world.database) == 2

    play(world, script)


def test_a_file_instead_of_words_gets_a_kind_answer(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        for sent, answer in (
            (file("foto.jpg", "image/jpeg"), "Ik kan geen foto's bekijken"),
            (file("film.mp4", "video/mp4"), "Ik kan geen foto's bekijken"),
            (file("lijst.pdf", "application/pdf"), "Ik kan dit bestand niet openen"),
            (audio_clip(), "Ik kan niet luisteren"),
        ):
            await slack.direct(a, files=[sent])
            await scene.settle()
            assert slack.newest(a).plain.startswith(answer)
        await slack.direct(a, "kunst Den Haag", files=[sent])
        await scene.settle()
        assert "Gezocht op: kunst · Den Haag." in slack.newest(a).plain

    play(world, script)


def test_what_people_type_arrives_as_they_typed_it(world: World) -> None:
    typed = "R&D <b> https://skb.nl/a?b=c&d, zie #regio-utrecht en @Ambassadeur A, mail info@skb.nl *vet* :wave:"
    read = "R&D <b> https://skb.nl/a?b=c&d, zie regio-utrecht en mail info@skb.nl *vet* :wave:"

    async def script(scene: Scene) -> None:
        await scene.slack.direct(scene.a, typed)
        await scene.settle()
        assert scene.slack.newest(scene.a).plain == f"said: {read} (Ambassadeur A)"

    play(world, script, answer=echo)


# --- the shortcut on a message ---


def test_a_colleagues_question_is_searched_for_who_wants_that(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a, regio = scene.slack, scene.a, scene.regio
        text = f"Hoi @{a.name}! Een school zoekt debat voor het VO in Utrecht :wave: https://skb.nl/x <!here> & meer"
        asked = await slack.say(slack.person("Ambassadeur B"), regio, text)
        assert asked.message
        answer = await slack.shortcut(a, asked.message, regio, "search_message")
        await scene.settle()
        assert answer.acknowledged
        [own] = [message for message in slack.messages(regio, a) if message.by == slack.bot]
        assert own.ephemeral
        assert not own.thread_ts
        in_order(own.plain, "Gezocht op: debat · voortgezet onderwijs (VO) · Utrecht", "Debattraining in de klas")
        await scene.press(a, own, "Deel in dit kanaal")
        assert scene.said(regio) == ["Ambassadeur A deelt 3 programma's."]

    play(world, script)


def test_a_shortcut_in_a_thread_is_answered_there(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a, regio = scene.slack, scene.a, scene.regio
        b = slack.person("Ambassadeur B")
        begun = (await slack.say(b, regio, "Wie helpt?")).message
        assert begun
        reply = (await slack.say(b, regio, "Ik zoek debat", thread=begun)).message
        for message, thread in ((reply, begun.ts), (begun, "")):
            assert message
            await slack.shortcut(a, message, regio, "search_message")
            await scene.settle()
            assert scene.newest(a).thread_ts == thread
            assert scene.newest(a).ephemeral

    play(world, script)


def test_whatever_a_message_says_it_is_searched_and_no_command(world: World) -> None:
    async def answer(request: Request) -> Reply:
        assert request.text.startswith("zoek")
        assert not request.follows
        return await world.answer(request)

    async def script(scene: Scene) -> None:
        texts = ("Terug.", "stop", "2", "zoek debat VO", "woord " * 500, "<!here> *&*", "")
        for text in texts:
            assert (await scene.slack.shortcut(scene.a, text, scene.regio, "search_message")).acknowledged
        await scene.settle()
        assert len(scene.said(scene.regio, scene.a)) == len(texts)
        assert scene.said(scene.regio) == []

    play(world, script, answer=answer)


# --- windows ---


async def _details(scene: Scene) -> Message:
    """The details of a programme, as one sees them in a channel."""
    asked = await scene.slack.command(scene.a, scene.regio, "debat VO Utrecht")
    assert asked.message
    await scene.press(scene.a, asked.message, "1")
    return scene.newest(scene.a)


def test_what_is_wrong_is_told_in_a_window_and_kept(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        await scene.press(a, await _details(scene), "Klopt iets niet?")
        [window] = slack.modals(a)
        assert "Wat klopt er niet aan “Debattraining in de klas”?" in window.plain
        assert len(window.private_metadata) <= 3000

        # About a pupil: said at the field, and nothing is kept; however often.
        for _ in range(2):
            await slack.submit(a, window, {"answer": PUPIL})
            [window] = slack.modals(a)
            assert window.errors["answer"].startswith("Dit lijkt over een persoon te gaan.")
        await slack.submit(a, window, {"answer": "Het telefoonnummer is oud."})
        await scene.settle()
        assert slack.modals(a) == []
        [only] = slack.messages(scene.regio, a)
        assert only.plain.startswith("Dank je. Ik heb het bewaard voor SKB, zonder je naam.")
        with world.database.read() as c:
            assert [report.text for report in store.reports(c)] == ["Het telefoonnummer is oud."]
        assert "Sanne" not in everything(world.database)

    play(world, script)


def test_another_place_is_asked_in_a_window(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        asked = await slack.command(a, scene.regio, "debat VO Utrecht")
        assert asked.message
        await scene.press(a, asked.message, "Andere plaats")
        [window] = slack.modals(a)
        for wrong in ("Atlantis", "Atlantis", "Nergenshuizen"):
            await slack.submit(a, window, {"answer": wrong})
            [window] = slack.modals(a)
            assert window.errors["answer"].startswith("Die plaats ken ik niet.")
        await slack.submit(a, window, {"answer": "Alkmaar"})
        await scene.settle()
        assert slack.modals(a) == []
        [only] = slack.messages(scene.regio, a)
        assert "Gezocht op: debat · voortgezet onderwijs (VO) · Alkmaar." in only.plain

    play(world, script)


def test_to_search_one_is_asked_in_a_window(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        await slack.open_messages_tab(a)
        await scene.settle()
        await scene.press(a, slack.newest(a), "Zoek aanbod")
        await slack.submit(a, slack.modals(a)[-1], {"answer": "debat VO Utrecht"})
        await scene.settle()
        assert slack.modals(a) == []
        assert "Gezocht op: debat" in slack.newest(a).plain

    play(world, script)


@pytest.mark.parametrize("after_an_error", [False, True])
def test_a_window_that_is_closed_leaves_nothing_behind(world: World, *, after_an_error: bool) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        await slack.direct(a, "debat VO Utrecht")
        await scene.settle()
        await scene.press(a, slack.newest(a), "Andere plaats")
        if after_an_error:
            await slack.submit(a, slack.modals(a)[-1], {"answer": "Atlantis"})
        before = scene.said(a)
        await slack.close(a)
        await scene.settle()
        assert scene.said(a) == before
        assert slack.modals(a) == []
        await slack.direct(a, "kunst Den Haag")
        await scene.settle()
        assert "Gezocht op: kunst" in slack.newest(a).plain

    play(world, script)


@pytest.mark.parametrize("trouble", ["expired_trigger_id", "internal_error", "cut off", "hanging"])
def test_where_no_window_opens_one_is_asked_in_a_message(
    world: World, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        await slack.direct(a, "debat VO Utrecht")
        await scene.settle()
        if trouble == "cut off":
            slack.fault("views.open", drop="before")
        elif trouble == "hanging":
            slack.fault("views.open", delay=0.3, error="expired_trigger_id")
            monkeypatch.setattr("bot.handlers.slack_sending.WINDOW_SECONDS", 0.1)
        else:
            slack.fault("views.open", error=trouble)
        await scene.press(a, slack.newest(a), "Andere plaats")
        monkeypatch.undo()
        question = slack.newest(a)
        assert "In welke plaats zoek je?" in question.plain
        assert slack.modals(a) == []

        # A button opens the window after all; what is typed instead is the answer too.
        await slack.press(a, question, "Antwoord geven")
        await slack.until(lambda: slack.modals(a))
        await slack.submit(a, slack.modals(a)[-1], {"answer": "Alkmaar"})
        await scene.settle()
        assert "· Alkmaar." in slack.newest(a).plain
        await slack.direct(a, "andere plaats")
        await slack.direct(a, "Amersfoort")
        await scene.settle()
        assert "· Amersfoort." in slack.newest(a).plain

    play(world, script)


def test_a_question_in_a_message_is_answered_by_typing(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        slack.fault("views.open", error="expired_trigger_id")
        await slack.direct(a, "debat VO Utrecht")
        await scene.settle()
        await scene.press(a, slack.newest(a), "Andere plaats")
        await slack.direct(a, "Alkmaar")
        await scene.settle()
        assert "Gezocht op: debat · voortgezet onderwijs (VO) · Alkmaar." in slack.newest(a).plain
        assert "Ik zoek nog steeds" not in slack.newest(a).plain

    play(world, script)


def test_what_is_sent_twice_is_answered_once(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        await scene.press(a, await _details(scene), "Klopt iets niet?")
        [window] = slack.modals(a)
        text = {"answer": "Het telefoonnummer is oud."}
        await asyncio.gather(slack.submit(a, window, text), slack.submit(a, window, text))
        await scene.settle()
        with world.database.read() as c:
            assert len(store.reports(c)) == 1
        assert len(slack.messages(scene.regio, a)) == 1

    play(world, script)


async def _asking(request: Request) -> Reply:
    """Asks where, as long as it is not told."""
    if "Zeist" in request.text:
        return Reply("Gezocht in Zeist.")
    where = Form("Waar?", "plaats", "t")
    return Reply("Die plaats ken ik niet." if request.text != "waar" else "Waar zoek je?", form=where)


@pytest.mark.parametrize("typed", ["Zeist", "Atlantis"])
def test_a_window_does_not_wait_for_a_slow_answer(world: World, typed: str) -> None:
    slow = Hanging(_asking)

    async def answer(request: Request) -> Reply:
        return await (slow(request) if request.text.startswith("plaats") else _asking(request))

    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        asked = await slack.command(a, scene.regio, "waar")
        assert asked.message
        await slack.press(a, asked.message, "Antwoord geven")
        await slack.until(lambda: slack.modals(a))
        scene.bot._ack_seconds = 0.1
        submitted = await slack.submit(a, slack.modals(a)[-1], {"answer": typed})
        assert submitted.acknowledged
        assert not submitted.payload
        assert slack.modals(a) == []
        slow.going.set()
        await scene.settle()
        [only] = slack.messages(scene.regio, a)
        assert only.via == "response_url"
        if typed == "Zeist":
            assert only.plain == "Gezocht in Zeist."
        else:  # too late to say it at the field
            assert only.plain.startswith("Die plaats ken ik niet.")
            assert "Antwoord geven" in only.labels

    play(world, script, answer=answer)


# --- into a channel ---


def test_it_says_how_it_can_be_asked_when_it_comes_into_a_channel(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        team = slack.channel("team", private=True, bot_is_member=False)
        await slack.invite_bot(team, by=a, times=4, together=True)
        await scene.settle()
        [only] = [message for message in slack.messages(team) if message.by == slack.bot]
        assert only.plain == CHANNEL_WELCOME.text
        # Others come and go.
        await slack.event(
            {"type": "member_joined_channel", "user": a.id, "channel": team.id, "channel_type": "G", "event_ts": "1.2"}
        )
        await scene.settle()
        assert len(scene.said(team)) == 1

    play(world, script)


# --- kept first, answered once ---


@pytest.mark.parametrize("together", [True, False])
def test_what_is_delivered_four_times_is_answered_once(world: World, *, together: bool) -> None:
    async def script(scene: Scene) -> None:
        slack, a, regio = scene.slack, scene.a, scene.regio
        assert all((await slack.mention(a, regio, "een", times=4, together=together)).acks)
        assert all((await slack.direct(a, "twee", times=4, together=together)).acks)
        await scene.settle()
        assert scene.said(regio) == ["said: een (Ambassadeur A)"]
        assert scene.said(a) == ["said: twee (Ambassadeur A)"]

    play(world, script, answer=echo)


class Failing(PlatformInbox):
    """Keeps nothing the first time."""

    failed = False

    async def keep(self, events: Any) -> Any:
        if not self.failed:
            self.failed = True
            raise RuntimeError(*(event.request.text for event in events))
        return await super().keep(events)


def test_what_was_not_kept_is_not_acknowledged_and_comes_again(world: World, logged: pytest.LogCaptureFixture) -> None:
    async def script(scene: Scene) -> None:
        await scene.stop()
        await scene.start(Failing)
        said = await scene.slack.direct(scene.a, "geheim")
        assert [bool(ack) for ack in said.acks] == [False, True]
        await scene.settle()
        assert scene.said(scene.a) == ["said: geheim (Ambassadeur A)"]
        assert any(
            message.startswith("slack: something could not be kept: RuntimeError\n") for message in logged.messages
        )

    play(world, script, answer=echo, emulator={"retries": (0, 0), "ack_within": 0.6})


@pytest.mark.parametrize(
    ("how", "minutes"), [("direct", 9), ("command", 9), ("press", 9), ("form", 9), ("direct", 11), ("command", 11)]
)
def test_what_was_kept_before_a_crash_is_answered_after_it(world: World, how: str, minutes: int) -> None:
    _crash(world, how, minutes)


def test_a_crash_on_each_database(database: Database, catalogue_search: Any) -> None:
    _crash(World(database, catalogue_search), "command", 0)


def _crash(world: World, how: str, minutes: int) -> None:
    slow = Hanging(_buttons)

    async def script(scene: Scene) -> None:
        slack, a, regio = scene.slack, scene.a, scene.regio
        shown = (await slack.command(a, regio, "toon")).message
        assert shown
        if how == "form":
            await slack.press(a, shown, "Antwoord geven")
            await slack.until(lambda: slack.modals(a))
        scene.answer = scene.bot._answer = slow
        scene.bot._ack_seconds = 0.05
        if how == "direct":
            await slack.direct(a, "vraag")
        elif how == "command":
            await slack.command(a, regio, "vraag")
        elif how == "press":
            await slack.press(a, shown, "Verder")
        else:
            await slack.submit(a, slack.modals(a)[-1], {"answer": "vraag"})
        await slack.until(lambda: slow.asked)
        await scene.kill()
        world.now += timedelta(minutes=minutes)
        slow.going.set()
        where = a if how == "direct" else regio
        before = slack.messages(where, a)
        await scene.start()
        await scene.settle()
        after = slack.messages(where, a)
        assert (after != before) == (minutes < 10)
        if minutes < 10:
            assert "vraag" in after[-1].plain
            assert after[-1].ephemeral == (how != "direct")
            assert waiting(world.database) == 0

    play(world, script, answer=_buttons)


async def _buttons(request: Request) -> Reply:
    """What was asked, something to press and something to fill in."""
    form = None if "vraag" in request.text else Form("Wat?", "zoek")
    return Reply(f"{request.text}", buttons=(Button("Verder", "vraag"),), form=form)


def test_in_a_chat_one_is_answered_in_order(world: World) -> None:
    slow = Hanging()

    async def answer(request: Request) -> Reply:
        return await (slow(request) if request.text == "een" else echo(request))

    async def script(scene: Scene) -> None:
        slack, a, b = scene.slack, scene.a, scene.slack.person("Ambassadeur B")
        for text in ("een", "twee", "drie"):
            await slack.direct(a, text)
        await slack.direct(b, "vier")
        await slack.until(lambda: scene.said(b))
        assert scene.said(a) == []
        slow.going.set()
        await scene.settle()
        assert [line.split()[1] for line in scene.said(a)] == ["een", "twee", "drie"]

    play(world, script, answer=answer)


# --- acknowledged in time ---


def test_a_slow_answer_comes_after_the_acknowledgement(world: World) -> None:
    slow = Hanging()

    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        asked = await slack.command(a, scene.regio, "iets")
        assert asked.acknowledged
        assert asked.message is None
        slow.going.set()
        await scene.settle()
        answer = scene.newest(a)
        assert (answer.via, answer.ephemeral, answer.unfurls) == ("response_url", True, False)
        assert answer.plain == "said: iets (Ambassadeur A)"

    play(world, script, answer=slow, ack_seconds=0.1)


def test_the_time_it_takes_to_keep_counts_too(world: World) -> None:
    slow = Hanging()

    class Slow(PlatformInbox):
        async def keep(self, events: Any) -> Any:
            await asyncio.sleep(0.6)
            return await super().keep(events)

    async def script(scene: Scene) -> None:
        await scene.stop()
        await scene.start(Slow)
        asked = await scene.slack.command(scene.a, scene.regio, "iets")
        assert asked.acknowledged
        assert asked.seconds < 1.1
        slow.going.set()

    play(world, script, answer=slow, ack_seconds=0.7)


def test_no_acknowledgement_waits_for_slack(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        shown = (await slack.command(a, scene.regio, "debat VO Utrecht")).message
        assert shown
        scene.bot._ack_seconds = 0.2
        slack.fault("*", times=None, delay=1)
        answers = [await slack.command(a, scene.regio, "deel"), await slack.press(a, shown, "Andere plaats")]
        said = [await slack.direct(a, "VO Utrecht"), await slack.open_messages_tab(a)]
        slack.mend()
        assert all(answer.acknowledged and answer.seconds < 0.9 for answer in answers)
        assert all(ack and ack.seconds < 0.9 for delivery in said for ack in delivery.acks)

    play(world, script)


# --- what goes wrong ---


def test_what_cannot_be_read_is_dropped_and_nothing_of_it_logged(
    world: World, logged: pytest.LogCaptureFixture
) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        odd = {"type": "message", "channel_type": "im", "user": a.id, "text": "geheim"}
        assert (await slack.event(odd)).acknowledged
        assert (await slack.event(odd | {"channel": ["geheim"], "ts": "1.1"})).acknowledged
        assert (await slack.event({"type": "reaction_added", "user": a.id, "item": {"geheim": 1}})).acknowledged
        assert (await slack.global_shortcut(a, "geheim")).acknowledged
        await scene.settle()
        unreadable = [one for one in logged.messages if one.startswith("slack: something could not be read")]
        assert unreadable == [f"slack: something could not be read: {name}" for name in ("KeyError", "TypeError")]
        assert rows(world.database) == 0

    play(world, script, answer=echo)


@pytest.mark.parametrize("where", ["answering", "Bolt"])
def test_an_error_of_our_own_is_logged_without_its_words(
    world: World, logged: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    async def fails(request: Request) -> Reply:
        raise RuntimeError(request.text)

    def will_not_begin(event: Event, _: Any) -> None:
        raise RuntimeError(event.request.text)

    async def script(scene: Scene) -> None:
        if where == "Bolt":
            monkeypatch.setattr(scene.bot.answering, "begin", will_not_begin)
        await scene.slack.direct(scene.a, "geheim")
        await scene.slack.until(lambda: any("RuntimeError" in message for message in logged.messages))

    play(world, script, answer=fails)


# --- the connection ---


def test_it_connects_again(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        [first] = slack.connections
        await slack.disconnect("refresh_requested")
        await slack.until(lambda: slack.connections and slack.connections != [first])
        await slack.direct(a, "een")
        slack.fault("apps.connections.open", error="internal_error")
        slack.drop()
        await slack.connected()
        await slack.direct(a, "twee")
        await scene.settle()
        assert [line.split()[1] for line in scene.said(a)] == ["een", "twee"]

    play(world, script, answer=echo, ping_seconds=0.2)


def test_a_connection_that_stays_away_is_begun_anew_by_who_runs_it(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack = scene.slack
        slack.fault("apps.connections.open", error="internal_error", times=None)
        slack.drop()
        with pytest.raises(ConnectionError):
            await asyncio.wait_for(asyncio.shield(scene.running), 5)
        slack.mend()
        scene.inbox.close()
        await scene.start()

    play(world, script, ping_seconds=0.1, longest_away=0.35)


@pytest.mark.parametrize(
    ("given", "named"),
    [({"bot_token": "xoxb-wrong"}, "SLACK_BOT_TOKEN"), ({"app_token": "xapp-wrong"}, "SLACK_APP_TOKEN")],
)
def test_a_wrong_token_ends_it_with_the_name_of_the_setting(world: World, given: Any, named: str) -> None:
    async def script(scene: Scene) -> None:
        with pytest.raises(Stopped, match=rf"Slack refuses {named} \(invalid_auth\)") as stopped:
            await scene.make(**given).run()
        assert not any(token in str(stopped.value) for token in given.values())
        assert stopped.value.__cause__ is None

    play(world, script)


def test_sockets_that_are_switched_off_end_it_too(world: World) -> None:
    async def script(scene: Scene) -> None:
        scene.slack.fault("apps.connections.open", error="missing_scope")
        with pytest.raises(Stopped, match="SLACK_APP_TOKEN"):
            await scene.make().run()

    play(world, script)


def test_where_slack_cannot_be_reached_it_says_so(world: World) -> None:
    async def script(scene: Scene) -> None:
        with pytest.raises(ClientConnectionError):
            await scene.make(base_url="http://127.0.0.1:1/api").run()
        for method in ("auth.test", "apps.connections.open"):
            faults: list[Any] = [{"status": 503}, {"error": "internal_error"}]
            for fault in faults:
                scene.slack.fault(method, **fault)
                with pytest.raises(SlackApiError):
                    await scene.make().run()

    play(world, script)


def test_a_stop_finishes_what_is_being_answered_and_takes_nothing_new(world: World) -> None:
    slow = Hanging()

    async def script(scene: Scene) -> None:
        slack, a, b = scene.slack, scene.a, scene.slack.person("Ambassadeur B")
        asking = asyncio.create_task(slack.command(a, scene.regio, "iets"))
        await slack.until(lambda: slow.asked)
        scene.bot.stop()
        late = asyncio.create_task(slack.direct(b, "te laat"))
        await asyncio.sleep(0.05)
        slow.going.set()
        asked = await asking
        await scene.running
        assert not (await late).acknowledged
        assert asked.message
        assert asked.message.plain == "said: iets (Ambassadeur A)"
        assert len(slow.asked) == 1
        assert waiting(world.database) == 0
        assert slack.connections == []

    play(world, script, answer=slow)


def test_a_stop_does_not_wait_for_ever(world: World) -> None:
    slow = Hanging()

    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        await slack.direct(a, "iets")
        asking = asyncio.create_task(slack.command(a, scene.regio, "iets"))
        await slack.until(lambda: len(slow.asked) == 2)
        scene.bot.stop()
        await asyncio.wait_for(scene.running, 5)
        assert (await asking).acknowledged
        assert waiting(world.database) == 2  # they are answered after the next start
        slow.going.set()
        scene.inbox.close()
        await scene.start()
        await scene.settle()
        assert scene.said(a) == ["said: iets (Ambassadeur A)"]
        assert scene.newest(a).plain == "said: iets (Ambassadeur A)"

    play(world, script, answer=slow, finish_seconds=0.1)


def test_two_bots_in_a_row_are_one(world: World) -> None:
    """A restart in the middle of a conversation: buttons, numbers and windows of before still work."""

    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        details = await _details(scene)
        await scene.press(a, details, "Klopt iets niet?")
        await slack.submit(a, slack.modals(a)[-1], {"answer": PUPIL})
        await scene.stop()
        await scene.start()
        await slack.submit(a, slack.modals(a)[-1], {"answer": "Het telefoonnummer is oud."})
        await scene.settle()
        with world.database.read() as c:
            assert len(store.reports(c)) == 1
        await scene.press(a, scene.newest(a), "Terug naar de lijst")
        assert scene.newest(a).plain.startswith("Ik vond 3 programma's.")

    play(world, script)


def test_what_is_left_over_is_looked_up_before_anything_new_comes_in(world: World) -> None:
    """Else what comes in meanwhile would count as left over too, and be answered twice."""
    connections: list[int] = []

    async def script(scene: Scene) -> None:
        class Looking(PlatformInbox):
            async def left(self) -> list[Event]:
                connections.append(len(scene.slack.connections))
                return await super().left()

        await scene.stop()
        await scene.start(Looking)
        assert connections == [0]

    play(world, script, answer=echo)


def test_a_slack_that_does_not_say_goodbye_does_not_keep_us(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.handlers.slack.CLOSE_SECONDS", 0.05)

    async def whole() -> None:
        slack = SlackEmulator()

        async def deaf(request: web.Request) -> web.WebSocketResponse:
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            connected.set()
            await asyncio.Event().wait()
            return socket

        monkeypatch.setattr(slack._sockets, "serve", deaf)
        connected = asyncio.Event()
        async with slack:
            scene = Scene(slack, world, echo, {})
            scene.inbox = PlatformInbox(world.database, "slack", world.is_personal, lambda: world.now)
            bot = scene.make()
            running = asyncio.create_task(bot.run())
            await connected.wait()
            bot.stop()
            await asyncio.wait_for(running, 5)
            scene.inbox.close()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            await asyncio.wait(others, timeout=0.1)
            assert [task for task in others if not task.done() and "slack_sdk" in repr(task)] == []

    asyncio.run(whole())
