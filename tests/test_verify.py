"""`verify`: files and folders, veraPDF where it is, one wording in all formats."""

import os
import shutil
from pathlib import Path

import pikepdf
import pytest

from letters.errors import LettersError, UsageError
from letters.validators.same_words import compare_formats
from letters.verify import has_verapdf, verapdf_findings, verify
from tests.broken_files.case import STRUCTURES
from tests.broken_files.docx import BODY, replaced
from tests.broken_files.pdf_changes import edited, with_smooth_image, without_title
from tests.builders import write
from tests.external import VERAPDF

AMPERSAND = (
    "'Zoë Brânt-Lacey QPM, BA (Hons) Chief Constable Fennimarsh t…': The words differ:"
    " 'Fennimarsh the' here is 'Fennimarsh & the' in letter.html. (letters: one wording)"
)


@pytest.fixture
def letter(example_out: Path, tmp_path: Path) -> Path:
    """A letter in its three formats, in a folder of its own."""
    for path in (example_out / "letters").glob(f"{STRUCTURES}.*"):
        shutil.copy(path, tmp_path / f"letter{path.suffix}")
    return tmp_path


@pytest.fixture
def _no_verapdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")


@pytest.fixture
def _verapdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(VERAPDF), prepend=os.pathsep)


def said(folder: Path) -> dict[str, list[str]]:
    return {v.path.name: list(map(str, v.findings)) for v in verify([folder]) if v.findings}


def change(path: Path, content: bytes) -> None:
    path.write_bytes(content)


@pytest.mark.usefixtures("_no_verapdf")
def test_a_sound_letter_has_no_finding(letter: Path) -> None:
    verdicts = verify([letter])
    assert [v.path.name for v in verdicts] == ["letter.docx", "letter.html", "letter.pdf"]
    assert said(letter) == {}


@pytest.mark.usefixtures("_no_verapdf")
def test_text_lost_at_an_ampersand_is_found(letter: Path) -> None:
    word = letter / "letter.docx"
    change(word, replaced(BODY, "Fennimarsh &amp; the", "Fennimarsh  the")(word.read_bytes()))
    assert said(letter) == {"letter.docx": [AMPERSAND]}


@pytest.mark.usefixtures("_no_verapdf")
def test_each_file_is_judged_by_itself_too(letter: Path) -> None:
    pdf = letter / "letter.pdf"
    change(pdf, edited(without_title)(pdf.read_bytes()))
    (verdict,) = verify([pdf])
    assert list(map(str, verdict.findings)) == ["The file has no title. (PDF/UA-1 7.1)"]


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (
            "Yours sincerely",
            "Yours faithfully",
            "'Yours faithfully': The words differ: 'Yours faithfully' here is 'Yours sincerely' in"
            " letter.docx. (letters: one wording)",
        ),
        (
            "<h2>What we found</h2>",
            "<p>What we found</p>",
            "'What we found': This is a paragraph here and a heading 2 in letter.docx."
            " (letters: one wording)",
        ),
        (
            "<h2>What we found</h2>",
            "",
            "Text of letter.docx is not here: 'What we found'. (letters: one wording)",
        ),
        (
            "<h2>What we found</h2>",
            "<h2>What we found</h2><p>And more.</p>",
            "Text is here that letter.docx does not have: 'And more.'. (letters: one wording)",
        ),
        (
            '<html lang="en-GB">',
            '<html lang="fr">',
            "The file says that it is in 'fr'; letter.docx says 'en-GB'. (letters: one language)",
        ),
    ],
)
def test_the_format_that_differs_is_named(letter: Path, old: str, new: str, finding: str) -> None:
    files = {path.name: path.read_bytes() for path in sorted(letter.iterdir())}
    files["letter.html"] = files["letter.html"].decode().replace(old, new).encode()
    found = compare_formats(files)
    assert {name: list(map(str, f)) for name, f in found.items()} == {"letter.html": [finding]}


@pytest.mark.usefixtures("_no_verapdf")
def test_what_letters_are_made_of_is_no_letter(letter: Path) -> None:
    for name in ("recipients.yaml", "templates/letterhead/letter.html", "rounds/a/report.html"):
        write(letter / name, "{{ sender_name }}")
    verdicts = verify([letter])
    assert [v.path.name for v in verdicts] == ["letter.docx", "letter.html", "letter.pdf"]


def test_a_file_that_cannot_be_read_is_left_to_its_own_judge(letter: Path) -> None:
    files = {path.name: path.read_bytes() for path in sorted(letter.iterdir())}
    assert compare_formats({**files, "letter.pdf": b"nothing"}) == {}
    assert compare_formats({"letter.pdf": files["letter.pdf"]}) == {}


@pytest.mark.usefixtures("_no_verapdf")
def test_a_page_that_is_not_utf_8_is_left_to_its_own_judge(letter: Path) -> None:
    page = letter / "letter.html"
    change(page, page.read_bytes().decode().encode("latin-1", errors="replace"))
    assert said(letter) == {
        "letter.html": ["The file is not written in UTF-8. (HTML 4.2.5.4)"],
    }


@pytest.mark.usefixtures("_no_verapdf")
def test_paths_that_hold_no_letter_are_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    (tmp_path / "~$letter.docx").touch()
    cases = {
        tmp_path: f"{tmp_path} holds no letter: no .docx, .html or .pdf file.",
        tmp_path / "notes.txt": f"{tmp_path / 'notes.txt'} is not a letter. Name .docx, .html or"
        " .pdf files, or a folder.",
        tmp_path / "none": f"There is no file or folder {tmp_path / 'none'}.",
    }
    for path, message in cases.items():
        with pytest.raises(UsageError) as raised:
            verify([path])
        assert str(raised.value) == message


@pytest.mark.usefixtures("_verapdf")
def test_verapdf_decides_on_the_standards(letter: Path) -> None:
    assert has_verapdf()
    pdf = letter / "letter.pdf"
    change(pdf, edited(with_smooth_image)(pdf.read_bytes()))
    assert said(letter) == {
        "letter.pdf": [
            "The value of the Interpolate key in the Image dictionary is true."
            " (PDF/A-2a 6.2.8-3, veraPDF)"
        ]
    }


@pytest.mark.usefixtures("_verapdf")
def test_verapdf_says_what_it_cannot_read(tmp_path: Path) -> None:
    path = tmp_path / "not.pdf"
    path.write_bytes(b"nothing")
    (first, _) = verapdf_findings([path])[path]
    assert first.rule == "PDF/UA-1, veraPDF"
    assert first.what.startswith("veraPDF cannot read the file: ")


@pytest.mark.usefixtures("_no_verapdf")
def test_no_verapdf_is_said(tmp_path: Path) -> None:
    assert not has_verapdf()
    with pytest.raises(LettersError, match="The command 'verapdf' is not installed"):
        verapdf_findings([tmp_path / "letter.pdf"])


def test_a_verapdf_without_a_report_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tmp_path / "verapdf"
    command.write_text("#!/bin/sh\necho broken >&2\n", encoding="utf-8")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(LettersError, match=r"^veraPDF gave no report: broken\.$"):
        verapdf_findings([tmp_path / "letter.pdf"])


@pytest.mark.parametrize("damage", ["cut", "page lost"])
def test_a_damaged_pdf_is_told_and_hides_no_other_verdict(
    damage: str, tmp_path: Path, example_out: Path
) -> None:
    for ending in ("pdf", "docx"):
        name = f"quennish.{ending}"
        (tmp_path / name).write_bytes((example_out / "letters" / name).read_bytes())
    path = tmp_path / "quennish.pdf"
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-3000])
    else:
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            del pdf.pages[-1]
            pdf.save(path)
    found = {verdict.path.name: verdict.findings for verdict in verify([tmp_path])}
    assert found["quennish.pdf"]
    assert found["quennish.docx"] == ()
