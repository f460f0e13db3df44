"""The commands of the way back from Word: take-back, comments."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters.cli.answer import answer, give, say
from letters.cli.shared import forces_argument, pasted, round_option
from letters.cli.terminal import load_project, say_waiting, told
from letters.errors import UsageError, shortened

if TYPE_CHECKING:
    from letters.word.take_back import Decide, TakeBack, TracedChange


@click.command("take-back")
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@round_option
@click.option("--force", default="", metavar="ID", help="Whose letter the file is.")
@click.option(
    "--accept", metavar="N", multiple=True, type=click.IntRange(min=1), help="Accept this change."
)
@click.option(
    "--reject", metavar="N", multiple=True, type=click.IntRange(min=1), help="Accept all but this."
)
@click.option("--all", "accept_all", is_flag=True, help="Accept every change.")
@click.pass_obj
def take_back(
    folder: Path,
    files: tuple[Path, ...],
    round_id: str | None,
    force: str,
    accept: tuple[int, ...],
    reject: tuple[int, ...],
    accept_all: bool,
) -> None:
    """Carry changes made to Word letters into the wording and the records, one by one."""
    with told():
        from letters.word.take_back import open_take_back

        project = load_project(folder)
        with open_take_back(project, files, round_id=round_id, force=force) as back:
            _refuse_unknown((*accept, *reject), back.count)
            as_json = answer().as_json
            is_asked = not (accept or reject or accept_all or as_json)
            decide = _decided(accept, reject, accept_all=accept_all)
            if is_asked and sys.stdin.isatty():
                decide = _ask
            _show(back, decide, as_json=as_json)
            if not as_json:
                _keep_comments(back)


def _keep_comments(back: TakeBack) -> None:
    if count := back.keep_comments(say_waiting):
        noun = "1 comment" if count == 1 else f"{count} comments"
        path = f"rounds/{back.round.round.id}/comments.yaml"
        say(f"{noun} kept in {path}; 'letters comments' shows and answers them.")


@click.command()
@forces_argument
@round_option
@click.option(
    "--reply",
    "replies",
    metavar="N TEXT",
    multiple=True,
    type=(click.IntRange(min=1), str),
    help="Answer comment N; may be given again.",
)
@click.option(
    "--close", metavar="N", multiple=True, type=click.IntRange(min=1), help="Close comment N."
)
@click.pass_obj
def comments(
    folder: Path,
    forces: tuple[str, ...],
    round_id: str | None,
    replies: tuple[tuple[int, str], ...],
    close: tuple[int, ...],
) -> None:
    """Show and answer what people said in Word letters; open comments keep letters unapproved."""
    with told():
        from letters.merge import merge_letter
        from letters.word.comments import answer_comments, read_comments

        project = load_project(folder)
        project_round = project.round(round_id)
        asked = {merge_letter(project_round, force).id for force in forces}
        if empty := [number for number, reply in replies if not reply.strip()]:
            raise UsageError(f"The answer to comment {empty[0]} is empty.")
        where = (project_round.folder, project_round.root)
        if answers := {**dict.fromkeys(close, ""), **dict(replies)}:
            found = answer_comments(*where, answers, say_waiting)
        else:
            found = read_comments(*where)
        shown = [(n, c) for n, c in enumerate(found, 1) if not asked or c.letter in asked]
        give(comments=[{"number": n, **asdict(each)} for n, each in shown])
        for number, each in shown:
            say(f"{number}. {each.letter}, {each.said}")
        left = sum(each.is_open for _, each in shown)
        count = "1 comment" if len(shown) == 1 else f"{len(shown) or 'No'} comments"
        say(f"{count}, {left} open." if shown else f"{count}.")


def _refuse_unknown(numbers: tuple[int, ...], count: int) -> None:
    for number in numbers:
        if number > count:
            there = "There is no change" if not count else f"The last change is {count}, not"
            raise UsageError(f"{there} {number}. Nothing was written.")


def _decided(accept: tuple[int, ...], reject: tuple[int, ...], *, accept_all: bool) -> Decide:
    def decide(change: TracedChange) -> bool:
        if change.number in reject:
            return False
        return accept_all or change.number in accept or (bool(reject) and not accept)

    return decide


def _ask(_: TracedChange) -> bool:
    return click.confirm("   Accept it?", default=False)


def _show(back: TakeBack, decide: Decide, *, as_json: bool) -> None:
    accepted: list[int] = []

    def noted(change: TracedChange) -> bool:
        if is_accepted := decide(change):
            accepted.append(change.number)
        return is_accepted

    tell: Callable[[TracedChange], None] = (lambda _: None) if as_json else _tell
    changes = []
    for change in back.changes(noted):
        changes.append(change)
        tell(change)
    written = back.write(say_waiting)
    if as_json:
        give(**_plain(back, changes, accepted))
        return
    for file in back.files:
        for note in file.notes:
            say(f"{file.path.name}: {note}")
    _tell_end(back.round.round.id, changes, accepted, written)


def _tell(change: TracedChange) -> None:
    say(f"{change.number}. {change.file}, {change.by}: {change.said}")
    if change.around:
        say(f"   in '{shortened(change.around)}'")
    if change.is_made:
        say("   made already by a change accepted before")
    elif change.proposal:
        say(f"   {change.proposal.place}, {change.proposal.kind}: {change.reach}")
    else:
        say(f"   not carried: {change.refused}")


def _tell_end(
    round_id: str, changes: list[TracedChange], accepted: list[int], written: tuple[str, ...]
) -> None:
    if not changes:
        say("No word differs from the letter as it was built.")
        return
    count = "1 change" if len(changes) == 1 else f"{len(changes)} changes"
    open_ = [each for each in changes if each.proposal and each.number not in accepted]
    say(
        f"{count}, {len(accepted)} accepted, written to {', '.join(written)}."
        if written
        else f"{count}, none accepted; wording and records stay as they are."
    )
    if written:
        say(
            f"Edited files will be kept in out/{round_id}/edited/.\n"
            f"Next: {pasted(click.get_current_context().obj, 'build --discard-edits')}"
        )
    elif open_:
        say("Accept some with --accept N, or all with --all.")


def _plain(back: TakeBack, changes: list[TracedChange], accepted: list[int]) -> dict[str, object]:
    return {
        "round": back.round.round.id,
        "changes": [
            {
                "number": each.number,
                "file": each.file,
                "letter": each.letter,
                "by": [
                    {"author": e.name, "date": e.day.isoformat() if e.day else None}
                    for e in each.editors
                ],
                "was": each.was,
                "now": each.now,
                "place": str(each.proposal.place) if each.proposal else "",
                "kind": each.proposal.kind if each.proposal else "",
                "reach": each.reach,
                "refused": each.refused,
                "made_already": each.is_made,
                "accepted": each.number in accepted,
            }
            for each in changes
        ],
        "notes": [f"{file.path.name}: {note}" for file in back.files for note in file.notes],
    }


COMMANDS = (take_back, comments)
"""What the command line adds to its own."""
