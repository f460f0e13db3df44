"""The exact words of what check says of a Word layout that would hide words of a letter, show
others in their place, or say more than was approved."""

import re
from pathlib import Path

import pytest

from letters.render.docx import WordLayout
from tests.builders import unzipped
from tests.render.documents import a_document
from tests.render.docx.layouts import (
    BODY,
    NAMES,
    SHIPPED,
    STYLES,
    Edit,
    a_layout,
    problems_of,
    raw,
    setting,
    written,
)
from tests.render.docx.test_messages_texts import box, fill, line, row, table

NUMBERS, FONTS, THEME = "word/numbering.xml", "word/fontTable.xml", "word/theme/theme1.xml"
OFFICE = "http://schemas.microsoft.com/office/word"
W14 = f'xmlns:w14="{OFFICE}/2010/wordml"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
PARTS = {name: part.decode() for name, part in unzipped(SHIPPED).items() if name.endswith(".xml")}
MINOR = tuple(f'<a:minorFont>\n        <a:latin typeface="{n}"' for n in ("Arial", "Wingdings"))
DECIMAL = '<w:numFmt w:val="decimal"/>'
COLUMNS = '<w:cols w:space="708"/>'


def styled(style: str, **properties: str) -> Edit:
    """Properties more of some kinds (rPr, pPr) for a style, by its id."""
    own = re.search(rf'<w:style [^>]*w:styleId="{style}".*?</w:style>', PARTS[STYLES], re.DOTALL)
    assert own
    new = own[0]
    for kind, xml in properties.items():
        holder = f"<w:{kind}>"
        if holder not in new:
            new = new.replace("</w:style>", f"{holder}</w:{kind}></w:style>")
        new = new.replace(holder, holder + xml, 1)
    return STYLES, own[0], new


def margin(**twips: int) -> Edit:
    """Other margins of the page."""
    own = re.search("<w:pgMar[^>]*/>", PARTS[BODY])
    assert own
    new = own[0]
    for side, wide in twips.items():
        new = re.sub(rf'w:{side}="\d+"', f'w:{side}="{wide}"', new)
    return BODY, own[0], new


def slot(before: str, after: str) -> Edit:
    """Something round the paragraph that takes the letter's own blocks."""
    own = next(p for p in re.findall("<w:p>.*?</w:p>", PARTS[BODY]) if "letter_body" in p)
    return BODY, own, before + own + after


def in_table(table: str = "", row: str = "") -> Edit:
    """A table of one row round the letter's blocks."""
    before = f"<w:tbl><w:tblPr>{table}</w:tblPr><w:tblGrid/><w:tr><w:trPr>{row}</w:trPr><w:tc>"
    return slot(before, "</w:tc></w:tr></w:tbl>")


def coloured(colour: str, fill: str) -> list[Edit]:
    return [
        styled(
            "Salutation",
            rPr=f'<w:color w:val="{colour}"/>',
            pPr=f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>',
        )
    ]


def filled(inside: str) -> Edit:
    xml = f"<w14:textFill {W14}><w14:solidFill>{inside}</w14:solidFill></w14:textFill>"
    return styled("Salutation", rPr=xml)


def font(xml: str) -> Edit:
    return FONTS, "</w:fonts>", f'<w:font w:name="House Sans">{xml}</w:font></w:fonts>'


def background(xml: str) -> list[Edit]:
    return [(BODY, "<w:body>", f"{xml}<w:body>"), setting("<w:displayBackgroundShape/>")]


def drawing(placed: str, inside: str = "") -> Edit:
    """A drawing of 2 cm by 2 cm, or as large as the page, where nothing says where it is."""
    extent = 'cx="720000" cy="720000"' if "position" in placed else 'cx="7560000" cy="10692000"'
    boxed = box(line("Motto"), extent, inside)
    return raw(boxed.replace("wp:inline", "wp:anchor").replace("<wp:extent", f"{placed}<wp:extent"))


def at(across: int, down: int) -> str:
    """A place in EMU from the page's edges."""
    return "".join(
        f'<wp:position{side} relativeFrom="page"><wp:posOffset>{offset}</wp:posOffset>'
        f"</wp:position{side}>"
        for side, offset in (("H", across), ("V", down))
    )


PAGE, MARGIN = at(3_000_000, 5_000_000), at(6_840_000, 5_000_000)


STYLE = "In Word: change the font or paragraph of the style."
SALUTATION = "Words in the style 'Salutation' cannot be seen:"
PALE = f": {SALUTATION} they have the colour of the paper. {STYLE}"
SAME = f": {SALUTATION} they have the colour of what is behind them. {STYLE}"
CROWDED = f": {SALUTATION} their lines lie on each other. {STYLE}"
FAR = "is set in so far that words can leave the page. Under Paragraph, set indents from -2 cm to"
SIGNS = "which prints signs for letters. Open the layout in Word and save it again."
ROOM = ": The page leaves no room for words. Under Layout, Margins, choose Normal."
BODY_SLOT = "body: '{{p letter_body }}' is in"
OFF = (
    f"{BODY_SLOT} a table off the page. Under Table Properties, set text wrapping to None and the"
    " indent to 0."
)
NO_WORDS = (
    "where Word shows no words, or not as they are written. In Word: delete it and type it again."
)
WINGDINGS = (
    ": The style 'Salutation' prints signs for letters, in the font 'Wingdings'. Choose a font that"
    " draws each letter as itself."
)
CONDITION = '<w:tblStylePr w:type="firstRow"><w:rPr><w:vanish/></w:rPr></w:tblStylePr></w:style>'
GRID = styled("TableGrid", pPr="")[1]
IN_TABLES = [
    f": Words in the style 'Table {kind}' cannot be seen: they are hidden text. {STYLE}"
    for kind in ("Heading", "Text")
]
DARK = "is dark and lies behind words"
CLEAR = "hoose Wrap Text, Square in Word, or move the drawing into the margin."

CASES: dict[str, tuple[list[Edit], list[str]]] = {
    "black on black": (coloured("000000", "000000"), [SAME]),
    "blue on nearly the same blue": (coloured("1F3660", "1D3461"), [SAME]),
    "blue on pale blue": (coloured("1F3660", "D9E2F3"), []),
    "white on blue": (coloured("FFFFFF", "1F3660"), []),
    "marked in its own colour": (
        [styled("Salutation", rPr='<w:color w:val="000080"/><w:highlight w:val="darkBlue"/>')],
        [SAME],
    ),
    "a shade of dots": (
        [
            styled(
                "Salutation",
                rPr='<w:color w:val="102030"/>'
                '<w:shd w:val="solid" w:color="102030" w:fill="auto"/>',
            )
        ],
        [SAME],
    ),
    "ivory": ([styled("Salutation", rPr='<w:color w:val="FFFFF0"/>')], [PALE]),
    "nearly white": ([styled("Salutation", rPr='<w:color w:val="E6E6E6"/>')], [PALE]),
    "grey": ([styled("Salutation", rPr='<w:color w:val="A6A6A6"/>')], []),
    "filled with white": ([filled('<w14:srgbClr w14:val="FFFFFF"/>')], [PALE]),
    "see-through": (
        [filled('<w14:srgbClr w14:val="0"><w14:alpha w14:val="90000"/></w14:srgbClr>')],
        [f": {SALUTATION} they are drawn without a colour. {STYLE}"],
    ),
    "a size with a unit": (
        [styled("Salutation", rPr='<w:sz w:val="1pt"/>')],
        [f": {SALUTATION} they are smaller than four points. {STYLE}"],
    ),
    "lines on each other": (
        [styled("Salutation", pPr='<w:spacing w:line="10" w:lineRule="auto"/>')],
        [CROWDED],
    ),
    "lines lower than letters": (
        [styled("Salutation", pPr='<w:spacing w:line="100" w:lineRule="exact"/>')],
        [CROWDED],
    ),
    "close lines": (
        [styled("Salutation", pPr='<w:spacing w:line="216" w:lineRule="auto"/>')],
        [],
    ),
    "tables hidden": ([styled("TableGrid", rPr="<w:vanish/>")], IN_TABLES),
    "first rows hidden": (
        [(STYLES, GRID, GRID.replace("</w:style>", CONDITION))],
        IN_TABLES,
    ),
    "folded away": (
        [styled("Heading2", pPr=f'<w15:collapsed xmlns:w15="{OFFICE}/2012/wordml"/>')],
        [
            ": The style 'Heading 2' is folded, so what comes after it is not shown until a reader"
            " unfolds it. Under Paragraph, clear 'Collapsed by default'."
        ],
    ),
    "of another script": (
        [styled("Salutation", rPr='<w:cs/><w:szCs w:val="2"/>')],
        [": The style 'Salutation' is marked as of another script. Clear its formatting."],
    ),
    "set in by characters": (
        [styled("Salutation", pPr='<w:ind w:leftChars="20000"/>')],
        [f": The style 'Salutation' {FAR} 10 cm."],
    ),
    "set in from both sides": (
        [styled("Salutation", pPr='<w:ind w:left="5600" w:right="5600"/>')],
        [f": The style 'Salutation' {FAR} 10 cm."],
    ),
    "set in by a measure with a unit": (
        [styled("Salutation", pPr='<w:ind w:left="99cm"/>')],
        [f": The style 'Salutation' {FAR} 10 cm."],
    ),
    "a label set in": (
        [(NUMBERS, "<w:pPr><w:ind", '<w:pPr><w:ind w:right="30000"')],
        [f": The label of the style 'List Bullet' {FAR} 10 cm."],
    ),
    "a hidden label": (
        [(NUMBERS, "</w:pPr></w:lvl>", "</w:pPr><w:rPr><w:vanish/></w:rPr></w:lvl>")],
        [
            ": The label of the style 'List Bullet' cannot be seen: they are hidden text. In Word:"
            " under Define New Multilevel List, Font, choose that of the text."
        ],
    ),
    "numbers in words": (
        [(NUMBERS, DECIMAL, '<w:numFmt w:val="ordinalText"/>')],
        [
            ": The list style 'List Number' begins '‹ordinalText 1›.', but the other formats show"
            " '1.'. Set its first label to '1.'."
        ],
    ),
    "numbers of a format of its own": (
        [
            (
                NUMBERS,
                DECIMAL,
                f'<mc:AlternateContent {MC}><mc:Choice Requires="w14"><w:numFmt w:val="custom"'
                f' w:format="001"/></mc:Choice><mc:Fallback>{DECIMAL}</mc:Fallback>'
                "</mc:AlternateContent>",
            )
        ],
        [
            ": The list style 'List Number' begins '‹custom 1›.', but the other formats show '1.'."
            " Set its first label to '1.'."
        ],
    ),
    "figures for letters": (
        [
            (
                NUMBERS,
                '<w:numFmt w:val="lowerRoman"/>',
                '<w:numFmt w:val="lowerRoman"/><w:isLgl/>',
            )
        ],
        [
            ": The list style 'List Number 3' begins '1.', but the other formats show 'i.'. Set its"
            " first label to 'i.'."
        ],
    ),
    "a picture for a number": (
        [(NUMBERS, '<w:lvlText w:val="%1."/>', '<w:lvlText w:val="%1."/><w:lvlPicBulletId/>')],
        [
            ": The list style 'List Number' begins '‹picture›', but the other formats show '1.'."
            " Set its first label to '1.'."
        ],
    ),
    "wide margins": ([margin(left=11000)], [ROOM]),
    "high margins": ([margin(bottom=15000)], [ROOM]),
    "a margin outside": (
        [margin(left=-9000)],
        [": The page has margins that let words run off it. Under Layout, Margins, choose Normal."],
    ),
    "a margin that does not give way": (
        [margin(top=-200)],
        [
            ": The page has a fixed margin, so its header or footer can lie over words. Under"
            " Layout, Margins, Custom, set top and bottom without a minus sign."
        ],
    ),
    "forty columns": (
        [(BODY, COLUMNS, '<w:cols w:num="40" w:space="0"/>')],
        [": The page has columns too narrow for words. Under Layout, Columns, choose one."],
    ),
    "two columns": ([(BODY, COLUMNS, '<w:cols w:num="2" w:space="708"/>')], []),
    "a row of a fixed height": (
        [in_table(row='<w:trHeight w:val="300" w:hRule="exact"/>')],
        [],
    ),
    "a hidden row": (
        [in_table(row="<w:hidden/>")],
        [f"{BODY_SLOT} a hidden row. Delete the row and insert it again."],
    ),
    "a table off the page": ([in_table('<w:tblpPr w:tblpX="30000" w:tblpY="1"/>')], [OFF]),
    "a table set in": ([in_table('<w:tblInd w:w="30000" w:type="dxa"/>')], [OFF]),
    "an element that Word passes over": (
        [slot('<x:keep xmlns:x="urn:x">', "</x:keep>")],
        [f"{BODY_SLOT} 'keep', {NO_WORDS}"],
    ),
    "words turned round": (
        [raw('<w:p><w:bdo w:val="rtl"><w:r><w:t>Telephone</w:t></w:r></w:bdo></w:p>')],
        [f"body: 'Telephone' is in 'bdo', {NO_WORDS}"],
    ),
    "words outside a run": (
        [raw("<w:p><w:t>Telephone</w:t></w:p>")],
        [f"body: 'Telephone' is in 'p', {NO_WORDS}"],
    ),
    "a symbol in the older form": (
        [
            raw(
                f"<w:p><w:r><mc:AlternateContent {MC}><mc:Choice Requires='zz'><w:t>A</w:t>"
                '</mc:Choice><mc:Fallback><w:t>A</w:t><w:sym w:font="Arial" w:char="0059"/>'
                "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
            )
        ],
        [
            "body: The symbol '0059 of Arial' prints what cannot be read back and approved. In"
            " Word: type an ordinary character in its place, or use a picture."
        ],
    ),
    "signs by the theme": (
        [
            styled("Salutation", rPr='<w:rFonts w:asciiTheme="minorHAnsi"/>'),
            (THEME, MINOR[0], MINOR[1]),
        ],
        [WINGDINGS],
    ),
    "signs in the east": (
        [styled("Salutation", rPr='<w:rFonts w:eastAsia="Wingdings" w:hint="eastAsia"/>')],
        [WINGDINGS],
    ),
    "a font in the file": (
        [font('<w:embedRegular w:fontKey="{0}"/>')],
        [
            ": The font 'House Sans' is part of the file, and nothing looks whether it draws each"
            " letter as itself. Under File, Options, Save, clear 'Embed fonts in the file'."
        ],
    ),
    "a font that stands for another": (
        [font('<w:altName w:val="Webdings"/>')],
        [f": The font 'House Sans' may be shown as 'Webdings', {SIGNS}"],
    ),
    "a picture behind the page": (
        background('<w:background w:color="FFFFFF"><x xmlns="urn:v"/></w:background>'),
        [
            ": The page has a picture behind its words, which nothing reads. Under Design, Page"
            " Colour, choose no colour."
        ],
    ),
    "a page in a colour of the theme": (
        background('<w:background w:color="FFFFFF" w:themeColor="text1"/>'),
        [
            ": The page has a colour, on which words may not be seen. Under Design, Page Colour,"
            " choose no colour."
        ],
    ),
    "colours changed about": (
        [setting('<w:clrSchemeMapping w:bg1="dark1" w:t1="light1"/>')],
        [
            ": The page has the colours of words and paper changed about. Under Design, Colours,"
            " choose a set with dark words."
        ],
    ),
    "a drawing over the page": ([drawing("")], []),
    "a drawing that words keep clear of": ([drawing("<wp:wrapSquare/>")], []),
    "a dark drawing behind a letter's words": (
        [drawing(PAGE, fill("1D3461"))],
        [f"body: The drawing 'Box 1' {DARK} of the letter. C{CLEAR}"],
    ),
    "a dark drawing in the margin": ([drawing(MARGIN, fill("1D3461"))], []),
    "a pale drawing behind a letter's words": ([drawing(PAGE, fill("D9E2F3"))], []),
    "a dark drawing somewhere": (
        [drawing("", fill("1D3461"))],
        [
            f"body: The drawing 'Box 1' {DARK}, or may do so. Can all words of a letter be read? If"
            f" not, c{CLEAR} Write the answer under 'answers' in round.yaml: - {{question:"
            " \"picture 'Box 1' 48440691f8e2 behind the words of the body\", answer: readable,"
            " date: …, reason: …}"
        ],
    ),
    "words in signs": (
        [raw(line("Motto", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'))],
        [
            "body: 'Motto' prints signs for letters, in the font 'Wingdings'. Choose a font that"
            " draws each letter as itself."
        ],
    ),
    "a number in words": (
        [raw('<w:p><w:fldSimple w:instr=" PAGE \\* DollarText "/></w:p>')],
        [
            "body: The field 'PAGE \\* DollarText' may print words of its own beside its number."
            " In Word: delete it and insert a plain page number."
        ],
    ),
    "a link field with a tip": (
        [
            raw(
                '<w:p><w:fldSimple w:instr="HYPERLINK &quot;https://a.example&quot; \\o &quot;You'
                ' failed&quot;"><w:r><w:t>Ours</w:t></w:r></w:fldSimple></w:p>'
            )
        ],
        [
            'body: The link \'HYPERLINK "https://a.example" \\o "You failed"\' shows words when'
            " it is pointed at. In Word: edit the link and empty its ScreenTip."
        ],
    ),
}


@pytest.mark.parametrize(("edits", "messages"), CASES.values(), ids=CASES)
def test_every_problem_is_said_in_these_words(
    edits: list[Edit], messages: list[str], tmp_path: Path
) -> None:
    assert problems_of(tmp_path, a_layout(*edits)) == messages


def test_what_is_said_of_links_pictures_and_tables_is_in_no_letter(tmp_path: Path) -> None:
    """Words that show when a link is pointed at, or are read out of a table's properties."""
    remark = "You have failed"
    described = f'<w:tblCaption w:val="{remark}"/><w:tblDescription w:val="{remark}"/>'
    content = a_layout(
        raw(
            f'<w:p><w:hyperlink w:tooltip="{remark}" w:anchor="x"><w:r><w:t>Telephone</w:t></w:r>'
            "</w:hyperlink></w:p>"
            + box(line("Motto")).replace('name="Box 1"', f'name="Box 1" title="{remark}"')
            + table(row(line("Ours"))).replace("<w:tblPr/>", f"<w:tblPr>{described}</w:tblPr>")
        )
    )
    layout = WordLayout.load(written(tmp_path, content), tmp_path)
    assert layout.problems(NAMES) == ()
    parts = unzipped(layout.render(a_document()))
    assert [name for name, part in parts.items() if remark.encode() in part] == []
    assert all(words in parts[BODY].decode() for words in ("Telephone", "Motto", "Ours"))
