"""Lines of text drawn before, drawn again: part of `reuse`, with its conditions.

The engine asks the font library for each line's glyphs and spells them out. What it spells is
remembered by the line's words and style, with the meaning and width of each glyph. A line is drawn
from memory only where the fonts of the letter at hand say the same of each of its glyphs.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from weasyprint.draw import text as engine

MET = 10_000
"""How many hashes of keys are kept, to tell what is met a second time."""

draw_text, draw_first_line = engine.draw_text, engine.draw_first_line


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many things of a kind are remembered before those not met again are forgotten.

    Small ones, large ones, and places of elements. So memory stays flat.
    """

    small: int = 1_000
    large: int = 300
    places: int = 20_000


USUAL = Bounds()


class RecentCache:
    """What was worked out, by what it was worked out from; what is not asked for is forgotten.

    It is kept from the second time on: a line that one letter alone has is not worth its memory.
    At most twice `most` are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._now: dict[object, Any] = {}
        self._before: dict[object, Any] = {}
        self._met: set[int] = set()

    def __len__(self) -> int:
        return len(self._now) + len(self._before)

    def get(self, key: object) -> Any:
        """What was kept for `key`, or None."""
        found = self._now.get(key)
        if found is None and (found := self._before.get(key)) is not None:
            self.keep(key, found)
        return found

    def keep(self, key: object, found: Any) -> None:
        """Keep what was found a second time; it is there for the next `most` at least."""
        if hash(key) not in self._met:
            if len(self._met) >= MET:
                self._met.clear()
            self._met.add(hash(key))
            return
        if len(self._now) >= self._most:
            self._before, self._now = self._now, {}
        self._now[key] = found


class _NotPlainError(Exception):
    """A line that holds more than glyphs of a font: it is left to the engine."""


@dataclass(frozen=True, slots=True)
class _KnownFont:
    """The characters and widths of glyphs, as all lines remembered say them."""

    to_unicode: dict[int, str] = field(default_factory=dict)
    widths: dict[int, int] = field(default_factory=dict)

    def learns(self, font: Any) -> bool:
        """Take over what a line taught its font; whether it says the same as other lines."""
        pairs = ((self.to_unicode, font.to_unicode), (self.widths, font.widths))
        return all(
            known.setdefault(glyph, meaning) == meaning
            for known, new in pairs
            for glyph, meaning in new.items()
        )


@dataclass(frozen=True, slots=True)
class _Glyphs:
    """What a line teaches a font: the characters and widths of some of its glyphs."""

    font: _KnownFont
    meant: tuple[int, ...]
    measured: tuple[int, ...]

    def agree(self, font: Any) -> bool:
        """Whether a letter's font says the same of these glyphs, if anything."""
        widths = self.font.widths
        return all(
            font.widths.get(glyph, widths[glyph]) == widths[glyph] for glyph in self.measured
        )

    def teach(self, font: Any) -> None:
        """Tell a letter's font of these glyphs."""
        for glyph in self.meant:
            font.to_unicode.setdefault(glyph, self.font.to_unicode[glyph])
        for glyph in self.measured:
            font.widths.setdefault(glyph, self.font.widths[glyph])


@dataclass(slots=True)
class _LineDrawing:
    """What drawing a line does: instructions, and what it teaches each of its fonts."""

    steps: list[tuple[str, Any, Any]] = field(default_factory=list)
    fonts: dict[int, _Glyphs] = field(default_factory=dict)

    def fits(self, fonts: dict[int, Any]) -> bool:
        """Whether a letter has the line's fonts, and they say the same of its glyphs."""
        return all(key in fonts and own.agree(fonts[key]) for key, own in self.fonts.items())

    def draw(self, stream: Any, matrix: Any) -> None:
        """Draw the line where `matrix` says."""
        for key, own in self.fonts.items():
            own.teach(stream._fonts[key])
        stream.set_text_matrix(*matrix.values)
        for step, one, two in self.steps:
            if step == "font":
                stream.set_font_size(one, two)
            elif step == "show":
                stream.stream.append(one)
            else:
                stream.set_text_rise(one)


class _Recorder:
    """Takes the place of a page while a line is drawn for the first time; draws nothing."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.line = _LineDrawing()
        self._fonts: dict[int, Any] = {}
        self.ink_rect, self.logical_rect = stream.ink_rect, stream.logical_rect

    def add_font(self, pango_font: Any) -> tuple[Any, float]:
        """A font of the letter, as it would be if this were its only line."""
        font, size = self._stream.add_font(pango_font)
        if font.png or font.svg or font.colr or font.bitmap:
            raise _NotPlainError
        key = next(key for key, known in self._stream._fonts.items() if known is font)
        if key not in self._fonts:
            own = copy.copy(font)
            own.to_unicode, own.widths, own.get_unused_glyph_id = {}, {}, _refuse
            self._fonts[key] = own
        return self._fonts[key], size

    def drawn(self, fonts: dict[int, _KnownFont]) -> _LineDrawing:
        """The line; its glyphs are told to `fonts`, which lines share and which hold no font file.

        Raises _NotPlainError where another line says otherwise of a glyph.
        """
        for key, own in self._fonts.items():
            font = fonts.setdefault(key, _KnownFont())
            if not font.learns(own):
                raise _NotPlainError
            self.line.fonts[key] = _Glyphs(font, tuple(own.to_unicode), tuple(own.widths))
        return self.line

    def set_text_matrix(self, *_: float) -> None:
        """Where the line stands is said when it is drawn."""

    def set_font_size(self, font: str, size: float) -> None:
        self.line.steps.append(("font", font, size))

    def show_text(self, text: str) -> None:
        self.line.steps.append(("show", b"[" + text.encode("ascii") + b"] TJ", None))

    def set_text_rise(self, height: float) -> None:
        self.line.steps.append(("rise", height, None))


def _refuse(_codepoint: int) -> int:
    """A character that the font lacks: the engine must say so, each time."""
    raise _NotPlainError


class DrawnLines:
    """The lines drawn so far, for one font configuration, about `most`."""

    def __init__(self, lasts: Callable[[Any], bool], most: int) -> None:
        self._lasts = lasts
        self._known = RecentCache(most)
        self._fonts: dict[int, _KnownFont] = {}

    def __len__(self) -> int:
        return len(self._known)

    def draw_text(
        self, stream: Any, box: Any, offset_x: float, overflow: str, block_ellipsis: Any
    ) -> None:
        """Stands in for the engine's `draw_text`."""
        style = box.style
        known = self._known.get(_key(box))
        if (
            known is None
            or overflow == "ellipsis"
            or block_ellipsis != "none"
            or style["visibility"] != "visible"
            or style["text_decoration_line"] != "none"
            or not known.fits(stream._fonts)
        ):
            draw_text(stream, box, offset_x, overflow, block_ellipsis)
            return
        stream.set_color(style["color"])
        stream.begin_text()
        known.draw(stream, _matrix(box))
        stream.end_text()

    def draw_first_line(
        self, stream: Any, box: Any, overflow: str, block_ellipsis: Any, matrix: Any
    ) -> Any:
        """Stands in for the engine's `draw_first_line`: remembers what it does."""
        is_plain = overflow != "ellipsis" and block_ellipsis == "none" and box.text.strip()
        if not is_plain or box.style["font_size"] < 1e-6 or not self._lasts(box.style):
            return draw_first_line(stream, box, overflow, block_ellipsis, matrix)
        recorder = _Recorder(stream)
        try:
            draw_first_line(recorder, box, overflow, block_ellipsis, matrix)
            line = recorder.drawn(self._fonts)
        except _NotPlainError:
            return draw_first_line(stream, box, overflow, block_ellipsis, matrix)
        self._known.keep(_key(box), line)
        if not line.fits(stream._fonts):
            return draw_first_line(stream, box, overflow, block_ellipsis, matrix)
        line.draw(stream, matrix)
        return []


def _key(box: Any) -> object:
    layout = box.pango_layout
    return (layout.text, box.text, id(box.style), layout.justification_spacing)


def _matrix(box: Any) -> Any:
    return engine.Matrix(d=-1, e=box.position_x, f=box.position_y + box.baseline)
