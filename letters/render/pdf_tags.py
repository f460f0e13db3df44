"""The tags of a PDF, in our own way.

WeasyPrint's own tags satisfy validators and mislead readers: list entries come out of order, a
paragraph that crosses a page becomes two, page numbers are read as text, languages below the root
are dropped. `pdf_tree` reads WeasyPrint's boxes and builds the structure itself; this module
writes it. Both know the engine's inner names, so they accept one version of it and no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pydyf
import weasyprint
import weasyprint.pdf

from letters.errors import LettersError
from letters.render.pdf_text import CONFUSED, presumed_end, spaces_between
from letters.render.pdf_tree import Mark, Tag, Tree

ENGINE = "70.0"
"""The version of WeasyPrint whose boxes are read."""

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

    def _element(self, tag: Tag, parent: Any) -> Any:
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
                self._element(kid, made) if isinstance(kid, Tag) else self._mark(kid, tag, made)
            )
        made["K"] = kids
        return made.reference

    def _properties(self, tag: Tag) -> dict[str, Any]:
        properties: dict[str, Any] = {}
        if tag.parent and tag.language != tag.parent.language:
            properties["Lang"] = pydyf.String(tag.language)
        if tag.kind == "Figure" and tag.source is not None:
            properties["Alt"] = pydyf.String(tag.source.get("alt", ""))
        if attributes := self._attributes(tag):
            properties["A"] = pydyf.Dictionary(attributes)
        return properties

    def _attributes(self, tag: Tag) -> dict[str, Any]:
        if tag.kind == "Figure" and tag.box is not None:
            return {"O": "/Layout", "BBox": pydyf.Array(self._corners(tag))}
        if tag.kind == "L":
            style = tag.style["list_style_type"] if tag.source is not None else ""
            numbering = NUMBERING.get(style if isinstance(style, str) else "", "Disc")
            return {"O": "/List", "ListNumbering": f"/{numbering}"}
        if tag.kind in ("TH", "TD"):
            return _cell_attributes(tag)
        return {}

    def _corners(self, tag: Tag) -> tuple[float, ...]:
        """Where an image stands, in points from the bottom left corner."""
        left, top = tag.box.content_box_x(), tag.box.content_box_y()
        right, bottom = left + tag.box.width, top + tag.box.height
        height = self._heights[tag.page]
        return tuple(round(px * 0.75, 2) for px in (left, height - bottom, right, height - top))

    def _mark(self, mark: Mark, tag: Tag, element: Any) -> Any:
        self._numbers[mark.page][mark.number] = element.reference
        if mark.page == tag.page:
            return mark.number
        return pydyf.Dictionary({"Type": "/MCR", "Pg": self._pages[mark.page], "MCID": mark.number})

    def _link(self, tag: Tag, element: Any, page: int, annotation: Any) -> Any:
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


def _cell_attributes(tag: Tag) -> dict[str, Any]:
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
        ends = spaces_between(tag.words, (mark.text for mark in marks))
        if ends is None:
            continue
        for n, (mark, end) in enumerate(zip(marks, ends, strict=True)):
            following = marks[n + 1] if n + 1 < len(marks) else None
            if end != _presumed(mark, following) or not CONFUSED.isdisjoint(mark.text):
                drawn[mark.page][mark.number]["ActualText"] = pydyf.String(mark.text + end)


def _presumed(mark: Mark, following: Mark | None) -> str:
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
    """While this lasts, WeasyPrint writes our tags. Raises LettersError for another version."""
    if weasyprint.__version__ != ENGINE:
        raise LettersError(
            f"PDF letters need WeasyPrint {ENGINE}, and {weasyprint.__version__} is installed. "
            f"Install 'weasyprint=={ENGINE}'."
        )
    theirs = weasyprint.pdf.add_tags
    weasyprint.pdf.add_tags = _add_tags
    try:
        yield
    finally:
        weasyprint.pdf.add_tags = theirs
