"""The layout's crest in its Word letters: in the place of the shipped placeholder, or as answered.

A Word layout is drawn with a picture of its own. Where that is the placeholder that `letters new`
writes, the crest of the layout's folder takes its place; where it is another one, its users have
put it there, and a question asks them which they mean.
"""

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from letters.errors import Place, Problem
from letters.files import digest
from letters.pictures import PLACEHOLDER_CREST, PNG, UNFINISHED, Picture, alike
from letters.questions import PICTURE, Answers, asked
from letters.render.crest import Crest
from letters.render.docx.package import (
    PIC,
    VML,
    WP,
    A,
    Element,
    Package,
    absolute,
    r,
    relationships_name,
    xml_bytes,
)  # fmt: skip
from letters.render.docx.parts import Part, Parts

KEEP = "letter.docx"
"""The answer that Word letters keep the picture that the Word layout has."""


class _Shown(NamedTuple):
    """A picture that a part shows: the relationship to it, its part, and where it is drawn."""

    part: Part
    relation: str
    target: str
    drawn: tuple[Element, ...]

    @property
    def name(self) -> str:
        """What Word's Selection Pane calls it, or else its file's name."""
        frame = _frame(self.drawn[0])
        title = "" if frame is None else _properties(frame).get("name", "")
        return title or posixpath.basename(self.target)


def settle_crest(
    package: Package, parts: Parts, crest: Crest, answers: Answers, place: Place
) -> tuple[Problem, ...]:
    """Put the crest where it belongs in a layout; the questions that are still to be answered.

    `place` is the Word layout's file.
    """
    shown = [each for part in parts.texts for each in _shown_in(part, package)]
    contents = {each.target: package.parts[each.target] for each in shown}
    unfinished = [each for each in shown if digest(contents[each.target]) == PLACEHOLDER_CREST]
    if digest(crest.content) != PLACEHOLDER_CREST:
        _replace(package, parts, unfinished, crest.picture)
    if unfinished or any(alike(each, crest.content) for each in contents.values()):
        return ()
    asking = {_question(each, contents[each.target], crest): each for each in shown}
    given = {question: answers.to(question) for question in asking}
    chosen = [asking[question] for question, answer in given.items() if answer == crest.name]
    _replace(package, parts, chosen, crest.picture)
    still = [question for question, answer in given.items() if answer not in (crest.name, KEEP)]
    return tuple(_asked(asking[question], question, crest, place) for question in still)


def shows_placeholder(package: Package, parts: Parts) -> bool:
    """Whether a Word layout shows the crest that `letters new` writes."""
    shown = (each for part in parts.texts for each in _shown_in(part, package))
    return any(digest(package.parts[each.target]) == PLACEHOLDER_CREST for each in shown)


def _question(shown: _Shown, content: bytes, crest: Crest) -> str:
    """What a question quotes: both pictures by name and the beginning of their SHA-256."""
    word, folder = digest(content)[:12], digest(crest.content)[:12]
    return f"{PICTURE} '{shown.name}' {word} in Word, '{crest.name}' {folder} beside it"


def _asked(shown: _Shown, question: str, crest: Crest, place: Place) -> Problem:
    what = (
        f"The picture '{shown.name}' is another than '{crest.name}', the crest of PDF and web"
        f" page. Which is Word to show: '{crest.name}', or '{KEEP}', the one that it has?"
    )
    here = Place(place.file, cell=shown.part.label)
    return asked(here, what, question, (crest.name, KEEP))


def _shown_in(part: Part, package: Package) -> Iterator[_Shown]:
    for relation, target in package.related(part.name, "image"):
        drawn = tuple(_drawn(part.root, relation))
        if drawn and target in package.parts:
            yield _Shown(part, relation, target, drawn)


def _drawn(root: Element, relation: str) -> Iterator[Element]:
    """The elements of a part that draw a picture."""
    for blip in root.iter(f"{{{A}}}blip"):
        if blip.get(r("embed")) == relation:
            yield blip
    for data in root.iter(f"{{{VML}}}imagedata"):
        if data.get(r("id")) == relation:
            yield data


def _frame(drawn: Element) -> Element | None:
    """What holds a picture alone: its drawing in the line or on the page, or its VML shape."""
    if drawn.tag == f"{{{VML}}}imagedata":
        return drawn.getparent()
    data = next(drawn.iterancestors(f"{{{PIC}}}pic"), None)
    graphic = None if data is None else data.getparent()
    if graphic is None or graphic.tag != f"{{{A}}}graphicData":
        return None  # one of a group
    return next(graphic.iterancestors(f"{{{WP}}}inline", f"{{{WP}}}anchor"), None)


def _properties(frame: Element) -> Element:
    """What bears a drawing's name and description."""
    found = frame.find(f"{{{WP}}}docPr")
    return frame if found is None else found


def _replace(package: Package, parts: Parts, shown: list[_Shown], picture: Picture) -> None:
    if not shown:
        return
    ending = "png" if picture.media_type == PNG else "jpeg"
    name = f"{posixpath.dirname(parts.main.name)}/media/letter-crest.{ending}"
    package.declare("Default", "Extension", ending, picture.media_type)
    package.parts[name] = picture.content
    for each in shown:
        _lead(package, each, name)
        for drawn in each.drawn:
            _fit(drawn, picture)
    for target in {each.target for each in shown} - _in_use(package):
        package.drop(target)


def _lead(package: Package, shown: _Shown, name: str) -> None:
    """Have a part's relationship lead to the crest."""
    relations = relationships_name(shown.part.name)
    root = package.xml(relations)
    for relation in root:
        if relation.get("Id") == shown.relation:
            relation.set("Target", posixpath.relpath(name, posixpath.dirname(shown.part.name)))
    package.parts[relations] = xml_bytes(root)


def _in_use(package: Package) -> set[str]:
    """The parts that any part leads to."""
    found = set()
    for name in [each for each in package.parts if each.endswith(".rels")]:
        folder, _, part = name.rpartition("_rels/")
        owner = folder + part.removesuffix(".rels")
        found |= {absolute(owner, each.target) for each in package.relationships(owner)}
    return found


def _fit(drawn: Element, picture: Picture) -> None:
    """Draw the crest as large as fits into the box of the picture before it, whole and as it is."""
    frame = _frame(drawn)
    if drawn.tag == f"{{{VML}}}imagedata":
        for name in {"croptop", "cropbottom", "cropleft", "cropright"} & {*drawn.attrib}:
            del drawn.attrib[name]
        if frame is not None:
            _fit_shape(frame, picture)
        return
    del drawn[:]  # effects, and a drawing that Word would prefer
    fill = drawn.getparent()
    if fill is not None and (cut := fill.find(f"{{{A}}}srcRect")) is not None:
        fill.remove(cut)
    boxes = [] if frame is None else frame.findall(f"{{{WP}}}extent")
    shape = next(drawn.iterancestors(f"{{{PIC}}}pic"), None)
    boxes += [] if shape is None else shape.findall(f"{{{PIC}}}spPr/{{{A}}}xfrm/{{{A}}}ext")
    for box in boxes:
        _fit_box(box, picture)
    if frame is not None:
        _finish(_properties(frame), "descr")


def _fit_box(box: Element, picture: Picture) -> None:
    sides = [box.get(side, "") for side in ("cx", "cy")]
    if not all(side.isdecimal() for side in sides):
        return
    width, height = map(int, sides)
    scale = min(width / picture.width, height / picture.height)
    box.set("cx", str(round(picture.width * scale)))
    box.set("cy", str(round(picture.height * scale)))


_SIDE = re.compile(r"(?<![\w-])(width|height)\s*:\s*([\d.]+)([a-z]*)")


def _fit_shape(shape: Element, picture: Picture) -> None:
    """The same for VML, whose shapes have their size in a style."""
    style = shape.get("style", "")
    sides = {side: (float(size), unit) for side, size, unit in _SIDE.findall(style)}
    if len(sides) == 2 and sides["width"][1] == sides["height"][1]:
        scale = min(sides["width"][0] / picture.width, sides["height"][0] / picture.height)
        full = {"width": picture.width, "height": picture.height}
        unit = sides["width"][1]
        fitted = _SIDE.sub(lambda side: f"{side[1]}:{full[side[1]] * scale:.2f}{unit}", style)
        shape.set("style", fitted)
    _finish(shape, "alt")


def _finish(properties: Element, key: str) -> None:
    """The description no longer says that the picture is to be replaced."""
    said = properties.get(key, "")
    if said.endswith(UNFINISHED):
        properties.set(key, said.removesuffix(UNFINISHED))
