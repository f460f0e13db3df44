"""Where a line of a PDF ends: a space, or nothing. Written and read by one rule.

A line of a PDF does not hold the space at which it was broken. Readers take a line end for a
space, except after a dash or stroke, where words may break without one. Where that guess would be
wrong ("pre- and post-", a long address broken anywhere) the PDF says what stands there in
`/ActualText` (ISO 32000-1, 14.9.4), and its lines are then taken as they are.
"""

import re
from collections.abc import Iterable

BREAKABLE = (" ", "-", "‐", "–", "—", "/")
"""A line that ends with one of these is continued without a space, unless it says otherwise."""

_SPACES = (
    "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
CONFUSED = frozenset(f"{_SPACES}\u00ad\u200b\u200c\u200d\u2010\u2011\u2060")
"""Characters that fonts draw like others, or not at all: a line holding one says what it holds."""

_WHITE = re.compile(r"[ \t\n\r\f]+")


def collapsed(text: str) -> str:
    """Text as HTML prints it: runs of white space are one space, none at either end."""
    return _WHITE.sub(" ", text).strip(" ")


def presumed_end(line: str) -> str:
    """What a reader takes the end of `line` for, where the PDF does not say: space or nothing."""
    return "" if line.endswith(BREAKABLE) else " "


def spaces_between(text: str, pieces: Iterable[str]) -> list[str] | None:
    """For each piece, what is in `text` before the next one: a space or nothing.

    None where the pieces are not the whole of `text` in order (a stylesheet changed the words).
    """
    at, ends = 0, list[str]()
    for piece in pieces:
        gap = text[at : at + 1] == " " and not piece.startswith(" ")
        at += gap
        if not text.startswith(piece, at):
            return None
        at += len(piece)
        ends.append(" " if gap else "")
    return [*ends, ""][1:] if at == len(text) else None
