"""Faults of the whole reading: content outside the tree, running text inside it, wrong order,
elements cut in two where a line or page ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from letters.validators.finding import Finding, quoted
from letters.validators.pdf.content import Stretch
from letters.validators.pdf.reading import Reading
from letters.validators.pdf.structure import Annotation, Element, Mark

_RULE = "PDF/UA-1 7.1"
_SHORTEST_RUNNING = 5
_LONGER_THAN_A_LINE = 100
_ENDS = ".:;?!…”’\"')"


def order_findings(reading: Reading) -> Iterator[Finding]:
    """Faults that show only where tree and pages are held against each other."""
    inside = set(reading.tree.marks())
    yield from _outside(reading, inside)
    yield from _page_numbers(reading)
    yield from _running(reading, inside)
    yield from _wrong_order(reading)
    for element in reading.elements:
        for above, below in pairwise(element.parts):
            if isinstance(above, Element) and isinstance(below, Element):
                yield from _cut(reading, above, below)


def _outside(reading: Reading, inside: set[Mark]) -> Iterator[Finding]:
    """Content that is neither in the tree nor an artifact; some readers say it."""
    for stretch in reading.stretches:
        if stretch.artifact or not stretch.paints or stretch.mark in inside:
            continue
        words = stretch.words.strip()
        what = "Text stands" if words else "A drawing or image stands"
        where = f"page {stretch.page + 1}" + (f", {quoted(words)}" if words else "")
        yield Finding(_RULE, f"{what} outside the reading order and is not an artifact.", where)


def _page_numbers(reading: Reading) -> Iterator[Finding]:
    count = max((stretch.page for stretch in reading.stretches), default=0) + 1
    for block in reading.blocks():
        page = reading.page(block)
        number = 0 if page is None else page + 1
        if re.fullmatch(rf"\D{{1,12}}{number}\D{{1,6}}{count}\D{{0,3}}", reading.words(block)):
            what = "A page number of the footer is tagged, so it is read out amid the letter."
            yield Finding(_RULE, what, reading.where(block))


def _running(reading: Reading, inside: set[Mark]) -> Iterator[Finding]:
    """The same words at the same height of two pages are a header or footer, not the letter."""
    seen: dict[tuple[str, float], Stretch] = {}
    for stretch in reading.stretches:
        words = stretch.words.strip()
        if stretch.mark not in inside or len(words) < _SHORTEST_RUNNING:
            continue
        first = seen.setdefault((words, stretch.height), stretch)
        if first.page != stretch.page:
            what = "Words repeated on each page are tagged, so they are read out amid the letter."
            yield Finding(_RULE, what, f"page {stretch.page + 1}, {quoted(words)}")


def _wrong_order(reading: Reading) -> Iterator[Finding]:
    """Letters run down the page, so the order of painting is the order of reading.

    Labels of list items may be painted before or after their text.
    """
    for block in reading.elements:
        if block.tag not in ("L", "BlockQuote", "Table"):
            continue
        marks = [mark for mark in block.marks("Lbl") if mark in reading.rank]
        for above, below in pairwise(marks):
            if reading.rank[above] > reading.rank[below]:
                words = reading.marked[below].words
                what = "The order in which this is read out is not its order on the page."
                yield Finding(_RULE, what, f"page {below.page + 1}, {quoted(words)}")
                return


def _cut(reading: Reading, above: Element, below: Element) -> Iterator[Finding]:
    if above.tag == below.tag == "Link":
        cut = _address(above) != "" and _address(above) == _address(below)
        what = "A link that fills two lines is tagged as two links."
    elif above.tag == below.tag and above.tag in ("P", "L", "Table"):
        cut = _crosses(reading, above, below) and _goes_on(reading, above, below)
        name = {"P": "paragraph", "L": "list", "Table": "table"}[above.tag]
        what = f"A {name} that crosses a page is tagged as two."
    else:
        return
    if cut:
        yield Finding(_RULE, what, reading.where(below))


def _crosses(reading: Reading, above: Element, below: Element) -> bool:
    pages = [mark.page for mark in above.marks() if mark in reading.marked]
    return bool(pages) and reading.page(below) == pages[-1] + 1


def _goes_on(reading: Reading, above: Element, below: Element) -> bool:
    """Whether `below` continues `above`: a sentence, the numbers of a list, the rows of a table."""
    words, more = reading.words(above), reading.words(below)
    if above.tag == "P":
        unfinished = bool(words and more) and words[-1] not in _ENDS
        return unfinished and (more[0].islower() or len(words) >= _LONGER_THAN_A_LINE)
    if above.tag == "L":
        return not re.match(r"(1|a|i)\.", more)
    return True


def _address(link: Element) -> str:
    found = (part for part in link.parts if isinstance(part, Annotation))
    return next((annotation.address for annotation in found), "")
