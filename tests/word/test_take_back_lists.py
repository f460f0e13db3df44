"""Entries of lists are changed where they were written."""

from __future__ import annotations

from pathlib import Path

import pytest

from letters import BuildOptions, Project, build_round
from tests.word.returning import letters, project_files, retype, said
from tests.wording.test_lists import FIELDS, FORMS, LETTER, ROUND, ROWS, WORDING

PLACES = {
    "csv": "rounds/first-round/assessments-causes.csv:7 deadline",
    "xlsx": "rounds/first-round/assessments.xlsx Causes!C5 deadline",
    "yaml": "rounds/first-round/assessments.yaml:26 deadline",
}


@pytest.mark.parametrize("form", FORMS)
def test_an_entry_is_changed_where_it_was_written(form: str, starter: Path) -> None:
    path = starter / ROUND
    path.write_text(path.read_text(encoding="utf-8") + FIELDS, encoding="utf-8")
    (starter / WORDING).write_text(LETTER, encoding="utf-8")
    FORMS[form](starter, ROWS)
    project = Project.load(starter)
    build_round(project, project.round(), BuildOptions(formats=["docx"]))
    letter = starter / "out/first-round/letters/dunhollow.docx"
    retype(letter, "2 June 2026", "3 June 2026")
    retype(letter, "Write them down.", "Write them up.")
    before, returned = project_files(starter), said(letter)
    output = letters(starter, "take-back", str(letter), "--all")
    assert PLACES[form] in output
    after = project_files(starter)
    record = PLACES[form].partition(":")[0].partition(" ")[0]
    assert [name for name in after if after[name] != before[name]] == [record]
    letters(starter, "build", "--discard-edits", "--only", "docx")
    assert said(letter) == returned


def test_a_value_that_is_printed_twice_and_changed_once_is_not_carried(starter: Path) -> None:
    path = starter / ROUND
    path.write_text(path.read_text(encoding="utf-8") + FIELDS, encoding="utf-8")
    (starter / WORDING).write_text(LETTER, encoding="utf-8")
    FORMS["csv"](starter, ROWS)
    project = Project.load(starter)
    build_round(project, project.round(), BuildOptions(formats=["docx"]))
    letter = starter / "out/first-round/letters/dunhollow.docx"
    retype(letter, "Cause 1: Storage & care", "Cause 1: Storage & safety")
    before = project_files(starter)
    assert letters(starter, "take-back", str(letter), "--all") == (
        "1. dunhollow.docx, not tracked: 'safety' for 'care'\n"
        "   in 'Cause 1: Storage & care'\n"
        "   not carried: No one place of the wording or the record makes these words alone. Change"
        " it by hand.\n"
        "1 change, none accepted; wording and records stay as they are.\n"
    )
    assert project_files(starter) == before
