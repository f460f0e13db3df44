"""Which characters of a source a printed text is made of, marks of Markdown and tags left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from html import unescape

from letters.document import as_read

VALUE = "\ufffc"
"""Stands for a value, in a printed text and in its source alike."""

Spot = tuple[str, int, int]
"""A character that is printed, and where in the source it begins and ends."""

_MARKUP = re.compile(
    r"(?P<value>\{\{.*?\}\})|(?P<tag>\{%.*?%\}|\{#.*?#\})|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<link>\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*\)|\]\{[^{}\s]+\})|(?P<entity>&\#?\w{1,31};)"
    r"|(?P<mark>\*+|\[|(?<!\w)_+|_+(?!\w))|(?P<space>\s+)",
    re.DOTALL,
)
"""Placeholders, tags, escapes, ends of links and spans, references, marks, and space."""

_TOKEN = re.compile(r"\w+|\S")


def printed_spots(source: str) -> list[Spot]:
    """The characters of Markdown with placeholders that can be printed, and where each stands."""
    return list(_spots(source))


def _spots(source: str) -> Iterator[Spot]:
    at = 0
    for found in _MARKUP.finditer(source):
        yield from ((c, at + n, at + n + 1) for n, c in enumerate(source[at : found.start()]))
        at = found.end()
        kind = found.lastgroup
        if kind == "value":
            yield VALUE, found.start(), at
        elif kind == "escaped":
            yield found["escaped"], found.start(), at
        elif kind == "entity":
            yield from ((c, found.start(), at) for c in unescape(found[0]))
        elif kind == "space":
            yield " ", found.start(), at
        elif kind == "mark":  # a mark that is printed after all stands for itself
            continue
    yield from ((c, at + n, at + n + 1) for n, c in enumerate(source[at:]))


_PLAIN = {
    "": re.compile(r"\s+|\S"),
    "'": re.compile(r"\s+|''|\S"),
    '"': re.compile(r"\s+|\\.|\S", re.DOTALL),
}
"""The characters of a text as it is written: plainly, or within quotation marks of YAML."""


def plain_spots(source: str, quote: str = "") -> list[Spot]:
    """The same of a text that is no Markdown, white space as one space."""
    found = _PLAIN[quote].finditer(source)
    return [(m[0][-1] if m[0].strip() else " ", m.start(), m.end()) for m in found]


def aligned(
    printed: str, source: str, *, markdown: bool = False, quote: str = ""
) -> list[tuple[int, int] | None]:
    """Where in `source` each character of `printed` stands; None for those that are not found.

    It is the likeliest reading: whoever writes by it must read the result back.
    """
    spots = printed_spots(source) if markdown else plain_spots(source, quote)
    text = "".join(_one(c) for c, _, _ in spots)
    ours = [(m[0], m.start()) for m in _TOKEN.finditer(printed)]
    theirs = [(m[0], m.start()) for m in _TOKEN.finditer(text)]
    places: list[tuple[int, int] | None] = [None] * len(printed)
    matcher = SequenceMatcher(None, [t for t, _ in ours], [t for t, _ in theirs], autojunk=False)
    for a, b, size in matcher.get_matching_blocks():
        for (word, here), (_, there) in zip(ours[a : a + size], theirs[b : b + size], strict=True):
            for n in range(len(word)):
                places[here + n] = spots[there + n][1:]
    return _with_spaces(printed, places, spots)


def common_ends(one: str, other: str) -> tuple[int, int]:
    """Count the characters with which two texts begin alike, and of the rest those at the end."""
    shortest = min(len(one), len(other))
    head = next((n for n in range(shortest) if one[n] != other[n]), shortest)
    left = shortest - head
    tail = next((n for n in range(left) if one[-1 - n] != other[-1 - n]), left)
    return head, tail


def _one(character: str) -> str:
    """A character as it is compared, still one."""
    read = as_read(character)
    return read if len(read) == 1 else " "


def _with_spaces(
    printed: str, places: list[tuple[int, int] | None], spots: list[Spot]
) -> list[tuple[int, int] | None]:
    """The places with those of spaces between two characters that were found."""
    spaces = {start: end for c, start, end in spots if c == " "}
    for n in range(1, len(printed) - 1):
        before, after = places[n - 1], places[n + 1]
        if printed[n] == " " and before and after:
            start = next((s for s in range(before[1], after[0]) if s in spaces), None)
            if start is not None:
                places[n] = (start, spaces[start])
    return places
