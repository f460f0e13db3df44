"""A folder of files replaced whole: whatever happens, the old one is there or the new one.

A folder cannot be renamed over a full one, so the two change places in one step of the system:
renameat2 with RENAME_EXCHANGE on Linux, renameatx_np with RENAME_SWAP on macOS. Elsewhere, and on
file systems that cannot do it, the old folder steps aside for the instant in which the new one
takes its name; `settle`, which every later command calls, finishes what was cut off there.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

_AT_FDCWD = {"linux": -100, "darwin": -2}
_EXCHANGE = 2  # RENAME_EXCHANGE and RENAME_SWAP alike


def replace_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make `folder` hold exactly `files`, by path with `/` between folders; all at once.

    Raises OSError where the system refuses; the old folder is then still in place.
    """
    settle(folder)
    new = _beside(folder, "new")
    _remove(new)
    for name, content in files.items():
        _write(new / name, content)
    if not folder.exists():
        new.replace(folder)
    elif not _exchanged(new, folder):
        _step_aside(new, folder)
    _remove(new)


def settle(folder: Path) -> None:
    """Finish, or undo, a replacement that was cut off; does nothing otherwise."""
    old = _beside(folder, "old")
    if old.exists() and not folder.exists():
        old.replace(folder)
    _remove(old)


def read_folder(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path in it; none where there is no folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _beside(folder: Path, which: str) -> Path:
    """A hidden neighbour of `folder`: on the same disk, and served by nobody."""
    return folder.with_name(f".{folder.name}.{which}")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())  # or a power cut after the exchange could leave empty files


def _exchanged(one: Path, other: Path) -> bool:
    """Whether two folders changed places in one step; False where the system cannot do that."""
    names = {"linux": "renameat2", "darwin": "renameatx_np"}
    here = _AT_FDCWD.get(sys.platform)
    if here is None:
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), names[sys.platform], None)
    if rename is None:
        return False
    done: int = rename(here, os.fsencode(one), here, os.fsencode(other), _EXCHANGE)
    return done == 0


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
    if folder.exists():
        shutil.rmtree(folder)
