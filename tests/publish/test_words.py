"""Words that formats could take otherwise, from the wording to `letters verify`."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from pdfminer.high_level import extract_text

from letters.cli import cli
from letters.document import Passage, as_read
from letters.render.readback import read_docx, read_html, read_pdf
from tests.builders import approve, changed
from tests.rounds.found_property import LETTER, RECORDS, ROUND, a_publishable, site_of

SPACES = "\u00a0\u202f\u2009\u2007\u200a\u2003\u205f\u3000"
APPROVED = datetime(2020, 3, 3, 9, 0, tzinfo=UTC)


def letters(project: Path, *arguments: str) -> tuple[int, str]:
    """Exit status and all that is printed."""
    result = CliRunner().invoke(cli, ["-C", str(project), *arguments])
    return result.exit_code, result.output


def published(folder: Path, wording: str, value: str = "plainly") -> Path:
    """The site of a round whose letters hold these words in the wording and in a value."""
    a_publishable(
        folder,
        round=ROUND.replace("March 2026", "March 2020"),
        letter=changed(LETTER, "{{ finding }}", f"{wording}\n\n{{{{ finding }}}}"),
        records=changed(RECORDS, "plainly", value),
    )
    approve(folder, at=APPROVED)
    assert letters(folder, "build")[0] == 0
    status, said = letters(folder, "publish")
    assert (status, said.split(" in ")[0]) == (0, "Published 3 letters")
    return site_of(folder)


def sound(site: Path) -> tuple[int, str]:
    return 0, f"{site}: every file as published; 9 files of letters checked; no faults.\n"


def test_spaces_of_every_kind_are_no_fault(tmp_path: Path) -> None:
    wording = "\n\n".join(f"Section{c}8 of{c}{c}the{c} *Act{c}of* 1996." for c in SPACES)
    value = " ".join(f"shelf{c}two{c}{c}of {c}three" for c in SPACES)
    site = published(tmp_path, wording, value)
    assert letters(tmp_path, "verify", str(site)) == sound(site)


def test_soft_hyphens_within_lines_and_at_their_ends_are_no_fault(tmp_path: Path) -> None:
    site = published(tmp_path, " ".join(("in\u00adspec\u00adtion",) * 60))
    (pdf,) = site.rglob("northmoor.pdf")
    drawn = extract_text(pdf).splitlines()
    assert {line.split()[-1][-1] for line in drawn if line.startswith("inspec")} == {"‐"}
    assert letters(tmp_path, "verify", str(site)) == sound(site)


def test_a_word_beside_such_a_space_is_compared(tmp_path: Path) -> None:
    folder = published(tmp_path, "Section\u00a08 of the Act.").parent / "letters"
    page = folder / "northmoor.html"
    page.write_text(changed(page.read_text("utf-8"), "Section\u00a08", "Section\u00a09"), "utf-8")
    status, said = letters(tmp_path, "verify", str(folder))
    assert status == 1
    assert "The words differ: 'Section 9 of' here is 'Section 8 of' in northmoor.docx." in said
    assert said.count("differ") == 1


def test_a_bare_address_is_published_as_typed(tmp_path: Path) -> None:
    address = "https://example.org/_report_/x"
    site = published(tmp_path, f"See {address} and *read* it.")
    assert letters(tmp_path, "verify", str(site)) == sound(site)
    told = Passage("paragraph", "", f"See {address} and read it.")
    for read, ending in ((read_docx, "docx"), (read_html, "html"), (read_pdf, "pdf")):
        (file,) = site.rglob(f"northmoor.{ending}")
        assert told in read(file.read_bytes())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Section\u00a08", "Section 8"),
        ("\u202f1\u2009204 \u3000", "1 204"),
        ("in\u00adspec\u200btion", "inspection"),
        ("\ufeffAct\u2060s", "Acts"),
        ("well\u2011known", "well\u2011known"),
    ],
)
def test_words_are_compared_in_one_form(text: str, words: str) -> None:
    assert as_read(text) == words
