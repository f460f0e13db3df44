"""The commands of publication: claims, publish, withdraw, and verify for published folders."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters.cli.answer import give, print_problems, print_table, say
from letters.cli.shared import complete_forces, round_option
from letters.cli.terminal import (
    counted_faults,
    key_option,
    load_project,
    readable,
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
        say(f"Not checked, since the round sets none: {', '.join(done.unset)}.")


@click.command()
@click.argument("force", metavar="FORCE", shell_complete=complete_forces)
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
    say(f"Withdrew the letter of {', '.join(done.changed)}.")
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
        wrong = [*map(str, (*found.problems, *filter(None, (seal.problem,))))]
        for problem in wrong:
            say(f"{folder}/{problem}")
        faults = [f"{v.path}: {finding}" for v in found.verdicts for finding in v.findings]
        for line in faults:
            say(line)
        lost = len(found.problems)
        as_published = f"{lost} not as {done}" if lost else f"every file as {done}"
        said = {"folder": str(folder), "signed": seal.said}
        give(publications=[said | {"problems": wrong, "findings": faults}])
        count = f"{len(found.verdicts)} files of letters checked"
        say(f"{folder}: {as_published}; {count}; {counted_faults(len(faults))}.")
        if seal.said:
            say(f"{folder}: {seal.said}")
        is_sound &= not found.problems and not faults and not seal.problem
    return is_sound


def _print_publication(project: Project, done: Publication, word: str) -> None:
    give(
        folder=_named(project, done.folder),
        letters=done.letters,
        files=done.files,
        changed=[*done.changed],
        withdrawn=[*done.withdrawn],
        collection=_named(project, done.collection) if done.collection else "",
        not_set=[*done.unset],
    )
    letters = f"{done.letters} letter{'' if done.letters == 1 else 's'}"
    say(f"{word} {letters} in {_named(project, done.folder)} ({done.files} files).")
    if done.unsigned:
        say("It was signed before, and is not any more: letters publish --sign signs it.")
    if done.collection:
        say(f"All rounds together: {_named(project, done.collection)}.")


def _print_changes(done: Publication, note: str) -> None:
    from letters.ledger import BACK

    if done.changed:
        say(f"Changed: {', '.join(done.changed)}.")
    elif note:
        say("Nothing has changed since it was published, so the note is printed nowhere.")
    if done.withdrawn:
        say(f"Still withdrawn: {', '.join(done.withdrawn)}. {BACK}")


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
    give(
        numbers=[
            {"place": str(n.number.place), "words": n.number.said.words, "entry": n.entry}
            | {"is_borne_out": bool(n.claims)}
            for n in found
        ]
    )
    true = [each for each in found if each.claims]
    _print_entries("claims", "The records bear these out. Read each before you paste it.", true)
    rest = [each for each in found if not each.claims]
    _print_entries(
        "not_claims", "The records do not. Give the reason, or have them corrected.", rest
    )
    if not found:
        say("Every number that is printed is claimed or set aside.")
        return
    numbers = "1 number is" if len(found) == 1 else f"{len(found)} numbers are"
    say(f"{numbers} printed and neither claimed nor set aside.")
    sys.exit(1)


def _print_entries(key: str, note: str, found: list[Proposal]) -> None:
    if found:
        say(f"{key}:\n  # {note}")
    for each in found:
        say(f"  # {each.number.place}: '{each.number.said.words}'\n{each.entry}")


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
    give(status=found.status, files=[p.relative_to(project.root).as_posix() for p in paths])
    say(found.status)
    for path in paths:
        say(path.relative_to(project.root).as_posix())


COMMANDS = (claims, numbers, publish, withdraw)
"""What the command line adds to its own."""


def tell_gate(project: Project, rounds: tuple[ProjectRound, ...]) -> bool:
    """Print what the gate finds in each round; whether nothing is against their publication."""
    from letters.build.record import out_folder
    from letters.gate import results

    now = datetime.now(UTC)
    found = {
        each.round.id: results(project, each, now=now, out=out_folder(each), jobs=0)
        for each in rounds
    }
    for id_, of_round in found.items():
        _print(id_, of_round)
    return all(result.holds for of_round in found.values() for result in of_round)


def _print(round_id: str, results: tuple[Result, ...]) -> None:
    facts = [
        {"round": round_id, "condition": each.condition.name, "sentence": each.condition.sentence}
        | {"holds": each.word, "notes": [*each.notes], "problems": [*map(asdict, each.problems)]}
        for each in results
    ]
    give(conditions=facts)
    rows = [(each.condition.name, each.condition.sentence, each.word) for each in results]
    say(f"Publication of {round_id}")
    print_table(("Condition", "What must hold", "Holds"), rows)
    for each in results:
        for note in each.notes:
            say(f"{each.condition.name}: {note}")
    problems = [problem for each in results for problem in each.problems]
    print_problems(problems)
    if not problems:
        say("It may be published.")
