"""The people of the emulated Slack: who they are and where, what they see, and what they say to the bot."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal

from tests.emulators.slack import payloads
from tests.emulators.slack.block_reading import JSON
from tests.emulators.slack.courier import Again, Courier, Delivery, channel_type
from tests.emulators.slack.sockets import Connection
from tests.emulators.slack.workspace import (
    BOT_NAME,
    BOT_USER,
    OTHER_TEAM,
    TEAM,
    Channel,
    Message,
    Person,
    Posted,
    View,
    Workspace,
)

Thread = Message | str | None


class People:
    """The people's side: who there is, what they see, what they say."""

    def __init__(self, workspace: Workspace, courier: Courier) -> None:
        self.workspace = workspace
        self.bot = BOT_USER
        self._courier = courier

    # Who and what there is.

    def person(
        self,
        name: str,
        *,
        guest: bool | Literal["single-channel"] = False,
        stranger: bool = False,
        bot: bool = False,
        deactivated: bool = False,
        hidden: bool = False,
    ) -> Person:
        """Somebody new. A stranger comes from another workspace; users.info does not find who is hidden."""
        identity = f"U0{self.workspace.number():05d}"
        team = OTHER_TEAM if stranger else TEAM
        person = Person(identity, name, team, guest, stranger, bot, deactivated, hidden)
        self.workspace.people[identity] = person
        return person

    def channel(
        self,
        name: str,
        *,
        private: bool = False,
        bot_is_member: bool = True,
        shared: bool = False,
        members: Iterable[Person] = (),
    ) -> Channel:
        """A new channel; whoever does something in it becomes a member."""
        inside = {person.id for person in members} | ({BOT_USER} if bot_is_member else set())
        kind: Literal["public", "private"] = "private" if private else "public"
        return self.workspace.add_channel(Channel(f"C0{self.workspace.number():05d}", name, kind, shared), inside)

    def conversation(self, person: Person, other: Person | None = None) -> Channel:
        """The direct conversation of somebody with the bot, or with somebody else, where the bot is not."""
        if other is None:
            return self.workspace.im(person)
        channel = Channel(f"D{person.id[1:]}{other.id[1:]}", "directmessage", "im")
        return self.workspace.add_channel(channel, {person.id, other.id})

    def change(self, person: Person, **changed: Any) -> Person:
        """Somebody as they are from now on: `deactivated=True`, `name=…`."""
        self.workspace.people[person.id] = replace(person, **changed)
        return self.workspace.people[person.id]

    def archive(self, channel: Channel) -> None:
        self.workspace.archived.add(channel.id)

    def leave(self, channel: Channel, person: Person | None = None) -> None:
        """Somebody goes out of a channel; without a person: the bot is put out of it."""
        self.workspace.members[channel.id].discard(person.id if person else BOT_USER)

    def reload(self, person: Person) -> None:
        """Somebody starts Slack again: their ephemeral messages are gone."""
        self.workspace.posted[:] = [one for one in self.workspace.posted if one.seen_by != person.id]

    def close_tabs(self, *, messages: bool = False, home: bool = False) -> None:
        """The app's Messages tab or Home tab is switched off in its settings."""
        self.workspace.messages_tab = self.workspace.messages_tab and not messages
        self.workspace.home_tab = self.workspace.home_tab and not home

    # What people see.

    def messages(self, channel: Channel | Person, person: Person | None = None) -> list[Message]:
        """What stands in a channel now, in order, as somebody sees it; of a person: their conversation with the bot."""
        sees = channel if isinstance(channel, Person) else person
        place = self._place(channel).id
        return [message.seen() for message in self.workspace.visible(place, sees.id if sees else None)]

    def newest(self, channel: Channel | Person, person: Person | None = None) -> Message:
        """The bot's newest message there."""
        own = [message for message in self.messages(channel, person) if message.by == self.bot]
        assert own, f"the bot said nothing in {self._place(channel).name}"
        return own[-1]

    def modals(self, person: Person) -> list[View]:
        """The modals somebody has open; the last one lies on top."""
        return [opened.seen() for opened in self.workspace.stacks.get(person.id, ())]

    def home(self, person: Person) -> View | None:
        """What stands on somebody's Home tab of the app."""
        opened = self.workspace.homes.get(person.id)
        return opened.seen() if opened else None

    # What people say. `times`: the same event comes so often, one after the other or `together`.

    async def mention(
        self,
        person: Person,
        channel: Channel,
        text: str,
        *,
        thread: Thread = None,
        files: Sequence[JSON] = (),
        times: int = 1,
        together: bool = False,
        on: Connection | None = None,
    ) -> Delivery:
        """Somebody calls the bot in a channel, by "@SKB-bot" somewhere in the text, or else in front of it."""
        assert self.workspace.bot_is_in(channel), f"the bot is not in {channel.name}: Slack delivers no app_mention"
        called = text if f"@{BOT_NAME}" in text else f"@{BOT_NAME} {text}"
        message = self._say(person, channel, called, thread, files)
        plain = payloads.said(message, channel, "message")
        if self._courier.delivers(plain, channel):
            self._courier.later(self._courier.event(plain, person, channel))
        event = payloads.said(message, channel, "app_mention")
        return await self._courier.event(event, person, channel, message=message, again=Again(times, together, on))

    async def say(
        self, person: Person, channel: Channel, text: str, *, thread: Thread = None, files: Sequence[JSON] = ()
    ) -> Delivery:
        """Somebody says something in a channel; it is only delivered where the app subscribed to such messages."""
        message = self._say(person, channel, text, thread, files)
        event = payloads.said(message, channel, "message")
        if not self.workspace.bot_is_in(channel) or not self._courier.delivers(event, channel):
            return Delivery("", (), message.seen())
        return await self._courier.event(event, person, channel, message=message)

    async def direct(
        self,
        person: Person,
        text: str = "",
        *,
        thread: Thread = None,
        files: Sequence[JSON] = (),
        subtype: str = "",
        times: int = 1,
        together: bool = False,
        on: Connection | None = None,
    ) -> Delivery:
        """Somebody writes to the bot alone; files make it a "file_share"; "me_message", "bot_message" can be asked."""
        assert self.workspace.messages_tab, "the Messages tab is off: nobody can write to the bot"
        channel = self.workspace.im(person)
        message = self._say(person, channel, text, thread, files, subtype or ("file_share" if files else ""))
        event = payloads.said(message, channel, "message")
        if subtype == "bot_message":
            event = {key: value for key, value in event.items() if key != "user"} | {"bot_id": "B0OTHER"}
        return await self._courier.event(event, person, channel, message=message, again=Again(times, together, on))

    async def edit(self, person: Person, message: Message, text: str) -> Delivery:
        """Somebody changes what they wrote to the bot: message_changed."""
        posted = self._seen_by(person, message)
        before = posted.payload()
        posted.text = payloads.as_delivered(text, self.workspace.people, self.workspace.channels)
        posted.blocks, posted.edited = payloads.rich(text), self.workspace.timestamp()
        changed = {"subtype": "message_changed", "message": posted.payload(), "previous_message": before}
        return await self._behind(person, posted, changed, posted.edited)

    async def erase(self, person: Person, message: Message) -> Delivery:
        """Somebody takes back what they wrote to the bot: message_deleted."""
        posted = self._seen_by(person, message)
        posted.deleted = True
        deleted = {"subtype": "message_deleted", "previous_message": posted.payload(), "deleted_ts": message.ts}
        return await self._behind(person, posted, deleted, self.workspace.timestamp())

    async def open_messages_tab(self, person: Person, *, times: int = 1, together: bool = False) -> Delivery:
        """Somebody opens the conversation with the bot."""
        return await self._opened(person, "messages", Again(times, together))

    async def open_home_tab(self, person: Person, *, times: int = 1, together: bool = False) -> Delivery:
        """Somebody opens the app's Home."""
        assert self.workspace.home_tab, "the Home tab is off"
        return await self._opened(person, "home", Again(times, together))

    async def invite_bot(self, channel: Channel, by: Person, *, times: int = 1, together: bool = False) -> Delivery:
        """Somebody brings the bot into a channel: member_joined_channel about the bot itself."""
        self._enter(by, channel)
        self.workspace.members[channel.id].add(BOT_USER)
        event = {
            "type": "member_joined_channel",
            "user": BOT_USER,
            "channel": channel.id,
            "channel_type": "G" if channel.kind == "private" else "C",
            "team": TEAM,
            "inviter": by.id,
            "event_ts": self.workspace.timestamp(),
        }
        return await self._courier.event(event, None, channel, again=Again(times, together))

    async def event(self, event: JSON, *, times: int = 1, together: bool = False) -> Delivery:
        """Any other event, as it stands."""
        return await self._courier.event(dict(event), again=Again(times, together))

    # How they do it.

    def _place(self, channel: Channel | Person) -> Channel:
        return self.workspace.im(channel) if isinstance(channel, Person) else channel

    def _enter(self, person: Person, channel: Channel | Person) -> Channel:
        place = self._place(channel)
        assert not person.stranger or place.shared or place.kind == "im", f"{place.name} is not shared with strangers"
        assert place.kind != "im" or person.id in self.workspace.members[place.id], "that is not their conversation"
        self.workspace.members[place.id].add(person.id)
        return place

    def _say(
        self, person: Person, channel: Channel, text: str, thread: Thread, files: Sequence[JSON], subtype: str = ""
    ) -> Posted:
        place = self._enter(person, channel)
        message = Posted(
            channel=place.id,
            ts=self.workspace.timestamp(),
            by=person.id,
            text=payloads.as_delivered(text, self.workspace.people, self.workspace.channels),
            blocks=payloads.rich(text),
            thread_ts=(thread.thread_ts or thread.ts) if isinstance(thread, Message) else thread or "",
            files=tuple(files),
            subtype=subtype,
        )
        return self.workspace.keep(message)

    async def _behind(self, person: Person, posted: Posted, event: JSON, at: str) -> Delivery:
        channel = self.workspace.channels[posted.channel]
        told = {"type": "message", "hidden": True, "channel": channel.id, "ts": at, "event_ts": at} | event
        told["channel_type"] = channel_type(channel)
        return await self._courier.event(told, person, channel, message=posted)

    async def _opened(self, person: Person, tab: str, again: Again) -> Delivery:
        channel = self.workspace.im(person)
        at = self.workspace.timestamp()
        event: JSON = {"type": "app_home_opened", "user": person.id, "channel": channel.id, "tab": tab, "event_ts": at}
        if tab == "home" and person.id in self.workspace.homes:
            event["view"] = self.workspace.homes[person.id].payload
        return await self._courier.event(event, person, channel, again=again)

    def _seen_by(self, person: Person, message: Message) -> Posted:
        for posted in self.workspace.visible(message.channel, person.id):
            if posted.ts == message.ts:
                return posted
        raise AssertionError(f"{person.name} does not see that message (any more)")
