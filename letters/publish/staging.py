"""Staged publications: the final bytes, made early, in `out/<round>/staged`, served by nobody."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from letters.build.record import NOTE, STAGED
from letters.errors import Place, Problem, ProblemsFound
from letters.files import digest, read_file, write_whole
from letters.folders import read_folder, remove, replace_folder, settle
from letters.ledger import Ledger
from letters.model import Model
from letters.project import ProjectRound
from letters.publish.assessments import SIGNATURE
from letters.publish.letterfiles import TypesetLetter, references

AGAIN = "Stage it again: letters publish --stage."


class Staged(Model):
    """How staged files came about: by which programs, from what, with which note, on which day."""

    software: Mapping[str, str]
    inputs: str
    files: str
    note: str
    day: date


@dataclass(frozen=True, slots=True)
class Release:
    """Files ready to be put in place, the ledger after that, and the letters that differ."""

    files: Mapping[str, bytes]
    ledger: Ledger
    changed: tuple[str, ...]


def write_staged(
    out: Path,
    files: Mapping[str, bytes],
    inputs: str,
    software: Mapping[str, str],
    day: date,
    note: str,
) -> Path:
    """Put files into the staging folder, which is closed to others. `day` is today in London."""
    replace_folder(out / STAGED, files, is_closed=True)
    staged = Staged(software=software, inputs=inputs, files=_digest(files), note=note, day=day)
    write_whole(out / NOTE, (staged.model_dump_json(indent=2) + "\n").encode())
    return out / STAGED


def is_staged(out: Path) -> bool:
    """Whether a publication is staged; whoever deletes its folder has undone that."""
    settle(out / STAGED)
    return (out / NOTE).exists() and (out / STAGED).exists()


def read_staged(
    out: Path, project_round: ProjectRound, inputs: str, software: Mapping[str, str]
) -> tuple[Staged, dict[str, bytes]] | None:
    """How the staged files came about, and those files, byte for byte; None where nothing is.

    Raises ProblemsFound where they are not those that were staged, or the round has changed since.
    """
    if not is_staged(out):
        return None
    files, staged = read_folder(out / STAGED), _note(out)
    if staged is None:
        what = "The note of what is staged, staged.json, was changed, or another version wrote it."
    elif staged.software != software:
        what = "Another version of this program, or of a part of it, staged these files."
    elif staged.files != _digest(files):
        what = "The staged files are not as they were staged."
    elif staged.inputs != inputs:
        what = "The round has changed since it was staged."
    else:
        return staged, files
    raise ProblemsFound([Problem(staged_place(project_round), what, AGAIN)])


def refuse_others(
    project_round: ProjectRound, staged: Mapping[str, bytes], made: Mapping[str, bytes]
) -> None:
    """Raise ProblemsFound where staged files are not those that the round makes: whoever writes in
    the staging folder can write its note too. The signature was made by hand, so it may differ.
    """
    names = sorted({*staged, *made} - {SIGNATURE})
    problems = [
        Problem(staged_place(project_round).at(name), _difference(name, staged, made), AGAIN)
        for name in names
        if staged.get(name) != made.get(name)
    ]
    if problems:
        raise ProblemsFound(problems)


def _difference(name: str, staged: Mapping[str, bytes], made: Mapping[str, bytes]) -> str:
    if name not in staged:
        return "The file is missing."
    if name not in made:
        return "The project makes no such file."
    return "The file is not the one that the project makes."


def unstage(out: Path) -> None:
    """Take the staging folder away; the note first, since without it nothing is staged."""
    (out / NOTE).unlink(missing_ok=True)
    with suppress(OSError):  # the next command tries again
        remove(out / STAGED)


def inputs_of(project_round: ProjectRound, prepared: tuple[TypesetLetter, ...]) -> str:
    """Digest of all that a publication is made from: round, letters, records, report."""
    letters = [f"{each.id} {each.made_of} {each.record}" for each in prepared]
    extra = references(project_round)[2]
    return digest("\n".join([repr(project_round.round), *letters, _digest(extra)]).encode())


def _note(out: Path) -> Staged | None:
    try:
        return Staged.model_validate_json(read_file(out / NOTE))
    except (OSError, ValidationError):
        return None


def _digest(files: Mapping[str, bytes]) -> str:
    names = sorted(name for name in files if name != SIGNATURE)
    return digest("\n".join(f"{name} {digest(files[name])}" for name in names).encode())


def staged_place(project_round: ProjectRound) -> Place:
    """Where problems with what is staged stand."""
    return Place(f"out/{project_round.round.id}/{STAGED}")
