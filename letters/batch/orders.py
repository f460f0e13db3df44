"""What a build asks for: a letter and the digests of what its files are to be made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from letters.model import Letter


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
