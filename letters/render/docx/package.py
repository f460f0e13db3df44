"""A Word file as a package: its parts and relationships read, and written without a clock."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, cast
from xml.sax.saxutils import quoteattr

from lxml import etree

from letters.errors import LettersError
from letters.sources.tables import BROKEN_ZIP, excess

Element = etree._Element

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
VML = "urn:schemas-microsoft-com:vml"
DECORATIVE = "http://schemas.microsoft.com/office/drawing/2017/decorative"
PACKAGE_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
EXTENDED = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
CORE_RELATIONSHIP = (
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
)


def w(name: str) -> str:
    """`name` in the main WordprocessingML namespace, as lxml writes it."""
    return f"{{{W}}}{name}"


def r(name: str) -> str:
    """`name` in the relationships namespace, as lxml writes it."""
    return f"{{{R}}}{name}"


def value(element: Element | None, attribute: str = "val", default: str = "") -> str:
    """An attribute of `element` in the main namespace; `default` where either is absent."""
    return default if element is None else str(element.get(w(attribute), default))


_MEASURE = re.compile(r"(-?\d+(?:\.\d+)?)(pt|in|cm|mm|pc|pi|%)", re.ASCII)
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "pc": 12.0, "pi": 12.0}


def number(
    element: Element | None, attribute: str = "val", default: int = 0, point: int = 20
) -> int:
    """The same as a whole number; `default` where it is none.

    A measure may have a unit ("2cm", ST_UniversalMeasure) and then counts in parts of which a
    `point` has so many: twips, unless said. Of a percentage the number counts.
    """
    text = value(element, attribute).strip()
    if text.lstrip("-").isdecimal() and len(text) < 10:
        return int(text)
    found = _MEASURE.fullmatch(text[:20])
    return round(float(found[1]) * _POINTS.get(found[2], 1 / point) * point) if found else default


def child(element: Element | None, *path: str) -> Element | None:
    """The first element along `path` of main-namespace names, if there is one."""
    for name in path:
        element = None if element is None else next(element.iterchildren(w(name)), None)
    return element


def is_on(switch: Element | None) -> bool:
    """Whether a switch (ST_OnOff) is there and not switched off."""
    return switch is not None and value(switch, default="1").lower() not in ("0", "false", "off")


def shown(root: Element, *tags: str) -> Iterator[Element]:
    """Elements of a part by their tags, in reading order.

    Of alternative forms of one thing (`mc:AlternateContent`) those of the first, which Word shows.
    """
    found = root.iter(*tags)
    if next(root.iter(f"{{{MC}}}AlternateContent"), None) is None:
        return found
    return (each for each in found if not _is_alternative(each))


def _is_alternative(element: Element) -> bool:
    branches = element.iterancestors(f"{{{MC}}}Choice", f"{{{MC}}}Fallback")
    return any(branch.getprevious() is not None for branch in branches)


_RELATED = etree.XPath("//@r:*", namespaces={"r": R})
_TYPES = f"{{{CONTENT_TYPES}}}"
_SAVE = "Open the file in Word and save it again."


class NotReadable(LettersError):  # noqa: N818  (reads as what it is)
    """The bytes are no Word file that can be read; `what` and `fix` say why, in sentences."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix


class Relationship(NamedTuple):
    """One relationship of a part; `type` is its last word ("image"), `kind` the whole address."""

    id: str
    kind: str
    target: str
    external: bool

    @property
    def type(self) -> str:
        """The last word of the relationship's type: image, hyperlink, header."""
        return self.kind.rpartition("/")[2]

    def __str__(self) -> str:
        mode = ' TargetMode="External"' if self.external else ""
        target = quoteattr(self.target)
        identity = f"Id={quoteattr(self.id)} Type={quoteattr(self.kind)}"
        return f"<Relationship {identity} Target={target}{mode}/>"


def relationships_xml(relationships: str) -> bytes:
    """A relationships part that holds `relationships`, already written."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Relationships xmlns="{PACKAGE_RELATIONSHIPS}">{relationships}</Relationships>'
    ).encode()


def relationships_name(part: str) -> str:
    """The name of the part that holds `part`'s relationships; '' is the package itself."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


@dataclass
class WordPackage:
    """The parts of a Word file by name."""

    parts: dict[str, bytes]

    @classmethod
    def read(cls, content: bytes) -> WordPackage:
        """Read every part. Raises NotReadable for anything but a ZIP file of sensible size."""
        if content.startswith(b"\xd0\xcf\x11\xe0"):
            raise NotReadable(
                "The file is protected by a password or in the old .doc format.",
                "In Word, remove the password or save it as a Word Document (*.docx).",
            )
        try:
            return cls({**_unzipped(content)})
        except BROKEN_ZIP as cause:
            raise NotReadable(
                "The file is not a Word document, or it is damaged.",
                "Open it in Word and save it as a Word Document (*.docx).",
            ) from cause

    def xml(self, part: str, *, shared: bool = False) -> Element:
        """The root element of a part. Raises NotReadable where it is absent or is not XML.

        A `shared` one is that of every package whose part reads the same: nobody changes it.
        """
        try:
            root = (_shared if shared else _parsed)(self.parts[part])
        except (KeyError, etree.XMLSyntaxError, ValueError) as cause:
            what = f"The file's part '{part}' is missing or cannot be read."
            raise NotReadable(what, _SAVE) from cause
        if root.getroottree().docinfo.internalDTD is not None:
            what = f"The file's part '{part}' declares a document type, which no Word file does."
            raise NotReadable(what, _SAVE)
        return root

    @property
    def xml_parts(self) -> list[str]:
        """The names of the parts that are XML, in file order."""
        return [name for name in self.parts if name.endswith((".xml", ".rels"))]

    def check(self) -> None:
        """Read every part that is XML. Raises NotReadable for the first that is not well formed.

        Word refuses a file whose least part is broken, even one that holds no text.
        """
        for name in self.xml_parts:
            self.xml(name)

    def relationships(self, part: str) -> tuple[Relationship, ...]:
        """The relationships of `part`, in file order; of the package where `part` is ''."""
        name = relationships_name(part)
        return tuple(map(_relationship, self.xml(name, shared=True))) if name in self.parts else ()

    def related(self, part: str, kind: str) -> Iterator[tuple[str, str]]:
        """Ids and names of the parts of this file that `part` relates to by type `kind`."""
        for relationship in self.relationships(part):
            if relationship.type == kind and not relationship.external:
                yield relationship.id, absolute(part, relationship.target)

    def one(self, part: str, kind: str) -> str:
        """The part that `part` relates to by type `kind`; '' where there is none."""
        return next((n for _, n in self.related(part, kind) if n in self.parts), "")

    def missing(self) -> list[str]:
        """The names of parts that relationships of the file lead to and that it lacks, sorted."""
        targets = set()
        for name in ["", *self.parts]:
            inside = (each for each in self.relationships(name) if not each.external)
            targets |= {absolute(name, each.target) for each in inside}
        return sorted(target for target in targets if target not in self.parts)

    def unrelated(self, part: str, root: Element) -> list[str]:
        """The ids in `root`, the text of `part`, for which it has no relationship, sorted."""
        known = {relationship.id for relationship in self.relationships(part)}
        return sorted(set(map(str, cast("list[str]", _RELATED(root)))) - known - {""})

    def drop(self, part: str) -> None:
        """Remove a part, its content type and the relationships of the package to it."""
        self.parts.pop(part, None)
        self.parts.pop(relationships_name(part), None)
        types = self.xml("[Content_Types].xml")
        for override in types.findall(f"{_TYPES}Override"):
            if override.get("PartName") == f"/{part}":
                types.remove(override)
        self.parts["[Content_Types].xml"] = xml_bytes(types)

    def content_type(self, part: str) -> str:
        """What the package says `part` is."""
        for override in self.xml("[Content_Types].xml").iter(f"{_TYPES}Override"):
            if override.get("PartName", "").lower() == f"/{part}".lower():
                return str(override.get("ContentType", ""))
        return ""

    def declare(self, tag: str, key: str, name: str, content_type: str) -> None:
        """Say what a part ("Override") or an extension ("Default") is, unless it is said."""
        types = self.xml("[Content_Types].xml")
        if all(e.get(key, "").lower() != name.lower() for e in types):
            element = etree.Element(f"{_TYPES}{tag}", {key: name, "ContentType": content_type})
            types.insert(0 if tag == "Default" else len(types), element)
            self.parts["[Content_Types].xml"] = xml_bytes(types)


MOST_TAGS = 50_000
"""Tags in the XML of a Word layout; Word writes some thousands."""


def refuse_large(package: WordPackage) -> None:
    """Raise NotReadable for a layout that would keep a command busy for minutes."""
    if sum(package.parts[name].count(b"<") for name in package.xml_parts) > MOST_TAGS:
        fix = "Copy what letters need into a new Word file, and use that."
        raise NotReadable(f"The file's XML has more than {MOST_TAGS:,} tags.", fix)


def absolute(part: str, target: str) -> str:
    """The name of the part that `target`, written in `part`'s relationships, leads to."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")


def xml_bytes(root: Element) -> bytes:
    """A part as Word writes it."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _relationship(element: Element) -> Relationship:
    get = element.get
    kind, target = get("Type", ""), get("Target", "")
    return Relationship(get("Id", ""), kind, target, get("TargetMode") == "External")


def _parsed(content: bytes) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(content, parser)


_shared = lru_cache(maxsize=32)(_parsed)


@lru_cache(maxsize=1)  # a letter is read by one validator after another
def _unzipped(content: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        if much := excess(file):
            fix = "Use smaller pictures in it, and save it again."
            raise NotReadable(f"The file holds {much}.", fix)
        entries = [entry for entry in file.infolist() if not entry.is_dir()]
        if len({entry.filename for entry in entries}) < len(entries):
            raise NotReadable("The file holds the same part twice.", _SAVE)
        return {entry.filename: file.read(entry) for entry in entries}


class Packed(NamedTuple):
    """A part ready for the ZIP file: compressed content, checksum, size, method."""

    content: bytes
    checksum: int
    size: int
    method: int


def packed(content: bytes, level: int = 6) -> Packed:
    """`content` compressed; level 0 stores it as it is (for images, which are compressed)."""
    if not level:
        return Packed(content, zlib.crc32(content), len(content), zipfile.ZIP_STORED)
    deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflate.compress(content) + deflate.flush()
    return Packed(body, zlib.crc32(content), len(content), zipfile.ZIP_DEFLATED)


_MIDNIGHT_1980 = 33
"""The first day a ZIP file can name: a letter's bytes hold no clock."""


def zipped(parts: Mapping[str, Packed]) -> bytes:
    """A ZIP file of parts that are compressed already, the content types first.

    Written here and not by `zipfile`, which would compress the unchanged parts for every letter.
    The layout of the records is that of PKWARE's APPNOTE.TXT, sections 4.3.7 to 4.3.16.
    """
    entries, directory, offset = [], [], 0
    for name in sorted(parts, key=_order):
        local, central = _records(name.encode(), parts[name], offset)
        entries += [local, parts[name].content]
        directory.append(central)
        offset += len(local) + len(parts[name].content)
    size, count = sum(map(len, directory)), len(directory)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, size, offset, 0)
    return b"".join([*entries, *directory, end])


def _records(name: bytes, part: Packed, offset: int) -> tuple[bytes, bytes]:
    flags = 0 if name.isascii() else 0x800
    sizes = (part.checksum, len(part.content), part.size, len(name), 0)
    common = (20, flags, part.method, 0, _MIDNIGHT_1980, *sizes)
    local = struct.pack("<4s5H3I2H", b"PK\3\4", *common)
    central = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, *common, 0, 0, 0, 0, offset)
    return local + name, central + name


def _order(name: str) -> tuple[bool, bool, str]:
    return name != "[Content_Types].xml", not name.startswith("_rels/"), name


def said_value(element: Element) -> str:
    """What an element of a drawing says, in whatever namespace its attribute is."""
    return next((str(v) for k, v in element.attrib.items() if str(k).endswith("val")), "")


def relit(colour: Element, base: tuple[int, int, int]) -> tuple[int, int, int]:
    """Return `base` as light as a colour of a drawing says (20.1.2.3, lumMod and lumOff)."""
    hue, light, full = rgb_to_hls(*(each / 255 for each in base))
    for change in colour.iterchildren("{*}lumMod", "{*}lumOff"):
        found = re.fullmatch(r"(-?\d{1,9})(%?)", said_value(change), re.ASCII)
        if found:
            share = int(found[1]) / (100 if found[2] else 100_000)
            light = light * share if str(change.tag).endswith("lumMod") else light + share
    red, green, blue = (round(255 * c) for c in hls_to_rgb(hue, min(max(light, 0), 1), full))
    return red, green, blue
