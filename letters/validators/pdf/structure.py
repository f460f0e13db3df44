"""The structure tree of a tagged PDF as plain objects: what a screen reader walks through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from pikepdf import Array, Dictionary, Name, Object, Pdf, String


class ContentMark(NamedTuple):
    """A stretch of marked content: page (from 0) and its id on that page."""

    page: int
    mcid: int


@dataclass(slots=True)
class Annotation:
    """A link's area on a page; `contents` is what a screen reader says of it."""

    contents: str
    address: str


@dataclass(slots=True)
class StructureElement:
    """A structure element: its standard type, the language in force, its parts in order.

    `exact` is what the file says that its content stands for (`/ActualText`, `/E`).
    """

    tag: str
    language: str
    alternative: str | None
    attributes: Mapping[str, str]
    parts: list[StructureElement | ContentMark | Annotation] = field(default_factory=list)
    exact: str | None = None

    @property
    def children(self) -> list[StructureElement]:
        """The elements directly inside."""
        return [part for part in self.parts if isinstance(part, StructureElement)]

    def walk(self) -> Iterator[StructureElement]:
        """This element and all inside it, in reading order."""
        yield self
        for part in self.parts:
            if isinstance(part, StructureElement):
                yield from part.walk()

    def marks(self, *without: str) -> Iterator[ContentMark]:
        """All marked content inside, in reading order; that of the tags in `without` left out."""
        for part in self.parts:
            if isinstance(part, ContentMark):
                yield part
            elif isinstance(part, StructureElement) and part.tag not in without:
                yield from part.marks(*without)


class _TreeReader:
    """Reads one file's tree; a loop in a broken tree is cut where it closes."""

    def __init__(self, pdf: Pdf) -> None:
        self.pages = {page.obj.objgen: n for n, page in enumerate(pdf.pages)}
        self.roles = _role_map(pdf.Root.StructTreeRoot)
        self.seen: set[tuple[int, int]] = set()

    def element(self, node: Object, page: int, language: str) -> StructureElement:
        language = _text(node.get("/Lang")) or language
        tag = str(node.get("/S", ""))
        page = self._page(node, page)
        element = StructureElement(
            tag=self.roles.get(tag, tag)[1:],
            language=language,
            alternative=_text(node.get("/Alt")),
            attributes=_attributes(node.get("/A")),
            exact=_text(node.get("/ActualText")) or _text(node.get("/E")),
        )
        for kid in _list(node.get("/K")):
            part = self._part(kid, page, language)
            if part is not None:
                element.parts.append(part)
        return element

    def _part(
        self, kid: Object | int, page: int, language: str
    ) -> StructureElement | ContentMark | Annotation | None:
        if not isinstance(kid, Dictionary):
            return ContentMark(page, int(kid))
        if "/S" in kid:
            return None if self._again(kid) else self.element(kid, page, language)
        if "/MCID" in kid:
            return ContentMark(self._page(kid, page), int(kid.MCID))
        return _annotation(kid["/Obj"]) if "/Obj" in kid else None

    def _again(self, kid: Object) -> bool:
        known = kid.is_indirect and kid.objgen in self.seen
        self.seen.add(kid.objgen)
        return known

    def _page(self, node: Object, page: int) -> int:
        found = node.get("/Pg")
        return page if found is None else self.pages.get(found.objgen, page)


def read_structure(pdf: Pdf) -> StructureElement:
    """The whole tree, under one element without a type. The file must have a tree."""
    root = pdf.Root.StructTreeRoot
    reader = _TreeReader(pdf)
    language = _text(pdf.Root.get("/Lang")) or ""
    tops = [reader.element(kid, 0, language) for kid in _list(root.get("/K"))]
    return StructureElement("", language, None, {}, list(tops))


def _role_map(root: Object) -> dict[str, str]:
    return {name: str(role) for name, role in root.get("/RoleMap", Dictionary()).items()}


def _annotation(obj: Object) -> Annotation | None:
    if obj.get("/Subtype") != Name.Link:
        return None
    address = obj.get("/A", Dictionary()).get("/URI")
    return Annotation(_text(obj.get("/Contents")) or "", _text(address) or "")


def _attributes(found: Object | None) -> dict[str, str]:
    owners = [owner for owner in _list(found) if isinstance(owner, Dictionary)]
    return {name[1:]: str(value) for owner in owners for name, value in owner.items()}


def _list(found: Object | None) -> list[Object]:
    if found is None:
        return []
    return list(found) if isinstance(found, Array) else [found]


def _text(found: Object | None) -> str | None:
    return str(found) if isinstance(found, String) else None
