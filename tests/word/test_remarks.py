"""What people say and change in a Word letter is told, and never lost."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from letters import BuildOptions, Project, build_round
from letters.changes.words import changed_words
from letters.cli import cli
from letters.render.readback import read_docx
from letters.word.remarks import accepted, remarks
from tests.builders import unzipped, zipped

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BY = 'w:author="Ada Thorne" w:date="2026-03-03T10:15:00Z"'


@pytest.fixture
def letter(starter: Path) -> Path:
    """A built Word letter."""
    project = Project.load(starter)
    build_round(project, project.round(), BuildOptions(formats=["docx", "html"]))
    return starter / "out/first-round/letters/ashmere.docx"


def comment(path: Path, said: str, author: str = "Ada Thorne", about: str = "") -> None:
    """Have somebody comment on a paragraph of a Word file, as python-docx writes it."""
    document = Document(str(path))
    paragraph = next(p for p in document.paragraphs if about in p.text and p.runs)
    document.add_comment(paragraph.runs, said, author=author, initials="AT")
    document.save(str(path))
    parts = unzipped(path.read_bytes())
    name = next(each for each in parts if each.endswith("comments.xml"))
    parts[name] = re.sub(rb'w:date="[^"]*"', b'w:date="2026-03-03T10:15:00Z"', parts[name])
    path.write_bytes(zipped(parts))


def track(path: Path, old: str, new: str) -> None:
    """Put XML, as Word writes tracked changes, in the place of a run that says `old`."""
    parts = unzipped(path.read_bytes())
    text = parts["word/document.xml"].decode()
    run = re.search(
        rf"<w:r(?: [^>]*)?>(?:(?!</w:r>).)*{re.escape(old)}(?:(?!</w:r>).)*</w:r>", text
    )
    assert run
    words = re.search(r"<w:t[^>]*>([^<]*)</w:t>", run[0])
    assert words
    before, after = words[1].split(old, 1)
    changed = f"{plain(before)}{new}{plain(after)}"
    parts["word/document.xml"] = text.replace(run[0], changed, 1).encode()
    path.write_bytes(zipped(parts))


def plain(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def put_in(words: str) -> str:
    return f'<w:ins w:id="900" {BY}><w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:ins>'


def taken_out(words: str, by: str = BY) -> str:
    text = f'<w:r><w:delText xml:space="preserve">{words}</w:delText></w:r>'
    return f'<w:del w:id="901" {by}>{text}</w:del>'


def told(root: Path, *arguments: str) -> list[str]:
    run = CliRunner().invoke(cli, ["-C", str(root), *arguments])
    return [line for line in run.output.splitlines() if "Thorne" in line or "Kite" in line]


def test_a_comment_is_told_by_build_status_and_diff_and_kept(letter: Path) -> None:
    root = letter.parents[3]
    about = Document(str(letter)).paragraphs
    title = next(p.text for p in about if p.style and p.style.name == "Heading 1")
    comment(letter, "Is this agreed?", about=title)
    said = f"Ada Thorne commented on 3 March 2026 on '{title}': 'Is this agreed?'"
    assert remarks(letter.read_bytes())[0].said == "Is this agreed?"
    assert told(root, "build") == [
        f"ashmere edited: letters/ashmere.docx: edited by hand since it was built: {said}. Carry"
        " the change into the record or the wording, or build with --discard-edits: the edited"
        " file is kept in edited/ then."
    ]
    assert told(root, "status") == [f"ashmere: in Word, {said}."]
    assert told(root, "diff") == [f"ashmere: letters/ashmere.docx: edited in Word: {said}."]


def test_discarded_edits_are_kept_with_the_time_in_their_name(letter: Path) -> None:
    root = letter.parents[3]
    comment(letter, "Is this agreed?")
    edited = letter.read_bytes()
    run = CliRunner().invoke(cli, ["-C", str(root), "build", "--discard-edits", "--only", "docx"])
    assert run.exit_code == 0
    (kept,) = (letter.parents[1] / "edited").iterdir()
    assert re.fullmatch(r"ashmere\.\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.docx", kept.name)
    assert kept.read_bytes() == edited
    assert remarks(letter.read_bytes()) == ()
    verified = CliRunner().invoke(cli, ["verify", str(root / "out")])
    assert verified.output.endswith("no faults.\n")
    CliRunner().invoke(cli, ["-C", str(root), "build", "--discard-edits", "--fresh"])
    assert len([*(letter.parents[1] / "edited").iterdir()]) == 1


def test_tracked_changes_are_told_with_their_authors(letter: Path) -> None:
    before = letter.read_bytes()
    track(letter, "an owner", taken_out("an") + put_in("one") + plain(" owner"))
    assert changed_words(letter.read_bytes(), before) == (
        "it says 'one' for 'an'; Ada Thorne took 'an' out on 3 March 2026; Ada Thorne put 'one' in"
        " on 3 March 2026"
    )


def test_who_and_when_may_be_missing(letter: Path) -> None:
    before, out = letter.read_bytes(), taken_out("an", 'w:date="soon"')
    track(letter, "an owner", out + plain(" owner"))
    assert "somebody took 'an' out" in changed_words(letter.read_bytes(), before)


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        (
            f'<w:moveFrom w:id="1" {BY}><w:r><w:t>an owner</w:t></w:r></w:moveFrom>'
            f'<w:moveTo w:id="2" {BY}><w:r><w:t>an owner</w:t></w:r></w:moveTo>',
            "Ada Thorne moved 'an owner' on 3 March 2026",
        ),
        (
            f'<w:r><w:rPr><w:b/><w:rPrChange w:id="3" {BY}><w:rPr/></w:rPrChange></w:rPr>'
            "<w:t>an owner</w:t></w:r>",
            "Ada Thorne changed the look of 'an owner' on 3 March 2026",
        ),
    ],
)
def test_moves_and_looks_are_told(letter: Path, xml: str, said: str) -> None:
    before = letter.read_bytes()
    track(letter, "an owner", xml)
    assert changed_words(letter.read_bytes(), before) == said
    assert read_docx(accepted(letter.read_bytes())) == read_docx(before)


def test_what_is_no_word_file_is_told_as_that(letter: Path) -> None:
    before = letter.read_bytes()
    assert changed_words(b"no Word file", before) == "it can no longer be read as a Word letter"
    assert changed_words(before, before) == "no word differs, only looks or properties"


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["C"]))
        .map(str.strip)
        .filter(bool),
        min_size=1,
        max_size=6,
    )
)
def test_no_comment_is_lost_among_several(said: list[str]) -> None:
    document = Document()
    for n, text in enumerate(said):
        run = document.add_paragraph().add_run(f"Paragraph {n}")
        document.add_comment([run], text, author=f"Person {n}", initials="P")
    out = io.BytesIO()
    document.save(out)
    found = remarks(out.getvalue())
    assert [each.about for each in found] == [f"Paragraph {n}" for n in range(len(said))]
    assert [each.author for each in found] == [f"Person {n}" for n in range(len(said))]
    assert all(found[n].said == " ".join(text.split()) for n, text in enumerate(said))
