"""Faults of the whole reading: content outside the tree, and content read out in another order."""

from collections.abc import Iterable, Iterator, Mapping

from pikepdf import Array, Name, Pdf

from letters.validators.finding import Finding, quoted
from letters.validators.pdf.content import Stretch
from letters.validators.pdf.reading import Reading
from letters.validators.pdf.structure import Element, Mark

_RULE = "PDF/UA-1 7.1"


def order_findings(reading: Reading) -> Iterator[Finding]:
    """Faults that show only where tree and pages are held against each other."""
    inside = set(reading.tree.marks())
    yield from _outside(reading, inside)
    yield from _wrong_order(reading)


def _outside(reading: Reading, inside: set[Mark]) -> Iterator[Finding]:
    """Content that is neither in the tree nor an artifact; some readers say it."""
    for stretch in reading.stretches:
        if stretch.artifact or not stretch.paints or stretch.mark in inside:
            continue
        words = stretch.words.strip()
        what = "Text stands" if words else "A drawing or image stands"
        where = f"page {stretch.page + 1}" + (f", {quoted(words)}" if words else "")
        yield Finding(_RULE, f"{what} outside the reading order and is not an artifact.", where)


def _wrong_order(reading: Reading) -> Iterator[Finding]:
    """Letters run down the page, so the order of painting is the order of reading.

    Labels of list items may be painted before or after their text.
    """
    cells = dict(_cells(reading.elements))
    for block in reading.elements:
        if block.tag not in ("L", "BlockQuote", "Table"):
            continue
        marks = (mark for mark in block.marks("Lbl") if mark in reading.rank)
        if (found := _out_of_turn(marks, reading.rank, cells)) is not None:
            what = "The order in which this is read out is not its order on the page."
            words = quoted(reading.marked[found].words)
            yield Finding(_RULE, what, f"page {found.page + 1}, {words}")
            return


_Cell = tuple[int, int]
"""A row of the file's tables, and a cell of it, by their numbers."""


def _cells(elements: list[Element]) -> Iterator[tuple[Mark, _Cell]]:
    """Where in tables marks stand."""
    rows = (element for element in elements if element.tag == "TR")
    for row, element in enumerate(rows):
        for cell, inside in enumerate(element.children):
            yield from ((mark, (row, cell)) for mark in inside.marks())


def _out_of_turn(
    marks: Iterable[Mark], rank: Mapping[Mark, int], cells: Mapping[Mark, _Cell]
) -> Mark | None:
    """The first mark that is painted before one that is read out earlier.

    Where a page ends inside a row, each cell of the row goes on behind it, and the next one begins
    before it. So going back a page is right from cell to cell of a row; going back on a page is
    not.
    """
    painted: dict[int, int] = {}
    before: Mark | None = None
    for mark in marks:
        back = before is not None and mark.page < before.page
        if rank[mark] < painted.get(mark.page, 0) or (
            back and not _beside(cells.get(mark), before and cells.get(before))
        ):
            return mark
        painted[mark.page], before = rank[mark], mark
    return None


def _beside(cell: _Cell | None, other: _Cell | None) -> bool:
    """Whether two cells are different ones of one row."""
    return cell is not None and other is not None and cell != other and cell[0] == other[0]


def unseen_findings(stretches: list[Stretch]) -> Iterator[Finding]:
    """Words that are read out, copied and found, and not to be seen."""
    unseen: dict[tuple[int, str], str] = {}
    for stretch in stretches:
        if stretch.unseen:
            words = unseen.get((stretch.page, stretch.unseen), "")
            unseen[stretch.page, stretch.unseen] = f"{words} {stretch.words}"
    for (page, why), words in unseen.items():
        what = f"Words cannot be seen: {why}."
        yield Finding("letters: sight", what, f"page {page + 1}, {quoted(words)}")


def turned_findings(pdf: Pdf) -> Iterator[Finding]:
    """Pages that are shown on their side or upside down."""
    for number, page in enumerate(pdf.pages, 1):
        turn = int(page.rotation) % 360
        if turn:
            what = f"The page is turned by {turn} degrees; a letter's pages stand upright."
            yield Finding("letters: sight", what, f"page {number}")


def laid_over_findings(pdf: Pdf) -> Iterator[Finding]:
    """What somebody laid over the pages: notes, stamps, fields. A letter has links alone."""
    for number, page in enumerate(pdf.pages, 1):
        for each in page.obj.get("/Annots", Array()):
            kind = each.get("/Subtype")
            if kind != Name.Link:
                what = f"Something that is no link is laid over the page: {quoted(str(kind)[1:])}."
                yield Finding("letters: sight", what, f"page {number}")
