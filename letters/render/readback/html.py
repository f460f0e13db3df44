"""The text of a web letter, block by block."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from letters.document import Passage, list_label
from letters.errors import LettersError

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
DEPTHS = {"1": 0, "a": 1, "i": 2}
"""How deep in lists a numbered list of each `type` stands; see `document.list_label`."""

_WHITE = re.compile(r"[ \t\n\r\f]+")


def read_html(page: str | bytes) -> tuple[Passage, ...]:
    """The passages of `<article class="letter">`, in reading order.

    Raises LettersError where the page has no such article or is not in UTF-8.
    """
    try:
        text = page.decode("utf-8") if isinstance(page, bytes) else page
        tree = html.document_fromstring(text, parser=html.HTMLParser(encoding="utf-8"))
    except etree.ParserError as error:
        raise LettersError("The page is empty.") from error
    except UnicodeDecodeError as error:
        raise LettersError("The page is not written in UTF-8.") from error
    for article in tree.iter("article"):
        if "letter" in article.get("class", "").split():
            return tuple(_children(article, "paragraph", 0))
    raise LettersError("The page has no '<article class=\"letter\">'.")


def _children(element: html.HtmlElement, kind: str, depth: int) -> Iterator[Passage]:
    for child in element:
        if isinstance(child.tag, str):
            yield from _passages(child, kind, depth)


def _passages(element: html.HtmlElement, kind: str, depth: int) -> Iterator[Passage]:
    match str(element.tag):
        case tag if tag in HEADINGS:
            yield Passage(f"heading {HEADINGS[tag]}", "", _words(element))
        case "p":
            yield from _paragraph(element, kind)
        case "blockquote":
            yield from _children(element, "quote", depth)
        case "ul" | "ol":
            yield from _list(element, kind, depth)
        case "th":
            yield Passage("table heading", "", _words(element))
        case "td":
            yield Passage("table cell", "", _words(element))
        case _:
            yield from _children(element, kind, depth)


def _paragraph(element: html.HtmlElement, kind: str) -> Iterator[Passage]:
    images = element.findall(".//img")
    yield from (Passage("figure", "", image.get("alt", "")) for image in images)
    words = _words(element)
    if words or not images:
        yield Passage(kind, "", words)


def _list(element: html.HtmlElement, kind: str, depth: int) -> Iterator[Passage]:
    start, level = None, depth
    if element.tag == "ol":
        start, level = int(element.get("start", "1")), DEPTHS[element.get("type", "1")]
    for index, entry in enumerate(element.findall("li")):
        label = list_label(start, index, level)
        for passage in _children(entry, kind, depth + 1):
            yield Passage(passage.kind, label or passage.label, passage.text)
            label = ""


def _words(element: html.HtmlElement) -> str:
    return _WHITE.sub(" ", "".join(_strings(element))).strip(" ")


def _strings(element: html.HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == "br":
            yield " "
        elif isinstance(child.tag, str):
            yield from _strings(child)
        yield child.tail or ""
