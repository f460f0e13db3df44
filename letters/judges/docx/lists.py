"""Whether each numbered list of a Word letter begins its own numbering."""

from __future__ import annotations

import re
from collections.abc import Iterator

from letters.judges.docx.parts import Parts, Tree, W, value, words
from letters.judges.finding import Finding, quoted


def list_findings(parts: Parts) -> Iterator[Finding]:
    """A numbered list that goes on where an earlier list stopped."""
    numbered = _numbered(parts)
    ended: set[str] = set()
    running: dict[int, str] = {}
    for paragraph in parts.body.iter(f"{W}p"):
        if _continues(paragraph):
            continue
        level, number = _numbering(paragraph)
        if number in ended and number in numbered:
            what = "A numbered list goes on with the numbers of the list before it."
            yield Finding("letters: lists", what, quoted(words(paragraph)))
            ended.discard(number)
        ended.update(n for deep, n in running.items() if deep >= level and n != number)
        running = {deep: n for deep, n in running.items() if deep < level}
        if number:
            running[level] = number


def _continues(paragraph: Tree) -> bool:
    """Whether a paragraph without a label goes on with a list item above it."""
    indent = paragraph.find(f"{W}pPr/{W}ind")
    bare = paragraph.find(f"{W}pPr/{W}numPr") is None
    return bare and (indent is not None or "continue" in _style(paragraph))


def _numbering(paragraph: Tree) -> tuple[int, str]:
    """The level of a paragraph's label, from 0, and the list it belongs to; -1 for ordinary text.

    A style can give a label too: its name then says the level ("List Bullet 2").
    """
    found = paragraph.find(f"{W}pPr/{W}numPr")
    if found is not None:
        return int(value(found.find(f"{W}ilvl")) or 0), value(found.find(f"{W}numId"))
    style = re.fullmatch(r"list ?(?:bullet|number) ?(\d?)", _style(paragraph))
    return (int(style[1] or 1) - 1 if style else -1), ""


def _style(paragraph: Tree) -> str:
    return value(paragraph.find(f"{W}pPr/{W}pStyle")).lower()


def _numbered(parts: Parts) -> set[str]:
    """The ids of lists that have numbers, not bullets."""
    tree = parts.trees.get("word/numbering.xml")
    if tree is None:
        return set()
    bullets = {
        abstract.get(f"{W}abstractNumId")
        for abstract in tree.iter(f"{W}abstractNum")
        if all(value(form) in ("bullet", "none") for form in abstract.iter(f"{W}numFmt"))
    }
    return {
        number.get(f"{W}numId", "")
        for number in tree.iter(f"{W}num")
        if value(number.find(f"{W}abstractNumId")) not in bullets
    }
