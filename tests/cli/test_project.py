"""'letters' alone says how far the project is; folders and rounds are taken as people type them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from letters import Project, build_round
from letters.cli import cli
from letters.cli.shared import STEPS
from letters.new import new_project
from tests.builders import approve
from tests.rounds.found_property import a_publishable, published, round_folder


def run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(cli, [*map(str, arguments)])
    return done.exit_code, done.output


def test_a_round_under_way(starter: Path) -> None:
    at = f"letters -C {shlex.quote(str(starter))}"
    said = (
        "first-round: Plans for welfare support\n"
        "  3 letters: 2 not built, 1 awaiting.\n"
        "  1 awaits an outcome.\n"
        f"  Next: {at} status\n"
        "  2 to make.\n"
        f"  Next: {at} build\n"
        "  2 not approved.\n"
        f"  Next: {at} review\n"
    )
    assert run("-C", starter) == (0, said)
    for line in re.findall("Next: letters (.*)", said):
        assert run(*shlex.split(line))[0] == 0


def test_from_approval_to_publication(tmp_path: Path) -> None:
    root = approve(a_publishable(tmp_path))
    head = "2026-found-property: Found property\n  3 letters: 3 "
    project = Project.load(root)
    build_round(project, project.round())
    assert run("-C", root) == (
        0,
        f"{head}built.\n  All are built and approved.\n"
        f"  Next: letters -C {shlex.quote(str(root))} check --publication\n",
    )
    published(root)
    assert run("-C", root) == (
        0,
        f"{head}built.\n  It is published.\n"
        f"  Next: letters verify {shlex.quote(str(root / 'out'))}\n",
    )
    (round_folder(root) / "assessments.csv").write_text("force\nnorthmor\n", "utf-8")
    at = f"letters -C {shlex.quote(str(root))}"
    assert run("-C", root)[1].endswith(f"  It has problems.\n  Next: {at} check\n")


def test_outside_a_project_the_help_is_shown(tmp_path: Path) -> None:
    code, output = run("-C", tmp_path)
    assert code == 0
    assert output.startswith("Usage: ")


def test_a_folder_that_is_not_there_is_told_and_nothing_is_built(starter: Path) -> None:
    missing = starter / "first-ruond"
    for command in ((), ("build",), ("check",)):
        assert run("-C", missing, *command) == (2, f"letters: There is no folder '{missing}'.\n")
    assert not (starter / "out/first-round").exists()


def test_a_round_may_be_named_by_the_path_of_its_folder(starter: Path) -> None:
    for name in ("first-round", "first-round/", "rounds/first-round/"):
        assert run("-C", starter, "status", "-r", name)[0] == 0


def test_a_file_of_records_under_another_name_is_told(tmp_path: Path) -> None:
    new_project(tmp_path / "p")
    folder = tmp_path / "p/rounds/first-round"
    (folder / "assessments.csv").rename(folder / "assessments (2).csv")
    (problem, *_) = Project.load(tmp_path / "p").problems
    assert str(problem) == (
        "rounds/first-round/assessments (2).csv: 'assessments (2).csv' is not the name of the file"
        " of records. Rename it assessments.csv."
    )


def test_the_version_names_the_engines() -> None:
    status, said = run("--version")
    assert status == 0
    assert re.fullmatch(
        r"letters \d+\.\d+\.\d+, Python 3\.\d+\.\d+\n"
        r"WeasyPrint [\d.]+, docxtpl [\d.]+, python-docx [\d.]+, Jinja2 [\d.]+, pikepdf [\d.]+\n",
        said,
    )


def test_the_help_lists_every_command_in_the_order_of_the_work() -> None:
    listed = [name for names in STEPS.values() for name in names]
    assert sorted(listed) == sorted(cli.commands)
    status, said = run("--help")
    assert status == 0
    at = [said.index(f"\n  {name} ") for name in listed]
    assert at == sorted(at)
    assert "..." not in said.partition("Begin:")[2]
    assert [said.index(f"{step}:") for step in STEPS] == sorted(said.index(f"{s}:") for s in STEPS)


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_the_help_of_a_command_has_an_example(name: str) -> None:
    status, said = run(name, "--help")
    assert status == 0
    (example,) = re.findall(r"^ *Example: letters (.+)$", said, re.MULTILINE)
    assert shlex.split(example)[0] == name
    known = {word for each in cli.commands[name].params for word in each.opts}
    if isinstance(command := cli.commands[name], click.Group):
        known |= {*command.commands}
    asked = [word for word in shlex.split(example)[1:] if word.startswith("-")]
    assert [word for word in asked if word not in known] == []
