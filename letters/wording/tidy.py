"""Space in running text as every format shows it: one between words, none round lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeAlias

from letters.document import Break, Gap, Inline, Text

_SPACE = re.compile(r"[ \t\n]+")
_SPAN_END = re.compile(r"[ \t\n]{2,}|[\t\n]")

Change: TypeAlias = Callable[[Text, bool], str]


def tidy(content: Iterable[Inline]) -> tuple[Inline, ...]:
    """`content` with single spaces, no space or break at its ends, no empty text or spans."""
    inlines = tuple(content)
    forward = _Pass(_no_leading, reverse=False).over(inlines)
    backward = _Pass(_no_trailing, reverse=True).over(forward)
    return _without_outer_breaks(_merged(backward))


def _no_leading(text: Text, at_edge: bool) -> str:
    single = _SPACE.sub(" ", text.text) if _SPAN_END.search(text.text) else text.text
    return single.lstrip(" ") if at_edge else single


def _no_trailing(text: Text, at_edge: bool) -> str:
    return text.text.rstrip(" ") if at_edge else text.text


class _Pass:
    """Walks the texts of a tree in one direction and knows whether a space would be lost there."""

    def __init__(self, change: Change, *, reverse: bool) -> None:
        self.change = change
        self.reverse = reverse
        self.at_edge = True

    def over(self, inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
        """The changed inlines, in their own order."""
        changed = [self._one(each) for each in (reversed(inlines) if self.reverse else inlines)]
        return tuple(reversed(changed) if self.reverse else changed)

    def _one(self, inline: Inline) -> Inline:
        if isinstance(inline, Break | Gap):
            self.at_edge = isinstance(inline, Break)
            return inline
        if isinstance(inline, Text):
            return self._text(inline)
        return replace(inline, content=self.over(inline.content))

    def _text(self, text: Text) -> Text:
        changed = self.change(text, self.at_edge)
        if changed:
            # Going forward, a space at the end of one text makes that of the next superfluous.
            self.at_edge = not self.reverse and changed.endswith(" ")
        return text if changed == text.text else Text(changed, text.field)


def _merged(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Neighbouring texts of one field as one; nothing that is empty."""
    out: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Text):
            _append(out, inline)
        elif isinstance(inline, Break | Gap):
            out.append(inline)
        elif inner := _merged(inline.content):
            out.append(replace(inline, content=inner))
    return tuple(out)


def _append(out: list[Inline], text: Text) -> None:
    last = out[-1] if out else None
    if isinstance(last, Text) and last.field == text.field:
        out[-1] = Text(last.text + text.text, text.field)
    elif text.text:
        out.append(text)


def _without_outer_breaks(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    first, last = 0, len(inlines)
    while first < last and isinstance(inlines[first], Break):
        first += 1
    while last > first and isinstance(inlines[last - 1], Break):
        last -= 1
    return inlines[first:last]
