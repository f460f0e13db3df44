"""A letter's document properties: its own, with nothing left of whoever made the layout."""

from __future__ import annotations

from xml.sax.saxutils import escape

from letters.document import Document
from letters.render.docx.names import CORE, CORE_RELATIONSHIP, EXTENDED, R
from letters.render.docx.package import Package, Relationship, relationships_xml

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


def clear_properties(package: Package) -> None:
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
