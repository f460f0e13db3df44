"""The published edition of each letter, as document and as files; and staged publications: the
final bytes, made early, in `out/<round>/staged`, served by nobody."""

import io
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pikepdf import Pdf, PdfError
from pydantic import ValidationError

from letters.build.fingerprints import former_layout_digest, letter_digest, templates_digest
from letters.build.letter import LetterFile
from letters.build.record import NOTE, STAGED
from letters.errors import Place, Problem, ProblemsFound
from letters.files import digest, output_name, read_file, write_whole
from letters.folders import read_folder, remove, replace_folder, settle
from letters.gate.candidate import Candidate
from letters.ledger import Ledger
from letters.merge import published_edition
from letters.model import Letter, NationalReport, PressRelease
from letters.people import Model
from letters.project import ProjectRound
from letters.publish.assessments import SIGNATURE, Cell, PublishedFile, Reference, public_values
from letters.render import Artifact
from letters.validators import Finding

DOWNLOADS = ("pdf", "docx")
"""The formats that readers download; the web page is the letter's page itself."""


@dataclass(frozen=True, slots=True)
class TypesetLetter:
    """A letter typeset for publication, before any file of it is made.

    Its words are its candidate's to hold. `edition` is the letter that its files are made of: as it
    is sent, where both say the same.
    `made_of` changes when its words, its dates or its layout do; `record` when its row does.
    `formerly` is `made_of` as version 0.1.0 took it, which counted files of systems and editors.
    """

    letter: Letter
    edition: Letter
    title: str
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


def prepare(candidate: Candidate) -> tuple[TypesetLetter, ...]:
    """Every letter of a candidate that passed the gate, in its published edition."""
    project_round, round_templates = candidate.project_round, candidate.round_templates
    looks = templates_digest(project_round, "layout")
    looked = former_layout_digest(project_round) or looks
    printed = round_templates.printed if round_templates else ()
    prepared: list[TypesetLetter] = []
    for sent in candidate.finished:
        letter, document = published_edition(sent), candidate.published(sent)
        edition, _ = candidate.printed(sent)
        values = public_values(letter, candidate.fields_said(sent))
        row = json.dumps([letter.outcome, values], ensure_ascii=False, sort_keys=True)
        said = letter_digest(document, printed)
        now, formerly = (digest(f"{said} {each}".encode()) for each in (looks, looked))
        prepared.append(
            TypesetLetter(
                letter, edition, document.title, values, now, formerly, digest(row.encode())
            )
        )
    return tuple(prepared)


def validated(
    candidate: Candidate, prepared: TypesetLetter, files: Mapping[str, bytes]
) -> dict[str, tuple[Finding, ...]]:
    """What validators find in a letter's downloads, held against the letter, by path.

    Files that are known to be what the letter makes, and sound, are not looked at again.
    """
    paths = {f: path for f, path in prepared.paths.items() if path in files}
    contents = {format_: files[path] for format_, path in paths.items()}
    if candidate.edition_files.knows(prepared.edition, contents):
        return dict.fromkeys(paths.values(), ())
    document = candidate.published(prepared.letter)
    return {
        path: LetterFile(document, Artifact.named(prepared.id, format_, files[path])).findings
        for format_, path in paths.items()
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


AGAIN = "Stage it again: letters publish --stage."


class Staged(Model):
    """How staged files came about: by which programs, from what, with which note, on which day."""

    software: Mapping[str, str]
    inputs: str
    files: str
    note: str
    day: date


@dataclass(frozen=True, slots=True)
class Release:
    """Files ready to be put in place, the ledger after that, and the letters that differ."""

    files: Mapping[str, bytes]
    ledger: Ledger
    changed: tuple[str, ...]


def write_staged(
    out: Path,
    files: Mapping[str, bytes],
    inputs: str,
    software: Mapping[str, str],
    day: date,
    note: str,
) -> Path:
    """Put files into the staging folder, which is closed to others. `day` is today in London."""
    replace_folder(out / STAGED, files, is_closed=True)
    staged = Staged(software=software, inputs=inputs, files=_digest(files), note=note, day=day)
    write_whole(out / NOTE, (staged.model_dump_json(indent=2) + "\n").encode())
    return out / STAGED


def is_staged(out: Path) -> bool:
    """Whether a publication is staged; whoever deletes its folder has undone that."""
    settle(out / STAGED)
    return (out / NOTE).exists() and (out / STAGED).exists()


def read_staged(
    out: Path, project_round: ProjectRound, inputs: str, software: Mapping[str, str]
) -> tuple[Staged, Mapping[str, bytes]] | None:
    """How the staged files came about, and those files, byte for byte; None where nothing is.

    Raises ProblemsFound where they are not those that were staged, or the round has changed since.
    """
    if not is_staged(out):
        return None
    files, staged = read_folder(out / STAGED), _note(out)
    if staged is None:
        what = "The note of what is staged, staged.json, was changed, or another version wrote it."
    elif staged.software != software:
        what = "Another version of this program, or of a part of it, staged these files."
    elif staged.files != _digest(files):
        what = "The staged files are not as they were staged."
    elif staged.inputs != inputs:
        what = "The round has changed since it was staged."
    else:
        return staged, files
    raise ProblemsFound([Problem(staged_place(project_round), what, AGAIN)])


def refuse_others(
    project_round: ProjectRound, staged: Mapping[str, bytes], made: Mapping[str, bytes]
) -> None:
    """Raise ProblemsFound where staged files are not those that the round makes: whoever writes in
    the staging folder can write its note too. The signature was made by hand, so it may differ.
    """
    names = sorted({*staged, *made} - {SIGNATURE})
    problems = [
        Problem(staged_place(project_round).at(name), _difference(name, staged, made), AGAIN)
        for name in names
        if staged.get(name) != made.get(name)
    ]
    if problems:
        raise ProblemsFound(problems)


def _difference(name: str, staged: Mapping[str, bytes], made: Mapping[str, bytes]) -> str:
    if name not in staged:
        return "The file is missing."
    if name not in made:
        return "The project makes no such file."
    return "The file is not the one that the project makes."


def unstage(out: Path) -> None:
    """Take the staging folder away; the note first, since without it nothing is staged."""
    (out / NOTE).unlink(missing_ok=True)
    with suppress(OSError):  # the next command tries again
        remove(out / STAGED)


def inputs_of(project_round: ProjectRound, prepared: tuple[TypesetLetter, ...]) -> str:
    """Digest of all that a publication is made from: round, letters, records, report."""
    letters = [f"{each.id} {each.made_of} {each.record}" for each in prepared]
    extra = references(project_round)[2]
    return digest("\n".join([repr(project_round.round), *letters, _digest(extra)]).encode())


def _note(out: Path) -> Staged | None:
    try:
        return Staged.model_validate_json(read_file(out / NOTE))
    except (OSError, ValidationError):
        return None


def _digest(files: Mapping[str, bytes]) -> str:
    names = sorted(name for name in files if name != SIGNATURE)
    return digest("\n".join(f"{name} {digest(files[name])}" for name in names).encode())


def staged_place(project_round: ProjectRound) -> Place:
    """Where problems with what is staged stand."""
    return Place(f"out/{project_round.round.id}/{STAGED}")
