"""What a layout's styles and page may hold: nothing that adds, hides, replaces or moves words."""

import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from fontTools.feaLib.builder import (  # type: ignore[import-untyped]
    addOpenTypeFeaturesFromString,
)
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from letters.cli import cli
from letters.errors import ProblemsFound
from letters.render.allowed.fonts import font_faults
from letters.render.allowed.properties import ALLOWED, AT_RULES, UNITS, reference
from letters.render.allowed.special import OUTSIDE
from letters.render.html import WebLayout, specimen_page
from letters.render.stylesheet import Stylesheet
from tests.render.documents import LABELS, LAYOUT, ROOT
from tests.render.html.attacks import CASES

NAMES = {*LABELS, "sender_name", "force_name", "signatory_name"}
FONT = ROOT / "letters/render/fonts/Arimo-Regular.ttf"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "templates/letterhead"
    copy.mkdir(parents=True)
    for name in ("letter.html", "print.css", "screen.css", "crest.png"):
        shutil.copy(LAYOUT / name, copy / name)
    return copy


def added(folder: Path, sheet: str, css: str) -> int:
    """Add `css` to the end of a sheet; the line on which it stands."""
    text = (folder / sheet).read_text(encoding="utf-8")
    (folder / sheet).write_text(f"{text}{css}\n", encoding="utf-8")
    return text.count("\n") + 1


def found(folder: Path) -> list[str]:
    """The problems of a layout, each as a line without the folder's name."""
    root = folder.parent.parent
    try:
        problems = WebLayout.load(folder, root).problems(NAMES)
    except ProblemsFound as error:
        problems = error.problems
    return [str(problem).removeprefix("templates/letterhead/") for problem in problems]


def in_sheet(sheet: str, css: str) -> list[str]:
    """The problems of a shipped sheet with `css` added to it."""
    layout = WebLayout.load(LAYOUT, ROOT)
    text = f"{(LAYOUT / sheet).read_text(encoding='utf-8')}{css}\n"
    style = Stylesheet(sheet, text)
    problems = [*style.problems(layout.assets, printed=sheet == "print.css")]
    return [str(each) for each in problems or style.page_problems(specimen_page(layout.source))]


@pytest.mark.parametrize(
    ("sheet", "css"), [(sheet, css) for sheet, _, css in CASES], ids=[name for _, name, _ in CASES]
)
def test_no_style_adds_hides_or_moves_words(sheet: str, css: str) -> None:
    problems = in_sheet(sheet, css)
    assert problems
    assert all(problem.startswith(f"{sheet}:") for problem in problems)


MESSAGES = {
    "adds": (
        '.salutation::after { content: " You have failed every test." }',
        "'content: \" You have failed every test.\"' can add words to a letter or replace them. "
        "A style sheet prints no words: write them in the wording, where they are approved.",
    ),
    "hides": (
        "blockquote { visibility: hidden }",
        "'visibility: hidden' can hide words of a letter. Take it out.",
    ),
    "moves": (
        "em { float: left }",
        "'float: left' can move words of a letter over others, off the page or out of their "
        "order. Set boxes side by side with 'display: grid' and 'grid-template-columns'.",
    ),
    "value": (
        "p { letter-spacing: -1em }",
        "'letter-spacing: -1em' can hide words of a letter. Write a length from 0px to 4px, "
        "'normal'.",
    ),
    "at-rule": (
        "@keyframes x { to { visibility: hidden } }",
        "'@keyframes' is not on the list of what a style sheet may hold. Take it out.",
    ),
    "layer": (
        "@layer x { p { color: #123 } }",
        "'@layer' changes which rules win. Write the rules in their order, without it.",
    ),
    "selector": (
        "p::first-letter { color: #123 }",
        "The selector 'p::first-letter' asks for ':first-letter', which is not on the list. "
        "Take it out, or give the element a class.",
    ),
    "selector that cannot be read": (
        "p > > li { color: #123 }",
        "A selector is missing before '>'. Write tags and classes, such as '.date' or 'li > p'.",
    ),
    "variable": (
        ":root { --x: 'Not' }",
        "'--x: \"Not\"' is no colour, and a variable may hold nothing else. "
        "Write the value where it is used.",
    ),
    "unknown variable": (
        "p { color: var(--nowhere) }",
        "'color: var(--nowhere)' asks for '--nowhere', which is no colour of this sheet. "
        "Write ':root { --nowhere: #1d3461; }', or the colour itself.",
    ),
    "colour": (
        ".salutation { color: #fff }",
        "The words of 'p.salutation' are hidden by their colour: #ffffff on #ffffff, a contrast "
        "of 1.0 to 1. Choose colours with a contrast of 4.5 to 1; it takes at least 3.",
    ),
    "nested colour": (
        "th { background: #1d3461; color: #fff }",
        "The words of 'a' are hidden by their colour: #1d3461 on #1d3461, a contrast of 1.0 to 1. "
        "Choose colours with a contrast of 4.5 to 1; it takes at least 3.",
    ),
    "lines": (
        "h1 { line-height: 12px }",
        "Lines of 'h1' lie over one another: 12px a line for letters of 18.7px. "
        "Write 'line-height' as a number, such as 1.4.",
    ),
    "size": (
        "p { font-size: 0.625rem } html { font-size: 14px }",
        "Letters of 'p' come to 8.75px: too small to see. "
        "Write a 'font-size' that comes to 9px or more.",
    ),
    "inside a line": (
        "strong { padding: 20px 0 }",
        "'padding: 20px 0' on words inside a line ('strong') can cover the lines above and below. "
        "Keep it up to 2px above and below, or set 'display: block'.",
    ),
    "off the page": (
        "li > div, p { padding-left: 140px }",
        "Margins and paddings beside 'p' and round it come to 439px, which can push words off the "
        "page. Keep them up to 300px together.",
    ),
    "labels": (
        "li { display: block }",
        "'display: block' takes the labels of list items away. "
        "Leave 'display' of 'li' as it is.",
    ),
    "drawn up": (
        ".copied-to + .copied-to { margin-top: -13px }",
        "'margin-top: -13px' can draw words over the words before them. "
        "Do not draw them up by more than 8px.",
    ),
    "picture": (
        ".letterhead { background: url(crest.png) no-repeat 0 0 / 99mm 9mm }",
        "'background: url(crest.png) no-repeat 0 0 / 99mm 9mm' can lie behind words and hide them. "
        "Give '.letterhead' a 'padding-left' of the picture’s width, everywhere.",
    ),
    "row": (
        ".letter { display: flex }",
        "'display: flex' sets boxes in a row that may run off the page. "
        "Add 'flex-wrap: wrap' or 'flex-direction: column' to the same rule.",
    ),
    "page": (
        "@page { background: #000 }",
        "'background: #000' can hide words of a letter. Use one of size, margin, margin-top, "
        "margin-right, margin-bottom, margin-left here.",
    ),
    "dark mark": (
        ".draft-mark { color: #000 }",
        "The draft mark lies under words; it is too pale, too dark, or on a ground: #000000 on "
        "#ffffff, a contrast of 21.0 to 1. "
        "Choose a colour with a contrast of 1.15 to 2.2 to 1, and no background.",
    ),
    "mark over words": (
        "@page { @bottom-right { content: element(draft-mark) } }",
        "The draft mark is turned, and its margin box lies over the words. "
        "Add 'z-index: -1' to the box.",
    ),
    "not printed": (
        ".banner { position: running(banner) }",
        "'position: running(banner)' takes words out of the page and nothing prints them. "
        "Write 'content: element(banner)' in a margin box of '@page'.",
    ),
    "font in the sheet": (
        "@font-face { font-family: F; src: url(data:font/ttf;base64,AA) }",
        "A font is in the style sheet itself, where its letters are not checked. "
        "Save it as a file in the layout’s folder and name that with 'url()'.",
    ),
    "deep": (
        "p { color: " + "(" * 20 + "}",
        "Brackets are more than 16 deep in one another here. "
        "Look for a bracket that is not closed.",
    ),
    "long selector": (
        "p " * 13 + "{ color: #123 }",
        "The selector 'p p p p p p p p p p p p p…' has more than 12 steps. "
        "Give the element a class and write that.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", MESSAGES)
def test_a_style_says_what_is_wrong_and_what_to_do(folder: Path, case: str) -> None:
    css, message = MESSAGES[case]
    line = added(folder, "print.css", css)
    assert found(folder) == [f"print.css:{line}: {message}"]


def test_the_dark_scheme_is_looked_at(folder: Path) -> None:
    line = added(folder, "screen.css", "@media (prefers-color-scheme: dark) { p { color: #333 } }")
    assert found(folder)[0] == (
        f"screen.css:{line}: The words of 'p' are hidden by their colour: #333333 on #14233f in "
        "the dark scheme, a contrast of 1.2 to 1. "
        "Choose colours with a contrast of 4.5 to 1; it takes at least 3."
    )


@pytest.mark.parametrize(
    ("css", "what"),
    [
        ("a{}\n" * 300_000, "2001: The style sheet has more than 2,000 rules."),
        ("p{color:" + "rgb(" * 3_000, "1: The style sheet has more than 2,000 brackets."),
        ("/*" + "x\n" * 600_000 + "*/", "500000: The style sheet has more than 1,000,000 charac"),
    ],
)
def test_a_sheet_without_end_is_refused_where_it_grows_too_long(
    folder: Path, css: str, what: str
) -> None:
    (folder / "screen.css").write_text(css, encoding="utf-8")
    (problem,) = found(folder)
    assert problem.startswith(f"screen.css:{what}")
    assert problem.endswith(
        " Take out rules that nothing uses; put pictures into files of their own."
    )


def test_many_rules_that_apply_now_and_then_are_refused(folder: Path) -> None:
    for n in range(41):
        added(folder, "print.css", f"p:nth-child({n}) {{ color: #12{n:04} }}")
    assert found(folder) == [
        "print.css: More than 40 rules for colours or sizes depend on what is where. "
        "Give elements classes, and write those."
    ]


ON_PAPER = [
    "p { color: #123 } p { color: rgb(20 20 20) } p { color: hsl(210, 50%, 20%) }",
    ":root { --a: #123 } .date { color: var(--a) }",
    "th { background: #1d3461; color: #fff } th a, th mark { color: #fff; background: none }",
    "blockquote { background: #222; color: #eee } blockquote :is(a, mark, h2, h3, th, td) "
    "{ color: #eee; background: #222 }",
]
"""Colours for a light paper."""

SOUND = [
    "h1 { border-bottom: 2px solid #ddd; border-radius: 4px; padding: 10px 0; margin: 0 0 1em }",
    ".letterhead { display: grid; grid-template-columns: 30mm 1fr; gap: 5mm; align-items: start }",
    ".letterhead::before { content: ''; display: block; width: 25mm; height: 25mm; "
    "background: url('crest.png') no-repeat center / contain; grid-row: 1 / span 2 }",
    ".addressees { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 8px 2em }",
    "td { font-variant-numeric: tabular-nums; text-align: right; vertical-align: bottom }",
    "h2, h3 { break-after: avoid; break-inside: avoid }",
    "a:hover { text-decoration-thickness: 3px } a:focus-visible { outline: 3px solid #fd0 }",
    "p:nth-child(2 of .date), li:not(:last-child), a[href^='mailto:'] { letter-spacing: 0.5px }",
    ".date { & strong { font-weight: bold } @media print { font-size: 10pt } }",
    "@media print { h1 { font-size: 14pt; line-height: 18pt } }",
    "strong { padding: 1pt 3pt; border: 1pt solid #123 }",
    ".figure img { filter: invert(1) hue-rotate(180deg) brightness(1.35); height: 17mm }",
    ".site, .letter-information p { display: none }",
    ".copied-to + .copied-to { margin-top: -8px }",
    "@page :first { margin: 12mm 45mm 25mm 25mm; @top-center { content: none; width: 100% } }",
    "@page { @bottom-right { content: counter(page) } }",
    ".banner { position: running(banner) } @page { @top-right { content: element(banner) } }",
]


@pytest.mark.parametrize(
    ("sheet", "css"),
    [
        *(("print.css", css) for css in [*ON_PAPER, *SOUND]),
        *(("screen.css", css) for css in SOUND),
    ],
)
def test_what_harms_no_word_may_be_used(sheet: str, css: str) -> None:
    assert in_sheet(sheet, css) == []


def test_the_shipped_layouts_keep_to_the_list(folder: Path) -> None:
    assert found(folder) == []
    assert WebLayout.load(LAYOUT, ROOT).problems(NAMES) == ()


def test_the_list_is_documented() -> None:
    text = (ROOT / "docs/styles.md").read_text(encoding="utf-8")
    assert reference() in text
    assert UNITS in text
    assert [name for name in AT_RULES if f"`@{name}`" not in text] == []
    assert [name for name in OUTSIDE if f"`{name}`" not in text] == []
    assert len(ALLOWED) > 100


def test_an_address_cannot_end_its_quotes() -> None:
    css = 'p::before { background: url("data:x\\"); } q { visibility: hidden } r { a: b(\\"") }'
    written = Stylesheet("a.css", css).with_addresses(lambda address: address)
    assert Stylesheet("a.css", written).with_addresses(lambda address: address) == written
    assert '\\"); } q' in written


@pytest.mark.parametrize("command", ["check", "build", "review"])
@pytest.mark.parametrize("case", ["adds", "hides", "moves", "nested colour"])
def test_each_command_refuses_such_a_layout(starter: Path, command: str, case: str) -> None:
    css, message = MESSAGES[case]
    line = added(starter / "templates/letterhead", "print.css", css)
    result = CliRunner().invoke(cli, ["-C", str(starter), command])
    assert result.exit_code == 1
    assert f"templates/letterhead/print.css:{line}: {message}\n" in result.output
    assert list((starter / "out").rglob("*.pdf")) == []


# The page.

PAGES = {
    "hidden": (
        '<div class="addressees">',
        '<div class="addressees" hidden>',
        ["'hidden' hides words, which a layout may not. Take it out."],
    ),
    "aria-hidden": (
        '<div class="addressees">',
        '<div class="addressees" aria-hidden="true">',
        [
            "'aria-hidden' hides words from people who listen to the page, which a layout may not. "
            "Take it out."
        ],
    ),
    "aria-label": (
        '<div class="sign-off">',
        '<div class="sign-off" aria-label="Withdrawn">',
        [
            "'aria-label' changes what people who listen to the page hear, which a layout may "
            "not. Take it out."
        ],
    ),
    "direction": (
        '<div class="sign-off">',
        '<div class="sign-off" dir="rtl">',
        ["'dir' changes the order of words, which a layout may not. Take it out."],
    ),
    "title": (
        '<div class="sign-off">',
        '<div class="sign-off" title="Withdrawn">',
        ["'title' adds words, which a layout may not. Take it out."],
    ),
    "unknown attribute": (
        '<div class="sign-off">',
        '<div class="sign-off" nowrap>',
        [
            "'nowrap' is not on the list of what a letter’s page may hold, which a layout may not. "
            "Take it out."
        ],
    ),
    "details": (
        "<main>",
        "<main><details></details>",
        [
            "'<details>' hides what it holds until it is opened, which a letter may not. "
            "Take it out."
        ],
    ),
    "template": (
        "<main>",
        "<main><template></template>",
        ["'<template>' hides what it holds, which a letter may not. Take it out."],
    ),
    "quotation marks": (
        "<main>",
        "<main><q></q>",
        ["'<q>' prints quotation marks of its own, which a letter may not. Take it out."],
    ),
    "struck out": (
        "<main>",
        "<main><del></del>",
        ["'<del>' strikes words out, which a letter may not. Take it out."],
    ),
    "order": (
        "<main>",
        "<main><bdo></bdo>",
        ["'<bdo>' changes the order of words, which a letter may not. Take it out."],
    ),
    "unknown tag": (
        "<main>",
        "<main><blink></blink>",
        [
            "'<blink>' is not on the list of what a letter’s page may hold, which a letter may "
            "not. Take it out."
        ],
    ),
    "a slot in a class of the page": (
        "{{ letter_salutation }}",
        '<div class="handling">{{ letter_salutation }}</div>',
        [
            "'class=\"handling\"' is inside the letter. Style sheets may hide or move it. "
            "Move it out of '<article class=\"letter\">', or rename it.",
            "'{{ letter_salutation }}' is inside 'class=\"handling\"', which style sheets may "
            "hide or move. Move the slot out of it.",
        ],
    ),
    "a class by a reference": (
        "{{ letter_date }}",
        '<div class="s&#105;te"></div>{{ letter_date }}',
        [
            "'class=\"site\"' is inside the letter. Style sheets may hide or move it. "
            "Move it out of '<article class=\"letter\">', or rename it."
        ],
    ),
    "a class twice": (
        '<div class="addressees">',
        '<div class="handling" class="addressees">',
        ["'class' is twice in one tag. Write it once."],
    ),
    "a class from a value": (
        '<div class="addressees">',
        '<div class="{{ force_name }}">',
        ["'class' holds a placeholder, so looks would depend on a value. Write the class itself."],
    ),
    "a condition in a tag": (
        '<div class="addressees">',
        '<div class="{% if force_name %}site{% endif %}">',
        ["A condition is inside '<div>'. Put '{% if … %}' round the whole element."],
    ),
    "language of a slot": (
        "{{ letter_date }}",
        '<div lang="cy">{{ letter_date }}</div>',
        [
            "'{{ letter_date }}' is inside 'lang=\"cy\"', so it would be read out in that "
            "language. Take 'lang' out there."
        ],
    ),
    "the mark in the letter": (
        '<article class="letter">\n<header class="letterhead">',
        '<article class="letter">\n<header class="letterhead">{{ letter_information }}',
        None,
    ),
    "a tag that only looks closed": (
        "{{ letter_date }}",
        '{{ letter_date }}<div class="x"/>',
        ["'<div … />' stays open in browsers. Write '<div></div>'."],
    ),
    "a tag in a comment": (
        "{{ letter_date }}",
        '<!--> <div class="x"> -->{{ letter_date }}',
        None,
    ),
    "another width": (
        "width=device-width, initial-scale=1",
        "width=1, initial-scale=9",
        [
            "'<meta name=\"viewport\">' changes how the page is shown. "
            "Take it out, or write it as the layout of 'letters new' does."
        ],
    ),
    "another scheme": (
        "<main>",
        '<main><meta name="color-scheme" content="dark">',
        [
            "'<meta name=\"color-scheme\">' tells the browser what to do. "
            "Take it out, or write it as the layout of 'letters new' does."
        ],
    ),
    "another encoding": (
        '<meta charset="utf-8">',
        '<meta charset="utf-7">',
        [
            "The page is written in UTF-8, not in 'utf-7'. "
            "Take it out, or write it as the layout of 'letters new' does."
        ],
    ),
    "for whom": (
        "<style>",
        '<style media="print">',
        ["'media' changes which readers styles are for, which a layout may not. Take it out."],
    ),
}


@pytest.mark.parametrize("case", PAGES)
def test_a_page_adds_hides_and_moves_no_words(folder: Path, case: str) -> None:
    old, new, expected = PAGES[case]
    text = (folder / "letter.html").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / "letter.html").write_text(text.replace(old, new), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    if expected is None:
        assert any("letter.html" in message for message in found(folder))
    else:
        assert found(folder) == [f"letter.html:{line}: {message}" for message in expected]


# Fonts.


def font(change: Callable[[TTFont], None]) -> bytes:
    """The bundled font with a change, as a file."""
    with TTFont(FONT) as changed:
        change(changed)
        out = BytesIO()
        changed.save(out)
    return out.getvalue()


def exchange(one: str, other: str) -> Callable[[TTFont], None]:
    """Draw two characters one as the other."""

    def change(changed: TTFont) -> None:
        names = changed.getBestCmap()  # one for all platforms
        names[ord(one)], names[ord(other)] = names[ord(other)], names[ord(one)]

    return change


def as_another(one: str, other: str) -> Callable[[TTFont], None]:
    """Draw a character with the shape of another."""

    def change(changed: TTFont) -> None:
        changed.getBestCmap()[ord(one)] = changed.getBestCmap()[ord(other)]

    return change


def drawn(one: str, other: str) -> Callable[[TTFont], None]:
    """Give the shape called `one` the outline of `other`."""

    def change(changed: TTFont) -> None:
        changed["glyf"][one] = changed["glyf"][other]
        changed["hmtx"][one] = changed["hmtx"][other]

    return change


def with_features(features: str) -> Callable[[TTFont], None]:
    """Add substitutions."""
    return lambda changed: addOpenTypeFeaturesFromString(changed, features)


FONTS = {
    "exchanged": (exchange("6", "9"), "This font draws '6' with the shape called 'nine'."),
    "alike": (as_another("b", "d"), "This font draws 'b' and 'd' alike."),
    "the same outline": (drawn("n", "u"), "This font draws 'n' and 'u' alike."),
    "empty": (drawn("n", "space"), "This font draws nothing to be seen for 'n'."),
    "a space that is seen": (
        drawn("space", "n"),
        "This font draws more than a sign for U+0020 (' ').",
    ),
    "another letter": (
        with_features("feature liga { sub n by y; } liga;"),
        "This font puts another shape in the place of 'n' by itself.",
    ),
    "a word for another": (
        with_features("feature liga { sub n o t by y; } liga;"),
        "This font puts another shape in the place of 'not' by itself.",
    ),
    "letters for a sign": (
        with_features("feature ccmp { sub period by n o t; } ccmp;"),
        "This font puts another shape in the place of '.' by itself.",
    ),
    "among others": (
        with_features(
            "lookup x { sub n by y; } x; feature calt { sub space n' lookup x o t; } calt;"
        ),
        "This font puts another shape in the place of 'n' by itself.",
    ),
}


@pytest.mark.parametrize("case", FONTS)
def test_a_font_draws_each_letter_as_itself(folder: Path, case: str) -> None:
    change, fault = FONTS[case]
    (folder / "own.ttf").write_bytes(font(change))
    line = added(folder, "screen.css", "@font-face { font-family: Own; src: url(own.ttf) }")
    assert (
        f"screen.css:{line}: 'own.ttf': {fault} Use a font that draws each letter as itself."
        in found(folder)
    )


def test_a_sound_font_may_be_used(folder: Path) -> None:
    ligature = with_features("feature liga { sub f i by fi; } liga;")
    (folder / "own.ttf").write_bytes(font(ligature))
    face = "@font-face { font-family: Own; src: url('own.ttf') } p { font-family: Own, Arial }"
    for sheet in ("print.css", "screen.css"):
        added(folder, sheet, face)
    assert found(folder) == []


@pytest.mark.parametrize("content", [b"", b"no font", FONT.read_bytes()[:9_000]])
def test_a_font_that_cannot_be_read_is_named(content: bytes) -> None:
    assert font_faults(content) == ("This font cannot be read.",)


def test_the_bundled_fonts_draw_each_letter_as_itself() -> None:
    for path in FONT.parent.glob("*.ttf"):
        assert font_faults(path.read_bytes()) == ()
