"""Staged publications: the final bytes, made early, in `out/<round>/staged`, served by nobody."""

import ctypes
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from letters.errors import Place, Problem, ProblemsFound
from letters.files import (
    digest,
    is_inside,
    output_name,
    own_files,
    write_whole,
)
from letters.ledger import Ledger
from letters.model import Model
from letters.project import ProjectRound
from letters.publish.letterfiles import Prepared, judged, references
from letters.validators import Finding
from letters.validators.agreement import judge_letter

_AT_FDCWD = {"linux": -100, "darwin": -2}
_EXCHANGE = 2  # RENAME_EXCHANGE and RENAME_SWAP alike


def exchange_folders(one: Path, other: Path) -> bool:
    """Have two folders change places in one step; False where the system cannot do that."""
    names = {"linux": "renameat2", "darwin": "renameatx_np"}
    here = _AT_FDCWD.get(sys.platform)
    if here is None:
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), names[sys.platform], None)
    if rename is None:
        return False
    done: int = rename(here, os.fsencode(one), here, os.fsencode(other), _EXCHANGE)
    return done == 0


def replace_folder(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    exchange: Callable[[Path, Path], bool] = exchange_folders,
) -> None:
    """Make `folder` hold exactly `files`, by path with `/` between folders; all at once.

    `exchange` has the new folder and the old one change places, where it can. Raises OSError where
    the system refuses; the old folder is then still in place.
    """
    settle(folder)
    new = _beside(folder, "new")
    _remove(new)
    for name, content in files.items():
        if not is_inside(new / name, new):
            raise ValueError(f"'{name}' leads out of the folder")
        _write(new / name, content)
    if not folder.exists():
        new.replace(folder)
    elif not exchange(new, folder):
        _step_aside(new, folder)
    _remove(new)


def settle(folder: Path) -> None:
    """Finish, or undo, a replacement that was cut off; does nothing otherwise."""
    old = _beside(folder, "old")
    if old.exists() and not folder.exists():
        old.replace(folder)
    _remove(old)


def read_folder(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path in it; none where there is no folder.

    Links that lead out of it are no files of it.
    """
    paths = own_files(folder, folder)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _beside(folder: Path, which: str) -> Path:
    """A hidden neighbour of `folder`: on the same disk, and served by nobody."""
    return folder.with_name(f".{folder.name}.{which}")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())  # or a power cut after the exchange could leave empty files


def _step_aside(new: Path, folder: Path) -> None:
    old = _beside(folder, "old")
    folder.replace(old)
    try:
        new.replace(folder)
    except OSError:
        old.replace(folder)
        raise
    _remove(old)


def _remove(folder: Path) -> None:
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


STAGED, NOTE = "staged", "staged.json"
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
    out: Path, release: Release, project_round: ProjectRound, prepared: tuple[Prepared, ...]
) -> Path:
    """Put the files of a release into the staging folder."""
    replace_folder(out / STAGED, release.files)
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
    out: Path, project_round: ProjectRound, prepared: tuple[Prepared, ...]
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
    _refuse_other_words(project_round, prepared, staged.ledger, files)
    return Release(files, staged.ledger, staged.changed)


def _refuse_other_words(
    project_round: ProjectRound,
    prepared: tuple[Prepared, ...],
    ledger: Ledger,
    files: Mapping[str, bytes],
) -> None:
    """Raise ProblemsFound where staged letters do not say what was approved.

    Whoever writes in the staging folder can write its note too.
    """
    found: dict[str, tuple[Finding, ...]] = {}
    for each in prepared:
        if each.id not in ledger.withdrawn:
            found |= judged(each, files)
            page = f"letters/{output_name(each.id, 'html')}"
            together = [path for path in (*each.paths.values(), page) if path in files]
            for path, findings in judge_letter({path: files[path] for path in together}).items():
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
    shutil.rmtree(out / STAGED, ignore_errors=True)


def inputs_of(project_round: ProjectRound, prepared: tuple[Prepared, ...]) -> str:
    """Digest of all that a publication is made from: round, letters, records, report."""
    letters = [f"{each.id} {each.made_of} {each.record}" for each in prepared]
    extra = references(project_round)[2]
    return digest("\n".join([repr(project_round.round), *letters, _digest(extra)]).encode())


def _note(out: Path) -> Staged | None:
    try:
        return Staged.model_validate_json((out / NOTE).read_bytes())
    except (OSError, ValidationError):
        return None


def _digest(files: Mapping[str, bytes]) -> str:
    return digest("\n".join(f"{name} {digest(files[name])}" for name in sorted(files)).encode())


def staged_place(project_round: ProjectRound) -> Place:
    """Where problems with what is staged stand."""
    return Place(f"out/{project_round.round.id}/{STAGED}")
