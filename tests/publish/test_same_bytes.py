"""Two publications in two processes, with other seeds, clocks and folders: the same bytes."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from letters.build.executors import Executor, WorkerFailed
from letters.build.processes import ProcessExecutor
from letters.document import Document
from letters.errors import ProblemsFound
from tests.builders import approve, contents
from tests.rounds.found_property import a_publishable, published, site_of

ROOT = Path(__file__).parents[2]
SCRIPT = (
    "import sys; from pathlib import Path; from tests.rounds.found_property import published as p;"
)


def published_elsewhere(root: Path, **environment: str) -> dict[str, bytes]:
    subprocess.run(
        [sys.executable, "-c", f"{SCRIPT} p(Path(sys.argv[1]))", str(root)],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=True,
    )
    return contents(site_of(root))


def test_the_same_bytes_whatever_the_process(tmp_path: Path) -> None:
    first = approve(a_publishable(tmp_path / "one"))
    second = approve(a_publishable(tmp_path / "another – é"))
    ours = published_elsewhere(first, PYTHONHASHSEED="1", TZ="Asia/Tokyo", LC_ALL="C")
    theirs = published_elsewhere(second, PYTHONHASHSEED="2", TZ="Europe/London", LC_ALL="C.UTF-8")
    assert ours == theirs


def test_the_same_bytes_made_by_other_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = (approve(a_publishable(tmp_path / name)) for name in ("ours", "theirs"))
    published(ours)

    def two_processes(
        factory: Callable[[], Callable[[Document], object]], _jobs: int, limit: float, *_: object
    ) -> ProcessExecutor[Document, object]:
        return ProcessExecutor(factory, 2, limit)

    monkeypatch.setattr("letters.build.editions.local_executor", two_processes)
    published(theirs)
    assert contents(site_of(ours)) == contents(site_of(theirs))


class Fatal(Executor[Document, object]):
    """A process for each letter, each of which dies."""

    def run(self, tasks: Iterable[Document]) -> Iterator[WorkerFailed]:
        return (WorkerFailed("ended its process (signal 9)") for _ in tasks)


def test_a_letter_that_ends_its_process_stops_the_publication(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = approve(a_publishable(tmp_path))
    monkeypatch.setattr("letters.build.editions.local_executor", lambda *_: Fatal())
    with pytest.raises(ProblemsFound) as refused:
        published(root)
    assert str(refused.value).splitlines() == [
        f"rounds/2026-found-property {id_}: The letter ended its process (signal 9)."
        " Run the command again."
        for id_ in ("eastmere-and-westmere", "northmoor", "southmoor")
    ]
    assert not site_of(root).exists()
