"""A round's letters, made and written to `out/<round>/letters/`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from letters.build_record import (
    BuiltFile,
    BuiltLetter,
    State,
    digest_on_disk,
    out_folder,
    read_record,
    write_record,
)
from letters.check import letter_problems
from letters.edits import changed_words
from letters.errors import LettersError, Problem, ProblemsFound
from letters.files import digest, write_whole
from letters.inputs import inputs_digest, templates_digest
from letters.merge import letters_of, merge_letter
from letters.model import Letter
from letters.project import Project, ProjectRound
from letters.render.artifact import FORMATS, Artifact
from letters.render.stationery import Stationery


@dataclass(slots=True)
class _Build:
    """One build under way: where it writes and what it knows of the one before."""

    folder: Path
    formats: Collection[str]
    drafts: bool
    discard_edits: bool
    stationery: Stationery
    templates: str
    earlier: dict[str, BuiltLetter]

    def path(self, name: str) -> Path:
        return self.folder / "letters" / name

    def file(self, letter: str, format_: str) -> BuiltFile | None:
        """The file an earlier build wrote, if it is on record."""
        entry = self.earlier.get(letter)
        return entry.files.get(format_) if entry else None


def build_round(
    project: Project,
    project_round: ProjectRound,
    *,
    out: Path | None = None,
    forces: Iterable[str] = (),
    formats: Collection[str] = tuple(FORMATS),
    drafts: bool = False,
    discard_edits: bool = False,
    on_letter: Callable[[BuiltLetter], None] = lambda _: None,
) -> tuple[BuiltLetter, ...]:
    """Make the letters of a round, or of some `forces`, and write them and `build.json`.

    `out` is the folder to write to, `out/<round>` of the project unless given. `drafts` makes
    letters of unfinished records too, all marked as drafts; `discard_edits` overwrites Word letters
    that someone has edited by hand, which are refused otherwise.

    Every input and template is checked first: ProblemsFound is raised before anything is written
    (with drafts, only for faults of templates). After that one letter's failure stops no other: it
    is in the letters returned, and `on_letter` hears of each letter as it is done.
    """
    letters = _asked_for(project_round, forces)
    run = _Build(
        folder=out or out_folder(project_round),
        formats=formats,
        drafts=drafts,
        discard_edits=discard_edits,
        stationery=_checked(project, project_round, letters, drafts),
        templates=templates_digest(project_round),
        earlier=read_record(out or out_folder(project_round)),
    )
    done = {}
    for letter in letters:
        done[letter.id] = _build_letter(run, letter)
        on_letter(done[letter.id])
    known = {letter.id for letter in letters_of(project_round)}
    kept = {id_: entry for id_, entry in run.earlier.items() if id_ in known}
    write_record(run.folder, project_round.round.id, kept | done)
    return tuple(done.values())


def _asked_for(project_round: ProjectRound, forces: Iterable[str]) -> tuple[Letter, ...]:
    chosen = {
        letter.id: letter for letter in (merge_letter(project_round, force) for force in forces)
    }
    return tuple(chosen.values()) or letters_of(project_round)


def _checked(
    project: Project, project_round: ProjectRound, letters: tuple[Letter, ...], drafts: bool
) -> Stationery:
    """The round's stationery, once nothing is wrong with inputs, templates and letters."""
    problems: list[Problem] = [] if drafts else list(project.problems_of(project_round))
    try:
        stationery = Stationery.load(project_round)
    except ProblemsFound as found:
        raise ProblemsFound([*problems, *found.problems]) from None
    problems += letter_problems(stationery, letters, drafts=drafts)
    if problems:
        raise ProblemsFound(problems)
    return stationery


def _build_letter(run: _Build, letter: Letter) -> BuiltLetter:
    if not letter.outcome and not run.drafts:
        return _await(run, letter)
    try:
        document = run.stationery.typeset(letter, drafts=run.drafts)
        artifacts = {f: run.stationery.render(document, f) for f in run.formats}
        built = _refused(run, letter, artifacts) or _write(run, letter, artifacts)
    except LettersError as error:
        built = BuiltLetter(letter.id, State.FAILED, problem=str(error))
    except OSError as error:
        built = BuiltLetter(letter.id, State.FAILED, problem=_not_writable(run, error))
    return built.with_files(run.earlier.get(letter.id))


def _await(run: _Build, letter: Letter) -> BuiltLetter:
    """A letter without an outcome: what an earlier build made of it must not stay behind."""
    earlier = run.earlier.get(letter.id)
    for file in earlier.files.values() if earlier else ():
        if digest_on_disk(run.path(file.name)) == file.sha256:
            run.path(file.name).unlink()
    return BuiltLetter(letter.id, State.AWAITING)


def _refused(run: _Build, letter: Letter, artifacts: Mapping[str, Artifact]) -> BuiltLetter | None:
    """The letter, refused, where its Word file on disk is not as a build left it."""
    artifact = artifacts.get("docx")
    if artifact is None or run.discard_edits:
        return None
    path = run.path(artifact.name)
    on_disk = digest_on_disk(path)
    known = run.file(letter.id, "docx")
    if on_disk in ("", digest(artifact.content), known.sha256 if known else ""):
        return None
    changed = changed_words(path.read_bytes(), artifact.content)
    problem = (
        f"{path.relative_to(run.folder).as_posix()}: edited by hand since it was built: {changed}."
        " Carry the change into the record or the wording,"
        " or build with --discard-edits to overwrite it."
    )
    return BuiltLetter(letter.id, State.EDITED, problem=problem)


def _write(run: _Build, letter: Letter, artifacts: Mapping[str, Artifact]) -> BuiltLetter:
    inputs = inputs_digest(letter, run.templates, drafts=run.drafts)
    files = {}
    for format_, artifact in artifacts.items():
        write_whole(run.path(artifact.name), artifact.content)
        content = artifact.content
        files[format_] = BuiltFile(artifact.name, digest(content), len(content), inputs)
    return BuiltLetter(letter.id, State.DRAFT if run.drafts else State.BUILT, files)


def _not_writable(run: _Build, error: OSError) -> str:
    return (
        f"{error.filename or run.folder}: this file cannot be written: {error.strerror}."
        " Close it if it is open in another program, see that the disk has room, and build again."
    )
