"""Tells of each save in a project's folder, a few milliseconds after the last of its writes."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import anyio
from anyio import CancelScope
from anyio.lowlevel import checkpoint
from anyio.to_thread import run_sync
from watchfiles import Change, awatch

from letters.files import is_ignored
from letters.project.records import FILE

FOLDERS = ("rounds", "templates")
"""What is watched with all it holds; `out/`, `.git` and whatever else stands beside is not."""

QUIET, LONGEST = 5, 100
"""Milliseconds without a write that end a save, and the longest that writes are waited for."""

Told = Callable[[], Awaitable[None]]
Filter = Callable[[Change, str], bool]
Saves = AsyncIterator[set[tuple[Change, str]]]


class Follower:
    """Calls `changed` once watching has begun, and then after each save."""

    def __init__(self, root: Path, changed: Told) -> None:
        self._root = root
        self._changed = changed
        self._is_over = False
        self._watching = anyio.Event()

    async def run(self) -> None:
        """Follow the project until `stop`; a folder deleted and made again is followed again."""
        while not self._is_over:
            self._watching = anyio.Event()  # set, it ends the watching of both
            async with anyio.create_task_group() as group:
                group.start_soon(self._follow_folders)
                group.start_soon(self._follow_root)
                await checkpoint()  # both begin to watch before the first reading
                await self._changed()

    def stop(self) -> None:
        """End following; to cancel `run` would take seconds, for the system waits in a thread."""
        self._is_over = True
        self._watching.set()

    async def _follow_folders(self) -> None:
        folders = [self._root / name for name in FOLDERS if (self._root / name).is_dir()]
        if folders:
            async for _ in self._saves(*folders, is_ours=is_input):
                await self._changed()

    async def _follow_root(self) -> None:
        async for saves in self._saves(self._root, is_ours=self._is_listed, recursive=False):
            if any(Path(path).name in FOLDERS for _, path in saves):
                self._watching.set()
            else:
                await self._changed()

    def _is_listed(self, change: Change, path: str) -> bool:
        if Path(path).parent != self._root:
            return False
        name = Path(path).name
        return name == FILE or (name in FOLDERS and change is not Change.modified)

    def _saves(self, *paths: Path, is_ours: Filter, recursive: bool = True) -> Saves:
        return awatch(
            *paths,
            watch_filter=is_ours,
            step=QUIET,
            debounce=LONGEST,
            stop_event=self._watching,
            recursive=recursive,
        )


def is_input(_: Change, path: str) -> bool:
    """Whether a file may be part of a letter: not a program's lock, hidden or temporary file."""
    return not is_ignored(Path(path).name)


P = ParamSpec("P")
T = TypeVar("T")


class Ended(Exception):  # noqa: N818  (no error: nobody waits for the result any more)
    """The preview has ended, so that a result is no more waited for."""


class Work:
    """Threads at work; once it ends nothing waits for them, however long they take."""

    def __init__(self) -> None:
        self._waiting: set[CancelScope] = set()
        self._is_over = False

    async def result(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work` gives, worked out in a thread. Raises Ended."""
        with CancelScope() as scope:
            if self._is_over:
                raise Ended
            self._waiting.add(scope)
            try:
                return await run_sync(lambda: work(*args, **kwargs), abandon_on_cancel=True)
            finally:
                self._waiting.discard(scope)
        raise Ended

    def end(self) -> None:
        """Give up what is waited for."""
        self._is_over = True
        for scope in tuple(self._waiting):
            scope.cancel()
