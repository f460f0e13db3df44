"""What is on the pages of a PDF: each stretch of content with its mark, its words, its place
in the order of painting."""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream

from letters.validators.pdf.fonts import Font, read_fonts
from letters.validators.pdf.structure import ContentMark

NOT_PAINTED = "they are not painted"
PALE = "they have the colour of the paper"
OUTSIDE = "they are outside the page"

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


_LITERAL = rb"\((?:[^\\()]++|\\.|\((?:[^\\()]++|\\.)*+\))*+\)"
_HEXADECIMAL = rb"<[0-9A-Fa-f\s]*+>"
_DICTIONARY = rb"<<(?:[^<>()]++|" + _HEXADECIMAL + rb"|" + _LITERAL + rb"|<<[^<>]*+>>)*+>>"
_ARRAY = rb"\[(?:[^\]()]++|" + _LITERAL + rb")*+\]"
_PLAIN = rb"/[^\s/<>\[\](){}%]*+|[-+.0-9]++"
_OPERAND = b"|".join((_PLAIN, _DICTIONARY, _HEXADECIMAL, _ARRAY, _LITERAL))
_INSTRUCTION = re.compile(
    rb"\bBI\s.*?\sID\s.*?\s(?P<image>EI)\b"
    rb"|(?P<operands>(?:(?:" + _OPERAND + rb")\s*+)*+)(?P<operator>[A-Za-z'\"]+[*01]?)",
    re.DOTALL,
)
_HEX_STRINGS = re.compile(r"<([0-9A-Fa-f\s]*)>")
_STRINGS = re.compile(rb"<([0-9A-Fa-f\s]*)>|(" + _LITERAL + rb")", re.DOTALL)
_ESCAPES = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r\n": b""}


def instructions(content: bytes) -> Iterator[tuple[bytes, str]]:
    """Operands and operator of each instruction; an image inside the content is one, "EI"."""
    for image, operands, operator in _INSTRUCTION.findall(content):
        yield (b"", "EI") if image else (operands, operator.decode("ascii"))


def shown_codes(operands: bytes) -> bytes:
    """The character codes of an instruction that shows text, spacing left out."""
    if b"(" not in operands:
        return bytes.fromhex("".join(_HEX_STRINGS.findall(operands.decode("latin-1"))))
    return b"".join(map(_string, _STRINGS.finditer(operands)))


def _string(found: re.Match[bytes]) -> bytes:
    if found[1] is not None:
        return bytes.fromhex(found[1].decode("ascii"))
    return _ESCAPES.sub(_unescaped, found[2][1:-1])


def _unescaped(found: re.Match[bytes]) -> bytes:
    sign = found[1]
    return bytes([int(sign, 8) & 255]) if sign.isdigit() else _NAMED.get(sign, sign)


_UNMOVED = (1, 0, 0, 1, 0, 0)  # moves nothing
_SHOWS_TEXT = {"TJ", "Tj", "'", '"'}
_PAINTS = {"f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh", "EI"}
_BEGINS = {"BDC", "BMC"}
_DEEPEST = 20
"""Forms inside forms; a file in which a form draws itself has no end of them."""

_MCID = re.compile(rb"/MCID\s+(\d+)")


@dataclass(slots=True)
class Stretch:
    """Content under one mark: `mark` is None for an artifact and for content without any mark.

    `exact` tells that `words` are what the file says the content stands for (`/ActualText`);
    `drawn` are those that its glyphs show. `unseen` is why nobody can see them, as a clause, where
    that is so.
    """

    page: int
    mark: ContentMark | None
    artifact: bool
    words: str = ""
    drawn: str = ""
    height: float = 0.0
    paints: bool = False
    exact: bool = False
    unseen: str = ""


class _ContentReader:
    """Follows one page's instructions: the open marks, the font in use, what can be seen."""

    def __init__(self, number: int, page: Page, known: dict[tuple[int, int], Font]) -> None:
        self.number = number
        self.page = page
        self.known = known
        self.fonts: dict[str, Font] = {}
        self.properties: dict[str, bytes] = {}
        self.font: Font | None = None
        self.ink = Ink(page)
        self.open: list[Stretch] = []
        self.found: list[Stretch] = []

    def read(self, content: bytes, resources: Object, depth: int = 0) -> list[Stretch]:
        self._use(resources)
        for operands, operator in instructions(content):
            if operator in _SHOWS_TEXT:
                self._show(operands)
            elif operator in _BEGINS:
                self._begin(operands)
            elif operator in _PAINTS:
                self._paint(operator)
            elif operator == "Do":
                self._draw(operands, resources, depth)
            elif operator == "EMC":
                self._end()
            elif operator == "Tf":
                self.font = self.fonts.get(operands.split()[0].decode("latin-1"))
            else:
                self.ink.follow(operator, operands)
        self._read_patterns(resources, depth)
        return self.found

    def _read_patterns(self, resources: Object, depth: int) -> None:
        """Take the words of patterns, which fill areas without a mark of their own."""
        for pattern in resources.get("/Pattern", Dictionary()).values():
            if isinstance(pattern, Stream) and depth < _DEEPEST:
                reader = _ContentReader(self.number, self.page, self.known)
                reader.open.append(reader._new(None, artifact=True))
                inside = pattern.get("/Resources", Dictionary())
                for stretch in reader.read(pattern.read_bytes(), inside, depth + 1):
                    self.found.append(replace(stretch, unseen=""))

    def _use(self, resources: Object) -> None:
        self.fonts = read_fonts(resources, self.known)
        self.properties = _properties(resources)
        self.ink.use(resources)

    def _paint(self, operator: str) -> None:
        self._stretch().paints = True
        self.ink.paint(operator)

    def _draw(self, operands: bytes, resources: Object, depth: int) -> None:
        """Draw a picture, or what a form draws."""
        name = operands.split()[0].decode("latin-1")
        form = resources.get("/XObject", Dictionary()).get(name)
        if not isinstance(form, Stream) or form.get("/Subtype") != Name.Form:
            self._paint("Do")
        elif depth < _DEEPEST:
            font, open_ = self.font, list(self.open)
            self.ink.follow("q", b"")
            self.ink.follow("cm", " ".join(map(str, form.get("/Matrix", _UNMOVED))).encode())
            self.read(form.read_bytes(), form.get("/Resources", resources), depth + 1)
            self.ink.follow("Q", b"")
            self.font, self.open = font, open_
            self._use(resources)

    def _end(self) -> None:
        if self.open:
            self.open.pop()

    def _begin(self, operands: bytes) -> None:
        outer = self.open[-1] if self.open else None
        artifact = operands.startswith(b"/Artifact") or bool(outer and outer.artifact)
        properties = self._named(operands)
        mcid = _MCID.search(properties)
        if mcid is None and outer and not artifact:
            self.open.append(outer)
            return
        mark = None if mcid is None or artifact else ContentMark(self.number, int(mcid[1]))
        self.open.append(self._new(mark, artifact))
        if b"/ActualText" in properties:
            self._take_exact(properties)

    def _named(self, operands: bytes) -> bytes:
        """The properties of a mark: in place, or by the name of a resource."""
        name = operands.split()[-1].decode("latin-1")
        return self.properties.get(name, operands)

    def _take_exact(self, properties: bytes) -> None:
        parsed = Object.parse(properties[properties.index(b"<<") :])
        self.open[-1].words = str(parsed.get("/ActualText", ""))
        self.open[-1].exact = True

    def _new(self, mark: ContentMark | None, artifact: bool) -> Stretch:
        self.found.append(Stretch(self.number, mark, artifact))
        return self.found[-1]

    def _stretch(self) -> Stretch:
        return self.open[-1] if self.open else self._new(None, artifact=False)

    def _show(self, operands: bytes) -> None:
        stretch = self._stretch()
        stretch.paints = True
        stretch.height = stretch.height or self.ink.text[5]
        codes = shown_codes(operands)
        words = self.font.text(codes) if self.font else codes.decode("latin-1")
        stretch.drawn += words
        if not stretch.exact:
            stretch.words += words
        if not stretch.unseen and words.strip():
            stretch.unseen = self.ink.why_unseen()


def read_content(pdf: Pdf) -> tuple[list[Stretch], list[Font]]:
    """Every stretch of every page in the order of painting, and the fonts the pages use."""
    stretches: list[Stretch] = []
    known: dict[tuple[int, int], Font] = {}
    for number, page in enumerate(pdf.pages):
        reader = _ContentReader(number, page, known)
        stretches += reader.read(page_content(page), page.obj.get("/Resources", Dictionary()))
    return stretches, list(known.values())


def page_content(page: Page) -> bytes:
    """Read a page's instructions, its streams put together."""
    found = page.obj.get("/Contents")
    if found is None:
        return b""
    streams = list(found) if isinstance(found, Array) else [found]
    return b"\n".join(stream.read_bytes() for stream in streams)


def _properties(resources: Object) -> dict[str, bytes]:
    found = resources.get("/Properties", Dictionary())
    return {name: entry.unparse(resolved=True) for name, entry in found.items()}


_HEIGHT = re.compile(rb"\S+ (\S+)\s*$")


def last_page_lines(content: bytes) -> int:
    """Count the lines of a letter's words on the last of several pages of a PDF made here.

    0 for a letter of one page. What is an artifact, such as the number of the page, is left out.
    """
    with Pdf.open(io.BytesIO(content)) as pdf:
        page = page_content(pdf.pages[-1]) if len(pdf.pages) > 1 else b""
    heights: set[bytes] = set()
    marks: list[bool] = []
    height = b""
    for operands, operator in instructions(page):
        if operator in _BEGINS:
            marks.append(operands.startswith(b"/Artifact"))
        elif operator == "EMC" and marks:
            marks.pop()
        elif operator == "Tm" and (found := _HEIGHT.search(operands)):
            height = found[1]
        elif operator in _SHOWS_TEXT and not any(marks):
            heights.add(height)
    return len(heights)
