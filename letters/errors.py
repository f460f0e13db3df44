"""What can go wrong, and how it is said. A mistake of a user is data: a `Problem` at a `Place`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TypeVar

_CELL = re.compile(r"([A-Z]+)(\d+)$")
_QUOTED = 60  # characters of a value in a message: more would fill the line

MOST_PROBLEMS = 1_000
"""Problems of one file after which the rest of it is not read."""

T = TypeVar("T")


class LettersError(Exception):
    """Root of every error this package raises on purpose."""


class UsageError(LettersError):
    """The request cannot be carried out: no project here, no such round, no such force."""


class Refused(ValueError):  # noqa: N818  (reads as what it is)
    """A text that is no value of its kind; `what` and `fix` say why and what to write."""

    def __init__(self, what: str, fix: str) -> None:
        self.what, self.fix = what, fix
        super().__init__(f"{what} {fix}")


class ProblemsFound(LettersError):  # noqa: N818  (reads as what it is)
    """One or more problems in the user's files; nothing was written.

    `problems` holds all of them, in the order of their places.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[ProblemsFound], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)  # from another process it comes whole


class RenderError(LettersError):
    """One letter cannot be made as its layout and record ask; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))

    def __reduce__(self) -> tuple[type[RenderError], tuple[Problem]]:
        return type(self), (self.problem,)


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
    """One mistake: where, what is wrong, and what to do. Both are whole sentences.

    `letters` are those it shows in, by whom they go to; `what` then names the first of them.
    `question` is what it quotes where a person has to decide: an answer in round.yaml closes it.
    """

    place: Place
    what: str
    fix: str
    letters: tuple[str, ...] = ()
    question: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.what} {self.fix}".rstrip()


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems sorted by place (cell C5 before C10), each once, however many letters show it."""
    told: dict[tuple[Place, str, str], Problem] = {}
    for problem in problems:
        words = problem.what.replace(the_letter(*problem.letters), "")
        key = (problem.place, words, problem.fix)
        told[key] = _together(told[key], problem) if key in told else problem
    return tuple(sorted(told.values(), key=_reading_order))


def the_letter(*letters: str) -> str:
    """`the letter to Kent Police and 2 others`: the first of several letters, and how many more."""
    more = len(letters) - 1
    others = f" and {more} other{'s' if more > 1 else ''}" if more > 0 else ""
    return f"the letter to {letters[0]}{others}" if letters else ""


def _together(first: Problem, other: Problem) -> Problem:
    letters = tuple(dict.fromkeys((*first.letters, *other.letters)))
    what = first.what.replace(the_letter(*first.letters), the_letter(*letters))
    return replace(first, what=what, letters=letters)


def _reading_order(problem: Problem) -> tuple[object, ...]:
    place = problem.place
    column, row = _CELL.findall(place.cell)[-1] if _CELL.search(place.cell) else ("", "0")
    sheet = place.cell.rpartition("!")[0]
    return (place.file, place.line, sheet, int(row), len(column), column, problem)


def until_too_many(items: Iterable[T], problems: list[Problem], file: str) -> Iterator[T]:
    """`items` of `file` until `problems` has grown by `MOST_PROBLEMS`, which is told then."""
    before = len(problems)
    for item in items:
        if len(problems) - before >= MOST_PROBLEMS:
            what = f"The file has more than {MOST_PROBLEMS:,} problems; the rest was not read."
            problems.append(Problem(Place(file), what, "Begin with those named here."))
            return
        yield item


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that `word` probably means; empty where none is like it."""
    return next(iter(get_close_matches(word, list(known), n=1)), "")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`Did you mean 'x'?` with the known word nearest to `word`; empty where none is near."""
    meant = nearest(word, known)
    return f"Did you mean '{meant}'?" if meant else ""


NAMED = 3
"""How many of many a message names."""


def some(several: Sequence[object], most: int = NAMED, between: str = ", ") -> str:
    """The first of several, and how many more there are: "Kent, Essex, Surrey and 2 more"."""
    shown, rest = between.join(map(str, several[:most])), len(several) - most
    stop = between.strip(", ")  # sentences with commas of their own are parted by semicolons
    return f"{shown}{stop} and {rest} more" if rest > 0 else shown


def shortened(text: str, *, keep_end: bool = False) -> str:
    """`text` as messages quote it: on one line, with `…` for what is beyond 60 characters."""
    line = " ".join(text.split())
    if len(line) <= _QUOTED:
        return line
    return f"…{line[1 - _QUOTED :].lstrip()}" if keep_end else f"{line[: _QUOTED - 1].rstrip()}…"
