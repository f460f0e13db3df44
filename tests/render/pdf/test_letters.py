"""The PDF letter: what its reader meets, the standards it keeps, and what alone shapes it."""

import io
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import page
import pikepdf
import pydyf
import pytest
from pikepdf import Name

from letters.document import Document, Link, Text, passages
from letters.errors import LettersError
from letters.files import digest
from letters.render.html import WebLayout
from letters.render.pdf.join import sound_streams
from letters.render.pdf.letter import render_pdf
from letters.render.readback import read_pdf
from letters.render.readback.pdf import marked_lines
from tests.render.documents import (
    FINDING,
    LAYOUT,
    ROOT,
    a_document,
    every_structure,
    folded,
    lines,
    paragraph,
)
from tests.render.html.test_letters import LETTERS

HYPHENS = "pre- and post-submission work, well-known and/or half-finished – or so; "
ADDRESS = "https://www.example.org/" + "a-very-long-part/" * 12
UNBROKEN = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 3


def breaking_lines() -> Document:
    """Lines broken in every way: at dashes, strokes, breaks, and anywhere in words too long."""
    words = [f"{'x' * n} {HYPHENS}" for n in range(1, 12)]
    return a_document(
        paragraph(*words, "end"),
        paragraph(HYPHENS * 9, Link(ADDRESS, (Text(ADDRESS),)), " and on"),
        paragraph(UNBROKEN),
        paragraph("no\u00a0break and soft\u00adhyphen ", "thin\u2009space " * 30, "end"),
        paragraph("wide\u3000space, em\u2003space, figure\u2007space ", "and\u3000on " * 30, "end"),
        lines("one-", "two", "three /", "four", style="Address"),
    )


CASES = {**LETTERS, "breaking lines": breaking_lines}


@cache
def layout() -> WebLayout:
    return WebLayout.load(LAYOUT, ROOT)


@cache
def made(name: str) -> bytes:
    return render_pdf(CASES[name](), layout())


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def elements(element: Any) -> Iterator[Any]:
    """All structure elements at and below one."""
    yield element
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from elements(kid)


def tagged(pdf: pikepdf.Pdf, *kinds: str) -> list[Any]:
    """The structure elements of some kinds, in reading order."""
    (root,) = pdf.Root.StructTreeRoot.K
    return [element for element in elements(root) if str(element.S)[1:] in kinds]


@pytest.mark.parametrize("name", CASES)
def test_the_pdf_says_what_the_letter_says(name: str) -> None:
    assert folded(read_pdf(made(name))) == folded(passages(CASES[name]()))


@pytest.mark.parametrize("standard", ["ua1", "2a"])
@pytest.mark.parametrize("name", CASES)
def test_the_pdf_keeps_both_standards(name: str, standard: str) -> None:
    failures = page.validate_pdf_bytes(made(name), profile=standard).failures
    assert [(failure.rule_id, failure.message) for failure in failures] == []


@pytest.mark.parametrize("name", CASES)
def test_all_content_is_in_the_tree_or_an_artifact(name: str) -> None:
    with opened(made(name)) as pdf:
        nums = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        index = {int(number): owner for number, owner in zip(nums[::2], nums[1::2], strict=True)}
        for sheet in pdf.pages:
            owners = index[int(sheet.obj.StructParents)]
            for state in drawn(sheet):
                assert state == "artifact" or "/S" in owners[int(state)]


def drawn(sheet: pikepdf.Page) -> Iterator[str]:
    """For everything drawn on a page: "artifact", or the number of its marked content."""
    around: list[str] = []
    for step in pikepdf.parse_content_stream(sheet):
        operator = str(step.operator)
        if operator in ("BDC", "BMC"):
            numbered = operator == "BDC" and "/MCID" in step.operands[1]
            artifact = step.operands[0] == Name.Artifact
            number = str(step.operands[1].MCID) if numbered else "unmarked"
            around.append("artifact" if artifact else number)
        elif operator == "EMC":
            around.pop()
        elif operator in ("Tj", "TJ", "Do", "S", "f", "B", "sh"):
            yield around[-1] if around else "unmarked"


def test_page_numbers_and_draft_marks_are_not_read() -> None:
    with opened(made("draft")) as pdf:
        (sheet,) = pdf.pages
        texts = [state for state in drawn(sheet) if state == "artifact"]
    assert len(texts) >= 3
    assert "DRAFT" not in {passage.text for passage in read_pdf(made("draft"))}


def test_what_crosses_a_page_stays_one_element() -> None:
    with opened(made("long")) as pdf:
        assert len(pdf.pages) >= 3
        assert len(tagged(pdf, "Table")) == 3
        assert len(tagged(pdf, "THead")) == 2
        crossing = [tag for tag in tagged(pdf, "P", "L", "Table", "BlockQuote") if pages(tag) > 1]
        assert {str(tag.S) for tag in crossing} >= {"/P", "/L", "/Table"}


def pages(element: Any) -> int:
    """On how many pages an element stands."""
    return len({tag.Pg.objgen for tag in elements(element)} | set(other_pages(element)))


def other_pages(element: Any) -> Iterator[tuple[int, int]]:
    for tag in elements(element):
        for kid in tag.K if isinstance(tag.K, pikepdf.Array) else [tag.K]:
            if isinstance(kid, pikepdf.Dictionary) and "/MCID" in kid:
                yield kid.Pg.objgen


def test_a_wrapped_link_is_one_link_named_by_its_words() -> None:
    with opened(made("breaking lines")) as pdf:
        (link,) = tagged(pdf, "Link")
        boxes = [kid.Obj for kid in link.K if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid]
        assert len(boxes) > 1
        assert {str(box.Contents) for box in boxes} == {ADDRESS}
        assert {str(box.A.URI) for box in boxes} == {ADDRESS}


def test_languages_scopes_numberings_and_alternatives_are_tagged() -> None:
    with opened(made("every structure")) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"
        assert [str(tag.Lang) for tag in tagged(pdf, "Span")] == ["cy"]
        assert {str(tag.A.Scope) for tag in tagged(pdf, "TH")} == {"/Column"}
        assert [str(tag.A.ListNumbering) for tag in tagged(pdf, "L")] == [
            *("/Decimal", "/LowerAlpha", "/LowerRoman", "/Disc", "/Disc", "/Disc", "/Disc"),
            "/Decimal",
        ]
        (figure,) = tagged(pdf, "Figure")
        assert str(figure.Alt) == "Signature of Bo Finch"
        left, bottom, right, top = map(float, figure.A.BBox)
        assert 0 < left < right < 595
        assert 0 < bottom < top < 842
        for entry in tagged(pdf, "LI"):
            assert [str(kid.S) for kid in entry.K] == ["/Lbl", "/LBody"]


def test_the_file_names_itself_and_its_dates() -> None:
    with opened(made("short")) as pdf:
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo.Title) == "Assessment – Westmarch & Vale Police"
        assert str(pdf.docinfo.Author) == "The Inspectorate of Policing"
        assert str(pdf.docinfo.Subject) == "Assessment of your force’s plans"
        assert str(pdf.docinfo.CreationDate).startswith("D:20171002")
        assert str(pdf.docinfo.ModDate).startswith("D:20171005")
        assert [round(float(edge)) for edge in pdf.pages[0].MediaBox] == [0, 0, 595, 842]
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert metadata["pdfuaid:part"] == "1"


def test_only_the_bundled_font_is_used() -> None:
    with opened(made("every structure")) as pdf:
        fonts = {str(o.FontName) for o in pdf.objects if is_font(o)}
        assert {name.partition("+")[2] for name in fonts} == {
            *("Arimo", "Arimo-Bold", "Arimo-Italic", "Arimo-Bold-Italic")
        }


def is_font(thing: Any) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == Name.FontDescriptor


def test_no_stream_ends_where_readers_disagree() -> None:
    contents = (str(n).encode() for n in range(100_000))
    content = next(c for c in contents if zlib.compress(c, 9).endswith(b"\r"))
    with sound_streams():
        pdf = pydyf.PDF()
        pdf.add_object(pydyf.Stream([content], {"Type": "/Sample"}, compress=True))
        out = io.BytesIO()
        pdf.write(out)
    assert b"\r\nendstream" not in out.getvalue()
    with opened(out.getvalue()) as written:
        (stream,) = (o for o in written.objects if isinstance(o, pikepdf.Stream))
        assert stream.read_bytes() == content
        assert int(stream.Length) == len(zlib.compress(content, 9)) + 1


def test_the_machine_finds_its_fonts_again() -> None:
    made("short")
    assert "letters-fonts-" not in os.environ.get("FONTCONFIG_FILE", "")


def test_lines_say_what_they_hold_only_where_a_reader_would_be_misled() -> None:
    with opened(made("long")) as pdf:
        steps = [step for sheet in pdf.pages for step in pikepdf.parse_content_stream(sheet)]
    said = [str(s.operands[1].ActualText) for s in steps if names_text(s)]
    assert all("\u00a0" in line or re.search(r"[-–/] ?$", line) for line in said)


def names_text(step: Any) -> bool:
    return str(step.operator) == "BDC" and "/ActualText" in step.operands[1]


# How a letter ends.


@pytest.mark.parametrize("count", range(11, 19))
def test_a_signature_never_stands_alone(count: int) -> None:
    sentence = "We found that the force had considered its plans. "
    document = a_document(*[paragraph(sentence * 4) for _ in range(count)])
    lines_by_page = page_lines(render_pdf(document, layout()))
    ends = [n for n, found in enumerate(lines_by_page) if "Yours sincerely" in found]
    (last,) = ends
    assert last == len(lines_by_page) - 1
    before = lines_by_page[last][: lines_by_page[last].index("Yours sincerely")]
    assert len(before) >= 2
    assert lines_by_page[last][-1] == "Her Majesty’s Inspector of Fire & Rescue Services"


def page_lines(content: bytes) -> list[list[str]]:
    """The lines of the letter on each page, by its marked content."""
    by_page: dict[int, list[str]] = {}
    for (number, _), line in sorted(marked_lines(content).items()):
        if line.words:  # an image has none
            by_page.setdefault(number, []).append(line.words)
    return [by_page[number] for number in sorted(by_page)]


# The same everywhere.

RENDER = """
import sys
import zlib
from letters.files import digest
from letters.render.html import WebLayout
from letters.render.pdf.letter import render_pdf
from tests.render.documents import LAYOUT, ROOT, a_document, every_structure
from tests.render.pdf.test_letters import breaking_lines
layout = WebLayout.load(LAYOUT, ROOT)
for document in (a_document(*every_structure()), breaking_lines()):
    print(digest(render_pdf(document, layout)), digest(layout.web_page(document).encode()))
"""


def test_other_processes_write_the_same_bytes(tmp_path: Path) -> None:
    runs = [
        rendering("1", "C", tmp_path),
        rendering("2", "cy_GB.UTF-8", ROOT),
    ]
    first, second = (run.communicate(timeout=60) for run in runs)
    assert first == second
    assert first[1] == ""
    assert first[0].split()[0] == digest(made("every structure"))


def rendering(seed: str, locale: str, folder: Path) -> subprocess.Popen[str]:
    """A process of its own that renders letters and prints their digests."""
    surroundings = {"PYTHONHASHSEED": seed, "LC_ALL": locale, "LANG": locale, "TZ": f"UTC{seed}"}
    return subprocess.Popen(
        [sys.executable, "-c", RENDER],
        env={**os.environ, **surroundings, "PYTHONPATH": str(ROOT)},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_letters_do_not_shape_each_other() -> None:
    fresh = WebLayout.load(LAYOUT, ROOT)
    assert render_pdf(a_document(paragraph(FINDING)), fresh) == made("short")
    assert render_pdf(a_document(*every_structure()), fresh) == made("every structure")
    assert render_pdf(a_document(paragraph(FINDING)), fresh) == made("short")


@pytest.mark.parametrize("content", [b"", b"not a PDF", b"%PDF-1.7\n%%EOF"])
def test_a_file_that_is_no_pdf_is_not_read(content: bytes) -> None:
    with pytest.raises(LettersError, match="The PDF cannot be read"):
        read_pdf(content)


def test_a_pdf_without_tags_is_not_read() -> None:
    with opened(made("short")) as pdf:
        del pdf.Root.StructTreeRoot
        out = io.BytesIO()
        pdf.save(out)
    with pytest.raises(LettersError, match=r"The PDF has no tags\."):
        read_pdf(out.getvalue())
