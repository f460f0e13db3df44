"""The exact words of what check says of looks that do something to words where these stand."""

from pathlib import Path

import pytest

from letters.validators import validate
from tests.broken_files.case import STRUCTURES
from tests.broken_files.docx import with_look
from tests.render.docx.layouts import BODY, Edit, a_layout, problems_of, raw
from tests.render.docx.test_messages_texts import line, old_box, row, table

CASES: dict[str, tuple[Edit, list[str]]] = {
    "words struck out": (
        raw(line("Our reference", "<w:strike/>")),
        ["body: 'Our reference' is struck out. Under Font, clear 'Strikethrough'."],
    ),
    "a switch that is off": (raw(line("Our reference", '<w:strike w:val="0"/>')), []),
    "the same twice": (
        raw(line("No", "<w:dstrike/>") + line("No", "<w:dstrike/>")),
        ["body: 'No' is struck out. Under Font, clear 'Strikethrough'."],
    ),
    "a placeholder in signs": (
        raw(line("{{ force_name }}", '<w:rFonts w:ascii="Wingdings"/>')),
        [
            "body: '{{ force_name }}' prints signs for letters, in the font 'Wingdings'. Choose a"
            " font that draws each letter as itself."
        ],
    ),
    "a line set in": (
        raw(line("Telephone", paragraph='<w:ind w:left="9000"/>')),
        [
            "body: 'Telephone' is set in so far that words can leave the page. Under Paragraph, set"
            " indents from -2 cm to 10 cm."
        ],
    ),
    "an empty line": (
        raw("<w:p><w:pPr><w:bidi/></w:pPr></w:p>"),
        ["body: A line runs from right to left. Set the text direction to left to right."],
    ),
    "a cell on its side": (
        raw(table(row('<w:tcPr><w:textDirection w:val="btLr"/></w:tcPr>' + line("Crest")))),
        ["body: 'Crest' runs up or down the page. Set the text direction to horizontal."],
    ),
    "a box in a line": (
        raw(old_box(line("Boxed", "<w:rtl/>"), "width:90pt")),
        ["body: 'Boxed' runs from right to left. Set the text direction to left to right."],
    ),
    "hidden in two runs, and struck out": (
        raw(
            "<w:p><w:r><w:rPr><w:vanish/><w:strike/></w:rPr><w:t>Not </w:t></w:r>"
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>so</w:t></w:r></w:p>"
        ),
        [
            "body: 'Not' is struck out. Under Font, clear 'Strikethrough'.",
            "body: 'Not so' cannot be seen: they are hidden text. In Word: show all marks (Ctrl+*),"
            " select it and clear its formatting, or delete it.",
        ],
    ),
    "a page too small": (
        (BODY, '<w:pgSz w:w="11906" w:h="16838"/>', '<w:pgSz w:w="600" w:h="600"/>'),
        [": The page is too small for words. Under Layout, Size, choose A4."],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_looks_are_told_with_the_words_and_the_place(case: str, tmp_path: Path) -> None:
    edit, messages = CASES[case]
    assert problems_of(tmp_path, a_layout(edit)) == messages


@pytest.mark.parametrize(
    ("look", "what"),
    [
        ("<w:strike/>", "is struck out."),
        ("<w:rtl/>", "runs from right to left."),
        ('<w:position w:val="400"/>', "is far above or below its line."),
        ("<w:vanish/>", "cannot be seen: they are hidden text."),
    ],
)
def test_a_finished_letter_is_told_the_same(look: str, what: str, example_out: Path) -> None:
    content = (example_out / f"letters/{STRUCTURES}.docx").read_bytes()
    found = [str(each) for each in validate("letter.docx", with_look(look)(content))]
    assert found == [f"'Yours sincerely' {what} (letters: sight)"]
