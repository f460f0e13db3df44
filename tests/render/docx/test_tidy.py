"""What is taken out of a layout as it is read, and what stays."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image, PngImagePlugin

from letters.errors import Place
from letters.render.docx import WordLayout
from letters.validators.docx import validate_docx
from tests.builders import unzipped, zipped
from tests.render.documents import DOCUMENTS
from tests.render.docx.layouts import BODY, SHIPPED, STYLES, Edit, a_layout, raw, setting
from tests.render.docx.test_messages_texts import A, box, line, old_box, row, table

SETTINGS = "word/settings.xml"
RELATIONS = "word/_rels/document.xml.rels"
PLACE = Place("templates/letterhead/letter.docx")
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"


def letter(*edits: Edit, **added: str) -> dict[str, bytes]:
    """The parts of a letter of such a layout, in which nothing is found."""
    content = WordLayout(a_layout(*edits, **added), PLACE).render(DOCUMENTS["plain"])
    assert validate_docx(content) == ()
    return unzipped(content)


def related(kind: str, target: str) -> Edit:
    relation = f'<Relationship Id="rIdX" Type="http://example.org/{kind}" Target="{target}"/>'
    return (RELATIONS, "</Relationships>", f"{relation}</Relationships>")


LEFT = {
    "people": "word/people.xml",
    "comments": "word/comments.xml",
    "commentsExtended": "word/commentsExtended.xml",
    "customXml": "customXml/item1.xml",
    "printerSettings": "word/printerSettings1.bin",
    "glossaryDocument": "word/glossary/document.xml",
    "keyMapCustomizations": "word/customizations.xml",
}


@pytest.mark.parametrize(("kind", "part"), LEFT.items(), ids=LEFT)
def test_parts_of_the_layouts_makers_are_in_no_letter(kind: str, part: str) -> None:
    override = f'<Override PartName="/{part}" ContentType="application/xml"/></Types>'
    types = ("[Content_Types].xml", "</Types>", override)
    parts = letter(related(kind, f"/{part}"), types, **{part: "<x>Pat Leftover</x>"})
    assert part not in parts
    assert b"rIdX" not in parts[RELATIONS]
    assert part.encode() not in parts["[Content_Types].xml"]


def test_a_part_that_nothing_leads_to_is_in_no_letter() -> None:
    assert "word/orphan.xml" not in letter(**{"word/orphan.xml": "<x/>"})


@pytest.mark.parametrize("name", ["mailMerge", "docVars", "linkStyles", "updateFields"])
def test_settings_of_the_layouts_makers_are_in_no_letter(name: str) -> None:
    assert name.encode() not in letter(setting(f"<w:{name}/>"))[SETTINGS]


def test_printers_are_named_in_no_letter() -> None:
    named = (BODY, "<w:cols ", '<w:printerSettings r:id="rIdX"/><w:cols ')
    parts = letter(named, related("printerSettings", "p.bin"), **{"word/p.bin": "Pat's printer"})
    assert b"printerSettings" not in parts[BODY] + parts[RELATIONS]


def test_a_style_that_the_file_lacks_is_not_named() -> None:
    parts = letter(raw('<w:p><w:pPr><w:pStyle w:val="Gone"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>'))
    assert b"Gone" not in parts[BODY]


def test_drawings_of_one_number_get_their_own() -> None:
    drawing = f'<w:drawing><wp:inline xmlns:wp="{WP}"><wp:docPr id="1" name="a" descr="A wave"/>'
    parts = letter(raw(f"<w:p><w:r>{drawing}</wp:inline></w:drawing></w:r></w:p>"))
    both = parts[BODY] + parts["word/header2.xml"]
    numbers = re.findall(rb'docPr id="(\d+)"', both)
    assert len(set(numbers)) == len(numbers) == 3


def test_an_empty_line_of_the_layout_is_told_from_one_left_in_a_letter() -> None:
    parts = letter(raw("<w:p/>"))
    assert b'w:name="_Layout_space_1"' in parts[BODY]
    assert b"bookmark" not in letter()[BODY]


def test_a_table_of_one_row_is_layout_whatever_its_header_says() -> None:
    cell = "<w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>"
    row = f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{cell}</w:tr>"
    parts = letter(raw(f"<w:tbl><w:tblPr/><w:tblGrid/>{row}</w:tbl><w:p/>"))
    assert b"tblHeader" not in parts[BODY]


@pytest.mark.parametrize("off", ["0", "false", "off"])
def test_switches_that_are_off_ask_for_nothing(off: str) -> None:
    first = (BODY, '<w:headerReference w:type="first" r:id="rId11"/>', "")
    page = (BODY, "<w:titlePg/>", f'<w:titlePg w:val="{off}"/>')
    even = setting(f'<w:evenAndOddHeaders w:val="{off}"/><w:trackRevisions w:val="{off}"/>')
    parts = letter(first, page, even)
    assert "word/header2.xml" not in parts


BODY_PR = f"<wps:bodyPr><a:noAutofit {A}/></wps:bodyPr>"


def test_what_is_of_a_fixed_height_grows_with_its_words() -> None:
    heights = '<w:trPr><w:trHeight w:val="300" w:hRule="exact"/></w:trPr>'
    boxed = box(line("Boxed")).replace("</wps:wsp>", f"{BODY_PR}</wps:wsp>")
    framed = line("Framed", "", '<w:framePr w:w="2000" w:h="300" w:hRule="exact"/>')
    old = old_box(line("Old"), "width:90pt;height:90pt")
    body = letter(raw(table(row(line("Low"), properties=heights)) + boxed + framed + old))[BODY]
    assert b'w:hRule="exact"' not in body
    assert body.count(b'w:hRule="atLeast"') == 2
    assert b"<wps:bodyPr><a:spAutoFit" in body
    assert b'style="mso-fit-shape-to-text:t"' in body


def test_what_a_picture_says_beside_its_points_is_in_no_letter() -> None:
    parts = unzipped(SHIPPED)
    (name,) = (each for each in parts if each.startswith("word/media/"))
    remarks = PngImagePlugin.PngInfo()
    remarks.add_itxt("Comment", "Taken by Briony Tallow", zip=True)
    image, out = Image.open(io.BytesIO(parts[name])), io.BytesIO()
    image.save(out, "PNG", pnginfo=remarks)
    layout = WordLayout(zipped({**parts, name: out.getvalue()}), PLACE)
    made = unzipped(layout.render(DOCUMENTS["plain"]))[name]
    assert b"iTXt" in out.getvalue()
    assert b"iTXt" not in made
    assert Image.open(io.BytesIO(made)).tobytes() == image.tobytes()


def test_what_lies_over_words_is_laid_behind_them() -> None:
    over = (
        box(line("Over"))
        .replace("wp:inline", "wp:anchor")
        .replace("<wp:anchor", '<wp:anchor behindDoc="0"')
    )
    old = old_box(line("Old"), "position:absolute;width:90pt;height:90pt;z-index:5")
    body = letter(raw(over + old))[BODY]
    assert b'behindDoc="1"' in body
    assert b'style="position:absolute;width:90pt;height:90pt;z-index:-1"' in body


def test_nothing_is_taken_out_of_the_shipped_layout() -> None:
    content = WordLayout(SHIPPED, PLACE).render(DOCUMENTS["plain"])
    assert unzipped(SHIPPED).keys() - unzipped(content).keys() == set()
    assert STYLES in unzipped(content)
