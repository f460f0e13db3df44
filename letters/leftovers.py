"""What a command that was killed left behind: the next one clears it, or brings it to its end."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from letters.build.output import (
    LOCK,
    NOTE,
    PART,
    RECORD,
    STAGED,
    TRIAL,
    LocalFolder,
    half_built,
)
from letters.build.record import BuildRecord
from letters.errors import ProblemsFound
from letters.files import half_written, is_inside, round_folders
from letters.folders import cut_off, remove, settle
from letters.locking import PROJECT_LOCK, sole_use


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
        for each in (folder, folder / TRIAL):
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
