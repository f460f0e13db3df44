"""Processes that share the work: order, deaths, endless tasks, and what a user is told."""

import multiprocessing
import os
import re
import signal
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from letters import (
    BuildOptions,
    Place,
    Problem,
    ProblemsFound,
    Project,
    RoundTemplates,
    build_round,
)
from letters.build.executors import (
    LetterBuilderFactory,
    SerialExecutor,
    TimedOut,
    WorkerFailed,
    within,
    without_records,
)
from letters.build.letter import Answer, LetterBuilder, Task
from letters.build.options import BuildTask
from letters.build.processes import (
    ProcessExecutor,
    cores,
    fitting,
    free_memory,
    local_executor,
)
from letters.build.record import BuiltLetter, LocalFolder
from letters.errors import LettersError, UsageError
from letters.render.readback import read_pdf
from tests.build.endless import go_round_for_ever, hung_at

Numbers = ProcessExecutor[int, tuple[int, int]]
LONG = 100.0


def squarer(trouble: str = "") -> Callable[[int], tuple[int, int]]:
    """What squares numbers, and meets its `trouble` at 3."""

    def answer(number: int) -> tuple[int, int]:
        if number == 3 and trouble:
            TROUBLES[trouble]()
        return number * number, os.getpid()

    return answer


def not_begun() -> Callable[[int], tuple[int, int]]:
    raise ProblemsFound([Problem(Place("letter.md", 3), "It is empty.", "Write it.")])


def wait_for_ever() -> None:
    threading.Event().wait()


def fail() -> None:
    raise UsageError("Three is too many.")


TROUBLES: dict[str, Callable[[], object]] = {
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "left": lambda: os._exit(7),
    "endless": wait_for_ever,
    "raised": fail,
}


def squares(pool: Numbers, numbers: int = 8) -> list[int | str]:
    answers = list(pool.run(range(numbers)))
    return [answer.why if isinstance(answer, WorkerFailed) else answer[0] for answer in answers]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_answers_come_in_the_order_of_their_tasks(size: int) -> None:
    with Numbers(squarer, size, LONG) as pool:
        assert squares(pool, 30) == [n * n for n in range(30)]


@pytest.mark.parametrize(
    ("trouble", "limit", "why"),
    [
        ("killed", 100, "ended its process (signal 9)"),
        ("left", 100, "ended its process (status 7)"),
        ("endless", 3, "took longer than 3 seconds"),
    ],
)
def test_a_process_lost_costs_one_task(trouble: str, limit: float, why: str) -> None:
    with Numbers(partial(squarer, trouble), 2, limit) as pool:
        assert squares(pool) == [0, 1, 4, why, 16, 25, 36, 49]


def test_what_a_process_raises_is_raised_here() -> None:
    raised = pytest.raises(UsageError, match="Three is too many")
    with Numbers(partial(squarer, "raised"), 2, LONG) as pool, raised:
        squares(pool)


def test_problems_that_let_no_process_begin_are_raised_here() -> None:
    with Numbers(not_begun, 2, LONG) as pool:
        with pytest.raises(ProblemsFound) as raised:
            squares(pool)
        assert list(pool.finish()) == []
    assert list(map(str, raised.value.problems)) == ["letter.md:3: It is empty. Write it."]


def test_processes_are_replaced_after_so_many_tasks() -> None:
    with Numbers(squarer, 1, LONG, recycle=4) as pool:
        workers = [a[1] for a in pool.run(range(12)) if not isinstance(a, WorkerFailed)]
    assert len(set(workers)) == 3
    assert [len(set(workers[n : n + 4])) for n in (0, 4, 8)] == [1, 1, 1]


def test_no_process_is_left_behind() -> None:
    with Numbers(squarer, 2, LONG) as pool:
        squares(pool)
    assert multiprocessing.active_children() == []


def status(process: int | str | None, key: str) -> str:
    """What the system says of a process."""
    said = Path(f"/proc/{process}/status").read_text()
    (value,) = re.findall(rf"^{key}:\s+(\w+)", said, re.MULTILINE)
    return str(value)


def test_no_process_of_a_pool_hears_ctrl_c() -> None:
    with Numbers(squarer, 1, LONG) as pool:
        squares(pool)
        (worker,) = multiprocessing.active_children()
        server = status(worker.pid, "PPid")
        for process in (worker.pid, server):
            assert int(status(process, "SigBlk"), 16) >> signal.SIGINT - 1 & 1
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_what_is_under_way_can_be_finished_when_no_more_is_wanted() -> None:
    begun = []
    with Numbers(squarer, 2, LONG) as pool:
        answers = pool.run(begun.append(n) or n for n in range(100))  # type: ignore[func-returns-value]
        next(answers)
        under_way = begun[1:]
        left = [answer[0] for answer in pool.finish() if not isinstance(answer, WorkerFailed)]
    assert begun == [0, *under_way]
    assert left == [n**2 for n in under_way]


def troubled(factory: LetterBuilderFactory, letter: str, trouble: str) -> Callable[[Task], Answer]:
    """The work of a build in which one letter goes wrong."""
    builder = factory()

    def answer(task: Task) -> Answer:
        if isinstance(task, BuildTask) and task.letter.id == letter:
            TROUBLES[trouble]()
        return builder(task)

    return answer


def two_jobs(
    monkeypatch: pytest.MonkeyPatch, folder: Path, letter: str, trouble: str
) -> dict[str, BuiltLetter]:
    """A build in two processes, in which one letter goes wrong."""

    def two_processes(
        factory: LetterBuilderFactory, _jobs: int, limit: float, _count: int, **_: bool
    ) -> ProcessExecutor[Task, Answer]:
        return ProcessExecutor(partial(troubled, factory, letter, trouble), 2, limit)

    monkeypatch.setattr("letters.build.round.local_executor", two_processes)
    project = Project.load(folder)
    made = build_round(project, project.round("first-round"), BuildOptions(limit=8))
    return {each.id: each for each in made}


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        ("killed", "ended its process (signal 9)"),
        ("endless", "took longer than 8 seconds"),
    ],
)
def test_a_letter_that_takes_its_process_with_it_is_named_and_the_others_are_made(
    trouble: str, why: str, starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = two_jobs(monkeypatch, starter, "ashmere", trouble)
    assert made["ashmere"].state == "failed"
    told = f"This letter {why} and was skipped. Build it by itself: letters build ashmere."
    assert made["ashmere"].problem == told
    assert list(made) == ["ashmere", "dunhollow", "westerlyn"]
    pdf = (starter / "out/first-round/letters/dunhollow.pdf").read_bytes()
    assert any("do not yet have a plan" in passage.text for passage in read_pdf(pdf))


def test_work_in_this_process_ends_when_its_time_is_up() -> None:
    with pytest.raises(TimedOut):
        within(0.01, go_round_for_ever)
    assert within(100, lambda: 7) == 7


def test_a_fault_of_the_work_is_raised_and_nothing_after_it() -> None:
    with pytest.raises(UsageError, match="Three is too many"):
        within(100, fail)
    assert not [each for each in threading.enumerate() if isinstance(each, threading.Timer)]


def test_a_letter_that_never_ends_is_given_up_without_other_processes(
    starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LetterBuilder, "make", hung_at("ashmere"))
    project = Project.load(starter)
    made = build_round(project, project.round("first-round"))
    assert made[0].problem == (
        "This letter took longer than 120 seconds and was skipped. Build it by itself: "
        "letters build ashmere."
    )
    assert [each.state for each in made] == ["failed", "draft", "awaiting"]


def test_cores_are_those_this_process_may_use() -> None:
    assert 1 <= cores() <= (os.cpu_count() or 1)


@pytest.mark.parametrize(
    ("jobs", "count", "usual"),
    [(1, 100, SerialExecutor), (2, 7, SerialExecutor), (2, 8, ProcessExecutor)],
)
@pytest.mark.skipif(cores() < 2, reason="one core: no processes")
def test_processes_are_started_where_they_save_time(jobs: int, count: int, usual: type) -> None:
    assert isinstance(local_executor(squarer, jobs, LONG, count), usual)


def test_the_round_a_process_gets_finds_the_faults_of_every_outcome_in_use(starter: Path) -> None:
    (starter / "templates/first-wording/outcomes/not-yet.md").unlink()
    project_round = Project.load(starter).round("first-round")
    factory = LetterBuilderFactory(without_records(project_round), LocalFolder(starter / "out"))
    with pytest.raises(ProblemsFound) as light:
        factory()
    with pytest.raises(ProblemsFound) as whole:
        RoundTemplates.load(project_round)
    assert light.value.problems == whole.value.problems


@pytest.mark.parametrize(("free", "processes"), [(None, 8), (4_000, 8), (1_600, 6), (250, 1)])
def test_as_many_processes_start_as_memory_holds(free: int | None, processes: int) -> None:
    assert fitting(8, free) == processes


def test_a_machine_without_memory_for_one_letter_is_refused() -> None:
    with pytest.raises(LettersError) as error:
        fitting(8, 249)
    assert str(error.value) == (
        "249 MB of memory are free, and letters need 250 MB. Close other programs, and run the"
        " command again."
    )


def test_free_memory_is_what_the_system_says_can_be_had(tmp_path: Path) -> None:
    told = tmp_path / "meminfo"
    assert free_memory(told) is None
    told.write_text(
        "MemTotal: 9000000 kB\nMemFree: 1000 kB\nMemAvailable: 700000 kB\nSwapFree: 50000 kB\n"
    )
    assert free_memory(told) == 750
