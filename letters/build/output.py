"""Where a build puts its files: a folder of this machine or an address of fsspec; its lock."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from letters.errors import LettersError, Place, Problem, ProblemsFound, UsageError
from letters.files import (
    LEADS_OUT,
    NO_LINK,
    find_root,
    half_written,
    is_inside,
    refuse_outside,
    relative,
    write_whole,
)
from letters.locking import sole_use

if TYPE_CHECKING:
    from letters.project import ProjectRound


SITE = "site"
"""The folder of a round's publication, beside that of its letters."""

STAGED, NOTE = "staged", "staged.json"
"""The folder of what is staged, and the note without which nothing is."""


class OutputFolder(Protocol):
    """Files by path, `/` between folders. Every method may raise OSError."""

    def read(self, name: str) -> bytes | None:
        """The content of a file; None where there is none."""

    def write(self, name: str, content: bytes) -> None:
        """Write a file whole, or leave what was there."""

    def remove(self, name: str) -> None:
        """Delete a file if it is there."""


@dataclass(frozen=True, slots=True)
class LocalFolder:
    """A folder of this machine, or one that several machines share.

    Nothing outside it is touched: a path that leads out, links followed, raises ProblemsFound.
    """

    path: Path

    def read(self, name: str) -> bytes | None:
        """The content of a file; None where there is none."""
        try:
            return self._inside(name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write(self, name: str, content: bytes) -> None:
        """Write a file whole, or leave what was there."""
        write_whole(self._inside(name), content)

    def remove(self, name: str) -> None:
        """Delete a file if it is there."""
        self._inside(name).unlink(missing_ok=True)

    def _inside(self, name: str) -> Path:
        path = self.path / name
        if not is_inside(path.parent, self.path):
            raise ProblemsFound([Problem(Place(str(path)), LEADS_OUT, NO_LINK)])
        return path


@dataclass(frozen=True, slots=True)
class RemoteFolder:
    """A store at an address of fsspec, such as `s3://bucket/letters`; its own driver is needed."""

    address: str

    def read(self, name: str) -> bytes | None:
        """The content of a file; None where there is none."""
        files, path = self._open(name)
        try:
            content: bytes = files.cat_file(path)
        except FileNotFoundError:
            return None
        return content

    def write(self, name: str, content: bytes) -> None:
        """Write a file; such stores show it whole or not at all."""
        files, path = self._open(name)
        files.makedirs(files._parent(path), exist_ok=True)
        files.pipe_file(path, content)

    def remove(self, name: str) -> None:
        """Delete a file if it is there."""
        files, path = self._open(name)
        if files.exists(path):
            files.rm_file(path)

    def _open(self, name: str) -> tuple[Any, str]:
        import fsspec

        files, root = fsspec.core.url_to_fs(self.address)
        return files, f"{root.rstrip('/')}/{name}"


def output_folder(project_round: ProjectRound, out: Path | str | None) -> OutputFolder:
    """Where a round is built: `out/<round>` of the project, another folder, or an address.

    Raises UsageError for an address where fsspec is not installed.
    """
    if isinstance(out, str) and "://" in out:
        _require_fsspec(out)
        return RemoteFolder(out)
    if out:
        refuse_outside(_links(Path(out)), Path(out))
        return LocalFolder(Path(out))
    return LocalFolder(out_folder(project_round))


def out_folder(project_round: ProjectRound) -> Path:
    """Where a round is built unless another folder is asked for: `out/<round>` of the project.

    Raises ProblemsFound where it, or anything in it, is a link that leads out.
    """
    return out_of(project_round.root, project_round.round.id)


def out_of(root: Path, round_id: str) -> Path:
    """Find the same for the project in `root`."""
    out = root / "out"
    folder = out / round_id
    refuse_outside([out, folder, out / SITE], root, root)
    refuse_outside([*_links(folder), *_links(folder / TRIAL)], folder, root)
    return folder


def _links(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_symlink()] if folder.is_dir() else []


TRIAL = ".checked"
"""The folder of a round's letters that `check` makes for trial."""


def trial_folder(project_round: ProjectRound) -> LocalFolder:
    """Where `check` makes letters for trial; the next build takes them from there."""
    return trial_of(out_folder(project_round))


def trial_of(out: Path) -> LocalFolder:
    """The trial folder of the round whose output folder is `out`."""
    return LocalFolder(out / TRIAL)


def output_path(name: str) -> str:
    """The path in the output folder of a letter's file with this name."""
    return f"letters/{name}"


def place_in(folder: OutputFolder, name: str) -> Place:
    """Name where a file of an output folder is, from the project's folder where it is in one."""
    if not isinstance(folder, LocalFolder):
        return Place(name)
    path, root = folder.path.resolve() / name, find_root(folder.path)
    return Place(relative(path, root) if root else str(path))


def not_writable(error: OSError) -> str:
    """What to do where the system refuses a file."""
    return (
        f"{error.filename or 'out/'}: this file cannot be written: {error.strerror}."
        " Close it if it is open in another program, see that the disk has room, and build again."
    )


ROOM = 20_000_000
"""Bytes of room that a build needs, whatever it makes."""

ROOM_EACH = 1_000_000
"""Bytes of room for each letter: its files, and those that they take the place of."""


def require_room(folder: OutputFolder, count: int) -> None:
    """Raise LettersError where `count` letters cannot be written to a folder of this machine."""
    if not isinstance(folder, LocalFolder) or not count:
        return
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder.path):
            pass
        free, needed = shutil.disk_usage(folder.path).free, ROOM + count * ROOM_EACH
    except OSError as error:
        what = f"{folder.path}: nothing can be written in this folder: {error.strerror}."
        raise LettersError(f"{what} {_writable(error, folder.path)}") from error
    if free < needed:
        what = f"{folder.path}: the disk has {free // 1_000_000:,} MB of room"
        what = f"{what}; {count:,} letters need {needed // 1_000_000:,} MB."
        raise LettersError(f"{what} Delete what nobody needs, or build elsewhere with --out.")


def _writable(error: OSError, folder: Path) -> str:
    if error.errno in (errno.EACCES, errno.EPERM) and os.name == "posix":
        return f"Run: chmod u+rwx '{folder}', or build elsewhere with --out."
    return "Make room there, or build elsewhere with --out."


def _require_fsspec(address: str) -> None:
    try:
        import fsspec  # noqa: F401
    except ImportError:
        raise UsageError(
            f"Writing to '{address}' needs fsspec. Install 'assessment-letters[cluster]'."
        ) from None


LOCK = ".build.lock"


@contextmanager
def sole_build(folder: OutputFolder, on_wait: Callable[[], None]) -> Iterator[None]:
    """While this lasts, no other build writes to the folder.

    `on_wait` is called once where another build is under way. A remote store has no lock.
    """
    if not isinstance(folder, LocalFolder):
        yield
        return
    with sole_use(folder.path / LOCK, on_wait):
        for path in half_built(folder.path):
            path.unlink(missing_ok=True)
        yield


def half_built(folder: Path) -> list[Path]:
    """List the files that a build has begun to write in its folder, or had when it was killed."""
    return half_written(folder, RECORD) + half_written(folder / "letters")


RECORD, PART = "build.json", "build.part"
"""The record of a build, and its journal while it lasts; see `letters.build.record`."""
