"""The published editions of letters as files: those that a build left sound are taken as they are;
the others are made once, by as many processes as a build has, and kept in the round's output."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from letters.build.executors import WorkerFailed, without_records
from letters.build.fingerprints import LetterDigests
from letters.build.letter import make_files
from letters.build.options import LIMIT
from letters.build.processes import local_executor
from letters.build.record import (
    EDITIONS,
    BuildRecord,
    BuiltFile,
    BuiltLetter,
    LocalFolder,
    State,
    not_writable,
    sole_build,
    trial_of,
)
from letters.document import Document
from letters.errors import LettersError, Place, Problem, ProblemsFound, RenderError
from letters.files import digest, tell_nobody
from letters.merge import letters_of
from letters.model import Letter
from letters.project import ProjectRound
from letters.render import FORMATS, Artifact
from letters.render.round_templates import RoundTemplates

if TYPE_CHECKING:
    from letters.render.words import Finding

Answer = Mapping[str, tuple[Artifact, tuple["Finding", ...]]] | Problem


@dataclass(frozen=True, slots=True)
class EditionFile:
    """A file of a letter's published edition: where it is, what it is, what validators find."""

    path: Path
    file: BuiltFile
    findings: tuple[Finding, ...] = ()

    def read(self) -> bytes:
        """Its content. Raises ProblemsFound where it is not there as it was found or made."""
        with suppress(OSError):
            content = self.path.read_bytes()
            if digest(content) == self.file.sha256:
                return content
        what = "The file was changed or lost while the letters were looked at."
        raise ProblemsFound([Problem(Place(str(self.path)), what, "Run the command again.")])


Files = Mapping[str, EditionFile] | Problem
"""A letter's published files by format, or why they cannot be made."""


@dataclass(frozen=True)
class EditionFiles:
    """The files of the published editions of a round's letters, in and below `out`."""

    project_round: ProjectRound
    out: Path

    @cached_property
    def are_templates_sound(self) -> bool:
        """Whether a command of this user found no fault in wording and layouts as they are now."""
        now = self._digests.templates()
        return any(each.templates_digest == now and each.is_sealed for _, each in self._records)

    def of(
        self,
        editions: Mapping[str, tuple[Letter, Document]],
        round_templates: RoundTemplates,
        jobs: int,
    ) -> Mapping[str, Files]:
        """The files of `editions` in every format, by the letters' ids; 0 `jobs` are one a core.

        An edition is a letter with the values that it is printed with, typeset. Raises
        LettersError where files cannot be written.
        """
        known = {id_: self._found(letter) for id_, (letter, _) in editions.items()}
        due = {id_: each for id_, each in editions.items() if len(known[id_]) < len(FORMATS)}
        return {**known, **(self._made(due, round_templates, jobs) if due else {})}

    def knows(self, letter: Letter, files: Mapping[str, bytes]) -> bool:
        """Whether files of a letter's edition, by format, are those that are known to be sound."""
        found = self._found(letter)
        return all(f in found and digest(files[f]) == found[f].file.sha256 for f in files)

    def _found(self, letter: Letter) -> dict[str, EditionFile]:
        """The files that are there as a command of this user made them of what is there now."""
        found = {}
        for folder, record in self._records:
            built = record.letters.get(letter.id)
            for format_, file in built.files.items() if built else ():
                if format_ not in found and self._is_current(letter, format_, file, folder):
                    found[format_] = EditionFile(folder.path / file.path, file)
        return found

    def _is_current(
        self, letter: Letter, format_: str, file: BuiltFile, folder: LocalFolder
    ) -> bool:
        inputs = self._digests.of(letter, format_, drafts=False)
        return file.inputs == inputs and file.is_sealed and file.is_in(folder)

    @cached_property
    def _digests(self) -> LetterDigests:
        return LetterDigests(self.project_round)

    @cached_property
    def _records(self) -> list[tuple[LocalFolder, BuildRecord]]:
        folders = (LocalFolder(self.out), trial_of(self.out), self._folder)
        return [(folder, BuildRecord.read(folder)) for folder in folders]

    @property
    def _folder(self) -> LocalFolder:
        return LocalFolder(self.out / EDITIONS)

    def _made(
        self,
        due: Mapping[str, tuple[Letter, Document]],
        round_templates: RoundTemplates,
        jobs: int,
    ) -> dict[str, Files]:
        """Make the files of editions, and keep those that are sound for the next command."""
        factory = partial(_begin, without_records(self.project_round))
        begun, documents = partial(_answer, round_templates), [d for _, d in due.values()]
        with local_executor(factory, jobs, LIMIT, len(due), begun) as executor:
            answers = zip(due.items(), executor.run(documents), strict=True)
            try:
                self._folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
                with sole_build(self._folder, tell_nobody):
                    made = {id_: self._written(id_, of, each) for (id_, (of, _)), each in answers}
                    self._keep(made)
            except OSError as error:
                raise LettersError(not_writable(error)) from error
        return made

    def _written(self, id_: str, letter: Letter, answer: Answer | WorkerFailed) -> Files:
        if isinstance(answer, WorkerFailed):
            place = Place(f"rounds/{self.project_round.round.id}", field=id_)
            return Problem(place, f"The letter {answer.why}.", "Run the command again.")
        if isinstance(answer, Problem):
            return answer
        files = {}
        for format_, (artifact, findings) in answer.items():
            inputs = self._digests.of(letter, format_, drafts=False)
            file = BuiltFile.of(artifact, inputs).sealed()
            self._folder.write(file.path, artifact.content)
            files[format_] = EditionFile(self._folder.path / file.path, file, findings)
        return files

    def _keep(self, made: Mapping[str, Files]) -> None:
        """Record the files that are sound, beside those of letters that the round still has."""
        ids = {letter.id for letter in letters_of(self.project_round)}
        before = dict(BuildRecord.read(self._folder).letters)
        for gone in before.keys() - ids:
            for file in before.pop(gone).files.values():
                self._folder.remove(file.path)
        sound = {
            id_: BuiltLetter(id_, State.BUILT, {f: each.file for f, each in files.items()})
            for id_, files in made.items()
            if not isinstance(files, Problem) and not any(each.findings for each in files.values())
        }
        BuildRecord({**before, **sound}).write(self._folder, self.project_round.round.id)


def _begin(project_round: ProjectRound) -> Callable[[Document], Answer]:
    """Read the templates, in this process or another. Raises ProblemsFound."""
    return partial(_answer, RoundTemplates.load(project_round, page_too=False))


def _answer(round_templates: RoundTemplates, document: Document) -> Answer:
    """A letter's files and what validators find in them, or why they cannot be made."""
    try:
        files = make_files(round_templates.render, document, FORMATS)
        return {format_: (file.artifact, file.findings) for format_, file in files.items()}
    except RenderError as error:
        return error.problem
