"""A time limit for work in this very process, where there is no other process to end."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from typing import TypeVar

R = TypeVar("R")


class TooLong(BaseException):
    """The time is up. Not an Exception, lest the work itself takes it for a fault of its own."""


def within(seconds: float, work: Callable[[], R]) -> R:
    """What `work` gives. Raises TooLong in its midst once `seconds` have passed.

    Python notices the end of the time between two steps of its own: work that hangs inside a
    library of another language goes on.
    """
    thread = threading.get_ident()
    timer = threading.Timer(seconds, _raise_in, (thread, TooLong))
    timer.daemon = True
    timer.start()
    try:
        return work()
    finally:
        timer.cancel()
        timer.join()
        _raise_in(thread, None)


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    """Have `error` raised in a thread at its next step; None takes back what is not raised yet."""
    raised = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), raised)
