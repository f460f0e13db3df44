"""What is wrong is told once: where it was read, and not again for each letter that lacks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from letters.errors import Place, Problem, ProblemsFound, in_order
from letters.merge import letters_of
from letters.project import Project
from letters.wording import Wording, typeset
from tests.builders import CSV, FOLDER, LABELS, ROUND, a_project, a_workbook, changed

CSV_FILE, LETTER = f"{FOLDER}/assessments.csv", "templates/plain/letter.md"
BOTH = CSV.replace("southmoor,,,,,,,", "southmoor,in-place,Also well.,,,,,")
HEADER = ["force", "outcome", "finding", "lead"]


def told(root: Path, body: str, **files: str | bytes | None) -> list[str]:
    """All problems of a project and of its letters, as `letters check` gathers them."""
    folder = a_project(root, **files) / "templates/plain"
    folder.mkdir(parents=True)
    labels = "".join(f"{key}: {text}\n" for key, text in LABELS.items())
    for name, text in (("letter.md", f"# Subject\n\n{body}\n"), ("labels.yaml", labels)):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    project, wording = Project.load(root), Wording.load(folder, root)
    found = list(project.problems)
    for letter in letters_of(project.rounds[0]):
        try:
            typeset(letter, wording)
        except ProblemsFound as problems:
            found += problems.problems
    return [str(problem) for problem in in_order(found)]


REFUSED: list[tuple[dict[str, str | bytes | None], str]] = [
    (
        {"assessments_csv": changed(BOTH, "2017-06-01", "03/04/2017")},
        f"{CSV_FILE}:2 visited: '03/04/2017' can mean 3 April 2017 or 4 March 2017."
        " Write 2017-04-03 or 2017-03-04.",
    ),
    (
        {"assessments_csv": changed(BOTH, ",visited,", ",visitd,")},
        f"{CSV_FILE}:1: 'visitd' is not a column of this round's records. Did you mean 'visited'?",
    ),
    (
        {"assessments_yaml": "- force: northmoor\n  outcome: in-place\n  visitd: 1 June 2017\n"},
        f"{FOLDER}/assessments.yaml:3: 'visitd' is not a key of this round's records."
        " Did you mean 'visited'?",
    ),
    (
        {"assessments_xlsx": a_workbook([["force", "visited"], ["northmoor", "=TODAY()"]])},
        f"{FOLDER}/assessments.xlsx Assessments!B2: The cell's formula was never calculated."
        " Open the workbook in Excel and save it, or type the value.",
    ),
]


@pytest.mark.parametrize(("files", "problem"), REFUSED)
@pytest.mark.parametrize(
    "body",
    [
        "{% if force_id == 'northmoor' %}Seen on {{ visited }}.{% else %}x{% endif %}",
        "{% if force_id == 'northmoor' %}{% if visited > sent_date %}y{% endif %}{% endif %}x",
    ],
)
def test_a_refused_value_is_not_called_missing_too(
    tmp_path: Path, files: dict[str, str | bytes | None], problem: str, body: str
) -> None:
    found = told(tmp_path, body, **files, round=changed(ROUND, "    required: yes\n", ""))
    assert [line for line in found if "no column" not in line] == [problem]


def test_a_required_value_left_empty_is_told_at_its_record_only(tmp_path: Path) -> None:
    records = changed(CSV, "All is well.", "")
    body = "{% if force_id == 'northmoor' %}{{ finding }}{% else %}x{% endif %}"
    assert told(tmp_path, body, assessments_csv=records) == [
        f"{CSV_FILE}:2 finding: finding is empty, but a record with an outcome needs it."
        " Fill it in, or clear the outcome until it is known."
    ]


def test_a_value_that_every_letter_lacks_is_told_once(tmp_path: Path) -> None:
    assert told(tmp_path, "Ring {{ contact_phone }}.", assessments_csv=BOTH) == [
        f"{LETTER}:3: {{{{ contact_phone }}}} has no value in the letter to Northmoor Police and 1"
        " other. Fill in contact.phone in round.yaml, or put the sentence in"
        " {% if contact_phone %} … {% endif %}."
    ]


def test_a_value_that_one_letter_lacks_names_it(tmp_path: Path) -> None:
    assert told(tmp_path, "Dear {{ addressee_name }}.", assessments_csv=BOTH) == [
        f"{LETTER}:3: {{{{ addressee_name }}}} has no value in the letter to Northmoor Police."
        " Give the first addressee a name in recipients.yaml, or put the sentence in"
        " {% if addressee_name %} … {% endif %}."
    ]


def lacking(letters: tuple[str, ...], words: str) -> Problem:
    return Problem(
        Place("letter.md", 3), f"It is not in the letter to {words}.", "Add it.", letters
    )


def test_problems_told_of_some_letters_and_of_others_are_one() -> None:
    some = [lacking((name,), name) for name in ("A", "B", "A and C")]
    more = [lacking((name,), name) for name in ("D", "B")]
    together = in_order([*in_order(some), *in_order(more)])
    assert together == (lacking(("A", "B", "A and C", "D"), "A and 3 others"),)
    assert in_order(together) == together
