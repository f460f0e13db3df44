"""What a PDF says of itself: title, author, dates, and the two standards it follows."""

from __future__ import annotations

from typing import Any

from weasyprint.document import DocumentMetadata

from letters.document import Document

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
