"""veraPDF, the reference validator of PDF/A and PDF/UA, where its command is installed."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from lxml import etree

from letters.errors import LettersError
from letters.validators import Finding

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
