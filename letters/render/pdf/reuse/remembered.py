"""The engine, given what it worked out for earlier letters: what is in for its functions."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TextIO
from xml.etree import ElementTree

import pydyf
import weasyprint
import weasyprint.css
from lxml import etree
from weasyprint import draw
from weasyprint.draw import text as draw_text
from weasyprint.formatting_structure import boxes
from weasyprint.layout import absolute, block, column, grid, inline, page, percent, preferred, table
from weasyprint.layout import float as floats
from weasyprint.pdf import fonts
from weasyprint.text import line_break

from letters.document import SLOTS
from letters.render.markup import with_everything
from letters.render.pdf.reuse.lines import BrokenLines, copied
from letters.render.pdf.reuse.styles import Style, Styles, sheets_of_page, without_notes
from letters.render.pdf.reuse.text import USUAL, Bounds, DrawnLines, RecentCache


class _OpenArrays:
    """The engine's way to C, which reads the type of an array once and not for each length.

    Each length is another type, read in two milliseconds by a parser of C, and every font of every
    letter has another number of glyphs. `int[]` takes its length from what it is filled with.
    """

    def __init__(self, ffi: Any) -> None:
        self._ffi = ffi

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ffi, name)

    def new(self, kind: str, *values: Any) -> Any:
        """Make a value of a type that is written as in C."""
        element, is_array, _ = kind.partition("[")
        return self._ffi.new(f"{element}[]" if is_array and values else kind, *values)


_OPEN_ARRAYS = _OpenArrays(fonts.ffi)
_parse = weasyprint.tinyhtml5.parse
_SPACE = re.compile(r"[ \t\n\r\f]+")


def parser_for(layout_page: str) -> Callable[..., Any]:
    """What reads the pages of a layout, whose `letter.html` is given, into the engine's tree.

    The two readers are asked for a page with all of the layout's elements. Where they take it
    alike, so they do each letter: blocks are closed and written as both expect.
    """
    page = with_everything(layout_page, dict.fromkeys(SLOTS, "<p>Words</p>"), "Words")
    theirs = _parse(page, namespace_html_elements=False)
    try:
        is_alike = _plain(_read(page)) == _plain(theirs)
    except ElementTree.ParseError:  # a page of two roots
        is_alike = False
    return _parsed if is_alike else _parse


def _parsed(page: TextIO, **_: object) -> Any:
    """Stands in for the engine's function `parse`."""
    return _read(page.read())


class _Builder(ElementTree.TreeBuilder):
    """Builds the tree that lxml reads; its attributes are no dictionary."""

    def start(self, tag: str, attrs: Any, /) -> Any:
        """Open an element."""
        return super().start(tag, dict(attrs))


def _read(page: str) -> Any:
    target: Any = _Builder()
    parser = etree.HTMLParser(target=target, encoding="utf-8", huge_tree=True)
    return etree.fromstring(page.encode(), parser)


def _plain(element: Any) -> tuple[object, ...]:
    """An element and all inside it, told apart by what a reader of the page can see.

    How long a white space is makes no difference, nor does one round the whole page or its body.
    """
    texts = [_SPACE.sub(" ", text or "") for text in (element.text, element.tail)]
    if element.tag in ("html", "head", "body"):
        texts = [text.strip(" ") for text in texts]
    inside = [_plain(child) for child in element if isinstance(child.tag, str)]
    return element.tag, dict(element.attrib), texts, inside


_SIDES = ("top", "right", "bottom", "left")
_LENGTHS = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in _SIDES),
    *(f"border_{side}_width" for side in _SIDES),
    *("width", "min_width", "max_width", "height", "min_height", "max_height"),
)


class Reuse:
    """What is remembered for one layout and one font configuration, within `bounds`.

    A style is told by its `id`: those that letters share are kept as long as this is.
    """

    def __init__(self, print_css: str, bounds: Bounds = USUAL, page: str = "") -> None:
        """`page` is the layout's letter.html; without it pages are read as the engine does."""
        self._parse = parser_for(page) if page else weasyprint.tinyhtml5.parse
        self._styles = Styles(print_css, bounds.places)
        self._lines = RecentCache(bounds.large)
        self._lengths, self._struts = RecentCache(bounds.small), RecentCache(bounds.small)
        self._drawn = DrawnLines(self._lasts, bounds.small)
        self._broken = BrokenLines(self._lasts, bounds.large)
        self._split = inline.split_first_line

    @property
    def kept(self) -> dict[str, int]:
        """How many things of each kind are remembered now."""
        return {
            "places": self._styles.count,
            "first lines": len(self._lines),
            "lengths": len(self._lengths),
            "struts": len(self._struts),
            "drawn lines": len(self._drawn),
            "paragraphs": len(self._broken),
        }

    @contextmanager
    def active(self) -> Iterator[None]:
        """While this lasts, the engine remembers. One letter at a time.

        What breaks lines now is what is remembered: always enter `filled_lines` before.
        """
        self._split = inline.split_first_line
        with (
            _replaced([weasyprint.tinyhtml5], "parse", self._parse),
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
            _replaced([fonts], "ffi", _OPEN_ARRAYS),
            _replaced([pydyf], "_to_bytes", _to_bytes),
            _replaced([pydyf.PDF], "write", _write),
        ):
            yield

    def _first_line(self, text: str, style: Style, context: Any, *room: Any, **how: bool) -> Any:
        if not self._lasts(style):
            return self._split(text, style, context, *room, **how)
        key = (text, id(style), room, *how.items())
        if known := self._lines.get(key):
            layout, *rest = known
            return (copied(layout), *rest)
        layout, *rest = found = self._split(text, style, context, *room, **how)
        self._lines.keep(key, (copied(layout), *rest))
        return found

    def _resolve(self, box: Any, containing_block: Any) -> None:
        style = box.style
        own = vars(box)
        has_table_borders = style["border_collapse"] == "collapse" and "border_top_width" in own
        is_own = isinstance(box, boxes.PageBox) or not self._lasts(style)
        if has_table_borders or is_own:
            _resolve(box, containing_block)
            return
        if isinstance(containing_block, boxes.Box):
            key = (id(style), containing_block.width, containing_block.height)
        else:
            key = (id(style), *containing_block)
        if known := self._lengths.get(key):
            own.update(known)
            return
        _resolve(box, containing_block)
        self._lengths.keep(key, {name: own[name] for name in _LENGTHS})

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
            known = _strut(style)
            self._struts.keep(id(style), known)
        return known


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
def _replaced(modules: list[Any], name: str, stand_in: Any) -> Iterator[None]:
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
