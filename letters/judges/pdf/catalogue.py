"""What a PDF says of itself as a whole: title, language, standards, tags."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree
from pikepdf import Dictionary, Object, Pdf, Stream

from letters.judges.finding import Finding
from letters.judges.texts import left_behind

_DC_TITLE = "//*[local-name()='title' and namespace-uri()='http://purl.org/dc/elements/1.1/']"
_PART = "http://www.aiim.org/{}/ns/id/"
_DECLARED = {"pdfaid": "PDF/A", "pdfuaid": "PDF/UA-1"}


def catalogue_findings(pdf: Pdf) -> Iterator[Finding]:
    """Faults of the file as a whole."""
    root = pdf.Root
    metadata = _metadata(root)
    yield from _title(root, metadata)
    yield from _declared(metadata)
    if not str(root.get("/Lang", "")).strip():
        what = "The file does not say which language it is in."
        yield Finding("PDF/UA-1 7.2", what)
    if not is_tagged(pdf):
        what = "The file is not tagged: assistive technology finds no headings and no order."
        yield Finding("PDF/UA-1 7.1", what)


def is_tagged(pdf: Pdf) -> bool:
    """Whether the file has a structure tree and says so."""
    marked = pdf.Root.get("/MarkInfo", Dictionary()).get("/Marked")
    return marked is not None and bool(marked) and "/StructTreeRoot" in pdf.Root


def _title(root: Object, metadata: etree._Element | None) -> Iterator[Finding]:
    found = [] if metadata is None else metadata.xpath(f"{_DC_TITLE}//text()")
    title = "".join(map(str, found)).strip()  # type: ignore[arg-type]
    if not title:
        yield Finding("PDF/UA-1 7.1", "The file has no title.")
    yield from left_behind(title, "title")
    shown = root.get("/ViewerPreferences", Dictionary()).get("/DisplayDocTitle")
    if shown is None or not bool(shown):
        what = "The window bar shows the file's name instead of its title."
        yield Finding("PDF/UA-1 7.1", what)


def _declared(metadata: etree._Element | None) -> Iterator[Finding]:
    for prefix, standard in _DECLARED.items():
        name = f"{{{_PART.format(prefix.removesuffix('id'))}}}part"
        if metadata is None or not _holds(metadata, name):
            what = f"The file does not declare that it keeps to {standard}."
            rule = "PDF/UA-1 5" if prefix == "pdfuaid" else "PDF/A-2 6.6.4"
            yield Finding(rule, what)


def _holds(metadata: etree._Element, name: str) -> bool:
    return any(element.tag == name or name in element.attrib for element in metadata.iter())


def _metadata(root: Object) -> etree._Element | None:
    stream = root.get("/Metadata")
    if not isinstance(stream, Stream):
        return None
    try:
        return etree.fromstring(stream.read_bytes(), etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        return None
