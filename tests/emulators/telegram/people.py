"""What people do in the emulated Telegram: write, press, add the bot to a group, block it; and what they see of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tests.emulators.telegram.keyboards import PAYLOAD
from tests.emulators.telegram.markup import cut, formatted
from tests.emulators.telegram.profile import member
from tests.emulators.telegram.updates import Updates
from tests.emulators.telegram.world import (
    ANONYMOUS,
    Chat,
    Group,
    Kept,
    Message,
    Person,
    Press,
    Standing,
    Toast,
    World,
    entities_of,
    text_of,
)

Json = dict[str, Any]

_FILE = {"file_id": "AwACAgQ", "file_unique_id": "AgADBA", "file_size": 4096}
MEDIA: dict[str, Json | list[Json]] = {
    "voice": {**_FILE, "duration": 7, "mime_type": "audio/ogg"},
    "audio": {**_FILE, "duration": 180, "mime_type": "audio/mpeg"},
    "video": {**_FILE, "duration": 9, "width": 640, "height": 480},
    "video_note": {**_FILE, "duration": 5, "length": 240},
    "photo": [{**_FILE, "width": 90, "height": 67}, {**_FILE, "width": 1280, "height": 960}],
    "sticker": {**_FILE, "type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False},
    "document": {**_FILE, "file_name": "plan.pdf", "mime_type": "application/pdf"},
    "location": {"latitude": 52.0907, "longitude": 5.1214},
    "contact": {"phone_number": "+31600000000", "first_name": "Iemand"},
}
"""What comes with a message that is no text."""


class People:
    """The people's side of the emulator: all that a test can do in it and see of it."""

    def __init__(self, world: World, updates: Updates) -> None:
        self.world = world
        self.updates = updates
        self._next_person = 1001
        self._next_group = 4001

    # --- Who is there

    @property
    def bot(self) -> Person:
        return self.world.bot

    def person(self, name: str, *, id: int = 0, username: str = "", language: str = "nl") -> Person:  # noqa: A002  # Telegram's word
        """Somebody new, who has not pressed Start yet: the bot may not write to them."""
        self._next_person += 1
        somebody = Person(id or self._next_person, name, username, language)
        self._settle(somebody, "stranger")
        return somebody

    def group(
        self, title: str, *, supergroup: bool = True, forum: bool = False, admins: Sequence[Person] = ()
    ) -> Group:
        """A new group, without the bot."""
        self._next_group += 1
        number = -1_000_000_000_000 - self._next_group if supergroup else -self._next_group
        known = frozenset(person.id for person in admins)
        group = Group(number, title, "supergroup" if supergroup else "group", forum, known)
        self._settle(group, "left")
        return group

    async def topic(self, group: Group, name: str, by: Person) -> int:
        """The number of a new topic in a forum."""
        assert group.forum, f"{group.title} has no topics"
        number = self.world.next_id(group.id)
        self.world.topics.setdefault(group.id, set()).add(number)
        created = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        thread = {"message_thread_id": number, "is_topic_message": True}
        await self._deliver("message", self._written(group, by, created | thread, number))
        return number

    def _settle(self, chat: Chat, standing: Standing) -> None:
        assert chat.id not in self.world.chats, f"there is already a chat {chat.id}"
        self.world.chats[chat.id] = chat
        self.world.standing[chat.id] = standing

    # --- What they write

    async def start(self, person: Person, payload: str = "") -> Message:
        """Presses Start, perhaps of a link with a payload."""
        assert not payload or PAYLOAD.fullmatch(payload), f"no link to a bot can carry {payload!r}"
        return await self.say(person, person, f"/start {payload}".strip())

    async def say(
        self,
        chat: Chat,
        person: Person,
        text: str = "",
        *,
        media: str = "",
        reply_to: Message | None = None,
        thread: int | None = None,
        anonymous: bool = False,
        via: str = "",
        forwarded_from: Person | None = None,
        **fields: Any,
    ) -> Message:
        """A message of a person, delivered to the bot if Telegram would; with media the text is its caption.

        `anonymous` is an admin who writes as the group; `via` the name of a bot whose inline result it is; `fields`
        are further fields of the Bot API's Message, or replace what this made of it.
        """
        assert isinstance(chat, Group) or chat == person, f"{person.name} is not in the chat of {chat.name}"
        content = _media(media, text) if media else _marked("text", "entities", text)
        content |= self._setting(chat, reply_to, thread)
        if via:
            content["via_bot"] = Person(abs(hash(via)) % 10**9, via, via, is_bot=True).as_json()
        if forwarded_from:
            date = int(self.world.now()) - 60
            content["forward_origin"] = {"type": "user", "sender_user": forwarded_from.as_json(), "date": date}
        if anonymous:
            assert isinstance(chat, Group), "only in a group people write as the group"
            content["sender_chat"] = chat.chat_as_json()
            person = Person(ANONYMOUS, "Group", "GroupAnonymousBot", is_bot=True)
        kept = self._written(chat, person, content | fields)
        if chat.id == person.id:
            assert self.world.standing[chat.id] != "blocked", f"{person.name} blocked the bot: first unblock"
            self.world.standing[chat.id] = "member"
        await self._deliver("message", kept)
        return kept.seen()

    async def edit(self, message: Message, text: str) -> Message:
        """A person changes what they wrote."""
        kept = self._standing_there(message)
        assert kept.body["from"]["id"] != self.bot.id, "people can't edit what the bot wrote"
        part, entities = ("text", "entities") if "text" in kept.body else ("caption", "caption_entities")
        body = {name: value for name, value in kept.body.items() if name != entities}
        kept.body = body | _marked(part, entities, text) | {"edit_date": int(self.world.now())}
        await self._deliver("edited_message", kept)
        return kept.seen()

    async def erase(self, message: Message) -> None:
        """A message goes away; bots are not told."""
        self._standing_there(message)
        del self.world.kept[message.chat, message.id]
        await asyncio.sleep(0)

    # --- What they press

    async def press(self, message: Message, label: str, by: Person | None = None) -> Press:
        """Presses a button that stands under the message now, whatever stood there before."""
        kept = self._standing_there(message)
        now = kept.seen()
        assert now.sender == self.bot.id, "only the bot's messages have buttons"
        button = now.button(label)
        assert not button.url, f"{label!r} opens {button.url}: the bot does not hear of it"
        owner = self.world.chats[message.chat]
        person = by or owner
        assert isinstance(person, Person), f"who presses {label!r} in {owner}?"
        press = Press(str(4_382_000_000_000_000_000 + len(self.world.presses)), person, now, button)
        self.world.presses[press.id] = press
        query = {"id": press.id, "from": person.as_json(), "message": kept.body, "chat_instance": f"{message.chat}7"}
        self.updates.add("callback_query", query | {"data": button.data})
        await asyncio.sleep(0)
        return press

    def expire_presses(self) -> None:
        """From now on it is too late to answer what was pressed until now."""
        self.world.presses = {id_: replace(press, expired=True) for id_, press in self.world.presses.items()}

    # --- Where they want the bot

    async def add_bot(self, group: Group, by: Person, *, admin: bool = False) -> None:
        await self._change_standing(group, by, "administrator" if admin else "member")
        added = self.bot.as_json()
        joined = {"new_chat_members": [added]}
        await self._deliver("message", self._written(group, by, joined))

    async def remove_bot(self, group: Group, by: Person) -> None:
        assert self.world.standing[group.id] in ("member", "administrator"), f"the bot is not in {group.title}"
        left = self._written(group, by, {"left_chat_member": self.bot.as_json()})
        self.updates.add("message", left.body)
        await self._change_standing(group, by, "kicked")

    async def block(self, person: Person) -> None:
        await self._change_standing(person, person, "blocked")

    async def unblock(self, person: Person) -> None:
        await self._change_standing(person, person, "member")

    async def migrate(self, group: Group) -> Group:
        """The supergroup that a group becomes, under another id; the old id tells where it went."""
        assert group.kind == "group", f"{group.title} is a supergroup already"
        grown = self.group(group.title)
        standing = self.world.standing
        standing[grown.id], standing[group.id] = standing[group.id], "moved"
        self.world.moved[group.id] = grown.id
        for chat, moved in (
            (group, {"migrate_to_chat_id": grown.id}),
            (grown, {"migrate_from_chat_id": group.id}),
        ):
            kept = self._written(chat, Person(ANONYMOUS, "Group", "GroupAnonymousBot", is_bot=True), moved)
            self.updates.add("message", kept.body | {"sender_chat": chat.chat_as_json()})
        await asyncio.sleep(0)
        return grown

    async def _change_standing(self, chat: Chat, by: Person, standing: Standing) -> None:
        before = self.world.standing[chat.id]
        assert before != standing, f"in {chat} the bot is {standing} already"
        self.world.standing[chat.id] = standing
        self.updates.add(
            "my_chat_member",
            {
                "chat": chat.chat_as_json(),
                "from": by.as_json(),
                "date": int(self.world.now()),
                "old_chat_member": member(self.bot, _status(before)),
                "new_chat_member": member(self.bot, _status(standing)),
            },
        )
        await asyncio.sleep(0)

    # --- What they see

    def messages(self, chat: Chat) -> list[Message]:
        """What the bot wrote in a chat, as it stands there now, oldest first."""
        kept = [one for (number, _), one in sorted(self.world.kept.items()) if number == chat.id]
        return [one.seen() for one in kept if one.body["from"]["id"] == self.bot.id]

    def last(self, chat: Chat) -> Message:
        """The newest message of the bot in a chat."""
        messages = self.messages(chat)
        assert messages, f"the bot wrote nothing in {chat}"
        return messages[-1]

    @property
    def toasts(self) -> list[Toast]:
        """What people saw for a moment after pressing."""
        return self.world.toasts

    @property
    def typing(self) -> list[tuple[int, str]]:
        """The chats where the bot showed that it is busy, and with what."""
        return self.world.actions

    @property
    def unanswered_callbacks(self) -> list[Press]:
        """Buttons that still spin."""
        return [press for press in self.world.presses.values() if not press.answered]

    @property
    def violations(self) -> list[str]:
        """Everything that broke the contract without Telegram returning an error: a test asserts that it is empty."""
        return self.world.violations

    # --- How it comes to the bot

    def _written(self, chat: Chat, person: Person, content: Json, number: int = 0) -> Kept:
        body: Json = {"message_id": number or self.world.next_id(chat.id), "date": int(self.world.now())}
        body |= {"chat": chat.chat_as_json(), "from": person.as_json()}
        return self.world.keep(Kept(body | content))

    def _setting(self, chat: Chat, reply_to: Message | None, thread: int | None) -> Json:
        setting: Json = {}
        if thread:
            assert thread in self.world.topics.get(chat.id, ()), f"no topic {thread}"
            setting |= {"message_thread_id": thread, "is_topic_message": True}
        answered = self._standing_there(reply_to) if reply_to else self.world.kept.get((chat.id, thread or 0))
        if answered:  # what stands in a topic and answers nothing, answers the message that made the topic
            body = {name: value for name, value in answered.body.items() if name != "reply_to_message"}
            setting["reply_to_message"] = body
        return setting

    def _standing_there(self, message: Message) -> Kept:
        kept = self.world.kept.get((message.chat, message.id))
        assert kept, f"this message is gone: {message.text[:60]!r}"
        return kept

    async def _deliver(self, kind: str, kept: Kept) -> None:
        if self._hears(kept.body):
            self.updates.add(kind, kept.body)
        await asyncio.sleep(0)

    def _hears(self, body: Json) -> bool:
        """Whether Telegram gives the bot this message: in a group with privacy mode only what is meant for it."""
        standing = self.world.standing[body["chat"]["id"]]
        if standing not in ("member", "administrator"):
            return False
        if body["chat"]["type"] == "private" or self.world.reads_all or standing == "administrator":
            return True
        if body.get("reply_to_message", {}).get("from", {}).get("id") == self.bot.id:
            return True
        if body.get("via_bot", {}).get("username") == self.bot.username:
            return True
        return _is_service(body) or self._is_addressed(body)

    def _is_addressed(self, body: Json) -> bool:
        text = text_of(body)
        me = f"@{self.bot.username}".lower()
        for entity in entities_of(body):
            part = cut(text, entity).lower()
            if entity["type"] == "mention" and part == me:
                return True
            if entity["type"] == "bot_command":
                _, at, named = part.partition("@")
                if f"@{named}" == me or (not at and entity["offset"] == 0):
                    return True
        return False


_SERVICE = (
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "pinned_message",
    "forum_topic_created",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
)


def _is_service(body: Json) -> bool:
    return any(name in body for name in _SERVICE)


def _status(standing: Standing) -> str:
    return {"blocked": "kicked", "stranger": "left", "moved": "left"}.get(standing, standing)


def _media(media: str, caption: str) -> Json:
    assert media in MEDIA, f"no example of {media!r}, only of {', '.join(MEDIA)}"
    return {media: MEDIA[media]} | (_marked("caption", "caption_entities", caption) if caption else {})


def _marked(part: str, entities: str, text: str) -> Json:
    read = formatted(text, "")
    assert read.plain, "nobody can send an empty message"
    return {part: read.plain} | ({entities: list(read.entities)} if read.entities else {})
