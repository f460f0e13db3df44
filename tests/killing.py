"""Kill a command before one of its changes to files, in a fresh copy of a project each time.

Run as a program: the project, how many times, the command. It prints a line of JSON for each time.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from letters import BuildOptions, Project, build_round
from letters.approvals.review import review_round
from letters.approvals.signing import approve_letters
from letters.check import check_rounds
from letters.dispatch import dispatch_letters
from letters.files import digest
from letters.folders import clear_leftovers
from letters.publish import publish, withdraw
from tests.rounds.found_property import LATER, ROUND_ID, out_of

NOTE = "It named a witness."
SIGNED = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def _build(root: Path, *, fresh: bool) -> None:
    project = Project.load(root)
    build_round(project, project.round(ROUND_ID), BuildOptions(fresh=fresh))


def _publish(root: Path, *, stage: bool) -> None:
    project = Project.load(root)
    round_ = project.round(ROUND_ID)
    publish(project, round_, now=LATER, out=out_of(root), stage=stage, note=NOTE)


def _withdraw(root: Path) -> None:
    round_ = Project.load(root).round(ROUND_ID)
    withdraw(round_, "northmoor", now=LATER, out=out_of(root), note=NOTE)


def _approve(root: Path) -> None:
    project = Project.load(root)
    approve_letters(project, project.round(ROUND_ID), by="kite", at=SIGNED)


def _review(root: Path) -> None:
    project = Project.load(root)
    review_round(project, project.round(ROUND_ID), at=LATER)


def _dispatch(root: Path) -> None:
    project = Project.load(root)
    dispatch_letters(project, project.round(ROUND_ID), for_accuracy_check=True)


def _check(root: Path) -> None:
    check_rounds(Project.load(root))


COMMANDS: dict[str, Callable[[Path], None]] = {
    "build": lambda root: _build(root, fresh=False),
    "build --fresh": lambda root: _build(root, fresh=True),
    "check": _check,
    "approve": _approve,
    "review": _review,
    "dispatch": _dispatch,
    "stage": lambda root: _publish(root, stage=True),
    "publish": lambda root: _publish(root, stage=False),
    "withdraw": _withdraw,
}


@dataclass(frozen=True)
class Killed:
    """A command killed at a step: what was there after that, after the next command, and after
    it was run again; each as the digests of files by their path, and how running again ended.
    """

    step: int
    status: int
    after: dict[str, str]
    cleared: dict[str, str]
    again: int
    ended: dict[str, str]


def in_child(work: Callable[[], None], folder: Path, most: int = 0) -> tuple[int, int]:
    """Do `work` in a process that is killed at its `most`th change of files below `folder`.

    The status that it ended with, and how many changes it came to.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        die_at(most, folder, writing)
        try:
            work()
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        steps = len(pipe.read())
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), steps


def die_at(most: int, folder: Path, pipe: int) -> None:
    """Kill this process at its `most`th change of files below `folder`; a dot into `pipe` each."""
    steps, inside = 0, str(folder)

    def changes(event: str, arguments: tuple[object, ...]) -> bool:
        if event == "ctypes.dlsym":
            return "rename" in str(arguments[-1])
        if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & WRITES):
            return False
        if event in ("os.listdir", "os.scandir") or event.split(".")[0] not in ("open", "os"):
            return False
        paths = (each for each in arguments if isinstance(each, str | bytes | os.PathLike))
        return any(inside in os.fsdecode(each) for each in paths)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal steps
        if changes(event, arguments):
            steps += 1
            os.write(pipe, b".")
            if steps == most:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def is_left(path: str) -> bool:
    """Whether a path is one that only a command at work, or killed, has."""
    names = path.split("/")
    hidden = any(each.startswith(".") and each.endswith((".new", ".old")) for each in names)
    return hidden or path.endswith((".half", "/build.part"))


def digests(root: Path) -> dict[str, str]:
    """The digest of every file below `root` but locks, and the names of empty folders."""
    found = {}
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.name.endswith(".lock"):
            found[path.relative_to(root).as_posix()] = digest(path.read_bytes())
        elif path.is_dir() and not any(path.iterdir()):
            found[path.relative_to(root).as_posix()] = ""
    return found


def main(base: Path, times: int, name: str) -> None:
    """Run a command whole, then kill it `times` times at steps spread over all of them."""
    root, command = base.with_name("copy"), COMMANDS[name]

    def copy() -> None:
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(base, root)

    copy()
    status, total = in_child(lambda: command(root), root)
    print(json.dumps(asdict(Killed(0, status, {}, {}, 0, digests(root)))))
    points = sorted({1 + n * (total - 1) // max(1, times - 1) for n in range(times)})
    for step in points:
        copy()
        status, _ = in_child(lambda: command(root), root, step)
        after = digests(root)
        in_child(lambda: clear_leftovers(root), root)
        cleared = digests(root)
        again, _ = in_child(lambda: command(root), root)
        killed = Killed(step, status, after, cleared, again, digests(root))
        print(json.dumps(asdict(killed)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
