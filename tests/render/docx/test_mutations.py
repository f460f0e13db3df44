"""Whatever is done to a layout, the answer is problems or a letter, and never a crash."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from letters.errors import Place, ProblemsFound
from letters.render.docx import WordLayout
from letters.render.readback.docx import read_docx
from tests.builders import unzipped, zipped
from tests.render.documents import DOCUMENTS, TEXTS
from tests.render.docx.layouts import SHIPPED

PLACE = Place("templates/plain/letter.docx")
PARTS = unzipped(SHIPPED)
XML_PARTS = sorted(n for n in PARTS if n.endswith((".xml", ".rels")) and "theme" not in n)
TAGS = re.compile(rb"<[^>]+>")
SNIPPETS = (
    "{{", "}}", "{% if force_name %}", "{% endif %}", "{%p endif %}", "{{p letter_body }}", "{#",
    "{{r draft_mark }}", "{{ x.y }}", "{{ force_name }}", "{{ 1/0 }}", "{% for x in y %}", "%}",
    "{% raw %}", "{{ force_name|attr('x') }}", "{{p", "{%-", "{% vm %}", "{% cellbg x %}", "&amp;",
)  # fmt: skip
few = settings(max_examples=60, deadline=None, derandomize=True, database=None)


def outcome(content: bytes) -> str:
    """'a letter' that can be read back, or the problems said of the layout."""
    try:
        layout = WordLayout(content, PLACE)
        problems = layout.problems(TEXTS)
        if not problems:
            letter = layout.render(DOCUMENTS["words"])
            assert read_docx(letter) is not None
            for name, part in unzipped(letter).items():
                if name.endswith(".xml"):
                    etree.fromstring(part)
            return "a letter"
    except ProblemsFound as found:
        problems = found.problems
    assert problems
    assert all(str(p).startswith(PLACE.file) and p.fix for p in problems)
    return "problems"


def test_the_shipped_layout_makes_a_letter() -> None:
    assert outcome(SHIPPED) == "a letter"


@few
@given(st.integers(0, len(SHIPPED) - 1), st.binary(min_size=1, max_size=8))
def test_bytes_overwritten(position: int, new: bytes) -> None:
    content = SHIPPED[:position] + new + SHIPPED[position + len(new) :]
    assert outcome(content) in ("a letter", "problems")


@few
@given(st.integers(0, len(SHIPPED) - 1))
def test_a_file_cut_short(length: int) -> None:
    assert outcome(SHIPPED[:length]) == "problems"


@few
@given(st.sampled_from(sorted(PARTS)))
def test_a_part_missing(name: str) -> None:
    content = zipped({n: c for n, c in PARTS.items() if n != name})
    assert outcome(content) in ("a letter", "problems")


@few
@given(st.sampled_from(XML_PARTS), st.data())
def test_an_element_missing(name: str, draw: st.DataObject) -> None:
    root = etree.fromstring(PARTS[name])
    elements = list(root.iter(etree.Element))[1:]
    if elements:
        gone = elements[draw.draw(st.integers(0, len(elements) - 1))]
        parent = gone.getparent()
        assert parent is not None
        parent.remove(gone)
    assert outcome(zipped({**PARTS, name: etree.tostring(root)})) in ("a letter", "problems")


@few
@given(st.sampled_from(XML_PARTS), st.data())
def test_a_tag_of_the_text_missing(name: str, draw: st.DataObject) -> None:
    tags = list(TAGS.finditer(PARTS[name]))
    gone = tags[draw.draw(st.integers(0, len(tags) - 1))]
    part = PARTS[name][: gone.start()] + PARTS[name][gone.end() :]
    assert outcome(zipped({**PARTS, name: part})) in ("a letter", "problems")


@few
@given(st.sampled_from(XML_PARTS), st.data(), st.text("0-1%xW {}é", max_size=4))
def test_an_attribute_changed(name: str, draw: st.DataObject, text: str) -> None:
    values = list(re.finditer(rb'="([^"]*)"', PARTS[name]))
    old = values[draw.draw(st.integers(0, len(values) - 1))]
    part = PARTS[name][: old.start(1)] + escape(text).encode() + PARTS[name][old.end(1) :]
    assert outcome(zipped({**PARTS, name: part})) in ("a letter", "problems")


@few
@given(st.data(), st.lists(st.sampled_from(SNIPPETS), min_size=1, max_size=4))
def test_placeholders_anywhere_in_the_text(draw: st.DataObject, snippets: list[str]) -> None:
    name = draw.draw(st.sampled_from(["document", "header1", "header2", "footer1"]))
    part = PARTS[f"word/{name}.xml"]
    spots = [found.end() for found in re.finditer(rb"<w:t[^>]*>", part)]
    for snippet in snippets:
        spot = spots[draw.draw(st.integers(0, len(spots) - 1))]
        part = part[:spot] + snippet.encode() + part[spot:]
    assert outcome(zipped({**PARTS, f"word/{name}.xml": part})) in ("a letter", "problems")
