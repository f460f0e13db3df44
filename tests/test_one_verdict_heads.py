"""One verdict on letterheads as people have them, and on their pictures."""

from io import BytesIO
from pathlib import Path

import pytest
from pikepdf import Name, Pdf
from PIL import Image

from letters.render.readback import read_docx
from tests.broken_files.pdf_changes import is_a
from tests.builders import unzipped, write, zipped
from tests.rounds.stages import (
    BODY,
    LAYOUT,
    LETTERS,
    PRINT,
    SITE,
    WORD,
    Changing,
    Stages,
    a_round,
    edit,
    in_word,
    passes_all,
    sign,
    then,
)

ADDRESSEE = '<w:p><w:pPr><w:pStyle w:val="Addressee"/>'
FIRST = '<w:headerReference w:type="first" r:id="rId11"/>'
ROW = "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr>{}{}</w:tr></w:tbl>"
STYLED = '<w:pPr><w:pStyle w:val="Addressee"/></w:pPr>'
SLOT = f'<w:p>{STYLED}<w:r><w:t xml:space="preserve">{{{{p letter_addressees }}}}</w:t></w:r></w:p>'
PEOPLE = "http://schemas.microsoft.com/office/word/2012/wordml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A round whose letter is not yet approved."""
    return a_round(tmp_path)


def renamed(root: Path) -> None:
    """The body in word/document2.xml, as Word for the web saves it."""
    parts = unzipped((root / WORD).read_bytes())
    moved = {
        name.replace("word/document.xml", "word/document2.xml").replace(
            "word/_rels/document.xml.rels", "word/_rels/document2.xml.rels"
        ): part.replace(b"word/document.xml", b"word/document2.xml")
        for name, part in parts.items()
    }

    (root / WORD).write_bytes(zipped(moved))


SOUND: dict[str, Changing] = {
    "an empty paragraph": in_word((BODY, ADDRESSEE, f"<w:p/>{ADDRESSEE}")),
    "a row side by side": in_word(
        (BODY, SLOT, ROW.format(f"<w:tc>{SLOT}</w:tc>", "<w:tc><w:p/></w:tc>"))
    ),
    "another name of the body": renamed,
    "switches that are off": then(
        in_word((BODY, "<w:titlePg/>", '<w:titlePg w:val="0"/>'), (BODY, FIRST, "")),
        in_word(
            (
                "word/settings.xml",
                "<w:defaultTabStop",
                '<w:evenAndOddHeaders w:val="false"/><w:defaultTabStop',
            )
        ),
    ),
}


@pytest.mark.parametrize("name", SOUND)
def test_sound_letterheads_pass_every_stage(name: str, project: Path) -> None:
    SOUND[name](project)
    passes_all(sign(project))


def picture(mode: str, size: tuple[int, int], format_: str) -> bytes:
    """An image of one colour."""
    out = BytesIO()
    Image.new(mode, size).save(out, format_)
    return out.getvalue()


def test_one_crest_for_all_formats(project: Path) -> None:
    write(project / LAYOUT / "crest.png", picture("RGB", (1200, 400), "PNG"))
    passes_all(sign(project))
    word = (project / SITE / "letters/northmoor.docx").read_bytes()
    images = [part for name, part in unzipped(word).items() if name.startswith("word/media/")]
    assert (1200, 400) in [Image.open(BytesIO(image)).size for image in images]


def test_a_crest_in_the_colours_of_print_is_converted(project: Path) -> None:
    write(project / LAYOUT / "crest.jpg", picture("CMYK", (60, 60), "JPEG"))
    edit(PRINT, "crest.png", "crest.jpg")(project)
    passes_all(sign(project))
    with Pdf.open(project / SITE / "letters/northmoor.pdf") as pdf:
        spaces = [image.get("/ColorSpace") for image in pdf.objects if is_a(image, Name.Image)]
    assert Name.DeviceRGB in spaces
    assert Name.DeviceCMYK not in spaces


def refused_in_plain_words(root: Path, *words: str) -> None:
    """Assert that `check` names the thing, without the standard's terms, and nothing is made."""
    said = Stages.of(root)
    for stage in (said.check, said.build, said.gate, said.publish):
        assert stage[0] == 1
    for word in words:
        assert word in said.check[1]
    assert "PDF/A" not in said.check[1]
    assert said.verify == {}


def test_a_bound_control_is_refused_by_its_name_or_unbound(project: Path) -> None:
    control = (
        '<w:sdt><w:sdtPr><w:alias w:val="Force"/><w:dataBinding w:xpath="/a" w:storeItemID="{1}"/>'
        "</w:sdtPr><w:sdtContent><w:r><w:t>{{ document_title }}</w:t></w:r></w:sdtContent></w:sdt>"
    )
    plain = "<w:r><w:t>{{ document_title }}</w:t></w:r>"
    in_word(("word/header1.xml", plain, control))(project)
    said = Stages.of(sign(project)) if not check_names(project, "Force") else None
    if said:
        assert said.check == (0, "No problems.\n")
        word = (project / LETTERS / "northmoor.docx").read_bytes()
        assert not any(b"dataBinding" in part for part in unzipped(word).values())


def check_names(root: Path, name: str) -> bool:
    """Whether `check` refuses the layout and says this name."""
    status, said = Stages.of(root).check
    assert status == 0 or f"'{name}'" in said
    return status == 1


def test_what_its_makers_left_in_a_layout_is_in_no_letter(project: Path) -> None:
    people = f'<w15:people xmlns:w15="{PEOPLE}"><w15:person w15:author="Ada Secret"/></w15:people>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.people+xml"
    related = "http://schemas.microsoft.com/office/2011/relationships/people"
    in_word(
        (
            "[Content_Types].xml",
            "</Types>",
            f'<Override PartName="/word/people.xml" ContentType="{kind}"/></Types>',
        ),
        (
            "word/_rels/document.xml.rels",
            "</Relationships>",
            f'<Relationship Id="rIdP" Type="{related}" Target="people.xml"/></Relationships>',
        ),
        (
            "word/settings.xml",
            "<w:defaultTabStop",
            '<w:mailMerge><w:connectString w:val="Secret"/></w:mailMerge><w:defaultTabStop',
        ),
        **{"word/people.xml": people},
    )(project)
    passes_all(sign(project))
    word = (project / SITE / "letters/northmoor.docx").read_bytes()
    assert not any(b"Secret" in part for part in unzipped(word).values())
    assert read_docx(word)


def test_a_picture_in_a_header_without_words_is_named(project: Path) -> None:
    sign(project)
    vml = (
        '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" id="Badge">'
        '<v:imagedata r:id="rId1"/></v:shape></w:pict></w:r>'
    )
    in_word(("word/header2.xml", "</w:p></w:hdr>", f"{vml}</w:p></w:hdr>"))(project)
    refused_in_plain_words(project, "The picture 'Badge' has no alternative text.")


def test_a_heading_on_the_masthead_is_refused_or_demoted(project: Path) -> None:
    head = "<w:r><w:t>{{ sender_name }}</w:t></w:r>"
    styled = '<w:pStyle w:val="Heading1"/>'
    in_word(
        ("word/header2.xml", '<w:pStyle w:val="DraftLine"/></w:pPr>', f"{styled}</w:pPr>{head}")
    )(project)
    passes_all(sign(project))
    read = read_docx((project / SITE / "letters/northmoor.docx").read_bytes())
    assert [each.text for each in read if each.kind == "heading 1"] == ["Found property"]
