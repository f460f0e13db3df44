"""Running text: the inline tokens of a paragraph, heading or cell become the tree's inlines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias
from urllib.parse import quote

from markdown_it.tree import SyntaxTreeNode

from letters.document import (
    Block,
    Break,
    Emphasis,
    Gap,
    Inline,
    Language,
    Link,
    Origin,
    Paragraph,
    Strong,
    Text,
    plain,
)
from letters.model import RichText
from letters.wording.markdown import (
    DEEPEST_MARKS,
    LONGEST,
    TOO_DEEP,
    TOO_LONG,
    leftovers,
    normalized_link,
    parsed,
)
from letters.wording.rewriter import VALUES, Sentinels, SourceMap, forged, is_value, once
from letters.wording.runtime import IncludedText, LetterRun, PrintedValue


@dataclass(frozen=True)
class BlockContext:
    """Passed down the tree while Markdown tokens become blocks."""

    run: LetterRun
    marks: Sentinels
    lines: SourceMap
    read: Callable[[BlockContext, Sequence[SyntaxTreeNode]], tuple[Block, ...]]
    """Tokens to blocks; a text inside a text is read by it again."""
    because: tuple[str, ...] = ()
    lists: int = 0
    quotes: int = 0
    inside: str = ""
    """The file or field that the text is part of; '' for letter.md itself."""

    def problem(self, line: int, what: str, fix: str) -> None:
        """Note what is wrong on a line (from 0); a cell's lines have no place of their own."""
        place = self.lines.place(line)
        if place.cell and len(self.lines.rows) > 1:
            what = f"In line {line + 1} of the cell: {what[0].lower()}{what[1:]}"
        self.run.problem(place, what, fix)

    def origin(self, node: SyntaxTreeNode, fields: Iterable[str] = ()) -> Origin:
        """The origin of a leaf: conditions of all its lines and of the sentences in it."""
        first, last = node.map or (0, 0)
        return self.lines.origin(first, last, fields)

    def container_origin(self, node: SyntaxTreeNode) -> Origin:
        """The origin of a list or quotation: its first line's."""
        first = first_line(node)
        return self.lines.origin(first, first + 1)

    def in_list(self) -> BlockContext:
        """One list further in."""
        return replace(self, lists=self.lists + 1)

    def in_quote(self) -> BlockContext:
        """One quotation further in."""
        return replace(self, quotes=self.quotes + 1)

    def in_text_of(self, printed: PrintedValue) -> BlockContext:
        """The lines of an included file or a rich-text field, in the same lists and quotations."""
        because = once((*self.because, *printed.spot.because))
        if isinstance(printed.value, IncludedText):
            lines = SourceMap.merged(printed.value.text, self.marks, because)
            return replace(self, lines=lines, because=because, inside="an included file")
        assert isinstance(printed.value, RichText)  # noqa: S101  (nothing else holds blocks)
        lines = SourceMap.recorded(printed.value, printed.field, because)
        return replace(self, lines=lines, because=because, inside="rich text")


def first_line(node: SyntaxTreeNode) -> int:
    """The line (from 0) on which a block begins."""
    return node.map[0] if node.map else 0


def spliced(setting: BlockContext, printed: PrintedValue) -> tuple[Block, ...]:
    """The blocks of an included file or a rich-text value, as they stand in `setting`."""
    inner = setting.in_text_of(printed)
    if isinstance(printed.value, RichText) and (sign := forged(printed.value.markdown)):
        what = f"The text holds '{sign}', which stands for a reserved character."
        inner.problem(0, what, "Delete it.")
        return ()
    return inner.read(inner, parsed(inner.lines.text))


_SPACE = re.compile(r"[ \t\n]+")
_SPAN_END = re.compile(r"[ \t\n]{2,}|[\t\n]")

Change: TypeAlias = Callable[[Text, bool], str]


def tidy(content: Iterable[Inline]) -> tuple[Inline, ...]:
    """`content` with single spaces, no space or break at its ends, no empty text or spans."""
    inlines = tuple(content)
    forward = _InlinePass(_no_leading, reverse=False).over(inlines)
    backward = _InlinePass(_no_trailing, reverse=True).over(forward)
    return _without_outer_breaks(_merged(backward))


def _no_leading(text: Text, at_edge: bool) -> str:
    single = _SPACE.sub(" ", text.text) if _SPAN_END.search(text.text) else text.text
    return single.lstrip(" ") if at_edge else single


def _no_trailing(text: Text, at_edge: bool) -> str:
    return text.text.rstrip(" ") if at_edge else text.text


class _InlinePass:
    """Walks the texts of a tree in one direction and knows whether a space would be lost there."""

    def __init__(self, change: Change, *, reverse: bool) -> None:
        self.change = change
        self.reverse = reverse
        self.at_edge = True

    def over(self, inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
        """The changed inlines, in their own order."""
        changed = [self._one(each) for each in (reversed(inlines) if self.reverse else inlines)]
        return tuple(reversed(changed) if self.reverse else changed)

    def _one(self, inline: Inline) -> Inline:
        if isinstance(inline, Break | Gap):
            self.at_edge = isinstance(inline, Break)
            return inline
        if isinstance(inline, Text):
            return self._text(inline)
        return replace(inline, content=self.over(inline.content))

    def _text(self, text: Text) -> Text:
        changed = self.change(text, self.at_edge)
        if changed:
            # Going forward, a space at the end of one text makes that of the next superfluous.
            self.at_edge = not self.reverse and changed.endswith(" ")
        return text if changed == text.text else Text(changed, text.field)


def _merged(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Neighbouring texts of one field as one; nothing that is empty."""
    out: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Text):
            _append(out, inline)
        elif isinstance(inline, Break | Gap):
            out.append(inline)
        elif inner := _merged(inline.content):
            out.append(replace(inline, content=inner))
    return tuple(out)


def _append(out: list[Inline], text: Text) -> None:
    last = out[-1] if out else None
    if isinstance(last, Text) and last.field == text.field:
        out[-1] = Text(last.text + text.text, text.field)
    elif text.text:
        out.append(text)


def _without_outer_breaks(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    first, last = 0, len(inlines)
    while first < last and isinstance(inlines[first], Break):
        first += 1
    while last > first and isinstance(inlines[last - 1], Break):
        last -= 1
    return inlines[first:last]


SCHEMES = ("http://", "https://", "mailto:", "tel:")
"""How the address of a link may begin."""

_REFUSED: Mapping[str, tuple[str, str]] = {
    TOO_LONG: (
        f"The paragraph has more than {LONGEST:,} characters.",
        "Make several of it, with an empty line between them.",
    ),
    TOO_DEEP: (
        f"Marks such as '**' are more than {DEEPEST_MARKS} deep in one another.",
        "Take out those that nothing needs.",
    ),
    "code_inline": (
        "Backticks mark program code, which letters do not hold.",
        r"Delete them, or write '\`' if the sign is meant.",
    ),
    "html_inline": (
        "A tag of HTML is in the text.",
        r"Delete it, or write '\<' if the sign is meant.",
    ),
    "image": ("Wordings hold no images.", "Put images into the layout."),
}


class RunningText:
    """The running text of one block. `fields` collects the placeholders it prints."""

    def __init__(self, setting: BlockContext, block: SyntaxTreeNode) -> None:
        self.setting = setting
        self.line = first_line(block)
        self.fields: list[str] = []

    def content(self, nodes: Sequence[SyntaxTreeNode]) -> tuple[Inline, ...]:
        """The inlines of a block, tidied."""
        return tidy(self.inlines(nodes))

    def inlines(self, nodes: Sequence[SyntaxTreeNode]) -> tuple[Inline, ...]:
        """Inlines as written."""
        return tuple(inline for node in nodes for inline in self.inline(node))

    def inline(self, node: SyntaxTreeNode) -> Iterator[Inline]:
        """What one token becomes."""
        if node.type in _REFUSED:
            self.setting.problem(self.line, *_REFUSED[node.type])
        else:
            yield from _MAKERS[node.type](self, node)

    def text(self, node: SyntaxTreeNode) -> Iterator[Inline]:
        """Words of the wording, and values in the places of their signs."""
        after_gap = False
        for piece in filter(None, VALUES.split(node.content)):
            if is_value(piece):
                printed = self.setting.run.find(piece)
                yield from self.value(printed)
                after_gap = printed.value is None
            else:
                yield Text(f" {piece}" if after_gap and piece[0].isalnum() else piece)
        if node.type == "text":
            for what, fix in leftovers(node.content):
                self.setting.problem(self.line, what, fix)

    def value(self, printed: PrintedValue) -> Iterator[Inline]:
        """A value in the middle of a text."""
        self.fields += printed.fields
        if isinstance(printed.value, IncludedText | RichText):
            yield from self.one_paragraph(printed)
        else:
            yield from self.setting.run.inlines(printed)

    def one_paragraph(self, printed: PrintedValue) -> Iterator[Inline]:
        """The words of an included file or rich text that is a single paragraph."""
        blocks = spliced(self.setting, printed)
        if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
            self.fields += blocks[0].origin.fields
            yield from blocks[0].content
        elif blocks:
            self._too_much(printed)

    def _too_much(self, printed: PrintedValue) -> None:
        run = self.setting.run
        if isinstance(printed.value, IncludedText):
            held = "The included text"
        else:
            held = f"{{{{ {printed.field} }}}}"
        what = f"{held} is among other words but is not one paragraph in {run.name}."
        fix = "Put it on a line of its own, with an empty line before and after it."
        run.problem(printed.spot.place, what, fix)

    def softbreak(self, _: SyntaxTreeNode) -> Iterator[Inline]:
        """A line end in the source is a space."""
        self.line += 1
        yield Text(" ")

    def hardbreak(self, _: SyntaxTreeNode) -> Iterator[Inline]:
        """A backslash or two spaces before the line end."""
        self.line += 1
        yield Break()

    def emphasis(self, node: SyntaxTreeNode) -> Iterator[Inline]:
        """Italic text."""
        yield Emphasis(self.inlines(node.children))

    def strong(self, node: SyntaxTreeNode) -> Iterator[Inline]:
        """Bold text."""
        yield Strong(self.inlines(node.children))

    def language(self, node: SyntaxTreeNode) -> Iterator[Inline]:
        """A span in another language."""
        yield Language(str(node.attrs["lang"]), self.inlines(node.children))

    def link(self, node: SyntaxTreeNode) -> Iterator[Inline]:
        """A link; its address begins in one of the ways letters may use."""
        pieces = [piece for piece in VALUES.split(str(node.attrs["href"])) if piece]
        content = self.inlines(node.children)
        if self._lacks_value(pieces):
            yield from content  # a draft without the address, or a letter that is refused
            return
        address = self.address(pieces)
        if node.attrs.get("title"):
            what = "A link's title, in quotes after the address, is printed nowhere."
            self.setting.problem(self.line, what, "Delete it.")
        if not plain(content).strip():
            what = f"The link to '{address}' has no words."
            self.setting.problem(self.line, what, "Write them in the square brackets.")
        yield Link(address, content)

    def address(self, pieces: Sequence[str]) -> str:
        """A link's address with its values; a problem where it begins otherwise than it may."""
        whole = "".join(self._address_piece(piece, number) for number, piece in enumerate(pieces))
        if not whole.lower().startswith(SCHEMES):
            self._refuse_address(whole, any(map(is_value, pieces)))
        return normalized_link(whole)

    def _address_piece(self, piece: str, number: int) -> str:
        if not is_value(piece):
            return piece
        printed = self.setting.run.find(piece)
        self.fields += printed.fields
        # A value that begins the address is a whole address; any other is one part of it.
        safe = "@:/?&=#%+,;~-._!$'()*" if number == 0 else "@:+,~-._"
        return quote(printed.value, safe=safe) if isinstance(printed.value, str) else ""

    def _lacks_value(self, pieces: Sequence[str]) -> bool:
        return any(is_value(p) and self.setting.run.find(p).value is None for p in pieces)

    def _refuse_address(self, address: str, from_value: bool) -> None:
        where = f" in {self.setting.run.name}" if from_value else ""
        what = f"The link{where} leads to '{address}'."
        fix = "Begin the address with https://, http://, mailto: or tel:."
        self.setting.problem(self.line, what, fix)


_MAKERS: Mapping[str, Callable[[RunningText, SyntaxTreeNode], Iterator[Inline]]] = {
    "text": RunningText.text,
    "text_special": RunningText.text,
    "softbreak": RunningText.softbreak,
    "hardbreak": RunningText.hardbreak,
    "em": RunningText.emphasis,
    "strong": RunningText.strong,
    "language": RunningText.language,
    "link": RunningText.link,
}


def is_gap(content: Sequence[Inline]) -> bool:
    """Whether all there is to read is a draft's gap."""
    return bool(content) and all(isinstance(inline, Gap) for inline in content)
