"""The crest: the picture that a layout's style sheets put into the letterhead.

It is one file for all formats; `letters.render.docx.crest` puts it into Word letters. On the page
it keeps its proportions: a size that a style sheet gives it is the box that it is fitted into.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import chain
from typing import NamedTuple
from urllib.parse import unquote

import tinycss2
from tinycss2.ast import Declaration, DimensionToken, FunctionBlock, Node, StringToken, URLToken

from letters.pictures import Picture
from letters.render.allowed.bounds import too_large
from letters.render.assets import media_type

OFF = 0.005
"""How far, as a share, a picture's proportions may be off: less than a point's rounding shows."""


class Crest(NamedTuple):
    """The crest's name in the layout's folder, the file's own bytes, and the picture it holds."""

    name: str
    content: bytes
    picture: Picture


def crest_name(layout: Mapping[str, bytes]) -> str:
    """The crest's name among the files of a layout; "" where it has none."""
    print_css, screen_css = (
        layout.get(name, b"").decode("utf-8", "replace") for name in ("print.css", "screen.css")
    )
    return crest_of(print_css, screen_css, [name for name in layout if _is_picture(name)])


def crest_of(print_css: str, screen_css: str, pictures: Collection[str]) -> str:
    """Which of a layout's pictures the PDF shows, or else the web page; "" where none is named.

    Of several, the one with "crest" in its name, or the first.
    """
    for css in (print_css, screen_css):
        if names := shown_in(css, pictures):
            return next((name for name in names if "crest" in name.lower()), names[0])
    return ""


def shown_in(css: str, pictures: Collection[str]) -> list[str]:
    """Those of a layout's pictures that a style sheet names, in its order.

    None of a sheet that is too large to be read, and so stops every letter.
    """
    if too_large("", css):
        return []
    nodes = every_node(tinycss2.parse_stylesheet(css))
    return [name for address, _ in addresses(nodes) if (name := unquote(address)) in pictures]


def _is_picture(name: str) -> bool:
    try:
        return media_type(name).startswith("image/")
    except KeyError:
        return False


def every_node(nodes: list[Node]) -> Iterator[Node]:
    """Every node, from the outside in."""
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        yield node
        parts = (getattr(node, part, None) or [] for part in ("prelude", "content", "arguments"))
        waiting += reversed(list(chain.from_iterable(parts)))


def addresses(nodes: Iterator[Node] | list[Node]) -> Iterator[tuple[str, int]]:
    """Every address of a file, and its line."""
    for node in nodes:
        if isinstance(node, URLToken):
            yield node.value, node.source_line
        for text in text_arguments(node):
            yield text.value, text.source_line


def text_arguments(node: Node) -> list[StringToken]:
    """The address in `url("…")`; other functions that load files are not on the list."""
    if isinstance(node, FunctionBlock) and node.lower_name == "url":
        return [part for part in node.arguments if isinstance(part, StringToken)]
    return []


def keep_proportions(rules: list[Node], picture: Callable[[str], Picture | None]) -> None:
    """Change each size of a picture that would squash it, and each place that would cut it off.

    A size of two lengths is a box: the picture becomes as large as fits into it. A negative place
    stays where nothing but the picture's blank edge is lost; else it becomes 0, and the box ends
    where it did. What is right already keeps its very characters.
    """
    for node in every_node(rules):
        if node.type == "qualified-rule":
            declared = tinycss2.parse_blocks_contents(node.content or [])
            _fit([each for each in declared if isinstance(each, Declaration)], picture)


def _fit(declared: list[Declaration], picture: Callable[[str], Picture | None]) -> None:
    drawn = [each for each in declared if each.lower_name in ("background", "background-image")]
    found = [
        shown
        for each in drawn
        for address, _ in addresses(every_node(each.value))
        if (shown := picture(address))
    ]
    for each in declared if len(found) == 1 else ():
        if each.lower_name == "background":
            _place(*_halves(each.value), found[0])
        elif each.lower_name == "background-size":
            _place([], _lengths(each.value), found[0])


def _halves(value: list[Node]) -> tuple[list[DimensionToken], list[DimensionToken]]:
    """The lengths before the `/` of a background, which say where, and those after: how large."""
    slash = next((n for n, each in enumerate(value) if each == "/"), len(value))
    return _lengths(value[:slash]), _lengths(value[slash:])


def _lengths(value: list[Node]) -> list[DimensionToken]:
    return [each for each in value if isinstance(each, DimensionToken)]


def _place(place: list[DimensionToken], size: list[DimensionToken], shown: Picture) -> None:
    """Fit a picture into its box, less the part of the box that lies where nothing is drawn."""
    if len(size) != 2 or size[0].unit != size[1].unit:
        return
    box, full = [each.value for each in size], (shown.width, shown.height)
    scale = min(box[0] / full[0], box[1] / full[1])
    blanks = (shown.blank_left * scale, shown.blank_above * scale)
    for n, (length, blank) in enumerate(zip(place, blanks, strict=False)):
        if length.unit == size[0].unit and blank < -length.value < box[n]:
            length.representation = "0"
            box[n] += length.value
    scale = min(box[0] / full[0], box[1] / full[1])
    for length, side in zip(size, full, strict=True):
        if abs(side * scale - length.value) > OFF * length.value:
            length.representation = f"{round(side * scale, 3):g}"
