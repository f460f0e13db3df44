"""One verdict on Word layouts: what `check` passes every stage passes, and what would hide, add,
turn or replace words is refused by name, the same in every stage.
"""

from pathlib import Path

import pytest

from tests.rounds.stages import (
    BODY,
    PAGE,
    WORD,
    Changing,
    Stages,
    a_round,
    edit,
    in_style,
    in_word,
    needs_another_look,
    passes_all,
    refused_by_all,
    sign,
    then,
)

HEAD, FOOT = "word/header2.xml", "word/footer1.xml"
END = "</w:p></w:hdr>"
COLUMNS = '<w:cols w:space="708"/>'
MATHS = "http://schemas.openxmlformats.org/officeDocument/2006/math"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A round whose letter is approved."""
    return sign(a_round(tmp_path))


def in_head(xml: str) -> Changing:
    """Something more at the end of the first page's header."""
    return in_word((HEAD, END, xml + END))


def in_section(xml: str) -> Changing:
    """A property more of the page."""
    return in_word((BODY, COLUMNS, xml + COLUMNS))


STYLE = "The style 'Salutation'"
STRUCK = f"{STYLE} is struck out. Under Font, clear 'Strikethrough'."
REVERSED = f"{STYLE} runs from right to left. Set the text direction to left to right."
ATTACKS: dict[str, tuple[Changing, str]] = {
    "struck out": (in_style("Salutation", "rPr", "<w:strike/>"), STRUCK),
    "struck out twice": (in_style("Salutation", "rPr", "<w:dstrike/>"), STRUCK),
    "letters reversed": (in_style("Salutation", "rPr", "<w:rtl/>"), REVERSED),
    "lines reversed": (in_style("Salutation", "pPr", "<w:bidi/>"), REVERSED),
    "hidden in web layout": (
        in_style("Salutation", "rPr", "<w:webHidden/>"),
        f"{STYLE} is hidden in web layout. Under Font, clear 'Hidden'.",
    ),
    "squeezed": (
        in_style("Salutation", "rPr", '<w:fitText w:val="1"/>'),
        f"{STYLE} is squeezed to a width. Take the fitted width out.",
    ),
    "lifted": (
        in_style("Salutation", "rPr", '<w:position w:val="-400"/>'),
        f"{STYLE} is far above or below its line. Under Font, Advanced, set the position to at"
        " most 6 points.",
    ),
    "signs for letters": (
        in_style("Salutation", "rPr", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'),
        f"{STYLE} prints signs for letters, in the font 'Wingdings'. Choose a font that draws each"
        " letter as itself.",
    ),
    "signs in the usual style": (
        in_style("Normal", "rPr", '<w:rFonts w:hAnsi="Webdings"/>'),
        "The style 'Normal' prints signs for letters, in the font 'Webdings'. Choose a font that"
        " draws each letter as itself.",
    ),
    "off the page": (
        in_style("Salutation", "pPr", '<w:ind w:left="-20000"/>'),
        f"{STYLE} is set in so far that words can leave the page. Under Paragraph, set indents from"
        " -2 cm to 10 cm.",
    ),
    "in a frame off the page": (
        in_style("Salutation", "pPr", '<w:framePr w:hAnchor="page" w:x="30000" w:y="1"/>'),
        f"{STYLE} is in a frame off the page. Move the frame onto the page, or remove it.",
    ),
    "up the page": (
        in_style("Salutation", "pPr", '<w:textDirection w:val="btLr"/>'),
        f"{STYLE} runs up or down the page. Set the text direction to horizontal.",
    ),
    "a page of a stamp's size": (
        in_word((BODY, '<w:pgSz w:w="11906" w:h="16838"/>', '<w:pgSz w:w="600" w:h="600"/>')),
        "The page is too small for words. Under Layout, Size, choose A4.",
    ),
    "line numbers": (
        in_section('<w:lnNumType w:countBy="1"/>'),
        "The page has numbers beside its lines, which the other formats lack. Under Layout, switch"
        " off line numbers.",
    ),
    "another first page number": (
        in_section('<w:pgNumType w:start="41"/>'),
        "The page numbers begin at 41, but the other formats begin at 1. Under Page Number, Format,"
        " begin at 1.",
    ),
    "a black page": (
        in_word(
            (BODY, "<w:body>", '<w:background w:color="000000"/><w:body>'),
            (
                "word/settings.xml",
                "<w:defaultTabStop",
                "<w:displayBackgroundShape/><w:defaultTabStop",
            ),
        ),
        "The page has a colour, on which words may not be seen. Under Design, Page Colour, choose"
        " no colour.",
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_looks_that_do_something_to_words_are_refused_by_all(name: str, project: Path) -> None:
    change, said = ATTACKS[name]
    change(project)
    refused_by_all(project, f"{WORD}: {said}")


UNREADABLE: dict[str, tuple[str, str]] = {
    "WordArt": (
        '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" alt="Crest">'
        '<v:textpath string="You have failed"/></v:shape></w:pict></w:r>',
        "The watermark or WordArt 'You have failed' prints what cannot be read back and approved."
        " In Word: Design > Watermark > Remove Watermark, or delete the WordArt.",
    ),
    "symbol": (
        '<w:r><w:sym w:font="Arial" w:char="0059"/></w:r>',
        "The symbol '0059 of Arial' prints what cannot be read back and approved. In Word: type an"
        " ordinary character in its place, or use a picture.",
    ),
    "formula": (
        f'<m:oMath xmlns:m="{MATHS}"><m:r><m:t>Failed</m:t></m:r></m:oMath>',
        "The equation 'Failed' prints what cannot be read back and approved. In Word: type it as"
        " ordinary text, or use a picture.",
    ),
}


NUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr>'
LABEL = (
    "word/numbering.xml",
    "</w:numbering>",
    '<w:abstractNum w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="none"/><w:lvlText w:val="You have failed"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="77"><w:abstractNumId w:val="77"/></w:num></w:numbering>',
)
SALUTED = (
    '<w:p><w:pPr><w:pStyle w:val="Salutation"/></w:pPr><w:r><w:t xml:space="preserve">'
    "{{p letter_salutation }}</w:t></w:r></w:p>"
)
USUAL = ("word/styles.xml", '<w:spacing w:after="150" w:line="300" w:lineRule="exact"/>')
HEAD_STYLE = '<w:pStyle w:val="DraftLine"/>'
TEXT_FILL = '<w14:textFill xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">'


def field(*parts: str) -> str:
    """The marks of a field by their kinds, its code and its words."""
    marks = {kind: f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "separate", "end")}
    return "".join(f"<w:r>{marks.get(part, part)}</w:r>" for part in parts)


PAGE_CODE = "<w:instrText> PAGE </w:instrText>"


def round_salutation(before: str, after: str) -> Changing:
    """Paragraphs before and after the salutation."""
    both = f"<w:p>{before}</w:p>{SALUTED}<w:p>{after}</w:p>"
    return in_word((BODY, SALUTED, both))


OPEN = (
    " body: A field does not end in the paragraph it begins in, so Word may show it in place of"
    " words. In Word: press Alt+F9 to see it, and delete it."
)
NUMBERS = ": The page numbers say more than a number. Under Page Number, Format, choose '1, 2, 3'."
UNSEEN = (
    ": Words in the style 'Salutation' cannot be seen: they have the colour of the paper. In Word:"
    " change the font or paragraph of the style."
)
SIGNED = (
    ": The style 'Salutation' prints signs for letters, in the font '{}'. Choose a font that draws"
    " each letter as itself."
)
UNDER_WORDS: dict[str, tuple[Changing, str]] = {
    "a field over the salutation": (
        round_salutation(field("begin", PAGE_CODE, "separate"), field("end")),
        OPEN,
    ),
    "a field without an end": (round_salutation(field("begin"), ""), OPEN),
    "words that become a number": (
        in_word(
            (
                FOOT,
                "</w:p></w:ftr>",
                field("begin", PAGE_CODE, "separate", "<w:t>{{ force_name }}</w:t>", "end")
                + "</w:p></w:ftr>",
            )
        ),
        " footer: '{{ force_name }}' is shown by a field, which prints the number of a page in its"
        " place. In Word: press Ctrl+Shift+F9 in it.",
    ),
    "a label in the header": (
        in_word(
            LABEL,
            (HEAD, '<w:pStyle w:val="DraftLine"/>', f'<w:pStyle w:val="DraftLine"/>{NUMBERED}'),
        ),
        " first-page header: '{{r draft_mark }}' is numbered, so Word prints 'You have failed'"
        " before it. In Word: under Paragraph, choose no numbering or bullets.",
    ),
    "a label of an empty line": (
        then(in_word(LABEL), round_salutation(f"<w:pPr>{NUMBERED}</w:pPr>", "")),
        " body: An empty line is numbered, so Word prints 'You have failed' before it. In Word:"
        " under Paragraph, choose no numbering or bullets.",
    ),
    "a number of the page by code": (
        round_salutation("<w:r><w:pgNum/></w:r>", ""),
        " body: The page number prints what cannot be read back and approved. In Word: delete it"
        " and insert a plain page number.",
    ),
    "page numbers in words": (in_section('<w:pgNumType w:fmt="cardinalText"/>'), NUMBERS),
    "page numbers with a chapter": (in_section('<w:pgNumType w:chapStyle="1"/>'), NUMBERS),
    "a tight grid": (
        in_word((BODY, "<w:titlePg/>", '<w:titlePg/><w:docGrid w:charSpace="-40960"/>')),
        ": The page has a grid on which letters lie on each other. Under Layout, Page Setup,"
        " Document Grid, choose 'No grid'.",
    ),
    "letters on their side": (
        in_style("Salutation", "rPr", '<w:eastAsianLayout w:vert="1"/>'),
        ": The style 'Salutation' is turned on its side. Clear its formatting.",
    ),
    "a gradient to white": (
        in_style(
            "Salutation",
            "rPr",
            f"{TEXT_FILL}<w14:gradFill><w14:gsLst>"
            '<w14:gs w14:pos="0"><w14:srgbClr w14:val="000000"/></w14:gs>'
            '<w14:gs w14:pos="1000"><w14:srgbClr w14:val="FFFFFF"/></w14:gs>'
            "</w14:gsLst></w14:gradFill></w14:textFill>",
        ),
        UNSEEN,
    ),
    "black made white": (
        in_style(
            "Salutation",
            "rPr",
            f'{TEXT_FILL}<w14:solidFill><w14:schemeClr w14:val="tx1">'
            '<w14:lumMod w14:val="0"/><w14:lumOff w14:val="100000"/></w14:schemeClr>'
            "</w14:solidFill></w14:textFill>",
        ),
        UNSEEN,
    ),
    **{
        font: (
            in_style("Salutation", "rPr", f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>'),
            SIGNED.format(font),
        )
        for font in ("Bookshelf Symbol 7", "Bodoni Ornaments", "ITC Zapf Dingbats", "MS Outlook")
    },
}


@pytest.mark.parametrize("name", UNDER_WORDS)
def test_what_a_file_does_under_its_words_is_refused_by_all(name: str, project: Path) -> None:
    change, said = UNDER_WORDS[name]
    change(project)
    refused_by_all(project, f"{WORD}{said}")


def test_a_low_line_of_the_usual_style_is_refused_where_others_say_the_space_above(
    project: Path,
) -> None:
    low = '<w:spacing w:after="150" w:line="20" w:lineRule="exact"/>'
    in_word((*USUAL, low))(project)
    code, said = Stages.of(project).check
    assert code == 1
    assert f"{WORD}: Words in the style 'Salutation' cannot be seen: their line is lower" in said


def test_a_low_line_of_the_defaults_of_all_styles_is_refused(project: Path) -> None:
    low = '<w:pPrDefault><w:pPr><w:spacing w:line="20" w:lineRule="exact"/>'
    defaults = ("word/styles.xml", "<w:pPrDefault><w:pPr>", low)
    in_word(defaults, (*USUAL, '<w:spacing w:after="150"/>'))(project)
    code, said = Stages.of(project).check
    assert code == 1
    assert f"{WORD}: Words in the style 'Salutation' cannot be seen: their line is lower" in said


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_drawn_and_no_text_is_refused_by_all(name: str, project: Path) -> None:
    xml, said = UNREADABLE[name]
    in_head(xml)(project)
    refused_by_all(project, f"{WORD} first-page header: {said}")


FETCHED = (
    "would change, or fetch its text, when a letter is opened. Use a placeholder such as"
    " {{ sent_date }} for what letters say."
)
FIELDS = {
    "PAGE \\# \"'You have failed' 0\"": "The field 'PAGE \\# \"'You have failed' 0\"' may print"
    " words of its own beside its number. In Word: delete it and insert a plain page number.",
    'TITLE "You have failed"': f"The field 'TITLE' {FETCHED}",
    "SUBJECT Failed": f"The field 'SUBJECT' {FETCHED}",
}


@pytest.mark.parametrize("code", FIELDS)
def test_a_field_that_prints_words_of_its_own_is_refused_by_all(code: str, project: Path) -> None:
    in_word((FOOT, " PAGE ", f" {code} "))(project)
    refused_by_all(project, f"{WORD} footer: {FIELDS[code]}")


@pytest.mark.parametrize("code", ["PAGE \\* MERGEFORMAT", 'PAGE \\# "0"', "PAGE \\# #,##0"])
def test_a_field_that_prints_a_number_passes_every_stage(code: str, project: Path) -> None:
    in_word((FOOT, " PAGE ", f" {code} "))(project)
    passes_all(project)


def test_a_labelled_salutation_is_refused(project: Path) -> None:
    labelled = (
        '<w:abstractNum w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="decimal"/><w:lvlText w:val="Not:"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="77"><w:abstractNumId w:val="77"/></w:num></w:numbering>'
    )
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr>'
    then(
        in_word(("word/numbering.xml", "</w:numbering>", labelled)),
        in_style("Salutation", "pPr", numbered),
    )(project)
    found = "'Dear Chief Constable': This is a paragraph labelled 'Not:' here and a paragraph in"
    said = Stages.of(project)
    for stage in (said.check, said.build, said.gate, said.publish):
        assert stage[0] == 1
        assert found in stage[1]
    assert said.verify == {}


def test_words_of_a_text_box_are_another_letter(project: Path) -> None:
    box = (
        '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" style="width:90pt">'
        "<v:textbox><w:txbxContent><w:p><w:r><w:t>You have failed</w:t></w:r></w:p></w:txbxContent>"
        "</v:textbox></v:shape></w:pict></w:r>"
    )
    in_head(box)(project)
    needs_another_look(project, "'Word page head or foot: You have failed' is new")


def test_hidden_text_is_refused_by_all(project: Path) -> None:
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>You have failed.</w:t></w:r></w:p>"
    in_word((BODY, "<w:body>", f"<w:body>{hidden}"))(project)
    refused_by_all(
        project,
        f"{WORD} body: 'You have failed.' cannot be seen: they are hidden text. In Word: show all"
        " marks (Ctrl+*), select it and clear its formatting, or delete it.",
    )


PAGES = {
    "description": (
        ('<meta charset="utf-8">', '<meta charset="utf-8"><meta name="description" content="No">'),
        ":6: '<meta name=\"description\">' says 'No', which no one approves. Take it out, or write"
        " it as the layout of 'letters new' does.",
    ),
    "title": (
        ("{{ document_title }}</title>", "{{ document_title }} failed</title>"),
        ":8: The title of the page is '{{ document_title }} failed', which no one approves. Write"
        " <title>{{ document_title }}</title>.",
    ),
    "character of the title": (
        ("{{ document_title }}</title>", "{{ document_title }}&#33;</title>"),
        ":8: The title of the page is '&#33;', which no one approves. Write"
        " <title>{{ document_title }}</title>.",
    ),
    "end": (
        ("</body>\n</html>", "</body>\n</html>You have failed."),
        ":50: 'You have failed.' comes after '</body>'. Take it out, or move it into the page.",
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_words_round_the_page_are_refused_by_all(name: str, project: Path) -> None:
    (old, new), said = PAGES[name]
    edit(PAGE, old, new)(project)
    refused_by_all(project, f"{PAGE}{said}")


def test_a_space_without_width_is_refused_by_all(project: Path) -> None:
    edit(PAGE, "{{ letter_subject }}", "{{ letter_subject }}&#x200B;")(project)
    refused_by_all(
        project,
        f"{PAGE}:39: The text holds U+200B ZERO WIDTH SPACE, which no reader sees."
        " Delete it and type the text again.",
    )
