"""Where a build puts its files: a folder of this machine or an address of fsspec; its lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from letters.errors import UsageError
from letters.files import clear_half_written, write_whole

if TYPE_CHECKING:
    from letters.project import ProjectRound


SITE = "site"
"""The folder of a round's publication, beside that of its letters."""


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
    """A folder of this machine, or one that several machines share."""

    path: Path

    def read(self, name: str) -> bytes | None:
        """The content of a file; None where there is none."""
        try:
            return (self.path / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write(self, name: str, content: bytes) -> None:
        """Write a file whole, or leave what was there."""
        write_whole(self.path / name, content)

    def remove(self, name: str) -> None:
        """Delete a file if it is there."""
        (self.path / name).unlink(missing_ok=True)


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
    return LocalFolder(Path(out) if out else out_folder(project_round))


def out_folder(project_round: ProjectRound) -> Path:
    """Where a round is built unless another folder is asked for: `out/<round>` of the project."""
    return project_round.root / "out" / project_round.round.id


def trial_folder(project_round: ProjectRound) -> LocalFolder:
    """Where `check` makes letters for trial; the next build takes them from there."""
    return trial_of(out_folder(project_round))


def trial_of(out: Path) -> LocalFolder:
    """The trial folder of the round whose output folder is `out`."""
    return LocalFolder(out / ".checked")


def output_path(name: str) -> str:
    """The path in the output folder of a letter's file with this name."""
    return f"letters/{name}"


def not_writable(error: OSError) -> str:
    """What to do where the system refuses a file."""
    return (
        f"{error.filename or 'out/'}: this file cannot be written: {error.strerror}."
        " Close it if it is open in another program, see that the disk has room, and build again."
    )


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

    The system itself lets go of the lock when a process ends, however it ends; the empty file
    stays. `on_wait` is called once where another build is under way. A remote store has no lock.
    """
    if not isinstance(folder, LocalFolder):
        yield
        return
    from filelock import FileLock, Timeout  # a build with nothing to do needs none

    folder.path.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder.path / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        on_wait()
        lock.acquire()
    try:
        for each in (folder.path, folder.path / "letters"):
            clear_half_written(each)
        yield
    finally:
        lock.release()
