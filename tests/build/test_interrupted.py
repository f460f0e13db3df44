"""Builds that are killed outright, and builds of the same round at the same time."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from letters import Project, build_round
from letters.build.record import LOCK
from letters.files import digest
from letters.new import new_project

ROUND = "first-round"
PATIENCE = 100
"""Seconds until a process that hangs is a failure; all of them end by themselves long before."""

BUILD = """
import os, signal, sys
from pathlib import Path
from letters import BuildOptions, Project, build_round
from letters.build import round as building
from letters.build.processes import ProcessExecutor

if {jobs} > 1:  # even for so few letters
    building.local_executor = lambda make, jobs, limit, *_, **__: ProcessExecutor(make, jobs, limit)

def kill(*_):
    os.killpg(0, signal.SIGKILL)

{trouble}
project = Project.load(Path(sys.argv[1]))
options = BuildOptions(jobs={jobs})
build_round(project, project.round("first-round"), options, on_letter=on_letter)
"""

AFTER_THE_FIRST = "on_letter = kill"
WITHIN_THE_SECOND = """
def replace(self, target):
    return kill() if target.name == "dunhollow.pdf" else os.replace(self, target)

Path.replace, on_letter = replace, lambda _: None
"""
HELD_UP = """
def on_letter(letter):
    print(letter.id, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    new_project(tmp_path / "project")
    return Project.load(tmp_path / "project")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a build that nothing happens to writes."""
    folder = tmp_path_factory.mktemp("undisturbed") / "project"
    new_project(folder)
    project = Project.load(folder)
    build_round(project, project.round(ROUND))
    return written(project)


def written(project: Project) -> dict[str, str]:
    """The digest of every file in the folder of the round, hidden ones included."""
    out = project.root / "out" / ROUND
    files = [path for path in out.rglob("*") if path.is_file() and path.name != LOCK]
    return {path.relative_to(out).as_posix(): digest(path.read_bytes()) for path in files}


def started(project: Project, trouble: str, jobs: int = 1) -> subprocess.Popen[str]:
    """A build with all its processes in a group of their own."""
    return subprocess.Popen(
        [sys.executable, "-c", BUILD.format(trouble=trouble, jobs=jobs), project.root],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.parametrize(
    ("trouble", "jobs"),
    [(AFTER_THE_FIRST, 1), (AFTER_THE_FIRST, 2), (WITHIN_THE_SECOND, 1)],
    ids=["after a letter", "after a letter of two processes", "within a file"],
)
def test_a_build_that_is_killed_goes_on_where_it_was(
    trouble: str, jobs: int, project: Project, undisturbed: dict[str, str]
) -> None:
    killed = started(project, trouble, jobs)
    killed.communicate(timeout=PATIENCE)
    assert killed.returncode == -signal.SIGKILL
    assert "build.json" not in written(project)
    made = build_round(project, project.round(ROUND), on_wait=lambda: pytest.fail("locked"))
    states = {letter.id: letter.state for letter in made}
    assert states == {"ashmere": "unchanged", "dunhollow": "draft", "westerlyn": "awaiting"}
    assert written(project) == undisturbed


def test_what_a_full_disk_did_not_take_is_made_by_the_next_build(
    project: Project, undisturbed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = Path.open

    def full(self: Path, *rest: Any, **options: Any) -> Any:
        if self.name.startswith(".dunhollow.pdf"):
            raise OSError(28, "No space left on device", str(self))
        return theirs(self, *rest, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        made = build_round(project, project.round(ROUND))
    assert [letter.state for letter in made] == ["draft", "failed", "awaiting"]
    again = build_round(project, project.round(ROUND))
    assert [letter.state for letter in again] == ["unchanged", "draft", "awaiting"]
    assert written(project) == undisturbed


def test_of_two_builds_at_once_the_second_waits_and_finds_all_done(
    project: Project, undisturbed: dict[str, str]
) -> None:
    first = started(project, HELD_UP)
    assert first.stdin
    assert first.stdout
    assert first.stdout.readline() == "ashmere\n"
    second = subprocess.Popen(
        [sys.executable, "-m", "letters", "-C", project.root, "build"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert second.stderr
    waits = "Another build of this round is under way; waiting for it to end.\n"
    assert second.stderr.readline() == waits
    first.communicate("\n\n\n", timeout=PATIENCE)
    said, _ = second.communicate(timeout=PATIENCE)
    assert said.splitlines()[:3] == [
        "ashmere: unchanged",
        "dunhollow: unchanged",
        "westerlyn: awaiting",
    ]
    assert [first.returncode, second.returncode] == [0, 0]
    stamped = {"build.json": ""}  # the command line notes the state of the project's files too
    assert {**written(project), **stamped} == {**undisturbed, **stamped}
