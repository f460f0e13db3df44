"""Lines filled with all the words they have room for: a mend of the engine's line breaking.

WeasyPrint's `split_first_line` breaks three kinds of line too early:

- Where a text ends with a space (before bold words, a link) and fits in the line but for that
  space, it keeps the first word alone. Such a space hangs over the line's end and takes no room
  (CSS Text 3, 4.1.3: https://www.w3.org/TR/css-text-3/#white-space-phase-2).
- A line's last word is measured anew without the space after it. Where the font draws the two
  closer together (`forces’ `), the word is then wider than the line by a hair, and the engine
  breaks at an earlier place, which may be many words back.
- With `letter-spacing`, Pango leaves out the space after a line's last letter, and the engine
  counts it. Where that alone makes the line too wide, the engine keeps the first word.
"""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.layout import inline, preferred
from weasyprint.text import line_break

_NARROWER = (0.5, 1, 2, 4)
"""By how many pixels a line is narrowed whose last word is wider than its room by a hair."""

_CHARACTERS = 8
"""More characters than this for each font size of width never fit: half the engine's own guess is
the narrowest letter."""

_COLLAPSING = ("normal", "pre-line")
"""The kinds of `white-space` that break lines and let spaces at their end hang."""

_PARAMETERS = (
    *("text", "style", "context", "max_width", "justification_spacing"),
    *("is_line_start", "minimum"),
)
"""What the engine's function is given; one that is given anything else is left alone."""

_USERS = (inline, preferred, line_break)

INNER = tuple(module.split_first_line for module in _USERS)
"""What is replaced below: looked up here, so that its lack is told before any letter is begun."""

Split = Callable[..., tuple[Any, int, int | None, float, float, float]]
"""The engine's function: a layout, its length, where the next line begins (None: there is none),
width, height, baseline."""


@contextmanager
def filled_lines() -> Iterator[None]:
    """Have the engine fill its lines while this lasts; one letter at a time.

    Nothing is changed where the engine's function is not the one that is known.
    """
    theirs = line_break.split_first_line
    if tuple(inspect.signature(theirs).parameters) != _PARAMETERS:
        yield
        return
    _put_in(_mended(theirs))
    try:
        yield
    finally:
        _put_in(theirs)


def _put_in(split: Split) -> None:
    for module in _USERS:
        module.split_first_line = split


def _mended(theirs: Split) -> Split:
    def split_first_line(
        text: str,
        style: Any,
        context: Any,
        max_width: float | None,
        justification_spacing: float,
        is_line_start: bool = True,
        minimum: bool = False,
    ) -> Any:
        def split(text: str, width: float | None) -> Any:
            return theirs(
                text, style, context, width, justification_spacing, is_line_start, minimum
            )

        found = split(text, max_width)
        if max_width is None or style["white_space"] not in _COLLAPSING:
            return found
        if found[3] > max_width and not is_line_start:
            return _without_last_word(split, text, max_width, found) or found
        if found[2] is None:
            return found
        return (
            _whole(split, text, style["font_size"], max_width)
            or _longer(split, text, style["letter_spacing"], max_width, found)
            or found
        )

    return split_first_line


def _without_last_word(split: Split, text: str, room: float, found: Any) -> Any:
    """The line without its last word, where that is wider than the room by a hair."""
    if found[2] is None and split(text.rstrip(" "), None)[3] <= room:
        return None  # only its spaces have no room, which the engine knows by itself
    for less in _NARROWER:
        narrower = split(text, room - less)
        if narrower[2] is not None and narrower[3] <= room:
            return narrower
    return None


def _whole(split: Split, text: str, font_size: float, room: float) -> Any:
    """The whole text in one line, if it fits without the spaces at its end."""
    words = text.rstrip(" ")
    if words in ("", text) or len(words) * font_size > room * _CHARACTERS:
        return None
    _, _, resume_at, width, _, _ = split(words, room)
    if resume_at is not None or width > room:
        return None
    found = split(text, None)
    found[0].max_width = room  # or the engine could not cut it where a stylesheet asks for that
    return found


def _longer(split: Split, text: str, spacing: Any, room: float, found: Any) -> Any:
    """The line as it is in less room by the space after a letter; None if it holds no more."""
    if spacing == "normal" or spacing <= 0:
        return None
    narrower = split(text, room - spacing)
    return narrower if narrower[1] > found[1] else None
