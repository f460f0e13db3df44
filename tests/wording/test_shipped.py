"""The wordings that ship with the project are sound and say what the published letter says."""

from __future__ import annotations

from pathlib import Path

import pytest

import letters
from letters.document import Passage, passages
from letters.merge import letters_of
from letters.project import Project
from letters.project.rounds import ProjectRound
from letters.wording import Wording, typeset

ROOT = Path(letters.__file__).resolve().parent.parent
PROJECTS = {
    "real": ROOT,
    "example": ROOT / "letters/example/project",
    "starter": ROOT / "letters/example/starter",
}
SOURCE = ROOT / "tests/real_letters/letter-merseyside-2017-10-02.txt"


def rounds(project: str) -> list[tuple[ProjectRound, Wording]]:
    loaded = Project.load(PROJECTS[project])
    templates = loaded.root / "templates"
    return [(r, Wording.load(templates / r.round.wording, loaded.root)) for r in loaded.rounds]


@pytest.mark.parametrize("project", PROJECTS)
def test_shipped_wordings_have_no_problems(project: str) -> None:
    found = rounds(project)
    assert len(found) == 1
    for project_round, wording in found:
        in_use = {record.outcome for record in project_round.assessments if record.outcome}
        assert wording.problems(project_round.round, in_use) == ()


@pytest.mark.parametrize("project", PROJECTS)
def test_every_letter_is_typeset(project: str) -> None:
    for project_round, wording in rounds(project):
        for letter in letters_of(project_round):
            document = typeset(letter, wording, drafts=letter.outcome is None)
            assert document.id == letter.id
            assert len(document.slots["letter_body"]) > 2


def merseyside() -> tuple[Passage, ...]:
    ((project_round, wording),) = rounds("real")
    (letter,) = (each for each in letters_of(project_round) if each.id == "merseyside")
    return passages(typeset(letter, wording))


def test_the_real_letter_word_for_word() -> None:
    """From the addressee to the signatory; how the signature looks is not compared."""
    source = SOURCE.read_text(encoding="utf-8").replace("*", "").replace("'", "’")
    paragraphs = [line.replace("'", "’") for line in source.splitlines()]
    wanted = [line for line in paragraphs if line.strip() and "handwritten signature" not in line]
    ours = merseyside()
    texts = [p.text.replace("‘", "’") for p in ours if p.kind != "figure"][1:]
    assert " ".join(texts) == " ".join(line.strip() for line in wanted)


def test_the_recommendation_is_a_quotation() -> None:
    (quote,) = (passage for passage in merseyside() if passage.kind == "quote")
    assert quote.text.startswith("To address this cause of concern, we recommend")
