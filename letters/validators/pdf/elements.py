"""Faults of a PDF as a whole and of its elements: title, language, standards, headings, tables."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

import page
from lxml import etree
from pikepdf import Dictionary, Object, Pdf, Stream

from letters.document import as_read
from letters.render.outline import RECORD, FileRecord
from letters.render.words import (
    Finding,
    heading_findings,
    left_behind,
    poor_alternative,
    quoted,
    unmarked_welsh,
)
from letters.validators.pdf.pdf_file import BLOCKS, PdfReading
from letters.validators.pdf.structure import Annotation, ContentMark, StructureElement

_HEADING = re.compile(r"H([1-6])")


def element_findings(reading: PdfReading) -> Iterator[Finding]:
    """Faults that show in one element and what it holds."""
    yield from _headings(reading)
    for element in reading.elements:
        match element.tag:
            case "Figure":
                where = reading.where(element) or "a figure without content"
                yield from poor_alternative("PDF/UA-1 7.3", element.alternative, where)
            case "Link":
                yield from _link(reading, element)
            case "L":
                yield from _list(reading, element)
            case "Table":
                yield from _table(reading, element)
            case tag if tag in BLOCKS:
                yield from _text(reading, element)


def _headings(reading: PdfReading) -> Iterator[Finding]:
    found = ((_HEADING.fullmatch(e.tag), e) for e in reading.elements)
    headings = [(int(match[1]), reading.words(e)) for match, e in found if match]
    return heading_findings("PDF/UA-1 7.4.2", headings)


def _link(reading: PdfReading, link: StructureElement) -> Iterator[Finding]:
    words = reading.words(link)
    for annotation in _annotations(link):
        if _folded(annotation.contents) != _folded(words):
            said = quoted(annotation.contents) if annotation.contents.strip() else "nothing"
            what = f"A link is read out as {said}, not by its words."
            yield Finding("PDF/UA-1 7.18.5", what, reading.where(link))
            return


def _annotations(element: StructureElement) -> Iterator[Annotation]:
    for inner in element.walk():
        yield from (part for part in inner.parts if isinstance(part, Annotation))


def _list(reading: PdfReading, element: StructureElement) -> Iterator[Finding]:
    if element.attributes.get("ListNumbering", "/None") == "/None":
        what = "A list does not say whether it is numbered or has bullets."
        yield Finding("PDF/UA-1 7.6", what, reading.where(element))
    for child in element.children:
        wrong = [part.tag for part in child.children if part.tag not in ("Lbl", "LBody")]
        if child.tag == "LI" and wrong:
            what = (
                f"A list item holds {wrong[0]} beside its label and body, so its order is unsure."
            )
            yield Finding("PDF/UA-1 7.6", what, reading.where(child))


def _table(reading: PdfReading, table: StructureElement) -> Iterator[Finding]:
    heads = [cell for cell in table.walk() if cell.tag == "TH"]
    if not heads:
        yield Finding("PDF/UA-1 7.5", "A table has no header cells.", reading.where(table))
    for cell in heads:
        if "Scope" not in cell.attributes and "Headers" not in cell.attributes:
            what = "A header cell does not say whether it heads its column or its row."
            yield Finding("PDF/UA-1 7.5", what, reading.where(cell))


def _text(reading: PdfReading, block: StructureElement) -> Iterator[Finding]:
    spoken = _by_language(reading, block)
    for finding in left_behind(" ".join(spoken.values())):
        yield replace(finding, where=reading.where(block))
    for language, words in spoken.items():
        for finding in unmarked_welsh("PDF/UA-1 7.2", words, language):
            yield replace(finding, where=reading.where(block))


def _by_language(reading: PdfReading, block: StructureElement) -> dict[str, str]:
    """The block's own words, its inner blocks left out, by the language in force."""
    words: dict[str, str] = {}
    for element, mark in _own_marks(block):
        stretch = reading.marked.get(mark)
        if stretch:
            words[element.language] = f"{words.get(element.language, '')} {stretch.words}"
    return words


def _own_marks(element: StructureElement) -> Iterator[tuple[StructureElement, ContentMark]]:
    for part in element.parts:
        if isinstance(part, ContentMark):
            yield element, part
        elif isinstance(part, StructureElement) and part.tag not in BLOCKS | {"L", "Table", "Lbl"}:
            yield from _own_marks(part)


def _folded(words: str) -> str:
    return as_read(words).replace(" ", "")


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


def kept_record(pdf: Pdf) -> FileRecord | None:
    """Read what a file keeps of its letter (ISO 32000-1, 14.5); None where it keeps nothing."""
    pieces = pdf.Root.get("/PieceInfo", Dictionary()).get(RECORD, Dictionary())
    kept = pieces.get("/Private")
    if kept is None:
        return None
    own, marks = (tuple(map(str, kept.get(key, []))) for key in ("/Own", "/Marks"))
    return FileRecord(int(kept.Passages), str(kept.Digest), own, marks)


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


PROFILES = {"ua1": "PDF/UA-1", "2a": "PDF/A-2a"}
"""Every profile a letter keeps to, by the library's names."""

_FALSE_ALARMS = {
    # Takes the last byte of a stream for its end of line where that byte is a carriage return.
    "PDFA2A-STREAM-LENGTH-001",
}


_TOLD_BY = {
    "ALT-TEXT-LANGUAGE": "PDF/UA-1 7.2",
    "ANNOTATION-CONTENTS-LANGUAGE": "PDF/UA-1 7.2",
    "CONTENT-TAGGING": "PDF/UA-1 7.1",
    "FIGURE-ALTERNATIVE-TEXT": "PDF/UA-1 7.3",
    "FONT-EMBEDDING": "PDF/UA-1 7.21.4.1",
    "FONT-UNICODE-MAPPING": "PDF/UA-1 7.21.7",
    "HEADING-NESTING": "PDF/UA-1 7.4.2",
    "ID-PART": "PDF/UA-1 5",
    "ID-SCHEMA": "PDF/UA-1 5",
    "LI-KIDS": "PDF/UA-1 7.6",
    "LINK-CONTENTS": "PDF/UA-1 7.18.5",
    "LINK-LINK-TAG": "PDF/UA-1 7.1",
    "METADATA-TITLE": "PDF/UA-1 7.1",
    "OUTLINE-LANGUAGE": "PDF/UA-1 7.2",
    "STRUCT-TREE-ROOT": "PDF/UA-1 7.1",
    "TABLE-HEADERS-SCOPE": "PDF/UA-1 7.5",
    "TAGGED-DOCUMENT": "PDF/UA-1 7.1",
    "TEXT-LANGUAGE": "PDF/UA-1 7.2",
    "UNICODE-MAPPING": "PDF/UA-1 7.21.7",
    "VIEWER-PREFERENCES": "PDF/UA-1 7.1",
}
"""Rules of the library that one of our own says in plainer words, and names the place."""


def profile_findings(
    content: bytes, profiles: Iterable[str] = PROFILES, told: Collection[Finding] = ()
) -> Iterator[Finding]:
    """One finding for each rule of the profiles that the file breaks, unless `told` says it."""
    rules_told = {finding.rule for finding in told}
    for profile in profiles:
        standard = PROFILES[profile]
        try:
            failures = page.validate_pdf_bytes(content, profile=profile).failures
        except page.PageError as error:
            yield Finding(standard, f"The file cannot be read: {error}.")
            return
        messages = {failure.rule_id: failure.message for failure in failures}
        for rule, message in messages.items():
            stem = re.sub(r"^PDF(UA1|A2A)-|-\d+$", "", rule)
            if rule not in _FALSE_ALARMS and _TOLD_BY.get(stem) not in rules_told:
                yield Finding(f"{standard} {rule}", _sentence(message))


_OTHER_COLOURS = re.compile(
    r"Device(?P<kind>\w+) is selected in (?P<where>[^/]+).*, but "
    r"(?:no PDF/A-1 output colour space is defined|the PDF/A-1 output colour space is (?P<own>.+))"
)
"""The library's words for colours of another kind than the file declares."""
_MAYBE = re.compile(r'Some\("?\s*(.*?)\s*"?\)')
"""How the library writes a value that it may lack; `None` is one that it lacks."""


def _sentence(message: str) -> str:
    """The library's message in words for people."""
    words = re.sub(r"\s+", " ", message).strip().rstrip(".")
    words = re.sub(r"\bNone\b", "not declared", _MAYBE.sub(r"\1", words))
    if found := _OTHER_COLOURS.fullmatch(words):
        own = found["own"] or "not declared"
        kind = found["kind"].replace("Gray", "grey")
        words = f"{found['where']} has {kind} colours, but those of the file are {own}"
    return f"{words[:1].upper()}{words[1:]}."
