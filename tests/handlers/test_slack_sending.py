"""What the bot sends in Slack: once, where it belongs, and otherwise when that is not to be; on the wire."""

import asyncio
from typing import Any

import pytest

from bot.chat import Event, Reply, Request
from bot.delivery.inbox import PlatformInbox
from bot.handlers.slack import AGAIN_SECONDS, MOST_TRIES
from bot.handlers.slack_sending import LOOK_AFTER, NOT_BETWEEN_YOU, NOT_HERE, NOT_NOW
from tests.dialogues.conftest import World, catalogue_search, world
from tests.handlers.slack_bot import Hanging, Scene, echo, everything, in_order, logged, play, waiting

__all__ = ["catalogue_search", "logged", "world"]


@pytest.mark.parametrize("where", ["public", "private", "archived", "between two people"])
def test_what_cannot_be_shared_comes_as_a_text_to_copy(world: World, where: str) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        channel = slack.channel("elders", private=where == "private", bot_is_member=where == "archived")
        if where == "between two people":
            channel = slack.conversation(a, slack.person("Collega"))
        asked = await slack.command(a, channel, "debat VO Utrecht")
        assert asked.message
        if where == "archived":
            slack.archive(channel)
        await scene.press(a, asked.message, "Deel in dit kanaal")
        [only] = slack.messages(channel, a)
        in_order(
            only.plain,
            NOT_BETWEEN_YOU if where == "between two people" else NOT_HERE,
            "Ambassadeur A deelt 3 programma's.",
            "Debattraining in de klas",
        )
        assert "Gedeeld" not in only.plain
        await scene.press(a, only, "Terug")
        assert slack.messages(channel, a)[0].plain.startswith("Ik vond 3 programma's.")

    play(world, script)


def test_what_slack_refuses_to_share_comes_as_a_text_too(world: World, logged: pytest.LogCaptureFixture) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        asked = await slack.command(a, scene.regio, "debat VO Utrecht")
        assert asked.message
        slack.fault("chat.postMessage", error="msg_blocks_too_long")
        await scene.press(a, asked.message, "Deel in dit kanaal")
        [only] = slack.messages(scene.regio, a)
        in_order(only.plain, NOT_NOW, "Ambassadeur A deelt 3 programma's.")
        assert "slack: chat.postMessage: msg_blocks_too_long" in logged.messages

    play(world, script)


@pytest.mark.parametrize("in_thread", [False, True])
def test_what_is_for_the_asker_is_seen_by_them_alone(world: World, *, in_thread: bool) -> None:
    async def answer(_: Request) -> Reply:
        return Reply("Alleen voor jou.", seen_by="asker")

    async def script(scene: Scene) -> None:
        slack, a, regio = scene.slack, scene.a, scene.regio
        begun = (await slack.say(a, regio, "Wie weet iets?")).message if in_thread else None
        if begun:
            await slack.say(a, regio, "Ik niet", thread=begun)
        asked = await slack.mention(a, regio, "iets", thread=begun)
        await scene.settle()
        assert scene.said(regio) == []
        answer = scene.newest(a)
        # Slack shows nothing of the kind in a thread that does not exist yet.
        assert answer.thread_ts == (begun.ts if begun else "")
        assert asked.acknowledged

    play(world, script, answer=answer)


def test_a_page_whose_message_is_gone_comes_anew(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        await slack.direct(a, "VO Utrecht")
        await scene.settle()
        slack.fault("chat.update", error="message_not_found")
        [label] = [label for label in slack.newest(a).labels if label.startswith("Volgende")]
        await scene.press(a, slack.newest(a), label)
        assert len(scene.said(a)) == 2
        assert "6-" in slack.newest(a).plain

    play(world, script)


def test_replies_follow_one_another(world: World) -> None:
    async def answer(_: Request) -> Reply:
        return Reply("een", then=Reply("twee", then=Reply("drie")))

    async def script(scene: Scene) -> None:
        await scene.slack.direct(scene.a, "iets")
        await scene.slack.command(scene.a, scene.regio, "iets")
        await scene.settle()
        assert scene.said(scene.a) == ["een", "twee", "drie"]
        assert scene.said(scene.regio, scene.a) == ["een", "twee", "drie"]

    play(world, script, answer=answer)


def test_people_of_other_organisations_are_answered_too(world: World) -> None:
    async def script(scene: Scene) -> None:
        slack = scene.slack
        shared = slack.channel("samen", shared=True)
        for person, name in (
            (slack.person("Vreemde", stranger=True), "Vreemde"),
            (slack.person("Verborgen", stranger=True, hidden=True), ""),
            (slack.person("Vertrokken", deactivated=True), "Vertrokken"),
        ):
            for _ in range(2):
                await slack.mention(person, shared, "iets")
                await scene.settle()
                assert slack.newest(shared).plain == f"said: iets ({name})"
        assert len(slack.called("users.info")) == 3  # who is known, and who is not to be known, is asked once

    play(world, script, answer=echo)


@pytest.mark.parametrize("trouble", ["hanging", "missing_scope", "cut off"])
def test_without_a_name_one_is_answered_all_the_same(world: World, trouble: str) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        if trouble == "hanging":
            slack.fault("users.info", delay=0.5)
        elif trouble == "cut off":
            slack.fault("users.info", drop="before", times=None)
        else:
            slack.fault("users.info", error=trouble)
        first = await slack.command(a, scene.regio, "iets")
        slack.mend()
        second = await slack.command(a, scene.regio, "iets")
        assert first.message
        assert first.message.plain == "said: iets ()"
        assert second.message
        assert second.message.plain == "said: iets (Ambassadeur A)"

    play(world, script, answer=echo, name_seconds=0.1)


def test_the_name_of_who_asks_is_kept_nowhere(world: World) -> None:
    async def script(scene: Scene) -> None:
        scene.slack.change(scene.a, name="Ambassadeur <!channel> & *A*")
        await scene.slack.command(scene.a, scene.regio, "debat VO Utrecht")
        await scene.slack.command(scene.a, scene.regio, "deel")
        await scene.settle()
        assert scene.said(scene.regio) == ["Ambassadeur <!channel> & *A* deelt 3 programma's."]
        assert "Ambassadeur" not in everything(world.database)

    play(world, script)


def test_who_is_gone_gets_no_answer_and_does_no_harm(world: World, logged: pytest.LogCaptureFixture) -> None:
    slow = Hanging()

    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        await slack.direct(a, "iets")
        slack.change(a, deactivated=True)
        slow.going.set()
        await scene.settle()
        assert waiting(world.database) == 0
        assert "slack: chat.postMessage: is_archived" in logged.messages

    play(world, script, answer=slow)


@pytest.mark.parametrize("in_thread", [True, False])
def test_a_message_arrives_once(world: World, *, in_thread: bool) -> None:
    faults: list[tuple[dict[str, Any], float]] = [
        ({"status": 429, "retry_after": 7}, 7),
        ({"drop": "before"}, LOOK_AFTER),
        ({"drop": "after"}, LOOK_AFTER),
        ({"status": 503}, LOOK_AFTER),
        ({"status": 500, "error": "internal_error"}, LOOK_AFTER),
        ({"error": "service_unavailable"}, LOOK_AFTER),
    ]

    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        begun = (await slack.say(a, scene.regio, "Hoi")).message
        for number, (fault, _) in enumerate(faults):
            slack.fault("chat.postMessage", **fault)
            if in_thread:
                await slack.mention(a, scene.regio, str(number), thread=begun)
            else:
                await slack.direct(a, str(number))
            await scene.settle()
        assert scene.said(scene.regio if in_thread else a) == [f"said: {n} (Ambassadeur A)" for n in range(6)]
        assert scene.slept == [slept for _, slept in faults]

    play(world, script, answer=echo)


def test_a_message_arrives_once_also_when_slack_takes_longer_than_we_wait(world: World) -> None:
    async def sleep(_: float) -> None:
        await asyncio.sleep(0.2)

    async def script(scene: Scene) -> None:
        scene.slack.fault("chat.postMessage", delay=0.3)
        await scene.slack.direct(scene.a, "iets")
        await scene.settle()
        assert scene.said(scene.a) == ["said: iets (Ambassadeur A)"]

    play(world, script, answer=echo, call_seconds=0.2, sleep=sleep)


def test_a_message_that_cannot_be_looked_for_is_not_sent_again(world: World, logged: pytest.LogCaptureFixture) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        slack.scopes.discard("im:history")
        slack.subscriptions.discard("message.im")
        slack.fault("chat.postMessage", drop="after")
        await slack.open_messages_tab(a)
        await scene.settle()
        assert len(scene.said(a)) == 1
        assert "slack: conversations.history: missing_scope, needs im:history" in logged.messages

    play(world, script)


class Forgetful(PlatformInbox):
    """Dies between the answer and the note that it was given."""

    async def _answered(self, _: Event) -> None:
        await asyncio.Event().wait()


@pytest.mark.parametrize("in_thread", [True, False])
def test_what_was_answered_just_before_a_crash_is_not_answered_again(world: World, *, in_thread: bool) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        await scene.stop()
        await scene.start(Forgetful)
        where = scene.regio if in_thread else a
        await (slack.mention(a, scene.regio, "iets") if in_thread else slack.direct(a, "iets"))
        await slack.until(lambda: scene.said(where))
        await scene.kill()
        await scene.start()
        await scene.settle()
        assert scene.said(where) == ["said: iets (Ambassadeur A)"]
        assert waiting(world.database) == 0

    play(world, script, answer=echo)


@pytest.mark.parametrize("comes_back", [True, False])
def test_what_cannot_have_arrived_is_sent_again(
    world: World, logged: pytest.LogCaptureFixture, *, comes_back: bool
) -> None:
    slept: list[float] = []

    async def script(scene: Scene) -> None:
        client = scene.bot._client

        async def sleep(seconds: float) -> None:
            slept.append(seconds)
            if comes_back and len(slept) == 3:
                client.base_url = scene.slack.base_url

        scene.bot._sender._sleep = sleep
        client.base_url = "http://127.0.0.1:1/api/"
        await scene.slack.direct(scene.a, "iets")
        await scene.settle()
        assert slept == [1, 5, 25] * (1 if comes_back else MOST_TRIES)
        assert scene.slept == ([] if comes_back else [AGAIN_SECONDS] * (MOST_TRIES - 1))
        assert scene.said(scene.a) == (["said: iets ()"] if comes_back else [])
        failed = [one for one in logged.messages if one.startswith("slack: an event could not be answered: NotSent")]
        assert len(failed) == (0 if comes_back else 1)

    play(world, script, answer=echo)


def test_what_came_after_an_acknowledgement_comes_once_too(world: World) -> None:
    async def answer(_: Request) -> Reply:
        return Reply("voor jou", then=Reply("voor iedereen", seen_by="everyone"))

    async def script(scene: Scene) -> None:
        await scene.stop()
        await scene.start(Forgetful)
        asked = await scene.slack.command(scene.a, scene.regio, "iets")
        assert asked.message
        await scene.slack.until(lambda: scene.said(scene.regio))
        await scene.kill()
        await scene.start()
        await scene.settle()
        assert scene.said(scene.regio) == ["voor iedereen"]

    play(world, script, answer=answer)


def test_slack_asks_for_patience_only_so_often(world: World, logged: pytest.LogCaptureFixture) -> None:
    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        slack.fault("chat.postMessage", status=429, retry_after=3, times=4)
        await slack.direct(a, "iets")
        await scene.settle()
        slack.fault("chat.postMessage", status=429, retry_after=3600)
        await slack.direct(a, "iets")
        await scene.settle()
        assert scene.slept == [3, 3, 3]
        assert scene.said(a) == []
        assert logged.messages.count("slack: chat.postMessage: ratelimited") == 2
        await slack.direct(a, "weer")
        await scene.settle()
        assert scene.said(a) == ["said: weer (Ambassadeur A)"]

    play(world, script, answer=echo)


@pytest.mark.parametrize("bot_is_member", [True, False])
def test_where_the_address_for_the_answer_is_no_good_it_comes_otherwise(world: World, *, bot_is_member: bool) -> None:
    faults: list[dict[str, Any]] = [{"error": "expired_url"}, {"status": 500}, {"status": 429, "retry_after": 60}]
    asked = asyncio.Event()

    async def answer(request: Request) -> Reply:
        await asked.wait()
        return await echo(request)

    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        channel = slack.channel("elders", bot_is_member=bot_is_member)
        for fault in faults:
            slack.fault("response_url", **fault)
            asked.clear()
            await slack.command(a, channel, "iets")
            asked.set()
            await scene.settle()
        private, direct = scene.said(channel, a), scene.said(a)
        assert (private if bot_is_member else direct) == ["said: iets (Ambassadeur A)"] * len(faults)
        assert (direct if bot_is_member else private) == []
        assert scene.said(channel) == []

    play(world, script, answer=answer, ack_seconds=0.05)


@pytest.mark.parametrize("drop", ["before", "after"])
def test_what_one_person_alone_sees_comes_at_most_once(world: World, drop: Any) -> None:
    slow = Hanging()

    async def script(scene: Scene) -> None:
        slack, a = scene.slack, scene.a
        slack.fault("response_url", drop=drop)
        await slack.command(a, scene.regio, "iets")
        slow.going.set()
        await scene.settle()
        assert len(scene.said(scene.regio, a)) == (1 if drop == "after" else 0)
        assert waiting(world.database) == 0

    play(world, script, answer=slow, ack_seconds=0.05)


def test_a_missing_scope_is_named_in_the_log(world: World, logged: pytest.LogCaptureFixture) -> None:
    async def script(scene: Scene) -> None:
        scene.slack.scopes.discard("chat:write")
        await scene.slack.direct(scene.a, "iets")
        await scene.settle()
        assert "slack: chat.postMessage: missing_scope, needs chat:write" in logged.messages

    play(world, script, answer=echo)


def test_the_trouble_of_one_chat_does_not_delay_another(world: World) -> None:
    enough = asyncio.Event()

    async def sleep(_: float) -> None:
        await enough.wait()

    async def script(scene: Scene) -> None:
        slack, a, b = scene.slack, scene.a, scene.slack.person("Ambassadeur B")
        slack.fault("chat.postMessage", status=429)
        await slack.direct(a, "iets")
        await slack.until(lambda: slack.called("chat.postMessage"))
        await slack.direct(b, "iets")
        await slack.until(lambda: scene.said(b))
        assert scene.said(a) == []
        enough.set()
        await slack.until(lambda: scene.said(a))

    play(world, script, answer=echo, sleep=sleep)
