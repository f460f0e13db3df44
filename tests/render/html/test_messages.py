"""Every message about a web layout, word for word."""

import shutil
from pathlib import Path

import pytest

from letters.document import Figure, Origin
from letters.errors import Place, ProblemsFound, RenderError
from letters.render.html import WebLayout
from letters.render.pdf.letter import print_problems, render_pdf
from tests.render.documents import LABELS, LAYOUT, a_document, paragraph

NAMES = {*LABELS, "sender_name", "force_name", "signatory_name"}
HTML = "templates/letterhead/letter.html"
PRINT = "templates/letterhead/print.css"
SCREEN = "templates/letterhead/screen.css"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "templates/letterhead"
    copy.mkdir(parents=True)
    for name in ("letter.html", "print.css", "screen.css", "crest.png"):
        shutil.copy(LAYOUT / name, copy / name)
    return copy


def change(path: Path, old: str, new: str) -> int:
    """Replace `old`, which stands once; the line it begins on."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def found(folder: Path) -> list[str]:
    """The problems of a layout, each as a line."""
    root = folder.parent.parent
    try:
        return [str(problem) for problem in WebLayout.load(folder, root).problems(NAMES)]
    except ProblemsFound as error:
        return [str(problem) for problem in error.problems]


PAGE_CASES = {
    "misspelt placeholder": (
        "{{ sender_name }}",
        "{{ sendr_name }}",
        ["{line}: 'sendr_name' is not a placeholder. Did you mean 'sender_name'?"],
    ),
    "unknown placeholder": (
        "{{ sender_name }}",
        "{{ quux }}",
        ["{line}: 'quux' is not a placeholder. Use a placeholder of the wording, or a slot."],
    ),
    "misspelt slot": (
        "{{ letter_body }}",
        "{{ letter_boddy }}",
        ["{line}: 'letter_boddy' is not a placeholder. Did you mean 'letter_body'?"],
    ),
    "missing slot": (
        "{{ letter_body }}\n",
        "",
        [": '{{ letter_body }}' is not on the page. Put it in, once, with no filter."],
    ),
    "slot twice": (
        "{{ letter_body }}",
        "{{ letter_body }}{{ letter_body }}",
        ["{line}: '{{ letter_body }}' is on the page more than once. Take out all but one."],
    ),
    "slot with a filter": (
        "{{ letter_body }}",
        "{{ letter_body|upper }}",
        [": '{{ letter_body }}' is not on the page. Put it in, once, with no filter."],
    ),
    "slot under a condition": (
        "{{ letter_body }}",
        "{% if force_name %}{{ letter_body }}{% endif %}",
        [
            "{line}: A condition could take '{{ letter_body }}' out of the letter. "
            "Move the slot out of the '{% if … %}'."
        ],
    ),
    "slot in a paragraph": (
        "{{ letter_date }}",
        "<p>{{ letter_date }}</p>",
        ["{line}: '{{ letter_date }}' is inside '<p>'. Put it in a '<div>' or '<section>'."],
    ),
    "slot outside the letter": (
        '{{ letter_information }}\n<article class="letter">\n<header class="letterhead">\n'
        "{{ letter_sender }}\n</header>",
        '{{ letter_information }}\n{{ letter_sender }}\n<article class="letter">',
        [
            "{next}: '{{ letter_sender }}' is outside the letter. "
            "Move it into '<article class=\"letter\">'."
        ],
    ),
    "slot in a tag": (
        '<div class="addressees">',
        '<div class="addressees" id="{{ letter_information }}">',
        [
            "{line}: '{{ letter_information }}' is inside a tag. "
            "Put it on a line of its own, between tags."
        ],
    ),
    "filter": (
        "{{ sender_name }}",
        "{{ sender_name|safe }}",
        [
            "{line}: A layout may not use the filter 'safe'. "
            "Use one of upper, lower, capitalize, title, or none."
        ],
    ),
    "loop": (
        "{{ sender_name }}",
        "{% for force_name in sender_name %}{% endfor %}",
        [
            "{line}: A layout holds placeholders and '{% if … %}', and nothing else of Jinja. "
            "Write the placeholder's name alone."
        ],
    ),
    "attribute of a value": (
        "{{ sender_name }}",
        "{{ sender_name.upper }}",
        [
            "{line}: A layout holds placeholders and '{% if … %}', and nothing else of Jinja. "
            "Write the placeholder's name alone."
        ],
    ),
    "open placeholder": (
        "{{ letter_body }}",
        "{{ letter_body",
        [
            "{next}: The placeholders cannot be read here: expected token 'end of print "
            "statement', got 'class'. Look for a missing brace or '{% endif %}'."
        ],
    ),
    "open condition": (
        "{% endif %}",
        "",
        [
            ":44: The placeholders cannot be read here: Unexpected end of template. Jinja was "
            "looking for the following tags: 'endif'. The innermost block that needs to be closed "
            "is 'if'. Look for a missing brace or '{% endif %}'."
        ],
    ),
    "script": (
        "{{ letter_body }}",
        "<script></script>{{ letter_body }}",
        ["{line}: '<script>' runs programs, which a letter may not. Take it out."],
    ),
    "frame": (
        "{{ letter_body }}",
        '<iframe src="https://example.org"></iframe>{{ letter_body }}',
        [
            "{line}: '<iframe>' loads other content, which a letter may not. Take it out.",
            "{line}: 'src' loads 'https://example.org'. Take it out.",
        ],
    ),
    "form": (
        "{{ letter_body }}",
        "<form></form>{{ letter_body }}",
        ["{line}: '<form>' asks the reader to do something, which a letter may not. Take it out."],
    ),
    "external style": (
        '<meta charset="utf-8">',
        '<meta charset="utf-8"><link rel="stylesheet" href="https://example.org/a.css">',
        ["{line}: '<link>' loads another file, which a letter may not. Take it out."],
    ),
    "image": (
        "{{ letter_body }}",
        '<img src="crest.png" alt="Crest">{{ letter_body }}',
        [
            "{line}: '<img>' loads a file, which a letter may not. "
            "Draw it as a background, in the stylesheets.",
            "{line}: 'src' loads 'crest.png'. Take it out.",
        ],
    ),
    "event": (
        "<main>",
        '<main onclick="go()">',
        ["{line}: 'onclick' runs a program, which a letter may not. Take it out."],
    ),
    "style attribute": (
        "<main>",
        '<main style="color: red">',
        [
            "{line}: 'style' hides looks inside the page. "
            "Give the element a class and style it in print.css and screen.css."
        ],
    ),
    "browser instruction": (
        '<meta charset="utf-8">',
        '<meta charset="utf-8"><meta http-equiv="refresh" content="0">',
        ["{line}: 'http-equiv' tells the browser what to do. Take it out."],
    ),
    "link that runs": (
        "{{ letter_body }}",
        '<a href="javascript:go()">x</a>{{ letter_body }}',
        [
            "{line}: 'javascript:go()' is not an address a letter may link to. "
            "Write a whole address, beginning with 'https:' or 'mailto:'."
        ],
    ),
    "value without quotes": (
        '<div class="addressees">',
        '<div class="addressees" id={{force_name}}>',
        ["{line}: The value of 'id' has no quotes. Put it in double quotes."],
    ),
    "rules in the page": (
        "{{ stylesheet }}",
        "{{ stylesheet }} p { color: red }",
        ["{line}: '<style>' holds rules. Move them to print.css and screen.css."],
    ),
    "placeholder among rules": (
        "{{ stylesheet }}",
        "{{ stylesheet }} {{ force_name }}",
        [
            "{line}: '{{ force_name }}' is where it cannot be printed. "
            "'<style>' holds '{{ stylesheet }}' and nothing else."
        ],
    ),
    "placeholder in a comment": (
        "{{ letter_body }}",
        "<!-- {{ force_name }} -->{{ letter_body }}",
        [
            "{line}: A comment holds a placeholder, which would be published. "
            "Use '{# … #}' for remarks about placeholders."
        ],
    ),
    "no language": (
        '<html lang="{{ document_language }}">',
        "<html>",
        [': The page does not say its language. Write <html lang="{{ document_language }}">.'],
    ),
    "no title": (
        "<title>{{ document_title }}</title>",
        "",
        [": The page does not have one title. Write <title>{{ document_title }}</title>, once."],
    ),
    "no main": (
        "<main>",
        "<div>",
        [
            ": The page does not have one '<main>'. Put the letter in '<main>'.",
            ":23: The letter is outside '<main>'. Move it into '<main>'.",
            ":48: '</main>' is inside '<div>'. Close every tag, in the opposite order of opening.",
            ":49: '</body>' is inside '<div>'. Close every tag, in the opposite order of opening.",
        ],
    ),
    "no letter": (
        '<article class="letter">',
        "<article>",
        None,
    ),
    "tag not closed": (
        "</body>\n</html>\n",
        "",
        [
            ": '<body>' is not closed. Write '</body>' where it ends.",
            ": '<html>' is not closed. Write '</html>' where it ends.",
        ],
    ),
    "broken declaration": (
        "{{ letter_body }}",
        "{{ letter_body }}<![x[",
        None,
    ),
}


@pytest.mark.parametrize("case", PAGE_CASES)
def test_a_page_says_what_is_wrong_and_what_to_do(folder: Path, case: str) -> None:
    old, new, expected = PAGE_CASES[case]
    line = change(folder / "letter.html", old, new)
    messages = found(folder)
    if expected is None:
        assert messages
        assert all(message.startswith(HTML) for message in messages)
    else:
        places = (("{line}", f":{line}"), ("{next}", f":{line + 1}"))
        for mark, place in places:
            expected = [message.replace(mark, place) for message in expected]
        assert messages == [HTML + message for message in expected]


STYLE_CASES = {
    "missing image": (
        "print.css",
        "url(crest.png)",
        "url(creest.png)",
        "templates/letterhead/ has no image or font 'creest.png'. Did you mean 'crest.png'?",
    ),
    "missing image on screen": (
        "screen.css",
        "url(crest.png)",
        'url("logo.svg")',
        "templates/letterhead/ has no image or font 'logo.svg'. "
        "Put it there, or name one of these: crest.png.",
    ),
    "image from elsewhere": (
        "screen.css",
        "url(crest.png)",
        "url(https://example.org/crest.png)",
        "'https://example.org/crest.png' is not in the layout’s folder, and letters load nothing "
        "else. Copy the file to templates/letterhead/ and write its name alone.",
    ),
    "image above the folder": (
        "print.css",
        "url(crest.png)",
        "url(../crest.png)",
        "'../crest.png' is not in the layout’s folder, and letters load nothing else. "
        "Copy the file to templates/letterhead/ and write its name alone.",
    ),
    "image set": (
        "screen.css",
        "url(crest.png)",
        'image-set("//example.org/c.png" 2x)',
        "'background: image-set(\"//example.org/c.png\" 2x) no-repeat 0…' can hide words of a "
        "letter. Write a plain colour; the crest is in '.letterhead::before'.",
    ),
    "import": (
        "print.css",
        "body {\n  margin: 0;\n}",
        '@import "base.css";',
        "'@import' loads another stylesheet. Write its rules into this file.",
    ),
    "font of the machine": (
        "print.css",
        "body {\n  margin: 0;\n}",
        "@font-face { font-family: Own; src: local(Georgia) }",
        "'local()' takes a font from the machine, so letters differ from one to another. "
        "Copy the font file to the layout’s folder and name it with 'url()'.",
    ),
    "missing font": (
        "print.css",
        "font-family: Arial, Helvetica, sans-serif",
        "font-family: Georgia, serif",
        "The PDF has no font 'Georgia'. "
        "Use Arial, or add the font’s file to the layout with '@font-face'.",
    ),
    "missing font in short": (
        "print.css",
        "font-family: Arial, Helvetica, sans-serif",
        'font: 11pt/1.4 "Gill Sans"',
        "'font: 11pt/1.4 \"Gill Sans\"' can hide words of a letter. "
        "Write 'font-size', 'font-family' and 'font-weight', each by itself.",
    ),
    "unknown property": (
        "print.css",
        "hyphens: manual",
        "colr: red",
        "'colr: red' is not on the list of what a letter’s styles may use. Did you mean 'color'?",
    ),
    "unknown colour": (
        "print.css",
        "hyphens: manual",
        "color: mauvish",
        "'color: mauvish' can hide words of a letter. Write an opaque colour ('#rrggbb', 'rgb()', "
        "'hsl()', a name, 'var()'), 'inherit', 'currentcolor'.",
    ),
    "see-through text": (
        "print.css",
        "font-family: Arial, Helvetica, sans-serif",
        "opacity: 0.5",
        "'opacity: 0.5' can hide words of a letter. Use a lighter colour instead.",
    ),
    "missing colon": (
        "print.css",
        "hyphens: manual",
        "hyphens manual",
        "The stylesheet cannot be read here. "
        "Look for a missing colon, semicolon, quote, bracket or brace.",
    ),
    "end of the style element": (
        "screen.css",
        "color-scheme: light dark",
        "color-scheme: light dark /* </style> */",
        "The stylesheet holds '</'. Take it out.",
    ),
}


@pytest.mark.parametrize("case", STYLE_CASES)
def test_a_stylesheet_says_what_is_wrong_and_what_to_do(folder: Path, case: str) -> None:
    name, old, new, message = STYLE_CASES[case]
    line = change(folder / name, old, new)
    assert found(folder) == [f"templates/letterhead/{name}:{line}: {message}"]


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "print.css").unlink()
    (folder / "screen.css").write_bytes("ŵ".encode("utf-16"))
    assert found(folder) == [
        f"{PRINT}: There is no such file. Create it, or correct the name that leads here.",
        f"{SCREEN}:1: This line is not UTF-8 text. Save the file with the encoding UTF-8.",
    ]


def test_a_folder_in_a_files_place_is_named(folder: Path) -> None:
    (folder / "screen.css").unlink()
    (folder / "screen.css").mkdir()
    assert found(folder) == [f"{SCREEN}: This is a folder. Put a file of this name in its place."]


def test_nothing_outside_the_layouts_folder_is_read_through_a_link(folder: Path) -> None:
    secret = folder.parent.parent.parent / "secret.woff"
    secret.write_bytes(b"secret")
    (folder / "f.woff").symlink_to(secret)
    with (folder / "screen.css").open("a", encoding="utf-8") as style:
        style.write("\n@font-face { font-family: F; src: url(f.woff) }\n")
    (message,) = found(folder)
    assert "has no image or font 'f.woff'." in message
    (folder / "print.css").unlink()
    (folder / "print.css").symlink_to(secret)
    assert found(folder) == [
        f"{PRINT}: The file leads outside the project. Put the file itself here."
    ]


def load(folder: Path) -> WebLayout:
    layout = WebLayout.load(folder, folder.parent.parent)
    assert layout.problems(NAMES) == ()
    return layout


ENGINE_CASES = {
    "unknown value": (
        "orphans: 2;",
        "orphans: 2.5;",
        "The PDF cannot use 'orphans: 2.5': invalid value. Correct it, or take it out.",
    ),
    "unknown page": (
        "@page :first {",
        "@page :frist {",
        "WeasyPrint reported: Unsupported @page selector ':frist', the whole @page rule was "
        "ignored. Change print.css or letter.html until the message is gone.",
    ),
}


@pytest.mark.parametrize("case", ENGINE_CASES)
def test_a_rule_the_pdf_cannot_use_is_a_problem_of_every_letter(folder: Path, case: str) -> None:
    old, new, message = ENGINE_CASES[case]
    line = change(folder / "print.css", old, new)
    layout = load(folder)
    expected = f"{PRINT}:{line}: {message.replace('{line}', str(line))}"
    assert [str(problem) for problem in print_problems(layout)] == [expected]
    for _ in range(2):
        with pytest.raises(RenderError) as error:
            render_pdf(a_document(paragraph("Text.")), layout)
        assert str(error.value) == expected


def test_a_sound_layout_prints(folder: Path) -> None:
    assert print_problems(load(folder)) == ()


def test_an_image_that_is_none_is_named(folder: Path) -> None:
    (folder / "crest.png").write_bytes(b"not a picture")
    layout = WebLayout.load(folder, folder.parent.parent)
    assert [str(problem) for problem in layout.problems(NAMES)] == [
        "templates/letterhead/crest.png: 'crest.png' is not an image that can be read. "
        "Save it as a PNG or JPEG image."
    ]
    for _ in range(2):
        with pytest.raises(RenderError) as error:
            render_pdf(a_document(), layout)
        assert str(error.value) == (
            "templates/letterhead/crest.png: This image cannot be read. Save it again as PNG."
        )


def test_a_signature_that_is_no_picture_is_named(folder: Path) -> None:
    broken = Figure(b"not a picture", "signature", "Signature", Origin("rounds/1/round.yaml", 9))
    letter = a_document(letter_signature=(broken,))
    with pytest.raises(RenderError) as error:
        render_pdf(letter, load(folder))
    assert str(error.value) == (
        "rounds/1/round.yaml:9: The image 'signature' cannot be read. Save it again as PNG."
    )


def test_a_character_the_font_lacks_is_named_where_it_stands(folder: Path) -> None:
    letter = a_document(paragraph("Fine."), paragraph("Well done 😀!", line=14))
    with pytest.raises(RenderError) as error:
        render_pdf(letter, load(folder))
    assert str(error.value) == (
        "templates/sample/letter.md:14: The PDF’s font has no '😀' (U+1F600, grinning face). "
        "Write it another way."
    )
    assert error.value.problem.place == Place("templates/sample/letter.md", 14)


def test_a_placeholder_the_letter_lacks_is_named(folder: Path) -> None:
    change(folder / "letter.html", "{{ sender_name }}", "{{ signatory_name }}")
    with pytest.raises(RenderError) as error:
        load(folder).web_page(a_document())
    assert str(error.value) == (
        f"{HTML}: The page cannot be filled: 'signatory_name' is undefined. "
        "Use only placeholders of the wording."
    )
