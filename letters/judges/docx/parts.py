"""A Word file taken apart: its XML parts, parsed, and what else it holds."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from lxml import etree

from letters.judges.finding import Finding
from letters.sources.raw import BROKEN_ZIP, is_too_large

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
MAIN = "word/document.xml"
_NEEDED = (MAIN, "word/styles.xml", "[Content_Types].xml")

_TEXT = f"{W}t"
_SIGNS = {f"{W}tab": " ", f"{W}br": " ", f"{W}noBreakHyphen": "-"}
_SAID = (_TEXT, *_SIGNS)

Tree: TypeAlias = etree._Element
"""An element of a part."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parsed parts of a Word file by name, and the names of all its parts."""

    trees: Mapping[str, Tree]
    names: frozenset[str]

    @property
    def body(self) -> Tree:
        """The letter's own part."""
        return self.trees[MAIN]

    def printed(self) -> Iterator[tuple[str, Tree]]:
        """Body, headers and footers, with how a finding names them."""
        yield "body", self.body
        for name in sorted(self.trees):
            for kind in ("header", "footer", "footnotes", "endnotes"):
                if name.startswith(f"word/{kind}"):
                    yield kind, self.trees[name]


def read_parts(content: bytes) -> Parts | Finding:
    """The parts of a Word file, or why there are none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if is_too_large(archive):
                return Finding("OOXML", "The file holds more than 100 MB when unpacked.")
            names = archive.namelist()
            files = {name: archive.read(name) for name in names if name.endswith((".xml", ".rels"))}
    except BROKEN_ZIP:
        return Finding("OOXML", "The file is damaged: it cannot be opened.")
    if len(set(names)) < len(names):
        return Finding("OOXML", "The file holds the same part twice.")
    missing = [name for name in _NEEDED if name not in files]
    if missing:
        return Finding("OOXML", f"The file lacks its part {missing[0]}.")
    return _parsed(files, frozenset(names))


def _parsed(files: Mapping[str, bytes], names: frozenset[str]) -> Parts | Finding:
    trees = {}
    for name, part in files.items():
        try:
            trees[name] = _tree(part)
        except etree.XMLSyntaxError as error:
            return Finding("OOXML", f"The part {name} is not XML: {error.msg}.", name)
    return Parts(trees, names)


@lru_cache(maxsize=32)
def _tree(part: bytes) -> Tree:
    """A part read; letters of one layout share most of theirs, and nobody changes a tree."""
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False))


def words(element: Tree) -> str:
    """The words of a paragraph or of anything that holds runs."""
    found = (e.text or "" if e.tag == _TEXT else _SIGNS[str(e.tag)] for e in element.iter(*_SAID))
    return "".join(found)


def value(element: Tree | None) -> str:
    """The `w:val` of an element, or nothing."""
    return "" if element is None else element.get(f"{W}val", "")
