"""What the PDF engine may open: a layout's images and fonts and a letter's figures, from memory."""

from __future__ import annotations

from typing import Any

import pydyf
from weasyprint.images import RasterImage
from weasyprint.urls import URLFetcher, URLFetcherResponse

from letters.document import Document, Figure
from letters.render.assets import media_type
from letters.render.html import WebLayout, figure_address
from letters.render.html_blocks import every_block


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
    figures = (block for block in every_block(document) if isinstance(block, Figure))
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
