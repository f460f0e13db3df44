"""Small projects of invented forces, written from scratch for one test each."""

from __future__ import annotations

import base64
import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, time
from pathlib import Path

from openpyxl import Workbook

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
Value = str | int | float | bool | date | time | None


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
    rows: Sequence[Sequence[Value]],
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
