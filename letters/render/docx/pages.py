"""Where a Word file sets its words: the room that pages, columns, tables and indents leave them,
and drawings that lie over or behind them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from letters.render.docx.package import VML, WP, Element, child, number, value, w

LEAST_PAGE = 4536
"""Eight centimetres in twips: the least that a page, or what its margins leave, must measure."""

FARTHEST = 5670
"""Ten centimetres in twips: as far as a paragraph may be set in, on both sides together."""

OUTSIDE = 1134
"""Two centimetres in twips: as far as words may reach into the margin."""

_TIGHTEST = -4 * 4096
"""Four points, in the parts of one that a page's grid is measured in (17.6.5, charSpace)."""

_LEAST_COLUMN = 1440
"""An inch in twips."""

_A4 = (11906, 16838)
"""Width and height of the page in twips."""

_LARGEST_PAGE = 31680
"""The most that Word takes, in twips."""

Found = tuple[str, str]
"""What is wrong and what to do in Word, as halves of sentences."""

_ROOM = ("leaves no room for words.", "Under Layout, Margins, choose Normal.")


def section_faults(section: Element) -> Iterator[Found]:
    """Find what the measures of a section's pages do to words."""
    size, margins = child(section, "pgSz"), child(section, "pgMar")
    width, height = (number(size, n, d) for n, d in zip("wh", _A4, strict=True))
    if min(width, height) < LEAST_PAGE:
        yield "is too small for words.", "Under Layout, Size, choose A4."
        return
    left, right, gutter, head, foot = (
        number(margins, name) for name in ("left", "right", "gutter", "header", "footer")
    )
    top, bottom = number(margins, "top"), number(margins, "bottom")
    room = width - left - right - gutter
    if min(left, right, gutter, head, foot) < 0 or max(head, foot) > FARTHEST:
        yield "has margins that let words run off it.", _ROOM[1]
    elif room < LEAST_PAGE or height - abs(top) - abs(bottom) < LEAST_PAGE:
        yield _ROOM
    elif min(top, bottom) < 0:
        what = "has a fixed margin, so its header or footer can lie over words."
        yield what, "Under Layout, Margins, Custom, set top and bottom without a minus sign."
    elif _narrowest(child(section, "cols"), room) < _LEAST_COLUMN:
        yield "has columns too narrow for words.", "Under Layout, Columns, choose one."
    elif number(child(section, "docGrid"), "charSpace") < _TIGHTEST:
        what = "has a grid on which letters lie on each other."
        yield what, "Under Layout, Page Setup, Document Grid, choose 'No grid'."


def _narrowest(columns: Element | None, room: int) -> int:
    """How wide the narrowest column of a page is."""
    own = [] if columns is None else [number(c, "w") for c in columns.iterchildren(w("col"))]
    count = number(columns, "num", 1)
    if own and value(columns, "equalWidth", "1") in ("0", "false", "off"):
        return min(own[: max(count, 1)])
    return (room - max(count - 1, 0) * number(columns, "space", 720)) // max(count, 1)


def indented(element: Element) -> Found | None:
    """Find an indent that takes words off the page, or leaves them no room."""
    sides = {
        name: _side(element, name)
        for name in ("left", "start", "right", "end", "firstLine", "hanging")
    }
    both = max(sides["left"], sides["start"]) + max(sides["right"], sides["end"])
    if all(-OUTSIDE <= s <= FARTHEST for s in sides.values()) and both <= FARTHEST:
        return None
    return (
        "is set in so far that words can leave the page.",
        "Under Paragraph, set indents from -2 cm to 10 cm.",
    )


def _side(element: Element, name: str) -> int:
    """An indent in twips; one in hundredths of a character goes before, and is taken at 12 pt."""
    return number(element, f"{name}Chars") * 12 // 5 or number(element, name)


def line_spacing(holders: Iterable[Element]) -> tuple[str, int]:
    """The rule and height of lines; each from the nearest of `holders` that says it."""
    said = [spacing for each in holders for spacing in each.iterfind(f"{w('pPr')}/{w('spacing')}")]
    rule = next(filter(None, (value(spacing, "lineRule") for spacing in said)), "auto")
    return rule, next(filter(None, (number(spacing, "line") for spacing in said)), 0)


def framed(element: Element) -> Found | None:
    """Find a frame that lies off the page."""
    at = [number(element, name) for name in ("x", "y")]
    if all(-OUTSIDE <= each <= _LARGEST_PAGE // 2 for each in at):
        return None
    return "is in a frame off the page.", "Move the frame onto the page, or remove it."


def floating(element: Element) -> Found | None:
    """Find a table that is set off the page."""
    at = [number(element, name) for name in ("tblpX", "tblpY")]
    if all(-OUTSIDE <= each <= FARTHEST for each in at):
        return None
    return _OFF


def table_indented(element: Element) -> Found | None:
    """Find a table that is set in too far."""
    return None if -OUTSIDE <= number(element, "w") <= FARTHEST else _OFF


_OFF = (
    "is in a table off the page.",
    "Under Table Properties, set text wrapping to None and the indent to 0.",
)


_LENGTH = re.compile(r"(?<![\w-])(width|height|z-index):\s*(-?[\d.]+)(pt|in|cm|mm|px)?", re.ASCII)
"""A size or layer in the style of an old drawing."""
_TWIPS = {"pt": 20.0, "in": 1440.0, "cm": 567.0, "mm": 56.7, "px": 15.0, "": 15.0}
"""Twips in each unit of an old drawing's style; without one they are pixels."""

_EMU = 635
"""English metric units in a twip."""


def covers(root: Element) -> Iterator[str]:
    """The names of drawings that lie over text, larger than `LEAST_PAGE` both ways."""
    for anchor in root.iter(f"{{{WP}}}anchor"):
        extent = next(anchor.iterchildren(f"{{{WP}}}extent"), None)
        sides = [] if extent is None else [extent.get("cx", ""), extent.get("cy", "")]
        is_over = anchor.get("behindDoc", "0") in ("0", "false") and not is_wrapped(anchor)
        if is_over and all(s.isdecimal() and int(s) // _EMU >= LEAST_PAGE for s in sides):
            yield next((p.get("name", "") for p in anchor.iter(f"{{{WP}}}docPr")), "")
    for shape in root.iter(f"{{{VML}}}*"):
        style = str(shape.get("style", ""))
        said = {name: (n, unit) for name, n, unit in _LENGTH.findall(style)}
        sizes = [float(n) * _TWIPS[unit] for name, (n, unit) in said.items() if name != "z-index"]
        is_over = "absolute" in style and not said.get("z-index", ("0",))[0].startswith("-")
        if is_over and len(sizes) == 2 and min(sizes) >= LEAST_PAGE and not is_wrapped(shape):
            yield str(shape.get("id", ""))


def is_wrapped(drawing: Element) -> bool:
    """Whether words keep clear of a drawing."""
    kinds = ("wrapSquare", "wrapTight", "wrapTopAndBottom")
    if any(drawing.find(f"{{{WP}}}{kind}") is not None for kind in kinds):
        return True
    wraps = drawing.iterfind("{urn:schemas-microsoft-com:office:word}wrap")
    return any(each.get("type") in ("square", "tight", "topAndBottom") for each in wraps)


class Behind(NamedTuple):
    """A drawing behind which nothing keeps words away: its name, and whether a letter's words are
    there for certain, by its place on the page; else it depends on how they run.
    """

    drawing: Element
    name: str
    is_certain: bool


def behind(root: Element, section: Element | None, label: str) -> Iterator[Behind]:
    """Find the drawings of a part that lie where a letter's words run.

    `section` says where that is, `label` what a Word user calls the part.
    """
    for anchor in root.iter(f"{{{WP}}}anchor"):
        found = None if is_wrapped(anchor) else _meets(anchor, section, label)
        if found is not None:
            name = next((p.get("name", "") for p in anchor.iter(f"{{{WP}}}docPr")), "")
            yield Behind(anchor, name, found)
    for shape in root.iter(f"{{{VML}}}shape", f"{{{VML}}}rect", f"{{{VML}}}oval"):
        if "absolute" in str(shape.get("style", "")) and not is_wrapped(shape):
            yield Behind(shape, str(shape.get("id", "")), False)


def _meets(anchor: Element, section: Element | None, label: str) -> bool | None:
    """Whether a drawing certainly lies among a letter's words; None where it lies outside them."""
    size, margins = child(section, "pgSz"), child(section, "pgMar")
    width, height = (number(size, n, d) for n, d in zip("wh", _A4, strict=True))
    sides = ("left", "right", "top", "bottom")
    left, right, top, bottom = (abs(number(margins, side, 1440)) for side in sides)
    extent = next(anchor.iterchildren(f"{{{WP}}}extent"), None)
    across, down = (0 if extent is None else _twips(extent.get(name, "")) for name in ("cx", "cy"))
    column, text = (left, width - right), (top, height - bottom)
    x = _start(anchor, "H", {"page": (0, width), "margin": column, "column": column}, across)
    at = {"page": (0, height), "margin": text}
    if "header" in label:  # its own lines begin there
        at["paragraph"] = at["line"] = (number(margins, "header", 708), top)
    elif "footer" in label:
        at["paragraph"] = at["line"] = (height - bottom, height)
    y = _start(anchor, "V", at, down)
    if x is not None and not left - across < x < width - right:
        return None
    if y is not None and not top - down < y < height - bottom:
        return None
    return x is not None and y is not None


def _start(
    anchor: Element, side: str, ranges: Mapping[str, tuple[int, int]], length: int
) -> int | None:
    """Where a drawing begins, in twips from the page's edge; None where nothing tells."""
    position = anchor.find(f"{{{WP}}}position{side}")
    if position is None or position.get("relativeFrom", "") not in ranges:
        return None
    begin, end = ranges[position.get("relativeFrom", "")]
    offset, align = (position.findtext(f"{{{WP}}}{kind}") for kind in ("posOffset", "align"))
    if offset is not None:
        return begin + _twips(offset)
    free = end - begin - length
    return begin + {"center": free // 2, "right": free, "bottom": free}.get(align or "", 0)


def _twips(emu: str) -> int:
    return int(emu) // _EMU if emu.lstrip("-").isdecimal() and len(emu) < 12 else 0
