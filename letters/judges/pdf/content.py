"""What stands on the pages of a PDF: each stretch of content with its mark, its words, its place
in the order of painting."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pikepdf import ContentStreamInstruction, Dictionary, Name, Page, Pdf, parse_content_stream

from letters.judges.pdf.fonts import Font, read_fonts
from letters.judges.pdf.structure import Mark

_SHOWS_TEXT = {"TJ", "Tj", "'", '"'}
_PAINTS = {"f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh", "Do", "BI", "INLINE IMAGE"}
_BEGINS = {"BDC", "BMC"}
_HEX_STRINGS = re.compile(r"<([0-9A-Fa-f]*)>")
_STRINGS = re.compile(rb"<([0-9A-Fa-f\s]*)>|\(((?:\\.|[^\\()])*)\)", re.DOTALL)
_ESCAPES = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(slots=True)
class Stretch:
    """Content under one mark: `mark` is None for an artifact and for content without any mark."""

    page: int
    mark: Mark | None
    artifact: bool
    words: str = ""
    height: float = 0.0
    paints: bool = False
    exact: bool = False
    """Whether `words` are what the file says the content stands for (`/ActualText`)."""


class _PageReader:
    """Follows one page's operators: the open marks and the font in use."""

    def __init__(self, number: int, fonts: dict[str, Font]) -> None:
        self.number = number
        self.fonts = fonts
        self.font: Font | None = None
        self.height = 0.0
        self.open: list[Stretch] = []
        self.found: list[Stretch] = []

    def read(self, page: Page) -> list[Stretch]:
        for instruction in parse_content_stream(page):
            if isinstance(instruction, ContentStreamInstruction):
                self._follow(str(instruction.operator), instruction)
            else:
                self._stretch().paints = True
        return self.found

    def _follow(self, operator: str, instruction: ContentStreamInstruction) -> None:
        if operator in _SHOWS_TEXT:
            self._show(instruction)
        elif operator in _BEGINS:
            self._begin(instruction)
        elif operator == "EMC":
            if self.open:
                self.open.pop()
        elif operator == "Tf":
            self.font = self.fonts.get(str(instruction.operands[0]))
        elif operator == "Tm":
            self.height = float(instruction.operands[5])
        elif operator in _PAINTS:
            self._stretch().paints = True

    def _begin(self, instruction: ContentStreamInstruction) -> None:
        outer = self.open[-1] if self.open else None
        mcid = _mcid(instruction)
        artifact = instruction.operands[0] == Name.Artifact or bool(outer and outer.artifact)
        if mcid is None and outer and not artifact:
            self.open.append(outer)
            return
        mark = None if mcid is None or artifact else Mark(self.number, mcid)
        self.open.append(self._new(mark, artifact))
        properties = instruction.operands[-1]
        if isinstance(properties, Dictionary) and "/ActualText" in properties:
            self.open[-1].words = str(properties.ActualText)
            self.open[-1].exact = True

    def _new(self, mark: Mark | None, artifact: bool) -> Stretch:
        self.found.append(Stretch(self.number, mark, artifact))
        return self.found[-1]

    def _stretch(self) -> Stretch:
        return self.open[-1] if self.open else self._new(None, artifact=False)

    def _show(self, instruction: ContentStreamInstruction) -> None:
        stretch = self._stretch()
        stretch.paints = True
        stretch.height = stretch.height or self.height
        codes = _codes(instruction.operands[-1].unparse())
        if not stretch.exact:
            stretch.words += self.font.text(codes) if self.font else codes.decode("latin-1")


def read_content(pdf: Pdf) -> tuple[list[Stretch], list[Font]]:
    """Every stretch of every page in the order of painting, and the fonts the pages use."""
    stretches: list[Stretch] = []
    known: dict[tuple[int, int], Font] = {}
    for number, page in enumerate(pdf.pages):
        stretches += _PageReader(number, read_fonts(page, known)).read(page)
    return stretches, list(known.values())


def _mcid(instruction: ContentStreamInstruction) -> int | None:
    properties = instruction.operands[-1]
    if isinstance(properties, Dictionary) and "/MCID" in properties:
        return int(properties.MCID)
    return None


def _codes(unparsed: bytes) -> bytes:
    """The character codes of an operand that shows text, spacing left out."""
    if b"(" not in unparsed:  # many times faster, and what our own letters hold
        return bytes.fromhex("".join(_HEX_STRINGS.findall(unparsed.decode("ascii"))))
    return b"".join(map(_string, _STRINGS.finditer(unparsed)))


def _string(found: re.Match[bytes]) -> bytes:
    if found[1] is not None:
        return bytes.fromhex(found[1].decode("ascii"))
    return _ESCAPES.sub(_unescaped, found[2])


def _unescaped(found: re.Match[bytes]) -> bytes:
    sign = found[1]
    return bytes([int(sign, 8) & 255]) if sign.isdigit() else _NAMED.get(sign, sign)
