"""A letter as PDF: one file that is both PDF/A-2a (for archives) and PDF/UA-1 (for every reader).

PDF/A-2a is ISO 19005-2, PDF/UA-1 is ISO 14289-1. The bytes depend on the document and the layout
alone: no clock, no font of the machine, no file outside the layout, no network.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from typing import Any

from letters.document import Document
from letters.errors import LettersError, Place, Problem, RenderError
from letters.render.assets import only_bundled_fonts
from letters.render.html import WebLayout

with only_bundled_fonts():  # the engine looks for fonts as soon as it is imported
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError

    from letters.render.pdf.engine import Files, Images, engine_log, log_problem
    from letters.render.pdf.finish import Metadata, ScreenColours, sound_streams
    from letters.render.pdf.lines import filled_lines
    from letters.render.pdf.reuse import Reuse, can_reuse
    from letters.render.pdf.tags import own_tags

HOUSE_RULES = "* { image-rendering: crisp-edges !important } @page { image-rendering: crisp-edges }"
"""PDF/A has no smoothed images (ISO 19005-2, 6.2.8)."""

FORMAT = {"pdf_variant": "pdf/a-2a", "output_intent": "letters-srgb"}
"""What the engine is asked for; the colours are under a name of ours, read once by us."""

_LOCK = threading.Lock()
"""The engine's fonts and our stand-in for its tags serve one letter at a time."""


def render_pdf(document: Document, layout: WebLayout) -> bytes:
    """A typeset letter as a PDF file.

    Raises RenderError where the letter cannot be made whole: a character the font lacks, an image
    that cannot be read, a rule of print.css that the engine does not know. Raises LettersError
    where another version of the engine is installed.
    """
    with _LOCK, _problems_as_errors(layout, document):
        return _press(layout).print(document)


def print_problems(layout: WebLayout) -> tuple[Problem, ...]:
    """What the engine cannot use in print.css; no letter of the layout is made until it is mended.

    Ask after `WebLayout.problems`, which finds everything else.
    """
    try:
        with _LOCK, _problems_as_errors(layout, None):
            _press(layout)
    except RenderError as error:
        return (error.problem,)
    return ()


def forget_letters() -> None:
    """Let go of what was worked out for letters so far; the next one takes a little longer."""
    with _LOCK:
        _press.cache_clear()


@contextmanager
def _problems_as_errors(layout: WebLayout, document: Document | None) -> Iterator[None]:
    """Raise RenderError for the first thing the engine logs or stops at."""
    with engine_log() as log:
        try:
            yield
        except LettersError:
            raise
        except (Exception, FatalURLFetchingError) as error:  # the latter is a BaseException
            raise RenderError(_stopped(error, layout)) from error
    if log:
        _press.cache_clear()  # or the next letter would not hear of it
        raise RenderError(log_problem(log[0], layout, document))


def _stopped(error: BaseException, layout: WebLayout) -> Problem:
    cause = error.__cause__ or error
    what = f"The PDF engine could not draw this letter: {type(cause).__name__}, '{cause}'."
    fix = "Take back the last change to the layout’s page or stylesheet."
    return Problem(Place(layout.file), what, fix)


class Press:
    """A layout made ready for printing letters: fonts found, stylesheet read, images encoded."""

    def __init__(self, layout: WebLayout, reuse: Reuse | None = None) -> None:
        self._layout = layout
        self._images = Images()
        self._colours = {FORMAT["output_intent"]: ScreenColours()}
        with only_bundled_fonts():
            self._fonts = FontConfiguration()
        self._styles = [self._style(HOUSE_RULES), self._style(self._print_css())]
        print_css = layout.print_css.text
        self._reuse = reuse or (Reuse(print_css) if can_reuse(print_css) else None)

    def print(self, document: Document) -> bytes:
        """The letter as a PDF."""
        with filled_lines(), self._reuse.active() if self._reuse else nullcontext():
            return self._print(document)

    def _print(self, document: Document) -> bytes:
        page = weasyprint.HTML(
            string=self._layout.print_page(document), url_fetcher=Files(self._layout, document)
        )
        laid_out = page.render(
            font_config=self._fonts,
            stylesheets=self._styles,
            cache=self._images,
            presentational_hints=True,  # or lists would not start where `start` says
            color_profiles=self._colours,
            **FORMAT,
        )
        laid_out.metadata = Metadata(document, self._layout.own_words(document))
        with own_tags(), sound_streams():
            return bytes(laid_out.write_pdf(**FORMAT))

    def _print_css(self) -> str:
        return self._layout.print_css.with_addresses(_layout_address)

    def _style(self, css: str) -> Any:
        files = Files(self._layout)
        return weasyprint.CSS(string=css, font_config=self._fonts, url_fetcher=files)


def _layout_address(name: str) -> str:
    return name if name.startswith("data:") else f"letters:layout/{name}"


@lru_cache(maxsize=4)
def _press(layout: WebLayout) -> Press:
    return Press(layout)
