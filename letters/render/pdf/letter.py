"""The colours of a PDF: those of screens (sRGB), as its archive standard wants them declared."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pydyf
from letters.render.pdf.engine import engine_log, log_problem
from weasyprint.css import ColorProfile
from weasyprint.document import DocumentMetadata

from letters.document import Document
from letters.errors import LettersError, Place, Problem, RenderError
from letters.render.assets import only_bundled_fonts
from letters.render.html import WebLayout


class ScreenColours(ColorProfile):  # type: ignore[misc]  # the engine has no types
    """The engine's sRGB profile, read once; its bytes are the file's, whatever was asked of it.

    The engine would write the profile out anew, and differently once its name has been read.
    """

    def __init__(self) -> None:
        self._bytes = (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
        parts = (["r"], ["g"], ["b"])
        super().__init__(io.BytesIO(self._bytes), "sRGB2014.icc", "relative-colorimetric", parts)

    @property
    def content(self) -> bytes:
        """The profile's file."""
        return self._bytes


BEGINNING, ENDING = b"\nstream\n", b"\nendstream"
RETURN = b"\r" + ENDING


@contextmanager
def sound_streams() -> Iterator[None]:
    """While this lasts, no compressed stream of a PDF ends with a carriage return."""
    theirs = pydyf.Stream.data
    pydyf.Stream.data = property(lambda stream: lengthened(bytes(theirs.fget(stream))))
    try:
        yield
    finally:
        pydyf.Stream.data = theirs


def lengthened(stream: bytes) -> bytes:
    """A stream as written in a file, one byte longer if it ends with a carriage return.

    The byte stands after the end of the compressed content, where nobody reads on.
    """
    if not stream.endswith(RETURN) or b"/Filter" not in stream.partition(BEGINNING)[0]:
        return stream
    head, beginning, content = stream.removesuffix(ENDING).partition(BEGINNING)
    was, now = (b"/Length %d" % length for length in (len(content), len(content) + 1))
    return head.replace(was, now, 1) + beginning + content + b"\0" + ENDING


PDF_UA = b"""<rdf:Description rdf:about=""
    xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
    xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
  <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>part</pdfaProperty:name>
      <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
      <pdfaProperty:category>internal</pdfaProperty:category>
      <pdfaProperty:description>The part of ISO 14289 that is followed</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
</rdf:RDF>"""
"""PDF/UA-1, declared in a way that PDF/A allows (ISO 14289-1, 5; ISO 19005-2, 6.6.2.3)."""


class Metadata(DocumentMetadata):  # type: ignore[misc]  # the engine has no types
    """A letter's metadata; the dates are the document's own."""

    def __init__(self, document: Document) -> None:
        super().__init__(
            title=document.title,
            authors=[document.author],
            description=document.subject,
            generator="letters",
            created=document.created.isoformat(),
            modified=document.modified.isoformat(),
            lang=document.language,
        )

    def generate_rdf_metadata(self, *args: Any) -> bytes:
        """The metadata as RDF, PDF/UA added."""
        rdf: bytes = super().generate_rdf_metadata(*args)
        return rdf.replace(b"</rdf:RDF>", PDF_UA)

    def include_in_pdf(
        self, pdf: Any, variant: str, version: int, conformance: str, compress: bool
    ) -> None:
        """Add the metadata, never compressed: archives read it without a PDF reader."""
        del compress
        super().include_in_pdf(pdf, variant, version, conformance, False)


with only_bundled_fonts():  # the engine looks for fonts as soon as it is imported
    import weasyprint
    from letters.render.pdf.engine import Files, Images
    from letters.render.pdf.letter import Metadata, ScreenColours, sound_streams
    from letters.render.pdf.reuse import Reuse, can_reuse
    from letters.render.pdf.tags import own_tags
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError

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

    def __init__(self, layout: WebLayout) -> None:
        self._layout = layout
        self._images = Images()
        self._colours = {FORMAT["output_intent"]: ScreenColours()}
        with only_bundled_fonts():
            self._fonts = FontConfiguration()
        self._styles = [self._style(HOUSE_RULES), self._style(self._print_css())]
        print_css = layout.print_css.text
        self._reuse = Reuse(print_css) if can_reuse(print_css) else None

    def print(self, document: Document) -> bytes:
        """The letter as a PDF."""
        with self._reuse.active() if self._reuse else nullcontext():
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
        laid_out.metadata = Metadata(document)
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
