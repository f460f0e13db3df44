"""The published edition of each letter, as document and as files."""

import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from pikepdf import Pdf, PdfError

from letters.build.executors import WorkerFailed, without_records
from letters.build.fingerprints import former_layout_digest, letter_digest, templates_digest
from letters.build.letter import LetterFile, make_files
from letters.build.options import LIMIT
from letters.build.processes import local_executor
from letters.document import Document
from letters.errors import Place, Problem, ProblemsFound, RenderError
from letters.files import digest, output_name
from letters.merge import letters_of, published_edition
from letters.model import Letter, NationalReport, PressRelease
from letters.project import ProjectRound
from letters.publish.assessments import Cell, PublishedFile, Reference, public_values
from letters.render import Artifact
from letters.render.round_templates import RoundTemplates
from letters.validators import Finding

DOWNLOADS = ("pdf", "docx")
"""The formats that readers download; the web page is the letter's page itself."""


@dataclass(frozen=True, slots=True)
class TypesetLetter:
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
        return {format_: f"letters/{output_name(self.id, format_)}" for format_ in DOWNLOADS}


def prepare(
    project_round: ProjectRound, round_templates: RoundTemplates
) -> tuple[TypesetLetter, ...]:
    """Every letter of a round in its published edition, typeset. Raises ProblemsFound."""
    looks = templates_digest(project_round, "layout")
    looked = former_layout_digest(project_round) or looks
    printed = {*re.findall(r"\w+", round_templates.web.source), *round_templates.word.names}
    prepared: list[TypesetLetter] = []
    problems: list[Problem] = []
    for sent in letters_of(project_round):
        letter = published_edition(sent)
        try:
            document = round_templates.typeset(letter)
        except ProblemsFound as found:
            problems += found.problems
            continue
        values = public_values(letter, document)
        row = json.dumps([letter.outcome, values], ensure_ascii=False, sort_keys=True)
        said = letter_digest(document, printed)
        now, formerly = (digest(f"{said} {each}".encode()) for each in (looks, looked))
        prepared.append(
            TypesetLetter(letter, document, values, now, formerly, digest(row.encode()))
        )
    if problems:
        raise ProblemsFound(problems)
    return tuple(prepared)


@dataclass(frozen=True, slots=True)
class Download:
    """A file that readers download, and the faults that validators find in it."""

    content: bytes
    findings: tuple[Finding, ...]


def validated(
    prepared: TypesetLetter, files: Mapping[str, bytes]
) -> dict[str, tuple[Finding, ...]]:
    """What validators find in a letter's downloads, held against the letter, by path."""
    paths = ((format_, path) for format_, path in prepared.paths.items() if path in files)
    return {
        path: LetterFile(
            prepared.document, Artifact.named(prepared.id, format_, files[path])
        ).findings
        for format_, path in paths
    }


def begin_downloads(project_round: ProjectRound) -> Callable[[Document], dict[str, Download]]:
    """Read the templates, in this process or another. Raises ProblemsFound."""
    return partial(_downloads, RoundTemplates.load(project_round))


def _downloads(round_templates: RoundTemplates, document: Document) -> dict[str, Download]:
    files = make_files(round_templates.render, document, DOWNLOADS)
    return {f: Download(file.artifact.content, file.findings) for f, file in files.items()}


def make_downloads(
    project_round: ProjectRound,
    round_templates: RoundTemplates,
    letters: Sequence[TypesetLetter],
    jobs: int,
) -> dict[str, dict[str, Download]]:
    """The downloads of letters, by id and path, made by `jobs` processes; 0 means one a core.

    Raises RenderError where one cannot be made.
    """
    factory = partial(begin_downloads, without_records(project_round))
    found = {}
    with local_executor(
        factory, jobs, LIMIT, len(letters), partial(_downloads, round_templates)
    ) as executor:
        answers = executor.run(letter.document for letter in letters)
        for letter, answer in zip(letters, answers, strict=True):
            if isinstance(answer, WorkerFailed):
                place = Place(f"rounds/{project_round.round.id}", field=letter.id)
                what = f"The letter {answer.why}, so nothing was published."
                raise RenderError(Problem(place, what, "Publish again."))
            found[letter.id] = {letter.paths[format_]: file for format_, file in answer.items()}
    return found


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
