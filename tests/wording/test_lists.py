# ruff: noqa: E501  (a case a line)
"""Lists in records: causes of concern with deadlines and points, in wording and in every format."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from openpyxl import Workbook

from letters import BuildOptions, Project, build_round
from letters.document import as_read
from letters.render.readback import read_docx, read_html, read_pdf
from letters.validators import validate
from tests.builders import saved, write

READ = {"docx": read_docx, "pdf": read_pdf, "html": read_html}
ROUND = "rounds/first-round/round.yaml"
WORDING = "templates/first-wording/outcomes/not-yet.md"
FIELDS = """\
  causes:
    type: list
    help: Causes of concern.
    fields:
      title: {type: text, required: yes, help: What it is.}
      deadline: {type: date}
      devices: {type: number}
      urgent: {type: yes-no}
      grade: {type: choice, choices: [good, poor]}
      points: {type: rich text}
"""
HEADER = ("force", "title", "deadline", "devices", "urgent", "grade", "points")
ROWS = (
    (
        "dunhollow",
        "Storage & care",
        "1 May 2026",
        "12",
        "yes",
        "poor",
        "Lock it:\n\n- by day;\n- by night.",
    ),
    ("Dunhollow & District Police", "Response", "", "3", "no", "good", "Come {{ sooner }}."),
    ("dunhollow", "Records", "2 June 2026", "", "", "", "Write *them* down."),
    ("ashmere", "Training", "", "1", "", "", ""),
)
LETTER = """\
You have {{ causes | length }} causes of concern, about {{ causes | sum('devices') }} devices.

{% for cause in causes %}
## Cause {{ loop.index }}: {{ cause.title }}

{% if cause.deadline %}
Act by {{ cause.deadline }}.
{% endif %}

{% if cause.urgent %}
It is urgent.
{% endif %}

{{ cause.points }}
{% endfor %}

{% for cause in causes if cause.grade == 'poor' %}
{{ cause.title | upper }} is poor.
{% endfor %}

| Element | Grade |
| --- | --- |
{% for cause in causes if cause.grade %}
| {{ cause.title }} | {{ cause.grade }} |
{% endfor %}
"""
SAID = [
    ("paragraph", "", "You have 3 causes of concern, about 15 devices."),
    ("heading 2", "", "Cause 1: Storage & care"),
    ("paragraph", "", "Act by 1 May 2026."),
    ("paragraph", "", "It is urgent."),
    ("paragraph", "", "Lock it:"),
    ("paragraph", "•", "by day;"),
    ("paragraph", "•", "by night."),
    ("heading 2", "", "Cause 2: Response"),
    ("paragraph", "", "Come {{ sooner }}."),
    ("heading 2", "", "Cause 3: Records"),
    ("paragraph", "", "Act by 2 June 2026."),
    ("paragraph", "", "Write them down."),
    ("paragraph", "", "STORAGE & CARE is poor."),
    ("table heading", "", "Element"), ("table heading", "", "Grade"),
    ("table cell", "", "Storage & care"), ("table cell", "", "poor"),
    ("table cell", "", "Response"), ("table cell", "", "good"),
]  # fmt: skip
RECORDS: tuple[tuple[str, ...], ...] = (
    ("force", "outcome", "plan_date", "findings"),
    ("ashmere", "in-place", "12 January 2026", "Sound."),
    ("dunhollow", "not-yet", "", "None."),
    ("westerlyn", "", "", ""),
)


def as_csv(root: Path, rows: tuple[tuple[str, ...], ...]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows((HEADER, *rows))
    write(root / "rounds/first-round/assessments-causes.csv", out.getvalue())


def as_workbook(root: Path, rows: tuple[tuple[str, ...], ...]) -> None:
    book = Workbook()
    for line in RECORDS:
        book.worksheets[0].append(line)
    causes = book.create_sheet("Causes")
    for line in (("Causes of concern, 2026",), HEADER, *rows):
        causes.append(line)
    (root / "rounds/first-round/assessments.csv").unlink()
    write(root / "rounds/first-round/assessments.xlsx", saved(book))


def as_yaml(root: Path, rows: tuple[tuple[str, ...], ...]) -> None:
    lines = []
    for record in RECORDS[1:]:
        lines.append(f"- force: {record[0]}\n  outcome: {record[1]}\n  findings: {record[3]}\n")
        own = [r for r in rows if r[0] == record[0] or record[0] in r[0].casefold()]
        lines += ["  causes:\n"] if own else []
        for row in own:
            pairs = [(n, v) for n, v in zip(HEADER[1:], row[1:], strict=True) if v]
            texts = [
                f"{n}: {v!r}"
                if "\n" not in v
                else f"{n}: |\n        " + v.replace("\n", "\n        ")
                for n, v in pairs
            ]
            lines.append("    - " + "\n      ".join(texts) + "\n")
    (root / "rounds/first-round/assessments.csv").unlink()
    write(root / "rounds/first-round/assessments.yaml", "".join(lines))


FORMS = {"csv": as_csv, "xlsx": as_workbook, "yaml": as_yaml}


@pytest.fixture
def project(starter: Path) -> Path:
    """The starter with a list in its records, and a letter that prints it."""
    path = starter / ROUND
    path.write_text(path.read_text(encoding="utf-8") + FIELDS, encoding="utf-8")
    write(starter / WORDING, LETTER)
    return starter


def messages(root: Path) -> list[str]:
    return [str(each) for each in Project.load(root).problems]


@pytest.mark.parametrize("form", FORMS)
def test_a_letter_says_what_the_list_holds_in_every_format(form: str, project: Path) -> None:
    FORMS[form](project, ROWS)
    loaded = Project.load(project)
    assert [str(each) for each in loaded.problems] == []
    made = build_round(loaded, loaded.round(), BuildOptions(forces=("dunhollow",), jobs=1))
    assert [(each.id, each.state, each.problem) for each in made] == [("dunhollow", "draft", "")]
    for ending, read in READ.items():
        content = (project / f"out/first-round/letters/dunhollow.{ending}").read_bytes()
        passages = [(p.kind, p.label, as_read(p.text)) for p in read(content)]
        start = passages.index(SAID[0])
        assert passages[start : start + len(SAID)] == SAID, ending
        assert [str(found) for found in validate(f"dunhollow.{ending}", content)] == []


LINE = "rounds/first-round/assessments-causes.csv"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            ("dunhollow", "", "", "", "", "", ""),
            f"{LINE}:2 causes.title: title is empty, but each entry of 'causes' needs it. Fill it in, or delete the entry.",
        ),
        (
            ("dunhollow", "A", "31 June 2026", "", "", "", ""),
            f"{LINE}:2 causes.deadline: '31 June 2026' is not a day of the calendar. Correct the date.",
        ),
        (
            ("dunhollow", "A", "", "many", "", "", ""),
            f"{LINE}:2 causes.devices: 'many' is not a number. Write it in figures, such as 12 or 12.5.",
        ),
        (
            ("dunhollow", "A", "", "", "perhaps", "", ""),
            f"{LINE}:2 causes.urgent: 'perhaps' is neither yes nor no. Write yes or no.",
        ),
        (
            ("dunhollow", "A", "", "", "", "fine", ""),
            f"{LINE}:2 causes.grade: 'fine' is not a choice of this field. Use one of good, poor.",
        ),
        (
            ("dunholow", "A", "", "", "", "", ""),
            f"{LINE}:2 causes: 'dunholow' is not a force of recipients.yaml. Did you mean 'dunhollow'?",
        ),
        (
            ("", "A", "", "", "", "", ""),
            f"{LINE}:2 causes: The entry names no force. Write its id from recipients.yaml.",
        ),
    ],
)
def test_an_entry_is_checked_where_it_was_written(
    row: tuple[str, ...], said: str, project: Path
) -> None:
    as_csv(project, (row,))
    assert messages(project) == [said]


def test_an_entry_of_a_force_without_a_record_is_in_no_letter(project: Path) -> None:
    as_csv(project, (("westerlyn", *ROWS[1][1:]),))
    path = project / "rounds/first-round/assessments.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("westerlyn,,,\n", ""), "utf-8")
    assert messages(project) == [
        f"{LINE}:2 causes: 'westerlyn' has no record, so this entry of 'causes' is in no letter."
        " Add a record for it, or correct the force."
    ]


def test_a_list_without_its_file_or_sheet_is_told(project: Path) -> None:
    assert messages(project) == [
        f"{LINE}: There is no such file. Create it, or correct the name that leads here."
    ]
    as_workbook(project, ROWS)
    book = Workbook()
    for line in RECORDS:
        book.worksheets[0].append(line)
    write(project / "rounds/first-round/assessments.xlsx", saved(book))
    assert messages(project) == [
        "rounds/first-round/assessments.xlsx: The workbook has no visible sheet 'causes'."
        " The workbook has: Sheet."
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "cause.title",
            "cause.titel",
            "'cause.titel' is not there: an entry of 'causes' has no such field. Did you mean 'cause.title'?",
        ),
        (
            "{{ cause.points }}",
            "So: {{ cause.points }}",
            "{{ causes }} is among other words but is not one paragraph in the letter to Dunhollow & District Police. Put it on a line of its own, with an empty line before and after it.",
        ),
        (
            "Act by {{ cause.deadline }}",
            "{{ cause.urgent }}",
            "{{ cause.urgent }} is yes or no, which is not text. Write {% if cause.urgent %} … {% endif %}.",
        ),
        (
            "{{ causes | length }}",
            "{{ causes }}",
            "{{ causes }} is a list or an entry of one, which is not text. Print its parts: {% for cause in causes %} {{ cause.title }} {% endfor %}.",
        ),
        (
            "sum('devices')",
            "sum('title')",
            "'sum' needs a list and a number field of its entries; 'title' of 'causes' is none. Use devices.",
        ),
        (
            "{% for cause in causes %}",
            "{% for cause in findings %}",
            "'.title' reaches into a value. Write a placeholder's one name, its words joined by '_': {{ force_name }}.",
        ),
        (
            "Act by {{ cause.deadline }}.\n{% endif %}",
            "Act.\n{% endif %}\n{{ cause.deadline }}",
            "An entry of 'causes' lacks what is printed here in the letter to Dunhollow & District Police. Fill it in, or put the sentence in {% if … %} … {% endif %}.",
        ),
    ],
)
def test_a_wording_that_asks_for_what_a_list_has_not(
    old: str, new: str, said: str, project: Path
) -> None:
    as_csv(project, ROWS)
    assert old in LETTER
    write(project / WORDING, LETTER.replace(old, new, 1))
    from letters.check import check_rounds

    found = [f"{each.what} {each.fix}" for each in check_rounds(Project.load(project)).problems]
    assert said in found


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        (
            "  causes: {type: list}\n",
            "causes is a list, and does not say what its entries hold. Name it under 'fields', as for the record itself.",
        ),
        (
            "  causes: {type: text, fields: {a: {type: text}}}\n",
            "causes has fields of its own, but its type is 'text'. Write 'type: list', or delete them.",
        ),
        (
            "  causes: {type: list, fields: {a: {type: list, fields: {b: {type: text}}}}}\n",
            "causes.a is a list inside a list. Make it rich text, which may hold lists.",
        ),
    ],
)
def test_a_list_that_is_declared_wrongly(declared: str, said: str, starter: Path) -> None:
    path = starter / ROUND
    path.write_text(path.read_text(encoding="utf-8") + declared, encoding="utf-8")
    found = [f"{each.what} {each.fix}" for each in Project.load(starter).problems]
    assert said in found
