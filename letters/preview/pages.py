"""A PDF's pages as pictures, drawn from its own bytes at the sharpness of the screen."""

import struct
import threading
import zlib
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from pypdfium2 import PdfDocument

from letters.files import digest

GREY, COLOUR = (0, 1), (2, 3)
"""PNG's number for each kind of picture, and its bytes a point."""

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png(width: int, height: int, points: bytes) -> bytes:
    """A PNG of `points`, three bytes (red, green, blue) each, without loss.

    Rows are stored unfiltered and packed lightly, a third of the time that encoders take who look
    for the smallest file; a page without colour is stored in grey.
    """
    kind, points = _plainest(points)
    row = width * kind[1]
    rows = b"".join([b"\0" + points[n : n + row] for n in range(0, len(points), row)])
    head = struct.pack(">IIBBBBB", width, height, 8, kind[0], 0, 0, 0)
    packed = zlib.compress(rows, 1)
    return SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _plainest(points: bytes) -> tuple[tuple[int, int], bytes]:
    red = points[0::3]
    is_grey = red == points[1::3] and red == points[2::3]
    return (GREY, red) if is_grey else (COLOUR, points)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


K = TypeVar("K")
V = TypeVar("V")


class Kept(Generic[K, V]):
    """At most `most` values by key. What was not asked for the longest is forgotten first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: K) -> V | None:
        """The value kept for `key`, if it still is."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: K, value: V) -> None:
        """Keep `value` under `key`."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)


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
