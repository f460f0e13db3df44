"""Whether a finished PDF says what its letter says, no more and no less."""

import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from pikepdf import Pdf

from letters.document import Block, Document, Heading, Link, Paragraph, Quote, Table, Text
from letters.render.html import WebLayout
from letters.render.pdf.join import PdfPart, join_pdfs
from letters.render.pdf.letter import render_pdf
from letters.render.stylesheet import Stylesheet
from letters.validators import Expected, validate
from tests.broken_files.pdf_changes import edited, without_record
from tests.render.documents import (
    DOCUMENTS,
    LAYOUT,
    ROOT,
    a_document,
    bullets,
    every_structure,
    long_letter,
    paragraph,
)
from tests.validators.conftest import MeantOf

SAID = "We found that the force had considered the technology it needs to monitor its systems. "
NEXT = "\n.next, h2 { break-before: page }"
WHO = ".salutation, blockquote"


def layout(css: str = "", page: Mapping[str, str] | None = None) -> WebLayout:
    """The shipped layout with more rules in print.css, and words of its page replaced."""
    shipped = WebLayout.load(LAYOUT, ROOT)
    source = shipped.source
    for old, new in (page or {}).items():
        assert old in source
        source = source.replace(old, new)
    sheet = Stylesheet(shipped.print_css.file, shipped.print_css.text + css)
    return replace(shipped, source=source, print_css=sheet)


def told(content: bytes, document: Document, own: tuple[str, ...] = ()) -> list[str]:
    own = own or (document.title, "Page", "of")
    return [str(f) for f in validate("letter.pdf", content, letter=Expected(document, own))]


def of_print(document: Document, css: str = "") -> list[str]:
    return told(render_pdf(document, layout(css)), document)


def heading(text: str) -> Heading:
    return Heading(2, (Text(text),))


def on_next_page(text: str) -> Paragraph:
    return paragraph(text, style="Next")


def a_long_table() -> Table:
    rows = (((Text(f"Force {n}"),), (Text("Good"),)) for n in range(80))
    return Table((((Text("Force, pre<b>fix</b>"),), (Text("Grade"),)), *rows), ("", ""))


def test_every_letter_of_the_example_says_what_it_should(example_out: Path, meant: MeantOf) -> None:
    letters = sorted((example_out / "letters").glob("*.pdf"))
    assert len(letters) == 43
    found = {
        path.stem: validate(path.name, path.read_bytes(), letter=meant(path.stem))
        for path in letters
    }
    assert {name: findings for name, findings in found.items() if findings} == {}


FITTING = [name for name in DOCUMENTS if name not in ("hostile", "everything")]
"""The font lacks a character of the others."""


@pytest.mark.parametrize("name", FITTING)
def test_every_structure_says_what_it_should(name: str) -> None:
    document = DOCUMENTS[name]
    draft = replace(document, draft="DRAFT", handling="OFFICIAL")
    found = [*of_print(document), *of_print(draft)]
    assert [finding for finding in found if "(letters: passages)" in finding] == []


SOUND: Mapping[str, tuple[Block, ...]] = {
    "heading like a page number": (heading("Visit 1 of 1"), paragraph("We came.")),
    "item like a page number": (bullets((paragraph("Grades 1 to 1"),)),),
    "the same heading at the top of two pages": (
        heading("Cause of concern"),
        paragraph("One."),
        heading("Cause of concern"),
        paragraph("Two."),
    ),
    "an address at the foot of a page": (
        paragraph(SAID * 3 + "See www.inspectorate.example/handbook"),
        on_next_page("the next sentence begins here."),
    ),
    "a long paragraph without an end at the foot of a page": (
        paragraph(SAID * 3 + "Yours"),
        on_next_page("Then."),
    ),
    "paragraph over three pages": (paragraph(SAID * 60), paragraph("End.")),
    "list over pages": (bullets(*((paragraph(f"Point {n}. {SAID * 3}"),) for n in range(16))),),
    "two lists of which one begins a page": (
        bullets((paragraph("one"),)),
        on_next_page("Then:"),
        bullets((paragraph("two"),)),
    ),
    "lines alike at one height of two pages": (
        paragraph("The same words."),
        on_next_page("The same words."),
        on_next_page("The same words."),
    ),
    "two links to one address side by side": (
        paragraph(
            Link("https://a.example/", (Text("one"),)), Link("https://a.example/", (Text("two"),))
        ),
    ),
    "a link with signs that addresses write otherwise": (
        paragraph(Link("https://a.example/tŷ dŵr?a=1&b=%20#x", (Text("Welsh"),))),
    ),
    "table over three pages": (a_long_table(),),
    "every structure": every_structure(),
    "words in braces": (paragraph("Say {{ this }} twice: {{ this }}."),),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_letter_is_never_refused(name: str) -> None:
    document = a_document(*SOUND[name])
    assert of_print(document, NEXT) == []
    assert of_print(replace(document, draft="DRAFT", handling="OFFICIAL"), NEXT) == []


def test_a_letter_of_many_pages() -> None:
    assert of_print(long_letter()) == []


def test_a_group_that_one_sees_through_is_still_tagged() -> None:
    assert of_print(a_document(*every_structure()), ".salutation { opacity: 0.9 }") == []


def a_short_letter() -> Document:
    return a_document(
        paragraph("We recommended:"),
        Quote((paragraph("All forces should begin now."),)),
        bullets((paragraph("plan"),), (paragraph("See ", LINK),)),
    )


LINK = Link("https://a.example/b", (Text("this"),))
GREETING = "'Dear Chief Constable'"
LOST = (
    f"A paragraph of the letter is not read out: {GREETING}.",
    "A quote of the letter is not read out: 'All forces should begin now.'.",
)


def more(words: str) -> str:
    return f"page 1, '{words}': '{words}' is read out where the letter says {GREETING}."


@pytest.mark.parametrize(
    ("css", "found"),
    [
        (
            ".salutation::after { content: ' You have failed.' }",
            [more("Dear Chief Constable You have failed.")],
        ),
        (
            "blockquote::before { content: 'Not '; }",
            ["page 1, 'Not': These words are read out and are not the letter's."],
        ),
        (
            "blockquote::before { content: 'Not '; display: block }",
            ["page 1, 'Not': These words are read out and are not the letter's."],
        ),
        (WHO + " { visibility: hidden }", LOST),
        (WHO + " { font-size: 0 }", LOST),
        (WHO + " { display: none }", LOST),
        (".salutation { text-transform: uppercase }", [more("DEAR CHIEF CONSTABLE")]),
        (".salutation::first-letter { font-size: 0 }", [more("ear Chief Constable")]),
        (
            "@page { @bottom-right { content: 'You have failed' } }",
            [
                "page 1, 'You have failed': These words are neither the letter's nor the page's"
                " own."
            ],
        ),
        (
            "@page { @bottom-right { content: 'Page 7' } }",
            ["page 1, 'Page 7': These words are neither the letter's nor the page's own."],
        ),
        (
            ".salutation { position: running(handling) }",
            [
                f"A paragraph of the letter is not read out: {GREETING}.",
                f"page 1, {GREETING}: These words are neither the letter's nor the page's own.",
            ],
        ),
        (
            "ul.level-1 { list-style-type: 'not ' }",
            [
                f"page 1, '{words}': This is tagged as a paragraph labelled 'not'; it is a"
                " paragraph labelled '•'."
                for words in ("plan", "See this")
            ],
        ),
        (
            ".particulars { display: flex; flex-direction: column } .date { order: -1 }",
            [
                "page 1, '2 October 2017': These words are read out in another place than in the"
                " letter."
            ],
        ),
        (
            "ul { background: url(\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'"
            " width='9' height='9'%3E%3Ctext font-family='Arial'%3ENo%3C/text%3E%3C/svg%3E\") }",
            ["page 1, 'No': These words are neither the letter's nor the page's own."],
        ),
    ],
)  # fmt: skip
def test_words_that_a_style_adds_or_takes(css: str, found: list[str]) -> None:
    rule = "letters: passages"
    assert of_print(a_short_letter(), css) == [f"{finding} ({rule})" for finding in found]


def test_words_after_a_link_are_the_letters_no_more_than_its() -> None:
    _, found = of_print(a_short_letter(), "a::after { content: ' (' attr(href) ')' }")
    assert found == (
        "page 1, 'See this (https://a.example/b)': 'See this (https://a.example/b)' is read out"
        " where the letter says 'See this'. (letters: passages)"
    )


CLOSING = "{{ letter_closing }}"


def test_a_paragraph_that_only_the_page_has() -> None:
    web = layout(page={CLOSING: f"<p>Signed for {{{{ sender_name }}}}</p>\n{CLOSING}"})
    document = a_short_letter()
    content = render_pdf(document, web)
    assert told(content, document) == [
        "page 1, 'Signed for The Inspectorate of Policing': These words are read out and are not"
        " the letter's. (letters: passages)"
    ]
    own = web.own_words(document)
    assert own == (document.title, "Page", "of", "Signed for The Inspectorate of Policing")
    assert told(content, document, own) == []


FOOTER = '<footer class="page-numbers">'


def test_words_that_the_layout_prints_on_each_page() -> None:
    web = layout(page={FOOTER: f"{FOOTER}<!-- not this --> Tel. <b>01</b> 234 – "})
    document = a_document(paragraph(SAID * 60))
    content = render_pdf(document, web)
    own = web.own_words(document)
    assert own == (document.title, "Tel.", "01", "234 – Page", "of")
    assert told(content, document, own) == []
    assert [finding.partition(":")[0] for finding in told(content, document)] == [
        "page 1, 'Tel. 01 234 – Page'",
        "page 2, 'Tel. 01 234 – Page'",
    ]


def test_a_draft_without_its_mark() -> None:
    draft = replace(a_short_letter(), draft="DRAFT", handling="OFFICIAL")
    assert told(render_pdf(a_short_letter(), layout()), draft) == [
        "page 1: The mark 'DRAFT' is missing. (letters: passages)",
        "page 1: The mark 'OFFICIAL' is missing. (letters: passages)",
    ]


def test_a_finished_letter_with_the_mark_of_a_draft() -> None:
    draft = replace(a_short_letter(), draft="DRAFT")
    assert told(render_pdf(draft, layout()), a_short_letter()) == [
        "page 1, 'DRAFT': These words are neither the letter's nor the page's own."
        " (letters: passages)"
    ]


def test_another_letter() -> None:
    one = a_document(paragraph("We found three faults."), paragraph("Soon."))
    other = a_document(paragraph("We found no faults."), paragraph("Soon."))
    assert told(render_pdf(one, layout()), other) == [
        "page 1, 'We found three faults.': 'We found three faults.' is read out where the letter"
        " says 'We found no faults.'. (letters: passages)"
    ]


def test_a_link_that_leads_elsewhere() -> None:
    def says(address: str) -> Document:
        return a_document(paragraph("See ", Link(address, (Text("this"),))))

    content = render_pdf(says("https://b.example/"), layout())
    assert told(content, says("https://a.example/")) == [
        "page 1, 'See this': Tagged here: the link 'this' to 'https://b.example/'. In the letter:"
        " the link 'this' to 'https://a.example/'. (letters: passages)"
    ]


def test_lists_and_tables_in_other_places() -> None:
    item, other = (paragraph("one"),), (paragraph("two"),)
    one = a_document(bullets(item, other))
    two = a_document(bullets(item), bullets(other))
    assert told(render_pdf(two, layout()), one) == [
        "page 1, 'two': This is tagged as item 1 of list 2; it is item 2 of list 1 of the letter."
        " (letters: passages)"
    ]
    quoted = a_document(Quote((paragraph("said"), bullets(item))))
    beside = a_document(Quote((paragraph("said"),)), Quote((bullets(item),)))
    assert told(render_pdf(beside, layout()), quoted) == [
        "page 1, 'one': This is tagged as item 1 of list 1 in quotation 2; it is item 1 of list 1"
        " in quotation 1 of the letter. (letters: passages)"
    ]


def test_at_most_five_differences_are_told_of_one_file() -> None:
    one = a_document(*(paragraph(f"Word {n}.") for n in range(30)))
    other = a_document(*(paragraph(f"Phrase {n}.") for n in range(30)))
    assert len(told(render_pdf(one, layout()), other)) == 5


CHANGED = (
    "The words or tags of this file are not those that it was made with{}. Take the file that was"
    " built or published. (letters: passages)"
)


def alone(content: bytes) -> list[str]:
    return [str(finding) for finding in validate("letter.pdf", content)]


def test_a_file_without_letter_and_record_is_held_against_nothing() -> None:
    content = render_pdf(a_short_letter(), layout(".salutation::after { content: ' Not.' }"))
    assert alone(edited(without_record)(content)) == []


@pytest.mark.parametrize(
    ("css", "counts"),
    [
        (".salutation::after { content: ' Not.' }", ""),
        ("blockquote::before { content: 'Not. '; display: block }", ": 17 passages for 16"),
        (WHO + " { visibility: hidden }", ": 14 passages for 16"),
    ],
)
def test_a_file_alone_is_held_against_its_record(css: str, counts: str) -> None:
    assert alone(render_pdf(a_short_letter(), layout(css))) == [CHANGED.format(counts)]


def test_page_words_are_held_against_the_record() -> None:
    css = "@page { @bottom-right { content: 'You have failed' } }"
    assert alone(render_pdf(a_short_letter(), layout(css))) == [
        "page 1, 'You have failed': These words are neither the letter's nor the page's own."
        " (letters: passages)"
    ]


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_file_keeps_to_its_record(name: str) -> None:
    document = a_document(*SOUND[name])
    draft = replace(document, draft="DRAFT", handling="OFFICIAL")
    web = layout(NEXT, {FOOTER: f"{FOOTER}Tel. 1 – ", CLOSING: f"<p>Signed</p>{CLOSING}"})
    assert [alone(render_pdf(each, web)) for each in (document, draft)] == [[], []]


def test_letters_joined_keep_no_record_of_one_of_them() -> None:
    content = render_pdf(a_short_letter(), layout())
    parts = [PdfPart(name, name, content) for name in ("front", "letter")]
    with Pdf.open(io.BytesIO(join_pdfs(parts[0], parts[1:]))) as pdf:
        assert "/PieceInfo" not in pdf.Root
