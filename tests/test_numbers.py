"""The overview for a report's authors: a page, a Word file and a workbook that say the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from lxml import html
from openpyxl import load_workbook

from letters import Project, build_round
from letters.cli import cli
from tests.builders import changed
from tests.rounds.found_property import RECORDS, ROUND, a_publishable, out_of

CLAIMS = """\
claims:
  - sentence: Only one force, Northmoor Police, keeps it as it should.
    counts: [in-place]
    printed_in: elsewhere
  - sentence: They have 96 shelves
    sum: shelves
    printed_in: elsewhere
"""
FIELDS = """\
  counted:
    type: yes-no
  secret:
    type: number
    private: yes
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A round with a claim that is true and one that is not."""
    rows = RECORDS.splitlines()
    more = ["counted,secret", "yes,1", "no,2", "yes,3"]
    records = "\n".join(f"{row},{cells}" for row, cells in zip(rows, more, strict=True)) + "\n"
    round_ = changed(ROUND, "  remark:", f"{FIELDS}  remark:") + CLAIMS
    return a_publishable(tmp_path, round=round_, records=records.replace("-12", "102"))


ROWS = [
    ["Outcome", "Number", "Share", "Names"],
    ["Not started", "3", "75.0%",
     "Southmoor Constabulary, Eastmere Police, Westmere & Llŷn Police"],
    ["In place", "1", "25.0%", "Northmoor Police"],
    ["What", "Value", "Which forces"],
    ["Sum", "109", ""],
    ["Average", "54.5", ""],
    ["Median", "54.5", ""],
    ["Highest", "102", "Northmoor Police"],
    ["Lowest", "7", "Eastmere Police, Westmere & Llŷn Police"],
    ["Records with a value", "2", ""],
    ["Records without", "1", ""],
    ["Value", "Number", "Share", "Names"],
    ["yes", "3", "75.0%", "Northmoor Police, Eastmere Police, Westmere & Llŷn Police"],
    ["no", "1", "25.0%", "Southmoor Constabulary"],
    ["Claim", "Printed in", "What it says something of", "The records", "True"],
    [
        "Only one force, Northmoor Police, keeps it as it should.",
        "elsewhere",
        "outcome in-place",
        "1 of 4",
        "yes",
    ],
    [
        "They have 96 shelves",
        "elsewhere",
        "sum of shelves",
        "the sum of 'shelves' is 109 (1 of the records holds none)",
        "no: 'They have 96 shelves' is not what the records say: it says '96', the sum of 'shelves'"
        " is 109 (1 of the records holds none).",
    ],
]  # fmt: skip


def test_three_files_say_the_same(root: Path) -> None:
    run = CliRunner().invoke(cli, ["-C", str(root), "numbers"])
    folder = "out/2026-found-property"
    assert run.output.splitlines() == [
        "4 forces.",
        *(f"{folder}/numbers.{form}" for form in ("html", "docx", "xlsx")),
    ]
    out = out_of(root)
    page = html.fromstring((out / "numbers.html").read_bytes().decode())
    cells = [["".join(map(str, cell.itertext())) for cell in row] for row in page.iter("tr")]
    assert cells == ROWS
    word = Document(str(out / "numbers.docx"))
    assert [[c.text for c in row.cells] for t in word.tables for row in t.rows] == ROWS
    assert [p.text for p in word.paragraphs][:2] == ["Found property: the numbers", "4 forces."]
    book = load_workbook(out / "numbers.xlsx")
    assert book.sheetnames == ["1 Outcomes", "2 Shelves", "3 Counted", "4 Claims"]
    assert [cell.value for cell in book["1 Outcomes"][3]] == [
        "In place", 1, 0.25, "Northmoor Police",
    ]  # fmt: skip
    assert "secret" not in (out / "numbers.html").read_text("utf-8").lower()


def test_text_is_never_markup_or_formula(root: Path) -> None:
    path = root / "rounds/2026-found-property/round.yaml"
    text = path.read_text("utf-8")
    path.write_text(changed(text, "Not started", "=1+1 <b>&amp;"), "utf-8")
    assert CliRunner().invoke(cli, ["-C", str(root), "numbers"]).exit_code == 0
    out = out_of(root)
    assert "<b>" not in (out / "numbers.html").read_text("utf-8")
    cell = load_workbook(out / "numbers.xlsx")["1 Outcomes"]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1 <b>&amp;", "s")


def test_a_space_where_no_line_may_break_keeps_words_apart(root: Path) -> None:
    path = root / "rounds/2026-found-property/round.yaml"
    text = path.read_text("utf-8")
    path.write_text(changed(text, "Not started", "Not\u00a0started"), "utf-8")
    assert CliRunner().invoke(cli, ["-C", str(root), "numbers"]).exit_code == 0
    out = out_of(root)
    table = Document(str(out / "numbers.docx")).tables[0]
    cell = load_workbook(out / "numbers.xlsx")["1 Outcomes"]["A2"]
    assert (table.cell(1, 0).text, cell.value) == ("Not\u00a0started", "Not\u00a0started")


def test_the_overview_is_no_letter_to_verify(root: Path) -> None:
    project = Project.load(root)
    build_round(project, project.round())
    assert CliRunner().invoke(cli, ["-C", str(root), "numbers"]).exit_code == 0
    run = CliRunner().invoke(cli, ["verify", str(root / "out")])
    assert run.output == "9 files checked; no faults.\n"


def test_a_round_under_way_says_how_far_it_is(root: Path) -> None:
    path = root / "rounds/2026-found-property/assessments.csv"
    text = changed(path.read_text("utf-8"), "southmoor,not-started", "southmoor,")
    path.write_text(text, "utf-8")
    run = CliRunner().invoke(cli, ["-C", str(root), "numbers"])
    assert run.output.startswith("4 forces; 1 of them awaits an outcome.\n")
