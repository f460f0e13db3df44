"""Two editions: what is private is in the letter as sent, and in no byte that is published."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pikepdf import Pdf, StreamDecodeLevel

from letters import Project
from letters.document import as_read
from letters.merge import letters_of, published_edition
from letters.preview.state import PreviewState
from letters.publish import withdraw
from letters.render.readback import read_docx, read_html, read_pdf
from letters.render.round_templates import RoundTemplates
from tests.builders import approve, changed, contents
from tests.rounds.found_property import (
    LATER,
    LETTER,
    ROUND,
    ROUND_ID,
    a_publishable,
    out_of,
    published,
    site_of,
)

PRIVATE_ROUND = changed(
    changed(ROUND, "sent:", "private: [contact_phone, contact_email, signature]\nsent:"),
    "  remark:\n    type: text\n",
    "  source:\n    type: rich text\n    private: yes\n"
    "  remark:\n    type: text\n    private: yes\n",
)
PRIVATE_LETTER = changed(
    LETTER,
    "{% if shelves %}",
    "{% if source %}\nOur source:\n\n{{ source }}\n{% endif %}\n\n"
    "{% if addressee_postal %}\nBy post to {{ addressee_postal }},\n"
    "and to {{ addressee_email }}.\n{% endif %}\n\n"
    "{% if copied_to_email %}\nA copy went to {{ copied_to_email }}.\n{% endif %}\n\n"
    "{% if shelves %}",
)
PRIVATE_RECORDS = """\
force,outcome,finding,shelves,remark,source
northmoor,in-place,All is well.,-12,Sergeant Oake’s *own* words,A call from **Briony Tallow**.
southmoor,not-started,Nothing is *labelled*.,,,
eastmere; westmere,not-started,The store is shared.,7,,
"""
SECRETS = (
    "01632 960777",
    "jo.ferrow@inspectorate.example",
    "Sergeant Oake",
    "Briony Tallow",
    "ada.thorne@northmoor.example",
    "Northmoor House",
    "1 Fell Lane",
    "office@commissioner-northmoor.example",
)
PUBLIC = "Jo Ferrow"


def a_private_publication(root: Path) -> Path:
    changes = {"round": PRIVATE_ROUND, "letter": PRIVATE_LETTER, "records": PRIVATE_RECORDS}
    approve(a_publishable(root, **changes))
    published(root)
    return root


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_private_publication(tmp_path_factory.mktemp("private"))


def layers(name: str, content: bytes) -> Iterator[bytes]:
    """A file's bytes, and those of all that is packed inside it."""
    yield content
    if name.endswith((".docx", ".zip", ".xlsx")):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for part in package.namelist():
                yield part.encode()
                yield from layers(part, package.read(part))
    if name.endswith(".pdf"):
        yield " ".join(passage.text for passage in read_pdf(content)).encode()
        with Pdf.open(io.BytesIO(content)) as pdf:
            yield from (repr(each).encode() for each in pdf.objects)
            out = io.BytesIO()
            pdf.save(out, qdf=True, stream_decode_level=StreamDecodeLevel.all)
            yield out.getvalue()
    if name.startswith("letters/") and (name.endswith(".docx") or b'class="letter"' in content):
        read = read_docx if name.endswith(".docx") else read_html
        yield " ".join(passage.text for passage in read(content)).encode()


def spellings(secret: str) -> list[bytes]:
    """A value as files may hold it: in several encodings, escaped, in pieces of hexadecimal."""
    ways = (secret, secret.replace(" ", "&nbsp;"), secret.replace("@", "&#64;"))
    coded = [way.encode(code) for way in ways for code in ("utf-8", "utf-16-be", "utf-16-le")]
    return [*coded, secret.encode().hex().encode(), secret.encode("utf-16-be").hex().encode()]


def with_spaces(layer: bytes) -> bytes:
    """The bytes with a space wherever one is at which no line ends, in each encoding."""
    for code in ("utf-8", "utf-16-be", "utf-16-le"):
        layer = layer.replace("\u00a0".encode(code), " ".encode(code))
    return layer


def holding(files: Mapping[str, bytes], secret: str) -> set[str]:
    """The files that hold a value anywhere."""
    wanted = [spelling.lower() for spelling in spellings(secret)]
    return {
        name
        for name, content in files.items()
        for layer in layers(name, content)
        for text in (layer.lower(), re.sub(rb"\s+", b" ", with_spaces(layer.lower())))
        if any(spelling in text for spelling in wanted)
    }


@pytest.mark.parametrize("secret", SECRETS)
def test_no_byte_of_what_is_published_holds_a_private_value(project: Path, secret: str) -> None:
    assert holding(contents(site_of(project)), secret) == set()


def test_the_search_finds_what_is_public_in_every_kind_of_file(project: Path) -> None:
    found = holding(contents(site_of(project)), "All is well")
    assert {"letters/northmoor.pdf", "letters/northmoor.docx", "letters/northmoor.html"} <= found
    assert {"letters.zip", "assessments.csv", "assessments.json"} <= found
    assert "letters/northmoor.pdf" in holding(contents(site_of(project)), "Found property – North")


def test_the_letter_as_sent_holds_what_is_private(project: Path) -> None:
    round_ = Project.load(project).round()
    round_templates = RoundTemplates.load(round_)
    document = round_templates.typeset(letters_of(round_)[0])
    sent = {
        f"letters/northmoor.{format_}": round_templates.render(document, format_).content
        for format_ in ("pdf", "docx")
    }
    assert document.slots["letter_signature"]
    assert {secret: holding(sent, secret) for secret in SECRETS} == {s: {*sent} for s in SECRETS}


def test_both_editions_read_well(project: Path) -> None:
    round_ = Project.load(project).round()
    round_templates = RoundTemplates.load(round_)
    sent = letters_of(round_)[1]
    pages = [
        [
            as_read(p.text)
            for p in read_html(
                round_templates.render(round_templates.typeset(each), "html").content
            )
        ]
        for each in (sent, published_edition(sent))
    ]
    call = "Please call Jo Ferrow on 01632 960777, or write to jo.ferrow@inspectorate.example."
    assert (call in pages[0], call in pages[1]) == (True, False)
    assert "Please write to Inspectorate of Invented Forces." in pages[1]
    assert "Signature of Beatrix Merriden" in pages[0]
    assert "Signature of Beatrix Merriden" not in pages[1]


def test_the_signature_is_in_no_published_file(project: Path) -> None:
    site = contents(site_of(project))
    with zipfile.ZipFile(io.BytesIO(site["letters/northmoor.docx"])) as package:
        pictures = [package.read(name) for name in package.namelist() if "media" in name]
    signature = (project / "rounds/2026-found-property/signature.png").read_bytes()
    assert signature not in pictures
    assert not [p for p in read_pdf(site["letters/northmoor.pdf"]) if p.kind == "figure"]
    assert b"data:image" not in site["letters/northmoor.html"]


def test_private_columns_are_not_even_named(project: Path) -> None:
    site = contents(site_of(project))
    header = site["assessments.csv"].decode("utf-8-sig").splitlines()[0].split(",")
    assert not {"remark", "source"} & set(header)
    assert b"<code>remark</code>" not in site["data.html"]


def test_the_contact_is_named_without_its_direct_line(project: Path) -> None:
    assert holding(contents(site_of(project)), PUBLIC) >= {"index.html", "accessibility.html"}


def test_a_withdrawal_lets_nothing_private_out(tmp_path: Path) -> None:
    project = a_private_publication(tmp_path)
    round_ = Project.load(project).round()
    withdraw(round_, "southmoor", now=LATER, out=out_of(project), note="An error.")
    site = contents(site_of(project))
    assert {secret: holding(site, secret) for secret in SECRETS} == {s: set() for s in SECRETS}


def test_approval_covers_the_published_edition_too(project: Path) -> None:
    text = (project / "rounds/2026-found-property/approved/northmoor.txt").read_text("utf-8")
    assert "01632 960777" in text
    assert "Please write to Inspectorate of Invented Forces." in text


@pytest.mark.parametrize("published", [False, True])
def test_the_preview_shows_either_edition(project: Path, published: bool) -> None:
    desk = PreviewState(project, ROUND_ID, published=published)
    desk.read()
    page = desk.file("southmoor", "html")
    assert page
    assert ("01632\u00a0960777".encode() in page.content) is not published
