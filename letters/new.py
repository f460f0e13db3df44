"""A new project: the starter, or the complete example."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path

from letters.errors import UsageError
from letters.project import Project
from letters.schema import write_schemas


def new_project(directory: Path, *, example: bool = False) -> None:
    """Write a starter project, or the example round of 43 letters, into `directory`.

    Raises UsageError where the folder already holds something.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise UsageError(f"{directory} is not empty. Name a folder that is empty or not there yet.")
    package = files("letters.example")
    with as_file(package / ("project" if example else "starter")) as source:
        shutil.copytree(source, directory, dirs_exist_ok=True)
    with as_file(package / "letterhead") as source:
        shutil.copytree(source, directory / "templates" / "letterhead")
    (directory / "out").mkdir()
    write_schemas(Project.load(directory))
