"""Whether each word of a finished PDF can be read by those who look at its pages."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import process_time

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fontTools.ttLib.tables._g_l_y_f import Glyph  # type: ignore[import-untyped]
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from letters.document import Document, Heading, Link, Quote, Text
from letters.render.html import WebLayout
from letters.render.pdf.letter import render_pdf
from letters.render.stylesheet import Stylesheet
from letters.validators.pdf.drawn import drawn_findings
from tests.broken_files.case import LONG, STRUCTURES
from tests.broken_files.pdf_changes import edited, fonts, turned, with_first_words
from tests.render.documents import (
    LAYOUT,
    ROOT,
    a_document,
    a_draft,
    every_structure,
    long_letter,
    paragraph,
)

WHO = ".salutation, blockquote"
HIDDEN = "'Dear Chief Constable All forces should begin now.'"
PALE = "its colour is that of what is behind it, or it is see-through."
GONE = "it is faded out or cut off, or its font has no shapes for it."
OVER = "other words are in the same place."
FIRST = "'Inspectorate of Constabulary for Verrenland'"


def printed(document: Document, css: str) -> bytes:
    """A letter printed with more rules in the shipped print style."""
    layout = WebLayout.load(LAYOUT, ROOT)
    sheet = Stylesheet(layout.print_css.file, f"{layout.print_css.text}\n{css}")
    return render_pdf(document, replace(layout, print_css=sheet))


def a_short_letter() -> Document:
    return a_document(
        paragraph("We recommended:"),
        Quote((paragraph("All forces should begin now."),)),
        Heading(2, (Text("Next"),)),
        paragraph("Please write."),
    )


def told(content: bytes) -> list[str]:
    return [finding.what for finding in drawn_findings(content)]


def test_every_word_of_the_example_is_seen(example_out: Path) -> None:
    letters = sorted((example_out / "letters").glob("*.pdf"))
    assert len(letters) == 43
    assert {path.name: told(path.read_bytes()) for path in letters if told(path.read_bytes())} == {}


def test_a_letter_is_looked_at_quickly(example_out: Path) -> None:
    """37 ms of CPU a letter where it was written; four times that, because tests share cores."""
    letters = [path.read_bytes() for path in sorted((example_out / "letters").glob("*.pdf"))]
    began = process_time()
    for content in letters:
        drawn_findings(content)
    assert (process_time() - began) / len(letters) < 0.15


@pytest.mark.parametrize(
    "document",
    [
        a_document(*every_structure()),
        long_letter(),
        a_draft(),
        replace(a_draft(), handling="OFFICIAL"),
        a_document(paragraph(Link("mailto:a_b@x.example", (Text("a_b_@x.example"),)))),
        a_document(paragraph("Cafe\u0301, ffi, W\u0302 “A’s” L’Isle; VAT, Ty.")),
    ],
)  # fmt: skip
def test_sound_letters(document: Document) -> None:
    assert told(printed(document, "")) == []


@pytest.mark.parametrize(
    "css",
    [
        "p { color: #767676 }",
        ".salutation { color: #fff; background: #1d3461 }",
        ".letter { background: linear-gradient(#dde, #eef) }",
        "p { letter-spacing: -0.3px; line-height: 1 }",
        "p { font-size: 5pt; color: #444 }",
        "p { font-style: italic }",
        "blockquote { background: #000; color: #ffd }",
        ".salutation { opacity: 0.9 }",
        "article { overflow: hidden }",
    ],
)
def test_looks_that_hide_nothing(css: str) -> None:
    assert told(printed(a_document(*every_structure()), css)) == []


@pytest.mark.parametrize(
    ("css", "why"),
    [
        ("opacity: 0", GONE),
        ("opacity: 0.05", GONE),
        ("color: #fff", PALE),
        ("color: #fdfdfd", PALE),
        ("color: transparent", PALE),
        ("color: rgb(0 0 0 / 1%)", PALE),
        ("background: #000", PALE),
        ("position: absolute; left: -99in", "it is outside the page."),
        ("text-indent: -99in", "it is outside the page."),
        ("margin-left: -99in", "it is outside the page."),
        ("transform: translate(-99in, 0)", "it is outside the page."),
        ("max-height: 0; overflow: hidden", "it is cut off."),
        ("max-height: 2mm; overflow: hidden", "it is cut off."),
    ],
)
def test_words_that_a_style_hides(css: str, why: str) -> None:
    content = printed(a_short_letter(), f"{WHO} {{ {css} }}")
    assert told(content) == [f"{HIDDEN} cannot be seen on page 1: {why}"]


@pytest.mark.parametrize(
    ("css", "why"),
    [
        ("font-size: 0.1pt", "its letters are smaller than 4 points."),
        ("transform: scale(0.001)", "its letters are smaller than 4 points."),
        ("transform: scaleX(-1)", "it is turned, mirrored or written backwards."),
        ("transform: rotate(90deg)", "it is turned, mirrored or written backwards."),
    ],
)
def test_words_that_a_style_makes_unreadable(css: str, why: str) -> None:
    content = printed(a_short_letter(), f"{WHO} {{ {css} }}")
    assert told(content) == [f"{HIDDEN} cannot be read on page 1: {why}"]


def test_letters_drawn_backwards() -> None:
    found = told(printed(a_short_letter(), ".salutation { letter-spacing: -12pt }"))
    assert found[-1:] == [
        "'Dear Chief' cannot be read on page 1: it is turned, mirrored or written backwards."
    ]


@pytest.mark.parametrize(
    "css",
    [
        "h1 { position: relative; margin-bottom: -20mm; height: 40mm; background: #fff }",
        "h1 { position: absolute; top: 0; left: 0; width: 200mm; height: 200mm; background: #fff }",
        "h1 { outline: 99in solid #fff }",
        "h1 { position: relative; margin-top: -9mm; padding-top: 9mm; background: #fff }",
    ],
)
def test_words_that_something_covers(css: str) -> None:
    (found,) = drawn_findings(printed(a_short_letter(), css))
    assert found.what.endswith("cannot be seen on page 1: something covers it.")
    assert str(found).endswith("(letters: sight)")


def test_lines_over_one_another() -> None:
    (found,) = told(printed(a_short_letter(), "p { line-height: 0 }"))
    assert found.endswith(f"cannot be read on page 1: {OVER}")
    assert found.startswith("'London EX1 1EX")


def of_letter(folder: Path, change: Callable[[Pdf], None], name: str = STRUCTURES) -> list[str]:
    return told(edited(change)((folder / f"letters/{name}.pdf").read_bytes()))


@pytest.mark.parametrize(
    ("before", "found"),
    [
        (b"3 Tr", "seen on page 1: it is not painted."),
        (b"7 Tr", "seen on page 1: it is not painted."),
        (b"5 Tr", "read on page 1: it is a stencil for what is drawn after it."),
        (b"1 1 1 rg", f"seen on page 1: {PALE}"),
        (b"/None_ gs", f"seen on page 1: {PALE}"),
        (b"1 0 0 1 -9000 0 cm", "seen on page 1: it is outside the page."),
        (b"0 0 1 1 re W n", "seen on page 1: it is cut off."),
    ],
)
def test_first_words_painted_otherwise(before: bytes, found: str, example_out: Path) -> None:
    assert of_letter(example_out, with_first_words(before)) == [f"{FIRST} cannot be {found}"]


@pytest.mark.parametrize("before", [b"2 Tr", b"0 0 9000 9000 re W n", b"0 0 0.5 rg"])
def test_first_words_painted_and_seen(before: bytes, example_out: Path) -> None:
    assert of_letter(example_out, with_first_words(before)) == []


def with_drawing(last: bytes) -> Callable[[Pdf], None]:
    """Something drawn over page 1 when all else is there, as an artifact."""

    def change(pdf: Pdf) -> None:
        page = pdf.pages[0]
        page.Contents = pdf.make_stream(
            b"q " + page.Contents.read_bytes() + b" Q /Artifact BMC q " + last + b" Q EMC"
        )

    return change


def test_a_white_fill_over_the_page(example_out: Path) -> None:
    (found,) = of_letter(example_out, with_drawing(b"1 g 100 770 400 30 re f"))
    assert found == f"{FIRST} cannot be seen on page 1: something covers it."


def test_a_fill_that_leaves_an_edge_of_each_letter(example_out: Path) -> None:
    """The letters reach from 776.3 to 784.6 points; half a point of their heads is left."""
    (found,) = of_letter(example_out, with_drawing(b"1 g 100 770 400 13.9 re f"))
    assert found == f"{FIRST} cannot be seen on page 1: something covers it."


def test_a_picture_over_words(example_out: Path) -> None:
    def change(pdf: Pdf) -> None:
        picture = Stream(pdf, b"\xff" * 12)
        picture.update(
            Dictionary(
                Type=Name.XObject, Subtype=Name.Image, Width=2, Height=2,
                ColorSpace=Name.DeviceRGB, BitsPerComponent=8,
            )
        )  # fmt: skip
        page = pdf.pages[0]
        page.Resources.XObject.White = pdf.make_indirect(picture)
        with_drawing(b"400 0 0 30 100 770 cm /White Do")(pdf)

    (found,) = of_letter(example_out, change)
    assert found == f"{FIRST} cannot be seen on page 1: something covers it."


def test_words_that_artifacts_hide(example_out: Path) -> None:
    """The same words in white over themselves, as an artifact: no word of it is the letter's."""

    def change(pdf: Pdf) -> None:
        page = pdf.pages[0]
        content = page.Contents.read_bytes()
        start = content.index(b"BT", content.index(b"/MCID 0>>"))
        words = content[start : content.index(b"ET", start) + 2]
        end = content.index(b"EMC", start) + 3
        white = b"\n/Artifact BMC q 1 g 1 G 2 Tr 2 w " + words + b" Q EMC\n"
        page.Contents = pdf.make_stream(content[:end] + white + content[end:])

    (found,) = of_letter(example_out, change)
    assert found == f"{FIRST} cannot be seen on page 1: something covers it."


@pytest.mark.parametrize(("before", "seen"), [(b"", True), (b"1 g", False)])
def test_words_in_a_form(before: bytes, seen: bool, example_out: Path) -> None:
    def change(pdf: Pdf) -> None:
        page = pdf.pages[0]
        content = page.Contents.read_bytes()
        start = content.index(b"BT", content.index(b"/MCID 0>>"))
        end = content.index(b"ET", start) + 2
        form = Stream(pdf, before + b" " + content[start:end])
        resources = Dictionary(Font=page.Resources.Font)
        box = Array([-9000, -9000, 9000, 9000])
        form.update(Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=box, Resources=resources))
        page.Resources.XObject.Words = pdf.make_indirect(form)
        page.Contents = pdf.make_stream(content[:start] + b"q /Words Do Q" + content[end:])

    expected = [] if seen else [f"{FIRST} cannot be seen on page 1: {PALE}"]
    assert of_letter(example_out, change) == expected


def test_glyphs_that_draw_nothing(example_out: Path) -> None:
    """A font whose letter "f" is empty: only the words with an f are told."""

    def change(pdf: Pdf) -> None:
        bold = next(font for font in fonts(pdf) if "Bold" in str(font.BaseFont))
        program = bold.DescendantFonts[0].FontDescriptor.FontFile2
        font = TTFont(io.BytesIO(program.read_bytes()))
        letter = font.getGlyphID("f") if "f" in font.getGlyphOrder() else code_of(bold, "f")
        font["glyf"][font.getGlyphName(letter)] = Glyph()
        out = io.BytesIO()
        font.save(out)
        program.write(out.getvalue())

    found = of_letter(example_out, change)
    assert found[0] == f"'of for from found' cannot be seen on page 1: {GONE}"


def code_of(font: Object, letter: str) -> int:
    """The code that a font's ToUnicode map gives a letter."""
    lines = bytes(font.ToUnicode.read_bytes()).decode("latin-1").split("\n")
    wanted = f"<{ord(letter):04x}>"
    return int(next(line.split()[0] for line in lines if line.endswith(wanted)).strip("<>"), 16)


def test_a_page_on_its_side(example_out: Path) -> None:
    (found,) = of_letter(example_out, turned, LONG)
    assert found.endswith("cannot be read on page 2: it is turned, mirrored or written backwards.")


def test_a_page_too_large_to_draw(example_out: Path) -> None:
    def change(pdf: Pdf) -> None:
        pdf.pages[0].MediaBox = Array([0, 0, 14000, 14000])

    assert of_letter(example_out, change) == ["Page 1 is larger than A2, and was not looked at."]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"nonsense"])
def test_what_is_no_pdf(content: bytes) -> None:
    assert told(content) == ["The file is damaged or locked: its pages cannot be drawn."]


def test_a_form_that_draws_itself(example_out: Path) -> None:
    def change(pdf: Pdf) -> None:
        page = pdf.pages[0]
        form = pdf.make_indirect(Stream(pdf, b"/Again Do"))
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
        form.Resources = Dictionary(XObject=Dictionary(Again=form))
        page.Resources.XObject.Again = form
        with_drawing(b"/Again Do")(pdf)

    assert of_letter(example_out, change) == []
