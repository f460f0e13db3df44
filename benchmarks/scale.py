"""A round of any size, made of the example's records over and over, and built.

`python -m benchmarks.scale PROJECT OUT COUNT JOBS` prints seconds, and the peak of memory of any
one process that made letters. JOBS may be `dask`: two workers of a local cluster.

The round is put together in memory, so that reading files of thousands of records is not part of
what is measured. Nobody has approved these letters, so each is a draft, marked on every page.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from letters import BuildOptions, Project, build_round
from letters.project import ProjectRound

QUIET = {"distributed.worker.profile.enabled": False, "distributed.admin.tick.interval": "1s"}
"""How `docs/scale.md` says to start workers: one that watches itself interrupts its letters."""


def enlarged(project_round: ProjectRound, count: int) -> ProjectRound:
    """The round with `count` letters, each a copy of one of its own with another id."""
    by_id = {recipient.id: recipient for recipient in project_round.recipients}
    recipients, assessments = [], []
    for n in range(count):
        record = project_round.assessments[n % len(project_round.assessments)]
        forces = tuple(f"{force}-{n}" for force in record.forces)
        for force, id_ in zip(record.forces, forces, strict=True):
            named = {"id": id_, "name": f"{by_id[force].name} {n}"}
            recipients.append(by_id[force].model_copy(update=named))
        assessments.append(replace(record, forces=forces))
    present = {recipient.id: recipient for recipient in recipients}
    return replace(
        project_round,
        recipients=tuple(recipients),
        assessments=tuple(assessments),
        signed={},
        present=present,
    )


@contextmanager
def _cluster(wanted: bool) -> Iterator[str]:
    if not wanted:
        yield ""
        return
    import dask
    from distributed import LocalCluster

    workers = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0"}
    with dask.config.set(QUIET), LocalCluster(**workers) as cluster:  # type: ignore[no-untyped-call]
        yield cluster.scheduler_address


class Memory(threading.Thread):
    """Watches the memory of all processes below this one; `peak` is the largest one's, in MB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0
        self._done = threading.Event()

    def run(self) -> None:
        """Look every half second."""
        while not self._done.wait(0.5):
            self.peak = max([self.peak, *map(_megabytes, _below(os.getpid()))])

    def stop(self) -> float:
        """The peak."""
        self._done.set()
        self.join()
        return self.peak


def _below(pid: int) -> list[int]:
    children = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children += [int(child) for child in task.read_text().split()]
        except OSError:
            continue
    return children + [each for child in children for each in _below(child)]


def _megabytes(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(lines[0].split()[1]) / 1024 if lines else 0


def main() -> None:
    """Build the round that the command line asks for."""
    path, out, count, jobs = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    project = Project.load(path)
    project_round = enlarged(project.rounds[0], count)
    shutil.rmtree(out, ignore_errors=True)
    memory = Memory()
    memory.start()
    with _cluster(jobs == "dask") as address:
        began = time.perf_counter()
        share = 0 if jobs == "dask" else int(jobs)
        options = BuildOptions(out=out, jobs=share, cluster=address)
        made = build_round(project, project_round, options)
        seconds = time.perf_counter() - began
    assert {letter.state for letter in made} == {"draft"}, made[0]
    print(json.dumps({"count": len(made), "seconds": seconds, "peak": memory.stop()}))


if __name__ == "__main__":
    main()
