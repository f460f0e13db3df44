"""The example round as its files hold it: complete, fictional, and awkward where it should be."""

from __future__ import annotations

import csv
import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from letters.merge import letters_of
from letters.model import Assessment, FieldType, RichText, Value
from letters.project import Project, ProjectRound

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "letters" / "example" / "project"
ROUND = Path("rounds", "2019-digital-evidence")
TEXTS = sorted(p for p in EXAMPLE.rglob("*") if p.suffix in (".yaml", ".md"))


@pytest.fixture(scope="module")
def project() -> Project:
    return Project.load(EXAMPLE)


@pytest.fixture(scope="module")
def round_(project: Project) -> ProjectRound:
    return project.round(None)


def rows(folder: Path) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(folder / ROUND / "assessments.xlsx")
    sheet = book["Assessments"]
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def printed(value: object) -> str:
    """A cell as a person would type it into a CSV file."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value)


def plain(value: Value) -> str | bool | date | object:
    """A value without the place where it was read."""
    return value.markdown if isinstance(value, RichText) else value


def contents(record: Assessment) -> tuple[object, ...]:
    values = {name: plain(value) for name, value in record.values.items()}
    return record.forces, record.outcome, record.signatory, values


def texts_of(round_: ProjectRound) -> Iterator[str]:
    """Every name and every plain text that some letter prints."""
    for recipient in round_.recipients:
        yield recipient.name
        for person in (*recipient.addressees, *recipient.copied_to):
            yield from filter(None, (person.name, person.honours, person.office))
    for record in round_.assessments:
        yield from (value for value in record.values.values() if isinstance(value, str))


def test_has_no_problems(project: Project) -> None:
    assert project.problems == ()


def test_has_forty_three_letters_for_forty_four_forces(round_: ProjectRound) -> None:
    assert len(round_.recipients) == 44
    assert len(round_.assessments) == 43
    assert len(letters_of(round_)) == 43


def test_has_one_joint_letter(round_: ProjectRound) -> None:
    joint = [record.forces for record in round_.assessments if len(record.forces) > 1]
    assert joint == [("halvendale", "ivershaw")]


def test_spreads_its_outcomes_as_the_national_count_did(round_: ProjectRound) -> None:
    spread = Counter(record.outcome for record in round_.assessments)
    assert spread == {"no-plan": 11, "plan-agreed": 15, "under-way": 15, "embedded": 2}


@pytest.mark.parametrize("kind", [each for each in FieldType if each is not FieldType.LIST])
def test_uses_every_type_of_field(round_: ProjectRound, kind: FieldType) -> None:
    fields = [name for name, field in round_.round.fields.items() if field.type is kind]
    recorded = [
        record.values[name]
        for record in round_.assessments
        for name in fields
        if record.values[name] is not None
    ]
    assert recorded


@pytest.mark.parametrize("field", ["findings", "strengths", "improvements"])
def test_repeats_no_paragraph_of_rich_text(round_: ProjectRound, field: str) -> None:
    values = [record.values[field] for record in round_.assessments]
    written = [p for v in values if isinstance(v, RichText) for p in v.markdown.split("\n\n")]
    sentences = [p for p in written if len(p) > 60]
    assert sentences
    assert max(Counter(sentences).values()) == 1


@pytest.mark.parametrize("signatory", ["merriden", "okoro-lind", "tarrow"])
def test_each_signatory_signs_some_letter(round_: ProjectRound, signatory: str) -> None:
    name = round_.round.signatories[signatory].name
    assert any(letter.signatory.name == name for letter in letters_of(round_))


def test_chooses_signatories_by_round_recipient_and_record(round_: ProjectRound) -> None:
    assert round_.round.signatory
    assert any(recipient.signatory for recipient in round_.recipients)
    assert any(record.signatory for record in round_.assessments)


@pytest.mark.parametrize(
    "awkward",
    [
        "&", "'", "’", '"', "“", "”", "–", "-", "(", "ŵ", "ŷ", "Ŵ", "Ŷ", "ô", "è", "ñ", "ç",
        "Ż", "Ö", "°", "<", ">", "*", "_", "|", "#", "{{ ", " }}", "[annex](b)", "/",
    ],
)  # fmt: skip
def test_prints_awkward_text(round_: ProjectRound, awkward: str) -> None:
    assert any(awkward in text for text in texts_of(round_))


@pytest.mark.parametrize("beginning", ["1. ", "# ", "- "])
def test_prints_text_that_begins_like_markdown(round_: ProjectRound, beginning: str) -> None:
    assert any(text.startswith(beginning) for text in texts_of(round_))


def test_has_a_very_long_name_and_a_very_long_office(round_: ProjectRound) -> None:
    long = [recipient for recipient in round_.recipients if len(recipient.name) > 100]
    assert [len(recipient.copied_to[0].office or "") > 100 for recipient in long] == [True]


def test_has_a_mayor_and_a_commissioner(round_: ProjectRound) -> None:
    copies = [person.office or "" for r in round_.recipients for person in r.copied_to]
    heads = [person.office for r in round_.recipients for person in r.addressees]
    assert any(office.startswith("Mayor of") for office in copies)
    assert "Commissioner" in heads


def test_has_two_addressees_greeted_together(round_: ProjectRound) -> None:
    pairs = [r.id for r in round_.recipients if len(r.addressees) == 2 == len(r.salutation)]
    assert pairs == ["lower-and-upper-thrane"]


def test_copies_go_to_nobody_an_office_a_person_and_several(round_: ProjectRound) -> None:
    copies = [recipient.copied_to for recipient in round_.recipients]
    assert {0, 1, 2, 3} == {len(people) for people in copies}
    people = [person for several in copies for person in several]
    assert {bool(person.name) for person in people} == {True, False}
    assert any(person.organisation for person in people)


def test_keeps_postal_and_email_addresses_of_addressees_and_copies(round_: ProjectRound) -> None:
    for people in (
        [p for r in round_.recipients for p in r.addressees],
        [p for r in round_.recipients for p in r.copied_to],
    ):
        assert any(person.postal for person in people)
        assert any(person.email for person in people)


def test_csv_and_workbook_hold_the_same_records(
    tmp_path: Path, project: Project, round_: ProjectRound
) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "as-csv")
    folder = tmp_path / "as-csv" / ROUND
    with (folder / "assessments.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([map(printed, row) for row in rows(EXAMPLE)])
    (folder / "assessments.xlsx").unlink()
    described = (folder / "round.yaml").read_text(encoding="utf-8")
    text = described.replace("sheet: Assessments\n", "")
    (folder / "round.yaml").write_text(text, encoding="utf-8", newline="\n")
    copy = Project.load(tmp_path / "as-csv")
    assert copy.problems == project.problems
    assert list(map(contents, copy.round(None).assessments)) == list(
        map(contents, round_.assessments)
    )


def test_dates_are_real_date_cells() -> None:
    header, *records = rows(EXAMPLE)
    for column in ("visit_date", "next_visit"):
        cells = [record[header.index(column)] for record in records]
        assert {type(cell) for cell in cells if cell is not None} == {datetime}


def test_text_is_composed_and_its_quotation_marks_are_typographic() -> None:
    assert len(TEXTS) == 12
    for path in TEXTS:
        text = path.read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text), path
    for path in (EXAMPLE / "templates").rglob("*.md"):
        wording = re.sub(r"{%.*?%}", "", path.read_text(encoding="utf-8"))
        assert not re.search("[\"']", wording), path


def everything_written() -> str:
    cells = [printed(cell) for row in rows(EXAMPLE) for cell in row]
    return "\n".join([*(path.read_text(encoding="utf-8") for path in TEXTS), *cells])


def test_names_no_real_force_or_place() -> None:
    written = everything_written()
    real = [recipient.name for recipient in Project.load(ROOT).recipients.values()]
    assert len(real) == 43
    for name in real:
        place = re.sub(r" (Police|Constabulary)( Service)?$", "", name)
        assert not re.search(rf"\b{re.escape(place)}\b", written), place


def test_addresses_lead_nowhere() -> None:
    written = everything_written()
    hosts = set(re.findall(r"(?:https://|@)([a-z0-9.-]+[a-z])", written))
    assert hosts
    assert all(host.endswith((".example", "example.org")) for host in hosts), hosts


def test_signatures_are_png_images_of_45_by_15_millimetres(round_: ProjectRound) -> None:
    assert len(round_.signatures) == 3
    for name, png in round_.signatures.items():
        image = Image.open(BytesIO(png))
        assert image.format == "PNG", name
        assert image.size == (531, 177), name
        assert [round(dots) for dots in image.info["dpi"]] == [300, 300], name
