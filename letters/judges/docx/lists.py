"""Whether each numbered list of a Word letter begins its own numbering."""

from __future__ import annotations

from collections.abc import Iterator

from letters.judges.docx.parts import Parts, Tree, W, value, words
from letters.judges.finding import Finding, quoted


def list_findings(parts: Parts) -> Iterator[Finding]:
    """A numbered list that goes on where an earlier list stopped."""
    numbered = _numbered(parts)
    ended: set[str] = set()
    running: dict[int, str] = {}
    for paragraph in parts.body.iter(f"{W}p"):
        level, number = _numbering(paragraph)
        if not number:
            if not _continues(paragraph):
                ended.update(running.values())
                running.clear()
            continue
        if number in ended and number in numbered:
            what = "A numbered list goes on with the numbers of the list before it."
            yield Finding("letters: lists", what, quoted(words(paragraph)))
            ended.discard(number)
        ended.update(n for deep, n in running.items() if deep > level and n != number)
        running = {deep: n for deep, n in running.items() if deep < level} | {level: number}


def _continues(paragraph: Tree) -> bool:
    """Whether a paragraph without a number stands inside a list item."""
    indent = paragraph.find(f"{W}pPr/{W}ind")
    style = value(paragraph.find(f"{W}pPr/{W}pStyle")).lower()
    return "continue" in style or indent is not None


def _numbering(paragraph: Tree) -> tuple[int, str]:
    found = paragraph.find(f"{W}pPr/{W}numPr")
    if found is None:
        return 0, ""
    number = value(found.find(f"{W}numId"))
    return int(value(found.find(f"{W}ilvl")) or 0), "" if number == "0" else number


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
