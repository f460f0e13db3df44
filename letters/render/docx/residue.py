"""What a Word layout must not carry into letters: edits, comments, links to files, protection."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from letters.errors import Place, Problem
from letters.render.docx.package import DECORATIVE, MC, VML, WP, Element, Package, child, value, w
from letters.render.docx.parts import Part, Parts

_TRACKED = {
    w(name)
    for name in (
        "ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "sectPrChange",
        "tblPrChange", "trPrChange", "tcPrChange", "numberingChange", "cellIns", "cellDel",
    )
}  # fmt: skip
_FIELDS = {
    "PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "STYLEREF", "TITLE", "SUBJECT", "HYPERLINK",
}  # fmt: skip
"""Fields that say the same on every machine and day."""
_WEB = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)


def residue(package: Package, parts: Parts, place: Place) -> Iterator[Problem]:
    """Every problem of the kind."""
    for part in parts.texts:
        here = Place(place.file, cell=part.label)
        yield from _edits(part.root, here)
        yield from _fields(part, here)
        yield from _pictures(part.root, here)
    yield from _relations(package, place)
    yield from _settings(parts.settings, place)


def _edits(root: Element, place: Place) -> Iterator[Problem]:
    names = {element.tag for element in root.iter(etree.Element)}
    if names & _TRACKED:
        fix = "Accept or reject all of them under Review in Word."
        yield Problem(place, "Tracked changes would travel into every letter.", fix)
    if names & {w("commentRangeStart"), w("commentReference")}:
        fix = "Delete all comments under Review in Word."
        yield Problem(place, "Comments would travel into every letter.", fix)


def _fields(part: Part, place: Place) -> Iterator[Problem]:
    codes = [value(field, "instr") for field in part.root.iter(w("fldSimple"))]
    codes += _complex_fields(part.root)
    for code in codes:
        name = (code.split() or [""])[0].upper()
        if name and name not in _FIELDS:
            fix = "Use a placeholder such as {{ sent_date }} for what letters say."
            what = f"The field '{name}' would change, or fetch its text, when a letter is opened."
            yield Problem(place, what, fix)


def _complex_fields(root: Element) -> list[str]:
    """The codes of fields whose code may be split over several runs."""
    codes: list[str] = []
    for element in root.iter(w("fldChar"), w("instrText")):
        if element.tag == w("instrText"):
            codes[-1:] = [(codes[-1] if codes else "") + (element.text or "")]
        elif value(element, "fldCharType") == "begin":
            codes.append("")
    return codes


def _pictures(root: Element, place: Place) -> Iterator[Problem]:
    for picture in root.iter(f"{{{WP}}}docPr"):
        if not picture.get("descr", "").strip() and _is_picture(picture):
            yield _no_alt(picture.get("name") or "a picture", place)
    for picture in root.iter(f"{{{VML}}}imagedata"):
        shape = picture.getparent()
        outside = next(picture.iterancestors(f"{{{MC}}}Fallback"), None) is None
        if outside and shape is not None and not shape.get("alt"):
            yield _no_alt(picture.get("title") or shape.get("id") or "a picture", place)


def _no_alt(name: str, place: Place) -> Problem:
    fix = "Add one in Word (View Alt Text), or mark the picture as decorative."
    return Problem(place, f"The picture '{name}' has no alternative text.", fix)


def _is_picture(properties: Element) -> bool:
    """Whether a drawing needs a description: it is not decorative and holds no text of its own."""
    decorative = any(
        d.get("val") in ("1", "true") for d in properties.iter(f"{{{DECORATIVE}}}decorative")
    )
    drawing = properties.getparent()
    texts = drawing is not None and next(drawing.iter(w("txbxContent")), None) is not None
    return not decorative and not texts


def _relations(package: Package, place: Place) -> Iterator[Problem]:
    names = [n for n in package.parts if n.endswith(".rels")]
    for name in sorted(names):
        folder, _, part = name.rpartition("_rels/")
        for relation in package.relationships(folder + part.removesuffix(".rels")):
            if relation.external and not (
                relation.type == "hyperlink" and _WEB.match(relation.target)
            ):
                yield _external(relation.type, relation.target, place)
            elif relation.type in ("oleObject", "package", "control"):
                fix = "Replace it by text or a picture."
                yield Problem(
                    place, f"The embedded object '{relation.target}' cannot be kept.", fix
                )


def _external(kind: str, target: str, place: Place) -> Problem:
    if kind == "attachedTemplate":
        what = f"The layout is linked to the Word template '{target}'."
        return Problem(place, what, "Under Developer, Document Template, choose Normal.")
    if kind == "hyperlink":
        what = f"The link to '{target}' leads to no web or e-mail address."
        return Problem(place, what, "Remove it, or link to an address that readers can reach.")
    what = f"The {kind} '{target}' is linked and not part of the file."
    return Problem(place, what, "Break the link under File, Info, Edit Links to Files.")


def _settings(settings: Element | None, place: Place) -> Iterator[Problem]:
    protection = child(settings, "documentProtection")
    enforced = value(protection, "enforcement") in ("1", "true", "on")
    if enforced or child(settings, "writeProtection") is not None:
        fix = "Stop the protection under Review, Restrict Editing."
        yield Problem(place, "The layout is protected, so every letter would be.", fix)
    if child(settings, "trackRevisions") is not None:
        fix = "Switch off Track Changes under Review."
        yield Problem(place, "Word is set to track changes in the layout.", fix)
