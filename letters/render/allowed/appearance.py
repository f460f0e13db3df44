"""Words against what lies behind them, and lines against their size, on a letter's page.

Nothing is drawn. Colours, grounds, sizes and line heights are worked out for each element of a page
that holds everything a letter can (CSS Color 4; contrast as in WCAG 2.2, 1.4.3), in light and dark,
printed and on narrow and wide screens, with and without each rule that applies now and then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from tinycss2.ast import Declaration, Node

from letters.errors import Place, Problem
from letters.render.allowed.cascade import (
    MOST_UNCERTAIN,
    Applied,
    PageElement,
    PageState,
    Winners,
    applied_rules,
    collapsed,
    longhands,
    moments,
    page_elements,
    states,
    uncertain_rules,
    winners,
)
from letters.render.allowed.rules import ReadSheet, quoted, read_sheet
from letters.render.allowed.selectors import ANYTHING
from letters.render.allowed.special import INLINE_EDGE
from letters.render.allowed.values import (
    Rgb,
    Rgba,
    colour,
    has_address,
    length,
    share,
    significant,
    word,
    written,
)

MOST_SIDEWAYS = 300
"""Pixels of margins and paddings, left and right, of an element and all that it stands in."""

PAGE_WIDTH = 605.0
"""Pixels between the margins of a letter's page, for lengths that are a share of it."""

INLINE = (
    "a", "abbr", "b", "cite", "code", "em", "i", "mark", "small", "span", "strong", "sub", "sup",
    "time",
)  # fmt: skip
"""Elements inside lines, unless a sheet says otherwise."""


def room_problems(sheet: ReadSheet, elements: Sequence[PageElement]) -> list[Problem]:
    """Every box of a page that takes the room of other words, each declaration once."""
    found: dict[int, Problem] = {}
    times = moments(elements)
    beside: dict[PageElement, _Beside] = {}
    for element in elements:
        for declaration, what, fix in (
            *_inline(element),
            *_label_lost(element),
            *_sideways(element, beside),
            *_picture(element),
            *_drawn_up(element, elements, times),
        ):
            place = Place(sheet.file, declaration.source_line)
            found.setdefault(declaration.source_line, Problem(place, what, fix))
    return [*found.values()]


Finding = tuple[Declaration, str, str]


def _declared(element: PageElement, name: str) -> Iterator[tuple[Sequence[Node], Declaration]]:
    """Whatever any rule that may apply says about a property."""
    for each in element.applied:
        if name in each.said:
            yield each.said[name]


def _inline(element: PageElement) -> Iterator[Finding]:
    """Inside a line, the box of a few words is drawn over the lines above and below."""
    said = {word(token) for tokens, _ in _declared(element, "display") for token in tokens}
    if element.tag not in INLINE and "inline" not in said:
        return
    fix = f"Keep it up to {INLINE_EDGE:g}px above and below, or set 'display: block'."
    for name in ("padding-top", "padding-bottom", *_EDGES):
        for tokens, declaration in _declared(element, name):
            if any((length(token) or 0) > INLINE_EDGE for token in tokens) or (
                name in _EDGES and not {"medium", "thick"}.isdisjoint(map(word, tokens))
            ):
                what = f"'{quoted(declaration)}' on words inside a line ('{element.name}') can "
                yield declaration, what + "cover the lines above and below.", fix


_EDGES = tuple(f"border{side}{what}" for side in ("", "-top", "-bottom") for what in ("", "-width"))


def _label_lost(element: PageElement) -> Iterator[Finding]:
    """An item of a list has its label only as what it is."""
    for tokens, declaration in _declared(element, "display") if element.tag == "li" else ():
        if [word(token) for token in tokens] != ["list-item"]:
            what = f"'{quoted(declaration)}' takes the labels of list items away."
            yield declaration, what, "Leave 'display' of 'li' as it is."


def _sideways(element: PageElement, known: dict[PageElement, _Beside]) -> Iterator[Finding]:
    """Margins and paddings add up where elements stand in one another."""
    above = known[element.parent] if element.parent else (0.0, 0.0, None)
    total, widest, by = above
    for name in ("margin-left", "margin-right", "padding-left", "padding-right"):
        most, said_by = 0.0, None
        for tokens, declaration in _declared(element, name):
            if (wide := _wide(tokens[0])) > most:
                most, said_by = wide, declaration
        total += most
        if most > widest:
            widest, by = most, said_by
    known[element] = total, widest, by
    if total > MOST_SIDEWAYS and by is not None:
        what = f"Margins and paddings beside '{element.name}' and round it come to {total:.0f}px, "
        what += "which can push words off the page."
        yield by, what, f"Keep them up to {MOST_SIDEWAYS}px together."


_Beside = tuple[float, float, Declaration | None]
"""Pixels beside an element in all, the widest piece of them, and the declaration of that."""


def _wide(token: Node) -> float:
    part = share(token)
    return length(token) or 0.0 if part is None else part / 100 * PAGE_WIDTH


def _picture(element: PageElement) -> Iterator[Finding]:
    """A picture behind the letterhead must lie in the room that the words leave it."""
    for tokens, declaration in _declared(element, "background"):
        if not any(map(has_address, tokens)):
            continue
        left, _, width = [px for px in map(length, tokens) if px is not None][:3]
        room = [_wide(said[0]) for said, _ in _declared(element, "padding-left")]
        if not room or left + width > min(room):
            what = f"'{quoted(declaration)}' can lie behind words and hide them."
            fix = "Give '.letterhead' a 'padding-left' of the picture’s width, everywhere."
            yield declaration, what, fix


def _drawn_up(
    element: PageElement, elements: Sequence[PageElement], times: Sequence[PageState]
) -> Iterator[Finding]:
    """What is drawn up must find that much space below the element before it."""
    for each in element.applied:
        tokens, declaration = each.said.get("margin-top", ((), None))
        up = -(length(tokens[0]) or 0.0) if tokens else 0.0
        if up <= 0 or declaration is None or not each.selector.follows:
            continue
        space = _space_below(each, elements, times)
        if space < up:
            what = f"'{quoted(declaration)}' can draw words over the words before them."
            yield declaration, what, f"Do not draw them up by more than {space:.3g}px."
        for said, by in _declared(element, "background-color") if _is_laid_over(element) else ():
            if (found := colour(said[0])) is None or found[3]:
                what = f"'{quoted(by)}' can cover the words before '{element.name}', which is "
                yield by, what + "drawn up to them.", "Take the background out."


def _is_laid_over(element: PageElement) -> bool:
    """Whether its ground is painted over words that come before it (CSS 2.2, appendix E)."""
    own = {
        word(each)
        for name in ("display", "position")
        for s, _ in _declared(element, name)
        for each in s
    }
    outer = element.parent
    around = {word(each) for s, _ in _declared(outer, "display") for each in s} if outer else set()
    boxes = {"grid", "flex"}
    return bool(own & {"relative", "inline-block", *boxes} or around & boxes)


def _space_below(
    applied: Applied, elements: Sequence[PageElement], times: Sequence[PageState]
) -> float:
    """The least margin below the elements that stand before those of a rule."""
    before = applied.selector.follows
    if before is None:
        return 0.0
    classes, tag = before.steps[-1].classes, before.tag
    spaces: list[float] = []
    for element in elements:
        if classes <= element.classes and tag in ("", element.tag):
            said = [winners(element, time).get("margin-bottom") for time in times]
            said += [a.said.get("margin-bottom") for a in element.applied if not a.is_certain]
            spaces += [length(each[0][0]) or 0.0 if each else 0.0 for each in said[: len(times)]]
            spaces += [length(each[0][0]) or 0.0 for each in said[len(times) :] if each]
    return min(spaces, default=0.0)


LEAST_CONTRAST = 3.0
"""Contrast below which words count as hidden. (For good reading it takes 4.5: WCAG 2.2, 1.4.3.)"""

MARK = (1.15, 2.2)
"""Contrast of a draft's mark with the paper: it lies under words and must not swallow them."""

SMALLEST = 9.0
"""Pixels below which letters are too small to see."""

LOOKS = ("color", "background-color", "color-scheme", "font-size", "line-height", "position")
WHITE, BLACK = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)  # red, green, blue, from 0 to 1
DARK_PAPER = (0.07, 0.07, 0.07)
"""What browsers put behind a page in the dark scheme that names no ground of its own."""

LINKS = {False: (0.0, 0.0, 0.93), True: (0.62, 0.62, 1.0)}
"""What browsers draw links in, light and dark."""

HEADINGS = {"h1": 2.0, "h2": 1.5, "h3": 1.17}
"""How much larger than their surroundings browsers draw headings (HTML, 15.3.6)."""


@dataclass
class _Seen:
    """What an element looks like at a moment."""

    ink: Rgb
    ground: Rgb
    size: float
    line: float | None
    """The height of its lines in pixels; None where it grows with the size."""
    ink_line: int = 0
    ground_line: int = 0
    """The lines of the sheet that set its colour and what lies behind it; 0 for none."""
    size_line: int = 0
    lined_by: Declaration | None = None
    is_running: bool = False
    is_covering: bool = False
    """Whether it was moved to the edge of the page and has a ground of its own."""
    is_dark: bool = False
    variables: dict[str, Sequence[Node]] = field(default_factory=dict)


@lru_cache(maxsize=8)  # a preview reads a layout again at each save
def page_problems(file: str, text: str, page: str) -> tuple[Problem, ...]:
    """What a sheet that keeps to the list does to words on `page`, which holds everything."""
    sheet = read_sheet(file, text)
    rules = applied_rules(sheet)
    elements = page_elements(page, rules)
    few = collapsed(elements, LOOKS)
    few += [_margin_box(few[0], said) for _, said in sheet.margin_boxes]
    if len(uncertain_rules(few)) > MOST_UNCERTAIN:
        what = f"More than {MOST_UNCERTAIN} rules for colours or sizes depend on what is where."
        return (Problem(Place(sheet.file), what, "Give elements classes, and write those."),)
    found: dict[int, Problem] = {}
    for state in states(few):
        for line, what, fix in _look(few, state):
            found.setdefault(line, Problem(Place(sheet.file, line), what, fix))
    return (*found.values(), *room_problems(sheet, elements))


def _margin_box(root: PageElement, said: Sequence[Declaration]) -> PageElement:
    """A margin box of the PDF as an element on the paper."""
    prints = any("counter(" in written(each.value) for each in said)
    applied = Applied(ANYTHING, longhands(said), frozenset(), 0)
    return PageElement("@page", "", root, (applied,), prints)


def _look(elements: Sequence[PageElement], state: PageState) -> Iterator[tuple[int, str, str]]:
    seen: dict[PageElement, _Seen] = {}
    for element in elements:
        seen[element] = _seen(element, seen, state)
        if element.has_words:
            yield from _contrast(element, seen[element], state)
            yield from _lines(element, seen[element])


def _contrast(
    element: PageElement, seen: _Seen, state: PageState
) -> Iterator[tuple[int, str, str]]:
    ratio = contrast(seen.ink, seen.ground)
    is_mark = "draft-mark" in element.classes and seen.is_running
    low, high = MARK if is_mark else (LEAST_CONTRAST, 21.0)
    if low <= ratio <= high and not (is_mark and seen.is_covering):
        return
    line = max(seen.ink_line, seen.ground_line)
    scheme = " in the dark scheme" if state.is_dark else ""
    pair = f"{_hex(seen.ink)} on {_hex(seen.ground)}{scheme}, a contrast of {ratio:.1f} to 1"
    if is_mark:
        what = f"The draft mark lies under words; it is too pale, too dark, or on a ground: {pair}."
        fix = f"Choose a colour with a contrast of {low} to {high} to 1, and no background."
        yield line, what, fix
    else:
        what = f"The words of '{element.name}' are hidden by their colour: {pair}."
        yield line, what, "Choose colours with a contrast of 4.5 to 1; it takes at least 3."


def _lines(element: PageElement, seen: _Seen) -> Iterator[tuple[int, str, str]]:
    if seen.size < SMALLEST:
        what = f"Letters of '{element.name}' come to {seen.size:.3g}px: too small to see."
        yield seen.size_line, what, f"Write a 'font-size' that comes to {SMALLEST:g}px or more."
    if seen.line is not None and seen.lined_by and seen.line < seen.size * 0.99:
        what = f"Lines of '{element.name}' lie over one another: {seen.line:.3g}px a line for "
        what += f"letters of {seen.size:.3g}px."
        yield seen.lined_by.source_line, what, "Write 'line-height' as a number, such as 1.4."


def _seen(element: PageElement, seen: dict[PageElement, _Seen], state: PageState) -> _Seen:
    said = winners(element, state)
    out = _of_the_root(said, state)
    root = out
    if element.parent:
        root = seen[[*element.chain][-1]]
        out = replace(seen[element.parent])
    out.variables = out.variables | {n: v[0] for n, v in said.items() if n.startswith("--")}
    if "position" in said and written(said["position"][0]).startswith("running("):
        out.ground, out.ground_line, out.is_running = root.ground, root.ground_line, True
    _by_browsers(element, out)
    _coloured(out, said)
    _sized(out, said, root.size)
    out.is_covering = out.is_running and out.ground != root.ground
    return out


def _of_the_root(said: Winners, state: PageState) -> _Seen:
    """What browsers start with, before any style."""
    words = {word(token) for token in said["color-scheme"][0]} if "color-scheme" in said else set()
    if "dark" in words and (state.is_dark or "light" not in words):
        return _Seen(WHITE, DARK_PAPER, 16.0, None, is_dark=True)
    return _Seen(BLACK, WHITE, 16.0, None)


def _by_browsers(element: PageElement, out: _Seen) -> None:
    """What browsers do to some elements by themselves."""
    if element.tag == "a":
        out.ink, out.ink_line = LINKS[out.is_dark], 0
    elif element.tag == "mark":
        out.ink, out.ground = BLACK, (1.0, 1.0, 0.0)
    elif element.tag in HEADINGS:
        out.size *= HEADINGS[element.tag]


def _coloured(out: _Seen, said: Winners) -> None:
    if ground := _colour(said, "background-color", out):
        (*rgb, alpha), line = ground
        red, green, blue = (
            alpha * over + (1 - alpha) * under for over, under in zip(rgb, out.ground, strict=True)
        )
        out.ground = red, green, blue
        out.ground_line = line if alpha else out.ground_line
    if ink := _colour(said, "color", out):
        out.ink, out.ink_line = ink[0][:3], ink[1]


def _colour(said: Winners, name: str, out: _Seen) -> tuple[Rgba, int] | None:
    """A colour and the line that holds it, which for a variable is where it gets its value.

    None where nothing is said, for `inherit`, and for a variable that has no value here.
    """
    tokens = said[name][0] if name in said else ()
    if len(tokens) == 1 and tokens[0].type == "function" and tokens[0].lower_name == "var":
        tokens = out.variables.get(str(significant(tokens[0].arguments)[0].value), ())
    found = colour(tokens[0]) if len(tokens) == 1 else None
    return (found, tokens[0].source_line) if found else None


def _sized(out: _Seen, said: Winners, root: float) -> None:
    if "font-size" in said:
        (token,), declaration = said["font-size"]
        px = length(token)
        if px is not None:
            out.size_line = declaration.source_line
            out.size = token.value * root if token.lower_unit == "rem" else px
    if "line-height" in said:
        (token,), declaration = said["line-height"]
        px = length(token)
        out.line, out.lined_by = px, declaration


def contrast(one: Rgb, other: Rgb) -> float:
    """How far two colours are apart, from 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(rgb: Rgb) -> float:
    """Relative luminance (WCAG 2.2)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4) for part in rgb
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)
