"""What an analyst writes is taken as it is meant, where it can mean one thing only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from letters import Project
from letters.project import ProjectRound
from tests.builders import CellValue, a_workbook, changed, write
from tests.rounds.found_property import ROUND, a_publishable, round_folder

FIELDS = """\
  seen:
    type: date
  grade:
    type: choice
    choices: [Good, Requires improvement]
"""
WITH_FIELDS = changed(ROUND, "  remark:", f"{FIELDS}  remark:")
HEADER = ["Force", "Outcome", "Finding", "Seen", "Grade", "Signatory"]


def read(root: Path, *rows: Sequence[CellValue], round_: str = WITH_FIELDS) -> ProjectRound:
    """A round whose records are the rows of a workbook."""
    a_publishable(root, round=round_)
    (round_folder(root) / "assessments.csv").unlink()
    write(round_folder(root) / "assessments.xlsx", a_workbook(rows))
    return Project.load(root).rounds[0]


def problems(found: ProjectRound) -> list[str]:
    return [str(each) for each in found.problems]


def test_titles_and_names_are_taken_for_ids_in_any_case(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        HEADER,
        ["Northmoor Police", "In place", "Fine.", "14/04/2021", "GOOD", "Beatrix Merriden"],
        [
            "southmoor constabulary",
            "NOT STARTED",
            "Fine.",
            "2021-04-14",
            "requires Improvement",
            "",
        ],
        ["Eastmere Police; westmere and Llŷn police", "not-started", "Fine.", "", "", "MERRIDEN"],
    )
    assert problems(found) == []
    first, second, joint = found.assessments
    assert (first.forces, first.outcome, first.signatory) == (
        ("northmoor",),
        "in-place",
        ("merriden",),
    )
    assert (first.values["seen"], first.values["grade"]) == (date(2021, 4, 14), "Good")
    assert (second.forces, second.values["grade"]) == (("southmoor",), "Requires improvement")
    assert (joint.forces, joint.signatory) == (("eastmere", "westmere"), ("merriden",))


def test_what_may_mean_two_things_is_refused(tmp_path: Path) -> None:
    round_ = changed(WITH_FIELDS, "in-place: In place", "in-place: Not started")
    round_ = changed(round_, "choices: [Good, ", "choices: [Good, GOOD, ")
    found = read(
        tmp_path,
        HEADER,
        ["northmoor", "Not started", "Fine.", "04/06/2019", "good", ""],
        round_=changed(round_, "Of {{ all }} forces, {{ in-place }} keep", "They keep"),
    )
    file = "rounds/2026-found-property/assessments.xlsx Assessments!"
    assert problems(found) == [
        f"{file}B2 outcome: 'Not started' is not an outcome of this round. Use one of not-started,"
        " in-place; did you mean 'not-started'?",
        f"{file}D2 seen: '04/06/2019' can mean 4 June 2019 or 6 April 2019."
        " Write 2019-06-04 or 2019-04-06.",
        f"{file}E2 grade: 'good' is not a choice of this field. Use one of Good, GOOD, Requires"
        " improvement; did you mean 'Good'?",
    ]


@pytest.mark.parametrize("blank", [0, 1])
def test_a_header_under_a_title_is_found(blank: int, tmp_path: Path) -> None:
    row = ["northmoor", "in-place", "Fine.", "", "", ""]
    found = read(tmp_path, ["Assessments, March 2026"], *([[]] * blank), HEADER, row)
    assert problems(found) == []
    assert [each.forces for each in found.assessments] == [("northmoor",)]


def test_a_header_under_a_title_is_found_in_a_csv_file(tmp_path: Path) -> None:
    records = "Assessments,,\n,,\nforce,outcome,finding\nnorthmoor,in-place,Fine.\n"
    found = Project.load(a_publishable(tmp_path, records=records)).rounds[0]
    assert problems(found) == []
    assert [each.forces for each in found.assessments] == [("northmoor",)]


def test_columns_of_those_who_fill_the_sheet_in_are_passed_over(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [*HEADER, "Analyst", "# QA done?"],
        ["northmoor", "in-place", "Fine.", "", "", "", "AB", "no"],
        round_=changed(WITH_FIELDS, "sent:", "ignored_columns: [analyst]\nsent:"),
    )
    assert problems(found) == []
