"""Processes that share work, as many as there are cores and no more, and a limit to its time.

A process that dies or takes too long costs the one task it was at: that task is answered with
`WorkerFailed`, another process takes the place, and the work goes on. Why this pool is our own:
docs/decisions/process-pool.md.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Generic, TypeVar

from letters.build.executors import Executor, SerialExecutor, WorkerFailed, timed_out
from letters.errors import LettersError

T = TypeVar("T")
R = TypeVar("R")

POOL_FROM = 8
"""Tasks from which several processes save more time than their start costs."""

STARTING = 120.0
"""Seconds that a process may take to begin, besides its first task."""

ONE_PROCESS = "Close other programs, or do without more processes: letters build --jobs 1."
"""What to do where a machine cannot hold several processes."""

RECYCLE = 1000
"""Tasks after which a process is replaced by a fresh one."""

SETTLING = (0, 3, 20, 100)
"""Tasks after which what is left in memory is there to stay."""

SELDOM, THOROUGHLY = 200_000, 100
"""Objects after which garbage is collected in the middle of a task, and tasks after which it is
collected among what earlier tasks left."""

PRELOADED, PDF_ENGINE = "letters.build.preload", "letters.render.pdf.preload"
"""Modules that are there before a process begins, where the system can copy a process: always, and
where PDFs are to be made."""


def cores() -> int:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


MEMORY = 250
"""Megabytes that one process needs: 107 were measured for 20,000 letters, and a long letter with
large pictures takes as much again."""


def free_memory(told: Path = Path("/proc/meminfo")) -> int | None:
    """The megabytes that programs can still have, other memory included; None where no file tells.

    Linux counts in `MemAvailable` what it can take back from its own notes of files.
    """
    try:
        lines = told.read_text("ascii").splitlines()
    except (OSError, ValueError):
        return None
    sizes = [line.split()[1] for line in lines if line.startswith(("MemAvailable:", "SwapFree:"))]
    return sum(map(int, sizes)) // 1_000 if sizes else None


def fitting(jobs: int, free: int | None) -> int:
    """How many of `jobs` processes `free` megabytes of memory hold; all where nothing tells.

    Raises LettersError where not even one fits.
    """
    if free is None:
        return jobs
    if free < MEMORY:
        raise LettersError(
            f"{free} MB of memory are free, and letters need {MEMORY} MB. Close other programs, and"
            " run the command again."
        )
    return min(jobs, free // MEMORY)


_SETTLED = count()


def settle() -> None:
    """Clear up after a task of this process.

    Engines hold some hundred thousand objects that stay; looking through them again and again for
    garbage took a fifth of the time of a letter. So what the first tasks left behind is taken out
    of the collector's rounds, and these wait until a letter is done and little of it is alive.
    """
    if (done := next(_SETTLED)) in SETTLING:
        gc.collect()
        gc.freeze()
        gc.set_threshold(SELDOM)
    else:
        gc.collect(0 if done % THOROUGHLY else 2)


def local_executor(
    factory: Callable[[], Callable[[T], R]],
    jobs: int,
    limit: float,
    count: int,
    begun: Callable[[T], R] | None = None,
    *,
    pdf: bool = True,
) -> Executor[T, R]:
    """What does `count` tasks on this machine: `jobs` processes if they save time; 0: one a core.

    `factory` begins the work of each of them, and gives what answers a task; in this process it may
    have `begun` already. Without `pdf` no process starts the PDF engine before it is asked for one.
    Fewer processes start where memory is short. Raises LettersError where it is too short for one.
    """
    jobs = fitting(min(jobs or count, cores(), count), free_memory())
    if jobs < 2 or count < POOL_FROM:
        return SerialExecutor(factory, limit, begun)
    start_early(pdf=pdf)
    return ProcessExecutor(factory, jobs, limit)


def start_early(*, pdf: bool = True) -> None:
    """Load engines in the background, for processes that will be needed soon."""
    context = _start_method(pdf=pdf)
    if context.get_start_method() == "forkserver":
        from multiprocessing import forkserver

        with _without_ctrl_c():
            forkserver.ensure_running()


@dataclass(eq=False)
class _Worker(Generic[T]):
    process: BaseProcess
    connection: Connection
    number: int = -1
    began: float = 0.0
    done: int = 0
    has_begun: bool = False

    def send(self, number: int, task: T) -> None:
        self.number, self.began = number, time.monotonic()
        with suppress(OSError):  # it has died: that is noticed when its answer is waited for
            self.connection.send(task)

    def ends(self, limit: float) -> float:
        """When its time is up: `limit` seconds are for the task, not for beginning the work."""
        return self.began + (limit if self.has_begun else max(limit, STARTING))

    def stop(self, patience: float = 0.0) -> None:
        """End the process: by itself within `patience` seconds, or else by force."""
        with suppress(OSError):
            self.connection.close()
        self.process.join(patience)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


@dataclass
class ProcessExecutor(Executor[T, R]):
    """`size` processes, in each of which `factory` begins the work and gives what answers a task.

    `factory` must be something that pickle knows: a function of a module, or a value of a class
    that is called. A task is given up after `limit` seconds, a process replaced after `recycle`
    tasks. Processes end with the `with`.
    """

    factory: Callable[[], Callable[[T], R]]
    size: int
    limit: float
    recycle: int = RECYCLE
    _workers: list[_Worker[T]] = field(default_factory=list)
    _answers: dict[int, R | WorkerFailed] = field(default_factory=dict)

    def __enter__(self) -> ProcessExecutor[T, R]:
        self._context = _start_method()
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.stop()
        self._workers.clear()

    def run(self, tasks: Iterable[T]) -> Iterator[R | WorkerFailed]:
        """The answers to `tasks`, in their order. Raises what work could not begin for."""
        waiting, sent, given = iter(tasks), 0, 0
        more = True
        while more or given < sent:
            while more and (worker := self._free()) is not None:
                task = next(waiting, self)
                if more := task is not self:
                    worker.send(sent, task)  # type: ignore[arg-type]
                    sent += 1
            if self._busy():
                self._listen()
            while given in self._answers:
                yield self._answers.pop(given)
                given += 1

    def finish(self) -> Iterator[R | WorkerFailed]:
        """The answers to tasks already begun, when no more are wanted."""
        while self._busy():
            self._listen()
        yield from (self._answers.pop(number) for number in sorted(self._answers))

    def _free(self) -> _Worker[T] | None:
        for worker in self._workers:
            if worker.number < 0:
                return worker
        if len(self._workers) < self.size:
            self._workers.append(self._start())
            return self._workers[-1]
        return None

    def _busy(self) -> list[_Worker[T]]:
        return [worker for worker in self._workers if worker.number >= 0]

    def _start(self) -> _Worker[T]:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(  # type: ignore[attr-defined]
            target=_work, args=(theirs, self.factory), daemon=True
        )
        with _without_ctrl_c():
            process.start()
        theirs.close()
        return _Worker(process, ours)

    def _listen(self) -> None:
        """Wait for an answer, a death or the end of a task's time."""
        busy = self._busy()
        patience = min(worker.ends(self.limit) for worker in busy) - time.monotonic()
        ready = wait([worker.connection for worker in busy], max(patience, 0))
        for worker in busy:
            if worker.connection in ready:
                self._take(worker)
            elif time.monotonic() > worker.ends(self.limit):
                self._give_up(worker, timed_out(self.limit))

    def _take(self, worker: _Worker[T]) -> None:
        try:
            answer = worker.connection.recv()
        except (EOFError, OSError):
            worker.process.join()
            self._give_up(worker, WorkerFailed(_death(worker.process.exitcode)))
            return
        if isinstance(answer, _Raised):
            self.__exit__()  # it has ended, and the others' answers are wanted no more
            raise answer.error
        if not worker.has_begun:  # what a process says first: it is ready for its task
            worker.has_begun, worker.began = True, time.monotonic()
            return
        self._answers[worker.number] = answer
        worker.number, worker.done = -1, worker.done + 1
        if worker.done >= self.recycle:
            self._workers.remove(worker)
            worker.stop(patience=10)

    def _give_up(self, worker: _Worker[T], failed: WorkerFailed) -> None:
        self._workers.remove(worker)
        worker.stop()
        if not worker.has_begun:  # whatever the letter: the next process would fare no better
            what = f"A process that makes letters did not start: it {failed.why}."
            raise LettersError(f"{what} The machine may lack memory. {ONE_PROCESS}")
        self._answers[worker.number] = failed


@dataclass(frozen=True, slots=True)
class _Raised:
    error: BaseException


def _start_method(*, pdf: bool = True) -> BaseContext:
    """Fresh processes on every system; where it can be, copies of one that holds the engines."""
    several = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in several else "spawn")
    if context.get_start_method() == "forkserver":
        context.set_forkserver_preload([PRELOADED, *([PDF_ENGINE] if pdf else [])])
    return context


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """While this lasts, processes start that do not hear Ctrl-C, which is for the build to hear."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it would have Ctrl-C heard again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(connection: Connection, factory: Callable[[], Callable[[Any], Any]]) -> None:
    """Answer tasks until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the build to hear
    gc.set_threshold(SELDOM)
    try:
        answer = factory()
        connection.send(None)
        while True:
            connection.send(answer(connection.recv()))
            settle()
    except (EOFError, BrokenPipeError):
        return
    except Exception as error:
        with suppress(OSError):
            connection.send(_Raised(error))


def _death(code: int | None) -> str:
    if code is not None and code < 0:
        return f"ended its process (signal {-code})"
    return f"ended its process (status {code})"
