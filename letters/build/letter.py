"""One letter built: typeset, its files made and validated, written. What every executor does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from letters.approvals import Approvals
from letters.approvals.signing import as_approved
from letters.build.making import LetterFile, make_files
from letters.build.options import BuildOptions, BuildTask
from letters.build.output import OutputFolder, not_writable, output_path
from letters.build.record import BuiltFile, BuiltLetter, State
from letters.check import letter_problems
from letters.document import Document
from letters.errors import LettersError, Problem
from letters.files import digest
from letters.model import Letter, Round
from letters.project import ProjectRound
from letters.render.stationery import Stationery

Task = BuildTask | tuple[Letter, ...]
"""A letter to make, or letters to look through for problems."""

Answer = BuiltLetter | tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class LetterBuilder:
    """Checks and makes letters, one after another."""

    round: Round
    folder: OutputFolder
    options: BuildOptions
    stationery: Stationery
    approvals: Approvals

    @classmethod
    def load(
        cls, project_round: ProjectRound, folder: OutputFolder, options: BuildOptions
    ) -> LetterBuilder:
        """Read the templates. Raises ProblemsFound."""
        stationery, approvals = Stationery.load(project_round), Approvals.load(project_round)
        return cls(project_round.round, folder, options, stationery, approvals)

    def __call__(self, task: Task) -> Answer:
        """Make a letter, or find what is wrong with letters as the wording merges them."""
        if isinstance(task, BuildTask):
            return self.make(task)
        ours = (self._ours(letter) for letter in task)
        wanted = self.options
        return letter_problems(
            self.stationery, ours, drafts=wanted.drafts, pdf="pdf" in wanted.formats
        )

    def make(self, task: BuildTask) -> BuiltLetter:
        """Make a letter and write its files; what stops it is in what is returned."""
        id_ = task.letter.id
        try:
            document = self._typeset(self._ours(task.letter))
            files = make_files(self.stationery.render, document, task.inputs)
            if problem := self._edited(task, files):
                return BuiltLetter(id_, State.EDITED, problem=problem)
            if problem := _fault(files):
                return BuiltLetter(id_, State.FAILED, problem=problem)
            state = State.DRAFT if document.draft else State.BUILT
            return BuiltLetter(id_, state, self._written(task, files))
        except LettersError as error:
            return BuiltLetter(id_, State.FAILED, problem=str(error))
        except OSError as error:
            return BuiltLetter(id_, State.FAILED, problem=not_writable(error))

    def _ours(self, letter: Letter) -> Letter:
        """A letter whose round is ours, for which the wording has been looked through already."""
        return replace(letter, round=self.round)

    def _typeset(self, letter: Letter) -> Document:
        """A letter as it may be shown: a draft until it is approved."""
        if self.options.drafts:
            return self.stationery.typeset(letter, drafts=True)
        return as_approved(self.stationery, self.approvals, letter)[0]

    def _edited(self, task: BuildTask, files: Mapping[str, LetterFile]) -> str:
        """What to do where the Word file is not as a build left it; nothing where it is."""
        if "docx" not in files or self.options.discard_edits:
            return ""
        made = files["docx"].artifact
        path = output_path(made.name)
        found = self.folder.read(path)
        if found is None or digest(found) in (digest(made.content), task.written):
            return ""
        from letters.changes.words import changed_words  # its reader is seldom needed

        return (
            f"{path}: edited by hand since it was built: {changed_words(found, made.content)}."
            " Carry the change into the record or the wording,"
            " or build with --discard-edits to overwrite it."
        )

    def _written(self, task: BuildTask, files: Mapping[str, LetterFile]) -> dict[str, BuiltFile]:
        built = {}
        for format_, file in files.items():
            name, content = file.artifact.name, file.artifact.content
            self.folder.write(output_path(name), content)
            built[format_] = BuiltFile(name, digest(content), len(content), task.inputs[format_])
        return built


def _fault(files: Mapping[str, LetterFile]) -> str:
    """The first fault that a validator finds; nothing where all files are sound."""
    for file in files.values():
        for finding in file.findings:
            return (
                f"{output_path(file.artifact.name)}: not written, because a judge found a fault."
                f" {finding}. Mend the layout or the wording."
            )
    return ""
