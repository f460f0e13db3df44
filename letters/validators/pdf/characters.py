"""Where each character of a PDF's words stands: its box on the page, its size, how it is painted.

ISO 32000-1: 9.3 (text state), 9.4 (text objects and operators), 9.7.4.3 (widths of composite
fonts), 14.8.2.2 (artifacts). Forms are followed wherever they are drawn.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import NamedTuple

from pikepdf import Dictionary, Name, Object, Page, Pdf, Stream

from letters.validators.pdf.content import (
    Matrix,
    instructions,
    moved,
    page_content,
    product,
    shown_codes,
)
from letters.validators.pdf.fonts import Font, read_font

_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)  # moves nothing
_DEEPEST = 20
"""Forms inside forms; a file in which a form draws itself has no end of them."""

_DESCENT, _ASCENT = -0.22, 0.8
"""How far letters reach below and above the line they stand on, in sizes of the font."""

_TJ_PARTS = re.compile(rb"<[0-9A-Fa-f\s]*>|\((?:[^\\()]|\\.|\([^()]*\))*\)|[-+.0-9]+", re.DOTALL)


class Character(NamedTuple):
    """A character that is drawn: what it says, and where it stands along its run, in points.

    `has_shape` is false for spaces, for signs that show nothing by their nature (a soft hyphen),
    and for "_", which an underlined link hides in its line and still shows as one.
    """

    text: str
    has_shape: bool
    start: float
    end: float


class Box(NamedTuple):
    """A part of a page, in points."""

    left: float
    low: float
    right: float
    high: float


_EVERYWHERE = Box(-math.inf, -math.inf, math.inf, math.inf)


@dataclass(slots=True)
class GlyphRun:
    """Characters that one instruction draws along a line.

    `low` and `high` are the height of the line on the page and `size` that of its letters, in
    points; `mode` is how they are painted (ISO 32000-1, 9.3.6); `window` is what clipping leaves
    of the page (8.5.4). A run that is turned or mirrored is not upright, and the places of its
    characters say nothing.
    """

    page: int
    low: float
    high: float
    size: float
    mode: int
    is_upright: bool
    window: Box
    characters: list[Character] = field(default_factory=list)

    @property
    def left(self) -> float:
        """Where the run begins, in points."""
        return min(each.start for each in self.characters)

    @property
    def right(self) -> float:
        """Where it ends, in points."""
        return max(each.end for each in self.characters)


def read_characters(pdf: Pdf) -> list[list[GlyphRun]]:
    """For each page the runs of characters that are no artifact, in the order of painting."""
    known: dict[tuple[int, int], _Face] = {}
    return [_CharacterReader(n, page, known).read() for n, page in enumerate(pdf.pages)]


class _Glyph(NamedTuple):
    """What a code draws; its width is in thousandths of the size, and word spacing widens spaces
    of one byte."""

    text: str
    has_shape: bool
    width: float
    is_space: bool


class _Face:
    """A font and what its codes draw."""

    def __init__(self, found: Object) -> None:
        self.font: Font = read_font(found)
        self._widths, self._default = _widths(found)
        self._known: dict[bytes, list[_Glyph]] = {}

    def glyphs(self, string: bytes) -> list[_Glyph]:
        """What the codes of a string draw; `string` is as it is in the page's content."""
        found = self._known.get(string)
        if found is None:
            codes, width = shown_codes(string), self.font.width
            places = range(0, len(codes), width)
            found = self._known[string] = [self._glyph(codes[n : n + width]) for n in places]
        return found

    def _glyph(self, code: bytes) -> _Glyph:
        number = int.from_bytes(code, "big")
        text = self.font.text(code) or "\ufffd"
        has_shape = bool(text.strip()) and unicodedata.category(text[0]) != "Cf" and text != "_"
        return _Glyph(text, has_shape, self._widths.get(number, self._default), code == b" ")


@dataclass(slots=True)
class _TextState:
    """The state of the page's instructions as far as text depends on it."""

    matrix: Matrix = _SAME
    face: _Face | None = None
    size: float = 0.0
    spacing: float = 0.0
    word_spacing: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0
    window: Box = _EVERYWHERE


class _CharacterReader:
    """Follows one page's instructions, and those of the forms it draws."""

    def __init__(self, number: int, page: Page, known: dict[tuple[int, int], _Face]) -> None:
        self._number, self._page, self._known = number, page, known
        self._unit = float(page.obj.get("/UserUnit", 1))
        self._turned = int(page.rotation) % 360 != 0
        self._state = _TextState()
        self._kept: list[_TextState] = []
        self._text = self._line = _SAME
        self._artifacts: list[bool] = []
        self._path: list[tuple[float, float]] = []
        self._clips = False
        self._fonts: dict[str, _Face] = {}
        self._runs: list[GlyphRun] = []

    def read(self) -> list[GlyphRun]:
        self._follow(page_content(self._page), self._page.obj.get("/Resources", Dictionary()), 0)
        return [run for run in self._runs if run.characters]

    def _follow(self, content: bytes, resources: Object, depth: int) -> None:
        self._fonts = self._faces(resources)
        for operands, operator in instructions(content):
            if operator in ("TJ", "Tj", "'", '"'):
                self._show_text(operator, operands)
            elif operator == "Do":
                self._draw(resources, operands.split()[0].decode("latin-1"), depth)
            elif step := _STEPS.get(operator):
                step(self, operands)

    def _faces(self, resources: Object) -> dict[str, _Face]:
        found = {}
        for name, font in resources.get("/Font", Dictionary()).items():
            if font.objgen not in self._known or font.objgen == (0, 0):
                self._known[font.objgen] = _Face(font)
            found[name] = self._known[font.objgen]
        return found

    @property
    def _is_artifact(self) -> bool:
        return bool(self._artifacts and self._artifacts[-1])

    def _draw(self, resources: Object, name: str, depth: int) -> None:
        """Follow a form; a picture has no text."""
        form = resources.get("/XObject", Dictionary()).get(name)
        if not isinstance(form, Stream) or form.get("/Subtype") != Name.Form or depth > _DEEPEST:
            return
        before = copy(self._state), self._kept, self._artifacts, self._fonts
        matrix = [float(n) for n in form.get("/Matrix", _SAME)]
        self._state.matrix = product(_matrix(matrix), self._state.matrix)
        self._kept, self._artifacts = [], list(self._artifacts)
        self._follow(form.read_bytes(), form.get("/Resources", resources), depth + 1)
        self._state, self._kept, self._artifacts, self._fonts = before

    def _show_text(self, operator: str, operands: bytes) -> None:
        if operator == '"':
            word, char = operands.split(maxsplit=2)[:2]
            self._state.word_spacing, self._state.spacing = float(word), float(char)
            operands = operands.split(maxsplit=2)[2]
        if operator in ("'", '"'):
            self._next_line(b"")
        state = self._state
        if state.face is None:
            return
        run = self._run()
        self._show(state.face, operands, run)
        if not self._is_artifact:
            self._runs.append(run)

    def _run(self) -> GlyphRun:
        """A run that begins at the pen."""
        state = self._state
        a, b, c, d, _, _ = whole = product(self._text, state.matrix)
        size = abs(state.size)
        feet, head = _DESCENT * size + state.rise, _ASCENT * size + state.rise
        heights = (moved(whole, 0, feet)[1], moved(whole, 0, head)[1])
        upright = state.size * state.stretch > 0 < a and abs(b) < 1e-4 * a and abs(c) < d / 2
        return GlyphRun(
            page=self._number,
            low=min(heights),
            high=max(heights),
            size=size * abs(a * d - b * c) ** 0.5 * self._unit,
            mode=state.mode,
            is_upright=upright and not self._turned,
            window=state.window,
        )

    def _show(self, face: _Face, operands: bytes, run: GlyphRun) -> None:
        """Draw strings one after another, and move the pen between them."""
        state, pen = self._state, 0.0
        scale = state.size * state.stretch / 1000
        a, _, _, _, e, _ = product(self._text, state.matrix)
        for part in _TJ_PARTS.findall(operands):
            if part[0] not in b"<(":
                pen -= float(part) * scale
                continue
            for text, has_shape, width, is_space in face.glyphs(part):
                end = pen + width * scale
                run.characters.append(Character(text, has_shape, e + a * pen, e + a * end))
                gap = state.spacing + (state.word_spacing if is_space else 0.0)
                pen = end + gap * state.stretch
        self._text = product((1, 0, 0, 1, pen, 0), self._text)

    def _begin_mark(self, operands: bytes) -> None:
        self._artifacts.append(self._is_artifact or operands.startswith(b"/Artifact"))

    def _end_mark(self, _: bytes) -> None:
        del self._artifacts[-1:]

    def _choose_font(self, operands: bytes) -> None:
        name, size = operands.split()
        self._state.face, self._state.size = self._fonts.get(name.decode("latin-1")), float(size)

    def _save(self, _: bytes) -> None:
        self._kept.append(copy(self._state))

    def _restore(self, _: bytes) -> None:
        if self._kept:
            self._state = self._kept.pop()

    def _transform(self, operands: bytes) -> None:
        self._state.matrix = product(_matrix(_numbers(operands)), self._state.matrix)

    def _rectangle(self, operands: bytes) -> None:
        x, y, width, height = _numbers(operands)
        self._add(x, y, x, y + height, x + width, y, x + width, y + height)

    def _draw_line(self, operands: bytes) -> None:
        self._add(*_numbers(operands))

    def _add(self, *numbers: float) -> None:
        matrix = self._state.matrix
        points = zip(numbers[::2], numbers[1::2], strict=True)
        self._path += [moved(matrix, x, y) for x, y in points]

    def _clip(self, _: bytes) -> None:
        self._clips = True

    def _end_path(self, _: bytes) -> None:
        """Narrow the window to a path that clips; of one that is no rectangle, to its extent."""
        if self._clips:
            across, up = zip(*self._path, strict=True) if self._path else ((0.0,), (0.0,))
            left, low, right, high = self._state.window
            self._state.window = Box(
                max(left, min(across)), max(low, min(up)),
                min(right, max(across)), min(high, max(up)),
            )  # fmt: skip
        self._path, self._clips = [], False

    def _begin_text(self, _: bytes) -> None:
        self._text = self._line = _SAME

    def _place(self, operands: bytes) -> None:
        self._text = self._line = _matrix(_numbers(operands))

    def _move(self, operands: bytes) -> None:
        x, y = _numbers(operands)
        self._text = self._line = product((1, 0, 0, 1, x, y), self._line)

    def _move_and_lead(self, operands: bytes) -> None:
        self._state.leading = -_numbers(operands)[1]
        self._move(operands)

    def _next_line(self, _: bytes) -> None:
        self._text = self._line = product((1, 0, 0, 1, 0, -self._state.leading), self._line)

    def _set(self, name: str, factor: float, operands: bytes) -> None:
        setattr(self._state, name, _numbers(operands)[0] * factor)

    def _paint_as(self, operands: bytes) -> None:
        self._state.mode = int(operands)


def _setting(name: str, factor: float = 1.0) -> Callable[[_CharacterReader, bytes], None]:
    return lambda reader, operands: reader._set(name, factor, operands)


_STEPS: Mapping[str, Callable[[_CharacterReader, bytes], None]] = {
    "q": _CharacterReader._save,
    "Q": _CharacterReader._restore,
    "cm": _CharacterReader._transform,
    "BT": _CharacterReader._begin_text,
    "Tm": _CharacterReader._place,
    "Td": _CharacterReader._move,
    "TD": _CharacterReader._move_and_lead,
    "T*": _CharacterReader._next_line,
    "re": _CharacterReader._rectangle,
    **dict.fromkeys(("m", "l", "c", "v", "y"), _CharacterReader._draw_line),
    **dict.fromkeys(("W", "W*"), _CharacterReader._clip),
    **dict.fromkeys(
        ("n", "f", "F", "f*", "S", "s", "B", "B*", "b", "b*"), _CharacterReader._end_path
    ),
    **dict.fromkeys(("BDC", "BMC"), _CharacterReader._begin_mark),
    "EMC": _CharacterReader._end_mark,
    "Tf": _CharacterReader._choose_font,
    "Tr": _CharacterReader._paint_as,
    "Tc": _setting("spacing"),
    "Tw": _setting("word_spacing"),
    "Tz": _setting("stretch", 0.01),
    "TL": _setting("leading"),
    "Ts": _setting("rise"),
}


def _numbers(operands: bytes) -> list[float]:
    return [float(n) for n in operands.split()]


def _matrix(numbers: list[float]) -> Matrix:
    a, b, c, d, e, f = numbers
    return a, b, c, d, e, f


def _widths(font: Object) -> tuple[dict[int, float], float]:
    """The widths of a font's codes, in thousandths of its size, and that of codes not named."""
    if font.get("/Subtype") == Name.Type0:
        inner = font.DescendantFonts[0]
        return dict(_composite_widths(list(inner.get("/W", [])))), float(inner.get("/DW", 1000))
    factor = 1.0
    if font.get("/Subtype") == Name.Type3:
        factor = 1000 * float(font.FontMatrix[0])
    first = int(font.get("/FirstChar", 0))
    widths = enumerate(font.get("/Widths", []), first)
    missing = font.get("/FontDescriptor", Dictionary()).get("/MissingWidth", 500)
    return {code: float(width) * factor for code, width in widths}, float(missing)


def _composite_widths(entries: list[Object]) -> Iterator[tuple[int, float]]:
    """Entries are `first [width …]` or `first last width`."""
    rest = iter(entries)
    for first in rest:
        then = next(rest)
        if isinstance(then, Object):
            yield from ((int(first) + n, float(width)) for n, width in enumerate(then))
        else:
            width = float(next(rest))
            yield from ((code, width) for code in range(int(first), int(then) + 1))
