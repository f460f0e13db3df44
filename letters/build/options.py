"""What may be asked of a build, and what it asks of others. Apart, for asking starts no engine."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from letters.render import FORMATS

if TYPE_CHECKING:
    from letters.model import Letter

LIMIT = 120.0
"""Seconds after which a letter is given up."""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How a round is built; every option has a usual value.

    `out` is the folder to write to, or an address of fsspec: `out/<round>` of the project unless
    given. `forces` limits the build to their letters, `formats` to some of "docx", "pdf" and
    "html". `drafts` makes letters of unfinished records too, all marked as drafts; `discard_edits`
    writes Word letters again that someone has edited by hand, which are refused otherwise; `fresh`
    makes letters again whose files are as they should be.

    `jobs` processes share the work, at most one a core, and 0 means one a core; a script that asks
    for more than one keeps its own start under `if __name__ == "__main__"`. `cluster` is the
    address of a Dask scheduler that does the work instead. The bytes are the same. A letter is
    given up after `limit` seconds. `project_digest`, made before the project was loaded, is kept in
    `build.json` for `letters.build.fingerprints.up_to_date`.
    """

    out: Path | str | None = None
    forces: Collection[str] = ()
    formats: Collection[str] = tuple(FORMATS)
    drafts: bool = False
    discard_edits: bool = False
    fresh: bool = False
    jobs: int = 1
    cluster: str = ""
    limit: float = LIMIT
    project_digest: str = ""


USUAL = BuildOptions()


@dataclass(frozen=True, slots=True)
class BuildTask:
    """A letter to make: the digest of its inputs for each format wanted.

    `written` is the SHA-256 of the Word file as the last build left it, or nothing. A letter made
    for trial has not been looked through; where `is_drawn`, its pages are drawn, too, to see
    whether all their words show.
    """

    letter: Letter
    inputs: Mapping[str, str]
    written: str = ""
    is_trial: bool = False
    is_drawn: bool = False


@dataclass(frozen=True, slots=True)
class CheckTask:
    """Letters to look through for problems, before any is made.

    `drawn` are those, by id, whose pages are drawn to see whether all their words show. With
    `is_sound` the layout's page is known to have no problem.
    """

    letters: tuple[Letter, ...]
    drawn: frozenset[str] = frozenset()
    is_sound: bool = False
