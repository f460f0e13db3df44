"""The fonts of a PDF: what their codes mean as text, and whether they draw what the text says."""

import re
import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from pikepdf import Dictionary, Name, Object

from letters.render.words import Finding, quoted

_SURROGATES = range(0xD800, 0xE000)


def drawn_characters(program: bytes) -> dict[int, set[str]]:
    """The characters of each glyph by its number; nothing where the font has no such table."""
    drawn: dict[int, set[str]] = {}
    try:
        for character, glyph in _cmap(program):
            if glyph and character not in _SURROGATES:
                drawn.setdefault(glyph, set()).add(chr(character))
    except (struct.error, ValueError):
        return {}
    return drawn


def _cmap(program: bytes) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">H", program, 4)
    tables = (struct.unpack_from(">4s4xII", program, 12 + 16 * n) for n in range(count))
    for tag, start, length in tables:
        if tag == b"cmap":
            yield from _subtables(program[start : start + length])


def _subtables(table: bytes) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">H", table, 2)
    for n in range(count):
        platform, encoding, start = struct.unpack_from(">HHI", table, 4 + 8 * n)
        if platform not in (0, 3) or (platform == 3 and encoding == 0):
            continue  # symbol fonts number their characters by a private convention
        (form,) = struct.unpack_from(">H", table, start)
        if form == 4:
            yield from _format_4(table[start:])
        elif form == 12:
            yield from _format_12(table[start:])


def _format_4(table: bytes) -> Iterator[tuple[int, int]]:
    (double,) = struct.unpack_from(">H", table, 6)
    segments = double // 2
    ends = struct.unpack_from(f">{segments}H", table, 14)
    starts = struct.unpack_from(f">{segments}H", table, 16 + double)
    deltas = struct.unpack_from(f">{segments}H", table, 16 + 2 * double)
    offsets = struct.unpack_from(f">{segments}H", table, 16 + 3 * double)
    for n, (start, end, delta, offset) in enumerate(
        zip(starts, ends, deltas, offsets, strict=True)
    ):
        at = 16 + 3 * double + 2 * n + offset
        for character in range(start, min(end, 0xFFFE) + 1):
            glyph = character
            if offset:
                (glyph,) = struct.unpack_from(">H", table, at + 2 * (character - start))
            missing = offset and not glyph
            yield character, 0 if missing else (glyph + delta) % 0x10000


def _format_12(table: bytes) -> Iterator[tuple[int, int]]:
    (groups,) = struct.unpack_from(">I", table, 12)
    for n in range(groups):
        start, end, glyph = struct.unpack_from(">III", table, 16 + 12 * n)
        for character in range(start, end + 1):
            yield character, glyph + character - start


_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)end(?:bfchar|bfrange)", re.DOTALL)
_CODE = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")


class _Meanings(dict[int, str]):
    """A ToUnicode map; U+FFFD for a code it lacks."""

    def __missing__(self, code: int) -> str:
        return "\ufffd"


@dataclass(frozen=True, slots=True)
class Font:
    """A font as the pages use it.

    `width` counts the bytes of a code, `meanings` is its ToUnicode map (None where it has none),
    `program` the embedded font, `by_glyph` whether a code is the number of a glyph.
    """

    name: str
    width: int
    meanings: _Meanings | None
    program: bytes | None
    by_glyph: bool

    def text(self, codes: bytes) -> str:
        """The words that `codes` stand for; U+FFFD for one that the font's map leaves out."""
        if self.meanings is None:
            return codes.decode("cp1252", errors="replace") if self.width == 1 else ""
        encoding = "utf-16-be" if self.width == 2 else "latin-1"
        return codes.decode(encoding, errors="surrogatepass").translate(self.meanings)


def read_fonts(resources: Object, known: dict[tuple[int, int], Font]) -> dict[str, Font]:
    """The fonts of a page or form by the name its content gives them.

    `known` keeps those read before.
    """
    found = resources.get("/Font", Dictionary())
    return {name: _font(font, known) for name, font in found.items()}


def font_findings(fonts: list[Font]) -> Iterator[Finding]:
    """Fonts that the file lacks, text that cannot be copied or read out, and wrong glyphs."""
    for font in fonts:
        where = f"font {font.name}"
        if font.program is None:
            what = "A font is not embedded, so another machine may show other letters."
            yield Finding("PDF/UA-1 7.21.4.1", what, where)
        if font.meanings is None and font.width > 1:
            what = (
                "A font does not say which letters its glyphs are, so the text cannot be read out."
            )
            yield Finding("PDF/UA-1 7.21.7", what, where)
        yield from _wrong_glyphs(font, where)


def _font(font: Object, known: dict[tuple[int, int], Font]) -> Font:
    if font.objgen not in known or font.objgen == (0, 0):
        known[font.objgen] = read_font(font)
    return known[font.objgen]


def read_font(font: Object) -> Font:
    """Read a font: how wide its codes are, what they mean, the program that draws them."""
    composite = font.get("/Subtype") == Name.Type0
    inner = font.DescendantFonts[0] if composite else font
    descriptor = inner.get("/FontDescriptor", Dictionary())
    programs = (descriptor.get(key) for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    program = next((p for p in programs if p is not None), None)
    to_unicode = font.get("/ToUnicode")
    return Font(
        name=str(font.get("/BaseFont", "/without a name"))[1:].partition("+")[2]
        or str(font.get("/BaseFont", "/without a name"))[1:],
        width=2 if composite else 1,
        meanings=None if to_unicode is None else _meanings(to_unicode.read_bytes()),
        program=None if program is None else program.read_bytes(),
        by_glyph=composite and inner.get("/CIDToGIDMap", Name.Identity) == Name.Identity,
    )


def _meanings(cmap: bytes) -> _Meanings:
    meanings = _Meanings()
    for kind, body in _BLOCK.findall(cmap):
        codes = [hex_ or bracket or end for hex_, bracket, end in _CODE.findall(body)]
        if kind == b"bfchar":
            pairs = zip(codes[::2], codes[1::2], strict=False)
            meanings.update((int(code, 16), _characters(text)) for code, text in pairs)
        else:
            meanings.update(_ranges(iter(codes)))
    return meanings


def _ranges(codes: Iterator[bytes]) -> Iterator[tuple[int, str]]:
    for first in codes:
        start, end, text = int(first, 16), int(next(codes), 16), next(codes)
        if text == b"[":
            listed = iter(lambda: next(codes), b"]")
            yield from ((start + n, _characters(each)) for n, each in enumerate(listed))
        else:
            base = int(text, 16)
            for code in range(start, end + 1):
                yield code, _characters(b"%0*X" % (len(text), base + code - start))


def _characters(hexadecimal: bytes) -> str:
    return bytes.fromhex(hexadecimal.decode()).decode("utf-16-be", errors="replace")


def _wrong_glyphs(font: Font, where: str) -> Iterator[Finding]:
    """Where the text says one letter and the embedded font draws another."""
    if not (font.by_glyph and font.program and font.meanings):
        return
    drawn = drawn_characters(font.program)
    for code, text in font.meanings.items():
        letters = drawn.get(code, {text})
        if text not in letters and _plain(text) not in {_plain(letter) for letter in letters}:
            what = f"The font draws {quoted(min(letters))} where the text says {quoted(text)}."
            yield Finding("PDF/UA-1 7.21.7", what, where)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("\u2010", "-").replace("\u2011", "-")
