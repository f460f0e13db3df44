"""Every problem of a round, templates and merged letters included, before anything is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from letters.document import Document, passages
from letters.errors import Problem, ProblemsFound, RenderError, in_order
from letters.merge import has_editions, letters_of, published_edition
from letters.model import Letter
from letters.project import Project, ProjectRound
from letters.render.assets import bundled_characters
from letters.render.pdf.letter import print_problems
from letters.render.stationery import Stationery


def check_project(
    project: Project, rounds: Collection[ProjectRound] | None = None
) -> tuple[Problem, ...]:
    """All problems of `project` (or of some of its rounds), in the order of their places.

    Inputs, wording, both layouts, every letter typeset once, and characters that no font of the PDF
    has.
    """
    problems = list(project.problems) if rounds is None else []
    for each in rounds or ():
        problems += project.problems_of(each)
    for project_round in project.rounds if rounds is None else rounds:
        try:
            stationery = Stationery.load(project_round)
        except ProblemsFound as found:
            problems += found.problems
        else:
            problems += letter_problems(stationery, letters_of(project_round), fonts=True)
    return in_order(problems)


def letter_problems(
    stationery: Stationery,
    letters: Iterable[Letter],
    *,
    drafts: bool = False,
    pdf: bool = True,
    fonts: bool = False,
) -> tuple[Problem, ...]:
    """What wording and print style find wrong with the finished letters, or with all as drafts.

    Without `pdf` the print style is not looked at, and no PDF engine is started. With `fonts`,
    characters that the PDF has no font for too; a build fails the one letter instead.
    """
    problems = list(print_problems(stationery.web)) if pdf else []
    for letter in letters:
        if drafts or letter.outcome:
            try:
                document = stationery.typeset(letter, drafts=drafts)
            except ProblemsFound as found:
                problems += found.problems
            else:
                problems += () if drafts else _as_published(stationery, letter)
                problems += _in_print(stationery, document) if fonts else ()
    return in_order(problems)


def _in_print(stationery: Stationery, document: Document) -> Iterator[Problem]:
    """A character that the PDF cannot draw.

    A letter is printed to find out only where the bundled font may lack one: a layout can bring
    other fonts.
    """
    said = [passage.text for passage in passages(document)]
    unusual = {*"".join([*said, *document.texts.values()])} - bundled_characters() - {"\n"}
    if unusual:
        try:
            stationery.render(document, "pdf")
        except RenderError as error:
            yield error.problem


def _as_published(stationery: Stationery, letter: Letter) -> Iterator[Problem]:
    """What is wrong with the published edition of a letter that is sound as it is sent."""
    try:
        if has_editions(letter):
            stationery.typeset(published_edition(letter))
    except ProblemsFound as found:
        for problem in found.problems:
            what = f"As published, where private values are left out: {problem.what}"
            fix = "Put the sentence in {% if … %} … {% endif %}, or take the name out of 'private'."
            yield replace(problem, what=what, fix=fix)
