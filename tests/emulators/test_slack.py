"""The emulated Web API refuses what Slack refuses and notes what Slack lets pass, asked by the real AsyncWebClient."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
import time
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulators.slack import SCOPES, SUBSCRIPTIONS, Channel, Person, SlackEmulator

JSON = dict[str, Any]
QUIET: JSON = {"unfurl_links": False, "unfurl_media": False}
SECTION: JSON = {"type": "section", "text": {"type": "mrkdwn", "text": "Ik vond er 2."}}
MODAL: JSON = {"type": "modal", "title": {"type": "plain_text", "text": "Vraag"}, "blocks": [SECTION]}
HOME: JSON = {"type": "home", "blocks": [SECTION]}


@dataclass
class Scene:
    slack: SlackEmulator
    client: AsyncWebClient
    a: Person
    regio: Channel

    async def refused(self, call: Awaitable[Any]) -> str:
        return str((await _refusal(call))["error"])

    async def respond(self, key: str, body: JSON) -> tuple[int, str]:
        """What a response_url answers."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.slack.base_url.removesuffix('api/')}response/{key}", json=body) as answer,
        ):
            return answer.status, await answer.text()


async def _refusal(call: Awaitable[Any]) -> JSON:
    with pytest.raises(SlackApiError) as refused:
        await call
    data = refused.value.response.data
    assert isinstance(data, dict)
    return data


def _play(script: Callable[[Scene], Awaitable[None]], *, noted: str = "", **given: Any) -> None:
    """Plays a script; afterwards every violation says `noted`, or there is none."""

    async def whole() -> list[str]:
        async with SlackEmulator(**given) as slack:
            client = AsyncWebClient(token=slack.bot_token, base_url=slack.base_url, retry_handlers=[])
            await script(Scene(slack, client, slack.person("Ambassadeur A"), slack.channel("regio-utrecht")))
            return slack.violations

    violations = asyncio.run(whole())
    assert bool(violations) == bool(noted), violations
    assert all(noted in violation for violation in violations), violations


# Tokens, scopes, unknown words.


def test_tokens() -> None:
    async def script(scene: Scene) -> None:
        base = scene.slack.base_url
        assert await scene.refused(AsyncWebClient(base_url=base).auth_test()) == "not_authed"
        assert await scene.refused(AsyncWebClient("xoxb-ander", base_url=base).auth_test()) == "invalid_auth"
        swapped = AsyncWebClient(scene.slack.app_token, base_url=base)
        assert await scene.refused(swapped.auth_test()) == "not_allowed_token_type"
        wrong = scene.client.apps_connections_open(app_token=scene.slack.bot_token)
        assert await scene.refused(wrong) == "not_allowed_token_type"
        unknown = scene.client.apps_connections_open(app_token="xapp-ander")
        assert await scene.refused(unknown) == "invalid_auth"
        opened = await scene.client.apps_connections_open(app_token=scene.slack.app_token)
        assert opened["url"].startswith("ws://127.0.0.1:")

    _play(script)


def test_scopes_are_told_and_asked_for() -> None:
    async def script(scene: Scene) -> None:
        told = await scene.client.auth_test()
        assert told.headers["x-oauth-scopes"] == "channels:read,users:read"
        assert told["bot_id"] == "B0BOT"
        refusal = await _refusal(scene.client.chat_postMessage(channel=scene.regio.id, text="x"))
        assert refusal["error"] == "missing_scope"
        assert (refusal["needed"], refusal["provided"]) == ("chat:write", "channels:read,users:read")
        private = scene.slack.channel("bestuur", private=True)
        needed = {
            "groups:read": scene.client.conversations_info(channel=private.id),
            "channels:history": scene.client.conversations_history(channel=scene.regio.id),
            "groups:history": scene.client.conversations_replies(channel=private.id, ts="1.1"),
            "im:read": scene.client.conversations_info(channel=scene.slack.conversation(scene.a).id),
            "im:write": scene.client.conversations_open(users=scene.a.id),
            "team:read": scene.client.team_info(),
        }
        for scope, call in needed.items():
            assert (await _refusal(call))["needed"] == scope
        assert (await scene.client.conversations_info(channel=scene.regio.id))["channel"]["name"] == "regio-utrecht"

    _play(script, scopes={"users:read", "channels:read"})


def test_people_need_scopes_and_subscriptions_to_be_heard() -> None:
    async def script(scene: Scene) -> None:
        with pytest.raises(AssertionError, match="/skb needs the scope commands"):
            await scene.slack.command(scene.a, scene.regio, "help")
        with pytest.raises(AssertionError, match="app_mention needs the scope app_mentions:read"):
            await scene.slack.mention(scene.a, scene.regio, "help")
        with pytest.raises(AssertionError, match=r"did not subscribe to message\.im"):
            await scene.slack.direct(scene.a, "help")

    _play(script, scopes={"chat:write"}, subscriptions=SUBSCRIPTIONS - {"message.im"})


def test_an_unknown_method() -> None:
    async def script(scene: Scene) -> None:
        assert await scene.refused(scene.client.api_call("chat.shout")) == "unknown_method"

    _play(script, noted="unknown method chat.shout")


def test_an_unknown_parameter() -> None:
    async def script(scene: Scene) -> None:
        await scene.client.chat_postMessage(channel=scene.regio.id, text="x", colour="rood", **QUIET)

    _play(script, noted="chat.postMessage: unknown parameters colour")


def test_a_missing_parameter() -> None:
    async def script(scene: Scene) -> None:
        refusal = await _refusal(scene.client.api_call("chat.update", json={"channel": scene.regio.id}))
        assert refusal["error"] == "invalid_arguments"
        assert refusal["response_metadata"]["messages"] == ["[ERROR] missing required field: ts"]

    _play(script)


# Where the bot may post.


def test_conversations_that_refuse() -> None:
    async def script(scene: Scene) -> None:
        slack = scene.slack
        outside = slack.channel("algemeen", bot_is_member=False)
        secret = slack.channel("bestuur", private=True, bot_is_member=False)
        old = slack.channel("oud")
        slack.archive(old)
        b = slack.person("Ambassadeur B")
        gone = slack.person("Weg", deactivated=True)
        between = slack.conversation(scene.a, b)
        refusals = {
            "C0nergens": "channel_not_found",
            outside.id: "not_in_channel",
            secret.id: "channel_not_found",
            old.id: "is_archived",
            between.id: "channel_not_found",
            gone.id: "is_archived",
        }
        for channel, error in refusals.items():
            assert await scene.refused(scene.client.chat_postMessage(channel=channel, text="x", **QUIET)) == error
        slack.leave(scene.regio)
        posting = scene.client.chat_postMessage(channel=scene.regio.id, text="x", **QUIET)
        assert await scene.refused(posting) == "not_in_channel"
        slack.close_tabs(messages=True)
        posting = scene.client.chat_postMessage(channel=scene.a.id, text="x", **QUIET)
        assert await scene.refused(posting) == "messages_tab_disabled"

    _play(script)


def test_an_ephemeral_message_reaches_only_who_is_there() -> None:
    async def script(scene: Scene) -> None:
        b = scene.slack.person("Ambassadeur B")
        scene.slack.workspace.members[scene.regio.id].add(scene.a.id)
        absent = scene.client.chat_postEphemeral(channel=scene.regio.id, user=b.id, text="x")
        assert await scene.refused(absent) == "user_not_in_channel"
        await scene.client.chat_postEphemeral(channel=scene.regio.id, user=scene.a.id, text="alleen jij")
        assert scene.slack.newest(scene.regio, scene.a).ephemeral
        assert scene.slack.messages(scene.regio, b) == scene.slack.messages(scene.regio) == []
        ephemeral = scene.slack.newest(scene.regio, scene.a)
        update = scene.client.chat_update(channel=scene.regio.id, ts=ephemeral.ts, text="y")
        assert await scene.refused(update) == "message_not_found"
        scene.slack.reload(scene.a)
        assert scene.slack.messages(scene.regio, scene.a) == []

    _play(script)


# What a message may hold.


def test_messages_slack_does_not_take() -> None:
    async def script(scene: Scene) -> None:
        post, place = scene.client.chat_postMessage, scene.regio.id
        assert await scene.refused(scene.client.api_call("chat.postMessage", json={"channel": place})) == "no_text"
        assert await scene.refused(post(channel=place, text="x", blocks="[kapot")) == "invalid_blocks_format"
        refusal = await _refusal(post(channel=place, text="x", blocks=[{"type": "section"}]))
        complaint = "must define either `text` or `fields` [json-pointer:/blocks/0/type]"
        assert refusal["error"] == "invalid_blocks"
        assert refusal["errors"] == [complaint]
        assert refusal["response_metadata"]["messages"] == [f"[ERROR] {complaint}"]
        for metadata in ('"x"', '{"event_type": "x"}', '{"event_type": 1, "event_payload": {}}', "{"):
            given = {"channel": place, "text": "x", "metadata": metadata}
            assert await scene.refused(scene.client.api_call("chat.postMessage", json=given)) == (
                "invalid_metadata_format"
            )
        assert scene.slack.messages(scene.regio) == []

    _play(script)


def test_a_text_that_is_no_text() -> None:
    async def script(scene: Scene) -> None:
        given = {"channel": scene.regio.id, "text": 5}
        refusal = await _refusal(scene.client.api_call("chat.postMessage", json=given))
        assert refusal["errors"] == ["must provide a string [json-pointer:/text]"]

    _play(script)


def test_attachments_are_noted() -> None:
    async def script(scene: Scene) -> None:
        attachments = [{"text": "x"}]
        await scene.client.chat_postMessage(channel=scene.regio.id, text="x", attachments=attachments, **QUIET)

    _play(script, noted="attachments are a legacy")


def test_a_conversation_of_more_people_is_noted() -> None:
    async def script(scene: Scene) -> None:
        b = scene.slack.person("Ambassadeur B")
        await scene.client.conversations_open(users=[scene.a.id, b.id])

    _play(script, noted="group conversations are not imitated")


def test_a_text_that_is_too_long_is_cut() -> None:
    async def script(scene: Scene) -> None:
        await scene.client.chat_postMessage(channel=scene.regio.id, text="x" * 40_001, **QUIET)
        assert len(scene.slack.newest(scene.regio).text) == 40_000

    _play(script, noted="a text of 40,001 characters, cut off at 40,000; Slack advises 4,000 at most")


def test_blocks_without_a_text_to_notify_with() -> None:
    async def script(scene: Scene) -> None:
        given = {"channel": scene.regio.id, "blocks": [SECTION]}
        await scene.client.api_call("chat.postMessage", json=given)

    _play(script, noted="no top-level text beside the blocks")


@pytest.mark.parametrize("text", ["R&D", "a <b", "<script>"])
@pytest.mark.parametrize("place", ["text", "mrkdwn"])
def test_what_is_not_escaped(text: str, place: str) -> None:
    async def script(scene: Scene) -> None:
        inside = text if place == "mrkdwn" else "x"
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": inside}}]
        given: JSON = {"text": text if place == "text" else "x", "blocks": blocks}
        await scene.client.chat_postMessage(channel=scene.regio.id, **given, **QUIET)

    _play(script, noted="& < > that are no markup must be escaped")


def test_what_is_escaped_reads_as_it_was_meant() -> None:
    async def script(scene: Scene) -> None:
        await scene.client.chat_postMessage(channel=scene.regio.id, text="R&amp;D &lt;!here&gt;", **QUIET)
        assert scene.slack.newest(scene.regio).plain == "R&D <!here>"
        assert scene.slack.notified == []

    _play(script)


def test_whom_the_bot_calls_is_kept() -> None:
    async def script(scene: Scene) -> None:
        rich = {"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "channel"}]}
        blocks = [{"type": "rich_text", "elements": [rich]}]
        text = f"<!here> <@{scene.a.id}>"
        await scene.client.chat_postMessage(channel=scene.regio.id, text=text, blocks=blocks, **QUIET)
        called = [notified.whom for notified in scene.slack.notified]
        assert called == ["<!here>", f"<@{scene.a.id}>", "<!channel>"]
        assert {notified.ts for notified in scene.slack.notified} == {scene.slack.newest(scene.regio).ts}

    _play(script)


def test_whether_links_unfurl_is_seen() -> None:
    async def script(scene: Scene) -> None:
        cases: list[tuple[JSON, bool]] = [(QUIET, False), ({"unfurl_links": False}, True), ({}, True)]
        for flags, unfurls in cases:
            await scene.client.chat_postMessage(channel=scene.regio.id, text="x", **flags)
            assert scene.slack.newest(scene.regio).unfurls is unfurls

    _play(script)


# Threads, changes, history.


def test_threads() -> None:
    async def script(scene: Scene) -> None:
        post, place = scene.client.chat_postMessage, scene.regio.id
        first = await post(channel=place, text="vraag", **QUIET)
        reply = await post(channel=place, text="antwoord", thread_ts=first["ts"], **QUIET)
        assert reply["message"]["thread_ts"] == first["ts"]
        await post(channel=place, text="ook boven", thread_ts=first["ts"], reply_broadcast=True, **QUIET)
        history = await scene.client.conversations_history(channel=place)
        assert [message["text"] for message in history["messages"]] == ["ook boven", "vraag"]
        replies = await scene.client.conversations_replies(channel=place, ts=reply["ts"])
        assert [message["text"] for message in replies["messages"]] == ["vraag", "antwoord", "ook boven"]
        # A thread whose first message is gone: the reply lands in the channel, and only the answer shows it.
        await scene.client.chat_delete(channel=place, ts=first["ts"])
        lost = await post(channel=place, text="te laat", thread_ts=first["ts"], **QUIET)
        assert "thread_ts" not in lost["message"]
        assert scene.slack.newest(scene.regio).thread_ts == ""
        missing = scene.client.conversations_replies(channel=place, ts=first["ts"])
        assert await scene.refused(missing) == "thread_not_found"

    _play(script)


def test_a_reply_to_a_reply() -> None:
    async def script(scene: Scene) -> None:
        post, place = scene.client.chat_postMessage, scene.regio.id
        first = await post(channel=place, text="vraag", **QUIET)
        reply = await post(channel=place, text="antwoord", thread_ts=first["ts"], **QUIET)
        again = await post(channel=place, text="nog een", thread_ts=reply["ts"], **QUIET)
        assert again["message"]["thread_ts"] == first["ts"]

    _play(script, noted="is a reply itself")


def test_changing_and_deleting() -> None:
    async def script(scene: Scene) -> None:
        client, place = scene.client, scene.regio.id
        posted = await client.chat_postMessage(channel=place, text="een", blocks=[SECTION], **QUIET)
        await client.api_call("chat.update", json={"channel": place, "ts": posted["ts"], "text": "twee"})
        newest = scene.slack.newest(scene.regio)
        assert (newest.text, newest.plain, newest.edited) == ("twee", "Ik vond er 2.", True)
        await client.chat_update(channel=place, ts=posted["ts"], text="drie", blocks=[])
        assert scene.slack.newest(scene.regio).plain == "drie"
        link = await client.chat_getPermalink(channel=place, message_ts=posted["ts"])
        assert link["permalink"].endswith(f"/{place}/p{posted['ts'].replace('.', '')}")
        bad = client.chat_update(channel=place, ts=posted["ts"], text="x", blocks=[{"type": "section"}])
        assert await scene.refused(bad) == "invalid_blocks"
        theirs = (await scene.slack.say(scene.a, scene.regio, "van mij")).message
        assert theirs
        update = client.chat_update(channel=place, ts=theirs.ts, text="x")
        assert await scene.refused(update) == "cant_update_message"
        assert await scene.refused(client.chat_delete(channel=place, ts=theirs.ts)) == "cant_delete_message"
        await client.chat_delete(channel=place, ts=posted["ts"])
        assert await scene.refused(client.chat_delete(channel=place, ts=posted["ts"])) == "message_not_found"
        gone = client.chat_getPermalink(channel=place, message_ts=posted["ts"])
        assert await scene.refused(gone) == "message_not_found"
        assert [message.text for message in scene.slack.messages(scene.regio)] == ["van mij"]

    _play(script)


def test_history_in_parts_and_with_metadata() -> None:
    async def script(scene: Scene) -> None:
        client, place = scene.client, scene.regio.id
        key = {"event_type": "skb_part", "event_payload": {"key": "k1"}}
        for number in range(5):
            await client.chat_postMessage(channel=place, text=f"{number}", metadata=key, **QUIET)
        page = await client.conversations_history(channel=place, limit=3, include_all_metadata=True)
        assert [message["text"] for message in page["messages"]] == ["4", "3", "2"]
        assert page["has_more"]
        assert page["messages"][0]["metadata"] == key
        cursor = page["response_metadata"]["next_cursor"]
        rest = await client.conversations_history(channel=place, limit=3, cursor=cursor)
        assert [message["text"] for message in rest["messages"]] == ["1", "0"]
        assert not rest["has_more"]
        assert "metadata" not in rest["messages"][0]
        oldest = page["messages"][2]["ts"]
        since = await client.conversations_history(channel=place, oldest=oldest)
        assert [message["text"] for message in since["messages"]] == ["4", "3"]
        until = await client.conversations_history(channel=place, latest=oldest, inclusive=True)
        assert [message["text"] for message in until["messages"]] == ["2", "1", "0"]
        assert await scene.refused(client.conversations_history(channel=place, limit=1000)) == "invalid_limit"
        assert await scene.refused(client.conversations_history(channel=place, cursor="x")) == "invalid_cursor"
        outside = scene.slack.channel("algemeen", bot_is_member=False)
        assert await scene.refused(client.conversations_history(channel=outside.id)) == "not_in_channel"

    _play(script)


# People and conversations.


def test_who_people_are() -> None:
    async def script(scene: Scene) -> None:
        slack, client = scene.slack, scene.client
        guest = (await client.users_info(user=slack.person("Gast", guest="single-channel").id))["user"]
        assert (guest["is_restricted"], guest["is_ultra_restricted"]) == (True, True)
        stranger = (await client.users_info(user=slack.person("Ver weg", stranger=True).id))["user"]
        assert stranger["is_stranger"]
        assert stranger["team_id"] != (await client.auth_test())["team_id"]
        gone = slack.change(scene.a, deactivated=True)
        assert (await client.users_info(user=gone.id))["user"]["deleted"]
        assert (await client.users_info(user=slack.bot))["user"]["is_bot"]
        hidden = slack.person("Verborgen", stranger=True, hidden=True)
        assert await scene.refused(client.users_info(user=hidden.id)) == "user_not_found"
        assert await scene.refused(client.users_info(user="U0NIEMAND")) == "user_not_found"
        assert (await client.bots_info(bot="B0BOT"))["bot"]["user_id"] == slack.bot
        assert await scene.refused(client.bots_info(bot="B0ANDER")) == "bot_not_found"
        assert (await client.team_info())["team"]["name"] == "SKB"
        assert await scene.refused(client.team_info(team="T0GEEN")) == "team_not_found"
        assert (await client.api_test())["ok"]
        assert await scene.refused(client.api_test(error="zomaar")) == "zomaar"

    _play(script, scopes=SCOPES | {"team:read"})


def test_direct_conversations() -> None:
    async def script(scene: Scene) -> None:
        slack, client = scene.slack, scene.client
        opened = await client.conversations_open(users=scene.a.id)
        assert not opened["already_open"]
        assert (await client.conversations_open(users=scene.a.id))["already_open"]
        await client.chat_postMessage(channel=opened["channel"]["id"], text="hoi", **QUIET)
        await client.chat_postMessage(channel=scene.a.id, text="dag", **QUIET)
        assert [message.text for message in slack.messages(scene.a)] == ["hoi", "dag"]
        assert await scene.refused(client.conversations_open(users="U0NIEMAND")) == "user_not_found"
        nobody = client.api_call("conversations.open", json={})
        assert await scene.refused(nobody) == "users_list_not_supplied"
        bot = slack.person("Andere bot", bot=True)
        assert await scene.refused(client.conversations_open(users=bot.id)) == "cannot_dm_bot"
        gone = slack.person("Weg", deactivated=True)
        assert await scene.refused(client.conversations_open(users=gone.id)) == "user_disabled"

    _play(script)


def test_lists_of_channels() -> None:
    async def script(scene: Scene) -> None:
        slack, client = scene.slack, scene.client
        slack.channel("bestuur", private=True)
        slack.channel("geheim", private=True, bot_is_member=False)
        slack.archive(slack.channel("oud"))
        both = "public_channel,private_channel"
        listed = await client.conversations_list(types=both, exclude_archived=True)
        assert [channel["name"] for channel in listed["channels"]] == ["regio-utrecht", "bestuur"]
        first = await client.conversations_list(limit=1)
        second = await client.conversations_list(limit=1, cursor=first["response_metadata"]["next_cursor"])
        assert [channel["name"] for channel in (*first["channels"], *second["channels"])] == ["regio-utrecht", "oud"]
        assert (await client.conversations_info(channel=scene.regio.id))["channel"]["is_member"]

    _play(script)


# Views.


def test_a_trigger_opens_one_view_for_three_seconds() -> None:
    async def script(scene: Scene) -> None:
        slack, client = scene.slack, scene.client
        now = time.time()
        slack.clock = lambda: now
        trigger = slack.workspace.trigger(scene.a.id)
        assert await scene.refused(client.views_open(trigger_id="verzonnen", view=MODAL)) == "invalid_trigger_id"
        refusal = await _refusal(client.views_open(trigger_id=trigger, view=MODAL | {"title": None}))
        assert refusal["error"] == "invalid_arguments"
        assert refusal["errors"] == ["must provide an object [json-pointer:/view/title]"]
        slack.clock = lambda: now + 3
        opened = await client.views_open(trigger_id=trigger, view=MODAL)
        assert [view.id for view in slack.modals(scene.a)] == [opened["view"]["id"]]
        assert await scene.refused(client.views_open(trigger_id=trigger, view=MODAL)) == "exchanged_trigger_id"
        late = slack.workspace.trigger(scene.a.id)
        slack.clock = lambda: now + 6.1
        assert await scene.refused(client.views_open(trigger_id=late, view=MODAL)) == "expired_trigger_id"
        assert await scene.refused(client.views_open(trigger_id=late, view=HOME)) == "invalid_arguments"

    _play(script)


def test_views_on_top_of_each_other() -> None:
    async def script(scene: Scene) -> None:
        slack, client = scene.slack, scene.client

        def trigger() -> str:
            return slack.workspace.trigger(scene.a.id)

        assert await scene.refused(client.views_push(trigger_id=trigger(), view=MODAL)) == "not_found"
        first = (await client.views_open(trigger_id=trigger(), view=MODAL | {"external_id": "een"}))["view"]
        twice = client.views_push(trigger_id=trigger(), view=MODAL | {"external_id": "een"})
        assert await scene.refused(twice) == "duplicate_external_id"
        second = (await client.views_push(trigger_id=trigger(), view=MODAL))["view"]
        assert (second["root_view_id"], second["previous_view_id"]) == (first["id"], first["id"])
        await client.views_push(trigger_id=trigger(), view=MODAL)
        assert await scene.refused(client.views_push(trigger_id=trigger(), view=MODAL)) == "push_limit_reached"
        stale = client.views_update(view_id=first["id"], hash="oud", view=MODAL)
        assert await scene.refused(stale) == "hash_conflict"
        changed = MODAL | {"title": {"type": "plain_text", "text": "Anders"}, "external_id": "een"}
        await client.views_update(external_id="een", hash=first["hash"], view=changed)
        assert [view.title for view in slack.modals(scene.a)] == ["Anders", "Vraag", "Vraag"]
        await slack.close(scene.a)
        await slack.close(scene.a)
        assert await scene.refused(client.views_update(view_id=second["id"], view=MODAL)) == "not_found"
        large = MODAL | {"blocks": [SECTION | {"text": {"type": "plain_text", "text": "x" * 2999}}] * 90}
        assert await scene.refused(client.views_update(view_id=first["id"], view=large)) == "view_too_large"

    _play(script)


def test_the_home_tab() -> None:
    async def script(scene: Scene) -> None:
        slack, client = scene.slack, scene.client
        published = await client.views_publish(user_id=scene.a.id, view=HOME)
        home = slack.home(scene.a)
        assert home
        assert home.plain == "Ik vond er 2."
        stale = client.views_publish(user_id=scene.a.id, view=HOME, hash="oud")
        assert await scene.refused(stale) == "hash_conflict"
        again = await client.views_publish(user_id=scene.a.id, view=HOME, hash=published["view"]["hash"])
        assert again["view"]["id"] == published["view"]["id"]
        assert await scene.refused(client.views_publish(user_id="U0NIEMAND", view=HOME)) == "invalid_arguments"
        assert await scene.refused(client.views_publish(user_id=scene.a.id, view=MODAL)) == "invalid_arguments"
        slack.close_tabs(home=True)
        assert await scene.refused(client.views_publish(user_id=scene.a.id, view=HOME)) == "not_enabled"
        with pytest.raises(AssertionError, match="Home tab is off"):
            await slack.open_home_tab(scene.a)

    _play(script)


# response_urls.


def test_a_response_url_works_five_times() -> None:
    async def script(scene: Scene) -> None:
        key = scene.slack.workspace.response_url(scene.a.id, scene.regio.id)
        for number in range(4):
            assert await scene.respond(key, {"text": f"{number}"}) == (200, "ok")
        await scene.respond(key, {"text": "voor iedereen", "response_type": "in_channel"})
        status, said = await scene.respond(key, {"text": "te veel"})
        assert (status, "used_url" in said) == (404, True)
        assert [message.text for message in scene.slack.messages(scene.regio)] == ["voor iedereen"]
        seen = [message.text for message in scene.slack.messages(scene.regio, scene.a)]
        assert seen == ["0", "1", "2", "3", "voor iedereen"]

    _play(script)


def test_a_response_url_works_for_half_an_hour() -> None:
    async def script(scene: Scene) -> None:
        now = time.time()
        scene.slack.clock = lambda: now
        key = scene.slack.workspace.response_url(scene.a.id, scene.regio.id)
        scene.slack.clock = lambda: now + 1800
        assert (await scene.respond(key, {"text": "net"}))[0] == 200
        scene.slack.clock = lambda: now + 1801
        status, said = await scene.respond(key, {"text": "te laat"})
        assert (status, "expired_url" in said) == (404, True)
        assert (await scene.respond("verzonnen", {"text": "x"}))[0] == 404

    _play(script)


def test_a_response_url_refuses_what_a_message_may_not_hold() -> None:
    async def script(scene: Scene) -> None:
        key = scene.slack.workspace.response_url(scene.a.id, scene.regio.id)
        assert (await scene.respond(key, {}))[0] == 400
        status, said = await scene.respond(key, {"text": "x", "blocks": [{"type": "section"}]})
        assert (status, "invalid_blocks" in said) == (400, True)
        assert scene.slack.messages(scene.regio, scene.a) == []

    _play(script)


@pytest.mark.parametrize(
    ("body", "noted"),
    [
        ({"text": "x", "channel": "C1"}, "unknown parameters channel"),
        ({"text": "x", "replace_original": True}, "replace_original where there is no message"),
        ({"delete_original": True}, "delete_original where there is no message"),
        ({"text": "R&D"}, "must be escaped"),
    ],
)
def test_what_a_response_url_lets_pass(body: JSON, noted: str) -> None:
    async def script(scene: Scene) -> None:
        key = scene.slack.workspace.response_url(scene.a.id, scene.regio.id)
        assert (await scene.respond(key, body))[0] == 200

    _play(script, noted=noted)


# Faults.


def test_faults_of_methods() -> None:
    async def script(scene: Scene) -> None:
        slack, client = scene.slack, scene.client

        def post() -> Awaitable[Any]:
            return client.chat_postMessage(channel=scene.regio.id, text="x", **QUIET)

        slack.fault("chat.postMessage", times=2, error="channel_not_found")
        assert [await scene.refused(post()) for _ in range(2)] == ["channel_not_found"] * 2
        slack.fault(status=429, retry_after=7)
        with pytest.raises(SlackApiError) as limited:
            await post()
        assert limited.value.response.status_code == 429
        assert limited.value.response.headers["Retry-After"] == "7"
        slack.fault("chat.postMessage", status=503)
        with pytest.raises(SlackApiError) as down:
            await post()
        assert down.value.response.status_code == 503
        assert slack.messages(scene.regio) == []
        slack.fault("chat.postMessage", drop="before")
        with pytest.raises(aiohttp.ClientError):
            await post()
        assert slack.messages(scene.regio) == []
        slack.fault("chat.postMessage", drop="after")
        with pytest.raises(aiohttp.ClientError):
            await post()
        assert len(slack.messages(scene.regio)) == 1
        slack.fault("chat.postMessage", delay=0.1)
        began = time.monotonic()
        await post()
        assert time.monotonic() - began >= 0.1
        assert [call.error for call in slack.called("chat.postMessage")] == [
            *["channel_not_found"] * 2,
            "ratelimited",
            "503",
            *["cut off"] * 2,
            "",
        ]
        lasting = slack.fault(times=None, error="account_inactive")
        assert [await scene.refused(client.auth_test()) for _ in range(3)] == ["account_inactive"] * 3
        assert lasting.times is None
        slack.mend()
        assert (await client.auth_test())["ok"]

    _play(script)


def test_faults_of_response_urls() -> None:
    async def script(scene: Scene) -> None:
        key = scene.slack.workspace.response_url(scene.a.id, scene.regio.id)
        scene.slack.fault("*", error="fatal_error")  # of methods only
        scene.slack.fault("response_url", error="expired_url")
        assert (await scene.respond(key, {"text": "x"}))[0] == 404
        scene.slack.fault("response_url", status=500)
        assert (await scene.respond(key, {"text": "x"}))[0] == 500
        assert (await scene.respond(key, {"text": "x"}))[0] == 200
        assert [call.error for call in scene.slack.called("response_url")] == ["expired_url", "500", ""]

    _play(script)


def test_waiting_fails_in_words() -> None:
    async def script(scene: Scene) -> None:
        scene.slack.fault("auth.test", delay=0.5)
        asking = asyncio.create_task(scene.client.auth_test())
        await scene.slack.until(lambda: scene.slack.calls)
        with pytest.raises(AssertionError, match=r"not idle; .*requests in hand: 1; last calls: auth\.test"):
            await scene.slack.idle(within=0.1)
        await asking
        await scene.slack.idle()
        with pytest.raises(AssertionError, match=r"waited 0\.05 s: geen antwoord"):
            await scene.slack.until(lambda: False, within=0.05, otherwise="geen antwoord")
        with pytest.raises(AssertionError, match="has 0 connections open, not 1"):
            await scene.slack.connected(within=0.05)

    _play(script)
