"""The gate: every reason against publishing a round, at once.

Its conditions are one list. Each is a name, a sentence that says what must hold, and a check that
yields a problem for each thing that does not.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from letters.errors import Problem, in_order
from letters.gate.candidate import Candidate
from letters.gate.conditions import (
    are_printed,
    emailed,
    false_claims,
    misanswered,
    misdated,
    misdated_words,
    misquoted,
    named,
    nowhere,
    outdated,
    outdated_words,
    unclaimed,
    unfinished,
    unprinted,
)
from letters.gate.letters import (
    awaiting,
    badly_built,
    embargo_problems,
    miscounted,
    time_problems,
    unapproved,
    unsound,
    unsound_files,
)
from letters.gate.names import NameKind
from letters.gate.private import not_searched, repeated
from letters.gate.quantities import summary_problems
from letters.model import Letter, Round
from letters.project import Project, ProjectRound


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that must hold before a round is published: a name, a sentence, and its check.

    `of_letter` is what is asked of each finished letter before. `is_set` says whether a round sets
    anything that could be checked, such as a claim; `notes` what the check leaves out, a sentence
    each.
    """

    name: str
    sentence: str
    check: Callable[[Candidate], Iterable[Problem]] = lambda _: ()
    is_set: Callable[[Round], bool] = lambda _: True
    notes: Callable[[Candidate], Iterable[str]] = lambda _: ()
    of_letter: Callable[[Candidate, Letter], Iterable[Problem]] = lambda *_: ()


@dataclass(frozen=True, slots=True)
class Result:
    """What a condition found; nothing where it holds, or where the round sets nothing to check."""

    condition: Condition
    problems: tuple[Problem, ...]
    is_set: bool = True
    notes: tuple[str, ...] = ()
    """What was not checked, a sentence each."""

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.problems

    @property
    def word(self) -> str:
        """It in a word: "yes", "no", or "none set"."""
        if self.problems:
            return "no"
        return "yes" if self.is_set else "none set"


def _undated(candidate: Candidate) -> Iterator[Problem]:
    yield from time_problems(candidate.project_round)


def _embargoed(candidate: Candidate) -> Iterator[Problem]:
    if candidate.project_round.round.published:
        yield from embargo_problems(candidate.project_round, candidate.now)


def _uncountable(candidate: Candidate) -> Iterator[Problem]:
    yield from summary_problems(candidate.project_round)


EMBARGO, PRIVATE = "embargo", "private"
CONDITIONS = (
    Condition("sound", "Records, wording and layouts have no problem.", unsound),
    Condition("outcomes", "Every recipient’s record has its outcome.", awaiting),
    Condition("approved", "Every letter is approved as it is.", unapproved),
    Condition("everyone", "Every recipient has one letter, and every letter its recipients.",
              miscounted),
    Condition("built", "Letters that were built are the letters approved.", badly_built),
    Condition("judged", "Every file passes its checks.", unsound_files),
    Condition("pictures", "No picture is a placeholder.", unfinished),
    Condition("report", "The national report can be reached.", nowhere,
              lambda round_: round_.national_report is not None),
    Condition("numbers", "The records bear out what is printed about the round.", false_claims,
              lambda round_: bool(round_.claims)),
    Condition("printed", "Each claim is quoted exactly as in the report.", unprinted,
              are_printed),
    Condition("claimed", "Every number that is printed is claimed, or set aside with a reason.",
              unclaimed),
    Condition("forces", "No letter names another force.", misanswered,
              of_letter=named(NameKind.FORCE)),
    Condition("officers", "No letter names another force’s chief officer.",
              of_letter=named(NameKind.OFFICER)),
    Condition("bodies", "No letter names another force’s local policing body.",
              of_letter=named(NameKind.BODY)),
    Condition("e-mails", "No letter holds another force’s e-mail address.", of_letter=emailed),
    Condition(PRIVATE, "Nothing private is published.", repeated, notes=not_searched),
    Condition("quotations", "Quotations are their registered source text.", misquoted,
              lambda round_: bool(round_.quotations)),
    Condition("terms", "Retired terms are inside quotations only.", outdated,
              lambda round_: bool(round_.retired_terms), of_letter=outdated_words),
    Condition("dates", "Every date that is printed exists and has one meaning.", misdated,
              of_letter=misdated_words),
    Condition("summary", "The counts in the summary are of outcomes.", _uncountable,
              lambda round_: bool(round_.summary)),
    Condition("dated", "The round says when it is published; its dates are in order.", _undated),
    Condition(EMBARGO, "The embargo is over.", _embargoed,
              lambda round_: round_.published is not None),
)  # fmt: skip
"""Every condition of the gate, in the order in which they are told."""


def results(
    project: Project,
    project_round: ProjectRound,
    *,
    now: datetime,
    out: Path,
    but: Collection[str] = (),
    jobs: int = 1,
) -> tuple[Result, ...]:
    """What every condition finds in a round, but for those named in `but`.

    `now` is the moment of publication, with its time zone; `out` the round's folder for output, in
    which published editions that are not there yet are made, by `jobs` processes; 0: one a core.
    """
    return results_of(Candidate(project, project_round, now, out, jobs), but=but)


def results_of(candidate: Candidate, *, but: Collection[str] = ()) -> tuple[Result, ...]:
    """What every condition finds in a candidate, but for those named in `but`."""
    wanted = [condition for condition in CONDITIONS if condition.name not in but]
    found: dict[str, list[Problem]] = {condition.name: [] for condition in wanted}
    for letter in candidate.finished:  # all that is asked of one, while it is at hand
        for condition in wanted:
            found[condition.name] += condition.of_letter(candidate, letter)
    return tuple(
        Result(
            condition,
            in_order((*found[condition.name], *condition.check(candidate))),
            condition.is_set(candidate.project_round.round),
            tuple(condition.notes(candidate)),
        )
        for condition in wanted
    )


def reasons(
    project: Project,
    project_round: ProjectRound,
    *,
    now: datetime,
    out: Path,
    but: Collection[str] = (),
) -> tuple[Problem, ...]:
    """Every reason against publishing a round now; none where it may be published.

    Staging leaves out the EMBARGO: `but=(EMBARGO,)`.
    """
    found = results(project, project_round, now=now, out=out, but=but)
    return in_order(problem for result in found for problem in result.problems)
