"""What does the work of a build: its one protocol, and this process alone as the simplest.

The others are `ProcessExecutor` (a pool of processes) and `DaskExecutor` (a cluster).
"""

from __future__ import annotations

import ctypes
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from letters.build.options import USUAL, BuildOptions
from letters.build.record import OutputFolder
from letters.project import ProjectRound

if TYPE_CHECKING:
    from letters.build.letter import LetterBuilder

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class WorkerFailed:
    """A task without an answer, and why: a clause such as 'it was ended by signal 9'."""

    why: str


class Executor(ABC, Generic[T, R]):
    """What answers tasks, each by itself: one that costs its worker is answered `WorkerFailed`.

    Use it in `with`.
    """

    def __enter__(self) -> Executor[T, R]:
        return self

    def __exit__(self, *_: object) -> None:
        """End the work, with what is still under way."""

    @abstractmethod
    def run(self, tasks: Iterable[T]) -> Iterator[R | WorkerFailed]:
        """The answers, in the order of the tasks, each as soon as those before it are there.

        Raises what the work cannot begin for, such as ProblemsFound in the templates.
        """

    def finish(self) -> Iterator[R | WorkerFailed]:
        """The answers to tasks already begun, when no more are wanted."""
        return iter(())


class SerialExecutor(Executor[T, R]):
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

    def run(self, tasks: Iterable[T]) -> Iterator[R | WorkerFailed]:
        """The answers to tasks, in their order. Raises what work cannot begin for."""
        for task in tasks:
            self._work = self._work or self._factory()
            yield self._answer(self._work, task)

    def _answer(self, work: Callable[[T], R], task: T) -> R | WorkerFailed:
        try:
            return within(self._limit, partial(work, task))
        except TimedOut:
            from letters.render.pdf.letter import forget_letters

            forget_letters()  # the engine was stopped in the middle of something
            return timed_out(self._limit)


def timed_out(limit: float) -> WorkerFailed:
    """What becomes of a task whose time is up."""
    return WorkerFailed(f"took longer than {limit:g} seconds")


class TimedOut(BaseException):
    """The time is up. Not an Exception, which the work itself could take for a fault of its own."""


def within(seconds: float, work: Callable[[], R]) -> R:
    """What `work` gives. Raises TimedOut in its midst once `seconds` have passed.

    For a process that is not ours to end: the user's own, and a worker of Dask, which would have
    all letters made again that were sent together. So the end of the time is raised inside the
    thread at work, which Python does between two of its own steps only: work that hangs inside a
    library of another language goes on. Whoever catches TimedOut drops what the work left half
    done. A process of ours is ended instead.
    """
    thread, end = threading.get_ident(), time.monotonic() + seconds
    timer = threading.Timer(seconds, raise_in, (thread, TimedOut))
    timer.daemon = True
    timer.start()
    try:
        return work()
    finally:
        timer.cancel()
        timer.join()
        if time.monotonic() >= end:
            # Taking back what is not raised yet leaves Python 3.11 looking for it at every step
            # for good, and for ever where its steps are traced: only where time was up.
            raise_in(thread, None)


def raise_in(thread: int, error: type[BaseException] | None) -> None:
    """Have `error` raised in a thread at its next step; None takes back what is not raised yet."""
    raised = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), raised)


@dataclass(frozen=True, slots=True)
class LetterBuilderFactory:
    """What begins the work of a build, in this process or others, on this machine or others.

    `project_round` may be `without_records`: letters bring their own record and recipients.
    """

    project_round: ProjectRound
    folder: OutputFolder
    options: BuildOptions = USUAL

    def __call__(self) -> LetterBuilder:
        """Read the templates. Raises ProblemsFound."""
        from letters.build.letter import LetterBuilder  # starting its engines takes a while

        return LetterBuilder.load(self.project_round, self.folder, self.options)


def without_records(project_round: ProjectRound) -> ProjectRound:
    """A round as other processes need it to read templates: of its records one for each outcome."""
    one_each = {record.outcome: record for record in project_round.assessments}
    records = tuple(one_each.values())
    return replace(project_round, assessments=records, recipients=(), problems=(), present={})
