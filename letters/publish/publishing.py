"""A round to its public folder: the gate, every file in memory, then the folder replaced whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from letters.errors import ProblemsFound, UsageError
from letters.project import Project, ProjectRound
from letters.project.moments import LONDON
from letters.publish.collection import collect
from letters.publish.composition import Edition, compose
from letters.publish.editorial import (
    differences,
    is_withdrawn,
    kept_files,
    lost_problems,
    note_problems,
)
from letters.publish.ledger import Ledger, read_ledger, write_ledger
from letters.publish.letterfiles import Prepared, make, prepare
from letters.publish.refusals import refuse, refuse_faults
from letters.publish.staging import NOTE, Release, read_staged, unstage, write_staged
from letters.publish.swap import read_folder, replace_folder, settle
from letters.render.stationery import Stationery

SITE = "site"


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published, or staged: the folder, how many letters and files it holds.

    `changed` are ids of letters that differ from those published before; `collection` is the folder
    of all rounds, where there are several.
    """

    folder: Path
    letters: int
    files: int
    changed: tuple[str, ...] = ()
    collection: Path | None = None


def publish(
    project: Project,
    project_round: ProjectRound,
    *,
    now: datetime,
    out: Path,
    stage: bool = False,
    note: str = "",
) -> Publication:
    """Publish a round as a static site in `out/site`, or prepare it in `out/staged`.

    `out` is the round's folder of output, `now` the moment, with its time zone. What was staged is
    put in place byte for byte, once the embargo is over. `note` says what changed in letters
    published before, and why. Where folders beside `out` hold publications of other rounds, the
    site of all rounds, `site` beside `out`, is renewed too.

    Raises ProblemsFound with every reason against publication: nothing was written then.
    """
    refuse(project, project_round, now=now, out=out, stage=stage)
    _refuse_note(out, stage, note)
    stationery = Stationery.load(project_round)
    prepared = prepare(project_round, stationery)
    release = None if stage else read_staged(out, project_round, prepared)
    if release is None:
        release = _made(project_round, stationery, prepared, now, out, note)
    if stage:
        folder = write_staged(out, release, project_round, prepared)
        return Publication(folder, len(prepared), len(release.files), release.changed)
    return put(project_round, out, release)


def put(project_round: ProjectRound, out: Path, release: Release) -> Publication:
    """Put a release in place: the ledger, the public folder whole, the site of all rounds."""
    # The ledger first: if the rest is cut off, publishing again finds nothing changed and ends it.
    write_ledger(project_round, release.ledger)
    replace_folder(out / SITE, release.files)
    unstage(out)
    letters = sum(not entry.withdrawn for entry in release.ledger.letters.values())
    collection = collect(out.parent)
    return Publication(out / SITE, letters, len(release.files), release.changed, collection)


def _made(
    project_round: ProjectRound,
    stationery: Stationery,
    prepared: tuple[Prepared, ...],
    now: datetime,
    out: Path,
    note: str,
) -> Release:
    settle(out / SITE)
    site, ledger = read_folder(out / SITE), read_ledger(project_round)
    files = {each.id: _files(stationery, each, ledger, site) for each in prepared}
    changed = differences(ledger, prepared, files)
    problems = (
        *note_problems(project_round, ledger, changed, note),
        *lost_problems(project_round, ledger, [each.id for each in prepared]),
    )
    if problems:
        raise ProblemsFound(problems)
    today = now.astimezone(LONDON).date()
    facts, whole = compose(Edition(project_round, prepared, files, ledger, changed, note, today))
    refuse_faults(project_round, facts, whole)
    return Release(whole, ledger.with_letters(facts.letters), tuple(c.letter for c in changed))


def _files(
    stationery: Stationery, prepared: Prepared, ledger: Ledger, site: Mapping[str, bytes]
) -> dict[str, bytes]:
    entry = ledger.letters.get(prepared.id)
    if entry and is_withdrawn(entry, prepared):
        return {}
    kept = kept_files(prepared, entry, site)
    return make(stationery, prepared) if kept is None else kept


def _refuse_note(out: Path, stage: bool, note: str) -> None:
    if note and not stage and (out / NOTE).exists():
        raise UsageError(
            "The files are staged, and their note with them. "
            "Publish without --note, or stage again with another."
        )
