"""The published edition of each letter, as document and as files."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from pathlib import Path

from pikepdf import Pdf, PdfError

from letters.document import SLOTS, Document
from letters.errors import Problem, ProblemsFound
from letters.files import digest, own_files, relative
from letters.merge import letters_of, published_edition
from letters.model import Letter, NationalReport, PressRelease
from letters.project import ProjectRound
from letters.publish.assessments import Cell, public_values
from letters.publish.facts import PublishedFile, Reference
from letters.render.stationery import Stationery

_NOWHERE_PRINTED = ("origin", "field")
"""Where a block or word comes from: moving a line of the wording changes no letter."""


def substance(document: Document, printed: Collection[str]) -> str:
    """Digest of a typeset letter: words, structure, emphasis, pictures, title and dates.

    `printed` are the placeholders that the letter's layouts print themselves.
    """
    parts = {
        "letter": [document.id, document.title, document.author, document.subject],
        "language": document.language,
        "days": [document.created, document.modified],
        "texts": {name: text for name, text in document.texts.items() if name in printed},
        "information": document.information,
        "slots": [[name, document.slots[name]] for name in SLOTS],
    }
    return digest(json.dumps(_plain(parts), ensure_ascii=False, sort_keys=True).encode())


def _plain(part: object) -> object:
    """`part` as JSON knows it; a block or inline begins with its name."""
    match part:
        case dict():
            return {key: _plain(value) for key, value in part.items()}
        case list() | tuple():
            return [_plain(each) for each in part]
        case bytes():
            return digest(part)
        case date():
            return part.isoformat()
    if is_dataclass(part):
        kept = (each.name for each in fields(part) if each.name not in _NOWHERE_PRINTED)
        return [type(part).__name__, *(_plain(getattr(part, name)) for name in kept)]
    return part


DOWNLOADS = ("pdf", "docx")
"""The formats that readers download; the web page is the letter's page itself."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A letter typeset for publication, before any file of it is made.

    `made_of` changes when its words, its dates or its layout do; `record` when its row does.
    `formerly` is `made_of` as version 0.1.0 took it, which counted files of systems and editors.
    """

    letter: Letter
    document: Document
    values: Mapping[str, Cell]
    made_of: str
    formerly: str
    record: str

    def is_published_as(self, made_of: str) -> bool:
        """Whether the letter is the one published as `made_of`."""
        return made_of in (self.made_of, self.formerly)

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
    looked = _formerly(project_round.root / "templates" / project_round.round.layout) or looks
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
        said = substance(document, printed)
        now, formerly = (digest(f"{said} {each}".encode()) for each in (looks, looked))
        prepared.append(Prepared(letter, document, values, now, formerly, digest(row.encode())))
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
        lines += _listed(folder, own_files(folder, project_round.root))
    return digest("\n".join(lines).encode())


def _listed(folder: Path, paths: Iterable[Path]) -> list[str]:
    return [f"{relative(path, folder)} {digest(path.read_bytes())}" for path in paths]


def _formerly(folder: Path) -> str:
    """The digest of a layout that ledgers of version 0.1.0 hold; "" where it cannot be taken."""
    paths = (path for path in folder.rglob("*") if not path.name.startswith("~$"))
    try:
        files = sorted(path for path in paths if path.is_file())
        return digest("\n".join(_listed(folder, files)).encode())
    except OSError:  # a program keeps its lock to itself
        return ""


def _pages(content: bytes) -> int | None:
    """The pages of a PDF; None where a report, which others made, cannot be read."""
    try:
        with Pdf.open(io.BytesIO(content)) as pdf:
            return len(pdf.pages)
    except PdfError:
        return None


FOLDER = "report"
PRESS_RELEASE = "Press release"


def references(
    project_round: ProjectRound,
) -> tuple[Reference | None, Reference | None, dict[str, bytes]]:
    """The report, the press release, and the files of theirs that the site offers, by path.

    A web address is linked; a file of the round without one is copied into the site.
    """
    files: dict[str, bytes] = {}
    report = project_round.round.national_report
    if report is None:
        return None, None, files
    release = report.press_release
    return (
        _reference(project_round, report, report.title, files),
        _reference(project_round, release, release.title or PRESS_RELEASE, files)
        if release
        else None,
        files,
    )


def _reference(
    project_round: ProjectRound,
    document: NationalReport | PressRelease,
    title: str,
    files: dict[str, bytes],
) -> Reference | None:
    if document.address:
        return Reference(title=title, href=document.address)
    if not document.file:
        return None
    path = f"{FOLDER}/{_safe(document.file)}"
    files[path] = (project_round.folder / document.file).read_bytes()
    return Reference(title=title, href=path, file=described(path, files[path]))


def _safe(name: str) -> str:
    """A file's name as web servers and buckets take it without escapes."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return re.sub(r"[^A-Za-z0-9._-]+", "-", last).strip("-.") or "document"
