"""`letters doctor`: what the machine lacks, printed for its user and for a report of a fault."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from letters.cli.terminal import print_table, told


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
    print_table(("What", "State", "Found"), rows)
    lacking = [each.name for each in findings if not each.is_sound]
    click.echo(f"Lacking: {', '.join(lacking)}." if lacking else "Everything needed is there.")
    sys.exit(1 if lacking else 0)
