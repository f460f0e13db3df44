"""What every command shares: an answer in JSON that keeps to its schema, options anywhere, logs,
tables, completion."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from letters.cli import cli
from letters.cli.answer import table_lines
from tests.builders import approve

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs/output.schema.json").read_text(encoding="utf-8"))


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def answered(*arguments: str | Path) -> dict[str, object]:
    """The answer of a command in JSON, which is all it prints and keeps to the schema."""
    code, output = run(*arguments, "--json")
    told: dict[str, object] = json.loads(output)
    assert [e.message for e in Draft202012Validator(SCHEMA).iter_errors(told)] == []
    assert told["exit"] == code
    return told


def names(group: click.Group, before: str = "") -> list[str]:
    found: list[str] = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += names(command, f"{before}{name} ")
        else:
            found.append(f"{before}{name}")
    return found


def test_every_command_that_reports_answers_in_json(starter: Path, tmp_path: Path) -> None:
    at = ("-C", starter)
    word = starter / "out/first-round/letters/ashmere.docx"
    new_round = ("--title", "T", "--sent", "2 March 2026", "--sender", "S", "--outcome", "Good")
    runs: list[tuple[str | Path, ...]] = [
        ("doctor",), ("new", tmp_path / "other"), (*at, "check"), (*at, "check", "--publication"),
        (*at, "build", "--jobs", "1"), (*at,), (*at, "status"), (*at, "diff"), (*at, "comments"),
        (*at, "take-back", word), (*at, "review"), (*at, "approve", "--by", "nobody"),
        (*at, "dispatch"), (*at, "numbers"), (*at, "claims"), (*at, "publish"),
        (*at, "withdraw", "ashmere", "--note", "It named a witness."), ("verify", word.parent),
        ("compare", word.parent), (*at, "schema"),
        (*at, "recipients", "export", tmp_path / "r.xlsx"),
        (*at, "recipients", "import", tmp_path / "r.xlsx"),
        (*at, "new-round", "second", *new_round, "--signatory", "Ada Moor, Inspector"),
        (*at, "sheet", "-r", "second"),
    ]  # fmt: skip
    told = [answered(*each) for each in runs]
    group: click.Command = cli
    assert isinstance(group, click.Group)
    reporting = {*names(group), "letters"} - {"preview"}
    assert {each["command"] for each in told} == reporting
    assert set(SCHEMA["properties"]["command"]["enum"]) == {*reporting, "preview"}
    refused = [each["command"] for each in told if each["result"] is None]
    assert refused == ["approve", "publish", "withdraw"]


def test_publications_and_approvals_answer_too(starter: Path) -> None:
    approve(starter)
    told = answered("-C", starter, "build", "--jobs", "1")
    assert told["result"] == {
        "letters": [
            {"round": "first-round", "id": id_, "state": state, "problem": "", "files": files}
            for id_, state, files in (
                ("ashmere", "built", [f"ashmere.{f}" for f in ("docx", "pdf", "html")]),
                ("dunhollow", "built", [f"dunhollow.{f}" for f in ("docx", "pdf", "html")]),
                ("westerlyn", "awaiting", []),
            )
        ]
    }
    status = answered("-C", starter, "status", "--only", "awaiting")["result"]
    assert isinstance(status, dict)
    assert [each["id"] for each in status["rounds"][0]["letters"]] == ["westerlyn"]


def test_wrong_usage_is_an_answer_too(starter: Path) -> None:
    told = answered("-C", starter, "status", "-r", "frist-round")
    assert (told["exit"], told["result"]) == (2, None)
    assert told["error"] == "There is no round 'frist-round'. Did you mean 'first-round'?"
    told = answered("preview")
    assert told["error"] == "The preview shows letters and reports nothing: leave --json out."


def test_problems_are_an_answer(starter: Path) -> None:
    path = starter / "rounds/first-round/round.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}titel: x\n", encoding="utf-8")
    told = answered("-C", starter, "check")
    assert isinstance(told["problems"], list)
    assert [(p["place"]["file"], p["what"]) for p in told["problems"]] == [
        ("rounds/first-round/round.yaml", "'titel' is not a key here.")
    ]


@pytest.mark.parametrize("before", [True, False])
def test_shared_options_stand_anywhere(before: bool, starter: Path) -> None:
    shared = ("-C", str(starter), "-r", "first-round", "--json")
    arguments = (*shared, "status") if before else ("status", *shared)
    code, output = run(*arguments)
    assert (code, json.loads(output)["command"]) == (0, "status")


def test_a_round_named_before_a_command_of_none(starter: Path) -> None:
    code, output = run("-r", "first-round", "verify", starter)
    assert code == 2
    assert output.endswith("Error: 'verify' is about no round: leave -r out.\n")


def test_quiet_prints_problems_alone(starter: Path) -> None:
    assert run("-C", starter, "check", "-q") == (0, "")
    path = starter / "rounds/first-round/round.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}titel: x\n", encoding="utf-8")
    assert run("check", "-q", "-C", starter)[1].endswith("1 problem.\n")


def test_a_log_tells_what_was_done(starter: Path, tmp_path: Path) -> None:
    log = tmp_path / "letters.log"
    assert run("-C", starter, "build", "--log-file", log, "--jobs", "1")[0] == 0
    text = log.read_text(encoding="utf-8")
    assert f"INFO letters.cli.terminal: read {starter}: 1 rounds, 0 problems" in text
    assert "INFO letters.cli.building: ashmere: draft" in text
    assert "DEBUG letters.files: wrote " in text
    assert text.endswith("INFO letters: ended with exit status 0\n")
    assert "letters.cli.terminal: read" in run("-v", "-C", starter, "status")[1]
    assert logging.getLogger("letters").handlers == []
    assert run("status", "--log-file", tmp_path / "no" / "log") == (
        2,
        f"letters: The log cannot be written to {tmp_path}/no/log: No such file or directory.\n",
    )


def test_status_shows_letters_in_a_state_only(starter: Path) -> None:
    code, output = run("-C", starter, "status", "--only", "awaiting")
    assert code == 0
    assert "Westerlyn" in output
    assert "Ashmere" not in output
    assert (
        "'waiting' is not one of 'awaiting', 'not built'" in run("status", "--only", "waiting")[1]
    )


def test_a_table_fits_the_terminal() -> None:
    rows = [("Ashmere Constabulary", "built"), ("Dunhollow and Fen Police", "not built")]
    assert [click.unstyle(each) for each in table_lines(("Force", "Letter"), rows, 26)] == [
        "Force            Letter",
        "---------------  ---------",
        "Ashmere          built",
        "Constabulary",
        "Dunhollow and    not built",
        "Fen Police",
    ]
    assert max(len(click.unstyle(each)) for each in table_lines(("A", "B"), rows, 0)) == 35


def test_colours_help_where_they_are_wanted(starter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["-C", str(starter), "status"]
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[33mawaiting\x1b[0m" in CliRunner().invoke(cli, arguments, color=True).output
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in CliRunner().invoke(cli, arguments, color=True).output


def test_a_reader_who_has_seen_enough_is_no_fault(starter: Path) -> None:
    for command in ("status", "check", "--help"):
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run(
            [sys.executable, "-m", "letters", "-C", str(starter), command],
            stdout=write,
            stderr=subprocess.PIPE,
            check=False,
        )
        os.close(write)
        assert done.stderr == b"", command


def completed(words: str) -> list[str]:
    environment = {"_LETTERS_COMPLETE": "bash_complete", "COMP_WORDS": words}
    environment["COMP_CWORD"] = str(len(words.split(" ")) - 1)
    result = CliRunner(env=environment).invoke(cli, [], prog_name="letters")
    return [line.partition(",")[2] for line in result.output.splitlines()]


def test_a_shell_completes_commands_rounds_and_forces(
    starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(starter)
    assert completed("letters rev") == ["review"]
    assert completed("letters build -r fi") == ["first-round"]
    assert completed("letters build as") == ["ashmere"]
    monkeypatch.chdir(starter / "templates")
    assert completed("letters withdraw -C .. du") == ["dunhollow"]


def test_a_round_that_nobody_may_approve(starter: Path) -> None:
    path = starter / "rounds/first-round/round.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("\npeople:")
    rest = text[start + 1 :].splitlines(keepends=True)[1:]
    end = next((n for n, line in enumerate(rest) if line[:1] not in " \n#"), len(rest))
    left = "".join(rest[end:]).replace("approval: signatory\n", "")
    path.write_text(text[: start + 1] + left, encoding="utf-8")
    assert run("-C", starter, "check") == (
        0,
        "No problems.\n"
        "first-round: no one may approve its letters. Name who may: 'people' in round.yaml.\n",
    )
