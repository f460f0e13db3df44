"""Commands that change a project at the same time: they take turns, say so, and lose nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from letters import Project
from letters.files import WAITING, sole_change
from tests.builders import approve, changed
from tests.rounds.found_property import a_publishable, published

ROOT = Path(__file__).parents[2]
ROUND = "rounds/first-round/round.yaml"
TWO = (
    "people:\n",
    "approvals_needed: 2\npeople:\n  hale:\n    name: Robin Hale\n    role: Reporting\n",
)
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


@pytest.fixture
def two(starter: Path) -> Path:
    path = starter / ROUND
    path.write_text(changed(path.read_text("utf-8"), *TWO), "utf-8")
    return starter


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def command(stack: ExitStack, root: Path, *arguments: str) -> subprocess.Popen[str]:
    """A command under way in a process of its own."""
    return stack.enter_context(
        subprocess.Popen(
            [sys.executable, "-m", "letters", "-C", str(root), *arguments],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
    )


def waits(process: subprocess.Popen[str]) -> None:
    """Come back once the process, which has read the project, says that it waits for others."""
    assert process.stderr
    assert process.stderr.readline() == f"{WAITING}\n"


def ends(process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (0, "")
    return output


def approvers(root: Path) -> dict[str, list[str]]:
    signed = Project.load(root).round().signed
    return {id_: sorted(each.by for each in entry.approvals) for id_, entry in signed.items()}


def test_two_approvals_at_once_are_both_kept(two: Path, stack: ExitStack) -> None:
    with sole_change(two):
        both = [command(stack, two, "approve", "--by", by) for by in ("lowe", "hale")]
        for each in both:
            waits(each)
    said = sorted(ends(each) for each in both)
    first = "ashmere: approved, 1 of 2\ndunhollow: approved, 1 of 2\nwesterlyn: awaiting\n"
    second = "ashmere: approved\ndunhollow: approved\nwesterlyn: awaiting\n"
    last = "2 approved, 1 awaiting\n"
    assert said == sorted([first + last, second + last])
    assert approvers(two) == {"ashmere": ["hale", "lowe"], "dunhollow": ["hale", "lowe"]}


@pytest.mark.long
def test_an_approval_and_one_taken_back_at_once_are_both_done(two: Path, stack: ExitStack) -> None:
    approve(two, by="lowe")
    with sole_change(two):
        both = [
            command(stack, two, "approve", "ashmere", "--by", "hale"),
            command(stack, two, "approve", "dunhollow", "--by", "lowe", "--revoke"),
        ]
        for each in both:
            waits(each)
    assert sorted(ends(each) for each in both) == [
        "ashmere: approved\n1 approved\n",
        "dunhollow: taken back\n1 taken back\n",
    ]
    assert approvers(two) == {"ashmere": ["hale", "lowe"]}


@pytest.mark.long
def test_publication_withdrawal_and_review_wait_their_turn(
    tmp_path: Path, stack: ExitStack
) -> None:
    approve(a_publishable(tmp_path))
    published(tmp_path)
    with sole_change(tmp_path):
        every = [
            command(stack, tmp_path, "withdraw", "southmoor", "--note", "It was wrong."),
            command(stack, tmp_path, "review"),
        ]
        for each in every:
            waits(each)
    withdrawn, reviewed = (ends(each) for each in every)
    assert withdrawn.startswith("Withdrew the letter of southmoor.\n")
    assert reviewed.startswith("out/2026-found-property/review.pdf: 3 letters, ")


@pytest.mark.long
def test_a_publication_sees_an_approval_that_was_taken_back_while_it_waited(
    tmp_path: Path, stack: ExitStack
) -> None:
    approve(a_publishable(tmp_path))
    with sole_change(tmp_path):
        publication = command(stack, tmp_path, "publish")
        waits(publication)
        (tmp_path / "rounds/2026-found-property/approvals.yaml").unlink()
    output, errors = publication.communicate(timeout=120)
    assert (publication.returncode, output) == (1, "")
    assert "The letter to Northmoor Police is not approved." in errors
    assert not (tmp_path / "out").exists()


HOLDS = """\
import sys
from pathlib import Path
from letters.files import sole_change
with sole_change(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes another way")
def test_a_process_that_is_killed_lets_go_of_the_lock(two: Path, stack: ExitStack) -> None:
    holder = stack.enter_context(
        subprocess.Popen(
            [sys.executable, "-c", HOLDS, str(two)],
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    )
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    waiting = command(stack, two, "approve", "ashmere", "--by", "hale")
    waits(waiting)
    holder.send_signal(signal.SIGKILL)
    assert ends(waiting) == "ashmere: approved, 1 of 2\n1 approved\n"
