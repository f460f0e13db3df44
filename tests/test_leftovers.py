"""Commands that are killed: the next clears what they left, and run again they come to an end."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from letters import BuildOptions, Project, build_round
from letters.files import PROJECT_LOCK, sole_use
from letters.folders import replace_folder
from tests.builders import approve, changed, contents, write
from tests.killing import COMMANDS, digests, is_left
from tests.rounds.found_property import (
    ROUND_ID,
    a_publishable,
    out_of,
    published,
    round_folder,
    site_of,
)
from tests.rounds.stages import run

HERE = Path(__file__).parents[1]
OTHER = "2025-found-property"
OUT = f"out/{ROUND_ID}"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two rounds published; of one a letter was corrected and approved, and built before."""
    root = approve(a_publishable(tmp_path_factory.mktemp("killed") / "base"))
    mail = "Subject: {{ round_title }}\n\nPlease say whether it is right.\n"
    write(root / "templates/found-property/accuracy-check.txt", mail)
    published(root)
    project = Project.load(root)
    build_round(project, project.round())
    shutil.copytree(site_of(root), root / f"out/{OTHER}/site")
    manifest = root / f"out/{OTHER}/site/manifest.json"
    manifest.write_text(changed(manifest.read_text("utf-8"), ROUND_ID, OTHER), "utf-8")
    return root


def copied(project: Path, name: str, old: str, new: str) -> Path:
    """A copy of a project beside it, with other words in its records."""
    root = project.with_name(name)
    shutil.copytree(project, root)
    records = round_folder(root) / "assessments.csv"
    records.write_text(changed(records.read_text("utf-8"), old, new), "utf-8")
    return root


@pytest.fixture(scope="module")
def corrected(base: Path) -> Path:
    """The same with a correction that is approved and built, and not published yet."""
    root = copied(base, "corrected", "All is well.", "Most is.")
    approve(root)
    project = Project.load(root)
    build_round(project, project.round())
    return root


@pytest.fixture(scope="module")
def unsigned(corrected: Path) -> Path:
    """The same with an approval that is void."""
    return copied(corrected, "unsigned", "Most is.", "Some is.")


def killed(base: Path, times: int, command: str) -> list[dict[str, Any]]:
    """What came of a command run whole, and killed `times` times."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.killing", str(base), str(times), command],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def comes_to_its_end(base: Path, times: int, command: str) -> int:
    """Assert that whatever killed it, the next command clears up, and run again it is done.

    How many times something was left behind.
    """
    whole, *every = killed(base, times, command)
    assert whole["status"] == 0
    assert not [path for path in whole["ended"] if is_left(path)]
    for each in every:
        assert each["status"] == -9
        assert not [path for path in each["cleared"] if is_left(path)], each["step"]
        assert each["ended"] == whole["ended"], each["step"]
        was_done = each["cleared"] == whole["ended"]  # a letter is withdrawn once
        assert each["again"] == 0 or was_done, each["step"]
    return sum(any(map(is_left, each["after"])) for each in every)


FROM = {"withdraw": "base", "publish": "corrected", "stage": "corrected"}
"""The project that a command has something to do in; the unsigned one for the others."""


@pytest.mark.parametrize("command", ["withdraw"])
def test_a_command_killed_at_some_steps_comes_to_its_end(
    command: str, request: pytest.FixtureRequest
) -> None:
    assert comes_to_its_end(request.getfixturevalue(FROM.get(command, "unsigned")), 4, command)


@pytest.mark.long
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_killed_at_many_steps_comes_to_its_end(
    command: str, request: pytest.FixtureRequest
) -> None:
    assert comes_to_its_end(request.getfixturevalue(FROM.get(command, "unsigned")), 20, command)


def left(root: Path) -> list[str]:
    """What is left in a project that only a command at work has."""
    return [path for path in digests(root) if is_left(path)]


@pytest.fixture
def project(base: Path, tmp_path: Path) -> Path:
    """A copy of the published project."""
    return Path(shutil.copytree(base, tmp_path / "project"))


LEFT = (
    f"{OUT}/.site.new/letters/northmoor.html",
    f"{OUT}/.staged.new/index.html",
    "out/.site.new/index.html",
    f"{OUT}/.review.json.0a1b2c3d.half",
    f"{OUT}/.build.json.0a1b2c3d.half",
    f"{OUT}/letters/.northmoor.pdf.0a1b2c3d.half",
    f"{OUT}/.checked/letters/.northmoor.pdf.0a1b2c3d.half",
    f"{OUT}/.checked/build.part",
    f"{OUT}/dispatch/.northmoor.eml.0a1b2c3d.half",
    f"{OUT}/build.part",
    f"rounds/{ROUND_ID}/.approvals.yaml.0a1b2c3d.half",
    f"rounds/{ROUND_ID}/approved/.northmoor.txt.0a1b2c3d.half",
    "schemas/.round.schema.json.0a1b2c3d.half",
)
COMMANDS_OF_USERS = ("status", "check", "build", "diff", "schema", "review")


@pytest.mark.parametrize("command", COMMANDS_OF_USERS)
def test_the_next_command_clears_what_was_left(command: str, project: Path) -> None:
    for name in LEFT:
        write(project / name, "half")
    assert sorted(left(project)) == sorted(LEFT)
    run("-C", project, command)
    assert left(project) == []


def test_an_old_site_that_stepped_aside_comes_back(project: Path) -> None:
    before = contents(site_of(project))
    site_of(project).rename(out_of(project) / ".site.old")
    run("-C", project, "status")
    assert (contents(site_of(project)), left(project)) == (before, [])


@pytest.mark.parametrize("name", [f"{OUT}/staged/index.html", f"{OUT}/staged.json"])
def test_half_of_what_was_staged_is_nothing(name: str, project: Path) -> None:
    write(project / name, "half")
    run("-C", project, "status")
    assert not (project / name).exists()


def test_what_another_command_is_at_is_left_to_it(project: Path) -> None:
    for name in LEFT:
        write(project / name, "half")
    with sole_use(project / PROJECT_LOCK), sole_use(out_of(project) / ".build.lock"):
        run("-C", project, "status")
        assert sorted(left(project)) == sorted(n for n in LEFT if "/.checked/" not in n)
    run("-C", project, "status")
    assert left(project) == []


def test_a_link_that_leads_elsewhere_is_not_followed_to_clear(project: Path) -> None:
    elsewhere = project.parent / "elsewhere"
    for name in (".site.new/index.html", "letters/.a.pdf.0a1b2c3d.half", "build.part"):
        write(elsewhere / name, "not ours")
    before = contents(elsewhere)
    (project / "out/2024-elsewhere").symlink_to(elsewhere)
    run("-C", project, "status")
    assert contents(elsewhere) == before


def test_the_letters_of_a_journal_are_kept(project: Path) -> None:
    build, part = out_of(project) / "build.json", out_of(project) / "build.part"
    record = json.loads(build.read_text("utf-8"))
    begun = {"id": "northmoor", **record["letters"].pop("northmoor")}
    build.write_text(json.dumps(record), "utf-8")
    part.write_text(json.dumps(begun) + "\n{", "utf-8")
    assert run("-C", project, "status")[0] == 0
    again = json.loads(build.read_text("utf-8"))["letters"]["northmoor"]
    assert ({"id": "northmoor", **again}, part.exists()) == (begun, False)


def test_a_fresh_build_leaves_nothing_that_one_build_would_not(tmp_path: Path) -> None:
    root = a_publishable(tmp_path)
    options = ("build", "--only", "html", "--jobs", "1")
    assert run("-C", root, *options)[0] == 0
    once = digests(root)
    assert run("-C", root, *options, "--fresh")[0] == 0
    assert digests(root) == once


@contextmanager
def masked(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def modes(folder: Path) -> set[str]:
    """The permissions of files, and of folders, inside one."""
    return {
        f"{'d' if path.is_dir() else 'f'}{stat.S_IMODE(path.stat().st_mode):o}"
        for path in folder.rglob("*")
        if not path.name.endswith(".lock")
    }


@pytest.mark.skipif(os.name != "posix", reason="Permissions are of another kind here.")
@pytest.mark.parametrize(
    ("mask", "expected"),
    [(0o077, {"f600", "d700"}), (0o002, {"f664", "d775"})],
)
def test_files_follow_the_umask(
    mask: int, expected: set[str], unsigned: Path, tmp_path: Path
) -> None:
    root = Path(shutil.copytree(unsigned, tmp_path / "project"))
    shutil.rmtree(root / "out")
    with masked(mask):
        approve(root)
        project = Project.load(root)
        build_round(project, project.round(), BuildOptions(formats=["html"]))
        published(root, note="Corrected.")
    kept = out_of(root) / ".editions"  # closed to others, as what is staged is
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    kept.chmod(0o777 & ~mask)
    assert modes(root / "out") == expected
    text = round_folder(root) / "approved/northmoor.txt"
    assert f"f{stat.S_IMODE(text.stat().st_mode):o}" in expected


@pytest.mark.skipif(os.name != "posix", reason="Permissions are of another kind here.")
def test_what_is_staged_is_closed_to_others_until_it_is_in_place(tmp_path: Path) -> None:
    staged, site = tmp_path / "staged", tmp_path / "site"
    with masked(0o022):
        replace_folder(staged, {"index.html": b"x"}, is_closed=True)
        replace_folder(site, {"index.html": b"x"})
    assert stat.S_IMODE(staged.stat().st_mode) == 0o700
    assert stat.S_IMODE(site.stat().st_mode) == 0o755


@pytest.mark.skipif(os.name != "posix", reason="Permissions are of another kind here.")
def test_a_staged_publication_is_closed_and_the_site_made_of_it_is_open(
    corrected: Path, tmp_path: Path
) -> None:
    root = Path(shutil.copytree(corrected, tmp_path / "project"))
    with masked(0o022):
        published(root, stage=True, note="Corrected.")
        assert stat.S_IMODE((out_of(root) / "staged").stat().st_mode) == 0o700
        published(root)
    assert stat.S_IMODE(site_of(root).stat().st_mode) == 0o755
    assert modes(site_of(root)) == {"f644", "d755"}
