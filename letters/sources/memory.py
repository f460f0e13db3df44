"""What files said when they were read last, for those who read a project again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from letters.errors import Problem

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """A file's content, what was made of it, and what is wrong in it."""

    content: str | bytes
    found: Any
    problems: tuple[Problem, ...]


Memory = dict[object, Reading]
"""Readings by the file, and by how it was read."""

_NOTHING: Memory = {}
_MEMORY: ContextVar[Memory] = ContextVar("memory", default=_NOTHING)


@contextmanager
def remembering(memory: Memory) -> Iterator[None]:
    """While this lasts, a file that says what it said before is not read again."""
    token = _MEMORY.set(memory)
    try:
        yield
    finally:
        _MEMORY.reset(token)


def read_once(
    file: object,
    content: str | bytes,
    problems: list[Problem],
    read: Callable[[list[Problem]], T],
) -> T:
    """What `read` makes of a file with this `content`, or made of it before."""
    memory = _MEMORY.get()
    known = memory.get(file)
    if known is None or known.content != content:
        own: list[Problem] = []
        known = Reading(content, read(own), tuple(own))
        if memory is not _NOTHING:
            memory[file] = known
    problems += known.problems
    found: T = known.found
    return found
