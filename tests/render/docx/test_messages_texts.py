"""The exact words of every problem that the text of a Word layout can have, and what has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.render.docx.layouts import BODY, STYLES, Edit, a_layout, problems_of, raw

VML = 'xmlns:v="urn:schemas-microsoft-com:vml"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
WP = 'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
WPS = 'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
MARKS = "In Word: show all marks (Ctrl+*), select it and clear its formatting, or delete it."
DARKER = "In Word: give it a darker colour (Home > Font Color), or delete it."
CLOSING = '<w:keepLines/><w:spacing w:before="280" w:after="80"/></w:pPr>'


def line(text: str, run: str = "", paragraph: str = "") -> str:
    return f"<w:p><w:pPr>{paragraph}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr>{properties}{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>{line('After.')}"


def box(text: str, extent: str = 'cx="900000" cy="900000"', inside: str = "") -> str:
    return (
        f'<w:p><w:r><w:drawing><wp:inline {WP}><wp:extent {extent}/><wp:docPr id="9" name="Box 1"/>'
        f"<wps:wsp {WPS}>{inside}<wps:txbx><w:txbxContent>{text}</w:txbxContent></wps:txbx>"
        "</wps:wsp></wp:inline></w:drawing></w:r></w:p>"
    )


def old_box(text: str, style: str) -> str:
    return (
        f'<w:p><w:r><w:pict><v:shape {VML} style="{style}"><v:textbox><w:txbxContent>{text}'
        "</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    )


def fill(colour: str) -> str:
    return f'<wps:spPr><a:solidFill {A}><a:srgbClr val="{colour}"/></a:solidFill></wps:spPr>'


def control(properties: str) -> str:
    return (
        f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{line('Ours')}</w:sdtContent></w:sdt>"
    )


def either(*branches: str) -> str:
    first, *others = (line(each) for each in branches)
    return (
        f'<mc:AlternateContent {MC}><mc:Choice Requires="wps">{first}</mc:Choice>'
        f"{''.join(f'<mc:Fallback>{other}</mc:Fallback>' for other in others)}"
        "</mc:AlternateContent>"
    )


def unseen(why: str, fix: str = MARKS, words: str = "Motto") -> list[str]:
    return [f"body: '{words}' cannot be seen: {why}. {fix}"]


def bound(name: str) -> list[str]:
    return [
        f"body: The content control '{name}' is bound to data of the file, which Word shows in "
        "place of a letter's words. In Word: right-click it and choose Remove Content Control; its "
        "text stays."
    ]


def unreadable(name: str, fix: str) -> list[str]:
    return [f"body: The {name} prints what cannot be read back and approved. {fix}"]


def differs(both: str) -> list[str]:
    return [
        f"body: A drawing says {both}, depending on the program that shows the letter. "
        "In Word: delete the text box or drawing, and insert it again."
    ]


def heading(words: str, level: int) -> list[str]:
    return [
        f"body: {words} has the style 'Heading {level}', which is the letter's own. "
        "In Word: give it another style, such as Letterhead or Normal."
    ]


PICTURE = "In Word: replace it by a picture with an alternative text."
WHITE = '<w:color w:val="FFFFFF"/>'
PALE = "they have the colour of the paper"
SMALL_BOX = "the frame or box that they are in is smaller than four points"
AFTER = (BODY, "{{p letter_subject }}</w:t></w:r></w:p>")


def after_subject(xml: str) -> Edit:
    return (*AFTER, f"{AFTER[1]}{xml}")


WELSH = "Mae hyn yn un o’r llythyrau sydd wedi eu hanfon gan yr arolygiaeth"
SPOKEN = '<w:lang w:val="cy-GB"/>'

CASES: dict[str, tuple[list[Edit], list[str]]] = {
    "hidden text": ([raw(line("Motto", "<w:vanish/>"))], unseen("they are hidden text")),
    "a hidden placeholder": (
        [raw(line("{{ force_name }}", "<w:vanish/>"))],
        unseen("they are hidden text", words="{{ force_name }}"),
    ),
    "hidden, switched off": ([raw(line("Motto", '<w:vanish w:val="false"/>'))], []),
    "white on white": ([raw(line("Motto", WHITE))], unseen(PALE, DARKER)),
    "white by the theme": (
        [raw(line("Motto", '<w:color w:val="000000" w:themeColor="background1"/>'))],
        unseen(PALE, DARKER),
    ),
    "grey by the theme": (
        [raw(line("Motto", '<w:color w:val="FFFFFF" w:themeColor="background1" '
                           'w:themeShade="80"/>'))],
        [],
    ),
    "nearly white by the theme": (
        [raw(line("Motto", '<w:color w:val="000000" w:themeColor="text1" w:themeTint="05"/>'))],
        unseen(PALE, DARKER),
    ),
    "white on blue": (
        [raw(line("Motto", WHITE, '<w:shd w:val="clear" w:color="auto" w:fill="1F3660"/>'))], [],
    ),
    "white in a blue box": ([raw(box(line("Motto", WHITE), inside=fill("1F3660")))], []),
    "white in a white box": (
        [raw(box(line("Motto", WHITE), inside=fill("FFFFFF")))], unseen(PALE, DARKER),
    ),
    "white in a box without a ground": (
        [raw(box(line("Motto", WHITE)))], unseen(PALE, DARKER),
    ),
    "tiny": ([raw(line("Motto", '<w:sz w:val="2"/>'))],
             unseen("they are smaller than four points")),
    "squeezed": ([raw(line("Motto", '<w:w w:val="1"/>'))],
                 unseen("they are squeezed into less than a third of their width")),
    "on each other": ([raw(line("Motto", '<w:spacing w:val="-200"/>'))],
                      unseen("they lie on each other")),
    "without a colour": (
        [raw(line("Motto", '<w14:textFill xmlns:w14="http://schemas.microsoft.com/office/word/2010/'
                           'wordml"><w14:noFill/></w14:textFill>'))],
        unseen("they are drawn without a colour"),
    ),
    "a line without height": (
        [raw(line("Motto", "", '<w:spacing w:line="1" w:lineRule="exact"/>'))],
        unseen("their line is lower than four points"),
    ),
    "a row without height": (
        [raw(table(row(line("Motto"), properties='<w:trPr><w:trHeight w:val="1" w:hRule="exact"/>'
                                                 "</w:trPr>")))],
        [],
    ),
    "a frame without width": ([raw(line("Motto", "", '<w:framePr w:w="1"/>'))], unseen(SMALL_BOX)),
    "a box without width": ([raw(box(line("Motto"), 'cx="0" cy="9"'))], unseen(SMALL_BOX)),
    "an old box without width": (
        [raw(old_box(line("Motto"), "position:absolute;width:0;height:20pt"))], unseen(SMALL_BOX),
    ),
    "an old box that is hidden": (
        [raw(old_box(line("Motto"), "width:90pt;height:20pt;visibility:hidden"))],
        unseen("the text box that they are in is hidden"),
    ),
    "an old box": ([raw(old_box(line("Motto"), "width:90pt;height:20.5pt"))], []),
    "a style that hides": (
        [(STYLES, CLOSING, f"{CLOSING}<w:rPr><w:vanish/></w:rPr>")],
        [": Words in the style 'Closing' cannot be seen: they are hidden text. "
         "In Word: change the font or paragraph of the style."],
    ),
    "a heading on the masthead": (
        [raw(line("Inspectorate", "", '<w:pStyle w:val="Heading1"/>'))],
        heading("'Inspectorate'", 1),
    ),
    "an empty heading": (
        [raw('<w:p><w:pPr><w:pStyle w:val="Heading2"/></w:pPr></w:p>')],
        heading("An empty paragraph", 2),
    ),
    "a heading of level 3 after the subject": (
        [after_subject(line("About us", "", '<w:pStyle w:val="Heading3"/>'))],
        heading("'About us'", 3),
    ),
    "a heading after the subject": (
        [after_subject(line("About us", "", '<w:pStyle w:val="Heading2"/>'))], [],
    ),
    "a table of one row": ([raw(table(row(line("a"), line("b"))))], []),
    "a table of several rows": (
        [raw(table(row(line("Our ref"), line("AB1")), row(line("Your ref"), line("x"))))],
        ["body: The table that begins 'Our ref AB1 Your ref x' has 2 rows, so it would be read out "
         "as a table of data without headings. In Word: make each row a table of its own (Table "
         "Layout > Split Table)."],
    ),
    "a control that is bound": (
        [raw(control('<w:alias w:val="Force"/><w:dataBinding w:xpath="/x"/>'))], bound("Force"),
    ),
    "a control that is bound, by its tag": (
        [raw(control('<w:tag w:val="force"/><w15:dataBinding xmlns:w15="http://schemas.microsoft.'
                     'com/office/word/2012/wordml" w15:xpath="/x"/>'))],
        bound("force"),
    ),
    "a control that is bound and has no name": (
        [raw(control('<w:dataBinding w:xpath="/x"/>'))], bound("Ours"),
    ),
    "a control": ([raw(control('<w:alias w:val="Force"/><w:text/>'))], []),
    "a form of another kind": ([raw(either("Good", "Bad"))], differs("'Good' or 'Bad'")),
    "a form that says nothing": ([raw(either("Good", ""))], differs("'Good' or nothing")),
    "two forms that say the same": ([raw(either("Good", "Good"))], []),
    "a symbol": (
        [raw('<w:p><w:r><w:sym w:font="Wingdings" w:char="F028"/></w:r></w:p>')],
        unreadable("symbol 'F028 of Wingdings'",
                   "In Word: type an ordinary character in its place, or use a picture."),
    ),
    "a symbol as a character": (
        [raw(line("\uf028 020 7946 0000"))],
        ["body: '\uf028 020 7946 0000' holds a character that only one font can show. "
         "In Word: type an ordinary character in its place, or use a picture."],
    ),
    "a watermark": (
        [raw(f'<w:p><w:r><w:pict><v:shape {VML}><v:textpath string="SECRET"/></v:shape></w:pict>'
             "</w:r></w:p>")],
        unreadable("watermark or WordArt 'SECRET'",
                   "In Word: Design > Watermark > Remove Watermark, or delete the WordArt."),
    ),
    "an equation": (
        [raw('<w:p><m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
             "<m:r><m:t>x=1</m:t></m:r></m:oMath></w:p>")],
        unreadable("equation 'x=1'", "In Word: type it as ordinary text, or use a picture."),
    ),
    "words of a drawing": (
        [raw(f"<w:p><w:r><w:drawing><a:t {A}>Motto</a:t></w:drawing></w:r></w:p>")],
        unreadable("drawing 'Motto'", PICTURE),
    ),
    "a date code": (
        [raw("<w:p><w:r><w:yearLong/></w:r></w:p>")],
        unreadable("date code",
                   "In Word: delete it and use a placeholder such as {{ sent_date }}."),
    ),
    "a number with words": (
        [raw('<w:p><w:fldSimple w:instr=" PAGE \\# &quot;0 failed&quot; "/></w:p>')],
        ["body: The field 'PAGE \\# \"0 failed\"' may print words of its own beside its number. "
         "In Word: delete it and insert a plain page number."],
    ),
    "a number": ([raw('<w:p><w:fldSimple w:instr=" PAGE \\* MERGEFORMAT "/></w:p>')], []),
    "a field that repeats a paragraph": (
        [raw('<w:p><w:fldSimple w:instr=" STYLEREF Closing "/></w:p>')],
        ["body: The field 'STYLEREF' would change, or fetch its text, when a letter is opened. "
         "Use a placeholder such as {{ sent_date }} for what letters say."],
    ),
    "a link field to a file": (
        [raw('<w:p><w:fldSimple w:instr="HYPERLINK &quot;file:///C:/a.doc&quot;"/></w:p>')],
        ["body: The link to 'file:///C:/a.doc' leads to no web or e-mail address. "
         "Remove it, or link to an address that readers can reach."],
    ),
    "a picture named by its file": (
        [raw(f'<w:p><w:r><w:drawing><wp:inline {WP}><wp:docPr id="9" name="Picture 2" '
             'descr="crest.png"/></wp:inline></w:drawing></w:r></w:p>')],
        ["body: The alternative text of the picture 'Picture 2' is 'crest.png', which says "
         "nothing. Say in Word (View Alt Text) what it shows, or mark it as decorative."],
    ),
    "an old picture with words": (
        [raw(f'<w:p><w:r><w:pict><v:shape {VML} id="Old" alt="Our crest"><v:imagedata/></v:shape>'
             "</w:pict></w:r></w:p>")],
        [],
    ),
    "a text box": ([raw(box(line("Motto")))], []),
    "a placeholder of a mail merge": (
        [raw(line("«force_name»"))],
        ["body: '«force_name»' is a placeholder of another program. "
         "Write it as {{ name }}, or delete it."],
    ),
    "Welsh": (
        [raw(line(WELSH))],
        ["body: 'Mae hyn yn un o’r llythyrau sydd wedi eu hanfon gan yr arol…' is Welsh and not "
         "marked so: it is read out as if English. In Word: select it and choose Review > Language "
         "> Set Proofing Language > Welsh."],
    ),
    "Welsh that is marked": ([raw(line(WELSH, SPOKEN))], []),
    "a picture that is not there": (
        [raw(f'<w:p><w:r><w:drawing><a:blip {A} r:embed="rId77"/></w:drawing></w:r></w:p>')],
        ["body: A link or picture leads nowhere: the file has no 'rId77'. In Word: delete the "
         "picture or link that is broken, insert it again, and save."],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("edits", "messages"), CASES.values(), ids=CASES)
def test_every_problem_is_said_in_these_words(
    edits: list[Edit], messages: list[str], tmp_path: Path
) -> None:
    assert problems_of(tmp_path, a_layout(*edits)) == messages
