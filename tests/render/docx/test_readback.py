"""A Word file is read as Word shows it: labels counted, text boxes once, edits as they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from letters.document import Passage
from letters.errors import LettersError
from letters.render.readback.docx import read_docx
from tests.builders import zipped
from tests.render.docx.layouts import a_layout

BODY = "word/document.xml"
NUMBERING = "word/numbering.xml"
LEVELS = {"decimal": "%1.", "lowerLetter": "%1)", "upperRoman": "%1", "upperLetter": "%1."}


def listed(style: str, text: str = "x", instance: int = 0, level: int = 0) -> str:
    own = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{instance}"/></w:numPr>'
    properties = f'<w:pStyle w:val="{style}"/>{own if instance else ""}'
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def para(runs: str) -> str:
    return f"<w:p>{runs}</w:p>"


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def read(body: str, *edits: tuple[str, str, str]) -> tuple[Passage, ...]:
    """The passages of a body that is put before the slots of the shipped layout."""
    passages = read_docx(a_layout((BODY, "<w:body>", f"<w:body>{body}"), *edits))
    return passages[: len(passages) - 11]


def labels(body: str, *edits: tuple[str, str, str]) -> list[str]:
    return [passage.label for passage in read(body, *edits)]


def instance(number: int, level: int, start: int) -> tuple[str, str, str]:
    override = f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
    xml = f'<w:num w:numId="{number}"><w:abstractNumId w:val="1"/>{override}</w:num>'
    return (NUMBERING, "</w:numbering>", f"{xml}</w:numbering>")


def test_levels_begin_anew_under_each_item() -> None:
    body = "".join(listed(f"ListNumber{n}") for n in ("", "2", "2", "3", "", "2", "3", "3"))
    assert labels(body) == ["1.", "a.", "b.", "i.", "2.", "a.", "i.", "ii."]


def test_a_lists_own_instance_begins_where_it_says_once() -> None:
    items = [
        listed("ListNumber", instance=9),
        listed("ListNumber", instance=9),
        listed("ListNumber"),
    ]
    assert labels("".join(items), instance(9, 0, 5)) == ["5.", "6.", "7."]


def test_an_inner_lists_own_start_does_not_move_the_outer_list() -> None:
    outer, inner = listed("ListNumber"), listed("ListNumber2", instance=9, level=1)
    assert labels(outer + inner + inner + outer, instance(9, 1, 4)) == ["1.", "d.", "e.", "2."]


def test_a_number_taken_away_by_hand_is_no_label() -> None:
    bare = listed("ListNumber", instance=0).replace(
        "</w:pPr>", '<w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>'
    )
    assert labels(listed("ListNumber") + bare + listed("ListNumber")) == ["1.", "", "2."]


FORMATS = {
    "decimal": (28, "28."),
    "lowerLetter": (28, "bb."),
    "upperLetter": (26, "Z."),
    "lowerRoman": (44, "xliv."),
    "upperRoman": (9, "IX."),
    "none": (3, ""),
}


@pytest.mark.parametrize(("name", "shown"), FORMATS.items(), ids=FORMATS)
def test_numbers_are_written_as_word_writes_them(name: str, shown: tuple[int, str]) -> None:
    start, label = shown
    edits = (
        (NUMBERING, '<w:numFmt w:val="decimal"/>', f'<w:numFmt w:val="{name}"/>'),
        instance(9, 0, start),
    )
    assert labels(listed("ListNumber", instance=9), *edits) == [label]


PARAGRAPHS = {
    "folded": (run("  a\n b  ") + run("c"), "a b c"),
    "a line break": (run("a") + "<w:r><w:br/></w:r>" + run("b"), "a b"),
    "a tab": (run("a") + "<w:r><w:tab/></w:r>" + run("b"), "a b"),
    "a tab stop": (
        "<w:pPr><w:tabs><w:tab w:val='left' w:pos='9'/></w:tabs></w:pPr>" + run("a"),
        "a",
    ),
    "a hyphen that does not break": (run("a") + "<w:r><w:noBreakHyphen/></w:r>" + run("b"), "a‑b"),
    "words put in": (f'<w:ins w:id="1">{run("a")}</w:ins>{run("b")}', "ab"),
    "words taken out": (
        '<w:del w:id="1"><w:r><w:delText>a</w:delText></w:r></w:del>' + run("b"),
        "b",
    ),
    "a link": (f'<w:hyperlink w:anchor="x">{run("a")}</w:hyperlink>', "a"),
}


@pytest.mark.parametrize(("runs", "text"), PARAGRAPHS.values(), ids=PARAGRAPHS)
def test_a_paragraph_is_read_as_it_shows(runs: str, text: str) -> None:
    assert read(para(runs)) == (Passage("paragraph", "", text),)


def test_a_text_box_is_read_once_and_apart() -> None:
    space = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    box = f"<w:txbxContent>{para(run('boxed'))}</w:txbxContent>"
    both = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    runs = f'<w:r><mc:AlternateContent xmlns:mc="{space}">{both}</mc:AlternateContent></w:r>'
    assert [p.text for p in read(para(run("round it") + runs))] == ["round it", "boxed"]


def test_empty_paragraphs_say_nothing() -> None:
    assert read("<w:p/>" + para(run(" ")) + para(run("a"))) == (Passage("paragraph", "", "a"),)


@pytest.mark.parametrize("content", [b"", b"PK", zipped({"x": b"y"})], ids=len)
def test_what_is_no_word_file_is_refused(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(LettersError):
        read_docx(content)
    assert list(tmp_path.iterdir()) == []
