"""The pictures of a Word file, in the new form (DrawingML) and the old (VML), and what is read out
for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from letters.render.docx.package import DECORATIVE, VML, WP, A, Element, shown, w

_PROPERTIES, _OLD = f"{{{WP}}}docPr", f"{{{VML}}}imagedata"


class Picture(NamedTuple):
    """A drawing: its name in Word, its alternative text, and whether it has to have one.

    It need not where it is marked as decorative, or is no picture but a box of text.
    """

    name: str
    alternative: str
    needs_one: bool
    element: Element


def pictures(root: Element) -> Iterator[Picture]:
    """Every picture and text box under an element, in reading order."""
    for found in shown(root, _PROPERTIES, _OLD):
        if found.tag == _PROPERTIES:
            needs = not _is_decorative(found) and not _is_text_box(found)
            yield Picture(found.get("name", ""), found.get("descr", ""), needs, found)
        elif (shape := found.getparent()) is not None:
            name = found.get(f"{{{_OFFICE}}}title") or found.get("title") or shape.get("id") or ""
            yield Picture(name, shape.get("alt", ""), True, found)


_OFFICE = "urn:schemas-microsoft-com:office:office"


def _is_decorative(properties: Element) -> bool:
    marks = properties.iter(f"{{{DECORATIVE}}}decorative")
    return any(mark.get("val") in ("1", "true") for mark in marks)


def _is_text_box(properties: Element) -> bool:
    drawing = properties.getparent()
    if drawing is None or next(drawing.iter(w("txbxContent")), None) is None:
        return False
    return next(drawing.iter(f"{{{A}}}blip"), None) is None


def alternatives(paragraph: Element) -> str:
    """What is read out for the pictures of a paragraph, without those of text boxes in it."""
    own = (p for p in pictures(paragraph) if next(p.element.iterancestors(w("p"))) is paragraph)
    return " ".join(picture.alternative for picture in own if picture.alternative)
