"""The work of a build done by a Dask cluster: the same tasks as those of processes here.

Dask's scheduler hands bundles of tasks to its workers, gives those of a lost worker to another,
and tries again; where that does not help, the tasks of a bundle are tried one by one, so that a
letter that ends its worker costs no other. A worker gets the templates once, as one parcel; it
writes each letter itself, to a folder it shares with the others or to an address of fsspec.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from itertools import islice
from operator import length_hint
from pathlib import Path
from typing import Any

from letters.build.executors import Executor, LetterBuilderFactory, SerialExecutor, WorkerFailed
from letters.build.fingerprints import versions_digest
from letters.build.letter import Answer, LetterBuilder, Task
from letters.build.processes import settle
from letters.build.record import LocalFolder
from letters.errors import LettersError, UsageError
from letters.files import digest, own_files, relative

PATIENCE = 120.0
"""Seconds for which a build waits for workers to come back."""

RETRIES = 2
"""How often a bundle is tried again whose worker was lost."""

BUNDLE = 25
"""Most tasks sent to a worker together: the scheduler needs some milliseconds for a message."""

AHEAD = 2
"""Bundles under way for each thread of the cluster."""

_ADDRESS = re.compile(r"(?:(?:tcp|tls|ucx|wss?)://\S+:\d+|inproc://\S+)$")

Bundle = tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class WorkerPackage:
    """What a worker needs besides its tasks: how letters are made, the templates as a ZIP, the
    seconds that a task may take, and the versions it must have. `id` is a digest of the first two.
    """

    id: str
    factory: LetterBuilderFactory = field(compare=False)
    templates: bytes = field(compare=False)
    limit: float
    versions: str


class DaskExecutor(Executor[Task, Answer]):
    """The workers of the Dask scheduler at `address`.

    Every worker must have `versions` of what letters are made by, ours unless given, or its letters
    would be others. Raises UsageError where one has not, where Dask is not installed, or where
    nobody answers at the address. `bundle` tasks are sent together; unless given, as many as have
    all workers end together. The scheduler has `patience` seconds to answer.
    """

    def __init__(
        self,
        address: str,
        factory: LetterBuilderFactory,
        limit: float,
        *,
        versions: str = "",
        bundle: int = 0,
        patience: float = 10.0,
    ) -> None:
        self._address, self._patience = address, patience
        self._parcel = packed(factory, limit, versions or versions_digest())
        self._bundle = bundle
        self._under_way: deque[tuple[Bundle, Any]] = deque()

    def __enter__(self) -> DaskExecutor:
        self._client = _connected(self._address, self._patience)
        try:
            _compare_versions(self._client, self._parcel.versions)
            self._scattered = self._scatter()
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for _, future in self._under_way:
            future.cancel()
        self._client.close()

    def run(self, tasks: Iterable[Task]) -> Iterator[Answer | WorkerFailed]:
        """The answers to tasks, in their order."""
        most = AHEAD * max(1, sum(self._client.nthreads().values()))
        size = self._bundle or min(BUNDLE, max(1, length_hint(tasks) // (2 * most)))
        waiting = iter(tasks)
        while bundle := tuple(islice(waiting, size)):
            if len(self._under_way) >= most:
                yield from self._answers(*self._under_way.popleft())
            self._under_way.append((bundle, self._sent(bundle)))
        yield from self.finish()

    def finish(self) -> Iterator[Answer | WorkerFailed]:
        """The answers to tasks under way."""
        while self._under_way:
            yield from self._answers(*self._under_way.popleft())

    def _scatter(self) -> Any:
        return self._client.scatter(self._parcel, broadcast=True, timeout=PATIENCE)

    def _sent(self, bundle: Bundle) -> Any:
        return self._client.submit(answers, bundle, self._scattered, pure=False, retries=RETRIES)

    def _answers(
        self, bundle: Bundle, future: Any, tries: int = RETRIES
    ) -> Iterable[Answer | WorkerFailed]:
        """The answers to a bundle. If it was lost, each of its tasks has another chance, alone."""
        from distributed import KilledWorker

        try:
            found: tuple[Answer | WorkerFailed, ...] = future.result()
        except LettersError:
            raise
        except (CancelledError, KilledWorker, OSError, RuntimeError) as error:
            if isinstance(error, CancelledError) and tries:
                self._mend()
                return self._answers(bundle, self._sent(bundle), tries - 1)
            if len(bundle) == 1:
                return (WorkerFailed(f"could not be made by the cluster ({type(error).__name__})"),)
            alone = [(task,) for task in bundle]
            return [each for task in alone for each in self._answers(task, self._sent(task))]
        return found

    def _mend(self) -> None:
        """Send the parcel again, where every worker that had it is gone. Raises UsageError."""
        if self._scattered.status != "finished":
            try:
                self._scattered = self._scatter()
            except TimeoutError:
                raise UsageError(
                    "All workers of the Dask cluster are gone."
                    " Start some with 'dask worker ADDRESS', and build again to go on."
                ) from None


def packed(factory: LetterBuilderFactory, limit: float, versions: str) -> WorkerPackage:
    """What a machine without the project needs to make its letters."""
    round_ = factory.project_round
    folders = [round_.root / "templates" / n for n in {round_.round.wording, round_.round.layout}]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path in sorted(p for folder in folders for p in own_files(folder, round_.root)):
            archive.writestr(zipfile.ZipInfo(relative(path, round_.root)), path.read_bytes())
    folder, templates = factory.folder, content.getvalue()
    if isinstance(folder, LocalFolder):
        folder = LocalFolder(folder.path.resolve())
    away = replace(round_, folder=Path(), root=Path())
    sent = replace(factory, project_round=away, folder=folder)
    id_ = digest(templates + repr(sent).encode())
    return WorkerPackage(id_, sent, templates, limit, versions)


def answers(bundle: Bundle, parcel: WorkerPackage) -> tuple[Answer | WorkerFailed, ...]:
    """What a worker does: some tasks, with templates unpacked when the first came."""
    return tuple(map(_worker(parcel), bundle))


@lru_cache(maxsize=1)  # a worker serves one build at a time
def _worker(parcel: WorkerPackage) -> Callable[[Task], Answer | WorkerFailed]:
    if versions_digest() != parcel.versions:  # it came when the build was under way
        raise _others(_address())
    executor = SerialExecutor(partial(_unpacked, parcel), parcel.limit)

    def answer(task: Task) -> Answer | WorkerFailed:
        (answered,) = executor.run([task])
        settle()
        return answered

    return answer


def _unpacked(parcel: WorkerPackage) -> LetterBuilder:
    with tempfile.TemporaryDirectory(prefix="letters-") as folder:
        with zipfile.ZipFile(io.BytesIO(parcel.templates)) as archive:
            archive.extractall(folder)
        round_ = replace(parcel.factory.project_round, root=Path(folder))
        return replace(parcel.factory, project_round=round_)()


def _connected(address: str, patience: float) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise UsageError("--cluster needs Dask. Install 'assessment-letters[cluster]'.") from None
    if not _ADDRESS.match(address):
        raise UsageError(
            f"'{address}' is not the address of a Dask scheduler; one looks like"
            " 'tcp://10.0.0.1:8786'."
        )
    try:
        return Client(  # type: ignore[no-untyped-call]
            address, timeout=patience, set_as_default=False
        )
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageError(
            f"No Dask scheduler answers at '{address}': {error}. Start one with 'dask scheduler'."
        ) from None


def _compare_versions(client: Any, own: str) -> None:
    found = client.run(versions_digest)
    if not found:
        raise UsageError("The Dask cluster has no workers. Start some with 'dask worker ADDRESS'.")
    others = sorted(worker for worker, versions in found.items() if versions != own)
    if others:
        raise _others(others[0])


def _others(worker: str) -> UsageError:
    return UsageError(
        f"The worker at {worker} has other versions of letters, Python or its libraries:"
        " its letters would differ. Install the same on every machine."
    )


def _address() -> str:
    from distributed import get_worker

    return str(get_worker().address)
