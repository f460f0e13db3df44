"""Every letter of the example and of the real round, before its judges. Exceptions have reasons."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from pikepdf import Dictionary, Name, Object, Page, Pdf, parse_content_stream
from pypdfium2 import PdfDocument

from letters import BuildOptions, Project, build_round
from letters.render.readback import read_docx
from letters.validators import validate
from letters.verify import verapdf_findings, verify
from tests.external import VERAPDF
from tests.external.office import printed, read_print
from tests.external.web import axe_findings, nu_findings
from tests.external.word import audit_findings, sdk_findings
from tests.goldens import EXAMPLE

ROOT = Path(__file__).resolve().parents[2]


OTHER_PAGES = {"bellharrow-and-tynt"}
"""Its pages are full: LibreOffice's lines are a hair taller, so the close goes to the next."""


@pytest.fixture(scope="session")
def real_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The letters of the real round."""
    folder = tmp_path_factory.mktemp("real")
    project = Project.load(ROOT)
    build_round(project, project.round("2017-abuse-of-position"), BuildOptions(out=folder))
    return folder


@pytest.fixture(scope="session")
def every_file(example_out: Path, real_out: Path) -> list[Path]:
    """Every file of every letter."""
    folders = (example_out, real_out)
    return [path for folder in folders for path in sorted((folder / "letters").iterdir())]


@pytest.fixture(scope="session", params=["sample", pytest.param("all", marks=pytest.mark.long)])
def files(request: pytest.FixtureRequest, every_file: list[Path]) -> list[Path]:
    """Files of letters that together show every structure and exception; all in the long run."""
    sample = {*EXAMPLE, "merseyside", "larkensea"}
    found = [path for path in every_file if request.param == "all" or path.stem in sample]
    assert request.param == "all" or len(found) == 3 * len(sample)
    return found


def ending(files: Sequence[Path], suffix: str) -> list[Path]:
    return [path for path in files if path.suffix == suffix]


def only_faults(findings: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: found for name, found in findings.items() if found}


def test_there_is_a_letter_of_each_format_to_judge(every_file: list[Path]) -> None:
    stems = {path.stem for path in every_file}
    assert len(stems) >= 44
    assert len(every_file) == 3 * len(stems)


@pytest.mark.xdist_group("verapdf")
def test_verapdf_finds_every_pdf_compliant_in_both_profiles(
    files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(VERAPDF), prepend=":")
    pdfs = ending(files, ".pdf")
    found = verapdf_findings(pdfs)
    assert len(found) == len(pdfs)
    assert {path.name: faults for path, faults in found.items() if faults} == {}


@pytest.mark.xdist_group("fast")
def test_verify_finds_nothing_in_any_letter(
    files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    verdicts = verify(files)
    assert len(verdicts) == len(files)
    assert {v.path.name: v.findings for v in verdicts if v.findings} == {}


def test_the_judge_that_builds_use_finds_nothing(files: list[Path]) -> None:
    assert [path.name for path in files if validate(path.name, path.read_bytes())] == []


@pytest.mark.xdist_group("word")
def test_the_open_xml_sdk_finds_nothing(files: list[Path]) -> None:
    assert only_faults(sdk_findings(ending(files, ".docx"))) == {}


@pytest.mark.xdist_group("word")
def test_openxml_audit_finds_nothing(files: list[Path]) -> None:
    assert only_faults(audit_findings(ending(files, ".docx"))) == {}


@pytest.mark.xdist_group("web")
def test_axe_finds_nothing_on_any_screen_nor_in_print(files: list[Path]) -> None:
    assert only_faults(axe_findings(ending(files, ".html"))) == {}


@pytest.mark.xdist_group("word")
def test_the_nu_validator_finds_nothing(files: list[Path]) -> None:
    assert nu_findings(ending(files, ".html")) == []


@pytest.mark.xdist_group("office")
def test_libreoffice_prints_the_same_words_on_as_many_pages(
    files: list[Path], tmp_path: Path
) -> None:
    letters = ending(files, ".docx")
    prints = printed(letters, tmp_path)
    other_words, other_pages = [], []
    for path in letters:
        with PdfDocument(path.with_suffix(".pdf")) as ours:
            pages = len(ours)
            title = ours.get_metadata_value("Title")
        passages = [p for p in read_docx(path.read_bytes()) if p.kind != "figure"]
        heads = "".join(p.text for p in passages if p.kind == "table heading")
        theirs = read_print(prints[path.stem], title, heads)
        if theirs.words != "".join("".join(p.label + p.text for p in passages).split()):
            other_words.append(path.stem)
        if theirs.pages != pages:
            other_pages.append(path.stem)
    assert other_words == []
    assert other_pages == [path.stem for path in letters if path.stem in OTHER_PAGES]


def test_no_marked_content_is_outside_the_tree_unless_an_artifact(files: list[Path]) -> None:
    """Every page, walked by another reader than the judge's."""
    for path in ending(files, ".pdf"):
        with Pdf.open(path) as pdf:
            parents = numbers(pdf)
            for page in pdf.pages:
                owners = parents[int(page.obj.StructParents)]
                assert [m for m in marks(page) if owners[m] is None] == []


def numbers(pdf: Pdf) -> dict[int, Object]:
    """The parent tree's entries by key."""
    tree = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    return {int(key): value for key, value in zip(tree[::2], tree[1::2], strict=True)}


def marks(page: Page) -> list[int]:
    """The ids of marked content that is no artifact; all content must be marked."""
    found, depth = [], 0
    for instruction in parse_content_stream(page):
        operator = str(instruction.operator)
        if operator in ("BDC", "BMC"):
            depth += 1
            tag, properties = instruction.operands[0], instruction.operands[-1]
            if tag != Name.Artifact and isinstance(properties, Dictionary):
                found.append(int(properties.MCID))
        elif operator == "EMC":
            depth -= 1
        elif operator in ("Tj", "TJ", "Do", "f", "S", "B"):
            assert depth, f"{operator} is neither tagged nor an artifact"
    return found


@pytest.mark.parametrize("suffix", [".docx", ".html", ".pdf"])
def test_a_verdict_is_the_same_each_time(every_file: list[Path], suffix: str) -> None:
    path = ending(every_file, suffix)[0]
    broken = path.read_bytes()[:-200]
    assert validate(path.name, broken) == validate(path.name, broken)
