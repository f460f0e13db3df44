"""Broken PDFs: each fault and every finding that must come of it."""

from tests.broken_files.case import LONG, WELSH, Broken
from tests.broken_files.pdf_changes import (
    cut_off,
    edited,
    retagged,
    signature_says,
    turned,
    with_a_wrong_glyph,
    with_first_words,
    with_footer,
    with_link_named_by_address,
    with_list_out_of_order,
    with_paragraph_in_two,
    with_placeholder_in_title,
    with_smooth_image,
    with_tags_of_nonsense,
    without,
    without_declaration,
    without_font_program,
    without_header_cells,
    without_label_and_body,
    without_language,
    without_languages,
    without_meanings,
    without_tags,
    without_title,
    without_title_bar,
)


def unseen(why: str) -> tuple[str]:
    words = "Inspectorate of Constabulary for Verrenland"
    return (f"page 1, '{words}': Words cannot be seen: {why}. (letters: sight)",)


PDFS = (
    Broken(
        "no title",
        edited(without_title),
        ("The file has no title. (PDF/UA-1 7.1)",),
    ),
    Broken(
        "placeholder left in the title",
        edited(with_placeholder_in_title),
        (
            "title: A sign of the template was left behind: '{{ force_name }}'."
            " (letters: placeholders)",
        ),
    ),
    Broken(
        "title not shown",
        edited(without_title_bar),
        ("The window bar shows the file's name instead of its title. (PDF/UA-1 7.1)",),
    ),
    Broken(
        "no language",
        edited(without_language),
        ("The file does not say which language it is in. (PDF/UA-1 7.2)",),
    ),
    Broken(
        "not declared",
        edited(without_declaration),
        ("The file does not declare that it keeps to PDF/UA-1. (PDF/UA-1 5)",),
    ),
    Broken(
        "untagged",
        edited(without_tags),
        (
            "The file is not tagged: assistive technology finds no headings and no order."
            " (PDF/UA-1 7.1)",
        ),
    ),
    Broken(
        "no alternative text",
        edited(signature_says(None)),
        ("page 2: An image has no alternative text. (PDF/UA-1 7.3)",),
    ),
    Broken(
        "file name as alternative text",
        edited(signature_says("signature.png")),
        (
            "page 2: The alternative text of an image, 'signature.png', does not say what it shows."
            " (PDF/UA-1 7.3)",
        ),
    ),
    Broken(
        "heading gap",
        edited(retagged("/H2", "/H3")),
        (
            "'What we found': A heading of level 3 follows one of level 1: a level is left out."
            " (PDF/UA-1 7.4.2)",
        ),
    ),
    Broken(
        "no heading of level 1",
        edited(retagged("/H1", "/P")),
        ("The letter has no headings of level 1; it needs exactly one. (PDF/UA-1 7.4.2)",),
    ),
    Broken(
        "font not embedded",
        edited(without_font_program),
        (
            "font Arimo-Bold: A font is not embedded, so another machine may show other letters."
            " (PDF/UA-1 7.21.4.1)",
        ),
    ),
    Broken(
        "text without meaning",
        edited(without_meanings),
        (
            "A heading of level 1 is empty. (PDF/UA-1 7.4.2)",
            "A heading of level 2 is empty. (PDF/UA-1 7.4.2)",
            "font Arimo-Bold: A font does not say which letters its glyphs are, so the text cannot"
            " be read out. (PDF/UA-1 7.21.7)",
        ),
    ),
    Broken(
        "wrong glyph",
        edited(with_a_wrong_glyph),
        ("font Arimo-Bold: The font draws 'I' where the text says 'W'. (PDF/UA-1 7.21.7)",),
    ),
    Broken(
        "footer text tagged",
        edited(with_footer(tagged=True)),
        (
            "page 1, 'Page 1 of 2': A page number of the footer is tagged, so it is read out amid"
            " the letter. (PDF/UA-1 7.1)",
        ),
    ),
    Broken(
        "footer text outside the tree",
        edited(with_footer(tagged=False)),
        tuple(
            f"page 1, '{words}': Text stands outside the reading order and is not an artifact."
            " (PDF/UA-1 7.1)"
            for words in ("Page", "1", "of", "2")
        ),
    ),
    Broken(
        "Welsh unmarked",
        edited(without_languages),
        (
            "page 1, 'Our thanks go to the staff of Heddlu Bro Ŵydden who spoke t…': Welsh words"
            " are not marked as Welsh, so they are read out as if they were English."
            " (PDF/UA-1 7.2)",
        ),
        WELSH,
    ),
    Broken(
        "wrong order in a nested list",
        edited(with_list_out_of_order),
        (
            "page 2, 'phones;': The order in which this is read out is not its order on the page."
            " (PDF/UA-1 7.1)",
        ),
    ),
    Broken(
        "link read out as its address",
        edited(with_link_named_by_address),
        (
            "page 2, 'the Harbour & Marine Board': A link is read out as"
            " 'https://harbour.example/', not by its words. (PDF/UA-1 7.18.5)",
        ),
    ),
    Broken(
        "header cell without scope",
        edited(without("/TH", "/Scope")),
        (
            "page 2, 'Measure': A header cell does not say whether it heads its column or its row."
            " (PDF/UA-1 7.5)",
        ),
    ),
    Broken(
        "table without header cells",
        edited(without_header_cells),
        (
            "page 2, 'Measure Your force All forces Devices waiting to be examine…': A table has no"
            " header cells. (PDF/UA-1 7.5)",
        ),
    ),
    Broken(
        "list without numbering",
        edited(without("/L", "/ListNumbering")),
        (
            "page 1, '1. Repair the alarm in the cellar, and test it every month …': A list does"
            " not say whether it is numbered or has bullets. (PDF/UA-1 7.6)",
        ),
    ),
    Broken(
        "list item without a body",
        edited(without_label_and_body),
        (
            "page 1, '1. Repair the alarm in the cellar, and test it every month .': A list item"
            " holds Div beside its label and body, so its order is unsure. (PDF/UA-1 7.6)",
        ),
    ),
    Broken(
        "paragraph in two",
        edited(with_paragraph_in_two),
        (
            "page 2, 'Brannoch follows no system that we could discover. Devices …': A paragraph"
            " that crosses a page is tagged as two. (PDF/UA-1 7.1)",
        ),
        LONG,
    ),
    Broken(
        "words not painted",
        edited(with_first_words(b"3 Tr")),
        unseen("they are not painted"),
    ),
    Broken(
        "white words",
        edited(with_first_words(b"1 1 1 rg")),
        unseen("they have the colour of the paper"),
    ),
    Broken(
        "words one can see through",
        edited(with_first_words(b"/None_ gs")),
        unseen("they have the colour of the paper"),
    ),
    Broken(
        "words beside the page",
        edited(with_first_words(b"1 0 0 1 -9000 0 cm")),
        unseen("they stand outside the page"),
    ),
    Broken(
        "page on its side",
        edited(turned),
        (
            "page 2: The page is turned by 90 degrees; a letter's pages stand upright."
            " (letters: sight)",
        ),
    ),
    Broken(
        "smoothed image",
        edited(with_smooth_image),
        ("Image dictionary /Interpolate is not false. (PDF/A-2a PDFA2A-IMAGE-INTERPOLATE-001)",),
    ),
    Broken(
        "tags of nonsense",
        edited(with_tags_of_nonsense),
        ("The file is damaged: its pages or its tags make no sense. (PDF)",),
    ),
    Broken(
        "cut off",
        cut_off,
        ("The file is damaged or locked: it cannot be opened. (PDF)",),
    ),
)
