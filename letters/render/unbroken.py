"""Words that no line may part, in any format: a date, a number with its unit, a reference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from babel.dates import get_month_names

from letters import document as tree

NO_BREAK = "\u00a0"
"""The space at which no line ends. Where words are compared it is a space like any other."""

_REFERRED = (
    "annex|annexes|appendix|article|chapter|figure|no\\.|page|pages|paragraph|paragraphs|part|"
    "recommendation|recommendations|regulation|rule|section|sections|table|volume|"
    "adran|argymhelliad|atodiad|ffigur|paragraff|pennod|rhan|tabl|tudalen"
)
"""Words of English and Welsh that a number or letter follows: "page 4", "Annex B"."""


@lru_cache(1)
def _together() -> re.Pattern[str]:
    """Return the pattern of what stays together; the names of months are those of CLDR."""
    names = (get_month_names("wide", locale=each).values() for each in ("en", "cy"))
    months = "|".join(name for each in names for name in each)
    return re.compile(
        rf"""(?<![\w/–-])(?:
            \d{{1,2}}(?:st|nd|rd|th)?\ [^\W\d]+\ \d{{4}}(?!\d)   # 2 April 2019
          | (?:{months})\ \d{{4}}(?!\d)                          # April 2019
          | (?:{_REFERRED})\ (?:\d|[A-Z]\b)                      # page 4, Annex B
          | (?!(?:19|20)\d\d\b)[£€$]?\d[\d,.]*\ per\ cent        # 45 per cent
          | (?!(?:19|20)\d\d\b)[£€$]?\d[\d,.]*\ \w               # 12 weeks; no year before a word
        )""",
        re.VERBOSE | re.IGNORECASE,
    )


def unbroken(content: tuple[tree.Inline, ...]) -> tuple[tree.Inline, ...]:
    """Return running text with no-break spaces where a line may not part what belongs together."""
    words = "".join(_texts(content))
    if not any(map(str.isdigit, words)):
        return content
    kept = list(words)
    for found in _together().finditer(words):
        for at in range(*found.span()):
            if kept[at] == " ":
                kept[at] = NO_BREAK
    changed = "".join(kept)
    return content if changed == words else tuple(_with(content, iter(changed)))


def _texts(content: Iterable[tree.Inline]) -> Iterator[str]:
    for inline in content:
        if isinstance(inline, tree.Text | tree.Gap):
            yield inline.text
        elif isinstance(inline, tree.Break):
            yield "\n"
        else:
            yield from _texts(inline.content)


def _with(content: Iterable[tree.Inline], signs: Iterator[str]) -> Iterator[tree.Inline]:
    """The same content with other signs, as many as it had."""
    for inline in content:
        if isinstance(inline, tree.Text | tree.Gap):
            yield replace(inline, text="".join(next(signs) for _ in inline.text))
        elif isinstance(inline, tree.Break):
            next(signs)
            yield inline
        else:
            yield replace(inline, content=tuple(_with(inline.content, signs)))
