"""Ids that no file can be named by are refused where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from letters.project import Project
from tests.builders import CSV, FOLDER, RECIPIENTS, ROUND, a_project, changed

DEVICE = (
    "names a device of Windows, which cannot hold files of that name. Choose another id, such as"
)


def told(root: Path) -> list[str]:
    return [str(problem) for problem in Project.load(root).problems]


@pytest.mark.parametrize("id_", ["con", "prn", "aux", "nul", "com1", "lpt9"])
def test_a_device_of_windows_is_no_id_of_a_force(id_: str, tmp_path: Path) -> None:
    recipients = changed(RECIPIENTS, "southmoor:", f"{id_}:")
    root = a_project(
        tmp_path, recipients=recipients, assessments_csv=changed(CSV, "southmoor", id_)
    )
    assert told(root) == [f"recipients.yaml:8 {id_}: '{id_}' {DEVICE} {id_}-1."]


@pytest.mark.parametrize("id_", ["south.", "south moor", "con."])
def test_a_dot_at_the_end_is_no_id(id_: str, tmp_path: Path) -> None:
    root = a_project(tmp_path, recipients=changed(RECIPIENTS, "southmoor:", f"{id_}:"))
    assert f"recipients.yaml:8 {id_}: '{id_}' cannot be an id." in told(root)[0]


def test_a_name_beyond_200_bytes_is_no_id(tmp_path: Path) -> None:
    for length, problems in ((195, []), (196, ["196"])):
        id_ = "s" * length
        root = a_project(
            tmp_path / str(length),
            recipients=changed(RECIPIENTS, "southmoor:", f"{id_}:"),
            assessments_csv=changed(CSV, "southmoor", id_),
        )
        wrong = (
            f"recipients.yaml:8 {id_}: The names of files of '{id_[:20]}…' would have 201 bytes."
            " Shorten the id; 200 bytes are the most."
        )
        assert told(root) == [wrong for _ in problems]


def test_the_name_of_a_joint_letter_is_as_short(tmp_path: Path) -> None:
    north, south = "n" * 100, "s" * 100
    recipients = changed(changed(RECIPIENTS, "northmoor:", f"{north}:"), "southmoor:", f"{south}:")
    records = f"force,outcome,finding\n{north}; {south},,\n"
    root = a_project(tmp_path, recipients=recipients, assessments_csv=records)
    assert told(root) == [
        f"{FOLDER}/assessments.csv:2 force: The names of files of '{north[:20]}…' would have 210"
        " bytes. Shorten the id; 200 bytes are the most."
    ]


def test_an_outcome_and_a_round_have_such_names_neither(tmp_path: Path) -> None:
    text = changed(ROUND, "not-started: Not", "nul: Not")
    root = a_project(tmp_path, round=text)
    assert told(root) == [
        f"{FOLDER}/round.yaml:14 outcomes.nul: 'nul' {DEVICE} nul-1.",
    ]
    (root / FOLDER).rename(root / "rounds/aux")
    assert f"rounds/aux/round.yaml:1: 'aux' {DEVICE} aux-1." in told(root)
