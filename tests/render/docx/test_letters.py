"""A Word letter says what its document says, in ordinary Word, the same bytes every time."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pytest
from lxml import etree

from letters.document import Document, Heading, Table, Text, passages
from letters.errors import Place, ProblemsFound
from letters.render.docx import WordLayout
from letters.render.readback.docx import read_docx, words
from tests.builders import unzipped
from tests.render.documents import (
    DOCUMENTS,
    LISTS,
    TEXTS,
    a_document,
    bullets,
    cells,
    folded,
    paragraph,
)
from tests.render.docx.layouts import SHIPPED, a_layout

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PLACE = Place("templates/letterhead/letter.docx")
LAYOUT = WordLayout(SHIPPED, PLACE)
each_document = pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)


def rendered(document: Document, layout: WordLayout = LAYOUT) -> dict[str, bytes]:
    return unzipped(layout.render(document))


def xml(part: bytes) -> etree._Element:
    return etree.fromstring(part)


def line(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


@each_document
def test_what_is_read_back_is_what_the_document_says(document: Document) -> None:
    assert folded(read_docx(LAYOUT.render(document))) == folded(passages(document))


@each_document
def test_the_same_letter_gives_the_same_bytes(document: Document) -> None:
    again = WordLayout(SHIPPED, PLACE)
    assert LAYOUT.render(document) == again.render(document) == again.render(document)


@each_document
def test_nothing_is_left_to_fill_in(document: Document) -> None:
    hostile = document in (DOCUMENTS["hostile"], DOCUMENTS["everything"])
    for name, part in rendered(document).items():
        if name.endswith((".xml", ".rels")):
            text = "".join(map(str, xml(part).itertext()))
            assert ("{{" in text) == (hostile and name == "word/document.xml")


@each_document
def test_the_file_opens_with_its_types_and_holds_no_clock(document: Document) -> None:
    with zipfile.ZipFile(io.BytesIO(LAYOUT.render(document))) as file:
        assert file.testzip() is None
        assert file.namelist()[0] == "[Content_Types].xml"
        assert len(set(file.namelist())) == len(file.namelist())
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@each_document
def test_every_relationship_leads_somewhere_and_is_used(document: Document) -> None:
    parts = rendered(document)
    for name in [n for n in parts if n.startswith("word/_rels/")]:
        owner = parts["word/" + name.removeprefix("word/_rels/").removesuffix(".rels")].decode()
        used = set(re.findall(r'r:(?:id|embed)="([^"]+)"', owner))
        relations = {r.get("Id"): r for r in xml(parts[name])}
        assert used <= set(relations)
        for relation in relations.values():
            if relation.get("TargetMode") != "External":
                assert "word/" + str(relation.get("Target")) in parts


@each_document
def test_drawings_are_numbered_apart_and_described(document: Document) -> None:
    found = [
        re.findall(r'<wp:docPr id="(\d+)" name="[^"]*" descr="([^"]*)"', part.decode())
        for name, part in rendered(document).items()
        if name.startswith("word/") and name.endswith(".xml")
    ]
    drawings = [drawing for part in found for drawing in part]
    assert len({number for number, _ in drawings}) == len(drawings)
    assert all(alt for _, alt in drawings)


def test_headers_and_footers_say_their_texts() -> None:
    assert words(LAYOUT.render(DOCUMENTS["plain"])) == {
        "word/header1.xml": "Assessment – Westmarch & Vale Police",
        "word/header2.xml": "",
        "word/footer1.xml": "Page 1 of 1",
        "word/footer2.xml": "Page 1 of 1",
    }


def test_a_text_of_several_lines_breaks_its_line() -> None:
    texts = {**TEXTS, "page_label": "Page <1>\nTudalen"}
    footer = rendered(replace(a_document(), texts=texts))["word/footer1.xml"].decode()
    assert "Page &lt;1&gt;</w:t><w:br/><w:t xml:space" in footer
    assert words(LAYOUT.render(replace(a_document(), texts=texts)))["word/footer1.xml"] == (
        "Page <1> Tudalen 1 of 1"
    )


def test_a_draft_bears_its_mark_behind_the_text_of_every_page() -> None:
    parts = rendered(DOCUMENTS["draft"])
    for name in ("word/header1.xml", "word/header2.xml"):
        mark = next(xml(parts[name]).iter("{*}anchor"))
        assert mark.get("behindDoc") == "1"
        assert mark.find("{*}docPr").get("descr") == "DRAFT"  # type: ignore[union-attr]
        assert b"media/draft.png" in parts[name.replace("word/", "word/_rels/") + ".rels"]
    assert parts["word/media/draft.png"].startswith(b"\x89PNG")


def test_a_finished_letter_bears_no_mark_and_no_room_for_one() -> None:
    parts = rendered(DOCUMENTS["plain"])
    assert "word/media/draft.png" not in parts
    assert b"anchor" not in parts["word/header1.xml"] + parts["word/header2.xml"]
    assert len(list(xml(parts["word/header2.xml"]).iter(f"{W}p"))) == 1


def test_each_numbered_list_counts_for_itself() -> None:
    labels = [x.label for x in read_docx(LAYOUT.render(a_document(*LISTS))) if x.label]
    assert labels[-6:] == ["6.", "1.", "2.", "1.", "•", "•"]
    numbering = xml(rendered(a_document(*LISTS))["word/numbering.xml"])
    starts = [s.get(f"{W}val") for s in numbering.iter(f"{W}startOverride")]
    assert starts == ["3", "2", "4", "1", "1"]


def test_links_are_related_once() -> None:
    relations = rendered(DOCUMENTS["words"])["word/_rels/document.xml.rels"].decode()
    assert relations.count("https://example.org/?a=1&amp;b=2") == 1
    assert relations.count('TargetMode="External"') == 2


LOOKS = {
    "Shelves: a study": '<w:rStyle w:val="Emphasis"/>',
    "now": '<w:rStyle w:val="Strong"/>',
    "very": '<w:rStyle w:val="Strong"/><w:i/><w:iCs/>',
    "date to be added": '<w:rStyle w:val="Gap"/><w:b/><w:bCs/>',
    "read on": '<w:rStyle w:val="Hyperlink"/><w:b/><w:bCs/><w:i/><w:iCs/>',
    "again": '<w:rStyle w:val="Hyperlink"/>',
    "Diolch am y ": '<w:lang w:val="cy-GB"/>',
    "tŷ dŵr": '<w:rStyle w:val="Emphasis"/><w:lang w:val="cy-GB"/>',
    "strong": '<w:rStyle w:val="Strong"/><w:b/><w:bCs/>',
}


@pytest.mark.parametrize(("text", "look"), LOOKS.items(), ids=LOOKS)
def test_words_keep_all_their_looks_together(text: str, look: str) -> None:
    body = rendered(DOCUMENTS["words"])["word/document.xml"].decode()
    assert f'<w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t>' in body


def test_looks_are_those_of_the_layout() -> None:
    changed = a_layout(("word/styles.xml", "<w:i/><w:iCs/>", '<w:u w:val="single"/>'))
    body = rendered(DOCUMENTS["words"], WordLayout(changed, PLACE))["word/document.xml"].decode()
    assert '<w:rStyle w:val="Strong"/><w:u w:val="single"/></w:rPr>' in body


def test_tables_have_a_header_row_and_keep_rows_whole() -> None:
    body = xml(rendered(DOCUMENTS["tables"])["word/document.xml"])
    table = next(body.iter(f"{W}tbl"))
    rows = list(table.iter(f"{W}tr"))
    assert [len(list(row.iter(f"{W}tblHeader"))) for row in rows] == [1, 0, 0]
    assert all(next(row.iter(f"{W}cantSplit"), None) is not None for row in rows)
    aligned = [c.find(f".//{W}jc") for c in rows[1].iter(f"{W}tc")]
    assert [a.get(f"{W}val") if a is not None else "" for a in aligned] == ["left", "", "right"]
    styles = [s.get(f"{W}val") for s in table.iter(f"{W}pStyle")]
    assert styles == ["TableHeading"] * 3 + ["TableText"] * 6


def test_two_tables_do_not_run_together() -> None:
    body = xml(rendered(DOCUMENTS["tables"])["word/document.xml"])
    followers = [table.getnext() for table in body.iter(f"{W}tbl")]
    assert all(f is not None and f.tag == f"{W}p" for f in followers)


def test_text_after_a_list_stands_apart_from_it_and_no_other() -> None:
    items = bullets((paragraph("One."),), (paragraph("Two."),))
    head = Heading(2, (Text("Head."),))
    body = (items, paragraph("After."), items, head, paragraph("Under."), paragraph("Last."))
    document = xml(rendered(a_document(*body))["word/document.xml"])
    apart = [x for x in document.iter(f"{W}p") if x.find(f"{W}pPr/{W}spacing") is not None]
    assert ["".join(map(str, x.itertext())) for x in apart] == ["After."]


def test_a_list_that_ends_in_a_table_does_not_run_into_the_next() -> None:
    table = Table((cells("A", "B"), cells("1", "2")), ("", ""))
    letter = rendered(a_document(bullets((paragraph("One."), table)), table, paragraph("Last.")))
    tables = list(xml(letter["word/document.xml"]).iter(f"{W}tbl"))
    after = [next(each.itersiblings()).tag for each in tables]
    assert after == [f"{W}p", f"{W}p"]


def test_the_layouts_language_is_the_letters() -> None:
    styles = xml(rendered(DOCUMENTS["Welsh"])["word/styles.xml"])
    assert [x.get(f"{W}val") for x in styles.iter(f"{W}lang")] == ["cy-GB"]
    plain = xml(rendered(DOCUMENTS["plain"])["word/styles.xml"])
    assert [x.get(f"{W}val") for x in plain.iter(f"{W}lang")] == ["en-GB"]


def test_properties_are_the_letters_own() -> None:
    core = rendered(DOCUMENTS["plain"])["docProps/core.xml"].decode()
    found = re.findall(r"<(?:\w+:)(\w+)[^>]*>([^<]+)<", core)
    assert found == [
        ("title", "Assessment – Westmarch &amp; Vale Police"),
        ("subject", "Assessment of your force’s plans"),
        ("creator", "The Inspectorate of Policing"),
        ("language", "en-GB"),
        ("created", "2017-10-02T00:00:00Z"),
        ("modified", "2017-10-05T00:00:00Z"),
    ]


def test_nothing_of_the_layouts_makers_travels() -> None:
    types = "</Types>"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    target = 'Target="docProps/custom.xml"'
    custom = f'<Relationship Id="rIdC" Type="{relations}/custom-properties" {target}/>'
    override = '<Override PartName="/docProps/custom.xml" ContentType="x"/>'
    layout = a_layout(
        ("_rels/.rels", "</Relationships>", f"{custom}</Relationships>"),
        ("[Content_Types].xml", types, override + types),
        ("docProps/core.xml", "<dc:title>", "<dc:creator>Rhiannon Pugh</dc:creator><dc:title>"),
        **{"docProps/custom.xml": "<p>Rhiannon Pugh</p>"},
    )  # fmt: skip
    parts = rendered(DOCUMENTS["plain"], WordLayout(layout, PLACE))
    assert "docProps/custom.xml" not in parts
    assert b"Rhiannon" not in b"".join(parts.values())
    assert b"custom" not in parts["_rels/.rels"] + parts["[Content_Types].xml"]
    assert xml(parts["docProps/app.xml"]).xpath("string()") == "assessment-letters"


def test_conditions_choose_what_the_layout_shows() -> None:
    motto = "{% if motto %}{{ motto|upper }} {% endif %}{{ page_label }}"
    none = ("{%p if not motto %}", "None.", "{%p endif %}")
    layout = WordLayout(
        a_layout(
            ("word/footer1.xml", "{{ page_label }}", motto),
            ("word/document.xml", "<w:body>", "<w:body>" + "".join(map(line, none))),
        ),
        PLACE,
    )  # fmt: skip
    shown = layout.render(replace(a_document(), texts={**TEXTS, "motto": "fair & firm"}))
    hidden = layout.render(replace(a_document(), texts={**TEXTS, "motto": ""}))
    assert words(shown)["word/footer1.xml"] == "FAIR & FIRM Page 1 of 1"
    assert words(hidden)["word/footer1.xml"] == "Page 1 of 1"
    assert [read_docx(x)[0].text == "None." for x in (shown, hidden)] == [False, True]


def test_the_closing_is_never_alone_on_a_page() -> None:
    body = xml(rendered(a_document(paragraph("First."), paragraph("Last.")))["word/document.xml"])
    kept = [x for x in body.iter(f"{W}p") if x.find(f"{W}pPr/{W}keepNext") is not None]
    assert ["".join(map(str, x.itertext())) for x in kept] == ["First.", "Last."]


def test_a_slot_in_a_table_cell_leaves_the_cell_a_paragraph() -> None:
    slot = line("{{p letter_delivery }}")
    row = f"<w:tr><w:tc><w:tcPr/>{slot}</w:tc></w:tr>"
    table = f'<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="5000"/></w:tblGrid>{row}</w:tbl>'
    body = "word/document.xml"
    edits = (body, "{{p letter_delivery }}", "{# moved #}"), (body, "<w:body>", f"<w:body>{table}")
    layout = WordLayout(a_layout(*edits), PLACE)
    for document in (DOCUMENTS["plain"], DOCUMENTS["empty slots"]):
        letter = xml(rendered(document, layout)[body])
        assert [c[-1].tag for c in letter.iter(f"{W}tc")] == [f"{W}p"]


def test_a_layout_with_problems_makes_no_letter() -> None:
    layout = WordLayout(a_layout(("word/document.xml", "{{p letter_body }}", "")), PLACE)
    with pytest.raises(ProblemsFound, match=r"The slot {{p letter_body }} is missing"):
        layout.render(DOCUMENTS["plain"])


def test_a_text_the_letter_lacks_is_a_problem_and_no_gap() -> None:
    with pytest.raises(ProblemsFound, match=r"footer: {{ of_label }} is not a placeholder"):
        LAYOUT.render(replace(a_document(), texts={"page_label": "Page", "document_title": "x"}))
