"""The lines of equal paragraphs, broken once: part of `reuse`, with its conditions.

Where a paragraph of the same words, styles and width was broken into lines before, its lines are
put down again, at the height at hand. The engine works out a line's heights from its own baseline
and then moves the line to its place; the same two numbers are added here, so the sums are the same
to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline

from letters.render.pdf.reuse.text import RecentCache

_OF_THE_LETTER = {
    *("element", "element_tag", "style", "children", "first_letter_style", "first_line_style"),
    *("link", "link_annotation", "missing_link", "bookmark_label", "string_set", "footnote"),
    *("note", "note_call", "note_callback", "cached_counter_values"),
    *("_letters_at", "_letters_lines"),
}
"""What the boxes of a line say of their letter; all else is worked out as the line is broken."""

Box = Any
"""A box of WeasyPrint's layout, which has no types."""

all_lines, next_line = inline.iter_line_boxes, inline.get_next_linebox
heights = inline.line_box_verticality


@dataclass(frozen=True, slots=True)
class _TextPiece:
    """A box of a line: which of its parent's boxes it is a part of, what was worked out for it, and
    how far it stands below the line's baseline."""

    at: int
    said: dict[str, Any]
    below: float
    pieces: tuple[_TextPiece, ...]

    def again(self, whole: Box, offset: float) -> Box:
        """The same part of an equal box `whole`."""
        made = whole.copy()
        own = vars(made)
        own.update(self.said)
        own["remove_decoration_sides"] = set(self.said["remove_decoration_sides"])
        own["position_y"] = self.below + offset
        if "pango_layout" in own:
            own["pango_layout"] = copied(own["pango_layout"])
        if "children" in own:
            wholes = whole.children
            own["children"] = [piece.again(wholes[piece.at], offset) for piece in self.pieces]
        return made


@dataclass(frozen=True, slots=True)
class _BrokenLine:
    """A line as it was broken, and where the next one begins."""

    whole: _TextPiece
    top: float
    resume_at: Any

    def again(self, paragraph: Box, position_y: float) -> tuple[Box, Any]:
        """The same line of an equal paragraph, at another height."""
        line = self.whole.again(paragraph, position_y - self.top)
        line.position_y = position_y
        return line, self.resume_at


class BrokenLines:
    """The paragraphs broken into lines so far, for one font configuration, about `most`."""

    def __init__(self, lasts: Callable[[Any], bool], most: int) -> None:
        self._lasts = lasts
        self._known = RecentCache(most)
        self._is_plain: dict[int, bool] = {}
        self._measured: tuple[float, list[float]] = (0.0, [])

    def __len__(self) -> int:
        return len(self._known)

    def all_lines(self, context: Any, paragraph: Box, *others: Any) -> Any:
        """Stands in for the engine's `iter_line_boxes`: looks at a paragraph anew, since its words
        may tell the number of a page, and be others than when it was last laid out.
        """
        paragraph.__dict__.pop("_letters_lines", None)
        return all_lines(context, paragraph, *others)

    def next_line(
        self,
        context: Any,
        paragraph: Box,
        position_y: float,
        bottom_space: float,
        skip_stack: Any,
        around: Box,
        *others: Any,
    ) -> tuple[Box, Any]:
        """Stands in for the engine's `get_next_linebox`."""
        arguments = (context, paragraph, position_y, bottom_space, skip_stack, around, *others)
        *_, first_letter, first_line = others
        is_plain = not (context.excluded_shapes or first_letter or first_line)
        lines = self._lines(paragraph, around) if is_plain else None
        if lines is None:
            found: tuple[Box, Any] = next_line(*arguments)
            return found
        key = (paragraph.text_indent, _begin(skip_stack))
        known: _BrokenLine | None = lines.get(key)
        if known is not None:
            return known.again(paragraph, position_y)
        line, resume_at = next_line(*arguments)
        if line is not None and line.height:
            top, below = self._measured
            lines[key] = _BrokenLine(_piece(line, iter(below)), top, resume_at)
        return line, resume_at

    def heights(self, line: Box) -> tuple[float, float]:
        """Stands in for the engine's `line_box_verticality`: remembers what it found."""
        bottom, top = heights(line)
        self._measured = (top, [box.position_y for box in line.descendants()])
        return bottom, top

    def _lines(self, paragraph: Box, around: Box) -> dict[Any, _BrokenLine] | None:
        """The lines of an equal paragraph in as much room; None where they are not kept."""
        own: dict[str, Any] = paragraph.__dict__
        if "_letters_lines" not in own:
            own["_letters_lines"] = self._found(paragraph, around)
        lines: dict[Any, _BrokenLine] | None = own["_letters_lines"]
        return lines

    def _found(self, paragraph: Box, around: Box) -> dict[Any, _BrokenLine] | None:
        sign = self._sign(paragraph)
        if sign is None or paragraph.margin_top or around.style["direction"] != "ltr":
            return None
        key = (sign, around.content_box_x(), around.width, around.height)
        found: dict[Any, _BrokenLine] | None = self._known.get(key)
        if found is None:
            self._known.keep(key, {})
            found = self._known.get(key)
        return found

    def _sign(self, box: Box) -> object:
        """What tells a box and all in it from others; None where it holds more than words."""
        kind, style = type(box), box.style
        if not self._plain(style) or box.is_leader:
            return None
        if kind is boxes.TextBox:
            own = (box.text, box.leading_collapsible_space, box.trailing_collapsible_space)
            return (id(style), box.element_tag, own)
        if kind is not boxes.InlineBox and kind is not boxes.LineBox:
            return None
        signs = []
        for at, child in enumerate(box.children):
            sign = self._sign(child)
            if sign is None:
                return None
            vars(child)["_letters_at"] = at
            signs.append(sign)
        return (id(style), box.element_tag, tuple(signs))

    def _plain(self, style: Any) -> bool:
        """Whether a style is shared by letters and leaves a box in the flow of its line."""
        known = self._is_plain.get(id(style))
        if known is None:
            if not self._lasts(style):
                return False
            known = (
                style["position"] == "static"
                and style["float"] == "none"
                and style["direction"] == "ltr"
            )
            self._is_plain[id(style)] = known
        return known


def copied(layout: Any) -> Any:
    """A text layout of the engine, which changes it as it draws, for another line to have."""
    made = layout.__class__.__new__(layout.__class__)
    vars(made).update(vars(layout))
    return made


def _begin(skip_stack: Any) -> tuple[int, ...]:
    """Where a line begins: a place in its paragraph, a place in the box there, and so on."""
    places = []
    while skip_stack:
        ((place, skip_stack),) = skip_stack.items()
        places.append(place)
    return tuple(places)


def _piece(box: Box, below: Any) -> _TextPiece:
    own = vars(box)
    said = {name: value for name, value in own.items() if name not in _OF_THE_LETTER}
    said["remove_decoration_sides"] = frozenset(box.remove_decoration_sides)
    mine = next(below)
    return _TextPiece(
        own.get("_letters_at", 0), said, mine, tuple(_piece(each, below) for each in box.children)
    )
