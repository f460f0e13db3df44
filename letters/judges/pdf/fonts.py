"""The fonts of a PDF: what their codes mean as text, and whether they draw what the text says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from pikepdf import Dictionary, Name, Object, Page

from letters.judges.finding import Finding, quoted
from letters.judges.pdf.glyphs import drawn_characters

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


def read_fonts(page: Page, known: dict[tuple[int, int], Font]) -> dict[str, Font]:
    """The fonts of a page by the name its content gives them; `known` keeps those read before."""
    found = page.obj.get("/Resources", Dictionary()).get("/Font", Dictionary())
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
        known[font.objgen] = _read(font)
    return known[font.objgen]


def _read(font: Object) -> Font:
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
