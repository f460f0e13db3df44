"""The commands of sign-off: approve, review, dispatch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters.cli.answer import answer, give, say
from letters.cli.shared import forces_argument, round_option
from letters.cli.terminal import key_option, load_project, say_waiting, stop_at, told

if TYPE_CHECKING:
    from letters.dispatch import Dispatched
    from letters.project import ProjectRound
    from letters.project.proofs import Signers


@click.command()
@forces_argument
@round_option
@click.option("--by", required=True, metavar="ID", help="Who approves, by id in round.yaml.")
@click.option("--revoke", is_flag=True, help="Take that person's approval back.")
@key_option
@click.pass_obj
def approve(
    folder: Path,
    forces: tuple[str, ...],
    round_id: str | None,
    by: str,
    revoke: bool,
    key: Path | None,
) -> None:
    """Record that somebody approved the letters of a round, or of some forces, as they are now."""
    with told():
        from letters.approvals.signing import approve_letters, revoke_letters

        project = load_project(folder)
        project_round = project.round(round_id)
        if revoke:
            signings = revoke_letters(project, project_round, forces, by=by, on_wait=say_waiting)
        else:
            now = datetime.now().astimezone()
            signings = approve_letters(
                project, project_round, forces, by=by, at=now, key=key, on_wait=say_waiting
            )
        give(letters=[{"id": s.id, "done": s.done, "approval": s.said} for s in signings])
        for each in signings:
            say(f"{each.id}: {each.said}")
        counts = Counter(each.done.value for each in signings)
        say(", ".join(f"{count} {done}" for done, count in counts.items()))


@click.command()
@round_option
@click.pass_obj
def review(folder: Path, round_id: str | None) -> None:
    """Make one PDF of all letters for the person who signs, in out/ROUND/review.pdf."""
    with told():
        from letters.approvals.review import review_round

        project = load_project(folder)
        now = datetime.now().astimezone()
        made = review_round(project, project.round(round_id), at=now, on_wait=say_waiting)
        facts = {"letters": [*made.letters], "pages": made.pages, "changed": [*made.changed]}
        give(path=_from_root(made.path, project.root), **facts)
        say(f"{_from_root(made.path, project.root)}: {made.said}")


@click.command()
@forces_argument
@round_option
@click.option(
    "--for-accuracy-check",
    is_flag=True,
    help="Attach marked drafts, approved or not, for comment on facts before sign-off.",
)
@click.pass_obj
def dispatch(
    folder: Path, forces: tuple[str, ...], round_id: str | None, for_accuracy_check: bool
) -> None:
    """Write an e-mail draft for each letter, its PDF attached, and send nothing."""
    with told():
        from letters.dispatch import dispatch_letters

        project = load_project(folder)
        done = dispatch_letters(
            project,
            project.round(round_id),
            forces,
            for_accuracy_check=for_accuracy_check,
            on_wait=say_waiting,
        )
        give(letters=[_plain(letter, project.root) for letter in done])
        for letter in done:
            say(f"{letter.id}: {letter.said}")
        folders = {_from_root(letter.path.parent, project.root) for letter in done if letter.path}
        counts = Counter(letter.word for letter in done)
        said = ", ".join(f"{count} {word}" for word, count in counts.items())
        say(f"{said}{''.join(f'; drafts in {each}/' for each in folders)}; nothing was sent")
        stop_at([problem for letter in done for problem in letter.problems])


def verify_approvals(paths: Iterable[Path], signers: Signers | None) -> bool:
    """Say which approvals of the rounds that `paths` are about no signature proves; whether none.

    Nothing is said of rounds whose people have no keys, unless `signers` are given.
    """
    with told():
        from letters.approvals.signing import audit_proofs

        audits = audit_proofs(paths, signers)
    rows = [{"file": e.file, "approvals": e.approvals, "proved": e.proved} for e in audits]
    give(approvals=rows)
    for each in audits:
        answer().problems += each.problems
        for problem in each.problems:
            say(problem)
        say(each.said)
    return not any(each.problems for each in audits)


def print_notes(
    project_round: ProjectRound, forces: Iterable[str] = (), *, whole: bool = False
) -> None:
    """What changed since it was approved, each sentence with the letters it is about."""
    from letters.merge import merge_letter
    from letters.status import approval_notes

    asked = {merge_letter(project_round, force).id for force in forces}
    for note, ids in approval_notes(project_round, whole=whole).items():
        about = [id_ for id_ in ids if not asked or id_ in asked]
        if about:
            say(f"{', '.join(about)}: {note}")


def _plain(letter: Dispatched, root: Path) -> dict[str, object]:
    path = _from_root(letter.path, root) if letter.path else ""
    return {"id": letter.id, "state": letter.word, "path": path, "by_post": [*letter.by_post]}


def _from_root(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


COMMANDS = (approve, review, dispatch)
"""What the command line adds to its own."""
