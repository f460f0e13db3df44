"""One letter made: typeset, rendered, judged, written. What every process of a build does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from letters.approvals import Approvals
from letters.approvals.signing import as_approved
from letters.build.options import Order, not_writable, shelved
from letters.build.output import Shelf
from letters.build.processes import Lost, TooLong, too_long, within
from letters.build.record import BuiltFile, BuiltLetter, State
from letters.check import letter_problems
from letters.document import Document, passages
from letters.errors import LettersError, Problem
from letters.files import digest
from letters.model import Letter
from letters.project import ProjectRound
from letters.render import Artifact
from letters.render.stationery import Stationery
from letters.validators import judge_built

Task = Order | tuple[Letter, ...]
Answer = BuiltLetter | tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the letters of a build are made with, and how."""

    project_round: ProjectRound
    shelf: Shelf
    drafts: bool = False
    discard_edits: bool = False

    def open(self, stationery: Stationery | None = None) -> Maker:
        """Read the templates, unless they are at hand. Raises ProblemsFound."""
        approvals = Approvals.load(self.project_round)
        return Maker(self, stationery or Stationery.load(self.project_round), approvals)


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes letters, one after another."""

    workshop: Workshop
    stationery: Stationery
    approvals: Approvals

    def problems(self, letters: Iterable[Letter]) -> tuple[Problem, ...]:
        """What is wrong with the print style, and with letters as the wording merges them."""
        ours = (self._ours(letter) for letter in letters)
        return letter_problems(self.stationery, ours, drafts=self.workshop.drafts)

    def answer(self, task: Task) -> Answer:
        """What a process of a build is asked: to check some letters, or to make one."""
        return self.make(task) if isinstance(task, Order) else self.problems(task)

    def make(self, order: Order) -> BuiltLetter:
        """Make a letter and put it on its shelf; what stops it is in what is returned."""
        try:
            document = self._typeset(self._ours(order.letter))
            artifacts = {f: self.stationery.render(document, f) for f in order.inputs}
            stopped = self._edited(order, artifacts) or _judged(document, artifacts)
            return stopped or self._written(order, artifacts, is_draft=bool(document.draft))
        except LettersError as error:
            return BuiltLetter(order.letter.id, State.FAILED, problem=str(error))
        except OSError as error:
            return BuiltLetter(order.letter.id, State.FAILED, problem=not_writable(error))

    def _typeset(self, letter: Letter) -> Document:
        """A letter as it may be shown: a draft until it is approved."""
        if self.workshop.drafts:
            return self.stationery.typeset(letter, drafts=True)
        return as_approved(self.stationery, self.approvals, letter)[0]

    def _ours(self, letter: Letter) -> Letter:
        """A letter whose round is ours, for which the wording has been looked through already."""
        return replace(letter, round=self.workshop.project_round.round)

    def _edited(self, order: Order, artifacts: Mapping[str, Artifact]) -> BuiltLetter | None:
        """The letter, refused, where its Word file is not as a build left it."""
        artifact = artifacts.get("docx")
        if artifact is None or self.workshop.discard_edits:
            return None
        name = shelved(artifact.name)
        on_shelf = self.workshop.shelf.read(name)
        if on_shelf is None or digest(on_shelf) in (digest(artifact.content), order.written):
            return None
        from letters.changes.words import changed_words  # its reader is seldom needed

        problem = (
            f"{name}: edited by hand since it was built:"
            f" {changed_words(on_shelf, artifact.content)}."
            " Carry the change into the record or the wording,"
            " or build with --discard-edits to overwrite it."
        )
        return BuiltLetter(order.letter.id, State.EDITED, problem=problem)

    def _written(
        self, order: Order, artifacts: Mapping[str, Artifact], *, is_draft: bool
    ) -> BuiltLetter:
        files = {}
        for format_, artifact in artifacts.items():
            content = artifact.content
            self.workshop.shelf.write(shelved(artifact.name), content)
            inputs = order.inputs[format_]
            files[format_] = BuiltFile(artifact.name, digest(content), len(content), inputs)
        state = State.DRAFT if is_draft else State.BUILT
        return BuiltLetter(order.letter.id, state, files)


def _judged(document: Document, artifacts: Mapping[str, Artifact]) -> BuiltLetter | None:
    """The letter, failed, where a file of it breaks a rule."""
    said = "\n".join(passage.text for passage in passages(document))
    for artifact in artifacts.values():
        for finding in judge_built(artifact.name, artifact.content, said):
            problem = (
                f"letters/{artifact.name}: not written, because a judge found a fault."
                f" {finding}. Mend the layout or the wording."
            )
            return BuiltLetter(document.id, State.FAILED, problem=problem)
    return None


def answer_within(limit: float, maker: Maker, task: Task) -> Answer | Lost:
    """The answer to a task, in this process; the task is given up after `limit` seconds."""
    try:
        return within(limit, partial(maker.answer, task))
    except TooLong:
        from letters.render.pdf.letter import forget_letters

        forget_letters()  # the engine was stopped in the middle of something
        return too_long(limit)


def open_desk(workshop: Workshop) -> Callable[[Task], Answer]:
    """Begin the work of one process of a build. Raises ProblemsFound."""
    return workshop.open().answer
