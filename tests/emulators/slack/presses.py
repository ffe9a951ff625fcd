"""What people of the emulated Slack press and fill in: commands, buttons, shortcuts, modals; and what comes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tests.emulators.slack import methods, payloads
from tests.emulators.slack.block_reading import JSON, Button, Field
from tests.emulators.slack.content import bot_message, post, read_content, read_view
from tests.emulators.slack.courier import Answer, Courier
from tests.emulators.slack.people import People
from tests.emulators.slack.server import MESSAGE_ARGUMENTS, Server
from tests.emulators.slack.sockets import Connection
from tests.emulators.slack.workspace import Channel, Message, Opened, Person, Posted, Refused, View, Workspace


class Hands(People):
    """People who press and fill in, and get an answer back at once."""

    def __init__(self, workspace: Workspace, courier: Courier, server: Server) -> None:
        super().__init__(workspace, courier)
        self._server = server

    async def command(
        self,
        person: Person,
        channel: Channel | Person,
        text: str,
        command: str = "/skb",
        *,
        on: Connection | None = None,
    ) -> Answer:
        """Somebody gives a slash command; a message in the acknowledgement is kept, and seen by them alone."""
        self._courier.need("commands", command)
        assert not person.stranger, "people of other workspaces can't use an app's slash commands"
        place = self._enter(person, channel)
        told = text.strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        payload = payloads.command(person, place, command, told) | self._ways_back(person, place)
        answer = await self._courier.interaction("slash_commands", payload, accepts=True, on=on)
        if not answer.payload:
            return answer
        return replace(answer, message=self._acknowledged(person, place, answer.payload, command))

    async def press(self, person: Person, where: Message | View, label: str, *, on: Connection | None = None) -> Answer:
        """Somebody presses a button they see now, by its label, or its accessibility label where labels repeat."""
        if isinstance(where, View):
            pressed = self._pressed_view(person, where, label)
        else:
            pressed = self._pressed_message(person, where, label)
        return await self._courier.interaction("interactive", pressed, on=on)

    async def shortcut(
        self, person: Person, message: Message | str, channel: Channel | Person, callback_id: str
    ) -> Answer:
        """Somebody uses a shortcut on a message; a text stands for a message they wrote there before."""
        assert not person.stranger, "people of other workspaces can't use an app's shortcuts"
        place = self._enter(person, channel)
        if isinstance(message, str):
            posted = self._say(person, place, message, None, ())
        else:
            posted = self._seen_by(person, message)
        used = payloads.interaction(
            "message_action",
            person,
            callback_id=callback_id,
            channel=payloads.place(place),
            message=posted.payload(),
            message_ts=posted.ts,
            action_ts=self.workspace.timestamp(),
            **self._ways_back(person, place),
        )
        return await self._courier.interaction("interactive", used)

    async def global_shortcut(self, person: Person, callback_id: str) -> Answer:
        """Somebody uses a shortcut from Slack's own menu: there is no channel and no response_url."""
        assert not person.stranger, "people of other workspaces can't use an app's shortcuts"
        used = payloads.interaction(
            "shortcut",
            person,
            callback_id=callback_id,
            action_ts=self.workspace.timestamp(),
            trigger_id=self.workspace.trigger(person.id),
        )
        return await self._courier.interaction("interactive", used)

    async def submit(self, person: Person, view: View, values: Mapping[str, Any] | None = None) -> Answer:
        """Somebody fills in the modal on top, by labels or block_ids, and sends it; what isn't named stays."""
        opened = self._top(person, view)
        assert view.submit, f"{view.title!r} has no button to send it"
        opened.payload["state"] = {"values": _filled(opened.seen(), dict(values or {}))}
        opened.errors = {}
        sent = payloads.interaction(
            "view_submission",
            person,
            view=opened.payload,
            response_urls=[],
            trigger_id=self.workspace.trigger(person.id),
        )
        answer = await self._courier.interaction("interactive", sent, accepts=True)
        if answer.acknowledged:
            self._submitted(opened, answer.payload or {})
        return answer

    async def close(self, person: Person) -> Answer | None:
        """Somebody closes the modal on top; the app hears of it when it asked to (notify_on_close)."""
        stack = self.workspace.stacks.get(person.id, [])
        assert stack, f"{person.name} has no modal open"
        opened = stack.pop()
        if opened.payload["clear_on_close"]:
            stack.clear()
        if not opened.payload["notify_on_close"]:
            return None
        closed = payloads.interaction("view_closed", person, view=opened.payload, is_cleared=not stack)
        return await self._courier.interaction("interactive", closed)

    # How they do it, and what comes of it.

    def _ways_back(self, person: Person, channel: Channel, source: Posted | None = None) -> JSON:
        key = self.workspace.response_url(person.id, channel.id, source)
        return {
            "response_url": f"{self._server.origin}/response/{key}",
            "trigger_id": self.workspace.trigger(person.id),
        }

    def _pressed_message(self, person: Person, message: Message, label: str) -> JSON:
        posted = self._seen_by(person, message)
        channel = self._enter(person, self.workspace.channels[posted.channel])
        button = _button(posted.seen().buttons, label)
        ephemeral = bool(posted.seen_by)
        container = {"type": "message", "message_ts": posted.ts, "channel_id": channel.id, "is_ephemeral": ephemeral}
        return payloads.interaction(
            "block_actions",
            person,
            container=container | ({"thread_ts": posted.thread_ts} if posted.thread_ts else {}),
            channel=payloads.place(channel),
            state={"values": {}},
            actions=[payloads.action(button, self.workspace.timestamp())],
            # Slack does not keep ephemeral messages: it can't send them along.
            **({} if ephemeral else {"message": posted.payload()}),
            **self._ways_back(person, channel, posted),
        )

    def _pressed_view(self, person: Person, view: View, label: str) -> JSON:
        opened = self._home(person, view) if view.kind == "home" else self._top(person, view)
        return payloads.interaction(
            "block_actions",
            person,
            container={"type": "view", "view_id": view.id},
            view=opened.payload,
            trigger_id=self.workspace.trigger(person.id),
            actions=[payloads.action(_button(opened.seen().buttons, label), self.workspace.timestamp())],
        )

    def _home(self, person: Person, view: View) -> Opened:
        opened = self.workspace.homes.get(person.id)
        assert opened, f"{person.name} has no Home yet"
        assert opened.payload["id"] == view.id, f"that is not {person.name}'s Home"
        return opened

    def _top(self, person: Person, view: View) -> Opened:
        stack = self.workspace.stacks.get(person.id, [])
        assert stack, f"{person.name} has no modal open"
        on_top = stack[-1]
        assert on_top.payload["id"] == view.id, f"{view.title!r} is not on top; {on_top.seen().title!r} is"
        return on_top

    def _acknowledged(self, person: Person, place: Channel, payload: JSON, command: str) -> Message | None:
        if unknown := sorted(set(payload) - MESSAGE_ARGUMENTS):
            self.workspace.note(f"{command}: unknown parameters in the acknowledgement: {', '.join(unknown)}")
        try:
            content = read_content(self.workspace, payload, command)
        except Refused as refused:
            details = refused.further.get("errors", "")
            self.workspace.note(f"{command}: the message in the acknowledgement is refused: {refused.error} {details}")
            return None
        alone = payload.get("response_type", "ephemeral") != "in_channel"
        message = bot_message(self.workspace, place.id, content, "ack", seen_by=person.id if alone else "")
        message.unfurl_links, message.unfurl_media = payload.get("unfurl_links"), payload.get("unfurl_media")
        return post(self.workspace, message).seen()

    def _submitted(self, opened: Opened, payload: JSON) -> None:
        """What the acknowledgement of a filled-in view does to the modals."""
        stack = self.workspace.stacks.get(opened.person, [])
        action = payload.get("response_action")
        try:
            if not payload and opened in stack:
                stack.remove(opened)
            elif action == "clear":
                stack.clear()
            elif action == "errors":
                self._refused_fields(opened, payload.get("errors"))
            elif action == "update":
                methods.replace_view(self.workspace, opened, read_view(payload.get("view"), "modal"))
            elif action == "push":
                methods.push_view(self.workspace, opened.person, read_view(payload.get("view"), "modal"))
            elif payload:
                self.workspace.note(f"view_submission: nothing Slack knows in the acknowledgement: {payload}")
        except Refused as refused:
            details = refused.further.get("errors", "")
            self.workspace.note(f"view_submission: {action} is refused: {refused.error} {details}")

    def _refused_fields(self, opened: Opened, errors: Any) -> None:
        if not isinstance(errors, dict) or not errors:
            self.workspace.note(f"view_submission: errors must say something by block_id: {errors!r}")
            return
        known = {field.block_id for field in opened.seen().fields}
        for block_id, words in errors.items():
            if block_id not in known:
                self.workspace.note(f"view_submission: an error for {block_id!r}, which is no input block of the view")
            elif not isinstance(words, str) or not words:
                self.workspace.note(f"view_submission: the error for {block_id!r} says nothing")
            else:
                opened.errors[block_id] = words


def _button(buttons: Sequence[Button], label: str) -> Button:
    found = [button for button in buttons if button.label == label]
    if len(found) != 1:
        found = [button for button in buttons if button.accessibility_label == label]
    if len(found) == 1:
        return found[0]
    there = ", ".join(
        f"[{one.label}]" + f" ({one.accessibility_label})" * bool(one.accessibility_label) for one in buttons
    )
    raise AssertionError(f"no single button [{label}] here; there are: {there or 'none'}")


def _filled(view: View, given: dict[str, Any]) -> JSON:
    """The state of a view that somebody filled in, as far as Slack lets them send it."""
    state: JSON = {}
    for field in view.fields:
        untouched = payloads.initial_of(field)
        value = given.pop(field.label, given.pop(field.block_id, untouched))
        _assert_fits(field, value)
        state[field.block_id] = {field.action_id: payloads.state_of(field, value)}
    there = ", ".join(field.label for field in view.fields)
    assert not given, f"{view.title!r} has no field {', '.join(given)}; there are: {there}"
    return state


def _assert_fits(field: Field, value: Any) -> None:
    """Slack itself holds back what is missing, too short or too long, before the app hears of it."""
    assert field.optional or value not in (None, "", []), f"Slack asks to fill in {field.label!r} first"
    if isinstance(value, str) and value:
        least, most = field.element.get("min_length", 0), field.element.get("max_length", 3000)
        assert least <= len(value) <= most, f"Slack wants {least} to {most} characters in {field.label!r}"
