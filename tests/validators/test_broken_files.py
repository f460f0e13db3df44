"""Every fault of the corpus is named, word for word; the same letter unbroken has none."""

from pathlib import Path

import pytest

from letters.validators import FORMATS, validate
from letters.verify import verify
from tests.broken_files.case import LONG, STRUCTURES, WELSH, Broken
from tests.broken_files.docx import DOCXS
from tests.broken_files.html import HTMLS
from tests.broken_files.pdf import PDFS
from tests.broken_files.pdf_changes import edited, without_record
from tests.validators.conftest import MeantOf

CORPUS = [
    pytest.param(broken, suffix, id=f"{suffix[1:]}: {broken.name}")
    for suffix, cases in ((".pdf", PDFS), (".docx", DOCXS), (".html", HTMLS))
    for broken in cases
]


def letter(folder: Path, name: str, suffix: str) -> bytes:
    return (folder / f"letters/{name}{suffix}").read_bytes()


@pytest.mark.parametrize(("broken", "suffix"), CORPUS)
def test_a_fault_is_named(broken: Broken, suffix: str, example_out: Path) -> None:
    content = letter(example_out, broken.letter, suffix)
    content = broken.change(edited(without_record)(content) if suffix == ".pdf" else content)
    assert tuple(map(str, validate(f"letter{suffix}", content))) == broken.findings


@pytest.mark.parametrize("broken", PDFS, ids=lambda broken: broken.name)
def test_the_record_in_a_pdf_tells_where_its_letter_would(
    broken: Broken, example_out: Path
) -> None:
    content = broken.change(letter(example_out, broken.letter, ".pdf"))
    found = {str(finding) for finding in validate("letter.pdf", content)}
    assert bool(found - set(broken.findings)) == bool(broken.known)


@pytest.mark.parametrize("broken", PDFS, ids=lambda broken: broken.name)
def test_what_a_pdf_does_not_say_is_named(
    broken: Broken, example_out: Path, meant: MeantOf
) -> None:
    content = broken.change(letter(example_out, broken.letter, ".pdf"))
    found = [str(f) for f in validate("letter.pdf", content, letter=meant(broken.letter))]
    assert sorted(found) == sorted((*broken.findings, *broken.known))


@pytest.mark.parametrize(("broken", "suffix"), CORPUS)
def test_a_fault_is_caught_alone_with_its_letter_and_by_verify(
    broken: Broken,
    suffix: str,
    example_out: Path,
    meant: MeantOf,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")  # veraPDF, where it is, decides on the standards
    path = tmp_path / f"letter{suffix}"
    path.write_bytes(broken.change(letter(example_out, broken.letter, suffix)))
    alone = validate(path.name, path.read_bytes())
    assert alone
    assert validate(path.name, path.read_bytes(), letter=meant(broken.letter))
    (verdict,) = verify([path])
    assert {*alone} <= {*verdict.findings}


@pytest.mark.parametrize("name", [LONG, STRUCTURES, WELSH])
@pytest.mark.parametrize("suffix", FORMATS)
def test_a_good_letter_has_no_finding(name: str, suffix: str, example_out: Path) -> None:
    assert validate(f"letter{suffix}", letter(example_out, name, suffix)) == ()


def test_the_corpus_holds_each_fault_once() -> None:
    names = [str(param.id) for param in CORPUS]
    assert len(names) == len(set(names)) > 60
