"""What is put right in a Word layout as it is read: leftovers of its makers go, and what is sound
but ambiguous is made plain. Nothing here changes what a reader sees."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from letters.pictures import without_remarks
from letters.render.docx.package import (
    VML,
    WP,
    A,
    Element,
    WordPackage,
    absolute,
    child,
    number,
    r,
    relationships_name,
    relationships_xml,
    shown,
    value,
    w,
    xml_bytes,
)
from letters.render.docx.pages import is_wrapped
from letters.render.docx.parts import LayoutParts

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_SPELT = re.compile(r"(\{\{|\{%|\{#)(?:(p|r|tr|tc) )?(.*?)(?:\}\}|%\}|#\})", re.DOTALL)
_STRAY = re.compile(r"\{\{|\{%|\{#|\}\}|%\}")


class PlaceholderTag(NamedTuple):
    """One placeholder: as written, its kind ("{{", "{%", "{#"), docxtpl's prefix, what it holds.

    `run` is the element that holds the run it begins in; `after` says whether text follows it.
    """

    text: str
    kind: str
    prefix: str
    content: str
    paragraph: Element
    holder: Element
    after: str


class TagScan(NamedTuple):
    """What a paragraph's text holds: its tags, and brace pairs that belong to none."""

    tags: tuple[PlaceholderTag, ...]
    strays: tuple[tuple[str, str], ...]
    literal: str


def paragraphs(root: Element) -> Iterator[Element]:
    """Every paragraph of a part, those in text boxes once (Word writes them twice)."""
    return shown(root, w("p"))


def own_texts(paragraph: Element) -> Iterator[Element]:
    """The text elements of a paragraph, without those of text boxes anchored in it."""
    for text in paragraph.iter(w("t")):
        if next(text.iterancestors(w("p"))) is paragraph:
            yield text


def scan(paragraph: Element) -> TagScan:
    """Find the tags of one paragraph."""
    texts = [(t, t.text or "") for t in own_texts(paragraph)]
    line = "".join(text for _, text in texts)
    if "{" not in line and "}" not in line:
        return TagScan((), (), line)
    holders = [_holder(element) for element, text in texts for _ in text]
    tags = [_tag(found, line, paragraph, holders) for found in _TAG.finditer(line)]
    literal = _TAG.sub("\0", line)
    strays = tuple((found[0], _near(literal, found.start())) for found in _STRAY.finditer(literal))
    return TagScan(tuple(tags), strays, literal.replace("\0", ""))


def _tag(
    found: re.Match[str], line: str, paragraph: Element, holders: list[Element]
) -> PlaceholderTag:
    spelt = _SPELT.fullmatch(found[0])
    kind, prefix, content = spelt.groups() if spelt else (found[0][:2], "", found[0][2:-2])
    after = line[found.end() :].strip()
    holder = holders[found.start()]
    return PlaceholderTag(found[0], kind, prefix or "", content.strip(), paragraph, holder, after)


def _holder(text: Element) -> Element:
    """What the run of a text element stands in: the paragraph, or a hyperlink or field in it."""
    run = next(text.iterancestors(w("r")), text)
    parent = run.getparent()
    return run if parent is None else parent


def _near(line: str, position: int) -> str:
    return line[max(position - 10, 0) : position + 30].replace("\0", "…").strip()


_LEFT_BEHIND = {
    "comments", "commentsExtended", "commentsIds", "commentsExtensible", "people", "documenttasks",
    "customXml", "printerSettings", "glossaryDocument", "keyMapCustomizations", "attachedToolbars",
    "mailMergeSource", "mailMergeHeaderSource", "recipientData", "classificationlabels",
    "extensibility", "userCustomization", "webextensiontaskpanes", "webextension", "origin",
    "stylesWithEffects",
}  # fmt: skip
"""Types of relationships to parts that say nothing in a letter and much about who made its layout:
their names, servers, printers, lists of people, macros' keys, add-ins and signatures. The last
repeats the styles for one version of Word alone, which would show letters by it."""

_SETTINGS = ("mailMerge", "docVars", "linkStyles", "updateFields")
"""Settings by which Word would ask its reader for something, or that hold a maker's notes."""


def tidy(package: WordPackage, parts: LayoutParts) -> None:
    """Put a layout right: `package` loses parts, and the roots of `parts` are changed."""
    for part in parts.texts:
        _without(part.root, [*_cursors(part.root), *part.root.iter(w("printerSettings"))])
    if parts.settings is not None:
        named = [each for name in _SETTINGS for each in parts.settings.findall(w(name))]
        _without(parts.settings, named)
        if named:
            package.parts[package.one(parts.main.name, "settings")] = xml_bytes(parts.settings)
    for part in parts.texts:
        _without_remarks(part.root)
        _let_grow(part.root)
        _lay_behind(part.root)
    _forget_parts(package, parts)
    for name, content in package.parts.items():
        package.parts[name] = without_remarks(content)
    _known_styles_only(package, parts)
    _numbered_apart(parts)
    for table in parts.main.root.iter(w("tbl")):
        if len(rows(table)) == 1:  # one row is layout, whatever "repeat as header row" says
            _without(table, list(rows(table)[0].iterfind(f"{w('trPr')}/{w('tblHeader')}")))
    _spaces_named(parts)


_REMARKS = {
    w("hyperlink"): w("tooltip"),
    f"{{{WP}}}docPr": "title",
    f"{{{A}}}hlinkClick": "tooltip",
    f"{{{A}}}hlinkHover": "tooltip",
}
"""Attributes that Word or a screen reader says beside the text, by the elements that have them."""


def _without_remarks(root: Element) -> None:
    """Take out words that are said of links, pictures and tables, and that nobody approves.

    What is said of a picture is its alternative text alone.
    """
    for element in root.iter(*_REMARKS):
        element.attrib.pop(_REMARKS[str(element.tag)], "")
    _without(root, [*root.iter(w("tblCaption"), w("tblDescription"))])


def _let_grow(root: Element) -> None:
    """Let rows, frames and text boxes be as high as their words, where their height is fixed.

    They stay as high as they are where that is enough.
    """
    for sized in root.iter(w("trHeight"), w("framePr")):
        if value(sized, "hRule") == "exact":
            sized.set(w("hRule"), "atLeast")
    for text in root.iter(w("txbxContent")):
        box = text.getparent()
        if box is not None and box.tag == f"{{{VML}}}textbox":
            style = re.sub(r"mso-fit-shape-to-text:[^;]*;?", "", str(box.get("style", "")))
            box.set("style", f"{style.rstrip(';')};mso-fit-shape-to-text:t".lstrip(";"))
        for properties in [] if box is None else box.itersiblings("{*}bodyPr"):
            fixed = [*properties.iterfind("{*}noAutofit"), *properties.iterfind("{*}normAutofit")]
            _without(properties, fixed)
            if properties.find(f"{{{A}}}spAutoFit") is None:
                properties.insert(_before_fit(properties), etree.Element(f"{{{A}}}spAutoFit"))


def _before_fit(properties: Element) -> int:
    """Where the fit of a text box is written: behind the warp of its text."""
    return 1 if properties.find(f"{{{A}}}prstTxWarp") is not None else 0


def _lay_behind(root: Element) -> None:
    """Lay drawings behind the words over which they would lie."""
    for anchor in root.iter(f"{{{WP}}}anchor"):
        if not is_wrapped(anchor):
            anchor.set("behindDoc", "1")
    for shape in root.iter(f"{{{VML}}}*"):
        style = str(shape.get("style", ""))
        if "absolute" in style and not is_wrapped(shape):
            style = re.sub(r"(?<![\w-])z-index:[^;]*;?", "", style).rstrip(";")
            shape.set("style", f"{style};z-index:-1")


def rows(table: Element) -> list[Element]:
    """The rows of a table, without those of tables in its cells."""
    return [row for row in table.iter(w("tr")) if next(row.iterancestors(w("tbl"))) is table]


def _without(root: Element, elements: list[Element]) -> None:
    for element in elements:
        parent = element.getparent()
        if parent is not None and element is not root:
            parent.remove(element)


def _cursors(root: Element) -> Iterator[Element]:
    """Word's note of where its user was last, a bookmark that may stand in any paragraph."""
    cursors = [b for b in root.iter(w("bookmarkStart")) if value(b, "name") == "_GoBack"]
    numbers = {value(cursor, "id") for cursor in cursors}
    yield from cursors
    yield from [e for e in root.iter(w("bookmarkEnd")) if value(e, "id") in numbers]


def _forget_parts(package: WordPackage, parts: LayoutParts) -> None:
    """Drop relationships to what was left behind or is never shown, and parts nothing leads to."""
    referred = {e.get(r("id")) for e in parts.main.root.iter(*map(w, _REFERENCES))}
    for name in ["", *package.parts]:
        found = package.relationships(name)
        kept = [
            each
            for each in found
            if each.type not in _LEFT_BEHIND
            and (each.type not in ("header", "footer") or each.id in referred)
        ]
        if len(kept) < len(found):
            package.parts[relationships_name(name)] = relationships_xml("".join(map(str, kept)))
    reached = _reached(package)
    for name in [n for n in package.parts if n not in reached]:
        package.drop(name)


_REFERENCES = ("headerReference", "footerReference")


def _reached(package: WordPackage) -> set[str]:
    """The names of parts that relationships lead to, and of those that hold the relationships."""
    reached, waiting = {"[Content_Types].xml", relationships_name("")}, [""]
    while waiting:
        name = waiting.pop()
        for relationship in package.relationships(name):
            target = "" if relationship.external else absolute(name, relationship.target)
            if target in package.parts and target not in reached:
                reached |= {target, relationships_name(target)}
                waiting.append(target)
    return reached


def _known_styles_only(package: WordPackage, parts: LayoutParts) -> None:
    """Take out the names of styles that the file lacks; Word shows such text in its usual style."""
    styles = package.xml(package.one(parts.main.name, "styles"))
    known = {value(style, "styleId") for style in styles.iterchildren(w("style"))}
    for part in parts.texts:
        found = part.root.iter(w("pStyle"), w("rStyle"), w("tblStyle"))
        _without(part.root, [style for style in found if value(style) not in known])


def _numbered_apart(parts: LayoutParts) -> None:
    """Give drawings that share a number numbers of their own; Word does so for each part only."""
    found = [d for part in parts.texts for d in part.root.iter(f"{{{WP}}}docPr")]
    counts = Counter(drawing.get("id", "") for drawing in found)
    numbers = [int(n) for n in counts if n.isdecimal()]
    last, seen = max(numbers, default=0), set()
    for drawing in found:
        id_ = drawing.get("id", "")
        if id_ in seen or not id_.isdecimal():
            last += 1
            drawing.set("id", str(last))
        seen.add(id_)


SPACE = "_Layout_space_"
"""How the bookmark begins that says of an empty paragraph: the layout's makers put it here."""


def _spaces_named(parts: LayoutParts) -> None:
    """Set a bookmark in paragraphs of the body that may stand empty in a letter.

    Nobody sees it. It tells a layout's own empty lines from ones that were left in a letter.
    """
    root = parts.main.root
    last = max((number(b, "id") for b in root.iter(w("bookmarkStart"))), default=0)
    empty = [each for each in root.iter(w("p")) if _may_be_empty(each)]
    for n, paragraph in enumerate(empty, 1):
        start, end = etree.Element(w("bookmarkStart")), etree.Element(w("bookmarkEnd"))
        for mark in (start, end):
            mark.set(w("id"), str(last + n))
        start.set(w("name"), f"{SPACE}{n}")
        at = 0 if child(paragraph, "pPr") is None else 1
        paragraph[at:at] = [start, end]


def _may_be_empty(paragraph: Element) -> bool:
    found = scan(paragraph)
    if any(tag.prefix == "p" for tag in found.tags):
        return False
    return not found.literal.strip() or any(tag.kind == "{%" for tag in found.tags)
