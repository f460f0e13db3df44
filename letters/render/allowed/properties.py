"""The list: each property that a layout's style sheets may use, its values, and why no others.

A row's `danger` is what other values of the property could do. Lengths are in CSS pixels, 96 to the
inch; a unit that follows the font is taken at 16 pixels.
"""

import re
from dataclasses import dataclass

from letters.errors import did_you_mean
from letters.render.allowed.special import (
    BACKGROUND,
    BORDER,
    BOX,
    CONTENT,
    DISPLAY,
    FILTER,
    FONT_FAMILY,
    FONT_SIZE,
    LABEL,
    MARGIN,
    PADDING,
    POSITION,
    ROOT,
    WIDTH,
    columns,
    flex_row,
    in_rule,
    is_crest,
    is_mark,
    is_picture,
    is_pseudo,
    one_margin,
    transform,
)
from letters.render.allowed.values import (
    OF_THE_FONT,
    PX,
    Values,
    colours,
    edges,
    either,
    keywords,
    lengths,
    numbers,
    only,
    texts,
    word,
)

ADDS = "can add words to a letter or replace them"
HIDES = "can hide words of a letter"
MOVES = "can move words of a letter over others, off the page or out of their order"
UNKNOWN = "is not on the list of what a letter’s styles may use"


@dataclass(frozen=True, slots=True)
class Row:
    """Properties that take the same values."""

    names: tuple[str, ...]
    values: Values
    danger: str
    fix: str = ""
    """What to do instead, where the values are too many for a message."""

    @property
    def advice(self) -> str:
        """What to do about a value that is not allowed."""
        return self.fix or f"Write {self.values.said.replace('`', chr(39))}."


_MARGIN_FIX = "Write 'auto' or lengths from 0 to 400px, not below nothing."


def _sides(name: str, *endings: str) -> tuple[str, ...]:
    return tuple(
        f"{name}{side}{ending}"
        for side in ("", "-top", "-right", "-bottom", "-left")
        for ending in endings
    )


GAP = lengths(0, 200, "normal")
LINE = colours("currentcolor", "inherit")
PLACES = ("start", "center", "normal", "stretch", "baseline", "space-between", "auto", "left")
BREAKS = ("auto", "avoid", "page", "avoid-page", "left", "right", "always")

ROWS = (
    # Colours. What they look like on one another is worked out on a letter's page.
    Row(("color",), colours("inherit", "currentcolor", opaque=True), HIDES),
    Row(("background", "background-color", "background-image"), only(
        in_rule, "not in `@page` or margin boxes", BACKGROUND), HIDES,
        "Write a plain colour; the crest is in '.letterhead::before'."),
    Row(("background-position", "background-repeat", "background-size"), only(
        is_crest, "`.letterhead::before`, `.letterhead::after`", BACKGROUND), HIDES),
    Row(("color-scheme",), only(
        lambda where: where.selector is not None and where.selector.text in ROOT,
        "`html`, `:root`", keywords("light", "dark", "normal", "only", count=3)), HIDES),
    Row(("filter",), FILTER, HIDES),
    Row(("print-color-adjust", "-webkit-print-color-adjust"),
        keywords("exact", "economy"), HIDES),
    # Lines round boxes.
    Row((*_sides("border", ""), *_sides("border", "-width", "-style")), BORDER, HIDES),
    Row(_sides("border", "-color"), colours("currentcolor", "inherit", "transparent"), HIDES),
    Row(("border-radius",), lengths(0, 40, percent=(0, 50), count=4), HIDES),
    Row(("border-collapse",), keywords("collapse", "separate"), HIDES),
    Row(("border-spacing",), lengths(0, 20, count=2), MOVES),
    Row(("box-decoration-break", "-webkit-box-decoration-break"),
        keywords("clone", "slice"), HIDES),
    Row(("box-shadow",), either(keywords("none"), edges(4, "inset", count=6)), HIDES),
    Row(("outline", "outline-width", "outline-style", "outline-color", "outline-offset"), only(
        lambda where: where.selector is not None and where.selector.has_focus,
        "with `:focus`, `:focus-visible`, `:focus-within`",
        edges(4)), HIDES),
    # Sizes and places of boxes.
    Row(("display",), DISPLAY, HIDES, "Write 'block', 'inline', 'inline-block', 'grid' or "
        "'flex'; 'none' is for '.site' and '.letter-information' alone."),
    Row(("position",), POSITION, MOVES, "Write 'static' or 'relative', and move the slot in "
        "letter.html instead."),
    Row(("top", "right", "bottom", "left"), lengths(-4, 4, "auto"), MOVES),
    Row(("margin",), MARGIN, MOVES, _MARGIN_FIX),
    *(Row((f"margin-{side}",), one_margin(n), MOVES, _MARGIN_FIX)
      for n, side in enumerate(("top", "right", "bottom", "left"))),
    Row(_sides("padding", ""), PADDING, MOVES),
    Row(("width", "max-width"), either(WIDTH, only(
        is_mark, "`.draft-mark`", lengths(60, 1300))), HIDES),
    Row(("min-width",), lengths(60, 400, "auto"), MOVES),
    Row(("min-height",), lengths(0, 400, "auto"), MOVES),
    Row(("height", "max-height"), either(keywords("auto", "none"), only(
        is_picture, "`img`, `::before`, `::after`", BOX)), HIDES),
    Row(("box-sizing",), keywords("border-box", "content-box"), MOVES),
    Row(("object-fit",), keywords("contain", "scale-down"), HIDES),
    Row(("image-rendering",), keywords("auto", "crisp-edges", "pixelated"), HIDES),
    Row(("vertical-align",), keywords(
        "baseline", "top", "middle", "bottom", "super", "sub", "text-top", "text-bottom"), MOVES),
    Row(("transform",), only(is_mark, "`.draft-mark`", Values(
        "`translate(…mm, …mm) rotate(…deg)`", transform)), MOVES),
    Row(("z-index",), only(
        lambda where: where.box == "top-left-corner", "`@top-left-corner`", texts("-1")), MOVES),
    Row(("cursor",), keywords("auto", "default", "pointer", "text", "help"), UNKNOWN),
    # Columns, grids, flex boxes: words stay in their order.
    Row(("column-gap", "row-gap"), GAP, MOVES),
    Row(("gap",), lengths(0, 200, "normal", count=2), MOVES),
    Row(("column-count", "columns"), numbers(1, 3, "auto"), MOVES),
    Row(("grid-template-columns",), Values(
        "up to three of: a length from 96px, 20% to 100%, `1fr` to `9fr`, `auto`", columns),
        MOVES),
    Row(("grid-row", "grid-column"), only(is_pseudo, "`::before`, `::after`", Values(
        "any line", lambda *_: True)), MOVES),
    Row(("flex-direction", "flex-wrap", "flex-flow"), Values(
        "`column`, or `wrap` (a row that does not wrap runs off the page)", flex_row), MOVES),
    Row(("flex",), texts("none", "auto", "1", "1 1 auto", "0 1 auto"), MOVES),
    Row(("flex-grow",), numbers(0, 9), MOVES),
    Row(("align-content", "align-items", "align-self", "justify-items", "justify-self"),
        keywords(*PLACES, "end", "flex-start", "flex-end", count=1), MOVES),
    Row(("justify-content",), keywords(*PLACES, "flex-start"), MOVES),
    Row(("table-layout",), keywords("auto"), MOVES),
    # Fonts and lines.
    Row(("font-family",), FONT_FAMILY, ADDS,
        "Use Arial, or add the font’s file to the layout with '@font-face'."),
    Row(("font-size",), FONT_SIZE, HIDES),
    Row(("font-style",), keywords("normal", "italic", "oblique", "inherit"), ADDS),
    Row(("font-weight",), either(
        keywords("normal", "bold", "bolder", "lighter", "inherit"), numbers(100, 900)), ADDS),
    Row(("font-kerning",), keywords("auto", "normal", "none"), ADDS),
    Row(("font-variant-numeric",), keywords(
        "normal", "tabular-nums", "lining-nums", "proportional-nums", count=2), ADDS),
    Row(("font-optical-sizing", "text-rendering"), keywords(
        "auto", "none", "optimizelegibility", "optimizespeed", "geometricprecision"), ADDS),
    Row(("text-size-adjust", "-webkit-text-size-adjust"), texts("100%", "none", "auto"), HIDES),
    Row(("line-height",), either(numbers(1, 3, "normal"), lengths(
        12, 60, without=OF_THE_FONT)), HIDES),
    Row(("letter-spacing",), lengths(0, 4, "normal"), HIDES),
    Row(("word-spacing",), lengths(0, 8, "normal"), MOVES),
    Row(("text-align",), keywords(
        "left", "right", "center", "start", "end", "justify", "inherit"), MOVES),
    Row(("text-align-last",), keywords(
        "left", "right", "center", "start", "end", "auto"), MOVES),
    Row(("text-indent",), lengths(0, 60, percent=(0, 10)), HIDES),
    Row(("text-wrap",), keywords("wrap", "pretty", "balance"), MOVES),
    Row(("white-space",), either(keywords("normal", "pre-line"), only(
        lambda where: is_mark(where) or bool(where.box), "`.draft-mark`, margin boxes",
        keywords("nowrap"))), MOVES),
    Row(("overflow-wrap", "word-wrap"), keywords("normal", "break-word", "anywhere"), HIDES),
    Row(("word-break",), keywords("normal", "break-word"), ADDS),
    Row(("hyphens", "-webkit-hyphens"), keywords("manual", "none"), ADDS),
    Row(("tab-size",), numbers(1, 8), MOVES),
    Row(("text-decoration", "text-decoration-line", "text-decoration-style"),
        Values("`underline` or `none`, with a width up to 4px, a style, a colour",
               edges(4, "underline", count=4).fits), ADDS),
    Row(("text-decoration-color",), LINE, HIDES),
    Row(("text-decoration-thickness",), lengths(0, 4, "auto", "from-font"), HIDES),
    Row(("text-underline-offset",), lengths(0, 6, "auto"), HIDES),
    Row(("text-underline-position",), keywords("auto", "under"), HIDES),
    # Lists and what sheets print.
    Row(("list-style-type", "list-style"), LABEL, ADDS,
        "Lists have the labels that the approved text has: see the layout of 'letters new'."),
    Row(("list-style-position",), keywords("inside", "outside"), MOVES),
    Row(("content",), CONTENT, ADDS,
        "A style sheet prints no words: write them in the wording, where they are approved."),
    # Pages.
    Row(("break-after", "break-before", "break-inside", "page-break-after", "page-break-before",
         "page-break-inside"), keywords(*BREAKS), MOVES),
    Row(("margin-break",), keywords("auto", "keep", "discard"), MOVES),
    Row(("orphans", "widows"), numbers(1, 9), MOVES),
    Row(("page",), Values("a name", lambda tokens, _: len(tokens) == 1 and bool(word(tokens[0]))),
        MOVES),
    Row(("size",), only(lambda where: where.box == "page", "`@page`", texts("A4", "A4 portrait")),
        HIDES),
)  # fmt: skip
"""The list, in the order of the documentation."""

ALLOWED = {name: row for row in ROWS for name in row.names}

IN_PAGE = ("size", "margin", "margin-top", "margin-right", "margin-bottom", "margin-left")
"""Properties of `@page` itself."""

FACE = ("font-family", "src", "font-weight", "font-style", "font-display")
"""Descriptors of `@font-face`. Others give characters the shapes of others, or other sizes."""

AT_RULES = {
    "media": "what is in it keeps to this list as well",
    "supports": "for the web page; what is in it keeps to this list as well",
    "page": "size and margins of the PDF, and its margin boxes",
    "font-face": "a font file of the layout; each letter must be drawn as itself",
    "charset": "has no effect on words",
}
"""Rules that begin with `@`, and what they are for."""

MARGIN_BOXES = re.compile(
    r"(top|bottom)-(left|center|right|left-corner|right-corner)|(left|right)-(top|middle|bottom)"
)
"""The sixteen boxes in the margins of a page (CSS Paged Media 3, 4.2)."""

INSTEAD = {
    "font": "Write 'font-size', 'font-family' and 'font-weight', each by itself.",
    "opacity": "Use a lighter colour instead.",
    "text-transform": "Write the capitals in the wording.",
    "float": "Set boxes side by side with 'display: grid' and 'grid-template-columns'.",
    "order": "Put the elements in order in letter.html.",
}
"""What to do instead of some properties that are not on the list."""

_DANGERS = (
    (ADDS, r"counter.*|quotes|string-set|hyphen.*|text-transform|text-emphasis.*|list-style.*|"
           r"marker.*|symbols|text-overflow|block-ellipsis|.*text-security|font-.*|bookmark-.*|"
           r"text-combine-upright|.*text-autospace|initial-letter.*|text-decoration.*|ruby-.*|"
           r".*border-image.*|background-clip|footnote.*|src|unicode-range"),
    (HIDES, r"visibility|.*opacity|.*overflow.*|clip.*|.*mask.*|.*filter|content-visibility|"
            r"contain.*|.*line-clamp|max-.*|continue|.*block-size|.*inline-size|.*text-fill.*|"
            r".*text-stroke.*|text-shadow|.*blend-mode|animation.*|transition.*|zoom|speak.*|"
            r".*user-select|interactivity|empty-cells|.*visibility|object-.*|all|will-change|"
            r"shape-.*|perspective.*|fill.*|stroke.*|.*box-reflect|font|background-.*|.*gradient"),
    (MOVES, r"inset.*|float|clear|order|direction|unicode-bidi|writing-mode|text-orientation|"
            r"translate|rotate|scale|offset.*|margin.*|padding.*|grid.*|flex.*|box-.*|place-.*|"
            r"caption-side|column.*|reading-.*|.*baseline.*|anchor.*|aspect-ratio|note.*|"
            r"hanging-punctuation|text-box.*|x|y|bleed|marks|min-.*|transform.*"),
)  # fmt: skip


def danger(name: str) -> str:
    """What a property that is not on the list could do to a letter's words."""
    if name in ALLOWED:
        return ALLOWED[name].danger
    return next((does for does, names in _DANGERS if re.fullmatch(names, name)), UNKNOWN)


def advice(name: str) -> str:
    """What to do about a property that is not on the list."""
    meant = did_you_mean(name, ALLOWED) if danger(name) == UNKNOWN else ""
    return INSTEAD.get(name) or meant or "Take it out."


def reference() -> str:
    """The list as a Markdown table, for the documentation."""
    lines = ["| properties | values | others could |", "| --- | --- | --- |"]
    for row in ROWS:
        names = ", ".join(f"`{name}`" for name in row.names)
        what = row.danger.removeprefix("can ") if row.danger != UNKNOWN else "–"
        lines.append(f"| {names} | {row.values.said} | {what} |")
    return "\n".join(lines)


UNITS = ", ".join(f"`{unit}`" for unit in PX)
"""The units in which lengths may be written."""
