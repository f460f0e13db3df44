"""Finished files checked for a user: the fast validators, one wording in all formats, and veraPDF,
the reference validator of PDF/A and PDF/UA, where its command is installed."""

import shutil
import subprocess
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from letters.approvals.review import is_review
from letters.build.record import EDITED, NUMBERS
from letters.errors import LettersError, UsageError
from letters.files import FILE as RECIPIENTS
from letters.files import files_in, is_ignored
from letters.validators import FORMATS, Finding, validate
from letters.validators.pdf.drawn import drawn_findings
from letters.validators.same_words import compare_formats

FLAVOURS = {"ua1": "PDF/UA-1", "2a": "PDF/A-2a"}
"""The profiles every PDF letter keeps to, by veraPDF's names."""

_BATCH = 200  # files in one call: a command line has a longest length


def has_verapdf() -> bool:
    """Whether the `verapdf` command is on PATH."""
    return shutil.which("verapdf") is not None


def verapdf_findings(paths: Sequence[Path]) -> dict[Path, tuple[Finding, ...]]:
    """What veraPDF finds in each file, by both profiles; nothing in a file that conforms.

    Raises LettersError where the command is not there or gives no report.
    """
    found: dict[Path, list[Finding]] = {path: [] for path in paths}
    for flavour, standard in FLAVOURS.items():
        for start in range(0, len(paths), _BATCH):
            batch = paths[start : start + _BATCH]
            for path, job in zip(batch, _jobs(flavour, batch), strict=True):
                found[path] += _findings(standard, job)
    return {path: tuple(dict.fromkeys(findings)) for path, findings in found.items()}


def _jobs(flavour: str, paths: Sequence[Path]) -> list[etree._Element]:
    """The report's entries, one for each file in the order given."""
    command = shutil.which("verapdf")
    if command is None:
        raise LettersError("The command 'verapdf' is not installed. Install veraPDF.")
    arguments = [command, "--flavour", flavour, *(str(path.resolve()) for path in paths)]
    run = subprocess.run(arguments, capture_output=True, check=False)  # noqa: S603
    try:
        jobs = etree.fromstring(run.stdout).findall("jobs/job")
    except etree.XMLSyntaxError:
        jobs = []
    if len(jobs) != len(paths):
        said = run.stderr.decode(errors="replace").strip().splitlines()
        raise LettersError(f"veraPDF gave no report: {said[-1] if said else 'it said nothing'}.")
    return jobs


def _findings(standard: str, job: etree._Element) -> Iterator[Finding]:
    report = job.find("validationReport")
    if report is None:
        message = job.findtext(".//exceptionMessage", "it gave no reason")
        yield Finding(f"{standard}, veraPDF", f"veraPDF cannot read the file: {message}.")
        return
    if report.get("isCompliant") != "true":
        yield from (_finding(standard, rule) for rule in report.iter("rule"))


def _finding(standard: str, rule: etree._Element) -> Finding:
    message = rule.findtext("check/errorMessage") or rule.findtext("description") or ""
    count = int(rule.get("failedChecks", "1"))
    times = "" if count == 1 else f" ({count} times)"
    clause = f"{standard} {rule.get('clause')}-{rule.get('testNumber')}, veraPDF"
    return Finding(clause, f"{message.strip().rstrip('.')}{times}.")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in one file; nothing in a sound one."""

    path: Path
    findings: tuple[Finding, ...]


def verify(paths: Iterable[Path], *, but: Collection[Path] = ()) -> tuple[Verdict, ...]:
    """Check PDF, Word and web letters: files, or every letter inside folders.

    Left out are hidden folders, the folders `but`, a project's own templates and rounds, and
    reviews of letters, which are none. Files of one folder that share a name but for its ending are
    one letter, and must say the same.

    The longest and the shortest PDF are drawn with and without their words, to see that all show.

    veraPDF checks PDFs too where its command is installed, and decides on its own rules: where it
    finds that a file conforms, the built-in validator's finding about the standard as such falls.

    Raises UsageError where a path is not there, is no letter, or a folder holds none.
    """
    found = {path: validate(path.name, path.read_bytes()) for path in _letters(paths, but)}
    pdfs = [path for path in found if path.suffix.lower() == ".pdf"]
    if pdfs and has_verapdf():
        for path, findings in verapdf_findings(pdfs).items():
            found[path] = _decided(found[path], findings)
    for path in _ends(pdfs):
        found[path] += drawn_findings(path.read_bytes())
    for path, findings in _disagreements(found):
        found[path] += findings
    return tuple(Verdict(path, findings) for path, findings in found.items())


def _ends(pdfs: Sequence[Path]) -> tuple[Path, ...]:
    """The longest and the shortest of some files: a layout that hides words does so in one."""
    by_size = sorted(pdfs, key=lambda path: (path.stat().st_size, path))
    return tuple(dict.fromkeys((*by_size[:1], *by_size[-1:])))


def _letters(paths: Iterable[Path], but: Collection[Path]) -> list[Path]:
    letters: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = _inside(path, but)
            if not inside and not any(path in each.parents for each in but):
                raise UsageError(f"{path} holds no letter: no {_endings()} file.")
            letters.update(dict.fromkeys(inside))
        elif not path.is_file():
            raise UsageError(f"There is no file or folder {path}.")
        elif is_review(path):
            raise UsageError(f"{path} is a review of letters. Name the letters, or their folder.")
        elif not _is_letter(path):
            raise UsageError(f"{path} is not a letter. Name {_endings()} files, or a folder.")
        else:
            letters[path] = None
    return list(letters)


def _inside(folder: Path, but: Collection[Path]) -> list[Path]:
    return [
        path
        for path in files_in(folder)
        if _is_letter(path)
        and not is_review(path)
        and not is_beside_letters(path)
        and not any(each in path.parents for each in but)
        and not any(is_source(each) for each in path.parents)
    ]


def is_beside_letters(path: Path) -> bool:
    """Whether a command wrote a file beside a round's letters that is none: the round in numbers,
    and Word letters that people edited.
    """
    folder = path.parent.parent if path.parent.name == EDITED else path.parent
    return folder.parent.name == "out" and (path.stem == NUMBERS or path.parent.name == EDITED)


def is_source(folder: Path) -> bool:
    """Whether a folder holds what letters are made of: layouts look like letters and are none."""
    return folder.name in ("templates", "rounds") and (folder.parent / RECIPIENTS).is_file()


def _is_letter(path: Path) -> bool:
    return path.suffix.lower() in FORMATS and not is_ignored(path.name)


def _endings() -> str:
    return f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}"


def _decided(fast: tuple[Finding, ...], vera: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings of both validators, less those of the standards, which are veraPDF's to make."""
    return tuple(finding for finding in fast if not finding.of_profile) + vera


def _disagreements(paths: Iterable[Path]) -> list[tuple[Path, tuple[Finding, ...]]]:
    letters: dict[Path, list[Path]] = {}
    for path in paths:
        letters.setdefault(path.with_suffix(""), []).append(path)
    found = []
    for formats in letters.values():
        by_name = {path.name: path for path in formats}
        differing = compare_formats({path.name: path.read_bytes() for path in formats})
        found += [(by_name[name], findings) for name, findings in differing.items()]
    return found
