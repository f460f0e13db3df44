"""The commands of sign-off: approve, review, dispatch."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import click

from letters.terminal import load_project, round_option, told


@click.command()
@click.argument("forces", metavar="[FORCE]...", nargs=-1)
@round_option
@click.option("--by", required=True, metavar="ID", help="Who approves, by id in round.yaml.")
@click.option("--revoke", is_flag=True, help="Take that person's approval back.")
@click.pass_obj
def approve(
    folder: Path, forces: tuple[str, ...], round_id: str | None, by: str, revoke: bool
) -> None:
    """Record that somebody approved the letters of a round, or of some forces, as they are now."""
    with told():
        from letters.signing import approve_letters, revoke_letters

        project = load_project(folder)
        project_round = project.round(round_id)
        if revoke:
            signings = revoke_letters(project, project_round, forces, by=by)
        else:
            now = datetime.now().astimezone()
            signings = approve_letters(project, project_round, forces, by=by, at=now)
        for each in signings:
            click.echo(f"{each.id}: {each.said}")
        counts = Counter(each.done.value for each in signings)
        click.echo(", ".join(f"{count} {done}" for done, count in counts.items()))


COMMANDS = (approve,)
"""What the command line adds to its own."""
