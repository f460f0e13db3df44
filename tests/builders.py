"""Small projects, rounds, letters and wordings of invented forces, made for one test each."""

from __future__ import annotations

import base64
import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from shutil import copytree
from typing import Any

from openpyxl import Workbook

from letters.approvals.signing import approve_letters
from letters.document import Block, Document
from letters.errors import Place, ProblemsFound
from letters.model import Letter, RichText, Round, Signed, Value
from letters.new import letterhead
from letters.people import Person, Recipient
from letters.project import Project
from letters.project.references import placeholders
from letters.wording import Wording, typeset

CREST = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR4nGOMYgAAALoAXCQY87IAAAAASUVORK5CYII="
)
"""A finished crest; another picture than that of signatures."""

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)
"""A white point."""

RECIPIENTS = """\
northmoor:
  name: Northmoor Police
  addressees:
    - office: Chief Constable
  salutation: Chief Constable
  copied_to:
    - Police and Crime Commissioner
southmoor:
  name: Southmoor Constabulary
  addressees:
    - name: Ada Thorne
      honours: QPM
      office: Chief Constable
  salutation: Chief Constable Thorne
  copied_to: none
"""

ROUND = """\
title: Lost property
wording: plain
layout: plain
sender:
  name: Inspectorate of Invented Forces
sent: 2 October 2017
signatories:
  merriden:
    name: Beatrix Merriden
    offices:
      - Chief Inspector
    signature: signature.png
outcomes:
  not-started: Not started
  in-place: In place
fields:
  finding:
    type: rich text
    required: yes
  visited:
    type: date
  agreed:
    type: yes-no
  devices:
    type: number
  store:
    type: choice
    choices: [own store, shared store]
  lead:
    type: text
"""

CSV = """\
force,outcome,finding,visited,agreed,devices,store,lead
northmoor,in-place,All is well.,2017-06-01,yes,12,own store,Sgt Vale
southmoor,,,,,,,
"""

FOLDER = "rounds/2017-lost-property"
WORDING = "templates/plans"
RECORD = Place("rounds/plans/assessments.yaml", 4)
LABELS: Mapping[str, str] = {
    "title": "'{{ subject }} – {{ force_name }}'",
    "salutation": "Dear {{ salutation }}",
    "and": "and",
    "copied_to": "'Copied to:'",
    "closing": "Yours sincerely",
    "signature": "Signature of {{ signatory_name }}",
    "page": "Page",
    "of": "of",
    "draft": "DRAFT",
    "gap": "to be added",
    "letter_information": "Letter information",
    "from": "From",
    "to": "To",
    "sent_on": "Sent on",
}
LABELS_YAML = "".join(f"{key}: {text}\n" for key, text in LABELS.items())

MOMENT = datetime(2026, 2, 27, 9, 30, tzinfo=UTC)
"""When letters are approved, unless a test says otherwise."""

CellValue = str | int | float | bool | date | time | None


def a_project(root: Path, **changes: str | bytes | None) -> Path:
    """A sound project of two forces in `root`, with `changes` to its files.

    `recipients`, `round` and `assessments_yaml`, `assessments_csv` or `assessments_xlsx` replace a
    file's content, `signature` the image; None leaves a file out. Records are CSV unless given.
    """
    named = [name for name in changes if name.lower().startswith("assessments_")]
    records = {name: changes.pop(name) for name in named}
    files = {"recipients": RECIPIENTS, "round": ROUND, "signature": PNG, **changes}
    names = {
        "recipients": "recipients.yaml",
        "round": f"{FOLDER}/round.yaml",
        "signature": f"{FOLDER}/signature.png",
    }
    for name, content in files.items():
        write(root / names[name], content)
    for name, content in (records or {"assessments_csv": CSV}).items():
        write(root / FOLDER / name.replace("_", "."), content)
    return root


def write(path: Path, content: str | bytes | None) -> None:
    """Write a file, folders above it included; nothing where the content is None."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def write_round(root: Path, files_: Mapping[str, str], *signatures: str) -> Path:
    """Write a whole project: texts by path, the letterhead with a crest, and white signatures."""
    for name, text in files_.items():
        write(root / name, text)
    for name in signatures:
        write(root / name, PNG)
    copytree(letterhead(), root / "templates/letterhead")
    (root / "templates/letterhead/crest.png").write_bytes(CREST)
    return root


def approve(root: Path, *forces: str, by: str = "", at: datetime = MOMENT) -> Path:
    """Approve the finished letters of every round, or those of `forces`.

    By one person where `by` names one, otherwise by as many as it takes.
    """
    for each in Project.load(root).rounds:
        people = [by] if by else list(each.round.people)[: each.round.approvals_needed]
        for person in people:
            project = Project.load(root)
            approve_letters(project, project.round(each.round.id), forces, by=person, at=at)
    return root


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path in it."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def shown(folder: Path) -> dict[str, bytes]:
    """The same without hidden folders, in which commands keep letters for the next command."""
    return {name: each for name, each in contents(folder).items() if "/." not in f"/{name}"}


def changed(text: str, old: str, new: str) -> str:
    """`text` with `old`, which it must hold, replaced once."""
    assert old in text
    return text.replace(old, new, 1)


def a_csv(*rows: Sequence[str]) -> str:
    """CSV text of `rows`, the header first."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def a_workbook(
    rows: Sequence[Sequence[CellValue]],
    *,
    title: str = "Assessments",
    formats: Mapping[str, str] | None = None,
    merged: str = "",
) -> bytes:
    """An XLSX file of `rows`, the header first; `formats` are number formats by cell."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for cell, number_format in (formats or {}).items():
        sheet[cell].number_format = number_format
    if merged:
        sheet.merge_cells(merged)
    return saved(workbook)


def saved(workbook: Workbook) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def with_shared_texts(workbook: bytes) -> bytes:
    """`workbook` with its texts in a part of their own, as Excel keeps them."""
    texts: list[bytes] = []

    def moved(match: re.Match[bytes]) -> bytes:
        texts.append(match[2])
        return b'%s t="s"><v>%d</v></c>' % (match[1], len(texts) - 1)

    parts = unzipped(workbook)
    sheet = "xl/worksheets/sheet1.xml"
    cell = rb'(<c r="\w+") t="inlineStr"><is>(.*?)</is></c>'
    parts[sheet] = re.sub(cell, moved, parts[sheet])
    kind, name = "relationships/sharedStrings", "sharedStrings.xml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006"
    parts[f"xl/{name}"] = b'<sst xmlns="%s">%s</sst>' % (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"".join(b"<si>%s</si>" % text for text in texts),
    )
    relation = f'<Relationship Id="rIdTexts" Type="{office}/{kind}" Target="{name}"/>'
    override = (
        f'<Override PartName="/xl/{name}" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
    )
    for part, end, piece in (
        ("xl/_rels/workbook.xml.rels", "</Relationships>", relation),
        ("[Content_Types].xml", "</Types>", override),
    ):
        parts[part] = changed(parts[part].decode(), end, piece + end).encode()
    return zipped(parts)


def unzipped(package: bytes) -> dict[str, bytes]:
    """The parts of a ZIP file by name."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A ZIP file of `parts`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def a_round(**changes: Any) -> Round:
    """A round with one field of each type."""
    shape: dict[str, Any] = {
        "id": "plans",
        "title": "Plans",
        "wording": "plans",
        "layout": "letterhead",
        "sender": {"name": "Inspectorate of Fens", "address": ["1 Fen Lane", "Marshton"]},
        "sent": date(2026, 3, 2),
        "published": date(2026, 3, 9),
        "contact": {"name": "Robin Hale", "email": "letters@fens.example"},
        "signatories": {
            "lowe": {
                "name": "Marian Lowe",
                "honours": "OBE",
                "offices": ["Inspector of Fens", "Inspector of Fire & Rescue"],
                "signature": "signature.png",
            }
        },
        "outcomes": {"in-place": "Plan in place", "not-yet": "No plan yet"},
        "fields": {
            "lead": {"type": "text"},
            "annex": {"type": "text"},
            "findings": {"type": "rich text"},
            "checked": {"type": "yes-no"},
            "visited": {"type": "date"},
            "waiting": {"type": "number"},
            "store": {"type": "choice", "choices": ["own", "shared"]},
        },
    }
    return Round.model_validate(shape | changes)


def a_recipient(**changes: Any) -> Recipient:
    """A force, its chief and who gets a copy."""
    shape: dict[str, Any] = {
        "id": "fenmark",
        "name": "Fenmark Police",
        "addressees": [{"name": "Ada Reed", "honours": "QPM", "office": "Chief Constable"}],
        "salutation": ["Chief Constable"],
        "copied_to": [{"office": "Commissioner for Fenmark"}],
    }
    return Recipient.model_validate(shape | changes)


def a_letter(
    values: Mapping[str, Value] | None = None,
    *,
    round_: Round | None = None,
    recipients: tuple[Recipient, ...] = (),
    outcome: str | None = "in-place",
    missing: tuple[str, ...] = (),
    signature: bytes = b"png",
    **changes: Any,
) -> Letter:
    """A letter whose record holds `values` and nothing else."""
    round_ = round_ or a_round()
    recipients = recipients or (a_recipient(),)
    known: dict[str, Value] = dict.fromkeys(placeholders(round_), None)
    known |= {
        f"{round_.nouns.one}_id": recipients[0].id,
        f"{round_.nouns.one}_name": _one_or_more(tuple(r.name for r in recipients)),
        "salutation": "Chief Constable",
        "sent_date": round_.sent,
        "published_date": round_.published,
        "signatory_name": "Marian Lowe",
        "contact_name": "Robin Hale",
        "contact_email": "letters@fens.example",
        "sender_name": round_.sender.name,
        "round_title": round_.title,
        "outcome": outcome,
        "outcome_title": round_.outcomes[outcome] if outcome else None,
    }
    shape: dict[str, Any] = {
        "id": "-and-".join(recipient.id for recipient in recipients),
        "round": round_,
        "recipients": recipients,
        "addressees": tuple(_addressees(recipients)),
        "salutation": tuple(dict.fromkeys(s for r in recipients for s in r.salutation)),
        "copied_to": tuple(copy for r in recipients for copy in r.copied_to),
        "delivery": recipients[0].delivery,
        "signed": tuple(
            Signed(id_, round_.signatories[id_], signature)
            for id_ in round_.signatory or tuple(round_.signatories)[:1]
        ),
        "outcome": outcome,
        "values": known | dict(values or {}),
        "places": dict.fromkeys(values or {}, RECORD),
        "missing": missing,
    }
    return Letter(**(shape | changes))


def rich(markdown: str, line: int = 5) -> RichText:
    """Markdown as a record holds it."""
    return RichText(markdown, Place(RECORD.file, line, field="findings"))


def a_wording(root: Path, body: str = "", **files: str | None) -> Wording:
    """A wording whose letter.md is a subject and `body`, unless `letter` is given whole."""
    write_wording(root, body, **files)
    return Wording.load(root / WORDING, root)


def write_wording(root: Path, body: str = "", **files: str | None) -> None:
    """The files of a wording. `outcomes__x` is outcomes/x.md; `labels` are given as a text."""
    texts: dict[str, str | None] = {
        "letter": f"# Subject\n\n{body}",
        "outcomes__in-place": "Your plan is in place.\n",
        "outcomes__not-yet": "You have no plan yet.\n",
        "labels": LABELS_YAML,
    }
    for name, text in (texts | files).items():
        path = root / WORDING / name.replace("__", "/")
        path = path.with_name(path.name + (".yaml" if name == "labels" else ".md"))
        write(path, text)


def set_letter(
    root: Path,
    body: str,
    values: Mapping[str, Value] | None = None,
    *,
    files: Mapping[str, str | None] | None = None,
    drafts: bool = False,
    **letter: Any,
) -> Document:
    """The document of a letter worded by `body` under a subject."""
    wording = a_wording(root, body, **(files or {}))
    return typeset(a_letter(values, **letter), wording, drafts=drafts)


def body_of(root: Path, body: str, *args: Any, **kwargs: Any) -> tuple[Block, ...]:
    """The blocks of such a letter's body."""
    return set_letter(root, body, *args, **kwargs).slots["letter_body"]


def messages(found: ProblemsFound) -> list[str]:
    """Problems as printed."""
    return [str(problem) for problem in found.problems]


def _one_or_more(names: tuple[str, ...]) -> Value:
    return names[0] if len(names) == 1 else names


def _addressees(recipients: tuple[Recipient, ...]) -> list[Person]:
    return [
        person.model_copy(update={"organisation": person.organisation or recipient.name})
        for recipient in recipients
        for person in recipient.addressees
    ]


def invented_forces(ids: Sequence[str], names: Sequence[str]) -> dict[str, Recipient]:
    """Forces by their ids, each with a chief constable to write to."""
    return {
        id_: Recipient(
            id=id_,
            name=name,
            addressees=(Person(office="Chief Constable"),),
            salutation=("Chief Constable",),
            copied_to=(),
        )
        for id_, name in zip(ids, names, strict=True)
    }
