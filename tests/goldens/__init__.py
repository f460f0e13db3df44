"""Letters written out by hand from records and wording: what every format must read back.

One passage a line, `kind | label | words`; README.md says which structures each letter shows.
"""

from __future__ import annotations

from pathlib import Path

from letters.document import Passage

FOLDER = Path(__file__).parent
EXAMPLE = (
    "bro-wydden",
    "fennimarsh-and-the-saltings",
    "hallowmarch-and-the-skerries",
    "halvendale-and-ivershaw",
    "lower-and-upper-thrane",
    "norrin-isles",
)
"""The letters of the example round that together show every structure."""


def golden(name: str) -> tuple[Passage, ...]:
    """The passages of the golden `name`, such as `merseyside`."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(passage(line) for line in lines)


def passage(line: str) -> Passage:
    """One line of a golden as the passage it stands for."""
    kind, label, text = line.split("|", 2)
    return Passage(kind.strip(), label.strip(), text.strip())
