"""What can go wrong, and how it is said. A mistake of a user is data: a `Problem` at a `Place`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

_CELL = re.compile(r"([A-Z]+)(\d+)$")


class LettersError(Exception):
    """Root of every error this package raises on purpose."""


class UsageError(LettersError):
    """The request cannot be carried out: no project here, no such round, no such force."""


class ProblemsFound(LettersError):  # noqa: N818  (reads as what it is)
    """One or more problems in the user's files; nothing was written.

    `problems` holds all of them, in the order of their places.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("\n".join(map(str, self.problems)))


class RenderError(LettersError):
    """One letter cannot be made as its layout and record ask; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """Where a value stands: file (relative to the project, `/` between folders), line, cell, field.

    `line` counts from 1; 0 means the whole file. `cell` is a sheet and cell such as `Sheet1!C5`.
    """

    file: str
    line: int = 0
    cell: str = ""
    field: str = ""

    def __str__(self) -> str:
        where = self.file
        if self.line:
            where += f":{self.line}"
        return " ".join(filter(None, (where, self.cell, self.field)))

    def at(self, field: str) -> Place:
        """The same place, naming `field`."""
        return Place(self.file, self.line, self.cell, field)


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One mistake: where, what is wrong, and what to do. Both are whole sentences."""

    place: Place
    what: str
    fix: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what} {self.fix}".rstrip()


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems sorted by place (cell C5 before C10), each once."""
    return tuple(sorted(set(problems), key=_reading_order))


def _reading_order(problem: Problem) -> tuple[object, ...]:
    place = problem.place
    column, row = _CELL.findall(place.cell)[-1] if _CELL.search(place.cell) else ("", "0")
    sheet = place.cell.rpartition("!")[0]
    return (place.file, place.line, sheet, int(row), len(column), column, problem)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`Did you mean 'x'?` with the known word nearest to `word`; empty where none is near."""
    close = get_close_matches(word, list(known), n=1)
    return f"Did you mean '{close[0]}'?" if close else ""
