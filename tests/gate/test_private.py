"""What a round keeps private is found wherever it would be published, and the desk is told."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pikepdf
import pytest
from weasyprint import HTML

from letters import Project
from letters.gate.candidate import Candidate
from letters.gate.file_texts import FoundText, texts_of
from letters.gate.private import leaks, repeated
from letters.project import ProjectRound
from tests.builders import changed, contents, write, zipped
from tests.rounds.found_property import AFTER, ROUND, ROUND_ID, a_publishable, out_of
from tests.rounds.stages import RECORD, SITE, a_round, edit, run, sign

FOLDER = f"rounds/{ROUND_ID}"
ROUND_YAML, RECORDS = f"{FOLDER}/round.yaml", f"{FOLDER}/assessments.csv"
PRIVATE_FIELDS = """\
fields:
  source:
    type: text
    private: yes
  notes:
    type: rich text
    private: yes
  called:
    type: date
    private: yes
"""
PRIVATE = changed(
    changed(ROUND, "sent:", "private: [contact_phone, signature]\nsent:"),
    "fields:\n",
    PRIVATE_FIELDS,
)
RECORDS_CSV = """\
force,outcome,finding,shelves,remark,source,notes,called
northmoor,in-place,All is well.,-12,=1+1,Briony Tallow,"1. Ring her on 01632 960123.
2. Told by [Idris Vane](https://example.org).",3 March 2026
southmoor,not-started,Nothing is *labelled*.,,,Jo,,
eastmere; westmere,not-started,The store is shared.,7,,,,
"""
TALLOW = "Briony Tallow"
DOCX, PDF, PAGE = "letters/a.docx", "letters/a.pdf", "letters/a.html"


@pytest.fixture(scope="module")
def round_(tmp_path_factory: pytest.TempPathFactory) -> ProjectRound:
    """A round that keeps a source, notes, a day and a telephone number to itself."""
    root = a_publishable(tmp_path_factory.mktemp("kept"), round=PRIVATE, records=RECORDS_CSV)
    project = Project.load(root)
    assert project.problems == ()
    return project.round()


def found(round_: ProjectRound, text: str) -> list[str]:
    """The private texts that are found in a text."""
    return [p.what.split("' is")[0].lstrip("'") for p in leaks(round_, [FoundText("x", text)])]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("as BRIONY TALLOW said", TALLOW),
        ("as Bríony Tållow said", TALLOW),
        ("as Briony\u00a0Tallow’s note said", TALLOW),
        ("Bri\u200bony\u2003Tal\u00adlow", TALLOW),
        ("as Briony\r\nTallow said", TALLOW),
        ("as Briony Tal-\nlow said", TALLOW),
        ("as Briony Tal\u2010\r\nlow said", TALLOW),
        ("letters/briony-tallow.pdf", TALLOW),
        ("source_briony_tallow", TALLOW),
        ("Briony Tallow1", TALLOW),
        ("or call 01632\u2011960\u2011777.", "01632 960777"),
        ("tel:(01632)960777", "01632 960777"),
        ("call +44 1632 960 777", "01632 960777"),
        ("call +44 (0)1632 960777", "01632 960777"),
        ("call 0044 1632 960777", "01632 960777"),
        ("０１６３２ ９６０７７７", "01632 960777"),
        ("on 01632/960123", "01632 960123"),
        ("Told by Idris Vane.", "Told by [Idris Vane]."),
        ("mailto:Ada.Thorne@Northmoor.example?subject=x", "ada.thorne@northmoor.example"),
        ("at 1 Fell Lane", "1 Fell Lane"),
    ],
)
def test_a_private_text_is_found_however_it_is_written(
    text: str, value: str, round_: ProjectRound
) -> None:
    assert found(round_, text) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "Briony Tallowe said",
        "Obriony Tallow",
        "Tallow, Briony",
        "1 Fell Lanes",
        "01632 9607771",
        "Jo said so",
        "on 2026-03-03, or 3 March 2026",
        "Northmoor Police, Chief Constable Ada Thorne",
    ],
)
def test_other_words_are_no_private_text(text: str, round_: ProjectRound) -> None:
    assert found(round_, text) == []


def drawn(html: str) -> bytes:
    """A PDF of a very narrow page."""
    content: bytes = HTML(string=f"<div style='width: 3.5em; hyphens: manual'>{html}").write_pdf()
    return content


class Edited:
    """A PDF of one blank page, open to be changed."""

    def __init__(self) -> None:
        self.pdf = pikepdf.new()
        self.pdf.add_blank_page()

    @property
    def content(self) -> bytes:
        out = io.BytesIO()
        self.pdf.save(out)
        return out.getvalue()


@pytest.mark.parametrize("html", ["Briony Tallow", "Briony Tal&shy;low"])
def test_lines_of_a_page_end_within_the_text(html: str) -> None:
    page = next(each for each in texts_of({PDF: drawn(html)}) if each.where == f"{PDF}, page 1")
    assert "Briony" in page.text
    assert TALLOW not in page.text


def with_title() -> bytes:
    edited = Edited()
    edited.pdf.docinfo["/Title"] = TALLOW
    return edited.content


def with_xmp() -> bytes:
    edited = Edited()
    with edited.pdf.open_metadata() as metadata:
        metadata["dc:description"] = f"Told by {TALLOW}"
    return edited.content


def with_alternative() -> bytes:
    edited = Edited()
    figure = pikepdf.Dictionary(S=pikepdf.Name.Figure, Alt=pikepdf.String(TALLOW))
    edited.pdf.Root.StructTreeRoot = pikepdf.Dictionary(K=pikepdf.Array([figure]))
    return edited.content


def with_attachment() -> bytes:
    edited = Edited()
    edited.pdf.attachments["notes.txt"] = f"Ask {TALLOW}.".encode()
    return edited.content


def with_record() -> bytes:
    edited = Edited()
    own = pikepdf.Dictionary(Own=pikepdf.Array([pikepdf.String(TALLOW)]))
    edited.pdf.Root.PieceInfo = pikepdf.Dictionary(Letters=pikepdf.Dictionary(Private=own))
    return edited.content


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(part: str, xml: str) -> bytes:
    """A package with one part."""
    return zipped({part: xml.encode()})


SPLIT = (
    f"<w:document {W}><w:body><w:p><w:r><w:t>As Bri</w:t></w:r><w:proofErr/><w:r><w:rPr><w:b/>"
    "</w:rPr><w:t>ony Tall</w:t></w:r><w:r><w:t>ow</w:t></w:r></w:p><w:p><w:r><w:t>said</w:t>"
    "</w:r></w:p></w:body></w:document>"
)
COMMENT = f"<w:comments {W}><w:comment><w:p><w:r><w:t>{TALLOW}</w:t></w:r></w:p></w:comment>"
CORE = f'<x xmlns="urn:core"><creator>{TALLOW}</creator><keywords>letters</keywords></x>'
DRAWN = f'<w:p {W}><w:drawing descr="{TALLOW}"/></w:p>'


@pytest.mark.parametrize(
    ("name", "content", "where"),
    [
        (PAGE, f"<p>As <b>Bri</b>ony <i>Tal</i>low</p>{'x' * 9}", PAGE),
        (PAGE, "<table><tr><td>Briony</td><td>Tallow</td></tr></table>", PAGE),
        (PAGE, "<p>Briony&nbsp;&#84;allow</p>", PAGE),
        (PAGE, f"<p><img alt='{TALLOW}'></p>", f"{PAGE}, its markup"),
        (PAGE, "<a href='mailto:x?subject=Briony%20Tallow'>x</a>", f"{PAGE}, its markup"),
        (PAGE, f"<!-- {TALLOW} --><html><p>x</p></html>", f"{PAGE}, its markup"),
        (PAGE, f"<title>{TALLOW}</title><p>x", PAGE),
        (PDF, drawn("Briony Tallow"), f"{PDF}, page 1"),
        (PDF, drawn("Briony Tal&shy;low"), f"{PDF}, page 1"),
        (PDF, with_title(), f"{PDF}, its metadata"),
        (PDF, with_xmp(), f"{PDF}, its metadata"),
        (PDF, with_alternative(), f"{PDF}, an alternative text"),
        (PDF, with_attachment(), f"{PDF}, an attachment"),
        (PDF, with_record(), f"{PDF}, its record of passages"),
        (DOCX, word("word/document.xml", SPLIT), f"{DOCX}, word/document.xml"),
        (DOCX, word("word/comments.xml", COMMENT + "</w:comments>"), f"{DOCX}, word/comments.xml"),
        (DOCX, word("docProps/core.xml", CORE), f"{DOCX}, docProps/core.xml"),
        (DOCX, word("word/header1.xml", DRAWN), f"{DOCX}, word/header1.xml, its markup"),
        (DOCX, word("word/media/a.png", f"\x00PNG tEXt {TALLOW}"), f"{DOCX}, word/media/a.png"),
        (DOCX, word(f"word/{TALLOW}.xml", "<x/>"), f"{DOCX}, the name of word/{TALLOW}.xml"),
        ("data.csv", f"force,remark\nx,y\nz,As {TALLOW} said", "data.csv, row 3, remark"),
        (
            "manifest.json",
            json.dumps({"publication": {"claims": [{"sentence": f"As {TALLOW} said."}]}}),
            "manifest.json, publication.claims.0.sentence",
        ),
        ("letters.zip", zipped({"a.html": f"<p>{TALLOW}".encode()}), "letters.zip, a.html"),
        ("SHA256SUMS", f"{'0' * 64}  {TALLOW}", "SHA256SUMS"),
        ("report/briony-tallow.txt", "All is well.", "the name of report/briony-tallow.txt"),
    ],
)
def test_a_private_text_is_found_in_every_part_of_every_file(
    name: str, content: str | bytes, where: str, round_: ProjectRound
) -> None:
    bytes_ = content.encode() if isinstance(content, str) else content
    assert list(map(str, leaks(round_, texts_of({name: bytes_})))) == [
        f"{RECORDS}:2 source: 'Briony Tallow' is private (source of Northmoor Police), and would be"
        f" published: {where}. Take it out there. If it is no secret, write the answer under"
        " 'answers' in round.yaml:"
        " - {question: \"private value 'Briony Tallow'\", answer: public, date: …, reason: …}"
    ]


def test_texts_of_a_private_list_are_searched_for(tmp_path: Path) -> None:
    lists = (
        "fields:\n  witnesses:\n    type: list\n    private: yes\n    fields:\n"
        "      name: {type: text}\n      words: {type: rich text}\n"
    )
    root = a_publishable(tmp_path, round=changed(ROUND, "fields:\n", lists))
    file = f"{FOLDER}/assessments-witnesses.csv"
    write(root / file, f"force,name,words\nnorthmoor,{TALLOW},I saw *the amber lantern* fall.\n")
    project = Project.load(root)
    assert project.problems == ()
    for words in (TALLOW, "I saw *the amber lantern* fall."):
        page = texts_of({"a.html": f"<p>He said: {words.replace('*', '')}</p>".encode()})
        (told,) = map(str, leaks(project.round(), page))
        assert told.startswith(f"{file}:2 witnesses: '{words}' is private (witnesses of Northmoor")


PHONE = "01632 960777"
ANSWER = (
    f"- {{question: \"private value '{PHONE}'\", answer: public, date: 4 March 2026,"
    " reason: It is the desk’s own.}"
)
FIX = (
    "Take it out there. If it is no secret, write the answer under 'answers' in round.yaml:"
    f" - {{question: \"private value '{PHONE}'\", answer: public, date: …, reason: …}}\n"
    "1 problem.\n"
)
PLACE = f"{ROUND_YAML}:16 contact"
IS_PRIVATE = f"'{PHONE}' is private (contact_phone of the round), and would be published"


def a_leaking(root: Path, summary: str = f"Call {PHONE}.", record: str = RECORD) -> Path:
    """An approved round that keeps a telephone number to itself, and repeats it."""
    a_round(root)
    edit(ROUND_YAML, "sent:", "private: contact_phone\nsent:")(root)
    edit(ROUND_YAML, "The others have work to do.", summary)(root)
    write(root / RECORDS, record)
    return sign(root)


def test_a_private_number_in_the_summary_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    root = a_leaking(tmp_path)
    status, said = run("-C", root, "check", "--publication")
    assert (status, said.partition(f"\n{PLACE}")[2]) == (
        1,
        f": {IS_PRIVATE}: {ROUND_YAML}:12 summary. {FIX}",
    )
    assert run("-C", root, "publish") == (
        1,
        f"{PLACE}: {IS_PRIVATE}: index.html; manifest.json, publication.summary.1. {FIX}",
    )
    assert not (root / SITE).exists()
    assert run("-C", root, "publish", "--stage")[0] == 1
    assert not (root / f"out/{ROUND_ID}/staged").exists()


def test_a_private_number_in_another_field_is_refused(tmp_path: Path) -> None:
    root = a_leaking(tmp_path, "", changed(RECORD, "Plainly said.", f"Ring {PHONE}."))
    status, said = run("-C", root, "publish")
    assert status == 1
    assert said == (
        f"{PLACE}: {IS_PRIVATE}: assessments.csv, row 2, remark;"
        " assessments.json, assessments.0.remark; letters/northmoor.docx, word/document.xml;"
        f" letters/northmoor.html; letters/northmoor.pdf, page 1; and 1 more. {FIX}"
    )


def test_claims_outcomes_helps_and_the_report_are_searched(tmp_path: Path) -> None:
    told = PRIVATE + (
        "national_report:\n  title: All is kept\n  file: report.html\n"
        f"claims:\n  - sentence: One force, as {TALLOW} said, keeps it.\n    counts: in-place\n"
    )
    told = changed(told, "  in-place: In place", f"  in-place: In place, as {TALLOW} said")
    told = changed(told, "help: What we found.", f"help: What {TALLOW} found.")
    root = a_publishable(tmp_path, round=told, records=RECORDS_CSV)
    write(root / f"{FOLDER}/report.html", "<p>One force, as <b>Briony</b> Tallow said, keeps it.")
    project = Project.load(root)
    candidate = Candidate(project, project.round(), AFTER, out_of(root))
    assert [problem.what for problem in repeated(candidate)] == [
        f"'{TALLOW}' is private (source of Northmoor Police), and would be published:"
        f" {ROUND_YAML}:27 outcomes; {ROUND_YAML}:38 fields; {ROUND_YAML}:52 claims; report.html."
    ]


def test_a_letter_not_approved_yet_is_searched_too(tmp_path: Path) -> None:
    root = a_leaking(tmp_path, "")
    write(root / RECORDS, changed(RECORD, "All is well.", f"Ring {PHONE}."))
    said = run("-C", root, "check", "--publication")[1]
    assert (
        f"{IS_PRIVATE}: {RECORDS}:2 finding; the letter to Northmoor Police. Take it out there."
        in said
    )


def test_a_text_answered_to_be_public_may_be_published(tmp_path: Path) -> None:
    root = a_leaking(tmp_path)
    write(root / ROUND_YAML, (root / ROUND_YAML).read_text("utf-8") + f"answers:\n  {ANSWER}\n")
    assert run("-C", root, "publish")[0] == 0
    edit(ROUND_YAML, f"phone: {PHONE}", "phone: 01632 960778")(root)
    status, said = run("-C", root, "check", "--publication")
    assert status == 1
    assert (
        f"answers: 'private value '{PHONE}'' is asked no more; this answers nothing any more."
        " Delete the entry.\n"
    ) in said


def test_a_note_holds_nothing_private(tmp_path: Path) -> None:
    root = a_leaking(tmp_path, "")
    assert run("-C", root, "publish")[0] == 0
    before = contents(root / SITE)
    assert run("-C", root, "withdraw", "northmoor", "--note", "It gave 01632-960777.") == (
        1,
        f"{PLACE}: {IS_PRIVATE}: the note. {FIX}",
    )
    write(root / RECORDS, changed(RECORD, "All is well.", "Most is well."))
    sign(root)
    status, said = run("-C", root, "publish", "--note", "Call 01632 960 777.")
    assert status == 1
    assert f"{PLACE}: {IS_PRIVATE}: index.html; letters/northmoor.html; manifest.json," in said
    assert contents(root / SITE) == before


def test_what_cannot_be_searched_for_is_listed(tmp_path: Path) -> None:
    root = a_publishable(tmp_path, round=PRIVATE, records=RECORDS_CSV)
    said = run("-C", root, "check", "--publication")[1]
    assert (
        "\nprivate: 'called' is not searched for: its type is 'date'."
        "\nprivate: 'signature' is not searched for: it is a picture."
        "\nprivate: 'source' of Southmoor Constabulary is not searched for: it is shorter than 6"
        " characters.\n"
    ) in said
