"""What every command shares: the project and rounds it is about, and how problems are told."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NoReturn

import click

from letters.errors import LettersError, Problem, ProblemsFound, UsageError
from letters.files import WAITING, find_root
from letters.sources.tables import unseen

if TYPE_CHECKING:
    from letters.project import Project, ProjectRound


def not_empty(_context: click.Context, _option: click.Parameter, value: str | None) -> str:
    """An option's value; nothing where it is not given, a usage error where it is given empty."""
    if value == "":
        raise click.BadParameter("it is empty.")
    return value or ""


def readable(_context: click.Context, _option: click.Parameter, value: str) -> str:
    """A text to be printed; a usage error where it holds a character that nobody sees."""
    if fault := unseen(value):
        raise click.BadParameter(" ".join(fault))
    return value


def _round_name(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """A round's name, though a shell completed it to the path of its folder."""
    return PurePath(value).name if value else value


round_option = click.option(
    "-r",
    "--round",
    "round_id",
    metavar="ROUND",
    callback=_round_name,
    help="The round's folder name.",
)


key_option = click.option(
    "--key",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Sign with this SSH key: its private file, or a .pub file whose key the agent holds.",
)


def load_project(folder: Path) -> Project:
    """The project a command is about, cleared of what a command that was killed left in it."""
    from letters.project import Project

    clear(folder)
    return Project.load(folder, now=datetime.now(UTC))


def clear(folder: Path) -> None:
    """Clear what a command that was killed left in a project."""
    from letters.folders import clear_leftovers

    if root := find_root(folder):
        clear_leftovers(root)


def rounds_asked(
    project: Project, round_id: str | None, forces: Collection[str] = ()
) -> tuple[ProjectRound, ...]:
    """The round asked for, the only one, or all; forces are named within one round."""
    if round_id is not None or forces:
        return (project.round(round_id),)
    stop_at([problem for lost in project.unreadable.values() for problem in lost])
    if not project.rounds:
        stop_at(project.problems)
    return project.rounds


def print_problems(problems: Sequence[Problem]) -> None:
    """Each problem on a line, then how many there are."""
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        click.echo("1 problem." if len(problems) == 1 else f"{len(problems)} problems.", err=True)


def counted_faults(count: int) -> str:
    """`no faults`, `1 fault`, `2 faults`."""
    return f"{count or 'no'} {'fault' if count == 1 else 'faults'}"


def print_table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """A table with columns as wide as their contents."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in [heads, tuple("-" * width for width in widths), *rows]:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def say_waiting() -> None:
    """Tell that another command that changes the project must end first."""
    click.echo(WAITING, err=True)


def stop_at(problems: Sequence[Problem]) -> None:
    """Raise ProblemsFound where there are any."""
    if problems:
        raise ProblemsFound(problems)


@contextmanager
def told() -> Iterator[None]:
    """A user's mistake is told in its own words, with its exit status; never a traceback."""
    try:
        yield
    except UsageError as error:
        click.echo(f"letters: {error}", err=True)
        sys.exit(2)
    except ProblemsFound as found:
        print_problems(found.problems)
        sys.exit(1)
    except LettersError as error:
        click.echo(f"letters: {error}", err=True)
        sys.exit(1)
    except (
        BrokenPipeError
    ):  # whoever read our output has seen enough of it (`letters status | head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes at its end
        sys.exit(1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"letters: {where}the system refuses: {error.strerror or error}.", err=True)
        sys.exit(1)


def end_at_once() -> NoReturn:
    """End the program as done, without waiting for threads and processes that are still at work."""
    for process in multiprocessing.active_children():
        process.kill()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


STEPS: Mapping[str, Mapping[str, str]] = {
    "Begin": {
        "new": "letters new my-letters",
        "recipients": "letters recipients import forces.xlsx",
        "new-round": "letters new-round 2027-welfare --from 2026-welfare",
        "sheet": "letters sheet -r 2026-welfare",
    },
    "Write and look": {
        "check": "letters check",
        "preview": "letters preview kent",
        "build": "letters build kent essex",
        "status": "letters status",
        "diff": "letters diff kent",
        "take-back": "letters take-back kent.docx",
        "comments": 'letters comments --reply 1 "Agreed; it is changed."',
    },
    "Approve and send": {
        "review": "letters review",
        "approve": "letters approve kent --by lowe",
        "dispatch": "letters dispatch --for-accuracy-check",
    },
    "Publish": {
        "numbers": "letters numbers",
        "claims": "letters claims",
        "publish": "letters publish --stage",
        "verify": "letters verify out",
        "withdraw": 'letters withdraw kent --note "It named a witness."',
    },
    "Help": {
        "compare": "letters compare last-year/ out/2026-welfare/letters/",
        "schema": "letters schema",
        "doctor": "letters doctor",
    },
}
"""The commands in the order of the work, each with an example."""


WHOLE = 1_000  # characters of a summary; none is cut


class InWorkingOrder(click.Group):
    """A group whose help lists its commands in the order of the work, with whole summaries."""

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002  (as click calls it)
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the commands, step by step."""
        for step, names in STEPS.items():
            commands = [(name, self.commands[name]) for name in names if name in self.commands]
            with formatter.section(step):
                formatter.write_dl([(n, c.get_short_help_str(limit=WHOLE)) for n, c in commands])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, with its example under its help."""
        command = super().get_command(ctx, cmd_name)
        examples = {name: each for names in STEPS.values() for name, each in names.items()}
        if command is not None and cmd_name in examples:
            command.epilog = f"Example: {examples[cmd_name]}"
        return command
