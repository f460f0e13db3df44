"""A folder replaced whole: readers find the old one or the new one, whatever happens, whenever; and
files of folders read when they are asked for, since those of a large round fill no memory."""

import ctypes
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import SpooledTemporaryFile
from weakref import finalize

from letters.build.record import (
    EDITIONS,
    LOCK,
    NOTE,
    PART,
    RECORD,
    STAGED,
    TRIAL,
    BuildRecord,
    LocalFolder,
    half_built,
)
from letters.errors import Place, Problem, ProblemsFound
from letters.files import (
    PROJECT_LOCK,
    digest,
    half_written,
    is_inside,
    own_files,
    round_folders,
    sole_use,
)

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
    is_closed: bool = False,
    exchange: Callable[[Path, Path], bool] = exchange_folders,
) -> None:
    """Make `folder` hold exactly `files`, by path with `/` between folders; all at once.

    `exchange` has the new folder and the old one change places, where it can. One that `is_closed`
    nobody else on the machine may look into. Raises OSError where the system refuses; the old
    folder is then still in place.
    """
    settle(folder)
    new = _beside(folder, "new")
    new.mkdir(mode=0o700 if is_closed else 0o777, parents=True)
    for name in files:
        if not is_inside(new / name, new):
            raise ValueError(f"'{name}' leads out of the folder")
        _write(new / name, files[name])
    if not folder.exists():
        new.replace(folder)
    elif not exchange(new, folder):
        _step_aside(new, folder)
    remove(new)


def settle(folder: Path) -> None:
    """Finish, or undo, a replacement that was cut off; does nothing otherwise.

    Only where nobody else replaces the folder.
    """
    old = _beside(folder, "old")
    if old.exists() and not folder.exists():
        old.replace(folder)
    remove(old)
    remove(_beside(folder, "new"))


def cut_off(parent: Path) -> Iterator[Path]:
    """Find the folders in `parent` whose replacement was cut off, or is under way."""
    for which in _WHICH:
        for path in parent.glob(f".?*.{which}"):
            yield path.with_name(path.name[1:].removesuffix(f".{which}"))


_WHICH = ("new", "old")


class LazyFiles(Mapping[str, bytes]):
    """Files by path, each read by a function of its own whenever it is asked for."""

    def __init__(self, readers: Mapping[str, Callable[[], bytes]]) -> None:
        self._readers = readers

    def __getitem__(self, name: str) -> bytes:
        return self._readers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._readers)

    def __len__(self) -> int:
        return len(self._readers)


def chosen(files: Mapping[str, bytes], names: Iterable[str]) -> LazyFiles:
    """Those of `files` that are named."""
    return LazyFiles({name: partial(files.__getitem__, name) for name in names})


def joined(*several: Mapping[str, bytes]) -> LazyFiles:
    """Files of several kinds as one; of two by the same path the later."""
    return LazyFiles({name: partial(each.__getitem__, name) for each in several for name in each})


class Spool(Mapping[str, bytes]):
    """Contents by name: a few in memory, many in a file without a name, which ends with them."""

    def __init__(self, folder: Path | None = None) -> None:
        where = folder if folder and folder.is_dir() else None  # beside what is made of them
        self._file = SpooledTemporaryFile(  # noqa: SIM115  (open as long as its contents are used)
            max_size=_IN_MEMORY, dir=str(where) if where else None
        )
        self._spans: dict[str, tuple[int, int]] = {}
        finalize(self, self._file.close)

    def __setitem__(self, name: str, content: bytes) -> None:
        start = self._file.seek(0, os.SEEK_END)
        self._spans[name] = (start, self._file.write(content))

    def __getitem__(self, name: str) -> bytes:
        start, size = self._spans[name]
        self._file.seek(start)
        return self._file.read(size)

    def __iter__(self) -> Iterator[str]:
        return iter(self._spans)

    def __len__(self) -> int:
        return len(self._spans)


_IN_MEMORY = 32_000_000
"""Bytes of a spool that are worth no file: those of a national round."""


def read_folder(folder: Path) -> Mapping[str, bytes]:
    """Every file of a folder by its path in it; none where there is no folder.

    Links that lead out of it are no files of it. Each is read when it is asked for. Raises
    ProblemsFound where one is asked for again and is another by then.
    """
    paths = own_files(folder, folder)
    files = {path.relative_to(folder).as_posix(): _SameFile(path).read for path in paths}
    return LazyFiles(files)


class _SameFile:
    """A file that is read as it was the first time, or not at all."""

    def __init__(self, path: Path) -> None:
        self._path, self._sha256 = path, ""

    def read(self) -> bytes:
        with suppress(FileNotFoundError):
            content = self._path.read_bytes()
            now = digest(content)
            if now == (self._sha256 or now):
                self._sha256 = now
                return content
        what = "The file was changed or lost while the publication was looked at."
        raise ProblemsFound([Problem(Place(str(self._path)), what, "Run the command again.")])


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
    remove(old)


def remove(path: Path) -> None:
    """Delete a file, or a folder with all in it, if it is there; of a link the link alone."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


class _AtWork(Exception):  # noqa: N818  (no fault: another command is busy)
    """Another command is at work, so what is there may be its own."""


def clear_leftovers(root: Path) -> None:
    """Clear what killed commands left in the project in `root`; what others are at is left to them.

    Half-written files go; a folder that was being replaced is the old one or the new one; letters
    that a build had finished are in its record. Looks only, where there is nothing. Raises OSError
    where the system refuses.
    """
    if any((half_changed(root), half_replaced(root), half_staged(root))):
        _alone(root / PROJECT_LOCK, lambda: _clear(root))
    for folder in _outputs(root):
        for each in (folder, folder / TRIAL, folder / EDITIONS):
            if is_inside(each, folder) and (half_built(each) or (each / PART).is_file()):
                _alone(each / LOCK, partial(_end_build, each, folder.name))


def _alone(lock: Path, work: Callable[[], None]) -> None:
    """Do `work` while nobody else holds the lock; nothing if somebody does."""
    with suppress(_AtWork), sole_use(lock, _give_way):
        work()


def _give_way() -> None:
    raise _AtWork


def _outputs(root: Path) -> list[Path]:
    """The folders of rounds in `out/`, links that lead away left out."""
    out = root / "out"
    if not out.is_dir() or not is_inside(out, root):
        return []
    return [each for each in sorted(out.iterdir()) if each.is_dir() and is_inside(each, out)]


def half_changed(root: Path) -> list[Path]:
    """List files half written by commands that hold the project's lock."""
    inputs, outputs = [root / "schemas", *round_folders(root)], _outputs(root)
    folders = [*inputs, *(each / "approved" for each in inputs), *outputs]
    folders += (each / name for each in outputs for name in ("dispatch", "accuracy-check"))
    found = (path for each in folders if is_inside(each, root) for path in half_written(each))
    # A record of a build is written under another lock.
    return [path for path in found if not path.name.startswith(f".{RECORD}.")]


def half_replaced(root: Path) -> list[Path]:
    """List folders of publications whose replacement was cut off."""
    outputs = _outputs(root)
    return [each for parent in (root / "out", *outputs) if outputs for each in cut_off(parent)]


def half_staged(root: Path) -> list[Path]:
    """List staged files without their note, and notes without files: nothing is staged then."""
    both = [(each / STAGED, each / NOTE) for each in _outputs(root)]
    found = [a if a.exists() else b for a, b in both if a.exists() != b.exists()]
    return [path for path in found if not path.is_symlink()]  # a link is no command's


def _clear(root: Path) -> None:
    for path in (*half_changed(root), *half_staged(root)):
        remove(path)
    for folder in half_replaced(root):
        settle(folder)


def _end_build(folder: Path, round_id: str) -> None:
    """Put the letters that a build had finished into its record, so that the next goes on there."""
    for path in half_built(folder):
        remove(path)
    if (folder / PART).is_file():
        with suppress(ProblemsFound):  # one that cannot be read is told by the next build
            BuildRecord.read(LocalFolder(folder)).write(LocalFolder(folder), round_id)
