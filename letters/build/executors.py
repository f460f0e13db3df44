"""Who does the work of a build: this process alone, a pool of processes, or a Dask cluster.

All three answer the same tasks in their order, and are used in `with`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from letters.build.output import OutputFolder
from letters.build.processes import (
    ProcessExecutor,
    TimedOut,
    WorkerFailed,
    cores,
    start_early,
    timed_out,
    within,
)
from letters.project import ProjectRound

if TYPE_CHECKING:  # a build with nothing to do starts no engine
    from letters.build.letter import LetterBuilder

POOL_FROM = 8
"""Letters from which several processes save more time than their start costs."""

T = TypeVar("T")
R = TypeVar("R")
TaskT = TypeVar("TaskT", contravariant=True)
AnswerT = TypeVar("AnswerT", covariant=True)


class Executor(Protocol[TaskT, AnswerT]):
    """What does tasks, each by itself: one that cannot be done is answered with `WorkerFailed`."""

    def __enter__(self) -> Executor[TaskT, AnswerT]:
        """Begin the work."""

    def __exit__(self, *_: object) -> None:
        """End the work."""

    def run(self, tasks: Iterable[TaskT]) -> Iterator[AnswerT | WorkerFailed]:
        """The answers, in the order of the tasks, each as soon as those before it are there.

        Raises what work cannot begin for, such as ProblemsFound in the templates.
        """

    def finish(self) -> Iterator[AnswerT | WorkerFailed]:
        """What is still under way, when no more is wanted."""


class SerialExecutor(Generic[T, R]):
    """This process alone: each task is done when its answer is asked for, and none without."""

    def __init__(
        self,
        factory: Callable[[], Callable[[T], R]],
        limit: float,
        begun: Callable[[T], R] | None = None,
    ) -> None:
        """`begun` is what answers tasks, where `factory` need not begin the work for that."""
        self._factory = factory
        self._limit = limit
        self._work = begun

    def __enter__(self) -> SerialExecutor[T, R]:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def run(self, tasks: Iterable[T]) -> Iterator[R | WorkerFailed]:
        """The answers to tasks, in their order. Raises what work cannot begin for."""
        for task in tasks:
            self._work = self._work or self._factory()
            yield self._answer(self._work, task)

    def finish(self) -> Iterator[R | WorkerFailed]:
        """Nothing: no task is begun before its answer is wanted."""
        return iter(())

    def _answer(self, work: Callable[[T], R], task: T) -> R | WorkerFailed:
        try:
            return within(self._limit, partial(work, task))
        except TimedOut:
            from letters.render.pdf.letter import forget_letters

            forget_letters()  # the engine was stopped in the middle of something
            return timed_out(self._limit)


@dataclass(frozen=True, slots=True)
class LetterBuilderFactory:
    """How the letters of a build are made, on any machine.

    `project_round` may be `without_records`: letters bring their own record and recipients.
    """

    project_round: ProjectRound
    folder: OutputFolder
    drafts: bool = False
    discard_edits: bool = False

    def __call__(self) -> LetterBuilder:
        """Read the templates. Raises ProblemsFound."""
        from letters.approvals import Approvals
        from letters.build.letter import LetterBuilder
        from letters.render.stationery import Stationery

        round_ = self.project_round
        return LetterBuilder(
            round_.round,
            self.folder,
            self.drafts,
            self.discard_edits,
            Stationery.load(round_),
            Approvals.load(round_),
        )


def local_executor(
    factory: Callable[[], Callable[[T], R]],
    jobs: int,
    limit: float,
    count: int,
    begun: Callable[[T], R] | None = None,
) -> Executor[T, R]:
    """What does `count` tasks on this machine: `jobs` processes if they save time; 0: one a core.

    `factory` begins the work of each of them, and gives what answers a task; in this process it may
    have `begun` already.
    """
    jobs = min(jobs or count, cores(), count)
    if jobs < 2 or count < POOL_FROM:
        return SerialExecutor(factory, limit, begun)
    start_early()
    return ProcessExecutor(factory, jobs, limit)


def without_records(project_round: ProjectRound) -> ProjectRound:
    """A round as other processes need it to read templates: of its records one for each outcome."""
    outcomes = {record.outcome: record for record in project_round.assessments}
    return replace(
        project_round,
        assessments=tuple(outcomes.values()),
        recipients=(),
        problems=(),
        present={},
    )
