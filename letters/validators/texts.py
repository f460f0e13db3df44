"""What is wrong with words in any format: what a template left behind, Welsh read out as English,
names that say nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from letters.render.words import is_welsh, quoted, says_nothing, signs_left


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that a file breaks.

    `rule` is the standard and its clause ("PDF/UA-1 7.1"), `what` a plain sentence, `where` the
    page, element or words concerned ("page 2, 'Dear Chief Constable'"), empty for the whole file.
    """

    rule: str
    what: str
    where: str = ""

    def __str__(self) -> str:
        said = f"{self.what} ({self.rule})"
        return f"{self.where}: {said}" if self.where else said

    @property
    def of_profile(self) -> bool:
        """Whether this is a rule of the standard as such, on which veraPDF decides."""
        return "PDFUA1-" in self.rule or "PDFA2A-" in self.rule


PLACEHOLDERS = "letters: placeholders"
"""The rule that a letter holds nothing of its template."""


def left_behind(words: str, where: str = "") -> Iterator[Finding]:
    """What merging left in the text: placeholders by their known names, unknown characters."""
    for sign, is_placeholder in signs_left(words):
        what = (
            f"A sign of the template was left behind: {quoted(sign)}."
            if is_placeholder
            else f"The text holds a character that stands for no letter: {quoted(sign)}."
        )
        yield Finding(PLACEHOLDERS, what, where)


def is_written(finding: Finding, written: str) -> bool:
    """Whether the sign that `finding` names stands in the letter's own words."""
    sign = finding.what.partition("'")[2].rpartition("'")[0].rstrip("…")
    return finding.rule == PLACEHOLDERS and sign in " ".join(written.split())


def unmarked_welsh(rule: str, words: str, language: str, where: str = "") -> Iterator[Finding]:
    """Welsh prose that `language` says is something else."""
    if not language.lower().startswith("cy") and is_welsh(words):
        what = "Welsh words are not marked as Welsh, so they are read out as if they were English."
        yield Finding(rule, what, where or quoted(words))


def poor_alternative(rule: str, alternative: str | None, where: str) -> Iterator[Finding]:
    """An image whose alternative text is missing or says nothing."""
    if alternative is None or not alternative.strip():
        yield Finding(rule, "An image has no alternative text.", where)
    elif says_nothing(alternative):
        what = (
            f"The alternative text of an image, {quoted(alternative)}, does not say what it shows."
        )
        yield Finding(rule, what, where)


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
