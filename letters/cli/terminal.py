"""The project and the rounds a command is about, and how a user's mistakes are told."""

from __future__ import annotations

import logging
import multiprocessing
import os
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from letters.cli.answer import complain, print_problems
from letters.cli.shared import refuse
from letters.errors import LettersError, Problem, ProblemsFound, UsageError
from letters.files import WAITING, find_root
from letters.sources.tables import unseen

if TYPE_CHECKING:
    from letters.project import Project, ProjectRound

log = logging.getLogger(__name__)


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
    project = Project.load(folder, now=datetime.now(UTC))
    rounds, faults = len(project.rounds), len(project.problems)
    log.info("read %s: %d rounds, %d problems", project.root, rounds, faults)
    return project


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


def counted_faults(count: int) -> str:
    """`no faults`, `1 fault`, `2 faults`."""
    return f"{count or 'no'} {'fault' if count == 1 else 'faults'}"


def say_waiting() -> None:
    """Tell that another command that changes the project must end first."""
    complain(WAITING)


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
        refuse(str(error))
    except ProblemsFound as found:
        print_problems(found.problems)
        sys.exit(1)
    except LettersError as error:
        refuse(str(error), 1)
    except (
        BrokenPipeError
    ):  # whoever read our output has seen enough of it (`letters status | head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes at its end
        sys.exit(1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        refuse(f"{where}the system refuses: {error.strerror or error}.", 1)


def end_at_once() -> NoReturn:
    """End the program as done, without waiting for threads and processes that are still at work."""
    for process in multiprocessing.active_children():
        process.kill()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
