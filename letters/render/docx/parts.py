"""The text parts of a Word file under the names that a Word user knows them by."""

from typing import NamedTuple
from xml.sax.saxutils import escape

from letters.document import Document
from letters.render.docx.package import (
    CORE,
    CORE_RELATIONSHIP,
    EXTENDED,
    Element,
    NotReadable,
    R,
    Relationship,
    WordPackage,
    child,
    is_on,
    r,
    relationships_xml,
    value,
    w,
)

_KINDS = {"default": "", "first": "first-page ", "even": "even-page "}
_MAIN_TYPE = "wordprocessingml.document.main+xml"
_STRICT = "http://purl.oclc.org/ooxml/"


class WordPart(NamedTuple):
    """A part that holds text: its name in the package, what a Word user calls it, its XML."""

    name: str
    label: str
    root: Element


class LayoutParts(NamedTuple):
    """The parts of a layout that matter to letters."""

    main: WordPart
    others: tuple[WordPart, ...]
    headers: tuple[str, ...]
    missing_headers: tuple[str, ...]
    settings: Element | None

    @property
    def texts(self) -> tuple[WordPart, ...]:
        """Every part that may hold placeholders."""
        return (self.main, *self.others)

    def text_width(self) -> int:
        """How wide the last section's text is, in twips."""
        section = next(reversed(list(self.main.root.iter(w("sectPr")))), None)
        page, margins = child(section, "pgSz"), child(section, "pgMar")
        sides = (page, "w"), (margins, "left"), (margins, "right")
        width, left, right = (value(element, name) for element, name in sides)
        numbers = [
            int(n) if n.isdecimal() else d for n, d in ((width, 11906), (left, 1417), (right, 1417))
        ]
        return max(numbers[0] - numbers[1] - numbers[2], 1000)


def main_part(package: WordPackage) -> str:
    """The name of the part that holds the body. Raises NotReadable if this is no Word document."""
    name = package.one("", "officeDocument")
    kind = package.content_type(name)
    if _STRICT.encode() in package.parts.get("_rels/.rels", b""):
        raise NotReadable(
            "The file is a Strict Open XML Document, whose placeholders cannot be filled in.",
            "In Word, save it as a Word Document (*.docx).",
        )
    if "macroEnabled" in kind or any(p.endswith("vbaProject.bin") for p in package.parts):
        raise NotReadable(
            "The file holds macros, which every letter would carry.",
            "In Word, save it as a Word Document (*.docx), which holds none.",
        )
    if "wordprocessingml.template" in kind:
        raise NotReadable(
            "The file is a Word template, so the letters would be templates too.",
            "In Word, save it as a Word Document (*.docx).",
        )
    if _MAIN_TYPE not in kind:
        raise NotReadable(
            "The file is not a Word document, or it is damaged.",
            "Open it in Word and save it as a Word Document (*.docx).",
        )
    return name


def text_parts(package: WordPackage) -> LayoutParts:
    """Read the body, headers, footers and notes. Raises NotReadable."""
    name = main_part(package)
    main = WordPart(name, "body", package.xml(name))
    if main.root.nsmap.get("w") is None or main.root.tag != w("document"):
        raise NotReadable(
            "The file's text is not written as Word writes it.",
            "Open it in Word and save it as a Word Document (*.docx).",
        )
    settings_name = package.one(name, "settings")
    settings = package.xml(settings_name) if settings_name else None
    labels = _labels(package, main)
    others = tuple(WordPart(n, label, package.xml(n)) for n, label in labels.items())
    headers = tuple(n for n, label in labels.items() if label.endswith("header"))
    return LayoutParts(main, others, headers, _missing_headers(main, settings), settings)


def _labels(package: WordPackage, main: WordPart) -> dict[str, str]:
    """Headers, footers and notes by part name, in the order of the sections that show them."""
    targets = {i: n for kind in ("header", "footer") for i, n in package.related(main.name, kind)}
    labels: dict[str, str] = {}
    for tag in ("header", "footer"):
        for reference in main.root.iter(w(f"{tag}Reference")):
            name = targets.get(reference.get(r("id"), ""), "")
            if name in package.parts:
                labels.setdefault(name, _KINDS.get(value(reference, "type"), "") + tag)
    for kind in ("footnotes", "endnotes"):
        if name := package.one(main.name, kind):
            labels[name] = kind
    return labels


def _missing_headers(main: WordPart, settings: Element | None) -> tuple[str, ...]:
    """The headers that pages of the document would show and that it does not have."""
    needed, have = {"default"}, set()
    for section in main.root.iter(w("sectPr")):
        if is_on(child(section, "titlePg")):
            needed.add("first")
        have |= {value(h, "type") for h in section.iterchildren(w("headerReference"))}
    if is_on(child(settings, "evenAndOddHeaders")):
        needed.add("even")
    return tuple(f"{_KINDS[kind]}header" for kind in sorted(needed - have))


LONGEST = 10_000
"""Characters in a paragraph of a layout: longer ones would keep a command busy for minutes."""


def refuse_long(parts: LayoutParts) -> None:
    """Raise NotReadable for a layout with a paragraph longer than any letterhead's."""
    for part in parts.texts:
        for paragraph in part.root.iter(w("p")):
            if sum(len(text.text or "") for text in paragraph.iter(w("t"))) > LONGEST:
                what = f"A paragraph of the {part.label} has more than {LONGEST:,} characters."
                raise NotReadable(what, "In Word: make several of it, or say it in the wording.")


CORE_PART = "docProps/core.xml"
_PROGRAM_PART = "docProps/app.xml"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_PROGRAM_TYPE = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
_LEFTOVERS = ("core-properties", "extended-properties", "custom-properties", "thumbnail")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def core_xml(document: Document) -> bytes:
    """Title, author, subject, language and dates, as ECMA-376 part 2, clause 11, has them."""
    created = f"{document.created.isoformat()}T00:00:00Z"
    modified = f"{document.modified.isoformat()}T00:00:00Z"
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{CORE}" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(document.title)}</dc:title>"
        f"<dc:subject>{escape(document.subject)}</dc:subject>"
        f"<dc:creator>{escape(document.author)}</dc:creator>"
        f"<dc:language>{escape(document.language)}</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{created}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{modified}</dcterms:modified>'
        "</cp:coreProperties>"
    ).encode()


def clear_properties(package: WordPackage) -> None:
    """Take the layout's own properties, preview picture and reviewers out of its package."""
    kept = []
    for relationship in package.relationships(""):
        if relationship.type in _LEFTOVERS:
            package.drop(relationship.target.lstrip("/"))
        else:
            kept.append(relationship)
    kept.append(Relationship("rIdLetterCore", CORE_RELATIONSHIP, CORE_PART, False))
    kept.append(Relationship("rIdLetterApp", f"{R}/extended-properties", _PROGRAM_PART, False))
    package.parts["_rels/.rels"] = relationships_xml("".join(map(str, kept)))
    package.parts[_PROGRAM_PART] = (
        f'{_HEAD}<Properties xmlns="{EXTENDED}">'
        "<Application>assessment-letters</Application></Properties>"
    ).encode()
    package.declare("Override", "PartName", f"/{CORE_PART}", _CORE_TYPE)
    package.declare("Override", "PartName", f"/{_PROGRAM_PART}", _PROGRAM_TYPE)
