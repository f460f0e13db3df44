"""Faults of single elements: headings, images, links, lists, tables, language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from letters.document import as_read
from letters.validators.finding import Finding, quoted
from letters.validators.pdf.reading import BLOCKS, Reading
from letters.validators.pdf.structure import Annotation, Element, Mark
from letters.validators.texts import heading_findings, left_behind, poor_alternative, unmarked_welsh

_HEADING = re.compile(r"H([1-6])")


def element_findings(reading: Reading) -> Iterator[Finding]:
    """Faults that show in one element and what it holds."""
    yield from _headings(reading)
    for element in reading.elements:
        match element.tag:
            case "Figure":
                where = reading.where(element) or "a figure without content"
                yield from poor_alternative("PDF/UA-1 7.3", element.alternative, where)
            case "Link":
                yield from _link(reading, element)
            case "L":
                yield from _list(reading, element)
            case "Table":
                yield from _table(reading, element)
            case tag if tag in BLOCKS:
                yield from _text(reading, element)


def _headings(reading: Reading) -> Iterator[Finding]:
    found = ((_HEADING.fullmatch(e.tag), e) for e in reading.elements)
    headings = [(int(match[1]), reading.words(e)) for match, e in found if match]
    return heading_findings("PDF/UA-1 7.4.2", headings)


def _link(reading: Reading, link: Element) -> Iterator[Finding]:
    words = reading.words(link)
    for annotation in _annotations(link):
        if _folded(annotation.contents) != _folded(words):
            said = quoted(annotation.contents) if annotation.contents.strip() else "nothing"
            what = f"A link is read out as {said}, not by its words."
            yield Finding("PDF/UA-1 7.18.5", what, reading.where(link))
            return


def _annotations(element: Element) -> Iterator[Annotation]:
    for inner in element.walk():
        yield from (part for part in inner.parts if isinstance(part, Annotation))


def _list(reading: Reading, element: Element) -> Iterator[Finding]:
    if element.attributes.get("ListNumbering", "/None") == "/None":
        what = "A list does not say whether it is numbered or has bullets."
        yield Finding("PDF/UA-1 7.6", what, reading.where(element))
    for child in element.children:
        wrong = [part.tag for part in child.children if part.tag not in ("Lbl", "LBody")]
        if child.tag == "LI" and wrong:
            what = (
                f"A list item holds {wrong[0]} beside its label and body, so its order is unsure."
            )
            yield Finding("PDF/UA-1 7.6", what, reading.where(child))


def _table(reading: Reading, table: Element) -> Iterator[Finding]:
    heads = [cell for cell in table.walk() if cell.tag == "TH"]
    if not heads:
        yield Finding("PDF/UA-1 7.5", "A table has no header cells.", reading.where(table))
    for cell in heads:
        if "Scope" not in cell.attributes and "Headers" not in cell.attributes:
            what = "A header cell does not say whether it heads its column or its row."
            yield Finding("PDF/UA-1 7.5", what, reading.where(cell))


def _text(reading: Reading, block: Element) -> Iterator[Finding]:
    spoken = _by_language(reading, block)
    for finding in left_behind(" ".join(spoken.values())):
        yield replace(finding, where=reading.where(block))
    for language, words in spoken.items():
        for finding in unmarked_welsh("PDF/UA-1 7.2", words, language):
            yield replace(finding, where=reading.where(block))


def _by_language(reading: Reading, block: Element) -> dict[str, str]:
    """The block's own words, its inner blocks left out, by the language in force."""
    words: dict[str, str] = {}
    for element, mark in _own_marks(block):
        stretch = reading.marked.get(mark)
        if stretch:
            words[element.language] = f"{words.get(element.language, '')} {stretch.words}"
    return words


def _own_marks(element: Element) -> Iterator[tuple[Element, Mark]]:
    for part in element.parts:
        if isinstance(part, Mark):
            yield element, part
        elif isinstance(part, Element) and part.tag not in BLOCKS | {"L", "Table", "Lbl"}:
            yield from _own_marks(part)


def _folded(words: str) -> str:
    return as_read(words).replace(" ", "")
