"""The text of a web letter, block by block."""

import re
from collections.abc import Iterator

from lxml import etree, html

from letters.document import Passage, WholeText, list_label
from letters.errors import LettersError

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
DEPTHS = {"1": 0, "a": 1, "i": 2}
"""How deep in lists a numbered list of each `type` stands; see `document.list_label`."""

FURNITURE = {
    *("site", "letter-information", "page-numbers", "running-head"),
    *("handling", "banner", "draft-mark"),
}
"""Classes of a layout's elements that stand round the letter: the web page's head and its table of
who wrote to whom, the running lines of printed pages, the marks of a draft."""

INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "del", "dfn", "em", "i", "ins"),
    *("kbd", "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time"),
    *("u", "var", "wbr"),
}
"""Elements that stand in a line of text (HTML, 3.2.5.2.5, less what no letter may hold)."""

_WHITE = re.compile(r"[ \t\n\r\f]+")


def read_html(page: str | bytes) -> tuple[Passage, ...]:
    """The passages of `<article class="letter">`, in reading order; text in no paragraph is one.

    Raises LettersError where the page has no such article or is not in UTF-8.
    """
    for article in _tree(page).iter("article"):
        if "letter" in article.get("class", "").split():
            return tuple(_children(article, "paragraph", 0))
    raise LettersError("The page has no '<article class=\"letter\">'.")


def read_page(page: str | bytes) -> WholeText:
    """Everything that a letter's page says, in its article or not.

    Raises LettersError where the page is empty or not in UTF-8.
    """
    body = _tree(page).find("body")
    if body is None:
        raise LettersError("The page has no '<body>'.")
    round_it = [e for e in body.iter() if FURNITURE & {*e.get("class", "").split()}]
    furniture = [p.text for element in round_it for p in _children(element, "paragraph", 0)]
    for element in round_it:
        element.drop_tree()
    flow = tuple(_children(body, "paragraph", 0))
    return WholeText(flow, tuple(dict.fromkeys(filter(None, furniture))))


def _tree(page: str | bytes) -> html.HtmlElement:
    try:
        text = page.decode("utf-8") if isinstance(page, bytes) else page
        return html.document_fromstring(text, parser=html.HTMLParser(encoding="utf-8"))
    except etree.ParserError as error:
        raise LettersError("The page is empty.") from error
    except UnicodeDecodeError as error:
        raise LettersError("The page is not written in UTF-8.") from error


def _children(element: html.HtmlElement, kind: str, depth: int) -> Iterator[Passage]:
    """The passages inside an element; a line of text between blocks is one of its own."""
    line = [element.text or ""]
    for child in element:
        if child.tag in INLINE:
            line += ["".join(_string(child)), child.tail or ""]
            continue
        if isinstance(child.tag, str):
            yield from _bare(line, kind)
            yield from _passages(child, kind, depth)
            line = []
        line.append(child.tail or "")
    yield from _bare(line, kind)


def _bare(line: list[str], kind: str) -> Iterator[Passage]:
    if words := _WHITE.sub(" ", "".join(line)).strip(" "):
        yield Passage(kind, "", words)


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
        yield from _string(child)
        yield child.tail or ""


def _string(element: html.HtmlElement) -> Iterator[str]:
    """The text of an element in a line; a comment says nothing."""
    if element.tag == "br":
        yield " "
    elif isinstance(element.tag, str):
        yield from _strings(element)
