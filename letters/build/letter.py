"""One letter built: typeset, its files made and validated, written. What every executor does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from letters.approvals import Approvals, ApprovalState
from letters.approvals.signing import as_approved, as_far_as_it_is, both_editions
from letters.build.options import BuildOptions, BuildTask, CheckTask
from letters.build.record import (
    EDITED,
    BuiltFile,
    BuiltLetter,
    OutputFolder,
    State,
    not_writable,
    output_path,
)
from letters.document import Document, passages
from letters.errors import LettersError, Place, Problem, ProblemsFound, RenderError, in_order
from letters.files import digest
from letters.model import Letter, Round
from letters.project import ProjectRound
from letters.render import Artifact
from letters.render.assets import bundled_characters
from letters.render.pdf.letter import print_problems
from letters.render.round_templates import RoundTemplates, page_problems
from letters.wording import text_names
from letters.wording.files import RECIPIENTS

if TYPE_CHECKING:
    from letters.render.words import Finding


Render = Callable[[Document, str], Artifact]
"""What turns a typeset letter into a file of a format, as `RoundTemplates.render` does."""


@dataclass(frozen=True)
class LetterFile:
    """A letter in one format, and what validators find in it, looked for when first asked for."""

    document: Document
    artifact: Artifact

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Every rule that the file breaks.

        Among them is each word of the file that is not the letter's or its layout's, and each that
        is missing. What the letter is known to say is no placeholder left behind, though it may
        look like one.
        """
        from letters.validators import Expected, validate  # validators are slow to start

        said = "\n".join(passage.text for passage in passages(self.document))
        meant = Expected(self.document, self.document.layout.printed)
        return validate(self.artifact.name, self.artifact.content, written=said, letter=meant)


def make_files(render: Render, document: Document, formats: Iterable[str]) -> dict[str, LetterFile]:
    """The files of a typeset letter, by format. Raises RenderError where one cannot be made."""
    return {each: LetterFile(document, render(document, each)) for each in formats}


Task = BuildTask | CheckTask

Answer = BuiltLetter | tuple[Problem, ...]

TOLD = 3
"""Faults of one letter that a line names."""

_FIXES = {
    "docx": "Change letter.docx in Word, or the words named here.",
    "html": "Change letter.html or screen.css, or the words named here.",
    "pdf": "Change letter.html or print.css, or the words named here.",
}


@dataclass(frozen=True, slots=True)
class LetterBuilder:
    """Checks and makes letters, one after another."""

    round: Round
    folder: OutputFolder
    options: BuildOptions
    round_templates: RoundTemplates
    approvals: Approvals

    @classmethod
    def load(
        cls, project_round: ProjectRound, folder: OutputFolder, options: BuildOptions
    ) -> LetterBuilder:
        """Read the templates. Raises ProblemsFound."""
        round_templates = RoundTemplates.load(project_round, page_too=False)
        approvals = Approvals.load(project_round)
        return cls(project_round.round, folder, options, round_templates, approvals)

    def __call__(self, task: Task) -> Answer:
        """Make a letter, or find what is wrong with letters as the wording merges them."""
        if isinstance(task, BuildTask):
            return self.make(task)
        if found := () if task.is_sound else self._page_problems():
            return found
        letters = [self._ours(letter) for letter in task.letters]
        pdf = "pdf" in self.options.formats
        problems = letter_problems(
            self.round_templates, letters, drafts=self.options.drafts, pdf=pdf
        )
        drawn = () if problems else (each for each in letters if each.id in task.drawn)
        return problems or in_order(found for each in drawn for found in self._unseen(each))

    def _page_problems(self) -> tuple[Problem, ...]:
        return page_problems(self.round_templates.web, text_names(self.round))

    def _unseen(self, letter: Letter) -> Iterator[Problem]:
        """Words that a reader of the letter's pages would not see."""
        document, _ = self._as_it_is(letter)
        with suppress(RenderError):  # it stops that letter alone, once it is to be made
            yield from self._unseen_in(document, {})

    def _unseen_in(self, document: Document, files: Mapping[str, LetterFile]) -> Iterator[Problem]:
        """The same of a letter whose `files` are made, perhaps."""
        from letters.validators.pdf.drawn import drawn_findings  # it starts another engine

        made = (
            files if "pdf" in files else make_files(self.round_templates.render, document, ["pdf"])
        )
        place = Place(self.round_templates.web.print_css.file)
        fix = "Change print.css or letter.html until every word shows."
        for finding in drawn_findings(made["pdf"].artifact.content):
            yield Problem(place, f"{document.id}: {finding}.", fix)

    def make(self, task: BuildTask) -> Answer:
        """Make a letter and write its files; what stops it is in what is returned.

        Of a letter made for trial, the problems that would stop its round.
        """
        try:
            return self._made(task)
        except ProblemsFound as found:
            if task.is_trial:
                return in_order(found.problems)
            problem = str(found)
        except RenderError as error:
            problem = str(_where_recorded(error.problem, task.letter))
        except LettersError as error:
            problem = str(error)
        except OSError as error:
            problem = not_writable(error)
        return BuiltLetter(task.letter.id, State.FAILED, problem=problem)

    def _made(self, task: BuildTask) -> BuiltLetter:
        letter, id_ = self._ours(task.letter), task.letter.id
        document, approval = self._tried(letter) if task.is_trial else self._as_it_is(letter)
        files = make_files(self.round_templates.render, document, task.inputs)
        if unseen := tuple(self._unseen_in(document, files)) if task.is_drawn else ():
            raise ProblemsFound(unseen)
        edited = self._edited(task, files)
        if edited is not None and not self.options.discard_edits:
            return BuiltLetter(id_, State.EDITED, problem=_keep_or_discard(edited, files))
        if problem := _fault(files):
            return BuiltLetter(id_, State.FAILED, problem=problem)
        if edited is not None:
            now = datetime.now(UTC)
            self.folder.write(f"{EDITED}/{id_}.{now:%Y-%m-%dT%H-%M-%S}Z.docx", edited)
        state = State.DRAFT if document.draft else State.BUILT
        told = _unapproved(approval, self.round)
        return BuiltLetter(id_, state, self._written(task, files), told)

    def _tried(self, letter: Letter) -> tuple[Document, ApprovalState]:
        """A letter as it may be shown, its published edition looked at too."""
        editions = both_editions(self.round_templates, letter)
        return as_far_as_it_is(self.round_templates, self.approvals, letter, *editions)

    def _ours(self, letter: Letter) -> Letter:
        """A letter whose round is ours, for which the wording has been looked through already."""
        return replace(letter, round=self.round)

    def _as_it_is(self, letter: Letter) -> tuple[Document, ApprovalState]:
        """A letter as it may be shown, a draft until it is approved, and how far it is."""
        if self.options.drafts:
            return self.round_templates.typeset(letter, drafts=True), self.approvals.none
        return as_approved(self.round_templates, self.approvals, letter)

    def _edited(self, task: BuildTask, files: Mapping[str, LetterFile]) -> bytes | None:
        """The Word file that is there, where it is not as a build left it."""
        if "docx" not in files:
            return None
        made = files["docx"].artifact
        found = self.folder.read(output_path(made.name))
        is_ours = found is None or digest(found) in (digest(made.content), task.written)
        return None if is_ours else found

    def _written(self, task: BuildTask, files: Mapping[str, LetterFile]) -> dict[str, BuiltFile]:
        built = {}
        for format_, file in files.items():
            self.folder.write(output_path(file.artifact.name), file.artifact.content)
            made = BuiltFile.of(file.artifact, task.inputs[format_])
            built[format_] = replace(made, last_lines=_last_lines(file))
        return built


def _last_lines(file: LetterFile) -> int:
    from letters.validators.pdf.content import last_page_lines  # its libraries are slow to start

    is_pdf = file.artifact.name.endswith(".pdf")
    return last_page_lines(file.artifact.content) if is_pdf else 0


def _keep_or_discard(edited: bytes, files: Mapping[str, LetterFile]) -> str:
    """What is edited in a Word file, and what to do about it."""
    from letters.changes.words import changed_words  # its reader is seldom needed

    made = files["docx"].artifact
    return (
        f"{output_path(made.name)}: edited by hand since it was built:"
        f" {changed_words(edited, made.content)}."
        " Carry the change into the record or the wording,"
        f" or build with --discard-edits: the edited file is kept in {EDITED}/ then."
    )


def _unapproved(approval: ApprovalState, round_: Round) -> str:
    """Why a letter that was approved is a draft; nothing for one that is approved, or never was."""
    if approval.approved:
        return ""
    if approval.voided:
        return f"changed since it was approved: {approval.first_changes()}. Approve it again."
    return " ".join(approval.reasons(round_))


def _fault(files: Mapping[str, LetterFile]) -> str:
    """What validators find; nothing where all files are sound."""
    for format_, file in files.items():
        if found := [str(finding) for finding in file.findings]:
            more = f" And {len(found) - TOLD} more." if len(found) > TOLD else ""
            path, findings = output_path(file.artifact.name), "; ".join(found[:TOLD])
            return f"{path}: not written: {findings}.{more} {_FIXES[format_]}"
    return ""


def letter_problems(
    round_templates: RoundTemplates,
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
    problems = list(print_problems(round_templates.web)) if pdf else []
    for letter in letters:
        if drafts or letter.outcome:
            try:
                if drafts:
                    document = round_templates.typeset(letter, drafts=True)
                else:
                    document, _ = both_editions(round_templates, letter)
                found = _in_print(round_templates, document) if fonts else ()
                problems += (_where_recorded(each, letter) for each in found)
            except ProblemsFound as refused:
                problems += refused.problems
    return in_order(problems)


def _where_recorded(problem: Problem, letter: Letter) -> Problem:
    """The problem of a value at the place of the value, not at that where the wording prints it.

    Where only the file is known, of records or recipients, the letter is named too.
    """
    place = letter.places.get(problem.place.field, problem.place)
    typed_in = {RECIPIENTS.file, *(each.file for each in letter.places.values())}
    if place.file in typed_in and not (place.line or place.cell or place.field):
        place = place.at(letter.id)
    return replace(problem, place=place)


def _in_print(round_templates: RoundTemplates, document: Document) -> Iterator[Problem]:
    """A character that the PDF cannot draw.

    A letter is printed to find out only where the bundled font may lack one: a layout can bring
    other fonts.
    """
    said = [passage.text for passage in passages(document)]
    unusual = {*"".join([*said, *document.texts.values()])} - bundled_characters() - {"\n"}
    if unusual:
        try:
            round_templates.render(document, "pdf")
        except RenderError as error:
            yield error.problem
