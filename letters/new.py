"""A new project: the starter, or the complete example."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from letters.errors import UsageError
from letters.files import is_ignored
from letters.project import Project
from letters.schema import write_schemas

_HERE = Path(__file__).parent
_EXAMPLE = _HERE / "example"


def new_project(directory: Path, *, example: bool = False) -> None:
    """Write a starter project, or the example round of 43 letters, into `directory`.

    Raises UsageError where the folder already holds something.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise UsageError(f"{directory} is not empty. Name a folder that is empty or not there yet.")
    project = _EXAMPLE / ("project" if example else "starter")
    shutil.copytree(letterhead(), directory / "templates/letterhead", ignore=_ignored)
    shutil.copytree(project, directory, dirs_exist_ok=True)  # the example has its own crest
    (directory / "out").mkdir()
    write_schemas(Project.load(directory))


def letterhead() -> Path:
    """The layout that new projects start from: this repository's own; in the package once built."""
    built = _EXAMPLE / "letterhead"
    return built if built.is_dir() else _HERE.parent / "templates/letterhead"


def _ignored(_: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if is_ignored(name)]
