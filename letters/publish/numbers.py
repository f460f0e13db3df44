"""Whole numbers as English prints them: in figures or in words, read and written."""

from __future__ import annotations

import re

UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip

_VALUES = {word: n for n, word in enumerate(UNITS)} | {
    word: 10 * n for n, word in enumerate(TENS, start=2)
}
_SMALL = rf"(?:(?:{'|'.join(TENS)})(?:[-\s](?:{'|'.join(UNITS[1:10])})\b)?|(?:{'|'.join(UNITS)}))\b"
_WORDS = rf"(?:(?:a|{'|'.join(UNITS[1:10])})\s+hundred\b(?:\s+and\s+{_SMALL})?|{_SMALL})"
_FIGURES = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d\w])"
_LARGER = r"[-\s]*(?:dozen|score|hundred|thousand|million|billion)\b"
_COMPOUND = rf"-[a-z]|[.,:/]?\d|[-\s](?:{'|'.join(ORDINALS)})\b"

CARDINAL = rf"(?<![\w.,:/£$€~–—-])(?>{_WORDS}|{_FIGURES})(?!{_LARGER}|{_COMPOUND})"
"""A pattern (for folded text, in any case) of a number: `17`, `1,204`, `seventeen`, `forty-three`,
`one hundred and four`; of nothing that is part of another word or number."""


def whole_number(words: str) -> int:
    """The number that `words`, which fit CARDINAL, say.

    >>> whole_number("one hundred and forty-three")
    143
    """
    text = words.casefold()
    if text[0].isdigit():
        return int(text.replace(",", ""))
    hundreds, _, rest = text.rpartition("hundred")
    count = 0 if not hundreds else 1 if hundreds.strip() == "a" else _VALUES[hundreds.strip()]
    return 100 * count + sum(_VALUES.get(word, 0) for word in re.split(r"[-\s]+", rest))


def in_words(number: int) -> str:
    """`number` (0 to 99) in words; larger ones in figures, as reports print them.

    >>> in_words(43), in_words(1204)
    ('forty-three', '1,204')
    """
    if not 0 <= number <= 99:
        return f"{number:,}"
    if number < 20:
        return UNITS[number]
    tens, unit = divmod(number, 10)
    return TENS[tens - 2] + (f"-{UNITS[unit]}" if unit else "")
