"""What letters of one layout have in common, worked out by the PDF engine once.

A round's letters share most of their words and all of their looks. The engine works out the style
of each element, the lines of each paragraph and the lengths of each box anew for every letter; here
it is given what it worked out before, wherever what goes in is the same. The bytes of a PDF do not
change, and a test proves it on every letter of the example.

This reaches into the engine's inner names: it is used with one version of it and no other, not
where a print style makes styles depend on the letter, nor where `LETTERS_PLAIN_RENDER=1` is set.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import pydyf
import weasyprint
import weasyprint.css
from weasyprint import draw
from weasyprint.draw import text as draw_text
from weasyprint.formatting_structure import boxes
from weasyprint.layout import absolute, block, column, grid, inline, page, percent, preferred, table
from weasyprint.layout import float as floats
from weasyprint.text import line_break

from letters.render.pdf.reuse.lines import BrokenLines, copied
from letters.render.pdf.reuse.styles import PLACES, Style, Styles, sheets_of_page, without_notes
from letters.render.pdf.reuse.text import KEPT, LARGE, DrawnLines, Lately

ENGINE = "70.0"
"""The version of WeasyPrint whose inner names are known."""

PLAIN = "LETTERS_PLAIN_RENDER"
"""The environment variable that turns all of this off."""

_PARTICULAR = re.compile(
    r"note|first-letter|first-line|ellipsis|line-clamp|\d[dsl]?v(?:w|h|i|b|min|max)\b",
    re.IGNORECASE,
)
"""What in a print style makes styles depend on one letter's pages, or changes lines as they are
drawn."""

_SIDES = ("top", "right", "bottom", "left")
_LENGTHS = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in _SIDES),
    *(f"border_{side}_width" for side in _SIDES),
    *("width", "min_width", "max_width", "height", "min_height", "max_height"),
)


def can_reuse(print_css: str) -> bool:
    """Whether letters with this print style may be given what others were."""
    is_known = weasyprint.__version__ == ENGINE
    return is_known and os.environ.get(PLAIN) != "1" and not _PARTICULAR.search(print_css)


class Reuse:
    """What is remembered for one layout and one font configuration."""

    def __init__(
        self, print_css: str, *, kept: int = KEPT, large: int = LARGE, places: int = PLACES
    ) -> None:
        self._styles = Styles(print_css, places)
        self._lines, self._lengths, self._struts = Lately(large), Lately(kept), Lately(kept)
        self._drawn = DrawnLines(self._lasts, kept)
        self._broken = BrokenLines(self._lasts, large)
        self._split = inline.split_first_line

    @property
    def sizes(self) -> dict[str, int]:
        """How many things of each kind are remembered now."""
        return {
            "lines": len(self._lines),
            "lengths": len(self._lengths),
            "drawn lines": len(self._drawn),
            "broken paragraphs": len(self._broken),
            "places": len(self._styles),
        }

    @contextmanager
    def active(self) -> Iterator[None]:
        """While this lasts, the engine remembers. One letter at a time.

        What breaks lines now is what is remembered: always enter `filled_lines` before.
        """
        self._split = inline.split_first_line
        with (
            _replaced([weasyprint.css], "StyleFor", self._styles.style_for),
            _replaced([weasyprint.css], "find_stylesheets", sheets_of_page),
            _replaced([weasyprint.HTML], "_ua_stylesheets", without_notes),
            _replaced([inline, preferred, line_break], "split_first_line", self._first_line),
            _replaced(_USERS, "resolve_percentages", self._resolve),
            _replaced([inline, line_break], "strut", self._strut),
            _replaced([boxes.Box], "is_in_normal_flow", _is_in_normal_flow),
            _replaced([block], "iter_line_boxes", self._broken.all_lines),
            _replaced([inline], "get_next_linebox", self._broken.next_line),
            _replaced([inline], "line_box_verticality", self._broken.heights),
            _replaced([draw, draw_text], "draw_text", self._drawn.draw_text),
            _replaced([draw_text], "draw_first_line", self._drawn.draw_first_line),
            _replaced([pydyf], "_to_bytes", _to_bytes),
            _replaced([pydyf.PDF], "write", _write),
        ):
            yield

    def _first_line(
        self,
        text: str,
        style: Style,
        context: Any,
        max_width: Any,
        spacing: Any,
        is_line_start: bool = True,
        minimum: bool = False,
    ) -> Any:
        if not self._lasts(style):
            return self._split(text, style, context, max_width, spacing, is_line_start, minimum)
        key = (text, id(style), max_width, spacing, is_line_start, minimum)
        if known := self._lines.get(key):
            layout, *rest = known[1]
            return (copied(layout), *rest)
        found = self._split(text, style, context, max_width, spacing, is_line_start, minimum)
        layout, *rest = found
        self._lines.keep(key, (style, (copied(layout), *rest)))
        return found

    def _resolve(self, box: Any, containing_block: Any) -> None:
        style = box.style
        has_table_borders = style["border_collapse"] == "collapse" and "border_top_width" in vars(
            box
        )
        is_own = isinstance(box, boxes.PageBox) or not self._lasts(style)
        if has_table_borders or is_own:
            _resolve(box, containing_block)
            return
        if isinstance(containing_block, boxes.Box):
            key = (id(style), containing_block.width, containing_block.height)
        else:
            key = (id(style), *containing_block)
        if known := self._lengths.get(key):
            vars(box).update(known[1])
            return
        _resolve(box, containing_block)
        own = vars(box)
        self._lengths.keep(key, (style, {name: own[name] for name in _LENGTHS}))

    def _lasts(self, style: Style) -> bool:
        """Whether a style is one that letters share, or that of text inside such an element.

        What the engine copies for one letter is not remembered: memory would grow with each.
        """
        lasting = self._styles.lasting
        if id(style) in lasting:
            return True
        above = style.parent_style if isinstance(style, weasyprint.css.AnonymousStyle) else None
        if above is None or id(above) not in lasting or style is not above.anonymous_style:
            return False
        lasting.add(id(style))
        return True

    def _strut(self, style: Style) -> Any:
        if not self._lasts(style):
            return _strut(style)
        known = self._struts.get(id(style))
        if known is None:
            known = (style, _strut(style))
            self._struts.keep(id(style), known)
        return known[1]


def _is_in_normal_flow(box: Any) -> bool:
    """Stands in for the engine's method of boxes: what most boxes are is asked first."""
    style = box.style
    if style["position"] in ("static", "relative") and style["float"] == "none":
        return True
    is_in_flow: bool = _in_normal_flow(box)
    return is_in_flow


def _to_bytes(value: Any) -> bytes:
    """Stands in for pydyf's function of this name: the most frequent kinds come first."""
    kind = type(value)
    if kind is bytes:
        written: bytes = value
        return written
    if kind is str:
        return str(value).encode("ascii")
    if kind is int:
        return b"%d" % value
    if kind is float:
        return _number(value)
    converted: bytes = _any_to_bytes(value)
    return converted


@lru_cache(maxsize=10_000)
def _number(value: float) -> bytes:
    written: bytes = _any_to_bytes(value)
    return written


def _write(pdf: Any, *args: Any, **options: Any) -> None:
    """Stands in for `pydyf.PDF.write`, which writes every object twice: once for the file's id."""
    with _written_once(pydyf.Stream), _written_once(pydyf.Dictionary):
        _write_pdf(pdf, *args, **options)


@contextmanager
def _written_once(kind: Any) -> Iterator[None]:
    theirs = kind.data

    def data(part: Any) -> Any:
        kept = vars(part)
        if "_letters_data" not in kept:
            kept["_letters_data"] = theirs.fget(part)
        return kept["_letters_data"]

    kind.data = property(data)
    try:
        yield
    finally:
        kind.data = theirs


@contextmanager
def _replaced(modules: list[Any], name: str, stand_in: Callable[..., Any]) -> Iterator[None]:
    """While this lasts, `name` in modules of the engine is ours."""
    theirs = [getattr(module, name) for module in modules]
    for module in modules:
        setattr(module, name, stand_in)
    try:
        yield
    finally:
        for module, their in zip(modules, theirs, strict=True):
            setattr(module, name, their)


_any_to_bytes, _write_pdf = pydyf._to_bytes, pydyf.PDF.write
_resolve = percent.resolve_percentages
_strut, _in_normal_flow = line_break.strut, boxes.Box.is_in_normal_flow
_USERS = [absolute, block, column, floats, grid, inline, page, percent, table]
