"""Staged publications: the final bytes, made early, in `out/<round>/staged`, served by nobody."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from letters.build.record import NOTE, STAGED
from letters.errors import Place, Problem, ProblemsFound
from letters.files import digest, output_name, read_file, write_whole
from letters.folders import read_folder, remove, replace_folder, settle
from letters.ledger import Ledger, forgotten, read_ledger
from letters.model import Model
from letters.project import ProjectRound
from letters.publish.assessments import SIGNATURE
from letters.publish.letterfiles import TypesetLetter, references, validated
from letters.validators import Finding
from letters.validators.same_words import compare_formats

AGAIN = "Stage it again: letters publish --stage."


class Staged(Model):
    """What publishing the staged files needs: what they were made from, and the ledger after."""

    inputs: str
    files: str
    ledger: Ledger
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """Files ready to be put in place, the ledger after that, and the letters that differ."""

    files: Mapping[str, bytes]
    ledger: Ledger
    changed: tuple[str, ...]


def write_staged(
    out: Path, release: Release, project_round: ProjectRound, prepared: tuple[TypesetLetter, ...]
) -> Path:
    """Put the files of a release into the staging folder, which is closed to others."""
    replace_folder(out / STAGED, release.files, is_closed=True)
    staged = Staged(
        inputs=inputs_of(project_round, prepared),
        files=_digest(release.files),
        ledger=release.ledger,
        changed=release.changed,
    )
    write_whole(out / NOTE, (staged.model_dump_json(indent=2) + "\n").encode())
    return out / STAGED


def is_staged(out: Path) -> bool:
    """Whether a publication is staged; whoever deletes its folder has undone that."""
    settle(out / STAGED)
    return (out / NOTE).exists() and (out / STAGED).exists()


def read_staged(
    out: Path, project_round: ProjectRound, prepared: tuple[TypesetLetter, ...]
) -> Release | None:
    """What was staged, byte for byte; None where nothing was.

    Raises ProblemsFound where the staged files are not those that were staged, or the round has
    changed since.
    """
    if not is_staged(out):
        return None
    files, staged = read_folder(out / STAGED), _note(out)
    if staged is None or staged.files != _digest(files):
        what = "The staged files are not as they were staged."
        raise ProblemsFound([Problem(staged_place(project_round), what, AGAIN)])
    if staged.inputs != inputs_of(project_round, prepared):
        what = "The round has changed since it was staged."
        raise ProblemsFound([Problem(staged_place(project_round), what, AGAIN)])
    if lost := forgotten(project_round, read_ledger(project_round), staged.ledger):
        what = f"What is staged forgets what published.json says of {', '.join(lost)}."
        raise ProblemsFound([Problem(staged_place(project_round), what, AGAIN)])
    _refuse_other_words(project_round, prepared, staged.ledger, files)
    return Release(files, staged.ledger, staged.changed)


def _refuse_other_words(
    project_round: ProjectRound,
    prepared: tuple[TypesetLetter, ...],
    ledger: Ledger,
    files: Mapping[str, bytes],
) -> None:
    """Raise ProblemsFound where staged letters do not say what was approved.

    Whoever writes in the staging folder can write its note too.
    """
    found: dict[str, tuple[Finding, ...]] = {}
    for each in prepared:
        if each.id not in ledger.withdrawn:
            found |= validated(each, files)
            page = f"letters/{output_name(each.id, 'html')}"
            together = [path for path in (*each.paths.values(), page) if path in files]
            for path, findings in compare_formats({path: files[path] for path in together}).items():
                found[path] = (*found.get(path, ()), *findings)
    problems = [
        Problem(staged_place(project_round), f"{path}: {finding}", AGAIN)
        for path, findings in found.items()
        for finding in findings
    ]
    if problems:
        raise ProblemsFound(problems)


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
