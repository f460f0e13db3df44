"""The outline that a PDF's structure tree gives of its letter, in all parts of the tree."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pikepdf import Array, Name, Pdf

from letters.document import Passage, as_read
from letters.render.outline import Container, Containers, OutlineEntry, Path
from letters.render.words import Finding, quoted
from letters.validators.pdf.content import Stretch
from letters.validators.pdf.pdf_file import PdfReading
from letters.validators.pdf.structure import Annotation, ContentMark, StructureElement

_KINDS = {f"H{level}": f"heading {level}" for level in range(1, 7)}
_KINDS |= {"TH": "table heading", "TD": "table cell"}
_CONTAINERS = {"L": "list", "BlockQuote": "quotation", "Table": "table"}
_PARTS = {"LI": "item", "TR": "row"}
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011"), "-")


@dataclass(frozen=True, slots=True)
class Tagged:
    """An entry of the tree, and where it stands, for a finding."""

    entry: OutlineEntry
    where: str


def tagged_entries(reading: PdfReading) -> list[Tagged]:
    """List all that the tree holds, in reading order.

    Content outside any paragraph, heading or cell counts as a paragraph.
    """
    return list(_Walk(reading).inside(reading.tree, "paragraph", ()))


def said(words: str) -> str:
    """Fold words as far as glyphs show them alike: no spaces, plain hyphens, whole letters."""
    plain = unicodedata.normalize("NFKC", words).translate(_DASHES)
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) != "Cf")


class _Walk:
    """Walks the tree and gathers its entries."""

    def __init__(self, reading: PdfReading) -> None:
        self._reading = reading
        self._containers = Containers()

    def inside(self, element: StructureElement, kind: str, path: Path) -> Iterator[Tagged]:
        """All that an element holds; what has no block of its own is of `kind`."""
        for part in element.parts:
            if isinstance(part, StructureElement):
                yield from self._block(part, kind, path)
            elif isinstance(part, ContentMark):
                yield from self._stray(part, kind, path)

    def _block(self, element: StructureElement, kind: str, path: Path) -> Iterator[Tagged]:
        tag = element.tag
        if tag in _KINDS:
            yield self._entry(element, _KINDS[tag], path)
        elif tag == "Figure":
            yield self._figure(element, path)
        elif tag == "P":
            yield from self._paragraph(element, kind, path)
        elif tag in _CONTAINERS:
            inner = "quote" if tag == "BlockQuote" else kind
            yield from self.inside(element, inner, (*path, ("", Container(_CONTAINERS[tag]))))
        elif tag in _PARTS and path:
            yield from self._part(element, kind, path)
        else:
            yield from self.inside(element, kind, path)

    def _part(self, element: StructureElement, kind: str, path: Path) -> Iterator[Tagged]:
        """An item of a list, or a row of a table; the first passage of an item has its label."""
        *outer, (_, container) = path
        container.parts += 1
        within = (*outer, (f"{_PARTS[element.tag]} {container.parts}", container))
        labels = [each for each in element.children if each.tag == "Lbl"]
        label = "".join(map(self._reading.text, labels))
        rest = replace(element, parts=[part for part in element.parts if part not in labels])
        for tagged in self.inside(rest, kind, within):
            yield _labelled(tagged, label)
            label = ""

    def _entry(self, element: StructureElement, kind: str, path: Path) -> Tagged:
        text = self._reading.text(element)
        entry = OutlineEntry(
            Passage(kind, "", text), self._containers.named(path), tuple(self._links(element))
        )
        return Tagged(entry, self._reading.where(element))

    def _figure(self, element: StructureElement, path: Path) -> Tagged:
        passage = Passage("figure", "", as_read(element.alternative or ""))
        return Tagged(
            OutlineEntry(passage, self._containers.named(path)), self._reading.where(element)
        )

    def _stray(self, mark: ContentMark, kind: str, path: Path) -> Iterator[Tagged]:
        stretch = self._reading.marked.get(mark)
        if stretch and stretch.words.strip():
            passage = Passage(kind, "", as_read(stretch.words))
            where = f"page {mark.page + 1}, {quoted(stretch.words)}"
            yield Tagged(OutlineEntry(passage, self._containers.named(path)), where)

    def _paragraph(self, element: StructureElement, kind: str, path: Path) -> Iterator[Tagged]:
        figures = [inner for inner in element.walk() if inner.tag == "Figure"]
        yield from (self._figure(figure, path) for figure in figures)
        if not figures or self._reading.text(element):
            yield self._entry(element, kind, path)

    def _links(self, element: StructureElement) -> Iterator[tuple[str, str]]:
        for link in element.walk():
            if link.tag == "Link":
                found = {part.address for part in link.parts if isinstance(part, Annotation)}
                yield " ".join(sorted(found)), self._reading.text(link)


def _labelled(tagged: Tagged, label: str) -> Tagged:
    passage = replace(tagged.entry.passage, label=label or tagged.entry.passage.label)
    return replace(tagged, entry=replace(tagged.entry, passage=passage))


_RULE = "PDF/UA-1 7.1"


def order_findings(reading: PdfReading) -> Iterator[Finding]:
    """Faults that show only where tree and pages are held against each other."""
    inside = set(reading.tree.marks())
    yield from _outside(reading, inside)
    yield from _wrong_order(reading)


def _outside(reading: PdfReading, inside: set[ContentMark]) -> Iterator[Finding]:
    """Content that is neither in the tree nor an artifact; some readers say it."""
    for stretch in reading.stretches:
        if stretch.artifact or not stretch.paints or stretch.mark in inside:
            continue
        words = stretch.words.strip()
        what = "Text is" if words else "A drawing or image is"
        where = f"page {stretch.page + 1}" + (f", {quoted(words)}" if words else "")
        yield Finding(_RULE, f"{what} outside the reading order and is not an artifact.", where)


def _wrong_order(reading: PdfReading) -> Iterator[Finding]:
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


def _cells(elements: list[StructureElement]) -> Iterator[tuple[ContentMark, _Cell]]:
    """Where in tables marks stand."""
    rows = (element for element in elements if element.tag == "TR")
    for row, element in enumerate(rows):
        for cell, inside in enumerate(element.children):
            yield from ((mark, (row, cell)) for mark in inside.marks())


def _out_of_turn(
    marks: Iterable[ContentMark],
    rank: Mapping[ContentMark, int],
    cells: Mapping[ContentMark, _Cell],
) -> ContentMark | None:
    """The first mark that is painted before one that is read out earlier.

    Where a page ends inside a row, each cell of the row goes on behind it, and the next one begins
    before it. So going back a page is right from cell to cell of a row; going back on a page is
    not.
    """
    painted: dict[int, int] = {}
    before: ContentMark | None = None
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
            what = f"The page is turned by {turn} degrees; a letter's pages are upright."
            yield Finding("letters: sight", what, f"page {number}")


def laid_over_findings(pdf: Pdf) -> Iterator[Finding]:
    """What somebody laid over the pages: notes, stamps, fields. A letter has links alone."""
    for number, page in enumerate(pdf.pages, 1):
        for each in page.obj.get("/Annots", Array()):
            kind = each.get("/Subtype")
            if kind != Name.Link:
                what = f"Something that is no link is laid over the page: {quoted(str(kind)[1:])}."
                yield Finding("letters: sight", what, f"page {number}")
