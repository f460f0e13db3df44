"""A tagged PDF read once for all its judges: tree, pages, and the words of each element."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pikepdf import Pdf

from letters.validators.finding import quoted
from letters.validators.pdf.content import Stretch, read_content
from letters.validators.pdf.fonts import Font
from letters.validators.pdf.structure import Element, Mark, read_structure


@dataclass(frozen=True, slots=True)
class Reading:
    """The tree, the stretches of content in the order of painting, and the fonts."""

    tree: Element
    stretches: list[Stretch]
    fonts: list[Font]
    marked: dict[Mark, Stretch]
    rank: dict[Mark, int]
    elements: list[Element]
    """All elements of the tree, in reading order."""

    def words(self, element: Element) -> str:
        """The words of an element in reading order, lines joined by a space."""
        found = [self.marked[mark].words for mark in element.marks() if mark in self.marked]
        return " ".join(" ".join(found).split())

    def page(self, element: Element) -> int | None:
        """The page an element begins on, from 0."""
        return next((mark.page for mark in element.marks() if mark in self.marked), None)

    def where(self, element: Element) -> str:
        """An element's page and first words, for a finding."""
        page = self.page(element)
        parts = [] if page is None else [f"page {page + 1}"]
        words = self.words(element)
        return ", ".join([*parts, quoted(words)] if words else parts)

    def blocks(self) -> Iterator[Element]:
        """Elements that hold text of their own: paragraphs, headings, cells, item bodies."""
        return (element for element in self.elements if element.tag in BLOCKS)


BLOCKS = {"P", "H1", "H2", "H3", "H4", "H5", "H6", "H", "TH", "TD", "LBody", "Caption", "Note"}


def read(pdf: Pdf) -> Reading:
    """Read a file that has a structure tree."""
    stretches, fonts = read_content(pdf)
    marked: dict[Mark, Stretch] = {}
    rank: dict[Mark, int] = {}
    for n, stretch in enumerate(stretches):
        if stretch.mark is not None:
            marked.setdefault(stretch.mark, stretch)
            rank.setdefault(stretch.mark, n)
    tree = read_structure(pdf)
    return Reading(tree, stretches, fonts, marked, rank, list(tree.walk()))
