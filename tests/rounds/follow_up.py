"""A second inspection of the example's forces, a year later: new records and new words, no code."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from letters import Project
from letters.approvals.signing import approve_letters
from letters.new import new_project
from letters.publish import publish
from tests.builders import LABELS_YAML, PNG, a_csv, write

FIRST_ID = "2019-digital-evidence"
ROUND_ID = "2020-digital-evidence-follow-up"
MARCH_2020 = datetime(2020, 3, 12, 12, 0, tzinfo=UTC)

ROUND = """\
title: "Digital evidence: one year on"
wording: digital-evidence-follow-up
layout: letterhead
sender:
  name: Inspectorate of Constabulary for Verrenland
sent: 3 March 2020
published: 10 March 2020 at 09:30
publication_types: [Letter, Follow-up inspection]
summary: |
  A year later we asked {{ all }} forces what they had done.
  {{ done }} had done all they promised.
signatories:
  merriden:
    name: Dame Beatrix Merriden
    honours: DBE
    offices: [Chief Inspector of Constabulary]
    signature: signature.png
signatory: merriden
people:
  merriden:
    name: Dame Beatrix Merriden
national_report:
  title: "Digital evidence: one year on"
  address: https://inspectorate.example/one-year-on
claims:
  - sentence: Fifteen forces had done all they promised
    counts: done
    printed_in: elsewhere
outcomes:
  done: All promises kept
  partly-done: Some promises kept
fields:
  devices_waiting:
    type: number
    required: yes
    help: Devices waiting on the day we asked.
  promise:
    type: text
    help: What the force had still to do.
"""

LETTER = """\
# Digital evidence: one year on

In March 2019 I wrote to you about the phones in your care. This letter says what came of it.

{% include outcome_wording %}

On the day we asked, {{ devices_waiting }} devices were waiting.
"""

OUTCOMES = {
    "done": "You have done all you promised.\n",
    "partly-done": "You have still to do this: {{ promise }}.\n",
}


def add_follow_up(root: Path) -> None:
    """Write the follow-up round beside the first, from data and wording alone."""
    folder, wording = root / "rounds" / ROUND_ID, root / "templates/digital-evidence-follow-up"
    write(folder / "round.yaml", ROUND)
    write(folder / "signature.png", PNG)
    write(folder / "assessments.csv", _records(root))
    write(wording / "letter.md", LETTER)
    write(wording / "recommendation.md", "Every force should keep its promises.\n")
    write(wording / "labels.yaml", LABELS_YAML)
    for outcome, text in OUTCOMES.items():
        write(wording / f"outcomes/{outcome}.md", text)


def publish_example(root: Path) -> None:
    """Write the example project and its follow-up into `root`, and publish both."""
    new_project(root, example=True)
    first = Project.load(root)
    publish(first, first.round(), now=MARCH_2020, out=root / "out" / FIRST_ID)
    add_follow_up(root)
    both = Project.load(root)
    approve_letters(both, both.round(ROUND_ID), (), by="merriden", at=MARCH_2020)
    signed = Project.load(root)
    publish(signed, signed.round(ROUND_ID), now=MARCH_2020, out=root / "out" / ROUND_ID)


def _records(root: Path) -> str:
    """Every third force has kept all its promises."""
    forces = Project.load(root).recipients
    rows = [(force, "merriden", *_record(n)) for n, force in enumerate(forces)]
    return a_csv(("force", "signatory", "outcome", "devices_waiting", "promise"), *rows)


def _record(n: int) -> tuple[str, str, str]:
    if n % 3 == 0:
        return ("done", str(40 + n), "")
    return ("partly-done", str(40 + n), "label every device")
