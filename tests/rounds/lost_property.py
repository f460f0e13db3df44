"""A small round of invented forces that may be published, and ways to make it otherwise."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path

from letters.gate import Result, results
from letters.project import Project, ProjectRound
from tests.builders import LABELS_YAML, approve, changed, write, write_round

ROUND = "2017-lost-property"
FOLDER = f"rounds/{ROUND}"
ROUND_YAML, RECORDS_YAML = f"{FOLDER}/round.yaml", f"{FOLDER}/assessments.yaml"
RECIPIENTS_YAML, REPORT = "recipients.yaml", f"{FOLDER}/report.txt"
WORDING = "templates/lost-property"
LETTER, RECOMMENDATION = f"{WORDING}/letter.md", f"{WORDING}/recommendation.md"

APPROVED = datetime(2017, 10, 2, 9, 0, tzinfo=UTC)
NOW = datetime(2017, 10, 5, 9, 0, tzinfo=UTC)

FILES: dict[str, str] = {
    RECIPIENTS_YAML: """\
avonby-and-sedgemoor:
  name: Avonby and Sedgemoor Constabulary
  addressees:
    - name: Ada Thorne
      honours: QPM
      office: Chief Constable
      email: ada.thorne@avonby.example
  salutation: Chief Constable Thorne
  copied_to:
    - Police Commissioner
sedgemoor:
  name: Sedgemoor Police
  addressees:
    - name: Basil Oakes
      office: Chief Constable
  salutation: Mr Oakes
  copied_to:
    - name: Cora Finch
      office: Police Commissioner for Sedgemoor
      email: office@finch.example
wiltmere:
  name: Wiltmere Police
  addressees:
    - Chief Constable
  salutation: Chief Constable
  copied_to:
    - Police Commissioner for Wiltmere and Swinford
swinford:
  name: Swinford Police
  addressees:
    - Chief Constable
  salutation: Chief Constable
  copied_to:
    - office: Lay member
      organisation: Swinford Harbour Board
northholt:
  name: Northholt & Vale Police
  addressees:
    - Chief Constable
  salutation: Chief Constable
  copied_to: none
southholt:
  name: Southholt Police
  addressees:
    - Chief Constable
  salutation: Chief Constable
  copied_to: none
""",
    ROUND_YAML: """\
title: Lost property
wording: lost-property
layout: letterhead
sender:
  name: Inspectorate of Invented Forces
sent: 2 October 2017
published: 5 October 2017 at 00:01
summary: "{{ started + in-place }} of {{ all }} forces had made progress."
contact:
  name: Robin Hale
  email: letters@inspectorate.example
signatories:
  merriden:
    name: Beatrix Merriden
    offices: Chief Inspector
    signature: signature.png
people:
  merriden:
    name: Beatrix Merriden
    role: Chief Inspector
  okoro:
    name: Ada Okoro
    role: Head of reports
outcomes:
  not-started: Not started
  started: Started
  in-place: In place
fields:
  finding:
    type: text
  visited:
    type: yes-no
national_report:
  title: Lost and found again
  file: report.txt
claims:
  - sentence: Five of the six forces had made progress.
    counts: [started, in-place]
  - sentence: Two-thirds of forces had started
    counts: started
  - sentence: Only one force, Sedgemoor Police, had everything in place.
    counts: in-place
  - sentence: More than half of those had only started.
    counts: started
    of: [started, in-place]
quotations:
  - begins: Every force
    source: Lost and found, page 3
    sha256: 8f2e67c3627d7a7a9b47b087e31549f942b9eed3458981148b78fd54db54e66b
  - begins: Lost and found
    source: Lost and found, title page
    sha256: a64c5862611c8b586fb4392dfcbf7e8adf4fb8287495b8bcd1a8381d5aba2bcb
retired_terms:
  - term: lost articles
    instead: lost property
""",
    RECORDS_YAML: """\
- force: avonby-and-sedgemoor
  outcome: started
  finding: The sheds at Avonby are in order.
- force: sedgemoor
  outcome: in-place
  finding: The sheds are in order.
- force: wiltmere
  outcome: not-started
  finding: The sheds are damp.
- force: swinford
  outcome: started
  finding: The sheds are dry.
- force: northholt; southholt
  outcome: started
  finding: The shed you share is full.
""",
    REPORT: """\
Lost and found again

Five of the six forces had made progress. More than half of those had only started. Two-thirds of
forces had started, and are getting on. Only one force, Sedgemoor Police, had everything in place.
""",
    f"{WORDING}/labels.yaml": LABELS_YAML,
    LETTER: """\
# Lost property

In *Lost and found* we spoke of ‘lost articles’. We asked this of you:

> {{ recommendation }}

{% include outcome_wording %}

{{ finding }}

Please write to {{ contact_name }} at [{{ contact_email }}](mailto:{{ contact_email }}).
""",
    RECOMMENDATION: "Every force should number its lost articles within a year.\n",
    f"{WORDING}/outcomes/not-started.md": "You have not started.\n",
    f"{WORDING}/outcomes/started.md": "You have started.\n",
    f"{WORDING}/outcomes/in-place.md": "Everything is in place.\n",
}


class Publishable:
    """A project in a folder of its own, whose letters are approved and may be published.

    `before` are changes made before its letters were approved, `after` those made since: for each
    file what to replace, and by what.
    """

    def __init__(
        self,
        root: Path,
        before: Mapping[str, tuple[str, str]] | None = None,
        after: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        self.root = root
        write_round(root, FILES, f"{FOLDER}/signature.png")
        self.change(before or {})
        self.approve()
        self.change(after or {})

    def change(self, changes: Mapping[str, tuple[str, str]]) -> None:
        """Replace a text in each of some files."""
        for name, (old, new) in changes.items():
            write(self.root / name, changed(self.text(name), old, new))

    def text(self, name: str) -> str:
        """The text of a file."""
        return (self.root / name).read_text(encoding="utf-8")

    def approve(self, by: str = "merriden") -> None:
        """Have every letter approved as it is now."""
        approve(self.root, by=by, at=APPROVED)

    @property
    def project(self) -> Project:
        """The project as it is now."""
        return Project.load(self.root)

    @property
    def round(self) -> ProjectRound:
        """Its round."""
        return self.project.round(ROUND)

    @property
    def out(self) -> Path:
        """Where the round is built."""
        return self.root / "out" / ROUND

    def results(self, now: datetime = NOW, but: Collection[str] = ()) -> tuple[Result, ...]:
        """What the gate finds, but for some conditions."""
        project = self.project
        return results(project, project.round(ROUND), now=now, out=self.out, but=but)

    def refusal(self, now: datetime = NOW, *, judged: bool = True) -> dict[str, list[str]]:
        """The conditions that do not hold, each with its problems in words.

        Without `judged` no file is made: the judges are not asked.
        """
        return {
            result.condition.name: [str(problem) for problem in result.problems]
            for result in self.results(now, but=() if judged else ("judged", "private"))
            if not result.holds
        }
