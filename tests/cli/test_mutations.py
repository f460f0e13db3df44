"""Whatever a file of a project holds, the command line tells it in located lines or builds."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from letters.cli import cli
from letters.new import new_project

FILES = [
    "recipients.yaml",
    "rounds/first-round/round.yaml",
    "rounds/first-round/assessments.csv",
    "rounds/first-round/assessments.xlsx",
    "rounds/first-round/signature.png",
    "templates/first-wording/letter.md",
    "templates/first-wording/labels.yaml",
    "templates/first-wording/recommendation.md",
    "templates/first-wording/outcomes/not-yet.md",
    "templates/letterhead/letter.html",
    "templates/letterhead/print.css",
    "templates/letterhead/letter.docx",
]
LOCATED = re.compile(r"^(recipients\.yaml|rounds/\S+|templates/\S+?)(:\d+)?( .*?)?: \S.*[.?]$")
PIECES = [b"", b"{{ x }}", b"{% if %}", b"\xff\xfe", b"\n  - a: [", b"<b>", b"}", b"&", b'"', b"\0"]


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mutated") / "project"
    new_project(folder)
    return folder


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.active.append(["force", "outcome", "plan_date", "findings"])
    book.active.append(["ashmere", "in-place", None, "Sound."])
    path = tmp_path_factory.mktemp("book") / "assessments.xlsx"
    book.save(path)
    return path.read_bytes()


@pytest.mark.parametrize("name", FILES)
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(place=st.floats(0, 1), cut=st.integers(0, 60), piece=st.sampled_from(PIECES))
def test_a_mutated_file_is_told_or_built_and_never_a_traceback(
    name: str, place: float, cut: int, piece: bytes, pristine: Path, workbook: bytes
) -> None:
    folder = pristine.parent / "one"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(pristine, folder)
    path = folder / name
    if path.suffix == ".xlsx":
        path.with_suffix(".csv").unlink()
        path.write_bytes(workbook)
    content = path.read_bytes()
    start = int(place * len(content))
    path.write_bytes(content[:start] + piece + content[start + cut :])
    result = CliRunner().invoke(cli, ["-C", str(folder), "build", "--only", "html", "--jobs", "1"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code in (0, 1)
    if "nothing was written" in result.output or "\n1 problem" in f"\n{result.output}":
        written = [p.name for p in (folder / "out").rglob("*.html")]
        assert written == []
        told = result.output.splitlines()
        assert any(LOCATED.match(line) for line in told), result.output
