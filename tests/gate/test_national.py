"""National reports as people save them: PDF, Word, web page or text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from docx import Document
from pikepdf import Dictionary, Name, Pdf
from weasyprint import HTML

from letters import Project, RoundTemplates, merge_letter
from letters.errors import LettersError, Place
from letters.gate.claims import ClaimContext, standing_problems
from letters.gate.printed import occurrences
from letters.gate.quantities import Groups
from letters.gate.report import Report, comparable, folded, report_text
from letters.model import Claim, Nouns
from tests.builders import write
from tests.rounds.lost_property import FOLDER, REPORT, ROUND_YAML, Publishable

ROOT = Path(__file__).parents[2]
SENTENCE = "Seventeen forces’ plans had made real progress"
PLACE = Place("round.yaml", 1)
READING = ClaimContext(Groups(()), Nouns(), {}, {})


def stands(words: str, text: str) -> bool:
    """Whether words stand in a report of this text."""
    return any(occurrences(comparable(words), Report("report.txt", text)))


@pytest.mark.parametrize(
    "page",
    [
        f"<p>{SENTENCE}.</p>",
        "<p>Seventeen\n   forces’ <b>plans</b> had<br>made r<em>eal</em> progress</p>",
        "<ul><li>Seventeen forces' plans had made<!-- not --> <a href='x'>real progress</a></ul>",
    ],
)
def test_a_web_page_reads_as_it_is_seen(tmp_path: Path, page: str) -> None:
    write(tmp_path / "report.html", f"<html><head><title>No</title></head><body>{page}</body>")
    text = report_text(tmp_path / "report.html")
    assert stands(SENTENCE, text)
    assert "No" not in text
    assert "not" not in text


def test_blocks_of_a_page_stand_apart(tmp_path: Path) -> None:
    write(tmp_path / "report.html", "<p>Seven<p>teen forces<script>forces</script>")
    assert report_text(tmp_path / "report.html") == "Seven\nteen forces"


def test_a_word_report_is_read_with_its_tables_and_headers(tmp_path: Path) -> None:
    report = Document()
    report.add_heading("Findings", 1)
    report.add_paragraph("Seventeen forces’ plans ").add_run("had made real progress.").bold = True
    report.add_table(1, 1).cell(0, 0).text = "Two forces had not."
    report.sections[0].header.paragraphs[0].text = "A national report"
    report.save(str(tmp_path / "report.docx"))
    text = report_text(tmp_path / "report.docx")
    for sentence in (SENTENCE, "Two forces had not", "A national report"):
        assert stands(sentence, text)


def test_what_a_word_report_does_not_print_is_not_read(tmp_path: Path) -> None:
    report = Document()
    line = report.add_paragraph("Seventeen")
    line.add_run("3").font.superscript = True
    line.add_run(" thirty").font.strike = True
    line.add_run(" forty").font.hidden = True
    line.add_run(" forces on the 4")
    line.add_run("th").font.superscript = True
    line.add_run(" of May")
    report.save(str(tmp_path / "report.docx"))
    assert report_text(tmp_path / "report.docx") == "Seventeen forces on the 4th of May"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_page_is_read_in_the_encodings_of_its_day(encoding: str, tmp_path: Path) -> None:
    write(tmp_path / "report.html", "<p>Forces’ plans – Siân’s</p>".encode(encoding))
    assert report_text(tmp_path / "report.html") == "Forces' plans – Siân's"


def test_words_parted_at_the_end_of_a_line_are_joined(tmp_path: Path) -> None:
    lines = ("We saw thirty-", "seven of the detec-", "tion rooms, all well-lit.")
    write(tmp_path / "report.pdf", untagged(lines))
    assert report_text(tmp_path / "report.pdf") == (
        "We saw thirty-seven of the detection rooms, all well-lit."
    )


def untagged(lines: Sequence[str]) -> bytes:
    """A PDF as a printer driver makes it: lines of text, and no tags."""
    pdf = Pdf.new()
    page = pdf.add_blank_page()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.Resources = Dictionary(Font=Dictionary(F=pdf.make_indirect(font)))
    shown = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
    page.Contents = pdf.make_stream(f"BT /F 12 Tf 72 700 Td {shown}ET".encode("latin-1"))
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_a_pdf_is_read_across_its_lines_and_pages(tmp_path: Path) -> None:
    round_ = Project.load(ROOT).round("2017-abuse-of-position")
    letter, round_templates = merge_letter(round_, "merseyside"), RoundTemplates.load(round_)
    pdf = round_templates.render(round_templates.typeset(letter), "pdf").content
    write(tmp_path / "report.pdf", pdf)
    text = report_text(tmp_path / "report.pdf")
    source = (ROOT / "tests/real_letters/letter-merseyside-2017-10-02.txt").read_text(
        encoding="utf-8"
    )
    for paragraph in [line for line in source.replace("*", "").splitlines() if len(line) > 200]:
        assert stands(paragraph, text)


@pytest.mark.parametrize("content", [b"Forces\x92 plans", "Forces’ plans".encode("utf-8-sig")])
def test_a_text_is_read_in_the_encodings_of_its_day(tmp_path: Path, content: bytes) -> None:
    write(tmp_path / "report.txt", content)
    assert report_text(tmp_path / "report.txt") == "Forces' plans"


@pytest.mark.parametrize("name", ["report.pdf", "report.docx"])
def test_a_report_that_is_none_is_told(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, b"not such a file")
    with pytest.raises(LettersError):
        report_text(tmp_path / name)


def test_an_unreadable_report_is_a_reason(tmp_path: Path) -> None:
    round_ = Publishable(tmp_path, after={ROUND_YAML: ("file: report.txt", "file: report.pdf")})
    (round_.root / REPORT).rename(round_.root / FOLDER / "report.pdf")
    assert round_.refusal(judged=False) == {
        "printed": [
            f"{FOLDER}/report.pdf: The national report cannot be read: It is no PDF."
            " Save it again from its source."
        ]
    }


def test_a_claim_is_looked_up_where_it_is_said_to_stand(tmp_path: Path) -> None:
    release = "  file: report.txt\n  press_release: {file: news.txt}\n"
    claim = "Two-thirds of forces had started\n"
    round_ = Publishable(tmp_path, after={ROUND_YAML: ("  file: report.txt\n", release)})
    round_.change({ROUND_YAML: (claim, f"{claim}    printed_in: press release\n")})
    write(round_.root / FOLDER / "news.txt", "Three quarters of forces had started.")
    (problem,) = round_.refusal(judged=False)["printed"]
    assert problem.endswith(
        "'Two-thirds of forces had started' is not in news.txt."
        " It says 'Three quarters of forces had started.'"
    )
    write(round_.root / FOLDER / "news.txt", "Two\u2010thirds of\nforces had started.")
    assert list(round_.refusal(judged=False)) == ["claimed"]  # the report says it too


def test_what_is_printed_elsewhere_is_not_looked_up(tmp_path: Path) -> None:
    claim = "Two-thirds of forces had started\n"
    changes = {ROUND_YAML: (claim, f"{claim}    printed_in: elsewhere\n")}
    round_ = Publishable(tmp_path, before={**changes, REPORT: ("Two-thirds of", "The")})
    assert round_.refusal(judged=False) == {}


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("Eighteen forces’ plans had made real progress.", "It says '{}'"),
        ("Nothing of the kind is written here.", "Quote the sentence as it is printed."),
        ("", "Quote the sentence as it is printed."),
    ],
)
def test_the_nearest_sentence_is_offered(text: str, fix: str) -> None:
    report = Report("report.txt", folded(text))
    (problem,) = standing_problems(Claim(sentence=SENTENCE), report, READING, PLACE)
    said = f"round.yaml:1: '{SENTENCE}' is not in report.txt. "
    assert str(problem) == said + fix.format(folded(text))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("only two forces … Larkby Constabulary and Moor Police", True),
        ("Only two forces [...] in place: … Moor Police.", True),
        ("only two forces … Moor", True),
        ("only two forces … Moo", False),
        ("Moor Police … only two forces", False),
        ("two forces already … have plans", False),
    ],
)
def test_an_ellipsis_leaves_words_out(sentence: str, expected: bool) -> None:
    text = "Only two forces already had plans in place: Larkby Constabulary and Moor Police."
    assert stands(sentence, text) is expected


def test_an_ellipsis_does_not_join_far_apart_words() -> None:
    assert not stands("two forces … plans", f"two forces {'x ' * 300} plans")


@pytest.mark.parametrize("tagged", [False, True])
def test_raised_marks_of_notes_are_no_part_of_a_number_in_a_pdf(
    tagged: bool, tmp_path: Path
) -> None:
    page = (
        "<!doctype html><html lang=en><title>x</title><style>h2 {letter-spacing: .4em}</style>"
        "<h2>SEVENTEEN FORCES HAD BEGUN</h2>"
        "<p>In 17<sup>1</sup> forces, and in 24<sup>2, 3</sup> others, on the 1<sup>st</sup> of"
        " May.</p>"
        "<p>All<sup>*</sup> of 43<sup>[4]</sup> forces.</p>"
    )
    HTML(string=page).write_pdf(tmp_path / "report.pdf", pdf_tags=tagged)
    assert report_text(tmp_path / "report.pdf").splitlines() == [
        "SEVENTEEN FORCES HAD BEGUN",
        "In 17 forces, and in 24 others, on the 1st of May.",
        "All of 43 forces.",
    ]
