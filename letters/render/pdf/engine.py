"""The PDF engine with a layout made ready, what it may open, and what it says as problems."""

import logging
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import chain
from typing import Any

import pydyf
import weasyprint
from weasyprint.images import RasterImage
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from letters.document import Block, Document, Figure, Gap, Origin, Text, contents, inlines
from letters.errors import LettersError, Place, Problem, RenderError
from letters.render.assets import only_bundled_fonts
from letters.render.html import HOUSE_RULES, WebLayout, figure_address
from letters.render.pdf.join import Metadata, ScreenColours, sound_streams
from letters.render.pdf.lines import filled_lines
from letters.render.pdf.tags import own_tags

PDF_RULES = "* { image-rendering: crisp-edges !important } @page { image-rendering: crisp-edges }"
"""PDF/A has no smoothed images (ISO 19005-2, 6.2.8)."""

FORMAT = {"pdf_variant": "pdf/a-2a", "output_intent": "letters-srgb"}
"""What the engine is asked for; the colours are under a name of ours, read once by us."""

INNER = (RasterImage.get_x_object,)
"""What is replaced below: looked up here, so that its lack is told before any letter is begun."""


class PdfEngine:
    """A layout made ready for printing letters: fonts found, stylesheet read, images encoded.

    `drawing` surrounds the making of each letter. Raises RenderError where the engine cannot use
    something in the stylesheet. One letter at a time, whatever the layout.
    """

    def __init__(
        self,
        layout: WebLayout,
        drawing: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._layout, self._drawing = layout, drawing
        self._images = Images()
        self._colours = {FORMAT["output_intent"]: ScreenColours()}
        with only_bundled_fonts():
            self._fonts = FontConfiguration()
        with _problems_as_errors(layout, None):
            print_css = layout.print_css.with_addresses(_layout_address, layout.assets.picture)
            self._styles = [self._style(css) for css in (f"{PDF_RULES} {HOUSE_RULES}", print_css)]

    def print(self, document: Document) -> bytes:
        """The letter as a PDF. Raises RenderError where it cannot be made whole."""
        with _problems_as_errors(self._layout, document), filled_lines(), self._drawing():
            laid_out = self._laid_out(document)
            if self._layout.tightens and len(laid_out.pages) > 1:
                closer = self._laid_out(document, tight=True)
                laid_out = closer if len(closer.pages) < len(laid_out.pages) else laid_out
            own = document.layout.printed or self._layout.own_words(document)
            laid_out.metadata = Metadata(document, own)
            with own_tags(), sound_streams():
                return bytes(laid_out.write_pdf(**FORMAT))

    def _laid_out(self, document: Document, *, tight: bool = False) -> Any:
        page = weasyprint.HTML(
            string=self._layout.print_page(document, tight=tight),
            url_fetcher=Files(self._layout, document),
        )
        return page.render(
            font_config=self._fonts,
            stylesheets=self._styles,
            cache=self._images,
            presentational_hints=True,  # or lists would not start where `start` says
            color_profiles=self._colours,
            **FORMAT,
        )

    def _style(self, css: str) -> Any:
        files = Files(self._layout)
        return weasyprint.CSS(string=css, font_config=self._fonts, url_fetcher=files)


def _layout_address(name: str) -> str:
    return name if name.startswith("data:") else f"letters:layout/{name}"


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
            assets = self._layout.assets
            return _response(url, assets.read(name), assets.media_type(name))
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
def _problems_as_errors(layout: WebLayout, document: Document | None) -> Iterator[None]:
    """Raise RenderError for the first thing the engine logs or stops at."""
    with _engine_log() as log:
        try:
            yield
        except LettersError:
            raise
        except (Exception, FatalURLFetchingError) as error:  # the latter is a BaseException
            raise RenderError(_stopped(error, layout)) from error
    if log:
        raise RenderError(_log_problem(log[0], layout, document))


def _stopped(error: BaseException, layout: WebLayout) -> Problem:
    cause = error.__cause__ or error
    what = f"The PDF engine could not draw this letter: {type(cause).__name__}, '{cause}'."
    fix = "Take back the last change to the layout’s page or stylesheet."
    return Problem(Place(layout.file), what, fix)


@contextmanager
def _engine_log() -> Iterator[list[logging.LogRecord]]:
    """What the engine logs while this lasts, at WARNING and above; none of it is printed."""
    logger, lines = logging.getLogger("weasyprint"), _Lines()
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(lines)
    try:
        yield lines.records
    finally:
        logger.removeHandler(lines)
        logger.propagate = propagate


def _log_problem(
    record: logging.LogRecord, layout: WebLayout, document: Document | None
) -> Problem:
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
    what = f"WeasyPrint reported: {words}."
    return Problem(place, what, "Change print.css or letter.html until the message is gone.")


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
