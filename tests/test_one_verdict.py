"""One verdict: what `check` passes is built, what is approved is what is printed, what is built is
published, and what is published passes `verify`; else an earlier stage has refused it, in words.
"""

from pathlib import Path

import pytest

from letters.render.readback import read_docx, read_html, read_pdf
from tests.rounds.stages import (
    BODY,
    LETTERS,
    PAGE,
    PRINT,
    SCREEN,
    SITE,
    WORDING,
    Changing,
    a_round,
    edit,
    in_word,
    needs_another_look,
    passes_all,
    refused_by_all,
    sign,
    styled,
    then,
)

FAILED = "You have failed every test."
LOOKED = "We looked at how you keep what people find."
ROOT = Path(__file__).parents[1]
LAST_PRINT, LAST_SCREEN = (
    f"{sheet}:{(ROOT / sheet).read_text(encoding='utf-8').count(chr(10)) + 1}"
    for sheet in (PRINT, SCREEN)
)
"""The line after the shipped sheets' last, where the tests add a rule."""
WHO = ".salutation, blockquote"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A round whose letter is not yet approved."""
    return a_round(tmp_path)


def test_a_sound_letter_passes_every_stage(project: Path) -> None:
    passes_all(sign(project))


def of_both(*whats: str) -> tuple[str, ...]:
    """Problems that both sheets have at their last line."""
    return tuple(f"{place}: {what}" for place in (LAST_PRINT, LAST_SCREEN) for what in whats)


STYLES = {
    f'.salutation::after {{ content: " {FAILED}" }}': of_both(
        f"'content: \" {FAILED}\"' can add words to a letter or replace them. A style sheet prints"
        " no words: write them in the wording, where they are approved."
    ),
    f"{WHO} {{ visibility: hidden }}": of_both(
        "'visibility: hidden' can hide words of a letter. Take it out."
    ),
    f"{WHO} {{ font-size: 0 }}": of_both(
        "'font-size: 0' can hide words of a letter. Write a length from 10px to 40px (7.5pt to"
        " 30pt; on 'html' from 14px, on '.draft-mark' to 200px) not in 'em', 'ex' or 'ch';"
        " '100%', 'inherit'."
    ),
    f"{WHO} {{ opacity: 0 }}": of_both(
        "'opacity: 0' can hide words of a letter. Use a lighter colour instead."
    ),
    f"{WHO} {{ color: #fff }}": of_both(
        "The words of 'p.salutation' are hidden by their colour: #ffffff on #ffffff, a contrast of"
        " 1.0 to 1. Choose colours with a contrast of 4.5 to 1; it takes at least 3."
    ),
    f"{WHO} {{ position: absolute; left: -99in }}": of_both(
        "'left: -99in' can move words of a letter over others, off the page or out of their order."
        " Write a length from -4px to 4px, 'auto'.",
        "'position: absolute' can move words of a letter over others, off the page or out of their"
        " order. Write 'static' or 'relative', and move the slot in letter.html instead.",
    ),
    f"{WHO} {{ clip-path: inset(100%) }}": of_both(
        "'clip-path: inset(100%)' can hide words of a letter. Take it out."
    ),
    f"{WHO} {{ text-indent: -99in }}": of_both(
        "'text-indent: -99in' can hide words of a letter. Write a length from 0px to 60px,"
        " 0% to 10%."
    ),
    f"{WHO} {{ max-height: 0; overflow: hidden }}": of_both(
        "'max-height: 0' can hide words of a letter. Write 'auto', 'none'; a length from 16px to"
        " 960px, 20% to 100%, 'auto', 'none', 'max-content', 'min-content', 'fit-content' ('img',"
        " '::before', '::after').",
        "'overflow: hidden' can hide words of a letter. Take it out.",
    ),
    ".date { position: relative; top: 30px; background: #fff }": of_both(
        "'top: 30px' can move words of a letter over others, off the page or out of their order."
        " Write a length from -4px to 4px, 'auto'."
    ),
}


@pytest.mark.parametrize("css", STYLES)
def test_styles_that_add_or_hide_words_are_refused_by_all(css: str, project: Path) -> None:
    sign(project)
    styled(css)(project)
    refused_by_all(project, *STYLES[css])


def test_words_of_the_page_alone_are_refused_by_all(project: Path) -> None:
    sign(project)
    signed = "<p>Signed for {{ sender_name }} by {{ signatory_name }}</p>\n</article>"
    edit(PAGE, "</article>", signed)(project)
    refused_by_all(
        project,
        f"{PAGE}: 'Signed for Inspectorate of Invented Forces by Beatrix Merriden' is in the PDF"
        " and the web page and not in the Word letter. Put it into letter.html and letter.docx"
        " alike, or take it out of both.",
    )


CLOSING = '<w:p><w:pPr><w:pStyle w:val="Closing"/>'
typed: Changing = then(
    edit(PAGE, "{{ letter_closing }}", f"<p>{FAILED}</p>\n{{{{ letter_closing }}}}"),
    in_word((BODY, CLOSING, f"<w:p><w:r><w:t>{FAILED}</w:t></w:r></w:p>{CLOSING}")),
)


def test_words_typed_into_the_layouts_after_approval_are_another_letter(project: Path) -> None:
    sign(project)
    typed(project)
    needs_another_look(project, f"'{FAILED}' is new")


def test_words_typed_into_the_layouts_before_approval_are_approved(project: Path) -> None:
    typed(project)
    passes_all(sign(project))
    for words in said_by_all(project):
        assert FAILED in words


WORDINGS = {
    "no-break space": ("Section\u00a08 of the Act.", "Section 8 of the Act."),
    "line": (
        "P308 five return five police police to has first effective with a in we services Wales"
        " will officers **Flint Avon308** will a of.",
        "P308 five return five police police to has first effective with a in we services Wales"
        " will officers Flint Avon308 will a of.",
    ),
    "bare address": (
        "See https://example.org/_report_/x for more.",
        "See https://example.org/_report_/x for more.",
    ),
    "page number": ("## Visit 1 of 1\n\n- Grades 1 to 1", "Visit 1 of 1"),
    "address at the end": (
        "You find it at www.inspectorate.example/handbook\n\n" * 40 + "A new sentence.",
        "You find it at www.inspectorate.example/handbook",
    ),
    "one heading on many pages": (
        "## Cause of concern\n\n" + "A line.\\\n" * 38 + "The end.\n\n"
        "## Cause of concern\n\n" + "A line.\\\n" * 46 + "The end.\n\n"
        "## Cause of concern\n\nWe will come again.",
        "Cause of concern",
    ),
}


NO_COUNTS = {
    "line": ["P308 five return five police"],
    "page number": ["Visit 1 of 1", "Grades 1 to 1"],
}
"""Numbers of a wording that count no forces."""


@pytest.mark.parametrize("name", WORDINGS)
def test_sound_wordings_pass_every_stage(name: str, project: Path) -> None:
    written, read = WORDINGS[name]
    edit(WORDING, LOOKED, written)(project)
    with (project / "rounds/2026-found-property/round.yaml").open("a", encoding="utf-8") as file:
        for n, number in enumerate(NO_COUNTS.get(name, ())):
            file.write("" if n else "not_claims:\n")
            file.write(f"  - words: {number}\n    reason: It counts no forces.\n")
    passes_all(sign(project))
    for words in said_by_all(project):
        assert read in [" ".join(line.split()) for line in words]


def said_by_all(root: Path) -> list[list[str]]:
    """The passages of each published file, as read back."""
    folder = root / SITE / "letters"
    page = (root / LETTERS / "northmoor.html").read_bytes()
    files = [
        read_docx((folder / "northmoor.docx").read_bytes()),
        read_pdf((folder / "northmoor.pdf").read_bytes()),
        read_html(page),
    ]
    return [[passage.text for passage in passages] for passages in files]
