"""Pages of a PDF as pictures, with their words and without.

The drawing library takes single objects out of a page that it has read already, so a page is read
once and drawn several times.
"""

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as pdfium
from PIL import Image, ImageChops
from pypdfium2 import PdfPage

SCALE = 2
"""Dots to a point: 144 to an inch."""

LEAST = 48
"""How much, of 255, words must be darker or lighter than what they stand on."""

_CHANGED = [0] * LEAST + [255] * (256 - LEAST)
_DARK = [255] * (256 - LEAST) + [0] * LEAST
_LONGEST_NAME = 64
"""Characters of the name of a mark that are read."""

Area = tuple[int, int, int, int]
"""Left, top, right and foot of a part of a picture, in dots."""


class DrawnPage:
    """A page opened for drawing; its words are those that no artifact holds.

    `left`, `low`, `right` and `high` are its edges in points. Its pictures are in shades of grey:
    how light things are is what makes them legible.
    """

    def __init__(self, page: PdfPage) -> None:
        self._page = page
        self.left, self.low, self.right, self.high = map(float, page.get_bbox())
        self._others: list[Any] = []
        self._words: list[Any] = []
        count, get = pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject
        self._gather(page.raw, count, get, is_artifact=False)
        self.whole = self._picture()
        """The page as it is."""
        _show(self._words, is_shown=False)
        self._bare = self._picture()
        _show(self._others, is_shown=False)
        self._alone = self._picture_in(0)
        self.across_scale = self.whole.width / (self.right - self.left)
        """Dots to a point, from left to right."""
        self._down_scale = self.whole.height / (self.high - self.low)

    def across(self, x: float) -> float:
        """Turn points into dots from the left edge."""
        return (x - self.left) * self.across_scale

    def down(self, y: float) -> float:
        """Turn points into dots from the top edge."""
        return (self.high - y) * self._down_scale

    def with_words_in(self, shade: int) -> Image.Image:
        """Draw the page with all words black (0) or white (255), so that none is see-through."""
        _show(self._others, is_shown=True)
        return self._picture_in(shade)

    def seen(self, picture: Image.Image, area: Area) -> bytes:
        """Measure how much words change in each column of dots of an area, of 255.

        `picture` is the page with its words; dots that they change by less than `LEAST` count
        nothing.
        """
        with_words, without = picture.crop(area), self._bare.crop(area)
        return _columns(ImageChops.difference(with_words, without).point(_CHANGED))

    def drawn(self, area: Area) -> bytes:
        """Measure the same where words are black and nothing else is on the page."""
        return _columns(self._alone.crop(area).point(_DARK))

    def _gather(
        self, holder: Any, count: Callable[[Any], int], get: Callable[[Any, int], Any], *,
        is_artifact: bool,
    ) -> None:  # fmt: skip
        """Sort what a page or a form draws into words and all the rest."""
        for n in range(count(holder)):
            each = get(holder, n)
            kind, artifact = pdfium.FPDFPageObj_GetType(each), is_artifact or _is_artifact(each)
            if kind == pdfium.FPDF_PAGEOBJ_FORM:
                form_count, form_get = pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject
                self._gather(each, form_count, form_get, is_artifact=artifact)
            elif kind == pdfium.FPDF_PAGEOBJ_TEXT and not artifact:
                self._words.append(each)
            else:
                self._others.append(each)

    def _picture(self) -> Image.Image:
        picture: Image.Image = self._page.render(scale=SCALE, grayscale=True).to_pil()
        return picture

    def _picture_in(self, shade: int) -> Image.Image:
        """The page with its words in a shade of grey: 0 is black, 255 is white."""
        _show(self._words, is_shown=True)
        for each in self._words:
            pdfium.FPDFPageObj_SetFillColor(each, shade, shade, shade, 255)
        return self._picture()


def _columns(dots: Image.Image) -> bytes:
    return dots.resize((dots.width, 1), Image.Resampling.BOX).tobytes()


def _show(objects: list[Any], *, is_shown: bool) -> None:
    for each in objects:
        pdfium.FPDFPageObj_SetIsActive(each, is_shown)


def _is_artifact(found: Any) -> bool:
    return any(
        _mark_name(pdfium.FPDFPageObj_GetMark(found, n)) == "Artifact"
        for n in range(pdfium.FPDFPageObj_CountMarks(found))
    )


def _mark_name(mark: Any) -> str:
    name, length = (pdfium.FPDF_WCHAR * _LONGEST_NAME)(), ctypes.c_ulong()
    pdfium.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), length)
    return bytes(name)[: max(0, length.value - 2)].decode("utf-16-le", errors="replace")
