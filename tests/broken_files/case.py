"""A letter with one fault."""

from collections.abc import Callable
from dataclasses import dataclass

STRUCTURES = "fennimarsh-and-the-saltings"
"""A letter of the example with nested lists, links, a table and awkward characters."""

LONG = "hallowmarch-and-the-skerries"
"""A letter of the example whose first page ends within a paragraph."""

TABLE = "rushenvale"
"""A letter of the example whose table goes on over a page's end."""

WELSH = "bro-wydden"
"""A letter of the example with Welsh in its English."""


@dataclass(frozen=True)
class Broken:
    """How a good letter is broken, and every finding that must come of it, word for word."""

    name: str
    change: Callable[[bytes], bytes]
    findings: tuple[str, ...]
    letter: str = STRUCTURES
    known: tuple[str, ...] = ()
    """What is found beside it where the letter that the file is to say is known."""
