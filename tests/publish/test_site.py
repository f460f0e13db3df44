"""What a published folder holds: the letters approved, data that agree, links that lead on."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest
from lxml import html

from letters import Project
from letters.document import passages
from letters.errors import ProblemsFound
from letters.files import digest
from letters.gate.quantities import with_counts
from letters.publish.assessments import neutral
from letters.publish.manifest import compare
from letters.publish.pages import kilobytes, percentage
from letters.render.readback import read_docx, read_html, read_pdf
from letters.render.round_templates import RoundTemplates
from tests.builders import approve, changed, contents
from tests.render.documents import folded
from tests.rounds.found_property import (
    LETTER,
    RECORDS,
    ROUND,
    a_publishable,
    published,
    round_folder,
    site_of,
)

LETTERS = ("northmoor", "southmoor", "eastmere-and-westmere")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("published")
    approve(a_publishable(root))
    published(root)
    return root


@pytest.fixture(scope="module")
def site(project: Path) -> dict[str, bytes]:
    return contents(site_of(project))


def text_of(page: bytes) -> str:
    tree = html.document_fromstring(page.decode())
    main = next(tree.iter("main"))
    return " ".join(" ".join(map(str, main.itertext())).split())


def test_the_site_holds_a_page_and_two_files_a_letter_and_nothing_unexpected(
    site: dict[str, bytes],
) -> None:
    letters = {f"letters/{id_}.{ending}" for id_ in LETTERS for ending in ("html", "pdf", "docx")}
    shared = {"index.html", "data.html", "accessibility.html", "assets/site.css", "assets/site.js"}
    data = {"assessments.csv", "assessments.json", "letters.zip", "manifest.json", "SHA256SUMS"}
    assert site.keys() == letters | shared | data


def test_every_form_of_every_letter_says_what_the_record_and_the_wording_say(
    project: Path, site: dict[str, bytes]
) -> None:
    from letters.merge import letters_of

    round_ = Project.load(project).round()
    round_templates = RoundTemplates.load(round_)
    for letter in letters_of(round_):
        said = folded(passages(round_templates.typeset(letter)))
        assert folded(read_html(site[f"letters/{letter.id}.html"])) == said
        assert folded(read_pdf(site[f"letters/{letter.id}.pdf"])) == said
        assert folded(read_docx(site[f"letters/{letter.id}.docx"])) == said


def test_the_landing_page_reads_as_a_publication(site: dict[str, bytes]) -> None:
    said = text_of(site["index.html"])
    pdf = kilobytes(len(site["letters/northmoor.pdf"]))
    word = kilobytes(len(site["letters/northmoor.docx"]))
    for words in (
        "Found property From Inspectorate of Invented Forces Published on 9 March 2026",
        "Publication types Letter, Inspection of forces",
        "Of 4 forces, 1 keep found property as they should. The others have work to do.",
        "Get the letter for your force Find your force in the table of letters",
        "4 forces assessed. 3 forces: Not started; 1 force: In place.",
        "Not started 3 75% In place 1 25% All forces 4 100%",
        f"Northmoor Police In place PDF, {pdf}, 1 page of the letter to Northmoor Police "
        f"Word, {word} of the letter to Northmoor Police",
        "Contact Jo Ferrow",
    ):
        assert words in said
    assert "Get the national report" not in said


def test_a_letters_page_says_who_wrote_to_whom_and_when(site: dict[str, bytes]) -> None:
    said = text_of(site["letters/eastmere-and-westmere.html"])
    assert said.startswith(
        "Letter Eastmere Police and Westmere & Llŷn Police "
        "From Inspectorate of Invented Forces "
        "To Chief Constable Eastmere Police Chief Constable Westmere & Llŷn Police "
        "Sent on 2 March 2026 Published on 9 March 2026 Outcome Not started "
        "Download this letter of Eastmere Police and Westmere & Llŷn Police (PDF, "
    )


def test_report_and_press_release_are_linked_or_copied(tmp_path: Path) -> None:
    report = """\
national_report:
  title: The national report
  file: national report.txt
  press_release:
    address: https://inspectorate.example/news
outcomes:"""
    a_publishable(tmp_path, round=changed(ROUND, "outcomes:", report))
    (round_folder(tmp_path) / "national report.txt").write_text("All is said.\n", "utf-8")
    approve(tmp_path)
    published(tmp_path)
    site = contents(site_of(tmp_path))
    assert site["report/national-report.txt"] == b"All is said.\n"
    said = text_of(site["index.html"])
    assert "Get the national report The national report (Text, 1 kB)" in said
    assert "Get the press release Press release" in said
    assert b'<a href="report/national-report.txt">' in site["index.html"]
    assert b'<a href="https://inspectorate.example/news">Press release</a>' in site["index.html"]


def test_an_address_that_would_lead_into_the_site_itself_is_refused(tmp_path: Path) -> None:
    report = "national_report: {title: The report, address: www.example.org/x}\noutcomes:"
    approve(a_publishable(tmp_path, round=changed(ROUND, "outcomes:", report)))
    with pytest.raises(ProblemsFound) as refused:
        published(tmp_path)
    assert str(refused.value) == (
        "rounds/2026-found-property/round.yaml:24 national_report: 'www.example.org/x' is not a "
        "web address. Write it whole, such as https://www.example.org/report."
    )


def test_the_accessibility_statement_is_what_the_judges_found(site: dict[str, bytes]) -> None:
    said = text_of(site["accessibility.html"])
    assert "Each letter can be had in 3 forms that say the same, word for word." in said
    assert "PDF PDF/UA-1 and PDF/A-2a 3 0" in said
    assert "Web page HTML; WCAG 2.2 for headings, tables, pictures and languages 3 0" in said
    assert "Nothing was found: these files conform as far as programs can tell." in said


def rows(site: dict[str, bytes]) -> list[dict[str, str]]:
    text = site["assessments.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_csv_says_what_the_records_say_with_formulas_made_harmless(
    site: dict[str, bytes],
) -> None:
    north, south, joint = rows(site)
    assert north == {
        "force": "northmoor",
        "force_name": "Northmoor Police",
        "outcome": "in-place",
        "outcome_title": "In place",
        "finding": "All is well.",
        "shelves": "-12",
        "remark": "'=1+1",
        "published": "2026-03-09",
        "updated": "",
        "status": "published",
        "letter": "letters/northmoor.html",
    }
    assert (south["finding"], south["remark"]) == ("Nothing is *labelled*.", "")
    assert (joint["force"], joint["remark"]) == ("eastmere; westmere", "'+44, plainly")
    assert site["assessments.csv"].startswith(b"\xef\xbb\xbfforce,")
    assert site["assessments.csv"].count(b"\r\n") == 4


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+44 1632", "'+44 1632"),
        ("-12 chairs", "'-12 chairs"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        ("1=1", "1=1"),
        ("a-b", "a-b"),
        ("", ""),
    ],
)
def test_text_that_a_spreadsheet_would_calculate(text: str, written: str) -> None:
    assert neutral(text) == written


def test_the_json_holds_every_value_as_it_is_and_says_what_columns_mean(
    site: dict[str, bytes],
) -> None:
    found = json.loads(site["assessments.json"])
    assert [row["remark"] for row in found["assessments"]] == ["=1+1", None, "+44, plainly"]
    assert [column["name"] for column in found["columns"]] == list(rows(site)[0])
    assert {"name": "shelves", "type": "number", "help": "Shelves counted."} in found["columns"]
    said = text_of(site["data.html"])
    assert "shelves number Shelves counted." in said
    assert [row["outcome"] for row in found["assessments"]].count("in-place") == 1


def test_the_archive_holds_the_letters_and_nothing_else(site: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(site["letters.zip"])) as package:
        inside = {f"letters/{name}": package.read(name) for name in package.namelist()}
    files = {n: c for n, c in site.items() if re.fullmatch(r"letters/.*\.(pdf|docx)", n)}
    assert inside == files


def test_the_manifest_knows_every_file_record_template_and_version(
    project: Path, site: dict[str, bytes]
) -> None:
    found = json.loads(site["manifest.json"])
    assert found["files"] == {
        name: {"sha256": digest(content), "size": len(content)}
        for name, content in site.items()
        if name not in ("manifest.json", "SHA256SUMS")
    }
    sums = [f"{digest(content)}  {n}" for n, content in site.items() if n != "SHA256SUMS"]
    assert site["SHA256SUMS"].decode().splitlines() == sorted(sums, key=lambda line: line[66:])
    publication = found["publication"]
    assert [letter["id"] for letter in publication["letters"]] == list(LETTERS)
    assert re.fullmatch(r"[0-9a-f]{64}", publication["templates"])
    assert all(re.fullmatch(r"[0-9a-f]{64}", each["record"]) for each in publication["letters"])
    software = publication["software"]
    assert software["weasyprint"] == "70.0"
    assert re.fullmatch(r"1\.\d+, SHA-256 [0-9a-f]{64}", software["font Arimo-Regular.ttf"])
    assert compare(site_of(project)) == ()


def links(page: bytes) -> list[str]:
    tree = html.document_fromstring(page.decode())
    found = [e.get(name) for e in tree.iter() for name in ("href", "src")]
    return [link for link in found if link and not re.match(r"(https?|mailto|tel|data):", link)]


def dangling(site: dict[str, bytes]) -> list[str]:
    """Links inside a site that lead nowhere, fragments included."""
    ids = {
        name: {e.get("id") for e in html.document_fromstring(page.decode()).iter() if e.get("id")}
        for name, page in site.items()
        if name.endswith(".html") and not name.startswith("report/")
    }
    lost = []
    for name in ids:
        for link in links(site[name]):
            path, _, fragment = unquote(urljoin(f"/{name}", link)).lstrip("/").partition("#")
            if path not in site or (fragment and fragment not in ids[path]):
                lost.append(f"{name}: {link}")
    return lost


def test_every_internal_link_leads_somewhere_from_any_sub_path(site: dict[str, bytes]) -> None:
    assert dangling(site) == []
    pages = [page for name, page in site.items() if name.endswith(".html")]
    assert [link for page in pages for link in links(page) if link.startswith("/")] == []


def test_the_same_project_gives_the_same_bytes(site: dict[str, bytes], tmp_path: Path) -> None:
    approve(a_publishable(tmp_path))
    published(tmp_path)
    assert contents(site_of(tmp_path)) == site


def test_awkward_names_and_values_come_out_as_themselves(tmp_path: Path) -> None:
    awkward = "<script>alert('é')</script> & {{ x }}"
    records = changed(RECORDS, "=1+1", awkward)
    approve(a_publishable(tmp_path, records=records))
    published(tmp_path)
    site = contents(site_of(tmp_path))
    page = site["letters/northmoor.html"].decode()
    assert "<script>" not in page
    assert awkward in text_of(site["letters/northmoor.html"])
    assert rows(site)[0]["remark"] == awkward


def test_a_summary_that_counts_what_is_no_outcome_is_refused(tmp_path: Path) -> None:
    text = changed(ROUND, "{{ in-place }}", "{{ in-palce + all }}")
    approve(a_publishable(tmp_path, round=text))
    with pytest.raises(ProblemsFound) as refused:
        published(tmp_path)
    assert str(refused.value) == (
        "rounds/2026-found-property/round.yaml:9 summary: 'in-palce' is not an outcome that can "
        "be counted. Did you mean 'in-place'?"
    )
    assert not site_of(tmp_path).exists()


def test_counts_in_a_summary() -> None:
    counts = {"a": 11, "b": 15, "c-d": 2}
    said = with_counts("{{ b + c-d }} of {{all}}, {{ a }} not.", counts)
    assert said == "17 of 28, 11 not."


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(11, 43, "26%"), (0, 43, "0%"), (1, 400, "under 1%"), (1, 8, "13%"), (43, 43, "100%")],
)
def test_shares(part: int, whole: int, said: str) -> None:
    assert percentage(part, whole) == said


@pytest.mark.parametrize(
    ("size", "said"),
    [(1, "1 kB"), (162_400, "162 kB"), (999_499, "999 kB"), (999_500, "1.0 MB")],
)
def test_sizes(size: int, said: str) -> None:
    assert kilobytes(size) == said


def test_the_wording_of_the_test_prints_what_the_data_hold() -> None:
    assert all(f"{{{{ {name} }}}}" in LETTER for name in ("finding", "remark", "shelves"))
