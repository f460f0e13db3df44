"""The assessments as data: CSV and JSON, and what their columns hold."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from mmap import ACCESS_READ, mmap
from pathlib import Path
from tempfile import TemporaryFile
from typing import Annotated, cast

from pydantic import AfterValidator

from letters.files import is_output_name, output_name
from letters.ledger import LedgerChange, Withdrawal
from letters.model import Entry, FieldType, Letter, RichText, Round, Value
from letters.people import Id, Model

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
    history: tuple[LedgerChange, ...] = ()
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
    """What the validators found in the files of one format."""

    format: str
    files: int
    findings: tuple[str, ...] = ()


class PrintedSentence(Model):
    """A sentence printed about the round, and where."""

    sentence: str
    printed_in: str


class PublicationFacts(Model):
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
    claims: tuple[PrintedSentence, ...]
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


CSV_FILE, JSON_FILE = "assessments.csv", "assessments.json"
Cell = str | bool | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a cell for a formula (OWASP, "CSV Injection")."""

_TYPES = {
    FieldType.TEXT: "text",
    FieldType.RICH_TEXT: "text in Markdown",
    FieldType.YES_NO: "yes or no",
    FieldType.DATE: "date, such as 2019-03-04",
    FieldType.NUMBER: "number",
    FieldType.CHOICE: "one of a few values",
}


def columns_of(round_: Round) -> tuple[Column, ...]:
    """The columns of the published assessments, in order; private fields are not among them."""
    noun, said = round_.nouns.one, round_.nouns.one.replace("_", " ")
    own = (
        Column(name=noun, type="text", help=f"The {said}’s id; two ids share a joint letter."),
        Column(name=f"{noun}_name", type="text", help=f"The {said}’s name."),
        Column(name="outcome", type="text", help="The outcome’s id; empty once withdrawn."),
        Column(name="outcome_title", type="text", help="The outcome, as the letter names it."),
    )
    fields = tuple(
        Column(name=name, type=_described(field.type, field.choices), help=field.help or "")
        for name, field in round_.fields.items()
        if not field.private and field.type is not FieldType.LIST
    )
    end = (
        Column(name="published", type=_TYPES[FieldType.DATE], help="When it was first published."),
        Column(name="updated", type=_TYPES[FieldType.DATE], help="When it was last changed."),
        Column(name="status", type="text", help="published, or withdrawn."),
        Column(name="letter", type="text", help="The letter’s page, from this folder."),
    )
    return (*own, *fields, *end)


def public_values(letter: Letter, said: Collection[str]) -> dict[str, Cell]:
    """The record's own fields as they are published: those that the letter prints or stands on.

    These are `said`.

    A value that no word of the letter comes from is not published, so that the data say no more
    than the letter: a figure that is printed only once it is agreed stays out until then.
    """
    return {
        name: _cell(letter.values[name]) if name in said else None
        for name, field in letter.round.fields.items()
        if not field.private and field.type is not FieldType.LIST
    }


def csv_file(facts: PublicationFacts) -> bytes:
    """The assessments for spreadsheets: UTF-8 with a mark that Excel needs, lines end in CR LF.

    Text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.name for column in facts.columns])
    numbers = {column.name for column in facts.columns if column.type == "number"}
    for letter in facts.letters:
        row = _row(facts, letter)
        writer.writerow([_written(row[c.name], is_number=c.name in numbers) for c in facts.columns])
    return out.getvalue().encode("utf-8-sig")


def json_file(facts: PublicationFacts) -> bytes:
    """The assessments for programs, their columns described; nothing in them is changed."""
    content = {
        "title": facts.title,
        "publisher": facts.sender,
        "published": facts.published.isoformat(),
        "columns": [column.model_dump() for column in facts.columns],
        "assessments": [_row(facts, letter) for letter in facts.letters],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def neutral(text: str) -> str:
    """`text`, with an apostrophe before what a spreadsheet would calculate."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _row(facts: PublicationFacts, letter: PublishedLetter) -> dict[str, Cell]:
    values = dict.fromkeys((c.name for c in facts.columns), None) | dict(letter.values)
    return values | {
        facts.noun: "; ".join(force.id for force in letter.forces),
        f"{facts.noun}_name": letter.name,
        "outcome": letter.outcome,
        "outcome_title": facts.title_of[letter.outcome] if letter.outcome else None,
        "published": letter.first.isoformat(),
        "updated": letter.updated.isoformat() if letter.updated else None,
        "status": "withdrawn" if letter.withdrawn else "published",
        "letter": f"letters/{output_name(letter.id, 'html')}",
    }


def _described(type_: FieldType, choices: tuple[str, ...]) -> str:
    return f"one of: {', '.join(choices)}" if choices else _TYPES[type_]


def _cell(value: Value) -> Cell:
    match value:
        case RichText(markdown):
            return markdown
        case date() | Decimal():
            return str(value)
        case tuple():
            return "; ".join(map(str, value))
        case Entry():  # lists are not published as data
            return None
    return value


def _written(cell: Cell, *, is_number: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell if is_number else neutral(cell)


ARCHIVE = "letters.zip"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest time a ZIP file can hold


def archive(files: Mapping[str, bytes], beside: Path) -> bytes:
    """A ZIP file of `files` by name, without a clock in it. It may be larger than the memory, so it
    lies in a file without a name on the disk of `beside`, and what is returned is a view of it.
    """
    beside.mkdir(parents=True, exist_ok=True)
    out = TemporaryFile(dir=beside)  # noqa: SIM115  (closed below, while its content stays mapped)
    with out, zipfile.ZipFile(out, "w") as package:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.external_attr = 0o644 << 16
            # PDF and Word files are compressed already, and stored bytes differ on no machine.
            package.writestr(entry, files[name], zipfile.ZIP_STORED)
        package.close()
        out.flush()
        return cast(bytes, memoryview(mmap(out.fileno(), 0, access=ACCESS_READ)))
