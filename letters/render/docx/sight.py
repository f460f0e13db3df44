"""Words of a Word file that are there and cannot be seen: hidden, pale as paper, or tiny."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from lxml import etree

from letters.render.docx.package import (
    VML,
    WP,
    A,
    Element,
    child,
    is_on,
    number,
    relit,
    said_value,
    value,
    w,
)
from letters.render.docx.pages import line_spacing

_PALE = 0xE0
"""The least of red, green and blue from which a colour is nearly that of white paper: the mark of a
draft, which words must be seen on, is darker."""

_ALIKE = 0x20
"""Colours nearer than this in red, green and blue are hardly told apart."""

_SMALLEST = 8
"""Half points: four points, a third of a letter's own size."""

_NARROWEST = 10 * _SMALLEST
"""The same in twips."""

_SUSPECTS = etree.XPath(
    "boolean(//w:rPr/w:vanish | //w:rPr/w:specVanish | //w:rPr/w:sz[not(@w:val >= $smallest)]"
    " | //w:rPr/w:color[translate(substring(@w:val, 1, 1), 'ef', 'EF') = 'E'"
    " or translate(substring(@w:val, 1, 1), 'ef', 'EF') = 'F' or @w:themeColor]"
    " | //w:rPr/w:highlight | //w:shd[@w:val != 'clear' or @w:themeFill]"
    " | //w:shd[translate(@w:fill, 'abcdefABCDEF', '')]"
    " | //w:rPr/w:w | //w:rPr/w:spacing[@w:val < 0] | //w14:textFill"
    " | //w:pPr/w:spacing[@w:lineRule = 'exact' or not(@w:line >= 144)][@w:line]"
    " | //w:framePr | //w:txbxContent | //w:trHeight[@w:hRule = 'exact'])",
    namespaces={"w": w("")[1:-1], "w14": "http://schemas.microsoft.com/office/word/2010/wordml"},
)

_TWIPS, _SINGLE = 10, 240
"""Twips in half a point, and the `line` of text that is set line by line."""

_LEAST_SHARE = 0.6
"""Lines closer than this share of their letters' size cover one another."""

_PLAIN = {w(name) for name in ("body", "hdr", "ftr")}
"""Where paragraphs have no shade and no size around them, in whatever letter."""

_MOST_ANSWERS = 5_000
"""Answers that are kept: those of cells and boxes keep their letter with them, so memory would
grow with each."""

_HIDDEN = "they are hidden text"
PALE = "they have the colour of the paper"
SAME = "they have the colour of what is behind them"
_TINY = "they are smaller than four points"
_LOW = "their line is lower than four points"
_CROWDED = "their lines lie on each other"
_NARROW = "the frame or box that they are in is smaller than four points"
_SQUEEZED = "they are squeezed into less than a third of their width"
_TIGHT = "they lie on each other"
_UNFILLED = "they are drawn without a colour"
_BOX = "the text box that they are in is hidden"

Properties = Mapping[str, Element]
"""Properties by name, as runs and styles have them."""

Rgb = tuple[int, int, int]


def may_hide(styles: Element, *texts: Element) -> bool:
    """Whether there is anything in a file by which words could be hidden."""
    return any(_SUSPECTS(tree, smallest=_SMALLEST) for tree in (styles, *texts))


@lru_cache(maxsize=4)
def visible_text(styles: Element, theme: Element | None) -> VisibleText:
    """The same for files that share their styles, as the letters of a layout do."""
    return VisibleText(styles, theme)


class VisibleText:
    """What the styles and the theme of a file make of its words."""

    def __init__(self, styles: Element, theme: Element | None = None) -> None:
        self._styles = {value(e, "styleId"): e for e in styles.iter(w("style"))}
        self._usual = next((id_ for id_, e in self._styles.items() if _is_usual(e)), "")
        self._defaults = [*styles.iterfind(f"{w('docDefaults')}/*")]
        self._answers: dict[object, str] = {}
        self._theme = {} if theme is None else _theme_colours(theme)

    def hides(self, style: str, table: str = "", level: Element | None = None) -> str:
        """Why words in the style with an id, in the table style with another, cannot be seen.

        Those of labels, where the `level` of their list is given.
        """
        own = [*([] if level is None else [level]), *self._named(style), *self._named(self._usual)]
        tables = list(self._named(table))
        parts = [part for each in tables for part in each.iterchildren(w("tblStylePr"))]
        grounds = [*own, *tables, *self._defaults]
        for part in [None, *parts]:
            here = [] if part is None else [part]
            holders = [*own, *here, *tables, *self._defaults]
            cells = [p for each in (*here, *tables) for p in each.iterchildren(w("tcPr"))]
            why = _of_letters(holders) or self._of_colour(holders, cells, grounds)
            if why:
                return why
        return ""

    def why_unseen(self, run: Element, paragraph: Element) -> str:
        """Why a run of a paragraph cannot be seen, as a clause; nothing where it can.

        Runs of the same looks in the same place share the answer.
        """
        own, lines, around = child(run, "rPr"), child(paragraph, "pPr"), paragraph.getparent()
        is_plain = around is not None and around.tag in _PLAIN
        key = (_spelt(own), _spelt(lines), None if is_plain else around)
        if key not in self._answers:
            if len(self._answers) > _MOST_ANSWERS:
                self._answers.clear()
            self._answers[key] = self._why_unseen(run, paragraph)
        return self._answers[key]

    def _why_unseen(self, run: Element, paragraph: Element) -> str:
        around = list(self._of_paragraph(paragraph))
        holders = [run, *self._named(value(child(run, "rPr", "rStyle"))), paragraph, *around]
        cells = [p for cell in run.iterancestors(w("tc")) for p in cell.iterchildren(w("tcPr"))]
        outer = [h for e in run.iterancestors(w("tc"), w("tbl")) for h in self._around(e)]
        grounds = [*holders, *outer]
        if any(map(_is_filled, _boxes(run))):
            grounds, cells = [_DARK], []
        return (
            _of_letters(holders)
            or self._of_colour(holders, cells, grounds)
            or _of_surroundings(paragraph)
        )

    def _of_colour(
        self, holders: list[Element], cells: list[Element], grounds: list[Element]
    ) -> str:
        """Why the colour of words hides them: all `grounds` are bright, or the nearest is alike."""
        colour = self._colour(_merged(holders, "rPr"))
        if colour is None:
            return ""
        if min(colour) >= _PALE and not any(map(_is_dark, grounds)):
            return PALE
        behind = self._behind(holders, cells)
        return SAME if behind is not None and _are_alike(colour, behind) else ""

    def _behind(self, holders: list[Element], cells: list[Element]) -> Rgb | None:
        """The nearest colour behind words that is said: of letters, of lines, of cells."""
        letters, lines = _merged(holders, "rPr"), _merged(holders, "pPr")
        marked = _MARKS.get(value(letters.get("highlight")))
        shades = [letters.get("shd"), lines.get("shd"), *(child(cell, "shd") for cell in cells)]
        return marked or next(filter(None, map(self._shade, shades)), None)

    def _colour(self, looks: Properties) -> Rgb | None:
        """The colour of letters; nothing where Word chooses it by what is behind them."""
        fill, colour = looks.get("textFill"), looks.get("color")
        plain = () if fill is None else fill.iter("{*}srgbClr", "{*}schemeClr")
        if colours := [each for each in map(self._filled, plain) if each]:
            return max(colours, key=min)  # of a gradient the palest, which hides words first
        return self._themed(colour, "theme") or _rgb(value(colour))

    def _filled(self, plain: Element) -> Rgb | None:
        """A colour of a fill, made darker and lighter as is said in it."""
        named = said_value(plain)
        base = _rgb(named) or self._theme.get(_SCHEMED.get(named, named))
        return None if base is None else relit(plain, base)

    def _shade(self, shade: Element | None) -> Rgb | None:
        """The colour of a shade, which may be a pattern of two."""
        ground = self._themed(shade, "themeFill") or _rgb(value(shade, "fill"))
        dots = self._themed(shade, "theme") or _rgb(value(shade, "color")) or (0, 0, 0)
        pattern = value(shade, "val")
        share = 100 if pattern == "solid" else int(pattern[3:] or 0) if _DOTS(pattern) else 0
        if not share:
            return ground
        over = ground or (255, 255, 255)
        red, green, blue = (
            (d * share + g * (100 - share)) // 100 for d, g in zip(dots, over, strict=True)
        )
        return red, green, blue

    def _themed(self, element: Element | None, kind: str) -> Rgb | None:
        """A colour of the theme, with its tint and shade."""
        name = value(element, "themeColor" if kind == "theme" else kind)
        base = self._theme.get(_THEMED.get(name, ""))
        if base is None:
            return None
        tint, shade = (value(element, f"{kind}{name}") for name in ("Tint", "Shade"))
        light = int(tint, 16) if _is_byte(tint) else 255
        dark = int(shade, 16) if _is_byte(shade) else 255
        red, green, blue = ((255 - (255 - c) * light // 255) * dark // 255 for c in base)
        return red, green, blue

    def _of_paragraph(self, paragraph: Element) -> Iterator[Element]:
        style = child(paragraph, "pPr", "pStyle")
        yield from self._named(self._usual if style is None else value(style))
        yield from self._defaults

    def _named(self, name: str) -> Iterator[Element]:
        """A style by its id, and those it is based on."""
        seen: set[str] = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            name = value(child(self._styles[name], "basedOn"))

    def _around(self, element: Element) -> Iterator[Element]:
        """What says how a paragraph, a cell or a table is shaded."""
        yield from element.iterfind(f"{element.tag}Pr")
        yield from self._named(value(child(element, "tblPr", "tblStyle")))


def _spelt(properties: Element | None) -> object:
    """Properties as they are written, to tell whether others are the same."""
    if properties is None:
        return None
    return tuple(
        etree.tostring(each) if len(each) else (each.tag, *each.attrib.items())
        for each in properties
    )


def _merged(holders: list[Element], kind: str) -> Properties:
    """The properties in force, the nearest first."""
    found: dict[str, Element] = {}
    for holder in holders:
        for look in holder.iterfind(f"{w(kind)}/*"):
            found.setdefault(etree.QName(look).localname, look)
    return found


def _of_letters(holders: list[Element]) -> str:
    looks = _merged(holders, "rPr")
    return _of_run(looks) or _of_lines(holders, _size(looks))


def _of_run(looks: Properties) -> str:
    size, scale = _size(looks), number(looks.get("w"), default=100)
    if any(is_on(looks.get(name)) for name in ("vanish", "specVanish")):
        return _HIDDEN
    if size < _SMALLEST:
        return _TINY
    if scale < 33:
        return _SQUEEZED
    if number(looks.get("spacing")) <= -_NARROWEST:
        return _TIGHT
    fill = looks.get("textFill")
    return _UNFILLED if fill is not None and _is_see_through(fill) else ""


def _is_see_through(fill: Element) -> bool:
    """Whether letters have no fill, or one that is more than half transparent."""
    clear = (str(v) for alpha in fill.iter("{*}alpha") for v in alpha.attrib.values())
    if any(int(each) > 50_000 for each in clear if each.isdecimal()):
        return True
    return next(fill.iter("{*}noFill"), None) is not None


def _size(looks: Properties) -> int:
    """The size of letters in half points; ten points where nothing says it."""
    return number(looks.get("sz"), default=20, point=2)


def _of_lines(holders: list[Element], size: int) -> str:
    frame = _merged(holders, "pPr").get("framePr")
    rule, line = line_spacing(holders)
    if rule == "exact" and 0 < line < max(_NARROWEST, _LEAST_SHARE * size * _TWIPS):
        return _LOW if line < _NARROWEST else _CROWDED
    if rule == "auto" and 0 < line < _LEAST_SHARE * _SINGLE:
        return _CROWDED
    if 0 < number(frame, "w") < _NARROWEST or _is_low(frame, "h"):
        return _NARROW
    return ""


def _is_low(box: Element | None, height: str) -> bool:
    return value(box, "hRule") == "exact" and number(box, height, _NARROWEST) < _NARROWEST


def _of_surroundings(paragraph: Element) -> str:
    for row in paragraph.iterancestors(w("tr")):
        if _is_low(child(row, "trPr", "trHeight"), "val"):
            return _LOW
    return next(filter(None, map(_of_box, _boxes(paragraph))), "")


def _boxes(element: Element) -> Iterator[Element]:
    """The shapes whose text an element stands in, of either form of drawing."""
    for text in element.iterancestors(w("txbxContent")):
        yield from (
            each
            for each in text.iterancestors()
            if etree.QName(each).localname == "wsp" or str(each.tag).startswith(f"{{{VML}}}")
        )


_LENGTH = re.compile(r"(?<![\w-])(?:width|height):\s*([\d.]*)(pt|in|cm|mm|px)?", re.ASCII)
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75, "": 0.75}
_SMALLEST_EMU = 12700 * _SMALLEST // 2


def _of_box(box: Element) -> str:
    style = str(box.get("style", ""))
    if re.search(r"visibility:\s*hidden", style):
        return _BOX
    if any(_points(*found.groups()) < _SMALLEST / 2 for found in _LENGTH.finditer(style)):
        return _NARROW
    drawing = next(box.iterancestors(w("drawing")), None)
    for properties in () if drawing is None else drawing.iter(f"{{{WP}}}docPr"):
        if properties.get("hidden") in ("1", "true"):
            return _BOX
    for extent in () if drawing is None else drawing.iter(f"{{{WP}}}extent"):
        grows = next(box.iter(f"{{{A}}}spAutoFit"), None) is not None
        sides = [extent.get("cx", "")] + ([] if grows else [extent.get("cy", "")])
        if any(side.isdecimal() and int(side) < _SMALLEST_EMU for side in sides):
            return _NARROW
    return ""


def _points(length: str, unit: str | None) -> float:
    digits = length.replace(".", "", 1)
    return float(length) * _POINTS[unit or ""] if digits.isdecimal() else _SMALLEST


def _is_filled(box: Element) -> bool:
    """Whether a text box has a ground of its own on which pale words can be read."""
    if str(box.tag).startswith(f"{{{VML}}}"):
        colour = str(box.get("fillcolor", "white")).partition(" ")[0].lower()
        named = colour in ("white", "window", "#fff") or _is_pale(colour.lstrip("#"))
        return box.get("filled", "t") not in ("f", "false") and not named
    for properties in box.iterfind("{*}spPr"):
        fills = [f for f in properties if etree.QName(f).localname.endswith("Fill")]
        if fills:
            return any(map(_is_dark_fill, fills))
    return any(value_ != "0" for value_ in (f.get("idx", "0") for f in box.iter(f"{{{A}}}fillRef")))


def _is_dark_fill(fill: Element) -> bool:
    if etree.QName(fill).localname == "noFill":
        return False
    plain = [c.get("val", "") for c in fill.iter(f"{{{A}}}srgbClr", f"{{{A}}}schemeClr")]
    return not plain or not all(_is_pale(c) or c in ("bg1", "lt1") for c in plain)


_PALE_SCHEME = ("bg1", "lt1", "bg2", "lt2", "phClr")
_MIDDLE = 128
"""Of 255: dark words cannot be read on what is darker than this."""


def is_dark_shape(drawing: Element) -> bool:
    """Whether a drawing, or a shape in it, is filled with a dark colour."""
    for properties in drawing.iter("{*}spPr"):
        for fill in properties.iterchildren(f"{{{A}}}solidFill", f"{{{A}}}gradFill"):
            if any(map(_is_dark_colour, fill.iter(f"{{{A}}}srgbClr", f"{{{A}}}schemeClr"))):
                return True
    filled = [e for e in drawing.iter(f"{{{VML}}}*") if e.get("filled", "t") not in ("f", "false")]
    named = [str(e.get("fillcolor", "")).partition(" ")[0].lstrip("#") for e in filled]
    return any(n in ("black", "navy", "000") or _is_dark_rgb(_rgb(n)) for n in named)


def _is_dark_colour(colour: Element) -> bool:
    value_ = colour.get("val", "")
    if etree.QName(colour).localname == "schemeClr":
        return value_ not in _PALE_SCHEME and colour.find(f"{{{A}}}lumOff") is None
    return _is_dark_rgb(_rgb(value_))


def _is_dark_rgb(colour: Rgb | None) -> bool:
    return colour is not None and sum(colour) < 3 * _MIDDLE


def _is_pale(colour: str) -> bool:
    found = _rgb(colour)
    return found is not None and min(found) >= _PALE


def _rgb(colour: str) -> Rgb | None:
    if not re.fullmatch("[0-9A-Fa-f]{6}", colour):
        return None
    red, green, blue = bytes.fromhex(colour)
    return red, green, blue


def _are_alike(one: Rgb, other: Rgb) -> bool:
    return all(abs(a - b) < _ALIKE for a, b in zip(one, other, strict=True))


def _is_byte(text: str) -> bool:
    return re.fullmatch("[0-9A-Fa-f]{2}", text) is not None


def _is_dark(holder: Element) -> bool:
    shades = [value(shade, "fill", "auto") for shade in holder.iter(w("shd"))]
    marks = [value(mark) for mark in holder.iter(w("highlight"))]
    return any(not _is_pale(s) for s in shades if s != "auto") or any(
        mark not in ("none", "white") for mark in marks
    )


def _is_usual(style: Element) -> bool:
    """Whether a style is that of paragraphs that name none."""
    return value(style, "type") == "paragraph" and value(style, "default") in ("1", "true")


_DARK = etree.fromstring(f'<w:shd xmlns:w="{w("")[1:-1]}" w:fill="000000"/>')
"""Stands for a text box whose ground is dark."""

_DOTS = re.compile(r"pct\d\d").fullmatch
_MARKS: dict[str, Rgb] = {
    "black": (0, 0, 0), "blue": (0, 0, 255), "cyan": (0, 255, 255), "green": (0, 255, 0),
    "magenta": (255, 0, 255), "red": (255, 0, 0), "yellow": (255, 255, 0),
    "white": (255, 255, 255), "darkBlue": (0, 0, 128), "darkCyan": (0, 128, 128),
    "darkGreen": (0, 128, 0), "darkMagenta": (128, 0, 128), "darkRed": (128, 0, 0),
    "darkYellow": (128, 128, 0), "darkGray": (128, 128, 128), "lightGray": (192, 192, 192),
}  # fmt: skip
"""Word's colours to mark text with (ST_HighlightColor)."""

_SCHEMED = {"tx1": "dk1", "bg1": "lt1", "tx2": "dk2", "bg2": "lt2"}
_THEMED = {
    "dark1": "dk1", "text1": "dk1", "light1": "lt1", "background1": "lt1", "dark2": "dk2",
    "text2": "dk2", "light2": "lt2", "background2": "lt2", "hyperlink": "hlink",
    "followedHyperlink": "folHlink", **{f"accent{n}": f"accent{n}" for n in range(1, 7)},
}  # fmt: skip
"""A theme's colours by the names that runs call them."""


def _theme_colours(theme: Element) -> dict[str, Rgb]:
    """The colours of a theme."""
    found: dict[str, Rgb] = {}
    for scheme in theme.iter(f"{{{A}}}clrScheme"):
        for colour in scheme:
            for said in colour:
                text = str(said.get("lastClr") or said.get("val", ""))
                if rgb := _rgb(text):
                    found[etree.QName(colour).localname] = rgb
    return found
