"""What a Word layout must not carry into letters: edits, comments, links to files, protection."""

from collections.abc import Iterator

from lxml import etree

from letters.errors import Place, Problem
from letters.render.docx.package import Element, Package, child, is_on, value, w
from letters.render.docx.parts import Parts
from letters.render.docx.texts import WEB, dead_link

_TRACKED = {
    w(name)
    for name in (
        "ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "sectPrChange",
        "tblPrChange", "trPrChange", "tcPrChange", "numberingChange", "cellIns", "cellDel",
    )
}  # fmt: skip


def residue(package: Package, parts: Parts, place: Place) -> Iterator[Problem]:
    """Every problem of the kind."""
    for part in parts.texts:
        here = Place(place.file, cell=part.label)
        yield from _edits(part.root, here)
    yield from _relations(package, place)
    yield from _loose_ends(package, parts, place)
    yield from _settings(parts.settings, place)


def _edits(root: Element, place: Place) -> Iterator[Problem]:
    names = {element.tag for element in root.iter(etree.Element)}
    if names & _TRACKED:
        fix = "Accept or reject all of them under Review in Word."
        yield Problem(place, "Tracked changes would travel into every letter.", fix)
    if names & {w("commentRangeStart"), w("commentReference")}:
        fix = "Delete all comments under Review in Word."
        yield Problem(place, "Comments would travel into every letter.", fix)


def _relations(package: Package, place: Place) -> Iterator[Problem]:
    names = [n for n in package.parts if n.endswith(".rels")]
    for name in sorted(names):
        folder, _, part = name.rpartition("_rels/")
        for relation in package.relationships(folder + part.removesuffix(".rels")):
            if relation.external and not (
                relation.type == "hyperlink" and WEB.match(relation.target)
            ):
                yield _external(relation.type, relation.target, place)
            elif relation.type in ("oleObject", "package", "control"):
                fix = "Replace it by text or a picture."
                yield Problem(
                    place, f"The embedded object '{relation.target}' cannot be kept.", fix
                )


def _loose_ends(package: Package, parts: Parts, place: Place) -> Iterator[Problem]:
    """Parts that the file points to and lacks, and links and pictures that lead nowhere."""
    fix = "In Word: delete the picture or link that is broken, insert it again, and save."
    for target in package.missing():
        yield Problem(place, f"The file points to a part that it lacks: '{target}'.", fix)
    for part in parts.texts:
        if unknown := package.unrelated(part.name, part.root):
            what = f"A link or picture leads nowhere: the file has no '{unknown[0]}'."
            yield Problem(Place(place.file, cell=part.label), what, fix)


def _external(kind: str, target: str, place: Place) -> Problem:
    if kind == "attachedTemplate":
        what = f"The layout is linked to the Word template '{target}'."
        return Problem(place, what, "Under Developer, Document Template, choose Normal.")
    if kind == "hyperlink":
        return dead_link(target, place)
    what = f"The {kind} '{target}' is linked and not part of the file."
    return Problem(place, what, "Break the link under File, Info, Edit Links to Files.")


def _settings(settings: Element | None, place: Place) -> Iterator[Problem]:
    protection = child(settings, "documentProtection")
    enforced = value(protection, "enforcement").lower() in ("1", "true", "on")
    if enforced or child(settings, "writeProtection") is not None:
        fix = "Stop the protection under Review, Restrict Editing."
        yield Problem(place, "The layout is protected, so every letter would be.", fix)
    if is_on(child(settings, "trackRevisions")):
        fix = "Switch off Track Changes under Review."
        yield Problem(place, "Word is set to track changes in the layout.", fix)
