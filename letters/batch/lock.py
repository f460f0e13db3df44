"""One build of a round at a time: the second waits for the first, and a crash leaves no lock, and
nothing half-written for longer than until the next build."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from letters.batch.shelves import Folder, Shelf
from letters.files import clear_half_written

LOCK = ".build.lock"


@contextmanager
def sole_build(shelf: Shelf, on_wait: Callable[[], None]) -> Iterator[None]:
    """While this lasts, no other build writes to the shelf.

    The system itself lets go of the lock when a process ends, however it ends; the empty file
    stays. `on_wait` is called once where another build is under way. A remote store has no lock.
    """
    if not isinstance(shelf, Folder):
        yield
        return
    shelf.path.mkdir(parents=True, exist_ok=True)
    lock = FileLock(shelf.path / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        on_wait()
        lock.acquire()
    try:
        for folder in (shelf.path, shelf.path / "letters"):
            clear_half_written(folder)
        yield
    finally:
        lock.release()
