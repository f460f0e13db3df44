"""How a build is to be done, and what it asks for of each letter."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from letters.model import Letter
from letters.render import FORMATS


@dataclass(frozen=True, slots=True)
class Wishes:
    """What may be asked of a build; `build_round` says what each means."""

    formats: Collection[str] = tuple(FORMATS)
    drafts: bool = False
    discard_edits: bool = False
    fresh: bool = False
    jobs: int = 1
    cluster: str = ""
    limit: float = 120.0


@dataclass(frozen=True, slots=True)
class Order:
    """A letter to make: the digest of its inputs for each format wanted.

    `written` is the SHA-256 of the Word file as the last build left it, or nothing.
    """

    letter: Letter
    inputs: Mapping[str, str]
    written: str = ""


def shelved(name: str) -> str:
    """A letter's file as its shelf names it."""
    return f"letters/{name}"


def not_writable(error: OSError) -> str:
    """What to do where the system refuses a file."""
    return (
        f"{error.filename or 'out/'}: this file cannot be written: {error.strerror}."
        " Close it if it is open in another program, see that the disk has room, and build again."
    )
