"""Whether each numbered list of a Word letter begins its own numbering."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from letters.judges.docx.parts import Parts, Tree, W, value, words
from letters.judges.finding import Finding, quoted


def list_findings(parts: Parts) -> Iterator[Finding]:
    """A numbered list that goes on where an earlier list stopped."""
    numbered = _numbered(parts)
    ended: set[str] = set()
    running: dict[int, str] = {}
    for paragraph in parts.body.iter(f"{W}p"):
        properties = _properties(paragraph)
        if _continues(properties):
            continue
        level, number = _numbering(properties)
        if number in ended and number in numbered:
            what = "A numbered list goes on with the numbers of the list before it."
            yield Finding("letters: lists", what, quoted(words(paragraph)))
            ended.discard(number)
        ended.update(n for deep, n in running.items() if deep >= level and n != number)
        running = {deep: n for deep, n in running.items() if deep < level}
        if number:
            running[level] = number


def _properties(paragraph: Tree) -> Mapping[str, Tree]:
    """What a paragraph says of itself, by the names of its properties."""
    found = paragraph.find(f"{W}pPr")
    return {} if found is None else {str(element.tag): element for element in found}


def _continues(properties: Mapping[str, Tree]) -> bool:
    """Whether a paragraph without a label goes on with a list item above it."""
    bare = f"{W}numPr" not in properties
    return bare and (f"{W}ind" in properties or "continue" in _style(properties))


def _numbering(properties: Mapping[str, Tree]) -> tuple[int, str]:
    """The level of a paragraph's label, from 0, and the list it belongs to; -1 for ordinary text.

    A style can give a label too: its name then says the level ("List Bullet 2").
    """
    found = properties.get(f"{W}numPr")
    if found is not None:
        return int(value(found.find(f"{W}ilvl")) or 0), value(found.find(f"{W}numId"))
    style = re.fullmatch(r"list ?(?:bullet|number) ?(\d?)", _style(properties))
    return (int(style[1] or 1) - 1 if style else -1), ""


def _style(properties: Mapping[str, Tree]) -> str:
    return value(properties.get(f"{W}pStyle")).lower()


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
