"""Signs that stand for values and template lines while a wording passes through Jinja and Markdown.

They are private-use characters, which no text of a project may hold (`letters.sources.texts`), so
that a value can never be taken for Markdown and a mark never for text.
"""

from __future__ import annotations

import re

VALUE = 0xF0000
"""First of the signs that stand for a printed value (plane 15)."""

MARK = 0x100000
"""First of the signs that name a line of a template (plane 16, first half)."""

PART = 0x108000
"""First of the signs with which an included file begins (plane 16, second half)."""

END = chr(0x10FFFD)
"""The sign with which every included file ends."""

MOST = 0x7FF0
"""How many signs of a kind there can be."""

VALUES = re.compile("([\U000f0000-\U000fffff])")
MARKS = re.compile("[\U00100000-\U00107fff]")
TURNS = re.compile("([\U00108000-\U0010ffff])")
RESERVED = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")

_MARKED = re.compile("([\U00100000-\U00107fff])[^\\S\n]*(?=[^\\s\U00100000-\U00107fff])")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}));")


def is_value(character: str) -> bool:
    """Whether `character` is one sign that stands for a printed value."""
    return len(character) == 1 and VALUE <= ord(character) < MARK


def marks_before_words(line: str) -> list[str]:
    """The marks of a line that stand directly before visible text."""
    return _MARKED.findall(line)


def forged(text: str) -> str:
    """The first character, or HTML reference to one, that could be taken for a sign; or ''."""
    if found := RESERVED.search(text):
        return f"U+{ord(found[0]):04X}"
    for reference in _REFERENCE.finditer(text):
        number = int(reference[1], 16) if reference[1] else int(reference[2])
        if number > 0x10FFFF or RESERVED.match(chr(number)):
            return reference[0]
    return ""
