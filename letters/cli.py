"""The command line: parse, call one function of the library, print."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from letters.errors import LettersError, Problem, ProblemsFound, UsageError

if TYPE_CHECKING:
    from letters.build_record import BuiltLetter
    from letters.diff import LetterDiff
    from letters.project import Project, ProjectRound

FORMAT_NAMES = ("docx", "pdf", "html")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "-C",
    "folder",
    metavar="DIR",
    default=".",
    help="The project: the folder, or one inside it, that holds recipients.yaml.",
    type=click.Path(path_type=Path),
)
@click.version_option(package_name="assessment-letters", prog_name="letters")
@click.pass_context
def cli(context: click.Context, folder: Path) -> None:
    """Turn a round of per-force assessments into letters: Word, PDF and web page."""
    context.obj = folder


def main() -> None:
    """Run the command line; exit 0 when done, 1 when problems were found, 2 for wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that lacks ŵ must not stop a build
    cli()


round_option = click.option(
    "-r", "--round", "round_id", metavar="ROUND", help="The round's folder name."
)


@cli.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--example", is_flag=True, help="The complete fictional round of 43 letters.")
def new(directory: Path, example: bool) -> None:
    """Write a starter project into DIR."""
    with _told():
        from letters.new import new_project

        new_project(directory, example=example)
    click.echo(f"Wrote {'the example' if example else 'a starter'} project to {directory}.")
    click.echo(f"Next: letters -C {directory} build")


@cli.command()
@round_option
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@click.pass_obj
def check(folder: Path, round_id: str | None, as_json: bool) -> None:
    """Find every problem of the project: records, wording, layouts and each merged letter."""
    with _told():
        from letters.check import check_project

        project = _project(folder)
        problems = check_project(
            project, project.rounds if round_id is None else [project.round(round_id)]
        )
    if as_json:
        click.echo(_json(problems))
    else:
        _print_problems(problems)
        if not problems:
            click.echo("No problems.")
    sys.exit(1 if problems else 0)


@cli.command()
@click.argument("forces", metavar="[FORCE]...", nargs=-1)
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
@click.option("--discard-edits", is_flag=True, help="Overwrite Word letters edited by hand.")
@click.pass_obj
def build(
    folder: Path,
    forces: tuple[str, ...],
    round_id: str | None,
    formats: tuple[str, ...],
    drafts: bool,
    discard_edits: bool,
) -> None:
    """Make the letters of every round, or of one, or of some forces, in out/ROUND/letters/."""
    done = True
    with _told():
        project = _project(folder)
        for project_round in _rounds(project, round_id, forces):
            done &= _build_round(
                project,
                project_round,
                forces=forces,
                formats=formats or FORMAT_NAMES,
                drafts=drafts,
                discard_edits=discard_edits,
            )
    sys.exit(0 if done else 1)


@cli.command()
@round_option
@click.pass_obj
def status(folder: Path, round_id: str | None) -> None:
    """Show each force, its record, its outcome and what became of its letter."""
    with _told():
        from letters.status import round_status

        project = _project(folder)
        for project_round in _rounds(project, round_id):
            noun = project_round.round.nouns.one.replace("_", " ")
            rows = [
                (row.name, "yes" if row.recorded else "no", row.outcome, row.state)
                for row in round_status(project_round)
            ]
            click.echo(project_round.round.title)
            _print_table((noun.capitalize(), "Record", "Outcome", "Letter"), rows)
        _stop_at(project.problems)


@cli.command()
@click.argument("forces", metavar="[FORCE]...", nargs=-1)
@round_option
@click.option(
    "--against",
    metavar="DIR",
    help="Compare with the web letters in this folder; else with the last build.",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
)
@click.pass_obj
def diff(folder: Path, forces: tuple[str, ...], round_id: str | None, against: Path | None) -> None:
    """Show which words of the letters changed since the last build, and in how many letters."""
    with _told():
        from letters.diff import round_diff

        project = _project(folder)
        for project_round in _rounds(project, round_id, forces):
            _print_diff(round_diff(project_round, forces, against=against))
        _stop_at(project.problems)


@cli.command()
@click.argument("force", metavar="[FORCE]", required=False)
@round_option
@click.option(
    "--port", default=0, metavar="N", help="The port to serve at; any free one unless given."
)
@click.option("--no-browser", is_flag=True, help="Print the address and open no browser.")
@click.pass_obj
def preview(
    folder: Path, force: str | None, round_id: str | None, port: int, no_browser: bool
) -> None:
    """Show a letter in the browser as it will be published, and again after each save."""
    with _told():
        from letters.preview import serve_preview

        serve_preview(
            folder,
            round_id=round_id,
            force=force,
            port=port,
            open_browser=not no_browser,
            on_start=lambda address: click.echo(f"Preview at {address} (Ctrl-C ends it)"),
        )


@cli.command()
@click.pass_obj
def schema(folder: Path) -> None:
    """Write JSON Schemas for the project's YAML files, for editors to complete and check."""
    with _told():
        from letters.schema import write_schemas

        project = _project(folder)
        for path in write_schemas(project):
            click.echo(path.relative_to(project.root).as_posix())


def _project(folder: Path) -> Project:
    from letters.project import Project

    return Project.load(folder)


def _rounds(
    project: Project, round_id: str | None, forces: tuple[str, ...] = ()
) -> tuple[ProjectRound, ...]:
    """The round asked for, the only one, or all; forces are named within one round."""
    if round_id is not None or forces:
        return (project.round(round_id),)
    if not project.rounds:
        _stop_at(project.problems)
    return project.rounds


def _build_round(project: Project, project_round: ProjectRound, **wishes: Any) -> bool:
    """Build one round and say what became of its letters; whether all went well."""
    from letters.build import build_round

    try:
        with _progress(project_round, wishes["forces"]) as on_letter:
            letters = build_round(project, project_round, on_letter=on_letter, **wishes)
    except ProblemsFound as found:
        _print_problems(found.problems)
        click.echo(f"{project_round.round.id}: nothing was written.", err=True)
        return False
    _print_summary(project_round, letters, wishes["formats"])
    problems = project.problems_of(project_round)
    _print_problems(problems)
    return not problems and all(letter.state not in ("failed", "edited") for letter in letters)


@contextmanager
def _progress(
    project_round: ProjectRound, forces: tuple[str, ...]
) -> Iterator[Callable[[BuiltLetter], None]]:
    """A bar on a terminal, a line a letter elsewhere."""
    if not sys.stdout.isatty():
        yield lambda letter: click.echo(f"{letter.id}: {letter.state}")
        return
    from letters.merge import letters_of

    length = len(forces) or len(letters_of(project_round))
    with click.progressbar(length=length, label=project_round.round.id) as bar:
        yield lambda _: bar.update(1)


def _print_summary(
    project_round: ProjectRound, letters: tuple[BuiltLetter, ...], formats: Sequence[str]
) -> None:
    counts = Counter(letter.state.value for letter in letters)
    total = ", ".join(f"{count} {state}" for state, count in counts.items())
    files = (counts["built"] + counts["draft"]) * len(formats)
    click.echo(f"{total}; {files} files in out/{project_round.round.id}/letters/")
    for letter in letters:
        if letter.problem:
            click.echo(f"{letter.id} {letter.state}: {letter.problem}", err=True)


def _print_problems(problems: Sequence[Problem]) -> None:
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        click.echo("1 problem." if len(problems) == 1 else f"{len(problems)} problems.", err=True)


def _print_table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in [heads, tuple("-" * width for width in widths), *rows]:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def _print_diff(diffs: Sequence[LetterDiff]) -> None:
    from letters.reach import reach_sentence

    for letter in diffs:
        if letter.changes is None:
            click.echo(f"{letter.id}: not there before")
        for change in letter.changes or ():
            place = f"{change.origin.file}:{change.origin.line}: " if change.origin.file else ""
            click.echo(f"{letter.id}: {place}{change}")
    names = [letter.name for letter in diffs if letter.changes != ()]
    sentence = reach_sentence(names, len(diffs))
    click.echo(f"Building again {sentence}.")


def _json(problems: Sequence[Problem]) -> str:
    import json
    from dataclasses import asdict

    return json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=2)


def _stop_at(problems: Sequence[Problem]) -> None:
    if problems:
        raise ProblemsFound(problems)


@contextmanager
def _told() -> Iterator[None]:
    """A user's mistake is told in its own words, with its exit status; never a traceback."""
    try:
        yield
    except UsageError as error:
        click.echo(f"letters: {error}", err=True)
        sys.exit(2)
    except ProblemsFound as found:
        _print_problems(found.problems)
        sys.exit(1)
    except LettersError as error:
        click.echo(f"letters: {error}", err=True)
        sys.exit(1)
