"""Text as its readers compare it: the form of quotation marks and spaces does not count."""

from __future__ import annotations

import re
import unicodedata

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛", "'"),
        **dict.fromkeys("“”„‟", '"'),
        **dict.fromkeys("‐‑", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),
        "…": "...",
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
    }
)


LEFT_OUT = 400
"""How many characters an ellipsis may stand for."""


def folded(text: str) -> str:
    """`text` in one form: straight quotation marks, single spaces, no invisible characters."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_SIGNS).split())


def comparable(text: str) -> str:
    """`text` as names are compared: folded, and `&` is the word 'and'."""
    return folded(text).replace("&", "and")


def position(sought: str, text: str) -> int:
    """Where `sought` stands in `text` as whole words, in any case; -1 where it does not.

    Both are folded first; the position is one in the folded text. A part of a longer word is not
    it: 'seven forces' does not stand in 'thirty-seven forces'. An ellipsis in `sought` leaves out
    some of the text.
    """
    pieces = map(re.escape, re.split(r"\s*\[?\.\.\.\]?\s*", folded(sought)))
    words = rf"(?!\w).{{0,{LEFT_OUT}}}?(?<![\w-])".join(pieces)
    match = re.search(rf"(?<![\w-]){words}(?!\w)", folded(text), re.IGNORECASE)
    return match.start() if match else -1
