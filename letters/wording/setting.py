"""Where blocks are set: the lines they come from and the lists and quotations round them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from markdown_it.tree import SyntaxTreeNode

from letters.document import Block, Origin
from letters.model import RichText
from letters.wording.markdown import parsed
from letters.wording.runtime import Part, Printed, Run
from letters.wording.source_map import Lines, Marks, forged, once


@dataclass(frozen=True)
class Setting:
    """Passed down the tree while Markdown tokens become blocks."""

    run: Run
    marks: Marks
    lines: Lines
    read: Callable[[Setting, Sequence[SyntaxTreeNode]], tuple[Block, ...]]
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

    def in_list(self) -> Setting:
        """One list further in."""
        return replace(self, lists=self.lists + 1)

    def in_quote(self) -> Setting:
        """One quotation further in."""
        return replace(self, quotes=self.quotes + 1)

    def in_text_of(self, printed: Printed) -> Setting:
        """The lines of an included file or a rich-text field, in the same lists and quotations."""
        because = once((*self.because, *printed.spot.because))
        if isinstance(printed.value, Part):
            lines = Lines.merged(printed.value.text, self.marks, because)
            return replace(self, lines=lines, because=because, inside="an included file")
        assert isinstance(printed.value, RichText)  # noqa: S101  (nothing else holds blocks)
        lines = Lines.recorded(printed.value, printed.field, because)
        return replace(self, lines=lines, because=because, inside="rich text")


def first_line(node: SyntaxTreeNode) -> int:
    """The line (from 0) on which a block begins."""
    return node.map[0] if node.map else 0


def spliced(setting: Setting, printed: Printed) -> tuple[Block, ...]:
    """The blocks of an included file or a rich-text value, as they stand in `setting`."""
    inner = setting.in_text_of(printed)
    if isinstance(printed.value, RichText) and (sign := forged(printed.value.markdown)):
        what = f"The text holds '{sign}', which stands for a reserved character."
        inner.problem(0, what, "Delete it.")
        return ()
    return inner.read(inner, parsed(inner.lines.text))
