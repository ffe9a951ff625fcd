"""A small real Bolt app over Socket Mode and the people it talks with: commands, events, buttons, modals, cut lines."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
import contextlib
from dataclasses import dataclass, field
import re
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulators.slack import SUBSCRIPTIONS, Channel, Message, Person, SlackEmulator, audio_clip, file

JSON = dict[str, Any]
QUIET: JSON = {"unfurl_links": False, "unfurl_media": False}


def _plain(text: str) -> JSON:
    return {"type": "plain_text", "text": text}


def _listed(text: str, *labels: str) -> JSON:
    """A message with buttons; the same number stands twice, told apart by what screen readers say."""
    buttons = [
        {"type": "button", "text": _plain(label), "action_id": f"doe_{number}", "value": f"waarde {label}"}
        | ({"accessibility_label": f"Nummer {number}"} if label == "1" else {})
        for number, label in enumerate(labels)
    ]
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return {"text": text, "blocks": [section, *([{"type": "actions", "elements": buttons}] if buttons else [])]}


PLACE: JSON = {
    "type": "input",
    "block_id": "plaats",
    "label": _plain("Plaats"),
    "element": {"type": "plain_text_input", "action_id": "a", "max_length": 20},
}
SECTOR: JSON = {
    "type": "input",
    "block_id": "sector",
    "label": _plain("Sector"),
    "optional": True,
    "element": {
        "type": "static_select",
        "action_id": "b",
        "options": [{"text": _plain("VO"), "value": "vo"}, {"text": _plain("PO"), "value": "po"}],
    },
}
FORM: JSON = {
    "type": "modal",
    "callback_id": "zoek",
    "title": _plain("Zoeken"),
    "submit": _plain("Zoek"),
    "notify_on_close": True,
    "blocks": [PLACE, SECTOR, _listed("", "Wis")["blocks"][1]],
}


@dataclass
class Scene:
    """Somebody in a channel, and an app that does what a test puts in `does` and keeps what reached it."""

    slack: SlackEmulator
    client: AsyncWebClient
    a: Person
    regio: Channel
    heard: list[JSON] = field(default_factory=list)
    does: Callable[..., Awaitable[Any]] | None = None
    handlers: list[Any] = field(default_factory=list)

    def app(self) -> AsyncApp:
        app = AsyncApp(client=self.client)

        async def listen(body: JSON, ack: Any, respond: Any, client: AsyncWebClient) -> None:
            self.heard.append(body)
            if self.does:
                await self.does(body=body, ack=ack, respond=respond, client=client)
            else:
                await ack()

        everything = re.compile(".*", re.DOTALL)
        app.command(everything)(listen)
        app.action(everything)(listen)
        app.shortcut(everything)(listen)
        app.view(everything)(listen)
        app.view_closed(everything)(listen)
        app.event(everything)(listen)
        return app

    async def connect(self, app: AsyncApp | None = None) -> None:
        handler = AsyncSocketModeHandler(app or self.app(), self.slack.app_token, ping_interval=0.1)
        self.handlers.append(handler)
        await self.handlers[-1].connect_async()
        await self.slack.connected(len(self.handlers))

    async def replace(self, app: AsyncApp) -> None:
        """Another app instead of the one there is."""
        await self.handlers.pop().close_async()
        await self.slack.until(lambda: not self.slack.connections)
        await self.connect(app)


@contextlib.asynccontextmanager
async def _scene(**given: Any) -> AsyncIterator[Scene]:
    async with SlackEmulator(**given) as slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.base_url, retry_handlers=[])
        scene = Scene(slack, client, slack.person("Ambassadeur A"), slack.channel("regio-utrecht"))
        await scene.connect()
        try:
            yield scene
        finally:
            for handler in scene.handlers:
                await handler.close_async()


def _play(script: Callable[[Scene], Awaitable[None]], *, noted: str = "", **given: Any) -> None:
    """Plays a script; afterwards every violation says `noted`, or there is none."""

    async def whole() -> list[str]:
        async with _scene(**given) as scene:
            await script(scene)
            await scene.slack.idle()
            return scene.slack.violations

    violations = asyncio.run(whole())
    assert bool(violations) == bool(noted), violations
    assert all(noted in violation for violation in violations), violations


# Commands.


def test_a_command_answered_in_the_acknowledgement() -> None:
    async def does(ack: Any, **_: Any) -> None:
        await ack(**_listed("*Ik vond* er 2.", "1", "2", "1"))

    async def script(scene: Scene) -> None:
        scene.does = does
        answer = await scene.slack.command(scene.a, scene.regio, "  debat & VO <@U1> ")
        assert answer.acknowledged
        assert 0 < answer.seconds < 3
        assert answer.message
        assert answer.message.ephemeral
        assert answer.message.plain == "Ik vond er 2."
        assert answer.message.labels == ("1", "2", "1")
        assert scene.slack.messages(scene.regio) == []
        assert scene.slack.newest(scene.regio, scene.a) == answer.message
        (body,) = scene.heard
        assert body["text"] == "debat &amp; VO &lt;@U1&gt;"
        assert (body["command"], body["channel_name"]) == ("/skb", "regio-utrecht")
        scene.heard.clear()
        await scene.slack.command(scene.a, scene.a, "help")
        assert scene.heard[0]["channel_name"] == "directmessage"

    _play(script)


def test_a_command_answered_for_everybody_or_not_at_all() -> None:
    async def script(scene: Scene) -> None:
        assert (await scene.slack.command(scene.a, scene.regio, "stil")).message is None

        async def does(ack: Any, **_: Any) -> None:
            await ack(text="voor iedereen", response_type="in_channel")

        scene.does = does
        await scene.slack.command(scene.a, scene.regio, "deel")
        (seen,) = scene.slack.messages(scene.regio)
        assert (seen.text, seen.ephemeral, seen.via) == ("voor iedereen", False, "ack")

    _play(script)


@pytest.mark.parametrize(
    ("answer", "noted"),
    [
        (
            {"text": "x", "blocks": [{"type": "section"}]},
            "the message in the acknowledgement is refused: invalid_blocks",
        ),
        ({"text": "x", "kleur": "rood"}, "unknown parameters in the acknowledgement: kleur"),
        ({"text": "R&D"}, "must be escaped"),
    ],
)
def test_what_an_acknowledgement_lets_pass(answer: JSON, noted: str) -> None:
    async def script(scene: Scene) -> None:
        async def does(ack: Any, **_: Any) -> None:
            await ack(answer)

        scene.does = does
        await scene.slack.command(scene.a, scene.regio, "x")

    _play(script, noted=noted)


def test_a_command_nobody_acknowledges() -> None:
    async def does(**_: Any) -> None:
        await asyncio.sleep(0)

    async def script(scene: Scene) -> None:
        scene.does = does
        answer = await scene.slack.command(scene.a, scene.regio, "x")
        assert not answer.acknowledged
        assert [envelope.kind for envelope in scene.slack.unacknowledged] == ["slash_commands"]

    _play(script, noted="/skb: not acknowledged within 0.1 s", ack_within=0.1)


def test_strangers_and_others_have_their_limits() -> None:
    async def script(scene: Scene) -> None:
        stranger = scene.slack.person("Ver weg", stranger=True)
        b = scene.slack.person("Ambassadeur B")
        shared = scene.slack.channel("samen", shared=True)
        with pytest.raises(AssertionError, match="can't use an app's slash commands"):
            await scene.slack.command(stranger, shared, "x")
        with pytest.raises(AssertionError, match="can't use an app's shortcuts"):
            await scene.slack.shortcut(stranger, "x", shared, "zoek")
        with pytest.raises(AssertionError, match="can't use an app's shortcuts"):
            await scene.slack.global_shortcut(stranger, "zoek")
        with pytest.raises(AssertionError, match="is not shared with strangers"):
            await scene.slack.mention(stranger, scene.regio, "x")
        with pytest.raises(AssertionError, match="not their conversation"):
            await scene.slack.command(b, scene.slack.conversation(scene.a), "x")
        with pytest.raises(AssertionError, match="Slack delivers no app_mention"):
            await scene.slack.mention(scene.a, scene.slack.channel("elders", bot_is_member=False), "x")
        await scene.slack.mention(stranger, shared, "hoi")
        (body,) = scene.heard
        assert body["is_ext_shared_channel"]
        assert body["event"]["user_team"] != body["authorizations"][0]["team_id"] == body["team_id"]

    _play(script)


# Events.


def test_a_mention_comes_as_slack_writes_it_and_is_answered_in_its_thread() -> None:
    async def does(body: JSON, client: AsyncWebClient, **_: Any) -> None:
        event = body["event"]
        thread = event.get("thread_ts", event["ts"])
        await client.chat_postMessage(channel=event["channel"], text="hier", thread_ts=thread, **QUIET)

    async def script(scene: Scene) -> None:
        scene.does = does
        said = "kunst & <cultuur> met @Ambassadeur A in #regio-utrecht? Zie https://skb.test/a?b=1, "
        said += "www.skb.test of a@b.nl."
        asked = await scene.slack.mention(scene.a, scene.regio, said)
        assert scene.heard[0]["event"]["text"] == (
            f"<@U0BOT> kunst &amp; &lt;cultuur&gt; met <@{scene.a.id}> in <#{scene.regio.id}|regio-utrecht>? Zie "
            "<https://skb.test/a?b=1>, <http://www.skb.test|www.skb.test> of <mailto:a@b.nl|a@b.nl>."
        )
        assert asked.acknowledged
        assert asked.message
        await scene.slack.until(lambda: len(scene.slack.messages(scene.regio)) == 2)
        answer = scene.slack.newest(scene.regio)
        assert (answer.text, answer.thread_ts, answer.unfurls) == ("hier", asked.message.ts, False)
        await scene.slack.mention(scene.a, scene.regio, "en hier, @SKB-bot?", thread=answer)
        event = scene.heard[-1]["event"]
        assert (event["thread_ts"], event["text"]) == (asked.message.ts, "en hier, <@U0BOT>?")

    _play(script)


def test_the_same_event_again() -> None:
    async def script(scene: Scene) -> None:
        await scene.connect()
        await scene.connect()
        delivery = await scene.slack.mention(scene.a, scene.regio, "hoi", times=4, together=True)
        acks = [ack for ack in delivery.acks if ack]
        assert len(acks) == 4
        assert {ack.event_id for ack in acks} == {body["event_id"] for body in scene.heard} == {delivery.event_id}
        assert sorted(ack.attempt for ack in acks) == [0, 1, 2, 3]
        assert len({ack.connection for ack in acks}) == 3
        assert len({ack.envelope_id for ack in acks}) == 4
        only = await scene.slack.direct(scene.a, "hoi", times=2, on=scene.slack.connections[1])
        assert [ack.connection for ack in only.acks if ack] == [2, 2]

    _play(script)


def test_slack_tries_again_by_itself() -> None:
    async def script(scene: Scene) -> None:
        tries: list[JSON] = []

        async def keep(body: JSON, next_: Callable[[], Awaitable[Any]]) -> Any:
            tries.append(body)
            if len(tries) < 3:
                raise RuntimeError("kan niet bewaren")
            return await next_()

        app = scene.app()
        app.middleware(keep)
        await scene.replace(app)
        delivery = await scene.slack.direct(scene.a, "hoi")
        assert [ack.attempt if ack else None for ack in delivery.acks] == [None, None, 2]
        assert len({body["event_id"] for body in tries}) == 1
        assert len(scene.slack.unacknowledged) == 2

    _play(script, retries=(0, 0.01, 0.02), ack_within=0.15)


def test_what_comes_in_a_direct_conversation() -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        first = await slack.direct(a, "debat")
        assert first.message
        await slack.direct(a, "in een draad", thread=first.message)
        await slack.direct(a, files=[file("plan.pdf", "application/pdf")])
        await slack.direct(a, files=[audio_clip()])
        await slack.direct(a, "zwaait", subtype="me_message")
        await slack.direct(a, "piep", subtype="bot_message")
        await slack.edit(a, first.message, "debat VO")
        await slack.erase(a, first.message)
        events = [body["event"] for body in scene.heard]
        assert {event["channel_type"] for event in events} == {"im"}
        assert [event.get("subtype") for event in events] == [
            *[None] * 2,
            *["file_share"] * 2,
            "me_message",
            "bot_message",
            "message_changed",
            "message_deleted",
        ]
        assert events[1]["thread_ts"] == first.message.ts
        assert events[3]["files"][0]["media_display_type"] == "audio"
        assert (events[5]["bot_id"], "user" in events[5]) == ("B0OTHER", False)
        assert events[6]["message"]["text"] == "debat VO"
        assert events[6]["previous_message"]["text"] == "debat"
        assert events[7]["deleted_ts"] == first.message.ts
        slack.close_tabs(messages=True)
        with pytest.raises(AssertionError, match="Messages tab is off"):
            await slack.direct(a, "hallo?")

    _play(script)


def test_tabs_invitations_and_other_events() -> None:
    async def script(scene: Scene) -> None:
        slack = scene.slack
        await slack.open_messages_tab(scene.a)
        await slack.open_home_tab(scene.a)
        await scene.client.views_publish(user_id=scene.a.id, view={"type": "home", "blocks": FORM["blocks"]})
        await slack.open_home_tab(scene.a)
        tabs = [body["event"] for body in scene.heard]
        assert [event["tab"] for event in tabs] == ["messages", "home", "home"]
        assert [bool(event.get("view")) for event in tabs] == [False, False, True]
        home = slack.home(scene.a)
        assert home
        await slack.press(scene.a, home, "Wis")
        assert scene.heard[-1]["container"] == {"type": "view", "view_id": home.id}
        elsewhere = slack.channel("elders", private=True, bot_is_member=False)
        await slack.invite_bot(elsewhere, by=scene.a)
        joined = scene.heard[-1]["event"]
        assert (joined["user"], joined["inviter"], joined["channel_type"]) == (slack.bot, scene.a.id, "G")
        await scene.client.chat_postMessage(channel=elsewhere.id, text="hoi", **QUIET)
        await slack.event({"type": "tokens_revoked", "tokens": {"bot": [slack.bot]}})
        assert scene.heard[-1]["event"]["type"] == "tokens_revoked"

    _play(script)


def test_the_bot_hears_of_its_own_messages_where_it_listens() -> None:
    async def script(scene: Scene) -> None:
        heard: list[JSON] = []

        async def before_anything(body: JSON, next_: Callable[[], Awaitable[Any]]) -> Any:
            heard.append(body["event"])
            return await next_()

        app = scene.app()
        app.middleware(before_anything)
        # In front of Bolt's own middleware that passes over the bot's own messages.
        own = app._async_middleware_list.pop()
        app._async_middleware_list.insert(0, own)
        await scene.replace(app)
        posted = await scene.client.chat_postMessage(channel=scene.a.id, text="hoi", **QUIET)
        await scene.client.chat_update(channel=posted["channel"], ts=posted["ts"], text="dag")
        await scene.client.chat_delete(channel=posted["channel"], ts=posted["ts"])
        await scene.client.chat_postMessage(channel=scene.regio.id, text="niet gevolgd", **QUIET)
        await scene.slack.idle()
        assert [event.get("subtype") for event in heard] == [None, "message_changed", "message_deleted"]
        assert heard[0]["bot_id"] == "B0BOT"
        scene.slack.echo = False
        await scene.client.chat_postMessage(channel=scene.a.id, text="stil", **QUIET)
        await scene.slack.idle()
        assert len(heard) == 3

    _play(script)


def test_what_is_said_in_a_channel_is_heard_by_who_subscribed() -> None:
    async def script(scene: Scene) -> None:
        await scene.slack.mention(scene.a, scene.regio, "hoi")
        await scene.slack.say(scene.a, scene.regio, "zomaar")
        await scene.slack.idle()
        assert sorted(body["event"]["type"] for body in scene.heard) == ["app_mention", "message", "message"]

    _play(script, subscriptions=SUBSCRIPTIONS | {"message.channels"})

    async def alone(scene: Scene) -> None:
        said = await scene.slack.say(scene.a, scene.regio, "zomaar")
        assert not said.acknowledged
        assert scene.heard == []

    _play(alone)


# Buttons.


def test_a_button_on_an_ephemeral_message() -> None:
    async def script(scene: Scene) -> None:
        async def lists(ack: Any, **_: Any) -> None:
            await ack(**_listed("lijst", "Meer", "1", "1"))

        async def replaces(ack: Any, respond: Any, **_: Any) -> None:
            await ack()
            await respond(**_listed("bladzijde 2", "Terug"), replace_original=True)

        scene.does = lists
        message = (await scene.slack.command(scene.a, scene.regio, "x")).message
        assert message
        scene.does = replaces
        await scene.slack.press(scene.a, message, "Nummer 2")
        body = scene.heard[-1]
        assert body["container"]["is_ephemeral"]
        assert "message" not in body
        assert (body["actions"][0]["action_id"], body["actions"][0]["value"]) == ("doe_2", "waarde 1")
        await scene.slack.idle()
        (now,) = scene.slack.messages(scene.regio, scene.a)
        assert (now.plain, now.ephemeral, now.edited, now.ts) == ("bladzijde 2", True, True, message.ts)
        # The message of before still names the place: what counts is what stands there now.
        with pytest.raises(AssertionError, match=r"no single button \[Meer\] here; there are: \[Terug\]"):
            await scene.slack.press(scene.a, message, "Meer")
        with pytest.raises(AssertionError, match="does not see that message"):
            await scene.slack.press(scene.slack.person("Ambassadeur B"), message, "Terug")

        async def goes(ack: Any, respond: Any, **_: Any) -> None:
            await ack()
            await respond(delete_original=True)

        scene.does = goes
        await scene.slack.press(scene.a, message, "Terug")
        await scene.slack.idle()
        with pytest.raises(AssertionError, match="does not see that message"):
            await scene.slack.press(scene.a, message, "Terug")

    _play(script)


def test_a_button_on_a_message_everybody_sees() -> None:
    async def script(scene: Scene) -> None:
        async def answers(ack: Any, respond: Any, **_: Any) -> None:
            await ack()
            await respond(text="alleen jij")

        scene.does = answers
        place = scene.regio.id
        first = await scene.client.chat_postMessage(channel=place, text="vraag", **QUIET)
        await scene.client.chat_postMessage(channel=place, thread_ts=first["ts"], **_listed("lijst", "1", "1"), **QUIET)
        message = scene.slack.newest(scene.regio)
        with pytest.raises(AssertionError, match=r"\[1\] \(Nummer 0\), \[1\] \(Nummer 1\)"):
            await scene.slack.press(scene.a, message, "1")
        await scene.slack.press(scene.a, message, "Nummer 1")
        body = scene.heard[-1]
        assert body["message"]["ts"] == message.ts
        assert body["container"]["thread_ts"] == first["ts"]
        await scene.slack.until(lambda: scene.slack.newest(scene.regio, scene.a).text == "alleen jij")
        assert scene.slack.newest(scene.regio).text == "lijst"

    _play(script)


def test_a_press_can_carry_no_answer() -> None:
    async def script(scene: Scene) -> None:
        async def does(ack: Any, **_: Any) -> None:
            await ack(text="mag niet")

        scene.does = does
        await scene.client.chat_postMessage(channel=scene.regio.id, **_listed("lijst", "Meer"), **QUIET)
        await scene.slack.press(scene.a, scene.slack.newest(scene.regio), "Meer")

    _play(script, noted="the acknowledgement carries a payload, and this kind takes none")


# Shortcuts and modals.


def _opens(view: JSON) -> Callable[..., Awaitable[None]]:
    async def does(body: JSON, ack: Any, client: AsyncWebClient, **_: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    return does


async def _with_form(scene: Scene, view: JSON = FORM) -> None:
    scene.does = _opens(view)
    await scene.slack.global_shortcut(scene.a, "zoek")
    await scene.slack.until(lambda: scene.slack.modals(scene.a))


def test_shortcuts() -> None:
    async def script(scene: Scene) -> None:
        await _with_form(scene)
        assert scene.heard[-1]["type"] == "shortcut"
        assert "response_url" not in scene.heard[-1]
        scene.does = None
        await scene.slack.shortcut(scene.a, "wie kent debat?", scene.regio, "zoek_bij")
        body = scene.heard[-1]
        assert (body["type"], body["callback_id"]) == ("message_action", "zoek_bij")
        assert body["message"]["text"] == "wie kent debat?"
        (asked,) = scene.slack.messages(scene.regio)
        await scene.slack.shortcut(scene.slack.person("Ambassadeur B"), asked, scene.regio, "zoek_bij")
        assert scene.heard[-1]["message_ts"] == asked.ts == body["message_ts"]

    _play(script)


def test_a_form_is_sent_refused_and_sent_again() -> None:
    async def script(scene: Scene) -> None:
        await _with_form(scene)

        async def checks(body: JSON, ack: Any, **_: Any) -> None:
            place = body["view"]["state"]["values"]["plaats"]["a"]["value"]
            wrong = {"plaats": "Die plaats ken ik niet."}
            await (ack() if place == "Zeist" else ack(response_action="errors", errors=wrong))

        scene.does = checks
        (form,) = scene.slack.modals(scene.a)
        assert [field.label for field in form.fields] == ["Plaats", "Sector"]
        refused = await scene.slack.submit(scene.a, form, {"Plaats": "Atlantis", "sector": "VO"})
        assert refused.payload == {"response_action": "errors", "errors": {"plaats": "Die plaats ken ik niet."}}
        sector = scene.heard[-1]["view"]["state"]["values"]["sector"]["b"]
        assert sector["selected_option"]["value"] == "vo"
        (form,) = scene.slack.modals(scene.a)
        assert form.errors == {"plaats": "Die plaats ken ik niet."}
        await scene.slack.submit(scene.a, form, {"Plaats": "Zeist"})
        assert scene.heard[-1]["view"]["state"]["values"]["sector"]["b"]["selected_option"] is None
        assert scene.slack.modals(scene.a) == []
        with pytest.raises(AssertionError, match="has no modal open"):
            await scene.slack.submit(scene.a, form, {"Plaats": "Zeist"})

    _play(script)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "asks to fill in 'Plaats' first"),
        ({"Plaats": "x" * 21}, "0 to 20 characters in 'Plaats'"),
        ({"Plaats": "x", "Klas": "x"}, "has no field Klas; there are: Plaats, Sector"),
        ({"Plaats": "x", "Sector": "SO"}, "Sector has no choice 'SO'; there are: VO, PO"),
    ],
)
def test_a_form_that_slack_itself_holds_back(values: JSON, words: str) -> None:
    async def script(scene: Scene) -> None:
        await _with_form(scene)
        with pytest.raises(AssertionError, match=words):
            await scene.slack.submit(scene.a, scene.slack.modals(scene.a)[0], values)
        assert scene.heard[-1]["type"] == "shortcut"

    _play(script)


CHANGED = FORM | {"title": _plain("Anders")}


@pytest.mark.parametrize(
    ("answer", "titles"),
    [
        ({"response_action": "update", "view": CHANGED}, ["Anders"]),
        ({"response_action": "push", "view": CHANGED}, ["Zoeken", "Anders"]),
        ({"response_action": "clear"}, []),
        ({}, []),
    ],
)
def test_what_follows_a_form(answer: JSON, titles: list[str]) -> None:
    async def script(scene: Scene) -> None:
        await _with_form(scene)

        async def does(ack: Any, **_: Any) -> None:
            await ack(answer or "")

        scene.does = does
        await scene.slack.submit(scene.a, scene.slack.modals(scene.a)[0], {"Plaats": "Zeist"})
        assert [view.title for view in scene.slack.modals(scene.a)] == titles

    _play(script)


@pytest.mark.parametrize(
    ("answer", "noted"),
    [
        ({"response_action": "errors", "errors": {"klas": "x"}}, "an error for 'klas', which is no input block"),
        ({"response_action": "errors", "errors": {"plaats": ""}}, "the error for 'plaats' says nothing"),
        ({"response_action": "errors", "errors": {}}, "errors must say something by block_id"),
        ({"response_action": "update", "view": {"type": "modal"}}, "update is refused: invalid_arguments"),
        ({"response_action": "push"}, "push is refused: invalid_arguments"),
        ({"text": "dank"}, "nothing Slack knows in the acknowledgement"),
    ],
)
def test_what_can_not_follow_a_form(answer: JSON, noted: str) -> None:
    async def script(scene: Scene) -> None:
        await _with_form(scene)

        async def does(ack: Any, **_: Any) -> None:
            await ack(answer)

        scene.does = does
        await scene.slack.submit(scene.a, scene.slack.modals(scene.a)[0], {"Plaats": "Zeist"})
        assert len(scene.slack.modals(scene.a)) == 1

    _play(script, noted=noted)


def test_buttons_in_a_modal_and_closing_it() -> None:
    async def script(scene: Scene) -> None:
        await _with_form(scene)
        (form,) = scene.slack.modals(scene.a)

        async def pushes(body: JSON, ack: Any, client: AsyncWebClient, **_: Any) -> None:
            await ack()
            await client.views_push(trigger_id=body["trigger_id"], view=CHANGED | {"notify_on_close": False})

        scene.does = pushes
        with pytest.raises(AssertionError, match=r"no single button \[Weg\]"):
            await scene.slack.press(scene.a, form, "Weg")
        await scene.slack.press(scene.a, form, "Wis")
        await scene.slack.until(lambda: len(scene.slack.modals(scene.a)) == 2)
        with pytest.raises(AssertionError, match="'Zoeken' is not on top; 'Anders' is"):
            await scene.slack.press(scene.a, form, "Wis")
        scene.does = None
        assert await scene.slack.close(scene.a) is None
        assert await scene.slack.close(scene.a)
        assert scene.heard[-1]["type"] == "view_closed"
        with pytest.raises(AssertionError, match="has no modal open"):
            await scene.slack.close(scene.a)

    _play(script)


def test_a_view_without_a_button_to_send_it() -> None:
    async def script(scene: Scene) -> None:
        bare = {key: value for key, value in FORM.items() if key != "submit"} | {"blocks": FORM["blocks"][2:]}
        await _with_form(scene, bare)
        with pytest.raises(AssertionError, match="no button to send it"):
            await scene.slack.submit(scene.a, scene.slack.modals(scene.a)[0])

    _play(script)


# Lines that break, and what no library of Slack's would say.


def test_slack_asks_to_connect_anew() -> None:
    async def script(scene: Scene) -> None:
        (before,) = scene.slack.connections
        await scene.slack.disconnect()
        assert scene.slack.connections == []
        delivery = await scene.slack.direct(scene.a, "hoi")  # waits for the new connection
        assert delivery.acks[0]
        assert delivery.acks[0].connection != before.number

    _play(script)


def test_a_line_that_breaks() -> None:
    async def does(**_: Any) -> None:
        await asyncio.sleep(0)

    async def script(scene: Scene) -> None:
        scene.does = does
        pressed = asyncio.create_task(scene.slack.command(scene.a, scene.regio, "x"))
        await scene.slack.until(lambda: scene.heard)
        scene.slack.drop()
        assert not (await pressed).acknowledged  # at once, and nobody's fault: no violation
        assert [envelope.lost for envelope in scene.slack.unacknowledged] == [True]
        scene.does = None
        assert (await scene.slack.direct(scene.a, "hoi")).acknowledged
        await scene.connect()
        first, second = scene.slack.connections
        scene.slack.drop(first)
        assert scene.slack.connections == [second]
        assert (await scene.slack.direct(scene.a, "hoi")).acknowledged

    _play(script)


def _raw(
    script: Callable[[SlackEmulator, aiohttp.ClientWebSocketResponse], Awaitable[None]], **given: Any
) -> list[str]:
    """What is noted of an app that speaks with the socket itself."""

    async def whole() -> list[str]:
        async with SlackEmulator(**given) as slack, aiohttp.ClientSession() as session:
            client = AsyncWebClient(token=slack.bot_token, base_url=slack.base_url)
            opened = await client.apps_connections_open(app_token=slack.app_token)
            async with session.ws_connect(opened["url"]) as socket:
                hello = await socket.receive_json()
                assert (hello["type"], hello["num_connections"]) == ("hello", 1)
                again = await session.get(opened["url"].replace("ws://", "http://"))
                assert again.status == 403
                await script(slack, socket)
            return slack.violations

    return asyncio.run(whole())


def test_acknowledging_twice_or_with_what_events_do_not_take() -> None:
    async def script(slack: SlackEmulator, socket: aiohttp.ClientWebSocketResponse) -> None:
        delivering = asyncio.create_task(slack.direct(slack.person("A"), "hoi"))
        envelope = await socket.receive_json()
        assert (envelope["accepts_response_payload"], envelope["retry_attempt"]) == (False, 0)
        await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "hoi"}})
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await socket.send_json({"envelope_id": "verzonnen"})
        await socket.send_str("ok")
        assert (await delivering).acknowledged
        await slack.until(lambda: len(slack.violations) == 4)

    carried, twice, unknown, no_json = _raw(script)
    assert "this kind takes none" in carried
    assert "acknowledged twice" in twice
    assert "no acknowledgement of anything sent" in unknown
    assert "no acknowledgement of anything sent" in no_json


def test_acknowledging_too_late() -> None:
    async def script(slack: SlackEmulator, socket: aiohttp.ClientWebSocketResponse) -> None:
        delivery = await slack.direct(slack.person("A"), "hoi")
        assert delivery.acks == (None,)
        envelope = await socket.receive_json()
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await slack.until(lambda: slack.acks)
        assert [one.ack is not None for one in slack.unacknowledged] == [True]

    (late,) = _raw(script, ack_within=0.05)
    assert re.fullmatch(r"events_api: acknowledged after 0\.\d\d s; Slack waits 0\.05", late)


def test_more_connections_than_slack_allows() -> None:
    async def whole() -> None:
        async with SlackEmulator() as slack, aiohttp.ClientSession() as session:
            client = AsyncWebClient(token=slack.bot_token, base_url=slack.base_url)
            async with contextlib.AsyncExitStack() as sockets:
                for _ in range(11):
                    url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
                    socket = await sockets.enter_async_context(session.ws_connect(url))
                    first = await socket.receive_json()
                assert first == {"type": "disconnect", "reason": "too_many_websockets"}
                assert len(slack.connections) == 10

    asyncio.run(whole())


def test_messages_know_who_said_them_and_how() -> None:
    async def script(scene: Scene) -> None:
        await scene.slack.direct(scene.a, "hoi")
        await scene.client.chat_postMessage(channel=scene.a.id, text="dag", **QUIET)

        def told(message: Message) -> tuple[str, str, str]:
            return message.by, message.via, message.plain

        assert [told(message) for message in scene.slack.messages(scene.a)] == [
            (scene.a.id, "", "hoi"),
            (scene.slack.bot, "chat.postMessage", "dag"),
        ]
        with pytest.raises(AssertionError, match="the bot said nothing in regio-utrecht"):
            scene.slack.newest(scene.regio)

    _play(script)
