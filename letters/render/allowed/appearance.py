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
    Element,
    State,
    Winners,
    applied_rules,
    collapsed,
    longhands,
    page_elements,
    states,
    uncertain_rules,
    winners,
)
from letters.render.allowed.room import room_problems
from letters.render.allowed.rules import read_sheet
from letters.render.allowed.selectors import ANYTHING
from letters.render.allowed.values import Rgb, Rgba, colour, length, significant, word, written

LEAST_CONTRAST = 3.0
"""Contrast below which words count as hidden. (For good reading it takes 4.5: WCAG 2.2, 1.4.3.)"""

MARK = (1.15, 2.2)
"""Contrast of a draft's mark with the paper: it lies under words and must not swallow them."""

SMALLEST = 9.0
"""Pixels below which letters are too small to see."""

LOOKS = ("color", "background-color", "color-scheme", "font-size", "line-height", "position")
WHITE, BLACK = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
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
        what = f"More than {MOST_UNCERTAIN} rules for colours or sizes depend on what stands where."
        return (Problem(Place(sheet.file), what, "Give elements classes, and write those."),)
    found: dict[int, Problem] = {}
    for state in states(few):
        for line, what, fix in _look(few, state):
            found.setdefault(line, Problem(Place(sheet.file, line), what, fix))
    return (*found.values(), *room_problems(sheet, elements))


def _margin_box(root: Element, said: Sequence[Declaration]) -> Element:
    """A margin box of the PDF as an element on the paper."""
    prints = any("counter(" in written(each.value) for each in said)
    applied = Applied(ANYTHING, longhands(said), frozenset(), 0)
    return Element("@page", "", root, (applied,), prints)


def _look(elements: Sequence[Element], state: State) -> Iterator[tuple[int, str, str]]:
    seen: dict[Element, _Seen] = {}
    for element in elements:
        seen[element] = _seen(element, seen, state)
        if element.has_words:
            yield from _contrast(element, seen[element], state)
            yield from _lines(element, seen[element])


def _contrast(element: Element, seen: _Seen, state: State) -> Iterator[tuple[int, str, str]]:
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


def _lines(element: Element, seen: _Seen) -> Iterator[tuple[int, str, str]]:
    if seen.size < SMALLEST:
        what = f"Letters of '{element.name}' come to {seen.size:.3g}px: too small to see."
        yield seen.size_line, what, f"Write a 'font-size' that comes to {SMALLEST:g}px or more."
    if seen.line is not None and seen.lined_by and seen.line < seen.size * 0.99:
        what = f"Lines of '{element.name}' lie over one another: {seen.line:.3g}px a line for "
        what += f"letters of {seen.size:.3g}px."
        yield seen.lined_by.source_line, what, "Write 'line-height' as a number, such as 1.4."


def _seen(element: Element, seen: dict[Element, _Seen], state: State) -> _Seen:
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


def _of_the_root(said: Winners, state: State) -> _Seen:
    """What browsers start with, before any style."""
    words = {word(token) for token in said["color-scheme"][0]} if "color-scheme" in said else set()
    if "dark" in words and (state.is_dark or "light" not in words):
        return _Seen(WHITE, DARK_PAPER, 16.0, None, is_dark=True)
    return _Seen(BLACK, WHITE, 16.0, None)


def _by_browsers(element: Element, out: _Seen) -> None:
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
