"""The tags of a PDF, in our own way.

WeasyPrint's own tags satisfy validators and mislead readers: list entries come out of order, a
paragraph that crosses a page becomes two, page numbers are read as text, languages below the root
are dropped. Here WeasyPrint's boxes are read, the structure is built of them and written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

import pydyf
import weasyprint.pdf
from weasyprint.document import Page
from weasyprint.formatting_structure.boxes import LineBox, MarginBox, TextBox
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf.stream import Stream

from letters.render.pdf.text import CONFUSED, collapsed, presumed_end, spaces_between


def _attribute(kind: Any, name: str) -> str:
    """`name`, which objects of a kind get as they are made. Raises AttributeError if not."""
    making = kind.__init__.__code__
    if name not in (*making.co_names, *making.co_consts):
        raise AttributeError(f"'{kind.__name__}' has no '{name}'")
    return name


INNER = (
    *(weasyprint.pdf.add_tags, pydyf.PDF.page_references),
    *(_attribute(Page, "_page_box"), _attribute(Stream, "_tags")),
    _attribute(AbsolutePlaceholder, "_box"),
)
"""What is replaced or read below: looked up here, so that its lack is told before any letter is
begun."""

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
class MarkedContent:
    """A piece of a page's content: one line of text, or an image."""

    page: int
    number: int
    box: Box

    @property
    def text(self) -> str:
        """The words drawn; none for an image."""
        return self.box.text if isinstance(self.box, TextBox) else ""

    @property
    def baseline(self) -> float:
        """How far down the page the words stand."""
        return float(self.box.position_y + self.box.baseline)


@dataclass(eq=False, slots=True)
class StructureTag:
    """A structure element being built; `source` is the HTML element it comes from."""

    kind: str
    parent: StructureTag | None
    page: int
    language: str
    source: Element | None = None
    style: Any = None
    kids: list[StructureTag | MarkedContent] = field(default_factory=list)
    links: list[tuple[int, Any]] = field(default_factory=list)
    box: Box = None

    @property
    def words(self) -> str:
        """All words of the HTML element this comes from, as a page prints them."""
        return collapsed("".join(_strings(self.source))) if self.source is not None else ""

    def marks(self) -> Iterator[MarkedContent]:
        """The content in and below this element, in reading order."""
        for kid in self.kids:
            if isinstance(kid, MarkedContent):
                yield kid
            else:
                yield from kid.marks()

    def tags(self) -> Iterator[StructureTag]:
        """This element and all below it, in reading order."""
        yield self
        for kid in self.kids:
            if isinstance(kid, StructureTag):
                yield from kid.tags()


class Tree:
    """The structure of a document, gathered page by page.

    What is laid out in pieces (a paragraph over two pages, a link over two lines) has one source,
    and so becomes one element. What is in the margins, and the heads that a table repeats, is
    left out of the tree.
    """

    def __init__(self, language: str) -> None:
        self.root = StructureTag("Document", None, 0, language)
        self._known: dict[tuple[Element | None, str], StructureTag] = {}

    def add_page(self, page: int, page_box: Box, numbers: dict[Box, dict[str, Any]]) -> None:
        """Add what a page holds; `numbers` gives the marks drawn for its boxes."""
        for child in page_box.children:
            if not isinstance(child, MarginBox):
                self._add(child, self.root, page, numbers)

    def _add(
        self, box: Box, parent: StructureTag, page: int, numbers: dict[Box, dict[str, Any]]
    ) -> None:
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        tag = self._tag(box, parent, page)
        if tag.kind == "THead" and tag.page != page:
            return  # repeated on a later page, for the eye alone
        if box in numbers:
            holder = self._text_holder(tag, box)
            holder.kids.append(MarkedContent(page, numbers[box]["mcid"], box))
        if box.link_annotation:
            _nearest(tag, "Link").links.append((page, box.link_annotation))
        for child in getattr(box, "children", ()):
            self._add(child, tag, page, numbers)

    def _tag(self, box: Box, parent: StructureTag, page: int) -> StructureTag:
        """The element a box belongs to: its own, or its parent's for a box that has none."""
        if box.element is None or isinstance(box, TextBox | LineBox):
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

    def _text_holder(self, tag: StructureTag, box: Box) -> StructureTag:
        if tag.kind == "LI":
            tag = self._own(tag.source, "body", "LBody", tag, tag.page)
        if tag.kind in GROUPING and isinstance(box, TextBox):
            return self._own(box.element, "words", "P", tag, tag.page)
        return tag

    def _own(
        self,
        source: Element | None,
        part: str,
        kind: str,
        parent: StructureTag,
        page: int,
        box: Box = None,
    ) -> StructureTag:
        """The element for a part of an HTML element: made when first met, found again later."""
        key = (source, part)
        if key not in self._known:
            language = (box.style["lang"] if box else "") or parent.language
            tag = StructureTag(
                kind, parent, page, language, source, box.style if box else None, box=box
            )
            parent.kids.append(tag)
            self._known[key] = tag
        return self._known[key]


def _nearest(tag: StructureTag, kind: str) -> StructureTag:
    while tag.kind != kind and tag.parent:
        tag = tag.parent
    return tag


def _strings(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield " " if child.tag == "br" else ""
        yield from _strings(child)
        yield child.tail or ""


WRITTEN = {"P", "H1", "H2", "H3", "H4", "H5", "H6", "TD", "TH", "Caption"}
"""Structure elements that hold words and nothing but words."""

NUMBERING = {"decimal": "Decimal", "lower-alpha": "LowerAlpha", "lower-roman": "LowerRoman"}


class Writer:
    """Writes a tree into a PDF."""

    def __init__(self, pdf: Any, document: Any) -> None:
        self._pdf, self._pages = pdf, pdf.page_references
        self._heights = [page.height for page in document.pages]
        self._numbers: list[dict[int, Any]] = [{} for _ in document.pages]
        self._annotations: list[Any] = []

    def write(self, tree: Tree) -> None:
        """Put the structure tree, its index of pages and links, and the document's marks in."""
        index = self._object({})
        root = self._object({"Type": "/StructTreeRoot", "ParentTree": index.reference})
        root["K"] = pydyf.Array([self._element(tree.root, root)])
        index["Nums"] = pydyf.Array(self._index())
        catalog = self._pdf.catalog
        catalog["StructTreeRoot"] = root.reference
        catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
        catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})

    def _object(self, entries: dict[str, Any]) -> Any:
        made = pydyf.Dictionary(entries)
        self._pdf.add_object(made)
        return made

    def _element(self, tag: StructureTag, parent: Any) -> Any:
        """Write an element with all below it; its reference."""
        made = self._object(
            {
                "Type": "/StructElem",
                "S": f"/{tag.kind}",
                "P": parent.reference,
                "Pg": self._pages[tag.page],
            }
        )
        made.update(self._properties(tag))
        kids = pydyf.Array()
        for page, annotation in tag.links:
            kids.append(self._link(tag, made, page, annotation))
        for kid in tag.kids:
            kids.append(
                self._element(kid, made)
                if isinstance(kid, StructureTag)
                else self._mark(kid, tag, made)
            )
        made["K"] = kids
        return made.reference

    def _properties(self, tag: StructureTag) -> dict[str, Any]:
        properties: dict[str, Any] = {}
        if tag.parent and tag.language != tag.parent.language:
            properties["Lang"] = pydyf.String(tag.language)
        if tag.kind == "Figure" and tag.source is not None:
            properties["Alt"] = pydyf.String(tag.source.get("alt", ""))
        if attributes := self._attributes(tag):
            properties["A"] = pydyf.Dictionary(attributes)
        return properties

    def _attributes(self, tag: StructureTag) -> dict[str, Any]:
        if tag.kind == "Figure" and tag.box is not None:
            return {"O": "/Layout", "BBox": pydyf.Array(self._corners(tag))}
        if tag.kind == "L":
            style = tag.style["list_style_type"] if tag.source is not None else ""
            numbering = NUMBERING.get(style if isinstance(style, str) else "", "Disc")
            return {"O": "/List", "ListNumbering": f"/{numbering}"}
        if tag.kind in ("TH", "TD"):
            return _cell_attributes(tag)
        return {}

    def _corners(self, tag: StructureTag) -> tuple[float, ...]:
        """Where an image stands, in points from the bottom left corner."""
        left, top = tag.box.content_box_x(), tag.box.content_box_y()
        right, bottom = left + tag.box.width, top + tag.box.height
        height = self._heights[tag.page]
        return tuple(round(px * 0.75, 2) for px in (left, height - bottom, right, height - top))

    def _mark(self, mark: MarkedContent, tag: StructureTag, element: Any) -> Any:
        self._numbers[mark.page][mark.number] = element.reference
        if mark.page == tag.page:
            return mark.number
        return pydyf.Dictionary({"Type": "/MCR", "Pg": self._pages[mark.page], "MCID": mark.number})

    def _link(self, tag: StructureTag, element: Any, page: int, annotation: Any) -> Any:
        annotation["Contents"] = pydyf.String(tag.words)
        annotation["StructParent"] = len(self._pages) + len(self._annotations)
        self._annotations.append(element.reference)
        entries = {"Type": "/OBJR", "Obj": annotation.reference, "Pg": self._pages[page]}
        return self._object(entries).reference

    def _index(self) -> Iterator[Any]:
        """The element of each mark of each page, then that of each link."""
        for page, numbers in enumerate(self._numbers):
            yield page
            count = max(numbers, default=-1) + 1
            yield pydyf.Array(numbers.get(number, "null") for number in range(count))
        for place, reference in enumerate(self._annotations, start=len(self._pages)):
            yield place
            yield reference


def _cell_attributes(tag: StructureTag) -> dict[str, Any]:
    attributes: dict[str, Any] = {"O": "/Table"}
    if tag.kind == "TH" and tag.source is not None:
        attributes["Scope"] = "/Row" if tag.source.get("scope") == "row" else "/Column"
    if tag.box.colspan != 1:
        attributes["ColSpan"] = tag.box.colspan
    if tag.box.rowspan != 1:
        attributes["RowSpan"] = tag.box.rowspan
    return attributes


def _say_line_ends(tree: Tree, drawn: list[dict[int, Any]]) -> None:
    """Give a line its exact text wherever its end, or a character, would be misread."""
    for tag in tree.root.tags():
        if tag.kind not in WRITTEN or not tag.kids:
            continue
        marks = [mark for mark in tag.marks() if mark.text]
        ends = spaces_between(tag.words, map(_written, marks))
        if ends is None:
            continue
        for n, (mark, end) in enumerate(zip(marks, ends, strict=True)):
            following = marks[n + 1] if n + 1 < len(marks) else None
            if end != _presumed(mark, following) or not CONFUSED.isdisjoint(mark.text):
                drawn[mark.page][mark.number]["ActualText"] = pydyf.String(_written(mark) + end)


def _written(mark: MarkedContent) -> str:
    """The words of a line as the letter has them: a soft hyphen for one drawn at its end."""
    hyphen = mark.box.style["hyphenate_character"]
    is_soft = mark.text.endswith(f"\u00ad{hyphen}")
    return mark.text.removesuffix(hyphen) if is_soft else mark.text


def _presumed(mark: MarkedContent, following: MarkedContent | None) -> str:
    if following is None:
        return ""
    same_line = mark.page == following.page and abs(mark.baseline - following.baseline) < 1
    return "" if same_line else presumed_end(mark.text)


def _drawn(stream: Any) -> dict[int, Any]:
    """The property list of each mark in a page's content, by its number."""
    lists = (part for part in stream.stream if isinstance(part, pydyf.Dictionary))
    return {part["MCID"]: part for part in lists if "MCID" in part}


def _make_artifacts(stream: Any, kept: set[int]) -> None:
    """Turn the marks of a page that are not in the tree into artifacts."""
    for at, part in enumerate(stream.stream):
        if isinstance(part, pydyf.Dictionary) and part.get("MCID", -1) not in kept | {-1}:
            stream.stream[at - 1] = "/Artifact"
            stream.stream[at] = pydyf.Dictionary({"Type": "/Pagination"})


def _add_tags(pdf: Any, document: Any, _version: Any, streams: list[Any]) -> None:
    """Stands in for `weasyprint.pdf.add_tags`."""
    tree = Tree(document.metadata.lang or "")
    for number, (page, stream) in enumerate(zip(document.pages, streams, strict=True)):
        tree.add_page(number, page._page_box, stream._tags)
    _say_line_ends(tree, [_drawn(stream) for stream in streams])
    kept = [(mark.page, mark.number) for mark in tree.root.marks()]
    for number, stream in enumerate(streams):
        _make_artifacts(stream, {mark for page, mark in kept if page == number})
    Writer(pdf, document).write(tree)


@contextmanager
def own_tags() -> Iterator[None]:
    """While this lasts, WeasyPrint writes our tags."""
    theirs = weasyprint.pdf.add_tags
    # WeasyPrint has no way to add tags of one's own: docs/decisions/weasyprint-with-mended-tags.md.
    weasyprint.pdf.add_tags = _add_tags
    try:
        yield
    finally:
        weasyprint.pdf.add_tags = theirs  # as it was
