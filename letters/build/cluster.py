"""The work of a build done by a Dask cluster: the same tasks as those of processes here.

Dask's scheduler hands bundles of letters to its workers, gives those of a lost worker to another,
and tries again; where that does not help, the letters of a bundle are tried one by one, so that a
letter that ends its worker costs no other. A worker gets the templates once, as one parcel; it
writes each letter itself, to a folder it shares with the others or to an address of fsspec.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from itertools import islice
from operator import length_hint
from pathlib import Path
from typing import Any

from letters.build.fingerprints import versions_digest
from letters.build.letter import Answer, Maker, Task, Workshop, answer_within
from letters.build.output import Folder
from letters.build.processes import LIMIT, Lost, settle
from letters.errors import LettersError, UsageError
from letters.files import digest, own_files, relative

PATIENCE = 120.0
"""Seconds for which a build waits for workers to come back."""

RETRIES = 2
"""How often a bundle is tried again whose worker was lost."""

BUNDLE = 25
"""Tasks sent to a worker together: the scheduler needs some milliseconds for each message."""

AHEAD = 2
"""Bundles under way for each thread of the cluster."""

_ADDRESS = re.compile(r"(?:(?:tcp|tls|ucx|wss?)://\S+:\d+|inproc://\S+)$")

Bundle = tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a worker needs besides the letters: how they are made, the templates as a ZIP, the
    seconds that a letter may take, and what it must be made by."""

    workshop: Workshop
    templates: bytes
    limit: float
    versions: str
    id: str


class Cluster:
    """The workers of the Dask scheduler at `address`. Use it in `with`.

    Every worker must have `versions` of what letters are made by, ours unless given, or its letters
    would be others. Raises UsageError where one has not, where Dask is not installed, or where
    nobody answers at the address.
    """

    def __init__(
        self, address: str, workshop: Workshop, limit: float = LIMIT, *, versions: str = ""
    ) -> None:
        self._address = address
        self._workshop = workshop
        self._limit = limit
        self._versions = versions or versions_digest()
        self._under_way: deque[tuple[Bundle, Any]] = deque()

    def __enter__(self) -> Cluster:
        self._client = _connected(self._address)
        try:
            _compare_versions(self._client, self._versions)
            self._parcel = self._scattered()
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for _, future in self._under_way:
            future.cancel()
        self._client.close()

    def run(self, tasks: Iterable[Task]) -> Iterator[Answer | Lost]:
        """The answers to tasks, in their order."""
        most = AHEAD * max(1, sum(self._client.nthreads().values()))
        size = min(BUNDLE, max(1, length_hint(tasks) // (2 * most)))  # so that all end together
        waiting = iter(tasks)
        while bundle := tuple(islice(waiting, size)):
            if len(self._under_way) >= most:
                yield from self._answers(*self._under_way.popleft())
            self._under_way.append((bundle, self._sent(bundle)))
        yield from self.finish()

    def finish(self) -> Iterator[Answer | Lost]:
        """The answers to tasks under way."""
        while self._under_way:
            yield from self._answers(*self._under_way.popleft())

    def _scattered(self) -> Any:
        return self._client.scatter(packed(self._workshop, self._limit), broadcast=True)

    def _sent(self, bundle: Bundle) -> Any:
        return self._client.submit(answers, bundle, self._parcel, pure=False, retries=RETRIES)

    def _answers(
        self, bundle: Bundle, future: Any, tries: int = RETRIES
    ) -> Iterable[Answer | Lost]:
        """The answers to a bundle. If it was lost, each of its tasks has another chance, alone."""
        from distributed import KilledWorker

        try:
            found: tuple[Answer | Lost, ...] = future.result()
        except LettersError:
            raise
        except (CancelledError, KilledWorker, OSError, RuntimeError) as error:
            if isinstance(error, CancelledError) and tries:
                self._mend()
                return self._answers(bundle, self._sent(bundle), tries - 1)
            if len(bundle) == 1:
                return (Lost(f"the cluster could not make it, {type(error).__name__}"),)
            alone = [(task,) for task in bundle]
            return [each for task in alone for each in self._answers(task, self._sent(task))]
        return found

    def _mend(self) -> None:
        """Send the parcel again, where every worker that had it is gone. Raises UsageError."""
        if self._parcel.status != "finished":
            try:
                self._client.wait_for_workers(1, timeout=PATIENCE)
            except TimeoutError:
                raise UsageError(
                    "All workers of the Dask cluster are gone."
                    " Start some with 'dask worker ADDRESS', and build again to go on."
                ) from None
            self._parcel = self._scattered()


def packed(workshop: Workshop, limit: float = LIMIT) -> Parcel:
    """A workshop that can be opened on a machine without the project."""
    round_ = workshop.project_round
    folders = [round_.root / "templates" / n for n in {round_.round.wording, round_.round.layout}]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path in sorted(p for folder in folders for p in own_files(folder, round_.root)):
            archive.writestr(zipfile.ZipInfo(relative(path, round_.root)), path.read_bytes())
    shelf = workshop.shelf
    if isinstance(shelf, Folder):
        shelf = Folder(shelf.path.resolve())
    templates = content.getvalue()
    sent = replace(workshop, project_round=replace(round_, folder=Path(), root=Path()), shelf=shelf)
    return Parcel(
        sent, templates, limit, versions_digest(), digest(templates + repr(sent).encode())
    )


def answers(bundle: Bundle, parcel: Parcel) -> tuple[Answer | Lost, ...]:
    """What a worker does: some tasks, with templates unpacked when the first came."""
    desk = _desk(parcel)
    return tuple(desk.answer(task, parcel.limit) for task in bundle)


@dataclass(slots=True)
class _Desk:
    maker: Maker
    done: int = 0

    def answer(self, task: Task, limit: float) -> Answer | Lost:
        answered = answer_within(limit, self.maker, task)
        settle(self.done)
        self.done += 1
        return answered


_DESKS: dict[str, _Desk] = {}
"""The desk of the build under way, by its parcel; a worker serves one build at a time."""


def _desk(parcel: Parcel) -> _Desk:
    if parcel.id not in _DESKS:
        desk = _Desk(_opened(parcel))
        _DESKS.clear()
        _DESKS[parcel.id] = desk
    return _DESKS[parcel.id]


def _opened(parcel: Parcel) -> Maker:
    if versions_digest() != parcel.versions:  # it came when the build was under way
        raise _others(_address())
    with tempfile.TemporaryDirectory(prefix="letters-") as folder:
        with zipfile.ZipFile(io.BytesIO(parcel.templates)) as archive:
            archive.extractall(folder)
        round_ = replace(parcel.workshop.project_round, root=Path(folder))
        return replace(parcel.workshop, project_round=round_).open()


def _connected(address: str) -> Any:
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
        return Client(address, timeout=10, set_as_default=False)  # type: ignore[no-untyped-call]
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
