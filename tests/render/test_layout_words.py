"""What a layout says itself has one form in all formats; each difference is said in these words."""

from __future__ import annotations

from pathlib import Path

import pytest

from letters import Project, RoundTemplates
from letters.check import check_project
from letters.document import PICTURE
from letters.merge import letters_of
from letters.validators.docx import validate_docx
from tests.builders import changed
from tests.render.docx.layouts import Edit, a_layout, raw

FILES = "templates/letterhead"
LINE = "<w:p><w:pPr>{}</w:pPr><w:r><w:t>Our motto</w:t></w:r></w:p>"
SUBJECT = "{{p letter_subject }}</w:t></w:r></w:p>"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"


def styled(style: str) -> Edit:
    return raw(LINE.format(f'<w:pStyle w:val="{style}"/>'))


def heading(level: int) -> Edit:
    line = LINE.format(f'<w:pStyle w:val="Heading{level}"/>')
    return ("word/document.xml", SUBJECT, f"{SUBJECT}{line}")


def put(root: Path, before: str, said: str, *edits: Edit) -> Project:
    """The starter project with edits to its Word layout, and something said in its page."""
    page = root / FILES / "letter.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(changed(text, before, f"{said}\n{before}"), encoding="utf-8")
    (root / FILES / "letter.docx").write_bytes(a_layout(*edits))
    return Project.load(root)


def problems(root: Path, before: str, said: str, *edits: Edit) -> set[str]:
    return set(map(str, check_project(put(root, before, said, *edits))))


PLAIN = "Give it the form of a plain paragraph, or say it in the wording."
NOT_PLAIN = {
    "a list in Word": (
        "<p>Our motto</p>", styled("ListBullet"),
        f"{FILES}/letter.docx: 'Our motto' is part of a list in the Word letter, and comes from "
        f"the layout. {PLAIN}",
    ),
    "a quotation in Word": (
        "<p>Our motto</p>", styled("Quote"),
        f"{FILES}/letter.docx: 'Our motto' is part of a quotation in the Word letter, and comes "
        f"from the layout. {PLAIN}",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("said", "edit", "message"), NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_own_words_are_paragraphs_or_headings(
    said: str, edit: Edit, message: str, starter: Path
) -> None:
    assert problems(starter, "{{ letter_sender }}", said, edit) == {message}


def test_a_quotation_of_the_page(starter: Path) -> None:
    said = "<blockquote><p>Our motto</p></blockquote>"
    found = problems(starter, "{{ letter_sender }}", said, styled("Sender"))
    assert found == {
        f"{FILES}/letter.html: 'Our motto' is part of a quotation in the {name}, and comes from "
        f"the layout. {PLAIN}"
        for name in ("PDF", "web page")
    }


def test_a_heading_in_one_format_alone(starter: Path) -> None:
    found = problems(starter, "{{ letter_body }}", "<p>Our motto</p>", heading(2))
    assert found == {
        f"{FILES}/letter.html: 'Our motto' is a heading of level 2 in the Word letter, a "
        "paragraph in the PDF, a paragraph in the web page. "
        "Make it the same in letter.html and letter.docx."
    }


def test_a_heading_in_all_formats(starter: Path) -> None:
    assert problems(starter, "{{ letter_body }}", "<h2>Our motto</h2>", heading(2)) == set()


def test_what_is_read_out_for_a_picture_beside_words_is_approved(starter: Path) -> None:
    picture = f'<w:drawing><wp:inline xmlns:wp="{WP}"><wp:docPr id="9" name="a" descr="A crest"/>'
    drawn = f"<w:p><w:r>{picture}</wp:inline></w:drawing><w:t>Our motto</w:t></w:r></w:p>"
    project = put(starter, "{{ letter_sender }}", "<p>Our motto</p>", raw(drawn))
    assert check_project(project) == ()
    (project_round,) = project.rounds
    round_templates = RoundTemplates.load(project_round)
    letter = next(each for each in letters_of(project_round) if each.outcome)
    document = round_templates.typeset(letter)
    assert (PICTURE, "A crest") in document.layout.furniture
    assert validate_docx(round_templates.render(document, "docx").content) == ()
