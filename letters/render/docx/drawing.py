"""Pictures as DrawingML: in a line of text, and across the page behind it."""

import io
import struct
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from PIL import Image, ImageDraw, ImageFont

from letters.render.docx.package import DECORATIVE, PIC, VML, WP, A, Element, shown, w

EMU_PER_MM = 36000  # Word measures drawings in English metric units, 914,400 to the inch
FIGURE_HEIGHT = 15 * EMU_PER_MM
"""A signature's height, unless its width would pass `FIGURE_WIDTH`."""
FIGURE_WIDTH = 60 * EMU_PER_MM
MARK_WIDTH = 150 * EMU_PER_MM
_GREY = 217  # of 255: seen, and does not swallow the words over it
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
    """A run that shows an image in the middle of the page, behind the text."""
    width, height = pixels(png)
    size = MARK_WIDTH, round(MARK_WIDTH * height / width)
    return (
        "<w:r><w:drawing>"
        f'<wp:anchor xmlns:wp="{WP}" distT="0" distB="0" distL="0" distR="0" simplePos="0" '
        'relativeHeight="1" behindDoc="1" locked="0" layoutInCell="0" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="page"><wp:align>center</wp:align></wp:positionH>'
        '<wp:positionV relativeFrom="page"><wp:align>center</wp:align></wp:positionV>'
        f'{_extent(size)}<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        f"{_picture(size, relationship, number, 'draft', word)}</wp:anchor></w:drawing></w:r>"
    )


def handling_run(marking: str) -> str:
    """A run that prints a draft's handling marking in a header; nothing where there is none."""
    if not marking:
        return ""
    text = f'<w:t xml:space="preserve">{escape(marking)}</w:t>'
    return f'<w:r><w:rPr><w:b/><w:color w:val="942514"/></w:rPr><w:tab/>{text}</w:r>'


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
    """A PNG image of `word`, slanting upwards, in grey on nothing."""
    font = ImageFont.truetype(str(_FONT), 200)
    left, top, right, bottom = font.getbbox(word)
    paper = Image.new("L", (int(right - left) + 20, int(bottom - top) + 20), 0)
    ImageDraw.Draw(paper).text((10 - left, 10 - top), word, font=font, fill=255)
    slanted = paper.rotate(45, expand=True, resample=Image.Resampling.BICUBIC)
    grey = Image.new("L", slanted.size, _GREY)
    return _png(Image.merge("LA", (grey, slanted)))


def _png(image: Image.Image) -> bytes:
    content = io.BytesIO()
    image.save(content, "PNG", optimize=True)
    return content.getvalue()


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
