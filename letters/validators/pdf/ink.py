"""Whether the words on a page can be seen: how they are painted, in what colour, and where.

ISO 32000-1: 8.4.2 (saving the state), 8.3.4 (matrices), 9.3.6 (ways of painting text).
"""

from collections.abc import Callable, Mapping

from pikepdf import Dictionary, Object, Page

NOT_PAINTED = "they are not painted"
PALE = "they have the colour of the paper"
OUTSIDE = "they stand outside the page"

_PALE = 0.97
"""Lightness from which nobody tells a colour from white paper."""

_MARGIN = 1.0
"""Points that the first letter of a line may hang out of the page."""

_UNPAINTED = (3, 7)  # see below
_FILLED_ONLY = (0, 4)
"""Ways of drawing text that paint nothing, and that fill and draw no line (PDF 1.7, table 106)."""
_FILLS = {"f", "F", "f*", "B", "B*", "b", "b*"}

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]

_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)  # moves nothing


class Ink:
    """Follows a page's instructions as far as they decide whether its words can be seen."""

    def __init__(self, page: Page) -> None:
        self._box = _box(page)
        self._opacities: Mapping[str, float] = {}
        self._matrix = self.text = _SAME
        self._light, self._opacity, self._mode = 0.0, 1.0, 0
        self._kept: list[tuple[Matrix, float, float, int]] = []
        self._path: list[float] = []
        self._painted: list[tuple[Box, bool]] = []

    def use(self, resources: Object) -> None:
        """Take the graphics states of a page, or of a form on it."""
        found = resources.get("/ExtGState", Dictionary())
        set_one = ((name, each) for name, each in found.items() if "/ca" in each)
        self._opacities = {name: float(each["/ca"]) for name, each in set_one}

    def follow(self, operator: str, operands: bytes) -> None:
        """Take note of an instruction that paints nothing, unless it makes no sense."""
        step = _STEPS.get(operator)
        if step is None:
            return
        try:
            step(self, operands)
        except ValueError:
            return

    def paint(self, operator: str) -> None:
        """Take note of an area that is filled: words may stand on it."""
        if operator in _FILLS and self._path:
            self._fill(self._path[::2], self._path[1::2], is_pale=self._is_pale())
        elif operator == "Do":  # a picture
            self._fill([0, 1], [0, 1], is_pale=False)
        elif operator == "sh":
            self._painted.append((self._box, False))
        self._path.clear()

    def why_unseen(self) -> str:
        """Why words shown now cannot be seen, as a clause; nothing where they can."""
        if self._mode in _UNPAINTED:
            return NOT_PAINTED
        x, y = moved(self._matrix, self.text[4], self.text[5])
        if not _holds(self._box, x, y):
            return OUTSIDE
        if self._is_pale() and self._mode in _FILLED_ONLY and self._on_paper(x, y):
            return PALE
        return ""

    def _is_pale(self) -> bool:
        return 1 - self._opacity * (1 - self._light) >= _PALE

    def _on_paper(self, x: float, y: float) -> bool:
        """Whether the last area painted under a point is as pale as the paper."""
        found = (is_pale for box, is_pale in reversed(self._painted) if _holds(box, x, y))
        return next(found, True)

    def _fill(self, xs: list[float], ys: list[float], *, is_pale: bool) -> None:
        corners = ((x, y) for x in (min(xs), max(xs)) for y in (min(ys), max(ys)))
        across, up = zip(*(moved(self._matrix, x, y) for x, y in corners), strict=True)
        self._painted.append(((min(across), min(up), max(across), max(up)), is_pale))

    def _save(self, _: bytes) -> None:
        self._kept.append((self._matrix, self._light, self._opacity, self._mode))

    def _restore(self, _: bytes) -> None:
        if self._kept:
            self._matrix, self._light, self._opacity, self._mode = self._kept.pop()

    def _transform(self, operands: bytes) -> None:
        self._matrix = product(_numbers(operands), self._matrix)

    def _begin_text(self, _: bytes) -> None:
        self.text = _SAME

    def _place(self, operands: bytes) -> None:
        self.text = _numbers(operands)

    def _move(self, operands: bytes) -> None:
        x, y = map(float, operands.split())
        self.text = (*self.text[:4], *moved(self.text, x, y))

    def _rectangle(self, operands: bytes) -> None:
        x, y, width, height = map(float, operands.split())
        self._path += (x, y, x + width, y + height)

    def _draw(self, operands: bytes) -> None:
        self._path += _pairs(operands)

    def _drop(self, _: bytes) -> None:
        self._path.clear()

    def _colour(self, operands: bytes) -> None:
        """The darkest part of a colour in grey or RGB; of inks, the most there is of one."""
        try:
            parts = [float(n) for n in operands.split()]
        except ValueError:
            parts = [0.0]  # a pattern
        self._light = 1 - max(parts) if len(parts) == 4 else min(parts, default=0.0)

    def _black(self, _: bytes) -> None:
        self._light = 0.0

    def _look(self, operands: bytes) -> None:
        name = operands.strip().decode("latin-1")
        self._opacity = self._opacities.get(name, self._opacity)

    def _paint_as(self, operands: bytes) -> None:
        self._mode = int(operands)


_STEPS: Mapping[str, Callable[[Ink, bytes], None]] = {
    "q": Ink._save,
    "Q": Ink._restore,
    "cm": Ink._transform,
    "BT": Ink._begin_text,
    "Tm": Ink._place,
    "Td": Ink._move,
    "TD": Ink._move,
    "re": Ink._rectangle,
    **dict.fromkeys(("m", "l", "c"), Ink._draw),
    "n": Ink._drop,
    **dict.fromkeys(("g", "rg", "k", "sc", "scn"), Ink._colour),
    "cs": Ink._black,
    "gs": Ink._look,
    "Tr": Ink._paint_as,
}


def _box(page: Page) -> Box:
    x, y, right, top = (float(n) for n in page.cropbox)
    return min(x, right), min(y, top), max(x, right), max(y, top)


def _pairs(operands: bytes) -> list[float]:
    found = [float(n) for n in operands.split()]
    return found[: len(found) // 2 * 2]


def _numbers(operands: bytes) -> Matrix:
    a, b, c, d, e, f = map(float, operands.split())
    return a, b, c, d, e, f


def product(first: Matrix, then: Matrix) -> Matrix:
    """Put one matrix after another: what `first` moves, `then` moves on."""
    a, b, c, d, e, f = first
    g, h, i, j, _, _ = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, *moved(then, e, f))


def moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Move a point by a matrix."""
    a, b, c, d, e, f = matrix
    return x * a + y * c + e, x * b + y * d + f


def _holds(box: Box, x: float, y: float) -> bool:
    left, low, right, high = box
    return left - _MARGIN <= x <= right + _MARGIN and low - _MARGIN <= y <= high + _MARGIN
