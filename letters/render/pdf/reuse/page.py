"""The page of a letter, read by lxml instead of tinyhtml5, which takes ten times as long."""

import re
from collections.abc import Callable
from typing import Any, TextIO
from xml.etree import ElementTree

import weasyprint
from lxml import etree

from letters.document import SLOTS
from letters.render.markup import with_everything

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
