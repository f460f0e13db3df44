"""Layouts from the parts of real letterheads: what check passes is built, word for word."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from letters import Project, Stationery
from letters.build.making import make_files
from letters.check import check_project
from letters.document import as_read, passages_of
from letters.merge import letters_of
from letters.new import new_project
from tests.builders import unzipped, write
from tests.render.docx.generated import SPACES, Layout, generated

SAMPLE, ALL = 20, 300
DOCX, PAGE = "templates/letterhead/letter.docx", "templates/letterhead/letter.html"
BLANKS = {"tab": " ", "ptab": " ", "br": " "}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A starter project, whose layout each test replaces."""
    root = tmp_path_factory.mktemp("generated") / "project"
    new_project(root)
    (root / PAGE).with_suffix(".sound").write_bytes((root / PAGE).read_bytes())
    return root


def words(root: etree._Element) -> str:
    """The words of a part, read without the product's own readers."""
    out = []
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        other = f"{{{SPACES['mc']}}}Fallback"
        if next(element.iterancestors(other), None) is None:
            out.append(element.text or "" if name == "t" else BLANKS.get(name, ""))
            out.append(" " if name == "p" else "")
    return "".join(out)


def counts(*texts: str) -> Counter[str]:
    return Counter(" ".join(texts).split())


def put(root: Path, layout: Layout) -> None:
    """Write a layout, and what it says inside the letter into the web page too."""
    page = (root / PAGE).with_suffix(".sound").read_text(encoding="utf-8")
    for slot, text in layout.page:
        said = text if text.startswith("{{") else text.replace("&", "&amp;")
        page = page.replace(f"{{{{ {slot} }}}}", f"<p>{said}</p>\n{{{{ {slot} }}}}", 1)
    write(root / DOCX, layout.content)
    write(root / PAGE, page)


def answered(root: Path, questions: list[str]) -> None:
    """Have Word keep its own pictures, whatever the crest of the other formats shows."""
    file = root / "rounds/first-round/round.yaml"
    sound = file.read_text(encoding="utf-8").partition("\nanswers:")[0].rstrip()
    kept = {"answer": "letter.docx", "date": "1 March 2026", "reason": "Both are ours."}
    entries = [f"  - {json.dumps({'question': each, **kept})}" for each in questions]
    answers = ["answers:", *entries, ""] if entries else [""]
    file.write_text("\n".join([sound, *answers]), encoding="utf-8")


def judged(root: Path, layout: Layout, formats: tuple[str, ...]) -> None:
    """Hold what check says of a layout against what comes of its letters."""
    put(root, layout)
    answered(root, [])
    if questions := [each.question for each in check_project(Project.load(root)) if each.question]:
        answered(root, questions)
    project = Project.load(root)
    problems = list(map(str, check_project(project)))
    if layout.flaw:
        assert any(layout.flaw in each for each in problems)
        assert all(each.startswith(f"{DOCX}") for each in problems)
        return
    assert problems == []
    (project_round,) = project.rounds
    stationery = Stationery.load(project_round)
    for letter in letters_of(project_round):
        if letter.outcome:
            document = stationery.typeset(letter)
            files = make_files(stationery.render, document, formats)
            assert {name: file.findings for name, file in files.items() if file.findings} == {}
            blocks = [each for slot in document.slots.values() for each in slot]
            own = [passage.text for passage in passages_of(blocks) if passage.kind != "figure"]
            name = document.texts["force_name"]
            says(layout, files["docx"].artifact.content, own, name)


def says(layout: Layout, content: bytes, letter: list[str], force: str) -> None:
    """A built Word file says the letter's words and the layout's, and is nobody's."""
    parts = {n: etree.fromstring(c) for n, c in unzipped(content).items() if n.endswith("ml")}
    (main,) = [root for root in parts.values() if etree.QName(root).localname == "document"]
    round_it = [r for r in parts.values() if etree.QName(r).localname in ("hdr", "ftr")]
    body = [text.replace("{{ force_name }}", force) for text in layout.body]
    around = [text.replace("{{ force_name }}", force) for text in layout.round_it]
    assert counts(words(main)) == counts(*map(as_read, letter), *body)
    assert counts(*map(words, round_it)) == counts(*around)
    assert b"Leftover" not in b"".join(unzipped(content).values())


@pytest.mark.parametrize("seed", range(SAMPLE))
def test_a_layout_that_passes_check_is_built_word_for_word(seed: int, project: Path) -> None:
    judged(project, generated(seed), ("docx", "html"))


@pytest.mark.parametrize("program", ["Word", "Word for the web", "LibreOffice"])
def test_a_layout_of_each_program_is_printed(program: str, project: Path) -> None:
    sound = (generated(seed) for seed in range(ALL))
    layout = next(each for each in sound if each.program == program and not each.flaw)
    judged(project, layout, ("docx", "html", "pdf"))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(SAMPLE, ALL))
def test_every_layout_that_passes_check_is_built_word_for_word(seed: int, project: Path) -> None:
    judged(project, generated(seed), ("docx", "html"))


def test_most_layouts_are_sound_and_the_others_have_every_flaw() -> None:
    flaws = Counter(generated(seed).flaw for seed in range(ALL))
    assert flaws[""] >= ALL / 2
    assert len(flaws) == 14
