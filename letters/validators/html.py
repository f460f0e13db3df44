"""The fast validator of web letters: one file that needs nothing else and leaves nobody out."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

from letters.render.words import (
    Finding,
    heading_findings,
    left_behind,
    poor_alternative,
    quoted,
    unmarked_welsh,
)

_LOADS = {"src", "srcset", "data", "poster", "background"}
_CSS_LOADS = re.compile(r"(?:url\(\s*|@import\s+)[\"']?(?!data:|#)([^\"')\s;]+)", re.IGNORECASE)
_VIEWPORT = re.compile(r"([a-z-]+)\s*=\s*([\w.-]+)")
_TWOFOLD = 2.0  # readers must be able to enlarge a page to twice its size (WCAG 2.2, 1.4.4)
_BLOCKS = ("p", "li", "td", "th", "dd", "dt", "figcaption", "blockquote", "h1", "h2", "h3")
_HEADS = ("h1", "h2", "h3", "h4", "h5", "h6")
_HIDDEN = {"style", "script", "template", "title"}

Tree: TypeAlias = etree._Element

_text_content = etree.XPath("string()")


def validate_html(content: bytes) -> tuple[Finding, ...]:
    """The rules that a web letter breaks."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return (Finding("HTML 4.2.5.4", "The file is not written in UTF-8."),)
    page = etree.HTML(content, etree.HTMLParser(encoding="utf-8")) if text.strip() else None
    if page is None:
        return (Finding("HTML", "The file is empty."),)
    found = (
        *_document(page, text),
        *heading_findings(
            "WCAG 2.2 1.3.1", [(int(e.tag[1]), _words(e)) for e in page.iter(*_HEADS)]
        ),
        *_images(page),
        *_tables(page),
        *_loads(page),
        *_ids(page),
        *_texts(page),
    )
    return tuple(dict.fromkeys(found))


_FORM = frozenset(("form", "input", "button", "select", "textarea"))


def _document(page: Tree, text: str) -> Iterator[Finding]:
    if not text.lstrip("\ufeff \n\r\t")[:9].lower().startswith("<!doctype"):
        yield Finding("HTML 13.1.1", "The file does not begin with <!doctype html>.")
    if not re.search(r"<meta\s+charset=[\"']?utf-8", text[:1024], re.IGNORECASE):
        yield Finding("HTML 4.2.5.4", "The file does not say that it is written in UTF-8.")
    if not page.get("lang", "").strip():
        yield Finding("WCAG 2.2 3.1.1", "The file does not say which language it is in.")
    title = page.find(".//title")
    if title is None or not (title.text or "").strip():
        yield Finding("WCAG 2.2 2.4.2", "The file has no title.")
    mains = len(list(page.iter("main")))
    if mains != 1:
        what = f"The page has {mains or 'no'} main regions; it needs exactly one."
        yield Finding("WCAG 2.2 1.3.1", what)
    if any(map(_forbids_zoom, page.iter("meta"))):
        what = "The page forbids its readers to enlarge it twofold."
        yield Finding("WCAG 2.2 1.4.4", what, "<meta>")


def _forbids_zoom(meta: Tree) -> bool:
    if meta.get("name", "").lower() != "viewport":
        return False
    settings = dict(_VIEWPORT.findall(meta.get("content", "").lower()))
    most = settings.get("maximum-scale", "9")
    return settings.get("user-scalable", "1") in ("no", "0") or _number(most) < _TWOFOLD


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return _TWOFOLD


def _words(element: Tree) -> str:
    return " ".join(str(_text_content(element)).split())


def _images(page: Tree) -> Iterator[Finding]:
    for image in page.iter("img"):
        decoration = image.get("alt") == "" and image.get("role") in (None, "presentation", "none")
        if not decoration:
            source = image.get("src", "")
            where = "image" if source.startswith("data:") else f"image {quoted(source)}"
            yield from poor_alternative("WCAG 2.2 1.1.1", image.get("alt"), where)


def _tables(page: Tree) -> Iterator[Finding]:
    for table in page.iter("table"):
        heads = list(table.iter("th"))
        if not heads:
            what = "A table has no header cells."
            yield Finding("WCAG 2.2 1.3.1", what, quoted(_words(table)))
        for cell in heads:
            if not cell.get("scope"):
                what = "A header cell does not say whether it heads its column or its row."
                yield Finding("WCAG 2.2 1.3.1", what, quoted(_words(cell)))


def _loads(page: Tree) -> Iterator[Finding]:
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "script" or any(str(name).startswith("on") for name in element.attrib):
            yield Finding("letters: web", "The page holds a script.", f"<{element.tag}>")
        yield from _traps(element)
        for address in _addresses(element):
            what = f"The page loads something from outside itself: {quoted(address)}."
            yield Finding("letters: web", what, f"<{element.tag}>")


def _traps(element: Tree) -> Iterator[Finding]:
    """What has no place in a letter: forms, pages that leave by themselves, words kept hidden."""
    if element.tag in _FORM:
        yield Finding("letters: web", "The page holds a form.", f"<{element.tag}>")
    if element.tag == "meta" and element.get("http-equiv", "").lower() == "refresh":
        yield Finding("WCAG 2.2 2.2.1", "The page leads its reader away by itself.", "<meta>")
    if element.get("href", "").strip().lower().startswith("javascript:"):
        yield Finding("letters: web", "The page holds a script.", f"<{element.tag}>")
    is_hidden = "hidden" in element.attrib or element.get("aria-hidden") == "true"
    if is_hidden and _words(element):
        what = "Words are hidden from some or all readers."
        yield Finding("WCAG 2.2 1.3.1", what, quoted(_words(element)))
    if element.tag == "a" and not _words(element) and element.find("img") is None:
        yield Finding("WCAG 2.2 2.4.4", "A link has no words.", quoted(element.get("href", "")))


def _addresses(element: Tree) -> Iterator[str]:
    for name, address in element.attrib.items():
        if name in _LOADS and not str(address).startswith("data:"):
            yield str(address)
    if element.tag == "link" and not element.get("href", "").startswith("data:"):
        yield element.get("href", "")
    css = (element.text or "") if element.tag == "style" else element.get("style", "")
    if css:
        yield from _CSS_LOADS.findall(css)


def _ids(page: Tree) -> Iterator[Finding]:
    counts = Counter(element.get("id") for element in page.iter() if element.get("id"))
    for id_, count in counts.items():
        if count > 1:
            what = f"{count} elements have the same id, {quoted(str(id_))}."
            yield Finding("HTML 3.2.6", what)


def _texts(page: Tree) -> Iterator[Finding]:
    title = page.find(".//title")
    yield from left_behind("" if title is None else title.text or "", "title")
    for block in page.iter(*_BLOCKS):
        spoken: dict[str, list[str]] = {}
        for language, words in _spoken(block, _language(block)):
            spoken.setdefault(language, []).append(words)
        yield from left_behind(" ".join(w for words in spoken.values() for w in words))
        for language, found in spoken.items():
            yield from unmarked_welsh("WCAG 2.2 3.1.2", " ".join(found), language)


def _spoken(element: Tree, language: str) -> Iterator[tuple[str, str]]:
    """The words of a block by the language in force, inner blocks left out."""
    yield language, element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _BLOCKS and child.tag not in _HIDDEN:
            yield from _spoken(child, child.get("lang", language))
        yield language, child.tail or ""


def _language(element: Tree) -> str:
    named = (e.get("lang") for e in (element, *element.iterancestors()))
    return next((language for language in named if language), "")
