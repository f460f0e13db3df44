"""Faults of a Word file as a package: styles and relationships that lead nowhere, what a merge or
an editor left behind."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import cast

from lxml import etree

from letters.judges.docx.parts import MAIN, Parts, R, Tree, W, words
from letters.judges.finding import Finding, quoted
from letters.judges.texts import left_behind

_RELATED = etree.XPath("//@r:*", namespaces={"r": R[1:-1]})
_NO_WORDS = ("theme", "fontTable", "webSettings", "numbering")
_STYLED = {f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle"}
_CHANGES = {f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange")}


def package_findings(parts: Parts) -> Iterator[Finding]:
    """Faults that do not belong to one paragraph, table or image."""
    yield from _unknown_styles(parts)
    yield from _dead_ends(parts)
    yield from _edits(parts)
    for name, tree in sorted(parts.trees.items()):
        yield from _left_behind(name, tree)


def _unknown_styles(parts: Parts) -> Iterator[Finding]:
    known = {e.get(f"{W}styleId") for e in parts.trees["word/styles.xml"].iter(f"{W}style")}
    used = {e.get(f"{W}val", "") for _, tree in parts.printed() for e in tree.iter(*_STYLED)}
    for style in sorted(used - known):
        yield Finding("OOXML 17.7", f"The text uses a style that the file lacks: {quoted(style)}.")


def _dead_ends(parts: Parts) -> Iterator[Finding]:
    for name, tree in sorted(parts.trees.items()):
        if name.endswith(".rels"):
            yield from _missing_targets(parts, name, tree)
        else:
            yield from _missing_relationships(parts, name, tree)


def _missing_targets(parts: Parts, name: str, tree: Tree) -> Iterator[Finding]:
    folder = posixpath.dirname(posixpath.dirname(name))
    for relationship in tree:
        target = relationship.get("Target", "")
        path = posixpath.normpath(posixpath.join("/", folder, target))[1:]
        if relationship.get("TargetMode") != "External" and path not in parts.names:
            yield Finding("OOXML 9.3", f"The file points to a part that it lacks: {quoted(path)}.")


def _missing_relationships(parts: Parts, name: str, tree: Tree) -> Iterator[Finding]:
    used = set(cast("list[str]", _RELATED(tree)))
    folder, base = posixpath.split(name)
    found = parts.trees.get(f"{folder}/_rels/{base}.rels")
    known = set() if found is None else {e.get("Id") for e in found}
    for id_ in sorted(map(str, used - known)):
        what = f"A link or image points nowhere: the file has no {quoted(id_)}."
        yield Finding("OOXML 9.3", what, name)


def _edits(parts: Parts) -> Iterator[Finding]:
    for where, tree in parts.printed():
        change = next(tree.iter(*_CHANGES), None)
        if change is not None:
            what = "The file holds a tracked change that is neither accepted nor rejected."
            yield Finding("letters: edits", what, quoted(words(change)) if words(change) else where)
    if any("comments" in name for name in parts.names):
        yield Finding("letters: edits", "The file holds comments of an editor.")


def _left_behind(name: str, tree: Tree) -> Iterator[Finding]:
    if name.endswith(".rels") or any(kind in name for kind in _NO_WORDS):
        return
    where = "" if name == MAIN else name
    paragraphs = list(tree.iter(f"{W}p"))
    for paragraph in paragraphs:
        yield from left_behind(words(paragraph), where)
        for code in paragraph.iter(f"{W}instrText"):
            yield from left_behind(code.text or "", where)
    if not paragraphs:
        yield from left_behind(" ".join(map(str, tree.itertext())), where)
