"""A folder as a project: where it is found, what is in it, and what is loaded despite mistakes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from letters.errors import Place, ProblemsFound, UsageError
from letters.model import RichText, letter_id
from letters.people import Person
from letters.project import Project
from letters.project.rounds import BLANK, ProjectRound
from tests.builders import (
    CSV,
    FOLDER,
    PNG,
    RECIPIENTS,
    ROUND,
    CellValue,
    a_project,
    a_workbook,
    changed,
    write,
)

ROOT = Path(__file__).parents[2]
RECORDS_YAML = """\
- force: northmoor
  outcome: in-place
  finding: |
    All is well.

    - So it is.
  visited: 1 June 2017
  agreed: yes
  devices: 12
  store: own store
  lead: NO
- force: southmoor
"""
HEADER = ["force", "outcome", "finding", "visited", "agreed", "devices", "store", "lead"]


def only_round(root: Path) -> ProjectRound:
    return Project.load(root).round()


def problems(project: Project) -> list[str]:
    return [str(problem) for problem in project.problems]


@pytest.mark.parametrize("inside", [".", "rounds", FOLDER, "rounds/none/such"])
def test_a_project_is_found_from_any_folder_inside(tmp_path: Path, inside: str) -> None:
    root = a_project(tmp_path / "Lettres à envoyer – été")
    assert Project.load(root / inside).root == root.resolve()


def test_a_folder_outside_any_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        Project.load(tmp_path)
    assert str(refused.value) == (
        f"There is no recipients.yaml in '{tmp_path}' or a folder above it."
        " Go to a project's folder, or start one with 'letters new DIR'."
    )


def test_the_root_project_is_sound() -> None:
    project = Project.load(ROOT)
    assert problems(project) == []
    assert len(project.recipients) == 43
    merseyside = project.round("2017-abuse-of-position").assessments[0]
    assert (merseyside.forces, merseyside.outcome) == (("merseyside",), "in-place")
    assert merseyside.values["considered_strategy"] is True


def test_recipients_keep_the_order_and_friendly_spellings_of_the_file(tmp_path: Path) -> None:
    north, south = Project.load(a_project(tmp_path)).recipients.values()
    assert north.addressees == (Person(office="Chief Constable"),)
    assert north.copied_to == (Person(office="Police and Crime Commissioner"),)
    assert north.salutation == ("Chief Constable",)
    assert south.addressees == (Person(name="Ada Thorne", honours="QPM", office="Chief Constable"),)
    assert south.copied_to == ()


def test_people_may_be_one_office_one_person_or_a_list(tmp_path: Path) -> None:
    text = changed(RECIPIENTS, "copied_to: none", "copied_to: {name: Jo, office: Mayor}")
    text = changed(text, "  addressees:\n    - office: Chief Constable", "  addressees: Commander")
    text = changed(text, "    - Police and Crime", "    - Coroner\n    - Police and Crime")
    north, south = Project.load(a_project(tmp_path, recipients=text)).recipients.values()
    assert north.addressees == (Person(office="Commander"),)
    assert [copy.office for copy in north.copied_to] == ["Coroner", "Police and Crime Commissioner"]
    assert south.copied_to == (Person(name="Jo", office="Mayor"),)


def test_a_postal_address_may_be_a_list_or_a_block(tmp_path: Path) -> None:
    text = changed(RECIPIENTS, "honours: QPM", "postal: |\n        1 High Street\n        Moorton")
    project = Project.load(a_project(tmp_path, recipients=text))
    assert project.recipients["southmoor"].addressees[0].postal == ("1 High Street", "Moorton")


def test_a_key_left_empty_is_as_if_left_out(tmp_path: Path) -> None:
    text = changed(RECIPIENTS, "honours: QPM", "honours:")
    project = Project.load(a_project(tmp_path, recipients=text))
    assert problems(project) == []
    assert project.recipients["southmoor"].addressees[0].honours is None


def as_workbook() -> bytes:
    north: list[CellValue] = ["northmoor", "in-place", "All is well.\n\n- So it is."]
    north += [date(2017, 6, 1), True, 12, "own store", "NO"]
    return a_workbook([HEADER, north, ["southmoor"]])


@pytest.mark.parametrize(
    "files",
    [
        {"assessments_yaml": RECORDS_YAML},
        {"assessments_csv": CSV.replace("All is well.", '"All is well.\n\n- So it is."')},
        {"assessments_xlsx": as_workbook()},
    ],
    ids=["yaml", "csv", "xlsx"],
)
def test_every_form_of_records_gives_the_same_assessments(
    tmp_path: Path, files: dict[str, str | bytes]
) -> None:
    files = {
        name: text.replace("Sgt Vale", "NO") if isinstance(text, str) else text
        for name, text in files.items()
    }
    project = Project.load(a_project(tmp_path, **files))
    assert problems(project) == []
    north, south = project.round().assessments
    finding = north.values["finding"]
    assert isinstance(finding, RichText)
    assert finding.markdown == "All is well.\n\n- So it is."
    assert {name: value for name, value in north.values.items() if name != "finding"} == {
        "visited": date(2017, 6, 1),
        "agreed": True,
        "devices": Decimal(12),
        "store": "own store",
        "lead": "NO",
    }
    assert (north.forces, north.outcome, north.signatory) == (("northmoor",), "in-place", ())
    assert (south.forces, south.outcome, set(south.values.values())) == (
        ("southmoor",),
        None,
        {None},
    )


def test_values_know_where_they_were_read(tmp_path: Path) -> None:
    north, _ = only_round(a_project(tmp_path, assessments_yaml=RECORDS_YAML)).assessments
    file = f"{FOLDER}/assessments.yaml"
    assert north.place == Place(file, 1)
    assert north.places["outcome"] == Place(file, 2, field="outcome")
    assert north.places["lead"] == Place(file, 11, field="lead")
    finding = north.values["finding"]
    assert isinstance(finding, RichText)
    assert finding.place == Place(file, 4, field="finding")


def test_column_names_may_differ_in_case_and_spacing(tmp_path: Path) -> None:
    text = changed(ROUND, "  lead:", "  lead_officer:")
    records = "FORCE, Outcome ,Finding,Lead Officer\nnorthmoor,in-place,Well.,Vale\n"
    project = Project.load(a_project(tmp_path, round=text, assessments_csv=records))
    assert problems(project) == []
    assert project.round().assessments[0].values["lead_officer"] == "Vale"


@pytest.mark.parametrize(
    "files",
    [
        {"assessments_csv": "force,outcome,finding\nnorthmoor; southmoor,in-place,Well.\n"},
        {"assessments_yaml": "- force: [northmoor, southmoor]\n"},
        {"assessments_yaml": "- force: northmoor;southmoor\n"},
        {"assessments_xlsx": a_workbook([HEADER, ["northmoor ; southmoor;"]])},
    ],
)
def test_a_joint_letter_names_several_forces(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    project = Project.load(a_project(tmp_path, **files))
    assert problems(project) == []
    assert [each.forces for each in project.round().assessments] == [("northmoor", "southmoor")]


def test_a_round_may_concern_a_subset_and_use_its_own_noun(tmp_path: Path) -> None:
    text = changed(ROUND, "sent:", "nouns: {one: service, many: services}\nsent:")
    text = changed(text, "sent:", "recipients: [southmoor]\nsent:")
    records = "service,outcome,finding\nsouthmoor,in-place,Well.\n"
    project = Project.load(a_project(tmp_path, round=text, assessments_csv=records))
    assert problems(project) == []
    assert [each.id for each in project.round().recipients] == ["southmoor"]


def test_a_named_sheet_is_read(tmp_path: Path) -> None:
    text = changed(ROUND, "sent:", "sheet: Records 2017\nsent:")
    book = a_workbook([HEADER, ["northmoor"]], title="Records 2017")
    project = Project.load(a_project(tmp_path, round=text, assessments_xlsx=book))
    assert problems(project) == []
    assert len(project.round().assessments) == 1


OKORO = "  okoro:\n    name: Ada Okoro\n    offices: Inspector\n    signature: signature.png\n"
TWO_MAY_SIGN = changed(ROUND, "outcomes:\n", f"{OKORO}outcomes:\n")


@pytest.mark.parametrize(
    "files",
    [
        {"round": TWO_MAY_SIGN.replace("outcomes:\n", "signatory: okoro\noutcomes:\n")},
        {"assessments_csv": "force,outcome,finding,signatory\nnorthmoor; southmoor,,,okoro\n"},
        {"recipients": RECIPIENTS.replace("  salutation", "  signatory: okoro\n  salutation")},
    ],
    ids=["round", "records", "recipients"],
)
def test_a_signatory_is_needed_only_where_no_one_chose(
    tmp_path: Path, files: dict[str, str | bytes]
) -> None:
    assert problems(Project.load(a_project(tmp_path, **({"round": TWO_MAY_SIGN} | files)))) == []


def test_lock_files_and_hidden_folders_are_passed_by(tmp_path: Path) -> None:
    a_project(tmp_path)
    write(tmp_path / FOLDER / "~$assessments.xlsx", b"lock")
    write(tmp_path / "rounds/.trash/round.yaml", "broken: [")
    write(tmp_path / "rounds/notes.txt", "x")
    assert problems(Project.load(tmp_path)) == []


def test_a_faulty_value_costs_only_itself(tmp_path: Path) -> None:
    records = CSV.replace("2017-06-01", "soon").replace(",12,", ",dozens,")
    recipients = changed(RECIPIENTS, "honours: QPM", "honours: QPM\n      email: none")
    text = changed(ROUND, "sent:", "contact: {name: Jo, email: none}\npublished: soon\nsent:")
    files = {"recipients": recipients, "round": text, "assessments_csv": records}
    project = Project.load(a_project(tmp_path, **files))
    assert len(project.problems) == 5
    (north, _), round_ = project.round().assessments, project.round().round
    assert (north.values["visited"], north.values["devices"]) == (None, None)
    assert (north.values["store"], north.outcome) == ("own store", "in-place")
    assert project.recipients["southmoor"].addressees[0].honours == "QPM"
    assert (round_.published, round_.contact and round_.contact.name) == (None, "Jo")


def test_a_faulty_recipient_costs_only_its_letter(tmp_path: Path) -> None:
    text = changed(RECIPIENTS, "  name: Northmoor Police\n", "")
    project = Project.load(a_project(tmp_path, recipients=text))
    assert problems(project) == [
        "recipients.yaml:1 northmoor: name is missing. Add it: The force's name, as printed."
    ]
    assert [each.forces for each in project.round().assessments] == [("southmoor",)]


def test_an_unreadable_recipients_file_is_the_only_problem(tmp_path: Path) -> None:
    project = Project.load(a_project(tmp_path, recipients="a: [\n"))
    assert [problem.place.file for problem in project.problems] == ["recipients.yaml"]


def test_a_missing_signature_becomes_a_blank_for_drafts(tmp_path: Path) -> None:
    project_round = only_round(a_project(tmp_path, signature=None))
    assert project_round.signatures == {"merriden": BLANK}
    assert only_round(a_project(tmp_path, signature=PNG)).signatures == {"merriden": PNG}


def test_the_problems_of_a_round_are_its_own_and_those_of_recipients(tmp_path: Path) -> None:
    a_project(tmp_path, assessments_csv=CSV.replace("in-place", "splendid"))
    write(tmp_path / "rounds/2018/round.yaml", ROUND)
    write(tmp_path / "rounds/2018/signature.png", PNG)
    project = Project.load(tmp_path)
    assert [len(project.problems_of(each)) for each in project.rounds] == [1, 1]
    assert [each.problems[0].place.file for each in project.rounds] == [
        f"{FOLDER}/assessments.csv",
        "rounds/2018/assessments.yaml",
    ]
    assert len(project.problems) == 2


def test_a_round_is_found_by_its_id_or_by_being_alone(tmp_path: Path) -> None:
    project = Project.load(a_project(tmp_path))
    assert project.round() is project.round("2017-lost-property") is project.rounds[0]
    with pytest.raises(UsageError) as refused:
        project.round("2017-lost-propety")
    assert str(refused.value) == (
        "There is no round '2017-lost-propety'. Did you mean '2017-lost-property'?"
    )


def test_among_several_rounds_one_must_be_named(tmp_path: Path) -> None:
    a_project(tmp_path)
    write(tmp_path / "rounds/2018/round.yaml", ROUND)
    with pytest.raises(UsageError) as refused:
        Project.load(tmp_path).round()
    assert str(refused.value) == (
        "The project has 2 rounds. Choose one of 2017-lost-property, 2018."
    )


def test_a_project_without_rounds_says_how_to_add_one(tmp_path: Path) -> None:
    write(tmp_path / "recipients.yaml", RECIPIENTS)
    with pytest.raises(UsageError) as refused:
        Project.load(tmp_path).round()
    assert str(refused.value) == "The project has no round. Write rounds/<id>/round.yaml."


@pytest.mark.parametrize("id_", [None, "2017-lost-property"])
def test_a_round_too_faulty_to_load_gives_its_problems(tmp_path: Path, id_: str | None) -> None:
    project = Project.load(a_project(tmp_path, round="title: x\nsender: y\n"))
    assert project.rounds == ()
    with pytest.raises(ProblemsFound) as found:
        project.round(id_)
    assert found.value.problems == project.problems


def test_loading_writes_nothing(tmp_path: Path) -> None:
    a_project(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    Project.load(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_joint_letter_is_named_as_its_collisions_are_checked() -> None:
    assert letter_id(("devon", "cornwall")) == "devon-and-cornwall"


def test_a_round_may_record_a_recommendation_of_its_own(tmp_path: Path) -> None:
    text = changed(ROUND, "  lead:", "  recommendation:")
    records = CSV.replace("lead\n", "recommendation\n")
    project = Project.load(a_project(tmp_path, round=text, assessments_csv=records))
    assert problems(project) == []
    assert project.round().assessments[0].values["recommendation"] == "Sgt Vale"
