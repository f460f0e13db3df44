"""`letters build` as its user sees it, a line or a bar for each letter, a sum, the problems; and
`letters doctor`, what the machine lacks."""

from __future__ import annotations

import logging
import shlex
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters.cli.answer import answer, complain, give, print_problems, print_table, say
from letters.cli.shared import pasted
from letters.cli.terminal import clear, load_project, rounds_asked, stop_at, told
from letters.errors import ProblemsFound, some
from letters.files import find_root, round_folders

log = logging.getLogger(__name__)


@click.command()
@click.pass_obj
def doctor(folder: Path) -> None:
    """Test what letters need of this machine, and print it for a report of a fault."""
    with told():
        from letters.doctor import examine

        findings = examine(folder)
    rows = [
        (each.name, "ok" if each.is_sound else "LACKS", f"{each.found}. {each.fix}".rstrip(". "))
        for each in findings
    ]
    give(
        found=[
            {"name": e.name, "is_sound": e.is_sound, "found": e.found, "fix": e.fix}
            for e in findings
        ]
    )
    print_table(("What", "State", "Found"), rows)
    lacking = [each.name for each in findings if not each.is_sound]
    say(f"Lacking: {', '.join(lacking)}." if lacking else "Everything needed is there.")
    sys.exit(1 if lacking else 0)


def show_project(folder: Path, round_id: str | None = None) -> None:
    """Say how far each round of the project is, and which commands come next."""
    from letters.status import round_status

    project = load_project(folder)
    stop_at([problem for lost in project.unreadable.values() for problem in lost])
    give(rounds=[])
    if not project.rounds:
        say("The project has no round yet.")
        say(f"Next: {pasted(folder, 'new-round ID')}")
    for each in [project.round(round_id)] if round_id else project.rounds:
        rows = round_status(each)
        counts = Counter(row.state for row in rows)
        told = ", ".join(f"{count} {state}" for state, count in counts.items())
        say(f"{each.round.id}: {each.round.title}")
        say(f"  {len(rows)} letters: {told}.")
        only = "" if len(project.rounds) == 1 else f" -r {each.round.id}"
        steps = []
        for command, why in _next_steps(each, rows, is_faulty=bool(project.problems_of(each))):
            if command == "verify":
                line = f"letters verify {shlex.quote((folder / 'out').as_posix())}"
            else:
                line = pasted(folder, f"{command}{only}")
            steps.append({"why": why, "command": line})
            say(f"  {why}\n  Next: {line}")
        facts = {"id": each.round.id, "title": each.round.title, "letters": len(rows)}
        give(rounds=[{**facts, "states": counts, "next": steps}])


def _next_steps(
    project_round: ProjectRound, rows: Sequence[LetterStatus], *, is_faulty: bool
) -> Iterator[tuple[str, str]]:
    """The commands that make sense now, each with the reason."""
    if is_faulty:
        yield "check", "It has problems."
        return
    finished = [row for row in rows if row.state != "awaiting"]
    if waiting := len(rows) - len(finished):
        verb = "awaits" if waiting == 1 else "await"
        yield "status", f"{waiting} {verb} an outcome."
    if stale := [row for row in finished if row.state not in ("built", "draft")]:
        yield "build", f"{len(stale)} to make."
    open_ = [row for row in finished if row.approved not in ("", "approved")]
    if open_ and project_round.round.people:
        yield "review", f"{len(open_)} not approved."
    if finished and not open_ and not waiting and not stale:
        if all(row.published for row in rows):
            yield "verify", "It is published."
        else:
            yield "check --publication", "All are built and approved."


if TYPE_CHECKING:
    from letters.build.options import BuildOptions
    from letters.build.record import BuiltLetter
    from letters.project import Project, ProjectRound
    from letters.status import LetterStatus

INTERRUPTED = 130
"""The exit status of a command that was stopped with Ctrl-C, as shells know it."""


def show_build(folder: Path, round_id: str | None, options: BuildOptions) -> bool:
    """Build what was asked for and say what became of it; whether all went well."""
    clear(folder)
    root = find_root(folder)
    is_whole = not (options.forces or options.out)
    digests = project_digests(folder, round_id, drafts=options.drafts) if is_whole else {}
    asks_for_more = options.fresh or options.discard_edits
    if root and digests and not asks_for_more and _all_up_to_date(root, digests, options):
        return True
    if options.fresh or not all(_is_built(root, id_) for id_ in digests):
        _start_early(options)
    project = load_project(folder)
    done = [
        _build_round(project, each, replace(options, project_digest=digests.get(each.round.id, "")))
        for each in rounds_asked(project, round_id, options.forces)
    ]
    return all(done)


def project_digests(folder: Path, round_id: str | None, *, drafts: bool = False) -> dict[str, str]:
    """The digest of the files of each round asked for, in the project that `folder` is in."""
    from letters.build.fingerprints import project_digest

    root = find_root(folder)
    ids = [path.name for path in round_folders(root)] if root else []
    asked = [id_ for id_ in ids if round_id in (None, id_)]
    return {id_: project_digest(root, id_, drafts=drafts) for id_ in asked if root}


def _is_built(root: Path | None, round_id: str) -> bool:
    """Whether letters are there already, as a build or a trial left them."""
    records = (f"out/{round_id}/build.json", f"out/{round_id}/.checked/build.json")
    return root is not None and any((root / record).exists() for record in records)


def _start_early(options: BuildOptions) -> None:
    """Load engines in the background while the project is read: a whole round is to be made."""
    from letters.build.processes import cores, start_early

    if options.jobs != 1 and cores() > 1 and not options.cluster:
        start_early(pdf="pdf" in options.formats)


def _all_up_to_date(root: Path, digests: Mapping[str, str], options: BuildOptions) -> bool:
    """Whether all letters are as they should be, or become so by what a check made of them."""
    from letters.build.fingerprints import take_over, tried_letters, up_to_date
    from letters.build.record import LocalFolder, out_of

    found = {}
    for id_, now in digests.items():
        out = out_of(root, id_)
        built = up_to_date(LocalFolder(out), options.formats, now)
        tried = None if built is not None else tried_letters(out, options.formats, now)
        found[out] = built, tried
    if any(built is None and tried is None for built, tried in found.values()):
        return False
    for out, (built, tried) in found.items():
        if tried is not None:
            take_over(out, tried, _say_waiting)
        letters = built or tried or ()
        if not sys.stdout.isatty():
            for letter in letters:
                say(f"{letter.id}: {letter.state}")
        _give_letters(out.name, letters)
        _print_summary(f"out/{out.name}/letters/", letters, options.formats)
    return True


def _build_round(project: Project, project_round: ProjectRound, options: BuildOptions) -> bool:
    from letters.build.round import build_round

    try:
        with _progress(project_round, options) as on_letter:
            letters = build_round(
                project, project_round, options, on_letter=on_letter, on_wait=_say_waiting
            )
    except ProblemsFound as found:
        print_problems(found.problems)
        complain(f"{project_round.round.id}: nothing was written.")
        return False
    except KeyboardInterrupt:
        complain("Stopped. Finished letters are kept; build again to go on from here.")
        sys.exit(INTERRUPTED)
    folder = f"{options.out or f'out/{project_round.round.id}'}/letters/"
    _give_letters(project_round.round.id, letters)
    _print_summary(folder, letters, options.formats)
    problems = project.problems_of(project_round)
    print_problems(problems)
    return not problems and all(letter.state not in ("failed", "edited") for letter in letters)


def _say_waiting() -> None:
    complain("Another build of this round is under way; waiting for it to end.")


@contextmanager
def _progress(
    project_round: ProjectRound, options: BuildOptions
) -> Iterator[Callable[[BuiltLetter], None]]:
    """A bar on a terminal, a line a letter elsewhere."""
    if not sys.stdout.isatty() or answer().as_json or answer().is_quiet:
        yield lambda letter: say(f"{letter.id}: {letter.state}")
        return
    from letters.merge import letters_of

    length = len(options.forces) or len(letters_of(project_round))
    with click.progressbar(length=length, label=project_round.round.id) as bar:
        yield lambda _: bar.update(1)


def _give_letters(round_id: str, letters: Sequence[BuiltLetter]) -> None:
    for each in letters:
        log.info("%s: %s %s", each.id, each.state.value, each.problem)
    rows = [
        {"round": round_id, "id": each.id, "state": each.state.value, "problem": each.problem}
        | {"files": [file.name for file in each.files.values()]}
        for each in letters
    ]
    give(letters=rows)


def _print_summary(folder: str, letters: Sequence[BuiltLetter], formats: Collection[str]) -> None:
    counts = Counter(letter.state.value for letter in letters)
    total = ", ".join(f"{count} {state}" for state, count in counts.items())
    files = (counts["built"] + counts["draft"] + counts["unchanged"]) * len(formats)
    say(f"{total}; {files} files in {folder}")
    _print_nearly_empty(letters)
    for letter in letters:
        if letter.problem:
            complain(f"{letter.id} {letter.state}: {letter.problem}")


NEARLY_EMPTY = 8
"""Lines of a page that holds a signature, two lines of text before it, and hardly more."""


def _print_nearly_empty(letters: Sequence[BuiltLetter]) -> None:
    """Say which letters end on a page with little on it: a word less may save it."""
    pdfs = {letter.id: letter.files["pdf"] for letter in letters if "pdf" in letter.files}
    ids = [id_ for id_, file in pdfs.items() if 0 < file.last_lines <= NEARLY_EMPTY]
    if ids:
        verb = "letter ends" if len(ids) == 1 else "letters end"
        say(
            f"{len(ids)} {verb} on a nearly empty page ({NEARLY_EMPTY} lines at most): {some(ids)}."
        )
