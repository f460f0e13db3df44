"""Reading the content of a PDF's pages: the same as pikepdf's own, slower reader finds."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from pikepdf import Pdf, parse_content_stream

from letters.render.assets import FOLDER
from letters.validators.pdf.content import instructions, shown_codes
from letters.validators.pdf.fonts import drawn_characters

LETTERS = ("fennimarsh-and-the-saltings", "hallowmarch-and-the-skerries")


@pytest.mark.parametrize("name", LETTERS)
def test_operators_are_those_of_another_reader(name: str, example_out: Path) -> None:
    with Pdf.open(example_out / f"letters/{name}.pdf") as pdf:
        for page in pdf.pages:
            content = page.Contents.read_bytes()
            theirs = [str(instruction.operator) for instruction in parse_content_stream(page)]
            assert [operator for _, operator in instructions(content)] == theirs


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"/P <</MCID 0>> BDC", [(b"/P <</MCID 0>> ", "BDC")]),
        (
            b"/Span <</ActualText (a \\) > b)>> BDC",
            [(b"/Span <</ActualText (a \\) > b)>> ", "BDC")],
        ),
        (b"[(a(b)c) -20.5 <00 41>] TJ", [(b"[(a(b)c) -20.5 <00 41>] ", "TJ")]),
        (b"(BT ET) Tj T* f*", [(b"(BT ET) ", "Tj"), (b"", "T*"), (b"", "f*")]),
        (b"q BI /W 1 /H 1 ID \x00(]\x01 EI Q", [(b"", "q"), (b"", "EI"), (b"", "Q")]),
        (b"/F1 12 Tf\n1 0 0 1 .5 -7 Tm", [(b"/F1 12 ", "Tf"), (b"1 0 0 1 .5 -7 ", "Tm")]),
    ],
)
def test_instructions(content: bytes, found: list[tuple[bytes, str]]) -> None:
    assert list(instructions(content)) == found


@pytest.mark.parametrize(
    ("operands", "codes"),
    [
        (b"[<0041>0<0042>]", b"\0A\0B"),
        (b"<00 41>", b"\0A"),
        (b"(a\\(b\\)\\101\\n)", b"a(b)A\n"),
        (b"[(a) -3 <62>]", b"ab"),
        (b"(a\\\nb)", b"ab"),
        (b"(a(b)c)", b"a(b)c"),
    ],
)
def test_shown_codes(operands: bytes, codes: bytes) -> None:
    assert shown_codes(operands) == codes


@pytest.mark.parametrize("face", sorted(FOLDER.glob("*.ttf")), ids=lambda path: path.name)
def test_glyphs_are_those_of_another_reader(face: Path) -> None:
    font = TTFont(face)
    theirs: dict[int, set[str]] = {}
    for character, glyph in font.getBestCmap().items():
        theirs.setdefault(font.getGlyphID(glyph), set()).add(chr(character))
    assert drawn_characters(face.read_bytes()) == theirs


def test_bytes_that_are_no_font_draw_nothing() -> None:
    assert drawn_characters(b"") == {}
    assert drawn_characters(b"\0" * 400) == {}
