"""The layout's crest in its Word letters: in the place of the shipped placeholder, or as answered.

A Word layout is drawn with a picture of its own. Where that is the placeholder that `letters new`
writes, the crest of the layout's folder takes its place; where it is another one, its users have
put it there, and a question asks them which they mean.
"""

import io
import posixpath
import re
import struct
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from PIL import Image, ImageDraw, ImageFont

from letters.errors import Place, Problem
from letters.files import digest
from letters.pictures import PLACEHOLDER_CREST, PNG, UNFINISHED, Picture, alike
from letters.questions import PICTURE, Answers, asked
from letters.render.assets import Crest
from letters.render.docx.package import (
    DECORATIVE,
    PIC,
    VML,
    WP,
    A,
    Element,
    WordPackage,
    absolute,
    r,
    relationships_name,
    shown,
    w,
    xml_bytes,
)  # fmt: skip
from letters.render.docx.parts import LayoutParts, WordPart

KEEP = "letter.docx"
"""The answer that Word letters keep the picture that the Word layout has."""


class _ShownPicture(NamedTuple):
    """A picture that a part shows: the relationship to it, its part, and where it is drawn."""

    part: WordPart
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
    package: WordPackage, parts: LayoutParts, crest: Crest, answers: Answers, place: Place
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


def shows_placeholder(package: WordPackage, parts: LayoutParts) -> bool:
    """Whether a Word layout shows the crest that `letters new` writes."""
    shown = (each for part in parts.texts for each in _shown_in(part, package))
    return any(digest(package.parts[each.target]) == PLACEHOLDER_CREST for each in shown)


def _question(shown: _ShownPicture, content: bytes, crest: Crest) -> str:
    """What a question quotes: both pictures by name and the beginning of their SHA-256."""
    word, folder = digest(content)[:12], digest(crest.content)[:12]
    return f"{PICTURE} '{shown.name}' {word} in Word, '{crest.name}' {folder} beside it"


def _asked(shown: _ShownPicture, question: str, crest: Crest, place: Place) -> Problem:
    what = (
        f"The picture '{shown.name}' is another than '{crest.name}', the crest of PDF and web"
        f" page. Which is Word to show: '{crest.name}', or '{KEEP}', the one that it has?"
    )
    here = Place(place.file, cell=shown.part.label)
    return asked(here, what, question, (crest.name, KEEP))


def _shown_in(part: WordPart, package: WordPackage) -> Iterator[_ShownPicture]:
    for relation, target in package.related(part.name, "image"):
        drawn = tuple(_drawn(part.root, relation))
        if drawn and target in package.parts:
            yield _ShownPicture(part, relation, target, drawn)


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


def _replace(
    package: WordPackage, parts: LayoutParts, shown: list[_ShownPicture], picture: Picture
) -> None:
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


def _lead(package: WordPackage, shown: _ShownPicture, name: str) -> None:
    """Have a part's relationship lead to the crest."""
    relations = relationships_name(shown.part.name)
    root = package.xml(relations)
    for relation in root:
        if relation.get("Id") == shown.relation:
            relation.set("Target", posixpath.relpath(name, posixpath.dirname(shown.part.name)))
    package.parts[relations] = xml_bytes(root)


def _in_use(package: WordPackage) -> set[str]:
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


EMU_PER_MM = 36000  # Word measures drawings in English metric units, 914,400 to the inch
FIGURE_HEIGHT = 15 * EMU_PER_MM
"""A signature's height, unless its width would pass `FIGURE_WIDTH`."""
FIGURE_WIDTH = 60 * EMU_PER_MM
MARK_WIDTH = 15 * EMU_PER_MM
_PALE = (236, 210, 205)  # the mark of pages: seen, and not louder than words
_FONT = Path(__file__).parents[1] / "fonts" / "Arimo-Bold.ttf"


def pixels(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG image (its IHDR chunk)."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def figure(png: bytes, relationship: str, number: int, name: str, alt: str) -> str:
    """A run that shows an image in its line; `alt` says what it shows."""
    width, height = pixels(png)
    scale = min(FIGURE_HEIGHT / height, FIGURE_WIDTH / width)
    size = round(width * scale), round(height * scale)
    return (
        "<w:r><w:drawing>"
        f'<wp:inline xmlns:wp="{WP}" distT="0" distB="0" distL="0" distR="0">{_extent(size)}'
        f"{_picture(size, relationship, number, name, alt)}</wp:inline></w:drawing></w:r>"
    )


def page_mark(png: bytes, relationship: str, number: int, word: str) -> str:
    """A run that shows an image in the right margin, halfway down the page, behind any text."""
    width, height = pixels(png)
    size = MARK_WIDTH, round(MARK_WIDTH * height / width)
    return (
        "<w:r><w:drawing>"
        f'<wp:anchor xmlns:wp="{WP}" distT="0" distB="0" distL="0" distR="0" simplePos="0" '
        'relativeHeight="1" behindDoc="1" locked="0" layoutInCell="0" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="rightMargin"><wp:align>center</wp:align></wp:positionH>'
        '<wp:positionV relativeFrom="page"><wp:align>center</wp:align></wp:positionV>'
        f'{_extent(size)}<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        f"{_picture(size, relationship, number, 'draft', word)}</wp:anchor></w:drawing></w:r>"
    )


def handling_run(marking: str) -> str:
    """A run that prints a draft's handling marking in a header; nothing where there is none."""
    if not marking:
        return ""
    text = f'<w:t xml:space="preserve">{escape(marking)}</w:t>'
    return f'<w:r><w:rPr><w:b/><w:color w:val="8A1F11"/></w:rPr><w:tab/>{text}</w:r>'


def _extent(size: tuple[int, int]) -> str:
    return f'<wp:extent cx="{size[0]}" cy="{size[1]}"/>'


def _picture(size: tuple[int, int], relationship: str, number: int, name: str, alt: str) -> str:
    title, described = quoteattr(name), quoteattr(alt, {"\n": " "})
    return (
        f'<wp:docPr id="{number}" name={title} descr={described}/><wp:cNvGraphicFramePr>'
        f'<a:graphicFrameLocks xmlns:a="{A}" noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        f'<a:graphic xmlns:a="{A}"><a:graphicData uri="{PIC}"><pic:pic xmlns:pic="{PIC}">'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name={title}/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relationship}"/><a:stretch><a:fillRect/></a:stretch>'
        '</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{size[0]}" cy="{size[1]}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic>"
    )


@lru_cache(maxsize=4)
def mark_image(word: str) -> bytes:
    """A PNG image of `word`, reading down the page, in a pale colour on nothing."""
    font = ImageFont.truetype(str(_FONT), 200)
    left, top, right, bottom = font.getbbox(word)
    paper = Image.new("L", (int(right - left) + 20, int(bottom - top) + 20), 0)
    ImageDraw.Draw(paper).text((10 - left, 10 - top), word, font=font, fill=255)
    turned = paper.transpose(Image.Transpose.ROTATE_270)
    pale = Image.new("RGBA", turned.size, _PALE)
    pale.putalpha(turned)
    return _png(pale)


def _png(image: Image.Image) -> bytes:
    content = io.BytesIO()
    image.save(content, "PNG", optimize=True)
    return content.getvalue()


_PROPERTIES, _OLD = f"{{{WP}}}docPr", f"{{{VML}}}imagedata"


class Drawing(NamedTuple):
    """A drawing: its name in Word, its alternative text, and whether it has to have one.

    It need not where it is marked as decorative, or is no picture but a box of text.
    """

    name: str
    alternative: str
    needs_one: bool
    is_decorative: bool
    element: Element


def pictures(root: Element) -> Iterator[Drawing]:
    """Every picture and text box under an element, in reading order."""
    for found in shown(root, _PROPERTIES, _OLD):
        if found.tag == _PROPERTIES:
            ornament = _is_decorative(found)
            needs = not ornament and not _is_text_box(found)
            yield Drawing(found.get("name", ""), found.get("descr", ""), needs, ornament, found)
        elif (shape := found.getparent()) is not None:
            name = found.get(f"{{{_OFFICE}}}title") or found.get("title") or shape.get("id") or ""
            yield Drawing(name, shape.get("alt", ""), True, False, found)


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
    return " ".join(p.alternative for p in own if p.alternative and not p.is_decorative)


def unread(root: Element) -> Iterator[str]:
    """The descriptions of decorative pictures: nobody hears them, and they go out with a file."""
    return (p.alternative for p in pictures(root) if p.is_decorative)
