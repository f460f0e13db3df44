"""Values that depend on where they stand: margins, pictures, counters, labels, fonts.

Lengths are in CSS pixels, 96 to the inch; a unit that follows the font is taken at 16 pixels.
"""

import re
from collections.abc import Sequence

from tinycss2.ast import Node

from letters.document import BULLETS
from letters.render.allowed.values import (
    OF_THE_FONT,
    DeclarationContext,
    Values,
    colour,
    edges,
    either,
    has_address,
    keywords,
    length,
    lengths,
    only,
    share,
    sides,
    word,
    written,
)

OUTSIDE = (
    "site", "letter-information", "page-numbers", "page-number", "page-count", "draft-mark",
    "handling", "banner", "running-head",
)  # fmt: skip
"""Classes of the page's own words. Sheets may hide or move them, so no part of the letter may
stand inside an element of such a class, and no such element inside the letter."""

RUNNING = ("page-numbers", "draft-mark", "handling", "banner", "running-head")
"""Classes whose elements may be moved to the edge of every page; see `OUTSIDE`."""

COUNTERS = {"page-number": "counter(page)", "page-count": "counter(pages)"}
"""What stands behind an element of a class in the PDF."""

SIDEWAYS = 190
"""Pixels of a page's margin, left and right (50 mm): 415 stay for words on A4."""

INLINE_EDGE = 2.0
"""Pixels that a box inside a line may be higher than its words: more would cover other lines."""

UP = 13.0
"""Pixels by which a block may be drawn up into the space below the one before it."""

LABELS = {
    **{("ul", f"level-{n}"): f'"{sign}"' for n, sign in enumerate(BULLETS, 1)},
    ("ol", "level-1"): "decimal",
    ("ol", "level-2"): "lower-alpha",
    ("ol", "level-3"): "lower-roman",
}
"""The labels of lists; see `document.list_label`."""


def is_pseudo(where: DeclarationContext) -> bool:
    """Whether it is for a box before or behind an element."""
    return where.selector is not None and bool(where.selector.pseudo)


def is_picture(where: DeclarationContext) -> bool:
    """Whether it is for what has no words."""
    return where.selector is not None and where.selector.is_picture


def is_cell(where: DeclarationContext) -> bool:
    """Whether it is for cells of tables."""
    return where.selector is not None and where.selector.tag in ("td", "th")


def is_crest(where: DeclarationContext) -> bool:
    """The letterhead's picture: a box of its own before or behind the sender."""
    return is_pseudo(where) and where.on("letterhead")


def in_rule(where: DeclarationContext) -> bool:
    """Whether it is in a rule for elements."""
    return not where.box


def _content(tokens: Sequence[Node], where: DeclarationContext) -> bool:
    said = written(tokens)
    if where.box:
        parts = "|".join(f"element\\({name}\\)" for name in RUNNING)
        return bool(re.fullmatch(rf"(({parts}|counter\(pages?\)) ?)+|none|normal|\"\"", said))
    if not is_pseudo(where):
        return said == "normal"
    return said in ('""', "none", "normal") or any(
        where.on(name) and said == counter for name, counter in COUNTERS.items()
    )


CONTENT = Values(
    '`""`, `none`; `counter(page)` on `.page-number::after`, `counter(pages)` on '
    "`.page-count::after`; in margin boxes `counter(page)`, `counter(pages)` and "
    f"`element(…)` for {', '.join(RUNNING)}",
    _content,
)

POSITION = either(
    keywords("static", "relative"),
    Values(
        f"`running(…)`, each on its own class: {', '.join(f'`.{name}`' for name in RUNNING)}",
        lambda tokens, where: any(
            where.on(name) and written(tokens) == f"running({name})" for name in RUNNING
        ),
    ),
)

DISPLAY = either(
    keywords(
        "block", "inline", "inline-block", "flow-root", "list-item", "grid", "flex",
        "table",
    ),
    only(
        lambda where: where.selector is not None and where.selector.tag == "thead",
        "`thead`",
        keywords("table-header-group"),
    ),
    only(
        lambda where: (
            is_pseudo(where)
            or (where.selector is not None and where.selector.within("site", "letter-information"))
        ),
        "`.site`, `.letter-information` and what is in them, `::before`, `::after`",
        keywords("none"),
    ),
)  # fmt: skip


def _label(tokens: Sequence[Node], where: DeclarationContext) -> bool:
    said = written(tokens)
    return any(
        where.selector is not None
        and where.selector.tag == tag
        and where.on(level)
        and (said == label or re.fullmatch(rf'"{label[1:-1]} *"', said) is not None)
        for (tag, level), label in LABELS.items()
    )


LABEL = Values(
    "the label of the level: "
    + ", ".join(f"`{label}` on `{tag}.{level}`" for (tag, level), label in LABELS.items()),
    _label,
)


def _background(tokens: Sequence[Node], where: DeclarationContext) -> bool:
    if any(has_address(node) for node in tokens) and not _picture_beside(tokens, where):
        return False
    places = ("no-repeat", "contain", "left", "right", "top", "bottom", "center", "none")
    return len(tokens) > 0 and all(
        has_address(node)
        or word(node) in places
        or node == "/"
        or any(found(node) is not None for found in (colour, length, share))
        for node in tokens
    )


def _picture_beside(tokens: Sequence[Node], where: DeclarationContext) -> bool:
    """Whether a picture lies where no words are: in a box of its own, or left of the sender."""
    if is_crest(where):
        return True
    across = [length(node) for node in tokens if length(node) is not None]
    return where.on("letterhead") and "no-repeat" in map(word, tokens) and len(across) >= 3


BACKGROUND = Values(
    "a colour, `none`; with `url()` and its place only on `.letterhead::before` and "
    "`.letterhead::after`, or on `.letterhead` once, `no-repeat`, with place and size, left of the "
    "words (`padding-left` in the same rule)",
    _background,
)


def _margin(tokens: Sequence[Node], where: DeclarationContext) -> bool:
    auto = lengths(-UP, 400, "auto", percent=(0, 10), count=4)
    return auto.fits(tokens, where) and _margins(sides(tokens), where)


def _margins(four: tuple[float, float, float, float], where: DeclarationContext) -> bool:
    """Negative margins: left of the crest, and up into the space below the element before."""
    top, right, bottom, left = four
    is_drawn_up = where.on("handling") or (
        where.selector is not None and where.selector.follows is not None
    )
    within_page = where.box != "page" or max(right, left) <= SIDEWAYS
    return (
        within_page
        and min(right, bottom) >= 0
        and (top >= 0 or is_drawn_up)
        and (left >= 0 or is_crest(where))
    )


def one_margin(side: int) -> Values:
    """The values of one margin; sides count from the top, clockwise."""

    def fits(tokens: Sequence[Node], where: DeclarationContext) -> bool:
        four = [0.0] * 4
        four[side] = (length(tokens[0]) or 0.0) if tokens else 0.0
        top, right, bottom, left = four
        return lengths(-UP, 400, "auto", percent=(0, 10)).fits(tokens, where) and _margins(
            (top, right, bottom, left), where
        )

    return Values(MARGIN.said, fits)


MARGIN = Values(
    f"lengths from 0 to 400px, 0% to 10%, `auto`; in `@page` up to {SIDEWAYS}px left and right; "
    f"up to {UP:g}px less than nothing only at the top of `.handling` and of `b` in `a + b` where "
    "`a` keeps that much space below it, and at the left of `.letterhead::before`",
    _margin,
)

PADDING = either(
    only(lambda where: not where.box and not is_pseudo(where), "elements",
         lengths(0, 200, count=4)),
    only(is_pseudo, "`::before`, `::after`", lengths(0, 2, count=4)),
    only(lambda where: bool(where.box), "margin boxes", lengths(0, 80, count=4)),
)  # fmt: skip

BORDER = either(
    only(lambda where: not is_pseudo(where), "elements", edges(14)),
    only(is_pseudo, "`::before`, `::after`", edges(INLINE_EDGE)),
)


def _filter(tokens: Sequence[Node], _: DeclarationContext) -> bool:
    said = written(tokens).replace(" ", "")
    found = re.fullmatch(r"invert\(1\)hue-rotate\(180deg\)(brightness\((\d(\.\d+)?)\))?", said)
    return said == "none" or bool(found and 1 <= float(found[2] or 1) <= 1.5)


FILTER = only(
    is_picture,
    "`img`, `::before`, `::after`",
    Values("`none`, `invert(1) hue-rotate(180deg)` with `brightness(1)` to `(1.5)`", _filter),
)

BOX = lengths(
    16, 960, "auto", "none", "max-content", "min-content", "fit-content", percent=(20, 100)
)
WIDTH = either(
    lengths(60, 960, "auto", "none", "max-content", percent=(40, 100)),
    only(is_picture, "pictures", BOX),
    only(is_cell, "`th`, `td`", lengths(16, 960, "auto", percent=(5, 100))),
)
ROOT = frozenset({"html", ":root"})


def _font_size(tokens: Sequence[Node], where: DeclarationContext) -> bool:
    is_root = where.selector is not None and where.selector.text in ROOT
    is_mark = where.on("draft-mark")
    low, high = 14.0 if is_root else 10.0, 200.0 if is_mark else 40.0
    fits = lengths(low, high, "inherit", percent=(100, 100), without=OF_THE_FONT)
    return fits.fits(tokens, where)


FONT_SIZE = Values(
    "a length from 10px to 40px (7.5pt to 30pt; on `html` from 14px, on `.draft-mark` to 200px) "
    "not in `em`, `ex` or `ch`; `100%`, `inherit`",
    _font_size,
)

FONT_FAMILIES = (
    "arial", "arimo", "helvetica", "helvetica neue", "liberation sans", "calibri", "cambria",
    "candara", "carlito", "courier new", "garamond", "georgia", "gill sans", "noto sans",
    "noto serif", "open sans", "roboto", "segoe ui", "source sans pro", "tahoma", "times",
    "times new roman", "trebuchet ms", "verdana", "sans-serif", "serif", "monospace", "system-ui",
    "inherit",
)  # fmt: skip
"""Fonts that show each character as itself, on the machines that have them."""


def family_names(tokens: Sequence[Node]) -> list[str]:
    """The families that a value of `font-family` names, in order."""
    families = [""]
    for node in tokens:
        if node == ",":
            families.append("")
        elif node.type in ("ident", "string"):
            families[-1] += f" {node.value}"
        elif node.type not in ("whitespace", "comment"):
            families[-1] += " ?"
    return [name.strip() for name in families]


FONT_FAMILY = Values(
    "the layout’s own fonts (`@font-face`) and these: " + ", ".join(FONT_FAMILIES),
    lambda tokens, _: {name.lower() for name in family_names(tokens)} <= {*FONT_FAMILIES},
)


def flex_row(tokens: Sequence[Node], _: DeclarationContext) -> bool:
    """Whether boxes in a row go on in the next line, or stand below one another."""
    said = written(tokens).lower()
    return said in ("column", "wrap", "row wrap", "column nowrap")


def columns(tokens: Sequence[Node], _: DeclarationContext) -> bool:
    """Whether up to three columns each have room for a word."""

    def one(node: Node) -> bool:
        px, part = length(node), share(node)
        return (
            (px is not None and 96 <= px <= 960)
            or (part is not None and 20 <= part <= 100)
            or word(node) == "auto"
            or (node.type == "dimension" and node.lower_unit == "fr" and 1 <= node.value <= 9)
        )

    return 1 <= len(tokens) <= 3 and all(map(one, tokens))


def transform(tokens: Sequence[Node], _: DeclarationContext) -> bool:
    """Whether a mark is turned and set across the page."""
    said = written(tokens).replace(" ", "")
    return bool(re.fullmatch(r"translate\(\d{1,2}mm,\d{1,3}mm\)rotate\(-?\d\ddeg\)", said))


def is_mark(where: DeclarationContext) -> bool:
    """Whether it is for a draft's mark."""
    return where.on("draft-mark")
