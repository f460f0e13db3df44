"""The block tree as HTML, the same for the web letter and for the PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, repeat

from markupsafe import Markup, escape

from letters.document import (
    SLOTS,
    Block,
    Break,
    Document,
    Emphasis,
    Figure,
    Gap,
    Heading,
    Inline,
    Language,
    Link,
    List,
    Paragraph,
    Quote,
    Strong,
    Table,
    Text,
)

ImageAddress = Callable[[Figure], str]
"""Gives the address under which a page finds a figure's image."""

NUMBERS = ("1", "a", "i")
"""The `type` of numbered lists by depth; see `document.list_label`."""


def blocks_html(blocks: Iterable[Block], address: ImageAddress, depth: int = 0) -> Markup:
    """Blocks as HTML; `depth` counts the lists around them."""
    return _joined((_block(block, address, depth) for block in blocks), by="\n")


def _block(block: Block, address: ImageAddress, depth: int) -> Markup:
    match block:
        case Heading(level, content):
            return _element(f"h{level}", inlines_html(content))
        case Paragraph(content, style=style):
            return _element("p", inlines_html(content), css_class=_css_class(style))
        case Quote(inner):
            return _element("blockquote", blocks_html(inner, address, depth))
        case List():
            return _list(block, address, depth)
        case Table():
            return _table(block)
        case Figure(alt=alt):
            return Markup('<p class="figure"><img src="{}" alt="{}"></p>').format(
                address(block), alt
            )


def _css_class(style: str) -> str:
    """A style's name as a CSS class: "Copied To" is `copied-to`."""
    return style.lower().replace(" ", "-")


def _element(tag: str, content: Markup, **attributes: str) -> Markup:
    names = ((name.removeprefix("css_"), value) for name, value in attributes.items() if value)
    written = "".join(f' {name}="{escape(value)}"' for name, value in names)
    return Markup(f"<{tag}{written}>{content}</{tag}>")  # noqa: S704  (each part is escaped)


def _joined(parts: Iterable[Markup], by: str = "") -> Markup:
    """Parts of HTML as one. Markup's own `join` looks at each for a second time."""
    return Markup(by.join(parts))  # noqa: S704  (each part is escaped)


def _list(block: List, address: ImageAddress, depth: int) -> Markup:
    inside = (blocks_html(item, address, depth + 1) for item in block.items)
    # The division becomes the list body of the tagged PDF.
    entries = _joined((_element("li", _element("div", item)) for item in inside), by="\n")
    level = f"level-{depth + 1}"
    if block.start is None:
        return _element("ul", entries, css_class=level)
    start = "" if block.start == 1 else str(block.start)
    return _element("ol", entries, css_class=level, type=NUMBERS[depth], start=start)


def _table(block: Table) -> Markup:
    head, *body = (_row(row, block.aligns, header=not n) for n, row in enumerate(block.rows))
    if not body:  # PDF/UA knows no table head without a body
        return _element("table", _element("tbody", head))
    rows = _element("tbody", _joined(body, by="\n"))
    return _element("table", _element("thead", head) + rows)


def _row(row: tuple[tuple[Inline, ...], ...], aligns: tuple[str, ...], *, header: bool) -> Markup:
    tag, scope = ("th", "col") if header else ("td", "")
    cells = (
        _element(tag, inlines_html(content), scope=scope, css_class=align)
        for content, align in zip(row, chain(aligns, repeat("")), strict=False)
    )
    return _element("tr", _joined(cells))


def inlines_html(content: Iterable[Inline]) -> Markup:
    """Inline content as HTML."""
    return _joined(map(_inline, content))


def _inline(inline: Inline) -> Markup:
    match inline:
        case Text(text):
            return escape(text)
        case Gap(text):
            return _element("mark", escape(text), css_class="gap")
        case Break():
            return Markup("<br>")
        case Emphasis(content):
            return _element("em", inlines_html(content))
        case Strong(content):
            return _element("strong", inlines_html(content))
        case Link(href, content):
            return _element("a", inlines_html(content), href=href)
        case Language(code, content):
            return _element("span", inlines_html(content), lang=code)


def every_block(document: Document) -> Iterator[Block]:
    """All blocks of a letter in reading order, those inside quotes and lists included."""
    for slot in SLOTS:
        yield from _below(document.slots[slot])


def _below(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Quote):
            yield from _below(block.blocks)
        elif isinstance(block, List):
            for item in block.items:
                yield from _below(item)
