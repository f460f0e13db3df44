"""The embargo: nothing of a round is readable in its public folder before its time in London."""

from __future__ import annotations

from datetime import datetime

from letters.errors import Place, Problem
from letters.project import ProjectRound
from letters.project.dates import written_moment


def is_over(project_round: ProjectRound, now: datetime) -> bool:
    """Whether the round may be public at `now`, a moment with its time zone."""
    published = project_round.round.published
    return published is not None and now.timestamp() >= published.timestamp()


def embargo_problems(project_round: ProjectRound, now: datetime) -> tuple[Problem, ...]:
    """Why the round may not be public at `now`: it has no time of publication, or that is to come.

    `now` must have a time zone; ValueError otherwise.
    """
    if now.tzinfo is None:
        raise ValueError("now has no time zone")
    published = project_round.round.published
    if published is None:
        return (_no_time(project_round),)
    if is_over(project_round, now):
        return ()
    what = f"The embargo ends on {written_moment(published)}; it is {written_moment(now)} now."
    fix = "Publish after that; 'letters publish --stage' prepares the files meanwhile."
    return (Problem(_place(project_round), what, fix),)


def time_problems(project_round: ProjectRound) -> tuple[Problem, ...]:
    """Why the round cannot even be staged: it says nowhere when it is published."""
    return () if project_round.round.published else (_no_time(project_round),)


def _no_time(project_round: ProjectRound) -> Problem:
    what = "The round does not say when it is published."
    return Problem(_place(project_round), what, "Write 'published: 5 October 2017 at 00:01'.")


def _place(project_round: ProjectRound) -> Place:
    file = Place(f"rounds/{project_round.round.id}/round.yaml")
    return project_round.places.get("published", file).at("published")
