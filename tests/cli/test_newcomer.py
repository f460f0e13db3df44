# ruff: noqa: E501  (a case a line)
"""Somebody new makes a round of six forces of their own: twelve commands, and nothing but wording
written by hand."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from PIL import Image

from letters import Project
from letters.cli import cli
from letters.model import Entry
from letters.render.readback import read_docx
from tests.builders import contents

FORCES = (
    ("Aldermoor Police", "Chief Constable", "", "Chief Constable", "cc@aldermoor.example"),
    ("Brackwater & Fen Constabulary", "Chief Constable Osei", "Abena Osei", "Chief Constable", ""),
    ("Caldershaw Police", "", "", "Chief Constable", ""),
    ("Dray Valley Police", "", "", "Commissioner", ""),
    ("Eastmere Police", "", "", "Chief Constable", ""),
    ("Fallowfield Police", "", "", "Chief Constable", ""),
)
ROUND = (
    "new-round", "2026-welfare", "--title", "Welfare plans", "--sent", "2 March 2026",
    "--published", "9 March 2026 at 00:01", "--sender", "Inspectorate of Invented Forces",
    "--signatory", "Marian Lowe OBE, Inspector of Constabulary",
    "--outcome", "Plan in place", "--outcome", "No plan yet",
    "--field", "plan_date:date", "--field", "agreed:yes-no", "--field", "findings:rich text",
)  # fmt: skip


def run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(cli, [*map(str, arguments)])
    return done.exit_code, done.output


def forces_csv(path: Path) -> Path:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("Name", "Salutation", "Addressee name", "Addressee office", "Addressee email"))
    writer.writerows(FORCES)
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """An empty project with six recipients and a round."""
    root = tmp_path / "letters"
    assert run("new", root, "--empty") == (
        0,
        f"Wrote an empty project to {root}.\nNext: letters -C {root} recipients import FILE\n",
    )
    forces = forces_csv(tmp_path / "forces.csv")
    assert run("-C", root, "recipients", "import", forces) == (0, "recipients.yaml: 6 new\n")
    assert run("-C", root, *ROUND) == (
        0,
        "Wrote rounds/2026-welfare/round.yaml and templates/2026-welfare/.\n"
        "rounds/2026-welfare/assessments.xlsx: 6 rows, columns force, outcome, plan_date, agreed,"
        " findings\n"
        "Fill in the workbook, and write templates/2026-welfare/letter.md.\n"
        f"Next: letters -C {root} check\n",
    )
    return root


def fill(root: Path) -> None:
    """Fill the workbook in as an analyst does: a title, outcomes by name, a column of their own."""
    path = root / "rounds/2026-welfare/assessments.xlsx"
    book = load_workbook(path)
    sheet = book.worksheets[0]
    for row, (outcome, day, agreed) in enumerate(
        (
            ("Plan in place", datetime.date(2026, 2, 3), "yes"),
            ("no plan yet", None, "No"),
            ("PLAN IN PLACE", "14/02/2026", "Y"),
            ("Plan in place", "3 February 2026", "yes"),
            ("No plan yet", None, None),
            ("Plan in place", "2026-02-20", "yes"),
        ),
        2,
    ):
        for column, value in zip("CDE", (outcome, day, agreed), strict=True):
            sheet[f"{column}{row}"] = value
        sheet[f"F{row}"] = "Officers & staff were asked.\n\n- They answered."
        sheet[f"G{row}"] = "seen by AB"
    sheet["G1"] = "# who"
    sheet.insert_rows(1)
    sheet["A1"] = "Welfare plans 2026 – working copy"
    book.save(path)


def own_pictures(root: Path) -> None:
    Image.new("RGB", (300, 200), "navy").save(root / "templates/letterhead/crest.png")
    Image.new("RGB", (400, 120), "black").save(root / "rounds/2026-welfare/signature-lowe.png")


def test_from_nothing_to_a_publication(begun: Path) -> None:
    assert run("-C", begun, "check") == (0, "No problems.\n")
    fill(begun)
    own_pictures(begun)
    letter = begun / "templates/2026-welfare/letter.md"
    words = "{% if plan_date %}\nYou sent us your plan on {{ plan_date }}.\n{% endif %}\n"
    letter.write_text(f"{letter.read_text(encoding='utf-8')}\n{words}", encoding="utf-8")
    assert run("-C", begun, "check") == (0, "No problems.\n")
    assert run("-C", begun, "approve", "--by", "lowe")[1].endswith("6 approved\n")
    assert run("-C", begun, "build", "--jobs", "1")[1].endswith(
        "6 built; 18 files in out/2026-welfare/letters/\n"
    )
    assert run("-C", begun, "publish") == (
        0,
        "Published 6 letters in out/2026-welfare/site/ (28 files).\n"
        "Not checked, since the round sets none: report, numbers, printed, quotations, terms,"
        " summary.\n",
    )
    name = "brackwater-and-fen-constabulary.docx"
    read = read_docx((begun / "out/2026-welfare/letters" / name).read_bytes())
    texts = [passage.text for passage in read]
    assert "Abena Osei Chief Constable Brackwater & Fen Constabulary" in texts
    assert "Our assessment of Brackwater & Fen Constabulary is: No plan yet." in texts
    assert "Officers & staff were asked." in texts


def test_a_faulty_sheet_has_a_line_for_each_fault(begun: Path) -> None:
    path = begun / "rounds/2026-welfare/assessments.xlsx"
    book = load_workbook(path)
    sheet = book.worksheets[0]
    sheet["C2"], sheet["D3"], sheet["G1"] = "Plan in palce", "03/02/2026", "checked by"
    sheet["G2"] = "AB"
    book.save(path)
    place = "rounds/2026-welfare/assessments.xlsx Assessments!"
    assert run("-C", begun, "check") == (
        1,
        f"{place}G1: 'checked by' is not a column of this round's records. Use force, outcome,"
        " signatory, plan_date, agreed, findings, or declare it under 'fields' in round.yaml.\n"
        f"{place}C2 outcome: 'Plan in palce' is not an outcome of this round. Use one of"
        " plan-in-place, no-plan-yet; did you mean 'plan-in-place'?\n"
        f"{place}D3 plan_date: '03/02/2026' can mean 3 February 2026 or 2 March 2026. Write"
        " 2026-02-03 or 2026-03-02.\n"
        "3 problems.\n",
    )


def test_a_sheet_written_again_keeps_what_is_filled_in(begun: Path) -> None:
    fill(begun)
    path = begun / "rounds/2026-welfare/round.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}  devices:\n    type: number\n    help: Devices seen.\n", "utf-8")
    with (begun / "recipients.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "\nglenmoor:\n  name: Glenmoor Police\n  addressees:\n    - office: Chief Constable\n"
            "  salutation: Chief Constable\n  copied_to: none\n"
        )
    before = Project.load(begun).round().assessments  # with the field that is new
    assert run("-C", begun, "sheet") == (
        0,
        "rounds/2026-welfare/assessments.xlsx: new rows: glenmoor; new columns: devices\n",
    )
    round_ = Project.load(begun).round()
    kept = {each.forces: each.values for each in round_.assessments}
    for each in before:
        assert kept[each.forces] == {**each.values, "devices": None}
    sheet = load_workbook(round_.folder / "assessments.xlsx").worksheets[0]
    assert sheet["A1"].value == "Welfare plans 2026 – working copy"
    assert (sheet["G2"].value, sheet["G3"].value) == ("# who", "seen by AB")
    assert (sheet["H2"].value, sheet["H2"].comment.text) == (
        "devices",
        "Devices seen.\nA number in figures, without a unit.",
    )
    assert run("-C", begun, "sheet")[1] == (
        "rounds/2026-welfare/assessments.xlsx: nothing is missing\n"
    )


def test_the_sheet_helps_who_fills_it_in(begun: Path) -> None:
    book = load_workbook(begun / "rounds/2026-welfare/assessments.xlsx")
    sheet, lists = book.worksheets
    drops = {str(each.sqref): each.formula1 for each in sheet.data_validations.dataValidation}
    assert drops == {"C2:C107": "='letters-lists'!$A$1:$A$2", "E2:E107": '"yes,no"'}
    assert [lists[f"A{n}"].value for n in (1, 2)] == ["Plan in place", "No plan yet"]
    assert lists.sheet_state == "hidden"
    assert [sheet[f"{c}2"].number_format for c in "ACDF"] == ["@", "@", "d mmmm yyyy", "@"]
    assert sheet.protection.sheet
    assert [sheet[f"{c}2"].protection.locked for c in "ABCDEF"] == [True, True, *[False] * 4]
    assert sheet["D1"].comment.text == "A date, such as 2 October 2017."


def test_a_second_round_takes_what_stays_from_the_first(begun: Path) -> None:
    round_ = begun / "rounds/2026-welfare/round.yaml"
    text = round_.read_text(encoding="utf-8")
    claims = "claims:\n  - sentence: Four forces had a plan.\n    counts: plan-in-place\n"
    round_.write_text(
        f"{text}{claims}# Who answers queries.\ncontact:\n  name: Robin Hale\n", "utf-8"
    )
    fill(begun)
    command = ("new-round", "2027-welfare", "--from", "2026-welfare")
    days = ("--title", "Welfare plans: a year on", "--sent", "1 March 2027")
    assert run("-C", begun, *command, *days)[0] == 0
    project = Project.load(begun)
    assert project.problems == ()
    first, second = (project.round(id_).round for id_ in ("2026-welfare", "2027-welfare"))
    assert (second.title, second.sent) == (days[1], datetime.date(2027, 3, 1))
    assert (second.published, second.claims, second.wording) == (None, (), "2027-welfare")
    assert (second.outcomes, second.fields, second.contact, second.people) == (
        first.outcomes, first.fields, first.contact, first.people,
    )  # fmt: skip
    assert [each.outcome for each in project.round("2027-welfare").assessments] == [None] * 6
    one, two = (contents(begun / f"templates/{each}") for each in ("2026-welfare", "2027-welfare"))
    assert one == two


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("new-round", "2026-welfare", *ROUND[2:]), "rounds/2026-welfare is there. Choose another id."),
        (("new-round", "Round 1", *ROUND[2:]), "'Round 1' cannot name a round. Use small letters, figures and dashes: 2026-welfare."),
        (("new-round", "x", "--title", "X"), "Give --sent: there is no terminal to ask at."),
        (("new-round", "x", "--title", "X", "--sent", "31 June 2026"), "'31 June 2026' is not a day of the calendar. Correct the date."),
        (("new-round", "x", *ROUND[2:8], "--sender", "S", "--signatory", "Marian Lowe"), "'Marian Lowe' names no office. Write: 'Marian Lowe OBE, Inspector of Constabulary'."),
        (("new-round", "x", *ROUND[2:], "--field", "a:money"), "'a:money' is no field. Write visited:date. Types: text, rich text, yes-no, date, number."),
        (("new-round", "x", "--from", "nothing", "--title", "X", "--sent", "2 March 2026"), "There is no round 'nothing'. Choose one of 2026-welfare."),
        (("recipients", "import", "recipients.yaml"), "'recipients.yaml' is neither a workbook (.xlsx) nor a CSV file (.csv)."),
        (("recipients", "export", "x.csv"), "'x.csv' is no workbook. Name one that ends in .xlsx."),
    ],
)  # fmt: skip
def test_what_cannot_be_begun_says_why(
    arguments: tuple[str, ...], said: str, begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(begun)
    before = contents(begun)
    assert run(*arguments) == (2, f"letters: {said}\n")
    assert contents(begun) == before


def test_rows_that_are_no_recipients(begun: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "more.csv"
    sheet.write_text(
        "id,name,adressee_office,addressee_office,addressee_email\n"
        "kent,Kent Moor Police,,Chief Constable,nowhere\n"
        "kent,Kent Vale Police,,Chief Constable,\n"
        "Vale,Vale Police,,,\n"
        "moor,,,Chief Constable,\n",
        encoding="utf-8",
    )
    before = (begun / "recipients.yaml").read_bytes()
    assert run("-C", begun, "recipients", "import", sheet) == (
        1,
        "more.csv:1: 'adressee_office' is not a column here. Did you mean 'addressee_office'?\n"
        "more.csv:2 addressee_email: 'nowhere' is not an e-mail address. Write one, such as"
        " a@b.example.\n"
        "more.csv:3 id: 'kent' is there twice. Delete one of the rows, or give each its own id.\n"
        "more.csv:4: The letter to 'Vale' has no addressee. Fill in addressee_office or"
        " addressee_name.\n"
        "more.csv:4 id: 'Vale' is not an id. Use small letters, digits and dashes, such as kent.\n"
        "more.csv:5: The row has no name. Write the recipient's name, as letters print it.\n"
        "6 problems.\n",
    )
    assert (begun / "recipients.yaml").read_bytes() == before


def test_recipients_go_into_a_workbook_and_come_back(begun: Path, tmp_path: Path) -> None:
    (begun / "recipients.yaml").write_text(
        "# Who gets letters.\n\n"
        "kent:  # a remark\n"
        "  name: Kent Moor Police\n  also_known_as: [KMP, Moor Police]\n"
        "  addressees:\n"
        "    - {name: Ada Thorne, honours: QPM, office: Chief Constable, postal: [1 Moor, Kent]}\n"
        "    - {office: Deputy, email: d@kent.example}\n"
        "  salutation: [Chief Constable, Deputy]\n  copied_to:\n    - Commissioner\n"
        "  delivery: Via email\n",
        encoding="utf-8",
    )
    before = Project.load(begun).recipients
    book = tmp_path / "recipients.xlsx"
    assert run("-C", begun, "recipients", "export", book) == (0, f"{book}: 1 recipient\n")
    written = (begun / "recipients.yaml").read_bytes()
    (begun / "recipients.yaml").write_text("{}\n", encoding="utf-8")
    assert run("-C", begun, "recipients", "import", book) == (0, "recipients.yaml: 1 new\n")
    assert Project.load(begun).recipients == before
    (begun / "recipients.yaml").write_bytes(written)
    sheet = load_workbook(book)
    sheet.worksheets[0]["B3"] = "Vale Police"
    sheet.worksheets[0]["I3"] = "Chief Constable"
    sheet.save(book)
    assert run("-C", begun, "recipients", "import", book)[0] == 0
    assert b"kent:  # a remark" in (begun / "recipients.yaml").read_bytes()
    assert Project.load(begun).recipients.keys() == {"kent", "vale-police"}


def test_a_list_has_a_sheet_of_its_own(begun: Path) -> None:
    path = begun / "rounds/2026-welfare/round.yaml"
    causes = (
        "  causes:\n    type: list\n    fields:\n      title: {type: text, required: yes}\n"
        "      grade: {type: choice, choices: [good, poor]}\n"
    )
    path.write_text(path.read_text(encoding="utf-8") + causes, "utf-8")
    file = "rounds/2026-welfare/assessments.xlsx"
    assert run("-C", begun, "sheet") == (0, f"{file}: new sheets: causes\n")
    assert run("-C", begun, "check") == (0, "No problems.\n")
    book = load_workbook(begun / file)
    assert book.sheetnames == ["Assessments", "causes", "letters-lists"]
    sheet = book["causes"]
    assert [cell.value for cell in sheet[1]] == ["force", "title", "grade"]
    drops = [str(each.sqref) for each in sheet.data_validations.dataValidation]
    assert drops == ["A2:A101", "C2:C101"]
    sheet.append(["dray-valley-police", "Storage", "poor"])
    sheet["A2"], sheet["B2"], sheet["C2"] = "Dray Valley Police", "Storage", "Poor"
    book.save(begun / file)
    assert run("-C", begun, "sheet") == (0, f"{file}: nothing is missing\n")
    record = next(
        each for each in Project.load(begun).round().assessments if "dray" in each.forces[0]
    )
    entries = record.values["causes"]
    assert isinstance(entries, tuple)
    assert isinstance(entries[0], Entry)
    assert entries[0].values == {"title": "Storage", "grade": "poor"}
