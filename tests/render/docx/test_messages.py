"""The exact words of every problem that a Word layout's file, styles and leftovers can have."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import unzipped, zipped
from tests.render.docx.layouts import (
    BODY,
    SHIPPED,
    STYLES,
    Edit,
    a_layout,
    problems_of,
    raw,
    setting,
)

NUMBERING = "word/numbering.xml"
TYPES = "[Content_Types].xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def field(code: str) -> str:
    return (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{code[:2]}</w:instrText></w:r>"
        f"<w:r><w:instrText>{code[2:]}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


def without_alt(name: str, extra: str = "") -> str:
    space = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    return (
        f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{space}">'
        f'<wp:docPr id="9" name="{name}">{extra}</wp:docPr></wp:inline></w:drawing></w:r></w:p>'
    )


def relation(kind: str, target: str, mode: str = ' TargetMode="External"') -> Edit:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    xml = f'<Relationship Id="rIdX" Type="{space}/{kind}" Target="{target}"{mode}/>'
    return ("word/_rels/document.xml.rels", "</Relationships>", f"{xml}</Relationships>")


def retyped(kind: str) -> Edit:
    return (TYPES, f"{WORD}.document.main+xml", kind)


DECORATIVE = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:ext uri="x">'
    '<d:decorative xmlns:d="http://schemas.microsoft.com/office/drawing/2017/decorative" '
    'val="1"/></a:ext></a:extLst>'
)

CASES: dict[str, tuple[list[Edit], list[str]]] = {
    "style missing": (
        [(STYLES, '"Copied To"', '"Copied  Too"')],
        [": The paragraph style 'Copied To' is missing. Add it under this name. "
         "Did you mean 'Copied  Too'?"],
    ),
    "style missing, none like it": (
        [(STYLES, '<w:name w:val="Gap"/>', '<w:name w:val="Zebra"/>')],
        [": The character style 'Gap' is missing. Add it under this name."],
    ),
    "styles as LibreOffice saves them": (
        [(STYLES, 'w:val="Addressee"', 'w:val="envelope address"'),
         (STYLES, 'w:val="Sender"', 'w:val="envelope return"')],
        [],
    ),
    "style of another kind": (
        [(STYLES, '<w:style w:type="character" w:customStyle="1" w:styleId="Gap">',
          '<w:style w:type="paragraph" w:customStyle="1" w:styleId="Gap">')],
        [": The style 'Gap' is a paragraph style. Delete it and add it as a character style."],
    ),
    "list without numbering": (
        [(STYLES, '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="2"/></w:numPr>', "")],
        [": The list style 'List Number 2' has no numbering. Give it a number format."],
    ),
    "bullets without bullets": (
        [(STYLES, '<w:numPr><w:numId w:val="1"/></w:numPr>', "")],
        [": The list style 'List Bullet' has no numbering. Give it a bullet."],
    ),
    "list at another level": (
        [(STYLES, '<w:ilvl w:val="1"/><w:numId w:val="1"/>',
          '<w:ilvl w:val="0"/><w:numId w:val="1"/>')],
        [": The list style 'List Bullet 2' is numbered at level 1 of its list. "
         "Bind it to level 2.",
         ": The list style 'List Bullet 2' begins '•', but the other formats show '–'. "
         "Set its first label to '–'."],
    ),
    "list with another label": (
        [(NUMBERING, '"%2."', '"(%2)"')],
        [": The list style 'List Number 2' begins '(a)', but the other formats show 'a.'. "
         "Set its first label to 'a.'."],
    ),
    "Word's own bullets": ([(NUMBERING, '"•"', '"\uf0b7"')], []),
    "tracked changes": (
        [raw('<w:p><w:ins w:id="1"><w:r><w:t>x</w:t></w:r></w:ins></w:p>')],
        ["body: Tracked changes would travel into every letter. "
         "Accept or reject all of them under Review in Word."],
    ),
    "comments": (
        [raw('<w:p><w:commentRangeStart w:id="1"/></w:p>')],
        ["body: Comments would travel into every letter. "
         "Delete all comments under Review in Word."],
    ),
    "tracking switched on": (
        [setting("<w:trackRevisions/>")],
        [": Word is set to track changes in the layout. Switch off Track Changes under Review."],
    ),
    "protection": (
        [setting('<w:documentProtection w:edit="readOnly" w:enforcement="1"/>')],
        [": The layout is protected, so every letter would be. "
         "Stop the protection under Review, Restrict Editing."],
    ),
    "a date field": (
        [raw(field("DATE"))],
        ["body: The field 'DATE' would change, or fetch its text, when a letter is opened. "
         "Use a placeholder such as {{ sent_date }} for what letters say."],
    ),
    "a simple field": (
        [raw('<w:p><w:fldSimple w:instr=" MERGEFIELD force "/></w:p>')],
        ["body: The field 'MERGEFIELD' would change, or fetch its text, when a letter is opened. "
         "Use a placeholder such as {{ sent_date }} for what letters say."],
    ),
    "a picture without words": (
        [raw(without_alt("Wave"))],
        ["body: The picture 'Wave' has no alternative text. "
         "Add one in Word (View Alt Text), or mark the picture as decorative."],
    ),
    "a decorative picture": ([raw(without_alt("Wave", DECORATIVE))], []),
    "an old picture without words": (
        [raw('<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" id="Old">'
             '<v:imagedata/></v:shape></w:pict></w:r></w:p>')],
        ["body: The picture 'Old' has no alternative text. "
         "Add one in Word (View Alt Text), or mark the picture as decorative."],
    ),
    "a linked picture": (
        [relation("image", "file:///C:/crest.png")],
        [": The image 'file:///C:/crest.png' is linked and not part of the file. "
         "Break the link under File, Info, Edit Links to Files."],
    ),
    "a linked template": (
        [relation("attachedTemplate", "file:///C:/house.dotx")],
        [": The layout is linked to the Word template 'file:///C:/house.dotx'. "
         "Under Developer, Document Template, choose Normal."],
    ),
    "a link to a file": (
        [relation("hyperlink", "file:///C:/plan.docx")],
        [": The link to 'file:///C:/plan.docx' leads to no web or e-mail address. "
         "Remove it, or link to an address that readers can reach."],
    ),
    "a link to the web": ([relation("hyperlink", "https://example.org/")], []),
    "an embedded object": (
        [relation("oleObject", "embeddings/sheet.bin", "")],
        [": The embedded object 'embeddings/sheet.bin' cannot be kept. "
         "Replace it by text or a picture.",
         ": The file points to a part that it lacks: 'word/embeddings/sheet.bin'. In Word: delete "
         "the picture or link that is broken, insert it again, and save."],
    ),
    "a template": (
        [retyped(f"{WORD}.template.main+xml")],
        [": The file is a Word template, so the letters would be templates too. "
         "In Word, save it as a Word Document (*.docx)."],
    ),
    "macros": (
        [retyped("application/vnd.ms-word.document.macroEnabled.main+xml")],
        [": The file holds macros, which every letter would carry. "
         "In Word, save it as a Word Document (*.docx), which holds none."],
    ),
    "a spreadsheet": (
        [retyped("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml")],
        [": The file is not a Word document, or it is damaged. "
         "Open it in Word and save it as a Word Document (*.docx)."],
    ),
    "strict": (
        [("_rels/.rels", OFFICE, STRICT)],
        [": The file is a Strict Open XML Document, whose placeholders cannot be filled in. "
         "In Word, save it as a Word Document (*.docx)."],
    ),
    "words where Word has none": (
        [(BODY, "<w:p>", "<w:t>{% if force_name %}</w:t><w:p>")],
        ["body: '{% if force_name %}' is in 'body', where Word shows no words, or not as they "
         "are written. In Word: delete it and type it again."],
    ),
    "where the last cursor was": (
        [raw('<w:p><w:bookmarkStart w:id="3" w:name="_GoBack"/></w:p>'),
         (BODY, "<w:r>", '<w:bookmarkEnd w:id="3"/><w:r>')],
        [],
    ),
    "broken XML": (
        [(BODY, "</w:body>", "")],
        [": The file's part 'word/document.xml' is missing or cannot be read. "
         "Open the file in Word and save it again."],
    ),
    "a document type": (
        [(BODY, "<w:document ", "<!DOCTYPE x [<!ENTITY y 'z'>]><w:document ")],
        [": The file's part 'word/document.xml' declares a document type, which no Word file does. "
         "Open the file in Word and save it again."],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("edits", "messages"), CASES.values(), ids=CASES)
def test_every_problem_is_said_in_these_words(
    edits: list[Edit], messages: list[str], tmp_path: Path
) -> None:
    assert problems_of(tmp_path, a_layout(*edits)) == messages


FILES = {
    "no Word file": (b"Dear all", "is not a Word document, or it is damaged. Open it in Word"),
    "no ZIP file to its end": (SHIPPED[:3000], "is not a Word document, or it is damaged. Open it"),
    "another ZIP file": (
        zipped({"a.txt": b"x"}),
        "'[Content_Types].xml' is missing or cannot be read. Open the file in Word and save it",
    ),
    "an old Word file": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "The file is protected by a password or in the old .doc format. In Word, remove the "
        "password or save it as a Word Document (*.docx).",
    ),
    "macros in a part": (
        zipped({**unzipped(SHIPPED), "word/vbaProject.bin": b""}),
        "The file holds macros, which every letter would carry.",
    ),
    "no styles": (
        zipped({n: c for n, c in unzipped(SHIPPED).items() if n != "word/styles.xml"}),
        "The file has no styles. Open it in Word and save it again.",
    ),
}


@pytest.mark.parametrize(("content", "message"), FILES.values(), ids=FILES)
def test_a_file_that_cannot_be_read_is_said_alone(
    content: bytes, message: str, tmp_path: Path
) -> None:
    problems = problems_of(tmp_path, content)
    assert len(problems) == 1
    assert message in problems[0]
