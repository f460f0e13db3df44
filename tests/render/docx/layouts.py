"""Word layouts with faults, made from a plain one by changing the text of its parts."""

from __future__ import annotations

from pathlib import Path

from letters.errors import ProblemsFound
from letters.render.docx import WordLayout
from tests.builders import unzipped, write, zipped

ROOT = Path(__file__).parents[3]
SHIPPED = (Path(__file__).parent / "plain.docx").read_bytes()
"""Slots one below the other, a crest in the first page's header, page numbers in the footer."""
FOLDER = "templates/plain"
NAMES = frozenset({"force_name", "page_label", "of_label", "document_title", "sent_date"})
"""The texts that letters of such a layout have."""
BODY = "word/document.xml"
STYLES = "word/styles.xml"

Edit = tuple[str, str, str]
"""Part, text there, text instead."""


def raw(xml: str) -> Edit:
    """Something more at the beginning of the body."""
    return (BODY, "<w:body>", f"<w:body>{xml}")


def setting(xml: str) -> Edit:
    """A setting more."""
    zoom = '<w:zoom w:percent="100"/>'
    return ("word/settings.xml", zoom, f"{zoom}{xml}")


def a_layout(*edits: Edit, **added: str) -> bytes:
    """The shipped layout with edits; every text to be replaced must be there."""
    parts = unzipped(SHIPPED)
    for name, old, new in edits:
        text = parts[name].decode()
        assert old in text, f"{name} does not hold {old}"
        parts[name] = text.replace(old, new, 1).encode()
    return zipped({**parts, **{n: text.encode() for n, text in added.items()}})


def written(root: Path, content: bytes) -> Path:
    """Write a layout where a project has it; its folder."""
    write(root / FOLDER / "letter.docx", content)
    return root / FOLDER


def problems_of(root: Path, content: bytes, names: frozenset[str] = NAMES) -> list[str]:
    """Every problem of a layout, as printed, without the name of the file."""
    folder = written(root, content)
    try:
        problems = WordLayout.load(folder, root).problems(names)
    except ProblemsFound as found:
        problems = found.problems
    return [str(problem).removeprefix(f"{FOLDER}/letter.docx").lstrip() for problem in problems]
