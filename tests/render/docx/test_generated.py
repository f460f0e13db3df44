"""Layouts from the parts of real letterheads: what check passes is built, word for word."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from letters import BuildOptions, Project, RoundTemplates, build_round
from letters.build.record import State
from letters.check import check_project
from letters.document import as_read, passages_of
from letters.merge import letters_of
from tests.builders import unzipped, write
from tests.render.docx.generated import SPACES, Layout, generated
from tests.rounds.found_property import ROUND_ID
from tests.rounds.stages import PAGE, a_round, edit, sign
from tests.rounds.stages import WORD as DOCX

SAMPLE, ALL = 20, 300
BLANKS = {"tab": " ", "ptab": " ", "br": " "}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of one letter, whose layout each test replaces."""
    root = a_round(tmp_path_factory.mktemp("generated"))
    edit(f"rounds/{ROUND_ID}/round.yaml", "  phone: 01632 960777\n", "")(root)  # as layouts expect
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
    file = root / "rounds" / ROUND_ID / "round.yaml"
    sound = file.read_text(encoding="utf-8").partition("\nanswers:")[0].rstrip()
    kept = {"answer": "letter.docx", "date": "1 March 2026", "reason": "Both are ours."}
    entries = [f"  - {json.dumps({'question': each, **kept})}" for each in questions]
    answers = ["answers:", *entries, ""] if entries else [""]
    file.write_text("\n".join([sound, *answers]), encoding="utf-8")


def judged(root: Path, layout: Layout) -> None:
    """Hold what check says of a layout against what a build makes of its letter."""
    put(root, layout)
    answered(root, [])
    if questions := [each.question for each in check_project(Project.load(root)) if each.question]:
        answered(root, questions)
    if not layout.flaw:
        sign(root)
    project = Project.load(root)
    problems = list(map(str, check_project(project)))
    if layout.flaw:
        assert any(layout.flaw in each for each in problems)
        assert all(each.startswith(f"{DOCX}") for each in problems)
        return
    assert problems == []
    (project_round,) = project.rounds
    (built,) = build_round(project, project_round, BuildOptions(jobs=1))
    assert (built.state, built.problem) == (State.BUILT, "")
    (letter,) = letters_of(project_round)
    document = RoundTemplates.load(project_round).typeset(letter)
    blocks = [each for slot in document.slots.values() for each in slot]
    own = [passage.text for passage in passages_of(blocks) if passage.kind != "figure"]
    word = (root / "out" / ROUND_ID / built.files["docx"].path).read_bytes()
    says(layout, word, own, document.texts["force_name"])


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
    judged(project, generated(seed))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(SAMPLE, ALL))
def test_every_layout_that_passes_check_is_built_word_for_word(seed: int, project: Path) -> None:
    judged(project, generated(seed))


def test_most_layouts_are_sound_and_the_others_have_every_flaw() -> None:
    flaws = Counter(generated(seed).flaw for seed in range(ALL))
    assert flaws[""] >= ALL / 2
    assert len(flaws) == 14
