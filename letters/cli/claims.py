"""The command that lists the numbers no claim covers, and writes entries that close them."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters.cli.terminal import load_project, round_option, told

if TYPE_CHECKING:
    from letters.gate.uncovered import Proposal


@click.command()
@round_option
@click.pass_obj
def claims(folder: Path, round_id: str | None) -> None:
    """List the numbers that are printed and not claimed, with entries for round.yaml."""
    with told():
        from letters.build.record import out_folder
        from letters.gate.candidate import Candidate
        from letters.gate.uncovered import open_numbers

        project = load_project(folder)
        project_round = project.round(round_id)
        candidate = Candidate(project, project_round, datetime.now(UTC), out_folder(project_round))
        found = open_numbers(candidate)
    true = [each for each in found if each.claims]
    _print("claims", "The records bear these out. Read each before you paste it.", true)
    rest = [each for each in found if not each.claims]
    _print("not_claims", "The records do not. Give the reason, or have them corrected.", rest)
    count = len(found)
    numbers = "1 number is" if count == 1 else f"{count or 'No'} numbers are"
    click.echo(f"{numbers} printed and neither claimed nor set aside.")
    sys.exit(1 if found else 0)


def _print(key: str, note: str, found: list[Proposal]) -> None:
    if found:
        click.echo(f"{key}:\n  # {note}")
    for each in found:
        click.echo(f"  # {each.number.place}: '{each.number.said.words}'\n{each.entry}")


COMMANDS = (claims,)
"""What the command line adds to its own."""
