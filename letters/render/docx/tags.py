"""Placeholders in a Word layout, as a Word user writes them: found paragraph by paragraph."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from letters.render.docx.package import Element, shown, w

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_SPELT = re.compile(r"(\{\{|\{%|\{#)(?:(p|r|tr|tc) )?(.*?)(?:\}\}|%\}|#\})", re.DOTALL)
_STRAY = re.compile(r"\{\{|\{%|\{#|\}\}|%\}")


class PlaceholderTag(NamedTuple):
    """One placeholder: as written, its kind ("{{", "{%", "{#"), docxtpl's prefix, what it holds.

    `run` is the element that holds the run it begins in; `after` says whether text follows it.
    """

    text: str
    kind: str
    prefix: str
    content: str
    paragraph: Element
    holder: Element
    after: str


class TagScan(NamedTuple):
    """What a paragraph's text holds: its tags, and brace pairs that belong to none."""

    tags: tuple[PlaceholderTag, ...]
    strays: tuple[tuple[str, str], ...]
    literal: str


def paragraphs(root: Element) -> Iterator[Element]:
    """Every paragraph of a part, those in text boxes once (Word writes them twice)."""
    return shown(root, w("p"))


def own_texts(paragraph: Element) -> Iterator[Element]:
    """The text elements of a paragraph, without those of text boxes anchored in it."""
    for text in paragraph.iter(w("t")):
        if next(text.iterancestors(w("p"))) is paragraph:
            yield text


def scan(paragraph: Element) -> TagScan:
    """Find the tags of one paragraph."""
    texts = [(t, t.text or "") for t in own_texts(paragraph)]
    line = "".join(text for _, text in texts)
    if "{" not in line and "}" not in line:
        return TagScan((), (), line)
    holders = [_holder(element) for element, text in texts for _ in text]
    tags = [_tag(found, line, paragraph, holders) for found in _TAG.finditer(line)]
    literal = _TAG.sub("\0", line)
    strays = tuple((found[0], _near(literal, found.start())) for found in _STRAY.finditer(literal))
    return TagScan(tuple(tags), strays, literal.replace("\0", ""))


def _tag(
    found: re.Match[str], line: str, paragraph: Element, holders: list[Element]
) -> PlaceholderTag:
    spelt = _SPELT.fullmatch(found[0])
    kind, prefix, content = spelt.groups() if spelt else (found[0][:2], "", found[0][2:-2])
    after = line[found.end() :].strip()
    holder = holders[found.start()]
    return PlaceholderTag(found[0], kind, prefix or "", content.strip(), paragraph, holder, after)


def _holder(text: Element) -> Element:
    """What the run of a text element stands in: the paragraph, or a hyperlink or field in it."""
    run = next(text.iterancestors(w("r")), text)
    parent = run.getparent()
    return run if parent is None else parent


def _near(line: str, position: int) -> str:
    return line[max(position - 10, 0) : position + 30].replace("\0", "…").strip()
