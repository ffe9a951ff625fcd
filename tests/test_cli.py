"""The real command in a process of its own, as a person or a machine runs it."""

from datetime import UTC, datetime
import json
import os
import pty
import select
import shutil
import subprocess
import sys
import tomllib

import pytest

from bot.db import HEAD, Database
from bot.search import counts_store, store
from bot.search.catalogue import Catalogue
from tests.commandline import ROOT, CommandLine

TELEGRAM = "123456789:" + "C" * 35
OUTCOMES = {"found", "widened", "nothing", "ask_back", "not_a_search", "refused"}


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """A bot that ran before. Tests that change something make their own."""
    skb_bot = CommandLine(tmp_path_factory.mktemp("filled"))
    assert skb_bot("ask", "debat").returncode == 0
    return skb_bot


# --- what stands on the door ---


def test_version(skb_bot: CommandLine) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert skb_bot("--version").stdout == f"skb-bot {version}\n"


@pytest.mark.parametrize(
    "command", [(), ("run",), ("ask",), ("doctor",), ("offers",), ("offers", "gaps"), ("offers", "reports")]
)
def test_every_command_explains_itself(skb_bot: CommandLine, command: tuple[str, ...]) -> None:
    done = skb_bot(*command, "--help")
    assert done.returncode == 0
    assert " ".join(["Usage: skb-bot", *command]) in done.stdout
    assert len(done.stdout.splitlines()) > 3
    assert not skb_bot.database.exists()


# --- run ---


def test_run_on_a_fresh_machine_answers_every_line_and_ends(skb_bot: CommandLine) -> None:
    done = skb_bot("run", typed="debat VO Utrecht\nisk taal")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "> debat VO Utrecht" in done.stdout
    assert "> isk taal" in done.stdout
    assert "Voorbeeldlijst uit openbare bronnen, niet van SKB" in done.stdout
    assert skb_bot.database.exists()
    key = skb_bot.database.with_suffix(".key")
    assert key.stat().st_mode & 0o777 == 0o600
    before = key.read_bytes()
    assert skb_bot("run", typed="hallo").returncode == 0
    assert key.read_bytes() == before
    assert len(before) == 64


def test_run_without_any_input_ends(filled: CommandLine) -> None:
    done = filled("run")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_run_on_a_terminal_chats_and_leaves_with_control_d(filled: CommandLine) -> None:
    ours, its = pty.openpty()
    bot = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        stdin=its,
        stdout=its,
        stderr=its,
        cwd=filled.folder,
        env=filled.environment | {"TERM": "xterm"},
    )
    os.close(its)

    def wait_for(sign: str) -> str:
        """What is on the screen up to this sign. Typing before the bot asks would be lost."""
        shown = b""
        while sign.encode() not in shown:
            assert select.select([ours], [], [], 30)[0], shown.decode()
            shown += os.read(ours, 4096)
        return shown.decode()

    try:
        assert "Stoppen: Ctrl-D" in wait_for("\n> ")
        os.write(ours, b"debat VO Utrecht\n")
        assert "Gezocht op" in wait_for("\n> ")
        os.write(ours, b"\x04")
        wait_for("Tot ziens!")
        assert bot.wait(30) == 0
    finally:
        bot.kill()
        bot.wait()
        os.close(ours)


# --- ask ---


def test_ask_prints_the_reply(filled: CommandLine) -> None:
    for words in (["debat VO Utrecht"], ["debat", "VO", "Utrecht"]):
        done = filled("ask", *words)
        assert (done.returncode, done.stderr) == (0, "")
        assert "Gezocht op: debat" in done.stdout


def test_ask_json_keeps_the_contract(filled: CommandLine) -> None:
    done = filled("ask", "--json", "debat VO Utrecht")
    [line] = done.stdout.splitlines()
    answer = json.loads(line)
    assert list(answer) == ["query", "outcome", "understood", "total", "results", "text"]
    understood = "themes sectors grades tracks place settings cost volunteers provider offer words"
    assert list(answer["understood"]) == understood.split()
    assert answer["query"] == "debat VO Utrecht"
    assert answer["outcome"] in OUTCOMES
    assert 0 < len(answer["results"]) <= 20
    for result in answer["results"]:
        assert list(result) == ["id", "offer", "provider", "group", "score", "why"]
        assert result["group"] in {"in_place", "nationwide", "nearby", "related"}
    assert answer["results"][0]["offer"] in answer["text"]


def test_ask_json_answers_every_line_in_order_on_its_own(filled: CommandLine) -> None:
    questions = [
        "debat VO Utrecht",
        "",
        "en voor de basisschool?",
        "  spaties ",
        "café 🎭 \u2028 x",
        "ov-kaart kosten",
        "",
    ]
    done = filled("ask", "--json", "-", typed="\n".join([*questions, ""]))
    answers = [json.loads(line) for line in done.stdout.split("\n")[:-1]]
    assert [answer["query"] for answer in answers] == questions
    assert all(answer["outcome"] in OUTCOMES for answer in answers)
    alone = json.loads(filled("ask", "--json", "en voor de basisschool?").stdout)
    assert answers[2] == alone  # nothing of the question before


def test_ask_leaves_no_trace(skb_bot: CommandLine) -> None:
    assert skb_bot("ask", "--json", "-", typed="debat\nschaken op de maan\n").returncode == 0
    database = Database(f"sqlite:///{skb_bot.database}")
    with database.read() as connection:
        assert counts_store.gaps(connection, at_least=1) == []
        for table in (store.lists, store.chats):
            assert connection.execute(table.select()).all() == []
    database.close()


@pytest.mark.parametrize("typed", [b"caf\xe9 debat\n", b"\x00\x1b[31m\n", b"debat\r\n", b"groep 7 " * 20_000])
def test_no_line_stops_the_stream(filled: CommandLine, typed: bytes) -> None:
    done = filled("ask", "--json", "-", typed=typed + b"debat\n" if typed.endswith(b"\n") else typed + b"\ndebat\n")
    assert (done.returncode, done.stderr) == (0, "")
    first, last = map(json.loads, done.stdout.splitlines())
    assert first["outcome"] in OUTCOMES
    assert last["query"] == "debat"
    assert not first["query"].endswith("\r")


def test_a_reader_that_stops_listening_is_no_error(filled: CommandLine) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "ask", "--json", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=filled.folder,
        env=filled.environment,
    ) as bot:
        assert bot.stdin
        assert bot.stdout
        assert bot.stderr
        bot.stdin.write(b"debat\n")
        bot.stdin.flush()
        assert bot.stdout.readline().startswith(b"{")  # it streams: the answer is there before the input ends
        bot.stdout.close()
        bot.stdin.write(b"debat\n" * 200)
        bot.stdin.close()
        assert b"Traceback" not in bot.stderr.read()


def test_explain_shows_the_reasoning(filled: CommandLine) -> None:
    done = filled("ask", "--explain", "debat VO Utrecht")
    assert done.returncode == 0
    assert "debat" in done.stdout
    assert len(done.stdout.splitlines()) > 5


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("ask",), "Ask something, for example: skb-bot ask"),
        (("ask", "--json", "--explain", "debat"), "Choose one of --json and --explain."),
        (("ask", "--jsn", "debat"), "No such option: --jsn"),
        (("vraag",), "No such command 'vraag'"),
    ],
)
def test_what_was_typed_wrong_is_said_in_a_sentence(filled: CommandLine, words: tuple[str, ...], sentence: str) -> None:
    done = filled(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


# --- what somebody has to mend ---


def test_settings_are_complained_about_together(skb_bot: CommandLine) -> None:
    done = skb_bot("ask", "debat", settings={"LOG_LEVEL": "luid", "TELEGRAM_TOKEN": "CANARY", "SECRET_KEY": "CANARY"})
    assert done.returncode == 2
    assert sorted(line.split()[0] for line in done.stderr.splitlines()) == ["LOG_LEVEL", "SECRET_KEY", "TELEGRAM_TOKEN"]
    assert "CANARY" not in done.stderr
    assert not skb_bot.database.exists()


@pytest.mark.parametrize("name", ["offers.csv", "providers.csv", "vocabulary.yaml", "places.csv", "regions.yaml"])
@pytest.mark.parametrize("change", ["missing", "broken"])
def test_a_file_with_a_mistake_is_named(skb_bot: CommandLine, name: str, change: str) -> None:
    data = skb_bot.folder / "data"
    shutil.copytree(ROOT / "data", data)
    if change == "missing":
        (data / name).unlink()
    else:
        (data / name).write_text("[onzin: ,,\n", encoding="utf-8")
    done = skb_bot("ask", "debat", settings={"DATA_DIR": str(data)})
    assert done.returncode == 2, done.stderr
    assert name in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "url",
    ["sqlite:////dev/null/skb.db", "postgresql://user:CANARY@127.0.0.1:1/name?connect_timeout=2", "sqlite:///skb.txt"],
)
def test_a_database_that_cannot_be_used(skb_bot: CommandLine, url: str) -> None:
    (skb_bot.folder / "skb.txt").write_text(
        "geen database, wel een tekst die lang genoeg is om dat te zien" * 40, encoding="utf-8"
    )
    done = skb_bot("ask", "debat", settings={"DATABASE_URL": url, "SECRET_KEY": "k" * 32})
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("The database can't be used")
    assert "CANARY" not in done.stderr
    assert "Traceback" not in done.stderr


# --- doctor ---

READY = {
    "CONTROLLER": "Stichting Voorbeeld",
    "PRIVACY_ADDRESS": "privacy@example.org",
    "CONTACT_NAME": "Team SKB",
    "CONTACT_HOW": "info@example.org",
}


def test_doctor_on_a_fresh_machine_says_what_is_missing_and_changes_nothing(skb_bot: CommandLine) -> None:
    done = skb_bot("doctor")
    assert done.returncode == 1
    missing = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("MISSING")]
    assert missing == ["CONTROLLER:", "PRIVACY_ADDRESS:", "CONTACT_NAME:", "CONTACT_HOW:"]
    assert list(skb_bot.folder.iterdir()) == []


def test_doctor_when_ready(filled: CommandLine) -> None:
    done = filled("doctor", settings=READY)
    assert done.returncode == 0, done.stdout
    assert f"database: SQLite, revision {HEAD}" in done.stdout
    assert "note    platforms: no tokens, so there is nobody to ask" in done.stdout
    assert "example list (130 offers from public sources), not SKB's own" in done.stdout
    assert done.stdout.endswith("\nReady.\n")


def test_doctor_wants_an_own_catalogue_on_a_live_platform(filled: CommandLine) -> None:
    live = READY | {"TELEGRAM_TOKEN": TELEGRAM}
    done = filled("doctor", settings=live)
    assert done.returncode == 1
    assert "MISSING catalogue: the example list" in done.stdout
    assert TELEGRAM not in done.stdout
    done = filled("doctor", settings=live | {"ALLOW_STARTER": "yes"})
    assert done.returncode == 0
    assert "Telegram is set and looks right; skb-bot doctor --live asks Telegram whether it works." in done.stdout


def test_doctor_lists_wrong_settings_and_wrong_data(skb_bot: CommandLine) -> None:
    done = skb_bot("doctor", settings={"LOG_LEVEL": "luid", "TELEGRAM_TOKEN": "CANARY"})
    assert done.returncode == 1
    assert done.stdout.count("MISSING LOG_LEVEL") == done.stdout.count("MISSING TELEGRAM_TOKEN") == 1
    assert "CANARY" not in done.stdout + done.stderr
    data = skb_bot.folder / "data"
    shutil.copytree(ROOT / "data", data)
    with (data / "providers.csv").open("a", encoding="utf-8") as file:
        file.write("Iemand,vriend,,,\nJINC,partner,,,\n")
    done = skb_bot("doctor", settings=READY | {"DATA_DIR": str(data)})
    assert done.returncode == 1
    assert "MISSING data: providers.csv, rij 51, kolom relation: “vriend” ken ik niet." in done.stdout
    assert "MISSING data: providers.csv, rij 52, kolom name: “JINC” staat ook op rij 3." in done.stdout


# --- the offer ---


def test_an_own_catalogue_is_never_replaced_by_the_example(skb_bot: CommandLine) -> None:
    assert skb_bot("ask", "debat").returncode == 0
    database = Database(f"sqlite:///{skb_bot.database}")
    with database.write() as connection:
        store.save_catalogue(connection, Catalogue(), datetime.now(UTC))
    assert json.loads(skb_bot("ask", "--json", "debat").stdout)["results"] == []
    with database.read() as connection:
        assert store.load_catalogue(connection).offers == ()
    database.close()


def test_gaps_and_reports_are_listed(skb_bot: CommandLine) -> None:
    assert skb_bot("offers", "gaps").stdout == "Nothing was asked in vain three times or more.\n"
    assert skb_bot("offers", "reports").stdout == "Nobody reported a mistake.\n"
    assert skb_bot("offers", "starts").stdout == "Nobody came in by a link of a workshop yet.\n"
    assert skb_bot("ask", "debat").returncode == 0
    database = Database(f"sqlite:///{skb_bot.database}")
    with database.write() as connection:
        for _ in range(3):
            counts_store.count_gap(connection, "schaken", "PO", "Utrecht", "2026-11")
        for _ in range(2):
            counts_store.count_start(connection, "ws_utrecht_vo", "2026-11")
        offer = store.load_catalogue(connection).offers[0]
        store.add_report(connection, offer.id, "De link\x1b[2J werkt\nniet", datetime(2026, 11, 22, tzinfo=UTC))
        store.add_report(connection, "zzzzzzzz", "Weg", datetime(2026, 11, 23, tzinfo=UTC))
    database.close()
    assert skb_bot("offers", "gaps").stdout == "2026-11  3x  schaken  PO  Utrecht\n"
    assert skb_bot("offers", "starts").stdout == "2026-11  2x  ws_utrecht_vo\n"
    first, second = skb_bot("offers", "reports").stdout.splitlines()
    assert first.split("  ")[:2] == ["2026-11-22", offer.id]
    assert offer.title in first
    assert first.endswith("De link [2J werkt niet")
    assert second.startswith("2026-11-23  zzzzzzzz  no longer in the list")
