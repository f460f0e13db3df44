"""A PDF's pages as pictures, drawn from its own bytes at the sharpness of the screen."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from pypdfium2 import PdfDocument

from letters.files import digest
from letters.preview.kept import Kept
from letters.preview.png import png

KEPT = 60
"""Pictures kept in memory; the page a browser is about to ask for is always among the last."""

NARROWEST, WIDEST = 300, 2400
"""Widths, in points of the screen, that pages are drawn at."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as shown: the id of its picture, its width and height in points of the screen."""

    id: str
    width: int
    height: int


class Pages:
    """Draws pages and keeps the pictures drawn last, by id."""

    def __init__(self) -> None:
        self._pictures: Kept[str, Future[bytes]] = Kept(KEPT)
        self._encoders = ThreadPoolExecutor(2, "encoder")
        self._drawn: Kept[tuple[str, int], tuple[PagePicture, ...]] = Kept(KEPT)
        self._lock = threading.Lock()

    def draw(self, pdf: bytes, width: int) -> tuple[PagePicture, ...]:
        """A picture of each page, `width` points wide.

        Equal pages have equal ids, so that a page that did not change is neither encoded nor
        fetched again. Pictures are encoded while the next page is drawn and the browser is told.
        """
        key = (digest(pdf), min(max(width, NARROWEST), WIDEST))
        with self._lock:  # the drawing library serves one thread at a time
            drawn = self._drawn.get(key)
            if drawn is None or any(self._pictures.get(page.id) is None for page in drawn):
                drawn = self._draw_all(pdf, key[1])
                self._drawn.put(key, drawn)
            return drawn

    def picture(self, id_: str) -> bytes | None:
        """The PNG of a page drawn lately."""
        picture = self._pictures.get(id_)
        return picture.result() if picture else None

    def _draw_all(self, pdf: bytes, width: int) -> tuple[PagePicture, ...]:
        with PdfDocument(pdf) as document:
            return tuple(self._draw(document, n, width) for n in range(len(document)))

    def _draw(self, document: PdfDocument, number: int, width: int) -> PagePicture:
        page = document[number]
        bitmap = page.render(scale=width / page.get_width(), rev_byteorder=True)
        image = bitmap.to_pil()
        points = image.tobytes()
        picture = PagePicture(digest(points)[:32], image.width, image.height)
        bitmap.close()
        page.close()
        if self._pictures.get(picture.id) is None:
            encoded = self._encoders.submit(png, image.width, image.height, points)
            self._pictures.put(picture.id, encoded)
        return picture
