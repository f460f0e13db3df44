"""What is mended in a PDF as it is written: its colours, its metadata, the ends of its streams."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

import pydyf
from weasyprint.css import ColorProfile
from weasyprint.document import DocumentMetadata

from letters.document import Document
from letters.render.outline import RECORD, record

INNER = (
    *(pydyf.Stream.data, ColorProfile.content),
    *(DocumentMetadata.generate_rdf_metadata, DocumentMetadata.include_in_pdf),
)
"""What is replaced below: looked up here, so that its lack is told before any letter is begun."""


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
    # PDF/A wants the line end before `endstream` apart from the data; pydyf adds one line end only.
    pydyf.Stream.data = property(lambda stream: lengthened(bytes(theirs.fget(stream))))
    try:
        yield
    finally:
        pydyf.Stream.data = theirs  # as it was


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
    """A letter's metadata, and the record of what it says; the dates are the document's own."""

    def __init__(self, document: Document, own: Iterable[str]) -> None:
        super().__init__(
            title=document.title,
            authors=[document.author],
            description=document.subject,
            generator="letters",
            created=document.created.isoformat(),
            modified=document.modified.isoformat(),
            lang=document.language,
        )
        self._record = record(document, own)

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
        pdf.catalog["PieceInfo"] = pydyf.Dictionary({RECORD[1:]: self._piece()})

    def _piece(self) -> pydyf.Dictionary:
        """The record as an application's own data (ISO 32000-1, 14.5)."""
        kept = self._record
        private = {
            "Passages": kept.count,
            "Digest": pydyf.String(kept.digest),
            "Own": pydyf.Array(map(pydyf.String, kept.own)),
            "Marks": pydyf.Array(map(pydyf.String, kept.marks)),
        }
        changed = pydyf.String(f"D:{self.modified.replace('-', '')}")
        return pydyf.Dictionary({"LastModified": changed, "Private": pydyf.Dictionary(private)})
