"""How much a template may hold: beyond this its reader runs out of stack, memory or time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from jinja2 import Environment, TemplateSyntaxError

MOST_TAGS = 1_000
"""Placeholders and other tags of one file."""

MOST_SIGNS = 200
"""Names, texts and signs inside one tag."""

DEEPEST = 20
"""`{% if %}` and `{% for %}` in one another; in a tag brackets, and `not` before `not`."""

MOST_FIGURES = 15
"""Figures of a number in a tag."""

_COUNTED = ("operator", "name", "string", "integer", "float")
_DEEPER = {**dict.fromkeys("([{", 1), **dict.fromkeys(")]}", -1)}
_BLOCKS = {"if": 1, "for": 1, "endif": -1, "endfor": -1}


class Excess(NamedTuple):
    """What a template holds too much of: on which line, and what to do."""

    line: int
    what: str
    fix: str


def excess_of(environment: Environment, source: str) -> Excess | None:
    """The first thing that a template holds too much of; None where it can be read.

    Also None for what is no template: its reader says so.
    """
    counts = _Counts()
    try:
        for line, kind, value in environment.lex(source):
            if found := counts.beyond(kind, value):
                return Excess(line, *found)
    except TemplateSyntaxError:
        return None
    return None


@dataclass
class _Counts:
    tags: int = 0
    blocks: int = 0
    signs: int = 0
    depth: int = 0
    before: int = 0
    """Words and signs in a row that stand before a value: `not not`, `--`."""

    def beyond(self, kind: str, value: str) -> tuple[str, str] | None:
        """What there is too much of, once the next piece of a template is counted."""
        if kind in ("variable_begin", "block_begin"):
            self.tags, self.signs, self.depth, self.before = self.tags + 1, 0, 0, 0
        elif kind in _COUNTED:
            self._count(kind, value)
        if kind == "integer" and len(value) > MOST_FIGURES:
            return f"The number has more than {MOST_FIGURES} figures.", "Write it in quotes."
        return self._found()

    def _count(self, kind: str, value: str) -> None:
        self.signs += 1
        self.depth += _DEEPER.get(value, 0) if kind == "operator" else 0
        self.before = self.before + 1 if value in ("not", "-", "+") else 0
        if self.signs == 1 and kind == "name":
            self.blocks += _BLOCKS.get(value, 0)

    def _found(self) -> tuple[str, str] | None:
        if self.tags > MOST_TAGS:
            what = f"The file has more than {MOST_TAGS:,} tags."
            return what, "Move parts of it into files that it includes."
        if self.signs > MOST_SIGNS:
            what = f"The tag holds more than {MOST_SIGNS} words and signs."
            return what, "Make several tags of it, or close it."
        if self.depth + self.before > DEEPEST:
            what = f"Brackets or 'not' are more than {DEEPEST} deep in one another."
            return what, "Write it flatter."
        if self.blocks > DEEPEST:
            what = f"Tags such as {{% if %}} are more than {DEEPEST} deep in one another."
            return what, "Write them flatter."
        return None
