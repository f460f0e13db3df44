"""`letters build` as its user sees it: a line or a bar for each letter, a sum, the problems."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters.cli.terminal import load_project, print_problems, rounds_asked
from letters.errors import ProblemsFound
from letters.files import find_root, round_folders

if TYPE_CHECKING:
    from letters.build.record import BuiltLetter
    from letters.project import Project, ProjectRound

INTERRUPTED = 130
"""The exit status of a command that was stopped with Ctrl-C, as shells know it."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line; see `build_round`."""

    folder: Path
    forces: tuple[str, ...]
    round_id: str | None
    formats: tuple[str, ...]
    drafts: bool
    discard_edits: bool
    fresh: bool
    jobs: int | None
    cluster: str
    out: str

    @property
    def is_whole(self) -> bool:
        """Whether whole rounds are built, each to its usual folder."""
        return not (self.forces or self.out)


def show_build(request: Request) -> bool:
    """Build what was asked for and say what became of it; whether all went well."""
    stamps = _stamps(request)
    asks_for_more = request.fresh or request.discard_edits
    if stamps and not asks_for_more and _all_stand(request, stamps):
        return True
    if request.fresh or not all(_is_built(request, id_) for id_ in stamps):
        _start_early(request)
    project = load_project(request.folder)
    done = [
        _build_round(project, each, request, stamps.get(each.round.id, ""))
        for each in rounds_asked(project, request.round_id, request.forces)
    ]
    return all(done)


def _stamps(request: Request) -> dict[str, str]:
    """The state of the files of each round asked for; none where less than a round is built."""
    root = find_root(request.folder) if request.is_whole else None
    if root is None:
        return {}
    from letters.build.fingerprints import stamp

    ids = [folder.name for folder in round_folders(root)]
    asked = [id_ for id_ in ids if request.round_id in (None, id_)]
    return {id_: stamp(root, id_, drafts=request.drafts) for id_ in asked}


def _is_built(request: Request, round_id: str) -> bool:
    root = find_root(request.folder)
    return root is not None and (root / "out" / round_id / "build.json").exists()


def _start_early(request: Request) -> None:
    """Load engines in the background while the project is read: a whole round is to be made."""
    from letters.build.processes import cores, start_early

    if min(request.jobs or cores(), cores()) > 1 and not request.cluster:
        start_early()


def _all_stand(request: Request, stamps: dict[str, str]) -> bool:
    from letters.build.fingerprints import standing_letters

    root = find_root(request.folder)
    found = {
        id_: root and standing_letters(root, id_, request.formats, stamps[id_]) for id_ in stamps
    }
    if not all(letters is not None for letters in found.values()):
        return False
    for id_, letters in found.items():
        if not sys.stdout.isatty():
            for letter in letters or ():
                click.echo(f"{letter.id}: {letter.state}")
        _print_summary(f"out/{id_}/letters/", letters or (), request.formats)
    return True


def _build_round(
    project: Project, project_round: ProjectRound, request: Request, stamp: str
) -> bool:
    from letters.build.processes import cores
    from letters.build.round import build_round

    try:
        with _progress(project_round, request) as on_letter:
            letters = build_round(
                project,
                project_round,
                out=request.out or None,
                forces=request.forces,
                formats=request.formats,
                drafts=request.drafts,
                discard_edits=request.discard_edits,
                fresh=request.fresh,
                jobs=cores() if request.jobs is None else request.jobs,
                cluster=request.cluster,
                stamp=stamp,
                on_letter=on_letter,
                on_wait=_say_waiting,
            )
    except ProblemsFound as found:
        print_problems(found.problems)
        click.echo(f"{project_round.round.id}: nothing was written.", err=True)
        return False
    except KeyboardInterrupt:
        click.echo("Stopped. Finished letters are kept; build again to go on from here.", err=True)
        sys.exit(INTERRUPTED)
    folder = f"{request.out or f'out/{project_round.round.id}'}/letters/"
    _print_summary(folder, letters, request.formats)
    problems = project.problems_of(project_round)
    print_problems(problems)
    return not problems and all(letter.state not in ("failed", "edited") for letter in letters)


def _say_waiting() -> None:
    click.echo("Another build of this round is under way; waiting for it to end.", err=True)


@contextmanager
def _progress(
    project_round: ProjectRound, request: Request
) -> Iterator[Callable[[BuiltLetter], None]]:
    """A bar on a terminal, a line a letter elsewhere."""
    if not sys.stdout.isatty():
        yield lambda letter: click.echo(f"{letter.id}: {letter.state}")
        return
    from letters.merge import letters_of

    length = len(request.forces) or len(letters_of(project_round))
    with click.progressbar(length=length, label=project_round.round.id) as bar:
        yield lambda _: bar.update(1)


def _print_summary(folder: str, letters: Sequence[BuiltLetter], formats: tuple[str, ...]) -> None:
    counts = Counter(letter.state.value for letter in letters)
    total = ", ".join(f"{count} {state}" for state, count in counts.items())
    files = (counts["built"] + counts["draft"] + counts["unchanged"]) * len(formats)
    click.echo(f"{total}; {files} files in {folder}")
    for letter in letters:
        if letter.problem:
            click.echo(f"{letter.id} {letter.state}: {letter.problem}", err=True)
