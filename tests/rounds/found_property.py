"""A small round of invented forces, ready to be published: three letters to four forces."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from letters import Project
from letters.publish import Publication, publish
from tests.builders import LABELS_YAML, write_round

ROUND_ID = "2026-found-property"
AFTER = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 4, 20, 12, 0, tzinfo=UTC)

RECIPIENTS = """\
northmoor:
  name: Northmoor Police
  addressees:
    - name: Ada Thorne
      honours: QPM
      office: Chief Constable
      email: ada.thorne@northmoor.example
      postal:
        - Northmoor House
        - 1 Fell Lane
  salutation: Chief Constable
  copied_to:
    - office: Police Commissioner for Northmoor
      email: office@commissioner-northmoor.example
southmoor:
  name: Southmoor Constabulary
  addressees:
    - Chief Constable
  salutation: Chief Constable
  copied_to: none
eastmere:
  name: Eastmere Police
  addressees:
    - Chief Constable
  salutation: Chief Constable
  copied_to: none
westmere:
  name: Westmere & Llŷn Police
  addressees:
    - Chief Constable
  salutation: Chief Constable
  copied_to: none
"""

ROUND = """\
title: Found property
wording: found-property
layout: letterhead
sender:
  name: Inspectorate of Invented Forces
sent: 2 March 2026
published: 9 March 2026 at 09:30
publication_types: [Letter, Inspection of forces]
summary: |
  Of {{ all }} forces, {{ in-place }} keep found property as they should.
  The others have work to do.
contact:
  name: Jo Ferrow
  email: jo.ferrow@inspectorate.example
  phone: 01632 960777
signatories:
  merriden:
    name: Beatrix Merriden
    offices: [Chief Inspector]
    signature: signature.png
people:
  kite:
    name: Oswin Kite
outcomes:
  not-started: Not started
  in-place: In place
fields:
  finding:
    type: rich text
    required: yes
    help: What we found.
  shelves:
    type: number
    help: Shelves counted.
  remark:
    type: text
    help: A remark, as made.
"""

RECORDS = """\
force,outcome,finding,shelves,remark
northmoor,in-place,All is well.,-12,=1+1
southmoor,not-started,Nothing is *labelled*.,,
eastmere; westmere,not-started,The store is shared.,7,"+44, plainly"
"""

LETTER = """\
# Found property

We looked at how you keep what people find.

{{ finding }}

{% if remark %}
Your staff said: {{ remark }}
{% endif %}

{% if shelves %}
We counted {{ shelves }} shelves.
{% endif %}

{% if contact_phone %}
Please call {{ contact_name }} on {{ contact_phone }}, or write to {{ contact_email }}.
{% else %}
Please write to {{ sender_name }}.
{% endif %}
"""


def a_publishable(root: Path, **changes: str) -> Path:
    """A project whose one round can be published, once approved; `changes` replace its files."""
    folder, wording = f"rounds/{ROUND_ID}", "templates/found-property"
    texts = {
        "recipients.yaml": changes.get("recipients", RECIPIENTS),
        f"{folder}/round.yaml": changes.get("round", ROUND),
        f"{folder}/assessments.csv": changes.get("records", RECORDS),
        f"{wording}/letter.md": changes.get("letter", LETTER),
        f"{wording}/recommendation.md": "Every force should label what it keeps.",
        f"{wording}/labels.yaml": LABELS_YAML,
    }
    return write_round(root, texts, f"{folder}/signature.png")


def round_folder(root: Path) -> Path:
    """Where the round's files are."""
    return root / "rounds" / ROUND_ID


def out_of(root: Path) -> Path:
    """Where the round's output goes."""
    return root / "out" / ROUND_ID


def published(
    root: Path,
    *,
    now: datetime = AFTER,
    stage: bool = False,
    note: str = "",
    key: Path | None = None,
) -> Publication:
    """The project's only round, published, and signed where there is a key."""
    project = Project.load(root)
    round_, out = project.round(), out_of(root)
    return publish(project, round_, now=now, out=out, stage=stage, note=note, key=key)


def site_of(root: Path) -> Path:
    """The public folder."""
    return out_of(root) / "site"
