"""What letters have in common is worked out once, and no byte of any PDF is other for it."""

from dataclasses import replace
from pathlib import Path

import pytest
import weasyprint

from letters import Project, RoundTemplates
from letters import document as tree
from letters.merge import letters_of
from letters.render.html import WebLayout
from letters.render.pdf.engine import PdfEngine
from letters.render.pdf.letter import render_pdf
from letters.render.pdf.reuse import PLAIN, can_reuse
from letters.render.pdf.reuse.remembered import Reuse, parser_for
from letters.render.pdf.reuse.styles import asks_for_neighbours_only
from letters.render.pdf.reuse.text import Bounds
from letters.render.stylesheet import Stylesheet
from tests.render.documents import a_document, every_structure


def plain_and_fast(layout: WebLayout) -> tuple[PdfEngine, PdfEngine, Reuse]:
    """An engine that works all out anew, one that does not, and what the latter remembers."""
    reuse = Reuse(layout.print_css.text)
    return PdfEngine(layout), PdfEngine(layout, reuse.active), reuse


def test_all_letters_of_the_example_are_the_same_plain_and_fast(
    example_project: Path, example_out: Path
) -> None:
    (project_round,) = Project.load(example_project).rounds
    round_templates = RoundTemplates.load(project_round)
    plain = PdfEngine(round_templates.web)
    letters = letters_of(project_round)
    assert len(letters) == 43
    for letter in letters:
        fast = (example_out / "letters" / f"{letter.id}.pdf").read_bytes()
        assert plain.print(round_templates.typeset(letter)) == fast, letter.id


def test_the_order_of_letters_does_not_matter(example_project: Path, example_out: Path) -> None:
    (project_round,) = Project.load(example_project).rounds
    round_templates = RoundTemplates.load(project_round)
    assert can_reuse(round_templates.web.print_css.text)
    for letter in reversed(letters_of(project_round)):
        made = render_pdf(round_templates.typeset(letter), round_templates.web)
        assert made == (example_out / "letters" / f"{letter.id}.pdf").read_bytes(), letter.id


ASKING = [
    "p + p { margin-top: 9pt }",
    "h2 + p + p { margin-top: 9pt }",
    "h2 ~ p { margin-left: 5mm }",
    "h2 + p { & + p { text-indent: 5mm } }",
    "h2 { + p { + p { margin-left: 5mm } } }",
    ":is(h2 + p, h9) + p { margin-left: 5mm }",
    "h1::before { content: '/*' } h2 + p + p { margin-left: 5mm } h1::after { content: '*/' }",
    "@media print { h2 + p + p { margin-left: 5mm } }",
    "li:first-child + li { color: #123 }",
    "p:not(:first-child) { color: #123 }",
    "p:nth-child(3), li:nth-last-child(2) { color: #123 }",
    "P:NTH-CHILD(3) { color: #123 }",
    "p:n\\74h-child(3) { color: #123 }",
    "p:last-of-type, :only-child { color: #123 }",
    "p:has(strong), span:empty { color: #123 }",
    "a[href$='.uk'] { color: #123 }",
    "a[href]::after { content: ' (' attr(href) ')' }",
    "[lang=cy] p, :lang(en) li { color: #123 }",
]
"""Selectors that look at more than an element."""

LAID_OUT = [
    "p { text-align: justify; hyphens: auto }",
    "p { text-indent: 5mm; letter-spacing: 0.1pt }",
    "p { direction: rtl }",
    "p { white-space: pre-line; overflow: hidden }",
    "p::before { content: '§ ' counter(page) ' ' }",
    ".letterhead { float: right; width: 60mm }",
    "em, strong { float: left }",
    "strong { position: relative; top: 1pt; vertical-align: super }",
    "strong { padding: 1pt 3pt; border: 1pt solid #123; box-decoration-break: clone }",
    "a { display: inline-block; width: 40mm }",
    "li { list-style-position: inside }",
    ".letter { columns: 2 }",
    ".letter { display: flex; flex-direction: column }",
    "h2 { break-before: page } @page :first { margin-top: 90mm }",
    "p { line-height: 0; max-lines: 2; continue: discard }",
    "p { width: 50% } li { margin-left: 3%; width: 20mm }",
]
"""Ways of laying out that have lines broken otherwise."""


@pytest.mark.parametrize("css", [*ASKING, *LAID_OUT])
def test_whatever_a_print_style_asks_for_letters_are_the_same(
    css: str, example_project: Path
) -> None:
    (project_round,) = Project.load(example_project).rounds
    round_templates = RoundTemplates.load(project_round)
    style = round_templates.web.print_css
    layout = replace(round_templates.web, print_css=Stylesheet(style.file, f"{style.text}\n{css}"))
    by_length = sorted(
        map(round_templates.typeset, letters_of(project_round)),
        key=lambda each: len(layout.print_page(each)),
    )
    documents = by_length[-2:]
    plain, fast, reuse = plain_and_fast(layout)
    assert can_reuse(layout.print_css.text)
    made = [[fast.print(each) for each in documents] for _ in range(3)]
    assert [[plain.print(each) for each in documents]] * 3 == made
    assert reuse.kept["lengths"]
    assert reuse.kept["drawn lines"]


def test_a_page_with_a_style_of_its_own_is_the_same(example_project: Path) -> None:
    (project_round,) = Project.load(example_project).rounds
    round_templates = RoundTemplates.load(project_round)
    own = "</style><style>p { color: #{{ '123' if letter_copies else '456' }} }</style>"
    source = round_templates.web.source.replace("</style>", own)
    documents = [round_templates.typeset(letter) for letter in letters_of(project_round)[:3]]
    plain, fast, reuse = plain_and_fast(replace(round_templates.web, source=source))
    made = [fast.print(each) for each in documents * 2]
    assert [plain.print(each) for each in documents] * 2 == made
    assert reuse.kept["lengths"]


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("p { margin: 1em }", True),
        ("@page { size: A4 } .mark { position: running(mark) }", True),
        ("p { margin: 1vh }", False),
        ("p { width: 10.5dvw }", False),
        ("p::first-letter { font-size: 2em }", False),
        (".aside { float: footnote }", False),
        (".aside { position: note(margin) }", False),
        ("p { overflow: hidden; text-overflow: ellipsis }", False),
        ("p { max-lines: 2; block-ellipsis: auto }", False),
        ("p { line-clamp: 2 }", False),
    ],
)
def test_styles_that_depend_on_pages_are_worked_out_anew(css: str, expected: bool) -> None:
    assert can_reuse(css) is expected


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("p { margin: 1em } .a + .b, li > div > :last-child { color: red }", True),
        ("@page :first { @top-left { content: 'a + b + c' } } /* a ~ b */ p { color: red }", True),
        ("@media print { a[href], img[src], :not(.a) > p { width: calc(1px + 2px + 3px) } }", True),
        ("@media print { a + b + c { color: red } }", False),
        (":is(a + b) { color: red }", False),
        ("a { & + b { color: red } }", False),
        ("a ~ b { color: red }", False),
        ("[class~='x'] { color: red }", False),
        ("[ HREF ^= 'x' ] { color: red }", False),
        ("p:NTH-CHILD(2) { color: red }", False),
        ("p:n\\74h-child(2) { color: red }", False),
        ("p:first-of-type { color: red }", False),
        ("p:empty { color: red }", False),
        ("p:has(b) { color: red }", False),
        ("@supports (color: red) { p { color: red } }", False),
        ("p { color: red } }", False),
    ],
)
def test_places_tell_the_style_where_selectors_look_no_farther(css: str, expected: bool) -> None:
    assert asks_for_neighbours_only(css) is expected


@pytest.mark.parametrize("name", ["weasyprint", "pydyf"])
def test_another_version_of_the_engine_is_left_alone(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert can_reuse("")
    monkeypatch.setattr(f"{name}.__version__", "70.1")
    assert not can_reuse("")


def test_a_variable_turns_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PLAIN, "1")
    assert not can_reuse("")


def test_what_is_remembered_stays_within_bounds(example_project: Path, example_out: Path) -> None:
    (project_round,) = Project.load(example_project).rounds
    round_templates = RoundTemplates.load(project_round)
    reuse = Reuse(round_templates.web.print_css.text, Bounds(small=40, large=40, places=100))
    engine = PdfEngine(round_templates.web, reuse.active)
    for letter in letters_of(project_round)[:3] * 2:
        made = engine.print(round_templates.typeset(letter))
        assert made == (example_out / "letters" / f"{letter.id}.pdf").read_bytes(), letter.id
    kept = reuse.kept
    assert kept.pop("places") < 400
    assert 0 < kept.pop("struts") <= 2 * 40
    assert {name: 40 < count <= 2 * 40 for name, count in kept.items()} == dict.fromkeys(kept, True)
    assert {*kept} == {"first lines", "lengths", "drawn lines", "paragraphs"}


def test_a_page_that_readers_take_alike_is_read_by_the_faster_one() -> None:
    page = "<html lang='cy'><head><title>T</title></head><body>{}</body></html>"
    theirs = weasyprint.tinyhtml5.parse
    alike = "<main>\n<article><div>{{ letter_body }}</div>A <b>B</b> C &amp; D</article></main>"
    assert parser_for(page.format(alike)) is not theirs
    for other in ("<p>A<section>B</section></p>", "<table><tr><td>A</td></tr></table>"):
        assert parser_for(page.format(other)) is theirs


def test_every_structure_is_the_same_whoever_reads_its_page(starter: Path) -> None:
    web = RoundTemplates.load(Project.load(starter).round()).web
    odd = tree.Paragraph((tree.Text("A & B <i>‘ŵ’</i>\u00a0&amp; 1 < 2"),))
    document = a_document(*every_structure(), odd)
    fast = PdfEngine(web, Reuse(web.print_css.text, page=web.source).active)
    assert parser_for(web.source) is not weasyprint.tinyhtml5.parse
    assert fast.print(document) == PdfEngine(web).print(document)
