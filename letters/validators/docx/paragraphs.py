"""Faults of paragraphs, lists, tables and images of a Word letter, and words nobody sees."""

import re
from collections.abc import Iterator, Mapping

from letters.render.docx.crest import pictures
from letters.render.docx.looks import FoundLooks, page_faults, unread_faults
from letters.render.docx.package import WP, Element, child, is_on, value
from letters.render.docx.tidy import SPACE, rows
from letters.render.words import may_be_welsh, quoted
from letters.validators.docx.package import W, WordFile, default_language, words
from letters.validators.texts import Finding, heading_findings, poor_alternative, unmarked_welsh


def list_findings(parts: WordFile) -> Iterator[Finding]:
    """A numbered list that goes on where an earlier list stopped."""
    numbered = _numbered(parts)
    ended: set[str] = set()
    running: dict[int, str] = {}
    for paragraph in parts.body.iter(f"{W}p"):
        properties = _properties(paragraph)
        if _continues(properties) or _in_cell(paragraph):
            continue
        level, number = _numbering(properties)
        if number in ended and number in numbered:
            what = "A numbered list goes on with the numbers of the list before it."
            yield Finding("letters: lists", what, quoted(words(paragraph)))
            ended.discard(number)
        ended.update(n for deep, n in running.items() if deep >= level and n != number)
        running = {deep: n for deep, n in running.items() if deep < level}
        if number:
            running[level] = number


def _properties(paragraph: Element) -> Mapping[str, Element]:
    """What a paragraph says of itself, by the names of its properties."""
    found = paragraph.find(f"{W}pPr")
    return {} if found is None else {str(element.tag): element for element in found}


def _continues(properties: Mapping[str, Element]) -> bool:
    """Whether a paragraph without a label goes on with a list item above it."""
    bare = f"{W}numPr" not in properties
    return bare and (f"{W}ind" in properties or "continue" in _list_style(properties))


def _numbering(properties: Mapping[str, Element]) -> tuple[int, str]:
    """The level of a paragraph's label, from 0, and the list it belongs to; -1 for ordinary text.

    A style can give a label too: its name then says the level ("List Bullet 2").
    """
    found = properties.get(f"{W}numPr")
    if found is not None:
        return int(value(found.find(f"{W}ilvl")) or 0), value(found.find(f"{W}numId"))
    style = re.fullmatch(r"list ?(?:bullet|number) ?(\d?)", _list_style(properties))
    return (int(style[1] or 1) - 1 if style else -1), ""


def _list_style(properties: Mapping[str, Element]) -> str:
    return value(properties.get(f"{W}pStyle")).lower()


def _numbered(parts: WordFile) -> set[str]:
    """The ids of lists that have numbers, not bullets."""
    tree = parts.numbering
    if tree is None:
        return set()
    bullets = {
        abstract.get(f"{W}abstractNumId")
        for abstract in tree.iter(f"{W}abstractNum")
        if all(value(form) in ("bullet", "none") for form in abstract.iter(f"{W}numFmt"))
    }
    return {
        number.get(f"{W}numId", "")
        for number in tree.iter(f"{W}num")
        if value(number.find(f"{W}abstractNumId")) not in bullets
    }


_HOLDS = {f"{W}drawing", f"{W}pict", f"{W}object", f"{W}fldSimple", f"{W}fldChar", f"{W}sectPr"}
_HEADING = re.compile(r"heading ([1-6])")


def paragraph_findings(parts: WordFile) -> Iterator[Finding]:
    """Faults of what a reader meets, in reading order within each kind."""
    yield from _headings(parts)
    default = default_language(parts)
    for where, tree in parts.printed():
        for paragraph in tree.iter(f"{W}p"):
            said = words(paragraph)
            # a cell, a header and a footer must hold a paragraph: an empty one says nothing there
            if where == "body" and not said.strip() and not _has_to_be(paragraph):
                yield from _empty(paragraph)
            if may_be_welsh(said):
                yield from _language(paragraph, default)
        yield from _images(tree, where)
    yield from _same_ids(parts)
    yield from _tables(parts.body)


def _headings(parts: WordFile) -> Iterator[Finding]:
    names = {
        e.get(f"{W}styleId"): value(e.find(f"{W}name")).lower()
        for e in parts.styles.iter(f"{W}style")
    }
    headings = []
    for paragraph in parts.body.iter(f"{W}p"):
        level = _HEADING.fullmatch(names.get(_style(paragraph), ""))
        if level:
            headings.append((int(level[1]), words(paragraph)))
    return heading_findings("WCAG 2.2 1.3.1", headings)


def _style(paragraph: Element) -> str:
    return value(paragraph.find(f"{W}pPr/{W}pStyle"))


def _empty(paragraph: Element) -> Iterator[Finding]:
    if not any(e.tag in _HOLDS for e in paragraph.iter()):
        what = "An empty paragraph makes space; the space belongs in a style."
        yield Finding("WCAG 2.2 1.3.1", what, _after(paragraph))


def _has_to_be(paragraph: Element) -> bool:
    """Whether an empty paragraph has its reason.

    It ends a cell, keeps a table from what comes next, shows the label of a list item that begins
    with a list or a table, or is a line of the layout's own.
    """
    before = paragraph.getprevious()
    return (
        _in_cell(paragraph)
        or (before is not None and before.tag == f"{W}tbl")
        or _numbering(_properties(paragraph))[0] >= 0
        or any(value(b, "name").startswith(SPACE) for b in paragraph.iter(f"{W}bookmarkStart"))
    )


def _in_cell(paragraph: Element) -> bool:
    return next(paragraph.iterancestors(f"{W}tc"), None) is not None


def _after(paragraph: Element) -> str:
    before = paragraph.getprevious()
    return "" if before is None or not words(before) else f"after {quoted(words(before))}"


def _language(paragraph: Element, default: str) -> Iterator[Finding]:
    spoken: dict[str, str] = {}
    for run in paragraph.iter(f"{W}r"):
        found = run.find(f"{W}rPr/{W}lang")
        language = default if found is None else found.get(f"{W}val", default)
        spoken[language] = spoken.get(language, "") + words(run)
    for language, text in spoken.items():
        yield from unmarked_welsh("WCAG 2.2 3.1.2", text, language)


def _images(tree: Element, where: str) -> Iterator[Finding]:
    for picture in pictures(tree):
        if picture.needs_one:
            place = f"{where}, image {quoted(picture.name)}"
            yield from poor_alternative("WCAG 2.2 1.1.1", picture.alternative, place)


def _same_ids(parts: WordFile) -> Iterator[Finding]:
    seen: set[str] = set()
    for _, tree in parts.printed():
        for properties in tree.iter(f"{{{WP}}}docPr"):
            id_ = properties.get("id", "")
            if id_ in seen:
                yield Finding("OOXML 20.4.2.5", f"Two images have the same number, {quoted(id_)}.")
            seen.add(id_)


def _tables(body: Element) -> Iterator[Finding]:
    """A table of several rows without a header; one row is layout and read as lines of text."""
    for table in body.iter(f"{W}tbl"):
        first, *others = rows(table) or [table]
        if others and not is_on(child(first, "trPr", "tblHeader")):
            cells = [words(cell) for cell in first.iter(f"{W}tc")]
            what = "The first row of a table is not marked as its header."
            yield Finding("WCAG 2.2 1.3.1", what, quoted(" ".join(cells)))


def look_findings(parts: WordFile) -> Iterator[Finding]:
    """Words that cannot be seen, or are struck out, turned round, off the page, drawn as signs."""
    texts = [tree for _, tree in parts.printed()]
    looks = FoundLooks(parts.styles, parts.theme, texts)
    settings = parts.trees.get("word/settings.xml")
    found = [fault for tree in texts for fault in looks.of_words(tree)]
    found += looks.of_styles()
    found += [f for tree in texts for f in (*page_faults(tree, settings), *unread_faults(tree))]
    for fault in dict.fromkeys(found):
        yield Finding("letters: sight", f"{fault.where} {fault.what}")
