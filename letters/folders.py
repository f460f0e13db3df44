"""A folder replaced whole: readers find the old one or the new one, whatever happens, whenever."""

import ctypes
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from letters.files import is_inside, own_files

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
    for name, content in files.items():
        if not is_inside(new / name, new):
            raise ValueError(f"'{name}' leads out of the folder")
        _write(new / name, content)
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
    remove(old)


def remove(path: Path) -> None:
    """Delete a file, or a folder with all in it, if it is there; of a link the link alone."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
