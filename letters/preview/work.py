"""What a preview works out in threads, for as long as it runs."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from anyio import CancelScope
from anyio.to_thread import run_sync

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
