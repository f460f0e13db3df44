"""The text of a PDF letter, block by block, as its tags present it to assistive technology."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.psexceptions import PSException
from pdfminer.utils import Matrix, decode_text

from letters.document import Passage
from letters.errors import LettersError
from letters.render.pdf.text import presumed_end

HEADINGS = {"H1": 1, "H2": 2, "H3": 3, "H4": 4, "H5": 5, "H6": 6}
CELLS = {"TH": "table heading", "TD": "table cell"}

Key = tuple[int, int]
"""A page (from 0) and the number of marked content on it."""


@dataclass
class TextLine:
    """The words of one piece of marked content, and how high on the page they stand."""

    words: str = ""
    height: float | None = None
    exact: str | None = None
    """What the file says the piece holds (`/ActualText`), its end included."""

    def text(self, following: TextLine | None) -> str:
        """The words, with the space that a line end stands for."""
        if self.exact is not None:
            return self.exact
        if following is None or self.same_height(following):
            return self.words
        return self.words + presumed_end(self.words)

    def same_height(self, other: TextLine) -> bool:
        """Whether the other piece goes on in the same line."""
        return (
            None not in (self.height, other.height)
            and abs((self.height or 0) - (other.height or 0)) < 0.5
        )


_BROKEN = (
    pikepdf.PdfError, PDFException, PSException,
    AttributeError, IndexError, KeyError, TypeError, ValueError,
)  # fmt: skip
"""What the libraries raise for a damaged file, or for tags that lead nowhere."""


def read_pdf(content: bytes) -> tuple[Passage, ...]:
    """The passages of a tagged PDF, in the order of its structure tree.

    Raises LettersError where the file is no PDF or has no tags.
    """
    try:
        lines = marked_lines(content)
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return tuple(_TaggedReader(pdf, lines).passages())
    except _BROKEN as error:
        raise LettersError(f"The PDF cannot be read: {error}.") from error


class _TaggedReader:
    def __init__(self, pdf: pikepdf.Pdf, lines: dict[Key, TextLine]) -> None:
        self._root: Any = pdf.Root.get("/StructTreeRoot")
        if self._root is None:
            raise LettersError("The PDF has no tags.")
        self._pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
        self._lines = lines

    def passages(self) -> Iterator[Passage]:
        """The letter's passages: those of its article, or of the whole file if it has none."""
        tops = _kids(self._root)
        for element in list(self._find(tops, "Art")) or tops:
            yield from self._inside(element, "paragraph")

    def _find(self, elements: Sequence[Any], kind: str) -> Iterator[Any]:
        for element in elements:
            if _kind(element) == kind:
                yield element
            elif _kind(element):
                yield from self._find(_kids(element), kind)

    def _inside(self, element: Any, kind: str) -> Iterator[Passage]:
        for kid in _kids(element):
            if _kind(kid):
                yield from self._block(kid, kind)

    def _block(self, element: Any, kind: str) -> Iterator[Passage]:
        name = _kind(element)
        if name in HEADINGS:
            yield Passage(f"heading {HEADINGS[name]}", "", self._words(element))
        elif name in CELLS:
            yield Passage(CELLS[name], "", self._words(element))
        elif name == "Figure":
            yield Passage("figure", "", str(element.get("/Alt", "")))
        elif name == "P":
            yield from self._paragraph(element, kind)
        elif name == "L":
            yield from self._list(element, kind)
        else:
            yield from self._inside(element, "quote" if name == "BlockQuote" else kind)

    def _paragraph(self, element: Any, kind: str) -> Iterator[Passage]:
        figures = list(self._find(_kids(element), "Figure"))
        for figure in figures:
            yield from self._block(figure, kind)
        words = self._words(element)
        if words or not figures:
            yield Passage(kind, "", words)

    def _list(self, element: Any, kind: str) -> Iterator[Passage]:
        for entry in _kids(element):
            label = "".join(self._words(kid) for kid in _kids(entry) if _kind(kid) == "Lbl").strip()
            for body in _kids(entry):
                for passage in self._inside(body, kind) if _kind(body) == "LBody" else ():
                    yield Passage(passage.kind, label or passage.label, passage.text)
                    label = ""

    def _words(self, element: Any) -> str:
        keys = self._keys(element, self._page(element, 0))
        lines = [self._lines[key] for key in keys if key in self._lines]
        following = [*lines[1:], None]
        return "".join(line.text(after) for line, after in zip(lines, following, strict=False))

    def _keys(self, element: Any, page: int) -> Iterator[Key]:
        """The marked content in and below an element, in order."""
        for kid in _kids(element):
            if isinstance(kid, int):
                yield page, kid
            elif "/MCID" in kid:
                yield self._page(kid, page), int(kid.MCID)
            elif _kind(kid):
                yield from self._keys(kid, self._page(kid, page))

    def _page(self, element: Any, page: int) -> int:
        return self._pages[element.Pg.objgen] if "/Pg" in element else page


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _kind(element: Any) -> str:
    """The kind of a structure element; empty for anything else."""
    is_element = isinstance(element, pikepdf.Dictionary) and "/S" in element
    return str(element.S)[1:] if is_element else ""


class _Device(PDFTextDevice):
    """Collects the text of each piece of marked content of a page."""

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources)
        self.lines: dict[Key, TextLine] = {}
        self._page = -1
        self._open: list[TextLine | None] = []

    def begin_page(self, page: PDFPage, ctm: Matrix) -> None:
        """Start the next page."""
        del page, ctm
        self._page += 1
        self._open = []

    def begin_tag(self, tag: Any, props: Any = None) -> None:
        """Start a piece of content; inside one with a number all text belongs to it."""
        del tag
        line = self._open[-1] if self._open else None
        if isinstance(props, dict) and "MCID" in props:
            line = self.lines.setdefault((self._page, props["MCID"]), TextLine())
            if "ActualText" in props:
                line.exact = decode_text(props["ActualText"])
        self._open.append(line)

    def end_tag(self) -> None:
        """End the piece of content started last."""
        if self._open:
            self._open.pop()

    def render_char(
        self, matrix: Matrix, font: Any, fontsize: float, scaling: float, *rest: Any
    ) -> float:
        """Note a character with its height on the page; how far it moves the pen."""
        cid: int = rest[1]
        line = self._open[-1] if self._open else None
        if line is not None:
            line.words += font.to_unichr(cid)
            line.height = matrix[5] if line.height is None else line.height
        return float(font.char_width(cid) * fontsize * scaling)


def marked_lines(content: bytes) -> dict[Key, TextLine]:
    """The text of each piece of marked content of a PDF, by its page and number."""
    resources = PDFResourceManager()
    device = _Device(resources)
    interpreter = PDFPageInterpreter(resources, device)
    for page in PDFPage.get_pages(io.BytesIO(content)):
        interpreter.process_page(page)
    return device.lines
