"""Letters whose pages end anywhere: no sound one is refused, and each keeps to its standards."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pytest
from pikepdf import Pdf

from letters import Project, RoundTemplates
from letters.build.letter import LetterFile, make_files
from letters.new import new_project
from letters.validators import FORMATS
from letters.validators.pdf.pdf_file import read
from letters.verify import verapdf_findings
from tests.external import VERAPDF
from tests.render.pdf.random_letters import laid_out

pytestmark = pytest.mark.xdist_group("verapdf")  # one process: the letters are made once

SAMPLE, ALL = 9, 500
ANYWHERE = """
p, li, td, th { orphans: 1; widows: 1 }
h1, h2, h3, tr, tbody tr:first-child, .sign-off, .sign-off p {
  break-after: auto;
  break-inside: auto;
}
tbody tr:last-child, .sign-off { break-before: auto }
@page { margin: 20mm 25mm 22mm 25mm }
html { line-height: 1.4 }
.words { padding-right: 0 }
"""
"""A print style by which pages may end behind headings, inside rows, before the signature; they are
of another measure, too, so that they end elsewhere."""


def round_templates(root: Path, css: str) -> RoundTemplates:
    """The shipped layout with more rules in print.css."""
    new_project(root)
    with (root / "templates/letterhead/print.css").open("a", encoding="utf-8") as sheet:
        sheet.write(css)
    (project_round,) = Project.load(root).rounds
    return RoundTemplates.load(project_round)


@pytest.fixture(scope="module", params=["sample", pytest.param("all", marks=pytest.mark.long)])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The PDFs of random letters, and what validators say of a letter's files in faults.txt."""
    root = tmp_path_factory.mktemp("random letters")
    layouts = [round_templates(root / str(n), css) for n, css in enumerate(("", ANYWHERE))]
    faults = []
    for seed in range(SAMPLE if request.param == "sample" else ALL):
        layout = layouts[seed % len(layouts)]
        document = laid_out(layout, seed, root / "wording")
        formats = [each.removeprefix(".") for each in FORMATS]
        files: dict[str, LetterFile] = make_files(layout.render, document, formats)
        faults += [f"{f.artifact.name}: {each}\n" for f in files.values() for each in f.findings]
        (root / f"{seed}.pdf").write_bytes(files["pdf"].artifact.content)
    (root / "faults.txt").write_text("".join(faults), encoding="utf-8")
    return root


def test_no_letter_is_refused_wherever_its_pages_end(folder: Path) -> None:
    assert (folder / "faults.txt").read_text(encoding="utf-8") == ""


def test_verapdf_finds_every_letter_compliant(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(VERAPDF), prepend=":")
    pdfs = sorted(folder.glob("*.pdf"))
    assert len(pdfs) in (SAMPLE, ALL)
    found = verapdf_findings(pdfs)
    assert len(found) == len(pdfs)
    assert {path.name: faults for path, faults in found.items() if faults} == {}


def test_pages_end_in_all_that_letters_hold(folder: Path) -> None:
    """Or the tests above would say little."""
    pdfs = sorted(folder.glob("*.pdf"))
    ends = sum((at_page_ends(path.read_bytes()) for path in pdfs), Counter[str]())
    wanted = {"P", "L", "LI", "BlockQuote", "Table", "TD"}
    if len(pdfs) == ALL:
        wanted |= {"H2", "H3", "Link"}
        often = wanted - {"H3"}  # a page seldom ends behind these
        assert {tag: ends[tag] for tag in often if ends[tag] < 10} == {}
    assert wanted <= ends.keys()
    assert "TH" not in ends  # where a row stood before the heads of its table, a page ended so


def at_page_ends(content: bytes) -> Counter[str]:
    """What the last words of each page but the last stand in, by the tags of a PDF."""
    with Pdf.open(io.BytesIO(content)) as pdf:
        reading = read(pdf)
    ends = {mark.page: mark for mark in reading.tree.marks() if mark in reading.rank}
    ends.pop(reading.pages - 1, None)
    last = {*ends.values()}
    return Counter(each.tag for each in reading.elements if last & {*each.marks()})
