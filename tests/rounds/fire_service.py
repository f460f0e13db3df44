"""An invented fire and rescue round, made from files alone: other nouns, fields and outcomes."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.builders import write, write_round
from tests.goldens import golden

ROUND = "2024-fire-doors"

RECIPIENTS = """\
north-tarn:
  name: North Tarn Fire & Rescue Service
  addressees:
    - name: Ottilie Marchbank
      honours: KFSM
      office: Chief Fire Officer
    - name: Cllr Bram Østerley
      office: Chair
      organisation: North Tarn Fire Authority
  salutation:
    - Ms Marchbank
    - Councillor Østerley
  copied_to:
    - name: Ffion Ŵyllt
      office: Monitoring Officer
  delivery: By hand

east-gannet:
  name: East Gannet Fire and Rescue Service
  addressees:
    - office: Chief Fire Officer
  salutation: Chief Fire Officer
  copied_to: none

west-gannet:
  name: West Gannet Fire and Rescue Service
  addressees:
    - name: Ruaridh Penhallow
      office: Acting Chief Fire Officer
  salutation: Mr Penhallow
  copied_to:
    - Gannet Combined Fire Authority
  delivery: Via email

skerrow:
  name: Skerrow Island Fire Brigade
  addressees:
    - office: Firemaster
  salutation: Firemaster
  copied_to:
    - Skerrow Island Council
  signatory: bellweir

out-of-scope:
  name: Harbour Fire Watch
  addressees:
    - office: Watch Manager
  salutation: Watch Manager
  copied_to: none
"""

ROUND_YAML = """\
title: Fire doors in public buildings
wording: fire-doors
layout: letterhead
sender:
  name: Fire Safety Inspectorate for the Outer Tarns
sent: 2024-02-29
nouns:
  one: service
  many: services
recipients: [north-tarn, east-gannet, west-gannet, skerrow]
signatories:
  anstey:
    name: Dr Helewise Anstey
    offices: [Inspector of Fire Services]
    signature: anstey.png
  bellweir:
    name: Noor Bellweir
    honours: OBE, QFSM
    offices: [Deputy Inspector of Fire Services, Inspector for the Islands]
    signature: bellweir.png
  crake:
    name: Jonas Crake
    offices: [Assistant Inspector of Fire Services]
    signature: crake.png
signatory: anstey
people:
  anstey:
    name: Dr Helewise Anstey
outcomes:
  good: Good
  must-improve: Must improve
fields:
  doors_tested:
    type: number
    required: yes
  tested_on:
    type: date
    required: yes
  blocked:
    type: yes-no
    required: yes
  alarm:
    type: choice
    choices: [linked, not linked]
  remark:
    type: text
  advice:
    type: rich text
"""

ASSESSMENTS = """\
service,outcome,signatory,doors_tested,tested_on,blocked,alarm,remark,advice
north-tarn,must-improve,crake,60,5 February 2024,yes,not linked,"Door 7*: ""mind"" & {{ gap }}",\
"Start with the **library**:

1. free the doors;
2. oil the hinges:
   - upper;
   - lower.

Then test them again."
east-gannet; west-gannet,good,,48,2024-02-06,no,linked,,
skerrow,good,,3,7 Feb 2024,no,,1. All shut,
"""

LABELS = """\
title: "{{ service_name }}: {{ subject }}"
salutation: To {{ salutation }}
and: "&"
copied_to: "Copy to:"
closing: Yours faithfully
signature: "{{ signatory_name }} (signed)"
page: Sheet
of: out of
draft: NOT FINAL
gap: missing
letter_information: About this letter
from: Sender
to: Recipient
sent_on: Date
"""

LETTER = """\
# Fire doors: {{ service_name }}

On {{ tested_on }} we tested {{ doors_tested }} doors in the care of
{{ service_name }}.{% if alarm %} The alarm was *{{ alarm }}*.{% endif %}

{% include outcome_wording %}

{% if remark %}
> {{ remark }}
{% endif %}

{% if advice %}
## Our advice

{{ advice }}
{% endif %}

| Service | Doors |
| --- | ---: |
| {{ service_name }} | {{ doors_tested }} |
"""

RECOMMENDATION = "Every fire door should close by itself.\n"

GOOD = "We judge your service **{{ outcome_title }}**.\n"

MUST_IMPROVE = """\
Our judgement of your service is **{{ outcome_title }}**.{% if blocked %} Some doors were
blocked.{% endif %} We recommend:

> {{ recommendation }}
"""

OUTCOMES = {"good": GOOD, "must-improve": MUST_IMPROVE}

LETTERS = ("north-tarn", "east-gannet-and-west-gannet", "skerrow")

EXPECTED = {
    "north-tarn": golden("fire/north-tarn"),
    "east-gannet-and-west-gannet": golden("fire/east-gannet-and-west-gannet"),
}
"""What two of the letters must say, written by hand; the second is the joint letter."""


def write_fire_service(root: Path) -> Path:
    """Write the project into `root` and return it."""
    wording, folder = "templates/fire-doors", f"rounds/{ROUND}"
    texts = {
        "recipients.yaml": RECIPIENTS,
        f"{folder}/round.yaml": ROUND_YAML,
        f"{folder}/assessments.csv": ASSESSMENTS,
        f"{wording}/labels.yaml": LABELS,
        f"{wording}/letter.md": LETTER,
        f"{wording}/recommendation.md": RECOMMENDATION,
    } | {f"{wording}/outcomes/{outcome}.md": text for outcome, text in OUTCOMES.items()}
    write_round(root, texts)
    for name in ("anstey", "bellweir", "crake"):
        write(root / folder / f"{name}.png", signature())
    return root


def signature() -> bytes:
    """A grey bar, 45 mm by 15 mm at 100 dots an inch, in place of a signature."""
    file = BytesIO()
    Image.new("L", (177, 59), 200).save(file, "PNG", dpi=(100, 100))
    return file.getvalue()
