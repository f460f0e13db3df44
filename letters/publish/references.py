"""The national report and the press release beside the letters: addresses, or files."""

from __future__ import annotations

import re

from letters.model import NationalReport, PressRelease
from letters.project import ProjectRound
from letters.publish.facts import Reference
from letters.publish.letterfiles import described

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
