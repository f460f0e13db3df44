"""Faults of paragraphs, lists, tables and images of a Word letter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from letters.judges.docx.parts import WP, Parts, Tree, W, value, words
from letters.judges.docx.properties import default_language
from letters.judges.finding import Finding, quoted
from letters.judges.headings import heading_findings
from letters.judges.texts import may_be_welsh, poor_alternative, unmarked_welsh

_HOLDS = {f"{W}drawing", f"{W}pict", f"{W}object", f"{W}fldSimple", f"{W}fldChar", f"{W}sectPr"}
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_HEADING = re.compile(r"heading ([1-6])")


def paragraph_findings(parts: Parts) -> Iterator[Finding]:
    """Faults of what a reader meets, in reading order within each kind."""
    yield from _headings(parts)
    default = default_language(parts)
    for where, tree in parts.printed():
        for paragraph in tree.iter(f"{W}p"):
            said = words(paragraph)
            # a cell, a header and a footer must hold a paragraph: an empty one says nothing there
            if where == "body" and not said.strip() and not _in_cell(paragraph):
                yield from _empty(paragraph)
            if may_be_welsh(said):
                yield from _language(paragraph, default)
        yield from _images(tree, where)
    yield from _same_ids(parts)
    yield from _tables(parts.body)


def _headings(parts: Parts) -> Iterator[Finding]:
    names = {
        e.get(f"{W}styleId"): value(e.find(f"{W}name")).lower()
        for e in parts.trees["word/styles.xml"].iter(f"{W}style")
    }
    headings = []
    for paragraph in parts.body.iter(f"{W}p"):
        level = _HEADING.fullmatch(names.get(_style(paragraph), ""))
        if level:
            headings.append((int(level[1]), words(paragraph)))
    return heading_findings("WCAG 2.2 1.3.1", headings)


def _style(paragraph: Tree) -> str:
    return value(paragraph.find(f"{W}pPr/{W}pStyle"))


def _empty(paragraph: Tree) -> Iterator[Finding]:
    if not any(e.tag in _HOLDS for e in paragraph.iter()):
        what = "An empty paragraph makes space; the space belongs in a style."
        yield Finding("WCAG 2.2 1.3.1", what, _after(paragraph))


def _in_cell(paragraph: Tree) -> bool:
    parent = paragraph.getparent()
    return parent is not None and parent.tag == f"{W}tc"


def _after(paragraph: Tree) -> str:
    before = paragraph.getprevious()
    return "" if before is None or not words(before) else f"after {quoted(words(before))}"


def _language(paragraph: Tree, default: str) -> Iterator[Finding]:
    spoken: dict[str, str] = {}
    for run in paragraph.iter(f"{W}r"):
        found = run.find(f"{W}rPr/{W}lang")
        language = default if found is None else found.get(f"{W}val", default)
        spoken[language] = spoken.get(language, "") + words(run)
    for language, text in spoken.items():
        yield from unmarked_welsh("WCAG 2.2 3.1.2", text, language)


def _images(tree: Tree, where: str) -> Iterator[Finding]:
    for properties in tree.iter(f"{WP}docPr"):
        if next(properties.iter(_DECORATIVE), None) is None:
            place = f"{where}, image {quoted(properties.get('name', ''))}"
            yield from poor_alternative("WCAG 2.2 1.1.1", properties.get("descr"), place)


def _same_ids(parts: Parts) -> Iterator[Finding]:
    seen: set[str] = set()
    for _, tree in parts.printed():
        for properties in tree.iter(f"{WP}docPr"):
            id_ = properties.get("id", "")
            if id_ in seen:
                yield Finding("OOXML 20.4.2.5", f"Two images have the same number, {quoted(id_)}.")
            seen.add(id_)


def _tables(body: Tree) -> Iterator[Finding]:
    for table in body.iter(f"{W}tbl"):
        first = table.find(f"{W}tr")
        head = None if first is None else first.find(f"{W}trPr/{W}tblHeader")
        if head is None or value(head) in ("0", "false", "off"):
            cells = [] if first is None else [words(cell) for cell in first.iter(f"{W}tc")]
            what = "The first row of a table is not marked as its header."
            yield Finding("WCAG 2.2 1.3.1", what, quoted(" ".join(cells)))
