"""`letters check --publication`: every condition of publication, and every reason against it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from letters.cli.terminal import print_problems, print_table

if TYPE_CHECKING:
    from letters.project import Project, ProjectRound
    from letters.publish.gate import Result


def tell_gate(project: Project, rounds: tuple[ProjectRound, ...], *, as_json: bool) -> bool:
    """Print what the gate finds in each round; whether nothing is against their publication."""
    from letters.batch.shelves import out_folder
    from letters.publish.gate import results

    now = datetime.now(UTC)
    found = {
        each.round.id: results(project, each, now=now, out=out_folder(each)) for each in rounds
    }
    if as_json:
        click.echo(_json(found))
    else:
        for id_, of_round in found.items():
            _print(id_, of_round)
    return all(result.holds for of_round in found.values() for result in of_round)


def _print(round_id: str, results: tuple[Result, ...]) -> None:
    rows = [(each.condition.name, each.condition.sentence, each.word) for each in results]
    click.echo(f"Publication of {round_id}")
    print_table(("Condition", "What must hold", "Holds"), rows)
    problems = [problem for each in results for problem in each.problems]
    print_problems(problems)
    if not problems:
        click.echo("It may be published.")


def _json(found: dict[str, tuple[Result, ...]]) -> str:
    entries = [
        {"round": id_, "condition": each.condition.name, **asdict(problem)}
        for id_, of_round in found.items()
        for each in of_round
        for problem in each.problems
    ]
    return json.dumps(entries, ensure_ascii=False, indent=2)
