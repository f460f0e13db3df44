"""Several PDF files as one, tags and all: the structure trees become parts of one tree.

What each file says of itself (both standards, title, colours) is the first one's; see ISO 32000-1,
14.7.4.4 for the index of marks that is built anew, and 12.3.3 for the outline.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pikepdf
import pydyf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String
from weasyprint.css import ColorProfile
from weasyprint.document import DocumentMetadata

from letters.document import Document
from letters.files import digest
from letters.render.outline import RECORD, record

PLACE = "letters:"
"""A link of the first file to `letters:<name>` leads to the first page of the part of that name."""


HEADINGS = ("/H1", "/H2", "/H3", "/H4")
"""A letter's headings, and the one that its lowest becomes."""


@dataclass(frozen=True, slots=True)
class PdfPart:
    """A file to join: the name that links give it, its title in the outline, its bytes."""

    name: str
    title: str
    content: bytes


def page_count(content: bytes) -> int:
    """How many pages a PDF file has."""
    with Pdf.open(io.BytesIO(content)) as pdf:
        return len(pdf.pages)


def join_pdfs(front: PdfPart, parts: Sequence[PdfPart]) -> bytes:
    """`front` with the pages of `parts` after its own; equal parts give equal bytes.

    All must be tagged as `render_pdf` tags: one root element, and pages that know their marks.
    """
    with Pdf.open(io.BytesIO(front.content)) as pdf:
        joined = _Joined(pdf)
        starts = {front.name: 0}
        for part in parts:
            starts[part.name] = len(pdf.pages)
            joined.add(part.content)
        joined.write_index()
        pages = {name: pdf.pages[start].obj for name, start in starts.items()}
        _link(pdf, pages)
        titles = {each.name: each.title for each in (front, *parts)}
        pdf.Root.Outlines = _outline(pdf, [(titles[name], page) for name, page in pages.items()])
        pdf.Root.PageMode = Name.UseOutlines
        if "/PieceInfo" in pdf.Root:
            del pdf.Root.PieceInfo  # the record of one file alone
        _share_images(pdf)
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            recompress_flate=False,
        )
        return out.getvalue()


class _Joined:
    """The file being made: its tree's root element, and the index of its marks."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._tree = pdf.Root.StructTreeRoot
        self._root = self._tree.K[0]
        self._index = dict(_numbered(self._tree.ParentTree))

    def add(self, content: bytes) -> None:
        """Append a file's pages, and its tree as a part in the language of that file."""
        with Pdf.open(io.BytesIO(content)) as other:
            first = max(self._index, default=-1) + 1
            before = len(self._pdf.pages)
            self._pdf.pages.extend(other.pages)
            tree = self._pdf.copy_foreign(other.Root.StructTreeRoot)
            language = str(other.Root.Lang)
        for page in list(self._pdf.pages)[before:]:
            _renumber(page.obj, first)
        for number, element in _numbered(tree.ParentTree):
            self._index[first + number] = element
        part = tree.K[0]
        part.S, part.P, part.Lang = Name.Part, self._root, String(language)
        _lower_headings(part)
        self._root.K.append(part)

    def write_index(self) -> None:
        """Put the index of marks in the tree."""
        entries = [each for number in sorted(self._index) for each in (number, self._index[number])]
        self._tree.ParentTree = self._pdf.make_indirect(Dictionary(Nums=Array(entries)))
        self._tree.ParentTreeNextKey = max(self._index, default=-1) + 1


def _numbered(index: Object) -> Iterator[tuple[int, Object]]:
    numbers = index.Nums
    for place in range(0, len(numbers), 2):
        yield int(numbers[place]), numbers[place + 1]


def _renumber(page: Object, first: int) -> None:
    page.StructParents = int(page.StructParents) + first
    for annotation in page.get("/Annots", Array()):
        if "/StructParent" in annotation:
            annotation.StructParent = int(annotation.StructParent) + first


def _lower_headings(element: Object) -> None:
    """Put the headings of a part under the one heading of the whole (PDF/UA-1, 7.4.2)."""
    kind = str(element.get("/S", ""))
    if kind in HEADINGS[:-1]:
        element.S = Name(HEADINGS[HEADINGS.index(kind) + 1])
    kids = element.get("/K")
    for kid in kids if isinstance(kids, Array) else ():
        if isinstance(kid, Dictionary) and "/S" in kid:
            _lower_headings(kid)


def _link(pdf: Pdf, pages: Mapping[str, Object]) -> None:
    """Make the first file's links to parts lead to their pages."""
    for page in pdf.pages:
        for annotation in page.obj.get("/Annots", Array()):
            address = str(annotation.get("/A", Dictionary()).get("/URI", ""))
            if address.startswith(PLACE):
                del annotation["/A"]
                annotation.Dest = _top(pages[address.removeprefix(PLACE)])


def _top(page: Object) -> Array:
    return Array([page, Name.XYZ, 0, page.MediaBox[3], 0])


def _outline(pdf: Pdf, titles: Sequence[tuple[str, Object]]) -> Object:
    """A list of the parts for the reader's side bar."""
    root = pdf.make_indirect(Dictionary(Type=Name.Outlines, Count=len(titles)))
    entries = [
        pdf.make_indirect(Dictionary(Title=String(title), Parent=root, Dest=_top(page)))
        for title, page in titles
    ]
    for entry, following in pairwise(entries):
        entry.Next, following.Prev = following, entry
    root.First, root.Last = entries[0], entries[-1]
    return root


def _share_images(pdf: Pdf) -> None:
    """Keep one copy of each image that several letters show, such as the crest."""
    known: dict[str, Object] = {}
    for page in pdf.pages:
        _share_drawn(page.obj, known)


def _share_drawn(drawing: Object, known: dict[str, Object]) -> None:
    """Do so for what a page draws, or a form on it: backgrounds stand in forms."""
    drawn = drawing.get("/Resources", Dictionary()).get("/XObject", Dictionary())
    for name, each in list(drawn.items()):
        if each.get("/Subtype") == Name.Image:
            drawn[name] = known.setdefault(_image_digest(each), each)
        else:
            _share_drawn(each, known)


def _image_digest(image: Object) -> str:
    size = f"{image.Width} {image.Height} {image.get('/ColorSpace')} {sorted(image.keys())}"
    mask = image.SMask.read_raw_bytes() if "/SMask" in image else b""
    return digest(b"\0".join((size.encode(), image.read_raw_bytes(), mask)))


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

    The byte is after the end of the compressed content, where nobody reads on.
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
