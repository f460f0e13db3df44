"""Commands that begin something: a project, a round, its workbook, its recipients."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters.cli.answer import give, say
from letters.cli.shared import pasted, round_option
from letters.cli.terminal import load_project, say_waiting, told
from letters.errors import UsageError
from letters.files import find_root, sole_change

if TYPE_CHECKING:
    from letters.sheet import Sheet

TYPES = ("text", "rich text", "yes-no", "date", "number")
"""Types of fields that need nothing else to be declared."""


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--example", is_flag=True, help="The complete fictional round of 43 letters.")
@click.option("--empty", is_flag=True, help="A letterhead alone, for your own letters.")
@click.option("--git", is_flag=True, help="Add what a repository of letters needs.")
def new(directory: Path, example: bool, empty: bool, git: bool) -> None:
    """Write a starter project into DIR."""
    with told():
        if example and empty:
            raise UsageError("The example is not empty: give --example or --empty, not both.")
        from letters.new import new_project

        new_project(directory, example=example, git=git, empty=empty)
    give(folder=str(directory))
    kind = "the example" if example else "an empty" if empty else "a starter"
    say(f"Wrote {kind} project to {directory}.")
    say(f"Next: {pasted(directory, 'recipients import FILE' if empty else 'build')}")


@click.command("new-round")
@click.argument("id_", metavar="ID")
@click.option("--from", "source", metavar="ROUND", help="Take all but records from this round.")
@click.option("--title", help="The round's title.")
@click.option("--sent", metavar="DAY", help="The letters' date, such as 2 October 2026.")
@click.option("--published", metavar="MOMENT", help="Such as '5 October 2026 at 00:01'.")
@click.option("--sender", metavar="NAME", help="The inspectorate's name.")
@click.option(
    "--signatory",
    "signatories",
    metavar="PERSON",
    multiple=True,
    help="Who signs: 'Marian Lowe OBE, Inspector of Constabulary'. May be given again.",
)
@click.option("--outcome", "outcomes", multiple=True, metavar="TITLE", help="May be given again.")
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="NAME:TYPE",
    help=f"A field of the records: visited:date. Types: {', '.join(TYPES)}. May be given again.",
)
@click.pass_obj
def new_round(
    folder: Path,
    id_: str,
    source: str | None,
    title: str | None,
    sent: str | None,
    published: str | None,
    sender: str | None,
    signatories: Sequence[str],
    outcomes: Sequence[str],
    fields: Sequence[str],
) -> None:
    """Write a round: round.yaml, a wording and a workbook. Asks for what is not given."""
    with told():
        from letters.new import RoundPlan, new_round, next_round

        project = load_project(folder)
        wanted_title = _asked("--title", title, "Title of the round")
        day = _day(_asked("--sent", sent, "Date of the letters"))
        if source:
            if sender or signatories or outcomes or fields:
                raise UsageError(
                    "--from takes sender, signatories, outcomes and fields from the round."
                )
            with sole_change(project.root, say_waiting):
                sheet = next_round(project, source, id_, wanted_title, day, _moment(published))
        else:
            plan = RoundPlan(
                id_,
                wanted_title,
                day,
                _moment(published),
                _asked("--sender", sender, "Name of the inspectorate"),
                _people(signatories or [_asked("--signatory", None, "Who signs (name, office)")]),
                tuple(outcomes) or _parted(_asked("--outcome", None, "Outcomes, parted by ;")),
                dict(_field(each) for each in fields) or {"findings": "rich text"},
            )
            with sole_change(project.root, say_waiting):
                sheet = new_round(project, plan)
    say(f"Wrote rounds/{id_}/round.yaml and templates/{id_}/.")
    _say(sheet, project.root)
    say(f"Fill in the workbook, and write templates/{id_}/letter.md.")
    say(f"Next: {pasted(folder, 'check')}")


def _asked(option: str, given: str | None, question: str) -> str:
    """What an option gives, or the answer at the terminal."""
    if given:
        return given
    if not sys.stdin.isatty():
        raise UsageError(f"Give {option}: there is no terminal to ask at.")
    answer: str = click.prompt(question)
    return answer


def _day(text: str) -> date:
    from letters.errors import Refused
    from letters.project.values import read_date

    try:
        return read_date(text)
    except Refused as why:
        raise UsageError(f"{why.what} {why.fix}") from why


def _moment(text: str | None) -> str:
    """A moment of publication as round.yaml has it; nothing where none is given."""
    from letters.errors import Refused
    from letters.project.values import read_moment, written_moment

    try:
        return written_moment(read_moment(text)) if text else ""
    except Refused as why:
        raise UsageError(f"{why.what} {why.fix}") from why


def _people(people: Sequence[str]) -> tuple[str, ...]:
    for each in people:
        if "," not in each or not all(part.strip() for part in each.split(",")):
            raise UsageError(
                f"'{each}' names no office. Write: 'Marian Lowe OBE, Inspector of Constabulary'."
            )
    return tuple(people)


def _parted(titles: str) -> tuple[str, ...]:
    return tuple(title for each in titles.split(";") if (title := each.strip()))


def _field(written: str) -> tuple[str, str]:
    from letters.sources.tables import column_name

    name, _, type_ = (each.strip() for each in written.partition(":"))
    if type_ not in TYPES:
        types = ", ".join(TYPES)
        raise UsageError(f"'{written}' is no field. Write visited:date. Types: {types}.")
    return column_name(name), type_


def _say(sheet: Sheet, root: Path) -> None:
    from letters.sheet import told as lines_of

    facts = asdict(sheet) | {"path": sheet.path.relative_to(root).as_posix()}
    give(**{name: [*fact] if isinstance(fact, tuple) else fact for name, fact in facts.items()})
    for line in lines_of(sheet, root):
        say(line)


@click.command()
@round_option
@click.pass_obj
def sheet(folder: Path, round_id: str | None) -> None:
    """Write a round's workbook to fill in; what is filled in is kept."""
    with told():
        from letters.sheet import write_sheet

        project = load_project(folder)
        with sole_change(project.root, say_waiting):
            _say(write_sheet(project.round(round_id)), project.root)


@click.group()
def recipients() -> None:
    """Turn a workbook or CSV file of recipients into recipients.yaml, and back."""


@recipients.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Delete recipients that the file does not name.")
@click.pass_obj
def import_(folder: Path, file: Path, replace: bool) -> None:
    """Write recipients.yaml from FILE (.xlsx or .csv), a row for each recipient."""
    with told():
        from letters.recipients_sheet import import_recipients
        from letters.schema import write_schemas

        root = find_root(folder) or load_project(folder).root
        with sole_change(root, say_waiting):
            done = import_recipients(root, file, replace=replace)
            write_schemas(load_project(folder))
    give(**{name: sorted(ids) for name, ids in asdict(done).items()})
    kinds = (("new", done.new), ("changed", done.changed), ("as before", done.same))
    said = [f"{len(ids)} {kind}" for kind, ids in kinds if ids]
    say(f"recipients.yaml: {', '.join(said) or 'nothing to write'}")
    if done.kept:
        kept = "1 is kept" if len(done.kept) == 1 else f"{len(done.kept)} are kept"
        say(f"{kept} that {file.name} does not name; --replace deletes them.")


@recipients.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Write FILE though it is there.")
@click.pass_obj
def export(folder: Path, file: Path, replace: bool) -> None:
    """Write recipients.yaml into FILE (.xlsx), which 'letters recipients import' reads."""
    with told():
        from letters.recipients_sheet import export_recipients

        if file.suffix.lower() != ".xlsx":
            raise UsageError(f"'{file.name}' is no workbook. Name one that ends in .xlsx.")
        if file.exists() and not replace:
            raise UsageError(f"{file} is there. Name another file, or give --replace.")
        project = load_project(folder)
        export_recipients(project.recipients.values(), file)
    give(path=str(file), recipients=[*project.recipients])
    count = len(project.recipients)
    say(f"{file}: {count} recipient{'s' if count != 1 else ''}")


COMMANDS = (new, new_round, sheet, recipients)
