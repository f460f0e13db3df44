"""What a publication says, as data: the pages are made of it, and `manifest.json` holds it.

Nothing private and no clock is in it. A later publication, a withdrawal and the index of several
rounds read it back from the published folder.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator

from letters.files import is_output_name
from letters.ledger import Change, Withdrawal
from letters.model import Id, Model

MANIFEST = "manifest.json"
SIGNATURE = f"{MANIFEST}.sig"
"""The signature of the manifest: no file of the publication, so that signing changes none."""


_REPORT = re.compile(r"report/[A-Za-z0-9][A-Za-z0-9._-]*")


def _path(path: str) -> str:
    """The path of a file that a site offers: a letter's, or the report's."""
    folder, _, name = path.partition("/")
    letter, format_ = name.partition(".")[0], name.rpartition(".")[2]
    if not _REPORT.fullmatch(path) and (
        folder != "letters" or not is_output_name(name, letter, format_)
    ):
        raise ValueError("no path of a file that a publication offers")
    return path


class PublishedFile(Model):
    """A letter's file: its path in the site, format, size in bytes, SHA-256, and pages of a PDF."""

    path: Annotated[str, AfterValidator(_path)]
    format: str
    size: int
    sha256: str
    pages: int | None = None


class Force(Model):
    """A force as a publication names it."""

    id: Id
    name: str


class PublishedLetter(Model):
    """One letter of a publication.

    `values` is its row of the assessments, private fields left out. `made_of` changes when the
    letter's words or looks may; `record` when its row does. A withdrawn letter keeps its name, its
    dates and its history, and nothing else.
    """

    id: Id
    forces: tuple[Force, ...]
    title: str
    outcome: str | None
    first: date
    made_of: str
    record: str
    files: tuple[PublishedFile, ...] = ()
    values: Mapping[str, str | bool | None] = {}
    history: tuple[Change, ...] = ()
    withdrawn: Withdrawal | None = None

    @property
    def name(self) -> str:
        """Whom the letter goes to."""
        return " and ".join(force.name for force in self.forces)

    @property
    def updated(self) -> date | None:
        """The day of the last change after it was first published."""
        return self.history[-1].on if self.history else None

    def file(self, format_: str) -> PublishedFile | None:
        """The letter as `pdf` or `docx`."""
        return next((file for file in self.files if file.format == format_), None)


class Outcome(Model):
    """An outcome, its title, and how many forces had it when they were assessed."""

    id: str
    title: str
    forces: int


class Column(Model):
    """A column of the published assessments."""

    name: str
    type: str
    help: str


class Reference(Model):
    """A document beside the letters: a web address, or a file of the site."""

    title: str
    href: str
    file: PublishedFile | None = None


class Standard(Model):
    """What the judges found in the files of one format."""

    format: str
    files: int
    findings: tuple[str, ...] = ()


class Printed(Model):
    """A sentence printed about the round, and where."""

    sentence: str
    printed_in: str


class Facts(Model):
    """A round as it is published."""

    round: Id
    title: str
    language: str
    sender: str
    noun: str
    nouns: str
    published: datetime
    updated: date | None
    types: tuple[str, ...]
    summary: tuple[str, ...]
    report: Reference | None
    press_release: Reference | None
    contact: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    columns: tuple[Column, ...]
    claims: tuple[Printed, ...]
    letters: tuple[PublishedLetter, ...]
    standards: tuple[Standard, ...]
    templates: str
    software: Mapping[str, str]
    approvals: str = ""
    """What shows that the letters were approved by those named; manifests of 0.1.0 do not say."""

    @property
    def forces(self) -> int:
        """How many forces were assessed."""
        return sum(outcome.forces for outcome in self.outcomes)

    @property
    def title_of(self) -> Mapping[str, str]:
        """Each outcome's title by its id."""
        return {outcome.id: outcome.title for outcome in self.outcomes}

    @property
    def last_changed(self) -> date | None:
        """The day anything published was last changed."""
        changes = [letter.updated for letter in self.letters if letter.updated]
        return max([*changes, *filter(None, (self.updated,))], default=None)
