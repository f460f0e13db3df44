"""One at a time: locks that the system lets go of when a process ends, however it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

PROJECT_LOCK = ".letters.lock"
"""The empty file in a project's folder that is locked while one of its files is changed."""

WAITING = "Another command is changing this project; waiting for it to end."
"""What a command says that has to wait for the project's lock."""

OnWait = Callable[[], None]


def tell_nobody() -> None:
    """Let a command wait unsaid: for callers that have nobody to tell."""


@contextmanager
def sole_use(path: Path, on_wait: OnWait = tell_nobody) -> Iterator[None]:
    """Hold the lock of the file `path` while this lasts; the empty file stays.

    `on_wait` is called once where another process holds it, and then it is waited for. Raises
    OSError where the file cannot be written.
    """
    from filelock import FileLock, Timeout  # a command with nothing to write needs none

    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        on_wait()
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def sole_change(root: Path, on_wait: OnWait = tell_nobody) -> AbstractContextManager[None]:
    """Hold the lock of the project in `root`: approvals, withdrawals, the ledger of publications,
    the site and reviews are read, changed and written by one command at a time.
    """
    return sole_use(root / PROJECT_LOCK, on_wait)
