"""What a check has made of a project's very files, put in place by the build after it.

No model, template or engine is loaded for that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path, PurePath

from letters.build.fingerprints import up_to_date
from letters.build.record import (
    BuildRecord,
    BuiltFile,
    BuiltLetter,
    LocalFolder,
    not_writable,
    sole_build,
    trial_of,
)
from letters.errors import LettersError
from letters.render import FORMATS


def tried_letters(out: Path, formats: Collection[str], now: str) -> tuple[BuiltLetter, ...] | None:
    """The letters of a round, in order, if a check made each of them of what is there now.

    `out` is the round's output folder, `now` the `project_digest`. None where anything was built
    there before: a build looks at each such file.
    """
    trial = trial_of(out)
    if {*formats} != {*FORMATS} or up_to_date(trial, formats, now) is None:
        return None
    letters = tuple(BuildRecord.read(trial).letters.values())
    folder = LocalFolder(out)
    if BuildRecord.read(folder).letters or any(
        PurePath(file.name).name != file.name or folder.read(file.path) is not None
        for file in _files(letters)
    ):
        return None
    return letters


def take_over(out: Path, letters: Collection[BuiltLetter], on_wait: Callable[[], None]) -> None:
    """Put `tried_letters` in place, and their record. Raises LettersError where a file resists."""
    folder, trial = LocalFolder(out), trial_of(out)
    with sole_build(folder, on_wait):
        try:
            (out / "letters").mkdir(exist_ok=True)
            for file in _files(letters):
                (trial.path / file.path).replace(out / file.path)
            BuildRecord.read(trial).write(folder, out.name)
        except OSError as error:
            raise LettersError(not_writable(error)) from error


def _files(letters: Collection[BuiltLetter]) -> list[BuiltFile]:
    return [file for letter in letters for file in letter.files.values()]
