"""However a file is damaged: located problems, never a traceback, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letters.merge import letters_of
from letters.project import Project
from tests.builders import (
    CSV,
    FOLDER,
    PNG,
    RECIPIENTS,
    ROUND,
    CellValue,
    a_project,
    a_workbook,
    unzipped,
    with_shared_texts,
    zipped,
)

RECORDS = """\
- force: [northmoor]
  outcome: in-place
  finding: |
    All is well.
  visited: 1 June 2017
  agreed: yes
  devices: 12
  store: own store
- force: southmoor
"""
HEADER: list[CellValue] = ["force", "outcome", "finding", "visited", "agreed", "devices", "store"]
ROW: list[CellValue] = [
    "northmoor",
    "in-place",
    "All is well.",
    "1 June 2017",
    "yes",
    12,
    "own store",
]
SNIPPETS = (
    *("", ":", ": ", "- ", "-", "'", '"', "[", "]", "{", "}", "#", "&a ", "*a", "!!int ", "|", ">"),
    *(
        "<<: *a",
        "---\n",
        "...",
        "%YAML 3",
        "\t",
        "\n",
        "\n\n",
        "  ",
        ",",
        ";",
        "\\",
        '"\\UFFFFFFFF"',
    ),
    *("null", "~", "NO", "012", "31/12/2017", "03/04/2017", "2017-02-30", "99999", "1e999", "none"),
    *("\0", "\x07", "\x85", "\u2028", "\ufeff", "\ufffe", "\U000f0000", "e\u0301", "â€™", "é"),
    *(
        "northmoor",
        "southmoor",
        "northmoor; southmoor",
        "in-palce",
        "../x.png",
        "x" * 300,
        "{{ a }}",
    ),
)
WHOLE_FILE = (
    "The file is empty.",
    "The file holds no record.",
    "The file is not an Excel workbook.",
    "The workbook",
    "The sheet",
    "The round has no assessments.",
)
FILES = {
    "recipients": "recipients.yaml",
    "round": f"{FOLDER}/round.yaml",
    "assessments_yaml": f"{FOLDER}/assessments.yaml",
}
MANY = settings(max_examples=60, deadline=None, derandomize=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_project(tmp_path_factory.mktemp("mutated"), assessments_csv=None)


def mutated(text: str) -> st.SearchStrategy[str]:
    """`text` with one to three pieces of it replaced by something awkward."""
    place = st.integers(0, len(text))
    piece = st.sampled_from(SNIPPETS) | st.text(max_size=3)
    edit = st.tuples(place, st.integers(0, 12), piece)
    return st.lists(edit, min_size=1, max_size=3).map(lambda edits: _edited(text, edits))


def _edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    for start, length, piece in edits:
        text = text[:start] + piece + text[start + length :]
    return text


def as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def check(folder: Path, name: str, content: bytes) -> None:
    """Load the project with `content` for one file: what is promised of every mistake holds."""
    (folder / name).write_bytes(content)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    project = Project.load(folder)
    for problem in project.problems:
        place = problem.place
        assert (folder / place.file).is_file()
        assert place.line or place.cell or problem.what.startswith(WHOLE_FILE)
        assert place.line <= before[folder / place.file].count(b"\n") + 2
        assert problem.what.endswith(".")
        assert problem.fix.endswith((".", "?"))
    for project_round in project.rounds:
        assert letters_of(project_round) is not None
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def restored(folder: Path, records: str, content: str | bytes) -> None:
    """The project as it was, with its records in the file `records` alone."""
    for path in (folder / FOLDER).glob("assessments.*"):
        path.unlink()
    a_project(folder, **{records: content})


@pytest.mark.parametrize(
    ("name", "text"),
    [("recipients", RECIPIENTS), ("round", ROUND), ("assessments_yaml", RECORDS)],
)
def test_yaml_of_any_kind_is_read_or_refused(folder: Path, name: str, text: str) -> None:
    restored(folder, "assessments_yaml", RECORDS)

    @MANY
    @given(mutated(text))
    def mutation(changed: str) -> None:
        check(folder, FILES[name], as_bytes(changed))

    mutation()


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_csv_of_any_kind_is_read_or_refused(folder: Path, encoding: str) -> None:
    restored(folder, "assessments_csv", CSV)

    @MANY
    @given(mutated(CSV))
    def mutation(changed: str) -> None:
        check(folder, f"{FOLDER}/assessments.csv", changed.encode(encoding, "replace"))

    mutation()


def test_csv_bytes_of_any_kind_are_read_or_refused(folder: Path) -> None:
    restored(folder, "assessments_csv", CSV)

    @MANY
    @given(st.binary(max_size=60), st.integers(0, len(CSV)))
    def mutation(piece: bytes, start: int) -> None:
        content = CSV.encode()
        content = content[:start] + piece + content[start:]
        check(folder, f"{FOLDER}/assessments.csv", content)

    mutation()


def test_a_workbook_of_any_values_is_read_or_refused(folder: Path) -> None:
    restored(folder, "assessments_xlsx", a_workbook([HEADER, ROW]))
    texts = st.sampled_from(SNIPPETS).filter(lambda text: not set(text) & set("\0\x07\ufffe"))
    value = texts | st.integers() | st.floats() | st.booleans() | st.dates() | st.just("=A1")
    edits = st.dictionaries(st.tuples(st.integers(0, 1), st.integers(0, 8)), value, max_size=4)

    @MANY
    @given(edits)
    def mutation(changes: dict[tuple[int, int], CellValue]) -> None:
        rows: list[list[CellValue]] = [[*HEADER, None, None], [*ROW, None, None], ["southmoor"]]
        for (row, column), each in changes.items():
            rows[row][column] = each
        check(folder, f"{FOLDER}/assessments.xlsx", a_workbook(rows))

    mutation()


def test_a_damaged_workbook_is_read_or_refused(folder: Path) -> None:
    source = a_workbook([HEADER, ROW])
    restored(folder, "assessments_xlsx", source)

    @MANY
    @given(st.integers(0, len(source)), st.binary(max_size=8), st.integers(0, 40))
    def mutation(start: int, piece: bytes, length: int) -> None:
        content = source[:start] + piece + source[start + length :]
        check(folder, f"{FOLDER}/assessments.xlsx", content)

    mutation()


PARTS = ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml")


@pytest.mark.parametrize("part", PARTS)
def test_a_workbook_with_a_damaged_part_is_read_or_refused(folder: Path, part: str) -> None:
    source = with_shared_texts(a_workbook([HEADER, ROW]))
    restored(folder, "assessments_xlsx", source)
    parts = unzipped(source)
    text = parts[part].decode()

    @MANY
    @given(mutated(text))
    def mutation(changed: str) -> None:
        check(folder, f"{FOLDER}/assessments.xlsx", zipped(parts | {part: as_bytes(changed)}))

    mutation()


def test_a_signature_of_any_bytes_is_read_or_refused(folder: Path) -> None:
    restored(folder, "assessments_csv", CSV)

    @MANY
    @given(st.integers(0, len(PNG)), st.binary(max_size=8), st.integers(0, 20))
    def mutation(start: int, piece: bytes, length: int) -> None:
        check(folder, f"{FOLDER}/signature.png", PNG[:start] + piece + PNG[start + length :])

    mutation()
