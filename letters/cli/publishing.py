"""The commands of publication: claims, publish, withdraw, and verify for published folders."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters.cli.terminal import (
    counted_faults,
    key_option,
    load_project,
    print_problems,
    print_table,
    readable,
    round_option,
    say_waiting,
    told,
)
from letters.files import sole_change

if TYPE_CHECKING:
    from letters.gate import Result
    from letters.gate.uncovered import Proposal
    from letters.project import Project, ProjectRound
    from letters.project.proofs import Signers
    from letters.publish import Publication


@click.command()
@round_option
@click.option("--stage", is_flag=True, help="Prepare the final files early, out of sight.")
@click.option(
    "--note", default="", metavar="TEXT", callback=readable, help="What changed since, and why."
)
@click.option("--sign", is_flag=True, help="Sign the manifest with your SSH key.")
@key_option
@click.pass_obj
def publish(
    folder: Path, round_id: str | None, stage: bool, note: str, sign: bool, key: Path | None
) -> None:
    """Publish a round as a website in out/ROUND/site/, once nothing speaks against it."""
    with told():
        from letters.project.proofs import usual_key

        key = key or (usual_key() if sign else None)
        from letters.build.record import out_folder
        from letters.publish import publish as publish_round

        project = load_project(folder)
        project_round = project.round(round_id)
        out, now = out_folder(project_round), datetime.now(UTC)
        done = publish_round(
            project,
            project_round,
            now=now,
            out=out,
            stage=stage,
            note=note,
            jobs=0,
            key=key,
            on_wait=say_waiting,
        )
    _print_publication(project, done, "Staged" if stage else "Published")
    _print_changes(done, note)
    if done.unset:
        click.echo(f"Not checked, since the round sets none: {', '.join(done.unset)}.")


@click.command()
@click.argument("force", metavar="FORCE")
@round_option
@click.option(
    "--note",
    required=True,
    metavar="TEXT",
    callback=readable,
    help="Why; the letter's page will say it.",
)
@click.pass_obj
def withdraw(folder: Path, force: str, round_id: str | None, note: str) -> None:
    """Take a force's letter from the published site; a page that says so stays."""
    with told():
        from letters.build.record import out_folder
        from letters.publish import withdraw as withdraw_letter

        project = load_project(folder)
        project_round = project.round(round_id)
        out, now = out_folder(project_round), datetime.now(UTC)
        done = withdraw_letter(
            project_round, force, now=now, out=out, note=note, on_wait=say_waiting
        )
    click.echo(f"Withdrew the letter of {', '.join(done.changed)}.")
    _print_publication(project, done, "Published")


def verify_publications(folders: Iterable[Path], signers: Signers | None = None) -> bool:
    """Look over published folders and say what is wrong, and who signed; whether nothing is.

    Where `signers` are given, one of them must have signed.
    """
    is_sound = True
    for folder in folders:
        with told():
            from letters.publish.manifest import audit, done_with, seal_of

            found, done = audit(folder), done_with(folder)
            seal = seal_of(folder, signers)
        for problem in (*found.problems, *filter(None, (seal.problem,))):
            click.echo(f"{folder}/{problem}")
        faults = [f"{v.path}: {finding}" for v in found.verdicts for finding in v.findings]
        for line in faults:
            click.echo(line)
        lost = len(found.problems)
        as_published = f"{lost} not as {done}" if lost else f"every file as {done}"
        count = f"{len(found.verdicts)} files of letters checked"
        click.echo(f"{folder}: {as_published}; {count}; {counted_faults(len(faults))}.")
        if seal.said:
            click.echo(f"{folder}: {seal.said}")
        is_sound &= not found.problems and not faults and not seal.problem
    return is_sound


def _print_publication(project: Project, done: Publication, word: str) -> None:
    letters = f"{done.letters} letter{'' if done.letters == 1 else 's'}"
    click.echo(f"{word} {letters} in {_named(project, done.folder)} ({done.files} files).")
    if done.unsigned:
        click.echo("It was signed before, and is not any more: letters publish --sign signs it.")
    if done.collection:
        click.echo(f"All rounds together: {_named(project, done.collection)}.")


def _print_changes(done: Publication, note: str) -> None:
    from letters.ledger import BACK

    if done.changed:
        click.echo(f"Changed: {', '.join(done.changed)}.")
    elif note:
        click.echo("Nothing has changed since it was published, so the note is printed nowhere.")
    if done.withdrawn:
        click.echo(f"Still withdrawn: {', '.join(done.withdrawn)}. {BACK}")


def _named(project: Project, folder: Path) -> str:
    return f"{folder.relative_to(project.root).as_posix()}/"


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
    _print_entries("claims", "The records bear these out. Read each before you paste it.", true)
    rest = [each for each in found if not each.claims]
    _print_entries(
        "not_claims", "The records do not. Give the reason, or have them corrected.", rest
    )
    if not found:
        click.echo("Every number that is printed is claimed or set aside.")
        return
    numbers = "1 number is" if len(found) == 1 else f"{len(found)} numbers are"
    click.echo(f"{numbers} printed and neither claimed nor set aside.")
    sys.exit(1)


def _print_entries(key: str, note: str, found: list[Proposal]) -> None:
    if found:
        click.echo(f"{key}:\n  # {note}")
    for each in found:
        click.echo(f"  # {each.number.place}: '{each.number.said.words}'\n{each.entry}")


@click.command()
@round_option
@click.pass_obj
def numbers(folder: Path, round_id: str | None) -> None:
    """Write what the records say in numbers, for the report's authors: a page, Word, a workbook."""
    with told():
        from letters.build.record import out_folder
        from letters.gate.candidate import Candidate
        from letters.numbers import overview_of, write_overview

        project = load_project(folder)
        project_round = project.round(round_id)
        out = out_folder(project_round)
        found = overview_of(Candidate(project, project_round, datetime.now(UTC), out))
        with sole_change(project.root, say_waiting):
            paths = write_overview(found, out)
    click.echo(found.status)
    for path in paths:
        click.echo(path.relative_to(project.root).as_posix())


COMMANDS = (claims, numbers, publish, withdraw)
"""What the command line adds to its own."""


def tell_gate(project: Project, rounds: tuple[ProjectRound, ...], *, as_json: bool) -> bool:
    """Print what the gate finds in each round; whether nothing is against their publication."""
    from letters.build.record import out_folder
    from letters.gate import results

    now = datetime.now(UTC)
    found = {
        each.round.id: results(project, each, now=now, out=out_folder(each), jobs=0)
        for each in rounds
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
    for each in results:
        for note in each.notes:
            click.echo(f"{each.condition.name}: {note}")
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
