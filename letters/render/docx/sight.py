"""Words of a Word file that are there and cannot be seen: hidden, pale as paper, or tiny."""

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from letters.render.docx.package import VML, WP, A, Element, child, is_on, number, value, w

_PALE = 0xF7
"""The least of red, green and blue from which nobody tells a colour from white paper."""

_SMALLEST = 8
"""Half points: four points, a third of a letter's own size."""

_NARROWEST = 10 * _SMALLEST
"""The same in twips."""

_SUSPECTS = etree.XPath(
    "boolean(//w:rPr/w:vanish | //w:rPr/w:specVanish | //w:rPr/w:sz[@w:val < $smallest]"
    " | //w:rPr/w:color[starts-with(translate(@w:val, 'f', 'F'), 'F') or @w:themeColor]"
    " | //w:rPr/w:w | //w:rPr/w:spacing[@w:val < 0] | //w14:textFill"
    " | //w:pPr/w:spacing[@w:lineRule = 'exact'] | //w:framePr | //w:txbxContent"
    " | //w:trHeight[@w:hRule = 'exact'])",
    namespaces={"w": w("")[1:-1], "w14": "http://schemas.microsoft.com/office/word/2010/wordml"},
)

_HIDDEN = "they are hidden text"
PALE = "they have the colour of the paper"
_TINY = "they are smaller than four points"
_LOW = "their line is lower than four points"
_NARROW = "the frame or box that they stand in is smaller than four points"
_SQUEEZED = "they are squeezed into less than a third of their width"
_TIGHT = "they stand on each other"
_UNFILLED = "they are drawn without a colour"
_BOX = "the text box that they stand in is hidden"

Properties = Mapping[str, Element]
"""Properties by name, as runs and styles have them."""


def may_hide(styles: Element, *texts: Element) -> bool:
    """Whether there is anything in a file by which words could be hidden."""
    return any(_SUSPECTS(tree, smallest=_SMALLEST) for tree in (styles, *texts))


class VisibleText:
    """What the styles and the theme of a file make of its words."""

    def __init__(self, styles: Element, theme: Element | None = None) -> None:
        self._styles = {value(e, "styleId"): e for e in styles.iter(w("style"))}
        self._usual = next((id_ for id_, e in self._styles.items() if _is_usual(e)), "")
        self._default = child(styles, "docDefaults", "rPrDefault")
        self._theme = {} if theme is None else _theme_colours(theme)

    def hides(self, style: str, table: str = "") -> str:
        """Why words in the style with an id, in the table style with another, cannot be seen."""
        holders = [*self._named(style), *self._named(self._usual), *self._defaults]
        why = _of_run(_merged(holders, "rPr")) or _of_lines(_merged(holders, "pPr"))
        grounds = [*holders, *self._named(table)]
        return why or (PALE if self._pale(holders) and not any(map(_is_dark, grounds)) else "")

    def why_unseen(self, run: Element, paragraph: Element) -> str:
        """Why a run of a paragraph cannot be seen, as a clause; nothing where it can."""
        around = list(self._of_paragraph(paragraph))
        holders = [run, *self._named(value(child(run, "rPr", "rStyle"))), *around]
        return (
            _of_run(_merged(holders, "rPr"))
            or (PALE if self._pale(holders) and not self._is_shaded(run, holders) else "")
            or _of_lines(_merged([paragraph, *around], "pPr"))
            or _of_surroundings(paragraph)
        )

    def _of_paragraph(self, paragraph: Element) -> Iterator[Element]:
        style = child(paragraph, "pPr", "pStyle")
        yield from self._named(self._usual if style is None else value(style))
        yield from self._defaults

    @property
    def _defaults(self) -> list[Element]:
        return [] if self._default is None else [self._default]

    def _named(self, name: str) -> Iterator[Element]:
        """A style by its id, and those it is based on."""
        seen: set[str] = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            name = value(child(self._styles[name], "basedOn"))

    def _pale(self, holders: list[Element]) -> bool:
        colour = _merged(holders, "rPr").get("color")
        base = self._theme.get(_THEMED.get(value(colour, "themeColor"), ""))
        if colour is None or base is None:
            return _is_pale(value(colour))
        tint, shade = (value(colour, f"theme{name}") for name in ("Tint", "Shade"))
        lowest = 255 - (255 - base) * int(tint, 16) / 255 if _is_byte(tint) else base
        return (lowest * int(shade, 16) / 255 if _is_byte(shade) else lowest) >= _PALE

    def _is_shaded(self, run: Element, holders: list[Element]) -> bool:
        """Whether something dark may lie under a run: a shade, a mark, a table's, a text box's."""
        around = run.iterancestors(w("p"), w("tc"), w("tbl"))
        grounds = [*holders, *(h for element in around for h in self._around(element))]
        return any(map(_is_dark, grounds)) or any(map(_is_filled, _boxes(run)))

    def _around(self, element: Element) -> Iterator[Element]:
        """What says how a paragraph, a cell or a table is shaded."""
        yield from element.iterfind(f"{element.tag}Pr")
        yield from self._named(value(child(element, "tblPr", "tblStyle")))


def _merged(holders: list[Element], kind: str) -> Properties:
    """The properties in force, the nearest first."""
    found: dict[str, Element] = {}
    for holder in holders:
        for look in holder.iterfind(f"{w(kind)}/*"):
            found.setdefault(etree.QName(look).localname, look)
    return found


def _of_run(looks: Properties) -> str:
    size, scale = value(looks.get("sz")), number(looks.get("w"), default=100)
    if any(is_on(looks.get(name)) for name in ("vanish", "specVanish")):
        return _HIDDEN
    if size.isdecimal() and int(size) < _SMALLEST:
        return _TINY
    if scale < 33:
        return _SQUEEZED
    if number(looks.get("spacing")) <= -_NARROWEST:
        return _TIGHT
    fill = looks.get("textFill")
    return _UNFILLED if fill is not None and next(fill.iter("{*}noFill"), None) is not None else ""


def _of_lines(looks: Properties) -> str:
    spacing, frame = looks.get("spacing"), looks.get("framePr")
    if value(spacing, "lineRule") == "exact" and 0 < number(spacing, "line") < _NARROWEST:
        return _LOW
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


def _is_pale(colour: str) -> bool:
    try:
        return len(colour) == 6 and min(bytes.fromhex(colour)) >= _PALE
    except ValueError:
        return False


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


_THEMED = {
    "dark1": "dk1", "text1": "dk1", "light1": "lt1", "background1": "lt1", "dark2": "dk2",
    "text2": "dk2", "light2": "lt2", "background2": "lt2", "hyperlink": "hlink",
    "followedHyperlink": "folHlink", **{f"accent{n}": f"accent{n}" for n in range(1, 7)},
}  # fmt: skip
"""A theme's colours by the names that runs call them."""


def _theme_colours(theme: Element) -> dict[str, int]:
    """The least of red, green and blue of each colour of a theme."""
    found: dict[str, int] = {}
    for scheme in theme.iter(f"{{{A}}}clrScheme"):
        for colour in scheme:
            for said in colour:
                text = str(said.get("lastClr") or said.get("val", ""))
                if re.fullmatch("[0-9A-Fa-f]{6}", text):
                    found[etree.QName(colour).localname] = min(bytes.fromhex(text))
    return found
