"""The order of headings, the same rule in every format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from letters.judges.finding import Finding, quoted

Heading = tuple[int, str]
"""A heading's level and its words."""


def heading_findings(rule: str, headings: Sequence[Heading]) -> Iterator[Finding]:
    """One heading of level 1, first of all, and no level left out on the way down."""
    levels = [level for level, _ in headings]
    if levels.count(1) != 1:
        count = levels.count(1) or "no"
        yield Finding(rule, f"The letter has {count} headings of level 1; it needs exactly one.")
    elif levels[0] != 1:
        what = "The first heading is not the one of level 1."
        yield Finding(rule, what, quoted(headings[0][1]))
    for (above, _), (level, words) in pairwise(headings):
        if level > above + 1:
            what = f"A heading of level {level} follows one of level {above}: a level is left out."
            yield Finding(rule, what, quoted(words))
    for level, words in headings:
        if not words.strip():
            yield Finding(rule, f"A heading of level {level} is empty.")
