"""The README's way from a check to a published site, on the example, as it is printed there."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from letters.cli import cli
from letters.new import new_project

README = Path(__file__).parents[2] / "README.md"


def commands() -> list[list[str]]:
    """The commands of the section, without their remarks."""
    section = README.read_text(encoding="utf-8").partition("## Publish it")[2]
    block = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)[0]
    lines = [line.partition("#")[0].split() for line in block.splitlines()]
    return [line[1:] for line in lines if line[0] == "letters"]


@pytest.mark.long
def test_check_approve_stage_publish_verify(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = tmp_path / "demo"
    new_project(demo, example=True)
    monkeypatch.chdir(demo)
    said = []
    for command in commands():
        result = CliRunner().invoke(cli, command)
        assert result.exit_code == 0, result.output
        said.append(result.output.splitlines()[-1])
    assert [command[0] for command in commands()] == [
        "check",
        "approve",
        "build",
        "publish",
        "publish",
        "verify",
    ]
    assert said[1:] == [
        "43 unchanged",
        "11 letters end on a nearly empty page (8 lines at most): averlund, brackenholt,"
        " corvanmoor and 8 more.",
        "Staged 43 letters in out/2019-digital-evidence/staged/ (141 files).",
        "Published 43 letters in out/2019-digital-evidence/site/ (141 files).",
        "out/2019-digital-evidence/site: every file as published; "
        "129 files of letters checked; no faults.",
    ]
