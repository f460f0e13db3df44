"""Who does the work of a build: this process alone, a pool of processes, or a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Protocol

from letters.build.letter import Answer, Maker, Task, Workshop, answer_within, open_desk
from letters.build.options import Order, Wishes
from letters.build.output import Shelf
from letters.build.processes import Lost, Pool, cores, start_early
from letters.build.record import BuiltLetter
from letters.errors import Problem, ProblemsFound
from letters.model import Letter
from letters.project import ProjectRound

POOL_FROM = 8
"""Letters from which several processes save more time than their start costs."""

BATCH = 50
"""Letters looked through at a time."""

Report = BuiltLetter | Lost


class Hands(Protocol):
    """Something that answers tasks, in their order."""

    def run(self, tasks: Iterable[Task]) -> Iterator[Answer | Lost]:
        """The answers, each as soon as those before it are there."""

    def finish(self) -> Iterator[Answer | Lost]:
        """What is still under way, when no more is wanted."""


class Crew:
    """Checks letters and makes them. With no `hands` this process does it all, each task within
    `limit` seconds."""

    def __init__(self, workshop: Workshop, hands: Hands | None, limit: float) -> None:
        self._workshop = workshop
        self._hands = hands
        self._limit = limit

    def problems(self, letters: Iterable[Letter]) -> tuple[Problem, ...]:
        """What is wrong with the templates, and with the letters to be made of them."""
        try:
            maker = self._workshop.open()
        except ProblemsFound as found:
            return found.problems
        self._hands = self._hands or _Alone(maker, self._limit)
        answers = self._hands.run(_batches(letters))
        return tuple(p for answer in answers if isinstance(answer, tuple) for p in answer)

    def make(self, orders: Iterable[Order]) -> Iterator[Report]:
        """Make letters; a report of each, in order. Call `problems` first."""
        return self._reports(self._hands.run(orders) if self._hands else iter(()))

    def finish(self) -> Iterator[Report]:
        """Reports of letters still under way, when no more are to be begun."""
        return self._reports(self._hands.finish() if self._hands else iter(()))

    def _reports(self, answers: Iterator[Answer | Lost]) -> Iterator[Report]:
        return (answer for answer in answers if not isinstance(answer, tuple))


class _Alone:
    """This process: what it cannot do is not done."""

    def __init__(self, maker: Maker, limit: float) -> None:
        self._answer = partial(answer_within, limit, maker)

    def run(self, tasks: Iterable[Task]) -> Iterator[Answer | Lost]:
        return map(self._answer, tasks)

    def finish(self) -> Iterator[Answer | Lost]:
        return iter(())


@contextmanager
def crew_for(
    project_round: ProjectRound, shelf: Shelf, wishes: Wishes, count: int
) -> Iterator[Crew]:
    """A crew for `count` letters, sent home when done."""
    workshop = Workshop(project_round, shelf, wishes.drafts, wishes.discard_edits)
    with _hands(workshop, wishes, count) as hands:
        yield Crew(workshop, hands, wishes.limit)


def _hands(workshop: Workshop, wishes: Wishes, count: int) -> AbstractContextManager[Hands | None]:
    if wishes.cluster:
        from letters.build.cluster import Cluster

        return Cluster(wishes.cluster, _light(workshop), wishes.limit)
    jobs = min(wishes.jobs, cores(), count)
    if jobs < 2 or count < POOL_FROM:
        return nullcontext(None)
    start_early()
    return Pool[Task, Answer](partial(open_desk, _light(workshop)), jobs, wishes.limit)


def _light(workshop: Workshop) -> Workshop:
    """The same without the records and recipients, which come with each letter."""
    round_ = replace(workshop.project_round, assessments=(), recipients=(), problems=(), present={})
    return replace(workshop, project_round=round_)


def _batches(letters: Iterable[Letter]) -> Iterator[tuple[Letter, ...]]:
    """Letters, some at a time; with none at all, a batch of none: the templates are looked at."""
    waiting = iter(letters)
    yield tuple(islice(waiting, BATCH))
    while batch := tuple(islice(waiting, BATCH)):
        yield batch
