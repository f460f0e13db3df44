"""A tagged PDF read once for all its validators: tree, pages, and the words of each element."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pikepdf import Pdf

from letters.document import as_read
from letters.render.pdf.text import presumed_end
from letters.render.words import quoted
from letters.validators.pdf.content import Stretch, read_content
from letters.validators.pdf.fonts import Font
from letters.validators.pdf.structure import ContentMark, StructureElement, read_structure

_ONE_LINE = 0.5
"""Points by which pieces of one line may differ in height."""


@dataclass(frozen=True, slots=True)
class PdfReading:
    """The tree, the stretches of content in the order of painting, and the fonts."""

    tree: StructureElement
    stretches: list[Stretch]
    fonts: list[Font]
    marked: dict[ContentMark, Stretch]
    rank: dict[ContentMark, int]
    elements: list[StructureElement]
    """All elements of the tree, in reading order."""
    pages: int

    def words(self, element: StructureElement) -> str:
        """The words of an element in reading order, lines joined by a space."""
        found = [self.marked[mark].words for mark in element.marks() if mark in self.marked]
        return " ".join(" ".join(found).split())

    def text(self, element: StructureElement) -> str:
        """The words of an element as they are read out: a space at the end of a line that has one.

        `letters.render.pdf.text` says which lines have.
        """
        return _joined([self.marked[mark] for mark in element.marks() if mark in self.marked])

    def page(self, element: StructureElement) -> int | None:
        """The page an element begins on, from 0."""
        return next((mark.page for mark in element.marks() if mark in self.marked), None)

    def where(self, element: StructureElement) -> str:
        """An element's page and first words, for a finding."""
        page = self.page(element)
        parts = [] if page is None else [f"page {page + 1}"]
        words = self.words(element)
        return ", ".join([*parts, quoted(words)] if words else parts)

    def blocks(self) -> Iterator[StructureElement]:
        """Elements that hold text of their own: paragraphs, headings, cells, item bodies."""
        return (element for element in self.elements if element.tag in BLOCKS)


def _joined(lines: Sequence[Stretch]) -> str:
    """The words of pieces; one without words is a space that was not drawn."""
    words = ""
    for line, following in zip(lines, [*lines[1:], None], strict=False):
        goes_on = following is None or line.exact or _same_line(line, following)
        words += line.words + ("" if goes_on else presumed_end(line.words))
    return as_read(words)


def _same_line(line: Stretch, following: Stretch) -> bool:
    has_words = bool(line.words and following.words)
    return has_words and abs(line.height - following.height) < _ONE_LINE


BLOCKS = {"P", "H1", "H2", "H3", "H4", "H5", "H6", "H", "TH", "TD", "LBody", "Caption", "Note"}


def read(pdf: Pdf) -> PdfReading:
    """Read a file that has a structure tree."""
    stretches, fonts = read_content(pdf)
    marked: dict[ContentMark, Stretch] = {}
    rank: dict[ContentMark, int] = {}
    for n, stretch in enumerate(stretches):
        if stretch.mark is not None:
            marked.setdefault(stretch.mark, stretch)
            rank.setdefault(stretch.mark, n)
    tree = read_structure(pdf)
    return PdfReading(tree, stretches, fonts, marked, rank, list(tree.walk()), len(pdf.pages))
