"""Markdown that would read otherwise than it looks: found in the text, before it is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_SIGN = "[\U000f0000-\U000fffff]"


class Trap(NamedTuple):
    """A trap on a line of a paragraph (from 0)."""

    line: int
    what: str
    fix: str


_UNDER_TEXT = re.compile(r"\s*(\d{1,9}[.)]|[-*+])(?:\s|$)")
_BY_PLACEHOLDER = re.compile(rf"\s*{_SIGN}+[.)]\s")

_DASHES = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)+\|?\s*$|\s*\|\s*:?-+:?\s*\|\s*$")

_LINES: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"\s*#{1,6}[^#\s]"),
        "The line begins with '#' but is no heading.",
        r"Put a space after '#', or write '\#' if the sign is meant.",
    ),
    (
        re.compile(r"\s*\[[^\]]+\]:(\s|$)"),
        "Link addresses at the foot of a text are not used in wordings.",
        "Put the address behind the words: [words](https://…).",
    ),
    (
        re.compile(r"\s*\|.*\|\s*$"),
        "The line looks like a table's row but stands in no table.",
        "Leave no empty line between rows, and put a row of dashes under the heading.",
    ),
)

_LEFTOVERS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"\]\(|\]\s+\((?:https?|mailto|tel):"),
        "A link is not complete.",
        "Write [words](https://…), with no space before or inside the round brackets.",
    ),
    (
        re.compile(r"\]\{"),
        "The braces after ']' hold no language tag.",
        "Write a tag such as cy: [geiriau]{cy}.",
    ),
    (
        re.compile(r"\]\[|\[\^"),
        "Reference links and footnotes are not used in wordings.",
        "Put the address behind the words: [words](https://…).",
    ),
    (
        re.compile(r"\*\*"),
        "'**' stands in the text and makes nothing bold.",
        r"Put no space inside the asterisks: **bold**; or write '\*\*'.",
    ),
    (
        re.compile(r"~~"),
        "'~~' stands in the text; letters cross nothing out.",
        r"Delete it, or write '\~\~'.",
    ),
)


def line_traps(source: str) -> Iterator[Trap]:
    """Traps in the lines of a paragraph's source."""
    rows = source.split("\n")
    if broken := _broken_table(rows):
        yield broken
        return
    for number, row in enumerate(rows):
        if number == 0 and _BY_PLACEHOLDER.match(row):
            yield _by_placeholder()
        found = _UNDER_TEXT.match(row)
        if number and found:
            yield _under_text(number, found[1])
        for pattern, what, fix in _LINES:
            if pattern.match(row):
                yield Trap(number, what, fix)
                break


def leftovers(text: str) -> Iterator[tuple[str, str]]:
    """Marks of Markdown that were left in the printed text."""
    for pattern, what, fix in _LEFTOVERS:
        if pattern.search(text):
            yield what, fix


def _broken_table(rows: Sequence[str]) -> Trap | None:
    """A heading and its row of dashes that do not match make no table, nor do the rows below."""
    for number, row in enumerate(rows):
        if number and _DASHES.match(row):
            what = "The row of dashes makes no table of the line above it."
            return Trap(number, what, "Give both rows the same number of columns.")
    return None


def _by_placeholder() -> Trap:
    what = "A placeholder cannot number a list."
    return Trap(0, what, r"Write the number itself, such as '1.', or '\.' if no list is meant.")


def _under_text(number: int, label: str) -> Trap:
    what = f"The line begins with '{label}' under a line of text and makes no list."
    fix = "Put an empty line before it, or join it to the line above."
    return Trap(number, what, fix)
