"""Word letters as they come back: changed by python-docx, or in the XML that Word 365 writes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

from click.testing import CliRunner
from docx import Document

from letters.cli import cli
from letters.render.readback import read_docx
from tests.builders import unzipped, zipped

ADA = 'w:author="Ada Thorne" w:date="2026-03-03T10:15:00Z"'
BEN = 'w:author="Ben Kite" w:date="2026-03-04T16:40:00Z"'
LETTERS = "out/first-round/letters"


def run(words: str, inside: str = "") -> str:
    """A run, with Word's numbers of a session."""
    text = f'<w:t xml:space="preserve">{escape(words)}</w:t>'
    return f'<w:r w:rsidR="00A77B3E" w:rsidRPr="00C1">{inside}{text}</w:r>'


def spelt(words: str) -> str:
    """Words split into runs by the spelling check."""
    first, *rest = words.split(" ")
    check = '<w:proofErr w:type="spellStart"/>{}<w:proofErr w:type="spellEnd"/>'
    return run(first) + "".join(check.format(run(f" {each}")) for each in rest)


def ins(words: str, by: str = ADA) -> str:
    return f'<w:ins w:id="{len(words)}" {by}>{run(words)}</w:ins>'


def gone(words: str, by: str = ADA) -> str:
    text = f'<w:delText xml:space="preserve">{escape(words)}</w:delText>'
    return f'<w:del w:id="{len(words)}" {by}><w:r w:rsidDel="00B2">{text}</w:r></w:del>'


def moved_from(words: str, by: str = ADA) -> str:
    return (
        f'<w:moveFromRangeStart w:id="70" {by} w:name="move1"/><w:moveFrom w:id="71" {by}>'
        f'{run(words)}</w:moveFrom><w:moveFromRangeEnd w:id="70"/>'
    )


def moved_to(words: str, by: str = ADA) -> str:
    return (
        f'<w:moveToRangeStart w:id="72" {by} w:name="move1"/><w:moveTo w:id="73" {by}>'
        f'{run(words)}</w:moveTo><w:moveToRangeEnd w:id="72"/>'
    )


def bold(words: str, by: str = ADA) -> str:
    look = f'<w:rPr><w:b/><w:rPrChange w:id="9" {by}><w:rPr/></w:rPrChange></w:rPr>'
    return run(words, look)


def paragraph_of(xml: str, words: str) -> re.Match[str]:
    """The paragraph of a part whose words these are."""
    for found in re.finditer(r"<w:p[ >](?:(?!</w:p>).)*</w:p>", xml, re.DOTALL):
        said = "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", found[0]))
        if " ".join(said.replace("&amp;", "&").split()) == words:
            return found
    raise AssertionError(words)


def change_xml(path: Path, change: Callable[[str], str], part: str = "word/document.xml") -> None:
    """Write a part of a Word file anew."""
    parts = unzipped(path.read_bytes())
    parts[part] = change(parts[part].decode()).encode()
    path.write_bytes(zipped(parts))


def rewrite(path: Path, words: str, xml: str, *, mark: str = "", after: str = "") -> None:
    """Give a paragraph other content; `mark` is what its properties say of its own mark."""

    def change(text: str) -> str:
        found = paragraph_of(text, words)
        properties = re.search(r"<w:pPr>.*?</w:pPr>", found[0], re.DOTALL)
        inside = properties[0] if properties else "<w:pPr></w:pPr>"
        if mark:
            inside = inside.replace("</w:pPr>", f"<w:rPr>{mark}</w:rPr></w:pPr>")
        new = f'<w:p w:rsidR="00D4">{inside}{xml}</w:p>{after}'
        return text[: found.start()] + new + text[found.end() :]

    change_xml(path, change)


def retype(path: Path, old: str, new: str) -> None:
    """Replace words in a Word file without tracking it, as python-docx saves it."""
    document = Document(str(path))
    cells = (c for table in document.tables for row in table.rows for c in row.cells)
    inside = (p for cell in cells for p in cell.paragraphs)
    for each in (*document.paragraphs, *inside):
        if old in each.text.replace("\xa0", " "):
            words = each.text.replace("\xa0", " ").replace(old, new, 1)
            for other in each.runs[1:]:
                other.text = ""
            each.runs[0].text = words
            document.save(str(path))
            return
    raise AssertionError(old)


def letters(root: Path, *arguments: str, code: int = 0, answers: str = "") -> str:
    """What a command prints."""
    done = CliRunner().invoke(cli, ["-C", str(root), *arguments], input=answers or None)
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    return done.output


def said(path: Path) -> list[str]:
    """The passages of a Word letter, without pictures."""
    found = read_docx(path.read_bytes())
    return [" ".join(p.text.split()) for p in found if p.kind != "figure"]


def project_files(root: Path) -> dict[str, bytes]:
    """What letters are made of."""
    folders = (root / "rounds", root / "templates")
    paths = [p for f in folders for p in f.rglob("*") if p.is_file()]
    return {
        p.relative_to(root).as_posix(): p.read_bytes() for p in (*paths, root / "recipients.yaml")
    }
