"""Small projects of invented forces, written from scratch for one test each."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
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
Value = str | int | float | bool | date | None


def a_project(root: Path, **changes: str | bytes | None) -> Path:
    """A sound project of two forces in `root`, with `changes` to its files.

    `recipients`, `round` and `assessments_yaml`, `assessments_csv` or `assessments_xlsx` replace a
    file's content, `signature` the image; None leaves a file out. Records are CSV unless given.
    """
    records = {name: changes.pop(name) for name in list(changes) if name.startswith("assessments_")}
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
