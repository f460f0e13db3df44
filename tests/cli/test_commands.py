"""Each command's whole output and exit status, as its user sees them."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from letters.cli import cli
from tests.builders import approve


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def in_project(folder: Path, *arguments: str) -> tuple[int, str]:
    return run("-C", folder, *arguments)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_new_says_what_to_do_next(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert run("new", folder) == (
        0,
        f"Wrote a starter project to {folder}.\nNext: letters -C {folder} build\n",
    )
    assert in_project(folder, "check") == (0, "No problems.\n")


def test_new_never_writes_over_somebodys_files(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert run("new", tmp_path) == (
        2,
        f"letters: {tmp_path} is not empty. Name a folder that is empty or not there yet.\n",
    )
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_build_prints_a_line_a_letter_and_a_summary(starter: Path) -> None:
    approve(starter)
    assert in_project(starter, "build") == (
        0,
        "ashmere: built\n"
        "dunhollow: built\n"
        "westerlyn: awaiting\n"
        "2 built, 1 awaiting; 6 files in out/first-round/letters/\n",
    )


def test_build_shows_a_bar_on_a_terminal(starter: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "letters", "-C", str(starter), "build", "--only", "html"],
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        assert process.wait() == 0
    os.close(ours)
    text = shown.decode()
    assert "first-round  [####################################]  100%" in text
    assert "\n2 draft, 1 awaiting; 2 files in out/first-round/letters/\r\n" in text


def test_check_lists_every_problem_with_its_place(starter: Path) -> None:
    change(starter / "rounds/first-round/assessments.csv", "12 January 2026", "12/01/2026")
    change(starter / "templates/first-wording/letter.md", "{{ contact_name }}", "{{ contactname }}")
    code, output = in_project(starter, "check")
    assert code == 1
    lines = output.splitlines()
    assert lines[0].startswith("rounds/first-round/assessments.csv:2 plan_date: '12/01/2026' ")
    assert lines[1] == (
        "templates/first-wording/letter.md:11: {{ contactname }} is not a placeholder."
        " Did you mean {{ contact_name }}?"
    )
    assert lines[2:] == ["2 problems."]


def test_check_finds_what_the_font_of_the_pdf_cannot_draw(starter: Path) -> None:
    change(starter / "rounds/first-round/assessments.csv", "an owner and", "an owner ✓ and")
    assert in_project(starter, "check") == (
        1,
        "rounds/first-round/assessments.csv:2: The PDF’s font has no '✓' (U+2713, check mark)."
        " Write it another way.\n1 problem.\n",
    )


def test_check_gives_problems_as_json(starter: Path) -> None:
    change(starter / "rounds/first-round/assessments.csv", "dunhollow,not-yet", "dunhollow,not-jet")
    code, output = in_project(starter, "check", "--json")
    assert code == 1
    (problem,) = json.loads(output)["problems"]
    assert problem["place"] == {
        "file": "rounds/first-round/assessments.csv",
        "line": 3,
        "cell": "",
        "field": "outcome",
    }
    assert problem["what"] == "'not-jet' is not an outcome of this round."
    assert problem["fix"] == "Use one of in-place, not-yet; did you mean 'not-yet'?"


def test_a_build_with_problems_writes_nothing(starter: Path) -> None:
    change(starter / "rounds/first-round/assessments.csv", "dunhollow,not-yet", "dunhollow,not-jet")
    assert in_project(starter, "build") == (
        1,
        "rounds/first-round/assessments.csv:3 outcome: 'not-jet' is not an outcome of this round."
        " Use one of in-place, not-yet; did you mean 'not-yet'?\n"
        "1 problem.\n"
        "first-round: nothing was written.\n",
    )


def test_a_letter_that_fails_is_named_and_the_exit_status_is_1(starter: Path) -> None:
    change(starter / "recipients.yaml", "Imogen Farrow", "Imogen Farrow 🙂")
    code, output = in_project(starter, "build")
    assert code == 1
    assert "1 draft, 1 failed, 1 awaiting; 3 files in out/first-round/letters/\n" in output
    assert "dunhollow failed: " in output


def test_drafts_still_name_the_problems(starter: Path) -> None:
    change(starter / "rounds/first-round/assessments.csv", "12 January 2026", "31 February 2026")
    code, output = in_project(starter, "build", "--drafts", "--only", "html")
    assert code == 1
    assert "3 draft; 3 files in out/first-round/letters/\n" in output
    assert "rounds/first-round/assessments.csv:2 plan_date: " in output


def test_status_is_a_table(starter: Path) -> None:
    in_project(starter, "build", "ashmere", "--only", "html")
    assert in_project(starter, "status") == (
        0,
        "Plans for welfare support\n"
        "Force                        Record  Outcome        Approval  Letter\n"
        "---------------------------  ------  -------------  --------  ---------\n"
        "Ashmere Constabulary         yes     Plan in place  not yet   draft\n"
        "Dunhollow & District Police  yes     No plan yet    not yet   not built\n"
        "Westerlyn Police             yes                              awaiting\n",
    )


def test_schema_names_the_files_it_writes(starter: Path) -> None:
    code, output = in_project(starter, "schema")
    assert code == 0
    assert output.split() == [
        f"schemas/{name}.schema.json"
        for name in ("recipients", "round", "labels", "style", "approvals", "first-round")
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["build", "-r", "frist-round"],
            "letters: There is no round 'frist-round'. Did you mean 'first-round'?",
        ),
        (["build", "dunholow"], "letters: 'dunholow' is not a force of round first-round."),
        (["build", "--cluster", ""], "Error: Invalid value for '--cluster': it is empty."),
        (["build", "--only", "docs"], "Error: Invalid value for '--only': 'docs' is not one of"),
        (["biuld"], "Error: No such command 'biuld'."),
    ],
)
def test_wrong_usage_exits_with_2(arguments: list[str], message: str, starter: Path) -> None:
    code, output = in_project(starter, *arguments)
    assert code == 2
    assert message in output


def test_no_project_here_says_how_to_get_one(tmp_path: Path) -> None:
    code, output = run("-C", tmp_path, "build")
    assert code == 2
    assert output.startswith("letters: ")
    assert "recipients.yaml" in output
    assert "letters new" in output


def second_round(folder: Path) -> Path:
    copy = folder / "rounds/second"
    shutil.copytree(folder / "rounds/first-round", copy)
    return copy


def test_no_round_is_passed_over_in_silence(starter: Path) -> None:
    with (second_round(starter) / "round.yaml").open("a", encoding="utf-8") as file:
        file.write("bogus: [\n")
    for command in ("build", "status", "check"):
        code, output = in_project(starter, command)
        assert code == 1
        assert "rounds/second/round.yaml:" in output
    assert list((starter / "out").glob("*/letters")) == []
    assert in_project(starter, "build", "-r", "first-round")[0] == 0


def test_check_of_one_round_is_about_that_round(starter: Path) -> None:
    records = second_round(starter) / "assessments.csv"
    change(records, "dunhollow,not-yet", "dunhollow,not-jet")
    assert in_project(starter, "check", "-r", "first-round") == (0, "No problems.\n")
    assert in_project(starter, "check", "-r", "second")[0] == 1


@pytest.mark.parametrize("command", [["build"], ["schema"], ["new", "{project}/recipients.yaml/x"]])
def test_what_the_system_refuses_is_said_in_words(command: list[str], starter: Path) -> None:
    shutil.rmtree(starter / "out")
    shutil.rmtree(starter / "schemas")
    (starter / "out").touch()
    (starter / "schemas").touch()
    code, output = in_project(starter, *(part.format(project=starter) for part in command))
    assert code == 1
    assert re.search(
        r"(cannot be written|nothing can be written in this folder|the system refuses): .+\.",
        output,
    )


def test_a_private_value_that_the_published_edition_needs_is_found_by_check(starter: Path) -> None:
    change(
        starter / "rounds/first-round/round.yaml",
        "\nsent:",
        "\nprivate: [contact_email]\nsent:",
    )
    code, output = in_project(starter, "check")
    assert code == 1
    assert (
        "letter.md:11: As published, where private values are left out: {{ contact_email" in output
    )


def test_a_reader_that_has_seen_enough_is_no_fault(starter: Path) -> None:
    """`letters status | true`: the pipe is closed before anything is written."""
    reading, writing = os.pipe()
    os.close(reading)
    run = subprocess.run(
        [sys.executable, "-m", "letters", "-C", str(starter), "status"],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (run.returncode, run.stderr) == (1, b"")
