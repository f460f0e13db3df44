"""Every text that files to be published hold: words on pages, metadata, attributes, cells, names.

Nothing is left out for being out of sight: a comment in a Word file or the title of a PDF is
published with it. Markup is taken away where it parts a word, and stands for a space elsewhere.
"""

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pikepdf
from lxml import etree
from pypdfium2 import PdfDocument, PdfiumError

from letters.files import digest
from letters.render.docx.package import A, W
from letters.sources.tables import BROKEN_ZIP, excess


@dataclass(frozen=True, slots=True)
class FoundText:
    """A text and where it stands, such as "letters/northmoor.pdf, page 2"."""

    where: str
    text: str


Texts = Iterator[tuple[str, str]]
"""Where in a file ("page 2"; nothing for the whole of it), and the text there."""


def texts_of(files: Mapping[str, bytes]) -> Iterator[FoundText]:
    """Yield every text of files by their path: in them, in what is packed into them, their names.

    What stands in several files byte for byte is read in the first; archives come last.
    """
    seen: set[str] = set()
    for name in sorted(files, key=lambda name: name.endswith(".zip")):
        yield FoundText(f"the name of {name}", name)
        for where, text in _read(name, files[name], seen):
            yield FoundText(f"{name}, {where}" if where else name, text)


def _read(name: str, content: bytes, seen: set[str]) -> Texts:
    known = digest(content)
    if known in seen:
        return
    seen.add(known)
    kind = name.rpartition(".")[2].lower()
    if kind in _PACKED:
        yield from _packed(content, seen)
    else:
        yield from _READERS.get(kind, _plain)(content)


def _decoded(content: bytes) -> str:
    return content.decode("utf-8-sig", errors="replace")


def _plain(content: bytes) -> Texts:
    yield "", _decoded(content)


_PICTURE = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=\s]*")
"""Letters of a picture, which by chance could be any word."""

_SIZE = re.compile(r"-?\d{1,9}")
"""An attribute that says how large something is."""

_SPANS = frozenset(
    "a abbr b bdi bdo cite code em i mark q s small span strong sub sup time u wbr".split()  # noqa: SIM905
)
_WORD_BREAKS = frozenset(f"{{{W}}}{name}" for name in "p br cr tab ptab tc tr".split())  # noqa: SIM905
_WORD_BREAKS |= {f"{{{A}}}p", f"{{{A}}}br"}
_WORDS = (f"{{{W}}}", f"{{{A}}}")


def _parts_words(tag: object) -> bool:
    """Whether the words before and after an element's edge are apart for its readers."""
    if not isinstance(tag, str):  # a comment, or an instruction
        return False
    return tag not in _SPANS and (tag in _WORD_BREAKS or not tag.startswith(_WORDS))


def _markup(root: etree._Element) -> Texts:
    """The words between the marks in one text; each attribute and comment in its own."""
    flow, beside = [], []
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        edge = "\n" if _parts_words(element.tag) else ""
        if event == "start":
            flow += [edge, element.text or ""]
            beside += [unquote(v) for v in element.attrib.values() if not _SIZE.fullmatch(v)]
        else:
            flow += [edge, element.tail or ""]
            beside += [element.text or ""] if event != "end" else []
    around = (*root.itersiblings(preceding=True), *root.itersiblings())
    beside += [each.text or "" for each in around]
    yield "", "".join(flow)
    yield "its markup", _PICTURE.sub("", "\n".join(beside))


def _web(content: bytes) -> Texts:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        yield from _markup(etree.fromstring(content, parser))
    except (etree.XMLSyntaxError, ValueError):
        yield "", _PICTURE.sub("", html.unescape(_decoded(content)))


def _xml(content: bytes) -> Texts:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        yield from _markup(etree.fromstring(content, parser))
    except (etree.XMLSyntaxError, ValueError):
        yield "", html.unescape(_decoded(content))


def _table(content: bytes) -> Texts:
    try:
        rows = list(csv.reader(io.StringIO(_decoded(content), newline="")))
    except csv.Error:
        yield from _plain(content)
        return
    for number, row in enumerate(rows, 1):
        for n, cell in enumerate(row):
            head = rows[0][n] if n < len(rows[0]) else str(n + 1)
            yield f"row {number}, {head}", cell


def _json(content: bytes) -> Texts:
    """Every text and key, with the keys that lead to it: "publication.claims.0.sentence"."""
    try:
        waiting: list[tuple[str, Any]] = [("", json.loads(content))]
    except (ValueError, RecursionError):
        yield from _plain(content)
        return
    while waiting:
        where, part = waiting.pop()
        if isinstance(part, str):
            yield where, part
        elif isinstance(part, dict | list):
            pairs = list(part.items() if isinstance(part, dict) else enumerate(part))
            yield from ((where, key) for key, _ in pairs if isinstance(key, str))
            steps = [(f"{where}.{key}".lstrip("."), each) for key, each in pairs]
            waiting += reversed(steps)


def _pdf(content: bytes) -> Texts:
    """The words of each page, line by line, and every text among the objects of the file."""
    try:
        with PdfDocument(content) as pages:
            for number, page in enumerate(pages, 1):
                yield f"page {number}", page.get_textpage().get_text_range()
        with pikepdf.open(io.BytesIO(content)) as pdf:
            for each in pdf.objects:
                yield from _inside(each)
    except (PdfiumError, pikepdf.PdfError):
        yield from _plain(content)


_NAMED = {
    "/Alt": "an alternative text",
    "/ActualText": "a text read out",
    "/URI": "a link",
    "/Contents": "a note on a page",
    "/Private": "its record of passages",
}
"""What texts among a PDF's objects are, by the key that leads to them; others are metadata."""


def _inside(top: Any) -> Texts:
    """The texts of a PDF's object, and of those that stand in it directly."""
    waiting = [("its metadata", top)]
    while waiting:
        where, part = waiting.pop()
        if isinstance(part, pikepdf.String):
            yield where, unquote(str(part))
        elif isinstance(part, pikepdf.Array):
            waiting += [(where, each) for each in part.as_list() if not _is_apart(each)]
        elif isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            kept = part.stream_dict if isinstance(part, pikepdf.Stream) else part
            pairs = [(key, each) for key, each in kept.items() if not _is_apart(each)]
            waiting += [(_NAMED.get(key, where), each) for key, each in pairs]
            yield from _stream(part) if isinstance(part, pikepdf.Stream) else ()


def _is_apart(part: Any) -> bool:
    """Whether an object stands elsewhere in the file, and is met there."""
    return isinstance(part, pikepdf.Object) and part.is_indirect


def _stream(stream: pikepdf.Stream) -> Texts:
    """The XMP metadata and the files attached; pages and fonts are read otherwise."""
    kind = stream.stream_dict.get("/Type")
    if kind == "/Metadata":
        yield from (("its metadata", text) for _, text in _xml(stream.read_bytes()))
    elif kind == "/EmbeddedFile":
        content = stream.read_bytes()
        form = next((form for start, form in _STARTS.items() if content.startswith(start)), "")
        for where, text in _read(f"attachment.{form}", content, set()):
            yield f"an attachment, {where}".removesuffix(", "), text


_STARTS = {b"%PDF": "pdf", b"PK\x03\x04": "zip", b"<": "xml"}


def _packed(content: bytes, seen: set[str]) -> Texts:
    """The files in a package, a Word file among them; one that is damaged, or too large, as is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = [] if excess(package) else package.namelist()
            files = {name: package.read(name) for name in parts}
    except BROKEN_ZIP:
        files = {}
    yield from _plain(content) if not files else ()
    for name, part in files.items():
        yield f"the name of {name}", name
        for where, text in _read(name, part, seen):
            yield f"{name}, {where}".removesuffix(", "), text


_PACKED = frozenset(("zip", "docx"))
_READERS: Mapping[str, Callable[[bytes], Texts]] = {
    "pdf": _pdf,
    "html": _web,
    "xml": _xml,
    "rels": _xml,
    "csv": _table,
    "json": _json,
}
