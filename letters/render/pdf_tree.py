"""The structure of a PDF, gathered from WeasyPrint's pages (ISO 32000-1, 14.7 and 14.8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from letters.render.pdf_text import collapsed

KINDS = {
    "a": "Link",
    "address": "P",
    "article": "Art",
    "blockquote": "BlockQuote",
    "caption": "Caption",
    "dd": "P",
    "dt": "P",
    "figcaption": "P",
    "h1": "H1",
    "h2": "H2",
    "h3": "H3",
    "h4": "H4",
    "h5": "H5",
    "h6": "H6",
    "img": "Figure",
    "li": "LI",
    "li::marker": "Lbl",
    "main": "Part",
    "ol": "L",
    "p": "P",
    "section": "Sect",
    "table": "Table",
    "tbody": "TBody",
    "td": "TD",
    "tfoot": "TFoot",
    "th": "TH",
    "thead": "THead",
    "tr": "TR",
    "ul": "L",
}
"""HTML elements and the structure elements they become; the others are passed through."""

GROUPING = {"Document", "Part", "Art", "Sect", "BlockQuote", "LBody"}
"""Structure elements that hold no text of their own: it gets a paragraph."""

Box = Any
"""A box of WeasyPrint's layout, which has no types."""


@dataclass(eq=False, slots=True)
class Mark:
    """A piece of a page's content: one line of text, or an image."""

    page: int
    number: int
    box: Box

    @property
    def text(self) -> str:
        """The words drawn; none for an image."""
        return self.box.text if isinstance(self.box, boxes.TextBox) else ""

    @property
    def baseline(self) -> float:
        """How far down the page the words stand."""
        return float(self.box.position_y + self.box.baseline)


@dataclass(eq=False, slots=True)
class Tag:
    """A structure element being built; `source` is the HTML element it comes from."""

    kind: str
    parent: Tag | None
    page: int
    language: str
    source: Element | None = None
    style: Any = None
    kids: list[Tag | Mark] = field(default_factory=list)
    links: list[tuple[int, Any]] = field(default_factory=list)
    box: Box = None

    @property
    def words(self) -> str:
        """All words of the HTML element this comes from, as a page prints them."""
        return collapsed("".join(_strings(self.source))) if self.source is not None else ""

    def marks(self) -> Iterator[Mark]:
        """The content in and below this element, in reading order."""
        for kid in self.kids:
            if isinstance(kid, Mark):
                yield kid
            else:
                yield from kid.marks()

    def tags(self) -> Iterator[Tag]:
        """This element and all below it, in reading order."""
        yield self
        for kid in self.kids:
            if isinstance(kid, Tag):
                yield from kid.tags()


class Tree:
    """The structure of a document, gathered page by page.

    What is laid out in pieces (a paragraph over two pages, a link over two lines) has one source,
    and so becomes one element. What stands in the margins, and the heads that a table repeats, is
    left out of the tree.
    """

    def __init__(self, language: str) -> None:
        self.root = Tag("Document", None, 0, language)
        self._known: dict[tuple[Element | None, str], Tag] = {}

    def add_page(self, page: int, page_box: Box, numbers: dict[Box, dict[str, Any]]) -> None:
        """Add what a page holds; `numbers` gives the marks drawn for its boxes."""
        for child in page_box.children:
            if not isinstance(child, boxes.MarginBox):
                self._add(child, self.root, page, numbers)

    def _add(self, box: Box, parent: Tag, page: int, numbers: dict[Box, dict[str, Any]]) -> None:
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        tag = self._tag(box, parent, page)
        if tag.kind == "THead" and tag.page != page:
            return  # repeated on a later page, for the eye alone
        if box in numbers:
            holder = self._text_holder(tag, box)
            holder.kids.append(Mark(page, numbers[box]["mcid"], box))
        if box.link_annotation:
            _nearest(tag, "Link").links.append((page, box.link_annotation))
        for child in getattr(box, "children", ()):
            self._add(child, tag, page, numbers)

    def _tag(self, box: Box, parent: Tag, page: int) -> Tag:
        """The element a box belongs to: its own, or its parent's for a box that has none."""
        if box.element is None or isinstance(box, boxes.TextBox | boxes.LineBox):
            return parent
        kind = KINDS.get(box.element_tag, "")
        language = box.style["lang"] or parent.language
        if not kind and language != parent.language:
            kind = "Span"
        if not kind:
            return parent
        if parent.kind == "LI" and kind not in ("LI", "Lbl"):
            parent = self._own(parent.source, "body", "LBody", parent, page)
        return self._own(box.element, box.element_tag, kind, parent, page, box)

    def _text_holder(self, tag: Tag, box: Box) -> Tag:
        if tag.kind == "LI":
            tag = self._own(tag.source, "body", "LBody", tag, tag.page)
        if tag.kind in GROUPING and isinstance(box, boxes.TextBox):
            return self._own(box.element, "words", "P", tag, tag.page)
        return tag

    def _own(
        self, source: Element | None, part: str, kind: str, parent: Tag, page: int, box: Box = None
    ) -> Tag:
        """The element for a part of an HTML element: made when first met, found again later."""
        key = (source, part)
        if key not in self._known:
            language = (box.style["lang"] if box else "") or parent.language
            tag = Tag(kind, parent, page, language, source, box.style if box else None, box=box)
            parent.kids.append(tag)
            self._known[key] = tag
        return self._known[key]


def _nearest(tag: Tag, kind: str) -> Tag:
    while tag.kind != kind and tag.parent:
        tag = tag.parent
    return tag


def _strings(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield " " if child.tag == "br" else ""
        yield from _strings(child)
        yield child.tail or ""
