"""The published edition of each letter, as document and as files."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pikepdf import Pdf, PdfError

from letters.document import Document
from letters.errors import Problem, ProblemsFound
from letters.files import digest, relative
from letters.merge import letters_of, published_edition
from letters.model import Letter
from letters.project import ProjectRound
from letters.publish.assessments import Cell, public_values
from letters.publish.facts import PublishedFile
from letters.publish.substance import substance
from letters.render.stationery import Stationery

DOWNLOADS = ("pdf", "docx")
"""The formats that readers download; the web page is the letter's page itself."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A letter typeset for publication, before any file of it is made.

    `made_of` changes when its words, its dates or its layout do; `record` when its row does.
    """

    letter: Letter
    document: Document
    values: Mapping[str, Cell]
    made_of: str
    record: str

    @property
    def id(self) -> str:
        """The name of the letter's files."""
        return self.letter.id

    @property
    def paths(self) -> dict[str, str]:
        """Where its files stand in the site, by format."""
        return {format_: f"letters/{self.id}.{format_}" for format_ in DOWNLOADS}


def prepare(project_round: ProjectRound, stationery: Stationery) -> tuple[Prepared, ...]:
    """Every letter of a round in its published edition, typeset. Raises ProblemsFound."""
    looks = templates_digest(project_round, "layout")
    printed = {*re.findall(r"\w+", stationery.web.source), *stationery.word.names}
    prepared: list[Prepared] = []
    problems: list[Problem] = []
    for sent in letters_of(project_round):
        letter = published_edition(sent)
        try:
            document = stationery.typeset(letter)
        except ProblemsFound as found:
            problems += found.problems
            continue
        values = public_values(letter, document)
        row = json.dumps([letter.outcome, values], ensure_ascii=False, sort_keys=True)
        made_of = digest(f"{substance(document, printed)} {looks}".encode())
        prepared.append(Prepared(letter, document, values, made_of, digest(row.encode())))
    if problems:
        raise ProblemsFound(problems)
    return tuple(prepared)


def make(stationery: Stationery, prepared: Prepared) -> dict[str, bytes]:
    """A letter's downloads, rendered, by path. Raises RenderError."""
    return {
        path: stationery.render(prepared.document, format_).content
        for format_, path in prepared.paths.items()
    }


def described(path: str, content: bytes) -> PublishedFile:
    """What a publication says of a file it offers."""
    format_ = path.rpartition(".")[2].lower()
    return PublishedFile(
        path=path,
        format=format_,
        size=len(content),
        sha256=digest(content),
        pages=_pages(content) if format_ == "pdf" else None,
    )


def templates_digest(project_round: ProjectRound, *kinds: str) -> str:
    """Digest of every file, names included, of a round's "wording", "layout", or both."""
    lines = []
    for kind in kinds:
        folder = project_round.root / "templates" / getattr(project_round.round, kind)
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith("~$"):  # Word's lock on an open layout
                lines.append(f"{relative(path, folder)} {digest(path.read_bytes())}")
    return digest("\n".join(lines).encode())


def _pages(content: bytes) -> int | None:
    """The pages of a PDF; None where a report, which others made, cannot be read."""
    try:
        with Pdf.open(io.BytesIO(content)) as pdf:
            return len(pdf.pages)
    except PdfError:
        return None
