"""What the SKB team is told, in its channel, and what it decides there; played on Slack and Telegram."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import app
from bot.app import NAMES, App
from bot.chat import Address, Request
from bot.commons.moments import at_local
from bot.db import Database
from bot.delivery import job, outbox, replies, slots
from bot.delivery.commands import DeliveryCommands
from bot.delivery.outbox import Doubtful, Message
from bot.delivery.team import Desk
from bot.handlers.slack_posting import SlackPosting
from bot.handlers.telegram_posting import TelegramPosting
from bot.jobs import Job, look
from bot.search import job as searching
from bot.search import store
from bot.settings import Settings
from tests.delivery.post_office import PostOffice
from tests.dialogues.conftest import World, catalogue_search, world
from tests.emulators.slack import SlackEmulator
from tests.handlers.slack_bot import Scene, play
from tests.handlers.telegram_bot import Stage

__all__ = ["catalogue_search", "world"]

pytestmark = pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")  # python-telegram-bot warns itself

MONDAY = at_local(datetime(2026, 11, 30, tzinfo=UTC).date(), datetime(2026, 1, 1, 9, tzinfo=UTC).time())
DAY = timedelta(days=1)
TEAM = Address("slack", "C999999")


def the_app(world: World, tmp_path: Path) -> App:
    """The bot with the team's channel, on the database of the world."""
    settings = Settings(
        _env_file=None,
        slack_bot_token="xoxb-" + "1" * 12,
        slack_app_token="xapp-" + "1" * 12,
        team_channel=TEAM.channel,
        data_dir=tmp_path,
    )
    return App(settings, world.database, lambda: world.search, world.answer, world.contact)  # type: ignore[arg-type]


def told(world: World, tmp_path: Path) -> list[str]:
    """The texts that wait for the team, made now."""
    makes = app.makes(the_app(world, tmp_path))
    with world.database.read() as c:
        rows = c.execute(outbox.outbox.select().where(outbox.outbox.c.state == "todo")).mappings().all()
    found = []
    for row in rows:
        reply = makes[row["kind"]](row["subject"], TEAM, world.now)
        assert reply
        cards = [f"{card.title}: {' | '.join(card.lines)}" for section in reply.sections for card in section.cards]
        found.append("\n".join([reply.text, *cards, reply.footer]).strip())
    return found


def run(world: World, tmp_path: Path, name: str, moment: datetime) -> bool:
    [wanted] = [one for one in app.jobs(the_app(world, tmp_path)) if one.name == name]
    world.now = moment
    return look(world.database, wanted, lambda: moment)


# --- what people reported ---


def report(world: World, offer: str, text: str) -> None:
    with world.database.write() as c:
        store.add_report(c, offer, text, world.now)


def test_once_a_day_the_team_gets_what_was_reported_since_and_nothing_when_nothing_was(
    world: World, tmp_path: Path
) -> None:
    run(world, tmp_path, "reports", MONDAY - DAY)
    report(world, "P01", "De link werkt niet meer.")
    report(world, "weg", "Dit is er niet meer.")
    assert run(world, tmp_path, "reports", MONDAY)
    [text] = told(world, tmp_path)
    assert text.startswith("2 meldingen over het aanbod: wat klopt er niet?\n")
    assert "“De link werkt niet meer.” | " in text
    assert "Een programma dat niet meer in de lijst staat: “Dit is er niet meer.”" in text
    assert run(world, tmp_path, "reports", MONDAY + DAY)
    assert len(told(world, tmp_path)) == 1, "nothing new, no message"
    report(world, "P01", "Nog iets.")
    assert not run(world, tmp_path, "reports", MONDAY + DAY + timedelta(hours=2)), "at most one a day"
    assert run(world, tmp_path, "reports", MONDAY + 2 * DAY)
    assert [text.partition("\n")[0] for text in told(world, tmp_path)][1:] == [
        "1 melding over het aanbod: wat klopt er niet?"
    ]


def test_on_a_day_off_nobody_is_told_and_the_next_working_day_all(world: World, tmp_path: Path) -> None:
    friday = MONDAY + 4 * DAY
    run(world, tmp_path, "reports", friday)
    report(world, "P01", "Op vrijdag.")
    for day in (1, 2):
        assert run(world, tmp_path, "reports", friday + day * DAY)
    assert told(world, tmp_path) == []
    assert run(world, tmp_path, "reports", friday + 3 * DAY)
    assert len(told(world, tmp_path)) == 1


def test_very_many_and_very_long_reports_fit_one_message(world: World, tmp_path: Path) -> None:
    run(world, tmp_path, "reports", MONDAY - DAY)
    for number in range(40):
        report(world, "P01", f"{number} " + "te lang " * 200)
    run(world, tmp_path, "reports", MONDAY)
    [text] = told(world, tmp_path)
    assert "En nog 25." in text
    assert len(text) < 15 * 700


# --- how the bot is ---


def test_once_a_week_the_team_reads_how_the_bot_is(world: World, tmp_path: Path) -> None:
    run(world, tmp_path, "health", MONDAY)
    world.now = MONDAY + DAY
    report(world, "P01", "Iets.")
    report(world, "P01", "Nog iets.")
    with world.database.write() as c:
        slots.miss(c, "reports", [world.now], slots.LATE, world.now)
    assert run(world, tmp_path, "health", MONDAY + 7 * DAY)
    assert told(world, tmp_path) == ["Zo gaat het met de bot: 2 meldingen, 0 berichten wachten, 1 taak gemist."]


def test_the_week_line_leaves_out_what_there_is_nothing_to_say_of() -> None:
    assert replies.health(replies.waiting(1, 0, 0)).text == "Zo gaat het met de bot: 1 bericht wacht."
    assert replies.waiting(0, 2, 3)[1:] == ["2 berichten misschien niet aangekomen", "3 taken gemist"]


# --- what perhaps did not arrive ---


def doubt(database: Database, *subjects: str, now: datetime, state: str = "unknown") -> None:
    """Messages of which nobody knows whether they arrived."""
    with database.write() as c:
        to = [Address("telegram", f"-{number}") for number, _ in enumerate(subjects)]
        messages = [Message("reports", "post", *both, now, now + DAY) for both in zip(subjects, to, strict=True)]
        outbox.enqueue(c, messages, now)
        doubtful = outbox.outbox.c.subject.in_(subjects)
        c.execute(outbox.outbox.update().where(doubtful).values(state=state, due_at=None, changed_at=now))


def test_in_slack_the_team_is_told_and_chooses_and_all_of_it_see_that(world: World, tmp_path: Path) -> None:
    async def script(scene: Scene) -> None:
        slack, channel = scene.slack, scene.regio
        world.team = Address("slack", channel.id)
        doubt(world.database, "een", "twee", now=world.now.astimezone(UTC))
        post = office(slack, world, tmp_path)
        with world.database.write() as c:
            for _ in range(3):
                Desk(world.team).undelivered(c, post.now())
        post.later(minutes=11)
        await post.deliver()
        message = scene.newest()
        assert message.plain.startswith("2 berichten zijn misschien niet aangekomen.")
        assert "– de meldingen van de dag, Telegram, in -0, vandaag, " in message.plain
        assert list(message.labels) == ["Stuur opnieuw", "Laat zo"]
        await scene.press(scene.a, message, "Stuur opnieuw")
        [changed] = slack.messages(channel)
        assert changed.plain == "Opnieuw versturen: 2 berichten. Gekozen door Ambassadeur A."
        assert post.states() | {"een": "todo", "twee": "todo"} == post.states()

    play(world, script)


def test_who_chooses_too_late_hears_that_it_is_done(world: World, tmp_path: Path) -> None:
    async def script(scene: Scene) -> None:
        slack, channel = scene.slack, scene.regio
        world.team = Address("slack", channel.id)
        doubt(world.database, "een", now=world.now.astimezone(UTC))
        post = office(slack, world, tmp_path)
        with world.database.write() as c:
            Desk(world.team).undelivered(c, post.now())
        post.later(minutes=11)
        await post.deliver()
        with world.database.write() as c:
            outbox.leave(c, [one.key for one in outbox.doubtful(c)], world.now)
        await scene.press(scene.a, scene.newest(), "Laat zo")
        assert scene.newest(scene.a).plain.startswith("Er is niets meer te kiezen: het is al gedaan.")
        assert scene.newest(scene.a).ephemeral

    play(world, script)


def office(slack: SlackEmulator, world: World, tmp_path: Path) -> PostOffice:
    """Who sends what waits for Slack, with the texts of the bot itself."""
    made = app.makes(the_app(world, tmp_path))
    return PostOffice(world.database, lambda: SlackPosting(slack.bot_token, base_url=slack.base_url), makes=made)


def test_elsewhere_the_same_words_are_a_question(world: World) -> None:
    world.team = Address("slack", "C1")
    doubt(world.database, "een", now=world.now.astimezone(UTC))
    asked = Request("stuur opnieuw", Address("slack", "C2", "U1"), "U1")
    asyncio.run(world.answer(asked))
    reply = asyncio.run(world.answer(asked))
    assert "versturen" not in reply.text
    with world.database.read() as c:
        assert len(outbox.doubtful(c)) == 1
    world.team = None
    assert asyncio.run(world.answer(asked)) == reply


def test_a_button_decides_only_on_what_its_message_knew_of(world: World) -> None:
    early, late = MONDAY, MONDAY + timedelta(hours=1)
    doubt(world.database, "een", now=early)
    commands = DeliveryCommands(world.database, TEAM, lambda: late)
    with world.database.read() as c:
        button = replies.undelivered(outbox.doubtful(c), NAMES, early).buttons[0]
    doubt(world.database, "twee", now=late)
    pressed = Request(button.sends, TEAM, "U1", about=button.about)
    assert commands.again(pressed).text == "Opnieuw versturen: 1 bericht."
    assert commands.again(pressed) == replies.nothing_to_decide()
    assert commands.leave(Request("laat zo", TEAM, "U1")).text == "Zo laten: 1 bericht."


def test_on_telegram_the_team_chooses_in_its_group(world: World, tmp_path: Path) -> None:
    world.now = MONDAY
    stage = Stage(world.database, world.answer, now=lambda: world.now)
    try:
        stage.start()
        person, group = stage.person("Communitymanager"), stage.telegram.group("Team SKB")
        stage.begin(person)
        stage.see(group, stage.telegram.add_bot(group, by=person))
        world.team = Address("telegram", str(group.id))
        doubt(world.database, "een", now=world.now)
        made = app.makes(the_app(world, tmp_path))
        telegram = stage.telegram
        sender = lambda: TelegramPosting(telegram.token, base_url=telegram.url)  # noqa: E731
        post = PostOffice(world.database, sender, makes=made)
        with world.database.write() as c:
            Desk(world.team).undelivered(c, post.now())
        post.later(minutes=11)
        stage.run(post.deliver())
        message = telegram.last(group)
        assert message.text.startswith("1 bericht is misschien niet aangekomen.")
        [changed] = stage.press(message, "Laat zo", by=person)
        assert changed.text == "Zo laten: 1 bericht. Gekozen door Communitymanager."
        assert changed.id == message.id
    finally:
        stage.close()


# --- in words ---


def test_what_is_in_doubt_is_said_in_words() -> None:
    def one(state: Any, to: Address, minutes: int = 0) -> Doubtful:
        return Doubtful(f"{minutes}", "reports", "1", to, state, "msg_too_long", MONDAY - timedelta(minutes=minutes))

    group, person = Address("telegram", "-17"), Address("slack", "U17")
    held, refused, unknown = one("held", group, 5), one("refused", person), one("unknown", person)
    reply = replies.undelivered([held, refused, unknown], NAMES, MONDAY)
    assert reply.text == "2 berichten zijn misschien niet aangekomen.\n1 bericht is geweigerd."
    assert reply.footer.split("\n") == [
        "– de meldingen van de dag, Telegram, in -17, vandaag, 8.55 uur",
        "– de meldingen van de dag, Slack, aan één persoon, vandaag, 9.00 uur, geweigerd (msg_too_long)",
        "– de meldingen van de dag, Slack, aan één persoon, vandaag, 9.00 uur",
        "Kies je niets? Dan stuur ik wat in een groep of kanaal moest komen om 10.55 uur nog één keer.",
    ]
    assert "om 10.55 uur nog één keer" in replies.undelivered([held], NAMES, MONDAY).footer
    assert "En nog 5." in replies.undelivered([unknown] * 15, NAMES, MONDAY).footer


def test_the_overview_says_what_became_of_all_and_when_that_cannot_be() -> None:
    states: dict[str, int] = {**dict.fromkeys(outbox.STATES, 0), "sent": 3, "todo": 1}
    slot = slots.Slot("reports", MONDAY, "missed", 0, slots.LATE)
    lines = replies.overview(outbox.Balance(4, states, 1), [], [slot], NAMES, MONDAY)
    assert lines == [
        "4 berichten aangenomen.",
        "– 3 zijn verstuurd",
        "– 1 wacht",
        "Misschien dubbel aangekomen: 1 bericht.",
        "",
        "Deze week gemist:",
        "– de meldingen van de dag, maandag 30 november 2026, 9.00 uur: de bot draaide niet, en later had het geen zin",
    ]
    assert "klopt niet" in "".join(replies.overview(outbox.Balance(5, states), [], [], NAMES, MONDAY))


def test_every_job_and_kind_has_a_name_and_every_kind_a_maker(world: World, tmp_path: Path) -> None:
    made = app.makes(the_app(world, tmp_path))
    assert made.keys() == NAMES.keys()
    jobs: list[Job] = app.jobs(the_app(world, tmp_path))
    assert {one.name for one in jobs} == {searching.REPORTS, job.HEALTH} <= NAMES.keys()


def test_without_a_channel_of_the_team_nothing_is_told(world: World, tmp_path: Path) -> None:
    bare = the_app(world, tmp_path)
    alone = App(bare.settings.model_copy(update={"team_channel": ""}), *[getattr(bare, name) for name in
                ("database", "search", "answer", "contact")])  # fmt: skip
    assert app.jobs(alone) == []
    with world.database.write() as c:
        Desk(app.team(alone.settings)).undelivered(c, MONDAY)
        assert outbox.balance(c).accepted == 0
