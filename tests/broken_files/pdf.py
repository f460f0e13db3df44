"""Broken PDFs: each fault and every finding that must come of it."""

from tests.broken_files.case import LONG, TABLE, WELSH, Broken
from tests.broken_files.pdf_changes import (
    cut_off,
    edited,
    mark_read_out_as,
    read_out_as,
    retagged,
    signature_says,
    turned,
    with_a_wrong_glyph,
    with_first_words,
    with_footer,
    with_footer_in_pieces,
    with_heads_again,
    with_link_in_two,
    with_link_named_by_address,
    with_list_in_two,
    with_list_out_of_order,
    with_mark_twice_in_the_tree,
    with_mark_twice_on_the_page,
    with_note,
    with_paragraph_in_two,
    with_passage_as_artifact,
    with_placeholder_in_title,
    with_smooth_image,
    with_table_in_two,
    with_tags_of_nonsense,
    with_words,
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


def unlike(*told: str) -> tuple[str, ...]:
    """What is found of a file that says something else than its letter, or than it shows."""
    return tuple(f"{each} (letters: passages)" for each in told)


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
        (
            "The file does not say which language it is in. (PDF/UA-1 7.2)",
            "Page 1 Span marked content /ActualText has no local, inherited, or catalog /Lang."
            " (PDF/UA-1 PDFUA1-SPAN-ACTUAL-TEXT-LANGUAGE-001)",
        ),
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
        known=unlike(
            "page 2: Nothing is read out where the letter says 'Signature of Dame Beatrix "
            "Merriden'.",
        ),
    ),
    Broken(
        "file name as alternative text",
        edited(signature_says("signature.png")),
        (
            "page 2: The alternative text of an image, 'signature.png', does not say what it shows."
            " (PDF/UA-1 7.3)",
        ),
        known=unlike(
            "page 2: 'signature.png' is read out where the letter says 'Signature of Dame "
            "Beatrix Merriden'.",
        ),
    ),
    Broken(
        "heading gap",
        edited(retagged("/H2", "/H3")),
        (
            "'What we found': A heading of level 3 follows one of level 1: a level is left out."
            " (PDF/UA-1 7.4.2)",
        ),
        known=unlike(
            "page 1, 'What we found': This is tagged as a heading 3; it is a heading 2.",
        ),
    ),
    Broken(
        "no heading of level 1",
        edited(retagged("/H1", "/P")),
        ("The letter has no headings of level 1; it needs exactly one. (PDF/UA-1 7.4.2)",),
        known=unlike(
            "page 1, 'Digital evidence: from seizure to return': This is tagged as a paragraph;"
            " it is a heading 1.",
        ),
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
            "A heading of level 3 is empty. (PDF/UA-1 7.4.2)",
            "font Arimo-Bold: A font does not say which letters its glyphs are, so the text cannot"
            " be read out. (PDF/UA-1 7.21.7)",
        ),
        known=unlike(
            "A paragraph of the letter is not read out: 'Inspectorate of Constabulary for "
            "Verrenland'.",
            "A heading 1 of the letter is not read out: 'Digital evidence: from seizure to "
            "return'.",
            "page 1, 'Our assessment of Fennimarsh & the Saltings Police is: . Yo…': These "
            "words are read out and are not the letter's.",
            "A paragraph of the letter is not read out: 'Our assessment of Fennimarsh & the "
            "Saltings Police is: Plan…'.",
            "A heading 2 of the letter is not read out: 'What we found'.",
        ),
    ),
    Broken(
        "wrong glyph",
        edited(with_a_wrong_glyph),
        ("font Arimo-Bold: The font draws 'I' where the text says 'W'. (PDF/UA-1 7.21.7)",),
        known=unlike(
            "page 1, 'Wnspectorate of Constabulary for Verrenland': 'Wnspectorate of "
            "Constabulary for Verrenland' is read out where the letter says 'Inspectorate of "
            "Constabulary for Verrenland'.",
        ),
    ),
    Broken(
        "footer text tagged",
        edited(with_footer(tagged=True)),
        (),
        known=unlike(
            "page 1, 'Page 1 of 2': These words are read out and are not the letter's.",
        ),
    ),
    Broken(
        "footer text outside the tree",
        edited(with_footer(tagged=False)),
        tuple(
            f"page 1, '{words}': Text is outside the reading order and is not an artifact."
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
        known=unlike(
            "page 2, 'We understand that you have room for them upstairs.': These words are "
            "read out in another place than in the letter.",
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
        known=unlike(
            "page 2, 'Measure': This is tagged as a table cell; it is a table heading.",
            "page 2, 'Your force': This is tagged as a table cell; it is a table heading.",
            "page 2, 'All forces': This is tagged as a table cell; it is a table heading.",
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
        (),
        LONG,
        known=unlike(
            "page 2, 'Devices are kept by the name of the officer who seized them…': A "
            "paragraph of the letter is tagged as two.",
        ),
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
        unseen("they are outside the page"),
    ),
    Broken(
        "page on its side",
        edited(turned),
        (
            "page 2: The page is turned by 90 degrees; a letter's pages are upright."
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
    Broken(
        "footer tagged in pieces",
        edited(with_footer_in_pieces),
        (),
        known=unlike(
            "page 1, '1': These words are read out and are not the letter's.",
            "page 1, '2': These words are read out and are not the letter's.",
            "page 2, 'Page': These words are read out and are not the letter's.",
            "page 2, '2': These words are read out and are not the letter's.",
            "page 2, 'of': These words are read out and are not the letter's.",
        ),
    ),
    Broken(
        "repeated table head tagged",
        edited(with_heads_again),
        (
            "page 1, 'Devices waiting to be examined': The order in which this is read out is "
            "not its order on the page. (PDF/UA-1 7.1)",
        ),
        TABLE,
        known=unlike(
            "page 1, 'Measure': These words are read out and are not the letter's.",
            "page 1, 'Your force': These words are read out and are not the letter's.",
            "page 1, 'All forces': These words are read out and are not the letter's.",
            "page 2, 'Measure': This is tagged as row 2 of table 1; it is row 1 of table 1 of the"
            " letter.",
        ),
    ),
    Broken(
        "passage made an artifact",
        edited(with_passage_as_artifact),
        (),
        known=unlike(
            "A paragraph of the letter is not read out: 'Inspectorate of Constabulary for "
            "Verrenland'.",
            "page 1, 'Inspectorate of Constabulary for Verrenland': These words are neither the"
            " letter's nor the page's own.",
        ),
    ),
    Broken(
        "words outside any mark",
        edited(with_words(b"002c")),
        ("page 1, 'I': Text is outside the reading order and is not an artifact. (PDF/UA-1 7.1)",),
    ),
    Broken(
        "words in an artifact",
        edited(with_words(b"002c", b"/Artifact <<>>")),
        (),
        known=unlike(
            "page 1, 'I': These words are neither the letter's nor the page's own.",
        ),
    ),
    Broken(
        "read out twice",
        edited(with_mark_twice_in_the_tree),
        unlike(
            "page 1, 'Inspectorate of Constabulary for Verrenland': These words are read out "
            "twice.",
        ),
        known=unlike(
            "page 1, 'Inspectorate of Constabulary for Verrenland': These words are read out "
            "and are not the letter's.",
        ),
    ),
    Broken(
        "one mark in two places",
        edited(with_mark_twice_on_the_page),
        unlike(
            "page 1, 'Inspectorate of Constabulary for Verrenland': The same tag holds content "
            "of two places.",
        ),
    ),
    Broken(
        "list in two",
        edited(with_list_in_two),
        (),
        known=unlike(
            "page 2, 'Tell the Harbour & Marine Board when you have done so.': This is tagged "
            "as item 1 of list 3; it is item 3 of list 1 of the letter.",
        ),
    ),
    Broken(
        "table in two",
        edited(with_table_in_two),
        (
            "page 2, 'Our reference DE/13 <draft> {{ box }} | #7 & *8* DE/00': A table has no "
            "header cells. (PDF/UA-1 7.5)",
        ),
        known=unlike(
            "page 2, 'Our reference': This is tagged as row 1 of table 2; it is row 6 of table "
            "1 of the letter.",
        ),
    ),
    Broken(
        "link in two",
        edited(with_link_in_two),
        (
            "page 2, 'our page about Fennimarsh &': A link is read out as 'our "
            "page about Fennimarsh & the Saltings Police', not by its words. (PDF/UA-1 7.18.5)",
            "page 2, 'the Saltings Police': A link is read out as 'our page about Fennimarsh & the "
            "Saltings Police', not by its words. (PDF/UA-1 7.18.5)",
        ),
        known=unlike(
            "page 2, 'This letter will be published on 14 March 2019 on our page …': Tagged "
            "here: the link 'our page about Fennimarsh &' to "
            "'https://inspectorate.example/digital-evidence/fennimarsh-an…', the link 'the "
            "Saltings Police' to "
            "'https://inspectorate.example/digital-evidence/fennimarsh-an…'. In the letter: "
            "the link 'our page about Fennimarsh & the Saltings Police' to "
            "'https://inspectorate.example/digital-evidence/fennimarsh-an…'.",
        ),
    ),
    Broken(
        "other words read out for a tag",
        edited(read_out_as("Not.", "/ActualText")),
        unlike(
            "page 1, 'Inspectorate of Constabulary for Verrenland': 'Not.' is read out in place"
            " of these words.",
        ),
    ),
    Broken(
        "alternative text of a paragraph",
        edited(read_out_as("Not.", "/Alt")),
        unlike(
            "page 1, 'Inspectorate of Constabulary for Verrenland': 'Not.' is read out in place"
            " of these words.",
        ),
    ),
    Broken(
        "other words read out for a mark",
        edited(mark_read_out_as("Not.")),
        unlike(
            "page 1: 'Not.' is read out where 'Inspectorate of Constabulary for Verrenland' is "
            "drawn.",
        ),
        known=unlike(
            "page 1, 'Not.': 'Not.' is read out where the letter says 'Inspectorate of "
            "Constabulary for Verrenland'.",
        ),
    ),
    Broken(
        "note laid over the page",
        edited(with_note),
        (
            "page 1: Something that is no link is laid over the page: 'FreeText'. (letters: sight)",
            "Annotation 0 on page 1 is not nested within an Annot structure element."
            " (PDF/UA-1 PDFUA1-ANNOTATION-ANNOT-TAG-001)",
            "Annotation 0 on page 1 has no required /AP appearance dictionary."
            " (PDF/A-2a PDFA2A-ANNOTATION-AP-REQUIRED-001)",
            "Annotation 0 on page 1 has no required /F annotation flags."
            " (PDF/A-2a PDFA2A-ANNOTATION-FLAGS-PRESENT-001)",
        ),
    ),
)
