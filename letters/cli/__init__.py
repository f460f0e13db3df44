"""The command line: parse, call one function of the library, print."""

from __future__ import annotations

import gc
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from letters.cli import publishing, signoff, starting, taking_back
from letters.cli.answer import answer, give, print_problems, print_table, say
from letters.cli.building import doctor, show_project
from letters.cli.shared import (
    InWorkingOrder,
    complete_forces,
    forces_argument,
    round_option,
    share,
)
from letters.cli.terminal import (
    clear,
    counted_faults,
    end_at_once,
    load_project,
    not_empty,
    rounds_asked,
    say_waiting,
    stop_at,
    told,
)
from letters.errors import UsageError
from letters.files import find_root, sole_change

if TYPE_CHECKING:
    from letters.changes.diff import LetterDiff
    from letters.project import ProjectRound
    from letters.status import LetterStatus


STATES = (
    *("awaiting", "not built", "built", "draft", "out of date", "changed on disk", "edited"),
    *("failed", "not yet", "needs signatory", "unproved", "changed", "approved"),
    *("published", "withdrawn"),
)
"""States of letters, of approvals and of publication, as the table of `status` names them."""
FORMAT_NAMES = ("docx", "pdf", "html")
ENGINES = ("WeasyPrint", "docxtpl", "python-docx", "Jinja2", "pikepdf")
"""Whose versions decide what a letter looks like."""


def _version(context: click.Context, _: click.Parameter, is_asked: bool) -> None:
    """Print what a report of a fault has to name: this program, Python and the engines."""
    if is_asked:
        click.echo(f"letters {version('assessment-letters')}, Python {platform.python_version()}")
        click.echo(", ".join(f"{each} {version(each)}" for each in ENGINES))
        context.exit()


@click.group(
    cls=InWorkingOrder,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the versions of letters and of its engines.",
)
@round_option
@click.pass_context
def cli(context: click.Context, round_id: str | None) -> None:
    """Turn a round of per-force assessments into letters: Word, PDF and web page.

    Without a command: how far the project is, and what to do next.
    """
    context.obj = context.obj or Path()
    if os.environ.get("NO_COLOR"):
        context.color = False  # https://no-color.org: whatever the value is
    if context.invoked_subcommand is None:
        if find_root(context.obj) is None and not answer().as_json:
            click.echo(context.get_help())
            return
        with told():
            show_project(context.obj, round_id)


def main() -> None:
    """Run the command line; exit 0 when done, 1 when problems were found, 2 for wrong usage."""
    gc.set_threshold(50_000)  # most of what a command loads stays until it ends
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that lacks ŵ must not stop a build
    cli()


@cli.command()
@round_option
@click.option("--publication", is_flag=True, help="Test every condition of publication too.")
@click.pass_obj
def check(folder: Path, round_id: str | None, publication: bool) -> None:
    """Find every problem of the project: records, wording, layouts and each merged letter."""
    if publication:
        with told():
            from letters.cli.publishing import tell_gate

            project = load_project(folder)
            is_free = tell_gate(project, rounds_asked(project, round_id))
        sys.exit(0 if is_free else 1)
    with told():
        from letters.check import check_rounds
        from letters.cli.building import project_digests

        digests = project_digests(folder, round_id)
        project = load_project(folder)
        asked = [project.round(round_id)] if round_id else project.rounds
        checked = check_rounds(project, asked if round_id else None, digests)
        problems = checked.problems
    unapproved = [each.round.id for each in asked if not each.round.people]
    give(tried=checked.tried, letters=checked.letters, without_approver=unapproved)
    print_problems(problems)
    if not problems:
        every = checked.tried == checked.letters
        of = "" if every else f" in {checked.tried:,} specimens of {checked.letters:,} letters"
        say(f"No problems{of}.")
    for id_ in unapproved:
        say(f"{id_}: no one may approve its letters. Name who may: 'people' in round.yaml.")
    sys.exit(1 if problems else 0)


@cli.command()
@forces_argument
@round_option
@click.option(
    "--only",
    "formats",
    metavar="FORMAT",
    multiple=True,
    type=click.Choice(FORMAT_NAMES),
    help="Make only this format (docx, pdf or html); may be given again.",
)
@click.option("--drafts", is_flag=True, help="Make unfinished letters too, all marked as drafts.")
@click.option(
    "--discard-edits",
    is_flag=True,
    help="Make Word letters again that were edited by hand; the edited ones are kept.",
)
@click.option("--fresh", is_flag=True, help="Make every letter again, also where nothing changed.")
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    help="Processes that share the work, one a core unless given.",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    callback=not_empty,
    help="Let the Dask cluster at ADDRESS do the work.",
)
@click.option(
    "--out", metavar="WHERE", default="", help="Write to this folder or address, not to out/ROUND."
)
@click.pass_obj
def build(
    folder: Path,
    /,
    round_id: str | None,
    formats: tuple[str, ...],
    jobs: int | None,
    **options: Any,
) -> None:
    """Make the letters of every round, or of one, or of some forces, in out/ROUND/letters/."""
    from letters.build.options import BuildOptions
    from letters.cli.building import show_build

    asked = BuildOptions(formats=formats or FORMAT_NAMES, jobs=jobs or 0, **options)
    with told():
        done = show_build(folder, round_id, asked)
    sys.exit(0 if done else 1)


@cli.command()
@round_option
@click.option(
    "--only",
    "states",
    metavar="STATE",
    multiple=True,
    type=click.Choice(STATES),
    help="Show only letters in this state, as the table names it; may be given again.",
)
@click.pass_obj
def status(folder: Path, round_id: str | None, states: tuple[str, ...]) -> None:
    """Show each force, its record, its outcome and what became of its letter."""
    with told():
        project = load_project(folder)
        for project_round in rounds_asked(project, round_id):
            _show_status(project_round, states)
        stop_at(project.problems)


@cli.command()
@forces_argument
@round_option
@click.option(
    "--against",
    metavar="PATH",
    help="Compare with the letters in this folder, or with this file; else with the last build.",
    type=click.Path(path_type=Path, exists=True),
)
@click.pass_obj
def diff(folder: Path, forces: tuple[str, ...], round_id: str | None, against: Path | None) -> None:
    """Show which words of the letters changed since the last build, and in how many letters."""
    with told():
        from letters.changes.diff import round_diff

        project = load_project(folder)
        for project_round in rounds_asked(project, round_id, forces):
            try:
                found = round_diff(project_round, forces, against=against)
                _print_diff(project_round.round.id, found)
            finally:  # what voided an approval is told also where nothing is built yet
                signoff.print_notes(project_round, forces, whole=True)
        stop_at(project.problems)


@cli.command()
@click.argument("force", metavar="[FORCE]", required=False, shell_complete=complete_forces)
@round_option
@click.option(
    "--port", default=0, metavar="N", help="The port to serve at; any free one unless given."
)
@click.option("--no-browser", is_flag=True, help="Print the address and open no browser.")
@click.option("--published", is_flag=True, help="Without what the round keeps private.")
@click.pass_obj
def preview(
    folder: Path,
    force: str | None,
    round_id: str | None,
    port: int,
    no_browser: bool,
    published: bool,
) -> None:
    """Show a letter in the browser as it will be made, and again after each save."""
    with told():
        if answer().as_json:
            raise UsageError("The preview shows letters and reports nothing: leave --json out.")
        from letters.build.processes import start_early

        start_early()
        clear(folder)
        from letters.preview import serve_preview

        serve_preview(
            folder,
            round_id=round_id,
            force=force,
            port=port,
            open_browser=not no_browser,
            published=published,
            on_start=lambda address: say(f"Preview at {address} (Ctrl-C ends it)"),
        )
    end_at_once()


@cli.command()
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--signers",
    metavar="FILE",
    help="Whose signatures count: an allowed-signers file, which no one else can write.",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
def verify(paths: tuple[Path, ...], signers: Path | None) -> None:
    """Check finished letters: PDF, Word and web files, or folders of them, published ones too."""
    with told():
        from letters.project.proofs import Signers
        from letters.publish.manifest import publications_in
        from letters.verify import verify as verify_files

        asked = Signers.read(signers) if signers else None
        published = publications_in(paths)
        others = [path for path in paths if path not in published]
        verdicts = verify_files(others, but=published)
    is_sound = publishing.verify_publications(published, asked)
    is_sound &= signoff.verify_approvals(paths, asked)
    files = [{"path": str(v.path), "findings": [*map(str, v.findings)]} for v in verdicts]
    give(files=files)
    lines = [f"{verdict.path}: {finding}" for verdict in verdicts for finding in verdict.findings]
    for line in lines:
        say(line)
    if verdicts:
        _print_checked([verdict.path for verdict in verdicts], len(lines), beside=bool(published))
    sys.exit(0 if is_sound and not lines else 1)


@cli.command()
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
def compare(paths: tuple[Path, ...]) -> None:
    """Hold letters against one another: what all say, what differs, and where words drifted."""
    with told():
        from letters.compare import compare_letters, in_words, read_letters

        found = compare_letters(read_letters(paths))
    give(**asdict(found))
    for line in in_words(found):
        say(line)


@cli.command()
@click.pass_obj
def schema(folder: Path) -> None:
    """Write JSON Schemas for the project's YAML files, for editors to complete and check."""
    with told():
        from letters.schema import write_schemas

        project = load_project(folder)
        with sole_change(project.root, say_waiting):
            written = write_schemas(project)
        files = [path.relative_to(project.root).as_posix() for path in written]
        give(files=files)
        for file in files:
            say(file)


def _show_status(project_round: ProjectRound, states: tuple[str, ...]) -> None:
    """A table of a round's letters, or of those in some states, and what is to be known of them."""
    from letters.status import (
        comment_notes,
        edit_notes,
        proof_note,
        publication_notes,
        round_status,
    )

    letters = [
        each
        for each in round_status(project_round)
        if not states or {each.state, each.approved, each.published}.intersection(states)
    ]
    round_ = project_round.round
    say(round_.title)
    _print_status(round_.nouns.one, letters)
    shown = {each.id for each in letters} if states else set()
    if letters:
        signoff.print_notes(project_round, shown)
    told_of = (edit_notes, comment_notes, publication_notes)
    notes = [pair for notes_of in told_of for pair in notes_of(project_round).items()]
    notes = [(id_, note) for id_, note in notes if not states or id_ in shown]
    for id_, note in notes:
        say(f"{id_}: {note}")
    if typed := proof_note(project_round):
        say(typed)
    rows = [
        {
            "id": each.id,
            "name": each.name,
            "recorded": each.recorded,
            "outcome": each.outcome,
            "state": each.state,
            "approval": each.approved,
            "published": each.published,
            "notes": [note for id_, note in notes if id_ == each.id],
        }
        for each in letters
    ]
    give(rounds=[{"id": round_.id, "title": round_.title, "letters": rows}])


def _print_status(noun: str, letters: Sequence[LetterStatus]) -> None:
    """A row a letter; a column for publication once anything was published."""
    heads: tuple[str, ...]
    heads = (noun.replace("_", " ").capitalize(), "Record", "Outcome", "Approval", "Letter")
    rows: list[tuple[str, ...]] = [
        (each.name, "yes" if each.recorded else "no", each.outcome, each.approved, each.state)
        for each in letters
    ]
    if any(each.published for each in letters):
        rows = [(*row, each.published) for row, each in zip(rows, letters, strict=True)]
        heads = (*heads, "Published")
    print_table(heads, rows)


def _print_checked(paths: Sequence[Path], faults: int, *, beside: bool) -> None:
    """How many files were checked and, beside publications, where the others are."""
    files = "1 file" if len(paths) == 1 else f"{len(paths)} files"
    folders = ", ".join(dict.fromkeys(str(path.parent) for path in paths))
    where = f"{folders}: {files}" if beside else files
    say(f"{where} checked; {counted_faults(faults)}.")


def _print_diff(round_id: str, diffs: Sequence[LetterDiff]) -> None:
    from letters.changes.diff import reach_sentence

    give(letters=[_plain_diff(round_id, each) for each in diffs])
    for letter in diffs:
        if letter.changes is None:
            say(f"{letter.id}: not there before")
        for change in letter.changes or ():
            place = f"{change.origin.file}:{change.origin.line}: " if change.origin.file else ""
            say(f"{letter.id}: {place}{change}")
        if letter.edits:
            say(f"{letter.id}: {letter.edits}")
    names = [letter.name for letter in diffs if letter.changes != ()]
    sentence = reach_sentence(names, len(diffs))
    say(f"Building again {sentence}.")


def _plain_diff(round_id: str, letter: LetterDiff) -> dict[str, object]:
    """A letter's changes as a program reads them."""
    changes = [
        {"was": c.was, "now": c.now, "file": c.origin.file, "line": c.origin.line}
        for c in letter.changes or ()
    ]
    is_new = letter.changes is None
    facts = {"id": letter.id, "name": letter.name, "is_new": is_new, "edits": letter.edits}
    return {"round": round_id, **facts, "changes": changes}


GROUPS = (starting, signoff, publishing, taking_back)
for command in (doctor, *(each for group in GROUPS for each in group.COMMANDS)):
    cli.add_command(command)
share(cli)
