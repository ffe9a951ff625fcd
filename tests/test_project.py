"""What the project says about itself is so: settings, commands, lock files, the Procfile."""

from pathlib import Path
import re
import subprocess
import tomllib

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from bot.cli import cli
from bot.settings import Settings, read_settings

ROOT = Path(__file__).parents[1]
LOCKS = sorted(ROOT.glob("requirements*.lock"))


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands() -> list[str]:
    """Every command of the command line, as it is typed."""

    def below(group: TyperGroup, before: str) -> list[str]:
        found = []
        for name, command in group.commands.items():
            full = f"{before} {name}"
            found += below(command, full) if isinstance(command, TyperGroup) else [full]
        return found

    group = get_command(cli)
    assert isinstance(group, TyperGroup)
    return below(group, "skb-bot")


def test_env_example_has_every_setting_with_a_comment() -> None:
    lines = text(".env.example").splitlines()
    names = [line.partition("=")[0] for line in lines if re.match(r"[A-Z_]+=", line)]
    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)
    commented = True
    for before, line in zip(["", *lines], lines, strict=False):
        if re.match(r"[A-Z_]+=", line):
            # Settings that follow each other share the comment above them.
            commented = before.startswith("#") or (commented and bool(re.match(r"[A-Z_]+=", before)))
            assert commented, f"{line} has no comment"


def test_env_example_works_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    settings = read_settings(_env_file=ROOT / ".env.example")
    assert settings.platforms == ()
    assert settings.secret_key is None


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_readme(command: str) -> None:
    assert command in text("README.md")


@pytest.mark.parametrize("target", ["run", "test", "check", "bench", "pictures", "smoke"])
def test_every_make_target_is_in_the_readme_or_contributing(target: str) -> None:
    assert re.search(rf"^{target}:", text("Makefile"), re.MULTILINE)
    assert f"make {target}" in text("README.md") + text("CONTRIBUTING.md")


def test_the_procfile_names_a_command_that_exists() -> None:
    [worker] = text("Procfile").splitlines()
    name, _, command = worker.partition(": ")
    assert name == "worker"
    assert command in commands()


@pytest.mark.parametrize("lock", LOCKS, ids=[lock.name for lock in LOCKS])
def test_lock_files_are_hashed_and_name_no_place(lock: Path) -> None:
    content = lock.read_text(encoding="utf-8")
    assert not re.search(r"://|--index|--extra-index|--find-links|--trusted|(^|\s)/\w|@ ", content)
    packages = re.findall(r"^[a-z0-9].*$", content, re.MULTILINE)
    assert packages
    assert all(re.fullmatch(r"[a-z0-9-]+==\S+( ; .*)? \\", package) for package in packages), packages


def test_lock_files_agree_and_have_what_the_project_asks_for() -> None:
    versions: dict[str, set[str]] = {}
    for lock in LOCKS:
        for name, version in re.findall(r"^([a-z0-9-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE):
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}
    project = tomllib.loads(text("pyproject.toml"))["project"]
    wanted = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]
    names = {re.split(r"[\[<>=~! ]", one)[0].lower().replace("_", "-") for one in wanted}
    assert names <= versions.keys()


def test_nothing_that_looks_like_a_secret_or_a_machine_is_in_the_repository() -> None:
    shapes = re.compile(r"xox[bap]-[0-9A-Za-z-]{20,}|[0-9]{8,10}:[A-Za-z0-9_-]{35}|/(?:work|farm|root|home)/")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and path.suffix not in {".gz", ".png", ".lock", ".xls"} and path != Path(__file__):
            assert not shapes.search(path.read_text(encoding="utf-8")), name


def test_commands_that_the_operations_page_names_exist() -> None:
    named = set(re.findall(r"skb-bot(?: [a-z]+)+", text("docs/OPERATIONS.md")))
    assert named
    assert {name for name in named if not any(f"{name} ".startswith(f"{one} ") for one in commands())} == set()
