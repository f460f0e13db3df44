"""The web letter: what its reader meets, that it needs no other file, and that it can be read."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from letters.document import Document, Language, Link, Text, passages
from letters.errors import LettersError, ProblemsFound
from letters.render.docx import WordLayout
from letters.render.html import WebLayout
from letters.render.pdf.letter import render_pdf
from letters.render.readback import read_html
from letters.render.round_templates import layout_words
from letters.validators.same_words import unlike_letter
from tests.render.documents import (
    FINDING,
    LABELS,
    LAYOUT,
    ROOT,
    a_document,
    a_draft,
    every_structure,
    folded,
    lines,
    long_letter,
    paragraph,
)

NAMES = {*LABELS, "sender_name"}
LETTERS: dict[str, Callable[[], Document]] = {
    "short": lambda: a_document(paragraph(FINDING)),
    "nothing said": a_document,
    "every structure": lambda: a_document(*every_structure()),
    "long": long_letter,
    "draft": a_draft,
    "no delivery, no copies": lambda: a_document(letter_delivery=(), letter_copies=()),
    "two addressees": lambda: a_document(
        letter_addressees=(
            lines("The Mayor", "Westmarch", style="Addressee"),
            lines("Commissioner", "Dunmere", style="Addressee"),
        )
    ),
}


@pytest.fixture(scope="module")
def layout() -> WebLayout:
    return WebLayout.load(LAYOUT, ROOT)


def tree(page: str) -> html.HtmlElement:
    return html.document_fromstring(page)


@pytest.mark.parametrize("name", LETTERS)
def test_the_page_says_what_the_letter_says(layout: WebLayout, name: str) -> None:
    document = LETTERS[name]()
    assert folded(read_html(layout.web_page(document))) == folded(passages(document))
    printed = read_html(layout.print_page(document).encode())
    assert folded(printed) == folded(passages(document))


def test_the_layout_has_no_problem(layout: WebLayout) -> None:
    assert layout.problems(NAMES) == ()


def test_the_page_needs_no_other_file(layout: WebLayout) -> None:
    page = layout.web_page(a_document(*every_structure()))
    for element in tree(page).iter():
        assert element.tag not in ("script", "link", "iframe", "object", "form")
        assert not [name for name in element.attrib if name.startswith("on")]
        assert element.get("src", "data:").startswith("data:")
        if element.tag != "a":
            assert "href" not in element.attrib
    addresses = re.findall(r"url\(\s*['\"]?([^)]{5})", page)
    assert addresses
    assert set(addresses) == {"data:"}
    assert "@import" not in page


def test_the_page_has_its_landmarks_in_order(layout: WebLayout) -> None:
    page = tree(layout.web_page(a_document(*every_structure())))
    assert page.get("lang") == "en-GB"
    assert [title.text for title in page.iter("title")] == ["Assessment – Westmarch & Vale Police"]
    assert [child.tag for child in page.find("body")] == ["header", "main"]
    (main,) = page.iter("main")
    assert [child.tag for child in main] == ["section", "article"]
    assert [heading.tag for heading in page.iter("h1", "h2", "h3")] == ["h1", "h2", "h3"]


def test_the_letter_information_stands_first(layout: WebLayout) -> None:
    section = tree(layout.web_page(a_document())).find(".//section")
    title = section.find("p")
    assert section.get("aria-labelledby") == title.get("id")
    assert title.text == "Letter information"
    rows = [(row.find("dt").text, list(row.find("dd").itertext())) for row in section.iter("div")]
    assert rows == [
        ("From", ["Bo Finch QPM", "Her Majesty’s Inspector of Constabulary"]),
        ("To", ["Chief Constable", "Westmarch & Vale Police"]),
        ("Sent on", ["2 October 2017"]),
    ]


def test_a_letter_without_information_has_no_such_block(layout: WebLayout) -> None:
    assert "<section" not in layout.web_page(replace(a_document(), information=()))


def test_the_printed_page_has_page_numbers_and_no_letter_information(layout: WebLayout) -> None:
    page = tree(layout.print_page(a_document()))
    assert page.find(".//section") is None
    assert " ".join(page.find(".//footer").text_content().split()) == "Page of"
    assert tree(layout.web_page(a_document())).find(".//footer") is None


def test_only_a_draft_is_marked(layout: WebLayout) -> None:
    draft, finished = tree(layout.web_page(a_draft())), tree(layout.web_page(a_document()))
    (mark,) = draft.find_class("draft-mark")
    assert (mark.tag, mark.text) == ("p", "DRAFT")
    assert [gap.text for gap in draft.iter("mark")] == ["to be added"]
    assert finished.find_class("draft-mark") == []


@pytest.mark.parametrize(
    "awkward",
    ["<script>x</script>", "{{ letter_body }}", "{% if %}", "&amp; & <b>", '" onclick="x'],
)
def test_values_are_literal_everywhere(layout: WebLayout, awkward: str) -> None:
    letter = a_document(paragraph(awkward, Link(f"https://e.org/?a='{awkward}'", (Text("x"),))))
    letter = replace(
        letter,
        title=awkward,
        draft=awkward,
        texts={**letter.texts, "sender_name": awkward, "letter_information_label": awkward},
        information=((awkward, (awkward,)),),
    )
    page = tree(layout.web_page(letter))
    assert folded(read_html(layout.web_page(letter))) == folded(passages(letter))
    assert page.find(".//title").text == awkward
    assert page.find(".//dt").text == page.find(".//dd").text == awkward
    assert page.find(".//a").get("href") == f"https://e.org/?a='{awkward}'"
    assert page.find("body/header/p").text == awkward
    assert not list(page.iter("script"))


def test_styles_languages_and_alignments_reach_the_page(layout: WebLayout) -> None:
    welsh = Language("cy", (Text("Annwyl"),))
    page = tree(layout.web_page(a_document(*every_structure(), paragraph(welsh))))
    kinds = [p.get("class") for p in page.find(".//article").iter("p") if p.get("class")]
    assert kinds == [
        *("sender-name", "sender", "addressee", "delivery", "copied-to", "date", "salutation"),
        *("closing", "figure", "signatory-name", "signatory"),
    ]
    assert [span.text for span in page.findall(".//span[@lang='cy']")][-1] == "Annwyl"
    assert [th.get("scope") for th in page.iter("th")] == ["col"] * 4
    assert [cell.text for cell in page.find_class("right")] == ["Plans", "12", "1,004"]


def test_numbered_lists_keep_their_labels_without_styles(layout: WebLayout) -> None:
    page = tree(layout.web_page(a_document(*every_structure())))
    assert [(ol.get("type"), ol.get("start")) for ol in page.iter("ol")] == [
        ("1", "3"),
        ("a", "2"),
        ("i", "4"),
        ("1", "7"),
    ]


# Colours.

PAIRS = [
    ("--text", "--page"),
    ("--text", "--paper"),
    ("--heading", "--paper"),
    ("--quiet", "--paper"),
    ("--link", "--paper"),
    ("--link-hover", "--paper"),
    ("--on-brand", "--brand"),
    ("--draft", "--paper"),
]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("pair", PAIRS, ids=" on ".join)
def test_words_stand_out_from_their_ground(scheme: str, pair: tuple[str, str]) -> None:
    css = (LAYOUT / "screen.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root {(.*?)}", css, re.DOTALL)
    colours = dict(re.findall(r"(--[\w-]+): (#\w{6})", light))
    if scheme == "dark":
        colours |= dict(re.findall(r"(--[\w-]+): (#\w{6})", dark))
    darker, lighter = sorted(luminance(colours[name]) for name in pair)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


# Broken layouts.

FRAGMENTS = ["{{", "}}", "{%", "%}", "<", ">", '"', "'", "{", "}", ";", ":", "/*", "\\", "<!", "ŵ"]
FRAGMENTS += [
    "url(",
    "<p>",
    "</article>",
    "letter_body",
    "@page",
    "\x00",
    "<![",
    "&#0;",
    "-->",
    "\n",
]


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, str]:
    """A file of the layout and its text after some damage."""
    name = draw(st.sampled_from(["letter.html", "print.css", "screen.css"]))
    text = (LAYOUT / name).read_text(encoding="utf-8")
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 40)))
        text = text[:start] + draw(st.sampled_from(["", *FRAGMENTS])) + text[end:]
    return name, text


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("damaged") / "templates/letterhead"
    folder.mkdir(parents=True)
    (folder / "crest.png").write_bytes((LAYOUT / "crest.png").read_bytes())
    return folder


@pytest.fixture(scope="module")
def word() -> WordLayout:
    """The Word layout that a damaged web layout stands beside."""
    return WordLayout.load(LAYOUT, ROOT)


@settings(
    max_examples=60,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(edit=edits())
def test_a_damaged_layout_has_problems_or_makes_whole_letters(
    damaged: Path, word: WordLayout, edit: tuple[str, str]
) -> None:
    for name in ("letter.html", "print.css", "screen.css"):
        (damaged / name).write_bytes((LAYOUT / name).read_bytes())
    (damaged / edit[0]).write_bytes(edit[1].encode())
    root = damaged.parent.parent
    letter = a_document(*every_structure()[:5])
    try:
        layout = WebLayout.load(damaged, root)
        problems = layout.problems(NAMES)
        if not problems:
            letter = replace(letter, layout=layout_words(letter, word, layout))
    except ProblemsFound as found:
        problems = found.problems
    if problems:
        assert all(p.place.file.startswith("templates/letterhead/") for p in problems)
        return
    assert unlike_letter("letter.html", layout.web_page(letter).encode(), letter) == ()
    assert pdf_or_problem(letter, layout).startswith(("%PDF-1.7", "templates/letterhead/"))


def pdf_or_problem(letter: Document, layout: WebLayout) -> str:
    """The beginning of a letter's PDF, or why there is none."""
    try:
        return render_pdf(letter, layout)[:8].decode()
    except LettersError as error:
        return str(error)


@pytest.mark.parametrize(
    ("page", "message"),
    [("", "The page is empty."), ("<p>x</p>", "The page has no '<article class=\"letter\">'.")],
)
def test_a_page_without_a_letter_is_not_read(page: str, message: str) -> None:
    with pytest.raises(LettersError) as error:
        read_html(page)
    assert str(error.value) == message
