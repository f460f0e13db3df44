"""What the PDF engine may open, from memory, and what it says while it works, as problems."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

import pydyf
from weasyprint.images import RasterImage
from weasyprint.urls import URLFetcher, URLFetcherResponse

from letters.document import Block, Document, Figure, Gap, Origin, Text, contents, inlines
from letters.errors import Place, Problem
from letters.render.assets import media_type
from letters.render.html import WebLayout, figure_address


class Files(URLFetcher):  # type: ignore[misc]  # the engine has no types
    """Answers `letters:` and `data:` addresses, and refuses every other."""

    def __init__(self, layout: WebLayout, document: Document | None = None) -> None:
        super().__init__(allowed_protocols=("data",), fail_on_errors=True)
        self._layout = layout
        self._figures = _figures(document) if document else {}

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The file at an address. Raises ValueError or KeyError for one that letters lack."""
        if url in self._figures:
            return _response(url, self._figures[url], "image/png")
        if url.startswith("letters:layout/"):
            name = url.removeprefix("letters:layout/")
            return _response(url, self._layout.assets.read(name), media_type(name))
        return super().fetch(url, headers)


def _response(url: str, content: bytes, kind: str) -> URLFetcherResponse:
    return URLFetcherResponse(url, content, {"Content-Type": kind})


def _figures(document: Document) -> dict[str, bytes]:
    figures = (block for block in _blocks(document) if isinstance(block, Figure))
    return {figure_address(figure): figure.image for figure in figures}


class Images(dict[str, Any]):
    """The engine's image cache, which also keeps images as encoded for PDF.

    Encoding the crest anew was a third of the time a letter took.
    """

    def __setitem__(self, address: str, image: Any) -> None:
        if image is None:
            return  # unreadable: every letter that asks for it must be told
        if isinstance(image, RasterImage):
            _encode_once(image)
        super().__setitem__(address, image)


def _encode_once(image: Any) -> None:
    encode, encoded = image.get_x_object, dict[tuple[bool, float], Any]()

    def get_x_object(interpolate: bool, ratio: float) -> Any:
        key = (interpolate, ratio)
        if key not in encoded:
            encoded[key] = encode(interpolate, ratio)
        return _copy(encoded[key])

    image.get_x_object = get_x_object


def _copy(image: Any) -> Any:
    """An image for one file: numbered there, so never shared between files."""
    copy = pydyf.Stream(list(image.stream), dict(image.extra), image.compress)
    if "SMask" in copy.extra:
        copy.extra["SMask"] = _copy(copy.extra["SMask"])
    return copy


_AT = re.compile(r" at (\d+):\d+")
_IGNORED = re.compile(r"Ignored `(?P<rule>.*)` at \d+:\d+, (?P<why>.*?)\.?", re.DOTALL)
_PADDING = re.compile(r"'\s*([^']*?)\s*'")
_IMAGE = re.compile(r"Failed to load image at '(?P<address>[^']*)'")


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@contextmanager
def engine_log() -> Iterator[list[logging.LogRecord]]:
    """What the engine logs while this lasts, at WARNING and above; none of it is printed."""
    logger, lines = logging.getLogger("weasyprint"), _Lines()
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(lines)
    try:
        yield lines.records
    finally:
        logger.removeHandler(lines)
        logger.propagate = propagate


def log_problem(record: logging.LogRecord, layout: WebLayout, document: Document | None) -> Problem:
    """A line of the engine's log, in plain words."""
    message = record.getMessage()
    if message.startswith(".notdef") and isinstance(record.args, tuple):
        return _missing_character(str(record.args[0]), layout, document)
    if found := _IMAGE.match(message):
        return _unreadable_image(found["address"], layout, document)
    at = _AT.search(message)
    place = Place(layout.print_css.file, int(at[1])) if at else Place(layout.file)
    if found := _IGNORED.fullmatch(message):
        what = f"The PDF cannot use '{found['rule']}': {found['why']}."
        return Problem(place, what, "Correct it, or take it out.")
    words = _AT.sub("", _PADDING.sub(r"'\1'", message)).rstrip(".")
    what = f"The PDF engine stumbled here: {words}."
    return Problem(place, what, "Change the layout so that it has nothing to say.")


def _missing_character(character: str, layout: WebLayout, document: Document | None) -> Problem:
    name = unicodedata.name(character, "a character without a name").lower()
    what = f"The PDF’s font has no '{character}' (U+{ord(character):04X}, {name})."
    fix = "Write it another way."
    for origin, field, text in _texts(document):
        if character in text:
            return Problem(Place(origin.file, origin.line, field=field), what, fix)
    return Problem(Place(layout.file), what, fix)


def _unreadable_image(address: str, layout: WebLayout, document: Document | None) -> Problem:
    fix = "Save it again as PNG."
    for block in _blocks(document):
        if isinstance(block, Figure) and figure_address(block) == address:
            place = Place(block.origin.file, block.origin.line)
            return Problem(place, f"The image '{block.name}' cannot be read.", fix)
    name = address.removeprefix("letters:layout/")
    return Problem(Place(f"{layout.assets.folder}/{name}"), "This image cannot be read.", fix)


def _texts(document: Document | None) -> Iterator[tuple[Origin, str, str]]:
    """Every text that is drawn in a letter, with its origin and the field that printed it."""
    for block in _blocks(document):
        drawn = () if isinstance(block, Figure) else contents(block)
        for inline in inlines(chain.from_iterable(drawn)):
            if isinstance(inline, Text | Gap):
                yield block.origin, inline.field, inline.text


def _blocks(document: Document | None) -> Iterator[Block]:
    return (met.block for met in document.walk()) if document else iter(())
